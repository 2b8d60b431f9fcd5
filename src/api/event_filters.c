/* Parameters of GET /events as a search: the table of filters, and sort. */
#include "api/events.h"
#include "api/filter_rule.h"

struct rule;

struct reading {
    struct dh_call *call;
    struct dh_filter_reading items; /* for dh_filter_items: arena and error */
    struct dh_event_filter *filters;
    size_t count;
};

typedef enum dh_status read_fn(struct reading *reading, const struct rule *rule,
                               struct dh_str value);
struct rule {
    enum dh_event_field field;
    read_fn *read;
    dh_filter_item *item;
};

/* ---- items ---------------------------------------------------------------------------------- */

static struct dh_str item_doi(struct dh_arena *arena, struct dh_str value)
{
    return dh_doi_parse(arena, value);
}

/* A side of an event that came may be a URL. */
static struct dh_str item_side(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str doi = dh_doi_parse(arena, value);
    return doi.ptr ? doi : dh_item_as_given(arena, dh_str_trim(value));
}

static struct dh_str item_as_given(struct dh_arena *arena, struct dh_str value)
{
    return dh_item_as_given(arena, value);
}

static struct dh_str item_lower_case(struct dh_arena *arena, struct dh_str value)
{
    return dh_item_lower_case(arena, dh_str_trim(value));
}

struct dh_str dh_relation_dashed(struct dh_arena *arena, size_t type)
{
    return dh_item_dashed(arena, dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, type)));
}

struct dh_str dh_relation_of(struct dh_arena *arena, struct dh_str text)
{
    struct dh_str wanted = dh_item_dashed(arena, text);
    for (size_t i = 0; i < dh_vocab_count(DH_VOCAB_RELATION_TYPE); i++)
        if (dh_str_equal_nocase(wanted, dh_relation_dashed(arena, i)))
            return dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, i));
    return DH_STR_NONE;
}

static struct dh_str item_relation(struct dh_arena *arena, struct dh_str value)
{
    struct dh_str relation = dh_relation_of(arena, value);
    return relation.ptr ? relation : dh_item_as_given(arena, dh_str_trim(value));
}

/* ---- values --------------------------------------------------------------------------------- */

static void add(struct reading *reading, const struct rule *rule, const struct dh_str *values,
                size_t count)
{
    reading->filters[reading->count++] =
        (struct dh_event_filter){.field = rule->field, .values = values, .value_count = count};
}

static enum dh_status no_room(struct reading *reading)
{
    return dh_fail(&reading->call->err, DH_MEMORY, "Out of memory.");
}

static enum dh_status read_nowhere(struct reading *reading, const struct rule *rule,
                                   struct dh_str value)
{
    (void)reading, (void)rule, (void)value;
    return DH_OK;
}

static enum dh_status read_nothing(struct reading *reading, const struct rule *rule,
                                   struct dh_str value)
{
    (void)value;
    add(reading, rule, NULL, 0);
    return DH_OK;
}

static enum dh_status read_list(struct reading *reading, const struct rule *rule,
                                struct dh_str value)
{
    struct dh_str *values;
    size_t count;
    enum dh_status status = dh_filter_items(&reading->items, rule->item, value, &values, &count);
    if (!status)
        add(reading, rule, values, count);
    return status;
}

static enum dh_status read_single(struct reading *reading, const struct rule *rule,
                                  struct dh_str value)
{
    struct dh_str *values = dh_arena_array(reading->call->arena, 1, sizeof(*values));
    if (!values)
        return no_room(reading);
    values[0] = rule->item(reading->call->arena, value);
    add(reading, rule, values, values[0].ptr != NULL);
    return DH_OK;
}

/* Records have the URLs of ORCID with either scheme. */
static enum dh_status read_people(struct reading *reading, const struct rule *rule,
                                  struct dh_str value)
{
    struct dh_str *values;
    size_t count;
    enum dh_status status =
        dh_filter_items(&reading->items, dh_item_orcid_url, value, &values, &count);
    if (status)
        return status;
    struct dh_str *both = dh_arena_array(reading->call->arena, count * 2 + 1, sizeof(*both));
    for (size_t i = 0; both && i < count; i++) {
        both[2 * i] = values[i];
        both[2 * i + 1] = dh_arena_format(reading->call->arena, "http%.*s",
                                          DH_STR_ARG(dh_str_from(values[i], 5)));
    }
    if (!both)
        return no_room(reading);
    add(reading, rule, both, count * 2);
    return DH_OK;
}

/* The names of what references, parts and versions count as, on either side. */
static const struct {
    enum dh_edge edge;
    const char *source, *target;
} edges[] = {
    {DH_EDGE_REFERENCE, "references", "citations"},
    {DH_EDGE_PART, "parts", "part_of"},
    {DH_EDGE_VERSION, "versions", "version_of"},
};

static enum dh_status read_edges(struct reading *reading, const struct rule *rule,
                                 struct dh_str value, bool source)
{
    size_t types = dh_vocab_count(DH_VOCAB_RELATION_TYPE), count = 0;
    struct dh_str *values = dh_arena_array(reading->call->arena, types, sizeof(*values)), item;
    bool wanted[DH_EDGE__N] = {false}, inverse;
    if (!values)
        return no_room(reading);
    while (dh_str_split(&value, ',', &item)) {
        struct dh_str name = dh_underscore(reading->call->arena, item);
        for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
            if (dh_str_equal(name, dh_str(source ? edges[i].source : edges[i].target)))
                wanted[edges[i].edge] = true;
    }
    for (size_t i = 0; i < types; i++)
        if (wanted[dh_relation_edge(i, &inverse)])
            values[count++] = dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, i));
    add(reading, rule, values, count);
    return DH_OK;
}

static enum dh_status read_sources(struct reading *reading, const struct rule *rule,
                                   struct dh_str value)
{
    return read_edges(reading, rule, value, true);
}

static enum dh_status read_targets(struct reading *reading, const struct rule *rule,
                                   struct dh_str value)
{
    return read_edges(reading, rule, value, false);
}

/* "2018" or "2018-2020": from the smaller to the larger, compared as text. */
static enum dh_status read_years(struct reading *reading, const struct rule *rule,
                                 struct dh_str value)
{
    struct dh_str part, first = DH_STR_NONE, last = DH_STR_NONE;
    while (dh_str_split(&value, '-', &part)) {
        if (!dh_is_year(part))
            return dh_no_year(&reading->call->err, part);
        if (!first.ptr || dh_str_compare(part, first) < 0)
            first = part;
        if (!last.ptr || dh_str_compare(part, last) > 0)
            last = part;
    }
    int64_t low = dh_str_integer(first), high = dh_str_integer(last);
    add(reading, rule, NULL, 0);
    struct dh_event_filter *filter = &reading->filters[reading->count - 1];
    filter->low = rule->field == DH_EVENT_YEAR ? low : dh_time_civil(low, 1, 1);
    filter->high = rule->field == DH_EVENT_YEAR ? high : dh_time_civil(high + 1, 1, 1) - 1;
    return DH_OK;
}

/* What is no month is no error: it matches nothing. */
static enum dh_status read_month(struct reading *reading, const struct rule *rule,
                                 struct dh_str value)
{
    int64_t month = dh_str_integer(dh_str_from(value, 5));
    bool good = value.len == 7 && value.ptr[4] == '-' &&
                dh_is_year((struct dh_str){value.ptr, 4}) && month >= 1 && month <= 12;
    int64_t year = dh_str_integer((struct dh_str){value.ptr, good ? 4 : 0});
    add(reading, rule, NULL, 0);
    struct dh_event_filter *filter = &reading->filters[reading->count - 1];
    if (!good) {
        filter->field = DH_EVENT_NOTHING;
        return DH_OK;
    }
    filter->low = dh_time_civil(year, (unsigned)month, 1);
    filter->high =
        dh_time_civil(year + (month == 12), month == 12 ? 1 : (unsigned)month + 1, 1) - 1;
    return DH_OK;
}

/* ---- the table ------------------------------------------------------------------------------ */

const struct dh_event_filter_row dh_event_filter_rows[] = {
#define DH_EVENT_FILTER(name, field, read, item, help) {name, help},
#include "api/event_filters.def"
#undef DH_EVENT_FILTER
};

static const struct rule rules[] = {
#define DH_EVENT_FILTER(name, field, read, item, help) {DH_EVENT_##field, read_##read, item_##item},
#include "api/event_filters.def"
#undef DH_EVENT_FILTER
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };
const size_t dh_event_filter_row_count = RULES;

static struct dh_str given(const struct dh_params *params, const char *name)
{
    char plain[64];
    size_t len = 0;
    for (; name[len] && len + 1 < sizeof(plain); len++)
        plain[len] = name[len] == '-' ? '_' : name[len];
    plain[len] = '\0';
    return dh_params_get(params, plain, NULL);
}

static const struct {
    const char *name;
    enum dh_event_sort sort;
    bool descending;
} sorts[] = {
    {"relevance", DH_EVENT_BY_SCORE, true},  {"obj_id", DH_EVENT_BY_OBJECT, false},
    {"-obj_id", DH_EVENT_BY_OBJECT, true},   {"total", DH_EVENT_BY_TOTAL, false},
    {"-total", DH_EVENT_BY_TOTAL, true},     {"created", DH_EVENT_BY_CREATED, false},
    {"-created", DH_EVENT_BY_CREATED, true}, {"updated", DH_EVENT_BY_UPDATED, false},
    {"-updated", DH_EVENT_BY_UPDATED, true}, {"relation_type_id", DH_EVENT_BY_TYPE, false},
};

static void read_sort(struct dh_call *call, struct dh_event_search *out)
{
    struct dh_str wanted = dh_params_get(call->params, "sort", NULL);
    out->sort = DH_EVENT_BY_UPDATED;
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
        if (dh_str_equal(wanted, dh_str(sorts[i].name))) {
            out->sort = sorts[i].sort;
            out->descending = sorts[i].descending;
        }
}

static enum dh_status read_filters(struct reading *reading, struct dh_str ids)
{
    static const struct rule by_id = {DH_EVENT_UUID, read_list, item_lower_case};
    enum dh_status status = DH_OK;
    /* One more than there are rules: a query may add a filter. */
    reading->filters = dh_arena_array(reading->call->arena, RULES + 1, sizeof(*reading->filters));
    if (!reading->filters)
        return no_room(reading);
    if (!dh_str_blank(ids))
        return read_list(reading, &by_id, ids);
    for (size_t i = 0; i < RULES && !status; i++) {
        struct dh_str value = given(reading->call->params, dh_event_filter_rows[i].name);
        if (!dh_str_blank(value))
            status = rules[i].read(reading, &rules[i], value);
    }
    return status;
}

bool dh_event_filters_read(struct dh_call *call, struct dh_event_search *out)
{
    struct reading reading = {.call = call, .items = {.arena = call->arena, .err = &call->err}};
    struct dh_str ids = dh_params_get(call->params, "id", NULL);
    struct dh_str query = dh_params_get(call->params, "query", NULL);
    if (dh_str_blank(ids))
        ids = dh_params_get(call->params, "ids", NULL);
    enum dh_status status = read_filters(&reading, ids);
    read_sort(call, out);
    out->filters = reading.filters;
    out->filter_count = reading.count;
    if (status == DH_INVALID)
        dh_reply_rejected(call, call->err.text);
    else if (status)
        dh_reply_status(call, status);
    if (status || dh_str_blank(query) || !dh_str_blank(ids))
        return status == DH_OK;
    return dh_event_query_read(call, query, out, &reading.filters[reading.count]);
}
