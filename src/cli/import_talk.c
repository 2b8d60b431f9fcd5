#include "cli/import_talk.h"

#include <unistd.h>

#include "cli/cli.h"
#include "cli/text.h"

enum { BAR_WIDTH = 24, SOON = 1 };

void dh_import_talk_init(struct dh_import_talk *talk, bool quiet, bool repairs)
{
    *talk = (struct dh_import_talk){.screen = dh_screen_of(STDERR_FILENO), .repairs = repairs};
    talk->bar = talk->screen.terminal && !quiet;
}

static void wipe(const struct dh_import_talk *talk)
{
    if (talk->bar)
        fputs("\r\033[K", stderr);
}

/* "[=======>       ] 45%" of the input's bytes. */
static void put_bar(struct dh_buf *line, double part)
{
    size_t done = (size_t)(part * BAR_WIDTH);
    dh_buf_char(line, '[');
    for (size_t i = 0; i < BAR_WIDTH; i++)
        dh_buf_char(line, i < done ? '=' : i == done ? '>' : ' ');
    dh_buf_printf(line, "] %2d%%  ", (int)(part * 100));
}

void dh_import_talk_progress(void *context, const struct dh_import_progress *progress)
{
    struct dh_import_talk *talk = context;
    struct dh_arena arena;
    struct dh_buf line;
    double part = 0, seconds = progress->seconds > 0 ? progress->seconds : 0.001;
    if (!talk->bar)
        return;
    dh_arena_init(&arena, DH_BODY_MAX);
    dh_buf_init(&line, DH_BODY_MAX);
    if (progress->total_bytes) {
        part = (double)progress->bytes / (double)progress->total_bytes;
        put_bar(&line, part < 1 ? part : 1);
    } else {
        dh_buf_str(&line, dh_text_bytes(&arena, progress->bytes));
        dh_buf_text(&line, "  ");
    }
    dh_buf_str(&line, dh_text_number(&arena, progress->records));
    dh_buf_text(&line, " records, ");
    dh_buf_str(&line, dh_text_number(&arena, (uint64_t)((double)progress->records / seconds)));
    dh_buf_text(&line, "/s");
    if (part > 0 && part < 1 && seconds > SOON) {
        dh_buf_text(&line, ", ");
        dh_buf_str(&line, dh_text_seconds(&arena, seconds * (1 - part) / part));
        dh_buf_text(&line, " left");
    }
    wipe(talk);
    if (!line.status && line.len < talk->screen.width)
        dh_text_write(stderr, dh_buf_view(&line));
    fflush(stderr);
    dh_buf_release(&line);
    dh_arena_release(&arena);
}

static void complain(struct dh_import_talk *talk, const struct dh_import_report *report)
{
    if (talk->complaints++ >= DH_COMPLAINTS_MAX)
        return;
    wipe(talk);
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
    wipe(talk);
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

static void tell_rest(uint64_t count, const char *what)
{
    if (count > DH_COMPLAINTS_MAX)
        fprintf(stderr, "and %llu more %s\n", (unsigned long long)(count - DH_COMPLAINTS_MAX),
                what);
}

void dh_import_talk_end(struct dh_import_talk *talk)
{
    wipe(talk);
    tell_rest(talk->complaints, "bad values");
    if (talk->repairs)
        tell_rest(talk->mended, "repairs");
}
