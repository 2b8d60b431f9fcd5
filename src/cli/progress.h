/* What a long command tells on a terminal while it works: a bar, a count, how much time is left. */
#ifndef DH_CLI_PROGRESS_H
#define DH_CLI_PROGRESS_H

#include "base/base.h"
#include "cli/screen.h"

struct dh_progress {
    struct dh_screen screen; /* of standard error */
    bool shown;              /* draw it: standard error is a terminal, nobody asked for quiet */
    double begun, told;      /* seconds */
};

/* How far the work is. */
struct dh_work {
    uint64_t done, total; /* bytes or records; total 0: unknown */
    uint64_t bytes;       /* told when the total is unknown; 0: not told */
    uint64_t records;
    const char *what; /* they are; NULL: "records" */
    const char *note; /* told at the end of the line; or NULL */
    double seconds;
};

void dh_progress_init(struct dh_progress *progress, bool quiet);
/* Draws it now. */
void dh_progress_show(const struct dh_progress *progress, const struct dh_work *work);
/* Draws it when the last time was a while ago; seconds are those since the beginning. */
void dh_progress_tick(struct dh_progress *progress, struct dh_work work);
/* Takes it away, for a line of text or at the end. */
void dh_progress_wipe(const struct dh_progress *progress);

#endif
