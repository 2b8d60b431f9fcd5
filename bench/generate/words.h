/*
 * Words: a vocabulary by frequency. The first some hundred are English; the others are made letter
 * by letter as those are, so that prefixes, lengths and neighbours of letters look natural. Here
 * and there a number or a code.
 */
#ifndef WORDS_H
#define WORDS_H

#include "dice.h"
#include "line.h"

enum { WORDS = 200000, WORD_MAX = 18, WORDS_COMMON = 300 };

struct word {
    unsigned char len;
    char text[WORD_MAX + 1];
};

struct words {
    struct word *list; /* by rank */
    struct zipf zipf;
    unsigned english; /* so many are from the list */
};

/* False: out of memory. */
bool words_init(struct words *words);
void words_release(struct words *words);
void put_word(struct line *line, const struct words *words, unsigned rank);
/* The same with a capital: part of a name. Ranks beyond the English ones only. */
void put_name(struct line *line, const struct words *words, unsigned k);
/* A word that often follows the one of the rank; which: below 4. */
unsigned word_after(const struct words *words, unsigned rank, unsigned which);

#endif
