/* What a record, a path and a text give to search. */
#include <stdio.h>

#include "../model/support.h"
#include "base/limits.h"
#include "query/values.h"
#include "query/words.h"

/* What a walk gave out at one path, joined by |. */
struct seen {
    const char *path; /* NULL: all */
    struct dh_buf text;
    int last;
    size_t calls, stop_after;
};

static bool see(void *context, enum dh_source source, struct dh_str value)
{
    struct seen *seen = context;
    assert_true((int)source >= seen->last);
    seen->last = (int)source;
    seen->calls++;
    if (!seen->path || strcmp(dh_sources[source].path, seen->path) == 0) {
        if (seen->text.len)
            dh_buf_char(&seen->text, '|');
        dh_buf_str(&seen->text, value);
    }
    return seen->calls != seen->stop_after;
}

static enum dh_status walk_within(size_t room, const struct dh_record *record, struct seen *seen)
{
    struct dh_arena plans, arena;
    dh_arena_init(&plans, 1 << 20);
    dh_arena_init(&arena, room);
    struct dh_values_plan *plan = dh_values_plan(NULL, &plans);
    assert_non_null(plan);
    enum dh_status status = dh_values_walk(plan, record, see, seen, &arena, NULL);
    dh_arena_release(&arena);
    dh_arena_release(&plans);
    return status;
}

static void walk(struct dh_record *record, struct seen *seen, const char *path)
{
    *seen = (struct seen){.path = path};
    dh_buf_init(&seen->text, 1 << 20);
    assert_int_equal(walk_within(1 << 24, record, seen), DH_OK);
}

/* All values at a path of a whole record, those of several sources one after the other. */
static void check(const char *input, const char *path, const char *expected)
{
    struct dh_record record = whole_of(input);
    struct seen seen;
    walk(&record, &seen, path);
    if (!dh_str_equal(dh_buf_view(&seen.text), dh_str(expected)))
        fail_msg("%s: %.*s is not %s", path, DH_STR_ARG(dh_buf_view(&seen.text)), expected);
    dh_buf_release(&seen.text);
    dh_record_release(&record);
}

static void test_envelope(void **state)
{
    (void)state;
    static const char text[] =
        "{'id':'10.82433/A-1','type':'dois','attributes':{'doi':'10.82433/A-1',"
        "'state':'registered','url':'https://E.org/X'},'relationships':{"
        "'client':{'data':{'id':'EXMPL.A','type':'clients'}},"
        "'provider':{'data':{'id':'exmpl','type':'providers'}}}}";
    static const char *const rows[][2] = {
        {"doi", "10.82433/a-1"},   {"@doi_url", "https://doi.org/10.82433/a-1"},
        {"prefix", "10.82433"},    {"suffix", "a-1"},
        {"state", "registered"},   {"@client_id", "exmpl.a"},
        {"@provider_id", "exmpl"}, {"url", "https://E.org/X|https://E.org/X"},
        {"agency", "datacite"},    {"metadataVersion", "0"},
        {"publicationYear", ""},   {"language", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(text, rows[i][0], rows[i][1]);
}

static void test_paths(void **state)
{
    (void)state;
    /* attributes behind the DOI, path, values */
    static const char *const rows[][3] = {
        {"'creators':[{'name':'B'},{'name':'A'},{'name':null},{'name':''}]", "creators.name",
         "B|A|"},
        {"'titles':[{'title':'One'},{'title':'Two'},{'title':'Three'}]", "titles[0].title",
         "One|One|one"},
        {"'titles':[{'title':'One'},{'title':'Two'},{'title':'Three'}]", "titles[1..].title",
         "Two|Three|Two|Three"},
        {"'titles':[]", "titles[0].title", ""},
        {"'creators':[{'name':'A','affiliation':['X',{'name':'Y'}]},{'name':'B','affiliation':['Z']"
         "}]",
         "creators.affiliation.name", "X|Y|Z|X|Y|Z"},
        {"'sizes':['1','2'],'formats':[]", "sizes", "1|2"},
        {"'contentUrl':['a','B']", "contentUrl", "a|B"},
        {"'types':{'resourceType':'DaTa','resourceTypeGeneral':'Dataset'}", "types.resourceType",
         "data"},
        {"'types':{'resourceType':'DaTa','resourceTypeGeneral':'Dataset'}",
         "types.resourceTypeGeneral", "Dataset"},
        {"'relatedItems':[{'publicationYear':2020,'number':1.50}]", "relatedItems.publicationYear",
         "2020"},
        {"'relatedItems':[{'number':1.50}]", "relatedItems.number", "1.50"},
        {"'relatedItems':[{'number':12345678901234567890123}]", "relatedItems.number",
         "12345678901234567890123"},
        {"'relatedItems':[{'relatedItemIdentifier':{'relatedItemIdentifier':'ABC'}}]",
         "relatedItems.relatedItemIdentifier.relatedItemIdentifier", "abc"},
        {"'relatedIdentifiers':[{'relatedIdentifier':'https://doi.org/10.1/AB'},"
         "{'relatedIdentifier':'10.1/cD'},{'relatedIdentifier':'ISBN 1'}]",
         "relatedIdentifiers.relatedIdentifier", "https://doi.org/10.1/ab|10.1/ab|10.1/cd|isbn 1"},
        {"'publisher':'P'", "publisher.name", "P|P"},
        {"'publisher':{'name':'P','publisherIdentifier':'https://ROR.org/X'}",
         "publisher.publisherIdentifier", "https://ror.org/x"},
        {"'titles':[{'title':'\\u00c9t\\u00e9'}]", "titles[0].title",
         "\xc3\x89t\xc3\xa9|\xc3\x89t\xc3\xa9|\xc3\xa9t\xc3\xa9|ete"},
        {"'subjects':[{'subject':{'a':1}},{'subject':['x','y']}]", "subjects.subject", "x|y|x|y"},
        {"'landingPage':{'url':'u','redirectUrls':['a','b']}", "landingPage.redirectUrls", "a|b"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        snprintf(text, sizeof(text), "{'doi':'10.82433/a',%s}", rows[i][0]);
        check(text, rows[i][1], rows[i][2]);
    }
}

static void test_derived(void **state)
{
    (void)state;
    static const char text[] =
        "{'doi':'10.82433/a','creators':["
        "{'name':'Lindqvist, Maja','givenName':'Maja','familyName':'Lindqvist',"
        "'affiliation':[{'name':'Forest: Institute','affiliationIdentifier':'https://ror.org/04w'},"
        "{'name':'No id'}],'nameIdentifiers':["
        "{'nameIdentifier':'http://orcid.org/"
        "0000-0002-1825-0097','nameIdentifierScheme':'ORCID'}]},"
        "{'name':'Team, The Big'},{'name':'Solo'},{'familyName':'Only'},{'name':'Comma,'},"
        "{'name':', Comma'},{'affiliation':['x']}],'contributors':["
        "{'name':'C','contributorType':'Editor','affiliation':[{'name':'E','affiliationIdentifier':"
        "'ror.org/ed'}],'nameIdentifiers':[{'nameIdentifier':'0000-0001-2345-6789',"
        "'nameIdentifierScheme':'ORCID'},{'nameIdentifier':'https://ror.org/org'}]},"
        "{'name':'S','contributorType':'Sponsor','affiliation':[{'name':'F','affiliationIdentifier'"
        ":"
        "'http://ror.org/sp'}],'nameIdentifiers':[{'nameIdentifier':'https://ror.org/spo'}]}],"
        "'publisher':{'name':'P','publisherIdentifier':'https://ror.org/pub'},"
        "'subjects':[{'subject':'FOS: Physics','subjectScheme':'Fields of Science and Technology "
        "(FOS)'},"
        "{'subject':'FOS: Not'},{'subject':'Bare','subjectScheme':'Fields of Science and "
        "Technology (FOS)'}],"
        "'types':{'resourceTypeGeneral':'BookChapter'},'fundingReferences':["
        "{'funderIdentifier':'https://ror.org/f1','funderIdentifierType':'ROR'},"
        "{'funderIdentifier':'https://ror.org/f2','funderIdentifierType':'Other'}]}";
    static const char *const rows[][2] = {
        {"@creator_names", "Maja Lindqvist|The Big Team|Solo|Only|Comma,|, Comma"},
        {"@person_id",
         "https://orcid.org/0000-0002-1825-0097|https://orcid.org/0000-0001-2345-6789"},
        {"@organization_id", "ror.org/org|ror.org/spo|ror.org/pub"},
        {"@fair_organization_id", "ror.org/spo"},
        {"@affiliation_id", "ror.org/04w|ror.org/ed|ror.org/sp"},
        {"@fair_affiliation_id", "ror.org/04w|ror.org/sp"},
        {"@affiliation_id_and_name", "ror.org/04w:Forest: Institute|ror.org/ed:E|ror.org/sp:F"},
        {"@fair_affiliation_id_and_name", "ror.org/04w:Forest: Institute|ror.org/sp:F"},
        {"@fields_of_science", "Physics|Bare"},
        {"@resource_type_id", "book-chapter"},
        {"@resource_type_id_and_name", "book-chapter:Book Chapter"},
        {"@funder_rors", "https://ror.org/f1"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(text, rows[i][0], rows[i][1]);
    check("{'doi':'10.82433/a','types':{'resourceTypeGeneral':'Text','resourceType':'Project'}}",
          "@resource_type_id_and_name", "project:Project");
    check("{'doi':'10.82433/a','types':{'resourceTypeGeneral':'Unheard'}}",
          "@resource_type_id_and_name", "");
}

/* The term of a number or date by its type, as bytes. */
static void check_number(const char *input, const char *path, int64_t expected)
{
    char term[DH_NUMBER_TERM + 1] = {0};
    struct dh_record record = whole_of(input);
    struct seen seen;
    dh_term_of_integer(expected, term);
    walk(&record, &seen, path);
    assert_int_equal(seen.text.len, DH_NUMBER_TERM);
    assert_memory_equal(seen.text.ptr, term, DH_NUMBER_TERM);
    dh_buf_release(&seen.text);
    dh_record_release(&record);
}

static void test_numbers(void **state)
{
    (void)state;
    static const char page[] =
        "{'doi':'10.82433/a','landingPage':{'status':200,'redirectCount':'3',"
        "'checked':'2021-03-04T05:06:07.000Z','hasSchemaOrg':true,"
        "'bodyHasPid':'false','downloadLatency':1.5}}";
    check_number(page, "landingPage.status", 200);
    check_number(page, "landingPage.redirectCount", 3);
    check_number(page, "landingPage.checked", dh_time_civil(2021, 3, 4) + 18367000);
    check_number(page, "landingPage.hasSchemaOrg", 1);
    check_number(page, "landingPage.bodyHasPid", 0);
    check_number("{'doi':'10.82433/a'}", "isActive", 1);
    check_number("{'doi':'10.82433/a','state':'registered'}", "isActive", 0);
    check("{'doi':'10.82433/a','landingPage':{'status':'x','redirectCount':99999999999999999999,"
          "'checked':'soon'}}",
          "landingPage.status", "");
    check("{'doi':'10.82433/a','landingPage':{'redirectCount':99999999999999999999}}",
          "landingPage.redirectCount", "");
    check("{'doi':'10.82433/a','landingPage':{'checked':'soon'}}", "landingPage.checked", "");
    char term[DH_NUMBER_TERM + 1] = {0};
    dh_term_of_double(-12.5, term);
    check("{'doi':'10.82433/a','geoLocations':[{'geoLocationPoint':{'pointLatitude':'-12.50'}}]}",
          "geoLocations.geoLocationPoint.pointLatitude", term);
}

static void test_polygons(void **state)
{
    (void)state;
    struct dh_record record =
        whole_of("{'doi':'10.82433/a','geoLocations':[{'geoLocationPolygon':["
                 "{'polygonPoint':{'pointLatitude':1}},{'polygonPoint':{'pointLatitude':2}},"
                 "{'inPolygonPoint':{'pointLatitude':3}}]},{'geoLocationPolygon':[["
                 "{'polygonPoint':{'pointLatitude':4}}]]}]}");
    struct seen seen;
    walk(&record, &seen, "geoLocations.geoLocationPolygon.polygonPoint.pointLatitude");
    assert_int_equal(seen.text.len, 3 * DH_NUMBER_TERM + 2);
    dh_buf_release(&seen.text);
    dh_record_release(&record);
}

static void test_too_long(void **state)
{
    (void)state;
    struct dh_record record = whole_of("{'doi':'10.82433/a','titles':[{'title':'x'}]}");
    char *text = malloc(DH_VALUE_MAX + 1);
    memset(text, 'x', DH_VALUE_MAX + 1);
    json_object_object_add(json_object_array_get_idx(attribute(&record, "titles"), 0), "title",
                           dh_json_new_str((struct dh_str){text, DH_VALUE_MAX + 1}));
    struct seen seen;
    walk(&record, &seen, "titles[0].title"); /* the text stays, whole values go */
    assert_int_equal(seen.text.len, DH_VALUE_MAX + 1);
    dh_buf_release(&seen.text);
    free(text);
    dh_record_release(&record);
}

/* Many values: lists grow; and the walk ends when it is told to. */
static void test_many_and_stop(void **state)
{
    (void)state;
    struct dh_record record = whole_of("{'doi':'10.82433/a'}");
    struct json_object *subjects = json_object_new_array();
    for (int i = 0; i < 5000; i++) {
        struct json_object *subject = json_object_new_object();
        json_object_object_add(subject, "subject", json_object_new_string("s"));
        json_object_array_add(subjects, subject);
    }
    json_object_object_add(record.attributes, "subjects", subjects);
    struct seen seen;
    walk(&record, &seen, "subjects.subject");
    assert_int_equal(seen.text.len, 2 * 5000 * 2 - 1);
    dh_buf_release(&seen.text);
    seen = (struct seen){.stop_after = 3};
    dh_buf_init(&seen.text, 1 << 20);
    assert_int_equal(walk_within(1 << 24, &record, &seen), DH_OK);
    assert_int_equal(seen.calls, 3);
    enum { TOO_LITTLE = 20000 }; /* for the lists */
    assert_int_equal(walk_within(TOO_LITTLE, &record, &seen), DH_MEMORY);
    dh_buf_release(&seen.text);
    dh_record_release(&record);
}

static void test_wanted(void **state)
{
    (void)state;
    struct dh_record record = whole_of("{'doi':'10.82433/a','creators':[{'name':'A'}],"
                                       "'titles':[{'title':'T'},{'title':'U'}]}");
    struct dh_arena arena;
    struct seen seen = {0};
    bool wanted[DH_SOURCE__N] = {[DH_SOURCE_FIRST_TITLE] = true, [DH_SOURCE_CREATORS_NAME] = true};
    dh_arena_init(&arena, 1 << 24);
    dh_buf_init(&seen.text, 1 << 20);
    struct dh_values_plan *plan = dh_values_plan(wanted, &arena);
    assert_non_null(plan);
    seen.path = "titles[0].title"; /* of two sources one is wanted */
    assert_int_equal(dh_values_walk(plan, &record, see, &seen, &arena, NULL), DH_OK);
    assert_true(dh_str_equal(dh_buf_view(&seen.text), DH_STR("T")));
    seen.path = "titles[1..].title";
    seen.last = 0;
    dh_buf_clear(&seen.text);
    assert_int_equal(dh_values_walk(plan, &record, see, &seen, &arena, NULL), DH_OK);
    assert_int_equal(seen.text.len, 0);
    dh_buf_release(&seen.text);
    dh_arena_release(&arena);
    dh_arena_init(&arena, 1000); /* too little for a plan */
    assert_null(dh_values_plan(NULL, &arena));
    dh_arena_release(&arena);
    dh_record_release(&record);
}

static void test_of_path(void **state)
{
    (void)state;
    static const struct {
        const char *object, *path;
        enum dh_index type;
        const char *expected;
    } rows[] = {
        {"{'a':'X'}", "a", DH_INDEX_KEYWORD, "X"},
        {"{'a':'X'}", "a", DH_INDEX_LOWER, "x"},
        {"{'a':{'b':['X',{'c':1},'Y']}}", "a.b", DH_INDEX_TEXT, "X|Y"},
        {"{'a':[{'b':'1'},{'b':['2','3','4','5','6']}]}", "a.b", DH_INDEX_KEYWORD, "1|2|3|4|5|6"},
        {"{'a':true,'ab':1}", "a", DH_INDEX_KEYWORD, "true"},
        {"{'a':1}", "a.b", DH_INDEX_KEYWORD, ""},
        {"{'a':null}", "a", DH_INDEX_KEYWORD, ""},
        {"[]", "a", DH_INDEX_KEYWORD, ""},
        {"{'':'x'}", "a", DH_INDEX_KEYWORD, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *object = json_of(rows[i].object);
        struct dh_arena arena;
        struct dh_str *values;
        struct dh_buf text;
        size_t count;
        dh_arena_init(&arena, 1 << 20);
        dh_buf_init(&text, 1 << 20);
        assert_int_equal(
            dh_values_of(object, rows[i].path, rows[i].type, &values, &count, &arena, NULL), DH_OK);
        for (size_t k = 0; k < count; k++) {
            if (k)
                dh_buf_char(&text, '|');
            dh_buf_str(&text, values[k]);
        }
        assert_text(dh_buf_view(&text), rows[i].expected);
        dh_buf_release(&text);
        dh_arena_release(&arena);
        json_object_put(object);
    }
}

static void test_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum dh_index type;
        size_t count;
    } rows[] = {
        {"12", DH_INDEX_INTEGER, 1},      {"-3.9", DH_INDEX_INTEGER, 1},
        {"1e3", DH_INDEX_INTEGER, 1},     {"x", DH_INDEX_INTEGER, 0},
        {"", DH_INDEX_INTEGER, 0},        {"0x10", DH_INDEX_FLOAT, 0},
        {"inf", DH_INDEX_FLOAT, 0},       {"1e999", DH_INDEX_FLOAT, 0},
        {"1.5.2", DH_INDEX_FLOAT, 0},     {" 1.5 ", DH_INDEX_FLOAT, 1},
        {"true", DH_INDEX_BOOLEAN, 1},    {"yes", DH_INDEX_BOOLEAN, 0},
        {"2021-05", DH_INDEX_DATE, 1},    {"2021-13", DH_INDEX_DATE, 0},
        {"\xc3\x89", DH_INDEX_FOLDED, 2}, {"E", DH_INDEX_FOLDED, 1},
        {"doi:10.1/x", DH_INDEX_PID, 2},  {"10.1/x", DH_INDEX_PID, 1},
        {"", DH_INDEX_KEYWORD, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_arena arena;
        struct dh_str terms[2];
        size_t count;
        dh_arena_init(&arena, 1 << 20);
        assert_int_equal(
            dh_value_terms(dh_str(rows[i].text), rows[i].type, terms, &count, &arena, NULL), DH_OK);
        if (count != rows[i].count)
            fail_msg("%s: %zu", rows[i].text, count);
        dh_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelope),      cmocka_unit_test(test_paths),
        cmocka_unit_test(test_derived),       cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_polygons),      cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_many_and_stop), cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_of_path),       cmocka_unit_test(test_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
