/* What accounts of a small directory give to search, to strangers and to the owner. */
#include "../model/support.h"
#include "query/words.h"
#include "store/account_values.h"

static struct dh_account providers[3], clients[3];
static const struct dh_assignment given[] = {
    {.account = {"cons", 4}, .prefix = {"10.1", 4}},
    {.account = {"oak", 3}, .prefix = {"10.2", 4}},
    {.account = {"oak", 3}, .prefix = {"10.3", 4}},
};
static const struct dh_assignment used[] = {
    {.account = {"oak.data", 8}, .prefix = {"10.2", 4}},
};
static const struct dh_directory directory = {
    .providers = providers,
    .clients = clients,
    .provider_count = 3,
    .client_count = 3,
    .client_prefixes = used,
    .client_prefix_count = 1,
    .provider_prefixes = given,
    .provider_prefix_count = 3,
};

static int make(void **state)
{
    (void)state;
    providers[0] = (struct dh_account){.kind = DH_PROVIDER,
                                       .symbol = DH_STR("cons"),
                                       .name = DH_STR("Forests"),
                                       .created = dh_time_civil(2018, 3, 1),
                                       .updated = DH_TIME_NONE,
                                       .active = true};
    providers[0].attributes = json_of(
        "{'name':'Forest Consortium','displayName':'Forests','region':'EMEA','country':'DE',"
        "'systemEmail':'a@b.org','joined':'2018-03-01','rorId':null}");
    providers[1] = (struct dh_account){.kind = DH_PROVIDER,
                                       .symbol = DH_STR("oak"),
                                       .parent = DH_STR("cons"),
                                       .name = DH_STR("oak"),
                                       .created = DH_TIME_NONE,
                                       .updated = DH_TIME_NONE,
                                       .stub = true};
    providers[2] = (struct dh_account){.kind = DH_PROVIDER, .symbol = DH_STR("pine")};
    clients[0] = (struct dh_account){.kind = DH_CLIENT, .symbol = DH_STR("elm.x")};
    clients[1] = (struct dh_account){.kind = DH_CLIENT,
                                     .symbol = DH_STR("oak.data"),
                                     .parent = DH_STR("oak"),
                                     .name = DH_STR("Oak Data"),
                                     .created = dh_time_civil(2019, 5, 1),
                                     .updated = dh_time_civil(2020, 6, 1),
                                     .active = true};
    clients[1].attributes =
        json_of("{'name':'Oak: D\\u00e5ta','re3data':'https://doi.org/10.17616/R3',"
                "'opendoar':'https://v2.sherpa.ac.uk/id/repository/17','contactEmail':'c@d.org',"
                "'certificate':['A','B'],'subjects':[{'subject':'S','lang':'en'}],'year':1999,"
                "'salesforceId':'00'}");
    clients[2] = (struct dh_account){
        .kind = DH_CLIENT, .symbol = DH_STR("oak.stub"), .parent = DH_STR("oak"), .stub = true};
    return 0;
}

static int drop(void **state)
{
    (void)state;
    json_object_put(providers[0].attributes);
    json_object_put(clients[1].attributes);
    return 0;
}

static void check(const struct dh_account *account, bool owner, enum dh_source source,
                  const char *expected)
{
    struct dh_account_document document = {&directory, account, owner};
    struct dh_arena arena;
    struct dh_str *values;
    struct dh_buf text;
    size_t count;
    dh_arena_init(&arena, 1 << 20);
    dh_buf_init(&text, 1 << 20);
    assert_int_equal(dh_account_values(&document, source, &values, &count, &arena, NULL), DH_OK);
    for (size_t i = 0; i < count; i++) {
        if (i)
            dh_buf_char(&text, '|');
        dh_buf_str(&text, values[i]);
    }
    if (!dh_str_equal(dh_buf_view(&text), dh_str(expected)))
        fail_msg("%s: %.*s is not %s", dh_sources[source].path, DH_STR_ARG(dh_buf_view(&text)),
                 expected);
    dh_buf_release(&text);
    dh_arena_release(&arena);
}

static void test_providers(void **state)
{
    (void)state;
    static const struct {
        enum dh_source source;
        const char *of_first, *of_second;
    } rows[] = {
        {DH_SOURCE_PROVIDER_UID, "cons", "oak"},
        {DH_SOURCE_PROVIDER_SYMBOL, "CONS", "OAK"},
        {DH_SOURCE_PROVIDER_NAME, "Forest Consortium", "oak"},
        {DH_SOURCE_PROVIDER_DISPLAY_NAME, "Forests", "oak"},
        {DH_SOURCE_PROVIDER_ID_AND_NAME, "cons:Forest Consortium", "oak:oak"},
        {DH_SOURCE_PROVIDER_NAME_FOLDED, "forest consortium", "oak"},
        {DH_SOURCE_PROVIDER_CONSORTIUM, "", "cons"},
        {DH_SOURCE_CONSORTIUM_ID, "", "cons"},
        {DH_SOURCE_PROVIDER_CONSORTIUM_ORGANIZATIONS, "oak", ""},
        {DH_SOURCE_PROVIDER_CLIENTS, "", "oak.data|oak.stub"},
        {DH_SOURCE_PROVIDER_PREFIXES, "10.1", "10.2|10.3"},
        {DH_SOURCE_PROVIDER_REGION, "EMEA", ""},
        {DH_SOURCE_PROVIDER_COUNTRY, "DE", ""},
        {DH_SOURCE_PROVIDER_ROR_ID, "", ""},
        {DH_SOURCE_PROVIDER_IS_ACTIVE, "\001|true", NULL},
        {DH_SOURCE_PROVIDER_SYSTEM_EMAIL, "", ""},
        {DH_SOURCE_PROVIDER_UPDATED, "", ""},
        {DH_SOURCE_CLIENT_UID, "", ""},
        {DH_SOURCE_DOI, "", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check(&providers[0], false, rows[i].source, rows[i].of_first);
        if (rows[i].of_second)
            check(&providers[1], false, rows[i].source, rows[i].of_second);
    }
    check(&providers[0], true, DH_SOURCE_PROVIDER_SYSTEM_EMAIL, "a@b.org");
    check(NULL, true, DH_SOURCE_PROVIDER_UID, "");
}

static void test_clients(void **state)
{
    (void)state;
    static const struct {
        enum dh_source source;
        const char *expected;
    } rows[] = {
        {DH_SOURCE_CLIENT_UID, "oak.data"},
        {DH_SOURCE_CLIENT_SYMBOL, "OAK.DATA"},
        {DH_SOURCE_CLIENT_NAME, "Oak: D\xc3\xa5ta"},
        {DH_SOURCE_CLIENT_NAME_FOLDED, "oak: d\xc3\xa5ta|oak: data"},
        {DH_SOURCE_CLIENT_ID_AND_NAME, "oak.data:Oak: D\xc3\xa5ta"},
        {DH_SOURCE_CLIENT_PROVIDER, "oak"},
        {DH_SOURCE_CLIENT_RE3DATA_ID, "10.17616/R3"},
        {DH_SOURCE_CLIENT_OPENDOAR_ID, "17"},
        {DH_SOURCE_CLIENT_PREFIXES, "10.2"},
        {DH_SOURCE_CLIENT_CERTIFICATE, "A|B"},
        {DH_SOURCE_CLIENT_SUBJECTS_SUBJECT, "S"},
        {DH_SOURCE_CLIENT_CLIENT_TYPE, "repository"},
        {DH_SOURCE_CLIENT_DOMAINS, "*"},
        {DH_SOURCE_CLIENT_SYSTEM_EMAIL, ""},
        {DH_SOURCE_CLIENT_SALESFORCE_ID, ""},
        {DH_SOURCE_PROVIDER_NAME, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(&clients[1], false, rows[i].source, rows[i].expected);
    check(&clients[1], true, DH_SOURCE_CLIENT_SYSTEM_EMAIL, "c@d.org");
    check(&clients[1], true, DH_SOURCE_CLIENT_SALESFORCE_ID, "00");
    char term[9] = {0};
    dh_term_of_integer(2019, term); /* the year of creation, whatever the attribute says */
    struct dh_account_document document = {&directory, &clients[1], false};
    struct dh_arena arena;
    struct dh_str *values;
    size_t count;
    dh_arena_init(&arena, 1 << 20);
    assert_int_equal(
        dh_account_values(&document, DH_SOURCE_CLIENT_YEAR, &values, &count, &arena, NULL), DH_OK);
    assert_int_equal(count, 1);
    assert_memory_equal(values[0].ptr, term, 8);
    dh_arena_release(&arena);
}

static void test_finding(void **state)
{
    (void)state;
    assert_ptr_equal(dh_directory_account(&directory, DH_CLIENT, DH_STR("oak.data")), &clients[1]);
    assert_ptr_equal(dh_directory_account(&directory, DH_PROVIDER, DH_STR("pine")), &providers[2]);
    assert_null(dh_directory_account(&directory, DH_PROVIDER, DH_STR("oak.data")));
    assert_null(dh_directory_account(&(struct dh_directory){0}, DH_CLIENT, DH_STR("x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_providers),
        cmocka_unit_test(test_clients),
        cmocka_unit_test(test_finding),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
