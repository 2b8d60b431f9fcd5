/*
 * The query language by tables: tests/cases/query/<name>.txt. A line is a query, " => " and what
 * comes of it: the tree as dh_node_print writes it, then " ; <byte>: <text>" per warning; or
 * "error <byte>: <sentence>", "limit <byte>: <sentence>", and " | <reason>" when upstream's is
 * another than that it cannot be parsed. "@ providers" and the like change the domain of the lines
 * below. Lines that begin with # and empty ones are passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"
#include "query/query.h"

static const char *const domains[] = {
    [DH_QUERY_DOIS] = "dois",       [DH_QUERY_PROVIDERS] = "providers",
    [DH_QUERY_CLIENTS] = "clients", [DH_QUERY_ACTIVITIES] = "activities",
    [DH_QUERY_EVENTS] = "events",
};

static void write_outcome(enum dh_status status, const struct dh_query *query, struct dh_str why,
                          const struct dh_err *err, struct dh_buf *out)
{
    if (status != DH_OK) {
        dh_buf_printf(out, "%s %zu: %.*s", status == DH_LIMIT ? "limit" : "error", err->pos,
                      DH_STR_ARG(why));
        if (!dh_str_starts(dh_str(err->text), DH_STR("Failed to parse query [")))
            dh_buf_printf(out, " | %s", err->text);
        return;
    }
    dh_node_print(query->root, out);
    for (size_t i = 0; i < query->warning_count; i++)
        dh_buf_printf(out, " ; %zu: %.*s", query->warnings[i].at,
                      DH_STR_ARG(query->warnings[i].text));
}

/* Parses and gives the outcome as the tables have it, in the arena. */
static struct dh_str outcome(enum dh_query_domain domain, struct dh_str text,
                             struct dh_arena *arena)
{
    struct dh_query query;
    struct dh_str why;
    struct dh_err err = {0};
    struct dh_buf buf;
    dh_buf_init(&buf, 1 << 24);
    enum dh_status status = dh_query_parse(domain, text, &query, &why, arena, &err);
    assert_true(status == DH_OK || status == err.code);
    assert_true(status == DH_OK || err.text[0]);
    write_outcome(status, &query, why, &err, &buf);
    struct dh_str out = dh_arena_copy(arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return out;
}

static enum dh_query_domain domain_called(const char *name)
{
    for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
        if (strcmp(domains[i], name) == 0)
            return (enum dh_query_domain)i;
    fail_msg("%s is no domain", name);
    return DH_QUERY_DOIS;
}

/* The last " => " of a line. */
static char *arrow(char *line)
{
    char *found = NULL;
    for (char *at = line; (at = strstr(at, " => ")); at++)
        found = at;
    return found;
}

/* True when the line holds. */
static bool check_line(const char *path, int number, enum dh_query_domain domain, char *line)
{
    struct dh_arena arena;
    char *found = arrow(line);
    if (!found)
        fail_msg("%s:%d: no arrow", path, number);
    *found = '\0';
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_str actual = outcome(domain, dh_str(line), &arena);
    bool same = dh_str_equal(actual, dh_str(found + 4));
    if (!same)
        print_error("%s:%d: %s\n  expected %s\n  got      %.*s\n", path, number, line, found + 4,
                    DH_STR_ARG(actual));
    dh_arena_release(&arena);
    return same;
}

static void check_table(const char *name)
{
    char path[512], *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int number = 0, checked = 0, wrong = 0;
    enum dh_query_domain domain = DH_QUERY_DOIS;
    snprintf(path, sizeof(path), "%s/tests/cases/query/%s.txt", DOIHOUND_SOURCE, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    while ((len = getline(&line, &cap, file)) > 0) {
        number++;
        line[len - 1] = '\0';
        if (!line[0] || line[0] == '#')
            continue;
        if (line[0] == '@') {
            domain = domain_called(line + 2);
            continue;
        }
        wrong += !check_line(path, number, domain, line);
        checked++;
    }
    free(line);
    fclose(file);
    assert_true(checked > 0);
    assert_int_equal(wrong, 0);
}

#define TABLE(name)                                                                                \
    static void table_##name(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        check_table(#name);                                                                        \
    }
TABLE(tokens)
TABLE(clauses)
TABLE(values)
TABLE(numbers)
TABLE(fields)
TABLE(domains)
TABLE(rewriting)
TABLE(errors)

/* ---- what a table cannot show --------------------------------------------------------------- */

struct parsed {
    struct dh_arena arena;
    struct dh_query query;
    struct dh_str why;
    struct dh_err err;
    enum dh_status status;
};

static void parse(struct parsed *p, enum dh_query_domain domain, struct dh_str text)
{
    *p = (struct parsed){.status = DH_OK};
    dh_arena_init(&p->arena, DH_ARENA_MAX);
    p->status = dh_query_parse(domain, text, &p->query, &p->why, &p->arena, &p->err);
}

static void release(struct parsed *p)
{
    dh_arena_release(&p->arena);
}

/* `unit` so often, between `before` and `after`; to be freed. */
static struct dh_str repeat(const char *before, const char *unit, size_t count, const char *after)
{
    struct dh_buf buf;
    dh_buf_init(&buf, 1 << 24);
    dh_buf_text(&buf, before);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(&buf, unit);
    dh_buf_text(&buf, after);
    assert_int_equal(buf.status, DH_OK);
    return dh_buf_view(&buf);
}

static void assert_text(struct dh_str actual, const char *expected)
{
    if (!dh_str_equal(actual, dh_str(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", DH_STR_ARG(actual), expected);
}

static void blank_is_all(void **state)
{
    static const char *const blanks[] = {"", " ", " \t\n ", "\xe3\x80\x80",
                                         "\xc2\xa0 \xe2\x80\xa8"};
    (void)state;
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        struct parsed p;
        parse(&p, DH_QUERY_DOIS, dh_str(blanks[i]));
        assert_int_equal(p.status, DH_OK);
        assert_int_equal(p.query.root->kind, DH_NODE_ALL);
        assert_false(p.query.scored);
        release(&p);
    }
}

static void errors_are_those_of_upstream(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, DH_QUERY_DOIS, DH_STR("title:(foo AND a/b"));
    assert_int_equal(p.status, DH_INVALID);
    assert_int_equal(p.err.code, DH_INVALID);
    assert_string_equal(p.err.text, "Failed to parse query [title:(foo AND a\\/b]");
    assert_string_equal(p.err.field, "");
    assert_int_equal(p.err.pos, 6);
    assert_text(p.query.rewritten, "title:(foo AND a\\/b");
    assert_text(p.query.given, "title:(foo AND a/b");
    assert_null(p.query.root);
    release(&p);
}

static void long_errors_are_cut_to_fit(void **state)
{
    struct parsed p;
    struct dh_str text = repeat("\"a", "\xc3\xa9", 400, "");
    (void)state;
    parse(&p, DH_QUERY_DOIS, text);
    struct dh_str shown = dh_str(p.err.text);
    assert_int_equal(p.status, DH_INVALID);
    assert_true(dh_str_starts(shown, DH_STR("Failed to parse query [\"a\xc3\xa9")));
    assert_true(dh_str_ends(shown, DH_STR("\xc3\xa9...]")));
    assert_true(shown.len > sizeof(p.err.text) - 4);
    release(&p);
    free((char *)text.ptr);
}

static void nothing_but_out_is_needed(void **state)
{
    struct dh_query query;
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    assert_int_equal(dh_query_parse(DH_QUERY_DOIS, DH_STR("a b"), &query, NULL, &arena, NULL),
                     DH_OK);
    assert_int_equal(dh_query_parse(DH_QUERY_DOIS, DH_STR("(a b"), &query, NULL, &arena, NULL),
                     DH_INVALID);
    assert_int_equal(dh_query_parse(DH_QUERY_DOIS, DH_STR("created:x"), &query, NULL, &arena, NULL),
                     DH_INVALID);
    assert_int_equal(dh_query_parse(DH_QUERY_DOIS, DH_STR_NONE, &query, NULL, &arena, NULL), DH_OK);
    dh_arena_release(&arena);
}

static void memory_may_end_anywhere(void **state)
{
    static const char text[] = "a/b (c OR \"d e\"~3) -title:x creators.\\*:q*^2 "
                               "created:[2020 TO *] _exists_:titles AND url:\\u0041x?";
    enum dh_status status = DH_MEMORY;
    (void)state;
    for (size_t max = 64; status != DH_OK; max += 64) {
        struct dh_query query;
        struct dh_str why;
        struct dh_err err = {0};
        struct dh_arena arena;
        dh_arena_init(&arena, max);
        status = dh_query_parse(DH_QUERY_DOIS, dh_str(text), &query, &why, &arena, &err);
        assert_true(status == DH_OK || (status == DH_MEMORY && err.text[0]));
        dh_arena_release(&arena);
    }
}

static void bytes_that_are_no_text(void **state)
{
    static const char invalid[] = "url:a \xff b",
                      nul[] = "url:a\0b OR url:\"\0\" OR url:[\0 TO \0]";
    struct parsed p;
    (void)state;
    parse(&p, DH_QUERY_DOIS, (struct dh_str){invalid, sizeof(invalid) - 1});
    assert_int_equal(p.status, DH_INVALID);
    assert_int_equal(p.err.pos, 6);
    assert_text(p.why, "the query is no UTF-8");
    release(&p);
    parse(&p, DH_QUERY_DOIS, (struct dh_str){nul, sizeof(nul) - 1});
    assert_int_equal(p.status, DH_OK);
    release(&p);
}

static void limits(void **state)
{
    static const struct {
        const char *before, *unit;
        size_t count;
        const char *after;
        enum dh_status status;
    } cases[] = {
        {"url:", "a", DH_QUERY_MAX - 4, "", DH_OK},
        {"url:", "a", DH_QUERY_MAX - 3, "", DH_LIMIT},
        {"", "(", DH_QUERY_DEPTH_MAX, "a", DH_INVALID},
        {"", "(", DH_QUERY_DEPTH_MAX + 1, "a", DH_LIMIT},
        {"", "NOT (", DH_QUERY_DEPTH_MAX + 1, "a", DH_LIMIT},
        {"url:(", "a ", DH_QUERY_CLAUSES_MAX, ")", DH_OK},
        {"url:(", "a ", DH_QUERY_CLAUSES_MAX + 1, ")", DH_LIMIT},
        {"url:(", "* ", DH_QUERY_CLAUSES_MAX + 1, ")", DH_LIMIT},
        {"", "* ", DH_QUERY_CLAUSES_MAX + 1, "", DH_LIMIT},
        {"", "xy:a ", DH_QUERY_CLAUSES_MAX, "", DH_OK},
        {"", "xy:a ", DH_QUERY_CLAUSES_MAX + 1, "", DH_LIMIT},
        {"", "titles.\\*:a ", DH_QUERY_CLAUSES_MAX / 4 + 1, "", DH_LIMIT},
        {"url:\"", "a ", DH_QUERY_CLAUSES_MAX + 1, "\"", DH_OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed p;
        struct dh_str text = repeat(cases[i].before, cases[i].unit, cases[i].count, cases[i].after);
        parse(&p, DH_QUERY_DOIS, text);
        if (p.status != cases[i].status)
            fail_msg("%s%s... x %zu: %s", cases[i].before, cases[i].unit, cases[i].count,
                     dh_status_text(p.status));
        assert_int_equal(p.err.code, p.status);
        assert_true(p.status == DH_OK || p.why.len);
        release(&p);
        free((char *)text.ptr);
    }
}

static void groups_as_deep_as_may_be(void **state)
{
    char text[8 * DH_QUERY_DEPTH_MAX];
    size_t len = 0;
    struct parsed p;
    (void)state;
    for (int i = 0; i < DH_QUERY_DEPTH_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "-(");
    text[len++] = 'a';
    memset(text + len, ')', DH_QUERY_DEPTH_MAX);
    len += DH_QUERY_DEPTH_MAX;
    parse(&p, DH_QUERY_DOIS, (struct dh_str){text, len});
    assert_int_equal(p.status, DH_OK);
    release(&p);
}

static void warnings_have_an_end(void **state)
{
    struct dh_buf buf;
    struct parsed p;
    (void)state;
    dh_buf_init(&buf, 1 << 20);
    for (int i = 0; i < 3 * DH_QUERY_WARNINGS_MAX; i++)
        dh_buf_printf(&buf, "field%d:a ", i);
    parse(&p, DH_QUERY_DOIS, dh_buf_view(&buf));
    assert_int_equal(p.status, DH_OK);
    assert_int_equal(p.query.warning_count, DH_QUERY_WARNINGS_MAX);
    release(&p);
    dh_buf_release(&buf);
}

static void what_is_scored(void **state)
{
    static const struct {
        const char *text;
        bool scored;
    } cases[] = {
        {"a", true},
        {"url:\"a b\"", true},
        {"url:a*", false},
        {"*", false},
        {"created:2020", false},
        {"_exists_:url AND created:2020", false},
        {"_exists_:url AND NOT url:a", false},
        {"_exists_:url AND url:a", true},
        {"url:a* OR (url:b* AND NOT (url:c OR url:d)) OR url:e", true},
        {"NOT a", false},
        {"xyz:a", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed p;
        parse(&p, DH_QUERY_DOIS, dh_str(cases[i].text));
        assert_int_equal(p.status, DH_OK);
        if (p.query.scored != cases[i].scored)
            fail_msg("%s", cases[i].text);
        release(&p);
    }
}

/* The parts of the text as given, whatever was rewritten. */
static void nodes_know_their_text(void **state)
{
    struct parsed p;
    (void)state;
    parse(
        &p, DH_QUERY_DOIS,
        DH_STR("publicationYear:[2018 TO 2020] AND (doi:10.5072/a/b OR url:\"x/y z\"~2) c/d e/f"));
    assert_int_equal(p.status, DH_OK);
    assert_int_equal(p.query.root->node_count, 3);
    assert_text(p.query.root->nodes[0]->text, "[2018 TO 2020]");
    assert_int_equal(p.query.root->nodes[1]->node_count, 2);
    assert_text(p.query.root->nodes[1]->text, "doi:10.5072/a/b OR url:\"x/y z\"~2");
    assert_text(p.query.root->nodes[1]->nodes[0]->text, "10.5072/a/b");
    assert_text(p.query.root->nodes[1]->nodes[1]->text, "\"x/y z\"");
    assert_int_equal(p.query.root->nodes[2]->kind, DH_NODE_BEST);
    assert_text(p.query.root->nodes[2]->text, "c/d e/f");
    release(&p);
}

static void a_phrase_has_its_places(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, DH_QUERY_DOIS, DH_STR("url:\"... a - b, c\"~7"));
    const struct dh_node *node = p.query.root;
    assert_int_equal(node->kind, DH_NODE_PHRASE);
    assert_int_equal(node->word_count, 3);
    assert_int_equal(node->slop, 7);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(node->places[i], i);
    assert_text(node->words[2], "c");
    release(&p);
}

static void ranges_hold_bounds(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, DH_QUERY_DOIS,
          DH_STR("created:>2021 AND citationCount:[* TO 5} AND "
                 "geoLocations.geoLocationPoint.pointLatitude:[1.5 TO *}"));
    assert_int_equal(p.status, DH_OK);
    const struct dh_range *date = &p.query.root->nodes[0]->range,
                          *count = &p.query.root->nodes[1]->range,
                          *place = &p.query.root->nodes[2]->range;
    assert_int_equal(date->least, dh_time_civil(2022, 1, 1));
    assert_true(date->most == INT64_MAX);
    assert_true(count->least > DH_TIME_NONE && count->least < -INT64_C(1000000000000000));
    assert_int_equal(count->most, 4);
    assert_true(place->from == 1.5 && place->low_inclusive);
    assert_true(place->to > 1e308);
    release(&p);
}

static void fields_are_found(void **state)
{
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct dh_field *both =
        dh_field_find(DH_QUERY_DOIS, DH_STR("creators_and_contributors.name"), &arena);
    assert_non_null(both);
    assert_int_equal(both->source_count, 2);
    assert_int_equal(both->sources[0], DH_SOURCE_CREATORS_NAME);
    assert_int_equal(both->sources[1], DH_SOURCE_CONTRIBUTORS_NAME);
    assert_int_equal(both->type, DH_INDEX_TEXT);
    assert_int_equal(both->home, DH_HOME_INDEX);
    const struct dh_field *name = dh_field_find(DH_QUERY_CLIENTS, DH_STR("name"), &arena);
    assert_non_null(name);
    assert_text(name->name, "client.name");
    assert_int_equal(name->home, DH_HOME_CLIENT);
    assert_null(dh_field_find(DH_QUERY_CLIENTS, DH_STR("client.name"), &arena));
    assert_null(dh_field_find(DH_QUERY_DOIS, DH_STR("publicationYear"), &arena));
    assert_null(dh_field_find(DH_QUERY_DOIS, DH_STR("activity.uid"), &arena));
    assert_null(dh_field_find(DH_QUERY_DOIS, DH_STR(""), &arena));
    assert_null(dh_field_find(DH_QUERY_ACTIVITIES, DH_STR(""), &arena));
    dh_arena_release(&arena);
}

/* Each name of the table is found as a field, with all its sources of one type and home. */
static void the_field_table_agrees_with_itself(void **state)
{
    struct dh_arena arena;
    (void)state;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < dh_field_count; i++) {
        const struct dh_source_row *row = &dh_sources[dh_fields[i].source];
        if (row->home == DH_HOME_ACTIVITY || row->home == DH_HOME_EVENT)
            continue;
        const struct dh_field *field =
            dh_field_find(DH_QUERY_DOIS, dh_str(dh_fields[i].query), &arena);
        assert_non_null(field);
        bool fed = false;
        for (size_t s = 0; s < field->source_count; s++)
            fed = fed || field->sources[s] == dh_fields[i].source;
        if (!fed || field->type != row->type || field->home != row->home)
            fail_msg("%s", dh_fields[i].query);
    }
    dh_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_tokens),
        cmocka_unit_test(table_clauses),
        cmocka_unit_test(table_values),
        cmocka_unit_test(table_numbers),
        cmocka_unit_test(table_fields),
        cmocka_unit_test(table_domains),
        cmocka_unit_test(table_rewriting),
        cmocka_unit_test(table_errors),
        cmocka_unit_test(blank_is_all),
        cmocka_unit_test(errors_are_those_of_upstream),
        cmocka_unit_test(long_errors_are_cut_to_fit),
        cmocka_unit_test(nothing_but_out_is_needed),
        cmocka_unit_test(memory_may_end_anywhere),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(limits),
        cmocka_unit_test(groups_as_deep_as_may_be),
        cmocka_unit_test(warnings_have_an_end),
        cmocka_unit_test(what_is_scored),
        cmocka_unit_test(nodes_know_their_text),
        cmocka_unit_test(a_phrase_has_its_places),
        cmocka_unit_test(ranges_hold_bounds),
        cmocka_unit_test(fields_are_found),
        cmocka_unit_test(the_field_table_agrees_with_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
