/*
 * Rule T: titles of facet buckets as Rails' String#titleize makes them, in its three steps:
 * underscore (only where there is something to do), humanize, capitalise words.
 */
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>

#include "api/call.h"

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool needs_underscore(struct dh_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (upper(s.ptr[i]) || s.ptr[i] == '-' ||
            (s.ptr[i] == ':' && i + 1 < s.len && s.ptr[i + 1] == ':'))
            return true;
    return false;
}

/* RatSWD -> Rat_SWD, SWDRat -> SWD_Rat, a::b -> a/b, a-b -> a_b. Case is dropped later. */
static void underscore(struct dh_buf *out, struct dh_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i], before = i ? s.ptr[i - 1] : '\0';
        char after = i + 1 < s.len ? s.ptr[i + 1] : '\0';
        if (c == ':' && after == ':') {
            dh_buf_char(out, '/');
            i++;
            continue;
        }
        if (upper(c) && (lower(before) || digit(before) || (upper(before) && lower(after))))
            dh_buf_char(out, '_');
        dh_buf_char(out, c == '-' ? '_' : c);
    }
}

static bool word_at(struct dh_str s)
{
    size_t size;
    if (!s.len)
        return false;
    uint32_t c = dh_utf8_next(s, &size);
    return c == '_' || uc_is_property_alphabetic(c) || (c < 0x80 && digit((char)c));
}

/* The start of the code point that ends just before offset `at` (> 0). */
static size_t previous(struct dh_str s, size_t at)
{
    at--;
    while (at && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* (?<!\w['’`()]): no capital behind a word character and one of these marks. */
static bool behind_mark(struct dh_str s, size_t at)
{
    if (!at)
        return false;
    size_t mark = previous(s, at), size;
    uint32_t c = dh_utf8_next(dh_str_from(s, mark), &size);
    bool is_mark = c == '\'' || c == 0x2019 || c == '`' || c == '(' || c == ')';
    return is_mark && mark && word_at(dh_str_from(s, previous(s, mark)));
}

static void capitalise_words(char *text, size_t len)
{
    struct dh_str s = {text, len};
    for (size_t i = 0; i < len; i++) {
        bool inside = i && word_at(dh_str_from(s, previous(s, i)));
        if (lower(text[i]) && !inside && !behind_mark(s, i))
            text[i] = (char)(text[i] - 32);
    }
}

/* Copies with a case mapping of libunistring (which allocates). */
static struct dh_str mapped(struct dh_arena *arena, struct dh_str s,
                            uint8_t *(*map)(const uint8_t *, size_t, const char *, uninorm_t,
                                            uint8_t *, size_t *))
{
    size_t len = 0;
    uint8_t *text = s.len ? map((const uint8_t *)s.ptr, s.len, NULL, NULL, NULL, &len) : NULL;
    struct dh_str copy = text ? dh_arena_copy(arena, (struct dh_str){(char *)text, len}) : s;
    free(text);
    return copy;
}

static struct dh_str humanise(struct dh_arena *arena, struct dh_str s)
{
    while (s.len && (s.ptr[0] == '_' || s.ptr[0] == ' '))
        s = dh_str_from(s, 1);
    if (dh_str_ends(s, DH_STR("_id")))
        s.len -= 3;
    struct dh_str text = mapped(arena, s, u8_tolower);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '_')
            ((char *)text.ptr)[i] = ' ';
    return text;
}

static struct dh_str capital_first(struct dh_arena *arena, struct dh_str s)
{
    size_t size;
    if (!s.len)
        return s;
    dh_utf8_next(s, &size);
    struct dh_str first = mapped(arena, (struct dh_str){s.ptr, size}, u8_toupper);
    struct dh_buf whole;
    dh_buf_init(&whole, DH_RECORD_MAX);
    dh_buf_str(&whole, first);
    dh_buf_str(&whole, dh_str_from(s, size));
    struct dh_str title = dh_arena_copy(arena, dh_buf_view(&whole));
    dh_buf_release(&whole);
    return title;
}

struct dh_str dh_titleize(struct dh_arena *arena, struct dh_str key)
{
    struct dh_buf words;
    dh_buf_init(&words, DH_RECORD_MAX);
    if (needs_underscore(key))
        underscore(&words, key);
    else
        dh_buf_str(&words, key);
    struct dh_str plain = dh_arena_copy(arena, dh_buf_view(&words));
    dh_buf_release(&words);
    struct dh_str title = capital_first(arena, humanise(arena, plain));
    if (title.len)
        capitalise_words((char *)title.ptr, title.len);
    return title;
}
