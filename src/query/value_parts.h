/*
 * What the value*.c files share: many paths followed through a record in one visit, and JSON
 * scalars as terms. Nothing outside src/query includes it.
 */
#ifndef DH_QUERY_VALUE_PARTS_H
#define DH_QUERY_VALUE_PARTS_H

#include "query/values.h"

/* What a path wants of an array on its way: `.`, `[0].` or `[1..].` in it. */
enum dh_value_wanted { DH_VALUE_ALL, DH_VALUE_FIRST, DH_VALUE_FURTHER, DH_VALUE_WANTED__N };

/* A path that ends at a name. */
struct dh_value_end {
    size_t row;
    struct dh_value_end *next;
};

/* A name in paths. Those that begin alike share it. */
struct dh_value_name {
    const char *text; /* within a path */
    size_t len;
    struct dh_value_name *next; /* in the same place */
    struct dh_value_name *inside[DH_VALUE_WANTED__N];
    struct dh_value_end *ends;
};

/* Adds a path, which is borrowed, to a tree that begins as NULL. False when out of memory. */
bool dh_value_names_add(struct dh_value_name **names, const char *path, size_t row,
                        struct dh_arena *arena);

/* Given each scalar at the end of the path of a row, in the order of the tree. */
typedef void dh_value_found(void *context, size_t row, struct json_object *value);

/* Follows all paths into a value; arrays on the way and at the end are flattened. */
void dh_value_names_follow(const struct dh_value_name *names, struct json_object *value,
                           dh_value_found *found, void *context);

/* A string as it is, numbers and booleans as their text; ptr NULL out of memory. */
struct dh_str dh_value_text(struct json_object *scalar, struct dh_arena *arena);
/* The terms of a scalar; for TEXT its text. */
enum dh_status dh_value_scalar(struct json_object *scalar, enum dh_index type, struct dh_str out[2],
                               size_t *count, struct dh_arena *arena, struct dh_err *err);

#endif
