/*
 * Words: how text becomes terms, as Lucene's standard analyser does it: Unicode words (UAX #29)
 * that hold a letter, digit, ideograph or the like, lower case per code point, cut at 255
 * characters, no stemming, no stop words. DH_WORDS_VERSION goes up with every change of what comes
 * out: indexes made with another version are made anew.
 */
#ifndef DH_QUERY_WORDS_H
#define DH_QUERY_WORDS_H

#include "base/base.h"

enum { DH_WORDS_VERSION = 1, DH_WORD_MAX = 255 /* UTF-16 units */, DH_VALUE_GAP = 100 };

struct dh_word {
    struct dh_str text; /* lower case; borrowed until the next call with the same dh_words */
    uint32_t place;     /* 0, 1, 2, ... in this text */
};

/* Where a text stands, with room for one word. Nothing to release. */
struct dh_words {
    struct dh_str text;
    size_t at;
    size_t dead; /* no word begins with a low line before this: keeps long runs of them linear */
    uint32_t place;
    char lower[4 * DH_WORD_MAX];
};

void dh_words_start(struct dh_words *words, struct dh_str text);
bool dh_words_next(struct dh_words *words, struct dh_word *out);

/* Lower case per code point, not longer rules of a language; as indexed. In the arena, or the text
 * itself when nothing changes. ptr NULL when out of memory. */
struct dh_str dh_text_lower(struct dh_arena *arena, struct dh_str text);
/* Lower case, and Latin letters, digits and signs in plain ASCII, as Lucene folds them (all but
 * some rare signs). */
struct dh_str dh_text_fold(struct dh_arena *arena, struct dh_str text);
/* The bare lower-case DOI of any of its forms (bare, doi:, http(s)://(dx.)doi.org/); else ptr NULL.
 */
struct dh_str dh_text_doi(struct dh_arena *arena, struct dh_str text);

/*
 * Numbers as terms whose bytewise order is that of the numbers: 8 bytes, high byte first, sign bit
 * flipped (negative doubles inverted). For DATE (ms), INTEGER, FLOAT, BOOLEAN sources of the index.
 */
enum { DH_NUMBER_TERM = 8 };
void dh_term_of_integer(int64_t value, char out[DH_NUMBER_TERM]);
void dh_term_of_double(double value, char out[DH_NUMBER_TERM]);

#endif
