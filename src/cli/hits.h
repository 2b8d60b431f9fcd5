/* Hits: every stored record that filters select, one after the other. */
#ifndef DH_CLI_HITS_H
#define DH_CLI_HITS_H

#include "cli/cli.h"

/* Called for each page; anything but 0 ends the walk with that exit status. What it puts into the
 * arena lasts until the page after the next. */
typedef int dh_each_page(void *context, const struct dh_page *page, struct dh_arena *arena);
/*
 * Walks through what a search with a cursor finds, search->limit at a time, each page from behind
 * the last record of the one before: what is written meanwhile repeats nothing. A sample is one
 * page. An exit status, after having said why.
 */
int dh_hits_pages(struct dh_cli *cli, struct dh_search *search, dh_each_page *each, void *context);

/* Called for each record with its body; anything but 0 ends the walk with that exit status. */
typedef int dh_each_hit(void *context, const struct dh_hit *hit);
/*
 * Walks through the records that the filters given select, oldest first, of any state and agency.
 * What is written meanwhile repeats nothing. An exit status, after having said why.
 */
int dh_hits_walk(struct dh_cli *cli, dh_each_hit *each, void *context);

#endif
