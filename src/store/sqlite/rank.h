/*
 * rank: how well records match a query, as Lucene has it. TERM and PHRASE score by BM25 (k1 1.2,
 * b 0.75) over exact document lengths, times their boost; whole values have no length; all other
 * leaves score their boost. A BOOL is the sum of its parts that match, a BEST the best of them.
 */
#ifndef DH_SQ_RANK_H
#define DH_SQ_RANK_H

#include "store/sqlite/eval.h"

/*
 * The records that match the tree, as dh_sq_eval_node would find them, and the score of each as a
 * number that sorts likewise: keys[slot], from 1 on, 0 for the others. Both in the arena.
 */
enum dh_status dh_sq_rank(struct dh_sq_reader *reader, const struct dh_sq_columns *columns,
                          const struct dh_node *root, uint32_t **keys, struct dh_sq_bits **matches,
                          struct dh_arena *arena, struct dh_err *err);

/* norms.c: what BM25 wants to know of a field. */
struct dh_sq_norm {
    struct dh_sq_norm *next;
    enum dh_source sources[4];
    size_t source_count;
    uint32_t records;  /* living ones with a value */
    double words;      /* of all of them */
    uint32_t *lengths; /* words per slot; NULL for whole values */
};
/*
 * The norm of a field for the columns as they are, made on first use and kept in the store until
 * the columns move. Borrowed while the columns are entered.
 */
enum dh_status dh_sq_norm_get(struct dh_sq_eval *eval, const struct dh_field *field,
                              const struct dh_sq_norm **out);
/* The kept norms of a store. */
struct dh_sq_norms;
struct dh_sq_norms *dh_sq_norms_new(void);
void dh_sq_norms_free(struct dh_sq_norms *norms);

#endif
