/* The access log: lines go to a buffer, a thread of its own writes them. Private to http/. */
#ifndef DH_HTTP_LOG_H
#define DH_HTTP_LOG_H

#include <pthread.h>

#include "base/base.h"

struct dh_exchange;

struct dh_log {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t id;
    bool started, closed, json;
    int fd;
    struct dh_buf pending;
    uint64_t dropped;
};

/* Starts the thread; does nothing when `fd` is -1. */
enum dh_status dh_log_start(struct dh_log *log, int fd, bool json, struct dh_err *err);
/* Writes what is left and ends the thread. */
void dh_log_stop(struct dh_log *log);
/* Adds a line for a finished exchange; a thread of its own writes it out. */
void dh_log_exchange(struct dh_log *log, struct dh_exchange *x);

#endif
