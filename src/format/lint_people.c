/* Rules about creators and contributors: names, identifiers, affiliations. */
#include <stdlib.h>

#include "format/lint_parts.h"

static const char *const lists[] = {"creators", "contributors"};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

typedef void each_person(struct dh_lint *lint, const char *list, struct json_object *person,
                         struct dh_str pointer);

/* Calls for each person of the first `count` lists. */
static void each(struct dh_lint *lint, size_t count, each_person *call)
{
    for (size_t i = 0; i < count; i++) {
        struct json_object *people = dh_json_get(lint->metadata, lists[i]);
        for (size_t n = 0; n < dh_count_of(people); n++)
            if (json_object_is_type(dh_at(people, n), json_type_object))
                call(lint, lists[i], dh_at(people, n), dh_lint_at(lint, lists[i], n));
    }
}

static struct dh_str name_of(struct json_object *person)
{
    struct dh_str name = dh_text_present(person, "name");
    return name.ptr ? name : dh_text(person, "familyName");
}

static bool personal(struct json_object *person)
{
    struct dh_str type = dh_text_present(person, "nameType");
    if (type.ptr)
        return dh_str_equal(type, DH_STR("Personal"));
    return dh_text_present(person, "familyName").ptr || dh_text_present(person, "givenName").ptr;
}

/* Schemes come in all spellings, or only as the address in front of the identifier. */
static bool is_scheme(struct json_object *identifier, struct dh_str scheme, struct dh_str host)
{
    struct dh_str text = dh_text(identifier, "nameIdentifier");
    if (dh_str_equal_nocase(dh_str_trim(dh_text(identifier, "nameIdentifierScheme")), scheme))
        return true;
    for (size_t i = 0; i + host.len <= text.len; i++)
        if (dh_str_starts_nocase(dh_str_from(text, i), host))
            return true;
    return false;
}

static bool is_orcid(struct json_object *identifier)
{
    return is_scheme(identifier, DH_STR("ORCID"), DH_STR("orcid.org/"));
}

static bool is_isni(struct json_object *identifier)
{
    return is_scheme(identifier, DH_STR("ISNI"), DH_STR("isni.org/"));
}

static struct dh_str orcid_of(struct json_object *person)
{
    struct json_object *identifiers = dh_json_get(person, "nameIdentifiers");
    for (size_t i = 0; i < dh_count_of(identifiers); i++)
        if (is_orcid(dh_at(identifiers, i)))
            return dh_text_present(dh_at(identifiers, i), "nameIdentifier");
    return DH_STR_NONE;
}

/* ---- names ------------------------------------------------------------------------------------- */

static void want_name(struct dh_lint *lint, const char *list, struct json_object *person,
                      struct dh_str pointer)
{
    if (dh_str_blank(name_of(person)))
        dh_lint_warn_in(lint, list, pointer, "the name is empty");
}

void dh_lint_names(struct dh_lint *lint)
{
    each(lint, LISTS, want_name);
}

static void want_name_type(struct dh_lint *lint, const char *list, struct json_object *person,
                           struct dh_str pointer)
{
    if (!dh_text_present(person, "nameType").ptr)
        dh_lint_warn_in(lint, list, pointer, "%.*s has no nameType: Personal or Organizational",
                        DH_STR_ARG(name_of(person)));
}

void dh_lint_name_types(struct dh_lint *lint)
{
    each(lint, 1, want_name_type);
}

/* ---- identifiers ------------------------------------------------------------------------------- */

static void want_orcid(struct dh_lint *lint, const char *list, struct json_object *person,
                       struct dh_str pointer)
{
    if (personal(person) && !orcid_of(person).ptr)
        dh_lint_warn_in(lint, list, pointer, "%.*s has no ORCID", DH_STR_ARG(name_of(person)));
}

void dh_lint_orcid_missing(struct dh_lint *lint)
{
    each(lint, 1, want_orcid);
}

static struct dh_str identifier_at(struct dh_lint *lint, struct dh_str person, size_t i)
{
    return dh_arena_format(lint->arena, "%.*s/nameIdentifiers/%zu", DH_STR_ARG(person), i);
}

static void want_orcid_valid(struct dh_lint *lint, const char *list, struct json_object *person,
                             struct dh_str pointer)
{
    struct json_object *identifiers = dh_json_get(person, "nameIdentifiers");
    for (size_t i = 0; i < dh_count_of(identifiers); i++) {
        struct json_object *identifier = dh_at(identifiers, i);
        struct dh_str text = dh_str_trim(dh_text(identifier, "nameIdentifier"));
        if (!is_orcid(identifier) || !text.len)
            continue;
        bool form = dh_id_orcid(lint->arena, text).ptr != NULL;
        if (!form || !dh_id_orcid_checked(text))
            dh_lint_warn_in(lint, list, identifier_at(lint, pointer, i), "%.*s %s",
                            DH_STR_ARG(text),
                            form ? "is no ORCID: the check digit is wrong" : "is no ORCID");
    }
}

void dh_lint_orcid_invalid(struct dh_lint *lint)
{
    each(lint, LISTS, want_orcid_valid);
}

struct owner {
    struct dh_str orcid;
    size_t at;
};

static int by_orcid(const void *left, const void *right)
{
    const struct owner *a = left, *b = right;
    int order = dh_str_compare(a->orcid, b->orcid);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

void dh_lint_orcid_twice(struct dh_lint *lint)
{
    struct json_object *people = dh_json_get(lint->metadata, "creators");
    size_t count = 0;
    struct owner *owners = dh_arena_array(lint->arena, dh_count_of(people) + 1, sizeof(*owners));
    for (size_t i = 0; owners && i < dh_count_of(people); i++) {
        struct dh_str text = dh_str_trim(orcid_of(dh_at(people, i)));
        struct dh_str orcid = dh_id_orcid(lint->arena, text);
        if (orcid.ptr)
            owners[count++] = (struct owner){orcid, i};
    }
    if (count)
        qsort(owners, count, sizeof(*owners), by_orcid);
    for (size_t i = 1; i < count; i++)
        if (dh_str_equal(owners[i - 1].orcid, owners[i].orcid))
            dh_lint_warn(lint, dh_lint_at(lint, "creators", owners[i].at),
                         "%.*s has the same ORCID as %.*s",
                         DH_STR_ARG(name_of(dh_at(people, owners[i].at))),
                         DH_STR_ARG(name_of(dh_at(people, owners[i - 1].at))));
}

static void want_isni_valid(struct dh_lint *lint, const char *list, struct json_object *person,
                            struct dh_str pointer)
{
    struct json_object *identifiers = dh_json_get(person, "nameIdentifiers");
    for (size_t i = 0; i < dh_count_of(identifiers); i++) {
        struct dh_str text = dh_str_trim(dh_text(dh_at(identifiers, i), "nameIdentifier"));
        if (text.len && is_isni(dh_at(identifiers, i)) && !dh_id_orcid_checked(text))
            dh_lint_warn_in(lint, list, identifier_at(lint, pointer, i), "%.*s is no ISNI",
                            DH_STR_ARG(text));
    }
}

void dh_lint_isni_invalid(struct dh_lint *lint)
{
    each(lint, LISTS, want_isni_valid);
}

/* ---- affiliations ------------------------------------------------------------------------------ */

static struct dh_str affiliation_at(struct dh_lint *lint, struct dh_str person, size_t i)
{
    return dh_arena_format(lint->arena, "%.*s/affiliation/%zu", DH_STR_ARG(person), i);
}

static bool claims_ror(struct json_object *affiliation)
{
    struct dh_str id = dh_text(affiliation, "affiliationIdentifier");
    return dh_str_equal_nocase(dh_text(affiliation, "affiliationIdentifierScheme"),
                               DH_STR("ROR")) ||
           dh_str_starts_nocase(id, DH_STR("https://ror.org/")) ||
           dh_str_starts_nocase(id, DH_STR("http://ror.org/")) ||
           dh_str_starts_nocase(id, DH_STR("ror.org/"));
}

static struct dh_str affiliation_name(struct json_object *affiliation)
{
    struct dh_str text = dh_text_of(affiliation);
    return text.ptr ? text : dh_text(affiliation, "name");
}

static void want_ror(struct dh_lint *lint, const char *list, struct json_object *person,
                     struct dh_str pointer)
{
    struct json_object *affiliations = dh_json_get(person, "affiliation");
    for (size_t i = 0; i < dh_count_of(affiliations); i++) {
        struct json_object *affiliation = dh_at(affiliations, i);
        if (!claims_ror(affiliation) || !dh_text_present(affiliation, "affiliationIdentifier").ptr)
            dh_lint_warn_in(lint, list, affiliation_at(lint, pointer, i), "%.*s has no ROR",
                            DH_STR_ARG(affiliation_name(affiliation)));
    }
}

void dh_lint_ror_missing(struct dh_lint *lint)
{
    each(lint, LISTS, want_ror);
}

static void want_ror_valid(struct dh_lint *lint, const char *list, struct json_object *person,
                           struct dh_str pointer)
{
    struct json_object *affiliations = dh_json_get(person, "affiliation");
    for (size_t i = 0; i < dh_count_of(affiliations); i++) {
        struct json_object *affiliation = dh_at(affiliations, i);
        struct dh_str id = dh_str_trim(dh_text(affiliation, "affiliationIdentifier"));
        if (id.len && claims_ror(affiliation) && !dh_id_ror(lint->arena, id).ptr)
            dh_lint_warn_in(lint, list, affiliation_at(lint, pointer, i), "%.*s is no ROR",
                            DH_STR_ARG(id));
    }
}

void dh_lint_ror_invalid(struct dh_lint *lint)
{
    each(lint, LISTS, want_ror_valid);
}
