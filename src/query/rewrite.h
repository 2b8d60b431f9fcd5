/*
 * Rewriting: the replacements that the DataCite REST API makes in the text of a query before it is
 * parsed (attribute names become index names, slashes are escaped), with the way back to the text
 * as given. They are blind to syntax: quoted text and parts of words are rewritten too.
 */
#ifndef DH_QUERY_REWRITE_H
#define DH_QUERY_REWRITE_H

#include "query/parse.h"

struct dh_rewriting {
    struct dh_str text;
    const uint32_t *origin; /* per byte of text, and one for its end; NULL: nothing was replaced */
};

/* Both in the arena, or `given` itself when nothing is to be replaced. DH_MEMORY. */
enum dh_status dh_query_rewrite(enum dh_query_domain domain, struct dh_str given,
                                struct dh_rewriting *out, struct dh_arena *arena,
                                struct dh_err *err);
/* The byte of the text as given that byte `at` of the rewritten one came from. */
static inline size_t dh_rewriting_origin(const struct dh_rewriting *rewriting, size_t at)
{
    return rewriting->origin ? rewriting->origin[at] : at;
}

#endif
