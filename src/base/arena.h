/* Arena: memory that dies together, that of one request, command or batch. Not thread-safe. */
#ifndef DH_BASE_ARENA_H
#define DH_BASE_ARENA_H

#include "base/str.h"

struct dh_arena_chunk;

struct dh_arena {
    struct dh_arena_chunk *chunk; /* newest first */
    size_t used;                  /* bytes handed out, over all chunks */
    size_t max;                   /* ceiling of `used` */
};

void dh_arena_init(struct dh_arena *arena, size_t max);
/* Frees everything that came from it. The arena may be used again. */
void dh_arena_release(struct dh_arena *arena);
/* Forgets everything but keeps one chunk, for the next request of the same thread. */
void dh_arena_clear(struct dh_arena *arena);
/* Where an arena stands, to forget what comes after: for work repeated in the midst of a request.
 */
struct dh_arena_mark {
    struct dh_arena_chunk *chunk;
    size_t chunk_used, used;
};
struct dh_arena_mark dh_arena_mark(const struct dh_arena *arena);
/* Frees what was handed out since the mark. */
void dh_arena_rewind(struct dh_arena *arena, struct dh_arena_mark mark);
/* Zeroed memory aligned for any type, or NULL at the ceiling or out of memory. */
void *dh_arena_alloc(struct dh_arena *arena, size_t size);
/* Zeroed array of `count` elements, or NULL (also when the product overflows). */
void *dh_arena_array(struct dh_arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it (not counted). ptr is NULL on failure. */
struct dh_str dh_arena_copy(struct dh_arena *arena, struct dh_str s);
/* A copy with ASCII letters in lower case. */
struct dh_str dh_arena_lower(struct dh_arena *arena, struct dh_str s);
struct dh_str dh_arena_upper(struct dh_arena *arena, struct dh_str s);
/* The parts one behind the other, NUL bytes in them included, which dh_arena_format would stop at.
 */
struct dh_str dh_arena_join(struct dh_arena *arena, const struct dh_str *parts, size_t count);
#define DH_ARENA_JOIN(arena, ...)                                                                  \
    dh_arena_join((arena), (const struct dh_str[]){__VA_ARGS__},                                   \
                  sizeof((const struct dh_str[]){__VA_ARGS__}) / sizeof(struct dh_str))
struct dh_str dh_arena_format(struct dh_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
