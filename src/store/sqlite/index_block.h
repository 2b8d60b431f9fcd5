/*
 * index_block: a block of a segment's dictionary, keys in ascending order with their postings:
 *
 *   seal (4) | entry ...
 *   entry    shared  length  bytes...  head  [flags]  numbers  [places]
 *
 * `shared` bytes are those of the key before (none at the start of a block). head: bit 0 there are
 * places, bit 1 flags follow, the rest the count. flags: the coding, 4 numbers are far, 8 places
 * are far; without flags numbers are GAPS and all is near. Near: length and bytes, but a single
 * number or the places of a single record without length when nothing is far. Far: length and
 * offset in the segment's stream of numbers or of places.
 */
#ifndef DH_SQ_INDEX_BLOCK_H
#define DH_SQ_INDEX_BLOCK_H

#include "store/sqlite/index_codec.h"

enum {
    DH_SQ_KEY_SOURCE = 2,   /* bytes of a key before its term */
    DH_SQ_KEY_MAX = 0x4000, /* longer values are not indexed */
    DH_SQ_BLOCK_FULL = 4040 /* two rows of this size fill a page of 8 KB */
};

struct dh_sq_entry {
    uint32_t count;
    uint8_t coding;
    bool has_places, far_numbers, far_places;
    struct dh_str numbers, places;  /* ptr only when near */
    uint32_t numbers_at, places_at; /* when far */
};

/* Appends an entry after the key `before` (empty at the start, where the seal's room is made). */
void dh_sq_block_add(struct dh_buf *block, struct dh_str before, struct dh_str key,
                     const struct dh_sq_entry *entry);

/* Going through a block. */
struct dh_sq_block {
    const uint8_t *at, *end;
    size_t key_len;
    uint8_t key[DH_SQ_KEY_MAX]; /* of the present entry */
};
/* Whether the block is as it was written. */
bool dh_sq_block_open(struct dh_sq_block *block, struct dh_str bytes);
/* DH_OK, DH_DONE or DH_CORRUPT. */
enum dh_status dh_sq_block_next(struct dh_sq_block *block, struct dh_sq_entry *entry);
/* DH_OK, DH_NOT_FOUND or DH_CORRUPT. */
enum dh_status dh_sq_block_find(struct dh_str bytes, struct dh_str key, struct dh_sq_entry *entry);

#endif
