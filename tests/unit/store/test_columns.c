/*
 * Columns in memory: those that a handle loads as a whole, in parts and by several threads, are
 * those that another handle has followed change by change; and a load is of one moment.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

enum { RECORDS = 5000, CHANGED = 700, GROUP = 5 };

/* Values get longer towards the end: later parts need wider columns than earlier ones. */
static void put_one(struct fixture *f, int i, int round)
{
    char json[800];
    const char *fraction = i == RECORDS - 3 ? ".250" : "";
    int subjects = i % 4, len;
    len = snprintf(json, sizeof(json),
                   "{\"id\":\"10.5072/c.%d\",\"type\":\"dois\",\"attributes\":{\"doi\":"
                   "\"10.5072/c.%d\",\"publicationYear\":%d,\"language\":\"l%d\",\"viewCount\":%d,"
                   "\"created\":\"20%02d-01-02T03:04:05%sZ\",\"titles\":[{\"title\":\"%d\"}],"
                   "\"subjects\":[",
                   i, i, i % 100 ? 1990 + i % 30 : -i, i > 3000 ? i : i % 7,
                   i > 4000 ? i * 1000 : i % 3, i % 30, fraction, round);
    for (int s = 0; s < subjects; s++)
        len += snprintf(json + len, sizeof(json) - (size_t)len, "%s{\"subject\":\"s%d\"}",
                        s ? "," : "", i > 2000 ? i * 4 + s : s);
    snprintf(json + len, sizeof(json) - (size_t)len,
             "]},\"relationships\":{\"client\":{\"data\":{\"id\":\"org.c%d\",\"type\":"
             "\"clients\"}}}}",
             i % 9);
    put_open(f, json);
}

static void put_range(struct fixture *f, int from, int to, int step, int round)
{
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = from; i < to; i += step)
        put_one(f, i, round);
    assert_ok(f, dh_store_commit(f->store, &f->err));
}

static void same_buckets(const struct dh_bucket *a, const struct dh_bucket *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(dh_str_equal(a[i].key, b[i].key));
        assert_int_equal(a[i].count, b[i].count);
        assert_int_equal(a[i].sample, b[i].sample);
        assert_int_equal(a[i].inner_count, b[i].inner_count);
        same_buckets(a[i].inner, b[i].inner, a[i].inner_count);
    }
}

static const struct dh_facet_request facets[] = {
    {.column = DH_COLUMN_LANGUAGE, .size = 10000, .inner = DH_COLUMN_CLIENT, .missing = true},
    {.column = DH_COLUMN_SUBJECT, .size = 10000, .inner = DH_COLUMN__N, .missing = true},
    {.column = DH_COLUMN_CLIENT, .size = 100, .inner = DH_COLUMN__N},
    {.kind = DH_FACET_YEARS, .column = DH_COLUMN_YEAR, .size = 1000, .inner = DH_COLUMN__N},
    {.kind = DH_FACET_MONTHS, .column = DH_COLUMN_CREATED, .size = 1000, .inner = DH_COLUMN__N},
    {.kind = DH_FACET_SUM, .column = DH_COLUMN_VIEWS, .inner = DH_COLUMN__N},
    {.kind = DH_FACET_SUM_BY_YEAR, .column = DH_COLUMN_VIEWS, .size = 99, .inner = DH_COLUMN__N},
};
enum { FACETS = sizeof(facets) / sizeof(facets[0]) };

static void same_answer(struct fixture *a, struct fixture *b, const struct dh_search *search)
{
    struct dh_page x = find(a, search), y = find(b, search);
    assert_int_equal(x.total, y.total);
    assert_int_equal(x.count, y.count);
    for (size_t i = 0; i < x.count; i++) {
        assert_int_equal(x.hits[i].number, y.hits[i].number);
        assert_true(dh_str_equal(x.hits[i].doi, y.hits[i].doi));
    }
    for (size_t i = 0; i < search->facet_count; i++) {
        assert_int_equal(x.facets[i].count, y.facets[i].count);
        assert_int_equal(x.facets[i].sum, y.facets[i].sum);
        assert_int_equal(x.facets[i].missing, y.facets[i].missing);
        assert_int_equal(x.facets[i].other, y.facets[i].other);
        same_buckets(x.facets[i].buckets, y.facets[i].buckets, x.facets[i].count);
    }
}

static void same_answers(struct fixture *a, struct fixture *b)
{
    static const enum dh_sort sorts[] = {DH_SORT_UPDATED, DH_SORT_CREATED, DH_SORT_NAME,
                                         DH_SORT_TITLE, DH_SORT_VIEWS};
    const struct dh_str client = DH_STR("org.c3");
    const struct dh_filter filters[] = {
        {.column = DH_COLUMN_CLIENT, .values = &client, .value_count = 1},
        {.column = DH_COLUMN_YEAR, .op = DH_FILTER_RANGE, .low = -5000, .high = 2005},
        {.column = DH_COLUMN_VIEWS, .op = DH_FILTER_RANGE, .low = 2, .high = 4500000},
    };
    for (size_t filter = 0; filter <= 3; filter++) {
        for (size_t s = 0; s < sizeof(sorts) / sizeof(sorts[0]); s++) {
            struct dh_search search = all_records();
            search.filters = &filters[filter];
            search.filter_count = filter < 3;
            search.sort = sorts[s];
            search.descending = s % 2;
            search.limit = 1000;
            search.facets = facets;
            search.facet_count = FACETS;
            same_answer(a, b, &search);
            search.offset = 40;
            search.limit = 30;
            same_answer(a, b, &search);
        }
    }
}

static void loaded_columns_are_those_followed(void **state)
{
    struct fixture *f = *state;
    struct dh_search search = all_records();
    put_range(f, 0, 50, 1, 0);
    struct fixture follower = open_second(f, NULL, DH_STORE_READ);
    for (int from = 50; from < RECORDS; from += 990) {
        assert_int_equal(find(&follower, &search).total, from);
        put_range(f, from, from + 990, 1, 0);
    }
    put_range(f, 0, RECORDS, RECORDS / CHANGED, 1);
    struct fixture fresh = open_second(f, NULL, DH_STORE_READ);
    same_answers(&follower, &fresh);
    /* What was loaded as a whole can be followed as well. */
    put_range(f, 1, RECORDS, RECORDS / CHANGED, 2);
    put_range(f, RECORDS, RECORDS + 3000, 1, 2);
    same_answers(&follower, &fresh);
    struct fixture later = open_second(f, NULL, DH_STORE_READ);
    same_answers(&fresh, &later);
    /* Values that must not have been cut. */
    const struct dh_filter views = {
        .column = DH_COLUMN_VIEWS, .op = DH_FILTER_RANGE, .low = 4999000, .high = 4999000};
    const struct dh_filter time = {.column = DH_COLUMN_CREATED,
                                   .op = DH_FILTER_RANGE,
                                   .low = dh_time_civil(2017, 1, 2) + 11045250,
                                   .high = dh_time_civil(2017, 1, 2) + 11045250};
    search.filter_count = 1;
    search.filters = &views;
    assert_int_equal(find(&later, &search).total, 1);
    search.filters = &time;
    assert_int_equal(find(&later, &search).total, 1);
    assert_int_equal(find(&follower, &search).total, 1);
    close_second(&later);
    close_second(&fresh);
    close_second(&follower);
}

struct shared {
    struct fixture *f;
    atomic_bool done;
    atomic_int failures, loads;
};

/* Opens the store again and again: each time the first search loads all columns. */
static void *load_on(void *context)
{
    struct shared *shared = context;
    struct dh_facet_request years = {
        .kind = DH_FACET_YEARS, .column = DH_COLUMN_YEAR, .size = 5000, .inner = DH_COLUMN__N};
    struct dh_search search = all_records();
    struct dh_arena arena;
    search.facets = &years;
    search.facet_count = 1;
    search.limit = 0;
    dh_arena_init(&arena, DH_ARENA_MAX);
    while (!shared->done) {
        struct dh_store *store = NULL;
        struct dh_reader *reader = NULL;
        struct dh_page page = {0};
        bool good = dh_store_open(shared->f->path, DH_STORE_READ, &store, NULL) == DH_OK &&
                    dh_reader_open(store, &reader, NULL) == DH_OK &&
                    dh_store_search(reader, &search, &page, &arena, NULL) == DH_OK;
        for (size_t i = 0; good && i < page.facets[0].count; i++)
            good = page.facets[0].buckets[i].count % GROUP == 0;
        shared->failures += !good;
        shared->loads++;
        if (reader)
            dh_reader_close(reader);
        if (store)
            dh_store_close(store);
        dh_arena_clear(&arena);
    }
    dh_arena_release(&arena);
    return NULL;
}

static void put_member(struct fixture *f, int group, int member, int year)
{
    char json[200];
    snprintf(json, sizeof(json),
             "{\"id\":\"10.5072/%d.%d\",\"type\":\"dois\",\"attributes\":{\"doi\":"
             "\"10.5072/%d.%d\",\"publicationYear\":%d}}",
             member, group, member, group, year);
    put_open(f, json);
}

static void a_load_is_of_one_moment(void **state)
{
    struct fixture *f = *state;
    struct shared shared = {.f = f};
    pthread_t threads[2];
    assert_ok(f, dh_store_begin(f->store, &f->err));
    /* The members of a group share a year and lie far from each other. */
    for (int i = 0; i < 800 * GROUP; i++)
        put_member(f, i % 800, i / 800, i % 800);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load_on, &shared), 0);
    for (int i = 0; i < 80 || shared.loads < 20; i++) {
        assert_ok(f, dh_store_begin(f->store, &f->err));
        for (int member = 0; member < GROUP; member++)
            put_member(f, i * 37 % 800, member, 1000 + i);
        assert_ok(f, dh_store_commit(f->store, &f->err));
    }
    shared.done = true;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(loaded_columns_are_those_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_load_is_of_one_moment, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
