#include "store/sqlite/index_block.h"

enum { HAS_PLACES = 1, HAS_FLAGS = 2, HEAD_BITS = 2 };
enum { CODING = 3, FAR_NUMBERS = 4, FAR_PLACES = 8 };

static uint8_t *add_part(uint8_t *at, struct dh_str bytes, bool far, uint32_t offset, bool alone)
{
    if (!alone)
        at = dh_sq_vint_write(at, (uint32_t)bytes.len);
    if (far)
        return dh_sq_vint_write(at, offset);
    memcpy(at, bytes.ptr, bytes.len);
    return at + bytes.len;
}

static size_t shared_bytes(struct dh_str before, struct dh_str key)
{
    size_t shared = 0;
    while (shared < before.len && shared < key.len && before.ptr[shared] == key.ptr[shared])
        shared++;
    return shared;
}

void dh_sq_block_add(struct dh_buf *block, struct dh_str before, struct dh_str key,
                     const struct dh_sq_entry *entry)
{
    size_t shared = block->len ? shared_bytes(before, key) : 0, own = key.len - shared;
    if (!block->len)
        dh_buf_add(block, "\0\0\0", DH_SQ_SEAL);
    bool plain = entry->coding == DH_SQ_GAPS && !entry->far_numbers && !entry->far_places;
    bool alone = plain && entry->count == 1;
    size_t near =
        (entry->far_numbers ? 0 : entry->numbers.len) + (entry->far_places ? 0 : entry->places.len);
    uint8_t *start = (uint8_t *)dh_buf_reserve(block, own + near + 8 * DH_SQ_VINT_MAX), *at = start;
    if (!at)
        return;
    at = dh_sq_vint_write(at, (uint32_t)shared);
    at = dh_sq_vint_write(at, (uint32_t)own);
    memcpy(at, key.ptr + shared, own);
    at = dh_sq_vint_write(at + own, entry->count << HEAD_BITS |
                                        (entry->has_places ? HAS_PLACES : 0) |
                                        (plain ? 0 : HAS_FLAGS));
    if (!plain)
        *at++ = (uint8_t)(entry->coding | (entry->far_numbers ? FAR_NUMBERS : 0) |
                          (entry->far_places ? FAR_PLACES : 0));
    at = add_part(at, entry->numbers, entry->far_numbers, entry->numbers_at, alone);
    if (entry->has_places)
        at = add_part(at, entry->places, entry->far_places, entry->places_at, alone);
    block->len += (size_t)(at - start);
}

/* ---- reading ---------------------------------------------------------------------------------- */

static const uint8_t *read_part(const uint8_t *at, const uint8_t *end, bool far,
                                struct dh_str *bytes, uint32_t *offset)
{
    uint32_t len;
    at = dh_sq_vint_read(at, end, &len);
    if (!at)
        return NULL;
    *bytes = (struct dh_str){far ? NULL : (const char *)at, len};
    if (far)
        return dh_sq_vint_read(at, end, offset);
    return len <= (size_t)(end - at) ? at + len : NULL;
}

/* The number and places of a single record, which say themselves how long they are. */
static const uint8_t *read_single(const uint8_t *at, const uint8_t *end, struct dh_sq_entry *entry)
{
    uint32_t ignored;
    const uint8_t *after = dh_sq_vint_read(at, end, &ignored);
    if (!after)
        return NULL;
    entry->numbers = (struct dh_str){(const char *)at, (size_t)(after - at)};
    if (!entry->has_places)
        return after;
    at = after;
    after = dh_sq_places_skip(at, end, &ignored);
    if (after)
        entry->places = (struct dh_str){(const char *)at, (size_t)(after - at)};
    return after;
}

/* What stands behind the key; NULL when it is damaged. */
static inline const uint8_t *read_postings(const uint8_t *at, const uint8_t *end,
                                           struct dh_sq_entry *entry)
{
    uint32_t head;
    uint8_t flags = DH_SQ_GAPS;
    at = dh_sq_vint_read(at, end, &head);
    if (!at || !(head >> HEAD_BITS))
        return NULL;
    *entry = (struct dh_sq_entry){.count = head >> HEAD_BITS, .has_places = head & HAS_PLACES};
    if (head & HAS_FLAGS) {
        if (at >= end)
            return NULL;
        flags = *at++;
    } else if (entry->count == 1) {
        return read_single(at, end, entry);
    }
    entry->coding = flags & CODING;
    entry->far_numbers = flags & FAR_NUMBERS;
    entry->far_places = flags & FAR_PLACES;
    if (entry->coding >= DH_SQ_CODING__N)
        return NULL;
    at = read_part(at, end, entry->far_numbers, &entry->numbers, &entry->numbers_at);
    if (at && entry->has_places)
        at = read_part(at, end, entry->far_places, &entry->places, &entry->places_at);
    return at;
}

/* The head of an entry: `*len` bytes of the key from *shared on stand at the result. */
static inline const uint8_t *read_key(const uint8_t *at, const uint8_t *end, uint32_t *shared,
                                      uint32_t *len)
{
    at = dh_sq_vint_read(at, end, shared);
    if (at)
        at = dh_sq_vint_read(at, end, len);
    return at && *len <= (size_t)(end - at) ? at : NULL;
}

bool dh_sq_block_open(struct dh_sq_block *block, struct dh_str bytes)
{
    block->key_len = 0;
    block->at = block->end = NULL;
    if (!dh_sq_sealed(bytes))
        return false;
    block->at = (const uint8_t *)bytes.ptr + DH_SQ_SEAL;
    block->end = (const uint8_t *)bytes.ptr + bytes.len;
    return true;
}

enum dh_status dh_sq_block_next(struct dh_sq_block *block, struct dh_sq_entry *entry)
{
    uint32_t shared, len;
    if (block->at == block->end)
        return DH_DONE;
    const uint8_t *at = read_key(block->at, block->end, &shared, &len);
    if (!at || shared > block->key_len || len > DH_SQ_KEY_MAX - shared ||
        shared + len < DH_SQ_KEY_SOURCE)
        return DH_CORRUPT;
    memcpy(block->key + shared, at, len);
    block->key_len = (size_t)shared + len;
    at = read_postings(at + len, block->end, entry);
    if (!at)
        return DH_CORRUPT;
    block->at = at;
    return DH_OK;
}

/*
 * `matched` bytes of the wanted key are those of the key before, which is lower. A key that shares
 * more with the one before is lower as well, one that shares less is higher than the wanted one.
 */
enum dh_status dh_sq_block_find(struct dh_str bytes, struct dh_str key, struct dh_sq_entry *entry)
{
    if (!dh_sq_sealed(bytes))
        return DH_CORRUPT;
    const uint8_t *at = (const uint8_t *)bytes.ptr + DH_SQ_SEAL;
    const uint8_t *end = (const uint8_t *)bytes.ptr + bytes.len;
    const uint8_t *wanted = (const uint8_t *)key.ptr;
    size_t matched = 0;
    while (at < end) {
        uint32_t shared, len;
        at = read_key(at, end, &shared, &len);
        if (!at)
            return DH_CORRUPT;
        if (shared < matched)
            return DH_NOT_FOUND;
        bool equal = false;
        if (shared == matched) {
            size_t i = 0, room = key.len - matched;
            while (i < len && i < room && at[i] == wanted[matched + i])
                i++;
            equal = i == len && i == room;
            if (!equal && (i == room || (i < len && at[i] > wanted[matched + i])))
                return DH_NOT_FOUND;
            matched += i;
        }
        at = read_postings(at + len, end, entry);
        if (!at)
            return DH_CORRUPT;
        if (equal)
            return DH_OK;
    }
    return DH_NOT_FOUND;
}
