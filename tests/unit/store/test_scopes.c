/* Scopes are kept as they were told, one per server and filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

static void put(struct dh_store *store, const struct dh_scope *scope)
{
    assert_int_equal(dh_store_begin(store, NULL), DH_OK);
    assert_int_equal(dh_store_put_scope(store, scope, NULL), DH_OK);
    assert_int_equal(dh_store_commit(store, NULL), DH_OK);
}

static void assert_text(struct dh_str text, const char *expected)
{
    assert_true(dh_str_equal(text, dh_str(expected)));
}

static void keeps_scopes(void **state)
{
    (void)state;
    char path[] = "/tmp/doihound-scopes-XXXXXX";
    struct dh_store *store;
    struct dh_reader *reader;
    struct dh_arena arena;
    struct dh_scope *found;
    size_t count;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    dh_arena_init(&arena, 1 << 20);
    assert_int_equal(dh_store_open(path, DH_STORE_CREATE, &store, NULL), DH_OK);
    assert_int_equal(dh_reader_open(store, &reader, NULL), DH_OK);
    assert_int_equal(dh_store_scopes(reader, &found, &count, &arena, NULL), DH_OK);
    assert_int_equal(count, 0);

    struct dh_scope scope = {.url = DH_STR("https://b.example"),
                             .filter = DH_STR("prefix=10.5"),
                             .progress = DH_STR("{\"cursor\":\"x\"}"),
                             .started = 5,
                             .finished = DH_TIME_NONE,
                             .total = 7,
                             .missing = 7};
    put(store, &scope);
    scope.filter = DH_STR("client-id=a");
    scope.finished = scope.since = scope.checked = scope.activities = scope.events = 9;
    scope.trouble = DH_STR("no answer");
    put(store, &scope);
    scope.progress = DH_STR("");
    scope.started = 10;
    /* not told: what was before stays */
    scope.finished = scope.since = DH_TIME_NONE;
    scope.checked = scope.activities = scope.events = 0;
    scope.trouble = DH_STR_NONE;
    put(store, &scope);

    assert_int_equal(dh_store_scopes(reader, &found, &count, &arena, NULL), DH_OK);
    assert_int_equal(count, 2);
    assert_text(found[0].filter, "client-id=a");
    assert_text(found[0].progress, "");
    assert_int_equal(found[0].started, 10);
    assert_int_equal(found[0].finished, 9);
    assert_int_equal(found[0].since, 9);
    assert_int_equal(found[0].checked, 9);
    assert_int_equal(found[0].activities, 9);
    assert_int_equal(found[0].events, 9);
    assert_text(found[0].trouble, "");
    assert_text(found[1].url, "https://b.example");
    assert_text(found[1].progress, "{\"cursor\":\"x\"}");
    assert_int_equal(found[1].total, 7);
    assert_true(found[1].finished == DH_TIME_NONE && found[1].since == DH_TIME_NONE);

    assert_int_equal(dh_store_begin(store, NULL), DH_OK);
    assert_int_equal(dh_store_remove_scope(store, scope.url, scope.filter, NULL), DH_OK);
    assert_int_equal(dh_store_commit(store, NULL), DH_OK);
    assert_int_equal(dh_store_scopes(reader, &found, &count, &arena, NULL), DH_OK);
    assert_int_equal(count, 1);
    assert_text(found[0].filter, "prefix=10.5");

    dh_reader_close(reader);
    dh_store_close(store);
    dh_arena_release(&arena);
    unlink(path);
}

static size_t listed(struct dh_store *store, struct dh_str name, struct dh_str **dois,
                     struct dh_arena *arena)
{
    struct dh_reader *reader;
    size_t count = 0;
    assert_int_equal(dh_reader_open(store, &reader, NULL), DH_OK);
    enum dh_status status = dh_store_list(reader, name, dois, &count, arena, NULL);
    assert_int_equal(status, count ? DH_OK : DH_NOT_FOUND);
    dh_reader_close(reader);
    return count;
}

/* Two servers have the same list; it goes with the last of them. */
static void keeps_lists(void **state)
{
    (void)state;
    static const struct dh_str dois[] = {
        {"10.5072/b", 9}, {"10.5072/a,b", 11}, {"10.5072/a\nc", 11}};
    struct dh_str name = DH_STR("list:3:00ff"), *found;
    char path[] = "/tmp/doihound-scopes-XXXXXX";
    struct dh_scope scopes[] = {{.url = DH_STR("https://a.example"), .filter = name},
                                {.url = DH_STR("https://b.example"), .filter = name}};
    struct dh_store *store;
    struct dh_arena arena;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    dh_arena_init(&arena, 1 << 20);
    assert_int_equal(dh_store_open(path, DH_STORE_CREATE, &store, NULL), DH_OK);
    assert_int_equal(listed(store, name, &found, &arena), 0);
    for (size_t i = 0; i < 2; i++) {
        scopes[i].progress = DH_STR("");
        assert_true(dh_scope_is_list(scopes[i].filter));
        put(store, &scopes[i]);
        assert_int_equal(dh_store_begin(store, NULL), DH_OK);
        assert_int_equal(dh_store_put_list(store, name, dois, 3, NULL), DH_OK);
        assert_int_equal(dh_store_commit(store, NULL), DH_OK);
    }
    assert_int_equal(listed(store, name, &found, &arena), 3);
    assert_text(found[0], "10.5072/a\nc");
    assert_text(found[1], "10.5072/a,b");
    assert_text(found[2], "10.5072/b");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(dh_store_begin(store, NULL), DH_OK);
        assert_int_equal(dh_store_remove_scope(store, scopes[i].url, name, NULL), DH_OK);
        assert_int_equal(dh_store_commit(store, NULL), DH_OK);
        assert_int_equal(listed(store, name, &found, &arena), i ? 0 : 3);
    }
    dh_store_close(store);
    dh_arena_release(&arena);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_scopes),
                                       cmocka_unit_test(keeps_lists)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
