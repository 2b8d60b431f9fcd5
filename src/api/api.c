/* The application: finds the route of a request, lets its handler answer, adds what all answers
 * share. */
#include "api/api.h"

#include <stdlib.h>

#include "api/call.h"

enum dh_status dh_api_open(struct dh_store *store, const struct dh_api_options *options,
                           struct dh_api **out, struct dh_err *err)
{
    struct dh_api *api = malloc(sizeof(*api));
    if (!api)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *api = (struct dh_api){.store = store, .options = *options};
    if (!api->options.version)
        api->options.version = "";
    *out = api;
    return DH_OK;
}

void dh_api_close(struct dh_api *api)
{
    free(api);
}

void dh_api_watch(struct dh_api *api, const struct dh_http_server *server)
{
    api->server = server;
}

/* a, a.b, $a[0]: whatever else is given could smuggle a script of its own in. */
static bool is_function_name(struct dh_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr("_$.[]", c)))
            return false;
    }
    return name.len > 0;
}

/* `callback=f` wraps the answer for a script element, except answers made from an error. */
static void wrap_jsonp(struct dh_call *call)
{
    struct dh_str name = dh_params_get(call->params, "callback", NULL);
    if (!is_function_name(name) || call->raised || call->response->type != dh_type_json)
        return;
    struct dh_buf wrapped;
    dh_buf_init(&wrapped, DH_RESPONSE_MAX);
    dh_buf_printf(&wrapped, "%.*s(", DH_STR_ARG(name));
    dh_buf_str(&wrapped, dh_buf_view(call->out));
    dh_buf_char(&wrapped, ')');
    dh_buf_release(call->out);
    *call->out = wrapped;
    call->response->type = "application/javascript";
}

static void finish(struct dh_call *call)
{
    if (call->out->status) {
        bool full = call->out->status == DH_LIMIT;
        dh_reply_error(call, 500, full ? "The answer is too large." : "Out of memory.");
    }
    if (!call->response->type && call->out->len)
        call->response->type = dh_type_json;
    wrap_jsonp(call);
    call->response->keep = !call->raised && !call->passing;
    if (!call->raised)
        dh_response_header(call->response, "X-Anonymous-Consumer", DH_STR("true"));
}

/* The parameters of a nested route: those of the request, then the one its parent stands for. */
static bool add_param(struct dh_call *call, const char *name, struct dh_params *params)
{
    const struct dh_params *given = &call->request->params;
    struct dh_str raw = dh_str(name), under = dh_arena_copy(call->arena, raw);
    params->items = dh_arena_array(call->arena, given->count + 1, sizeof(*params->items));
    if (!params->items || !under.ptr)
        return false;
    if (given->count)
        memcpy(params->items, given->items, given->count * sizeof(*params->items));
    for (size_t i = 0; i < under.len; i++)
        if (under.ptr[i] == '-')
            ((char *)under.ptr)[i] = '_';
    params->items[given->count] =
        (struct dh_param){.name = under, .value = call->arg[0], .raw = raw};
    params->count = given->count + 1;
    call->params = params;
    for (size_t i = 0; i + 1 < sizeof(call->arg) / sizeof(call->arg[0]); i++)
        call->arg[i] = call->arg[i + 1];
    return true;
}

static void answer(struct dh_call *call, struct dh_params *nested)
{
    const struct dh_request *request = call->request;
    if (request->method != DH_GET && request->method != DH_HEAD) {
        dh_reply_error(call, 501, "This server is read-only.");
        return;
    }
    const struct dh_route *route = dh_route_find(request->path, call->arg, call->arena);
    if (!route)
        dh_reply_missing(call);
    else if (route->param && !add_param(call, route->param, nested))
        dh_reply_error(call, 500, "Out of memory.");
    else
        route->handle(call);
}

static void run(struct dh_api *api, struct dh_reader *reader, const struct dh_request *request,
                struct dh_response *response)
{
    struct dh_params nested;
    struct dh_call call = {
        .api = api,
        .reader = reader,
        .request = request,
        .params = &request->params,
        .response = response,
        .out = &response->body,
        .arena = request->arena,
    };
    answer(&call, &nested);
    finish(&call);
}

void dh_api_get(struct dh_api *api, struct dh_reader *reader, struct dh_str target,
                struct dh_str base, struct dh_arena *arena, struct dh_response *out)
{
    size_t question = dh_str_find(target, '?');
    struct dh_request request = {
        .method = DH_GET,
        .target = target,
        .path = {target.ptr, question},
        .query = dh_str_from(target, question + 1),
        .base = base,
        .arena = arena,
    };
    *out = (struct dh_response){.status = 200};
    dh_buf_init(&out->body, DH_RESPONSE_MAX);
    if (dh_params_parse(arena, request.query, &request.params))
        out->status = 500;
    else
        run(api, reader, &request, out);
}

/* ---- content negotiation: JSON is all there is so far --------------------------------------- */

static bool is_json(struct dh_str type)
{
    static const char *const types[] = {
        "*/*",
        "application/*",
        "text/*",
        "text/html",
        "application/json",
        "application/xhtml+xml",
        "text/x-json",
        "application/vnd.api+json",
        "application/jsonrequest",
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (dh_str_equal_nocase(type, dh_str(types[i])))
            return true;
    return false;
}

/* A list with a wildcard is what browsers send: the API ignores it whole. */
static bool browser_like(struct dh_str accept)
{
    struct dh_str rest = accept, item;
    if (dh_str_find(accept, ',') == accept.len)
        return false;
    while (dh_str_split(&rest, ',', &item)) {
        struct dh_str type = {item.ptr, dh_str_find(item, ';')};
        if (dh_str_equal(dh_str_trim(type), DH_STR("*/*")))
            return true;
    }
    return false;
}

bool dh_negotiate_json(struct dh_call *call)
{
    enum { TYPES = 32 };
    struct dh_weighted types[TYPES];
    struct dh_str accept = call->request->accept;
    struct dh_str format = dh_params_get(call->params, "format", NULL);
    if (!dh_str_blank(format)) {
        if (dh_str_equal(format, DH_STR("json")))
            return true;
        dh_reply_error(call, 406, "The content type is not recognized.");
        return false;
    }
    if (dh_str_blank(accept) || browser_like(accept))
        return true;
    size_t count = dh_weighted_parse(accept, types, TYPES);
    call->response->vary_accept =
        count && !dh_str_equal_nocase(types[0].value, DH_STR("text/html")) &&
        !dh_str_equal_nocase(types[0].value, DH_STR("application/xhtml+xml"));
    for (size_t i = 0; i < count; i++)
        if (is_json(types[i].value))
            return true;
    dh_reply_error(call, 406, "The content type is not recognized.");
    return false;
}

/* ---- the application for the server --------------------------------------------------------- */

static void *thread_open(void *context, struct dh_err *err)
{
    struct dh_api *api = context;
    struct dh_reader *reader = NULL;
    return dh_reader_open(api->store, &reader, err) ? NULL : reader;
}

static void thread_close(void *context, void *thread)
{
    (void)context;
    dh_reader_close(thread);
}

static bool quick(void *context, const struct dh_request *request)
{
    struct dh_str arg[3];
    (void)context;
    const struct dh_route *route = dh_route_find(request->path, arg, request->arena);
    return !route || route->quick;
}

static void handle(void *context, void *thread, const struct dh_request *request,
                   struct dh_response *response)
{
    run(context, thread, request, response);
}

/* What an answer depends on: the store's content and, for a few, today's date. */
static uint64_t version(void *context, void *thread)
{
    enum { MS_PER_DAY = 86400000, DAY_BITS = 20 };
    uint64_t sequence;
    (void)context;
    if (dh_store_sequence(thread, &sequence, NULL))
        return 0;
    return (sequence << DAY_BITS) + (uint64_t)(dh_time_now() / MS_PER_DAY);
}

static void limit(void *context, int status, struct dh_response *response)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "The request could not be understood."},
        {408, "The request took too long."},
        {413, "The request body is too large."},
        {414, "The URL is too long."},
        {431, "The request headers are too large."},
        {503, "The server is busy, please try again."},
    };
    const char *title = "The request could not be answered.";
    (void)context;
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (titles[i].status == status)
            title = titles[i].title;
    response->status = status;
    response->type = dh_type_json;
    dh_buf_printf(&response->body, "{\"errors\":[{\"status\":\"%d\",\"title\":\"%s\"}]}", status,
                  title);
}

struct dh_http_app dh_api_app(struct dh_api *api)
{
    return (struct dh_http_app){
        .context = api,
        .thread_open = thread_open,
        .thread_close = thread_close,
        .quick = quick,
        .handle = handle,
        .limit = limit,
        .version = version,
    };
}
