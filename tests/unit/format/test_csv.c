#include "format/csv.h"
#include "records.h"

static struct dh_arena arena;

static void test_values(void **state)
{
    (void)state;
    static const struct {
        struct dh_str value;
        const char *expected;
    } rows[] = {
        {{"plain", 5}, "plain"},
        {{NULL, 0}, ""},
        {{"", 0}, "\"\""},
        {{"a,b", 3}, "\"a,b\""},
        {{"a\"b", 3}, "\"a\"\"b\""},
        {{"a\nb", 3}, "\"a\nb\""},
        {{"a\rb", 3}, "\"a\rb\""},
        {{"a;b 'c'", 7}, "a;b 'c'"},
        {{" ", 1}, " "},
        {{"\"", 1}, "\"\"\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_buf out;
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        dh_csv_value(&out, rows[i].value);
        dh_buf_char(&out, '|');
        assert_text((struct dh_str){out.ptr, out.len - 1}, rows[i].expected);
        dh_buf_release(&out);
    }
}

static void test_tab_values(void **state)
{
    (void)state;
    static const struct {
        struct dh_str value;
        const char *expected;
    } rows[] = {
        {{"plain \"', ;", 11}, "plain \"', ;"},
        {{NULL, 0}, ""},
        {{"", 0}, ""},
        {{"\t", 1}, "\\t"},
        {{"a\tb\nc\rd\\e", 9}, "a\\tb\\nc\\rd\\\\e"},
        {{"\\n", 2}, "\\\\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_buf out;
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        dh_tsv_value(&out, rows[i].value);
        dh_buf_char(&out, '|');
        assert_text((struct dh_str){out.ptr, out.len - 1}, rows[i].expected);
        dh_buf_release(&out);
    }
}

static void test_write(void **state)
{
    (void)state;
    static const struct {
        const char *changes, *expected;
    } rows[] = {
        {"{}", "10.5072/ABC,https://example.org/,,findable,Dataset,\"\",T,\"Okafor, Amara\",P,"
               "2024\n"},
        {"{'registered':'2024-05-17T10:11:12.000Z','types':{'resourceTypeGeneral':'Dataset'}}",
         "10.5072/ABC,https://example.org/,2024-05-17,findable,Dataset,,T,\"Okafor, Amara\",P,"
         "2024\n"},
        {"{'registered':'2024','creators':[{'name':'N'},{'name':'\\u0022O\\u0022'}],'state':null}",
         "10.5072/ABC,https://example.org/,2024,,Dataset,\"\",T,\"{N} and {\"\"O\"\"}\",P,2024\n"},
        {"{'titles':[{'title':'a\\nb'}]}",
         "10.5072/ABC,https://example.org/,,findable,Dataset,\"\",\"a\nb\",\"Okafor, Amara\",P,"
         "2024\n"},
        {"{'publisher':null}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_format(&arena, "csv", rows[i].changes, rows[i].expected);
}

static void test_header(void **state)
{
    (void)state;
    assert_text(dh_str(dh_format_find(DH_STR("csv"))->header),
                "doi,url,registered,state,resourceTypeGeneral,resourceType,title,author,"
                "publisher,publicationYear\n");
    assert_unread(&arena, "csv", DH_STR("doi\n10.5072/a\n"), DH_UNSUPPORTED,
                  "CSV can be written, not read");
}

int main(void)
{
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_tab_values),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_header),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
