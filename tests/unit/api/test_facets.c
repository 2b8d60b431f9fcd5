/* Facets of /dois: which are chosen, the members written from results, the titles by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/facets.h"

static struct dh_arena arena;
static struct dh_api api;
static struct dh_directory directory;
static struct dh_account clients[3], providers[1];

static struct json_object *attributes(const char *text)
{
    struct json_object *value = NULL;
    assert_int_equal(dh_json_parse(dh_str(text), &value, NULL), DH_OK);
    return value;
}

static int setup(void **state)
{
    (void)state;
    dh_arena_init(&arena, 1 << 24);
    clients[0] = (struct dh_account){
        .symbol = DH_STR("a.one"),
        .name = DH_STR("One & all"),
        .attributes = attributes("{\"clientType\":\"repository\",\"certificate\":[\"WDS\"]}")};
    clients[1] = (struct dh_account){
        .symbol = DH_STR("a.two"),
        .name = DH_STR("Two"),
        .attributes = attributes("{\"clientType\":\"igsnCatalog\",\"certificate\":"
                                 "[\"CoreTrustSeal\",\"WDS\",\"DIN 31644\"]}")};
    clients[2] = (struct dh_account){.symbol = DH_STR("b.stub"), .stub = true};
    providers[0] = (struct dh_account){.symbol = DH_STR("a"),
                                       .name = DH_STR("Shown name"),
                                       .attributes = attributes("{\"name\":\"Name\"}")};
    directory = (struct dh_directory){
        .clients = clients, .client_count = 3, .providers = providers, .provider_count = 1};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    json_object_put(clients[0].attributes);
    json_object_put(clients[1].attributes);
    json_object_put(providers[0].attributes);
    dh_arena_release(&arena);
    return 0;
}

/* ---- titles --------------------------------------------------------------------------------- */

static const struct {
    dh_facet_label *label;
    const char *key, *id, *title;
} titles[] = {
    {dh_label_words, "findable", "findable", "Findable"},
    {dh_label_words, "RatSWD", "RatSWD", "Rat Swd"},
    {dh_label_words, "CoreTrustSeal", "CoreTrustSeal", "Core Trust Seal"},
    {dh_label_words, "WDS", "WDS", "Wds"},
    {dh_label_words, "DIN 31644", "DIN 31644", "Din 31644"},
    {dh_label_words, "10.7937", "10.7937", "10.7937"},
    {dh_label_words, "FOS: Computer and information sciences",
     "FOS: Computer and information sciences", "Fos: Computer And Information Sciences"},
    {dh_label_words, "Experimental 3D Coordinates", "Experimental 3D Coordinates",
     "Experimental 3 D Coordinates"},
    {dh_label_words, "GBIF", "GBIF", "Gbif"},
    {dh_label_words, "project-related", "project-related", "Project Related"},
    {dh_label_words, "COVID-19", "COVID-19", "Covid 19"},
    {dh_label_words, "Ökologie der Öffentlichkeit", "Ökologie der Öffentlichkeit",
     "Ökologie Der öffentlichkeit"},
    {dh_label_same, "200", "200", "200"},
    {dh_label_resource_type, "journal-article", "journal-article", "Journal Article"},
    {dh_label_resource_type, "output-management-plan", "output-management-plan",
     "Output Management Plan"},
    {dh_label_resource_type, "strange", "strange", "strange"},
    {dh_label_split, "ror.org/04wxnsj81:Example: Institute", "ror.org/04wxnsj81",
     "Example: Institute"},
    {dh_label_split, "ror.org/04wxnsj81", "ror.org/04wxnsj81", ""},
    {dh_label_provider, "a", "a", "Name"},
    {dh_label_provider, "nobody", "nobody", "nobody"},
    {dh_label_client, "a.one", "a.one", "One & all"},
    {dh_label_client, "b.stub", "b.stub", "b.stub"},
    {dh_label_client_type, "repository", "repository", "Repository"},
    {dh_label_client_type, "periodical", "periodical", "Periodical"},
    {dh_label_client_type, "igsnCatalog", "igsnCatalog", "IGSN ID Catalog"},
    {dh_label_client_type, "raidRegistry", "raidRegistry", "RAiD Registry"},
    {dh_label_client_type, "new", "new", "new"},
    {dh_label_licence, "cc-by-4.0", "cc-by-4.0", "CC-BY-4.0"},
    {dh_label_licence, "cc-pddc", "cc-pddc", "CC-PDDC"},
    {dh_label_licence, "gpl-2.0+", "gpl-2.0+", "GPL-2.0+"},
    {dh_label_licence, "apache-2.0", "apache-2.0", "Apache-2.0"},
    {dh_label_licence, "bsd-3-clause", "bsd-3-clause", "BSD-3-clause"},
    {dh_label_licence, "ogl-canada-2.0", "ogl-canada-2.0", "OGL-Canada-2.0"},
    {dh_label_licence, "mit", "mit", "MIT"},
    {dh_label_licence, "cc-by-sa-3.0", "cc-by-sa-3.0", "cc-by-sa-3.0"},
    {dh_label_licence, "__missing__", "__missing__", "Unknown"},
    {dh_label_licence, "__other__", "__other__", "Other"},
    {dh_label_schema, "http://datacite.org/schema/kernel-4", "4", "Schema 4"},
    {dh_label_schema, "odd", "odd", "Schema odd"},
    {dh_label_science, "FOS: Computer and information sciences",
     "computer_and_information_sciences", "Computer and information sciences"},
    {dh_label_science, "FOS: Media & co.--Ökologie!", "media_co_--okologie",
     "Media & co.--Ökologie!"},
    {dh_label_language, "es", "es", "Spanish"},
    {dh_label_language, "spa", "spa", "Spanish"},
    {dh_label_language, "ang", "ang", "English"},
    {dh_label_language, "vo", "vo", "Volap"},
    {dh_label_language, "EN", "EN", "EN"},
    {dh_label_language, "xx-unknown", "xx-unknown", "xx-unknown"},
    {dh_label_language, "", "", ""},
    {dh_label_agency, "airiti", "airiti", "Airiti"},
    {dh_label_agency, "cnki", "cnki", "CNKI"},
    {dh_label_agency, "crossref", "crossref", "Crossref"},
    {dh_label_agency, "datacite", "datacite", "DataCite"},
    {dh_label_agency, "istic", "istic", "ISTIC"},
    {dh_label_agency, "jalc", "jalc", "JaLC"},
    {dh_label_agency, "kisti", "kisti", "KISTI"},
    {dh_label_agency, "medra", "medra", "mEDRA"},
    {dh_label_agency, "op", "op", "OP"},
    {dh_label_agency, "DataCite", "DataCite", "DataCite"},
};

static void titles_by_rule(void **state)
{
    struct dh_call call = {.api = &api, .arena = &arena};
    const struct dh_facet_view view = {&call, &directory};
    (void)state;
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        const struct dh_bucket bucket = {.key = dh_str(titles[i].key), .count = 7};
        struct dh_shown_bucket shown;
        assert_true(titles[i].label(&view, &bucket, &shown));
        assert_int_equal(shown.count, 7);
        if (!dh_str_equal(shown.id, dh_str(titles[i].id)) ||
            !dh_str_equal(shown.title, dh_str(titles[i].title)))
            fail_msg("%s: got %.*s, %.*s", titles[i].key, DH_STR_ARG(shown.id),
                     DH_STR_ARG(shown.title));
    }
}

/* ---- choice --------------------------------------------------------------------------------- */

#define DEFAULTS                                                                                   \
    "states,resourceTypes,created,published,registered,providers,clients,affiliations,prefixes,"   \
    "certificates,licenses,schemaVersions,linkChecksStatus,subjects,fieldsOfScience,citations,"    \
    "views,downloads"

static const struct {
    const char *query;
    bool by_default;
    const char *names;
} choices[] = {
    {"", true, DEFAULTS},
    {"", false, ""},
    {"disable-facets=true", true, ""},
    {"disable-facets=TRUE", true, ""},
    {"disable_facets=1", true, ""},
    {"disable-facets=", true, DEFAULTS},
    {"disable-facets=false", false, DEFAULTS},
    {"disable-facets=0", true, DEFAULTS},
    {"facets=", true, ""},
    {"facets=a,b", true, ""},
    {"facets=prefixes, resource_types,createdByMonth", true, "resourceTypes,prefixes"},
    {"facets=resourceTypes,client-types,openLicensesCount", true, "resourceTypes,clientTypes"},
    {"facets=person_to_work_types_multilevel&disable-facets=false", false,
     "personToWorkTypesMultilevel"},
    {"facets=states", false, "states"},
    {"facets=states&disable-facets=true", true, ""},
    {"facets=states&client-type=igsnCatalog", true, "states,createdByMonth"},
    {"disable-facets=true&client-type=igsnCatalog", true, "createdByMonth"},
    {"facets=open_licenses,licenses_with_missing,content_url_count,funders", true,
     "licensesWithMissing,contentUrlCount,openLicenses,funders"},
};

static void read_call(const char *query, struct dh_call *call, struct dh_params *params)
{
    assert_int_equal(dh_params_parse(&arena, dh_str(query), params), DH_OK);
    *call = (struct dh_call){.api = &api, .arena = &arena, .params = params};
}

/* The names of the members that empty results make. */
static struct dh_str written_names(struct dh_call *call, const struct dh_facets *facets)
{
    struct dh_buf out, names;
    struct dh_page page = {.total = 1};
    page.facets = dh_arena_array(&arena, facets->count + 1, sizeof(*page.facets));
    dh_buf_init(&out, 1 << 20);
    dh_buf_init(&names, 1 << 20);
    call->out = &out;
    dh_buf_char(&out, '{');
    dh_facets_write(call, facets, &page, &directory);
    dh_buf_char(&out, '}');
    struct json_object *meta = NULL;
    assert_int_equal(dh_json_parse(dh_buf_view(&out), &meta, NULL), DH_OK);
    json_object_object_foreach(meta, name, value)
    {
        (void)value;
        if (strcmp(name, "openLicensesCount") != 0)
            dh_buf_printf(&names, "%s%s", names.len ? "," : "", name);
    }
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&names));
    json_object_put(meta);
    dh_buf_release(&out);
    dh_buf_release(&names);
    return copy;
}

static void choice_of_facets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        struct dh_call call;
        struct dh_params params;
        struct dh_facets facets;
        read_call(choices[i].query, &call, &params);
        api.options.facets = choices[i].by_default;
        assert_int_equal(dh_facets_choose(&call, &facets), DH_OK);
        struct dh_str names = written_names(&call, &facets);
        if (!dh_str_equal(names, dh_str(choices[i].names)))
            fail_msg("%s: got %.*s", choices[i].query, DH_STR_ARG(names));
    }
}

/* ---- members -------------------------------------------------------------------------------- */

static struct dh_buf out;

/* Writes the one facet that the query asks for from the result given. */
static void write_one(const char *query, struct dh_facet_result *result, uint64_t total)
{
    struct dh_call call;
    struct dh_params params;
    struct dh_facets facets;
    struct dh_page page = {.total = total, .facets = result};
    read_call(query, &call, &params);
    api.options.facets = true;
    assert_int_equal(dh_facets_choose(&call, &facets), DH_OK);
    assert_int_equal(facets.count, 1);
    dh_buf_release(&out);
    dh_buf_init(&out, 1 << 20);
    call.out = &out;
    dh_buf_char(&out, '{');
    dh_facets_write(&call, &facets, &page, &directory);
    dh_buf_text(&out, "}");
    dh_buf_char(&out, '\0');
    assert_int_equal(out.status, DH_OK);
}

static void nothing_without_hits(void **state)
{
    struct dh_facet_result result = {0};
    (void)state;
    write_one("facets=states", &result, 0);
    assert_string_equal(out.ptr, "{}");
    write_one("facets=states", &result, 1);
    assert_string_equal(out.ptr, "{\"states\":[]}");
}

static void client_facets_are_summed(void **state)
{
    struct dh_bucket buckets[] = {{.key = DH_STR("a.two"), .count = 5},
                                  {.key = DH_STR("a.one"), .count = 3},
                                  {.key = DH_STR("b.stub"), .count = 2},
                                  {.key = DH_STR("gone"), .count = 1}};
    struct dh_facet_result result = {.buckets = buckets, .count = 4};
    (void)state;
    write_one("facets=certificates", &result, 11);
    assert_string_equal(out.ptr,
                        "{\"certificates\":[{\"id\":\"WDS\",\"title\":\"Wds\",\"count\":8},"
                        "{\"id\":\"CoreTrustSeal\",\"title\":\"Core Trust Seal\",\"count\":5},"
                        "{\"id\":\"DIN 31644\",\"title\":\"Din 31644\",\"count\":5}]}");
    write_one("facets=clientTypes", &result, 11);
    assert_string_equal(
        out.ptr, "{\"clientTypes\":[{\"id\":\"igsnCatalog\",\"title\":\"IGSN ID Catalog\","
                 "\"count\":5},{\"id\":\"repository\",\"title\":\"Repository\",\"count\":3}]}");
    result.count = 2;
    write_one("facets=clients", &result, 11);
    assert_string_equal(out.ptr, "{\"clients\":[{\"id\":\"a.two\",\"title\":\"Two\",\"count\":5},"
                                 "{\"id\":\"a.one\",\"title\":\"One \\u0026 all\",\"count\":3}]}");
}

static void years_to_come_are_dropped(void **state)
{
    struct dh_bucket buckets[] = {{.key = DH_STR("9999"), .count = 1},
                                  {.key = DH_STR("2021"), .count = 3},
                                  {.key = DH_STR("2020"), .count = 2}};
    struct dh_facet_result result = {.buckets = buckets, .count = 3};
    (void)state;
    write_one("facets=published", &result, 6);
    assert_string_equal(out.ptr, "{\"published\":[{\"id\":\"2021\",\"title\":\"2021\",\"count\":3},"
                                 "{\"id\":\"2020\",\"title\":\"2020\",\"count\":2}]}");
}

/* As many years as lie between 2010 and today, counted from the newest. */
static void old_years_are_cut(void **state)
{
    enum { YEARS = 200 };
    static struct dh_bucket buckets[YEARS];
    struct dh_facet_result result = {.buckets = buckets, .count = YEARS};
    int64_t now = dh_time_year(dh_time_now(), NULL, NULL);
    (void)state;
    for (int i = 0; i < YEARS; i++)
        buckets[i] = (struct dh_bucket){.key = dh_arena_format(&arena, "%d", 2000 - i), .count = 1};
    write_one("facets=published", &result, YEARS);
    size_t count = 0;
    for (const char *at = out.ptr; (at = strstr(at, "\"id\"")); at++)
        count++;
    assert_int_equal(count, now - 2010 + 1);
}

static void missing_licences(void **state)
{
    struct dh_bucket buckets[10];
    struct dh_facet_result result = {.buckets = buckets, .count = 1, .missing = 9, .other = 0};
    (void)state;
    buckets[0] = (struct dh_bucket){.key = DH_STR("mit"), .count = 3};
    write_one("facets=licenses_with_missing", &result, 12);
    assert_string_equal(out.ptr,
                        "{\"licensesWithMissing\":[{\"id\":\"__missing__\",\"title\":\"Unknown\","
                        "\"count\":9},{\"id\":\"mit\",\"title\":\"MIT\",\"count\":3}]}");
    for (int i = 0; i < 10; i++)
        buckets[i] = (struct dh_bucket){.key = dh_arena_format(&arena, "l%d", i), .count = 20 - i};
    result = (struct dh_facet_result){.buckets = buckets, .count = 10, .missing = 15, .other = 4};
    write_one("facets=licenses_with_missing", &result, 300);
    const char *missing = strstr(out.ptr, "{\"id\":\"__missing__\"");
    assert_non_null(missing);
    assert_non_null(strstr(missing, "{\"id\":\"l5\",\"title\":\"l5\",\"count\":15}"));
    assert_null(strstr(out.ptr, "\"l9\""));
    assert_non_null(strstr(out.ptr, "{\"id\":\"__other__\",\"title\":\"Other\",\"count\":15}]}"));
}

static void sums(void **state)
{
    struct dh_bucket buckets[] = {{.key = DH_STR("dataset"), .count = 4}};
    struct dh_facet_result result = {.buckets = buckets, .count = 1, .sum = 6};
    (void)state;
    write_one("facets=citation_count", &result, 6);
    assert_string_equal(out.ptr, "{\"citationCount\":6}");
    write_one("facets=openLicenses", &result, 6);
    assert_string_equal(
        out.ptr, "{\"openLicenses\":[{\"id\":\"dataset\",\"title\":\"Dataset\",\"count\":4}],"
                 "\"openLicensesCount\":6}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_by_rule),
        cmocka_unit_test(choice_of_facets),
        cmocka_unit_test(nothing_without_hits),
        cmocka_unit_test(client_facets_are_summed),
        cmocka_unit_test(years_to_come_are_dropped),
        cmocka_unit_test(old_years_are_cut),
        cmocka_unit_test(missing_licences),
        cmocka_unit_test(sums),
    };
    int failed = cmocka_run_group_tests(tests, setup, teardown);
    dh_buf_release(&out);
    return failed;
}
