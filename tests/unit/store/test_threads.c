/* Threads: readers search while a writer commits; every answer is of one moment. */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

enum { READERS = 3, COMMITS = 60, GROUP = 5 };

struct shared {
    struct fixture *f;
    atomic_bool done;
    atomic_int failures;
    atomic_int searches;
};

/* Records come in groups of GROUP that share a year: each answer holds whole groups only. */
static bool whole_groups(const struct dh_page *page)
{
    int64_t sum = 0;
    for (size_t i = 0; i < page->facets[0].count; i++) {
        if (page->facets[0].buckets[i].count % GROUP)
            return false;
        sum += page->facets[0].buckets[i].count;
    }
    return (uint64_t)sum == page->total && page->count == page->total;
}

static void *search_on(void *context)
{
    struct shared *shared = context;
    struct dh_facet_request years = {
        .kind = DH_FACET_YEARS, .column = DH_COLUMN_YEAR, .size = 1000, .inner = DH_COLUMN__N};
    struct dh_facet_request clients = {
        .column = DH_COLUMN_LANGUAGE, .size = 10, .inner = DH_COLUMN__N};
    struct dh_facet_request both[] = {years, clients};
    struct dh_search search = all_records();
    struct dh_reader *reader;
    struct dh_arena arena;
    struct dh_err err;
    search.sort = DH_SORT_UPDATED;
    search.descending = true;
    search.bodies = true;
    search.facets = both;
    search.facet_count = 2;
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_reader_open(shared->f->store, &reader, &err)) {
        shared->failures++;
        return NULL;
    }
    while (!shared->done) {
        struct dh_page page;
        const struct dh_directory *directory = NULL;
        if (dh_store_search(reader, &search, &page, &arena, &err) || !whole_groups(&page))
            shared->failures++;
        if (dh_store_directory(reader, &directory, &err))
            shared->failures++;
        dh_directory_release(directory);
        shared->searches++;
        dh_arena_clear(&arena);
    }
    dh_reader_close(reader);
    dh_arena_release(&arena);
    return NULL;
}

static void write_group(struct fixture *f, int group, int year)
{
    char json[300];
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = 0; i < GROUP; i++) {
        snprintf(json, sizeof(json),
                 "{\"id\":\"10.5072/%d.%d\",\"type\":\"dois\",\"attributes\":{\"doi\":"
                 "\"10.5072/%d.%d\",\"publicationYear\":%d,\"language\":\"l%d\"},\"relationships\":"
                 "{\"client\":{\"data\":{\"id\":\"org.c%d\",\"type\":\"clients\"}}}}",
                 group, i, group, i, year, year, group);
        put_open(f, json);
    }
    assert_ok(f, dh_store_commit(f->store, &f->err));
}

static void answers_are_of_one_moment(void **state)
{
    struct fixture *f = *state;
    struct shared shared = {.f = f};
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, search_on, &shared), 0);
    for (int i = 0; i < COMMITS; i++)
        write_group(f, i % 20, 1900 + i);
    while (shared.searches < READERS * 2)
        usleep(1000);
    shared.done = true;
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.failures, 0);
    struct dh_search search = all_records();
    assert_int_equal(find(f, &search).total, 20 * GROUP);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

/* Preparing needs no lock: many threads at once. */
static void *prepare_on(void *context)
{
    struct shared *shared = context;
    for (int i = 0; i < 200; i++) {
        struct dh_record record;
        struct dh_prepared *out = NULL;
        struct json_object *tree = NULL;
        dh_record_init(&record);
        if (dh_json_parse(DH_STR("{\"doi\":\"10.5072/p\",\"titles\":[{\"title\":\"\xc3\x84\"}]}"),
                          &tree, NULL) ||
            dh_record_read(tree, &record, NULL, NULL) ||
            dh_prepare(shared->f->store, &record, &out, NULL))
            shared->failures++;
        dh_prepared_free(out);
        dh_record_release(&record);
        json_object_put(tree);
    }
    return NULL;
}

static void records_are_prepared_side_by_side(void **state)
{
    struct shared shared = {.f = *state};
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, prepare_on, &shared), 0);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_are_of_one_moment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_are_prepared_side_by_side, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
