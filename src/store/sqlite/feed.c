/* The change feed out of the table of activities. */
#include <stdlib.h>

#include "store/changes.h"
#include "store/sqlite/backend.h"

struct feed {
    struct dh_sq_reader *reader;
    struct dh_arena *arena;
    struct dh_err *err;
};

static enum dh_status no_memory(struct feed *feed)
{
    return dh_fail(feed->err, DH_MEMORY, "out of memory");
}

/* "aasm_state":[old,new] says whether the record left or joined those that all may see. */
static enum dh_change_what tell(struct json_object *changes)
{
    struct json_object *states = dh_json_get(changes, "aasm_state");
    if (!json_object_is_type(states, json_type_array))
        return DH_WAS_UPDATED;
    struct dh_str before = dh_json_str(json_object_array_get_idx(states, 0));
    struct dh_str now = dh_json_str(json_object_array_get_idx(states, 1));
    bool was = dh_state_find(before) == DH_STATE_FINDABLE;
    bool is = dh_state_find(now) == DH_STATE_FINDABLE;
    if (was == is)
        return DH_WAS_UPDATED;
    return is ? DH_WAS_SHOWN : DH_WAS_HIDDEN;
}

static enum dh_status take_keys(struct feed *feed, struct json_object *changes,
                                struct dh_change_item *out)
{
    size_t count = (size_t)json_object_object_length(changes);
    out->keys = dh_arena_array(feed->arena, count + 1, sizeof(*out->keys));
    if (!out->keys)
        return no_memory(feed);
    json_object_object_foreach(changes, key, value)
    {
        (void)value;
        struct dh_str copy = dh_arena_copy(feed->arena, dh_str(key));
        if (!copy.ptr)
            return no_memory(feed);
        out->keys[out->key_count++] = copy;
    }
    return DH_OK;
}

/* What an update changed, from its stored text. */
static enum dh_status read_changes(struct feed *feed, struct dh_str z, struct dh_change_item *out)
{
    struct dh_sq_reader *reader = feed->reader;
    struct dh_arena_mark mark = dh_arena_mark(feed->arena);
    struct json_object *changes = NULL;
    struct dh_str text;
    enum dh_status status = dh_sq_body_unpack(&dh_sq_store(reader->base.store)->codec, reader->zstd,
                                              z, &text, feed->arena, feed->err);
    if (!status)
        status = dh_json_parse(text, &changes, feed->err);
    dh_arena_rewind(feed->arena, mark);
    if (!status && !json_object_is_type(changes, json_type_object))
        status = dh_fail(feed->err, DH_CORRUPT, "the changes of an activity cannot be read");
    if (!status) {
        out->what = tell(changes);
        status = take_keys(feed, changes, out);
    }
    json_object_put(changes);
    return status;
}

static enum dh_status read_item(struct feed *feed, sqlite3_stmt *sql, struct dh_change_item *out)
{
    struct dh_str user = dh_sq_bytes(sql, 3), z = dh_sq_bytes(sql, 7);
    *out = (struct dh_change_item){
        .sequence = (uint64_t)sqlite3_column_int64(sql, 0),
        .uuid = dh_sq_uuid_text(feed->arena, dh_sq_bytes(sql, 1)),
        .doi = dh_arena_copy(feed->arena, dh_sq_bytes(sql, 2)),
        .user = user.ptr ? dh_arena_copy(feed->arena, user) : DH_STR_NONE,
        .version = sqlite3_column_int(sql, 5),
        .time = sqlite3_column_int64(sql, 6),
    };
    if (!out->uuid.ptr || !out->doi.ptr || (user.ptr && !out->user.ptr))
        return no_memory(feed);
    if (sqlite3_column_int(sql, 4) == DH_ACTION_CREATE || !z.ptr)
        return DH_OK; /* the record itself says what a creation brought */
    return read_changes(feed, z, out);
}

static enum dh_status newest(struct feed *feed, uint64_t *next)
{
    int64_t last = 0;
    enum dh_status status =
        dh_sq_integer(&feed->reader->conn, DH_SQL_FEED_LAST, &last, feed->err, "");
    *next = status ? 0 : (uint64_t)last;
    return status;
}

static enum dh_status read_items(struct feed *feed, uint64_t since, size_t limit,
                                 struct dh_change_item *items, size_t *count)
{
    struct dh_sq_conn *conn = &feed->reader->conn;
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(conn, DH_SQL_FEED, &sql, feed->err, "ii",
                    since > INT64_MAX ? INT64_MAX : (int64_t)since, (int64_t)limit);
    while (!status && (status = dh_sq_step(conn, sql, feed->err)) == DH_OK) {
        status = read_item(feed, sql, &items[*count]);
        *count += !status;
        if (status)
            dh_sq_reset(sql);
    }
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_changes(struct dh_reader *base, uint64_t since, size_t limit,
                             struct dh_change_item **out, size_t *count, uint64_t *next,
                             struct dh_arena *arena, struct dh_err *err)
{
    struct feed feed = {.reader = dh_sq_reader(base), .arena = arena, .err = err};
    *count = 0;
    *next = since;
    *out = dh_arena_array(arena, limit + 1, sizeof(**out));
    if (!*out)
        return no_memory(&feed);
    enum dh_status status = dh_sq_begin_read(feed.reader, err);
    if (status)
        return status;
    status = limit ? read_items(&feed, since, limit, *out, count) : newest(&feed, next);
    if (!status && *count)
        *next = (*out)[*count - 1].sequence;
    dh_sq_end_read(feed.reader);
    return status;
}
