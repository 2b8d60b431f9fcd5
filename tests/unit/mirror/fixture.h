/* What the import tests share: a store in a temporary folder, made-up records, reports kept. */
#ifndef TEST_MIRROR_FIXTURE_H
#define TEST_MIRROR_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "mirror/mirror.h"

enum { REPORTS_MAX = 100, INPUT_MAX = 64 * 1024 * 1024 };

struct fixture {
    char folder[32];
    char path[48];
    struct dh_store *store;
    struct dh_buf input;
    struct dh_import_result result;
    struct dh_err err;
    struct {
        uint64_t line, byte;
        enum dh_status code; /* DH_OK: mended */
        char text[256];
    } reports[REPORTS_MAX];
    size_t report_count;
    unsigned progress_count;
    struct dh_import_progress progress;
};

static inline int fixture_open(void **state)
{
    struct fixture *fix = calloc(1, sizeof(*fix));
    assert_non_null(fix);
    snprintf(fix->folder, sizeof(fix->folder), "/tmp/dh-import-XXXXXX");
    assert_non_null(mkdtemp(fix->folder));
    snprintf(fix->path, sizeof(fix->path), "%s/store.db", fix->folder);
    dh_buf_init(&fix->input, INPUT_MAX);
    if (dh_store_open(fix->path, DH_STORE_CREATE, &fix->store, &fix->err) != DH_OK)
        fail_msg("%s", fix->err.text);
    *state = fix;
    return 0;
}

static inline int fixture_close(void **state)
{
    struct fixture *fix = *state;
    char command[64];
    dh_store_close(fix->store);
    dh_buf_release(&fix->input);
    snprintf(command, sizeof(command), "rm -rf %s", fix->folder);
    assert_int_equal(system(command), 0);
    free(fix);
    return 0;
}

static inline void keep_report(void *context, const struct dh_import_report *report)
{
    struct fixture *fix = context;
    assert_true(report->err || report->text);
    if (fix->report_count < REPORTS_MAX) {
        fix->reports[fix->report_count].line = report->line;
        fix->reports[fix->report_count].byte = report->byte;
        fix->reports[fix->report_count].code = report->err ? report->err->code : DH_OK;
        snprintf(fix->reports[fix->report_count].text, 256, "%s",
                 report->err ? report->err->text : report->text);
    }
    fix->report_count++;
}

static inline void keep_progress(void *context, const struct dh_import_progress *progress)
{
    struct fixture *fix = context;
    assert_true(progress->records >= fix->progress.records);
    fix->progress = *progress;
    fix->progress_count++;
}

static inline enum dh_status import_text(struct fixture *fix, struct dh_str text, bool strict)
{
    struct dh_import_options options = {.strict = strict,
                                        .threads = 3,
                                        .context = fix,
                                        .report = keep_report,
                                        .progress = keep_progress};
    fix->report_count = fix->progress_count = 0;
    fix->progress = (struct dh_import_progress){0};
    return dh_import_buffer(fix->store, text, "test", &options, &fix->result, &fix->err);
}

/* Imports what is in fix->input and forgets it; fails on a status other than DH_OK. */
static inline void import_input(struct fixture *fix)
{
    assert_int_equal(fix->input.status, DH_OK);
    if (import_text(fix, dh_buf_view(&fix->input), false) != DH_OK)
        fail_msg("%s", fix->err.text);
    dh_buf_clear(&fix->input);
}

/* A record in one line; `title` varies the content. */
static inline void add_record(struct dh_buf *out, int number, const char *title)
{
    dh_buf_printf(out,
                  "{\"id\":\"10.5072/r-%d\",\"type\":\"dois\",\"attributes\":{"
                  "\"doi\":\"10.5072/R-%d\",\"creators\":[{\"name\":\"Doe, Jo\",\"nameType\":"
                  "\"Personal\",\"affiliation\":[],\"nameIdentifiers\":[]}],\"titles\":[{\"title\":"
                  "\"%s %d\"}],\"publisher\":\"Example Archive\",\"publicationYear\":%d,"
                  "\"types\":{\"resourceTypeGeneral\":\"Dataset\"},\"state\":\"findable\","
                  "\"created\":\"2020-01-01T00:00:00Z\",\"updated\":\"2021-01-01T00:00:00Z\"},"
                  "\"relationships\":{\"client\":{\"data\":{\"id\":\"exmpl.archive\","
                  "\"type\":\"clients\"}}}}",
                  number, number, title, number, 2000 + number % 20);
}

static inline void add_client(struct dh_buf *out)
{
    dh_buf_text(out, "{\"id\":\"exmpl.archive\",\"type\":\"clients\",\"attributes\":{\"name\":"
                     "\"Example Data Archive\",\"symbol\":\"EXMPL.ARCHIVE\",\"year\":2019,"
                     "\"created\":\"2019-05-06T07:08:09.000Z\",\"updated\":"
                     "\"2020-05-06T07:08:09.000Z\",\"isActive\":true},\"relationships\":{"
                     "\"provider\":{\"data\":{\"id\":\"exmpl\",\"type\":\"providers\"}},"
                     "\"prefixes\":{\"data\":[{\"id\":\"10.5072\",\"type\":\"prefixes\"}]}}}");
}

static inline struct dh_store_stats stats_of(struct fixture *fix)
{
    struct dh_store_stats stats = {0};
    struct dh_reader *reader;
    assert_int_equal(dh_reader_open(fix->store, &reader, &fix->err), DH_OK);
    assert_int_equal(dh_store_stats(reader, &stats, &fix->err), DH_OK);
    dh_reader_close(reader);
    return stats;
}

/* True when the store has the DOI and its text holds `part`. */
static inline bool stored(struct fixture *fix, const char *doi, const char *part)
{
    struct dh_reader *reader;
    struct dh_arena arena;
    struct dh_hit hit;
    dh_arena_init(&arena, INPUT_MAX);
    assert_int_equal(dh_reader_open(fix->store, &reader, &fix->err), DH_OK);
    enum dh_status status = dh_store_get(reader, dh_str(doi), &hit, &arena, &fix->err);
    bool found =
        status == DH_OK && memmem(hit.wire.text.ptr, hit.wire.text.len, part, strlen(part)) != NULL;
    dh_reader_close(reader);
    dh_arena_release(&arena);
    return found;
}

#endif
