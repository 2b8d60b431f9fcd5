/* page[size], page[number], page[cursor] and the cursor's text (base64url of "millis,id"). */
#include "api/call.h"

bool dh_paging_read(struct dh_call *call, struct dh_paging *out)
{
    const struct dh_params *params = call->params;
    struct dh_str size = dh_params_get(params, "page", "size");
    struct dh_str cursor = dh_params_get(params, "page", "cursor");
    if (dh_str_blank(size))
        size = dh_params_get(params, "rows", NULL);
    int64_t number = dh_str_integer(dh_params_get(params, "page", "number"));
    *out = (struct dh_paging){
        .size = dh_str_blank(size) ? DH_PAGE_DEFAULT : dh_str_integer(size),
        .number = number > 0 ? number : 1,
        .cursor = cursor.ptr != NULL,
        .after = DH_TIME_NONE,
    };
    if (out->size > DH_PAGE_MAX)
        out->size = DH_PAGE_MAX;
    if (out->size < 0) {
        dh_reply_rejected(call, "[size] parameter cannot be negative");
        return false;
    }
    if (out->number > INT64_MAX / (DH_PAGE_MAX + 1))
        out->number = INT64_MAX / (DH_PAGE_MAX + 1);
    if (out->cursor && !dh_cursor_read(call->arena, cursor, &out->after, &out->after_id))
        out->after = DH_TIME_NONE;
    return true;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct dh_str dh_cursor_write(struct dh_arena *arena, int64_t millis, struct dh_str id)
{
    struct dh_str plain = dh_arena_format(arena, "%lld,%.*s", (long long)millis, DH_STR_ARG(id));
    char *text = plain.ptr ? dh_arena_alloc(arena, plain.len * 4 / 3 + 4) : NULL;
    if (!text)
        return DH_STR_NONE;
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < plain.len; i++) {
        bits = bits << 8 | (unsigned char)plain.ptr[i];
        for (held += 8; held >= 6; held -= 6)
            text[len++] = alphabet[bits >> (held - 6) & 63];
    }
    if (held)
        text[len++] = alphabet[bits << (6 - held) & 63];
    return (struct dh_str){text, len};
}

/* Value of a base64 letter of either alphabet, or -1. */
static int letter_value(char c)
{
    const char *at = c ? strchr(alphabet, c) : NULL;
    if (at)
        return (int)(at - alphabet);
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static struct dh_str base64_decode(struct dh_arena *arena, struct dh_str text)
{
    char *plain = dh_arena_alloc(arena, text.len + 1);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    while (text.len && text.ptr[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; plain && i < text.len; i++) {
        int value = letter_value(text.ptr[i]);
        if (value < 0)
            return DH_STR_NONE;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        plain[len++] = (char)(bits >> held & 255);
    }
    return (struct dh_str){plain, len};
}

bool dh_cursor_read(struct dh_arena *arena, struct dh_str text, int64_t *millis, struct dh_str *id)
{
    struct dh_str plain = base64_decode(arena, text);
    size_t comma = dh_str_find(plain, ',');
    size_t digits = plain.len && plain.ptr[0] == '-';
    if (comma == plain.len || comma == digits || dh_utf8_check(plain) < plain.len)
        return false;
    for (size_t i = digits; i < comma; i++)
        if (plain.ptr[i] < '0' || plain.ptr[i] > '9')
            return false;
    *millis = dh_str_integer((struct dh_str){plain.ptr, comma});
    *id = dh_str_from(plain, comma + 1);
    return true;
}

static uint64_t page_count(const struct dh_paging *paging, uint64_t total)
{
    uint64_t size = (uint64_t)paging->size;
    return size ? (total + size - 1) / size : 0;
}

void dh_put_paging(struct dh_call *call, const struct dh_paging *paging, uint64_t total)
{
    dh_put_int(call->out, "total", (int64_t)total);
    dh_put_int(call->out, "totalPages", (int64_t)page_count(paging, total));
    if (!paging->cursor)
        dh_put_int(call->out, "page", paging->number);
}
