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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_large_transaction_is_indexed),
        TEST(a_large_rollback_leaves_nothing),
        TEST(closing_amid_a_transaction_ends_the_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
