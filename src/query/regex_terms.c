#include <stdlib.h>

#include "query/regex_parts.h"

enum { HEIGHT_MAX = 1000, ROOM_START = 1024, TERM_WORK = 16 };

static void fail(struct dh_regex_terms *terms, enum dh_status status)
{
    if (terms->status == DH_OK)
        terms->status = status;
}

/* True while there is work left to spend. */
static bool spend(struct dh_regex_terms *terms, size_t work)
{
    terms->work += work;
    if (terms->work > DH_REGEX_WORK_MAX)
        fail(terms, DH_LIMIT);
    return terms->status == DH_OK;
}

/* The array with room for `need`, or NULL. */
static void *reserve(struct dh_regex_terms *terms, void *array, size_t *cap, size_t need,
                     size_t size)
{
    void *grown = dh_array_reserve(array, cap, need, size);
    if (!grown)
        fail(terms, DH_MEMORY);
    return grown;
}

static bool has_list(const struct dh_regex_term *term)
{
    return term->kind == DH_REGEX_ANY_OF || term->kind == DH_REGEX_ALL_OF;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct dh_regex_terms *terms, const struct dh_regex_term *term)
{
    uint64_t hash = mix(term->kind, term->b);
    if (!has_list(term))
        return mix(mix(hash, term->a), term->c);
    for (uint32_t i = 0; i < term->b; i++)
        hash = mix(hash, terms->lists[term->a + i]);
    return hash;
}

static bool same(const struct dh_regex_terms *terms, const struct dh_regex_term *x,
                 const struct dh_regex_term *y)
{
    if (x->kind != y->kind || x->b != y->b || x->c != y->c)
        return false;
    if (!has_list(x))
        return x->a == y->a;
    return memcmp(terms->lists + x->a, terms->lists + y->a, x->b * sizeof(*terms->lists)) == 0;
}

static bool grow_table(struct dh_regex_terms *terms)
{
    size_t size = terms->table_size ? terms->table_size * 2 : ROOM_START;
    uint32_t *table = calloc(size, sizeof(*table));
    if (!table) {
        fail(terms, DH_MEMORY);
        return false;
    }
    for (size_t i = DH_REGEX_FIXED; i < terms->count; i++) {
        size_t at = hash_of(terms, &terms->terms[i]) & (size - 1);
        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = (uint32_t)i;
    }
    free(terms->table);
    terms->table = table;
    terms->table_size = size;
    return true;
}

static uint32_t add(struct dh_regex_terms *terms, const struct dh_regex_term *term)
{
    if (term->height > HEIGHT_MAX)
        fail(terms, DH_LIMIT);
    if (!spend(terms, TERM_WORK))
        return DH_REGEX_NOTHING;
    void *grown =
        reserve(terms, terms->terms, &terms->cap, terms->count + 1, sizeof(*terms->terms));
    if (!grown)
        return DH_REGEX_NOTHING;
    terms->terms = grown;
    terms->terms[terms->count] = *term;
    return (uint32_t)terms->count++;
}

/* The number of this term, an old one if there is the like. */
static uint32_t number_of(struct dh_regex_terms *terms, const struct dh_regex_term *term)
{
    if (terms->status != DH_OK || (terms->count * 2 >= terms->table_size && !grow_table(terms)))
        return DH_REGEX_NOTHING;
    size_t at = hash_of(terms, term) & (terms->table_size - 1);
    while (terms->table[at]) {
        if (same(terms, term, &terms->terms[terms->table[at]]))
            return terms->table[at];
        at = (at + 1) & (terms->table_size - 1);
    }
    return terms->table[at] = add(terms, term);
}

void dh_regex_terms_init(struct dh_regex_terms *terms)
{
    *terms = (struct dh_regex_terms){.status = DH_OK};
    static const bool empty[DH_REGEX_FIXED] = {
        [DH_REGEX_EMPTY] = true,
        [DH_REGEX_ANYTHING] = true,
    };
    for (size_t i = 0; i < DH_REGEX_FIXED; i++)
        add(terms, &(struct dh_regex_term){.kind = DH_REGEX_CONSTANT, .empty = empty[i]});
}

void dh_regex_terms_release(struct dh_regex_terms *terms)
{
    free(terms->terms);
    free(terms->table);
    free(terms->lists);
    free(terms->stack);
    *terms = (struct dh_regex_terms){.status = DH_OK};
}

static uint16_t higher(const struct dh_regex_terms *terms, uint32_t a)
{
    return (uint16_t)(terms->terms[a].height + 1);
}

uint32_t dh_regex_set(struct dh_regex_terms *terms, uint32_t first, uint32_t last)
{
    return number_of(terms, &(struct dh_regex_term){.kind = DH_REGEX_SET, .a = first, .b = last});
}

uint32_t dh_regex_chain(struct dh_regex_terms *terms, uint32_t a, uint32_t b)
{
    if (a == DH_REGEX_NOTHING || b == DH_REGEX_NOTHING)
        return DH_REGEX_NOTHING;
    if (a == DH_REGEX_EMPTY || (a == DH_REGEX_ANYTHING && b == DH_REGEX_ANYTHING))
        return b;
    if (b == DH_REGEX_EMPTY)
        return a;
    if ((a == DH_REGEX_ANYTHING && terms->terms[b].empty) ||
        (b == DH_REGEX_ANYTHING && terms->terms[a].empty))
        return DH_REGEX_ANYTHING;
    struct dh_regex_term term = {.kind = DH_REGEX_CHAIN, .a = a, .b = b};
    const struct dh_regex_term *all = terms->terms;
    term.height = all[b].height > higher(terms, a) ? all[b].height : higher(terms, a);
    term.empty = all[a].empty && all[b].empty;
    return number_of(terms, &term);
}

uint32_t dh_regex_repeat(struct dh_regex_terms *terms, uint32_t a, uint32_t least, uint32_t most)
{
    const struct dh_regex_term *inner = &terms->terms[a];
    if (least > most)
        return DH_REGEX_NOTHING;
    if (most == 0 || a == DH_REGEX_EMPTY || (a == DH_REGEX_NOTHING && !least))
        return DH_REGEX_EMPTY;
    if (a == DH_REGEX_NOTHING || a == DH_REGEX_ANYTHING || (least == 1 && most == 1))
        return a;
    if (inner->kind == DH_REGEX_SET && inner->a == 0 && inner->b == DH_REGEX_TOP && !least &&
        most == DH_REGEX_ENDLESS)
        return DH_REGEX_ANYTHING;
    if (inner->empty) /* the empty text fills up what is missing */
        least = 0;
    if (inner->kind == DH_REGEX_REPEAT && inner->b <= 1 && inner->c == DH_REGEX_ENDLESS)
        return dh_regex_repeat(terms, inner->a, inner->b && least ? least : 0, DH_REGEX_ENDLESS);
    if (least == 0 && most == 1 && inner->empty)
        return a;
    struct dh_regex_term term = {.kind = DH_REGEX_REPEAT, .a = a, .b = least, .c = most};
    term.height = higher(terms, a);
    term.empty = !least || inner->empty;
    return number_of(terms, &term);
}

uint32_t dh_regex_not(struct dh_regex_terms *terms, uint32_t a)
{
    const struct dh_regex_term *inner = &terms->terms[a];
    if (a == DH_REGEX_NOTHING)
        return DH_REGEX_ANYTHING;
    if (a == DH_REGEX_ANYTHING)
        return DH_REGEX_NOTHING;
    if (inner->kind == DH_REGEX_NOT)
        return inner->a;
    struct dh_regex_term term = {.kind = DH_REGEX_NOT, .a = a, .empty = !inner->empty};
    term.height = higher(terms, a);
    return number_of(terms, &term);
}

void dh_regex_push(struct dh_regex_terms *terms, uint32_t a)
{
    if (!spend(terms, 1))
        return;
    void *grown =
        reserve(terms, terms->stack, &terms->stack_cap, terms->depth + 1, sizeof(*terms->stack));
    if (!grown)
        return;
    terms->stack = grown;
    terms->stack[terms->depth++] = a;
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Puts the lists of terms of the kind in the place of these terms, sorts, and leaves out doubles
 * and `idle`. Returns how many there are above `base`. */
static size_t flatten(struct dh_regex_terms *terms, size_t base, uint8_t kind, uint32_t idle)
{
    size_t end = terms->depth, kept = base;
    for (size_t i = base; i < end; i++) {
        struct dh_regex_term term = terms->terms[terms->stack[i]];
        if (term.kind != kind)
            continue;
        for (uint32_t k = 0; k < term.b; k++)
            dh_regex_push(terms, terms->lists[term.a + k]);
        terms->stack[i] = idle;
    }
    if (terms->depth > base + 1)
        qsort(terms->stack + base, terms->depth - base, sizeof(*terms->stack), by_number);
    for (size_t i = base; i < terms->depth; i++)
        if (terms->stack[i] != idle && (kept == base || terms->stack[i] != terms->stack[kept - 1]))
            terms->stack[kept++] = terms->stack[i];
    terms->depth = kept;
    return kept - base;
}

/* A term of the list above `base`, which has two elements or more. */
static uint32_t join(struct dh_regex_terms *terms, size_t base, struct dh_regex_term term)
{
    size_t count = terms->depth - base;
    term.a = (uint32_t)terms->list_count;
    term.b = (uint32_t)count;
    void *grown = reserve(terms, terms->lists, &terms->list_cap, terms->list_count + count,
                          sizeof(*terms->lists));
    if (!grown)
        return DH_REGEX_NOTHING;
    terms->lists = grown;
    memcpy(terms->lists + terms->list_count, terms->stack + base, count * sizeof(*terms->lists));
    for (size_t i = base; i < terms->depth; i++)
        if (term.height < higher(terms, terms->stack[i]))
            term.height = higher(terms, terms->stack[i]);
    uint32_t number = number_of(terms, &term);
    if (number && terms->terms[number].a == term.a)
        terms->list_count += count;
    return number;
}

/*
 * Leaves out what a chain of the list matches as well because what comes before it in the chain may
 * be empty. Without this, many options in a row would be a list for each state.
 */
static size_t leave_out_tails(struct dh_regex_terms *terms, size_t base)
{
    uint32_t pass = ++terms->pass;
    size_t kept = base;
    for (size_t i = base; i < terms->depth; i++) {
        struct dh_regex_term *term = &terms->terms[terms->stack[i]];
        while (term->kind == DH_REGEX_CHAIN && terms->terms[term->a].empty && spend(terms, 1)) {
            term = &terms->terms[term->b];
            if (term->pass == pass)
                break;
            term->pass = pass;
        }
    }
    for (size_t i = base; i < terms->depth; i++)
        if (terms->terms[terms->stack[i]].pass != pass)
            terms->stack[kept++] = terms->stack[i];
    terms->depth = kept;
    return kept - base;
}

uint32_t dh_regex_any_of(struct dh_regex_terms *terms, size_t base)
{
    flatten(terms, base, DH_REGEX_ANY_OF, DH_REGEX_NOTHING);
    size_t count = leave_out_tails(terms, base);
    uint32_t result = DH_REGEX_NOTHING;
    bool anything = false, empty = false;
    for (size_t i = base; i < terms->depth; i++) {
        anything |= terms->stack[i] == DH_REGEX_ANYTHING;
        empty |= terms->stack[i] != DH_REGEX_EMPTY && terms->terms[terms->stack[i]].empty;
    }
    if (empty && count && terms->stack[base] == DH_REGEX_EMPTY) { /* another one is empty too */
        memmove(terms->stack + base, terms->stack + base + 1, --count * sizeof(*terms->stack));
        terms->depth--;
    }
    if (anything)
        result = DH_REGEX_ANYTHING;
    else if (count == 1)
        result = terms->stack[base];
    else if (count) {
        empty |= terms->stack[base] == DH_REGEX_EMPTY;
        result = join(terms, base, (struct dh_regex_term){.kind = DH_REGEX_ANY_OF, .empty = empty});
    }
    terms->depth = base;
    return terms->status == DH_OK ? result : DH_REGEX_NOTHING;
}

uint32_t dh_regex_all_of(struct dh_regex_terms *terms, size_t base)
{
    size_t count = flatten(terms, base, DH_REGEX_ALL_OF, DH_REGEX_ANYTHING);
    uint32_t result = DH_REGEX_ANYTHING;
    bool nothing = false, empty = true, only = false;
    for (size_t i = base; i < terms->depth; i++) {
        nothing |= terms->stack[i] == DH_REGEX_NOTHING;
        only |= terms->stack[i] == DH_REGEX_EMPTY;
        empty &= terms->terms[terms->stack[i]].empty;
    }
    if (nothing || (only && !empty))
        result = DH_REGEX_NOTHING;
    else if (only)
        result = DH_REGEX_EMPTY;
    else if (count == 1)
        result = terms->stack[base];
    else if (count)
        result = join(terms, base, (struct dh_regex_term){.kind = DH_REGEX_ALL_OF, .empty = empty});
    terms->depth = base;
    return terms->status == DH_OK ? result : DH_REGEX_NOTHING;
}

uint32_t dh_regex_chain_of(struct dh_regex_terms *terms, size_t base)
{
    uint32_t result = DH_REGEX_EMPTY;
    while (terms->depth > base)
        result = dh_regex_chain(terms, terms->stack[--terms->depth], result);
    return result;
}

uint32_t dh_regex_either(struct dh_regex_terms *terms, uint32_t a, uint32_t b)
{
    size_t base = terms->depth;
    dh_regex_push(terms, a);
    dh_regex_push(terms, b);
    return dh_regex_any_of(terms, base);
}

static uint32_t after(struct dh_regex_terms *terms, uint32_t a, uint32_t point);

/* Of a chain: goes along it as long as what comes first may be empty. */
static uint32_t after_chain(struct dh_regex_terms *terms, uint32_t a, uint32_t point)
{
    size_t base = terms->depth;
    while (terms->status == DH_OK) {
        struct dh_regex_term term = terms->terms[a];
        if (term.kind != DH_REGEX_CHAIN) {
            dh_regex_push(terms, after(terms, a, point));
            break;
        }
        dh_regex_push(terms, dh_regex_chain(terms, after(terms, term.a, point), term.b));
        if (!terms->terms[term.a].empty)
            break;
        a = term.b;
    }
    return dh_regex_any_of(terms, base);
}

static uint32_t after_list(struct dh_regex_terms *terms, struct dh_regex_term term, uint32_t point)
{
    size_t base = terms->depth;
    for (uint32_t i = 0; i < term.b; i++)
        dh_regex_push(terms, after(terms, terms->lists[term.a + i], point));
    return term.kind == DH_REGEX_ANY_OF ? dh_regex_any_of(terms, base)
                                        : dh_regex_all_of(terms, base);
}

static uint32_t after_repeat(struct dh_regex_terms *terms, struct dh_regex_term term,
                             uint32_t point)
{
    uint32_t least = term.b ? term.b - 1 : 0;
    uint32_t most = term.c == DH_REGEX_ENDLESS ? term.c : term.c - 1;
    uint32_t first = after(terms, term.a, point);
    return dh_regex_chain(terms, first, dh_regex_repeat(terms, term.a, least, most));
}

static uint32_t find_after(struct dh_regex_terms *terms, uint32_t a, uint32_t point)
{
    struct dh_regex_term term = terms->terms[a];
    switch ((enum dh_regex_kind)term.kind) {
    case DH_REGEX_SET:
        return point >= term.a && point <= term.b ? DH_REGEX_EMPTY : DH_REGEX_NOTHING;
    case DH_REGEX_CHAIN:
        return after_chain(terms, a, point);
    case DH_REGEX_ANY_OF:
    case DH_REGEX_ALL_OF:
        return after_list(terms, term, point);
    case DH_REGEX_NOT:
        return dh_regex_not(terms, after(terms, term.a, point));
    case DH_REGEX_REPEAT:
        return after_repeat(terms, term, point);
    case DH_REGEX_CONSTANT:
        break;
    }
    return a == DH_REGEX_ANYTHING ? a : DH_REGEX_NOTHING;
}

/* As find_after, each term once in a turn. */
static uint32_t after(struct dh_regex_terms *terms, uint32_t a, uint32_t point)
{
    if (!spend(terms, 1))
        return DH_REGEX_NOTHING;
    if (terms->terms[a].turn != terms->turn) {
        uint32_t left = find_after(terms, a, point);
        terms->terms[a].turn = terms->turn;
        terms->terms[a].left = left;
    }
    return terms->terms[a].left;
}

uint32_t dh_regex_after(struct dh_regex_terms *terms, uint32_t a, uint32_t point)
{
    terms->turn++;
    return after(terms, a, point);
}
