#include "store/account_values.h"

#include <stdlib.h>

#include "base/limits.h"

/* The values of one source as they are collected. The first failure sticks. */
struct reading {
    const struct dh_account_document *document;
    const struct dh_account *account;
    enum dh_index type;
    struct dh_str *values;
    size_t count, cap;
    struct dh_arena *arena;
    struct dh_err *err;
    enum dh_status status;
};

static void add(struct reading *reading, struct dh_str text)
{
    if (reading->status || !text.len)
        return;
    struct dh_str *values = dh_arena_reserve(reading->arena, reading->values, &reading->cap,
                                             reading->count + 2, sizeof(*values));
    if (!values) {
        reading->status = dh_fail(reading->err, DH_MEMORY, "out of memory");
        return;
    }
    reading->values = values;
    size_t count = 1;
    struct dh_str *to = reading->values + reading->count;
    to[0] = text;
    if (reading->type != DH_INDEX_TEXT)
        reading->status =
            dh_value_terms(text, reading->type, to, &count, reading->arena, reading->err);
    reading->count += reading->status ? 0 : count;
}

/* Adds what was made in the arena: ptr NULL means that there was no room. */
static void add_made(struct reading *reading, struct dh_str text)
{
    if (!text.ptr && !reading->status)
        reading->status = dh_fail(reading->err, DH_MEMORY, "out of memory");
    add(reading, text);
}

/* ---- sources that are no paths -------------------------------------------------------------- */

typedef void derive_fn(struct reading *reading);

static void symbol(struct reading *reading)
{
    add(reading, reading->account->symbol);
}

static void capital_symbol(struct reading *reading)
{
    add_made(reading, dh_arena_upper(reading->arena, reading->account->symbol));
}

static void parent(struct reading *reading)
{
    add(reading, reading->account->parent);
}

/* The name proper: of a provider it may be another than the one displayed. */
static struct dh_str name_of(const struct dh_account *account)
{
    struct dh_str text = dh_json_member(account->attributes, "name");
    return dh_str_blank(text) ? account->name : text;
}

static void name(struct reading *reading)
{
    add(reading, name_of(reading->account));
}

static void display_name(struct reading *reading)
{
    add(reading, reading->account->name);
}

static void id_and_name(struct reading *reading)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_RECORD_MAX);
    dh_buf_str(&text, reading->account->symbol);
    dh_buf_char(&text, ':');
    dh_buf_str(&text, name_of(reading->account));
    add_made(reading,
             text.status ? DH_STR_NONE : dh_arena_copy(reading->arena, dh_buf_view(&text)));
    dh_buf_release(&text);
}

/* Both the byte that upstream stores and the word that people would try. */
static void is_active(struct reading *reading)
{
    bool active = reading->account->active;
    add(reading, active ? DH_STR("\001") : (struct dh_str){"\0", 1});
    add(reading, active ? DH_STR("true") : DH_STR("false"));
}

static void time_of(struct reading *reading, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    if (time != DH_TIME_NONE)
        add(reading,
            dh_arena_copy(reading->arena, (struct dh_str){text, dh_time_format(time, true, text)}));
}

static void created(struct reading *reading)
{
    time_of(reading, reading->account->created);
}

static void updated(struct reading *reading)
{
    time_of(reading, reading->account->updated);
}

static void year(struct reading *reading)
{
    int64_t time = reading->account->created;
    if (time != DH_TIME_NONE)
        add(reading,
            dh_arena_format(reading->arena, "%lld", (long long)dh_time_year(time, NULL, NULL)));
}

static void prefixes(struct reading *reading)
{
    const struct dh_directory *all = reading->document->directory;
    bool client = reading->account->kind == DH_CLIENT;
    const struct dh_assignment *items = client ? all->client_prefixes : all->provider_prefixes;
    size_t count = client ? all->client_prefix_count : all->provider_prefix_count;
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal(items[i].account, reading->account->symbol))
            add(reading, items[i].prefix);
}

static void children(struct reading *reading, const struct dh_account *accounts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal(accounts[i].parent, reading->account->symbol))
            add(reading, accounts[i].symbol);
}

static void clients(struct reading *reading)
{
    const struct dh_directory *all = reading->document->directory;
    children(reading, all->clients, all->client_count);
}

static void consortium_organizations(struct reading *reading)
{
    const struct dh_directory *all = reading->document->directory;
    children(reading, all->providers, all->provider_count);
}

/* Upstream stores the identifier alone and shows it as a URL. */
static void behind(struct reading *reading, const char *attribute, const char *const *heads)
{
    struct dh_str text = dh_json_member(reading->account->attributes, attribute);
    for (size_t i = 0; heads[i]; i++) {
        if (dh_str_starts_nocase(text, dh_str(heads[i]))) {
            text = dh_str_from(text, strlen(heads[i]));
            break;
        }
    }
    add(reading, text);
}

static void re3data(struct reading *reading)
{
    static const char *const heads[] = {"https://doi.org/", "http://doi.org/", NULL};
    behind(reading, "re3data", heads);
}

static void opendoar(struct reading *reading)
{
    static const char *const heads[] = {"https://v2.sherpa.ac.uk/id/repository/",
                                        "http://v2.sherpa.ac.uk/id/repository/", NULL};
    behind(reading, "opendoar", heads);
}

static const struct {
    const char *path;
    derive_fn *derive;
} derived[] = {
    {"@symbol", symbol},
    {"symbol", capital_symbol},
    {"name", name},
    {"displayName", display_name},
    {"@id_and_name", id_and_name},
    {"@provider", parent},
    {"@consortium", parent},
    {"@is_active", is_active},
    {"@created", created},
    {"@updated", updated},
    {"@year", year},
    {"year", year},
    {"@prefixes", prefixes},
    {"@clients", clients},
    {"@consortium_organizations", consortium_organizations},
    {"@re3data_id", re3data},
    {"@opendoar_id", opendoar},
};

/* ---- paths ---------------------------------------------------------------------------------- */

/* What only the account's own people may see; upstream lets everybody search by it. */
static bool is_secret(const char *path)
{
    static const char *const paths[] = {"systemEmail", "groupEmail", "salesforceId",
                                        "twitterHandle"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (strcmp(paths[i], path) == 0)
            return true;
    return false;
}

static enum dh_status read_path(struct reading *reading, const char *path)
{
    const struct dh_account *account = reading->account;
    enum dh_status status =
        dh_values_of(account->attributes, dh_account_member(account->kind, path), reading->type,
                     &reading->values, &reading->count, reading->arena, reading->err);
    reading->cap = reading->count;
    if (!status && !reading->count)
        add(reading, dh_str(dh_account_default(account->kind, path)));
    return status ? status : reading->status;
}

enum dh_status dh_account_values(void *context, enum dh_source source, struct dh_str **values,
                                 size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_account_document *document = context;
    const struct dh_source_row *row = &dh_sources[source];
    struct reading reading = {.document = document,
                              .account = document->account,
                              .type = row->type,
                              .arena = arena,
                              .err = err};
    *values = NULL;
    *count = 0;
    if (!reading.account ||
        row->home != (reading.account->kind == DH_CLIENT ? DH_HOME_CLIENT : DH_HOME_PROVIDER))
        return DH_OK;
    if (!document->owner && is_secret(row->path))
        return DH_OK;
    size_t i = 0, rows = sizeof(derived) / sizeof(derived[0]);
    while (i < rows && strcmp(derived[i].path, row->path) != 0)
        i++;
    if (i < rows)
        derived[i].derive(&reading);
    else
        reading.status = read_path(&reading, row->path);
    *values = reading.values;
    *count = reading.count;
    return reading.status;
}

/* ---- finding -------------------------------------------------------------------------------- */

static int compare_symbol(const void *key, const void *account)
{
    return dh_str_compare(*(const struct dh_str *)key,
                          ((const struct dh_account *)account)->symbol);
}

const struct dh_account *dh_directory_account(const struct dh_directory *directory,
                                              enum dh_account_kind kind, struct dh_str symbol)
{
    bool provider = kind == DH_PROVIDER;
    const struct dh_account *accounts = provider ? directory->providers : directory->clients;
    size_t count = provider ? directory->provider_count : directory->client_count;
    return count ? bsearch(&symbol, accounts, count, sizeof(*accounts), compare_symbol) : NULL;
}
