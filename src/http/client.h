/*
 * Client: many GET requests to a server that wants to be asked politely (RFC 9110; libcurl, HTTP/2
 * where the server has it, gzip). Requests are queued, run side by side within a budget, are tried
 * again when that can help, and come back when they are over. One thread at a time.
 *
 * Tried again, after a pause that doubles and is random within its bounds: no connection, an answer
 * cut short, time over or next to nothing in it, 408, 429, 500, 502, 503, 504. Retry-After (seconds
 * or a date) of a 429 or 503 holds for all requests; one of more than DH_RETRY_AFTER_MAX seconds is
 * not waited for. What else comes is an answer. Not tried again, because it would end the same way:
 * a certificate that is not trusted, redirects in a circle or to something else than http (from
 * https: than https), an answer of more than DH_FETCH_MAX bytes.
 *
 * Proxies are those that the environment names (http_proxy, https_proxy, all_proxy, no_proxy), as
 * libcurl reads it.
 */
#ifndef DH_HTTP_CLIENT_H
#define DH_HTTP_CLIENT_H

#include "base/base.h"

struct dh_client_options {
    const char *user_agent;  /* "doihound/0.1.0 (mailto:someone@example.org)" */
    const char *user;        /* "name:password" for Basic authentication, or NULL */
    const char *authorities; /* file of the certificates to trust, PEM; NULL: the system's */
    unsigned parallel;       /* requests under way at once; 0: DH_FETCH_PARALLEL */
    unsigned budget;         /* requests in any `budget_seconds`; 0: no limit */
    unsigned budget_seconds; /* 0: 300 */
    unsigned attempts;       /* per request; 0: DH_FETCH_ATTEMPTS */
    unsigned pause_ms;       /* before the second attempt; 0: 1000 */
    const char *header;      /* of answers, whose value is wanted: a constant, or NULL */
    unsigned answer_seconds; /* with fewer than DH_FETCH_SLOW bytes each until an attempt is given
                                up; 0: 120 */
};

/* One request and, when it is over, its answer. */
struct dh_fetch {
    void *context; /* the caller's */
    char *url;
    const char *accept;   /* a constant, or NULL */
    int status;           /* of the last answer; 0: there was none, see `failure` */
    struct dh_buf body;   /* decompressed */
    struct dh_str type;   /* Content-Type, as sent; lies in the fetch */
    struct dh_str header; /* value of the header that is wanted, cut when it is long; "" when there
                             is none; lies in the fetch */
    int64_t age;          /* seconds of the Age header; -1: none */
    unsigned attempts;    /* made so far */
    bool large;           /* there is none because it was too large */
    char failure[256];    /* why there is no answer, or no other attempt */
};

/* Sums since the client was made. */
struct dh_client_counts {
    uint64_t requests; /* attempts sent */
    uint64_t again;    /* of these, repeated ones */
    uint64_t bytes;    /* of bodies, as transferred */
    double waited;     /* seconds during which the budget or a Retry-After held requests back */
    unsigned left;     /* of the budget, now; UINT_MAX: no limit */
    double closed;     /* seconds for which a Retry-After still holds */
    char trouble[96];  /* why a request waits to be tried again; "" when none does */
};

struct dh_http_client;

enum dh_status dh_client_open(const struct dh_client_options *options, struct dh_http_client **out,
                              struct dh_err *err);
/* Ends what is under way. NULL is allowed. */
void dh_client_close(struct dh_http_client *client);
/* Queues a GET. `url` is copied; http and https only. DH_INVALID, DH_MEMORY. */
enum dh_status dh_client_get(struct dh_http_client *client, struct dh_str url, const char *accept,
                             void *context, struct dh_err *err);
/*
 * Queues an answered request again, as if it had failed (a body that makes no sense): takes `fetch`
 * over. DH_IO, with fetch->failure set to `why` and `fetch` left to the caller, when its attempts
 * are used up.
 */
enum dh_status dh_client_again(struct dh_http_client *client, struct dh_fetch *fetch,
                               const char *why, struct dh_err *err);
/*
 * Works for up to `milliseconds`, or until a request is over: then it is in *out, the caller's, to
 * be freed with dh_fetch_free. *out stays NULL when the time is up (DH_OK), and with DH_DONE when
 * nothing is queued.
 */
enum dh_status dh_client_next(struct dh_http_client *client, unsigned milliseconds,
                              struct dh_fetch **out, struct dh_err *err);
void dh_fetch_free(struct dh_fetch *fetch);
void dh_client_count(const struct dh_http_client *client, struct dh_client_counts *out);

#endif
