/* Pieces of JSON:API documents: members, links, relationships, buckets, and errors. */
#include "api/call.h"

const char dh_type_json[] = "application/json; charset=utf-8";
const char dh_type_text[] = "text/plain; charset=utf-8";

void dh_key(struct dh_buf *out, const char *name)
{
    char last = out->len ? out->ptr[out->len - 1] : '{';
    if (last != '{' && last != '[')
        dh_buf_char(out, ',');
    dh_json_string(out, dh_str(name), DH_JSON_PLAIN);
    dh_buf_char(out, ':');
}

void dh_put_str(struct dh_buf *out, const char *name, struct dh_str value)
{
    dh_key(out, name);
    dh_json_string_or_null(out, value, DH_JSON_HTML);
}

void dh_put_text(struct dh_buf *out, const char *name, const char *value)
{
    dh_put_str(out, name, dh_str(value));
}

void dh_put_int(struct dh_buf *out, const char *name, int64_t value)
{
    dh_key(out, name);
    dh_buf_int(out, value);
}

void dh_put_bool(struct dh_buf *out, const char *name, bool value)
{
    dh_key(out, name);
    dh_buf_text(out, value ? "true" : "false");
}

void dh_put_time(struct dh_buf *out, const char *name, int64_t time, bool millis)
{
    char text[DH_TIME_TEXT_MAX];
    dh_key(out, name);
    if (time == DH_TIME_NONE) {
        dh_buf_text(out, "null");
        return;
    }
    size_t len = dh_time_format(time, millis, text);
    dh_buf_char(out, '"');
    dh_buf_add(out, text, len);
    dh_buf_char(out, '"');
}

void dh_put_json(struct dh_buf *out, const char *name, struct json_object *value)
{
    dh_key(out, name);
    dh_json_write(out, value, DH_JSON_HTML);
}

void dh_put_link(struct dh_buf *out, struct dh_str id, const char *type)
{
    dh_buf_char(out, '{');
    dh_put_str(out, "id", id);
    dh_put_text(out, "type", type);
    dh_buf_char(out, '}');
}

void dh_put_to_one(struct dh_buf *out, const char *name, struct dh_str id, const char *type)
{
    dh_key(out, name);
    dh_buf_text(out, "{\"data\":");
    if (id.ptr)
        dh_put_link(out, id, type);
    else
        dh_buf_text(out, "null");
    dh_buf_char(out, '}');
}

void dh_put_to_many(struct dh_buf *out, const char *name, const struct dh_str *ids, size_t count,
                    const char *type)
{
    dh_key(out, name);
    dh_buf_text(out, "{\"data\":[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_put_link(out, ids[i], type);
    }
    dh_buf_text(out, "]}");
}

void dh_put_buckets(struct dh_buf *out, const char *name, const struct dh_shown_bucket *buckets,
                    size_t count)
{
    dh_key(out, name);
    dh_buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        dh_buf_text(out, i ? ",{" : "{");
        dh_put_str(out, "id", buckets[i].id);
        dh_put_str(out, "title", buckets[i].title);
        dh_put_int(out, "count", buckets[i].count);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

void dh_reply_error(struct dh_call *call, int status, const char *title)
{
    call->raised = true;
    call->response->status = status;
    call->response->type = dh_type_json;
    call->response->no_etag = true;
    dh_buf_clear(call->out);
    dh_buf_text(call->out, "{\"errors\":[{\"status\":\"");
    dh_buf_int(call->out, status);
    dh_buf_text(call->out, "\",\"title\":");
    dh_json_string(call->out, dh_str(title), DH_JSON_HTML);
    dh_buf_text(call->out, "}]}");
}

void dh_reply_rejected(struct dh_call *call, const char *reason)
{
    call->response->status = 400;
    call->response->type = dh_type_json;
    dh_buf_clear(call->out);
    dh_buf_text(call->out, "{\"errors\":{\"title\":");
    dh_json_string(call->out, dh_str(reason), DH_JSON_HTML);
    dh_buf_text(call->out, "}}");
}

void dh_reply_missing(struct dh_call *call)
{
    dh_reply_error(call, 404, "The resource you are looking for doesn't exist.");
}

void dh_reply_status(struct dh_call *call, enum dh_status status)
{
    static const struct {
        enum dh_status status;
        int http;
    } table[] = {
        {DH_NOT_FOUND, 404}, {DH_INVALID, 400}, {DH_UNSUPPORTED, 501},
        {DH_BUSY, 503},      {DH_LIMIT, 503},
    };
    if (status == DH_NOT_FOUND) {
        dh_reply_missing(call);
        return;
    }
    int http = 500;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].status == status)
            http = table[i].http;
    struct dh_str title = dh_arena_copy(call->arena, dh_str(call->err.text));
    dh_reply_error(call, http, title.len ? title.ptr : dh_status_text(status));
}
