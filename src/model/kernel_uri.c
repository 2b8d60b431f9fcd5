/*
 * xs:anyURI as libxml2 checks it: a URI reference of RFC 3986, in which characters that no URI may
 * hold (blanks, letters beyond ASCII, brackets of other kinds) count as ordinary ones.
 */
#include "model/kernel.h"

struct uri {
    const char *at, *end;
};

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

/* Unreserved, a sub-delimiter, or one that has no place in a URI and is let through. */
static bool plain(char c)
{
    return letter(c) || digit(c) || (c && strchr("-._~!$&'()*+,;=<>\"{}|\\^`", c)) || c < '!' ||
           c > '~';
}

/* Takes one character that is plain, escaped, or one of `more`. */
static bool take(struct uri *uri, const char *more)
{
    if (uri->at == uri->end)
        return false;
    char c = *uri->at;
    if (c == '%') {
        if (uri->end - uri->at < 3 || !hex(uri->at[1]) || !hex(uri->at[2]))
            return false;
        uri->at += 3;
        return true;
    }
    if (!plain(c) && !strchr(more, c))
        return false;
    uri->at++;
    return true;
}

static bool next_is(const struct uri *uri, char c)
{
    return uri->at < uri->end && *uri->at == c;
}

static void take_all(struct uri *uri, const char *more)
{
    while (take(uri, more))
        ;
}

static bool take_host(struct uri *uri)
{
    if (next_is(uri, '[')) {
        const char *end = memchr(uri->at, ']', (size_t)(uri->end - uri->at));
        if (end)
            uri->at = end + 1;
        return end != NULL;
    }
    take_all(uri, "");
    return true;
}

static bool take_authority(struct uri *uri)
{
    struct uri user = *uri;
    take_all(&user, ":");
    if (next_is(&user, '@'))
        uri->at = user.at + 1;
    if (!take_host(uri))
        return false;
    if (!next_is(uri, ':'))
        return true;
    uri->at++;
    if (uri->at == uri->end || !digit(*uri->at))
        return false;
    while (uri->at < uri->end && digit(*uri->at))
        uri->at++;
    return true;
}

/* Everything behind the scheme; `first` is what the first segment may hold besides. */
static bool take_rest(struct uri *uri, const char *first)
{
    if (uri->end - uri->at >= 2 && uri->at[0] == '/' && uri->at[1] == '/') {
        uri->at += 2;
        if (!take_authority(uri))
            return false;
        if (uri->at < uri->end && !strchr("/?#", *uri->at))
            return false;
    } else {
        take_all(uri, first);
    }
    if (next_is(uri, '/'))
        take_all(uri, ":@/");
    if (next_is(uri, '?')) {
        uri->at++;
        take_all(uri, ":@/?");
    }
    if (next_is(uri, '#')) {
        uri->at++;
        take_all(uri, ":@/?[]");
    }
    return uri->at == uri->end;
}

bool dh_kernel_uri(struct dh_str text)
{
    struct dh_str trimmed = dh_str_trim(text);
    if (!trimmed.len)
        return true;
    struct uri uri = {trimmed.ptr, trimmed.ptr + trimmed.len}, relative = uri;
    if (letter(*uri.at)) {
        while (uri.at < uri.end &&
               (letter(*uri.at) || digit(*uri.at) || (*uri.at && strchr("+-.", *uri.at))))
            uri.at++;
        if (next_is(&uri, ':')) {
            uri.at++;
            if (take_rest(&uri, ":@"))
                return true;
        }
    }
    return take_rest(&relative, "@");
}
