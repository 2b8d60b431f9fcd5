/* What providers, clients and repositories show: a table of attributes and one of relationships
 * each. */
#include "api/accounts.h"

enum kind {
    TEXT,
    TEXTS,  /* [] when nobody told */
    OBJECT, /* {} */
    FLAG,
    INTEGER, /* 0 */
    NAME,    /* the display name when nobody told */
    SYMBOL,  /* upper case */
    YEAR,    /* of creation */
    ACTIVE,
    CREATED,
    UPDATED
};

struct attribute {
    const char *name;
    enum kind kind;
    bool locked; /* needs a right that strangers lack */
};

#define LOCKED true

static const struct attribute provider_attributes[] = {
    {"name", NAME},
    {"displayName", NAME},
    {"symbol", SYMBOL},
    {"website", TEXT},
    {"systemEmail", TEXT, LOCKED},
    {"groupEmail", TEXT, LOCKED},
    {"globusUuid", TEXT, LOCKED},
    {"description", TEXT},
    {"region", TEXT},
    {"country", TEXT},
    {"logoUrl", TEXT},
    {"memberType", TEXT},
    {"organizationType", TEXT},
    {"focusArea", TEXT},
    {"nonProfitStatus", TEXT},
    {"isActive", ACTIVE},
    {"hasPassword", FLAG, LOCKED},
    {"joined", TEXT},
    {"twitterHandle", TEXT, LOCKED},
    {"billingInformation", OBJECT, LOCKED},
    {"rorId", TEXT},
    {"salesforceId", TEXT, LOCKED},
    {"technicalContact", OBJECT, LOCKED},
    {"secondaryTechnicalContact", OBJECT, LOCKED},
    {"billingContact", OBJECT, LOCKED},
    {"secondaryBillingContact", OBJECT, LOCKED},
    {"serviceContact", OBJECT, LOCKED},
    {"secondaryServiceContact", OBJECT, LOCKED},
    {"votingContact", OBJECT, LOCKED},
    {"hasRequiredContacts", FLAG, LOCKED},
    {"created", CREATED},
    {"updated", UPDATED},
    {"doiEstimate", INTEGER},
};

static const struct attribute client_attributes[] = {
    {"name", NAME},
    {"symbol", SYMBOL},
    {"year", YEAR},
    {"contactEmail", TEXT, LOCKED},
    {"globusUuid", TEXT, LOCKED},
    {"alternateName", TEXT},
    {"description", TEXT},
    {"language", TEXTS},
    {"clientType", TEXT},
    {"domains", TEXT},
    {"re3data", TEXT},
    {"opendoar", TEXT},
    {"issn", OBJECT},
    {"url", TEXT},
    {"salesforceId", TEXT, LOCKED},
    {"created", CREATED},
    {"updated", UPDATED},
    {"isActive", ACTIVE},
    {"hasPassword", FLAG, LOCKED},
};

static const struct attribute repository_attributes[] = {
    {"name", NAME},
    {"symbol", SYMBOL},
    {"re3data", TEXT},
    {"opendoar", TEXT},
    {"year", YEAR},
    {"systemEmail", TEXT, LOCKED},
    {"serviceContact", OBJECT, LOCKED},
    {"globusUuid", TEXT, LOCKED},
    {"alternateName", TEXT},
    {"description", TEXT},
    {"clientType", TEXT},
    {"repositoryType", TEXTS},
    {"language", TEXTS},
    {"certificate", TEXTS},
    {"domains", TEXT},
    {"issn", OBJECT},
    {"url", TEXT},
    {"software", TEXT},
    {"salesforceId", TEXT, LOCKED},
    {"created", CREATED},
    {"updated", UPDATED},
    {"analyticsDashboardUrl", TEXT, LOCKED},
    {"analyticsTrackingId", TEXT, LOCKED},
    {"subjects", TEXTS},
    {"isActive", ACTIVE},
    {"hasPassword", FLAG, LOCKED},
};

#undef LOCKED

struct dh_str dh_account_text(const struct dh_account *account, const char *name)
{
    struct dh_str text = dh_json_str(dh_account_value(account, name));
    return text.ptr ? text : dh_str(dh_account_default(account->kind, name));
}

/* ---- attributes ----------------------------------------------------------------------------- */

/* A value of the wrong shape, or none, is shown as upstream shows nothing. */
static void put_value(struct dh_buf *out, const struct attribute *row, struct json_object *value,
                      const char *fallback)
{
    static const struct {
        enum json_type type;
        const char *empty;
    } shapes[] = {
        [TEXT] = {json_type_string, "null"}, [TEXTS] = {json_type_array, "[]"},
        [OBJECT] = {json_type_object, "{}"}, [FLAG] = {json_type_boolean, "false"},
        [INTEGER] = {json_type_int, "0"},
    };
    if (value && json_object_is_type(value, shapes[row->kind].type)) {
        dh_put_json(out, row->name, value);
    } else if (fallback) {
        dh_put_text(out, row->name, fallback);
    } else {
        dh_key(out, row->name);
        dh_buf_text(out, shapes[row->kind].empty);
    }
}

static void put_year(struct dh_buf *out, const char *name, int64_t created)
{
    if (created == DH_TIME_NONE)
        dh_put_text(out, name, NULL);
    else
        dh_put_int(out, name, dh_time_year(created, NULL, NULL));
}

static void put_attribute(struct dh_accounts *accounts, const struct dh_account *account,
                          const struct attribute *row)
{
    struct dh_call *call = accounts->call;
    struct json_object *value =
        dh_account_value(account, dh_account_member(account->kind, row->name));
    bool millis = account->kind == DH_PROVIDER || !accounts->list;
    struct dh_str text;
    if (row->locked && !(call->api->options.owner && value))
        return;
    switch (row->kind) {
    case NAME:
        text = dh_json_str(value);
        dh_put_str(call->out, row->name, text.ptr ? text : account->name);
        break;
    case SYMBOL:
        dh_put_str(call->out, row->name, dh_arena_upper(call->arena, account->symbol));
        break;
    case YEAR:
        put_year(call->out, row->name, account->created);
        break;
    case ACTIVE:
        dh_put_bool(call->out, row->name, account->active);
        break;
    case CREATED:
        dh_put_time(call->out, row->name, account->created, millis);
        break;
    case UPDATED:
        dh_put_time(call->out, row->name, account->updated, millis);
        break;
    default:
        put_value(call->out, row, value, dh_account_default(account->kind, row->name));
    }
}

static void put_attributes(struct dh_accounts *accounts, const struct dh_account *account,
                           const struct attribute *rows, size_t count, struct dh_str fields)
{
    struct dh_str item;
    uint64_t shown = 0;
    for (size_t i = 0; !fields.ptr && i < count; i++)
        put_attribute(accounts, account, &rows[i]);
    while (dh_str_split(&fields, ',', &item))
        for (size_t i = 0; i < count; i++) {
            if (shown & UINT64_C(1) << i || !dh_str_equal(item, dh_str(rows[i].name)))
                continue;
            shown |= UINT64_C(1) << i;
            put_attribute(accounts, account, &rows[i]);
        }
}

#define ATTRIBUTES(kind)                                                                           \
    static void put_##kind(struct dh_accounts *accounts, const void *record, struct dh_str fields) \
    {                                                                                              \
        put_attributes(accounts, record, kind##_attributes,                                        \
                       sizeof(kind##_attributes) / sizeof(kind##_attributes[0]), fields);          \
    }
ATTRIBUTES(provider)
ATTRIBUTES(client)
ATTRIBUTES(repository)
#undef ATTRIBUTES

static struct dh_str account_id(const void *record)
{
    return ((const struct dh_account *)record)->symbol;
}

/* ---- relationships -------------------------------------------------------------------------- */

static int group_accounts(struct dh_accounts *accounts, enum dh_group group, struct dh_str key,
                          struct dh_relative **out)
{
    const struct dh_group_entry *entries;
    size_t count = dh_accounts_group(accounts, group, key, &entries);
    *out = dh_relatives_new(accounts, count);
    for (size_t i = 0; *out && i < count; i++)
        (*out)[i] = (struct dh_relative){account_id(entries[i].record), entries[i].record};
    return *out ? (int)count : 0;
}

/* The prefixes of an account's assignments; an assignment's tie in these groups is its prefix. */
static int group_prefixes(struct dh_accounts *accounts, enum dh_group group, struct dh_str symbol,
                          struct dh_relative **out)
{
    const struct dh_group_entry *entries;
    size_t count = dh_accounts_group(accounts, group, symbol, &entries);
    *out = dh_relatives_new(accounts, count);
    for (size_t i = 0; *out && i < count; i++)
        (*out)[i].id = entries[i].tie;
    return *out ? (int)count : 0;
}

static int one(struct dh_accounts *accounts, struct dh_str symbol, struct dh_relative **out)
{
    *out = symbol.len ? dh_relatives_new(accounts, 1) : NULL;
    if (!*out)
        return 0;
    (*out)[0].id = symbol;
    return 1;
}

static int provider_clients(struct dh_accounts *accounts, const void *record,
                            struct dh_relative **out)
{
    return group_accounts(accounts, DH_GROUP_CLIENTS_OF_PROVIDER, account_id(record), out);
}

static int provider_prefixes(struct dh_accounts *accounts, const void *record,
                             struct dh_relative **out)
{
    return group_prefixes(accounts, DH_GROUP_PREFIXES_OF_PROVIDER, account_id(record), out);
}

/* Contacts are nobody's business: the name may be asked for, nothing is shown. */
static int no_contacts(struct dh_accounts *accounts, const void *record, struct dh_relative **out)
{
    (void)accounts;
    (void)record;
    (void)out;
    return DH_RELATION_ABSENT;
}

static int provider_consortium(struct dh_accounts *accounts, const void *record,
                               struct dh_relative **out)
{
    const struct dh_account *provider = record;
    return provider->parent.len ? one(accounts, provider->parent, out) : DH_RELATION_ABSENT;
}

static int provider_members(struct dh_accounts *accounts, const void *record,
                            struct dh_relative **out)
{
    struct dh_str type = dh_json_str(dh_account_value(record, "memberType"));
    int count = group_accounts(accounts, DH_GROUP_MEMBERS_OF_CONSORTIUM, account_id(record), out);
    return count || dh_str_equal(type, DH_STR("consortium")) ? count : DH_RELATION_ABSENT;
}

static int client_provider(struct dh_accounts *accounts, const void *record,
                           struct dh_relative **out)
{
    return one(accounts, ((const struct dh_account *)record)->parent, out);
}

static int client_consortium(struct dh_accounts *accounts, const void *record,
                             struct dh_relative **out)
{
    const struct dh_account *client = record;
    const struct dh_account *provider = dh_accounts_find(accounts, DH_PROVIDER, client->parent);
    return provider ? provider_consortium(accounts, provider, out) : DH_RELATION_ABSENT;
}

static int client_prefixes(struct dh_accounts *accounts, const void *record,
                           struct dh_relative **out)
{
    return group_prefixes(accounts, DH_GROUP_PREFIXES_OF_CLIENT, account_id(record), out);
}

#define MANY    true
#define INCLUDE true

static const struct dh_relation_row provider_relations[] = {
    {"clients", "clients", DH_TYPE_CLIENTS, MANY, false, provider_clients},
    {"prefixes", "prefixes", DH_TYPE_PREFIXES, MANY, false, provider_prefixes},
    {"contacts", "contacts", DH_TYPE_PROVIDERS, MANY, INCLUDE, no_contacts},
    {"consortium", "consortium", DH_TYPE_PROVIDERS, false, false, provider_consortium},
    {"consortiumOrganizations", "consortium_organizations", DH_TYPE_PROVIDERS, MANY, false,
     provider_members},
};

static const struct dh_relation_row client_relations[] = {
    {"provider", "provider", DH_TYPE_PROVIDERS, false, INCLUDE, client_provider},
    {"consortium", "consortium", DH_TYPE_PROVIDERS, false, false, client_consortium},
    {"prefixes", "prefixes", DH_TYPE_PREFIXES, MANY, false, client_prefixes},
};

static const struct dh_relation_row repository_relations[] = {
    {"provider", "provider", DH_TYPE_PROVIDERS, false, INCLUDE, client_provider},
    {"prefixes", "prefixes", DH_TYPE_PREFIXES, MANY, false, client_prefixes},
};

#define ROWS(table) table, sizeof(table) / sizeof(table[0])

const struct dh_resource_row dh_provider_resource = {"providers", account_id, true, put_provider,
                                                     ROWS(provider_relations)};
const struct dh_resource_row dh_client_resource = {"clients", account_id, true, put_client,
                                                   ROWS(client_relations)};
const struct dh_resource_row dh_repository_resource = {"repositories", account_id, true,
                                                       put_repository, ROWS(repository_relations)};
