#include <stdlib.h>

#include "store/sqlite/index_merge.h"

enum { ROWS_MAX = 4 * 1024 * 1024 /* bytes of rows that wait for the writer */ };

/* What stands before the bytes of a row; DH_SQ_PARTS: the segment is whole, and so large. */
struct head {
    enum dh_sq_part part;
    uint32_t index;
    uint64_t size;
};

struct dh_sq_beside {
    const char *path;
    bool looked; /* in this transaction for what is due */
    struct dh_sq_plan plan;
    struct dh_sq_filed *filed; /* that the merges of the plan go to */
    size_t finished;           /* merges that stand in the file */
    struct dh_buf taken;       /* rows that the writer puts into the file */
    struct dh_sq_conn conn;    /* the thread's */
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    struct dh_buf rows; /* for the writer */
    bool drops;         /* they are not wanted any more */
    bool ended;
    enum dh_status status; /* why the thread failed */
    struct dh_err err;
};

/* ---- the thread ------------------------------------------------------------------------------- */

struct sink {
    struct dh_sq_rows rows;
    struct dh_sq_beside *beside;
};

static enum dh_status pass(struct dh_sq_beside *beside, struct head head, struct dh_str bytes,
                           struct dh_err *err)
{
    pthread_mutex_lock(&beside->lock);
    while (!beside->drops && beside->rows.len > ROWS_MAX)
        pthread_cond_wait(&beside->changed, &beside->lock);
    bool drops = beside->drops;
    dh_buf_add(&beside->rows, &head, sizeof(head));
    dh_buf_str(&beside->rows, bytes);
    enum dh_status status = beside->rows.status;
    pthread_cond_broadcast(&beside->changed);
    pthread_mutex_unlock(&beside->lock);
    if (drops)
        return dh_fail(err, DH_LIMIT, "the transaction was rolled back");
    return status ? dh_fail(err, status, "out of memory") : DH_OK;
}

static enum dh_status add(struct dh_sq_rows *rows, enum dh_sq_part part, uint32_t index,
                          struct dh_str bytes, struct dh_err *err)
{
    struct sink *sink = (struct sink *)rows;
    return pass(sink->beside, (struct head){part, index, bytes.len}, bytes, err);
}

static enum dh_status merge_all(struct dh_sq_beside *beside, struct dh_err *err)
{
    struct dh_sq_conn *conn = &beside->conn;
    struct sink sink = {{.add = add}, beside};
    enum dh_status status = DH_OK;
    if (!conn->db)
        status = dh_sq_conn_open(conn, beside->path, SQLITE_OPEN_READWRITE, err);
    if (!status)
        status = dh_sq_exec(conn, "PRAGMA query_only = ON; BEGIN", err);
    for (size_t i = 0; i < beside->plan.count && !status; i++) {
        uint64_t bytes = 0;
        status = dh_sq_merge_read(&beside->plan.merges[i], conn, &sink.rows, &bytes, err);
        if (!status)
            status =
                pass(beside, (struct head){.part = DH_SQ_PARTS, .size = bytes}, DH_STR_NONE, err);
    }
    if (conn->db && !sqlite3_get_autocommit(conn->db))
        dh_sq_exec(conn, "ROLLBACK", NULL);
    return status;
}

static void *run(void *context)
{
    struct dh_sq_beside *beside = context;
    struct dh_err err = {0};
    enum dh_status status = merge_all(beside, &err);
    pthread_mutex_lock(&beside->lock);
    beside->ended = true;
    beside->status = status;
    beside->err = err;
    pthread_cond_broadcast(&beside->changed);
    pthread_mutex_unlock(&beside->lock);
    return NULL;
}

/* ---- the writer's side ------------------------------------------------------------------------ */

struct dh_sq_beside *dh_sq_beside_new(const char *path)
{
    struct dh_sq_beside *beside = calloc(1, sizeof(*beside));
    if (!beside)
        return NULL;
    beside->path = path;
    dh_buf_init(&beside->taken, SIZE_MAX);
    dh_buf_init(&beside->rows, SIZE_MAX);
    pthread_mutex_init(&beside->lock, NULL);
    pthread_cond_init(&beside->changed, NULL);
    return beside;
}

/* Ready for the next transaction; the thread is no more. */
static void rest(struct dh_sq_beside *beside)
{
    if (beside->running)
        pthread_join(beside->thread, NULL);
    beside->looked = beside->running = beside->drops = beside->ended = false;
    beside->finished = 0;
    beside->status = DH_OK;
    dh_sq_plan_release(&beside->plan);
    free(beside->filed);
    beside->filed = NULL;
    dh_buf_release(&beside->rows);
    dh_buf_release(&beside->taken);
}

void dh_sq_beside_forget(struct dh_sq_beside *beside)
{
    pthread_mutex_lock(&beside->lock);
    beside->drops = true;
    pthread_cond_broadcast(&beside->changed);
    pthread_mutex_unlock(&beside->lock);
    rest(beside);
}

void dh_sq_beside_free(struct dh_sq_beside *beside)
{
    if (!beside)
        return;
    dh_sq_beside_forget(beside);
    dh_sq_conn_close(&beside->conn);
    pthread_cond_destroy(&beside->changed);
    pthread_mutex_destroy(&beside->lock);
    free(beside);
}

static enum dh_status start(struct dh_sq_beside *beside, struct dh_sq_conn *conn,
                            struct dh_err *err)
{
    beside->looked = true;
    enum dh_status status = dh_sq_plan_make(&beside->plan, conn, err);
    if (status || !beside->plan.count)
        return status;
    beside->filed = calloc(beside->plan.count, sizeof(*beside->filed));
    if (!beside->filed)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < beside->plan.count && !status; i++)
        status = dh_sq_merge_start(&beside->plan.merges[i], &beside->filed[i], conn, err);
    if (status)
        return status;
    if (pthread_create(&beside->thread, NULL, run, beside) != 0)
        return dh_fail(err, DH_MEMORY, "cannot start a thread");
    beside->running = true;
    return DH_OK;
}

/* Puts the rows taken from the thread into the file. */
static enum dh_status file_taken(struct dh_sq_beside *beside, struct dh_err *err)
{
    struct dh_str rest = dh_buf_view(&beside->taken);
    enum dh_status status = DH_OK;
    while (!status && rest.len) {
        struct dh_sq_filed *to = &beside->filed[beside->finished];
        struct head head;
        memcpy(&head, rest.ptr, sizeof(head));
        rest = dh_str_from(rest, sizeof(head));
        if (head.part == DH_SQ_PARTS) {
            status =
                dh_sq_merge_finish(&beside->plan.merges[beside->finished++], to, head.size, err);
            continue;
        }
        status = to->rows.add(&to->rows, head.part, head.index,
                              (struct dh_str){rest.ptr, (size_t)head.size}, err);
        rest = dh_str_from(rest, (size_t)head.size);
    }
    dh_buf_clear(&beside->taken);
    return status;
}

/* Takes and files what the thread made; *more: it makes more. */
static enum dh_status take(struct dh_sq_beside *beside, bool wait, bool *more, struct dh_err *err)
{
    pthread_mutex_lock(&beside->lock);
    while (wait && !beside->rows.len && !beside->ended)
        pthread_cond_wait(&beside->changed, &beside->lock);
    struct dh_buf rows = beside->rows;
    beside->rows = beside->taken;
    beside->taken = rows;
    *more = !beside->ended;
    enum dh_status status = beside->status;
    if (status && err)
        *err = beside->err;
    pthread_cond_broadcast(&beside->changed);
    pthread_mutex_unlock(&beside->lock);
    return status ? status : file_taken(beside, err);
}

enum dh_status dh_sq_beside_file(struct dh_sq_beside *beside, struct dh_sq_conn *conn,
                                 struct dh_err *err)
{
    bool more;
    enum dh_status status = beside->looked ? DH_OK : start(beside, conn, err);
    return status || !beside->running ? status : take(beside, false, &more, err);
}

enum dh_status dh_sq_beside_finish(struct dh_sq_beside *beside, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (bool more = beside->running; more && !status;)
        status = take(beside, true, &more, err);
    if (!status)
        rest(beside);
    return status;
}
