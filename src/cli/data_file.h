/* The store written as a public data file of DataCite, in the layout of 2024 and later. */
#ifndef DH_CLI_DATA_FILE_H
#define DH_CLI_DATA_FILE_H

#include "cli/cli.h"

/* Whether the command line asks for what can be written to `path`; says what cannot. */
bool dh_data_file_asked(struct dh_cli *cli, const char *path);
/*
 * Writes what passes the filters to a folder or, by its name, a tar. `target` is the API's list of
 * the same, as export asks for it. An exit status, after talk.
 */
int dh_data_file_write(struct dh_cli *cli, const char *path, struct dh_str target);

#endif
