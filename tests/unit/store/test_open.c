/* Opening: what is a store and what is not, two handles, backup, check, accounts and stubs. */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void set_version(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void expect_open(struct fixture *f, const char *path, enum dh_store_mode mode,
                        enum dh_status status, const char *text)
{
    struct dh_store *store = NULL;
    assert_int_equal(dh_store_open(path, mode, &store, &f->err), status);
    if (!strstr(f->err.text, text))
        fail_msg("\"%s\" does not say \"%s\"", f->err.text, text);
}

static void what_is_no_store_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[160];
    snprintf(path, sizeof(path), "%s/none.db", f->folder);
    expect_open(f, path, DH_STORE_READ, DH_NOT_FOUND, "no store at");
    expect_open(f, path, DH_STORE_WRITE, DH_NOT_FOUND, "no store at");
    write_file(path, "");
    expect_open(f, path, DH_STORE_READ, DH_NOT_FOUND, "no store at");
    write_file(path, "This is a letter and no database at all, long enough to be taken for one. "
                     "It goes on for more than a hundred bytes to be sure.");
    expect_open(f, path, DH_STORE_READ, DH_CORRUPT, "is no doihound store");
    expect_open(f, path, DH_STORE_WRITE, DH_CORRUPT, "is no doihound store");
    expect_open(f, path, DH_STORE_CREATE, DH_CORRUPT, "is no doihound store");
    unlink(path);
    set_version(path, "CREATE TABLE other(x)");
    expect_open(f, path, DH_STORE_CREATE, DH_CORRUPT, "is no doihound store");
    expect_open(f, f->folder, DH_STORE_READ, DH_CORRUPT, "not a regular file");
}

static void a_newer_store_is_refused(void **state)
{
    struct fixture *f = *state;
    close_store(f);
    set_version(f->path, "PRAGMA user_version = 99");
    expect_open(f, f->path, DH_STORE_WRITE, DH_NEWER, "newer doihound (schema 99");
    expect_open(f, f->path, DH_STORE_READ, DH_NEWER, "newer doihound (schema 99");
    set_version(f->path, "PRAGMA user_version = 7");
    open_store(f, DH_STORE_WRITE);
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    struct fixture *f = *state;
    struct dh_scope *scopes;
    size_t count = 1;
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}");
    close_store(f);
    set_version(
        f->path,
        "DROP TABLE listed; DROP TABLE scope; DROP TABLE event; DROP TABLE event_kind; ALTER TABLE "
        "activity DROP COLUMN origin;"
        " PRAGMA user_version = 2");
    expect_open(f, f->path, DH_STORE_READ, DH_UNSUPPORTED, "an older doihound");
    open_store(f, DH_STORE_WRITE);
    assert_int_equal(get(f, "10.5072/a").year, 2001);
    assert_ok(f, dh_store_scopes(f->reader, &scopes, &count, &f->arena, &f->err));
    assert_int_equal(count, 0);
}

/* A long list that was being pulled is begun anew; copies stay. */
static void lists_came_with_version_7(void **state)
{
    struct fixture *f = *state;
    struct dh_scope *scopes;
    struct dh_str *dois, one = DH_STR("10.5072/a");
    size_t count = 0;
    close_store(f);
    set_version(
        f->path,
        "DROP TABLE listed; INSERT INTO scope(url, filter, progress, started, total,"
        " missing) VALUES('list:2000:0123', 'https://a.example', '{\"done\":100}', 1, 0, 0),"
        " ('https://a.example', 'prefix=10.5072', '', 1, 0, 0); PRAGMA user_version = 6");
    open_store(f, DH_STORE_WRITE);
    assert_ok(f, dh_store_scopes(f->reader, &scopes, &count, &f->arena, &f->err));
    assert_int_equal(count, 1);
    assert_text(scopes[0].filter, "prefix=10.5072");
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_list(f->store, DH_STR("list:1:0"), &one, 1, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_ok(f, dh_store_list(f->reader, DH_STR("list:1:0"), &dois, &count, &f->arena, &f->err));
    assert_int_equal(count, 1);
}

static void folders_are_made(void **state)
{
    struct fixture *f = *state;
    struct dh_store *store;
    char path[160];
    snprintf(path, sizeof(path), "%s/deep/er/store.db", f->folder);
    assert_ok(f, dh_store_open(path, DH_STORE_CREATE, &store, &f->err));
    dh_store_close(store);
    assert_int_equal(access(path, F_OK), 0);
}

static void records_outlive_the_handle(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}");
    close_store(f);
    open_store(f, DH_STORE_READ);
    assert_int_equal(get(f, "10.5072/a").year, 2001);
    assert_int_equal(dh_store_begin(f->store, &f->err), DH_UNSUPPORTED);
    close_store(f);
    open_store(f, DH_STORE_WRITE);
    assert_int_equal(put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}"), DH_CHANGE_NONE);
}

static void two_handles_see_each_other(void **state)
{
    struct fixture *f = *state, other = open_second(f, NULL, DH_STORE_WRITE);
    static const int64_t years[] = {2001, 2003, 2004};
    struct dh_search search = all_records();
    assert_int_equal(find(&other, &search).total, 0);
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001,\"language\":\"de\"}");
    assert_int_equal(find(&other, &search).total, 1);
    put(&other, "{\"doi\":\"10.5072/b\",\"publicationYear\":2002,\"language\":\"en\"}");
    put(f, "{\"doi\":\"10.5072/b\",\"publicationYear\":2003,\"language\":\"fr\"}");
    put(&other, "{\"doi\":\"10.5072/c\",\"publicationYear\":2004,\"language\":\"it\"}");
    struct dh_page page = find(f, &search), same = find(&other, &search);
    assert_int_equal(page.total, 3);
    assert_int_equal(same.total, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(page.hits[i].number, same.hits[i].number);
        assert_int_equal(page.hits[i].year, years[i]);
    }
    /* While one writes, the other is told so. */
    assert_ok(f, dh_store_begin(f->store, &f->err));
    put_open(f, "{\"doi\":\"10.5072/d\"}");
    assert_int_equal(find(&other, &search).total, 3);
    dh_store_rollback(f->store);
    close_second(&other);
}

static void the_sequence_tells_of_every_change(void **state)
{
    struct fixture *f = *state;
    uint64_t one, two;
    assert_ok(f, dh_store_sequence(f->reader, &one, &f->err));
    put(f, "{\"doi\":\"10.5072/a\"}");
    assert_ok(f, dh_store_sequence(f->reader, &two, &f->err));
    assert_true(two > one);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_prefix(f->store, dh_str("10.1234"), 5000, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_ok(f, dh_store_sequence(f->reader, &one, &f->err));
    assert_true(one > two);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    assert_ok(f, dh_store_put_prefix(f->store, dh_str("10.1234"), 5000, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_ok(f, dh_store_sequence(f->reader, &two, &f->err));
    assert_int_equal(one, two);
}

static void a_backup_is_a_store(void **state)
{
    struct fixture *f = *state, copy;
    char path[160];
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}");
    snprintf(path, sizeof(path), "%s/copy.db", f->folder);
    assert_ok(f, dh_store_begin(f->store, &f->err));
    put_open(f, "{\"doi\":\"10.5072/b\",\"publicationYear\":2002}");
    assert_ok(f, dh_store_backup(f->reader, path, &f->err));
    assert_ok(f, dh_store_commit(f->store, &f->err));
    assert_int_equal(dh_store_backup(f->reader, path, &f->err), DH_INVALID);
    copy = open_second(f, "copy.db", DH_STORE_READ);
    struct dh_search search = all_records();
    assert_int_equal(find(&copy, &search).total, 1);
    assert_int_equal(get(&copy, "10.5072/a").year, 2001);
    assert_ok(&copy, dh_store_check(copy.reader, &copy.err));
    close_second(&copy);
}

static void the_check_finds_damage(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001,\"language\":\"de\"}");
    assert_ok(f, dh_store_check(f->reader, &f->err));
    static const char *const damage[] = {
        "UPDATE body SET z = substr(z, 1, length(z) - 3)",
        "DELETE FROM body",
        "DELETE FROM term WHERE value = 'de'",
        "UPDATE card SET row = substr(row, 1, length(row) - 1)",
        "UPDATE doi SET name = '10.5072/other'",
        "INSERT INTO relation VALUES(77, 78, 1)",
    };
    char whole[160], command[400];
    snprintf(whole, sizeof(whole), "%s/whole.db", f->folder);
    assert_ok(f, dh_store_backup(f->reader, whole, &f->err));
    for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s/broken.db", f->folder);
        snprintf(command, sizeof(command), "cp '%s' '%s'", whole, path);
        assert_int_equal(system(command), 0);
        set_version(path, damage[i]);
        struct fixture broken = open_second(f, "broken.db", DH_STORE_READ);
        assert_int_equal(dh_store_check(broken.reader, &broken.err), DH_CORRUPT);
        close_second(&broken);
    }
}

static void a_store_on_a_read_only_medium_opens(void **state)
{
    struct fixture *f = *state;
    put(f, "{\"doi\":\"10.5072/a\",\"publicationYear\":2001}");
    close_store(f);
    if (geteuid() != 0) {
        chmod(f->path, 0444);
        chmod(f->folder, 0555);
    }
    open_store(f, DH_STORE_READ);
    assert_int_equal(get(f, "10.5072/a").year, 2001);
    chmod(f->folder, 0755);
    chmod(f->path, 0644);
}

struct locking {
    const char *path;
    pthread_barrier_t *begun;
};

/* Takes the write lock of a new file, as another process that makes it a store does. */
static void *lock_for_a_while(void *context)
{
    const struct timespec pause = {.tv_nsec = 300 * 1000 * 1000};
    struct locking *locking = context;
    sqlite3 *db;
    bool well = sqlite3_open(locking->path, &db) == SQLITE_OK &&
                sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    pthread_barrier_wait(locking->begun);
    nanosleep(&pause, NULL);
    sqlite3_close(db);
    return well ? locking : NULL;
}

static void a_new_store_waits_for_who_makes_it(void **state)
{
    struct fixture *f = *state;
    struct dh_store *store;
    pthread_barrier_t begun;
    pthread_t thread;
    char path[160];
    void *well;
    snprintf(path, sizeof(path), "%s/new.db", f->folder);
    struct locking locking = {path, &begun};
    pthread_barrier_init(&begun, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, lock_for_a_while, &locking), 0);
    pthread_barrier_wait(&begun);
    enum dh_status status = dh_store_open(path, DH_STORE_CREATE, &store, &f->err);
    pthread_join(thread, &well);
    pthread_barrier_destroy(&begun);
    assert_non_null(well);
    if (status)
        fail_msg("%s", f->err.text);
    dh_store_close(store);
}

/* Each in a process of its own, all at once. */
static void many_make_the_same_store(void **state)
{
    enum { PROCESSES = 6, ROUNDS = 10 };
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        char path[160];
        pid_t children[PROCESSES];
        snprintf(path, sizeof(path), "%s/round-%d.db", f->folder, round);
        for (int i = 0; i < PROCESSES; i++) {
            children[i] = fork();
            if (children[i] == 0) {
                struct dh_store *store;
                enum dh_status status = dh_store_open(path, DH_STORE_CREATE, &store, &f->err);
                if (status)
                    fprintf(stderr, "%s\n", f->err.text);
                else
                    dh_store_close(store);
                _exit(status != DH_OK);
            }
            assert_true(children[i] > 0);
        }
        int failed = 0, told;
        for (int i = 0; i < PROCESSES; i++)
            failed += waitpid(children[i], &told, 0) < 0 || told != 0;
        assert_int_equal(failed, 0);
    }
}

static void stats_count(void **state)
{
    struct fixture *f = *state;
    struct dh_store_stats stats;
    assert_ok(f, dh_store_stats(f->reader, &stats, &f->err));
    assert_int_equal(stats.records, 0);
    assert_int_equal(stats.last_write, DH_TIME_NONE);
    put(f, "{\"doi\":\"10.5072/a\",\"state\":\"draft\"}");
    put(f, "{\"doi\":\"10.5072/b\",\"relatedIdentifiers\":[{\"relationType\":\"Cites\","
           "\"relatedIdentifier\":\"10.1/x\",\"relatedIdentifierType\":\"DOI\"}]}");
    assert_ok(f, dh_store_stats(f->reader, &stats, &f->err));
    assert_int_equal(stats.records, 2);
    assert_int_equal(stats.activities, 2);
    assert_int_equal(stats.relations, 1);
    assert_int_equal(stats.by_state[DH_STATE_DRAFT], 1);
    assert_int_equal(stats.by_state[DH_STATE_FINDABLE], 1);
    assert_true(stats.body_bytes > 0 && stats.file_bytes > stats.body_bytes);
    assert_true(stats.last_write > dh_time_civil(2024, 1, 1));
    assert_int_equal(stats.schema, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_store_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newer_store_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_older_store_is_brought_up_to_date, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_came_with_version_7, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_are_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_outlive_the_handle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_handles_see_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_sequence_tells_of_every_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_is_a_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_check_finds_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_on_a_read_only_medium_opens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_store_waits_for_who_makes_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_make_the_same_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stats_count, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
