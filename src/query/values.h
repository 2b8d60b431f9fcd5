/*
 * Values: everything of a whole record that its sources (sources.def, home INDEX) give to search,
 * before it is cut into words.
 */
#ifndef DH_QUERY_VALUES_H
#define DH_QUERY_VALUES_H

#include "model/model.h"

/* Called with each value of a source in the order of the record. Numbers, dates and booleans come
 * as their term (words.h). Borrowed for the call. False stops the walk. */
typedef bool (*dh_value_fn)(void *context, enum dh_source source, struct dh_str value);

/* How to find the values of sources in a tree of attributes. */
struct dh_values_plan;

/*
 * A plan in the arena; NULL when out of memory. Sources that `wanted` (by number; NULL: all) has as
 * false need not be looked for. Unchanging: any number of threads may use it.
 */
struct dh_values_plan *dh_values_plan(const bool *wanted, struct dh_arena *arena);
/*
 * Walks the values of all sources with home INDEX: source by source in ascending order, each
 * source's values one after the other. KEYWORD values come as they are, LOWER and FOLDED ones in
 * every form that is indexed, PID in lower case and, for a DOI in another form, bare as well; TEXT
 * as it is. Values longer than DH_VALUE_MAX are left out, except TEXT. Malformed dates and numbers
 * are left out. DH_MEMORY. Any thread; nothing is kept.
 */
enum dh_status dh_values_walk(const struct dh_values_plan *plan, const struct dh_record *record,
                              dh_value_fn each, void *context, struct dh_arena *arena,
                              struct dh_err *err);

/*
 * The values of one account or activity source: `path` in a JSON object (arrays flattened, strings,
 * numbers and booleans as text), each as indexed for `type`.
 */
enum dh_status dh_values_of(struct json_object *object, const char *path, enum dh_index type,
                            struct dh_str **out, size_t *count, struct dh_arena *arena,
                            struct dh_err *err);
/* One text as the terms of a type other than TEXT (one, or two for FOLDED and PID); none when it is
 * malformed. */
enum dh_status dh_value_terms(struct dh_str text, enum dh_index type, struct dh_str out[2],
                              size_t *count, struct dh_arena *arena, struct dh_err *err);

#endif
