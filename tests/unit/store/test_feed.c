/* The change feed gives each change once, in order, and tells what left from what changed. */
#include "fixture.h"

static size_t changes(struct fixture *f, uint64_t since, size_t limit, struct dh_change_item **out,
                      uint64_t *next)
{
    size_t count;
    assert_ok(f, dh_store_changes(f->reader, since, limit, out, &count, next, &f->arena, &f->err));
    return count;
}

static void tells_what_happened(void **state)
{
    struct fixture *f = *state;
    struct dh_change_item *items;
    uint64_t next, newest;
    assert_int_equal(changes(f, 0, 10, &items, &next), 0);
    assert_int_equal(next, 0);
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001,\"state\":\"findable\"}");
    put(f, "{\"doi\":\"10.5072/b\",\"publicationYear\":2001,\"state\":\"findable\"}");
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2002}");
    put(f, "{\"doi\":\"10.5072/b\",\"viewCount\":7}"); /* a touch is no change */
    put(f, "{\"doi\":\"10.5072/b\",\"state\":\"registered\"}");
    put(f, "{\"doi\":\"10.5072/b\",\"state\":\"findable\"}");
    static const struct {
        const char *doi;
        enum dh_change_what what;
        int version;
        const char *key;
    } expected[] = {
        {"10.5072/a", DH_WAS_CREATED, 1, NULL},
        {"10.5072/b", DH_WAS_CREATED, 1, NULL},
        {"10.5072/a", DH_WAS_UPDATED, 2, "publication_year"},
        {"10.5072/b", DH_WAS_HIDDEN, 2, "aasm_state"},
        {"10.5072/b", DH_WAS_SHOWN, 3, "aasm_state"},
    };
    assert_int_equal(changes(f, 0, 10, &items, &next), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_text(items[i].doi, expected[i].doi);
        assert_int_equal(items[i].what, expected[i].what);
        assert_int_equal(items[i].version, expected[i].version);
        assert_int_equal(items[i].key_count, expected[i].key != NULL);
        if (expected[i].key)
            assert_text(items[i].keys[0], expected[i].key);
        assert_true(!i || items[i].sequence > items[i - 1].sequence);
    }
    assert_int_equal(next, items[4].sequence);
    assert_int_equal(changes(f, 0, 0, &items, &newest), 0);
    assert_int_equal(newest, next);
}

static void goes_on_from_anywhere(void **state)
{
    struct fixture *f = *state;
    struct dh_change_item *items;
    uint64_t next = 0;
    for (int i = 0; i < 5; i++) {
        char text[64];
        snprintf(text, sizeof(text), "{\"doi\":\"10.5072/%d\",\"publicationYear\":2001}", i);
        put(f, text);
    }
    assert_int_equal(changes(f, 0, 2, &items, &next), 2);
    assert_text(items[1].doi, "10.5072/1");
    assert_int_equal(changes(f, next, 2, &items, &next), 2);
    assert_text(items[1].doi, "10.5072/3");
    assert_int_equal(changes(f, next, 2, &items, &next), 1);
    uint64_t end = next;
    assert_int_equal(changes(f, next, 2, &items, &next), 0);
    assert_int_equal(next, end);
    assert_int_equal(changes(f, UINT64_MAX, 2, &items, &next), 0);
}

static bool take(struct fixture *f, const struct dh_activity *activity)
{
    bool added;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_activity(f->store, activity, &added, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    return added;
}

static void foreign_activities_stay_theirs(void **state)
{
    struct fixture *f = *state;
    struct dh_change_item *items;
    struct dh_activity_page page;
    uint64_t next;
    struct dh_activity activity = {
        .uuid = DH_STR("4f4d2244-ed34-4039-9d1e-d46bfa443a18"),
        .subject = DH_STR("10.5072/a"),
        .user = DH_STR("exmpl.archive"),
        .action = DH_ACTION_UPDATE,
        .version = 2,
        .time = 1000,
        .changes = DH_STR("{\"url\":[null,\"https://example.org/\"]}"),
        .origin = DH_STR("https://api.example.org/activities/4f4d2244"),
    };
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}");
    assert_true(take(f, &activity));
    assert_false(take(f, &activity));
    activity.version = 3; /* one request may make several */
    assert_true(take(f, &activity));
    assert_int_equal(changes(f, 0, 10, &items, &next), 1);
    struct dh_str doi = DH_STR("10.5072/a");
    struct dh_activity_search search = {
        .kind = DH_OF_DOI, .subjects = &doi, .subject_count = 1, .ascending = true, .limit = 10};
    assert_ok(f, dh_store_activities(f->reader, &search, &page, &f->arena, &f->err));
    assert_int_equal(page.total, 3);
    assert_text(page.items[0].origin, "https://api.example.org/activities/4f4d2244");
    assert_text(page.items[0].changes, "{\"url\":[null,\"https://example.org/\"]}");
    assert_true(page.items[2].origin.ptr == NULL);
    activity.uuid = DH_STR("none");
    bool added;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_int_equal(dh_store_put_activity(f->store, &activity, &added, &f->err), DH_INVALID);
    dh_store_rollback(f->store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_what_happened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(goes_on_from_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(foreign_activities_stay_theirs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
