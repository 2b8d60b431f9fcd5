#include "format/ris.h"
#include "records.h"

static struct dh_arena arena;

/* ---- writing -------------------------------------------------------------------------------- */

#define TYPE   "TY  - DATA\r\n"
#define TITLE  "T1  - T\r\n"
#define AUTHOR "AU  - Okafor, Amara\r\n"
#define PLACE  "DO  - 10.5072/ABC\r\nUR  - https://example.org/\r\n"
#define END    "PY  - 2024\r\nPB  - P\r\nER  - "

static void test_write(void **state)
{
    (void)state;
    static const struct {
        const char *changes, *expected;
    } rows[] = {
        {"{}", TYPE TITLE AUTHOR PLACE END},
        {"{'types':{'resourceTypeGeneral':'Dataset'}}", TITLE AUTHOR PLACE END},
        {"{'creators':[{'familyName':'F'},{'name':'N, M','familyName':' '},{'lang':'en'}]}",
         TYPE TITLE "AU  - F, \r\nAU  - N, M\r\n" PLACE END},
        {"{'creators':[]}", TYPE TITLE PLACE END},
        {"{'titles':[],'url':null,'doi':null}", TYPE AUTHOR END},
        {"{'publisher':null,'publicationYear':null}", TYPE TITLE AUTHOR PLACE "ER  - "},
        {"{'publisher':'P'}", TYPE TITLE AUTHOR PLACE END},
        {"{'language':''}", TYPE TITLE AUTHOR PLACE "PY  - 2024\r\nPB  - P\r\nLA  - \r\nER  - "},
        {"{'subjects':[{'subject':'a'},{'lang':'en'},'b']}",
         TYPE TITLE AUTHOR PLACE "KW  - a\r\nKW  - \r\nKW  - b\r\n" END},
        {"{'descriptions':[{'description':'m','descriptionType':'Methods'},"
         "{'description':'a\\r\\nb\\n\\n c','descriptionType':'Abstract'}]}",
         TYPE TITLE AUTHOR PLACE "AB  - a b  c\r\n" END},
        {"{'descriptions':[{'description':'m','descriptionType':'Methods'}]}",
         TYPE TITLE AUTHOR PLACE END},
        {"{'titles':[{'title':'a\\nb'}]}", TYPE "T1  - a b\r\n" AUTHOR PLACE END},
        {"{'container':{'title':'J','volume':'1','issue':'2','firstPage':'3','lastPage':'4',"
         "'identifier':'1234-5678'}}",
         TYPE TITLE "T2  - J\r\n" AUTHOR PLACE "PY  - 2024\r\nPB  - P\r\nVL  - 1\r\nIS  - 2\r\n"
                    "SP  - 3\r\nEP  - 4\r\nER  - "},
        {"{'relatedIdentifiers':[{'relatedIdentifier':'x','relationType':'Cites'},"
         "{'relatedIdentifier':'10.5072/y','relatedIdentifierType':'DOI','relationType':"
         "'IsPartOf'},{'relatedIdentifier':'1234-5678','relationType':'IsPartOf'}]}",
         TYPE TITLE AUTHOR PLACE "PY  - 2024\r\nPB  - P\r\nSN  - 10.5072/y\r\nER  - "},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_format(&arena, "ris", rows[i].changes, rows[i].expected);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void test_types(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"TY  - JOUR", "types",
         "{'resourceTypeGeneral':'JournalArticle','schemaOrg':'ScholarlyArticle',"
         "'citeproc':'misc','ris':'JOUR'}"},
        {"TY  - data", "types",
         "{'resourceTypeGeneral':'Dataset','schemaOrg':'Dataset','citeproc':'misc',"
         "'ris':'DATA'}"},
        {"TY  - XXX", "types", "{'schemaOrg':'CreativeWork','citeproc':'misc','ris':'XXX'}"},
        {"T1  - x", "types", "{'schemaOrg':'CreativeWork','citeproc':'misc','ris':'GEN'}"},
    };
    assert_members(&arena, "ris", rows, COUNT(rows));
}

static void test_values(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"TY  - A\nT1  - One\nTI  - Two", "titles", "[{'title':'One'}]"},
        {"TY  - A\nTI  - Two", "titles", "[{'title':'Two'}]"},
        {"TY  - A\nT1  - \nTI  - Two", "titles", "[{'title':'Two'}]"},
        {"TY  - A\nT1  -  a - b ", "titles", "[{'title':'a - b'}]"},
        {"TY  - A\nT1  - a\n   b\n\nc\nER  - ", "titles", "[{'title':'a b c'}]"},
        {"TY  - A\nT1  -\n   b", "titles", "[{'title':'b'}]"},
        {"TY  - A\rT1  - a\rER  - ", "titles", "[{'title':'a'}]"},
        {"TY  - A\r\nT1  - a\r\nER  - ", "titles", "[{'title':'a'}]"},
        {"TY  - A\nT1 - a", "titles", "[{'title':'a'}]"},
        {"TY  - A\nT1  - a\nAB-b\nA  - c\nAI -d\nt2  - e\nT2x  - f", "titles",
         "[{'title':'a AB-b A  - c AI -d t2  - e T2x  - f'}]"},
        {"TY  - A\nAU  - Okafor, Amara\nA1  - Demo Imaging Network\nAU  - \nAU  - Jo", "creators",
         "[{'name':'Okafor, Amara'},{'name':'Jo'},{'name':'Demo Imaging Network'}]"},
        {"TY  - A\nED  - Silva, Ana", "contributors",
         "[{'name':'Silva, Ana','contributorType':'Editor'}]"},
        {"TY  - A\nAB  - a\nN2  - n", "descriptions",
         "[{'description':'a','descriptionType':'Abstract'}]"},
        {"TY  - A\nN2  - n", "descriptions", "[{'description':'n','descriptionType':'Abstract'}]"},
        {"TY  - A\nKW  - a\nKW  - \nKW  - b", "subjects", "[{'subject':'a'},{'subject':'b'}]"},
        {"TY  - A\nPB  - P", "publisher", "{'name':'P'}"},
        {"TY  - A", "publisher", "{'name':'(:unav)'}"},
        {"TY  - A\nLA  - en", "language", "'en'"},
        {"TY  - A\nUR  - http://x.org\nUR  - http://y.org", "url", "'http://x.org'"},
    };
    assert_members(&arena, "ris", rows, COUNT(rows));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"TY  - A\nPY  - 2018/4/25", "dates", "[{'date':'2018-04-25','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018/4/25", "publicationYear", "'2018'"},
        {"TY  - A\nPY  - 2018/04//", "dates", "[{'date':'2018-04','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018///spring", "dates", "[{'date':'2018','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018", "dates", "[{'date':'2018','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018-04-25", "dates", "[{'date':'2018-04-25','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018/44/25", "dates", "[]"},
        {"TY  - A\nPY  - 2018/44/25", "publicationYear", "'2018'"},
        {"TY  - A\nPY  - soon", "publicationYear", NULL},
        {"TY  - A\nPY  - 2018\nDA  - 2018/04/25/", "dates",
         "[{'date':'2018-04-25','dateType':'Issued'}]"},
        {"TY  - A\nPY  - 2018\nDA  - 2017/12/01", "dates", "[{'date':'2018','dateType':'Issued'}]"},
        {"TY  - A\nDA  - 2017/12/01", "dates", "[{'date':'2017-12-01','dateType':'Issued'}]"},
        {"TY  - A\nDA  - 2017/12/01", "publicationYear", "'2017'"},
        {"TY  - A\nY1  - 2016/02/", "dates", "[{'date':'2016-02','dateType':'Created'}]"},
        {"TY  - A\nY1  - 2016/02/", "publicationYear", "'2016'"},
        {"TY  - A\nPY  - 2018/-1/9999999999999999999999", "dates", "[]"},
    };
    assert_members(&arena, "ris", rows, COUNT(rows));
}

static void test_containers(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"TY  - A\nT2  - J\nSN  - 12345678\nVL  - 1\nIS  - 2\nSP  - 3\nEP  - 4", "container",
         "{'type':'Journal','title':'J','identifier':'1234-5678','identifierType':'ISSN',"
         "'volume':'1','issue':'2','firstPage':'3','lastPage':'4'}"},
        {"TY  - A\nT2  - J\nSN  - 1234-5678 (print)", "relatedIdentifiers",
         "[{'relatedIdentifier':'1234-5678','relatedIdentifierType':'ISSN',"
         "'relationType':'IsPartOf'}]"},
        {"TY  - A\nJO  - J. D.\nJF  - Journal\nSP  - 3--4", "container",
         "{'type':'Journal','title':'Journal','firstPage':'3','lastPage':'4'}"},
        {"TY  - A\nVL  - 1", "container", NULL},
        {"TY  - A\nT2  - B\nSN  - 978-3-16-148410-0", "container",
         "{'type':'Journal','title':'B','identifier':'9783161484100','identifierType':'ISBN'}"},
        {"TY  - A\nT2  - B\nSN  - 978-3-16-148410-0", "relatedIdentifiers",
         "[{'relatedIdentifier':'9783161484100','relatedIdentifierType':'ISBN',"
         "'relationType':'IsPartOf'}]"},
        {"TY  - A\nSN  - 978-3-16-148410-0", "identifiers",
         "[{'identifier':'9783161484100','identifierType':'ISBN'}]"},
        {"TY  - A\nT2  - B\nSN  - unknown", "container",
         "{'type':'Journal','title':'B','identifier':'unknown'}"},
        {"TY  - A\nSN  - https://example.org/", "relatedIdentifiers",
         "[{'relatedIdentifier':'https://example.org/','relatedIdentifierType':'URL',"
         "'relationType':'IsPartOf'}]"},
        {"TY  - A\nSN  - unknown", "relatedIdentifiers", "[]"},
    };
    assert_members(&arena, "ris", rows, COUNT(rows));
}

static void test_identity(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"TY  - A\nDO  - 10.5072/ABC", "doi", "'10.5072/ABC'"},
        {"TY  - A\nDO  - 10.5072/ABC", "id", "'https://doi.org/10.5072/abc'"},
        {"TY  - A\nDO  - https://doi.org/10.5072/ABC", "doi", "'10.5072/abc'"},
        {"TY  - A\nDO  - DOI 10.5072/abc", "id", "'https://doi.org/10.5072/abc'"},
        {"TY  - A\nUR  - https://doi.org/10.5072/abc", "id", "'https://doi.org/10.5072/abc'"},
        {"TY  - A\nDO  - 10.5072/abc\n # x", "doi", "'10.5072/abc'"},
        {"TY  - A\nDO  - https://doi.org/10.5072/ABC\n # x", "doi", "'10.5072/abc'"},
        {"TY  - A\nDO  - none", "id", NULL},
        {"TY  - A\nDO  - none", "state", "'not_found'"},
        {"TY  - A\nDO  - 10.5072/abc", "agency", "'datacite'"},
    };
    assert_members(&arena, "ris", rows, COUNT(rows));
}

static void test_records(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF\nProvider: Somebody\n\n"
                               "TY  - A\nT1  - one\nER  - \nbetween\n\n\n"
                               "TY  - A\nT1  - two\n"
                               "TY  - A\nT1  - three\nER  -\nER  - \n"
                               "T1  - four";
    static const char *const titles[] = {"[{'title':'one'}]", "[{'title':'two'}]",
                                         "[{'title':'three'}]", "[{'title':'four'}]"};
    struct json_object *records = records_of(&arena, "ris", DH_STR(text), COUNT(titles));
    for (size_t i = 0; i < COUNT(titles); i++)
        assert_member(json_object_array_get_idx(records, i), "titles", titles[i]);
    json_object_put(records);
}

static void test_odd_bytes(void **state)
{
    (void)state;
    struct json_object *records =
        records_of(&arena, "ris", DH_STR("TY  - A\nT1  - a\0b\nAU  - \0\n\0\0  - x"), 1);
    assert_member(json_object_array_get_idx(records, 0), "titles", "[{'title':'a\\u0000b'}]");
    json_object_put(records);
    assert_unread(&arena, "ris", DH_STR("TY  - A\nT1  - \xC3\nER  - "), DH_INVALID,
                  "the text is not valid UTF-8");
    assert_unread(&arena, "ris", DH_STR("no tags\nat all\n"), DH_INVALID,
                  "there is no record in this RIS text");
    assert_unread(&arena, "ris", DH_STR("ER  - \nER  - "), DH_INVALID,
                  "there is no record in this RIS text");
}

static void test_detection(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fits;
    } rows[] = {
        {"TY  - JOUR\n", true},      {"TY  -", true}, {"TY\n", false},
        {"T1  - x\nTY  - A", false}, {"TY", false},   {"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_format_input input = {.text = dh_str(rows[i].text)};
        assert_int_equal(dh_ris_fits(&input), rows[i].fits);
    }
}

/* What RIS can hold comes back as it went. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char text[] =
        "TY  - JOUR\r\nT1  - T\r\nT2  - J\r\nAU  - Okafor, Amara\r\nAU  - Demo Network\r\n"
        "DO  - 10.5072/ABC\r\nUR  - https://example.org/\r\nAB  - An abstract\r\nKW  - a\r\n"
        "KW  - b\r\nPY  - 2024\r\nPB  - P\r\nLA  - en\r\nVL  - 1\r\nIS  - 2\r\nSP  - 3\r\n"
        "EP  - 4\r\nSN  - 1234-5678\r\nER  - ";
    struct json_object *records = records_of(&arena, "ris", DH_STR(text), 1);
    struct dh_buf out;
    struct dh_err err = {0};
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    if (dh_format_write(dh_format_find(DH_STR("ris")), json_object_array_get_idx(records, 0), NULL,
                        &out, &arena, &err))
        fail_msg("%s", err.text);
    assert_text(dh_buf_view(&out), text);
    dh_buf_release(&out);
    json_object_put(records);
}

int main(void)
{
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),      cmocka_unit_test(test_types),
        cmocka_unit_test(test_values),     cmocka_unit_test(test_dates),
        cmocka_unit_test(test_containers), cmocka_unit_test(test_identity),
        cmocka_unit_test(test_records),    cmocka_unit_test(test_odd_bytes),
        cmocka_unit_test(test_detection),  cmocka_unit_test(test_round_trip),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
