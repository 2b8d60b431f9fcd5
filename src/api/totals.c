/* Counts of DOIs per account or prefix (/.../totals) and per year (/.../:id/stats). */
#include <stdlib.h>

#include "api/account_list.h"

enum { YEARS_SHOWN = 12, TYPES_SHOWN = 40, GROWTH_SHOWN = 20, PERIODS = 4 };

static struct dh_search counting(const struct dh_filter *filters, size_t filter_count,
                                 const struct dh_facet_request *facets, size_t facet_count)
{
    return (struct dh_search){
        .filters = filters,
        .filter_count = filter_count,
        .sort = DH_SORT_NONE,
        .after_created = DH_TIME_NONE,
        .sample_by = DH_COLUMN__N,
        .facets = facets,
        .facet_count = facet_count,
    };
}

static const struct dh_facet_request by_year = {
    .kind = DH_FACET_YEARS,
    .column = DH_COLUMN_CREATED,
    .size = YEARS_SHOWN,
    .inner = DH_COLUMN__N,
};

static const struct dh_facet_request by_type = {
    .kind = DH_FACET_TERMS,
    .column = DH_COLUMN_RESOURCE_TYPE_ID,
    .size = TYPES_SHOWN,
    .inner = DH_COLUMN__N,
};

static struct dh_filter one_of(enum dh_column column, const struct dh_str *values, size_t count)
{
    return (struct dh_filter){
        .column = column, .op = DH_FILTER_IN, .values = values, .value_count = count};
}

/* The items of a comma list in lower case; *count 0 when it is blank. */
static struct dh_str *lower_items(struct dh_arena *arena, struct dh_str list, size_t *count)
{
    struct dh_str *items = dh_arena_array(arena, DH_LIST_ITEMS_MAX, sizeof(*items)), item;
    *count = 0;
    if (dh_str_blank(list))
        return items;
    while (items && *count < DH_LIST_ITEMS_MAX && dh_str_split(&list, ',', &item))
        if (!dh_str_blank(item))
            items[(*count)++] = dh_arena_lower(arena, item);
    return items;
}

/* ---- totals --------------------------------------------------------------------------------- */

struct period {
    const char *name;
    int64_t year;
    int64_t from, to; /* inclusive; empty when from > to */
};

struct totals {
    struct dh_accounts *accounts;
    enum dh_column column;
    struct dh_filter filters[2];
    size_t filter_count, periods;
};

/* This month and this year end today at 00:00. */
static void read_periods(struct period out[PERIODS])
{
    unsigned month, day;
    int64_t year = dh_time_year(dh_time_now(), &month, &day);
    int64_t today = dh_time_civil(year, month, day), start = dh_time_civil(year, 1, 1);
    int64_t last = dh_time_civil(year - 1, 1, 1), before = dh_time_civil(year - 2, 1, 1);
    out[0] = (struct period){"this_month", year, dh_time_civil(year, month, 1), today - 1};
    out[1] = (struct period){"this_year", year, start, today - 1};
    out[2] = (struct period){"last_year", year - 1, last, start - 1};
    out[3] = (struct period){"two_years_ago", year - 2, before, last - 1};
}

static int compare_keys(const void *a, const void *b)
{
    return dh_str_compare(((const struct dh_bucket *)a)->key, ((const struct dh_bucket *)b)->key);
}

static int64_t count_of(const struct dh_facet_result *sorted, struct dh_str key)
{
    struct dh_bucket wanted = {.key = key};
    const struct dh_bucket *found = sorted->count ? bsearch(&wanted, sorted->buckets, sorted->count,
                                                            sizeof(wanted), compare_keys)
                                                  : NULL;
    return found ? found->count : 0;
}

/* The name of what a bucket counts; a prefix is its own. */
static struct dh_str title_of(const struct totals *totals, struct dh_str key)
{
    if (totals->column == DH_COLUMN_PREFIX)
        return key;
    bool provider = totals->column == DH_COLUMN_PROVIDER;
    const struct dh_account *account =
        dh_accounts_find(totals->accounts, provider ? DH_PROVIDER : DH_CLIENT, key);
    return account ? account->name : key;
}

static void put_states(struct dh_call *call, const struct dh_bucket *bucket)
{
    struct dh_shown_bucket shown[DH_STATE__N];
    size_t count = bucket->inner_count < DH_STATE__N ? bucket->inner_count : DH_STATE__N;
    for (size_t i = 0; i < count; i++) {
        struct dh_str key = bucket->inner[i].key;
        shown[i] =
            (struct dh_shown_bucket){key, dh_titleize(call->arena, key), bucket->inner[i].count};
    }
    dh_put_buckets(call->out, "states", shown, count);
}

static void put_total(const struct totals *totals, const struct dh_facet_result *facets,
                      const struct period *periods, const struct dh_bucket *bucket)
{
    struct dh_call *call = totals->accounts->call;
    dh_buf_char(call->out, '{');
    dh_put_str(call->out, "id", bucket->key);
    dh_put_str(call->out, "title", title_of(totals, bucket->key));
    dh_put_int(call->out, "count", bucket->count);
    dh_key(call->out, "temporal");
    dh_buf_char(call->out, '{');
    for (size_t i = 0; i < totals->periods; i++) {
        struct dh_str year = dh_arena_format(call->arena, "%04lld", (long long)periods[i].year);
        struct dh_shown_bucket shown = {year, year, count_of(&facets[i + 1], bucket->key)};
        dh_put_buckets(call->out, periods[i].name, &shown, 1);
    }
    dh_buf_char(call->out, '}');
    put_states(call, bucket);
    dh_buf_char(call->out, '}');
}

/* Strangers count what is registered or findable; the owner may name other states. */
static void add_state_filter(struct totals *totals)
{
    static const struct dh_str states[] = {{"registered", 10}, {"findable", 8}};
    struct dh_call *call = totals->accounts->call;
    struct dh_filter filter = one_of(DH_COLUMN_STATE, states, 2);
    if (call->api->options.owner && dh_params_present(call->params, "state")) {
        struct dh_str list = dh_params_get(call->params, "state", NULL);
        filter.values = lower_items(call->arena, list, &filter.value_count);
    }
    totals->filters[totals->filter_count++] = filter;
}

static void answer_totals(struct totals *totals)
{
    struct dh_call *call = totals->accounts->call;
    struct period periods[PERIODS];
    struct dh_filter within[PERIODS];
    struct dh_facet_request facets[1 + PERIODS];
    struct dh_page page;
    read_periods(periods);
    for (size_t i = 0; i <= totals->periods; i++)
        facets[i] = (struct dh_facet_request){
            .kind = DH_FACET_TERMS,
            .column = totals->column,
            .size = DH_FACET_BUCKETS_MAX,
            .inner = i ? DH_COLUMN__N : DH_COLUMN_STATE,
            .within = i ? &within[i - 1] : NULL,
        };
    for (size_t i = 0; i < totals->periods; i++)
        within[i] = (struct dh_filter){.column = DH_COLUMN_CREATED,
                                       .op = DH_FILTER_RANGE,
                                       .low = periods[i].from,
                                       .high = periods[i].to};
    add_state_filter(totals);
    struct dh_search search =
        counting(totals->filters, totals->filter_count, facets, totals->periods + 1);
    enum dh_status status = dh_store_search(call->reader, &search, &page, call->arena, &call->err);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    for (size_t i = 1; i <= totals->periods; i++)
        if (page.facets[i].count)
            qsort(page.facets[i].buckets, page.facets[i].count, sizeof(struct dh_bucket),
                  compare_keys);
    dh_buf_char(call->out, '[');
    for (size_t i = 0; i < page.facets[0].count; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        put_total(totals, page.facets, periods, &page.facets[0].buckets[i]);
    }
    dh_buf_char(call->out, ']');
}

/* Totals per term of `column`, of the records that have one of the parameter's values in `of`. */
static void totals_of(struct dh_call *call, enum dh_column column, const char *param,
                      enum dh_column of, size_t periods)
{
    struct dh_accounts accounts;
    struct totals totals = {.accounts = &accounts, .column = column, .periods = periods};
    size_t count = 0;
    if (!dh_accounts_open(call, true, &accounts))
        return;
    struct dh_str *values =
        param ? lower_items(call->arena, dh_params_get(call->params, param, NULL), &count) : NULL;
    if (count)
        totals.filters[totals.filter_count++] = one_of(of, values, count);
    answer_totals(&totals);
    dh_accounts_close(&accounts);
}

void dh_providers_totals(struct dh_call *call)
{
    totals_of(call, DH_COLUMN_PROVIDER, NULL, DH_COLUMN__N, PERIODS);
}

void dh_clients_totals(struct dh_call *call)
{
    totals_of(call, DH_COLUMN_CLIENT, "provider_id", DH_COLUMN_PROVIDER, PERIODS);
}

void dh_prefixes_totals(struct dh_call *call)
{
    if (dh_params_present(call->params, "client_id"))
        totals_of(call, DH_COLUMN_PREFIX, "client_id", DH_COLUMN_CLIENT, PERIODS - 1);
    else
        call->response->status = 204;
}

/* ---- stats ---------------------------------------------------------------------------------- */

static void put_years(struct dh_call *call, const struct dh_facet_result *years)
{
    struct dh_shown_bucket shown[YEARS_SHOWN];
    size_t count = years->count < YEARS_SHOWN ? years->count : YEARS_SHOWN;
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct dh_shown_bucket){years->buckets[i].key, years->buckets[i].key,
                                            years->buckets[i].count};
    dh_put_buckets(call->out, "dois", shown, count);
}

enum dh_status dh_client_dois(struct dh_call *call, struct dh_str client, int64_t *out)
{
    struct dh_filter filter = one_of(DH_COLUMN_CLIENT, &client, 1);
    struct dh_search search = counting(&filter, 1, NULL, 0);
    struct dh_page page = {0};
    enum dh_status status = dh_store_search(call->reader, &search, &page, call->arena, &call->err);
    *out = (int64_t)page.total;
    return status;
}

static void put_types(struct dh_call *call, const struct dh_facet_result *types)
{
    struct dh_shown_bucket shown[TYPES_SHOWN];
    size_t count = types->count < TYPES_SHOWN ? types->count : TYPES_SHOWN;
    for (size_t i = 0; i < count; i++) {
        struct dh_str key = types->buckets[i].key;
        size_t type = dh_resource_type_find(key);
        bool known = type < dh_vocab_count(DH_VOCAB_RESOURCE_TYPE);
        shown[i] = (struct dh_shown_bucket){
            key, known ? dh_str(dh_resource_type_words(type)) : dh_titleize(call->arena, key),
            types->buckets[i].count};
    }
    dh_put_buckets(call->out, "resourceTypes", shown, count);
}

static void put_client_stats(struct dh_call *call, const struct dh_account *client)
{
    struct dh_filter filter = one_of(DH_COLUMN_CLIENT, &client->symbol, 1);
    const struct dh_facet_request facets[] = {by_year, by_type};
    struct dh_search search = counting(&filter, 1, facets, 2);
    struct dh_page page;
    enum dh_status status = dh_store_search(call->reader, &search, &page, call->arena, &call->err);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    dh_buf_char(call->out, '{');
    put_years(call, &page.facets[0]);
    put_types(call, &page.facets[1]);
    dh_buf_char(call->out, '}');
}

void dh_clients_stats(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, false, &accounts))
        return;
    const struct dh_account *client = dh_accounts_find(&accounts, DH_CLIENT, call->arg[0]);
    if (client)
        put_client_stats(call, client);
    else
        dh_reply_missing(call);
    dh_accounts_close(&accounts);
}

/* How many of the active accounts there were in each year, the fewest first. */
static void put_growth(struct dh_call *call, const char *name,
                       const struct dh_account *const *items, size_t count)
{
    struct dh_shown_bucket shown[GROWTH_SHOWN];
    int64_t this_year = dh_time_year(dh_time_now(), NULL, NULL), first = this_year + 1;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i]->active && items[i]->created != DH_TIME_NONE) {
            int64_t year = dh_time_year(items[i]->created, NULL, NULL);
            first = year < first ? year : first;
        }
    for (int64_t year = first; year <= this_year && n < GROWTH_SHOWN; year++) {
        struct dh_str text = dh_arena_format(call->arena, "%04lld", (long long)year);
        int64_t end = dh_time_civil(year + 1, 1, 1);
        shown[n] = (struct dh_shown_bucket){text, text, 0};
        for (size_t i = 0; i < count; i++)
            if (items[i]->active && items[i]->created != DH_TIME_NONE && items[i]->created < end)
                shown[n].count++;
        n++;
    }
    dh_put_buckets(call->out, name, shown, n);
}

/* Whose figures are told: a member alone, a consortium with its members, or everybody. */
struct scope {
    bool everybody;
    struct dh_str symbol;
    const struct dh_account **providers, **clients;
    struct dh_str *symbols; /* of the member and the consortium's members */
    size_t provider_count, client_count, symbol_count;
};

static bool in_scope(const struct scope *scope, struct dh_str provider)
{
    if (scope->everybody)
        return true;
    for (size_t i = 0; i < scope->symbol_count; i++)
        if (dh_str_equal(scope->symbols[i], provider))
            return true;
    return false;
}

static bool read_scope(struct dh_accounts *accounts, struct scope *scope)
{
    const struct dh_directory *all = accounts->directory;
    struct dh_arena *arena = accounts->call->arena;
    scope->providers = dh_arena_array(arena, all->provider_count, sizeof(void *));
    scope->clients = dh_arena_array(arena, all->client_count, sizeof(void *));
    scope->symbols = dh_arena_array(arena, all->provider_count + 1, sizeof(*scope->symbols));
    if (!scope->providers || !scope->clients || !scope->symbols)
        return false;
    scope->symbols[scope->symbol_count++] = scope->symbol;
    for (size_t i = 0; i < all->provider_count; i++) {
        const struct dh_account *provider = &all->providers[i];
        if (!scope->everybody && !dh_str_equal(provider->parent, scope->symbol))
            continue;
        scope->providers[scope->provider_count++] = provider;
        if (!scope->everybody)
            scope->symbols[scope->symbol_count++] = provider->symbol;
    }
    for (size_t i = 0; i < all->client_count; i++)
        if (in_scope(scope, all->clients[i].parent))
            scope->clients[scope->client_count++] = &all->clients[i];
    return true;
}

static void put_provider_stats(struct dh_accounts *accounts, const struct scope *scope)
{
    struct dh_call *call = accounts->call;
    struct dh_filter filter = one_of(DH_COLUMN_PROVIDER, scope->symbols, scope->symbol_count);
    struct dh_search search = counting(&filter, scope->everybody ? 0 : 1, &by_year, 1);
    struct dh_page page;
    enum dh_status status = dh_store_search(call->reader, &search, &page, call->arena, &call->err);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    dh_buf_char(call->out, '{');
    put_growth(call, "providers", scope->providers, scope->provider_count);
    put_growth(call, "clients", scope->clients, scope->client_count);
    put_years(call, &page.facets[0]);
    dh_buf_char(call->out, '}');
}

void dh_providers_stats(struct dh_call *call)
{
    struct dh_accounts accounts;
    struct scope scope = {.everybody = dh_str_equal_nocase(call->arg[0], DH_STR("admin"))};
    if (!dh_accounts_open(call, false, &accounts))
        return;
    const struct dh_account *provider = dh_accounts_find(&accounts, DH_PROVIDER, call->arg[0]);
    if (provider)
        scope.symbol = provider->symbol;
    if (!scope.everybody && !provider)
        dh_reply_missing(call);
    else if (read_scope(&accounts, &scope))
        put_provider_stats(&accounts, &scope);
    else
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
    dh_accounts_close(&accounts);
}
