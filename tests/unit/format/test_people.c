#include "format/reading.h"
#include "support.h"

static struct dh_str text(const char *s)
{
    return s ? dh_str(s) : DH_STR_NONE;
}

static void test_person(void **state)
{
    (void)state;
    struct dh_person person = {.name = DH_STR("Ollomo, Benjamin")};
    struct json_object *out = dh_person_new(&person);
    assert_written(out, "{'name':'Ollomo, Benjamin'}");
    json_object_put(out);
    person = (struct dh_person){
        .name = DH_STR("Matt Jones"),
        .name_type = DH_STR("Personal"),
        .given = DH_STR("Matt"),
        .family = DH_STR("Jones"),
        .identifiers = json_object_new_array(),
        .affiliation = json_object_new_array(),
        .contributor_type = "Editor",
    };
    json_object_array_add(person.affiliation, json_object_new_string("x"));
    out = dh_person_new(&person);
    assert_written(out, "{'nameType':'Personal','name':'Matt Jones','givenName':'Matt',"
                        "'familyName':'Jones','affiliation':['x'],'contributorType':'Editor'}");
    json_object_put(out);
    person = (struct dh_person){.family = DH_STR("Jones")};
    out = dh_person_new(&person);
    assert_written(out, "{'familyName':'Jones'}");
    json_object_put(out);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"Jones", "Matt", "Jones, Matt"}, {"Jones", NULL, "Jones"}, {NULL, "Matt", "Matt"},
        {"Jones", " ", "Jones"},          {NULL, NULL, NULL},       {"", "", NULL},
    };
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_text(dh_person_name(&arena, text(rows[i][0]), text(rows[i][1])), rows[i][2]);
    dh_arena_release(&arena);
}

static void test_identifiers(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        {"0000-0002-1825-0097", "ORCID", NULL,
         "{'nameIdentifier':'https://orcid.org/0000-0002-1825-0097','schemeUri':'https://"
         "orcid.org',"
         "'nameIdentifierScheme':'ORCID'}"},
        {" http://orcid.org/0000-0002-1825-0097 ", "ORCID", "http://orcid.org/",
         "{'nameIdentifier':'https://orcid.org/0000-0002-1825-0097','schemeUri':'https://"
         "orcid.org',"
         "'nameIdentifierScheme':'ORCID'}"},
        {"05bp8ka05", "ROR", NULL,
         "{'nameIdentifier':'https://ror.org/05bp8ka05','schemeUri':'https://ror.org',"
         "'nameIdentifierScheme':'ROR'}"},
        {"118611593", "GND", "http://d-nb.info/gnd/",
         "{'nameIdentifier':'118611593','schemeUri':'http://d-nb.info/gnd/',"
         "'nameIdentifierScheme':'GND'}"},
        {"12", "ORCID", NULL, "{'schemeUri':'https://orcid.org','nameIdentifierScheme':'ORCID'}"},
        {" ", "GND", NULL, "{'nameIdentifierScheme':'GND'}"},
        {"", NULL, NULL, NULL},
    };
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *out =
            dh_name_identifier(&arena, text(rows[i][0]), text(rows[i][1]), text(rows[i][2]));
        if (rows[i][3])
            assert_written(out, rows[i][3]);
        else
            assert_null(out);
        json_object_put(out);
    }
    dh_arena_release(&arena);
}

static void test_affiliations(void **state)
{
    (void)state;
    static const char *const rows[][5] = {
        {"  Example\n University ", NULL, NULL, NULL, "{'name':'Example University'}"},
        {"E", "https://ror.org/05bp8ka05", "ROR", NULL,
         "{'name':'E','affiliationIdentifier':'https://ror.org/05bp8ka05',"
         "'affiliationIdentifierScheme':'ROR'}"},
        {"E", "05bp8ka05", "ROR", NULL,
         "{'name':'E','affiliationIdentifier':'https://ror.org/05bp8ka05',"
         "'affiliationIdentifierScheme':'ROR','schemeUri':'https://ror.org'}"},
        {"E", "05bp8ka05", "ROR", "https://ror.org",
         "{'name':'E','affiliationIdentifier':'https://ror.org/05bp8ka05',"
         "'affiliationIdentifierScheme':'ROR','schemeUri':'https://ror.org'}"},
        {"E", "grid.268117.b", "GRID", "https://grid.ac/institutes/",
         "{'name':'E','affiliationIdentifier':'https://grid.ac/institutes/grid.268117.b',"
         "'affiliationIdentifierScheme':'GRID','schemeUri':'https://grid.ac/institutes/'}"},
        {"E", "grid.268117.b", "GRID", "https://grid.ac/institutes",
         "{'name':'E','affiliationIdentifier':'https://grid.ac/institutes/grid.268117.b',"
         "'affiliationIdentifierScheme':'GRID','schemeUri':'https://grid.ac/institutes'}"},
        {"E", "grid.268117.b", "GRID", NULL,
         "{'name':'E','affiliationIdentifier':'grid.268117.b',"
         "'affiliationIdentifierScheme':'GRID'}"},
        {NULL, "https://isni.org/isni/0000000121032683/", "ISNI", NULL,
         "{'affiliationIdentifier':'https://isni.org/isni/0000000121032683',"
         "'affiliationIdentifierScheme':'ISNI'}"},
        {" ", "", NULL, "https://ror.org", NULL},
    };
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *out = dh_affiliation(&arena, text(rows[i][0]), text(rows[i][1]),
                                                 text(rows[i][2]), text(rows[i][3]));
        if (rows[i][4])
            assert_written(out, rows[i][4]);
        else
            assert_null(out);
        json_object_put(out);
    }
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_affiliations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
