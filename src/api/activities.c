/* /activities: who changed what, and when. */
#include <stdlib.h>

#include "api/activity_show.h"
#include "api/query.h"
#include "api/visible.h"

enum { SAME_REQUEST_MAX = 25 };

/* ---- what a stranger may see ---------------------------------------------------------------- */

static bool is_visible(const struct dh_visible *visible, const struct dh_activity *activity)
{
    return activity->kind != DH_OF_DOI || dh_visible_has(visible, activity->subject);
}

/* Drops the activities of DOIs that the caller may not see; keeps the order. */
static enum dh_status hide(struct dh_call *call, struct dh_activity_page *page)
{
    struct dh_visible visible;
    struct dh_str *dois = dh_arena_array(call->arena, page->count, sizeof(*dois));
    size_t count = 0, kept = 0;
    if (!dois)
        return dh_fail(&call->err, DH_MEMORY, "Out of memory.");
    for (size_t i = 0; i < page->count; i++)
        if (page->items[i].kind == DH_OF_DOI)
            dois[count++] = page->items[i].subject;
    enum dh_status status = dh_visible_find(call, dois, count, &visible);
    for (size_t i = 0; !status && i < page->count; i++)
        if (is_visible(&visible, &page->items[i]))
            page->items[kept++] = page->items[i];
    page->count = kept;
    return status;
}

/* ---- the list ------------------------------------------------------------------------------- */

struct list {
    struct dh_call *call;
    struct dh_paging paging;
    struct dh_activity_search search;
    struct dh_activity_page page;
    bool empty; /* nothing can match */
};

/* The items of a comma list in lower case, as subjects. */
static bool read_subjects(struct list *list, struct dh_str text)
{
    struct dh_str *subjects =
        dh_arena_array(list->call->arena, DH_LIST_ITEMS_MAX, sizeof(*subjects));
    struct dh_str item;
    size_t count = 0;
    if (!subjects)
        return false;
    while (count < DH_LIST_ITEMS_MAX && dh_str_split(&text, ',', &item))
        if (item.len)
            subjects[count++] = dh_arena_lower(list->call->arena, item);
    list->search.subjects = subjects;
    list->search.subject_count = count;
    list->empty = count == 0;
    return true;
}

/* Subjects named by a parameter, the first of the table that is given. */
static bool read_subject_params(struct list *list)
{
    static const struct {
        const char *param;
        enum dh_activity_kind kind;
    } params[] = {
        {"datacite_doi_id", DH_OF_DOI},
        {"provider_id", DH_OF_PROVIDER},
        {"client_id", DH_OF_CLIENT},
        {"repository_id", DH_OF_CLIENT},
    };
    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        if (!dh_params_present(list->call->params, params[i].param))
            continue;
        list->search.kind = params[i].kind;
        return read_subjects(list, dh_params_get(list->call->params, params[i].param, NULL));
    }
    return true;
}

/* Keeps the subjects that the caller may see. */
static enum dh_status hide_subjects(struct list *list)
{
    struct dh_visible visible;
    if (list->search.kind != DH_OF_DOI || !list->search.subject_count)
        return DH_OK;
    enum dh_status status =
        dh_visible_find(list->call, list->search.subjects, list->search.subject_count, &visible);
    if (status || visible.all)
        return status;
    list->search.subjects = visible.dois;
    list->search.subject_count = visible.count;
    list->empty = visible.count == 0;
    return DH_OK;
}

static bool read_list(struct list *list)
{
    struct dh_call *call = list->call;
    struct dh_activity_search *search = &list->search;
    if (!dh_paging_read(call, &list->paging))
        return false;
    search->cursor = list->paging.cursor;
    search->after_time = list->paging.after;
    search->after_uuid = list->paging.after_id;
    search->limit = (size_t)list->paging.size;
    search->offset =
        search->cursor ? 0 : (size_t)(list->paging.number - 1) * (size_t)list->paging.size;
    search->ascending = search->cursor ||
                        dh_str_equal(dh_params_get(call->params, "sort", NULL), DH_STR("created"));
    return true;
}

static int oldest_first(const void *a, const void *b)
{
    const struct dh_activity *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    int order = dh_str_compare(x->uuid, y->uuid);
    return order ? order : dh_str_compare(x->subject, y->subject);
}

static int newest_first(const void *a, const void *b)
{
    return oldest_first(b, a);
}

/* An id that is asked for twice has brought its activities twice. */
static void drop_repeated(struct dh_activity_page *page)
{
    size_t kept = 0;
    for (size_t i = 0; i < page->count; i++)
        if (!kept || oldest_first(&page->items[kept - 1], &page->items[i]) != 0 ||
            page->items[kept - 1].version != page->items[i].version)
            page->items[kept++] = page->items[i];
    page->count = kept;
}

/* The part of a collected page that the parameters ask for. */
static void cut(struct list *list)
{
    const struct dh_activity_search *search = &list->search;
    struct dh_activity_page *page = &list->page;
    struct dh_activity last = {.time = search->after_time, .uuid = search->after_uuid};
    qsort(page->items, page->count, sizeof(*page->items),
          search->ascending ? oldest_first : newest_first);
    drop_repeated(page);
    size_t from = search->offset < page->count ? search->offset : page->count;
    while (search->cursor && search->after_time != DH_TIME_NONE && from < page->count &&
           (page->items[from].time < last.time ||
            (page->items[from].time == last.time &&
             dh_str_compare(page->items[from].uuid, last.uuid) <= 0)))
        from++;
    page->total = page->count;
    page->items += from;
    page->count -= from;
    if (page->count > search->limit)
        page->count = search->limit;
}

/* Adds what was found to a page whose items have room for *cap. */
static bool append(struct dh_arena *arena, struct dh_activity_page *page, size_t *cap,
                   const struct dh_activity_page *found)
{
    struct dh_activity *items =
        dh_arena_reserve(arena, page->items, cap, page->count + found->count, sizeof(*items));
    if (!items)
        return false;
    page->items = items;
    if (found->count)
        memcpy(page->items + page->count, found->items, found->count * sizeof(*found->items));
    page->count += found->count;
    return true;
}

/* ids=a,b: the activities of each of these requests. */
static enum dh_status find_by_ids(struct list *list, struct dh_str ids)
{
    struct dh_call *call = list->call;
    struct dh_activity_search one = list->search;
    struct dh_str id;
    size_t cap = 0;
    one.offset = 0;
    one.cursor = false;
    one.limit = DH_PAGE_MAX;
    for (size_t i = 0; i < DH_LIST_ITEMS_MAX && dh_str_split(&ids, ',', &id); i++) {
        struct dh_activity_page found;
        one.uuid = dh_arena_lower(call->arena, dh_str_trim(id));
        if (!one.uuid.len)
            continue;
        enum dh_status status =
            dh_store_activities(call->reader, &one, &found, call->arena, &call->err);
        if (status)
            return status;
        if (!append(call->arena, &list->page, &cap, &found))
            return dh_fail(&call->err, DH_MEMORY, "Out of memory.");
    }
    if (list->page.count)
        cut(list);
    return DH_OK;
}

static enum dh_status find(struct list *list)
{
    struct dh_call *call = list->call;
    struct dh_str ids = dh_params_get(call->params, "ids", NULL);
    enum dh_status status = hide_subjects(list);
    if (dh_str_blank(ids))
        ids = dh_params_get(call->params, "id", NULL);
    if (status || list->empty)
        return status;
    if (!dh_str_blank(ids))
        status = find_by_ids(list, ids);
    else
        status =
            dh_store_activities(call->reader, &list->search, &list->page, call->arena, &call->err);
    return status;
}

static enum dh_status put_list(struct list *list, const char *path)
{
    struct dh_call *call = list->call;
    struct dh_activity_page *page = &list->page;
    struct dh_str cursor = DH_STR_NONE;
    size_t hits = page->count;
    if (list->paging.cursor && hits)
        cursor =
            dh_cursor_write(call->arena, page->items[hits - 1].time, page->items[hits - 1].uuid);
    enum dh_status status = hide(call, page);
    dh_buf_text(call->out, "{\"data\":[");
    for (size_t i = 0; !status && i < page->count; i++) {
        if (i)
            dh_buf_char(call->out, ',');
        status = dh_put_activity(call, &page->items[i], false);
    }
    dh_buf_char(call->out, ']');
    dh_key(call->out, "meta");
    dh_buf_char(call->out, '{');
    dh_put_paging(call, &list->paging, page->total);
    dh_buf_char(call->out, '}');
    dh_put_links(call, path, &list->paging, page->total, hits, cursor);
    dh_buf_char(call->out, '}');
    return status;
}

static void answer(struct list *list, const char *path)
{
    struct dh_str query = dh_params_get(list->call->params, "query", NULL);
    if (!dh_str_blank(query) &&
        !dh_activity_query_read(list->call, query, &list->search, &list->empty))
        return;
    enum dh_status status = find(list);
    if (!status)
        status = put_list(list, path);
    if (status)
        dh_reply_status(list->call, status);
}

void dh_activities_list(struct dh_call *call)
{
    struct list list = {.call = call, .search = {.kind = DH_OF__ANY}};
    if (!read_list(&list))
        return;
    if (read_subject_params(&list))
        answer(&list, "/activities");
    else
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
}

/* The activities of one record; the next page has the same path, so that it is of the same record.
 */
static void answer_of(struct dh_call *call, enum dh_activity_kind kind)
{
    struct list list = {.call = call, .search = {.kind = kind}};
    struct dh_str subject = dh_arena_lower(call->arena, call->arg[0]);
    struct dh_str path =
        dh_arena_copy(call->arena, dh_utf8_clean(call->arena, call->request->path));
    list.search.subjects = &subject;
    list.search.subject_count = 1;
    if (!subject.ptr || !path.ptr)
        dh_reply_status(call, dh_fail(&call->err, DH_MEMORY, "Out of memory."));
    else if (read_list(&list))
        answer(&list, path.ptr);
}

void dh_activities_of_doi(struct dh_call *call)
{
    answer_of(call, DH_OF_DOI);
}

void dh_activities_of_provider(struct dh_call *call)
{
    answer_of(call, DH_OF_PROVIDER);
}

void dh_activities_of_client(struct dh_call *call)
{
    answer_of(call, DH_OF_CLIENT);
}

/* Several activities may share the request; one that the caller may see is shown. */
void dh_activities_single(struct dh_call *call)
{
    struct dh_activity_search search = {
        .kind = DH_OF__ANY,
        .uuid = dh_arena_lower(call->arena, call->arg[0]),
        .limit = SAME_REQUEST_MAX,
        .after_time = DH_TIME_NONE,
    };
    struct dh_activity_page page;
    enum dh_status status =
        dh_store_activities(call->reader, &search, &page, call->arena, &call->err);
    if (!status)
        status = hide(call, &page);
    if (!status && !page.count)
        status = DH_NOT_FOUND;
    if (!status) {
        dh_buf_text(call->out, "{\"data\":");
        status = dh_put_activity(call, &page.items[0], true);
        dh_buf_char(call->out, '}');
    }
    if (status)
        dh_reply_status(call, status);
}
