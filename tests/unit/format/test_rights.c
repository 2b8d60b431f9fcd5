#include "format/reading.h"
#include "support.h"

#define BY_4                                                                                       \
    "{'rights':'Creative Commons Attribution 4.0 International',"                                  \
    "'rightsUri':'https://creativecommons.org/licenses/by/4.0/legalcode',"                         \
    "'rightsIdentifier':'cc-by-4.0','rightsIdentifierScheme':'SPDX',"                              \
    "'schemeUri':'https://spdx.org/licenses/'}"

static void test_texts(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Creative Commons Attribution 4.0 International", BY_4},
        {"CC-BY-4.0", BY_4},
        {"https://creativecommons.org/licenses/by/4.0/", BY_4},
        {"http://www.creativecommons.org/licenses/by/4.0/deed.en", BY_4},
        {"cc-by-4.0", "{'rights':'cc-by-4.0'}"},
        {"CC BY 4.0", "{'rights':'CC BY 4.0'}"},
        {"info:eu-repo/semantics/openAccess", "{'rights':'info:eu-repo/semantics/openAccess'}"},
        {" ", NULL},
        {"", NULL},
    };
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *out = dh_rights_of_text(&arena, dh_str(rows[i][0]));
        if (rows[i][1])
            assert_written(out, rows[i][1]);
        else
            assert_null(out);
        json_object_put(out);
    }
    dh_arena_release(&arena);
}

static void test_objects(void **state)
{
    (void)state;
    static const struct {
        struct dh_rights given;
        const char *expected;
    } rows[] = {
        {{.identifier = {"cc-by-4.0", 9}}, BY_4},
        {{.identifier = {"Cc-By-4.0", 9}, .rights = {"mine", 4}}, BY_4},
        {{.uri = {"http://creativecommons.org/licenses/by/4.0/", 43}}, BY_4},
        {{.rights = {"Creative Commons Attribution 4.0 International", 46}}, BY_4},
        {{.rights = {"https://creativecommons.org/licenses/by/4.0", 43}}, BY_4},
        {{.rights = {"CC-BY-4.0", 9}, .lang = {"en", 2}}, "{'rights':'CC-BY-4.0','lang':'en'}"},
        {{.rights = {"Open Access", 11}, .uri = {"info:eu-repo/semantics/openAccess", 33}},
         "{'rights':'Open Access','rightsUri':'info:eu-repo/semantics/openAccess'}"},
        {{.rights = {"Mine", 4},
          .identifier = {"MINE", 4},
          .scheme = {"Own", 3},
          .scheme_uri = {"https://example.org", 19}},
         "{'rights':'Mine','rightsIdentifier':'mine','rightsIdentifierScheme':'Own',"
         "'schemeUri':'https://example.org'}"},
        {{.rights = {" ", 1}}, NULL},
    };
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *out = dh_rights_new(&arena, &rows[i].given);
        if (rows[i].expected)
            assert_written(out, rows[i].expected);
        else
            assert_null(out);
        json_object_put(out);
    }
    dh_arena_release(&arena);
}

static void test_lang(void **state)
{
    (void)state;
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct dh_rights given = {.identifier = DH_STR("mit"), .lang = DH_STR("en")};
    struct json_object *out = dh_rights_new(&arena, &given);
    assert_text(dh_text(out, "rights"), "MIT License");
    assert_text(dh_text(out, "rightsIdentifier"), "mit");
    assert_text(dh_text(out, "lang"), "en");
    json_object_put(out);
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_lang),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
