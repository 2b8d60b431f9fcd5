/*
 * Syncing: all copies in a store brought up to date, one after the other. What `sync` does once and
 * a server does again and again: no talk of its own, no signals.
 */
#ifndef DH_CLI_SYNCING_H
#define DH_CLI_SYNCING_H

#include "mirror/sync.h"

/* How one copy fared. Texts last for the call. */
struct dh_synced {
    const char *url, *filter;
    enum dh_status status; /* of dh_sync */
    const struct dh_err *err;
    const struct dh_sync_result *result;
};

struct dh_syncing {
    struct dh_store *store;  /* open for writing; borrowed */
    struct dh_store *search; /* the same store, where what it holds is looked up: one that has
                                loaded it already saves memory; NULL: `store` */
    const char *url;         /* only copies of this server; NULL: all */
    const char *filter;      /* only the copy with this filter; NULL: all */
    int64_t since;           /* ms: takes up a copy that the store holds as of then, which needs url
                                and filter; DH_TIME_NONE: only what is there */
    int64_t overlap;         /* ms, or negative: the default */
    int64_t hidden_max;      /* as dh_sync_options */
    bool quick, no_accounts;
    bool forget; /* asks nobody: the store is to hold these copies no more. Each is told to `begun`,
                    and their records stay */
    const char *mailto;      /* or NULL */
    const char *user;        /* "name:password", or NULL */
    const char *authorities; /* of dh_client_options */
    int64_t budget;    /* requests in any 5 minutes, 0: no limit; negative: as the server grants */
    unsigned parallel; /* 0: the default */
    unsigned attempts; /* 0: the default */
    atomic_bool *stop; /* end soon; or NULL */
    void *context;     /* for the three below, each of which may be NULL */
    void (*begun)(void *context, const char *url, const char *filter);
    void (*progress)(void *context, const struct dh_sync_progress *progress);
    void (*report)(void *context, const struct dh_import_report *report); /* another thread */
    void (*ended)(void *context, const struct dh_synced *synced);
};

/* Sums over copies. */
struct dh_syncing_result {
    size_t copies;     /* that were tried */
    size_t incomplete; /* came to an end, but something is missing, bad or was not hidden */
    size_t failed;     /* did not */
};

/*
 * Syncs the copies that are meant. One that fails does not keep the others from their turn; it is
 * told to `ended` and counted, and DH_OK is returned all the same. A failure is one of the store or
 * of memory. One thread at a time; any thread.
 */
enum dh_status dh_syncing_run(const struct dh_syncing *syncing, struct dh_syncing_result *result,
                              struct dh_err *err);

#endif
