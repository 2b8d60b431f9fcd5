/* /clients and /repositories: the same records under two names and two lists of attributes. */
#include "api/account_list.h"
#include "model/doi.h"

/* An identifier in whatever form a DOI is written. */
static bool match_re3data(struct dh_accounts *accounts, const void *record, const char *attribute,
                          struct dh_str value)
{
    struct dh_arena *arena = accounts->call->arena;
    struct dh_str text = dh_account_text(record, attribute);
    struct dh_str have = text.ptr ? dh_doi_parse(arena, text) : DH_STR_NONE;
    return have.ptr && dh_str_equal(have, dh_doi_parse(arena, value));
}

/* The number at the end of https://v2.sherpa.ac.uk/id/repository/<n>. */
static bool match_opendoar(struct dh_accounts *accounts, const void *record, const char *attribute,
                           struct dh_str value)
{
    struct dh_str rest = dh_account_text(record, attribute), last = DH_STR_NONE;
    (void)accounts;
    while (dh_str_split(&rest, '/', &last))
        continue;
    return last.len && dh_str_integer(last) == dh_str_integer(value);
}

#define FILTERS                                                                                    \
    {"provider_id", false, false, dh_match_parent, NULL},                                          \
        {"software", false, false, dh_match_nocase, "software"},                                   \
        {"certificate", false, false, dh_match_exact, "certificate"},                              \
        {"repository_type", false, false, dh_match_exact, "repositoryType"},                       \
        {"client_type", true, false, dh_match_exact, "clientType"},                                \
        {"re3data_id", true, false, match_re3data, "re3data"},                                     \
    {                                                                                              \
        "opendoar_id", true, false, match_opendoar, "opendoar"                                     \
    }

static const struct dh_list_filter client_filters[] = {FILTERS};
static const struct dh_list_filter repository_filters[] = {
    FILTERS,
    {"consortium_id", true, false, dh_match_grandparent, NULL},
};

#undef FILTERS

static void dress_client_type(struct dh_arena *arena, struct dh_shown_bucket *bucket)
{
    static const char *const titles[][2] = {
        {"repository", "Repository"},
        {"periodical", "Periodical"},
        {"igsnCatalog", "IGSN ID Catalog"},
        {"raidRegistry", "RAiD Registry"},
    };
    (void)arena;
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (dh_str_equal(bucket->id, dh_str(titles[i][0])))
            bucket->title = dh_str(titles[i][1]);
}

static bool kept_in_id(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* id "dspace_7_x", title "DSpace 7.x": runs of other characters become one underscore. */
static void dress_software(struct dh_arena *arena, struct dh_shown_bucket *bucket)
{
    struct dh_str lower = dh_arena_lower(arena, bucket->id);
    char *id = (char *)lower.ptr;
    size_t len = 0;
    bucket->title = bucket->id;
    for (size_t i = 0; i < lower.len; i++) {
        char c = kept_in_id(id[i]) ? id[i] : '_';
        if (c != '_' || (len && id[len - 1] != '_'))
            id[len++] = c;
    }
    while (len && id[len - 1] == '_')
        len--;
    bucket->id = (struct dh_str){id, len};
}

static const struct dh_list_facet client_facets[] = {
    {"years", dh_count_year, NULL, NULL, DH_TALLY_NEWEST},
    {"providers", dh_count_provider, NULL, NULL, DH_TALLY_COUNT},
    {"software", dh_count_value, "software", dress_software, DH_TALLY_COUNT},
    {"certificates", dh_count_value, "certificate", dh_dress_title, DH_TALLY_COUNT},
    {"repository_types", dh_count_value, "repositoryType", dh_dress_title, DH_TALLY_COUNT},
    {"clientTypes", dh_count_value, "clientType", dress_client_type, DH_TALLY_COUNT},
};

static const struct dh_list_facet repository_facets[] = {
    {"years", dh_count_year, NULL, NULL, DH_TALLY_NEWEST},
    {"providers", dh_count_provider, NULL, NULL, DH_TALLY_COUNT},
    {"clientTypes", dh_count_value, "clientType", dress_client_type, DH_TALLY_COUNT},
    {"repositoryTypes", dh_count_value, "repositoryType", dh_dress_title, DH_TALLY_COUNT},
    {"certificates", dh_count_value, "certificate", dh_dress_title, DH_TALLY_COUNT},
    {"software", dh_count_value, "software", dress_software, DH_TALLY_COUNT},
};

static const struct dh_list_kind client_kind = {
    .type = DH_TYPE_CLIENTS,
    .path = "/clients",
    .item = dh_account_item,
    .dated = true,
    .domain = DH_QUERY_CLIENTS,
    .filters = client_filters,
    .filter_count = sizeof(client_filters) / sizeof(client_filters[0]),
    .facets = client_facets,
    .facet_count = sizeof(client_facets) / sizeof(client_facets[0]),
};

static const struct dh_list_kind repository_kind = {
    .type = DH_TYPE_REPOSITORIES,
    .path = "/repositories",
    .item = dh_account_item,
    .dated = true,
    .domain = DH_QUERY_CLIENTS,
    .filters = repository_filters,
    .filter_count = sizeof(repository_filters) / sizeof(repository_filters[0]),
    .facets = repository_facets,
    .facet_count = sizeof(repository_facets) / sizeof(repository_facets[0]),
};

static void answer_list(struct dh_call *call, const struct dh_list_kind *kind)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, true, &accounts))
        return;
    dh_list_answer(&accounts, kind, accounts.directory->clients, accounts.directory->client_count,
                   sizeof(*accounts.directory->clients));
    dh_accounts_close(&accounts);
}

void dh_clients_list(struct dh_call *call)
{
    answer_list(call, &client_kind);
}

void dh_repositories_list(struct dh_call *call)
{
    if (dh_negotiate_json(call))
        answer_list(call, &repository_kind);
}

void dh_clients_single(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_accounts_open(call, false, &accounts))
        return;
    dh_single_answer(&accounts, DH_TYPE_CLIENTS,
                     dh_accounts_find(&accounts, DH_CLIENT, call->arg[0]), NULL);
    dh_accounts_close(&accounts);
}

/* doiCount counts every record, not only those of the years that stats shows. */
static void put_meta(struct dh_accounts *accounts, const void *record)
{
    const struct dh_account *client = record;
    const struct dh_group_entry *entries;
    struct dh_buf *out = accounts->call->out;
    int64_t dois = 0;
    accounts->failed = dh_client_dois(accounts->call, client->symbol, &dois);
    size_t prefixes =
        dh_accounts_group(accounts, DH_GROUP_PREFIXES_OF_CLIENT, client->symbol, &entries);
    dh_key(out, "meta");
    dh_buf_char(out, '{');
    dh_put_int(out, "doiCount", dois);
    dh_put_int(out, "prefixCount", (int64_t)prefixes);
    dh_buf_char(out, '}');
}

void dh_repositories_single(struct dh_call *call)
{
    struct dh_accounts accounts;
    if (!dh_negotiate_json(call) || !dh_accounts_open(call, false, &accounts))
        return;
    dh_single_answer(&accounts, DH_TYPE_REPOSITORIES,
                     dh_accounts_find(&accounts, DH_CLIENT, call->arg[0]), put_meta);
    dh_accounts_close(&accounts);
}
