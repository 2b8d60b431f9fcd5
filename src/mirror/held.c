#include "mirror/held.h"

#include <stdlib.h>
#include <xxhash.h>

/* A mark: the time, then three bits of the state, then whether it was seen. */
enum { SEEN = 1, STATE_UNIT = 2, TIME_UNIT = 16 };

_Static_assert(DH_STATE__N < TIME_UNIT / STATE_UNIT, "a state does not fit into a mark");

static int64_t mark_of(int64_t updated, enum dh_doi_state state)
{
    int64_t time = updated == DH_TIME_NONE ? -1 : updated;
    return time * TIME_UNIT + (int64_t)state * STATE_UNIT;
}

static uint64_t hash_of(struct dh_str doi)
{
    return XXH3_64bits(doi.ptr, doi.len);
}

enum dh_status dh_held_add(struct dh_held *held, struct dh_str doi, int64_t updated,
                           enum dh_doi_state state, struct dh_err *err)
{
    struct dh_held_item *items =
        dh_array_reserve(held->items, &held->room, held->count + 1, sizeof(*items));
    if (!items)
        return dh_fail(err, DH_MEMORY, "out of memory");
    held->items = items;
    held->items[held->count++] = (struct dh_held_item){hash_of(doi), mark_of(updated, state)};
    held->findable += state == DH_STATE_FINDABLE;
    return DH_OK;
}

static int by_hash(const void *a, const void *b)
{
    const struct dh_held_item *x = a, *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

void dh_held_sort(struct dh_held *held)
{
    if (held->count)
        qsort(held->items, held->count, sizeof(*held->items), by_hash);
}

static struct dh_held_item *find(const struct dh_held *held, struct dh_str doi)
{
    const struct dh_held_item wanted = {.hash = hash_of(doi)};
    return held->count ? bsearch(&wanted, held->items, held->count, sizeof(*held->items), by_hash)
                       : NULL;
}

enum dh_held_answer dh_held_see(struct dh_held *held, struct dh_str doi, int64_t updated,
                                enum dh_doi_state state)
{
    struct dh_held_item *item = find(held, doi);
    if (!item)
        return DH_HELD_UNKNOWN;
    bool same_state = (item->mark & (TIME_UNIT - STATE_UNIT)) == (int64_t)state * STATE_UNIT;
    bool same_time =
        updated == DH_TIME_NONE || (item->mark | SEEN) == (mark_of(updated, state) | SEEN);
    item->mark |= SEEN;
    return same_state && same_time ? DH_HELD_SAME : DH_HELD_OTHER;
}

bool dh_held_seen(const struct dh_held *held, struct dh_str doi)
{
    const struct dh_held_item *item = find(held, doi);
    return item && (item->mark & SEEN);
}

void dh_held_release(struct dh_held *held)
{
    free(held->items);
    *held = (struct dh_held){0};
}
