/* What an event shows, and the records on its two sides as `objects`. */
#include "api/events.h"
#include "api/filter_rule.h"

/* What DataCite's own events carry. */
#define LICENSE      "https://creativecommons.org/publicdomain/zero/1.0/"
#define SOURCE_TOKEN "28276d12-b320-41ba-9272-bb0adc3466ff"

static struct dh_str given(const struct dh_event *event, struct dh_str came, struct dh_str usual)
{
    if (!event->came)
        return usual;
    return came.len ? came : DH_STR_NONE;
}

struct dh_str dh_event_license(const struct dh_event *event)
{
    return given(event, event->license, DH_STR(LICENSE));
}

struct dh_str dh_event_action(const struct dh_event *event)
{
    return given(event, event->action, DH_STR("create"));
}

struct dh_str dh_event_relation(struct dh_arena *arena, const struct dh_event *event)
{
    if (event->type < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        return dh_relation_dashed(arena, event->type);
    return event->relation;
}

struct dh_str dh_doi_url(struct dh_arena *arena, struct dh_str doi)
{
    if (!dh_str_starts(doi, DH_STR("10.")))
        return doi;
    return dh_arena_format(arena, "https://doi.org/%.*s", DH_STR_ARG(doi));
}

/* ---- attributes ----------------------------------------------------------------------------- */

typedef void put_fn(struct dh_call *call, const char *name, const struct dh_event *event);

static void put_subject(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_doi_url(call->arena, event->subject));
}

static void put_object(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_doi_url(call->arena, event->object));
}

static void put_source(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, event->source);
}

static void put_type(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_event_relation(call->arena, event));
}

static void put_total(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_int(call->out, name, event->total);
}

static void put_action(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_event_action(event));
}

static void put_token(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, given(event, event->token, DH_STR(SOURCE_TOKEN)));
}

static void put_license(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_event_license(event));
}

static void put_occurred(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_time(call->out, name, event->occurred, true);
}

static void put_timestamp(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_time(call->out, name, event->updated, true);
}

struct dh_str dh_event_end(const struct dh_event *event, bool source)
{
    bool inverse;
    bool used = !source && dh_event_usage(event->relation);
    if (!used && dh_relation_edge(event->type, &inverse) == DH_EDGE_NONE)
        return DH_STR_NONE;
    struct dh_str end = used || inverse == source ? event->object : event->subject;
    return dh_str_starts(end, DH_STR("10.")) ? end : DH_STR_NONE;
}

const char *dh_event_end_type(const struct dh_event *event, bool source)
{
    static const char *const names[DH_EDGE__N][2] = {
        [DH_EDGE_REFERENCE] = {"citations", "references"},
        [DH_EDGE_PART] = {"part_of", "parts"},
        [DH_EDGE_VERSION] = {"version_of", "versions"},
    };
    bool inverse;
    const char *usage = source ? NULL : dh_event_usage(event->relation);
    return usage ? usage : names[dh_relation_edge(event->type, &inverse)][source];
}

static void put_source_doi(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_event_end(event, true));
}

static void put_target_doi(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_str(call->out, name, dh_event_end(event, false));
}

static void put_source_type(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_text(call->out, name, dh_event_end_type(event, true));
}

static void put_target_type(struct dh_call *call, const char *name, const struct dh_event *event)
{
    dh_put_text(call->out, name, dh_event_end_type(event, false));
}

/* In the order of either dialect; NULL: the legacy one has it not. */
static const struct {
    const char *names[2];
    put_fn *put;
} attributes[] = {
    {{"subj-id", "subjId"}, put_subject},
    {{"obj-id", "objId"}, put_object},
    {{"source-id", "sourceId"}, put_source},
    {{NULL, "targetDoi"}, put_target_doi},
    {{"relation-type-id", "relationTypeId"}, put_type},
    {{NULL, "sourceRelationTypeId"}, put_source_type},
    {{NULL, "targetRelationTypeId"}, put_target_type},
    {{"total", "total"}, put_total},
    {{"message-action", "messageAction"}, put_action},
    {{"source-token", "sourceToken"}, put_token},
    {{"license", "license"}, put_license},
    {{"occurred-at", "occurredAt"}, put_occurred},
    {{"timestamp", "timestamp"}, put_timestamp},
    {{NULL, "sourceDoi"}, put_source_doi},
};

void dh_put_event(struct dh_call *call, enum dh_dialect dialect, const struct dh_event *event)
{
    struct dh_buf *out = call->out;
    dh_buf_char(out, '{');
    dh_put_str(out, "id", event->uuid);
    dh_put_text(out, "type", "events");
    dh_key(out, "attributes");
    dh_buf_char(out, '{');
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (attributes[i].names[dialect])
            attributes[i].put(call, attributes[i].names[dialect], event);
    dh_buf_char(out, '}');
    dh_key(out, "relationships");
    dh_buf_char(out, '{');
    dh_put_to_one(out, "subj", dh_doi_url(call->arena, event->subject), "objects");
    dh_put_to_one(out, "obj", dh_doi_url(call->arena, event->object), "objects");
    dh_buf_text(out, "}}");
}

/* ---- counts --------------------------------------------------------------------------------- */

static const struct {
    const char *source, *title;
} sources[] = {
    {"datacite-related", "DataCite Related Identifiers"},
    {"datacite-crossref", "DataCite to Crossref"},
    {"datacite-kisti", "DataCite to KISTI"},
    {"datacite-medra", "DataCite to mEDRA"},
    {"datacite-jalc", "DataCite to JaLC"},
    {"datacite-istic", "DataCite to ISTIC"},
    {"datacite-airiti", "DataCite to Airiti"},
    {"datacite-cnki", "DataCite to CNKI"},
    {"datacite-op", "DataCite to OP"},
    {"crossref", "Crossref to DataCite"},
    {"datacite-usage", "DataCite Usage Stats"},
    {"datacite-resolution", "DataCite Resolution Stats"},
    {"datacite-url", "DataCite URL Links"},
    {"datacite-funder", "DataCite Funder Information"},
};

static struct dh_str source_title(struct dh_str source)
{
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        if (dh_str_equal(source, dh_str(sources[i].source)))
            return dh_str(sources[i].title);
    return source;
}

/* The members of meta in order; NULL: that dialect has it not. */
static const struct {
    enum dh_event_count count;
    const char *names[2], *inner[2];
} counts[] = {
    {DH_EVENT_SOURCES, {"sources", "sources"}, {NULL}},
    {DH_EVENT_OCCURRED_YEARS, {"occurred", "occurred"}, {NULL}},
    {DH_EVENT_CREATED_YEARS, {NULL, "created"}, {NULL}},
    {DH_EVENT_PREFIXES, {"prefixes", "prefixes"}, {NULL}},
    {DH_EVENT_KIND_PAIRS, {"citation-types", "citationTypes"}, {"year-months", "yearMonths"}},
    {DH_EVENT_TYPES, {"relation-types", "relationTypes"}, {"year-months", "yearMonths"}},
    {DH_EVENT_REGISTRANTS, {"registrants", "registrants"}, {"years", "years"}},
};

static void put_inner(struct dh_buf *out, const char *name, const struct dh_bucket *bucket)
{
    dh_key(out, name);
    dh_buf_char(out, '[');
    for (size_t i = 0; i < bucket->inner_count; i++) {
        dh_buf_text(out, i ? ",{" : "{");
        dh_put_str(out, "id", bucket->inner[i].key);
        dh_put_str(out, "title", bucket->inner[i].key);
        dh_put_int(out, "sum", bucket->inner[i].count);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}

static void put_bucket(struct dh_call *call, enum dh_event_count count, const char *inner,
                       const struct dh_bucket *bucket)
{
    struct dh_buf *out = call->out;
    struct dh_str id = bucket->key;
    if (count == DH_EVENT_TYPES &&
        dh_vocab_find(DH_VOCAB_RELATION_TYPE, id) < dh_vocab_count(DH_VOCAB_RELATION_TYPE))
        id = dh_item_dashed(call->arena, id);
    dh_buf_char(out, '{');
    dh_put_str(out, "id", id);
    dh_put_str(out, "title", count == DH_EVENT_SOURCES ? source_title(id) : id);
    dh_put_int(out, "count", bucket->count);
    if (inner)
        put_inner(out, inner, bucket);
    dh_buf_char(out, '}');
}

void dh_put_event_counts(struct dh_call *call, enum dh_dialect dialect,
                         const struct dh_event_page *page)
{
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (!counts[i].names[dialect])
            continue;
        dh_key(call->out, counts[i].names[dialect]);
        dh_buf_char(call->out, '[');
        for (size_t k = 0; k < page->counts[counts[i].count].count; k++) {
            if (k)
                dh_buf_char(call->out, ',');
            put_bucket(call, counts[i].count, counts[i].inner[dialect],
                       &page->counts[counts[i].count].buckets[k]);
        }
        dh_buf_char(call->out, ']');
    }
}
