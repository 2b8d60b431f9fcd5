/* Limits, slow clients, the queue: what one client does must not harm another. */
#include <sys/resource.h>

#include "test.h"

static int start_with(void **state, unsigned idle_seconds)
{
    *state = fixture_start((struct dh_http_options){
        .log_fd = -1, .loops = 2, .workers = 2, .idle_seconds = idle_seconds});
    return 0;
}

static int start(void **state)
{
    return start_with(state, 20);
}

static int start_impatient(void **state)
{
    return start_with(state, 1);
}

static int stop(void **state)
{
    fixture_stop(*state);
    return 0;
}

/* A request whose target or header is filled up to `size` bytes. */
static struct answer ask_filled(struct wire *w, const char *before, size_t size, const char *after)
{
    struct dh_buf text;
    dh_buf_init(&text, SIZE_MAX);
    dh_buf_text(&text, before);
    for (size_t i = 0; i < size; i++)
        dh_buf_char(&text, 'x');
    dh_buf_text(&text, after);
    wire_send(w, dh_buf_view(&text));
    dh_buf_release(&text);
    return wire_read(w, false);
}

static void bounds_the_url(void **state)
{
    struct fixture *f = *state;
    struct wire w = wire_open(f->port);
    struct answer a =
        ask_filled(&w, "GET /", DH_URL_MAX - 1, " HTTP/1.1\r\nHost: a\r\nOrigin: o\r\n\r\n");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    a = ask_filled(&w, "GET /?", DH_URL_MAX, " HTTP/1.1\r\nHost: a\r\nOrigin: o\r\n\r\n");
    assert_int_equal(a.status, 414);
    assert_str(a.body, "{\"limit\":414}");
    assert_str(answer_header(&a, "Access-Control-Allow-Origin"), "o");
    answer_drop(&a);
    a = wire_ask(&w, "GET /still", "");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    wire_close(&w);
    w = wire_open(f->port);
    a = ask_filled(&w, "GET /", 300000, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(a.status == 414 || w.closed);
    answer_drop(&a);
    wire_close(&w);
}

static void bounds_the_headers(void **state)
{
    struct fixture *f = *state;
    struct wire w = wire_open(f->port);
    struct answer a =
        ask_filled(&w, "GET / HTTP/1.1\r\nHost: a\r\nX: ", DH_HEADERS_MAX - 100, "\r\n\r\n");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    a = ask_filled(&w, "GET / HTTP/1.1\r\nHost: a\r\nX: ", DH_HEADERS_MAX, "\r\n\r\n");
    assert_int_equal(a.status, 431);
    assert_str(a.body, "{\"limit\":431}");
    answer_drop(&a);
    wire_close(&w);
    /* Both at their limits at once still fit into the connection's memory. */
    w = wire_open(f->port);
    struct dh_buf line;
    dh_buf_init(&line, SIZE_MAX);
    dh_buf_text(&line, "GET /");
    for (size_t i = 1; i < DH_URL_MAX; i++)
        dh_buf_char(&line, 'u');
    dh_buf_text(&line, " HTTP/1.1\r\nHost: a\r\nX: ");
    dh_buf_char(&line, 0);
    a = ask_filled(&w, line.ptr, DH_HEADERS_MAX - 100, "\r\n\r\n");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    dh_buf_release(&line);
    wire_close(&w);
}

static void carries_many_parameters(void **state)
{
    struct fixture *f = *state;
    struct wire w = wire_open(f->port);
    struct dh_buf line;
    dh_buf_init(&line, SIZE_MAX);
    dh_buf_text(&line, "GET /many?");
    for (int i = 0; i < 1000; i++)
        dh_buf_printf(&line, "%sparameter-%d=value%%20%d", i ? "&" : "", i, i);
    dh_buf_char(&line, 0);
    struct answer a = wire_ask(&w, line.ptr, "");
    assert_int_equal(a.status, 200);
    struct dh_str part, rest = a.body;
    for (int i = 0; i < 6; i++)
        dh_str_split(&rest, '|', &part);
    assert_str(part, "1000");
    answer_drop(&a);
    dh_buf_release(&line);
    wire_close(&w);
}

static void bounds_the_body(void **state)
{
    struct fixture *f = *state;
    struct wire w = wire_open(f->port);
    char head[200];
    snprintf(head, sizeof(head), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
             DH_BODY_MAX);
    struct answer a = ask_filled(&w, head, DH_BODY_MAX, "");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    snprintf(head, sizeof(head), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
             DH_BODY_MAX + 1);
    a = ask_filled(&w, head, DH_BODY_MAX + 1, "");
    assert_int_equal(a.status, 413);
    assert_str(a.body, "{\"limit\":413}");
    answer_drop(&a);
    snprintf(head, sizeof(head),
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n",
             DH_BODY_MAX + 1);
    a = ask_filled(&w, head, DH_BODY_MAX + 1, "\r\n0\r\n\r\n");
    assert_int_equal(a.status, 413);
    answer_drop(&a);
    a = wire_ask(&w, "POST /", "Content-Length: 20000000\r\nExpect: 100-continue\r\n");
    assert_int_equal(a.status, 413);
    answer_drop(&a);
    assert_true(wire_ends(&w));
    wire_close(&w);
    w = wire_open(f->port);
    a = wire_ask(&w, "POST /", "Content-Length: 99999999999\r\n");
    assert_int_equal(a.status, 413);
    answer_drop(&a);
    wire_close(&w);
}

static void refuses_ambiguous_framing(void **state)
{
    struct fixture *f = *state;
    static const char *const requests[] = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        struct wire w = wire_open(f->port);
        assert_true(wire_send(&w, dh_str(requests[i])));
        struct answer a = wire_read(&w, false);
        assert_int_equal(a.status, 400);
        assert_str(a.body, "{\"limit\":400}");
        answer_drop(&a);
        wire_close(&w);
    }
}

static void survives_garbage(void **state)
{
    struct fixture *f = *state;
#define BYTES(text)                                                                                \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
    static const struct dh_str texts[] = {
        BYTES("\r\n\r\n"),
        BYTES("GET\r\n\r\n"),
        BYTES("GET \r\n\r\n"),
        BYTES("GET / HTTP/9.9\r\n\r\n"),
        BYTES("\0\0\0\0\r\n\r\n"),
        BYTES("GET /\0x HTTP/1.1\r\nHost: a\r\n\r\n"),
        BYTES("\x16\x03\x01\x02\x00\x01\x00"),
        BYTES("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"),
        BYTES("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        BYTES("GET / HTTP/1.1\r\nHost a\r\n: \r\n\r\n"),
    };
#undef BYTES
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct wire w = wire_open(f->port);
        wire_send(&w, texts[i]);
        shutdown(w.fd, SHUT_WR);
        struct answer a = wire_read(&w, false);
        assert_true(a.status != 500);
        answer_drop(&a);
        wire_close(&w);
    }
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /", "");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    wire_close(&w);
}

static void closes_slow_clients(void **state)
{
    struct fixture *f = *state;
    struct wire slow[20], idle = wire_open(f->port), trickle = wire_open(f->port);
    for (int i = 0; i < 20; i++) {
        slow[i] = wire_open(f->port);
        wire_send(&slow[i], DH_STR("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
    }
    struct answer a = wire_ask(&idle, "GET /", "");
    answer_drop(&a);
    wire_send(&trickle, DH_STR("GET / HTTP/1.1\r\n"));
    double begin = seconds_now();
    bool open = true;
    int asked = 0, late = 0; /* on a loaded machine one answer or the other may be late */
    struct wire busy = wire_open(f->port);
    while (seconds_now() - begin < 4.5) {
        double before = seconds_now();
        a = wire_ask(&busy, "GET /size/100", "");
        assert_int_equal(a.status, 200);
        asked++;
        late += seconds_now() - before > 0.5;
        answer_drop(&a);
        open = open && wire_send(&trickle, DH_STR("X"));
        pause_seconds(0.2);
    }
    assert_true(2 * late < asked);
    assert_false(open); /* a byte now and then does not keep a connection */
    for (int i = 0; i < 20; i++) {
        assert_true(wire_ends(&slow[i]));
        wire_close(&slow[i]);
    }
    assert_true(wire_ends(&idle));
    wire_close(&idle);
    wire_close(&trickle);
    wire_close(&busy);
}

/* An answer larger than the socket's buffers waits for its reader and holds no thread meanwhile. */
static void lets_readers_be_slow(void **state)
{
    struct fixture *f = *state;
    struct wire readers[6];
    for (int i = 0; i < 6; i++) {
        readers[i] = wire_open(f->port);
        wire_send(&readers[i], DH_STR("GET /size/8000000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /work", "");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    wire_close(&w);
    a = wire_read(&readers[0], false);
    assert_int_equal(a.body.len, 8000000);
    assert_int_equal(a.body.ptr[7999999], 'a' + 7999999 % 17);
    answer_drop(&a);
    for (int i = 0; i < 6; i++)
        wire_close(&readers[i]);
}

static void keeps_loops_free(void **state)
{
    struct fixture *f = *state;
    struct wire blocked[8];
    for (int i = 0; i < 8; i++) {
        blocked[i] = wire_open(f->port);
        wire_send(&blocked[i], DH_STR("GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    while (atomic_load(&f->app.blocked) < 2)
        pause_seconds(0.01);
    for (int i = 0; i < 20; i++) {
        struct wire w = wire_open(f->port);
        struct answer a = wire_ask(&w, "GET /quick", "");
        assert_int_equal(a.status, 200);
        answer_drop(&a);
        wire_close(&w);
    }
    assert_int_equal(atomic_load(&f->app.blocked), 2);
    /* Longer than the idle limit: who waits for an answer is not idle. */
    pause_seconds(2.5);
    app_release(&f->app);
    for (int i = 0; i < 8; i++) {
        struct answer a = wire_read(&blocked[i], false);
        assert_int_equal(a.status, 200);
        answer_drop(&a);
        wire_close(&blocked[i]);
    }
}

static void refuses_when_full(void **state)
{
    struct fixture *f = *state;
    enum { WAITING = 2 + DH_QUEUE_MAX, CONNECTIONS = WAITING + 50 };
    static struct wire w[CONNECTIONS];
    struct dh_http_metrics m = {0};
    for (int i = 0; i < CONNECTIONS; i++) {
        w[i] = wire_open(f->port);
        wire_send(&w[i], DH_STR("GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
        /* The first fill the workers and the queue before the others come. */
        double end = seconds_now() + 10;
        while (i == WAITING - 1 && m.queue_length < DH_QUEUE_MAX && seconds_now() < end) {
            pause_seconds(0.01);
            dh_http_metrics(f->server, &m);
        }
    }
    for (int i = WAITING; i < CONNECTIONS; i++) {
        struct answer a = wire_read(&w[i], false);
        assert_int_equal(a.status, 503);
        assert_str(answer_header(&a, "Retry-After"), "1");
        assert_str(a.body, "{\"limit\":503}");
        answer_drop(&a);
        a = wire_ask(&w[i], "GET /quick", "");
        assert_int_equal(a.status, 200);
        answer_drop(&a);
    }
    app_release(&f->app);
    for (int i = 0; i < CONNECTIONS; i++) {
        if (i < WAITING) {
            struct answer a = wire_read(&w[i], false);
            assert_int_equal(a.status, 200);
            answer_drop(&a);
        }
        wire_close(&w[i]);
    }
}

static void bounds_connections(void **state)
{
    struct fixture *f = *state;
    static struct wire w[DH_CONNECTIONS_MAX + 5];
    int refused = 0;
    for (int i = 0; i < DH_CONNECTIONS_MAX + 5; i++)
        w[i] = wire_open(f->port);
    for (int i = 0; i < DH_CONNECTIONS_MAX + 5; i++) {
        struct answer a = {0};
        if (wire_send(&w[i], DH_STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n")))
            a = wire_read(&w[i], false);
        refused += a.status != 200;
        answer_drop(&a);
    }
    assert_true(refused >= 5);
    assert_true(refused < 50);
    for (int i = 0; i < DH_CONNECTIONS_MAX + 5; i++)
        wire_close(&w[i]);
}

/* Both ends of a thousand connections are in this process. */
static bool raise_descriptors(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 8192 ? limit.rlim_max : 8192;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 4096;
}

int main(void)
{
    if (!raise_descriptors())
        return fprintf(stderr, "needs 4096 open files\n"), 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bounds_the_url, start, stop),
        cmocka_unit_test_setup_teardown(bounds_the_headers, start, stop),
        cmocka_unit_test_setup_teardown(carries_many_parameters, start, stop),
        cmocka_unit_test_setup_teardown(bounds_the_body, start, stop),
        cmocka_unit_test_setup_teardown(refuses_ambiguous_framing, start, stop),
        cmocka_unit_test_setup_teardown(survives_garbage, start, stop),
        cmocka_unit_test_setup_teardown(closes_slow_clients, start_impatient, stop),
        cmocka_unit_test_setup_teardown(lets_readers_be_slow, start, stop),
        cmocka_unit_test_setup_teardown(keeps_loops_free, start_impatient, stop),
        cmocka_unit_test_setup_teardown(refuses_when_full, start, stop),
        cmocka_unit_test_setup_teardown(bounds_connections, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
