#include "model/account.h"

#include "model/record_parts.h"

static const struct {
    const char *type;
    enum dh_account_kind kind;
    const char *parent; /* the relationship that names the parent */
} types[] = {
    {"providers", DH_PROVIDER, "consortium"},
    {"clients", DH_CLIENT, "provider"},
    {"repositories", DH_CLIENT, "provider"},
};

/* Attributes of `repositories` that `clients` has under another name. */
static const struct {
    const char *repository, *client;
} renamed[] = {
    {"systemEmail", "contactEmail"},
};

/* Attributes of clients that are never empty upstream. */
static const struct {
    const char *name, *value;
} defaults[] = {
    {"clientType", "repository"},
    {"domains", "*"},
};

const char *dh_account_member(enum dh_account_kind kind, const char *name)
{
    for (size_t i = 0; kind == DH_CLIENT && i < sizeof(renamed) / sizeof(renamed[0]); i++)
        if (strcmp(renamed[i].repository, name) == 0)
            return renamed[i].client;
    return name;
}

const char *dh_account_default(enum dh_account_kind kind, const char *name)
{
    for (size_t i = 0; kind == DH_CLIENT && i < sizeof(defaults) / sizeof(defaults[0]); i++)
        if (strcmp(defaults[i].name, name) == 0)
            return defaults[i].value;
    return NULL;
}

static enum dh_status invalid(struct dh_err *err, const char *field, const char *text)
{
    enum dh_status status = dh_fail(err, DH_INVALID, "%s", text);
    dh_err_field(err, dh_str(field));
    return status;
}

static struct dh_str related(struct json_object *resource, const char *name)
{
    struct json_object *relationship = dh_json_get(dh_json_get(resource, "relationships"), name);
    return dh_json_member(dh_json_get(relationship, "data"), "id");
}

static int64_t time_of(struct json_object *attributes, const char *name)
{
    int64_t time = DH_TIME_NONE;
    dh_time_parse(dh_json_member(attributes, name), &time);
    return time;
}

static struct dh_str name_of(const struct dh_account *account, struct json_object *attributes)
{
    struct dh_str name = DH_STR_NONE;
    if (account->kind == DH_PROVIDER)
        name = dh_json_member(attributes, "displayName");
    if (dh_str_blank(name))
        name = dh_json_member(attributes, "name");
    return dh_str_blank(name) ? account->symbol : name;
}

static bool rename_members(struct json_object *attributes)
{
    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++) {
        struct json_object *value;
        if (!json_object_object_get_ex(attributes, renamed[i].repository, &value))
            continue;
        json_object_get(value);
        json_object_object_del(attributes, renamed[i].repository);
        if (json_object_object_add(attributes, renamed[i].client, value) != 0) {
            json_object_put(value);
            return false;
        }
    }
    return true;
}

static enum dh_status read_prefixes(struct json_object *resource, struct dh_str **prefixes,
                                    size_t *count, struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *list =
        dh_json_get(dh_json_get(dh_json_get(resource, "relationships"), "prefixes"), "data");
    size_t most = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    *count = 0;
    *prefixes = dh_arena_array(arena, most, sizeof(**prefixes));
    if (!*prefixes)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < most; i++) {
        struct dh_str id = dh_json_member(json_object_array_get_idx(list, i), "id");
        if (dh_str_blank(id))
            continue;
        struct dh_str copy = dh_arena_copy(arena, dh_str_trim(id));
        if (!copy.ptr)
            return dh_fail(err, DH_MEMORY, "out of memory");
        (*prefixes)[(*count)++] = copy;
    }
    return DH_OK;
}

static enum dh_status read_identity(struct json_object *resource, struct json_object *attributes,
                                    struct dh_account *out, const char **parent,
                                    struct dh_arena *arena, struct dh_err *err)
{
    struct dh_str type = dh_json_member(resource, "type");
    size_t i = 0, count = sizeof(types) / sizeof(types[0]);
    while (i < count && !dh_str_equal(type, dh_str(types[i].type)))
        i++;
    if (i == count)
        return invalid(err, "type", "no resource of type providers, clients or repositories");
    struct dh_str symbol = dh_str_trim(dh_json_member(resource, "id"));
    if (!symbol.len)
        symbol = dh_str_trim(dh_json_member(attributes, "symbol"));
    if (!symbol.len)
        return invalid(err, "symbol", "an account without a symbol");
    out->kind = types[i].kind;
    out->symbol = dh_arena_lower(arena, symbol);
    *parent = types[i].parent;
    return out->symbol.ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_account_read(struct json_object *resource, struct dh_account *out,
                               struct dh_str **prefixes, size_t *prefix_count,
                               struct dh_arena *arena, struct dh_err *err)
{
    *out = (struct dh_account){.created = DH_TIME_NONE, .updated = DH_TIME_NONE};
    struct json_object *data = dh_json_get(resource, "data");
    if (json_object_is_type(data, json_type_object))
        resource = data;
    struct json_object *attributes = dh_json_get(resource, "attributes");
    if (!json_object_is_type(attributes, json_type_object))
        return invalid(err, "attributes", "an account without attributes");
    const char *parent = NULL;
    enum dh_status status = read_identity(resource, attributes, out, &parent, arena, err);
    if (status)
        return status;
    struct json_object *active = dh_json_get(attributes, "isActive");
    out->active = !active || json_object_get_boolean(active);
    out->created = time_of(attributes, "created");
    out->updated = time_of(attributes, "updated");
    out->name = dh_arena_copy(arena, name_of(out, attributes));
    out->parent = dh_arena_lower(arena, dh_str_trim(related(resource, parent)));
    if (out->kind == DH_CLIENT)
        out->consortium = dh_arena_lower(arena, dh_str_trim(related(resource, "consortium")));
    if (!out->name.ptr || !out->parent.ptr || (out->kind == DH_CLIENT && !out->consortium.ptr))
        return dh_fail(err, DH_MEMORY, "out of memory");
    if (prefixes && (status = read_prefixes(resource, prefixes, prefix_count, arena, err)))
        return status;
    out->attributes = dh_tree_copy(attributes);
    if (out->attributes && rename_members(out->attributes))
        return DH_OK;
    json_object_put(out->attributes);
    out->attributes = NULL;
    return dh_fail(err, DH_MEMORY, "out of memory");
}
