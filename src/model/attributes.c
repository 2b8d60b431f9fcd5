/*
 * What the DataCite REST API checks of attributes before the schema: that they have the shape of
 * their property, the landing page, long rights, types of contributors. Sentences are the API's.
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "model/doi.h"
#include "model/kernel.h"
#include "model/ruby.h"
#include "model/vocab.h"

struct check {
    struct json_object *metadata;
    struct dh_findings *findings;
};

static void report(struct check *check, const char *source, const char *rule, struct dh_str pointer,
                   struct dh_str message)
{
    dh_findings_add_at(check->findings, DH_SEVERITY_ERROR, dh_str(source), rule, pointer, message);
}

static struct dh_str element_pointer(struct check *check, const char *key, size_t i)
{
    return dh_arena_format(check->findings->arena, "/%s/%zu", key, i);
}

/* before + the value as Ruby prints it + after, in the arena. */
static struct dh_str with_value(struct check *check, const char *before, struct json_object *value,
                                const char *after)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_buf_text(&buf, before);
    dh_ruby_print(&buf, value);
    dh_buf_text(&buf, after);
    struct dh_str text = dh_arena_copy(check->findings->arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return text;
}

/* ---- landing page, DOI, publisher ------------------------------------------------------------ */

static bool has_blank(struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr(" \t\r\n\v\f", text.ptr[i], 6))
            return true;
    return false;
}

static bool url_valid(struct dh_str url)
{
    static const struct dh_str schemes[] = {{"ftp://", 6}, {"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (dh_str_starts(url, schemes[i]))
            return url.len > schemes[i].len && !has_blank(url);
    return false;
}

/* Records that are public need a landing page; what has no such member says nothing about it. */
static void check_url(struct check *check)
{
    struct dh_str url = dh_json_member(check->metadata, "url");
    struct dh_str state = dh_json_member(check->metadata, "state");
    bool public =
        dh_str_equal(state, DH_STR("findable")) || dh_str_equal(state, DH_STR("registered"));
    if (!dh_str_blank(url) && !url_valid(url))
        report(check, "url", "url", DH_STR("/url"), DH_STR("URL is not valid"));
    else if (dh_str_blank(url) && public && dh_json_has(check->metadata, "url"))
        report(check, "url", "url", DH_STR("/url"), DH_STR("Can't be blank"));
}

static void check_doi(struct check *check)
{
    struct dh_str doi = dh_json_member(check->metadata, "doi");
    if (doi.len && !dh_doi_valid(doi))
        report(check, "doi", "doi", DH_STR("/doi"), DH_STR("Is invalid"));
}

static void check_publisher(struct check *check)
{
    struct json_object *publisher = dh_json_get(check->metadata, "publisher");
    struct dh_arena *arena = check->findings->arena;
    if (!json_object_is_type(publisher, json_type_object))
        return;
    json_object_object_foreach(publisher, key, value)
    {
        if (value && !json_object_is_type(value, json_type_string))
            report(check, "publisher_obj", "shape", DH_STR("/publisher"),
                   dh_arena_format(arena, "Value at `/%s` is not a string", key));
    }
}

/* ---- shapes ------------------------------------------------------------------------------------ */

/* Attributes of objects, or lists of them. The API turns texts of subjects and rights into objects.
 */
static const struct shape {
    const char *key, *source, *before, *after;
} shapes[] = {
#define DH_SHAPE(key, source, label)                                                               \
    {                                                                                              \
        key, source, label " '", "' should be an object instead of a string."                      \
    }
    {"dates", "dates", "Date ", " should be an object instead of a string."},
    DH_SHAPE("titles", "titles", "Title"),
    DH_SHAPE("descriptions", "descriptions", "Description"),
    DH_SHAPE("types", "types", "Types"),
    DH_SHAPE("container", "container", "Container"),
    DH_SHAPE("creators", "creators", "Creator"),
    DH_SHAPE("contributors", "contributors", "Contributor"),
    DH_SHAPE("landingPage", "landing_page", "Landing page"),
    DH_SHAPE("identifiers", "identifiers", "Identifier"),
    DH_SHAPE("relatedIdentifiers", "related_identifiers", "Related identifier"),
    DH_SHAPE("relatedItems", "related_items", "Related item"),
    DH_SHAPE("fundingReferences", "funding_references", "Funding reference"),
    DH_SHAPE("geoLocations", "geo_locations", "Geolocation"),
#undef DH_SHAPE
};

static void check_object(struct check *check, const struct shape *shape, struct json_object *value,
                         struct dh_str pointer)
{
    if (!json_object_is_type(value, json_type_object))
        report(check, shape->source, "shape", pointer,
               with_value(check, shape->before, value, shape->after));
}

static void check_shape(struct check *check, const struct shape *shape)
{
    struct json_object *value = dh_json_get(check->metadata, shape->key);
    if (!value)
        return;
    if (!json_object_is_type(value, json_type_array)) {
        check_object(check, shape, value,
                     dh_arena_format(check->findings->arena, "/%s", shape->key));
        return;
    }
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        struct json_object *element = json_object_array_get_idx(value, i);
        if (!json_object_is_type(element, json_type_object))
            check_object(check, shape, element, element_pointer(check, shape->key, i));
    }
}

/* ---- rights and contributors -------------------------------------------------------------------- */

static size_t characters(struct dh_str text)
{
    size_t count = 0, size;
    for (struct dh_str rest = text; rest.len; rest = dh_str_from(rest, size), count++)
        dh_utf8_next(rest, &size);
    return count;
}

static void check_rights(struct check *check, struct json_object *rights, size_t i)
{
    enum { LONGEST = 2000 }; /* characters that the API takes */
    struct dh_str text = json_object_is_type(rights, json_type_string)
                             ? dh_json_str(rights)
                             : dh_json_member(rights, "rights");
    if (text.len > LONGEST && characters(text) > LONGEST)
        report(check, "rights_list", "rights-length", element_pointer(check, "rightsList", i),
               DH_STR("Rights should not have a length of more than 2000 characters."));
}

static void check_contributor(struct check *check, struct json_object *contributor, size_t i)
{
    if (!json_object_is_type(contributor, json_type_object))
        return;
    struct dh_str type = dh_json_member(contributor, "contributorType");
    struct dh_str pointer = element_pointer(check, "contributors", i);
    if (dh_str_blank(type)) {
        report(check, "contributors", "contributor-type", pointer,
               with_value(check, "Contributor '", contributor,
                          "' is missing a required element: contributor type."));
        return;
    }
    if (dh_vocab_find(DH_VOCAB_CONTRIBUTOR_TYPE, type) < dh_vocab_count(DH_VOCAB_CONTRIBUTOR_TYPE))
        return;
    struct dh_str after = dh_arena_format(
        check->findings->arena,
        "' has a contributor type that is not supported in schema 4: '%.*s'.", DH_STR_ARG(type));
    report(check, "contributors", "contributor-type", pointer,
           with_value(check, "Contributor '", contributor, after.ptr ? after.ptr : ""));
}

typedef void check_element(struct check *check, struct json_object *element, size_t i);

static void check_list(struct check *check, const char *key, check_element *each)
{
    struct json_object *list = dh_json_get(check->metadata, key);
    if (!json_object_is_type(list, json_type_array)) {
        if (list)
            each(check, list, 0);
        return;
    }
    for (size_t i = 0; i < json_object_array_length(list); i++)
        each(check, json_object_array_get_idx(list, i), i);
}

void dh_attributes_check(struct json_object *metadata, struct dh_findings *findings)
{
    struct check check = {.metadata = metadata, .findings = findings};
    struct dh_str schema = dh_json_member(metadata, "schemaVersion");
    check_url(&check);
    check_publisher(&check);
    check_doi(&check);
    check_shape(&check, &shapes[0]);
    check_list(&check, "rightsList", check_rights);
    for (size_t i = 1; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        check_shape(&check, &shapes[i]);
    if (dh_str_equal(schema, DH_STR("http://datacite.org/schema/kernel-4")))
        check_list(&check, "contributors", check_contributor);
}
