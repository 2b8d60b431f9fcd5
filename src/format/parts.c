#include "format/parts.h"

#include "format/ids.h"

/* ---- looking into a tree -------------------------------------------------------------------- */

bool dh_present(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        return false;
    case json_type_string:
        return !dh_str_blank(dh_json_str(value));
    case json_type_array:
        return json_object_array_length(value) > 0;
    case json_type_object:
        return json_object_object_length(value) > 0;
    default:
        return true;
    }
}

struct dh_str dh_text_of(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_string:
        return dh_json_str(value);
    case json_type_int:
    case json_type_double:
        return dh_str(json_object_get_string(value));
    default:
        return DH_STR_NONE;
    }
}

struct dh_str dh_text(struct json_object *object, const char *key)
{
    return dh_text_of(dh_json_get(object, key));
}

struct dh_str dh_text_present(struct json_object *object, const char *key)
{
    struct dh_str text = dh_text(object, key);
    return dh_str_blank(text) ? DH_STR_NONE : text;
}

size_t dh_count_of(struct json_object *list)
{
    if (json_object_is_type(list, json_type_array))
        return json_object_array_length(list);
    return dh_present(list);
}

struct json_object *dh_at(struct json_object *list, size_t i)
{
    if (json_object_is_type(list, json_type_array))
        return json_object_array_get_idx(list, i);
    return i == 0 ? list : NULL;
}

/* ---- of a record ---------------------------------------------------------------------------- */

/* The text of an entry that is {key: text}, or a bare text. */
static struct dh_str entry_text(struct json_object *entry, const char *key)
{
    return json_object_is_type(entry, json_type_object) ? dh_text(entry, key) : dh_text_of(entry);
}

struct dh_str dh_first_title(struct json_object *metadata)
{
    return entry_text(dh_at(dh_json_get(metadata, "titles"), 0), "title");
}

struct dh_str dh_publisher_name(struct json_object *metadata)
{
    return entry_text(dh_json_get(metadata, "publisher"), "name");
}

struct dh_str dh_type_of(struct json_object *metadata, const char *key)
{
    return dh_text(dh_json_get(metadata, "types"), key);
}

struct dh_str dh_date_of(struct json_object *metadata, const char *type)
{
    struct json_object *dates = dh_json_get(metadata, "dates");
    for (size_t i = 0; i < dh_count_of(dates); i++)
        if (dh_str_equal(dh_text(dh_at(dates, i), "dateType"), dh_str(type)))
            return dh_text(dh_at(dates, i), "date");
    return DH_STR_NONE;
}

struct dh_str dh_abstract(struct json_object *metadata)
{
    struct json_object *list = dh_json_get(metadata, "descriptions");
    for (size_t i = 0; i < dh_count_of(list); i++)
        if (dh_str_equal(dh_text(dh_at(list, i), "descriptionType"), DH_STR("Abstract")))
            return dh_text(dh_at(list, i), "description");
    return DH_STR_NONE;
}

struct dh_str dh_first_description(struct json_object *metadata)
{
    return entry_text(dh_at(dh_json_get(metadata, "descriptions"), 0), "description");
}

struct json_object *dh_container(struct json_object *metadata)
{
    struct json_object *container = dh_json_get(metadata, "container");
    return dh_present(container) ? container : NULL;
}

struct dh_str dh_pages(struct json_object *metadata, struct dh_arena *arena)
{
    struct json_object *container = dh_container(metadata);
    struct dh_str first = dh_text_present(container, "firstPage");
    struct dh_str last = dh_text_present(container, "lastPage");
    if (!first.ptr || !last.ptr)
        return first;
    return DH_ARENA_JOIN(arena, first, DH_STR("-"), last);
}

/* ---- texts put together --------------------------------------------------------------------- */

/* The result in the arena; ptr NULL when the buffer failed. Releases the buffer. */
static struct dh_str settle(struct dh_buf *buf, struct dh_arena *arena)
{
    struct dh_str text = DH_STR_NONE;
    if (!buf->status)
        text = dh_arena_copy(arena, buf->len ? dh_buf_view(buf) : DH_STR(""));
    dh_buf_release(buf);
    return text;
}

/* One author; false when there is nothing to name. */
static bool add_author(struct dh_buf *buf, struct json_object *creator)
{
    struct dh_str family = dh_text_present(creator, "familyName");
    struct dh_str name = dh_text_present(creator, "name");
    if (family.ptr) {
        dh_buf_str(buf, family);
        dh_buf_text(buf, ", ");
        dh_buf_str(buf, dh_text(creator, "givenName"));
    } else if (name.ptr) {
        bool bare = dh_str_equal(dh_text(creator, "type"), DH_STR("Person"));
        dh_buf_text(buf, bare ? "" : "{");
        dh_buf_str(buf, name);
        dh_buf_text(buf, bare ? "" : "}");
    }
    return family.ptr || name.ptr;
}

struct dh_str dh_authors_text(struct json_object *metadata, struct dh_arena *arena)
{
    static const char and[] = " and ";
    struct json_object *creators = dh_json_get(metadata, "creators");
    struct dh_buf buf;
    if (!dh_count_of(creators))
        return DH_STR_NONE;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    for (size_t i = 0; i < dh_count_of(creators); i++) {
        size_t before = buf.len;
        if (before)
            dh_buf_text(&buf, and);
        if (!add_author(&buf, dh_at(creators, i)))
            buf.len = before;
    }
    return settle(&buf, arena);
}

struct dh_str dh_keywords(struct json_object *metadata, const char *separator,
                          struct dh_arena *arena)
{
    struct json_object *subjects = dh_json_get(metadata, "subjects");
    struct dh_buf buf;
    if (!dh_count_of(subjects))
        return DH_STR_NONE;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    for (size_t i = 0; i < dh_count_of(subjects); i++) {
        if (i)
            dh_buf_text(&buf, separator);
        dh_buf_str(&buf, entry_text(dh_at(subjects, i), "subject"));
    }
    return settle(&buf, arena);
}

struct dh_str dh_doi_id(struct json_object *metadata, struct dh_arena *arena)
{
    struct dh_str doi = dh_text(metadata, "doi");
    struct dh_str id = doi.ptr ? dh_id_doi_url(arena, doi) : DH_STR_NONE;
    return id.ptr ? id : dh_id_doi_url(arena, dh_text(metadata, "id"));
}

/* ---- building JSON -------------------------------------------------------------------------- */

void dh_put(struct json_object *object, const char *key, struct json_object *value)
{
    if (value && (!object || json_object_object_add(object, key, value)))
        json_object_put(value);
}

void dh_put_string(struct json_object *object, const char *key, struct dh_str text)
{
    if (text.ptr)
        dh_put(object, key, dh_json_new_str(text));
}

void dh_put_ref(struct json_object *object, const char *key, struct json_object *value)
{
    dh_put(object, key, json_object_get(value));
}

struct json_object *dh_unwrap(struct json_object *array)
{
    size_t count = array ? json_object_array_length(array) : 0;
    if (count > 1)
        return array;
    struct json_object *only = count ? json_object_get(json_object_array_get_idx(array, 0)) : NULL;
    json_object_put(array);
    return only;
}
