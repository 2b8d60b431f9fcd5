/* Nodes, and how the clauses of a group become one of them. */
#include "query/lower.h"

/* A boost grows no further: products of many stay finite. */
static const double boost_max = 1e30;

struct dh_node *dh_node_make(struct dh_lowering *l, enum dh_node_kind kind, size_t at, size_t end)
{
    struct dh_node *node = dh_arena_alloc(l->arena, sizeof(*node));
    if (!node)
        return NULL;
    size_t from = dh_rewriting_origin(l->rewriting, at);
    size_t to = dh_rewriting_origin(l->rewriting, end);
    node->kind = kind;
    node->boost = 1;
    node->text = (struct dh_str){l->query->given.ptr + from, to > from ? to - from : 0};
    return node;
}

void dh_node_boost(struct dh_node *node, double boost)
{
    if (!node || boost == 1)
        return;
    for (size_t i = 0; i < node->node_count; i++)
        dh_node_boost(node->nodes[i], boost);
    if (node->kind == DH_NODE_BOOL || node->kind == DH_NODE_BEST)
        return;
    node->boost *= boost;
    if (node->boost > boost_max)
        node->boost = boost_max;
}

static enum dh_status append(struct dh_lowering *l, struct dh_clauses *clauses,
                             struct dh_node *node)
{
    struct dh_node **items = dh_arena_reserve(l->arena, clauses->items, &clauses->cap,
                                              clauses->count + 1, sizeof(struct dh_node *));
    if (!items)
        return dh_lower_memory(l);
    clauses->items = items;
    clauses->items[clauses->count++] = node;
    return DH_OK;
}

/*
 * The default operator is AND, and AND and OR speak of the clause before them too, whatever it was
 * told before: `a OR b AND c` leaves only a optional. What is prohibited stays so.
 */
enum dh_status dh_clauses_add(struct dh_lowering *l, struct dh_clauses *clauses,
                              enum dh_conjunction conjunction, bool prohibited,
                              struct dh_node *node)
{
    bool either = conjunction == DH_CONJUNCTION_OR;
    if (clauses->count && conjunction != DH_CONJUNCTION_NONE) {
        struct dh_node *before = clauses->items[clauses->count - 1];
        if (before->occur != DH_OCCUR_MUST_NOT)
            before->occur = either ? DH_OCCUR_SHOULD : DH_OCCUR_MUST;
    }
    if (!node)
        return DH_OK;
    node->occur = prohibited ? DH_OCCUR_MUST_NOT : either ? DH_OCCUR_SHOULD : DH_OCCUR_MUST;
    return append(l, clauses, node);
}

/* ---- the end of a group --------------------------------------------------------------------- */

/* How many clauses of each kind. */
struct tally {
    size_t of[3];
};

static struct tally count(struct dh_node *const *nodes, size_t node_count)
{
    struct tally tally = {{0}};
    for (size_t i = 0; i < node_count; i++)
        tally.of[nodes[i]->occur]++;
    return tally;
}

/* Whether the clauses of a group can stand in the group around it, without changing what is found
 * or how it scores; `around` counts the clauses of that. */
static bool draws_in(const struct dh_node *group, const struct tally *around)
{
    if (group->kind != DH_NODE_BOOL)
        return false;
    struct tally own = count(group->nodes, group->node_count);
    bool only_should = own.of[DH_OCCUR_SHOULD] == group->node_count;
    if (group->occur == DH_OCCUR_SHOULD || group->occur == DH_OCCUR_MUST_NOT)
        return only_should;
    if (own.of[DH_OCCUR_MUST])
        return true;
    /* everything but ...: only where nothing else hangs on a clause that must be */
    return own.of[DH_OCCUR_MUST_NOT] == group->node_count && !around->of[DH_OCCUR_SHOULD];
}

static enum dh_status draw_in(struct dh_lowering *l, struct dh_clauses *to,
                              const struct dh_node *group)
{
    for (size_t i = 0; i < group->node_count; i++) {
        struct dh_node *node = group->nodes[i];
        if (group->occur != DH_OCCUR_MUST)
            node->occur = group->occur;
        enum dh_status status = append(l, to, node);
        if (status != DH_OK)
            return status;
    }
    return DH_OK;
}

/* One clause that should be, and none that must: it must. */
static void settle(struct dh_clauses *clauses)
{
    struct tally tally = count(clauses->items, clauses->count);
    if (tally.of[DH_OCCUR_MUST] || tally.of[DH_OCCUR_SHOULD] != 1)
        return;
    for (size_t i = 0; i < clauses->count; i++)
        if (clauses->items[i]->occur == DH_OCCUR_SHOULD)
            clauses->items[i]->occur = DH_OCCUR_MUST;
}

enum dh_status dh_clauses_end(struct dh_lowering *l, struct dh_clauses *clauses, size_t at,
                              size_t end, struct dh_node **out)
{
    struct dh_clauses flat = {0};
    settle(clauses);
    struct tally around = count(clauses->items, clauses->count);
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < clauses->count && status == DH_OK; i++) {
        struct dh_node *node = clauses->items[i];
        status = draws_in(node, &around) ? draw_in(l, &flat, node) : append(l, &flat, node);
    }
    *out = NULL;
    if (status != DH_OK || !flat.count)
        return status;
    if (flat.count == 1 && flat.items[0]->occur != DH_OCCUR_MUST_NOT) {
        *out = flat.items[0];
        return DH_OK;
    }
    *out = dh_node_make(l, DH_NODE_BOOL, at, end);
    if (!*out)
        return dh_lower_memory(l);
    (*out)->nodes = flat.items;
    (*out)->node_count = flat.count;
    return DH_OK;
}
