#include <stdlib.h>

#include "store/sqlite/index_build.h"
#include "store/sqlite/index_pending.h"

/* ---- sorting keys ----------------------------------------------------------------------------- */

/* A key and the part of it that is compared now. */
struct ranked {
    uint64_t part;
    const struct dh_sq_pending_key *key;
};

enum { PART = 7, INSERTION = 12, AHEAD = 4 };

/* PART bytes of the key from `depth` on, and how many there are: shorter ones come first. */
static uint64_t part_of(const struct dh_sq_pending_key *key, size_t depth)
{
    uint64_t part = 0;
    size_t rest = key->len > depth ? key->len - depth : 0;
    for (size_t i = 0; i < PART; i++)
        part = part << 8 | (i < rest ? (uint8_t)key->key[depth + i] : 0);
    return part << 8 | (rest > PART ? PART + 1 : rest);
}

static bool ends(uint64_t part)
{
    return (part & 0xff) <= PART;
}

static bool below(const struct ranked *a, const struct ranked *b, size_t depth)
{
    if (a->part != b->part)
        return a->part < b->part;
    struct dh_str x = {a->key->key, a->key->len}, y = {b->key->key, b->key->len};
    return dh_str_compare(dh_str_from(x, depth), dh_str_from(y, depth)) < 0;
}

static void insert(struct ranked *keys, size_t count, size_t depth)
{
    for (size_t i = 1; i < count; i++) {
        struct ranked key = keys[i];
        size_t at = i;
        for (; at > 0 && below(&key, &keys[at - 1], depth); at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

static uint64_t middle_of(uint64_t a, uint64_t b, uint64_t c)
{
    if (a > b) {
        uint64_t swap = a;
        a = b;
        b = swap;
    }
    return c < a ? a : c > b ? b : c;
}

/* Moves those below the pivot to [0, *low), those above it to [*high, count). */
static void split(struct ranked *keys, size_t count, size_t *low, size_t *high)
{
    uint64_t pivot = middle_of(keys[0].part, keys[count / 2].part, keys[count - 1].part);
    size_t at = 0;
    *low = 0;
    *high = count;
    while (at < *high) {
        struct ranked key = keys[at];
        if (key.part < pivot) {
            keys[at++] = keys[*low];
            keys[(*low)++] = key;
        } else if (key.part > pivot) {
            keys[at] = keys[--*high];
            keys[*high] = key;
        } else {
            at++;
        }
    }
}

/* The next part of keys that are equal so far. */
static void go_deeper(struct ranked *keys, size_t count, size_t depth)
{
    for (size_t i = 0; i < count; i++)
        keys[i].part = part_of(keys[i].key, depth);
}

/*
 * Quicksort by parts: keys with an equal part are sorted by the next one. Recursion takes the two
 * smaller of three pieces, which halves at least or goes a part deeper: keys have an end.
 */
static void sort(struct ranked *keys, size_t count, size_t depth)
{
    while (count > INSERTION) {
        size_t low, high;
        split(keys, count, &low, &high);
        size_t equal = high - low;
        if (equal > 1 && !ends(keys[low].part)) {
            if (equal == count) {
                depth += PART;
                go_deeper(keys, count, depth);
                continue;
            }
            go_deeper(keys + low, equal, depth + PART);
            sort(keys + low, equal, depth + PART);
        }
        if (low < count - high) {
            sort(keys, low, depth);
            keys += high;
            count -= high;
        } else {
            sort(keys + high, count - high, depth);
            count = low;
        }
    }
    insert(keys, count, depth);
}

static struct ranked *sorted_keys(const struct dh_sq_pending *pending)
{
    struct ranked *keys = calloc((size_t)pending->key_count + 1, sizeof(*keys));
    if (!keys)
        return NULL;
    for (uint32_t i = 0; i < pending->key_count; i++) {
        keys[i].key = dh_sq_pending_key(pending, i);
        keys[i].part = part_of(keys[i].key, 0);
    }
    sort(keys, pending->key_count, 0);
    return keys;
}

/* ---- a segment of what is pending ------------------------------------------------------------- */

struct flush {
    const struct dh_sq_pending *pending;
    struct dh_sq_build *build;
    const uint32_t *removed; /* within the pending numbers */
    uint32_t removed_count;
    struct dh_buf list, numbers, places;
    struct dh_err *err;
};

int dh_sq_compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool was_removed(const struct flush *flush, uint32_t number)
{
    return flush->removed_count && bsearch(&number, flush->removed, flush->removed_count,
                                           sizeof(number), dh_sq_compare_numbers) != NULL;
}

/* Takes the list of a key apart into numbers and places, without the records that went. */
static bool unpack(struct flush *flush, const struct dh_sq_pending_key *key, uint32_t *count)
{
    dh_buf_clear(&flush->numbers);
    dh_buf_clear(&flush->places);
    struct dh_str list = dh_sq_pending_list(key, &flush->list);
    uint32_t *numbers =
        (uint32_t *)(void *)dh_buf_reserve(&flush->numbers, key->count * sizeof(*numbers));
    if (!numbers || flush->list.status)
        return false;
    const uint8_t *at = (const uint8_t *)list.ptr, *end = at + list.len;
    uint32_t number = flush->pending->low, distance = 0, times;
    *count = 0;
    for (uint32_t i = 0; i < key->count; i++) {
        const uint8_t *places = at = dh_sq_vint_read(at, end, &distance);
        number += distance;
        if (key->has_places && at)
            at = dh_sq_places_skip(at, end, &times);
        if (!at)
            return false;
        if (was_removed(flush, number))
            continue;
        numbers[(*count)++] = number;
        dh_buf_add(&flush->places, places, (size_t)(at - places));
    }
    return !flush->places.status;
}

/* Keys lie as they came, not as they are written. */
static void look_ahead(const struct dh_sq_pending_key *soon, const struct dh_sq_pending_key *later)
{
    __builtin_prefetch(soon->key);
    __builtin_prefetch(soon->first);
    __builtin_prefetch(later);
}

static enum dh_status write_keys(struct flush *flush, const struct ranked *keys)
{
    enum dh_status status = DH_OK;
    for (uint32_t i = 0; i < flush->pending->key_count && !status; i++) {
        const struct dh_sq_pending_key *key = keys[i].key;
        uint32_t count = 0;
        if (i + 2 * AHEAD < flush->pending->key_count)
            look_ahead(keys[i + AHEAD].key, keys[i + 2 * AHEAD].key);
        if (!unpack(flush, key, &count))
            return dh_fail(flush->err, DH_MEMORY, "out of memory");
        if (!count)
            continue;
        struct dh_str places = key->has_places ? dh_buf_view(&flush->places) : DH_STR_NONE;
        status = dh_sq_build_add(flush->build, (struct dh_str){key->key, key->len},
                                 (const uint32_t *)(const void *)flush->numbers.ptr, count, places,
                                 flush->err);
    }
    return status;
}

static enum dh_status write_segment(struct flush *flush, struct dh_sq_rows *rows)
{
    struct ranked *keys = sorted_keys(flush->pending);
    flush->build = malloc(sizeof(*flush->build));
    if (!keys || !flush->build) {
        free(keys);
        free(flush->build);
        return dh_fail(flush->err, DH_MEMORY, "out of memory");
    }
    dh_buf_init(&flush->list, SIZE_MAX);
    dh_buf_init(&flush->numbers, SIZE_MAX);
    dh_buf_init(&flush->places, SIZE_MAX);
    dh_sq_build_start(flush->build, rows, flush->pending->low);
    enum dh_status status = write_keys(flush, keys);
    if (!status)
        status = dh_sq_build_finish(flush->build, flush->err);
    dh_sq_build_release(flush->build);
    dh_buf_release(&flush->list);
    dh_buf_release(&flush->numbers);
    dh_buf_release(&flush->places);
    free(flush->build);
    free(keys);
    return status;
}

/* How many of the numbers that went are below the pending ones; sorts them. */
static uint32_t removed_before(struct dh_sq_pending *pending)
{
    uint32_t count = 0;
    if (pending->removed_count)
        qsort(pending->removed, pending->removed_count, sizeof(uint32_t), dh_sq_compare_numbers);
    while (count < pending->removed_count && pending->removed[count] < pending->low)
        count++;
    return count;
}

enum dh_status dh_sq_pending_build(struct dh_sq_pending *pending, struct dh_sq_built **out,
                                   struct dh_err *err)
{
    enum dh_status status = DH_OK;
    *out = NULL;
    if (!pending->low)
        return DH_OK;
    uint32_t before = removed_before(pending);
    struct flush flush = {.pending = pending,
                          .removed = pending->removed ? pending->removed + before : NULL,
                          .removed_count = pending->removed_count - before,
                          .err = err};
    if (flush.removed_count < pending->records) {
        *out = dh_sq_built_new(pending->low, pending->high, pending->records - flush.removed_count);
        status =
            *out ? write_segment(&flush, &(*out)->rows) : dh_fail(err, DH_MEMORY, "out of memory");
    }
    pending->removed_count = before;
    dh_sq_pending_clear(pending);
    return status;
}
