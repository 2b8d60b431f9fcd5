/* The operation `events`: which statements a search is about, their order, and one page of them. */
#include "store/sqlite/events.h"

#include <stdlib.h>

#include "store/sqlite/sets.h"

enum { FEW = 4096 }; /* statements of named DOIs up to this number are read one by one */

struct finding {
    struct dh_sq_event_view view;
    const struct dh_event_search *search;
    struct dh_sq_event_test *tests;
    struct dh_sq_event_counter *counter; /* or NULL */
    const uint32_t *order;               /* places in the view */
    uint32_t *own_order;                 /* the same when it is not the table's; to be freed */
    struct found {
        uint32_t at;
        double score;
    } * found;
    size_t found_count, found_cap;
    uint64_t passed; /* of those behind the cursor */
    bool by_score;   /* all that passed are found, and put in order at the end */
    struct dh_event_page *out;
    struct dh_arena scratch;     /* for events that are only asked about */
    struct dh_sq_came_list came; /* of a small question */
};

static enum dh_status no_room(struct finding *f)
{
    return dh_fail(f->view.err, DH_MEMORY, "out of memory for the events");
}

/* ---- the statements of few DOIs ------------------------------------------------------------- */

struct gathered {
    struct dh_sq_statement *items;
    uint32_t count, cap;
    bool many; /* more than FEW: the items are of no use */
};

static bool add(struct gathered *g, struct dh_arena *arena, struct dh_sq_statement s)
{
    if (g->count == FEW) {
        g->many = true;
        return true;
    }
    if (g->count == g->cap) {
        uint32_t cap = g->cap ? g->cap * 4 : 64;
        struct dh_sq_statement *items = dh_arena_array(arena, cap, sizeof(*items));
        if (!items)
            return false;
        if (g->count)
            memcpy(items, g->items, g->count * sizeof(*items));
        g->items = items;
        g->cap = cap;
    }
    g->items[g->count++] = s;
    return true;
}

/* What the DOI's record states, or with `object` what others state about it. */
static enum dh_status gather_side(struct finding *f, int64_t id, bool object, struct gathered *g)
{
    struct dh_sq_conn *conn = &f->view.reader->conn;
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(conn, object ? DH_SQL_RELATIONS_TO : DH_SQL_RELATIONS_FROM,
                                        &sql, f->view.err, "i", id);
    while (!status && !g->many && (status = dh_sq_step(conn, sql, f->view.err)) == DH_OK) {
        int64_t other = sqlite3_column_int64(sql, 0), type = sqlite3_column_int64(sql, 1);
        struct dh_sq_statement s = {.subject = (uint32_t)(object ? other : id),
                                    .object = (uint32_t)(object ? id : other),
                                    .type = (uint16_t)type};
        if (other < 0 || other > UINT32_MAX || id > UINT32_MAX || type < 0 ||
            (size_t)type >= dh_vocab_count(DH_VOCAB_RELATION_TYPE))
            continue;
        if (!add(g, f->view.arena, s))
            status = no_room(f);
    }
    if (!status)
        dh_sq_reset(sql);
    return status == DH_DONE ? DH_OK : status;
}

/* What a server told: the rows of a statement about events. */
static enum dh_status gather_rows(struct finding *f, sqlite3_stmt *sql, struct gathered *g)
{
    struct dh_sq_event_view *view = &f->view;
    struct dh_sq_conn *conn = &view->reader->conn;
    enum dh_status status = DH_OK;
    while (!status && !g->many && (status = dh_sq_step(conn, sql, view->err)) == DH_OK) {
        if (!view->event_kinds.items)
            status = dh_sq_event_kinds_read(conn, &view->event_kinds, view->arena, view->err);
        if (!status)
            status = dh_sq_came_take(&f->came, sql, &view->event_kinds, view->err);
        g->many = f->came.count > FEW;
    }
    dh_sq_reset(sql);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status gather_came(struct finding *f, int64_t id, bool object, struct gathered *g)
{
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(&f->view.reader->conn, object ? DH_SQL_EVENTS_TO : DH_SQL_EVENTS_FROM, &sql,
                    f->view.err, "i", id);
    return status ? status : gather_rows(f, sql, g);
}

static enum dh_status gather_doi(struct finding *f, struct dh_str doi, enum dh_event_field field,
                                 struct gathered *g)
{
    int64_t id = 0;
    enum dh_status status =
        dh_sq_integer(&f->view.reader->conn, DH_SQL_DOI_ID, &id, f->view.err, "s", doi);
    for (int object = 0; object < 2 && !status; object++) {
        if (field == (object ? DH_EVENT_SUBJECT : DH_EVENT_OBJECT))
            continue;
        status = gather_side(f, id, object, g);
        if (!status)
            status = gather_came(f, id, object, g);
    }
    return status == DH_NOT_FOUND ? DH_OK : status;
}

/* A statement that came, too, is known under the uuid with which it came. */
static enum dh_status gather_statement(struct finding *f, const struct dh_sq_statement *s,
                                       struct gathered *g)
{
    struct dh_sq_conn *conn = &f->view.reader->conn;
    struct dh_sq_came_list came = {0};
    sqlite3_stmt *sql;
    int64_t there = 0;
    enum dh_status status =
        dh_sq_integer(conn, DH_SQL_RELATION_COUNT, &there, f->view.err, "iii", (int64_t)s->subject,
                      (int64_t)s->object, (int64_t)s->type);
    if (status || !there)
        return status;
    status = dh_sq_event_kinds_read(conn, &f->view.event_kinds, f->view.arena, f->view.err);
    if (!status)
        status = dh_sq_query(conn, DH_SQL_EVENTS_BETWEEN, &sql, f->view.err, "ii",
                             (int64_t)s->subject, (int64_t)s->object);
    while (!status && (status = dh_sq_step(conn, sql, f->view.err)) == DH_OK)
        if ((status = dh_sq_came_take(&came, sql, &f->view.event_kinds, f->view.err)) != DH_OK)
            dh_sq_reset(sql);
    dh_sq_came_order(&came, false);
    struct dh_sq_statement shown = *s;
    bool hidden = dh_sq_came_hide(&shown, 1, &came) == 0;
    free(came.items);
    if (status == DH_DONE && !hidden && !add(g, f->view.arena, *s))
        return no_room(f);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status gather_uuid(struct finding *f, struct dh_str uuid, struct gathered *g)
{
    struct dh_sq_statement s;
    unsigned char bytes[16];
    sqlite3_stmt *sql;
    if (!dh_sq_uuid_parse(uuid, bytes))
        return DH_OK;
    enum dh_status status = dh_sq_query(&f->view.reader->conn, DH_SQL_EVENT_OF_UUID, &sql,
                                        f->view.err, "b", (struct dh_str){(char *)bytes, 16});
    if (!status)
        status = gather_rows(f, sql, g);
    if (!status && dh_sq_statement_of_uuid(uuid, &s) &&
        s.type < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        status = gather_statement(f, &s, g);
    return status;
}

/* The filter that names DOIs or events, when there is one. */
static const struct dh_event_filter *naming(const struct dh_event_search *search)
{
    for (size_t i = 0; i < search->filter_count; i++)
        if (search->filters[i].field <= DH_EVENT_TARGET_DOI ||
            search->filters[i].field == DH_EVENT_NOTHING)
            return &search->filters[i];
    return NULL;
}

static enum dh_status gather(struct finding *f, const struct dh_event_filter *filter,
                             struct gathered *g)
{
    enum dh_status status = DH_OK;
    uint32_t kept = 0;
    size_t count = filter->field == DH_EVENT_NOTHING ? 0 : filter->value_count;
    for (size_t i = 0; i < count && !status && !g->many; i++)
        status = filter->field == DH_EVENT_UUID
                     ? gather_uuid(f, filter->values[i], g)
                     : gather_doi(f, filter->values[i], filter->field, g);
    if (status || g->many)
        return status;
    if (g->count)
        qsort(g->items, g->count, sizeof(*g->items), dh_sq_statement_compare);
    for (uint32_t i = 0; i < g->count; i++)
        if (!kept || dh_sq_statement_compare(&g->items[kept - 1], &g->items[i]) != 0)
            g->items[kept++] = g->items[i];
    dh_sq_came_order(&f->came, false);
    f->view.items = g->items;
    f->view.count = dh_sq_came_hide(g->items, kept, &f->came);
    dh_sq_came_order(&f->came, true);
    f->view.came = f->came.items;
    f->view.came_count = f->came.count;
    return dh_sq_event_view_open(&f->view);
}

/* ---- order ---------------------------------------------------------------------------------- */

/* The table's orders are made once. */
static enum dh_status choose_order(struct finding *f, enum dh_event_sort sort)
{
    struct dh_sq_event_table *table = f->view.table;
    if (!table) {
        f->order = f->own_order = dh_sq_event_order(&f->view, sort);
        return f->order ? DH_OK : no_room(f);
    }
    pthread_mutex_lock(&table->lock);
    if (!table->orders[sort])
        table->orders[sort] = dh_sq_event_order(&f->view, sort);
    f->order = table->orders[sort];
    pthread_mutex_unlock(&table->lock);
    return f->order ? DH_OK : no_room(f);
}

/* ---- the cursor ----------------------------------------------------------------------------- */

/* The first place of the order by creation that is behind the cursor. */
static uint32_t behind_cursor(struct finding *f)
{
    const struct dh_event_search *search = f->search;
    unsigned char last[16], uuid[16];
    bool known = dh_sq_uuid_parse(search->after_uuid, last);
    uint32_t low = 0, high = dh_sq_event_count(&f->view);
    if (!search->cursor || search->after_created == DH_TIME_NONE)
        return 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct dh_sq_statement *s = dh_sq_event_at(&f->view, f->order[middle]);
        int64_t key = dh_sq_event_time_key(dh_sq_event_time(&f->view, s, DH_COLUMN_CREATED));
        dh_sq_event_uuid(s, uuid);
        bool past = key != search->after_created ? key > search->after_created
                                                 : !known || memcmp(uuid, last, 16) > 0;
        if (past)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- finding -------------------------------------------------------------------------------- */

static enum dh_status remember(struct finding *f, uint32_t at, double score)
{
    size_t offset = f->search->cursor ? 0 : f->search->offset;
    f->passed++;
    if (!f->by_score && (f->passed <= offset || f->found_count >= f->search->limit))
        return DH_OK;
    struct found *found =
        dh_array_reserve(f->found, &f->found_cap, f->found_count + 1, sizeof(*found));
    if (!found)
        return no_room(f);
    f->found = found;
    f->found[f->found_count++] = (struct found){at, score};
    return DH_OK;
}

static enum dh_status ask(struct finding *f, const struct dh_sq_statement *s, bool *kept,
                          double *score)
{
    struct dh_event event;
    *kept = true;
    *score = 0;
    if (!f->search->keep)
        return DH_OK;
    dh_arena_clear(&f->scratch);
    enum dh_status status = dh_sq_event_fill(&f->view, s, false, &event, &f->scratch);
    if (!status)
        status = f->search->keep(f->search->context, &event, kept, f->view.err);
    *score = event.score;
    return status;
}

static enum dh_status look_at(struct finding *f, uint32_t at, bool behind)
{
    const struct dh_sq_statement *s = dh_sq_event_at(&f->view, at);
    bool kept;
    double score;
    if (!dh_sq_event_passes(&f->view, f->tests, s))
        return DH_OK;
    enum dh_status status = ask(f, s, &kept, &score);
    if (status || !kept)
        return status;
    f->out->total++;
    if (f->counter && !dh_sq_event_counter_add(f->counter, &f->view, s))
        return no_room(f);
    return behind ? remember(f, at, score) : DH_OK;
}

/* Every statement is looked at: the total and the counts are of all that pass. */
static enum dh_status walk(struct finding *f, uint32_t start)
{
    enum { LOOK_AT_CLOCK = 4096 };
    uint32_t count = dh_sq_event_count(&f->view);
    bool down = f->search->descending && !f->search->cursor;
    enum dh_status status = DH_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        if (i % LOOK_AT_CLOCK == 0 && dh_sq_overdue(&f->view.reader->conn))
            return dh_fail(f->view.err, DH_LIMIT, "the question took longer than one may");
        status = look_at(f, f->order[down ? count - 1 - i : i], i >= start);
    }
    return status ? status : f->view.status;
}

/* Without a filter the page is told by its place alone. */
static enum dh_status slice(struct finding *f, uint32_t start)
{
    uint32_t count = dh_sq_event_count(&f->view);
    bool down = f->search->descending && !f->search->cursor;
    size_t from = f->search->cursor ? start : f->search->offset;
    enum dh_status status = DH_OK;
    f->out->total = count;
    f->passed = f->search->cursor ? 0 : f->search->offset;
    for (size_t i = from; i < count && f->found_count < f->search->limit && !status; i++)
        status = remember(f, f->order[down ? count - 1 - i : i], 0);
    return status;
}

static int best_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

static enum dh_status fill_page(struct finding *f)
{
    size_t from = 0, count = f->found_count;
    enum dh_status status = DH_OK;
    if (f->by_score) {
        if (count)
            qsort(f->found, count, sizeof(*f->found), best_first);
        from = f->search->offset < count ? f->search->offset : count;
        count = count - from < f->search->limit ? count - from : f->search->limit;
    }
    f->out->items = dh_arena_array(f->view.arena, count + 1, sizeof(*f->out->items));
    if (!f->out->items)
        return no_room(f);
    for (size_t i = 0; i < count && !status; i++) {
        status = dh_sq_event_fill(&f->view, dh_sq_event_at(&f->view, f->found[from + i].at),
                                  f->search->brief, &f->out->items[i], f->view.arena);
        f->out->items[i].score = f->found[from + i].score;
        f->out->count += !status;
    }
    return status ? status : f->view.status;
}

/* ---- counts of all events, once per table --------------------------------------------------- */

static enum dh_status count_all(struct finding *f, struct dh_event_page *page,
                                struct dh_arena *arena)
{
    struct dh_sq_event_counter *counter = dh_sq_event_counter_new();
    enum dh_status status = counter ? DH_OK : no_room(f);
    for (uint32_t i = 0; i < dh_sq_event_count(&f->view) && !status; i++)
        if (!dh_sq_event_counter_add(counter, &f->view, dh_sq_event_at(&f->view, i)))
            status = no_room(f);
    if (!status)
        status = dh_sq_event_counter_give(counter, &f->view, page, arena);
    dh_sq_event_counter_free(counter);
    return status ? status : f->view.status;
}

/* The table outlives the page's use only while it is held: the page gets a copy of the lists. */
static enum dh_status copy_counts(struct finding *f, const struct dh_event_page *from)
{
    for (int i = 0; i < DH_EVENT_COUNT__N; i++) {
        struct dh_facet_result list = {.buckets = from->counts[i].buckets,
                                       .count = from->counts[i].count};
        struct dh_facet_result copy;
        if (!dh_sq_facet_copy(&list, &copy, f->view.arena))
            return no_room(f);
        f->out->counts[i].buckets = copy.buckets;
        f->out->counts[i].count = copy.count;
    }
    return DH_OK;
}

static enum dh_status give_whole_counts(struct finding *f)
{
    struct dh_sq_event_table *table = f->view.table;
    enum dh_status status = DH_OK;
    pthread_mutex_lock(&table->lock);
    if (!table->whole) {
        struct dh_event_page *whole = dh_arena_alloc(&table->arena, sizeof(*whole));
        status = whole ? count_all(f, whole, &table->arena) : no_room(f);
        if (!status)
            table->whole = whole;
    }
    if (!status)
        status = copy_counts(f, table->whole);
    pthread_mutex_unlock(&table->lock);
    return status;
}

/* ---- the operation -------------------------------------------------------------------------- */

static enum dh_status run(struct finding *f)
{
    const struct dh_event_search *search = f->search;
    enum dh_event_sort sort = search->cursor ? DH_EVENT_BY_CREATED : search->sort;
    bool whole = f->view.table && !search->filter_count && !search->keep;
    f->by_score = sort == DH_EVENT_BY_SCORE && search->keep;
    if (search->keep)
        dh_sq_deadline_query(&f->view.reader->conn);
    enum dh_status status = choose_order(f, sort == DH_EVENT_BY_SCORE ? DH_EVENT_BY_UUID : sort);
    if (!status)
        status = dh_sq_event_compile(&f->view, search, &f->tests);
    if (!status && search->counts && !whole && !(f->counter = dh_sq_event_counter_new()))
        status = no_room(f);
    if (!status)
        status = whole ? slice(f, behind_cursor(f)) : walk(f, behind_cursor(f));
    if (!status && f->counter)
        status = dh_sq_event_counter_give(f->counter, &f->view, f->out, f->view.arena);
    if (!status && search->counts && whole)
        status = give_whole_counts(f);
    return status ? status : fill_page(f);
}

static enum dh_status run_small(struct finding *f, const struct dh_event_filter *filter, bool *many)
{
    struct gathered gathered = {0};
    enum dh_status status = dh_sq_begin_read(f->view.reader, f->view.err);
    if (status)
        return status;
    status = gather(f, filter, &gathered);
    *many = gathered.many;
    if (!status && !gathered.many)
        status = run(f);
    dh_sq_end_read(f->view.reader);
    return status;
}

static enum dh_status run_large(struct finding *f)
{
    struct dh_sq_reader *reader = f->view.reader;
    struct dh_sq_columns *columns;
    struct dh_sq_event_table *table = NULL;
    enum dh_status status = dh_sq_columns_enter(reader, &columns, f->view.err);
    if (status)
        return status;
    status = dh_sq_event_table_take(reader, columns, &table, f->view.err);
    if (!status) {
        f->view.columns = columns;
        f->view.table = table;
        f->view.items = table->items;
        f->view.count = table->count;
        f->view.came = table->came.items;
        f->view.came_count = table->came.count;
        f->view.event_kinds = table->event_kinds;
        f->view.prefixes = table->prefixes;
        f->view.prefix_count = table->prefix_count;
        status = run(f);
        dh_sq_event_table_give(reader, table);
    }
    dh_sq_columns_leave(columns);
    dh_sq_end_read(reader);
    return status;
}

enum dh_status dh_sq_events(struct dh_reader *base, const struct dh_event_search *search,
                            struct dh_event_page *out, struct dh_arena *arena, struct dh_err *err)
{
    struct finding f = {
        .view = {.reader = dh_sq_reader(base), .arena = arena, .err = err},
        .search = search,
        .out = out,
    };
    const struct dh_event_filter *filter = naming(search);
    bool many = true;
    enum dh_status status = DH_OK;
    *out = (struct dh_event_page){0};
    dh_arena_init(&f.scratch, DH_ARENA_MAX);
    if (filter)
        status = run_small(&f, filter, &many);
    if (!status && many)
        status = run_large(&f);
    dh_sq_event_counter_free(f.counter);
    free(f.own_order);
    free(f.found);
    free(f.came.items);
    dh_arena_release(&f.scratch);
    return status;
}
