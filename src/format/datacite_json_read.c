/*
 * Reading what is a metadata tree already, or nearly: DataCite JSON, Crosscite JSON (the same with
 * keys_like_this), bare attributes, and resources and documents of JSON:API.
 */
#include "format/json_readers.h"
#include "format/reading.h"

enum { KEY_MAX = 64 }; /* longer than the name of any attribute */

/* "rights_list" and "schema-version" as "rightsList" and "schemaVersion". */
static void camel(const char *key, char out[KEY_MAX])
{
    size_t len = 0;
    for (size_t i = 0; key[i] && len + 1 < KEY_MAX; i++) {
        bool joint = i > 0 && (key[i] == '_' || key[i] == '-') && key[i + 1];
        i += joint;
        out[len++] = joint && key[i] >= 'a' && key[i] <= 'z' ? (char)(key[i] - 32) : key[i];
    }
    out[len] = '\0';
}

/* Other names of attributes. */
static const char *const renamed[][2] = {
    {"versionInfo", "version"},
    {"dateRegistered", "registered"},
};

static bool is_kernel(struct dh_str version)
{
    return dh_str_starts(version, DH_STR("http://datacite.org/schema/kernel")) ||
           dh_str_starts(version, DH_STR("https://datacite.org/schema/kernel"));
}

/* ---- values that are mended ----------------------------------------------------------------- */

static bool is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string);
}

static struct json_object *named(struct json_object *text)
{
    struct json_object *out = json_object_new_object();
    if (out)
        dh_put_ref(out, "name", text);
    return out;
}

static bool has_text(struct json_object *list)
{
    bool found = is_text(list);
    for (size_t i = 0; !found && i < dh_count_of(list); i++)
        found = is_text(dh_at(list, i));
    return found;
}

/* A list in which texts have become {name}. */
static struct json_object *affiliations(struct json_object *given)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; list && i < dh_count_of(given); i++) {
        struct json_object *item = dh_at(given, i);
        item = is_text(item) ? named(item) : json_object_get(item);
        if (item && json_object_array_add(list, item))
            json_object_put(item);
    }
    return list;
}

static struct json_object *person(struct json_object *given)
{
    if (!has_text(dh_json_get(given, "affiliation")))
        return json_object_get(given);
    struct json_object *out = json_object_new_object();
    if (!out)
        return NULL;
    json_object_object_foreach(given, key, value)
    {
        if (strcmp(key, "affiliation") == 0)
            dh_put(out, key, affiliations(value));
        else
            dh_put_ref(out, key, value);
    }
    return out;
}

static struct json_object *people(struct json_object *given)
{
    if (!json_object_is_type(given, json_type_array))
        return json_object_get(given);
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < json_object_array_length(given); i++) {
        struct json_object *item = person(json_object_array_get_idx(given, i));
        if (json_object_array_add(out, item))
            json_object_put(item);
    }
    return out;
}

/* {identifier, identifierType} of {alternateIdentifier, alternateIdentifierType}. */
static struct json_object *identifiers(struct json_object *given)
{
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(given); i++) {
        struct json_object *item = dh_at(given, i), *made = json_object_new_object();
        struct json_object *id = dh_json_get(item, "alternateIdentifier");
        if (!made || json_object_array_add(out, made)) {
            json_object_put(made);
            break;
        }
        dh_put_ref(made, "identifierType",
                   dh_json_get(item, id ? "alternateIdentifierType" : "identifierType"));
        dh_put_ref(made, "identifier", id ? id : dh_json_get(item, "identifier"));
    }
    return out;
}

static struct json_object *value_of(const char *key, struct json_object *given)
{
    if (strcmp(key, "publisher") == 0 && is_text(given))
        return named(given);
    if (strcmp(key, "creators") == 0 || strcmp(key, "contributors") == 0)
        return people(given);
    return json_object_get(given);
}

/* ---- one record ----------------------------------------------------------------------------- */

static void take_member(struct json_object *metadata, const char *key, struct json_object *given)
{
    char name[KEY_MAX];
    camel(key, name);
    const char *wanted = name;
    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
        if (strcmp(name, renamed[i][0]) == 0)
            wanted = renamed[i][1];
    struct json_object *value = value_of(wanted, given);
    if (json_object_object_add(metadata, wanted, value))
        json_object_put(value);
}

static struct json_object *related_id(struct json_object *resource, const char *name)
{
    struct json_object *relation = dh_json_get(dh_json_get(resource, "relationships"), name);
    return dh_json_get(dh_json_get(relation, "data"), "id");
}

static bool has_attribute(struct json_object *metadata)
{
    json_object_object_foreach(metadata, key, value)
    {
        (void)value;
        if (dh_attribute_find(dh_str(key)) != DH_ATTR__N)
            return true;
    }
    return false;
}

static void put_resource(struct json_object *metadata, struct json_object *resource)
{
    if (!dh_json_get(metadata, "clientId"))
        dh_put_ref(metadata, "clientId", related_id(resource, "client"));
    if (!dh_json_get(metadata, "providerId"))
        dh_put_ref(metadata, "providerId", related_id(resource, "provider"));
    if (!dh_json_get(metadata, "identifiers") && dh_json_get(metadata, "alternateIdentifiers"))
        dh_put(metadata, "identifiers", identifiers(dh_json_get(metadata, "alternateIdentifiers")));
    json_object_object_del(metadata, "alternateIdentifiers");
}

/* Accounts, prefixes and other resources of JSON:API are no records. */
static bool is_other_resource(struct json_object *value)
{
    struct dh_str type = dh_json_member(value, "type");
    return dh_json_get(value, "attributes") && type.ptr && !dh_str_equal(type, DH_STR("dois"));
}

/* `resource` is one of JSON:API, or the attributes themselves. */
static enum dh_status add_record(struct json_object *resource, struct json_object *records,
                                 struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *attributes = dh_json_get(resource, "attributes");
    struct json_object *metadata = json_object_new_object();
    attributes = attributes ? attributes : resource;
    if (!json_object_is_type(attributes, json_type_object)) {
        json_object_put(metadata);
        return dh_fail(err, DH_INVALID, "a record must be a JSON object");
    }
    if (!metadata)
        return dh_fail(err, DH_MEMORY, "out of memory");
    json_object_object_foreach(attributes, key, value)
    {
        take_member(metadata, key, value);
    }
    put_resource(metadata, resource);
    struct dh_str doi = dh_text_present(metadata, "doi"), id = dh_text(metadata, "id");
    if (!id.ptr)
        id = dh_text(resource, "id");
    if (!has_attribute(metadata)) {
        json_object_put(metadata);
        return dh_fail(err, DH_INVALID, "a record has none of the attributes of a DOI");
    }
    enum dh_status status = dh_metadata_identify(metadata, doi.ptr ? doi : id, arena, err);
    if (!status)
        return dh_records_add(records, metadata, err);
    json_object_put(metadata);
    return status;
}

/* `data` makes a document of an object, unless it is a record that has some member of that name. */
static struct json_object *data_of(struct json_object *json)
{
    struct json_object *data = dh_json_get(json, "data");
    bool container =
        json_object_is_type(data, json_type_array) || json_object_is_type(data, json_type_object);
    return container ? data : NULL;
}

enum dh_status dh_datacite_json_read(const struct dh_format_input *input,
                                     struct json_object *records, struct dh_arena *arena,
                                     struct dh_err *err)
{
    struct json_object *data = data_of(input->json);
    if (!data && is_other_resource(input->json))
        return DH_OK;
    if (!data)
        return add_record(input->json, records, arena, err);
    enum dh_status status = DH_OK;
    for (size_t i = 0; !status && i < dh_count_of(data); i++)
        if (!is_other_resource(dh_at(data, i)))
            status = add_record(dh_at(data, i), records, arena, err);
    return status;
}

enum dh_status dh_crosscite_read(const struct dh_format_input *input, struct json_object *records,
                                 struct dh_arena *arena, struct dh_err *err)
{
    return dh_datacite_json_read(input, records, arena, err);
}

/* ---- telling them --------------------------------------------------------------------------- */

bool dh_crosscite_fits(const struct dh_format_input *input)
{
    struct json_object *json = input->json;
    if (!dh_json_get(json, "types"))
        return false;
    return dh_json_get(json, "publication_year") ||
           is_kernel(dh_json_member(json, "schema_version"));
}

static bool is_resource(struct json_object *value)
{
    return json_object_is_type(dh_json_get(value, "attributes"), json_type_object) &&
           !is_other_resource(value);
}

bool dh_datacite_json_fits(const struct dh_format_input *input)
{
    static const char *const signs[] = {"schemaVersion", "schema-version"};
    static const char *const own[] = {"titles", "creators", "types", "publicationYear", "url"};
    struct json_object *json = input->json, *data = data_of(json);
    if (data ? is_resource(dh_at(data, 0)) : is_resource(json))
        return true;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (is_kernel(dh_json_member(json, signs[i])))
            return true;
    if (!dh_json_member(json, "doi").ptr || dh_crosscite_fits(input))
        return false;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (dh_json_get(json, own[i]))
            return true;
    return false;
}
