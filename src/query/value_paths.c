/* The names in the paths of sources as a tree: each member of a record is looked up one time. */
#include "query/value_parts.h"

/* ---- building ------------------------------------------------------------------------------- */

static struct dh_value_name *name_in(struct dh_value_name **list, const char *text, size_t len,
                                     struct dh_arena *arena)
{
    for (; *list; list = &(*list)->next)
        if ((*list)->len == len && memcmp((*list)->text, text, len) == 0)
            return *list;
    *list = dh_arena_array(arena, 1, sizeof(**list));
    if (*list) {
        (*list)->text = text;
        (*list)->len = len;
    }
    return *list;
}

static bool end_at(struct dh_value_name *name, size_t row, struct dh_arena *arena)
{
    struct dh_value_end **last = &name->ends;
    while (*last)
        last = &(*last)->next;
    *last = dh_arena_array(arena, 1, sizeof(**last));
    if (*last)
        (*last)->row = row;
    return *last;
}

/* What a path wants of an array behind a name, and where it goes on. */
static enum dh_value_wanted wanted_of(const char **rest)
{
    static const struct {
        const char *text;
        size_t len;
    } marks[DH_VALUE_WANTED__N] = {
        [DH_VALUE_ALL] = {".", 1},
        [DH_VALUE_FIRST] = {"[0].", 4},
        [DH_VALUE_FURTHER] = {"[1..].", 6},
    };
    enum dh_value_wanted w = DH_VALUE_ALL;
    while (w < DH_VALUE_WANTED__N && strncmp(*rest, marks[w].text, marks[w].len) != 0)
        w++;
    if (w < DH_VALUE_WANTED__N)
        *rest += marks[w].len;
    return w;
}

bool dh_value_names_add(struct dh_value_name **names, const char *path, size_t row,
                        struct dh_arena *arena)
{
    for (;;) {
        size_t len = strcspn(path, ".[");
        struct dh_value_name *name = name_in(names, path, len, arena);
        if (!name)
            return false;
        path += len;
        enum dh_value_wanted wanted = wanted_of(&path);
        if (wanted == DH_VALUE_WANTED__N)
            return end_at(name, row, arena);
        names = &name->inside[wanted];
    }
}

/* ---- following ------------------------------------------------------------------------------ */

struct follower {
    dh_value_found *found;
    void *context;
};

static void follow(const struct follower *to, const struct dh_value_name *names,
                   struct json_object *value);

static void give(const struct follower *to, const struct dh_value_end *ends,
                 struct json_object *value)
{
    enum json_type type = json_object_get_type(value);
    if (type == json_type_array) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            give(to, ends, json_object_array_get_idx(value, i));
        return;
    }
    if (type == json_type_null || type == json_type_object)
        return;
    for (; ends; ends = ends->next)
        to->found(to->context, ends->row, value);
}

/* Goes on in the elements that are wanted; what is no array is its first element. */
static void go_on(const struct follower *to, const struct dh_value_name *names,
                  enum dh_value_wanted wanted, struct json_object *value)
{
    if (wanted == DH_VALUE_ALL || !json_object_is_type(value, json_type_array)) {
        if (wanted != DH_VALUE_FURTHER)
            follow(to, names, value);
        return;
    }
    size_t count = json_object_array_length(value);
    size_t from = wanted == DH_VALUE_FIRST ? 0 : 1;
    size_t end = wanted == DH_VALUE_FIRST && count ? 1 : count;
    for (size_t i = from; i < end; i++)
        follow(to, names, json_object_array_get_idx(value, i));
}

static void follow_member(const struct follower *to, const struct dh_value_name *names,
                          const char *key, struct json_object *value)
{
    while (names && (*names->text != *key || strncmp(names->text, key, names->len) != 0 ||
                     key[names->len] != '\0'))
        names = names->next;
    if (!names || !value)
        return;
    if (names->ends)
        give(to, names->ends, value);
    for (enum dh_value_wanted w = DH_VALUE_ALL; w < DH_VALUE_WANTED__N; w++)
        if (names->inside[w])
            go_on(to, names->inside[w], w, value);
}

static void follow(const struct follower *to, const struct dh_value_name *names,
                   struct json_object *value)
{
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            follow(to, names, json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member)
        {
            follow_member(to, names, key, member);
        }
    }
}

void dh_value_names_follow(const struct dh_value_name *names, struct json_object *value,
                           dh_value_found *found, void *context)
{
    const struct follower to = {found, context};
    follow(&to, names, value);
}
