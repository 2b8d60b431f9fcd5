/*
 * One event loop and its libmicrohttpd daemon. What must be known about that library (0.9.75):
 *
 * - The handler's first call comes when the headers are in. An answer queued there closes the
 *   connection, so only a request whose body is not wanted at all is answered there.
 * - client_context is set by the callback for the request line, before the first call.
 * - Where the request line or the headers do not fit into the connection's memory, or are no HTTP,
 * it answers by itself in HTML and closes (400, 414, 431, chunks 400, lengths 400 and 413); nothing
 *   can replace that text. The memory is large enough for every limit of ours, so that what is
 *   between our limit and its own is answered by the app. An idle connection it closes without a
 * 408.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "http/exchange.h"

enum { SPARES_MAX = 64 };

/* ---- exchanges ------------------------------------------------------------------------------ */

static void exchange_free(struct dh_exchange *x)
{
    dh_arena_release(&x->arena);
    dh_buf_release(&x->body);
    dh_buf_release(&x->packed);
    dh_buf_release(&x->response.body);
    free(x);
}

static struct dh_exchange *exchange_new(struct dh_loop *loop)
{
    struct dh_exchange *x = loop->spares;
    if (x) {
        loop->spares = x->next;
        loop->spare_count--;
        x->next = NULL;
        return x;
    }
    x = calloc(1, sizeof(*x));
    if (!x)
        return NULL;
    x->loop = loop;
    dh_arena_init(&x->arena, DH_ARENA_MAX);
    dh_buf_init(&x->body, DH_BODY_MAX);
    dh_buf_init(&x->packed, SIZE_MAX);
    dh_buf_init(&x->response.body, DH_RESPONSE_MAX);
    return x;
}

static void trim(struct dh_buf *buf)
{
    if (buf->cap > DH_BUFFER_KEEP)
        dh_buf_release(buf);
    dh_buf_clear(buf);
}

/* Back to the spares, empty, with memory that is worth keeping. */
static void exchange_put(struct dh_exchange *x)
{
    struct dh_loop *loop = x->loop;
    if (x->reply)
        MHD_destroy_response(x->reply);
    dh_kept_give(x->kept);
    if (loop->spare_count == SPARES_MAX) {
        exchange_free(x);
        return;
    }
    if (x->arena.used > DH_BUFFER_KEEP)
        dh_arena_release(&x->arena);
    dh_arena_clear(&x->arena);
    trim(&x->body);
    trim(&x->packed);
    trim(&x->response.body);
    *x = (struct dh_exchange){.loop = loop,
                              .arena = x->arena,
                              .body = x->body,
                              .packed = x->packed,
                              .response = {.body = x->response.body},
                              .next = loop->spares};
    loop->spares = x;
    loop->spare_count++;
}

/* ---- the course of a request ---------------------------------------------------------------- */

static struct dh_client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/*
 * Ends the library's own copy of the target behind the '?', after ours was taken, so that it finds
 * no parameters: nobody asks for them, and a thousand would not fit. The text lies in the
 * connection's read buffer, where the library is about to cut and decode it itself.
 */
static void drop_query(const char *uri)
{
    char *mark = uri ? strchr((char *)(uintptr_t)uri, '?') : NULL;
    if (mark && mark[1])
        mark[1] = 0;
}

static void *on_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct dh_client *client = client_of(connection);
    struct dh_exchange *x = client ? exchange_new(context) : NULL;
    if (!x)
        return NULL;
    x->client = client;
    x->connection = connection;
    x->start = dh_clock();
    dh_exchange_target(x, uri);
    drop_query(uri);
    return x;
}

/* More time for a large answer, so that a slow but honest reader gets it. */
static void expect_transfer(struct dh_exchange *x)
{
    dh_client_expect(x->client, DH_TRANSFER_SECONDS + (int64_t)(x->sent / DH_TRANSFER_RATE));
}

static enum MHD_Result send_reply(struct dh_exchange *x)
{
    if (!x->reply)
        return MHD_NO;
    expect_transfer(x);
    dh_client_owe(x->client, true); /* also to a request refused before its body came */
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, x->reply);
    MHD_destroy_response(x->reply);
    x->reply = NULL;
    return queued;
}

static void count_in(struct dh_exchange *x)
{
    atomic_fetch_add(&x->loop->server->under_way, 1);
    x->counted = true;
}

/*
 * A body too large is read and thrown away, because most clients read no answer before they have
 * sent everything; unless it is beyond reason, or the client waits for a go-ahead.
 */
static bool answer_early(const struct dh_exchange *x)
{
    if (x->refused == MHD_HTTP_CONTENT_TOO_LARGE)
        return dh_str_integer(x->content_length) > DH_DISCARD_MAX ||
               dh_request_header(&x->request, "Expect").ptr;
    return x->refused && (x->content_length.ptr || x->transfer_encoding.ptr);
}

static enum MHD_Result begin(struct dh_exchange *x, const char *method, const char *version)
{
    x->stage = DH_STAGE_BODY;
    x->version = version;
    count_in(x);
    dh_exchange_headers(x, method);
    dh_client_expect(x->client, DH_TRANSFER_SECONDS);
    if (!answer_early(x))
        return MHD_YES;
    dh_exchange_answer(x, x->loop->thread, &x->loop->gzip);
    return send_reply(x);
}

static enum MHD_Result take_body(struct dh_exchange *x, const char *data, size_t *size)
{
    size_t len = *size;
    *size = 0;
    if (!x->refused)
        dh_buf_add(&x->body, data, len);
    if (x->body.status == DH_MEMORY)
        x->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
    else if (x->body.status)
        x->refused = MHD_HTTP_CONTENT_TOO_LARGE;
    x->discarded += x->refused ? len : 0;
    return x->discarded > DH_DISCARD_MAX ? MHD_NO : MHD_YES;
}

/* An answer to the same request that still holds; true when it was given. */
static bool repeat(struct dh_exchange *x)
{
    struct dh_loop *loop = x->loop;
    const struct dh_http_app *app = &loop->server->app;
    bool reading = x->request.method == DH_GET || x->request.method == DH_HEAD;
    if (x->refused || !reading || !app->version)
        return false;
    x->app_version = app->version(app->context, loop->thread);
    struct dh_kept *kept = dh_shelf_take(&loop->shelf, x->app_version, &x->request);
    if (kept)
        dh_exchange_repeat(x, kept, &loop->gzip);
    return kept != NULL;
}

/* The answer is ready and this is the loop's thread: keeps it when it holds, and sends it. */
static enum MHD_Result send_first(struct dh_exchange *x)
{
    if (x->response.keep && x->request.method == DH_GET)
        dh_shelf_put(&x->loop->shelf, x->app_version, &x->request, &x->response);
    return send_reply(x);
}

static enum MHD_Result dispatch(struct dh_exchange *x)
{
    struct dh_loop *loop = x->loop;
    const struct dh_http_app *app = &loop->server->app;
    dh_client_expect(x->client, 0);
    dh_client_owe(x->client, true);
    if (repeat(x))
        return send_reply(x);
    dh_exchange_complete(x);
    bool here = x->refused || x->request.method == DH_OPTIONS ||
                (app->quick && app->quick(app->context, &x->request));
    if (!here && dh_workers_take(x))
        return MHD_YES;
    if (here)
        dh_exchange_answer(x, loop->thread, &loop->gzip);
    else
        dh_exchange_refuse(x, MHD_HTTP_SERVICE_UNAVAILABLE, &loop->gzip);
    return send_first(x);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **place)
{
    (void)context, (void)connection, (void)url;
    struct dh_exchange *x = *place;
    if (!x)
        return MHD_NO;
    if (x->stage == DH_STAGE_LINE)
        return begin(x, method, version);
    if (*size)
        return take_body(x, data, size);
    return x->stage == DH_STAGE_READY ? send_first(x) : dispatch(x);
}

/* ---- the end of a request ------------------------------------------------------------------- */

const double dh_http_latency_bounds[12] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                           0.05,   0.1,   0.5,    1,     10,   1.0 / 0.0};

static void bump(atomic_uint_fast64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static void measure(struct dh_http_server *server, const struct dh_exchange *x)
{
    int64_t taken = x->done - x->start;
    double seconds = (double)taken / 1e9;
    size_t bucket = 0;
    while (seconds > dh_http_latency_bounds[bucket])
        bucket++;
    bump(&server->requests, 1);
    bump(&server->by_class[x->status / 100 < 6 ? x->status / 100 : 0], 1);
    bump(&server->bytes, x->sent);
    bump(&server->latency[bucket], 1);
    bump(&server->micros, (uint64_t)(taken / 1000));
}

static void on_completed(void *context, struct MHD_Connection *connection, void **place,
                         enum MHD_RequestTerminationCode why)
{
    (void)connection;
    struct dh_loop *loop = context;
    struct dh_exchange *x = *place;
    *place = NULL;
    if (!x)
        return;
    if (x->done) {
        measure(loop->server, x);
        dh_log_exchange(&loop->server->log, x);
    }
    if (x->counted)
        atomic_fetch_sub(&loop->server->under_way, 1);
    dh_client_owe(x->client, false);
    if (why == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        dh_client_expect(x->client, 2 * (int64_t)loop->server->idle_seconds);
    exchange_put(x);
}

/* ---- connections ---------------------------------------------------------------------------- */

static enum MHD_Result on_accept(void *context, const struct sockaddr *address, socklen_t size)
{
    (void)address, (void)size;
    struct dh_loop *loop = context;
    return atomic_load(&loop->server->connections) < DH_CONNECTIONS_MAX ? MHD_YES : MHD_NO;
}

static void name_address(const struct sockaddr *address, char out[48])
{
    out[0] = 0;
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, out, 48);
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *v6 =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            inet_ntop(AF_INET, v6->s6_addr + 12, out, 48);
        else
            inet_ntop(AF_INET6, v6, out, 48);
    }
}

static void open_client(struct dh_loop *loop, struct MHD_Connection *connection, void **place)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct dh_client *client = fd && address ? calloc(1, sizeof(*client)) : NULL;
    *place = client;
    atomic_fetch_add(&loop->server->connections, 1);
    if (!client)
        return; /* its requests get no exchange, so the connection is closed at the first */
    client->fd = fd->connect_fd;
    name_address(address->client_addr, client->address);
    dh_client_expect(client, 2 * (int64_t)loop->server->idle_seconds);
    dh_watch_add(&loop->server->watch, client);
}

static void close_client(struct dh_loop *loop, void **place)
{
    struct dh_client *client = *place;
    *place = NULL;
    atomic_fetch_sub(&loop->server->connections, 1);
    if (!client)
        return;
    dh_watch_remove(&loop->server->watch, client);
    free(client);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **place,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        open_client(context, connection, place);
    else
        close_client(context, place);
}

/* ---- start and end -------------------------------------------------------------------------- */

enum dh_status dh_loop_start(struct dh_loop *loop, struct dh_err *err)
{
    struct dh_http_server *server = loop->server;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (server->cert)
        flags |= MHD_USE_TLS;
    if (getrandom(loop->random, sizeof(loop->random), 0) != sizeof(loop->random))
        return dh_fail(err, DH_IO, "cannot read random numbers");
    loop->random[0] |= 1; /* never all zero */
    loop->daemon = MHD_start_daemon(
        flags, 0, on_accept, loop, on_request, loop, MHD_OPTION_LISTEN_SOCKET, loop->fd,
        MHD_OPTION_URI_LOG_CALLBACK, on_line, loop, MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)DH_CONNECTION_POOL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)DH_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, server->idle_seconds, MHD_OPTION_ARRAY,
        server->cert ? tls : none, MHD_OPTION_END);
    if (!loop->daemon)
        return dh_fail(err, DH_IO, "cannot start the HTTP server");
    return DH_OK;
}

void dh_loop_release(struct dh_loop *loop)
{
    while (loop->spares) {
        struct dh_exchange *x = loop->spares;
        loop->spares = x->next;
        exchange_free(x);
    }
    dh_gzip_release(&loop->gzip);
    dh_shelf_release(&loop->shelf);
}
