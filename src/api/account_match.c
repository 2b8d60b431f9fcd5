/* What the filters and facets of /providers, /clients and /repositories read of an account. */
#include "api/account_list.h"

void dh_account_item(const void *record, struct dh_item *out)
{
    const struct dh_account *account = record;
    out->id = account->symbol;
    out->name = account->name;
    out->created = account->created;
    out->updated = account->updated;
}

static bool match_text(const struct dh_account *account, const char *attribute, struct dh_str value,
                       bool (*equal)(struct dh_str, struct dh_str))
{
    struct json_object *list = dh_account_value(account, attribute);
    struct dh_str text = dh_account_text(account, attribute);
    if (!json_object_is_type(list, json_type_array))
        return text.ptr && equal(text, value);
    for (size_t i = 0; i < json_object_array_length(list); i++)
        if (equal(dh_json_str(json_object_array_get_idx(list, i)), value))
            return true;
    return false;
}

bool dh_match_exact(struct dh_accounts *accounts, const void *record, const char *attribute,
                    struct dh_str value)
{
    (void)accounts;
    return match_text(record, attribute, value, dh_str_equal);
}

bool dh_match_nocase(struct dh_accounts *accounts, const void *record, const char *attribute,
                     struct dh_str value)
{
    (void)accounts;
    return match_text(record, attribute, value, dh_str_equal_nocase);
}

bool dh_match_flag(struct dh_accounts *accounts, const void *record, const char *attribute,
                   struct dh_str value)
{
    struct json_object *flag = dh_account_value(record, attribute);
    (void)accounts;
    return json_object_is_type(flag, json_type_boolean) &&
           dh_str_equal(value, dh_str(json_object_get_boolean(flag) ? "true" : "false"));
}

bool dh_match_parent(struct dh_accounts *accounts, const void *record, const char *attribute,
                     struct dh_str value)
{
    (void)accounts;
    (void)attribute;
    return dh_str_equal_nocase(((const struct dh_account *)record)->parent, value);
}

bool dh_match_grandparent(struct dh_accounts *accounts, const void *record, const char *attribute,
                          struct dh_str value)
{
    const struct dh_account *account = record;
    const struct dh_account *parent = dh_accounts_find(accounts, DH_PROVIDER, account->parent);
    return parent && dh_match_parent(accounts, parent, attribute, value);
}

void dh_count_year(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                   const char *attribute)
{
    (void)accounts;
    (void)attribute;
    dh_tally_year(tally, ((const struct dh_account *)record)->created);
}

void dh_count_value(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                    const char *attribute)
{
    struct json_object *value = dh_account_value(record, attribute);
    struct dh_str text = value ? dh_json_str(value) : dh_account_text(record, attribute);
    size_t count =
        json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
    (void)accounts;
    if (json_object_is_type(value, json_type_boolean))
        text = dh_str(json_object_get_boolean(value) ? "true" : "false");
    if (text.len)
        dh_tally_add(tally, text, DH_STR_NONE);
    for (size_t i = 0; i < count; i++) {
        text = dh_json_str(json_object_array_get_idx(value, i));
        if (text.len)
            dh_tally_add(tally, text, DH_STR_NONE);
    }
}

void dh_count_provider(struct dh_tally *tally, struct dh_accounts *accounts, const void *record,
                       const char *attribute)
{
    const struct dh_account *client = record;
    const struct dh_account *provider = dh_accounts_find(accounts, DH_PROVIDER, client->parent);
    (void)attribute;
    if (client->parent.len)
        dh_tally_add(tally, client->parent, provider ? provider->name : client->parent);
}
