#include "http/url.h"
#include "mirror/sync_parts.h"

/* The value of the last `query` of a filter; blank when there is none. */
static struct dh_str own_query(struct dh_arena *arena, const char *filter)
{
    struct dh_params params;
    if (dh_params_parse(arena, dh_str(filter), &params))
        return DH_STR_NONE;
    struct dh_str query = dh_params_get(&params, "query", NULL);
    return dh_str_blank(query) ? DH_STR("") : query;
}

static void add_others(struct dh_buf *out, const char *filter)
{
    struct dh_str rest = dh_str(filter), part;
    while (dh_str_split(&rest, '&', &part)) {
        if (!part.len || dh_str_starts(part, DH_STR("query=")))
            continue;
        dh_buf_str(out, part);
        dh_buf_char(out, '&');
    }
}

const char *dh_sync_filter_since(struct dh_arena *arena, const char *filter, int64_t since)
{
    char time[DH_TIME_TEXT_MAX];
    struct dh_str own = own_query(arena, filter);
    struct dh_buf query, out;
    time[dh_time_format(since, false, time)] = '\0';
    dh_buf_init(&query, DH_URL_MAX);
    dh_buf_init(&out, DH_URL_MAX);
    if (own.len)
        dh_buf_printf(&query, "(%.*s) AND ", DH_STR_ARG(own));
    dh_buf_printf(&query, "updated:[%s TO *]", time);
    add_others(&out, filter);
    dh_buf_text(&out, "query=");
    dh_url_encode_form(&out, dh_buf_view(&query));
    bool failed = !own.ptr || query.status || out.status;
    const char *text = failed ? NULL : dh_arena_copy(arena, dh_buf_view(&out)).ptr;
    dh_buf_release(&query);
    dh_buf_release(&out);
    return text;
}

/* The scope learns nothing of this walk: it is done from its beginning, or not at all. */
static enum dh_status land(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    return dh_landing_put(pull->landing, fetch, NULL, err);
}

enum dh_status dh_sync_news(struct dh_sync *sync, int64_t since, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    sync->step = DH_SYNC_NEWS;
    pull->filter = dh_sync_filter_since(&pull->arena, sync->options->filter, since);
    if (!pull->filter)
        return dh_fail(err, DH_MEMORY, "out of memory");
    pull->page = land;
    dh_walk_release(&pull->walk);
    enum dh_status status = dh_pull_plan(pull, err);
    return status || dh_pull_stopped(pull) ? status : dh_pull_walk(pull, err);
}
