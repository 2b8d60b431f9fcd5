/* A phrase looked for among the words of one document. Nothing outside src/query includes it. */
#ifndef DH_QUERY_MATCH_PHRASE_H
#define DH_QUERY_MATCH_PHRASE_H

#include "query/tree.h"

struct dh_token {
    struct dh_str text;
    int64_t place; /* values of one source stand DH_VALUE_GAP apart */
};

/* Whether a PHRASE is among the words, which ascend by place. False when out of memory. */
bool dh_phrase_in(const struct dh_node *node, const struct dh_token *tokens, size_t count,
                  bool *found, struct dh_arena *arena);

#endif
