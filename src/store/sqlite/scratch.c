#include "store/sqlite/scratch.h"

#include <stdlib.h>

#include "base/limits.h"
#include "store/sqlite/index_entries.h"

enum { KEEP = 1024 * 1024 }; /* bytes of a buffer; larger ones are not kept */

static void release(struct dh_sq_scratch *scratch)
{
    ZSTD_freeCCtx(scratch->zstd);
    dh_sq_making_free(scratch->making);
    dh_buf_release(&scratch->text);
    dh_buf_release(&scratch->z);
    dh_buf_release(&scratch->entries);
    dh_arena_release(&scratch->arena);
    free(scratch);
}

static struct dh_sq_scratch *make(void)
{
    struct dh_sq_scratch *scratch = calloc(1, sizeof(*scratch));
    if (!scratch)
        return NULL;
    dh_buf_init(&scratch->text, (size_t)DH_RECORD_MAX * 2);
    dh_buf_init(&scratch->z, (size_t)DH_RECORD_MAX * 2);
    dh_buf_init(&scratch->entries, SIZE_MAX);
    dh_arena_init(&scratch->arena, DH_ARENA_MAX);
    scratch->zstd = ZSTD_createCCtx();
    scratch->making = dh_sq_making_new();
    if (scratch->zstd && scratch->making)
        return scratch;
    release(scratch);
    return NULL;
}

struct dh_sq_scratch *dh_sq_scratch_take(struct dh_sq_scratches *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct dh_sq_scratch *scratch = pool->idle;
    if (scratch)
        pool->idle = scratch->next;
    pthread_mutex_unlock(&pool->lock);
    return scratch ? scratch : make();
}

static void empty(struct dh_buf *buf)
{
    if (buf->cap > KEEP)
        dh_buf_release(buf);
    dh_buf_clear(buf);
}

void dh_sq_scratch_give(struct dh_sq_scratches *pool, struct dh_sq_scratch *scratch)
{
    if (!scratch)
        return;
    empty(&scratch->text);
    empty(&scratch->z);
    empty(&scratch->entries);
    if (scratch->arena.used > KEEP)
        dh_arena_release(&scratch->arena);
    else
        dh_arena_clear(&scratch->arena);
    pthread_mutex_lock(&pool->lock);
    scratch->next = pool->idle;
    pool->idle = scratch;
    pthread_mutex_unlock(&pool->lock);
}

void dh_sq_scratch_close(struct dh_sq_scratches *pool)
{
    while (pool->idle) {
        struct dh_sq_scratch *scratch = pool->idle;
        pool->idle = scratch->next;
        release(scratch);
    }
}
