/* GET /dois: the list. */
#include "api/dois.h"

#include "api/explain.h"
#include "api/facets.h"
#include "api/filters.h"
#include "api/negotiate.h"

struct list {
    struct dh_call *call;
    struct dh_choice choice;
    struct dh_format_options options; /* of the chosen format */
    struct dh_accounts accounts;
    struct dh_paging paging;
    struct dh_search search;
    struct dh_facets facets;
    struct dh_page page;
    struct dh_doi_view view; /* of the answer in JSON:API */
};

/* Upstream's search engine rejects with a shape of its own; what the API itself refuses is an
 * error. A query that takes too long is rejected, too: it would take as long again. */
static void refuse(const struct list *list, enum dh_status status)
{
    struct dh_call *call = list->call;
    bool rejected =
        (status == DH_INVALID && !call->err.field[0]) || (status == DH_LIMIT && list->search.query);
    struct dh_str text = dh_arena_copy(call->arena, dh_str(call->err.text));
    if (rejected && text.ptr)
        dh_reply_rejected(call, text.ptr);
    else
        dh_reply_status(call, status);
}

/* `id` asks for one record, without facets; other formats have no place for them. */
static enum dh_status read_request(struct list *list)
{
    struct dh_call *call = list->call;
    enum dh_status status =
        dh_filters_read(call->params, call->api->options.owner, list->accounts.directory,
                        &list->search, call->arena, &call->err);
    call->passing = list->search.sort == DH_SORT_RANDOM;
    if (status || list->choice.format)
        return status;
    dh_doi_view_read(call, false, &list->view);
    list->search.relations = list->view.need_related;
    if (dh_params_present(call->params, "id"))
        return status;
    status = dh_facets_choose(call, &list->facets);
    list->search.explain =
        list->search.query && call->api->options.explain &&
        dh_str_equal(dh_params_get(call->params, "explain", NULL), DH_STR("true"));
    call->passing = call->passing || list->search.explain;
    list->search.facets = list->facets.requests;
    list->search.facet_count = list->facets.count;
    return status;
}

static struct dh_str last_cursor(const struct list *list)
{
    if (!list->paging.cursor || !list->page.count)
        return DH_STR_NONE;
    const struct dh_hit *last = &list->page.hits[list->page.count - 1];
    int64_t created = last->created == DH_TIME_NONE ? INT64_MAX : last->created;
    return dh_cursor_write(list->call->arena, created, last->doi);
}

/* A sample is one page that holds whatever was found. */
static void set_sample_page(struct list *list)
{
    if (list->search.sample_by == DH_COLUMN__N)
        return;
    list->page.total = list->page.count;
    list->paging = (struct dh_paging){.size = (int64_t)list->page.count, .number = 1};
}

static enum dh_status write_data(struct list *list)
{
    struct dh_call *call = list->call;
    enum dh_status status = DH_OK;
    dh_dois_reserve(call->out, &list->view, list->page.hits, list->page.count);
    dh_key(call->out, "data");
    dh_buf_char(call->out, '[');
    for (size_t i = 0; !status && i < list->page.count; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        status = dh_doi_put(call, &list->view, &list->page.hits[i]);
    }
    dh_buf_char(call->out, ']');
    return status;
}

static enum dh_status write_list(struct list *list)
{
    struct dh_call *call = list->call;
    struct dh_buf *out = call->out;
    set_sample_page(list);
    dh_buf_char(out, '{');
    enum dh_status status = write_data(list);
    if (status)
        return status;
    dh_dois_put_included(&list->accounts, list->page.hits, list->page.count);
    dh_key(out, "meta");
    dh_buf_char(out, '{');
    dh_put_paging(call, &list->paging, list->page.total);
    dh_facets_write(call, &list->facets, &list->page, list->accounts.directory);
    if (list->search.query &&
        dh_str_equal(dh_params_get(call->params, "warnings", NULL), DH_STR("true")))
        dh_put_warnings(call, list->search.query);
    if (list->search.explain)
        dh_put_explain(call, list->search.query, &list->page.explain);
    dh_buf_char(out, '}');
    dh_put_links(call, "/dois", &list->paging, list->page.total, list->page.count,
                 last_cursor(list));
    dh_buf_char(out, '}');
    return DH_OK;
}

static bool negotiate(struct list *list)
{
    struct dh_call *call = list->call;
    return dh_negotiate(call, DH_CHOOSE_FORMATS, &list->choice) &&
           (!list->choice.format ||
            dh_format_options_read(call, &list->choice, false, &list->options));
}

void dh_dois_list(struct dh_call *call)
{
    struct list list = {.call = call};
    if (!negotiate(&list))
        return;
    if (!dh_paging_read(call, &list.paging) || !dh_accounts_open(call, true, &list.accounts))
        return;
    enum dh_status status = read_request(&list);
    if (!status)
        status = dh_store_search(call->reader, &list.search, &list.page, call->arena, &call->err);
    if (!status && list.choice.format)
        dh_reply_formatted_list(call, &list.choice, &list.options, list.page.hits, list.page.count);
    else if (!status)
        status = write_list(&list);
    if (status)
        refuse(&list, status);
    dh_accounts_close(&list.accounts);
}
