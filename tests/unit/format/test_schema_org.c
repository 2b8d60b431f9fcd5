#include "format/json_trees.h"
#include "format/rows.h"
#include "support.h"

static struct dh_arena arena;

/* One member of what is made of the metadata; NULL: it is not there. */
struct row {
    const char *metadata, *key, *expected;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct json_object *metadata = json_of(&arena, rows[i].metadata);
        struct json_object *tree = dh_schema_org_tree(metadata, &arena);
        assert_member(tree, rows[i].key, rows[i].expected);
        assert_written(metadata, rows[i].metadata); /* borrowed, not changed */
        json_object_put(tree);
        json_object_put(metadata);
    }
}

static void test_order(void **state)
{
    (void)state;
    static const char text[] =
        "{'agency':'datacite','schemaVersion':'s','contentUrl':['c'],'version':'1','language':'en',"
        "'url':'u','doi':'10.82433/A','sizes':[],'formats':['f'],'titles':[{'title':'t'}],"
        "'types':{'resourceType':'r','schemaOrg':'Dataset'},'subjects':[{'subject':'k'}],"
        "'dates':[{'date':'2','dateType':'Updated'},{'date':'1','dateType':'Created'},"
        "{'date':'4','dateType':'Coverage'},{'date':'3','dateType':'Issued'}],"
        "'rightsList':[{'rightsUri':'l'}],'identifiers':[{'identifier':'i'}],"
        "'container':{'firstPage':'1','lastPage':'2'},"
        "'descriptions':[{'description':'d','descriptionType':'Abstract'}]}";
    struct json_object *metadata = json_of(&arena, text);
    struct json_object *tree = dh_schema_org_tree(metadata, &arena);
    assert_written(tree,
                   "{'@context':'http://schema.org','@type':'Dataset',"
                   "'@id':'https://doi.org/10.82433/a',"
                   "'identifier':{'@type':'PropertyValue','value':'i'},'url':'u',"
                   "'additionalType':'r','name':'t','description':'d','license':'l','version':'1',"
                   "'keywords':'k','inLanguage':'en','encodingFormat':'f','dateCreated':'1',"
                   "'datePublished':'3','dateModified':'2','temporalCoverage':'4','pageStart':'1',"
                   "'pageEnd':'2','contentUrl':'c','schemaVersion':'s',"
                   "'includedInDataCatalog':{'@type':'DataCatalog'},"
                   "'provider':{'@type':'Organization','name':'datacite'}}");
    json_object_put(tree);
    json_object_put(metadata);
}

static void test_people(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'creators':[]}", "author", NULL},
        {"{'creators':[{'nameType':'Personal','name':'F, G','lang':'en','givenName':'G',"
         "'familyName':'F','affiliation':[],'nameIdentifiers':[{'nameIdentifier':'first',"
         "'nameIdentifierScheme':'GND'},{'nameIdentifier':'second'}]}]}",
         "author",
         "{'name':'G F','lang':'en','givenName':'G','familyName':'F','@type':'Person',"
         "'@id':'first'}"},
        {"{'creators':[{'name':'O','nameType':'Organizational','affiliation':['U',{'name':'V',"
         "'affiliationIdentifier':'https://ror.org/05bp8ka05','schemeUri':'s'}]},{'name':'N'}]}",
         "author",
         "[{'name':'O','affiliation':[{'@type':'Organization','name':'U'},{'@type':"
         "'Organization','@id':'https://ror.org/05bp8ka05','name':'V'}],'@type':'Organization'},"
         "{'name':'N'}]"},
        {"{'creators':[{'familyName':'F'}]}", "author", "{'familyName':'F','name':'F'}"},
        {"{'creators':['Somebody']}", "author", "{'name':'Somebody'}"},
        {"{'creators':[{'name':'N','nameType':null}]}", "author", "{'name':'N'}"},
        {"{'creators':[{'name':'N','nameType':'\xC3\xA9t\xC3\xA9'}]}", "author",
         "{'name':'N','@type':'\xC3\xA9'}"},
        {"{'creators':[{'name':'N','nameType':'ab'}]}", "author", "{'name':'N'}"},
        {"{'contributors':[{'name':'A','contributorType':'Editor'},"
         "{'name':'B','contributorType':'Translator'}]}",
         "editor",
         "[{'name':'A','contributorType':'Editor'},{'name':'B','contributorType':'Translator'}]"},
        {"{'contributors':[{'name':'A','contributorType':'Editor'},"
         "{'name':'B','contributorType':'Translator'}]}",
         "translator", "{'name':'B','contributorType':'Translator'}"},
        {"{'contributors':[{'name':'A','contributorType':'Editor'}]}", "translator", NULL},
    };
    check_rows(rows, COUNT(rows));
}

static void test_texts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'descriptions':[{'description':'m','descriptionType':'Methods'}]}", "description", NULL},
        {"{'descriptions':[{'description':'m','descriptionType':'Methods'},"
         "{'description':'a','descriptionType':'Abstract'},"
         "{'description':'b','descriptionType':'Abstract'}]}",
         "description", "'a'"},
        {"{'subjects':[{'subject':'a'},{'lang':'en'},{'subject':'a'}]}", "keywords", "'a, , a'"},
        {"{'subjects':[]}", "keywords", NULL},
        {"{'rightsList':[{'rights':'none'},{'rightsUri':'l'},{'rightsUri':'m'}]}", "license",
         "['l','m']"},
        {"{'titles':['bare']}", "name", "'bare'"},
        {"{'publicationYear':2020}", "datePublished", "2020"},
        {"{'publicationYear':'2020'}", "datePublished", "'2020'"},
        {"{'publicationYear':2020,'dates':[{'date':'2019-01','dateType':'Issued'},"
         "{'date':'2018','dateType':'Issued'}]}",
         "datePublished", "'2019-01'"},
        {"{'publicationYear':2020,'dates':[{'date':'2019','dateType':'issued'}]}", "datePublished",
         "2020"},
        {"{'sizes':['1','2'],'version':''}", "contentSize", "['1','2']"},
        {"{'version':''}", "version", "''"},
        {"{'identifiers':[{'identifier':'a','identifierType':'T'},{'identifier':'b'}]}",
         "identifier",
         "[{'@type':'PropertyValue','propertyID':'T','value':'a'},"
         "{'@type':'PropertyValue','value':'b'}]"},
        {"{'id':'https://doi.org/10.82433/B'}", "@id", "'https://doi.org/10.82433/b'"},
        {"{'doi':'none'}", "@id", NULL},
    };
    check_rows(rows, COUNT(rows));
}

static void test_places(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'geoLocations':[{'geoLocationPlace':'P'},{}]}", "spatialCoverage",
         "{'@type':'Place','geo':{'@type':'GeoCoordinates','address':'P'}}"},
        {"{'geoLocations':[{'geoLocationPoint':{'pointLatitude':6.45,'pointLongitude':'3'}}]}",
         "spatialCoverage",
         "{'@type':'Place','geo':{'@type':'GeoCoordinates','address':null,'latitude':6.45,"
         "'longitude':'3'}}"},
        {"{'geoLocations':[{'geoLocationBox':{'westBoundLongitude':1,'eastBoundLongitude':2.50,"
         "'southBoundLatitude':'3','northBoundLatitude':4}}]}",
         "spatialCoverage", "{'@type':'Place','geo':{'@type':'GeoShape','box':'3 1 4 2.50'}}"},
        {"{'geoLocations':[{'geoLocationPlace':'P','geoLocationPoint':{'pointLatitude':1,"
         "'pointLongitude':2},'geoLocationPolygon':[{'polygonPoint':{'pointLatitude':3,"
         "'pointLongitude':4}},{'polygonPoint':{'pointLatitude':5,'pointLongitude':6}},"
         "{'inPolygonPoint':{'pointLatitude':7,'pointLongitude':8}}]}]}",
         "spatialCoverage",
         "[{'@type':'Place','geo':{'@type':'GeoCoordinates','address':'P','latitude':1,"
         "'longitude':2}},{'@type':'Place','geo':{'@type':'GeoShape','address':'P','polygon':"
         "[[[4,3]],[[6,5]]]}}]"},
        {"{'geoLocations':[{'geoLocationPoint':{},'geoLocationBox':null}]}", "spatialCoverage",
         NULL},
    };
    check_rows(rows, COUNT(rows));
}

#define RELATION(relation, type, id)                                                               \
    "{'relationType':'" relation "','relatedIdentifierType':'" type "','relatedIdentifier':'" id   \
    "'}"

static void test_relations(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'relatedIdentifiers':[" RELATION("IsPartOf", "ISSN", "1234-5678") "]}", "isPartOf",
         "{'@type':'Periodical','issn':'1234-5678'}"},
        {"{'relatedIdentifiers':[" RELATION("HasPart", "ISSN", "1234-5678") "]}", "hasPart",
         "{'@type':'CreativeWork'}"},
        {"{'relatedIdentifiers':[" RELATION("Cites", "URL", "https://a.org/") "," RELATION(
             "References", "DOI", "10.82433/R") "," RELATION("Documents", "w3id", "x") "]}",
         "citation",
         "[{'@id':'https://a.org/','@type':'CreativeWork'},"
         "{'@id':'https://doi.org/10.82433/r','@type':'CreativeWork'},{'@type':'CreativeWork'}]"},
        {"{'relatedIdentifiers':[{'relationType':'IsNewVersionOf','relatedIdentifierType':'DOI',"
         "'relatedIdentifier':'10.82433/r','resourceTypeGeneral':'Software'}]}",
         "successor_of", "{'@id':'https://doi.org/10.82433/r','@type':'SoftwareSourceCode'}"},
        {"{'relatedIdentifiers':[" RELATION("IsPreviousVersionOf", "DOI", "10.82433/r") "]}",
         "predecessor_of", "{'@id':'https://doi.org/10.82433/r','@type':'CreativeWork'}"},
        {"{'relatedIdentifiers':[" RELATION("IsIdenticalTo", "DOI", "10.82433/r") "]}", "sameAs",
         "{'@id':'https://doi.org/10.82433/r','@type':'CreativeWork'}"},
        {"{'relatedIdentifiers':[" RELATION("HasTranslation", "DOI", "10.82433/r") "]}",
         "workTranslation", "{'@id':'https://doi.org/10.82433/r','@type':'CreativeWork'}"},
        {"{'relatedIdentifiers':[" RELATION("IsTranslationOf", "DOI", "10.82433/r") "]}",
         "translationOfWork", "{'@id':'https://doi.org/10.82433/r','@type':'CreativeWork'}"},
        {"{'relatedIdentifiers':[" RELATION("IsReferencedBy", "URL", "https://a.org/") "," RELATION(
             "IsSupplementTo", "DOI", "10.82433/s") "]}",
         "@reverse",
         "{'citation':{'@type':'ScholarlyArticle','identifier':{'@type':'PropertyValue',"
         "'propertyID':'URL','value':'https://a.org/'}},"
         "'isBasedOn':{'@id':'https://doi.org/10.82433/s','@type':'ScholarlyArticle'}}"},
        {"{'relatedIdentifiers':[{'relationType':'IsReferencedBy','relatedIdentifierType':'DOI',"
         "'relatedIdentifier':'10.82433/r','resourceTypeGeneral':'JournalArticle'}]}",
         "@reverse", "{'citation':{'@id':'https://doi.org/10.82433/r','@type':'JournalArticle'}}"},
        {"{'relatedIdentifiers':[" RELATION("Cites", "DOI", "10.82433/r") "]}", "@reverse", NULL},
    };
    check_rows(rows, COUNT(rows));
}

static void test_organizations(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'container':{'type':'Series','title':'J','id':'i','volume':'2'}}", "periodical",
         "{'@type':'Series','name':'J','@id':'i','volume':'2'}"},
        {"{'container':{'title':'J'}}", "includedInDataCatalog", NULL},
        {"{'types':{'schemaOrg':'Dataset'},'container':{'title':'J','identifier':'i'}}",
         "includedInDataCatalog", "{'@id':'i','@type':'DataCatalog','name':'J'}"},
        {"{'types':{'schemaOrg':'Dataset'},'container':{'title':'J'}}", "periodical", NULL},
        {"{'container':{}}", "periodical", NULL},
        {"{'publisher':'P'}", "publisher", "{'@type':'Organization','name':'P'}"},
        {"{'publisher':{'name':'P','publisherIdentifier':'p'}}", "publisher",
         "{'@type':'Organization','@id':'p','name':'P'}"},
        {"{'publisher':{}}", "publisher", NULL},
        {"{'fundingReferences':[{'funderName':'F'},{'funderName':'G','funderIdentifier':'g'}]}",
         "funder",
         "[{'@type':'Organization','name':'F'},{'@id':'g','@type':'Organization','name':'G'}]"},
        {"{}", "provider", "{'@type':'Organization','name':'datacite'}"},
        {"{'agency':'crossref'}", "provider", "{'@type':'Organization','name':'crossref'}"},
    };
    check_rows(rows, COUNT(rows));
}

/* What is no object or list where one belongs says nothing, and nothing breaks. */
static void test_odd_shapes(void **state)
{
    (void)state;
    static const char *const records[] = {
        "{'creators':null,'titles':{},'subjects':[null],'contributors':[null,7,[]]}",
        "{'creators':7,'titles':[[]],'geoLocations':['x'],'relatedIdentifiers':['x',null]}",
        "{'types':[],'container':'c','dates':[null,'2020'],'rightsList':[7],'identifiers':'x'}",
        "{'publisher':[],'fundingReferences':{'funderName':'F'},'sizes':'1','contentUrl':'u'}",
        "{'geoLocations':[{'geoLocationPolygon':[[{'polygonPoint':{}}]],'geoLocationBox':[1]}]}",
    };
    for (size_t i = 0; i < COUNT(records); i++) {
        struct json_object *metadata = json_of(&arena, records[i]);
        struct json_object *tree = dh_schema_org_tree(metadata, &arena);
        assert_member(tree, "@context", "'http://schema.org'");
        json_object_put(tree);
        json_object_put(metadata);
    }
}

static void test_layout(void **state)
{
    (void)state;
    struct json_object *metadata = json_of(&arena, "{'titles':[{'title':'<a> & /'}]}");
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(dh_format_write(&dh_format_schema_org, metadata, NULL, &out, &arena, NULL),
                     DH_OK);
    dh_buf_char(&out, '\0');
    assert_string_equal(out.ptr, "{\n  \"@context\": \"http://schema.org\",\n"
                                 "  \"name\": \"<a> & /\",\n"
                                 "  \"provider\": {\n    \"@type\": \"Organization\",\n"
                                 "    \"name\": \"datacite\"\n  }\n}");
    dh_buf_release(&out);
    json_object_put(metadata);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),      cmocka_unit_test(test_people),
        cmocka_unit_test(test_texts),      cmocka_unit_test(test_places),
        cmocka_unit_test(test_relations),  cmocka_unit_test(test_organizations),
        cmocka_unit_test(test_odd_shapes), cmocka_unit_test(test_layout),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
