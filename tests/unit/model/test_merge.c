/* Merging what came into what is stored, what changed, and the hash that tells whether anything
 * did. */
#include "support.h"

static const char stored[] =
    "{'doi':'10.82433/a','clientId':'exmpl.a','providerId':'exmpl','state':'findable',"
    "'creators':[{'name':'A','affiliation':[{'name':'U','affiliationIdentifier':'u'},"
    "{'affiliationIdentifier':'nameless'}]},{'name':'B','affiliation':[{'name':'V',"
    "'schemeUri':'s'}]}],'titles':[{'title':'T'}],'publisher':{'name':'P','lang':'en'},"
    "'publicationYear':2020,'url':'http://a','xml':'PHg+','viewsOverTime':[{'yearMonth':'2021-05',"
    "'total':3}],'viewCount':3,'citationCount':1,'created':'2020','updated':'2021'}";

static struct dh_record merge(const char *first, const char *second)
{
    struct dh_record old = whole_of(first), incoming = record_of(second), out;
    assert_int_equal(dh_record_merge(&old, &incoming, &out, NULL), DH_OK);
    dh_record_release(&old);
    dh_record_release(&incoming);
    return out;
}

/* Fails unless the changes from `stored` by merging `second` are the JSON of `expected`. */
static void check_changes(const char *second, const char *expected)
{
    struct dh_record old = whole_of(stored), now = merge(stored, second);
    struct dh_buf text;
    dh_buf_init(&text, 1 << 20);
    dh_record_changes(&old, &now, &text);
    struct json_object *changes;
    assert_int_equal(dh_json_parse(dh_buf_view(&text), &changes, NULL), DH_OK);
    assert_json(changes, expected);
    struct dh_hash a = dh_record_hash(&old), b = dh_record_hash(&now);
    bool same = a.low == b.low && a.high == b.high;
    assert_int_equal(same, json_object_object_length(changes) == 0);
    json_object_put(changes);
    dh_buf_release(&text);
    dh_record_release(&old);
    dh_record_release(&now);
}

static void test_absent_is_not_null(void **state)
{
    (void)state;
    check_changes("{'doi':'10.82433/a'}", "{}");
    check_changes("{'doi':'10.82433/a','url':null}", "{'url':['http://a',null]}");
    check_changes("{'doi':'10.82433/a','titles':[]}", "{'titles':[[{'title':'T'}],[]]}");
}

static void test_poor_publisher(void **state)
{
    (void)state;
    check_changes("{'doi':'10.82433/a','publisher':'P'}", "{}");
    check_changes("{'doi':'10.82433/a','publisher':'Q'}",
                  "{'publisher_obj':[{'name':'P','lang':'en'},{'name':'Q'}]}");
    check_changes("{'doi':'10.82433/a','publisher':{'name':'P'}}",
                  "{'publisher_obj':[{'name':'P','lang':'en'},{'name':'P'}]}");
}

static void test_poor_affiliations(void **state)
{
    (void)state;
    check_changes("{'doi':'10.82433/a','creators':[{'name':'A','affiliation':['U'],"
                  "'nameIdentifiers':[]},{'name':'B','affiliation':['V'],'nameIdentifiers':[]}]}",
                  "{}");
    struct dh_record now =
        merge(stored, "{'doi':'10.82433/a','creators':[{'name':'B','affiliation':['V']},"
                      "{'name':'C','affiliation':['U']},{'name':'A','affiliation':['W']}]}");
    assert_json(attribute(&now, "creators"),
                "[{'name':'B','affiliation':[{'name':'V','schemeUri':'s'}],'nameIdentifiers':[]},"
                "{'name':'C','affiliation':[{'name':'U'}],'nameIdentifiers':[]},"
                "{'name':'A','affiliation':[{'name':'W'}],'nameIdentifiers':[]}]");
    dh_record_release(&now);
}

static void test_rich_overwrites(void **state)
{
    (void)state;
    struct dh_record now = merge(
        stored, "{'doi':'10.82433/a','creators':[{'name':'A','affiliation':[{'name':'U'}]}]}");
    assert_json(attribute(&now, "creators"),
                "[{'name':'A','affiliation':[{'name':'U'}],'nameIdentifiers':[]}]");
    dh_record_release(&now);
}

/* As in a list: no xml, no series, `published` null, names only. */
static void test_list_item(void **state)
{
    (void)state;
    check_changes("{'id':'10.82433/a','type':'dois','attributes':{'doi':'10.82433/a',"
                  "'publisher':'P','titles':[{'title':'T'}],'published':null,'viewCount':9},"
                  "'relationships':{'client':{'data':{'id':'exmpl.a','type':'clients'}}}}",
                  "{}");
    struct dh_record now = merge(stored, "{'doi':'10.82433/a','published':null,'viewCount':9}");
    assert_json(attribute(&now, "xml"), "'PHg+'");
    assert_json(attribute(&now, "published"), "'2020'");
    assert_json(attribute(&now, "viewsOverTime"), "[{'yearMonth':'2021-05','total':3}]");
    assert_int_equal(now.counts[DH_COUNT_VIEW], 9);
    assert_int_equal(now.counts[DH_COUNT_CITATION], 1);
    assert_int_equal(now.created, dh_time_civil(2020, 1, 1));
    assert_int_equal(now.updated, dh_time_civil(2021, 1, 1));
    assert_text(now.client, "exmpl.a");
    assert_text(now.provider, "exmpl");
    dh_record_release(&now);
}

static void test_state_and_derived(void **state)
{
    (void)state;
    struct dh_record now = merge(stored, "{'doi':'10.82433/a','state':'registered',"
                                         "'publicationYear':2019,'clientId':'other.b'}");
    assert_int_equal(now.state, DH_STATE_REGISTERED);
    assert_json(attribute(&now, "state"), "'registered'");
    assert_json(attribute(&now, "isActive"), "false");
    assert_json(attribute(&now, "published"), "'2019'");
    assert_text(now.client, "other.b");
    assert_text(now.provider, "");
    dh_record_release(&now);
    check_changes("{'doi':'10.82433/a','state':'draft'}", "{'aasm_state':['findable','draft']}");
}

static void test_container_follows(void **state)
{
    (void)state;
    static const char series[] = "{'doi':'10.82433/a','descriptions':[{'descriptionType':"
                                 "'SeriesInformation','description':'J, 1'}]}";
    struct dh_record now = merge(series, "{'doi':'10.82433/a','descriptions':[]}");
    assert_json(attribute(&now, "container"), "{}");
    dh_record_release(&now);
    now = merge(series, "{'doi':'10.82433/a','types':{'resourceTypeGeneral':'Dataset'}}");
    assert_json(attribute(&now, "container"),
                "{'type':'DataRepository','title':'J','firstPage':'1'}");
    dh_record_release(&now);
    now = merge("{'doi':'10.82433/a','container':{'title':'K'}}", "{'doi':'10.82433/a'}");
    assert_json(attribute(&now, "container"), "{'title':'K'}");
    dh_record_release(&now);
}

static void test_nothing_is_shared(void **state)
{
    (void)state;
    struct dh_record old = whole_of(stored), incoming = record_of("{'doi':'10.82433/a'}"), out;
    assert_int_equal(dh_record_merge(&old, &incoming, &out, NULL), DH_OK);
    json_object_object_add(json_object_array_get_idx(attribute(&out, "titles"), 0), "title",
                           json_object_new_string("changed"));
    assert_json(attribute(&old, "titles"), "[{'title':'T'}]");
    dh_record_release(&old);
    dh_record_release(&incoming);
    dh_record_release(&out);
}

static void test_creation(void **state)
{
    (void)state;
    struct dh_record record =
        whole_of("{'doi':'10.82433/a<b','titles':[{'title':'<T>','lang':'en'}],'state':'draft'}");
    struct dh_buf text;
    dh_buf_init(&text, 1 << 20);
    dh_record_creation(&record, &text);
    assert_text(dh_buf_view(&text),
                "{\"doi\":\"10.82433/A<B\",\"url\":null,\"dates\":[],\"sizes\":[],\"types\":{},"
                "\"reason\":null,\"source\":null,"
                "\"titles\":[{\"lang\":\"en\",\"title\":\"\\u003cT\\u003e\"}],\"formats\":[],"
                "\"creators\":[],\"language\":null,\"subjects\":[],\"container\":{},"
                "\"aasm_state\":\"draft\",\"content_url\":null,\"identifiers\":[],"
                "\"rights_list\":[],\"contributors\":[],\"descriptions\":[],"
                "\"landing_page\":null,\"version_info\":null,\"geo_locations\":[],"
                "\"publisher_obj\":null,\"related_items\":[],"
                "\"schema_version\":\"http://datacite.org/schema/kernel-4\","
                "\"publication_year\":null,\"funding_references\":[],"
                "\"related_identifiers\":[]}");
    dh_buf_release(&text);
    dh_record_release(&record);
}

static struct dh_hash hash_of(const char *text)
{
    struct dh_record record = whole_of(text);
    struct dh_hash hash = dh_record_hash(&record);
    dh_record_release(&record);
    return hash;
}

static bool same_hash(const char *a, const char *b)
{
    struct dh_hash x = hash_of(a), y = hash_of(b);
    return x.low == y.low && x.high == y.high;
}

static void test_hash(void **state)
{
    (void)state;
    assert_true(
        same_hash("{'doi':'10.82433/a','titles':[{'title':'T','lang':'en'}],'version':'1'}",
                  "{'version':'1','titles':[{'lang':'en','title':'T'}],'doi':'10.82433/A'}"));
    assert_true(same_hash("{'doi':'10.82433/a'}",
                          "{'doi':'10.82433/a','viewCount':4,'xml':'eA==','updated':'2020',"
                          "'landingPage':{'status':200},'metadataVersion':7,"
                          "'citationsOverTime':[{'year':'2020','total':1}]}"));
    assert_false(same_hash("{'doi':'10.82433/a'}", "{'doi':'10.82433/b'}"));
    assert_false(same_hash("{'doi':'10.82433/a'}", "{'doi':'10.82433/a','url':''}"));
    assert_false(same_hash("{'doi':'10.82433/a'}", "{'doi':'10.82433/a','state':'draft'}"));
    assert_false(
        same_hash("{'doi':'10.82433/a','sizes':['a']}", "{'doi':'10.82433/a','formats':['a']}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_absent_is_not_null), cmocka_unit_test(test_poor_publisher),
        cmocka_unit_test(test_poor_affiliations),  cmocka_unit_test(test_rich_overwrites),
        cmocka_unit_test(test_list_item),          cmocka_unit_test(test_state_and_derived),
        cmocka_unit_test(test_container_follows),  cmocka_unit_test(test_nothing_is_shared),
        cmocka_unit_test(test_creation),           cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
