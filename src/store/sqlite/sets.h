/*
 * sets: which records a search is about. A set is an ascending list of slots. Large sets are kept
 * with what was counted over them until the columns change, for they are asked for again and again:
 * all findable records, those of a large provider.
 */
#ifndef DH_SQ_SETS_H
#define DH_SQ_SETS_H

#include "store/sqlite/columns.h"

struct dh_sq_set {
    const uint32_t *slots;
    uint32_t count;
    struct dh_sq_kept *kept; /* or NULL */
    const uint32_t *scores;  /* per slot, from 1 on, when order needs them; or NULL */
};

struct dh_sq_kept_facet {
    struct dh_sq_kept_facet *next;
    struct dh_buf key;
    struct dh_facet_result result; /* in `arena` */
    struct dh_arena arena;
};

struct dh_sq_kept {
    struct dh_sq_kept *next;
    struct dh_buf key; /* the filters as bytes */
    uint32_t *slots;
    uint32_t count;
    uint64_t *bits; /* a bit per slot */
    unsigned users; /* under `lazy`, like the rest of this line */
    struct dh_sq_kept_facet *facets;
};

enum {
    DH_SQ_UNITS = 120000, /* months of the years 0 to 9999 */
    DH_SQ_DAYS = 4096
};

/* Room of a search at work. It goes from search to search, whatever reader asks. */
struct dh_sq_search {
    struct dh_sq_search *next; /* idle one */
    uint8_t *mask;
    uint32_t *slots, *within;
    uint32_t cap;      /* of the three above */
    uint32_t *counts;  /* per term id, year or month; all zero between two facets */
    uint32_t *firsts;  /* slot of the first hit */
    uint32_t *touched; /* what has a count that is not zero */
    uint32_t term_cap; /* of the three above */
    int64_t *sums;     /* per year, all zero between two facets */
    struct dh_sq_day {
        int64_t key;  /* day * 2, one more for months */
        int64_t unit; /* year, or month since year 0; -1: out of range */
    } days[DH_SQ_DAYS];
    struct dh_sq_pair {
        int64_t key;
        uint32_t slot;
    } * pairs, *spare;
    size_t pair_cap;
};

/* The room of the reader's search, grown for the columns; NULL when out of memory. */
struct dh_sq_search *dh_sq_search_room(struct dh_sq_reader *reader, struct dh_sq_columns *columns);
/* Gives it back when the search is over. */
void dh_sq_search_done(struct dh_sq_reader *reader, struct dh_sq_columns *columns);
/* Room for `count` pairs. */
bool dh_sq_search_pairs(struct dh_sq_search *search, size_t count);

/* filter.c: evaluates query, filters and dois, and tells how long that took. Give back with
 * dh_sq_set_done. */
enum dh_status dh_sq_set_find(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                              const struct dh_search *search, struct dh_sq_set *out,
                              struct dh_explain *explain, struct dh_arena *arena,
                              struct dh_err *err);
void dh_sq_set_done(struct dh_sq_columns *columns, struct dh_sq_set *set);
/* The slots of a set that also pass one filter, into `out` (room for set->count). */
enum dh_status dh_sq_set_within(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                const struct dh_sq_set *set, const struct dh_filter *filter,
                                uint32_t *out, uint32_t *count, struct dh_arena *arena,
                                struct dh_err *err);

/* kept.c */
struct dh_sq_kept *dh_sq_kept_find(struct dh_sq_columns *columns, struct dh_str key);
/* Keeps a copy when the set is large; NULL when not, or when there is no room. */
struct dh_sq_kept *dh_sq_kept_add(struct dh_sq_columns *columns, struct dh_str key,
                                  const uint32_t *slots, uint32_t count);
void dh_sq_kept_release(struct dh_sq_columns *columns, struct dh_sq_kept *kept);
/* Forgets all; nobody may be using one. */
void dh_sq_kept_drop(struct dh_sq_columns *columns);
/* A facet counted before, borrowed; or NULL. */
const struct dh_facet_result *dh_sq_kept_facet(struct dh_sq_columns *columns,
                                               struct dh_sq_kept *kept, struct dh_str key);
void dh_sq_kept_facet_add(struct dh_sq_columns *columns, struct dh_sq_kept *kept, struct dh_str key,
                          const struct dh_facet_result *result);
/* A copy that stands on its own; false when out of memory. */
bool dh_sq_facet_copy(const struct dh_facet_result *from, struct dh_facet_result *to,
                      struct dh_arena *arena);
/* Filters as bytes: equal bytes mean equal filters. */
void dh_sq_filter_key(const struct dh_filter *filter, struct dh_buf *out);

/* order.c: the numbers of one page of a set, in order. */
enum dh_status dh_sq_order_take(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                const struct dh_sq_set *set, const struct dh_search *search,
                                uint32_t **numbers, size_t *count, struct dh_arena *arena,
                                struct dh_err *err);

/* facets.c */
enum dh_status dh_sq_facets_count(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                  const struct dh_sq_set *set,
                                  const struct dh_facet_request *request,
                                  struct dh_facet_result *out, struct dh_arena *arena,
                                  struct dh_err *err);

#endif
