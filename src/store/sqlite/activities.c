#include <ctype.h>
#include <stdlib.h>

#include "store/sqlite/backend.h"

/* A question about activities as it becomes SQL: text and the values of its parameters. */
struct question {
    struct dh_sq_reader *reader;
    const struct dh_activity_search *search;
    struct dh_buf where;
    struct value {
        struct dh_str text, blob; /* the one with a ptr; else the number */
        int64_t number;
    } * values;
    int count;
    unsigned char uuid[16], after[16];
    struct dh_arena *arena;
    struct dh_err *err;
};

static void add_clause(struct question *q, const char *text, struct value value)
{
    dh_buf_text(&q->where, q->where.len ? " AND " : " WHERE ");
    dh_buf_text(&q->where, text);
    q->values[q->count++] = value;
}

static int digit(char c)
{
    const char *at = c ? strchr("0123456789abcdef", tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - "0123456789abcdef") : -1;
}

bool dh_sq_uuid_parse(struct dh_str text, unsigned char out[16])
{
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            if (at >= text.len || text.ptr[at++] != '-')
                return false;
        int high = at + 1 < text.len ? digit(text.ptr[at]) : -1;
        int low = high >= 0 ? digit(text.ptr[at + 1]) : -1;
        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
        at += 2;
    }
    return at == text.len;
}

/* DOIs are stored as ids, symbols as text: a subject is looked for as what it can be. */
static enum dh_status add_subjects(struct question *q)
{
    const struct dh_activity_search *search = q->search;
    bool dois = search->kind == DH_OF_DOI || search->kind == DH_OF__ANY;
    size_t added = 0;
    dh_buf_text(&q->where, q->where.len ? " AND subject IN (" : " WHERE subject IN (");
    for (size_t i = 0; i < search->subject_count; i++) {
        struct value value = {.text = search->subjects[i]};
        enum dh_status status = DH_NOT_FOUND;
        if (dois)
            status = dh_sq_integer(&q->reader->conn, DH_SQL_DOI_ID, &value.number, q->err, "s",
                                   search->subjects[i]);
        if (status == DH_OK)
            value.text = DH_STR_NONE;
        else if (status != DH_NOT_FOUND)
            return status;
        else if (search->kind == DH_OF_DOI)
            continue;
        dh_buf_text(&q->where, added++ ? ",?" : "?");
        q->values[q->count++] = value;
    }
    dh_buf_char(&q->where, ')');
    return DH_OK;
}

static enum dh_status build(struct question *q)
{
    const struct dh_activity_search *search = q->search;
    q->values = dh_arena_array(q->arena, search->subject_count + 8, sizeof(*q->values));
    if (!q->values)
        return dh_fail(q->err, DH_MEMORY, "out of memory");
    if (search->kind != DH_OF__ANY)
        add_clause(q, "kind = ?", (struct value){.number = search->kind});
    else if (search->subject_count) /* for the index, which begins with the kind */
        add_clause(q, "kind IN (0, 1, ?)", (struct value){.number = DH_OF_CLIENT});
    if (search->uuid.len && !dh_sq_uuid_parse(search->uuid, q->uuid))
        add_clause(q, "id = ?", (struct value){.number = -1});
    else if (search->uuid.len)
        add_clause(q, "uuid = ?", (struct value){.blob = {(char *)q->uuid, 16}});
    return search->subject_count ? add_subjects(q) : DH_OK;
}

/* A cursor narrows the page, not the total. */
static void add_cursor(struct question *q)
{
    const struct dh_activity_search *search = q->search;
    struct dh_str after = DH_STR("");
    if (!search->cursor || search->after_time == DH_TIME_NONE)
        return;
    if (dh_sq_uuid_parse(search->after_uuid, q->after))
        after = (struct dh_str){(char *)q->after, 16};
    add_clause(q, "(time, uuid) > (?,", (struct value){.number = search->after_time});
    dh_buf_text(&q->where, " ?)");
    q->values[q->count++] = (struct value){.blob = after};
}

static int bind(sqlite3_stmt *sql, int at, const struct value *value)
{
    if (value->text.ptr)
        return sqlite3_bind_text64(sql, at, value->text.ptr, value->text.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    if (value->blob.ptr)
        return sqlite3_bind_blob64(sql, at, value->blob.ptr, value->blob.len, SQLITE_STATIC);
    return sqlite3_bind_int64(sql, at, value->number);
}

static enum dh_status prepare(struct question *q, const char *head, const char *tail,
                              sqlite3_stmt **out)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_buf_text(&text, head);
    dh_buf_str(&text, dh_buf_view(&q->where));
    dh_buf_text(&text, tail);
    int code = SQLITE_NOMEM;
    if (!text.status)
        code = sqlite3_prepare_v2(q->reader->conn.db, text.ptr, (int)text.len, out, NULL);
    for (int i = 0; i < q->count && code == SQLITE_OK; i++)
        code = bind(*out, i + 1, &q->values[i]);
    dh_buf_release(&text);
    return code == SQLITE_OK ? DH_OK : dh_sq_fail(&q->reader->conn, code, q->err);
}

/* The name of a DOI in the arena. */
static enum dh_status doi_name(struct question *q, int64_t id, struct dh_str *out)
{
    sqlite3_stmt *sql;
    struct dh_sq_conn *conn = &q->reader->conn;
    enum dh_status status = dh_sq_query(conn, DH_SQL_DOI_NAME, &sql, q->err, "i", id);
    if (!status)
        status = dh_sq_step(conn, sql, q->err);
    if (status)
        return status == DH_DONE ? dh_fail(q->err, DH_CORRUPT, "an activity has lost its DOI")
                                 : status;
    *out = dh_arena_copy(q->arena, dh_sq_bytes(sql, 0));
    dh_sq_reset(sql);
    return out->ptr ? DH_OK : dh_fail(q->err, DH_MEMORY, "out of memory");
}

static enum dh_status write_creation(struct question *q, const struct dh_hit *hit,
                                     struct dh_str *out)
{
    struct dh_record record;
    struct dh_buf text;
    dh_record_init(&record);
    dh_buf_init(&text, (size_t)DH_RECORD_MAX * 2);
    enum dh_status status = dh_wire_read(&hit->wire, &record, q->err);
    record.state = hit->state;
    if (!status)
        dh_record_creation(&record, &text);
    *out = dh_arena_copy(q->arena, text.len ? dh_buf_view(&text) : DH_STR("{}"));
    dh_record_release(&record);
    if (!status && (text.status || !out->ptr))
        status = dh_fail(q->err, DH_MEMORY, "out of memory for an activity");
    dh_buf_release(&text);
    return status;
}

/* A record at version 1 tells its creation itself. */
static enum dh_status rebuild(struct question *q, struct dh_str doi, struct dh_str *out)
{
    struct dh_sq_reader *reader = q->reader;
    struct dh_hit hit;
    int64_t number = 0;
    enum dh_status status =
        dh_sq_integer(&reader->conn, DH_SQL_CARD_OF_DOI, &number, q->err, "s", doi);
    *out = DH_STR("{}");
    if (status)
        return status == DH_NOT_FOUND ? DH_OK : status;
    status = dh_sq_hit(reader, (uint32_t)number, true, &hit, q->arena, q->err);
    return status ? status : write_creation(q, &hit, out);
}

/* All of a row but the changes. */
static enum dh_status read_head(struct question *q, sqlite3_stmt *sql, struct dh_activity *out)
{
    struct dh_str user = dh_sq_bytes(sql, 3), origin = dh_sq_bytes(sql, 8);
    enum dh_status status = DH_OK;
    out->uuid = dh_sq_uuid_text(q->arena, dh_sq_bytes(sql, 0));
    out->kind = (enum dh_activity_kind)sqlite3_column_int(sql, 1);
    out->user = user.ptr ? dh_arena_copy(q->arena, user) : DH_STR_NONE;
    out->origin = origin.ptr ? dh_arena_copy(q->arena, origin) : DH_STR_NONE;
    out->action = (enum dh_action)sqlite3_column_int(sql, 4);
    out->version = sqlite3_column_int(sql, 5);
    out->time = sqlite3_column_int64(sql, 6);
    if ((unsigned)out->kind >= DH_OF__ANY || (unsigned)out->action > DH_ACTION_DESTROY)
        return dh_fail(q->err, DH_CORRUPT, "the store is damaged (an activity of no known kind)");
    if (out->kind == DH_OF_DOI)
        status = doi_name(q, sqlite3_column_int64(sql, 2), &out->subject);
    else
        out->subject = dh_arena_copy(q->arena, dh_sq_bytes(sql, 2));
    if (!status && (!out->uuid.ptr || !out->subject.ptr || (user.ptr && !out->user.ptr) ||
                    (origin.ptr && !out->origin.ptr)))
        status = dh_fail(q->err, DH_MEMORY, "out of memory");
    return status;
}

static enum dh_status read_changes(struct question *q, sqlite3_stmt *sql, struct dh_activity *out)
{
    struct dh_str z = dh_sq_bytes(sql, 7);
    struct dh_sq_reader *reader = q->reader;
    if (!z.ptr)
        return rebuild(q, out->subject, &out->changes);
    return dh_sq_body_unpack(&dh_sq_store(reader->base.store)->codec, reader->zstd, z,
                             &out->changes, q->arena, q->err);
}

static enum dh_status count(struct question *q, uint64_t *total)
{
    sqlite3_stmt *sql = NULL;
    enum dh_status status = prepare(q, "SELECT count(*) FROM activity", "", &sql);
    if (!status)
        status = dh_sq_step(&q->reader->conn, sql, q->err);
    if (!status)
        *total = (uint64_t)sqlite3_column_int64(sql, 0);
    sqlite3_finalize(sql);
    return status;
}

static enum dh_status select_rows(struct question *q, const char *limits, sqlite3_stmt **out)
{
    bool ascending = q->search->ascending || q->search->cursor;
    struct dh_str tail = dh_arena_format(q->arena, " ORDER BY %s%s",
                                         ascending ? "time, uuid" : "time DESC, uuid DESC", limits);
    if (!tail.ptr)
        return dh_fail(q->err, DH_MEMORY, "out of memory");
    return prepare(q,
                   "SELECT uuid, kind, subject, user, action, version, time, changes, origin FROM"
                   " activity",
                   tail.ptr, out);
}

static enum dh_status read_items(struct question *q, struct dh_activity_page *out)
{
    const struct dh_activity_search *search = q->search;
    sqlite3_stmt *sql = NULL;
    size_t limit = search->limit < out->total ? search->limit : (size_t)out->total;
    out->items = dh_arena_array(q->arena, limit + 1, sizeof(*out->items));
    if (!out->items)
        return dh_fail(q->err, DH_MEMORY, "out of memory");
    add_cursor(q);
    q->values[q->count++] = (struct value){.number = (int64_t)limit};
    q->values[q->count++] = (struct value){.number = search->cursor ? 0 : (int64_t)search->offset};
    enum dh_status status = select_rows(q, " LIMIT ? OFFSET ?", &sql);
    while (!status && (status = dh_sq_step(&q->reader->conn, sql, q->err)) == DH_OK) {
        status = read_head(q, sql, &out->items[out->count]);
        if (!status)
            status = read_changes(q, sql, &out->items[out->count]);
        out->count += !status;
    }
    sqlite3_finalize(sql);
    return status == DH_DONE ? DH_OK : status;
}

/* ---- activities tried one by one ------------------------------------------------------------ */

/* Whether the record of a DOI's id is findable. */
static enum dh_status is_findable(struct question *q, int64_t doi, bool *out)
{
    struct dh_sq_reader *reader = q->reader;
    sqlite3_stmt *sql;
    struct dh_str state;
    enum dh_status status = dh_sq_query(&reader->conn, DH_SQL_RELATED_CARD, &sql, q->err, "i", doi);
    *out = false;
    if (!status)
        status = dh_sq_step(&reader->conn, sql, q->err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    status = dh_sq_row_unpack(&reader->row, dh_sq_bytes(sql, 0), q->err);
    dh_sq_reset(sql);
    if (!status)
        status =
            dh_sq_term_text(reader, DH_COLUMN_STATE, dh_sq_row_term(&reader->row, DH_COLUMN_STATE),
                            &state, q->arena, q->err);
    if (!status)
        *out = dh_state_find(state) == DH_STATE_FINDABLE;
    return status;
}

static enum dh_status try(struct question *q, sqlite3_stmt *sql, struct dh_activity *out,
                          bool *matches)
{
    const struct dh_activity_search *search = q->search;
    if (dh_sq_overdue(&q->reader->conn))
        return dh_sq_fail(&q->reader->conn, SQLITE_INTERRUPT, q->err);
    enum dh_status status = read_head(q, sql, out);
    if (!status)
        status = search->match(search->context, out, matches, q->err);
    if (!status && *matches && search->findable && out->kind == DH_OF_DOI)
        status = is_findable(q, sqlite3_column_int64(sql, 2), matches);
    return status;
}

/* Behind the cursor, or past the offset. */
static bool on_page(const struct question *q, const struct dh_activity *activity, uint64_t before)
{
    const struct dh_activity_search *search = q->search;
    if (!search->cursor)
        return before >= search->offset;
    return search->after_time == DH_TIME_NONE || activity->time > search->after_time ||
           (activity->time == search->after_time &&
            dh_str_compare(activity->uuid, search->after_uuid) > 0);
}

static enum dh_status try_items(struct question *q, struct dh_activity_page *out)
{
    sqlite3_stmt *sql = NULL;
    out->items = dh_arena_array(q->arena, q->search->limit, sizeof(*out->items));
    enum dh_status status =
        out->items ? select_rows(q, "", &sql) : dh_fail(q->err, DH_MEMORY, "out of memory");
    while (!status && (status = dh_sq_step(&q->reader->conn, sql, q->err)) == DH_OK) {
        struct dh_arena_mark mark = dh_arena_mark(q->arena);
        struct dh_activity item = {0};
        bool matches = false;
        status = try(q, sql, &item, &matches);
        if (!status && matches && out->count < q->search->limit && on_page(q, &item, out->total)) {
            status = read_changes(q, sql, &item);
            out->items[out->count++] = item;
        } else {
            dh_arena_rewind(q->arena, mark);
        }
        out->total += matches;
    }
    sqlite3_finalize(sql);
    return status == DH_DONE ? DH_OK : status;
}

enum dh_status dh_sq_activities(struct dh_reader *base, const struct dh_activity_search *search,
                                struct dh_activity_page *out, struct dh_arena *arena,
                                struct dh_err *err)
{
    struct question q = {
        .reader = dh_sq_reader(base), .search = search, .arena = arena, .err = err};
    *out = (struct dh_activity_page){0};
    dh_buf_init(&q.where, DH_BODY_MAX);
    enum dh_status status = dh_sq_begin_read(q.reader, err);
    if (status)
        return status;
    status = build(&q);
    if (!status && search->match)
        status = try_items(&q, out);
    else if (!status)
        status = count(&q, &out->total);
    if (!status && !search->match && search->limit && out->total)
        status = read_items(&q, out);
    dh_sq_end_read(q.reader);
    dh_buf_release(&q.where);
    return status;
}
