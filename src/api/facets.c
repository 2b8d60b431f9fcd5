/* Which facets a request wants, and how their members are written. */
#include "api/facets.h"

#include <stdlib.h>

#include "api/filter_rule.h"

enum chosen { CHOSEN_DEFAULT, CHOSEN_NAMED, CHOSEN_SAMPLES };

typedef void shower(const struct dh_facet_view *view, const struct dh_facet_row *row,
                    const struct dh_facet_result *result);
static shower show_buckets, show_published, show_client_types, show_certificates, show_with_missing,
    show_sum, show_open, show_levels;

struct dh_facet_row {
    const char *name;
    enum chosen chosen;
    enum dh_facet_kind kind;
    enum dh_column column;
    size_t size;
    shower *show;
    dh_facet_label *label;
};

static const struct dh_facet_row rows[] = {
#define DH_FACET(name, chosen, kind, column, size, show, label)                                    \
    {name, CHOSEN_##chosen, DH_FACET_##kind, DH_COLUMN_##column,                                   \
     size, show_##show,     dh_label_##label},
#include "api/facets.def"
#undef DH_FACET
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]), INNER_SIZE = 10 };

/* ---- choice --------------------------------------------------------------------------------- */

bool dh_facets_disabled(struct dh_str value)
{
    return dh_str_equal_nocase(value, DH_STR("true")) || dh_str_equal(value, DH_STR("1"));
}

/* The facets of a request as a whole: none, the default ones, or those named. */
static bool enabled(const struct dh_call *call)
{
    struct dh_str off = dh_params_get(call->params, "disable_facets", NULL);
    if (!dh_str_blank(off))
        return !dh_facets_disabled(off);
    return call->api->options.facets || dh_params_has(call->params, "facets", NULL);
}

static bool named(struct dh_arena *arena, struct dh_str list, const char *name)
{
    struct dh_str wanted = dh_underscore(arena, dh_str(name)), item;
    while (dh_str_split(&list, ',', &item))
        if (dh_str_equal(dh_underscore(arena, dh_str_trim(item)), wanted))
            return true;
    return false;
}

static bool chosen(const struct dh_call *call, const struct dh_facet_row *row, bool on)
{
    if (row->chosen == CHOSEN_SAMPLES)
        return dh_str_equal(dh_params_get(call->params, "client_type", NULL),
                            DH_STR("igsnCatalog"));
    if (!on)
        return false;
    if (dh_params_has(call->params, "facets", NULL))
        return named(call->arena, dh_params_get(call->params, "facets", NULL), row->name);
    return row->chosen == CHOSEN_DEFAULT;
}

static struct dh_facet_request request_for(const struct dh_facet_row *row)
{
    static const struct dh_str open[] = {
        {"cc-by-1.0", 9},     {"cc-by-2.0", 9},     {"cc-by-2.5", 9}, {"cc-by-3.0", 9},
        {"cc-by-3.0-at", 12}, {"cc-by-3.0-us", 12}, {"cc-by-4.0", 9}, {"cc-pddc", 7},
        {"cc0-1.0", 7},       {"cc-pdm-1.0", 10},
    };
    static const struct dh_filter open_licence = {
        .column = DH_COLUMN_LICENSE,
        .op = DH_FILTER_IN,
        .values = open,
        .value_count = sizeof(open) / sizeof(open[0]),
    };
    return (struct dh_facet_request){
        .kind = row->kind,
        .column = row->column,
        .size = row->size,
        .within = row->show == show_open ? &open_licence : NULL,
        .inner = row->show == show_levels ? DH_COLUMN_RESOURCE_TYPE_ID : DH_COLUMN__N,
        .missing = row->show == show_with_missing,
    };
}

enum dh_status dh_facets_choose(struct dh_call *call, struct dh_facets *out)
{
    bool on = enabled(call);
    *out = (struct dh_facets){
        .requests = dh_arena_array(call->arena, ROWS, sizeof(*out->requests)),
        .rows = dh_arena_array(call->arena, ROWS, sizeof(*out->rows)),
    };
    if (!out->requests || !out->rows)
        return dh_fail(&call->err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < ROWS; i++) {
        if (!chosen(call, &rows[i], on))
            continue;
        out->requests[out->count] = request_for(&rows[i]);
        out->rows[out->count++] = &rows[i];
    }
    return DH_OK;
}

void dh_facets_write(struct dh_call *call, const struct dh_facets *facets,
                     const struct dh_page *page, const struct dh_directory *directory)
{
    struct dh_facet_view view = {call, directory};
    if (!page->total || !page->facets)
        return;
    for (size_t i = 0; i < facets->count; i++)
        facets->rows[i]->show(&view, facets->rows[i], &page->facets[i]);
}

/* ---- members -------------------------------------------------------------------------------- */

static void put(const struct dh_facet_view *view, const struct dh_facet_row *row,
                const struct dh_bucket *buckets, size_t count)
{
    struct dh_shown_bucket *shown = dh_arena_array(view->call->arena, count + 1, sizeof(*shown));
    size_t kept = 0;
    if (!shown) {
        view->call->out->status = DH_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++)
        kept += row->label(view, &buckets[i], &shown[kept]);
    dh_put_buckets(view->call->out, row->name, shown, kept);
}

static void show_buckets(const struct dh_facet_view *view, const struct dh_facet_row *row,
                         const struct dh_facet_result *result)
{
    put(view, row, result->buckets, result->count);
}

/* Years to come are dropped first; then as many as lie between 2010 and now. */
static void show_published(const struct dh_facet_view *view, const struct dh_facet_row *row,
                           const struct dh_facet_result *result)
{
    enum { FIRST_YEAR = 2010 };
    int64_t now = dh_time_year(dh_time_now(), NULL, NULL);
    size_t future = 0, most = now >= FIRST_YEAR ? (size_t)(now - FIRST_YEAR + 1) : 0;
    while (future < result->count && dh_str_integer(result->buckets[future].key) > now)
        future++;
    size_t count = result->count - future;
    put(view, row, result->buckets + future, count < most ? count : most);
}

static void show_sum(const struct dh_facet_view *view, const struct dh_facet_row *row,
                     const struct dh_facet_result *result)
{
    dh_put_int(view->call->out, row->name, result->sum);
}

static void show_open(const struct dh_facet_view *view, const struct dh_facet_row *row,
                      const struct dh_facet_result *result)
{
    put(view, row, result->buckets, result->count);
    dh_put_int(view->call->out, "openLicensesCount", result->sum);
}

static int compare_buckets(const void *a, const void *b)
{
    const struct dh_bucket *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return dh_str_compare(x->key, y->key);
}

/* One more of a key, in a bucket of its own when there is none yet; there is room. */
static void add_count(struct dh_bucket *sums, size_t *count, struct dh_str key, int64_t more)
{
    size_t i = 0;
    while (i < *count && !dh_str_equal(sums[i].key, key))
        i++;
    if (i == *count) {
        sums[i] = (struct dh_bucket){.key = key};
        *count = i + 1;
    }
    sums[i].count += more;
}

/* Hits without a value are one more bucket among the others; terms cut off are summed in a last
 * one. */
static void show_with_missing(const struct dh_facet_view *view, const struct dh_facet_row *row,
                              const struct dh_facet_result *result)
{
    size_t count = result->count;
    int64_t other = result->other;
    struct dh_bucket *all = dh_arena_array(view->call->arena, count + 2, sizeof(*all));
    if (!all) {
        view->call->out->status = DH_MEMORY;
        return;
    }
    if (count)
        memcpy(all, result->buckets, count * sizeof(*all));
    if (result->missing > 0)
        add_count(all, &count, DH_STR("__missing__"), result->missing);
    qsort(all, count, sizeof(*all), compare_buckets);
    if (count > row->size)
        other += all[--count].count;
    if (other > 0)
        add_count(all, &count, DH_STR("__other__"), other);
    put(view, row, all, count);
}

/* ---- facets over the accounts behind the hits ----------------------------------------------- */

/* A property of a client as a list: an array, one string, or nothing. */
static size_t value_count(struct json_object *property)
{
    if (json_object_is_type(property, json_type_array))
        return json_object_array_length(property);
    return json_object_is_type(property, json_type_string);
}

static struct dh_str value_at(struct json_object *property, size_t i)
{
    bool list = json_object_is_type(property, json_type_array);
    return dh_json_str(list ? json_object_array_get_idx(property, i) : property);
}

/* The buckets of clients summed by one of their properties. */
static void show_by_property(const struct dh_facet_view *view, const struct dh_facet_row *row,
                             const struct dh_facet_result *result, const char *name, size_t most)
{
    struct json_object **properties =
        dh_arena_array(view->call->arena, result->count + 1, sizeof(struct json_object *));
    size_t values = 0, count = 0;
    for (size_t i = 0; properties && i < result->count; i++) {
        const struct dh_account *client =
            dh_directory_client(view->directory, result->buckets[i].key);
        properties[i] = client ? dh_json_get(client->attributes, name) : NULL;
        values += value_count(properties[i]);
    }
    struct dh_bucket *sums = dh_arena_array(view->call->arena, values + 1, sizeof(*sums));
    if (!properties || !sums) {
        view->call->out->status = DH_MEMORY;
        return;
    }
    for (size_t i = 0; i < result->count; i++)
        for (size_t k = 0; k < value_count(properties[i]); k++)
            add_count(sums, &count, value_at(properties[i], k), result->buckets[i].count);
    qsort(sums, count, sizeof(*sums), compare_buckets);
    put(view, row, sums, count < most ? count : most);
}

static void show_client_types(const struct dh_facet_view *view, const struct dh_facet_row *row,
                              const struct dh_facet_result *result)
{
    show_by_property(view, row, result, "clientType", 4);
}

static void show_certificates(const struct dh_facet_view *view, const struct dh_facet_row *row,
                              const struct dh_facet_result *result)
{
    show_by_property(view, row, result, "certificate", 10);
}

/* ---- two levels ----------------------------------------------------------------------------- */

static void show_levels(const struct dh_facet_view *view, const struct dh_facet_row *row,
                        const struct dh_facet_result *result)
{
    static const struct dh_facet_row inner = {.name = "inner", .label = dh_label_resource_type};
    struct dh_buf *out = view->call->out;
    struct dh_shown_bucket shown;
    dh_key(out, row->name);
    dh_buf_char(out, '[');
    for (size_t i = 0, kept = 0; i < result->count; i++) {
        const struct dh_bucket *bucket = &result->buckets[i];
        if (!row->label(view, bucket, &shown))
            continue;
        dh_buf_text(out, kept++ ? ",{" : "{");
        dh_put_str(out, "id", shown.id);
        dh_put_str(out, "title", shown.title);
        dh_put_int(out, "count", shown.count);
        put(view, &inner, bucket->inner,
            bucket->inner_count < INNER_SIZE ? bucket->inner_count : INNER_SIZE);
        dh_buf_char(out, '}');
    }
    dh_buf_char(out, ']');
}
