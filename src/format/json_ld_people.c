/* People and organisations in linked data, and those that CodeMeta takes over from DataCite. */
#include "format/json_ld.h"

/* What a type of schema.org, or a nameType, makes of a name. */
static struct dh_str name_type_of(struct json_object *node)
{
    struct dh_str type = dh_ld_type(node);
    if (!type.ptr)
        type = dh_ld_member(node, "nameType");
    if (dh_str_equal_nocase(type, DH_STR("Person")) || dh_str_equal(type, DH_STR("Personal")))
        return DH_STR("Personal");
    if (dh_str_equal_nocase(type, DH_STR("Organization")) ||
        dh_str_equal(type, DH_STR("Organizational")))
        return DH_STR("Organizational");
    return DH_STR_NONE;
}

/* ORCID and ROR are told by their URLs; others say nothing of a scheme. */
static struct json_object *known_identifier(struct dh_arena *arena, struct dh_str id)
{
    bool url = dh_str_starts(id, DH_STR("http"));
    if (url && dh_id_orcid(arena, id).ptr)
        return dh_name_identifier(arena, id, DH_STR("ORCID"), DH_STR_NONE);
    if (url && dh_id_ror(arena, id).ptr)
        return dh_name_identifier(arena, id, DH_STR("ROR"), DH_STR_NONE);
    return NULL;
}

static struct json_object *identifiers_of(struct json_object *node, struct dh_arena *arena)
{
    static const char *const keys[] = {"@id", "identifier", "sameAs"};
    struct json_object *given = dh_json_get(node, "nameIdentifiers");
    if (json_object_is_type(given, json_type_array))
        return json_object_get(given);
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct json_object *values = dh_json_get(node, keys[i]);
        for (size_t k = 0; k < dh_count_of(values); k++)
            dh_array_put(out, known_identifier(arena, dh_ld_id(dh_at(values, k))));
        if (json_object_array_length(out))
            break;
    }
    return out;
}

static struct json_object *affiliation(struct json_object *given, struct dh_arena *arena)
{
    struct dh_str id = DH_STR_NONE, scheme = DH_STR_NONE, name = dh_ld_text(given);
    if (!json_object_is_type(given, json_type_object))
        return dh_affiliation(arena, name, id, scheme, DH_STR_NONE);
    if (dh_json_get(given, "affiliationIdentifier"))
        return json_object_get(given);
    id = dh_ld_member(given, "@id");
    if (dh_str_starts(id, DH_STR("https://ror.org")))
        scheme = DH_STR("ROR");
    else if (dh_str_starts(id, DH_STR("https://isni.org")))
        scheme = DH_STR("ISNI");
    return dh_affiliation(arena, dh_ld_member(given, "name"), id, scheme, DH_STR_NONE);
}

static struct json_object *affiliations(struct json_object *given, struct dh_arena *arena)
{
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < dh_count_of(given); i++)
        dh_array_put(out, affiliation(dh_at(given, i), arena));
    return out;
}

static struct json_object *person_of(struct json_object *node, const char *role,
                                     struct dh_arena *arena)
{
    struct dh_person person = {.name = dh_ld_text(node)};
    if (!json_object_is_type(node, json_type_object))
        return person.name.ptr ? dh_person_new(&person) : NULL;
    struct dh_str own_role = dh_ld_member(node, "contributorType");
    person.name = dh_ld_member(node, "name");
    person.given = dh_ld_member(node, "givenName");
    person.family = dh_ld_member(node, "familyName");
    if (!person.name.ptr)
        person.name = dh_person_name(arena, person.family, person.given);
    if (!person.name.ptr)
        return NULL;
    person.name_type = name_type_of(node);
    person.lang = dh_ld_member(node, "lang");
    person.identifiers = identifiers_of(node, arena);
    person.affiliation = affiliations(dh_json_get(node, "affiliation"), arena);
    person.contributor_type = role;
    struct json_object *out = dh_person_new(&person);
    if (out && !role)
        dh_put_string(out, "contributorType", own_role);
    return out;
}

void dh_ld_add_people(struct json_object *people, struct json_object *value, const char *role,
                      struct dh_arena *arena)
{
    for (size_t i = 0; people && i < dh_count_of(value); i++)
        dh_array_put(people, person_of(dh_at(value, i), role, arena));
}
