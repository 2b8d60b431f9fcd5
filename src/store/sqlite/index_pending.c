#include "store/sqlite/index_pending.h"

#include <stdlib.h>

enum {
    SLAB = 1024 * 1024,
    CHUNK_FIRST = 24,
    CHUNK_MAX = 2048,
    SLOTS_FIRST = 1024,
    AHEAD = 16 /* keys looked up at a time */
};

struct dh_sq_slab {
    struct dh_sq_slab *older;
    size_t used, cap;
    uint64_t bytes[];
};

struct dh_sq_pending *dh_sq_pending_new(void)
{
    return calloc(1, sizeof(struct dh_sq_pending));
}

void dh_sq_pending_clear(struct dh_sq_pending *pending)
{
    for (uint32_t i = 0; i < pending->group_count; i++)
        free(pending->groups[i]);
    free(pending->groups);
    free(pending->slots);
    for (struct dh_sq_slab *slab = pending->slab, *older; slab; slab = older) {
        older = slab->older;
        free(slab);
    }
    *pending = (struct dh_sq_pending){.removed = pending->removed,
                                      .removed_count = pending->removed_count,
                                      .removed_cap = pending->removed_cap};
}

void dh_sq_pending_free(struct dh_sq_pending *pending)
{
    if (!pending)
        return;
    dh_sq_pending_clear(pending);
    free(pending->removed);
    free(pending);
}

bool dh_sq_pending_remove(struct dh_sq_pending *pending, uint32_t number)
{
    if (pending->removed_count == pending->removed_cap) {
        uint32_t cap = pending->removed_cap ? pending->removed_cap * 2 : 64;
        uint32_t *grown = realloc(pending->removed, cap * sizeof(*grown));
        if (!grown)
            return false;
        pending->removed = grown;
        pending->removed_cap = cap;
    }
    pending->removed[pending->removed_count++] = number;
    return true;
}

/* ---- memory ----------------------------------------------------------------------------------- */

static void *take(struct dh_sq_pending *pending, size_t size)
{
    struct dh_sq_slab *slab = pending->slab;
    size = (size + 7) / 8 * 8;
    if (!slab || slab->cap - slab->used < size) {
        size_t cap = size > SLAB ? size : SLAB;
        slab = malloc(sizeof(*slab) + cap);
        if (!slab)
            return NULL;
        *slab = (struct dh_sq_slab){.older = pending->slab, .cap = cap};
        pending->slab = slab;
        pending->bytes += cap;
    }
    void *out = (char *)slab->bytes + slab->used;
    slab->used += size;
    return out;
}

static void place(struct dh_sq_pending *pending, XXH128_hash_t hash, uint32_t index)
{
    uint32_t mask = pending->slot_cap - 1, i = (uint32_t)hash.low64 & mask;
    while (pending->slots[i])
        i = (i + 1) & mask;
    pending->slots[i] = hash.low64 >> 32 << 32 | (index + 1);
}

/* Room for AHEAD further keys in the slots. */
static bool grow_slots(struct dh_sq_pending *pending)
{
    if ((pending->key_count + AHEAD) * 2 <= pending->slot_cap)
        return true;
    uint32_t cap = pending->slot_cap ? pending->slot_cap * 2 : SLOTS_FIRST;
    uint64_t *slots = calloc(cap, sizeof(*slots));
    if (!slots)
        return false;
    free(pending->slots);
    pending->bytes += (cap - pending->slot_cap) * sizeof(*slots);
    pending->slots = slots;
    pending->slot_cap = cap;
    for (uint32_t i = 0; i < pending->key_count; i++)
        place(pending, dh_sq_pending_key(pending, i)->hash, i);
    return true;
}

static bool grow_groups(struct dh_sq_pending *pending)
{
    if (pending->key_count < pending->group_count << DH_SQ_GROUP_BITS)
        return true;
    struct dh_sq_pending_key **groups =
        realloc(pending->groups, (pending->group_count + 1) * sizeof(*groups));
    if (!groups)
        return false;
    pending->groups = groups;
    size_t size = sizeof(**groups) << DH_SQ_GROUP_BITS;
    groups[pending->group_count] = malloc(size);
    if (!groups[pending->group_count])
        return false;
    pending->group_count++;
    pending->bytes += size;
    return true;
}

/* ---- lists ------------------------------------------------------------------------------------ */

static size_t next_cap(size_t cap)
{
    return cap * 2 < CHUNK_MAX ? cap * 2 : CHUNK_MAX;
}

/* Makes the chunk that comes next. */
static bool add_chunk(struct dh_sq_pending *pending, struct dh_sq_pending_key *key)
{
    size_t cap = CHUNK_FIRST;
    for (unsigned i = 0; i < key->chunks; i++)
        cap = next_cap(cap);
    uint8_t *chunk = take(pending, cap + sizeof(chunk));
    if (!chunk)
        return false;
    if (key->first)
        memcpy(key->at, &chunk, sizeof(chunk));
    else
        key->first = chunk;
    key->at = chunk;
    key->room = (uint16_t)cap;
    key->chunks += cap < CHUNK_MAX;
    return true;
}

static bool append_far(struct dh_sq_pending *pending, struct dh_sq_pending_key *key,
                       const uint8_t *bytes, size_t len)
{
    while (len) {
        if (!key->room && !add_chunk(pending, key))
            return false;
        size_t now = key->room < len ? key->room : len;
        memcpy(key->at, bytes, now);
        key->at += now;
        key->room = (uint16_t)(key->room - now);
        bytes += now;
        len -= now;
    }
    return true;
}

static bool append(struct dh_sq_pending *pending, struct dh_sq_pending_key *key,
                   const uint8_t *bytes, size_t len)
{
    size_t room = (size_t)DH_SQ_NEAR - key->near_used, now = room < len ? room : len;
    for (size_t i = 0; i < now; i++)
        key->near[key->near_used + i] = bytes[i];
    key->near_used = (key->near_used + now) & 0x7f;
    return now == len || append_far(pending, key, bytes + now, len - now);
}

struct dh_str dh_sq_pending_list(const struct dh_sq_pending_key *key, struct dh_buf *room)
{
    if (!key->first)
        return (struct dh_str){(const char *)key->near, key->near_used};
    dh_buf_clear(room);
    dh_buf_add(room, key->near, key->near_used);
    const uint8_t *chunk = key->first, *next;
    for (size_t cap = CHUNK_FIRST; key->at + key->room != chunk + cap; cap = next_cap(cap)) {
        dh_buf_add(room, chunk, cap);
        memcpy(&next, chunk + cap,
               sizeof(next)); /* behind its bytes a chunk tells of the next one */
        chunk = next;
    }
    dh_buf_add(room, chunk, (size_t)(key->at - chunk));
    return dh_buf_view(room);
}

/* ---- keys ------------------------------------------------------------------------------------- */

static struct dh_sq_pending_key *make(struct dh_sq_pending *pending, const struct dh_sq_key *key)
{
    char *bytes = take(pending, key->key.len);
    if (!bytes || !grow_groups(pending))
        return NULL;
    memcpy(bytes, key->key.ptr, key->key.len);
    struct dh_sq_pending_key *out = dh_sq_pending_key(pending, pending->key_count);
    *out = (struct dh_sq_pending_key){.hash = key->hash,
                                      .key = bytes,
                                      .len = (uint32_t)key->key.len,
                                      .last = pending->low,
                                      .has_places = key->places.len > 0};
    place(pending, key->hash, pending->key_count++);
    return out;
}

static struct dh_sq_pending_key *find(struct dh_sq_pending *pending, const struct dh_sq_key *key)
{
    uint32_t mask = pending->slot_cap - 1, i = (uint32_t)key->hash.low64 & mask;
    for (; pending->slots[i]; i = (i + 1) & mask) {
        if (pending->slots[i] >> 32 != key->hash.low64 >> 32)
            continue;
        struct dh_sq_pending_key *found =
            dh_sq_pending_key(pending, (uint32_t)pending->slots[i] - 1);
        if (XXH128_isEqual(found->hash, key->hash))
            return found;
    }
    return make(pending, key);
}

static bool add_key(struct dh_sq_pending *pending, uint32_t number, const struct dh_sq_key *key)
{
    struct dh_sq_pending_key *found = find(pending, key);
    uint8_t distance[DH_SQ_VINT_MAX];
    if (!found)
        return false;
    size_t len = (size_t)(dh_sq_vint_write(distance, number - found->last) - distance);
    found->last = number;
    found->count++;
    return append(pending, found, distance, len) &&
           append(pending, found, (const uint8_t *)key->places.ptr, key->places.len);
}

/* The key that the first slot of a hash names, likely the one looked for, on its way. */
static struct dh_sq_pending_key *prefetch(const struct dh_sq_pending *pending, XXH128_hash_t hash)
{
    uint64_t slot = pending->slots[(uint32_t)hash.low64 & (pending->slot_cap - 1)];
    if (slot >> 32 != hash.low64 >> 32)
        return NULL;
    struct dh_sq_pending_key *key = dh_sq_pending_key(pending, (uint32_t)slot - 1);
    __builtin_prefetch(key, 1);
    return key;
}

/* So many keys are looked up at a time that memory is waited for once. */
static unsigned take_ahead(const struct dh_sq_pending *pending, struct dh_str *entries,
                           struct dh_sq_key keys[AHEAD])
{
    struct dh_sq_pending_key *found[AHEAD];
    unsigned count = 0;
    for (; count < AHEAD && dh_sq_entries_next(entries, &keys[count]); count++)
        __builtin_prefetch(
            &pending->slots[(uint32_t)keys[count].hash.low64 & (pending->slot_cap - 1)]);
    for (unsigned i = 0; i < count; i++)
        found[i] = prefetch(pending, keys[i].hash);
    for (unsigned i = 0; i < count; i++)
        if (found[i] && found[i]->first)
            __builtin_prefetch(found[i]->at, 1);
    return count;
}

bool dh_sq_pending_add(struct dh_sq_pending *pending, uint32_t number, struct dh_str entries)
{
    struct dh_sq_key keys[AHEAD];
    unsigned count = 1;
    if (!pending->low)
        pending->low = number;
    pending->high = number;
    pending->records++;
    while (count) {
        if (!grow_slots(pending))
            return false;
        count = take_ahead(pending, &entries, keys);
        for (unsigned i = 0; i < count; i++)
            if (!add_key(pending, number, &keys[i]))
                return false;
    }
    return true;
}
