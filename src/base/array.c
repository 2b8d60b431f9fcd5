#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 8 };

/* 0 when the bytes cannot be counted. */
static size_t larger(size_t room, size_t need, size_t size)
{
    size_t wanted = room > SIZE_MAX / 2 ? SIZE_MAX : 2 * room;
    wanted = wanted < ROOM_FIRST ? ROOM_FIRST : wanted;
    wanted = wanted < need ? need : wanted;
    return wanted > SIZE_MAX / size ? 0 : wanted;
}

void *dh_array_reserve(void *items, size_t *room, size_t need, size_t size)
{
    if (items && need <= *room)
        return items;
    size_t wanted = larger(*room, need, size);
    void *grown = wanted ? realloc(items, wanted * size) : NULL;
    if (grown)
        *room = wanted;
    return grown;
}

void *dh_arena_reserve(struct dh_arena *arena, void *items, size_t *room, size_t need, size_t size)
{
    if (items && need <= *room)
        return items;
    size_t wanted = larger(*room, need, size);
    void *grown = wanted ? dh_arena_array(arena, wanted, size) : NULL;
    if (grown && items && *room)
        memcpy(grown, items, *room * size);
    if (grown)
        *room = wanted;
    return grown;
}
