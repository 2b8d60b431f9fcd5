#include "records.h"

static struct dh_arena arena;

/* An answer of Crossref with these elements besides and in the metadata. */
#define ANSWER(items, metadata)                                                                    \
    "<?xml version=\"1.0\"?>\n<crossref_result xmlns=\"http://www.crossref.org/qrschema/3.0\">"    \
    "<query_result><head/><body><query status=\"resolved\">" items                                 \
    "<doi_record><crossref xmlns=\"http://www.crossref.org/xschema/1.1\">" metadata                \
    "</crossref></doi_record></query></body></query_result></crossref_result>"
#define JOURNAL(content) ANSWER("", "<journal>" content "</journal>")
#define ARTICLE(content) JOURNAL("<journal_article>" content "</journal_article>")
#define REPORT(content)                                                                            \
    ANSWER("", "<report-paper><report-paper_metadata>" content                                     \
               "</report-paper_metadata></report-paper>")

static void test_types(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE(""), "types",
         "{'resourceTypeGeneral':'JournalArticle','resourceType':'JournalArticle','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','bibtex':'article','ris':'JOUR'}"},
        {JOURNAL("<journal_metadata/><journal_issue/>"), "types",
         "{'resourceTypeGeneral':'Text','resourceType':'JournalIssue','schemaOrg':"
         "'PublicationIssue','citeproc':'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {JOURNAL("<journal_metadata/>"), "types",
         "{'resourceTypeGeneral':'Journal','resourceType':'Journal','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {ANSWER("", "<book><book_metadata/></book>"), "types",
         "{'resourceTypeGeneral':'Book','resourceType':'Book','schemaOrg':'Book','citeproc':"
         "'book','bibtex':'book','ris':'BOOK'}"},
        {ANSWER("", "<book><book_metadata/><content_item component_type=\"chapter\"/></book>"),
         "types",
         "{'resourceTypeGeneral':'BookChapter','resourceType':'BookChapter','schemaOrg':'Chapter',"
         "'citeproc':'chapter','bibtex':'inbook','ris':'CHAP'}"},
        {ANSWER("", "<book><book_metadata/><content_item component_type=\"reference_entry\"/>"
                    "</book>"),
         "types",
         "{'resourceType':'BookReferenceEntry','schemaOrg':'ScholarlyArticle','citeproc':"
         "'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {ANSWER("", "<conference><conference_paper/></conference>"), "types",
         "{'resourceType':'Conference','schemaOrg':'ScholarlyArticle','citeproc':"
         "'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {ANSWER("", "<posted_content/>"), "types",
         "{'resourceTypeGeneral':'JournalArticle','resourceType':'PostedContent','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','bibtex':'article','ris':'JOUR'}"},
        {ANSWER("", "<sa_component><component_list><component/></component_list></sa_component>"),
         "types",
         "{'resourceTypeGeneral':'Text','resourceType':'SaComponent','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {ANSWER("", "<database><dataset/></database>"), "types",
         "{'resourceTypeGeneral':'Dataset','resourceType':'Dataset','schemaOrg':'Dataset',"
         "'citeproc':'dataset','bibtex':'misc','ris':'DATA'}"},
        {REPORT(""), "types",
         "{'resourceTypeGeneral':'Report','resourceType':'Report','schemaOrg':'Report',"
         "'citeproc':'report','bibtex':'techreport','ris':'RPRT'}"},
        {ANSWER("", "<peer_review/>"), "types",
         "{'resourceTypeGeneral':'PeerReview','resourceType':'PeerReview','schemaOrg':'Review',"
         "'citeproc':'article-journal','bibtex':'misc','ris':'JOUR'}"},
        {ANSWER("", "<dissertation/>"), "types",
         "{'resourceTypeGeneral':'Dissertation','resourceType':'Dissertation','schemaOrg':"
         "'Thesis','citeproc':'thesis','bibtex':'phdthesis','ris':'THES'}"},
        {ANSWER("", "<standard><standard_metadata/></standard>"), "types",
         "{'resourceTypeGeneral':'Standard','resourceType':'Standard','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','bibtex':'misc','ris':'STAND'}"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

static void test_texts(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE("<titles><title>A &amp; <i>B</i>\n <sub>2</sub> <scp>C</scp></title></titles>"),
         "titles", "[{'title':'A &amp; <i>B</i> <sub>2</sub> C'}]"},
        {ARTICLE("<titles><title>A</title><subtitle>B</subtitle>"
                 "<original_language_title language=\"de\">C</original_language_title></titles>"),
         "titles",
         "[{'title':'A'},{'title':'B','titleType':'Subtitle'},{'title':'C','lang':'de'}]"},
        {ARTICLE("<titles><title> </title><original_language_title>C</original_language_title>"
                 "</titles>"),
         "titles", "[{'title':'C'}]"},
        {ARTICLE(""), "titles", "[{'title':':(unav)'}]"},
        {ARTICLE("<jats:abstract xmlns:jats=\"j\"><jats:p>One <jats:italic>x</jats:italic> "
                 "&lt; 2</jats:p><jats:p>Two</jats:p></jats:abstract>"),
         "descriptions",
         "[{'description':'One <i>x</i> &lt; 2\\nTwo','descriptionType':'Abstract'}]"},
        {ARTICLE("<description>D</description><abstract/>"), "descriptions",
         "[{'description':'D','descriptionType':'Other'}]"},
        {ARTICLE("<doi_data><doi>10.5072/ABC</doi><resource> http://x.org/a </resource>"
                 "<collection><item><resource>http://y.org/</resource></item></collection>"
                 "</doi_data>"),
         "url", "'http://x.org/a'"},
        {ARTICLE("<doi_data><doi>10.5072/ABC</doi></doi_data>"), "doi", "'10.5072/abc'"},
        {ARTICLE("<doi_data><doi>10.5072/ABC</doi></doi_data>"), "id",
         "'https://doi.org/10.5072/abc'"},
        {ARTICLE(""), "agency", "'crossref'"},
        {JOURNAL("<journal_metadata language=\"en\"/><journal_article language=\"de\"/>"),
         "language", "'de'"},
        {JOURNAL("<journal_metadata language=\"en\"/>"), "language", NULL},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

static void test_people(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE("<contributors>"
                 "<organization contributor_role=\"author\">Demo Network</organization>"
                 "<person_name contributor_role=\"author\"><given_name>Amara</given_name>"
                 "<surname>Okafor</surname><affiliation>Example University</affiliation>"
                 "<affiliation> </affiliation>"
                 "<ORCID authenticated=\"true\">http://orcid.org/0000-0002-1825-0097</ORCID>"
                 "</person_name>"
                 "<person_name contributor_role=\"chair\"><surname>Nobody</surname></person_name>"
                 "</contributors>"),
         "creators",
         "[{'nameType':'Personal','name':'Okafor, Amara','givenName':'Amara','familyName':"
         "'Okafor','nameIdentifiers':[{'nameIdentifier':'https://orcid.org/0000-0002-1825-0097',"
         "'schemeUri':'https://orcid.org','nameIdentifierScheme':'ORCID'}],'affiliation':"
         "[{'name':'Example University'}]},{'nameType':'Organizational','name':'Demo Network'}]"},
        {ARTICLE("<contributors><person_name contributor_role=\"author\"><surname>King</surname>"
                 "<given_name>Martin</given_name><suffix>Jr.</suffix><affiliations><institution>"
                 "<institution_name>Uni</institution_name><institution_id type=\"ror\">"
                 "https://ror.org/05bp8ka05</institution_id></institution></affiliations>"
                 "</person_name></contributors>"),
         "creators",
         "[{'nameType':'Personal','name':'King Jr., Martin','givenName':'Martin','familyName':"
         "'King Jr.','affiliation':[{'name':'Uni','affiliationIdentifier':"
         "'https://ror.org/05bp8ka05','affiliationIdentifierScheme':'ROR'}]}]"},
        {ARTICLE("<contributors><person_name contributor_role=\"editor\"><surname>E</surname>"
                 "</person_name><person_name contributor_role=\"translator\"><given_name>T"
                 "</given_name></person_name></contributors>"),
         "contributors",
         "[{'nameType':'Personal','name':'E','familyName':'E','contributorType':'Editor'},"
         "{'nameType':'Personal','name':'T','givenName':'T','contributorType':'Translator'}]"},
        {ARTICLE(""), "creators", "[{'nameType':'Organizational','name':':(unav)'}]"},
        {ANSWER("", "<dissertation><person_name contributor_role=\"author\"><surname>S</surname>"
                    "</person_name></dissertation>"),
         "creators", "[{'nameType':'Personal','name':'S','familyName':'S'}]"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

#define ITEM(name, text) "<crm-item name=\"" name "\">" text "</crm-item>"
#define WITH(items)      ANSWER(items, "<journal><journal_article/></journal>")

static void test_items(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {WITH(ITEM("publisher-name", "P &amp; Q") ITEM("prefix-name", "R")), "publisher",
         "{'name':'P & Q'}"},
        {WITH(ITEM("prefix-name", "R")), "publisher", NULL},
        {ANSWER("", "<posted_content><institution><institution_name>I</institution_name>"
                    "</institution></posted_content>"),
         "publisher", "{'name':'I'}"},
        {ANSWER("", "<book><book_metadata><publisher><publisher_name>P</publisher_name>"
                    "</publisher></book_metadata></book>"),
         "publisher", "{'name':'P'}"},
        {WITH(ITEM("created", "2015-10-20T20:01:05Z") ITEM("last-update", "2018-08-23T13:41:49Z")),
         "dates",
         "[{'date':'2015-10-20','dateType':'Issued'},{'date':'2018-08-23T13:41:49Z','dateType':"
         "'Updated'}]"},
        {WITH(ITEM("last-update", "2017-03-09 12:00:51.0")), "dates",
         "[{'date':'2017-03-09','dateType':'Updated'}]"},
        {WITH(ITEM("created", "2015-10-20T20:01:05Z")), "publicationYear", "'2015'"},
        {WITH(ITEM("deposit-timestamp", "20161231025645")), "registered", "'2016-12-31T02:56:45Z'"},
        {WITH(ITEM("deposit-timestamp", "20110807090000000")), "registered",
         "'2011-08-07T09:00:00Z'"},
        {WITH(ITEM("deposit-timestamp", "2011")), "registered", NULL},
        {WITH(ITEM("deposit-timestamp", "20119907090000")), "registered", NULL},
        {ANSWER(ITEM("relation", "10.5072/whole"),
                "<sa_component><component_list><component/></component_list></sa_component>"),
         "relatedIdentifiers",
         "[{'relatedIdentifier':'10.5072/whole','relatedIdentifierType':'DOI','relationType':"
         "'IsPartOf'}]"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE("<publication_date><month>3</month><day>7</day><year>2006</year>"
                 "</publication_date><publication_date><year>2007</year></publication_date>"),
         "dates", "[{'date':'2006-03-07','dateType':'Issued'}]"},
        {ARTICLE("<publication_date><month>03</month><year>2006</year></publication_date>"),
         "dates", "[{'date':'2006-03','dateType':'Issued'}]"},
        {ARTICLE("<publication_date><month>21</month><year>2006</year></publication_date>"),
         "dates", "[{'date':'2006-21','dateType':'Issued'}]"},
        {ARTICLE("<publication_date><month>33</month><year>2006</year></publication_date>"),
         "dates", "[{'date':'2006','dateType':'Issued'}]"},
        {ARTICLE("<publication_date><day>33</day><year>2006</year></publication_date>"), "dates",
         "[{'date':'2006','dateType':'Issued'}]"},
        {ARTICLE("<acceptance_date><year>2005</year></acceptance_date>"), "publicationYear",
         "'2005'"},
        {ARTICLE("<posted_date><year>2004</year></posted_date>"), "publicationYear", "'2004'"},
        {ARTICLE("<publication_date><year>soon</year></publication_date>"), "dates", "[]"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

#define IN_JOURNAL                                                                                 \
    "<journal_metadata><full_title>J</full_title><issn media_type=\"print\">11112222</issn>"       \
    "<issn media_type=\"electronic\">1932-6203</issn></journal_metadata><journal_issue>"           \
    "<journal_volume><volume>1</volume></journal_volume><issue>2</issue></journal_issue>"

static void test_containers(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {JOURNAL(IN_JOURNAL "<journal_article><pages><first_page>e30</first_page><last_page>e40"
                            "</last_page></pages></journal_article>"),
         "container",
         "{'type':'Journal','title':'J','identifier':'1932-6203','identifierType':'ISSN',"
         "'volume':'1','issue':'2','firstPage':'e30','lastPage':'e40'}"},
        {JOURNAL(IN_JOURNAL "<journal_article><publisher_item><item_number>17</item_number>"
                            "</publisher_item></journal_article>"),
         "container",
         "{'type':'Journal','title':'J','identifier':'1932-6203','identifierType':'ISSN',"
         "'volume':'1','issue':'2','firstPage':'17'}"},
        {JOURNAL(IN_JOURNAL "<journal_article/>"), "relatedIdentifiers",
         "[{'relatedIdentifier':'1932-6203','relatedIdentifierType':'ISSN','relationType':"
         "'IsPartOf','resourceTypeGeneral':'Collection'}]"},
        {ARTICLE(""), "container", NULL},
        {ANSWER("", "<book><book_metadata><titles><title>B</title></titles><isbn>9783161484100"
                    "</isbn></book_metadata><content_item component_type=\"chapter\"><pages>"
                    "<first_page>1</first_page></pages></content_item></book>"),
         "container", "{'type':'Book','title':'B','firstPage':'1'}"},
        {ANSWER("", "<book><book_metadata><isbn>9783161484100</isbn></book_metadata>"
                    "<content_item component_type=\"chapter\"/></book>"),
         "identifiers", "[{'identifier':'9783161484100','identifierType':'ISBN'}]"},
        {ANSWER("", "<book><book_series_metadata><series_metadata><titles><title>S</title>"
                    "</titles><issn>11112222</issn></series_metadata><volume>9</volume>"
                    "</book_series_metadata></book>"),
         "container",
         "{'type':'Book Series','title':'S','identifier':'1111-2222','identifierType':'ISSN',"
         "'volume':'9'}"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

static void test_identifiers(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE("<publisher_item><item_number>17</item_number><item_number item_number_type=\""
                 "sequence\">18</item_number></publisher_item>"),
         "identifiers",
         "[{'identifier':'17','identifierType':'Publisher ID'},{'identifier':'18',"
         "'identifierType':'sequence'}]"},
        {ARTICLE("<item_number>19</item_number><isbn>9783161484100</isbn>"), "identifiers",
         "[{'identifier':'19','identifierType':'Publisher ID'}]"},
        {REPORT("<isbn>9783161484100</isbn>"), "identifiers",
         "[{'identifier':'9783161484100','identifierType':'ISBN'}]"},
        {ARTICLE(""), "identifiers", "[]"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

#define PROGRAM(name, content) "<program name=\"" name "\">" content "</program>"
#define BY                                                                                         \
    "{'rights':'Creative Commons Attribution 4.0 International','rightsUri':"                      \
    "'https://creativecommons.org/licenses/by/4.0/legalcode','rightsIdentifier':'cc-by-4.0',"      \
    "'rightsIdentifierScheme':'SPDX','schemeUri':'https://spdx.org/licenses/'}"

static void test_programs(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {ARTICLE(PROGRAM("AccessIndicators",
                         "<license_ref applies_to=\"vor\">http://creativecommons.org/licenses/by/"
                         "4.0/</license_ref><license_ref applies_to=\"am\">"
                         "https://creativecommons.org/licenses/by/4.0/</license_ref><license_ref>"
                         "https://example.org/mine</license_ref><license_ref/>")),
         "rightsList", "[" BY ",{'rightsUri':'https://example.org/mine'}]"},
        {ARTICLE("<crossmark><custom_metadata>" PROGRAM(
             "AccessIndicators", "<license_ref>http://creativecommons.org/licenses/by/4.0/"
                                 "</license_ref>") "</custom_metadata></crossmark>"),
         "rightsList", "[" BY "]"},
        {ARTICLE(PROGRAM("fundref",
                         "<assertion name=\"fundgroup\"><assertion name=\"funder_name\">National "
                         "Cancer Institute<assertion name=\"funder_identifier\">"
                         "http://dx.doi.org/10.13039/100000054</assertion></assertion>"
                         "<assertion name=\"award_number\" awardURI=\"https://a.org/1\">U24"
                         "</assertion></assertion><assertion name=\"funder_name\">Alone"
                         "</assertion><assertion name=\"fundgroup\"><assertion name=\""
                         "award_number\">X</assertion></assertion>")),
         "fundingReferences",
         "[{'funderName':'National Cancer Institute','funderIdentifier':"
         "'https://doi.org/10.13039/100000054','funderIdentifierType':'Crossref Funder ID',"
         "'awardNumber':'U24','awardUri':'https://a.org/1'},{'funderName':'Alone'}]"},
        {ARTICLE(PROGRAM("relations",
                         "<related_item><intra_work_relation relationship-type=\"isTranslationOf\""
                         " identifier-type=\"doi\">10.5072/x</intra_work_relation></related_item>"
                         "<related_item><inter_work_relation relationship-type=\"isPartOf\" "
                         "identifier-type=\"uri\">http://x.org</inter_work_relation>"
                         "</related_item><related_item><inter_work_relation relationship-type=\""
                         "isLikedBy\" identifier-type=\"doi\">10.5072/y</inter_work_relation>"
                         "</related_item><related_item><inter_work_relation relationship-type=\""
                         "references\" identifier-type=\"other\">z</inter_work_relation>"
                         "</related_item><related_item/>")),
         "relatedIdentifiers",
         "[{'relatedIdentifier':'10.5072/x','relatedIdentifierType':'DOI','relationType':"
         "'IsTranslationOf'},{'relatedIdentifier':'http://x.org','relatedIdentifierType':'URL',"
         "'relationType':'IsPartOf'}]"},
        {ARTICLE("<citation_list><citation><doi>10.5072/CITED</doi></citation><citation>"
                 "<author>A</author></citation></citation_list>"),
         "relatedIdentifiers",
         "[{'relatedIdentifier':'10.5072/cited','relatedIdentifierType':'DOI','relationType':"
         "'References'}]"},
    };
    assert_members(&arena, "crossref", rows, COUNT(rows));
}

/* All works of an answer; what has no metadata is passed over. */
static void test_records(void **state)
{
    (void)state;
    static const char several[] =
        "<crossref_result><query_result><body>"
        "<query><doi_record><crossref><error>not found</error></crossref></doi_record></query>"
        "<query><doi_record><crossref><peer_review/></crossref></doi_record></query>"
        "<query/><query><doi_record><crossref/></doi_record></query>"
        "<query><doi_record><crossref><dissertation/></crossref></doi_record></query>"
        "</body></query_result></crossref_result>";
    static const char older[] =
        "<doi_records><doi_record><crossref><journal><journal_article/></journal></crossref>"
        "</doi_record><doi_record><crossref><conference/></crossref></doi_record></doi_records>";
    struct json_object *records = NULL;
    const struct dh_format *used = NULL;
    struct dh_err err = {0};
    json_object_put(records_of(&arena, "crossref", DH_STR(several), 2));
    assert_int_equal(dh_format_read(NULL, DH_STR(older), &used, &records, &arena, &err), DH_OK);
    assert_string_equal(used->name, "crossref");
    assert_int_equal(json_object_array_length(records), 1);
    json_object_put(records);
}

static void test_errors(void **state)
{
    (void)state;
    assert_unread(&arena, "crossref", DH_STR("<crossref_result/>"), DH_INVALID,
                  "there is no record in this Crossref XML text");
    assert_unread(&arena, "crossref", DH_STR("<other><query/></other>"), DH_INVALID,
                  "there is no record in this Crossref XML text");
    struct json_object *records = NULL;
    struct dh_err err = {0};
    static const char bomb[] = "<!DOCTYPE a [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>"
                               "<crossref_result>&b;</crossref_result>";
    assert_int_equal(dh_format_read(dh_format_find(DH_STR("crossref")), DH_STR(bomb), NULL,
                                    &records, &arena, &err),
                     DH_INVALID);
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(
        dh_format_write(dh_format_find(DH_STR("crossref")), records, NULL, &out, &arena, &err),
        DH_UNSUPPORTED);
    dh_buf_release(&out);
}

int main(void)
{
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),       cmocka_unit_test(test_texts),
        cmocka_unit_test(test_people),      cmocka_unit_test(test_items),
        cmocka_unit_test(test_dates),       cmocka_unit_test(test_containers),
        cmocka_unit_test(test_identifiers), cmocka_unit_test(test_programs),
        cmocka_unit_test(test_records),     cmocka_unit_test(test_errors),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
