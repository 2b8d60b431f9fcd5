/* Resources out of the API's answers: the same bytes that a client of the server gets. */
#include "base/limits.h"
#include "lib/lib.h"

static const struct dh_str base = {"http://doihound", 15};

enum dh_status dh_pages_init(struct dh_pages *pages, struct dh *dh, struct dh_err *err)
{
    *pages = (struct dh_pages){.dh = dh};
    dh_arena_init(&pages->arena, DH_ARENA_MAX);
    dh_buf_init(&pages->target, DH_RESPONSE_MAX);
    dh_buf_init(&pages->answer.body, DH_RESPONSE_MAX);
    return dh_lib_borrow(dh, &pages->reader, err);
}

void dh_pages_release(struct dh_pages *pages)
{
    dh_cutter_free(pages->cutter);
    dh_buf_release(&pages->answer.body);
    dh_buf_release(&pages->target);
    dh_arena_release(&pages->arena);
    if (pages->reader)
        dh_lib_return(pages->dh, pages->reader);
}

/* The cutter's source: the answer's body. */
static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct dh_pages *pages = context;
    (void)err;
    *len = pages->unread.len < cap ? pages->unread.len : cap;
    if (*len)
        memcpy(to, pages->unread.ptr, *len);
    pages->unread = dh_str_from(pages->unread, *len);
    return DH_OK;
}

/* The sentence of an error document, of either shape. */
static enum dh_status refuse(const struct dh_pages *pages, struct dh_err *err)
{
    static const struct {
        int http;
        enum dh_status status;
    } codes[] = {{400, DH_INVALID}, {404, DH_NOT_FOUND}, {422, DH_INVALID}, {503, DH_BUSY}};
    enum dh_status status = DH_IO;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i].http == pages->answer.status)
            status = codes[i].status;
    struct json_object *json = NULL;
    dh_json_parse(dh_buf_view(&pages->answer.body), &json, NULL);
    struct json_object *errors = dh_json_get(json, "errors");
    if (json_object_is_type(errors, json_type_array))
        errors = json_object_array_get_idx(errors, 0);
    struct dh_str title = dh_json_member(errors, "title");
    dh_fail(err, status, "%.*s", (int)(title.len < 200 ? title.len : 200),
            title.ptr ? title.ptr : "no answer");
    json_object_put(json);
    return status;
}

/* The last `key` of the body. Inside strings the quotes of a key would be escaped. */
static struct dh_str find_last(struct dh_str body, struct dh_str key)
{
    for (size_t at = body.len < key.len ? 0 : body.len - key.len + 1; at-- > 0;)
        if (memcmp(body.ptr + at, key.ptr, key.len) == 0)
            return dh_str_from(body, at + key.len);
    return DH_STR_NONE;
}

/* Reads meta.total and links.next, which stand behind the data, without parsing the data. */
static enum dh_status read_tail(struct dh_pages *pages, struct dh_err *err)
{
    struct dh_str body = dh_buf_view(&pages->answer.body);
    struct dh_str meta = find_last(body, DH_STR("\"meta\":{\"total\":"));
    struct dh_str links = find_last(body, DH_STR("\"links\":"));
    pages->total = meta.ptr ? (uint64_t)dh_str_integer(meta) : 0;
    struct dh_buf asked = pages->target;
    dh_buf_init(&pages->target, asked.max);
    struct json_object *json = NULL;
    if (links.len)
        dh_json_parse((struct dh_str){links.ptr, links.len - 1}, &json, NULL);
    struct dh_str next = dh_json_member(json, "next");
    if (dh_str_starts(next, base))
        dh_buf_str(&pages->target, dh_str_from(next, base.len));
    enum dh_status status = pages->target.status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
    if (dh_str_equal(dh_buf_view(&pages->target), dh_buf_view(&asked)))
        dh_buf_clear(&pages->target); /* a page that is its own successor is the last */
    dh_buf_release(&asked);
    json_object_put(json);
    return status;
}

enum dh_status dh_pages_fetch(struct dh_pages *pages, struct dh_err *err)
{
    dh_cutter_free(pages->cutter);
    pages->cutter = NULL;
    dh_buf_release(&pages->answer.body);
    dh_api_get(pages->dh->api, pages->reader, dh_buf_view(&pages->target), base, &pages->arena,
               &pages->answer);
    dh_arena_clear(&pages->arena);
    if (pages->answer.status != 200)
        return refuse(pages, err);
    pages->unread = dh_buf_view(&pages->answer.body);
    enum dh_status status = read_tail(pages, err);
    return status ? status : dh_cutter_new(give, pages, DH_RECORD_MAX, &pages->cutter, err);
}

enum dh_status dh_pages_next(struct dh_pages *pages, struct dh_str *out, struct dh_err *err)
{
    for (;;) {
        enum dh_status status = DH_DONE;
        struct dh_cut cut;
        if (pages->cutter)
            status = dh_cutter_next(pages->cutter, &cut, err);
        if (!status && cut.fault)
            return dh_fail(err, DH_CORRUPT, "%s", cut.fault);
        if (!status && !cut.included) {
            *out = cut.text;
            return DH_OK;
        }
        if (status == DH_DONE && pages->target.len)
            status = dh_pages_fetch(pages, err);
        if (status)
            return status;
    }
}
