#include "store/sqlite/rank.h"

#include <math.h>

#define BM25_K1 1.2
#define BM25_B  0.75

/* Scores by slot, as many as the columns have slots. */
struct scores {
    struct scores *next; /* of the idle ones */
    float *of;
};

struct rank {
    struct dh_sq_eval eval;
    struct scores *idle; /* all zero */
};

static struct scores *take(struct rank *rank)
{
    struct scores *scores = rank->idle;
    if (scores) {
        rank->idle = scores->next;
        return scores;
    }
    struct dh_arena *arena = rank->eval.arena;
    scores = dh_arena_alloc(arena, sizeof(*scores));
    if (scores && (scores->of = dh_arena_array(arena, (size_t)rank->eval.columns->count + 1,
                                               sizeof(*scores->of))) != NULL)
        return scores;
    dh_fail(rank->eval.err, DH_MEMORY, "out of memory for a query");
    return NULL;
}

/* Whoever gives scores back has made them zero. */
static void give(struct rank *rank, struct scores *scores)
{
    scores->next = rank->idle;
    rank->idle = scores;
}

/* Adds the score of every record that matches the node, and its bit. */
static enum dh_status score(struct rank *rank, const struct dh_node *node, double boost,
                            struct scores *out, struct dh_sq_bits *matches);

/* ---- leaves ----------------------------------------------------------------------------------- */

/* Calls for each slot of `bits`, ascending. */
#define EACH_SLOT(rank, bits, slot)                                                                \
    for (size_t i_ = 0; i_ < (rank)->eval.word_count; i_++)                                        \
        for (uint64_t word_ = (bits)->words[i_], slot = 0;                                         \
             word_ && (slot = i_ * 64 + (uint64_t)__builtin_ctzll(word_), true);                   \
             word_ &= word_ - 1)

static void add_bits(const struct rank *rank, const struct dh_sq_bits *from, struct dh_sq_bits *to)
{
    for (size_t i = 0; i < rank->eval.word_count; i++)
        to->words[i] |= from->words[i];
}

/* Adds BM25 of the frequencies, which are all zero again afterwards. */
static void add_bm25(struct rank *rank, const struct dh_sq_norm *norm, double weight,
                     const struct dh_sq_bits *hits, struct scores *frequencies, struct scores *out)
{
    double mean = norm->records ? norm->words / norm->records : 1;
    double fixed = norm->lengths ? BM25_K1 * (1 - BM25_B) : BM25_K1;
    double per_word = norm->lengths && mean > 0 ? BM25_K1 * BM25_B / mean : 0;
    EACH_SLOT(rank, hits, slot)
    {
        double frequency = frequencies->of[slot];
        double length = norm->lengths ? norm->lengths[slot] : 0;
        out->of[slot] += (float)(weight * frequency / (frequency + fixed + per_word * length));
        frequencies->of[slot] = 0;
    }
}

static double idf(double records, double hits)
{
    return log(1 + (records - hits + 0.5) / (hits + 0.5));
}

/* Hits of a word in one source, and how often it occurs in each. */
static enum dh_status count_word(struct rank *rank, enum dh_source source, struct dh_str word,
                                 struct dh_sq_bits *hits, struct scores *frequencies)
{
    struct dh_sq_postings *postings;
    size_t count;
    uint32_t hint = 0;
    struct dh_sq_eval *eval = &rank->eval;
    enum dh_status status = dh_sq_index_find(eval->reader, (unsigned)source, word, true, &postings,
                                             &count, eval->arena, eval->err);
    for (size_t i = 0; i < count && !status; i++) {
        struct dh_sq_cursor cursor;
        dh_sq_cursor_start(&cursor, &postings[i]);
        while (dh_sq_cursor_next(&cursor)) {
            uint32_t slot = dh_sq_slot_after(eval->columns, cursor.number, &hint);
            if (slot == UINT32_MAX)
                continue;
            dh_sq_bits_set(hits, slot);
            frequencies->of[slot] += (float)cursor.times;
        }
    }
    return status;
}

struct phrase_hits {
    struct dh_sq_bits *hits;
    struct scores *frequencies;
};

static void phrase_hit(void *context, uint32_t slot, double frequency)
{
    struct phrase_hits *found = context;
    dh_sq_bits_set(found->hits, slot);
    found->frequencies->of[slot] += (float)frequency;
}

/* The sum of the idf of a phrase's words. */
static enum dh_status phrase_idf(struct rank *rank, const struct dh_node *node,
                                 const struct dh_sq_norm *norm, double *out)
{
    struct dh_sq_eval *eval = &rank->eval;
    enum dh_status status = DH_OK;
    *out = 0;
    for (size_t i = 0; i < node->word_count && !status; i++) {
        struct dh_sq_bits *bits = dh_sq_bits_take(eval);
        if (!bits)
            return DH_MEMORY;
        for (size_t s = 0; s < node->field->source_count && !status; s++)
            status = dh_sq_eval_term(eval, node->field->sources[s], node->words[i], bits);
        *out += idf(norm->records, (double)dh_sq_bits_count(eval, bits));
        dh_sq_bits_give(eval, bits);
    }
    return status;
}

static enum dh_status find(struct rank *rank, const struct dh_node *node,
                           const struct dh_sq_norm *norm, struct phrase_hits *found, double *weight)
{
    struct dh_sq_eval *eval = &rank->eval;
    enum dh_status status = DH_OK;
    if (node->kind == DH_NODE_PHRASE) {
        status = dh_sq_phrase_find(eval, node, true, phrase_hit, found);
        return status ? status : phrase_idf(rank, node, norm, weight);
    }
    for (size_t i = 0; i < node->field->source_count && !status; i++)
        status =
            count_word(rank, node->field->sources[i], node->value, found->hits, found->frequencies);
    *weight = idf(norm->records, (double)dh_sq_bits_count(eval, found->hits));
    return status;
}

/* A whole value occurs once, however many sources and array elements have it. */
static void level(struct rank *rank, struct phrase_hits *found)
{
    EACH_SLOT(rank, found->hits, slot)
    {
        found->frequencies->of[slot] = 1;
    }
}

static enum dh_status score_words(struct rank *rank, const struct dh_node *node, double boost,
                                  struct scores *out, struct dh_sq_bits *matches)
{
    struct phrase_hits found = {dh_sq_bits_take(&rank->eval), take(rank)};
    const struct dh_sq_norm *norm;
    double weight = 0;
    if (!found.hits || !found.frequencies)
        return DH_MEMORY;
    enum dh_status status = dh_sq_norm_get(&rank->eval, node->field, &norm);
    if (!status)
        status = find(rank, node, norm, &found, &weight);
    if (status)
        return status;
    if (node->field->type != DH_INDEX_TEXT)
        level(rank, &found);
    add_bm25(rank, norm, boost * weight, found.hits, found.frequencies, out);
    add_bits(rank, found.hits, matches);
    dh_sq_bits_give(&rank->eval, found.hits);
    give(rank, found.frequencies);
    return DH_OK;
}

static enum dh_status score_constant(struct rank *rank, const struct dh_node *node, double boost,
                                     struct scores *out, struct dh_sq_bits *matches)
{
    struct dh_sq_bits *bits = dh_sq_bits_take(&rank->eval);
    enum dh_status status = bits ? dh_sq_eval_node(&rank->eval, node, bits) : DH_MEMORY;
    if (status)
        return status;
    EACH_SLOT(rank, bits, slot)
    {
        out->of[slot] += (float)boost;
    }
    add_bits(rank, bits, matches);
    dh_sq_bits_give(&rank->eval, bits);
    return DH_OK;
}

/* ---- joining ---------------------------------------------------------------------------------- */

/* Moves what a part scored into `best` where it is better. */
static void keep_best(const struct rank *rank, const struct dh_sq_bits *hits, struct scores *here,
                      struct scores *best)
{
    EACH_SLOT(rank, hits, slot)
    {
        best->of[slot] = here->of[slot] > best->of[slot] ? here->of[slot] : best->of[slot];
        here->of[slot] = 0;
    }
}

/* Moves the scores of `from` to `to`, but only those of `wanted`. */
static void move_scores(const struct rank *rank, const struct dh_sq_bits *touched,
                        const struct dh_sq_bits *wanted, struct scores *from, struct scores *to)
{
    EACH_SLOT(rank, touched, slot)
    {
        if (dh_sq_bits_has(wanted, (uint32_t)slot))
            to->of[slot] += from->of[slot];
        from->of[slot] = 0;
    }
}

static enum dh_status score_best(struct rank *rank, const struct dh_node *node, double boost,
                                 struct scores *out, struct dh_sq_bits *matches)
{
    struct dh_sq_bits *all = dh_sq_bits_take(&rank->eval);
    struct scores *best = take(rank), *here = take(rank);
    enum dh_status status = all && best && here ? DH_OK : DH_MEMORY;
    for (size_t i = 0; i < node->node_count && !status; i++) {
        struct dh_sq_bits *hits = dh_sq_bits_take(&rank->eval);
        status = hits ? score(rank, node->nodes[i], boost, here, hits) : DH_MEMORY;
        if (status)
            return status;
        keep_best(rank, hits, here, best);
        add_bits(rank, hits, all);
        dh_sq_bits_give(&rank->eval, hits);
    }
    if (status)
        return status;
    move_scores(rank, all, all, best, out);
    add_bits(rank, all, matches);
    give(rank, best);
    give(rank, here);
    dh_sq_bits_give(&rank->eval, all);
    return DH_OK;
}

/* A BOOL at work: which records its parts leave, which they scored. */
struct joining {
    struct dh_sq_bits *left, *touched;
    struct scores *sum;
    bool must; /* a MUST has been met */
};

/* What a part does to the records that are left. */
static void join_bits(const struct rank *rank, enum dh_occur occur, const struct dh_sq_bits *hits,
                      struct joining *joining)
{
    for (size_t i = 0; i < rank->eval.word_count; i++) {
        uint64_t *left = &joining->left->words[i], here = hits->words[i];
        if (occur == DH_OCCUR_MUST_NOT)
            *left &= ~here;
        else if (occur == DH_OCCUR_MUST)
            *left = joining->must ? *left & here : here;
        else if (!joining->must)
            *left |= here;
    }
    joining->must = joining->must || occur == DH_OCCUR_MUST;
}

static enum dh_status join_part(struct rank *rank, const struct dh_node *part, double boost,
                                struct joining *joining)
{
    struct dh_sq_bits *hits = dh_sq_bits_take(&rank->eval);
    bool scores = part->occur != DH_OCCUR_MUST_NOT;
    if (!hits)
        return DH_MEMORY;
    enum dh_status status = scores ? score(rank, part, boost, joining->sum, hits)
                                   : dh_sq_eval_node(&rank->eval, part, hits);
    if (status)
        return status;
    join_bits(rank, part->occur, hits, joining);
    if (scores)
        add_bits(rank, hits, joining->touched);
    dh_sq_bits_give(&rank->eval, hits);
    return DH_OK;
}

static enum dh_status join_parts(struct rank *rank, const struct dh_node *node, double boost,
                                 struct joining *joining)
{
    static const enum dh_occur order[] = {DH_OCCUR_MUST, DH_OCCUR_SHOULD, DH_OCCUR_MUST_NOT};
    enum dh_status status = DH_OK;
    bool only_not = true;
    for (size_t i = 0; i < node->node_count; i++)
        only_not = only_not && node->nodes[i]->occur == DH_OCCUR_MUST_NOT;
    if (only_not)
        dh_sq_bits_all(&rank->eval, joining->left);
    for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++)
        for (size_t i = 0; i < node->node_count && !status; i++)
            if (node->nodes[i]->occur == order[o])
                status = join_part(rank, node->nodes[i], boost, joining);
    return status;
}

/* Only records that match the BOOL as a whole score by its parts. */
static enum dh_status score_bool(struct rank *rank, const struct dh_node *node, double boost,
                                 struct scores *out, struct dh_sq_bits *matches)
{
    struct joining joining = {.left = dh_sq_bits_take(&rank->eval),
                              .touched = dh_sq_bits_take(&rank->eval),
                              .sum = take(rank)};
    if (!joining.left || !joining.touched || !joining.sum)
        return DH_MEMORY;
    enum dh_status status = join_parts(rank, node, boost, &joining);
    if (status)
        return status;
    move_scores(rank, joining.touched, joining.left, joining.sum, out);
    add_bits(rank, joining.left, matches);
    give(rank, joining.sum);
    dh_sq_bits_give(&rank->eval, joining.left);
    dh_sq_bits_give(&rank->eval, joining.touched);
    return DH_OK;
}

static enum dh_status score(struct rank *rank, const struct dh_node *node, double boost,
                            struct scores *out, struct dh_sq_bits *matches)
{
    boost *= node->boost;
    if (node->kind == DH_NODE_NONE)
        return DH_OK;
    if (dh_sq_late(rank->eval.reader))
        return dh_fail(rank->eval.err, DH_LIMIT, "the query takes too long");
    if (node->kind == DH_NODE_BOOL)
        return score_bool(rank, node, boost, out, matches);
    if (node->kind == DH_NODE_BEST)
        return score_best(rank, node, boost, out, matches);
    bool words = node->kind == DH_NODE_TERM || node->kind == DH_NODE_PHRASE;
    if (words && node->field->home == DH_HOME_INDEX)
        return score_words(rank, node, boost, out, matches);
    return score_constant(rank, node, boost, out, matches);
}

enum dh_status dh_sq_rank(struct dh_sq_reader *reader, const struct dh_sq_columns *columns,
                          const struct dh_node *root, uint32_t **keys, struct dh_sq_bits **matches,
                          struct dh_arena *arena, struct dh_err *err)
{
    struct rank rank = {0};
    dh_sq_eval_init(&rank.eval, reader, columns, arena, err);
    struct scores *scores = take(&rank);
    *matches = dh_sq_bits_take(&rank.eval);
    *keys = dh_arena_array(arena, (size_t)columns->count + 1, sizeof(**keys));
    if (!scores || !*matches || !*keys)
        return dh_fail(err, DH_MEMORY, "out of memory for a query");
    enum dh_status status = score(&rank, root, 1, scores, *matches);
    if (status)
        return status;
    EACH_SLOT(&rank, *matches, slot)
    {
        /* The bits of floats that are not negative sort as the floats do. */
        uint32_t bits;
        float value = scores->of[slot] > 0 ? scores->of[slot] : 0;
        memcpy(&bits, &value, sizeof(bits));
        (*keys)[slot] = bits + 1;
    }
    return DH_OK;
}
