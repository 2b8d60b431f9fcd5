#include "format/parts.h"
#include "support.h"

#define NS "http://datacite.org/schema/kernel-4"

static struct dh_arena arena;

static const char good[] =
    "{'id':'https://doi.org/10.5072/a','doi':'10.5072/a','url':'https://example.org/a',"
    "'types':{'resourceTypeGeneral':'Dataset'},'creators':[{'name':'A'}],"
    "'titles':[{'title':'T'}],'publisher':{'name':'P'},'publicationYear':2024,'state':'findable',"
    "'schemaVersion':'http://datacite.org/schema/kernel-4'}";

/* The good record with members put in; null takes them out. */
static struct json_object *record_of(const char *change_text)
{
    struct json_object *metadata = json_of(&arena, good), *change = json_of(&arena, change_text);
    json_object_object_foreach(change, key, value)
    {
        json_object_object_del(metadata, key);
        dh_put(metadata, key, json_object_get(value));
    }
    json_object_put(change);
    return metadata;
}

/* ---- metadata trees ------------------------------------------------------------------------------ */

static const struct row {
    const char *change;
    const char *source, *rule, *pointer; /* of the first finding; NULL: there is none */
    bool valid;
} rows[] = {
    {"{}", NULL, NULL, NULL, true},
    {"{'doi':null,'id':null}", "identifier", "min-length", "/doi", false},
    {"{'creators':[]}", "creators", "missing-child", "/creators", false},
    {"{'titles':null}", "titles", "missing-child", "/titles", false},
    {"{'publisher':null}", "publisher", "min-length", "/publisher", false},
    {"{'publicationYear':null}", "publication_year", "pattern", "/publicationYear", false},
    {"{'types':{'resourceTypeGeneral':'Film'}}", "resourceType', attribute 'resourceTypeGeneral",
     "enumeration", "/types", false},
    {"{'types':{}}", "xml", "missing-child", NULL, false},
    {"{'dates':[{'date':'2024','dateType':'Issued'},{'date':'2024','dateType':'StartDate'}]}",
     "date', attribute 'dateType", "enumeration", "/dates/1", false},
    {"{'language':'Indonesian'}", "language", "datatype", "/language", false},
    {"{'url':'www.example.org'}", "url", "url", "/url", false},
    {"{'titles':[{'title':''}],'creators':[{'name':''}]}", NULL, NULL, NULL, true},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-3'}", "xml", "schema-version",
     "/schemaVersion", true},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-2.2'}", "xml", "schema-version",
     "/schemaVersion", true},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-4.4'}", NULL, NULL, NULL, true},
    {"{'schemaVersion':null}", NULL, NULL, NULL, true},
    {"{'geoLocations':[{'geoLocationPoint':{'pointLatitude':1,'pointLongitude':2}},"
     "{'geoLocationPoint':{'pointLatitude':91,'pointLongitude':2}}]}",
     "pointLatitude", "range", "/geoLocations/1/geoLocationPoint/pointLatitude", false},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_findings findings = {.arena = &arena};
        struct json_object *metadata = record_of(rows[i].change);
        dh_metadata_check(metadata, 0, &findings, &arena);
        if (findings.errors != (rows[i].source != NULL))
            fail_msg("%s: %zu errors", rows[i].change, findings.errors);
        if (dh_metadata_valid(metadata, &arena) != rows[i].valid)
            fail_msg("%s: is %svalid", rows[i].change, rows[i].valid ? "not " : "");
        json_object_put(metadata);
        if (!findings.first)
            continue;
        assert_text(findings.first->source, rows[i].source);
        assert_text(findings.first->rule, rows[i].rule);
        if (rows[i].pointer)
            assert_text(findings.first->pointer, rows[i].pointer);
    }
}

/* An answer of yes or no leaves nothing behind. */
static void test_memory(void **state)
{
    (void)state;
    struct json_object *metadata = record_of("{'titles':['T'],'types':{}}");
    size_t used = arena.used;
    assert_false(dh_metadata_valid(metadata, &arena));
    assert_int_equal(arena.used, used);
    json_object_put(metadata);
}

/* Errors first, then warnings. */
static void test_lint(void **state)
{
    struct dh_findings findings = {.arena = &arena};
    struct json_object *metadata = record_of("{'language':'Indonesian'}");
    (void)state;
    dh_metadata_check(metadata, DH_CHECK_LINT, &findings, &arena);
    json_object_put(metadata);
    assert_int_equal(findings.errors, 1);
    assert_true(findings.warnings > 1);
    assert_int_equal(findings.first->severity, DH_SEVERITY_ERROR);
    assert_int_equal(findings.last->severity, DH_SEVERITY_WARNING);
}

/* ---- texts --------------------------------------------------------------------------------------- */

static struct dh_findings check(const char *format, const char *text, enum dh_status expected,
                                const char *used_name)
{
    struct dh_findings findings = {.arena = &arena};
    const struct dh_format *used = NULL;
    struct dh_err err = {0};
    enum dh_status status = dh_format_check(format ? dh_format_find(dh_str(format)) : NULL,
                                            dh_str(text), 0, &used, &findings, &arena, &err);
    if (status != expected)
        fail_msg("%s: %s", text, err.text);
    if (used_name)
        assert_string_equal(used->name, used_name);
    return findings;
}

#define XML(more)                                                                                  \
    "<?xml version=\"1.0\"?>\n<resource xmlns=\"" NS "\">\n"                                       \
    "  <identifier identifierType=\"DOI\">10.5072/a</identifier>\n"                                \
    "  <creators><creator><creatorName>A</creatorName></creator></creators>\n"                     \
    "  <titles><title>T</title></titles>\n  <publisher>P</publisher>\n"                            \
    "  <publicationYear>2024</publicationYear>\n  <resourceType resourceTypeGeneral=\"Text\"/>\n"  \
    "  " more "\n</resource>\n"

static void test_xml(void **state)
{
    struct dh_findings findings;
    (void)state;
    findings = check(NULL, XML(""), DH_OK, "datacite");
    assert_null(findings.first);
    assert_int_equal(findings.record, 1);
    findings = check(NULL, XML("<sizes><size/>x</sizes>"), DH_OK, "datacite");
    assert_int_equal(findings.errors, 1);
    assert_int_equal(findings.first->line, 9);
    assert_int_equal(findings.first->column, 3);
    assert_null(findings.first->pointer.ptr);
    findings = check("datacite", XML("<subjects/><subjects/>"), DH_OK, "datacite");
    assert_int_equal(findings.errors, 1);
}

/* What is read of a document is looked at like attributes. */
static void test_xml_attributes(void **state)
{
    struct dh_findings findings;
    (void)state;
    findings = check(NULL,
                     XML("<contributors><contributor contributorType=\"Funder\">"
                         "<contributorName>A</contributorName></contributor></contributors>"),
                     DH_OK, "datacite");
    assert_int_equal(findings.errors, 2);
    assert_text(findings.first->source, "contributor', attribute 'contributorType");
    assert_text(findings.last->source, "contributors");
}

static void test_kernels(void **state)
{
    static const char *const outdated[] = {"2.1", "2.2", "3", "3.0", "3.1"};
    (void)state;
    for (size_t i = 0; i < COUNT(outdated); i++) {
        struct dh_str text = dh_arena_format(
            &arena,
            "<resource xmlns=\"http://datacite.org/schema/kernel-%s\"><creators/></resource>",
            outdated[i]);
        struct dh_findings findings = check(NULL, text.ptr, DH_OK, "datacite");
        struct dh_str wanted = dh_arena_format(
            &arena, "Schema http://datacite.org/schema/kernel-%s is no longer supported",
            outdated[i]);
        assert_int_equal(findings.errors, 1);
        assert_text(findings.first->source, "xml");
        assert_text(findings.first->rule, "schema-version");
        assert_text(findings.first->message, wanted.ptr);
        assert_int_equal(findings.first->line, 1);
    }
    assert_text(check(NULL, "<resource/>", DH_OK, "datacite").first->rule, "root");
}

static void test_unreadable(void **state)
{
    (void)state;
    check(NULL, "<resource><a></resource>", DH_INVALID, NULL);
    check(NULL, "<other/>", DH_INVALID, NULL);
    check(NULL, "", DH_INVALID, NULL);
    check(NULL, "{\"titles\":", DH_INVALID, NULL);
    check("datacite", "{}", DH_INVALID, NULL);
    check("datacite_json", "<resource/>", DH_INVALID, NULL);
}

static void test_json(void **state)
{
    struct dh_str text = dh_arena_format(&arena, "[%.*s,%.*s]", DH_STR_ARG(quoted(&arena, good)),
                                         DH_STR_ARG(quoted(&arena, good)));
    struct dh_findings findings = check(NULL, text.ptr, DH_OK, NULL);
    (void)state;
    assert_null(findings.first);
    assert_int_equal(findings.record, 2);
    char *year = strstr(strstr(text.ptr, "2024") + 1, "2024"); /* of the second record */
    memcpy(year, "  24", 4);
    findings = check("datacite_json", text.ptr, DH_OK, "datacite_json");
    assert_int_equal(findings.errors, 1);
    assert_int_equal(findings.first->record, 1);
    assert_text(findings.first->pointer, "/publicationYear");
    assert_int_equal(findings.first->line, 0);
}

static void test_other_formats(void **state)
{
    (void)state;
    struct dh_findings findings =
        check("ris", "TY  - DATA\nT1  - T\nAU  - A, B\nPY  - 2024\nDO  - 10.5072/a\nER  - \n",
              DH_OK, "ris");
    assert_int_equal(findings.errors, 0);
    findings = check("bibtex", "@misc{a, title={T}, doi={10.5072/a}}", DH_OK, "bibtex");
    assert_true(findings.errors > 0);
}

/* Refused by its length alone. */
static void test_limit(void **state)
{
    struct dh_findings findings = {.arena = &arena};
    struct dh_err err = {0};
    const struct dh_str large = {"", (size_t)DH_DOCUMENT_MAX + 1};
    (void)state;
    assert_int_equal(dh_format_check(NULL, large, 0, NULL, &findings, &arena, &err), DH_LIMIT);
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
        cmocka_unit_test(test_rows),           cmocka_unit_test(test_memory),
        cmocka_unit_test(test_lint),           cmocka_unit_test(test_xml),
        cmocka_unit_test(test_xml_attributes), cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_unreadable),     cmocka_unit_test(test_json),
        cmocka_unit_test(test_other_formats),  cmocka_unit_test(test_limit),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, release);
}
