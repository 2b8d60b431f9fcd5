/*
 * The walk over a record. Values are found in the order of the tree, whose members are visited once
 * each, and noted in a list per source; then the lists are given out one after the other.
 */
#include "query/values.h"

#include "base/limits.h"
#include "query/value_parts.h"

struct dh_values_plan {
    struct dh_value_name *names; /* of the sources that are looked up in the tree */
};

/* One value: a scalar of the tree, or a text made of it. */
struct note {
    struct json_object *scalar; /* NULL: `text` */
    struct dh_str text;
    uint32_t next; /* number of the next one + 1; 0: none */
};

struct walk {
    const struct dh_record *record;
    struct dh_arena *arena;
    struct note *notes;
    uint32_t count, cap;
    uint32_t first[DH_SOURCE__N], last[DH_SOURCE__N]; /* numbers + 1 */
    bool failed;                                      /* out of memory */
};

static void add(struct walk *walk, enum dh_source source, struct note note)
{
    if (walk->count == walk->cap) {
        uint32_t cap = walk->cap ? walk->cap * 2 : 256;
        struct note *notes = walk->failed ? NULL : dh_arena_array(walk->arena, cap, sizeof(*notes));
        walk->failed = !notes;
        if (!notes)
            return;
        if (walk->count)
            memcpy(notes, walk->notes, walk->count * sizeof(*notes));
        walk->notes = notes;
        walk->cap = cap;
    }
    walk->notes[walk->count++] = note;
    if (walk->first[source])
        walk->notes[walk->last[source] - 1].next = walk->count;
    else
        walk->first[source] = walk->count;
    walk->last[source] = walk->count;
}

/* Nothing is noted when there is nothing. */
static void add_text(struct walk *walk, enum dh_source source, struct dh_str text)
{
    if (text.len)
        add(walk, source, (struct note){.text = text});
}

/* A text made in the arena: ptr NULL means that there was no room. */
static void add_made(struct walk *walk, enum dh_source source, struct dh_str text)
{
    walk->failed = walk->failed || !text.ptr;
    add_text(walk, source, text);
}

static struct dh_str join(struct dh_arena *arena, struct dh_str a, struct dh_str b, struct dh_str c)
{
    char *text = dh_arena_alloc(arena, a.len + b.len + c.len + 1);
    if (!text)
        return DH_STR_NONE;
    memcpy(text, a.ptr, a.len);
    memcpy(text + a.len, b.ptr, b.len);
    if (c.len)
        memcpy(text + a.len + b.len, c.ptr, c.len);
    return (struct dh_str){text, a.len + b.len + c.len};
}

/* ---- the tree ------------------------------------------------------------------------------- */

static void found(void *context, size_t row, struct json_object *value)
{
    add(context, (enum dh_source)row, (struct note){.scalar = value});
}

/* The state of the envelope counts, whatever the tree says. */
static bool in_tree(enum dh_source source)
{
    const struct dh_source_row *row = &dh_sources[source];
    return row->home == DH_HOME_INDEX && row->path[0] != '@' && source != DH_SOURCE_STATE;
}

struct dh_values_plan *dh_values_plan(const bool *wanted, struct dh_arena *arena)
{
    struct dh_values_plan *plan = dh_arena_array(arena, 1, sizeof(*plan));
    for (size_t i = 0; plan && i < DH_SOURCE__N; i++)
        if (in_tree((enum dh_source)i) && (!wanted || wanted[i]) &&
            !dh_value_names_add(&plan->names, dh_sources[i].path, i, arena))
            return NULL;
    return plan;
}

static void walk_tree(const struct dh_values_plan *plan, struct walk *walk)
{
    struct json_object *tree = walk->record->attributes;
    if (json_object_is_type(tree, json_type_object))
        dh_value_names_follow(plan->names, tree, found, walk);
}

/* ---- what is derived ------------------------------------------------------------------------ */

static size_t items(struct json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

static struct json_object *item(struct json_object *list, size_t i)
{
    return json_object_array_get_idx(list, i);
}

static void add_envelope(struct walk *walk)
{
    const struct dh_record *record = walk->record;
    add_text(walk, DH_SOURCE_DOI, record->doi);
    add_made(walk, DH_SOURCE_DOI_URL,
             join(walk->arena, DH_STR("https://"), DH_STR("doi.org/"), record->doi));
    add_text(walk, DH_SOURCE_PREFIX, dh_doi_prefix(record->doi));
    add_text(walk, DH_SOURCE_SUFFIX, dh_doi_suffix(record->doi));
    add_text(walk, DH_SOURCE_CLIENT_ID, record->client);
    add_text(walk, DH_SOURCE_PROVIDER_ID, record->provider);
    if (record->state < DH_STATE__N)
        add_text(walk, DH_SOURCE_STATE, dh_str(dh_state_name(record->state)));
}

/* "Given Family"; "B A" of "A, B"; else the name as it is. */
static struct dh_str spoken_name(struct dh_arena *arena, struct json_object *creator)
{
    struct dh_str given = dh_json_member(creator, "givenName");
    struct dh_str family = dh_json_member(creator, "familyName");
    struct dh_str name = dh_json_member(creator, "name");
    if (!dh_str_blank(family)) {
        if (dh_str_blank(given))
            return family;
        return join(arena, given, DH_STR(" "), family);
    }
    size_t comma = dh_str_find(name, ',');
    struct dh_str rest = dh_str_trim(dh_str_from(name, comma + 1));
    if (!rest.len || !comma)
        return name.ptr ? name : DH_STR("");
    return join(arena, rest, DH_STR(" "), (struct dh_str){name.ptr, comma});
}

/* The fair_ variants leave out contributors who are no sponsors. */
static void add_twice(struct walk *walk, enum dh_source source, enum dh_source fair_source,
                      bool fair, struct dh_str text)
{
    add_made(walk, source, text);
    if (fair)
        add_made(walk, fair_source, text);
}

static void add_affiliations(struct walk *walk, struct json_object *list, bool fair)
{
    for (size_t i = 0; i < items(list); i++) {
        struct dh_str id = dh_ror_name(dh_json_member(item(list, i), "affiliationIdentifier"));
        struct dh_str name = dh_json_member(item(list, i), "name");
        if (!id.ptr)
            continue;
        add_twice(walk, DH_SOURCE_AFFILIATION_ID, DH_SOURCE_FAIR_AFFILIATION_ID, fair, id);
        if (name.ptr && name.len <= DH_VALUE_MAX)
            add_twice(walk, DH_SOURCE_AFFILIATION_ID_AND_NAME,
                      DH_SOURCE_FAIR_AFFILIATION_ID_AND_NAME, fair,
                      join(walk->arena, id, DH_STR(":"), name));
    }
}

/* The number of an ORCID iD that is a URL, or bare under the scheme ORCID. */
static struct dh_str orcid_of(struct json_object *identifier, struct dh_str id)
{
    enum { BARE = 19 };
    struct dh_str number = dh_orcid_number(id);
    if (!number.ptr && id.len == BARE &&
        dh_str_equal(dh_json_member(identifier, "nameIdentifierScheme"), DH_STR("ORCID")))
        return id;
    return number;
}

static void add_name_identifiers(struct walk *walk, struct json_object *list, bool fair)
{
    for (size_t i = 0; i < items(list); i++) {
        struct dh_str id = dh_json_member(item(list, i), "nameIdentifier");
        struct dh_str number = orcid_of(item(list, i), id), ror = dh_ror_name(id);
        if (number.len)
            add_made(walk, DH_SOURCE_PERSON_ID,
                     join(walk->arena, DH_STR("https://"), DH_STR("orcid.org/"), number));
        if (ror.ptr)
            add_twice(walk, DH_SOURCE_ORGANIZATION_ID, DH_SOURCE_FAIR_ORGANIZATION_ID, fair, ror);
    }
}

static void add_people(struct walk *walk, struct json_object *list, bool creators)
{
    for (size_t i = 0; i < items(list); i++) {
        struct json_object *person = item(list, i);
        bool fair =
            creators || dh_str_equal(dh_json_member(person, "contributorType"), DH_STR("Sponsor"));
        if (creators)
            add_made(walk, DH_SOURCE_CREATOR_NAMES, spoken_name(walk->arena, person));
        add_affiliations(walk, dh_json_get(person, "affiliation"), fair);
        add_name_identifiers(walk, dh_json_get(person, "nameIdentifiers"), fair);
    }
}

static void add_sciences(struct walk *walk, struct json_object *list)
{
    static const struct dh_str head = {"FOS: ", 5};
    for (size_t i = 0; i < items(list); i++) {
        struct dh_str text = dh_json_member(item(list, i), "subject");
        if (!text.len || !dh_subject_is_science(item(list, i)))
            continue;
        text = dh_str_starts(text, head) ? dh_str_from(text, head.len) : text;
        add_text(walk, DH_SOURCE_FIELDS_OF_SCIENCE, text);
    }
}

static void add_resource_type(struct walk *walk, struct json_object *types)
{
    struct dh_str id = dh_resource_type_id(types);
    size_t i = dh_resource_type_find(id);
    if (!id.len)
        return;
    add_text(walk, DH_SOURCE_RESOURCE_TYPE_ID, id);
    if (i < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE))
        add_made(walk, DH_SOURCE_RESOURCE_TYPE_ID_AND_NAME,
                 join(walk->arena, id, DH_STR(":"), dh_str(dh_resource_type_words(i))));
}

static void add_funders(struct walk *walk, struct json_object *list)
{
    for (size_t i = 0; i < items(list); i++) {
        struct dh_str type = dh_json_member(item(list, i), "funderIdentifierType");
        struct dh_str ror = dh_ror_name(dh_json_member(item(list, i), "funderIdentifier"));
        if (ror.ptr && dh_str_equal(type, DH_STR("ROR")))
            add_made(walk, DH_SOURCE_FUNDER_RORS,
                     join(walk->arena, DH_STR("https://"), ror, DH_STR("")));
    }
}

static void add_derived(struct walk *walk)
{
    struct json_object *tree = walk->record->attributes;
    struct json_object *publisher = dh_json_get(tree, "publisher");
    add_people(walk, dh_json_get(tree, "creators"), true);
    add_people(walk, dh_json_get(tree, "contributors"), false);
    add_text(walk, DH_SOURCE_ORGANIZATION_ID,
             dh_ror_name(dh_json_member(publisher, "publisherIdentifier")));
    add_sciences(walk, dh_json_get(tree, "subjects"));
    add_resource_type(walk, dh_json_get(tree, "types"));
    add_funders(walk, dh_json_get(tree, "fundingReferences"));
}

/* ---- giving out ----------------------------------------------------------------------------- */

/* *on becomes false when `each` wants no more. */
static enum dh_status give(struct walk *walk, enum dh_source source, const struct note *note,
                           dh_value_fn each, void *context, bool *on, struct dh_err *err)
{
    enum dh_index type = dh_sources[source].type;
    struct dh_str terms[2] = {note->text};
    size_t count = 1;
    enum dh_status status = DH_OK;
    if (note->scalar)
        status = dh_value_scalar(note->scalar, type, terms, &count, walk->arena, err);
    else if (type != DH_INDEX_TEXT)
        status = dh_value_terms(note->text, type, terms, &count, walk->arena, err);
    for (size_t i = 0; !status && *on && i < count; i++)
        if (type == DH_INDEX_TEXT || terms[i].len <= DH_VALUE_MAX)
            *on = each(context, source, terms[i]);
    return status;
}

enum dh_status dh_values_walk(const struct dh_values_plan *plan, const struct dh_record *record,
                              dh_value_fn each, void *context, struct dh_arena *arena,
                              struct dh_err *err)
{
    struct walk walk = {.record = record, .arena = arena};
    enum dh_status status = DH_OK;
    bool on = true;
    add_envelope(&walk);
    walk_tree(plan, &walk);
    add_derived(&walk);
    if (walk.failed)
        return dh_fail(err, DH_MEMORY, "out of memory while values were read");
    for (size_t s = 0; !status && on && s < DH_SOURCE__N; s++)
        for (uint32_t i = walk.first[s]; !status && on && i; i = walk.notes[i - 1].next)
            status = give(&walk, (enum dh_source)s, &walk.notes[i - 1], each, context, &on, err);
    return status;
}
