#include "cli/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

const char *dh_path_store(struct dh_arena *arena)
{
    const char *store = from_environment("DOIHOUND_STORE");
    const char *data = from_environment("XDG_DATA_HOME");
    const char *home = from_environment("HOME");
    if (store)
        return store;
    if (data && *data == '/') /* a relative one is to be ignored (XDG Base Directory) */
        return dh_arena_format(arena, "%s/doihound/store.db", data).ptr;
    if (home)
        return dh_arena_format(arena, "%s/.local/share/doihound/store.db", home).ptr;
    return NULL;
}

/* Folders that may hold the catalogue: below the one of the program, or below another. */
static const struct {
    bool beside;
    const char *folder;
} places[] = {
    {true, "/../data/tcia"},      {true, "/data/tcia"},
    {true, "/../../data/tcia"},   {true, "/../share/doihound/tcia"},
    {true, "/../share/doihound"}, {false, DOIHOUND_DATA "/tcia"},
    {false, DOIHOUND_DATA},
};
static const char *const names[] = {"tcia.jsonl", "tcia.jsonl.gz"};

static struct dh_str program_folder(struct dh_arena *arena)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len <= 0)
        return DH_STR("");
    return dh_arena_copy(arena, (struct dh_str){path, len > 1 ? (size_t)len - 1 : 1});
}

const char *dh_path_sample(struct dh_arena *arena)
{
    struct dh_str program = program_folder(arena);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
            struct dh_str base = places[i].beside ? program : DH_STR("");
            struct dh_str path =
                dh_arena_format(arena, "%.*s%s/%s", DH_STR_ARG(base), places[i].folder, names[j]);
            if (path.ptr && access(path.ptr, R_OK) == 0)
                return path.ptr;
        }
    return NULL;
}

const char *dh_path_absolute(struct dh_arena *arena, const char *path)
{
    char resolved[PATH_MAX];
    if (!realpath(path, resolved))
        return path;
    const char *copy = dh_arena_copy(arena, dh_str(resolved)).ptr;
    return copy ? copy : path;
}
