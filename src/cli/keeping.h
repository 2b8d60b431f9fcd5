/*
 * Keeping: a thread that brings all copies of a served store up to date again and again, beside the
 * server. It has a write handle of its own, so answers never wait for it. What goes wrong is said
 * on standard error, one line for each time, and tried again.
 */
#ifndef DH_CLI_KEEPING_H
#define DH_CLI_KEEPING_H

#include <pthread.h>

#include "api/api.h"
#include "cli/cli.h"

struct dh_keeping {
    struct dh_api_sync state;
    const char *mailto, *user; /* of the requests; or NULL */
    const char *authorities;   /* of dh_client_options */
    struct dh_store *store;    /* for writing */
    struct dh_store *search;   /* the served one */
    pthread_t id;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop;
    bool started;
    unsigned failures;   /* one after the other, until now */
    int64_t compared;    /* ms, when copies were last compared as a whole; 0: never */
    char trouble[512];   /* of the run under way */
    size_t more_trouble; /* further copies that failed */
};

/* Reads "90s", "15m", "6h" or "1d" within the limits; false for anything else. */
bool dh_keeping_read(const char *text, int64_t *seconds);
/*
 * Opens the store for writing and starts; says so when there is nothing to keep fresh. The state's
 * interval, mailto and user are set before. Signals are blocked by the caller. 0, or an exit
 * status after talk; dh_keeping_end is called in any case.
 */
int dh_keeping_start(struct dh_keeping *keeping, struct dh_cli *cli);
/* Tells the thread to end soon; does not wait. */
void dh_keeping_stop(struct dh_keeping *keeping);
/* Waits for the thread, and frees. */
void dh_keeping_end(struct dh_keeping *keeping);

#endif
