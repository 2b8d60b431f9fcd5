/* Picking: a list of DOIs by hand, --doi and --dois of a command. */
#ifndef DH_CLI_PICKING_H
#define DH_CLI_PICKING_H

#include "cli/cli.h"

struct dh_picked {
    struct dh_str *dois; /* lower case, as given; the cli's arena's */
    size_t count;
    bool given; /* there is such an option, be the list empty */
};

/*
 * Reads all --doi DOI and --dois FILE ("-": standard input; one DOI per line, empty lines and those
 * that begin with # are passed over). An exit status after having said what is no DOI, with its
 * line, or which file cannot be read.
 */
int dh_picked_read(struct dh_cli *cli, struct dh_picked *out);

#endif
