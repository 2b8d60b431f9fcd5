/*
 * A query, evaluated over a few records with everything in them: never a crash, and what matches
 * and what does not are all records. The first byte chooses order and what else is asked for.
 */
#include "mirror/mirror.h"
#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char records[] =
    "{\"id\":\"10.5072/one\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/"
    "one\",\"creators\":[{"
    "\"name\":\"Clark, Kenneth\",\"givenName\":\"Kenneth\",\"familyName\":\"Clark\",\"nameType\":"
    "\"Personal\",\"affiliation\":[{\"name\":\"Frederick National Laboratory\","
    "\"affiliationIdentifier\":\"https://ror.org/"
    "03v6m3209\",\"affiliationIdentifierScheme\":\"ROR\"}]"
    ",\"nameIdentifiers\":[{\"nameIdentifier\":\"https://orcid.org/0000-0001-0000-0009\","
    "\"nameIdentifierScheme\":\"ORCID\"}]}],\"titles\":[{\"title\":\"Lung images, lung cancer\"},{"
    "\"title\":\"Bilder der "
    "Lunge\",\"titleType\":\"TranslatedTitle\",\"lang\":\"de\"}],\"publisher\":"
    "\"The Cancer Imaging Archive\",\"publicationYear\":2016,\"subjects\":[{\"subject\":\"FOS: "
    "Biological sciences\",\"subjectScheme\":\"Fields of Science and Technology "
    "(FOS)\"},{\"subject\":"
    "\"Lung\"}],\"types\":{\"resourceTypeGeneral\":\"Dataset\",\"resourceType\":\"Collection\"},"
    "\"relatedIdentifiers\":[{\"relatedIdentifier\":\"https://doi.org/10.5072/TWO\","
    "\"relatedIdentifierType\":\"DOI\",\"relationType\":\"IsDerivedFrom\"}],\"rightsList\":[{"
    "\"rightsIdentifier\":\"cc-by-4.0\"}],\"descriptions\":[{\"description\":\"Images of the lung "
    "and "
    "of lungs, the lung of a lung\",\"descriptionType\":\"Abstract\"}],\"geoLocations\":[{"
    "\"geoLocationPoint\":{\"pointLatitude\":-12.5,\"pointLongitude\":130}}],\"viewCount\":7,"
    "\"created\":\"2016-01-24T15:05:35Z\",\"updated\":\"2024-05-01T00:00:00Z\",\"state\":"
    "\"findable\"}"
    ",\"relationships\":{\"client\":{\"data\":{\"id\":\"nihnci.tcia\",\"type\":\"clients\"}}}}\n"
    "{\"doi\":\"10.5072/two\",\"titles\":[{\"title\":\"Stra\\u00dfe, na\\u00efve \\u80ba\\u764c "
    "\\u0440\\u0430\\u043a x'y 1.5 "
    "a_b\"}],\"publicationYear\":2020,\"identifiers\":[{\"identifier\":"
    "\"NSCLC-Radiomics\",\"identifierType\":\"TCIA Short "
    "Name\"}],\"citationCount\":3,\"landingPage\":"
    "{\"status\":200,\"checked\":\"2024-01-01T00:00:00Z\",\"downloadLatency\":1.5,\"hasSchemaOrg\":"
    "true}}\n"
    "{\"doi\":\"10.5072/three\",\"titles\":[{\"title\":\"\"}],\"state\":\"draft\"}\n"
    "{\"doi\":\"10.5072/four\",\"titles\":[{\"title\":\"the the the lung "
    "the\"}],\"descriptions\":[{"
    "\"description\":\"a b a b a c b "
    "a\",\"descriptionType\":\"Other\"}],\"contributors\":[{\"name\":"
    "\"Prior, Fred\",\"contributorType\":\"DataManager\"}]}\n";

static struct dh_reader *shared_reader(void)
{
    static struct dh_store *store;
    static struct dh_reader *reader;
    struct dh_import_options options = {.threads = 1};
    struct dh_import_result result = {0};
    struct dh_str text = DH_STR(records);
    struct dh_err err = {0};
    if (reader)
        return reader;
    store = fuzz_store_open();
    if (dh_import_buffer(store, text, "fuzz", &options, &result, &err) != DH_OK ||
        dh_reader_open(store, &reader, &err) != DH_OK) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    fuzz_store_unlink();
    return reader;
}

static uint64_t total(const struct dh_query *query, uint8_t how, struct dh_arena *arena)
{
    static const enum dh_sort sorts[] = {DH_SORT_RELEVANCE, DH_SORT_UPDATED, DH_SORT_TITLE,
                                         DH_SORT_NAME};
    const struct dh_facet_request facet = {
        .kind = DH_FACET_YEARS, .column = DH_COLUMN_YEAR, .size = 10, .inner = DH_COLUMN__N};
    struct dh_search search = {.sort = sorts[how & 3],
                               .descending = how & 4,
                               .explain = how & 8,
                               .facets = &facet,
                               .facet_count = how & 16 ? 1 : 0,
                               .limit = 3,
                               .sample_by = DH_COLUMN__N,
                               .query = query};
    struct dh_page page;
    struct dh_err err = {0};
    enum dh_status status = dh_store_search(shared_reader(), &search, &page, arena, &err);
    if (status == DH_INVALID || status == DH_LIMIT) {
        if (!err.text[0])
            abort();
        return UINT64_MAX;
    }
    if (status || page.count > page.total)
        abort();
    return page.total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_arena arena;
    struct dh_query query;
    struct dh_err err = {0};
    if (size == 0)
        return 0;
    struct dh_str text = {(const char *)data + 1, size - 1};
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_query_parse(DH_QUERY_DOIS, text, &query, NULL, &arena, &err) == DH_OK) {
        struct dh_node inner = *query.root;
        inner.occur = DH_OCCUR_MUST_NOT;
        struct dh_node *parts[] = {&inner};
        struct dh_node root = {.kind = DH_NODE_BOOL, .boost = 1, .nodes = parts, .node_count = 1};
        struct dh_query other = query;
        other.root = &root;
        uint64_t in = total(&query, data[0], &arena), out = total(&other, data[0], &arena);
        if (in != UINT64_MAX && out != UINT64_MAX && in + out != 4)
            abort();
    }
    dh_arena_release(&arena);
    return 0;
}
