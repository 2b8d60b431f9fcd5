/* The public C API, by its header alone. */
#include <doihound.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORDS = 250, TEXT_MAX = 1024 * 1024 };

struct fixture {
    char folder[32];
    char path[48];
    struct dh *dh;
    struct dh_err err;
    char *text;
    size_t len;
};

static void add(struct fixture *fix, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct fixture *fix, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fix->len += (size_t)vsnprintf(fix->text + fix->len, TEXT_MAX - fix->len, format, args);
    va_end(args);
    assert_true(fix->len < TEXT_MAX);
}

/* Created in the order of their numbers; titles run the other way. */
static void add_record(struct fixture *fix, int i, const char *word)
{
    add(fix,
        "{\"doi\":\"10.82433/R-%d\",\"titles\":[{\"title\":\"%s %03d\"}],"
        "\"creators\":[{\"name\":\"Doe, Jo\",\"affiliation\":[{\"name\":\"Example\"}]}],"
        "\"publicationYear\":%d,\"state\":\"%s\",\"created\":\"2020-01-01T%02d:%02d:00Z\","
        "\"updated\":\"2020-01-01T%02d:%02d:00Z\"}\n",
        i, word, 999 - i, 2000 + i % 2, i % 10 == 9 ? "registered" : "findable", i / 60, i % 60,
        i / 60, i % 60);
}

static void load(struct fixture *fix)
{
    struct dh_load_counts counts;
    if (dh_load_text(fix->dh, fix->text, fix->len, NULL, &counts, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    assert_int_equal(counts.bad, 0);
    fix->len = 0;
}

static int setup(void **state)
{
    struct fixture *fix = calloc(1, sizeof(*fix));
    assert_non_null(fix);
    fix->text = malloc(TEXT_MAX);
    assert_non_null(fix->text);
    snprintf(fix->folder, sizeof(fix->folder), "/tmp/dh-lib-XXXXXX");
    assert_non_null(mkdtemp(fix->folder));
    snprintf(fix->path, sizeof(fix->path), "%s/store.db", fix->folder);
    if (dh_open(fix->path, DH_OPEN_CREATE, &fix->dh, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    for (int i = 0; i < RECORDS; i++)
        add_record(fix, i, "Title");
    load(fix);
    *state = fix;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fix = *state;
    char command[64];
    dh_close(fix->dh);
    snprintf(command, sizeof(command), "rm -rf %s", fix->folder);
    assert_int_equal(system(command), 0);
    free(fix->text);
    free(fix);
    return 0;
}

static void test_open(void **state)
{
    struct fixture *fix = *state;
    struct dh *dh = (struct dh *)fix;
    char path[64];
    snprintf(path, sizeof(path), "%s/none.db", fix->folder);
    assert_int_equal(dh_open(path, DH_OPEN_READ, &dh, &fix->err), DH_NOT_FOUND);
    assert_null(dh);
    assert_int_equal(dh_open(path, DH_OPEN_WRITE, &dh, NULL), DH_NOT_FOUND);
    assert_int_equal(dh_open(fix->path, (enum dh_open_mode)7, &dh, &fix->err), DH_INVALID);
    assert_int_equal(dh_open(fix->path, DH_OPEN_READ, &dh, &fix->err), DH_OK);
    assert_int_equal(dh_load_text(dh, "{}", 2, NULL, NULL, &fix->err), DH_UNSUPPORTED);
    dh_close(dh);
    dh_close(NULL);
    dh_free(NULL);
    assert_non_null(strchr(dh_version(), '.'));
}

static void test_get(void **state)
{
    static const char *const forms[] = {"10.82433/r-7", "10.82433/R-7", "doi:10.82433/r-7",
                                        "https://doi.org/10.82433/r-7",
                                        "http://dx.doi.org/10.82433/R-7"};
    struct fixture *fix = *state;
    char *json;
    size_t len;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        assert_int_equal(dh_get(fix->dh, forms[i], NULL, &json, &len, &fix->err), DH_OK);
        assert_int_equal(strlen(json), len);
        assert_int_equal(strncmp(json, "{\"id\":\"10.82433/r-7\",\"type\":\"dois\",", 34), 0);
        assert_int_equal(json[len - 1], '}');
        assert_non_null(strstr(json, "\"affiliation\":[\"Example\"]"));
        dh_free(json);
    }
    assert_int_equal(dh_get(fix->dh, forms[0], "affiliation=true&callback=f", &json, NULL, NULL),
                     DH_OK);
    assert_non_null(strstr(json, "\"affiliation\":[{\"name\":\"Example\"}]"));
    dh_free(json);
    /* A registered record: strangers do not see it, the owner does. */
    assert_int_equal(dh_get(fix->dh, "10.82433/r-9", NULL, &json, NULL, &fix->err), DH_OK);
    dh_free(json);
    assert_int_equal(dh_get(fix->dh, "10.82433/none", NULL, &json, &len, &fix->err), DH_NOT_FOUND);
    assert_null(json);
    assert_int_equal(dh_get(fix->dh, "hello", NULL, &json, &len, &fix->err), DH_INVALID);
    assert_int_equal(dh_get(fix->dh, "10.82433/r-7/activities", NULL, &json, &len, &fix->err),
                     DH_NOT_FOUND);
}

/* Walks a list; the number of each record, from its DOI, must grow (or fall when `down`). */
static int walk(struct fixture *fix, const char *filter, int step)
{
    struct dh_list *list;
    const char *json;
    size_t len;
    int count = 0, last = step > 0 ? -1 : RECORDS;
    enum dh_status status;
    if (dh_list_new(fix->dh, filter, &list, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    int total = (int)dh_list_total(list);
    while ((status = dh_list_next(list, &json, &len, &fix->err)) == DH_OK) {
        assert_int_equal(strlen(json), len);
        assert_int_equal(strncmp(json, "{\"id\":\"10.82433/r-", 18), 0);
        int number = (int)strtol(json + 18, NULL, 10);
        assert_true(step > 0 ? number > last : number < last);
        last = number;
        count++;
    }
    assert_int_equal(status, DH_DONE);
    assert_null(json);
    assert_int_equal(dh_list_next(list, &json, NULL, NULL), DH_DONE);
    dh_list_free(list);
    assert_int_equal(count, total);
    return count;
}

static void test_list(void **state)
{
    struct fixture *fix = *state;
    assert_int_equal(walk(fix, NULL, 1), RECORDS);
    assert_int_equal(walk(fix, "", 1), RECORDS);
    assert_int_equal(walk(fix, "page[size]=7", 1), RECORDS);
    assert_int_equal(walk(fix, "page[size]=50&callback=f", 1), RECORDS); /* divides the whole */
    assert_int_equal(walk(fix, "published=2001&unknown=x", 1), RECORDS / 2);
    assert_int_equal(walk(fix, "state=registered", 1), RECORDS / 10);
    assert_int_equal(walk(fix, "sort=title", -1), RECORDS);
    assert_int_equal(walk(fix, "sort=-created&page%5Bsize%5D=11", -1), RECORDS);
}

static void test_list_oddities(void **state)
{
    struct fixture *fix = *state;
    struct dh_list *list;
    const char *json;
    assert_int_equal(dh_list_new(fix->dh, "client-id=none", &list, &fix->err), DH_OK);
    assert_int_equal(dh_list_total(list), 0);
    assert_int_equal(dh_list_next(list, &json, NULL, &fix->err), DH_DONE);
    dh_list_free(list);
    assert_int_equal(dh_list_new(fix->dh, "published=never", &list, &fix->err), DH_INVALID);
    assert_null(list);
    assert_int_not_equal(fix->err.text[0], '\0');
    dh_list_free(NULL);
    /* Left in the middle, and closed after the store has changed. */
    assert_int_equal(dh_list_new(fix->dh, "page[size]=10", &list, &fix->err), DH_OK);
    assert_int_equal(dh_list_next(list, &json, NULL, &fix->err), DH_OK);
    add_record(fix, 1, "Changed");
    load(fix);
    for (int i = 1; i < RECORDS; i++)
        assert_int_equal(dh_list_next(list, &json, NULL, &fix->err), DH_OK);
    assert_int_equal(dh_list_next(list, &json, NULL, &fix->err), DH_DONE);
    dh_list_free(list);
}

static void test_history(void **state)
{
    struct fixture *fix = *state;
    char *json;
    size_t len;
    add_record(fix, 3, "Changed");
    load(fix);
    assert_int_equal(dh_history(fix->dh, "doi:10.82433/R-3", &json, &len, &fix->err), DH_OK);
    assert_int_equal(strlen(json), len);
    assert_int_equal(strncmp(json, "[{\"id\":\"", 8), 0);
    const char *update = strstr(json, "\"action\":\"update\"");
    const char *create = strstr(json, "\"action\":\"create\"");
    assert_true(update && create && update < create);
    assert_string_equal(json + len - 2, "}]");
    dh_free(json);
    assert_int_equal(dh_history(fix->dh, "nothing", &json, &len, &fix->err), DH_INVALID);
    assert_null(json);
    assert_int_equal(dh_history(fix->dh, "10.82433/none", &json, &len, &fix->err), DH_OK);
    assert_string_equal(json, "[]");
    dh_free(json);
}

static void test_related(void **state)
{
    struct fixture *fix = *state;
    char *json;
    size_t len;
    add(fix,
        "{\"doi\":\"10.82433/r-1\",\"relatedIdentifiers\":[{\"relationType\":\"IsDerivedFrom\","
        "\"relatedIdentifier\":\"10.82433/R-3\",\"relatedIdentifierType\":\"DOI\"},"
        "{\"relationType\":\"Cites\",\"relatedIdentifier\":\"10.82433/R-3\","
        "\"relatedIdentifierType\":\"DOI\"}]}\n");
    load(fix);
    assert_int_equal(dh_related(fix->dh, "10.82433/r-3", NULL, &json, &len, &fix->err), DH_OK);
    assert_int_equal(strlen(json), len);
    assert_non_null(strstr(json, "\"relationTypeId\":\"is-derived-from\""));
    assert_non_null(strstr(json, "\"relationTypeId\":\"cites\""));
    dh_free(json);
    assert_int_equal(dh_related(fix->dh, "https://doi.org/10.82433/R-1",
                                "relation-type-id=is-derived-from", &json, NULL, &fix->err),
                     DH_OK);
    assert_int_equal(strncmp(json, "[{\"id\":\"", 8), 0);
    assert_non_null(strstr(json, "\"objId\":\"https://doi.org/10.82433/r-3\""));
    assert_null(strstr(json, "\"cites\""));
    dh_free(json);
    assert_int_equal(dh_related(fix->dh, "10.82433/none", "", &json, &len, &fix->err), DH_OK);
    assert_string_equal(json, "[]");
    dh_free(json);
    assert_int_equal(dh_related(fix->dh, "nothing", NULL, &json, &len, &fix->err), DH_INVALID);
    assert_null(json);
    assert_int_equal(dh_related(fix->dh, "10.82433/r-1", "occurred-at=x", &json, &len, &fix->err),
                     DH_INVALID);
    assert_null(json);
}

static void test_summary(void **state)
{
    struct fixture *fix = *state;
    struct dh_summary summary;
    assert_int_equal(dh_summarize(fix->dh, &summary, &fix->err), DH_OK);
    assert_int_equal(summary.records, RECORDS);
    assert_int_equal(summary.registered, RECORDS / 10);
    assert_int_equal(summary.findable, RECORDS - RECORDS / 10);
    assert_int_equal(summary.draft, 0);
    assert_int_equal(summary.activities, RECORDS);
    assert_true(summary.file_bytes > 0 && summary.last_write > 0);
}

struct told {
    int bad, mended;
    uint64_t line;
};

static void hear(void *context, const struct dh_load_report *report)
{
    struct told *told = context;
    assert_string_equal(report->file, "-");
    assert_true(report->text[0] != '\0' && report->field);
    told->bad += report->status != DH_OK;
    told->mended += report->status == DH_OK;
    told->line = report->line;
}

static void test_load(void **state)
{
    struct fixture *fix = *state;
    struct told told = {0};
    struct dh_load_options options = {.context = &told, .report = hear, .threads = 2};
    struct dh_load_counts counts;
    add_record(fix, 0, "Title");
    add_record(fix, 1, "Changed");
    add_record(fix, 1000, "New");
    add(fix, "{\"doi\":\"10.82433/odd\",\"titles\":{\"title\":\"x\"}}\nbroken\n");
    assert_int_equal(dh_load_text(fix->dh, fix->text, fix->len, &options, &counts, &fix->err),
                     DH_OK);
    assert_int_equal(counts.created, 2);
    assert_int_equal(counts.updated, 1);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.bad, 1);
    assert_int_equal(counts.repaired, 1);
    assert_int_equal(told.bad, 1);
    assert_int_equal(told.mended, 1);
    assert_int_equal(told.line, 5);
    options.strict = 1;
    add_record(fix, 1001, "New");
    assert_int_equal(dh_load_text(fix->dh, fix->text, fix->len, &options, &counts, &fix->err),
                     DH_INVALID);
    assert_int_equal(counts.bad, 1);
    assert_int_equal(counts.created, 0);
    const char *path = "/nowhere/at/all.jsonl";
    assert_int_equal(dh_load_files(fix->dh, &path, 1, NULL, NULL, &fix->err), DH_NOT_FOUND);
    assert_int_equal(dh_load_text(fix->dh, NULL, 0, NULL, &counts, NULL), DH_OK);
}

static void *read_all(void *context)
{
    struct fixture *fix = context;
    struct dh_list *list;
    const char *json;
    size_t count = 0;
    if (dh_list_new(fix->dh, "page[size]=20", &list, NULL) == DH_OK)
        while (dh_list_next(list, &json, NULL, NULL) == DH_OK)
            count++;
    dh_list_free(list);
    for (int i = 0; i < RECORDS; i++) {
        char doi[32], *text;
        snprintf(doi, sizeof(doi), "10.82433/r-%d", i);
        count += dh_get(fix->dh, doi, NULL, &text, NULL, NULL) == DH_OK;
        dh_free(text);
    }
    return (void *)count;
}

static void *load_again(void *context)
{
    struct fixture *fix = context;
    struct dh_load_counts counts;
    size_t updated = 0;
    if (dh_load_text(fix->dh, fix->text, fix->len, NULL, &counts, NULL) == DH_OK)
        updated = counts.updated;
    return (void *)updated;
}

/* One handle, readers and writers at once: every record stays readable all the time. */
static void test_threads(void **state)
{
    struct fixture *fix = *state;
    void *(*const runs[])(void *) = {read_all, load_again, read_all, load_again, read_all};
    pthread_t threads[5];
    void *counts[5];
    for (int i = 0; i < RECORDS; i++)
        add_record(fix, i, "Changed");
    for (int i = 0; i < 5; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, runs[i], fix), 0);
    for (int i = 0; i < 5; i++)
        pthread_join(threads[i], &counts[i]);
    for (int i = 0; i < 5; i += 2)
        assert_int_equal((size_t)counts[i], 2 * RECORDS);
    assert_int_equal((size_t)counts[1] + (size_t)counts[3], RECORDS);
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_STORE(test_open),          IN_STORE(test_get),     IN_STORE(test_list),
        IN_STORE(test_list_oddities), IN_STORE(test_history), IN_STORE(test_summary),
        IN_STORE(test_list_oddities), IN_STORE(test_related), IN_STORE(test_summary),
        IN_STORE(test_load),          IN_STORE(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
