/*
 * Query strings, percent encoding and weighted lists from any bytes: what is encoded decodes to
 * itself, what is parsed can be asked for, lists come out in order.
 */
#include <stdlib.h>

#include "http/negotiation.h"
#include "http/url.h"

enum { LIST_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void round_trip(struct dh_arena *arena, struct dh_str text)
{
    struct dh_buf out;
    dh_buf_init(&out, SIZE_MAX);
    dh_url_encode_form(&out, text);
    require(dh_str_equal(dh_url_decode(arena, dh_buf_view(&out), true), text));
    for (int keep_slash = 0; keep_slash < 2; keep_slash++) {
        dh_buf_clear(&out);
        dh_url_encode_path(&out, text, keep_slash);
        require(dh_str_equal(dh_url_decode(arena, dh_buf_view(&out), false), text));
    }
    dh_buf_release(&out);
    require(dh_url_decode(arena, text, false).len <= text.len);
}

/* A name as a terminated string; NULL when it holds a NUL byte and so cannot be asked for. */
static const char *terminated(struct dh_arena *arena, struct dh_str name)
{
    if (dh_str_find(name, 0) < name.len)
        return NULL;
    return dh_arena_copy(arena, name).ptr;
}

static void parse_query(struct dh_arena *arena, struct dh_str text)
{
    struct dh_params params;
    require(dh_params_parse(arena, text, &params) == DH_OK);
    require(params.count <= DH_PARAMS_MAX);
    for (size_t i = 0; i < params.count; i++) {
        const struct dh_param *p = &params.items[i];
        require(p->name.ptr && p->value.ptr && p->raw.ptr);
        require(dh_utf8_check(p->raw) == p->raw.len && dh_utf8_check(p->value) == p->value.len);
        require(dh_str_find(p->name, '-') == p->name.len);
        const char *name = terminated(arena, p->name);
        const char *key = p->key.ptr ? terminated(arena, p->key) : NULL;
        if (name && (key || !p->key.ptr))
            require(dh_params_get(&params, name, key).ptr != NULL);
    }
}

static void parse_list(struct dh_str text)
{
    struct dh_weighted items[LIST_MAX];
    size_t count = dh_weighted_parse(text, items, LIST_MAX);
    require(count <= LIST_MAX);
    for (size_t i = 0; i < count; i++) {
        require(items[i].value.len > 0 && items[i].q >= 0 && items[i].q <= 1);
        if (i)
            require(items[i - 1].q > items[i].q ||
                    (items[i - 1].q == items[i].q && items[i - 1].position < items[i].position));
    }
    require(!dh_accepts_gzip(text) || !dh_refuses_all_encodings(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    round_trip(&arena, text);
    parse_query(&arena, text);
    parse_list(text);
    dh_arena_release(&arena);
    return 0;
}
