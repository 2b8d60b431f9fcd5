/*
 * Lists over the directory, which is held in memory: filter, sort, facet, page, and the whole
 * answer. A kind of list is a table: its filters, its facets, how an item looks to them.
 */
#ifndef DH_API_ACCOUNT_LIST_H
#define DH_API_ACCOUNT_LIST_H

#include "api/query.h"

/* What a list sorts and filters a record by. */
struct dh_item {
    const void *record;
    struct dh_str id;   /* ties and cursors */
    struct dh_str name; /* sort=name, case-insensitive; query on lists of prefixes */
    int64_t created, updated;
    double score; /* of the query */
};

struct dh_list_filter {
    const char *param; /* "provider_id" */
    bool whole;        /* the value is one, not a comma list */
    bool any;          /* member of the one OR group; else a clause of its own */
    /* True when the record has that value (never empty). */
    bool (*match)(struct dh_accounts *accounts, const void *record, const char *attribute,
                  struct dh_str value);
    const char *attribute; /* for match; or NULL */
};

/* Keys counted for one facet. */
struct dh_tally {
    struct dh_arena *arena;
    struct dh_shown_bucket *buckets; /* title.ptr NULL: made from the id when shown */
    size_t count, cap;
    bool failed;
};
void dh_tally_add(struct dh_tally *tally, struct dh_str id, struct dh_str title);
void dh_tally_year(struct dh_tally *tally, int64_t time);

enum dh_tally_order { DH_TALLY_COUNT, DH_TALLY_NEWEST };

struct dh_list_facet {
    const char *name;
    /* Adds the keys of one record; NULL: the facet is always empty. */
    void (*count)(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                  const char *attribute);
    const char *attribute;
    /* Makes id and title of a shown bucket from the key in `id`; NULL: both are the key. */
    void (*dress)(struct dh_arena *arena, struct dh_shown_bucket *bucket);
    enum dh_tally_order order;
};

struct dh_list_kind {
    enum dh_type type;
    const char *path; /* of links.next */
    void (*item)(const void *record, struct dh_item *out);
    bool (*hidden)(const void *record); /* never listed; or NULL */
    bool newest_first;                  /* default sort -created, else name */
    bool dated;                         /* from-date, until-date */
    bool prefixes;               /* `query` is the start of the name; else a query over accounts */
    enum dh_query_domain domain; /* of that query */
    const struct dh_list_filter *filters;
    size_t filter_count;
    const struct dh_list_facet *facets;
    size_t facet_count;
};

/* Answers a list over `count` records of `size` bytes at `records`. */
void dh_list_answer(struct dh_accounts *accounts, const struct dh_list_kind *kind,
                    const void *records, size_t count, size_t size);
/* Answers {"data":...,"included":...} for one record; `meta`, or NULL, writes what stands between.
 */
void dh_single_answer(struct dh_accounts *accounts, enum dh_type type, const void *record,
                      void (*meta)(struct dh_accounts *accounts, const void *record));

/* Writes a tally as a facet: the ten largest, or the ten newest. */
void dh_put_tally(struct dh_buf *out, const char *name, struct dh_tally *tally,
                  enum dh_tally_order order, size_t size,
                  void (*dress)(struct dh_arena *arena, struct dh_shown_bucket *bucket));
/* Title by rule T. */
void dh_dress_title(struct dh_arena *arena, struct dh_shown_bucket *bucket);

/* ---- rows of lists of accounts (account_match.c) -------------------------------------------- */

void dh_account_item(const void *record, struct dh_item *out);
/* dh_list_filter.match: the attribute, or an element of it, is the value. */
bool dh_match_exact(struct dh_accounts *accounts, const void *record, const char *attribute,
                    struct dh_str value);
bool dh_match_nocase(struct dh_accounts *accounts, const void *record, const char *attribute,
                     struct dh_str value);
bool dh_match_flag(struct dh_accounts *accounts, const void *record, const char *attribute,
                   struct dh_str value);
/* The account's parent is the value; or the parent's parent is. */
bool dh_match_parent(struct dh_accounts *accounts, const void *record, const char *attribute,
                     struct dh_str value);
bool dh_match_grandparent(struct dh_accounts *accounts, const void *record, const char *attribute,
                          struct dh_str value);
/* dh_list_facet.count: the year of creation; the attribute or each element of it; the provider. */
void dh_count_year(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                   const char *attribute);
void dh_count_value(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                    const char *attribute);
void dh_count_provider(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                       const char *attribute);

#endif
