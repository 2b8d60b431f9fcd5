/*
 * api: HTTP meets the store. The DataCite REST API's read side: a table of routes (routes.c), one
 * file per resource, and what they share: the JSON:API envelope, paging, links, errors, who may see
 * what. No SQL, no sockets; of formats other than JSON only the choice (format/ writes them).
 */
#ifndef DH_API_H
#define DH_API_H

#include <stdatomic.h>

#include "api/filters.h"
#include "http/http.h"
#include "store/store.h"

/* What is known of the work that keeps a served store fresh; written by who does it. */
struct dh_api_sync {
    int64_t interval;         /* seconds */
    atomic_int_fast64_t next; /* ms, when it is to be done again; DH_TIME_NONE: unknown */
    atomic_bool running;
};

struct dh_api_options {
    bool facets;         /* facets by default in /dois lists (serve --facets) */
    bool owner;          /* the caller owns the store: every state is visible (the CLI) */
    bool explain;        /* explain=true is heeded (serve --explain) */
    bool strict;         /* unknown styles and locales are refused (serve --strict) */
    const char *version; /* for /metrics and the Server header */
    const struct dh_api_sync *sync; /* what keeps the store fresh; or NULL */
};

struct dh_api; /* immutable after open; shared by all threads. Borrows the store */

enum dh_status dh_api_open(struct dh_store *store, const struct dh_api_options *options,
                           struct dh_api **out, struct dh_err *err);
void dh_api_close(struct dh_api *api);
/* The application for dh_http_start; borrows the api. */
struct dh_http_app dh_api_app(struct dh_api *api);
/* Lets /metrics tell of the server; NULL again before the server is freed. */
void dh_api_watch(struct dh_api *api, const struct dh_http_server *server);

/*
 * Answers one GET without a socket, as the server would: what the command line and the library use.
 * `target` is path and query, "/dois?client-id=x"; links start with `base`. The response's body is
 * the caller's to release. The reader is used for the time of the call.
 */
void dh_api_get(struct dh_api *api, struct dh_reader *reader, struct dh_str target,
                struct dh_str base, struct dh_arena *arena, struct dh_response *out);

#endif
