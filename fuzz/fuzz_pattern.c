/*
 * Patterns: the first byte tells the kind and the edits; then come lines, the first the pattern,
 * the others terms to try.
 */
#include <stdlib.h>

#include "query/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum dh_node_kind kinds[] = {DH_NODE_PREFIX, DH_NODE_GLOB,  DH_NODE_FUZZY,
                                          DH_NODE_REGEX,  DH_NODE_RANGE, DH_NODE_TERM};

static void check_term(struct dh_pattern *pattern, struct dh_str term)
{
    struct dh_str low, high;
    dh_pattern_bounds(pattern, &low, &high);
    bool inside = dh_str_compare(term, low) >= 0 && (!high.ptr || dh_str_compare(term, high) < 0);
    bool matches = dh_pattern_match(pattern, term);
    if ((matches && !inside) || matches != dh_pattern_match(pattern, term))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct dh_str rest = {(const char *)data + 1, size - 1}, line;
    struct dh_node node = {.kind = kinds[data[0] % (sizeof(kinds) / sizeof(kinds[0]))]};
    struct dh_pattern *pattern;
    struct dh_arena arena;
    struct dh_err err;
    node.slop = data[0] / 64;
    node.range.low_inclusive = data[0] & 64;
    node.range.high_inclusive = data[0] & 128;
    dh_str_split(&rest, '\n', &node.value);
    node.range.low = node.value;
    node.range.high = rest.len ? rest : DH_STR_NONE;
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (dh_pattern_make(&node, &pattern, &arena, &err) == DH_OK)
        while (rest.len && dh_str_split(&rest, '\n', &line))
            check_term(pattern, line);
    dh_arena_release(&arena);
    return 0;
}
