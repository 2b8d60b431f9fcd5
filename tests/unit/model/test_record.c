/* Reading records in every form and odd shape, and making them whole. */
#include <stdio.h>

#include "support.h"

static void check(const char *input, const char *name, const char *expected)
{
    struct dh_record record = whole_of(input);
    assert_json(attribute(&record, name), expected);
    dh_record_release(&record);
}

static void test_resource(void **state)
{
    (void)state;
    struct dh_record record = record_of(
        "{'id':'10.82433/a-1','type':'dois','attributes':{'doi':'10.82433/A-1','prefix':'10.82433',"
        "'titles':[{'title':'A'}],'state':'registered','viewCount':3,'citationCount':0,"
        "'created':'2021-03-04T09:10:11.000Z','registered':null,'updated':'2022-01-05T06:07:08Z'},"
        "'relationships':{'client':{'data':{'id':'EXMPL.Archive','type':'clients'}},"
        "'provider':{'data':{'id':'exmpl','type':'providers'}}}}");
    assert_text(record.doi, "10.82433/a-1");
    assert_text(record.client, "exmpl.archive");
    assert_text(record.provider, "exmpl");
    assert_int_equal(record.state, DH_STATE_REGISTERED);
    assert_int_equal(record.counts[DH_COUNT_VIEW], 3);
    assert_int_equal(record.counts[DH_COUNT_CITATION], 0);
    assert_int_equal(record.counts[DH_COUNT_PART], -1);
    assert_int_equal(record.created, dh_time_civil(2021, 3, 4) + 33011000);
    assert_int_equal(record.registered, DH_TIME_NONE);
    assert_json(record.attributes, "{'titles':[{'title':'A'}]}");
    dh_record_release(&record);
}

static void test_datacite_json(void **state)
{
    (void)state;
    struct dh_record record = record_of(
        "{'id':'https://doi.org/10.82433/a-1','doi':'10.82433/A-1','types':{'ris':'DATA'},"
        "'publisher':{'name':'P'},'agency':'datacite','state':'findable','clientId':'EXMPL.A',"
        "'providerId':'exmpl','publicationYear':'2021'}");
    assert_text(record.doi, "10.82433/a-1");
    assert_text(record.client, "exmpl.a");
    assert_text(record.provider, "exmpl");
    assert_int_equal(record.state, DH_STATE_FINDABLE);
    assert_false(record.poor_publisher);
    assert_json(attribute(&record, "publicationYear"), "2021");
    dh_record_release(&record);
    record = record_of("{'id':'https://doi.org/10.82433/B'}");
    assert_text(record.doi, "10.82433/b");
    dh_record_release(&record);
    record = record_of("{'data':{'type':'dois','attributes':{'doi':'10.82433/c'}}}");
    assert_text(record.doi, "10.82433/c");
    dh_record_release(&record);
}

static void test_refused(void **state)
{
    (void)state;
    /* input, the field at fault */
    static const char *const rows[][2] = {
        {"{}", "doi"},
        {"[]", ""},
        {"{'doi':'nonsense','id':'10.82433/a'}", "doi"},
        {"{'id':'x','type':'clients','attributes':{'doi':'10.82433/a'}}", "type"},
        {"{'doi':'10.82433/a','url':{'a':1}}", "url"},
        {"{'doi':'10.82433/a','types':'Dataset'}", "types"},
        {"{'doi':'10.82433/a','types':[{},{}]}", "types"},
        {"{'doi':'10.82433/a','relatedItems':'x'}", "relatedItems"},
        {"{'doi':'10.82433/a','creators':true}", "creators"},
        {"{'doi':'10.82433/a','publicationYear':[]}", "publicationYear"},
        {"{'doi':'10.82433/a','isActive':'maybe'}", "isActive"},
        {"{'doi':'10.82433/a','landingPage':'x'}", "landingPage"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *input = json_of(rows[i][0]);
        struct dh_record record;
        struct dh_err err = {0};
        assert_int_equal(dh_record_read(input, &record, NULL, &err), DH_INVALID);
        assert_string_equal(err.field, rows[i][1]);
        assert_null(record.attributes);
        dh_record_release(&record);
        json_object_put(input);
    }
    struct dh_record record;
    assert_int_equal(dh_record_read(NULL, &record, NULL, NULL), DH_INVALID);
}

static void test_depth(void **state)
{
    (void)state;
    char text[256] = "{'doi':'10.82433/a','subjects':";
    for (int i = 0; i < 50; i++)
        strncat(text, "[", sizeof(text) - strlen(text) - 1);
    for (int i = 0; i < 50; i++)
        strncat(text, "]", sizeof(text) - strlen(text) - 1);
    strncat(text, "}", sizeof(text) - strlen(text) - 1);
    struct json_object *input = json_of(text);
    struct dh_record record;
    assert_int_equal(dh_record_read(input, &record, NULL, NULL), DH_INVALID);
    json_object_put(input);
}

static void test_odd_shapes(void **state)
{
    (void)state;
    /* a member of the input, the attribute it becomes, whether it counts as a repair */
    static const struct {
        const char *input, *expected;
        bool repair;
    } rows[] = {
        {"'titles':[{'title':'A','x':null}]", "[{'title':'A','x':null}]", false},
        {"'titles':{'title':'A'}", "[{'title':'A'}]", true},
        {"'titles':'A'", "[{'title':'A'}]", true},
        {"'titles':null", "[]", true},
        {"'titles':['A',7,true,null,['x']]", "[{'title':'A'},{'title':'7'}]", true},
        {"'subjects':['a',{'subject':'b'}]", "[{'subject':'a'},{'subject':'b'}]", true},
        {"'rightsList':'CC0'", "[{'rights':'CC0'}]", true},
        {"'descriptions':['d']", "[{'description':'d'}]", true},
        {"'relatedItems':['x']", "[]", true},
        {"'sizes':'1 MB'", "['1 MB']", true},
        {"'sizes':[1,'2',null,{}]", "['1','2']", true},
        {"'formats':null", "[]", true},
        {"'contentUrl':null", "null", false},
        {"'contentUrl':'http://a'", "['http://a']", true},
        {"'publicationYear':'2016-05'", "2016", true},
        {"'publicationYear':'abc'", "0", true},
        {"'publicationYear':' '", "null", true},
        {"'publicationYear':2016.0", "2016", true},
        {"'version':1.10", "'1.10'", true},
        {"'version':12345678901234567890", "'12345678901234567890'", true},
        {"'language':'EN-us'", "'EN-us'", false},
        {"'publisher':'P'", "{'name':'P'}", false},
        {"'publisher':{'name':'P','lang':null}", "{'name':'P','lang':null}", false},
        {"'publisher':[{'name':'P'}]", "{'name':'P'}", true},
        {"'publisher':[]", "null", true},
        {"'publisher':null", "null", false},
        {"'types':null", "{}", true},
        {"'container':[]", "{}", true},
        {"'isActive':'0'", "false", true},
        {"'metadataVersion':'2'", "2", true},
        {"'url':null", "null", false},
        {"'creators':'A'", "[{'name':'A','affiliation':[],'nameIdentifiers':[]}]", true},
        {"'creators':[{'name':'A'}]", "[{'name':'A','affiliation':[],'nameIdentifiers':[]}]",
         false},
        {"'creators':[{'affiliation':null,'nameIdentifiers':null}]",
         "[{'affiliation':[],'nameIdentifiers':[]}]", false},
        {"'creators':[{'affiliation':['U',{'name':'V'},{}],'nameIdentifiers':[]}]",
         "[{'affiliation':[{'name':'U'},{'name':'V'},{}],'nameIdentifiers':[]}]", false},
        {"'creators':[{'affiliation':'U','nameIdentifiers':{'nameIdentifier':'x'}}]",
         "[{'affiliation':[{'name':'U'}],'nameIdentifiers':[{'nameIdentifier':'x'}]}]", true},
        {"'creators':[{'affiliation':{'name':'U'},'nameIdentifiers':true}]",
         "[{'affiliation':[{'name':'U'}],'nameIdentifiers':[]}]", true},
        {"'geoLocations':[{'geoLocationPoint':{'pointLatitude':'-40','pointLongitude':'+123.'}}]",
         "[{'geoLocationPoint':{'pointLatitude':-40,'pointLongitude':123.0}}]", true},
        {"'geoLocations':[{'geoLocationBox':{'westBoundLongitude':'1e5','eastBoundLongitude':"
         "' 60.60 ','southBoundLatitude':'x','northBoundLatitude':''}}]",
         "[{'geoLocationBox':{'westBoundLongitude':1e5,'eastBoundLongitude':60.6,"
         "'southBoundLatitude':'x','northBoundLatitude':''}}]",
         true},
        {"'geoLocations':[{'geoLocationPolygon':[{'polygonPoint':{'pointLatitude':'.5'}},"
         "{'inPolygonPoint':{'pointLongitude':'007'}}]}]",
         "[{'geoLocationPolygon':[{'polygonPoint':{'pointLatitude':0.5}},"
         "{'inPolygonPoint':{'pointLongitude':7}}]}]",
         true},
        {"'geoLocations':[{'geoLocationPoint':{'pointLatitude':60.60,'pointLongitude':1.0}}]",
         "[{'geoLocationPoint':{'pointLatitude':60.6,'pointLongitude':1.0}}]", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512], name[64];
        snprintf(text, sizeof(text), "{'doi':'10.82433/a',%s}", rows[i].input);
        size_t len = strcspn(rows[i].input + 1, "'");
        snprintf(name, sizeof(name), "%.*s", (int)len, rows[i].input + 1);
        struct json_object *input = json_of(text), *before = json_of(text);
        struct dh_record record;
        struct dh_repairs repairs;
        assert_int_equal(dh_record_read(input, &record, &repairs, NULL), DH_OK);
        assert_true(dh_json_has(record.attributes, name));
        assert_json(attribute(&record, name), rows[i].expected);
        if ((repairs.count > 0) != rows[i].repair)
            fail_msg("%s: repairs: %s", rows[i].input, repairs.text);
        assert_true(dh_json_equal(input, before));
        dh_record_release(&record);
        json_object_put(input);
        json_object_put(before);
    }
}

static void test_number_texts(void **state)
{
    (void)state;
    struct dh_record record = record_of("{'doi':'10.82433/a','geoLocations':[{'geoLocationPoint':"
                                        "{'pointLatitude':'+090.50','pointLongitude':'-0'}}]}");
    struct dh_buf text;
    dh_buf_init(&text, 1000);
    dh_json_write(&text, attribute(&record, "geoLocations"), DH_JSON_PLAIN);
    assert_text(dh_buf_view(&text), "[{\"geoLocationPoint\":{\"pointLatitude\":90.5,"
                                    "\"pointLongitude\":0}}]");
    dh_buf_release(&text);
    dh_record_release(&record);
}

static void test_repairs_fit(void **state)
{
    (void)state;
    struct dh_buf text;
    dh_buf_init(&text, 1 << 20);
    dh_buf_text(&text, "{\"doi\":\"10.82433/a\",\"titles\":[\"t\"");
    for (int i = 0; i < 1000; i++)
        dh_buf_text(&text, ",\"t\"");
    dh_buf_text(&text, "]}");
    struct json_object *input;
    struct dh_record record;
    struct dh_repairs repairs;
    assert_int_equal(dh_json_parse(dh_buf_view(&text), &input, NULL), DH_OK);
    assert_int_equal(dh_record_read(input, &record, &repairs, NULL), DH_OK);
    assert_int_equal(repairs.count, 1001);
    assert_true(strlen(repairs.text) < sizeof(repairs.text));
    dh_record_release(&record);
    json_object_put(input);
    dh_buf_release(&text);
}

static void test_poor_forms(void **state)
{
    (void)state;
    struct dh_record record = record_of(
        "{'doi':'10.82433/a','publisher':'P','creators':[{'name':'A','affiliation':['U']}]}");
    assert_true(record.poor_publisher);
    assert_true(record.poor_affiliation);
    dh_record_release(&record);
    record = record_of("{'doi':'10.82433/a','publisher':null,'creators':[{'name':'A'}]}");
    assert_false(record.poor_publisher);
    assert_false(record.poor_affiliation);
    dh_record_release(&record);
    record = record_of("{'doi':'10.82433/a','contributors':[{'affiliation':'U'}],"
                       "'creators':[{'affiliation':[{'name':'V'}]}]}");
    assert_false(record.poor_affiliation);
    dh_record_release(&record);
}

static void test_alternates(void **state)
{
    (void)state;
    const char *wanted = "[{'identifier':'x','identifierType':'t'}]";
    check("{'doi':'10.82433/a','alternateIdentifiers':"
          "[{'alternateIdentifier':'x','alternateIdentifierType':'t'}]}",
          "identifiers", wanted);
    check("{'doi':'10.82433/a','identifiers':[{'identifier':'x','identifierType':'t'}],"
          "'alternateIdentifiers':[{'alternateIdentifier':'y'}]}",
          "identifiers", wanted);
    check("{'doi':'10.82433/a','alternateIdentifiers':null}", "identifiers", "[]");
}

static void test_known_identifiers(void **state)
{
    (void)state;
    check("{'doi':'10.82433/a','url':'https://a.org/','identifiers':[{'identifier':'10.82433/A'},"
          "{'identifier':'10.82433/a'},{'identifier':'https://a.org/'},{'identifier':'b'}]}",
          "identifiers", "[{'identifier':'10.82433/a'},{'identifier':'b'}]");
}

static void test_complete(void **state)
{
    (void)state;
    struct dh_record record = whole_of("{'doi':'10.82433/a','registered':'2020-01-02'}");
    assert_json(record.attributes,
                "{'identifiers':[],'creators':[],'titles':[],'publisher':null,'container':{},"
                "'publicationYear':null,'subjects':[],'contributors':[],'dates':[],"
                "'language':null,'types':{},'relatedIdentifiers':[],'relatedItems':[],'sizes':[],"
                "'formats':[],'version':null,'rightsList':[],'descriptions':[],'geoLocations':[],"
                "'fundingReferences':[],'xml':null,'url':null,'contentUrl':null,"
                "'metadataVersion':0,'schemaVersion':'http://datacite.org/schema/kernel-4',"
                "'source':null,'isActive':true,'state':'findable','reason':null,"
                "'landingPage':null,'viewsOverTime':[],'downloadsOverTime':[],"
                "'citationsOverTime':[],'published':null,'agency':'datacite'}");
    assert_int_equal(record.state, DH_STATE_FINDABLE);
    assert_int_equal(record.created, dh_time_civil(2020, 1, 2));
    assert_int_equal(record.updated, dh_time_civil(2020, 1, 2));
    assert_int_equal(record.counts[DH_COUNT_VIEW], -1);
    dh_record_release(&record);
    check("{'doi':'10.82433/a','state':'draft'}", "isActive", "false");
    check("{'doi':'10.82433/a','state':'bogus'}", "state", "'findable'");
    check("{'doi':'10.82433/a','agency':null}", "agency", "'datacite'");
    check("{'doi':'10.82433/a','schemaVersion':null}", "schemaVersion", "null");
    check("{'doi':'10.82433/a','types':{'resourceTypeGeneral':'Dataset'}}", "types",
          "{'resourceTypeGeneral':'Dataset','schemaOrg':'Dataset','citeproc':'dataset',"
          "'bibtex':'misc','ris':'DATA'}");
}

static void test_counts_beyond_counting(void **state)
{
    (void)state;
    struct dh_record record = record_of("{'doi':'10.82433/a','viewCount':9223372036854775807,"
                                        "'downloadCount':2147483647,'citationCount':1e300,"
                                        "'partCount':'99999999999999999999','versionCount':-5}");
    assert_int_equal(record.counts[DH_COUNT_VIEW], -1);
    assert_int_equal(record.counts[DH_COUNT_DOWNLOAD], 2147483647);
    assert_int_equal(record.counts[DH_COUNT_CITATION], -1);
    assert_int_equal(record.counts[DH_COUNT_PART], -1);
    assert_int_equal(record.counts[DH_COUNT_VERSION], -1);
    dh_record_release(&record);
}

static void test_times(void **state)
{
    (void)state;
    struct dh_record record = whole_of("{'doi':'10.82433/a','updated':'2020','created':'never'}");
    assert_int_equal(record.created, dh_time_civil(2020, 1, 1));
    assert_int_equal(record.registered, DH_TIME_NONE);
    dh_record_release(&record);
    int64_t before = dh_time_now();
    record = whole_of("{'doi':'10.82433/a'}");
    assert_true(record.created > before - 1000 && record.created <= dh_time_now());
    assert_int_equal(record.created % 1000, 0);
    assert_int_equal(record.created, record.updated);
    dh_record_release(&record);
}

static void test_published(void **state)
{
    (void)state;
    check("{'doi':'10.82433/a','publicationYear':2016}", "published", "'2016'");
    check("{'doi':'10.82433/a','publicationYear':2016,'published':null}", "published", "'2016'");
    check("{'doi':'10.82433/a','publicationYear':2016,'published':'2015'}", "published", "'2015'");
    check("{'doi':'10.82433/a','publicationYear':2016,"
          "'dates':[{'date':'2014','dateType':'Issued'},{'date':'2015-02','dateType':'issued'}]}",
          "published", "'2015-02'");
}

static void test_container(void **state)
{
    (void)state;
    static const struct {
        const char *input, *expected;
    } rows[] = {
        {"'types':{'resourceTypeGeneral':'Dataset'},'relatedItems':[{'relationType':'Cites'},"
         "{'relationType':'IsPublishedIn','titles':[{'title':'J'},{'title':'K'}],'volume':'1',"
         "'issue':null,'number':'7','numberType':'Chapter','firstPage':'3','relatedItemIdentifier':"
         "{'relatedItemIdentifier':'1234-5678','relatedItemIdentifierType':'ISSN'}}]",
         "{'type':'DataRepository','identifier':'1234-5678','identifierType':'ISSN','title':'J',"
         "'volume':'1','number':'7','chapterNumber':'7','firstPage':'3'}"},
        {"'descriptions':[{'descriptionType':'Abstract','description':'x'},{'descriptionType':"
         "'SeriesInformation','description':'J Foo, 12(3), 45-67'}],'relatedIdentifiers':"
         "[{'relationType':'IsPartOf','relatedIdentifier':'10.1/j','relatedIdentifierType':'DOI'}]",
         "{'type':'Series','identifier':'10.1/j','identifierType':'DOI','title':'J Foo',"
         "'volume':'12','issue':'3','firstPage':'45','lastPage':'67'}"},
        {"'descriptions':[{'descriptionType':'SeriesInformation','description':'J Foo, 12'}]",
         "{'type':'Series','title':'J Foo','firstPage':'12'}"},
        {"'descriptions':[{'descriptionType':'SeriesInformation','description':'J, Diss., 9'}]",
         "{'type':'Series','title':'J','volume':'Diss.','firstPage':'9'}"},
        {"'descriptions':[{'descriptionType':'SeriesInformation','description':'J,,'}]",
         "{'type':'Series','title':'J'}"},
        {"'container':{'volume':'1','type':'Journal'},'descriptions':"
         "[{'descriptionType':'SeriesInformation','description':' , 12'}]",
         "{'type':'Journal','volume':'1'}"},
        {"'container':{'type':'Series','title':null}", "{'type':'Series','title':null}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        snprintf(text, sizeof(text), "{'doi':'10.82433/a',%s}", rows[i].input);
        check(text, "container", rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resource),    cmocka_unit_test(test_datacite_json),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_depth),
        cmocka_unit_test(test_odd_shapes),  cmocka_unit_test(test_number_texts),
        cmocka_unit_test(test_repairs_fit), cmocka_unit_test(test_poor_forms),
        cmocka_unit_test(test_alternates),  cmocka_unit_test(test_known_identifiers),
        cmocka_unit_test(test_complete),    cmocka_unit_test(test_counts_beyond_counting),
        cmocka_unit_test(test_times),       cmocka_unit_test(test_published),
        cmocka_unit_test(test_container),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
