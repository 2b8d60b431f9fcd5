/* Which columns there are: attributes, and the members that they are known to have. */
#include "cli/columns.h"

static const struct {
    const char *name;
    dh_fact *fact;
} facts[] = {
    {"id", dh_fact_doi},
    {"client", dh_fact_client},
    {"provider", dh_fact_provider},
};
enum { FACTS = sizeof(facts) / sizeof(facts[0]) };

/* Members that no query can name; the others are places that queries search. */
static const char *const further[] = {
    "alternateIdentifiers.alternateIdentifierType",
    "alternateIdentifiers.alternateIdentifier",
    "viewsOverTime.yearMonth",
    "viewsOverTime.total",
    "downloadsOverTime.yearMonth",
    "downloadsOverTime.total",
    "citationsOverTime.year",
    "citationsOverTime.total",
};
enum { FURTHER = sizeof(further) / sizeof(further[0]) };

dh_fact *dh_column_fact(struct dh_str name)
{
    for (size_t i = 0; i < FACTS; i++)
        if (dh_str_equal(dh_str(facts[i].name), name))
            return facts[i].fact;
    return NULL;
}

struct names {
    const char **list;
    size_t count;
    struct dh_arena *arena;
};

static void add(struct names *names, struct dh_str name)
{
    for (size_t i = 0; i < names->count; i++)
        if (dh_str_equal(dh_str(names->list[i]), name))
            return;
    const char *copy = dh_arena_copy(names->arena, name).ptr;
    if (copy)
        names->list[names->count++] = copy;
}

/* A path of sources.def without its "[0]". */
static void add_source(struct names *names, struct dh_str path)
{
    size_t open = dh_str_find(path, '['), close = dh_str_find(path, ']');
    if (close >= path.len) {
        add(names, path);
        return;
    }
    const struct dh_str head = {path.ptr, open}, tail = dh_str_from(path, close + 1);
    add(names, DH_ARENA_JOIN(names->arena, head, tail));
}

static bool is_within(struct dh_str path, struct dh_str name)
{
    return path.len > name.len && dh_str_starts(path, name) &&
           (path.ptr[name.len] == '.' || path.ptr[name.len] == '[');
}

static void add_members(struct names *names, struct dh_str attribute)
{
    for (size_t i = 0; i < DH_SOURCE__N; i++) {
        const struct dh_source_row *row = &dh_sources[i];
        bool own = row->home == DH_HOME_INDEX || row->home == DH_HOME_COLUMN;
        if (own && is_within(dh_str(row->path), attribute))
            add_source(names, dh_str(row->path));
    }
    for (size_t i = 0; i < FURTHER; i++)
        if (is_within(dh_str(further[i]), attribute))
            add(names, dh_str(further[i]));
}

const char **dh_column_names(size_t *count, struct dh_arena *arena)
{
    size_t room = FACTS + (size_t)DH_ATTR__N + DH_SOURCE__N + FURTHER;
    struct names names = {.list = dh_arena_array(arena, room, sizeof(*names.list)), .arena = arena};
    for (size_t i = 0; names.list && i < FACTS; i++)
        add(&names, dh_str(facts[i].name));
    for (enum dh_attribute a = 0; names.list && a < DH_ATTR__N; a++) {
        add(&names, dh_str(dh_attributes[a].name));
        add_members(&names, dh_str(dh_attributes[a].name));
    }
    *count = names.count;
    return names.list;
}

/* ---- asked for ------------------------------------------------------------------------------ */

/* The path without its indexes, "titles.title". */
static struct dh_str plain_name(const struct dh_json_path *path, struct dh_arena *arena)
{
    struct dh_str name = path->first;
    for (size_t i = 0; i < path->count; i++)
        if (path->steps[i].key.ptr)
            name = DH_ARENA_JOIN(arena, name, DH_STR("."), path->steps[i].key);
    return name;
}

static const char *nearest(const char *word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal_nocase(dh_str(word), dh_str(names[i])))
            return names[i];
    return dh_nearest(word, names, count);
}

static bool is_list(struct dh_str attribute)
{
    enum dh_attribute a = dh_attribute_find(attribute);
    enum dh_shape shape = a == DH_ATTR__N ? DH_SHAPE_TEXT : dh_attributes[a].shape;
    return shape == DH_SHAPE_OBJECTS || shape == DH_SHAPE_TEXTS || shape == DH_SHAPE_TEXTS_NULL;
}

static bool refuse(struct dh_cli *cli)
{
    dh_cli_usage(cli);
    dh_say("'--columns help' lists the columns");
    return false;
}

bool dh_column_known(struct dh_cli *cli, struct dh_str name, const struct dh_json_path *path)
{
    size_t count;
    const char **names = dh_column_names(&count, &cli->arena);
    struct dh_str plain = dh_arena_copy(&cli->arena, plain_name(path, &cli->arena));
    bool known = false;
    if (!names || !plain.ptr)
        return dh_cli_no_memory() == DH_EXIT_OK;
    for (size_t i = 0; i < count && !known; i++)
        known = dh_str_equal(dh_str(names[i]), plain) || is_within(dh_str(names[i]), plain);
    if (known && path->count && !path->steps[0].key.ptr && !is_list(path->first)) {
        dh_fail(&cli->err, DH_INVALID, "'%.*s' is no list: there is no column '%.*s'",
                DH_STR_ARG(path->first), DH_STR_ARG(name));
        return refuse(cli);
    }
    if (known)
        return true;
    const char *near = nearest(plain.ptr, names, count);
    dh_fail(&cli->err, DH_INVALID, "there is no column '%.*s'%s%s%s", DH_STR_ARG(name),
            near ? "; the nearest is '" : "", near ? near : "", near ? "'" : "");
    return refuse(cli);
}
