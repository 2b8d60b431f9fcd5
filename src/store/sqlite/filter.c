#include <stdlib.h>

#include "store/sqlite/rank.h"
#include "store/sqlite/sets.h"

enum { FEW = 16 /* hits of a query are few when they are less than 1/FEW of all slots */ };

/* A filter made ready: values are ids, and what can be told beforehand is told. */
enum test {
    TEST_NOTHING,
    TEST_ID,      /* TERM is `id` */
    TEST_MEMBER,  /* TERM has member[id] set */
    TEST_MEMBERS, /* one of TERMS has */
    TEST_RANGE,
    TEST_BITS
};

struct match {
    const struct dh_sq_column *column;
    enum test test;
    bool negate;
    bool any;
    int cost; /* clauses are applied from the cheapest and most selective on */
    uint32_t id;
    uint8_t *member;
    int64_t low, high;
};

/* Columns whose filters let nearly everything pass. */
static bool weak(enum dh_column column)
{
    return column == DH_COLUMN_STATE || column == DH_COLUMN_AGENCY;
}

static enum dh_status find_ids(struct dh_sq_reader *reader, const struct dh_filter *filter,
                               struct match *match, uint32_t *found, struct dh_err *err)
{
    *found = 0;
    for (size_t i = 0; i < filter->value_count; i++) {
        int64_t id = 0;
        enum dh_status status =
            dh_sq_integer(&reader->conn, DH_SQL_TERM_ID, &id, err, "is",
                          (int64_t)dh_sq_space(filter->column), filter->values[i]);
        if (status == DH_NOT_FOUND || (!status && id > match->column->last_id))
            continue;
        if (status)
            return status;
        *found += !match->member[id];
        match->member[id] = 1;
        match->id = (uint32_t)id;
    }
    return DH_OK;
}

static enum dh_status compile_terms(struct dh_sq_reader *reader, const struct dh_filter *filter,
                                    struct match *match, struct dh_arena *arena, struct dh_err *err)
{
    uint32_t found;
    match->member = dh_arena_alloc(arena, (size_t)match->column->last_id + 1);
    if (!match->member)
        return dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = find_ids(reader, filter, match, &found, err);
    if (status)
        return status;
    match->negate = filter->op == DH_FILTER_NOT_IN;
    if (dh_sq_kinds[filter->column] == DH_KIND_TERMS)
        match->test = TEST_MEMBERS;
    else
        match->test = found == 1 ? TEST_ID : TEST_MEMBER;
    match->test = found ? match->test : TEST_NOTHING;
    return DH_OK;
}

static enum dh_status compile(struct dh_sq_reader *reader, const struct dh_sq_columns *columns,
                              const struct dh_filter *filter, struct match *match,
                              struct dh_arena *arena, struct dh_err *err)
{
    enum dh_column_kind kind = dh_sq_kinds[filter->column];
    bool number = kind == DH_KIND_INTEGER || kind == DH_KIND_TIME;
    *match = (struct match){.column = &columns->column[filter->column],
                            .any = filter->any,
                            .low = filter->low,
                            .high = filter->high};
    match->cost = (weak(filter->column) || filter->op == DH_FILTER_NOT_IN ? 100 : 0) + (int)kind;
    if (filter->op == DH_FILTER_NOTHING)
        return DH_OK;
    if (filter->op == DH_FILTER_RANGE && number)
        match->test = TEST_RANGE;
    else if (filter->op == DH_FILTER_BITS && number)
        match->test = TEST_BITS;
    else if (filter->op <= DH_FILTER_NOT_IN && !number)
        return compile_terms(reader, filter, match, arena, err);
    else
        return dh_fail(err, DH_UNSUPPORTED, "a column cannot be filtered that way");
    return DH_OK;
}

/* mask[i] |= whether the slot passes; `slots` NULL means slot i. */
#define MARK(expression)                                                                           \
    for (uint32_t i = 0; i < count; i++) {                                                         \
        uint32_t slot = slots ? slots[i] : i;                                                      \
        mask[i] |= (uint8_t)((expression) ^ match->negate);                                        \
    }

static bool has_member(const struct match *match, uint32_t slot)
{
    const struct dh_sq_column *column = match->column;
    uint32_t end = dh_sq_ids_end(column, slot);
    uint8_t found = 0;
    for (uint32_t at = dh_sq_ids_first(column, slot); at < end; at++)
        found |= match->member[dh_sq_ids_at(column, at)];
    return found;
}

/* All slots by one id: the commonest first clause, at the speed of memory. */
static void mark_id(const struct match *match, uint32_t count, uint8_t *mask)
{
    const struct dh_sq_cells *cells = &match->column->cells;
    const uint8_t *narrow = cells->at;
    const uint16_t *wide = cells->at;
    uint32_t id = match->id;
    for (uint32_t i = 0; cells->width == 1 && i < count; i++)
        mask[i] |= narrow[i] == id;
    for (uint32_t i = 0; cells->width == 2 && i < count; i++)
        mask[i] |= wide[i] == id;
    for (uint32_t i = 0; cells->width > 2 && i < count; i++)
        mask[i] |= dh_sq_cell(cells, i) == id;
}

static void mark_terms(const struct match *match, const uint32_t *slots, uint32_t count,
                       uint8_t *mask)
{
    const struct dh_sq_column *column = match->column;
    const uint8_t *member = match->member;
    uint32_t id = match->id;
    if (match->test == TEST_ID && !slots && !match->negate)
        mark_id(match, count, mask);
    else if (match->test == TEST_ID)
        MARK(dh_sq_id(column, slot) == id)
    else if (match->test == TEST_MEMBER)
        MARK(member[dh_sq_id(column, slot)])
    else
        MARK(has_member(match, slot))
}

static bool in_range(const struct match *match, uint32_t slot)
{
    int64_t value = dh_sq_value(match->column, slot);
    return value != DH_TIME_NONE && value >= match->low && value <= match->high;
}

static bool has_bits(const struct match *match, uint32_t slot)
{
    int64_t value = dh_sq_value(match->column, slot);
    return value != DH_TIME_NONE && (value & match->low) == match->low;
}

static void mark(const struct match *match, const uint32_t *slots, uint32_t count, uint8_t *mask)
{
    if (match->test == TEST_RANGE)
        MARK(in_range(match, slot))
    else if (match->test == TEST_BITS)
        MARK(has_bits(match, slot))
    else if (match->test != TEST_NOTHING)
        mark_terms(match, slots, count, mask);
    else if (match->negate)
        memset(mask, 1, count);
}

static uint32_t keep(const uint32_t *slots, uint32_t count, const uint8_t *mask, uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[kept] = slots[i];
        kept += mask[i];
    }
    return kept;
}

static uint32_t keep_living(const struct dh_sq_columns *columns, const uint8_t *mask, uint32_t *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < columns->count; i++) {
        out[kept] = i;
        kept += mask[i] & columns->alive[i];
    }
    return kept;
}

/* A set being cut down, clause by clause. */
struct cut {
    struct dh_sq_columns *columns;
    struct dh_sq_search *room;
    bool whole;     /* nothing applied yet: all slots, the empty ones included */
    uint32_t count; /* else room->slots */
};

/* Applies a clause: one match, or several of which one must pass. */
static void apply(struct cut *cut, const struct match *matches, size_t count)
{
    uint32_t size = cut->whole ? cut->columns->count : cut->count;
    const uint32_t *slots = cut->whole ? NULL : cut->room->slots;
    memset(cut->room->mask, 0, size);
    for (size_t i = 0; i < count; i++)
        mark(&matches[i], slots, size, cut->room->mask);
    if (cut->whole)
        cut->count = keep_living(cut->columns, cut->room->mask, cut->room->slots);
    else
        cut->count = keep(slots, size, cut->room->mask, cut->room->slots);
    cut->whole = false;
}

static int by_cost(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    return x->any != y->any ? (int)x->any - (int)y->any : x->cost - y->cost;
}

static int by_slot(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static enum dh_status start_with_dois(struct dh_sq_reader *reader, struct cut *cut,
                                      const struct dh_search *search, struct dh_arena *arena,
                                      struct dh_err *err)
{
    uint32_t *found = dh_arena_array(arena, search->doi_count, sizeof(*found));
    size_t count = 0;
    if (!found)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < search->doi_count; i++) {
        int64_t number = 0;
        enum dh_status status =
            dh_sq_integer(&reader->conn, DH_SQL_CARD_OF_DOI, &number, err, "s", search->dois[i]);
        if (status && status != DH_NOT_FOUND)
            return status;
        uint32_t slot = status ? UINT32_MAX : dh_sq_slot_find(cut->columns, number);
        if (slot != UINT32_MAX)
            found[count++] = slot;
    }
    qsort(found, count, sizeof(*found), by_slot);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || found[i] != found[i - 1])
            cut->room->slots[cut->count++] = found[i];
    cut->whole = false;
    return DH_OK;
}

/* The slots of `bits` that are in a set, in ascending order, into `out`. */
static uint32_t list_bits(const struct dh_sq_columns *columns, const uint64_t *bits,
                          const uint64_t *within, uint32_t *out)
{
    uint32_t count = 0;
    for (size_t i = 0; i < (size_t)columns->count / 64 + 1; i++)
        for (uint64_t word = within ? bits[i] & within[i] : bits[i]; word; word &= word - 1)
            out[count++] = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(word));
    return count;
}

/* Cuts down all records, those of `search->dois`, or those of `bits`. */
static enum dh_status evaluate(struct dh_sq_reader *reader, struct cut *cut,
                               const struct dh_search *search, const struct dh_sq_bits *bits,
                               struct dh_arena *arena, struct dh_err *err)
{
    size_t count = search->filter_count, ands = 0;
    struct match *matches = dh_arena_array(arena, count + 1, sizeof(*matches));
    enum dh_status status = matches ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < count && !status; i++)
        status = compile(reader, cut->columns, &search->filters[i], &matches[i], arena, err);
    if (!status && search->doi_count)
        status = start_with_dois(reader, cut, search, arena, err);
    if (status)
        return status;
    if (!search->doi_count && bits) {
        cut->count = list_bits(cut->columns, bits->words, NULL, cut->room->slots);
        cut->whole = false;
    }
    qsort(matches, count, sizeof(*matches), by_cost);
    while (ands < count && !matches[ands].any)
        ands++;
    /* The OR group goes before the clauses that let nearly everything pass. */
    bool group_done = ands == count;
    for (size_t i = 0; i < ands; i++) {
        if (!group_done && matches[i].cost >= 100) {
            apply(cut, matches + ands, count - ands);
            group_done = true;
        }
        apply(cut, &matches[i], 1);
    }
    if (!group_done)
        apply(cut, matches + ands, count - ands);
    if (cut->whole) {
        memset(cut->room->mask, 1, cut->columns->count);
        cut->count = keep_living(cut->columns, cut->room->mask, cut->room->slots);
    }
    return DH_OK;
}

static void search_key(const struct dh_search *search, struct dh_buf *key)
{
    for (size_t i = 0; i < search->filter_count; i++)
        dh_sq_filter_key(&search->filters[i], key);
}

/* The records that pass the filters, of `bits` only when given. */
static enum dh_status pass_filters(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                   const struct dh_search *search, const struct dh_sq_bits *bits,
                                   struct dh_sq_set *out, struct dh_arena *arena,
                                   struct dh_err *err)
{
    struct cut cut = {columns, dh_sq_search_room(reader, columns), true, 0};
    struct dh_buf key;
    *out = (struct dh_sq_set){0};
    if (!cut.room)
        return dh_fail(err, DH_MEMORY, "out of memory");
    dh_buf_init(&key, DH_BODY_MAX);
    bool keep = !search->doi_count && !bits;
    if (keep) {
        search_key(search, &key);
        out->kept = key.status ? NULL : dh_sq_kept_find(columns, dh_buf_view(&key));
    }
    enum dh_status status = out->kept ? DH_OK : evaluate(reader, &cut, search, bits, arena, err);
    if (!status && !out->kept && keep && !key.status)
        out->kept = dh_sq_kept_add(columns, dh_buf_view(&key), cut.room->slots, cut.count);
    dh_buf_release(&key);
    out->slots = out->kept ? out->kept->slots : cut.room->slots;
    out->count = out->kept ? out->kept->count : cut.count;
    return status;
}

/* Leaves in a set what the query's bits have, too. */
static void meet(struct dh_sq_columns *columns, struct dh_sq_search *room, struct dh_sq_set *set,
                 const struct dh_sq_bits *bits)
{
    uint32_t count = 0;
    if (set->kept) {
        count = list_bits(columns, bits->words, set->kept->bits, room->slots);
        dh_sq_kept_release(columns, set->kept);
    } else {
        for (uint32_t i = 0; i < set->count; i++)
            if (dh_sq_bits_has(bits, set->slots[i]))
                room->slots[count++] = set->slots[i];
    }
    *set = (struct dh_sq_set){.slots = room->slots, .count = count};
}

/* A search by relevance finds and scores at once; only explaining wants the parts one by one. */
static enum dh_status match(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                            const struct dh_search *search, struct dh_sq_bits **bits,
                            uint32_t **scores, struct dh_explain *explain, struct dh_arena *arena,
                            struct dh_err *err)
{
    struct dh_sq_eval eval;
    bool ranked = search->sort == DH_SORT_RELEVANCE && !search->cursor && search->limit;
    enum dh_status status = DH_OK;
    if (!ranked || search->explain) {
        dh_sq_eval_init(&eval, reader, columns, arena, err);
        eval.explain = search->explain ? explain : NULL;
        *bits = dh_sq_bits_take(&eval);
        status = *bits ? dh_sq_eval_node(&eval, search->query->root, *bits) : DH_MEMORY;
    }
    if (!status && ranked)
        status = dh_sq_rank(reader, columns, search->query->root, scores, bits, arena, err);
    return status;
}

/* Whether the hits are so few that filters look at these alone. */
static bool few(const struct dh_sq_columns *columns, const struct dh_sq_bits *bits)
{
    uint64_t count = 0;
    for (size_t i = 0; i < (size_t)columns->count / 64 + 1; i++)
        count += (uint64_t)__builtin_popcountll(bits->words[i]);
    return count * FEW < columns->count;
}

enum dh_status dh_sq_set_find(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                              const struct dh_search *search, struct dh_sq_set *out,
                              struct dh_explain *explain, struct dh_arena *arena,
                              struct dh_err *err)
{
    struct dh_sq_bits *bits = NULL;
    uint32_t *scores = NULL;
    int64_t start = dh_sq_clock();
    enum dh_status status = DH_OK;
    *out = (struct dh_sq_set){0};
    if (search->query && search->query->root->kind != DH_NODE_ALL)
        status = match(reader, columns, search, &bits, &scores, explain, arena, err);
    int64_t matched = dh_sq_clock();
    explain->query_ns = matched - start;
    bool narrow = !status && bits && few(columns, bits);
    if (!status)
        status = pass_filters(reader, columns, search, narrow ? bits : NULL, out, arena, err);
    if (!status && bits && !narrow)
        meet(columns, reader->search, out, bits);
    out->scores = scores;
    explain->filters_ns = dh_sq_clock() - matched;
    return status;
}

void dh_sq_set_done(struct dh_sq_columns *columns, struct dh_sq_set *set)
{
    if (set->kept)
        dh_sq_kept_release(columns, set->kept);
    *set = (struct dh_sq_set){0};
}

enum dh_status dh_sq_set_within(struct dh_sq_reader *reader, struct dh_sq_columns *columns,
                                const struct dh_sq_set *set, const struct dh_filter *filter,
                                uint32_t *out, uint32_t *count, struct dh_arena *arena,
                                struct dh_err *err)
{
    struct match match;
    uint8_t *mask = reader->search->mask;
    enum dh_status status = compile(reader, columns, filter, &match, arena, err);
    if (status)
        return status;
    memset(mask, 0, set->count);
    mark(&match, set->slots, set->count, mask);
    *count = keep(set->slots, set->count, mask, out);
    return DH_OK;
}
