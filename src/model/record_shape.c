/* Giving attributes the shape that fields.def says, whatever variety of it came. */
#include <math.h>
#include <stdio.h>

#include "base/limits.h"
#include "model/record_parts.h"

/* The key of the object that a bare text in such a list stands for; NULL where it says too little.
 */
static const char *const main_keys[DH_ATTR__N] = {
    [DH_ATTR_IDENTIFIERS] = "identifier",
    [DH_ATTR_ALTERNATE_IDENTIFIERS] = "alternateIdentifier",
    [DH_ATTR_CREATORS] = "name",
    [DH_ATTR_TITLES] = "title",
    [DH_ATTR_PUBLISHER] = "name",
    [DH_ATTR_SUBJECTS] = "subject",
    [DH_ATTR_CONTRIBUTORS] = "name",
    [DH_ATTR_DATES] = "date",
    [DH_ATTR_RELATED_IDENTIFIERS] = "relatedIdentifier",
    [DH_ATTR_RIGHTS_LIST] = "rights",
    [DH_ATTR_DESCRIPTIONS] = "description",
    [DH_ATTR_GEO_LOCATIONS] = "geoLocationPlace",
    [DH_ATTR_FUNDING_REFERENCES] = "funderName",
};

void dh_mend_note(struct dh_mend *mend, const char *what)
{
    struct dh_repairs *repairs = mend->repairs;
    if (!repairs)
        return;
    size_t used = strlen(repairs->text);
    snprintf(repairs->text + used, sizeof(repairs->text) - used, "%s%s: %s", used ? "; " : "",
             mend->attribute, what);
    repairs->count++;
}

static enum dh_status no_memory(struct dh_mend *mend)
{
    return dh_fail(mend->err, DH_MEMORY, "out of memory");
}

static enum dh_status no_way(struct dh_mend *mend, const char *wanted)
{
    enum dh_status status = dh_fail(mend->err, DH_INVALID, "%s is no %s", mend->attribute, wanted);
    dh_err_field(mend->err, dh_str(mend->attribute));
    return status;
}

/* Replaces *value by `other`, which is taken over; false when there is no `other`. */
static bool replace(struct json_object **value, struct json_object *other)
{
    if (!other)
        return false;
    json_object_put(*value);
    *value = other;
    return true;
}

static bool text_or_number(struct json_object *value)
{
    enum json_type type = json_object_get_type(value);
    return type == json_type_string || type == json_type_int || type == json_type_double;
}

bool dh_mend_text(struct json_object **value)
{
    if (json_object_is_type(*value, json_type_string))
        return true;
    if (!text_or_number(*value) && !json_object_is_type(*value, json_type_boolean))
        return false;
    struct dh_buf text;
    dh_buf_init(&text, DH_RECORD_MAX);
    dh_json_write(&text, *value, DH_JSON_PLAIN);
    struct dh_str s = dh_buf_view(&text);
    if (dh_str_ends(s, DH_STR("e0"))) /* how the parser marks an integer beyond 64 bits */
        s.len -= 2;
    bool done = !text.status && replace(value, dh_json_new_str(s));
    dh_buf_release(&text);
    return done;
}

struct json_object *dh_mend_object_of(const char *key, struct json_object *text)
{
    struct json_object *owned = json_object_get(text);
    struct json_object *object = NULL;
    if (key && text_or_number(text) && dh_mend_text(&owned))
        object = json_object_new_object();
    if (!object || json_object_object_add(object, key, owned) != 0) {
        json_object_put(owned);
        json_object_put(object);
        return NULL;
    }
    return object;
}

static bool append(struct json_object *array, struct json_object *element)
{
    if (element && json_object_array_add(array, element) == 0)
        return true;
    json_object_put(element);
    return false;
}

static bool only_objects(struct json_object *array)
{
    for (size_t i = 0; i < json_object_array_length(array); i++)
        if (!json_object_is_type(json_object_array_get_idx(array, i), json_type_object))
            return false;
    return true;
}

/* A new array of the elements that are objects or can be made into one. */
static struct json_object *objects_of(struct dh_mend *mend, const char *key,
                                      struct json_object *array)
{
    struct json_object *out = json_object_new_array();
    for (size_t i = 0; out && i < json_object_array_length(array); i++) {
        struct json_object *element = json_object_array_get_idx(array, i);
        if (json_object_is_type(element, json_type_object)) {
            if (!append(out, json_object_get(element))) {
                json_object_put(out);
                return NULL;
            }
            continue;
        }
        bool made = append(out, dh_mend_object_of(key, element));
        dh_mend_note(mend, made ? "text in place of an object" : "element dropped");
    }
    return out;
}

enum dh_status dh_mend_list(struct dh_mend *mend, const char *key, struct json_object **value)
{
    if (json_object_is_type(*value, json_type_array)) {
        if (only_objects(*value))
            return DH_OK;
        return replace(value, objects_of(mend, key, *value)) ? DH_OK : no_memory(mend);
    }
    struct json_object *list = json_object_new_array();
    if (!list)
        return no_memory(mend);
    if (!*value) {
        dh_mend_note(mend, "null in place of a list");
    } else if (json_object_is_type(*value, json_type_object)) {
        append(list, json_object_get(*value));
        dh_mend_note(mend, "object in place of a list");
    } else if (append(list, dh_mend_object_of(key, *value))) {
        dh_mend_note(mend, "text in place of a list");
    } else {
        json_object_put(list);
        return no_way(mend, "list of objects");
    }
    replace(value, list);
    return DH_OK;
}

static enum dh_status mend_objects(struct dh_mend *mend, enum dh_attribute a,
                                   struct json_object **value)
{
    enum dh_status status = dh_mend_list(mend, main_keys[a], value);
    bool people = a == DH_ATTR_CREATORS || a == DH_ATTR_CONTRIBUTORS;
    for (size_t i = 0; !status && people && i < json_object_array_length(*value); i++)
        status = dh_mend_person(mend, json_object_array_get_idx(*value, i));
    if (!status && a == DH_ATTR_GEO_LOCATIONS)
        dh_mend_places(mend, *value);
    return status;
}

static enum dh_status mend_text(struct dh_mend *mend, enum dh_attribute a,
                                struct json_object **value)
{
    (void)a;
    if (!*value || json_object_is_type(*value, json_type_string))
        return DH_OK;
    if (!dh_mend_text(value))
        return no_way(mend, "text");
    dh_mend_note(mend, "number in place of a text");
    return DH_OK;
}

/* As Ruby casts: the leading digits of a text, nothing of a blank one. */
static enum dh_status mend_integer(struct dh_mend *mend, enum dh_attribute a,
                                   struct json_object **value)
{
    (void)a;
    enum json_type type = json_object_get_type(*value);
    if (!*value || type == json_type_int)
        return DH_OK;
    struct dh_str text = dh_json_str(*value);
    if (type == json_type_string && dh_str_blank(text)) {
        json_object_put(*value);
        *value = NULL;
    } else if (type == json_type_string || type == json_type_double) {
        int64_t number =
            type == json_type_string ? dh_str_integer(text) : json_object_get_int64(*value);
        if (!replace(value, json_object_new_int64(number)))
            return no_memory(mend);
    } else {
        return no_way(mend, "integer");
    }
    dh_mend_note(mend, "text in place of an integer");
    return DH_OK;
}

static enum dh_status mend_boolean(struct dh_mend *mend, enum dh_attribute a,
                                   struct json_object **value)
{
    (void)a;
    if (!*value || json_object_is_type(*value, json_type_boolean))
        return DH_OK;
    if (!dh_mend_text(value))
        return no_way(mend, "boolean");
    struct dh_str text = dh_json_str(*value);
    bool yes = dh_str_equal(text, DH_STR("true")) || dh_str_equal(text, DH_STR("1"));
    bool no = dh_str_equal(text, DH_STR("false")) || dh_str_equal(text, DH_STR("0"));
    if (!yes && !no)
        return no_way(mend, "boolean");
    dh_mend_note(mend, "text in place of a boolean");
    return replace(value, json_object_new_boolean(yes)) ? DH_OK : no_memory(mend);
}

/* The only element of a list, or nothing: somebody wrote a list where one object belongs. */
static void unwrap(struct dh_mend *mend, struct json_object **value)
{
    if (!json_object_is_type(*value, json_type_array) || json_object_array_length(*value) > 1)
        return;
    struct json_object *element = json_object_get(json_object_array_get_idx(*value, 0));
    json_object_put(*value);
    *value = element;
    dh_mend_note(mend, "list in place of an object");
}

static enum dh_status mend_object(struct dh_mend *mend, enum dh_attribute a,
                                  struct json_object **value)
{
    unwrap(mend, value);
    if (json_object_is_type(*value, json_type_object))
        return DH_OK;
    if (!*value && dh_attributes[a].shape == DH_SHAPE_OBJECT_NULL)
        return DH_OK;
    if (!*value) {
        dh_mend_note(mend, "null in place of an object");
        *value = json_object_new_object();
        return *value ? DH_OK : no_memory(mend);
    }
    mend->publisher_text |= a == DH_ATTR_PUBLISHER;
    return replace(value, dh_mend_object_of(main_keys[a], *value)) ? DH_OK : no_way(mend, "object");
}

static enum dh_status mend_texts(struct dh_mend *mend, enum dh_attribute a,
                                 struct json_object **value)
{
    if (!*value && dh_attributes[a].shape == DH_SHAPE_TEXTS_NULL)
        return DH_OK;
    bool array = json_object_is_type(*value, json_type_array);
    struct json_object *list = json_object_new_array();
    if (!list)
        return no_memory(mend);
    if (!array)
        dh_mend_note(mend, "no list");
    size_t count = array ? json_object_array_length(*value) : *value != NULL;
    for (size_t i = 0; i < count; i++) {
        struct json_object *text =
            json_object_get(array ? json_object_array_get_idx(*value, i) : *value);
        if (text_or_number(text) && dh_mend_text(&text)) {
            append(list, text);
            continue;
        }
        json_object_put(text);
        dh_mend_note(mend, "element dropped");
    }
    json_object_put(*value);
    *value = list;
    return DH_OK;
}

/* Depth is bounded so that mending, which may add a level, never passes what can be parsed again.
 */
static bool sound(struct json_object *value, int depth)
{
    if (depth > DH_RECORD_DEPTH_MAX)
        return false;
    if (json_object_is_type(value, json_type_double))
        return isfinite(json_object_get_double(value)) || json_object_get_userdata(value);
    if (json_object_is_type(value, json_type_array))
        for (size_t i = 0; i < json_object_array_length(value); i++)
            if (!sound(json_object_array_get_idx(value, i), depth + 1))
                return false;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member)
        {
            (void)key;
            if (!sound(member, depth + 1))
                return false;
        }
    }
    return true;
}

enum dh_status dh_mend_value(struct dh_mend *mend, enum dh_attribute a, struct json_object **value)
{
    typedef enum dh_status (*mender)(struct dh_mend *, enum dh_attribute, struct json_object **);
    static const mender menders[] = {
        [DH_SHAPE_TEXT] = mend_text,          [DH_SHAPE_INTEGER] = mend_integer,
        [DH_SHAPE_BOOLEAN] = mend_boolean,    [DH_SHAPE_OBJECT] = mend_object,
        [DH_SHAPE_OBJECT_NULL] = mend_object, [DH_SHAPE_OBJECTS] = mend_objects,
        [DH_SHAPE_TEXTS] = mend_texts,        [DH_SHAPE_TEXTS_NULL] = mend_texts,
    };
    mend->attribute = dh_attributes[a].name;
    if (!sound(*value, 0))
        return no_way(mend, "metadata: nested too deep, or not a number");
    return menders[dh_attributes[a].shape](mend, a, value);
}
