/* /_doihound/changes: what happened to the records, for those who follow. */
#include "api/changes.h"

#include "api/visible.h"

const char *dh_change_word(enum dh_change_what what)
{
    static const char *const words[DH_WAS__N] = {
        [DH_WAS_CREATED] = "created",
        [DH_WAS_UPDATED] = "updated",
        [DH_WAS_HIDDEN] = "hidden",
        [DH_WAS_SHOWN] = "shown",
    };
    return words[what];
}

struct dh_str dh_change_attribute(struct dh_str key)
{
    if (dh_str_equal(key, DH_STR("publisher_obj")))
        return DH_STR("publisher");
    for (enum dh_attribute a = 0; a < DH_ATTR__N; a++)
        if (dh_attributes[a].audit && dh_str_equal(key, dh_str(dh_attributes[a].audit)))
            return dh_str(dh_attributes[a].name);
    return key;
}

void dh_change_line(struct dh_buf *out, const struct dh_change_item *item)
{
    dh_buf_char(out, '{');
    dh_put_int(out, "sequence", (int64_t)item->sequence);
    dh_put_str(out, "doi", item->doi);
    dh_put_text(out, "change", dh_change_word(item->what));
    dh_put_int(out, "version", item->version);
    dh_put_time(out, "time", item->time, true);
    dh_put_str(out, "activity", item->uuid);
    dh_put_str(out, "user", item->user);
    dh_key(out, "attributes");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < item->key_count; i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_json_string(out, dh_change_attribute(item->keys[i]), DH_JSON_HTML);
    }
    dh_buf_text(out, "]}\n");
}

/* ---- what is asked -------------------------------------------------------------------------- */

struct asked {
    uint64_t since, limit, wait; /* wait: seconds */
    bool now;                    /* since the newest there was when the request came */
};

/* Digits only, from `low` to `high`; a parameter that is not given or blank leaves *out. */
static bool read_number(struct dh_call *call, const char *name, uint64_t low, uint64_t high,
                        uint64_t *out)
{
    struct dh_str text = dh_str_trim(dh_params_get(call->params, name, NULL));
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';
        if (digit > 9 || value > (high - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (text.len)
        *out = value;
    return !text.len || value >= low;
}

/* False after having answered. */
static bool read_asked(struct dh_call *call, struct asked *out)
{
    const struct {
        const char *name;
        uint64_t low, high, *value;
    } numbers[] = {
        {"since", 0, INT64_MAX, &out->since},
        {"limit", 1, DH_CHANGES_MAX, &out->limit},
        {"wait", 0, DH_CHANGES_WAIT_MAX, &out->wait},
    };
    struct dh_str since = dh_str_trim(dh_params_get(call->params, "since", NULL));
    bool now = dh_str_equal(since, DH_STR("now"));
    out->now = now && !call->request->memo;
    if (now && !out->now)
        out->since = call->request->memo - 1;
    for (size_t i = now; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (read_number(call, numbers[i].name, numbers[i].low, numbers[i].high, numbers[i].value))
            continue;
        struct dh_str title =
            dh_arena_format(call->arena, "%s must be a whole number from %llu to %llu%s",
                            numbers[i].name, (unsigned long long)numbers[i].low,
                            (unsigned long long)numbers[i].high, i ? "." : ", or now.");
        dh_reply_error(call, 400, title.ptr ? title.ptr : "Bad number.");
        return false;
    }
    return true;
}

/* ---- what there is -------------------------------------------------------------------------- */

struct found {
    struct dh_change_item *items;
    size_t count;  /* read */
    size_t shown;  /* that the caller may see */
    uint64_t next; /* where to go on */
};

/*
 * Drops what strangers may not see: what happened to records that are not findable, but that they
 * left those that are.
 */
static enum dh_status hide(struct dh_call *call, struct found *found)
{
    struct dh_visible visible;
    struct dh_str *dois = dh_arena_array(call->arena, found->count + 1, sizeof(*dois));
    if (!dois)
        return dh_fail(&call->err, DH_MEMORY, "Out of memory.");
    for (size_t i = 0; i < found->count; i++)
        dois[i] = found->items[i].doi;
    enum dh_status status = dh_visible_find(call, dois, found->count, &visible);
    for (size_t i = 0; !status && i < found->count; i++)
        if (found->items[i].what == DH_WAS_HIDDEN || dh_visible_has(&visible, found->items[i].doi))
            found->items[found->shown++] = found->items[i];
    return status;
}

static enum dh_status find(struct dh_call *call, const struct asked *asked, struct found *out)
{
    struct dh_change_item *none;
    size_t count;
    uint64_t newest = 0;
    enum dh_status status =
        dh_store_changes(call->reader, asked->since, asked->now ? 0 : (size_t)asked->limit,
                         &out->items, &out->count, &out->next, call->arena, &call->err);
    if (!status && out->count)
        return hide(call, out);
    if (!status && !asked->now && asked->since)
        status =
            dh_store_changes(call->reader, 0, 0, &none, &count, &newest, call->arena, &call->err);
    if (!status && !asked->now && asked->since > newest)
        status = dh_fail(&call->err, DH_INVALID,
                         "The newest change is %llu: another store must have counted to %llu.",
                         (unsigned long long)newest, (unsigned long long)asked->since);
    return status;
}

/* ---- the answer ----------------------------------------------------------------------------- */

/* True when the request is to be set aside; what `since=now` meant is kept for then. */
static bool waits(struct dh_call *call, const struct asked *asked, const struct found *found)
{
    int64_t wait = (int64_t)asked->wait * 1000, waited = call->request->waited;
    if (found->shown || found->count == asked->limit || waited >= wait)
        return false;
    call->response->wait = wait - waited;
    call->response->memo = (asked->now ? found->next : asked->since) + 1;
    return true;
}

void dh_changes(struct dh_call *call)
{
    struct asked asked = {.limit = DH_CHANGES_DEFAULT};
    struct found found = {0};
    call->passing = call->own = true;
    call->response->no_etag = true;
    if (!read_asked(call, &asked))
        return;
    enum dh_status status = find(call, &asked, &found);
    if (status) {
        dh_reply_status(call, status);
        return;
    }
    if (waits(call, &asked, &found))
        return;
    call->response->type = "application/x-ndjson";
    dh_response_header(call->response, "Cache-Control", DH_STR("no-store"));
    dh_response_header(call->response, "X-Doihound-Sequence",
                       dh_arena_format(call->arena, "%llu", (unsigned long long)found.next));
    for (size_t i = 0; i < found.shown; i++)
        dh_change_line(call->out, &found.items[i]);
}
