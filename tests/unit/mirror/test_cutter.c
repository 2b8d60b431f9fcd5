/* The cutter: what counts as a value, and what a broken one costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mirror/cutter.h"

struct text {
    struct dh_str rest;
    size_t step; /* bytes given at a time */
    enum dh_status end;
};

static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct text *text = context;
    size_t step = text->step < cap ? text->step : cap;
    *len = step < text->rest.len ? step : text->rest.len;
    if (*len)
        memcpy(to, text->rest.ptr, *len);
    text->rest = dh_str_from(text->rest, *len);
    if (*len == 0 && text->end)
        return dh_fail(err, text->end, "damaged");
    return DH_OK;
}

/*
 * Cuts `input` and writes one word per cut: line:text for a value, line:* with a fault (at @byte
 * when asked), + before an included one, and ! with the line for an error of the source.
 */
static void cut(struct dh_str input, size_t step, size_t max, enum dh_status end,
                struct dh_buf *out)
{
    struct text text = {input, step, end};
    struct dh_cutter *cutter;
    struct dh_cut cut;
    enum dh_status status;
    assert_int_equal(dh_cutter_new(give, &text, max, &cutter, NULL), DH_OK);
    uint64_t last = 0;
    while ((status = dh_cutter_next(cutter, &cut, NULL)) == DH_OK) {
        if (out->len)
            dh_buf_char(out, ' ');
        dh_buf_printf(out, "%s%d:", cut.included ? "+" : "", (int)cut.line);
        assert_true(cut.byte >= last && cut.end >= cut.byte && cut.end <= input.len);
        last = cut.end;
        if (cut.fault) {
            assert_true(cut.fault_byte <= input.len);
            dh_buf_char(out, '*');
            continue;
        }
        assert_int_equal(cut.end - cut.byte, cut.text.len);
        assert_memory_equal(input.ptr + cut.byte, cut.text.ptr, cut.text.len);
        dh_buf_str(out, cut.text);
    }
    if (status != DH_DONE)
        dh_buf_printf(out, "%s!%d", out->len ? " " : "", (int)cut.line);
    dh_cutter_free(cutter);
}

struct example {
    const char *name, *input, *expected;
};

static const struct example good[] = {
    {"nothing", "", ""},
    {"blank", " \r\n\t\n", ""},
    {"one", "{\"a\":1}", "1:{\"a\":1}"},
    {"lines", "{\"a\":1}\n{\"b\":2}\n", "1:{\"a\":1} 2:{\"b\":2}"},
    {"crlf", "{\"a\":1}\r\n{\"b\":2}\r\n", "1:{\"a\":1} 2:{\"b\":2}"},
    {"blank lines", "\n\n{\"a\":1}\n\n{\"b\":2}", "3:{\"a\":1} 5:{\"b\":2}"},
    {"concatenated", "{\"a\":1}{\"b\":2}", "1:{\"a\":1} 1:{\"b\":2}"},
    {"byte order mark", "\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{\"b\":2}", "1:{\"a\":1} 2:{\"b\":2}"},
    {"list", "[{\"a\":1},{\"b\":2}]", "1:{\"a\":1} 1:{\"b\":2}"},
    {"empty lists", "[][]\n{\"data\":[]}", ""},
    {"no data", "{\"data\":null,\"meta\":{}}", ""},
    {"list of lists", "[[{\"a\":1}],[{\"b\":2}]]", "1:{\"a\":1} 1:{\"b\":2}"},
    {"element per line", "[\n{\"a\":1},\n{\"b\":2}\n]\n", "2:{\"a\":1} 3:{\"b\":2}"},
    {"spread", "{\n\"a\":\n[1]}\n{\n\"b\":2}", "1:{\n\"a\":\n[1]} 4:{\n\"b\":2}"},
    {"commas between", "{\"a\":1},\n{\"b\":2},\n", "1:{\"a\":1} 2:{\"b\":2}"},
    {"brackets in strings", "{\"a\":\"}]\\\"{[\"}{\"b\":\"\\\\\"}",
     "1:{\"a\":\"}]\\\"{[\"} 1:{\"b\":\"\\\\\"}"},
    {"document", "{\"data\":{\"a\":1}}", "1:{\"a\":1}"},
    {"page", "{\"meta\":{\"data\":[1]},\"data\":[{\"a\":{\"data\":[3]}},{\"b\":2}],\"links\":{}}",
     "1:{\"a\":{\"data\":[3]}} 1:{\"b\":2}"},
    {"included behind", "{\"data\":[{\"a\":1}],\"included\":[{\"c\":1}],\"meta\":{}}",
     "1:{\"a\":1} +1:{\"c\":1}"},
    {"included before", "{\"included\":[{\"c\":1}], \"data\" : {\"a\":1} , \"x\":\"]}\" }",
     "+1:{\"c\":1} 1:{\"a\":1}"},
    {"pages", "{\"data\":[{\"a\":1}]}\n{\"data\":[{\"b\":2}]}\n[{\"data\":{\"c\":3}}]",
     "1:{\"a\":1} 2:{\"b\":2} 3:{\"c\":3}"},
    {"null in it", "{\"a\":null,\"data\":\"no document\"}",
     "1:{\"a\":null,\"data\":\"no document\"}"},
    {"words are not looked at", "{\"a\":tru,\"b\":0x1}", "1:{\"a\":tru,\"b\":0x1}"},
};

static const struct example broken[] = {
    {"bare words", "{\"a\":1}\nwhat is this\n42\n\"x\"\nnull\n{\"b\":2}",
     "1:{\"a\":1} 2:* 3:* 4:* 5:* 6:{\"b\":2}"},
    {"bare words first", "what is this\n{\"b\":2}", "1:* 2:{\"b\":2}"},
    {"truncated line", "{\"a\":1}\n{\"b\":[1,\n{\"c\":3}\n{\"d\":4}",
     "1:{\"a\":1} 2:* 3:{\"c\":3} 4:{\"d\":4}"},
    {"truncated first line", "{\"b\":[1,\n{\"c\":3}\n{\"d\":4}", "1:* 2:{\"c\":3} 3:{\"d\":4}"},
    {"truncated lines", "{\"b\":{\n{\"b\":[\n{\"b\"\n{\"c\":3}\n", "1:* 2:* 3:* 4:{\"c\":3}"},
    {"truncated last line", "{\"c\":3}\n{\"b\":[1,\n", "1:{\"c\":3} 2:*"},
    {"open string", "{\"a\":1}\n{\"b\":\"x}\n{\"c\":3}\n", "1:{\"a\":1} 2:* 3:{\"c\":3}"},
    {"open string first", "{\"b\":\"x}\nfoo\n{\"c\":3}\n", "1:* 2:* 3:{\"c\":3}"},
    {"open string in a list", "[{\"b\":\"x},\n{\"c\":3},\n{\"d\":4}]\n",
     "1:* 2:{\"c\":3} 3:{\"d\":4}"},
    {"comma twice", "[{\"a\":1,,\"b\":{}},{\"c\":3}]", "1:* 1:{\"c\":3}"},
    {"colon missing", "[{\"a\" 1,\"b\":{}},{\"c\":3}]", "1:* 1:{\"c\":3}"},
    {"wrong bracket", "{\"a\":1}\n{\"a\":[1}\n{\"c\":3}\n", "1:{\"a\":1} 2:* 3:{\"c\":3}"},
    {"bracket too many", "{\"a\":1}}\n{\"c\":3}\n", "1:{\"a\":1} 1:* 2:{\"c\":3}"},
    {"value missing", "[{\"a\":1},,{\"c\":3}]", "1:{\"a\":1} 1:* 1:{\"c\":3}"},
    {"comma missing", "[{\"a\":1} {\"c\":3}]", "1:{\"a\":1} 1:* 1:{\"c\":3}"},
    {"numbers in a list", "[1,2,\"3]\",{\"c\":3},4]\n{\"d\":4}", "1:* 1:{\"c\":3} 2:{\"d\":4}"},
    {"list cut short", "{\"data\":[{\"a\":1},{\"b\":2}", "1:{\"a\":1} 1:{\"b\":2} 1:*"},
    {"value cut short", "{\"data\":[{\"a\":1},{\"b\":", "1:{\"a\":1} 1:*"},
    {"document cut short", "{\"data\":[{\"a\":1}]", "1:{\"a\":1} 1:*"},
    {"documents cut short", "{\"data\":[{\"a\":1}\n{\"data\":[{\"b\":2}]\n{\"data\":[{\"c\":3}]}\n",
     "1:{\"a\":1} 2:* 2:{\"b\":2} 3:{\"c\":3}"},
    {"pretty, brackets closed", "[\n  {\n    \"a\": [,],\n  },\n  {\n    \"b\": 2\n  }\n]\n",
     "2:* 5:{\n    \"b\": 2\n  }"},
    {"pretty, bracket missing",
     "[\n  {\n    \"z\": 1\n  },\n  {\n    \"a\": [\n      1\n  },\n  {\n    \"b\": 2\n  }\n]\n",
     "2:{\n    \"z\": 1\n  } 5:* 9:{\n    \"b\": 2\n  }"},
    {"pretty, string open",
     "{\n  \"data\": [\n    {\n      \"a\": \"x,\n      \"b\": [{\n      }]\n    },\n    {\n      "
     "\"b\": "
     "2\n    }\n  ]\n}\n",
     "3:* 8:{\n      \"b\": 2\n    }"},
    {"pretty values, one cut short", "{\n  \"a\": 1\n}\n{\n  \"b\": [\n{\n  \"c\": 3\n}\n",
     "1:{\n  \"a\": 1\n} 4:* 6:{\n  \"c\": 3\n}"},
    {"lines, then pretty", "{\"a\":1}\n{\n  \"b\": 2\n}\n", "1:{\"a\":1} 2:{\n  \"b\": 2\n}"},
};

static void check(const struct example *examples, size_t count)
{
    static const size_t steps[] = {1, 2, 7, 100000};
    for (size_t i = 0; i < count * 4; i++) {
        const struct example *e = &examples[i / 4];
        struct dh_buf out;
        dh_buf_init(&out, 100000);
        cut(dh_str(e->input), steps[i % 4], 1000, DH_OK, &out);
        dh_buf_char(&out, '\0');
        if (strcmp(out.ptr, e->expected) != 0)
            fail_msg("%s (in steps of %zu):\n%s\ninstead of\n%s", e->name, steps[i % 4], out.ptr,
                     e->expected);
        dh_buf_release(&out);
    }
}

static void test_good(void **state)
{
    (void)state;
    check(good, sizeof(good) / sizeof(good[0]));
}

static void test_broken(void **state)
{
    (void)state;
    check(broken, sizeof(broken) / sizeof(broken[0]));
}

/* A source that fails: the values before are given, the one cut in two is not told of twice. */
static void test_damage(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"at once", "", "!1"},
        {"between values", "{\"a\":1}\n", "1:{\"a\":1} !2"},
        {"in a value", "{\"a\":1}\n{\"b\":[", "1:{\"a\":1} !2"},
        {"in a list", "{\"data\":[{\"a\":1},", "1:{\"a\":1} !1"},
        {"in a pretty value", "{\n  \"a\": 1,\n  \"b", "!1"},
        {"behind a broken line", "{\"a\":1}\n{\"b\":[\n{\"c\":1}\n{\"d",
         "1:{\"a\":1} 2:* 3:{\"c\":1} !4"},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct dh_buf out;
        dh_buf_init(&out, 100000);
        cut(dh_str(examples[i].input), 3, 1000, DH_CORRUPT, &out);
        dh_buf_char(&out, '\0');
        assert_string_equal(out.ptr, examples[i].expected);
        dh_buf_release(&out);
    }
}

/* Values beyond the limit are passed over whole; the memory stays small. */
static void test_too_long(void **state)
{
    (void)state;
    enum { MAX = 200000, LONG = 1000000 };
    struct dh_buf input, out;
    dh_buf_init(&input, 10 * LONG);
    dh_buf_init(&out, LONG);
    dh_buf_text(&input, "{\"a\":1}\n{\"long\":\"");
    for (int i = 0; i < LONG; i++)
        dh_buf_char(&input, 'x');
    dh_buf_text(&input, "\"}\n[{\"b\":2},{\"long\":[");
    for (int i = 0; i < LONG; i++)
        dh_buf_text(&input, "1,");
    dh_buf_text(&input, "1]},{\"c\":3}]\n{\n  \"long\": [\n");
    for (int i = 0; i < LONG; i++)
        dh_buf_text(&input, "1,\n");
    dh_buf_text(&input, "  1]\n}\n{\n  \"d\": 4\n}\n");
    cut(dh_buf_view(&input), 4096, MAX, DH_OK, &out);
    dh_buf_char(&out, '\0');
    assert_string_equal(out.ptr,
                        "1:{\"a\":1} 2:* 3:{\"b\":2} 3:* 3:{\"c\":3} 4:* 1000008:{\n  \"d\": 4\n}");
    dh_buf_release(&input);
    dh_buf_release(&out);
}

static uint64_t random_below(uint64_t *state, uint64_t bound)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state % bound;
}

/* A line that is whole, or one damaged somewhere. */
static void add_line(struct dh_buf *out, uint64_t *seed, int number, bool whole)
{
    static const char bits[] = "{}[]\",:\\x1 ";
    char line[128];
    int len =
        snprintf(line, sizeof(line),
                 "{\"doi\":\"10.5072/%d\",\"titles\":[{\"title\":\"T, \\\"%d\\\"\"}],\"n\":{}}",
                 number, number);
    size_t at = random_below(seed, (uint64_t)len), kind = whole ? 3 : random_below(seed, 3);
    dh_buf_add(out, line, kind == 3 ? (size_t)len : at);
    if (kind == 1)
        dh_buf_char(out, bits[random_below(seed, sizeof(bits) - 1)]);
    if (kind == 1 || kind == 2)
        dh_buf_add(out, line + at + 1, (size_t)len - at - 1);
    dh_buf_char(out, '\n');
}

/* Wherever lines are damaged: every line that is whole comes out as it is. */
static void test_good_lines_survive(void **state)
{
    (void)state;
    enum { RUNS = 2000, LINES = 20 };
    uint64_t seed = 20240807;
    struct dh_buf input, out;
    dh_buf_init(&input, 100000);
    dh_buf_init(&out, 1000000);
    for (int run = 0; run < RUNS; run++) {
        bool whole[LINES];
        dh_buf_clear(&input);
        dh_buf_clear(&out);
        for (int i = 0; i < LINES; i++) {
            whole[i] = i == 0 || random_below(&seed, 2);
            add_line(&input, &seed, i, whole[i]);
        }
        cut(dh_buf_view(&input), 1000, 10000, DH_OK, &out);
        dh_buf_char(&out, '\0');
        for (int i = 0; i < LINES; i++) {
            char wanted[48];
            snprintf(wanted, sizeof(wanted), "%d:{\"doi\":\"10.5072/%d\",", i + 1, i);
            if (whole[i] && !strstr(out.ptr, wanted))
                fail_msg("line %d is lost in\n%.*s", i + 1, (int)input.len, input.ptr);
        }
    }
    dh_buf_release(&input);
    dh_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_good_lines_survive),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
