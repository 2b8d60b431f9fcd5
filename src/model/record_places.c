/* Coordinates of geoLocations that came as texts. */
#include "model/record_parts.h"

enum { NUMBER_MAX = 64 }; /* a coordinate longer than this stays a text */

static const char *const point_keys[] = {"pointLatitude", "pointLongitude"};
static const char *const box_keys[] = {"westBoundLongitude", "eastBoundLongitude",
                                       "southBoundLatitude", "northBoundLatitude"};

static size_t digits(struct dh_str s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

/* The parts of a decimal number: -12.50e3 */
struct decimal {
    bool negative, point;
    struct dh_str whole, fraction, exponent;
};

static bool split(struct dh_str s, struct decimal *out)
{
    *out = (struct decimal){0};
    s = dh_str_trim(s);
    if (s.len > NUMBER_MAX)
        return false;
    out->negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = dh_str_from(s, 1);
    out->whole = (struct dh_str){s.ptr, digits(s)};
    s = dh_str_from(s, out->whole.len);
    out->point = s.len && s.ptr[0] == '.';
    if (out->point)
        s = dh_str_from(s, 1);
    out->fraction = (struct dh_str){s.ptr, out->point ? digits(s) : 0};
    s = dh_str_from(s, out->fraction.len);
    if (out->whole.len + out->fraction.len == 0)
        return false;
    out->exponent = s;
    if (s.len == 0)
        return true;
    size_t sign = s.len > 1 && (s.ptr[1] == '-' || s.ptr[1] == '+');
    struct dh_str power = dh_str_from(s, 1 + sign);
    return (s.ptr[0] | 32) == 'e' && power.len && digits(power) == power.len;
}

/*
 * A new number from a text, as the DataCite REST API casts it on writing; NULL when it is none. An
 * exponent counts also after a whole number, where upstream's cast would lose it.
 */
static struct json_object *number_of(struct dh_str text)
{
    struct decimal d;
    if (!split(text, &d))
        return NULL;
    while (d.whole.len && d.whole.ptr[0] == '0')
        d.whole = dh_str_from(d.whole, 1);
    while (d.fraction.len && d.fraction.ptr[d.fraction.len - 1] == '0')
        d.fraction.len--;
    struct dh_buf out;
    dh_buf_init(&out, (size_t)NUMBER_MAX * 2);
    bool zero = !d.point && d.whole.len == 0;
    dh_buf_text(&out, d.negative && !zero ? "-" : "");
    dh_buf_str(&out, d.whole.len ? d.whole : DH_STR("0"));
    if (d.point) {
        dh_buf_char(&out, '.');
        dh_buf_str(&out, d.fraction.len ? d.fraction : DH_STR("0"));
    }
    dh_buf_str(&out, d.exponent);
    struct json_object *number = NULL;
    if (!out.status)
        dh_json_parse(dh_buf_view(&out), &number, NULL);
    dh_buf_release(&out);
    return number;
}

static bool mend_keys(struct json_object *object, const char *const *keys, size_t count)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        struct dh_str text = dh_json_member(object, keys[i]);
        struct json_object *number = text.ptr ? number_of(text) : NULL;
        if (number && json_object_object_add(object, keys[i], number) != 0)
            json_object_put(number);
        else
            changed |= number != NULL;
    }
    return changed;
}

static bool mend_point(struct json_object *point)
{
    return mend_keys(point, point_keys, sizeof(point_keys) / sizeof(point_keys[0]));
}

void dh_mend_places(struct dh_mend *mend, struct json_object *places)
{
    bool changed = false;
    for (size_t i = 0; i < json_object_array_length(places); i++) {
        struct json_object *place = json_object_array_get_idx(places, i);
        changed |= mend_point(dh_json_get(place, "geoLocationPoint"));
        changed |= mend_keys(dh_json_get(place, "geoLocationBox"), box_keys,
                             sizeof(box_keys) / sizeof(box_keys[0]));
        struct json_object *polygon = dh_json_get(place, "geoLocationPolygon");
        bool array = json_object_is_type(polygon, json_type_array);
        for (size_t k = 0; array && k < json_object_array_length(polygon); k++) {
            struct json_object *corner = json_object_array_get_idx(polygon, k);
            changed |= mend_point(dh_json_get(corner, "polygonPoint"));
            changed |= mend_point(dh_json_get(corner, "inPolygonPoint"));
        }
    }
    if (changed)
        dh_mend_note(mend, "coordinate as text");
}
