#include "support.h"

static const char full[] =
    "{'doi':'10.82433/"
    "A','identifiers':[{'identifier':'x','identifierType':'t'},{'identifier':'y'}],"
    "'creators':[{'nameIdentifiers':[],'familyName':'F','name':'N <&>','nameType':'Personal',"
    "'affiliation':[{'schemeUri':'s','name':'U'},{'affiliationIdentifier':'i'}],'givenName':'G'}],"
    "'contributors':[{'name':'C','contributorType':'Editor','nameIdentifiers':[]}],"
    "'publisher':{'schemeUri':'s','name':'P'},'titles':[{'title':'tab\\there \\u0000 /'}],"
    "'publicationYear':2020,'types':{'resourceTypeGeneral':'Dataset'},"
    "'viewsOverTime':[{'yearMonth':'2021-05','total':3}],'url':'https://a/?b=1&c=2',"
    "'descriptions':[{'descriptionType':'SeriesInformation','description':'J, 1(2), 3-4'}]}";

static struct dh_buf bytes;
static struct dh_wire wire;

static void write_of(const char *text)
{
    struct dh_record record = whole_of(text);
    dh_buf_clear(&bytes);
    dh_wire_write(&record, &bytes);
    assert_int_equal(bytes.status, DH_OK);
    assert_int_equal(dh_wire_open(dh_buf_view(&bytes), &wire, NULL), DH_OK);
    struct dh_hash hash = dh_record_hash(&record), wired = dh_wire_hash(&wire, &record);
    assert_true(hash.low == wired.low && hash.high == wired.high);
    dh_record_release(&record);
}

/* write_of compares the hashes. */
static void test_hashes(void **state)
{
    (void)state;
    write_of(
        "{'doi':'10.82433/a<b>&c','titles':[{'title':'<&> \\u003c \\\\u003c \\\\\\u003c'}],"
        "'url':'https://a/?b&c','state':'findable','container':{'type':'Series','title':'<'},"
        "'creators':[{'name':'\\\\'},{'name':'\\u0001\\n\\\\'}],"
        "'geoLocations':[{'geoLocationPoint':{'pointLatitude':-01.50,'pointLongitude':1e5}}]}");
}

static void test_fragments(void **state)
{
    (void)state;
    static const struct {
        enum dh_attribute attribute;
        enum dh_form form;
        const char *fragment;
    } rows[] = {
        {DH_ATTR_DOI, DH_FORM_PLAIN, "\"doi\":\"10.82433/a\""},
        {DH_ATTR_PREFIX, DH_FORM_PLAIN, "\"prefix\":\"10.82433\""},
        {DH_ATTR_SUFFIX, DH_FORM_PLAIN, "\"suffix\":\"a\""},
        {DH_ATTR_ALTERNATE_IDENTIFIERS, DH_FORM_PLAIN,
         "\"alternateIdentifiers\":[{\"alternateIdentifierType\":\"t\",\"alternateIdentifier\":"
         "\"x\"},{\"alternateIdentifierType\":null,\"alternateIdentifier\":\"y\"}]"},
        {DH_ATTR_CREATORS, DH_FORM_PLAIN,
         "\"creators\":[{\"name\":\"N \\u003c\\u0026\\u003e\",\"nameType\":\"Personal\","
         "\"givenName\":\"G\",\"familyName\":\"F\",\"affiliation\":[\"U\"],"
         "\"nameIdentifiers\":[]}]"},
        {DH_ATTR_CREATORS, DH_FORM_RICH,
         "\"creators\":[{\"name\":\"N \\u003c\\u0026\\u003e\",\"nameType\":\"Personal\","
         "\"givenName\":\"G\",\"familyName\":\"F\",\"affiliation\":[{\"name\":\"U\","
         "\"schemeUri\":\"s\"},{\"affiliationIdentifier\":\"i\"}],\"nameIdentifiers\":[]}]"},
        {DH_ATTR_CONTRIBUTORS, DH_FORM_PLAIN,
         "\"contributors\":[{\"name\":\"C\",\"affiliation\":[],\"contributorType\":\"Editor\","
         "\"nameIdentifiers\":[]}]"},
        {DH_ATTR_PUBLISHER, DH_FORM_PLAIN, "\"publisher\":\"P\""},
        {DH_ATTR_PUBLISHER, DH_FORM_RICH, "\"publisher\":{\"name\":\"P\",\"schemeUri\":\"s\"}"},
        {DH_ATTR_TITLES, DH_FORM_PLAIN, "\"titles\":[{\"title\":\"tab\\there \\u0000 /\"}]"},
        {DH_ATTR_TYPES, DH_FORM_RICH,
         "\"types\":{\"ris\":\"DATA\",\"bibtex\":\"misc\",\"citeproc\":\"dataset\","
         "\"schemaOrg\":\"Dataset\",\"resourceTypeGeneral\":\"Dataset\"}"},
        {DH_ATTR_CONTAINER, DH_FORM_PLAIN,
         "\"container\":{\"type\":\"DataRepository\",\"title\":\"J\",\"volume\":\"1\","
         "\"issue\":\"2\",\"firstPage\":\"3\",\"lastPage\":\"4\"}"},
        {DH_ATTR_VIEWS_OVER_TIME, DH_FORM_PLAIN,
         "\"viewsOverTime\":[{\"yearMonth\":\"2021-05\",\"total\":3}]"},
        {DH_ATTR_URL, DH_FORM_PLAIN, "\"url\":\"https://a/?b=1\\u0026c=2\""},
        {DH_ATTR_STATE, DH_FORM_PLAIN, "\"state\":\"findable\""},
        {DH_ATTR_PUBLISHED, DH_FORM_PLAIN, "\"published\":\"2020\""},
        {DH_ATTR_REASON, DH_FORM_PLAIN, "\"reason\":null"},
        {DH_ATTR_VIEW_COUNT, DH_FORM_PLAIN, ""},
        {DH_ATTR_CREATED, DH_FORM_PLAIN, ""},
    };
    write_of(full);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_text(dh_wire_fragment(&wire, rows[i].attribute, rows[i].form), rows[i].fragment);
    assert_text(dh_wire_value(&wire, DH_ATTR_PUBLISHER, DH_FORM_PLAIN), "\"P\"");
    assert_null(dh_wire_value(&wire, DH_ATTR_CREATED, DH_FORM_PLAIN).ptr);
}

static bool shared(enum dh_attribute a)
{
    return wire.fragment[a][DH_FORM_PLAIN].ptr == wire.fragment[a][DH_FORM_RICH].ptr;
}

static void test_shared_spans(void **state)
{
    (void)state;
    write_of(full);
    assert_false(shared(DH_ATTR_CREATORS));
    assert_true(shared(DH_ATTR_CONTRIBUTORS));
    assert_false(shared(DH_ATTR_PUBLISHER));
    assert_true(shared(DH_ATTR_TITLES));
    write_of("{'doi':'10.82433/a','creators':[{'name':'A'}],'publisher':null}");
    assert_true(shared(DH_ATTR_CREATORS));
    assert_true(shared(DH_ATTR_PUBLISHER));
    assert_text(dh_wire_value(&wire, DH_ATTR_PUBLISHER, DH_FORM_PLAIN), "null");
    write_of("{'doi':'10.82433/a','publisher':{'lang':'en'}}");
    assert_text(dh_wire_value(&wire, DH_ATTR_PUBLISHER, DH_FORM_PLAIN), "null");
    assert_text(dh_wire_value(&wire, DH_ATTR_PUBLISHER, DH_FORM_RICH), "{\"lang\":\"en\"}");
}

static void test_stored_container(void **state)
{
    (void)state;
    write_of("{'doi':'10.82433/a','container':{'volume':'1','title':'T','type':'Journal',"
             "'identifiers':[{'bb':1,'a':2}]}}");
    assert_text(dh_wire_value(&wire, DH_ATTR_CONTAINER, DH_FORM_PLAIN),
                "{\"type\":\"Journal\",\"title\":\"T\",\"volume\":\"1\","
                "\"identifiers\":[{\"a\":2,\"bb\":1}]}");
}

static void test_round_trip(void **state)
{
    (void)state;
    struct dh_record record = whole_of(full), again;
    write_of(full);
    assert_int_equal(dh_wire_read(&wire, &again, NULL), DH_OK);
    assert_text(again.doi, "10.82433/a");
    assert_int_equal(again.state, DH_STATE_FINDABLE);
    assert_int_equal(again.created, DH_TIME_NONE);
    assert_int_equal(again.counts[DH_COUNT_VIEW], -1);
    assert_true(dh_json_equal(record.attributes, again.attributes));
    struct dh_buf second;
    dh_buf_init(&second, 1 << 20);
    dh_wire_write(&again, &second);
    assert_true(dh_str_equal(dh_buf_view(&second), dh_buf_view(&bytes)));
    dh_buf_release(&second);
    dh_record_release(&record);
    dh_record_release(&again);
}

static void test_appends(void **state)
{
    (void)state;
    struct dh_record record = whole_of(full);
    struct dh_buf out;
    dh_buf_init(&out, 1 << 20);
    dh_buf_text(&out, "before");
    dh_wire_write(&record, &out);
    struct dh_wire second;
    assert_int_equal(dh_wire_open(dh_str_from(dh_buf_view(&out), 6), &second, NULL), DH_OK);
    dh_buf_release(&out);
    dh_buf_init(&out, 100);
    dh_wire_write(&record, &out);
    assert_int_equal(out.status, DH_LIMIT);
    dh_buf_release(&out);
    dh_record_release(&record);
}

/* Copies of exact size let a sanitizer see any read past the end. */
static enum dh_status open_copy(const char *from, size_t len, struct dh_wire *out)
{
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, from, len);
    enum dh_status status = dh_wire_open((struct dh_str){copy, len}, out, NULL);
    struct dh_record record;
    if (status == DH_OK && dh_wire_read(out, &record, NULL) == DH_OK)
        dh_record_release(&record);
    free(copy);
    return status;
}

static void test_truncated(void **state)
{
    (void)state;
    struct dh_wire out;
    write_of(full);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(open_copy(bytes.ptr, len, &out), DH_CORRUPT);
    assert_int_equal(open_copy(bytes.ptr, bytes.len, &out), DH_OK);
}

static void test_damaged(void **state)
{
    (void)state;
    struct dh_wire out;
    write_of(full);
    for (size_t i = 0; i < bytes.len; i++)
        for (unsigned change = 1; change < 256; change += 127) {
            bytes.ptr[i] = (char)(bytes.ptr[i] ^ (int)change);
            open_copy(bytes.ptr, bytes.len, &out);
            bytes.ptr[i] = (char)(bytes.ptr[i] ^ (int)change);
        }
    assert_int_equal(open_copy("dhW1", 4, &out), DH_CORRUPT);
    assert_int_equal(dh_wire_open(DH_STR_NONE, &out, NULL), DH_CORRUPT);
}

/* Bytes that open but are no record: an attribute of another shape, or none at all. */
static void test_misshapen(void **state)
{
    (void)state;
    struct dh_wire out;
    struct dh_record record;
    static const char *const swaps[][2] = {
        {"\"sizes\":[]", "\"sizes\":{}"},           {"\"container\":{", "\"container\":["},
        {"\"types\":{}", "\"types\":[]"},           {"\"titles\":[{}]", "\"titles\":[12]"},
        {"\"isActive\":true", "\"isActive\":null"}, {"10.82433/a", "10.82433\\a"},
    };
    for (size_t i = 0; i < sizeof(swaps) / sizeof(swaps[0]); i++) {
        write_of("{'doi':'10.82433/a','titles':[{}],'types':{},'isActive':true}");
        char *at = memmem(bytes.ptr, bytes.len, swaps[i][0], strlen(swaps[i][0]));
        assert_non_null(at);
        memcpy(at, swaps[i][1], strlen(swaps[i][1]));
        assert_int_equal(dh_wire_open(dh_buf_view(&bytes), &out, NULL), DH_OK);
        assert_int_equal(dh_wire_read(&out, &record, NULL), DH_CORRUPT);
        assert_null(record.attributes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hashes),       cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_shared_spans), cmocka_unit_test(test_stored_container),
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_appends),
        cmocka_unit_test(test_truncated),    cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_misshapen),
    };
    dh_buf_init(&bytes, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_buf_release(&bytes);
    return failed;
}
