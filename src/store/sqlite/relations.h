/*
 * relations: edges between DOIs. Both sides may state the same relation in different words; an edge
 * is what they state, once: a bit for each of reference, part and version, in either direction.
 */
#ifndef DH_SQ_RELATIONS_H
#define DH_SQ_RELATIONS_H

#include "store/sqlite/conn.h"

struct dh_sq_edge {
    int64_t other; /* doi.id */
    uint8_t mask;  /* bit i: the edge adds 1 to count DH_COUNT_REFERENCE + i of this side */
};

/*
 * The bits that one statement sets on its subject's side, or with `object` on its object's side.
 * The bits stand in the order of enum dh_count: reference, citation, part, partOf, version,
 * versionOf.
 */
uint8_t dh_sq_edge_mask(int64_t type, bool object);
/* The same edge seen from its other end. */
uint8_t dh_sq_edge_turn(uint8_t mask);
/* All edges of a DOI, sorted by `other`; malloc'ed. */
enum dh_status dh_sq_edges(struct dh_sq_conn *conn, int64_t name, struct dh_sq_edge **out,
                           size_t *count, struct dh_err *err);

#endif
