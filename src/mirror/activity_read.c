#include "mirror/activity_read.h"

#include <inttypes.h>

/* The part behind the last slash. */
static struct dh_str last_segment(struct dh_str url)
{
    for (size_t i = url.len; i > 0; i--)
        if (url.ptr[i - 1] == '/')
            return dh_str_from(url, i);
    return url;
}

static bool read_action(struct dh_str name, enum dh_action *out)
{
    static const char *const names[] = {
        [DH_ACTION_CREATE] = "create",
        [DH_ACTION_UPDATE] = "update",
        [DH_ACTION_DESTROY] = "destroy",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (dh_str_equal(name, dh_str(names[i]))) {
            *out = (enum dh_action)i;
            return true;
        }
    return false;
}

/* Which of the subjects it is about; NULL when it is another one. An only one need not be named. */
static const struct dh_subject *find_subject(struct dh_arena *arena, struct dh_str url,
                                             const struct dh_subject *subjects, size_t count)
{
    struct dh_str doi = url.len ? dh_doi_parse(arena, url) : DH_STR_NONE;
    if (!doi.ptr)
        return count == 1 ? subjects : NULL;
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal(subjects[i].doi, doi))
            return &subjects[i];
    return NULL;
}

static bool is_uuid(struct dh_str text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !strchr("0123456789abcdef", c))
            return false;
    }
    return true;
}

/* The object as it came; ptr NULL out of memory. */
static struct dh_str changes_of(struct dh_arena *arena, struct json_object *attributes)
{
    struct json_object *changes = dh_json_get(attributes, "changes");
    struct dh_buf text;
    struct dh_str copy = DH_STR("{}");
    if (!json_object_is_type(changes, json_type_object))
        return copy;
    dh_buf_init(&text, DH_RECORD_MAX);
    dh_json_write(&text, changes, 0);
    copy = text.status ? DH_STR_NONE : dh_arena_copy(arena, dh_buf_view(&text));
    dh_buf_release(&text);
    return copy;
}

/* What is wrong with an item, a constant; NULL when it was read. */
static const char *read_item(struct dh_arena *arena, struct json_object *item,
                             struct dh_activity *out)
{
    struct json_object *attributes = dh_json_get(item, "attributes");
    struct dh_str user = dh_json_member(attributes, "prov:wasAttributedTo");
    struct dh_str time = dh_json_member(attributes, "prov:generatedAtTime");
    int64_t version = json_object_get_int64(dh_json_get(attributes, "version"));
    out->kind = DH_OF_DOI;
    out->uuid = dh_arena_lower(arena, dh_json_member(item, "id"));
    out->origin = dh_arena_copy(arena, dh_json_member(attributes, "prov:wasGeneratedBy"));
    out->user = user.len ? dh_arena_lower(arena, last_segment(user)) : DH_STR_NONE;
    if (!out->uuid.ptr || !is_uuid(out->uuid))
        return "an activity without a uuid";
    if (!read_action(dh_json_member(attributes, "action"), &out->action))
        return "an activity that is no creation, change or removal";
    if (!time.ptr || !dh_time_parse(time, &out->time))
        return "an activity without a time";
    if (version < 1 || version > DH_COUNTED_MAX)
        return "an activity without a version";
    if (!out->origin.len)
        return "an activity that names no origin";
    out->version = (int)version;
    out->changes = changes_of(arena, attributes);
    return out->changes.ptr ? NULL : "an activity that is too large";
}

static enum dh_status read_all(struct json_object *data, const struct dh_subject *subjects,
                               size_t count, struct dh_activities *out, struct dh_err *err)
{
    size_t length = json_object_array_length(data);
    out->items = dh_arena_array(&out->arena, length, sizeof(*out->items));
    if (!out->items)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < length; i++) {
        struct json_object *item = json_object_array_get_idx(data, i);
        struct dh_activity *activity = &out->items[out->count];
        struct dh_str about =
            dh_json_member(dh_json_get(item, "attributes"), "prov:wasDerivedFrom");
        const struct dh_subject *subject = find_subject(&out->arena, about, subjects, count);
        *activity = (struct dh_activity){0};
        if (!subject)
            return dh_fail(err, DH_UNSUPPORTED, "the server gives activities of other records");
        const char *why = read_item(&out->arena, item, activity);
        activity->subject = subject->doi;
        out->count += !why;
        out->bad += why != NULL;
        if (why)
            dh_fail(&out->why, DH_INVALID, "%s (%zu of the list)", why, i + 1);
    }
    return DH_OK;
}

enum dh_status dh_activities_read(struct dh_str body, const struct dh_subject *subjects,
                                  size_t count, struct dh_activities *out, struct dh_err *err)
{
    struct json_object *tree = NULL;
    struct dh_err why;
    *out = (struct dh_activities){0};
    dh_arena_init(&out->arena, DH_ARENA_MAX);
    if (dh_json_parse(body, &tree, &why))
        return dh_fail(err, DH_INVALID, "the answer is no JSON: %s", why.text);
    struct json_object *data = dh_json_get(tree, "data");
    struct json_object *total = dh_json_get(dh_json_get(tree, "meta"), "total");
    bool list =
        json_object_is_type(data, json_type_array) && json_object_is_type(total, json_type_int);
    enum dh_status status = DH_OK;
    if (!list)
        status = dh_fail(err, DH_INVALID, "the answer is no list with `data` and `meta.total`");
    else if (json_object_get_int64(total) > 0)
        out->total = (uint64_t)json_object_get_int64(total);
    if (!status)
        status = read_all(data, subjects, count, out, err);
    json_object_put(tree);
    return status;
}

void dh_activities_release(struct dh_activities *activities)
{
    dh_arena_release(&activities->arena);
}
