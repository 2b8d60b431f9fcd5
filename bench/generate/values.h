/*
 * Values: what was counted, written as JSON: for each kind of value an array of
 * {"value":"...","records":n} from the frequent to the rare, beside it pairs of words that stand
 * next to each other.
 */
#ifndef VALUES_H
#define VALUES_H

#include "maker.h"

/* False: writing failed or memory ran out. */
bool values_write(struct maker *m, FILE *out);

#endif
