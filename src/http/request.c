/*
 * What came in. libmicrohttpd decodes the path in place and cuts it at %00, so target, path and
 * query are taken from the request line before it does. Headers are read in one pass over a table.
 */
#include <stddef.h>
#include <stdio.h>

#include "http/exchange.h"

/* "http://host/path" as a proxy sends it, and "*": only path and query are of interest. */
static struct dh_str origin_form(struct dh_str target)
{
    static const struct dh_str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < 2; i++) {
        if (!dh_str_starts_nocase(target, schemes[i]))
            continue;
        struct dh_str rest = dh_str_from(target, schemes[i].len);
        rest = dh_str_from(rest, dh_str_find(rest, '/'));
        return rest.len ? rest : DH_STR("/");
    }
    return target;
}

void dh_exchange_target(struct dh_exchange *x, const char *uri)
{
    struct dh_str target = dh_arena_copy(&x->arena, dh_str(uri));
    if (!target.ptr)
        target = DH_STR("");
    struct dh_request *request = &x->request;
    request->target = origin_form(target);
    size_t mark = dh_str_find(request->target, '?');
    request->path = (struct dh_str){request->target.ptr, mark};
    request->query = dh_str_from(request->target, mark + 1);
}

/* Headers of interest and where they go. Those of a list are joined when they come twice. */
static const struct header {
    struct dh_str name;
    size_t place;
    bool list;
} headers[] = {
#define HEADER(name, place, list)                                                                  \
    {                                                                                              \
        {(name), sizeof(name) - 1}, offsetof(struct dh_exchange, place), list                      \
    }
    HEADER("Host", host, false),
    HEADER("Accept", request.accept, true),
    HEADER("Accept-Encoding", request.accept_encoding, true),
    HEADER("Authorization", request.authorization, false),
    HEADER("Content-Length", content_length, false),
    HEADER("If-None-Match", if_none_match, true),
    HEADER("Origin", request.origin, false),
    HEADER("Referer", referer, false),
    HEADER("Transfer-Encoding", transfer_encoding, true),
    HEADER("User-Agent", request.user_agent, false),
    HEADER("X-Forwarded-Host", forwarded_host, true),
    HEADER("X-Forwarded-Proto", forwarded_proto, true),
    HEADER("X-Request-Id", request.id, false),
#undef HEADER
};

static void keep(struct dh_exchange *x, const struct header *header, struct dh_str value)
{
    struct dh_str *place = (struct dh_str *)(void *)((char *)x + header->place);
    if (!place->ptr)
        *place = value;
    else if (header->list)
        *place = dh_arena_format(&x->arena, "%.*s,%.*s", DH_STR_ARG(*place), DH_STR_ARG(value));
}

static enum MHD_Result read_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    struct dh_exchange *x = context;
    struct dh_str key = {name, name_len};
    x->header_bytes += name_len + value_len + 4; /* ": " and the line's end */
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (!dh_str_equal_nocase(headers[i].name, key))
            continue;
        x->hosts += headers[i].place == offsetof(struct dh_exchange, host);
        x->lengths += headers[i].place == offsetof(struct dh_exchange, content_length);
        keep(x, &headers[i], (struct dh_str){value ? value : "", value_len});
        break;
    }
    return MHD_YES;
}

static enum dh_method read_method(const char *text)
{
    static const struct {
        const char *name;
        enum dh_method method;
    } methods[] = {{"GET", DH_GET}, {"HEAD", DH_HEAD},   {"OPTIONS", DH_OPTIONS}, {"POST", DH_POST},
                   {"PUT", DH_PUT}, {"PATCH", DH_PATCH}, {"DELETE", DH_DELETE}};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i].name, text) == 0)
            return methods[i].method;
    return DH_METHOD_OTHER;
}

/* Not a number: more than any limit. libmicrohttpd has refused those before. */
static uint64_t body_length(const struct dh_exchange *x)
{
    int64_t length = x->content_length.ptr ? dh_str_integer(x->content_length) : 0;
    return length < 0 ? UINT64_MAX : (uint64_t)length;
}

/*
 * The server's own rules. What is ambiguous about where the body ends (two lengths, a length beside
 * a transfer coding, an unknown coding) is refused: a proxy in front might see another end.
 */
static int judge(const struct dh_exchange *x)
{
    bool coded = x->transfer_encoding.ptr != NULL;
    bool ambiguous = x->lengths > 1 || (coded && x->lengths) ||
                     (coded && !dh_str_equal_nocase(x->transfer_encoding, DH_STR("chunked")));
    bool modern = x->version && strcmp(x->version, MHD_HTTP_VERSION_1_1) == 0;
    if (ambiguous || x->hosts > 1 || (modern && !x->hosts))
        return MHD_HTTP_BAD_REQUEST;
    if (x->request.target.len > DH_URL_MAX)
        return MHD_HTTP_URI_TOO_LONG;
    if (x->header_bytes > DH_HEADERS_MAX)
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    if (body_length(x) > DH_BODY_MAX)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    return 0;
}

/* The characters of a host and port, IPv6 in brackets included; anything else would end up in
 * links. */
static bool sane_host(struct dh_str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !memchr("-._:[]", c, 6))
            return false;
    }
    return host.len > 0 && host.len <= 255;
}

static struct dh_str last_of(struct dh_str list)
{
    struct dh_str part = DH_STR_NONE;
    while (dh_str_split(&list, ',', &part))
        ;
    return dh_str_trim(part);
}

static struct dh_str first_of(struct dh_str list)
{
    return dh_str_trim((struct dh_str){list.ptr, dh_str_find(list, ',')});
}

static struct dh_str choose_scheme(const struct dh_exchange *x)
{
    static const struct dh_str known[] = {{"https", 5}, {"http", 4}};
    struct dh_str asked = first_of(x->forwarded_proto);
    for (size_t i = 0; i < 2; i++)
        if (dh_str_equal_nocase(asked, known[i]))
            return known[i];
    return dh_str(x->loop->server->scheme);
}

/* scheme://host, without the port that the scheme means anyway. */
static struct dh_str make_base(struct dh_exchange *x)
{
    const struct dh_http_server *server = x->loop->server;
    if (server->base_url.len)
        return server->base_url;
    struct dh_str scheme = choose_scheme(x);
    struct dh_str host = last_of(x->forwarded_host);
    if (!sane_host(host))
        host = x->host;
    if (!sane_host(host))
        host = dh_arena_format(&x->arena, "localhost:%u", server->port);
    struct dh_str usual = scheme.len == 5 ? DH_STR(":443") : DH_STR(":80");
    if (dh_str_ends(host, usual))
        host.len -= usual.len;
    size_t len = scheme.len + 3 + host.len;
    char *text = dh_arena_alloc(&x->arena, len);
    if (!text)
        return DH_STR("");
    memcpy(text, scheme.ptr, scheme.len);
    memcpy(text + scheme.len, "://", 3);
    memcpy(text + scheme.len + 3, host.ptr, host.len);
    return (struct dh_str){text, len};
}

/* xorshift128+: unlikely to repeat, which is all that an id for reading logs needs. */
static uint64_t next_random(uint64_t state[2])
{
    uint64_t a = state[0], b = state[1];
    state[0] = b;
    a ^= a << 23;
    state[1] = a ^ b ^ (a >> 17) ^ (b >> 26);
    return state[1] + b;
}

/* A random UUID (RFC 9562, version 4). */
static struct dh_str make_id(struct dh_exchange *x)
{
    static const char digits[] = "0123456789abcdef";
    char *text = dh_arena_alloc(&x->arena, 37);
    if (!text)
        return DH_STR("");
    uint64_t bits[2] = {next_random(x->loop->random), next_random(x->loop->random)};
    bits[0] = (bits[0] & ~UINT64_C(0xF000)) | 0x4000;
    bits[1] = (bits[1] & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
    for (unsigned i = 0, at = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            text[at++] = '-';
        text[at++] = digits[bits[i / 16] >> (60 - i % 16 * 4) & 15];
    }
    return (struct dh_str){text, 36};
}

static bool sane_id(struct dh_str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] < '!' || id.ptr[i] > '~')
            return false;
    return id.len > 0 && id.len <= DH_REQUEST_ID_MAX;
}

void dh_exchange_headers(struct dh_exchange *x, const char *method)
{
    struct dh_request *request = &x->request;
    x->method = method;
    request->method = read_method(method);
    request->arena = &x->arena;
    request->native = x->connection;
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, read_header, x);
    if (!sane_id(request->id))
        request->id = make_id(x);
    request->base = make_base(x);
    x->refused = judge(x);
}

void dh_exchange_complete(struct dh_exchange *x)
{
    x->request.body = dh_buf_view(&x->body);
    if (!x->refused && dh_params_parse(&x->arena, x->request.query, &x->request.params))
        x->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
}

struct dh_str dh_request_header(const struct dh_request *request, const char *name)
{
    const char *value = NULL;
    size_t len = 0;
    if (!request->native || MHD_lookup_connection_value_n(request->native, MHD_HEADER_KIND, name,
                                                          strlen(name), &value, &len) == MHD_NO)
        return DH_STR_NONE;
    return (struct dh_str){value ? value : "", len};
}
