#include "base/xml.h"
#include "support.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NS           "http://datacite.org/schema/kernel-4"

static struct dh_arena arena;

static struct dh_xml *xml_of(const char *text)
{
    struct dh_xml *root = NULL;
    struct dh_err err;
    if (dh_xml_read(dh_str(text), DH_XML_STRICT, &root, &arena, &err) != DH_OK)
        fail_msg("%s in %s", err.text, text);
    return root;
}

/* A document that is valid when `more` is put at its end and valid itself. */
#define HEAD                                                                                       \
    "<resource xmlns='" NS "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"              \
    "<identifier identifierType='DOI'>10.5072/a</identifier>"                                      \
    "<creators><creator><creatorName>A</creatorName></creator></creators>"                         \
    "<titles><title>T</title></titles><publisher>P</publisher>"                                    \
    "<publicationYear>2024</publicationYear><resourceType resourceTypeGeneral='Text'/>"

struct row {
    const char *xml, *source, *rule, *message; /* source NULL: nothing is found */
};

/* A message in which the schema's namespace is K: */
static struct dh_str shortened(struct dh_str message)
{
    const struct dh_str ns = DH_STR("{" NS "}");
    struct dh_str text = DH_STR("");
    for (size_t i = 0; i < message.len; i++) {
        struct dh_str rest = dh_str_from(message, i);
        bool here = dh_str_starts(rest, ns);
        text = dh_arena_format(&arena, "%.*s%.*s", DH_STR_ARG(text), here ? 2 : 1,
                               here ? "K:" : rest.ptr);
        i += here ? ns.len - 1 : 0;
    }
    return text;
}

static void check_row(const char *document, const struct row *row)
{
    struct dh_findings findings = {.arena = &arena};
    dh_kernel_check(xml_of(document), &findings);
    if (!row->source) {
        if (findings.first)
            fail_msg("%s: %s", row->xml, findings.first->message.ptr);
        return;
    }
    if (!findings.first)
        fail_msg("%s: nothing is found", row->xml);
    assert_text(findings.first->source, row->source);
    assert_text(findings.first->rule, row->rule);
    assert_text(shortened(findings.first->message), row->message);
    if (findings.errors != 1)
        fail_msg("%s: %zu errors", row->xml, findings.errors);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct dh_str document = dh_arena_format(&arena, "%s%s</resource>", HEAD, rows[i].xml);
        check_row(document.ptr, &rows[i]);
        dh_arena_clear(&arena);
    }
}

#define ENUMERATION(value, set)                                                                    \
    "[facet 'enumeration'] The value '" value "' is not an element of the set {" set "}."
#define NOT_EXPECTED "This element is not expected."
#define ELEMENT_ONLY                                                                               \
    "Character content other than whitespace is not allowed because the content type is "          \
    "'element-only'."
#define NOT_OF(value, type) "'" value "' is not a valid value of the atomic type '" type "'."

static const struct row attributes[] = {
    {"<dates><date dateType='Issued' dateInformation=''>any text</date></dates>", NULL, NULL, NULL},
    {"<dates><date>2024</date></dates>", "dates", "required",
     "The attribute 'dateType' is required but missing."},
    {"<contributors><contributor><contributorName>A</contributorName></contributor></contributors>",
     "contributor", "required", "The attribute 'contributorType' is required but missing."},
    {"<alternateIdentifiers><alternateIdentifier>A</alternateIdentifier></alternateIdentifiers>",
     "alternateIdentifier", "required",
     "The attribute 'alternateIdentifierType' is required but missing."},
    {"<relatedItems><relatedItem relatedItemType='Text'/></relatedItems>", "relatedItem",
     "required", "The attribute 'relationType' is required but missing."},
    {"<descriptions><description descriptionType='abstract'/></descriptions>",
     "description', attribute 'descriptionType", "enumeration",
     ENUMERATION("abstract", "'Abstract', 'Methods', 'SeriesInformation', 'TableOfContents', "
                             "'TechnicalInfo', 'Other'")},
    {"<contributors><contributor contributorType='Other'><contributorName nameType=''>A"
     "</contributorName></contributor></contributors>",
     "contributorName', attribute 'nameType", "enumeration",
     ENUMERATION("", "'Organizational', 'Personal'")},
    {"<fundingReferences><fundingReference><funderName>A</funderName><funderIdentifier "
     "funderIdentifierType='Crossref'/></fundingReference></fundingReferences>",
     "funderIdentifier', attribute 'funderIdentifierType", "enumeration",
     ENUMERATION("Crossref", "'ISNI', 'GRID', 'ROR', 'Crossref Funder ID', 'Other'")},
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><number "
     "numberType='x'/></relatedItem></relatedItems>",
     "number', attribute 'numberType", "enumeration",
     ENUMERATION("x", "'Article', 'Chapter', 'Report', 'Other'")},
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><titles><title "
     "titleType='x'/></titles></relatedItem></relatedItems>",
     "title', attribute 'titleType", "enumeration",
     ENUMERATION("x", "'AlternativeTitle', 'Subtitle', 'TranslatedTitle', 'Other'")},
    {"<subjects foo=''/>", "subjects', attribute 'foo", "unknown-attribute",
     "The attribute 'foo' is not allowed."},
    {"<subjects xmlns:u='urn:u' u:foo=''/>", "foo", "unknown-attribute",
     "The attribute '{urn:u}foo' is not allowed."},
    {"<subjects xsi:schemaLocation='a b'/>", NULL, NULL, NULL},
    {"<version xsi:nil='true'/>", "version_info", "nil", "The element is not 'nillable'."},
    {"<version xsi:nil='maybe'/>", "nil", "datatype", NOT_OF("maybe", "xs:boolean")},
    {"<rightsList><rights xml:lang='d_e'/></rightsList>", "lang", "datatype",
     "'d_e' is not a valid value of the local union type."},
    {"<rightsList><rights xml:lang=''/><rights xml:lang=' de-CH '/></rightsList>", NULL, NULL,
     NULL},
};

static const struct row contents[] = {
    {"<subjects/>", NULL, NULL, NULL},
    {"<subjects><subject/></subjects><subjects/>", "subjects", "unexpected", NOT_EXPECTED},
    {"<foo><bar/></foo>", "foo", "unexpected", NOT_EXPECTED},
    {"<subjects xmlns=''/>", "subjects", "unexpected", NOT_EXPECTED},
    {"<subjects><subject/>x</subjects>", "subjects", "text", ELEMENT_ONLY},
    {"<sizes><size>1<b/></size></sizes>", "size", "markup",
     "Element content is not allowed, because the type definition is simple."},
    {"<rightsList><rights>a <b>b</b> c</rights></rightsList>", "rights", "markup",
     "Element content is not allowed, because the content type is a simple type definition."},
    {"<sizes><foo/></sizes>", "foo", "unexpected", NOT_EXPECTED " Expected is ( K:size )."},
    {"<descriptions><description descriptionType='Other'>a<br/>b<br/>c</description>"
     "</descriptions>",
     NULL, NULL, NULL},
    {"<descriptions><description descriptionType='Other'>a<p/>b</description></descriptions>", "p",
     "unexpected", NOT_EXPECTED " Expected is ( K:br )."},
    {"<descriptions><description descriptionType='Other'><br>a</br></description></descriptions>",
     "br", "text", "Character content is not allowed, because the content type is empty."},
    {"<descriptions><description descriptionType='Other'><br><i/></br></description>"
     "</descriptions>",
     "br", "markup", "Element content is not allowed, because the content type is empty."},
    {"<contributors><contributor contributorType='Other'><givenName/></contributor></contributors>",
     "givenName", "unexpected", NOT_EXPECTED " Expected is ( K:contributorName )."},
    {"<contributors><contributor contributorType='Other'><contributorName>A</contributorName>"
     "<affiliation/><nameIdentifier/></contributor></contributors>",
     "nameIdentifier", "unexpected", NOT_EXPECTED " Expected is ( K:affiliation )."},
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><lastPage/><volume/>"
     "</relatedItem></relatedItems>",
     "volume", "unexpected",
     NOT_EXPECTED " Expected is one of ( K:publisher, K:edition, K:contributors )."},
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><foo/></relatedItem>"
     "</relatedItems>",
     "foo", "unexpected",
     NOT_EXPECTED
     " Expected is one of ( K:relatedItemIdentifier, K:creators, K:titles, K:publicationYear, "
     "K:volume, K:issue, K:number, K:firstPage, K:lastPage, K:publisher )."},
    {"<fundingReferences><fundingReference><awardTitle/><awardNumber/></fundingReference>"
     "</fundingReferences>",
     "fundingReference", "missing-child",
     "Missing child element(s). Expected is one of ( K:funderName, K:funderIdentifier )."},
};

static const struct row values[] = {
    {"<language>de-CH</language>", NULL, NULL, NULL},
    {"<language>Indonesian</language>", "language", "datatype",
     NOT_OF("Indonesian", "xs:language")},
    {"<language/>", "language", "datatype", NOT_OF("", "xs:language")},
    {"<contributors><contributor contributorType='Other'><contributorName/></contributor>"
     "</contributors>",
     "contributorName", "min-length",
     "[facet 'minLength'] The value has a length of '0'; this underruns the allowed minimum length "
     "of '1'."},
    {"<fundingReferences><fundingReference><funderName/></fundingReference></fundingReferences>",
     "funderName", "min-length",
     "[facet 'minLength'] The value has a length of '0'; this underruns the allowed minimum length "
     "of '1'."},
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><publicationYear> 20 "
     " 4</publicationYear></relatedItem></relatedItems>",
     "publication_year", "pattern",
     "[facet 'pattern'] The value '20 4' is not accepted by the pattern '[\\d]{4}'."},
    {"<subjects><subject schemeURI='::'/></subjects>", "subject', attribute 'schemeURI", "datatype",
     NOT_OF("::", "xs:anyURI")},
    {"<subjects><subject valueURI='%zz'/></subjects>", "subject', attribute 'valueURI", "datatype",
     NOT_OF("%zz", "xs:anyURI")},
    {"<subjects><subject classificationCode='1:2'/></subjects>",
     "subject', attribute 'classificationCode", "datatype", NOT_OF("1:2", "xs:anyURI")},
    {"<rightsList><rights rightsURI='http://['/></rightsList>", "rights', attribute 'rightsURI",
     "datatype", NOT_OF("http://[", "xs:anyURI")},
    {"<fundingReferences><fundingReference><funderName>A</funderName><awardNumber "
     "awardURI='http://a:b/'/></fundingReference></fundingReferences>",
     "awardNumber', attribute 'awardURI", "datatype", NOT_OF("http://a:b/", "xs:anyURI")},
};

/* What the XSD lets through although its authors meant otherwise. */
static const struct row let_through[] = {
    {"<relatedItems><relatedItem relatedItemType='Text' relationType='Cites'><titles><title/>"
     "</titles><creators/></relatedItem></relatedItems>",
     "creators", "unexpected",
     NOT_EXPECTED " Expected is one of ( K:publicationYear, K:volume, K:issue, K:number, "
                  "K:firstPage, K:lastPage, K:publisher, K:edition, K:contributors )."},
    {"<contributors><contributor contributorType='Other'><contributorName>A</contributorName>"
     "<givenName><b a='1'>x</b></givenName><nameIdentifier/><affiliation/></contributor>"
     "</contributors>",
     NULL, NULL, NULL},
    {"<contributors><contributor contributorType='Other'><contributorName>A</contributorName>"
     "<givenName><b xml:lang='d_e'>x</b></givenName></contributor></contributors>",
     "lang", "datatype", "'d_e' is not a valid value of the local union type."},
    {"<relatedIdentifiers><relatedIdentifier relatedIdentifierType='DOI' relationType='Cites'/>"
     "</relatedIdentifiers>",
     NULL, NULL, NULL},
    {"<dates><date dateType='Issued'>last summer</date></dates>", NULL, NULL, NULL},
    {"<subjects><subject schemeURI='a b&lt;|&gt;\xC3\xA9' valueURI='../x?y#z'/></subjects>", NULL,
     NULL, NULL},
    {"<geoLocations><geoLocation/></geoLocations>", NULL, NULL, NULL},
};

#define POINT(lat, lon)                                                                            \
    "<pointLatitude>" lat "</pointLatitude><pointLongitude>" lon "</pointLongitude>"
#define PLACE(inner) "<geoLocations><geoLocation>" inner "</geoLocation></geoLocations>"
#define GEO(inner)   PLACE("<geoLocationPoint>" inner "</geoLocationPoint>")
#define CORNER       "<polygonPoint>" POINT("1", "2") "</polygonPoint>"

static const struct row places[] = {
    {GEO(POINT("-90", "180")), NULL, NULL, NULL},
    {GEO(POINT(" 1e1 ", "-.5")), NULL, NULL, NULL},
    {GEO(POINT("90.0000001", "1.")), NULL, NULL, NULL}, /* 90 as a float */
    {GEO(POINT("91", "1")), "pointLatitude", "range",
     "[facet 'maxInclusive'] The value '91' is greater than the maximum value allowed ('90')."},
    {GEO(POINT("1", "-180.5")), "pointLongitude", "range",
     "[facet 'minInclusive'] The value '-180.5' is less than the minimum value allowed ('-180')."},
    {GEO(POINT("NaN", "1")), "pointLatitude", "range",
     "[facet 'maxInclusive'] The value 'NaN' is greater than the maximum value allowed ('90')."},
    {GEO(POINT("1", "1e999999999999999999999")), "pointLongitude", "range",
     "[facet 'maxInclusive'] The value '1e999999999999999999999' is greater than the maximum value "
     "allowed ('180')."},
    {GEO(POINT("", "1")), "pointLatitude", "datatype", NOT_OF("", "K:latitudeType")},
    {GEO(POINT("1", "1,5")), "pointLongitude", "datatype", NOT_OF("1,5", "K:longitudeType")},
    {GEO("<pointLatitude>1</pointLatitude>"), "geoLocationPoint", "missing-child",
     "Missing child element(s). Expected is ( K:pointLongitude )."},
    {PLACE("<geoLocationBox><southBoundLatitude>1</southBoundLatitude></geoLocationBox>"),
     "geoLocationBox", "missing-child",
     "Missing child element(s). Expected is one of ( K:westBoundLongitude, K:eastBoundLongitude, "
     "K:northBoundLatitude )."},
    {PLACE("<geoLocationPolygon>" CORNER CORNER CORNER "</geoLocationPolygon>"),
     "geoLocationPolygon", "missing-child",
     "Missing child element(s). Expected is ( K:polygonPoint )."},
    {PLACE("<geoLocationPlace/><geoLocationPolygon>" CORNER CORNER CORNER CORNER
           "</geoLocationPolygon><geoLocationPlace/>"),
     NULL, NULL, NULL},
    {PLACE("<geoLocationPolygon>" CORNER CORNER CORNER CORNER "<x/></geoLocationPolygon>"), "x",
     "unexpected", NOT_EXPECTED " Expected is ( K:inPolygonPoint )."},
    {PLACE("<geoLocationPlace/><x/>"), "x", "unexpected", NOT_EXPECTED},
};

static void test_rows(void **state)
{
    (void)state;
    check_rows(attributes, COUNT(attributes));
    check_rows(contents, COUNT(contents));
    check_rows(values, COUNT(values));
    check_rows(let_through, COUNT(let_through));
    check_rows(places, COUNT(places));
}

/* Documents of their own: what the head of the others has right. */
static void test_mandatory(void **state)
{
    static const struct row rows[] = {
        {"<resource/>", "xml", "root",
         "No matching global declaration available for the validation root."},
        {"<resource xmlns='http://datacite.org/schema/kernel-4.4'/>", "xml", "root",
         "No matching global declaration available for the validation root."},
        {"<x xmlns='" NS "'/>", "x", "root",
         "No matching global declaration available for the validation root."},
        {"<resource xmlns='" NS "'/>", "xml", "missing-child",
         "Missing child element(s). Expected is one of ( K:identifier, K:creators, K:titles, "
         "K:publisher, K:publicationYear, K:resourceType, K:subjects, K:contributors, K:dates, "
         "K:language )."},
        {"<r:resource xmlns:r='" NS "'><titles/></r:resource>", "titles", "unexpected",
         "This element is not expected. Expected is one of ( K:identifier, K:creators, K:titles, "
         "K:publisher, K:publicationYear, K:resourceType, K:subjects, K:contributors, K:dates, "
         "K:language )."},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(rows[i].xml, &rows[i]);
}

static void test_empty_parts(void **state)
{
    static const struct row rows[] = {
        {"", "identifier", "required", "The attribute 'identifierType' is required but missing."},
        {"", "identifier", "min-length",
         "[facet 'minLength'] The value has a length of '0'; this underruns the allowed minimum "
         "length of '1'."},
        {"", "creators", "missing-child", "Missing child element(s). Expected is ( K:creator )."},
        {"", "titles", "missing-child", "Missing child element(s). Expected is ( K:title )."},
        {"", "publisher', attribute 'schemeURI", "datatype", NOT_OF("::", "xs:anyURI")},
        {"", "publisher", "min-length",
         "[facet 'minLength'] The value has a length of '0'; this underruns the allowed minimum "
         "length of '1'."},
        {"", "publication_year", "pattern",
         "[facet 'pattern'] The value '' is not accepted by the pattern '[\\d]{4}'."},
        {"", "resourceType', attribute 'foo", "unknown-attribute",
         "The attribute 'foo' is not allowed."},
        {"", "resourceType", "required",
         "The attribute 'resourceTypeGeneral' is required but missing."},
    };
    struct dh_findings findings = {.arena = &arena, .record = 7};
    (void)state;
    dh_kernel_check(xml_of("<resource xmlns='" NS "'><identifier/><creators/><titles/>\n"
                           "  <publisher schemeURI='::'/><publicationYear/>"
                           "<resourceType foo='1'/></resource>"),
                    &findings);
    const struct dh_finding *finding = findings.first;
    for (size_t i = 0; i < COUNT(rows); i++, finding = finding->next) {
        assert_non_null(finding);
        assert_text(finding->source, rows[i].source);
        assert_text(finding->rule, rows[i].rule);
        assert_text(shortened(finding->message), rows[i].message);
        assert_int_equal(finding->severity, DH_SEVERITY_ERROR);
        assert_int_equal(finding->record, 7);
    }
    assert_null(finding);
    assert_int_equal(findings.last->line, 2);
    assert_int_equal(findings.first->line, 1);
}

/* The caller may want to know only whether something is wrong. */
static void test_stop(void **state)
{
    struct dh_findings findings = {.arena = &arena, .stop = true};
    (void)state;
    dh_kernel_check(xml_of("<resource xmlns='" NS "'><identifier/><creators/><titles/>"
                           "</resource>"),
                    &findings);
    assert_true(findings.errors >= 1 && findings.errors <= 2);
}

/* Trees that were made have no namespaces, but the declaration as an attribute, and pointers. */
static void test_made(void **state)
{
    struct dh_findings findings = {.arena = &arena};
    struct dh_xml *root = dh_xml_add(&arena, NULL, "resource");
    (void)state;
    dh_xml_set(&arena, root, "xmlns:xsi", DH_STR("http://www.w3.org/2001/XMLSchema-instance"));
    dh_xml_set(&arena, root, "xmlns", DH_STR(NS));
    dh_xml_set(&arena, root, "xsi:schemaLocation", DH_STR("a b"));
    struct dh_xml *titles = dh_xml_add(&arena, root, "titles");
    struct dh_xml *title = dh_xml_add_text(&arena, titles, "title", DH_STR("T"));
    titles->pointer = DH_STR("/titles");
    dh_xml_set(&arena, title, "xml:lang", DH_STR("d_e"));
    dh_kernel_check(root, &findings);
    assert_int_equal(findings.errors, 2);
    assert_text(findings.first->source, "lang");
    assert_text(findings.first->pointer, "/titles");
    assert_int_equal(findings.first->line, 0);
    assert_text(findings.last->source, "xml");
    assert_null(findings.last->pointer.ptr);
}

static void test_many(void **state)
{
    struct dh_findings findings = {.arena = &arena};
    size_t kept = 0;
    (void)state;
    for (size_t i = 0; i < DH_FINDINGS_MAX + 5; i++)
        dh_findings_add_at(&findings, i % 2 ? DH_SEVERITY_ERROR : DH_SEVERITY_WARNING,
                           DH_STR("titles"), "rule", DH_STR("/titles/0"), DH_STR("message"));
    for (const struct dh_finding *finding = findings.first; finding; finding = finding->next)
        kept++;
    assert_int_equal(kept, DH_FINDINGS_MAX);
    assert_int_equal(findings.errors + findings.warnings, DH_FINDINGS_MAX + 5);
}

static int teardown(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    dh_arena_init(&arena, DH_ARENA_MAX);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_rows, teardown),
        cmocka_unit_test_teardown(test_mandatory, teardown),
        cmocka_unit_test_teardown(test_empty_parts, teardown),
        cmocka_unit_test_teardown(test_stop, teardown),
        cmocka_unit_test_teardown(test_made, teardown),
        cmocka_unit_test_teardown(test_many, teardown),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
