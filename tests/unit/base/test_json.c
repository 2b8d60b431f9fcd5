/* JSON: strict parsing, numbers that keep their text, writing for the wire. */
#include "test.h"

static enum dh_status parse(const char *text, struct json_object **out, struct dh_err *err)
{
    return dh_json_parse(dh_str(text), out, err);
}

static void assert_written(const char *text, unsigned flags, const char *expected)
{
    struct json_object *value;
    struct dh_err err;
    struct dh_buf out;
    dh_buf_init(&out, 1 << 20);
    assert_int_equal(parse(text, &value, &err), DH_OK);
    dh_json_write(&out, value, flags);
    assert_str(dh_buf_view(&out), expected);
    dh_buf_release(&out);
    json_object_put(value);
}

static void numbers_keep_their_text(void **state)
{
    (void)state;
    assert_written("[60.6,1.0,1e400,-0,9223372036854775807]", DH_JSON_PLAIN,
                   "[60.6,1.0,1e400,0,9223372036854775807]");
    assert_written("{\"n\":123456789012345678901234567890}", DH_JSON_PLAIN,
                   "{\"n\":123456789012345678901234567890e0}");
    assert_written("-44444444444444444444444444443", DH_JSON_PLAIN,
                   "-44444444444444444444444444443e0");
    assert_written("[\"1234567890123456789012345\",1]", DH_JSON_PLAIN,
                   "[\"1234567890123456789012345\",1]");
    assert_written("[\"a\\\"12345678901234567890\",0.12345678901234567890123]", DH_JSON_PLAIN,
                   "[\"a\\\"12345678901234567890\",0.12345678901234567890123]");
}

/* An integer beyond 64 bits behind the document makes json-c's own reader take all of it. */
static void compare_readers(const char *document)
{
    struct json_object *plain, *other;
    struct dh_buf text, written[2];
    dh_buf_init(&text, 1 << 20);
    dh_buf_init(&written[0], 1 << 20);
    dh_buf_init(&written[1], 1 << 20);
    dh_buf_printf(&text, "[%s]", document);
    bool read = dh_json_parse(dh_buf_view(&text), &plain, NULL) == DH_OK;
    dh_buf_clear(&text);
    dh_buf_printf(&text, "[%s,99999999999999999999]", document);
    bool other_read = dh_json_parse(dh_buf_view(&text), &other, NULL) == DH_OK;
    if (read != other_read)
        fail_msg("%s: read by one alone", document);
    if (read) {
        dh_json_write(&written[0], json_object_array_get_idx(plain, 0), DH_JSON_PLAIN);
        dh_json_write(&written[1], json_object_array_get_idx(other, 0), DH_JSON_PLAIN);
        assert_true(dh_str_equal(dh_buf_view(&written[0]), dh_buf_view(&written[1])));
        json_object_put(plain);
        json_object_put(other);
    }
    dh_buf_release(&text);
    dh_buf_release(&written[0]);
    dh_buf_release(&written[1]);
}

static const char *const documents[] = {
    "{}",
    "[ [ ] , { } ]",
    " { \"a\" : 1 , \"b\" : [ true , false , null ] }\n",
    "{\"a\":1,\"b\":2,\"a\":{\"c\":[3]}}",
    "{\"a\":[1],\"a\":null}",
    "{\"\":\"\",\"a\\u0000b\":1,\"a\\u0000c\":2,\"a\":3}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\u0000x\"",
    "\"\\ud83d\\ude00 \\ud83d \\ude00 \\ud83dx \\u12g4 \\u12\"",
    "\"\\x\"",
    "\"a plain text, longer than a word of the machine: \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "\"a tab\there and a line\nthere\"",
    ("[0,-0,1,-1,12,999999999999999999,-999999999999999999,9223372036854775807,-"
     "9223372036854775808]"),
    "[0.0,-0.0,1.5,-1.50,1e5,1E-5,1.25e+10,1e400,1e-400,0e0]",
    "[01,-01,1.,.5,+1,1e,1e+,-,0x10,1_0,1 2]",
    "[007.5]",
    "[1.]",
    "[.5]",
    "[1,]",
    "[,1]",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{a:1}",
    "{'a':1}",
    "[tru]",
    "[True,NULL]",
    "[NaN]",
    "[nullx]",
    "/* c */ 1",
    "1 // c",
    "\"open",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "0.1234567890123456789012345678901234567890123456789012345678901234567890",
    "\v1",
    "\f1",
};

static void both_readers_read_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
        compare_readers(documents[i]);
}

/* Documents with a byte or two exchanged for one that means something. */
static void both_readers_read_damage_alike(void **state)
{
    (void)state;
    static const char bytes[] = "{}[]\",:\\u0019-+.eEtfn \n\t/x\x7f\x1f";
    uint64_t random = 88172645463325252u;
    for (size_t i = 0; i < 60000; i++) {
        char text[256];
        const char *from = documents[i % (sizeof(documents) / sizeof(documents[0]))];
        size_t len = strlen(from);
        assert_true(len < sizeof(text));
        memcpy(text, from, len + 1);
        for (int k = 0; k < 2; k++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text[random % len] = bytes[(random >> 32) % (sizeof(bytes) - 1)];
        }
        if (!dh_str_blank(dh_str(text)))
            compare_readers(text);
    }
}

static void odd_numbers_are_written_as_json(void **state)
{
    (void)state;
    assert_written("[1.,-.5,1.e5,-01.5,-007.,0.0,-0.0,-.0e-1,10.50]", DH_JSON_PLAIN,
                   "[1.0,-0.5,1.0e5,-1.5,-7.0,0.0,-0.0,-0.0e-1,10.50]");
}

static void places_of_faults_lie_in_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t place;
    } rows[] = {
        {"[123456789012345678901,x]", 23},
        {"[123456789012345678901,99999999999999999999,1,x]", 46},
        {"[123456789012345678901,99999999999999999999", 43},
        {"[x,123456789012345678901]", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *value;
        struct dh_err err = {0};
        assert_int_equal(parse(rows[i].text, &value, &err), DH_INVALID);
        assert_int_equal(err.pos, rows[i].place);
    }
}

static void writing_escapes(void **state)
{
    (void)state;
    assert_written("\"<a & b>/\\u2028\"", DH_JSON_HTML,
                   "\"\\u003ca \\u0026 b\\u003e/\xe2\x80\xa8\"");
    assert_written("\"<\\n\\t\\u0001\\\"\\\\\"", DH_JSON_PLAIN, "\"<\\n\\t\\u0001\\\"\\\\\"");
    assert_written("\"a\\u0000b\"", DH_JSON_PLAIN, "\"a\\u0000b\"");
}

static void writing_sorts_by_length(void **state)
{
    (void)state;
    assert_written("{\"nameType\":1,\"name\":{\"b\":1,\"a\":2},\"ris\":null}", DH_JSON_SORT,
                   "{\"ris\":null,\"name\":{\"a\":2,\"b\":1},\"nameType\":1}");
    assert_written("{\"b\":[],\"a\":{}}", DH_JSON_PLAIN, "{\"b\":[],\"a\":{}}");
}

static void bad_json_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum dh_status status;
        size_t pos;
    } cases[] = {
        {"", DH_INVALID, 0},
        {"  ", DH_INVALID, 2},
        {"{\"a\":", DH_INVALID, 5},
        {"{\"a\":1}x", DH_INVALID, 7},
        {"[1,]", DH_INVALID, 3},
        {"{\"a\" 1}", DH_INVALID, 5},
        {"\"\xff\"", DH_INVALID, 1},
        {"[NaN]", DH_INVALID, 1},
        {"[\"N\",-Infinity]", DH_INVALID, 6},
        {"{\"NaN\":1,}", DH_INVALID, 9},
        {"nul", DH_INVALID, 3},
        {"'a'", DH_INVALID, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct json_object *value;
        struct dh_err err;
        assert_int_equal(parse(cases[i].text, &value, &err), cases[i].status);
        assert_null(value);
        if (err.pos != cases[i].pos)
            fail_msg("%s: at %zu, not %zu", cases[i].text, err.pos, cases[i].pos);
        assert_true(err.text[0] != '\0');
    }
}

static void nesting_is_bounded(void **state)
{
    char text[400];
    struct json_object *value;
    struct dh_err err;
    (void)state;
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    assert_int_equal(dh_json_parse((struct dh_str){text, 400}, &value, &err), DH_LIMIT);
    assert_null(value);
}

static void nul_bytes_are_refused(void **state)
{
    struct json_object *value;
    struct dh_err err;
    (void)state;
    assert_int_equal(dh_json_parse(DH_STR("[1\0]"), &value, &err), DH_INVALID);
    assert_int_equal(err.pos, 2);
}

static void equality_ignores_member_order(void **state)
{
    struct json_object *a, *b, *c;
    struct dh_err err;
    (void)state;
    assert_int_equal(parse("{\"a\":[1,2.0],\"b\":null}", &a, &err), DH_OK);
    assert_int_equal(parse("{\"b\":null,\"a\":[1.0,2]}", &b, &err), DH_OK);
    assert_int_equal(parse("{\"b\":null,\"a\":[2,1]}", &c, &err), DH_OK);
    assert_true(dh_json_equal(a, b));
    assert_false(dh_json_equal(a, c));
    json_object_put(a);
    json_object_put(b);
    json_object_put(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_text),
        cmocka_unit_test(both_readers_read_alike),
        cmocka_unit_test(both_readers_read_damage_alike),
        cmocka_unit_test(odd_numbers_are_written_as_json),
        cmocka_unit_test(places_of_faults_lie_in_the_text),
        cmocka_unit_test(writing_escapes),
        cmocka_unit_test(writing_sorts_by_length),
        cmocka_unit_test(bad_json_is_refused_with_its_place),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(nul_bytes_are_refused),
        cmocka_unit_test(equality_ignores_member_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
