/* Importing through the public names. */
#include "lib/lib.h"
#include "mirror/mirror.h"

static void pass_report(void *context, const struct dh_import_report *report)
{
    const struct dh_load_options *options = context;
    struct dh_load_report told = {
        .file = report->file,
        .line = report->line,
        .byte = report->byte,
        .status = report->err ? report->err->code : DH_OK,
        .field = report->err ? report->err->field : "",
        .text = report->err ? report->err->text : report->text,
    };
    options->report(options->context, &told);
}

static struct dh_import_options translate(const struct dh_load_options *options)
{
    struct dh_import_options translated = {0};
    if (!options)
        return translated;
    translated.strict = options->strict != 0;
    translated.threads = options->threads;
    if (options->report) {
        translated.context = (void *)options;
        translated.report = pass_report;
    }
    return translated;
}

static void fill_counts(const struct dh_import_result *result, struct dh_load_counts *counts)
{
    if (!counts)
        return;
    *counts = (struct dh_load_counts){
        .created = result->created,
        .updated = result->updated,
        .unchanged = result->unchanged,
        .touched = result->touched,
        .accounts = result->accounts,
        .bad = result->bad,
        .repaired = result->repaired,
    };
}

/* Files, or `text` when there are none. */
static enum dh_status load(struct dh *dh, const char *const *paths, size_t path_count,
                           struct dh_str text, const struct dh_load_options *options,
                           struct dh_load_counts *counts, struct dh_err *err)
{
    struct dh_import_options translated = translate(options);
    struct dh_import_result result = {0};
    enum dh_status status;
    if (dh->writable) {
        pthread_mutex_lock(&dh->loading);
        status = paths ? dh_import_files(dh->store, paths, path_count, &translated, &result, err)
                       : dh_import_buffer(dh->store, text, "-", &translated, &result, err);
        pthread_mutex_unlock(&dh->loading);
    } else {
        status = dh_fail(err, DH_UNSUPPORTED, "the store was opened for reading");
    }
    fill_counts(&result, counts);
    return status;
}

enum dh_status dh_load_files(struct dh *dh, const char *const *paths, size_t count,
                             const struct dh_load_options *options, struct dh_load_counts *counts,
                             struct dh_err *err)
{
    return load(dh, paths, count, DH_STR_NONE, options, counts, err);
}

enum dh_status dh_load_text(struct dh *dh, const char *text, size_t len,
                            const struct dh_load_options *options, struct dh_load_counts *counts,
                            struct dh_err *err)
{
    return load(dh, NULL, 0, (struct dh_str){text, len}, options, counts, err);
}
