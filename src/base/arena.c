#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CHUNK = 16 * 1024 };

struct dh_arena_chunk {
    struct dh_arena_chunk *older;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

void dh_arena_init(struct dh_arena *arena, size_t max)
{
    *arena = (struct dh_arena){.max = max};
}

static void free_from(struct dh_arena_chunk *chunk)
{
    while (chunk) {
        struct dh_arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
}

void dh_arena_release(struct dh_arena *arena)
{
    free_from(arena->chunk);
    dh_arena_init(arena, arena->max);
}

void dh_arena_clear(struct dh_arena *arena)
{
    struct dh_arena_chunk *keep = arena->chunk;
    arena->used = 0;
    if (!keep)
        return;
    free_from(keep->older);
    keep->older = NULL;
    keep->used = 0;
}

struct dh_arena_mark dh_arena_mark(const struct dh_arena *arena)
{
    return (struct dh_arena_mark){arena->chunk, arena->chunk ? arena->chunk->used : 0, arena->used};
}

void dh_arena_rewind(struct dh_arena *arena, struct dh_arena_mark mark)
{
    while (arena->chunk != mark.chunk) {
        struct dh_arena_chunk *newest = arena->chunk;
        arena->chunk = newest->older;
        free(newest);
    }
    if (mark.chunk)
        mark.chunk->used = mark.chunk_used;
    arena->used = mark.used;
}

static bool grow(struct dh_arena *arena, size_t size)
{
    size_t next = arena->chunk ? arena->chunk->size * 2 : FIRST_CHUNK;
    if (next > 1024 * 1024)
        next = 1024 * 1024;
    if (next < size)
        next = size;
    struct dh_arena_chunk *chunk = malloc(sizeof(*chunk) + next);
    if (!chunk)
        return false;
    *chunk = (struct dh_arena_chunk){.older = arena->chunk, .size = next};
    arena->chunk = chunk;
    return true;
}

void *dh_arena_alloc(struct dh_arena *arena, size_t size)
{
    size_t unit = alignof(max_align_t);
    if (size > arena->max - arena->used)
        return NULL;
    size = size ? (size + unit - 1) / unit * unit : unit;
    if (!arena->chunk || arena->chunk->size - arena->chunk->used < size)
        if (!grow(arena, size))
            return NULL;
    void *place = arena->chunk->bytes + arena->chunk->used;
    arena->chunk->used += size;
    arena->used = arena->used + size < arena->max ? arena->used + size : arena->max;
    return memset(place, 0, size);
}

void *dh_arena_array(struct dh_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return dh_arena_alloc(arena, count * size);
}

struct dh_str dh_arena_copy(struct dh_arena *arena, struct dh_str s)
{
    char *copy = dh_arena_alloc(arena, s.len + 1);
    if (!copy)
        return DH_STR_NONE;
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return (struct dh_str){copy, s.len};
}

struct dh_str dh_arena_lower(struct dh_arena *arena, struct dh_str s)
{
    struct dh_str copy = dh_arena_copy(arena, s);
    char *text = (char *)copy.ptr;
    for (size_t i = 0; i < copy.len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] + 32);
    return copy;
}

struct dh_str dh_arena_upper(struct dh_arena *arena, struct dh_str s)
{
    struct dh_str copy = dh_arena_copy(arena, s);
    char *text = (char *)copy.ptr;
    for (size_t i = 0; i < copy.len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 32);
    return copy;
}

struct dh_str dh_arena_join(struct dh_arena *arena, const struct dh_str *parts, size_t count)
{
    size_t length = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        length += parts[i].len;
    char *text = dh_arena_alloc(arena, length + 1);
    if (!text)
        return DH_STR_NONE;
    for (size_t i = 0; i < count; at += parts[i].len, i++)
        if (parts[i].len)
            memcpy(text + at, parts[i].ptr, parts[i].len);
    return (struct dh_str){text, length};
}

struct dh_str dh_arena_format(struct dh_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : dh_arena_alloc(arena, (size_t)len + 1);
    if (!text)
        return DH_STR_NONE;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (struct dh_str){text, (size_t)len};
}
