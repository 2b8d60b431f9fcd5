#include "store/sqlite/writer.h"

#include <stdlib.h>

#include "store/sqlite/index.h"

enum {
    CHANGES_KEPT = 200000,    /* rows of `change`; who is further behind reads all cards again */
    CHECKPOINT_FRAMES = 4096, /* pages in the WAL from which a commit moves them to the file */
    WAL_FRAMES_MAX = 65536    /* ... and from which it waits for readers to start the WAL afresh */
};

static struct dh_sq_writer *writer(struct dh_store *store)
{
    return dh_sq_store(store)->writer;
}

/* A commit leaves the WAL to dh_sq_commit, which knows when a checkpoint is due. */
static int committed(void *context, sqlite3 *db, const char *name, int frames)
{
    (void)context;
    int mode = frames > WAL_FRAMES_MAX ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    if (frames > CHECKPOINT_FRAMES)
        sqlite3_wal_checkpoint_v2(db, name, mode, NULL, NULL);
    return SQLITE_OK;
}

enum dh_status dh_sq_writer_open(struct dh_sq_store *store, struct dh_err *err)
{
    struct dh_sq_writer *w = calloc(1, sizeof(*w));
    if (!w)
        return dh_fail(err, DH_MEMORY, "out of memory");
    store->writer = w;
    pthread_mutex_init(&w->lock, NULL);
    dh_buf_init(&w->packed, DH_RECORD_MAX);
    dh_buf_init(&w->entries, SIZE_MAX);
    dh_arena_init(&w->arena, DH_ARENA_MAX);
    w->zstd = ZSTD_createDCtx();
    w->indexer = dh_sq_indexer_new();
    if (!dh_sq_cache_open(&w->terms) || !dh_sq_cache_open(&w->dois) || !w->zstd || !w->indexer)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status =
        dh_sq_conn_open(&w->conn, store->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (!status)
        sqlite3_wal_hook(w->conn.db, committed, NULL);
    /* In a WAL, NORMAL loses the last commits when the machine dies, none when a process does.
     * Pages of merged segments need not be written once more only to be empty. */
    return status ? status
                  : dh_sq_exec(&w->conn,
                               "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -98304;"
                               "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;"
                               "PRAGMA secure_delete = FAST;",
                               err);
}

void dh_sq_writer_close(struct dh_sq_store *store)
{
    struct dh_sq_writer *w = store->writer;
    if (!w)
        return;
    dh_sq_conn_close(&w->conn);
    ZSTD_freeDCtx(w->zstd);
    free(w->terms.slots);
    free(w->dois.slots);
    free(w->deltas);
    dh_sq_indexer_free(w->indexer);
    dh_sq_row_release(&w->row);
    dh_sq_row_release(&w->other);
    dh_buf_release(&w->packed);
    dh_buf_release(&w->entries);
    dh_arena_release(&w->arena);
    pthread_mutex_destroy(&w->lock);
    free(w);
    store->writer = NULL;
}

/* Another process may have written since: numbers are read afresh, ids that are known stay true. */
static enum dh_status catch_up(struct dh_sq_writer *w, struct dh_err *err)
{
    int64_t version = 0;
    enum dh_status status = dh_sq_integer(&w->conn, DH_SQL_DATA_VERSION, &version, err, "");
    if (!status)
        status = dh_sq_integer(&w->conn, DH_SQL_META, &w->next, err, "s", DH_STR("next"));
    if (version != w->data_version) {
        memset(w->next_term, 0, sizeof(w->next_term));
        w->seen_round++;
    }
    w->data_version = version;
    w->first = w->next;
    w->wrote = w->accounts = false;
    w->delta_count = 0;
    if (w->deltas)
        memset(w->deltas, 0, w->delta_cap * sizeof(*w->deltas));
    return status;
}

enum dh_status dh_sq_begin(struct dh_store *base, struct dh_err *err)
{
    struct dh_sq_writer *w = writer(base);
    if (!w)
        return dh_fail(err, DH_UNSUPPORTED, "the store was opened for reading only");
    pthread_mutex_lock(&w->lock);
    enum dh_status status = dh_sq_run(&w->conn, DH_SQL_BEGIN_WRITE, err, "");
    if (!status && (status = catch_up(w, err)) != DH_OK)
        dh_sq_run(&w->conn, DH_SQL_ROLLBACK, NULL, "");
    if (status)
        pthread_mutex_unlock(&w->lock);
    return status;
}

static enum dh_status set_meta(struct dh_sq_writer *w, struct dh_str key, int64_t value,
                               struct dh_err *err)
{
    return dh_sq_run(&w->conn, DH_SQL_META_SET, err, "si", key, value);
}

static enum dh_status log_changes(struct dh_sq_writer *w, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (w->next > w->first)
        status = dh_sq_run(&w->conn, DH_SQL_CHANGE_ADD, err, "ii", w->first, w->next - 1);
    else
        status = dh_sq_run(&w->conn, DH_SQL_CHANGE_ADD, err, "ii", (int64_t)0, (int64_t)0);
    if (!status && w->next > w->first)
        status = set_meta(w, DH_STR("next"), w->next, err);
    if (!status)
        status = set_meta(w, DH_STR("last_write"), dh_time_now(), err);
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_CHANGE_PRUNE, err, "i", (int64_t)CHANGES_KEPT);
    return status;
}

static enum dh_status settle(struct dh_sq_writer *w, struct dh_err *err)
{
    enum dh_status status = dh_sq_relations_settle(w, err);
    if (!status && w->accounts) {
        int64_t version = 0;
        status = dh_sq_integer(&w->conn, DH_SQL_META, &version, err, "s", DH_STR("directory"));
        if (!status)
            status = set_meta(w, DH_STR("directory"), version + 1, err);
    }
    if (!status && w->wrote)
        status = log_changes(w, err);
    return status ? status : dh_sq_index_settle(w, err);
}

enum dh_status dh_sq_commit(struct dh_store *base, struct dh_err *err)
{
    struct dh_sq_writer *w = writer(base);
    enum dh_status status = settle(w, err);
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_COMMIT, err, "");
    if (status) {
        dh_sq_rollback(base);
        return status;
    }
    dh_sq_train(dh_sq_store(base));
    pthread_mutex_unlock(&w->lock);
    return DH_OK;
}

void dh_sq_rollback(struct dh_store *base)
{
    struct dh_sq_writer *w = writer(base);
    /* A full disk may have ended the transaction already. */
    if (!sqlite3_get_autocommit(w->conn.db))
        dh_sq_run(&w->conn, DH_SQL_ROLLBACK, NULL, "");
    dh_sq_cache_clear(&w->terms);
    dh_sq_cache_clear(&w->dois);
    memset(w->next_term, 0, sizeof(w->next_term));
    w->seen_round++;
    w->wrote = w->accounts = false;
    dh_sq_index_forget(w);
    pthread_mutex_unlock(&w->lock);
}
