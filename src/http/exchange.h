/*
 * What the files of the server share. An exchange is one request and its answer: it is born on an
 * event loop when the request line is in, may visit a worker, and goes back to its loop's spares
 * when the answer is out, so that arena and buffers serve many requests. Private to http/.
 *
 *   server.c   start and stop      listen.c  sockets        tls.c      PEM files
 *   loop.c     the callbacks       request.c what came in   reply.c    what goes out
 *   workers.c  queue and pool      watch.c   deadlines      log.c      access log
 *   kept.c     answers that hold   aside.c   answers that wait
 */
#ifndef DH_HTTP_EXCHANGE_H
#define DH_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <zlib.h>

#include "http/kept.h"
#include "http/log.h"
#include "http/server.h"
#include "http/watch.h"

struct dh_loop;

/* gzip state, one per thread that makes answers; costs 256 KB, so it is made at the first use. */
struct dh_gzip {
    z_stream stream;
    bool open;
};

/* How far an exchange is. */
enum dh_stage {
    DH_STAGE_LINE,   /* the request line is in */
    DH_STAGE_BODY,   /* headers are in */
    DH_STAGE_WORKER, /* suspended: queue, worker or those set aside own it */
    DH_STAGE_READY   /* `reply` waits to be sent */
};

struct dh_exchange {
    struct dh_exchange *next; /* in the queue, set aside, or among the spares */
    struct dh_loop *loop;
    struct dh_client *client;
    struct MHD_Connection *connection;
    enum dh_stage stage;
    int refused;        /* status that the server answers with by itself; 0: the app answers */
    bool counted;       /* in server->under_way */
    const char *method; /* as sent */
    const char *version;
    struct dh_str host, forwarded_host, forwarded_proto, if_none_match, referer;
    struct dh_str content_length, transfer_encoding;
    unsigned hosts, lengths;
    size_t header_bytes;
    size_t discarded;
    int64_t start; /* dh_clock */
    int64_t done;  /* dh_clock when the answer was ready */
    struct dh_arena arena;
    struct dh_buf body;   /* of the request */
    struct dh_buf packed; /* the answer's body, gzip */
    struct dh_request request;
    struct dh_response response;
    uint64_t app_version; /* of the app when the request came; 0: not asked */
    int64_t aside, until; /* dh_clock, when it was set aside, and for how long */
    struct dh_kept *kept; /* the answer is this one; held until it is out */
    struct MHD_Response *reply;
    int status;
    size_t sent; /* bytes of the body as sent */
};

struct dh_loop {
    struct dh_http_server *server;
    struct MHD_Daemon *daemon;
    int fd;
    void *thread; /* of the app */
    struct dh_gzip gzip;
    struct dh_shelf shelf;
    struct dh_exchange *spares;
    unsigned spare_count;
    uint64_t random[2]; /* for request ids, which are no secrets */
};

struct dh_worker {
    struct dh_http_server *server;
    pthread_t id;
    bool started;
    void *thread;
    struct dh_gzip gzip;
};

struct dh_queue {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct dh_exchange *first, *last;
    size_t length;
    bool closed;
};

/* Exchanges whose answer waits for something to happen. */
struct dh_aside {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t id;
    bool started, closed;
    void *thread; /* of the app */
    struct dh_exchange *first;
    size_t count;
};

struct dh_http_server {
    struct dh_http_app app;
    struct dh_http_options options;
    struct dh_arena strings;
    struct dh_str base_url;
    const char *scheme;
    unsigned idle_seconds;
    uint16_t port;
    struct dh_loop *loops;
    unsigned loop_count;
    struct dh_worker *workers;
    unsigned worker_count;
    struct dh_queue queue;
    struct dh_watch watch;
    struct dh_aside aside;
    struct dh_log log;
    char *cert, *key;
    atomic_bool stopping;
    atomic_uint_fast64_t under_way, connections, requests, bytes, by_class[6], latency[12], micros;
};

/* ---- listen.c ------------------------------------------------------------------------------- */

/* One listening socket per loop, all on one port. Closes what it opened when it fails. */
enum dh_status dh_listen(const char *host, uint16_t port, int *fds, unsigned count,
                         uint16_t *actual, struct dh_err *err);

/* ---- tls.c ---------------------------------------------------------------------------------- */

/* Reads and checks certificate and key; both are terminated and the caller's to free(). */
enum dh_status dh_tls_load(const char *cert_file, const char *key_file, char **cert, char **key,
                           struct dh_err *err);

/* ---- request.c ------------------------------------------------------------------------------ */

/* Takes the request line over. `uri` may be NULL. */
void dh_exchange_target(struct dh_exchange *x, const char *uri);
/* Reads the headers, sets x->refused when they break a limit or a rule of framing. */
void dh_exchange_headers(struct dh_exchange *x, const char *method);
/* Parameters and body: the last step before the app sees the request. */
void dh_exchange_complete(struct dh_exchange *x);

/* ---- reply.c -------------------------------------------------------------------------------- */

/*
 * Lets the app answer (or answers for it) and makes x->reply. NULL x->reply: out of memory. False
 * when the exchange was set aside: it is no longer the caller's.
 */
bool dh_exchange_answer(struct dh_exchange *x, void *thread, struct dh_gzip *gzip);
/* Makes x->reply from an answer that was kept. */
void dh_exchange_repeat(struct dh_exchange *x, struct dh_kept *kept, struct dh_gzip *gzip);
/* Makes x->reply with the status that the server itself gives. */
void dh_exchange_refuse(struct dh_exchange *x, int status, struct dh_gzip *gzip);
void dh_gzip_release(struct dh_gzip *gzip);
/* Compresses into `out`, which is cleared first; false when that fails. */
bool dh_gzip_pack(struct dh_gzip *gzip, struct dh_str text, struct dh_buf *out);

/* ---- loop.c --------------------------------------------------------------------------------- */

/* Starts the loop's daemon on loop->fd. */
enum dh_status dh_loop_start(struct dh_loop *loop, struct dh_err *err);
/* Frees what the loop holds; its daemon is stopped. */
void dh_loop_release(struct dh_loop *loop);

/* ---- workers.c ------------------------------------------------------------------------------ */

enum dh_status dh_workers_start(struct dh_http_server *server, struct dh_err *err);
/* Suspends the connection and queues the exchange; false when the queue is full. */
bool dh_workers_take(struct dh_exchange *x);
/* Queues an exchange once more; its connection is suspended still. */
void dh_workers_take_again(struct dh_exchange *x);
/* Refuses what is still queued, waits for what is being handled, ends the threads. */
void dh_workers_stop(struct dh_http_server *server);

/* ---- aside.c -------------------------------------------------------------------------------- */

enum dh_status dh_aside_start(struct dh_http_server *server, struct dh_err *err);
/*
 * Sets an exchange of a worker aside for `milliseconds`, or until the app's version is not
 * x->app_version; it is queued again then. False when there are too many, or the server stops.
 */
bool dh_aside_take(struct dh_exchange *x, int64_t milliseconds);
/* Queues everything again, to be answered now, and ends the thread. Takes nothing any more. */
void dh_aside_stop(struct dh_http_server *server);

#endif
