#include "format/rows.h"
#include "support.h"

static struct dh_arena arena;

#define VALID                                                                                      \
    "'id':'https://doi.org/10.82433/a','doi':'10.82433/a','url':'https://a.org/','creators':"      \
    "[{'name':'N','nameType':'Personal'}],'titles':[{'title':'T'}],'publisher':{'name':'P'},"      \
    "'publicationYear':2020,'types':{'resourceTypeGeneral':'Software','schemaOrg':"                \
    "'SoftwareSourceCode'}"

/* Writes a record, which stays as it is. */
static enum dh_status write_of(const char *text, struct dh_buf *out)
{
    struct json_object *metadata = json_of(&arena, text);
    enum dh_status status = dh_format_write(&dh_format_codemeta, metadata, NULL, out, &arena, NULL);
    assert_written(metadata, text);
    json_object_put(metadata);
    return status;
}

static void check(const char *metadata, const char *expected)
{
    struct dh_buf out;
    struct json_object *written = NULL;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(write_of(metadata, &out), DH_OK);
    assert_int_equal(dh_json_parse(dh_buf_view(&out), &written, NULL), DH_OK);
    assert_written(written, expected);
    json_object_put(written);
    dh_buf_release(&out);
}

static void test_least(void **state)
{
    (void)state;
    check("{" VALID "}",
          "{'@context':"
          "'https://raw.githubusercontent.com/codemeta/codemeta/master/codemeta.jsonld',"
          "'@type':'SoftwareSourceCode','@id':'https://doi.org/10.82433/a','codeRepository':"
          "'https://a.org/','name':'T','authors':[{'name':'N','nameType':'Personal'}],"
          "'datePublished':2020,'publisher':'P'}");
}

static void test_all(void **state)
{
    (void)state;
    check("{" VALID ",'identifiers':[{'identifier':'i','identifierType':'t'}],'descriptions':"
          "[{'description':'d','descriptionType':'Other'},"
          "{'description':'e','descriptionType':'Abstract'}],'version':'1','subjects':"
          "[{'subject':'a'},{'subject':'b'}],'dates':[{'date':'2019','dateType':'Issued'},"
          "{'date':'2021','dateType':'Updated'}],'rightsList':[{'rightsUri':'https://l.org/'}]}",
          "{'@context':"
          "'https://raw.githubusercontent.com/codemeta/codemeta/master/codemeta.jsonld',"
          "'@type':'SoftwareSourceCode','@id':'https://doi.org/10.82433/a','identifier':"
          "{'@type':'PropertyValue','propertyID':'t','value':'i'},'codeRepository':"
          "'https://a.org/','name':'T','authors':[{'name':'N','nameType':'Personal'}],"
          "'description':'d','version':'1','tags':['a','b'],'datePublished':'2019',"
          "'dateModified':'2021','publisher':'P','license':'https://l.org/'}");
}

static void test_invalid(void **state)
{
    (void)state;
    static const char *const records[] = {"{}", "{'doi':'10.82433/a','titles':[]}"};
    for (size_t i = 0; i < COUNT(records); i++) {
        struct dh_buf out;
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        assert_int_equal(write_of(records[i], &out), DH_UNSUPPORTED);
        assert_int_equal(out.len, 0);
        dh_buf_release(&out);
    }
}

/* In a list the others stay. */
static void test_list(void **state)
{
    (void)state;
    static const char *const records[] = {"{" VALID "}", "{}", "{" VALID "}"};
    struct dh_format_list list;
    struct dh_buf out;
    struct json_object *array = NULL;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    dh_format_list_open(&list, &dh_format_codemeta, NULL, &out);
    for (size_t i = 0; i < COUNT(records); i++) {
        struct json_object *metadata = json_of(&arena, records[i]);
        assert_int_equal(dh_format_list_add(&list, metadata, &out, &arena, NULL), DH_OK);
        json_object_put(metadata);
    }
    dh_format_list_close(&list, &out);
    assert_int_equal(list.left_out, 1);
    assert_int_equal(dh_json_parse(dh_buf_view(&out), &array, NULL), DH_OK);
    assert_int_equal(json_object_array_length(array), 2);
    json_object_put(array);
    dh_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_invalid),
        cmocka_unit_test(test_list),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
