/* What `import` tells of a data file: records of each month and state beside the rows of its CSV.
 */
#ifndef DH_CLI_IMPORT_COUNTS_H
#define DH_CLI_IMPORT_COUNTS_H

#include "mirror/mirror.h"

struct dh_import_counts {
    struct dh_buf lines;  /* a sentence per difference */
    struct dh_buf json;   /* the months, without brackets */
    uint64_t differences; /* all of them, told or not */
    uint64_t rows_only;   /* DOIs in a state that only a CSV lists */
};

void dh_import_counts_init(struct dh_import_counts *counts);
void dh_import_counts_release(struct dh_import_counts *counts);
/* Takes one month, as dh_import_options.month gives it. */
void dh_import_counts_add(struct dh_import_counts *counts, const struct dh_import_month *month);
/* Tells the differences on standard error. */
void dh_import_counts_tell(const struct dh_import_counts *counts);
/* The whole import as one JSON object, with the months. */
void dh_import_counts_write(const struct dh_import_counts *counts,
                            const struct dh_import_result *result, double seconds,
                            struct dh_buf *out);

#endif
