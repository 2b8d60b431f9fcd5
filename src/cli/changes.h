/*
 * What `changes` prints, and the feed of a running doihound: asked for again and again, with long
 * polls, through restarts of the server.
 */
#ifndef DH_CLI_CHANGES_H
#define DH_CLI_CHANGES_H

#include "cli/cli.h"

struct dh_changes_asking {
    const char *url;         /* of the server; slashes at its end do not matter */
    const char *user;        /* "name:password", or NULL */
    const char *authorities; /* as dh_client_options has them */
    const char *since;       /* digits, or "now" */
    uint64_t left;           /* changes to be printed at most */
    bool follow, json;
};

/* Prints the changes that the server tells; an exit status, after having said what went wrong. A
 * wish to stop (stopping.h) is no failure. */
int dh_changes_of_server(struct dh_cli *cli, const struct dh_changes_asking *asking);

/* A line of text about one change. `arena` is for scratch. */
void dh_change_print(const struct dh_change_item *item, struct dh_arena *arena);
/* Waits, less when a signal comes; true when nobody reads standard output any more. */
bool dh_changes_pause(int milliseconds);

#endif
