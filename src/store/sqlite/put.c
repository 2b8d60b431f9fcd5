#include <stdlib.h>

#include "store/sqlite/index.h"
#include "store/sqlite/index_entries.h"
#include "store/sqlite/writer.h"

/* One put at work. */
struct put {
    struct dh_sq_store *store;
    struct dh_sq_writer *w;
    struct dh_sq_prepared *in;
    int64_t name; /* doi.id */
    bool fresh;   /* nothing named this DOI before */
    int64_t old;  /* number of the card so far; 0 when the record is new */
    struct dh_err *err;
};

/* Interns the values of a record into a row; version and counts are set by the caller. */
static enum dh_status make_row(struct put *put, const struct dh_record *record,
                               const struct dh_sq_values *values, struct dh_sq_row *row)
{
    uint32_t used = 0;
    row->doi = record->doi;
    row->first[0] = 0;
    for (enum dh_column c = 0; c < DH_COLUMN__N; c++) {
        if (!dh_sq_row_reserve(row, used + values->counts[c]))
            return dh_fail(put->err, DH_MEMORY, "out of memory");
        for (uint32_t i = 0; i < values->counts[c]; i++) {
            enum dh_status status =
                dh_sq_intern_term(put->w, c, &values->terms[c][i], &row->ids[used++], put->err);
            if (status)
                return status;
        }
        row->first[c + 1] = used;
    }
    memcpy(row->numbers, values->numbers, sizeof(row->numbers));
    memcpy(row->came, record->counts, sizeof(row->came));
    return DH_OK;
}

/* Writes card, body and title under the next number. */
static enum dh_status add_card(struct put *put, const struct dh_sq_prepared *p,
                               const struct dh_sq_row *row)
{
    struct dh_sq_writer *w = put->w;
    int64_t n = w->next;
    if (n >= UINT32_MAX)
        return dh_fail(put->err, DH_LIMIT, "the store has used up its record numbers");
    dh_buf_clear(&w->packed);
    dh_sq_row_pack(row, &w->packed);
    if (w->packed.status)
        return dh_fail(put->err, w->packed.status, "a record's row is too large");
    enum dh_status status = dh_sq_run(&w->conn, DH_SQL_CARD_ADD, put->err, "iib", n, put->name,
                                      dh_buf_view(&w->packed));
    if (!status)
        status = dh_sq_run(&w->conn, DH_SQL_BODY_ADD, put->err, "ibb", n,
                           (struct dh_str){p->hash, sizeof(p->hash)}, p->z);
    if (!status && p->values.title.ptr)
        status = dh_sq_run(&w->conn, DH_SQL_TITLE_ADD, put->err, "is", n, p->values.title);
    if (!status)
        status = dh_sq_index_add(w, (uint32_t)n, p->entries, put->err);
    w->next++;
    w->wrote = true;
    return status;
}

static enum dh_status remove_card(struct put *put)
{
    static const enum dh_sq_sql removals[] = {DH_SQL_CARD_REMOVE, DH_SQL_BODY_REMOVE,
                                              DH_SQL_TITLE_REMOVE};
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof(removals) / sizeof(removals[0]) && !status; i++)
        status = dh_sq_run(&put->w->conn, removals[i], put->err, "i", put->old);
    if (!status)
        status = dh_sq_index_remove(put->w, (uint32_t)put->old, put->err);
    if (!status && put->old < put->w->first)
        status = dh_sq_run(&put->w->conn, DH_SQL_CHANGE_ADD, put->err, "ii", put->old, put->old);
    return status;
}

static bool findable(const struct dh_record *record)
{
    return record->state == DH_STATE_FINDABLE;
}

/* A further term for the index; the entries with it live until the next put. */
static enum dh_status add_entries(struct put *put, struct dh_sq_prepared *p, enum dh_source source,
                                  struct dh_str term)
{
    struct dh_buf *entries = &put->w->entries;
    dh_buf_clear(entries);
    dh_buf_str(entries, p->entries);
    dh_sq_entries_add(entries, source, term);
    p->entries = dh_buf_view(entries);
    return entries->status ? dh_fail(put->err, entries->status, "out of memory") : DH_OK;
}

/* Accounts of the record exist after this; the provider column follows from them when none came. */
static enum dh_status settle_accounts(struct put *put, struct dh_sq_prepared *p)
{
    struct dh_str provider = p->record.provider;
    enum dh_status status = dh_sq_ensure_accounts(put->w, p->record.client, &provider,
                                                  dh_doi_prefix(p->record.doi), put->err);
    if (status || p->values.counts[DH_COLUMN_PROVIDER] || !provider.len)
        return status;
    struct dh_sq_term *term = dh_arena_alloc(&put->w->arena, sizeof(*term));
    struct dh_str copy = dh_arena_copy(&put->w->arena, provider);
    if (!term || !copy.ptr)
        return dh_fail(put->err, DH_MEMORY, "out of memory");
    *term = dh_sq_term(DH_COLUMN_PROVIDER, copy);
    p->values.terms[DH_COLUMN_PROVIDER] = term;
    p->values.counts[DH_COLUMN_PROVIDER] = 1;
    return p->record.provider.len ? DH_OK : add_entries(put, p, DH_SOURCE_PROVIDER_ID, copy);
}

static enum dh_status create(struct put *put)
{
    struct dh_sq_prepared *p = put->in;
    struct dh_sq_row *row = &put->w->row;
    enum dh_status status = settle_accounts(put, p);
    if (!status)
        status = make_row(put, &p->record, &p->values, row);
    memset(row->local, 0, sizeof(row->local));
    row->version = 1;
    if (!status)
        status =
            dh_sq_relate(put->w, put->name, put->fresh, findable(&p->record), &p->values, put->err);
    if (!status && !put->fresh)
        status = dh_sq_relation_counts(put->w, put->name, row->local, put->err);
    else if (!status)
        dh_sq_relations_take(put->w, put->name, row->local);
    if (!status)
        status = add_card(put, p, row);
    return status ? status
                  : dh_sq_activity_add(put->store, put->name, p->record.client, DH_ACTION_CREATE, 1,
                                       DH_STR_NONE, put->err);
}

static bool same_term(const struct dh_sq_row *a, const struct dh_sq_row *b, enum dh_column c)
{
    return dh_sq_row_term(a, c) == dh_sq_row_term(b, c);
}

/* True when nothing of the envelope differs between two rows. */
static bool same_envelope(const struct dh_sq_row *a, const struct dh_sq_row *b)
{
    return same_term(a, b, DH_COLUMN_STATE) && same_term(a, b, DH_COLUMN_CLIENT) &&
           same_term(a, b, DH_COLUMN_PROVIDER) &&
           a->numbers[DH_COLUMN_CREATED] == b->numbers[DH_COLUMN_CREATED] &&
           a->numbers[DH_COLUMN_REGISTERED] == b->numbers[DH_COLUMN_REGISTERED] &&
           a->numbers[DH_COLUMN_UPDATED] == b->numbers[DH_COLUMN_UPDATED] &&
           memcmp(a->came, b->came, sizeof(a->came)) == 0;
}

/* Activities of an update: the creation is written down before it is lost, then what changed. */
static enum dh_status record_update(struct put *put, const struct dh_record *old,
                                    const struct dh_record *now)
{
    struct dh_buf text;
    dh_buf_init(&text, (size_t)DH_RECORD_MAX * 2);
    enum dh_status status = DH_OK;
    if (put->w->other.version == 1) {
        dh_record_creation(old, &text);
        status = text.status
                     ? dh_fail(put->err, text.status, "an activity is too large")
                     : dh_sq_activity_fill(put->store, put->name, dh_buf_view(&text), put->err);
    }
    dh_buf_clear(&text);
    if (!status) {
        dh_record_changes(old, now, &text);
        status = text.status
                     ? dh_fail(put->err, text.status, "an activity is too large")
                     : dh_sq_activity_add(put->store, put->name, now->client, DH_ACTION_UPDATE,
                                          put->w->row.version, dh_buf_view(&text), put->err);
    }
    dh_buf_release(&text);
    return status;
}

/* Writes `p`, the merged record, over the old one; *change says what that amounts to. */
static enum dh_status replace(struct put *put, struct dh_sq_prepared *p,
                              const struct dh_record *old, struct dh_str hash,
                              enum dh_change *change)
{
    struct dh_sq_writer *w = put->w;
    bool edited = memcmp(hash.ptr, p->hash, sizeof(struct dh_hash)) != 0;
    bool same_text = memcmp(hash.ptr, p->hash, sizeof(p->hash)) == 0;
    enum dh_status status = settle_accounts(put, p);
    if (!status)
        status = make_row(put, &p->record, &p->values, &w->row);
    if (status)
        return status;
    *change = DH_CHANGE_NONE;
    if (same_text && same_envelope(&w->row, &w->other))
        return DH_OK;
    *change = edited ? DH_CHANGE_UPDATED : DH_CHANGE_TOUCHED;
    memcpy(w->row.local, w->other.local, sizeof(w->row.local));
    w->row.version = w->other.version + edited;
    status = remove_card(put);
    if (!status)
        status = dh_sq_relate(w, put->name, false, findable(&p->record), &p->values, put->err);
    dh_sq_relations_take(w, put->name, w->row.local);
    if (!status)
        status = add_card(put, p, &w->row);
    return status || !edited ? status : record_update(put, old, &p->record);
}

/* Merges the partial incoming record over the stored one and writes the outcome. */
static enum dh_status merge(struct put *put, struct dh_str hash, struct dh_str z,
                            enum dh_change *change)
{
    struct dh_record old;
    struct dh_sq_prepared merged = {.base = put->in->base};
    dh_record_init(&old);
    dh_record_init(&merged.record);
    enum dh_status status = dh_sq_prepared_strip(put->store, put->in, put->err);
    if (!status)
        status = dh_sq_stored_read(&put->store->codec, put->w->zstd, &put->w->conn, &put->w->other,
                                   z, &old, &put->w->arena, put->err);
    if (!status)
        status = dh_record_merge(&old, &put->in->record, &merged.record, put->err);
    /* Metadata that changed without saying when changed now. */
    struct dh_hash now = dh_record_hash(&merged.record);
    if (!status && memcmp(&now, hash.ptr, sizeof(now)) != 0 && put->in->updated == DH_TIME_NONE)
        merged.record.updated = dh_time_now() / 1000 * 1000; /* as exact as lists show it */
    if (!status)
        status = dh_sq_prepare_whole(put->store, &merged, put->err);
    if (!status)
        status = dh_sq_prepared_press(&merged.base, put->err);
    if (!status)
        status = replace(put, &merged, &old, hash, change);
    dh_record_release(&old);
    dh_sq_prepared_release(&merged);
    return status;
}

static bool came_equal(int64_t came, int64_t stored)
{
    return came == DH_TIME_NONE || came == stored;
}

/* A term of the incoming record that did not come, or is the stored one. */
static bool term_equal(struct put *put, enum dh_column c)
{
    const struct dh_sq_values *values = &put->in->values;
    uint32_t id = 0;
    if (!values->counts[c])
        return true;
    return dh_sq_intern_term(put->w, c, values->terms[c], &id, NULL) == DH_OK &&
           id == dh_sq_row_term(&put->w->other, c);
}

/* The usual case of a repeated import, told without parsing the stored text. */
static bool unchanged(struct put *put, struct dh_str hash)
{
    const struct dh_sq_prepared *in = put->in;
    const struct dh_sq_row *old = &put->w->other;
    if (hash.len != sizeof(in->hash) || memcmp(hash.ptr, in->hash, sizeof(in->hash)) != 0)
        return false;
    for (int i = 0; i < DH_COUNT__N; i++)
        if (in->record.counts[i] >= 0 && in->record.counts[i] != old->came[i])
            return false;
    return came_equal(in->created, old->numbers[DH_COLUMN_CREATED]) &&
           came_equal(in->registered, old->numbers[DH_COLUMN_REGISTERED]) &&
           came_equal(in->updated, old->numbers[DH_COLUMN_UPDATED]) &&
           term_equal(put, DH_COLUMN_CLIENT) && term_equal(put, DH_COLUMN_PROVIDER) &&
           (in->state == DH_STATE__N || term_equal(put, DH_COLUMN_STATE));
}

static enum dh_status update(struct put *put, enum dh_change *change)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&put->w->conn, DH_SQL_BODY, &sql, put->err, "i", put->old);
    if (!status)
        status = dh_sq_step(&put->w->conn, sql, put->err);
    if (status == DH_DONE)
        return dh_fail(put->err, DH_CORRUPT, "a record has lost its text");
    if (status)
        return status;
    struct dh_str hash = dh_sq_bytes(sql, 0), z = dh_sq_bytes(sql, 1);
    *change = DH_CHANGE_NONE;
    bool same = unchanged(put, hash);
    hash = dh_arena_copy(&put->w->arena, hash);
    z = dh_arena_copy(&put->w->arena, z);
    dh_sq_reset(sql);
    if (same)
        return DH_OK;
    if (!hash.ptr || !z.ptr)
        return dh_fail(put->err, DH_MEMORY, "out of memory");
    if (hash.len != sizeof(put->in->hash))
        return dh_fail(put->err, DH_CORRUPT, "a record's hash is damaged");
    return merge(put, hash, z, change);
}

/* Finds the card of the DOI; its row is unpacked into w->other. */
static enum dh_status find_old(struct put *put)
{
    struct dh_sq_writer *w = put->w;
    sqlite3_stmt *sql;
    enum dh_status status =
        dh_sq_query(&w->conn, DH_SQL_CARD_OF_NAME, &sql, put->err, "i", put->name);
    if (!status)
        status = dh_sq_step(&w->conn, sql, put->err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    put->old = sqlite3_column_int64(sql, 0);
    status = dh_sq_row_unpack(&w->other, dh_sq_bytes(sql, 1), put->err);
    w->other.doi = put->in->record.doi;
    dh_sq_reset(sql);
    return status;
}

/*
 * A count that is the one shown, where none had come before, is the store's own come back (from an
 * export): it stays the store's to keep up to date, and so does the series of citations.
 */
static void disown_counts(struct put *put)
{
    int64_t *counts = put->in->record.counts;
    const struct dh_sq_row *old = &put->w->other;
    enum dh_attribute series = DH_ATTR_CITATIONS_OVER_TIME;
    for (int i = 0; i < DH_COUNT__N; i++) {
        if (!put->old || old->came[i] >= 0 || counts[i] != old->local[i])
            continue;
        counts[i] = -1;
        if (i == DH_COUNT_CITATION)
            put->in->came[series / 64] &= ~(UINT64_C(1) << (series % 64));
    }
}

enum dh_status dh_sq_put(struct dh_store *base, struct dh_prepared *prepared,
                         enum dh_change *change, struct dh_err *err)
{
    struct put put = {.store = dh_sq_store(base),
                      .w = dh_sq_store(base)->writer,
                      .in = (struct dh_sq_prepared *)prepared,
                      .err = err};
    dh_arena_clear(&put.w->arena);
    enum dh_status status = dh_sq_prepared_press(prepared, err);
    if (!status)
        status = dh_sq_intern_doi(put.w, put.in->record.doi, put.in->doi_hash, &put.name,
                                  &put.fresh, err);
    if (!status && !put.fresh)
        status = find_old(&put);
    if (!status)
        disown_counts(&put);
    *change = DH_CHANGE_CREATED;
    if (!status)
        status = put.old ? update(&put, change) : create(&put);
    dh_sq_prepared_free(prepared);
    return status;
}
