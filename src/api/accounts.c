/* The directory's groups, and resources with their relationships and included records. */
#include "api/accounts.h"

#include <stdlib.h>

/* ---- finding -------------------------------------------------------------------------------- */

static const struct {
    size_t array, count, size, key, tie;
} groups[DH_GROUP__N] = {
#define GROUP(array, n, type, key, tie)                                                            \
    {                                                                                              \
        offsetof(struct dh_directory, array), offsetof(struct dh_directory, n),                    \
            sizeof(struct type), offsetof(struct type, key), offsetof(struct type, tie)            \
    }
    [DH_GROUP_CLIENTS_OF_PROVIDER] = GROUP(clients, client_count, dh_account, parent, symbol),
    [DH_GROUP_MEMBERS_OF_CONSORTIUM] = GROUP(providers, provider_count, dh_account, parent, symbol),
    [DH_GROUP_PREFIXES_OF_CLIENT] =
        GROUP(client_prefixes, client_prefix_count, dh_assignment, account, prefix),
    [DH_GROUP_CLIENTS_OF_PREFIX] =
        GROUP(client_prefixes, client_prefix_count, dh_assignment, prefix, account),
    [DH_GROUP_PREFIXES_OF_PROVIDER] =
        GROUP(provider_prefixes, provider_prefix_count, dh_assignment, account, prefix),
    [DH_GROUP_PROVIDERS_OF_PREFIX] =
        GROUP(provider_prefixes, provider_prefix_count, dh_assignment, prefix, account),
#undef GROUP
};

bool dh_accounts_open(struct dh_call *call, bool list, struct dh_accounts *out)
{
    *out = (struct dh_accounts){.call = call, .list = list};
    enum dh_status status = dh_store_directory(call->reader, &out->directory, &call->err);
    if (status)
        dh_reply_status(call, status);
    return status == DH_OK;
}

void dh_accounts_close(struct dh_accounts *accounts)
{
    dh_directory_release(accounts->directory);
}

static void out_of_memory(const struct dh_accounts *accounts)
{
    accounts->call->out->status = DH_MEMORY;
}

struct dh_relative *dh_relatives_new(struct dh_accounts *accounts, size_t n)
{
    struct dh_relative *relatives = dh_arena_array(accounts->call->arena, n, sizeof(*relatives));
    if (!relatives)
        out_of_memory(accounts);
    return relatives;
}

static int compare_symbol(const void *key, const void *account)
{
    return dh_str_compare(*(const struct dh_str *)key,
                          ((const struct dh_account *)account)->symbol);
}

static int compare_prefix(const void *key, const void *prefix)
{
    return dh_str_compare(*(const struct dh_str *)key, ((const struct dh_prefix *)prefix)->prefix);
}

/* bsearch, for arrays that may be NULL when empty. */
static const void *find_sorted(struct dh_str key, const void *array, size_t count, size_t size,
                               int (*compare)(const void *, const void *))
{
    return count ? bsearch(&key, array, count, size, compare) : NULL;
}

const struct dh_account *dh_accounts_find(const struct dh_accounts *accounts,
                                          enum dh_account_kind kind, struct dh_str symbol)
{
    const struct dh_directory *all = accounts->directory;
    bool provider = kind == DH_PROVIDER;
    return find_sorted(dh_arena_lower(accounts->call->arena, symbol),
                       provider ? all->providers : all->clients,
                       provider ? all->provider_count : all->client_count,
                       sizeof(struct dh_account), compare_symbol);
}

static const void *find_assignment(const struct dh_assignment *items, size_t count,
                                   struct dh_str id)
{
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal_nocase(items[i].id, id))
            return &items[i];
    return NULL;
}

const void *dh_accounts_record(const struct dh_accounts *accounts, enum dh_type type,
                               struct dh_str id)
{
    const struct dh_directory *all = accounts->directory;
    switch (type) {
    case DH_TYPE_PROVIDERS:
        return dh_accounts_find(accounts, DH_PROVIDER, id);
    case DH_TYPE_CLIENTS:
    case DH_TYPE_REPOSITORIES:
        return dh_accounts_find(accounts, DH_CLIENT, id);
    case DH_TYPE_PREFIXES:
        return find_sorted(id, all->prefixes, all->prefix_count, sizeof(*all->prefixes),
                           compare_prefix);
    case DH_TYPE_PROVIDER_PREFIXES:
        return find_assignment(all->provider_prefixes, all->provider_prefix_count, id);
    case DH_TYPE_CLIENT_PREFIXES:
    case DH_TYPE_REPOSITORY_PREFIXES:
        return find_assignment(all->client_prefixes, all->client_prefix_count, id);
    case DH_TYPE__N:
        break;
    }
    return NULL;
}

static int compare_entries(const void *a, const void *b)
{
    const struct dh_group_entry *x = a, *y = b;
    int order = dh_str_compare(x->key, y->key);
    return order ? order : dh_str_compare(x->tie, y->tie);
}

static void make_group(struct dh_accounts *accounts, enum dh_group group)
{
    const char *directory = (const char *)accounts->directory;
    const char *array, *record;
    size_t count;
    memcpy(&array, directory + groups[group].array, sizeof(array));
    memcpy(&count, directory + groups[group].count, sizeof(count));
    struct dh_group_entry *entries = dh_arena_array(accounts->call->arena, count, sizeof(*entries));
    accounts->groups[group].made = true;
    if (!entries) {
        out_of_memory(accounts);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        record = array + i * groups[group].size;
        entries[i].record = record;
        memcpy(&entries[i].key, record + groups[group].key, sizeof(entries[i].key));
        memcpy(&entries[i].tie, record + groups[group].tie, sizeof(entries[i].tie));
    }
    qsort(entries, count, sizeof(*entries), compare_entries);
    accounts->groups[group].entries = entries;
    accounts->groups[group].count = count;
}

size_t dh_accounts_group(struct dh_accounts *accounts, enum dh_group group, struct dh_str key,
                         const struct dh_group_entry **first)
{
    if (!accounts->groups[group].made)
        make_group(accounts, group);
    const struct dh_group_entry *entries = accounts->groups[group].entries;
    size_t low = 0, high = accounts->groups[group].count, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dh_str_compare(entries[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = entries ? entries + low : NULL;
    for (high = low; high < end && dh_str_equal(entries[high].key, key);)
        high++;
    return high - low;
}

struct json_object *dh_account_value(const struct dh_account *account, const char *name)
{
    return dh_json_get(account->attributes, name);
}

/* ---- resources ------------------------------------------------------------------------------ */

const struct dh_resource_row *dh_resource(enum dh_type type)
{
    static const struct dh_resource_row *const rows[DH_TYPE__N] = {
        [DH_TYPE_PROVIDERS] = &dh_provider_resource,
        [DH_TYPE_CLIENTS] = &dh_client_resource,
        [DH_TYPE_REPOSITORIES] = &dh_repository_resource,
        [DH_TYPE_PREFIXES] = &dh_prefix_resource,
        [DH_TYPE_CLIENT_PREFIXES] = &dh_client_prefix_resource,
        [DH_TYPE_PROVIDER_PREFIXES] = &dh_provider_prefix_resource,
        [DH_TYPE_REPOSITORY_PREFIXES] = &dh_repository_prefix_resource,
    };
    return rows[type];
}

static void put_relation(struct dh_accounts *accounts, const struct dh_relation_row *row,
                         const void *record)
{
    struct dh_buf *out = accounts->call->out;
    struct dh_relative *relatives = NULL;
    const char *type = dh_resource(row->type)->type;
    int count = row->relatives(accounts, record, &relatives);
    if (count == DH_RELATION_ABSENT)
        return;
    if (!row->many) {
        dh_put_to_one(out, row->name, count ? relatives[0].id : DH_STR_NONE, type);
        return;
    }
    dh_key(out, row->name);
    dh_buf_text(out, "{\"data\":[");
    for (int i = 0; i < count; i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_put_link(out, relatives[i].id, type);
    }
    dh_buf_text(out, "]}");
}

/* Those that fields[...] names, in its order; each once. */
static void put_chosen_relations(struct dh_accounts *accounts, const struct dh_resource_row *row,
                                 const void *record, struct dh_str fields)
{
    struct dh_str item;
    unsigned shown = 0;
    while (dh_str_split(&fields, ',', &item))
        for (unsigned i = 0; i < row->relation_count; i++) {
            if (shown & 1u << i || !dh_str_equal(item, dh_str(row->relations[i].snake)))
                continue;
            shown |= 1u << i;
            put_relation(accounts, &row->relations[i], record);
        }
}

void dh_put_resource(struct dh_accounts *accounts, enum dh_type type, const void *record)
{
    const struct dh_resource_row *row = dh_resource(type);
    struct dh_buf *out = accounts->call->out;
    bool sparse = accounts->list && row->sparse;
    struct dh_str fields = sparse ? dh_sparse(accounts->call, row->type) : DH_STR_NONE;
    dh_buf_char(out, '{');
    dh_put_str(out, "id", row->id(record));
    dh_put_text(out, "type", row->type);
    dh_key(out, "attributes");
    dh_buf_char(out, '{');
    row->attributes(accounts, record, fields);
    dh_buf_char(out, '}');
    dh_key(out, "relationships");
    dh_buf_char(out, '{');
    if (fields.ptr)
        put_chosen_relations(accounts, row, record, fields);
    else
        for (size_t i = 0; i < row->relation_count; i++)
            put_relation(accounts, &row->relations[i], record);
    dh_buf_text(out, "}}");
}

/* ---- include -------------------------------------------------------------------------------- */

/* "clientPrefixes" and "Client-Prefixes" are both client_prefixes. */
static struct dh_str snake_case(struct dh_arena *arena, struct dh_str name)
{
    char *text = dh_arena_alloc(arena, name.len * 2 + 1);
    size_t len = 0;
    for (size_t i = 0; text && i < name.len; i++) {
        char c = name.ptr[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (upper && len && text[len - 1] != '_')
            text[len++] = '_';
        text[len++] = c == '-' ? '_' : upper ? (char)(c + 32) : c;
    }
    return (struct dh_str){text, len};
}

static const struct dh_relation_row *find_include(const struct dh_resource_row *row,
                                                  struct dh_str name)
{
    for (size_t i = 0; i < row->relation_count; i++)
        if (row->relations[i].include && dh_str_equal(name, dh_str(row->relations[i].snake)))
            return &row->relations[i];
    return NULL;
}

/* Position of a record in its array of the directory, and the array's length. */
static size_t position(const struct dh_accounts *accounts, enum dh_type type, const void *record,
                       size_t *count)
{
    const struct dh_directory *all = accounts->directory;
    switch (type) {
    case DH_TYPE_PROVIDERS:
        *count = all->provider_count;
        return (size_t)((const struct dh_account *)record - all->providers);
    case DH_TYPE_CLIENTS:
    case DH_TYPE_REPOSITORIES:
        *count = all->client_count;
        return (size_t)((const struct dh_account *)record - all->clients);
    case DH_TYPE_PREFIXES:
        *count = all->prefix_count;
        return (size_t)((const struct dh_prefix *)record - all->prefixes);
    case DH_TYPE_PROVIDER_PREFIXES:
        *count = all->provider_prefix_count;
        return (size_t)((const struct dh_assignment *)record - all->provider_prefixes);
    default:
        *count = all->client_prefix_count;
        return (size_t)((const struct dh_assignment *)record - all->client_prefixes);
    }
}

/* True the first time that it is asked about a record. */
static bool first_time(struct dh_accounts *accounts, enum dh_type type, const void *record)
{
    size_t count, at = position(accounts, type, record, &count);
    if (!accounts->seen[type])
        accounts->seen[type] = dh_arena_array(accounts->call->arena, count, sizeof(bool));
    if (!accounts->seen[type]) {
        out_of_memory(accounts);
        return false;
    }
    bool first = !accounts->seen[type][at];
    accounts->seen[type][at] = true;
    return first;
}

static void note(struct dh_accounts *accounts, enum dh_type type, const void *record)
{
    if (!first_time(accounts, type, record))
        return;
    struct dh_included_record *included =
        dh_arena_reserve(accounts->call->arena, accounts->included, &accounts->included_cap,
                         accounts->included_count + 1, sizeof(*included));
    if (!included) {
        out_of_memory(accounts);
        return;
    }
    accounts->included = included;
    accounts->included[accounts->included_count++] = (struct dh_included_record){type, record};
}

void dh_accounts_include(struct dh_accounts *accounts, enum dh_type type, const void *record)
{
    struct dh_str rest = dh_params_get(accounts->call->params, "include", NULL), item;
    while (dh_str_split(&rest, ',', &item)) {
        struct dh_str name = snake_case(accounts->call->arena, dh_str_trim(item));
        const struct dh_relation_row *row = find_include(dh_resource(type), name);
        struct dh_relative *relatives = NULL;
        int count = row ? row->relatives(accounts, record, &relatives) : 0;
        for (int i = 0; i < count; i++) {
            const void *relative = relatives[i].record;
            if (!relative)
                relative = dh_accounts_record(accounts, row->type, relatives[i].id);
            if (relative)
                note(accounts, row->type, relative);
        }
    }
}

void dh_put_included(struct dh_accounts *accounts, enum dh_type type)
{
    struct dh_buf *out = accounts->call->out;
    struct dh_str rest = dh_params_get(accounts->call->params, "include", NULL), item;
    bool asked = false;
    while (dh_str_split(&rest, ',', &item)) {
        struct dh_str name = snake_case(accounts->call->arena, dh_str_trim(item));
        asked = asked || find_include(dh_resource(type), name);
    }
    if (!asked)
        return;
    dh_key(out, "included");
    dh_buf_char(out, '[');
    for (size_t i = 0; i < accounts->included_count; i++) {
        if (i)
            dh_buf_char(out, ',');
        dh_put_resource(accounts, accounts->included[i].type, accounts->included[i].record);
    }
    dh_buf_char(out, ']');
}
