/* Ids and titles of facet buckets: the rules of the facet table. */
#include <stdlib.h>
#include <uninorm.h>

#include "api/facets.h"

/* ---- tables --------------------------------------------------------------------------------- */

struct pair {
    const char *id, *title;
};

static const struct pair client_types[] = {
    {"repository", "Repository"},
    {"periodical", "Periodical"},
    {"igsnCatalog", "IGSN ID Catalog"},
    {"raidRegistry", "RAiD Registry"},
};

static const struct pair agencies[] = {
    {"airiti", "Airiti"},     {"cnki", "CNKI"},   {"crossref", "Crossref"},
    {"datacite", "DataCite"}, {"istic", "ISTIC"}, {"jalc", "JaLC"},
    {"kisti", "KISTI"},       {"medra", "mEDRA"}, {"op", "OP"},
};

/* Licences with a title of their own; those below are their id in capitals, others their id. */
static const struct pair licences[] = {
    {"apache-2.0", "Apache-2.0"},     {"bsd-2-clause", "BSD-2-clause"},
    {"bsd-3-clause", "BSD-3-clause"}, {"ogl-canada-2.0", "OGL-Canada-2.0"},
    {"__missing__", "Unknown"},       {"__other__", "Other"},
};

static const char *const capital_licences[] = {
    "afl-1.1",
    "cc-by-1.0",
    "cc-by-2.0",
    "cc-by-2.5",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-nc-2.0",
    "cc-by-nc-2.5",
    "cc-by-nc-3.0",
    "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0",
    "cc-by-nd-2.0",
    "cc-by-nd-3.0",
    "cc-by-nd-4.0",
    "cc-by-sa-4.0",
    "cc-pddc",
    "cc0-1.0",
    "eupl-1.1",
    "gpl-2.0+",
    "gpl-3.0",
    "isc",
    "mit",
    "mpl-2.0",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The title of an id, or the id. */
static struct dh_str title_of(const struct pair *pairs, size_t count, struct dh_str id)
{
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal(id, dh_str(pairs[i].id)))
            return dh_str(pairs[i].title);
    return id;
}

/* ---- rules that need no more than the key --------------------------------------------------- */

static bool show(struct dh_shown_bucket *out, struct dh_str id, struct dh_str title,
                 const struct dh_bucket *bucket)
{
    *out = (struct dh_shown_bucket){.id = id, .title = title, .count = bucket->count};
    return true;
}

bool dh_label_same(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                   struct dh_shown_bucket *out)
{
    (void)view;
    return show(out, bucket->key, bucket->key, bucket);
}

bool dh_label_words(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                    struct dh_shown_bucket *out)
{
    return show(out, bucket->key, dh_titleize(view->call->arena, bucket->key), bucket);
}

bool dh_label_resource_type(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                            struct dh_shown_bucket *out)
{
    size_t type = dh_resource_type_find(bucket->key);
    bool known = type < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE);
    (void)view;
    return show(out, bucket->key, known ? dh_str(dh_resource_type_words(type)) : bucket->key,
                bucket);
}

/* "ror.org/x:Name" */
bool dh_label_split(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                    struct dh_shown_bucket *out)
{
    size_t colon = dh_str_find(bucket->key, ':');
    (void)view;
    return show(out, (struct dh_str){bucket->key.ptr, colon}, dh_str_from(bucket->key, colon + 1),
                bucket);
}

bool dh_label_client_type(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                          struct dh_shown_bucket *out)
{
    (void)view;
    return show(out, bucket->key, title_of(client_types, COUNT(client_types), bucket->key), bucket);
}

bool dh_label_agency(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                     struct dh_shown_bucket *out)
{
    (void)view;
    return show(out, bucket->key, title_of(agencies, COUNT(agencies), bucket->key), bucket);
}

bool dh_label_licence(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                      struct dh_shown_bucket *out)
{
    struct dh_str title = title_of(licences, COUNT(licences), bucket->key);
    for (size_t i = 0; i < COUNT(capital_licences); i++)
        if (dh_str_equal(bucket->key, dh_str(capital_licences[i])))
            title = dh_arena_upper(view->call->arena, bucket->key);
    return show(out, bucket->key, title, bucket);
}

/* http://datacite.org/schema/kernel-4: id 4 */
bool dh_label_schema(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                     struct dh_shown_bucket *out)
{
    struct dh_str id = bucket->key;
    for (size_t dash; (dash = dh_str_find(id, '-')) < id.len;)
        id = dh_str_from(id, dash + 1);
    return show(out, id, dh_arena_format(view->call->arena, "Schema %.*s", DH_STR_ARG(id)), bucket);
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The first word of the language's English name: "Spanish; Castilian" is Spanish. */
bool dh_label_language(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                       struct dh_shown_bucket *out)
{
    struct dh_str name = dh_str(bucket->key.len ? dh_language_name(bucket->key) : NULL);
    size_t word = 0;
    (void)view;
    while (word < name.len && word_char(name.ptr[word]))
        word++;
    return show(out, bucket->key, word ? (struct dh_str){name.ptr, word} : bucket->key, bucket);
}

/* Letters without their accents, lower case; runs of anything but a-z 0-9 - _ become one _. */
static struct dh_str parameterise(struct dh_arena *arena, struct dh_str text)
{
    size_t folded_len = 0, len = 0;
    uint8_t *folded = text.len ? u8_normalize(UNINORM_NFKD, (const uint8_t *)text.ptr, text.len,
                                              NULL, &folded_len)
                               : NULL;
    char *out = dh_arena_alloc(arena, folded_len + 1);
    for (size_t i = 0; out && i < folded_len; i++) {
        char c = (char)folded[i];
        size_t size = 1;
        struct dh_str rest = {(const char *)folded + i, folded_len - i};
        uint32_t code = dh_utf8_next(rest, &size);
        i += size - 1;
        if (code >= 0x300 && code < 0x370)
            continue; /* a combining mark */
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (code >= 0x80 || !(word_char(c) || c == '-'))
            c = '_';
        if (c != '_' || (len && out[len - 1] != '_'))
            out[len++] = c;
    }
    free(folded);
    while (len && out[len - 1] == '_')
        len--;
    return (struct dh_str){out, len};
}

bool dh_label_science(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                      struct dh_shown_bucket *out)
{
    struct dh_str title = bucket->key;
    if (dh_str_starts(title, DH_STR("FOS:")))
        title = dh_str_trim(dh_str_from(title, 4));
    return show(out, parameterise(view->call->arena, title), title, bucket);
}

/* ---- rules that need the directory ---------------------------------------------------------- */

static int compare_symbols(const void *key, const void *account)
{
    return dh_str_compare(*(const struct dh_str *)key,
                          ((const struct dh_account *)account)->symbol);
}

static const struct dh_account *find(const struct dh_account *accounts, size_t count,
                                     struct dh_str symbol)
{
    return count ? bsearch(&symbol, accounts, count, sizeof(*accounts), compare_symbols) : NULL;
}

const struct dh_account *dh_directory_client(const struct dh_directory *directory,
                                             struct dh_str symbol)
{
    return find(directory->clients, directory->client_count, symbol);
}

const struct dh_account *dh_directory_provider(const struct dh_directory *directory,
                                               struct dh_str symbol)
{
    return find(directory->providers, directory->provider_count, symbol);
}

/* The name proper: providers also have a display name, which facets do not show. */
static struct dh_str name_of(const struct dh_account *account, struct dh_str symbol)
{
    struct dh_str name = account ? dh_json_member(account->attributes, "name") : DH_STR_NONE;
    if (!name.len && account)
        name = account->name;
    return name.len ? name : symbol;
}

bool dh_label_provider(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                       struct dh_shown_bucket *out)
{
    const struct dh_account *account = dh_directory_provider(view->directory, bucket->key);
    return show(out, bucket->key, name_of(account, bucket->key), bucket);
}

bool dh_label_client(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                     struct dh_shown_bucket *out)
{
    const struct dh_account *account = dh_directory_client(view->directory, bucket->key);
    return show(out, bucket->key, name_of(account, bucket->key), bucket);
}
