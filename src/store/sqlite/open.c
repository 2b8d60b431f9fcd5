#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite/events.h"
#include "store/sqlite/index_segment.h"
#include "store/sqlite/rank.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/writer.h"

static void store_close(struct dh_store *base);

static const struct dh_store_ops operations = {
    .name = "sqlite",
    .close = store_close,
    .reader_open = dh_sq_reader_open,
    .reader_close = dh_sq_reader_close,
    .get = dh_sq_get,
    .search = dh_sq_search,
    .relations = dh_sq_relations,
    .activities = dh_sq_activities,
    .events = dh_sq_events,
    .directory = dh_sq_directory,
    .sequence = dh_sq_sequence,
    .stats = dh_sq_stats,
    .brief = dh_sq_brief,
    .check = dh_sq_check,
    .backup = dh_sq_backup,
    .prepare = dh_sq_prepare,
    .prepared_press = dh_sq_prepared_press,
    .prepared_free = dh_sq_prepared_free,
    .begin = dh_sq_begin,
    .put = dh_sq_put,
    .put_account = dh_sq_put_account,
    .put_prefix = dh_sq_put_prefix,
    .put_activity = dh_sq_put_activity,
    .put_event = dh_sq_put_event,
    .changes = dh_sq_changes,
    .scopes = dh_sq_scopes,
    .put_scope = dh_sq_put_scope,
    .remove_scope = dh_sq_remove_scope,
    .list = dh_sq_list,
    .put_list = dh_sq_put_list,
    .commit = dh_sq_commit,
    .rollback = dh_sq_rollback,
};

static void store_close(struct dh_store *base)
{
    struct dh_sq_store *store = dh_sq_store(base);
    dh_directory_release(store->directory);
    dh_sq_columns_free(store->columns);
    dh_sq_norms_free(store->norms);
    dh_sq_segments_give(store, store->segments);
    dh_sq_event_keep_free(store->events);
    dh_sq_writer_close(store);
    dh_sq_codec_close(&store->codec);
    pthread_mutex_destroy(&store->directory_lock);
    pthread_mutex_destroy(&store->index_lock);
    free(store->path);
    free(store);
}

/* Makes every folder above `path`. */
static enum dh_status make_folder(const char *path, struct dh_err *err)
{
    char *folder = strdup(path);
    if (!folder)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = DH_OK;
    for (char *slash = strchr(folder + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            status =
                dh_fail(err, DH_IO, "the folder %s cannot be made: %s", folder, strerror(errno));
        *slash = '/';
    }
    free(folder);
    return status;
}

static enum dh_status look_at_file(const char *path, enum dh_store_mode mode, struct dh_err *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        if (mode == DH_STORE_CREATE && errno == ENOENT)
            return make_folder(path, err);
        if (errno == ENOENT || errno == ENOTDIR)
            return dh_fail(err, DH_NOT_FOUND, "no store at %s", path);
        return dh_fail(err, DH_IO, "%s cannot be opened: %s", path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode))
        return dh_fail(err, DH_CORRUPT, "%s is no doihound store (not a regular file)", path);
    if (info.st_size == 0 && mode != DH_STORE_CREATE)
        return dh_fail(err, DH_NOT_FOUND, "no store at %s (the file is empty)", path);
    return DH_OK;
}

/* Read-only media hold neither a WAL nor its index: SQLite must be told that nobody writes. */
static bool unwritable(const char *path)
{
    char *wal = sqlite3_mprintf("%s-wal", path);
    char *folder = strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash)
        slash[slash == folder] = '\0';
    bool closed =
        folder && access(slash ? folder : ".", W_OK) != 0 && wal && access(wal, F_OK) != 0;
    free(folder);
    sqlite3_free(wal);
    return closed;
}

enum dh_status dh_sq_connect(struct dh_sq_store *store, struct dh_sq_conn *conn, struct dh_err *err)
{
    char *path = store->path;
    char *uri = store->immutable ? sqlite3_mprintf("file:%s?immutable=1", path) : NULL;
    enum dh_status status =
        dh_sq_conn_open(conn, uri ? uri : path, store->flags | (uri ? SQLITE_OPEN_URI : 0), err);
    sqlite3_free(uri);
    if (status)
        return status;
    status = dh_sq_exec(conn,
                        "PRAGMA query_only = ON; PRAGMA cache_size = -8192;"
                        "PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY;",
                        err);
    if (status)
        dh_sq_conn_close(conn);
    return status;
}

/* Index and records belong together; made so where that is possible. */
static enum dh_status see_to_index(struct dh_sq_store *store, struct dh_sq_conn *conn,
                                   struct dh_err *err)
{
    bool fits = false;
    enum dh_status status = dh_sq_index_fits(conn, &fits, err);
    if (status || fits)
        return status;
    if (store->writer)
        return dh_sq_index_rebuild(store, err);
    return dh_fail(err, DH_UNSUPPORTED,
                   "%s was indexed by another doihound; open it once for writing", store->path);
}

/* The file is a store of this version, its dictionaries are loaded. */
static enum dh_status open_parts(struct dh_sq_store *store, enum dh_store_mode mode,
                                 struct dh_err *err)
{
    struct dh_sq_conn reading;
    struct dh_sq_conn *conn = &reading;
    enum dh_status status;
    if (mode == DH_STORE_READ)
        status = dh_sq_connect(store, conn, err);
    else if ((status = dh_sq_writer_open(store, err)) == DH_OK)
        conn = &store->writer->conn;
    if (status)
        return status;
    status = dh_sq_schema(conn, store->path, mode, err);
    if (!status)
        status = dh_sq_codec_open(&store->codec, conn, err);
    if (!status)
        status = see_to_index(store, conn, err);
    if (mode == DH_STORE_READ)
        dh_sq_conn_close(conn);
    return status;
}

enum dh_status dh_sqlite_open(const char *path, enum dh_store_mode mode, struct dh_store **out,
                              struct dh_err *err)
{
    enum dh_status status = look_at_file(path, mode, err);
    if (status)
        return status;
    struct dh_sq_store *store = calloc(1, sizeof(*store));
    if (!store)
        return dh_fail(err, DH_MEMORY, "out of memory");
    store->base.ops = &operations;
    store->path = strdup(path);
    store->codec.path = store->path;
    store->columns = dh_sq_columns_new();
    store->norms = dh_sq_norms_new();
    store->events = dh_sq_event_keep_new();
    pthread_mutex_init(&store->directory_lock, NULL);
    pthread_mutex_init(&store->index_lock, NULL);
    dh_sq_codec_init(&store->codec);
    bool plain = mode == DH_STORE_READ && access(path, W_OK) != 0;
    store->flags = plain ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    store->immutable = plain && unwritable(path);
    if (!store->path || !store->columns || !store->norms || !store->events)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    else
        status = open_parts(store, mode, err);
    if (status) {
        store_close(&store->base);
        return status;
    }
    *out = &store->base;
    return DH_OK;
}
