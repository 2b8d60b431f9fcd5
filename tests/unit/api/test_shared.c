/* What the resource files share: cursors, routes, titles, JSON pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/call.h"

static struct dh_arena arena;

static int setup(void **state)
{
    (void)state;
    dh_arena_init(&arena, 1 << 24);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

static void assert_str(struct dh_str actual, const char *expected)
{
    if (!dh_str_equal(actual, dh_str(expected)))
        fail_msg("got `%.*s`, expected `%s`", DH_STR_ARG(actual), expected);
}

static void cursors(void **state)
{
    int64_t millis;
    struct dh_str id;
    (void)state;
    assert_str(dh_cursor_write(&arena, 1535620933000, DH_STR("10.5438/0012")),
               "MTUzNTYyMDkzMzAwMCwxMC41NDM4LzAwMTI");
    assert_true(
        dh_cursor_read(&arena, DH_STR("MTUzNTYyMDkzMzAwMCwxMC41NDM4LzAwMTI="), &millis, &id));
    assert_int_equal(millis, 1535620933000);
    assert_str(id, "10.5438/0012");
    struct dh_str odd = dh_cursor_write(&arena, -5, DH_STR("10.1/a,b"));
    assert_true(dh_cursor_read(&arena, odd, &millis, &id));
    assert_int_equal(millis, -5);
    assert_str(id, "10.1/a,b");
}

static void garbage_cursors_start_over(void **state)
{
    static const char *const texts[] = {"1", "", "!!!!", "YWJj", "LCwsLA", "LSwx", "/////w"};
    int64_t millis;
    struct dh_str id;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (dh_cursor_read(&arena, dh_str(texts[i]), &millis, &id))
            fail_msg("%s was read", texts[i]);
}

static void routes(void **state)
{
    static const struct {
        const char *path;
        dh_handler *handle;
        const char *arg[2];
    } cases[] = {
        {"/", dh_index, {NULL, NULL}},
        {"/dois", dh_dois_list, {NULL, NULL}},
        {"/dois/", dh_dois_list, {NULL, NULL}},
        {"/dois/10.1/a/b", dh_dois_single, {"10.1/a/b", NULL}},
        {"/dois/10.1%2Fa%2fb/", dh_dois_single, {"10.1/a/b", NULL}},
        {"/dois/10.1/a/activities", dh_activities_of_doi, {"10.1/a", NULL}},
        {"/dois/10.1/activities/activities/", dh_activities_of_doi, {"10.1/activities", NULL}},
        {"/dois/10.1/a/media/0000-0001", dh_dois_medium, {"10.1/a", "0000-0001"}},
        {"/dois/random", dh_dois_random, {NULL, NULL}},
        {"/dois/activities", dh_dois_single, {"activities", NULL}},
        {"/providers/tciar/dois", dh_dois_list, {"tciar", NULL}},
        {"/providers/tciar/dois/10.1/a", dh_dois_single, {"tciar", "10.1/a"}},
        {"/providers/totals", dh_providers_totals, {NULL, NULL}},
        {"/clients/a.b", dh_clients_single, {"a.b", NULL}},
        {"/works/10.1/a", dh_dois_single, {"10.1/a", NULL}},
        {"/dois/application/x-bibtex", dh_dois_list, {"x-bibtex", NULL}},
        {"/dois/application/ld%2Bjson/10.1/a/b", dh_dois_single, {"ld+json", "10.1/a/b"}},
        {"/dois/text/csv/10.1/a/activities", dh_dois_single, {"csv", "10.1/a/activities"}},
        {"/dois/10.1/text/csv", dh_dois_single, {"10.1/text/csv", NULL}},
        {"/text/csv/10.1/a", dh_resolve, {"csv", "10.1/a"}},
        {"/format", dh_citation, {NULL, NULL}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_str arg[3];
        const struct dh_route *route = dh_route_find(dh_str(cases[i].path), arg, &arena);
        if (!route || route->handle != cases[i].handle)
            fail_msg("%s went astray", cases[i].path);
        for (size_t k = 0; k < 2; k++)
            assert_str(arg[k], cases[i].arg[k] ? cases[i].arg[k] : "");
    }
}

/* They may be DOIs; what is none is for the resolver to say. */
static void other_paths_are_resolved(void **state)
{
    static const char *const paths[] = {"nowhere",     "10.1/a",        "clients/a/b",
                                        "heartbeat/x", "application/x", "text"};
    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct dh_str arg[3];
        const struct dh_route *route = dh_route_find(dh_str(paths[i]), arg, &arena);
        if (!route || route->handle != dh_resolve || route->media)
            fail_msg("%s went astray", paths[i]);
        assert_str(arg[0], paths[i]);
    }
}

static void titles(void **state)
{
    static const char *const cases[][2] = {
        {"findable", "Findable"},
        {"RatSWD", "Rat Swd"},
        {"FOS: Computer and information sciences", "Fos: Computer And Information Sciences"},
        {"Experimental 3D Coordinates", "Experimental 3 D Coordinates"},
        {"GBIF", "Gbif"},
        {"project-related", "Project Related"},
        {"COVID-19", "Covid 19"},
        {"\xc3\x96kologie der \xc3\x96"
         "ffentlichkeit",
         "\xc3\x96kologie Der \xc3\xb6"
         "ffentlichkeit"},
        {"CoreTrustSeal", "Core Trust Seal"},
        {"WDS", "Wds"},
        {"DIN 31644", "Din 31644"},
        {"with-repository", "With Repository"},
        {"_private_id", "Private"},
        {"Alzheimer's disease", "Alzheimer's Disease"},
        {"10.7937", "10.7937"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_str(dh_titleize(&arena, dh_str(cases[i][0])), cases[i][1]);
}

static void members(void **state)
{
    struct dh_buf out;
    struct dh_str ids[] = {DH_STR("a"), DH_STR("b")};
    (void)state;
    dh_buf_init(&out, 4096);
    dh_buf_char(&out, '{');
    dh_put_str(&out, "s", DH_STR("<\">"));
    dh_put_str(&out, "n", DH_STR_NONE);
    dh_put_int(&out, "i", -3);
    dh_put_bool(&out, "b", true);
    dh_put_time(&out, "t", 1453647935000, false);
    dh_put_time(&out, "u", DH_TIME_NONE, true);
    dh_put_to_one(&out, "one", DH_STR_NONE, "clients");
    dh_put_to_many(&out, "many", ids, 2, "dois");
    dh_buf_char(&out, '}');
    assert_str(dh_buf_view(&out),
               "{\"s\":\"\\u003c\\\"\\u003e\",\"n\":null,\"i\":-3,\"b\":true,"
               "\"t\":\"2016-01-24T15:05:35Z\",\"u\":null,\"one\":{\"data\":null},"
               "\"many\":{\"data\":[{\"id\":\"a\",\"type\":\"dois\"},"
               "{\"id\":\"b\",\"type\":\"dois\"}]}}");
    dh_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cursors), cmocka_unit_test(garbage_cursors_start_over),
        cmocka_unit_test(routes),  cmocka_unit_test(other_paths_are_resolved),
        cmocka_unit_test(titles),  cmocka_unit_test(members),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
