/*
 * The events that the server has of the records of a scope: citations and usage that no record
 * states. For all records, or those of prefixes, they are one walk; for others the ids are walked
 * through once more, and many records are asked for in one request. Each request is a cursor walk
 * as that through records is, and as little trusted. How far it came is written to the scope with
 * each page of events, or of ids when the events of all its records are here.
 *
 * A copy that has its events of some earlier moment is asked about again with a range of times.
 */
#include <stdlib.h>

#include "http/url.h"
#include "mirror/pull_parts.h"

#define NEWER_DIALECT "application/vnd.api+json; version=2"
#define IDS_ONLY      "fields%5Bdois%5D=created"

/* Filters of /events, a slice each. */
struct filters {
    const char **items; /* the arena's, one after the other in one list */
    size_t count, room;
    struct dh_buf dois; /* of the next one */
    size_t doi_count;
};

struct dh_pull_event_work {
    struct dh_str walked; /* the walk of the records, as written */
    struct dh_walk *ids;  /* NULL: events are all that is walked through */
    const char *range;    /* a further filter of what lists of DOIs ask for; or "" */
    struct dh_arena arena;
};

/* ---- filters -------------------------------------------------------------------------------- */

static enum dh_status no_room(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status add_filter(struct dh_pull *pull, struct filters *filters, struct dh_str text,
                                 struct dh_err *err)
{
    struct dh_arena *arena = &pull->events->arena;
    const char **items =
        dh_arena_reserve(arena, filters->items, &filters->room, filters->count + 1, sizeof(*items));
    if (!items)
        return no_room(err);
    filters->items = items;
    filters->items[filters->count] = dh_arena_copy(arena, text).ptr;
    return filters->items[filters->count++] ? DH_OK : no_room(err);
}

/* What is gathered of a list becomes a filter. */
static enum dh_status end_list(struct dh_pull *pull, struct filters *filters, struct dh_err *err)
{
    enum dh_status status = filters->dois.status ? no_room(err) : DH_OK;
    if (!status && filters->doi_count)
        status = add_filter(pull, filters, dh_buf_view(&filters->dois), err);
    dh_buf_clear(&filters->dois);
    filters->doi_count = 0;
    return status;
}

/* A list is cut at commas: a DOI with one is asked for from either side. */
static enum dh_status add_alone(struct dh_pull *pull, struct filters *filters, struct dh_str doi,
                                struct dh_err *err)
{
    static const char *const sides[] = {"subj-id", "obj-id"};
    struct dh_arena *arena = &pull->events->arena;
    struct dh_str url = dh_arena_format(arena, "https://doi.org/%.*s", DH_STR_ARG(doi));
    enum dh_status status = url.ptr ? DH_OK : no_room(err);
    for (size_t i = 0; i < 2 && !status; i++) {
        struct dh_buf filter;
        dh_buf_init(&filter, DH_URL_MAX);
        dh_buf_printf(&filter, "%s=", sides[i]);
        dh_url_encode_form(&filter, url);
        status =
            filter.status ? no_room(err) : add_filter(pull, filters, dh_buf_view(&filter), err);
        dh_buf_release(&filter);
    }
    return status;
}

static enum dh_status add_doi(struct dh_pull *pull, struct filters *filters, struct dh_str doi,
                              struct dh_err *err)
{
    if (dh_str_find(doi, ',') < doi.len)
        return add_alone(pull, filters, doi, err);
    dh_buf_text(&filters->dois, filters->doi_count++ ? "," : "doi=");
    dh_url_encode_form(&filters->dois, doi);
    bool full = filters->doi_count >= DH_EVENT_DOIS_MAX || filters->dois.len > DH_NAMES_BYTES / 2;
    return full ? end_list(pull, filters, err) : DH_OK;
}

/* ---- walks ---------------------------------------------------------------------------------- */

/* The scope's progress: the walk of the records that is over, and the one given. */
static char *written(const struct dh_pull *pull, const struct dh_walk *walk)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_buf_str(&text, (struct dh_str){pull->events->walked.ptr, pull->events->walked.len - 1});
    dh_buf_text(&text, ",\"events\":");
    dh_walk_write(walk, &text);
    dh_buf_char(&text, '}');
    dh_buf_char(&text, '\0');
    if (!text.status)
        return text.ptr; /* malloc's, handed on */
    dh_buf_release(&text);
    return NULL;
}

static bool all_over(const struct dh_walk *walk)
{
    for (size_t i = 0; i < walk->count; i++)
        if (!walk->slices[i].over)
            return false;
    return true;
}

/* With the last page of events the page of ids is done, of whose records they are. */
static enum dh_status land(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    const struct dh_walk *ids = pull->events->ids;
    const struct dh_walk *walk = ids ? ids : &pull->walk;
    char *progress = NULL;
    if (pull->events->walked.len && (!ids || all_over(&pull->walk)))
        progress = written(pull, walk);
    return dh_landing_put(pull->landing, fetch, progress, err);
}

/* Walks through events, `walk` being taken over. */
static enum dh_status walk_events(struct dh_pull *pull, struct dh_walk *walk, struct dh_err *err)
{
    struct dh_walk before = pull->walk;
    pull->walk = *walk;
    pull->walk.path = "events";
    pull->page = land;
    pull->accept = NEWER_DIALECT;
    enum dh_status status = dh_pull_walk(pull, err);
    for (size_t i = 0; i < pull->walk.count; i++) {
        const struct dh_slice *slice = &pull->walk.slices[i];
        if (slice->over && slice->total > slice->got)
            pull->result->events_missing += slice->total - slice->got;
    }
    dh_walk_release(&pull->walk);
    pull->walk = before;
    pull->accept = NULL;
    return status;
}

/* The events of the DOIs in `filters`, all of them. */
static enum dh_status walk_lists(struct dh_pull *pull, struct filters *filters, struct dh_err *err)
{
    struct dh_walk walk;
    enum dh_status status = end_list(pull, filters, err);
    if (status || !filters->count)
        return status;
    status =
        dh_walk_init(&walk, pull->url, pull->events->range, filters->items, filters->count, err);
    return status ? status : walk_events(pull, &walk, err);
}

/* ---- which records -------------------------------------------------------------------------- */

static enum dh_status read_ids(struct dh_pull *pull, struct dh_str body, struct filters *filters,
                               struct dh_err *err)
{
    struct json_object *page = NULL;
    enum dh_status status = dh_json_parse(body, &page, err);
    struct json_object *data = dh_json_get(page, "data");
    size_t count = json_object_is_type(data, json_type_array) ? json_object_array_length(data) : 0;
    for (size_t i = 0; i < count && !status; i++) {
        struct dh_str id = dh_json_member(json_object_array_get_idx(data, i), "id");
        struct dh_str doi = dh_doi_parse(&pull->events->arena, id);
        if (doi.ptr)
            status = add_doi(pull, filters, doi, err);
    }
    json_object_put(page);
    return status;
}

/* A page of ids: the events of its records, before the next page is asked for. */
static enum dh_status take_ids(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_arena_mark mark = dh_arena_mark(&pull->events->arena);
    struct filters filters = {0};
    struct dh_walk ids = pull->walk;
    dh_buf_init(&filters.dois, DH_URL_MAX);
    enum dh_status status = read_ids(pull, dh_buf_view(&fetch->body), &filters, err);
    dh_fetch_free(fetch);
    pull->events->ids = &ids;
    pull->step.total = ids.slices[0].total;
    pull->step.records = ids.slices[0].got;
    if (!status)
        status = walk_lists(pull, &filters, err);
    pull->page = take_ids;
    dh_buf_release(&filters.dois);
    dh_arena_rewind(&pull->events->arena, mark);
    return status;
}

static enum dh_status walk_ids(struct dh_pull *pull, struct dh_walk *walk, struct dh_err *err)
{
    struct dh_walk before = pull->walk;
    pull->walk = *walk;
    pull->walk.shape = IDS_ONLY;
    pull->page = take_ids;
    enum dh_status status = dh_pull_walk(pull, err);
    dh_walk_release(&pull->walk);
    pull->walk = before;
    return status;
}

/* True when the filter means the same for events: all, or prefixes and nothing else. */
static bool is_direct(struct dh_str filter)
{
    return !filter.len ||
           (dh_str_starts(filter, DH_STR("prefix=")) && dh_str_find(filter, '&') == filter.len);
}

/* What an earlier pull wrote that this one goes on with; or NULL. The caller's. */
static struct json_object *progress_of(const struct dh_pull *pull)
{
    struct json_object *tree = NULL;
    bool any = !pull->options->restart && pull->scope.progress.len;
    return any && !dh_json_parse(pull->scope.progress, &tree, NULL) ? tree : NULL;
}

bool dh_pull_events_begun(const struct dh_pull *pull)
{
    struct json_object *tree = progress_of(pull);
    bool begun = dh_json_get(tree, "events") != NULL;
    json_object_put(tree);
    return begun;
}

/* Takes up what an earlier pull left, else begins. */
static enum dh_status open_walk(struct dh_pull *pull, struct dh_walk *walk, struct dh_err *err)
{
    struct json_object *tree = progress_of(pull), *events = dh_json_get(tree, "events");
    enum dh_status status;
    if (events) {
        struct dh_buf text;
        dh_buf_init(&text, DH_BODY_MAX);
        dh_json_write(&text, events, 0);
        *walk = (struct dh_walk){.url = pull->url, .filter = pull->filter};
        status = text.status ? no_room(err) : dh_walk_read(walk, dh_buf_view(&text), err);
        dh_buf_release(&text);
    } else {
        status = dh_walk_init(walk, pull->url, pull->filter, NULL, 0, err);
    }
    json_object_put(tree);
    if (status)
        dh_walk_release(walk);
    return status;
}

static bool is_due(const struct dh_subject *subject, int64_t since)
{
    return since == DH_TIME_NONE || subject->updated == DH_TIME_NONE || subject->updated >= since;
}

/* A list is not gone on with: nothing is written down. */
static enum dh_status ask_list(struct dh_pull *pull, const struct dh_subject *list, size_t count,
                               bool found, int64_t since, struct dh_err *err)
{
    struct filters filters = {0};
    enum dh_status status = DH_OK;
    dh_buf_init(&filters.dois, DH_URL_MAX);
    for (size_t i = 0; i < count && !status; i++)
        if (list[i].found == found && is_due(&list[i], since))
            status = add_doi(pull, &filters, list[i].doi, err);
    if (!status)
        status = walk_lists(pull, &filters, err);
    dh_buf_release(&filters.dois);
    return status;
}

static enum dh_status ask(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_walk walk = {0};
    struct dh_buf walked;
    dh_buf_init(&walked, DH_BODY_MAX);
    dh_walk_write(&pull->walk, &walked);
    pull->events->walked = dh_arena_copy(&pull->events->arena, dh_buf_view(&walked));
    enum dh_status status =
        walked.status || !pull->events->walked.ptr ? no_room(err) : open_walk(pull, &walk, err);
    dh_buf_release(&walked);
    if (status)
        return status;
    pull->step.events = is_direct(dh_str(pull->filter));
    return pull->step.events ? walk_events(pull, &walk, err) : walk_ids(pull, &walk, err);
}

/* ---- what came since ------------------------------------------------------------------------ */

/* "query=updated_at:[... TO *]", the arena's; "" for all, NULL out of memory. */
static const char *range_since(struct dh_arena *arena, int64_t since)
{
    char time[DH_TIME_TEXT_MAX];
    struct dh_buf query, out;
    if (since == DH_TIME_NONE)
        return "";
    time[dh_time_format(since, false, time)] = '\0';
    dh_buf_init(&query, DH_URL_MAX);
    dh_buf_init(&out, DH_URL_MAX);
    dh_buf_printf(&query, "updated_at:[%s TO *]", time);
    dh_buf_text(&out, "query=");
    dh_url_encode_form(&out, dh_buf_view(&query));
    bool failed = query.status || out.status;
    const char *text = failed ? NULL : dh_arena_copy(arena, dh_buf_view(&out)).ptr;
    dh_buf_release(&query);
    dh_buf_release(&out);
    return text;
}

/* The server may not take the range: *range becomes "" then. *any: it has events within. */
static enum dh_status try_range(struct dh_pull *pull, const char *filter, const char **range,
                                bool *any, struct dh_err *err)
{
    struct dh_fetch *fetch = NULL;
    struct dh_buf url;
    uint64_t total = 1;
    dh_buf_init(&url, DH_URL_MAX);
    dh_buf_printf(&url, "%s/events?page%%5Bsize%%5D=1&%s%s%s", pull->url, filter,
                  *filter ? "&" : "", *range);
    pull->accept = NEWER_DIALECT;
    enum dh_status status = dh_pull_ask(pull, &url, NULL, err);
    pull->accept = NULL;
    dh_buf_release(&url);
    if (!status)
        status = dh_pull_next(pull, &fetch, err);
    if (status || !fetch)
        return status;
    bool refused =
        fetch->status >= 400 && fetch->status < 500 && fetch->status != 401 && fetch->status != 429;
    if (fetch->status == 200)
        (void)dh_walk_total(dh_buf_view(&fetch->body), &total, NULL);
    else if (refused)
        *range = "";
    else
        status = dh_pull_refused(fetch, err);
    *any = total > 0;
    dh_fetch_free(fetch);
    return status;
}

static enum dh_status walk_ids_of(struct dh_pull *pull, const char *filter, const char *range,
                                  struct dh_err *err)
{
    struct dh_walk walk;
    enum dh_status status = dh_walk_init(&walk, pull->url, filter, NULL, 0, err);
    if (status)
        return status;
    pull->events->range = range;
    status = walk_ids(pull, &walk, err);
    pull->events->range = "";
    pull->events->ids = NULL;
    return status;
}

static enum dh_status walk_range(struct dh_pull *pull, const char *range, struct dh_err *err)
{
    struct dh_walk walk;
    pull->step.events = true;
    enum dh_status status = dh_walk_init(&walk, pull->url, pull->filter, &range, 1, err);
    return status ? status : walk_events(pull, &walk, err);
}

/* All events of the records that came or changed. */
static enum dh_status ask_fresh(struct dh_pull *pull, const struct dh_event_news *news,
                                struct dh_err *err)
{
    if (pull->picked)
        return ask_list(pull, pull->picked, pull->picked_count, true, news->fresh_since, err);
    enum dh_status status = walk_ids_of(pull, news->fresh, "", err);
    if (!status && !dh_pull_stopped(pull))
        status = ask_list(pull, news->named, news->named_count, false, DH_TIME_NONE, err);
    return status;
}

/* The events of all records, of a range of times. */
static enum dh_status ask_range(struct dh_pull *pull, const char *range, struct dh_err *err)
{
    if (!pull->picked)
        return walk_ids_of(pull, pull->filter, range, err);
    pull->events->range = range;
    enum dh_status status =
        ask_list(pull, pull->picked, pull->picked_count, true, DH_TIME_NONE, err);
    pull->events->range = "";
    return status;
}

static enum dh_status ask_news(struct dh_pull *pull, struct dh_event_news *news, struct dh_err *err)
{
    const char *range = range_since(&pull->events->arena, news->since);
    bool direct = is_direct(dh_str(pull->filter)), any = true;
    enum dh_status status = range ? DH_OK : no_room(err);
    news->whole = direct || !news->fresh_only;
    if (!status && news->whole && *range)
        status = try_range(pull, direct ? pull->filter : "", &range, &any, err);
    if (status || dh_pull_stopped(pull))
        return status;
    if (direct)
        return any ? walk_range(pull, range, err) : DH_OK;
    if (*range)
        status = ask_fresh(pull, news, err);
    if (!status && !dh_pull_stopped(pull) && news->whole && any)
        status = ask_range(pull, range, err);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum dh_status ask_all(struct dh_pull *pull, struct dh_event_news *news, struct dh_err *err)
{
    if (news)
        return ask_news(pull, news, err);
    return pull->picked ? ask_list(pull, pull->picked, pull->picked_count, true, DH_TIME_NONE, err)
                        : ask(pull, err);
}

static enum dh_status run(struct dh_pull *pull, struct dh_event_news *news, struct dh_err *err)
{
    struct dh_pull_event_work work = {.range = ""};
    struct dh_import_result landed = {0};
    struct dh_err landing_err;
    dh_arena_init(&work.arena, DH_ARENA_MAX);
    pull->events = &work;
    pull->result->events = true;
    enum dh_status status =
        dh_landing_open(pull->store, &pull->scope, &pull->importing, &pull->landing, err);
    if (!status) {
        status = ask_all(pull, news, err);
        enum dh_status kept = dh_landing_close(pull->landing, &landed, &landing_err);
        if (!status && kept)
            status = dh_fail(err, kept, "%s", landing_err.text);
    }
    pull->landing = NULL;
    pull->page = NULL;
    pull->events = NULL;
    pull->step = (struct dh_pull_progress){0};
    dh_landing_add(&pull->result->import, &landed);
    dh_arena_release(&work.arena);
    return status;
}

enum dh_status dh_pull_events_news(struct dh_pull *pull, struct dh_event_news *news,
                                   struct dh_err *err)
{
    return run(pull, news, err);
}

enum dh_status dh_pull_events(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = run(pull, NULL, err);
    if (!status && !dh_pull_stopped(pull) && !pull->result->events_missing)
        pull->scope.events = pull->scope.started;
    return status;
}
