/* Values of linked data: texts, types, contexts, identifiers. */
#include "format/json_ld.h"

#include "base/html.h"

static bool is_object(struct json_object *value)
{
    return json_object_is_type(value, json_type_object);
}

struct dh_str dh_ld_text(struct json_object *value)
{
    if (json_object_is_type(value, json_type_array))
        value = dh_at(value, 0);
    if (is_object(value))
        value = dh_json_get(value, "@value");
    struct dh_str text = dh_text_of(value);
    return dh_str_blank(text) ? DH_STR_NONE : text;
}

struct dh_str dh_ld_member(struct json_object *object, const char *key)
{
    return dh_ld_text(dh_json_get(object, key));
}

struct json_object *dh_ld_first_of(struct json_object *object, const char *keys)
{
    struct dh_str rest = dh_str(keys), part;
    char key[32];
    while (dh_str_split(&rest, ' ', &part)) {
        if (part.len >= sizeof(key))
            continue;
        memcpy(key, part.ptr, part.len);
        key[part.len] = '\0';
        struct json_object *value = dh_json_get(object, key);
        if (dh_present(value))
            return value;
    }
    return NULL;
}

struct dh_str dh_ld_id(struct json_object *value)
{
    if (!is_object(value))
        return dh_ld_text(value);
    struct dh_str id = dh_ld_member(value, "@id");
    return id.ptr ? id : dh_ld_member(value, "url");
}

/* ---- types and contexts --------------------------------------------------------------------- */

static bool take(struct dh_str *s, const char *start)
{
    struct dh_str prefix = dh_str(start);
    if (!dh_str_starts(*s, prefix))
        return false;
    *s = dh_str_from(*s, prefix.len);
    return true;
}

static struct dh_str bare_type(struct dh_str type)
{
    static const char *const prefixes[] = {"http://schema.org/", "https://schema.org/",
                                           "schema:", "sc:"};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (take(&type, prefixes[i]))
            break;
    return type;
}

static bool type_known(struct dh_str type)
{
    return dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, type) ||
           dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_RIS, type) ||
           dh_str_equal(type, DH_STR("Person")) || dh_str_equal(type, DH_STR("Organization"));
}

struct dh_str dh_ld_type(struct json_object *node)
{
    struct json_object *types = dh_json_get(node, "@type");
    for (size_t i = 0; i < dh_count_of(types); i++) {
        struct dh_str type = bare_type(dh_ld_text(dh_at(types, i)));
        if (type_known(type))
            return type;
    }
    return bare_type(dh_ld_text(types));
}

static unsigned vocabulary_of(struct dh_str url)
{
    struct dh_str rest = url;
    if (url.len && memmem(url.ptr, url.len, "codemeta", 8))
        return DH_LD_CODEMETA;
    if (!take(&rest, "http://") && !take(&rest, "https://"))
        return 0;
    take(&rest, "www.");
    return dh_str_starts(rest, DH_STR("schema.org")) ? DH_LD_SCHEMA_ORG : 0;
}

static unsigned vocabularies_of(struct json_object *context)
{
    unsigned found = 0;
    if (!is_object(context))
        return vocabulary_of(dh_text_of(context));
    json_object_object_foreach(context, key, value)
    {
        (void)key;
        found |= vocabulary_of(dh_text_of(value));
    }
    return found;
}

unsigned dh_ld_context(struct json_object *json)
{
    struct json_object *contexts = dh_json_get(json, "@context");
    unsigned found = 0;
    for (size_t i = 0; i < dh_count_of(contexts); i++)
        found |= vocabularies_of(dh_at(contexts, i));
    return found;
}

/* ---- identifiers ---------------------------------------------------------------------------- */

/* The identifier in a text or a PropertyValue. */
static struct dh_str identifier_text(struct json_object *value)
{
    if (!is_object(value))
        return dh_ld_text(value);
    struct dh_str text = dh_ld_member(value, "value");
    return text.ptr ? text : dh_ld_id(value);
}

struct dh_str dh_ld_work_id(struct json_object *json, struct dh_arena *arena)
{
    struct json_object *list = dh_json_get(json, "identifier");
    struct dh_str id = dh_ld_member(json, "@id");
    if (dh_id_doi(arena, id).ptr)
        return id;
    struct dh_str other = dh_id_any(arena, id).ptr ? id : DH_STR_NONE;
    for (size_t i = 0; i < dh_count_of(list); i++) {
        struct dh_str text = identifier_text(dh_at(list, i));
        if (dh_id_doi(arena, text).ptr)
            return text;
        if (!other.ptr && !is_object(dh_at(list, i)) && dh_id_any(arena, text).ptr)
            other = text;
    }
    return other;
}

/* True, and it is remembered, when this identifier was not met before. */
static bool is_new(struct json_object *met, struct dh_arena *arena, struct dh_str type,
                   struct dh_str id)
{
    struct dh_str key = dh_arena_format(arena, "%.*s\n%.*s", DH_STR_ARG(type), DH_STR_ARG(id));
    if (!key.ptr || json_object_object_get_ex(met, key.ptr, NULL))
        return false;
    return json_object_object_add(met, key.ptr, NULL) == 0;
}

struct json_object *dh_ld_identifiers(struct json_object *json, struct dh_arena *arena)
{
    struct json_object *list = dh_json_get(json, "identifier");
    struct json_object *out = json_object_new_array(), *met = json_object_new_object();
    struct dh_str own = dh_id_doi(arena, dh_ld_work_id(json, arena));
    for (size_t i = 0; out && met && i < dh_count_of(list); i++) {
        struct json_object *given = dh_at(list, i);
        struct dh_str id = identifier_text(given), doi = dh_id_doi(arena, id), type = DH_STR("URL");
        if (is_object(given))
            type = dh_id_type_spelling(dh_ld_member(given, "propertyID"));
        else
            id = doi.ptr ? DH_STR_NONE : dh_id_any(arena, id);
        bool own_doi = own.ptr && dh_str_equal(doi, own) && dh_str_equal(type, DH_STR("DOI"));
        if (!id.ptr || own_doi || !is_new(met, arena, type, id))
            continue;
        struct json_object *entry = json_object_new_object();
        if (entry) {
            dh_put_string(entry, "identifierType", type);
            dh_put_string(entry, "identifier", id);
        }
        dh_array_put(out, entry);
    }
    json_object_put(met);
    return out;
}

/* ---- rights, subjects, descriptions --------------------------------------------------------- */

static struct json_object *rights_of(struct json_object *value, struct dh_arena *arena)
{
    struct dh_rights rights = {0};
    struct dh_str text = dh_ld_text(value);
    if (is_object(value) && !text.ptr) {
        struct dh_str id = dh_ld_member(value, "id");
        rights.rights = dh_ld_member(value, "name");
        rights.uri = id.ptr ? id : dh_ld_id(value);
    } else if (dh_id_licence_url(arena, text).ptr && !dh_str_starts(text, DH_STR("info"))) {
        rights.uri = text;
    } else {
        return dh_rights_of_text(arena, text);
    }
    return dh_rights_new(arena, &rights);
}

struct json_object *dh_ld_rights(struct json_object *value, struct dh_arena *arena)
{
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(value); i++)
        dh_array_put(out, rights_of(dh_at(value, i), arena));
    return out;
}

static void add_subject(struct json_object *subjects, struct dh_str text, struct dh_str uri)
{
    struct json_object *entry = dh_str_blank(text) ? NULL : json_object_new_object();
    if (!entry)
        return;
    dh_put_string(entry, "subject", text);
    dh_put_string(entry, "valueUri", uri);
    dh_array_put(subjects, entry);
}

struct json_object *dh_ld_subjects(struct json_object *value)
{
    struct json_object *out = json_object_new_array();
    bool listed = json_object_is_type(value, json_type_array);
    for (size_t i = 0; out && listed && i < dh_count_of(value); i++) {
        struct json_object *item = dh_at(value, i);
        if (is_object(item) && dh_json_get(item, "name"))
            add_subject(out, dh_ld_member(item, "name"), dh_ld_id(item));
        else
            add_subject(out, dh_ld_text(item), DH_STR_NONE);
    }
    struct dh_str rest = listed ? DH_STR_NONE : dh_ld_text(value);
    while (out && rest.len) {
        const char *comma = memmem(rest.ptr, rest.len, ", ", 2);
        size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;
        add_subject(out, (struct dh_str){rest.ptr, len}, DH_STR_NONE);
        rest = dh_str_from(rest, len + 2);
    }
    return out;
}

struct json_object *dh_ld_abstract(struct json_object *value, struct dh_arena *arena)
{
    struct dh_str text = dh_ld_text(value);
    struct json_object *out = json_object_new_array();
    if (text.ptr)
        text = dh_html_clean(arena, text, DH_HTML_NEWLINES);
    struct json_object *entry = out && text.len ? json_object_new_object() : NULL;
    if (entry) {
        dh_put_string(entry, "description", text);
        dh_put_string(entry, "descriptionType", DH_STR("Abstract"));
        dh_array_put(out, entry);
    }
    return out;
}

struct json_object *dh_ld_only(const char *key, struct dh_str text)
{
    struct json_object *out = json_object_new_array();
    struct json_object *entry = out && text.ptr ? json_object_new_object() : NULL;
    if (entry) {
        dh_put_string(entry, key, text);
        dh_array_put(out, entry);
    }
    return out;
}
