#include "cli/import_talk.h"

#include "cli/cli.h"

void dh_import_talk_init(struct dh_import_talk *talk, bool quiet, bool repairs)
{
    *talk = (struct dh_import_talk){.repairs = repairs};
    dh_progress_init(&talk->progress, quiet);
}

void dh_import_talk_progress(void *context, const struct dh_import_progress *progress)
{
    const struct dh_import_talk *talk = context;
    const struct dh_work work = {.done = progress->bytes,
                                 .total = progress->total_bytes,
                                 .bytes = progress->bytes,
                                 .records = progress->records,
                                 .seconds = progress->seconds};
    dh_progress_show(&talk->progress, &work);
}

static void complain(struct dh_import_talk *talk, const struct dh_import_report *report)
{
    if (talk->complaints++ >= DH_COMPLAINTS_MAX)
        return;
    dh_progress_wipe(&talk->progress);
    fprintf(stderr, "%s:%llu: byte %llu: ", report->file, (unsigned long long)report->line,
            (unsigned long long)report->byte);
    if (report->err->field[0])
        fprintf(stderr, "%s: ", report->err->field);
    fprintf(stderr, "%s\n", report->err->text);
}

static void tell_repair(struct dh_import_talk *talk, const struct dh_import_report *report)
{
    if (talk->mended++ >= DH_COMPLAINTS_MAX || !talk->repairs)
        return;
    dh_progress_wipe(&talk->progress);
    fprintf(stderr, "%s:%llu: mended: %s\n", report->file, (unsigned long long)report->line,
            report->text ? report->text : "");
}

void dh_import_talk_report(void *context, const struct dh_import_report *report)
{
    struct dh_import_talk *talk = context;
    if (report->err)
        complain(talk, report);
    else
        tell_repair(talk, report);
}

void dh_import_talk_month(void *context, const struct dh_import_month *month)
{
    struct dh_import_talk *talk = context;
    if (talk->counts)
        dh_import_counts_add(talk->counts, month);
}

static void tell_rest(uint64_t count, const char *what)
{
    if (count > DH_COMPLAINTS_MAX)
        fprintf(stderr, "and %llu more %s\n", (unsigned long long)(count - DH_COMPLAINTS_MAX),
                what);
}

void dh_import_talk_end(struct dh_import_talk *talk)
{
    dh_progress_wipe(&talk->progress);
    tell_rest(talk->complaints, "bad values");
    if (talk->repairs)
        tell_rest(talk->mended, "repairs");
}
