/*
 * Match: a tree tried on one document, for the few thousand accounts and for activities: no index,
 * every value looked at.
 */
#ifndef DH_QUERY_MATCH_H
#define DH_QUERY_MATCH_H

#include "query/tree.h"

/*
 * Gives the values of a source of the document: for TEXT as they are, else as terms (values.h). The
 * arena is the matcher's; what is put there lives as long as the document is tried.
 */
typedef enum dh_status (*dh_document_fn)(void *context, enum dh_source source,
                                         struct dh_str **values, size_t *count,
                                         struct dh_arena *arena, struct dh_err *err);

/* A tree made ready to be tried on many documents: patterns compiled. In the arena. */
struct dh_matcher;
enum dh_status dh_matcher_make(const struct dh_node *root, struct dh_matcher **out,
                               struct dh_arena *arena, struct dh_err *err);
/* *score is the sum of the boosts of the leaves that match, the best one counting per BEST. */
enum dh_status dh_matcher_try(struct dh_matcher *matcher, dh_document_fn document, void *context,
                              bool *matches, double *score, struct dh_err *err);

#endif
