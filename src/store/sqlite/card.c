#include "store/sqlite/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

/* What one extraction carries along. A failed allocation sticks. */
struct card {
    struct dh_sq_values *values;
    struct dh_arena *arena;
    uint32_t caps[DH_COLUMN__N];
    int64_t flags;
    bool failed;
};

XXH128_hash_t dh_sq_doi_hash(struct dh_str doi)
{
    return XXH3_128bits_withSeed(doi.len ? doi.ptr : "", doi.len, UINT32_MAX);
}

struct dh_sq_term dh_sq_term(enum dh_column column, struct dh_str value)
{
    const char *ptr = value.len ? value.ptr : "";
    uint64_t space = (uint64_t)dh_sq_space(column) + 1;
    XXH128_hash_t hash = XXH3_128bits(ptr, value.len);
    /* Not as a seed: that is added to the bytes of a short text, which another text makes up for.
     */
    hash.low64 += space * UINT64_C(0x9e3779b97f4a7c15);
    hash.high64 += space * UINT64_C(0xc2b2ae3d27d4eb4f);
    return (struct dh_sq_term){{ptr, value.len}, hash};
}

static void add(struct card *card, enum dh_column c, struct dh_str value)
{
    struct dh_sq_values *values = card->values;
    if (!value.ptr || card->failed)
        return;
    if (values->counts[c] == card->caps[c]) {
        uint32_t cap = card->caps[c] ? card->caps[c] * 2 : 4;
        struct dh_sq_term *terms = dh_arena_array(card->arena, cap, sizeof(*terms));
        if (!terms) {
            card->failed = true;
            return;
        }
        if (values->counts[c])
            memcpy(terms, values->terms[c], values->counts[c] * sizeof(*terms));
        values->terms[c] = terms;
        card->caps[c] = cap;
    }
    values->terms[c][values->counts[c]++] = dh_sq_term(c, value);
}

/* Adds what was made in the arena: NULL means that there was no room. */
static void add_made(struct card *card, enum dh_column c, struct dh_str value)
{
    card->failed = card->failed || !value.ptr;
    add(card, c, value);
}

static void add_lower(struct card *card, enum dh_column c, struct dh_str value)
{
    if (value.ptr)
        add_made(card, c, dh_arena_lower(card->arena, value));
}

static int by_hash(const void *a, const void *b)
{
    const struct dh_sq_term *x = a, *y = b;
    return XXH128_cmp(&x->hash, &y->hash);
}

/* A value counts once per record, however often it stands there. */
static void distinct(struct dh_sq_values *values, enum dh_column c)
{
    struct dh_sq_term *terms = values->terms[c];
    uint32_t count = values->counts[c], kept = 0;
    if (count < 2)
        return;
    qsort(terms, count, sizeof(*terms), by_hash);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || !XXH128_isEqual(terms[i].hash, terms[kept - 1].hash))
            terms[kept++] = terms[i];
    values->counts[c] = kept;
}

/* The i-th object of a list attribute, or NULL. */
static struct json_object *item(struct json_object *list, size_t i)
{
    return json_object_array_get_idx(list, i);
}

static size_t items(struct json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

static void add_affiliations(struct card *card, struct json_object *agent)
{
    struct json_object *list = dh_json_get(agent, "affiliation");
    for (size_t i = 0; i < items(list); i++) {
        struct json_object *a = item(list, i);
        if (dh_str_equal(dh_json_member(a, "affiliationIdentifierScheme"), DH_STR("ROR")))
            card->flags |= DH_FLAG_AFFILIATION;
        struct dh_str id = dh_ror_name(dh_json_member(a, "affiliationIdentifier"));
        struct dh_str name = dh_json_member(a, "name");
        if (!id.ptr)
            continue;
        add(card, DH_COLUMN_AFFILIATION_ID, id);
        if (name.ptr && name.len < DH_DOI_MAX)
            add_made(card, DH_COLUMN_AFFILIATION,
                     dh_arena_format(card->arena, "%.*s:%.*s", DH_STR_ARG(id), DH_STR_ARG(name)));
    }
}

static void add_agents(struct card *card, struct json_object *list, bool creators)
{
    for (size_t i = 0; i < items(list); i++) {
        add_affiliations(card, item(list, i));
        struct json_object *ids = dh_json_get(item(list, i), "nameIdentifiers");
        for (size_t k = 0; k < items(ids); k++) {
            struct dh_str scheme = dh_json_member(item(ids, k), "nameIdentifierScheme");
            struct dh_str id = dh_json_member(item(ids, k), "nameIdentifier");
            if (creators && dh_str_equal(scheme, DH_STR("ORCID")))
                card->flags |= DH_FLAG_PERSON;
            if (dh_str_equal(scheme, DH_STR("ROR")))
                card->flags |= DH_FLAG_ORGANIZATION;
            if (!dh_orcid_number(id).ptr)
                continue;
            add(card, DH_COLUMN_PERSON_ANY, id);
            if (creators)
                add(card, DH_COLUMN_PERSON, id);
        }
    }
}

static void add_subjects(struct card *card, struct json_object *list)
{
    bool fos = false;
    for (size_t i = 0; i < items(list); i++) {
        fos = fos || dh_subject_is_science(item(list, i));
        add(card, DH_COLUMN_SUBJECT, dh_json_member(item(list, i), "subject"));
    }
    for (size_t i = 0; fos && i < items(list); i++) {
        struct dh_str text = dh_json_member(item(list, i), "subject");
        if (dh_str_starts(text, DH_STR("FOS:")))
            add(card, DH_COLUMN_FIELD_OF_SCIENCE, text);
    }
}

static void add_funders(struct card *card, struct json_object *list)
{
    for (size_t i = 0; i < items(list); i++) {
        struct dh_str id = dh_json_member(item(list, i), "funderIdentifier");
        struct dh_str type = dh_json_member(item(list, i), "funderIdentifierType");
        if (dh_str_equal(type, DH_STR("Crossref Funder ID")))
            card->flags |= DH_FLAG_FUNDER;
        add_lower(card, DH_COLUMN_FUNDER, id);
        struct dh_str name = dh_ror_name(id);
        if (dh_str_equal(type, DH_STR("ROR")) && name.ptr)
            add_made(card, DH_COLUMN_FUNDER_ROR,
                     dh_arena_format(card->arena, "https://%.*s", DH_STR_ARG(name)));
    }
}

static int64_t integer(struct json_object *value)
{
    return json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : DH_TIME_NONE;
}

static void add_landing_page(struct card *card, struct json_object *page)
{
    static const struct {
        const char *key;
        int64_t yes, no; /* of a boolean; `yes` alone also of any other value */
    } rows[] = {
        {"hasSchemaOrg", DH_FLAG_SCHEMA_ORG, DH_FLAG_NO_SCHEMA_ORG},
        {"bodyHasPid", DH_FLAG_BODY_PID, DH_FLAG_NO_BODY_PID},
        {"schemaOrgId", DH_FLAG_SCHEMA_ORG_ID, 0},
        {"dcIdentifier", DH_FLAG_DC_IDENTIFIER, 0},
        {"citationDoi", DH_FLAG_CITATION_DOI, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *value = dh_json_get(page, rows[i].key);
        if (json_object_is_type(value, json_type_boolean))
            card->flags |= json_object_get_boolean(value) ? rows[i].yes : rows[i].no;
        else if (value && !rows[i].no)
            card->flags |= rows[i].yes;
    }
    struct json_object *status = dh_json_get(page, "status");
    if (json_object_is_type(status, json_type_int))
        add_made(card, DH_COLUMN_LANDING_STATUS,
                 dh_arena_format(card->arena, "%lld", (long long)json_object_get_int64(status)));
    else
        add(card, DH_COLUMN_LANDING_STATUS, dh_json_str(status));
    card->values->numbers[DH_COLUMN_REDIRECTS] = integer(dh_json_get(page, "redirectCount"));
}

static int by_doi(const void *a, const void *b)
{
    const struct dh_sq_related *x = a, *y = b;
    int order = dh_str_compare(x->doi, y->doi);
    return order ? order : (x->type > y->type) - (x->type < y->type);
}

static void add_related(struct card *card, struct json_object *list)
{
    struct dh_sq_values *values = card->values;
    size_t count = items(list), kept = 0;
    values->related = dh_arena_array(card->arena, count ? count : 1, sizeof(*values->related));
    card->failed = card->failed || !values->related;
    if (card->failed)
        return;
    for (size_t i = 0; i < count; i++) {
        struct json_object *entry = item(list, i);
        if (!dh_str_equal(dh_json_member(entry, "relatedIdentifierType"), DH_STR("DOI")))
            continue;
        size_t type = dh_vocab_find(DH_VOCAB_RELATION_TYPE, dh_json_member(entry, "relationType"));
        struct dh_str doi = dh_doi_parse(card->arena, dh_json_member(entry, "relatedIdentifier"));
        if (doi.ptr && doi.len <= DH_DOI_MAX && type < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
            values->related[kept++] =
                (struct dh_sq_related){doi, dh_sq_doi_hash(doi), (int64_t)type};
    }
    qsort(values->related, kept, sizeof(*values->related), by_doi);
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || by_doi(&values->related[i], &values->related[i - 1]) != 0)
            values->related[values->related_count++] = values->related[i];
}

/* NFKD, lower-cased, without the marks; NULL or a malloc'ed string. */
static uint8_t *fold(struct dh_str title, size_t *len)
{
    size_t size;
    uint8_t *text =
        u8_tolower((const uint8_t *)title.ptr, title.len, NULL, UNINORM_NFKD, NULL, &size);
    *len = 0;
    for (size_t i = 0; text && i < size;) {
        size_t step;
        uint32_t c = dh_utf8_next((struct dh_str){(char *)text + i, size - i}, &step);
        bool mark = uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn);
        if (!mark) {
            memmove(text + *len, text + i, step);
            *len += step;
        }
        i += step;
    }
    return text;
}

static size_t cut(const char *text, size_t len)
{
    if (len <= DH_SQ_TITLE_MAX)
        return len;
    len = DH_SQ_TITLE_MAX;
    while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

struct dh_str dh_sq_title_key(struct dh_arena *arena, struct dh_str title)
{
    bool ascii = true;
    /* Four bytes of input can fold to one, hardly more: what is far behind the cut is not looked
     * at. */
    title.len = title.len > 8 * DH_SQ_TITLE_MAX ? 8 * DH_SQ_TITLE_MAX : title.len;
    for (size_t i = 0; i < title.len && ascii; i++)
        ascii = (unsigned char)title.ptr[i] < 0x80;
    if (ascii) {
        title.len = cut(title.ptr, title.len);
        return dh_arena_lower(arena, title);
    }
    size_t len;
    uint8_t *text = fold(title, &len);
    struct dh_str key = {(const char *)text, text ? cut((const char *)text, len) : 0};
    key = dh_arena_copy(arena, key.ptr ? key : DH_STR(""));
    free(text);
    return key;
}

static void add_envelope(struct card *card, const struct dh_record *record)
{
    const char *state = dh_state_name(record->state);
    add(card, DH_COLUMN_STATE, dh_str(state));
    add(card, DH_COLUMN_PREFIX, dh_doi_prefix(record->doi));
    if (record->client.len)
        add(card, DH_COLUMN_CLIENT, record->client);
    if (record->provider.len)
        add(card, DH_COLUMN_PROVIDER, record->provider);
    card->values->numbers[DH_COLUMN_CREATED] = record->created;
    card->values->numbers[DH_COLUMN_REGISTERED] = record->registered;
    card->values->numbers[DH_COLUMN_UPDATED] = record->updated;
}

static void add_attributes(struct card *card, struct json_object *tree)
{
    struct json_object *types = dh_json_get(tree, "types");
    struct dh_str agency = dh_json_member(tree, "agency");
    struct dh_str id = dh_resource_type_id(types);
    add(card, DH_COLUMN_AGENCY, agency.len ? agency : DH_STR("datacite"));
    if (id.len)
        add(card, DH_COLUMN_RESOURCE_TYPE_ID, id);
    add_lower(card, DH_COLUMN_RESOURCE_TYPE, dh_json_member(types, "resourceType"));
    add(card, DH_COLUMN_SCHEMA_VERSION, dh_json_member(tree, "schemaVersion"));
    add(card, DH_COLUMN_SOURCE, dh_json_member(tree, "source"));
    add(card, DH_COLUMN_LANGUAGE, dh_json_member(tree, "language"));
    struct json_object *rights = dh_json_get(tree, "rightsList");
    for (size_t i = 0; i < items(rights); i++)
        add_lower(card, DH_COLUMN_LICENSE, dh_json_member(item(rights, i), "rightsIdentifier"));
    add_subjects(card, dh_json_get(tree, "subjects"));
    add_agents(card, dh_json_get(tree, "creators"), true);
    add_agents(card, dh_json_get(tree, "contributors"), false);
    add_funders(card, dh_json_get(tree, "fundingReferences"));
    add_landing_page(card, dh_json_get(tree, "landingPage"));
    add_related(card, dh_json_get(tree, "relatedIdentifiers"));
    card->values->numbers[DH_COLUMN_YEAR] = integer(dh_json_get(tree, "publicationYear"));
    card->values->numbers[DH_COLUMN_CONTENT_URLS] = (int64_t)items(dh_json_get(tree, "contentUrl"));
}

enum dh_status dh_sq_values_read(const struct dh_record *record, struct dh_sq_values *out,
                                 struct dh_arena *arena, struct dh_err *err)
{
    struct card card = {.values = out, .arena = arena};
    *out = (struct dh_sq_values){0};
    for (int c = 0; c < DH_COLUMN__N; c++)
        out->numbers[c] = DH_TIME_NONE;
    add_envelope(&card, record);
    add_attributes(&card, record->attributes);
    struct json_object *titles = dh_json_get(record->attributes, "titles");
    struct dh_str title = dh_json_member(items(titles) ? item(titles, 0) : NULL, "title");
    if (title.ptr)
        out->title = dh_sq_title_key(arena, title);
    out->numbers[DH_COLUMN_FLAGS] = card.flags;
    for (int c = 0; c < DH_COLUMN__N; c++)
        distinct(out, c);
    if (card.failed)
        return dh_fail(err, DH_MEMORY, "out of memory while a record was read");
    return DH_OK;
}
