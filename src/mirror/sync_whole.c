#include "mirror/sync_parts.h"

#define IDS "fields%5Bdois%5D=doi,created,updated,state"

/* ---- what the store has --------------------------------------------------------------------- */

static enum dh_status hold(void *context, const struct dh_hit *hit, struct dh_err *err)
{
    return dh_held_add(context, hit->doi, hit->updated, hit->state, err);
}

static enum dh_status search_list(struct dh_sync *sync, dh_sync_each *each, void *context,
                                  struct dh_err *err)
{
    struct dh_arena arena;
    enum dh_status status = DH_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < sync->pull.picked_count && !status; i++) {
        struct dh_hit hit;
        dh_arena_clear(&arena);
        status = dh_store_get(sync->reader, sync->pull.picked[i].doi, &hit, &arena, err);
        if (!status)
            status = each(context, &hit, err);
        else if (status == DH_NOT_FOUND)
            status = DH_OK;
    }
    dh_arena_release(&arena);
    return status;
}

static enum dh_status search(struct dh_sync *sync, dh_sync_each *each, void *context,
                             struct dh_err *err)
{
    const struct dh_sync_options *options = sync->options;
    if (sync->pull.picked)
        return search_list(sync, each, context, err);
    return options->search(options->search_context, options->filter, each, context, err);
}

static enum dh_status hold_all(struct dh_sync *sync, struct dh_err *err)
{
    enum dh_status status = search(sync, hold, &sync->held, err);
    dh_held_sort(&sync->held);
    sync->result->here = sync->held.findable;
    return status;
}

/* ---- what the server lists ------------------------------------------------------------------ */

/* Servers differ in what passes a filter: the store may have a record that it does not find. */
static enum dh_status known_elsewhere(struct dh_sync *sync, struct dh_str doi, int64_t updated,
                                      enum dh_doi_state state, bool *known, struct dh_arena *arena,
                                      struct dh_err *err)
{
    struct dh_hit hit;
    enum dh_status status = dh_store_get(sync->reader, doi, &hit, arena, err);
    *known = !status && hit.state == state && (updated == DH_TIME_NONE || hit.updated == updated);
    return status == DH_NOT_FOUND ? DH_OK : status;
}

/* A list has no walk through the news: what was updated of late is among what is compared. */
static bool is_news(const struct dh_sync *sync, int64_t updated)
{
    return sync->pull.picked && updated != DH_TIME_NONE && updated >= sync->news_since;
}

static enum dh_status compare(struct dh_sync *sync, struct json_object *resource,
                              struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *attributes = dh_json_get(resource, "attributes");
    struct dh_str doi = dh_arena_lower(arena, dh_json_member(resource, "id"));
    struct dh_str named = dh_json_member(attributes, "state");
    enum dh_doi_state state = named.ptr ? dh_state_find(named) : DH_STATE_FINDABLE;
    int64_t updated = DH_TIME_NONE;
    bool known = false;
    enum dh_status status = DH_OK;
    dh_time_parse(dh_json_member(attributes, "updated"), &updated);
    if (!doi.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_held_answer answer = dh_held_see(&sync->held, doi, updated, state);
    if (answer == DH_HELD_UNKNOWN)
        status = known_elsewhere(sync, doi, updated, state, &known, arena, err);
    bool same = known || answer == DH_HELD_SAME;
    if (status || (same && !is_news(sync, updated)))
        return status;
    if (!same)
        status = dh_sync_reach(sync, updated, err);
    return status ? status : dh_sync_want(sync, doi, true, err);
}

static enum dh_status take_ids(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_sync *sync = (struct dh_sync *)pull;
    struct json_object *page = NULL;
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_json_parse(dh_buf_view(&fetch->body), &page, err);
    struct json_object *data = dh_json_get(page, "data");
    bool list = json_object_is_type(data, json_type_array); /* else a record of a name of its own */
    size_t count = list ? json_object_array_length(data) : 1;
    for (size_t i = 0; !status && i < count; i++) {
        struct json_object *one = list ? json_object_array_get_idx(data, i) : data;
        status = compare(sync, one, &arena, err);
        dh_arena_clear(&arena);
    }
    json_object_put(page);
    dh_arena_release(&arena);
    dh_fetch_free(fetch);
    return status;
}

/* Records come while the walk goes on: what the last page counted is as good as a count now. */
static uint64_t count_gaps(const struct dh_walk *walk, uint64_t now)
{
    uint64_t got = 0, then = 0;
    for (size_t i = 0; i < walk->count; i++) {
        got += walk->slices[i].got;
        then += walk->slices[i].total;
    }
    uint64_t counted = then < now ? then : now;
    return counted > got ? counted - got : 0;
}

static enum dh_status walk_ids(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    pull->filter = sync->options->filter;
    pull->page = take_ids;
    pull->other = dh_sync_named;
    dh_walk_release(&pull->walk);
    enum dh_status status = dh_pull_plan(pull, err);
    pull->walk.shape = IDS;
    if (!status && !dh_pull_stopped(pull))
        status = dh_pull_walk(pull, err);
    if (!status)
        status = dh_sync_names_end(sync, 0, err);
    if (!status && !dh_pull_stopped(pull))
        status = dh_pull_count(pull, &sync->result->total, err);
    sync->result->missing += count_gaps(&pull->walk, sync->result->total);
    return status;
}

static enum dh_status ask_list(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    pull->page = take_ids;
    pull->other = dh_sync_named;
    dh_walk_release(&pull->walk);
    pull->walk = (struct dh_walk){.shape = IDS};
    enum dh_status status = dh_pull_dois(pull, err);
    pull->walk.shape = NULL;
    if (!status)
        status = dh_sync_names_end(sync, 0, err);
    pull->step = (struct dh_pull_progress){0};
    sync->result->missing += pull->gaps;
    return status;
}

/* ---- what it does not ----------------------------------------------------------------------- */

/* Asks for what was not listed, a few requests at a time; ends early when too much is gone. */
static enum dh_status ask_unseen(void *context, const struct dh_hit *hit, struct dh_err *err)
{
    struct dh_sync *sync = context;
    if (hit->state != DH_STATE_FINDABLE || dh_held_seen(&sync->held, hit->doi))
        return DH_OK;
    sync->result->spared++;
    if (sync->gone_count > sync->result->hidden_max)
        return DH_OK;
    if (dh_pull_stopped(&sync->pull))
        return DH_DONE;
    enum dh_status status = dh_sync_want(sync, hit->doi, false, err);
    return status ? status : dh_sync_names_end(sync, DH_NAMES_QUEUED, err);
}

static uint64_t hidden_max(const struct dh_sync *sync)
{
    uint64_t part = sync->held.findable * DH_SYNC_HIDDEN_PERCENT / 100;
    if (sync->options->hidden_max >= 0)
        return (uint64_t)sync->options->hidden_max;
    return part > DH_SYNC_HIDDEN_MIN ? part : DH_SYNC_HIDDEN_MIN;
}

static enum dh_status hide(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_import_result one = {0};
    enum dh_status status = dh_import_buffer(sync->pull.store, dh_buf_view(&sync->gone),
                                             sync->pull.url, &sync->pull.importing, &one, err);
    sync->result->hidden = one.updated;
    sync->result->import.bad += one.bad;
    return status;
}

/* A server that lists nothing at all is more likely broken than empty. */
static bool may_hide(const struct dh_sync *sync)
{
    uint64_t given = sync->pulled.given; /* of a list */
    for (size_t i = 0; i < sync->pull.walk.count; i++)
        given += sync->pull.walk.slices[i].got;
    return sync->gone_count <= sync->result->hidden_max && !sync->result->missing &&
           (given || sync->options->hidden_max == INT64_MAX);
}

static enum dh_status bury(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_sync_result *result = sync->result;
    result->hidden_max = hidden_max(sync);
    enum dh_status status = search(sync, ask_unseen, sync, err);
    if (status == DH_DONE)
        status = DH_OK;
    if (!status && !dh_pull_stopped(&sync->pull))
        status = dh_sync_names_end(sync, 0, err);
    if (status || dh_pull_stopped(&sync->pull))
        return status;
    result->spared -= sync->came_back;
    if (!sync->gone_count || !may_hide(sync))
        return DH_OK;
    result->spared = 0;
    return hide(sync, err);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum dh_status counts_agree(struct dh_sync *sync, bool *agree, struct dh_err *err)
{
    uint64_t total = 0;
    sync->pull.filter = sync->pull.walk.filter = sync->options->filter;
    enum dh_status status = dh_pull_count(&sync->pull, &total, err);
    sync->result->total = total;
    *agree = !status && total == sync->held.findable;
    return status;
}

enum dh_status dh_sync_whole(struct dh_sync *sync, struct dh_err *err)
{
    bool agree = false;
    sync->step = DH_SYNC_WHOLE;
    enum dh_status status = hold_all(sync, err);
    if (!status && sync->options->quick && !sync->pull.picked)
        status = counts_agree(sync, &agree, err);
    if (status || agree || dh_pull_stopped(&sync->pull))
        return status;
    status = sync->pull.picked ? ask_list(sync, err) : walk_ids(sync, err);
    if (!status && !dh_pull_stopped(&sync->pull))
        status = bury(sync, err);
    for (size_t i = 0; i < sync->pull.picked_count; i++)
        sync->result->total += sync->pull.picked[i].found;
    sync->result->compared = !status && !dh_pull_stopped(&sync->pull);
    return status;
}
