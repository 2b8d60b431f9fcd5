/* The texts of RDF terms, made such that Turtle and RDF/XML can hold them. */
#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "format/rdf.h"

bool dh_rdf_name(const char *key)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    if (!*key || !strchr(letters, *key))
        return false;
    while (*key && (strchr(letters, *key) || (*key >= '0' && *key <= '9')))
        key++;
    return !*key;
}

/* ---- literals -------------------------------------------------------------------------------- */

static bool xml_holds(uint32_t c)
{
    return c >= ' ' ? c != 0xFFFE && c != 0xFFFF : c == '\t' || c == '\n' || c == '\r';
}

/* Offset of the first character that XML cannot hold, or text.len. */
static size_t find_unfit(struct dh_str text)
{
    size_t at = 0, size;
    for (; at < text.len; at += size)
        if (!xml_holds(dh_utf8_next(dh_str_from(text, at), &size)))
            break;
    return at;
}

struct dh_str dh_rdf_text(struct dh_arena *arena, struct dh_str text)
{
    if (!text.ptr || find_unfit(text) == text.len)
        return text;
    char *out = dh_arena_alloc(arena, text.len + 1);
    size_t length = 0, size;
    for (size_t at = 0; out && at < text.len; at += size) {
        if (!xml_holds(dh_utf8_next(dh_str_from(text, at), &size)))
            continue;
        memcpy(out + length, text.ptr + at, size);
        length += size;
    }
    return (struct dh_str){out, out ? length : 0};
}

static bool all_digits(struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* "6.45E0": 16 digits, zeros at the end gone. */
static struct dh_str canonical_double(struct dh_arena *arena, double value)
{
    char text[48];
    if (isinf(value))
        return value > 0 ? DH_STR("INF") : DH_STR("-INF");
    snprintf(text, sizeof(text), "%.15E", value);
    size_t mark = dh_str_find(dh_str(text), 'E'), end = mark;
    while (text[end - 1] == '0' && text[end - 2] != '.')
        end--;
    int64_t exponent = dh_str_integer(dh_str(text + mark + 1));
    return dh_arena_format(arena, "%.*sE%d", (int)end, text, (int)exponent);
}

struct dh_rdf_term dh_rdf_number(struct dh_arena *arena, struct dh_str text)
{
    double value;
    struct dh_str digits = dh_str_from(text, dh_str_starts(text, DH_STR("-")));
    if (!dh_str_decimal(text, &value))
        return (struct dh_rdf_term){DH_RDF_TEXT, dh_rdf_text(arena, text), 0};
    if (value == 0)
        return (struct dh_rdf_term){DH_RDF_INTEGER, DH_STR("0"), 0};
    if (all_digits(digits) && fabs(value) < 1e21)
        return (struct dh_rdf_term){DH_RDF_INTEGER, text, 0};
    if (fabs(value) < 1e21 && value == trunc(value))
        return (struct dh_rdf_term){DH_RDF_INTEGER, dh_arena_format(arena, "%.0f", value), 0};
    return (struct dh_rdf_term){DH_RDF_DOUBLE, canonical_double(arena, value), 0};
}

/* ---- IRIs ------------------------------------------------------------------------------------ */

/* Length of the scheme, 0 when there is none. */
static size_t scheme_length(struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ':')
            return i;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || strchr("+-.", c))))
            return 0;
    }
    return 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 3987 without the private use areas; "%" is looked at elsewhere. */
static bool iri_holds(uint32_t c)
{
    if (c < 0x80)
        return c > ' ' && c != 0x7F && !strchr("<>\"{}|\\^`", (int)c);
    return c >= 0xA0 && !(c >= 0xE000 && c <= 0xF8FF) && !(c >= 0xFDD0 && c <= 0xFDEF) &&
           c < 0xE0000 && (c & 0xFFFE) != 0xFFFE && c != 0xFFFD;
}

/* Whether a character stands where it may. `path`: behind the host; `hash`: a "#" was seen. */
static bool fits_here(struct dh_str text, size_t at, uint32_t c, bool path, bool hash)
{
    if (c == '%')
        return at + 2 < text.len && is_hex(text.ptr[at + 1]) && is_hex(text.ptr[at + 2]);
    if ((path && (c == '[' || c == ']')) || (hash && c == '#'))
        return false;
    return iri_holds(c);
}

/* Appends the text with what does not fit percent-encoded; the number of those. */
static size_t encode(struct dh_str text, size_t host, char *out, size_t *length)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t encoded = 0, size;
    bool path = false, hash = false;
    *length = 0;
    for (size_t at = 0; at < text.len; at += size) {
        uint32_t c = dh_utf8_next(dh_str_from(text, at), &size);
        bool fits = fits_here(text, at, c, path, hash);
        path = path || (at >= host && (c == '/' || c == '?' || c == '#'));
        hash = hash || c == '#';
        encoded += !fits;
        for (size_t i = 0; i < size; i++) {
            unsigned char byte = (unsigned char)text.ptr[at + i];
            if (!fits) {
                out[(*length)++] = '%';
                out[(*length)++] = hex[byte >> 4];
                out[(*length)++] = hex[byte & 15];
            } else {
                out[(*length)++] = (char)byte;
            }
        }
    }
    return encoded;
}

struct dh_str dh_rdf_iri(struct dh_arena *arena, struct dh_str text)
{
    static const char *const mended[] = {"http", "https", "ftp"};
    text = dh_str_trim(text);
    size_t scheme = scheme_length(text), length;
    bool mend = false;
    for (size_t i = 0; i < sizeof(mended) / sizeof(*mended); i++)
        mend = mend || dh_str_equal_nocase((struct dh_str){text.ptr, scheme}, dh_str(mended[i]));
    struct dh_str rest = dh_str_from(text, scheme + 1);
    bool hierarchical = dh_str_starts(rest, DH_STR("//"));
    struct dh_str host = dh_str_from(rest, 2);
    if (!scheme || !rest.len || (mend && (!hierarchical || !host.len || strchr("/?#", *host.ptr))))
        return DH_STR_NONE;
    char *out = dh_arena_array(arena, text.len, 3);
    if (!out)
        return DH_STR_NONE;
    size_t encoded = encode(text, hierarchical ? scheme + 3 : scheme + 1, out, &length);
    return encoded && !mend ? DH_STR_NONE : (struct dh_str){out, length};
}
