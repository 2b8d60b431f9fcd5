/* Following many paths at once: each member of the tree is looked at one time. */
#include "query/value_parts.h"

/* The rows that go on behind a member, by the elements of an array that they want. */
enum wanted { ALL, FIRST, FURTHER, WANTED__N };

struct step {
    uint64_t ends, on[WANTED__N];
    size_t at[WANTED__N]; /* where their paths go on */
};

/* `rest` is what stands in a path behind the name of the member. */
static void take(struct step *step, uint64_t bit, const char *rest, size_t at)
{
    static const struct {
        const char *text;
        size_t len;
    } marks[WANTED__N] = {[ALL] = {".", 1}, [FIRST] = {"[0].", 4}, [FURTHER] = {"[1..].", 6}};
    if (*rest == '\0') {
        step->ends |= bit;
        return;
    }
    for (size_t i = 0; i < WANTED__N; i++) {
        if (strncmp(rest, marks[i].text, marks[i].len) != 0)
            continue;
        step->on[i] |= bit;
        step->at[i] = at + marks[i].len;
        return;
    }
}

static void give(const struct dh_value_paths *paths, uint64_t rows, struct json_object *value)
{
    enum json_type type = json_object_get_type(value);
    if (type == json_type_array) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            give(paths, rows, json_object_array_get_idx(value, i));
        return;
    }
    if (type == json_type_null || type == json_type_object)
        return;
    for (size_t i = 0; rows; i++, rows >>= 1)
        if (rows & 1)
            paths->found(paths->context, paths->first + i, value);
}

/* Goes on with some rows in the elements that they want; what is no array is its first element. */
static void go_on(const struct dh_value_paths *paths, enum wanted wanted, struct json_object *value)
{
    if (wanted == ALL || !json_object_is_type(value, json_type_array)) {
        if (wanted != FURTHER)
            dh_value_follow(paths, value);
        return;
    }
    size_t count = json_object_array_length(value);
    size_t from = wanted == FIRST ? 0 : 1, to = wanted == FIRST && count ? 1 : count;
    for (size_t i = from; i < to; i++)
        dh_value_follow(paths, json_object_array_get_idx(value, i));
}

void dh_value_follow_member(const struct dh_value_paths *paths, const char *key,
                            struct json_object *value)
{
    struct step step = {0};
    size_t len = strlen(key);
    uint64_t open = paths->open;
    if (!value)
        return;
    for (size_t i = 0; open; i++, open >>= 1) {
        const char *path = paths->rows[i].path + paths->at;
        if (open & 1 && dh_value_path_starts(path, key, len))
            take(&step, UINT64_C(1) << i, path + len, paths->at + len);
    }
    if (step.ends)
        give(paths, step.ends, value);
    for (enum wanted i = 0; i < WANTED__N; i++) {
        struct dh_value_paths on = *paths;
        on.open = step.on[i];
        on.at = step.at[i];
        if (on.open)
            go_on(&on, i, value);
    }
}

void dh_value_follow(const struct dh_value_paths *paths, struct json_object *value)
{
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            dh_value_follow(paths, json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member)
        {
            dh_value_follow_member(paths, key, member);
        }
    }
}
