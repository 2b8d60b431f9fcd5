/* What the kinds of patterns share: each fills in how a term is tried and where matches lie. */
#ifndef DH_QUERY_PATTERN_PARTS_H
#define DH_QUERY_PATTERN_PARTS_H

#include "query/pattern.h"

struct dh_pattern {
    bool (*match)(void *made, struct dh_str term);
    void *made;
    struct dh_str low, high; /* as dh_pattern_bounds gives them */
};

enum dh_status dh_glob_make(struct dh_str value, struct dh_pattern *out, struct dh_arena *arena,
                            struct dh_err *err);
enum dh_status dh_fuzzy_make(struct dh_str value, unsigned edits, struct dh_pattern *out,
                             struct dh_arena *arena, struct dh_err *err);
enum dh_status dh_regex_make(struct dh_str value, struct dh_pattern *out, struct dh_arena *arena,
                             struct dh_err *err);
/* Bounds of all terms that begin with `prefix` (copied). */
enum dh_status dh_pattern_under(struct dh_pattern *pattern, struct dh_str prefix,
                                struct dh_arena *arena, struct dh_err *err);
/* Bounds of `term` alone. */
enum dh_status dh_pattern_only(struct dh_pattern *pattern, struct dh_str term,
                               struct dh_arena *arena, struct dh_err *err);

#endif
