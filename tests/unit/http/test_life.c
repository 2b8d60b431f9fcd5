/* Start, stop, TLS and the access log. */
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "test.h"

static const struct dh_http_options plain = {.log_fd = -1, .loops = 2, .workers = 2};

static void *stop_in_background(void *argument)
{
    struct fixture *f = argument;
    dh_http_stop(f->server, 5);
    return NULL;
}

static void drop_fixture(struct fixture *f)
{
    assert_int_equal(atomic_load(&f->app.threads), 0);
    pthread_mutex_destroy(&f->app.lock);
    pthread_cond_destroy(&f->app.wake);
    free(f);
}

static bool refused(uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool failed = connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno == ECONNREFUSED;
    close(fd);
    return failed;
}

static void finishes_what_is_under_way(void **state)
{
    (void)state;
    struct fixture *f = fixture_start(plain);
    struct wire w = wire_open(f->port), idle = wire_open(f->port), late = wire_open(f->port);
    struct answer a = wire_ask(&idle, "GET /", "");
    answer_drop(&a);
    a = wire_ask(&late, "GET /", "");
    answer_drop(&a);
    wire_send(&w, DH_STR("GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
    while (!atomic_load(&f->app.blocked))
        pause_seconds(0.01);
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_in_background, f), 0);
    pause_seconds(0.3);
    assert_true(refused(f->port));
    a = wire_ask(&late, "GET /", ""); /* an open connection is still served, once */
    assert_int_equal(a.status, 200);
    assert_str(answer_header(&a, "Connection"), "close");
    answer_drop(&a);
    app_release(&f->app);
    a = wire_read(&w, false);
    assert_int_equal(a.status, 200);
    assert_str(answer_header(&a, "Connection"), "close");
    answer_drop(&a);
    pthread_join(stopper, NULL);
    assert_true(wire_ends(&idle));
    wire_close(&w);
    wire_close(&idle);
    wire_close(&late);
    drop_fixture(f);
}

/* Requests that wait for a worker. */
static size_t queued(const struct fixture *f)
{
    struct dh_http_metrics metrics;
    dh_http_metrics(f->server, &metrics);
    return metrics.queue_length;
}

static void *release_later(void *argument)
{
    pause_seconds(1);
    app_release(argument);
    return NULL;
}

/* Beyond the time allowed, what waits is refused and what is being handled is waited for. */
static void stops_in_time(void **state)
{
    (void)state;
    struct fixture *f = fixture_start(plain);
    struct wire w[5];
    for (int i = 0; i < 5; i++) {
        w[i] = wire_open(f->port);
        wire_send(&w[i], DH_STR("GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    while (atomic_load(&f->app.blocked) < 2 || queued(f) < 3)
        pause_seconds(0.01);
    pthread_t releaser;
    assert_int_equal(pthread_create(&releaser, NULL, release_later, &f->app), 0);
    double before = seconds_now();
    dh_http_stop(f->server, 0);
    assert_true(seconds_now() - before < 15);
    pthread_join(releaser, NULL);
    int served = 0, put_off = 0;
    for (int i = 0; i < 5; i++) {
        struct answer a = wire_read(&w[i], false);
        served += a.status == 200;
        put_off += a.status == 503;
        answer_drop(&a);
        wire_close(&w[i]);
    }
    assert_int_equal(served, 2);
    assert_int_equal(put_off, 3);
    drop_fixture(f);
}

static void says_why_it_does_not_start(void **state)
{
    (void)state;
    struct fixture *f = fixture_start(plain);
    struct dh_http_options options = plain;
    struct dh_http_server *server;
    struct dh_err err = {0};
    options.host = "127.0.0.1";
    options.port = f->port;
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    assert_non_null(strstr(err.text, "in use"));
    options.port = 0;
    options.host = "no-such-host.invalid";
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    assert_non_null(strstr(err.text, "no-such-host.invalid"));
    options.host = "127.0.0.1";
    options.tls_cert = "/no/such/file.pem";
    options.tls_key = "/no/such/key.pem";
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    assert_non_null(strstr(err.text, "/no/such/file.pem"));
    fixture_stop(f);
}

static void listens_everywhere(void **state)
{
    (void)state;
    struct dh_http_options options = plain;
    options.host = "";
    options.base_url = "https://data.example/api/";
    struct fixture *f = fixture_start(options);
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, "GET /x", "");
    assert_str(a.body, "0|/x|/x||https://data.example/api|0|0|");
    answer_drop(&a);
    wire_close(&w);
    fixture_stop(f);
}

/* ---- the log -------------------------------------------------------------------------------- */

static char *logged(bool json, const char *line, const char *lines)
{
    static char text[4096];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct dh_http_options options = plain;
    options.log_fd = ends[1];
    options.log_json = json;
    struct fixture *f = fixture_start(options);
    struct wire w = wire_open(f->port);
    struct answer a = wire_ask(&w, line, lines);
    answer_drop(&a);
    wire_close(&w);
    fixture_stop(f);
    close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof(text) - 1);
    close(ends[0]);
    text[got > 0 ? got : 0] = 0;
    return text;
}

static void logs_lines(void **state)
{
    (void)state;
    char *text = logged(false, "GET /size/12?q=\"x", "User-Agent: a\"\x01z\r\nReferer: r\r\n");
    assert_int_equal(strncmp(text, "127.0.0.1 - - [", 15), 0);
    assert_non_null(
        strstr(text, "] \"GET /size/12?q=\\x22x HTTP/1.1\" 200 12 \"r\" \"a\\x22\\x01z\" 0."));
    assert_int_equal(text[strlen(text) - 1], '\n');
    text = logged(false, "GET /status?code=404", "");
    assert_non_null(strstr(text, "\" 404 2 \"-\" \"-\" 0."));
}

static void logs_json(void **state)
{
    (void)state;
    char *text = logged(true, "GET /size/12?q=\"\xFFx", "User-Agent: a\"z\r\nX-Request-Id: me\r\n");
    struct json_object *line;
    assert_int_equal(dh_json_parse(dh_str(text), &line, NULL), DH_OK);
    assert_str(dh_json_member(line, "client"), "127.0.0.1");
    assert_str(dh_json_member(line, "method"), "GET");
    assert_str(dh_json_member(line, "target"), "/size/12?q=\"x");
    assert_str(dh_json_member(line, "user_agent"), "a\"z");
    assert_str(dh_json_member(line, "request_id"), "me");
    assert_int_equal(json_object_get_int(dh_json_get(line, "status")), 200);
    assert_int_equal(json_object_get_int(dh_json_get(line, "bytes")), 12);
    assert_true(dh_json_has(line, "referer"));
    json_object_put(line);
}

/* A log that nobody reads must not hold up the service. */
static void outlives_a_stuck_log(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    struct dh_http_options options = plain;
    options.log_fd = ends[1];
    struct fixture *f = fixture_start(options);
    struct wire w = wire_open(f->port);
    for (int i = 0; i < 3000; i++) {
        struct answer a =
            wire_ask(&w, "GET /size/1", "User-Agent: a-long-name-to-fill-the-pipe\r\n");
        assert_int_equal(a.status, 200);
        answer_drop(&a);
    }
    wire_close(&w);
    fixture_stop(f);
    close(ends[0]);
    close(ends[1]);
}

/* ---- TLS ------------------------------------------------------------------------------------ */

static void write_pem(const char *path, const gnutls_datum_t *pem)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pem->data, 1, pem->size, file), pem->size);
    fclose(file);
}

/* A certificate for this test alone, signed by itself. */
static void make_pair(const char *cert_path, const char *key_path)
{
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
    gnutls_datum_t pem;
    gnutls_x509_privkey_init(&key);
    assert_int_equal(gnutls_x509_privkey_generate(
                         key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
                     0);
    gnutls_x509_crt_init(&cert);
    gnutls_x509_crt_set_version(cert, 3);
    gnutls_x509_crt_set_serial(cert, "\1", 1);
    gnutls_x509_crt_set_activation_time(cert, time(NULL) - 3600);
    gnutls_x509_crt_set_expiration_time(cert, time(NULL) + 3600);
    gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, "localhost", 9);
    gnutls_x509_crt_set_key(cert, key);
    assert_int_equal(gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0), 0);
    assert_int_equal(gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem), 0);
    write_pem(cert_path, &pem);
    gnutls_free(pem.data);
    assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), 0);
    write_pem(key_path, &pem);
    gnutls_free(pem.data);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}

/* One request over TLS, any certificate accepted; the answer's text until the server closes. */
static void ask_tls(uint16_t port, const char *request, char *out, size_t max)
{
    struct wire w = wire_open(port);
    gnutls_session_t session;
    gnutls_certificate_credentials_t none;
    gnutls_certificate_allocate_credentials(&none);
    assert_int_equal(gnutls_init(&session, GNUTLS_CLIENT), 0);
    gnutls_set_default_priority(session);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, none);
    gnutls_transport_set_int(session, w.fd);
    int done;
    do
        done = gnutls_handshake(session);
    while (done < 0 && !gnutls_error_is_fatal(done));
    assert_int_equal(done, 0);
    assert_true(gnutls_record_send(session, request, strlen(request)) > 0);
    size_t len = 0;
    ssize_t got;
    while ((got = gnutls_record_recv(session, out + len, max - 1 - len)) > 0 ||
           got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
        len += got > 0 ? (size_t)got : 0;
    out[len] = 0;
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(none);
    wire_close(&w);
}

static void speaks_tls(void **state)
{
    (void)state;
    char folder[] = "/tmp/dh-tls-XXXXXX", cert[64], key[64], other[64], broken[64];
    static char text[200000];
    assert_non_null(mkdtemp(folder));
    snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    snprintf(key, sizeof(key), "%s/key.pem", folder);
    snprintf(other, sizeof(other), "%s/other.pem", folder);
    snprintf(broken, sizeof(broken), "%s/broken.pem", folder);
    make_pair(broken, other);
    make_pair(cert, key);
    struct dh_http_options options = plain;
    options.tls_cert = cert;
    options.tls_key = key;
    struct fixture *f = fixture_start(options);
    ask_tls(f->port, "GET /work HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", text,
            sizeof(text));
    assert_int_equal(strncmp(text, "HTTP/1.1 200", 12), 0);
    assert_non_null(strstr(text, "\r\n\r\n0|/work|/work||https://h|0|0|"));
    ask_tls(f->port, "GET /size/150000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", text,
            sizeof(text));
    assert_int_equal(strlen(strstr(text, "\r\n\r\n")), 150004);
    struct dh_http_server *server;
    struct dh_err err = {0};
    options.host = "127.0.0.1";
    options.tls_key = other; /* of another certificate */
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    assert_non_null(strstr(err.text, "cert.pem"));
    write_pem(broken, &(gnutls_datum_t){(unsigned char *)"no certificate", 14});
    options.tls_cert = broken;
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    assert_non_null(strstr(err.text, "broken.pem"));
    options.tls_key = NULL;
    assert_int_equal(dh_http_start(&options, &f->calls, &server, &err), DH_IO);
    fixture_stop(f);
    unlink(cert);
    unlink(key);
    unlink(other);
    unlink(broken);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finishes_what_is_under_way),
        cmocka_unit_test(stops_in_time),
        cmocka_unit_test(says_why_it_does_not_start),
        cmocka_unit_test(listens_everywhere),
        cmocka_unit_test(logs_lines),
        cmocka_unit_test(logs_json),
        cmocka_unit_test(outlives_a_stuck_log),
        cmocka_unit_test(speaks_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
