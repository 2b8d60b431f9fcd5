#include "model/ruby.h"
#include "support.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OBJECT       " should be an object instead of a string."

static struct dh_arena arena;

static const struct row {
    const char *metadata;
    const char *source, *pointer, *message; /* NULL: nothing is found */
} rows[] = {
    {"{}", NULL, NULL, NULL},
    {"{'url':'https://example.org/x'}", NULL, NULL, NULL},
    {"{'url':'ftp://example.org/x'}", NULL, NULL, NULL},
    {"{'url':'www.example.org'}", "url", "/url", "URL is not valid"},
    {"{'url':'HTTP://example.org'}", "url", "/url", "URL is not valid"},
    {"{'url':'http://'}", "url", "/url", "URL is not valid"},
    {"{'url':'http://a b'}", "url", "/url", "URL is not valid"},
    {"{'url':'','state':'findable'}", "url", "/url", "Can't be blank"},
    {"{'url':null,'state':'registered'}", "url", "/url", "Can't be blank"},
    {"{'url':'','state':'draft'}", NULL, NULL, NULL},
    {"{'state':'findable'}", NULL, NULL, NULL},
    {"{'publisher':'P'}", NULL, NULL, NULL},
    {"{'publisher':{'name':'P','lang':null}}", NULL, NULL, NULL},
    {"{'publisher':{'name':1}}", "publisher_obj", "/publisher", "Value at `/name` is not a string"},
    {"{'doi':'10.5072/x'}", NULL, NULL, NULL},
    {"{'doi':'x'}", "doi", "/doi", "Is invalid"},
    {"{'dates':['2024']}", "dates", "/dates/0", "Date 2024" OBJECT},
    {"{'dates':'2024'}", "dates", "/dates", "Date 2024" OBJECT},
    {"{'dates':[{'date':'2024'},7]}", "dates", "/dates/1", "Date 7" OBJECT},
    {"{'titles':['T']}", "titles", "/titles/0", "Title 'T'" OBJECT},
    {"{'titles':{'title':'T'}}", NULL, NULL, NULL},
    {"{'titles':[null]}", "titles", "/titles/0", "Title ''" OBJECT},
    {"{'descriptions':['D']}", "descriptions", "/descriptions/0", "Description 'D'" OBJECT},
    {"{'types':'T'}", "types", "/types", "Types 'T'" OBJECT},
    {"{'container':'C'}", "container", "/container", "Container 'C'" OBJECT},
    {"{'creators':[['a',null,{'b':true}]]}", "creators", "/creators/0",
     "Creator '['a', nil, {'b' => true}]'" OBJECT},
    {"{'contributors':['C']}", "contributors", "/contributors/0", "Contributor 'C'" OBJECT},
    {"{'landingPage':'L'}", "landing_page", "/landingPage", "Landing page 'L'" OBJECT},
    {"{'identifiers':['I']}", "identifiers", "/identifiers/0", "Identifier 'I'" OBJECT},
    {"{'relatedIdentifiers':['R']}", "related_identifiers", "/relatedIdentifiers/0",
     "Related identifier 'R'" OBJECT},
    {"{'relatedItems':['R']}", "related_items", "/relatedItems/0", "Related item 'R'" OBJECT},
    {"{'fundingReferences':['F']}", "funding_references", "/fundingReferences/0",
     "Funding reference 'F'" OBJECT},
    {"{'geoLocations':['G']}", "geo_locations", "/geoLocations/0", "Geolocation 'G'" OBJECT},
    {"{'subjects':['S'],'rightsList':['R'],'sizes':['1'],'formats':['f']}", NULL, NULL, NULL},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-4','contributors':[{'name':'A',"
     "'nameType':'Organizational'}]}",
     "contributors", "/contributors/0",
     "Contributor '{'name' => 'A', 'nameType' => 'Organizational'}' is missing a required element: "
     "contributor type."},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-4','contributors':[{'name':'A',"
     "'contributorType':'Other'},{'name':'A','contributorType':'Funder'}]}",
     "contributors", "/contributors/1",
     "Contributor '{'name' => 'A', 'contributorType' => 'Funder'}' has a contributor type that is "
     "not supported in schema 4: 'Funder'."},
    {"{'contributors':[{'name':'A','contributorType':'Funder'}]}", NULL, NULL, NULL},
    {"{'schemaVersion':'http://datacite.org/schema/kernel-4.4','contributors':[{'name':'A'}]}",
     NULL, NULL, NULL},
};

static struct dh_findings findings_of(struct json_object *metadata)
{
    struct dh_findings findings = {.arena = &arena};
    dh_attributes_check(metadata, &findings);
    json_object_put(metadata);
    return findings;
}

/* Ruby quotes with ", which the rows write as '. */
static void assert_message(struct dh_str message, const char *expected)
{
    struct dh_str text = dh_arena_copy(&arena, message);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '"')
            ((char *)text.ptr)[i] = '\'';
    assert_text(text, expected);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_findings findings = findings_of(json_of(rows[i].metadata));
        if (findings.errors != (rows[i].source != NULL))
            fail_msg("%s: %zu errors", rows[i].metadata, findings.errors);
        if (!findings.first)
            continue;
        assert_text(findings.first->source, rows[i].source);
        assert_text(findings.first->pointer, rows[i].pointer);
        assert_message(findings.first->message, rows[i].message);
        assert_int_equal(findings.warnings, 0);
    }
}

/* The API answers in this order. */
static void test_order(void **state)
{
    static const char *const sources[] = {"url",    "publisher_obj", "doi",          "dates",
                                          "titles", "creators",      "geo_locations"};
    (void)state;
    struct dh_findings findings =
        findings_of(json_of("{'geoLocations':'g','creators':'c','titles':'t','dates':'d','doi':'x',"
                            "'publisher':{'name':[]},'url':'u'}"));
    const struct dh_finding *finding = findings.first;
    for (size_t i = 0; i < COUNT(sources); i++, finding = finding->next) {
        assert_non_null(finding);
        assert_text(finding->source, sources[i]);
    }
    assert_null(finding);
}

/* 2000 characters, not bytes. */
static void test_rights(void **state)
{
    (void)state;
    for (size_t length = 1999; length < 2003; length++) {
        struct json_object *metadata = json_object_new_object();
        struct json_object *list = json_object_new_array(), *rights = json_object_new_object();
        char *text = dh_arena_alloc(&arena, 2 * length + 1);
        for (size_t i = 0; i < length; i++)
            memcpy(text + 2 * i, "\xC3\xA9", 2);
        json_object_object_add(rights, "rights", json_object_new_string(text));
        json_object_array_add(list, rights);
        json_object_object_add(metadata, "rightsList", list);
        struct dh_findings findings = findings_of(metadata);
        assert_int_equal(findings.errors, length > 2000);
        if (findings.first)
            assert_text(findings.first->message,
                        "Rights should not have a length of more than 2000 characters.");
    }
}

static void test_ruby(void **state)
{
    static const char *const cases[][2] = {
        {"'a'", "a"},
        {"null", ""},
        {"1.50", "1.50"},
        {"true", "true"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"['a',1,null,{'b':[false]}]", "['a', 1, nil, {'b' => [false]}]"},
        {"['\\n\\t\\u0001\\u007f\\\\ #{x} # é']", "['\\n\\t\\u0001\\u007F\\\\ \\#{x} # é']"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_object *value = json_of(cases[i][0]);
        struct dh_buf buf;
        dh_buf_init(&buf, 1 << 20);
        dh_ruby_print(&buf, value);
        assert_message(dh_buf_view(&buf), cases[i][1]);
        dh_buf_release(&buf);
        json_object_put(value);
    }
}

static int teardown(void **state)
{
    (void)state;
    dh_arena_clear(&arena);
    return 0;
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
        cmocka_unit_test_teardown(test_rows, teardown),
        cmocka_unit_test_teardown(test_order, teardown),
        cmocka_unit_test_teardown(test_rights, teardown),
        cmocka_unit_test_teardown(test_ruby, teardown),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, release);
}
