#include "format/rows.h"
#include "support.h"

static struct dh_arena arena;

static void check(const struct dh_format *format, const char *metadata, const char *expected)
{
    struct json_object *tree = json_of(&arena, metadata), *written = NULL;
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(dh_format_write(format, tree, NULL, &out, &arena, NULL), DH_OK);
    assert_int_equal(dh_json_parse(dh_buf_view(&out), &written, NULL), DH_OK);
    assert_written(written, expected);
    assert_written(tree, metadata);
    json_object_put(written);
    json_object_put(tree);
    dh_buf_release(&out);
}

/* Members in the order of the schema, nothing inside them changed, nothing that is null. */
static const char record[] =
    "{'state':'findable','agency':'datacite','clientId':'c','providerId':'p','schemaVersion':'s',"
    "'relatedItems':[],'relatedIdentifiers':[{'b':1,'a':null}],'fundingReferences':[],"
    "'geoLocations':[],'descriptions':[],'rightsList':[],'version':null,'formats':[],'sizes':[],"
    "'identifiers':[],'language':'en','publicationYear':2020,'dates':[],'contributors':[],"
    "'subjects':[],'container':{},'publisher':{'name':'P'},'titles':[],'creators':[],'types':{},"
    "'url':'u','doi':'10.82433/A','id':'x','xml':'PD94','registered':'2020','other':1}";

static void test_datacite_json(void **state)
{
    (void)state;
    check(&dh_format_datacite_json, record,
          "{'id':'https://doi.org/10.82433/a','doi':'10.82433/A','url':'u','types':{},"
          "'creators':[],'titles':[],'publisher':{'name':'P'},'container':{},'subjects':[],"
          "'contributors':[],'dates':[],'publicationYear':2020,'language':'en','identifiers':[],"
          "'sizes':[],'formats':[],'rightsList':[],'descriptions':[],'geoLocations':[],"
          "'fundingReferences':[],'relatedIdentifiers':[{'b':1,'a':null}],'relatedItems':[],"
          "'schemaVersion':'s','providerId':'p','clientId':'c','agency':'datacite',"
          "'state':'findable'}");
    check(&dh_format_datacite_json, "{}", "{}");
}

static void test_crosscite(void **state)
{
    (void)state;
    check(&dh_format_crosscite, record,
          "{'id':'https://doi.org/10.82433/a','doi':'10.82433/A','url':'u','types':{},"
          "'creators':[],'titles':[],'publisher':{'name':'P'},'container':{},'subjects':[],"
          "'contributors':[],'dates':[],'publication_year':2020,'language':'en',"
          "'identifiers':[],'sizes':[],'formats':[],'rights_list':[],'descriptions':[],"
          "'geo_locations':[],'funding_references':[],'related_identifiers':[{'b':1,'a':null}],"
          "'related_items':[],'schema_version':'s','provider_id':'p','client_id':'c',"
          "'agency':'datacite','state':'findable'}");
}

static void test_list(void **state)
{
    (void)state;
    struct json_object *metadata = json_of(&arena, "{'doi':'10.82433/a'}");
    struct dh_format_list list;
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    dh_format_list_open(&list, &dh_format_crosscite, NULL, &out);
    for (int i = 0; i < 2; i++)
        assert_int_equal(dh_format_list_add(&list, metadata, &out, &arena, NULL), DH_OK);
    dh_format_list_close(&list, &out);
    dh_buf_char(&out, '\0');
    assert_string_equal(out.ptr, "[\n{\n  \"id\": \"https://doi.org/10.82433/a\",\n"
                                 "  \"doi\": \"10.82433/a\"\n},\n"
                                 "{\n  \"id\": \"https://doi.org/10.82433/a\",\n"
                                 "  \"doi\": \"10.82433/a\"\n}\n]");
    dh_buf_release(&out);
    json_object_put(metadata);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_datacite_json),
        cmocka_unit_test(test_crosscite),
        cmocka_unit_test(test_list),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
