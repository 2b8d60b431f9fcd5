#include "format/json_trees.h"
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
        struct json_object *tree = dh_citeproc_tree(metadata, &arena);
        assert_member(tree, rows[i].key, rows[i].expected);
        assert_written(metadata, rows[i].metadata);
        json_object_put(tree);
        json_object_put(metadata);
    }
}

static void test_order(void **state)
{
    (void)state;
    static const char text[] =
        "{'doi':'10.82433/A','url':'u','version':'2','language':'en','titles':[{'title':'t'}],"
        "'types':{'citeproc':'dataset'},'subjects':[{'subject':'k'},{'lang':'en'}],"
        "'publisher':{'name':'p'},'creators':[{'name':'N'}],"
        "'contributors':[{'name':'E','contributorType':'Editor'},{'name':'T','contributorType':"
        "'Translator'}],'descriptions':[{'description':'d','descriptionType':'Other'}],"
        "'rightsList':[{'rights':'r'},{'rights':'s'}],'container':{'edition':'6','title':'c',"
        "'volume':'1','issue':'2','number':'3','chapterNumber':'4','firstPage':'5','lastPage':'9'},"
        "'publicationYear':2020}";
    struct json_object *metadata = json_of(&arena, text);
    struct json_object *tree = dh_citeproc_tree(metadata, &arena);
    assert_written(tree,
                   "{'type':'dataset','id':'https://doi.org/10.82433/a','categories':['k'],"
                   "'language':'en','author':[{'literal':'N'}],'contributor':[{'literal':'E'},"
                   "{'literal':'T'}],'editor':[{'literal':'E'}],'translator':[{'literal':'T'}],"
                   "'issued':{'date-parts':[[2020]]},'abstract':'d','container-title':'c',"
                   "'DOI':'10.82433/A','volume':'1','issue':'2','number':'3','chapter-number':'4',"
                   "'edition':'6','page':'5-9','page-first':'5','publisher':'p','title':'t',"
                   "'URL':'u','copyright':'r','version':'2'}");
    json_object_put(tree);
    json_object_put(metadata);
}

static void test_people(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{'creators':[{'nameType':'Personal','name':'F, G','givenName':'G','familyName':'F',"
         "'lang':'en','affiliation':[{'name':'U'}],'nameIdentifiers':[],'id':'i','@x':1,"
         "'type':'Person'}]}",
         "author", "[{'lang':'en','family':'F','given':'G'}]"},
        {"{'creators':[{'name':'O','givenName':'G','familyName':' '}]}", "author",
         "[{'family':' ','given':'G','literal':'O'}]"},
        {"{'creators':['Somebody']}", "author", "[{'literal':'Somebody'}]"},
        {"{'creators':[{'name':':(unav)'}]}", "author", NULL},
        {"{'creators':[{'name':':(unav)'},{'name':'N'}]}", "author",
         "[{'literal':':(unav)'},{'literal':'N'}]"},
        {"{'creators':[]}", "author", NULL},
        {"{'contributors':[{'name':'N','contributorType':'DataCurator'}]}", "editor", NULL},
        {"{'contributors':[]}", "contributor", NULL},
    };
    check_rows(rows, COUNT(rows));
}

#define SOFTWARE "'types':{'resourceTypeGeneral':'Software','citeproc':'article'}"
#define ARTICLE  "'types':{'citeproc':'article-journal'},'publisher':{'name':'P'}"

static void test_branches(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{" SOFTWARE ",'version':'1'}", "type", "'book'"},
        {"{" SOFTWARE ",'version':' '}", "type", "'article'"},
        {"{'types':{'citeproc':''}}", "type", "''"},
        {"{" ARTICLE "}", "container-title", "'P'"},
        {"{" ARTICLE ",'container':{}}", "container-title", "'P'"},
        {"{" ARTICLE ",'container':{'volume':'1'}}", "container-title", NULL},
        {"{" ARTICLE ",'container':{'title':'T'}}", "container-title", "'T'"},
        {"{'publisher':{'name':'P'}}", "container-title", NULL},
        {"{'container':{'firstPage':'5'}}", "page", "'5'"},
        {"{'container':{'lastPage':'5'}}", "page", NULL},
        {"{'rightsList':['free']}", "copyright", "'free'"},
        {"{'rightsList':[{'rightsUri':'u'},{'rights':'r'}]}", "copyright", NULL},
        {"{'subjects':[]}", "categories", NULL},
        {"{'subjects':['a']}", "categories", "['a']"},
        {"{}", "publisher", NULL},
        {"{}", "issued", "{'date-parts':[[]]}"},
        {"{'dates':[{'date':'2020','dateType':'Submitted'}]}", "submitted", NULL},
    };
    check_rows(rows, COUNT(rows));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *date, *parts;
    } rows[] = {
        {"2016", "2016"},
        {"2016-12", "2016,12"},
        {"2016-12-20", "2016,12,20"},
        {"2016-12-20T10:00:00Z", "2016,12,20"},
        {"2016-1-2", "2016,1,2"},
        {" 2016-05 ", "2016,5"},
        {"0199", "199"},
        {"-0100-03", "-100,3"},
        {"0000", ""},
        {"2016-00", "2016"},
        {"2016-13", "2016"},
        {"2016-21", "2016,21"},
        {"2016-02-32", "2016,2"},
        {"2016-123", "2016"},
        {"2016-W05", "2016"},
        {"20161220", "2016,12,20"},
        {"20161320", ""},
        {"2016/2018", "2016"},
        {"2016-03-04/2017", "2016,3,4"},
        {"../2018", "2018"},
        {"unknown/2018-02", "2018,2"},
        {"2016/..", "2016"},
        {"[1667,1668]", "1667"},
        {"[..1984]", "1984"},
        {"{1960,1961-12}", "1960"},
        {"1984?", "1984"},
        {"1984?-06~", "1984,6"},
        {"1984-06~", "1984,6"},
        {"2004-06-uu", "2004,6"},
        {"2004-uu", "2004"},
        {"199u", ""},
        {"19xx", ""},
        {"uuuu", ""},
        {"y170000002", "170000002"},
        {"y-17000", "-17000"},
        {"y-17e7", ""},
        {"12345", ""},
        {"99999999999999999999", ""},
        {":tba", ""},
        {"March 2016", ""},
        {"-", ""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str metadata =
            dh_arena_format(&arena, "{'dates':[{'date':'%s','dateType':'Issued'}]}", rows[i].date);
        struct dh_str expected = dh_arena_format(&arena, "{'date-parts':[[%s]]}", rows[i].parts);
        check_rows(&(struct row){metadata.ptr, "issued", expected.ptr}, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_dates),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failures;
}
