/*
 * Lexer: the rewritten text of a query as tokens, by the rules of Lucene's classic query parser:
 * the longest token wins, of two equally long ones the one that stands earlier in the list below.
 * Within [...] and {...}, and after ^, other tokens are known than elsewhere.
 */
#ifndef DH_QUERY_LEXER_H
#define DH_QUERY_LEXER_H

#include "base/base.h"

enum dh_token_kind {
    DH_TOKEN_END,
    DH_TOKEN_BAD,    /* no token begins here; always the last one */
    DH_TOKEN_AND,    /* AND && */
    DH_TOKEN_OR,     /* OR || */
    DH_TOKEN_NOT,    /* NOT ! */
    DH_TOKEN_PLUS,   /* + */
    DH_TOKEN_MINUS,  /* - */
    DH_TOKEN_BARE,   /* one of + - ! and white space: a term of one character */
    DH_TOKEN_OPEN,   /* ( */
    DH_TOKEN_CLOSE,  /* ) */
    DH_TOKEN_COLON,  /* : */
    DH_TOKEN_STAR,   /* * alone */
    DH_TOKEN_CARET,  /* ^; a number must follow at once */
    DH_TOKEN_QUOTED, /* "..." */
    DH_TOKEN_TERM,
    DH_TOKEN_FUZZY,    /* ~ and what sticks to it */
    DH_TOKEN_PREFIX,   /* a term and * */
    DH_TOKEN_WILD,     /* a term with * and ? anywhere */
    DH_TOKEN_REGEX,    /* /.../ */
    DH_TOKEN_RANGE_IN, /* [ */
    DH_TOKEN_RANGE_EX, /* { */
    DH_TOKEN_NUMBER,   /* after ^ */
    DH_TOKEN_TO,       /* within a range, as all that follow */
    DH_TOKEN_END_IN,   /* ] */
    DH_TOKEN_END_EX,   /* } */
    DH_TOKEN_BOUND_QUOTED,
    DH_TOKEN_BOUND
};

struct dh_token {
    enum dh_token_kind kind;
    uint32_t at, len; /* bytes of the text */
};

/* Two END tokens stand behind the last one, so that a look ahead finds something. */
struct dh_tokens {
    struct dh_token *items;
    const char *trouble; /* a BAD one: what is wrong there */
};

/* In the arena. DH_MEMORY. Text of 4 GB or more is no query. */
enum dh_status dh_query_lex(struct dh_str text, struct dh_tokens *out, struct dh_arena *arena,
                            struct dh_err *err);

#endif
