/* /providers: the members of DataCite. */
#include "api/account_list.h"

static const struct dh_list_filter filters[] = {
    {"region", true, false, dh_match_nocase, "region"},
    {"consortium_id", true, false, dh_match_parent, NULL},
    {"member_type", false, false, dh_match_exact, "memberType"},
    {"organization_type", false, false, dh_match_exact, "organizationType"},
    {"focus_area", false, false, dh_match_exact, "focusArea"},
    {"non_profit_status", false, false, dh_match_exact, "nonProfitStatus"},
    {"has_required_contacts", true, false, dh_match_flag, "hasRequiredContacts"},
};

static void dress_region(struct dh_arena *arena, struct dh_shown_bucket *bucket)
{
    static const char *const titles[][2] = {
        {"AMER", "Americas"},
        {"APAC", "Asia and Pacific"},
        {"EMEA", "Europe, Middle East and Africa"},
    };
    bucket->title = bucket->id;
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (dh_str_equal_nocase(bucket->id, dh_str(titles[i][0])))
            bucket->title = dh_str(titles[i][1]);
    bucket->id = dh_arena_lower(arena, bucket->id);
}

static const struct dh_list_facet facets[] = {
    {"years", dh_count_year, NULL, NULL, DH_TALLY_NEWEST},
    {"regions", dh_count_value, "region", dress_region, DH_TALLY_COUNT},
    {"memberTypes", dh_count_value, "memberType", dh_dress_title, DH_TALLY_COUNT},
    {"organizationTypes", dh_count_value, "organizationType", dh_dress_title, DH_TALLY_COUNT},
    {"focusAreas", dh_count_value, "focusArea", dh_dress_title, DH_TALLY_COUNT},
    {"nonProfitStatuses", dh_count_value, "nonProfitStatus", dh_dress_title, DH_TALLY_COUNT},
    {"hasRequiredContacts", dh_count_value, "hasRequiredContacts", dh_dress_title, DH_TALLY_COUNT},
};

/* The account of the service itself is no member. */
static bool is_admin(const void *record)
{
    return dh_str_equal(((const struct dh_account *)record)->symbol, DH_STR("admin"));
}

static const struct dh_list_kind kind = {
    .type = DH_TYPE_PROVIDERS,
    .path = "/providers",
    .item = dh_account_item,
    .hidden = is_admin,
    .dated = true,
    .domain = DH_QUERY_PROVIDERS,
    .filters = filters,
    .filter_count = sizeof(filters) / sizeof(filters[0]),
    .facets = facets,
    .facet_count = sizeof(facets) / sizeof(facets[0]),
};

void dh_providers_list(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_negotiate_json(call) || !dh_accounts_open(call, true, &accounts))
        return;
    dh_list_answer(&accounts, &kind, accounts.directory->providers,
                   accounts.directory->provider_count, sizeof(*accounts.directory->providers));
    dh_accounts_close(&accounts);
}

/* A member counts its repositories, a consortium its members; others tell nothing. */
static void put_meta(struct dh_accounts *accounts, const void *record)
{
    static const struct {
        const char *type, *name;
        enum dh_group group;
    } counts[] = {
        {"consortium", "consortiumOrganizationCount", DH_GROUP_MEMBERS_OF_CONSORTIUM},
        {"direct_member", "repositoryCount", DH_GROUP_CLIENTS_OF_PROVIDER},
        {"consortium_organization", "repositoryCount", DH_GROUP_CLIENTS_OF_PROVIDER},
    };
    const struct dh_account *provider = record;
    const struct dh_group_entry *entries;
    struct dh_str type = dh_account_text(provider, "memberType");
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (!dh_str_equal(type, dh_str(counts[i].type)))
            continue;
        size_t count = dh_accounts_group(accounts, counts[i].group, provider->symbol, &entries);
        dh_key(accounts->call->out, "meta");
        dh_buf_char(accounts->call->out, '{');
        dh_put_int(accounts->call->out, counts[i].name, (int64_t)count);
        dh_buf_char(accounts->call->out, '}');
    }
}

void dh_providers_single(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_negotiate_json(call) || !dh_accounts_open(call, false, &accounts))
        return;
    dh_single_answer(&accounts, DH_TYPE_PROVIDERS,
                     dh_accounts_find(&accounts, DH_PROVIDER, call->arg[0]), put_meta);
    dh_accounts_close(&accounts);
}
