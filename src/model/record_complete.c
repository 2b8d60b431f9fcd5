/* Making a partial record whole: what is absent gets its empty form or is derived. */
#include "base/limits.h"
#include "model/record_parts.h"

#define SCHEMA_VERSION "http://datacite.org/schema/kernel-4"

static const char *name_of(enum dh_attribute a)
{
    return dh_attributes[a].name;
}

/* Takes over `value`, which is NULL for the JSON null; `needed` tells that NULL means out of
 * memory. */
static bool set(struct json_object *attributes, enum dh_attribute a, struct json_object *value,
                bool needed)
{
    if ((value || !needed) && dh_attribute_set(attributes, a, value, false))
        return true;
    json_object_put(value);
    return false;
}

/* The empty form of an attribute that did not come. */
static bool set_empty(struct json_object *attributes, enum dh_attribute a)
{
    switch (dh_attributes[a].shape) {
    case DH_SHAPE_OBJECTS:
    case DH_SHAPE_TEXTS:
        return set(attributes, a, json_object_new_array(), true);
    case DH_SHAPE_OBJECT:
        return set(attributes, a, json_object_new_object(), true);
    case DH_SHAPE_TEXT:
    case DH_SHAPE_INTEGER:
    case DH_SHAPE_OBJECT_NULL:
    case DH_SHAPE_TEXTS_NULL:
        return set(attributes, a, NULL, false);
    default:
        return true;
    }
}

/* Those whose value, when absent, is another than the empty form of their shape. */
static bool set_defaults(struct json_object *attributes, enum dh_doi_state state)
{
    const struct {
        enum dh_attribute attribute;
        bool null_stays;
        struct json_object *value;
    } defaults[] = {
        {DH_ATTR_SCHEMA_VERSION, true, json_object_new_string(SCHEMA_VERSION)},
        {DH_ATTR_METADATA_VERSION, false, json_object_new_int(0)},
        {DH_ATTR_IS_ACTIVE, false, json_object_new_boolean(state == DH_STATE_FINDABLE)},
        {DH_ATTR_AGENCY, false, json_object_new_string("datacite")},
    };
    bool done = true;
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        const char *name = name_of(defaults[i].attribute);
        bool there = dh_json_get(attributes, name) != NULL;
        if (there || (defaults[i].null_stays && dh_json_has(attributes, name)))
            json_object_put(defaults[i].value);
        else
            done &= set(attributes, defaults[i].attribute, defaults[i].value, true);
    }
    return done;
}

/* The DOI in capitals or the URL is no alternate identifier: upstream hides it in every answer. */
static bool says_nothing_new(const struct dh_record *record, struct json_object *identifier)
{
    struct dh_str text = dh_json_member(identifier, "identifier");
    if (!text.len)
        return false;
    if (dh_str_equal(text, dh_json_member(record->attributes, name_of(DH_ATTR_URL))))
        return true;
    if (!dh_str_equal_nocase(text, record->doi))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return false;
    return true;
}

static bool drop_known_identifiers(const struct dh_record *record)
{
    struct json_object *list = dh_json_get(record->attributes, name_of(DH_ATTR_IDENTIFIERS));
    size_t count = json_object_array_length(list), known = 0;
    for (size_t i = 0; i < count; i++)
        known += says_nothing_new(record, json_object_array_get_idx(list, i));
    if (!known)
        return true;
    struct json_object *kept = json_object_new_array();
    for (size_t i = 0; kept && i < count; i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (!says_nothing_new(record, item))
            json_object_array_add(kept, json_object_get(item));
    }
    return set(record->attributes, DH_ATTR_IDENTIFIERS, kept, true);
}

/* A stored container's keys go by length; a derived one keeps the order it was made in. */
static struct json_object *sorted(struct json_object *object)
{
    struct json_object *out = NULL;
    struct dh_buf text;
    dh_buf_init(&text, DH_RECORD_MAX);
    dh_json_write(&text, object, DH_JSON_SORT);
    if (!text.status)
        dh_json_parse(dh_buf_view(&text), &out, NULL);
    dh_buf_release(&text);
    return out;
}

static bool set_container(struct json_object *attributes)
{
    struct json_object *container = dh_container_derive(attributes);
    if (container)
        return set(attributes, DH_ATTR_CONTAINER, container, true);
    struct json_object *stored = dh_json_get(attributes, name_of(DH_ATTR_CONTAINER));
    if (json_object_object_length(stored) < 2)
        return true;
    return set(attributes, DH_ATTR_CONTAINER, sorted(stored), true);
}

static void set_types(struct json_object *attributes)
{
    struct json_object *types = dh_json_get(attributes, name_of(DH_ATTR_TYPES));
    if (json_object_object_length(types)) /* a record without any stays without */
        dh_types_complete(types);
}

static bool set_published(struct json_object *attributes)
{
    return dh_json_get(attributes, name_of(DH_ATTR_PUBLISHED)) ||
           set(attributes, DH_ATTR_PUBLISHED, dh_published_derive(attributes), false);
}

/* Absent times follow from the ones that came, so that every record can be sorted by them. */
static void set_times(struct dh_record *record)
{
    if (record->created == DH_TIME_NONE)
        record->created = record->registered;
    if (record->created == DH_TIME_NONE)
        record->created = record->updated;
    if (record->created == DH_TIME_NONE)
        record->created = dh_time_now() / 1000 * 1000; /* as exact as lists show it */
    if (record->updated == DH_TIME_NONE)
        record->updated =
            record->registered > record->created ? record->registered : record->created;
}

static bool complete(struct dh_record *record)
{
    if (!record->attributes && !(record->attributes = json_object_new_object()))
        return false;
    struct json_object *attributes = record->attributes;
    record->state = dh_record_state(record);
    if (record->state == DH_STATE__N)
        record->state = DH_STATE_FINDABLE;
    bool done =
        set(attributes, DH_ATTR_STATE, json_object_new_string(dh_state_name(record->state)), true);
    done = done && set_defaults(attributes, record->state);
    for (enum dh_attribute a = 0; done && a < DH_ATTR__N; a++)
        if (dh_attribute_in_tree(a) && !dh_json_get(attributes, name_of(a)))
            done = set_empty(attributes, a);
    set_times(record);
    if (!done || !drop_known_identifiers(record))
        return false;
    set_types(attributes);
    return set_container(attributes) && set_published(attributes);
}

enum dh_status dh_record_complete(struct dh_record *record, struct dh_err *err)
{
    return complete(record) ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}
