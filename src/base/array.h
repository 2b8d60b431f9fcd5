/*
 * array: arrays that double when they are full. Whoever has one keeps a pointer to its items, how
 * many they are, and for how many there is room.
 */
#ifndef DH_ARRAY_H
#define DH_ARRAY_H

#include "base/arena.h"

/*
 * Makes room for at least `need` items of `size` bytes in an array from malloc (NULL at first, with
 * *room 0): `items` itself when there is room, else the array where it is now. NULL out of memory
 * or when the bytes cannot be counted; then array and *room are as they were.
 */
void *dh_array_reserve(void *items, size_t *room, size_t need, size_t size);
/* The same in an arena, where the smaller array stays behind. What is new is zeroed. */
void *dh_arena_reserve(struct dh_arena *arena, void *items, size_t *room, size_t need, size_t size);

#endif
