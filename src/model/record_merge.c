/* Overlaying what came on what is stored: absent changes nothing, a poorer form loses nothing. */
#include "base/limits.h"
#include "model/record_parts.h"

static struct json_object *get(const struct dh_record *record, enum dh_attribute a)
{
    return dh_json_get(record->attributes, dh_attributes[a].name);
}

static bool came(const struct dh_record *record, enum dh_attribute a)
{
    return dh_json_has(record->attributes, dh_attributes[a].name);
}

/* The next item of a list that has a name; NULL at the end. */
static struct json_object *next_named(struct json_object *list, size_t *at)
{
    while (*at < json_object_array_length(list)) {
        struct json_object *item = json_object_array_get_idx(list, (*at)++);
        if (dh_json_member(item, "name").ptr)
            return item;
    }
    return NULL;
}

/* Equal when shown as names only; items without a name are not shown then. */
static bool same_names(struct json_object *a, struct json_object *b)
{
    size_t i = 0, k = 0;
    bool arrays =
        json_object_is_type(a, json_type_array) && json_object_is_type(b, json_type_array);
    while (arrays) {
        struct json_object *x = next_named(a, &i), *y = next_named(b, &k);
        if (!x || !y)
            return !x && !y;
        if (!dh_str_equal(dh_json_member(x, "name"), dh_json_member(y, "name")))
            return false;
    }
    return false;
}

/* The stored person of the same name, looked for from *hint on and around. */
static struct json_object *same_person(struct json_object *people, struct dh_str name, size_t *hint)
{
    size_t count = json_object_array_length(people);
    for (size_t i = 0; i < count && i < DH_PEOPLE_SEARCH_MAX; i++) {
        size_t at = (*hint + i) % count;
        struct json_object *person = json_object_array_get_idx(people, at);
        if (dh_str_equal(dh_json_member(person, "name"), name)) {
            *hint = at + 1;
            return person;
        }
    }
    return NULL;
}

/* Gives people back the affiliations that the store knows better, in `people`, which is out's own.
 */
static bool enrich(struct json_object *people, struct json_object *stored)
{
    size_t hint = 0;
    if (!json_object_is_type(stored, json_type_array))
        return true;
    for (size_t i = 0; i < json_object_array_length(people); i++) {
        struct json_object *person = json_object_array_get_idx(people, i);
        struct dh_str name = dh_json_member(person, "name");
        struct json_object *known = name.ptr ? same_person(stored, name, &hint) : NULL;
        struct json_object *rich = dh_json_get(known, "affiliation");
        if (!rich || !same_names(dh_json_get(person, "affiliation"), rich))
            continue;
        struct json_object *copy = dh_tree_copy(rich);
        if (!copy || json_object_object_add(person, "affiliation", copy) != 0) {
            json_object_put(copy);
            return false;
        }
    }
    return true;
}

static bool keeps_publisher(const struct dh_record *old, const struct dh_record *incoming)
{
    struct dh_str name = dh_json_member(get(incoming, DH_ATTR_PUBLISHER), "name");
    struct dh_str stored = dh_json_member(get(old, DH_ATTR_PUBLISHER), "name");
    return incoming->poor_publisher && stored.ptr && dh_str_equal(name, stored);
}

static bool overlay(const struct dh_record *old, const struct dh_record *incoming,
                    enum dh_attribute a, struct json_object *out)
{
    if (a == DH_ATTR_PUBLISHER && keeps_publisher(old, incoming))
        return true;
    struct json_object *value = get(incoming, a), *copy = dh_tree_copy(value);
    if (value && !copy)
        return false;
    bool people = a == DH_ATTR_CREATORS || a == DH_ATTR_CONTRIBUTORS;
    bool done = !people || !incoming->poor_affiliation || enrich(copy, get(old, a));
    if (done && dh_attribute_set(out, a, copy, false))
        return true;
    json_object_put(copy);
    return false;
}

static void forget(struct json_object *attributes, enum dh_attribute a)
{
    json_object_object_del(attributes, dh_attributes[a].name);
}

/* Derived values whose ground may have changed are derived anew. */
static void forget_derived(const struct dh_record *old, const struct dh_record *incoming,
                           struct json_object *out)
{
    struct json_object *container = dh_container_derive(old->attributes);
    if (container && !came(incoming, DH_ATTR_CONTAINER))
        forget(out, DH_ATTR_CONTAINER);
    json_object_put(container);
    bool dated = came(incoming, DH_ATTR_DATES) || came(incoming, DH_ATTR_PUBLICATION_YEAR);
    if (dated && !came(incoming, DH_ATTR_PUBLISHED))
        forget(out, DH_ATTR_PUBLISHED);
    if (incoming->state != DH_STATE__N && !came(incoming, DH_ATTR_IS_ACTIVE))
        forget(out, DH_ATTR_IS_ACTIVE);
}

static int64_t time_of(int64_t incoming, int64_t old)
{
    return incoming != DH_TIME_NONE ? incoming : old;
}

/* A provider that was known by the old client alone says nothing about the new one. */
static bool merge_accounts(const struct dh_record *old, const struct dh_record *incoming,
                           struct dh_record *out)
{
    bool moved = incoming->client.len && !dh_str_equal(incoming->client, old->client);
    struct dh_str provider = moved ? DH_STR_NONE : old->provider;
    return dh_record_set(&out->doi, old->doi, true) &&
           dh_record_set(&out->client, incoming->client.len ? incoming->client : old->client,
                         true) &&
           dh_record_set(&out->provider, incoming->provider.len ? incoming->provider : provider,
                         true);
}

static bool merge(const struct dh_record *old, const struct dh_record *incoming,
                  struct dh_record *out)
{
    out->attributes = dh_tree_copy(old->attributes);
    if (!out->attributes || !merge_accounts(old, incoming, out))
        return false;
    out->state = incoming->state != DH_STATE__N ? incoming->state : dh_record_state(old);
    out->created = time_of(incoming->created, old->created);
    out->registered = time_of(incoming->registered, old->registered);
    out->updated = time_of(incoming->updated, old->updated);
    for (size_t i = 0; i < DH_COUNT__N; i++)
        out->counts[i] = incoming->counts[i] >= 0 ? incoming->counts[i] : old->counts[i];
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++)
        if (dh_attribute_in_tree(a) && a != DH_ATTR_STATE && came(incoming, a) &&
            !overlay(old, incoming, a, out->attributes))
            return false;
    forget_derived(old, incoming, out->attributes);
    return true;
}

enum dh_status dh_record_merge(const struct dh_record *old, const struct dh_record *incoming,
                               struct dh_record *out, struct dh_err *err)
{
    dh_record_init(out);
    enum dh_status status = merge(old, incoming, out) ? dh_record_complete(out, err)
                                                      : dh_fail(err, DH_MEMORY, "out of memory");
    if (status)
        dh_record_release(out);
    return status;
}
