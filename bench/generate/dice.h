/*
 * Dice: numbers that look random and are the same for the same seed, and the shapes that things in
 * the world have: shares, long tails, Zipf's law.
 */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The sequence of one record or of one thing. */
struct dice {
    uint64_t state;
};

/* The sequence that belongs to the i-th thing of a kind. */
struct dice dice_of(uint64_t kind, uint64_t i);

/* splitmix64 */
static inline uint64_t roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A number below n, all equally likely. */
static inline unsigned below(struct dice *dice, unsigned n)
{
    return (unsigned)((roll(dice) >> 32) * (uint64_t)n >> 32);
}

/* From 0 to below 1. */
static inline double fraction(struct dice *dice)
{
    return (double)(roll(dice) >> 11) * 0x1p-53;
}

static inline bool chance(struct dice *dice, unsigned percent)
{
    return below(dice, 100) < percent;
}

/* A rank below n; rank k comes up in proportion to 1/sqrt(k+1). */
unsigned popular(struct dice *dice, unsigned n);
/* About `mean`, never less than `least`, never more than `most`; long tail. */
unsigned around(struct dice *dice, unsigned least, double mean, unsigned most);

/* A text with its share of all. */
struct choice {
    unsigned weight;
    const char *value;
};

const char *choose(struct dice *dice, const struct choice *table, size_t count);

/*
 * Ranks by Zipf's law, drawn in constant time (Walker's alias method). The frequent ranks have a
 * table of their own, which stays in the nearest cache.
 */
struct zipf_table {
    struct zipf_slot *slots;
    unsigned first, count;
};

struct zipf {
    struct zipf_table head, tail;
    uint64_t head_share; /* of 2^64 */
};

/* Rank k of `count` in proportion to 1/(k+1+shift)^s. False: out of memory. */
bool zipf_init(struct zipf *zipf, unsigned count, double s, double shift);
void zipf_release(struct zipf *zipf);
unsigned zipf_draw(const struct zipf *zipf, struct dice *dice);

#endif
