/*
 * index_pending: entries that are to be a segment, in memory. Per key a growing list of bytes: for
 * each record the distance of its number from the one before (from `low` for the first), as a vint,
 * and its places.
 */
#ifndef DH_SQ_INDEX_PENDING_H
#define DH_SQ_INDEX_PENDING_H

#include "store/sqlite/index_build.h"
#include "store/sqlite/index_entries.h"

struct dh_sq_slab;

enum { DH_SQ_NEAR = 8, DH_SQ_GROUP_BITS = 12 };

/*
 * A key; as large as a line of the processor's cache. The first bytes of its list are near, the
 * others in chunks, each larger than the one before, with the address of the next at its end.
 */
struct dh_sq_pending_key {
    XXH128_hash_t hash;
    const char *key;
    uint32_t len, count, last;
    uint16_t room; /* at `at`: up to the end of the last chunk */
    uint8_t near_used : 7, has_places : 1;
    uint8_t chunks; /* up to the largest size */
    uint8_t *first, *at;
    uint8_t near[DH_SQ_NEAR];
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

struct dh_sq_pending *dh_sq_pending_new(void); /* NULL when out of memory */
void dh_sq_pending_free(struct dh_sq_pending *pending);

/* False when out of memory. */
bool dh_sq_pending_add(struct dh_sq_pending *pending, uint32_t number, struct dh_str entries);
bool dh_sq_pending_remove(struct dh_sq_pending *pending, uint32_t number);
/* The list of a key: what is near, or copied into `room`. */
struct dh_str dh_sq_pending_list(const struct dh_sq_pending_key *key, struct dh_buf *room);
/* Forgets the entries; what was removed stays. */
void dh_sq_pending_clear(struct dh_sq_pending *pending);

/*
 * index_write.c: makes a segment of the entries, NULL of none, and forgets them; what was removed
 * of them is not in it and no longer listed. To be freed also after a failure.
 */
enum dh_status dh_sq_pending_build(struct dh_sq_pending *pending, struct dh_sq_built **out,
                                   struct dh_err *err);
int dh_sq_compare_numbers(const void *a, const void *b); /* for qsort, of uint32_t */

/* index_merge.c: merges neighbours when there are many of a size, drops what is mostly dead. */
enum dh_status dh_sq_index_merge(struct dh_sq_conn *conn, struct dh_err *err);

#endif
