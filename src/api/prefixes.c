/* /prefixes, and who has them: /client-prefixes, /repository-prefixes, /provider-prefixes. */
#include "api/account_list.h"

static void prefix_item(const void *record, struct dh_item *out)
{
    const struct dh_prefix *prefix = record;
    out->id = out->name = prefix->prefix;
    out->created = prefix->created;
    out->updated = DH_TIME_NONE;
}

static void assignment_item(const void *record, struct dh_item *out)
{
    const struct dh_assignment *assignment = record;
    out->id = assignment->id;
    out->name = assignment->prefix;
    out->created = assignment->created;
    out->updated = assignment->updated;
}

/* ---- filters -------------------------------------------------------------------------------- */

/* True when the group holds that prefix for the account. */
static bool has_prefix(struct dh_accounts *accounts, enum dh_group group, struct dh_str prefix,
                       struct dh_str account)
{
    const struct dh_group_entry *entries;
    size_t count = dh_accounts_group(accounts, group, prefix, &entries);
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal_nocase(entries[i].tie, account))
            return true;
    return false;
}

static bool match_provider(struct dh_accounts *accounts, const void *record, const char *attribute,
                           struct dh_str value)
{
    (void)attribute;
    return has_prefix(accounts, DH_GROUP_PROVIDERS_OF_PREFIX,
                      ((const struct dh_prefix *)record)->prefix, value);
}

static bool match_client(struct dh_accounts *accounts, const void *record, const char *attribute,
                         struct dh_str value)
{
    (void)attribute;
    return has_prefix(accounts, DH_GROUP_CLIENTS_OF_PREFIX,
                      ((const struct dh_prefix *)record)->prefix, value);
}

static struct dh_str prefix_state(struct dh_accounts *accounts, struct dh_str prefix)
{
    const struct dh_group_entry *entries;
    if (dh_accounts_group(accounts, DH_GROUP_CLIENTS_OF_PREFIX, prefix, &entries))
        return DH_STR("with-repository");
    if (dh_accounts_group(accounts, DH_GROUP_PROVIDERS_OF_PREFIX, prefix, &entries))
        return DH_STR("without-repository");
    return DH_STR("unassigned");
}

static bool match_state(struct dh_accounts *accounts, const void *record, const char *attribute,
                        struct dh_str value)
{
    (void)attribute;
    return dh_str_equal(prefix_state(accounts, ((const struct dh_prefix *)record)->prefix), value);
}

static bool match_account(struct dh_accounts *accounts, const void *record, const char *attribute,
                          struct dh_str value)
{
    (void)accounts;
    (void)attribute;
    return dh_str_equal_nocase(((const struct dh_assignment *)record)->account, value);
}

static bool match_prefix(struct dh_accounts *accounts, const void *record, const char *attribute,
                         struct dh_str value)
{
    (void)accounts;
    (void)attribute;
    return dh_str_equal(((const struct dh_assignment *)record)->prefix, value);
}

static bool match_consortium(struct dh_accounts *accounts, const void *record,
                             const char *attribute, struct dh_str value)
{
    const struct dh_assignment *assignment = record;
    const struct dh_account *provider =
        dh_accounts_find(accounts, DH_PROVIDER, assignment->account);
    return provider && dh_match_parent(accounts, provider, attribute, value);
}

static struct dh_str assignment_state(struct dh_accounts *accounts, const void *record)
{
    struct dh_relative *clients;
    int count = dh_provider_prefix_resource.relations[2].relatives(accounts, record, &clients);
    return count > 0 ? DH_STR("with-repository") : DH_STR("without-repository");
}

static bool match_assignment_state(struct dh_accounts *accounts, const void *record,
                                   const char *attribute, struct dh_str value)
{
    (void)attribute;
    return dh_str_equal(assignment_state(accounts, record), value);
}

/* ---- facets --------------------------------------------------------------------------------- */

static void count_prefix_year(struct dh_tally *tally, struct dh_accounts *accounts,
                              const void *record, const char *attribute)
{
    (void)accounts;
    (void)attribute;
    dh_tally_year(tally, ((const struct dh_prefix *)record)->created);
}

static void count_assignment_year(struct dh_tally *tally, struct dh_accounts *accounts,
                                  const void *record, const char *attribute)
{
    (void)accounts;
    (void)attribute;
    dh_tally_year(tally, ((const struct dh_assignment *)record)->created);
}

static void count_state(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                        const char *attribute)
{
    (void)attribute;
    dh_tally_add(tally, prefix_state(accounts, ((const struct dh_prefix *)record)->prefix),
                 DH_STR_NONE);
}

static void count_assignment_state(struct dh_tally *tally, struct dh_accounts *accounts,
                                   const void *record, const char *attribute)
{
    (void)attribute;
    dh_tally_add(tally, assignment_state(accounts, record), DH_STR_NONE);
}

static void count_account(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                          const char *attribute)
{
    const struct dh_assignment *assignment = record;
    const struct dh_account *provider =
        dh_accounts_find(accounts, DH_PROVIDER, assignment->account);
    (void)attribute;
    dh_tally_add(tally, assignment->account, provider ? provider->name : assignment->account);
}

/* ---- the four lists ------------------------------------------------------------------------- */

static const struct dh_list_filter prefix_filters[] = {
    {"state", false, false, match_state, NULL},
    {"provider_id", false, true, match_provider, NULL},
    {"client_id", false, true, match_client, NULL},
};

/* providers and clients are always empty: so it is upstream. */
static const struct dh_list_facet prefix_facets[] = {
    {"years", count_prefix_year, NULL, NULL, DH_TALLY_NEWEST},
    {"states", count_state, NULL, dh_dress_title, DH_TALLY_COUNT},
    {"providers", NULL, NULL, NULL, DH_TALLY_COUNT},
    {"clients", NULL, NULL, NULL, DH_TALLY_COUNT},
};

static const struct dh_list_filter client_prefix_filters[] = {
    {"client_id", false, false, match_account, NULL},
    {"prefix_id", false, false, match_prefix, NULL},
};

static const struct dh_list_facet client_prefix_facets[] = {
    {"years", count_assignment_year, NULL, NULL, DH_TALLY_NEWEST},
    {"providers", NULL, NULL, NULL, DH_TALLY_COUNT},
    {"clients", NULL, NULL, NULL, DH_TALLY_COUNT},
};

static const struct dh_list_filter repository_prefix_filters[] = {
    {"repository_id", false, false, match_account, NULL},
    {"prefix_id", false, false, match_prefix, NULL},
};

static const struct dh_list_facet repository_prefix_facets[] = {
    {"years", count_assignment_year, NULL, NULL, DH_TALLY_NEWEST},
    {"providers", NULL, NULL, NULL, DH_TALLY_COUNT},
    {"repositories", NULL, NULL, NULL, DH_TALLY_COUNT},
};

static const struct dh_list_filter provider_prefix_filters[] = {
    {"provider_id", false, true, match_account, NULL},
    {"consortium_organization_id", false, true, match_account, NULL},
    {"consortium_id", true, false, match_consortium, NULL},
    {"prefix_id", false, false, match_prefix, NULL},
    {"state", false, false, match_assignment_state, NULL},
};

static const struct dh_list_facet provider_prefix_facets[] = {
    {"years", count_assignment_year, NULL, NULL, DH_TALLY_NEWEST},
    {"states", count_assignment_state, NULL, dh_dress_title, DH_TALLY_COUNT},
    {"providers", count_account, NULL, NULL, DH_TALLY_COUNT},
};

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static const struct dh_list_kind prefix_kind = {
    .type = DH_TYPE_PREFIXES,
    .path = "/prefixes",
    .item = prefix_item,
    .prefixes = true,
    .filters = prefix_filters,
    .filter_count = COUNT(prefix_filters),
    .facets = prefix_facets,
    .facet_count = COUNT(prefix_facets),
};

static const struct dh_list_kind client_prefix_kind = {
    .type = DH_TYPE_CLIENT_PREFIXES,
    .path = "/client-prefixes",
    .item = assignment_item,
    .prefixes = true,
    .newest_first = true,
    .filters = client_prefix_filters,
    .filter_count = COUNT(client_prefix_filters),
    .facets = client_prefix_facets,
    .facet_count = COUNT(client_prefix_facets),
};

static const struct dh_list_kind repository_prefix_kind = {
    .type = DH_TYPE_REPOSITORY_PREFIXES,
    .path = "/repository-prefixes",
    .item = assignment_item,
    .prefixes = true,
    .newest_first = true,
    .filters = repository_prefix_filters,
    .filter_count = COUNT(repository_prefix_filters),
    .facets = repository_prefix_facets,
    .facet_count = COUNT(repository_prefix_facets),
};

static const struct dh_list_kind provider_prefix_kind = {
    .type = DH_TYPE_PROVIDER_PREFIXES,
    .path = "/provider-prefixes",
    .item = assignment_item,
    .prefixes = true,
    .newest_first = true,
    .filters = provider_prefix_filters,
    .filter_count = COUNT(provider_prefix_filters),
    .facets = provider_prefix_facets,
    .facet_count = COUNT(provider_prefix_facets),
};

void dh_prefixes_list(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, true, &accounts))
        return;
    dh_list_answer(&accounts, &prefix_kind, accounts.directory->prefixes,
                   accounts.directory->prefix_count, sizeof(*accounts.directory->prefixes));
    dh_accounts_close(&accounts);
}

static void answer_assignments(struct dh_call *call, const struct dh_list_kind *kind)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, true, &accounts))
        return;
    const struct dh_directory *all = accounts.directory;
    bool provider = kind->type == DH_TYPE_PROVIDER_PREFIXES;
    dh_list_answer(&accounts, kind, provider ? all->provider_prefixes : all->client_prefixes,
                   provider ? all->provider_prefix_count : all->client_prefix_count,
                   sizeof(struct dh_assignment));
    dh_accounts_close(&accounts);
}

void dh_client_prefixes_list(struct dh_call *call)
{
    answer_assignments(call, &client_prefix_kind);
}

void dh_repository_prefixes_list(struct dh_call *call)
{
    answer_assignments(call, &repository_prefix_kind);
}

void dh_provider_prefixes_list(struct dh_call *call)
{
    answer_assignments(call, &provider_prefix_kind);
}

static void answer_single(struct dh_call *call, enum dh_type type)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, false, &accounts))
        return;
    dh_single_answer(&accounts, type, dh_accounts_record(&accounts, type, call->arg[0]), NULL);
    dh_accounts_close(&accounts);
}

void dh_prefixes_single(struct dh_call *call)
{
    answer_single(call, DH_TYPE_PREFIXES);
}

void dh_client_prefixes_single(struct dh_call *call)
{
    answer_single(call, DH_TYPE_CLIENT_PREFIXES);
}

void dh_repository_prefixes_single(struct dh_call *call)
{
    answer_single(call, DH_TYPE_REPOSITORY_PREFIXES);
}

void dh_provider_prefixes_single(struct dh_call *call)
{
    answer_single(call, DH_TYPE_PROVIDER_PREFIXES);
}
