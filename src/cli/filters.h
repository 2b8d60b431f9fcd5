/* The API's filters of /dois as options of a command: --client-id X is client-id=X. */
#ifndef DH_CLI_FILTERS_H
#define DH_CLI_FILTERS_H

#include "cli/cli.h"

/* A table of options made of dh_filter_rows, without those the command has itself; or NULL. */
const struct dh_option *dh_filter_options(const struct dh_command *command, struct dh_arena *arena);
/* Appends the given filters, and what --query was given, as a query string, each pair behind '?' or
 * '&'. */
void dh_filter_query(const struct dh_cli *cli, struct dh_buf *target);
/* Appends one more pair. */
void dh_query_add(struct dh_buf *target, const char *name, struct dh_str value);
void dh_query_add_number(struct dh_buf *target, const char *name, int64_t value);
/* Turns a target ("/dois?...") into a search as the API would; 0, or an exit status after talk. */
int dh_filter_search(struct dh_cli *cli, struct dh_str target, struct dh_search *search);

#endif
