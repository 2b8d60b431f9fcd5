/*
 * Checking: what validate and lint have in common. Findings go to standard output, a line each, as
 * they are found; the summary to standard error.
 */
#ifndef DH_CLI_CHECKING_H
#define DH_CLI_CHECKING_H

#include "cli/cli.h"

/* Options that both have, rows of their tables. */
#define DH_CHECKING_OPTIONS                                                                        \
    {"format", 0, DH_OPTION_TEXT, "FORMAT",                                                        \
     "the format of the files, one that 'convert --list' shows as read (default: as the content "  \
     "tells)"},                                                                                    \
        {"doi", 0, DH_OPTION_TEXT, "DOI",                                                          \
         "check this record of the store; may be given several times"},                            \
        {"json", 0, DH_OPTION_FLAG, NULL, "each finding as a JSON object on a line of its own"},   \
    {                                                                                              \
        "quiet", 0, DH_OPTION_FLAG, NULL, "print nothing; the exit status tells"                   \
    }

/* What can be refused before anything is read; DH_EXIT_OK or DH_EXIT_USAGE. */
int dh_checking_check(struct dh_cli *cli);
/*
 * Checks the files named, else the records of the store that --doi or the filters select. `flags`
 * are those of dh_format_check. The exit status: nothing found, something found, or something that
 * cannot be read.
 */
int dh_checking_run(struct dh_cli *cli, unsigned flags);

#endif
