/* What the files of a pull share. Private to mirror/. */
#ifndef DH_MIRROR_PULL_PARTS_H
#define DH_MIRROR_PULL_PARTS_H

#include "mirror/landing.h"
#include "mirror/pull.h"
#include "mirror/walk.h"

struct dh_pull {
    struct dh_store *store;
    const struct dh_pull_options *options;
    struct dh_pull_result *result;
    struct dh_http_client *client;
    struct dh_landing *landing;
    struct dh_import_options importing;
    struct dh_arena arena;
    struct dh_scope scope;
    char *url;
    const char *filter; /* of what is walked through */
    struct dh_walk walk;
    double begun;
    /* What is done with a good page, instead of importing it, and with an answer to what is none of
     * the walk's pages. Both are given the fetch. */
    enum dh_status (*page)(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err);
    enum dh_status (*other)(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err);
};

/* True once the caller wants no more. */
bool dh_pull_stopped(const struct dh_pull *pull);
/* Queues a request; `context` comes back with its answer. */
enum dh_status dh_pull_ask(struct dh_pull *pull, const struct dh_buf *url, void *context,
                           struct dh_err *err);
/* Waits for the next answer; NULL in *out when there is none, or it is time to stop. */
enum dh_status dh_pull_next(struct dh_pull *pull, struct dh_fetch **out, struct dh_err *err);
/* What an answer other than 200 means for the whole. */
enum dh_status dh_pull_refused(const struct dh_fetch *fetch, struct dh_err *err);

/* Counts all that is walked through, as a list does; stays 0 when it is time to stop. */
enum dh_status dh_pull_count(struct dh_pull *pull, uint64_t *total, struct dh_err *err);
/* Makes a new walk, in slices when there is much. The old one must have been released. */
enum dh_status dh_pull_plan(struct dh_pull *pull, struct dh_err *err);
/* Walks to the end, or until it is time to stop; other requests that are queued are done, too. */
enum dh_status dh_pull_walk(struct dh_pull *pull, struct dh_err *err);

/* pull_accounts.c: asks for clients, providers and prefixes that the store only knows by name. */
enum dh_status dh_pull_accounts(struct dh_pull *pull, struct dh_err *err);

#endif
