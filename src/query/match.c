#include "query/match.h"

#include "query/match_phrase.h"
#include "query/pattern.h"
#include "query/values.h"
#include "query/words.h"

/* What the document at hand gives for one source that the tree names. */
struct supply {
    enum dh_source source;
    bool fetched, cut;
    struct dh_str *values;
    size_t count;
    struct dh_token *tokens; /* of TEXT, when they were asked for */
    size_t token_count;
};

/* A node made ready. */
struct test {
    const struct dh_node *node;
    struct test *tests; /* of node->nodes */
    struct dh_pattern *pattern;
    struct dh_str low, high; /* RANGE of numbers, as terms */
    size_t supplies[4];      /* of the field's sources */
};

struct dh_matcher {
    struct test root;
    struct supply *supplies;
    size_t supply_count, supply_cap;
    struct dh_arena *arena;
    /* of the document being tried */
    dh_document_fn document;
    void *context;
    struct dh_err *err;
};

static enum dh_status no_memory(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory for a query");
}

/* ---- making ready --------------------------------------------------------------------------- */

static bool numeric(enum dh_index type)
{
    return type == DH_INDEX_DATE || type == DH_INDEX_INTEGER || type == DH_INDEX_FLOAT ||
           type == DH_INDEX_BOOLEAN;
}

/* The place of a source among those that the tree names; a new one when it is the first time. */
static bool enlist(struct dh_matcher *matcher, enum dh_source source, size_t *at)
{
    for (*at = 0; *at < matcher->supply_count; (*at)++)
        if (matcher->supplies[*at].source == source)
            return true;
    struct supply *supplies =
        dh_arena_reserve(matcher->arena, matcher->supplies, &matcher->supply_cap,
                         matcher->supply_count + 1, sizeof(*supplies));
    if (!supplies)
        return false;
    matcher->supplies = supplies;
    matcher->supplies[matcher->supply_count++].source = source;
    return true;
}

static enum dh_status make_bounds(struct test *test, struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_range *range = &test->node->range;
    char *low = dh_arena_alloc(arena, DH_NUMBER_TERM),
         *high = dh_arena_alloc(arena, DH_NUMBER_TERM);
    if (!low || !high)
        return no_memory(err);
    if (test->node->field->type == DH_INDEX_FLOAT) {
        dh_term_of_double(range->from, low);
        dh_term_of_double(range->to, high);
    } else {
        dh_term_of_integer(range->least, low);
        dh_term_of_integer(range->most, high);
    }
    test->low = (struct dh_str){low, DH_NUMBER_TERM};
    test->high = (struct dh_str){high, DH_NUMBER_TERM};
    return DH_OK;
}

static enum dh_status make_leaf(struct dh_matcher *matcher, struct test *test, struct dh_err *err)
{
    const struct dh_node *node = test->node;
    const struct dh_field *field = node->field;
    for (size_t i = 0; field && i < field->source_count; i++)
        if (!enlist(matcher, field->sources[i], &test->supplies[i]))
            return no_memory(err);
    switch (node->kind) {
    case DH_NODE_RANGE:
        if (numeric(field->type))
            return make_bounds(test, matcher->arena, err);
        return dh_pattern_make(node, &test->pattern, matcher->arena, err);
    case DH_NODE_PREFIX:
    case DH_NODE_GLOB:
    case DH_NODE_FUZZY:
    case DH_NODE_REGEX:
        return dh_pattern_make(node, &test->pattern, matcher->arena, err);
    default:
        return DH_OK;
    }
}

static enum dh_status make(struct dh_matcher *matcher, const struct dh_node *node,
                           struct test *test, struct dh_err *err)
{
    test->node = node;
    if (node->kind != DH_NODE_BOOL && node->kind != DH_NODE_BEST)
        return make_leaf(matcher, test, err);
    test->tests = dh_arena_array(matcher->arena, node->node_count, sizeof(*test->tests));
    enum dh_status status = test->tests ? DH_OK : no_memory(err);
    for (size_t i = 0; !status && i < node->node_count; i++)
        status = make(matcher, node->nodes[i], &test->tests[i], err);
    return status;
}

enum dh_status dh_matcher_make(const struct dh_node *root, struct dh_matcher **out,
                               struct dh_arena *arena, struct dh_err *err)
{
    *out = dh_arena_alloc(arena, sizeof(**out));
    if (!*out)
        return no_memory(err);
    (*out)->arena = arena;
    return make(*out, root, &(*out)->root, err);
}

/* ---- what the document gives ---------------------------------------------------------------- */

static enum dh_status fetch(struct dh_matcher *matcher, struct supply *supply)
{
    if (supply->fetched)
        return DH_OK;
    supply->fetched = true;
    return matcher->document(matcher->context, supply->source, &supply->values, &supply->count,
                             matcher->arena, matcher->err);
}

static bool add_token(struct dh_matcher *matcher, struct supply *supply, size_t *cap,
                      struct dh_token token)
{
    struct dh_token *tokens = dh_arena_reserve(matcher->arena, supply->tokens, cap,
                                               supply->token_count + 1, sizeof(*tokens));
    if (!tokens)
        return false;
    supply->tokens = tokens;
    token.text = dh_arena_copy(matcher->arena, token.text);
    supply->tokens[supply->token_count++] = token;
    return token.text.ptr != NULL;
}

/* Cuts the texts of a source into words, once per document. */
static enum dh_status cut(struct dh_matcher *matcher, struct supply *supply)
{
    struct dh_words words;
    struct dh_word word;
    int64_t base = 0, last;
    size_t cap = 0;
    enum dh_status status = fetch(matcher, supply);
    if (status || supply->cut)
        return status;
    supply->cut = true;
    for (size_t i = 0; i < supply->count; i++, base = last + 1 + DH_VALUE_GAP) {
        last = base - 1;
        dh_words_start(&words, supply->values[i]);
        while (dh_words_next(&words, &word)) {
            last = base + word.place;
            if (!add_token(matcher, supply, &cap, (struct dh_token){word.text, last}))
                return no_memory(matcher->err);
        }
    }
    return DH_OK;
}

/* ---- leaves --------------------------------------------------------------------------------- */

static bool in_bounds(const struct test *test, struct dh_str term)
{
    const struct dh_range *range = &test->node->range;
    bool is_float = test->node->field->type == DH_INDEX_FLOAT;
    int low = dh_str_compare(term, test->low), high = dh_str_compare(term, test->high);
    return (low > 0 || (low == 0 && (!is_float || range->low_inclusive))) &&
           (high < 0 || (high == 0 && (!is_float || range->high_inclusive)));
}

static bool fits_term(const struct test *test, struct dh_str term)
{
    if (test->pattern)
        return dh_pattern_match(test->pattern, term);
    if (test->node->kind == DH_NODE_RANGE)
        return in_bounds(test, term);
    return dh_str_equal(test->node->value, term);
}

static enum dh_status try_phrase(struct dh_matcher *matcher, const struct test *test,
                                 const struct supply *supply, bool *matches)
{
    if (!dh_phrase_in(test->node, supply->tokens, supply->token_count, matches, matcher->arena))
        return no_memory(matcher->err);
    return DH_OK;
}

static enum dh_status try_supply(struct dh_matcher *matcher, const struct test *test,
                                 struct supply *supply, bool *matches)
{
    bool text = test->node->field->type == DH_INDEX_TEXT;
    enum dh_status status = fetch(matcher, supply);
    if (status || !supply->count)
        return status;
    if (test->node->kind == DH_NODE_EXISTS) {
        *matches = true;
        return DH_OK;
    }
    if (text && (status = cut(matcher, supply)))
        return status;
    if (test->node->kind == DH_NODE_PHRASE)
        return text ? try_phrase(matcher, test, supply, matches) : DH_OK;
    size_t count = text ? supply->token_count : supply->count;
    for (size_t i = 0; !*matches && i < count; i++)
        *matches = fits_term(test, text ? supply->tokens[i].text : supply->values[i]);
    return DH_OK;
}

static enum dh_status try_leaf(struct dh_matcher *matcher, const struct test *test, bool *matches)
{
    const struct dh_field *field = test->node->field;
    enum dh_status status = DH_OK;
    *matches = test->node->kind == DH_NODE_ALL;
    if (*matches || test->node->kind == DH_NODE_NONE || !field)
        return DH_OK;
    for (size_t i = 0; !status && !*matches && i < field->source_count; i++)
        status = try_supply(matcher, test, &matcher->supplies[test->supplies[i]], matches);
    return status;
}

/* ---- the tree ------------------------------------------------------------------------------- */

static enum dh_status try(struct dh_matcher *matcher, const struct test *test, bool *matches,
                          double *score);

static enum dh_status try_best(struct dh_matcher *matcher, const struct test *test, bool *matches,
                               double *score)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; !status && i < test->node->node_count; i++) {
        bool one;
        double value;
        status = try(matcher, &test->tests[i], &one, &value);
        if (status || !one)
            continue;
        *score = !*matches || value > *score ? value : *score;
        *matches = true;
    }
    return status;
}

static enum dh_status try_bool(struct dh_matcher *matcher, const struct test *test, bool *matches,
                               double *score)
{
    size_t musts = 0, shoulds = 0, found = 0;
    enum dh_status status = DH_OK;
    for (size_t i = 0; !status && i < test->node->node_count; i++) {
        enum dh_occur occur = test->node->nodes[i]->occur;
        bool one;
        double value;
        musts += occur == DH_OCCUR_MUST;
        shoulds += occur == DH_OCCUR_SHOULD;
        status = try(matcher, &test->tests[i], &one, &value);
        if (status || one == (occur == DH_OCCUR_MUST_NOT)) {
            if (occur != DH_OCCUR_SHOULD)
                return status; /* one clause settles it */
            continue;
        }
        if (occur == DH_OCCUR_MUST_NOT)
            continue;
        found += occur == DH_OCCUR_SHOULD;
        *score += value;
    }
    *matches = test->node->node_count && (musts || found || !shoulds);
    return status;
}

static enum dh_status try(struct dh_matcher *matcher, const struct test *test, bool *matches,
                          double *score)
{
    enum dh_status status;
    *matches = false;
    *score = 0;
    if (test->node->kind == DH_NODE_BOOL) {
        status = try_bool(matcher, test, matches, score);
    } else if (test->node->kind == DH_NODE_BEST) {
        status = try_best(matcher, test, matches, score);
    } else {
        status = try_leaf(matcher, test, matches);
        *score = 1;
    }
    *score = *matches ? *score * test->node->boost : 0;
    return status;
}

enum dh_status dh_matcher_try(struct dh_matcher *matcher, dh_document_fn document, void *context,
                              bool *matches, double *score, struct dh_err *err)
{
    struct dh_arena_mark mark = dh_arena_mark(matcher->arena);
    for (size_t i = 0; i < matcher->supply_count; i++)
        matcher->supplies[i] = (struct supply){.source = matcher->supplies[i].source};
    matcher->document = document;
    matcher->context = context;
    matcher->err = err;
    enum dh_status status = try(matcher, &matcher->root, matches, score);
    dh_arena_rewind(matcher->arena, mark);
    return status;
}
