/*
 * What goes out: the app's answer, then the headers that every answer has, compression or an entity
 * tag, and the libmicrohttpd response. The body stays in the exchange's buffers and is not copied,
 * so a slow reader holds no thread. Names and values follow the DataCite REST API.
 */
#include <stdio.h>
#include <xxhash.h>

#include "http/exchange.h"
#include "http/negotiation.h"

enum { GZIP_LEVEL = 1, GZIP_WINDOW = 15 + 16 /* gzip's wrapper */, GZIP_MEMORY = 8 };

void dh_response_header(struct dh_response *response, const char *name, struct dh_str value)
{
    size_t max = sizeof(response->headers) / sizeof(response->headers[0]);
    if (response->header_count == max)
        return;
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = value;
    response->header_count++;
}

void dh_gzip_release(struct dh_gzip *gzip)
{
    if (gzip->open)
        deflateEnd(&gzip->stream);
    gzip->open = false;
}

static bool ready(struct dh_gzip *gzip)
{
    if (gzip->open)
        return deflateReset(&gzip->stream) == Z_OK;
    gzip->stream = (z_stream){0};
    gzip->open = deflateInit2(&gzip->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                              Z_DEFAULT_STRATEGY) == Z_OK;
    return gzip->open;
}

bool dh_gzip_pack(struct dh_gzip *gzip, struct dh_str text, struct dh_buf *out)
{
    dh_buf_clear(out);
    if (!ready(gzip) || text.len > DH_RESPONSE_MAX)
        return false;
    size_t bound = deflateBound(&gzip->stream, text.len);
    char *place = dh_buf_reserve(out, bound);
    if (!place)
        return false;
    gzip->stream.next_in = (Bytef *)(uintptr_t)text.ptr;
    gzip->stream.avail_in = (uInt)text.len;
    gzip->stream.next_out = (Bytef *)place;
    gzip->stream.avail_out = (uInt)bound;
    if (deflate(&gzip->stream, Z_FINISH) != Z_STREAM_END)
        return false;
    out->len = bound - gzip->stream.avail_out;
    return true;
}

/* ---- the entity tag ------------------------------------------------------------------------- */

static void make_tag(struct dh_str body, char tag[DH_TAG_LEN + 1])
{
    static const char digits[] = "0123456789abcdef";
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits(body.ptr, body.len));
    memcpy(tag, "W/\"", 3);
    for (size_t i = 0; i < sizeof(hash.digest); i++) {
        tag[3 + i * 2] = digits[hash.digest[i] >> 4];
        tag[4 + i * 2] = digits[hash.digest[i] & 15];
    }
    memcpy(tag + DH_TAG_LEN - 1, "\"", 2);
}

/* True when the header's list holds the tag: weak comparison, so a W/ on either side does not
 * count. */
static bool tag_matches(struct dh_str list, struct dh_str tag)
{
    struct dh_str item, opaque = dh_str_from(tag, 2);
    while (dh_str_split(&list, ',', &item)) {
        item = dh_str_trim(item);
        if (dh_str_equal(item, DH_STR("*")))
            return true;
        if (dh_str_starts(item, DH_STR("W/")))
            item = dh_str_from(item, 2);
        if (dh_str_equal(item, opaque))
            return true;
    }
    return false;
}

/* ---- headers -------------------------------------------------------------------------------- */

static const struct fixed {
    const char *name, *value;
} on_all[] = {
    {"Access-Control-Allow-Credentials", "true"},
    {"Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"},
    {"Access-Control-Allow-Headers",
     "Accept,Access-Control-Allow-Origin,Access-Control-Expose-Headers,"
     "Access-Control-Allow-Methods,Access-Control-Allow-Headers,Authorization,Cache-Control,"
     "Content-Type,DNT,If-Modified-Since,Keep-Alive,Origin,User-Agent,X-Mx-ReqToken,"
     "X-Requested-With"},
    {"Access-Control-Expose-Headers", "Authorization"},
    {"X-Frame-Options", "SAMEORIGIN"},
    {"X-XSS-Protection", "0"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Permitted-Cross-Domain-Policies", "none"},
    {"Referrer-Policy", "strict-origin-when-cross-origin"},
};

static void add(struct MHD_Response *reply, const char *name, const char *value)
{
    MHD_add_response_header(reply, name, value);
}

/* A value that is no terminated string. libmicrohttpd refuses line breaks, and so the header is
 * lost. */
static void add_str(struct dh_exchange *x, const char *name, struct dh_str value)
{
    struct dh_str copy = dh_arena_copy(&x->arena, value);
    if (copy.ptr)
        add(x->reply, name, copy.ptr);
}

static bool app_says(const struct dh_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (dh_str_equal_nocase(dh_str(response->headers[i].name), dh_str(name)))
            return true;
    return false;
}

static void add_common(struct dh_exchange *x)
{
    char runtime[32];
    int64_t micros = (x->done - x->start) / 1000;
    snprintf(runtime, sizeof(runtime), "%lld.%06lld", (long long)(micros / 1000000),
             (long long)(micros % 1000000));
    if (x->request.origin.len)
        add_str(x, "Access-Control-Allow-Origin", x->request.origin);
    for (size_t i = 0; i < sizeof(on_all) / sizeof(on_all[0]); i++)
        add(x->reply, on_all[i].name, on_all[i].value);
    if (x->request.id.len)
        add_str(x, "X-Request-Id", x->request.id);
    add(x->reply, "X-Runtime", runtime);
    add(x->reply, "Vary", x->response.vary_accept ? "Accept,Accept-Encoding" : "Accept-Encoding");
    if (atomic_load_explicit(&x->loop->server->stopping, memory_order_relaxed))
        add(x->reply, "Connection", "close");
}

static void add_own(struct dh_exchange *x, bool packed, const char *tag)
{
    const struct dh_response *response = &x->response;
    if (response->type && x->status != MHD_HTTP_NOT_MODIFIED)
        add(x->reply, "Content-Type", response->type);
    if (packed)
        add(x->reply, "Content-Encoding", "gzip");
    if (tag)
        add(x->reply, "ETag", tag);
    if (!app_says(response, "Cache-Control"))
        add(x->reply, "Cache-Control", tag ? "max-age=0, private, must-revalidate" : "no-cache");
    for (size_t i = 0; i < response->header_count; i++)
        add_str(x, response->headers[i].name, response->headers[i].value);
}

/* RFC 9111, 5.1. Not before the answer is sent: one that is kept grows older. */
static void add_age(struct dh_exchange *x)
{
    const struct dh_http_app *app = &x->loop->server->app;
    int64_t since = x->response.aged && app->since ? app->since(app->context) : DH_TIME_NONE;
    if (since == DH_TIME_NONE)
        return;
    char text[32];
    int64_t age = (dh_time_now() - since) / 1000;
    snprintf(text, sizeof(text), "%lld", (long long)(age > 0 ? age : 0));
    add(x->reply, "Age", text);
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void respond(struct dh_exchange *x, struct dh_str body, bool packed, const char *tag)
{
    x->done = dh_clock();
    x->reply = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)(body.len ? body.ptr : ""), MHD_RESPMEM_PERSISTENT);
    if (!x->reply)
        return;
    x->sent = x->request.method == DH_HEAD ? 0 : body.len;
    add_common(x);
    add_own(x, packed, tag);
    add_age(x);
}

static bool may_have_body(int status)
{
    return status >= 200 && status != MHD_HTTP_NO_CONTENT && status != MHD_HTTP_NOT_MODIFIED;
}

/* The plain-text 406 that stands for an answer in a coding which the client refuses. */
static void refuse_encoding(struct dh_exchange *x)
{
    dh_buf_clear(&x->response.body);
    x->response.status = x->status = MHD_HTTP_NOT_ACCEPTABLE;
    x->response.type = "text/plain";
    x->response.header_count = 0;
    dh_buf_text(&x->response.body, "An acceptable encoding for the requested resource ");
    dh_buf_str(&x->response.body, x->request.target);
    dh_buf_text(&x->response.body, " could not be found.");
    respond(x, dh_buf_view(&x->response.body), false, NULL);
}

static void respond_tagged(struct dh_exchange *x, struct dh_str body, const char *tag)
{
    bool reading = x->request.method == DH_GET || x->request.method == DH_HEAD;
    if (reading && tag_matches(x->if_none_match, dh_str(tag))) {
        x->status = MHD_HTTP_NOT_MODIFIED;
        body = DH_STR("");
    }
    respond(x, body, false, tag);
}

static void respond_plain(struct dh_exchange *x, struct dh_str body)
{
    if (x->status != MHD_HTTP_OK || x->response.no_etag || !body.len) {
        respond(x, body, false, NULL);
        return;
    }
    char tag[DH_TAG_LEN + 1];
    make_tag(body, tag);
    respond_tagged(x, body, tag);
}

static void finish(struct dh_exchange *x, struct dh_gzip *gzip)
{
    x->status = x->response.status;
    struct dh_str body = dh_buf_view(&x->response.body);
    if (!may_have_body(x->status))
        body.len = 0;
    if (body.len && dh_refuses_all_encodings(x->request.accept_encoding))
        refuse_encoding(x);
    else if (body.len && gzip && dh_accepts_gzip(x->request.accept_encoding) &&
             dh_gzip_pack(gzip, body, &x->packed))
        respond(x, dh_buf_view(&x->packed), true, NULL);
    else
        respond_plain(x, body);
}

/* The app finds a response that comes as 200, empty; the buffer keeps the memory of earlier ones.
 */
static void clear(struct dh_response *response)
{
    struct dh_buf body = response->body;
    dh_buf_clear(&body);
    body.max = DH_RESPONSE_MAX;
    *response = (struct dh_response){.status = MHD_HTTP_OK, .body = body};
}

void dh_exchange_repeat(struct dh_exchange *x, struct dh_kept *kept, struct dh_gzip *gzip)
{
    struct dh_str body = dh_kept_body(kept);
    clear(&x->response);
    dh_kept_describe(kept, &x->response);
    x->status = x->response.status;
    x->kept = kept;
    if (dh_refuses_all_encodings(x->request.accept_encoding)) {
        refuse_encoding(x);
    } else if (dh_accepts_gzip(x->request.accept_encoding)) {
        struct dh_str packed = dh_kept_packed(kept);
        if (!packed.ptr && dh_gzip_pack(gzip, body, &x->packed))
            packed = dh_shelf_pack(&x->loop->shelf, kept, dh_buf_view(&x->packed));
        if (packed.ptr)
            respond(x, packed, true, NULL);
        else
            respond_tagged(x, body, dh_kept_tag(kept, make_tag));
    } else {
        respond_tagged(x, body, dh_kept_tag(kept, make_tag));
    }
}

void dh_exchange_refuse(struct dh_exchange *x, int status, struct dh_gzip *gzip)
{
    const struct dh_http_app *app = &x->loop->server->app;
    clear(&x->response);
    if (app->limit)
        app->limit(app->context, status, &x->response);
    x->response.status = status;
    if (x->response.body.status)
        dh_buf_clear(&x->response.body);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE && !app_says(&x->response, "Retry-After"))
        dh_response_header(&x->response, "Retry-After", DH_STR("1"));
    finish(x, gzip);
}

static void answer_options(struct dh_exchange *x)
{
    clear(&x->response);
    x->response.status = MHD_HTTP_NO_CONTENT;
    x->response.type = "text/plain";
    dh_response_header(&x->response, "Access-Control-Max-Age", DH_STR("1728000"));
    finish(x, NULL);
}

/* Lets the app answer; false when it has no answer yet and the exchange was set aside. */
static bool handle(struct dh_exchange *x, void *thread)
{
    const struct dh_http_app *app = &x->loop->server->app;
    struct dh_arena_mark mark = dh_arena_mark(&x->arena);
    clear(&x->response);
    app->handle(app->context, thread, &x->request, &x->response);
    int64_t wait = x->response.wait;
    if (!wait)
        return true;
    x->request.memo = x->response.memo;
    dh_arena_rewind(&x->arena, mark);
    if (x->stage == DH_STAGE_WORKER && dh_aside_take(x, wait))
        return false;
    x->request.waited = INT64_MAX;
    clear(&x->response);
    app->handle(app->context, thread, &x->request, &x->response);
    return true;
}

bool dh_exchange_answer(struct dh_exchange *x, void *thread, struct dh_gzip *gzip)
{
    if (x->refused) {
        dh_exchange_refuse(x, x->refused, gzip);
    } else if (x->request.method == DH_OPTIONS) {
        answer_options(x);
    } else {
        if (!handle(x, thread))
            return false;
        if (x->response.body.status)
            dh_exchange_refuse(x, MHD_HTTP_INTERNAL_SERVER_ERROR, gzip);
        else
            finish(x, gzip);
    }
    return true;
}
