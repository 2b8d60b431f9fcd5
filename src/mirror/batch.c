#include "mirror/batch.h"

#include <stdlib.h>

#include "base/limits.h"
#include "mirror/event_read.h"

/* Types of JSON:API resources that the API gives out, and what becomes of them here. */
static const struct {
    const char *type;
    enum dh_value_kind kind;
} types[] = {
    {"dois", DH_VALUE_RECORD},
    {"providers", DH_VALUE_ACCOUNT},
    {"clients", DH_VALUE_ACCOUNT},
    {"repositories", DH_VALUE_ACCOUNT},
    {"prefixes", DH_VALUE_PREFIX},
    {"activities", DH_VALUE_PASSED},
    {"client-prefixes", DH_VALUE_PASSED},
    {"contacts", DH_VALUE_PASSED},
    {"enrichments", DH_VALUE_PASSED},
    {"events", DH_VALUE_EVENT},
    {"media", DH_VALUE_PASSED},
    {"metadata", DH_VALUE_PASSED},
    {"objects", DH_VALUE_PASSED},
    {"provider-prefixes", DH_VALUE_PASSED},
    {"reports", DH_VALUE_PASSED},
    {"repository-prefixes", DH_VALUE_PASSED},
    {"resource-types", DH_VALUE_PASSED},
};

struct dh_batch *dh_batch_new(void)
{
    struct dh_batch *batch = calloc(1, sizeof(*batch));
    if (!batch)
        return NULL;
    dh_buf_init(&batch->text, SIZE_MAX);
    dh_buf_reserve(&batch->text, DH_BATCH_BYTES + DH_BATCH_BYTES / 8); /* the last may go beyond */
    dh_arena_init(&batch->arena, DH_ARENA_MAX);
    return batch;
}

static void release_value(struct dh_value *value)
{
    dh_prepared_free(value->prepared);
    json_object_put(value->account.attributes);
}

void dh_batch_free(struct dh_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->count; i++)
        release_value(&batch->values[i]);
    dh_buf_release(&batch->text);
    dh_arena_release(&batch->arena);
    free(batch);
}

/* The origin with a name that lives as long as the batch. */
static enum dh_status keep_origin(struct dh_batch *batch, const struct dh_origin *from,
                                  struct dh_origin *to, struct dh_err *err)
{
    if (!batch->file || strcmp(batch->file, from->file) != 0)
        batch->file = dh_arena_copy(&batch->arena, dh_str(from->file)).ptr;
    *to = *from;
    to->file = batch->file;
    return to->file ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_batch_add(struct dh_batch *batch, const struct dh_cut *cut,
                            const struct dh_origin *origin, struct dh_err *err)
{
    struct dh_value value = {
        .at = batch->text.len,
        .len = cut->text.len,
        .line = cut->line,
        .byte = cut->byte,
        .fault = cut->fault,
        .fault_byte = cut->fault_byte,
        .status = cut->status,
    };
    enum dh_status status = keep_origin(batch, origin, &value.origin, err);
    if (status)
        return status;
    dh_buf_str(&batch->text, cut->text);
    batch->values[batch->count++] = value;
    return batch->text.status ? dh_fail(err, batch->text.status, "out of memory") : DH_OK;
}

enum dh_status dh_batch_add_fault(struct dh_batch *batch, const struct dh_cut *cut,
                                  const struct dh_origin *origin, const struct dh_err *fault,
                                  struct dh_err *err)
{
    struct dh_str text = dh_arena_copy(&batch->arena, dh_str(fault->text));
    if (!text.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    struct dh_cut broken = *cut;
    broken.text = DH_STR_NONE;
    broken.fault = text.ptr;
    broken.status = fault->code;
    return dh_batch_add(batch, &broken, origin, err);
}

enum dh_status dh_batch_add_end(struct dh_batch *batch, const struct dh_origin *origin,
                                const struct dh_member_end *end, struct dh_err *err)
{
    struct dh_value value = {.at = batch->text.len, .kind = DH_VALUE_MEMBER};
    struct dh_member_end *copy = dh_arena_alloc(&batch->arena, sizeof(*copy));
    enum dh_status status = keep_origin(batch, origin, &value.origin, err);
    if (!copy || status)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *copy = *end;
    value.end = copy;
    batch->values[batch->count++] = value;
    return DH_OK;
}

/* What a worker has. */
struct work {
    struct dh_batch *batch;
    struct dh_store *store;
    struct dh_trial *trial; /* NULL: every record passes */
};

static enum dh_status read_record(const struct work *work, struct dh_value *value,
                                  struct json_object *json, struct dh_err *err)
{
    struct dh_batch *batch = work->batch;
    bool passes = true;
    struct dh_record record;
    struct dh_repairs repairs = {0};
    dh_record_init(&record);
    enum dh_status status = dh_record_take(json, &record, &repairs, err);
    value->state = record.state < DH_STATE__N ? record.state : DH_STATE_FINDABLE;
    if (!status && work->trial)
        status = dh_trial_try(work->trial, &record, &passes, err);
    if (!passes)
        value->kind = DH_VALUE_LEFT;
    else if (!status)
        status = dh_prepare(work->store, &record, &value->prepared, err);
    dh_record_release(&record);
    if (!status && passes && repairs.count)
        value->repairs = dh_arena_copy(&batch->arena, dh_str(repairs.text)).ptr;
    return status;
}

/* "10." and digits or dots: what stands before the slash of a DOI. */
static bool is_prefix(struct dh_str text)
{
    size_t i = 3;
    if (text.len < 5 || !dh_str_starts(text, DH_STR("10.")))
        return false;
    while (i < text.len && ((text.ptr[i] >= '0' && text.ptr[i] <= '9') || text.ptr[i] == '.'))
        i++;
    return i == text.len;
}

static enum dh_status read_prefix(struct dh_batch *batch, struct dh_value *value,
                                  struct json_object *json, struct dh_err *err)
{
    struct json_object *attributes = dh_json_get(json, "attributes");
    struct dh_str name = dh_json_member(attributes, "prefix");
    if (!name.ptr)
        name = dh_json_member(json, "id");
    if (!is_prefix(name)) {
        dh_fail(err, DH_INVALID, "not a prefix: %.*s", (int)(name.len < 100 ? name.len : 100),
                name.ptr ? name.ptr : "");
        dh_err_field(err, DH_STR("prefix"));
        return DH_INVALID;
    }
    value->created = DH_TIME_NONE;
    dh_time_parse(dh_json_member(attributes, "createdAt"), &value->created);
    value->prefix = dh_arena_copy(&batch->arena, name);
    return value->prefix.ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

/* By the `type`; anything else is a record when it has a DOI, which dh_record_take sees to. */
static void classify(struct dh_value *value, struct json_object *json)
{
    struct dh_str type = dh_json_member(json, "type");
    value->kind = DH_VALUE_RECORD;
    for (size_t i = 0; type.ptr && i < sizeof(types) / sizeof(types[0]); i++)
        if (dh_str_equal(type, dh_str(types[i].type))) {
            value->kind = types[i].kind;
            value->type = types[i].type;
        }
}

static enum dh_status read_value(const struct work *work, struct dh_value *value,
                                 struct json_object *json, struct dh_err *err)
{
    struct dh_arena *arena = &work->batch->arena;
    if (!json_object_is_type(json, json_type_object))
        return dh_fail(err, DH_INVALID, "a record must be a JSON object");
    classify(value, json);
    switch (value->kind) {
    case DH_VALUE_RECORD:
        return read_record(work, value, json, err);
    case DH_VALUE_ACCOUNT:
        return dh_account_read(json, &value->account, &value->prefixes, &value->prefix_count, arena,
                               err);
    case DH_VALUE_EVENT:
        return dh_event_read(json, &value->event, arena, err);
    case DH_VALUE_PREFIX:
        return read_prefix(work->batch, value, json, err);
    default:
        return DH_OK;
    }
}

static void refuse(struct dh_batch *batch, struct dh_value *value, const struct dh_err *err)
{
    value->kind = DH_VALUE_BAD;
    value->err = dh_arena_alloc(&batch->arena, sizeof(*err));
    if (value->err)
        *value->err = *err;
}

static void parse_value(const struct work *work, struct dh_value *value)
{
    struct dh_batch *batch = work->batch;
    struct dh_err err = {0};
    if (value->fault) {
        dh_fail(&err, value->status, "%s", value->fault);
        refuse(batch, value, &err);
        return;
    }
    struct json_object *json = NULL;
    struct dh_str text = {batch->text.ptr + value->at, value->len};
    enum dh_status status = dh_json_parse(text, &json, &err);
    if (!status)
        status = read_value(work, value, json, &err);
    json_object_put(json);
    if (!status)
        return;
    err.code = status;
    value->fault_byte = value->byte + (err.pos < value->len ? err.pos : value->len);
    refuse(batch, value, &err);
}

static void press(struct dh_batch *batch, struct dh_value *value)
{
    struct dh_err err = {0};
    if (!value->prepared || dh_prepared_press(value->prepared, &err) == DH_OK)
        return;
    dh_prepared_free(value->prepared);
    value->prepared = NULL;
    refuse(batch, value, &err);
}

void dh_batch_read(struct dh_batch *batch, struct dh_store *store, struct dh_trial *trial)
{
    const struct work work = {batch, store, trial};
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->values[i].end)
            parse_value(&work, &batch->values[i]);
    for (size_t i = 0; i < batch->count; i++)
        press(batch, &batch->values[i]);
    dh_buf_release(&batch->text);
}
