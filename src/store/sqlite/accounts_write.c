#include <ctype.h>

#include "store/sqlite/writer.h"

/* The place in w->seen of a client and a prefix. */
static struct dh_sq_seen *place(struct dh_sq_writer *w, XXH128_hash_t client, XXH128_hash_t prefix)
{
    return &w->seen[(client.low64 ^ prefix.high64) % DH_SQ_CLIENTS_SEEN];
}

/* Runs an insertion that may find its row already there. */
#define MAKE(w, id, err, ...) noted((w), dh_sq_run(&(w)->conn, (id), (err), __VA_ARGS__))

static enum dh_status noted(struct dh_sq_writer *w, enum dh_status status)
{
    if (!status && sqlite3_changes(w->conn.db) > 0)
        w->accounts = w->wrote = true;
    return status;
}

/* `how`: DH_SQL_ASSIGNMENT_TOLD by the account, _GUESS from a record of an account that told none.
 */
static enum dh_status assign(struct dh_sq_writer *w, enum dh_sq_sql how, enum dh_account_kind kind,
                             struct dh_str account, struct dh_str prefix, struct dh_err *err)
{
    unsigned char uuid[16];
    dh_sq_uuid(uuid);
    return MAKE(w, how, err, "bissi", (struct dh_str){(char *)uuid, sizeof(uuid)}, (int64_t)kind,
                account, prefix, dh_time_now());
}

static enum dh_status stub(struct dh_sq_writer *w, enum dh_account_kind kind, struct dh_str symbol,
                           struct dh_str parent, struct dh_err *err)
{
    return MAKE(w, DH_SQL_ACCOUNT_STUB, err, "iss", (int64_t)kind, symbol,
                parent.len ? parent : DH_STR(""));
}

/* The provider of a client: of its account when there is one, else the part before the dot. */
static enum dh_status find_provider(struct dh_sq_writer *w, struct dh_str client,
                                    struct dh_str *provider, struct dh_err *err)
{
    sqlite3_stmt *sql;
    *provider = (struct dh_str){client.ptr, dh_str_find(client, '.')};
    enum dh_status status =
        dh_sq_query(&w->conn, DH_SQL_ACCOUNT, &sql, err, "is", (int64_t)DH_CLIENT, client);
    if (!status)
        status = dh_sq_step(&w->conn, sql, err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    struct dh_str parent = dh_arena_copy(&w->arena, dh_sq_bytes(sql, 0));
    if (parent.len)
        *provider = parent;
    dh_sq_reset(sql);
    return DH_OK;
}

static enum dh_status make_all(struct dh_sq_writer *w, struct dh_str client, struct dh_str provider,
                               struct dh_str prefix, struct dh_err *err)
{
    enum dh_status status = stub(w, DH_PROVIDER, provider, DH_STR_NONE, err);
    if (!status)
        status = stub(w, DH_CLIENT, client, provider, err);
    if (!status)
        status = MAKE(w, DH_SQL_PREFIX_ADD, err, "sb", prefix, DH_STR_NONE);
    if (!status)
        status = assign(w, DH_SQL_ASSIGNMENT_GUESS, DH_PROVIDER, provider, prefix, err);
    return status ? status : assign(w, DH_SQL_ASSIGNMENT_GUESS, DH_CLIENT, client, prefix, err);
}

enum dh_status dh_sq_ensure_accounts(struct dh_sq_writer *w, struct dh_str client,
                                     struct dh_str *provider, struct dh_str prefix,
                                     struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (!client.len)
        return provider->len ? stub(w, DH_PROVIDER, *provider, DH_STR_NONE, err) : DH_OK;
    XXH128_hash_t client_hash = dh_sq_doi_hash(client), prefix_hash = dh_sq_doi_hash(prefix);
    struct dh_sq_seen *seen = place(w, client_hash, prefix_hash);
    struct dh_str known = {seen->provider, seen->provider_len};
    if (known.len && seen->round == w->seen_round && XXH128_isEqual(seen->client, client_hash) &&
        XXH128_isEqual(seen->prefix, prefix_hash) &&
        (!provider->len || dh_str_equal(*provider, known))) {
        *provider = known;
        return DH_OK;
    }
    if (!provider->len)
        status = find_provider(w, client, provider, err);
    if (!status)
        status = make_all(w, client, *provider, prefix, err);
    if (!status && provider->len < sizeof(seen->provider)) {
        *seen = (struct dh_sq_seen){
            .client = client_hash, .prefix = prefix_hash, .round = w->seen_round};
        memcpy(seen->provider, provider->ptr, provider->len);
        seen->provider_len = provider->len;
    }
    return status;
}

/* ---- accounts that come as such ------------------------------------------------------------- */

/* Attributes whose changes are nobody's business or no change of the account. */
static const char *const unaudited[] = {
    "created",
    "updated",
    "contactEmail",
    "systemEmail",
    "groupEmail",
    "serviceContact",
    "technicalContact",
    "secondaryTechnicalContact",
    "billingContact",
    "votingContact",
    "secondaryBillingContact",
    "secondaryServiceContact",
    "billingInformation",
    "globusUuid",
    "salesforceId",
    "fromSalesforce",
    "hasPassword",
    "doiEstimate",
    "hasRequiredContacts",
};

static bool audited(const char *key)
{
    for (size_t i = 0; i < sizeof(unaudited) / sizeof(unaudited[0]); i++)
        if (strcmp(key, unaudited[i]) == 0)
            return false;
    return true;
}

static void add_key(struct dh_buf *out, const char *key)
{
    dh_buf_text(out, out->len > 1 ? ",\"" : "\"");
    for (; *key; key++) {
        if (isupper((unsigned char)*key))
            dh_buf_char(out, '_');
        dh_buf_char(out, (char)tolower((unsigned char)*key));
    }
    dh_buf_text(out, "\":");
}

enum { WIRE = DH_JSON_HTML | DH_JSON_SORT };

/* {"key":value} of a new account, {"key":[old,new]} of what differs from `old`. */
static void write_changes(struct json_object *old, struct json_object *now, struct dh_buf *out)
{
    dh_buf_char(out, '{');
    json_object_object_foreach(now, key, value)
    {
        struct json_object *before = old ? dh_json_get(old, key) : NULL;
        if (!audited(key) || (old && dh_json_equal(before, value)))
            continue;
        add_key(out, key);
        if (old) {
            dh_buf_char(out, '[');
            dh_json_write(out, before, WIRE);
            dh_buf_char(out, ',');
        }
        dh_json_write(out, value, WIRE);
        if (old)
            dh_buf_char(out, ']');
    }
    dh_buf_char(out, '}');
}

/* The account as it is stored; attributes NULL when it is a stub or not there. */
struct stored {
    bool there, stub, active;
    struct dh_str parent, name;
    struct json_object *attributes;
    int64_t created, updated;
};

static int64_t time_or_none(sqlite3_stmt *sql, int column)
{
    return sqlite3_column_type(sql, column) == SQLITE_NULL ? DH_TIME_NONE
                                                           : sqlite3_column_int64(sql, column);
}

static enum dh_status read_stored(struct dh_sq_writer *w, const struct dh_account *account,
                                  struct stored *out, struct dh_err *err)
{
    sqlite3_stmt *sql;
    enum dh_status status = dh_sq_query(&w->conn, DH_SQL_ACCOUNT, &sql, err, "is",
                                        (int64_t)account->kind, account->symbol);
    if (!status)
        status = dh_sq_step(&w->conn, sql, err);
    if (status)
        return status == DH_DONE ? DH_OK : status;
    out->there = true;
    out->parent = dh_arena_copy(&w->arena, dh_sq_bytes(sql, 0));
    out->name = dh_arena_copy(&w->arena, dh_sq_bytes(sql, 1));
    struct dh_str text = dh_sq_bytes(sql, 2);
    if (text.len)
        status = dh_json_parse(text, &out->attributes, err);
    out->created = time_or_none(sql, 3);
    out->updated = time_or_none(sql, 4);
    out->active = sqlite3_column_int64(sql, 5) != 0;
    out->stub = sqlite3_column_int64(sql, 6) != 0;
    dh_sq_reset(sql);
    return status;
}

static bool same(const struct stored *old, const struct dh_account *now)
{
    return dh_str_equal(old->parent, now->parent) && dh_str_equal(old->name, now->name) &&
           old->created == now->created && old->updated == now->updated &&
           old->active == now->active && dh_json_equal(old->attributes, now->attributes);
}

static struct dh_str time_text(struct dh_sq_writer *w, int64_t time)
{
    return time == DH_TIME_NONE ? DH_STR_NONE : dh_arena_format(&w->arena, "%lld", (long long)time);
}

static enum dh_status write_account(struct dh_sq_writer *w, const struct dh_account *account,
                                    struct dh_err *err)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    dh_json_write(&text, account->attributes, DH_JSON_PLAIN);
    enum dh_status status = text.status;
    /* Bound as text, kept as integers by the affinity of the columns. */
    if (!status)
        status = MAKE(w, DH_SQL_ACCOUNT_SET, err, "issssssii", (int64_t)account->kind,
                      account->symbol, account->parent.ptr ? account->parent : DH_STR(""),
                      account->name.ptr ? account->name : account->symbol, dh_buf_view(&text),
                      time_text(w, account->created), time_text(w, account->updated),
                      (int64_t)account->active, (int64_t)0);
    else
        dh_fail(err, status, "the account %.*s is too large", DH_STR_ARG(account->symbol));
    dh_buf_release(&text);
    return status;
}

static enum dh_status write_activity(struct dh_sq_store *store, const struct dh_account *account,
                                     struct json_object *old, enum dh_change *change,
                                     struct dh_err *err)
{
    struct dh_buf changes;
    enum dh_status status = DH_OK;
    dh_buf_init(&changes, DH_BODY_MAX);
    write_changes(old, account->attributes, &changes);
    *change = !old ? DH_CHANGE_CREATED : changes.len > 2 ? DH_CHANGE_UPDATED : DH_CHANGE_TOUCHED;
    if (changes.status)
        status = dh_fail(err, changes.status, "an activity is too large");
    else if (*change != DH_CHANGE_TOUCHED)
        status = dh_sq_activity_account(
            store, account->kind == DH_CLIENT ? DH_OF_CLIENT : DH_OF_PROVIDER, account->symbol,
            old ? DH_ACTION_UPDATE : DH_ACTION_CREATE, dh_buf_view(&changes), err);
    dh_buf_release(&changes);
    return status;
}

static enum dh_status assign_prefixes(struct dh_sq_writer *w, const struct dh_account *account,
                                      const struct dh_str *prefixes, size_t count,
                                      struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        status = MAKE(w, DH_SQL_PREFIX_ADD, err, "sb", prefixes[i], DH_STR_NONE);
        if (!status)
            status =
                assign(w, DH_SQL_ASSIGNMENT_TOLD, account->kind, account->symbol, prefixes[i], err);
    }
    if (!status && count)
        status =
            MAKE(w, DH_SQL_ASSIGNMENT_FORGET, err, "is", (int64_t)account->kind, account->symbol);
    return status;
}

/* Adds to `now` what the stored account has and the incoming form does not carry. */
static bool keep_absent(const struct stored *old, struct dh_account *now)
{
    bool kept_active = false;
    json_object_object_foreach(old->attributes, key, value)
    {
        if (dh_json_has(now->attributes, key))
            continue;
        struct json_object *copy = NULL;
        if (value && json_object_deep_copy(value, &copy, NULL) != 0)
            return false;
        if (json_object_object_add(now->attributes, key, copy) != 0) {
            json_object_put(copy);
            return false;
        }
        kept_active |= strcmp(key, "isActive") == 0;
    }
    if (kept_active)
        now->active = old->active;
    if (!now->parent.len)
        now->parent = old->parent;
    if (now->created == DH_TIME_NONE)
        now->created = old->created;
    if (now->updated == DH_TIME_NONE)
        now->updated = old->updated;
    return true;
}

/* Writes the account over what is stored; absent is not null, as for records. */
static enum dh_status put_real(struct dh_sq_store *store, const struct dh_account *account,
                               enum dh_change *change, struct dh_err *err)
{
    struct dh_sq_writer *w = store->writer;
    struct stored old = {0};
    struct dh_account now = *account;
    now.attributes = NULL;
    enum dh_status status = read_stored(w, account, &old, err);
    if (!status && json_object_deep_copy(account->attributes, &now.attributes, NULL) != 0)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status && old.attributes && !keep_absent(&old, &now))
        status = dh_fail(err, DH_MEMORY, "out of memory");
    if (!status && !(old.there && !old.stub && same(&old, &now))) {
        status = write_account(w, &now, err);
        w->seen_round++;
        if (!status)
            status = write_activity(store, &now, old.attributes, change, err);
    }
    json_object_put(now.attributes);
    json_object_put(old.attributes);
    return status;
}

/* The accounts that this one names: its parent, and for a client the parent's consortium. */
static enum dh_status put_parents(struct dh_sq_writer *w, const struct dh_account *account,
                                  struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (account->parent.len)
        status = stub(w, DH_PROVIDER, account->parent, DH_STR_NONE, err);
    if (status || account->kind != DH_CLIENT || !account->parent.len || !account->consortium.len)
        return status;
    status = stub(w, DH_PROVIDER, account->consortium, DH_STR_NONE, err);
    return status ? status
                  : MAKE(w, DH_SQL_ACCOUNT_CONSORTIUM, err, "ss", account->parent,
                         account->consortium);
}

enum dh_status dh_sq_put_account(struct dh_store *base, const struct dh_account *account,
                                 const struct dh_str *prefixes, size_t prefix_count,
                                 enum dh_change *change, struct dh_err *err)
{
    struct dh_sq_store *store = dh_sq_store(base);
    struct dh_sq_writer *w = store->writer;
    enum dh_status status = DH_OK;
    *change = DH_CHANGE_NONE;
    dh_arena_clear(&w->arena);
    if (account->attributes)
        status = put_real(store, account, change, err);
    else
        status = stub(w, account->kind, account->symbol, account->parent, err);
    if (!status)
        status = put_parents(w, account, err);
    bool before = w->wrote;
    w->wrote = false;
    if (!status)
        status = assign_prefixes(w, account, prefixes, prefix_count, err);
    if (w->wrote && *change == DH_CHANGE_NONE)
        *change = DH_CHANGE_TOUCHED;
    w->wrote = w->wrote || before;
    return status;
}

enum dh_status dh_sq_put_prefix(struct dh_store *base, struct dh_str prefix, int64_t created,
                                struct dh_err *err)
{
    struct dh_sq_writer *w = dh_sq_store(base)->writer;
    if (created == DH_TIME_NONE)
        return MAKE(w, DH_SQL_PREFIX_ADD, err, "sb", prefix, DH_STR_NONE);
    return MAKE(w, DH_SQL_PREFIX_SET, err, "si", prefix, created);
}
