/* `query` over events: a document per event, and the DOIs or types that a query insists on. */
#include "api/events.h"
#include "api/query.h"

/* ---- the document --------------------------------------------------------------------------- */

struct texts {
    struct dh_str items[2];
    size_t count;
};

static struct texts one(struct dh_str text)
{
    return (struct texts){.items = {text}, .count = text.ptr != NULL};
}

static struct dh_str time_text(struct dh_arena *arena, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    if (time == DH_TIME_NONE)
        return DH_STR_NONE;
    size_t len = dh_time_format(time, true, text);
    return dh_arena_copy(arena, (struct dh_str){text, len});
}

typedef struct texts text_fn(const struct dh_event *event, struct dh_arena *arena);

static struct texts uuid_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(event->uuid);
}

static struct texts subject_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(dh_doi_url(arena, event->subject));
}

static struct texts object_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(dh_doi_url(arena, event->object));
}

static struct dh_str as_is(struct dh_str doi)
{
    return doi;
}

/* Of those sides that are DOIs. */
static struct texts dois_of(const struct dh_event *event, struct dh_str (*part)(struct dh_str))
{
    struct texts texts = {.count = 0};
    if (dh_str_starts(event->subject, DH_STR("10.")))
        texts.items[texts.count++] = part(event->subject);
    if (dh_str_starts(event->object, DH_STR("10.")))
        texts.items[texts.count++] = part(event->object);
    return texts;
}

static struct texts doi_texts(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return dois_of(event, as_is);
}

static struct texts prefix_texts(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return dois_of(event, dh_doi_prefix);
}

static struct texts source_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(event->source);
}

static struct texts type_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(dh_event_relation(arena, event));
}

static struct texts source_doi_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_event_end(event, true));
}

static struct texts target_doi_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_event_end(event, false));
}

static struct texts source_type_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_str(dh_event_end_type(event, true)));
}

static struct texts target_type_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_str(dh_event_end_type(event, false)));
}

static struct texts action_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_event_action(event));
}

static struct texts license_text(const struct dh_event *event, struct dh_arena *arena)
{
    (void)arena;
    return one(dh_event_license(event));
}

static struct texts total_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(dh_arena_format(arena, "%lld", (long long)event->total));
}

static struct texts occurred_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(time_text(arena, event->occurred));
}

static struct texts created_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(time_text(arena, event->created));
}

static struct texts updated_text(const struct dh_event *event, struct dh_arena *arena)
{
    return one(time_text(arena, event->updated));
}

static struct texts month_text(const struct dh_event *event, struct dh_arena *arena)
{
    struct dh_str text = time_text(arena, event->occurred);
    size_t month = sizeof("2018-08") - 1;
    return one((struct dh_str){text.ptr, text.len > month ? month : 0});
}

static const struct {
    enum dh_source source;
    text_fn *text;
} rows[] = {
    {DH_SOURCE_EVENT_UUID, uuid_text},
    {DH_SOURCE_EVENT_SUBJ_ID, subject_text},
    {DH_SOURCE_EVENT_OBJ_ID, object_text},
    {DH_SOURCE_EVENT_DOI, doi_texts},
    {DH_SOURCE_EVENT_PREFIX, prefix_texts},
    {DH_SOURCE_EVENT_SOURCE_ID, source_text},
    {DH_SOURCE_EVENT_RELATION_TYPE_ID, type_text},
    {DH_SOURCE_EVENT_SOURCE_DOI, source_doi_text},
    {DH_SOURCE_EVENT_TARGET_DOI, target_doi_text},
    {DH_SOURCE_EVENT_SOURCE_RELATION_TYPE_ID, source_type_text},
    {DH_SOURCE_EVENT_TARGET_RELATION_TYPE_ID, target_type_text},
    {DH_SOURCE_EVENT_MESSAGE_ACTION, action_text},
    {DH_SOURCE_EVENT_LICENSE, license_text},
    {DH_SOURCE_EVENT_TOTAL, total_text},
    {DH_SOURCE_EVENT_OCCURRED_AT, occurred_text},
    {DH_SOURCE_EVENT_CREATED_AT, created_text},
    {DH_SOURCE_EVENT_UPDATED_AT, updated_text},
    {DH_SOURCE_EVENT_YEAR_MONTH, month_text},
};

static enum dh_status event_values(void *context, enum dh_source source, struct dh_str **values,
                                   size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    struct texts texts = {0};
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].source == source)
            texts = rows[i].text(context, arena);
    *count = 0;
    *values = dh_arena_array(arena, 4, sizeof(**values));
    if (!*values)
        return dh_fail(err, DH_MEMORY, "Out of memory.");
    for (size_t i = 0; i < texts.count && !status; i++) {
        size_t made = 0;
        status = dh_value_terms(texts.items[i], dh_sources[source].type, *values + *count, &made,
                                arena, err);
        *count += made;
    }
    return status;
}

static enum dh_status keep(void *context, struct dh_event *event, bool *kept, struct dh_err *err)
{
    return dh_matcher_try(context, event_values, event, kept, &event->score, err);
}

/* ---- what a query insists on ---------------------------------------------------------------- */

typedef struct dh_str value_fn(struct dh_arena *arena, struct dh_str value);

static struct dh_str as_it_is(struct dh_arena *arena, struct dh_str value)
{
    (void)arena;
    return value;
}

static struct dh_str doi_or_url(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str doi = dh_doi_parse(arena, value);
    return doi.ptr ? doi : value;
}

static struct dh_str relation_or_text(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str relation = dh_relation_of(arena, value);
    return relation.ptr ? relation : value;
}

/* A filter of one value; of none, which matches nothing, when it is no value of its kind. */
static bool insist(struct dh_call *call, enum dh_event_field field, struct dh_str value,
                   struct dh_event_filter *out)
{
    struct dh_str *values = dh_arena_array(call->arena, 1, sizeof(*values));
    if (!values)
        return false;
    values[0] = value;
    *out = (struct dh_event_filter){
        .field = field, .values = values, .value_count = value.ptr != NULL};
    return true;
}

/* Without such a filter every event of the store has to be tried. */
static bool insists_leaf(struct dh_call *call, const struct dh_node *node,
                         struct dh_event_filter *out)
{
    static const struct {
        enum dh_source source;
        enum dh_event_field field;
        value_fn *value;
    } fields[] = {
        {DH_SOURCE_EVENT_UUID, DH_EVENT_UUID, as_it_is},
        {DH_SOURCE_EVENT_SUBJ_ID, DH_EVENT_SUBJECT, doi_or_url},
        {DH_SOURCE_EVENT_OBJ_ID, DH_EVENT_OBJECT, doi_or_url},
        {DH_SOURCE_EVENT_DOI, DH_EVENT_DOI, dh_doi_parse},
        {DH_SOURCE_EVENT_SOURCE_DOI, DH_EVENT_SOURCE_DOI, dh_doi_parse},
        {DH_SOURCE_EVENT_TARGET_DOI, DH_EVENT_TARGET_DOI, dh_doi_parse},
        {DH_SOURCE_EVENT_PREFIX, DH_EVENT_PREFIX, as_it_is},
        {DH_SOURCE_EVENT_SOURCE_ID, DH_EVENT_SOURCE, as_it_is},
        {DH_SOURCE_EVENT_RELATION_TYPE_ID, DH_EVENT_TYPE, relation_or_text},
    };
    if (node->kind != DH_NODE_TERM || !node->field || node->field->source_count != 1)
        return false;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (node->field->sources[0] == fields[i].source)
            return insist(call, fields[i].field, fields[i].value(call->arena, node->value), out);
    return false;
}

/* One value in all default fields: a DOI's URL can only be a side, a relation only a type. */
static bool insists_best(struct dh_call *call, const struct dh_node *node,
                         struct dh_event_filter *out)
{
    struct dh_str value = node->node_count ? node->nodes[0]->value : DH_STR_NONE;
    for (size_t i = 0; i < node->node_count; i++)
        if (node->nodes[i]->kind != DH_NODE_TERM || !dh_str_equal(node->nodes[i]->value, value))
            return false;
    struct dh_str relation = dh_relation_of(call->arena, value);
    if (relation.ptr)
        return insist(call, DH_EVENT_TYPE, relation, out);
    return dh_str_starts(value, DH_STR("https://doi.org/10.")) &&
           insist(call, DH_EVENT_DOI, dh_doi_parse(call->arena, value), out);
}

static bool insists(struct dh_call *call, const struct dh_node *node, struct dh_event_filter *out)
{
    if (node->kind == DH_NODE_BEST)
        return insists_best(call, node, out);
    if (node->kind != DH_NODE_BOOL)
        return insists_leaf(call, node, out);
    for (size_t i = 0; i < node->node_count; i++)
        if (node->nodes[i]->occur == DH_OCCUR_MUST && insists(call, node->nodes[i], out))
            return true;
    return false;
}

bool dh_event_query_read(struct dh_call *call, struct dh_str text, struct dh_event_search *search,
                         struct dh_event_filter *room)
{
    struct dh_query query;
    struct dh_matcher *matcher = NULL;
    if (!dh_query_read(call, DH_QUERY_EVENTS, text, &query, &matcher))
        return false;
    search->keep = keep;
    search->context = matcher;
    search->filter_count += insists(call, query.root, room);
    return true;
}
