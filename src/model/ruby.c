#include "model/ruby.h"

#include "base/json.h"
#include "base/utf8.h"

static void inspect(struct dh_buf *buf, struct json_object *value);

/* Characters with a letter of their own behind a backslash. */
static const char escaped[] = "\a\b\t\n\v\f\r\033\"\\", letters[] = "abtnvfre\"\\";

static void put_char(struct dh_buf *buf, struct dh_str rest, size_t size)
{
    char c = rest.ptr[0];
    const char *place = c ? strchr(escaped, c) : NULL;
    bool interpolates = c == '#' && rest.len > 1 && strchr("{$@", rest.ptr[1]);
    if (place)
        dh_buf_printf(buf, "\\%c", letters[place - escaped]);
    else if (interpolates)
        dh_buf_text(buf, "\\#");
    else if ((unsigned char)c < ' ' || c == 0x7f)
        dh_buf_printf(buf, "\\u%04X", (unsigned)c);
    else
        dh_buf_add(buf, rest.ptr, size);
}

static void inspect_text(struct dh_buf *buf, struct dh_str text)
{
    size_t size;
    dh_buf_char(buf, '"');
    for (struct dh_str rest = text; rest.len; rest = dh_str_from(rest, size)) {
        dh_utf8_next(rest, &size);
        put_char(buf, rest, size);
    }
    dh_buf_char(buf, '"');
}

static void inspect_object(struct dh_buf *buf, struct json_object *object)
{
    const char *separator = "";
    dh_buf_char(buf, '{');
    json_object_object_foreach(object, key, member)
    {
        dh_buf_text(buf, separator);
        inspect_text(buf, dh_str(key));
        dh_buf_text(buf, " => ");
        inspect(buf, member);
        separator = ", ";
    }
    dh_buf_char(buf, '}');
}

static void inspect_list(struct dh_buf *buf, struct json_object *list)
{
    dh_buf_char(buf, '[');
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        if (i)
            dh_buf_text(buf, ", ");
        inspect(buf, json_object_array_get_idx(list, i));
    }
    dh_buf_char(buf, ']');
}

/* Recursion is bounded: JSON is at most DH_JSON_DEPTH_MAX deep. */
static void inspect(struct dh_buf *buf, struct json_object *value)
{
    if (!value)
        dh_buf_text(buf, "nil");
    else if (json_object_is_type(value, json_type_object))
        inspect_object(buf, value);
    else if (json_object_is_type(value, json_type_array))
        inspect_list(buf, value);
    else if (json_object_is_type(value, json_type_string))
        inspect_text(buf, dh_json_str(value));
    else
        dh_json_write(buf, value, DH_JSON_PLAIN);
}

void dh_ruby_print(struct dh_buf *buf, struct json_object *value)
{
    if (json_object_is_type(value, json_type_string))
        dh_buf_str(buf, dh_json_str(value));
    else if (value)
        inspect(buf, value);
}
