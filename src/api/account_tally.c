/* Counting keys in memory for the facets of lists over the directory. */
#include <stdlib.h>

#include "api/account_list.h"

enum { LOOKED_AT = 32 }; /* most facets have few keys: these are counted in place */

static bool count_again(struct dh_tally *tally, struct dh_str id, struct dh_str title)
{
    size_t count = tally->count < LOOKED_AT ? tally->count : LOOKED_AT;
    for (size_t i = 0; i < count; i++)
        if (dh_str_equal(tally->buckets[i].id, id) &&
            dh_str_equal(tally->buckets[i].title, title)) {
            tally->buckets[i].count++;
            return true;
        }
    return false;
}

static void append(struct dh_tally *tally, struct dh_str id, struct dh_str title)
{
    struct dh_shown_bucket *buckets = dh_arena_reserve(tally->arena, tally->buckets, &tally->cap,
                                                       tally->count + 1, sizeof(*buckets));
    tally->failed = tally->failed || !buckets;
    if (!buckets)
        return;
    tally->buckets = buckets;
    tally->buckets[tally->count++] = (struct dh_shown_bucket){id, title, 1};
}

void dh_tally_add(struct dh_tally *tally, struct dh_str id, struct dh_str title)
{
    if (!count_again(tally, id, title))
        append(tally, id, title);
}

void dh_tally_year(struct dh_tally *tally, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    if (time == DH_TIME_NONE)
        return;
    dh_time_format(time, false, text);
    struct dh_str year = {text, 4};
    if (!count_again(tally, year, DH_STR_NONE))
        append(tally, dh_arena_copy(tally->arena, year), DH_STR_NONE);
}

void dh_dress_title(struct dh_arena *arena, struct dh_shown_bucket *bucket)
{
    bucket->title = dh_titleize(arena, bucket->id);
}

static int by_key(const void *a, const void *b)
{
    const struct dh_shown_bucket *x = a, *y = b;
    int order = dh_str_compare(x->id, y->id);
    return order ? order : dh_str_compare(x->title, y->title);
}

static int by_key_down(const void *a, const void *b)
{
    return by_key(b, a);
}

static int by_count_down(const void *a, const void *b)
{
    const struct dh_shown_bucket *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : by_key(a, b);
}

static void merge_equal(struct dh_tally *tally)
{
    struct dh_shown_bucket *buckets = tally->buckets;
    size_t kept = 0;
    for (size_t i = 0; i < tally->count; i++) {
        if (kept && by_key(&buckets[kept - 1], &buckets[i]) == 0)
            buckets[kept - 1].count += buckets[i].count;
        else
            buckets[kept++] = buckets[i];
    }
    tally->count = kept;
}

void dh_put_tally(struct dh_buf *out, const char *name, struct dh_tally *tally,
                  enum dh_tally_order order, size_t size,
                  void (*dress)(struct dh_arena *arena, struct dh_shown_bucket *bucket))
{
    struct dh_shown_bucket *buckets = tally->buckets;
    if (tally->failed)
        out->status = DH_MEMORY;
    if (tally->count) {
        qsort(buckets, tally->count, sizeof(*buckets), by_key);
        merge_equal(tally);
        qsort(buckets, tally->count, sizeof(*buckets),
              order == DH_TALLY_NEWEST ? by_key_down : by_count_down);
    }
    size_t count = tally->count < size ? tally->count : size;
    for (size_t i = 0; i < count; i++) {
        if (dress)
            dress(tally->arena, &buckets[i]);
        if (!buckets[i].title.ptr)
            buckets[i].title = buckets[i].id;
    }
    dh_put_buckets(out, name, buckets, count);
}
