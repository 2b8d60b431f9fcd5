/* Events that came from a server, on their way from their tables into a view. */
#include <stdlib.h>

#include "store/sqlite/events.h"

static uint16_t origin_of(struct dh_str source, int64_t first)
{
    for (int i = 0; i < DH_SQ_EVENT_SOURCES; i++)
        if (dh_str_equal(source, dh_str(dh_sq_event_sources[i])))
            return (uint16_t)i;
    return (uint16_t)(DH_SQ_EVENT_SOURCES + first);
}

static uint16_t type_of(struct dh_str relation, int64_t first)
{
    size_t known = dh_vocab_count(DH_VOCAB_RELATION_TYPE);
    size_t type = dh_vocab_find(DH_VOCAB_RELATION_TYPE, relation);
    return (uint16_t)(type < known ? type : known + (size_t)first);
}

static bool read_kind(sqlite3_stmt *sql, struct dh_sq_event_kind *out, struct dh_arena *arena)
{
    struct dh_str *texts[] = {&out->relation, &out->source, &out->license, &out->action,
                              &out->token};
    for (int i = 0; i < 5; i++) {
        *texts[i] = dh_arena_copy(arena, dh_sq_bytes(sql, i + 1));
        if (!texts[i]->ptr)
            return false;
    }
    out->type = type_of(out->relation, sqlite3_column_int64(sql, 6));
    out->origin = origin_of(out->source, sqlite3_column_int64(sql, 7));
    return true;
}

enum dh_status dh_sq_event_kinds_read(struct dh_sq_conn *conn, struct dh_sq_event_kinds *out,
                                      struct dh_arena *arena, struct dh_err *err)
{
    int64_t last = 0;
    sqlite3_stmt *sql;
    if (out->items)
        return DH_OK;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_EVENT_KIND_LAST, &last, err, "");
    if (!status && (last < 0 || last > DH_EVENT_KINDS_MAX))
        status = dh_fail(err, DH_CORRUPT, "the store is damaged (too many kinds of events)");
    if (status)
        return status;
    out->items = dh_arena_array(arena, (size_t)last + 1, sizeof(*out->items));
    if (!out->items)
        return dh_fail(err, DH_MEMORY, "out of memory for the events");
    out->count = (uint32_t)last + 1;
    status = dh_sq_query(conn, DH_SQL_EVENT_KINDS, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int64_t id = sqlite3_column_int64(sql, 0);
        if (id > 0 && id <= last && !read_kind(sql, &out->items[id], arena)) {
            dh_sq_reset(sql);
            return dh_fail(err, DH_MEMORY, "out of memory for the events");
        }
    }
    return status == DH_DONE ? DH_OK : status;
}

static int64_t time_at(sqlite3_stmt *sql, int column)
{
    bool none = sqlite3_column_type(sql, column) == SQLITE_NULL;
    return none ? DH_TIME_NONE : sqlite3_column_int64(sql, column);
}

static bool reserve(struct dh_sq_came_list *list)
{
    bool countable = list->count < UINT32_MAX / 4;
    void *items = countable ? dh_array_reserve(list->items, &list->room, (size_t)list->count + 1,
                                               sizeof(*list->items))
                            : NULL;
    list->items = items ? items : list->items;
    return items != NULL;
}

enum dh_status dh_sq_came_take(struct dh_sq_came_list *list, sqlite3_stmt *sql,
                               const struct dh_sq_event_kinds *kinds, struct dh_err *err)
{
    struct dh_str uuid = dh_sq_bytes(sql, 0);
    int64_t subject = sqlite3_column_int64(sql, 1), object = sqlite3_column_int64(sql, 2);
    int64_t kind = sqlite3_column_int64(sql, 3), total = sqlite3_column_int64(sql, 4);
    if (uuid.len != 16 || subject < 0 || subject >= UINT32_MAX || object < 0 ||
        object >= UINT32_MAX || kind < 0 || kind >= kinds->count ||
        !kinds->items[kind].relation.ptr || total < 0 || total > DH_COUNTED_MAX)
        return DH_OK;
    if (!reserve(list))
        return dh_fail(err, DH_MEMORY, "out of memory for the events");
    struct dh_sq_came *came = &list->items[list->count++];
    *came = (struct dh_sq_came){
        .s = {.subject = (uint32_t)subject,
              .object = (uint32_t)object,
              .type = kinds->items[kind].type,
              .came = true},
        .kind = (uint16_t)kind,
        .total = (uint32_t)total,
        .occurred = time_at(sql, 5),
        .created = time_at(sql, 6),
        .updated = time_at(sql, 7),
    };
    memcpy(came->uuid, uuid.ptr, sizeof(came->uuid));
    return DH_OK;
}

static int by_uuid(const void *a, const void *b)
{
    const struct dh_sq_came *x = a, *y = b;
    return memcmp(x->uuid, y->uuid, sizeof(x->uuid));
}

void dh_sq_came_order(struct dh_sq_came_list *list, bool uuids)
{
    uint32_t kept = 0;
    if (!list->count)
        return;
    qsort(list->items, list->count, sizeof(*list->items),
          uuids ? by_uuid : dh_sq_statement_compare);
    for (uint32_t i = 0; uuids && i < list->count; i++)
        if (!kept || by_uuid(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    if (uuids)
        list->count = kept;
}

uint32_t dh_sq_came_hide(struct dh_sq_statement *items, uint32_t count,
                         struct dh_sq_came_list *came)
{
    uint32_t kept = 0, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (at < came->count && dh_sq_statement_compare(&came->items[at].s, &items[i]) < 0)
            at++;
        if (at == came->count || dh_sq_statement_compare(&came->items[at].s, &items[i]) != 0)
            items[kept++] = items[i];
    }
    return kept;
}
