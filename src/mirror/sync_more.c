/*
 * What belongs to a copy besides its records, when it was pulled so: the server's activities and
 * events. The scope knows until when they are here: an earlier moment than that of its records when
 * a sync was broken off between the two.
 */
#include "mirror/sync_parts.h"

/* From when on it is asked for; DH_TIME_NONE when nothing is here yet. */
static int64_t since(const struct dh_sync *sync, int64_t mark)
{
    int64_t overlap = dh_sync_overlap(sync);
    return mark > overlap ? mark - overlap : DH_TIME_NONE;
}

/* The filter of the records that were updated since, of a list just its name. NULL out of memory.
 */
static const char *updated_since(struct dh_sync *sync, int64_t time)
{
    const char *filter = sync->options->filter;
    return time == DH_TIME_NONE || sync->pull.picked
               ? filter
               : dh_sync_filter_since(&sync->pull.arena, filter, time);
}

enum dh_status dh_sync_reach(struct dh_sync *sync, int64_t updated, struct dh_err *err)
{
    struct dh_scope *scope = &sync->pull.scope;
    int64_t *const marks[] = {&scope->activities, &scope->events};
    int64_t reach = updated > 1 ? updated : 1;
    bool further = false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (*marks[i] > reach) {
            *marks[i] = reach;
            further = true;
        }
    struct dh_scope written = *scope; /* its other times are not yet so */
    written.since = written.finished = DH_TIME_NONE;
    return further ? dh_sync_write_scope(sync, &written, err) : DH_OK;
}

static enum dh_status ask_activities(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    struct dh_sync_result *result = sync->result;
    int64_t known = since(sync, sync->before.activities);
    const char *filter = updated_since(sync, known);
    if (!filter)
        return dh_fail(err, DH_MEMORY, "out of memory");
    sync->step = DH_SYNC_ACTIVITIES;
    sync->pulled = (struct dh_pull_result){0};
    enum dh_status status =
        pull->picked ? dh_pull_history_picked(pull, known, err)
                     : dh_pull_history_of(pull, filter, sync->named, sync->named_count, err);
    result->activities += sync->pulled.activities;
    result->activities_missing += sync->pulled.activities_missing;
    dh_landing_add(&result->import, &sync->pulled.import);
    bool whole = !status && !dh_pull_stopped(pull) && !sync->pulled.activities_missing;
    if (whole)
        pull->scope.activities = sync->began;
    return whole ? dh_sync_write_scope(sync, &pull->scope, err) : status;
}

static enum dh_status ask_events(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    const struct dh_scope *before = &sync->before;
    int64_t known = since(sync, before->events);
    bool quick = sync->options->quick && known != DH_TIME_NONE;
    int64_t fresh_since = quick ? since(sync, before->since) : known;
    struct dh_event_news news = {.since = known,
                                 .fresh_since = fresh_since,
                                 .fresh = updated_since(sync, fresh_since),
                                 .fresh_only = quick,
                                 .named = sync->named,
                                 .named_count = sync->named_count};
    if (!news.fresh)
        return dh_fail(err, DH_MEMORY, "out of memory");
    sync->step = DH_SYNC_EVENTS;
    sync->pulled = (struct dh_pull_result){0};
    pull->filter = sync->options->filter;
    enum dh_status status = dh_pull_events_news(pull, &news, err);
    sync->result->events_missing += sync->pulled.events_missing;
    dh_landing_add(&sync->result->import, &sync->pulled.import);
    if (status || dh_pull_stopped(pull) || sync->pulled.events_missing)
        return status;
    pull->scope.events = news.whole ? sync->began : before->events;
    return dh_sync_write_scope(sync, &pull->scope, err);
}

enum dh_status dh_sync_more(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_sync_result *result = sync->result;
    enum dh_status status = DH_OK;
    result->activities_kept = sync->before.activities > 0;
    result->events_kept = sync->before.events > 0;
    sync->pull.other = NULL;
    if (result->activities_kept)
        status = ask_activities(sync, err);
    if (!status && result->events_kept && !dh_pull_stopped(&sync->pull))
        status = ask_events(sync, err);
    return status;
}
