/* Events that came from a server, alone and beside those that records of the store state. */
#include "base/limits.h"
#include "fixture.h"

#define UUID(n) "c0000000-0000-4000-8000-0000000000" n

static const int64_t MONTH = (int64_t)31 * 86400000;

static struct dh_event_in citation(const char *uuid, const char *subject, const char *object)
{
    return (struct dh_event_in){.uuid = dh_str(uuid),
                                .subject = dh_str(subject),
                                .object = dh_str(object),
                                .relation = DH_STR("References"),
                                .source = DH_STR("crossref"),
                                .license = DH_STR("https://example.org/free"),
                                .action = DH_STR("create"),
                                .token = DH_STR("token-1"),
                                .total = 1,
                                .occurred = dh_time_civil(2021, 5, 1),
                                .updated = dh_time_civil(2022, 5, 1)};
}

static struct dh_event_in usage(const char *uuid, const char *object, int64_t total)
{
    struct dh_event_in event = citation(uuid, "https://reports.example.org/1", object);
    event.relation = DH_STR("unique-dataset-investigations-regular");
    event.source = DH_STR("datacite-usage");
    event.token = DH_STR_NONE;
    event.total = total;
    return event;
}

static enum dh_change take(struct fixture *f, const struct dh_event_in *event)
{
    enum dh_change change;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_event(f->store, event, &change, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    return change;
}

static void expect_refused(struct fixture *f, struct dh_event_in event, enum dh_status wanted)
{
    enum dh_change change;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_int_equal(dh_store_put_event(f->store, &event, &change, &f->err), wanted);
    dh_store_rollback(f->store);
}

static struct dh_event_page ask(struct fixture *f, const struct dh_event_search *search)
{
    struct dh_event_page page;
    assert_ok(f, dh_store_events(f->reader, search, &page, &f->arena, &f->err));
    return page;
}

static struct dh_event_page with(struct fixture *f, enum dh_event_field field, const char *value)
{
    struct dh_str values[1] = {dh_str(value)};
    struct dh_event_filter filter = {.field = field, .values = values, .value_count = 1};
    const struct dh_event_search search = {
        .filters = &filter, .filter_count = 1, .limit = 100, .after_created = DH_TIME_NONE};
    return ask(f, &search);
}

static void expect(struct fixture *f, enum dh_event_field field, const char *value, uint64_t total)
{
    struct dh_event_page page = with(f, field, value);
    if (page.total != total)
        fail_msg("field %d, %s: %llu events, not %llu", (int)field, value,
                 (unsigned long long)page.total, (unsigned long long)total);
}

/* 10.1/a references 10.1/b and cites 10.1/c. */
static void put_record(struct fixture *f)
{
    put(f, "{\"doi\":\"10.1/a\",\"state\":\"findable\",\"created\":\"2021-07-01T00:00:00Z\","
           "\"types\":{\"resourceTypeGeneral\":\"Dataset\"},\"publicationYear\":2019,"
           "\"relatedIdentifiers\":[{\"relationType\":\"References\",\"relatedIdentifier\":"
           "\"10.1/b\",\"relatedIdentifierType\":\"DOI\"},{\"relationType\":\"Cites\","
           "\"relatedIdentifier\":\"10.1/c\",\"relatedIdentifierType\":\"DOI\"}]}");
}

static void one_comes_and_is_found(void **state)
{
    struct fixture *f = *state;
    struct dh_event_in event = citation(UUID("01"), "10.1016/article", "10.1/a");
    assert_int_equal(take(f, &event), DH_CHANGE_CREATED);
    assert_int_equal(take(f, &event), DH_CHANGE_NONE);
    struct dh_event_page page = with(f, DH_EVENT_OBJECT, "10.1/a");
    assert_int_equal(page.total, 1);
    const struct dh_event *it = &page.items[0];
    assert_text(it->uuid, UUID("01"));
    assert_text(it->subject, "10.1016/article");
    assert_text(it->object, "10.1/a");
    assert_text(it->relation, "References");
    assert_text(it->source, "crossref");
    assert_text(it->license, "https://example.org/free");
    assert_text(it->token, "token-1");
    assert_true(it->came);
    assert_int_equal(it->total, 1);
    assert_int_equal(it->occurred, event.occurred);
    assert_int_equal(it->updated, event.updated);
    assert_int_equal(it->created, event.updated);
    expect(f, DH_EVENT_UUID, UUID("01"), 1);
    expect(f, DH_EVENT_SUBJECT, "10.1016/article", 1);
    expect(f, DH_EVENT_SUBJECT, "10.1/a", 0);
    expect(f, DH_EVENT_SOURCE_DOI, "10.1016/article", 1);
    expect(f, DH_EVENT_TARGET_DOI, "10.1/a", 1);
    expect(f, DH_EVENT_PREFIX, "10.1016", 1);
    expect(f, DH_EVENT_SOURCE, "crossref", 1);
    expect(f, DH_EVENT_SOURCE, "datacite-related", 0);
    expect(f, DH_EVENT_TYPE, "References", 1);
}

static void another_telling_takes_the_place(void **state)
{
    struct fixture *f = *state;
    struct dh_event_in event = citation(UUID("01"), "10.1016/article", "10.1/a");
    take(f, &event);
    event.object = DH_STR("10.1/b");
    event.updated += MONTH;
    assert_int_equal(take(f, &event), DH_CHANGE_UPDATED);
    expect(f, DH_EVENT_OBJECT, "10.1/a", 0);
    struct dh_event_page page = with(f, DH_EVENT_OBJECT, "10.1/b");
    assert_int_equal(page.total, 1);
    assert_int_equal(page.items[0].updated, event.updated);
    assert_int_equal(page.items[0].created, event.updated - MONTH);
}

static void the_same_is_shown_once(void **state)
{
    struct fixture *f = *state;
    put_record(f);
    struct dh_event_page page = with(f, DH_EVENT_SUBJECT, "10.1/a");
    assert_int_equal(page.total, 2);
    char computed[37] = {0};
    for (size_t i = 0; i < 2; i++)
        if (dh_str_equal(page.items[i].object, DH_STR("10.1/b")))
            memcpy(computed, page.items[i].uuid.ptr, 36);
    struct dh_event_in event = citation(UUID("02"), "10.1/a", "10.1/b");
    take(f, &event);
    expect(f, DH_EVENT_SUBJECT, "10.1/a", 2);
    expect(f, DH_EVENT_PREFIX, "10.1", 2); /* from memory */
    expect(f, DH_EVENT_UUID, computed, 0);
    expect(f, DH_EVENT_UUID, UUID("02"), 1);
    page = with(f, DH_EVENT_OBJECT, "10.1/b");
    assert_int_equal(page.total, 1);
    assert_text(page.items[0].uuid, UUID("02"));
    /* Of another relation it is another event. */
    event = citation(UUID("03"), "10.1/a", "10.1/b");
    event.relation = DH_STR("Cites");
    take(f, &event);
    expect(f, DH_EVENT_OBJECT, "10.1/b", 2);
    expect(f, DH_EVENT_PREFIX, "10.1", 3);
    /* What the server no longer tells is computed again. */
    event = citation(UUID("02"), "10.9/x", "10.9/y");
    take(f, &event);
    expect(f, DH_EVENT_UUID, computed, 1);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void counts_of_records_stay(void **state)
{
    struct fixture *f = *state;
    put_record(f);
    struct dh_event_in event = citation(UUID("01"), "10.1016/article", "10.1/a");
    take(f, &event);
    struct dh_hit hit = get(f, "10.1/a");
    assert_int_equal(hit.local[DH_COUNT_CITATION], 0);
    assert_int_equal(hit.local[DH_COUNT_REFERENCE], 2);
}

static void usage_is_kept(void **state)
{
    struct fixture *f = *state;
    put_record(f);
    struct dh_event_in event = usage(UUID("10"), "10.1/a", 25);
    take(f, &event);
    struct dh_event_page page = with(f, DH_EVENT_OBJECT, "10.1/a");
    assert_int_equal(page.total, 1);
    assert_text(page.items[0].subject, "https://reports.example.org/1");
    assert_text(page.items[0].relation, "unique-dataset-investigations-regular");
    assert_int_equal(page.items[0].type, dh_vocab_count(DH_VOCAB_RELATION_TYPE));
    assert_int_equal(page.items[0].total, 25);
    assert_int_equal(page.items[0].token.len, 0);
    expect(f, DH_EVENT_SUBJECT, "https://reports.example.org/1", 1);
    expect(f, DH_EVENT_TYPE, "unique-dataset-investigations-regular", 1);
    expect(f, DH_EVENT_TYPE, "unique-dataset-requests-regular", 0);
    expect(f, DH_EVENT_TARGET_DOI, "10.1/a", 1);
    expect(f, DH_EVENT_SOURCE_DOI, "10.1/a", 2);
    expect(f, DH_EVENT_SOURCE, "datacite-usage", 1);
    expect(f, DH_EVENT_PREFIX, "https:", 0);
    expect(f, DH_EVENT_KIND, "Dataset", 3);
}

static void counts_take_part(void **state)
{
    struct fixture *f = *state;
    put_record(f);
    struct dh_event_in first = citation(UUID("01"), "10.1016/article", "10.1/a");
    struct dh_event_in second = usage(UUID("10"), "10.1/a", 25);
    take(f, &first);
    take(f, &second);
    struct dh_str doi = DH_STR("10.1/a");
    struct dh_event_filter filter = {.field = DH_EVENT_DOI, .values = &doi, .value_count = 1};
    /* One record read by itself, and all from memory. */
    for (size_t filters = 0; filters < 2; filters++) {
        const struct dh_event_search search = {.filters = &filter,
                                               .filter_count = filters,
                                               .counts = true,
                                               .after_created = DH_TIME_NONE};
        struct dh_event_page page = ask(f, &search);
        assert_int_equal(page.total, 4);
        assert_int_equal(page.counts[DH_EVENT_SOURCES].count, 3);
        assert_text(page.counts[DH_EVENT_SOURCES].buckets[0].key, "datacite-related");
        assert_text(page.counts[DH_EVENT_SOURCES].buckets[2].key, "datacite-usage");
        assert_int_equal(page.counts[DH_EVENT_PREFIXES].count, 2);
        assert_text(page.counts[DH_EVENT_PREFIXES].buckets[0].key, "10.1");
        assert_int_equal(page.counts[DH_EVENT_PREFIXES].buckets[0].count, 4);
        assert_int_equal(page.counts[DH_EVENT_TYPES].count, 3);
        assert_text(page.counts[DH_EVENT_TYPES].buckets[0].key, "References");
        assert_int_equal(page.counts[DH_EVENT_TYPES].buckets[0].count, 2);
        assert_text(page.counts[DH_EVENT_TYPES].buckets[2].key,
                    "unique-dataset-investigations-regular");
    }
}

/* Many of both sorts, with equal times among them. */
static void put_many(struct fixture *f, int count)
{
    char json[512], uuid[64], subject[32], time[DH_TIME_TEXT_MAX];
    for (int i = 0; i < count; i++) {
        int64_t created = dh_time_civil(2020, 1, 1) + (i % 7) * MONTH;
        dh_time_format(created, false, time);
        snprintf(json, sizeof(json),
                 "{\"doi\":\"10.1/r%d\",\"state\":\"findable\",\"created\":\"%s\","
                 "\"relatedIdentifiers\":[{\"relationType\":\"Cites\",\"relatedIdentifier\":"
                 "\"10.1/target\",\"relatedIdentifierType\":\"DOI\"}]}",
                 i, time);
        put(f, json);
        snprintf(uuid, sizeof(uuid), "%02x000000-0000-4000-8000-%012d", i * 37 % 256, i);
        snprintf(subject, sizeof(subject), "10.2/s%d", i);
        struct dh_event_in event = citation(uuid, subject, "10.1/target");
        event.updated = created;
        take(f, &event);
    }
}

static bool before(const struct dh_event *a, const struct dh_event *b)
{
    return a->created != b->created ? a->created < b->created
                                    : dh_str_compare(a->uuid, b->uuid) < 0;
}

static void pages_go_through_both(void **state)
{
    struct fixture *f = *state;
    put_many(f, 30);
    struct dh_str doi = DH_STR("10.1/target");
    struct dh_event_filter filter = {.field = DH_EVENT_DOI, .values = &doi, .value_count = 1};
    for (size_t filters = 0; filters < 2; filters++) {
        struct dh_event_search search = {.filters = &filter,
                                         .filter_count = filters,
                                         .limit = 7,
                                         .cursor = true,
                                         .after_created = DH_TIME_NONE};
        struct dh_event last = {0};
        size_t seen = 0;
        for (;;) {
            struct dh_event_page page = ask(f, &search);
            assert_int_equal(page.total, 60);
            if (!page.count)
                break;
            for (size_t i = 0; i < page.count; i++) {
                if (seen++)
                    assert_true(before(&last, &page.items[i]));
                last = page.items[i];
            }
            search.after_created = last.created;
            search.after_uuid = last.uuid;
        }
        assert_int_equal(seen, 60);
    }
}

static void orders_hold_for_both(void **state)
{
    struct fixture *f = *state;
    put_many(f, 9);
    for (int i = 0; i < 3; i++) {
        char uuid[64];
        snprintf(uuid, sizeof(uuid), UUID("2%d"), i);
        struct dh_event_in event = usage(uuid, "10.1/target", 10 * (2 - i) + 5);
        take(f, &event);
    }
    for (int sort = 0; sort < DH_EVENT_SORT__N; sort++) {
        const struct dh_event_search search = {
            .sort = sort, .limit = 100, .after_created = DH_TIME_NONE};
        struct dh_event_page page = ask(f, &search);
        assert_int_equal(page.count, 21);
        for (size_t i = 1; i < page.count; i++) {
            const struct dh_event *a = &page.items[i - 1], *b = &page.items[i];
            if (sort == DH_EVENT_BY_UUID)
                assert_true(dh_str_compare(a->uuid, b->uuid) < 0);
            if (sort == DH_EVENT_BY_TOTAL)
                assert_true(a->total <= b->total);
            if (sort == DH_EVENT_BY_TYPE)
                assert_true(dh_str_compare(a->relation, b->relation) <= 0);
            if (sort == DH_EVENT_BY_CREATED)
                assert_true(before(a, b));
        }
    }
}

static void computed_uuids_of_others_are_replaced(void **state)
{
    struct fixture *f = *state;
    put_record(f);
    struct dh_event_page page = with(f, DH_EVENT_OBJECT, "10.1/b");
    char computed[37] = {0};
    memcpy(computed, page.items[0].uuid.ptr, 36);
    /* Another store's event of that uuid is about something else. */
    struct dh_event_in event = citation(computed, "10.7/x", "10.7/y");
    assert_int_equal(take(f, &event), DH_CHANGE_CREATED);
    assert_int_equal(take(f, &event), DH_CHANGE_NONE);
    expect(f, DH_EVENT_UUID, computed, 1);
    page = with(f, DH_EVENT_UUID, computed);
    assert_text(page.items[0].object, "10.1/b");
    page = with(f, DH_EVENT_SUBJECT, "10.7/x");
    assert_int_equal(page.total, 1);
    assert_false(dh_str_equal(page.items[0].uuid, dh_str(computed)));
    event.object = DH_STR("10.7/z");
    assert_int_equal(take(f, &event), DH_CHANGE_CREATED);
    expect(f, DH_EVENT_SUBJECT, "10.7/x", 2);
}

static void what_cannot_be_kept_is_refused(void **state)
{
    struct fixture *f = *state;
    struct dh_event_in good = citation(UUID("01"), "10.1/a", "10.1/b"), event;
    event = good, event.uuid = DH_STR("1");
    expect_refused(f, event, DH_INVALID);
    event = good, event.subject = DH_STR("ftp://example.org/");
    expect_refused(f, event, DH_INVALID);
    event = good, event.object = DH_STR("https://example.org/a b");
    expect_refused(f, event, DH_INVALID);
    event = good, event.object = DH_STR_NONE;
    expect_refused(f, event, DH_INVALID);
    event = good, event.relation = DH_STR("");
    expect_refused(f, event, DH_INVALID);
    event = good, event.source = DH_STR_NONE;
    expect_refused(f, event, DH_INVALID);
    good.total = INT64_MAX;
    take(f, &good);
    assert_int_equal(with(f, DH_EVENT_UUID, UUID("01")).items[0].total, DH_COUNTED_MAX);
    good.total = -5;
    take(f, &good);
    assert_int_equal(with(f, DH_EVENT_UUID, UUID("01")).items[0].total, 0);
}

static void kinds_have_a_ceiling(void **state)
{
    struct fixture *f = *state;
    struct dh_event_in event = citation(UUID("01"), "10.1/a", "10.1/b");
    enum dh_change change;
    char token[32];
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = 0; i < DH_EVENT_KINDS_MAX; i++) {
        snprintf(token, sizeof(token), "token %d", i);
        event.token = dh_str(token);
        assert_ok(f, dh_store_put_event(f->store, &event, &change, &f->err));
    }
    event.token = DH_STR("one more");
    assert_int_equal(dh_store_put_event(f->store, &event, &change, &f->err), DH_LIMIT);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    struct dh_event_page page = with(f, DH_EVENT_SUBJECT, "10.1/a");
    assert_int_equal(page.total, 1);
    assert_text(page.items[0].token, "token 4095");
}

static void a_rollback_undoes(void **state)
{
    struct fixture *f = *state;
    struct dh_event_in event = citation(UUID("01"), "10.1/a", "10.1/b");
    enum dh_change change;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_event(f->store, &event, &change, &f->err));
    dh_store_rollback(f->store);
    expect(f, DH_EVENT_SUBJECT, "10.1/a", 0);
    assert_int_equal(take(f, &event), DH_CHANGE_CREATED);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    expect(f, DH_EVENT_SUBJECT, "10.1/a", 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_comes_and_is_found),
        TEST(another_telling_takes_the_place),
        TEST(the_same_is_shown_once),
        TEST(counts_of_records_stay),
        TEST(usage_is_kept),
        TEST(counts_take_part),
        TEST(pages_go_through_both),
        TEST(orders_hold_for_both),
        TEST(computed_uuids_of_others_are_replaced),
        TEST(what_cannot_be_kept_is_refused),
        TEST(kinds_have_a_ceiling),
        TEST(a_rollback_undoes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
