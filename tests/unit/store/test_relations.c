/* Relations: counts from either side, lists of what is findable here, years of citations. */
#include "fixture.h"

/* A record that states up to two relations; state "" leaves it findable. */
static const char *record(char *out, size_t size, const char *doi, const char *state,
                          const char *type1, const char *object1, const char *type2,
                          const char *object2)
{
    snprintf(out, size,
             "{\"doi\":\"%s\",\"state\":\"%s\",\"updated\":\"2021-05-05T00:00:00Z\","
             "\"relatedIdentifiers\":[{\"relationType\":\"%s\",\"relatedIdentifier\":\"%s\","
             "\"relatedIdentifierType\":\"DOI\"},{\"relationType\":\"%s\",\"relatedIdentifier\":"
             "\"%s\",\"relatedIdentifierType\":\"DOI\"}]}",
             doi, *state ? state : "findable", type1, object1, type2, object2);
    return out;
}

#define PUT(f, ...)                                                                                \
    do {                                                                                           \
        char json_[1024];                                                                          \
        put((f), record(json_, sizeof(json_), __VA_ARGS__));                                       \
    } while (0)

static void expect(struct fixture *f, const char *doi, enum dh_count count, int64_t value)
{
    struct dh_hit hit = get(f, doi);
    if (hit.local[count] != value)
        fail_msg("%s: count %d is %lld, not %lld", doi, count, (long long)hit.local[count],
                 (long long)value);
}

static void both_sides_count_once(void **state)
{
    struct fixture *f = *state;
    PUT(f, "10.1/a", "", "References", "10.1/b", "Cites", "https://doi.org/10.1/B");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 1);
    PUT(f, "10.1/b", "", "IsCitedBy", "10.1/a", "HasPart", "10.1/a");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 1);
    expect(f, "10.1/a", DH_COUNT_PART_OF, 1);
    expect(f, "10.1/b", DH_COUNT_CITATION, 1);
    expect(f, "10.1/b", DH_COUNT_PART, 1);
    /* One side withdraws, the other still says so. */
    PUT(f, "10.1/a", "", "Documents", "10.1/b", "Reviews", "10.1/b");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 1);
    expect(f, "10.1/b", DH_COUNT_CITATION, 1);
    PUT(f, "10.1/b", "", "Documents", "10.1/a", "Documents", "10.1/c");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 0);
    expect(f, "10.1/b", DH_COUNT_CITATION, 0);
    expect(f, "10.1/b", DH_COUNT_PART, 0);
    expect(f, "10.1/a", DH_COUNT_PART_OF, 0);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void relations_are_known_before_the_record(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    char json[1024];
    put_open(f, record(json, sizeof(json), "10.1/x", "", "IsVersionOf", "10.1/whole", "Cites",
                       "10.1/whole"));
    put_open(f, record(json, sizeof(json), "10.1/whole", "", "HasVersion", "10.1/y", "Obsoletes",
                       "10.1/z"));
    put_open(f, record(json, sizeof(json), "10.1/y", "", "IsVersionOf", "10.1/whole", "Cites",
                       "10.1/whole"));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    expect(f, "10.1/whole", DH_COUNT_VERSION, 2);
    expect(f, "10.1/whole", DH_COUNT_CITATION, 2);
    expect(f, "10.1/x", DH_COUNT_VERSION_OF, 1);
    expect(f, "10.1/y", DH_COUNT_VERSION_OF, 1);
    expect(f, "10.1/y", DH_COUNT_REFERENCE, 1);
}

static void only_findable_records_state(void **state)
{
    struct fixture *f = *state;
    PUT(f, "10.1/b", "", "Documents", "10.1/q", "Documents", "10.1/q");
    PUT(f, "10.1/a", "draft", "References", "10.1/b", "IsPartOf", "10.1/b");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 0);
    expect(f, "10.1/b", DH_COUNT_CITATION, 0);
    PUT(f, "10.1/a", "findable", "References", "10.1/b", "IsPartOf", "10.1/b");
    expect(f, "10.1/a", DH_COUNT_REFERENCE, 1);
    expect(f, "10.1/b", DH_COUNT_CITATION, 1);
    expect(f, "10.1/b", DH_COUNT_PART, 1);
    PUT(f, "10.1/a", "registered", "References", "10.1/b", "IsPartOf", "10.1/b");
    expect(f, "10.1/b", DH_COUNT_CITATION, 0);
    expect(f, "10.1/b", DH_COUNT_PART, 0);
}

static void a_count_that_came_is_shown(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.1/b\",\"citationCount\":40}");
    PUT(f, "10.1/a", "", "References", "10.1/b", "References", "10.1/b");
    struct dh_hit hit = get(f, "10.1/b");
    assert_int_equal(hit.counts[DH_COUNT_CITATION], 40);
    assert_int_equal(hit.local[DH_COUNT_CITATION], 1);
    hit = get(f, "10.1/a");
    assert_int_equal(hit.counts[DH_COUNT_REFERENCE], 1);
}

static void a_record_may_relate_to_itself(void **state)
{
    struct fixture *f = *state;
    PUT(f, "10.1/s", "", "References", "10.1/s", "IsCitedBy", "10.1/s");
    expect(f, "10.1/s", DH_COUNT_REFERENCE, 1);
    expect(f, "10.1/s", DH_COUNT_CITATION, 1);
    PUT(f, "10.1/s", "", "Documents", "10.1/s", "Documents", "10.1/t");
    expect(f, "10.1/s", DH_COUNT_REFERENCE, 0);
    expect(f, "10.1/s", DH_COUNT_CITATION, 0);
}

static void lists_hold_what_is_findable_here(void **state)
{
    struct fixture *f = *state;
    char doi[32];
    struct dh_relations r;
    for (int i = 0; i < 30; i++) {
        snprintf(doi, sizeof(doi), "10.1/p%02d", i);
        PUT(f, doi, i == 3 ? "draft" : "", "IsPartOf", "10.1/w", "Cites", "10.1/w");
    }
    PUT(f, "10.1/w", "", "References", "10.1/elsewhere", "References", "10.1/p00");
    assert_ok(f, dh_store_relations(f->reader, dh_str("10.1/w"), &r, &f->arena, &f->err));
    assert_int_equal(r.part_count, DH_RELATED_MAX);
    assert_text(r.parts[0], "10.1/p00");
    assert_text(r.parts[3], "10.1/p04");
    assert_int_equal(r.reference_count, 1);
    assert_text(r.references[0], "10.1/p00");
    assert_int_equal(r.citation_year_count, 1);
    assert_int_equal(r.citations_by_year[0].year, 2021);
    assert_int_equal(r.citations_by_year[0].total, 29);
    assert_int_equal(r.version_count + r.version_of_count + r.part_of_count, 0);
    expect(f, "10.1/w", DH_COUNT_PART, 29);
    expect(f, "10.1/w", DH_COUNT_REFERENCE, 2);
    assert_ok(f, dh_store_relations(f->reader, dh_str("10.1/nobody"), &r, &f->arena, &f->err));
    assert_int_equal(r.part_count, 0);
}

/* Random statements, changed at random: the counts are those of a store made afresh. */
static void differences_add_up(void **state)
{
    static const char *const types[] = {"Cites",          "IsCitedBy",  "References",
                                        "IsSupplementTo", "HasPart",    "IsPartOf",
                                        "IsVersionOf",    "HasVersion", "Documents"};
    enum { RECORDS = 12, ROUNDS = 400 };
    struct fixture *f = *state;
    char last[RECORDS][1024] = {{0}};
    unsigned seed = 7;
    for (int i = 0; i < ROUNDS; i++) {
        char names[3][32];
        int a = rand_r(&seed) % RECORDS;
        snprintf(names[0], sizeof(names[0]), "10.1/r%d", a);
        for (int k = 1; k < 3; k++)
            snprintf(names[k], sizeof(names[k]), "10.1/r%d", rand_r(&seed) % (RECORDS + 2));
        record(last[a], sizeof(last[a]), names[0], rand_r(&seed) % 4 ? "findable" : "draft",
               types[rand_r(&seed) % 9], names[1], types[rand_r(&seed) % 9], names[2]);
        put(f, last[a]);
    }
    struct fixture fresh = open_second(f, "fresh.db", DH_STORE_CREATE);
    for (int i = RECORDS; i-- > 0;)
        if (last[i][0])
            put(&fresh, last[i]);
    for (int i = 0; i < RECORDS; i++) {
        char doi[32];
        snprintf(doi, sizeof(doi), "10.1/r%d", i);
        if (!last[i][0])
            continue;
        struct dh_hit grown = get(f, doi), made = get(&fresh, doi);
        assert_memory_equal(grown.local, made.local, sizeof(grown.local));
    }
    close_second(&fresh);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_sides_count_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(relations_are_known_before_the_record, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_findable_records_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_count_that_came_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_may_relate_to_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_hold_what_is_findable_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(differences_add_up, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
