#include "support.h"

static struct dh_arena arena;
static struct dh_account account;
static struct dh_str *prefixes;
static size_t prefix_count;

static enum dh_status read_of(const char *text, struct dh_err *err)
{
    struct json_object *resource = json_of(text);
    prefix_count = 0;
    enum dh_status status =
        dh_account_read(resource, &account, &prefixes, &prefix_count, &arena, err);
    json_object_put(resource);
    return status;
}

static void test_provider(void **state)
{
    (void)state;
    assert_int_equal(
        read_of("{'data':{'id':'TCIAR','type':'providers','attributes':{'name':'Long name',"
                "'displayName':'The Archive','symbol':'TCIAR','isActive':true,"
                "'created':'2019-01-02T03:04:05.000Z','updated':'2020','joined':null},"
                "'relationships':{'consortium':{'data':{'id':'DUKE','type':'providers'}},"
                "'prefixes':{'data':[{'id':'10.7937','type':'prefixes'},{'id':'10.25737'},{}]}}}}",
                NULL),
        DH_OK);
    assert_int_equal(account.kind, DH_PROVIDER);
    assert_text(account.symbol, "tciar");
    assert_text(account.parent, "duke");
    assert_text(account.name, "The Archive");
    assert_int_equal(account.created, dh_time_civil(2019, 1, 2) + 11045000);
    assert_int_equal(account.updated, dh_time_civil(2020, 1, 1));
    assert_true(account.active);
    assert_false(account.stub);
    assert_true(dh_json_has(account.attributes, "joined"));
    assert_int_equal(prefix_count, 2);
    assert_text(prefixes[0], "10.7937");
    assert_text(prefixes[1], "10.25737");
    json_object_put(account.attributes);
}

static void test_client(void **state)
{
    (void)state;
    assert_int_equal(read_of("{'id':'nihnci.tcia','type':'clients','attributes':{'name':'TCIA',"
                             "'symbol':'NIHNCI.TCIA','isActive':false},'relationships':"
                             "{'provider':{'data':{'id':'nihnci','type':'providers'}}}}",
                             NULL),
                     DH_OK);
    assert_int_equal(account.kind, DH_CLIENT);
    assert_text(account.symbol, "nihnci.tcia");
    assert_text(account.parent, "nihnci");
    assert_text(account.name, "TCIA");
    assert_int_equal(account.created, DH_TIME_NONE);
    assert_false(account.active);
    assert_int_equal(prefix_count, 0);
    json_object_put(account.attributes);
}

static void test_repository(void **state)
{
    (void)state;
    assert_int_equal(read_of("{'type':'repositories','attributes':{'symbol':'A.B',"
                             "'systemEmail':'a@b','certificate':[]}}",
                             NULL),
                     DH_OK);
    assert_int_equal(account.kind, DH_CLIENT);
    assert_text(account.symbol, "a.b");
    assert_text(account.name, "a.b");
    assert_text(account.parent, "");
    assert_true(account.active);
    assert_json(account.attributes, "{'symbol':'A.B','certificate':[],'contactEmail':'a@b'}");
    json_object_put(account.attributes);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{'id':'x','type':'dois','attributes':{}}", "type"},
        {"{'id':'x','type':'clients'}", "attributes"},
        {"{'type':'clients','attributes':{'symbol':' '}}", "symbol"},
        {"[]", "attributes"},
        {"null", "attributes"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_err err = {0};
        assert_int_equal(read_of(rows[i][0], &err), DH_INVALID);
        assert_string_equal(err.field, rows[i][1]);
        assert_null(account.attributes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provider),
        cmocka_unit_test(test_client),
        cmocka_unit_test(test_repository),
        cmocka_unit_test(test_refused),
    };
    dh_arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
