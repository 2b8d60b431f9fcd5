/* People of a Crossref work, and what its "programs" hold: licences, funders, related works. */
#include "format/crossref.h"

/* ---- people --------------------------------------------------------------------------------- */

static void add(struct json_object *array, struct json_object *element)
{
    if (element && (!array || json_object_array_add(array, element)))
        json_object_put(element);
}

/* One <affiliation> with text, or <institution> elements with names and identifiers. */
static struct json_object *affiliations_of(const struct dh_crossref *in,
                                           const struct dh_xml *person)
{
    struct json_object *list = json_object_new_array();
    for (const struct dh_xml *affiliation = dh_xml_child(person, "affiliation");
         affiliation && dh_counts_item(in->counts); affiliation = dh_xml_same(affiliation))
        add(list, dh_affiliation(in->arena, dh_crossref_text(in, affiliation), DH_STR_NONE,
                                 DH_STR_NONE, DH_STR_NONE));
    for (const struct dh_xml *place =
             dh_xml_child(dh_xml_child(person, "affiliations"), "institution");
         place && dh_counts_item(in->counts); place = dh_xml_same(place)) {
        const struct dh_xml *id = dh_xml_child(place, "institution_id");
        struct dh_str scheme = dh_arena_upper(in->arena, dh_xml_attr(id, "type"));
        add(list, dh_affiliation(in->arena, dh_crossref_child(in, place, "institution_name"),
                                 dh_crossref_text(in, id), scheme, DH_STR_NONE));
    }
    return list;
}

static struct json_object *orcid_of(const struct dh_crossref *in, const struct dh_xml *person)
{
    struct dh_str orcid = dh_id_orcid(in->arena, dh_crossref_child(in, person, "ORCID"));
    struct json_object *list = orcid.ptr ? json_object_new_array() : NULL;
    if (list)
        add(list, dh_name_identifier(in->arena, orcid, DH_STR("ORCID"), DH_STR_NONE));
    return list;
}

static struct json_object *person_of(const struct dh_crossref *in, const struct dh_xml *element,
                                     const char *contributor_type)
{
    struct dh_str family = dh_crossref_child(in, element, "surname");
    struct dh_str given = dh_crossref_child(in, element, "given_name");
    struct dh_str suffix = dh_crossref_child(in, element, "suffix");
    if (family.ptr && suffix.ptr)
        family = DH_ARENA_JOIN(in->arena, family, DH_STR(" "), suffix);
    struct dh_person person = {
        .name = dh_person_name(in->arena, family, given),
        .name_type = DH_STR("Personal"),
        .family = family,
        .given = given,
        .identifiers = orcid_of(in, element),
        .affiliation = affiliations_of(in, element),
        .contributor_type = contributor_type,
    };
    return dh_person_new(&person);
}

static struct json_object *organisation_of(struct dh_str name, const char *contributor_type)
{
    struct dh_person organisation = {
        .name = name,
        .name_type = DH_STR("Organizational"),
        .contributor_type = contributor_type,
    };
    return name.ptr ? dh_person_new(&organisation) : NULL;
}

static bool has_role(const struct dh_xml *element, const char *role)
{
    return dh_str_equal(dh_xml_attr(element, "contributor_role"), dh_str(role));
}

/* Those of one role: people first, organisations behind them. */
static void add_role(const struct dh_crossref *in, struct json_object *list, const char *role,
                     const char *contributor_type)
{
    const struct dh_xml *holder = dh_xml_child(in->work, "contributors");
    const struct dh_xml *person = dh_xml_child(holder, "person_name");
    if (!person)
        person = dh_xml_child(in->work, "person_name");
    for (; person; person = dh_xml_same(person))
        if (has_role(person, role) && dh_counts_item(in->counts))
            add(list, person_of(in, person, contributor_type));
    for (const struct dh_xml *other = dh_xml_child(holder, "organization"); other;
         other = dh_xml_same(other))
        if (has_role(other, role) && dh_counts_item(in->counts))
            add(list, organisation_of(dh_crossref_text(in, other), contributor_type));
}

void dh_crossref_people(const struct dh_crossref *in)
{
    struct json_object *creators = json_object_new_array(), *others = json_object_new_array();
    add_role(in, creators, "author", NULL);
    if (creators && !json_object_array_length(creators))
        add(creators, organisation_of(DH_STR(":(unav)"), NULL));
    add_role(in, others, "editor", "Editor");
    add_role(in, others, "translator", "Translator");
    dh_put(in->metadata, "creators", creators);
    dh_put(in->metadata, "contributors", others);
}

/* Takes the list over; the first one that is not empty stays. */
static void put_list(const struct dh_crossref *in, const char *key, struct json_object *list)
{
    if (list && json_object_array_length(list) && !dh_json_get(in->metadata, key))
        dh_put(in->metadata, key, list);
    else
        json_object_put(list);
}

/* ---- licences ------------------------------------------------------------------------------- */

/* True when this was not seen before; it has been now. Two of one text are one. */
static bool first_seen(struct json_object *seen, struct json_object *value, struct dh_arena *arena)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX);
    dh_json_write(&text, value, DH_JSON_PLAIN);
    struct dh_str key = text.status ? DH_STR_NONE : dh_arena_copy(arena, dh_buf_view(&text));
    dh_buf_release(&text);
    if (!key.ptr || dh_json_has(seen, key.ptr))
        return false;
    dh_put(seen, key.ptr, json_object_new_boolean(true));
    return true;
}

/* A licence may be told for each version of a text; it counts once. */
static void add_licences(const struct dh_crossref *in, const struct dh_xml *program)
{
    struct json_object *list = json_object_new_array(), *seen = json_object_new_object();
    for (const struct dh_xml *licence = dh_xml_child(program, "license_ref");
         licence && seen && dh_counts_item(in->counts); licence = dh_xml_same(licence)) {
        struct dh_rights given = {.uri = dh_crossref_text(in, licence)};
        struct json_object *rights = given.uri.ptr ? dh_rights_new(in->arena, &given) : NULL;
        if (rights && first_seen(seen, rights, in->arena))
            add(list, rights);
        else
            json_object_put(rights);
    }
    json_object_put(seen);
    put_list(in, "rightsList", list);
}

/* ---- funders -------------------------------------------------------------------------------- */

static bool named(const struct dh_xml *assertion, const char *name)
{
    return dh_str_equal(dh_xml_attr(assertion, "name"), dh_str(name));
}

static void put_funder_id(const struct dh_crossref *in, const struct dh_xml *name,
                          struct json_object *funding)
{
    struct dh_str text = dh_crossref_child(in, name, "assertion");
    struct dh_str funder = text.ptr ? dh_id_funder(in->arena, text) : DH_STR_NONE;
    if (!funder.ptr)
        return;
    dh_put_string(funding, "funderIdentifier", funder);
    dh_put_string(funding, "funderIdentifierType", DH_STR("Crossref Funder ID"));
}

/* One that pays: its name, and the number of the award when there is one. */
static void add_funding(const struct dh_crossref *in, struct json_object *list,
                        const struct dh_xml *name, const struct dh_xml *award)
{
    struct dh_str text = dh_crossref_text(in, name);
    struct json_object *funding = text.ptr ? json_object_new_object() : NULL;
    if (!funding)
        return;
    dh_put_string(funding, "funderName", text);
    put_funder_id(in, name, funding);
    dh_put_string(funding, "awardNumber", dh_crossref_text(in, award));
    if (dh_xml_attr(award, "awardURI").len)
        dh_put_string(funding, "awardUri", dh_xml_attr(award, "awardURI"));
    add(list, funding);
}

static const struct dh_xml *assertion_of(const struct dh_xml *group, const char *name)
{
    const struct dh_xml *assertion = dh_xml_child(group, "assertion");
    while (assertion && !named(assertion, name))
        assertion = dh_xml_same(assertion);
    return assertion;
}

/* Groups of a funder and an award; a funder may also stand alone. */
static void add_funders(const struct dh_crossref *in, const struct dh_xml *program)
{
    struct json_object *list = json_object_new_array();
    for (const struct dh_xml *assertion = dh_xml_child(program, "assertion");
         assertion && dh_counts_item(in->counts); assertion = dh_xml_same(assertion))
        if (named(assertion, "fundgroup"))
            add_funding(in, list, assertion_of(assertion, "funder_name"),
                        assertion_of(assertion, "award_number"));
        else if (named(assertion, "funder_name"))
            add_funding(in, list, assertion, NULL);
    put_list(in, "fundingReferences", list);
}

/* ---- related works -------------------------------------------------------------------------- */

/* "isTranslationOf" as "IsTranslationOf" when DataCite knows it; else ptr NULL. */
static struct dh_str relation_type(const struct dh_crossref *in, struct dh_str name)
{
    struct dh_str copy = dh_arena_copy(in->arena, name);
    if (copy.len && copy.ptr[0] >= 'a' && copy.ptr[0] <= 'z')
        *(char *)copy.ptr = (char)(copy.ptr[0] - 32);
    bool known =
        dh_vocab_find(DH_VOCAB_RELATION_TYPE, copy) < dh_vocab_count(DH_VOCAB_RELATION_TYPE);
    return known ? copy : DH_STR_NONE;
}

/* The type of identifier as DataCite spells it; NULL when it has none. */
static const char *identifier_type(struct dh_str name)
{
    if (dh_str_equal_nocase(name, DH_STR("uri")))
        return "URL";
    struct dh_str type = dh_id_type_spelling(name);
    size_t at = dh_vocab_find(DH_VOCAB_RELATED_IDENTIFIER_TYPE, type);
    bool known = at < dh_vocab_count(DH_VOCAB_RELATED_IDENTIFIER_TYPE);
    return known ? dh_vocab_value(DH_VOCAB_RELATED_IDENTIFIER_TYPE, at) : NULL;
}

static void add_relations(const struct dh_crossref *in, const struct dh_xml *program)
{
    for (const struct dh_xml *item = dh_xml_child(program, "related_item");
         item && dh_counts_item(in->counts); item = dh_xml_same(item)) {
        const struct dh_xml *relation = dh_xml_child(item, "intra_work_relation");
        if (!relation)
            relation = dh_xml_child(item, "inter_work_relation");
        struct dh_str name = relation_type(in, dh_xml_attr(relation, "relationship-type"));
        const char *type = identifier_type(dh_xml_attr(relation, "identifier-type"));
        struct dh_str target = dh_crossref_text(in, relation);
        if (name.ptr && type && target.ptr)
            dh_append_related(in->metadata, target, type, name, NULL);
    }
}

/* ---- programs ------------------------------------------------------------------------------- */

static void read_programs(const struct dh_crossref *in, const struct dh_xml *program)
{
    static const struct {
        const char *name;
        void (*read)(const struct dh_crossref *in, const struct dh_xml *program);
    } kinds[] = {
        {"AccessIndicators", add_licences}, {"fundref", add_funders}, {"relations", add_relations}};
    for (; program; program = dh_xml_same(program))
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
            if (named(program, kinds[i].name))
                kinds[i].read(in, program);
}

void dh_crossref_programs(const struct dh_crossref *in)
{
    const struct dh_xml *crossmark = dh_xml_child(in->work, "crossmark");
    read_programs(in, dh_xml_child(in->work, "program"));
    read_programs(in, dh_xml_child(dh_xml_child(crossmark, "custom_metadata"), "program"));
}
