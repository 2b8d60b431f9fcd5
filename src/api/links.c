/*
 * links.self and links.next. next repeats every parameter that was given, so that no filter is lost
 * on page two; parameters that upstream repeats too are written under upstream's spelling.
 */
#include <stdlib.h>

#include "api/facets.h"

/* Parameters whose spelling in upstream's links is fixed: all dashed but for these. */
static const char *const underscored[] = {"funded_by", "include_funder_child_organizations"};

static bool is_underscored(struct dh_str name)
{
    for (size_t i = 0; i < sizeof(underscored) / sizeof(underscored[0]); i++)
        if (dh_str_equal(name, dh_str(underscored[i])))
            return true;
    return false;
}

/* The parameters that dh_put_links writes itself. */
static bool replaced(const struct dh_param *param)
{
    if (!param->key.ptr)
        return dh_str_equal(param->name, DH_STR("rows"));
    return dh_str_equal(param->name, DH_STR("page")) &&
           (dh_str_equal(param->key, DH_STR("size")) ||
            dh_str_equal(param->key, DH_STR("number")) ||
            dh_str_equal(param->key, DH_STR("cursor")));
}

/* True when a later parameter of the same name and key takes this one's place. */
static bool overridden(const struct dh_params *params, size_t i)
{
    const struct dh_param *param = &params->items[i];
    for (size_t j = i + 1; j < params->count; j++) {
        const struct dh_param *later = &params->items[j];
        if (dh_str_equal(param->name, later->name) && dh_str_equal(param->key, later->key) &&
            !param->key.ptr == !later->key.ptr)
            return true;
    }
    return false;
}

static struct dh_str pair(struct dh_arena *arena, struct dh_str name, struct dh_str value)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_URL_MAX * 4);
    dh_url_encode_form(&text, name);
    dh_buf_char(&text, '=');
    dh_url_encode_form(&text, value);
    struct dh_str copy = text.status ? DH_STR_NONE : dh_arena_copy(arena, dh_buf_view(&text));
    dh_buf_release(&text);
    return copy;
}

/* "client_id" as "client-id"; a bracketed name as it came. */
static struct dh_str spelling(struct dh_arena *arena, const struct dh_param *param)
{
    if (param->key.ptr)
        return param->raw;
    if (is_underscored(param->name))
        return param->name;
    struct dh_str copy = dh_arena_copy(arena, param->raw);
    char *text = (char *)copy.ptr;
    for (size_t i = 0; i < copy.len; i++)
        if (text[i] == '_')
            text[i] = '-';
    return copy;
}

/* What was given, but a switch as it was understood. */
static struct dh_str meaning(const struct dh_param *param)
{
    if (param->key.ptr || !dh_str_equal(param->name, DH_STR("disable_facets")) ||
        dh_str_blank(param->value))
        return param->value;
    return dh_facets_disabled(param->value) ? DH_STR("true") : DH_STR("false");
}

static int compare_pairs(const void *a, const void *b)
{
    return dh_str_compare(*(const struct dh_str *)a, *(const struct dh_str *)b);
}

static void put_next(struct dh_call *call, const char *path, const struct dh_paging *paging,
                     struct dh_str last_cursor)
{
    const struct dh_params *params = call->params;
    struct dh_arena *arena = call->arena;
    size_t count = 0;
    struct dh_str *pairs = dh_arena_array(arena, params->count + 2, sizeof(*pairs));
    if (!pairs) {
        call->out->status = DH_MEMORY;
        return;
    }
    for (size_t i = 0; i < params->count; i++)
        if (!replaced(&params->items[i]) && !overridden(params, i))
            pairs[count++] =
                pair(arena, spelling(arena, &params->items[i]), meaning(&params->items[i]));
    if (paging->cursor)
        pairs[count++] = pair(arena, DH_STR("page[cursor]"), last_cursor);
    else
        pairs[count++] = pair(arena, DH_STR("page[number]"),
                              dh_arena_format(arena, "%lld", (long long)paging->number + 1));
    pairs[count++] =
        pair(arena, DH_STR("page[size]"), dh_arena_format(arena, "%lld", (long long)paging->size));
    qsort(pairs, count, sizeof(*pairs), compare_pairs);

    dh_key(call->out, "next");
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX * 8);
    dh_buf_str(&url, call->request->base);
    dh_buf_text(&url, path);
    for (size_t i = 0; i < count; i++) {
        dh_buf_char(&url, i ? '&' : '?');
        dh_buf_str(&url, pairs[i]);
    }
    dh_json_string(call->out, dh_buf_view(&url), DH_JSON_HTML);
    if (url.status)
        call->out->status = url.status;
    dh_buf_release(&url);
}

static bool has_next(const struct dh_paging *paging, uint64_t total, size_t hits)
{
    uint64_t size = (uint64_t)paging->size;
    if (size == 0 || hits < size)
        return false;
    uint64_t pages = (total + size - 1) / size;
    /* In cursor mode upstream only knows that it is still on "page 1": a full last page has a next.
     */
    return (uint64_t)(paging->cursor ? 1 : paging->number) != pages;
}

void dh_put_links(struct dh_call *call, const char *path, const struct dh_paging *paging,
                  uint64_t total, size_t hits, struct dh_str last_cursor)
{
    struct dh_arena *arena = call->arena;
    struct dh_str self = dh_arena_format(arena, "%.*s%.*s", DH_STR_ARG(call->request->base),
                                         DH_STR_ARG(call->request->target));
    dh_key(call->out, "links");
    dh_buf_char(call->out, '{');
    dh_put_str(call->out, "self", dh_utf8_clean(arena, self));
    if (has_next(paging, total, hits))
        put_next(call, path, paging, last_cursor);
    dh_buf_char(call->out, '}');
}
