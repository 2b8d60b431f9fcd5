#include "support.h"

static void test_attributes(void **state)
{
    (void)state;
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++) {
        assert_int_equal(dh_attributes[a].name_len, strlen(dh_attributes[a].name));
        assert_int_equal(dh_attribute_find(dh_str(dh_attributes[a].name)), a);
    }
    assert_int_equal(dh_attribute_find(DH_STR("creator")), DH_ATTR__N);
    assert_int_equal(dh_attribute_find(DH_STR_NONE), DH_ATTR__N);
    assert_string_equal(dh_attributes[0].name, "doi");
    assert_string_equal(dh_attributes[DH_ATTR_STATE].audit, "aasm_state");
}

static void test_counts(void **state)
{
    (void)state;
    for (enum dh_count c = 0; c < DH_COUNT__N; c++) {
        assert_int_equal(dh_attributes[dh_count_attribute(c)].shape, DH_SHAPE_COUNT);
        assert_int_equal(dh_attribute_count(dh_count_attribute(c)), c);
    }
    assert_int_equal(dh_attribute_count(DH_ATTR_TITLES), DH_COUNT__N);
}

/* Every path begins at an attribute (perhaps its first element) or is marked as derived. */
static void test_paths(void **state)
{
    (void)state;
    assert_true(dh_field_count > 300);
    for (size_t i = 0; i < DH_SOURCE__N; i++) {
        struct dh_str path = dh_str(dh_sources[i].path);
        if (dh_sources[i].home > DH_HOME_COLUMN || path.ptr[0] == '@')
            continue;
        struct dh_str head = {path.ptr, dh_str_find(path, '.')};
        head.len = dh_str_find(head, '[');
        if (dh_attribute_find(head) == DH_ATTR__N)
            fail_msg("no attribute for path %s", dh_sources[i].path);
    }
}

static void test_rows_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < dh_field_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(dh_fields[i].query, dh_fields[k].query) == 0 &&
                dh_fields[i].source == dh_fields[k].source)
                fail_msg("two rows for %s", dh_fields[i].query);
}

static enum dh_index type_of(const char *query)
{
    for (size_t i = 0; i < dh_field_count; i++)
        if (strcmp(dh_fields[i].query, query) == 0)
            return dh_sources[dh_fields[i].source].type;
    fail_msg("no field %s", query);
    return DH_INDEX_TEXT;
}

static void test_types(void **state)
{
    (void)state;
    assert_int_equal(type_of("titles.title"), DH_INDEX_TEXT);
    assert_int_equal(type_of("titles.title.keyword"), DH_INDEX_KEYWORD);
    assert_int_equal(type_of("primary_title.title.raw"), DH_INDEX_FOLDED);
    assert_int_equal(type_of("doi"), DH_INDEX_LOWER);
    assert_int_equal(type_of("publication_year"), DH_INDEX_DATE);
    assert_int_equal(type_of("creators_and_contributors.affiliation.name"), DH_INDEX_KEYWORD);
    assert_int_equal(type_of("rights_list.rightsIdentifier"), DH_INDEX_LOWER);
    assert_int_equal(type_of("geo_locations.geoLocationPoint.pointLatitude"), DH_INDEX_FLOAT);
    assert_int_equal(type_of("citation_count"), DH_INDEX_INTEGER);
    assert_int_equal(type_of("landing_page.hasSchemaOrg"), DH_INDEX_BOOLEAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attributes), cmocka_unit_test(test_counts),
        cmocka_unit_test(test_paths),      cmocka_unit_test(test_rows_differ),
        cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
