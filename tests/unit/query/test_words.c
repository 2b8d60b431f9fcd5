/* How text becomes words and terms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwbrk.h>

#include <cmocka.h>

#include "query/kinds.h"
#include "query/words.h"

static struct dh_arena arena;

static int clear(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

/* All words of a text, with a bar between. */
static struct dh_str words_of(struct dh_str text)
{
    static struct dh_words words;
    struct dh_word word;
    struct dh_buf out;
    dh_buf_init(&out, DH_ARENA_MAX);
    dh_words_start(&words, text);
    for (uint32_t place = 0; dh_words_next(&words, &word); place++) {
        assert_int_equal(word.place, place);
        if (place)
            dh_buf_char(&out, '|');
        dh_buf_str(&out, word.text);
    }
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&out));
    dh_buf_release(&out);
    return copy;
}

static void check(struct dh_str text, const char *expected)
{
    struct dh_str got = words_of(text);
    if (!dh_str_equal(got, dh_str(expected)))
        fail_msg("`%.*s` gave `%.*s`, not `%s`", DH_STR_ARG(text), DH_STR_ARG(got), expected);
}

static void test_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"", ""},
        {" \t.,;!?-", ""},
        {"Hello, World!", "hello|world"},
        {"foo-bar/baz", "foo|bar|baz"},
        {"e.g. U.S.A. example.org", "e.g|u.s.a|example.org"},
        {"O'Neill's 'quoted'", "o'neill's|quoted"},
        {"don\u2019t", "don\u2019t"},
        {"a:b a::b 1:2", "a:b|a|b|1|2"},
        {"3.14 1,000.5 1;2 1'2 1..2 .5 5.", "3.14|1,000.5|1;2|1'2|1|2|5|5"},
        {"a,b a;b a.1 1.a a1.b2", "a|b|a|b|a|1|1|a|a1|b2"},
        {"a1.b b.c1.2", "a1|b|b.c1.2"},
        {"foo_bar _x_ __ _ a__1_", "foo_bar|_x_|a__1_"},
        {"a_.b a._b _1,2_3.4", "a_|b|a|_b|_1,2_3.4"},
        {"10.5281/zenodo.123", "10.5281|zenodo|123"},
        {"COVID-19 CO2 H2O", "covid|19|co2|h2o"},
        {"user@example.org C++ #1 *", "user|example.org|c|1"},
        {"Ärzte ÉTÉ ŁÓDŹ ΑΘΉΝΑ МОСКВА", "ärzte|été|łódź|αθήνα|москва"},
        {"ΣΑΣ", "σασ"}, /* one code point at a time: no final sigma */
        {"İI STRASSE straße", "ii|strasse|straße"},
        {"東京は カタカナ ひらがな", "東|京|は|カタカナ|ひ|ら|が|な"},
        {"한국어 한국a", "한국어|한국a"},
        {"ไทยภาษา abc", "ไทยภาษา|abc"},
        {"カタa カ_a", "カタ|a|カ_a"},
        {"e\u0301te\u0301 a\u00ADb \u0301", "e\u0301te\u0301|a\u00ADb"},
        {"\u05D0\"\u05D1 \u05D0' \u05D0'x", "\u05D0\"\u05D1|\u05D0'|\u05D0'x"},
        {"１２３ ＡＢＣ", "１２３|ａｂｃ"},
        {"x² ½", "x"},
        {"☺️ 👩‍❤️‍👩 👍🏽 🇩🇪🇫🇷 🇩",
         "☺️|👩‍❤️‍👩|👍🏽|🇩🇪|🇫🇷"},
        {"#️⃣ 1️⃣ © #", "#️⃣|1️⃣|©"},
        {"😀😀a", "😀|😀|a"},
        {"\u0661\u066B\u0662", "\u0661\u066B\u0662"}, /* a decimal number in Arabic digits */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(dh_str(rows[i].text), rows[i].words);
}

static void test_bad_bytes(void **state)
{
    (void)state;
    check(DH_STR("a\0b"), "a|b");
    check(DH_STR("a\xff"
                 "b\xc3"),
          "a|b");
    check(DH_STR("\xc3(x\xe2\x82y\xed\xa0\x80z"), "x|y|z");
    check(DH_STR("a.\xff"
                 "b"),
          "a|b");
    check(DH_STR("a\xef\xbf\xbd"
                 "b"),
          "a|b");
}

static struct dh_str times(const char *text, size_t count, const char *end)
{
    struct dh_buf out;
    dh_buf_init(&out, DH_ARENA_MAX);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(&out, text);
    dh_buf_text(&out, end);
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&out));
    dh_buf_release(&out);
    return copy;
}

/* The lengths of the words, in bytes. */
static void check_lengths(struct dh_str text, const size_t *lengths, size_t count)
{
    struct dh_words words;
    struct dh_word word;
    dh_words_start(&words, text);
    for (size_t i = 0; i < count; i++) {
        assert_true(dh_words_next(&words, &word));
        assert_int_equal(word.text.len, lengths[i]);
        assert_int_equal(word.place, i);
    }
    assert_false(dh_words_next(&words, &word));
}

#define CHECK_LENGTHS(text, ...)                                                                   \
    check_lengths(text, (const size_t[]){__VA_ARGS__},                                             \
                  sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

static void test_long_words(void **state)
{
    (void)state;
    CHECK_LENGTHS(times("a", 255, ""), 255);
    CHECK_LENGTHS(times("a", 256, ""), 255, 1);
    CHECK_LENGTHS(times("A", 600, " b"), 255, 255, 90, 1);
    CHECK_LENGTHS(times("1", 255, ",2"), 255, 1);
    CHECK_LENGTHS(times("a", 254, ".b"), 254, 1);
    CHECK_LENGTHS(times("a", 253, ".b"), 255);
    CHECK_LENGTHS(times("é", 300, ""), 510, 90);
    CHECK_LENGTHS(times("ア", 256, ""), 765, 3);
    CHECK_LENGTHS(times("\U00010400", 128, ""), 508, 4); /* two UTF-16 units each */
    CHECK_LENGTHS(times("_", 300, "a"), 255);
    CHECK_LENGTHS(times("_", 254, "a"), 255);
    CHECK_LENGTHS(times("_", 255, "\U00010400"), 257);
}

/* Long runs of what may begin a word and does not must not be gone through again and again. */
static void test_hostile_runs(void **state)
{
    (void)state;
    static const char *const runs[] = {"_",       "#",        "\u200D",       "_\u0301",
                                       "_\u200D", "\u05D0\"", "a.",           "1,_",
                                       "🇩\u0301", "#\u200D",  "😀\uFE0F\u200D"};
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        struct dh_words words;
        struct dh_word word;
        dh_words_start(&words, times(runs[i], 300000, ""));
        while (dh_words_next(&words, &word))
            assert_true(word.text.len > 0);
    }
}

static uint64_t seed = 1;

static unsigned below(unsigned count)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % count;
}

static bool holds_word(struct dh_str part)
{
    for (size_t i = 0, size; i < part.len; i += size) {
        ucs4_t c = dh_utf8_next(dh_str_from(part, i), &size);
        if (uc_is_alpha(c) || uc_is_digit(c))
            return true;
    }
    return false;
}

/* The words by the breaks that libunistring finds. */
static struct dh_str plain_words(struct dh_str text)
{
    struct dh_buf out;
    char *breaks = calloc(text.len + 1, 1);
    size_t from = 0;
    dh_buf_init(&out, DH_ARENA_MAX);
    u8_wordbreaks((const uint8_t *)text.ptr, text.len, breaks);
    for (size_t to = 1; to <= text.len; to++) {
        if (to < text.len && !breaks[to])
            continue;
        struct dh_str part = {text.ptr + from, to - from};
        if (holds_word(part)) {
            if (out.len)
                dh_buf_char(&out, '|');
            dh_buf_str(&out, dh_text_lower(&arena, part));
        }
        from = to;
    }
    struct dh_str copy = dh_arena_copy(&arena, dh_buf_view(&out));
    dh_buf_release(&out);
    free(breaks);
    return copy;
}

static void check_random(const char *const *parts, unsigned count, unsigned most)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_ARENA_MAX);
    for (unsigned i = below(most) + 1; i; i--)
        dh_buf_text(&text, parts[below(count)]);
    struct dh_str got = words_of(dh_buf_view(&text)), wanted = plain_words(dh_buf_view(&text));
    if (!dh_str_equal(got, wanted))
        fail_msg("`%.*s` gave `%.*s`, not `%.*s`", DH_STR_ARG(dh_buf_view(&text)), DH_STR_ARG(got),
                 DH_STR_ARG(wanted));
    dh_buf_release(&text);
    dh_arena_clear(&arena);
}

static void test_random_ascii(void **state)
{
    (void)state;
    static const char *const parts[] = {"a",  "Bc", "Z", "1", "20", "_",  "__", ".",  ",", ":",
                                        ";",  "'",  " ", "-", "/",  "\"", "(",  "\n", "#", "word",
                                        "\r", "\t", "!", "*", "x1", "+",  "~",  "\\"};
    for (int i = 0; i < 100000; i++)
        check_random(parts, sizeof(parts) / sizeof(parts[0]), 12);
}

static void test_random_letters(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "a",  "B",      "1",  "_",  ".",      ",",      ":",      "'",      " ",
        "é",  "Ж",      "東", "カ", "ー",     "\u0301", "\u00AD", "\u2019", "\u00B7",
        "한", "\u203F", "Ω",  "ß",  "\u0661", "\n",     "!",      "word",   "é1"};
    for (int i = 0; i < 100000; i++)
        check_random(parts, sizeof(parts) / sizeof(parts[0]), 12);
}

/* Every code point alone, and between letters: the kinds against the properties. */
static void test_all_points(void **state)
{
    (void)state;
    for (ucs4_t c = 0x80; c <= 0x10FFFF; c++) {
        char text[4];
        int size = u8_uctomb((uint8_t *)text, c, 4);
        int class = uc_wordbreak_property(c);
        enum dh_kind kind = dh_kind_of(c);
        bool letter = class == WBP_ALETTER, digit = class == WBP_NUMERIC;
        if (size <= 0)
            continue;
        if (letter != (kind == DH_KIND_LETTER) || (digit && kind != DH_KIND_DIGIT))
            fail_msg("U+%04X is of kind %d", c, kind);
        struct dh_str lower = dh_text_lower(&arena, (struct dh_str){text, (size_t)size});
        size_t used;
        if (dh_utf8_next(lower, &used) != uc_tolower(c) || used != lower.len)
            fail_msg("U+%04X in lower case", c);
        if (letter || digit)
            assert_true(dh_str_equal(words_of((struct dh_str){text, (size_t)size}), lower));
        dh_arena_clear(&arena);
    }
}

static void test_lower(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"abc é", "abc é"},
        {"ABC", "abc"},
        {"xÉx", "xéx"},
        {"İ", "i"},
        {"ΣΑΣ", "σασ"},
        {"a\xff"
         "B",
         "a\xff"
         "b"},
        {"\xc3"
         "A",
         "\xc3"
         "a"},
        {"Ⱥ", "ⱥ"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_str text = dh_str(rows[i][0]), lower = dh_text_lower(&arena, text);
        if (!dh_str_equal(lower, dh_str(rows[i][1])))
            fail_msg("`%s` gave `%.*s`", rows[i][0], DH_STR_ARG(lower));
    }
    struct dh_str same = DH_STR("été 1");
    assert_ptr_equal(dh_text_lower(&arena, same).ptr, same.ptr);
}

static void test_fold(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"Ärzte ÉTÉ", "arzte ete"},
        {"Łódź Øre straße Æsir Œuvre Þing", "lodz ore strasse aesir oeuvre thing"},
        {"ẞ Ấn Đà", "ss an da"},
        {"İstanbul ılı", "istanbul ili"},
        {"“a” ‘b’ – «c»", "\"a\" 'b' - \"c\""},
        {"ＡＢ１ ﬁn x²", "ab1 fin x2"},
        {"Ⓐ ⑴ ǆ", "a (1) dz"},
        {"Αθήνα Йод 東京 ½ ™", "αθήνα йод 東京 ½ ™"},
        {"a\xff\xc9"
         "B",
         "a\xff\xc9"
         "b"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_str folded = dh_text_fold(&arena, dh_str(rows[i][0]));
        if (!dh_str_equal(folded, dh_str(rows[i][1])))
            fail_msg("`%s` gave `%.*s`", rows[i][0], DH_STR_ARG(folded));
    }
}

static void test_doi(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "10.5072/AbC",
        "doi:10.5072/abc",
        "https://doi.org/10.5072/ABC",
        "http://dx.doi.org/10.5072/abc",
        " 10.5072/abc ",
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        assert_true(dh_str_equal(dh_text_doi(&arena, dh_str(forms[i])), DH_STR("10.5072/abc")));
    assert_null(dh_text_doi(&arena, DH_STR("https://example.org/10.5072/abc")).ptr);
    assert_null(dh_text_doi(&arena, DH_STR("")).ptr);
}

static void test_numbers(void **state)
{
    (void)state;
    static const int64_t integers[] = {INT64_MIN, -4000000000, -256, -1,         0,
                                       1,         255,         256,  4000000000, INT64_MAX};
    static const double doubles[] = {-1e300, -2.5, -2, -1e-300, 0, 1e-300, 0.1, 2, 2.5, 1e300};
    char last[DH_NUMBER_TERM], term[DH_NUMBER_TERM];
    for (size_t i = 0; i < 10; i++, memcpy(last, term, sizeof(last))) {
        dh_term_of_integer(integers[i], term);
        assert_true(i == 0 || memcmp(last, term, sizeof(term)) < 0);
    }
    for (size_t i = 0; i < 10; i++, memcpy(last, term, sizeof(last))) {
        dh_term_of_double(doubles[i], term);
        assert_true(i == 0 || memcmp(last, term, sizeof(term)) < 0);
    }
    dh_term_of_double(0.0, last);
    dh_term_of_double(-0.0, term);
    assert_memory_equal(last, term, sizeof(term));
    dh_term_of_integer(1, term);
    assert_memory_equal(term, "\x80\0\0\0\0\0\0\x01", sizeof(term));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_table, clear),
        cmocka_unit_test_teardown(test_bad_bytes, clear),
        cmocka_unit_test_teardown(test_long_words, clear),
        cmocka_unit_test_teardown(test_hostile_runs, clear),
        cmocka_unit_test_teardown(test_random_ascii, clear),
        cmocka_unit_test_teardown(test_random_letters, clear),
        cmocka_unit_test_teardown(test_all_points, clear),
        cmocka_unit_test_teardown(test_lower, clear),
        cmocka_unit_test_teardown(test_fold, clear),
        cmocka_unit_test_teardown(test_doi, clear),
        cmocka_unit_test_teardown(test_numbers, clear),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
