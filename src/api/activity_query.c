/* `query` over activities: a document per activity, and which subjects a query insists on. */
#include "api/query.h"
#include "base/limits.h"

/* ---- the document --------------------------------------------------------------------------- */

static struct dh_str action_name(enum dh_action action)
{
    static const char *const names[] = {
        [DH_ACTION_CREATE] = "create",
        [DH_ACTION_UPDATE] = "update",
        [DH_ACTION_DESTROY] = "destroy",
    };
    return dh_str(names[action]);
}

/* The names of upstream's tables. */
static struct dh_str kind_name(enum dh_activity_kind kind)
{
    static const char *const names[DH_OF__ANY] = {
        [DH_OF_DOI] = "DataciteDoi",
        [DH_OF_PROVIDER] = "Provider",
        [DH_OF_CLIENT] = "Client",
    };
    return dh_str(names[kind]);
}

static struct dh_str time_text(struct dh_arena *arena, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    size_t len = dh_time_format(time, true, text);
    return dh_arena_copy(arena, (struct dh_str){text, len});
}

/* The text of a source; ptr NULL when it has none, or out of memory. */
static struct dh_str text_of(const struct dh_activity *activity, enum dh_source source,
                             struct dh_arena *arena)
{
    switch (source) {
    case DH_SOURCE_ACTIVITY_UUID:
        return activity->uuid;
    case DH_SOURCE_ACTIVITY_UID:
        return activity->subject;
    case DH_SOURCE_ACTIVITY_AUDITABLE_TYPE:
        return kind_name(activity->kind);
    case DH_SOURCE_ACTIVITY_USERNAME:
        return activity->user;
    case DH_SOURCE_ACTIVITY_ACTION:
        return action_name(activity->action);
    case DH_SOURCE_ACTIVITY_VERSION:
        return dh_arena_format(arena, "%d", activity->version);
    case DH_SOURCE_ACTIVITY_CREATED:
        return time_text(arena, activity->time);
    default:
        return DH_STR_NONE;
    }
}

static enum dh_status activity_values(void *context, enum dh_source source, struct dh_str **values,
                                      size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str text = text_of(context, source, arena);
    *count = 0;
    *values = dh_arena_array(arena, 2, sizeof(**values));
    if (!*values)
        return dh_fail(err, DH_MEMORY, "Out of memory.");
    return text.ptr ? dh_value_terms(text, dh_sources[source].type, *values, count, arena, err)
                    : DH_OK;
}

static enum dh_status match(void *context, const struct dh_activity *activity, bool *matches,
                            struct dh_err *err)
{
    double score;
    return dh_matcher_try(context, activity_values, (void *)activity, matches, &score, err);
}

/* ---- what a query insists on ---------------------------------------------------------------- */

/* Subjects one of which every match has. */
struct insisted {
    struct dh_str *subjects;
    size_t count;
};

static bool insists(const struct dh_node *node, struct insisted *out);

/* A value that the field never has insists on none at all. */
static bool leaf_insists(const struct dh_node *node, struct insisted *out)
{
    enum dh_source source =
        node->field && node->field->source_count ? node->field->sources[0] : DH_SOURCE__N;
    if (node->kind == DH_NODE_NONE)
        return true;
    if (node->kind != DH_NODE_TERM)
        return false;
    if (source == DH_SOURCE_ACTIVITY_UID) {
        if (out->count < DH_LIST_ITEMS_MAX)
            out->subjects[out->count++] = node->value;
        return out->count < DH_LIST_ITEMS_MAX;
    }
    if (source == DH_SOURCE_ACTIVITY_USERNAME) /* no symbol has a slash, every DOI has */
        return dh_str_find(node->value, '/') < node->value.len;
    for (enum dh_action a = DH_ACTION_CREATE; a <= DH_ACTION_DESTROY; a++)
        if (dh_str_equal(action_name(a), node->value))
            return false;
    return source == DH_SOURCE_ACTIVITY_ACTION;
}

/* Every one of the alternatives has to insist; of several conditions the first that does counts. */
static bool insists(const struct dh_node *node, struct insisted *out)
{
    size_t before = out->count, musts = 0, alternatives = 0;
    bool best = node->kind == DH_NODE_BEST;
    if (!best && node->kind != DH_NODE_BOOL)
        return leaf_insists(node, out);
    for (size_t i = 0; i < node->node_count; i++) {
        alternatives += best || node->nodes[i]->occur == DH_OCCUR_SHOULD;
        if (best || node->nodes[i]->occur != DH_OCCUR_MUST)
            continue;
        musts++;
        if (insists(node->nodes[i], out))
            return true;
        out->count = before;
    }
    for (size_t i = 0; !musts && i < node->node_count; i++)
        if ((best || node->nodes[i]->occur == DH_OCCUR_SHOULD) && !insists(node->nodes[i], out))
            return false;
    return !musts && alternatives;
}

bool dh_activity_query_read(struct dh_call *call, struct dh_str text,
                            struct dh_activity_search *search, bool *empty)
{
    struct dh_query query;
    struct dh_matcher *matcher = NULL;
    struct insisted insisted = {
        .subjects = dh_arena_array(call->arena, DH_LIST_ITEMS_MAX, sizeof(struct dh_str))};
    if (!insisted.subjects) {
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
        return false;
    }
    if (!dh_query_read(call, DH_QUERY_ACTIVITIES, text, &query, &matcher))
        return false;
    search->match = match;
    search->context = matcher;
    search->findable = !call->api->options.owner;
    if (!search->subject_count && insists(query.root, &insisted)) {
        search->subjects = insisted.subjects;
        search->subject_count = insisted.count;
        *empty = *empty || !insisted.count;
    }
    return true;
}
