/* Records: put, get, merge, touch, and what they leave in the activities. */
#include "fixture.h"

#define FIRST                                                                                      \
    "{\"id\":\"10.5072/a\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/A\","               \
    "\"titles\":[{\"title\":\"One <b>title</b>\"}],\"publisher\":\"Press\","                       \
    "\"publicationYear\":2020,\"types\":{\"resourceTypeGeneral\":\"Dataset\"},"                    \
    "\"creators\":[{\"name\":\"A, B\"}],\"state\":\"findable\","                                   \
    "\"created\":\"2020-01-01T00:00:00Z\",\"registered\":\"2020-01-02T00:00:00Z\","                \
    "\"updated\":\"2020-01-03T00:00:00Z\",\"viewCount\":7},"                                       \
    "\"relationships\":{\"client\":{\"data\":{\"id\":\"org.repo\",\"type\":\"clients\"}}}}"

static void a_record_comes_back(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(put(f, FIRST), DH_CHANGE_CREATED);
    struct dh_hit hit = get(f, "10.5072/a");
    assert_text(hit.doi, "10.5072/a");
    assert_text(hit.client, "org.repo");
    assert_text(hit.provider, "org");
    assert_text(hit.agency, "datacite");
    assert_int_equal(hit.state, DH_STATE_FINDABLE);
    assert_int_equal(hit.created, dh_time_civil(2020, 1, 1));
    assert_int_equal(hit.registered, dh_time_civil(2020, 1, 2));
    assert_int_equal(hit.updated, dh_time_civil(2020, 1, 3));
    assert_int_equal(hit.year, 2020);
    assert_int_equal(hit.counts[DH_COUNT_VIEW], 7);
    assert_int_equal(hit.counts[DH_COUNT_CITATION], 0);
    assert_text(dh_wire_fragment(&hit.wire, DH_ATTR_TITLES, DH_FORM_PLAIN),
                "\"titles\":[{\"title\":\"One \\u003cb\\u003etitle\\u003c/b\\u003e\"}]");
    struct dh_hit again;
    assert_ok(f, dh_store_read(f->reader, hit.number, &again, &f->arena, &f->err));
    assert_text(again.doi, "10.5072/a");
    assert_int_equal(dh_store_read(f->reader, hit.number + 1, &again, &f->arena, &f->err),
                     DH_NOT_FOUND);
    assert_int_equal(dh_store_get(f->reader, dh_str("10.5072/b"), &again, &f->arena, &f->err),
                     DH_NOT_FOUND);
}

static void the_same_again_is_no_change(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    struct dh_hit before = get(f, "10.5072/a");
    uint64_t sequence, later;
    assert_ok(f, dh_store_sequence(f->reader, &sequence, &f->err));
    assert_int_equal(put(f, FIRST), DH_CHANGE_NONE);
    assert_int_equal(put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2020}"), DH_CHANGE_NONE);
    assert_int_equal(get(f, "10.5072/a").number, before.number);
    assert_ok(f, dh_store_sequence(f->reader, &later, &f->err));
    assert_int_equal(sequence, later);
    assert_int_equal(activities_of(f, "10.5072/a").total, 1);
}

static void a_part_changes_only_itself(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    struct dh_hit before = get(f, "10.5072/a");
    assert_int_equal(put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2021,"
                            "\"updated\":\"2021-01-01T00:00:00Z\"}"),
                     DH_CHANGE_UPDATED);
    struct dh_hit hit = get(f, "10.5072/a");
    assert_int_not_equal(hit.number, before.number);
    assert_int_equal(hit.year, 2021);
    assert_int_equal(hit.created, dh_time_civil(2020, 1, 1));
    assert_int_equal(hit.updated, dh_time_civil(2021, 1, 1));
    assert_int_equal(hit.counts[DH_COUNT_VIEW], 7);
    assert_text(hit.client, "org.repo");
    assert_text(dh_wire_value(&hit.wire, DH_ATTR_PUBLISHER, DH_FORM_PLAIN), "\"Press\"");
    struct dh_hit gone;
    assert_int_equal(dh_store_read(f->reader, before.number, &gone, &f->arena, &f->err),
                     DH_NOT_FOUND);
}

static void an_edit_without_a_time_is_of_now(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    int64_t before = dh_time_now();
    put(f, "{\"doi\":\"10.5072/a\",\"language\":\"de\"}");
    struct dh_hit hit = get(f, "10.5072/a");
    assert_true(hit.updated >= before - 1000);
    assert_int_equal(hit.created, dh_time_civil(2020, 1, 1));
}

static void counts_and_times_only_touch(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    assert_int_equal(put(f, "{\"doi\":\"10.5072/a\",\"viewCount\":9,"
                            "\"updated\":\"2022-01-01T00:00:00Z\"}"),
                     DH_CHANGE_TOUCHED);
    struct dh_hit hit = get(f, "10.5072/a");
    assert_int_equal(hit.counts[DH_COUNT_VIEW], 9);
    assert_int_equal(hit.updated, dh_time_civil(2022, 1, 1));
    assert_int_equal(put(f, "{\"doi\":\"10.5072/a\",\"viewsOverTime\":"
                            "[{\"yearMonth\":\"2022-01\",\"total\":9}]}"),
                     DH_CHANGE_TOUCHED);
    assert_int_equal(activities_of(f, "10.5072/a").total, 1);
}

/* Version 7 (RFC 9562): begins with the milliseconds since 1970, so that later ones sort behind. */
static void assert_uuid_of_time(const struct dh_activity *activity)
{
    enum { MINUTE = 60000 };
    char digits[13] = {0};
    assert_int_equal(activity->uuid.len, 36);
    assert_int_equal(activity->uuid.ptr[14], '7');
    assert_non_null(strchr("89ab", activity->uuid.ptr[19]));
    memcpy(digits, activity->uuid.ptr, 8);
    memcpy(digits + 8, activity->uuid.ptr + 9, 4);
    int64_t made = strtoll(digits, NULL, 16);
    assert_true(llabs(activity->time - made) < MINUTE);
}

static void activities_tell_the_history(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    put(f, "{\"doi\":\"10.5072/a\",\"language\":\"de\"}");
    put(f, "{\"doi\":\"10.5072/a\",\"language\":\"en\"}");
    struct dh_activity_page page = activities_of(f, "10.5072/a");
    assert_int_equal(page.total, 3);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.items[0].action, DH_ACTION_CREATE);
    assert_non_null(strstr(page.items[0].changes.ptr, "\"language\":null"));
    assert_non_null(strstr(page.items[0].changes.ptr, "\"aasm_state\":\"findable\""));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(page.items[i].version, i + 1);
        assert_text(page.items[i].subject, "10.5072/a");
        assert_text(page.items[i].user, "org.repo");
        assert_uuid_of_time(&page.items[i]);
    }
    assert_text(page.items[1].changes, "{\"language\":[null,\"de\"]}");
    assert_text(page.items[2].changes, "{\"language\":[\"de\",\"en\"]}");
}

/* Edits faster than the clock ticks are still in order. */
static void history_is_in_order(void **state)
{
    struct fixture *f = *state;
    char text[80];
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof(text), "{\"doi\":\"10.5072/a\",\"version\":\"%d\"}", i);
        put(f, text);
    }
    struct dh_activity_page page = activities_of(f, "10.5072/a");
    assert_int_equal(page.count, 20);
    for (int i = 0; i < 20; i++)
        assert_int_equal(page.items[i].version, i + 1);
}

static void a_creation_is_told_by_the_body_or_by_itself(void **state)
{
    struct fixture *f = *state;
    put(f, FIRST);
    struct dh_str lazy = activities_of(f, "10.5072/a").items[0].changes;
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":1999}");
    struct dh_str kept = activities_of(f, "10.5072/a").items[0].changes;
    assert_true(lazy.len > 100);
    assert_true(dh_str_equal(lazy, kept));
}

static void activities_page_and_search(void **state)
{
    struct fixture *f = *state;
    char json[200];
    for (int i = 0; i < 30; i++) {
        snprintf(json, sizeof(json), "{\"doi\":\"10.5072/%d\",\"publicationYear\":2000}", i);
        put(f, json);
    }
    struct dh_activity_search search = {
        .kind = DH_OF__ANY, .limit = 7, .cursor = true, .after_time = DH_TIME_NONE};
    struct dh_activity_page page;
    size_t seen = 0;
    do {
        assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
        assert_int_equal(page.total, 30);
        seen += page.count;
        if (page.count) {
            search.after_time = page.items[page.count - 1].time;
            search.after_uuid = page.items[page.count - 1].uuid;
        }
    } while (page.count);
    assert_int_equal(seen, 30);
    search = (struct dh_activity_search){.kind = DH_OF_DOI, .limit = 100};
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    search.uuid = page.items[3].uuid;
    struct dh_str subject = page.items[3].subject;
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    assert_int_equal(page.count, 1);
    assert_true(dh_str_equal(page.items[0].subject, subject));
    search.uuid = dh_str("nonsense");
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    assert_int_equal(page.total, 0);
    struct dh_str upper = dh_str("10.5072/X");
    search = (struct dh_activity_search){
        .kind = DH_OF_DOI, .subjects = &upper, .subject_count = 1, .limit = 10};
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    assert_int_equal(page.total, 0);
}

static void a_rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct dh_hit hit;
    struct dh_store_stats stats;
    put(f, "{\"doi\":\"10.5072/0\",\"publicationYear\":2000}");
    assert_ok(f, dh_store_begin(f->store, &f->err));
    put_open(f, FIRST);
    put_open(f, "{\"doi\":\"10.5072/0\",\"publicationYear\":2001}");
    dh_store_rollback(f->store);
    assert_int_equal(dh_store_get(f->reader, dh_str("10.5072/a"), &hit, &f->arena, &f->err),
                     DH_NOT_FOUND);
    assert_int_equal(get(f, "10.5072/0").year, 2000);
    assert_ok(f, dh_store_stats(f->reader, &stats, &f->err));
    assert_int_equal(stats.records, 1);
    assert_int_equal(stats.activities, 1);
    assert_int_equal(stats.clients, 0);
    /* Terms and names that the rollback took back are made anew. */
    assert_int_equal(put(f, FIRST), DH_CHANGE_CREATED);
    assert_text(get(f, "10.5072/a").client, "org.repo");
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void odd_input_is_refused_or_kept(void **state)
{
    struct fixture *f = *state;
    struct dh_record record;
    struct dh_prepared *out;
    dh_record_init(&record);
    assert_int_equal(dh_prepare(f->store, &record, &out, &f->err), DH_INVALID);
    assert_int_equal(put(f, "{\"doi\":\"10.5072/nul\",\"titles\":[{\"title\":\"a\\u0000b\"}],"
                            "\"subjects\":[{\"subject\":\"x\\u0000y\"},{\"subject\":\"\"}]}"),
                     DH_CHANGE_CREATED);
    struct dh_hit hit = get(f, "10.5072/nul");
    assert_text(dh_wire_value(&hit.wire, DH_ATTR_TITLES, DH_FORM_PLAIN),
                "[{\"title\":\"a\\u0000b\"}]");
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_again_is_no_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_part_changes_only_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_without_a_time_is_of_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_and_times_only_touch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(activities_tell_the_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(history_is_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_creation_is_told_by_the_body_or_by_itself, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(activities_page_and_search, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rollback_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_input_is_refused_or_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
