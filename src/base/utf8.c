#include "base/utf8.h"

/* Bytes of the well-formed sequence at p, or 0 (RFC 3629: no overlong forms, surrogates, >
 * U+10FFFF). */
static size_t sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    size_t size = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : 0;
    if (p[0] >= 0xF0 && p[0] <= 0xF4)
        size = 4;
    if (!size || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return size;
}

size_t dh_utf8_check(struct dh_str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t i = 0;
    while (i < s.len) {
        uint64_t word;
        if (s.len - i >= sizeof(word)) {
            memcpy(&word, p + i, sizeof(word));
            if (!(word & 0x8080808080808080u)) {
                i += sizeof(word);
                continue;
            }
        }
        size_t size = sequence(p + i, s.len - i);
        if (!size)
            return i;
        i += size;
    }
    return s.len;
}

struct dh_str dh_utf8_clean(struct dh_arena *arena, struct dh_str s)
{
    if (dh_utf8_check(s) == s.len)
        return s;
    char *out = dh_arena_alloc(arena, s.len + 1);
    if (!out)
        return DH_STR_NONE;
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        size_t size = sequence((const unsigned char *)s.ptr + i, s.len - i);
        if (size)
            memcpy(out + len, s.ptr + i, size);
        len += size;
        i += size ? size : 1;
    }
    return (struct dh_str){out, len};
}

uint32_t dh_utf8_next(struct dh_str s, size_t *size)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    *size = sequence(p, s.len);
    switch (*size) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default:
        *size = 1;
        return 0xFFFD;
    }
}
