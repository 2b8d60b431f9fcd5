/* Arrays that double: room, content kept, sizes that cannot be counted. */
#include <stdlib.h>

#include "base/base.h"
#include "test.h"

static void an_array_grows_by_doubling(void **state)
{
    (void)state;
    size_t room = 0, moves = 0;
    uint32_t *items = NULL;
    for (uint32_t i = 0; i < 10000; i++) {
        size_t before = room;
        items = dh_array_reserve(items, &room, i + 1, sizeof(*items));
        assert_non_null(items);
        assert_true(room > i);
        moves += room != before;
        items[i] = i;
    }
    assert_true(moves < 16);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    assert_ptr_equal(dh_array_reserve(items, &room, 1, sizeof(*items)), items);
    items = dh_array_reserve(items, &room, 7 * room, sizeof(*items));
    assert_non_null(items);
    assert_true(room >= 70000);
    assert_int_equal(items[9999], 9999);
    free(items);
}

static void nothing_is_room_for_something(void **state)
{
    (void)state;
    size_t room = 0;
    char *items = dh_array_reserve(NULL, &room, 0, 1);
    assert_non_null(items);
    assert_true(room > 0);
    free(items);
}

static void what_cannot_be_counted_is_refused(void **state)
{
    (void)state;
    struct dh_arena arena;
    size_t room = 0;
    uint64_t *items = dh_array_reserve(NULL, &room, 2, sizeof(*items));
    size_t before = room;
    assert_non_null(items);
    items[1] = 42;
    assert_null(dh_array_reserve(items, &room, SIZE_MAX, sizeof(*items)));
    assert_null(dh_array_reserve(items, &room, SIZE_MAX / sizeof(*items) + 1, sizeof(*items)));
    assert_int_equal(room, before);
    assert_int_equal(items[1], 42);
    free(items);
    dh_arena_init(&arena, 1024);
    room = SIZE_MAX - 1;
    assert_null(dh_arena_reserve(&arena, NULL, &room, SIZE_MAX, 2));
    assert_int_equal(room, SIZE_MAX - 1);
    dh_arena_release(&arena);
}

static void an_array_in_an_arena(void **state)
{
    (void)state;
    struct dh_arena arena;
    size_t room = 0;
    uint16_t *items = NULL;
    dh_arena_init(&arena, 64 * 1024);
    for (uint16_t i = 0; i < 1000; i++) {
        items = dh_arena_reserve(&arena, items, &room, i + 1U, sizeof(*items));
        assert_non_null(items);
        items[i] = i;
    }
    for (uint16_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    for (size_t i = 1000; i < room; i++)
        assert_int_equal(items[i], 0);
    size_t before = room;
    assert_null(dh_arena_reserve(&arena, items, &room, 1 << 20, sizeof(*items)));
    assert_int_equal(room, before);
    assert_int_equal(items[999], 999);
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_grows_by_doubling),
        cmocka_unit_test(nothing_is_room_for_something),
        cmocka_unit_test(what_cannot_be_counted_is_refused),
        cmocka_unit_test(an_array_in_an_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
