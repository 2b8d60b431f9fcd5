/* The client, against a server that answers as its script says, byte for byte. */
#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/bucket.h"
#include "http/http.h"

/* ---- the server ----------------------------------------------------------------------------- */

/* What a path gets at its first, second ... request; the last one stays. */
struct script {
    const char *path;
    const char *answers[4];
    atomic_uint asked;
};

#define CLOSE "Connection: close\r\n"

static struct script scripts[] = {
    {"/ok",
     {"HTTP/1.1 200 OK\r\n" CLOSE "Age: 42\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\nhi"}},
    {"/missing", {"HTTP/1.1 404 Not Found\r\n" CLOSE "Content-Length: 4\r\n\r\nnone"}},
    {"/again",
     {"HTTP/1.1 500 Oh\r\n" CLOSE "Content-Length: 0\r\n\r\n",
      "HTTP/1.1 503 Busy\r\n" CLOSE "Content-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 4\r\n\r\ndone"}},
    {"/cut",
     {"HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 100\r\n\r\npart",
      "HTTP/1.1 200 OK\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", "",
      "HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 5\r\n\r\nwhole"}},
    {"/broken", {"HTTP/1.1 502 Bad\r\n" CLOSE "Content-Length: 3\r\n\r\nbad"}},
    {"/later",
     {"HTTP/1.1 429 Slow\r\n" CLOSE "Retry-After: 1\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 2\r\n\r\nok"}},
    {"/never",
     {"HTTP/1.1 429 Slow\r\n" CLOSE "Retry-After: 99999999\r\nContent-Length: 0\r\n\r\n"}},
    {"/backwards",
     {"HTTP/1.1 503 Slow\r\n" CLOSE "Retry-After: -5\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 503 Slow\r\n" CLOSE "Retry-After: soon\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 503 Slow\r\n" CLOSE
      "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 2\r\n\r\nok"}},
    {"/2038",
     {"HTTP/1.1 503 Slow\r\n" CLOSE
      "Retry-After: Tue, 19 Jan 2038 03:14:07 GMT\r\nContent-Length: 0\r\n\r\n"}},
    {"/a/../b", {"HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 2\r\n\r\nup"}},
    {"/moved", {"HTTP/1.1 302 Found\r\n" CLOSE "Location: /ok\r\nContent-Length: 0\r\n\r\n"}},
    {"/round", {"HTTP/1.1 302 Found\r\n" CLOSE "Location: /round\r\nContent-Length: 0\r\n\r\n"}},
    {"/file",
     {"HTTP/1.1 302 Found\r\n" CLOSE "Location: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"}},
};

static int listener;
static uint16_t port;
static char seen[4096]; /* the last request */

/* An answer of which a byte comes now and then, for as long as somebody reads it. */
static void drip(int fd)
{
    static const char head[] = "HTTP/1.1 200 OK\r\n" CLOSE "Content-Length: 1000000\r\n\r\n";
    const struct timespec pause = {.tv_nsec = 100000000};
    ssize_t sent = send(fd, head, sizeof(head) - 1, MSG_NOSIGNAL);
    for (int i = 0; i < 300 && sent > 0; i++) {
        nanosleep(&pause, NULL);
        sent = send(fd, " ", 1, MSG_NOSIGNAL);
    }
}

static void answer(int fd)
{
    size_t length = 0;
    ssize_t got;
    while (length < sizeof(seen) - 1 &&
           (got = recv(fd, seen + length, sizeof(seen) - 1 - length, 0)) > 0) {
        length += (size_t)got;
        seen[length] = '\0';
        if (strstr(seen, "\r\n\r\n"))
            break;
    }
    if (strncmp(seen, "GET /drip ", 10) == 0)
        drip(fd);
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        size_t size = strlen(scripts[i].path);
        if (strncmp(seen + 4, scripts[i].path, size) != 0 || !strchr(" ?", seen[4 + size]))
            continue;
        unsigned turn = atomic_fetch_add(&scripts[i].asked, 1);
        while (turn && (turn > 3 || !scripts[i].answers[turn]))
            turn--;
        send(fd, scripts[i].answers[turn], strlen(scripts[i].answers[turn]), MSG_NOSIGNAL);
    }
    close(fd);
}

static void *serve(void *argument)
{
    (void)argument;
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;)
        answer(fd);
    return NULL;
}

static pthread_t thread;

static int start(void **state)
{
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 64) ||
        getsockname(listener, (struct sockaddr *)&at, &size))
        return -1;
    port = ntohs(at.sin_port);
    return pthread_create(&thread, NULL, serve, NULL);
}

static int stop(void **state)
{
    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    return close(listener);
}

static unsigned asked(const char *path)
{
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
        if (strcmp(scripts[i].path, path) == 0)
            return atomic_load(&scripts[i].asked);
    fail_msg("no script for %s", path);
    return 0;
}

/* ---- the client ----------------------------------------------------------------------------- */

static struct dh_http_client *open_client(struct dh_client_options options)
{
    struct dh_http_client *client;
    options.user_agent = "test/1";
    options.pause_ms = options.pause_ms ? options.pause_ms : 5;
    options.attempts = options.attempts ? options.attempts : 4;
    assert_int_equal(dh_client_open(&options, &client, NULL), DH_OK);
    return client;
}

static void ask(struct dh_http_client *client, const char *path)
{
    char url[128];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
    assert_int_equal(dh_client_get(client, dh_str(url), "application/json", NULL, NULL), DH_OK);
}

static struct dh_fetch *next(struct dh_http_client *client)
{
    struct dh_fetch *fetch;
    assert_int_equal(dh_client_next(client, 20000, &fetch, NULL), DH_OK);
    assert_non_null(fetch);
    return fetch;
}

/* Asks once; the answer must be this one. */
static void expect(struct dh_http_client *client, const char *path, int status, const char *body,
                   unsigned attempts)
{
    ask(client, path);
    struct dh_fetch *fetch = next(client);
    assert_int_equal(fetch->status, status);
    assert_int_equal(fetch->attempts, attempts);
    assert_true(dh_str_equal(dh_buf_view(&fetch->body), dh_str(body)));
    dh_fetch_free(fetch);
}

static void gives_answers(void **state)
{
    (void)state;
    struct dh_http_client *client =
        open_client((struct dh_client_options){.user = "me:secret", .header = "age"});
    struct dh_fetch *none;
    assert_int_equal(dh_client_next(client, 10, &none, NULL), DH_DONE);
    expect(client, "/missing", 404, "none", 1);
    ask(client, "/ok");
    struct dh_fetch *fetch = next(client);
    assert_int_equal(fetch->age, 42);
    assert_true(dh_str_equal(fetch->header, DH_STR("42")));
    assert_true(dh_str_equal(fetch->type, DH_STR("application/json")));
    assert_true(dh_str_equal(dh_buf_view(&fetch->body), DH_STR("hi")));
    dh_fetch_free(fetch);
    assert_non_null(strstr(seen, "\r\nUser-Agent: test/1\r\n"));
    assert_non_null(strstr(seen, "\r\nAccept: application/json\r\n"));
    assert_non_null(strstr(seen, "\r\nAccept-Encoding: gzip\r\n"));
    assert_non_null(strstr(seen, "\r\nAuthorization: Basic bWU6c2VjcmV0\r\n"));
    dh_client_close(client);
}

static void tries_again(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){0});
    struct dh_client_counts counts;
    expect(client, "/again", 200, "done", 3);
    expect(client, "/cut", 200, "whole", 4);
    expect(client, "/broken", 502, "bad", 4);
    assert_int_equal(asked("/broken"), 4);
    dh_client_count(client, &counts);
    assert_int_equal(counts.requests, 11);
    assert_int_equal(counts.again, 8);
    assert_int_equal(counts.left, UINT_MAX);
    dh_client_close(client);
}

static void obeys_retry_after(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){.parallel = 1});
    double start_time = dh_bucket_clock();
    ask(client, "/later");
    ask(client, "/ok");
    for (int i = 0; i < 2; i++)
        dh_fetch_free(next(client));
    assert_true(dh_bucket_clock() - start_time >= 0.99);
    assert_int_equal(asked("/later"), 2);
    dh_client_close(client);
}

static void waits_for_no_eternity(void **state)
{
    (void)state;
    static const char *const paths[] = {"/never", "/2038"};
    struct dh_http_client *client = open_client((struct dh_client_options){0});
    struct dh_client_counts counts;
    for (int i = 0; i < 2; i++) {
        ask(client, paths[i]);
        struct dh_fetch *fetch = next(client);
        assert_int_equal(fetch->attempts, 1);
        assert_non_null(strstr(fetch->failure, "left alone"));
        dh_fetch_free(fetch);
    }
    expect(client, "/backwards", 200, "ok", 4);
    dh_client_count(client, &counts);
    assert_true(counts.closed == 0);
    dh_client_close(client);
}

static void waits_for_no_trickle(void **state)
{
    (void)state;
    struct dh_http_client *client =
        open_client((struct dh_client_options){.attempts = 1, .answer_seconds = 1});
    ask(client, "/drip");
    struct dh_fetch *fetch = next(client);
    assert_int_equal(fetch->status, 0);
    assert_true(fetch->body.len < 200);
    dh_fetch_free(fetch);
    dh_client_close(client);
}

static void keeps_dots_of_a_path(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){0});
    expect(client, "/a/../b", 200, "up", 1);
    dh_client_close(client);
}

static void follows_to_http_only(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){0});
    expect(client, "/moved", 200, "hi", 1);
    static const char *const bad[] = {"/round", "/file"};
    for (int i = 0; i < 2; i++) {
        ask(client, bad[i]);
        struct dh_fetch *fetch = next(client);
        assert_int_equal(fetch->status, 0);
        assert_int_equal(fetch->attempts, 1);
        assert_true(fetch->failure[0] != '\0');
        dh_fetch_free(fetch);
    }
    struct dh_err err;
    assert_int_equal(dh_client_get(client, DH_STR("file:///etc/passwd"), NULL, NULL, &err),
                     DH_INVALID);
    dh_client_close(client);
}

static void says_that_nobody_is_there(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){.attempts = 2});
    struct dh_err err;
    assert_int_equal(dh_client_get(client, DH_STR("http://127.0.0.1:1/x"), NULL, client, NULL), 0);
    struct dh_fetch *fetch = next(client);
    assert_int_equal(fetch->status, 0);
    assert_int_equal(fetch->attempts, 2);
    assert_ptr_equal(fetch->context, client);
    assert_non_null(strstr(fetch->failure, "127.0.0.1"));
    assert_int_equal(dh_client_again(client, fetch, "no sense", &err), DH_IO);
    assert_non_null(strstr(err.text, "no sense"));
    dh_fetch_free(fetch);
    dh_client_close(client);
}

static void takes_a_bad_body_back(void **state)
{
    (void)state;
    struct dh_http_client *client = open_client((struct dh_client_options){0});
    ask(client, "/ok?again");
    struct dh_fetch *fetch = next(client);
    assert_int_equal(dh_client_again(client, fetch, "not JSON", NULL), DH_OK);
    fetch = next(client);
    assert_int_equal(fetch->attempts, 2);
    assert_int_equal(fetch->body.len, 2);
    dh_fetch_free(fetch);
    ask(client, "/ok"); /* closing with something queued */
    dh_client_close(client);
}

/* No window may see more than the budget, from the start as well as after a long rest. */
static void keeps_to_the_budget(void **state)
{
    (void)state;
    enum { BUDGET = 500, SECONDS = 300, GIVEN_MAX = 4096 };
    struct dh_bucket_of_tokens bucket;
    static double given[GIVEN_MAX];
    size_t count = 0;
    dh_bucket_init(&bucket, BUDGET, SECONDS, 0);
    for (double now = 0; now < 2000; now += 0.05) {
        if (now > 700 && now < 1100)
            continue;
        while (count < GIVEN_MAX && dh_bucket_take(&bucket, now))
            given[count++] = now;
    }
    for (size_t i = 0; i + BUDGET < count; i++)
        assert_true(given[i + BUDGET] - given[i] >= SECONDS);
    assert_true(count > 1600 * 1.4);
    dh_bucket_close(&bucket, 60, 2000);
    assert_false(dh_bucket_take(&bucket, 2059.9));
    assert_true(dh_bucket_wait(&bucket, 2000) >= 60);
    assert_true(dh_bucket_take(&bucket, 2061));
}

static void waits_for_the_budget(void **state)
{
    (void)state;
    struct dh_http_client *client =
        open_client((struct dh_client_options){.budget = 10, .budget_seconds = 1});
    struct dh_client_counts counts;
    double start_time = dh_bucket_clock();
    for (int i = 0; i < 6; i++)
        ask(client, "/ok");
    for (int i = 0; i < 6; i++)
        dh_fetch_free(next(client));
    dh_client_count(client, &counts);
    assert_true(dh_bucket_clock() - start_time > 0.5);
    assert_true(counts.waited > 0.4);
    dh_client_close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_answers),         cmocka_unit_test(tries_again),
        cmocka_unit_test(obeys_retry_after),     cmocka_unit_test(waits_for_no_eternity),
        cmocka_unit_test(waits_for_no_trickle),  cmocka_unit_test(keeps_dots_of_a_path),
        cmocka_unit_test(follows_to_http_only),  cmocka_unit_test(says_that_nobody_is_there),
        cmocka_unit_test(takes_a_bad_body_back), cmocka_unit_test(keeps_to_the_budget),
        cmocka_unit_test(waits_for_the_budget),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
