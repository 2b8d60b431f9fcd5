/* What `import` tells while it runs: a bar on a terminal, complaints about bad input, the end. */
#ifndef DH_CLI_IMPORT_TALK_H
#define DH_CLI_IMPORT_TALK_H

#include "cli/import_counts.h"
#include "cli/progress.h"
#include "mirror/mirror.h"

struct dh_import_talk {
    struct dh_progress progress;
    bool repairs;                    /* tell each repair, too */
    uint64_t complaints, mended;     /* reports that came, told or not */
    struct dh_import_counts *counts; /* where months go; or NULL */
};

void dh_import_talk_init(struct dh_import_talk *talk, bool quiet, bool repairs);
/* The callbacks of dh_import_options, called by the importing thread; `context` is the talk. */
void dh_import_talk_progress(void *context, const struct dh_import_progress *progress);
void dh_import_talk_report(void *context, const struct dh_import_report *report);
void dh_import_talk_month(void *context, const struct dh_import_month *month);
/* Wipes the bar and tells how many complaints were held back. */
void dh_import_talk_end(struct dh_import_talk *talk);

#endif
