/* Start, stop and totals of the server. */
#include "http/server.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/exchange.h"

enum { POLL_MILLISECONDS = 2, FLUSH_MILLISECONDS = 100 };

static unsigned bounded(unsigned asked, unsigned otherwise)
{
    unsigned value = asked ? asked : otherwise;
    return value > DH_THREADS_MAX ? DH_THREADS_MAX : value;
}

static enum dh_status allocate(struct dh_http_server *server, struct dh_err *err)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned each = cores > 0 ? (unsigned)cores : 1;
    server->loop_count = bounded(server->options.loops, each);
    server->worker_count = bounded(server->options.workers, each * 2);
    server->loops = calloc(server->loop_count, sizeof(*server->loops));
    server->workers = calloc(server->worker_count, sizeof(*server->workers));
    if (!server->loops || !server->workers)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (unsigned i = 0; i < server->loop_count; i++) {
        server->loops[i].server = server;
        server->loops[i].fd = -1;
    }
    return DH_OK;
}

/* A base without its slash at the end, in memory of our own. */
static enum dh_status keep_base(struct dh_http_server *server, struct dh_err *err)
{
    struct dh_str base = dh_str(server->options.base_url);
    while (dh_str_ends(base, DH_STR("/")))
        base.len--;
    server->base_url = base.len ? dh_arena_copy(&server->strings, base) : base;
    if (base.len && !server->base_url.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

static enum dh_status open_sockets(struct dh_http_server *server, struct dh_err *err)
{
    int fds[DH_THREADS_MAX];
    enum dh_status status = dh_listen(server->options.host, server->options.port, fds,
                                      server->loop_count, &server->port, err);
    for (unsigned i = 0; !status && i < server->loop_count; i++)
        server->loops[i].fd = fds[i];
    return status;
}

static enum dh_status open_one(struct dh_http_server *server, void **thread, struct dh_err *err)
{
    struct dh_err why = {.code = DH_IO};
    if (!server->app.thread_open)
        return DH_OK;
    *thread = server->app.thread_open(server->app.context, &why);
    if (*thread)
        return DH_OK;
    return dh_fail(err, why.code ? why.code : DH_IO, "%s", why.text);
}

static enum dh_status open_threads(struct dh_http_server *server, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (unsigned i = 0; !status && i < server->loop_count; i++)
        status = open_one(server, &server->loops[i].thread, err);
    for (unsigned i = 0; !status && i < server->worker_count; i++)
        status = open_one(server, &server->workers[i].thread, err);
    if (!status)
        status = open_one(server, &server->aside.thread, err);
    return status;
}

static enum dh_status start_loops(struct dh_http_server *server, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (unsigned i = 0; !status && i < server->loop_count; i++)
        status = dh_loop_start(&server->loops[i], err);
    return status;
}

static enum dh_status start(struct dh_http_server *server, struct dh_err *err)
{
    const struct dh_http_options *options = &server->options;
    enum dh_status status = allocate(server, err);
    if (!status)
        status = keep_base(server, err);
    if (!status && (options->tls_cert || options->tls_key))
        status = dh_tls_load(options->tls_cert, options->tls_key, &server->cert, &server->key, err);
    if (!status)
        status = open_sockets(server, err);
    if (!status)
        status = open_threads(server, err);
    if (!status)
        status = dh_log_start(&server->log, options->log_fd, options->log_json, err);
    if (!status)
        status = dh_watch_start(&server->watch, err);
    if (!status)
        status = dh_workers_start(server, err);
    if (!status)
        status = dh_aside_start(server, err);
    if (!status)
        status = start_loops(server, err);
    return status;
}

static void init_locks(struct dh_http_server *server)
{
    pthread_mutex_init(&server->queue.lock, NULL);
    pthread_cond_init(&server->queue.wake, NULL);
    pthread_mutex_init(&server->watch.lock, NULL);
    pthread_cond_init(&server->watch.wake, NULL);
    pthread_mutex_init(&server->aside.lock, NULL);
    pthread_cond_init(&server->aside.wake, NULL);
    pthread_mutex_init(&server->log.lock, NULL);
    pthread_cond_init(&server->log.wake, NULL);
}

enum dh_status dh_http_start(const struct dh_http_options *options, const struct dh_http_app *app,
                             struct dh_http_server **out, struct dh_err *err)
{
    struct dh_http_server *server = calloc(1, sizeof(*server));
    if (!server)
        return dh_fail(err, DH_MEMORY, "out of memory");
    server->options = *options;
    server->app = *app;
    server->scheme = options->tls_cert ? "https" : "http";
    server->idle_seconds = options->idle_seconds ? options->idle_seconds : DH_IDLE_SECONDS;
    dh_arena_init(&server->strings, DH_URL_MAX);
    init_locks(server);
    enum dh_status status = start(server, err);
    if (status)
        dh_http_stop(server, 0);
    else
        *out = server;
    return status;
}

uint16_t dh_http_port(const struct dh_http_server *server)
{
    return server->port;
}

/* ---- stop ----------------------------------------------------------------------------------- */

/* Until no request is under way, at most so long. */
static void wait_idle(struct dh_http_server *server, int64_t milliseconds)
{
    struct timespec pause = {.tv_nsec = POLL_MILLISECONDS * 1000000L};
    int64_t end = dh_clock() + milliseconds * 1000000;
    while (atomic_load(&server->under_way) && dh_clock() < end)
        nanosleep(&pause, NULL);
}

/*
 * The sockets stop listening at once but stay open until their loops have ended, so that no loop
 * accepts on a descriptor that has become something else.
 */
static void stop_accepting(struct dh_http_server *server)
{
    for (unsigned i = 0; i < server->loop_count; i++) {
        if (server->loops[i].daemon)
            MHD_quiesce_daemon(server->loops[i].daemon);
        if (server->loops[i].fd >= 0)
            shutdown(server->loops[i].fd, SHUT_RDWR);
    }
}

static void stop_loops(struct dh_http_server *server)
{
    for (unsigned i = 0; i < server->loop_count; i++) {
        struct dh_loop *loop = &server->loops[i];
        if (loop->daemon)
            MHD_stop_daemon(loop->daemon);
        if (loop->fd >= 0)
            close(loop->fd);
        dh_loop_release(loop);
    }
}

static void close_threads(struct dh_http_server *server)
{
    const struct dh_http_app *app = &server->app;
    for (unsigned i = 0; i < server->loop_count; i++)
        if (app->thread_close && server->loops[i].thread)
            app->thread_close(app->context, server->loops[i].thread);
    for (unsigned i = 0; i < server->worker_count; i++) {
        if (app->thread_close && server->workers[i].thread)
            app->thread_close(app->context, server->workers[i].thread);
        dh_gzip_release(&server->workers[i].gzip);
    }
    if (app->thread_close && server->aside.thread)
        app->thread_close(app->context, server->aside.thread);
}

static void release(struct dh_http_server *server)
{
    pthread_mutex_destroy(&server->queue.lock);
    pthread_cond_destroy(&server->queue.wake);
    pthread_mutex_destroy(&server->watch.lock);
    pthread_cond_destroy(&server->watch.wake);
    pthread_mutex_destroy(&server->aside.lock);
    pthread_cond_destroy(&server->aside.wake);
    pthread_mutex_destroy(&server->log.lock);
    pthread_cond_destroy(&server->log.wake);
    dh_arena_release(&server->strings);
    free(server->loops);
    free(server->workers);
    free(server->cert);
    free(server->key);
    free(server);
}

void dh_http_stop(struct dh_http_server *server, unsigned seconds)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    if (server->loops)
        stop_accepting(server);
    dh_aside_stop(server);
    wait_idle(server, (int64_t)seconds * 1000);
    if (server->workers)
        dh_workers_stop(server);
    wait_idle(server, FLUSH_MILLISECONDS);
    if (server->loops)
        stop_loops(server);
    dh_watch_stop(&server->watch);
    dh_log_stop(&server->log);
    if (server->loops && server->workers)
        close_threads(server);
    release(server);
}

/* ---- totals --------------------------------------------------------------------------------- */

static uint64_t read_counter(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void dh_http_metrics(const struct dh_http_server *server, struct dh_http_metrics *out)
{
    struct dh_queue *queue = &((struct dh_http_server *)server)->queue;
    struct dh_aside *aside = &((struct dh_http_server *)server)->aside;
    *out = (struct dh_http_metrics){
        .requests = read_counter(&server->requests),
        .bytes = read_counter(&server->bytes),
        .connections_open = read_counter(&server->connections),
        .latency_sum = (double)read_counter(&server->micros) / 1e6,
    };
    for (size_t i = 0; i < 6; i++)
        out->by_class[i] = read_counter(&server->by_class[i]);
    uint64_t sum = 0;
    for (size_t i = 0; i < 12; i++)
        out->latency_buckets[i] = sum += read_counter(&server->latency[i]);
    pthread_mutex_lock(&queue->lock);
    out->queue_length = queue->length;
    pthread_mutex_unlock(&queue->lock);
    pthread_mutex_lock(&aside->lock);
    out->set_aside = aside->count;
    pthread_mutex_unlock(&aside->lock);
}
