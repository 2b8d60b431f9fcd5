/*
 * Citations by tables: tests/cases/citation/<name>.txt. A line "csl {...}" or "metadata {...}"
 * gives a record; the lines after it are "<style>[ <locale>][ plain] => <citation>". Lines that
 * begin with # and empty ones are passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/citation.h"
#include "format/rows.h"
#include "support.h"

struct record {
    struct json_object *tree;
    bool csl; /* else metadata */
};

/* The citation, in the arena. */
static struct dh_str cite(const struct record *record, const struct dh_format_options *options,
                          struct dh_arena *arena)
{
    struct dh_buf buf;
    struct dh_err err = {0};
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_buf_text(&buf, "before.");
    enum dh_status status =
        record->csl ? dh_cite_write(record->tree, options, &buf, arena, &err)
                    : dh_format_citation.write(record->tree, options, &buf, arena, &err);
    if (status != DH_OK || buf.status != DH_OK)
        fail_msg("%s", err.text);
    struct dh_str text = dh_arena_copy(arena, dh_str_from(dh_buf_view(&buf), 7));
    dh_buf_release(&buf);
    return text;
}

/* ---- tables --------------------------------------------------------------------------------- */

static void take_record(struct record *record, struct dh_str line)
{
    struct dh_err err = {0};
    record->csl = dh_str_starts(line, DH_STR("csl "));
    json_object_put(record->tree);
    if (dh_json_parse(dh_str_from(line, record->csl ? 4 : 9), &record->tree, &err) != DH_OK)
        fail_msg("%s in %.*s", err.text, DH_STR_ARG(line));
}

static void take_case(const struct record *record, struct dh_str line, const char *file, size_t at)
{
    struct dh_arena arena;
    char name[64], locale[16] = "", mode[16] = "";
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_str head = line, word;
    const char *arrow = memmem(line.ptr, line.len, " =>", 3);
    assert_non_null(arrow);
    head.len = (size_t)(arrow - line.ptr);
    struct dh_str expected = dh_str_from(line, head.len + 3);
    dh_str_take(&expected, ' ');
    assert_true(dh_str_split(&head, ' ', &word));
    snprintf(name, sizeof(name), "%.*s", DH_STR_ARG(word));
    while (dh_str_split(&head, ' ', &word)) {
        bool plain = dh_str_equal(word, DH_STR("plain"));
        snprintf(plain ? mode : locale, sizeof(mode), "%.*s", DH_STR_ARG(word));
    }
    struct dh_format_options options = {name, *locale ? locale : NULL, *mode != '\0'};
    struct dh_str text = cite(record, &options, &arena);
    if (!dh_str_equal(text, expected))
        fail_msg("%s:%zu: %s\n%.*s\nis not\n%.*s", file, at, name, DH_STR_ARG(text),
                 DH_STR_ARG(expected));
    dh_arena_release(&arena);
}

static void check_table(const char *name)
{
    char path[4096];
    struct record record = {NULL};
    snprintf(path, sizeof(path), "%s/tests/cases/citation/%s.txt", DOIHOUND_SOURCE, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be opened", path);
    char *line = NULL;
    size_t room = 0, at = 0, cases = 0;
    ssize_t len;
    while ((len = getline(&line, &room, file)) > 0) {
        struct dh_str text = {line, (size_t)len - (line[len - 1] == '\n')};
        at++;
        if (!text.len || text.ptr[0] == '#')
            continue;
        if (dh_str_starts(text, DH_STR("csl ")) || dh_str_starts(text, DH_STR("metadata ")))
            take_record(&record, text);
        else
            take_case(&record, text, name, at), cases++;
    }
    assert_true(cases > 10);
    json_object_put(record.tree);
    free(line);
    fclose(file);
}

static void test_golden(void **state)
{
    (void)state;
    check_table("golden");
}

static void test_styles(void **state)
{
    (void)state;
    check_table("styles");
}

static void test_locales(void **state)
{
    (void)state;
    check_table("locales");
}

static void test_names(void **state)
{
    (void)state;
    check_table("names");
}

static void test_titles(void **state)
{
    (void)state;
    check_table("titles");
}

static void test_numbers(void **state)
{
    (void)state;
    check_table("numbers");
}

static void test_gaps(void **state)
{
    (void)state;
    check_table("gaps");
}

/* ---- how many authors ------------------------------------------------------------------------- */

static struct json_object *with_authors(size_t count)
{
    struct json_object *csl = json_object_new_object(), *list = json_object_new_array();
    char family[32];
    for (size_t i = 0; i < count; i++) {
        struct json_object *name = json_object_new_object();
        snprintf(family, sizeof(family), "F%zu", i);
        json_object_object_add(name, "family", json_object_new_string(family));
        json_object_object_add(name, "given", json_object_new_string("G"));
        json_object_array_add(list, name);
    }
    json_object_object_add(csl, "type", json_object_new_string("dataset"));
    json_object_object_add(csl, "title", json_object_new_string("T"));
    json_object_object_add(csl, "author", list);
    return csl;
}

/* Families in a citation; *last: that of the last one. */
static size_t count_families(struct dh_str text, unsigned *last)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != 'F' || text.ptr[i + 1] < '0' || text.ptr[i + 1] > '9')
            continue;
        *last = (unsigned)dh_str_integer(dh_str_from(text, i + 1));
        count++;
    }
    return count;
}

static void test_author_counts(void **state)
{
    (void)state;
    static const struct {
        const char *style;
        size_t min, shown; /* from so many on so many are given; 0: never fewer */
        const char *mark;
    } rules[] = {
        {"apa", 21, 20, "… "},
        {"ieee", 7, 1, "<i>et al.</i>"},
        {"vancouver", 7, 6, "et al."},
        {"american-medical-association", 7, 3, "et al."},
        {"american-chemical-society", 11, 10, "et al."},
        {"nature", 6, 1, "<i>et al.</i>"},
        {"science", 6, 1, "<i>et al.</i>"},
        {"modern-language-association", 3, 1, "et al."},
        {"chicago-author-date", 7, 3, "et al."},
        {"chicago-notes-bibliography", 7, 3, "et al."},
        {"harvard-cite-them-right", 4, 1, "<i>et al.</i>"},
    };
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 19, 20, 21, 22, 100, 1000};
    for (size_t r = 0; r < COUNT(rules); r++) {
        for (size_t c = 0; c < COUNT(counts); c++) {
            struct dh_arena arena;
            unsigned last = 0;
            size_t n = counts[c];
            bool cut = n >= rules[r].min;
            struct record record = {with_authors(n), true};
            struct dh_format_options options = {rules[r].style, NULL, false};
            dh_arena_init(&arena, DH_ARENA_MAX);
            struct dh_str text = cite(&record, &options, &arena);
            assert_int_equal(count_families(text, &last), cut ? rules[r].shown : n);
            bool marked = memmem(text.ptr, text.len, rules[r].mark, strlen(rules[r].mark)) != NULL;
            assert_int_equal(marked, cut);
            if (cut && strcmp(rules[r].style, "apa") == 0)
                assert_int_equal(last, n - 1);
            dh_arena_release(&arena);
            json_object_put(record.tree);
        }
    }
}

/* ---- names of styles and locales --------------------------------------------------------------- */

static void check_ordered(const char *const *names)
{
    for (size_t i = 0; names[i] && names[i + 1]; i++)
        assert_true(strcmp(names[i], names[i + 1]) < 0);
}

static void test_lists(void **state)
{
    (void)state;
    size_t styles = 0, locales = 0;
    check_ordered(dh_citation_styles);
    check_ordered(dh_citation_locales);
    for (; dh_citation_styles[styles]; styles++)
        assert_true(dh_citation_style_known(dh_str(dh_citation_styles[styles])));
    for (; dh_citation_locales[locales]; locales++)
        assert_true(dh_citation_locale_known(dh_str(dh_citation_locales[locales])));
    assert_int_equal(styles, 11);
    assert_true(locales >= 30);
    static const char *const bare[] = {"en", "de", "fr", "es", "pt", "nl", "it", "ja", "zh", "sv",
                                       "da", "pl", "cs", "fi", "nb", "ko", "ru", "tr", "EN", "De"};
    for (size_t i = 0; i < COUNT(bare); i++)
        assert_true(dh_citation_locale_known(dh_str(bare[i])));
    static const char *const unknown[] = {"", "-", "xx", "e", "en-", "en-USA", "de_DE", "en US"};
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_false(dh_citation_locale_known(dh_str(unknown[i])));
    assert_false(dh_citation_style_known(DH_STR("")));
    assert_false(dh_citation_style_known(DH_STR("ap")));
    assert_false(dh_citation_style_known(DH_STR("apa\0")));
    assert_false(dh_citation_style_known(DH_STR_NONE));
}

/* Each locale says all that a citation may need. */
static void test_locale_rows(void **state)
{
    (void)state;
    for (const struct dh_cite_locale *l = dh_cite_locale_table; l->name; l++) {
        assert_non_null(strstr(l->date, "%Y"));
        assert_non_null(strstr(l->date, "%M"));
        assert_non_null(strstr(l->date, "%D"));
        assert_true(l->open && l->close && l->inner_open && l->inner_close);
        for (size_t i = 0; i < 12; i++) {
            assert_true(l->months[i] && *l->months[i]);
            assert_int_equal(!l->short_months[0], !l->short_months[i]);
        }
        for (unsigned word = 0; word < DH_WORDS; word++)
            assert_non_null(dh_cite_word(l, (enum dh_cite_word)word));
    }
}

static void test_row(void **state)
{
    (void)state;
    assert_string_equal(dh_format_citation.type, "text/x-bibliography");
    assert_string_equal(dh_format_citation.join, "\n\n");
    assert_ptr_equal(dh_format_find(DH_STR("citation")), &dh_format_citation);
    assert_null(dh_format_citation.read);
}

/* ---- large and hostile -------------------------------------------------------------------------- */

/* A title of a million of these; what comes out must not lose more than markup. */
static void check_large(const char *unit, size_t count, size_t least)
{
    struct dh_arena arena;
    struct dh_buf title;
    dh_buf_init(&title, DH_DOCUMENT_MAX);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(&title, unit);
    static const char *const styles[] = {"apa", "chicago-author-date"}; /* fonts, marks and case */
    for (size_t s = 0; s < COUNT(styles); s++) {
        for (int plain = 0; plain < 2; plain++) {
            struct record record = {with_authors(1), true};
            struct dh_format_options options = {styles[s], NULL, plain};
            json_object_object_add(record.tree, "title", dh_json_new_str(dh_buf_view(&title)));
            dh_arena_init(&arena, DH_ARENA_MAX);
            assert_true(cite(&record, &options, &arena).len >= least);
            dh_arena_release(&arena);
            json_object_put(record.tree);
        }
    }
    dh_buf_release(&title);
}

static void test_large(void **state)
{
    (void)state;
    check_large("title of note ", 1 << 16, 900000);
    check_large("<i>", 20000, 0);
    check_large("</i>", 20000, 0);
    check_large("<a<b", 20000, 80000);
    check_large("\"", 50000, 50000);
    check_large("&", 50000, 50000);
    check_large("…“", 20000, 60000);
    check_large("É", 20000, 40000);
    check_large("&#", 20000, 40000);
}

/* As many pages and names as one likes. */
static void test_long_members(void **state)
{
    (void)state;
    struct dh_arena arena;
    struct dh_buf long_text;
    dh_buf_init(&long_text, DH_DOCUMENT_MAX);
    for (size_t i = 0; i < 10000; i++)
        dh_buf_text(&long_text, "1-2, Aa ");
    static const char *const keys[] = {"page",   "version", "edition",
                                       "volume", "issue",   "publisher"};
    for (size_t k = 0; k < COUNT(keys); k++) {
        struct record record = {with_authors(2), true};
        struct dh_format_options options = {"apa", NULL, false};
        json_object_object_add(record.tree, "type", json_object_new_string("chapter"));
        json_object_object_add(record.tree, "container-title", json_object_new_string("C"));
        json_object_object_add(record.tree, keys[k], dh_json_new_str(dh_buf_view(&long_text)));
        dh_arena_init(&arena, DH_ARENA_MAX);
        assert_true(cite(&record, &options, &arena).len > 60000);
        dh_arena_release(&arena);
        json_object_put(record.tree);
    }
    dh_buf_release(&long_text);
}

/* A buffer that is full says so. */
static void test_full(void **state)
{
    (void)state;
    struct dh_arena arena;
    struct dh_buf buf;
    struct dh_err err = {0};
    struct dh_arena scratch;
    dh_arena_init(&scratch, DH_ARENA_MAX);
    struct json_object *metadata = json_of(
        &scratch, "{'titles':[{'title':'A title'}],'creators':[{'name':'Demo Imaging Network'}]}");
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t room = 0; room < 40; room++) {
        dh_buf_init(&buf, room);
        enum dh_status status =
            dh_format_write(&dh_format_citation, metadata, NULL, &buf, &arena, &err);
        assert_true(status == DH_LIMIT || buf.len <= room);
        dh_buf_release(&buf);
    }
    dh_arena_release(&arena);
    dh_arena_release(&scratch);
    json_object_put(metadata);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),       cmocka_unit_test(test_styles),
        cmocka_unit_test(test_locales),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_titles),       cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_gaps),         cmocka_unit_test(test_author_counts),
        cmocka_unit_test(test_lists),        cmocka_unit_test(test_locale_rows),
        cmocka_unit_test(test_row),          cmocka_unit_test(test_large),
        cmocka_unit_test(test_long_members), cmocka_unit_test(test_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
