#include "model/vocab.h"

static const char *const state_names[DH_STATE__N] = {
    [DH_STATE_DRAFT] = "draft",       [DH_STATE_REGISTERED] = "registered",
    [DH_STATE_FINDABLE] = "findable", [DH_STATE_FLAGGED] = "flagged",
    [DH_STATE_BROKEN] = "broken",     [DH_STATE_TOMBSTONED] = "tombstoned",
};

static const struct {
    enum dh_vocab vocab;
    const char *value;
} values[] = {
#define DH_VALUE(vocab, value) {DH_VOCAB_##vocab, value},
#include "model/vocab.def"
};

static const struct {
    const char *name, *dashed, *words, *schema_org;
} resource_types[] = {
#define DH_RESOURCE_TYPE(name, dashed, words, schema_org, ris) {name, dashed, words, schema_org},
#include "model/vocab.def"
};

static const struct {
    const char *name;
    enum dh_edge edge;
    bool inverse;
} relations[] = {
#define DH_RELATION(name, edge, inverse) {name, DH_EDGE_##edge, inverse},
#include "model/vocab.def"
};

static const char *const agencies[] = {
#define DH_AGENCY(name) name,
#include "model/vocab.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *dh_state_name(enum dh_doi_state state)
{
    return (size_t)state < DH_STATE__N ? state_names[state] : "";
}

enum dh_doi_state dh_state_find(struct dh_str name)
{
    size_t i = 0;
    while (i < DH_STATE__N && !dh_str_equal(name, dh_str(state_names[i])))
        i++;
    return (enum dh_doi_state)i;
}

/* Position of the list's first row in `values`; its rows stand together. */
static size_t first_of(enum dh_vocab vocab)
{
    size_t i = 0;
    while (i < COUNT(values) && values[i].vocab != vocab)
        i++;
    return i;
}

size_t dh_vocab_count(enum dh_vocab vocab)
{
    if (vocab == DH_VOCAB_RESOURCE_TYPE)
        return COUNT(resource_types);
    if (vocab == DH_VOCAB_RELATION_TYPE)
        return COUNT(relations);
    size_t first = first_of(vocab), end = first;
    while (end < COUNT(values) && values[end].vocab == vocab)
        end++;
    return end - first;
}

const char *dh_vocab_value(enum dh_vocab vocab, size_t i)
{
    if (vocab == DH_VOCAB_RESOURCE_TYPE)
        return resource_types[i].name;
    if (vocab == DH_VOCAB_RELATION_TYPE)
        return relations[i].name;
    return values[first_of(vocab) + i].value;
}

size_t dh_vocab_find(enum dh_vocab vocab, struct dh_str value)
{
    size_t count = dh_vocab_count(vocab), i = 0;
    bool own = vocab == DH_VOCAB_RESOURCE_TYPE || vocab == DH_VOCAB_RELATION_TYPE;
    size_t first = own ? 0 : first_of(vocab);
    while (i < count &&
           !dh_str_equal(value, dh_str(own ? dh_vocab_value(vocab, i) : values[first + i].value)))
        i++;
    return i;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Alike but for case, dashes and underscores. */
static bool alike(const char *name, struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '-' || text.ptr[i] == '_')
            continue;
        if (!*name || lower(*name) != lower(text.ptr[i]))
            return false;
        name++;
    }
    return !*name;
}

size_t dh_relation_find(struct dh_str text)
{
    size_t count = dh_vocab_count(DH_VOCAB_RELATION_TYPE), i = 0;
    while (i < count && !alike(dh_vocab_value(DH_VOCAB_RELATION_TYPE, i), text))
        i++;
    return i;
}

enum dh_edge dh_relation_edge(size_t relation_type, bool *inverse)
{
    bool known = relation_type < COUNT(relations);
    *inverse = known && relations[relation_type].inverse;
    return known ? relations[relation_type].edge : DH_EDGE_NONE;
}

size_t dh_resource_type_find(struct dh_str id)
{
    size_t i = 0;
    while (i < COUNT(resource_types) && !dh_str_equal(id, dh_str(resource_types[i].dashed)))
        i++;
    return i;
}

const char *dh_resource_type_dashed(size_t i)
{
    return i < COUNT(resource_types) ? resource_types[i].dashed : "";
}

const char *dh_resource_type_words(size_t i)
{
    return i < COUNT(resource_types) ? resource_types[i].words : "";
}

const char *dh_resource_type_schema_org(size_t i)
{
    return i < COUNT(resource_types) ? resource_types[i].schema_org : "";
}

bool dh_agency_other(struct dh_str agency)
{
    for (size_t i = 0; i < COUNT(agencies); i++)
        if (dh_str_equal(agency, dh_str(agencies[i])))
            return true;
    return false;
}
