/* /_doihound/status: what this server holds, and how fresh it is. */
#include "api/call.h"

/* ---- records -------------------------------------------------------------------------------- */

/* Counted over the columns in memory, all states: a number gives nothing away. */
static enum dh_status count(struct dh_call *call, struct dh_page *out)
{
    struct dh_facet_request states = {.kind = DH_FACET_TERMS,
                                      .column = DH_COLUMN_STATE,
                                      .size = DH_STATE__N + 1,
                                      .inner = DH_COLUMN__N};
    struct dh_search all = {.facets = &states,
                            .facet_count = 1,
                            .sort = DH_SORT_NONE,
                            .sample_by = DH_COLUMN__N,
                            .after_created = DH_TIME_NONE};
    return dh_store_search(call->reader, &all, out, call->arena, &call->err);
}

static int64_t of_state(const struct dh_page *page, enum dh_doi_state state)
{
    struct dh_str name = dh_str(dh_state_name(state));
    for (size_t i = 0; i < page->facets[0].count; i++)
        if (dh_str_equal(page->facets[0].buckets[i].key, name))
            return page->facets[0].buckets[i].count;
    return 0;
}

static void put_records(struct dh_call *call, const struct dh_page *page)
{
    dh_put_int(call->out, "records", (int64_t)page->total);
    dh_key(call->out, "states");
    dh_buf_char(call->out, '{');
    for (enum dh_doi_state state = 0; state < DH_STATE__N; state++)
        dh_put_int(call->out, dh_state_name(state), of_state(page, state));
    dh_buf_char(call->out, '}');
}

/* ---- copies --------------------------------------------------------------------------------- */

/* The "name:password@" of a URL; empty when it has none. */
static struct dh_str login_of(struct dh_str url)
{
    size_t scheme = 0;
    while (scheme + 3 <= url.len && memcmp(url.ptr + scheme, "://", 3) != 0)
        scheme++;
    struct dh_str rest = dh_str_from(url, scheme + 3);
    rest.len = dh_str_find(rest, '/');
    size_t end = rest.len;
    while (end && rest.ptr[end - 1] != '@')
        end--;
    return (struct dh_str){rest.ptr, end};
}

/* A login in the URL is nobody's business; nor is a sentence that may repeat it. */
static void put_source(struct dh_call *call, const struct dh_scope *scope)
{
    struct dh_str login = login_of(scope->url), trouble = scope->trouble;
    size_t before = login.len ? (size_t)(login.ptr - scope->url.ptr) : 0;
    struct dh_str url = DH_ARENA_JOIN(call->arena, ((struct dh_str){scope->url.ptr, before}),
                                      dh_str_from(scope->url, before + login.len));
    if (trouble.len && login.len)
        trouble = DH_STR("the server could not be asked");
    dh_put_str(call->out, "url", url);
    dh_put_str(call->out, "filter", scope->filter);
    dh_put_str(call->out, "trouble", trouble.len ? trouble : DH_STR_NONE);
}

static void put_age(struct dh_buf *out, int64_t since, int64_t now)
{
    dh_key(out, "age");
    if (since == DH_TIME_NONE)
        dh_buf_text(out, "null");
    else
        dh_buf_int(out, dh_age_seconds(since, now));
}

static void put_scope(struct dh_call *call, const struct dh_scope *scope, int64_t now)
{
    struct dh_buf *out = call->out;
    dh_buf_char(out, '{');
    put_source(call, scope);
    dh_put_time(out, "since", scope->since, true);
    put_age(out, scope->since, now);
    dh_put_time(out, "checked", scope->checked, true);
    dh_put_time(out, "started", scope->started, true);
    dh_put_time(out, "finished", scope->finished, true);
    dh_put_int(out, "total", (int64_t)scope->total);
    dh_put_int(out, "missing", (int64_t)scope->missing);
    dh_put_bool(out, "underWay", scope->progress.len > 0);
    dh_buf_char(out, '}');
}

static void put_sync(struct dh_buf *out, const struct dh_api_sync *sync)
{
    dh_key(out, "sync");
    if (!sync) {
        dh_buf_text(out, "null");
        return;
    }
    dh_buf_char(out, '{');
    dh_put_int(out, "interval", sync->interval);
    dh_put_bool(out, "running", atomic_load(&sync->running));
    dh_put_time(out, "next", atomic_load(&sync->next), true);
    dh_buf_char(out, '}');
}

/* ---- the answer ----------------------------------------------------------------------------- */

struct facts {
    struct dh_store_stats store;
    struct dh_page page;
    struct dh_scope *scopes;
    size_t scope_count;
    uint64_t newest;
};

static enum dh_status gather(struct dh_call *call, struct facts *out)
{
    struct dh_change_item *none;
    size_t changes;
    enum dh_status status = dh_store_brief(call->reader, &out->store, &call->err);
    if (!status)
        status = count(call, &out->page);
    if (!status)
        status =
            dh_store_scopes(call->reader, &out->scopes, &out->scope_count, call->arena, &call->err);
    if (!status)
        status = dh_store_changes(call->reader, 0, 0, &none, &changes, &out->newest, call->arena,
                                  &call->err);
    return status;
}

void dh_status_page(struct dh_call *call)
{
    const struct dh_api_sync *sync = call->api->options.sync;
    struct dh_buf *out = call->out;
    struct facts facts;
    int64_t now = dh_time_now();
    call->passing = call->own = true;
    call->response->no_etag = true;
    enum dh_status status = gather(call, &facts);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    dh_response_header(call->response, "Cache-Control", DH_STR("no-store"));
    dh_buf_char(out, '{');
    dh_put_text(out, "version", call->api->options.version);
    dh_put_int(out, "schema", facts.store.schema);
    put_records(call, &facts.page);
    dh_put_int(out, "feedSequence", (int64_t)facts.newest);
    dh_put_time(out, "lastWrite", facts.store.last_write, true);
    dh_put_text(out, "state",
                dh_scopes_word(facts.scopes, facts.scope_count, now, sync ? sync->interval : 0));
    put_age(out, dh_scopes_since(facts.scopes, facts.scope_count), now);
    put_sync(out, sync);
    dh_key(out, "scopes");
    dh_buf_char(out, '[');
    const char *comma = "";
    for (size_t i = 0; i < facts.scope_count; i++) {
        if (!dh_scope_is_remote(&facts.scopes[i]))
            continue;
        dh_buf_text(out, comma);
        put_scope(call, &facts.scopes[i], now);
        comma = ",";
    }
    dh_buf_text(out, "]}");
}
