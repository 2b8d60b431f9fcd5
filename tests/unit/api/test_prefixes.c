/* /prefixes and the three kinds of assignments; /resource-types. */
#include "small_store.h"

static const char *const resources[] = {
    "{\"id\":\"elm.leaf\",\"type\":\"clients\",\"attributes\":{\"name\":\"Leaf\","
    "\"created\":\"2017-05-06T07:08:09Z\"},\"relationships\":{\"provider\":{\"data\":{"
    "\"id\":\"elm\",\"type\":\"providers\"}},\"prefixes\":{\"data\":["
    "{\"id\":\"10.5555\",\"type\":\"prefixes\"},{\"id\":\"10.55\",\"type\":\"prefixes\"}]}}}",
    "{\"id\":\"elm\",\"type\":\"providers\",\"attributes\":{\"name\":\"Elm\",\"displayName\":"
    "\"Elm\"},\"relationships\":{\"prefixes\":{\"data\":[{\"id\":\"10.5555\",\"type\":"
    "\"prefixes\"},{\"id\":\"10.7777\",\"type\":\"prefixes\"}]}}}",
    "{\"id\":\"10.5555\",\"type\":\"prefixes\",\"attributes\":{\"createdAt\":"
    "\"2018-01-02T03:04:05Z\"}}",
    "{\"id\":\"10.9999\",\"type\":\"prefixes\",\"attributes\":{\"createdAt\":"
    "\"2019-01-02T03:04:05Z\"}}",
};

static int setup(void **state)
{
    (void)state;
    small_store_open(resources, sizeof(resources) / sizeof(resources[0]), false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    small_store_close();
    return 0;
}

static void lists(void **state)
{
    static const char *const cases[][2] = {
        {"/prefixes", "10.55 10.5555 10.7777 10.9999"},
        {"/prefixes?sort=-name", "10.9999 10.7777 10.5555 10.55"},
        {"/prefixes?query=10.55", "10.55 10.5555"},
        {"/prefixes?id=10.7777", "10.7777"},
        {"/prefixes?state=unassigned", "10.9999"},
        {"/prefixes?state=without-repository", "10.7777"},
        {"/prefixes?state=with-repository,unassigned", "10.55 10.5555 10.9999"},
        {"/prefixes?year=2018", "10.5555"},
        {"/prefixes?provider-id=ELM", "10.5555 10.7777"},
        {"/prefixes?client-id=elm.leaf", "10.55 10.5555"},
        {"/prefixes?client-id=elm.leaf&provider-id=elm", "10.55 10.5555 10.7777"},
        {"/prefixes?client-id=none&provider-id=none", ""},
        {"/providers/elm/prefixes?page[size]=1", "10.5555"},
        {"/repositories/elm.leaf/prefixes", "10.55 10.5555"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_ids(cases[i][0], cases[i][1]);
    assert_holds("/prefixes", "\"page\":1,\"years\":[{\"id\":\"2019\",\"title\":\"2019\"");
    assert_holds("/prefixes",
                 "\"states\":[{\"id\":\"with-repository\",\"title\":\"With Repository\","
                 "\"count\":2},{\"id\":\"unassigned\",\"title\":\"Unassigned\",\"count\":1},{"
                 "\"id\":\"without-repository\",\"title\":\"Without Repository\",\"count\":1}],"
                 "\"providers\":[],\"clients\":[]}");
}

static void single(void **state)
{
    (void)state;
    assert_holds("/prefixes/10.5555",
                 "{\"data\":{\"id\":\"10.5555\",\"type\":\"prefixes\",\"attributes\":{"
                 "\"prefix\":\"10.5555\",\"createdAt\":\"2018-01-02T03:04:05.000Z\"},"
                 "\"relationships\":{\"clients\":{\"data\":[{\"id\":\"elm.leaf\","
                 "\"type\":\"clients\"}]},\"providers\":{\"data\":[{\"id\":\"elm\","
                 "\"type\":\"providers\"}]},\"clientPrefixes\":{\"data\":[{\"id\":\"");
    assert_holds("/prefixes/10.5555", "\"type\":\"provider-prefixes\"}]}}}}");
    assert_holds("/prefixes?id=10.5555", "\"createdAt\":\"2018-01-02T03:04:05Z\"");
    assert_holds("/prefixes/10.9999",
                 "\"relationships\":{\"clients\":{\"data\":[]},\"providers\":{\"data\":[]},"
                 "\"clientPrefixes\":{\"data\":[]},\"providerPrefixes\":{\"data\":[]}}}}");
    get("/prefixes/10.1", 404);
}

/* The id of the first resource of a list, in the arena. */
static struct dh_str first_id(const char *target)
{
    struct json_object *document = NULL;
    assert_int_equal(dh_json_parse(dh_str(get(target, 200)), &document, NULL), DH_OK);
    struct json_object *first = json_object_array_get_idx(dh_json_get(document, "data"), 0);
    struct dh_str id = dh_arena_copy(&small.arena, dh_json_member(first, "id"));
    json_object_put(document);
    return id;
}

static void client_prefixes(void **state)
{
    (void)state;
    struct dh_str id = first_id("/client-prefixes?client-id=ELM.leaf&prefix-id=10.5555");
    struct dh_str given = first_id("/provider-prefixes?prefix-id=10.5555");
    assert_int_equal(id.len, 36);
    struct dh_str expected = dh_arena_format(
        &small.arena,
        "\"relationships\":{\"client\":{\"data\":{\"id\":\"elm.leaf\",\"type\":\"clients\"}},"
        "\"provider\":{\"data\":{\"id\":\"elm\",\"type\":\"providers\"}},\"providerPrefix\":{"
        "\"data\":{\"id\":\"%s\",\"type\":\"provider-prefixes\"}},\"prefix\":{\"data\":{"
        "\"id\":\"10.5555\",\"type\":\"prefixes\"}}}",
        given.ptr);
    struct dh_str target = dh_arena_format(&small.arena, "/client-prefixes/%s", id.ptr);
    assert_holds(target.ptr, expected.ptr);
    target = dh_arena_format(&small.arena, "/repository-prefixes/%s", id.ptr);
    assert_holds(target.ptr, "\"type\":\"repository-prefixes\",\"attributes\":{\"createdAt\":");
    assert_holds(target.ptr, "\"repository\":{\"data\":{\"id\":\"elm.leaf\",\"type\":"
                             "\"repositories\"}}");
    assert_holds("/client-prefixes?client-id=none", "\"total\":0,");
    assert_holds("/client-prefixes", "\"providers\":[],\"clients\":[]}");
    assert_holds("/repository-prefixes", "\"providers\":[],\"repositories\":[]}");
    get("/client-prefixes/00000000-0000-0000-0000-000000000000", 404);
}

static void provider_prefixes(void **state)
{
    (void)state;
    assert_holds("/provider-prefixes?prefix-id=10.7777",
                 "\"clients\":{\"data\":[]},\"clientPrefixes\":{\"data\":[]}}}]");
    assert_holds("/provider-prefixes?prefix-id=10.5555",
                 "\"clients\":{\"data\":[{\"id\":\"elm.leaf\",\"type\":\"clients\"}]}");
    assert_holds("/provider-prefixes",
                 "\"states\":[{\"id\":\"with-repository\",\"title\":\"With Repository\","
                 "\"count\":1},{\"id\":\"without-repository\",\"title\":\"Without Repository\","
                 "\"count\":1}],\"providers\":[{\"id\":\"elm\",\"title\":\"Elm\",\"count\":2}]");
    assert_holds("/provider-prefixes?state=without-repository", "\"total\":1,");
    assert_holds("/provider-prefixes?provider-id=none&consortium-organization-id=elm",
                 "\"total\":2,");
    assert_holds("/provider-prefixes?consortium-id=elm", "\"total\":0,");
    assert_holds("/provider-prefixes?query=10.555", "\"total\":1,");
}

static void included_once_in_order(void **state)
{
    (void)state;
    assert_holds("/prefixes?include=providers,clients&sort=-name&fields[clients]=name"
                 "&fields[providers]=name",
                 "\"included\":[{\"id\":\"elm\",\"type\":\"providers\",\"attributes\":{"
                 "\"name\":\"Elm\"},\"relationships\":{}},{\"id\":\"elm.leaf\","
                 "\"type\":\"clients\",\"attributes\":{\"name\":\"Leaf\"},"
                 "\"relationships\":{}}],\"meta\"");
    assert_holds("/client-prefixes?include=prefix,provider_prefix&prefix-id=10.5555",
                 "\"included\":[{\"id\":\"10.5555\",\"type\":\"prefixes\"");
    assert_holds("/prefixes?id=10.9999&include=client-prefixes", "\"included\":[],");
}

static void resource_types(void **state)
{
    (void)state;
    assert_ids("/resource-types?page[size]=3&page[number]=2", "book-chapter collection "
                                                              "computational-notebook");
    assert_ids("/resource-types?query=PAPER", "conference-paper data-paper");
    assert_holds("/resource-types", "\"meta\":{\"total\":34,\"total-pages\":1,\"page\":1}}");
    assert_lacks("/resource-types", "links");
    assert_body("/resource-types/book-chapter",
                "{\"data\":{\"id\":\"book-chapter\",\"type\":\"resource-types\",\"attributes\":{"
                "\"title\":\"BookChapter\",\"updated\":\"2016-09-21T00:00:00Z\"}}}");
    assert_ids("/resource-types?page[size]=9&page[number]=4",
               "software sound standard study-registration text workflow other");
    get("/resource-types/none", 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(single),
        cmocka_unit_test(client_prefixes),
        cmocka_unit_test(provider_prefixes),
        cmocka_unit_test(included_once_in_order),
        cmocka_unit_test(resource_types),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
