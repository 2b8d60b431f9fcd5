/*
 * Querying: a query given on the command line. What is wrong with it, or odd, is told with a caret
 * under the place.
 */
#ifndef DH_CLI_QUERYING_H
#define DH_CLI_QUERYING_H

#include "cli/cli.h"

/* A row of the options of commands that take a query beside filters; dh_filter_query adds it. */
#define DH_QUERY_OPTION                                                                            \
    {                                                                                              \
        "query", 0, DH_OPTION_TEXT, "QUERY",                                                       \
            "only records that match, in the API's query language"                                 \
    }

/* Parses a query over records, which lives in the arena of the command, and tells its warnings. 0,
 * or an exit status after having said what is wrong. */
int dh_querying_read(struct dh_cli *cli, struct dh_str text, struct dh_query *out);

#endif
