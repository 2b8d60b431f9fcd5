/*
 * card: what the store keeps of a record outside its text. `values` are a record's column values as
 * strings and numbers, taken from its tree on any thread; `row` is the same packed into card.row,
 * strings as the ids that the writer interned.
 */
#ifndef DH_SQ_CARD_H
#define DH_SQ_CARD_H

#include <xxhash.h>

#include "store/store.h"

/* The kind of each column, and whether it shows a count (VIEWS + enum dh_count). */
extern const enum dh_column_kind dh_sq_kinds[DH_COLUMN__N];
static inline bool dh_sq_shows_count(enum dh_column column)
{
    return column >= DH_COLUMN_VIEWS && column < DH_COLUMN_VIEWS + DH_COUNT__N;
}

/* The column whose strings a column shares: the same ORCIDs stand in two columns, once in `term`.
 */
enum dh_column dh_sq_space(enum dh_column column);

enum { DH_SQ_TITLE_MAX = 200 }; /* bytes of a title that take part in sorting */

struct dh_sq_term {
    struct dh_str value;
    XXH128_hash_t hash; /* of the column's space and value: key of the writer's cache */
};

struct dh_sq_related {
    struct dh_str doi;
    XXH128_hash_t hash;
    int64_t type; /* position in DH_VOCAB_RELATION_TYPE */
};

struct dh_sq_values {
    struct dh_sq_term *terms[DH_COLUMN__N]; /* distinct; at most one for TERM */
    uint32_t counts[DH_COLUMN__N];
    int64_t numbers[DH_COLUMN__N]; /* INTEGER, TIME; DH_TIME_NONE */
    struct dh_str title;           /* sort key of the first title; ptr NULL when none */
    struct dh_sq_related *related; /* sorted by DOI and type, distinct */
    size_t related_count;
};

/* Takes the values out of a whole record. Strings point into the record or the arena. */
enum dh_status dh_sq_values_read(const struct dh_record *record, struct dh_sq_values *out,
                                 struct dh_arena *arena, struct dh_err *err);
struct dh_sq_term dh_sq_term(enum dh_column column, struct dh_str value);
XXH128_hash_t dh_sq_doi_hash(struct dh_str doi);
/* Lower-cased, marks dropped, cut to DH_SQ_TITLE_MAX. */
struct dh_str dh_sq_title_key(struct dh_arena *arena, struct dh_str title);

struct dh_sq_row {
    struct dh_str doi;                /* borrowed from the packed bytes */
    uint32_t version;                 /* of the newest activity */
    uint32_t first[DH_COLUMN__N + 1]; /* ids of column c: ids[first[c]] up to ids[first[c + 1]] */
    uint32_t *ids;                    /* owned, reused from row to row */
    size_t id_cap;
    int64_t numbers[DH_COLUMN__N]; /* counts as shown */
    int64_t came[DH_COUNT__N];     /* -1 when it did not come */
    int64_t local[DH_COUNT__N];
};

void dh_sq_row_release(struct dh_sq_row *row);
/* Room for `count` ids; false when out of memory. */
bool dh_sq_row_reserve(struct dh_sq_row *row, size_t count);
/* The one id of a TERM column, 0 when it has none. */
static inline uint32_t dh_sq_row_term(const struct dh_sq_row *row, enum dh_column column)
{
    return row->first[column] < row->first[column + 1] ? row->ids[row->first[column]] : 0;
}
void dh_sq_row_pack(const struct dh_sq_row *row, struct dh_buf *out);
enum dh_status dh_sq_row_unpack(struct dh_sq_row *row, struct dh_str bytes, struct dh_err *err);

#endif
