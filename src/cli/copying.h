/* Copying: what `pull` and `sync` read of their command line alike, and what servers grant. Their
 * common options are copying.def. */
#ifndef DH_CLI_COPYING_H
#define DH_CLI_COPYING_H

#include "cli/cli.h"

#define DH_DATACITE "https://api.datacite.org"

/* The filters of the copies that a command line means. */
struct dh_copies {
    const char *filters[2]; /* as struct dh_scope has them; the arena's */
    size_t count;
};

/* The server that a command line means, by default DataCite's, as copies are named after it: an
 * address of the arena's. An exit status, after having said why. */
int dh_copy_server(struct dh_cli *cli, const char **out);
/* Whether --mailto, --user and DOIHOUND_USER make sense; likewise. */
int dh_copy_check(struct dh_cli *cli);
/* Name and password to log in with: --user, else DOIHOUND_USER; or NULL. */
const char *dh_copy_user(const struct dh_cli *cli);

/*
 * Reads the filters, --query and --citing: the records that the filters select ("" for
 * all), and those that refer to something. An exit status, after having said why.
 */
int dh_copies_read(struct dh_cli *cli, struct dh_copies *out);
/* A copy for people: its server and its filter, the long query of --citing as that option. The
 * arena's. */
struct dh_str dh_copy_name(struct dh_arena *arena, struct dh_str url, struct dh_str filter);
/* What the line of progress ends with: what holds requests up, else how many the budget still has.
 * As struct dh_pull_progress tells it. */
void dh_copy_note(double closed, const char *trouble, unsigned left, char *out, size_t size);
/* Tells what a server counts and never gave, one line for each kind of which something is missing.
 */
void dh_copy_tell_missing(struct dh_arena *arena, uint64_t records, uint64_t activities,
                          uint64_t events);
/* Requests in any 5 minutes: as given, or, negative, what a server grants. */
unsigned dh_copy_budget(const char *url, const char *user, const char *mailto, int64_t given);
/* The certificates to trust: --cacert, else what the environment says as it does to curl; or NULL.
 */
const char *dh_copy_authorities(const struct dh_cli *cli);
/* What the program calls itself; `mailto` may be NULL. NULL out of memory. */
const char *dh_copy_agent(struct dh_arena *arena, const char *mailto);

#endif
