/*
 * Patterns over terms: prefix, glob, fuzzy, regular expression, ranges of strings. Each is tried on
 * a term in time proportional to its length times the pattern's, whatever the pattern: nothing here
 * backtracks without bound.
 */
#ifndef DH_QUERY_PATTERN_H
#define DH_QUERY_PATTERN_H

#include "query/tree.h"

struct dh_pattern;

/*
 * Makes a pattern of a PREFIX, GLOB, FUZZY, REGEX or (of strings) RANGE node, in the arena.
 * Lucene's rules: GLOB * ? \; FUZZY Damerau-Levenshtein (a swap of neighbours is one edit) over
 * code points; REGEX the syntax of Lucene's RegExp with all optional parts (| & ~ <n-m> " @ # [] {}
 * * + ?), anchored at both ends. DH_INVALID: a bad expression. DH_LIMIT: one of more than
 * DH_REGEX_STATES_MAX states. One thread at a time: trying uses room in it.
 */
enum dh_status dh_pattern_make(const struct dh_node *node, struct dh_pattern **out,
                               struct dh_arena *arena, struct dh_err *err);
bool dh_pattern_match(struct dh_pattern *pattern, struct dh_str term);
/*
 * All terms that match lie in [low, high): scan only these. `low` may be empty; high.ptr NULL means
 * to the end. Borrowed from the pattern.
 */
void dh_pattern_bounds(const struct dh_pattern *pattern, struct dh_str *low, struct dh_str *high);

#endif
