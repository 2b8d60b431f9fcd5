/* The application: finds the route of a request, lets its handler answer, adds what all answers
 * share. */
#include "api/api.h"

#include <stdlib.h>

#include "api/negotiate.h"

/* Answers that are kept hold on to their type, so it must last as long as the api. */
static bool make_content_types(struct dh_api *api)
{
    size_t count = 0;
    while (dh_formats[count])
        count++;
    api->content_types = dh_arena_array(&api->strings, count + 1, sizeof(*api->content_types));
    for (size_t i = 0; api->content_types && i < count; i++) {
        struct dh_str type = dh_arena_format(&api->strings, "%s; charset=utf-8",
                                             dh_formats[i]->type ? dh_formats[i]->type : "");
        if (!type.ptr)
            return false;
        api->content_types[i] = type.ptr;
    }
    return api->content_types != NULL;
}

const char *dh_content_type(const struct dh_api *api, const struct dh_format *format)
{
    size_t i = 0;
    while (dh_formats[i] && dh_formats[i] != format)
        i++;
    return api->content_types[i];
}

enum dh_status dh_api_open(struct dh_store *store, const struct dh_api_options *options,
                           struct dh_api **out, struct dh_err *err)
{
    struct dh_api *api = malloc(sizeof(*api));
    if (!api)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *api = (struct dh_api){.store = store, .options = *options};
    dh_age_init(&api->age);
    if (!api->options.version)
        api->options.version = "";
    dh_arena_init(&api->strings, DH_ARENA_MAX);
    if (!make_content_types(api)) {
        dh_api_close(api);
        return dh_fail(err, DH_MEMORY, "out of memory");
    }
    *out = api;
    return DH_OK;
}

void dh_api_close(struct dh_api *api)
{
    if (api)
        dh_arena_release(&api->strings);
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
    call->response->aged = !call->own;
    if (!call->raised)
        dh_response_header(call->response, "X-Anonymous-Consumer", DH_STR("true"));
}

static void drop_capture(struct dh_call *call)
{
    size_t count = sizeof(call->arg) / sizeof(call->arg[0]);
    for (size_t i = 0; i + 1 < count; i++)
        call->arg[i] = call->arg[i + 1];
    call->arg[count - 1] = DH_STR_NONE;
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
    drop_capture(call);
    return true;
}

/* Paths that name a media type; false when there is no such format. */
static bool fix_format(struct dh_call *call, const char *media)
{
    struct dh_str type = dh_arena_format(call->arena, "%s/%.*s", media, DH_STR_ARG(call->arg[0]));
    call->fixed = dh_offered_type(type);
    drop_capture(call);
    return call->fixed != NULL;
}

static void answer(struct dh_call *call, struct dh_params *nested)
{
    const struct dh_request *request = call->request;
    if (request->method != DH_GET && request->method != DH_HEAD) {
        dh_reply_error(call, 501, "This server is read-only.");
        return;
    }
    const struct dh_route *route = dh_route_find(request->path, call->arg, call->arena);
    if (!route || (route->media && !fix_format(call, route->media)))
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
        .accept = DH_STR("application/json"), /* whatever a DOI ends in */
        .arena = arena,
    };
    *out = (struct dh_response){.status = 200};
    dh_buf_init(&out->body, DH_RESPONSE_MAX);
    if (dh_params_parse(arena, request.query, &request.params))
        out->status = 500;
    else
        run(api, reader, &request, out);
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
    struct dh_api *api = context;
    uint64_t sequence;
    int64_t now = dh_time_now();
    if (dh_store_sequence(thread, &sequence, NULL))
        return 0;
    dh_age_refresh(&api->age, thread, sequence, now);
    return (sequence << DAY_BITS) + (uint64_t)(now / MS_PER_DAY);
}

static int64_t since(void *context)
{
    struct dh_api *api = context;
    return dh_age_since(&api->age);
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
        .since = since,
    };
}
