#include <stdlib.h>

#include "store/sqlite/sets.h"

enum {
    KEPT_MAX = 16,    /* sets */
    KEPT_SHARE = 16,  /* a set is large from this part of all records on */
    KEPT_FACETS = 64, /* facets per set */
    KEY_MAX = 64 * 1024
};

static void free_facets(struct dh_sq_kept *kept)
{
    while (kept->facets) {
        struct dh_sq_kept_facet *facet = kept->facets;
        kept->facets = facet->next;
        dh_buf_release(&facet->key);
        dh_arena_release(&facet->arena);
        free(facet);
    }
}

static void free_kept(struct dh_sq_kept *kept)
{
    if (!kept)
        return;
    free_facets(kept);
    dh_buf_release(&kept->key);
    free(kept->slots);
    free(kept->bits);
    free(kept);
}

void dh_sq_kept_drop(struct dh_sq_columns *columns)
{
    while (columns->kept) {
        struct dh_sq_kept *kept = columns->kept;
        columns->kept = kept->next;
        free_kept(kept);
    }
}

/* Moves a found set to the front: the last one is the one not asked for longest. */
struct dh_sq_kept *dh_sq_kept_find(struct dh_sq_columns *columns, struct dh_str key)
{
    pthread_mutex_lock(&columns->lazy);
    struct dh_sq_kept **at = &columns->kept;
    while (*at && !dh_str_equal(dh_buf_view(&(*at)->key), key))
        at = &(*at)->next;
    struct dh_sq_kept *kept = *at;
    if (kept) {
        *at = kept->next;
        kept->next = columns->kept;
        columns->kept = kept;
        kept->users++;
    }
    pthread_mutex_unlock(&columns->lazy);
    return kept;
}

void dh_sq_kept_release(struct dh_sq_columns *columns, struct dh_sq_kept *kept)
{
    pthread_mutex_lock(&columns->lazy);
    kept->users--;
    pthread_mutex_unlock(&columns->lazy);
}

/* Drops the oldest set beyond the limit that nobody uses. */
static void make_room(struct dh_sq_columns *columns)
{
    struct dh_sq_kept **at = &columns->kept, **victim = NULL;
    size_t count = 0;
    for (; *at; at = &(*at)->next, count++)
        if ((*at)->users == 0)
            victim = at;
    if (count < KEPT_MAX || !victim)
        return;
    struct dh_sq_kept *kept = *victim;
    *victim = kept->next;
    free_kept(kept);
}

static struct dh_sq_kept *make(const struct dh_sq_columns *columns, struct dh_str key,
                               const uint32_t *slots, uint32_t count)
{
    struct dh_sq_kept *kept = calloc(1, sizeof(*kept));
    if (!kept)
        return NULL;
    dh_buf_init(&kept->key, KEY_MAX);
    dh_buf_str(&kept->key, key);
    kept->slots = malloc((size_t)count * sizeof(*slots) + 1);
    kept->bits = calloc(columns->count / 64 + 1, sizeof(*kept->bits));
    if (!kept->slots || !kept->bits || kept->key.status) {
        free_kept(kept);
        return NULL;
    }
    memcpy(kept->slots, slots, (size_t)count * sizeof(*slots));
    for (uint32_t i = 0; i < count; i++)
        kept->bits[slots[i] / 64] |= UINT64_C(1) << (slots[i] % 64);
    kept->count = count;
    kept->users = 1;
    return kept;
}

struct dh_sq_kept *dh_sq_kept_add(struct dh_sq_columns *columns, struct dh_str key,
                                  const uint32_t *slots, uint32_t count)
{
    if (count == 0 || count < columns->living / KEPT_SHARE || key.len > KEY_MAX)
        return NULL;
    struct dh_sq_kept *kept = make(columns, key, slots, count);
    if (!kept)
        return NULL;
    pthread_mutex_lock(&columns->lazy);
    make_room(columns);
    kept->next = columns->kept;
    columns->kept = kept;
    pthread_mutex_unlock(&columns->lazy);
    return kept;
}

const struct dh_facet_result *dh_sq_kept_facet(struct dh_sq_columns *columns,
                                               struct dh_sq_kept *kept, struct dh_str key)
{
    pthread_mutex_lock(&columns->lazy);
    const struct dh_sq_kept_facet *facet = kept->facets;
    while (facet && !dh_str_equal(dh_buf_view(&facet->key), key))
        facet = facet->next;
    pthread_mutex_unlock(&columns->lazy);
    return facet ? &facet->result : NULL;
}

static bool copy_buckets(const struct dh_bucket *from, size_t count, struct dh_bucket **to,
                         struct dh_arena *arena)
{
    struct dh_bucket *buckets = dh_arena_array(arena, count ? count : 1, sizeof(*buckets));
    bool done = buckets != NULL;
    for (size_t i = 0; done && i < count; i++) {
        buckets[i] = from[i];
        buckets[i].key = dh_arena_copy(arena, from[i].key);
        done = buckets[i].key.ptr != NULL;
        if (done && from[i].inner)
            done = copy_buckets(from[i].inner, from[i].inner_count, &buckets[i].inner, arena);
    }
    *to = buckets;
    return done;
}

bool dh_sq_facet_copy(const struct dh_facet_result *from, struct dh_facet_result *to,
                      struct dh_arena *arena)
{
    *to = *from;
    return copy_buckets(from->buckets, from->count, &to->buckets, arena);
}

void dh_sq_kept_facet_add(struct dh_sq_columns *columns, struct dh_sq_kept *kept, struct dh_str key,
                          const struct dh_facet_result *result)
{
    struct dh_sq_kept_facet *facet = calloc(1, sizeof(*facet));
    if (!facet)
        return;
    dh_arena_init(&facet->arena, DH_ARENA_MAX);
    dh_buf_init(&facet->key, KEY_MAX);
    dh_buf_str(&facet->key, key);
    bool done = !facet->key.status && dh_sq_facet_copy(result, &facet->result, &facet->arena);
    size_t count = 0;
    pthread_mutex_lock(&columns->lazy);
    for (struct dh_sq_kept_facet *at = kept->facets; at; at = at->next)
        count++;
    if (done && count < KEPT_FACETS) {
        facet->next = kept->facets;
        kept->facets = facet;
        facet = NULL;
    }
    pthread_mutex_unlock(&columns->lazy);
    if (facet) {
        dh_buf_release(&facet->key);
        dh_arena_release(&facet->arena);
        free(facet);
    }
}

void dh_sq_filter_key(const struct dh_filter *filter, struct dh_buf *out)
{
    dh_buf_printf(out, "%d.%d.%d.%zu.%lld.%lld:", (int)filter->column, (int)filter->op, filter->any,
                  filter->value_count, (long long)filter->low, (long long)filter->high);
    bool listed = filter->op == DH_FILTER_IN || filter->op == DH_FILTER_NOT_IN;
    for (size_t i = 0; listed && i < filter->value_count; i++) {
        dh_buf_printf(out, "%zu:", filter->values[i].len);
        dh_buf_str(out, filter->values[i]);
    }
}
