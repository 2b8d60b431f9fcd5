#include "api/visible.h"

#include <stdlib.h>

static int compare_strs(const void *a, const void *b)
{
    return dh_str_compare(*(const struct dh_str *)a, *(const struct dh_str *)b);
}

enum dh_status dh_visible_find(struct dh_call *call, const struct dh_str *dois, size_t count,
                               struct dh_visible *out)
{
    static const struct dh_str findable = {"findable", 8};
    struct dh_filter filter = {
        .column = DH_COLUMN_STATE, .op = DH_FILTER_IN, .values = &findable, .value_count = 1};
    struct dh_search search = {
        .filters = &filter,
        .filter_count = 1,
        .dois = dois,
        .doi_count = count,
        .sort = DH_SORT_NAME,
        .limit = count,
        .after_created = DH_TIME_NONE,
        .sample_by = DH_COLUMN__N,
    };
    struct dh_page page;
    *out = (struct dh_visible){.all = call->api->options.owner};
    if (out->all || !count)
        return DH_OK;
    enum dh_status status = dh_store_search(call->reader, &search, &page, call->arena, &call->err);
    if (status)
        return status;
    out->dois = dh_arena_array(call->arena, page.count, sizeof(*out->dois));
    if (!out->dois)
        return dh_fail(&call->err, DH_MEMORY, "Out of memory.");
    for (size_t i = 0; i < page.count; i++)
        out->dois[i] = page.hits[i].doi;
    out->count = page.count;
    qsort(out->dois, out->count, sizeof(*out->dois), compare_strs);
    return DH_OK;
}

bool dh_visible_has(const struct dh_visible *visible, struct dh_str doi)
{
    return visible->all || (visible->count && bsearch(&doi, visible->dois, visible->count,
                                                      sizeof(*visible->dois), compare_strs));
}
