/* What follows from a `types` object: its values in other schemas, the id of the resource type. */
#include "base/json.h"
#include "model/vocab.h"

enum { CAMEL_MAX = 32 }; /* longer than any name in the override table */

static const struct general_row {
    const char *name, *dashed, *schema_org, *ris;
} generals[] = {
#define DH_RESOURCE_TYPE(name, dashed, words, schema_org, ris) {name, dashed, schema_org, ris},
#include "model/vocab.def"
};

static const struct override_row {
    const char *name, *schema_org, *citeproc, *bibtex, *ris;
} overrides[] = {
#define DH_TYPE_OVERRIDE(name, schema_org, citeproc, bibtex, ris)                                  \
    {name, schema_org, citeproc, bibtex, ris},
#include "model/vocab.def"
};

static const struct schema_org_row {
    const char *name, *citeproc, *bibtex;
} schema_orgs[] = {
#define DH_SCHEMA_ORG(name, citeproc, bibtex) {name, citeproc, bibtex},
#include "model/vocab.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A capital that begins a word: after a small letter or digit, or before a small letter. */
static bool begins_word(struct dh_str s, size_t i)
{
    if (!upper(s.ptr[i]) || i == 0)
        return false;
    char before = s.ptr[i - 1], after = i + 1 < s.len ? s.ptr[i + 1] : '\0';
    return lower(before) || digit(before) || (upper(before) && lower(after));
}

/* "journal_article", "data-paper" -> "JournalArticle", "DataPaper"; empty when it is too long. */
static struct dh_str camel(struct dh_str s, char out[CAMEL_MAX])
{
    size_t len = 0;
    bool start = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '-' || c == '_') {
            start = true;
            continue;
        }
        if (len == CAMEL_MAX)
            return DH_STR_NONE;
        start = start || begins_word(s, i);
        if (start && lower(c))
            c = (char)(c - 32);
        else if (!start && upper(c))
            c = (char)(c + 32);
        out[len++] = c;
        start = false;
    }
    return (struct dh_str){out, len};
}

static const struct override_row *override_of(struct json_object *types)
{
    static const struct override_row none = {NULL, NULL, NULL, NULL, NULL};
    char text[CAMEL_MAX];
    struct dh_str name = camel(dh_json_member(types, "resourceType"), text);
    for (size_t i = 0; i < COUNT(overrides); i++)
        if (dh_str_equal(name, dh_str(overrides[i].name)))
            return &overrides[i];
    return &none;
}

static const struct general_row *general_of(struct json_object *types)
{
    static const struct general_row none = {NULL, NULL, "CreativeWork", "GEN"};
    struct dh_str name = dh_json_member(types, "resourceTypeGeneral");
    for (size_t i = 0; i < COUNT(generals); i++)
        if (dh_str_equal(name, dh_str(generals[i].name)))
            return &generals[i];
    return &none;
}

static const struct schema_org_row *schema_org_of(const char *name)
{
    static const struct schema_org_row none = {NULL, NULL, NULL};
    for (size_t i = 0; i < COUNT(schema_orgs); i++)
        if (strcmp(schema_orgs[i].name, name) == 0)
            return &schema_orgs[i];
    return &none;
}

static const char *first_of(const char *a, const char *b, const char *otherwise)
{
    return a ? a : b ? b : otherwise;
}

/* A null counts as missing: dropped alone, it would be filled the next time only. */
static void add_missing(struct json_object *types, const char *key, const char *value)
{
    if (!dh_json_get(types, key))
        json_object_object_add(types, key, json_object_new_string(value));
}

static void drop_nulls(struct json_object *object)
{
    json_object_object_foreach(object, key, value)
    {
        if (!value)
            json_object_object_del(object, key);
    }
}

void dh_types_complete(struct json_object *types)
{
    if (!json_object_is_type(types, json_type_object))
        return;
    const struct override_row *specific = override_of(types);
    const struct general_row *general = general_of(types);
    const char *schema_org = first_of(specific->schema_org, general->schema_org, NULL);
    const struct schema_org_row *derived = schema_org_of(schema_org);
    add_missing(types, "schemaOrg", schema_org);
    add_missing(types, "citeproc", first_of(specific->citeproc, derived->citeproc, "article"));
    add_missing(types, "bibtex", first_of(specific->bibtex, derived->bibtex, "misc"));
    add_missing(types, "ris", first_of(specific->ris, general->ris, NULL));
    drop_nulls(types);
}

struct dh_str dh_resource_type_id(struct json_object *types)
{
    struct dh_str name = dh_json_member(types, "resourceTypeGeneral");
    bool vague = dh_str_equal(name, DH_STR("Text")) || dh_str_equal(name, DH_STR("Other"));
    if (vague && dh_str_equal(dh_json_member(types, "resourceType"), DH_STR("Project")))
        return DH_STR("project");
    const struct general_row *row = general_of(types);
    return dh_str(row->dashed);
}
