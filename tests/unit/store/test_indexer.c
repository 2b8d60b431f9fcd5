/*
 * Transactions that are too large for the writer alone: the indexer's thread makes and joins
 * segments while records come, change and go within one transaction, and while it is rolled back.
 * dh_store_check holds every posting against the texts of the records.
 */
#include "fixture.h"

/* Some 60 MB of terms: about ten segments, joined four at a time. */
enum { RECORDS = 900, WORDS = 2500, WORD_BYTES = 24 };

/* Most words are the record's and the edition's own, so that there are many keys. */
static void put_edition(struct fixture *f, unsigned i, unsigned edition, enum dh_change expected)
{
    struct dh_buf json;
    dh_buf_init(&json, (size_t)WORDS * WORD_BYTES + 512);
    dh_buf_printf(&json,
                  "{\"doi\":\"10.5072/big%u\",\"titles\":[{\"title\":\"all edition%u\"}],"
                  "\"descriptions\":[{\"descriptionType\":\"Abstract\",\"description\":\"",
                  i, edition);
    for (unsigned w = 0; w < WORDS; w++)
        dh_buf_printf(&json, "w%xx%x ", w, i * 7 + edition);
    dh_buf_add(&json, "\"}]}", sizeof("\"}]}"));
    assert_int_equal(json.status, DH_OK);
    assert_int_equal(put_open(f, json.ptr), expected);
    dh_buf_release(&json);
}

/* Every tenth time two records change: one whose terms still wait, one that came long before. */
static void put_all(struct fixture *f)
{
    for (unsigned i = 0; i < RECORDS; i++) {
        put_edition(f, i, 1, DH_CHANGE_CREATED);
        if (i % 10 != 9)
            continue;
        put_edition(f, i - 3, 2, DH_CHANGE_UPDATED);
        put_edition(f, i / 20 * 10, 2 + i % 20 / 10, DH_CHANGE_UPDATED);
    }
}

static void check(struct fixture *f, uint64_t records)
{
    struct dh_store_stats stats;
    assert_ok(f, dh_store_stats(f->reader, &stats, &f->err));
    assert_int_equal(stats.records, records);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void a_large_transaction_is_indexed(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    put_all(f);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    check(f, RECORDS);
    put(f, "{\"doi\":\"10.5072/small\"}");
    check(f, RECORDS + 1);
}

static void a_large_rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.5072/small\"}");
    for (unsigned records = 7; records < RECORDS / 2; records *= 4) {
        assert_ok(f, dh_store_begin(f->store, &f->err));
        for (unsigned i = 0; i < records; i++)
            put_edition(f, i, 1, DH_CHANGE_CREATED);
        dh_store_rollback(f->store); /* while the thread has most of it before it */
        check(f, 1);
    }
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (unsigned i = 0; i < RECORDS / 4; i++)
        put_edition(f, i, 1, DH_CHANGE_CREATED);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    check(f, RECORDS / 4 + 1);
}

static void closing_amid_a_transaction_ends_the_thread(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (unsigned i = 0; i < RECORDS / 4; i++)
        put_edition(f, i, 1, DH_CHANGE_CREATED);
    dh_store_rollback(f->store);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    check(f, 0);
}

static int64_t segments(struct fixture *f)
{
    return count_of(f, "SELECT count(*) FROM segment");
}

/* Ten segments that are due to be one, of two records each. */
static void leave_segments(struct fixture *f)
{
    for (unsigned i = 0; i < 10; i++) {
        assert_ok(f, dh_store_begin(f->store, &f->err));
        put_edition(f, i, 1, DH_CHANGE_CREATED);
        put_edition(f, i + 10, 1, DH_CHANGE_CREATED);
        assert_ok(f, dh_store_commit_part(f->store, &f->err));
    }
    assert_int_equal(segments(f), 10);
}

/* Records of every segment change while it is merged. */
static void put_over(struct fixture *f, unsigned records)
{
    for (unsigned i = 20; i < records; i++) {
        put_edition(f, i, 1, DH_CHANGE_CREATED);
        if (i % 20 == 0)
            put_edition(f, i / 20 - 1, 2, DH_CHANGE_UPDATED);
    }
}

static void what_is_due_is_merged_beside_the_next_transaction(void **state)
{
    struct fixture *f = *state;
    leave_segments(f);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    put_over(f, 220);
    assert_ok(f, dh_store_commit_part(f->store, &f->err));
    assert_true(segments(f) < 5);
    check(f, 220);
    assert_int_equal(count_of(f, "SELECT dead FROM segment ORDER BY low LIMIT 1"), 10);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    put(f, "{\"doi\":\"10.5072/small\"}");
    check(f, 221);
}

static void a_rollback_undoes_what_was_merged(void **state)
{
    struct fixture *f = *state;
    leave_segments(f);
    for (unsigned records = 40; records <= 120; records += 40) {
        assert_ok(f, dh_store_begin(f->store, &f->err));
        put_over(f, records);
        dh_store_rollback(f->store);
        assert_int_equal(segments(f), 10);
        check(f, 20);
    }
    put(f, "{\"doi\":\"10.5072/small\"}"); /* a last commit leaves nothing to be merged */
    assert_true(segments(f) < 3);
    check(f, 21);
}

static void a_commit_of_nothing_merges_what_was_left(void **state)
{
    struct fixture *f = *state;
    leave_segments(f);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_int_equal(segments(f), 1);
    check(f, 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_large_transaction_is_indexed),
        TEST(a_large_rollback_leaves_nothing),
        TEST(closing_amid_a_transaction_ends_the_thread),
        TEST(what_is_due_is_merged_beside_the_next_transaction),
        TEST(a_rollback_undoes_what_was_merged),
        TEST(a_commit_of_nothing_merges_what_was_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
