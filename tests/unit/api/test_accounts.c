/* /providers, /clients, /repositories, totals and stats, over a store with made-up accounts. */
#include "small_store.h"

#define COMMON "\"creators\":[{\"name\":\"A\"}],\"titles\":[{\"title\":\"T\"}],"

static const char *const resources[] = {
    "{\"id\":\"oak\",\"type\":\"providers\",\"attributes\":{\"name\":\"Oak Consortium\","
    "\"displayName\":\"oak & Co\",\"symbol\":\"OAK\",\"website\":\"https://oak.example\","
    "\"region\":\"EMEA\",\"country\":\"DE\",\"memberType\":\"consortium\","
    "\"organizationType\":\"researchInstitution\",\"focusArea\":\"general\","
    "\"nonProfitStatus\":\"non-profit\",\"isActive\":true,\"systemEmail\":\"secret@oak.example\","
    "\"joined\":\"2015-03-01\",\"rorId\":\"https://ror.org/012345678\","
    "\"created\":\"2015-03-01T10:00:00.000Z\",\"updated\":\"2020-01-02T03:04:05.000Z\","
    "\"doiEstimate\":5}}",
    "{\"id\":\"elm\",\"type\":\"providers\",\"attributes\":{\"name\":\"Elm\",\"displayName\":"
    "\"Elm\",\"region\":\"AMER\",\"memberType\":\"consortium_organization\","
    "\"created\":\"2016-03-01T10:00:00.000Z\",\"updated\":\"2020-01-02T03:04:05.000Z\"},"
    "\"relationships\":{\"consortium\":{\"data\":{\"id\":\"oak\",\"type\":\"providers\"}}}}",
    "{\"id\":\"elm.leaf\",\"type\":\"repositories\",\"attributes\":{\"name\":\"Leaf Archive\","
    "\"symbol\":\"ELM.LEAF\",\"re3data\":\"https://doi.org/10.17616/R3ABCD\","
    "\"opendoar\":\"https://v2.sherpa.ac.uk/id/repository/77\",\"systemEmail\":\"s@x.example\","
    "\"clientType\":\"repository\",\"repositoryType\":[\"project-related\",\"disciplinary\"],"
    "\"certificate\":[\"CoreTrustSeal\"],\"language\":[\"en\"],\"software\":\"DSpace 7.x\","
    "\"domains\":\"leaf.example\",\"url\":\"https://leaf.example\","
    "\"created\":\"2017-05-06T07:08:09Z\",\"updated\":\"2021-01-01T00:00:00Z\","
    "\"isActive\":true},\"relationships\":{\"provider\":{\"data\":{\"id\":\"elm\",\"type\":"
    "\"providers\"}},\"prefixes\":{\"data\":[{\"id\":\"10.5555\",\"type\":\"prefixes\"}]}}}",
    "{\"id\":\"10.5555/a\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5555/a\"," COMMON
    "\"state\":\"findable\",\"publisher\":\"P\",\"publicationYear\":2019,"
    "\"types\":{\"resourceTypeGeneral\":\"JournalArticle\"},"
    "\"created\":\"2019-01-01T00:00:00Z\",\"updated\":\"2019-01-01T00:00:00Z\"},"
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"elm.leaf\",\"type\":\"clients\"}}}}",
    "{\"id\":\"10.5555/b\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5555/b\"," COMMON
    "\"state\":\"draft\",\"created\":\"2018-01-01T00:00:00Z\"},"
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"elm.leaf\",\"type\":\"clients\"}}}}",
    "{\"id\":\"10.6666/c\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.6666/c\"," COMMON
    "\"state\":\"findable\",\"created\":\"2018-01-01T00:00:00Z\"},"
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"ash.twig\",\"type\":\"clients\"}}}}",
};

static int setup(void **state)
{
    (void)state;
    small_store_open(resources, sizeof(resources) / sizeof(resources[0]), false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    small_store_close();
    return 0;
}

static void provider_in_full(void **state)
{
    (void)state;
    assert_body("/providers/OAK",
                "{\"data\":{\"id\":\"oak\",\"type\":\"providers\",\"attributes\":{"
                "\"name\":\"Oak Consortium\",\"displayName\":\"oak \\u0026 Co\",\"symbol\":\"OAK\","
                "\"website\":\"https://oak.example\",\"description\":null,\"region\":\"EMEA\","
                "\"country\":\"DE\",\"logoUrl\":null,\"memberType\":\"consortium\","
                "\"organizationType\":\"researchInstitution\",\"focusArea\":\"general\","
                "\"nonProfitStatus\":\"non-profit\",\"isActive\":true,\"joined\":\"2015-03-01\","
                "\"rorId\":\"https://ror.org/012345678\",\"created\":\"2015-03-01T10:00:00.000Z\","
                "\"updated\":\"2020-01-02T03:04:05.000Z\",\"doiEstimate\":5},\"relationships\":{"
                "\"clients\":{\"data\":[]},\"prefixes\":{\"data\":[]},\"consortiumOrganizations\":{"
                "\"data\":[{\"id\":\"elm\",\"type\":\"providers\"}]}}},"
                "\"meta\":{\"consortiumOrganizationCount\":1}}");
    assert_holds("/providers/elm",
                 "\"consortium\":{\"data\":{\"id\":\"oak\",\"type\":\"providers\"}}}},"
                 "\"meta\":{\"repositoryCount\":1}}");
    assert_holds("/providers/elm", "\"clients\":{\"data\":[{\"id\":\"elm.leaf\"");
    get("/providers/nobody", 404);
}

static void stub_shows_every_attribute(void **state)
{
    (void)state;
    assert_body(
        "/clients/ash.twig",
        "{\"data\":{\"id\":\"ash.twig\",\"type\":\"clients\",\"attributes\":{"
        "\"name\":\"ash.twig\",\"symbol\":\"ASH.TWIG\",\"year\":null,\"alternateName\":null,"
        "\"description\":null,\"language\":[],\"clientType\":\"repository\",\"domains\":\"*\","
        "\"re3data\":null,\"opendoar\":null,\"issn\":{},\"url\":null,\"created\":null,"
        "\"updated\":null,\"isActive\":true},\"relationships\":{\"provider\":{\"data\":{"
        "\"id\":\"ash\",\"type\":\"providers\"}},\"prefixes\":{\"data\":[{\"id\":\"10.6666\","
        "\"type\":\"prefixes\"}]}}}}");
    assert_holds("/providers/ash", "\"name\":\"ash\",\"displayName\":\"ash\",\"symbol\":\"ASH\"");
    assert_holds("/providers/ash", "\"updated\":null,\"doiEstimate\":0}");
}

static void repository_in_full(void **state)
{
    (void)state;
    assert_body(
        "/repositories/elm.leaf?include=provider&fields[repositories]=name",
        "{\"data\":{\"id\":\"elm.leaf\",\"type\":\"repositories\",\"attributes\":{"
        "\"name\":\"Leaf Archive\",\"symbol\":\"ELM.LEAF\","
        "\"re3data\":\"https://doi.org/10.17616/R3ABCD\","
        "\"opendoar\":\"https://v2.sherpa.ac.uk/id/repository/77\",\"year\":2017,"
        "\"alternateName\":null,\"description\":null,\"clientType\":\"repository\","
        "\"repositoryType\":[\"project-related\",\"disciplinary\"],\"language\":[\"en\"],"
        "\"certificate\":[\"CoreTrustSeal\"],\"domains\":\"leaf.example\",\"issn\":{},"
        "\"url\":\"https://leaf.example\",\"software\":\"DSpace 7.x\","
        "\"created\":\"2017-05-06T07:08:09.000Z\",\"updated\":\"2021-01-01T00:00:00.000Z\","
        "\"subjects\":[],\"isActive\":true},\"relationships\":{\"provider\":{\"data\":{"
        "\"id\":\"elm\",\"type\":\"providers\"}},\"prefixes\":{\"data\":[{\"id\":\"10.5555\","
        "\"type\":\"prefixes\"}]}}},\"meta\":{\"doiCount\":2,\"prefixCount\":1},\"included\":[{"
        "\"id\":\"elm\",\"type\":\"providers\",\"attributes\":{\"name\":\"Elm\","
        "\"displayName\":\"Elm\",\"symbol\":\"ELM\",\"website\":null,\"description\":null,"
        "\"region\":\"AMER\",\"country\":null,\"logoUrl\":null,"
        "\"memberType\":\"consortium_organization\",\"organizationType\":null,"
        "\"focusArea\":null,\"nonProfitStatus\":null,\"isActive\":true,\"joined\":null,"
        "\"rorId\":null,\"created\":\"2016-03-01T10:00:00.000Z\","
        "\"updated\":\"2020-01-02T03:04:05.000Z\",\"doiEstimate\":0},\"relationships\":{"
        "\"clients\":{\"data\":[{\"id\":\"elm.leaf\",\"type\":\"clients\"}]},\"prefixes\":{"
        "\"data\":[{\"id\":\"10.5555\",\"type\":\"prefixes\"}]},\"consortium\":{\"data\":{"
        "\"id\":\"oak\",\"type\":\"providers\"}}}}]}");
    assert_holds("/clients/elm.leaf",
                 "\"consortium\":{\"data\":{\"id\":\"oak\",\"type\":\"providers\"}},\"prefixes\"");
}

static void strangers_see_no_contacts(void **state)
{
    static const char *const targets[] = {"/providers", "/clients", "/repositories",
                                          "/repositories/elm.leaf",
                                          "/providers/oak?include=contacts"};
    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        assert_lacks(targets[i], "mail");
        assert_lacks(targets[i], "s@x.example");
    }
    assert_holds("/providers/oak?include=contacts", "},\"included\":[]}");
}

static void order_and_pages(void **state)
{
    (void)state;
    assert_ids("/providers", "ash elm oak");
    assert_ids("/providers?sort=-name", "oak elm ash");
    assert_ids("/providers?sort=created", "oak elm ash");
    assert_ids("/providers?sort=-created", "elm oak ash");
    assert_ids("/providers?page[size]=2&page[number]=2", "oak");
    assert_ids("/providers?page[size]=0", "");
    assert_ids("/providers?page[cursor]=1&page[size]=2", "oak elm");
    assert_holds("/providers?page[size]=2",
                 "\"next\":\"" BASE "/providers?page%5Bnumber%5D=2\\u0026page%5Bsize%5D=2\"}}");
    assert_lacks("/providers?page[size]=2&page[number]=2", "\"next\"");
    assert_holds("/providers?page[size]=2", "\"meta\":{\"total\":3,\"totalPages\":2,\"page\":1,");
    assert_ids("/providers?ids=OAK,ash,none", "ash oak");
    assert_ids("/providers?id=Elm", "elm");
}

static void filters(void **state)
{
    static const char *const cases[][2] = {
        {"/providers?year=2015", "oak"},
        {"/providers?year=2016,2015", "elm oak"},
        {"/providers?region=emea", "oak"},
        {"/providers?consortium-id=OAK", "elm"},
        {"/providers/oak/organizations", "elm"},
        {"/providers?member-type=consortium,consortium_organization", "elm oak"},
        {"/providers?organization_type=researchInstitution", "oak"},
        {"/providers?non-profit-status=non-profit", "oak"},
        {"/providers?has-required-contacts=true", ""},
        {"/providers?from-date=2020-01-02&until-date=2020-01-02", "elm oak"},
        {"/providers?until-date=2020-01-01", ""},
        {"/clients?provider-id=ELM,x", "elm.leaf"},
        {"/providers/ash/clients", "ash.twig"},
        {"/repositories?software=dspace%207.x", "elm.leaf"},
        {"/repositories?certificate=CoreTrustSeal", "elm.leaf"},
        {"/repositories?repository-type=disciplinary,x", "elm.leaf"},
        {"/repositories?client-type=repository", "ash.twig elm.leaf"},
        {"/repositories?client-type=periodical", ""},
        {"/repositories?re3data-id=10.17616/r3abcd", "elm.leaf"},
        {"/repositories?opendoar-id=77", "elm.leaf"},
        {"/repositories?consortium-id=oak", "elm.leaf"},
        {"/clients?consortium-id=oak", "ash.twig elm.leaf"},
        {"/clients?unknown=1&provider-id=", "ash.twig elm.leaf"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_ids(cases[i][0], cases[i][1]);
}

static void facets(void **state)
{
    (void)state;
    assert_holds(
        "/providers?page[size]=0",
        "\"years\":[{\"id\":\"2016\",\"title\":\"2016\",\"count\":1},{\"id\":\"2015\","
        "\"title\":\"2015\",\"count\":1}],\"regions\":[{\"id\":\"amer\",\"title\":\"Americas\","
        "\"count\":1},{\"id\":\"emea\",\"title\":\"Europe, Middle East and Africa\","
        "\"count\":1}],\"memberTypes\":[{\"id\":\"consortium\",\"title\":\"Consortium\","
        "\"count\":1},{\"id\":\"consortium_organization\",\"title\":\"Consortium Organization\","
        "\"count\":1}],\"organizationTypes\":[{\"id\":\"researchInstitution\","
        "\"title\":\"Research Institution\",\"count\":1}],\"focusAreas\":[{\"id\":\"general\","
        "\"title\":\"General\",\"count\":1}],\"nonProfitStatuses\":[{\"id\":\"non-profit\","
        "\"title\":\"Non Profit\",\"count\":1}],\"hasRequiredContacts\":[]}");
    assert_holds("/clients",
                 "\"years\":[{\"id\":\"2017\",\"title\":\"2017\",\"count\":1}],\"providers\":[{"
                 "\"id\":\"ash\",\"title\":\"ash\",\"count\":1},{\"id\":\"elm\",\"title\":\"Elm\","
                 "\"count\":1}],\"software\":[{\"id\":\"dspace_7_x\",\"title\":\"DSpace 7.x\","
                 "\"count\":1}],\"certificates\":[{\"id\":\"CoreTrustSeal\","
                 "\"title\":\"Core Trust Seal\",\"count\":1}],\"repository_types\":[{"
                 "\"id\":\"disciplinary\",\"title\":\"Disciplinary\",\"count\":1},{"
                 "\"id\":\"project-related\",\"title\":\"Project Related\",\"count\":1}],"
                 "\"clientTypes\":[{\"id\":\"repository\",\"title\":\"Repository\",\"count\":2}]}");
    assert_holds("/clients?provider-id=none",
                 "{\"data\":[],\"meta\":{\"total\":0,\"totalPages\":0,\"page\":1},\"links\"");
}

static void sparse_fields(void **state)
{
    (void)state;
    assert_holds("/clients?provider-id=elm&fields[clients]=year,name,provider,year",
                 "\"attributes\":{\"year\":2017,\"name\":\"Leaf Archive\"},\"relationships\":{"
                 "\"provider\":{\"data\":{\"id\":\"elm\",\"type\":\"providers\"}}}}]");
    assert_holds("/clients?provider-id=elm&fields[clients]=",
                 "\"attributes\":{},\"relationships\":{}}]");
    assert_holds("/providers?fields[providers]=consortium_organizations&ids=oak",
                 "\"attributes\":{},\"relationships\":{\"consortiumOrganizations\"");
    assert_holds("/clients?include=Provider&fields[providers]=symbol&fields[clients]=id",
                 "\"included\":[{\"id\":\"ash\",\"type\":\"providers\",\"attributes\":{"
                 "\"symbol\":\"ASH\"},\"relationships\":{}},{\"id\":\"elm\"");
    assert_lacks("/clients?include=prefixes", "\"included\"");
}

static void odd_input(void **state)
{
    (void)state;
    assert_string_equal(get("/providers?query=name:[x", 400),
                        "{\"errors\":{\"title\":\"Failed to parse query [name:[x]\"}}");
    assert_non_null(strstr(get("/clients?year=abc", 400), "{\"errors\":{\"title\":\"failed to"));
    assert_non_null(strstr(get("/clients?from-date=x", 400), "{\"errors\":{\"title\":\"failed"));
    get("/clients?page[size]=-1", 400);
    assert_ids("/clients?page[number]=99999999999999999999&page[size]=1000", "");
    assert_ids("/clients?provider-id=%00,%FF,elm", "elm.leaf");
    assert_ids("/clients?sort=nothing&year=,", "ash.twig elm.leaf");
}

static void totals_and_stats(void **state)
{
    (void)state;
    const char *body = get("/providers/totals", 200);
    assert_non_null(strstr(body, "[{\"id\":\"ash\",\"title\":\"ash\",\"count\":1,\"temporal\":{"
                                 "\"this_month\":[{\"id\":\""));
    assert_non_null(strstr(body, "{\"id\":\"elm\",\"title\":\"Elm\",\"count\":1,"));
    assert_non_null(
        strstr(body, "\"states\":[{\"id\":\"findable\",\"title\":\"Findable\",\"count\":1}]}]"));
    assert_holds("/clients/totals?provider-id=ELM", "[{\"id\":\"elm.leaf\",\"title\":\"Leaf");
    assert_body("/repositories/totals?provider-id=none", "[]");
    assert_holds("/prefixes/totals?client-id=elm.leaf",
                 "[{\"id\":\"10.5555\",\"title\":\"10.5555\",\"count\":1,");
    assert_lacks("/prefixes/totals?client-id=elm.leaf", "two_years_ago");
    get("/prefixes/totals", 204);
    assert_body("/clients/elm.leaf/stats",
                "{\"dois\":[{\"id\":\"2019\",\"title\":\"2019\",\"count\":1},{\"id\":\"2018\","
                "\"title\":\"2018\",\"count\":1}],\"resourceTypes\":[{\"id\":\"journal-article\","
                "\"title\":\"Journal Article\",\"count\":1}]}");
    assert_holds("/providers/elm/stats",
                 "{\"providers\":[],\"clients\":[{\"id\":\"2017\",\"title\":\"2017\",\"count\":1}");
    assert_holds("/providers/oak/stats",
                 "{\"providers\":[{\"id\":\"2016\",\"title\":\"2016\",\"count\":1}");
    assert_holds("/providers/oak/stats", "\"dois\":[{\"id\":\"2019\"");
    assert_holds("/providers/admin/stats", "{\"providers\":[{\"id\":\"2015\"");
    get("/clients/none/stats", 404);
}

static void history_of_accounts(void **state)
{
    (void)state;
    assert_holds("/repositories/ELM.leaf/activities",
                 "\"prov:wasDerivedFrom\":\"" BASE "/repositories/elm.leaf\"");
    assert_holds("/clients/elm.leaf/activities", "\"meta\":{\"total\":1,");
    assert_holds("/providers/oak/activities", "\"prov:wasDerivedFrom\":\"" BASE "/providers/oak\"");
    assert_holds("/activities?repository-id=elm.leaf,x", "\"total\":1,");
    assert_holds("/activities?provider-id=elm&client-id=elm.leaf", "/providers/elm\"");
    assert_lacks("/activities?page[size]=100", "mail");
}

static void random_symbols(void **state)
{
    (void)state;
    assert_int_equal(strlen(get("/providers/random", 200)), strlen("{\"symbol\":\"XXXX\"}"));
    assert_int_equal(strlen(get("/repositories/random", 200)), strlen("{\"symbol\":\"XXXXXX\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(provider_in_full),
        cmocka_unit_test(stub_shows_every_attribute),
        cmocka_unit_test(repository_in_full),
        cmocka_unit_test(strangers_see_no_contacts),
        cmocka_unit_test(order_and_pages),
        cmocka_unit_test(filters),
        cmocka_unit_test(facets),
        cmocka_unit_test(sparse_fields),
        cmocka_unit_test(odd_input),
        cmocka_unit_test(totals_and_stats),
        cmocka_unit_test(history_of_accounts),
        cmocka_unit_test(random_symbols),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
