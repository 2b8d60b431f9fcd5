#include "cli/progress.h"

#include <time.h>
#include <unistd.h>

#include "cli/text.h"

enum { BAR_WIDTH = 24, SOON = 1 };

static const double OFTEN = 0.2; /* seconds */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void dh_progress_init(struct dh_progress *progress, bool quiet)
{
    *progress = (struct dh_progress){.screen = dh_screen_of(STDERR_FILENO), .begun = now()};
    progress->told = progress->begun;
    progress->shown = progress->screen.terminal && !quiet;
}

void dh_progress_wipe(const struct dh_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}

/* "[=======>       ] 45%" of the whole. */
static void put_bar(struct dh_buf *line, double part)
{
    size_t done = (size_t)(part * BAR_WIDTH);
    dh_buf_char(line, '[');
    for (size_t i = 0; i < BAR_WIDTH; i++)
        dh_buf_char(line, i < done ? '=' : i == done ? '>' : ' ');
    dh_buf_printf(line, "] %2d%%  ", (int)(part * 100));
}

static void put_line(const struct dh_work *work, struct dh_buf *line, struct dh_arena *arena)
{
    double part = 0, seconds = work->seconds > 0 ? work->seconds : 0.001;
    if (work->total) {
        part = (double)work->done / (double)work->total;
        put_bar(line, part < 1 ? part : 1);
    } else if (work->bytes) {
        dh_buf_str(line, dh_text_bytes(arena, work->bytes));
        dh_buf_text(line, "  ");
    }
    dh_buf_str(line, dh_text_number(arena, work->records));
    dh_buf_printf(line, " %s, ", work->what ? work->what : "records");
    dh_buf_str(line, dh_text_number(arena, (uint64_t)((double)work->records / seconds)));
    dh_buf_text(line, "/s");
    if (part > 0 && part < 1 && seconds > SOON) {
        dh_buf_text(line, ", ");
        dh_buf_str(line, dh_text_seconds(arena, seconds * (1 - part) / part));
        dh_buf_text(line, " left");
    }
    if (work->note && *work->note)
        dh_buf_printf(line, ", %.*s", DH_STR_ARG(dh_text_clean(arena, dh_str(work->note))));
}

void dh_progress_show(const struct dh_progress *progress, const struct dh_work *work)
{
    struct dh_arena arena;
    struct dh_buf line;
    if (!progress->shown)
        return;
    dh_arena_init(&arena, DH_BODY_MAX);
    dh_buf_init(&line, DH_BODY_MAX);
    put_line(work, &line, &arena);
    dh_progress_wipe(progress);
    if (!line.status)
        dh_text_write(stderr, dh_text_cut(&arena, dh_buf_view(&line), progress->screen.width - 1));
    fflush(stderr);
    dh_buf_release(&line);
    dh_arena_release(&arena);
}

void dh_progress_tick(struct dh_progress *progress, struct dh_work work)
{
    double time = progress->shown ? now() : 0;
    if (!progress->shown || time - progress->told < OFTEN)
        return;
    progress->told = time;
    work.seconds = time - progress->begun;
    dh_progress_show(progress, &work);
}
