#include <inttypes.h>

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

/* ---- written down --------------------------------------------------------------------------- */

#define NEWS "{\"news\":"

bool dh_sync_is_news(struct dh_str progress)
{
    return dh_str_starts(progress, DH_STR(NEWS));
}

/* This walk as it is now, as text that the caller frees; NULL out of memory. */
static char *written(const struct dh_sync *sync)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_buf_text(&text, NEWS);
    dh_walk_write(&sync->pull.walk, &text);
    dh_buf_printf(&text, ",\"since\":%" PRId64 ",\"began\":%" PRId64 "}", sync->news_since,
                  sync->began);
    dh_buf_char(&text, '\0');
    if (!text.status)
        return text.ptr; /* malloc's, handed on */
    dh_buf_release(&text);
    return NULL;
}

static enum dh_status read_walk(struct dh_sync *sync, struct json_object *slices,
                                struct dh_err *err)
{
    struct dh_walk *walk = &sync->pull.walk;
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_json_write(&text, slices, 0);
    *walk = (struct dh_walk){.url = sync->pull.url, .filter = sync->pull.filter};
    enum dh_status status = text.status ? dh_fail(err, DH_MEMORY, "out of memory")
                                        : dh_walk_read(walk, dh_buf_view(&text), err);
    dh_buf_release(&text);
    /* What the server counts may have become much more since. */
    for (size_t i = 0; i < walk->count; i++)
        walk->slices[i].first = walk->slices[i].most = 0;
    return status;
}

/* When there is a walk that covers what is asked for now, its times become those of the sync. */
static struct json_object *left_over(struct dh_sync *sync)
{
    struct json_object *tree = NULL;
    int64_t since, began;
    if (!dh_sync_is_news(sync->pull.scope.progress) ||
        dh_json_parse(sync->pull.scope.progress, &tree, NULL))
        return NULL;
    since = json_object_get_int64(dh_json_get(tree, "since"));
    began = json_object_get_int64(dh_json_get(tree, "began"));
    if (since <= sync->news_since && began > 0 && began <= sync->began) {
        sync->news_since = since;
        sync->began = began;
        sync->noted = true;
        return tree;
    }
    json_object_put(tree);
    return NULL;
}

struct dh_str dh_sync_no_news(const struct dh_scope *scope)
{
    return scope->finished > 0 ? DH_STR("") : DH_STR(NEWS "null}");
}

enum dh_status dh_sync_news_end(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_scope scope = sync->pull.scope;
    sync->pull.scope.progress = scope.progress = dh_sync_no_news(&scope);
    return sync->noted ? dh_sync_write_scope(sync, &scope, err) : DH_OK;
}

/* ---- walking -------------------------------------------------------------------------------- */

static enum dh_status land(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_sync *sync = (struct dh_sync *)pull;
    bool single = pull->walk.count == 1 && pull->walk.slices[0].over;
    sync->noted = sync->noted || !single;
    return dh_landing_put(pull->landing, fetch, sync->noted ? written(sync) : NULL, err);
}

enum dh_status dh_sync_news(struct dh_sync *sync, int64_t since, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    sync->step = DH_SYNC_NEWS;
    sync->news_since = since;
    struct json_object *left = left_over(sync);
    pull->filter = dh_sync_filter_since(&pull->arena, sync->options->filter, sync->news_since);
    pull->page = land;
    dh_walk_release(&pull->walk);
    enum dh_status status = DH_OK;
    if (!pull->filter)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    else if (left)
        status = read_walk(sync, dh_json_get(left, "news"), err);
    else
        status = dh_pull_plan(pull, err);
    json_object_put(left);
    return status || dh_pull_stopped(pull) ? status : dh_pull_walk(pull, err);
}
