/*
 * HTTP server: one libmicrohttpd daemon per core on the same port (SO_REUSEPORT), a pool of workers
 * for what may take long. The application sees a complete request and fills a response; this file
 * owns sockets, limits, suspension, conditional requests, compression, HEAD, OPTIONS and the log.
 */
#ifndef DH_HTTP_SERVER_H
#define DH_HTTP_SERVER_H

#include "base/base.h"
#include "http/url.h"

enum dh_method {
    DH_GET,
    DH_HEAD,
    DH_OPTIONS,
    DH_POST,
    DH_PUT,
    DH_PATCH,
    DH_DELETE,
    DH_METHOD_OTHER
};

/* Strings are borrowed for the time of the handler's call. */
struct dh_request {
    enum dh_method method;
    struct dh_str target; /* as sent: "/dois/10.x%2Fy?page[size]=5" */
    struct dh_str path;   /* of the target, not decoded */
    struct dh_str query;  /* without '?', not decoded */
    struct dh_params params;
    struct dh_str
        base; /* "http://host:port" from --base-url, else X-Forwarded-Proto/Host or Host */
    struct dh_str body;
    struct dh_str id; /* request id: X-Request-Id when it is sane, else a fresh uuid */
    struct dh_str accept, accept_encoding, origin, authorization,
        user_agent; /* headers; ptr NULL */
    int64_t waited; /* ms since it was first handled, see dh_response.wait; 0: this is the first
                       time; INT64_MAX: it must be answered now */
    uint64_t memo;  /* of the response that waited; 0 at first */
    struct dh_arena *arena; /* of this request */
    void *native;
};
/* Any header by name; ptr NULL when absent. */
struct dh_str dh_request_header(const struct dh_request *request, const char *name);

struct dh_response {
    int status;         /* 200 */
    const char *type;   /* Content-Type; a constant. NULL: none */
    struct dh_buf body; /* released by the server */
    bool no_etag;       /* do not offer ETag/304 */
    bool vary_accept;   /* Accept took part in the choice */
    bool keep;          /* true until the app's version changes: may answer the same GET again */
    bool aged;          /* as old as the app's `since` says: gets an Age header */
    int64_t wait;       /* ms, not 0: there is no answer yet. The request is set aside, which
                           occupies no thread, and handled again when the app's version has changed
                           or the time is over. Not of a `quick` request */
    uint64_t memo;      /* with `wait`: what the handler is given then */
    struct {
        const char *name;
        struct dh_str value; /* arena of the request, or constant */
    } headers[16];
    size_t header_count;
};
void dh_response_header(struct dh_response *response, const char *name, struct dh_str value);

/*
 * The application. `thread` is what thread_open made for the calling thread: each event loop and
 * each worker has its own, so it may hold a store reader. `quick` says whether a request is cheap
 * enough (some 50 us) for the event loop; all others go to the workers. `handle` fills a response
 * that comes as 200, empty; it never fails: a failure is a response too. The body is initialised
 * and may keep memory of an earlier one: add to it, do not init it. `limit` makes type and body of
 * an answer that the server itself must give: 400, 413, 414, 431, 503, and 500 when the handler's
 * body failed. `version` is a number that changes whenever an answer marked `keep` could; 0 when
 * unknown. It is asked before every request, so it must cost next to nothing. `since` is the time
 * (ms, DH_TIME_NONE: unknown) at which what is answered was true at its source; it is asked for
 * every answer marked `aged`, by any thread. `quick`, `limit`, `version` and `since` may be NULL.
 */
struct dh_http_app {
    void *context;
    void *(*thread_open)(void *context, struct dh_err *err); /* NULL on failure */
    void (*thread_close)(void *context, void *thread);
    bool (*quick)(void *context, const struct dh_request *request);
    void (*handle)(void *context, void *thread, const struct dh_request *request,
                   struct dh_response *response);
    void (*limit)(void *context, int status, struct dh_response *response);
    uint64_t (*version)(void *context, void *thread);
    int64_t (*since)(void *context);
};

struct dh_http_options {
    const char *host;               /* "127.0.0.1", "::", "" for all */
    uint16_t port;                  /* 0: any free one, see dh_http_port */
    const char *base_url;           /* overrides request.base; or NULL */
    unsigned loops;                 /* event loops; 0: one per core */
    unsigned workers;               /* 0: two per core */
    const char *tls_cert, *tls_key; /* PEM files, or NULL */
    bool log_json;                  /* access log as JSON lines instead of text */
    int log_fd;                     /* -1: no access log */
    unsigned idle_seconds;          /* 0: DH_IDLE_SECONDS */
};

struct dh_http_server;
/* Binds and starts serving. DH_IO (address in use, certificate unreadable) with a sentence. */
enum dh_status dh_http_start(const struct dh_http_options *options, const struct dh_http_app *app,
                             struct dh_http_server **out, struct dh_err *err);
uint16_t dh_http_port(const struct dh_http_server *server);
/*
 * Stops listening, has what was set aside answered, lets requests under way finish (at most
 * `seconds`), then answers those still queued with 503, stops and frees. A handler that runs longer
 * is waited for: a thread cannot be taken away from it, so the app's own deadlines bound that. NULL
 * does nothing.
 */
void dh_http_stop(struct dh_http_server *server, unsigned seconds);

/* Totals for /metrics, since the start. Any thread. */
struct dh_http_metrics {
    uint64_t requests, by_class[6]; /* [2] = 2xx ... */
    uint64_t bytes, connections_open, queue_length, set_aside;
    uint64_t latency_buckets[12]; /* cumulative, upper bounds dh_http_latency_bounds */
    double latency_sum;           /* seconds */
};
extern const double dh_http_latency_bounds[12]; /* seconds; the last is infinity */
void dh_http_metrics(const struct dh_http_server *server, struct dh_http_metrics *out);

#endif
