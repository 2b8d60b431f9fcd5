/* What an activity shows: provenance in PROV terms, and what was changed. */
#include "api/activity_show.h"

/* ---- changes --------------------------------------------------------------------------------- */

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

/* The stored object with its publisher renamed, in the form asked for, and last. */
static enum dh_status put_changes(struct dh_call *call, struct dh_str text)
{
    struct json_object *changes = NULL, *publisher = NULL;
    bool rich = dh_str_equal(dh_params_get(call->params, "publisher", NULL), DH_STR("true"));
    bool has = false;
    enum dh_status status = dh_json_parse(text, &changes, &call->err);
    if (status)
        return dh_fail(&call->err, DH_CORRUPT, "The changes of an activity cannot be read.");
    dh_key(call->out, "changes");
    dh_buf_char(call->out, '{');
    if (json_object_is_type(changes, json_type_object)) {
        json_object_object_foreach(changes, key, value)
        {
            bool object = strcmp(key, "publisher_obj") == 0;
            if (object || strcmp(key, "publisher") == 0) {
                publisher = object || !has ? value : publisher;
                has = true;
            } else {
                dh_put_json(call->out, key, value);
            }
        }
    }
    if (has)
        put_publishers(call->out, publisher, rich);
    dh_buf_char(call->out, '}');
    json_object_put(changes);
    return DH_OK;
}

/* ---- the resource ---------------------------------------------------------------------------- */

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
    dh_put_str(out, "prov:wasGeneratedBy",
               dh_arena_format(call->arena, "%.*s/activities/%.*s", DH_STR_ARG(call->request->base),
                               DH_STR_ARG(activity->uuid)));
    dh_put_time(out, "prov:generatedAtTime", activity->time, millis);
    dh_put_str(out, "prov:wasDerivedFrom", derived_from(call, activity));
    dh_put_str(out, "prov:wasAttributedTo", attributed_to(call, activity->user));
    dh_put_text(out, "action", actions[activity->action]);
    dh_put_int(out, "version", activity->version);
    enum dh_status status = put_changes(call, activity->changes);
    dh_buf_text(out, "}}");
    return status;
}
