/*
 * Regular expressions in the making: terms that are shared where equal (each has a number), and
 * their derivatives: what is left to match after a code point. The different derivatives of an
 * expression are the states of its automaton, so complement and intersection need nothing special.
 */
#ifndef DH_QUERY_REGEX_PARTS_H
#define DH_QUERY_REGEX_PARTS_H

#include "base/base.h"

enum dh_regex_kind {
    DH_REGEX_CONSTANT, /* one of the first three */
    DH_REGEX_SET,      /* one code point, `a` to `b` */
    DH_REGEX_CHAIN,    /* `a`, then `b` */
    DH_REGEX_ANY_OF,   /* of the list of `b` terms at `a` */
    DH_REGEX_ALL_OF,
    DH_REGEX_NOT,
    DH_REGEX_REPEAT /* `a`, `b` to `c` times */
};

/* The first three terms of all: nothing, the empty text, any text. */
enum { DH_REGEX_NOTHING, DH_REGEX_EMPTY, DH_REGEX_ANYTHING, DH_REGEX_FIXED };
#define DH_REGEX_ENDLESS UINT32_MAX
#define DH_REGEX_TOP     0x10FFFF

struct dh_regex_term {
    uint32_t a, b, c;
    uint32_t state; /* number of the automaton's state, once it has one */
    uint32_t turn;  /* of derivation in which `left` was found */
    uint32_t left;
    uint32_t pass;   /* over a list, in which a longer chain was found to hold all of this */
    uint16_t height; /* of terms in each other: how deep recursion goes */
    uint8_t kind;
    bool empty; /* matches the empty text */
};

struct dh_regex_terms {
    struct dh_regex_term *terms;
    size_t count, cap;
    uint32_t *table; /* of numbers by hash; 0 is free */
    size_t table_size;
    uint32_t *lists;
    size_t list_count, list_cap;
    uint32_t *stack; /* lists being put together */
    size_t depth, stack_cap;
    uint32_t turn, pass;
    size_t work;           /* so far, up to DH_REGEX_WORK_MAX */
    enum dh_status status; /* the first failure: DH_LIMIT or DH_MEMORY; then all is NOTHING */
};

void dh_regex_terms_init(struct dh_regex_terms *terms);
void dh_regex_terms_release(struct dh_regex_terms *terms);
uint32_t dh_regex_set(struct dh_regex_terms *terms, uint32_t first, uint32_t last);
uint32_t dh_regex_chain(struct dh_regex_terms *terms, uint32_t a, uint32_t b);
uint32_t dh_regex_repeat(struct dh_regex_terms *terms, uint32_t a, uint32_t least, uint32_t most);
uint32_t dh_regex_not(struct dh_regex_terms *terms, uint32_t a);
/* Lists are put together on the stack: push each, then join what lies above `base`. */
void dh_regex_push(struct dh_regex_terms *terms, uint32_t a);
uint32_t dh_regex_any_of(struct dh_regex_terms *terms, size_t base);
uint32_t dh_regex_all_of(struct dh_regex_terms *terms, size_t base);
uint32_t dh_regex_chain_of(struct dh_regex_terms *terms, size_t base);
uint32_t dh_regex_either(struct dh_regex_terms *terms, uint32_t a, uint32_t b);
/* Decimal numbers from `least` to `most`: written with that many digits, or 0: with any number of
 * leading zeros. */
uint32_t dh_regex_interval(struct dh_regex_terms *terms, uint32_t least, uint32_t most,
                           size_t digits);
/* What is left of `a` after the code point. */
uint32_t dh_regex_after(struct dh_regex_terms *terms, uint32_t a, uint32_t point);

/* Reads Lucene's syntax. DH_INVALID, DH_LIMIT, DH_MEMORY. */
enum dh_status dh_regex_parse(struct dh_regex_terms *terms, struct dh_str text, uint32_t *out,
                              struct dh_err *err);

#endif
