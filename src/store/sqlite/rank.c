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

static void give(struct rank *rank, struct scores *scores)
{
    memset(scores->of, 0, rank->eval.columns->count * sizeof(*scores->of));
    scores->next = rank->idle;
    rank->idle = scores;
}

static enum dh_status score(struct rank *rank, const struct dh_node *node, double boost,
                            struct scores *out);

/* ---- leaves ----------------------------------------------------------------------------------- */

/* Adds BM25 of the frequencies, which are all zero again afterwards. */
static void add_bm25(struct rank *rank, const struct dh_sq_norm *norm, double weight,
                     const struct dh_sq_bits *hits, struct scores *frequencies, struct scores *out)
{
    double mean = norm->records ? norm->words / norm->records : 1;
    double fixed = norm->lengths ? BM25_K1 * (1 - BM25_B) : BM25_K1;
    double per_word = norm->lengths && mean > 0 ? BM25_K1 * BM25_B / mean : 0;
    for (size_t i = 0; i < rank->eval.word_count; i++) {
        for (uint64_t word = hits->words[i]; word; word &= word - 1) {
            uint32_t slot = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(word));
            double frequency = frequencies->of[slot];
            double length = norm->lengths ? norm->lengths[slot] : 0;
            out->of[slot] += (float)(weight * frequency / (frequency + fixed + per_word * length));
            frequencies->of[slot] = 0;
        }
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
        status = dh_sq_phrase_find(eval, node, phrase_hit, found);
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
    for (uint32_t slot = 0; slot < rank->eval.columns->count; slot++)
        if (dh_sq_bits_has(found->hits, slot))
            found->frequencies->of[slot] = 1;
}

static enum dh_status score_words(struct rank *rank, const struct dh_node *node, double boost,
                                  struct scores *out)
{
    struct phrase_hits found = {dh_sq_bits_take(&rank->eval), take(rank)};
    const struct dh_sq_norm *norm;
    double weight = 0;
    if (!found.hits || !found.frequencies)
        return DH_MEMORY;
    enum dh_status status = dh_sq_norm_get(&rank->eval, node->field, &norm);
    if (!status)
        status = find(rank, node, norm, &found, &weight);
    if (!status && node->field->type != DH_INDEX_TEXT)
        level(rank, &found);
    if (!status)
        add_bm25(rank, norm, boost * weight, found.hits, found.frequencies, out);
    dh_sq_bits_give(&rank->eval, found.hits);
    /* Zero again, without another pass. */
    found.frequencies->next = rank->idle;
    rank->idle = found.frequencies;
    return status;
}

static enum dh_status score_constant(struct rank *rank, const struct dh_node *node, double boost,
                                     struct scores *out)
{
    struct dh_sq_bits *bits = dh_sq_bits_take(&rank->eval);
    enum dh_status status = bits ? dh_sq_eval_node(&rank->eval, node, bits) : DH_MEMORY;
    if (status)
        return status;
    for (uint32_t slot = 0; slot < rank->eval.columns->count; slot++)
        if (dh_sq_bits_has(bits, slot))
            out->of[slot] += (float)boost;
    dh_sq_bits_give(&rank->eval, bits);
    return DH_OK;
}

/* ---- joining ---------------------------------------------------------------------------------- */

static enum dh_status score_best(struct rank *rank, const struct dh_node *node, double boost,
                                 struct scores *out)
{
    struct scores *best = take(rank), *here = take(rank);
    enum dh_status status = best && here ? DH_OK : DH_MEMORY;
    uint32_t count = rank->eval.columns->count;
    for (size_t i = 0; i < node->node_count && !status; i++) {
        status = score(rank, node->nodes[i], boost, here);
        for (uint32_t slot = 0; slot < count && !status; slot++) {
            best->of[slot] = here->of[slot] > best->of[slot] ? here->of[slot] : best->of[slot];
            here->of[slot] = 0;
        }
    }
    for (uint32_t slot = 0; slot < count && !status; slot++)
        out->of[slot] += best->of[slot];
    if (best)
        give(rank, best);
    if (here)
        give(rank, here);
    return status;
}

/* Only records that match the BOOL as a whole score by its parts. */
static enum dh_status score_bool(struct rank *rank, const struct dh_node *node, double boost,
                                 struct scores *out)
{
    struct dh_sq_bits *bits = dh_sq_bits_take(&rank->eval);
    struct scores *sum = take(rank);
    enum dh_status status = bits && sum ? dh_sq_eval_node(&rank->eval, node, bits) : DH_MEMORY;
    for (size_t i = 0; i < node->node_count && !status; i++)
        if (node->nodes[i]->occur != DH_OCCUR_MUST_NOT)
            status = score(rank, node->nodes[i], boost, sum);
    for (uint32_t slot = 0; slot < rank->eval.columns->count && !status; slot++)
        if (dh_sq_bits_has(bits, slot))
            out->of[slot] += sum->of[slot];
    if (bits)
        dh_sq_bits_give(&rank->eval, bits);
    if (sum)
        give(rank, sum);
    return status;
}

/* Adds the score of every record that matches the node. */
static enum dh_status score(struct rank *rank, const struct dh_node *node, double boost,
                            struct scores *out)
{
    boost *= node->boost;
    if (node->kind == DH_NODE_NONE)
        return DH_OK;
    if (node->kind == DH_NODE_BOOL)
        return score_bool(rank, node, boost, out);
    if (node->kind == DH_NODE_BEST)
        return score_best(rank, node, boost, out);
    bool words = node->kind == DH_NODE_TERM || node->kind == DH_NODE_PHRASE;
    if (words && node->field->home == DH_HOME_INDEX)
        return score_words(rank, node, boost, out);
    return score_constant(rank, node, boost, out);
}

enum dh_status dh_sq_rank(struct dh_sq_reader *reader, const struct dh_sq_columns *columns,
                          const struct dh_node *root, uint32_t **keys, struct dh_arena *arena,
                          struct dh_err *err)
{
    struct rank rank = {0};
    dh_sq_eval_init(&rank.eval, reader, columns, arena, err);
    struct scores *scores = take(&rank);
    *keys = dh_arena_array(arena, (size_t)columns->count + 1, sizeof(**keys));
    if (!scores || !*keys)
        return dh_fail(err, DH_MEMORY, "out of memory for a query");
    enum dh_status status = score(&rank, root, 1, scores);
    for (uint32_t slot = 0; slot < columns->count && !status; slot++) {
        /* The bits of floats that are not negative sort as the floats do. */
        uint32_t bits;
        float value = scores->of[slot] > 0 ? scores->of[slot] : 0;
        memcpy(&bits, &value, sizeof(bits));
        (*keys)[slot] = bits + 1;
    }
    return status;
}
