#include "base/str.h"

#include <stdlib.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char *dh_str_dup(struct dh_str s)
{
    char *copy = malloc(s.len + 1);
    if (!copy)
        return NULL;
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

bool dh_str_equal_nocase(struct dh_str a, struct dh_str b)
{
    return a.len == b.len && dh_str_starts_nocase(a, b);
}

int dh_str_compare(struct dh_str a, struct dh_str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool dh_str_starts(struct dh_str s, struct dh_str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool dh_str_starts_nocase(struct dh_str s, struct dh_str prefix)
{
    if (s.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (lower(s.ptr[i]) != lower(prefix.ptr[i]))
            return false;
    return true;
}

bool dh_str_ends(struct dh_str s, struct dh_str suffix)
{
    return s.len >= suffix.len && dh_str_equal(dh_str_from(s, s.len - suffix.len), suffix);
}

struct dh_str dh_str_from(struct dh_str s, size_t from)
{
    if (from >= s.len)
        return (struct dh_str){s.ptr ? s.ptr + s.len : NULL, 0};
    return (struct dh_str){s.ptr + from, s.len - from};
}

struct dh_str dh_str_trim(struct dh_str s)
{
    while (s.len && space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool dh_str_take(struct dh_str *s, char c)
{
    if (!s->len || s->ptr[0] != c)
        return false;
    *s = dh_str_from(*s, 1);
    return true;
}

bool dh_str_take_digits(struct dh_str *s, size_t count, unsigned *out)
{
    if (s->len < count)
        return false;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(s->ptr[i] - '0');
    }
    *s = dh_str_from(*s, count);
    return true;
}

bool dh_str_decimal(struct dh_str text, double *out)
{
    char copy[DH_DECIMAL_MAX + 1], *end;
    if (!text.len || text.len > DH_DECIMAL_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E')
            return false;
        copy[i] = c;
    }
    copy[text.len] = '\0';
    *out = strtod(copy, &end);
    return *end == '\0';
}

bool dh_str_blank(struct dh_str s)
{
    return dh_str_trim(s).len == 0;
}

size_t dh_str_find(struct dh_str s, char c)
{
    const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

bool dh_str_split(struct dh_str *rest, char separator, struct dh_str *part)
{
    if (!rest->ptr)
        return false;
    size_t at = dh_str_find(*rest, separator);
    *part = (struct dh_str){rest->ptr, at};
    if (at == rest->len)
        *rest = DH_STR_NONE;
    else
        *rest = (struct dh_str){rest->ptr + at + 1, rest->len - at - 1};
    return true;
}

int64_t dh_str_integer(struct dh_str s)
{
    s = dh_str_trim(s);
    bool negative = s.len && s.ptr[0] == '-';
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    int64_t value = 0;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) {
        int digit = s.ptr[i] - '0';
        if (value > (INT64_MAX - digit) / 10)
            return negative ? -INT64_MAX : INT64_MAX;
        value = value * 10 + digit;
    }
    return negative ? -value : value;
}
