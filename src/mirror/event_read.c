#include "mirror/event_read.h"

enum { SPELLINGS = 3 };
typedef const char *const spelt[SPELLINGS];

static const spelt subj_id = {"subjId", "subj-id", "subj_id"};
static const spelt obj_id = {"objId", "obj-id", "obj_id"};
static const spelt relation_type_id = {"relationTypeId", "relation-type-id", "relation_type_id"};
static const spelt source_id = {"sourceId", "source-id", "source_id"};
static const spelt source_token = {"sourceToken", "source-token", "source_token"};
static const spelt message_action = {"messageAction", "message-action", "message_action"};
static const spelt occurred_at = {"occurredAt", "occurred-at", "occurred_at"};
static const spelt license = {"license", "license", "license"};
static const spelt timestamp = {"timestamp", "timestamp", "timestamp"};

static struct dh_str text_of(struct json_object *attributes, const spelt names)
{
    struct dh_str text = DH_STR_NONE;
    for (int i = 0; i < SPELLINGS && !text.ptr; i++)
        text = dh_json_member(attributes, names[i]);
    return dh_str_trim(text);
}

static int64_t time_of(struct json_object *attributes, const spelt names)
{
    int64_t time = DH_TIME_NONE;
    dh_time_parse(text_of(attributes, names), &time);
    return time;
}

/* The DOI, or the URL as it is. */
static struct dh_str side_of(struct json_object *attributes, const spelt names,
                             struct dh_arena *arena)
{
    struct dh_str text = text_of(attributes, names);
    struct dh_str doi = dh_doi_parse(arena, text);
    return doi.ptr ? doi : dh_arena_copy(arena, text);
}

static struct dh_str relation_of(struct json_object *attributes, struct dh_arena *arena)
{
    struct dh_str text = text_of(attributes, relation_type_id);
    size_t type = dh_relation_find(text);
    if (type < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        return dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, type));
    return dh_arena_copy(arena, text);
}

static int64_t total_of(struct json_object *attributes)
{
    struct json_object *total = dh_json_get(attributes, "total");
    return json_object_is_type(total, json_type_int) ? json_object_get_int64(total) : 1;
}

enum dh_status dh_event_read(struct json_object *resource, struct dh_event_in *out,
                             struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *attributes = dh_json_get(resource, "attributes");
    struct dh_str id = dh_json_member(resource, "id");
    *out = (struct dh_event_in){
        .uuid = dh_arena_lower(arena, id.ptr ? id : dh_json_member(attributes, "uuid")),
        .subject = side_of(attributes, subj_id, arena),
        .object = side_of(attributes, obj_id, arena),
        .relation = relation_of(attributes, arena),
        .source = dh_arena_copy(arena, text_of(attributes, source_id)),
        .license = dh_arena_copy(arena, text_of(attributes, license)),
        .action = dh_arena_copy(arena, text_of(attributes, message_action)),
        .token = dh_arena_copy(arena, text_of(attributes, source_token)),
        .total = total_of(attributes),
        .occurred = time_of(attributes, occurred_at),
        .updated = time_of(attributes, timestamp),
    };
    if (out->updated == DH_TIME_NONE)
        out->updated = out->occurred;
    const struct {
        const char *name;
        struct dh_str value;
    } needed[] = {{"id", out->uuid},
                  {"subjId", out->subject},
                  {"objId", out->object},
                  {"relationTypeId", out->relation},
                  {"sourceId", out->source}};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!needed[i].value.len) {
            dh_fail(err, DH_INVALID, "the event has no %s", needed[i].name);
            dh_err_field(err, dh_str(needed[i].name));
            return DH_INVALID;
        }
    return DH_OK;
}
