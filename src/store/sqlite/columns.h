/*
 * columns: the column values of all records in memory, shared by the readers of a handle. A record
 * has a slot; slots ascend by record number, those of records that went stay empty until the next
 * whole load. Loaded by the first search, then kept up to date from table `change`.
 *
 *   numbers[]   3  4  7  9          TERM   ids[slot]               0: none
 *   alive[]     1  1  0  1          TERMS  pool[ids[slot]..ids[slot + 1])
 *   doi_at[]    offsets in dois     INTEGER, TIME  values[slot]    DH_TIME_NONE: none
 *
 * All is read under dh_sq_columns_enter. What is made on demand (term texts, orders, kept sets) is
 * made under `lazy` and lives until the columns change.
 */
#ifndef DH_SQ_COLUMNS_H
#define DH_SQ_COLUMNS_H

#include "store/sqlite/backend.h"

struct dh_sq_column {
    uint32_t *ids;
    uint32_t *pool;
    size_t pool_len, pool_cap;
    int64_t *values;
    uint32_t last_id; /* highest id that a record has */
    struct dh_sq_texts {
        char *bytes;
        size_t *at;      /* text of id: bytes[at[id]..at[id + 1]) */
        size_t len, cap; /* of bytes */
        uint32_t count, at_cap;
        bool loaded;
    } texts;
};

/* Living slots by a time, records without it last, ties by DOI. */
struct dh_sq_order {
    uint32_t *slots;
    uint32_t count, keyed; /* the first `keyed` have the time */
};

struct dh_sq_kept; /* sets.h */

struct dh_sq_columns {
    pthread_rwlock_t lock;
    pthread_mutex_t lazy;
    bool loaded;
    uint64_t sequence;
    uint32_t count, cap, living;
    uint32_t *numbers;
    uint8_t *alive;
    char *dois;
    size_t doi_cap;
    size_t *doi_at; /* count + 1 */
    struct dh_sq_column column[DH_COLUMN__N];
    struct dh_sq_order by_created, by_updated;
    uint32_t *title_ranks; /* 0: no title */
    struct dh_sq_kept *kept;
    struct dh_sq_row row;
};

struct dh_sq_columns *dh_sq_columns_new(void);
void dh_sq_columns_free(struct dh_sq_columns *columns);

/* Begins the reader's transaction and locks the columns as they are at its moment. */
enum dh_status dh_sq_columns_enter(struct dh_sq_reader *reader, struct dh_sq_columns **out,
                                   struct dh_err *err);
/* Unlocks the columns; the transaction goes on until dh_sq_end_read. */
void dh_sq_columns_leave(struct dh_sq_columns *columns);

static inline struct dh_str dh_sq_slot_doi(const struct dh_sq_columns *columns, uint32_t slot)
{
    return (struct dh_str){columns->dois + columns->doi_at[slot],
                           columns->doi_at[slot + 1] - columns->doi_at[slot]};
}
/* The slot of a record number, or UINT32_MAX. */
uint32_t dh_sq_slot_find(const struct dh_sq_columns *columns, int64_t number);

/* texts.c: loads the strings of a column once; afterwards dh_sq_text gives them. */
enum dh_status dh_sq_texts_load(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                enum dh_column column, struct dh_err *err);
/* Strings added since, when there are any loaded; under the write lock. */
enum dh_status dh_sq_texts_extend(struct dh_sq_conn *conn, struct dh_sq_columns *columns,
                                  enum dh_column column, struct dh_err *err);
static inline struct dh_str dh_sq_text(const struct dh_sq_columns *columns, enum dh_column column,
                                       uint32_t id)
{
    const struct dh_sq_texts *texts = &columns->column[dh_sq_space(column)].texts;
    if (!id || id > texts->count)
        return DH_STR("");
    return (struct dh_str){texts->bytes + texts->at[id], texts->at[id + 1] - texts->at[id]};
}

#endif
