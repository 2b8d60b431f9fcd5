/* The table of all statements, kept by the store handle until the store changes. */
#include <stdlib.h>

#include "store/sqlite/events.h"

struct dh_sq_event_keep *dh_sq_event_keep_new(void)
{
    struct dh_sq_event_keep *keep = calloc(1, sizeof(*keep));
    if (keep)
        pthread_mutex_init(&keep->lock, NULL);
    return keep;
}

static void table_free(struct dh_sq_event_table *table)
{
    free(table->items);
    free(table->came.items);
    free(table->slot_of);
    free(table->rank_of);
    free(table->prefixes);
    for (int i = 0; i < DH_EVENT_SORT__N; i++)
        free(table->orders[i]);
    dh_arena_release(&table->arena);
    pthread_mutex_destroy(&table->lock);
    free(table);
}

/* Under the keep's lock. */
static void drop_one(struct dh_sq_event_table *table)
{
    if (table && --table->users == 0)
        table_free(table);
}

void dh_sq_event_keep_free(struct dh_sq_event_keep *keep)
{
    if (!keep)
        return;
    drop_one(keep->newest);
    pthread_mutex_destroy(&keep->lock);
    free(keep);
}

/* ---- making --------------------------------------------------------------------------------- */

static enum dh_status no_room(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory for the events");
}

/* Room for one more of what is counted in 32 bits. */
static bool grow(void **items, uint32_t count, size_t *room, size_t size)
{
    void *grown =
        count < UINT32_MAX ? dh_array_reserve(*items, room, (size_t)count + 1, size) : NULL;
    *items = grown ? grown : *items;
    return grown != NULL;
}

static enum dh_status read_statements(struct dh_sq_conn *conn, struct dh_sq_event_table *table,
                                      struct dh_err *err)
{
    size_t cap = 0;
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_RELATIONS, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        if (!grow((void **)&table->items, table->count, &cap, sizeof(*table->items))) {
            dh_sq_reset(sql);
            return no_room(err);
        }
        struct dh_sq_statement *s = &table->items[table->count];
        int64_t subject = sqlite3_column_int64(sql, 0), object = sqlite3_column_int64(sql, 1);
        int64_t type = sqlite3_column_int64(sql, 2);
        /* The rest of the program trusts what is in the table; a damaged row is left out. */
        if (subject < 0 || subject > table->top || object < 0 || object > table->top || type < 0 ||
            (size_t)type >= dh_vocab_count(DH_VOCAB_RELATION_TYPE))
            continue;
        *s = (struct dh_sq_statement){
            .subject = (uint32_t)subject, .object = (uint32_t)object, .type = (uint16_t)type};
        table->count++;
    }
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status read_came(struct dh_sq_conn *conn, struct dh_sq_event_table *table,
                                struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_event_kinds_read(conn, &table->event_kinds, &table->arena, err);
    if (!status)
        status = dh_sq_query(conn, DH_SQL_EVENTS, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK)
        if ((status = dh_sq_came_take(&table->came, sql, &table->event_kinds, err)) != DH_OK)
            dh_sq_reset(sql);
    if (status != DH_DONE)
        return status;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < table->came.count; i++) {
        const struct dh_sq_statement *s = &table->came.items[i].s;
        if (s->subject <= table->top && s->object <= table->top)
            table->came.items[kept++] = table->came.items[i];
    }
    table->came.count = kept;
    dh_sq_came_order(&table->came, false);
    table->count = dh_sq_came_hide(table->items, table->count, &table->came);
    dh_sq_came_order(&table->came, true);
    return DH_OK;
}

static enum dh_status read_slots(struct dh_sq_conn *conn, const struct dh_sq_columns *columns,
                                 struct dh_sq_event_table *table, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_CARD_NAMES, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        int64_t id = sqlite3_column_int64(sql, 1);
        if (id >= 0 && id <= table->top)
            table->slot_of[id] = dh_sq_slot_find(columns, sqlite3_column_int64(sql, 0));
    }
    return status == DH_DONE ? DH_OK : status;
}

/* Walks the names in order, which puts those of one prefix together. */
static enum dh_status read_names(struct dh_sq_conn *conn, struct dh_sq_event_table *table,
                                 struct dh_err *err)
{
    uint32_t rank = 0;
    size_t cap = 0;
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, DH_SQL_DOI_NAMES, &sql, err, "");
    while (!status && (status = dh_sq_step(conn, sql, err)) == DH_OK) {
        struct dh_str prefix = dh_sq_event_name_prefix(dh_sq_bytes(sql, 1));
        uint32_t last = table->prefix_count;
        int64_t id = sqlite3_column_int64(sql, 0);
        if (id >= 0 && id <= table->top)
            table->rank_of[id] = rank;
        if (!last || !dh_str_equal(prefix, table->prefixes[last - 1].text)) {
            bool room = grow((void **)&table->prefixes, last, &cap, sizeof(*table->prefixes));
            struct dh_str text = dh_arena_copy(&table->arena, prefix);
            if (!room || !text.ptr) {
                dh_sq_reset(sql);
                return no_room(err);
            }
            table->prefixes[table->prefix_count++] = (struct dh_sq_prefix_run){rank, text};
        }
        rank++;
    }
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status read_all(struct dh_sq_conn *conn, const struct dh_sq_columns *columns,
                               struct dh_sq_event_table *table, struct dh_err *err)
{
    enum { SPARSE = 4, FEW_DOIS = 1000000 };
    int64_t top = 0, count = 0;
    enum dh_status status = dh_sq_integer(conn, DH_SQL_DOI_LAST, &top, err, "");
    if (!status)
        status = dh_sq_integer(conn, DH_SQL_DOI_COUNT, &count, err, "");
    /* Ids are given one after the other: room for them is room for the DOIs. */
    if (!status && (top < 0 || (top > FEW_DOIS && top / SPARSE > count)))
        status = dh_fail(err, DH_CORRUPT, "the store is damaged (ids of DOIs are far apart)");
    else if (!status && top >= UINT32_MAX)
        status = dh_fail(err, DH_UNSUPPORTED, "the store names too many DOIs to list all events");
    if (status)
        return status;
    table->top = (uint32_t)top;
    table->slot_of = malloc(((size_t)top + 1) * sizeof(*table->slot_of));
    table->rank_of = calloc((size_t)top + 1, sizeof(*table->rank_of));
    if (!table->slot_of || !table->rank_of)
        return no_room(err);
    memset(table->slot_of, 0xff, ((size_t)top + 1) * sizeof(*table->slot_of));
    status = read_statements(conn, table, err);
    if (!status)
        status = read_came(conn, table, err);
    if (!status)
        status = read_slots(conn, columns, table, err);
    return status ? status : read_names(conn, table, err);
}

static enum dh_status make(struct dh_sq_reader *reader, const struct dh_sq_columns *columns,
                           struct dh_sq_event_table **out, struct dh_err *err)
{
    struct dh_sq_event_table *table = calloc(1, sizeof(*table));
    if (!table)
        return no_room(err);
    table->sequence = columns->sequence;
    table->users = 1;
    dh_arena_init(&table->arena, DH_ARENA_MAX);
    pthread_mutex_init(&table->lock, NULL);
    /* As with the columns: it takes as long as it takes, or nobody could ever ask. */
    dh_sq_deadline(&reader->conn, false);
    enum dh_status status = read_all(&reader->conn, columns, table, err);
    dh_sq_deadline(&reader->conn, true);
    if (status) {
        table_free(table);
        return status;
    }
    *out = table;
    return DH_OK;
}

enum dh_status dh_sq_event_table_take(struct dh_sq_reader *reader,
                                      const struct dh_sq_columns *columns,
                                      struct dh_sq_event_table **out, struct dh_err *err)
{
    struct dh_sq_event_keep *keep = dh_sq_store(reader->base.store)->events;
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&keep->lock);
    if (!keep->newest || keep->newest->sequence != columns->sequence) {
        drop_one(keep->newest);
        keep->newest = NULL;
        status = make(reader, columns, &keep->newest, err);
    }
    *out = keep->newest;
    if (!status)
        keep->newest->users++;
    pthread_mutex_unlock(&keep->lock);
    return status;
}

void dh_sq_event_table_give(struct dh_sq_reader *reader, struct dh_sq_event_table *table)
{
    struct dh_sq_event_keep *keep = dh_sq_store(reader->base.store)->events;
    if (!table)
        return;
    pthread_mutex_lock(&keep->lock);
    drop_one(table);
    pthread_mutex_unlock(&keep->lock);
}
