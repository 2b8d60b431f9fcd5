/* Events that came from a server: one row each, and what many have in common once (event_kind). */
#include "store/sqlite/events.h"
#include "store/sqlite/writer.h"

static bool is_url(struct dh_str text)
{
    if (!dh_str_starts(text, DH_STR("https://")) && !dh_str_starts(text, DH_STR("http://")))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= 0x20 || text.ptr[i] == 0x7f)
            return false;
    return text.len <= DH_DOI_MAX;
}

static bool is_side(struct dh_str text)
{
    return dh_doi_valid(text) || is_url(text);
}

static bool is_word(struct dh_str text)
{
    return text.len && text.len <= DH_DOI_MAX;
}

static enum dh_status check(const struct dh_event_in *event, struct dh_err *err)
{
    const struct {
        const char *name;
        bool good;
    } parts[] = {
        {"subject", is_side(event->subject)},
        {"object", is_side(event->object)},
        {"relation type", is_word(event->relation)},
        {"source", is_word(event->source)},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!parts[i].good)
            return dh_fail(err, DH_INVALID, "an event without a %s that can be kept",
                           parts[i].name);
    return DH_OK;
}

/* Version 8 again, with a bit that no statement's has: made of what the event says. */
static void own_uuid(const struct dh_event_in *event, unsigned char out[16])
{
    const struct dh_str parts[] = {event->subject, event->object, event->relation, event->source};
    XXH128_hash_t hash = {0};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        hash = XXH3_128bits_withSeed(parts[i].ptr, parts[i].len, hash.low64 ^ hash.high64);
        hash.low64 += i;
    }
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    memcpy(out, bytes.digest, 16);
    out[6] = (unsigned char)((out[6] & 0x0f) | 0x80);
    out[7] |= 1;
    out[8] = (unsigned char)((out[8] & 0x3f) | 0x80);
}

/* The ids in a computed uuid are those of another store. */
static enum dh_status read_uuid(const struct dh_event_in *event, unsigned char out[16],
                                struct dh_err *err)
{
    struct dh_sq_statement statement;
    if (!dh_sq_uuid_parse(event->uuid, out))
        return dh_fail(err, DH_INVALID, "an event without a uuid");
    if (dh_sq_statement_of_uuid(event->uuid, &statement))
        own_uuid(event, out);
    return DH_OK;
}

static struct dh_str text(struct dh_str value)
{
    return value.ptr ? value : DH_STR("");
}

static enum dh_status intern_kind(struct dh_sq_writer *w, const struct dh_event_in *event,
                                  int64_t *id, struct dh_err *err)
{
    int64_t last = 0;
    enum dh_status status =
        dh_sq_integer(&w->conn, DH_SQL_EVENT_KIND, id, err, "sssss", event->relation, event->source,
                      text(event->license), text(event->action), text(event->token));
    if (status != DH_NOT_FOUND)
        return status;
    status = dh_sq_integer(&w->conn, DH_SQL_EVENT_KIND_LAST, &last, err, "");
    if (!status && last >= DH_EVENT_KINDS_MAX)
        return dh_fail(err, DH_LIMIT,
                       "the store has events of %d kinds and keeps no further one (source %.*s)",
                       DH_EVENT_KINDS_MAX, event->source.len > 100 ? 100 : (int)event->source.len,
                       event->source.ptr);
    if (!status)
        status =
            dh_sq_run(&w->conn, DH_SQL_EVENT_KIND_ADD, err, "sssss", event->relation, event->source,
                      text(event->license), text(event->action), text(event->token));
    *id = sqlite3_last_insert_rowid(w->conn.db);
    return status;
}

/* A row as it is written. */
struct row {
    unsigned char uuid[16];
    int64_t subject, object, kind, total;
};

static enum dh_status intern(struct dh_sq_writer *w, const struct dh_event_in *event,
                             struct row *row, struct dh_err *err)
{
    bool fresh;
    enum dh_status status = dh_sq_intern_doi(w, event->subject, dh_sq_doi_hash(event->subject),
                                             &row->subject, &fresh, err);
    if (!status)
        status = dh_sq_intern_doi(w, event->object, dh_sq_doi_hash(event->object), &row->object,
                                  &fresh, err);
    if (!status)
        status = intern_kind(w, event, &row->kind, err);
    row->total = event->total < 0                ? 0
                 : event->total > DH_COUNTED_MAX ? DH_COUNTED_MAX
                                                 : event->total;
    return status;
}

enum dh_status dh_sq_put_event(struct dh_store *base, const struct dh_event_in *event,
                               enum dh_change *change, struct dh_err *err)
{
    struct dh_sq_writer *w = dh_sq_store(base)->writer;
    struct row row = {0};
    int64_t id = 0;
    *change = DH_CHANGE_NONE;
    enum dh_status status = check(event, err);
    if (!status)
        status = read_uuid(event, row.uuid, err);
    if (!status)
        status = intern(w, event, &row, err);
    if (status)
        return status;
    struct dh_str uuid = {(char *)row.uuid, sizeof(row.uuid)};
    status = dh_sq_integer(&w->conn, DH_SQL_EVENT_ID, &id, err, "b", uuid);
    if (status && status != DH_NOT_FOUND)
        return status;
    bool fresh = status == DH_NOT_FOUND;
    status = fresh ? dh_sq_run(&w->conn, DH_SQL_EVENT_ADD, err, "biiiitt", uuid, row.subject,
                               row.object, row.kind, row.total, event->occurred, event->updated)
                   : dh_sq_run(&w->conn, DH_SQL_EVENT_SET, err, "iiiiitt", id, row.subject,
                               row.object, row.kind, row.total, event->occurred, event->updated);
    if (status || sqlite3_changes(w->conn.db) == 0)
        return status;
    *change = fresh ? DH_CHANGE_CREATED : DH_CHANGE_UPDATED;
    w->wrote = true;
    return DH_OK;
}
