/*
 * index_pending: the entries of a transaction in memory, a growing list of bytes per key: for each
 * record the distance of its number from the one before (from `low` for the first), as a vint, and
 * its places.
 */
#ifndef DH_SQ_INDEX_PENDING_H
#define DH_SQ_INDEX_PENDING_H

#include "store/sqlite/index_segment.h"

struct dh_sq_slab;
struct dh_sq_chunk {
    struct dh_sq_chunk *next;
    uint32_t used, cap;
    uint8_t bytes[];
};

enum { DH_SQ_NEAR = 14, DH_SQ_GROUP_BITS = 12 };

/* A key; as large as a line of the processor's cache. */
struct dh_sq_pending_key {
    uint64_t hash;
    const char *key;
    uint32_t len, count, last, size; /* size: bytes of the list */
    struct dh_sq_chunk *first, *tail;
    uint8_t near[DH_SQ_NEAR]; /* the first bytes of the list */
    uint8_t near_used;
    bool has_places;
};

struct dh_sq_pending {
    uint32_t low, high, records;       /* low 0: nothing is pending */
    uint64_t *slots;                   /* half of the hash, number of the key + 1 */
    struct dh_sq_pending_key **groups; /* of 1 << DH_SQ_GROUP_BITS keys */
    uint32_t slot_cap, key_count, group_count;
    struct dh_sq_slab *slab;
    size_t bytes;      /* of memory taken */
    uint32_t *removed; /* numbers that went since the begin */
    uint32_t removed_count, removed_cap;
};

static inline struct dh_sq_pending_key *dh_sq_pending_key(const struct dh_sq_pending *pending,
                                                          uint32_t index)
{
    return &pending->groups[index >> DH_SQ_GROUP_BITS][index & ((1U << DH_SQ_GROUP_BITS) - 1)];
}

/* False when out of memory. */
bool dh_sq_pending_add(struct dh_sq_pending *pending, uint32_t number, struct dh_str entries);
bool dh_sq_pending_remove(struct dh_sq_pending *pending, uint32_t number);
/* Appends the list of a key. */
void dh_sq_pending_list(const struct dh_sq_pending_key *key, struct dh_buf *out);
/* Forgets the entries; what was removed stays. */
void dh_sq_pending_clear(struct dh_sq_pending *pending);

/* index_write.c: writes the entries as a segment and forgets them. */
enum dh_status dh_sq_pending_write(struct dh_sq_pending *pending, struct dh_sq_conn *conn,
                                   struct dh_err *err);

/* index_merge.c: merges neighbours when there are many of a size, drops what is mostly dead. */
enum dh_status dh_sq_index_merge(struct dh_sq_conn *conn, struct dh_err *err);

#endif
