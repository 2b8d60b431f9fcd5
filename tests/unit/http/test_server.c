/* Connections, requests and headers, over real sockets. */
#include <zlib.h>

#include "test.h"

static struct fixture *f;

static int start(void **state)
{
    (void)state;
    f = fixture_start((struct dh_http_options){.log_fd = -1, .loops = 2, .workers = 2});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_stop(f);
    return 0;
}

static void keeps_connections(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    for (int i = 0; i < 5; i++) {
        struct answer a = wire_ask(&w, i % 2 ? "GET /work?n=1" : "GET /a/b?n=1", "");
        assert_int_equal(a.status, 200);
        assert_null(answer_header(&a, "Connection").ptr);
        assert_str(a.body, i % 2 ? "0|/work?n=1|/work|n=1|http://test.example:81|1|0|"
                                 : "0|/a/b?n=1|/a/b|n=1|http://test.example:81|1|0|");
        answer_drop(&a);
    }
    wire_close(&w);
}

static void answers_in_order(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    assert_true(wire_send(&w, DH_STR("GET /work-1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                     "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                                     "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                                     "GET /work-4 HTTP/1.1\r\nHost: a\r\n\r\n")));
    static const char *const bodies[] = {"0|/work-1|/work-1||http://a|0|0|",
                                         "0|/2|/2||http://a|0|0|", "3|/3|/3||http://a|0|2|hi",
                                         "0|/work-4|/work-4||http://a|0|0|"};
    for (int i = 0; i < 4; i++) {
        struct answer a = wire_read(&w, false);
        assert_str(a.body, bodies[i]);
        answer_drop(&a);
    }
    wire_close(&w);
}

static void passes_raw_targets(void **state)
{
    (void)state;
    static const char *const paths[] = {"/dois/x%00b", "/dois/10.5%2FABC", "/dois//10.5/a;(b),c/",
                                        "/%",          "/a%zzb",           "/dois/"};
    struct wire w = wire_open(f->port);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char line[128], expected[256];
        snprintf(line, sizeof(line), "GET %s?page[size]=5&q=a%%20b+c", paths[i]);
        snprintf(expected, sizeof(expected), "0|%s?%s|%s|%s|http://test.example:81|2|0|", paths[i],
                 "page[size]=5&q=a%20b+c", paths[i], "page[size]=5&q=a%20b+c");
        struct answer a = wire_ask(&w, line, "");
        assert_str(a.body, expected);
        answer_drop(&a);
    }
    struct answer a = wire_ask(&w, "GET http://other.example/p?q=1", "");
    assert_str(a.body, "0|/p?q=1|/p|q=1|http://test.example:81|1|0|");
    answer_drop(&a);
    wire_close(&w);
}

static void reads_bodies(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "PUT /b",
                               "Transfer-Encoding: chunked\r\n\r\n"
                               "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n");
    assert_str(a.body, "4|/b|/b||http://test.example:81|0|11|hello world");
    answer_drop(&a);
    a = wire_ask(&w, "PATCH /work", "Content-Length: 3\r\nExpect: 100-continue\r\n");
    assert_int_equal(a.status, 100);
    answer_drop(&a);
    assert_true(wire_send(&w, DH_STR("abc")));
    a = wire_read(&w, false);
    assert_str(a.body, "5|/work|/work||http://test.example:81|0|3|abc");
    answer_drop(&a);
    wire_close(&w);
}

static void answers_head_as_get(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer get = wire_ask(&w, "GET /size/1000", "");
    struct answer head = wire_ask(&w, "HEAD /size/1000", "");
    assert_int_equal(head.status, 200);
    assert_str(answer_header(&head, "Content-Length"), "1000");
    assert_true(dh_str_equal(answer_header(&head, "ETag"), answer_header(&get, "ETag")));
    answer_drop(&head);
    answer_drop(&get);
    get = wire_ask(&w, "GET /empty", "");
    assert_int_equal(get.status, 200);
    assert_str(answer_header(&get, "Cache-Control"), "no-cache");
    answer_drop(&get);
    wire_close(&w);
}

static void answers_options(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "OPTIONS /any/thing", "Origin: https://x.example\r\n");
    assert_int_equal(a.status, 204);
    assert_str(answer_header(&a, "Access-Control-Max-Age"), "1728000");
    assert_str(answer_header(&a, "Access-Control-Allow-Origin"), "https://x.example");
    assert_str(answer_header(&a, "Access-Control-Allow-Methods"),
               "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    assert_int_equal(a.body.len, 0);
    answer_drop(&a);
    a = wire_ask(&w, "GET /after", "");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    wire_close(&w);
}

static void sends_the_usual_headers(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"Access-Control-Allow-Credentials", "true"},
        {"Access-Control-Expose-Headers", "Authorization"},
        {"X-Frame-Options", "SAMEORIGIN"},
        {"X-XSS-Protection", "0"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Permitted-Cross-Domain-Policies", "none"},
        {"Referrer-Policy", "strict-origin-when-cross-origin"},
        {"Vary", "Accept-Encoding"},
        {"Content-Type", "application/json; charset=utf-8"},
        {"Cache-Control", "no-cache"},
    };
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /status?code=404", "");
    assert_int_equal(a.status, 404);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        assert_str(answer_header(&a, expected[i][0]), expected[i][1]);
    assert_null(answer_header(&a, "Access-Control-Allow-Origin").ptr);
    assert_null(answer_header(&a, "ETag").ptr);
    assert_non_null(answer_header(&a, "Date").ptr);
    struct dh_str runtime = answer_header(&a, "X-Runtime");
    assert_int_equal(runtime.len - dh_str_find(runtime, '.'), 7);
    answer_drop(&a);
    a = wire_ask(&w, "GET /vary", "");
    assert_str(answer_header(&a, "Vary"), "Accept,Accept-Encoding");
    assert_str(answer_header(&a, "X-Own"), "1");
    assert_null(answer_header(&a, "X-Evil").ptr);
    answer_drop(&a);
    wire_close(&w);
}

static void names_requests(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /", "X-Request-Id: abc-123\r\n");
    assert_str(answer_header(&a, "X-Request-Id"), "abc-123");
    answer_drop(&a);
    char long_id[300] = "X-Request-Id: ";
    memset(long_id + 14, 'x', 201);
    memcpy(long_id + 215, "\r\n", 3);
    const char *bad[] = {"", "X-Request-Id: a b\r\n", "X-Request-Id: \xC3\xA9\r\n", long_id};
    for (size_t i = 0; i < 4; i++) {
        a = wire_ask(&w, "GET /", bad[i]);
        struct dh_str id = answer_header(&a, "X-Request-Id");
        assert_int_equal(id.len, 36);
        assert_int_equal(id.ptr[14], '4');
        assert_non_null(strchr("89ab", id.ptr[19]));
        answer_drop(&a);
    }
    wire_close(&w);
}

static void checks_conditions(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /size/99", "");
    struct dh_str tag = answer_header(&a, "ETag");
    assert_int_equal(tag.len, 36);
    assert_str(answer_header(&a, "Cache-Control"), "max-age=0, private, must-revalidate");
    char text[40];
    snprintf(text, sizeof(text), "%.*s", DH_STR_ARG(tag));
    answer_drop(&a);
    const struct {
        const char *method, *format;
        int status;
    } cases[] = {
        {"GET /size/99", "If-None-Match: %s\r\n", 304},
        {"HEAD /size/99", "If-None-Match: %s\r\n", 304},
        {"GET /size/99", "If-None-Match: \"x\", %s\r\n", 304},
        {"GET /size/99", "If-None-Match: \"x\"\r\nIf-None-Match: %s\r\n", 304},
        {"GET /size/99", "If-None-Match: *\r\nX: %s\r\n", 304},
        {"GET /size/98", "If-None-Match: %s\r\n", 200},
        {"POST /size/99", "If-None-Match: %s\r\n", 200},
        {"GET /size/99", "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", 200},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dh_buf lines;
        dh_buf_init(&lines, SIZE_MAX);
        size_t at = (size_t)(strchr(cases[i].format, '%') - cases[i].format);
        dh_buf_add(&lines, cases[i].format, at);
        dh_buf_text(&lines, text);
        dh_buf_add(&lines, cases[i].format + at + 2, strlen(cases[i].format) - at - 1);
        a = wire_ask(&w, cases[i].method, lines.ptr);
        assert_int_equal(a.status, cases[i].status);
        if (a.status == 304) {
            assert_str(answer_header(&a, "ETag"), text);
            assert_null(answer_header(&a, "Content-Type").ptr);
        }
        answer_drop(&a);
        dh_buf_release(&lines);
    }
    a = wire_ask(&w, "GET /size/99", "If-None-Match: W/\"0\"\r\n");
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    wire_close(&w);
}

static size_t unpack(struct dh_str packed, char *out, size_t max)
{
    z_stream z = {0};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)packed.ptr;
    z.avail_in = (uInt)packed.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)max;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = z.total_out;
    inflateEnd(&z);
    return len;
}

static void compresses(void **state)
{
    (void)state;
    static char out[200000];
    static const char *const sizes[] = {"1", "100", "5000", "150000"};
    struct wire w = wire_open(f->port);
    for (size_t i = 0; i < 4; i++) {
        char line[64];
        snprintf(line, sizeof(line), "GET /size/%s", sizes[i]);
        struct answer a = wire_ask(&w, line, "Accept-Encoding: deflate, gzip\r\n");
        assert_str(answer_header(&a, "Content-Encoding"), "gzip");
        assert_str(answer_header(&a, "Cache-Control"), "no-cache");
        assert_null(answer_header(&a, "ETag").ptr);
        size_t len = unpack(a.body, out, sizeof(out));
        assert_int_equal(len, dh_str_integer(dh_str(sizes[i])));
        assert_int_equal(out[len - 1], 'a' + (len - 1) % 17);
        answer_drop(&a);
    }
    struct answer a = wire_ask(&w, "GET /work", "Accept-Encoding: UTF-8\r\n");
    assert_int_equal(a.status, 200);
    assert_null(answer_header(&a, "Content-Encoding").ptr);
    answer_drop(&a);
    a = wire_ask(&w, "GET /empty", "Accept-Encoding: gzip\r\n");
    assert_null(answer_header(&a, "Content-Encoding").ptr);
    answer_drop(&a);
    a = wire_ask(&w, "GET /size/5?x=1", "Accept-Encoding: identity;q=0, gzip;q=0\r\n");
    assert_int_equal(a.status, 406);
    assert_str(answer_header(&a, "Content-Type"), "text/plain");
    assert_str(a.body, "An acceptable encoding for the requested resource /size/5?x=1 could not be "
                       "found.");
    answer_drop(&a);
    wire_close(&w);
}

static void builds_the_base(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *base;
    } cases[] = {
        {"", "http://test.example:81"},
        {"X-Forwarded-Proto: https\r\n", "https://test.example:81"},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example, b.example:443\r\n",
         "https://b.example"},
        {"X-Forwarded-Host: [::1]:8080\r\n", "http://[::1]:8080"},
        {"X-Forwarded-Host: b.example:80\r\n", "http://b.example"},
        {"X-Forwarded-Host: \"><script>\r\nX-Forwarded-Proto: ftp\r\n", "http://test.example:81"},
    };
    struct wire w = wire_open(f->port);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[128];
        struct answer a = wire_ask(&w, "GET /", cases[i].lines);
        snprintf(expected, sizeof(expected), "0|/|/||%s|0|0|", cases[i].base);
        assert_str(a.body, expected);
        answer_drop(&a);
    }
    assert_true(wire_send(&w, DH_STR("GET / HTTP/1.0\r\n\r\n")));
    struct answer a = wire_read(&w, false);
    assert_int_equal(a.status, 200);
    answer_drop(&a);
    assert_true(wire_ends(&w));
    wire_close(&w);
}

static void replaces_a_body_that_failed(void **state)
{
    (void)state;
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /overflow", "");
    assert_int_equal(a.status, 500);
    assert_str(a.body, "{\"limit\":500}");
    answer_drop(&a);
    wire_close(&w);
}

static void counts(void **state)
{
    (void)state;
    struct fixture *own = fixture_start((struct dh_http_options){.log_fd = -1, .loops = 2});
    struct wire w = wire_open(own->port);
    for (int i = 0; i < 3; i++) {
        struct answer a = wire_ask(&w, i ? "GET /size/10" : "GET /status?code=404", "");
        answer_drop(&a);
    }
    pause_seconds(0.05);
    struct dh_http_metrics m;
    dh_http_metrics(own->server, &m);
    assert_int_equal(m.requests, 3);
    assert_int_equal(m.by_class[2], 2);
    assert_int_equal(m.by_class[4], 1);
    assert_int_equal(m.bytes, 22);
    assert_int_equal(m.connections_open, 1);
    assert_int_equal(m.latency_buckets[11], 3);
    assert_true(m.latency_sum < 5);
    wire_close(&w);
    pause_seconds(0.1);
    dh_http_metrics(own->server, &m);
    assert_int_equal(m.connections_open, 0);
    fixture_stop(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_connections),
        cmocka_unit_test(answers_in_order),
        cmocka_unit_test(passes_raw_targets),
        cmocka_unit_test(reads_bodies),
        cmocka_unit_test(answers_head_as_get),
        cmocka_unit_test(answers_options),
        cmocka_unit_test(sends_the_usual_headers),
        cmocka_unit_test(names_requests),
        cmocka_unit_test(checks_conditions),
        cmocka_unit_test(compresses),
        cmocka_unit_test(builds_the_base),
        cmocka_unit_test(replaces_a_body_that_failed),
        cmocka_unit_test(counts),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
