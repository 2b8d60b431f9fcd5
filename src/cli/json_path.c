#include "cli/json_path.h"

#include <unistr.h>

#include "base/limits.h"

/* ---- reading a path ------------------------------------------------------------------------- */

static enum dh_status no_path(struct dh_str text, struct dh_err *err)
{
    return dh_fail(err, DH_INVALID, "'%.*s' is no column: write them as titles.title or titles[0]",
                   DH_STR_ARG(text));
}

/* Takes "[0]" off *rest. */
static bool take_index(struct dh_str *rest, size_t *index)
{
    enum { DIGITS_MAX = 9 };
    size_t end = dh_str_find(*rest, ']');
    *index = 0;
    if (end < 2 || end >= rest->len || end > DIGITS_MAX)
        return false;
    for (size_t i = 1; i < end; i++) {
        if (rest->ptr[i] < '0' || rest->ptr[i] > '9')
            return false;
        *index = *index * 10 + (size_t)(rest->ptr[i] - '0');
    }
    *rest = dh_str_from(*rest, end + 1);
    return true;
}

static struct dh_str take_name(struct dh_str *rest)
{
    struct dh_str name = *rest;
    name.len = 0;
    while (name.len < rest->len && rest->ptr[name.len] != '.' && rest->ptr[name.len] != '[')
        name.len++;
    *rest = dh_str_from(*rest, name.len);
    return name;
}

enum dh_status dh_json_path_read(struct dh_str text, struct dh_json_path *path,
                                 struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str rest = text;
    *path = (struct dh_json_path){.first = take_name(&rest)};
    path->steps = dh_arena_array(arena, text.len + 1, sizeof(*path->steps));
    if (!path->steps)
        return dh_fail(err, DH_MEMORY, "out of memory");
    if (!path->first.len)
        return no_path(text, err);
    while (rest.len) {
        struct dh_step *step = &path->steps[path->count++];
        if (dh_str_take(&rest, '.')) {
            step->key = take_name(&rest);
            if (!step->key.len)
                return no_path(text, err);
        } else {
            path->indexed = true;
            if (!take_index(&rest, &step->index))
                return no_path(text, err);
        }
    }
    return DH_OK;
}

/* ---- going through text --------------------------------------------------------------------- */

/* Offset behind the string whose first quote is at `at`. */
static size_t string_end(struct dh_str text, size_t at)
{
    for (at++; at < text.len; at++) {
        const char *quote = memchr(text.ptr + at, '"', text.len - at);
        if (!quote)
            return text.len;
        at = (size_t)(quote - text.ptr);
        size_t slashes = 0;
        while (text.ptr[at - 1 - slashes] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            return at + 1;
    }
    return text.len;
}

size_t dh_json_text_end(struct dh_str text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        bool closes = c == ']' || c == '}';
        if (c == '"')
            at = string_end(text, at);
        else if (!depth && (closes || c == ','))
            return at;
        else
            at++;
        depth += c == '[' || c == '{';
        depth -= closes;
        if (!depth && (c == '"' || closes))
            return at;
    }
    return text.len;
}

/* What stands between the brackets of an object or a list. */
static struct dh_str inside(struct dh_str text)
{
    return (struct dh_str){text.ptr + 1, text.len > 2 ? text.len - 2 : 0};
}

/* Takes the next value off what is inside a list. */
static bool take_value(struct dh_str *rest, struct dh_str *value)
{
    if (!rest->len)
        return false;
    *value = (struct dh_str){rest->ptr, dh_json_text_end(*rest, 0)};
    *rest = dh_str_from(*rest, value->len);
    if (!dh_str_take(rest, ','))
        rest->len = 0; /* the end, or damage */
    return true;
}

/* Takes the next member off what is inside an object; the key without its quotes, as written. */
static bool take_member(struct dh_str *rest, struct dh_str *key, struct dh_str *value)
{
    if (!rest->len || rest->ptr[0] != '"')
        return false;
    size_t end = string_end(*rest, 0);
    *key = (struct dh_str){rest->ptr + 1, end >= 2 ? end - 2 : 0};
    *rest = dh_str_from(*rest, end);
    return dh_str_take(rest, ':') && take_value(rest, value);
}

/* ---- values --------------------------------------------------------------------------------- */

/* The four digits behind \u; -1 when there are none. */
static int32_t unit_at(struct dh_str text, size_t at)
{
    static const char digits[] = "0123456789abcdef";
    int32_t unit = 0;
    if (text.len < at + 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        const char *digit = memchr(digits, text.ptr[i] | 0x20, 16);
        if (!digit)
            return -1;
        unit = unit * 16 + (int32_t)(digit - digits);
    }
    return unit;
}

/* Writes the character of the \u at the beginning of `text`; how many bytes of it that took. */
static size_t put_unit(struct dh_str text, struct dh_buf *out)
{
    enum { ONE = 6, PAIR = 12 };
    uint8_t bytes[4];
    size_t size = ONE;
    int32_t c = unit_at(text, 2), low = -1;
    if (c >= 0xd800 && c < 0xdc00 && text.len >= PAIR && text.ptr[6] == '\\' && text.ptr[7] == 'u')
        low = unit_at(text, 8);
    if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        size = PAIR;
    }
    int len = c < 0 ? -1 : u8_uctomb(bytes, (ucs4_t)c, sizeof(bytes));
    if (len > 0)
        dh_buf_add(out, bytes, (size_t)len);
    else
        dh_buf_text(out, "\xef\xbf\xbd");
    return size;
}

/* The text of a JSON string, given without its quotes. */
static void put_string(struct dh_str text, struct dh_buf *out)
{
    static const char letters[] = "bfnrt", characters[] = "\b\f\n\r\t";
    while (text.len) {
        size_t plain = dh_str_find(text, '\\');
        dh_buf_str(out, (struct dh_str){text.ptr, plain});
        text = dh_str_from(text, plain);
        if (text.len < 2)
            return;
        const char *letter = memchr(letters, text.ptr[1], sizeof(letters) - 1);
        size_t size = 2;
        if (text.ptr[1] == 'u')
            size = put_unit(text, out);
        else
            dh_buf_char(out, letter ? characters[letter - letters] : text.ptr[1]);
        text = dh_str_from(text, size);
    }
}

/* JSON as people write it, without the escapes for HTML that stored text has. */
static void put_json(struct dh_str text, struct dh_buf *out)
{
    struct json_object *value = NULL;
    if (dh_json_parse(text, &value, NULL))
        return;
    dh_json_write(out, value, DH_JSON_PLAIN);
    json_object_put(value);
}

/* A cell under construction. */
struct cell {
    struct dh_buf *out;
    size_t start;   /* where it begins */
    unsigned depth; /* lists within lists: damaged text may have any number */
};

static void separate(struct cell *cell)
{
    if (cell->out->len > cell->start)
        dh_buf_text(cell->out, "; ");
}

static bool holds_objects(struct dh_str list)
{
    struct dh_str rest = inside(list), value;
    while (take_value(&rest, &value))
        if (value.len && (value.ptr[0] == '{' || value.ptr[0] == '['))
            return true;
    return false;
}

static void put_value(struct dh_str value, struct cell *cell)
{
    struct dh_str rest = inside(value), element;
    char c = value.ptr[0];
    bool list = c == '[' && !holds_objects(value);
    while (list && take_value(&rest, &element))
        if (element.len)
            put_value(element, cell);
    if (list || dh_str_equal(value, DH_STR("null")) || ((c == '"' || c == '{') && !rest.len))
        return;
    separate(cell);
    if (c == '"')
        put_string(rest, cell->out);
    else if (c == '{' || c == '[')
        put_json(value, cell->out);
    else
        dh_buf_str(cell->out, value);
}

static void find(struct dh_str text, const struct dh_step *step, size_t count, struct cell *cell);

static void find_member(struct dh_str object, const struct dh_step *step, size_t count,
                        struct cell *cell)
{
    struct dh_str rest = inside(object), key, value;
    while (take_member(&rest, &key, &value))
        if (dh_str_equal(key, step->key)) {
            find(value, step + 1, count - 1, cell);
            return;
        }
}

static void find_element(struct dh_str list, const struct dh_step *step, size_t count,
                         struct cell *cell)
{
    struct dh_str rest = inside(list), value;
    for (size_t i = 0; take_value(&rest, &value); i++)
        if (i == step->index) {
            find(value, step + 1, count - 1, cell);
            return;
        }
}

static void find_in_each(struct dh_str list, const struct dh_step *step, size_t count,
                         struct cell *cell)
{
    struct dh_str rest = inside(list), value;
    if (cell->depth++ < DH_JSON_DEPTH_MAX)
        while (take_value(&rest, &value))
            find(value, step, count, cell);
    cell->depth--;
}

static void find(struct dh_str text, const struct dh_step *step, size_t count, struct cell *cell)
{
    if (!text.len)
        return;
    if (!count)
        put_value(text, cell);
    else if (text.ptr[0] == '{' && step->key.ptr)
        find_member(text, step, count, cell);
    else if (text.ptr[0] == '[' && !step->key.ptr)
        find_element(text, step, count, cell);
    else if (text.ptr[0] == '[')
        find_in_each(text, step, count, cell);
}

void dh_json_path_put(const struct dh_json_path *path, struct dh_str text, struct dh_buf *out)
{
    struct cell cell = {.out = out, .start = out->len};
    find(text, path->steps, path->count, &cell);
}
