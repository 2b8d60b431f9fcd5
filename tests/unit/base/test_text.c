/* Strings, buffers, arenas and UTF-8. */
#include "test.h"

static void splitting(void **state)
{
    struct dh_str rest = DH_STR("a,,b"), part;
    (void)state;
    assert_true(dh_str_split(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(dh_str_split(&rest, ',', &part));
    assert_str(part, "");
    assert_true(dh_str_split(&rest, ',', &part));
    assert_str(part, "b");
    assert_false(dh_str_split(&rest, ',', &part));
    rest = DH_STR("");
    assert_true(dh_str_split(&rest, ',', &part));
    assert_false(dh_str_split(&rest, ',', &part));
}

static void integers_read_like_ruby(void **state)
{
    (void)state;
    assert_int_equal(dh_str_integer(DH_STR("12abc")), 12);
    assert_int_equal(dh_str_integer(DH_STR("abc")), 0);
    assert_int_equal(dh_str_integer(DH_STR(" -7 ")), -7);
    assert_int_equal(dh_str_integer(DH_STR("")), 0);
    assert_int_equal(dh_str_integer(DH_STR("99999999999999999999")), INT64_MAX);
    assert_int_equal(dh_str_integer(DH_STR("-99999999999999999999")), -INT64_MAX);
}

static void comparing(void **state)
{
    (void)state;
    assert_true(dh_str_equal_nocase(DH_STR("AbC"), DH_STR("aBc")));
    assert_false(dh_str_equal_nocase(DH_STR("abc"), DH_STR("abcd")));
    assert_true(dh_str_compare(DH_STR("a"), DH_STR("ab")) < 0);
    assert_true(dh_str_compare(DH_STR("b"), DH_STR("ab")) > 0);
    assert_true(dh_str_ends(DH_STR("x_id"), DH_STR("_id")));
    assert_str(dh_str_trim(DH_STR(" \t a b\n")), "a b");
    assert_true(dh_str_blank(DH_STR(" \r\n")));
}

static void buffers_stop_at_their_ceiling(void **state)
{
    struct dh_buf buf;
    (void)state;
    dh_buf_init(&buf, 8);
    dh_buf_text(&buf, "12345");
    dh_buf_text(&buf, "6789");
    assert_int_equal(buf.status, DH_LIMIT);
    dh_buf_char(&buf, 'x');
    assert_str(dh_buf_view(&buf), "12345");
    dh_buf_clear(&buf);
    dh_buf_int(&buf, -42);
    assert_str(dh_buf_view(&buf), "-42");
    dh_buf_release(&buf);
}

static void buffers_write_every_integer(void **state)
{
    struct dh_buf buf;
    (void)state;
    dh_buf_init(&buf, 100);
    dh_buf_int(&buf, INT64_MIN);
    assert_str(dh_buf_view(&buf), "-9223372036854775808");
    dh_buf_clear(&buf);
    dh_buf_printf(&buf, "%d-%s", 7, "x");
    assert_str(dh_buf_view(&buf), "7-x");
    dh_buf_release(&buf);
}

static void arenas_stop_at_their_ceiling(void **state)
{
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, 1000);
    assert_non_null(dh_arena_alloc(&arena, 900));
    assert_null(dh_arena_alloc(&arena, 200));
    dh_arena_clear(&arena);
    assert_non_null(dh_arena_alloc(&arena, 900));
    assert_null(dh_arena_array(&arena, SIZE_MAX / 2, 4));
    dh_arena_release(&arena);
}

static void arenas_forget_back_to_a_mark(void **state)
{
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, 1 << 20);
    struct dh_arena_mark empty = dh_arena_mark(&arena);
    struct dh_str kept = dh_arena_copy(&arena, DH_STR("kept"));
    struct dh_arena_mark mark = dh_arena_mark(&arena);
    char *first = dh_arena_alloc(&arena, 100);
    assert_non_null(dh_arena_alloc(&arena, 500000)); /* a chunk of its own */
    dh_arena_rewind(&arena, mark);
    assert_ptr_equal(dh_arena_alloc(&arena, 100), first);
    assert_memory_equal(kept.ptr, "kept", 5);
    dh_arena_rewind(&arena, empty);
    assert_int_equal(arena.used, 0);
    assert_null(arena.chunk);
    dh_arena_release(&arena);
}

static void arenas_copy(void **state)
{
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, 1 << 20);
    assert_str(dh_arena_lower(&arena, DH_STR("AbC/\xc3\x84")), "abc/\xc3\x84");
    assert_str(dh_arena_upper(&arena, DH_STR("abz")), "ABZ");
    assert_str(dh_arena_format(&arena, "%s=%d", "n", 5), "n=5");
    for (int i = 0; i < 1000; i++) {
        char *place = dh_arena_alloc(&arena, 100);
        assert_non_null(place);
        assert_int_equal(place[99], 0);
        memset(place, 1, 100);
    }
    dh_arena_release(&arena);
}

static void utf8_is_checked(void **state)
{
    static const struct {
        struct dh_str text;
        size_t valid;
    } cases[] = {
        {{"plain ascii text", 16}, 16},
        {{"\xc3\xa9", 2}, 2},
        {{"\xf0\x9f\x98\x80", 4}, 4},
        {{"ab\xff", 3}, 2},
        {{"\xc0\x80", 2}, 0},
        {{"\xed\xa0\x80", 3}, 0},
        {{"\xe0\x80\x80", 3}, 0},
        {{"\xf4\x90\x80\x80", 4}, 0},
        {{"12345678\xc3", 9}, 8},
        {{"\xf0\x80\x80\x80", 4}, 0},
        {{"", 0}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(dh_utf8_check(cases[i].text), cases[i].valid);
}

static void utf8_is_cleaned(void **state)
{
    struct dh_arena arena;
    size_t size;
    (void)state;
    dh_arena_init(&arena, 1 << 16);
    assert_str(dh_utf8_clean(&arena, DH_STR("a\xff\xc3\xa9\xc3")), "a\xc3\xa9");
    assert_int_equal(dh_utf8_next(DH_STR("\xe2\x80\xa8x"), &size), 0x2028);
    assert_int_equal(size, 3);
    assert_int_equal(dh_utf8_next(DH_STR("\xff"), &size), 0xFFFD);
    assert_int_equal(size, 1);
    dh_arena_release(&arena);
}

static void taking_and_numbers(void **state)
{
    (void)state;
    struct dh_str text = DH_STR("2016-05x");
    unsigned year = 0, month = 0;
    double number = 0;
    assert_true(dh_str_take_digits(&text, 4, &year) && year == 2016);
    assert_false(dh_str_take(&text, ':'));
    assert_true(dh_str_take(&text, '-'));
    assert_true(dh_str_take_digits(&text, 2, &month) && month == 5);
    assert_false(dh_str_take_digits(&text, 1, &month));
    assert_true(dh_str_equal(text, DH_STR("x")));
    assert_true(dh_str_decimal(DH_STR("-1.5e3"), &number) && number == -1500);
    static const char *const none[] = {"", "0x10", "nan", "inf", "1 ", "1e", "--1"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(dh_str_decimal(dh_str(none[i]), &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taking_and_numbers),
        cmocka_unit_test(splitting),
        cmocka_unit_test(integers_read_like_ruby),
        cmocka_unit_test(comparing),
        cmocka_unit_test(buffers_stop_at_their_ceiling),
        cmocka_unit_test(buffers_write_every_integer),
        cmocka_unit_test(arenas_stop_at_their_ceiling),
        cmocka_unit_test(arenas_forget_back_to_a_mark),
        cmocka_unit_test(arenas_copy),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(utf8_is_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
