/*
 * The HTTP server alone: answers every path with the same 5 KB, on the event loop, or on a worker
 * when the path starts with /slow. Prints its port and serves until its standard input ends.
 *
 *   bench-http [loops [workers]] & wrk -t2 -c40 -d5 http://127.0.0.1:PORT/
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/http.h"

enum { BODY = 5 * 1024 };

static void *thread_open(void *context, struct dh_err *err)
{
    (void)err;
    return context;
}

static bool quick(void *context, const struct dh_request *request)
{
    (void)context;
    return !dh_str_starts(request->path, DH_STR("/slow"));
}

static void handle(void *context, void *thread, const struct dh_request *request,
                   struct dh_response *response)
{
    (void)thread, (void)request;
    response->type = "application/json; charset=utf-8";
    dh_response_header(response, "X-Anonymous-Consumer", DH_STR("true"));
    dh_buf_add(&response->body, context, BODY);
}

int main(int argc, char **argv)
{
    static char body[BODY];
    for (size_t i = 0; i < BODY; i++)
        body[i] = (char)('a' + i % 23);
    struct dh_http_options options = {
        .host = "127.0.0.1",
        .log_fd = -1,
        .loops = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0,
        .workers = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0,
    };
    struct dh_http_app app = {
        .context = body, .thread_open = thread_open, .quick = quick, .handle = handle};
    struct dh_http_server *server;
    struct dh_err err;
    if (dh_http_start(&options, &app, &server, &err)) {
        fprintf(stderr, "bench-http: %s\n", err.text);
        return 1;
    }
    printf("%u\n", dh_http_port(server));
    fflush(stdout);
    char end;
    while (read(STDIN_FILENO, &end, 1) > 0)
        ;
    dh_http_stop(server, 5);
    return 0;
}
