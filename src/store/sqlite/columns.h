/*
 * columns: the column values of all records in memory, shared by the readers of a handle. A record
 * has a slot; slots ascend by record number, those of records that went stay empty until the next
 * whole load. Loaded by the first search, then kept up to date from table `change`.
 *
 *   numbers[]   3  4  7  9          TERM   dh_sq_id(column, slot)             0: none
 *   alive[]     1  1  0  1          TERMS  dh_sq_ids_first(), _end(), _at()
 *   doi_at[]    offsets in dois     INTEGER, TIME  dh_sq_value(column, slot)  DH_TIME_NONE: none
 *
 * All is read under dh_sq_columns_enter. What is made on demand (term texts, orders, kept sets) is
 * made under `lazy` and lives until the columns change.
 */
#ifndef DH_SQ_COLUMNS_H
#define DH_SQ_COLUMNS_H

#include "store/sqlite/backend.h"
#include "store/sqlite/cells.h"
#include "store/sqlite/packed.h"

struct dh_sq_column {
    struct dh_sq_cells cells; /* ids; folded values in units of `scale`; all ids of TERMS */
    uint32_t *spans;          /* TERMS: the ids of a slot are cells spans[slot]..spans[slot + 1] */
    uint32_t scale;           /* 1000 for times while all are whole seconds, else 1 */
    uint32_t last_id;         /* highest id that a record has */
    struct dh_sq_texts {
        char *bytes;
        size_t *at;      /* text of id: bytes[at[id]..at[id + 1]) */
        size_t len, cap; /* of bytes */
        uint32_t count, at_cap;
        bool loaded;
    } texts;
};

/*
 * Slots by a time, records without it last, ties by DOI: all that live, and some that lived when
 * it was made. Follows the columns on use.
 */
struct dh_sq_order {
    uint32_t *slots;
    uint32_t count, keyed; /* the first `keyed` have the time */
    uint32_t upto;         /* slots from here on have come since */
    uint32_t asked;        /* times that it was wanted before it was made */
};

struct dh_sq_kept; /* sets.h */

enum { DH_SQ_DOI_BLOCK_BITS = 16 };

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
    uint32_t *doi_at;   /* count + 1 offsets from the start of their block */
    uint64_t *doi_base; /* starts of blocks of 1 << DH_SQ_DOI_BLOCK_BITS slots */
    struct dh_sq_column column[DH_COLUMN__N];
    struct dh_sq_order by_created, by_updated;
    uint32_t *title_ranks; /* 0: no title */
    struct dh_sq_kept *kept;
    struct dh_sq_search *rooms; /* idle ones, under `lazy` */
    struct dh_sq_row row;
};

struct dh_sq_columns *dh_sq_columns_new(void);
void dh_sq_columns_free(struct dh_sq_columns *columns);

/* Begins the reader's transaction and locks the columns as they are at its moment. */
enum dh_status dh_sq_columns_enter(struct dh_sq_reader *reader, struct dh_sq_columns **out,
                                   struct dh_err *err);
/* Unlocks the columns; the transaction goes on until dh_sq_end_read. */
void dh_sq_columns_leave(struct dh_sq_columns *columns);

/* The id of a TERM column, 0 when the record has none. */
static inline uint32_t dh_sq_id(const struct dh_sq_column *column, uint32_t slot)
{
    return (uint32_t)dh_sq_cell(&column->cells, slot);
}

/* The ids of a TERMS column: dh_sq_ids_at(column, at) for first <= at < end. */
static inline uint32_t dh_sq_ids_first(const struct dh_sq_column *column, uint32_t slot)
{
    return column->spans[slot];
}
static inline uint32_t dh_sq_ids_end(const struct dh_sq_column *column, uint32_t slot)
{
    return column->spans[slot + 1];
}
static inline uint32_t dh_sq_ids_at(const struct dh_sq_column *column, uint32_t at)
{
    return (uint32_t)dh_sq_cell(&column->cells, at);
}

/* The value of an INTEGER or TIME column, or DH_TIME_NONE. */
static inline int64_t dh_sq_value(const struct dh_sq_column *column, uint32_t slot)
{
    uint64_t folded = dh_sq_cell(&column->cells, slot);
    return folded ? dh_sq_unfold(folded) * column->scale : DH_TIME_NONE;
}

static inline size_t dh_sq_doi_start(const struct dh_sq_columns *columns, uint32_t slot)
{
    return columns->doi_base[slot >> DH_SQ_DOI_BLOCK_BITS] + columns->doi_at[slot];
}
static inline struct dh_str dh_sq_slot_doi(const struct dh_sq_columns *columns, uint32_t slot)
{
    size_t start = dh_sq_doi_start(columns, slot);
    return (struct dh_str){columns->dois + start, dh_sq_doi_start(columns, slot + 1) - start};
}
/* The slot of a record number, or UINT32_MAX. */
uint32_t dh_sq_slot_find(const struct dh_sq_columns *columns, int64_t number);

/* load.c: fills empty columns with all cards at the moment of the connection's transaction. */
enum dh_status dh_sq_columns_load(struct dh_sq_store *store, struct dh_sq_columns *columns,
                                  struct dh_sq_conn *conn, uint64_t sequence, struct dh_err *err);
/* Adds a record with a number above all others from its packed row. */
enum dh_status dh_sq_columns_append(struct dh_sq_columns *columns, uint32_t number,
                                    struct dh_str row, struct dh_err *err);
/* Frees the values of all records. */
void dh_sq_columns_clear(struct dh_sq_columns *columns);

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
