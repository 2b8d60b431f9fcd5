#include <stdlib.h>

#include "store/sqlite/index_segment.h"

enum dh_status dh_sq_reader_open(struct dh_store *store, struct dh_reader **out, struct dh_err *err)
{
    struct dh_sq_reader *reader = calloc(1, sizeof(*reader));
    if (!reader)
        return dh_fail(err, DH_MEMORY, "out of memory");
    reader->base.store = store;
    reader->zstd = ZSTD_createDCtx();
    enum dh_status status = dh_sq_connect(dh_sq_store(store), &reader->conn, err);
    if (!status && !reader->zstd)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (status) {
        dh_sq_reader_close(&reader->base);
        return status;
    }
    *out = &reader->base;
    return DH_OK;
}

void dh_sq_reader_close(struct dh_reader *base)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    dh_sq_search_free(reader->search);
    for (size_t i = 0; i < DH_SQ_KNOWN_MAX; i++)
        free(reader->known[i].ptr);
    dh_sq_row_release(&reader->row);
    ZSTD_freeDCtx(reader->zstd);
    dh_sq_conn_close(&reader->conn);
    free(reader);
}

enum dh_status dh_sq_begin_read(struct dh_sq_reader *reader, struct dh_err *err)
{
    dh_sq_deadline(&reader->conn, true);
    return dh_sq_run(&reader->conn, DH_SQL_BEGIN, err, "");
}

void dh_sq_end_read(struct dh_sq_reader *reader)
{
    dh_sq_segments_give(dh_sq_store(reader->base.store), reader->segments);
    reader->segments = NULL;
    dh_sq_deadline(&reader->conn, false);
    dh_sq_run(&reader->conn, DH_SQL_COMMIT, NULL, "");
    if (!sqlite3_get_autocommit(reader->conn.db))
        dh_sq_run(&reader->conn, DH_SQL_ROLLBACK, NULL, "");
}

enum dh_status dh_sq_sequence(struct dh_reader *base, uint64_t *out, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    bool latest = sqlite3_get_autocommit(reader->conn.db); /* else: that of the transaction */
    int64_t sequence = 0;
    if (latest && dh_sq_pulse_same(&reader->pulse, out))
        return DH_OK;
    if (latest)
        dh_sq_pulse_take(&reader->pulse, reader->conn.db);
    enum dh_status status = dh_sq_integer(&reader->conn, DH_SQL_SEQUENCE, &sequence, err, "");
    *out = (uint64_t)sequence;
    if (latest && !status)
        dh_sq_pulse_keep(&reader->pulse, *out);
    return status;
}

/* Terms never change and never go: what was read once may be kept. */
static enum dh_status remember(struct dh_sq_reader *reader, struct dh_sq_known *known,
                               enum dh_column column, uint32_t id, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_TERM_VALUE, &sql, err, "ii",
                                        (int64_t)column, (int64_t)id);
    if (!status)
        status = dh_sq_step(&reader->conn, sql, err);
    if (status == DH_DONE)
        return dh_fail(err, DH_CORRUPT, "a record names a term that the store does not have");
    if (status)
        return status;
    struct dh_str value = dh_sq_bytes(sql, 0);
    char *ptr = malloc(value.len + 1);
    if (ptr) {
        memcpy(ptr, value.ptr ? value.ptr : "", value.len);
        free(known->ptr);
        *known = (struct dh_sq_known){column, id, ptr, value.len};
    }
    dh_sq_reset(sql);
    return ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_sq_term_text(struct dh_sq_reader *reader, enum dh_column column, uint32_t id,
                               struct dh_str *out, struct dh_arena *arena, struct dh_err *err)
{
    *out = DH_STR_NONE;
    if (!id)
        return DH_OK;
    column = dh_sq_space(column);
    struct dh_sq_known *known =
        &reader->known[(id * 31 + (uint32_t)column) & (DH_SQ_KNOWN_MAX - 1)];
    if (!known->ptr || known->id != id || known->column != column) {
        enum dh_status status = remember(reader, known, column, id, err);
        if (status)
            return status;
    }
    *out = dh_arena_copy(arena, (struct dh_str){known->ptr, known->len});
    return out->ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status fill(struct dh_sq_reader *reader, struct dh_hit *out, struct dh_arena *arena,
                           struct dh_err *err)
{
    const struct dh_sq_row *row = &reader->row;
    struct dh_str state = DH_STR_NONE;
    const struct {
        enum dh_column column;
        struct dh_str *text;
    } terms[] = {
        {DH_COLUMN_STATE, &state},
        {DH_COLUMN_CLIENT, &out->client},
        {DH_COLUMN_PROVIDER, &out->provider},
        {DH_COLUMN_AGENCY, &out->agency},
    };
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]) && !status; i++)
        status = dh_sq_term_text(reader, terms[i].column, dh_sq_row_term(row, terms[i].column),
                                 terms[i].text, arena, err);
    if (status)
        return status;
    out->state = dh_state_find(state);
    out->created = row->numbers[DH_COLUMN_CREATED];
    out->registered = row->numbers[DH_COLUMN_REGISTERED];
    out->updated = row->numbers[DH_COLUMN_UPDATED];
    out->year = row->numbers[DH_COLUMN_YEAR];
    memcpy(out->counts, &row->numbers[DH_COLUMN_VIEWS], sizeof(out->counts));
    memcpy(out->local, row->local, sizeof(out->local));
    for (unsigned i = 0; i < DH_COUNT__N; i++)
        out->came |= (unsigned)(row->came[i] >= 0) << i;
    out->doi = dh_arena_copy(arena, row->doi);
    return out->doi.ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

/* A hit of the row that `sql` stands on: number, row and, with `body`, the text. */
static enum dh_status hit(struct dh_sq_reader *reader, sqlite3_stmt *sql, bool body,
                          struct dh_hit *out, struct dh_arena *arena, struct dh_err *err)
{
    *out = (struct dh_hit){.number = (uint32_t)sqlite3_column_int64(sql, 0)};
    reader->name = sqlite3_column_int64(sql, 2);
    struct dh_str text;
    enum dh_status status = dh_sq_row_unpack(&reader->row, dh_sq_bytes(sql, 1), err);
    if (!status)
        status = fill(reader, out, arena, err);
    if (!status && body) {
        struct dh_sq_store *store = dh_sq_store(reader->base.store);
        status =
            dh_sq_body_unpack(&store->codec, reader->zstd, dh_sq_bytes(sql, 3), &text, arena, err);
        if (!status)
            status = dh_wire_open(text, &out->wire, err);
    }
    dh_sq_reset(sql);
    return status;
}

enum dh_status dh_sq_hit(struct dh_sq_reader *reader, uint32_t number, bool body,
                         struct dh_hit *out, struct dh_arena *arena, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&reader->conn, body ? DH_SQL_READ : DH_SQL_READ_ROW, &sql,
                                        err, "i", (int64_t)number);
    if (!status)
        status = dh_sq_step(&reader->conn, sql, err);
    if (status == DH_DONE)
        return dh_fail(err, DH_NOT_FOUND, "no record has the number %u", number);
    return status ? status : hit(reader, sql, body, out, arena, err);
}

enum dh_status dh_sq_get(struct dh_reader *base, struct dh_str doi, uint32_t number,
                         struct dh_hit *out, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    dh_sq_deadline(&reader->conn, true);
    if (!doi.ptr)
        return dh_sq_hit(reader, number, true, out, arena, err);
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_GET, &sql, err, "s", doi);
    if (!status)
        status = dh_sq_step(&reader->conn, sql, err);
    if (status == DH_DONE)
        return dh_fail(err, DH_NOT_FOUND, "no record has the DOI %.*s", DH_STR_ARG(doi));
    return status ? status : hit(reader, sql, true, out, arena, err);
}
