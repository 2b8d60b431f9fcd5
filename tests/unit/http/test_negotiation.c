#include "test.h"

/* The list as parsed: "value=q@position ..." */
static void check_list(const char *header, const char *expected)
{
    struct dh_weighted items[8];
    size_t count = dh_weighted_parse(dh_str(header), items, 8);
    struct dh_buf out;
    dh_buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        dh_buf_printf(&out, "%s%.*s=%.2f@%zu", i ? " " : "", DH_STR_ARG(items[i].value), items[i].q,
                      items[i].position);
    assert_str(dh_buf_view(&out), expected);
    dh_buf_release(&out);
}

static void orders_lists(void **state)
{
    (void)state;
    check_list("", "");
    check_list("*/*", "*/*=1.00@0");
    check_list("text/html, application/json;q=0.9 , */*;q=0.8",
               "text/html=1.00@0 application/json=0.90@1 */*=0.80@2");
    check_list("a;q=0.1, b, c;q=0.5, d", "b=1.00@1 d=1.00@3 c=0.50@2 a=0.10@0");
    check_list("application/vnd.api+json; version=2;Q=0.5", "application/vnd.api+json=0.50@0");
    check_list("text/x; a=\"1,2\\\",3\", b", "text/x=1.00@0 b=1.00@1");
    check_list("a;q=x, b;q=-1, c;q=1e3, d;q=, ;q=1, ,e;q=7", "e=1.00@6");
    check_list("a;q, b;q=0", "a=1.00@0 b=0.00@1");
    check_list("a,b,c,d,e,f,g,h,i", "a=1.00@0 b=1.00@1 c=1.00@2 d=1.00@3 e=1.00@4 f=1.00@5 "
                                    "g=1.00@6 h=1.00@7");
    check_list("a;x=\"unfinished, b\\", "a=1.00@0");
    struct dh_weighted none;
    assert_int_equal(dh_weighted_parse(DH_STR_NONE, &none, 1), 0);
}

static void check_parameter(const char *header, const char *name, const char *expected)
{
    struct dh_weighted item;
    assert_int_equal(dh_weighted_parse(dh_str(header), &item, 1), 1);
    struct dh_str value = dh_weighted_parameter(item.parameters, name);
    assert_true(!expected == !value.ptr);
    if (expected)
        assert_str(value, expected);
}

static void gives_parameters(void **state)
{
    (void)state;
    check_parameter("text/x; style=ieee; locale = de ;q=0.5", "style", "ieee");
    check_parameter("text/x; style=ieee; locale = de ;q=0.5", "locale", "de");
    check_parameter("text/x;STYLE=\"apa\"", "style", "apa");
    check_parameter("text/x;style=\"", "style", "\"");
    check_parameter("text/x;style=", "style", "");
    check_parameter("text/x;style=a;style=b", "style", "b");
    check_parameter("text/x;style", "style", NULL);
    check_parameter("text/x;", "style", NULL);
    check_parameter("text/x", "style", NULL);
}

static void chooses_codings(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool gzip, refused;
    } cases[] = {
        {NULL, false, false},
        {"", false, false},
        {"gzip", true, false},
        {"GZip", true, false},
        {"gzip, deflate, br", true, false},
        {"deflate, br", false, false},
        {"identity", false, false},
        {"UTF-8", false, false},
        {"*", true, false},
        {"*;q=0", false, true},
        {"identity;q=0", false, true},
        {"identity;q=0, gzip", true, false},
        {"gzip;q=0", false, false},
        {"gzip;q=0, identity;q=0", false, true},
        {"gzip;q=0, *;q=0", false, true},
        {"gzip;q=0.5, identity", false, false},
        {"gzip;q=0.5, identity;q=0.5", true, false},
        {"gzip;q=0.5, *;q=1", false, false},
        {"gzip, *;q=0", true, false},
        {"br, *;q=0", false, true},
        {"identity, *;q=0", false, false},
        {"gzip;q=0, gzip", false, false},
        {"gzip;q=0.001", true, false},
        {"xgzip", false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_str header = dh_str(cases[i].header);
        if (dh_accepts_gzip(header) != cases[i].gzip)
            fail_msg("gzip for `%s`", cases[i].header);
        if (dh_refuses_all_encodings(header) != cases[i].refused)
            fail_msg("refusal of `%s`", cases[i].header);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_lists),
        cmocka_unit_test(gives_parameters),
        cmocka_unit_test(chooses_codings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
