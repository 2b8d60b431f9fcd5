/* A hand-picked list: records asked for by DOI, many at a time. What the server does not have is
 * told by name. */
#include <stdlib.h>

#include "http/url.h"
#include "mirror/pull_parts.h"

/* One question: a run of the list. */
struct some {
    size_t from, count;
};

static int by_doi(const void *a, const void *b)
{
    return dh_str_compare(((const struct dh_subject *)a)->doi, ((const struct dh_subject *)b)->doi);
}

enum dh_status dh_pull_pick(struct dh_pull *pull, struct dh_err *err)
{
    const struct dh_pull_options *options = pull->options;
    struct dh_buf filter;
    pull->picked = dh_arena_array(&pull->arena, options->doi_count, sizeof(*pull->picked));
    if (!pull->picked)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < options->doi_count; i++)
        pull->picked[i] = (struct dh_subject){.doi = options->dois[i], .updated = DH_TIME_NONE};
    qsort(pull->picked, options->doi_count, sizeof(*pull->picked), by_doi);
    for (size_t i = 0; i < options->doi_count; i++)
        if (!i || by_doi(&pull->picked[i], &pull->picked[pull->picked_count - 1]) != 0)
            pull->picked[pull->picked_count++] = pull->picked[i];
    dh_buf_init(&filter, DH_URL_MAX);
    dh_buf_text(&filter, "ids=");
    bool all = dh_subjects_list(pull->picked, pull->picked_count, DH_NAMES_MAX, &filter) ==
               pull->picked_count;
    pull->filter = NULL;
    if (all && !dh_subject_alone(pull->picked)) {
        dh_buf_char(&filter, '\0');
        pull->filter = dh_arena_copy(&pull->arena, dh_buf_view(&filter)).ptr;
    }
    bool failed = filter.status || (all && !pull->filter && !dh_subject_alone(pull->picked));
    dh_buf_release(&filter);
    return failed ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

static enum dh_status ask_some(struct dh_pull *pull, struct some *some, struct dh_err *err)
{
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX);
    if (some->count == 1 && dh_subject_alone(&pull->picked[some->from])) {
        dh_buf_printf(&url, "%s/dois/", pull->url);
        dh_url_encode_path(&url, pull->picked[some->from].doi, true);
        dh_buf_text(&url, "?" DH_WALK_WHOLE);
    } else {
        dh_buf_printf(&url, "%s/dois?" DH_WALK_WHOLE "&disable-facets=true&page%%5Bsize%%5D=%d",
                      pull->url, DH_PAGE_MAX);
        dh_buf_text(&url, "&ids=");
        dh_subjects_list(pull->picked + some->from, some->count, some->count, &url);
    }
    enum dh_status status = dh_pull_ask(pull, &url, some, err);
    dh_buf_release(&url);
    return status;
}

static enum dh_status ask_all(struct dh_pull *pull, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t from = 0; from < pull->picked_count && !status;) {
        struct dh_buf list;
        struct some *some = dh_arena_alloc(&pull->arena, sizeof(*some));
        if (!some)
            return dh_fail(err, DH_MEMORY, "out of memory");
        dh_buf_init(&list, DH_URL_MAX);
        *some = (struct some){from, dh_subjects_list(pull->picked + from, pull->picked_count - from,
                                                     DH_NAMES_MAX, &list)};
        dh_buf_release(&list);
        from += some->count;
        status = ask_some(pull, some, err);
    }
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
        if (!why && total > 0 && (uint64_t)total > count)
            why = "the server counts more records than it gives";
    }
    json_object_put(tree);
    return why;
}

static enum dh_status take(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    const struct some *some = fetch->context;
    enum dh_status status = DH_OK;
    const char *why = fetch->status == 200 ? look(pull, some, dh_buf_view(&fetch->body)) : NULL;
    if (why) {
        status = dh_client_again(pull->client, fetch, why, err);
        if (status)
            dh_fetch_free(fetch);
        return status;
    }
    pull->step.records += some->count;
    if (fetch->status == 200)
        return dh_landing_put(pull->landing, fetch, NULL, err);
    bool absent = fetch->status == 404 || fetch->status == 403;
    if (!absent || !dh_subject_alone(&pull->picked[some->from]))
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
    result->kept = pull->filter != NULL;
}

static void tell_missed(struct dh_pull *pull)
{
    for (size_t i = 0; i < pull->picked_count && pull->options->missed; i++)
        if (!pull->picked[i].found)
            pull->options->missed(pull->options->context, pull->picked[i].doi);
}

enum dh_status dh_pull_dois(struct dh_pull *pull, struct dh_err *err)
{
    struct dh_fetch *fetch;
    enum dh_status status = ask_all(pull, err);
    pull->step.total = pull->picked_count;
    while (!status && !dh_pull_stopped(pull)) {
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        status = take(pull, fetch, err);
    }
    count_found(pull);
    if (!status && !dh_pull_stopped(pull))
        tell_missed(pull);
    return status;
}
