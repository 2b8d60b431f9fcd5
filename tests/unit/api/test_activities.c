/* /activities, and who may see the history of what. */
#include "small_store.h"

#define RECORD(doi, state, more)                                                                   \
    "{\"id\":\"" doi "\",\"type\":\"dois\",\"attributes\":{\"doi\":\"" doi                         \
    "\",\"creators\":[{\"name\":\"A\"}],\"titles\":[{\"title\":\"T\"}],\"state\":\"" state         \
    "\",\"publisher\":{\"name\":\"P & Q\",\"publisherIdentifier\":\"https://ror.org/0\"}" more     \
    "},\"relationships\":{\"client\":{\"data\":{\"id\":\"elm.leaf\",\"type\":\"clients\"}}}}"

static const char *const resources[] = {
    RECORD("10.5555/Open", "findable", ""),
    RECORD("10.5555/draft", "draft", ""),
};

static const char update[] = RECORD("10.5555/open", "findable", ",\"language\":\"de\"");

static void prepare(bool owner)
{
    struct dh_err err = {0};
    small_store_open(resources, sizeof(resources) / sizeof(resources[0]), owner);
    usleep(2000); /* so that the update is later by the clock */
    assert_int_equal(dh_store_begin(small.store, &err), DH_OK);
    small_store_put(update);
    assert_int_equal(dh_store_commit(small.store, &err), DH_OK);
}

static int setup(void **state)
{
    (void)state;
    prepare(false);
    return 0;
}

static int setup_owner(void **state)
{
    (void)state;
    prepare(true);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    small_store_close();
    return 0;
}

static void of_a_doi(void **state)
{
    const char *target = "/dois/10.5555/OPEN/activities";
    (void)state;
    assert_holds(target, "\"meta\":{\"total\":2,\"totalPages\":1,\"page\":1},\"links\":{\"self\":");
    assert_holds(target, "\"prov:wasDerivedFrom\":\"https://doi.org/10.5555/open\","
                         "\"prov:wasAttributedTo\":\"" BASE "/repositories/elm.leaf\","
                         "\"action\":\"update\",\"version\":2,\"changes\":{"
                         "\"language\":[null,\"de\"]}}},");
    assert_holds(target, "\"prov:wasGeneratedBy\":\"" BASE "/activities/");
    assert_holds(target, "\"action\":\"create\",\"version\":1,\"changes\":{\"doi\":"
                         "\"10.5555/OPEN\",");
    assert_holds(target, "\"publisher\":\"P \\u0026 Q\"}}}]");
    assert_holds("/dois/10.5555%2Fopen/activities?publisher=true",
                 "\"publisher\":{\"name\":\"P \\u0026 Q\",\"publisherIdentifier\":"
                 "\"https://ror.org/0\"}}}}]");
    assert_lacks(target, "publisher_obj");
    assert_body("/dois/10.5555/none/activities",
                "{\"data\":[],\"meta\":{\"total\":0,\"totalPages\":0,\"page\":1},\"links\":{"
                "\"self\":\"" BASE "/dois/10.5555/none/activities\"}}");
}

/* How often a text stands in an answer. */
static size_t count(const char *target, const char *part)
{
    size_t n = 0;
    for (const char *at = get(target, 200); (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

static void strangers_see_no_drafts(void **state)
{
    (void)state;
    assert_holds("/dois/10.5555/draft/activities", "{\"data\":[],\"meta\":{\"total\":0,");
    assert_holds("/activities?datacite-doi-id=10.5555/draft", "{\"data\":[],");
    assert_lacks("/activities", "draft");
    assert_int_equal(
        count("/activities?datacite-doi-id=10.5555/draft,10.5555/OPEN", "\"type\":\"activities\""),
        2);
}

static void owner_sees_drafts(void **state)
{
    (void)state;
    assert_holds("/dois/10.5555/draft/activities", "\"total\":1,");
    assert_holds("/activities", "https://doi.org/10.5555/draft");
}

static void order_and_pages(void **state)
{
    const char *nested = "/dois/10.5555/open/activities?page[size]=1";
    (void)state;
    assert_holds(nested, "\"action\":\"update\"");
    assert_holds(nested, "\"next\":\"" BASE "/dois/10.5555/open/activities?"
                         "page%5Bnumber%5D=2\\u0026page%5Bsize%5D=1\"");
    assert_holds("/dois/10.5555/open/activities?page[size]=1&sort=created",
                 "\"action\":\"create\"");
    assert_holds("/dois/10.5555/open/activities?page[size]=1&page[number]=2",
                 "\"action\":\"create\"");
    assert_holds("/dois/10.5555/open/activities?page[size]=1&page[cursor]=1",
                 "\"action\":\"create\"");
    assert_holds("/activities?datacite-doi-id=10.5555/open&page[size]=1&page[cursor]=1",
                 "\"next\":\"" BASE "/activities?datacite-doi-id=10.5555%2Fopen\\u0026"
                 "page%5Bcursor%5D=");
    assert_int_equal(count("/activities?page[size]=0", "\"type\":\"activities\""), 0);
    assert_int_equal(count("/activities?query=create", "\"action\":\"update\""), 0);
    assert_string_equal(get("/activities?query=(", 400),
                        "{\"errors\":{\"title\":\"Failed to parse query [(]\"}}");
    get("/activities?page[size]=-1", 400);
}

/* Following links.next from a cursor meets every activity once. */
static void cursor_walk(void **state)
{
    struct dh_str target = DH_STR("/dois/10.5555/open/activities?page[cursor]=&page[size]=1");
    size_t seen = 0;
    (void)state;
    while (target.ptr) {
        struct json_object *page = NULL;
        assert_int_equal(dh_json_parse(dh_str(get(target.ptr, 200)), &page, NULL), DH_OK);
        seen += json_object_array_length(dh_json_get(page, "data"));
        struct dh_str next = dh_json_member(dh_json_get(page, "links"), "next");
        target =
            next.ptr ? dh_arena_copy(&small.arena, dh_str_from(next, strlen(BASE))) : DH_STR_NONE;
        json_object_put(page);
        assert_true(seen < 4);
    }
    assert_int_equal(seen, 2);
}

static void single_and_ids(void **state)
{
    struct json_object *document = NULL;
    const char *body = get("/dois/10.5555/open/activities", 200);
    (void)state;
    assert_int_equal(dh_json_parse(dh_str(body), &document, NULL), DH_OK);
    struct json_object *data = dh_json_get(document, "data");
    struct dh_str id = dh_json_member(json_object_array_get_idx(data, 0), "id");
    struct dh_str target = dh_arena_format(&small.arena, "/activities/%.*s", DH_STR_ARG(id));
    assert_holds(target.ptr, "{\"data\":{\"id\":\"");
    assert_holds(target.ptr, ".");
    body = strstr(get(target.ptr, 200), "\"prov:generatedAtTime\":\"");
    assert_int_equal(strcspn(body + strlen("\"prov:generatedAtTime\":\""), "\""), 24);
    target = dh_arena_format(&small.arena, "/activities?ids=%.*s,none,%.*s", DH_STR_ARG(id),
                             DH_STR_ARG(id));
    assert_int_equal(count(target.ptr, "\"type\":\"activities\""), 1);
    json_object_put(document);
    get("/activities/00000000-0000-0000-0000-000000000000", 404);
    get("/activities/nonsense", 404);
}

int main(void)
{
    const struct CMUnitTest strangers[] = {
        cmocka_unit_test(of_a_doi),       cmocka_unit_test(strangers_see_no_drafts),
        cmocka_unit_test(cursor_walk),    cmocka_unit_test(order_and_pages),
        cmocka_unit_test(single_and_ids),
    };
    const struct CMUnitTest owners[] = {
        cmocka_unit_test(owner_sees_drafts),
    };
    int failed = cmocka_run_group_tests(strangers, setup, teardown);
    return failed + cmocka_run_group_tests(owners, setup_owner, teardown);
}
