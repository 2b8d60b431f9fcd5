/* Facet titles that no column holds: the names of people and funders, as a sample hit writes them.
 */
#include "api/facets.h"

/* One attribute of the sample hit as JSON, or NULL; the caller's to put. */
static struct json_object *sample_value(const struct dh_hit *hit, enum dh_attribute attribute)
{
    struct json_object *value = NULL;
    struct dh_str text = dh_wire_value(&hit->wire, attribute, DH_FORM_PLAIN);
    if (!text.len || dh_json_parse(text, &value, NULL))
        return NULL;
    return value;
}

static bool read_sample(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                        struct dh_hit *hit)
{
    struct dh_call *call = view->call;
    return dh_store_read(call->reader, bucket->sample, hit, call->arena, &call->err) == DH_OK;
}

static size_t length(struct json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

static bool has_identifier(struct json_object *person, struct dh_str id)
{
    struct json_object *ids = dh_json_get(person, "nameIdentifiers");
    for (size_t i = 0; i < length(ids); i++)
        if (dh_str_equal(dh_json_member(json_object_array_get_idx(ids, i), "nameIdentifier"), id))
            return true;
    return false;
}

/* The name of the first person of the list who has the identifier; the arena's, or ptr NULL. */
static struct dh_str person_name(const struct dh_hit *hit, enum dh_attribute list, struct dh_str id,
                                 struct dh_arena *arena)
{
    struct json_object *people = sample_value(hit, list);
    struct dh_str name = DH_STR_NONE;
    for (size_t i = 0; !name.ptr && i < length(people); i++) {
        struct json_object *person = json_object_array_get_idx(people, i);
        if (has_identifier(person, id))
            name = dh_json_member(person, "name");
    }
    name = name.ptr ? dh_arena_copy(arena, name) : name;
    json_object_put(people);
    return name;
}

static bool show_name(const struct dh_bucket *bucket, struct dh_str name,
                      struct dh_shown_bucket *out)
{
    *out = (struct dh_shown_bucket){.id = bucket->key, .title = name, .count = bucket->count};
    return name.ptr != NULL;
}

bool dh_label_creator(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                      struct dh_shown_bucket *out)
{
    struct dh_hit hit;
    if (!read_sample(view, bucket, &hit))
        return false;
    return show_name(bucket, person_name(&hit, DH_ATTR_CREATORS, bucket->key, view->call->arena),
                     out);
}

bool dh_label_person(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                     struct dh_shown_bucket *out)
{
    struct dh_hit hit;
    if (!read_sample(view, bucket, &hit))
        return false;
    struct dh_arena *arena = view->call->arena;
    struct dh_str name = person_name(&hit, DH_ATTR_CREATORS, bucket->key, arena);
    if (!name.ptr)
        name = person_name(&hit, DH_ATTR_CONTRIBUTORS, bucket->key, arena);
    return show_name(bucket, name, out);
}

/* Buckets hold the identifier in lower case; like upstream, an entry that writes it otherwise names
 * none. */
bool dh_label_funder(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                     struct dh_shown_bucket *out)
{
    struct dh_hit hit;
    if (!read_sample(view, bucket, &hit))
        return false;
    struct json_object *funders = sample_value(&hit, DH_ATTR_FUNDING_REFERENCES);
    struct dh_str name = DH_STR_NONE;
    for (size_t i = 0; !name.ptr && i < length(funders); i++) {
        struct json_object *funder = json_object_array_get_idx(funders, i);
        if (dh_str_equal(dh_json_member(funder, "funderIdentifier"), bucket->key))
            name = dh_json_member(funder, "funderName");
    }
    name = name.ptr ? dh_arena_copy(view->call->arena, name) : name;
    json_object_put(funders);
    return show_name(bucket, name, out);
}
