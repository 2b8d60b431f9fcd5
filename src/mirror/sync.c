#include <stdlib.h>

#include "http/bucket.h"
#include "mirror/sync_parts.h"

enum { MINUTE = 60 * 1000, CHANGES = 1000 };

/* ---- talk ----------------------------------------------------------------------------------- */

static void show_progress(void *context, const struct dh_pull_progress *progress)
{
    const struct dh_sync *sync = context;
    const struct dh_sync_progress told = {.step = sync->step,
                                          .done = progress->records,
                                          .total = progress->total,
                                          .events = progress->events,
                                          .requests = progress->requests,
                                          .left = progress->left,
                                          .closed = progress->closed,
                                          .trouble = progress->trouble,
                                          .seconds = progress->seconds};
    if (sync->options->progress)
        sync->options->progress(sync->options->context, &told);
}

static void show_report(void *context, const struct dh_import_report *report)
{
    const struct dh_sync *sync = context;
    if (sync->options->report)
        sync->options->report(sync->options->context, report);
}

/* ---- the scope ------------------------------------------------------------------------------ */

/* As the store has it; *found is false when it has none. */
static enum dh_status read_scope(struct dh_sync *sync, struct dh_scope *scope, bool *found,
                                 struct dh_err *err)
{
    struct dh_scope *scopes = NULL;
    size_t count = 0;
    enum dh_status status = dh_store_scopes(sync->reader, &scopes, &count, &sync->pull.arena, err);
    *found = false;
    for (size_t i = 0; i < count && !status; i++) {
        if (!dh_str_equal(scopes[i].url, dh_str(sync->options->url)) ||
            !dh_str_equal(scopes[i].filter, dh_str(sync->options->filter)))
            continue;
        *scope = scopes[i];
        *found = true;
    }
    return status;
}

enum dh_status dh_sync_write_scope(struct dh_sync *sync, const struct dh_scope *scope,
                                   struct dh_err *err)
{
    enum dh_status status = dh_store_begin(sync->pull.store, err);
    if (status)
        return status;
    status = dh_store_put_scope(sync->pull.store, scope, err);
    if (!status)
        return dh_store_commit(sync->pull.store, err);
    dh_store_rollback(sync->pull.store);
    return status;
}

/* Why the copy is as old as it is. What else fails meanwhile is no news. */
static void write_trouble(struct dh_sync *sync, enum dh_status status, const struct dh_err *why)
{
    struct dh_scope scope;
    struct dh_err line = *why; /* may quote the server */
    bool found;
    if (read_scope(sync, &scope, &found, NULL) || !found)
        return;
    for (char *c = line.text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    scope.checked = dh_time_now();
    scope.trouble = dh_str(line.text);
    /* A walk that the server refuses to go on with would be refused for ever. */
    if (status == DH_INVALID && dh_sync_is_news(scope.progress))
        scope.progress = dh_sync_no_news(&scope);
    dh_sync_write_scope(sync, &scope, NULL);
}

/* The DOIs of a scope that is a list. */
static enum dh_status take_list(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    struct dh_str *dois;
    enum dh_status status = dh_store_list(sync->reader, dh_str(sync->options->filter), &dois,
                                          &sync->pulling.doi_count, &pull->arena, err);
    if (status)
        return status;
    sync->pulling.dois = dois;
    status = dh_pull_pick(pull, err);
    if (!status && strcmp(pull->filter, sync->options->filter) != 0)
        return dh_fail(err, DH_CORRUPT, "%s of the store is not what its name says",
                       sync->options->filter);
    return status;
}

/* ---- the steps ------------------------------------------------------------------------------ */

/* The first walk, of which an earlier pull left the rest. */
static enum dh_status pull_first(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_pull_options options = sync->pulling;
    struct dh_pull_result pulled;
    options.http = sync->pull.client;
    options.activities = sync->pull.scope.activities > 0;
    options.events = sync->pull.scope.events > 0;
    sync->step = DH_SYNC_PULL;
    enum dh_status status = dh_pull(sync->pull.store, &options, &pulled, err);
    dh_landing_add(&sync->result->import, &pulled.import);
    sync->result->activities = pulled.activities;
    sync->result->activities_missing = pulled.activities_missing;
    sync->result->events_missing = pulled.events_missing;
    sync->result->pulled = true;
    return status;
}

/* Where the news begin, DH_TIME_NONE after a first walk that was stopped. */
static enum dh_status begin(struct dh_sync *sync, int64_t *since, struct dh_err *err)
{
    bool found;
    enum dh_status status = read_scope(sync, &sync->pull.scope, &found, err);
    if (!status && !found)
        sync->pull.scope = (struct dh_scope){.url = dh_str(sync->options->url),
                                             .filter = dh_str(sync->options->filter),
                                             .started = sync->began};
    if (!status && dh_scope_is_list(sync->pull.scope.filter))
        status = take_list(sync, err);
    *since = sync->options->since; /* of the scope itself */
    if (status || *since != DH_TIME_NONE)
        return status;
    if (!found)
        return dh_fail(err, DH_NOT_FOUND, "the store holds no copy of %s%s%s", sync->options->url,
                       *sync->options->filter ? " " : "", sync->options->filter);
    bool taken_up = dh_sync_is_news(sync->pull.scope.progress); /* a data file, by --since */
    if (sync->pull.scope.finished == DH_TIME_NONE && !taken_up) {
        status = pull_first(sync, err);
        if (!status && !dh_pull_stopped(&sync->pull))
            status = read_scope(sync, &sync->pull.scope, &found, err);
    }
    const struct dh_scope *scope = &sync->pull.scope;
    *since = scope->since == DH_TIME_NONE ? scope->started : scope->since;
    return status;
}

int64_t dh_sync_overlap(const struct dh_sync *sync)
{
    return sync->options->overlap < 0 ? (int64_t)DH_SYNC_OVERLAP_MINUTES * MINUTE
                                      : sync->options->overlap;
}

typedef enum dh_status step(struct dh_sync *sync, struct dh_err *err);

/* A step whose answers are imported by a thread of their own, to the last one. */
static enum dh_status land(struct dh_sync *sync, step *take, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    struct dh_import_result landed = {0};
    struct dh_err landing_err;
    enum dh_status status =
        dh_landing_open(pull->store, &pull->scope, &pull->importing, &pull->landing, err);
    if (!status)
        status = take(sync, err);
    enum dh_status closed = dh_landing_close(pull->landing, &landed, &landing_err);
    pull->landing = NULL;
    dh_landing_add(&sync->result->import, &landed);
    return !status && closed ? dh_fail(err, closed, "%s", landing_err.text) : status;
}

static enum dh_status news(struct dh_sync *sync, struct dh_err *err)
{
    sync->news_since = sync->pull.scope.since - dh_sync_overlap(sync);
    return sync->pull.picked ? DH_OK : dh_sync_news(sync, sync->news_since, err);
}

/* Accounts of what came. Those that are asked for in vain are not asked for each time. */
static enum dh_status accounts(struct dh_sync *sync, struct dh_err *err)
{
    const struct dh_import_result *import = &sync->result->import;
    if (sync->options->no_accounts || !(import->created + import->updated))
        return DH_OK;
    sync->step = DH_SYNC_ACCOUNTS;
    enum dh_status status = dh_pull_accounts(&sync->pull, err);
    dh_landing_add(&sync->result->import, &sync->pulled.import);
    return status;
}

/* How many records became findable again since, as the store's own history tells. */
static enum dh_status count_shown(struct dh_sync *sync, uint64_t since, struct dh_err *err)
{
    struct dh_change_item *items;
    struct dh_arena arena;
    size_t count = CHANGES;
    enum dh_status status = DH_OK;
    uint64_t shown = 0;
    dh_arena_init(&arena, DH_ARENA_MAX);
    while (!status && count == CHANGES) {
        dh_arena_clear(&arena);
        status =
            dh_store_changes(sync->reader, since, CHANGES, &items, &count, &since, &arena, err);
        for (size_t i = 0; !status && i < count; i++)
            shown += items[i].what == DH_WAS_SHOWN;
    }
    dh_arena_release(&arena);
    uint64_t updated = sync->result->import.updated;
    sync->result->created = sync->result->import.created;
    sync->result->shown = shown < updated ? shown : updated; /* others write, too */
    sync->result->updated = updated - sync->result->shown;
    sync->result->touched = sync->result->import.touched;
    return status;
}

static enum dh_status conclude(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_scope *scope = &sync->pull.scope;
    scope->progress = scope->trouble = DH_STR("");
    scope->started = scope->since = sync->began;
    scope->finished = scope->checked = dh_time_now();
    scope->total = sync->result->total;
    scope->missing = sync->result->missing;
    return dh_sync_write_scope(sync, scope, err);
}

static enum dh_status run(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_arena arena; /* of nothing: no change is asked for */
    struct dh_change_item *none;
    size_t count;
    uint64_t sequence = 0;
    sync->began = dh_time_now();
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status =
        dh_store_changes(sync->reader, 0, 0, &none, &count, &sequence, &arena, err);
    dh_arena_release(&arena);
    if (!status)
        status = begin(sync, &sync->pull.scope.since, err);
    sync->before = sync->pull.scope;
    if (!status && !dh_pull_stopped(&sync->pull))
        status = land(sync, news, err);
    if (!status && !dh_pull_stopped(&sync->pull))
        status = dh_sync_news_end(sync, err);
    if (!status && !dh_pull_stopped(&sync->pull))
        status = land(sync, dh_sync_whole, err);
    if (!status && !dh_pull_stopped(&sync->pull))
        status = accounts(sync, err);
    if (!status)
        status = count_shown(sync, sequence, err);
    /* The records are up to date, whatever becomes of what else belongs to the copy. */
    if (!status && !dh_pull_stopped(&sync->pull))
        status = conclude(sync, err);
    if (!status && !dh_pull_stopped(&sync->pull))
        status = dh_sync_more(sync, err);
    sync->result->stopped = dh_pull_stopped(&sync->pull);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void set_up(struct dh_sync *sync, struct dh_store *store)
{
    const struct dh_sync_options *options = sync->options;
    sync->pulling = (struct dh_pull_options){.url = options->url,
                                             .filter = options->filter,
                                             .client = options->client,
                                             .http = options->http,
                                             .no_accounts = options->no_accounts,
                                             .stop = options->stop,
                                             .context = sync,
                                             .progress = show_progress,
                                             .report = show_report};
    sync->pull.store = store;
    sync->pull.options = &sync->pulling;
    sync->pull.result = &sync->pulled;
    sync->pull.client = options->http;
    sync->pull.importing = (struct dh_import_options){.context = sync, .report = show_report};
    sync->pull.begun = dh_bucket_clock();
    dh_arena_init(&sync->pull.arena, DH_ARENA_MAX);
    dh_arena_init(&sync->names, DH_ARENA_MAX);
    dh_buf_init(&sync->gone, DH_ARENA_MAX);
}

static void tear_down(struct dh_sync *sync)
{
    if (!sync->options->http)
        dh_client_close(sync->pull.client);
    if (sync->reader)
        dh_reader_close(sync->reader);
    dh_walk_release(&sync->pull.walk);
    dh_arena_release(&sync->pull.arena);
    dh_arena_release(&sync->names);
    dh_buf_release(&sync->gone);
    dh_held_release(&sync->held);
    free(sync->named);
    free(sync->pull.url);
}

static void count_requests(struct dh_sync *sync, const struct dh_client_counts *before)
{
    struct dh_client_counts *counts = &sync->result->counts;
    if (!sync->pull.client)
        return;
    dh_client_count(sync->pull.client, counts);
    counts->requests -= before->requests;
    counts->again -= before->again;
    counts->bytes -= before->bytes;
    counts->waited -= before->waited;
}

enum dh_status dh_sync(struct dh_store *store, const struct dh_sync_options *options,
                       struct dh_sync_result *result, struct dh_err *err)
{
    struct dh_sync sync = {.options = options, .result = result};
    struct dh_client_counts before = {0};
    enum dh_status status = DH_OK;
    *result = (struct dh_sync_result){0};
    set_up(&sync, store);
    sync.pull.url = dh_str_dup(dh_str(options->url));
    if (!sync.pull.url)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status && options->http)
        dh_client_count(options->http, &before);
    else if (!status)
        status = dh_client_open(&options->client, &sync.pull.client, err);
    if (!status)
        status = dh_reader_open(store, &sync.reader, err);
    if (!status)
        status = run(&sync, err);
    if (status && status != DH_NOT_FOUND && sync.reader)
        write_trouble(&sync, status, err);
    count_requests(&sync, &before);
    tear_down(&sync);
    return status;
}
