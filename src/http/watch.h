/* Connections with a deadline each, and the thread that shuts those past it. Private to http/. */
#ifndef DH_HTTP_WATCH_H
#define DH_HTTP_WATCH_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"

/* A connection: what libmicrohttpd keeps for us beside it. */
struct dh_client {
    struct dh_client *next, *prev; /* of dh_watch, under its lock */
    int fd;
    atomic_int_fast64_t deadline; /* dh_clock, when it is shut; 0: none */
    atomic_bool asked;            /* a whole request has come and is not yet answered */
    unsigned ended;               /* the watch's: looks at which the peer had ended */
    char address[48];
};

struct dh_watch {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t id;
    bool started, closed;
    struct dh_client *clients;
};

/* Nanoseconds of the monotonic clock. */
int64_t dh_clock(void);

/* Starts the thread. DH_IO when there can be no further one. */
enum dh_status dh_watch_start(struct dh_watch *watch, struct dh_err *err);
void dh_watch_stop(struct dh_watch *watch);
/* A connection enters when it is opened and leaves before its descriptor is closed. */
void dh_watch_add(struct dh_watch *watch, struct dh_client *client);
void dh_watch_remove(struct dh_watch *watch, struct dh_client *client);
/* Tells whether an answer is owed: until then a connection whose peer has ended is not shut. */
void dh_client_owe(struct dh_client *client, bool answer);
/* The connection is shut when `seconds` have passed; 0: never. Any thread. */
void dh_client_expect(struct dh_client *client, int64_t seconds);

#endif
