/*
 * index_entries: the entries of a record on their way from a worker to the writer. Per key: its
 * hash, its length (varint) and bytes, the length (varint) and bytes of its places, as
 * dh_sq_places_write wrote them; the number of words counts as the one place of DH_SQ_PRESENT.
 */
#ifndef DH_SQ_INDEX_ENTRIES_H
#define DH_SQ_INDEX_ENTRIES_H

#include <xxhash.h>

#include "store/sqlite/index_block.h"

struct dh_sq_key {
    XXH128_hash_t hash;        /* taken for the key itself */
    struct dh_str key, places; /* borrowed */
};

/*
 * The hash of a key. A seed will not do: it is added to the bytes of short texts, so that equal
 * hashes of unequal keys are easily had.
 */
static inline XXH128_hash_t dh_sq_key_hash(unsigned source, struct dh_str term)
{
    XXH128_hash_t hash = XXH3_128bits(term.ptr, term.len);
    hash.low64 += source * UINT64_C(0x9e3779b97f4a7c15);
    hash.high64 += source * UINT64_C(0xc2b2ae3d27d4eb4f);
    return hash;
}

/* What making entries needs; for one thread, used again from record to record. */
struct dh_sq_making;
/* NULL when out of memory. */
struct dh_sq_making *dh_sq_making_new(void);
/* NULL is allowed. */
void dh_sq_making_free(struct dh_sq_making *making);

/* Takes the first key off the entries; false when there is none. */
bool dh_sq_entries_next(struct dh_str *entries, struct dh_sq_key *out);

/* Adds the only value of a source that has none so far and is no TEXT. */
void dh_sq_entries_add(struct dh_buf *entries, unsigned source, struct dh_str term);

#endif
