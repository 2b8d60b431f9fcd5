#include "test.h"

static struct dh_arena arena;

static struct dh_params parse(const char *query)
{
    struct dh_params params;
    dh_arena_release(&arena);
    dh_arena_init(&arena, DH_ARENA_MAX);
    assert_int_equal(dh_params_parse(&arena, dh_str(query), &params), DH_OK);
    return params;
}

static void decodes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *form;
    } cases[] = {
        {"", "", ""},
        {"abc", "abc", "abc"},
        {"a%20b+c", "a b+c", "a b c"},
        {"10.5%2FX%2fy", "10.5/X/y", "10.5/X/y"},
        {"%", "%", "%"},
        {"%4", "%4", "%4"},
        {"%zz%4g%g4", "%zz%4g%g4", "%zz%4g%g4"},
        {"%%41", "%A", "%A"},
        {"100%", "100%", "100%"},
        {"%C3%A9", "\xC3\xA9", "\xC3\xA9"},
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_str(dh_url_decode(&arena, dh_str(cases[i].text), false), cases[i].plain);
        assert_str(dh_url_decode(&arena, dh_str(cases[i].text), true), cases[i].form);
    }
    struct dh_str nul = dh_url_decode(&arena, DH_STR("x%00b"), false);
    assert_int_equal(nul.len, 3);
    assert_memory_equal(nul.ptr, "x\0b", 3);
}

static void encodes(void **state)
{
    (void)state;
    struct dh_buf out;
    dh_buf_init(&out, SIZE_MAX);
    dh_url_encode_form(&out, (struct dh_str){"a b/c\0[\xC3\xA9]~-_.&=+%", 18});
    assert_str(dh_buf_view(&out), "a+b%2Fc%00%5B%C3%A9%5D~-_.%26%3D%2B%25");
    dh_buf_clear(&out);
    dh_url_encode_path(&out, DH_STR("10.5/a b+c"), true);
    assert_str(dh_buf_view(&out), "10.5/a%20b%2Bc");
    dh_buf_clear(&out);
    dh_url_encode_path(&out, DH_STR("10.5/x"), false);
    assert_str(dh_buf_view(&out), "10.5%2Fx");
    dh_buf_release(&out);
}

static void reads_brackets(void **state)
{
    (void)state;
    struct dh_params p = parse("page[size]=5&page%5Bnumber%5D=2&fields[client-prefixes]=a-b");
    assert_int_equal(p.count, 3);
    assert_str(dh_params_get(&p, "page", "size"), "5");
    assert_str(dh_params_get(&p, "page", "number"), "2");
    assert_str(dh_params_get(&p, "fields", "client-prefixes"), "a-b");
    assert_null(dh_params_get(&p, "fields", "client_prefixes").ptr);
    assert_false(dh_params_has(&p, "page", NULL));
    assert_false(dh_params_has(&p, "page", "siz"));
    assert_str(p.items[1].raw, "page[number]");
}

static void keeps_malformed_brackets_plain(void **state)
{
    (void)state;
    static const char *const names[] = {"page[size", "page]size", "[size]", "page[size]x", "["};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char query[64];
        snprintf(query, sizeof(query), "%s=250", names[i]);
        struct dh_params p = parse(query);
        assert_int_equal(p.count, 1);
        assert_null(p.items[0].key.ptr);
        assert_str(p.items[0].name, names[i]);
        assert_false(dh_params_has(&p, "page", "size"));
    }
    struct dh_params p = parse("a[b][c]=1&ids[]=x");
    assert_str(p.items[0].key, "b][c");
    assert_non_null(p.items[1].key.ptr);
    assert_int_equal(p.items[1].key.len, 0);
}

static void reads_names_and_values(void **state)
{
    (void)state;
    struct dh_params p = parse("client-id=a-b&client_id=c&x&y=&=z&&q=1=2&s=+%20&a%2Db=d");
    assert_int_equal(p.count, 8);
    assert_str(dh_params_get(&p, "client_id", NULL), "c");
    assert_str(dh_params_get(&p, "client-id", NULL), "c");
    assert_str(p.items[0].value, "a-b");
    assert_str(p.items[0].raw, "client-id");
    assert_true(dh_params_has(&p, "x", NULL));
    assert_non_null(dh_params_get(&p, "x", NULL).ptr);
    assert_str(dh_params_get(&p, "x", NULL), "");
    assert_false(dh_params_present(&p, "y"));
    assert_false(dh_params_present(&p, "s"));
    assert_false(dh_params_present(&p, "nothing"));
    assert_true(dh_params_present(&p, "q"));
    assert_str(dh_params_get(&p, "q", NULL), "1=2");
    assert_str(dh_params_get(&p, "s", NULL), "  ");
    assert_str(dh_params_get(&p, "", NULL), "z");
    assert_str(dh_params_get(&p, "a_b", NULL), "d");
}

static void cleans_text(void **state)
{
    (void)state;
    struct dh_params p = parse("a=x%FFy&b=x%00y&%ED%A0%80c=1&d=%");
    assert_str(dh_params_get(&p, "a", NULL), "xy");
    struct dh_str nul = dh_params_get(&p, "b", NULL);
    assert_int_equal(nul.len, 3);
    assert_memory_equal(nul.ptr, "x\0y", 3);
    assert_str(dh_params_get(&p, "c", NULL), "1");
    assert_str(dh_params_get(&p, "d", NULL), "%");
}

static void bounds_the_count(void **state)
{
    (void)state;
    struct dh_buf query;
    dh_buf_init(&query, SIZE_MAX);
    for (int i = 0; i < DH_PARAMS_MAX + 50; i++)
        dh_buf_printf(&query, "&&p%d=%d", i, i);
    struct dh_params p;
    assert_int_equal(dh_params_parse(&arena, dh_buf_view(&query), &p), DH_OK);
    assert_int_equal(p.count, DH_PARAMS_MAX);
    assert_str(dh_params_get(&p, "p999", NULL), "999");
    assert_int_equal(dh_params_parse(&arena, DH_STR_NONE, &p), DH_OK);
    assert_int_equal(p.count, 0);
    struct dh_arena small;
    dh_arena_init(&small, 100);
    assert_int_equal(dh_params_parse(&small, dh_buf_view(&query), &p), DH_MEMORY);
    dh_arena_release(&small);
    dh_buf_release(&query);
}

static int release(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(encodes),
        cmocka_unit_test(reads_brackets),
        cmocka_unit_test(keeps_malformed_brackets_plain),
        cmocka_unit_test(reads_names_and_values),
        cmocka_unit_test(cleans_text),
        cmocka_unit_test(bounds_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
