#include "store/directory.h"

#include "store/sqlite/backend.h"

static int64_t time_or_none(sqlite3_stmt *sql, int column)
{
    return sqlite3_column_type(sql, column) == SQLITE_NULL ? DH_TIME_NONE
                                                           : sqlite3_column_int64(sql, column);
}

static enum dh_status read_account(sqlite3_stmt *sql, struct dh_account *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str text = dh_sq_bytes(sql, 4);
    *out = (struct dh_account){.kind = sqlite3_column_int(sql, 0) == DH_CLIENT ? DH_CLIENT
                                                                               : DH_PROVIDER,
                               .symbol = dh_arena_copy(arena, dh_sq_bytes(sql, 1)),
                               .parent = dh_arena_copy(arena, dh_sq_bytes(sql, 2)),
                               .name = dh_arena_copy(arena, dh_sq_bytes(sql, 3)),
                               .created = time_or_none(sql, 5),
                               .updated = time_or_none(sql, 6),
                               .active = sqlite3_column_int(sql, 7) != 0,
                               .stub = sqlite3_column_int(sql, 8) != 0};
    if (!out->symbol.ptr || !out->parent.ptr || !out->name.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return text.len ? dh_json_parse(text, &out->attributes, err) : DH_OK;
}

static enum dh_status read_accounts(struct dh_sq_conn *conn, struct dh_directory *out,
                                    struct dh_err *err)
{
    struct dh_arena *arena = dh_directory_arena(out);
    struct dh_account *lists[2] = {NULL, NULL};
    size_t *const counts[2] = {
        [DH_PROVIDER] = &out->provider_count, [DH_CLIENT] = &out->client_count};
    size_t caps[2] = {0, 0};
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_ACCOUNTS, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int kind = sqlite3_column_int(sql, 0) == DH_CLIENT ? DH_CLIENT : DH_PROVIDER;
        lists[kind] = dh_arena_reserve(arena, lists[kind], &caps[kind], *counts[kind] + 1,
                                       sizeof(*lists[kind]));
        status = lists[kind] ? read_account(sql, &lists[kind][*counts[kind]], arena, err)
                             : dh_fail(err, DH_MEMORY, "out of memory");
        *counts[kind] += !status;
        if (status)
            dh_sq_reset(sql);
        out->providers = lists[DH_PROVIDER];
        out->clients = lists[DH_CLIENT];
    }
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status read_prefixes(struct dh_sq_conn *conn, struct dh_directory *out,
                                    struct dh_err *err)
{
    struct dh_arena *arena = dh_directory_arena(out);
    struct dh_prefix *items = NULL;
    size_t cap = 0;
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_PREFIXES, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        items = dh_arena_reserve(arena, items, &cap, out->prefix_count + 1, sizeof(*items));
        struct dh_str prefix = items ? dh_arena_copy(arena, dh_sq_bytes(sql, 0)) : DH_STR_NONE;
        if (!prefix.ptr) {
            dh_sq_reset(sql);
            return dh_fail(err, DH_MEMORY, "out of memory");
        }
        items[out->prefix_count++] = (struct dh_prefix){prefix, time_or_none(sql, 1)};
    }
    out->prefixes = items;
    return status == DH_DONE ? DH_OK : status;
}

/* "6f9619ff-8b86-4011-b42d-00c04fc964ff" of 16 bytes. */
struct dh_str dh_sq_uuid_text(struct dh_arena *arena, struct dh_str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = dh_arena_alloc(arena, 37);
    size_t len = 0;
    for (size_t i = 0; text && i < 16 && i < bytes.len; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[len++] = '-';
        text[len++] = digits[(unsigned char)bytes.ptr[i] >> 4];
        text[len++] = digits[(unsigned char)bytes.ptr[i] & 15];
    }
    return (struct dh_str){text, len};
}

static enum dh_status read_assignments(struct dh_sq_conn *conn, struct dh_directory *out,
                                       struct dh_err *err)
{
    struct dh_arena *arena = dh_directory_arena(out);
    struct dh_assignment *lists[2] = {NULL, NULL};
    size_t counts[2] = {0, 0}, caps[2] = {0, 0};
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_ASSIGNMENTS, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int kind = sqlite3_column_int(sql, 1) == DH_CLIENT ? DH_CLIENT : DH_PROVIDER;
        lists[kind] = dh_arena_reserve(arena, lists[kind], &caps[kind], counts[kind] + 1,
                                       sizeof(*lists[kind]));
        struct dh_assignment a = {
            dh_sq_uuid_text(arena, dh_sq_bytes(sql, 0)), dh_arena_copy(arena, dh_sq_bytes(sql, 2)),
            dh_arena_copy(arena, dh_sq_bytes(sql, 3)), time_or_none(sql, 4), time_or_none(sql, 5)};
        if (!lists[kind] || !a.id.ptr || !a.account.ptr || !a.prefix.ptr) {
            dh_sq_reset(sql);
            return dh_fail(err, DH_MEMORY, "out of memory");
        }
        lists[kind][counts[kind]++] = a;
    }
    out->client_prefixes = lists[DH_CLIENT];
    out->client_prefix_count = counts[DH_CLIENT];
    out->provider_prefixes = lists[DH_PROVIDER];
    out->provider_prefix_count = counts[DH_PROVIDER];
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status build(struct dh_sq_conn *conn, struct dh_directory **out, struct dh_err *err)
{
    struct dh_directory *directory = dh_directory_new();
    if (!directory)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = read_accounts(conn, directory, err);
    if (!status)
        status = read_prefixes(conn, directory, err);
    if (!status)
        status = read_assignments(conn, directory, err);
    if (status) {
        dh_directory_release(directory);
        return status;
    }
    *out = directory;
    return DH_OK;
}

/* The kept directory when it is of this version, with one holder more; or NULL. */
static struct dh_directory *kept(struct dh_sq_store *store, int64_t version)
{
    pthread_mutex_lock(&store->directory_lock);
    struct dh_directory *directory =
        store->directory && store->directory_version == version ? store->directory : NULL;
    if (directory)
        dh_directory_retain(directory);
    pthread_mutex_unlock(&store->directory_lock);
    return directory;
}

static void keep(struct dh_sq_store *store, struct dh_directory *directory, int64_t version)
{
    struct dh_directory *old = NULL;
    pthread_mutex_lock(&store->directory_lock);
    if (!store->directory || store->directory_version < version) {
        old = store->directory;
        store->directory = directory;
        store->directory_version = version;
        dh_directory_retain(directory);
    }
    pthread_mutex_unlock(&store->directory_lock);
    dh_directory_release(old);
}

enum dh_status dh_sq_directory_within(struct dh_sq_reader *reader, const struct dh_directory **out,
                                      struct dh_err *err)
{
    struct dh_sq_store *store = dh_sq_store(reader->base.store);
    struct dh_directory *directory = NULL;
    int64_t version = 0;
    enum dh_status status =
        dh_sq_integer(&reader->conn, DH_SQL_META, &version, err, "s", DH_STR("directory"));
    if (!status)
        directory = kept(store, version);
    if (!status && !directory) {
        status = build(&reader->conn, &directory, err);
        if (!status)
            keep(store, directory, version);
    }
    *out = directory;
    return status;
}

enum dh_status dh_sq_directory(struct dh_reader *base, const struct dh_directory **out,
                               struct dh_err *err)
{
    struct dh_sq_reader *reader = dh_sq_reader(base);
    enum dh_status status = dh_sq_begin_read(reader, err);
    if (status)
        return status;
    status = dh_sq_directory_within(reader, out, err);
    dh_sq_end_read(reader);
    return status;
}
