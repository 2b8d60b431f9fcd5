/* Trees of every kind tried on one small document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/match.h"
#include "query/values.h"
#include "query/words.h"

/* The document: the attributes of a client by their paths; `asked` counts per call. */
struct document {
    struct json_object *tree;
    size_t asked;
};

static enum dh_status give(void *context, enum dh_source source, struct dh_str **values,
                           size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    struct document *document = context;
    document->asked++;
    if (dh_sources[source].home == DH_HOME_NOWHERE)
        return dh_fail(err, DH_IO, "the disk is gone");
    return dh_values_of(document->tree, dh_sources[source].path, dh_sources[source].type, values,
                        count, arena, err);
}

static const char text[] =
    "{\"name\":[\"The old harbour bridge of the old town\",\"bridge next harbour\",\"\"],"
    "\"description\":null,\"symbol\":[\"ABC\",\"D E\"],\"year\":2016,\"language\":[],"
    "\"alternateName\":\"Caf\\u00e9\",\"@created\":\"2016-05-01\"}";

static const struct dh_field name = {
    {"name", 4}, DH_INDEX_TEXT, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_NAME}, 1};
static const struct dh_field description = {
    {"description", 11}, DH_INDEX_TEXT, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_DESCRIPTION}, 1};
static const struct dh_field both = {{"both", 4},
                                     DH_INDEX_TEXT,
                                     DH_HOME_CLIENT,
                                     {DH_SOURCE_CLIENT_DESCRIPTION, DH_SOURCE_CLIENT_NAME},
                                     2};
static const struct dh_field symbol = {
    {"symbol", 6}, DH_INDEX_KEYWORD, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_SYMBOL}, 1};
static const struct dh_field language = {
    {"language", 8}, DH_INDEX_KEYWORD, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_LANGUAGE}, 1};
static const struct dh_field raw = {
    {"raw", 3}, DH_INDEX_FOLDED, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_ALTERNATE_NAME_FOLDED}, 1};
static const struct dh_field year = {
    {"year", 4}, DH_INDEX_INTEGER, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_YEAR}, 1};
static const struct dh_field created = {
    {"created", 7}, DH_INDEX_DATE, DH_HOME_CLIENT, {DH_SOURCE_CLIENT_CREATED}, 1};
static const struct dh_field broken = {{"broken", 6}, DH_INDEX_TEXT, DH_HOME_NOWHERE, {0}, 1};

/* Tries a tree; -1 when it does not match, else the score. */
static double score_of(const struct dh_node *root, size_t *asked)
{
    struct document document = {0};
    struct dh_arena arena;
    struct dh_matcher *matcher;
    struct dh_err err;
    bool matches;
    double score = -2, again;
    dh_arena_init(&arena, 1 << 24);
    assert_int_equal(dh_json_parse(dh_str(text), &document.tree, NULL), DH_OK);
    assert_int_equal(dh_matcher_make(root, &matcher, &arena, &err), DH_OK);
    size_t used = arena.used;
    assert_int_equal(dh_matcher_try(matcher, give, &document, &matches, &score, &err), DH_OK);
    assert_int_equal(arena.used, used); /* nothing stays behind */
    if (asked)
        *asked = document.asked;
    bool first = matches;
    assert_int_equal(dh_matcher_try(matcher, give, &document, &matches, &again, &err), DH_OK);
    assert_int_equal(matches, first); /* nor does anything carry over */
    assert_true(again == score);
    json_object_put(document.tree);
    dh_arena_release(&arena);
    return matches ? score : -1;
}

static bool found(struct dh_node node)
{
    node.boost = 1;
    return score_of(&node, NULL) >= 0;
}

static struct dh_node leaf(enum dh_node_kind kind, const struct dh_field *field, const char *value)
{
    return (struct dh_node){.kind = kind, .field = field, .value = dh_str(value), .boost = 1};
}

static void test_terms(void **state)
{
    (void)state;
    static const struct {
        enum dh_node_kind kind;
        const struct dh_field *field;
        const char *value;
        unsigned edits;
        bool expected;
    } rows[] = {
        {DH_NODE_ALL, NULL, "", 0, true},
        {DH_NODE_NONE, NULL, "", 0, false},
        {DH_NODE_TERM, &name, "harbour", 0, true},
        {DH_NODE_TERM, &name, "next", 0, true},
        {DH_NODE_TERM, &name, "Harbour", 0, false},
        {DH_NODE_TERM, &name, "harbo", 0, false},
        {DH_NODE_TERM, &both, "town", 0, true},
        {DH_NODE_TERM, &symbol, "D E", 0, true},
        {DH_NODE_TERM, &symbol, "D", 0, false},
        {DH_NODE_TERM, &symbol, "abc", 0, false},
        {DH_NODE_TERM, &raw, "cafe", 0, true},
        {DH_NODE_TERM, &raw, "caf\xc3\xa9", 0, true},
        {DH_NODE_PREFIX, &name, "harb", 0, true},
        {DH_NODE_PREFIX, &name, "arb", 0, false},
        {DH_NODE_PREFIX, &symbol, "D ", 0, true},
        {DH_NODE_GLOB, &name, "h*r", 0, true},
        {DH_NODE_GLOB, &name, "?own", 0, true},
        {DH_NODE_GLOB, &name, "?town", 0, false},
        {DH_NODE_GLOB, &symbol, "A?C", 0, true},
        {DH_NODE_FUZZY, &name, "habrour", 1, true},
        {DH_NODE_FUZZY, &name, "hqrbqur", 1, false},
        {DH_NODE_FUZZY, &name, "hqrbqur", 2, true},
        {DH_NODE_REGEX, &name, "h.*r|x", 0, true},
        {DH_NODE_REGEX, &name, "h.*o", 0, false},
        {DH_NODE_EXISTS, &name, "", 0, true},
        {DH_NODE_EXISTS, &both, "", 0, true},
        {DH_NODE_EXISTS, &description, "", 0, false},
        {DH_NODE_EXISTS, &language, "", 0, false},
        {DH_NODE_EXISTS, &year, "", 0, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_node node = leaf(rows[i].kind, rows[i].field, rows[i].value);
        node.slop = rows[i].edits;
        if (found(node) != rows[i].expected)
            fail_msg("row %zu: %s", i, rows[i].value);
    }
}

static void test_phrases(void **state)
{
    (void)state;
    static const struct {
        const char *words[4];
        uint32_t places[4];
        size_t count;
        unsigned slop;
        bool expected;
    } rows[] = {
        /* the old harbour bridge of the old town | bridge next harbour */
        {{"old", "harbour"}, {0, 1}, 2, 0, true},
        {{"harbour", "old"}, {0, 1}, 2, 0, false},
        {{"harbour", "old"}, {0, 1}, 2, 1, false},
        {{"harbour", "old"}, {0, 1}, 2, 2, true}, /* a swap of neighbours takes two moves */
        {{"the", "harbour"}, {0, 1}, 2, 0, false},
        {{"the", "harbour"}, {0, 1}, 2, 1, true},
        {{"the", "harbour"}, {0, 2}, 2, 0, true}, /* a gap in the phrase itself */
        {{"the", "old", "harbour"}, {0, 1, 2}, 3, 0, true},
        {{"the", "old", "town"}, {0, 1, 2}, 3, 0, true},
        {{"the", "bridge"}, {0, 1}, 2, 1, false},
        {{"the", "bridge"}, {0, 1}, 2, 2, true},
        {{"bridge", "harbour"}, {0, 1}, 2, 1, true}, /* in the second value */
        {{"town", "next"}, {0, 1}, 2, 1, false},     /* from value to value is too far */
        {{"town", "next"}, {0, 1}, 2, 100, false},
        {{"town", "next"}, {0, 1}, 2, 101, true},
        {{"old", "old"}, {0, 1}, 2, 0, false}, /* each takes a place of its own */
        {{"old", "old"}, {0, 1}, 2, 3, false},
        {{"old", "old"}, {0, 1}, 2, 4, true},
        {{"the", "the", "the"}, {0, 1, 2}, 3, 50, false},
        {{"old", "missing"}, {0, 1}, 2, 50, false},
        {{"old"}, {0}, 1, 0, true},
        {{"harbour", "the", "old"}, {0, 1, 2}, 3, 3, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_str words[4];
        struct dh_node node = {.kind = DH_NODE_PHRASE,
                               .field = &name,
                               .words = words,
                               .places = (uint32_t *)rows[i].places,
                               .word_count = rows[i].count,
                               .slop = rows[i].slop};
        for (size_t k = 0; k < rows[i].count; k++)
            words[k] = dh_str(rows[i].words[k]);
        if (found(node) != rows[i].expected)
            fail_msg("row %zu", i);
    }
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct {
        int64_t least, most;
        bool expected;
    } years[] = {{2016, 2016, true},
                 {2017, INT64_MAX, false},
                 {INT64_MIN, 2015, false},
                 {INT64_MIN, INT64_MAX, true}};
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        struct dh_node node = leaf(DH_NODE_RANGE, &year, "");
        node.range = (struct dh_range){.least = years[i].least, .most = years[i].most};
        assert_int_equal(found(node), years[i].expected);
    }
    struct dh_node day = leaf(DH_NODE_RANGE, &created, "");
    day.range = (struct dh_range){.least = dh_time_civil(2016, 1, 1),
                                  .most = dh_time_civil(2017, 1, 1) - 1};
    assert_int_equal(found(day), dh_sources[DH_SOURCE_CLIENT_CREATED].path[0] == '@');
    static const struct {
        const char *low, *high;
        bool low_in, high_in, expected;
    } symbols[] = {{"ABC", "ABC", true, true, true},  {"ABC", "D", false, true, false},
                   {"ABC", "E", false, true, true},   {NULL, "ABC", true, true, true},
                   {NULL, "ABC", true, false, false}, {"E", NULL, true, true, false}};
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        struct dh_node node = leaf(DH_NODE_RANGE, &symbol, "");
        node.range = (struct dh_range){.low = dh_str(symbols[i].low),
                                       .high = dh_str(symbols[i].high),
                                       .low_inclusive = symbols[i].low_in,
                                       .high_inclusive = symbols[i].high_in};
        if (found(node) != symbols[i].expected)
            fail_msg("row %zu", i);
    }
}

/* BOOL and BEST of leaves that match (+) or not (-); `occur` per leaf: m, s, n. */
static void test_joins(void **state)
{
    (void)state;
    static const struct {
        const char *leaves, *occur;
        double expected; /* the i-th leaf has boost i + 1 */
    } rows[] = {
        {"++", "mm", 3},  {"+-", "mm", -1}, {"+-", "ms", 1},    {"-+", "ms", -1},  {"++", "ms", 3},
        {"--", "ss", -1}, {"-+", "ss", 2},  {"++", "ss", 3},    {"+-", "mn", 1},   {"++", "mn", -1},
        {"-", "n", 0},    {"+", "n", -1},   {"--+", "ssn", -1}, {"+--", "ssn", 1}, {"", "", -1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dh_node nodes[3], *list[3] = {&nodes[0], &nodes[1], &nodes[2]};
        size_t count = strlen(rows[i].leaves);
        for (size_t k = 0; k < count; k++) {
            nodes[k] = leaf(DH_NODE_TERM, &name, rows[i].leaves[k] == '+' ? "old" : "new");
            nodes[k].occur = rows[i].occur[k] == 'm'   ? DH_OCCUR_MUST
                             : rows[i].occur[k] == 's' ? DH_OCCUR_SHOULD
                                                       : DH_OCCUR_MUST_NOT;
            nodes[k].boost = (double)k + 1;
        }
        struct dh_node root = {
            .kind = DH_NODE_BOOL, .nodes = list, .node_count = count, .boost = 1};
        if (score_of(&root, NULL) != rows[i].expected)
            fail_msg("row %zu", i);
    }
    struct dh_node a = leaf(DH_NODE_TERM, &name, "old"), b = leaf(DH_NODE_TERM, &both, "town");
    struct dh_node c = leaf(DH_NODE_TERM, &description, "old");
    struct dh_node *list[] = {&c, &b, &a};
    struct dh_node best = {.kind = DH_NODE_BEST, .nodes = list, .node_count = 3, .boost = 2};
    size_t asked;
    c.boost = 9;
    b.boost = 5;
    assert_true(score_of(&best, &asked) == 10);
    assert_int_equal(asked, 2); /* each source is asked once, whoever names it */
    best.node_count = 1;
    assert_true(score_of(&best, NULL) == -1);
}

static void test_failures(void **state)
{
    (void)state;
    struct dh_arena arena;
    struct dh_matcher *matcher;
    struct dh_err err;
    struct document document = {0};
    bool matches;
    double score;
    dh_arena_init(&arena, 1 << 20);
    struct dh_node node = leaf(DH_NODE_TERM, &broken, "x");
    struct dh_node *list[] = {&node};
    struct dh_node root = {.kind = DH_NODE_BOOL, .nodes = list, .node_count = 1, .boost = 1};
    size_t nowhere = 0;
    while (dh_sources[nowhere].home != DH_HOME_NOWHERE)
        nowhere++;
    struct dh_field field = broken;
    field.sources[0] = (enum dh_source)nowhere;
    node.field = &field;
    assert_int_equal(dh_matcher_make(&root, &matcher, &arena, &err), DH_OK);
    assert_int_equal(dh_matcher_try(matcher, give, &document, &matches, &score, &err), DH_IO);
    node = leaf(DH_NODE_REGEX, &name, "(");
    assert_int_equal(dh_matcher_make(&root, &matcher, &arena, &err), DH_INVALID);
    dh_arena_release(&arena);
    dh_arena_init(&arena, 64);
    assert_int_equal(dh_matcher_make(&root, &matcher, &arena, &err), DH_MEMORY);
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),    cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_ranges),   cmocka_unit_test(test_joins),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
