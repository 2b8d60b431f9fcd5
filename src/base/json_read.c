/*
 * The plain case of reading JSON, in one pass. Whatever is wrong, or rare enough to be left to
 * json-c's own reader, makes it give up: then that one reads the text and tells what is the matter.
 * What it does read becomes the same tree.
 */
#include <stdlib.h>

#include "base/json_parts.h"
#include "base/limits.h"

enum {
    DEPTH = DH_JSON_DEPTH_MAX / 2, /* deeper is rare */
    DIGITS = 18,                   /* surely within 64 bits */
    FEW = 4                        /* elements that most arrays have at most */
};

struct reader {
    const char *at, *end;
    struct dh_buf text; /* of a key, or of a string with escapes */
};

static bool read_value(struct reader *in, unsigned depth, struct json_object **out);

static void skip_space(struct reader *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t'))
        in->at++;
}

/* Passes white space and this character. */
static bool take(struct reader *in, char c)
{
    skip_space(in);
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

/* ---- strings ---------------------------------------------------------------------------------- */

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Not 0 when one of the eight bytes is a quote, a backslash or a control character. */
static uint64_t stops(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE * '"', slash = word ^ EACH_BYTE * '\\';
    return (((quote - EACH_BYTE) & ~quote) | ((slash - EACH_BYTE) & ~slash) |
            ((word - EACH_BYTE * 0x20) & ~word)) &
           HIGH_BITS;
}

/* Goes to the next quote, backslash or control character; false at the end. */
static bool skip_plain(struct reader *in)
{
    uint64_t word;
    for (; in->end - in->at >= (ptrdiff_t)sizeof(word); in->at += sizeof(word)) {
        memcpy(&word, in->at, sizeof(word));
        if (stops(word))
            break;
    }
    while (in->at < in->end && *in->at != '"' && *in->at != '\\' && (unsigned char)*in->at >= 0x20)
        in->at++;
    return in->at < in->end;
}

static bool hex_digits(const char *at, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

/* \uXXXX but for surrogates. */
static bool read_code(struct reader *in)
{
    uint32_t code;
    if (in->end - in->at < 4 || !hex_digits(in->at, &code) || (code >= 0xD800 && code <= 0xDFFF))
        return false;
    in->at += 4;
    char bytes[3];
    size_t len = 0;
    if (code < 0x80) {
        bytes[len++] = (char)code;
    } else if (code < 0x800) {
        bytes[len++] = (char)(0xC0 | code >> 6);
        bytes[len++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[len++] = (char)(0xE0 | code >> 12);
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[len++] = (char)(0x80 | (code & 0x3F));
    }
    dh_buf_add(&in->text, bytes, len);
    return true;
}

/* What stands behind a backslash. */
static bool read_escape(struct reader *in)
{
    static const char means[128] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    unsigned char c = in->at < in->end ? (unsigned char)*in->at++ : 0;
    if (c == 'u')
        return read_code(in);
    if (c >= sizeof(means) || !means[c])
        return false;
    dh_buf_char(&in->text, means[c]);
    return true;
}

/* A string behind its quote: a part of the input, or in->text when there are escapes. */
static bool read_string(struct reader *in, struct dh_str *out)
{
    const char *from = in->at;
    if (!skip_plain(in))
        return false;
    *out = (struct dh_str){from, (size_t)(in->at - from)};
    if (*in->at == '"') {
        in->at++;
        return true;
    }
    dh_buf_clear(&in->text);
    for (;;) {
        dh_buf_add(&in->text, from, (size_t)(in->at - from));
        char c = *in->at++;
        if (c == '"')
            break;
        if (c != '\\' || !read_escape(in))
            return false;
        from = in->at;
        if (!skip_plain(in))
            return false;
    }
    *out = dh_buf_view(&in->text);
    return in->text.status == DH_OK;
}

/* ---- numbers and words ------------------------------------------------------------------------ */

static bool digit(const struct reader *in)
{
    return in->at < in->end && *in->at >= '0' && *in->at <= '9';
}

static bool skip_digits(struct reader *in)
{
    const char *from = in->at;
    while (digit(in))
        in->at++;
    return in->at > from;
}

static bool read_integer(struct dh_str text, struct json_object **out)
{
    bool minus = text.ptr[0] == '-';
    int64_t value = 0;
    for (size_t i = minus; i < text.len; i++)
        value = value * 10 + (text.ptr[i] - '0');
    if (minus && !value)
        return false;
    *out = json_object_new_int64(minus ? -value : value);
    return *out != NULL;
}

/* A double keeps its text. */
static bool read_double(struct dh_str text, struct json_object **out)
{
    char copy[DH_DECIMAL_MAX + 1];
    double value;
    if (text.len > DH_DECIMAL_MAX || !dh_str_decimal(text, &value) || value - value != 0)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *out = json_object_new_double_s(value, copy);
    return *out != NULL;
}

static bool read_number(struct reader *in, struct json_object **out)
{
    const char *from = in->at;
    bool whole = true;
    in->at += *in->at == '-';
    bool zero = in->at < in->end && *in->at == '0';
    const char *first = in->at;
    if (!skip_digits(in) || (zero && in->at - first > 1))
        return false;
    if (in->at < in->end && *in->at == '.') {
        whole = false;
        in->at++;
        if (!skip_digits(in))
            return false;
    }
    if (in->at < in->end && (*in->at == 'e' || *in->at == 'E')) {
        whole = false;
        in->at++;
        if (in->at < in->end && (*in->at == '+' || *in->at == '-'))
            in->at++;
        if (!skip_digits(in))
            return false;
    }
    struct dh_str text = {from, (size_t)(in->at - from)};
    return whole ? text.len <= DIGITS && read_integer(text, out) : read_double(text, out);
}

static bool read_word(struct reader *in, const char *word, size_t len, struct json_object *value,
                      struct json_object **out)
{
    *out = value;
    if ((size_t)(in->end - in->at) < len || memcmp(in->at, word, len) != 0)
        return false;
    in->at += len;
    return true;
}

/* ---- objects and arrays ----------------------------------------------------------------------- */

/* A member behind the quote of its key. json-c ends keys at a NUL. */
static bool read_member(struct reader *in, unsigned depth, struct json_object *object)
{
    struct dh_str key;
    struct json_object *value = NULL;
    if (!read_string(in, &key) || memchr(key.ptr, '\0', key.len))
        return false;
    char few[64], *name = key.len < sizeof(few) ? few : malloc(key.len + 1);
    if (!name)
        return false;
    memcpy(name, key.ptr, key.len);
    name[key.len] = '\0';
    bool done = take(in, ':') && read_value(in, depth, &value) &&
                json_object_object_add(object, name, value) == 0;
    if (!done)
        json_object_put(value);
    if (name != few)
        free(name);
    return done;
}

static bool read_object(struct reader *in, unsigned depth, struct json_object **out)
{
    struct json_object *object = *out = json_object_new_object();
    in->at++;
    if (!object)
        return false;
    if (take(in, '}'))
        return true;
    do {
        if (!take(in, '"') || !read_member(in, depth, object))
            return false;
    } while (take(in, ','));
    return take(in, '}');
}

static bool read_array(struct reader *in, unsigned depth, struct json_object **out)
{
    struct json_object *array = *out = json_object_new_array_ext(FEW);
    in->at++;
    if (!array)
        return false;
    if (take(in, ']'))
        return true;
    do {
        struct json_object *value = NULL;
        if (!read_value(in, depth, &value) || json_object_array_add(array, value) != 0) {
            json_object_put(value);
            return false;
        }
    } while (take(in, ','));
    return take(in, ']');
}

static bool read_text(struct reader *in, struct json_object **out)
{
    struct dh_str text;
    in->at++;
    if (!read_string(in, &text))
        return false;
    *out = dh_json_new_str(text);
    return *out != NULL;
}

/* What was made stands in *out even when it fails. */
static bool read_value(struct reader *in, unsigned depth, struct json_object **out)
{
    skip_space(in);
    if (in->at == in->end || depth == DEPTH)
        return false;
    switch (*in->at) {
    case '"':
        return read_text(in, out);
    case '{':
        return read_object(in, depth + 1, out);
    case '[':
        return read_array(in, depth + 1, out);
    case 't':
        return read_word(in, "true", 4, json_object_new_boolean(1), out) && *out;
    case 'f':
        return read_word(in, "false", 5, json_object_new_boolean(0), out) && *out;
    case 'n':
        return read_word(in, "null", 4, NULL, out);
    default:
        return read_number(in, out);
    }
}

bool dh_json_read_plain(struct dh_str text, struct json_object **out)
{
    struct reader in = {.at = text.ptr, .end = text.ptr + text.len};
    *out = NULL;
    dh_buf_init(&in.text, DH_RECORD_MAX);
    skip_space(&in);
    /* A bare number or word is not worth it. */
    bool done = in.at < in.end && (*in.at == '{' || *in.at == '[') && read_value(&in, 0, out);
    skip_space(&in);
    done = done && in.at == in.end;
    dh_buf_release(&in.text);
    if (done)
        return true;
    json_object_put(*out);
    *out = NULL;
    return false;
}
