/* Parameters of /dois as a search, row by row: query string in, clauses out as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/filters.h"

static struct dh_arena arena;
static struct dh_directory directory;
static struct dh_account providers[2], clients[3];

static struct json_object *attributes(const char *text)
{
    struct json_object *value = NULL;
    assert_int_equal(dh_json_parse(dh_str(text), &value, NULL), DH_OK);
    return value;
}

static struct dh_account account(enum dh_account_kind kind, const char *symbol, const char *parent,
                                 const char *text)
{
    return (struct dh_account){.kind = kind,
                               .symbol = dh_str(symbol),
                               .parent = dh_str(parent),
                               .name = dh_str(symbol),
                               .attributes = text ? attributes(text) : NULL,
                               .stub = !text};
}

static int setup(void **state)
{
    (void)state;
    dh_arena_init(&arena, 1 << 24);
    providers[0] = account(DH_PROVIDER, "exmpl", "big", "{\"name\":\"Example\"}");
    providers[1] = account(DH_PROVIDER, "other", "", "{\"name\":\"Other\"}");
    clients[0] =
        account(DH_CLIENT, "exmpl.archive", "exmpl",
                "{\"clientType\":\"repository\",\"certificate\":[\"WDS\",\"CoreTrustSeal\"],"
                "\"re3data\":\"https://doi.org/10.17616/R3SW4D\","
                "\"opendoar\":\"https://v2.sherpa.ac.uk/id/repository/17\"}");
    clients[1] = account(DH_CLIENT, "exmpl.samples", "exmpl",
                         "{\"clientType\":\"igsnCatalog\",\"certificate\":[\"WDS\"]}");
    clients[2] = account(DH_CLIENT, "other.stub", "other", NULL);
    directory = (struct dh_directory){
        .providers = providers, .provider_count = 2, .clients = clients, .client_count = 3};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++)
        json_object_put(providers[i].attributes);
    for (size_t i = 0; i < 3; i++)
        json_object_put(clients[i].attributes);
    dh_arena_release(&arena);
    return 0;
}

static enum dh_status read_query(const char *query, bool owner, struct dh_search *search,
                                 struct dh_err *err)
{
    struct dh_params params;
    assert_int_equal(dh_params_parse(&arena, dh_str(query), &params), DH_OK);
    return dh_filters_read(&params, owner, &directory, search, &arena, err);
}

static void print_filter(struct dh_buf *out, const struct dh_filter *filter)
{
    static const char *const columns[] = {
#define DH_COLUMN(id, kind) #id,
#include "store/columns.def"
#undef DH_COLUMN
    };
    static const char *const ops[] = {"in", "not", "range", "bits", "nothing"};
    if (out->len)
        dh_buf_text(out, " & ");
    dh_buf_printf(out, "%s%s %s", filter->any ? "?" : "", columns[filter->column], ops[filter->op]);
    for (size_t i = 0; i < filter->value_count; i++)
        dh_buf_printf(out, "%s%.*s", i ? "|" : " ", DH_STR_ARG(filter->values[i]));
    if (filter->op == DH_FILTER_BITS)
        dh_buf_printf(out, " %lld", (long long)filter->low);
    if (filter->op == DH_FILTER_RANGE)
        dh_buf_printf(out, " %lld", (long long)filter->low);
    if (filter->op == DH_FILTER_RANGE && filter->high != INT64_MAX)
        dh_buf_printf(out, "..%lld", (long long)filter->high);
}

/* Without the two clauses of every stranger's search, which a test of their own covers. */
static struct dh_str print_search(const struct dh_search *search)
{
    struct dh_buf out;
    dh_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < search->filter_count; i++) {
        const struct dh_filter *filter = &search->filters[i];
        if (filter->column != DH_COLUMN_STATE && filter->column != DH_COLUMN_AGENCY)
            print_filter(&out, filter);
    }
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&out));
    assert_int_equal(out.status, DH_OK);
    dh_buf_release(&out);
    return copy;
}

static const struct {
    const char *query, *clauses;
} cases[] = {
    {"", ""},
    {"nonsense=1&clientId=x&page=3&fields=x", ""},
    {"provider-id=TCIAR,b", "?PROVIDER in tciar|b"},
    {"client_id=NIHNCI.TCIA", "?CLIENT in nihnci.tcia"},
    {"client-id=a&client-id=b", "?CLIENT in b"},
    {"client-id=%20", ""},
    {"client-id=a,,b,,", "?CLIENT in a||b"},
    {"client-id=,", "?CLIENT nothing"},
    {"client-id=a, B", "?CLIENT in a| b"},
    {"provider-id=p&client-id=c&prefix=10.1", "?PROVIDER in p & ?CLIENT in c & PREFIX in 10.1"},
    {"affiliation-id=https://ror.org/04wxnsj81", "?AFFILIATION_ID in ror.org/04wxnsj81"},
    {"affiliation-id=http://04wxnsj81", "?AFFILIATION_ID in ror.org/04wxnsj81"},
    {"affiliation-id=ror.org/04wxnsj81", "?AFFILIATION_ID in ror.org/04wxnsj81"},
    {"funder-id=10.13039/501100000780,https://doi.org/10.13039/X,nonsense",
     "?FUNDER in https://doi.org/10.13039/501100000780|https://doi.org/10.13039/x"},
    {"funder-id=nonsense", "?FUNDER nothing"},
    {"has-affiliation=true", "?FLAGS bits 2"},
    {"has-organization=x", "?FLAGS bits 4"},
    {"has-funder=1", "?FLAGS bits 8"},
    {"has-person=false", "FLAGS bits 1"},
    {"has-person=", ""},
    {"user-id=0000-0002-1825-0097", "PERSON in https://orcid.org/0000-0002-1825-0097"},
    {"user-id=http://orcid.org/0000-0002-1825-009X",
     "PERSON in https://orcid.org/0000-0002-1825-009X"},
    {"consortium-id=BIG", "PROVIDER in exmpl"},
    {"consortium-id=small", "PROVIDER nothing"},
    {"prefix=10.7937,10.25737", "PREFIX in 10.7937|10.25737"},
    {"resource-type-id=JournalArticle,book_chapter, dataset",
     "RESOURCE_TYPE_ID in journal-article|book-chapter|dataset"},
    {"resource-type=Analysis%20Result,X", "RESOURCE_TYPE in analysis result|x"},
    {"schema-version=4", "SCHEMA_VERSION in http://datacite.org/schema/kernel-4"},
    {"subject=Breast+Cancer,b", "SUBJECT in Breast Cancer|b"},
    {"field-of-science=computer_and_information_sciences,Law",
     "FIELD_OF_SCIENCE in FOS: Computer and information sciences|FOS: Law"},
    {"field-of-science=_odd_id", "FIELD_OF_SCIENCE in FOS: Odd"},
    {"license=CC-BY-4.0", "LICENSE in cc-by-4.0"},
    {"certificate=CoreTrustSeal,x", "CLIENT in exmpl.archive"},
    {"certificate=WDS", "CLIENT in exmpl.archive|exmpl.samples"},
    {"certificate=wds", "CLIENT nothing"},
    {"client-type=repository", "CLIENT in exmpl.archive"},
    {"client-type=", "CLIENT nothing"},
    {"client-type=igsnCatalog", "CLIENT in exmpl.samples & RESOURCE_TYPE_ID in physical-object"},
    {"re3data-id=10.17616/r3sw4d", "CLIENT in exmpl.archive"},
    {"re3data-id=https://doi.org/10.17616/R3SW4D", "CLIENT in exmpl.archive"},
    {"re3data-id=nonsense", "CLIENT nothing"},
    {"opendoar-id=17", "CLIENT in exmpl.archive"},
    {"opendoar-id=7", "CLIENT nothing"},
    {"source=mds", "SOURCE in mds"},
    {"created=2016", "CREATED range 1451606400000..1483228799999"},
    {"registered=2017,2016,", "REGISTERED range 1451606400000..1514764799999"},
    {"published=2014,2011,2012", "YEAR range 2011..2014"},
    {"has-citations=3", "CITATIONS range 3"},
    {"has-references=1x", "REFERENCES range 1"},
    {"has-parts=1", "PARTS range 1"},
    {"has-part-of=1", "PART_OF range 1"},
    {"has-versions=1", "VERSIONS range 1"},
    {"has-version-of=1", "VERSION_OF range 1"},
    {"has-views=true", ""},
    {"has-downloads=2", "DOWNLOADS range 2"},
    {"funded-by=ror.org/a", "FUNDER_ROR in https://ror.org/a"},
    {"funded_by=https://ror.org/a&include-funder-child-organizations=true",
     "FUNDER_ROR in https://ror.org/a"},
    {"affiliation-country=de", "AFFILIATION_ID nothing"},
    {"link-check-status=200", "LANDING_STATUS in 200"},
    {"link-check-has-schema-org=true", "FLAGS bits 16"},
    {"link-check-has-schema-org=false", "FLAGS bits 32"},
    {"link-check-body-has-pid=true", "FLAGS bits 64"},
    {"link-check-body-has-pid=false", "FLAGS bits 128"},
    {"link-check-body-has-pid=maybe", "FLAGS nothing"},
    {"link-check-found-schema-org-id=1", "FLAGS bits 256"},
    {"link-check-found-dc-identifier=1", "FLAGS bits 512"},
    {"link-check-found-citation-doi=1", "FLAGS bits 1024"},
    {"link-check-redirect-count-gte=2", "REDIRECTS range 2"},
    {"id=10.1/A&client-id=x", ""},
    {"ids=10.1/a,10.1/b&client-id=x", ""},
    {"ids=,", "PREFIX nothing"},
};

static void clauses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_search search;
        struct dh_err err;
        if (read_query(cases[i].query, false, &search, &err))
            fail_msg("%s: %s", cases[i].query, err.text);
        struct dh_str got = print_search(&search);
        if (!dh_str_equal(got, dh_str(cases[i].clauses)))
            fail_msg("%s: got `%.*s`, expected `%s`", cases[i].query, DH_STR_ARG(got),
                     cases[i].clauses);
    }
}

/* Rows that add no clause by themselves. */
static bool without_case(const char *name)
{
    static const char *const names[] = {"state", "include-other-registration-agencies", "random",
                                        "sample-group", "sample"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void every_row_has_a_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < dh_filter_row_count; i++) {
        struct dh_str name = dh_str(dh_filter_rows[i].name);
        bool found = without_case(name.ptr);
        for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
            struct dh_params params;
            char plain[64];
            for (size_t c = 0; c <= name.len; c++)
                plain[c] = name.ptr[c] == '-' ? '_' : name.ptr[c];
            assert_int_equal(dh_params_parse(&arena, dh_str(cases[k].query), &params), DH_OK);
            found = found || dh_params_has(&params, plain, NULL);
        }
        if (!found || !dh_filter_rows[i].help[0])
            fail_msg("%s has no case or no help", name.ptr);
    }
}

static const struct dh_filter *clause_of(const struct dh_search *search, enum dh_column column)
{
    for (size_t i = 0; i < search->filter_count; i++)
        if (search->filters[i].column == column)
            return &search->filters[i];
    return NULL;
}

static void states_and_agencies(void **state)
{
    static const char *const stranger[] = {"", "state=draft", "ids=10.1/a&state=draft",
                                           "id=10.1/a"};
    struct dh_search search;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(read_query(stranger[i], false, &search, NULL), DH_OK);
        const struct dh_filter *clause = clause_of(&search, DH_COLUMN_STATE);
        assert_non_null(clause);
        assert_int_equal(clause->value_count, 1);
        assert_true(dh_str_equal(clause->values[0], DH_STR("findable")));
        assert_false(clause->any);
    }
    assert_int_equal(read_query("", true, &search, NULL), DH_OK);
    assert_null(clause_of(&search, DH_COLUMN_STATE));
    assert_int_equal(read_query("state=draft,registered", true, &search, NULL), DH_OK);
    assert_int_equal(clause_of(&search, DH_COLUMN_STATE)->value_count, 2);

    const struct dh_filter *agency = clause_of(&search, DH_COLUMN_AGENCY);
    assert_non_null(agency);
    assert_int_equal(agency->op, DH_FILTER_NOT_IN);
    assert_int_equal(agency->value_count, 8);
    for (size_t i = 0; i < agency->value_count; i++)
        assert_true(dh_agency_other(agency->values[i]));
    assert_int_equal(read_query("include_other_registration_agencies=false", false, &search, NULL),
                     DH_OK);
    assert_null(clause_of(&search, DH_COLUMN_AGENCY));
}

static void lists_of_dois(void **state)
{
    struct dh_search search;
    (void)state;
    assert_int_equal(read_query("ids=10.1/A,10.1/b&page[size]=3", false, &search, NULL), DH_OK);
    assert_int_equal(search.doi_count, 2);
    assert_true(dh_str_equal(search.dois[0], DH_STR("10.1/a")));
    assert_int_equal(search.limit, 3);
    assert_int_equal(read_query("id=10.1/A,B&ids=x", false, &search, NULL), DH_OK);
    assert_int_equal(search.doi_count, 1);
    assert_true(dh_str_equal(search.dois[0], DH_STR("10.1/a,b")));

    struct dh_buf query;
    struct dh_err err;
    dh_buf_init(&query, 1 << 20);
    dh_buf_text(&query, "ids=");
    for (int i = 0; i <= DH_LIST_ITEMS_MAX; i++)
        dh_buf_printf(&query, "10.1/%d,", i);
    dh_buf_char(&query, '\0');
    assert_int_equal(read_query(query.ptr, false, &search, &err), DH_INVALID);
    dh_buf_release(&query);
}

static void orders(void **state)
{
    static const struct {
        const char *query;
        enum dh_sort sort;
        bool descending;
    } rows[] = {
        {"", DH_SORT_UPDATED, true},
        {"sort=nonsense", DH_SORT_UPDATED, true},
        {"sort=relevance", DH_SORT_RELEVANCE, true},
        {"sort=-relevance", DH_SORT_UPDATED, true},
        {"sort=name", DH_SORT_NAME, false},
        {"sort=-name", DH_SORT_NAME, true},
        {"sort=created", DH_SORT_CREATED, false},
        {"sort=-created", DH_SORT_CREATED, true},
        {"sort=updated", DH_SORT_UPDATED, false},
        {"sort=published", DH_SORT_NONE, false},
        {"sort=-view-count", DH_SORT_VIEWS, true},
        {"sort=view_count", DH_SORT_UPDATED, true},
        {"sort=download-count", DH_SORT_DOWNLOADS, false},
        {"sort=-citation-count", DH_SORT_CITATIONS, true},
        {"sort=title", DH_SORT_TITLE, false},
        {"sort=-title", DH_SORT_TITLE, true},
        {"random=TRUE&sort=title", DH_SORT_RANDOM, false},
        {"random=yes", DH_SORT_UPDATED, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_search search;
        assert_int_equal(read_query(rows[i].query, false, &search, NULL), DH_OK);
        if (search.sort != rows[i].sort || search.descending != rows[i].descending)
            fail_msg("%s: sort %d, descending %d", rows[i].query, search.sort, search.descending);
    }
}

static void pages(void **state)
{
    static const struct {
        const char *query;
        size_t offset, limit;
        bool cursor;
    } rows[] = {
        {"", 0, 25, false},
        {"page[size]=&page[number]=abc", 0, 25, false},
        {"page[size]=abc", 0, 0, false},
        {"page[size]=5000", 0, 1000, false},
        {"page[size=5", 0, 25, false},
        {"page[number]=3&page[size]=10", 20, 10, false},
        {"page[number]=20000&page[size]=1000", 19999000, 1000, false},
        {"page[number]=-2", 0, 25, false},
        {"rows=7", 0, 7, false},
        {"rows=7&page[size]=3", 0, 3, false},
        {"page[cursor]&page[number]=4", 0, 25, true},
        {"page[cursor]=1&page[size]=2", 0, 2, true},
    };
    struct dh_search search;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(read_query(rows[i].query, false, &search, NULL), DH_OK);
        if (search.offset != rows[i].offset || search.limit != rows[i].limit ||
            search.cursor != rows[i].cursor)
            fail_msg("%s: %zu %zu %d", rows[i].query, search.offset, search.limit, search.cursor);
        assert_true(search.bodies);
        assert_int_equal(search.after_created == DH_TIME_NONE, 1);
    }
    assert_int_equal(
        read_query("page[cursor]=MTUzNTYyMDkzMzAwMCwxMC41NDM4LzAwMTI", false, &search, NULL),
        DH_OK);
    assert_int_equal(search.after_created, 1535620933000);
    assert_true(dh_str_equal(search.after_doi, DH_STR("10.5438/0012")));
    assert_int_equal(read_query("page[number]=99999999999999999999", false, &search, NULL), DH_OK);
    assert_true(search.offset > 1000000000);
}

static void samples(void **state)
{
    static const struct {
        const char *query;
        enum dh_column column;
        size_t sample;
    } rows[] = {
        {"sample=3", DH_COLUMN__N, 0},
        {"sample-group=nonsense&sample=3", DH_COLUMN__N, 0},
        {"sample-group=client", DH_COLUMN_CLIENT, 1},
        {"sample-group=data-center&sample=3", DH_COLUMN_CLIENT, 3},
        {"sample-group=provider&sample=0", DH_COLUMN_PROVIDER, 1},
        {"sample-group=resource-type&sample=99999", DH_COLUMN_RESOURCE_TYPE_ID, 1000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_search search;
        assert_int_equal(read_query(rows[i].query, false, &search, NULL), DH_OK);
        assert_int_equal(search.sample_by, rows[i].column);
        assert_int_equal(search.sample, rows[i].sample);
    }
}

static void refusals(void **state)
{
    static const struct {
        const char *query, *text;
    } rows[] = {
        {"page[size]=-1", "[size] parameter cannot be negative"},
        {"created=abc", "failed to parse date field [abc] with format [yyyy]"},
        {"registered=2016,", NULL},
        {"registered=,", "failed to parse date field [] with format [yyyy]"},
        {"published=2016,20", "failed to parse date field [20] with format [yyyy]"},
        {"published=20161", "failed to parse date field [20161] with format [yyyy]"},
        {"random=true&page[cursor]=1", "Cursor-based pagination and random sampling are mutually "
                                       "exclusive, please choose one or the other."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_search search;
        struct dh_err err = {0};
        enum dh_status status = read_query(rows[i].query, false, &search, &err);
        assert_int_equal(status, rows[i].text ? DH_INVALID : DH_OK);
        assert_string_equal(err.text, rows[i].text ? rows[i].text : "");
    }
}

/* A long value that is no year is cut between characters. */
static void long_values_stay_utf8(void **state)
{
    struct dh_search search;
    struct dh_err err;
    char query[600] = "created=xx";
    (void)state;
    for (size_t i = 10; i + 2 < sizeof(query); i += 2)
        memcpy(query + i, "\xc3\xa4", 3);
    assert_int_equal(read_query(query, false, &search, &err), DH_INVALID);
    assert_int_equal(dh_utf8_check(dh_str(err.text)), strlen(err.text));
    query[9] = '\0';
    memcpy(query + 9, "\xc3\xa4\xc3\xa4", 5);
    assert_int_equal(read_query(query, false, &search, &err), DH_INVALID);
    assert_int_equal(dh_utf8_check(dh_str(err.text)), strlen(err.text));
}

static void nul_bytes_are_values(void **state)
{
    static const char *const queries[] = {"user-id=a%00b", "field-of-science=a%00b",
                                          "client-id=a%00b", "schema-version=a%00b"};
    static const enum dh_column columns[] = {DH_COLUMN_PERSON, DH_COLUMN_FIELD_OF_SCIENCE,
                                             DH_COLUMN_CLIENT, DH_COLUMN_SCHEMA_VERSION};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct dh_search search;
        assert_int_equal(read_query(queries[i], false, &search, NULL), DH_OK);
        const struct dh_filter *filter = clause_of(&search, columns[i]);
        assert_non_null(filter);
        assert_true(dh_str_ends(filter->values[0], (struct dh_str){"\0b", 2}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses),
        cmocka_unit_test(every_row_has_a_case),
        cmocka_unit_test(states_and_agencies),
        cmocka_unit_test(lists_of_dois),
        cmocka_unit_test(orders),
        cmocka_unit_test(pages),
        cmocka_unit_test(samples),
        cmocka_unit_test(refusals),
        cmocka_unit_test(long_values_stay_utf8),
        cmocka_unit_test(nul_bytes_are_values),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
