/* Readers of the JSON formats: telling them apart, what becomes of each member, round trips, and
 * documents that mean harm. */
#include "format/json_trees.h"
#include "format/parts.h"
#include "support.h"

#define DATASET                                                                                    \
    "{'id':'https://doi.org/10.5072/demo','doi':'10.5072/demo','url':'https://example.org/demo',"  \
    "'types':{'resourceTypeGeneral':'Dataset','resourceType':'Images','schemaOrg':'Dataset',"      \
    "'citeproc':'dataset','bibtex':'misc','ris':'DATA'},'creators':[{'name':'Okafor, Amara',"      \
    "'nameType':'Personal','givenName':'Amara','familyName':'Okafor','affiliation':[{'name':"      \
    "'Example University','affiliationIdentifier':'https://ror.org/05bp8ka05',"                    \
    "'affiliationIdentifierScheme':'ROR'}],'nameIdentifiers':[{'nameIdentifier':"                  \
    "'https://orcid.org/0000-0002-1825-0097','schemeUri':'https://orcid.org',"                     \
    "'nameIdentifierScheme':'ORCID'}]},{'name':'Imaging Network','nameType':'Organizational'}],"   \
    "'titles':[{'title':'Scans & slides'}],'publisher':{'name':'Example Archive'},'container':"    \
    "{'type':'DataRepository','title':'Catalogue','identifier':'https://example.org/all',"         \
    "'identifierType':'URL'},'subjects':[{'subject':'lung'},{'subject':'CT'}],'contributors':"     \
    "[{'name':'Silva, Ana','nameType':'Personal','contributorType':'DataCurator'}],'dates':"       \
    "[{'date':'2024-05-17','dateType':'Issued'},{'date':'2024-11','dateType':'Updated'}],"         \
    "'publicationYear':2024,'language':'en','identifiers':[{'identifierType':'Short Name',"        \
    "'identifier':'DEMO'}],'sizes':['3 GB'],'formats':['application/dicom'],'version':'2',"        \
    "'rightsList':[{'rights':'Creative Commons Attribution 4.0 International','rightsUri':"        \
    "'https://creativecommons.org/licenses/by/4.0/legalcode','rightsIdentifier':'cc-by-4.0',"      \
    "'rightsIdentifierScheme':'SPDX','schemeUri':'https://spdx.org/licenses/'}],'descriptions':"   \
    "[{'description':'Chest scans.','descriptionType':'Abstract'}],'geoLocations':"                \
    "[{'geoLocationPlace':'Lagos','geoLocationPoint':{'pointLongitude':3.39,'pointLatitude':"      \
    "6.45}}],'fundingReferences':[{'funderName':'Institute','funderIdentifier':"                   \
    "'https://doi.org/10.13039/100000054','funderIdentifierType':'Crossref Funder ID'}],"          \
    "'relatedIdentifiers':[{'relatedIdentifier':'10.5072/older','relatedIdentifierType':'DOI',"    \
    "'relationType':'IsNewVersionOf','resourceTypeGeneral':'Dataset'},"                            \
    "{'relatedIdentifier':'10.5072/paper','relatedIdentifierType':'DOI','relationType':"           \
    "'IsReferencedBy','resourceTypeGeneral':'JournalArticle'}],'relatedItems':[],"                 \
    "'schemaVersion':'http://datacite.org/schema/kernel-4','agency':'datacite','state':"           \
    "'findable'}"

struct fixture {
    struct dh_arena arena;
    const struct dh_format *used;
    struct json_object *records; /* of the last reading */
    struct dh_err err;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    dh_arena_init(&fixture->arena, DH_ARENA_MAX);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    json_object_put(fixture->records);
    dh_arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static enum dh_status read_bytes(struct fixture *fixture, const char *format, struct dh_str text)
{
    const struct dh_format *row = format ? dh_format_find(dh_str(format)) : NULL;
    json_object_put(fixture->records);
    fixture->records = NULL;
    fixture->err = (struct dh_err){0};
    return dh_format_read(row, text, &fixture->used, &fixture->records, &fixture->arena,
                          &fixture->err);
}

/* The first record of a text with ' for ". */
static struct json_object *read_one(struct fixture *fixture, const char *format, const char *text)
{
    if (read_bytes(fixture, format, quoted(&fixture->arena, text)))
        fail_msg("%s: %s", fixture->err.text, text);
    return json_object_array_get_idx(fixture->records, 0);
}

static struct dh_str written(struct fixture *fixture, const char *format,
                             struct json_object *metadata)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    if (dh_format_write(dh_format_find(dh_str(format)), metadata, NULL, &buf, &fixture->arena,
                        &fixture->err))
        fail_msg("%s: %s", format, fixture->err.text);
    struct dh_str out = dh_arena_copy(&fixture->arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return out;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void test_json(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum dh_status status;
        const char *message;
    } rows[] = {
        {"{'a':1,'b':{'a':2},'c':[{'a':3},{'a':4}]}", DH_OK, NULL},
        {"\xEF\xBB\xBF {'a':1}", DH_OK, NULL},
        {"{'a:b':':','c':'d:\\'e:','f':'\\\\'}", DH_OK, NULL},
        {"{}", DH_OK, NULL},
        {"{'id':1,'id':1}", DH_INVALID, "The same key is defined more than once: id"},
        {"{'b':{'x':1,'y':2,'x':3},'b':1}", DH_INVALID,
         "The same key is defined more than once: x"},
        {"[{'a':1},{'b':1,'c':{},'b':[]}]", DH_INVALID,
         "The same key is defined more than once: b"},
        {"{'id':1,'\\u0069d':2}", DH_INVALID, "The same key is defined more than once"},
        {"{'a':1,}", DH_INVALID, NULL},
        {"{'a' 1}", DH_INVALID, NULL},
        {"{'a':1} x", DH_INVALID, NULL},
        {"{'a':'\xFF'}", DH_INVALID, NULL},
        {"", DH_INVALID, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_arena arena;
        struct json_object *value = NULL;
        struct dh_err err = {0};
        dh_arena_init(&arena, DH_ARENA_MAX);
        enum dh_status status = dh_json_read(quoted(&arena, rows[i].text), &value, &err);
        if (status != rows[i].status)
            fail_msg("%s: %d %s", rows[i].text, (int)status, err.text);
        if (rows[i].message)
            assert_string_equal(err.text, rows[i].message);
        assert_true(status == DH_OK || !value);
        json_object_put(value);
        dh_arena_release(&arena);
    }
}

static void test_place_of_twin(void **state)
{
    (void)state;
    struct json_object *value;
    struct dh_err err = {0};
    assert_int_equal(dh_json_read(DH_STR("\xEF\xBB\xBF{\"a\":1,\"a\":2}"), &value, &err),
                     DH_INVALID);
    assert_int_equal(err.pos, 11);
}

/* ---- detection ------------------------------------------------------------------------------- */

static void test_detection(void **state)
{
    static const char *const rows[][2] = {
        {"{'@context':'http://schema.org','name':'x'}", "schema_org"},
        {"{'@context':'https://schema.org/','name':'x'}", "schema_org"},
        {"{'@context':['https://schema.org',{'x':'https://example.org'}]}", "schema_org"},
        {"{'@context':{'@vocab':'https://schema.org/'},'name':'x'}", "schema_org"},
        {"{'@context':'https://schema.org','schemaVersion':'http://datacite.org/schema/kernel-4'}",
         "schema_org"},
        {"{'@context':'https://raw.githubusercontent.com/codemeta/codemeta/master/"
         "codemeta.jsonld'}",
         "codemeta"},
        {"{'@context':'https://doi.org/10.5063/schema/codemeta-2.0'}", "codemeta"},
        {"{'@context':['https://w3id.org/codemeta/3.0','http://schema.org']}", "codemeta"},
        {"{'schemaVersion':'http://datacite.org/schema/kernel-4','doi':'10.5072/x'}",
         "datacite_json"},
        {"{'schema-version':'http://datacite.org/schema/kernel-4','doi':'10.5072/x'}",
         "datacite_json"},
        {"{'doi':'10.5072/x','titles':[{'title':'x'}]}", "datacite_json"},
        {"{'data':{'id':'10.5072/x','type':'dois','attributes':{'doi':'10.5072/x'}}}",
         "datacite_json"},
        {"{'data':[{'id':'10.5072/x','attributes':{'doi':'10.5072/x'}}],'meta':{}}",
         "datacite_json"},
        {"{'id':'10.5072/x','type':'dois','attributes':{'doi':'10.5072/x'}}", "datacite_json"},
        {"{'doi':'10.5072/x','types':{'ris':'GEN'},'publication_year':2016}", "crosscite"},
        {"{'doi':'10.5072/x','types':{'ris':'GEN'},'schema_version':"
         "'http://datacite.org/schema/kernel-4'}",
         "crosscite"},
        {"{'type':'dataset','issued':{'date-parts':[[2016]]}}", "citeproc"},
        {"{'type':'dataset','DOI':'10.5072/x'}", "citeproc"},
        {"{'name':'x','version':'1.0.0','dependencies':{'y':'1'}}", "npm"},
        {"[{'doi':'10.5072/x','titles':[{'title':'x'}]}]", "datacite_json"},
        {"{'name':'x','version':'1'}", NULL},
        {"{'@context':'https://example.org/schema.org'}", NULL},
        {"{}", NULL},
        {"[]", NULL},
        {"{'data':[]}", NULL},
        {"{'id':'a','type':'clients','attributes':{'url':'https://example.org'}}", NULL},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum dh_status status = read_bytes(fixture, NULL, quoted(&fixture->arena, rows[i][0]));
        const char *used = fixture->used ? fixture->used->name : NULL;
        if (status != (rows[i][1] ? DH_OK : DH_INVALID) || !used != !rows[i][1] ||
            (used && strcmp(used, rows[i][1])))
            fail_msg("%s is %s (%d %s)", rows[i][0], used, (int)status, fixture->err.text);
    }
}

/* ---- DataCite JSON and Crosscite JSON -------------------------------------------------------- */

static void test_resource(void **state)
{
    struct json_object *record = read_one(
        *state, NULL,
        "{'data':{'id':'10.5072/x','type':'dois','attributes':{'doi':'10.5072/X',"
        "'creators':[{'name':'A','affiliation':['One',{'name':'Two'}]},{'name':'B'}],"
        "'publisher':'P','registered':'2016-01-02T03:04:05Z','version':null,"
        "'alternateIdentifiers':[{'alternateIdentifier':'Y','alternateIdentifierType':'Own'}]},"
        "'relationships':{'client':{'data':{'id':'nihnci.tcia','type':'clients'}},"
        "'provider':{'data':{'id':'tciar','type':'providers'}}}}}");
    assert_member(record, "id", "'https://doi.org/10.5072/x'");
    assert_member(record, "doi", "'10.5072/X'");
    assert_member(record, "creators",
                  "[{'name':'A','affiliation':[{'name':'One'},{'name':'Two'}]},"
                  "{'name':'B'}]");
    assert_member(record, "publisher", "{'name':'P'}");
    assert_member(record, "registered", "'2016-01-02T03:04:05Z'");
    assert_member(record, "clientId", "'nihnci.tcia'");
    assert_member(record, "providerId", "'tciar'");
    assert_member(record, "identifiers", "[{'identifierType':'Own','identifier':'Y'}]");
    assert_member(record, "alternateIdentifiers", NULL);
    assert_member(record, "agency", "'datacite'");
    assert_member(record, "state", "'findable'");
    assert_member(record, "titles", NULL);
    assert_true(dh_json_has(record, "version"));
}

static void test_spellings(void **state)
{
    struct json_object *record =
        read_one(*state, "crosscite",
                 "{'doi':'10.5072/x','publication_year':2016,'rights_list':[],'geo-locations':[],"
                 "'relatedItems':[],'version_info':'1','date_registered':'2016','state':'draft',"
                 "'agency':'crossref','schema_version':'http://datacite.org/schema/kernel-3'}");
    assert_member(record, "publicationYear", "2016");
    assert_member(record, "rightsList", "[]");
    assert_member(record, "geoLocations", "[]");
    assert_member(record, "relatedItems", "[]");
    assert_member(record, "version", "'1'");
    assert_member(record, "registered", "'2016'");
    assert_member(record, "state", "'draft'");
    assert_member(record, "agency", "'crossref'");
    assert_member(record, "schemaVersion", "'http://datacite.org/schema/kernel-3'");
}

static void test_documents(void **state)
{
    struct fixture *fixture = *state;
    read_one(fixture, NULL,
             "{'data':[{'id':'10.5072/a','attributes':{'doi':'10.5072/a'}},"
             "{'id':'10.5072/b','attributes':{'titles':[]}}]}");
    assert_int_equal(json_object_array_length(fixture->records), 2);
    assert_member(json_object_array_get_idx(fixture->records, 1), "doi", "'10.5072/b'");
    read_one(fixture, "datacite_json",
             "{'data':[{'id':'a','type':'clients','attributes':{'url':'https://example.org'}},"
             "{'id':'10.5072/b','type':'dois','attributes':{'titles':[]}}]}");
    assert_int_equal(json_object_array_length(fixture->records), 1);
    assert_int_equal(read_bytes(fixture, "datacite_json", DH_STR("{\"data\":[]}")), DH_INVALID);
    assert_int_equal(read_bytes(fixture, "datacite_json", DH_STR("{\"data\":[1]}")), DH_INVALID);
    assert_int_equal(read_bytes(fixture, "datacite_json", DH_STR("{\"a\":1}")), DH_INVALID);
    assert_int_equal(read_bytes(fixture, "datacite_json", DH_STR("[1]")), DH_INVALID);
}

static void test_container(void **state)
{
    struct json_object *record = read_one(
        *state, "datacite_json",
        "{'doi':'10.5072/x','types':{'resourceTypeGeneral':'Text'},'container':{'type':'Book'},"
        "'relatedItems':[{'relationType':'IsPublishedIn','relatedItemType':'Journal','titles':"
        "[{'title':'J'}],'volume':'1'}]}");
    assert_member(record, "container", "{'type':'Series','title':'J','volume':'1'}");
}

/* ---- schema.org ------------------------------------------------------------------------------ */

static void test_schema_org(void **state)
{
    static const char *const rows[][3] = {
        {"'@id':'https://doi.org/10.5072/X'", "doi", "'10.5072/x'"},
        {"'@id':'https://doi.org/10.5072/a%3Cb'", "id", "'https://doi.org/10.5072/a%3Cb'"},
        {"'@id':'https://doi.org/10.5072/a%3Cb'", "doi", "'10.5072/a<b'"},
        {"'@id':'https://example.org/x/','identifier':'doi:10.5072/x'", "doi", "'10.5072/x'"},
        {"'@id':'https://example.org/x/'", "id", "'https://example.org/x'"},
        {"'identifier':['https://example.org/1',{'propertyID':'doi','value':'10.5072/x'},"
         "{'propertyID':'isbn','value':'1'},{'propertyID':'isbn','value':'1'}]",
         "identifiers",
         "[{'identifierType':'URL','identifier':'https://example.org/1'},"
         "{'identifierType':'ISBN','identifier':'1'}]"},
        {"'@type':'Dataset','additionalType':'Images'", "types",
         "{'resourceTypeGeneral':'Dataset','resourceType':'Images','schemaOrg':'Dataset',"
         "'citeproc':'dataset','bibtex':'misc','ris':'DATA'}"},
        {"'@type':['Thing','schema:ScholarlyArticle']", "types",
         "{'resourceTypeGeneral':'Text','schemaOrg':'ScholarlyArticle','citeproc':"
         "'article-journal','bibtex':'article','ris':'GEN'}"},
        {"'@type':'Vase'", "types",
         "{'schemaOrg':'Vase','citeproc':'article-journal','bibtex':'misc','ris':'GEN'}"},
        {"'url':'https://example.org/x/'", "url", "'https://example.org/x'"},
        {"'name':'A & B'", "titles", "[{'title':'A & B'}]"},
        {"'name':{'@value':'A','@language':'en'}", "titles", "[{'title':'A'}]"},
        {"'author':{'@type':'Person','name':'Matt Jones','givenName':'Matt','familyName':'Jones',"
         "'@id':'http://orcid.org/0000-0003-0077-4738','affiliation':'NCEAS'}",
         "creators",
         "[{'nameType':'Personal','name':'Matt Jones','givenName':'Matt','familyName':'Jones',"
         "'nameIdentifiers':[{'nameIdentifier':'https://orcid.org/0000-0003-0077-4738',"
         "'schemeUri':'https://orcid.org','nameIdentifierScheme':'ORCID'}],"
         "'affiliation':[{'name':'NCEAS'}]}]"},
        {"'creator':[{'@type':['Organization','Thing'],'name':'X','affiliation':[{'name':'Y',"
         "'@id':'https://ror.org/05bp8ka05'},{'name':'Z',"
         "'@id':'https://isni.org/isni/0000000121032683'}]},'Plain',{'@type':'Person'}]",
         "creators",
         "[{'nameType':'Organizational','name':'X','affiliation':[{'name':'Y',"
         "'affiliationIdentifier':'https://ror.org/05bp8ka05','affiliationIdentifierScheme':"
         "'ROR'},{'name':'Z','affiliationIdentifier':'https://isni.org/isni/0000000121032683',"
         "'affiliationIdentifierScheme':'ISNI'}]},{'name':'Plain'}]"},
        {"'author':'Lee, A., Silva, B.','creator':{'@type':'organization','name':'X'}", "creators",
         "[{'nameType':'Organizational','name':'X'}]"},
        {"'author':'Lee, A., Silva, B.'", "creators", "[]"},
        {"'editor':{'name':'E'},'translator':{'name':'T'}", "contributors",
         "[{'name':'E'},{'name':'T','contributorType':'Translator'}]"},
        {"'editor':[{'name':'T','contributorType':'Translator'}],'translator':{'name':'T'}",
         "contributors", "[{'name':'T','contributorType':'Translator'}]"},
        {"'publisher':{'name':'P','@id':'https://ror.org/05bp8ka05'}", "publisher",
         "{'name':'P','publisherIdentifier':'https://ror.org/05bp8ka05'}"},
        {"'publisher':'P'", "publisher", "{'name':'P'}"},
        {"'provider':{'name':'DataCite'}", "agency", "'DataCite'"},
        {"'@type':'Dataset','includedInDataCatalog':{'name':'C','url':'https://example.org'}",
         "container",
         "{'type':'DataRepository','title':'C','identifier':'https://example.org',"
         "'identifierType':'URL'}"},
        {"'Periodical':{'name':'J'},'volumeNumber':1,'issueNumber':'2','pageStart':'3','pageEnd':4",
         "container",
         "{'type':'Periodical','title':'J','volume':'1','issue':'2','firstPage':'3',"
         "'lastPage':'4'}"},
        {"'periodical':{'@type':'Series','name':'J','volume':'1'}", "container",
         "{'type':'Series','title':'J','volume':'1'}"},
        {"'sameAs':'https://example.org/a','isPartOf':{'@type':'Periodical','issn':'1234-5678'},"
         "'hasPart':[{'@id':'10.5072/p','@type':'Dataset'},{'name':'no id'}],"
         "'predecessor_of':{'@id':'https://doi.org/10.5072/n'},"
         "'successor_of':{'@id':'https://doi.org/10.5072/O'},'citation':['free text']",
         "relatedIdentifiers",
         "[{'relatedIdentifier':'https://example.org/a','relatedIdentifierType':'URL',"
         "'relationType':'IsIdenticalTo'},{'relatedIdentifier':'1234-5678',"
         "'relatedIdentifierType':'ISSN','relationType':'IsPartOf'},{'relatedIdentifier':"
         "'10.5072/p','relatedIdentifierType':'DOI','relationType':'HasPart',"
         "'resourceTypeGeneral':'Dataset'},{'relatedIdentifier':'10.5072/n',"
         "'relatedIdentifierType':'DOI','relationType':'IsPreviousVersionOf'},"
         "{'relatedIdentifier':'10.5072/o','relatedIdentifierType':'DOI','relationType':"
         "'IsNewVersionOf'}]"},
        {"'@reverse':{'citation':{'@id':'https://doi.org/10.5072/c','@type':'ScholarlyArticle'},"
         "'isBasedOn':{'@type':'JournalArticle','identifier':{'propertyID':'PMID','value':'1'}}},"
         "'isBasedOn':{'@id':'https://example.org/b'},'workTranslation':{'@id':'10.5072/t'},"
         "'translationOfWork':{'@id':'10.5072/w'}",
         "relatedIdentifiers",
         "[{'relatedIdentifier':'10.5072/c','relatedIdentifierType':'DOI','relationType':"
         "'IsReferencedBy','resourceTypeGeneral':'Text'},{'relatedIdentifier':'1',"
         "'relatedIdentifierType':'PMID','relationType':'IsSupplementTo','resourceTypeGeneral':"
         "'JournalArticle'},{'relatedIdentifier':'https://example.org/b',"
         "'relatedIdentifierType':'URL','relationType':'IsSupplementedBy'},{'relatedIdentifier':"
         "'10.5072/t','relatedIdentifierType':'DOI','relationType':'HasTranslation'},"
         "{'relatedIdentifier':'10.5072/w','relatedIdentifierType':'DOI','relationType':"
         "'IsTranslationOf'}]"},
        {"'license':['https://example.org/mine',{'name':'Mine','id':'https://example.org'},"
         "'Closed']",
         "rightsList",
         "[{'rightsUri':'https://example.org/mine'},{'rights':'Mine','rightsUri':"
         "'https://example.org'},{'rights':'Closed'}]"},
        {"'datePublished':'2016-12-20','dateCreated':'2016-12-01T00:00:00.000Z','dateModified':"
         "'soon','temporalCoverage':'2012/2014'",
         "dates",
         "[{'date':'2016-12-20','dateType':'Issued'},{'date':'2016-12-01T00:00:00.000Z',"
         "'dateType':'Created'},{'date':'2012/2014','dateType':'Coverage'}]"},
        {"'datePublished':2016", "publicationYear", "'2016'"},
        {"'datePublished':'May 2016'", "publicationYear", NULL},
        {"'description':'a < b\\n\\n<p>c</p>'", "descriptions",
         "[{'description':'a &lt; b\\n\\nc','descriptionType':'Abstract'}]"},
        {"'keywords':'a, b,c, '", "subjects", "[{'subject':'a'},{'subject':'b,c'}]"},
        {"'keywords':['a, b',{'@type':'DefinedTerm','name':'c','@id':'https://example.org/c'}]",
         "subjects", "[{'subject':'a, b'},{'subject':'c','valueUri':'https://example.org/c'}]"},
        {"'version':2", "version", "'2'"},
        {"'inLanguage':{'name':'English','alternateName':'en'}", "language", "'en'"},
        {"'inLanguage':'de'", "language", "'de'"},
        {"'contentSize':'3 GB','encodingFormat':['a','b']", "sizes", "['3 GB']"},
        {"'fileFormat':'text/csv'", "formats", "['text/csv']"},
        {"'distribution':[{'contentUrl':'https://example.org/f','encodingFormat':'text/csv'}]",
         "contentUrl", "['https://example.org/f']"},
        {"'distribution':[{'contentUrl':'https://example.org/f','encodingFormat':'text/csv'}]",
         "formats", "['text/csv']"},
        {"'funder':[{'name':'A','@id':'https://doi.org/10.13039/100000054'},{'name':'B','@id':"
         "'https://example.org'},{'name':'C'}]",
         "fundingReferences",
         "[{'funderName':'A','funderIdentifier':'https://doi.org/10.13039/100000054',"
         "'funderIdentifierType':'Crossref Funder ID'},{'funderName':'B','funderIdentifier':"
         "'https://example.org','funderIdentifierType':'Other'},{'funderName':'C'}]"},
        {"'spatialCoverage':[{'geo':{'address':'Lagos','latitude':6.45,'longitude':3.39}},"
         "{'geo':{'box':'1 2 3 4'}},'Kiel',{}]",
         "geoLocations",
         "[{'geoLocationPlace':'Lagos','geoLocationPoint':{'pointLongitude':3.39,"
         "'pointLatitude':6.45}},{'geoLocationBox':{'southBoundLatitude':'1',"
         "'westBoundLongitude':'2','northBoundLatitude':'3','eastBoundLongitude':'4'}},"
         "{'geoLocationPlace':'Kiel'}]"},
        {"'schemaVersion':'http://datacite.org/schema/kernel-3'", "schemaVersion",
         "'http://datacite.org/schema/kernel-3'"},
        {"'a':1", "schemaVersion", "'http://datacite.org/schema/kernel-4'"},
        {"'a':1", "state", "'not_found'"},
        {"'a':1", "creators", "[]"},
        {"'a':1", "relatedItems", "[]"},
        {"'a':1", "container", NULL},
        {"'a':1", "publisher", NULL},
        {"'a':1", "contentUrl", NULL},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text =
            dh_arena_format(&fixture->arena, "{'@context':'http://schema.org',%s}", rows[i][0]);
        assert_member(read_one(fixture, NULL, text.ptr), rows[i][1], rows[i][2]);
    }
}

static void test_graph(void **state)
{
    struct fixture *fixture = *state;
    read_one(fixture, NULL,
             "{'@context':'https://schema.org','@graph':[{'@type':'Organization','name':'O'},"
             "{'@type':'Dataset','name':'D','@id':'https://doi.org/10.5072/d'},"
             "{'@type':'Dataset','name':'E'}]}");
    assert_int_equal(json_object_array_length(fixture->records), 2);
    assert_member(json_object_array_get_idx(fixture->records, 0), "doi", "'10.5072/d'");
}

/* ---- CodeMeta, CSL, npm ---------------------------------------------------------------------- */

static void test_codemeta(void **state)
{
    struct json_object *record = read_one(
        *state, NULL,
        "{'@context':'https://doi.org/10.5063/schema/codemeta-2.0','@type':'SoftwareSourceCode',"
        "'@id':'10.5072/Soft','agents':[{'@type':'person','name':'Ann Lee','@id':"
        "'https://orcid.org/0000-0002-1825-0097'}],'authors':[{'name':'unused'}],"
        "'editor':{'name':'Ed'},'title':'T','name':'N','codeRepository':'https://example.org/r/',"
        "'publisher':'P','tags':['a','b'],'licenseId':'MIT','version':'1.2','description':'D',"
        "'datePublished':'sometime','dateModified':'2016-10-10','identifier':'https://example.org'"
        "}");
    assert_member(record, "types",
                  "{'resourceTypeGeneral':'Software','schemaOrg':'SoftwareSourceCode',"
                  "'citeproc':'article-journal','bibtex':'misc','ris':'COMP'}");
    assert_member(record, "doi", "'10.5072/soft'");
    assert_member(record, "creators",
                  "[{'nameType':'Personal','name':'Ann Lee','nameIdentifiers':[{'nameIdentifier':"
                  "'https://orcid.org/0000-0002-1825-0097','schemeUri':'https://orcid.org',"
                  "'nameIdentifierScheme':'ORCID'}]}]");
    assert_member(record, "contributors", "[{'name':'Ed'}]");
    assert_member(record, "titles", "[{'title':'T'}]");
    assert_member(record, "url", "'https://example.org/r/'");
    assert_member(record, "publisher", "{'name':'P'}");
    assert_member(record, "subjects", "[{'subject':'a'},{'subject':'b'}]");
    assert_text(dh_text(dh_at(dh_json_get(record, "rightsList"), 0), "rightsIdentifier"), "mit");
    assert_member(record, "version", "'1.2'");
    assert_member(record, "descriptions", "[{'description':'D','descriptionType':'Abstract'}]");
    assert_member(record, "dates",
                  "[{'date':'sometime','dateType':'Issued'},"
                  "{'date':'2016-10-10','dateType':'Updated'}]");
    assert_member(record, "identifiers",
                  "[{'identifierType':'URL','identifier':'https://example.org/'}]");
}

static void test_citeproc(void **state)
{
    static const char *const rows[][3] = {
        {"'DOI':'10.5072/X','id':'item1'", "doi", "'10.5072/x'"},
        {"'id':'https://doi.org/10.5072/X'", "id", "'https://doi.org/10.5072/x'"},
        {"'id':'item1'", "state", "'not_found'"},
        {"'type':'article-journal'", "types",
         "{'resourceTypeGeneral':'JournalArticle','schemaOrg':'ScholarlyArticle','citeproc':"
         "'article-journal','bibtex':'article','ris':'GEN'}"},
        {"'type':'hologram'", "types",
         "{'schemaOrg':'CreativeWork','citeproc':'hologram','bibtex':'misc','ris':'GEN'}"},
        {"'title':'T'", "titles", "[{'title':'T'}]"},
        {"'author':[{'family':'Lee','given':'Ann','ORCID':'https://orcid.org/0000-0002-1825-0097',"
         "'affiliation':[{'name':'U'}]},{'literal':'Team'},{'family':'Berg','given':'Jan',"
         "'non-dropping-particle':'van der','suffix':'Jr.'},{}]",
         "creators",
         "[{'nameType':'Personal','name':'Lee, Ann','givenName':'Ann','familyName':'Lee',"
         "'nameIdentifiers':[{'nameIdentifier':'https://orcid.org/0000-0002-1825-0097',"
         "'schemeUri':'https://orcid.org','nameIdentifierScheme':'ORCID'}],'affiliation':"
         "[{'name':'U'}]},{'name':'Team'},{'nameType':'Personal','name':'van der Berg, Jan, Jr.',"
         "'givenName':'Jan, Jr.','familyName':'van der Berg'}]"},
        {"'author':[{'family':'Lee','given':'Ann','literal':'Lee, A.'}]", "creators",
         "[{'nameType':'Personal','name':'Lee, A.','givenName':'Ann','familyName':'Lee'}]"},
        {"'author':[]", "creators", "[{'nameType':'Organizational','name':':(unav)'}]"},
        {"'editor':[{'literal':'E'}],'translator':[{'literal':'T'}]", "contributors",
         "[{'name':'E'},{'name':'T','contributorType':'Translator'}]"},
        {"'issued':{'date-parts':[[2016,5,4]]}", "dates",
         "[{'date':'2016-05-04','dateType':'Issued'}]"},
        {"'issued':{'date-parts':[['2016','5']]}", "dates",
         "[{'date':'2016-05','dateType':'Issued'}]"},
        {"'issued':{'date-parts':[[2016],[2018]]}", "dates",
         "[{'date':'2016/2018','dateType':'Issued'}]"},
        {"'issued':{'date-parts':[[-44,3]]},'submitted':{'date-parts':[[812]]}", "dates",
         "[{'date':'-0044-03','dateType':'Issued'},{'date':'0812','dateType':'Submitted'}]"},
        {"'issued':{'date-parts':[[]]}", "dates", "[]"},
        {"'issued':{'date-parts':[[2016,99,99]]}", "dates", "[]"},
        {"'issued':{'raw':'2016-05'}", "dates", "[{'date':'2016-05','dateType':'Issued'}]"},
        {"'issued':{'date-parts':[[2016,5,4]]}", "publicationYear", "'2016'"},
        {"'publisher':'P'", "publisher", "{'name':'P'}"},
        {"'container-title':'J','ISSN':'1234-5678','volume':1,'issue':'2','page':'3-9'",
         "container",
         "{'type':'Periodical','title':'J','identifier':'1234-5678','identifierType':'ISSN',"
         "'volume':'1','issue':'2','firstPage':'3','lastPage':'9'}"},
        {"'container-title':'J','ISSN':'1234-5678'", "relatedIdentifiers",
         "[{'relatedIdentifier':'1234-5678','relatedIdentifierType':'ISSN','relationType':"
         "'IsPartOf'}]"},
        {"'ISSN':'1234-5678'", "relatedIdentifiers", "[]"},
        {"'volume':'1'", "container", NULL},
        {"'abstract':'<jats:p>A &amp; B</jats:p>'", "descriptions",
         "[{'description':'A &amp; B','descriptionType':'Abstract'}]"},
        {"'version':'2'", "version", "'2'"},
        {"'categories':['a','b']", "subjects", "[{'subject':'a'},{'subject':'b'}]"},
        {"'copyright':'https://example.org/c'", "rightsList",
         "[{'rightsUri':'https://example.org/c'}]"},
        {"'copyright':'All mine'", "rightsList", "[{'rights':'All mine'}]"},
        {"'URL':'https://example.org/x/'", "url", "'https://example.org/x/'"},
        {"'language':'en'", "language", "'en'"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = dh_arena_format(&fixture->arena, "{%s}", rows[i][0]);
        assert_member(read_one(fixture, "citeproc", text.ptr), rows[i][1], rows[i][2]);
    }
}

static void test_npm(void **state)
{
    static const char *const rows[][3] = {
        {"'author':'Ann Lee <ann@example.org> (https://example.org)'", "creators",
         "[{'name':'Ann Lee'}]"},
        {"'author':{'name':'Ann','email':'a@example.org'}", "creators", "[{'name':'Ann'}]"},
        {"'main':'x'", "creators", "[{'nameType':'Organizational','name':':(unav)'}]"},
        {"'main':'x'", "types",
         "{'resourceTypeGeneral':'Software','schemaOrg':'SoftwareSourceCode','citeproc':'article',"
         "'bibtex':'misc','ris':'GEN'}"},
        {"'main':'x'", "titles", "[{'title':'pack'}]"},
        {"'main':'x'", "version", "'1.0.0'"},
        {"'license':'Own'", "rightsList", "[{'rights':'Own'}]"},
        {"'keywords':['a','b']", "subjects", "[{'subject':'a'},{'subject':'b'}]"},
        {"'description':'D','main':'x'", "descriptions",
         "[{'description':'D','descriptionType':'Abstract'}]"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = dh_arena_format(
            &fixture->arena, "{'name':'pack','version':'1.0.0','bin':'x',%s}", rows[i][0]);
        assert_member(read_one(fixture, NULL, text.ptr), rows[i][1], rows[i][2]);
    }
}

/* ---- round trips ----------------------------------------------------------------------------- */

static void test_round_trips(void **state)
{
    static const struct {
        const char *format;
        const char *lost; /* members that do not come back, with commas around */
    } rows[] = {
        {"datacite_json", ","},
        {"crosscite", ","},
        {"schema_org", ",creators,publicationYear,"},
        {"citeproc", ",types,creators,contributors,container,dates,publicationYear,identifiers,"
                     "sizes,formats,geoLocations,fundingReferences,relatedIdentifiers,"},
    };
    struct fixture *fixture = *state;
    struct json_object *wanted = json_of(&fixture->arena, DATASET);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = written(fixture, rows[i].format, wanted);
        if (read_bytes(fixture, NULL, text))
            fail_msg("%s: %s", rows[i].format, fixture->err.text);
        assert_string_equal(fixture->used->name, rows[i].format);
        struct json_object *record = json_object_array_get_idx(fixture->records, 0);
        json_object_object_foreach(wanted, key, value)
        {
            struct dh_str name = dh_arena_format(&fixture->arena, ",%s,", key);
            if (!strstr(rows[i].lost, name.ptr) && !dh_json_equal(dh_json_get(record, key), value))
                fail_msg("%s loses %s: %s", rows[i].format, key,
                         json_object_to_json_string(dh_json_get(record, key)));
        }
    }
    json_object_put(wanted);
}

/* ---- documents that mean harm ---------------------------------------------------------------- */

static const char *const json_formats[] = {"schema_org", "codemeta", "datacite_json",
                                           "crosscite",  "citeproc", "npm"};

/* Whatever a reader makes, the writers that read trees must bear. */
static void read_and_write(struct fixture *fixture, struct json_object *document)
{
    struct dh_arena_mark mark = dh_arena_mark(&fixture->arena);
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_json_write(&buf, document, DH_JSON_PLAIN);
    for (size_t i = 0; i < COUNT(json_formats); i++) {
        enum dh_status status = read_bytes(fixture, json_formats[i], dh_buf_view(&buf));
        if (status != DH_OK && status != DH_INVALID)
            fail_msg("%s: %d %s", json_formats[i], (int)status, fixture->err.text);
        assert_true(status == DH_OK ? json_object_array_length(fixture->records) > 0
                                    : !fixture->records && fixture->err.text[0]);
        if (status == DH_OK) {
            struct json_object *record = json_object_array_get_idx(fixture->records, 0);
            written(fixture, "crosscite", record);
            written(fixture, "schema_org", record);
            written(fixture, "citeproc", record);
        }
    }
    dh_buf_release(&buf);
    dh_arena_rewind(&fixture->arena, mark);
}

static struct json_object *odd_value(size_t i)
{
    static const char *const odd[] = {"null",
                                      "1",
                                      "\"\"",
                                      "[]",
                                      "{}",
                                      "[[]]",
                                      "[null]",
                                      "true",
                                      "\"x\"",
                                      "1e999",
                                      "{\"@id\":[],\"name\":{}}"};
    struct json_object *value = NULL;
    if (i >= COUNT(odd))
        return NULL;
    assert_int_equal(dh_json_parse(dh_str(odd[i]), &value, NULL), DH_OK);
    return value;
}

enum { ODD = 11 };

/* Puts each odd value into each place of the document, one at a time. */
static void spoil(struct fixture *fixture, struct json_object *document, struct json_object *place)
{
    size_t count =
        json_object_is_type(place, json_type_array) ? json_object_array_length(place) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *old = json_object_get(json_object_array_get_idx(place, i));
        spoil(fixture, document, old);
        for (size_t k = 0; k < ODD; k++) {
            json_object_array_put_idx(place, i, odd_value(k));
            read_and_write(fixture, document);
        }
        json_object_array_put_idx(place, i, old);
    }
    if (!json_object_is_type(place, json_type_object))
        return;
    json_object_object_foreach(place, key, value)
    {
        struct json_object *old = json_object_get(value);
        spoil(fixture, document, old);
        for (size_t k = 0; k < ODD; k++) {
            json_object_object_add(place, key, odd_value(k));
            read_and_write(fixture, document);
        }
        json_object_object_add(place, key, old);
    }
}

static void test_odd_values(void **state)
{
    struct fixture *fixture = *state;
    struct json_object *dataset = json_of(&fixture->arena, DATASET);
    static const char *const formats[] = {"crosscite", "schema_org", "citeproc"};
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct json_object *document = NULL;
        assert_int_equal(dh_json_parse(written(fixture, formats[i], dataset), &document, NULL),
                         DH_OK);
        spoil(fixture, document, document);
        json_object_put(document);
    }
    json_object_put(dataset);
}

static struct dh_str repeated(struct fixture *fixture, const char *front, const char *unit,
                              size_t count, const char *back)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_buf_text(&buf, front);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(&buf, unit);
    dh_buf_text(&buf, back);
    struct dh_str out = dh_arena_copy(&fixture->arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return out;
}

static void test_hostile(void **state)
{
    enum { DEEP = 100, LONG = 10 * 1000 * 1000, MANY = 200 * 1000 };
    struct fixture *fixture = *state;
    static const struct {
        const char *front, *unit;
        size_t count;
        const char *back;
        enum dh_status status;
    } rows[] = {
        {"{\"doi\":\"10.5072/x\",\"titles\":", "[", DEEP, "", DH_LIMIT},
        {"", "{\"a\":", DEEP, "", DH_LIMIT},
        {"{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"", "a", LONG, "\"}]}", DH_OK},
        {"{\"doi\":\"10.5072/x\",\"publicationYear\":", "1", 1000 * 1000, "}", DH_OK},
        {"{\"@context\":\"http://schema.org\",\"version\":", "1", 1000 * 1000, "}", DH_OK},
        {"{\"@context\":\"http://schema.org\",\"description\":\"", "<b>&amp;", MANY, "\"}", DH_OK},
        {"{\"@context\":\"http://schema.org\",\"identifier\":[", "\"https://a.b/\",", MANY,
         "\"https://a.b/\"]}", DH_OK},
        {"{\"@context\":\"http://schema.org\",\"keywords\":\"", "a, ", MANY, "\"}", DH_OK},
        {"{\"doi\":\"10.5072/x\",\"titles\":\"\xFF", "", 0, "\"}", DH_INVALID},
        {"{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"\\ud800\"}]}", "", 0, "", DH_OK},
        {"{\"@context\":\"http://schema.org\",\"@id\":\"10.5072/\\u0000\"}", "", 0, "", DH_OK},
        {"{", "\"a\":1,", MANY, "\"a\":2}", DH_INVALID},
        {"{\"doi\":\"10.5072/x\",\"creators\":[", "{\"affiliation\":\"a\"},", MANY, "{}]}", DH_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text =
            repeated(fixture, rows[i].front, rows[i].unit, rows[i].count, rows[i].back);
        enum dh_status status = read_bytes(fixture, NULL, text);
        if (status != rows[i].status)
            fail_msg("row %zu: %d %s", i, (int)status, fixture->err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_place_of_twin),
        cmocka_unit_test_setup_teardown(test_detection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_resource, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_spellings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_documents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_container, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_schema_org, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_graph, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_codemeta, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_citeproc, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_npm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_round_trips, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
