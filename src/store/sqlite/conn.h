/*
 * conn: one SQLite connection with its prepared statements. Statements are named in
 * statements.def and prepared on first use; each of them is reset before it is handed out again.
 * Arguments are bound by a string of letters: i int64_t, s struct dh_str as text, b as blob (both
 * NULL when ptr is NULL), t a time (NULL for DH_TIME_NONE), all borrowed until the statement is
 * reset.
 */
#ifndef DH_SQ_CONN_H
#define DH_SQ_CONN_H

#include <sqlite3.h>

#include "base/base.h"

enum dh_sq_sql {
#define DH_SQL(id, text) DH_SQL_##id,
#include "store/sqlite/statements.def"
#undef DH_SQL
    DH_SQL__N
};

struct dh_sq_conn {
    sqlite3 *db;
    sqlite3_stmt *sql[DH_SQL__N];
    int64_t deadline; /* monotonic ms; 0 when there is none */
};

/* Opens `path` with sqlite3_open_v2 flags and sets what every connection wants. */
enum dh_status dh_sq_conn_open(struct dh_sq_conn *conn, const char *path, int flags,
                               struct dh_err *err);
void dh_sq_conn_close(struct dh_sq_conn *conn);

/* Gives the statements of this connection DH_STATEMENT_SECONDS from now; or no limit at all. */
void dh_sq_deadline(struct dh_sq_conn *conn, bool limited);
/* DH_QUERY_SECONDS from now, for a search with a query. */
void dh_sq_deadline_query(struct dh_sq_conn *conn);

/* True when the time given to the statements has passed. */
bool dh_sq_overdue(const struct dh_sq_conn *conn);

/* Fills *err from the connection's last failure and gives the status for it. */
enum dh_status dh_sq_fail(struct dh_sq_conn *conn, int code, struct dh_err *err);
/* Runs SQL text that gives no rows. */
enum dh_status dh_sq_exec(struct dh_sq_conn *conn, const char *text, struct dh_err *err);
/*
 * The same for what may be done twice and takes a lock in the middle of a statement, such as the
 * switch to a WAL: there SQLite does not wait for the lock but fails at once. DH_BUSY after 15 s.
 */
enum dh_status dh_sq_exec_patiently(struct dh_sq_conn *conn, const char *text, struct dh_err *err);

/* Binds and hands out a statement for dh_sq_step. Done with it early: dh_sq_reset. */
enum dh_status dh_sq_query(struct dh_sq_conn *conn, enum dh_sq_sql id, sqlite3_stmt **out,
                           struct dh_err *err, const char *types, ...);
/* DH_OK: there is a row. DH_DONE or a failure: the statement has been reset. */
enum dh_status dh_sq_step(struct dh_sq_conn *conn, sqlite3_stmt *sql, struct dh_err *err);
/* Binds and runs a statement that gives no rows. */
enum dh_status dh_sq_run(struct dh_sq_conn *conn, enum dh_sq_sql id, struct dh_err *err,
                         const char *types, ...);
/* The first column of the first row as integer; DH_NOT_FOUND without a row. NULL gives 0. */
enum dh_status dh_sq_integer(struct dh_sq_conn *conn, enum dh_sq_sql id, int64_t *out,
                             struct dh_err *err, const char *types, ...);

static inline void dh_sq_reset(sqlite3_stmt *sql)
{
    sqlite3_reset(sql);
}

/* A column's bytes, text or blob; borrowed until the next step. ptr is NULL for NULL. */
struct dh_str dh_sq_bytes(sqlite3_stmt *sql, int column);

#endif
