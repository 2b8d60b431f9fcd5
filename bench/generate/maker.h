/*
 * Maker: what every part of a record is written with.
 */
#ifndef MAKER_H
#define MAKER_H

#include "dice.h"
#include "line.h"
#include "tally.h"
#include "words.h"

struct maker {
    struct line line;
    struct dice dice; /* of the record at hand */
    struct words words;
    struct zipf subjects, funders, clients, providers;
    struct tally tally; /* counts nothing unless values were asked for */
    uint64_t seed;
    uint64_t record;
};

/* False: out of memory. */
bool maker_init(struct maker *m, uint64_t seed);
void maker_release(struct maker *m);

#endif
