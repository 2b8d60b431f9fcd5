/* What prefixes and their assignments to providers and clients show. */
#include "api/accounts.h"

static struct dh_str prefix_id(const void *record)
{
    return ((const struct dh_prefix *)record)->prefix;
}

static struct dh_str assignment_id(const void *record)
{
    return ((const struct dh_assignment *)record)->id;
}

static void put_prefix(struct dh_accounts *accounts, const void *record, struct dh_str fields)
{
    const struct dh_prefix *prefix = record;
    (void)fields;
    dh_put_str(accounts->call->out, "prefix", prefix->prefix);
    dh_put_time(accounts->call->out, "createdAt", prefix->created, !accounts->list);
}

static void put_assignment(struct dh_accounts *accounts, const void *record, struct dh_str fields)
{
    const struct dh_assignment *assignment = record;
    (void)fields;
    dh_put_time(accounts->call->out, "createdAt", assignment->created, !accounts->list);
    dh_put_time(accounts->call->out, "updatedAt", assignment->updated, !accounts->list);
}

/* ---- relatives of a prefix ------------------------------------------------------------------ */

static int of_prefix(struct dh_accounts *accounts, enum dh_group group, const void *record,
                     bool assignments, struct dh_relative **out)
{
    const struct dh_group_entry *entries;
    size_t count = dh_accounts_group(accounts, group, prefix_id(record), &entries);
    *out = dh_relatives_new(accounts, count);
    for (size_t i = 0; *out && i < count; i++)
        (*out)[i] = assignments
                        ? (struct dh_relative){assignment_id(entries[i].record), entries[i].record}
                        : (struct dh_relative){entries[i].tie, NULL};
    return *out ? (int)count : 0;
}

static int prefix_clients(struct dh_accounts *accounts, const void *record,
                          struct dh_relative **out)
{
    return of_prefix(accounts, DH_GROUP_CLIENTS_OF_PREFIX, record, false, out);
}

static int prefix_providers(struct dh_accounts *accounts, const void *record,
                            struct dh_relative **out)
{
    return of_prefix(accounts, DH_GROUP_PROVIDERS_OF_PREFIX, record, false, out);
}

static int prefix_client_prefixes(struct dh_accounts *accounts, const void *record,
                                  struct dh_relative **out)
{
    return of_prefix(accounts, DH_GROUP_CLIENTS_OF_PREFIX, record, true, out);
}

static int prefix_provider_prefixes(struct dh_accounts *accounts, const void *record,
                                    struct dh_relative **out)
{
    return of_prefix(accounts, DH_GROUP_PROVIDERS_OF_PREFIX, record, true, out);
}

/* ---- relatives of an assignment ------------------------------------------------------------- */

static int one(struct dh_accounts *accounts, struct dh_str id, const void *record,
               struct dh_relative **out)
{
    *out = id.len ? dh_relatives_new(accounts, 1) : NULL;
    if (!*out)
        return 0;
    (*out)[0] = (struct dh_relative){id, record};
    return 1;
}

static int own_account(struct dh_accounts *accounts, const void *record, struct dh_relative **out)
{
    return one(accounts, ((const struct dh_assignment *)record)->account, NULL, out);
}

static int own_prefix(struct dh_accounts *accounts, const void *record, struct dh_relative **out)
{
    return one(accounts, ((const struct dh_assignment *)record)->prefix, NULL, out);
}

/* The provider of the client that has the prefix. */
static int clients_provider(struct dh_accounts *accounts, const void *record,
                            struct dh_relative **out)
{
    const struct dh_assignment *assignment = record;
    const struct dh_account *client = dh_accounts_find(accounts, DH_CLIENT, assignment->account);
    return client ? one(accounts, client->parent, NULL, out) : 0;
}

/* That provider's assignment of the same prefix, from which the client has it. */
static int clients_provider_prefix(struct dh_accounts *accounts, const void *record,
                                   struct dh_relative **out)
{
    const struct dh_assignment *assignment = record;
    const struct dh_account *client = dh_accounts_find(accounts, DH_CLIENT, assignment->account);
    const struct dh_group_entry *entries;
    size_t count =
        dh_accounts_group(accounts, DH_GROUP_PROVIDERS_OF_PREFIX, assignment->prefix, &entries);
    for (size_t i = 0; client && i < count; i++)
        if (dh_str_equal(entries[i].tie, client->parent))
            return one(accounts, assignment_id(entries[i].record), entries[i].record, out);
    return 0;
}

/* The provider's clients that have the prefix, or their assignments. */
static int given_on(struct dh_accounts *accounts, const struct dh_assignment *given,
                    bool assignments, struct dh_relative **out)
{
    const struct dh_group_entry *entries;
    size_t count = dh_accounts_group(accounts, DH_GROUP_CLIENTS_OF_PREFIX, given->prefix, &entries);
    int kept = 0;
    *out = dh_relatives_new(accounts, count);
    for (size_t i = 0; *out && i < count; i++) {
        const struct dh_account *client = dh_accounts_find(accounts, DH_CLIENT, entries[i].tie);
        if (!client || !dh_str_equal(client->parent, given->account))
            continue;
        (*out)[kept++] =
            assignments ? (struct dh_relative){assignment_id(entries[i].record), entries[i].record}
                        : (struct dh_relative){client->symbol, client};
    }
    return kept;
}

static int given_to_clients(struct dh_accounts *accounts, const void *record,
                            struct dh_relative **out)
{
    return given_on(accounts, record, false, out);
}

static int given_client_prefixes(struct dh_accounts *accounts, const void *record,
                                 struct dh_relative **out)
{
    return given_on(accounts, record, true, out);
}

/* ---- the tables ----------------------------------------------------------------------------- */

#define ONE  false
#define MANY true

static const struct dh_relation_row prefix_relations[] = {
    {"clients", "clients", DH_TYPE_CLIENTS, MANY, true, prefix_clients},
    {"providers", "providers", DH_TYPE_PROVIDERS, MANY, true, prefix_providers},
    {"clientPrefixes", "client_prefixes", DH_TYPE_CLIENT_PREFIXES, MANY, true,
     prefix_client_prefixes},
    {"providerPrefixes", "provider_prefixes", DH_TYPE_PROVIDER_PREFIXES, MANY, true,
     prefix_provider_prefixes},
};

static const struct dh_relation_row client_prefix_relations[] = {
    {"client", "client", DH_TYPE_CLIENTS, ONE, true, own_account},
    {"provider", "provider", DH_TYPE_PROVIDERS, ONE, true, clients_provider},
    {"providerPrefix", "provider_prefix", DH_TYPE_PROVIDER_PREFIXES, ONE, true,
     clients_provider_prefix},
    {"prefix", "prefix", DH_TYPE_PREFIXES, ONE, true, own_prefix},
};

static const struct dh_relation_row repository_prefix_relations[] = {
    {"repository", "repository", DH_TYPE_REPOSITORIES, ONE, true, own_account},
    {"provider", "provider", DH_TYPE_PROVIDERS, ONE, true, clients_provider},
    {"providerPrefix", "provider_prefix", DH_TYPE_PROVIDER_PREFIXES, ONE, true,
     clients_provider_prefix},
    {"prefix", "prefix", DH_TYPE_PREFIXES, ONE, true, own_prefix},
};

static const struct dh_relation_row provider_prefix_relations[] = {
    {"provider", "provider", DH_TYPE_PROVIDERS, ONE, true, own_account},
    {"prefix", "prefix", DH_TYPE_PREFIXES, ONE, true, own_prefix},
    {"clients", "clients", DH_TYPE_CLIENTS, MANY, true, given_to_clients},
    {"clientPrefixes", "client_prefixes", DH_TYPE_CLIENT_PREFIXES, MANY, true,
     given_client_prefixes},
};

#define ROWS(table) table, sizeof(table) / sizeof(table[0])

const struct dh_resource_row dh_prefix_resource = {"prefixes", prefix_id, false, put_prefix,
                                                   ROWS(prefix_relations)};
const struct dh_resource_row dh_client_prefix_resource = {
    "client-prefixes", assignment_id, false, put_assignment, ROWS(client_prefix_relations)};
const struct dh_resource_row dh_provider_prefix_resource = {
    "provider-prefixes", assignment_id, false, put_assignment, ROWS(provider_prefix_relations)};
const struct dh_resource_row dh_repository_prefix_resource = {
    "repository-prefixes", assignment_id, false, put_assignment, ROWS(repository_prefix_relations)};
