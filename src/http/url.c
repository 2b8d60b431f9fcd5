#include "http/url.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* True when a well-formed escape starts at `i`. */
static bool escaped(struct dh_str text, size_t i)
{
    return text.ptr[i] == '%' && text.len - i > 2 && hex(text.ptr[i + 1]) >= 0 &&
           hex(text.ptr[i + 2]) >= 0;
}

struct dh_str dh_url_decode(struct dh_arena *arena, struct dh_str text, bool form)
{
    size_t i = dh_str_find(text, '%');
    size_t plus = form ? dh_str_find(text, '+') : text.len;
    if (i == text.len && plus == text.len)
        return text;
    char *out = dh_arena_alloc(arena, text.len + 1);
    if (!out)
        return DH_STR_NONE;
    size_t len = 0;
    for (i = 0; i < text.len; i++) {
        if (escaped(text, i)) {
            out[len++] = (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2]));
            i += 2;
        } else {
            out[len++] = form && text.ptr[i] == '+' ? ' ' : text.ptr[i];
        }
    }
    return (struct dh_str){out, len};
}

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '~';
}

static void encode_byte(struct dh_buf *out, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned byte = (unsigned char)c;
    char text[3] = {'%', digits[byte >> 4], digits[byte & 15]};
    dh_buf_add(out, text, sizeof(text));
}

void dh_url_encode_form(struct dh_buf *out, struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (unreserved(c))
            dh_buf_char(out, c);
        else if (c == ' ')
            dh_buf_char(out, '+');
        else
            encode_byte(out, c);
    }
}

void dh_url_encode_path(struct dh_buf *out, struct dh_str text, bool keep_slash)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (unreserved(c) || (keep_slash && c == '/'))
            dh_buf_char(out, c);
        else
            encode_byte(out, c);
    }
}

/*
 * Splits a decoded name at its bracket. Only "name[key]" is one: "page[size", "[size]" and "a[b]c"
 * stay plain names, which nobody asks for, so they are ignored as unknown names are.
 */
static void split_bracket(struct dh_param *param)
{
    struct dh_str raw = param->raw;
    size_t open = dh_str_find(raw, '[');
    param->name = raw;
    if (open == 0 || open == raw.len || raw.ptr[raw.len - 1] != ']')
        return;
    param->name.len = open;
    param->key = (struct dh_str){raw.ptr + open + 1, raw.len - open - 2};
}

static bool underscored(struct dh_arena *arena, struct dh_str *name)
{
    if (dh_str_find(*name, '-') == name->len)
        return true;
    struct dh_str copy = dh_arena_copy(arena, *name);
    if (!copy.ptr)
        return false;
    char *text = (char *)copy.ptr;
    for (size_t i = 0; i < copy.len; i++)
        if (text[i] == '-')
            text[i] = '_';
    *name = copy;
    return true;
}

/* Decoded and cleaned; never with ptr NULL unless memory ran out. */
static struct dh_str decoded(struct dh_arena *arena, struct dh_str text)
{
    if (!text.len)
        return DH_STR("");
    struct dh_str plain = dh_url_decode(arena, text, true);
    return plain.ptr ? dh_utf8_clean(arena, plain) : plain;
}

static bool parse_param(struct dh_arena *arena, struct dh_str part, struct dh_param *out)
{
    size_t equals = dh_str_find(part, '=');
    *out = (struct dh_param){
        .raw = decoded(arena, (struct dh_str){part.ptr, equals}),
        .value = decoded(arena, dh_str_from(part, equals + 1)),
    };
    if (!out->raw.ptr || !out->value.ptr)
        return false;
    split_bracket(out);
    return underscored(arena, &out->name);
}

static size_t count_parts(struct dh_str query)
{
    size_t count = query.len ? 1 : 0;
    for (size_t i = 0; i < query.len && count < DH_PARAMS_MAX; i++)
        count += query.ptr[i] == '&';
    return count;
}

enum dh_status dh_params_parse(struct dh_arena *arena, struct dh_str query, struct dh_params *out)
{
    *out = (struct dh_params){0};
    size_t max = count_parts(query);
    if (!max)
        return DH_OK;
    out->items = dh_arena_array(arena, max, sizeof(*out->items));
    if (!out->items)
        return DH_MEMORY;
    struct dh_str part;
    while (out->count < max && dh_str_split(&query, '&', &part)) {
        if (!part.len)
            continue;
        if (!parse_param(arena, part, &out->items[out->count]))
            return DH_MEMORY;
        out->count++;
    }
    return DH_OK;
}

/* Names are stored with underscores; the one asked for may come with dashes. */
static bool name_is(struct dh_str name, const char *asked)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != (asked[i] == '-' ? '_' : asked[i]) || !asked[i])
            return false;
    return !asked[name.len];
}

static bool key_is(struct dh_str key, const char *asked)
{
    if (!asked || !key.ptr)
        return !asked && !key.ptr;
    return dh_str_equal(key, dh_str(asked));
}

static const struct dh_param *find_last(const struct dh_params *params, const char *name,
                                        const char *key)
{
    for (size_t i = params->count; i-- > 0;)
        if (name_is(params->items[i].name, name) && key_is(params->items[i].key, key))
            return &params->items[i];
    return NULL;
}

struct dh_str dh_params_get(const struct dh_params *params, const char *name, const char *key)
{
    const struct dh_param *param = find_last(params, name, key);
    return param ? param->value : DH_STR_NONE;
}

bool dh_params_has(const struct dh_params *params, const char *name, const char *key)
{
    return find_last(params, name, key) != NULL;
}

bool dh_params_present(const struct dh_params *params, const char *name)
{
    return !dh_str_blank(dh_params_get(params, name, NULL));
}
