/* Requests set aside until the app has changed, their time is over, or the peer has gone. */
#include "test.h"

/* ---- an app that waits ---------------------------------------------------------------------- */

enum { WORKERS = 2 };

struct waiting {
    atomic_uint_fast64_t version;
    atomic_uint calls, handlers; /* so far; now at work */
    struct dh_http_server *server;
};

static void *open_thread(void *context, struct dh_err *err)
{
    (void)context, (void)err;
    return malloc(1);
}

static void close_thread(void *context, void *thread)
{
    (void)context;
    free(thread);
}

static bool quick(void *context, const struct dh_request *request)
{
    (void)context;
    return dh_str_starts(request->path, DH_STR("/quick"));
}

static uint64_t version(void *context, void *thread)
{
    assert_non_null(thread);
    return atomic_load(&((struct waiting *)context)->version);
}

/* /wait?from=N&ms=M: "version waited memo", once the version is beyond N or M have passed. */
static void handle(void *context, void *thread, const struct dh_request *request,
                   struct dh_response *response)
{
    struct waiting *app = context;
    uint64_t now = version(app, thread);
    int64_t from = dh_str_integer(dh_params_get(&request->params, "from", NULL));
    int64_t wait = dh_str_integer(dh_params_get(&request->params, "ms", NULL));
    atomic_fetch_add(&app->calls, 1);
    response->type = "text/plain";
    assert_non_null(dh_arena_alloc(request->arena, 100000));
    if ((int64_t)now <= from && request->waited < wait) {
        dh_buf_text(&response->body, "not this");
        response->wait = wait - request->waited;
        response->memo = request->memo + 1;
        return;
    }
    dh_buf_printf(&response->body, "%llu %lld %llu", (unsigned long long)now,
                  request->waited == INT64_MAX ? -1 : (long long)request->waited,
                  (unsigned long long)request->memo);
}

static struct waiting *start(void)
{
    struct waiting *app = calloc(1, sizeof(*app));
    assert_non_null(app);
    atomic_store(&app->version, 1);
    const struct dh_http_options options = {
        .host = "127.0.0.1", .loops = 2, .workers = WORKERS, .log_fd = -1, .idle_seconds = 1};
    const struct dh_http_app calls = {.context = app,
                                      .thread_open = open_thread,
                                      .thread_close = close_thread,
                                      .quick = quick,
                                      .handle = handle,
                                      .version = version};
    assert_int_equal(dh_http_start(&options, &calls, &app->server, NULL), DH_OK);
    return app;
}

static void stop(struct waiting *app)
{
    double before = seconds_now();
    dh_http_stop(app->server, 10);
    assert_true(seconds_now() - before < 9); /* whatever waits, nobody waits for it */
    free(app);
}

static struct wire asking(struct waiting *app, const char *target)
{
    struct wire w = wire_open(dh_http_port(app->server));
    struct dh_buf text;
    dh_buf_init(&text, SIZE_MAX);
    dh_buf_printf(&text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    assert_true(wire_send(&w, dh_buf_view(&text)));
    dh_buf_release(&text);
    return w;
}

static struct dh_http_metrics totals(struct waiting *app)
{
    struct dh_http_metrics metrics;
    dh_http_metrics(app->server, &metrics);
    return metrics;
}

static void until_aside(struct waiting *app, uint64_t count)
{
    double end = seconds_now() + 30;
    while (totals(app).set_aside != count)
        if (seconds_now() < end)
            pause_seconds(0.01);
        else
            fail_msg("%llu requests are set aside", (unsigned long long)totals(app).set_aside);
}

static void expect(struct wire *w, const char *body)
{
    struct answer a = wire_read(w, false);
    assert_int_equal(a.status, 200);
    assert_str(a.body, body);
    answer_drop(&a);
}

/* ---- the tests ------------------------------------------------------------------------------ */

static void a_change_ends_it(void **state)
{
    (void)state;
    struct waiting *app = start();
    struct wire w = asking(app, "/wait?from=1&ms=60000");
    until_aside(app, 1);
    pause_seconds(0.3);
    assert_int_equal(atomic_load(&app->calls), 1); /* not handled again for nothing */
    atomic_store(&app->version, 2);
    struct answer a = wire_read(&w, false);
    assert_true(dh_str_starts(a.body, DH_STR("2 ")));
    assert_true(dh_str_ends(a.body, DH_STR(" 1"))); /* the memo */
    assert_true(dh_str_integer(dh_str_from(a.body, 2)) >= 300);
    answer_drop(&a);
    assert_true(totals(app).latency_sum < 10);
    a = wire_ask(&w, "GET /wait?from=1&ms=60000", ""); /* the connection goes on */
    assert_str(a.body, "2 0 0");
    answer_drop(&a);
    wire_close(&w);
    stop(app);
}

static void time_ends_it(void **state)
{
    (void)state;
    struct waiting *app = start();
    double before = seconds_now();
    struct wire w = asking(app, "/wait?from=9&ms=400");
    until_aside(app, 1);
    atomic_store(&app->version, 2); /* no reason to answer yet */
    struct answer a = wire_read(&w, false);
    assert_true(dh_str_starts(a.body, DH_STR("2 ")));
    assert_true(dh_str_integer(dh_str_from(a.body, 2)) >= 400);
    assert_true(seconds_now() - before >= 0.4);
    answer_drop(&a);
    wire_close(&w);
    stop(app);
}

/* More than the idle time passes, with more requests than workers. */
static void waiting_occupies_nobody(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    struct waiting *app = start();
    struct wire w[COUNT];
    for (int i = 0; i < COUNT; i++)
        w[i] = asking(app, "/wait?from=1&ms=60000");
    until_aside(app, COUNT);
    struct wire other = asking(app, "/work?from=0");
    expect(&other, "1 0 0");
    wire_close(&other);
    pause_seconds(3.5);
    atomic_store(&app->version, 7);
    for (int i = 0; i < COUNT; i++) {
        struct answer a = wire_read(&w[i], false);
        assert_true(dh_str_starts(a.body, DH_STR("7 ")));
        answer_drop(&a);
        wire_close(&w[i]);
    }
    assert_int_equal(totals(app).set_aside, 0);
    stop(app);
}

static void there_is_an_end_of_room(void **state)
{
    (void)state;
    enum { BEYOND = 5 };
    struct waiting *app = start();
    struct wire w[DH_ASIDE_MAX + BEYOND];
    for (int i = 0; i < DH_ASIDE_MAX; i++)
        w[i] = asking(app, "/wait?from=1&ms=60000");
    until_aside(app, DH_ASIDE_MAX);
    for (int i = DH_ASIDE_MAX; i < DH_ASIDE_MAX + BEYOND; i++) {
        w[i] = asking(app, "/wait?from=1&ms=60000");
        expect(&w[i], "1 -1 1");
    }
    struct wire near = asking(app, "/quick?from=1&ms=60000"); /* an event loop waits for nothing */
    expect(&near, "1 -1 1");
    wire_close(&near);
    atomic_store(&app->version, 2);
    for (int i = 0; i < DH_ASIDE_MAX; i++) {
        struct answer a = wire_read(&w[i], false);
        assert_int_equal(a.status, 200);
        answer_drop(&a);
    }
    for (int i = 0; i < DH_ASIDE_MAX + BEYOND; i++)
        wire_close(&w[i]);
    stop(app);
}

static void who_has_gone_leaves_nothing(void **state)
{
    (void)state;
    enum { COUNT = 64 };
    struct waiting *app = start();
    struct wire w[COUNT];
    for (int i = 0; i < COUNT; i++)
        w[i] = asking(app, "/wait?from=1&ms=600000");
    until_aside(app, COUNT);
    for (int i = 0; i < COUNT; i++)
        wire_close(&w[i]);
    until_aside(app, 0);
    double end = seconds_now() + 30;
    while (totals(app).connections_open && seconds_now() < end)
        pause_seconds(0.01);
    assert_int_equal(totals(app).connections_open, 0);
    stop(app);
}

static void a_stop_answers_them(void **state)
{
    (void)state;
    enum { COUNT = 50 };
    struct waiting *app = start();
    struct wire w[COUNT];
    for (int i = 0; i < COUNT; i++)
        w[i] = asking(app, "/wait?from=1&ms=600000");
    until_aside(app, COUNT);
    stop(app);
    for (int i = 0; i < COUNT; i++) {
        expect(&w[i], "1 -1 1");
        wire_close(&w[i]);
    }
}

/* Requests come, wait, go away and are answered while the version moves. */
static void survives_a_crowd(void **state)
{
    (void)state;
    enum { ROUNDS = 20, COUNT = 40 };
    struct waiting *app = start();
    char target[64];
    for (int round = 1; round <= ROUNDS; round++) {
        struct wire w[COUNT];
        snprintf(target, sizeof(target), "/wait?from=%d&ms=60000", round);
        for (int i = 0; i < COUNT; i++)
            w[i] = asking(app, target);
        for (int i = 0; i < COUNT; i += 3)
            wire_close(&w[i]);
        atomic_store(&app->version, (unsigned)round + 1);
        for (int i = 0; i < COUNT; i++) {
            if (i % 3 == 0)
                continue;
            struct answer a = wire_read(&w[i], false);
            assert_int_equal(a.status, 200);
            assert_int_equal(dh_str_integer(a.body), round + 1);
            answer_drop(&a);
            wire_close(&w[i]);
        }
    }
    stop(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_ends_it),
        cmocka_unit_test(time_ends_it),
        cmocka_unit_test(waiting_occupies_nobody),
        cmocka_unit_test(there_is_an_end_of_room),
        cmocka_unit_test(who_has_gone_leaves_nothing),
        cmocka_unit_test(a_stop_answers_them),
        cmocka_unit_test(survives_a_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
