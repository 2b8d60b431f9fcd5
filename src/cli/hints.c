#include "cli/hints.h"

struct names {
    const char **items;
    size_t count;
};

typedef void find_names(const struct dh_directory *directory, struct names *out,
                        struct dh_arena *arena);

static bool room(struct names *names, size_t count, struct dh_arena *arena)
{
    names->items = dh_arena_array(arena, count + 1, sizeof(*names->items));
    return names->items != NULL;
}

static void add(struct names *names, struct dh_str name, struct dh_arena *arena)
{
    const char *copy = dh_arena_copy(arena, name).ptr;
    if (copy)
        names->items[names->count++] = copy;
}

static void clients(const struct dh_directory *directory, struct names *out, struct dh_arena *arena)
{
    if (room(out, directory->client_count, arena))
        for (size_t i = 0; i < directory->client_count; i++)
            add(out, directory->clients[i].symbol, arena);
}

static void providers(const struct dh_directory *directory, struct names *out,
                      struct dh_arena *arena)
{
    if (room(out, directory->provider_count, arena))
        for (size_t i = 0; i < directory->provider_count; i++)
            add(out, directory->providers[i].symbol, arena);
}

static void prefixes(const struct dh_directory *directory, struct names *out,
                     struct dh_arena *arena)
{
    if (room(out, directory->prefix_count, arena))
        for (size_t i = 0; i < directory->prefix_count; i++)
            add(out, directory->prefixes[i].prefix, arena);
}

static void states(const struct dh_directory *directory, struct names *out, struct dh_arena *arena)
{
    (void)directory;
    if (room(out, DH_STATE__N, arena))
        for (size_t i = 0; i < DH_STATE__N; i++)
            add(out, dh_str(dh_state_name(i)), arena);
}

static void resource_types(const struct dh_directory *directory, struct names *out,
                           struct dh_arena *arena)
{
    (void)directory;
    size_t count = dh_vocab_count(DH_VOCAB_RESOURCE_TYPE);
    if (room(out, count, arena))
        for (size_t i = 0; i < count; i++)
            add(out, dh_str(dh_resource_type_dashed(i)), arena);
}

static const struct {
    const char *option, *what;
    find_names *find;
} known[] = {
    {"client-id", "client", clients},
    {"provider-id", "provider", providers},
    {"prefix", "prefix", prefixes},
    {"state", "state", states},
    {"resource-type-id", "resource type", resource_types},
};

/* Lower case without dashes: "JournalArticle" means "journal-article". */
static struct dh_str folded(struct dh_str text, struct dh_arena *arena)
{
    struct dh_str lower = dh_arena_lower(arena, dh_str_trim(text));
    char *at = (char *)lower.ptr;
    size_t len = 0;
    for (size_t i = 0; i < lower.len; i++)
        if (at[i] != '-' && at[i] != '_')
            at[len++] = at[i];
    return (struct dh_str){lower.ptr, len};
}

static bool is_known(const struct names *names, struct dh_str value, struct dh_arena *arena)
{
    struct dh_str wanted = folded(value, arena);
    for (size_t i = 0; i < names->count; i++)
        if (dh_str_equal(folded(dh_str(names->items[i]), arena), wanted))
            return true;
    return wanted.len == 0;
}

static void hint(const char *what, const struct names *names, struct dh_str list,
                 struct dh_arena *arena)
{
    struct dh_str value;
    while (dh_str_split(&list, ',', &value)) {
        if (is_known(names, value, arena))
            continue;
        struct dh_str word = dh_arena_lower(arena, dh_str_trim(value));
        const char *nearest = word.ptr ? dh_nearest(word.ptr, names->items, names->count) : NULL;
        dh_say("there is no %s '%.*s'%s%s%s", what, DH_STR_ARG(value),
               nearest ? "; the nearest is '" : "", nearest ? nearest : "", nearest ? "'" : "");
    }
}

void dh_hint_nothing(struct dh_cli *cli)
{
    const struct dh_directory *directory;
    struct dh_store_stats stats;
    if (dh_store_stats(cli->reader, &stats, NULL) == DH_OK && stats.records == 0) {
        dh_cli_note_empty(cli);
        return;
    }
    if (dh_store_directory(cli->reader, &directory, NULL))
        return;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct names names = {0};
        const char *value = dh_args_text(&cli->args, known[i].option, NULL);
        if (value)
            known[i].find(directory, &names, &cli->arena);
        if (value && names.items)
            hint(known[i].what, &names, dh_str(value), &cli->arena);
    }
    dh_directory_release(directory);
}
