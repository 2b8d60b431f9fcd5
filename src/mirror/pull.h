/*
 * Pull: a copy of what another server that speaks the DataCite REST API holds, made over its
 * /dois in cursor walks. It can be broken off at any moment and goes on where it was; done twice it
 * changes nothing. What the server counts but never gives is told.
 */
#ifndef DH_MIRROR_PULL_H
#define DH_MIRROR_PULL_H

#include <stdatomic.h>

#include "http/client.h"
#include "mirror/mirror.h"

struct dh_pull_progress {
    uint64_t records, total; /* given so far, of those counted */
    bool activities;         /* they are those whose activities were asked for */
    bool events;             /* they are events */
    uint64_t requests;
    unsigned left;       /* requests of the budget, now; UINT_MAX: no limit */
    double closed;       /* seconds for which the server wants no request */
    const char *trouble; /* why a request waits to be tried again; "" when none does */
    double seconds;
};

struct dh_pull_options {
    const char *url;    /* "https://api.datacite.org"; a slash at the end does not matter */
    const char *filter; /* parameters of /dois, form-encoded: "client-id=nihnci.tcia"; "" for all */
    const struct dh_str *dois; /* a hand-picked list, lower case, instead of a filter */
    size_t doi_count;
    struct dh_client_options client;
    struct dh_http_client *http; /* asks with this one, with nothing queued; NULL: one of its own */
    bool restart;                /* from the beginning, whatever an earlier walk had reached */
    bool activities;             /* the server's activities of the records, too */
    bool events;                 /* the server's events of the records, too */
    bool no_accounts;  /* do not ask for clients, providers and prefixes that are only named */
    atomic_bool *stop; /* set by a signal: end soon, keep what is there; or NULL */
    void *context;
    void (*progress)(void *context, const struct dh_pull_progress *progress); /* or NULL */
    void (*report)(void *context,
                   const struct dh_import_report *report); /* other thread; or NULL */
    void (*missed)(void *context, struct dh_str doi);      /* of the list, not there; or NULL */
};

struct dh_pull_result {
    struct dh_import_result import;
    uint64_t given;                          /* records that the walk was given, since it began */
    uint64_t total;                          /* as counted at the end */
    uint64_t missing;                        /* counted, never given; of a list: not there */
    uint64_t activities, activities_missing; /* new ones; counted, never given */
    uint64_t events_missing;                 /* likewise */
    bool events;                             /* were asked for */
    bool resumed, stopped;
    struct dh_client_counts counts;
};

/*
 * DH_IO when the server fails for good or cannot be right, with what it was; what came before stays
 * and the next call goes on from there. DH_INVALID for a URL or filter that it refuses. DH_OK also
 * with result->missing > 0 or result->stopped. Any thread; takes the store's write lock page by
 * page.
 */
enum dh_status dh_pull(struct dh_store *store, const struct dh_pull_options *options,
                       struct dh_pull_result *result, struct dh_err *err);

#endif
