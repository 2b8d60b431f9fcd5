#include <stdlib.h>

#include "http/url.h"
#include "mirror/sync_parts.h"

enum { PAGE = DH_PAGE_MAX };

/* ---- asking --------------------------------------------------------------------------------- */

/* A list of names is cut at commas; what else a server may make of odd characters is not tried. */
static bool plain(struct dh_str doi)
{
    static const char signs[] = "._/-;:()<>";
    for (size_t i = 0; i < doi.len; i++) {
        char c = doi.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && !memchr(signs, c, sizeof(signs) - 1))
            return false;
    }
    return true;
}

static void write_url(const struct dh_sync *sync, const struct dh_naming *naming,
                      struct dh_buf *url)
{
    dh_buf_printf(url, "%s/dois", sync->pull.url);
    if (naming->single) {
        dh_buf_char(url, '/');
        dh_url_encode_path(url, naming->dois[0], false);
        dh_buf_text(url, "?" DH_WALK_WHOLE);
        return;
    }
    dh_buf_printf(url, "?" DH_WALK_WHOLE "&disable-facets=true&page%%5Bsize%%5D=%d&ids=", PAGE);
    for (size_t i = 0; i < naming->count; i++) {
        dh_buf_text(url, i ? "," : "");
        dh_url_encode_form(url, naming->dois[i]);
    }
}

static enum dh_status ask(struct dh_sync *sync, struct dh_naming *naming, struct dh_err *err)
{
    struct dh_buf url;
    dh_buf_init(&url, DH_URL_MAX);
    write_url(sync, naming, &url);
    enum dh_status status = dh_pull_ask(&sync->pull, &url, naming, err);
    dh_buf_release(&url);
    sync->queued += !status;
    return status;
}

static enum dh_status ask_open(struct dh_sync *sync, struct dh_err *err)
{
    struct dh_naming *naming = sync->open;
    sync->open = NULL;
    return naming ? ask(sync, naming, err) : DH_OK;
}

static struct dh_naming *new_naming(struct dh_sync *sync, bool listed, bool single)
{
    size_t room = single ? 1 : DH_NAMES_MAX;
    struct dh_naming *naming =
        dh_arena_alloc(&sync->names, sizeof(*naming) + room * sizeof(naming->dois[0]));
    if (naming)
        *naming = (struct dh_naming){.listed = listed, .single = single};
    return naming;
}

static enum dh_status ask_single(struct dh_sync *sync, struct dh_str doi, bool listed,
                                 struct dh_err *err)
{
    struct dh_naming *naming = new_naming(sync, listed, true);
    if (!naming)
        return dh_fail(err, DH_MEMORY, "out of memory");
    naming->dois[naming->count++] = doi;
    return ask(sync, naming, err);
}

enum dh_status dh_sync_want(struct dh_sync *sync, struct dh_str doi, bool listed,
                            struct dh_err *err)
{
    struct dh_str name = dh_arena_copy(&sync->names, doi);
    if (!name.ptr)
        return dh_fail(err, DH_MEMORY, "out of memory");
    if (!plain(name))
        return ask_single(sync, name, listed, err);
    if (!sync->open && !(sync->open = new_naming(sync, listed, false)))
        return dh_fail(err, DH_MEMORY, "out of memory");
    struct dh_naming *open = sync->open;
    open->dois[open->count++] = name;
    open->bytes += name.len + 8; /* a few characters become three */
    bool full = open->count == DH_NAMES_MAX || open->bytes > DH_NAMES_BYTES;
    return full ? ask_open(sync, err) : DH_OK;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void write_tombstone(struct dh_str doi, struct dh_buf *out)
{
    dh_buf_text(out, "{\"type\":\"dois\",\"id\":");
    dh_json_string(out, doi, DH_JSON_PLAIN);
    dh_buf_text(out, ",\"attributes\":{\"doi\":");
    dh_json_string(out, doi, DH_JSON_PLAIN);
    dh_buf_printf(out, ",\"state\":\"%s\"}}\n", dh_state_name(DH_STATE_REGISTERED));
}

static enum dh_status miss(struct dh_sync *sync, const struct dh_naming *naming, size_t i,
                           struct dh_err *err)
{
    if (naming->listed) {
        sync->result->missing++;
        return DH_OK;
    }
    write_tombstone(naming->dois[i], &sync->gone);
    sync->gone_count++;
    return sync->gone.status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

static size_t place(const struct dh_naming *naming, struct dh_str doi)
{
    size_t i = 0;
    while (i < naming->count && !dh_str_equal_nocase(naming->dois[i], doi))
        i++;
    return i;
}

/* Marks what came; `data` is a resource or a list of them. */
static void look(const struct dh_naming *naming, struct json_object *data, bool came[DH_NAMES_MAX])
{
    bool list = json_object_is_type(data, json_type_array);
    size_t count = list ? json_object_array_length(data) : 1;
    for (size_t i = 0; i < count; i++) {
        struct json_object *one = list ? json_object_array_get_idx(data, i) : data;
        size_t at = place(naming, dh_json_member(one, "id"));
        if (at < naming->count)
            came[at] = true;
    }
}

static enum dh_status read(const struct dh_naming *naming, struct dh_str body,
                           bool came[DH_NAMES_MAX], struct dh_err *err)
{
    struct json_object *tree = NULL;
    struct dh_err why;
    enum dh_status status = DH_OK;
    if (dh_json_parse(body, &tree, &why))
        return dh_fail(err, DH_INVALID, "the answer is no JSON: %s", why.text);
    struct json_object *data = dh_json_get(tree, "data");
    if (!json_object_is_type(data, naming->single ? json_type_object : json_type_array))
        status = dh_fail(err, DH_INVALID, "the answer has no `data`");
    else
        look(naming, data, came);
    json_object_put(tree);
    return status;
}

/* What the server says it does not have, or not for us. */
static bool denied(const struct dh_naming *naming, int status)
{
    return naming->single && (status == 404 || status == 403 || status == 410);
}

/* Of a record picked, too, the time is forgotten: it may be an old one that is new here. */
static enum dh_status note_named(struct dh_sync *sync, struct dh_str doi, struct dh_err *err)
{
    struct dh_subject *picked = sync->pull.picked ? dh_pull_picked(&sync->pull, doi) : NULL;
    if (picked) {
        picked->found = true;
        picked->updated = DH_TIME_NONE;
        return DH_OK;
    }
    struct dh_subject *named =
        dh_array_reserve(sync->named, &sync->named_room, sync->named_count + 1, sizeof(*named));
    if (!named)
        return dh_fail(err, DH_MEMORY, "out of memory");
    sync->named = named;
    sync->named[sync->named_count++] = (struct dh_subject){.doi = doi, .updated = DH_TIME_NONE};
    return DH_OK;
}

static enum dh_status settle(struct dh_sync *sync, const struct dh_naming *naming,
                             struct dh_fetch *fetch, const bool came[DH_NAMES_MAX],
                             struct dh_err *err)
{
    enum dh_status status = DH_OK;
    size_t count = 0;
    for (size_t i = 0; i < naming->count && !status; i++) {
        count += came[i];
        status = came[i] ? note_named(sync, naming->dois[i], err) : miss(sync, naming, i, err);
    }
    sync->came_back += naming->listed ? 0 : count;
    if (!status && count)
        return dh_landing_put(sync->pull.landing, fetch, NULL, err);
    dh_fetch_free(fetch);
    return status;
}

enum dh_status dh_sync_named(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err)
{
    struct dh_sync *sync = (struct dh_sync *)pull;
    const struct dh_naming *naming = fetch->context;
    bool came[DH_NAMES_MAX] = {false};
    struct dh_err why;
    enum dh_status status =
        fetch->status == 200 ? read(naming, dh_buf_view(&fetch->body), came, &why) : DH_OK;
    if (status == DH_INVALID) {
        if (!dh_client_again(pull->client, fetch, why.text, err))
            return DH_OK;
        status = dh_pull_refused(fetch, err); /* without all of the long URL */
        dh_fetch_free(fetch);
        return status;
    }
    sync->queued--;
    if (fetch->status == 200 || denied(naming, fetch->status))
        return settle(sync, naming, fetch, came, err);
    status = dh_pull_refused(fetch, err);
    dh_fetch_free(fetch);
    return status;
}

enum dh_status dh_sync_names_end(struct dh_sync *sync, size_t left, struct dh_err *err)
{
    struct dh_pull *pull = &sync->pull;
    struct dh_fetch *fetch;
    enum dh_status status = left ? DH_OK : ask_open(sync, err);
    while (!status && sync->queued > left && !dh_pull_stopped(pull)) {
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        status = dh_sync_named(pull, fetch, err);
    }
    return status;
}
