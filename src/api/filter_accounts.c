/*
 * Filters on the account behind a record (client-type, certificate ...). Records only know their
 * client and provider, so these resolve through the directory into a list of symbols.
 */
#include "api/filter_rule.h"

/* True when the account has the property; `wanted` is the parameter's value in the form it needs.
 */
typedef bool matcher(const struct dh_account *account, struct dh_str wanted,
                     struct dh_arena *arena);

static enum dh_status symbols_where(struct dh_filter_reading *reading,
                                    const struct dh_filter_rule *rule, matcher *matches,
                                    struct dh_str wanted)
{
    const struct dh_directory *directory = reading->directory;
    bool providers = rule->column == DH_COLUMN_PROVIDER;
    const struct dh_account *accounts = providers ? directory->providers : directory->clients;
    size_t total = providers ? directory->provider_count : directory->client_count, count = 0;
    struct dh_str *symbols = dh_arena_array(reading->arena, total + 1, sizeof(*symbols));
    if (!symbols)
        return dh_fail(reading->err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < total; i++)
        if (matches(&accounts[i], wanted, reading->arena))
            symbols[count++] = dh_arena_copy(reading->arena, accounts[i].symbol);
    enum dh_filter_op op = count ? DH_FILTER_IN : DH_FILTER_NOTHING;
    return dh_filter_add(reading, rule, op, symbols, count, 0, 0);
}

static bool has_consortium(const struct dh_account *account, struct dh_str wanted,
                           struct dh_arena *arena)
{
    (void)arena;
    return dh_str_equal_nocase(account->parent, wanted);
}

enum dh_status dh_read_consortium(struct dh_filter_reading *reading,
                                  const struct dh_filter_rule *rule, struct dh_str value)
{
    return symbols_where(reading, rule, has_consortium, value);
}

/* `wanted` is the comma list as given. */
static bool has_certificate(const struct dh_account *account, struct dh_str wanted,
                            struct dh_arena *arena)
{
    struct json_object *held = dh_json_get(account->attributes, "certificate");
    size_t count = json_object_is_type(held, json_type_array) ? json_object_array_length(held) : 0;
    (void)arena;
    for (size_t i = 0; i < count; i++) {
        struct dh_str one = dh_json_str(json_object_array_get_idx(held, i)), rest = wanted, item;
        while (dh_str_split(&rest, ',', &item))
            if (one.len && dh_str_equal(one, item))
                return true;
    }
    return false;
}

enum dh_status dh_read_certificates(struct dh_filter_reading *reading,
                                    const struct dh_filter_rule *rule, struct dh_str value)
{
    return symbols_where(reading, rule, has_certificate, value);
}

static bool has_type(const struct dh_account *account, struct dh_str wanted, struct dh_arena *arena)
{
    (void)arena;
    return wanted.len && dh_str_equal(dh_json_member(account->attributes, "clientType"), wanted);
}

/* A catalogue of samples holds other things too; only the samples are meant. */
enum dh_status dh_read_client_type(struct dh_filter_reading *reading,
                                   const struct dh_filter_rule *rule, struct dh_str value)
{
    static const struct dh_str samples[] = {{"physical-object", 15}};
    struct dh_filter_rule type = *rule;
    enum dh_status status = symbols_where(reading, rule, has_type, value);
    if (status || !dh_str_equal(value, DH_STR("igsnCatalog")))
        return status;
    type.column = DH_COLUMN_RESOURCE_TYPE_ID;
    return dh_filter_add(reading, &type, DH_FILTER_IN, samples, 1, 0, 0);
}

/* re3data DOIs are stored with capitals: compared as DOIs are, whatever the case. */
static bool has_re3data(const struct dh_account *account, struct dh_str wanted,
                        struct dh_arena *arena)
{
    struct dh_str held = dh_json_member(account->attributes, "re3data");
    return wanted.ptr && held.len && dh_str_equal(dh_doi_parse(arena, held), wanted);
}

enum dh_status dh_read_re3data(struct dh_filter_reading *reading, const struct dh_filter_rule *rule,
                               struct dh_str value)
{
    return symbols_where(reading, rule, has_re3data, dh_doi_parse(reading->arena, value));
}

/* The number alone or the URL as attributes show it. */
static bool has_opendoar(const struct dh_account *account, struct dh_str wanted,
                         struct dh_arena *arena)
{
    struct dh_str held = dh_json_member(account->attributes, "opendoar");
    (void)arena;
    for (size_t slash; (slash = dh_str_find(held, '/')) < held.len;)
        held = dh_str_from(held, slash + 1);
    return held.len && dh_str_equal(held, wanted);
}

enum dh_status dh_read_opendoar(struct dh_filter_reading *reading,
                                const struct dh_filter_rule *rule, struct dh_str value)
{
    return symbols_where(reading, rule, has_opendoar, value);
}
