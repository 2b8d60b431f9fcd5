#include "store/sqlite/eval.h"

#include <time.h>

void dh_sq_eval_init(struct dh_sq_eval *eval, struct dh_sq_reader *reader,
                     const struct dh_sq_columns *columns, struct dh_arena *arena,
                     struct dh_err *err)
{
    *eval = (struct dh_sq_eval){.reader = reader,
                                .columns = columns,
                                .arena = arena,
                                .err = err,
                                .word_count = (size_t)columns->count / 64 + 1};
}

struct dh_sq_bits *dh_sq_bits_take(struct dh_sq_eval *eval)
{
    struct dh_sq_bits *bits = eval->idle;
    if (bits) {
        eval->idle = bits->next;
        memset(bits->words, 0, eval->word_count * sizeof(*bits->words));
        return bits;
    }
    bits = dh_arena_alloc(eval->arena, sizeof(*bits));
    if (bits &&
        (bits->words = dh_arena_array(eval->arena, eval->word_count, sizeof(*bits->words))) != NULL)
        return bits;
    dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    return NULL;
}

void dh_sq_bits_give(struct dh_sq_eval *eval, struct dh_sq_bits *bits)
{
    bits->next = eval->idle;
    eval->idle = bits;
}

uint64_t dh_sq_bits_count(const struct dh_sq_eval *eval, const struct dh_sq_bits *bits)
{
    uint64_t count = 0;
    for (size_t i = 0; i < eval->word_count; i++)
        count += (uint64_t)__builtin_popcountll(bits->words[i]);
    return count;
}

uint32_t dh_sq_slot_after(const struct dh_sq_columns *columns, uint32_t number, uint32_t *hint)
{
    const uint32_t *numbers = columns->numbers;
    uint32_t low = *hint, high = columns->count;
    if (low >= high || number < numbers[low])
        return UINT32_MAX;
    /* Numbers ascend by at least one, so the slot is not beyond this one. */
    if (number - numbers[low] < high - low)
        high = low + (number - numbers[low]) + 1;
    low = numbers[high - 1] <= number ? high - 1 : low;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers[middle] <= number)
            low = middle;
        else
            high = middle;
    }
    *hint = low;
    return numbers[low] == number && columns->alive[low] ? low : UINT32_MAX;
}

/* ---- explaining ------------------------------------------------------------------------------- */

int64_t dh_sq_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Begins a step; its place in the list, for steps of its parts come behind it. */
static enum dh_status step_begin(struct dh_sq_eval *eval, const struct dh_node *node, size_t *place)
{
    struct dh_explain *explain = eval->explain;
    struct dh_explain_step *steps = dh_arena_reserve(eval->arena, explain->steps, &eval->step_room,
                                                     explain->step_count + 1, sizeof(*steps));
    if (!steps)
        return dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    explain->steps = steps;
    *place = explain->step_count++;
    explain->steps[*place] = (struct dh_explain_step){.depth = eval->depth, .node = node};
    return DH_OK;
}

static enum dh_status step_skipped(struct dh_sq_eval *eval, const struct dh_node *node)
{
    size_t place = 0;
    if (!eval->explain)
        return DH_OK;
    enum dh_status status = step_begin(eval, node, &place);
    if (!status)
        eval->explain->steps[place].skipped = true;
    return status;
}

/* ---- joining ---------------------------------------------------------------------------------- */

void dh_sq_bits_all(const struct dh_sq_eval *eval, struct dh_sq_bits *out)
{
    const uint8_t *alive = eval->columns->alive;
    for (uint32_t slot = 0; slot < eval->columns->count; slot++)
        out->words[slot / 64] |= (uint64_t)alive[slot] << (slot % 64);
}

static void bits_and(const struct dh_sq_eval *eval, struct dh_sq_bits *a,
                     const struct dh_sq_bits *b)
{
    for (size_t i = 0; i < eval->word_count; i++)
        a->words[i] &= b->words[i];
}

static void bits_and_not(const struct dh_sq_eval *eval, struct dh_sq_bits *a,
                         const struct dh_sq_bits *b)
{
    for (size_t i = 0; i < eval->word_count; i++)
        a->words[i] &= ~b->words[i];
}

static void bits_or(const struct dh_sq_eval *eval, struct dh_sq_bits *a, const struct dh_sq_bits *b)
{
    for (size_t i = 0; i < eval->word_count; i++)
        a->words[i] |= b->words[i];
}

static bool bits_empty(const struct dh_sq_eval *eval, const struct dh_sq_bits *bits)
{
    for (size_t i = 0; i < eval->word_count; i++)
        if (bits->words[i])
            return false;
    return true;
}

static size_t count_occur(const struct dh_node *node, enum dh_occur occur)
{
    size_t count = 0;
    for (size_t i = 0; i < node->node_count; i++)
        count += node->nodes[i]->occur == occur;
    return count;
}

/* How much work a node is, roughly: cheap ones go first and may make the others unnecessary. */
static int cost(const struct dh_node *node)
{
    static const int costs[] = {
        [DH_NODE_ALL] = 1,   [DH_NODE_NONE] = 0,   [DH_NODE_BOOL] = 5,   [DH_NODE_BEST] = 5,
        [DH_NODE_TERM] = 2,  [DH_NODE_PHRASE] = 6, [DH_NODE_PREFIX] = 4, [DH_NODE_GLOB] = 8,
        [DH_NODE_FUZZY] = 8, [DH_NODE_REGEX] = 9,  [DH_NODE_RANGE] = 4,  [DH_NODE_EXISTS] = 3,
    };
    int most = costs[node->kind];
    for (size_t i = 0; i < node->node_count; i++) {
        int part = cost(node->nodes[i]);
        most = part > most ? part : most;
    }
    return most;
}

/* The node that comes next among those of one `occur`: the cheapest not `done` yet. */
static size_t cheapest(const struct dh_node *node, enum dh_occur occur, const bool *done)
{
    size_t best = node->node_count;
    int least = 0;
    for (size_t i = 0; i < node->node_count; i++) {
        int here = node->nodes[i]->occur == occur && !done[i] ? cost(node->nodes[i]) : -1;
        if (here >= 0 && (best == node->node_count || here < least)) {
            best = i;
            least = here;
        }
    }
    return best;
}

/* Cuts `acc` down to (or, for MUST_NOT, by) one part. */
static enum dh_status narrow(struct dh_sq_eval *eval, const struct dh_node *part,
                             struct dh_sq_bits *acc)
{
    if (bits_empty(eval, acc))
        return step_skipped(eval, part);
    struct dh_sq_bits *bits = dh_sq_bits_take(eval);
    if (!bits)
        return DH_MEMORY;
    enum dh_status status = dh_sq_eval_node(eval, part, bits);
    if (!status && part->occur == DH_OCCUR_MUST)
        bits_and(eval, acc, bits);
    else if (!status)
        bits_and_not(eval, acc, bits);
    dh_sq_bits_give(eval, bits);
    return status;
}

static enum dh_status eval_musts(struct dh_sq_eval *eval, const struct dh_node *node,
                                 struct dh_sq_bits *acc)
{
    enum dh_status status = DH_OK;
    bool *done = dh_arena_array(eval->arena, node->node_count, sizeof(*done));
    if (!done)
        return dh_fail(eval->err, DH_MEMORY, "out of memory for a query");
    bool first = true;
    for (size_t i; !status && (i = cheapest(node, DH_OCCUR_MUST, done)) < node->node_count;) {
        done[i] = true;
        status =
            first ? dh_sq_eval_node(eval, node->nodes[i], acc) : narrow(eval, node->nodes[i], acc);
        first = false;
    }
    return status;
}

/* Optional parts of a BOOL that has a MUST change scores only. */
static enum dh_status eval_shoulds(struct dh_sq_eval *eval, const struct dh_node *node, bool wanted,
                                   struct dh_sq_bits *acc)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->node_count && !status; i++) {
        if (node->nodes[i]->occur != DH_OCCUR_SHOULD)
            continue;
        status = wanted ? dh_sq_eval_node(eval, node->nodes[i], acc)
                        : step_skipped(eval, node->nodes[i]);
    }
    return status;
}

static enum dh_status eval_bool(struct dh_sq_eval *eval, const struct dh_node *node,
                                struct dh_sq_bits *out)
{
    struct dh_sq_bits *acc = dh_sq_bits_take(eval);
    bool must = count_occur(node, DH_OCCUR_MUST) > 0;
    bool should = count_occur(node, DH_OCCUR_SHOULD) > 0;
    if (!acc)
        return DH_MEMORY;
    enum dh_status status = must ? eval_musts(eval, node, acc) : DH_OK;
    if (!must && !should)
        dh_sq_bits_all(eval, acc);
    if (!status)
        status = eval_shoulds(eval, node, !must, acc);
    for (size_t i = 0; i < node->node_count && !status; i++)
        if (node->nodes[i]->occur == DH_OCCUR_MUST_NOT)
            status = narrow(eval, node->nodes[i], acc);
    if (!status)
        bits_or(eval, out, acc);
    dh_sq_bits_give(eval, acc);
    return status;
}

static enum dh_status eval_best(struct dh_sq_eval *eval, const struct dh_node *node,
                                struct dh_sq_bits *out)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < node->node_count && !status; i++)
        status = dh_sq_eval_node(eval, node->nodes[i], out);
    return status;
}

static enum dh_status eval_kind(struct dh_sq_eval *eval, const struct dh_node *node,
                                struct dh_sq_bits *out)
{
    if (node->kind == DH_NODE_NONE)
        return DH_OK;
    if (node->kind == DH_NODE_ALL) {
        dh_sq_bits_all(eval, out);
        return DH_OK;
    }
    if (node->kind == DH_NODE_BOOL)
        return eval_bool(eval, node, out);
    if (node->kind == DH_NODE_BEST)
        return eval_best(eval, node, out);
    return dh_sq_eval_leaf(eval, node, out);
}

/* With a step of its own, a node needs bits of its own: what is in `out` already is not its hit. */
static enum dh_status eval_step(struct dh_sq_eval *eval, const struct dh_node *node,
                                struct dh_sq_bits *out)
{
    size_t place = 0;
    int64_t start = dh_sq_clock();
    struct dh_sq_bits *bits = dh_sq_bits_take(eval);
    enum dh_status status = bits ? step_begin(eval, node, &place) : DH_MEMORY;
    if (status)
        return status;
    eval->depth++;
    status = eval_kind(eval, node, bits);
    eval->depth--;
    struct dh_explain_step *step = &eval->explain->steps[place];
    step->hits = dh_sq_bits_count(eval, bits);
    step->nanoseconds = dh_sq_clock() - start;
    bits_or(eval, out, bits);
    dh_sq_bits_give(eval, bits);
    return status;
}

enum dh_status dh_sq_eval_node(struct dh_sq_eval *eval, const struct dh_node *node,
                               struct dh_sq_bits *out)
{
    if (dh_sq_late(eval->reader))
        return dh_fail(eval->err, DH_LIMIT, "the query takes too long");
    return eval->explain ? eval_step(eval, node, out) : eval_kind(eval, node, out);
}
