/*
 * Tally: in how many records each thing stands, so that questions can be asked whose hits run from
 * one to nearly all.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum tally_kind {
    TALLY_WORD,  /* of the English vocabulary, in titles and descriptions */
    TALLY_TITLE, /* the same in titles alone */
    TALLY_SUBJECT_WORD,
    TALLY_FAMILY,
    TALLY_PERSON, /* with ORCID, as creator */
    TALLY_ORGANISATION,
    TALLY_CLIENT,
    TALLY_PROVIDER,
    TALLY_FUNDER,
    TALLY_MONTH,  /* of the last update, since January 1970 */
    TALLY_ORIGIN, /* a record that others are derived from */
    TALLY_KINDS
};

/* A row per thing of a kind; rows are there once they are counted. */
struct tally_row {
    uint32_t records;
    uint32_t last; /* the record counted last, plus one: none is counted twice */
};

struct tally {
    bool on;
    bool failed; /* out of memory */
    struct tally_row *rows[TALLY_KINDS];
    uint32_t room[TALLY_KINDS];
};

void tally_count(struct tally *tally, enum tally_kind kind, uint64_t thing, uint64_t record);
void tally_release(struct tally *tally);

enum { TALLY_STEPS = 24 };

/*
 * Things of a kind whose numbers of records go down in even steps from the most frequent to 1; no
 * thing twice. Returns how many, up to TALLY_STEPS. 0 also when out of memory.
 */
unsigned tally_steps(const struct tally *tally, enum tally_kind kind, uint32_t out[TALLY_STEPS]);

#endif
