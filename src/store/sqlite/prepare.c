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

void dh_sq_prepared_strip(struct dh_sq_prepared *p)
{
    for (int a = 0; a < DH_ATTR__N; a++)
        if (!(p->came[a / 64] >> (a % 64) & 1))
            json_object_object_del(p->record.attributes, dh_attributes[a].name);
    p->record.state = p->state;
    p->record.created = p->created;
    p->record.registered = p->registered;
    p->record.updated = p->updated;
}

enum dh_status dh_sq_prepare_whole(struct dh_sq_store *store, struct dh_sq_prepared *p,
                                   struct dh_err *err)
{
    struct dh_buf text;
    struct dh_hash hash = dh_record_hash(&p->record);
    dh_buf_init(&text, (size_t)DH_RECORD_MAX * 2);
    dh_wire_write(&p->record, &text);
    enum dh_status status = DH_OK;
    if (text.status)
        status =
            dh_fail(err, text.status, "the record %.*s is too large", DH_STR_ARG(p->record.doi));
    else
        status = dh_sq_body_pack(&store->codec, dh_buf_view(&text), &p->z, err);
    XXH64_hash_t bytes = XXH3_64bits(text.ptr ? text.ptr : "", text.len);
    memcpy(p->hash, &hash, sizeof(hash));
    memcpy(p->hash + sizeof(hash), &bytes, sizeof(bytes));
    dh_buf_release(&text);
    p->doi_hash = dh_sq_doi_hash(p->record.doi);
    if (!status)
        status = dh_sq_values_read(&p->record, &p->values, &p->arena, err);
    return status ? status : dh_sq_entries_make(&p->record, &p->entries, &p->arena, err);
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
    dh_arena_init(&p->arena, DH_ARENA_MAX);
    dh_buf_init(&p->z, (size_t)DH_RECORD_MAX * 2);
    dh_buf_init(&p->entries, SIZE_MAX);
    note_attributes(p);
    p->state = p->record.state;
    p->created = p->record.created;
    p->registered = p->record.registered;
    p->updated = p->record.updated;
    enum dh_status status = dh_record_complete(&p->record, err);
    if (!status)
        status = dh_sq_prepare_whole(dh_sq_store(base), p, err);
    if (status) {
        dh_sq_prepared_free(&p->base);
        return status;
    }
    *out = &p->base;
    return DH_OK;
}

void dh_sq_prepared_free(struct dh_prepared *base)
{
    struct dh_sq_prepared *p = (struct dh_sq_prepared *)base;
    dh_record_release(&p->record);
    dh_buf_release(&p->z);
    dh_buf_release(&p->entries);
    dh_arena_release(&p->arena);
    free(p);
}
