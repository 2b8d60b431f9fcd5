#include "format/rdf.h"
#include "format/rows.h"
#include "support.h"

static struct dh_arena arena;

/* ---- terms ----------------------------------------------------------------------------------- */

static void test_iris(void **state)
{
    (void)state;
    static const struct {
        const char *text, *iri;
    } rows[] = {
        {"https://example.org/a?b=c#d", "https://example.org/a?b=c#d"},
        {" http://example.org/a b ", "http://example.org/a%20b"},
        {"HTTP://example.org/<a>\"{}|\\^`", "HTTP://example.org/%3Ca%3E%22%7B%7D%7C%5C%5E%60"},
        {"http://example.org/100%", "http://example.org/100%25"},
        {"http://example.org/%2", "http://example.org/%252"},
        {"http://example.org/%2f", "http://example.org/%2f"},
        {"http://[::1]/[a]#b#c", "http://[::1]/%5Ba%5D#b%23c"},
        {"http://example.org/\xC3\xA9", "http://example.org/\xC3\xA9"},
        {"http://example.org/\xEE\x80\x80\xC2\x80", "http://example.org/%EE%80%80%C2%80"},
        {"http://example.org/\x01\n", "http://example.org/%01"},
        {"urn:isbn:1", "urn:isbn:1"},
        {"mailto:a@b.org", "mailto:a@b.org"},
        {"urn:is bn", NULL},
        {"Type: images", NULL},
        {"DICOM collection", NULL},
        {"0000-0002-1825-0097", NULL},
        {"/path", NULL},
        {"//host/path", NULL},
        {"http:", NULL},
        {"http:/path", NULL},
        {"http:///path", NULL},
        {"http://", NULL},
        {"1a:b", NULL},
        {":b", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_text(dh_rdf_iri(&arena, dh_str(rows[i].text)), rows[i].iri);
    assert_text(dh_rdf_iri(&arena, DH_STR_NONE), NULL);
    assert_text(dh_rdf_iri(&arena, DH_STR("http://a/\0b")), "http://a/%00b");
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum dh_rdf_kind kind;
        const char *literal;
    } rows[] = {
        {"0", DH_RDF_INTEGER, "0"},
        {"-0", DH_RDF_INTEGER, "0"},
        {"0.0", DH_RDF_INTEGER, "0"},
        {"2024", DH_RDF_INTEGER, "2024"},
        {"-7", DH_RDF_INTEGER, "-7"},
        {"6.0", DH_RDF_INTEGER, "6"},
        {"1e3", DH_RDF_INTEGER, "1000"},
        {"99999999999999999999", DH_RDF_INTEGER, "99999999999999999999"},
        {"6.45", DH_RDF_DOUBLE, "6.45E0"},
        {"-0.001", DH_RDF_DOUBLE, "-1.0E-3"},
        {"123.456", DH_RDF_DOUBLE, "1.23456E2"},
        {"1e21", DH_RDF_DOUBLE, "1.0E21"},
        {"1e999", DH_RDF_DOUBLE, "INF"},
        {"-1e999", DH_RDF_DOUBLE, "-INF"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_rdf_term term = dh_rdf_number(&arena, dh_str(rows[i].text));
        assert_int_equal(term.kind, rows[i].kind);
        assert_text(term.text, rows[i].literal);
    }
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *literal;
    } rows[] = {
        {"a\t\r\nb", "a\t\r\nb"},
        {"a\x01"
         "b\x1F",
         "ab"},
        {"\xEF\xBF\xBE\xEF\xBF\xBF", ""},
        {"\xF0\x9F\x90\xB6", "\xF0\x9F\x90\xB6"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_text(dh_rdf_text(&arena, dh_str(rows[i].text)), rows[i].literal);
    assert_text(dh_rdf_text(&arena, DH_STR("a\0b")), "ab");
    assert_true(dh_rdf_name("predecessor_of"));
    assert_false(dh_rdf_name("a b"));
    assert_false(dh_rdf_name("1a"));
    assert_false(dh_rdf_name("\xC3\xA9"));
    assert_false(dh_rdf_name(""));
}

/* ---- documents ------------------------------------------------------------------------------- */

#define PREFIX "@prefix schema: <http://schema.org/> .\n\n"
#define XML                                                                                        \
    "<?xml version='1.0' encoding='UTF-8'?>\n"                                                     \
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "                            \
    "xmlns:schema='http://schema.org/'>\n"
#define PROVIDER                                                                                   \
    "  schema:provider [\n    a schema:Organization;\n    schema:name \"datacite\"\n  ]"
#define XML_PROVIDER                                                                               \
    "    <schema:provider>\n      <schema:Organization>\n"                                         \
    "        <schema:name>datacite</schema:name>\n"                                                \
    "      </schema:Organization>\n    </schema:provider>\n"

static struct dh_str document(const struct dh_format *format, const char *text)
{
    struct json_object *metadata = json_of(&arena, text);
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(dh_format_write(format, metadata, NULL, &out, &arena, NULL), DH_OK);
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&out));
    assert_written(metadata, text);
    dh_buf_release(&out);
    json_object_put(metadata);
    return copy;
}

static void test_turtle(void **state)
{
    (void)state;
    static const struct {
        const char *metadata, *turtle;
    } rows[] = {
        {"{'doi':'10.82433/A','types':{'schemaOrg':'Dataset'}}",
         "<https://doi.org/10.82433/a> a schema:Dataset;\n" PROVIDER " .\n"},
        {"{'agency':'x','publicationYear':2020,'url':'https://a.org/x y','titles':[{'title':"
         "'\\t\\n \\\\ <é>'}],'types':{'resourceType':'some text'},'sizes':['1','2']}",
         "[\n  schema:contentSize \"1\",\n    \"2\";\n"
         "  schema:datePublished \"2020\"^^schema:Date;\n"
         "  schema:name \"\\t\\n \\\\ <é>\";\n"
         "  schema:provider [\n    a schema:Organization;\n    schema:name \"x\"\n  ];\n"
         "  schema:url <https://a.org/x%20y>\n] .\n"},
        /* what points at itself or is said twice */
        {"{'doi':'10.82433/a','relatedIdentifiers':[{'relatedIdentifier':'10.82433/A',"
         "'relationType':'IsPartOf'},{'relatedIdentifier':'10.82433/a','relationType':"
         "'IsPartOf'}]}",
         "<https://doi.org/10.82433/a> a schema:CreativeWork;\n"
         "  schema:isPartOf <https://doi.org/10.82433/a>;\n" PROVIDER " .\n"},
        {"{'doi':'10.82433/a','relatedIdentifiers':[{'relatedIdentifier':'10.82433/b',"
         "'relationType':'IsReferencedBy','relatedIdentifierType':'DOI'}]}",
         "<https://doi.org/10.82433/a>"
         " schema:provider [\n    a schema:Organization;\n    schema:name \"datacite\"\n  ] .\n\n"
         "<https://doi.org/10.82433/b> a schema:ScholarlyArticle;\n"
         "  schema:citation <https://doi.org/10.82433/a> .\n"},
        /* people with one name: what is said of them stands together */
        {"{'doi':'10.82433/a','creators':[{'name':'N','nameIdentifiers':[{'nameIdentifier':"
         "'https://x.org/1'}]},{'name':'M','nameIdentifiers':[{'nameIdentifier':"
         "'https://x.org/1'}]},{'name':'O','nameIdentifiers':[{'nameIdentifier':'12'}]}]}",
         "<https://doi.org/10.82433/a> schema:author <https://x.org/1>, [\n"
         "    schema:name \"O\"\n  ];\n" PROVIDER " .\n\n"
         "<https://x.org/1> schema:name \"N\",\n    \"M\" .\n"},
        {"{'doi':'10.82433/a','geoLocations':[{'geoLocationPoint':{'pointLatitude':6.45,"
         "'pointLongitude':3}}]}",
         "<https://doi.org/10.82433/a>"
         " schema:provider [\n    a schema:Organization;\n    schema:name \"datacite\"\n  ];\n"
         "  schema:spatialCoverage [\n    a schema:Place;\n    schema:geo [\n"
         "      a schema:GeoCoordinates;\n      schema:latitude 6.45E0;\n"
         "      schema:longitude 3\n    ]\n  ] .\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str expected = dh_arena_format(&arena, PREFIX "%s", rows[i].turtle);
        struct dh_str actual = document(&dh_format_turtle, rows[i].metadata);
        assert_string_equal(actual.ptr, expected.ptr);
    }
}

static void test_xml(void **state)
{
    (void)state;
    static const struct {
        const char *metadata, *xml;
    } rows[] = {
        {"{'doi':'10.82433/a','types':{'schemaOrg':'Dataset'},'publicationYear':2020,"
         "'titles':[{'title':'<&>'}],'url':'https://a.org/?a&b'}",
         "  <schema:Dataset rdf:about='https://doi.org/10.82433/a'>\n"
         "    <schema:datePublished rdf:datatype='http://schema.org/Date'>2020"
         "</schema:datePublished>\n"
         "    <schema:name>&lt;&amp;&gt;</schema:name>\n" XML_PROVIDER
         "    <schema:url rdf:resource='https://a.org/?a&amp;b'/>\n"
         "  </schema:Dataset>\n"},
        {"{'doi':'10.82433/a','relatedIdentifiers':[{'relatedIdentifier':'10.82433/b',"
         "'relationType':'IsReferencedBy','relatedIdentifierType':'DOI'},"
         "{'relatedIdentifier':'10.82433/a','relationType':'IsPartOf'}]}",
         "  <schema:ScholarlyArticle rdf:about='https://doi.org/10.82433/b'>\n"
         "    <schema:citation>\n"
         "      <schema:CreativeWork rdf:about='https://doi.org/10.82433/a'>\n"
         "        <schema:isPartOf rdf:resource='https://doi.org/10.82433/a'/>\n"
         "        <schema:provider>\n          <schema:Organization>\n"
         "            <schema:name>datacite</schema:name>\n"
         "          </schema:Organization>\n        </schema:provider>\n"
         "      </schema:CreativeWork>\n    </schema:citation>\n"
         "  </schema:ScholarlyArticle>\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str expected =
            quoted(&arena, dh_arena_format(&arena, XML "%s</rdf:RDF>\n", rows[i].xml).ptr);
        assert_string_equal(document(&dh_format_rdf_xml, rows[i].metadata).ptr, expected.ptr);
    }
}

/* A node without a name that two others point at has a label, another in each record. */
static void test_labels(void **state)
{
    (void)state;
    static const char format[] =
        "{'titles':[{'title':'%s'}],'relatedIdentifiers':[{'relatedIdentifier':'10.82433/b',"
        "'relationType':'IsReferencedBy'},{'relatedIdentifier':'10.82433/c','relationType':"
        "'IsReferencedBy'}]}";
    struct dh_str labels[2];
    static const char *const titles[] = {"T", "U"};
    for (size_t i = 0; i < 2; i++) {
        struct dh_str metadata = dh_arena_format(&arena, format, titles[i]);
        const char *text = document(&dh_format_turtle, metadata.ptr).ptr;
        const char *found = strstr(text, "schema:citation _:b");
        assert_non_null(found);
        labels[i] = (struct dh_str){found + 18, strcspn(found + 18, ";, .\n")};
        struct dh_str subject =
            dh_arena_format(&arena, "\n_:%.*s schema:name", DH_STR_ARG(labels[i]));
        assert_non_null(strstr(text, subject.ptr));
        const char *xml = document(&dh_format_rdf_xml, metadata.ptr).ptr;
        struct dh_str attribute = dh_arena_format(&arena, "<schema:citation rdf:nodeID=\"%.*s\"/>",
                                                  DH_STR_ARG(labels[i]));
        assert_non_null(strstr(xml, attribute.ptr));
    }
    assert_false(dh_str_equal(labels[0], labels[1]));
}

/* A long story of who is affiliated with whom: RDF/XML stays flat. */
static void test_chain(void **state)
{
    (void)state;
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX);
    dh_buf_text(&text, "{'doi':'10.82433/a','creators':[");
    for (int i = 0; i < 5000; i++)
        dh_buf_printf(&text,
                      "%s{'name':'N','nameIdentifiers':[{'nameIdentifier':'https://x.org/%d'}],"
                      "'affiliation':[{'name':'N','affiliationIdentifier':'https://x.org/%d'}]}",
                      i ? "," : "", i, i + 1);
    dh_buf_text(&text, "]}");
    dh_buf_char(&text, '\0');
    const char *xml = document(&dh_format_rdf_xml, text.ptr).ptr;
    size_t deepest = 0, about = 0;
    for (const char *line = xml; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t depth = strspn(line, " ");
        deepest = depth > deepest ? depth : deepest;
        about += strncmp(line + depth, "<schema:Organization rdf:about", 30) == 0 ||
                 strncmp(line + depth, "<rdf:Description rdf:about", 26) == 0;
    }
    assert_true(deepest < 100);
    assert_int_equal(about, 5002);
    const char *turtle = document(&dh_format_turtle, text.ptr).ptr;
    assert_non_null(strstr(turtle, "<https://x.org/5000> a schema:Organization"));
    dh_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iris),  cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_texts), cmocka_unit_test(test_turtle),
        cmocka_unit_test(test_xml),   cmocka_unit_test(test_labels),
        cmocka_unit_test(test_chain),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
