/* Hits: every stored record that filters select, one after the other. */
#ifndef DH_CLI_HITS_H
#define DH_CLI_HITS_H

#include "cli/cli.h"

/* Called for each record with its body; anything but 0 ends the walk with that exit status. */
typedef int dh_each_hit(void *context, const struct dh_hit *hit);
/*
 * Walks through the records that the filters given select, oldest first, of any state and agency.
 * What is written meanwhile repeats nothing. An exit status, after having said why.
 */
int dh_hits_walk(struct dh_cli *cli, dh_each_hit *each, void *context);

#endif
