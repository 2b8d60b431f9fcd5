/* The metadata tree of stored records: keys, their order, capitals, and damaged bytes. */
#include "api/metadata.h"
#include "small_store.h"

static const char *const resources[] = {
    "{\"id\":\"10.5072/a(b)<%c>\",\"type\":\"dois\",\"attributes\":{"
    "\"doi\":\"10.5072/a(b)<%c>\",\"url\":\"https://example.org/?a&b\",\"state\":\"registered\","
    "\"creators\":[{\"name\":\"X\",\"affiliation\":[{\"name\":\"Home\","
    "\"affiliationIdentifier\":\"https://ror.org/04wxnsj81\"}]}],"
    "\"publisher\":{\"name\":\"P\",\"lang\":\"en\"},\"publicationYear\":2020,"
    "\"contentUrl\":[\"https://example.org/file\"],\"xml\":\"PGEvPg==\","
    "\"registered\":\"2020-02-03T04:05:06.000Z\"},"
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"exmpl.one\",\"type\":\"clients\"}},"
    "\"provider\":{\"data\":{\"id\":\"exmpl\",\"type\":\"providers\"}}}}",
    "{\"id\":\"10.123456/bare\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.123456/bare\"}}",
    ("{\"id\":\"10.5072/other\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/other\","
     "\"agency\":\"crossref\"}}"),
};

static int open_store(void **state)
{
    (void)state;
    small_store_open(resources, sizeof(resources) / sizeof(resources[0]), true);
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    small_store_close();
    return 0;
}

static void read_hit(const char *doi, struct dh_hit *hit)
{
    struct dh_err err = {0};
    if (dh_store_get(small.reader, dh_str(doi), hit, &small.arena, &err))
        fail_msg("%s: %s", doi, err.text);
}

static struct json_object *tree_of(const char *doi, bool xml)
{
    struct dh_hit hit;
    struct dh_err err = {0};
    read_hit(doi, &hit);
    struct json_object *tree = dh_hit_metadata(&hit, xml, &err);
    if (!tree)
        fail_msg("%s: %s", doi, err.text);
    return tree;
}

static void check(struct json_object *tree, const char *key, const char *expected)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_RECORD_MAX);
    if (expected)
        dh_json_write(&text, dh_json_get(tree, key), DH_JSON_PLAIN);
    dh_buf_char(&text, '\0');
    if (expected)
        assert_string_equal(text.ptr, expected);
    else
        assert_false(dh_json_has(tree, key));
    dh_buf_release(&text);
}

static void keys_have_an_order(void **state)
{
    static const char *const keys[] = {
        "id",
        "doi",
        "url",
        "types",
        "creators",
        "titles",
        "publisher",
        "container",
        "subjects",
        "contributors",
        "dates",
        "publicationYear",
        "identifiers",
        "sizes",
        "formats",
        "rightsList",
        "descriptions",
        "geoLocations",
        "fundingReferences",
        "relatedIdentifiers",
        "relatedItems",
        "schemaVersion",
        "providerId",
        "clientId",
        "agency",
        "state",
        "registered",
        "contentUrl",
        "xml",
    };
    (void)state;
    size_t i = 0;
    struct json_object *tree = tree_of("10.5072/a(b)<%c>", true);
    json_object_object_foreach(tree, key, value)
    {
        (void)value;
        assert_true(i < sizeof(keys) / sizeof(keys[0]));
        assert_string_equal(key, keys[i++]);
    }
    assert_int_equal(i, sizeof(keys) / sizeof(keys[0]));
    json_object_put(tree);
}

static void values_are_rich(void **state)
{
    (void)state;
    struct json_object *tree = tree_of("10.5072/a(b)<%c>", true);
    check(tree, "id", "\"https://doi.org/10.5072/a(b)%3C%25c%3E\"");
    check(tree, "doi", "\"10.5072/A(B)<%C>\"");
    check(tree, "url", "\"https://example.org/?a&b\"");
    check(tree, "publisher", "{\"lang\":\"en\",\"name\":\"P\"}");
    check(tree, "state", "\"registered\"");
    check(tree, "agency", "\"datacite\"");
    check(tree, "clientId", "\"exmpl.one\"");
    check(tree, "providerId", "\"exmpl\"");
    check(tree, "registered", "\"2020-02-03T04:05:06Z\"");
    check(tree, "xml", "\"PGEvPg==\"");
    check(tree, "language", NULL);
    check(tree, "viewCount", NULL);
    struct json_object *creator = json_object_array_get_idx(dh_json_get(tree, "creators"), 0);
    struct json_object *home = json_object_array_get_idx(dh_json_get(creator, "affiliation"), 0);
    check(home, "name", "\"Home\"");
    json_object_put(tree);
    tree = tree_of("10.5072/a(b)<%c>", false);
    check(tree, "xml", NULL);
    json_object_put(tree);
}

static void poor_records_have_trees(void **state)
{
    (void)state;
    struct json_object *tree = tree_of("10.123456/bare", true);
    check(tree, "id", "\"https://doi.org/10.123456/bare\"");
    check(tree, "creators", "[]");
    check(tree, "publisher", NULL);
    check(tree, "clientId", NULL);
    check(tree, "xml", NULL);
    json_object_put(tree);
    tree = tree_of("10.5072/other", false);
    check(tree, "agency", "\"crossref\"");
    json_object_put(tree);
}

static void damage_is_told(void **state)
{
    (void)state;
    struct dh_hit hit;
    struct dh_err err = {0};
    read_hit("10.5072/other", &hit);
    hit.wire.fragment[DH_ATTR_CREATORS][DH_FORM_RICH] = DH_STR("\"creators\":[{]");
    assert_null(dh_hit_metadata(&hit, false, &err));
    assert_int_equal(err.code, DH_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_an_order),
        cmocka_unit_test(values_are_rich),
        cmocka_unit_test(poor_records_have_trees),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, open_store, close_store);
}
