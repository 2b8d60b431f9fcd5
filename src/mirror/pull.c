#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/bucket.h"
#include "mirror/pull_parts.h"

enum { WAIT_MILLISECONDS = 200, URL_SHOWN = 100, FIRST_YEAR = 1990, YEARS_MAX = 100 };

bool dh_pull_stopped(const struct dh_pull *pull)
{
    return pull->options->stop && atomic_load(pull->options->stop);
}

/* ---- asking --------------------------------------------------------------------------------- */

enum dh_status dh_pull_ask(struct dh_pull *pull, const struct dh_buf *url, void *context,
                           struct dh_err *err)
{
    if (url->status)
        return dh_fail(err, DH_MEMORY, "out of memory");
    const char *accept = pull->accept ? pull->accept : "application/vnd.api+json";
    return dh_client_get(pull->client, dh_buf_view(url), accept, context, err);
}

/* The first title of an error document, for people; "" when there is none. */
static void reason(const struct dh_fetch *fetch, char *out, size_t size)
{
    struct json_object *tree = NULL;
    *out = '\0';
    if (!dh_json_parse(dh_buf_view(&fetch->body), &tree, NULL)) {
        struct json_object *errors = dh_json_get(tree, "errors");
        struct json_object *first = json_object_is_type(errors, json_type_array)
                                        ? json_object_array_get_idx(errors, 0)
                                        : errors;
        struct dh_str title = dh_json_member(first, "title");
        if (title.ptr)
            snprintf(out, size, " (%.*s)", title.len > 200 ? 200 : (int)title.len, title.ptr);
    }
    json_object_put(tree);
}

enum dh_status dh_pull_refused(const struct dh_fetch *fetch, struct dh_err *err)
{
    char title[256];
    reason(fetch, title, sizeof(title));
    int length = (int)strlen(fetch->url) > URL_SHOWN ? URL_SHOWN : (int)strlen(fetch->url);
    const char *dots = length < URL_SHOWN ? "" : "...";
    if (!fetch->status && fetch->attempts > 1)
        return dh_fail(err, DH_IO, "%.*s%s: %s, after %u attempts", length, fetch->url, dots,
                       fetch->failure, fetch->attempts);
    if (!fetch->status)
        return dh_fail(err, DH_IO, "%.*s%s: %s", length, fetch->url, dots, fetch->failure);
    bool ours = fetch->status >= 400 && fetch->status < 500 && fetch->status != 429;
    const char *more = fetch->failure[0]     ? ", and "
                       : fetch->attempts > 1 ? ", again and again"
                                             : "";
    return dh_fail(err, ours ? DH_INVALID : DH_IO, "%.*s%s: answered %d%s%s%s", length, fetch->url,
                   dots, fetch->status, title, more, fetch->failure);
}

static void tell(struct dh_pull *pull)
{
    struct dh_client_counts counts;
    struct dh_pull_progress progress = {.seconds = dh_bucket_clock() - pull->begun};
    if (!pull->options->progress)
        return;
    dh_client_count(pull->client, &counts);
    progress.requests = counts.requests;
    progress.left = counts.left;
    progress.closed = counts.closed;
    progress.trouble = counts.trouble;
    progress.records = pull->step.records;
    progress.total = pull->step.total;
    progress.activities = pull->step.activities;
    progress.events = pull->step.events;
    for (size_t i = 0; i < pull->walk.count && !pull->step.total; i++) {
        progress.records += pull->walk.slices[i].got;
        progress.total += pull->walk.slices[i].total;
    }
    pull->options->progress(pull->options->context, &progress);
}

enum dh_status dh_pull_next(struct dh_pull *pull, struct dh_fetch **out, struct dh_err *err)
{
    enum dh_status status;
    do {
        status = dh_client_next(pull->client, WAIT_MILLISECONDS, out, err);
        tell(pull);
    } while (!status && !*out && !dh_pull_stopped(pull));
    return status == DH_DONE ? DH_OK : status;
}

/* ---- counting, and cutting into slices ------------------------------------------------------ */

/* Counts the scope with each further filter; totals[i] stays 0 when it is time to stop. */
static enum dh_status count(struct dh_pull *pull, const char *const *filters, size_t filter_count,
                            uint64_t *totals, struct dh_err *err)
{
    struct dh_buf url;
    enum dh_status status = DH_OK;
    dh_buf_init(&url, DH_URL_MAX);
    for (size_t i = 0; i < filter_count && !status; i++) {
        dh_buf_clear(&url);
        dh_walk_count_url(&pull->walk, filters[i], &url);
        status = dh_pull_ask(pull, &url, &totals[i], err);
    }
    dh_buf_release(&url);
    for (size_t left = filter_count; left && !status && !dh_pull_stopped(pull);) {
        struct dh_fetch *fetch;
        struct dh_err why;
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        uint64_t *total = fetch->context;
        if (fetch->status != 200) {
            status = dh_pull_refused(fetch, err);
        } else if (dh_walk_total(dh_buf_view(&fetch->body), total, &why)) {
            status = dh_client_again(pull->client, fetch, why.text, err);
            if (!status)
                continue;
        }
        dh_fetch_free(fetch);
        left--;
    }
    return status;
}

enum dh_status dh_pull_count(struct dh_pull *pull, uint64_t *total, struct dh_err *err)
{
    static const char *const whole[] = {""};
    return count(pull, whole, 1, total, err);
}

/* One slice per year in which records were created; one for all when that does not add up. */
static enum dh_status plan_years(struct dh_pull *pull, uint64_t total, struct dh_err *err)
{
    static const char *const none[] = {""};
    const char *filters[YEARS_MAX] = {NULL}, *kept[YEARS_MAX] = {NULL};
    uint64_t totals[YEARS_MAX] = {0}, sum = 0;
    size_t years = 0, count_kept = 0;
    int64_t last = dh_time_year(dh_time_now(), NULL, NULL);
    for (int64_t year = FIRST_YEAR; year <= last && years < YEARS_MAX; year++)
        filters[years++] = dh_arena_format(&pull->arena, "created=%" PRId64, year).ptr;
    enum dh_status status = count(pull, filters, years, totals, err);
    for (size_t i = 0; i < years; i++) {
        sum += totals[i];
        if (totals[i])
            kept[count_kept++] = filters[i];
    }
    bool whole = sum == total && count_kept;
    dh_walk_release(&pull->walk);
    if (status)
        return status;
    return dh_walk_init(&pull->walk, pull->url, pull->filter, whole ? kept : none,
                        whole ? count_kept : 1, err);
}

static bool filter_names(const char *filter, const char *name)
{
    struct dh_str rest = dh_str(filter), part;
    while (dh_str_split(&rest, '&', &part))
        if (dh_str_starts(part, dh_str(name)) && part.len > strlen(name) &&
            part.ptr[strlen(name)] == '=')
            return true;
    return false;
}

enum dh_status dh_pull_plan(struct dh_pull *pull, struct dh_err *err)
{
    uint64_t total = 0;
    enum dh_status status = dh_walk_init(&pull->walk, pull->url, pull->filter, NULL, 0, err);
    if (!status)
        status = dh_pull_count(pull, &total, err);
    if (!status && total >= DH_SLICE_MIN && !filter_names(pull->filter, "created"))
        status = plan_years(pull, total, err);
    return status;
}

/* Until when there is something: what is asked for belongs to the copy from now on, even when this
 * pull is broken off; what never came and is not asked for any more does not. */
static int64_t wanted(bool asked, int64_t mark)
{
    if (asked)
        return mark > 0 ? mark : 1;
    return mark == 1 ? -1 : mark;
}

/* What is known of the scope from earlier pulls. */
static enum dh_status find_scope(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_reader *reader;
    struct dh_scope *scopes = NULL;
    size_t scope_count = 0;
    enum dh_status status = dh_reader_open(pull->store, &reader, err);
    if (status)
        return status;
    status = dh_store_scopes(reader, &scopes, &scope_count, &pull->arena, err);
    dh_reader_close(reader);
    pull->scope = (struct dh_scope){.url = dh_str(pull->url),
                                    .filter = dh_str(pull->filter),
                                    .progress = DH_STR(""),
                                    .started = dh_time_now(),
                                    .activities = DH_TIME_NONE,
                                    .events = DH_TIME_NONE};
    for (size_t i = 0; i < scope_count && !status; i++)
        if (dh_str_equal(scopes[i].url, pull->scope.url) &&
            dh_str_equal(scopes[i].filter, pull->scope.filter))
            pull->scope = scopes[i];
    pull->scope.finished = DH_TIME_NONE; /* is written only when it is new */
    pull->scope.activities = wanted(pull->options->activities, pull->scope.activities);
    pull->scope.events = wanted(pull->options->events, pull->scope.events);
    return status;
}

/* Takes up what an earlier walk left, else plans a new one. */
static enum dh_status begin(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = pull->options->doi_count ? dh_pull_pick(pull, err) : DH_OK;
    if (!status)
        status = find_scope(pull, err);
    if (status)
        return status;
    if (pull->picked) {
        dh_pull_pick_up(pull);
        if (!pull->result->resumed)
            pull->scope.started = dh_time_now();
        return DH_OK;
    }
    if (!pull->scope.progress.len || pull->options->restart ||
        dh_sync_is_news(pull->scope.progress)) {
        pull->scope.progress = DH_STR("");
        pull->scope.started = dh_time_now();
        return dh_pull_plan(pull, err);
    }
    pull->walk = (struct dh_walk){.url = pull->url, .filter = pull->filter};
    pull->result->resumed = true;
    return dh_walk_read(&pull->walk, pull->scope.progress, err);
}

/* ---- walking -------------------------------------------------------------------------------- */

static enum dh_status ask_page(struct dh_pull *pull, struct dh_slice *slice, struct dh_err *err)
{
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX);
    slice->asked = pull->walk.page_size;
    slice->type = pull->walk.path;
    dh_walk_url(&pull->walk, slice, &url);
    enum dh_status status = dh_pull_ask(pull, &url, slice, err);
    dh_buf_release(&url);
    return status;
}

/* The walk as it is now, terminated; NULL out of memory. */
static char *written_walk(const struct dh_pull *pull)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_walk_write(&pull->walk, &text);
    dh_buf_char(&text, '\0');
    if (!text.status)
        return text.ptr; /* malloc's, handed on */
    dh_buf_release(&text);
    return NULL;
}

/* Whether a page that the server did not give may come when it is asked for fewer records. */
static bool ask_less(struct dh_pull *pull, const struct dh_slice *slice,
                     const struct dh_fetch *fetch)
{
    static const int too_much[] = {413, 500, 502, 504};
    bool helps = fetch->large;
    for (size_t i = 0; i < sizeof(too_much) / sizeof(too_much[0]); i++)
        helps = helps || fetch->status == too_much[i];
    if (!helps || slice->asked <= DH_PAGE_LEAST)
        return false;
    if (pull->walk.page_size >= slice->asked) /* else another slice has been here */
        pull->walk.page_size =
            slice->asked / 10 > DH_PAGE_LEAST ? slice->asked / 10 : DH_PAGE_LEAST;
    return true;
}

/* A page that cannot be right is asked for again; its last attempt ends the walk. */
static enum dh_status take_page(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_slice *slice = fetch->context;
    struct dh_err why;
    enum dh_status status =
        fetch->status == 200 ? dh_walk_take(slice, dh_buf_view(&fetch->body), &why) : DH_OK;
    if (status == DH_INVALID) {
        status = dh_client_again(pull->client, fetch, why.text, err);
        if (status)
            dh_fetch_free(fetch);
        return status;
    }
    if (!status && fetch->status != 200 && ask_less(pull, slice, fetch)) {
        dh_fetch_free(fetch);
        return ask_page(pull, slice, err);
    }
    if (status || fetch->status != 200) {
        status = status ? dh_fail(err, status, "%s", why.text) : dh_pull_refused(fetch, err);
        dh_fetch_free(fetch);
        return status;
    }
    status = pull->page ? pull->page(pull, fetch, err)
                        : dh_landing_put(pull->landing, fetch, written_walk(pull), err);
    return status || slice->over ? status : ask_page(pull, slice, err);
}

static bool is_page(const struct dh_pull *pull, const struct dh_fetch *fetch)
{
    for (size_t i = 0; i < pull->walk.count; i++)
        if (fetch->context == &pull->walk.slices[i])
            return true;
    return false;
}

enum dh_status dh_pull_walk(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    struct dh_fetch *fetch;
    for (size_t i = 0; i < pull->walk.count && !status; i++)
        if (!pull->walk.slices[i].over)
            status = ask_page(pull, &pull->walk.slices[i], err);
    while (!status && !dh_pull_stopped(pull)) {
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        status = is_page(pull, fetch) ? take_page(pull, fetch, err) : pull->other(pull, fetch, err);
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Counts once more: records may have come or gone while the walk went on. */
static enum dh_status count_again(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_pull_result *result = pull->result;
    enum dh_status status = dh_pull_count(pull, &result->total, err);
    result->missing = result->total > result->given ? result->total - result->given : 0;
    return status;
}

static void complete(struct dh_pull *pull)
{
    const struct dh_pull_result *result = pull->result;
    pull->scope.progress = DH_STR("");
    pull->scope.finished = pull->scope.checked = dh_time_now();
    pull->scope.since = pull->scope.started;
    pull->scope.total = pull->picked ? result->given : result->total;
    pull->scope.missing = pull->picked ? 0 : result->missing;
    pull->scope.trouble = DH_STR("");
}

/* Writes that the scope is here. A list is as large as what is there of it. */
static enum dh_status finish(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = pull->picked ? DH_OK : count_again(pull, err);
    if (status || dh_pull_stopped(pull))
        return status;
    complete(pull);
    status = dh_store_begin(pull->store, err);
    if (status)
        return status;
    status = dh_store_put_scope(pull->store, &pull->scope, err);
    if (!status && pull->picked)
        status = dh_pull_supersede(pull, err);
    if (!status)
        return dh_store_commit(pull->store, err);
    dh_store_rollback(pull->store);
    return status;
}

/* Brings the records. */
static enum dh_status copy(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_pull_result *result = pull->result;
    struct dh_err landing_err;
    enum dh_status status = begin(pull, err);
    if (!status)
        status = dh_landing_open(pull->store, &pull->scope, &pull->importing, &pull->landing, err);
    if (!status)
        status = pull->picked ? dh_pull_dois(pull, err) : dh_pull_walk(pull, err);
    enum dh_status landed = dh_landing_close(pull->landing, &result->import, &landing_err);
    if (!status && landed)
        status = dh_fail(err, landed, "%s", landing_err.text);
    for (size_t i = 0; i < pull->walk.count; i++)
        result->given += pull->walk.slices[i].got;
    return status;
}

static enum dh_status run(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = copy(pull, err);
    bool at_events = !status && dh_pull_events_begun(pull);
    if (!status && !dh_pull_stopped(pull) && !pull->options->no_accounts)
        status = dh_pull_accounts(pull, err);
    bool told = at_events && pull->scope.activities >= pull->scope.started;
    if (!status && !dh_pull_stopped(pull) && pull->options->activities && !told)
        status = dh_pull_history(pull, err);
    if (!status && !dh_pull_stopped(pull) && (pull->options->events || at_events))
        status = dh_pull_events(pull, err);
    if (!status && !dh_pull_stopped(pull))
        status = finish(pull, err);
    pull->result->stopped = dh_pull_stopped(pull);
    return status;
}

/* Without slashes at the end. NULL out of memory. */
static char *trimmed(const char *url)
{
    size_t length = strlen(url);
    while (length && url[length - 1] == '/')
        length--;
    return dh_str_dup((struct dh_str){url, length});
}

enum dh_status dh_pull(struct dh_store *store, const struct dh_pull_options *options,
                       struct dh_pull_result *result, struct dh_err *err)
{
    struct dh_pull pull = {.store = store,
                           .options = options,
                           .result = result,
                           .importing = {.context = options->context, .report = options->report},
                           .url = trimmed(options->url),
                           .filter = options->filter,
                           .client = options->http,
                           .begun = dh_bucket_clock()};
    *result = (struct dh_pull_result){0};
    dh_arena_init(&pull.arena, DH_ARENA_MAX);
    enum dh_status status = pull.url ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
    if (!status && !pull.client)
        status = dh_client_open(&options->client, &pull.client, err);
    if (!status)
        status = run(&pull, err);
    if (pull.client)
        dh_client_count(pull.client, &result->counts);
    if (!options->http)
        dh_client_close(pull.client);
    dh_walk_release(&pull.walk);
    dh_arena_release(&pull.arena);
    free(pull.url);
    return status;
}
