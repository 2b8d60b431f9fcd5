#include "store/sqlite/eval.h"

/* The columns that answer for sources at home there. */
static const struct {
    enum dh_source source;
    enum dh_column column;
} columns_of[] = {
    {DH_SOURCE_CREATED, DH_COLUMN_CREATED},
    {DH_SOURCE_UPDATED, DH_COLUMN_UPDATED},
    {DH_SOURCE_REGISTERED, DH_COLUMN_REGISTERED},
    {DH_SOURCE_PUBLICATION_YEAR, DH_COLUMN_YEAR},
    {DH_SOURCE_VIEW_COUNT, DH_COLUMN_VIEWS},
    {DH_SOURCE_DOWNLOAD_COUNT, DH_COLUMN_DOWNLOADS},
    {DH_SOURCE_REFERENCE_COUNT, DH_COLUMN_REFERENCES},
    {DH_SOURCE_CITATION_COUNT, DH_COLUMN_CITATIONS},
    {DH_SOURCE_PART_COUNT, DH_COLUMN_PARTS},
    {DH_SOURCE_PART_OF_COUNT, DH_COLUMN_PART_OF},
    {DH_SOURCE_VERSION_COUNT, DH_COLUMN_VERSIONS},
    {DH_SOURCE_VERSION_OF_COUNT, DH_COLUMN_VERSION_OF},
};

static enum dh_column column_of(enum dh_source source)
{
    for (size_t i = 0; i < sizeof(columns_of) / sizeof(columns_of[0]); i++)
        if (columns_of[i].source == source)
            return columns_of[i].column;
    return DH_COLUMN__N;
}

static void mark(struct dh_sq_eval *eval, const struct dh_sq_postings *postings, size_t count,
                 struct dh_sq_bits *out)
{
    for (size_t i = 0; i < count; i++)
        dh_sq_postings_mark(&postings[i], eval->columns, out->words);
}

static enum dh_status find(struct dh_sq_eval *eval, unsigned key, struct dh_str term,
                           struct dh_sq_bits *out)
{
    struct dh_sq_postings *postings;
    size_t count;
    enum dh_status status =
        dh_sq_index_find(eval->reader, key, term, false, &postings, &count, eval->arena, eval->err);
    if (!status)
        mark(eval, postings, count, out);
    return status;
}

enum dh_status dh_sq_eval_term(struct dh_sq_eval *eval, enum dh_source source, struct dh_str term,
                               struct dh_sq_bits *out)
{
    return find(eval, (unsigned)source, term, out);
}

enum dh_status dh_sq_eval_present(struct dh_sq_eval *eval, enum dh_source source,
                                  struct dh_sq_bits *out)
{
    return find(eval, (unsigned)source | DH_SQ_PRESENT, DH_STR(""), out);
}

/* ---- terms that match a pattern --------------------------------------------------------------- */

struct walk {
    struct dh_sq_eval *eval;
    struct dh_pattern *pattern; /* NULL: every term in the bounds */
    struct dh_sq_bits *out;
};

static bool accept(void *context, struct dh_str term)
{
    struct walk *walk = context;
    return !walk->pattern || dh_pattern_match(walk->pattern, term);
}

static void found(void *context, const struct dh_sq_postings *postings)
{
    struct walk *walk = context;
    dh_sq_postings_mark(postings, walk->eval->columns, walk->out->words);
}

static enum dh_status walk_terms(struct walk *walk, enum dh_source source, struct dh_str low,
                                 struct dh_str high)
{
    struct dh_sq_scan scan = {walk, accept, found};
    return dh_sq_index_scan(walk->eval->reader, (unsigned)source, low, high, &scan,
                            walk->eval->err);
}

static enum dh_status eval_pattern(struct dh_sq_eval *eval, const struct dh_node *node,
                                   enum dh_source source, struct dh_sq_bits *out)
{
    struct walk walk = {.eval = eval, .out = out};
    struct dh_str low, high;
    enum dh_status status = dh_pattern_make(node, &walk.pattern, eval->arena, eval->err);
    if (status)
        return status;
    dh_pattern_bounds(walk.pattern, &low, &high);
    return walk_terms(&walk, source, low, high);
}

/* Numbers in the index are terms that sort as the numbers do; a NUL behind a term is the next one.
 */
static enum dh_status eval_numbers(struct dh_sq_eval *eval, const struct dh_node *node,
                                   enum dh_source source, struct dh_sq_bits *out)
{
    struct walk walk = {.eval = eval, .out = out};
    const struct dh_range *range = &node->range;
    char low[DH_NUMBER_TERM + 1] = {0}, high[DH_NUMBER_TERM + 1] = {0};
    bool low_in = true, high_in = true;
    if (node->field->type == DH_INDEX_FLOAT) {
        dh_term_of_double(range->from, low);
        dh_term_of_double(range->to, high);
        low_in = range->low_inclusive;
        high_in = range->high_inclusive;
    } else {
        dh_term_of_integer(range->least, low);
        dh_term_of_integer(range->most, high);
    }
    return walk_terms(&walk, source, (struct dh_str){low, DH_NUMBER_TERM + !low_in},
                      (struct dh_str){high, DH_NUMBER_TERM + high_in});
}

/* ---- columns ---------------------------------------------------------------------------------- */

/* A publication year stands for its first instant. */
static void years_within(int64_t *least, int64_t *most)
{
    unsigned month, day;
    if (*least > dh_time_civil(0, 1, 1)) {
        int64_t year = dh_time_year(*least, &month, &day);
        *least = dh_time_civil(year, 1, 1) < *least ? year + 1 : year;
    }
    if (*most < dh_time_civil(10000, 1, 1))
        *most = dh_time_year(*most, &month, &day);
}

static void eval_column(struct dh_sq_eval *eval, enum dh_column name, int64_t least, int64_t most,
                        struct dh_sq_bits *out)
{
    const struct dh_sq_columns *columns = eval->columns;
    const struct dh_sq_column *column = &columns->column[name];
    for (uint32_t slot = 0; slot < columns->count; slot++) {
        int64_t value = dh_sq_value(column, slot);
        bool in = value >= least && value <= most && value != DH_TIME_NONE && columns->alive[slot];
        out->words[slot / 64] |= (uint64_t)in << (slot % 64);
    }
}

static enum dh_status eval_in_column(struct dh_sq_eval *eval, const struct dh_node *node,
                                     enum dh_source source, struct dh_sq_bits *out)
{
    int64_t least = node->range.least, most = node->range.most;
    enum dh_column column = column_of(source);
    if (column == DH_COLUMN__N)
        return dh_fail(eval->err, DH_UNSUPPORTED, "no column holds %.*s",
                       DH_STR_ARG(node->field->name));
    if (node->kind == DH_NODE_EXISTS) {
        least = INT64_MIN;
        most = INT64_MAX;
    } else if (node->kind != DH_NODE_RANGE) {
        return dh_fail(eval->err, DH_INVALID, "%.*s takes values and ranges only",
                       DH_STR_ARG(node->field->name));
    } else if (column == DH_COLUMN_YEAR) {
        years_within(&least, &most);
    }
    eval_column(eval, column, least, most, out);
    return DH_OK;
}

/* ---- leaves ----------------------------------------------------------------------------------- */

static void set_hit(void *context, uint32_t slot, double frequency)
{
    (void)frequency;
    dh_sq_bits_set(context, slot);
}

static bool numeric(enum dh_index type)
{
    return type == DH_INDEX_DATE || type == DH_INDEX_INTEGER || type == DH_INDEX_FLOAT ||
           type == DH_INDEX_BOOLEAN;
}

static enum dh_status eval_in_index(struct dh_sq_eval *eval, const struct dh_node *node,
                                    enum dh_source source, struct dh_sq_bits *out)
{
    if (node->kind == DH_NODE_TERM)
        return dh_sq_eval_term(eval, source, node->value, out);
    if (node->kind == DH_NODE_EXISTS)
        return dh_sq_eval_present(eval, source, out);
    if (node->kind == DH_NODE_RANGE && numeric(node->field->type))
        return eval_numbers(eval, node, source, out);
    return eval_pattern(eval, node, source, out);
}

enum dh_status dh_sq_eval_leaf(struct dh_sq_eval *eval, const struct dh_node *node,
                               struct dh_sq_bits *out)
{
    const struct dh_field *field = node->field;
    enum dh_status status = DH_OK;
    if (node->kind == DH_NODE_PHRASE && field->home == DH_HOME_INDEX)
        return dh_sq_phrase_find(eval, node, false, set_hit, out);
    if (field->home == DH_HOME_RELATION)
        return dh_sq_eval_relation(eval, node, out);
    if (field->home == DH_HOME_CLIENT || field->home == DH_HOME_PROVIDER)
        return dh_sq_eval_account(eval, node, out);
    for (size_t i = 0; i < field->source_count && !status; i++) {
        if (field->home == DH_HOME_COLUMN)
            status = eval_in_column(eval, node, field->sources[i], out);
        else if (field->home == DH_HOME_INDEX)
            status = eval_in_index(eval, node, field->sources[i], out);
    }
    return status;
}
