/* Imports: every shape of input, broken lines, strict, repetition, accounts. */
#include "fixture.h"

enum { GOOD = 1000 };

/* ---- broken lines --------------------------------------------------------------------------- */

#define DEEP_16  "[[[[[[[[[[[[[[[["
#define DEEP_64  DEEP_16 DEEP_16 DEEP_16 DEEP_16
#define CLOSE_16 "]]]]]]]]]]]]]]]]"
#define CLOSE_64 CLOSE_16 CLOSE_16 CLOSE_16 CLOSE_16
#define LINE(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct {
    const char *name;
    struct dh_str line;
} broken[] = {
    {"object cut short", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"a\"")},
    {"key cut short", LINE("{\"doi\":\"10.5072/x\",\"tit")},
    {"string not closed", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"a}]}")},
    {"invalid UTF-8", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"a\xff\"}]}")},
    {"UTF-8 cut short", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"a\xe2\x82\"}]}")},
    {"NUL byte", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"a\0b\"}]}")},
    {"NUL bytes alone", LINE("\0\0\0\0")},
    {"no DOI", LINE("{\"titles\":[{\"title\":\"a\"}]}")},
    {"what is no DOI", LINE("{\"doi\":\"hello\",\"titles\":[{\"title\":\"a\"}]}")},
    {"DOI that is a number", LINE("{\"doi\":10.5072,\"titles\":[{\"title\":\"a\"}]}")},
    {"creators of the wrong type", LINE("{\"doi\":\"10.5072/x\",\"creators\":true}")},
    {"nested too deep", LINE("{\"doi\":\"10.5072/x\",\"container\":" DEEP_64 CLOSE_64 "}")},
    {"bare words", LINE("this is not JSON")},
    {"a line of CSV", LINE("10.5072/x,findable,exmpl.archive,2020-01-01")},
    {"comma twice", LINE("{\"doi\":\"10.5072/x\",,\"titles\":[]}")},
    {"comma missing", LINE("{\"doi\":\"10.5072/x\" \"titles\":[]}")},
    {"colon missing", LINE("{\"doi\" \"10.5072/x\"}")},
    {"wrong bracket", LINE("{\"doi\":\"10.5072/x\",\"titles\":[}")},
    {"bad escape", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"\\x41\"}]}")},
    {"bad Unicode escape", LINE("{\"doi\":\"10.5072/x\",\"titles\":[{\"title\":\"\\u12G4\"}]}")},
    {"bad literal", LINE("{\"doi\":\"10.5072/x\",\"isActive\":tru}")},
    {"bad number", LINE("{\"doi\":\"10.5072/x\",\"publicationYear\":20-20}")},
    {"single quotes", LINE("{'doi':'10.5072/x'}")},
    {"a list cut short", LINE("[1,2")},
    {"a number", LINE("42")},
    {"a word", LINE("true")},
    {"a string", LINE("\"10.5072/x\"")},
    {"null", LINE("null")},
    {"an empty object", LINE("{}")},
    {"an error document", LINE("{\"errors\":[{\"status\":\"404\",\"title\":\"Not here.\"}]}")},
    {"a prefix that is none", LINE("{\"id\":\"abc\",\"type\":\"prefixes\",\"attributes\":{}}")},
    {"an account without a name", LINE("{\"type\":\"clients\",\"attributes\":{\"year\":2019}}")},
};
enum { BROKEN = sizeof(broken) / sizeof(broken[0]) };

/* Checks that each broken line was reported, once, with its line. */
static void check_reports(struct fixture *fix, const uint64_t *lines, const uint64_t *starts)
{
    for (size_t i = 0; i < BROKEN; i++) {
        uint64_t line = i < fix->report_count ? fix->reports[i].line : 0;
        if (line != lines[i])
            fail_msg("%s: report %zu is of line %d instead of %d: %s", broken[i].name, i, (int)line,
                     (int)lines[i], fix->reports[i].text);
        if (fix->reports[i].code == DH_OK)
            fail_msg("%s: mended: %s", broken[i].name, fix->reports[i].text);
        assert_true(fix->reports[i].byte >= starts[i]);
        assert_true(fix->reports[i].byte <= starts[i] + broken[i].line.len + 1); /* CR */
    }
    assert_int_equal(fix->report_count, BROKEN);
    assert_int_equal(fix->result.bad, BROKEN);
}

static void test_broken_lines_among_good(void **state)
{
    struct fixture *fix = *state;
    uint64_t lines[BROKEN], starts[BROKEN], line = 0;
    size_t next = 0;
    for (int i = 0; i < GOOD; i++) {
        add_record(&fix->input, i, "Title");
        dh_buf_char(&fix->input, '\n');
        line++;
        if (i % 30 != 29 || next == BROKEN)
            continue;
        starts[next] = fix->input.len;
        lines[next] = ++line;
        dh_buf_str(&fix->input, broken[next++].line);
        dh_buf_char(&fix->input, '\n');
    }
    assert_int_equal(next, BROKEN);
    import_input(fix);
    check_reports(fix, lines, starts);
    assert_int_equal(fix->result.records, GOOD);
    assert_int_equal(fix->result.created, GOOD);
    assert_int_equal(stats_of(fix).records, GOOD);
}

/* One after the other, and as the first lines of the file: no good line so far tells the layout. */
static void test_broken_lines_in_a_row(void **state)
{
    struct fixture *fix = *state;
    uint64_t lines[BROKEN], starts[BROKEN];
    for (size_t i = 0; i < BROKEN; i++) {
        starts[i] = fix->input.len;
        lines[i] = i + 1;
        dh_buf_str(&fix->input, broken[i].line);
        dh_buf_text(&fix->input, "\r\n");
    }
    add_record(&fix->input, 1, "Title");
    import_input(fix);
    check_reports(fix, lines, starts);
    assert_int_equal(stats_of(fix).records, 1);
}

/* ---- shapes --------------------------------------------------------------------------------- */

static void test_shapes(void **state)
{
    static const struct {
        const char *name, *text;
        unsigned records, bad;
    } shapes[] = {
        {"nothing", "", 0, 0},
        {"bare attributes", "{\"doi\":\"10.5072/A\",\"titles\":[{\"title\":\"x\"}]}\n", 1, 0},
        {"single document",
         "{\"data\":{\"id\":\"10.5072/b\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/"
         "b\"}}}",
         1, 0},
        {"list page",
         "{\"data\":[{\"id\":\"10.5072/c\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/"
         "c\"}},{\"id\":\"10.5072/d\",\"type\":\"dois\",\"attributes\":{\"doi\":\"10.5072/"
         "d\"}}],\"meta\":{\"total\":2},\"links\":{\"self\":\"x\"}}",
         2, 0},
        {"pages", "{\"data\":[{\"doi\":\"10.5072/e\"}]}\n{\"data\":[{\"doi\":\"10.5072/f\"}]}\n", 2,
         0},
        {"array", "[{\"doi\":\"10.5072/g\"},\n {\"doi\":\"10.5072/h\"}]", 2, 0},
        {"DataCite JSON",
         "{\n  \"id\": \"https://doi.org/10.5072/i\",\n  \"doi\": \"10.5072/I\",\n  \"titles\": "
         "[\n    {\n      \"title\": \"x\"\n    }\n  ]\n}\n",
         1, 0},
        {"byte order mark, CRLF",
         "\xef\xbb\xbf{\"doi\":\"10.5072/j\"}\r\n\r\n{\"doi\":\"10.5072/k\"}\r\n", 2, 0},
        {"concatenated", "{\"doi\":\"10.5072/l\"}{\"doi\":\"10.5072/m\"} [{\"doi\":\"10.5072/n\"}]",
         3, 0},
        {"list cut short", "{\"data\":[{\"doi\":\"10.5072/o\"},{\"doi\":\"10.50", 1, 1},
        {"lone surrogate, NUL escape",
         "{\"doi\":\"10.5072/p\",\"titles\":[{\"title\":\"a\\ud800b\\u0000\"}]}", 1, 0},
        {"odd shapes",
         "{\"doi\":\"10.5072/q\",\"titles\":{\"title\":\"x\"},\"publicationYear\":\"2020\"}", 1, 0},
        {"media",
         "{\"data\":[],\"included\":[{\"id\":\"x\",\"type\":\"media\",\"attributes\":{}}]}", 0, 0},
    };
    struct fixture *fix = *state;
    unsigned total = 0;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        dh_buf_text(&fix->input, shapes[i].text);
        import_input(fix);
        if (fix->result.created != shapes[i].records || fix->result.bad != shapes[i].bad)
            fail_msg("%s: %d created, %d bad: %s", shapes[i].name, (int)fix->result.created,
                     (int)fix->result.bad, fix->report_count ? fix->reports[0].text : "");
        total += shapes[i].records;
    }
    assert_int_equal(stats_of(fix).records, total);
}

/* A page whose elements take many lines; a broken one in the middle costs itself alone. */
static void test_pretty_page(void **state)
{
    struct fixture *fix = *state;
    dh_buf_text(&fix->input, "{\n  \"data\": [\n");
    for (int i = 0; i < 50; i++)
        dh_buf_printf(&fix->input,
                      "    {\n      \"doi\": \"10.5072/%d\",\n      \"titles\": [\n        {\n"
                      "          \"title\": \"x\"\n        }\n      %s\n    }%s\n",
                      i, i == 25 ? "" : "]", i == 49 ? "" : ",");
    dh_buf_text(&fix->input, "  ],\n  \"meta\": {\n    \"total\": 50\n  }\n}\n");
    import_input(fix);
    assert_int_equal(fix->result.created, 49);
    assert_int_equal(fix->result.bad, 1);
    assert_int_equal(fix->reports[0].line, 3 + 25 * 8);
    assert_true(stored(fix, "10.5072/24", "") && stored(fix, "10.5072/26", ""));
}

/* ---- what it does to the store -------------------------------------------------------------- */

static void test_again_and_changed(void **state)
{
    struct fixture *fix = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            add_record(&fix->input, i, round == 2 && i < 30 ? "Changed" : "Title");
            dh_buf_char(&fix->input, '\n');
        }
        import_input(fix);
        assert_int_equal(fix->result.records, 100);
        assert_int_equal(fix->result.created, round == 0 ? 100 : 0);
        assert_int_equal(fix->result.updated, round == 2 ? 30 : 0);
        assert_int_equal(fix->result.unchanged, round == 0 ? 0 : round == 1 ? 100 : 70);
        assert_int_equal(fix->result.touched, 0);
    }
    assert_int_equal(stats_of(fix).records, 100);
    assert_int_equal(stats_of(fix).activities, 130);
    assert_true(stored(fix, "10.5072/r-3", "Changed 3") && stored(fix, "10.5072/r-33", "Title 33"));
}

/* The same DOI twice in one file: the later one wins, as the writer keeps the order. */
static void test_order(void **state)
{
    struct fixture *fix = *state;
    for (int i = 0; i < 2000; i++) {
        add_record(&fix->input, 1, i % 2 ? "Odd" : i == 1998 ? "Last but one" : "Even");
        dh_buf_char(&fix->input, '\n');
    }
    add_record(&fix->input, 1, "Last");
    import_input(fix);
    assert_int_equal(fix->result.records, 2001);
    assert_int_equal(fix->result.created, 1);
    assert_true(stored(fix, "10.5072/r-1", "Last 1"));
}

static void test_strict(void **state)
{
    struct fixture *fix = *state;
    for (int i = 0; i < 500; i++) {
        add_record(&fix->input, i, "Title");
        dh_buf_text(&fix->input, i == 400 ? "}\n" : "\n");
    }
    assert_int_equal(import_text(fix, dh_buf_view(&fix->input), true), DH_INVALID);
    assert_non_null(strstr(fix->err.text, "line 401"));
    assert_int_equal(fix->report_count, 1);
    assert_int_equal(fix->result.bad, 1);
    assert_int_equal(fix->result.records + fix->result.created, 0);
    assert_int_equal(stats_of(fix).records, 0);
    /* And the store is free again. */
    import_input(fix);
    assert_int_equal(fix->result.created, 500);
    assert_int_equal(fix->result.bad, 1);
}

static void test_strict_well(void **state)
{
    struct fixture *fix = *state;
    add_record(&fix->input, 1, "Title");
    assert_int_equal(import_text(fix, dh_buf_view(&fix->input), true), DH_OK);
    assert_int_equal(stats_of(fix).records, 1);
}

static void check_account(struct fixture *fix)
{
    struct dh_reader *reader;
    const struct dh_directory *directory;
    assert_int_equal(dh_reader_open(fix->store, &reader, &fix->err), DH_OK);
    assert_int_equal(dh_store_directory(reader, &directory, &fix->err), DH_OK);
    assert_int_equal(directory->client_count, 1);
    assert_true(dh_str_equal(directory->clients[0].symbol, DH_STR("exmpl.archive")));
    assert_true(dh_str_equal(directory->clients[0].name, DH_STR("Example Data Archive")));
    assert_false(directory->clients[0].stub);
    dh_directory_release(directory);
    dh_reader_close(reader);
}

/* `included` before and behind `data`: the account is never left a stub. */
static void test_included(void **state)
{
    struct fixture *fix = *state;
    for (int first = 0; first < 2; first++) {
        dh_buf_char(&fix->input, '{');
        for (int part = 0; part < 2; part++) {
            bool included = part == first;
            dh_buf_text(&fix->input, included ? "\"included\":[" : "\"data\":[");
            if (included)
                add_client(&fix->input);
            else
                add_record(&fix->input, first, "Title");
            dh_buf_text(&fix->input, part ? "]}" : "],");
        }
        import_input(fix);
        assert_int_equal(fix->result.created, 1);
        assert_int_equal(fix->result.accounts, first == 0);
        check_account(fix);
    }
}

static void test_accounts(void **state)
{
    struct fixture *fix = *state;
    dh_buf_text(&fix->input, "{\"data\":[");
    add_client(&fix->input);
    dh_buf_text(&fix->input,
                ",{\"id\":\"exmpl\",\"type\":\"providers\",\"attributes\":{\"name\":\"Example\","
                "\"displayName\":\"Example Institute\",\"symbol\":\"EXMPL\",\"created\":"
                "\"2018-01-01T00:00:00.000Z\",\"updated\":\"2018-01-01T00:00:00.000Z\"},"
                "\"relationships\":{}},"
                "{\"id\":\"10.82433\",\"type\":\"prefixes\",\"attributes\":{\"prefix\":"
                "\"10.82433\",\"createdAt\":\"2018-01-01T00:00:00Z\"}}]}");
    import_input(fix);
    assert_int_equal(fix->result.bad, 0);
    assert_int_equal(fix->result.accounts, 3);
    check_account(fix);
    assert_int_equal(stats_of(fix).providers, 1);
    assert_int_equal(stats_of(fix).prefixes, 2);
}

static void test_repairs_are_told(void **state)
{
    struct fixture *fix = *state;
    dh_buf_text(&fix->input, "\n{\"doi\":\"10.5072/q\",\"titles\":{\"title\":\"x\"},"
                             "\"publicationYear\":\"2020\"}");
    import_input(fix);
    assert_int_equal(fix->result.repaired, 1);
    assert_int_equal(fix->report_count, 1);
    assert_int_equal(fix->reports[0].code, DH_OK);
    assert_int_equal(fix->reports[0].line, 2);
    assert_true(fix->reports[0].text[0] != '\0');
}

static void test_progress(void **state)
{
    struct fixture *fix = *state;
    for (int i = 0; i < 3000; i++)
        add_record(&fix->input, i, "Title");
    uint64_t len = fix->input.len;
    import_input(fix);
    assert_true(fix->progress_count >= 1);
    assert_int_equal(fix->progress.bytes, len);
    assert_int_equal(fix->progress.total_bytes, len);
    assert_int_equal(fix->progress.records, 3000);
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_broken_lines_among_good),
        IN_STORE(test_broken_lines_in_a_row),
        IN_STORE(test_shapes),
        IN_STORE(test_pretty_page),
        IN_STORE(test_again_and_changed),
        IN_STORE(test_order),
        IN_STORE(test_strict),
        IN_STORE(test_strict_well),
        IN_STORE(test_included),
        IN_STORE(test_accounts),
        IN_STORE(test_repairs_are_told),
        IN_STORE(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
