#include "store/sqlite/conn.h"

#include <stdarg.h>
#include <time.h>

enum {
    BUSY_MS = 15000,       /* how long another process may keep the write lock */
    BUSY_PAUSE_MS = 5,     /* between two attempts where SQLite itself does not wait */
    PROGRESS_STEPS = 20000 /* virtual machine steps between two looks at the clock */
};

static const char *const texts[DH_SQL__N] = {
#define DH_SQL(id, text) text,
#include "store/sqlite/statements.def"
#undef DH_SQL
};

static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool dh_sq_overdue(const struct dh_sq_conn *conn)
{
    return conn->deadline && monotonic() > conn->deadline;
}

static int progress(void *context)
{
    return dh_sq_overdue(context);
}

void dh_sq_deadline(struct dh_sq_conn *conn, bool limited)
{
    conn->deadline = limited ? monotonic() + (int64_t)DH_STATEMENT_SECONDS * 1000 : 0;
}

void dh_sq_deadline_query(struct dh_sq_conn *conn)
{
    conn->deadline = monotonic() + (int64_t)DH_QUERY_SECONDS * 1000;
}

static const struct {
    int code;
    enum dh_status status;
    const char *text;
} failures[] = {
    {SQLITE_BUSY, DH_BUSY, "the store is being written by another process; try again later"},
    {SQLITE_LOCKED, DH_BUSY, "the store is locked by another thread"},
    {SQLITE_INTERRUPT, DH_LIMIT, "the question took longer than a statement may"},
    {SQLITE_FULL, DH_IO, "the disk of the store is full"},
    {SQLITE_CANTOPEN, DH_IO, "the store cannot be opened"},
    {SQLITE_READONLY, DH_IO, "the store cannot be written to"},
    {SQLITE_PERM, DH_IO, "the store may not be opened"},
    {SQLITE_IOERR, DH_IO, "reading or writing the store failed"},
    {SQLITE_NOTADB, DH_CORRUPT, "the file is no doihound store"},
    {SQLITE_CORRUPT, DH_CORRUPT, "the store is damaged"},
    {SQLITE_NOMEM, DH_MEMORY, "out of memory"},
    {SQLITE_TOOBIG, DH_LIMIT, "a value is too large for the store"},
};

enum dh_status dh_sq_fail(struct dh_sq_conn *conn, int code, struct dh_err *err)
{
    const char *detail = conn->db ? sqlite3_errmsg(conn->db) : sqlite3_errstr(code);
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
        if (failures[i].code == (code & 0xff))
            return dh_fail(err, failures[i].status, "%s (%s)", failures[i].text, detail);
    return dh_fail(err, DH_IO, "the store failed: %s", detail);
}

enum dh_status dh_sq_exec(struct dh_sq_conn *conn, const char *text, struct dh_err *err)
{
    int code = sqlite3_exec(conn->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? DH_OK : dh_sq_fail(conn, code, err);
}

enum dh_status dh_sq_exec_patiently(struct dh_sq_conn *conn, const char *text, struct dh_err *err)
{
    const struct timespec pause = {.tv_nsec = BUSY_PAUSE_MS * 1000000L};
    int64_t end = monotonic() + BUSY_MS;
    enum dh_status status;
    while ((status = dh_sq_exec(conn, text, err)) == DH_BUSY && monotonic() < end)
        nanosleep(&pause, NULL);
    return status;
}

enum dh_status dh_sq_conn_open(struct dh_sq_conn *conn, const char *path, int flags,
                               struct dh_err *err)
{
    *conn = (struct dh_sq_conn){0};
    int code = sqlite3_open_v2(path, &conn->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        enum dh_status status = dh_sq_fail(conn, code, err);
        dh_sq_conn_close(conn);
        return status;
    }
    sqlite3_busy_timeout(conn->db, BUSY_MS);
    sqlite3_progress_handler(conn->db, PROGRESS_STEPS, progress, conn);
    return DH_OK;
}

void dh_sq_conn_close(struct dh_sq_conn *conn)
{
    for (int i = 0; i < DH_SQL__N; i++)
        sqlite3_finalize(conn->sql[i]);
    sqlite3_close(conn->db);
    *conn = (struct dh_sq_conn){0};
}

static int bind_bytes(sqlite3_stmt *sql, int i, struct dh_str s, bool text)
{
    if (!s.ptr)
        return sqlite3_bind_null(sql, i);
    return text ? sqlite3_bind_text64(sql, i, s.ptr, s.len, SQLITE_STATIC, SQLITE_UTF8)
                : sqlite3_bind_blob64(sql, i, s.ptr, s.len, SQLITE_STATIC);
}

static int bind_time(sqlite3_stmt *sql, int i, int64_t time)
{
    return time == DH_TIME_NONE ? sqlite3_bind_null(sql, i) : sqlite3_bind_int64(sql, i, time);
}

static int bind(sqlite3_stmt *sql, const char *types, va_list args)
{
    int code = SQLITE_OK;
    for (int i = 0; types[i] && code == SQLITE_OK; i++) {
        if (types[i] == 'i')
            code = sqlite3_bind_int64(sql, i + 1, va_arg(args, int64_t));
        else if (types[i] == 't')
            code = bind_time(sql, i + 1, va_arg(args, int64_t));
        else
            code = bind_bytes(sql, i + 1, va_arg(args, struct dh_str), types[i] == 's');
    }
    return code;
}

static enum dh_status ready(struct dh_sq_conn *conn, enum dh_sq_sql id, sqlite3_stmt **out,
                            struct dh_err *err, const char *types, va_list args)
{
    int code = SQLITE_OK;
    if (!conn->sql[id])
        code = sqlite3_prepare_v3(conn->db, texts[id], -1, SQLITE_PREPARE_PERSISTENT,
                                  &conn->sql[id], NULL);
    else
        sqlite3_reset(conn->sql[id]);
    if (code == SQLITE_OK)
        code = bind(conn->sql[id], types, args);
    *out = conn->sql[id];
    return code == SQLITE_OK ? DH_OK : dh_sq_fail(conn, code, err);
}

enum dh_status dh_sq_query(struct dh_sq_conn *conn, enum dh_sq_sql id, sqlite3_stmt **out,
                           struct dh_err *err, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    enum dh_status status = ready(conn, id, out, err, types, args);
    va_end(args);
    return status;
}

enum dh_status dh_sq_step(struct dh_sq_conn *conn, sqlite3_stmt *sql, struct dh_err *err)
{
    int code = sqlite3_step(sql);
    if (code == SQLITE_ROW)
        return DH_OK;
    enum dh_status status = code == SQLITE_DONE ? DH_DONE : dh_sq_fail(conn, code, err);
    sqlite3_reset(sql);
    return status;
}

enum dh_status dh_sq_run(struct dh_sq_conn *conn, enum dh_sq_sql id, struct dh_err *err,
                         const char *types, ...)
{
    sqlite3_stmt *sql;
    va_list args;
    va_start(args, types);
    enum dh_status status = ready(conn, id, &sql, err, types, args);
    va_end(args);
    if (status)
        return status;
    status = dh_sq_step(conn, sql, err);
    sqlite3_reset(sql);
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_integer(struct dh_sq_conn *conn, enum dh_sq_sql id, int64_t *out,
                             struct dh_err *err, const char *types, ...)
{
    sqlite3_stmt *sql;
    va_list args;
    va_start(args, types);
    enum dh_status status = ready(conn, id, &sql, err, types, args);
    va_end(args);
    if (status)
        return status;
    status = dh_sq_step(conn, sql, err);
    if (status == DH_OK)
        *out = sqlite3_column_int64(sql, 0);
    sqlite3_reset(sql);
    return status == DH_DONE ? DH_NOT_FOUND : status;
}

struct dh_str dh_sq_bytes(sqlite3_stmt *sql, int column)
{
    int type = sqlite3_column_type(sql, column);
    if (type == SQLITE_NULL)
        return DH_STR_NONE;
    const char *ptr = type == SQLITE_BLOB ? sqlite3_column_blob(sql, column)
                                          : (const char *)sqlite3_column_text(sql, column);
    return (struct dh_str){ptr ? ptr : "", (size_t)sqlite3_column_bytes(sql, column)};
}
