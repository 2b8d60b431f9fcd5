/*
 * Kinds: what a code point is to the cutting of words. The classes of UAX #29, with those that
 * Lucene's standard tokenizer adds: ideographs, South-East-Asian letters, emoji.
 */
#ifndef DH_QUERY_KINDS_H
#define DH_QUERY_KINDS_H

#include "base/base.h"

enum dh_kind {
    DH_KIND_OTHER,
    DH_KIND_LETTER, /* Hebrew letters aside */
    DH_KIND_HEBREW,
    DH_KIND_DIGIT,
    DH_KIND_KATAKANA,
    DH_KIND_LOW,      /* _ and the like: joins letters and digits */
    DH_KIND_MID_WORD, /* : between letters */
    DH_KIND_MID_NUMBER,
    DH_KIND_MID_BOTH, /* . between letters or between digits */
    DH_KIND_SINGLE,   /* ' */
    DH_KIND_DOUBLE,   /* " */
    DH_KIND_EXTEND,   /* marks and format characters: part of what they follow */
    DH_KIND_JOINER,   /* of emoji */
    DH_KIND_AS_EMOJI, /* selectors of how an emoji shows */
    DH_KIND_AS_TEXT,
    DH_KIND_KEYCAP,
    DH_KIND_ASIAN,      /* South-East-Asian letter */
    DH_KIND_ASIAN_MARK, /* the same, and a mark */
    DH_KIND_ONE,        /* ideograph or Hiragana: a word by itself */
    DH_KIND_FLAG,       /* half of a flag */
    DH_KIND_EMOJI,
    DH_KIND_EMOJI_BASE, /* takes a skin colour */
    DH_KIND_SKIN,
    DH_KIND_KEY, /* # and *: may stand under a keycap */
    DH_KINDS
};

/* Of each ASCII letter and digit its lower case, 0 for all other bytes. */
extern const unsigned char dh_kind_lower[256];
/* Of each ASCII character its kind. */
extern const unsigned char dh_kind_ascii[128];
enum dh_kind dh_kind_of(uint32_t c);

#endif
