#include "format/reading.h"
#include "support.h"

static void test_maps(void **state)
{
    (void)state;
    static const struct {
        enum dh_type_scheme from, to;
        const char *value, *expected;
    } rows[] = {
        {DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, "Dataset", "Dataset"},
        {DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, "Text", "ScholarlyArticle"},
        {DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, "DataCatalog", "DataCatalog"},
        {DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, "Other", "CreativeWork"},
        {DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, "dataset", NULL},
        {DH_TYPE_DATACITE, DH_TYPE_RIS, "Report", "RRPT"},
        {DH_TYPE_DATACITE, DH_TYPE_CITEPROC, "Dataset", "dataset"},
        {DH_TYPE_DATACITE, DH_TYPE_CITEPROC, "ConferencePaper", ""},
        {DH_TYPE_DATACITE, DH_TYPE_CITEPROC, "Model", NULL},
        {DH_TYPE_DATACITE, DH_TYPE_BIBTEX, "Dissertation", "phdthesis"},
        {DH_TYPE_DATACITE, DH_TYPE_JATS, "Software", "software"},
        {DH_TYPE_CROSSREF, DH_TYPE_SCHEMA_ORG, "JournalIssue", "PublicationIssue"},
        {DH_TYPE_CROSSREF, DH_TYPE_CITEPROC, "ProceedingsArticle", "paper-conference"},
        {DH_TYPE_CROSSREF, DH_TYPE_BIBTEX, "BookSection", "inbook"},
        {DH_TYPE_CROSSREF, DH_TYPE_RIS, "Standard", "STAND"},
        {DH_TYPE_CROSSREF, DH_TYPE_JATS, "Proceedings", "working-paper"},
        {DH_TYPE_CROSSREF, DH_TYPE_DATACITE, "Monograph", "Book"},
        {DH_TYPE_CROSSREF, DH_TYPE_DATACITE, "SaComponent", "Text"},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, "SoftwareSourceCode", "Software"},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, "Poster", "Poster"},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, "CreativeWork", NULL},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_CITEPROC, "Article", ""},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_RIS, "WebPage", "ELEC"},
        {DH_TYPE_SCHEMA_ORG, DH_TYPE_JATS, "WebSite", "website"},
        {DH_TYPE_CITEPROC, DH_TYPE_DATACITE, "article-journal", "JournalArticle"},
        {DH_TYPE_CITEPROC, DH_TYPE_DATACITE, "document", "Poster"},
        {DH_TYPE_CITEPROC, DH_TYPE_SCHEMA_ORG, "song", "AudioObject"},
        {DH_TYPE_RIS, DH_TYPE_DATACITE, "THES", "Dissertation"},
        {DH_TYPE_RIS, DH_TYPE_DATACITE, "SLIDE", "Presentation"},
        {DH_TYPE_RIS, DH_TYPE_DATACITE, "GEN", "Text"},
        {DH_TYPE_RIS, DH_TYPE_SCHEMA_ORG, "CTLG", "DataCatalog"},
        {DH_TYPE_BIBTEX, DH_TYPE_DATACITE, "misc", "Other"},
        {DH_TYPE_BIBTEX, DH_TYPE_DATACITE, "manual", NULL},
        {DH_TYPE_BIBTEX, DH_TYPE_CROSSREF, "inbook", "BookChapter"},
        {DH_TYPE_BIBTEX, DH_TYPE_RIS, "inproceedings", "CPAPER"},
        {DH_TYPE_BIBTEX, DH_TYPE_CITEPROC, "phdthesis", "thesis"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *out = dh_type_map(rows[i].from, rows[i].to, dh_str(rows[i].value));
        assert_text(dh_str(out), rows[i].expected);
    }
    assert_null(dh_type_map(DH_TYPE_RIS, DH_TYPE_DATACITE, DH_STR_NONE));
}

/* Every type of the vocabulary has a counterpart in schema.org, and no value maps to nothing real.
 */
static void test_vocabulary(void **state)
{
    (void)state;
    size_t count = dh_vocab_count(DH_VOCAB_RESOURCE_TYPE);
    for (size_t i = 0; i < count; i++) {
        struct dh_str name = dh_str(dh_vocab_value(DH_VOCAB_RESOURCE_TYPE, i));
        const char *schema_org = dh_type_map(DH_TYPE_DATACITE, DH_TYPE_SCHEMA_ORG, name);
        assert_string_equal(schema_org, dh_resource_type_schema_org(i));
        const char *back = dh_type_map(DH_TYPE_SCHEMA_ORG, DH_TYPE_DATACITE, dh_str(schema_org));
        if (back && dh_vocab_find(DH_VOCAB_RESOURCE_TYPE, dh_str(back)) == count)
            fail_msg("%s is no resourceTypeGeneral", back);
    }
}

static void test_types(void **state)
{
    (void)state;
    struct json_object *types =
        dh_types_new("Dataset", DH_STR("Images"), "Dataset", NULL, "misc", "DATA");
    assert_written(types, "{'resourceTypeGeneral':'Dataset','resourceType':'Images',"
                          "'schemaOrg':'Dataset','bibtex':'misc','ris':'DATA'}");
    json_object_put(types);
    types = dh_types_new(NULL, DH_STR_NONE, NULL, "", NULL, NULL);
    assert_written(types, "{'citeproc':''}");
    json_object_put(types);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maps),
        cmocka_unit_test(test_vocabulary),
        cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
