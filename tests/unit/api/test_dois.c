/*
 * The dois resource over a real store: documents compared byte by byte, who sees what, and the
 * small routes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/api.h"

/* ---- the store ------------------------------------------------------------------------------ */

static const char *const accounts[] = {
    "{\"id\":\"exmpl\",\"type\":\"providers\",\"attributes\":{\"name\":\"Example Institute\","
    "\"displayName\":\"Example\",\"symbol\":\"EXMPL\",\"created\":\"2019-01-01T00:00:00Z\","
    "\"updated\":\"2019-01-02T00:00:00Z\"}}",
    "{\"id\":\"exmpl.trees\",\"type\":\"clients\",\"attributes\":{\"name\":\"Trees & more\","
    "\"symbol\":\"EXMPL.TREES\",\"clientType\":\"repository\",\"url\":\"https://trees.example\","
    "\"created\":\"2019-02-01T00:00:00Z\",\"updated\":\"2019-02-02T00:00:00Z\","
    "\"isActive\":true},\"relationships\":{\"provider\":{\"data\":{\"id\":\"exmpl\","
    "\"type\":\"providers\"}},\"prefixes\":{\"data\":[{\"id\":\"10.5072\","
    "\"type\":\"prefixes\"}]}}}",
};

#define CLIENT                                                                                     \
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"exmpl.trees\",\"type\":\"clients\"}},"      \
    "\"provider\":{\"data\":{\"id\":\"exmpl\",\"type\":\"providers\"}}}"

/* A rich record, a poor one that cites it, a draft, one of another agency, one without a client. */
static const char *const records[] = {
    "{\"id\":\"10.5072/larch-1\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/LARCH-1\","
    "\"identifiers\":[{\"identifier\":\"L-1\",\"identifierType\":\"Shelf\"}],"
    "\"creators\":[{\"name\":\"Weber, Ida\",\"nameType\":\"Personal\",\"givenName\":\"Ida\","
    "\"familyName\":\"Weber\",\"affiliation\":[{\"name\":\"Tree School\",\"affiliationIdentifier\":"
    "\"https://ror.org/0trees000\",\"affiliationIdentifierScheme\":\"ROR\"}],\"nameIdentifiers\":"
    "[{\"nameIdentifier\":\"https://orcid.org/0000-0001-0000-0009\",\"nameIdentifierScheme\":"
    "\"ORCID\",\"schemeUri\":\"https://orcid.org\"}]}],"
    "\"titles\":[{\"title\":\"Larch <rings> & years\"}],"
    "\"publisher\":{\"name\":\"Tree Press\"},\"publicationYear\":2021,"
    "\"subjects\":[{\"subject\":\"dendrology\"}],"
    "\"dates\":[{\"date\":\"2021-03-04\",\"dateType\":\"Issued\"}],\"language\":\"en\","
    "\"types\":{\"resourceTypeGeneral\":\"Dataset\",\"resourceType\":\"Rings\"},"
    "\"rightsList\":[{\"rights\":\"CC\",\"rightsIdentifier\":\"cc-by-4.0\"}],"
    "\"fundingReferences\":[{\"funderName\":\"Wood Fund\",\"funderIdentifier\":"
    "\"https://doi.org/10.13039/5\",\"funderIdentifierType\":\"Crossref Funder ID\"}],"
    "\"xml\":\"PHg+\",\"url\":\"https://trees.example/1?a=b&c\",\"contentUrl\":null,"
    "\"metadataVersion\":1,\"schemaVersion\":\"http://datacite.org/schema/kernel-4\","
    "\"source\":\"api\",\"isActive\":true,\"state\":\"findable\",\"reason\":null,"
    "\"viewCount\":3,\"viewsOverTime\":[{\"yearMonth\":\"2021-05\",\"total\":3}],"
    "\"downloadCount\":0,\"created\":\"2021-03-04T09:10:11Z\","
    "\"registered\":\"2021-03-04T09:10:12Z\",\"updated\":\"2022-01-05T06:07:08Z\"}," CLIENT "}",

    "{\"id\":\"10.5072/larch-2\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/larch-2\","
    "\"creators\":[{\"name\":\"Tree School\"}],\"titles\":[{\"title\":\"More\"}],"
    "\"publisher\":\"Tree Press\",\"publicationYear\":2022,"
    "\"types\":{\"resourceTypeGeneral\":\"Text\"},"
    "\"relatedIdentifiers\":[{\"relatedIdentifier\":\"10.5072/LARCH-1\",\"relatedIdentifierType\":"
    "\"DOI\",\"relationType\":\"Cites\"}],\"state\":\"findable\","
    "\"created\":\"2022-02-01T00:00:00Z\",\"registered\":\"2022-02-01T00:00:00Z\","
    "\"updated\":\"2022-02-02T00:00:00Z\"}," CLIENT "}",

    "{\"id\":\"10.5072/draft\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/draft\","
    "\"titles\":[{\"title\":\"Not yet\"}],\"state\":\"draft\",\"url\":\"https://trees.example/d\","
    "\"created\":\"2022-03-01T00:00:00Z\",\"updated\":\"2022-03-02T00:00:00Z\"}," CLIENT "}",

    "{\"id\":\"10.9999/paper\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.9999/paper\","
    "\"titles\":[{\"title\":\"Paper\"}],\"state\":\"findable\",\"agency\":\"crossref\","
    "\"created\":\"2020-03-01T00:00:00Z\",\"updated\":\"2020-03-02T00:00:00Z\"}}",

    "{\"id\":\"10.5072/alone\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/alone\","
    "\"titles\":[{\"title\":\"Alone\"}],\"state\":\"findable\","
    "\"dates\":[{\"date\":\"1999-09\",\"dateType\":\"issued\"}],\"url\":null,"
    "\"created\":\"2018-03-01T00:00:00Z\",\"updated\":\"2018-03-02T00:00:00Z\"}}",
};

static char folder[] = "/tmp/doihound-dois-XXXXXX";
static char path[sizeof(folder) + 16];
static struct dh_store *store;
static struct dh_reader *reader;
static struct dh_api *api, *owner_api;
static struct dh_arena arena;

static struct json_object *parse(const char *text)
{
    struct json_object *value = NULL;
    struct dh_err err = {0};
    if (dh_json_parse(dh_str(text), &value, &err))
        fail_msg("%s at %zu of %s", err.text, err.pos, text);
    return value;
}

static void put_account(const char *text)
{
    struct json_object *resource = parse(text);
    struct dh_account account;
    struct dh_str *prefixes = NULL;
    size_t count = 0;
    enum dh_change change = DH_CHANGE_NONE;
    struct dh_err err = {0};
    if (dh_account_read(resource, &account, &prefixes, &count, &arena, &err) ||
        dh_store_put_account(store, &account, prefixes, count, &change, &err))
        fail_msg("%s", err.text);
    json_object_put(account.attributes);
    json_object_put(resource);
}

static void put_record(const char *text)
{
    struct json_object *resource = parse(text);
    struct dh_record record;
    struct dh_prepared *prepared;
    enum dh_change change = DH_CHANGE_NONE;
    struct dh_err err = {0};
    dh_record_init(&record);
    if (dh_record_read(resource, &record, NULL, &err) ||
        dh_prepare(store, &record, &prepared, &err) || dh_store_put(store, prepared, &change, &err))
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(change, DH_CHANGE_CREATED);
    dh_record_release(&record);
    json_object_put(resource);
}

static int setup(void **state)
{
    const struct dh_api_options stranger = {.facets = false}, owner = {.owner = true};
    struct dh_err err = {0};
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/test.db", folder);
    if (dh_store_open(path, DH_STORE_CREATE, &store, &err) || dh_store_begin(store, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++)
        put_account(accounts[i]);
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        put_record(records[i]);
    if (dh_store_commit(store, &err) || dh_reader_open(store, &reader, &err) ||
        dh_api_open(store, &stranger, &api, &err) || dh_api_open(store, &owner, &owner_api, &err))
        fail_msg("%s", err.text);
    return 0;
}

static int teardown(void **state)
{
    static const char *const tails[] = {"", "-wal", "-shm"};
    (void)state;
    dh_api_close(api);
    dh_api_close(owner_api);
    dh_reader_close(reader);
    dh_store_close(store);
    for (size_t i = 0; i < 3; i++) {
        char name[sizeof(path) + 8];
        snprintf(name, sizeof(name), "%s%s", path, tails[i]);
        unlink(name);
    }
    rmdir(folder);
    dh_arena_release(&arena);
    return 0;
}

/* ---- asking --------------------------------------------------------------------------------- */

static int status;

/* The body as text, in the arena. */
static const char *ask(struct dh_api *of, const char *target)
{
    struct dh_response response;
    dh_api_get(of, reader, dh_str(target), DH_STR("http://h"), &arena, &response);
    struct dh_str body = dh_arena_copy(&arena, dh_buf_view(&response.body));
    status = response.status;
    dh_buf_release(&response.body);
    return body.ptr ? body.ptr : "";
}

static void expect(struct dh_api *of, const char *target, const char *body)
{
    const char *got = ask(of, target);
    if (strcmp(got, body) != 0)
        fail_msg("%s\n got %s\nwant %s", target, got, body);
}

static void expect_status(struct dh_api *of, const char *target, int wanted)
{
    const char *got = ask(of, target);
    if (status != wanted)
        fail_msg("%s: %d instead of %d: %s", target, status, wanted, got);
}

static void expect_part(const char *target, const char *part)
{
    const char *got = ask(api, target);
    if (!strstr(got, part))
        fail_msg("%s\n got %s\nwithout %s", target, got, part);
}

/* The DOIs of a list in order, without their prefix. */
static void expect_dois(struct dh_api *of, const char *target, const char *wanted)
{
    struct json_object *document = parse(ask(of, target));
    struct json_object *data = dh_json_get(document, "data");
    struct dh_buf names;
    dh_buf_init(&names, 1 << 20);
    for (size_t i = 0; i < json_object_array_length(data); i++) {
        struct dh_str doi = dh_json_member(json_object_array_get_idx(data, i), "id");
        dh_buf_printf(&names, "%s%.*s", i ? "," : "", DH_STR_ARG(dh_doi_suffix(doi)));
    }
    dh_buf_char(&names, '\0');
    if (strcmp(names.ptr, wanted) != 0)
        fail_msg("%s: got %s, want %s", target, names.ptr, wanted);
    dh_buf_release(&names);
    json_object_put(document);
}

/* ---- documents ------------------------------------------------------------------------------ */

#define ORCID                                                                                      \
    "\"nameIdentifiers\":[{\"schemeUri\":\"https://orcid.org\",\"nameIdentifier\":"                \
    "\"https://orcid.org/0000-0001-0000-0009\",\"nameIdentifierScheme\":\"ORCID\"}]"
#define WEBER                                                                                      \
    "\"name\":\"Weber, Ida\",\"nameType\":\"Personal\",\"givenName\":\"Ida\","                     \
    "\"familyName\":\"Weber\","
#define TITLES "\"titles\":[{\"title\":\"Larch \\u003crings\\u003e \\u0026 years\"}],"
#define DATES  "\"dates\":[{\"date\":\"2021-03-04\",\"dateType\":\"Issued\"}],\"language\":\"en\","
#define TYPES                                                                                      \
    "\"types\":{\"ris\":\"DATA\",\"bibtex\":\"misc\",\"citeproc\":\"dataset\",\"schemaOrg\":"      \
    "\"Dataset\",\"resourceType\":\"Rings\",\"resourceTypeGeneral\":\"Dataset\"},"
#define EXTENT "\"relatedItems\":[],\"sizes\":[],\"formats\":[],\"version\":null,"
#define RIGHTS                                                                                     \
    "\"rightsList\":[{\"rights\":\"CC\",\"rightsIdentifier\":\"cc-by-4.0\"}],\"descriptions\":[],"
#define FUNDING                                                                                    \
    "\"fundingReferences\":[{\"funderName\":\"Wood Fund\",\"funderIdentifier\":"                   \
    "\"https://doi.org/10.13039/5\",\"funderIdentifierType\":\"Crossref Funder ID\"}],"
#define URL                                                                                        \
    "\"url\":\"https://trees.example/1?a=b\\u0026c\",\"contentUrl\":null,\"metadataVersion\":1,"   \
    "\"schemaVersion\":\"http://datacite.org/schema/kernel-4\",\"source\":\"api\","                \
    "\"isActive\":true,\"state\":\"findable\",\"reason\":null,"

#define LIST_ATTRIBUTES                                                                            \
    "\"doi\":\"10.5072/larch-1\","                                                                 \
    "\"identifiers\":[{\"identifier\":\"L-1\",\"identifierType\":\"Shelf\"}],"                     \
    "\"creators\":[{" WEBER "\"affiliation\":[\"Tree School\"]," ORCID "}]," TITLES                \
    "\"publisher\":\"Tree Press\",\"container\":{},\"publicationYear\":2021,"                      \
    "\"subjects\":[{\"subject\":\"dendrology\"}],\"contributors\":[]," DATES TYPES                 \
    "\"relatedIdentifiers\":[]," EXTENT RIGHTS "\"geoLocations\":[]," FUNDING URL                  \
    "\"viewCount\":3,\"downloadCount\":0,\"referenceCount\":0,\"citationCount\":1,"                \
    "\"partCount\":0,\"partOfCount\":0,\"versionCount\":0,\"versionOfCount\":0,"                   \
    "\"created\":\"2021-03-04T09:10:11Z\",\"registered\":\"2021-03-04T09:10:12Z\","                \
    "\"published\":null,\"updated\":\"2022-01-05T06:07:08Z\""

#define CLIENT_LINK "\"client\":{\"data\":{\"id\":\"exmpl.trees\",\"type\":\"clients\"}}"

static void list_document(void **state)
{
    (void)state;
    expect(api, "/dois?resource-type-id=Dataset",
           "{\"data\":[{\"id\":\"10.5072/larch-1\",\"type\":\"dois\",\"attributes\":"
           "{" LIST_ATTRIBUTES "},\"relationships\":{" CLIENT_LINK "}}],"
           "\"meta\":{\"total\":1,\"totalPages\":1,\"page\":1},"
           "\"links\":{\"self\":\"http://h/dois?resource-type-id=Dataset\"}}");
    expect(api, "/dois?client-id=nobody",
           "{\"data\":[],\"meta\":{\"total\":0,\"totalPages\":0,\"page\":1},"
           "\"links\":{\"self\":\"http://h/dois?client-id=nobody\"}}");
    expect(api, "/dois?page[size]=0&facets=states",
           "{\"data\":[],\"meta\":{\"total\":3,\"totalPages\":0,\"page\":1,\"states\":"
           "[{\"id\":\"findable\",\"title\":\"Findable\",\"count\":3}]},"
           "\"links\":{\"self\":\"http://h/dois?page[size]=0\\u0026facets=states\"}}");
}

#define SINGLE_HEAD                                                                                \
    "{\"data\":{\"id\":\"10.5072/larch-1\",\"type\":\"dois\",\"attributes\":{"                     \
    "\"doi\":\"10.5072/larch-1\",\"prefix\":\"10.5072\",\"suffix\":\"larch-1\","                   \
    "\"identifiers\":[{\"identifier\":\"L-1\",\"identifierType\":\"Shelf\"}],"                     \
    "\"alternateIdentifiers\":[{\"alternateIdentifierType\":\"Shelf\","                            \
    "\"alternateIdentifier\":\"L-1\"}],\"creators\":[{" WEBER

#define SINGLE_TAIL                                                                                \
    "\"container\":{},\"publicationYear\":2021,\"subjects\":[{\"subject\":\"dendrology\"}],"       \
    "\"contributors\":[]," DATES TYPES "\"relatedIdentifiers\":[]," EXTENT RIGHTS                  \
    "\"geoLocations\":[]," FUNDING "\"xml\":\"PHg+\"," URL "\"viewCount\":3,"                      \
    "\"viewsOverTime\":[{\"yearMonth\":\"2021-05\",\"total\":3}],\"downloadCount\":0,"             \
    "\"downloadsOverTime\":[],\"referenceCount\":0,\"citationCount\":1,"                           \
    "\"citationsOverTime\":[{\"year\":\"2022\",\"total\":1}],\"partCount\":0,\"partOfCount\":0,"   \
    "\"versionCount\":0,\"versionOfCount\":0,\"created\":\"2021-03-04T09:10:11.000Z\","            \
    "\"registered\":\"2021-03-04T09:10:12.000Z\",\"published\":\"2021\","                          \
    "\"updated\":\"2022-01-05T06:07:08.000Z\"},\"relationships\":{" CLIENT_LINK ","                \
    "\"provider\":{\"data\":{\"id\":\"exmpl\",\"type\":\"providers\"}},"                           \
    "\"media\":{\"data\":{\"id\":\"10.5072/larch-1\",\"type\":\"media\"}},"                        \
    "\"references\":{\"data\":[]},"                                                                \
    "\"citations\":{\"data\":[{\"id\":\"10.5072/larch-2\",\"type\":\"dois\"}]},"                   \
    "\"parts\":{\"data\":[]},\"partOf\":{\"data\":[]},\"versions\":{\"data\":[]},"                 \
    "\"versionOf\":{\"data\":[]}}}"

static void single_document(void **state)
{
    (void)state;
    expect(api, "/dois/10.5072/LARCH-1",
           SINGLE_HEAD "\"affiliation\":[\"Tree School\"]," ORCID "}]," TITLES
                       "\"publisher\":\"Tree Press\"," SINGLE_TAIL "}");
    expect(api, "/dois/10.5072%2Flarch-1/?affiliation=true&publisher=true&detail=1&composite=1",
           SINGLE_HEAD
           "\"affiliation\":[{\"name\":\"Tree School\",\"affiliationIdentifier\":"
           "\"https://ror.org/0trees000\",\"affiliationIdentifierScheme\":\"ROR\"}]," ORCID
           "}]," TITLES "\"publisher\":{\"name\":\"Tree Press\"}," SINGLE_TAIL "}");
    expect_part("/dois/10.5072/larch-1?affiliation=1&publisher=TRUE",
                "\"affiliation\":[\"Tree School\"]");
}

#define INCLUDED_HEAD                                                                              \
    "\"included\":[{\"id\":\"exmpl.trees\",\"type\":\"clients\",\"attributes\":{"                  \
    "\"name\":\"Trees \\u0026 more\",\"symbol\":\"EXMPL.TREES\",\"year\":2019,"

static void included_clients(void **state)
{
    (void)state;
    expect_part("/dois?include=client&sort=name", "]," INCLUDED_HEAD);
    expect_part("/dois?include=client", "\"created\":\"2019-02-01T00:00:00Z\"");
    expect_part(
        "/dois?include=client",
        "\"relationships\":{\"provider\":{\"data\":{\"id\":\"exmpl\",\"type\":\"providers\"}},"
        "\"prefixes\":{\"data\":[]}}}],\"meta\":");
    expect_part("/dois?include=client&fields[clients]=symbol,provider",
                "\"attributes\":{\"symbol\":\"EXMPL.TREES\"},\"relationships\":{\"provider\":");
    expect_part("/dois?include=media", "],\"included\":[],\"meta\":");
    expect_part("/dois?include=nonsense", "],\"meta\":");
    expect_part("/dois/10.5072/larch-1?include=media,client", "}," INCLUDED_HEAD);
    expect_part("/dois/10.5072/larch-1?include=client", "\"updated\":\"2019-02-02T00:00:00.000Z\"");
    expect_part("/dois/10.5072/larch-1?include=client",
                "\"prefixes\":{\"data\":[{\"id\":\"10.5072\",\"type\":\"prefixes\"}]}");
    expect_part("/dois/10.5072/larch-1?include=media", "}}},\"included\":[]}");
    expect_part("/dois/10.5072/alone?include=client", "}}},\"included\":[]}");
}

static void sparse_fields(void **state)
{
    (void)state;
    expect_part(
        "/dois?ids=10.5072/larch-1&fields[dois]=titles,client,doi,xml,doi",
        "\"attributes\":{\"titles\":[{\"title\":\"Larch \\u003crings\\u003e \\u0026 years\"}],"
        "\"doi\":\"10.5072/larch-1\"},\"relationships\":{" CLIENT_LINK "}}");
    expect_part("/dois?ids=10.5072/larch-1&fields[dois]=id",
                "\"attributes\":{},\"relationships\":{}}");
    expect_part("/dois?ids=10.5072/larch-1&fields[dois]=",
                "\"attributes\":{},\"relationships\":{}}");
    expect_part("/dois?ids=10.5072/larch-1&detail=1&fields[dois]=part_of,xml,suffix",
                "\"attributes\":{\"xml\":\"PHg+\",\"suffix\":\"larch-1\"},"
                "\"relationships\":{\"partOf\":{\"data\":[]}}}");
    expect(api, "/dois/10.5072/larch-1?fields[dois]=citationsOverTime,publicationYear,citations",
           "{\"data\":{\"id\":\"10.5072/larch-1\",\"type\":\"dois\",\"attributes\":{"
           "\"citationsOverTime\":[{\"year\":\"2022\",\"total\":1}],\"publicationYear\":2021},"
           "\"relationships\":{\"citations\":{\"data\":[{\"id\":\"10.5072/larch-2\","
           "\"type\":\"dois\"}]}}}}");
}

static void forms_of_lists(void **state)
{
    static const char *const dropped[] = {"subjects", "contributors", "relatedIdentifiers",
                                          "geoLocations", "fundingReferences"};
    static const char *const added[] = {"prefix",
                                        "suffix",
                                        "xml",
                                        "alternateIdentifiers",
                                        "viewsOverTime",
                                        "downloadsOverTime",
                                        "citationsOverTime"};
    (void)state;
    struct json_object *document = parse(ask(api, "/dois?ids=10.5072/larch-1&composite=x&detail="));
    struct json_object *item = json_object_array_get_idx(dh_json_get(document, "data"), 0);
    struct json_object *attributes = dh_json_get(item, "attributes");
    for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
        assert_false(dh_json_has(attributes, dropped[i]));
    for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
        assert_true(dh_json_has(attributes, added[i]));
    assert_false(dh_json_has(attributes, "agency"));
    assert_int_equal(json_object_object_length(dh_json_get(item, "relationships")), 8);
    json_object_put(document);
    expect_part("/dois?ids=10.5072/larch-1&include-other-registration-agencies=",
                "\"updated\":\"2022-01-05T06:07:08Z\",\"agency\":\"datacite\"}");
}

/* ---- who sees what -------------------------------------------------------------------------- */

static void visibility(void **state)
{
    (void)state;
    expect_dois(api, "/dois", "larch-2,larch-1,alone");
    expect_dois(api, "/dois?state=draft", "larch-2,larch-1,alone");
    expect_dois(api, "/dois?include-other-registration-agencies=1", "larch-2,larch-1,paper,alone");
    expect_dois(owner_api, "/dois", "draft,larch-2,larch-1,alone");
    expect_dois(owner_api, "/dois?state=draft,registered", "draft");
    expect_dois(api, "/dois?ids=10.5072/draft,10.5072/ALONE,10.9999/paper", "paper,alone");
    expect_dois(api, "/dois?id=10.5072/Draft", "");
    expect_dois(api, "/dois?id=10.5072/Larch-1&client-id=nobody&facets=states", "larch-1");
    expect_part("/dois?id=10.5072/larch-1&facets=states", "\"meta\":{\"total\":1,\"totalPages\":1,"
                                                          "\"page\":1},");
    expect_status(api, "/dois/10.5072/draft", 404);
    expect_status(owner_api, "/dois/10.5072/draft", 200);
    expect_status(api, "/dois/10.9999/paper", 404);
    expect_status(api, "/dois/10.9999/paper?include-other-registration-agencies=true", 200);
    expect_status(api, "/dois/10.5072/none", 404);
    expect_part("/dois/10.5072/alone", "\"published\":\"1999-09\"");
    expect_part("/dois/10.5072/alone", "\"relationships\":{\"client\":{\"data\":null},"
                                       "\"provider\":{\"data\":null},");
}

/* ---- lists ---------------------------------------------------------------------------------- */

static void paging(void **state)
{
    (void)state;
    expect_dois(api, "/dois?sort=name&page[size]=2", "alone,larch-1");
    expect_dois(api, "/dois?sort=name&page[size]=2&page[number]=2", "larch-2");
    expect_dois(api, "/dois?page[size]=1000&page[number]=900000", "");
    expect_part(
        "/dois?sort=name&page[size]=2",
        "\"next\":\"http://h/dois?page%5Bnumber%5D=2\\u0026page%5Bsize%5D=2\\u0026sort=name\"");
    expect_dois(api, "/dois?page[cursor]=1&page[size]=2", "alone,larch-1");
    expect_part(
        "/dois?page[cursor]=1&page[size]=2",
        "\"meta\":{\"total\":3,\"totalPages\":2},\"links\":{\"self\":"
        "\"http://h/dois?page[cursor]=1\\u0026page[size]=2\",\"next\":\"http://h/dois?"
        "page%5Bcursor%5D=MTYxNDg0OTAxMTAwMCwxMC41MDcyL2xhcmNoLTE\\u0026page%5Bsize%5D=2\"");
    expect_dois(api, "/dois?page[size]=2&page[cursor]=MTYxNDg0OTAxMTAwMCwxMC41MDcyL2xhcmNoLTE",
                "larch-2");
    expect_dois(api, "/clients/exmpl.trees/dois?client-id=nobody&sort=name", "larch-1,larch-2");
    expect_part("/providers/exmpl/dois?sort=name&page[size]=1",
                "\"next\":\"http://h/dois?page%5Bnumber%5D=2\\u0026page%5Bsize%5D=1\\u0026"
                "provider-id=exmpl\\u0026sort=name\"");
    expect_dois(api, "/dois?sample-group=client&sample=1&sort=name", "larch-1");
    expect_part("/dois?sample-group=client&sample=2&page[size]=1",
                "\"meta\":{\"total\":2,\"totalPages\":1,\"page\":1},\"links\":{\"self\":"
                "\"http://h/dois?sample-group=client\\u0026sample=2\\u0026page[size]=1\"}");
    expect_status(api, "/dois?random=true", 200);
}

static void refusals(void **state)
{
    (void)state;
    expect(api, "/dois?created=abc",
           "{\"errors\":{\"title\":\"failed to parse date field [abc] with format [yyyy]\"}}");
    assert_int_equal(status, 400);
    expect(api, "/dois?page[size]=-1",
           "{\"errors\":{\"title\":\"[size] parameter cannot be negative\"}}");
    expect(api, "/dois?random=true&page[cursor]=1",
           "{\"errors\":[{\"status\":\"400\",\"title\":\"Cursor-based pagination and random "
           "sampling are mutually exclusive, please choose one or the other.\"}]}");
    expect(api, "/dois?query=(larch",
           "{\"errors\":{\"title\":\"Failed to parse query [(larch]\"}}");
    assert_int_equal(status, 400);
    expect_dois(api, "/dois?query=larch", "larch-1");
    expect_dois(api, "/dois?query=%20", "larch-2,larch-1,alone");
}

static void facets_over_the_store(void **state)
{
    (void)state;
    expect_part(
        "/dois?page[size]=0&facets=authors,creators_and_contributors,funders,resource_types,"
        "clients,providers,views,citationCount,affiliations",
        "\"meta\":{\"total\":3,\"totalPages\":0,\"page\":1,"
        "\"resourceTypes\":[{\"id\":\"dataset\",\"title\":\"Dataset\",\"count\":1},"
        "{\"id\":\"text\",\"title\":\"Text\",\"count\":1}],"
        "\"providers\":[{\"id\":\"exmpl\",\"title\":\"Example Institute\",\"count\":2}],"
        "\"clients\":[{\"id\":\"exmpl.trees\",\"title\":\"Trees \\u0026 more\","
        "\"count\":2}],\"affiliations\":[{\"id\":\"ror.org/0trees000\","
        "\"title\":\"Tree School\",\"count\":1}],"
        "\"authors\":[{\"id\":\"https://orcid.org/0000-0001-0000-0009\","
        "\"title\":\"Weber, Ida\",\"count\":1}],"
        "\"creatorsAndContributors\":[{\"id\":\"https://orcid.org/0000-0001-0000-0009\","
        "\"title\":\"Weber, Ida\",\"count\":1}],"
        "\"views\":[{\"id\":\"2021\",\"title\":\"2021\",\"count\":3}],"
        "\"citationCount\":1,"
        "\"funders\":[{\"id\":\"https://doi.org/10.13039/5\",\"title\":\"Wood Fund\","
        "\"count\":1}]},");
    expect_part("/dois?page[size]=0&facets=person_to_work_types_multilevel,open_licenses,"
                "licenses_with_missing",
                "\"licensesWithMissing\":[{\"id\":\"__missing__\",\"title\":\"Unknown\","
                "\"count\":2},{\"id\":\"cc-by-4.0\",\"title\":\"CC-BY-4.0\",\"count\":1}],"
                "\"openLicenses\":[{\"id\":\"dataset\",\"title\":\"Dataset\",\"count\":1}],"
                "\"openLicensesCount\":1,\"personToWorkTypesMultilevel\":[{\"id\":"
                "\"https://orcid.org/0000-0001-0000-0009\",\"title\":\"Weber, Ida\",\"count\":1,"
                "\"inner\":[{\"id\":\"dataset\",\"title\":\"Dataset\",\"count\":1}]}]");
}

/* ---- small routes --------------------------------------------------------------------------- */

static void small_routes(void **state)
{
    (void)state;
    expect(api, "/dois/10.5072/larch-1/get-url",
           "{\"url\":\"https://trees.example/1?a=b\\u0026c\"}");
    expect_status(api, "/dois/10.5072/draft/get-url", 404);
    expect_status(owner_api, "/dois/10.5072/draft/get-url", 200);
    expect(api, "/dois/10.5072/alone/get-url", "");
    assert_int_equal(status, 204);
    expect(api, "/dois/10.5072/larch-1/media",
           "{\"data\":[],\"meta\":{\"total\":0,\"totalPages\":0,\"page\":1},"
           "\"links\":{\"self\":\"http://h/dois/10.5072/larch-1/media\"}}");
    expect_status(api, "/dois/10.5072/draft/media", 404);
    expect_status(api, "/dois/10.5072/larch-1/media/0000-0000-0000-0001", 404);
    expect_status(api, "/dois/10.5072/larch-1/metadata", 404);
}

static void random_names(void **state)
{
    static const char head[] = "{\"dois\":[\"10.14454/";
    (void)state;
    expect(api, "/dois/random?prefix=10.14454&number=122149076",
           "{\"dois\":[\"10.14454/3mfp-6m52\"]}");
    expect(api, "/dois/random?prefix=10.5072/abc&number=no-1.2x2149076&size=3",
           "{\"dois\":[\"10.5072/abc-3mfp-6m52\"]}");
    expect(api, "/dois/random?prefix=10.5072&number=1", "{\"dois\":[\"10.5072/0000-0195\"]}");
    expect(api, "/dois/random?prefix=10.5072/a%00b&number=1",
           "{\"dois\":[\"10.5072/a\\u0000b-0000-0195\"]}");
    expect(api, "/dois/random?prefix=10.5072&size=0", "{\"dois\":[]}");
    expect(api, "/dois/random?prefix=10.5072&size=-5", "{\"dois\":[]}");
    expect(api, "/dois/random",
           "{\"errors\":[{\"status\":\"422\",\"title\":\"Parameter prefix is required\"}]}");
    assert_int_equal(status, 422);
    expect(api, "/dois/random?prefix=abc", "{\"status\":400,\"title\":\"No valid prefix found\"}");
    assert_int_equal(status, 500);
    const char *one = ask(api, "/dois/random?prefix=10.14454");
    assert_memory_equal(one, head, sizeof(head) - 1);
    assert_int_equal(strlen(one), sizeof(head) - 1 + strlen("3mfp-6m52\"]}"));
    struct json_object *many = parse(ask(api, "/dois/random?prefix=10.14454&size=50"));
    assert_in_range(json_object_array_length(dh_json_get(many, "dois")), 49, 50);
    json_object_put(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_document),
        cmocka_unit_test(single_document),
        cmocka_unit_test(included_clients),
        cmocka_unit_test(sparse_fields),
        cmocka_unit_test(forms_of_lists),
        cmocka_unit_test(visibility),
        cmocka_unit_test(paging),
        cmocka_unit_test(refusals),
        cmocka_unit_test(facets_over_the_store),
        cmocka_unit_test(small_routes),
        cmocka_unit_test(random_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
