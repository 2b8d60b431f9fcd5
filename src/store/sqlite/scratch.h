/*
 * scratch: what a thread needs while it prepares a record, used again for the next one: a context
 * of zstd, buffers, tables. Scratches wait in a pool until a thread takes one.
 */
#ifndef DH_SQ_SCRATCH_H
#define DH_SQ_SCRATCH_H

#include <pthread.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/buf.h"

struct dh_sq_making; /* index_entries.h */

struct dh_sq_scratch {
    struct dh_sq_scratch *next;
    ZSTD_CCtx *zstd;
    struct dh_sq_making *making;
    struct dh_buf text, z, entries;
    struct dh_arena arena;
};

/* All zero but for the lock, which the owner makes and destroys. */
struct dh_sq_scratches {
    pthread_mutex_t lock;
    struct dh_sq_scratch *idle;
};

/* An emptied one, the calling thread's until it is given back; NULL when out of memory. */
struct dh_sq_scratch *dh_sq_scratch_take(struct dh_sq_scratches *pool);
/* NULL is allowed. */
void dh_sq_scratch_give(struct dh_sq_scratches *pool, struct dh_sq_scratch *scratch);
/* Frees all that wait. */
void dh_sq_scratch_close(struct dh_sq_scratches *pool);

#endif
