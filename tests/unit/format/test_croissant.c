#include "format/rows.h"
#include "support.h"

static struct dh_arena arena;

#define DATASET "'types':{'resourceTypeGeneral':'Dataset'}"

static struct json_object *croissant_of(const char *text)
{
    struct json_object *metadata = json_of(&arena, text), *written = NULL;
    struct dh_buf out;
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    assert_int_equal(dh_format_write(&dh_format_croissant, metadata, NULL, &out, &arena, NULL),
                     DH_OK);
    assert_int_equal(dh_json_parse(dh_buf_view(&out), &written, NULL), DH_OK);
    assert_written(metadata, text);
    json_object_put(metadata);
    dh_buf_release(&out);
    return written;
}

static void test_types(void **state)
{
    (void)state;
    static const struct {
        const char *metadata;
        enum dh_status status;
    } rows[] = {
        {"{" DATASET "}", DH_OK},
        {"{'types':{'resourceTypeGeneral':'Collection'}}", DH_OK},
        {"{'types':{'resourceTypeGeneral':'Text'}}", DH_UNSUPPORTED},
        {"{'types':{'resourceTypeGeneral':'dataset'}}", DH_UNSUPPORTED},
        {"{}", DH_UNSUPPORTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *metadata = json_of(&arena, rows[i].metadata);
        struct dh_buf out;
        struct dh_err err = {0};
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        assert_int_equal(dh_format_write(&dh_format_croissant, metadata, NULL, &out, &arena, &err),
                         rows[i].status);
        assert_int_equal(out.len > 0, rows[i].status == DH_OK);
        assert_int_equal(err.text[0] != '\0', rows[i].status != DH_OK);
        json_object_put(metadata);
        dh_buf_release(&out);
    }
}

static void test_members(void **state)
{
    (void)state;
    static const struct {
        const char *metadata, *key, *expected;
    } rows[] = {
        {"", "@type", "'sc:Dataset'"},
        {"", "conformsTo", "'http://mlcommons.org/croissant/1.0'"},
        {",'titles':[{'title':'T'},{'title':'U'},{'title':' '}]", "name", "'T'"},
        {",'titles':[{'title':'T'},{'title':'U'},{'title':' '}]", "alternateName", "'U'"},
        {",'descriptions':[{'description':'m','descriptionType':'Methods'},"
         "{'description':'a','descriptionType':'Abstract'}]",
         "description", "'a'"},
        {",'descriptions':[{'description':'m','descriptionType':'Methods'}]", "description", "'m'"},
        {",'rightsList':[{'rights':'R','rightsUri':'u'},{'rights':'own terms'}]", "license",
         "['u','own terms']"},
        {",'url':'u','doi':'10.82433/a'", "url", "'u'"},
        {",'doi':'10.82433/a'", "url", "'https://doi.org/10.82433/a'"},
        {",'publicationYear':2020", "datePublished", "'2020'"},
        {",'publicationYear':2020,'dates':[{'date':'2019-01-01','dateType':'Issued'}]",
         "datePublished", "'2019-01-01'"},
        {",'publicationYear':2020,'dates':[{'date':':tba','dateType':'Issued'}]", "datePublished",
         "'2020'"},
        {",'dates':[{'date':' 2019-05/2020 ','dateType':'Created'}]", "dateCreated", "'2019-05'"},
        {",'dates':[{'date':'2019-05-17T10:00:00Z','dateType':'Updated'}]", "dateModified",
         "'2019-05-17T10:00:00Z'"},
        {",'dates':[{'date':'2019-','dateType':'Updated'}]", "dateModified", NULL},
        {",'dates':[{'date':'May 2019','dateType':'Updated'}]", "dateModified", NULL},
        {",'creators':[{'name':'F, G','givenName':'G','familyName':'F','affiliation':['U'],"
         "'nameIdentifiers':[{'nameIdentifier':'https://orcid.org/0000-0002-1825-0097'}],"
         "'lang':'en'}]",
         "creator",
         "{'@type':'sc:Person','@id':'https://orcid.org/0000-0002-1825-0097','name':'G F',"
         "'givenName':'G','familyName':'F','affiliation':{'@type':'sc:Organization',"
         "'name':'U'}}"},
        {",'creators':[{'name':'O','nameIdentifiers':[{'nameIdentifier':'abc'}]},'S',"
         "{'name':'P','nameType':'Personal'}]",
         "creator",
         "[{'@type':'sc:Organization','name':'O'},{'@type':'sc:Organization','name':'S'},"
         "{'@type':'sc:Person','name':'P'}]"},
        {",'publisher':{'name':'P','publisherIdentifier':'https://ror.org/05bp8ka05'}", "publisher",
         "{'@type':'sc:Organization','@id':'https://ror.org/05bp8ka05','name':'P'}"},
        {"", "publisher", NULL},
        {",'fundingReferences':[{'funderName':'F'}]", "funder",
         "{'@type':'sc:Organization','name':'F'}"},
        {",'subjects':[{'subject':'a'},{'subject':'b'}]", "keywords", "['a','b']"},
        {",'relatedIdentifiers':[{'relatedIdentifier':'10.82433/b','relationType':"
         "'IsIdenticalTo'},{'relatedIdentifier':'10.82433/c','relationType':'Cites'}]",
         "sameAs", "'https://doi.org/10.82433/b'"},
        {",'sizes':['1 GB']", "contentSize", "'1 GB'"},
        {"", "distribution", NULL},
        {"", "citeAs", NULL}, /* BibTeX is given of valid records only */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = dh_arena_format(&arena, "{" DATASET "%s}", rows[i].metadata);
        struct json_object *written = croissant_of(text.ptr);
        assert_member(written, rows[i].key, rows[i].expected);
        json_object_put(written);
    }
}

static void test_files(void **state)
{
    (void)state;
    static const struct {
        const char *metadata, *distribution;
    } rows[] = {
        {"'contentUrl':[]", NULL},
        {"'contentUrl':'https://a.org/x/data.zip?download=1'",
         "[{'@type':'cr:FileObject','@id':'file-1','name':'data.zip',"
         "'contentUrl':'https://a.org/x/data.zip?download=1'}]"},
        {"'contentUrl':['https://a.org/a.csv','https://a.org/b/'],'sizes':['1 kB','2 kB'],"
         "'formats':['text/csv']",
         "[{'@type':'cr:FileObject','@id':'file-1','name':'a.csv','contentUrl':"
         "'https://a.org/a.csv','contentSize':'1 kB','encodingFormat':'text/csv'},"
         "{'@type':'cr:FileObject','@id':'file-2','name':'b','contentUrl':'https://a.org/b/',"
         "'contentSize':'2 kB','encodingFormat':'text/csv'}]"},
        {"'contentUrl':['https://a.org/a.csv'],'sizes':['1 kB','3 pages'],'formats':['CSV']",
         "[{'@type':'cr:FileObject','@id':'file-1','name':'a.csv','contentUrl':"
         "'https://a.org/a.csv'}]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = dh_arena_format(&arena, "{" DATASET ",%s}", rows[i].metadata);
        struct json_object *written = croissant_of(text.ptr);
        assert_member(written, "distribution", rows[i].distribution);
        json_object_put(written);
    }
}

static void test_context(void **state)
{
    (void)state;
    static const struct {
        const char *titles, *language;
    } rows[] = {
        {"[]", "'en'"},
        {"[{'title':'T','lang':'de'}]", "'de'"},
        {"[{'title':'T','lang':'pt-BR'}]", "'pt-BR'"},
        {"[{'title':'T','lang':'German!'}]", "'en'"},
        {"[{'title':'T','lang':''}]", "'en'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str text = dh_arena_format(&arena, "{" DATASET ",'titles':%s}", rows[i].titles);
        struct json_object *written = croissant_of(text.ptr);
        struct json_object *context = dh_json_get(written, "@context");
        assert_member(context, "@language", rows[i].language);
        assert_member(context, "@vocab", "'https://schema.org/'");
        assert_member(context, "citeAs", "'cr:citeAs'");
        json_object_put(written);
    }
}

static void test_citation(void **state)
{
    (void)state;
    struct json_object *written = croissant_of(
        "{" DATASET ",'doi':'10.82433/a','url':'https://a.org/','creators':[{'name':'N'}],"
        "'titles':[{'title':'T'}],'publisher':{'name':'P'},'publicationYear':2020}");
    struct dh_str entry = dh_json_member(written, "citeAs");
    assert_true(dh_str_starts(entry, DH_STR("@")));
    assert_true(dh_str_ends(entry, DH_STR("}")));
    json_object_put(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),    cmocka_unit_test(test_members),
        cmocka_unit_test(test_files),    cmocka_unit_test(test_context),
        cmocka_unit_test(test_citation),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
