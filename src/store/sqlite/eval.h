/*
 * eval: the records that match a tree, as one bit per slot of the columns. Leaves come from the
 * index (index.h), from columns, from relations or from the accounts; nodes join them word by word.
 */
#ifndef DH_SQ_EVAL_H
#define DH_SQ_EVAL_H

#include "store/sqlite/index.h"

struct dh_sq_bits {
    struct dh_sq_bits *next; /* of the idle ones */
    uint64_t *words;
};

/* One query at work. Everything lies in the arena. */
struct dh_sq_eval {
    struct dh_sq_reader *reader;
    const struct dh_sq_columns *columns;
    struct dh_arena *arena;
    struct dh_err *err;
    size_t word_count;          /* of one set of bits */
    struct dh_sq_bits *idle;    /* given back, to be used again */
    struct dh_explain *explain; /* or NULL */
    size_t step_room;
    unsigned depth;
};

/* Nanoseconds of a clock that only goes forward. */
int64_t dh_sq_clock(void);

/* Ready for the columns as they are; they stay entered until the last use. */
void dh_sq_eval_init(struct dh_sq_eval *eval, struct dh_sq_reader *reader,
                     const struct dh_sq_columns *columns, struct dh_arena *arena,
                     struct dh_err *err);
/* An empty set of bits, or NULL with *err filled; and giving it back. */
struct dh_sq_bits *dh_sq_bits_take(struct dh_sq_eval *eval);
void dh_sq_bits_give(struct dh_sq_eval *eval, struct dh_sq_bits *bits);
/* Sets the bits of all living slots. */
void dh_sq_bits_all(const struct dh_sq_eval *eval, struct dh_sq_bits *out);
uint64_t dh_sq_bits_count(const struct dh_sq_eval *eval, const struct dh_sq_bits *bits);
static inline void dh_sq_bits_set(struct dh_sq_bits *bits, uint32_t slot)
{
    bits->words[slot / 64] |= UINT64_C(1) << (slot % 64);
}
static inline bool dh_sq_bits_has(const struct dh_sq_bits *bits, uint32_t slot)
{
    return bits->words[slot / 64] >> (slot % 64) & 1;
}

/* Adds the living records that match a node to `out`. DH_LIMIT when the deadline passes. */
enum dh_status dh_sq_eval_node(struct dh_sq_eval *eval, const struct dh_node *node,
                               struct dh_sq_bits *out);

/* eval_leaf.c: the same for a node without children. */
enum dh_status dh_sq_eval_leaf(struct dh_sq_eval *eval, const struct dh_node *node,
                               struct dh_sq_bits *out);
/* eval_relation.c, eval_account.c: leaves of fields at home there. */
enum dh_status dh_sq_eval_relation(struct dh_sq_eval *eval, const struct dh_node *node,
                                   struct dh_sq_bits *out);
enum dh_status dh_sq_eval_account(struct dh_sq_eval *eval, const struct dh_node *node,
                                  struct dh_sq_bits *out);
/* All records with a value in an INDEX source. */
enum dh_status dh_sq_eval_present(struct dh_sq_eval *eval, enum dh_source source,
                                  struct dh_sq_bits *out);
/* All records with this term in an INDEX source. */
enum dh_status dh_sq_eval_term(struct dh_sq_eval *eval, enum dh_source source, struct dh_str term,
                               struct dh_sq_bits *out);

/*
 * phrase.c: calls `hit` for each living slot in which the words of a PHRASE stand together in one
 * of its field's sources, ascending within a source; with `counted` together with the sum of
 * 1 / (1 + displacement) over the places where they do, else with any number.
 */
typedef void (*dh_sq_phrase_fn)(void *context, uint32_t slot, double frequency);
enum dh_status dh_sq_phrase_find(struct dh_sq_eval *eval, const struct dh_node *phrase,
                                 bool counted, dh_sq_phrase_fn hit, void *context);

/*
 * The slot of a living number, or UINT32_MAX. *hint is where the last one of an ascending row of
 * numbers was found: the next is usually as many slots on as its number is higher.
 */
uint32_t dh_sq_slot_after(const struct dh_sq_columns *columns, uint32_t number, uint32_t *hint);

#endif
