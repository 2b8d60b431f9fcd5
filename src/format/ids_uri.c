/* Whether a text is a URI reference (RFC 3986), as libxml2 checks values of type anyURI: spaces
 * and other characters that URIs never hold are let pass. */
#include "format/ids.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool hex(char c)
{
    return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Every character is plain, one of `more`, foreign, or a whole escape. */
static bool made_of(struct dh_str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%') {
            if (i + 2 >= s.len || !hex(s.ptr[i + 1]) || !hex(s.ptr[i + 2]))
                return false;
            i += 2;
            continue;
        }
        bool foreign =
            (unsigned char)c <= ' ' || (unsigned char)c >= 0x7f || strchr("<>\"{}|\\^`", c);
        if (!letter(c) && !digit(c) && !foreign && !strchr("-._~!$&'()*+,;=", c) &&
            !strchr(more, c))
            return false;
    }
    return true;
}

static struct dh_str trimmed(struct dh_str s)
{
    while (s.len && memchr(" \t\r\n", s.ptr[0], 4))
        s = dh_str_from(s, 1);
    while (s.len && memchr(" \t\r\n", s.ptr[s.len - 1], 4))
        s.len--;
    return s;
}

/* A scheme is taken off; without one *s stays. */
static bool take_scheme(struct dh_str *s)
{
    size_t i = 0;
    while (i < s->len &&
           (letter(s->ptr[i]) || (i && (digit(s->ptr[i]) || memchr("+-.", s->ptr[i], 3)))))
        i++;
    if (!i || i == s->len || s->ptr[i] != ':')
        return false;
    *s = dh_str_from(*s, i + 1);
    return true;
}

static bool authority_fits(struct dh_str s)
{
    size_t at = dh_str_find(s, '@');
    if (at < s.len) {
        if (!made_of((struct dh_str){s.ptr, at}, ":"))
            return false;
        s = dh_str_from(s, at + 1);
    }
    struct dh_str port;
    if (s.len && s.ptr[0] == '[') {
        size_t end = dh_str_find(s, ']');
        if (end == s.len || !made_of((struct dh_str){s.ptr + 1, end - 1}, ":"))
            return false;
        port = dh_str_from(s, end + 1);
    } else {
        size_t end = dh_str_find(s, ':');
        port = dh_str_from(s, end);
        s.len = end;
        if (!made_of(s, ""))
            return false;
    }
    if (!port.len)
        return true;
    for (size_t i = 1; i < port.len; i++)
        if (!digit(port.ptr[i]))
            return false;
    return port.ptr[0] == ':' && port.len > 1;
}

bool dh_id_any_uri(struct dh_str text)
{
    struct dh_str rest = trimmed(text);
    bool absolute = take_scheme(&rest);
    size_t mark = dh_str_find(rest, '#');
    if (mark < rest.len && !made_of(dh_str_from(rest, mark + 1), ":@/?[]"))
        return false;
    rest.len = mark;
    mark = dh_str_find(rest, '?');
    if (mark < rest.len && !made_of(dh_str_from(rest, mark + 1), ":@/?"))
        return false;
    rest.len = mark;
    if (dh_str_starts(rest, DH_STR("//"))) {
        struct dh_str authority = dh_str_from(rest, 2);
        authority.len = dh_str_find(authority, '/');
        if (!authority_fits(authority))
            return false;
        rest = dh_str_from(rest, 2 + authority.len);
    }
    struct dh_str first = rest;
    first.len = dh_str_find(first, '/');
    if (!absolute && dh_str_find(first, ':') < first.len)
        return false;
    return made_of(rest, ":@/");
}
