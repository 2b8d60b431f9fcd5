/* What an activity shows: provenance in PROV terms, and what was changed. */
#include "api/activity_show.h"

#include <stdlib.h>

/* ---- changes -------------------------------------------------------------------------------- */

/* A publisher in the form asked for: its name, or the object. */
static void put_publisher(struct dh_buf *out, struct json_object *value, bool rich)
{
    bool object = json_object_is_type(value, json_type_object);
    if (!rich && object) {
        dh_json_string_or_null(out, dh_json_member(value, "name"), DH_JSON_HTML);
    } else if (rich && json_object_is_type(value, json_type_string)) {
        dh_buf_char(out, '{');
        dh_put_str(out, "name", dh_json_str(value));
        dh_buf_char(out, '}');
    } else {
        dh_json_write(out, value, DH_JSON_HTML);
    }
}

/* The pair [old, new] of an update, or the one value of a creation. */
static void put_publishers(struct dh_buf *out, struct json_object *value, bool rich)
{
    dh_key(out, "publisher");
    if (!json_object_is_type(value, json_type_array)) {
        put_publisher(out, value, rich);
        return;
    }
    dh_buf_char(out, '[');
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        if (i)
            dh_buf_char(out, ',');
        put_publisher(out, json_object_array_get_idx(value, i), rich);
    }
    dh_buf_char(out, ']');
}

struct change {
    struct dh_str name;
    struct json_object *value;
};

/* Shorter names first, as upstream's database keeps them. */
static int compare_changes(const void *a, const void *b)
{
    struct dh_str left = ((const struct change *)a)->name, right = ((const struct change *)b)->name;
    if (left.len != right.len)
        return left.len < right.len ? -1 : 1;
    return dh_str_compare(left, right);
}

/* The members of the stored object in order, without the publisher, which goes to *publisher. */
static size_t order_changes(struct json_object *changes, struct change *out,
                            struct change *publisher)
{
    size_t count = 0;
    json_object_object_foreach(changes, key, value)
    {
        struct change change = {dh_str(key), value};
        bool object = dh_str_equal(change.name, DH_STR("publisher_obj"));
        if (!object && !dh_str_equal(change.name, DH_STR("publisher")))
            out[count++] = change;
        else if (object || !publisher->name.ptr)
            *publisher = change;
    }
    qsort(out, count, sizeof(*out), compare_changes);
    return count;
}

/* The stored object with its publisher renamed, in the form asked for, and last. */
static enum dh_status put_changes(struct dh_call *call, struct dh_str text)
{
    struct json_object *changes = NULL;
    bool rich = dh_str_equal(dh_params_get(call->params, "publisher", NULL), DH_STR("true"));
    enum dh_status status = dh_json_parse(text, &changes, &call->err);
    if (status)
        return dh_fail(&call->err, DH_CORRUPT, "The changes of an activity cannot be read.");
    bool object = json_object_is_type(changes, json_type_object);
    size_t most = object ? (size_t)json_object_object_length(changes) : 0, count = 0;
    struct change *ordered = dh_arena_array(call->arena, most, sizeof(*ordered)), publisher = {0};
    if (object && ordered)
        count = order_changes(changes, ordered, &publisher);
    dh_key(call->out, "changes");
    dh_buf_char(call->out, '{');
    for (size_t i = 0; i < count; i++)
        dh_put_json(call->out, ordered[i].name.ptr, ordered[i].value);
    if (publisher.name.ptr)
        put_publishers(call->out, publisher.value, rich);
    dh_buf_char(call->out, '}');
    json_object_put(changes);
    return ordered ? DH_OK : dh_fail(&call->err, DH_MEMORY, "Out of memory.");
}

/* ---- the resource --------------------------------------------------------------------------- */

static struct dh_str derived_from(struct dh_call *call, const struct dh_activity *activity)
{
    static const char *const folders[] = {
        [DH_OF_PROVIDER] = "/providers/",
        [DH_OF_CLIENT] = "/repositories/",
    };
    if (activity->kind == DH_OF_DOI)
        return dh_arena_format(call->arena, "https://doi.org/%.*s", DH_STR_ARG(activity->subject));
    return dh_arena_format(call->arena, "%.*s%s%.*s", DH_STR_ARG(call->request->base),
                           folders[activity->kind], DH_STR_ARG(activity->subject));
}

/* The symbols of repositories have a dot. */
static struct dh_str attributed_to(struct dh_call *call, struct dh_str user)
{
    if (!user.len)
        return DH_STR_NONE;
    bool repository = dh_str_find(user, '.') < user.len;
    return dh_arena_format(call->arena, "%.*s%s%.*s", DH_STR_ARG(call->request->base),
                           repository ? "/repositories/" : "/providers/", DH_STR_ARG(user));
}

/* What was taken over from another server stays that server's. */
static struct dh_str generated_by(struct dh_call *call, const struct dh_activity *activity)
{
    if (activity->origin.len)
        return activity->origin;
    return dh_arena_format(call->arena, "%.*s/activities/%.*s", DH_STR_ARG(call->request->base),
                           DH_STR_ARG(activity->uuid));
}

enum dh_status dh_put_activity(struct dh_call *call, const struct dh_activity *activity,
                               bool millis)
{
    static const char *const actions[] = {
        [DH_ACTION_CREATE] = "create",
        [DH_ACTION_UPDATE] = "update",
        [DH_ACTION_DESTROY] = "destroy",
    };
    struct dh_buf *out = call->out;
    dh_buf_char(out, '{');
    dh_put_str(out, "id", activity->uuid);
    dh_put_text(out, "type", "activities");
    dh_key(out, "attributes");
    dh_buf_char(out, '{');
    dh_put_str(out, "prov:wasGeneratedBy", generated_by(call, activity));
    dh_put_time(out, "prov:generatedAtTime", activity->time, millis);
    dh_put_str(out, "prov:wasDerivedFrom", derived_from(call, activity));
    dh_put_str(out, "prov:wasAttributedTo", attributed_to(call, activity->user));
    dh_put_text(out, "action", actions[activity->action]);
    dh_put_int(out, "version", activity->version);
    enum dh_status status = put_changes(call, activity->changes);
    dh_buf_text(out, "}}");
    return status;
}
