/* Backslashes in the texts of a query. */
#include <unistr.h>

#include "query/lower.h"

/* Four hexadecimal digits behind \u; -1 when one of them is none. */
static int hex4(struct dh_str digits)
{
    int value = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = digits.ptr[i];
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            value = value * 16 + ((c | 32) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static bool surrogate(int unit, int first)
{
    return unit >= first && unit < first + 0x400;
}

/* Reads the unit of a \uXXXX whose digits begin at `at`. */
static int unit_at(struct dh_str text, size_t at, const char **trouble)
{
    if (text.len - at < 4) {
        *trouble = "\\u needs four hexadecimal digits";
        return -1;
    }
    int unit = hex4(dh_str_from(text, at));
    if (unit < 0)
        *trouble = "\\u needs four hexadecimal digits";
    return unit;
}

/* Writes what the \uXXXX with its digits at *at means and goes behind it; a pair is one character,
 * half a pair U+FFFD. Returns the bytes written, 0 on trouble. */
static size_t unicode(struct dh_str text, size_t *at, char *out, const char **trouble)
{
    int unit = unit_at(text, *at, trouble);
    if (unit < 0)
        return 0;
    *at += 4;
    ucs4_t c = (ucs4_t)unit;
    if (surrogate(unit, 0xd800) && dh_str_starts(dh_str_from(text, *at), DH_STR("\\u"))) {
        int low = unit_at(text, *at + 2, trouble);
        if (low < 0)
            return 0;
        if (surrogate(low, 0xdc00)) {
            c = 0x10000 + (((ucs4_t)unit - 0xd800) << 10) + ((ucs4_t)low - 0xdc00);
            *at += 6;
        }
    }
    if (c >= 0xd800 && c < 0xe000)
        c = 0xfffd;
    return (size_t)u8_uctomb((uint8_t *)out, c, 4);
}

struct dh_str dh_query_unescape(struct dh_arena *arena, struct dh_str text, const char **trouble)
{
    size_t len = dh_str_find(text, '\\');
    *trouble = NULL;
    if (len == text.len)
        return text.ptr ? text : DH_STR("");
    char *out = dh_arena_alloc(arena, text.len);
    if (!out)
        return DH_STR_NONE;
    memcpy(out, text.ptr, len);
    for (size_t at = len; at < text.len;) {
        bool escaped = text.ptr[at] == '\\';
        at += escaped;
        if (at == text.len) {
            *trouble = "a backslash needs a character behind it";
            return DH_STR_NONE;
        }
        if (!escaped || text.ptr[at] != 'u') {
            out[len++] = text.ptr[at++];
            continue;
        }
        at++;
        size_t size = unicode(text, &at, out + len, trouble);
        if (!size)
            return DH_STR_NONE;
        len += size;
    }
    return (struct dh_str){out, len};
}
