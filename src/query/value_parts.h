/*
 * What the value*.c files share: many paths followed through a tree in one visit, and JSON scalars
 * as terms. Nothing outside src/query includes it.
 */
#ifndef DH_QUERY_VALUE_PARTS_H
#define DH_QUERY_VALUE_PARTS_H

#include "query/values.h"

/* Given each scalar at the end of the path of `rows[row]`, in the order of the tree. */
typedef void dh_value_found(void *context, size_t row, struct json_object *value);

/* Up to 64 rows whose paths agree up to `at`, where the part to be looked for begins. */
struct dh_value_paths {
    const struct dh_source_row *rows; /* the first of them */
    size_t first;                     /* its number, for `found` */
    uint64_t open;                    /* bit i: rows[i] is wanted */
    size_t at;
    dh_value_found *found;
    void *context;
};

enum { DH_VALUE_PATHS_MAX = 64 };

/* Whether a path begins with a name; two letters tell most of them apart. */
static inline bool dh_value_path_starts(const char *path, const char *name, size_t len)
{
    return path[0] == name[0] && len && (len == 1 || path[1] == name[1]) &&
           strncmp(path, name, len) == 0;
}

/* Follows the paths into a value; arrays on the way and at the end are flattened. */
void dh_value_follow(const struct dh_value_paths *paths, struct json_object *value);
/* The same for one member of an object, as if it were the only one. */
void dh_value_follow_member(const struct dh_value_paths *paths, const char *key,
                            struct json_object *value);

/* A string as it is, numbers and booleans as their text; ptr NULL out of memory. */
struct dh_str dh_value_text(struct json_object *scalar, struct dh_arena *arena);
/* The terms of a scalar; for TEXT its text. */
enum dh_status dh_value_scalar(struct json_object *scalar, enum dh_index type, struct dh_str out[2],
                               size_t *count, struct dh_arena *arena, struct dh_err *err);

#endif
