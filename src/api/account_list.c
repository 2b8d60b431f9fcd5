/* The list engine of account_list.h. */
#include "api/account_list.h"

#include <stdlib.h>

enum { FILTERS_MAX = 16, FACET_SIZE = 10 };
enum { MS_PER_DAY = 86400000 };

struct range {
    int64_t low, high; /* inclusive */
    bool given;
};

struct list {
    struct dh_accounts *accounts;
    const struct dh_list_kind *kind;
    struct dh_paging paging;
    struct dh_str ids;    /* id or ids; with it no other filter counts */
    struct dh_str prefix; /* that names begin with; ptr NULL: any */
    struct dh_account_query query;
    struct dh_str wanted[FILTERS_MAX];
    bool any; /* a member of the OR group was given */
    struct range created, updated;
    struct dh_item *items;
    size_t count, from, to; /* shown: [from, to) */
};

/* ---- parameters ----------------------------------------------------------------------------- */

/* The value of a parameter, or ptr NULL when it is blank. */
static struct dh_str given(const struct dh_call *call, const char *name)
{
    struct dh_str value = dh_params_get(call->params, name, NULL);
    return dh_str_blank(value) ? DH_STR_NONE : value;
}

static bool reject_date(struct dh_call *call, struct dh_str text, char unit)
{
    struct dh_str reason = dh_arena_format(
        call->arena, "failed to parse date field [%.*s||/%c] with format [date_optional_time]",
        DH_STR_ARG(text), unit);
    dh_reply_rejected(call, reason.ptr ? reason.ptr : "failed to parse date field");
    return false;
}

/* year=2016,2018 is everything between the two. Returns false after having answered. */
static bool read_years(struct list *list)
{
    struct dh_call *call = list->accounts->call;
    struct dh_str rest = given(call, "year"), item;
    while (dh_str_split(&rest, ',', &item)) {
        int64_t time, year;
        if (dh_str_blank(item))
            continue;
        if (!dh_time_parse(item, &time))
            return reject_date(call, item, 'y');
        year = dh_time_year(time, NULL, NULL);
        int64_t low = dh_time_civil(year, 1, 1), high = dh_time_civil(year + 1, 1, 1) - 1;
        if (!list->created.given || low < list->created.low)
            list->created.low = low;
        if (!list->created.given || high > list->created.high)
            list->created.high = high;
        list->created.given = true;
    }
    return true;
}

static int64_t start_of_day(int64_t time)
{
    unsigned month, day;
    int64_t year = dh_time_year(time, &month, &day);
    return dh_time_civil(year, month, day);
}

static bool read_days(struct list *list)
{
    struct dh_call *call = list->accounts->call;
    struct dh_str from = given(call, "from_date"), until = given(call, "until_date");
    int64_t time;
    list->updated = (struct range){INT64_MIN + 1, INT64_MAX, from.ptr || until.ptr};
    if (from.ptr) {
        if (!dh_time_parse(from, &time))
            return reject_date(call, from, 'd');
        list->updated.low = start_of_day(time);
    }
    if (until.ptr) {
        if (!dh_time_parse(until, &time))
            return reject_date(call, until, 'd');
        list->updated.high = start_of_day(time) + MS_PER_DAY - 1;
    }
    return true;
}

static bool read_query(struct list *list)
{
    struct dh_str text = given(list->accounts->call, "query");
    if (list->kind->prefixes)
        list->prefix = text;
    return list->kind->prefixes || !text.ptr ||
           dh_account_query_read(list->accounts->call, list->kind->domain, text, &list->query);
}

static bool read_params(struct list *list)
{
    struct dh_call *call = list->accounts->call;
    const struct dh_list_kind *kind = list->kind;
    if (!dh_paging_read(call, &list->paging))
        return false;
    if (!read_query(list))
        return false;
    list->ids = given(call, "id");
    if (list->ids.ptr && dh_str_blank(dh_params_get(call->params, "page", "size")))
        list->paging.size = DH_PAGE_MAX;
    if (!list->ids.ptr)
        list->ids = given(call, "ids");
    for (size_t i = 0; i < kind->filter_count; i++) {
        list->wanted[i] = given(call, kind->filters[i].param);
        list->any = list->any || (kind->filters[i].any && list->wanted[i].ptr);
    }
    return read_years(list) && (!kind->dated || read_days(list));
}

/* ---- filters -------------------------------------------------------------------------------- */

static bool in_range(const struct range *range, int64_t time)
{
    if (!range->given)
        return true;
    return time != DH_TIME_NONE && time >= range->low && time <= range->high;
}

static bool named(struct dh_str ids, struct dh_str id)
{
    struct dh_str item;
    while (dh_str_split(&ids, ',', &item))
        if (dh_str_equal_nocase(dh_str_trim(item), id))
            return true;
    return false;
}

static bool match(const struct list *list, size_t i, const void *record)
{
    const struct dh_list_filter *filter = &list->kind->filters[i];
    struct dh_str rest = list->wanted[i], item;
    if (filter->whole)
        return filter->match(list->accounts, record, filter->attribute, rest);
    while (dh_str_split(&rest, ',', &item))
        if (item.len && filter->match(list->accounts, record, filter->attribute, item))
            return true;
    return false;
}

static bool passes(const struct list *list, const struct dh_item *item)
{
    bool any = !list->any;
    if (list->ids.ptr)
        return named(list->ids, item->id);
    if (!in_range(&list->created, item->created) || !in_range(&list->updated, item->updated))
        return false;
    if (list->prefix.ptr && !dh_str_starts_nocase(item->name, list->prefix))
        return false;
    for (size_t i = 0; i < list->kind->filter_count; i++) {
        if (!list->wanted[i].ptr || (any && list->kind->filters[i].any))
            continue;
        bool fits = match(list, i, item->record);
        if (list->kind->filters[i].any)
            any = fits;
        else if (!fits)
            return false;
    }
    return any;
}

/* ---- order and page ------------------------------------------------------------------------- */

static int compare_nocase(struct dh_str a, struct dh_str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        unsigned char x = (unsigned char)a.ptr[i], y = (unsigned char)b.ptr[i];
        x = x >= 'A' && x <= 'Z' ? x + 32 : x;
        y = y >= 'A' && y <= 'Z' ? y + 32 : y;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int by_name(const void *a, const void *b)
{
    const struct dh_item *x = a, *y = b;
    int order = compare_nocase(x->name, y->name);
    return order ? order : dh_str_compare(x->id, y->id);
}

static int by_name_down(const void *a, const void *b)
{
    const struct dh_item *x = a, *y = b;
    int order = compare_nocase(y->name, x->name);
    return order ? order : dh_str_compare(x->id, y->id);
}

/* Items without `created` come last in either direction. */
static int by_created(const void *a, const void *b)
{
    const struct dh_item *x = a, *y = b;
    int64_t s = x->created == DH_TIME_NONE ? INT64_MAX : x->created;
    int64_t t = y->created == DH_TIME_NONE ? INT64_MAX : y->created;
    return s != t ? (s < t ? -1 : 1) : dh_str_compare(x->id, y->id);
}

static int by_created_down(const void *a, const void *b)
{
    const struct dh_item *x = a, *y = b;
    if (x->created != y->created)
        return x->created > y->created ? -1 : 1;
    return dh_str_compare(x->id, y->id);
}

static int by_score(const void *a, const void *b)
{
    const struct dh_item *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return dh_str_compare(x->id, y->id);
}

static const struct {
    const char *name;
    int (*compare)(const void *, const void *);
} sorts[] = {
    {"name", by_name},       {"-name", by_name_down},
    {"created", by_created}, {"-created", by_created_down},
    {"relevance", by_score},
};

static void sort(struct list *list)
{
    struct dh_str name = dh_params_get(list->accounts->call->params, "sort", NULL);
    int (*compare)(const void *, const void *) =
        list->kind->newest_first ? by_created_down : by_name;
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
        if (dh_str_equal(name, dh_str(sorts[i].name)))
            compare = sorts[i].compare;
    if (list->paging.cursor)
        compare = by_created;
    qsort(list->items, list->count, sizeof(*list->items), compare);
}

static void page(struct list *list)
{
    const struct dh_paging *paging = &list->paging;
    size_t size = (size_t)paging->size;
    if (paging->cursor && paging->after != DH_TIME_NONE) {
        struct dh_item last = {.created = paging->after, .id = paging->after_id};
        while (list->from < list->count && by_created(&list->items[list->from], &last) <= 0)
            list->from++;
    } else if (!paging->cursor) {
        size_t skip = (size_t)(paging->number - 1) * size;
        list->from = skip < list->count ? skip : list->count;
    }
    list->to = list->count - list->from > size ? list->from + size : list->count;
}

/* Whether an item is in the list; ids leave the query aside, as they do the filters. */
static enum dh_status choose(struct list *list, struct dh_item *item, bool *chosen)
{
    *chosen = passes(list, item);
    if (!*chosen || list->ids.ptr || list->kind->prefixes)
        return DH_OK;
    return dh_account_query_try(&list->query, list->accounts, item->record, chosen, &item->score);
}

static bool collect(struct list *list, const char *records, size_t count, size_t size)
{
    struct dh_call *call = list->accounts->call;
    enum dh_status status = DH_OK;
    bool chosen;
    list->items = dh_arena_array(call->arena, count, sizeof(*list->items));
    if (!list->items) {
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
        return false;
    }
    for (size_t i = 0; !status && i < count; i++) {
        struct dh_item item = {.record = records + i * size};
        if (list->kind->hidden && list->kind->hidden(item.record))
            continue;
        list->kind->item(item.record, &item);
        status = choose(list, &item, &chosen);
        if (!status && chosen)
            list->items[list->count++] = item;
    }
    if (status) {
        dh_reply_status(call, status);
        return false;
    }
    sort(list);
    page(list);
    return true;
}

/* ---- facets --------------------------------------------------------------------------------- */

static void put_facets(const struct list *list)
{
    struct dh_call *call = list->accounts->call;
    for (size_t i = 0; i < list->kind->facet_count; i++) {
        const struct dh_list_facet *facet = &list->kind->facets[i];
        struct dh_tally tally = {.arena = call->arena};
        for (size_t k = 0; facet->count && k < list->count; k++)
            facet->count(&tally, list->accounts, list->items[k].record, facet->attribute);
        dh_put_tally(call->out, facet->name, &tally, facet->order, FACET_SIZE, facet->dress);
    }
}

/* ---- the answer ----------------------------------------------------------------------------- */

static struct dh_str last_cursor(const struct list *list)
{
    if (!list->paging.cursor || list->from == list->to)
        return DH_STR_NONE;
    const struct dh_item *last = &list->items[list->to - 1];
    int64_t created = last->created == DH_TIME_NONE ? INT64_MAX : last->created;
    return dh_cursor_write(list->accounts->call->arena, created, last->id);
}

static void put_list(struct list *list)
{
    struct dh_call *call = list->accounts->call;
    enum dh_type type = list->kind->type;
    dh_buf_text(call->out, "{\"data\":[");
    for (size_t i = list->from; i < list->to; i++) {
        if (i > list->from)
            dh_buf_char(call->out, ',');
        dh_put_resource(list->accounts, type, list->items[i].record);
        dh_accounts_include(list->accounts, type, list->items[i].record);
    }
    dh_buf_char(call->out, ']');
    dh_put_included(list->accounts, type);
    dh_key(call->out, "meta");
    dh_buf_char(call->out, '{');
    dh_put_paging(call, &list->paging, list->count);
    if (list->count)
        put_facets(list);
    dh_buf_char(call->out, '}');
    dh_put_links(call, list->kind->path, &list->paging, list->count, list->to - list->from,
                 last_cursor(list));
    dh_buf_char(call->out, '}');
}

void dh_list_answer(struct dh_accounts *accounts, const struct dh_list_kind *kind,
                    const void *records, size_t count, size_t size)
{
    struct list list = {.accounts = accounts, .kind = kind};
    if (read_params(&list) && collect(&list, records, count, size))
        put_list(&list);
}

void dh_single_answer(struct dh_accounts *accounts, enum dh_type type, const void *record,
                      void (*meta)(struct dh_accounts *accounts, const void *record))
{
    struct dh_buf *out = accounts->call->out;
    if (!record) {
        dh_reply_missing(accounts->call);
        return;
    }
    dh_buf_text(out, "{\"data\":");
    dh_put_resource(accounts, type, record);
    if (meta)
        meta(accounts, record);
    dh_accounts_include(accounts, type, record);
    dh_put_included(accounts, type);
    dh_buf_char(out, '}');
    if (accounts->failed)
        dh_reply_status(accounts->call, accounts->failed);
}
