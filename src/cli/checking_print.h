/* How findings and faults of a text are printed: lines for people, or JSON Lines. */
#ifndef DH_CLI_CHECKING_PRINT_H
#define DH_CLI_CHECKING_PRINT_H

#include "cli/records.h"
#include "model/findings.h"

struct dh_finding_printer {
    bool json;
    bool stored;        /* `name` is a DOI, not a file */
    bool several;       /* the file holds several records: their numbers are told */
    struct dh_str name; /* of the file, or a DOI */
};

/* "FILE:LINE:COLUMN: error: property: message [rule]", "FILE: record 2: /pointer: ...". */
void dh_finding_print(const struct dh_finding_printer *printer, const struct dh_finding *finding,
                      struct dh_arena *arena);
/* What cannot be read: with the findings as JSON, else on standard error. */
void dh_fault_print(const struct dh_finding_printer *printer, const struct dh_place *place,
                    const struct dh_err *err, struct dh_arena *arena);

#endif
