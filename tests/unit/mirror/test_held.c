/* What a store holds, compared with what a server lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mirror/held.h"
#include "mirror/sync_parts.h"

static struct dh_str name(char text[32], int number)
{
    return (struct dh_str){text, (size_t)snprintf(text, 32, "10.5072/%d", number)};
}

static void compares(void **state)
{
    struct dh_held held = {0};
    char text[32];
    (void)state;
    for (int i = 0; i < 3000; i++)
        assert_int_equal(dh_held_add(&held, name(text, i), i == 7 ? DH_TIME_NONE : 1000 + i,
                                     i == 8 ? DH_STATE_REGISTERED : DH_STATE_FINDABLE, NULL),
                         DH_OK);
    dh_held_sort(&held);
    assert_int_equal(held.findable, 2999);
    assert_int_equal(dh_held_see(&held, name(text, 5), 1005, DH_STATE_FINDABLE), DH_HELD_SAME);
    assert_int_equal(dh_held_see(&held, name(text, 5), 1005, DH_STATE_FINDABLE), DH_HELD_SAME);
    assert_int_equal(dh_held_see(&held, name(text, 6), 1005, DH_STATE_FINDABLE), DH_HELD_OTHER);
    assert_int_equal(dh_held_see(&held, name(text, 7), 1007, DH_STATE_FINDABLE), DH_HELD_OTHER);
    assert_int_equal(dh_held_see(&held, name(text, 8), 1008, DH_STATE_FINDABLE), DH_HELD_OTHER);
    assert_int_equal(dh_held_see(&held, name(text, 8), 1008, DH_STATE_REGISTERED), DH_HELD_SAME);
    assert_int_equal(dh_held_see(&held, name(text, 9), DH_TIME_NONE, DH_STATE_FINDABLE),
                     DH_HELD_SAME);
    assert_int_equal(dh_held_see(&held, name(text, 9), 1009, DH_STATE__N), DH_HELD_OTHER);
    assert_int_equal(dh_held_see(&held, name(text, 3000), 1, DH_STATE_FINDABLE), DH_HELD_UNKNOWN);
    for (int i = 0; i < 3001; i++)
        assert_int_equal(dh_held_seen(&held, name(text, i)), i >= 5 && i <= 9);
    dh_held_release(&held);
    assert_int_equal(dh_held_see(&held, name(text, 5), 1005, DH_STATE_FINDABLE), DH_HELD_UNKNOWN);
}

static void asks_for_news(void **state)
{
    static const struct {
        const char *filter, *expected;
    } rows[] = {
        {"", "query=updated%3A%5B1970-01-01T00%3A00%3A05Z+TO+%2A%5D"},
        {"client-id=a.b&prefix=10.1",
         "client-id=a.b&prefix=10.1&query=updated%3A%5B1970-01-01T00%3A00%3A05Z+TO+%2A%5D"},
        {"query=a+OR+b%26&prefix=10.1", "prefix=10.1&query=%28a+OR+b%26%29+AND+updated%3A%5B1970-"
                                        "01-01T00%3A00%3A05Z+TO+%2A%5D"},
        {"query=+", "query=updated%3A%5B1970-01-01T00%3A00%3A05Z+TO+%2A%5D"},
    };
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(dh_sync_filter_since(&arena, rows[i].filter, 5999), rows[i].expected);
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares),
        cmocka_unit_test(asks_for_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
