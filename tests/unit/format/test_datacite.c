/* DataCite XML: written from a metadata tree, read of any kernel, and both ways round. */
#include "format/datacite.h"
#include "format/parts.h"
#include "format/rows.h"
#include "support.h"

#define PROLOG "<?xml version='1.0' encoding='UTF-8'?>\n"
#define ROOT                                                                                       \
    "<resource xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "                             \
    "xmlns='http://datacite.org/schema/kernel-4' "                                                 \
    "xsi:schemaLocation='http://datacite.org/schema/kernel-4 "                                     \
    "http://schema.datacite.org/meta/kernel-4/metadata.xsd'>\n"

static struct dh_arena arena;

static int set_up(void **state)
{
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------- */

static struct dh_str written(const char *json)
{
    struct json_object *metadata = json_of(&arena, json);
    struct dh_buf out;
    struct dh_err err = {0};
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(dh_format_write(&dh_format_datacite, metadata, NULL, &out, &arena, &err),
                     DH_OK);
    struct dh_str text = dh_arena_copy(&arena, dh_buf_view(&out));
    dh_buf_release(&out);
    json_object_put(metadata);
    return text;
}

static void assert_xml(const char *json, const char *expected)
{
    struct dh_str text = written(json), wanted = quoted(&arena, expected);
    if (!dh_str_equal(text, wanted))
        fail_msg("%s\nis not\n%s", text.ptr, wanted.ptr);
}

/* Fails unless the XML of a record has this part (' for "). */
static void assert_part(const char *json, const char *part)
{
    struct dh_str text = written(json), wanted = quoted(&arena, part);
    if (!strstr(text.ptr, wanted.ptr))
        fail_msg("%s\nlacks\n%s", text.ptr, wanted.ptr);
}

static const char rich[] =
    "{'id':'https://doi.org/10.5072/moths','doi':'10.5072/moths',"
    "'types':{'resourceTypeGeneral':'Dataset','resourceType':'Moth counts','schemaOrg':'Dataset',"
    "'citeproc':'dataset','bibtex':'misc','ris':'DATA'},"
    "'creators':[{'nameType':'Personal','name':'Nilsen, Tuva','givenName':'Tuva',"
    "'familyName':'Nilsen','nameIdentifiers':[{'nameIdentifier':"
    "'https://orcid.org/0000-0002-1825-0097','schemeUri':'https://orcid.org',"
    "'nameIdentifierScheme':'ORCID'}],'affiliation':[{'name':'Fjord Station',"
    "'affiliationIdentifier':'https://ror.org/05bp8ka05','affiliationIdentifierScheme':'ROR',"
    "'schemeUri':'https://ror.org'}]},{'nameType':'Organizational','name':'Night Watch'}],"
    "'titles':[{'title':'Moths & lights','lang':'en'},"
    "{'title':'M\xC3\xB8ll','titleType':'TranslatedTitle','lang':'no'}],"
    "'publisher':{'name':'Fjord Archive','publisherIdentifier':'https://ror.org/04wxnsj81',"
    "'publisherIdentifierScheme':'ROR','schemeUri':'https://ror.org','lang':'en'},"
    "'subjects':[{'subject':'moths'},{'subject':'Lepidoptera','subjectScheme':'GBIF',"
    "'classificationCode':'797','schemeUri':'https://gbif.org','valueUri':"
    "'https://gbif.org/797','lang':'la'}],"
    "'contributors':[{'name':'Berg, Ola','contributorType':'DataCurator'}],"
    "'dates':[{'date':'2021-06-01/2021-08-31','dateType':'Collected','dateInformation':'nights'},"
    "{'date':'2022','dateType':'Issued'}],"
    "'publicationYear':2022,'language':'en',"
    "'identifiers':[{'identifierType':'Station','identifier':'M-7'}],"
    "'sizes':['3 MB'],'formats':['text/csv'],'version':'1.1',"
    "'rightsList':[{'rights':'Creative Commons Zero v1.0 Universal','rightsUri':"
    "'https://creativecommons.org/publicdomain/zero/1.0/legalcode','rightsIdentifier':'cc0-1.0',"
    "'rightsIdentifierScheme':'SPDX','schemeUri':'https://spdx.org/licenses/'}],"
    "'descriptions':[{'description':'Counted <1 lux.','descriptionType':'Abstract','lang':'en'}],"
    "'geoLocations':[{'geoLocationPoint':{'pointLatitude':'60.5','pointLongitude':'5.25'},"
    "'geoLocationBox':{'westBoundLongitude':'5','eastBoundLongitude':'6','southBoundLatitude':"
    "'60','northBoundLatitude':'61'},'geoLocationPolygon':[{'polygonPoint':{'pointLatitude':'1',"
    "'pointLongitude':'2'}},{'inPolygonPoint':{'pointLatitude':'3','pointLongitude':'4'}}],"
    "'geoLocationPlace':'Fjord'}],"
    "'fundingReferences':[{'funderName':'Moth Fund','funderIdentifier':"
    "'https://doi.org/10.13039/100000054','funderIdentifierType':'Crossref Funder ID',"
    "'awardNumber':'A1','awardUri':'https://example.org/a1','awardTitle':'Nights'}],"
    "'relatedIdentifiers':[{'relatedIdentifier':'10.5072/lights','relatedIdentifierType':'DOI',"
    "'relationType':'IsSupplementTo','resourceTypeGeneral':'JournalArticle'},"
    "{'relatedIdentifier':'https://example.org/m.json','relatedIdentifierType':'URL',"
    "'relationType':'HasMetadata','relatedMetadataScheme':'eml','schemeUri':"
    "'https://eml.example.org','schemeType':'XSD'},{'relatedIdentifier':'x','relationType':'Other',"
    "'relatedIdentifierType':'w3id','relationTypeInformation':'seen with'}],"
    "'relatedItems':[{'relationType':'IsPublishedIn','relatedItemType':'Journal',"
    "'relatedItemIdentifier':{'relatedItemIdentifier':'1234-5678','relatedItemIdentifierType':"
    "'ISSN'},'creators':[{'name':'Ek, A.'}],'titles':[{'title':'Night Journal'}],"
    "'publicationYear':'2022','volume':'7','issue':'2','number':'12','numberType':'Article',"
    "'firstPage':'3','lastPage':'9','publisher':'Dusk','edition':'2nd','contributors':"
    "[{'name':'Lie, B.','contributorType':'Editor'}],'relationTypeInformation':'soon'}],"
    "'container':{'type':'DataRepository','title':'Night Journal','volume':'7','issue':'2'},"
    "'schemaVersion':'http://datacite.org/schema/kernel-4','agency':'datacite',"
    "'state':'findable'}";

/* In two parts: a compiler need not take longer texts. */
static const char rich_front[] = PROLOG ROOT
    "  <identifier identifierType='DOI'>10.5072/moths</identifier>\n"
    "  <creators>\n"
    "    <creator>\n"
    "      <creatorName nameType='Personal'>Nilsen, Tuva</creatorName>\n"
    "      <givenName>Tuva</givenName>\n"
    "      <familyName>Nilsen</familyName>\n"
    "      <nameIdentifier nameIdentifierScheme='ORCID' schemeURI='https://orcid.org'>"
    "https://orcid.org/0000-0002-1825-0097</nameIdentifier>\n"
    "      <affiliation affiliationIdentifier='https://ror.org/05bp8ka05' "
    "affiliationIdentifierScheme='ROR' schemeURI='https://ror.org'>Fjord Station</affiliation>\n"
    "    </creator>\n"
    "    <creator>\n"
    "      <creatorName nameType='Organizational'>Night Watch</creatorName>\n"
    "    </creator>\n"
    "  </creators>\n"
    "  <titles>\n"
    "    <title xml:lang='en'>Moths &amp; lights</title>\n"
    "    <title titleType='TranslatedTitle' xml:lang='no'>M\xC3\xB8ll</title>\n"
    "  </titles>\n"
    "  <publisher publisherIdentifier='https://ror.org/04wxnsj81' publisherIdentifierScheme='ROR' "
    "schemeURI='https://ror.org' xml:lang='en'>Fjord Archive</publisher>\n"
    "  <publicationYear>2022</publicationYear>\n"
    "  <resourceType resourceTypeGeneral='Dataset'>Moth counts</resourceType>\n"
    "  <subjects>\n"
    "    <subject>moths</subject>\n"
    "    <subject subjectScheme='GBIF' schemeURI='https://gbif.org' "
    "valueURI='https://gbif.org/797' classificationCode='797' xml:lang='la'>Lepidoptera</subject>\n"
    "  </subjects>\n"
    "  <contributors>\n"
    "    <contributor contributorType='DataCurator'>\n"
    "      <contributorName>Berg, Ola</contributorName>\n"
    "    </contributor>\n"
    "  </contributors>\n"
    "  <dates>\n"
    "    <date dateType='Collected' dateInformation='nights'>2021-06-01/2021-08-31</date>\n"
    "    <date dateType='Issued'>2022</date>\n"
    "  </dates>\n"
    "  <language>en</language>\n"
    "  <alternateIdentifiers>\n"
    "    <alternateIdentifier alternateIdentifierType='Station'>M-7</alternateIdentifier>\n"
    "  </alternateIdentifiers>\n"
    "  <relatedIdentifiers>\n"
    "    <relatedIdentifier relatedIdentifierType='DOI' relationType='IsSupplementTo' "
    "resourceTypeGeneral='JournalArticle'>10.5072/lights</relatedIdentifier>\n"
    "    <relatedIdentifier relatedIdentifierType='URL' relationType='HasMetadata' "
    "relatedMetadataScheme='eml' schemeURI='https://eml.example.org' schemeType='XSD'>"
    "https://example.org/m.json</relatedIdentifier>\n"
    "    <relatedIdentifier relatedIdentifierType='w3id' relationType='Other' "
    "relationTypeInformation='seen with'>x</relatedIdentifier>\n"
    "  </relatedIdentifiers>\n"
    "  <relatedItems>\n"
    "    <relatedItem relatedItemType='Journal' relationType='IsPublishedIn' "
    "relationTypeInformation='soon'>\n"
    "      <relatedItemIdentifier relatedItemIdentifierType='ISSN'>1234-5678"
    "</relatedItemIdentifier>\n"
    "      <creators>\n"
    "        <creator>\n"
    "          <creatorName>Ek, A.</creatorName>\n"
    "        </creator>\n"
    "      </creators>\n"
    "      <titles>\n"
    "        <title>Night Journal</title>\n"
    "      </titles>\n"
    "      <publicationYear>2022</publicationYear>\n"
    "      <volume>7</volume>\n"
    "      <issue>2</issue>\n"
    "      <number numberType='Article'>12</number>\n"
    "      <firstPage>3</firstPage>\n"
    "      <lastPage>9</lastPage>\n"
    "      <publisher>Dusk</publisher>\n"
    "      <edition>2nd</edition>\n"
    "      <contributors>\n"
    "        <contributor contributorType='Editor'>\n"
    "          <contributorName>Lie, B.</contributorName>\n"
    "        </contributor>\n"
    "      </contributors>\n"
    "    </relatedItem>\n"
    "  </relatedItems>\n";
static const char rich_back[] =
    "  <sizes>\n"
    "    <size>3 MB</size>\n"
    "  </sizes>\n"
    "  <formats>\n"
    "    <format>text/csv</format>\n"
    "  </formats>\n"
    "  <version>1.1</version>\n"
    "  <rightsList>\n"
    "    <rights rightsURI='https://creativecommons.org/publicdomain/zero/1.0/legalcode' "
    "rightsIdentifier='cc0-1.0' rightsIdentifierScheme='SPDX' "
    "schemeURI='https://spdx.org/licenses/'>Creative Commons Zero v1.0 Universal</rights>\n"
    "  </rightsList>\n"
    "  <descriptions>\n"
    "    <description xml:lang='en' descriptionType='Abstract'>Counted &lt;1 lux."
    "</description>\n"
    "  </descriptions>\n"
    "  <geoLocations>\n"
    "    <geoLocation>\n"
    "      <geoLocationPlace>Fjord</geoLocationPlace>\n"
    "      <geoLocationPoint>\n"
    "        <pointLatitude>60.5</pointLatitude>\n"
    "        <pointLongitude>5.25</pointLongitude>\n"
    "      </geoLocationPoint>\n"
    "      <geoLocationBox>\n"
    "        <westBoundLongitude>5</westBoundLongitude>\n"
    "        <eastBoundLongitude>6</eastBoundLongitude>\n"
    "        <southBoundLatitude>60</southBoundLatitude>\n"
    "        <northBoundLatitude>61</northBoundLatitude>\n"
    "      </geoLocationBox>\n"
    "      <geoLocationPolygon>\n"
    "        <polygonPoint>\n"
    "          <pointLatitude>1</pointLatitude>\n"
    "          <pointLongitude>2</pointLongitude>\n"
    "        </polygonPoint>\n"
    "        <inPolygonPoint>\n"
    "          <pointLatitude>3</pointLatitude>\n"
    "          <pointLongitude>4</pointLongitude>\n"
    "        </inPolygonPoint>\n"
    "      </geoLocationPolygon>\n"
    "    </geoLocation>\n"
    "  </geoLocations>\n"
    "  <fundingReferences>\n"
    "    <fundingReference>\n"
    "      <funderName>Moth Fund</funderName>\n"
    "      <funderIdentifier funderIdentifierType='Crossref Funder ID'>"
    "https://doi.org/10.13039/100000054</funderIdentifier>\n"
    "      <awardNumber awardURI='https://example.org/a1'>A1</awardNumber>\n"
    "      <awardTitle>Nights</awardTitle>\n"
    "    </fundingReference>\n"
    "  </fundingReferences>\n"
    "</resource>\n";

static void a_rich_record_is_written_in_full(void **state)
{
    (void)state;
    assert_xml(rich, dh_arena_format(&arena, "%s%s", rich_front, rich_back).ptr);
}

static void an_empty_record_has_what_is_always_there(void **state)
{
    (void)state;
    static const char bare[] = PROLOG ROOT "  <identifier identifierType='DOI'/>\n"
                                           "  <creators/>\n"
                                           "  <titles/>\n"
                                           "  <publisher/>\n"
                                           "  <publicationYear/>\n"
                                           "  <sizes/>\n"
                                           "  <formats/>\n"
                                           "  <version/>\n"
                                           "</resource>\n";
    assert_xml("{}", bare);
    assert_xml("{'creators':null,'titles':[],'subjects':[],'contributors':[],'dates':null,"
               "'identifiers':[{'identifier':'10.5072/x','identifierType':'DOI'}],"
               "'descriptions':[],'container':{},'types':{},'rightsList':[],'language':''}",
               bare);
}

static void odd_shapes_are_taken_as_they_are_meant(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } rows[] = {
        {"{'doi':'','id':'https://doi.org/10.5072/A%3CB'}", ">10.5072/a"},
        {"{'titles':['A','B']}", "<title>A</title>\n    <title>B</title>"},
        {"{'titles':{'title':'A'}}", "<titles>\n    <title>A</title>\n  </titles>"},
        {"{'creators':['Ek']}", "<creatorName>Ek</creatorName>"},
        {"{'creators':[{'name':'E','affiliation':['Fjord']}]}", "<affiliation>Fjord</affiliation>"},
        {"{'creators':[{'name':'no','familyName':'Ek'}]}", "<creatorName>Ek</creatorName>"},
        {"{'creators':[{'familyName':'Ek','givenName':'A'}]}", "<creatorName>Ek, A</creatorName>"},
        {"{'creators':[{'name':'E','nameIdentifiers':[{'nameIdentifier':'7'}]}]}",
         "<nameIdentifier>7</nameIdentifier>"},
        {"{'contributors':[{'name':'E'}]}", "<contributor>\n"},
        {"{'publisher':'Dusk'}", "<publisher>Dusk</publisher>"},
        {"{'container':{'title':'Night'}}", "<publisher>Night</publisher>"},
        {"{'types':{'schemaOrg':'ScholarlyArticle'}}",
         "<resourceType resourceTypeGeneral='Text'/>"},
        {"{'types':{'schemaOrg':'Unheard'}}", "<resourceType resourceTypeGeneral='Other'/>"},
        {"{'dates':[{'date':'2020'}]}", "<date dateType='Issued'>2020</date>"},
        {"{'subjects':['a',{'subject':'b'}]}", "<subject>a</subject>\n    <subject>b</subject>"},
        {"{'rightsList':['HTTPS://x','https://Example.org/L/']}",
         "<rights>HTTPS://x</rights>\n    <rights rightsURI='https://example.org/L'>"},
        {"{'descriptions':['text']}", "<description descriptionType='Abstract'>text<"},
        {"{'geoLocations':[{}]}", "<geoLocations>\n    <geoLocation/>\n  </geoLocations>"},
        {"{'geoLocations':[{'geoLocationPoint':{'pointLatitude':1.50,'pointLongitude':-2}}]}",
         "<pointLatitude>1.50</pointLatitude>\n        <pointLongitude>-2</pointLongitude>"},
        {"{'geoLocations':[{'geoLocationPolygon':[[{'polygonPoint':{'pointLatitude':1}}],"
         "[{'polygonPoint':{'pointLatitude':2}}]]}]}",
         "</geoLocationPolygon>\n      <geoLocationPolygon>"},
        {"{'fundingReferences':[{'awardUri':'https://x.org'}]}",
         "<funderName/>\n      <awardNumber awardURI='https://x.org'/>"},
        {"{'fundingReferences':[{'awardTitle':{'__content__':'T','lang':'en'}}]}",
         "<awardTitle>T</awardTitle>"},
        {"{'fundingReferences':[{'funderIdentifier':'i','schemeUri':'https://x.org'}]}",
         "<funderIdentifier schemeURI='https://x.org'>i</funderIdentifier>"},
        {"{'relatedIdentifiers':[{'relatedIdentifier':'x','relationType':'Cites',"
         "'schemeUri':'u'}]}",
         "<relatedIdentifier relationType='Cites'>x</relatedIdentifier>"},
        {"{'relatedItems':[{'titles':[],'relatedItemIdentifier':{'schemeURI':'u',"
         "'relatedItemIdentifier':'x'},'contributors':[{'name':'E'}]}]}",
         "<relatedItemIdentifier schemeURI='u'>x</relatedItemIdentifier>\n"
         "      <titles/>\n      <contributors>\n        <contributor contributorType='Other'>"},
        {"{'titles':[{'title':'a\\u0001b\\r<c>&\\u0000'}]}",
         "<title>ab&#13;&lt;c&gt;&amp;</title>"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_part(rows[i].json, rows[i].part);
}

static void a_container_that_only_the_tree_knows_is_told(void **state)
{
    (void)state;
    assert_part("{'container':{'title':'Night','volume':'7','issue':'2','firstPage':'3',"
                "'lastPage':'9'},'descriptions':[{'description':'x','descriptionType':'Other'}]}",
                "<description descriptionType='SeriesInformation'>Night, 7(2), 3-9</description>\n"
                "    <description descriptionType='Other'>");
    assert_part("{'container':{'title':'Night','firstPage':'3'}}", ">Night, 3</description>");
    const char *told = "{'container':{'title':'Night'},'descriptions':[{'description':'Night',"
                       "'descriptionType':'SeriesInformation'}]}";
    assert_part(told, "<descriptions>\n    <description descriptionType='SeriesInformation'>Night"
                      "</description>\n  </descriptions>");
}

static void elements_know_what_they_were_made_from(void **state)
{
    (void)state;
    struct json_object *metadata = json_of(&arena, rich);
    struct dh_xml *root = dh_datacite_tree(metadata, &arena);
    static const struct {
        const char *path[5], *pointer;
    } rows[] = {
        {{"identifier"}, "/doi"},
        {{"creators"}, "/creators"},
        {{"creators", "creator"}, "/creators/0"},
        {{"creators", "creator", "creatorName"}, "/creators/0/name"},
        {{"creators", "creator", "affiliation"}, "/creators/0/affiliation/0"},
        {{"publisher"}, "/publisher"},
        {{"resourceType"}, "/types"},
        {{"publicationYear"}, "/publicationYear"},
        {{"dates", "date"}, "/dates/0"},
        {{"alternateIdentifiers", "alternateIdentifier"}, "/identifiers/0"},
        {{"relatedItems", "relatedItem", "titles", "title"}, "/relatedItems/0/titles/0"},
        {{"relatedItems", "relatedItem", "number"}, "/relatedItems/0/number"},
        {{"geoLocations", "geoLocation", "geoLocationPolygon", "inPolygonPoint", "pointLatitude"},
         "/geoLocations/0/geoLocationPolygon/1/inPolygonPoint/pointLatitude"},
        {{"fundingReferences", "fundingReference", "awardNumber"},
         "/fundingReferences/0/awardNumber"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_xml *x = root;
        for (size_t k = 0; k < 5 && rows[i].path[k]; k++)
            x = dh_xml_child(x, rows[i].path[k]);
        if (!x || !dh_str_equal(x->pointer, dh_str(rows[i].pointer)))
            fail_msg("%s: %.*s", rows[i].pointer, x ? (int)x->pointer.len : 0,
                     x ? x->pointer.ptr : "");
    }
    json_object_put(metadata);
}

static void stored_xml_passes_unchanged(void **state)
{
    (void)state;
    assert_xml("{'doi':'10.5072/x','xml':'PHI+w6k8L3I+'}", "<r>\xC3\xA9</r>");
    assert_xml("{'doi':'10.5072/x','xml':' PHI+\\nw6k8L3I+Cg==\\n'}", "<r>\xC3\xA9</r>\n");
    assert_part("{'doi':'10.5072/x','xml':'<r/>'}", ">10.5072/x</identifier>");
    assert_part("{'doi':'10.5072/x','xml':''}", ">10.5072/x</identifier>");
    assert_part("{'doi':'10.5072/x','xml':7}", ">10.5072/x</identifier>");
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct json_object *read_all(const char *xml)
{
    struct json_object *records = NULL;
    const struct dh_format *used;
    struct dh_err err = {0};
    if (dh_format_read(NULL, dh_str(xml), &used, &records, &arena, &err))
        fail_msg("%s", err.text);
    assert_ptr_equal(used, &dh_format_datacite);
    return records;
}

/* The member of the one record in a kernel-4 resource with these elements in it. */
static void assert_read(const char *elements, const char *key, const char *expected)
{
    struct dh_str xml = dh_arena_format(
        &arena, "<resource xmlns='http://datacite.org/schema/kernel-4'>%s</resource>", elements);
    struct json_object *records = read_all(xml.ptr);
    assert_int_equal(json_object_array_length(records), 1);
    assert_member(json_object_array_get_idx(records, 0), key, expected);
    json_object_put(records);
}

struct row {
    const char *elements, *key, *expected;
};

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_read(rows[i].elements, rows[i].key, rows[i].expected);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct json_object *records = read_all(written(rich).ptr);
    struct json_object *record = json_object_array_get_idx(records, 0);
    struct json_object *given = json_of(&arena, rich);
    json_object_object_foreach(given, key, value)
    {
        struct json_object *again = dh_json_get(record, key);
        if (strcmp(key, "publicationYear") == 0) /* numbers come back as text, and text as HTML */
            assert_written(again, "'2022'");
        else if (strcmp(key, "titles") == 0)
            assert_member(dh_at(again, 0), "title", "'Moths &amp; lights'");
        else if (strcmp(key, "descriptions") == 0)
            assert_member(dh_at(again, 0), "description", "'Counted &lt;1 lux.'");
        else if (strcmp(key, "container") != 0 && !dh_json_equal(again, value))
            fail_msg("%s: %s is not %s", key, json_object_to_json_string(again),
                     json_object_to_json_string(value));
    }
    json_object_put(given);
    json_object_put(records);
}

static void texts_are_cleaned(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<titles><title>\n A &amp; B  <i>c</i>\n</title><title> </title><title titleType='x'/>"
         "</titles>",
         "titles", "[{'title':'A &amp; B <i>c</i>'}]"},
        {"<titles><title>l1<br/>l2 <mark>gone</mark><b>b<u>x</u></b></title></titles>", "titles",
         "[{'title':'l1l2 <b>b</b>'}]"},
        {"<titles><title>&lt;p&gt;x&lt;/p&gt; 1 &lt; 2</title></titles>", "titles",
         "[{'title':'x 1 &lt; 2'}]"},
        {"<descriptions><description descriptionType='Methods' xml:lang='en'> a  b\n\n c "
         "&lt;br/&gt;"
         "</description><description>d</description><description/></descriptions>",
         "descriptions",
         "[{'description':'a b\\n\\n c <br>','descriptionType':'Methods','lang':'en'},"
         "{'description':'d','descriptionType':'Abstract'}]"},
        {"<subjects><subject>x</subject><subject>x</subject><subject subjectScheme='s'>x</subject>"
         "<subject/></subjects>",
         "subjects", "[{'subject':'x'},{'subject':'x','subjectScheme':'s'}]"},
        {"<sizes><size> 1\n MB </size><size> </size></sizes>", "sizes", "['1 MB']"},
        {"<formats/>", "formats", "[]"},
        {"<version> 1 </version>", "version", "' 1 '"},
        {"<version/>", "version", NULL},
        {"<language> de </language>", "language", "'de'"},
        {"<publisher> </publisher><publisher xml:lang='en'> A\n</publisher>", "publisher",
         "{'name':'A','lang':'en'}"},
        {"<publisher publisherIdentifier='ror.org/04wxnsj81' publisherIdentifierScheme='ROR'/>",
         "publisher",
         "{'publisherIdentifier':'https://ror.org/04wxnsj81','publisherIdentifierScheme':'ROR'}"},
    };
    assert_rows(rows, COUNT(rows));
}

static void names_stay_as_they_were_given(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<creators><creator><creatorName>Ollen, B.</creatorName></creator><creator><creatorName "
         "nameType='Personal'>Ida Lund</creatorName><familyName>Lund</familyName></creator>"
         "</creators>",
         "creators",
         "[{'name':'Ollen, B.'},{'nameType':'Personal','name':'Ida Lund','familyName':'Lund'}]"},
        {"<creators><creator><creatorName>A</creatorName><creatorName>B</creatorName></creator>"
         "<creator/></creators>",
         "creators", "[]"},
        {"<creators><creator><creatorName>A</creatorName><nameIdentifier "
         "nameIdentifierScheme='ORCID'>0000-0002-1825-0097</nameIdentifier><affiliation> F\n S "
         "</affiliation></creator></creators>",
         "creators",
         "[{'name':'A','nameIdentifiers':[{'nameIdentifier':'https://orcid.org/"
         "0000-0002-1825-0097','schemeUri':'https://orcid.org','nameIdentifierScheme':'ORCID'}],"
         "'affiliation':[{'name':'F S'}]}]"},
        {"<contributors><contributor contributorType='Editor'><contributorName>A</contributorName>"
         "</contributor></contributors>",
         "contributors", "[{'name':'A','contributorType':'Editor'}]"},
        {"", "creators", "[]"},
    };
    assert_rows(rows, COUNT(rows));
}

static void dates_need_a_type_and_a_form(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<dates><date dateType='Created'> 2020-01 </date><date>2021</date><date "
         "dateType='Updated'>May 2020</date><date dateType='Issued'>:tba</date></dates>",
         "dates", "[{'date':'2020-01','dateType':'Created'},{'date':':tba','dateType':'Issued'}]"},
        {"<publicationYear>\n 2020 </publicationYear>", "dates",
         "[{'date':'2020','dateType':'Issued'}]"},
        {"<publicationYear>\n 2020 </publicationYear>", "publicationYear", "'2020'"},
        {"<dates><date dateType='Created' dateInformation='x'>2020</date></dates>"
         "<publicationYear>2021</publicationYear>",
         "dates",
         "[{'date':'2020','dateType':'Created','dateInformation':'x'},{'date':'2021','dateType':"
         "'Issued'}]"},
        {"", "dates", "[]"},
    };
    assert_rows(rows, COUNT(rows));
}

static void identifiers_come_in_one_form(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<identifier identifierType='DOI'>doi:10.5072/ABC</identifier>", "doi", "'10.5072/abc'"},
        {"<identifier identifierType='DOI'>\n 10.5072/ABC\n</identifier>", "id",
         "'https://doi.org/10.5072/abc'"},
        {"<identifier identifierType='DOI'>10.5072/ABC</identifier>", "state", "'findable'"},
        {"<identifier>none</identifier>", "state", "'not_found'"},
        {"<alternateIdentifiers><alternateIdentifier alternateIdentifierType='issn'>1</"
         "alternateIdentifier><alternateIdentifier alternateIdentifierType='x'/>"
         "</alternateIdentifiers>",
         "identifiers", "[{'identifierType':'ISSN','identifier':'1'}]"},
        {"<relatedIdentifiers><relatedIdentifier relatedIdentifierType='DOI' relationType='Cites'>"
         "https://doi.org/10.5072/X</relatedIdentifier><relatedIdentifier "
         "relatedIdentifierType='DOI'>no</relatedIdentifier><relatedIdentifier "
         "relatedIdentifierType='ARK'> ark:1 </relatedIdentifier></relatedIdentifiers>",
         "relatedIdentifiers",
         "[{'relatedIdentifier':'10.5072/x','relatedIdentifierType':'DOI','relationType':'Cites'},"
         "{'relatedIdentifierType':'DOI'},{'relatedIdentifier':' ark:1 ','relatedIdentifierType':"
         "'ARK'}]"},
        {"<fundingReferences><fundingReference><funderName>F</funderName><funderIdentifier "
         "funderIdentifierType='ROR'>021nxhr62</funderIdentifier></fundingReference>"
         "<fundingReference><funderIdentifier funderIdentifierType='Crossref Funder ID'>100000054"
         "</funderIdentifier><awardTitle xml:lang='en'>T</awardTitle></fundingReference>"
         "<fundingReference><funderIdentifier funderIdentifierType='Other'>x 1"
         "</funderIdentifier></fundingReference></fundingReferences>",
         "fundingReferences",
         "[{'funderName':'F','funderIdentifier':'https://ror.org/"
         "021nxhr62','funderIdentifierType':'ROR','schemeUri':'https://ror.org'},"
         "{'funderIdentifier':'https://doi.org/10.13039/100000054','funderIdentifierType':"
         "'Crossref Funder ID','awardTitle':'T'},{'funderIdentifier':'x 1',"
         "'funderIdentifierType':'Other'}]"},
    };
    assert_rows(rows, COUNT(rows));
}

static void types_are_completed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<resourceType resourceTypeGeneral='Dataset'/>", "types",
         "{'resourceTypeGeneral':'Dataset','schemaOrg':'Dataset','citeproc':'dataset',"
         "'bibtex':'misc','ris':'DATA'}"},
        {"<resourceType>Thing</resourceType>", "types",
         "{'resourceType':'Thing','schemaOrg':'CreativeWork','citeproc':'article','bibtex':'misc',"
         "'ris':'GEN'}"},
        {"", "types",
         "{'schemaOrg':'CreativeWork','citeproc':'article','bibtex':'misc','ris':'GEN'}"},
    };
    assert_rows(rows, COUNT(rows));
}

static void places_of_all_kernels_are_read(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<geoLocations><geoLocation><geoLocationPoint>60.5 -5</geoLocationPoint></geoLocation>"
         "<geoLocation><geoLocationBox> 1 2\n3 4 </geoLocationBox><geoLocationPlace> P "
         "</geoLocationPlace></geoLocation></geoLocations>",
         "geoLocations",
         "[{'geoLocationPoint':{'pointLatitude':'60.5','pointLongitude':'-5'}},{'geoLocationBox':"
         "{'southBoundLatitude':'1','westBoundLongitude':'2','northBoundLatitude':'3',"
         "'eastBoundLongitude':'4'},'geoLocationPlace':'P'}]"},
        {"<geoLocations><geoLocation><geoLocationPoint>somewhere</geoLocationPoint></geoLocation>"
         "<geoLocation><geoLocationPoint>1 2 3</geoLocationPoint></geoLocation><geoLocation/>"
         "<geoLocation><geoLocationBox>1 2</geoLocationBox></geoLocation></geoLocations>",
         "geoLocations", "[]"},
        {"<geoLocations><geoLocation><geoLocationPolygon><polygonPoint><pointLongitude>1"
         "</pointLongitude><pointLatitude>2</pointLatitude></polygonPoint><inPolygonPoint>"
         "<pointLatitude>3</pointLatitude></inPolygonPoint></geoLocationPolygon></geoLocation>"
         "<geoLocation><geoLocationPlace>P</geoLocationPlace><geoLocationPolygon><polygonPoint>"
         "<pointLatitude>2</pointLatitude></polygonPoint></geoLocationPolygon><geoLocationPolygon/>"
         "</geoLocation></geoLocations>",
         "geoLocations",
         "[{'geoLocationPolygon':[{'polygonPoint':{'pointLongitude':'1','pointLatitude':'2'}},"
         "{'inPolygonPoint':{'pointLatitude':'3'}}]},{'geoLocationPlace':'P'}]"},
    };
    assert_rows(rows, COUNT(rows));
}

static void licences_are_told(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<rightsList><rights>Fair use</rights><rights/><rights rightsURI='https://example.org/l' "
         "xml:lang='en'>L</rights></rightsList>",
         "rightsList",
         "[{'rights':'Fair use'},{'rights':'L','rightsUri':'https://example.org/l','lang':'en'}]"},
        {"<rights>At the top</rights>", "rightsList", "[{'rights':'At the top'}]"},
        {"<rightsList><rights rightsIdentifier='CC0-1.0'>zero</rights></rightsList>", "rightsList",
         "[{'rights':'Creative Commons Zero v1.0 Universal','rightsUri':"
         "'https://creativecommons.org/publicdomain/zero/1.0/legalcode','rightsIdentifier':"
         "'cc0-1.0','rightsIdentifierScheme':'SPDX','schemeUri':'https://spdx.org/licenses/'}]"},
    };
    assert_rows(rows, COUNT(rows));
}

static void related_items_and_their_container(void **state)
{
    (void)state;
    static const char item[] =
        "<relatedItems><relatedItem relationType='IsPublishedIn' relatedItemType='Journal'>"
        "<relatedItemIdentifier relatedItemIdentifierType='DOI' schemeURI='u'>doi:10.5072/J"
        "</relatedItemIdentifier><titles><title>J</title></titles><volume>7</volume><number "
        "numberType='Chapter'>4</number></relatedItem></relatedItems>";
    assert_read(item, "relatedItems",
                "[{'relationType':'IsPublishedIn','relatedItemType':'Journal',"
                "'relatedItemIdentifier':{'relatedItemIdentifier':'10.5072/j',"
                "'relatedItemIdentifierType':'DOI','schemeURI':'u'},'creators':[],'titles':"
                "[{'title':'J'}],'volume':'7','number':'4','numberType':'Chapter','contributors':"
                "[]}]");
    struct dh_str xml =
        dh_arena_format(&arena, "<resource>%s</resource>", item); /* without a namespace */
    struct json_object *records = read_all(xml.ptr);
    struct json_object *container = dh_json_get(json_object_array_get_idx(records, 0), "container");
    assert_member(container, "title", "'J'");
    assert_member(container, "chapterNumber", "'4'");
    json_object_put(records);
}

static void roots_are_known_by_their_namespace(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *version;
    } rows[] = {
        {"<resource xmlns='http://datacite.org/schema/kernel-2.2'/>",
         "'http://datacite.org/schema/kernel-2.2'"},
        {"<d:resource xmlns:d='http://datacite.org/schema/kernel-3'><d:version>1</d:version>"
         "</d:resource>",
         "'http://datacite.org/schema/kernel-3'"},
        {"\xEF\xBB\xBF\n<resource/>", "'http://datacite.org/schema/kernel-4'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *records = read_all(rows[i].xml);
        assert_member(json_object_array_get_idx(records, 0), "schemaVersion", rows[i].version);
        json_object_put(records);
    }
}

static void an_envelope_gives_all_its_resources(void **state)
{
    (void)state;
    struct json_object *records =
        read_all("<list xmlns:d='http://datacite.org/schema/kernel-4'><r><d:resource><d:version>1"
                 "</d:version></d:resource></r><r><m><d:resource><d:version>2</d:version>"
                 "</d:resource></m></r><r/><resource/></list>");
    assert_int_equal(json_object_array_length(records), 2);
    assert_member(json_object_array_get_idx(records, 0), "version", "'1'");
    assert_member(json_object_array_get_idx(records, 1), "version", "'2'");
    json_object_put(records);
}

static void other_xml_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"<html/>", "<resource xmlns='urn:x'/>", "<resource",
                                        "<a><resource/></a>"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct json_object *records;
        struct dh_err err = {0};
        assert_int_equal(
            dh_format_read(&dh_format_datacite, dh_str(texts[i]), NULL, &records, &arena, &err),
            DH_INVALID);
        assert_null(records);
        assert_true(err.text[0] != '\0');
    }
}

/* ---- memory --------------------------------------------------------------------------------- */

static void an_arena_too_small_loses_nothing(void **state)
{
    (void)state;
    struct dh_str xml = written(rich);
    struct json_object *metadata = json_of(&arena, rich);
    struct json_object *whole = read_all(xml.ptr);
    for (size_t max = 512; max < 256 * 1024; max += max / 16) {
        struct dh_arena small;
        struct dh_err err = {0};
        struct json_object *records = NULL;
        dh_arena_init(&small, max);
        struct dh_xml *tree = dh_datacite_tree(metadata, &small);
        struct dh_buf out;
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        dh_xml_write(&out, tree);
        if (tree && !out.status)
            assert_true(dh_str_equal(dh_buf_view(&out), xml));
        dh_buf_release(&out);
        dh_arena_clear(&small);
        if (dh_format_read(&dh_format_datacite, xml, NULL, &records, &small, &err) == DH_OK)
            assert_int_equal(
                dh_count_of(dh_json_get(json_object_array_get_idx(records, 0), "relatedItems")), 1);
        json_object_put(records);
        dh_arena_release(&small);
    }
    json_object_put(whole);
    json_object_put(metadata);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rich_record_is_written_in_full),
        TEST(an_empty_record_has_what_is_always_there),
        TEST(odd_shapes_are_taken_as_they_are_meant),
        TEST(a_container_that_only_the_tree_knows_is_told),
        TEST(elements_know_what_they_were_made_from),
        TEST(stored_xml_passes_unchanged),
        TEST(what_is_written_is_read_again),
        TEST(texts_are_cleaned),
        TEST(names_stay_as_they_were_given),
        TEST(dates_need_a_type_and_a_form),
        TEST(identifiers_come_in_one_form),
        TEST(types_are_completed),
        TEST(places_of_all_kernels_are_read),
        TEST(licences_are_told),
        TEST(related_items_and_their_container),
        TEST(roots_are_known_by_their_namespace),
        TEST(an_envelope_gives_all_its_resources),
        TEST(other_xml_is_refused),
        TEST(an_arena_too_small_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
