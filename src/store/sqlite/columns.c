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

static void drop_derived(struct dh_sq_columns *columns)
{
    dh_sq_kept_drop(columns);
    free(columns->by_created.slots);
    free(columns->by_updated.slots);
    free(columns->title_ranks);
    columns->by_created = columns->by_updated = (struct dh_sq_order){0};
    columns->title_ranks = NULL;
}

static void empty(struct dh_sq_columns *columns)
{
    drop_derived(columns);
    for (int c = 0; c < DH_COLUMN__N; c++) {
        struct dh_sq_column *column = &columns->column[c];
        free(column->ids);
        free(column->pool);
        free(column->values);
        free(column->texts.bytes);
        free(column->texts.at);
        *column = (struct dh_sq_column){0};
    }
    free(columns->numbers);
    free(columns->alive);
    free(columns->dois);
    free(columns->doi_at);
    columns->numbers = NULL;
    columns->alive = NULL;
    columns->dois = NULL;
    columns->doi_at = NULL;
    columns->doi_cap = 0;
    columns->count = columns->cap = columns->living = 0;
    columns->loaded = false;
}

void dh_sq_columns_free(struct dh_sq_columns *columns)
{
    if (!columns)
        return;
    empty(columns);
    dh_sq_row_release(&columns->row);
    pthread_rwlock_destroy(&columns->lock);
    pthread_mutex_destroy(&columns->lazy);
    free(columns);
}

/* Resizes one array; false leaves it as it was. */
static bool resize(void *array, size_t count, size_t size)
{
    void **place = array;
    void *grown = realloc(*place, count * size);
    if (grown)
        *place = grown;
    return grown != NULL;
}

static bool grow(struct dh_sq_columns *columns)
{
    size_t cap = columns->cap ? columns->cap + columns->cap / 2 : 4096;
    bool fresh = columns->cap == 0;
    bool done = cap < UINT32_MAX && resize(&columns->numbers, cap, sizeof(uint32_t)) &&
                resize(&columns->alive, cap, 1) &&
                resize(&columns->doi_at, cap + 1, sizeof(size_t));
    for (int c = 0; c < DH_COLUMN__N && done; c++) {
        struct dh_sq_column *column = &columns->column[c];
        if (dh_sq_kinds[c] == DH_KIND_INTEGER || dh_sq_kinds[c] == DH_KIND_TIME)
            done = resize(&column->values, cap, sizeof(int64_t));
        else
            done = resize(&column->ids, cap + 1, sizeof(uint32_t));
        if (done && fresh && dh_sq_kinds[c] == DH_KIND_TERMS)
            column->ids[0] = 0;
    }
    if (done && fresh)
        columns->doi_at[0] = 0;
    if (done)
        columns->cap = (uint32_t)cap;
    return done;
}

static bool reserve_doi(struct dh_sq_columns *columns, size_t need)
{
    if (need <= columns->doi_cap)
        return true;
    size_t cap = columns->doi_cap ? columns->doi_cap + columns->doi_cap / 2 : 65536;
    cap = cap < need ? need : cap;
    if (!resize(&columns->dois, cap, 1))
        return false;
    columns->doi_cap = cap;
    return true;
}

static bool set_terms(struct dh_sq_column *column, uint32_t slot, const uint32_t *ids, size_t count)
{
    size_t need = column->pool_len + count;
    if (need > column->pool_cap) {
        size_t cap = column->pool_cap ? column->pool_cap + column->pool_cap / 2 : 4096;
        cap = cap < need ? need : cap;
        if (need > UINT32_MAX || !resize(&column->pool, cap, sizeof(uint32_t)))
            return false;
        column->pool_cap = cap;
    }
    for (size_t i = 0; i < count; i++) {
        column->pool[column->pool_len++] = ids[i];
        column->last_id = ids[i] > column->last_id ? ids[i] : column->last_id;
    }
    column->ids[slot + 1] = (uint32_t)column->pool_len;
    return true;
}

static bool append(struct dh_sq_columns *columns, uint32_t number)
{
    const struct dh_sq_row *row = &columns->row;
    uint32_t slot = columns->count;
    if (slot == columns->cap && !grow(columns))
        return false;
    size_t at = columns->doi_at[slot];
    if (!reserve_doi(columns, at + row->doi.len))
        return false;
    memcpy(columns->dois + at, row->doi.ptr, row->doi.len);
    columns->doi_at[slot + 1] = at + row->doi.len;
    for (enum dh_column c = 0; c < DH_COLUMN__N; c++) {
        struct dh_sq_column *column = &columns->column[c];
        const uint32_t *ids = row->ids + row->first[c];
        uint32_t id = dh_sq_row_term(row, c);
        if (dh_sq_kinds[c] == DH_KIND_TERM) {
            column->ids[slot] = id;
            column->last_id = id > column->last_id ? id : column->last_id;
        } else if (dh_sq_kinds[c] != DH_KIND_TERMS) {
            column->values[slot] = row->numbers[c];
        } else if (!set_terms(column, slot, ids, row->first[c + 1] - row->first[c])) {
            return false;
        }
    }
    columns->numbers[slot] = number;
    columns->alive[slot] = 1;
    columns->count++;
    columns->living++;
    return true;
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
static void update(struct dh_sq_columns *columns, uint32_t slot)
{
    for (int c = 0; c < DH_COLUMN__N; c++)
        if (dh_sq_shows_count(c))
            columns->column[c].values[slot] = columns->row.numbers[c];
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
        status = dh_sq_row_unpack(&columns->row, dh_sq_bytes(sql, 1), err);
        for (; slot < columns->count && columns->numbers[slot] < number; slot++)
            bury(columns, slot);
        if (!status && slot < columns->count && columns->numbers[slot] == number)
            update(columns, slot++);
        else if (!status && slot < columns->count)
            status = dh_fail(err, DH_CORRUPT, "a record number came back");
        else if (!status && !append(columns, (uint32_t)number))
            status = dh_fail(err, DH_MEMORY, "out of memory for the columns");
        else if (!status)
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
static enum dh_status refresh(struct dh_sq_columns *columns, struct dh_sq_conn *conn,
                              uint64_t sequence, struct dh_err *err)
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
        status = read_range(columns, conn, 1, UINT32_MAX, err);
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
        status = refresh(columns, &reader->conn, sequence, err);
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
