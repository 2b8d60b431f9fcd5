/*
 * What the tests of the server share: a small app, a server on a free port, and a client that
 * speaks raw HTTP, so that every byte on the wire is the test's own.
 */
#ifndef DH_TEST_HTTP_H
#define DH_TEST_HTTP_H

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/http.h"

static inline void assert_str(struct dh_str actual, const char *expected)
{
    if (!dh_str_equal(actual, dh_str(expected)))
        fail_msg("got `%.*s`, expected `%s`", DH_STR_ARG(actual), expected);
}

/* ---- the app -------------------------------------------------------------------------------- */

struct app {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool open;           /* requests for /block may go on */
    atomic_uint blocked; /* that wait */
    atomic_uint threads;
};

static inline void *app_open(void *context, struct dh_err *err)
{
    (void)err;
    atomic_fetch_add(&((struct app *)context)->threads, 1);
    return malloc(1);
}

static inline void app_close(void *context, void *thread)
{
    atomic_fetch_sub(&((struct app *)context)->threads, 1);
    free(thread);
}

static inline bool app_quick(void *context, const struct dh_request *request)
{
    (void)context;
    return !dh_str_starts(request->path, DH_STR("/block")) &&
           !dh_str_starts(request->path, DH_STR("/work"));
}

static inline void app_echo(const struct dh_request *r, struct dh_buf *out)
{
    dh_buf_printf(out, "%d|%.*s|%.*s|%.*s|%.*s|%zu|%zu|", r->method, DH_STR_ARG(r->target),
                  DH_STR_ARG(r->path), DH_STR_ARG(r->query), DH_STR_ARG(r->base), r->params.count,
                  r->body.len);
    dh_buf_str(out, r->body);
}

static inline void app_block(struct app *app)
{
    pthread_mutex_lock(&app->lock);
    atomic_fetch_add(&app->blocked, 1);
    while (!app->open)
        pthread_cond_wait(&app->wake, &app->lock);
    pthread_mutex_unlock(&app->lock);
}

static inline void app_release(struct app *app)
{
    pthread_mutex_lock(&app->lock);
    app->open = true;
    pthread_cond_broadcast(&app->wake);
    pthread_mutex_unlock(&app->lock);
}

static inline void app_handle(void *context, void *thread, const struct dh_request *request,
                              struct dh_response *response)
{
    assert_non_null(thread);
    response->type = "application/json; charset=utf-8";
    if (dh_str_starts(request->path, DH_STR("/block")))
        app_block(context);
    if (dh_str_starts(request->path, DH_STR("/size/"))) {
        size_t size = (size_t)dh_str_integer(dh_str_from(request->path, 6));
        for (size_t i = 0; i < size; i++)
            dh_buf_char(&response->body, (char)('a' + i % 17));
    } else if (dh_str_equal(request->path, DH_STR("/status"))) {
        response->status = (int)dh_str_integer(dh_params_get(&request->params, "code", NULL));
        dh_buf_text(&response->body, "{}");
    } else if (dh_str_equal(request->path, DH_STR("/vary"))) {
        response->vary_accept = true;
        dh_response_header(response, "X-Own", DH_STR("1"));
        dh_response_header(response, "X-Split", DH_STR("a\r\nX-Evil: 1"));
        dh_buf_text(&response->body, "x");
    } else if (dh_str_equal(request->path, DH_STR("/overflow"))) {
        dh_buf_text(&response->body, "partial");
        response->body.status = DH_LIMIT;
    } else if (!dh_str_equal(request->path, DH_STR("/empty"))) {
        app_echo(request, &response->body);
    }
}

static inline void app_limit(void *context, int status, struct dh_response *response)
{
    (void)context;
    response->type = "application/json; charset=utf-8";
    dh_buf_printf(&response->body, "{\"limit\":%d}", status);
}

/* ---- the server ----------------------------------------------------------------------------- */

struct fixture {
    struct app app;
    struct dh_http_app calls;
    struct dh_http_server *server;
    uint16_t port;
};

static inline struct fixture *fixture_start(struct dh_http_options options)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    pthread_mutex_init(&f->app.lock, NULL);
    pthread_cond_init(&f->app.wake, NULL);
    f->calls = (struct dh_http_app){.context = &f->app,
                                    .thread_open = app_open,
                                    .thread_close = app_close,
                                    .quick = app_quick,
                                    .handle = app_handle,
                                    .limit = app_limit};
    options.host = options.host ? options.host : "127.0.0.1";
    struct dh_err err = {0};
    if (dh_http_start(&options, &f->calls, &f->server, &err))
        fail_msg("server does not start: %s", err.text);
    f->port = dh_http_port(f->server);
    return f;
}

static inline void fixture_stop(struct fixture *f)
{
    app_release(&f->app);
    dh_http_stop(f->server, 5);
    assert_int_equal(atomic_load(&f->app.threads), 0);
    pthread_mutex_destroy(&f->app.lock);
    pthread_cond_destroy(&f->app.wake);
    free(f);
}

/* ---- the client ----------------------------------------------------------------------------- */

struct wire {
    int fd;
    char *in;
    size_t len, cap;
    bool closed; /* by the server */
};

struct answer {
    int status;
    struct dh_str head, body; /* one piece of memory, answer_drop() frees it */
};

static inline struct wire wire_open(uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {.tv_sec = 20};
    struct wire w = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .cap = 64 * 1024};
    w.in = malloc(w.cap);
    setsockopt(w.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(w.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    assert_int_equal(connect(w.fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return w;
}

static inline void wire_close(struct wire *w)
{
    close(w->fd);
    free(w->in);
}

static inline bool wire_send(struct wire *w, struct dh_str text)
{
    while (text.len) {
        ssize_t done = send(w->fd, text.ptr, text.len, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        text = dh_str_from(text, (size_t)done);
    }
    return true;
}

static inline bool wire_more(struct wire *w)
{
    if (w->len + 1 >= w->cap)
        w->in = realloc(w->in, w->cap *= 2);
    ssize_t got = recv(w->fd, w->in + w->len, w->cap - w->len - 1, 0);
    if (got <= 0) {
        w->closed = true;
        return false;
    }
    w->len += (size_t)got;
    return true;
}

/* A header's value, or ptr NULL. */
static inline struct dh_str answer_header(const struct answer *a, const char *name)
{
    struct dh_str rest = a->head, line;
    while (dh_str_split(&rest, '\n', &line)) {
        size_t colon = dh_str_find(line, ':');
        if (dh_str_equal_nocase((struct dh_str){line.ptr, colon}, dh_str(name)))
            return dh_str_trim(dh_str_from(line, colon + 1));
    }
    return DH_STR_NONE;
}

/* Reads one answer; `head_only` for HEAD. What came behind it stays for the next call. */
static inline struct answer wire_read(struct wire *w, bool head_only)
{
    struct answer a = {0};
    char *end = NULL;
    while (!(end = w->len ? memmem(w->in, w->len, "\r\n\r\n", 4) : NULL))
        if (!wire_more(w))
            return a;
    a.head = (struct dh_str){w->in, (size_t)(end - w->in) + 4};
    a.status = (int)dh_str_integer(dh_str_from(a.head, 9));
    struct dh_str length = answer_header(&a, "Content-Length");
    size_t want = head_only || a.status == 304 ? 0 : (size_t)dh_str_integer(length);
    size_t head_len = a.head.len;
    while (w->len < head_len + want)
        if (!wire_more(w))
            return (struct answer){0};
    char *copy = malloc(head_len + want + 1);
    memcpy(copy, w->in, head_len + want);
    w->len -= head_len + want;
    memmove(w->in, w->in + head_len + want, w->len);
    a.head.ptr = copy;
    a.body = (struct dh_str){copy + head_len, want};
    return a;
}

static inline void answer_drop(struct answer *a)
{
    free((char *)(uintptr_t)a->head.ptr);
    *a = (struct answer){0};
}

/* "GET /x" with the lines given (each ended by \r\n), Host included by itself. */
static inline struct answer wire_ask(struct wire *w, const char *line, const char *lines)
{
    struct dh_buf text;
    dh_buf_init(&text, SIZE_MAX);
    dh_buf_printf(&text, "%s HTTP/1.1\r\nHost: test.example:81\r\n%s\r\n", line, lines);
    assert_true(wire_send(w, dh_buf_view(&text)));
    dh_buf_release(&text);
    return wire_read(w, strncmp(line, "HEAD ", 5) == 0);
}

/* True when the server closes without a further byte. */
static inline bool wire_ends(struct wire *w)
{
    return w->len == 0 && !wire_more(w) && w->len == 0;
}

static inline double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline void pause_seconds(double seconds)
{
    struct timespec pause = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&pause, NULL);
}

#endif
