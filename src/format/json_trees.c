#include "format/json_trees.h"

#include "format/parts.h"

enum dh_status dh_json_tree_write(struct json_object *tree, struct dh_buf *out, struct dh_err *err)
{
    if (!tree)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_json_pretty(out, tree, DH_JSON_PLAIN);
    json_object_put(tree);
    return out->status ? dh_fail(err, out->status, "%s", dh_status_text(out->status)) : DH_OK;
}

struct json_object *dh_tree_of(const struct dh_tree_row *rows, struct json_object *metadata,
                               struct dh_arena *arena)
{
    const struct dh_tree_source source = {metadata, arena};
    struct json_object *tree = json_object_new_object();
    for (; tree && rows->key; rows++)
        dh_put(tree, rows->key, rows->make(&source, rows->from));
    return tree;
}

void dh_array_put(struct json_object *array, struct json_object *value)
{
    if (value && json_object_array_add(array, value))
        json_object_put(value);
}

/* ---- members as they are --------------------------------------------------------------------- */

static struct json_object *string_of(struct dh_str text)
{
    return text.ptr ? dh_json_new_str(text) : NULL;
}

struct json_object *dh_tree_constant(const struct dh_tree_source *source, const char *from)
{
    (void)source;
    return string_of(dh_str(from));
}

struct json_object *dh_tree_member(const struct dh_tree_source *source, const char *from)
{
    return json_object_get(dh_json_get(source->metadata, from));
}

struct json_object *dh_tree_unwrapped(const struct dh_tree_source *source, const char *from)
{
    struct json_object *list = dh_json_get(source->metadata, from);
    if (!json_object_is_type(list, json_type_array))
        return json_object_get(list);
    return dh_unwrap(json_object_get(list));
}

struct json_object *dh_tree_type(const struct dh_tree_source *source, const char *from)
{
    return json_object_get(dh_json_get(dh_json_get(source->metadata, "types"), from));
}

struct json_object *dh_tree_container(const struct dh_tree_source *source, const char *from)
{
    return json_object_get(dh_json_get(dh_container(source->metadata), from));
}

struct json_object *dh_tree_date(const struct dh_tree_source *source, const char *from)
{
    return string_of(dh_date_of(source->metadata, from));
}

struct json_object *dh_tree_issued(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *issued = dh_tree_date(source, "Issued");
    return issued ? issued : dh_tree_member(source, "publicationYear");
}

/* ---- members put together -------------------------------------------------------------------- */

struct json_object *dh_tree_doi(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    return string_of(dh_doi_id(source->metadata, source->arena));
}

struct json_object *dh_tree_title(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    return string_of(dh_first_title(source->metadata));
}

struct json_object *dh_tree_description(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    return string_of(dh_first_description(source->metadata));
}

struct json_object *dh_tree_publisher(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    return string_of(dh_publisher_name(source->metadata));
}

/* A new reference to a member of an entry; to the entry itself when that is a bare text. */
static struct json_object *entry_value(struct json_object *entry, const char *key)
{
    bool text = json_object_is_type(entry, json_type_string);
    return json_object_get(text ? entry : dh_json_get(entry, key));
}

struct json_object *dh_tree_subjects(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *subjects = dh_json_get(source->metadata, "subjects");
    struct json_object *texts = dh_count_of(subjects) ? json_object_new_array() : NULL;
    for (size_t i = 0; texts && i < dh_count_of(subjects); i++)
        dh_array_put(texts, entry_value(dh_at(subjects, i), "subject"));
    return texts;
}

struct json_object *dh_tree_licences(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *rights = dh_json_get(source->metadata, "rightsList");
    struct json_object *links = json_object_new_array();
    for (size_t i = 0; links && i < dh_count_of(rights); i++)
        dh_array_put(links, json_object_get(dh_json_get(dh_at(rights, i), "rightsUri")));
    return dh_unwrap(links);
}

struct json_object *dh_tree_identifiers(const struct dh_tree_source *source, const char *from)
{
    (void)from;
    struct json_object *given = dh_json_get(source->metadata, "identifiers");
    struct json_object *values = json_object_new_array();
    for (size_t i = 0; values && i < dh_count_of(given); i++) {
        struct json_object *value = json_object_new_object();
        dh_put_string(value, "@type", DH_STR("PropertyValue"));
        dh_put_ref(value, "propertyID", dh_json_get(dh_at(given, i), "identifierType"));
        dh_put_ref(value, "value", dh_json_get(dh_at(given, i), "identifier"));
        dh_array_put(values, value);
    }
    return dh_unwrap(values);
}
