#include <stdlib.h>

#include "http/url.h"
#include "mirror/pull_parts.h"

enum { ACCOUNT_ROUNDS = 3 };

/* Paths of accounts and prefixes that the store only knows by name ("clients/exmpl.archive"), each
 * asked for once. */
struct names {
    struct dh_str *paths;
    size_t count, room;
};

static bool name_known(const struct names *names, struct dh_str path)
{
    for (size_t i = 0; i < names->count; i++)
        if (dh_str_equal(names->paths[i], path))
            return true;
    return false;
}

static enum dh_status add_name(struct dh_pull *pull, struct names *names, const char *kind,
                               struct dh_str id, struct dh_err *err)
{
    struct dh_str path = dh_arena_format(&pull->arena, "%s/%.*s", kind, DH_STR_ARG(id));
    if (path.ptr && name_known(names, path))
        return DH_OK;
    struct dh_str *paths =
        dh_array_reserve(names->paths, &names->room, names->count + 1, sizeof(*paths));
    if (paths)
        names->paths = paths;
    if (!path.ptr || !paths)
        return dh_fail(err, DH_MEMORY, "out of memory");
    names->paths[names->count++] = path;
    return DH_OK;
}

static enum dh_status add_stubs(struct dh_pull *pull, struct names *names, const char *kind,
                                const struct dh_account *accounts, size_t account_count,
                                struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < account_count && !status; i++)
        if (accounts[i].stub)
            status = add_name(pull, names, kind, accounts[i].symbol, err);
    return status;
}

static enum dh_status find_names(struct dh_pull *pull, struct names *names, struct dh_err *err)
{
    struct dh_reader *reader;
    const struct dh_directory *all;
    enum dh_status status = dh_reader_open(pull->store, &reader, err);
    if (status)
        return status;
    status = dh_store_directory(reader, &all, err);
    if (!status) {
        status = add_stubs(pull, names, "clients", all->clients, all->client_count, err);
        if (!status)
            status = add_stubs(pull, names, "providers", all->providers, all->provider_count, err);
        for (size_t i = 0; i < all->prefix_count && !status; i++)
            if (all->prefixes[i].created == DH_TIME_NONE)
                status = add_name(pull, names, "prefixes", all->prefixes[i].prefix, err);
        dh_directory_release(all);
    }
    dh_reader_close(reader);
    return status;
}

/* The kind of a path, "clients/" of "clients/exmpl.archive". */
static struct dh_str kind_of(struct dh_str path)
{
    return (struct dh_str){path.ptr, dh_str_find(path, '/') + 1};
}

/* One question: a run of names of one kind. */
struct some {
    size_t at, count;
};

static bool is_prefix(struct dh_str path)
{
    return dh_str_starts(path, DH_STR("prefixes/"));
}

/* How many of the names from `at` on one request can ask for: those of one kind. */
static size_t together(const struct names *names, size_t at)
{
    struct dh_str kind = kind_of(names->paths[at]);
    size_t some = 1;
    while (some < DH_NAMES_MAX && at + some < names->count &&
           dh_str_starts(names->paths[at + some], kind))
        some++;
    return some;
}

static enum dh_status ask_some(struct dh_pull *pull, const struct names *names, size_t at,
                               size_t some, struct dh_err *err)
{
    struct dh_str kind = kind_of(names->paths[at]);
    struct some *context = dh_arena_alloc(&pull->arena, sizeof(*context));
    struct dh_buf url;
    if (!context)
        return dh_fail(err, DH_MEMORY, "out of memory");
    *context = (struct some){at, some};
    dh_buf_init(&url, DH_URL_MAX);
    dh_buf_printf(&url, "%s/", pull->url);
    if (some == 1) {
        dh_url_encode_path(&url, names->paths[at], true);
    } else {
        dh_buf_printf(&url, "%.*s?page%%5Bsize%%5D=%d&%s=", (int)kind.len - 1, kind.ptr,
                      DH_NAMES_MAX, is_prefix(names->paths[at]) ? "id" : "ids");
        for (size_t i = at; i < at + some; i++) {
            dh_buf_text(&url, i > at ? "," : "");
            dh_url_encode_form(&url, dh_str_from(names->paths[i], kind.len));
        }
    }
    enum dh_status status = dh_pull_ask(pull, &url, context, err);
    dh_buf_release(&url);
    return status;
}

static enum dh_status land_accounts(struct dh_pull *pull, struct dh_buf *documents,
                                    struct dh_err *err)
{
    struct dh_import_result one = {0};
    if (documents->status)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = dh_import_buffer(pull->store, dh_buf_view(documents), pull->url,
                                             &pull->importing, &one, err);
    pull->result->import.accounts += one.accounts;
    pull->result->import.bad += one.bad;
    dh_buf_clear(documents);
    return status;
}

static bool has_id(struct json_object *data, struct dh_str id)
{
    size_t count = json_object_is_type(data, json_type_array) ? json_object_array_length(data) : 0;
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal_nocase(dh_json_member(json_object_array_get_idx(data, i), "id"), id))
            return true;
    return false;
}

/* Prefixes that a list left out are asked for singly: not every server knows lists of them. */
static enum dh_status ask_left_out(struct dh_pull *pull, const struct names *names,
                                   const struct dh_fetch *fetch, struct dh_err *err)
{
    const struct some *some = fetch->context;
    struct json_object *tree = NULL;
    enum dh_status status = DH_OK;
    if (some->count == 1 || !is_prefix(names->paths[some->at]))
        return DH_OK;
    if (dh_json_parse(dh_buf_view(&fetch->body), &tree, NULL))
        tree = NULL;
    for (size_t i = some->at; i < some->at + some->count && !status; i++) {
        struct dh_str prefix = dh_str_from(names->paths[i], kind_of(names->paths[i]).len);
        if (!has_id(dh_json_get(tree, "data"), prefix))
            status = ask_some(pull, names, i, 1, err);
    }
    json_object_put(tree);
    return status;
}

/* Gathers answers, to write many at once. What the server does not know stays a mere name. */
static enum dh_status take_account(struct dh_pull *pull, const struct names *names,
                                   struct dh_fetch *fetch, struct dh_buf *documents,
                                   struct dh_err *err)
{
    enum { ENOUGH = 1024 * 1024 };
    enum dh_status status = DH_OK;
    if (fetch->status == 200) {
        status = ask_left_out(pull, names, fetch, err);
        dh_buf_str(documents, dh_buf_view(&fetch->body));
        dh_buf_char(documents, '\n');
    } else if (fetch->status != 404 && fetch->status != 403) {
        status = dh_pull_refused(fetch, err);
    }
    dh_fetch_free(fetch);
    if (!status && documents->len > ENOUGH)
        status = land_accounts(pull, documents, err);
    return status;
}

static enum dh_status ask_names(struct dh_pull *pull, const struct names *names, size_t from,
                                struct dh_err *err)
{
    enum dh_status status = DH_OK;
    struct dh_fetch *fetch;
    struct dh_buf documents;
    for (size_t some; from < names->count && !status; from += some) {
        some = together(names, from);
        status = ask_some(pull, names, from, some, err);
    }
    dh_buf_init(&documents, DH_FETCH_MAX);
    while (!status && !dh_pull_stopped(pull)) {
        status = dh_pull_next(pull, &fetch, err);
        if (status || !fetch)
            break;
        status = take_account(pull, names, fetch, &documents, err);
    }
    if (!status)
        status = land_accounts(pull, &documents, err);
    dh_buf_release(&documents);
    return status;
}

/* An account names others: its provider, its consortium. */
enum dh_status dh_pull_accounts(struct dh_pull *pull, struct dh_err *err)
{
    struct names names = {0};
    enum dh_status status = DH_OK;
    for (int round = 0; round < ACCOUNT_ROUNDS && !status && !dh_pull_stopped(pull); round++) {
        size_t from = names.count;
        status = find_names(pull, &names, err);
        if (names.count == from)
            break;
        if (!status)
            status = ask_names(pull, &names, from, err);
    }
    free(names.paths);
    return status;
}
