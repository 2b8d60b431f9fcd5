/* GET /events: lists and single ones, in either dialect. */
#include "api/events.h"

struct list {
    struct dh_call *call;
    enum dh_dialect dialect;
    struct dh_paging paging;
    struct dh_event_search search;
    struct dh_event_page page;
};

static bool holds(struct dh_str text, struct dh_str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
            return true;
    return false;
}

/* Which dialect the caller speaks; the answer then varies with Accept. */
static enum dh_dialect dialect_of(struct dh_call *call)
{
    struct dh_str accept = call->request->accept;
    bool newer = holds(accept, DH_STR("version=2"));
    call->response->vary_accept = call->response->vary_accept || !dh_str_blank(accept);
    return newer ? DH_DIALECT_2 : DH_DIALECT_1;
}

/* The newer dialect is JSON whatever else Accept says. */
static bool negotiate(struct dh_call *call, enum dh_dialect *dialect)
{
    *dialect = dialect_of(call);
    return *dialect == DH_DIALECT_2 || dh_negotiate_json(call);
}

static bool read_list(struct list *list)
{
    struct dh_call *call = list->call;
    struct dh_event_search *search = &list->search;
    if (!dh_paging_read(call, &list->paging))
        return false;
    if (!dh_event_filters_read(call, search))
        return false;
    search->counts = true;
    search->cursor = list->paging.cursor;
    search->after_created = list->paging.after;
    search->after_uuid = list->paging.after_id;
    search->limit = (size_t)list->paging.size;
    search->offset =
        search->cursor ? 0 : (size_t)(list->paging.number - 1) * (size_t)list->paging.size;
    return true;
}

static void put_meta(struct list *list)
{
    struct dh_buf *out = list->call->out;
    uint64_t size = (uint64_t)list->paging.size, total = list->page.total;
    dh_key(out, "meta");
    dh_buf_char(out, '{');
    dh_put_int(out, "total", (int64_t)total);
    dh_put_int(out, list->dialect == DH_DIALECT_1 ? "total-pages" : "totalPages",
               size ? (int64_t)((total + size - 1) / size) : 0);
    if (!list->paging.cursor)
        dh_put_int(out, "page", list->paging.number);
    if (total)
        dh_put_event_counts(list->call, list->dialect, &list->page);
    dh_buf_char(out, '}');
}

static enum dh_status put_list(struct list *list, const char *path)
{
    struct dh_call *call = list->call;
    const struct dh_event_page *page = &list->page;
    struct dh_str cursor = DH_STR_NONE;
    enum dh_status status = DH_OK;
    if (list->paging.cursor && page->count) {
        const struct dh_event *last = &page->items[page->count - 1];
        cursor = dh_cursor_write(
            call->arena, last->created == DH_TIME_NONE ? INT64_MAX : last->created, last->uuid);
    }
    dh_buf_text(call->out, "{\"data\":[");
    for (size_t i = 0; i < page->count; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        dh_put_event(call, list->dialect, &page->items[i]);
    }
    dh_buf_char(call->out, ']');
    if (list->dialect == DH_DIALECT_2)
        status = dh_put_event_objects(call, page->items, page->count);
    put_meta(list);
    dh_put_links(call, path, &list->paging, page->total, page->count, cursor);
    dh_buf_char(call->out, '}');
    return status;
}

static void answer(struct list *list, const char *path)
{
    struct dh_call *call = list->call;
    enum dh_status status =
        dh_store_events(call->reader, &list->search, &list->page, call->arena, &call->err);
    if (!status)
        status = put_list(list, path);
    if (status == DH_LIMIT && list->search.keep)
        dh_reply_rejected(call, call->err.text);
    else if (status)
        dh_reply_status(call, status);
}

void dh_events_list(struct dh_call *call)
{
    struct list list = {.call = call};
    if (negotiate(call, &list.dialect) && read_list(&list))
        answer(&list, "/events");
}

/* The events of one DOI, by it or about it; the next page has the same path. */
void dh_events_of_doi(struct dh_call *call)
{
    struct list list = {.call = call};
    struct dh_str doi = dh_doi_parse(call->arena, call->arg[0]);
    struct dh_str path =
        dh_arena_copy(call->arena, dh_utf8_clean(call->arena, call->request->path));
    list.dialect = DH_DIALECT_2;
    if (!doi.ptr) {
        dh_reply_missing(call);
        return;
    }
    if (!read_list(&list))
        return;
    struct dh_event_filter *filters =
        dh_arena_array(call->arena, list.search.filter_count + 1, sizeof(*filters));
    if (!filters || !path.ptr) {
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
        return;
    }
    if (list.search.filter_count)
        memcpy(filters + 1, list.search.filters, list.search.filter_count * sizeof(*filters));
    filters[0] = (struct dh_event_filter){.field = DH_EVENT_DOI, .values = &doi, .value_count = 1};
    list.search.filters = filters;
    list.search.filter_count++;
    answer(&list, path.ptr);
}

void dh_events_single(struct dh_call *call)
{
    struct dh_str uuid = dh_arena_lower(call->arena, call->arg[0]);
    struct dh_event_filter filter = {.field = DH_EVENT_UUID, .values = &uuid, .value_count = 1};
    struct dh_event_search search = {
        .filters = &filter, .filter_count = 1, .limit = 1, .after_created = DH_TIME_NONE};
    struct dh_event_page page;
    enum dh_dialect dialect = dialect_of(call);
    enum dh_status status = dh_store_events(call->reader, &search, &page, call->arena, &call->err);
    if (!status && !page.count)
        status = DH_NOT_FOUND;
    if (!status) {
        dh_buf_text(call->out, "{\"data\":");
        dh_put_event(call, dialect, &page.items[0]);
        if (dialect == DH_DIALECT_2)
            status = dh_put_event_objects(call, page.items, 1);
        dh_buf_char(call->out, '}');
    }
    if (status)
        dh_reply_status(call, status);
}
