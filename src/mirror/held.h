/*
 * Held: what a store has of a scope, compared with what the server lists: sixteen bytes a record, a
 * hash of the DOI among them. That two of 100 million share one happens once in 4,000 stores; the
 * worse for it is that a change of one of them is seen later.
 */
#ifndef DH_MIRROR_HELD_H
#define DH_MIRROR_HELD_H

#include "base/base.h"
#include "model/vocab.h"

struct dh_held_item {
    uint64_t hash;
    int64_t mark; /* when it was updated, state, seen */
};

struct dh_held {
    struct dh_held_item *items; /* in the order of hashes, once sorted */
    size_t count, room;
    uint64_t findable;
};

enum dh_held_answer { DH_HELD_SAME, DH_HELD_OTHER, DH_HELD_UNKNOWN };

/* `doi` in lower case, `updated` in ms or DH_TIME_NONE. DH_MEMORY. */
enum dh_status dh_held_add(struct dh_held *held, struct dh_str doi, int64_t updated,
                           enum dh_doi_state state, struct dh_err *err);
/* After the last was added, before any is looked for. */
void dh_held_sort(struct dh_held *held);
/* How the record that the server lists compares; from then on it is seen. A time that is not told
 * (DH_TIME_NONE) is no difference. */
enum dh_held_answer dh_held_see(struct dh_held *held, struct dh_str doi, int64_t updated,
                                enum dh_doi_state state);
bool dh_held_seen(const struct dh_held *held, struct dh_str doi);
void dh_held_release(struct dh_held *held);

#endif
