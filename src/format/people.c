/* People and organisations as metadata gives them: identifiers normalised, nothing guessed. */
#include "base/html.h"
#include "format/reading.h"

static struct dh_str or_none(struct dh_str s)
{
    return dh_str_blank(s) ? DH_STR_NONE : s;
}

/* Takes a list over; an empty one is left out. */
static void put_list(struct json_object *object, const char *key, struct json_object *list)
{
    if (json_object_is_type(list, json_type_array) && json_object_array_length(list))
        dh_put(object, key, list);
    else
        json_object_put(list);
}

struct json_object *dh_person_new(const struct dh_person *person)
{
    struct json_object *out = json_object_new_object();
    if (!out) {
        json_object_put(person->identifiers);
        json_object_put(person->affiliation);
        return NULL;
    }
    dh_put_string(out, "nameType", person->name_type);
    dh_put_string(out, "name", person->name);
    dh_put_string(out, "givenName", person->given);
    dh_put_string(out, "familyName", person->family);
    dh_put_string(out, "lang", person->lang);
    put_list(out, "nameIdentifiers", person->identifiers);
    put_list(out, "affiliation", person->affiliation);
    dh_put_string(out, "contributorType", dh_str(person->contributor_type));
    return out;
}

struct dh_str dh_person_name(struct dh_arena *arena, struct dh_str family, struct dh_str given)
{
    if (dh_str_blank(family))
        return or_none(given);
    if (dh_str_blank(given))
        return family;
    return DH_ARENA_JOIN(arena, family, DH_STR(", "), given);
}

/* ---- identifiers ---------------------------------------------------------------------------- */

/* The schemes whose identifiers have one form. */
static const struct scheme {
    const char *name, *uri;
    struct dh_str (*normal)(struct dh_arena *, struct dh_str);
} schemes[] = {
    {"ORCID", "https://orcid.org", dh_id_orcid},
    {"ROR", "https://ror.org", dh_id_ror},
};

static const struct scheme *scheme_of(struct dh_str name)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (dh_str_equal(name, dh_str(schemes[i].name)))
            return &schemes[i];
    return NULL;
}

struct json_object *dh_name_identifier(struct dh_arena *arena, struct dh_str id,
                                       struct dh_str scheme, struct dh_str scheme_uri)
{
    const struct scheme *known = scheme_of(scheme);
    id = or_none(dh_str_trim(id));
    if (known) {
        id = known->normal(arena, id);
        scheme_uri = dh_str(known->uri);
    }
    if (!id.ptr && dh_str_blank(scheme) && dh_str_blank(scheme_uri))
        return NULL;
    struct json_object *out = json_object_new_object();
    if (!out)
        return NULL;
    dh_put_string(out, "nameIdentifier", id);
    dh_put_string(out, "schemeUri", scheme_uri);
    dh_put_string(out, "nameIdentifierScheme", or_none(scheme));
    return out;
}

/* The identifier behind the URI of its scheme, with one slash between them. */
static struct dh_str under(struct dh_arena *arena, struct dh_str scheme_uri, struct dh_str id)
{
    bool slash = scheme_uri.ptr[scheme_uri.len - 1] == '/';
    return DH_ARENA_JOIN(arena, scheme_uri, dh_str(slash ? "" : "/"), id);
}

static bool is_url(struct dh_str s)
{
    return dh_str_starts(s, DH_STR("https://")) || dh_str_starts(s, DH_STR("http://"));
}

static struct dh_str affiliation_id(struct dh_arena *arena, struct dh_str id, struct dh_str scheme,
                                    struct dh_str *scheme_uri)
{
    bool ror = dh_str_equal(scheme, DH_STR("ROR")) && !is_url(id);
    struct dh_str out = ror ? dh_id_ror(arena, id) : DH_STR_NONE;
    if (out.ptr) {
        if (!scheme_uri->ptr)
            *scheme_uri = DH_STR("https://ror.org");
        return out;
    }
    if (!is_url(id) && scheme_uri->ptr)
        out = dh_id_any(arena, under(arena, *scheme_uri, id));
    if (!out.ptr)
        out = dh_id_any(arena, id);
    return out.ptr ? out : id;
}

struct json_object *dh_affiliation(struct dh_arena *arena, struct dh_str name, struct dh_str id,
                                   struct dh_str scheme, struct dh_str scheme_uri)
{
    name = or_none(dh_squish(arena, name));
    id = or_none(dh_str_trim(id));
    scheme_uri = or_none(dh_str_trim(scheme_uri));
    if (id.ptr)
        id = affiliation_id(arena, id, scheme, &scheme_uri);
    if (!name.ptr && !id.ptr && dh_str_blank(scheme))
        return NULL;
    struct json_object *out = json_object_new_object();
    if (!out)
        return NULL;
    dh_put_string(out, "name", name);
    dh_put_string(out, "affiliationIdentifier", id);
    dh_put_string(out, "affiliationIdentifierScheme", or_none(scheme));
    dh_put_string(out, "schemeUri", scheme_uri);
    return out;
}
