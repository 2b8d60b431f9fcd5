#include <stdlib.h>

#include "base/json_parts.h"
#include "base/limits.h"
#include "base/utf8.h"

enum { INT64_DIGITS = 19 };

/* Offset just past a string that starts at `at` (a quote). */
static size_t skip_string(struct dh_str s, size_t at)
{
    for (at++; at < s.len && s.ptr[at] != '"'; at++)
        if (s.ptr[at] == '\\')
            at++;
    return at + 1;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool overflows(struct dh_str digits)
{
    static const char max[] = "9223372036854775807";
    return digits.len > INT64_DIGITS ||
           (digits.len == INT64_DIGITS && memcmp(digits.ptr, max, INT64_DIGITS) > 0);
}

#define NONE SIZE_MAX

/*
 * Where the next integer too long for 64 bits ends, or NONE: json-c would saturate it. Written
 * with an exponent (12345678901234567890e0) it is a double to json-c, which keeps a double's text.
 */
static size_t long_integer(struct dh_str s, size_t at)
{
    while (at < s.len) {
        if (s.ptr[at] == '"') {
            at = skip_string(s, at);
            continue;
        }
        if (!digit(s.ptr[at])) {
            at++;
            continue;
        }
        size_t start = at;
        while (at < s.len && digit(s.ptr[at]))
            at++;
        char next = at < s.len ? s.ptr[at] : '\0';
        if (overflows((struct dh_str){s.ptr + start, at - start}) && next != '.' && next != 'e' &&
            next != 'E')
            return at;
        while (at < s.len && (digit(s.ptr[at]) || strchr(".eE+-", s.ptr[at])))
            at++;
    }
    return NONE;
}

/* A run of 19 digits anywhere, strings included: rare, so the careful scan is too. */
static bool long_digits(struct dh_str s)
{
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        run = digit(s.ptr[i]) ? run + 1 : 0;
        if (run >= INT64_DIGITS)
            return true;
    }
    return false;
}

/* Offset of a NaN or Infinity outside strings, which json-c takes for numbers; else s.len. */
static size_t no_number(struct dh_str s)
{
    if (!memmem(s.ptr, s.len, "NaN", 3) && !memmem(s.ptr, s.len, "Infinity", 8))
        return s.len;
    size_t at = 0;
    while (at < s.len && s.ptr[at] != 'N' && s.ptr[at] != 'I')
        at = s.ptr[at] == '"' ? skip_string(s, at) : at + 1;
    return at < s.len ? at : s.len;
}

static void mark_long_integers(struct dh_str s, struct dh_buf *out)
{
    for (size_t from = 0; from < s.len;) {
        size_t end = long_integer(s, from);
        bool found = end != NONE;
        if (!found)
            end = s.len;
        dh_buf_add(out, s.ptr + from, end - from);
        dh_buf_text(out, found ? "e0" : "");
        from = end;
    }
}

/* The place in `s` of a place in the marked text. */
static size_t unmarked(struct dh_str s, size_t place)
{
    size_t marks = 0;
    for (size_t at = 0; (at = long_integer(s, at)) != NONE && at + marks < place;)
        marks += 2;
    place = place < marks ? 0 : place - marks;
    return place < s.len ? place : s.len;
}

static enum dh_status parse(struct dh_str text, struct json_object **out, struct dh_err *err)
{
    struct json_tokener *tokener = json_tokener_new_ex(DH_JSON_DEPTH_MAX);
    if (!tokener)
        return dh_fail(err, DH_MEMORY, "out of memory");
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT); /* UTF-8 has been checked */
    enum dh_status status = DH_OK;
    *out = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);
    enum json_tokener_error error = json_tokener_get_error(tokener);
    size_t end = json_tokener_get_parse_end(tokener);
    if (error == json_tokener_continue) { /* a bare number or literal ends with the text */
        struct json_object *value = json_tokener_parse_ex(tokener, "", 1);
        error = json_tokener_get_error(tokener);
        *out = error == json_tokener_success ? value : NULL;
        if (error != json_tokener_success)
            status = dh_fail_at(err, DH_INVALID, text.len, "JSON ends too early");
    } else if (error == json_tokener_error_depth) {
        status = dh_fail_at(err, DH_LIMIT, end, "JSON nested deeper than %d", DH_JSON_DEPTH_MAX);
    } else if (error != json_tokener_success) {
        status = dh_fail_at(err, DH_INVALID, end, "JSON: %s", json_tokener_error_desc(error));
    } else if (!dh_str_blank(dh_str_from(text, end))) {
        status = dh_fail_at(err, DH_INVALID, end, "JSON: text after the end of the value");
    }
    if (status && *out) {
        json_object_put(*out);
        *out = NULL;
    }
    json_tokener_free(tokener);
    return status;
}

enum dh_status dh_json_parse(struct dh_str text, struct json_object **out, struct dh_err *err)
{
    *out = NULL;
    if (dh_str_blank(text))
        return dh_fail_at(err, DH_INVALID, text.len, "JSON ends too early");
    if (text.len > DH_RECORD_MAX)
        return dh_fail(err, DH_LIMIT, "JSON value longer than %d bytes", DH_RECORD_MAX);
    size_t valid = dh_utf8_check(text);
    if (valid == text.len && dh_json_read_plain(text, out))
        return DH_OK;
    const char *nul = memchr(text.ptr, '\0', text.len);
    if (nul)
        return dh_fail_at(err, DH_INVALID, (size_t)(nul - text.ptr), "JSON: NUL byte");
    if (valid < text.len)
        return dh_fail_at(err, DH_INVALID, valid, "JSON: invalid UTF-8");
    size_t odd = no_number(text);
    if (odd < text.len)
        return dh_fail_at(err, DH_INVALID, odd, "JSON: no such number");
    if (!long_digits(text))
        return parse(text, out, err);
    struct dh_buf marked;
    dh_buf_init(&marked, (size_t)DH_RECORD_MAX * 2);
    mark_long_integers(text, &marked);
    enum dh_status status = marked.status ? dh_fail(err, marked.status, "out of memory")
                                          : parse(dh_buf_view(&marked), out, err);
    dh_buf_release(&marked);
    if (status && err)
        err->pos = unmarked(text, err->pos);
    return status;
}

/* How a byte is written inside a string: 0 as it is, 1 as \u00xx, else the letter behind '\'. */
static char escape_of(unsigned char c, unsigned flags)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '<':
    case '>':
    case '&':
        return (flags & DH_JSON_HTML) != 0;
    default:
        return c < 0x20;
    }
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* None of eight bytes is ever escaped: " and & differ in one bit, < and > as well. */
static bool plain(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    uint64_t slash = word ^ EACH_BYTE * '\\', quote = (word | EACH_BYTE * 4) ^ EACH_BYTE * '&',
             angle = (word | EACH_BYTE * 2) ^ EACH_BYTE * '>';
    return !((((slash - EACH_BYTE) & ~slash) | ((quote - EACH_BYTE) & ~quote) |
              ((angle - EACH_BYTE) & ~angle) | ((word - EACH_BYTE * 0x20) & ~word)) &
             EACH_BYTE * 0x80);
}

void dh_json_string(struct dh_buf *buf, struct dh_str s, unsigned flags)
{
    static const char hex[] = "0123456789abcdef";
    dh_buf_char(buf, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        while (s.len - i > sizeof(uint64_t) && plain(s.ptr + i))
            i += sizeof(uint64_t);
        unsigned char c = (unsigned char)s.ptr[i];
        if (c > '>' && c != '\\')
            continue;
        char escape = escape_of(c, flags);
        if (!escape)
            continue;
        dh_buf_add(buf, s.ptr + from, i - from);
        from = i + 1;
        if (escape == 1)
            dh_buf_add(buf, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
        else
            dh_buf_add(buf, (char[]){'\\', escape}, 2);
    }
    if (s.len)
        dh_buf_add(buf, s.ptr + from, s.len - from);
    dh_buf_char(buf, '"');
}

void dh_json_string_or_null(struct dh_buf *buf, struct dh_str s, unsigned flags)
{
    if (s.ptr)
        dh_json_string(buf, s, flags);
    else
        dh_buf_text(buf, "null");
}

struct member {
    struct dh_str key;
    struct json_object *value;
};

static int by_length(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->key.len != y->key.len)
        return x->key.len < y->key.len ? -1 : 1;
    return dh_str_compare(x->key, y->key);
}

/* Most objects have a few members. */
static void sort_members(struct member *members, size_t count)
{
    enum { FEW = 12 };
    if (count > FEW) {
        qsort(members, count, sizeof(*members), by_length);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct member member = members[i];
        size_t at = i;
        for (; at && by_length(&member, &members[at - 1]) < 0; at--)
            members[at] = members[at - 1];
        members[at] = member;
    }
}

static void write_member(struct dh_buf *buf, const struct member *member, bool first,
                         unsigned flags, dh_json_writer *special)
{
    if (!first)
        dh_buf_char(buf, ',');
    dh_json_string(buf, member->key, flags);
    dh_buf_char(buf, ':');
    if (!special || !special(buf, member->key, member->value, flags))
        dh_json_write(buf, member->value, flags);
}

void dh_json_write_object(struct dh_buf *buf, struct json_object *object, unsigned flags,
                          dh_json_writer *special)
{
    enum { FEW = 32 };
    struct member few[FEW], *members = few;
    size_t count = (size_t)json_object_object_length(object), i = 0;
    if (count > FEW && !(members = malloc(count * sizeof(*members)))) {
        buf->status = DH_MEMORY;
        return;
    }
    json_object_object_foreach(object, key, value)
    {
        members[i++] = (struct member){dh_str(key), value};
    }
    if (flags & DH_JSON_SORT)
        sort_members(members, count);
    dh_buf_char(buf, '{');
    for (i = 0; i < count; i++)
        write_member(buf, &members[i], i == 0, flags, special);
    dh_buf_char(buf, '}');
    if (members != few)
        free(members);
}

static void write_array(struct dh_buf *buf, struct json_object *array, unsigned flags)
{
    size_t count = json_object_array_length(array);
    dh_buf_char(buf, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            dh_buf_char(buf, ',');
        dh_json_write(buf, json_object_array_get_idx(array, i), flags);
    }
    dh_buf_char(buf, ']');
}

/* json-c takes -.5, 1. and -01.5 for numbers, JSON does not: the zeros that are missing or too
 * many.
 */
static void write_number(struct dh_buf *buf, const char *text)
{
    if (*text == '-')
        dh_buf_char(buf, *text++);
    while (text[0] == '0' && digit(text[1]))
        text++;
    if (!digit(*text))
        dh_buf_char(buf, '0');
    while (digit(*text))
        dh_buf_char(buf, *text++);
    if (*text == '.') {
        dh_buf_char(buf, *text++);
        if (!digit(*text))
            dh_buf_char(buf, '0');
    }
    dh_buf_text(buf, text);
}

/* json-c keeps the source text of a parsed double as its user data and gives it back here. */
static void write_double(struct dh_buf *buf, struct json_object *value)
{
    const char *text = json_object_get_userdata(value);
    if (text)
        write_number(buf, text);
    else
        dh_buf_printf(buf, "%.17g", json_object_get_double(value));
}

void dh_json_write(struct dh_buf *buf, struct json_object *value, unsigned flags)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        dh_buf_text(buf, "null");
        break;
    case json_type_boolean:
        dh_buf_text(buf, json_object_get_boolean(value) ? "true" : "false");
        break;
    case json_type_int:
        dh_buf_int(buf, json_object_get_int64(value));
        break;
    case json_type_double:
        write_double(buf, value);
        break;
    case json_type_string:
        dh_json_string(buf, dh_json_str(value), flags);
        break;
    case json_type_array:
        write_array(buf, value, flags);
        break;
    case json_type_object:
        dh_json_write_object(buf, value, flags, NULL);
        break;
    }
}

struct json_object *dh_json_get(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;
    if (json_object_is_type(object, json_type_object))
        json_object_object_get_ex(object, key, &value);
    return value;
}

bool dh_json_has(struct json_object *object, const char *key)
{
    return json_object_is_type(object, json_type_object) &&
           json_object_object_get_ex(object, key, NULL);
}

struct dh_str dh_json_str(struct json_object *value)
{
    if (!json_object_is_type(value, json_type_string))
        return DH_STR_NONE;
    return (struct dh_str){json_object_get_string(value),
                           (size_t)json_object_get_string_len(value)};
}

struct dh_str dh_json_member(struct json_object *object, const char *key)
{
    return dh_json_str(dh_json_get(object, key));
}

struct json_object *dh_json_new_str(struct dh_str s)
{
    return json_object_new_string_len(s.ptr ? s.ptr : "", (int)s.len);
}

static bool equal_numbers(struct json_object *a, struct json_object *b)
{
    bool whole = json_object_is_type(a, json_type_int) && json_object_is_type(b, json_type_int);
    if (whole)
        return json_object_get_int64(a) == json_object_get_int64(b);
    return json_object_get_double(a) == json_object_get_double(b);
}

static bool equal_objects(struct json_object *a, struct json_object *b)
{
    if (json_object_object_length(a) != json_object_object_length(b))
        return false;
    json_object_object_foreach(a, key, value)
    {
        struct json_object *other;
        if (!json_object_object_get_ex(b, key, &other) || !dh_json_equal(value, other))
            return false;
    }
    return true;
}

static bool equal_arrays(struct json_object *a, struct json_object *b)
{
    size_t count = json_object_array_length(a);
    if (json_object_array_length(b) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!dh_json_equal(json_object_array_get_idx(a, i), json_object_array_get_idx(b, i)))
            return false;
    return true;
}

static bool number(struct json_object *value)
{
    enum json_type type = json_object_get_type(value);
    return type == json_type_int || type == json_type_double;
}

bool dh_json_equal(struct json_object *a, struct json_object *b)
{
    if (number(a) && number(b))
        return equal_numbers(a, b);
    if (json_object_get_type(a) != json_object_get_type(b))
        return false;
    switch (json_object_get_type(a)) {
    case json_type_boolean:
        return json_object_get_boolean(a) == json_object_get_boolean(b);
    case json_type_string:
        return dh_str_equal(dh_json_str(a), dh_json_str(b));
    case json_type_array:
        return equal_arrays(a, b);
    case json_type_object:
        return equal_objects(a, b);
    default:
        return true;
    }
}
