#include "store/scopes.h"

#include "store/sqlite/writer.h"

static enum dh_status read_scope(sqlite3_stmt *sql, struct dh_scope *out, struct dh_arena *arena,
                                 struct dh_err *err)
{
    bool finished = sqlite3_column_type(sql, 4) != SQLITE_NULL;
    *out = (struct dh_scope){.url = dh_arena_copy(arena, dh_sq_bytes(sql, 0)),
                             .filter = dh_arena_copy(arena, dh_sq_bytes(sql, 1)),
                             .progress = dh_arena_copy(arena, dh_sq_bytes(sql, 2)),
                             .started = sqlite3_column_int64(sql, 3),
                             .finished = finished ? sqlite3_column_int64(sql, 4) : DH_TIME_NONE,
                             .total = (uint64_t)sqlite3_column_int64(sql, 5),
                             .missing = (uint64_t)sqlite3_column_int64(sql, 6)};
    if (!out->url.ptr || !out->filter.ptr || !out->progress.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

enum dh_status dh_sq_scopes(struct dh_reader *base, struct dh_scope **out, size_t *count,
                            struct dh_arena *arena, struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_reader(base)->conn;
    int64_t rows = 0;
    sqlite3_stmt *sql;
    *count = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_COUNT_SCOPES, &rows, err, "");
    *out = dh_arena_array(arena, (size_t)rows + 1, sizeof(**out));
    if (!status && !*out)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status)
        status = dh_sq_query(conn, DH_SQL_SCOPES, &sql, err, "i", rows);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        status = read_scope(sql, &(*out)[*count], arena, err);
        *count += !status;
        if (status)
            dh_sq_reset(sql);
    }
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_put_scope(struct dh_store *base, const struct dh_scope *scope,
                               struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_store(base)->writer->conn;
    enum dh_status status =
        dh_sq_run(conn, DH_SQL_SCOPE_SET, err, "sssiii", scope->url, scope->filter, scope->progress,
                  scope->started, (int64_t)scope->total, (int64_t)scope->missing);
    if (!status && scope->finished != DH_TIME_NONE)
        status = dh_sq_run(conn, DH_SQL_SCOPE_FINISHED, err, "ssi", scope->url, scope->filter,
                           scope->finished);
    return status;
}
