/* Filters: what is asked in many words, what is refused, and records that come through untouched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mirror/filter.h"

static const char record_text[] =
    "{\"id\":\"10.5072/abc\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/ABC\","
    "\"titles\":[{\"title\":\"Chest CT of 40 patients\"}],\"publicationYear\":2019,"
    "\"creators\":[{\"name\":\"Okafor, Amara\",\"givenName\":\"Amara\",\"familyName\":\"Okafor\"}],"
    "\"types\":{\"resourceTypeGeneral\":\"JournalArticle\"},\"citationCount\":7,"
    "\"relatedIdentifiers\":[{\"relatedIdentifier\":\"https://doi.org/10.7937/K9/X\","
    "\"relatedIdentifierType\":\"DOI\",\"relationType\":\"IsDerivedFrom\"},"
    "{\"relatedIdentifier\":\"10.1000/notme\",\"relatedIdentifierType\":\"Handle\","
    "\"relationType\":\"Cites\"}],\"updated\":\"2024-03-05T10:00:00Z\"},"
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"exmpl.archive\",\"type\":\"clients\"}}}}";

static void read_record(struct dh_record *record)
{
    struct json_object *json = NULL;
    dh_record_init(record);
    assert_int_equal(dh_json_parse(DH_STR(record_text), &json, NULL), DH_OK);
    assert_int_equal(dh_record_read(json, record, NULL, NULL), DH_OK);
    json_object_put(json);
}

static bool passes(const struct dh_wanted *wanted)
{
    struct dh_record_filter *filter;
    struct dh_record record;
    struct dh_err err = {0};
    bool out[2];
    if (dh_record_filter_make(wanted, &filter, &err))
        fail_msg("%s: %s", err.field, err.text);
    assert_non_null(filter);
    struct dh_trial *trial = dh_trial_new(filter);
    assert_non_null(trial);
    for (int i = 0; i < 2; i++) { /* the second record is tried like the first */
        read_record(&record);
        assert_int_equal(dh_trial_try(trial, &record, &out[i], &err), DH_OK);
        dh_record_release(&record);
    }
    assert_int_equal(out[0], out[1]);
    dh_trial_free(trial);
    dh_record_filter_free(filter);
    return out[0];
}

static void test_lists(void **state)
{
    static const struct {
        struct dh_wanted wanted;
        bool passes;
    } cases[] = {
        {{.client_id = "exmpl.archive"}, true},
        {{.client_id = "EXMPL.Archive"}, true},
        {{.client_id = "other, exmpl.archive ,"}, true},
        {{.client_id = "exmpl"}, false},
        {{.provider_id = "exmpl"}, true}, /* the part before the dot */
        {{.provider_id = "exmpl.archive"}, false},
        {{.prefix = "10.5072"}, true},
        {{.prefix = "10.507"}, false},
        {{.prefix = "10.1,10.5072"}, true},
        {{.type = "journal-article"}, true},
        {{.type = "JournalArticle"}, true},
        {{.type = "Journal Article"}, true},
        {{.type = "journal"}, false},
        {{.type = "dataset,journal_article"}, true},
        {{.citing = "10.7937"}, true},
        {{.citing = "10.7937/k9/x"}, true},
        {{.citing = "https://doi.org/10.7937/K9/X"}, true},
        {{.citing = "10.7937/k9"}, false},
        {{.citing = "10.1000"}, false}, /* stated as no DOI */
        {{.citing = "10.1/a,10.7937"}, true},
        {{.client_id = "exmpl.archive", .type = "dataset"}, false},
        {{.client_id = "exmpl.archive", .citing = "10.7937", .match = "chest"}, true},
        {{.client_id = "exmpl.archive", .match = "liver"}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (passes(&cases[i].wanted) != cases[i].passes)
            fail_msg("case %zu", i);
}

static void test_queries(void **state)
{
    static const struct {
        const char *query;
        bool passes;
    } cases[] = {
        {"chest", true},
        {"\"chest ct\"", true},
        {"\"ct chest\"", false},
        {"chest AND liver", false},
        {"chest OR liver", true},
        {"NOT liver", true},
        {"titles.title:pat*", true},
        {"Amara Okafor", true},
        {"publicationYear:2019", true},
        {"publicationYear:[2020 TO *]", false},
        {"publicationYear:[2018 TO 2019]", true},
        {"citationCount:[5 TO *]", true},
        {"viewCount:0", true}, /* did not come */
        {"updated:[2024-03-01 TO 2024-03-31]", true},
        {"updated:[2024-04-01 TO *]", false},
        {"_exists_:registered", false},
        {"client_id:exmpl.archive", true},
        {"types.resourceTypeGeneral:JournalArticle", true},
        {"types.schemaOrg:ScholarlyArticle", true}, /* derived, as in the store */
        {"aasm_state:findable", true},
        {"relatedIdentifiers.relatedIdentifier:10.7937*", true},
        {"prefix:10.5072", true},
        {"doi:10.5072/abc", true},
        {"nosuchfield:1", false},
        {"*", true},
        {"", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_wanted wanted = {.match = cases[i].query};
        if (passes(&wanted) != cases[i].passes)
            fail_msg("%s", cases[i].query);
    }
}

static void test_refused(void **state)
{
    static const struct {
        struct dh_wanted wanted;
        const char *option;
    } cases[] = {
        {{.client_id = ""}, "client-id"},
        {{.client_id = " , "}, "client-id"},
        {{.prefix = "10.5072/x"}, "prefix"},
        {{.prefix = "abc"}, "prefix"},
        {{.type = "thing"}, "type"},
        {{.type = ""}, "type"},
        {{.citing = "somebody"}, "citing"},
        {{.match = "a AND ("}, "match"},
        {{.match = "[1 TO"}, "match"},
        {{.match = "client.name:x"}, "match"},
        {{.match = "a OR (b AND NOT provider.symbol:x)"}, "match"},
        {{.match = "citation_ids:\"10.1/a\""}, "match"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_record_filter *filter;
        struct dh_err err = {0};
        if (dh_record_filter_make(&cases[i].wanted, &filter, &err) != DH_INVALID || filter ||
            strcmp(err.field, cases[i].option) != 0 || !err.text[0])
            fail_msg("case %zu: %s: %s", i, err.field, err.text);
    }
}

static void test_text(void **state)
{
    const struct dh_wanted a = {.client_id = "B.x, a.y", .match = "c&d"},
                           b = {.client_id = "b.X,a.y,", .match = "c&d"}, none = {0};
    struct dh_record_filter *one, *other, *nothing;
    (void)state;
    assert_int_equal(dh_record_filter_make(&a, &one, NULL), DH_OK);
    assert_int_equal(dh_record_filter_make(&b, &other, NULL), DH_OK);
    assert_int_equal(dh_record_filter_make(&none, &nothing, NULL), DH_OK);
    assert_null(nothing);
    assert_string_equal(dh_record_filter_text(one), "client-id=b.x,a.y&match=c%26d");
    assert_string_equal(dh_record_filter_text(one), dh_record_filter_text(other));
    assert_string_equal(dh_record_filter_text(nothing), "");
    dh_record_filter_free(one);
    dh_record_filter_free(other);
}

static void test_warnings(void **state)
{
    const struct dh_wanted wanted = {.match = "title:x"};
    struct dh_record_filter *filter;
    size_t count;
    (void)state;
    assert_int_equal(dh_record_filter_make(&wanted, &filter, NULL), DH_OK);
    assert_non_null(dh_record_filter_warnings(filter, &count));
    assert_int_equal(count, 1);
    dh_record_filter_free(filter);
}

/* A record that was tried brings what it brought before, no less and no more. */
static void test_untouched(void **state)
{
    const struct dh_wanted wanted = {.match = "chest"};
    struct dh_record_filter *filter;
    struct dh_record before, after;
    bool passed;
    (void)state;
    assert_int_equal(dh_record_filter_make(&wanted, &filter, NULL), DH_OK);
    struct dh_trial *trial = dh_trial_new(filter);
    read_record(&before);
    read_record(&after);
    assert_int_equal(dh_trial_try(trial, &after, &passed, NULL), DH_OK);
    assert_true(passed);
    assert_int_equal(json_object_object_length(before.attributes),
                     json_object_object_length(after.attributes));
    assert_int_equal(before.state, after.state);
    assert_true(before.created == after.created && before.registered == after.registered);
    assert_true(before.updated == after.updated);
    dh_record_release(&before);
    dh_record_release(&after);
    dh_trial_free(trial);
    dh_record_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),    cmocka_unit_test(test_queries),
        cmocka_unit_test(test_refused),  cmocka_unit_test(test_text),
        cmocka_unit_test(test_warnings), cmocka_unit_test(test_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
