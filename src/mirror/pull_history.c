/*
 * The activities that the server has of the records of a scope. The records are walked through once
 * more, with nothing but their times, so that those not updated since the activities were last
 * asked for can be passed over; of the others many are asked for in one request. How far it came is
 * written to the scope with each answer.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "http/url.h"
#include "mirror/activity_read.h"
#include "mirror/pull_parts.h"

#define TIMES_ONLY "fields%5Bdois%5D=created%2Cupdated"

/* A list gave activities of one subject or of none, as it would if the server did not know lists.
 * Asked for singly, do its subjects have more? */
struct doubt {
    uint64_t told, found;
    size_t left;
};

/* One question about a run of subjects, page after page. */
struct group {
    size_t from, count;
    unsigned page;
    uint64_t given;
    struct doubt *doubt; /* that it helps to settle; or NULL */
};

struct dh_history {
    int64_t since;               /* what was updated before has all its activities here */
    struct dh_str walked;        /* the walk of the records, as written */
    char *before;                /* this walk as it was before the page at hand, as written */
    struct dh_str after;         /* of that page, this DOI and those before are done; or "" */
    struct dh_subject *subjects; /* of the page at hand, those to be asked for */
    size_t count, done;          /* `done` from the first on */
    bool singly;                 /* the server does not take lists */
    bool lists;                  /* it does: one gave activities of several subjects */
    bool unnoted;                /* how far it came is not written to the scope */
    uint64_t passed;             /* records done with */
    struct dh_arena arena;       /* of a page */
};

/* ---- asking --------------------------------------------------------------------------------- */

static enum dh_status ask_group(struct dh_pull *pull, struct group *group, struct dh_err *err)
{
    const struct dh_subject *first = &pull->history->subjects[group->from];
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX);
    if (group->count == 1) {
        dh_buf_printf(&url, "%s/dois/", pull->url);
        dh_url_encode_path(&url, first->doi, true);
        dh_buf_text(&url, "/activities?");
    } else {
        dh_buf_printf(&url, "%s/activities?datacite-doi-id=", pull->url);
        dh_subjects_list(first, group->count, group->count, &url);
        dh_buf_char(&url, '&');
    }
    dh_buf_printf(&url, "sort=created&page%%5Bsize%%5D=%d&page%%5Bnumber%%5D=%u", DH_HISTORY_PAGE,
                  group->page);
    enum dh_status status = dh_pull_ask(pull, &url, group, err);
    dh_buf_release(&url);
    return status;
}

/* Asks about the subjects of a run, `most` of them at a time. */
static enum dh_status ask_run(struct dh_pull *pull, size_t from, size_t count, size_t most,
                              struct doubt *doubt, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    enum dh_status status = DH_OK;
    for (size_t end = from + count; from < end && !status;) {
        struct group *group = dh_arena_alloc(&history->arena, sizeof(*group));
        struct dh_buf list;
        if (!group)
            return dh_fail(err, DH_MEMORY, "out of memory");
        dh_buf_init(&list, DH_URL_MAX);
        *group = (struct group){.from = from, .page = 1, .doubt = doubt};
        group->count = dh_subjects_list(history->subjects + from, end - from, most, &list);
        dh_buf_release(&list);
        from += group->count;
        status = ask_group(pull, group, err);
    }
    return status;
}

/* ---- writing down --------------------------------------------------------------------------- */

/* The progress of the scope: the walk that is over, and how far this one is. */
static void write_progress(const struct dh_history *history, struct dh_buf *out)
{
    dh_buf_str(out, (struct dh_str){history->walked.ptr, history->walked.len - 1});
    dh_buf_text(out, ",\"activities\":");
    dh_buf_text(out, history->before);
    dh_buf_text(out, ",\"after\":");
    dh_json_string(out, history->after, 0);
    dh_buf_char(out, '}');
}

static enum dh_status note(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_scope scope = pull->scope;
    struct dh_buf progress;
    if (!pull->history->before || pull->history->unnoted)
        return DH_OK;
    dh_buf_init(&progress, DH_BODY_MAX);
    write_progress(pull->history, &progress);
    scope.progress = dh_buf_view(&progress);
    enum dh_status status = progress.status ? dh_fail(err, DH_MEMORY, "out of memory")
                                            : dh_store_put_scope(pull->store, &scope, err);
    dh_buf_release(&progress);
    return status;
}

static void report_bad(struct dh_pull *pull, const char *url, const struct dh_err *why)
{
    const struct dh_import_report report = {.file = url, .line = 1, .err = why};
    pull->result->import.bad++;
    if (pull->options->report)
        pull->options->report(pull->options->context, &report);
}

static enum dh_status put_all(struct dh_pull *pull, const struct dh_fetch *fetch,
                              const struct dh_activities *read, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < read->count && !status; i++) {
        bool added = false;
        struct dh_err why;
        status = dh_store_put_activity(pull->store, &read->items[i], &added, &why);
        pull->result->activities += added;
        if (status == DH_INVALID) {
            report_bad(pull, fetch->url, &why);
            status = DH_OK;
        } else if (status) {
            dh_fail(err, status, "%s", why.text);
        }
    }
    return status;
}

/* The subjects of a group are done; moves the mark behind those that are done without a gap. */
static void finish_group(struct dh_pull *pull, const struct group *group)
{
    struct dh_history *history = pull->history;
    for (size_t i = group->from; i < group->from + group->count; i++)
        history->subjects[i].found = true;
    while (history->done < history->count && history->subjects[history->done].found)
        history->after = history->subjects[history->done++].doi;
    history->passed += group->count;
    if (!group->doubt || --group->doubt->left)
        return;
    if (group->doubt->found > group->doubt->told)
        history->singly = true;
    else
        history->lists = true;
}

static enum dh_status keep(struct dh_pull *pull, struct group *group, const struct dh_fetch *fetch,
                           const struct dh_activities *read, struct dh_err *err)
{
    group->given += read->count + read->bad;
    bool over = !(read->count + read->bad) || group->given >= read->total ||
                (uint64_t)group->page * DH_HISTORY_PAGE >= DH_HISTORY_MAX;
    enum dh_status status = dh_store_begin(pull->store, err);
    if (status)
        return status;
    status = put_all(pull, fetch, read, err);
    if (over && group->doubt)
        group->doubt->found += read->total;
    if (over)
        finish_group(pull, group);
    if (!status && over)
        status = note(pull, err);
    if (status) {
        dh_store_rollback(pull->store);
        return status;
    }
    status = dh_store_commit(pull->store, err);
    if (over && read->total > group->given)
        pull->result->activities_missing += read->total - group->given;
    group->page++;
    return status || over ? status : ask_group(pull, group, err);
}

/* ---- answers -------------------------------------------------------------------------------- */

static bool of_several(const struct dh_activities *read)
{
    for (size_t i = 1; i < read->count; i++)
        if (read->items[i].subject.ptr != read->items[0].subject.ptr)
            return true;
    return false;
}

/* Asks about each subject of a list that is in doubt. */
static enum dh_status ask_each(struct dh_pull *pull, const struct group *group, uint64_t told,
                               struct dh_err *err)
{
    struct doubt *doubt = dh_arena_alloc(&pull->history->arena, sizeof(*doubt));
    if (!doubt)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *doubt = (struct doubt){.told = told, .left = group->count};
    return ask_run(pull, group->from, group->count, 1, doubt, err);
}

/* Reads a good answer; what cannot be right is asked for in another way, or again. */
static enum dh_status take_list(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    struct group *group = fetch->context;
    struct dh_activities read;
    struct dh_err why;
    enum dh_status status = dh_activities_read(
        dh_buf_view(&fetch->body), history->subjects + group->from, group->count, &read, &why);
    bool foreign = status == DH_UNSUPPORTED; /* activities of others: it does not take a list */
    if (status == DH_INVALID || (foreign && group->count == 1)) {
        dh_activities_release(&read);
        status = dh_client_again(pull->client, fetch, why.text, err);
        if (status)
            dh_fetch_free(fetch);
        return status;
    }
    history->singly = history->singly || foreign;
    history->lists = history->lists || (!status && of_several(&read));
    if (foreign)
        status = ask_run(pull, group->from, group->count, 1, NULL, err);
    else if (!status && read.total > DH_HISTORY_MAX && group->count > 1)
        status = ask_run(pull, group->from, group->count, (group->count + 1) / 2, NULL, err);
    else if (!status && group->count > 1 && !history->lists)
        status = ask_each(pull, group, read.total, err);
    else if (!status)
        status = keep(pull, group, fetch, &read, err);
    else
        status = dh_fail(err, status, "%s", why.text);
    for (size_t i = 0; i < read.bad; i++)
        report_bad(pull, fetch->url, &read.why);
    dh_activities_release(&read);
    dh_fetch_free(fetch);
    return status;
}

/* A list that is refused is asked for one by one; so is what a list cannot name. */
static enum dh_status take_other(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    const struct group *group = fetch->context;
    bool refused = fetch->status >= 400 && fetch->status < 500 && fetch->status != 429 &&
                   fetch->status != 401 && fetch->status != 408;
    enum dh_status status = DH_OK;
    if (refused && group->count > 1) {
        pull->history->singly = true;
        status = ask_run(pull, group->from, group->count, 1, NULL, err);
    } else if (fetch->status == 404 || fetch->status == 403) {
        finish_group(pull, group);
    } else {
        status = dh_pull_refused(fetch, err);
    }
    dh_fetch_free(fetch);
    return status;
}

static enum dh_status ask_subjects(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    struct dh_fetch *fetch;
    history->done = 0;
    enum dh_status status =
        ask_run(pull, 0, history->count, history->singly ? 1 : DH_NAMES_MAX, NULL, err);
    while (!status && !dh_pull_stopped(pull)) {
        pull->step.records = history->passed;
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        status = fetch->status == 200 ? take_list(pull, fetch, err) : take_other(pull, fetch, err);
    }
    return status;
}

/* ---- the records ---------------------------------------------------------------------------- */

static bool is_due(const struct dh_history *history, int64_t updated)
{
    return history->since == DH_TIME_NONE || updated == DH_TIME_NONE || updated >= history->since;
}

/* The records of a page whose activities may have become more, behind those that are done. */
static enum dh_status find_due(struct dh_pull *pull, struct json_object *data, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    size_t count = json_object_array_length(data), kept = 0;
    struct dh_str after = history->after;
    history->subjects = dh_arena_array(&history->arena, count, sizeof(*history->subjects));
    if (!history->subjects)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        struct json_object *record = json_object_array_get_idx(data, i);
        struct dh_subject subject = {
            .doi = dh_arena_lower(&history->arena, dh_json_member(record, "id")),
            .updated = DH_TIME_NONE};
        if (!subject.doi.ptr)
            return dh_fail(err, DH_MEMORY, "out of memory");
        dh_time_parse(dh_json_member(dh_json_get(record, "attributes"), "updated"),
                      &subject.updated);
        if (is_due(history, subject.updated))
            history->subjects[kept++] = subject;
        if (after.len && dh_str_equal(subject.doi, after))
            kept = 0;
    }
    history->count = kept;
    history->passed += count - kept;
    return DH_OK;
}

/* This walk as it is now, as text that the caller frees; NULL out of memory. */
static char *written(const struct dh_walk *walk)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_walk_write(walk, &text);
    dh_buf_char(&text, '\0');
    if (!text.status)
        return text.ptr; /* malloc's, handed on */
    dh_buf_release(&text);
    return NULL;
}

/* A page of records: their activities are asked for before the walk goes on. */
static enum dh_status take_records(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    struct json_object *page = NULL;
    pull->step.total = pull->walk.slices[0].total;
    enum dh_status status = dh_json_parse(dh_buf_view(&fetch->body), &page, err);
    if (!status)
        status = find_due(pull, dh_json_get(page, "data"), err);
    json_object_put(page);
    dh_fetch_free(fetch);
    if (!status)
        status = ask_subjects(pull, err);
    if (status || dh_pull_stopped(pull))
        return status;
    free(history->before);
    history->before = written(&pull->walk);
    history->after = DH_STR("");
    dh_arena_clear(&history->arena);
    return history->before ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

/* Takes up the walk of an earlier pull that was broken off in it, or begins one. */
static enum dh_status begin(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    struct json_object *tree = NULL;
    struct dh_buf text;
    enum dh_status status = DH_OK;
    bool anew = pull->options->restart || history->unnoted;
    struct dh_str left = anew ? DH_STR("") : pull->scope.progress;
    pull->walk = (struct dh_walk){.url = pull->url, .filter = pull->filter};
    dh_buf_init(&text, DH_BODY_MAX);
    if (left.len)
        status = dh_json_parse(left, &tree, err);
    if (!status && dh_json_get(tree, "activities")) {
        dh_json_write(&text, dh_json_get(tree, "activities"), 0);
        status = dh_walk_read(&pull->walk, dh_buf_view(&text), err);
        history->after = dh_arena_copy(&history->arena, dh_json_member(tree, "after"));
    } else if (!status) {
        status = dh_walk_init(&pull->walk, pull->url, pull->filter, NULL, 0, err);
    }
    pull->walk.shape = TIMES_ONLY;
    json_object_put(tree);
    dh_buf_release(&text);
    for (size_t i = 0; i < pull->walk.count; i++)
        history->passed += pull->walk.slices[i].got;
    history->before = status ? NULL : written(&pull->walk);
    return status || history->before ? status : dh_fail(err, DH_MEMORY, "out of memory");
}

/* Writes that all activities are here, so that a pull broken off later does not ask for them. */
static enum dh_status note_end(struct dh_pull *pull, struct dh_err *err)
{
    pull->scope.activities = pull->scope.started;
    enum dh_status status = dh_store_begin(pull->store, err);
    if (status)
        return status;
    status = note(pull, err);
    if (!status)
        return dh_store_commit(pull->store, err);
    dh_store_rollback(pull->store);
    return status;
}

static bool is_whole(const struct dh_pull *pull)
{
    return !dh_pull_stopped(pull) && !pull->result->activities_missing;
}

static enum dh_status walk_records(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    struct dh_walk records = pull->walk;
    char *walked = written(&records);
    if (!walked)
        return dh_fail(err, DH_MEMORY, "out of memory");
    history->walked = dh_str(walked);
    enum dh_status status = begin(pull, err);
    pull->page = take_records;
    if (!status)
        status = dh_pull_walk(pull, err);
    if (!status && is_whole(pull) && !history->unnoted)
        status = note_end(pull, err);
    pull->page = NULL;
    dh_walk_release(&pull->walk);
    pull->walk = records;
    free(walked);
    return status;
}

static enum dh_status ask_picked(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_history *history = pull->history;
    history->subjects = dh_arena_array(&history->arena, pull->picked_count, sizeof(*pull->picked));
    if (!history->subjects)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < pull->picked_count; i++)
        if (pull->picked[i].found && is_due(history, pull->picked[i].updated)) {
            history->subjects[history->count] = pull->picked[i];
            history->subjects[history->count++].found = false;
        }
    pull->step.total = history->count;
    return ask_subjects(pull, err);
}

static void open_history(struct dh_pull *pull, struct dh_history *history)
{
    history->after = DH_STR("");
    dh_arena_init(&history->arena, DH_ARENA_MAX);
    pull->history = history;
    pull->step = (struct dh_pull_progress){.activities = true};
}

static void close_history(struct dh_pull *pull)
{
    free(pull->history->before);
    dh_arena_release(&pull->history->arena);
    pull->step = (struct dh_pull_progress){0};
    pull->history = NULL;
}

enum dh_status dh_pull_history(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_history history = {.since = DH_TIME_NONE};
    int64_t known = pull->scope.activities;
    if (known > 0 && !pull->options->restart)
        history.since = known - (int64_t)DH_SYNC_OVERLAP_MINUTES * 60000;
    open_history(pull, &history);
    enum dh_status status = pull->picked ? ask_picked(pull, err) : walk_records(pull, err);
    close_history(pull);
    if (!status && is_whole(pull))
        pull->scope.activities = pull->scope.started;
    return status;
}

enum dh_status dh_pull_history_picked(struct dh_pull *pull, int64_t since, struct dh_err *err)
{
    struct dh_history history = {.since = since, .unnoted = true};
    open_history(pull, &history);
    enum dh_status status = ask_picked(pull, err);
    close_history(pull);
    return status;
}

static enum dh_status ask_named(struct dh_pull *pull, const struct dh_subject *named, size_t count,
                                struct dh_err *err)
{
    struct dh_history *history = pull->history;
    if (!count)
        return DH_OK;
    history->subjects = dh_arena_array(&history->arena, count, sizeof(*named));
    if (!history->subjects)
        return dh_fail(err, DH_MEMORY, "out of memory");
    memcpy(history->subjects, named, count * sizeof(*named));
    history->count = count;
    history->passed = 0;
    pull->step.total = count;
    return ask_subjects(pull, err);
}

enum dh_status dh_pull_history_of(struct dh_pull *pull, const char *filter,
                                  const struct dh_subject *named, size_t count, struct dh_err *err)
{
    struct dh_history history = {.since = DH_TIME_NONE, .unnoted = true};
    const char *before = pull->filter;
    open_history(pull, &history);
    pull->filter = filter;
    enum dh_status status = walk_records(pull, err);
    pull->filter = before;
    if (!status && !dh_pull_stopped(pull))
        status = ask_named(pull, named, count, err);
    close_history(pull);
    return status;
}
