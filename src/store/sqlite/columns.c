#include "store/sqlite/columns.h"

#include <stdlib.h>

#include "store/sqlite/sets.h"

enum {
    COMPACT_MIN = 16384, /* slots below which empty ones do not matter */
    ENTER_TRIES = 100    /* moments that a busy writer may pass by before a search gives up */
};

struct dh_sq_columns *dh_sq_columns_new(void)
{
    struct dh_sq_columns *columns = calloc(1, sizeof(*columns));
    if (!columns)
        return NULL;
    pthread_rwlock_init(&columns->lock, NULL);
    pthread_mutex_init(&columns->lazy, NULL);
    return columns;
}

/* What does not follow the columns. */
static void drop_derived(struct dh_sq_columns *columns)
{
    dh_sq_kept_drop(columns);
    free(columns->title_ranks);
    columns->title_ranks = NULL;
}

static void drop_orders(struct dh_sq_columns *columns)
{
    free(columns->by_created.slots);
    free(columns->by_updated.slots);
    columns->by_created = columns->by_updated = (struct dh_sq_order){0};
}

static void empty(struct dh_sq_columns *columns)
{
    drop_derived(columns);
    drop_orders(columns);
    for (int c = 0; c < DH_COLUMN__N; c++) {
        struct dh_sq_texts *texts = &columns->column[c].texts;
        free(texts->bytes);
        free(texts->at);
        *texts = (struct dh_sq_texts){0};
    }
    dh_sq_columns_clear(columns);
    columns->loaded = false;
}

void dh_sq_columns_free(struct dh_sq_columns *columns)
{
    if (!columns)
        return;
    empty(columns);
    dh_sq_row_release(&columns->row);
    while (columns->rooms) {
        struct dh_sq_search *room = columns->rooms;
        columns->rooms = room->next;
        dh_sq_search_free(room);
    }
    pthread_rwlock_destroy(&columns->lock);
    pthread_mutex_destroy(&columns->lazy);
    free(columns);
}

/* The first slot whose number is not below `number`. */
static uint32_t lower_bound(const struct dh_sq_columns *columns, int64_t number)
{
    uint32_t low = 0, high = columns->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (columns->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t dh_sq_slot_find(const struct dh_sq_columns *columns, int64_t number)
{
    uint32_t slot = lower_bound(columns, number);
    bool found = slot < columns->count && columns->numbers[slot] == number;
    return found && columns->alive[slot] ? slot : UINT32_MAX;
}

static void bury(struct dh_sq_columns *columns, uint32_t slot)
{
    columns->living -= columns->alive[slot];
    columns->alive[slot] = 0;
}

/* A card that kept its number: only counts can have changed. */
static enum dh_status update(struct dh_sq_columns *columns, uint32_t slot, struct dh_str card,
                             struct dh_err *err)
{
    enum dh_status status = dh_sq_row_unpack(&columns->row, card, err);
    for (int c = 0; c < DH_COLUMN__N && !status; c++)
        if (dh_sq_shows_count(c) && !dh_sq_cell_set(&columns->column[c].cells, slot, columns->count,
                                                    dh_sq_fold(columns->row.numbers[c])))
            status = dh_fail(err, DH_MEMORY, "out of memory for the columns");
    return status;
}

/* Makes the slots of numbers low..high what the cards say. */
static enum dh_status read_range(struct dh_sq_columns *columns, struct dh_sq_conn *conn,
                                 int64_t low, int64_t high, struct dh_err *err)
{
    sqlite3_stmt *sql;
    uint32_t slot = lower_bound(columns, low);
    enum dh_status status = dh_sq_query(conn, DH_SQL_CARDS, &sql, err, "ii", low, high);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int64_t number = sqlite3_column_int64(sql, 0);
        for (; slot < columns->count && columns->numbers[slot] < number; slot++)
            bury(columns, slot);
        if (slot < columns->count && columns->numbers[slot] == number)
            status = update(columns, slot, dh_sq_bytes(sql, 1), err);
        else if (slot < columns->count)
            status = dh_fail(err, DH_CORRUPT, "a record number came back");
        else
            status = dh_sq_columns_append(columns, (uint32_t)number, dh_sq_bytes(sql, 1), err);
        slot++;
        if (status)
            dh_sq_reset(sql);
    }
    if (status != DH_DONE)
        return status;
    for (; slot < columns->count && columns->numbers[slot] <= high; slot++)
        bury(columns, slot);
    return DH_OK;
}

static enum dh_status follow_log(struct dh_sq_columns *columns, struct dh_sq_conn *conn,
                                 struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(conn, DH_SQL_CHANGES, &sql, err, "i", (int64_t)columns->sequence);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        status = read_range(columns, conn, sqlite3_column_int64(sql, 0),
                            sqlite3_column_int64(sql, 1), err);
        if (status)
            dh_sq_reset(sql);
    }
    if (status != DH_DONE)
        return status;
    status = DH_OK;
    for (int c = 0; c < DH_COLUMN__N && !status; c++)
        status = dh_sq_texts_extend(conn, columns, c, err);
    return status;
}

/* Under the write lock: brings the columns to the moment of the reader's transaction. */
static enum dh_status refresh(struct dh_sq_store *store, struct dh_sq_columns *columns,
                              struct dh_sq_conn *conn, uint64_t sequence, struct dh_err *err)
{
    int64_t first = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_CHANGE_FIRST, &first, err, "");
    uint32_t dead = columns->count - columns->living;
    bool whole = !columns->loaded || (uint64_t)first > columns->sequence + 1 ||
                 (dead > columns->living && columns->count > COMPACT_MIN);
    if (status)
        return status;
    if (whole) {
        empty(columns);
        status = dh_sq_columns_load(store, columns, conn, sequence, err);
    } else {
        drop_derived(columns);
        status = follow_log(columns, conn, err);
    }
    if (status) {
        empty(columns);
        return status;
    }
    columns->loaded = true;
    columns->sequence = sequence;
    return DH_OK;
}

/* One try; DH_BUSY when the columns are of a later moment than the transaction. */
static enum dh_status enter_once(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                 struct dh_err *err)
{
    uint64_t sequence;
    enum dh_status status = dh_sq_sequence(&reader->base, &sequence, err);
    if (status)
        return status;
    pthread_rwlock_rdlock(&columns->lock);
    if (columns->loaded && columns->sequence == sequence)
        return DH_OK;
    pthread_rwlock_unlock(&columns->lock);
    pthread_rwlock_wrlock(&columns->lock);
    dh_sq_deadline(&reader->conn, false);
    if (!columns->loaded || columns->sequence < sequence)
        status = refresh(dh_sq_store(reader->base.store), columns, &reader->conn, sequence, err);
    dh_sq_deadline(&reader->conn, true);
    pthread_rwlock_unlock(&columns->lock);
    if (status)
        return status;
    pthread_rwlock_rdlock(&columns->lock);
    if (columns->loaded && columns->sequence == sequence)
        return DH_OK;
    pthread_rwlock_unlock(&columns->lock);
    return DH_BUSY;
}

enum dh_status dh_sq_columns_enter(struct dh_sq_reader *reader, struct dh_sq_columns **out,
                                   struct dh_err *err)
{
    struct dh_sq_columns *columns = dh_sq_store(reader->base.store)->columns;
    enum dh_status status = DH_BUSY;
    *out = columns;
    for (int i = 0; i < ENTER_TRIES && status == DH_BUSY; i++) {
        status = dh_sq_begin_read(reader, err);
        if (status)
            return status;
        status = enter_once(reader, columns, err);
        if (status)
            dh_sq_end_read(reader);
    }
    if (status == DH_BUSY)
        return dh_fail(err, DH_BUSY, "the store changes faster than it can be searched");
    return status;
}

void dh_sq_columns_leave(struct dh_sq_columns *columns)
{
    pthread_rwlock_unlock(&columns->lock);
}
