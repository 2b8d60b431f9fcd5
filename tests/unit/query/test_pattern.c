/* Patterns: tables of cases, and random ones against plain ways to say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/pattern.h"

static struct dh_arena arena;
static struct dh_err error;

static int clear(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

static enum dh_status make(enum dh_node_kind kind, struct dh_str value, unsigned slop,
                           struct dh_pattern **out)
{
    struct dh_node node = {.kind = kind, .value = value, .slop = slop};
    return dh_pattern_make(&node, out, &arena, &error);
}

/* Tries a term, and that no bound keeps a match from being seen. */
static bool tried(struct dh_pattern *pattern, struct dh_str term)
{
    struct dh_str low, high;
    bool matches = dh_pattern_match(pattern, term);
    dh_pattern_bounds(pattern, &low, &high);
    if (matches && (dh_str_compare(term, low) < 0 || (high.ptr && dh_str_compare(term, high) >= 0)))
        fail_msg("`%.*s` matches but is out of bounds", DH_STR_ARG(term));
    return matches;
}

struct row {
    const char *pattern, *yes, *no; /* terms with spaces between; - is the empty term */
    const char *low, *high;         /* bounds; NULL: not looked at */
};

static void check_terms(struct dh_pattern *pattern, const struct row *row, const char *terms,
                        bool expected)
{
    struct dh_str rest = dh_str(terms), term;
    while (rest.len && dh_str_split(&rest, ' ', &term)) {
        if (dh_str_equal(term, DH_STR("-")))
            term = DH_STR("");
        if (tried(pattern, term) != expected)
            fail_msg("pattern `%s`, term `%.*s`: expected %s", row->pattern, DH_STR_ARG(term),
                     expected ? "a match" : "none");
    }
}

static void check_rows(enum dh_node_kind kind, unsigned slop, const struct row *rows, size_t count)
{
    for (const struct row *row = rows; row < rows + count; row++) {
        struct dh_pattern *pattern;
        struct dh_str low, high;
        if (make(kind, dh_str(row->pattern), slop, &pattern) != DH_OK)
            fail_msg("pattern `%s`: %s", row->pattern, error.text);
        check_terms(pattern, row, row->yes, true);
        check_terms(pattern, row, row->no, false);
        dh_pattern_bounds(pattern, &low, &high);
        if (row->low && !dh_str_equal(low, dh_str(row->low)))
            fail_msg("pattern `%s` begins at `%.*s`", row->pattern, DH_STR_ARG(low));
        if (row->high && !dh_str_equal(high, dh_str(row->high)))
            fail_msg("pattern `%s` ends at `%.*s`", row->pattern, DH_STR_ARG(high));
    }
}

#define CHECK_ROWS(kind, slop, rows) check_rows(kind, slop, rows, sizeof(rows) / sizeof((rows)[0]))

static void test_prefix(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ab", "ab abc ab\xff", "a ac b - aab", "ab", "ac"}, {"", "- a \xff", "", "", NULL},
        {"a\xff", "a\xff a\xff\xff", "a b", "a\xff", "b"},   {"*", "* *a", "a -", "*", "+"},
        {"été", "été étés", "ete ét", "été", NULL},
    };
    CHECK_ROWS(DH_NODE_PREFIX, 0, rows);
}

static void test_endless_prefix(void **state)
{
    (void)state;
    struct dh_pattern *pattern;
    struct dh_str low, high;
    assert_int_equal(make(DH_NODE_PREFIX, DH_STR("\xff\xff"), 0, &pattern), DH_OK);
    dh_pattern_bounds(pattern, &low, &high);
    assert_true(dh_str_equal(low, DH_STR("\xff\xff")));
    assert_null(high.ptr);
}

static void test_glob(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "-", "a", NULL, NULL},
        {"abc", "abc", "ab abcd xabc -", "abc", NULL},
        {"*", "- a abc été", "", "", NULL},
        {"***", "- a", "", NULL, NULL},
        {"foo*", "foo foobar", "fo xfoo -", "foo", "fop"},
        {"*foo", "foo xfoo foofoo", "foox fo -", "", NULL},
        {"*foo*", "foo xfoo foox xfoox ffoo", "fo fofo -", "", NULL},
        {"a*b*c", "abc axbxc aabbcc abcbc", "ab ac acb abcx xabc", "a", "b"},
        {"a*bc", "abc axbc abcbc", "abcb bc a", NULL, NULL},
        {"ab*bc", "abbc abxbc", "abc", NULL, NULL},
        {"*ab*ba*", "abba xabxbax", "aba bab", NULL, NULL},
        {"?", "a é 日 👩", "- ab éé", "", NULL},
        {"a?c", "abc aéc a日c", "ac abbc", "a", "b"},
        {"??*", "ab éé abc", "- a é", NULL, NULL},
        {"*??", "ab éé abc", "- a é", NULL, NULL},
        {"*?b?*", "abc xabc abcx bbb", "ab bc b", NULL, NULL},
        {"*a?", "ab xxaé aab", "a ba abc", NULL, NULL},
        {"?*a?*", "bab xxaby", "ab ba", NULL, NULL},
        {"a\\*b", "a*b", "ab axb a\\b", "a*b", NULL},
        {"a\\?", "a?", "ab", NULL, NULL},
        {"a\\\\b", "a\\b", "ab", NULL, NULL},
        {"\\a", "a", "\\a", "a", NULL},
        {"a\\", "a\\", "a", NULL, NULL},
        {"a\\**", "a* a*b", "a ab", "a*", "a+"},
        {"*\\*", "* a*", "a", NULL, NULL},
    };
    CHECK_ROWS(DH_NODE_GLOB, 0, rows);
}

static void test_fuzzy(void **state)
{
    (void)state;
    static const struct row none[] = {{"abc", "abc", "ab abcd", "abc", NULL}};
    static const struct row one[] = {
        {"garza", "garza gaza garzaa agrza gazra barza arza garz", "gaa gaarzaa graaz", "", NULL},
        {"a", "a", "- b ab aa", NULL, NULL},
        {"ab", "ab abc ba axb", "a b c - cd", NULL, NULL},
        {"été", "été eté éte étés té éét", "ete eta", NULL, NULL},
        {"日本語", "日本語 日本 日語本 本語", "日", NULL, NULL},
        {"", "-", "a", NULL, NULL},
    };
    static const struct row two[] = {
        {"abcd", "abcd bacd badc abdc acbd abxx xxabcd abcdef bcd axbcd abc", "ab cd xxxx dcba", "",
         NULL},
        {"ca", "ca ac cab cba", "a c abc bb - xcax", NULL, NULL},
        {"abc", "abc ab bca cab xbc xyc axcx abcde", "a cx cba- xyz", NULL, NULL},
        {"kristian", "kristian christian kristan kirstian kirstina", "christina chirstian", NULL,
         NULL},
    };
    CHECK_ROWS(DH_NODE_FUZZY, 0, none);
    CHECK_ROWS(DH_NODE_FUZZY, 1, one);
    CHECK_ROWS(DH_NODE_FUZZY, 2, two);
}

static void test_regex(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "-", "a", NULL, NULL},
        {"abc", "abc", "ab abcd xabc -", "abc", NULL},
        {"a|bc", "a bc", "ab abc c -", "", NULL},
        {"ab?c*d+", "ad abd accd abcdd", "a ab abc b", "a", "b"},
        {"(ab)*", "- ab abab", "a aba", "", NULL},
        {"a{3}", "aaa", "aa aaaa", NULL, NULL},
        {"a{2,}", "aa aaaaa", "a -", "aa", NULL},
        {"a{1,3}b", "ab aab aaab", "b aaaab", NULL, NULL},
        {"a{0}", "-", "a", NULL, NULL},
        {"a{3,1}", "", "- a aa aaa", NULL, NULL},
        {"(a?){3}", "- a aa aaa", "aaaa", NULL, NULL},
        {"(a*){2,3}b", "b aaab", "a", NULL, NULL},
        {"[a-c]x", "ax bx cx", "dx x ab", NULL, NULL},
        {"[^a-c]", "d é", "- a b c dd", NULL, NULL},
        {"[abx-z-]", "a b x y z", "c w", NULL, NULL},
        {"[+-]]y", "+y ,y Ay ]y", "y -", NULL, NULL},
        {"[a\\]]", "a ]", "\\ b", NULL, NULL},
        {"[\\d_]+", "1 1_2", "a -1", NULL, NULL},
        {"[^\\w]", "é .", "a 1 _", NULL, NULL},
        {"\\d\\D\\w\\W", "1xa.", "xxa. 1xaa", NULL, NULL},
        {"\\S", "a é", "-", NULL, NULL},
        {"...", "abc été 日本語 👩a👩", "ab abcd", "", NULL},
        {"\"a*b\"", "a*b", "aab b", "a*b", NULL},
        {"\"\"", "-", "a", NULL, NULL},
        {"a()b", "ab", "a b", NULL, NULL},
        {"#", "", "- a #", "", ""},
        {"a|#", "a", "- #", NULL, NULL},
        {"a@b", "ab axxb abb", "a b axc", "a", "b"},
        {"@", "- a abc", "", "", NULL},
        {"~a", "- b aa", "a", "", NULL},
        {"~(ab*)", "- b aba", "a ab abb", NULL, NULL},
        {"~~a", "a", "- b aa", NULL, NULL},
        {"~a*", "- b bbb aa", "a", NULL, NULL}, /* of complement, repeated */
        {"@a@&@b@", "ab ba xaybz", "a b aa", NULL, NULL},
        {"[a-z]+&~(ab)", "a abc ba", "ab 1", NULL, NULL},
        {"a&b|c", "c", "a b", NULL, NULL},
        {"<1-10>", "1 9 10 01 0010", "0 11 a 110", NULL, NULL},
        {"<10-1>", "1 10", "0", NULL, NULL},
        {"<01-10>", "01 09 10", "1 00 11 010", NULL, NULL},
        {"<0-0>", "0", "00 1", NULL, NULL},
        {"<0-100>", "0 00 5 50 100 0100", "101 200", NULL, NULL},
        {"<95-1203>", "95 99 100 999 1000 1203 0095", "94 1204 2000 9 10000", NULL, NULL},
        {"v<1900-2024>", "v1900 v1999 v2000 v2024", "v1899 v2025 v190", "v", "w"},
        {"<0-2147483647>", "0 2147483647 1999999999", "2147483648 3000000000", NULL, NULL},
        {"<000000000000007-000000000000012>", "000000000000007 000000000000012", "7 13", NULL,
         NULL},
        {"a\\.b", "a.b", "axb", "a.b", NULL},
        {"a\\\\", "a\\", "a", NULL, NULL},
        {"\\/x", "/x", "x", "/x", NULL},
        {"^a$", "^a$", "a", NULL, NULL},
        {"abc(d|e)", "abcd abce", "abc", "abc", "abd"},
        {"été.*", "été étés", "ete", "été", NULL},
        {"*a", "*a", "a", NULL, NULL},
        {"(a|b)*a(a|b){5}", "abbbbb bbabbbbb aaaaaa", "bbbbbb aaaaa", NULL, NULL},
    };
    CHECK_ROWS(DH_NODE_REGEX, 0, rows);
}

static void test_bad_regex(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "(",
        "(a",
        "a)",
        "[a",
        "[",
        "[]",
        "a|",
        "a&",
        "~",
        "\"a",
        "a{",
        "a{x}",
        "a{1",
        "a{1,2",
        "<1-2",
        "<a>",
        "<1->",
        "<-1>",
        "<1-2-3",
        "<1-9999999999>",
        "a{9999999999}",
        "[b-a]",
        "\\n",
        "\\",
        "<1>",
        "[a-",
        "a{,2}",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_pattern *pattern;
        if (make(DH_NODE_REGEX, dh_str(rows[i]), 0, &pattern) != DH_INVALID)
            fail_msg("expression `%s` was taken", rows[i]);
    }
}

static struct dh_str times(const char *text, size_t count, const char *end)
{
    size_t len = strlen(text);
    char *out = dh_arena_alloc(&arena, len * count + strlen(end) + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * len, text, len);
    memcpy(out + len * count, end, strlen(end));
    return (struct dh_str){out, len * count + strlen(end)};
}

static void test_regex_limits(void **state)
{
    (void)state;
    struct dh_pattern *pattern;
    assert_int_equal(make(DH_NODE_REGEX, DH_STR("(a|b)*a(a|b){12}"), 0, &pattern), DH_OK);
    assert_true(tried(pattern, DH_STR("bbabbbbbbbbbbbb")));
    assert_int_equal(make(DH_NODE_REGEX, DH_STR("(a|b)*a(a|b){20}"), 0, &pattern), DH_LIMIT);
    assert_int_equal(make(DH_NODE_REGEX, DH_STR("((a{1000}){1000}){1000}"), 0, &pattern), DH_LIMIT);
    assert_int_equal(make(DH_NODE_REGEX, DH_STR("a{2147483647}"), 0, &pattern), DH_LIMIT);
    assert_int_equal(make(DH_NODE_REGEX, times("(", 5000, "a"), 0, &pattern), DH_LIMIT);
    assert_int_equal(make(DH_NODE_REGEX, times("a", 9000, ""), 0, &pattern), DH_OK);
    assert_true(tried(pattern, times("a", 9000, "")));
    assert_int_equal(make(DH_NODE_REGEX, times("a", 11000, ""), 0, &pattern), DH_LIMIT);
    assert_int_equal(make(DH_NODE_REGEX, times("a?", 500, ""), 0, &pattern), DH_OK);
    assert_true(tried(pattern, times("a", 500, "")));
    assert_false(tried(pattern, times("a", 501, "")));
    assert_int_equal(make(DH_NODE_REGEX, times("~", 10001, "a"), 0, &pattern), DH_OK);
    assert_false(tried(pattern, DH_STR("a")));
    assert_int_equal(make(DH_NODE_REGEX, times("*", 10000, ""), 0, &pattern), DH_OK);
    assert_int_equal(make(DH_NODE_REGEX, times("a{2}", 1, "{2}{2}"), 0, &pattern), DH_OK);
    assert_true(tried(pattern, DH_STR("aaaaaaaa")));
    struct dh_str deep = times("{2}", 3000, "");
    assert_int_equal(
        make(DH_NODE_REGEX, dh_arena_format(&arena, "a%.*s", DH_STR_ARG(deep)), 0, &pattern),
        DH_LIMIT);
}

static void test_range(void **state)
{
    (void)state;
    static const struct {
        const char *low, *high;
        bool low_in, high_in;
        const char *yes, *no;
    } rows[] = {
        {"b", "d", true, true, "b ba c d", "a - da e"},
        {"b", "d", false, false, "ba c cz", "b d a e"},
        {NULL, "d", false, true, "- a d", "da e"},
        {"b", NULL, true, false, "b c \xff", "a -"},
        {NULL, NULL, true, true, "- a \xff", ""},
        {"d", "b", true, true, "", "a b c d e"},
        {"b", "b", true, true, "b", "a ba c"},
        {"", "", true, true, "-", "a"},
        {"", "", false, false, "", "- a"},
        {"", NULL, false, false, "a", "-"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_node node = {.kind = DH_NODE_RANGE};
        struct dh_pattern *pattern;
        struct row row = {.pattern = "range"};
        node.range.low = dh_str(rows[i].low);
        node.range.high = dh_str(rows[i].high);
        node.range.low_inclusive = rows[i].low_in;
        node.range.high_inclusive = rows[i].high_in;
        assert_int_equal(dh_pattern_make(&node, &pattern, &arena, &error), DH_OK);
        check_terms(pattern, &row, rows[i].yes, true);
        check_terms(pattern, &row, rows[i].no, false);
    }
}

static void test_no_pattern(void **state)
{
    (void)state;
    struct dh_pattern *pattern;
    assert_int_equal(make(DH_NODE_TERM, DH_STR("a"), 0, &pattern), DH_INVALID);
    assert_int_equal(make(DH_NODE_EXISTS, DH_STR("a"), 0, &pattern), DH_INVALID);
}

/* Random texts of few different characters, so that much matches. */
static uint64_t seed = 1;

static unsigned below(unsigned count)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % count;
}

static struct dh_str random_text(const char *const *of, unsigned count, unsigned most)
{
    struct dh_str text = {dh_arena_alloc(&arena, most * 5 + 1), 0};
    for (unsigned i = below(most + 1); i; i--) {
        const char *part = of[below(count)];
        memcpy((char *)text.ptr + text.len, part, strlen(part));
        text.len += strlen(part);
    }
    return text;
}

static const char *const letters[] = {"a", "b", "c", "é", "日"};

static bool plain_glob(struct dh_str glob, struct dh_str term)
{
    size_t size, other;
    if (!glob.len)
        return !term.len;
    if (glob.ptr[0] == '*') {
        for (size_t i = 0; i < term.len; i += size) {
            if (plain_glob(dh_str_from(glob, 1), dh_str_from(term, i)))
                return true;
            dh_utf8_next(dh_str_from(term, i), &size);
        }
        return plain_glob(dh_str_from(glob, 1), DH_STR(""));
    }
    if (!term.len)
        return false;
    bool escaped = glob.ptr[0] == '\\' && glob.len > 1;
    bool any = glob.ptr[0] == '?';
    glob = dh_str_from(glob, escaped);
    uint32_t wanted = dh_utf8_next(glob, &size), is = dh_utf8_next(term, &other);
    return (any || wanted == is) && plain_glob(dh_str_from(glob, size), dh_str_from(term, other));
}

static void test_random_globs(void **state)
{
    (void)state;
    static const char *const parts[] = {"*", "*", "?", "a", "b", "ab", "é", "日", "\\*", "\\?"};
    static const char *const terms[] = {"a", "b", "a", "b", "é", "日", "*", "?"};
    for (int i = 0; i < 20000; i++) {
        struct dh_pattern *pattern;
        struct dh_str glob = random_text(parts, 10, 6);
        assert_int_equal(make(DH_NODE_GLOB, glob, 0, &pattern), DH_OK);
        for (int k = 0; k < 20; k++) {
            struct dh_str term = random_text(terms, 8, 8);
            if (tried(pattern, term) != plain_glob(glob, term))
                fail_msg("glob `%.*s`, term `%.*s`", DH_STR_ARG(glob), DH_STR_ARG(term));
        }
        dh_arena_clear(&arena);
    }
}

static size_t points_of(struct dh_str text, uint32_t *out)
{
    size_t count = 0, size;
    for (size_t i = 0; i < text.len; i += size)
        out[count++] = dh_utf8_next(dh_str_from(text, i), &size);
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool plain_fuzzy(struct dh_str value, struct dh_str term, size_t edits)
{
    uint32_t a[32], b[32];
    size_t d[33][33], n = points_of(value, a), m = points_of(term, b);
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            d[i][j] = i ? (j ? d[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : i) : j;
            if (i && j)
                d[i][j] = least(d[i][j], least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m] <= edits && (d[n][m] == 0 || d[n][m] < least(n, m));
}

static void test_random_fuzzy(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct dh_pattern *pattern;
        unsigned edits = below(3);
        struct dh_str value = random_text(letters, 5, 7);
        assert_int_equal(make(DH_NODE_FUZZY, value, edits, &pattern), DH_OK);
        for (int k = 0; k < 30; k++) {
            struct dh_str term = random_text(letters, 5, 9);
            if (tried(pattern, term) != plain_fuzzy(value, term, edits))
                fail_msg("fuzzy `%.*s`~%u, term `%.*s`", DH_STR_ARG(value), edits,
                         DH_STR_ARG(term));
        }
        dh_arena_clear(&arena);
    }
}

/*
 * A random expression, written to `text` as it is made up; returns, for each place in the term, the
 * places where a match from there can end, as bits: matrix[from] has bit `to`.
 */
struct matches {
    uint32_t ends[16];
};

static struct matches made_up(struct dh_buf *text, const uint32_t *term, size_t n, unsigned depth);

static struct matches chained(struct matches a, struct matches b, size_t n)
{
    struct matches out = {{0}};
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= n; j++)
            if (a.ends[i] >> j & 1)
                out.ends[i] |= b.ends[j];
    return out;
}

static struct matches nowhere_but_here(size_t n)
{
    struct matches out = {{0}};
    for (size_t i = 0; i <= n; i++)
        out.ends[i] = 1u << i;
    return out;
}

static struct matches repeated(struct matches a, unsigned low, unsigned high, size_t n)
{
    struct matches out = {{0}}, power = nowhere_but_here(n);
    for (unsigned k = 0; k <= high; k++) {
        for (size_t i = 0; i <= n && k >= low; i++)
            out.ends[i] |= power.ends[i];
        power = chained(power, a, n);
    }
    return out;
}

static struct matches one_of(const uint32_t *term, size_t n, uint32_t first, uint32_t last,
                             bool other)
{
    struct matches out = {{0}};
    for (size_t i = 0; i < n; i++)
        if ((term[i] >= first && term[i] <= last) != other)
            out.ends[i] = 1u << (i + 1);
    return out;
}

static struct matches made_up_leaf(struct dh_buf *text, const uint32_t *term, size_t n)
{
    static const struct {
        const char *text;
        uint32_t first, last;
        bool other;
    } leaves[] = {
        {"a", 'a', 'a', false},         {"b", 'b', 'b', false},   {"é", 0xE9, 0xE9, false},
        {"[a-b]", 'a', 'b', false},     {"[^b]", 'b', 'b', true}, {".", 0, 0x10FFFF, false},
        {"[b-日]", 'b', 0x65E5, false}, {"#", 1, 0, false},       {"\\w", 'a', 'z', false},
    };
    struct matches all = {{0}};
    unsigned k = below(11);
    if (k < 9) {
        dh_buf_text(text, leaves[k].text);
        return one_of(term, n, leaves[k].first, leaves[k].last, leaves[k].other);
    }
    dh_buf_text(text, k == 9 ? "@" : "()");
    for (size_t i = 0; i <= n; i++)
        all.ends[i] = k == 9 ? (~0u << i) & ((2u << n) - 1) : 1u << i;
    return all;
}

static struct matches made_up_pair(struct dh_buf *text, const uint32_t *term, size_t n,
                                   unsigned depth, char sign)
{
    dh_buf_char(text, '(');
    struct matches a = made_up(text, term, n, depth - 1);
    if (sign)
        dh_buf_char(text, sign);
    struct matches b = made_up(text, term, n, depth - 1);
    dh_buf_char(text, ')');
    if (!sign)
        return chained(a, b, n);
    for (size_t i = 0; i <= n; i++)
        a.ends[i] = sign == '|' ? a.ends[i] | b.ends[i] : a.ends[i] & b.ends[i];
    return a;
}

static struct matches made_up(struct dh_buf *text, const uint32_t *term, size_t n, unsigned depth)
{
    static const struct {
        const char *text;
        unsigned low, high;
    } repeats[] = {{"?", 0, 1},   {"*", 0, 20},    {"+", 1, 20},
                   {"{2}", 2, 2}, {"{1,3}", 1, 3}, {"{2,}", 2, 20}};
    unsigned what = depth ? below(8) : 0;
    if (what <= 1)
        return made_up_leaf(text, term, n);
    if (what <= 4)
        return made_up_pair(text, term, n, depth, "|&"[what - 2]);
    if (what == 5) {
        dh_buf_text(text, "~");
        struct matches a = made_up_pair(text, term, n, depth, "|&"[below(3)]);
        for (size_t i = 0; i <= n; i++)
            a.ends[i] = ~a.ends[i] & (~0u << i) & ((2u << n) - 1);
        return a;
    }
    unsigned k = below(6);
    struct matches a = made_up_pair(text, term, n, depth, "|&"[below(3)]);
    dh_buf_text(text, repeats[k].text);
    return repeated(a, repeats[k].low, repeats[k].high, n);
}

static void test_random_regex(void **state)
{
    (void)state;
    struct dh_buf text;
    int limited = 0;
    dh_buf_init(&text, DH_QUERY_MAX);
    for (int i = 0; i < 2000; i++) {
        uint64_t start = seed;
        for (int k = 0; k < 12; k++) { /* the same expression, another term */
            uint32_t points[16];
            struct dh_pattern *pattern;
            seed = UINT64_C(7777777) * (uint64_t)(12 * i + k);
            struct dh_str term = random_text(letters, 5, 7);
            size_t n = points_of(term, points);
            seed = start;
            dh_buf_clear(&text);
            struct matches wanted = made_up(&text, points, n, 4);
            enum dh_status status = make(DH_NODE_REGEX, dh_buf_view(&text), 0, &pattern);
            if (status == DH_LIMIT) {
                limited++;
                break;
            }
            if (status != DH_OK)
                fail_msg("expression `%.*s`: %s", DH_STR_ARG(dh_buf_view(&text)), error.text);
            if (tried(pattern, term) != (wanted.ends[0] >> n & 1))
                fail_msg("expression `%.*s`, term `%.*s`", DH_STR_ARG(dh_buf_view(&text)),
                         DH_STR_ARG(term));
            dh_arena_clear(&arena);
        }
    }
    dh_buf_release(&text);
    assert_true(limited < 10); /* complements within repeats within complements */
}

static void test_random_intervals(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        unsigned a = below(i % 2 ? 50 : 3000), b = below(i % 3 ? 50 : 3000), c;
        int width = i % 5 == 0 ? 4 : 1;
        struct dh_str text = dh_arena_format(&arena, "<%0*u-%0*u>", width, a, width, b);
        bool fixed = dh_arena_format(&arena, "%0*u", width, a).len ==
                     dh_arena_format(&arena, "%0*u", width, b).len;
        size_t digits = dh_arena_format(&arena, "%0*u", width, a).len;
        struct dh_pattern *pattern;
        assert_int_equal(make(DH_NODE_REGEX, text, 0, &pattern), DH_OK);
        for (int k = 0; k < 300; k++) {
            c = below(k % 2 ? 60 : 4000);
            struct dh_str term = dh_arena_format(&arena, "%0*u", (int)below(6), c);
            bool wanted = c >= (a < b ? a : b) && c <= (a < b ? b : a);
            if (tried(pattern, term) != (wanted && (!fixed || term.len == digits)))
                fail_msg("%.*s, term %.*s", DH_STR_ARG(text), DH_STR_ARG(term));
        }
        dh_arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_prefix, clear),
        cmocka_unit_test_teardown(test_endless_prefix, clear),
        cmocka_unit_test_teardown(test_glob, clear),
        cmocka_unit_test_teardown(test_fuzzy, clear),
        cmocka_unit_test_teardown(test_regex, clear),
        cmocka_unit_test_teardown(test_bad_regex, clear),
        cmocka_unit_test_teardown(test_regex_limits, clear),
        cmocka_unit_test_teardown(test_range, clear),
        cmocka_unit_test_teardown(test_no_pattern, clear),
        cmocka_unit_test_teardown(test_random_globs, clear),
        cmocka_unit_test_teardown(test_random_fuzzy, clear),
        cmocka_unit_test_teardown(test_random_regex, clear),
        cmocka_unit_test_teardown(test_random_intervals, clear),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
