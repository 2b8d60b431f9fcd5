/*
 * The index in a store: what it finds against a naive list of the records, over commits of all
 * sizes, updates, rollbacks, merges, other handles, migration and damage.
 */
#include <sqlite3.h>

#include "fixture.h"
#include "store/sqlite/index.h"
#include "store/sqlite/index_join.h"

enum { RECORDS = 600, WORDS = 40, TITLE_MAX = 12, RARE = 1000 };

/* What a record should be found by. */
struct known {
    bool lives;
    uint32_t number;
    unsigned words, word[TITLE_MAX]; /* of the title */
    unsigned language;
};

static struct known known[RECORDS];
static uint64_t seed;

static unsigned chance(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 11) % below;
}

static int start(void **state)
{
    memset(known, 0, sizeof(known));
    seed = 88172645463325252u;
    return set_up(state);
}

/* ---- records and what is known of them --------------------------------------------------------- */

static void make_record(unsigned i, char *json, size_t size)
{
    struct known *k = &known[i];
    char title[TITLE_MAX * 8] = "";
    k->words = 1 + chance(TITLE_MAX);
    k->language = chance(3);
    for (unsigned w = 0; w < k->words; w++) {
        /* Some words stand nearly everywhere, some nearly nowhere. */
        k->word[w] = chance(4) ? chance(chance(WORDS) + 1) : WORDS + chance(RARE);
        snprintf(title + strlen(title), sizeof(title) - strlen(title), "W%u ", k->word[w]);
    }
    snprintf(json, size,
             "{\"doi\":\"10.5072/r%u\",\"titles\":[{\"title\":\"%s\"}],\"language\":\"l%u\"}", i,
             title, k->language);
}

static void put_one(struct fixture *f, unsigned i)
{
    char json[512];
    make_record(i, json, sizeof(json));
    known[i].lives = true;
    put_open(f, json);
}

static void note_numbers(struct fixture *f)
{
    char doi[32];
    for (unsigned i = 0; i < RECORDS; i++) {
        snprintf(doi, sizeof(doi), "10.5072/r%u", i);
        if (known[i].lives)
            known[i].number = get(f, doi).number;
    }
    dh_arena_clear(&f->arena);
}

/* Puts so many records, new or known, in one commit. */
static void commit_some(struct fixture *f, unsigned count)
{
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (unsigned n = 0; n < count; n++)
        put_one(f, chance(RECORDS));
    assert_ok(f, dh_store_commit(f->store, &f->err));
}

static unsigned places_of(const struct known *k, unsigned word, uint32_t *out)
{
    unsigned count = 0;
    for (unsigned w = 0; w < k->words; w++)
        if (k->word[w] == word)
            out[count++] = w;
    return count;
}

/* ---- asking ------------------------------------------------------------------------------------ */

static const struct known *of_number(uint32_t number)
{
    for (unsigned i = 0; i < RECORDS; i++)
        if (known[i].lives && known[i].number == number)
            return &known[i];
    return NULL;
}

static struct dh_sq_reader *enter(struct fixture *f)
{
    struct dh_sq_reader *reader = dh_sq_reader(f->reader);
    assert_ok(f, dh_sq_begin_read(reader, &f->err));
    return reader;
}

/* Every living record with the word is found once, with its places. */
static void expect_word(struct fixture *f, struct dh_sq_reader *reader, unsigned word)
{
    char text[16];
    struct dh_sq_postings *postings;
    struct dh_sq_cursor cursor;
    size_t count;
    unsigned found = 0, expected = 0;
    uint32_t places[TITLE_MAX], got[TITLE_MAX], last = 0;
    for (unsigned i = 0; i < RECORDS; i++)
        expected += known[i].lives && places_of(&known[i], word, places);
    snprintf(text, sizeof(text), "w%u", word);
    assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_FIRST_TITLE, dh_str(text), true, &postings,
                                  &count, &f->arena, &f->err));
    for (size_t i = 0; i < count; i++)
        for (dh_sq_cursor_start(&cursor, &postings[i]); dh_sq_cursor_next(&cursor);) {
            assert_true(cursor.number > last);
            last = cursor.number;
            const struct known *k = of_number(cursor.number);
            if (!k)
                continue; /* one that went */
            unsigned times = places_of(k, word, places);
            assert_int_equal(cursor.times, times);
            if (chance(2)) { /* places may be left out */
                assert_int_equal(dh_sq_cursor_places(&cursor, got, TITLE_MAX), times);
                assert_memory_equal(got, places, times * sizeof(*got));
            }
            found++;
        }
    assert_int_equal(found, expected);
}

static void expect_present(struct fixture *f, struct dh_sq_reader *reader)
{
    struct dh_sq_postings *postings;
    struct dh_sq_cursor cursor;
    size_t count;
    unsigned found = 0, expected = 0;
    for (unsigned i = 0; i < RECORDS; i++)
        expected += known[i].lives;
    assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_FIRST_TITLE | DH_SQ_PRESENT, DH_STR(""), true,
                                  &postings, &count, &f->arena, &f->err));
    for (size_t i = 0; i < count; i++)
        for (dh_sq_cursor_start(&cursor, &postings[i]); dh_sq_cursor_next(&cursor);) {
            const struct known *k = of_number(cursor.number);
            if (k)
                assert_int_equal(cursor.times, k->words);
            found += k != NULL;
        }
    assert_int_equal(found, expected);
    assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_REASON | DH_SQ_PRESENT, DH_STR(""), true,
                                  &postings, &count, &f->arena, &f->err));
    assert_int_equal(count, 0);
}

/* The slots of living records with a language, by marks. */
static void expect_marks(struct fixture *f)
{
    struct dh_sq_columns *columns;
    struct dh_sq_reader *reader = dh_sq_reader(f->reader);
    assert_ok(f, dh_sq_columns_enter(reader, &columns, &f->err));
    for (unsigned language = 0; language < 3; language++) {
        struct dh_sq_postings *postings;
        size_t count;
        char text[16];
        uint64_t *bits = dh_arena_array(&f->arena, columns->count / 64 + 1, sizeof(*bits));
        snprintf(text, sizeof(text), "l%u", language);
        assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_LANGUAGE, dh_str(text), false, &postings,
                                      &count, &f->arena, &f->err));
        for (size_t i = 0; i < count; i++)
            dh_sq_postings_mark(&postings[i], columns, bits);
        for (uint32_t slot = 0; slot < columns->count; slot++) {
            const struct known *k = columns->alive[slot] ? of_number(columns->numbers[slot]) : NULL;
            assert_int_equal(bits[slot / 64] >> slot % 64 & 1, k && k->language == language);
        }
    }
    dh_sq_columns_leave(columns);
    dh_sq_end_read(reader);
}

struct walk {
    unsigned terms, numbers;
    char last[32];
    unsigned parity;
};

static bool accept_some(void *context, struct dh_str term)
{
    struct walk *walk = context;
    snprintf(walk->last, sizeof(walk->last), "%.*s", DH_STR_ARG(term));
    walk->terms++;
    return strtoul(walk->last + 1, NULL, 10) % 2 == walk->parity;
}

static void count_living(void *context, const struct dh_sq_postings *postings)
{
    struct walk *walk = context;
    struct dh_sq_cursor cursor;
    for (dh_sq_cursor_start(&cursor, postings); dh_sq_cursor_next(&cursor);)
        walk->numbers += of_number(cursor.number) != NULL;
}

/* A scan of the words from w2 up to w5 (bytewise), of those with even and with odd numbers. */
static void expect_scan(struct fixture *f, struct dh_sq_reader *reader)
{
    uint32_t places[TITLE_MAX];
    for (unsigned parity = 0; parity < 2; parity++) {
        struct walk walk = {.parity = parity};
        struct dh_sq_scan scan = {&walk, accept_some, count_living};
        unsigned expected = 0;
        assert_ok(f, dh_sq_index_scan(reader, DH_SOURCE_FIRST_TITLE, DH_STR("w2"), DH_STR("w5"),
                                      &scan, &f->err));
        for (unsigned word = 0; word < WORDS + RARE; word++) {
            char text[16];
            snprintf(text, sizeof(text), "w%u", word);
            if (strcmp(text, "w2") < 0 || strcmp(text, "w5") >= 0 || word % 2 != parity)
                continue;
            for (unsigned i = 0; i < RECORDS; i++)
                expected += known[i].lives && places_of(&known[i], word, places);
        }
        assert_int_equal(walk.numbers, expected);
        walk = (struct walk){.parity = parity};
        assert_ok(f, dh_sq_index_scan(reader, DH_SOURCE_FIRST_TITLE, DH_STR(""), DH_STR_NONE, &scan,
                                      &f->err));
        assert_int_equal(walk.last[0], 'w');
    }
}

static void expect_all(struct fixture *f)
{
    note_numbers(f);
    struct dh_sq_reader *reader = enter(f);
    for (unsigned word = 0; word < WORDS + RARE; word += 1 + (word > WORDS) * 7)
        expect_word(f, reader, word);
    expect_present(f, reader);
    expect_scan(f, reader);
    dh_sq_end_read(reader);
    expect_marks(f);
    dh_arena_clear(&f->arena);
}

static int64_t count_of(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t out = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return out;
}

static void run(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    char *text = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
    sqlite3_close(db);
}

/* ---- tests ------------------------------------------------------------------------------------- */

static void commits_of_all_sizes_are_found(void **state)
{
    struct fixture *f = *state;
    for (unsigned round = 0; round < 12; round++) {
        commit_some(f, 1 + chance(round % 3 ? 10 : 400));
        expect_all(f);
    }
    assert_ok(f, dh_store_check(f->reader, &f->err));
    close_store(f);
    open_store(f, DH_STORE_READ);
    expect_all(f);
}

static void many_small_commits_stay_few_segments(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < RECORDS; i++) {
        assert_ok(f, dh_store_begin(f->store, &f->err));
        put_one(f, i);
        assert_ok(f, dh_store_commit(f->store, &f->err));
        assert_true(count_of(f, "SELECT count(*) FROM segment") < 16);
    }
    expect_all(f);
    assert_int_equal(count_of(f, "SELECT sum(records) FROM segment"), RECORDS);
    assert_ok(f, dh_store_check(f->reader, &f->err));
    /* All records again: what went is not kept for ever. */
    for (unsigned round = 0; round < 4; round++)
        commit_some(f, 2 * RECORDS);
    expect_all(f);
    assert_true(count_of(f, "SELECT sum(dead) <= sum(records) / 2 FROM segment"));
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void a_rollback_leaves_no_terms(void **state)
{
    struct fixture *f = *state;
    commit_some(f, 50);
    struct known before[RECORDS];
    memcpy(before, known, sizeof(known));
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (unsigned i = 0; i < 100; i++)
        put_one(f, chance(RECORDS));
    dh_store_rollback(f->store);
    memcpy(known, before, sizeof(known));
    expect_all(f);
    commit_some(f, 50);
    expect_all(f);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void changed_twice_in_a_transaction_leaves_one(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, dh_store_begin(f->store, &f->err));
    for (unsigned i = 0; i < 40; i++)
        put_one(f, 7);
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_int_equal(count_of(f, "SELECT sum(records) FROM segment"), 1);
    assert_int_equal(count_of(f, "SELECT sum(dead) FROM segment"), 0);
    note_numbers(f);
    struct dh_sq_reader *reader = enter(f);
    struct dh_sq_postings *postings;
    size_t count;
    assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_DOI, DH_STR("10.5072/r7"), false, &postings,
                                  &count, &f->arena, &f->err));
    assert_int_equal(count, 1);
    assert_int_equal(postings[0].count, 1);
    dh_sq_end_read(reader);
    expect_all(f);
}

static void a_provider_that_follows_from_the_client_is_found(void **state)
{
    struct fixture *f = *state;
    struct dh_sq_postings *postings;
    size_t count;
    put(f, "{\"id\":\"10.5072/p\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/p\"},"
           "\"relationships\":{\"client\":{\"data\":{\"id\":\"prov.cl\",\"type\":\"clients\"}}}}");
    struct dh_sq_reader *reader = enter(f);
    assert_ok(f, dh_sq_index_find(reader, DH_SOURCE_PROVIDER_ID, DH_STR("prov"), false, &postings,
                                  &count, &f->arena, &f->err));
    assert_int_equal(count, 1);
    dh_sq_end_read(reader);
    assert_ok(f, dh_store_check(f->reader, &f->err));
}

static void an_old_transaction_keeps_its_moment(void **state)
{
    struct fixture *f = *state;
    commit_some(f, 300);
    struct fixture other = open_second(f, NULL, DH_STORE_WRITE);
    note_numbers(f);
    struct known before[RECORDS];
    struct dh_sq_reader *reader = enter(&other);
    expect_word(&other, reader, 1);
    memcpy(before, known, sizeof(known));
    for (unsigned i = 0; i < 60; i++)
        commit_some(f, 1 + chance(40));
    expect_all(f);
    struct known after[RECORDS];
    memcpy(after, known, sizeof(known));
    memcpy(known, before, sizeof(known));
    for (unsigned word = 0; word < WORDS; word++)
        expect_word(&other, reader, word);
    expect_scan(&other, reader);
    dh_sq_end_read(reader);
    memcpy(known, after, sizeof(known));
    expect_all(&other);
    commit_some(&other, 30);
    expect_all(f);
    close_second(&other);
}

static void expect_refused(struct fixture *f, const char *text)
{
    struct dh_store *store = NULL;
    assert_int_equal(dh_store_open(f->path, DH_STORE_READ, &store, &f->err), DH_UNSUPPORTED);
    if (!strstr(f->err.text, text) || !strstr(f->err.text, "open it once for writing"))
        fail_msg("\"%s\" does not say \"%s\"", f->err.text, text);
}

static void a_store_of_schema_1_gets_its_index(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 5; i++)
        commit_some(f, 200);
    close_store(f);
    run(f, "DROP TABLE segment; DROP TABLE outline; DROP TABLE block; DROP TABLE posting;"
           "DROP TABLE place; DROP TABLE listed; DROP TABLE scope; DROP TABLE event; DROP TABLE "
           "event_kind;"
           "ALTER TABLE activity DROP COLUMN origin; DELETE FROM meta WHERE key = 'index'; PRAGMA "
           "user_version = 1;");
    expect_refused(f, "older doihound");
    open_store(f, DH_STORE_WRITE);
    expect_all(f);
    assert_ok(f, dh_store_check(f->reader, &f->err));
    commit_some(f, 20);
    expect_all(f);
}

static void an_index_of_other_sources_is_made_anew(void **state)
{
    struct fixture *f = *state;
    commit_some(f, 200);
    struct fixture other = open_second(f, NULL, DH_STORE_WRITE);
    expect_all(&other);
    close_store(f);
    run(f, "UPDATE meta SET value = 1 WHERE key = 'index'; DELETE FROM block WHERE id % 2 = 0;");
    expect_refused(f, "another doihound");
    open_store(f, DH_STORE_WRITE);
    expect_all(f);
    expect_all(&other); /* which had the outlines of the old one in memory */
    assert_ok(f, dh_store_check(f->reader, &f->err));
    close_second(&other);
}

/* Each row of the index damaged in turn: it is told, and nothing crashes. */
static void damage_is_told(void **state)
{
    static const char *const tables[] = {"block", "posting", "place", "outline"};
    struct fixture *f = *state;
    for (unsigned i = 0; i < 3; i++)
        commit_some(f, RECORDS);
    note_numbers(f);
    close_store(f);
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        char sql[400];
        snprintf(sql, sizeof(sql),
                 "CREATE TABLE saved AS SELECT rowid AS r, data FROM %s; UPDATE %s SET data ="
                 " CAST(substr(data, 1, length(data) / 2) || x'5a' ||"
                 " substr(data, length(data) / 2 + 2) AS BLOB)",
                 tables[t], tables[t]);
        assert_true(count_of(f, "SELECT count(*) FROM segment") > 0);
        run(f, sql);
        open_store(f, DH_STORE_READ);
        assert_int_equal(dh_store_check(f->reader, &f->err), DH_CORRUPT);
        struct dh_sq_reader *reader = enter(f);
        struct dh_sq_postings *postings;
        size_t count;
        enum dh_status worst = DH_OK;
        for (unsigned word = 0; word < WORDS; word++) {
            char text[16];
            snprintf(text, sizeof(text), "w%u", word);
            enum dh_status status = dh_sq_index_find(reader, DH_SOURCE_FIRST_TITLE, dh_str(text),
                                                     true, &postings, &count, &f->arena, &f->err);
            assert_true(status == DH_OK || status == DH_CORRUPT);
            worst = status ? status : worst;
        }
        assert_int_equal(worst, DH_CORRUPT);
        dh_sq_end_read(reader);
        close_store(f);
        snprintf(sql, sizeof(sql),
                 "UPDATE %s SET data = (SELECT data FROM saved WHERE r = %s.rowid);"
                 "DROP TABLE saved",
                 tables[t], tables[t]);
        run(f, sql);
    }
    open_store(f, DH_STORE_WRITE);
    assert_ok(f, dh_store_check(f->reader, &f->err));
    expect_all(f);
}

static void check_compares_index_and_records(void **state)
{
    struct fixture *f = *state;
    commit_some(f, 30);
    close_store(f);
    run(f, "UPDATE segment SET dead = dead + 1 WHERE id = (SELECT max(id) FROM segment)");
    open_store(f, DH_STORE_WRITE);
    assert_int_equal(dh_store_check(f->reader, &f->err), DH_CORRUPT);
    assert_non_null(strstr(f->err.text, "counts its records wrongly"));
    close_store(f);
    run(f, "DELETE FROM segment; DELETE FROM outline");
    open_store(f, DH_STORE_WRITE);
    assert_int_equal(dh_store_check(f->reader, &f->err), DH_CORRUPT);
    assert_non_null(strstr(f->err.text, "missing in the index"));
    /* Texts of two records exchanged. */
    close_store(f);
    run(f, "DELETE FROM meta WHERE key = 'index'");
    open_store(f, DH_STORE_WRITE);
    assert_ok(f, dh_store_check(f->reader, &f->err));
    struct dh_sq_conn conn;
    assert_ok(f, dh_sq_conn_open(&conn, f->path, SQLITE_OPEN_READWRITE, &f->err));
    assert_ok(f, dh_sq_exec(&conn,
                            "CREATE TEMP TABLE t AS SELECT n, z FROM body ORDER BY n LIMIT 2;"
                            "UPDATE body SET z = (SELECT z FROM t WHERE t.n <> body.n)"
                            " WHERE n IN (SELECT n FROM t)",
                            &f->err));
    dh_sq_conn_close(&conn);
    assert_int_equal(dh_store_check(f->reader, &f->err), DH_CORRUPT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commits_of_all_sizes_are_found),
        TEST(many_small_commits_stay_few_segments),
        TEST(a_rollback_leaves_no_terms),
        TEST(changed_twice_in_a_transaction_leaves_one),
        TEST(a_provider_that_follows_from_the_client_is_found),
        TEST(an_old_transaction_keeps_its_moment),
        TEST(a_store_of_schema_1_gets_its_index),
        TEST(an_index_of_other_sources_is_made_anew),
        TEST(damage_is_told),
        TEST(check_compares_index_and_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
