#include "support.h"

static struct dh_arena arena;

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *doi;
    } rows[] = {
        {"10.7937/TCIA.Demo-0001", "10.7937/tcia.demo-0001"},
        {"  10.5438/6423\n", "10.5438/6423"},
        {"doi:10.5438/6423", "10.5438/6423"},
        {"DOI: 10.5438/6423", "10.5438/6423"},
        {"https://doi.org/10.5438/6423", "10.5438/6423"},
        {"http://dx.doi.org/10.5438/6423", "10.5438/6423"},
        {"HTTPS://WWW.DOI.ORG/10.5438/ABC", "10.5438/abc"},
        {"https://doi.org/doi:10.5438/6423", "10.5438/6423"},
        {"https:/doi.org/10.5438/6423", "10.5438/6423"},
        {"doi.org/10.5438/6423", "10.5438/6423"},
        {"https://handle.stage.datacite.org/10.5438/6423", "10.5438/6423"},
        {"https://handle.test.datacite.org/10.5438/6423", "10.5438/6423"},
        {"https://doi.org/10.5438%2F6423", "10.5438/6423"},
        {"https://doi.org/10.5438/a%3Fb%23c", "10.5438/a?b#c"},
        {"https://doi.org/10.5438/6423?x=1#top", "10.5438/6423"},
        {"https://doi.org/10.5438/a%zz", "10.5438/a%zz"},
        {"10.5438/a?b#c%41", "10.5438/a?b#c%41"},
        {"10.1000.10/123", "10.1000.10/123"},
        {"10.1/x/y/z", "10.1/x/y/z"},
        {"10.5067/terra+aqua/ceres_l3.004", "10.5067/terra+aqua/ceres_l3.004"},
        {"", NULL},
        {"10.", NULL},
        {"10./x", NULL},
        {"10.5438", NULL},
        {"10.5438/", NULL},
        {"11.5438/x", NULL},
        {"10.54x8/x", NULL},
        {"10.5438/a\tb", NULL},
        {"https://doi.org/", NULL},
        {"https://example.org/10.5438/6423", NULL},
        {"https://doi.org/10.5438/%ff", NULL},
        {"https://doi.org/10.5438/a%00b", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_str doi = dh_doi_parse(&arena, dh_str(rows[i].text));
        if (!rows[i].doi && doi.ptr)
            fail_msg("%s was taken for a DOI", rows[i].text);
        else if (rows[i].doi)
            assert_text(doi, rows[i].doi);
    }
}

static void test_long(void **state)
{
    (void)state;
    char text[DH_DOI_MAX + 2];
    memset(text, 'a', sizeof(text));
    memcpy(text, "10.5438/", 8);
    assert_true(dh_doi_valid((struct dh_str){text, DH_DOI_MAX}));
    assert_false(dh_doi_valid((struct dh_str){text, DH_DOI_MAX + 1}));
    assert_false(dh_doi_valid(DH_STR_NONE));
    assert_null(dh_doi_parse(&arena, DH_STR_NONE).ptr);
}

static void test_parts(void **state)
{
    (void)state;
    assert_text(dh_doi_prefix(DH_STR("10.5438/a/b")), "10.5438");
    assert_text(dh_doi_suffix(DH_STR("10.5438/a/b")), "a/b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_parts),
    };
    dh_arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
