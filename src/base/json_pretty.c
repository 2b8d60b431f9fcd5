/* JSON laid out for people. */
#include "base/json.h"

static void write_value(struct dh_buf *buf, struct json_object *value, unsigned flags,
                        unsigned depth);

static void new_line(struct dh_buf *buf, unsigned depth)
{
    dh_buf_char(buf, '\n');
    for (unsigned i = 0; i < depth; i++)
        dh_buf_text(buf, "  ");
}

static void write_object(struct dh_buf *buf, struct json_object *object, unsigned flags,
                         unsigned depth)
{
    bool first = true;
    dh_buf_char(buf, '{');
    json_object_object_foreach(object, key, value)
    {
        if (!first)
            dh_buf_char(buf, ',');
        first = false;
        new_line(buf, depth + 1);
        dh_json_string(buf, dh_str(key), flags);
        dh_buf_text(buf, ": ");
        write_value(buf, value, flags, depth + 1);
    }
    new_line(buf, depth);
    dh_buf_char(buf, '}');
}

static void write_array(struct dh_buf *buf, struct json_object *array, unsigned flags,
                        unsigned depth)
{
    dh_buf_char(buf, '[');
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        if (i)
            dh_buf_char(buf, ',');
        new_line(buf, depth + 1);
        write_value(buf, json_object_array_get_idx(array, i), flags, depth + 1);
    }
    new_line(buf, depth);
    dh_buf_char(buf, ']');
}

static void write_value(struct dh_buf *buf, struct json_object *value, unsigned flags,
                        unsigned depth)
{
    bool object = json_object_is_type(value, json_type_object);
    if (object && json_object_object_length(value))
        write_object(buf, value, flags, depth);
    else if (json_object_is_type(value, json_type_array) && json_object_array_length(value))
        write_array(buf, value, flags, depth);
    else
        dh_json_write(buf, value, flags);
}

void dh_json_pretty(struct dh_buf *buf, struct json_object *value, unsigned flags)
{
    write_value(buf, value, flags & ~(unsigned)DH_JSON_SORT, 0);
}
