#include "store/sqlite/index_join.h"

#include <stdlib.h>

struct join {
    struct dh_sq_keys *all;
    struct dh_sq_keys **heap; /* lowest key first, of equal ones the lowest numbers */
    size_t count;             /* in the heap */
    uint32_t low;
    const uint64_t *living;
    struct dh_sq_build build;
    struct dh_buf key, numbers, places;
    struct dh_err *err;
};

/* ---- the heap --------------------------------------------------------------------------------- */

static bool before(const struct dh_sq_keys *a, const struct dh_sq_keys *b)
{
    int order = dh_str_compare(dh_sq_keys_key(a), dh_sq_keys_key(b));
    return order < 0 || (order == 0 && a->low < b->low);
}

static void sink(struct join *join, size_t at)
{
    struct dh_sq_keys *keys = join->heap[at];
    for (size_t child; (child = 2 * at + 1) < join->count; at = child) {
        if (child + 1 < join->count && before(join->heap[child + 1], join->heap[child]))
            child++;
        if (!before(join->heap[child], keys))
            break;
        join->heap[at] = join->heap[child];
    }
    join->heap[at] = keys;
}

/* The segment on top goes to its next key. */
static enum dh_status advance(struct join *join)
{
    enum dh_status status = dh_sq_keys_next(join->heap[0], join->err);
    if (status == DH_DONE)
        join->heap[0] = join->heap[--join->count];
    else if (status)
        return status;
    if (join->count)
        sink(join, 0);
    return DH_OK;
}

/* ---- keys ------------------------------------------------------------------------------------- */

static bool lives(const struct join *join, uint32_t number)
{
    uint32_t bit = number - join->low;
    return !join->living || join->living[bit / 64] >> bit % 64 & 1;
}

/* Keeps the living of the numbers, and adds their places. */
static bool drop_dead(struct join *join, uint32_t *numbers, uint32_t *count,
                      const struct dh_sq_entry *entry)
{
    const uint8_t *at = (const uint8_t *)entry->places.ptr, *end = at;
    uint32_t kept = 0, times;
    if (entry->has_places)
        end += entry->places.len;
    for (uint32_t i = 0; i < *count; i++) {
        const uint8_t *start = at;
        if (entry->has_places && !(at = dh_sq_places_skip(at, end, &times)))
            return false;
        if (!lives(join, numbers[i]))
            continue;
        numbers[kept++] = numbers[i];
        if (entry->has_places)
            dh_buf_add(&join->places, start, (size_t)(at - start));
    }
    *count = kept;
    return true;
}

/* Adds the postings of the segment on top. */
static enum dh_status take(struct join *join)
{
    const struct dh_sq_keys *keys = join->heap[0];
    const struct dh_sq_entry *entry = &keys->entry;
    struct dh_sq_numbers reading;
    if (entry->count > keys->high - keys->low + 1)
        return dh_sq_index_damaged(join->err);
    uint32_t *numbers =
        (uint32_t *)(void *)dh_buf_reserve(&join->numbers, entry->count * sizeof(*numbers));
    if (!numbers)
        return dh_fail(join->err, DH_MEMORY, "out of memory");
    dh_sq_numbers_start(&reading, entry->numbers, entry->coding, keys->low, keys->high,
                        entry->count);
    uint32_t count = dh_sq_numbers_read(&reading, numbers, entry->count);
    if (count != entry->count)
        return dh_sq_index_damaged(join->err);
    if (!join->living)
        dh_buf_str(&join->places, entry->places);
    else if (!drop_dead(join, numbers, &count, entry))
        return dh_sq_index_damaged(join->err);
    join->numbers.len += count * sizeof(*numbers);
    return join->places.status ? dh_fail(join->err, join->places.status, "out of memory") : DH_OK;
}

/* The lowest key, with what all segments have of it. */
static enum dh_status join_key(struct join *join)
{
    enum dh_status status;
    bool has_places = join->heap[0]->entry.has_places;
    dh_buf_clear(&join->key);
    dh_buf_clear(&join->numbers);
    dh_buf_clear(&join->places);
    dh_buf_str(&join->key, dh_sq_keys_key(join->heap[0]));
    if (join->key.status)
        return dh_fail(join->err, join->key.status, "out of memory");
    struct dh_str key = dh_buf_view(&join->key);
    do {
        if (join->heap[0]->entry.has_places != has_places)
            return dh_sq_index_damaged(join->err);
        status = take(join);
        if (!status)
            status = advance(join);
    } while (!status && join->count && dh_str_equal(dh_sq_keys_key(join->heap[0]), key));
    uint32_t count = (uint32_t)(join->numbers.len / sizeof(uint32_t));
    if (status || !count)
        return status;
    return dh_sq_build_add(&join->build, key, (const uint32_t *)(const void *)join->numbers.ptr,
                           count, has_places ? dh_buf_view(&join->places) : DH_STR_NONE, join->err);
}

/* ---- the whole -------------------------------------------------------------------------------- */

static enum dh_status open_all(struct join *join, const struct dh_sq_piece *pieces, size_t count)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct dh_sq_keys *keys = &join->all[i];
        status = dh_sq_keys_start(keys, pieces[i].rows, pieces[i].low, pieces[i].high, join->err);
        if (!status)
            status = dh_sq_keys_next(keys, join->err);
        if (status == DH_OK)
            join->heap[join->count++] = keys;
        else if (status == DH_DONE)
            status = DH_OK;
    }
    for (size_t i = join->count; i-- > 0;)
        sink(join, i);
    return status;
}

static enum dh_status write(struct join *join, const struct dh_sq_piece *pieces, size_t count)
{
    enum dh_status status = open_all(join, pieces, count);
    while (!status && join->count)
        status = join_key(join);
    return status ? status : dh_sq_build_finish(&join->build, join->err);
}

enum dh_status dh_sq_join(const struct dh_sq_piece *pieces, size_t count, const uint64_t *living,
                          struct dh_sq_rows *to, uint64_t *bytes, struct dh_err *err)
{
    struct join *join = calloc(1, sizeof(*join));
    if (!join)
        return dh_fail(err, DH_MEMORY, "out of memory");
    join->err = err;
    join->low = pieces[0].low;
    join->living = living;
    join->all = calloc(count, sizeof(*join->all));
    join->heap = calloc(count, sizeof(*join->heap));
    dh_sq_build_start(&join->build, to, join->low);
    dh_buf_init(&join->key, DH_SQ_KEY_MAX);
    dh_buf_init(&join->numbers, SIZE_MAX);
    dh_buf_init(&join->places, SIZE_MAX);
    enum dh_status status = join->all && join->heap ? write(join, pieces, count)
                                                    : dh_fail(err, DH_MEMORY, "out of memory");
    *bytes = join->build.bytes;
    for (size_t i = 0; join->all && i < count; i++)
        dh_sq_keys_release(&join->all[i]);
    dh_sq_build_release(&join->build);
    dh_buf_release(&join->key);
    dh_buf_release(&join->numbers);
    dh_buf_release(&join->places);
    free(join->all);
    free(join->heap);
    free(join);
    return status;
}
