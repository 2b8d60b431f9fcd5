/*
 * Reading wire bytes. The bytes are: magic; count of lengths; lengths (u32, little endian) of one
 * fragment per attribute, 0 when it has none; lengths of the plain fragments, 0 when the first one
 * serves both; the fragments in that order, each followed by a comma.
 */
#include "model/wire.h"

#include "base/limits.h"
#include "model/doi.h"
#include "model/record_parts.h"
#include "model/wire_parts.h"

const enum dh_attribute dh_wire_plain[DH_WIRE_PLAIN_N] = {DH_ATTR_CREATORS, DH_ATTR_PUBLISHER,
                                                          DH_ATTR_CONTRIBUTORS};

static size_t u32(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
}

/* True for `"name":` and at least a byte of value. */
static bool named(struct dh_str fragment, enum dh_attribute a)
{
    size_t len = dh_attributes[a].name_len;
    const char *text = fragment.ptr;
    return fragment.len > len + 3 && text[0] == '"' &&
           memcmp(text + 1, dh_attributes[a].name, len) == 0 && text[len + 1] == '"' &&
           text[len + 2] == ':';
}

/* Takes a fragment and its comma off *rest; false when it does not look like one. */
static bool take(struct dh_str *rest, size_t len, enum dh_attribute a, struct dh_str *out)
{
    if (len == 0) {
        *out = DH_STR_NONE;
        return true;
    }
    if (rest->len <= len || rest->ptr[len] != ',')
        return false;
    *out = (struct dh_str){rest->ptr, len};
    *rest = dh_str_from(*rest, len + 1);
    return named(*out, a);
}

static bool open(struct dh_str bytes, struct dh_wire *wire)
{
    if (bytes.len < DH_WIRE_HEAD || memcmp(bytes.ptr, DH_WIRE_MAGIC, DH_WIRE_MAGIC_LEN) != 0 ||
        u32(bytes.ptr + DH_WIRE_MAGIC_LEN) != DH_WIRE_LENGTHS)
        return false;
    const char *length = bytes.ptr + DH_WIRE_MAGIC_LEN + 4;
    struct dh_str rest = dh_str_from(bytes, DH_WIRE_HEAD);
    wire->text = rest;
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++, length += 4) {
        if (!take(&rest, u32(length), a, &wire->fragment[a][DH_FORM_RICH]))
            return false;
        wire->fragment[a][DH_FORM_PLAIN] = wire->fragment[a][DH_FORM_RICH];
    }
    for (size_t i = 0; i < DH_WIRE_PLAIN_N; i++, length += 4) {
        enum dh_attribute a = dh_wire_plain[i];
        if (u32(length) && !take(&rest, u32(length), a, &wire->fragment[a][DH_FORM_PLAIN]))
            return false;
    }
    return rest.len == 0 && wire->fragment[DH_ATTR_DOI][DH_FORM_RICH].len;
}

enum dh_status dh_wire_open(struct dh_str bytes, struct dh_wire *wire, struct dh_err *err)
{
    if (open(bytes, wire))
        return DH_OK;
    *wire = (struct dh_wire){.text = DH_STR_NONE};
    return dh_fail(err, DH_CORRUPT, "not the stored form of a record");
}

struct dh_str dh_wire_value(const struct dh_wire *wire, enum dh_attribute a, enum dh_form form)
{
    struct dh_str fragment = wire->fragment[a][form];
    return fragment.len ? dh_str_from(fragment, dh_attributes[a].name_len + 3) : DH_STR_NONE;
}

/* The DOI and the attributes of the tree as one JSON object. */
static struct json_object *parse(const struct dh_wire *wire)
{
    struct dh_buf text;
    struct json_object *object = NULL;
    dh_buf_init(&text, (size_t)DH_RECORD_MAX * 2);
    dh_buf_char(&text, '{');
    dh_buf_str(&text, wire->fragment[DH_ATTR_DOI][DH_FORM_RICH]);
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++) {
        struct dh_str fragment = wire->fragment[a][DH_FORM_RICH];
        if (!fragment.len || !dh_attribute_in_tree(a))
            continue;
        dh_buf_char(&text, ',');
        dh_buf_str(&text, fragment);
    }
    dh_buf_char(&text, '}');
    if (!text.status)
        dh_json_parse(dh_buf_view(&text), &object, NULL);
    dh_buf_release(&text);
    return object;
}

/* That a value has the shape which the rest of the program relies on, damaged stores included. */
static bool shaped(enum dh_attribute a, struct json_object *value)
{
    static const struct {
        enum json_type type;
        bool nullable;
    } shapes[] = {
        [DH_SHAPE_TEXT] = {json_type_string, true},
        [DH_SHAPE_INTEGER] = {json_type_int, true},
        [DH_SHAPE_BOOLEAN] = {json_type_boolean, false},
        [DH_SHAPE_OBJECT] = {json_type_object, false},
        [DH_SHAPE_OBJECT_NULL] = {json_type_object, true},
        [DH_SHAPE_OBJECTS] = {json_type_array, false},
        [DH_SHAPE_TEXTS] = {json_type_array, false},
        [DH_SHAPE_TEXTS_NULL] = {json_type_array, true},
    };
    enum dh_shape shape = dh_attributes[a].shape;
    if (!value)
        return shapes[shape].nullable;
    if (!json_object_is_type(value, shapes[shape].type))
        return false;
    bool objects = shape == DH_SHAPE_OBJECTS;
    for (size_t i = 0; objects && i < json_object_array_length(value); i++)
        if (!json_object_is_type(json_object_array_get_idx(value, i), json_type_object))
            return false;
    return true;
}

static bool whole(struct json_object *tree)
{
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++)
        if (dh_attribute_in_tree(a) && (!dh_json_has(tree, dh_attributes[a].name) ||
                                        !shaped(a, dh_json_get(tree, dh_attributes[a].name))))
            return false;
    return true;
}

enum dh_status dh_wire_read(const struct dh_wire *wire, struct dh_record *out, struct dh_err *err)
{
    dh_record_init(out);
    struct json_object *tree = parse(wire);
    struct dh_str doi = dh_json_member(tree, dh_attributes[DH_ATTR_DOI].name);
    if (!dh_doi_valid(doi) || !whole(tree) || !dh_record_set(&out->doi, doi, true)) {
        json_object_put(tree);
        return dh_fail(err, DH_CORRUPT, "the stored form of a record cannot be read");
    }
    json_object_object_del(tree, dh_attributes[DH_ATTR_DOI].name);
    out->attributes = tree;
    out->state = dh_record_state(out);
    return DH_OK;
}
