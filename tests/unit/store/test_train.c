/* Training: a store with many records gets a dictionary of its own, which nobody fails to read. */
#include <sqlite3.h>

#include "fixture.h"

enum { RECORDS = 4200, BATCH = 500 };

/* Records that differ in words, as real ones do. */
static void put_many(struct fixture *f, int from, int to)
{
    static const char *const words[] = {"lung",  "breast", "images", "trial",  "scanner", "cohort",
                                        "phase", "tumour", "slides", "growth", "marker",  "study"};
    enum { WORDS = sizeof(words) / sizeof(words[0]) };
    char json[1024];
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (int i = from; i < to; i++) {
        unsigned x = (unsigned)i * 2654435761u;
        snprintf(
            json, sizeof(json),
            "{\"doi\":\"10.5072/train.%d\",\"titles\":[{\"title\":\"%s %s of %s %d\"}],"
            "\"descriptions\":[{\"description\":\"The %s of a %s with %u %s and %s, %s by %s\","
            "\"descriptionType\":\"Abstract\"}],\"publicationYear\":%d}",
            i, words[x % WORDS], words[x / 16 % WORDS], words[x / 256 % WORDS], i,
            words[x / 4096 % WORDS], words[x / 65536 % WORDS], x, words[x / 7 % WORDS],
            words[x / 77 % WORDS], words[x / 777 % WORDS], words[x / 7777 % WORDS], 1990 + i % 30);
        put_open(f, json);
    }
    assert_ok(f, dh_store_commit(f->store, &f->err));
}

static int64_t count(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return result;
}

static void dictionaries_are_trained_and_read(void **state)
{
    struct fixture *f = *state;
    put_many(f, 0, 10);
    struct fixture other = open_second(f, NULL, DH_STORE_READ);
    assert_int_equal(count(f, "SELECT count(*) FROM dictionary"), 1);
    for (int i = 10; i < RECORDS; i += BATCH)
        put_many(f, i, i + BATCH);
    assert_int_equal(count(f, "SELECT count(*) FROM dictionary"), 2);
    put_many(f, RECORDS + BATCH, RECORDS + BATCH + 10);
    /* The first byte of a body names its dictionary. */
    assert_true(count(f, "SELECT count(*) FROM body WHERE substr(z, 1, 1) = x'02'") >= 10);
    assert_true(count(f, "SELECT count(*) FROM body WHERE substr(z, 1, 1) = x'01'") > 4000);
    /* A handle that was open before reads both, and so does a new one. */
    char doi[64];
    snprintf(doi, sizeof(doi), "10.5072/train.%d", RECORDS + BATCH + 3);
    assert_text(get(&other, doi).doi, doi);
    assert_text(get(&other, "10.5072/train.3").doi, "10.5072/train.3");
    close_second(&other);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    assert_text(get(f, doi).doi, doi);
    assert_ok(f, dh_store_check(f->reader, &f->err));
    /* One training was enough for now. */
    put_many(f, 9000, 9000 + BATCH);
    assert_int_equal(count(f, "SELECT count(*) FROM dictionary"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dictionaries_are_trained_and_read, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
