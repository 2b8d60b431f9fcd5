#include "support.h"

static void test_lists(void **state)
{
    (void)state;
    static const struct {
        enum dh_vocab vocab;
        size_t count;
        const char *first, *last;
    } rows[] = {
        {DH_VOCAB_RESOURCE_TYPE, 34, "Audiovisual", "Other"},
        {DH_VOCAB_CONTRIBUTOR_TYPE, 22, "ContactPerson", "WorkPackageLeader"},
        {DH_VOCAB_DATE_TYPE, 12, "Accepted", "Withdrawn"},
        {DH_VOCAB_RELATED_IDENTIFIER_TYPE, 23, "ARK", "w3id"},
        {DH_VOCAB_RELATION_TYPE, 39, "IsCitedBy", "Other"},
        {DH_VOCAB_DESCRIPTION_TYPE, 6, "Abstract", "Other"},
        {DH_VOCAB_TITLE_TYPE, 4, "AlternativeTitle", "Other"},
        {DH_VOCAB_NAME_TYPE, 2, "Organizational", "Personal"},
        {DH_VOCAB_FUNDER_IDENTIFIER_TYPE, 5, "ISNI", "Other"},
        {DH_VOCAB_NUMBER_TYPE, 4, "Article", "Other"},
    };
    assert_int_equal(sizeof(rows) / sizeof(rows[0]), DH_VOCAB__N);
    for (size_t i = 0; i < DH_VOCAB__N; i++) {
        enum dh_vocab v = rows[i].vocab;
        assert_int_equal(dh_vocab_count(v), rows[i].count);
        assert_string_equal(dh_vocab_value(v, 0), rows[i].first);
        assert_string_equal(dh_vocab_value(v, rows[i].count - 1), rows[i].last);
        for (size_t k = 0; k < rows[i].count; k++)
            assert_int_equal(dh_vocab_find(v, dh_str(dh_vocab_value(v, k))), k);
        assert_int_equal(dh_vocab_find(v, DH_STR("other")), rows[i].count);
        assert_int_equal(dh_vocab_find(v, DH_STR_NONE), rows[i].count);
    }
}

static void test_states(void **state)
{
    (void)state;
    for (enum dh_doi_state s = 0; s < DH_STATE__N; s++)
        assert_int_equal(dh_state_find(dh_str(dh_state_name(s))), s);
    assert_int_equal(dh_state_find(DH_STR("not_found")), DH_STATE__N);
    assert_string_equal(dh_state_name(DH_STATE_FINDABLE), "findable");
}

static void test_edges(void **state)
{
    (void)state;
    static const struct {
        const char *relation;
        enum dh_edge edge;
        bool inverse;
    } rows[] = {
        {"References", DH_EDGE_REFERENCE, false},
        {"Cites", DH_EDGE_REFERENCE, false},
        {"IsSupplementedBy", DH_EDGE_REFERENCE, false},
        {"IsReferencedBy", DH_EDGE_REFERENCE, true},
        {"IsCitedBy", DH_EDGE_REFERENCE, true},
        {"IsSupplementTo", DH_EDGE_REFERENCE, true},
        {"HasPart", DH_EDGE_PART, false},
        {"IsPartOf", DH_EDGE_PART, true},
        {"HasVersion", DH_EDGE_VERSION, false},
        {"IsVersionOf", DH_EDGE_VERSION, true},
    };
    size_t edges = 0;
    bool inverse;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t relation = dh_vocab_find(DH_VOCAB_RELATION_TYPE, dh_str(rows[i].relation));
        assert_int_equal(dh_relation_edge(relation, &inverse), rows[i].edge);
        assert_int_equal(inverse, rows[i].inverse);
    }
    for (size_t i = 0; i < dh_vocab_count(DH_VOCAB_RELATION_TYPE); i++)
        edges += dh_relation_edge(i, &inverse) != DH_EDGE_NONE;
    assert_int_equal(edges, sizeof(rows) / sizeof(rows[0]));
    assert_int_equal(dh_relation_edge(1000, &inverse), DH_EDGE_NONE);
    assert_false(inverse);
}

static void test_types(void **state)
{
    (void)state;
    /* general, specific, schemaOrg, citeproc, bibtex, ris */
    static const char *const rows[][6] = {
        {"Text", "BlogPosting", "ScholarlyArticle", "article-journal", "article", "RPRT"},
        {"DataPaper", "BlogPosting", "Article", "", "article", "GEN"},
        {"Text", "Dissertation", "Thesis", "thesis", "phdthesis", "THES"},
        {"Dataset", "DICOM collection", "Dataset", "dataset", "misc", "DATA"},
        {"Report", "", "Report", "report", "misc", "RRPT"},
        {"Report", "Report", "Report", "report", "techreport", "RPRT"},
        {"Poster", "", "Poster", "document", "misc", "GEN"},
        {"Presentation", "", "PresentationDigitalDocument", "presentation", "misc", "SLIDE"},
        {"Text", "journal_article", "ScholarlyArticle", "article-journal", "article", "JOUR"},
        {"Text", "journal-article", "ScholarlyArticle", "article-journal", "article", "JOUR"},
        {"Other", "Journal article", "CreativeWork", "article", "misc", "GEN"},
        {"Text", "book-section", "ScholarlyArticle", "chapter", "inbook", "CHAP"},
        {"Other", "JournalIssue", "PublicationIssue", "article", "misc", "GEN"},
        {"Event", "a text far longer than any name in the table of types", "Event", "article",
         "misc", "GEN"},
        {"Nonsense", "", "CreativeWork", "article", "misc", "GEN"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *types = json_object_new_object();
        json_object_object_add(types, "resourceTypeGeneral", json_object_new_string(rows[i][0]));
        json_object_object_add(types, "resourceType", json_object_new_string(rows[i][1]));
        dh_types_complete(types);
        assert_text(dh_json_member(types, "schemaOrg"), rows[i][2]);
        assert_text(dh_json_member(types, "citeproc"), rows[i][3]);
        assert_text(dh_json_member(types, "bibtex"), rows[i][4]);
        assert_text(dh_json_member(types, "ris"), rows[i][5]);
        json_object_put(types);
    }
}

static void test_types_that_came(void **state)
{
    (void)state;
    struct json_object *types = json_of("{'resourceTypeGeneral':'Dataset','schemaOrg':'Movie',"
                                        "'resourceType':null,'ris':'','bibtex':null}");
    dh_types_complete(types);
    assert_json(types, "{'ris':'','bibtex':'misc','citeproc':'dataset','schemaOrg':'Movie',"
                       "'resourceTypeGeneral':'Dataset'}");
    json_object_put(types);
    dh_types_complete(NULL);
}

static void test_type_ids(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{'resourceTypeGeneral':'BookChapter'}", "book-chapter"},
        {"{'resourceTypeGeneral':'Text','resourceType':'Project'}", "project"},
        {"{'resourceTypeGeneral':'Other','resourceType':'Project'}", "project"},
        {"{'resourceTypeGeneral':'Dataset','resourceType':'Project'}", "dataset"},
        {"{'resourceTypeGeneral':'Film'}", ""},
        {"{}", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *types = json_of(rows[i][0]);
        assert_text(dh_resource_type_id(types), rows[i][1]);
        json_object_put(types);
    }
    assert_int_equal(dh_resource_type_id(NULL).len, 0);
    size_t i = dh_resource_type_find(DH_STR("output-management-plan"));
    assert_string_equal(dh_resource_type_dashed(i), "output-management-plan");
    assert_string_equal(dh_resource_type_words(i), "Output Management Plan");
    assert_int_equal(dh_resource_type_find(DH_STR("film")), dh_vocab_count(DH_VOCAB_RESOURCE_TYPE));
}

static void test_licences(void **state)
{
    (void)state;
    const struct dh_licence *licence = dh_licence_find(DH_STR("cc-by-4.0"));
    assert_non_null(licence);
    assert_string_equal(licence->id, "CC-BY-4.0");
    assert_string_equal(licence->name, "Creative Commons Attribution 4.0 International");
    assert_string_equal(licence->url, "https://creativecommons.org/licenses/by/4.0/legalcode");
    assert_ptr_equal(dh_licence_find(DH_STR("CC-BY-4.0")), licence);
    static const char *const ids[] = {"0BSD", "zpl-2.1", "MIT", "apache-2.0", "GPL-3.0", "cc0-1.0"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        assert_non_null(dh_licence_find(dh_str(ids[i])));
    assert_null(dh_licence_find(DH_STR("CC-BY-4")));
    assert_null(dh_licence_find(DH_STR("CC-BY-4.0x")));
    assert_null(dh_licence_find(DH_STR("")));
    assert_null(dh_licence_find((struct dh_str){"MIT\0", 4}));
}

static void test_languages(void **state)
{
    (void)state;
    assert_string_equal(dh_language_name(DH_STR("en")), "English");
    assert_string_equal(dh_language_name(DH_STR("deu")), "German");
    assert_string_equal(dh_language_name(DH_STR("ger")), "German");
    assert_string_equal(dh_language_name(DH_STR("es")), "Spanish; Castilian");
    assert_null(dh_language_name(DH_STR("EN")));
    assert_null(dh_language_name(DH_STR("")));
    assert_null(dh_language_name(DH_STR("xx")));
}

static void test_agencies(void **state)
{
    (void)state;
    assert_true(dh_agency_other(DH_STR("crossref")));
    assert_true(dh_agency_other(DH_STR("op")));
    assert_false(dh_agency_other(DH_STR("datacite")));
    assert_false(dh_agency_other(DH_STR("Crossref")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),           cmocka_unit_test(test_states),
        cmocka_unit_test(test_edges),           cmocka_unit_test(test_types),
        cmocka_unit_test(test_types_that_came), cmocka_unit_test(test_type_ids),
        cmocka_unit_test(test_licences),        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_agencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
