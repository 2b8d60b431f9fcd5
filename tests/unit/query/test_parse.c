/*
 * The query language by tables: tests/cases/query/<name>.txt. A line is a query, " => " and what
 * comes of it: the tree as dh_node_print writes it, then " ; <byte>: <text>" per warning; or
 * "error <byte>: <sentence>", "limit <byte>: <sentence>". "@ providers" and the like change the
 * domain of the lines below. Lines that begin with # and empty ones are passed over.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_tokens),    cmocka_unit_test(table_clauses),
        cmocka_unit_test(table_values),    cmocka_unit_test(table_numbers),
        cmocka_unit_test(table_fields),    cmocka_unit_test(table_domains),
        cmocka_unit_test(table_rewriting), cmocka_unit_test(table_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
