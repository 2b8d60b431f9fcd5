/*
 * Lowering: what the grammar reads (a field or none, and what is asked of it) becomes nodes of the
 * tree, with names resolved and values in indexed form. Shared by parse*.c, lower*.c, clauses.c and
 * escape.c; nothing outside src/query includes it.
 */
#ifndef DH_QUERY_LOWER_H
#define DH_QUERY_LOWER_H

#include "query/lexer.h"
#include "query/rewrite.h"
#include "query/words.h"

/* One query being read. */
struct dh_lowering {
    enum dh_query_domain domain;
    const struct dh_rewriting *rewriting;
    struct dh_query *query; /* what comes out */
    size_t leaves;
    struct dh_str unknown[DH_QUERY_WARNINGS_MAX]; /* names that were warned of */
    struct dh_arena *arena;
    struct dh_str *why;
    struct dh_err *err;
};

/* The field that a clause names; without one the domain's default fields are meant. */
struct dh_target {
    bool named;
    struct dh_str name; /* * in it stands for anything */
    size_t at;          /* byte of the rewritten text */
};

enum dh_ask_kind {
    DH_ASK_TEXT, /* words or a whole value */
    DH_ASK_QUOTED,
    DH_ASK_PREFIX,
    DH_ASK_GLOB,
    DH_ASK_FUZZY,
    DH_ASK_REGEX,
    DH_ASK_RANGE,
    DH_ASK_EXISTS
};

/* What is asked of a field. */
struct dh_ask {
    enum dh_ask_kind kind;
    struct dh_str text;      /* without escapes; GLOB and REGEX with them */
    unsigned slop;           /* QUOTED, and the edits of FUZZY */
    struct dh_str low, high; /* RANGE; ptr NULL is open */
    bool low_in, high_in;
    size_t low_at, high_at; /* bytes of the rewritten text */
    size_t at, end;         /* bytes of the rewritten text */
    bool lenient;           /* fields that cannot hold such a value are left out */
    bool cut;               /* `words` are made */
    struct dh_str *words;   /* of `text` */
    uint32_t *places;
    size_t word_count;
};

/* *out is NULL when nothing is left to search: text without words. */
enum dh_status dh_lower(struct dh_lowering *l, const struct dh_target *target, struct dh_ask *ask,
                        struct dh_node **out);
/* A node without others in it, counted against the limit of clauses. `field` may be NULL. */
enum dh_status dh_lower_leaf(struct dh_lowering *l, enum dh_node_kind kind,
                             const struct dh_field *field, const struct dh_ask *ask,
                             struct dh_node **out);
/* The same as dh_lower of one field. */
enum dh_status dh_lower_field(struct dh_lowering *l, const struct dh_field *field,
                              struct dh_ask *ask, struct dh_node **out);
/* Exact values and ranges of DATE, INTEGER, FLOAT and BOOLEAN fields into node->range. */
enum dh_status dh_lower_number(struct dh_lowering *l, const struct dh_field *field,
                               const struct dh_ask *ask, struct dh_node *node, bool *fits);
/*
 * The first and the last millisecond that a date means: of a year, month, day, hour, minute or
 * second. `year` allows years alone; without it a number that is no year is milliseconds.
 */
bool dh_date_period(struct dh_str text, bool year, int64_t *first, int64_t *last);

/* The grammar: fills l->query->root, nothing in it NULL. */
enum dh_status dh_parse_tokens(struct dh_lowering *l, const struct dh_tokens *tokens);

/* ---- nodes ---- */

/* NULL when out of memory; no error is set. */
struct dh_node *dh_node_make(struct dh_lowering *l, enum dh_node_kind kind, size_t at, size_t end);
/* Multiplies the boost into the leaves: every other node keeps 1. */
void dh_node_boost(struct dh_node *node, double boost);

/* The clauses of a group while it is read. */
struct dh_clauses {
    struct dh_node **items;
    size_t count, cap;
};
enum dh_conjunction { DH_CONJUNCTION_NONE, DH_CONJUNCTION_AND, DH_CONJUNCTION_OR };
/* Adds `node` (NULL: only what the conjunction does to the clause before it). */
enum dh_status dh_clauses_add(struct dh_lowering *l, struct dh_clauses *clauses,
                              enum dh_conjunction conjunction, bool prohibited,
                              struct dh_node *node);
/* The group as a node, groups within it drawn in where that changes nothing; NULL when empty. */
enum dh_status dh_clauses_end(struct dh_lowering *l, struct dh_clauses *clauses, size_t at,
                              size_t end, struct dh_node **out);

/* ---- failures ---- */

enum dh_status dh_lower_memory(struct dh_lowering *l);
/* The error of upstream for a query that cannot be parsed, and a sentence for people. */
enum dh_status dh_lower_refuse(struct dh_lowering *l, enum dh_status code, size_t at,
                               const char *why, ...) __attribute__((format(printf, 4, 5)));
/* DH_INVALID with another error of upstream. */
enum dh_status dh_lower_fail(struct dh_lowering *l, size_t at, const char *text, ...)
    __attribute__((format(printf, 3, 4)));
/* The sentence for people that goes with it. */
void dh_lower_tell(struct dh_lowering *l, const char *why, ...)
    __attribute__((format(printf, 2, 3)));
/* A warning, unless there are DH_QUERY_WARNINGS_MAX. */
enum dh_status dh_lower_warn_unknown(struct dh_lowering *l, struct dh_str name, size_t at);

/* Text without backslashes, \uXXXX resolved. *trouble (a constant) when that fails. In the arena;
 * `text` itself when there are none. ptr NULL only on trouble or out of memory. */
struct dh_str dh_query_unescape(struct dh_arena *arena, struct dh_str text, const char **trouble);

#endif
