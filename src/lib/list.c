/* Walks through the records that a filter selects. */
#include <stdlib.h>

#include "base/limits.h"
#include "lib/lib.h"

/* Parameters that ask for an order or a choice of their own, which a cursor has not. */
static const struct {
    const char *name, *key;
} orders[] = {{"sort", NULL},         {"random", NULL},   {"ids", NULL},     {"id", NULL},
              {"sample_group", NULL}, {"page", "number"}, {"page", "cursor"}};

/* Writes "/dois?..." as the pages' target. */
static enum dh_status aim(struct dh_pages *pages, struct dh_str filter, struct dh_err *err)
{
    struct dh_params params;
    if (dh_params_parse(&pages->arena, filter, &params))
        return dh_fail(err, DH_MEMORY, "out of memory");
    bool ordered = false;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        ordered = ordered || dh_params_has(&params, orders[i].name, orders[i].key);
    dh_buf_text(&pages->target, "/dois?page[size]=100&disable-facets=true&");
    dh_buf_str(&pages->target, filter);
    dh_buf_text(&pages->target, ordered ? "&callback=" : "&page[cursor]=1&callback=");
    return pages->target.status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

enum dh_status dh_list_new(struct dh *dh, const char *filter, struct dh_list **out,
                           struct dh_err *err)
{
    struct dh_list *list = *out = calloc(1, sizeof(*list));
    if (!list)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_buf_init(&list->item, DH_RESPONSE_MAX);
    dh_arena_init(&list->arena, DH_ARENA_MAX);
    enum dh_status status = dh_pages_init(&list->pages, dh, err);
    if (!status)
        status = aim(&list->pages, dh_str(filter), err);
    if (!status)
        status = dh_pages_fetch(&list->pages, err);
    if (status) {
        dh_list_free(list);
        *out = NULL;
    }
    return status;
}

enum dh_status dh_list_next(struct dh_list *list, const char **json, size_t *len,
                            struct dh_err *err)
{
    struct dh_str resource;
    *json = NULL;
    enum dh_status status = dh_pages_next(&list->pages, &resource, err);
    if (status)
        return status;
    dh_buf_clear(&list->item);
    dh_buf_str(&list->item, resource);
    dh_buf_char(&list->item, '\0');
    if (list->item.status)
        return dh_fail(err, list->item.status, "out of memory");
    *json = list->item.ptr;
    if (len)
        *len = resource.len;
    return DH_OK;
}

uint64_t dh_list_total(const struct dh_list *list)
{
    return list->pages.total;
}

void dh_list_free(struct dh_list *list)
{
    if (!list)
        return;
    dh_pages_release(&list->pages);
    dh_buf_release(&list->item);
    dh_arena_release(&list->arena);
    free(list);
}
