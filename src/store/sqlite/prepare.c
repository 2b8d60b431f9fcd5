#include <stdlib.h>

#include "store/sqlite/index.h"
#include "store/sqlite/writer.h"

static void note_attributes(struct dh_sq_prepared *p)
{
    json_object_object_foreach(p->record.attributes, key, value)
    {
        (void)value;
        enum dh_attribute a = dh_attribute_find(dh_str(key));
        if (a < DH_ATTR__N)
            p->came[a / 64] |= UINT64_C(1) << (a % 64);
    }
}

enum dh_status dh_sq_prepared_strip(struct dh_sq_store *store, struct dh_sq_prepared *p,
                                    struct dh_err *err)
{
    struct dh_wire wire;
    struct dh_str text;
    struct dh_record whole;
    enum dh_status status = dh_sq_body_unpack(&store->codec, store->writer->zstd, p->z, &text,
                                              &store->writer->arena, err);
    if (!status)
        status = dh_wire_open(text, &wire, err);
    if (!status)
        status = dh_wire_read(&wire, &whole, err);
    if (status)
        return status;
    p->record.attributes = whole.attributes;
    whole.attributes = NULL;
    dh_record_release(&whole);
    for (int a = 0; a < DH_ATTR__N; a++)
        if (!(p->came[a / 64] >> (a % 64) & 1))
            json_object_object_del(p->record.attributes, dh_attributes[a].name);
    p->record.state = p->state;
    p->record.created = p->created;
    p->record.registered = p->registered;
    p->record.updated = p->updated;
    return DH_OK;
}

/* ---- what is kept until the put --------------------------------------------------------------- */

/* The bytes of all that the values point to. */
static size_t values_size(const struct dh_sq_values *values)
{
    size_t size = values->related_count * sizeof(*values->related) + values->title.len;
    for (size_t i = 0; i < values->related_count; i++)
        size += values->related[i].doi.len;
    for (int c = 0; c < DH_COLUMN__N; c++) {
        size += values->counts[c] * sizeof(*values->terms[c]);
        for (uint32_t i = 0; i < values->counts[c]; i++)
            size += values->terms[c][i].value.len;
    }
    return size;
}

static void *move(char **at, const void *from, size_t size)
{
    void *to = *at;
    if (size)
        memcpy(to, from, size);
    *at += size;
    return to;
}

static void move_str(char **at, struct dh_str *s)
{
    if (s->ptr)
        s->ptr = move(at, s->ptr, s->len);
}

static struct dh_str own(const struct dh_buf *bytes)
{
    return (struct dh_str){dh_str_dup(dh_buf_view(bytes)), bytes->len};
}

/* Copies what lies in the scratch into a block of the record's own: rows first, then bytes. */
static enum dh_status keep(struct dh_sq_prepared *p, const struct dh_sq_scratch *scratch,
                           struct dh_err *err)
{
    struct dh_sq_values *values = &p->values;
    char *at = p->block = malloc(values_size(values) + scratch->entries.len + 1);
    p->text = own(&scratch->text);
    if (!at || !p->text.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (int c = 0; c < DH_COLUMN__N; c++)
        values->terms[c] =
            move(&at, values->terms[c], values->counts[c] * sizeof(*values->terms[c]));
    values->related = move(&at, values->related, values->related_count * sizeof(*values->related));
    for (int c = 0; c < DH_COLUMN__N; c++)
        for (uint32_t i = 0; i < values->counts[c]; i++)
            move_str(&at, &values->terms[c][i].value);
    for (size_t i = 0; i < values->related_count; i++)
        move_str(&at, &values->related[i].doi);
    move_str(&at, &values->title);
    p->entries = dh_buf_view(&scratch->entries);
    move_str(&at, &p->entries);
    return DH_OK;
}

/* ---- preparing -------------------------------------------------------------------------------- */

/* The text of the record and its hashes. */
static enum dh_status write_text(struct dh_sq_prepared *p, struct dh_sq_scratch *scratch,
                                 struct dh_err *err)
{
    struct dh_wire wire;
    dh_wire_write(&p->record, &scratch->text);
    struct dh_str text = dh_buf_view(&scratch->text);
    if (scratch->text.status)
        return dh_fail(err, scratch->text.status, "the record %.*s is too large",
                       DH_STR_ARG(p->record.doi));
    enum dh_status status = dh_wire_open(text, &wire, err);
    if (status)
        return status;
    struct dh_hash hash = dh_wire_hash(&wire, &p->record);
    XXH64_hash_t bytes = XXH3_64bits(text.ptr ? text.ptr : "", text.len);
    memcpy(p->hash, &hash, sizeof(hash));
    memcpy(p->hash + sizeof(hash), &bytes, sizeof(bytes));
    return DH_OK;
}

enum dh_status dh_sq_prepare_whole(struct dh_sq_store *store, struct dh_sq_prepared *p,
                                   struct dh_err *err)
{
    struct dh_sq_scratch *scratch = dh_sq_scratch_take(&store->codec.scratches);
    if (!scratch)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = write_text(p, scratch, err);
    p->doi_hash = dh_sq_doi_hash(p->record.doi);
    if (!status)
        status = dh_sq_values_read(&p->record, &p->values, &scratch->arena, err);
    if (!status)
        status = dh_sq_entries_make(scratch->making, &p->record, &scratch->entries, &scratch->arena,
                                    err);
    if (!status)
        status = keep(p, scratch, err);
    dh_sq_scratch_give(&store->codec.scratches, scratch);
    return status;
}

enum dh_status dh_sq_prepare(struct dh_store *base, struct dh_record *record,
                             struct dh_prepared **out, struct dh_err *err)
{
    if (!record->doi.len || !record->attributes)
        return dh_fail(err, DH_INVALID, "a record without a DOI cannot be stored");
    if (record->doi.len > DH_DOI_MAX)
        return dh_fail(err, DH_LIMIT, "a DOI of more than %d bytes cannot be stored", DH_DOI_MAX);
    struct dh_sq_prepared *p = calloc(1, sizeof(*p));
    if (!p)
        return dh_fail(err, DH_MEMORY, "out of memory");
    p->base.store = base;
    p->record = *record;
    dh_record_init(record);
    note_attributes(p);
    p->state = p->record.state;
    p->created = p->record.created;
    p->registered = p->record.registered;
    p->updated = p->record.updated;
    enum dh_status status = dh_record_complete(&p->record, err);
    if (!status)
        status = dh_sq_prepare_whole(dh_sq_store(base), p, err);
    /* Few records are merged; those read their tree again. It is dear to free on another thread. */
    json_object_put(p->record.attributes);
    p->record.attributes = NULL;
    if (status) {
        dh_sq_prepared_free(&p->base);
        return status;
    }
    *out = &p->base;
    return DH_OK;
}

static void drop(struct dh_str *bytes)
{
    free((char *)(uintptr_t)bytes->ptr);
    *bytes = DH_STR_NONE;
}

enum dh_status dh_sq_prepared_press(struct dh_prepared *base, struct dh_err *err)
{
    struct dh_sq_prepared *p = (struct dh_sq_prepared *)base;
    struct dh_sq_codec *codec = &dh_sq_store(base->store)->codec;
    if (p->z.ptr)
        return DH_OK;
    struct dh_sq_scratch *scratch = dh_sq_scratch_take(&codec->scratches);
    if (!scratch)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_sq_body_press(codec, scratch->zstd, p->text, &scratch->z, err);
    if (!status && !(p->z = own(&scratch->z)).ptr)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status)
        drop(&p->text);
    dh_sq_scratch_give(&codec->scratches, scratch);
    return status;
}

void dh_sq_prepared_release(struct dh_sq_prepared *p)
{
    dh_record_release(&p->record);
    drop(&p->text);
    drop(&p->z);
    free(p->block);
}

void dh_sq_prepared_free(struct dh_prepared *base)
{
    struct dh_sq_prepared *p = (struct dh_sq_prepared *)base;
    dh_sq_prepared_release(p);
    free(p);
}
