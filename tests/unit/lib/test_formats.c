/* Metadata formats of the public C API, by its header alone. */
#include <doihound.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORDS = 250 };

static const char one[] =
    "{\"id\":\"https://doi.org/10.82433/a\",\"doi\":\"10.82433/a\",\"titles\":[{\"title\":\"A & "
    "B\"}],"
    "\"creators\":[{\"name\":\"Doe, Jo\",\"givenName\":\"Jo\",\"familyName\":\"Doe\"}],"
    "\"publisher\":{\"name\":\"Example\"},\"publicationYear\":2020,\"types\":{"
    "\"resourceTypeGeneral\":"
    "\"Dataset\",\"ris\":\"DATA\",\"citeproc\":\"dataset\",\"schemaOrg\":\"Dataset\"},"
    "\"schemaVersion\":\"http://datacite.org/schema/kernel-4\"}";
static const char bare[] = "{\"id\":\"https://doi.org/10.82433/b\",\"doi\":\"10.82433/b\","
                           "\"schemaVersion\":\"http://datacite.org/schema/kernel-4\"}";

struct fixture {
    char folder[32];
    char path[48];
    struct dh *dh;
    struct dh_err err;
};

static void load(struct fixture *fix)
{
    struct dh_load_counts counts;
    size_t len = 0, cap = RECORDS * sizeof(one) * 2;
    char *text = malloc(cap);
    assert_non_null(text);
    for (int i = 0; i < RECORDS; i++)
        len += (size_t)snprintf(
            text + len, cap - len,
            "{\"doi\":\"10.82433/R-%d\",\"titles\":[{\"title\":\"Title %d\"}],\"creators\":["
            "{\"name\":\"Doe, Jo\",\"givenName\":\"Jo\",\"familyName\":\"Doe\"}],%s"
            "\"publisher\":\"Example\",\"types\":{\"resourceTypeGeneral\":\"Dataset\"},"
            "\"state\":\"findable\",\"created\":\"2020-01-01T%02d:%02d:00Z\"}\n",
            i, i, i % 50 ? "\"publicationYear\":2020," : "", i / 60, i % 60);
    if (dh_load_text(fix->dh, text, len, NULL, &counts, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    assert_int_equal(counts.created, RECORDS);
    free(text);
}

static int setup(void **state)
{
    struct fixture *fix = calloc(1, sizeof(*fix));
    assert_non_null(fix);
    snprintf(fix->folder, sizeof(fix->folder), "/tmp/dh-formats-XXXXXX");
    assert_non_null(mkdtemp(fix->folder));
    snprintf(fix->path, sizeof(fix->path), "%s/store.db", fix->folder);
    if (dh_open(fix->path, DH_OPEN_CREATE, &fix->dh, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    load(fix);
    *state = fix;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fix = *state;
    char command[64];
    dh_close(fix->dh);
    snprintf(command, sizeof(command), "rm -r %s", fix->folder);
    int status = system(command);
    free(fix);
    return status;
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

/* ---- without a store ------------------------------------------------------------------------ */

static void test_list_of_formats(void **state)
{
    struct dh_format_facts facts;
    bool bibtex = false, jats = false;
    size_t count = 0;
    (void)state;
    for (; dh_format_at(count, &facts) == DH_OK; count++) {
        assert_non_null(facts.name);
        assert_non_null(facts.title);
        assert_true(facts.reads || facts.writes);
        if (strcmp(facts.name, "bibtex") == 0)
            bibtex = facts.reads && facts.writes && strcmp(facts.type, "application/x-bibtex") == 0;
        if (strcmp(facts.name, "jats") == 0)
            jats = !facts.reads && facts.writes;
    }
    assert_true(count > 10 && bibtex && jats);
    assert_int_equal(dh_format_at(count, &facts), DH_DONE);
    assert_null(facts.name);
    assert_int_equal(dh_format_at(SIZE_MAX, &facts), DH_DONE);
}

/* Converts and gives the text; the test frees it. */
static char *convert(const char *text, const char *from, const char *to, size_t *left_out)
{
    struct dh_err err = {0};
    char *out;
    size_t len;
    if (dh_convert(text, strlen(text), from, to, NULL, &out, &len, left_out, &err) != DH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(strlen(out), len);
    return out;
}

static void test_convert(void **state)
{
    static const char *const names[] = {"datacite", "crosscite", "schema_org", "citeproc",
                                        "bibtex",   "ris",       "codemeta"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *out = convert(one, NULL, names[i], NULL),
             *back = convert(out, NULL, "citeproc", NULL);
        assert_non_null(strstr(back, "\"title\": \"A &"));
        assert_non_null(strstr(back, "\"id\": \"https://doi.org/10.82433/a\""));
        dh_free(out);
        dh_free(back);
    }
}

static void test_convert_several(void **state)
{
    char text[4 * sizeof(one)];
    size_t left_out;
    (void)state;
    snprintf(text, sizeof(text), "%s\n%s\n%s\n", one, bare, one);
    char *out = convert(text, NULL, "bibtex", &left_out);
    assert_int_equal(count_of(out, "@misc{"), 2);
    assert_int_equal(left_out, 1);
    dh_free(out);
    snprintf(text, sizeof(text), " [%s,%s]", one, bare);
    out = convert(text, "datacite-json", "crosscite", &left_out);
    assert_int_equal(count_of(out, "\"doi\": "), 2);
    assert_int_equal(out[0], '[');
    assert_int_equal(left_out, 0);
    dh_free(out);
}

static void test_convert_refuses(void **state)
{
    static const struct {
        const char *text, *from, *to;
        enum dh_status status;
    } cases[] = {
        {one, NULL, "bibtexx", DH_INVALID},  {one, NULL, NULL, DH_INVALID},
        {one, "nothing", "ris", DH_INVALID}, {one, "jats", "ris", DH_UNSUPPORTED},
        {one, NULL, "npm", DH_UNSUPPORTED},  {bare, NULL, "bibtex", DH_UNSUPPORTED},
        {"", NULL, "ris", DH_INVALID},       {"what", NULL, "ris", DH_INVALID},
        {"[]", NULL, "ris", DH_INVALID},     {"{\"a\":", NULL, "ris", DH_INVALID},
    };
    struct dh_err err;
    size_t len;
    char *out;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        out = (char *)"";
        assert_int_equal(dh_convert(cases[i].text, strlen(cases[i].text), cases[i].from,
                                    cases[i].to, NULL, &out, &len, NULL, &err),
                         cases[i].status);
        assert_int_equal(err.code, cases[i].status);
        assert_null(out);
    }
    const char broken[] = "{\"id\":\"10.5072/x\",\"schemaVersion\":\"http://datacite.org/schema/"
                          "kernel-4\"}\n{\"doi\": ?}";
    assert_int_equal(
        dh_convert(broken, sizeof(broken) - 1, NULL, "ris", NULL, &out, &len, NULL, &err),
        DH_INVALID);
    assert_int_equal(broken[err.pos], '?');
}

static void test_citations(void **state)
{
    struct dh_write_options options = {.plain = 1};
    struct dh_err err;
    char *out;
    (void)state;
    assert_int_equal(
        dh_convert(one, strlen(one), NULL, "citation", &options, &out, NULL, NULL, &err), DH_OK);
    assert_string_equal(out,
                        "Doe, J. (2020). A & B [Dataset]. Example. https://doi.org/10.82433/a");
    dh_free(out);
    options = (struct dh_write_options){.locale = "de"};
    assert_int_equal(
        dh_convert(one, strlen(one), NULL, "citation", &options, &out, NULL, NULL, &err), DH_OK);
    assert_non_null(strstr(out, "<i>A &amp; B</i> [Datensatz]"));
    dh_free(out);
    options = (struct dh_write_options){.style = "no-such-style"};
    assert_int_equal(
        dh_convert(one, strlen(one), NULL, "citation", &options, &out, NULL, NULL, &err),
        DH_INVALID);
    options = (struct dh_write_options){.locale = "tlh"};
    assert_int_equal(
        dh_convert(one, strlen(one), NULL, "citation", &options, &out, NULL, NULL, &err),
        DH_INVALID);
}

static void test_validate(void **state)
{
    char text[2 * sizeof(one)];
    struct dh_err err;
    char *json;
    size_t len;
    (void)state;
    assert_int_equal(dh_validate(one, strlen(one), NULL, 0, &json, &len, &err), DH_OK);
    assert_string_equal(json, "[]");
    assert_int_equal(len, 2);
    dh_free(json);
    snprintf(text, sizeof(text), "%s\n%s\n", one, bare);
    assert_int_equal(dh_validate(text, strlen(text), "datacite_json", 0, &json, NULL, &err), DH_OK);
    assert_int_equal(strncmp(json, "[{\"record\":2,", 13), 0);
    assert_non_null(strstr(json, "\"severity\":\"error\",\"property\":\"titles\","));
    assert_int_equal(json[strlen(json) - 1], ']');
    dh_free(json);
    char *xml = convert(bare, NULL, "datacite", NULL);
    assert_int_equal(dh_validate(xml, strlen(xml), NULL, 0, &json, NULL, &err), DH_OK);
    assert_non_null(strstr(json, "\"line\":4,\"column\":"));
    dh_free(json);
    dh_free(xml);
    assert_int_equal(dh_validate(one, strlen(one), NULL, 1, &json, NULL, &err), DH_OK);
    assert_non_null(strstr(json, "\"severity\":\"warning\""));
    dh_free(json);
    assert_int_equal(dh_validate("what", 4, NULL, 0, &json, NULL, &err), DH_INVALID);
    assert_null(json);
    assert_int_equal(dh_validate(one, strlen(one), "what", 0, &json, NULL, &err), DH_INVALID);
    assert_int_equal(dh_validate(one, strlen(one), "jats", 0, &json, NULL, NULL), DH_UNSUPPORTED);
}

/* ---- stored records ------------------------------------------------------------------------- */

static void test_get_as(void **state)
{
    struct fixture *fix = *state;
    size_t len;
    char *out;
    assert_int_equal(dh_get_as(fix->dh, "doi:10.82433/R-7", "ris", NULL, &out, &len, &fix->err),
                     DH_OK);
    assert_int_equal(strlen(out), len);
    assert_non_null(strstr(out, "T1  - Title 7\r\n"));
    dh_free(out);
    assert_int_equal(dh_get_as(fix->dh, "10.82433/none", "ris", NULL, &out, &len, &fix->err),
                     DH_NOT_FOUND);
    assert_null(out);
    assert_int_equal(dh_get_as(fix->dh, "hello", "ris", NULL, &out, &len, &fix->err), DH_INVALID);
    assert_int_equal(dh_get_as(fix->dh, "10.82433/r-7", "what", NULL, &out, &len, &fix->err),
                     DH_INVALID);
    assert_int_equal(dh_get_as(fix->dh, "10.82433/r-7", "npm", NULL, &out, &len, &fix->err),
                     DH_UNSUPPORTED);
    assert_int_equal(dh_get_as(fix->dh, "10.82433/r-0", "bibtex", NULL, &out, &len, &fix->err),
                     DH_UNSUPPORTED);
    assert_null(out);
    assert_int_equal(dh_cite(fix->dh, "10.82433/r-7", NULL, NULL, &out, NULL, &fix->err), DH_OK);
    assert_string_equal(out,
                        "Doe, J. (2020). Title 7 [Dataset]. Example. https://doi.org/10.82433/R-7");
    dh_free(out);
    assert_int_equal(dh_cite(fix->dh, "10.82433/r-7", "x", NULL, &out, NULL, NULL), DH_INVALID);
}

static void test_list_as(void **state)
{
    struct fixture *fix = *state;
    struct dh_list *list;
    const char *text;
    size_t len, given = 0, refused = 0;
    enum dh_status status;
    assert_int_equal(dh_list_new(fix->dh, NULL, &list, &fix->err), DH_OK);
    while ((status = dh_list_next_as(list, "bibtex", NULL, &text, &len, &fix->err)) != DH_DONE) {
        if (status == DH_UNSUPPORTED) {
            assert_null(text);
            refused++;
            continue;
        }
        assert_int_equal(status, DH_OK);
        assert_int_equal(strlen(text), len);
        char title[32];
        snprintf(title, sizeof(title), "title = {Title %zu},", given + refused);
        assert_non_null(strstr(text, title));
        given++;
    }
    assert_null(text);
    assert_int_equal(given, RECORDS - 5);
    assert_int_equal(refused, 5);
    dh_list_free(list);
    assert_int_equal(dh_list_new(fix->dh, "ids=10.82433/r-3", &list, &fix->err), DH_OK);
    assert_int_equal(dh_list_next_as(list, "what", NULL, &text, &len, NULL), DH_INVALID);
    assert_int_equal(dh_list_next_as(list, "ris", NULL, &text, NULL, NULL), DH_OK);
    assert_int_equal(dh_list_next_as(list, "ris", NULL, &text, NULL, NULL), DH_DONE);
    dh_list_free(list);
}

struct sink {
    char *text;
    size_t len, parts, stop_at;
};

static int take(void *context, const char *text, size_t len)
{
    struct sink *sink = context;
    sink->text = realloc(sink->text, sink->len + len + 1);
    if (!sink->text || ++sink->parts == sink->stop_at)
        return 1;
    memcpy(sink->text + sink->len, text, len);
    sink->len += len;
    sink->text[sink->len] = '\0';
    return 0;
}

static void test_export(void **state)
{
    struct fixture *fix = *state;
    struct dh_export_counts counts;
    struct sink sink = {0};
    assert_int_equal(dh_export(fix->dh, NULL, "codemeta", NULL, take, &sink, &counts, &fix->err),
                     DH_OK);
    assert_int_equal(counts.written, RECORDS - 5);
    assert_int_equal(counts.left_out, 5);
    assert_int_equal(count_of(sink.text, "\"@context\""), RECORDS - 5);
    assert_int_equal(strncmp(sink.text, "[\n{", 3), 0);
    assert_string_equal(sink.text + sink.len - 3, "}\n]");
    assert_true(sink.parts > 10);
    free(sink.text);
    sink = (struct sink){0};
    assert_int_equal(
        dh_export(fix->dh, "ids=10.82433/none", "crosscite", NULL, take, &sink, &counts, &fix->err),
        DH_OK);
    assert_string_equal(sink.text, "[\n\n]");
    assert_int_equal(counts.written + counts.left_out, 0);
    free(sink.text);
    sink = (struct sink){.stop_at = 20};
    assert_int_equal(dh_export(fix->dh, NULL, "ris", NULL, take, &sink, NULL, &fix->err), DH_IO);
    assert_int_equal(sink.parts, 20);
    free(sink.text);
    assert_int_equal(dh_export(fix->dh, NULL, "what", NULL, take, &sink, &counts, &fix->err),
                     DH_INVALID);
}

static void *read_all(void *argument)
{
    struct fixture *fix = argument;
    size_t well = 0;
    for (int i = 0; i < RECORDS; i++) {
        char doi[32], *out;
        snprintf(doi, sizeof(doi), "10.82433/r-%d", i);
        if (dh_get_as(fix->dh, doi, "schema_org", NULL, &out, NULL, NULL) == DH_OK) {
            well++;
            dh_free(out);
        }
    }
    return (void *)well;
}

static void test_threads(void **state)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, *state), 0);
    for (int i = 0; i < 4; i++) {
        void *well;
        pthread_join(threads[i], &well);
        assert_int_equal((size_t)well, RECORDS);
    }
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_of_formats),
        cmocka_unit_test(test_convert),
        cmocka_unit_test(test_convert_several),
        cmocka_unit_test(test_convert_refuses),
        cmocka_unit_test(test_citations),
        cmocka_unit_test(test_validate),
        IN_STORE(test_get_as),
        IN_STORE(test_list_as),
        IN_STORE(test_export),
        IN_STORE(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
