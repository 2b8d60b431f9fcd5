/* Parameters of GET /dois as a search: the table of filters, sort, page, random order and samples.
 */
#include "api/filters.h"

#include <sys/random.h>

#include "api/call.h"
#include "api/filter_rule.h"

const struct dh_filter_row dh_filter_rows[] = {
#define DH_FILTER(name, group, given, column, read, item, bits, help)                              \
    {name, DH_GIVEN_##given == DH_GIVEN_FLAG, help},
#include "api/filters.def"
#undef DH_FILTER
};

static const struct dh_filter_rule rules[] = {
#define DH_FILTER(name, group, given, column, read, item, bits, help)                              \
    {DH_GROUP_##group, DH_GIVEN_##given, DH_COLUMN_##column, dh_read_##read, dh_item_##item, bits},
#include "api/filters.def"
#undef DH_FILTER
};

const size_t dh_filter_row_count = sizeof(rules) / sizeof(rules[0]);

enum {
    NAME_MAX_LEN = 64,
    EXTRA_FILTERS = 4 /* state, agency, the second clause of client-type, one to spare */
};

/* The value of a parameter under its documented name ("client-id"); ptr NULL when not given. */
static struct dh_str given(const struct dh_params *params, const char *name)
{
    char plain[NAME_MAX_LEN];
    size_t len = 0;
    for (; name[len] && len + 1 < sizeof(plain); len++)
        plain[len] = name[len] == '-' ? '_' : name[len];
    plain[len] = '\0';
    return dh_params_get(params, plain, NULL);
}

static bool present(const struct dh_params *params, const char *name)
{
    return !dh_str_blank(given(params, name));
}

/* ---- filters -------------------------------------------------------------------------------- */

static enum dh_status add_rules(struct dh_filter_reading *reading, const struct dh_params *params)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; !status && i < dh_filter_row_count; i++) {
        struct dh_str value = given(params, dh_filter_rows[i].name);
        bool counts = rules[i].given == DH_GIVEN_EMPTY ? value.ptr != NULL : !dh_str_blank(value);
        if (counts)
            status = rules[i].read(reading, &rules[i], value);
    }
    return status;
}

/* Strangers see what is findable, whatever they ask for; the owner asks for states or sees all. */
static enum dh_status add_state(struct dh_filter_reading *reading, const struct dh_params *params,
                                bool owner)
{
    static const struct dh_filter_rule rule = {.column = DH_COLUMN_STATE, .item = dh_item_as_given};
    struct dh_str wanted = owner ? given(params, "state") : DH_STR("findable");
    return dh_str_blank(wanted) ? DH_OK : dh_read_list(reading, &rule, wanted);
}

static enum dh_status add_agency(struct dh_filter_reading *reading, const struct dh_params *params)
{
    static const struct dh_filter_rule rule = {.column = DH_COLUMN_AGENCY};
    static const struct dh_str others[] = {{"crossref", 8}, {"kisti", 5}, {"medra", 5},
                                           {"jalc", 4},     {"istic", 5}, {"airiti", 6},
                                           {"cnki", 4},     {"op", 2}};
    if (present(params, "include-other-registration-agencies"))
        return DH_OK;
    return dh_filter_add(reading, &rule, DH_FILTER_NOT_IN, others,
                         sizeof(others) / sizeof(others[0]), 0, 0);
}

static enum dh_status read_query(struct dh_filter_reading *reading, struct dh_str text,
                                 struct dh_search *out)
{
    struct dh_query *query;
    if (dh_str_blank(text))
        return DH_OK;
    query = dh_arena_alloc(reading->arena, sizeof(*query));
    if (!query)
        return dh_fail(reading->err, DH_MEMORY, "out of memory");
    out->query = query;
    return dh_query_parse(DH_QUERY_DOIS, text, query, NULL, reading->arena, reading->err);
}

/* `id` or `ids`: nothing else filters then, but for the state. */
static enum dh_status read_dois(struct dh_filter_reading *reading, struct dh_str list, bool single,
                                struct dh_search *out)
{
    static const struct dh_filter_rule none = {.column = DH_COLUMN_PREFIX};
    struct dh_str *dois = NULL;
    size_t count = 1;
    enum dh_status status = DH_OK;
    if (!single)
        status = dh_filter_items(reading, dh_item_lower_case, list, &dois, &count);
    else if ((dois = dh_arena_array(reading->arena, 1, sizeof(*dois))))
        dois[0] = dh_arena_lower(reading->arena, list);
    else
        status = dh_fail(reading->err, DH_MEMORY, "out of memory");
    if (!status && count == 0)
        status = dh_read_nothing(reading, &none, list);
    out->dois = dois;
    out->doi_count = count;
    return status;
}

static enum dh_status read_filters(struct dh_filter_reading *reading,
                                   const struct dh_params *params, bool owner,
                                   struct dh_search *out)
{
    struct dh_str id = given(params, "id"), ids = given(params, "ids");
    enum dh_status status;
    if (!dh_str_blank(id))
        status = read_dois(reading, id, true, out);
    else if (!dh_str_blank(ids))
        status = read_dois(reading, ids, false, out);
    else if (!(status = add_rules(reading, params)) && !(status = add_agency(reading, params)))
        status = read_query(reading, given(params, "query"), out);
    return status ? status : add_state(reading, params, owner);
}

/* ---- order ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum dh_sort sort;
    bool descending;
} sorts[] = {
    {"relevance", DH_SORT_RELEVANCE, true},
    {"name", DH_SORT_NAME, false},
    {"-name", DH_SORT_NAME, true},
    {"created", DH_SORT_CREATED, false},
    {"-created", DH_SORT_CREATED, true},
    {"updated", DH_SORT_UPDATED, false},
    {"-updated", DH_SORT_UPDATED, true},
    {"published", DH_SORT_NONE, false},
    {"-published", DH_SORT_NONE, true},
    {"view-count", DH_SORT_VIEWS, false},
    {"-view-count", DH_SORT_VIEWS, true},
    {"download-count", DH_SORT_DOWNLOADS, false},
    {"-download-count", DH_SORT_DOWNLOADS, true},
    {"citation-count", DH_SORT_CITATIONS, false},
    {"-citation-count", DH_SORT_CITATIONS, true},
    {"title", DH_SORT_TITLE, false},
    {"-title", DH_SORT_TITLE, true},
};

static uint64_t new_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
        seed = (uint64_t)dh_time_now();
    return seed;
}

static void read_order(const struct dh_params *params, struct dh_search *out)
{
    struct dh_str wanted = given(params, "sort");
    out->sort = DH_SORT_UPDATED;
    out->descending = true;
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
        if (!dh_str_equal(wanted, dh_str(sorts[i].name)))
            continue;
        out->sort = sorts[i].sort;
        out->descending = sorts[i].descending;
    }
    if (dh_str_equal_nocase(given(params, "random"), DH_STR("true"))) {
        out->sort = DH_SORT_RANDOM;
        out->seed = new_seed();
    }
}

/* ---- page ----------------------------------------------------------------------------------- */

static enum dh_status read_page(const struct dh_params *params, struct dh_search *out,
                                struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str size = dh_params_get(params, "page", "size");
    struct dh_str cursor = dh_params_get(params, "page", "cursor");
    if (dh_str_blank(size))
        size = given(params, "rows");
    int64_t limit = dh_str_blank(size) ? DH_PAGE_DEFAULT : dh_str_integer(size);
    int64_t number = dh_str_integer(dh_params_get(params, "page", "number"));
    if (limit < 0)
        return dh_fail(err, DH_INVALID, "[size] parameter cannot be negative");
    if (cursor.ptr && out->sort == DH_SORT_RANDOM) {
        dh_fail(err, DH_INVALID,
                "Cursor-based pagination and random sampling are mutually exclusive, please "
                "choose one or the other.");
        dh_err_field(err, DH_STR("random"));
        return DH_INVALID;
    }
    out->limit = limit > DH_PAGE_MAX ? DH_PAGE_MAX : (size_t)limit;
    out->cursor = cursor.ptr != NULL;
    out->after_created = DH_TIME_NONE;
    if (out->cursor && !dh_cursor_read(arena, cursor, &out->after_created, &out->after_doi))
        out->after_created = DH_TIME_NONE;
    if (!out->cursor && number > 1)
        out->offset = number > INT64_MAX / (DH_PAGE_MAX + 1) ? (size_t)INT64_MAX
                                                             : (size_t)(number - 1) * out->limit;
    return DH_OK;
}

static void read_sample(const struct dh_params *params, struct dh_search *out)
{
    static const struct {
        const char *name;
        enum dh_column column;
    } groups[] = {
        {"client", DH_COLUMN_CLIENT},
        {"data-center", DH_COLUMN_CLIENT},
        {"provider", DH_COLUMN_PROVIDER},
        {"resource-type", DH_COLUMN_RESOURCE_TYPE_ID},
    };
    struct dh_str group = given(params, "sample-group"), sample = given(params, "sample");
    int64_t count = dh_str_blank(sample) ? 1 : dh_str_integer(sample);
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        if (dh_str_equal(group, dh_str(groups[i].name)))
            out->sample_by = groups[i].column;
    if (out->sample_by == DH_COLUMN__N)
        return;
    out->sample = count < 1 ? 1 : count > DH_PAGE_MAX ? DH_PAGE_MAX : (size_t)count;
    out->limit = DH_SAMPLE_GROUPS_MAX;
    out->offset = 0;
    out->cursor = false;
}

enum dh_status dh_filters_read(const struct dh_params *params, bool owner,
                               const struct dh_directory *directory, struct dh_search *out,
                               struct dh_arena *arena, struct dh_err *err)
{
    struct dh_filter_reading reading = {
        .directory = directory,
        .arena = arena,
        .err = err,
        .room = dh_filter_row_count + EXTRA_FILTERS,
    };
    *out = (struct dh_search){.sample_by = DH_COLUMN__N, .bodies = true};
    reading.filters = dh_arena_array(arena, reading.room, sizeof(*reading.filters));
    if (!reading.filters)
        return dh_fail(err, DH_MEMORY, "out of memory");
    read_order(params, out);
    enum dh_status status = read_page(params, out, arena, err);
    if (!status)
        status = read_filters(&reading, params, owner, out);
    out->filters = reading.filters;
    out->filter_count = reading.count;
    read_sample(params, out);
    return status;
}
