/* Writing wire bytes: fragments first, their lengths into the head as they become known. */

#include "model/doi.h"
#include "model/record_parts.h"
#include "model/wire_parts.h"

enum { FLAGS = DH_JSON_HTML | DH_JSON_SORT };

static struct json_object *value_of(const struct dh_record *record, enum dh_attribute a)
{
    return dh_json_get(record->attributes, dh_attributes[a].name);
}

static void write_name(enum dh_attribute a, struct dh_buf *out)
{
    dh_buf_char(out, '"');
    dh_buf_add(out, dh_attributes[a].name, dh_attributes[a].name_len);
    dh_buf_add(out, "\":", 2);
}

/* Upstream renames the members of identifiers, type first. */
static void write_alternates(struct json_object *identifiers, struct dh_buf *out)
{
    size_t count = json_object_is_type(identifiers, json_type_array)
                       ? json_object_array_length(identifiers)
                       : 0;
    dh_buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        struct json_object *item = json_object_array_get_idx(identifiers, i);
        dh_buf_text(out, i ? ",{\"alternateIdentifierType\":" : "{\"alternateIdentifierType\":");
        dh_json_write(out, dh_json_get(item, "identifierType"), FLAGS);
        dh_buf_text(out, ",\"alternateIdentifier\":");
        dh_json_write(out, dh_json_get(item, "identifier"), FLAGS);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

/* Containers (ordered by record_complete.c) and series keep the order of their keys. */
static unsigned flags_of(enum dh_attribute a)
{
    bool ordered = a == DH_ATTR_CONTAINER || a == DH_ATTR_VIEWS_OVER_TIME ||
                   a == DH_ATTR_DOWNLOADS_OVER_TIME || a == DH_ATTR_CITATIONS_OVER_TIME;
    return ordered ? DH_JSON_HTML : FLAGS;
}

static void write_value(const struct dh_record *record, enum dh_attribute a, struct dh_buf *out)
{
    switch (a) {
    case DH_ATTR_DOI:
        dh_json_string(out, record->doi, FLAGS);
        break;
    case DH_ATTR_PREFIX:
        dh_json_string(out, dh_doi_prefix(record->doi), FLAGS);
        break;
    case DH_ATTR_SUFFIX:
        dh_json_string(out, dh_doi_suffix(record->doi), FLAGS);
        break;
    case DH_ATTR_ALTERNATE_IDENTIFIERS:
        write_alternates(value_of(record, DH_ATTR_IDENTIFIERS), out);
        break;
    case DH_ATTR_STATE:
        dh_json_string(out, dh_str(dh_state_name(dh_record_state(record))), FLAGS);
        break;
    default:
        dh_json_write(out, value_of(record, a), flags_of(a));
    }
}

/* Affiliations as their names; those without one are left out. */
static bool write_names(struct dh_buf *out, struct dh_str key, struct json_object *value,
                        unsigned flags)
{
    bool first = true;
    if (!dh_str_equal(key, DH_STR("affiliation")) || !json_object_is_type(value, json_type_array))
        return false;
    dh_buf_char(out, '[');
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        struct dh_str name = dh_json_member(json_object_array_get_idx(value, i), "name");
        if (!name.ptr)
            continue;
        if (!first)
            dh_buf_char(out, ',');
        dh_json_string(out, name, flags);
        first = false;
    }
    dh_buf_char(out, ']');
    return true;
}

static bool has_affiliations(struct json_object *people)
{
    if (!json_object_is_type(people, json_type_array))
        return false;
    for (size_t i = 0; i < json_object_array_length(people); i++) {
        struct json_object *list = dh_json_get(json_object_array_get_idx(people, i), "affiliation");
        if (json_object_is_type(list, json_type_array) && json_object_array_length(list))
            return true;
    }
    return false;
}

static void write_people(struct json_object *people, struct dh_buf *out)
{
    dh_buf_char(out, '[');
    for (size_t i = 0; i < json_object_array_length(people); i++) {
        struct json_object *person = json_object_array_get_idx(people, i);
        if (i)
            dh_buf_char(out, ',');
        if (json_object_is_type(person, json_type_object))
            dh_json_write_object(out, person, FLAGS, write_names);
        else
            dh_json_write(out, person, FLAGS);
    }
    dh_buf_char(out, ']');
}

/* The plain fragment; nothing when it would be the same as the rich one. */
static void write_plain(const struct dh_record *record, enum dh_attribute a, struct dh_buf *out)
{
    struct json_object *value = value_of(record, a);
    if (a == DH_ATTR_PUBLISHER) {
        if (!value)
            return;
        write_name(a, out);
        dh_json_string_or_null(out, dh_json_member(value, "name"), FLAGS);
    } else if (has_affiliations(value)) {
        write_name(a, out);
        write_people(value, out);
    }
}

/* Ends a fragment that began at `from` and notes its length in the head. */
static void end_fragment(struct dh_buf *out, size_t from, size_t head, size_t slot)
{
    size_t len = out->len - from;
    if (out->status || len == 0)
        return;
    dh_buf_char(out, ',');
    if (out->status)
        return;
    unsigned char *place = (unsigned char *)out->ptr + head + DH_WIRE_MAGIC_LEN + 4 + slot * 4;
    for (size_t i = 0; i < 4; i++)
        place[i] = (unsigned char)(len >> (8 * i));
}

static size_t write_head(struct dh_buf *out)
{
    size_t head = out->len;
    char *place = dh_buf_reserve(out, DH_WIRE_HEAD);
    if (!place)
        return head;
    memset(place, 0, DH_WIRE_HEAD);
    memcpy(place, DH_WIRE_MAGIC, DH_WIRE_MAGIC_LEN);
    place[DH_WIRE_MAGIC_LEN] = (char)DH_WIRE_LENGTHS;
    out->len += DH_WIRE_HEAD;
    return head;
}

_Static_assert(DH_WIRE_LENGTHS < 256, "the count of lengths is written as one byte");

static bool has_fragment(enum dh_attribute a)
{
    enum dh_shape shape = dh_attributes[a].shape;
    return shape != DH_SHAPE_COUNT && shape != DH_SHAPE_TIME;
}

void dh_wire_write(const struct dh_record *record, struct dh_buf *out)
{
    size_t head = write_head(out);
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++) {
        size_t from = out->len;
        if (has_fragment(a)) {
            write_name(a, out);
            write_value(record, a, out);
        }
        end_fragment(out, from, head, a);
    }
    for (size_t i = 0; i < DH_WIRE_PLAIN_N; i++) {
        size_t from = out->len;
        write_plain(record, dh_wire_plain[i], out);
        end_fragment(out, from, head, DH_ATTR__N + i);
    }
}
