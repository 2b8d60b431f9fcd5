/* A hand-picked list: records asked for by DOI, many at a time. What the server does not have is
 * told by name. */
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

#include "http/url.h"
#include "mirror/pull_parts.h"

enum { NOTE_BYTES = 4096 /* of progress written per answer, on the average */ };

/* One question: a run of the list. */
struct some {
    size_t from, count;
    bool over;
};

/* The questions about a list, and how far the answers are. */
struct picking {
    struct dh_pull *pull;
    struct some *runs;
    size_t count, room;
    size_t over;           /* runs, from the first on */
    size_t done;           /* DOIs that these have come to, and an earlier pull */
    struct dh_buf missing; /* which of them are not there: "3,17" */
    size_t noted, unnoted; /* bytes of the last progress; runs that were over since */
};

static int by_doi(const void *a, const void *b)
{
    return dh_str_compare(((const struct dh_subject *)a)->doi, ((const struct dh_subject *)b)->doi);
}

/* A name for the list by what is in it, whatever the order it was given in. */
static bool name_list(struct dh_pull *pull)
{
    uint64_t hash = pull->picked_count;
    for (size_t i = 0; i < pull->picked_count; i++)
        hash = XXH3_64bits_withSeed(pull->picked[i].doi.ptr, pull->picked[i].doi.len, hash);
    pull->filter =
        dh_arena_format(&pull->arena, DH_LIST_NAME "%zu:%016" PRIx64, pull->picked_count, hash).ptr;
    pull->list = true;
    return pull->filter != NULL;
}

/* The list as parameters, when one URL can ask for all of it; else its name. */
static bool make_filter(struct dh_pull *pull)
{
    struct dh_buf filter;
    dh_buf_init(&filter, DH_URL_MAX);
    dh_buf_text(&filter, "ids=");
    size_t some = dh_subjects_list(pull->picked, pull->picked_count, DH_NAMES_MAX, &filter);
    bool scope = some == pull->picked_count && !dh_subject_alone(pull->picked);
    dh_buf_char(&filter, '\0');
    if (scope)
        pull->filter = dh_arena_copy(&pull->arena, dh_buf_view(&filter)).ptr;
    bool made = !filter.status && (scope ? pull->filter != NULL : name_list(pull));
    dh_buf_release(&filter);
    return made;
}

enum dh_status dh_pull_pick(struct dh_pull *pull, struct dh_err *err)
{
    const struct dh_pull_options *options = pull->options;
    pull->picked = dh_arena_array(&pull->arena, options->doi_count, sizeof(*pull->picked));
    if (!pull->picked)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < options->doi_count; i++)
        pull->picked[i] = (struct dh_subject){.doi = options->dois[i], .updated = DH_TIME_NONE};
    qsort(pull->picked, options->doi_count, sizeof(*pull->picked), by_doi);
    for (size_t i = 0; i < options->doi_count; i++)
        if (!i || by_doi(&pull->picked[i], &pull->picked[pull->picked_count - 1]) != 0)
            pull->picked[pull->picked_count++] = pull->picked[i];
    return make_filter(pull) ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

/* The list and its scope come together, so that no list is left behind without one. */
static enum dh_status put_list(struct dh_pull *pull, const struct dh_str *dois, struct dh_err *err)
{
    enum dh_status status = dh_store_begin(pull->store, err);
    if (status)
        return status;
    status = dh_store_put_list(pull->store, dh_str(pull->filter), dois, pull->picked_count, err);
    if (!status)
        status = dh_store_put_scope(pull->store, &pull->scope, err);
    if (!status)
        return dh_store_commit(pull->store, err);
    dh_store_rollback(pull->store);
    return status;
}

/* A scope that is written from now on has its list beside it. */
static enum dh_status keep_list(struct dh_pull *pull, struct dh_err *err)
{
    if (!pull->list || pull->list_kept)
        return DH_OK;
    struct dh_str *dois = calloc(pull->picked_count, sizeof(*dois));
    if (!dois)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < pull->picked_count; i++)
        dois[i] = pull->picked[i].doi;
    enum dh_status status = put_list(pull, dois, err);
    pull->list_kept = !status;
    free(dois);
    return status;
}

struct dh_subject *dh_pull_picked(struct dh_pull *pull, struct dh_str doi)
{
    struct dh_subject key = {.doi = doi};
    return bsearch(&key, pull->picked, pull->picked_count, sizeof(key), by_doi);
}

/* ---- going on ------------------------------------------------------------------------------- */

/* True when the progress is one of this list. */
static bool take_up(struct dh_pull *pull, struct json_object *tree)
{
    struct json_object *missing = dh_json_get(tree, "missing");
    int64_t done = json_object_get_int64(dh_json_get(tree, "done"));
    if (done <= 0 || (uint64_t)done > pull->picked_count ||
        !json_object_is_type(missing, json_type_array))
        return false;
    pull->picked_done = (size_t)done;
    for (size_t i = 0; i < pull->picked_done; i++)
        pull->picked[i].found = true;
    for (size_t i = 0; i < json_object_array_length(missing); i++) {
        int64_t at = json_object_get_int64(json_object_array_get_idx(missing, i));
        if (at >= 0 && at < done)
            pull->picked[at].found = false;
    }
    return true;
}

void dh_pull_pick_up(struct dh_pull *pull)
{
    struct json_object *tree = NULL;
    if (!pull->list || !pull->scope.progress.len || pull->options->restart)
        return;
    if (!dh_json_parse(pull->scope.progress, &tree, NULL))
        pull->result->resumed = take_up(pull, tree);
    json_object_put(tree);
}

/* How far it is, malloc's; NULL out of memory. */
static char *written(const struct picking *picking)
{
    struct dh_buf text;
    dh_buf_init(&text, SIZE_MAX);
    dh_buf_printf(&text, "{\"done\":%zu,\"missing\":[", picking->done);
    dh_buf_str(&text, dh_buf_view(&picking->missing));
    dh_buf_text(&text, "]}");
    dh_buf_char(&text, '\0');
    if (!text.status && !picking->missing.status)
        return text.ptr;
    dh_buf_release(&text);
    return NULL;
}

/* Counts what is done up to `end`. */
static void pass(struct picking *picking, size_t end)
{
    for (; picking->done < end; picking->done++)
        if (!picking->pull->picked[picking->done].found)
            dh_buf_printf(&picking->missing, "%s%zu", picking->missing.len ? "," : "",
                          picking->done);
}

/* What is to be noted with the answer to a run; NULL for nothing. Long progress is noted less often
 * than each time. */
static char *end_run(struct picking *picking, struct some *some)
{
    some->over = true;
    while (picking->over < picking->count && picking->runs[picking->over].over) {
        const struct some *run = &picking->runs[picking->over++];
        pass(picking, run->from + run->count);
        picking->unnoted++;
    }
    if (!picking->pull->list || !picking->unnoted || picking->unnoted * NOTE_BYTES < picking->noted)
        return NULL;
    picking->noted = picking->missing.len;
    picking->unnoted = 0;
    return written(picking);
}

/* ---- asking --------------------------------------------------------------------------------- */

static enum dh_status ask_some(struct dh_pull *pull, struct some *some, struct dh_err *err)
{
    const char *shape = pull->walk.shape ? pull->walk.shape : DH_WALK_WHOLE;
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX);
    if (some->count == 1 && dh_subject_alone(&pull->picked[some->from])) {
        dh_buf_printf(&url, "%s/dois/", pull->url);
        dh_url_encode_path(&url, pull->picked[some->from].doi, true);
        dh_buf_printf(&url, "?%s", shape);
    } else {
        dh_buf_printf(&url, "%s/dois?%s&disable-facets=true&page%%5Bsize%%5D=%d&ids=", pull->url,
                      shape, DH_PAGE_MAX);
        dh_subjects_list(pull->picked + some->from, some->count, some->count, &url);
    }
    enum dh_status status = dh_pull_ask(pull, &url, some, err);
    dh_buf_release(&url);
    return status;
}

/* Cuts what is left of the list into runs. */
static enum dh_status cut(struct picking *picking, struct dh_err *err)
{
    struct dh_pull *pull = picking->pull;
    for (size_t from = pull->picked_done; from < pull->picked_count;) {
        struct dh_buf list;
        struct some *runs = dh_arena_reserve(&pull->arena, picking->runs, &picking->room,
                                             picking->count + 1, sizeof(*runs));
        if (!runs)
            return dh_fail(err, DH_MEMORY, "out of memory");
        dh_buf_init(&list, DH_URL_MAX);
        size_t count =
            dh_subjects_list(pull->picked + from, pull->picked_count - from, DH_NAMES_MAX, &list);
        dh_buf_release(&list);
        picking->runs = runs;
        runs[picking->count++] = (struct some){.from = from, .count = count};
        from += count;
    }
    return DH_OK;
}

static enum dh_status ask_all(struct picking *picking, struct dh_err *err)
{
    enum dh_status status = cut(picking, err);
    for (size_t i = 0; i < picking->count && !status; i++)
        status = ask_some(picking->pull, &picking->runs[i], err);
    return status;
}

/* Notes that a record came; false when it is none of those asked for. */
static bool note_record(struct dh_pull *pull, const struct some *some, struct json_object *record)
{
    struct dh_arena arena;
    dh_arena_init(&arena, DH_BODY_MAX);
    struct dh_subject key = {.doi = dh_arena_lower(&arena, dh_json_member(record, "id"))};
    struct dh_subject *found =
        key.doi.ptr && dh_str_equal(dh_json_member(record, "type"), DH_STR("dois"))
            ? bsearch(&key, pull->picked + some->from, some->count, sizeof(key), by_doi)
            : NULL;
    if (found) {
        found->found = true;
        dh_time_parse(dh_json_member(dh_json_get(record, "attributes"), "updated"),
                      &found->updated);
    }
    dh_arena_release(&arena);
    return found != NULL;
}

/* Why the answer cannot be right, a constant; NULL when it can. */
static const char *look(struct dh_pull *pull, const struct some *some, struct dh_str body)
{
    struct json_object *tree = NULL, *data;
    const char *why = NULL;
    for (size_t i = 0; i < some->count; i++) /* an answer that was refused may have told of some */
        pull->picked[some->from + i].found = false;
    if (dh_json_parse(body, &tree, NULL))
        return "the answer is no JSON";
    data = dh_json_get(tree, "data");
    if (json_object_is_type(data, json_type_object)) {
        why = note_record(pull, some, data) ? NULL : "the answer is another record";
    } else if (!json_object_is_type(data, json_type_array)) {
        why = "the answer has no `data`";
    } else {
        size_t count = json_object_array_length(data);
        int64_t total = json_object_get_int64(dh_json_get(dh_json_get(tree, "meta"), "total"));
        for (size_t i = 0; i < count && !why; i++)
            if (!note_record(pull, some, json_object_array_get_idx(data, i)))
                why = "the answer has records that were not asked for";
        if (!why && total > 0 && (uint64_t)total > count) {
            if (!pull->page)
                why = "the server counts more records than it gives";
            pull->gaps += (uint64_t)total - count;
        }
    }
    json_object_put(tree);
    return why;
}

/* A good answer to a run. */
static enum dh_status pass_on(struct picking *picking, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_pull *pull = picking->pull;
    if (pull->page)
        return pull->page(pull, fetch, err);
    enum dh_status status = keep_list(pull, err);
    if (!status)
        return dh_landing_put(pull->landing, fetch, end_run(picking, fetch->context), err);
    dh_fetch_free(fetch);
    return status;
}

static bool is_run(const struct picking *picking, const struct dh_fetch *fetch)
{
    uintptr_t at = (uintptr_t)fetch->context, from = (uintptr_t)picking->runs;
    return at >= from && at < (uintptr_t)(picking->runs + picking->count);
}

static enum dh_status take(struct picking *picking, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_pull *pull = picking->pull;
    struct some *some = fetch->context;
    enum dh_status status = DH_OK;
    const char *why = fetch->status == 200 ? look(pull, some, dh_buf_view(&fetch->body)) : NULL;
    if (why) {
        if (!dh_client_again(pull->client, fetch, why, err))
            return DH_OK;
        status = dh_pull_refused(fetch, err); /* without all of the long URL */
        dh_fetch_free(fetch);
        return status;
    }
    pull->step.records += some->count;
    if (fetch->status == 200)
        return pass_on(picking, fetch, err);
    bool absent = fetch->status == 404 || fetch->status == 403 || fetch->status == 410;
    if (absent && dh_subject_alone(&pull->picked[some->from]))
        some->over = true; /* is noted with the next that came */
    else
        status = dh_pull_refused(fetch, err);
    dh_fetch_free(fetch);
    return status;
}

static void count_found(struct dh_pull *pull)
{
    struct dh_pull_result *result = pull->result;
    result->total = pull->picked_count;
    for (size_t i = 0; i < pull->picked_count; i++)
        result->given += pull->picked[i].found;
    result->missing = result->total - result->given;
}

static void tell_missed(struct dh_pull *pull)
{
    for (size_t i = 0; i < pull->picked_count && pull->options->missed; i++)
        if (!pull->picked[i].found)
            pull->options->missed(pull->options->context, pull->picked[i].doi);
}

enum dh_status dh_pull_dois(struct dh_pull *pull, struct dh_err *err)
{
    struct picking picking = {.pull = pull};
    struct dh_fetch *fetch;
    dh_buf_init(&picking.missing, SIZE_MAX);
    pass(&picking, pull->picked_done);
    enum dh_status status = ask_all(&picking, err);
    pull->step.total = pull->picked_count;
    pull->step.records = pull->picked_done;
    while (!status && !dh_pull_stopped(pull)) {
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        bool run = !pull->other || is_run(&picking, fetch);
        status = run ? take(&picking, fetch, err) : pull->other(pull, fetch, err);
    }
    dh_buf_release(&picking.missing);
    count_found(pull);
    if (!status && !dh_pull_stopped(pull) && !pull->page)
        status = keep_list(pull, err);
    if (!status && !dh_pull_stopped(pull))
        tell_missed(pull);
    return status;
}
