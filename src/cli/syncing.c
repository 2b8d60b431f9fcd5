#include "cli/syncing.h"

#include "cli/copying.h"
#include "http/url.h"

enum { SEARCH_PAGE = 20000 }; /* a query is evaluated anew for each page */

/* One run over the copies. */
struct run {
    const struct dh_syncing *syncing;
    struct dh_syncing_result *result;
    struct dh_http_client *http; /* one per server keeps within its budget; or NULL */
    const char *url;             /* of that server */
    struct dh_reader *reader;    /* for searching */
    struct dh_arena arena;
};

/* ---- what the store has of a copy ----------------------------------------------------------- */

static enum dh_status read_search(struct dh_reader *reader, const char *filter,
                                  struct dh_search *search, struct dh_arena *arena,
                                  struct dh_err *err)
{
    struct dh_params params;
    const struct dh_directory *directory;
    if (dh_params_parse(arena, dh_str(filter), &params))
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_store_directory(reader, &directory, err);
    if (status)
        return status;
    status = dh_filters_read(&params, true, directory, search, arena, err);
    dh_directory_release(directory);
    search->bodies = false;
    search->cursor = true;
    search->offset = 0;
    search->limit = SEARCH_PAGE;
    search->after_created = DH_TIME_NONE;
    return status;
}

static enum dh_status search(void *context, const char *filter, dh_sync_each *each,
                             void *each_context, struct dh_err *err)
{
    struct run *run = context;
    struct dh_arena arenas[3]; /* two for pages in turn, one for the search */
    struct dh_search search;
    struct dh_page page = {.count = SEARCH_PAGE};
    for (size_t i = 0; i < 3; i++)
        dh_arena_init(&arenas[i], DH_ARENA_MAX);
    enum dh_status status = read_search(run->reader, filter, &search, &arenas[2], err);
    for (size_t i = 0; !status && page.count == SEARCH_PAGE; i++) {
        dh_arena_clear(&arenas[i % 2]);
        status = dh_store_search(run->reader, &search, &page, &arenas[i % 2], err);
        for (size_t k = 0; !status && k < page.count; k++)
            status = each(each_context, &page.hits[k], err);
        if (status || !page.count)
            break;
        const struct dh_hit *last = &page.hits[page.count - 1];
        search.after_created = last->created == DH_TIME_NONE ? INT64_MAX : last->created;
        search.after_doi = last->doi;
    }
    for (size_t i = 0; i < 3; i++)
        dh_arena_release(&arenas[i]);
    return status;
}

/* ---- one copy ------------------------------------------------------------------------------- */

static struct dh_client_options client_options(struct run *run, const char *url)
{
    const struct dh_syncing *syncing = run->syncing;
    return (struct dh_client_options){
        .user_agent = dh_copy_agent(&run->arena, syncing->mailto),
        .user = syncing->user,
        .authorities = syncing->authorities,
        .parallel = syncing->parallel,
        .attempts = syncing->attempts,
        .budget = dh_copy_budget(url, syncing->user, syncing->mailto, syncing->budget)};
}

static void hang_up(struct run *run)
{
    dh_client_close(run->http);
    run->http = NULL;
    run->url = NULL;
}

/* The client for a server: the one at hand when it is that of the copy before. */
static enum dh_status call_up(struct run *run, const char *url, struct dh_err *err)
{
    if (run->http && strcmp(run->url, url) == 0)
        return DH_OK;
    hang_up(run);
    const struct dh_client_options options = client_options(run, url);
    run->url = url;
    return options.user_agent ? dh_client_open(&options, &run->http, err)
                              : dh_fail(err, DH_MEMORY, "out of memory");
}

static struct dh_sync_options sync_options(struct run *run, const char *url, const char *filter)
{
    const struct dh_syncing *syncing = run->syncing;
    return (struct dh_sync_options){.url = url,
                                    .filter = filter,
                                    .http = run->http,
                                    .since = syncing->since,
                                    .overlap = syncing->overlap,
                                    .hidden_max = syncing->hidden_max,
                                    .quick = syncing->quick,
                                    .no_accounts = syncing->no_accounts,
                                    .stop = syncing->stop,
                                    .search = search,
                                    .search_context = run,
                                    .context = syncing->context,
                                    .progress = syncing->progress,
                                    .report = syncing->report};
}

static void count(struct run *run, enum dh_status status, const struct dh_sync_result *result)
{
    run->result->copies++;
    run->result->failed += status != DH_OK;
    run->result->incomplete += !status && !dh_sync_complete(result);
}

static void sync_one(struct run *run, const char *url, const char *filter)
{
    const struct dh_syncing *syncing = run->syncing;
    struct dh_sync_result result = {0};
    struct dh_err err = {0};
    if (syncing->begun)
        syncing->begun(syncing->context, url, filter);
    enum dh_status status = call_up(run, url, &err);
    if (!status) {
        const struct dh_sync_options options = sync_options(run, url, filter);
        status = dh_sync(syncing->store, &options, &result, &err);
    }
    if (status)
        hang_up(run); /* with what it still has queued */
    count(run, status, &result);
    const struct dh_synced synced = {url, filter, status, &err, &result};
    if (syncing->ended)
        syncing->ended(syncing->context, &synced);
}

static enum dh_status forget(struct run *run, const char *url, const char *filter,
                             struct dh_err *err)
{
    const struct dh_syncing *syncing = run->syncing;
    enum dh_status status = dh_store_begin(syncing->store, err);
    if (status)
        return status;
    status = dh_store_remove_scope(syncing->store, dh_str(url), dh_str(filter), err);
    if (status) {
        dh_store_rollback(syncing->store);
        return status;
    }
    status = dh_store_commit(syncing->store, err);
    if (!status && syncing->begun)
        syncing->begun(syncing->context, url, filter);
    run->result->copies += !status;
    return status;
}

/* ---- all that are meant --------------------------------------------------------------------- */

static bool stopped(const struct dh_syncing *syncing)
{
    return syncing->stop && atomic_load(syncing->stop);
}

/* Imported files have their progress in the same table. */
static bool meant(const struct dh_syncing *syncing, const struct dh_scope *scope)
{
    bool server = dh_str_starts_nocase(scope->url, DH_STR("http://")) ||
                  dh_str_starts_nocase(scope->url, DH_STR("https://"));
    return server && (!syncing->url || dh_str_equal(scope->url, dh_str(syncing->url))) &&
           (!syncing->filter || dh_str_equal(scope->filter, dh_str(syncing->filter)));
}

/* A list that was completed meanwhile may have taken the place of a shorter one. */
static enum dh_status look_again(struct run *run, const char *url, const char *filter, bool *there,
                                 struct dh_err *err)
{
    struct dh_scope *scopes;
    size_t count;
    struct dh_arena_mark mark = dh_arena_mark(&run->arena);
    enum dh_status status = dh_store_scopes(run->reader, &scopes, &count, &run->arena, err);
    *there = false;
    for (size_t i = 0; !status && i < count; i++)
        *there |= dh_str_equal(scopes[i].url, dh_str(url)) &&
                  dh_str_equal(scopes[i].filter, dh_str(filter));
    dh_arena_rewind(&run->arena, mark);
    return status;
}

static enum dh_status sync_all(struct run *run, struct dh_err *err)
{
    const struct dh_syncing *syncing = run->syncing;
    struct dh_scope *scopes;
    size_t scope_count;
    enum dh_status status = dh_store_scopes(run->reader, &scopes, &scope_count, &run->arena, err);
    for (size_t i = 0; !status && i < scope_count && !stopped(syncing); i++) {
        const char *url = dh_arena_copy(&run->arena, scopes[i].url).ptr;
        const char *filter = dh_arena_copy(&run->arena, scopes[i].filter).ptr;
        bool there = meant(syncing, &scopes[i]);
        if (!url || !filter)
            status = dh_fail(err, DH_MEMORY, "out of memory");
        else if (there && i)
            status = look_again(run, url, filter, &there, err);
        if (!status && there && syncing->forget)
            status = forget(run, url, filter, err);
        else if (!status && there)
            sync_one(run, url, filter);
    }
    return status;
}

enum dh_status dh_syncing_run(const struct dh_syncing *syncing, struct dh_syncing_result *result,
                              struct dh_err *err)
{
    struct run run = {.syncing = syncing, .result = result};
    *result = (struct dh_syncing_result){0};
    dh_arena_init(&run.arena, DH_ARENA_MAX);
    enum dh_status status =
        dh_reader_open(syncing->search ? syncing->search : syncing->store, &run.reader, err);
    if (!status && syncing->since != DH_TIME_NONE)
        sync_one(&run, syncing->url, syncing->filter);
    else if (!status)
        status = sync_all(&run, err);
    hang_up(&run);
    if (run.reader)
        dh_reader_close(run.reader);
    dh_arena_release(&run.arena);
    return status;
}
