#include "store/scopes.h"

#include "store/sqlite/writer.h"

static int64_t time_at(sqlite3_stmt *sql, int column)
{
    bool none = sqlite3_column_type(sql, column) == SQLITE_NULL;
    return none ? DH_TIME_NONE : sqlite3_column_int64(sql, column);
}

static enum dh_status read_scope(sqlite3_stmt *sql, struct dh_scope *out, struct dh_arena *arena,
                                 struct dh_err *err)
{
    *out = (struct dh_scope){.url = dh_arena_copy(arena, dh_sq_bytes(sql, 0)),
                             .filter = dh_arena_copy(arena, dh_sq_bytes(sql, 1)),
                             .progress = dh_arena_copy(arena, dh_sq_bytes(sql, 2)),
                             .started = sqlite3_column_int64(sql, 3),
                             .finished = time_at(sql, 4),
                             .total = (uint64_t)sqlite3_column_int64(sql, 5),
                             .missing = (uint64_t)sqlite3_column_int64(sql, 6),
                             .since = time_at(sql, 7),
                             .checked = time_at(sql, 8),
                             .trouble = dh_arena_copy(arena, dh_sq_bytes(sql, 9)),
                             .activities = time_at(sql, 10),
                             .events = time_at(sql, 11)};
    if (!out->url.ptr || !out->filter.ptr || !out->progress.ptr || !out->trouble.ptr)
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

/* No time was given: the one in the table stays. */
static int64_t given(int64_t time)
{
    return time ? time : DH_TIME_NONE;
}

/* A list that another took the place of must not come back as a scope without its DOIs. */
static enum dh_status is_known(struct dh_sq_conn *conn, const struct dh_scope *scope, bool *known,
                               struct dh_err *err)
{
    int64_t rows = 1;
    enum dh_status status = DH_OK;
    if (dh_scope_is_list(scope->filter))
        status = dh_sq_integer(conn, DH_SQL_LIST_COUNT, &rows, err, "s", scope->filter);
    *known = rows > 0;
    return status;
}

enum dh_status dh_sq_put_scope(struct dh_store *base, const struct dh_scope *scope,
                               struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_store(base)->writer->conn;
    bool known;
    enum dh_status status = is_known(conn, scope, &known, err);
    if (status || !known)
        return status;
    struct dh_str trouble = scope->trouble.ptr ? scope->trouble : DH_STR("");
    return dh_sq_run(conn, DH_SQL_SCOPE_SET, err, "sssitiittstt", scope->url, scope->filter,
                     scope->progress, scope->started, given(scope->finished), (int64_t)scope->total,
                     (int64_t)scope->missing, given(scope->since), given(scope->checked), trouble,
                     given(scope->activities), given(scope->events));
}

enum dh_status dh_sq_remove_scope(struct dh_store *base, struct dh_str url, struct dh_str filter,
                                  struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_store(base)->writer->conn;
    enum dh_status status = dh_sq_run(conn, DH_SQL_SCOPE_REMOVE, err, "ss", url, filter);
    return status ? status : dh_sq_run(conn, DH_SQL_LIST_REMOVE, err, "s", filter);
}

/* ---- lists ---------------------------------------------------------------------------------- */

enum dh_status dh_sq_list(struct dh_reader *base, struct dh_str name, struct dh_str **out,
                          size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_reader(base)->conn;
    int64_t rows = 0;
    sqlite3_stmt *sql;
    *count = 0;
    *out = NULL;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_LIST_COUNT, &rows, err, "s", name);
    if (!status && !rows)
        return dh_fail(err, DH_NOT_FOUND, "the store has no %.*s", DH_STR_ARG(name));
    if (!status)
        *out = dh_arena_array(arena, (size_t)rows, sizeof(**out));
    if (!status && !*out)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status)
        status = dh_sq_query(conn, DH_SQL_LIST, &sql, err, "si", name, rows);
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        (*out)[*count] = dh_arena_copy(arena, dh_sq_bytes(sql, 0));
        if (!(*out)[(*count)++].ptr) {
            dh_sq_reset(sql);
            status = dh_fail(err, DH_MEMORY, "out of memory");
        }
    }
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_put_list(struct dh_store *base, struct dh_str name, const struct dh_str *dois,
                              size_t count, struct dh_err *err)
{
    struct dh_sq_conn *conn = &dh_sq_store(base)->writer->conn;
    int64_t rows = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_LIST_COUNT, &rows, err, "s", name);
    if (status || (uint64_t)rows == count)
        return status;
    for (size_t i = 0; i < count && !status; i++)
        status = dh_sq_run(conn, DH_SQL_LIST_ADD, err, "ss", name, dois[i]);
    return status;
}
