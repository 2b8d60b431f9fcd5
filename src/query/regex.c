/*
 * Regular expressions: made into a deterministic automaton before the first term is tried, so that
 * trying is one look-up per character.
 */
#include <stdlib.h>
#include <unistr.h>

#include "query/pattern_parts.h"
#include "query/regex_parts.h"

enum { DEAD, START, UNREADABLE = 0xFFFD };

struct regex {
    size_t width;          /* kinds of code points: those from one bound to the next */
    const uint32_t *bound; /* the first code point of each kind */
    uint16_t ascii[128];   /* kind of each ASCII character */
    const uint16_t *moves; /* state after a state and a kind */
    const bool *ends;      /* per state */
    size_t states;
};

static uint16_t kind_of(const struct regex *regex, uint32_t point)
{
    size_t low = 0, high = regex->width;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (regex->bound[middle] <= point)
            low = middle;
        else
            high = middle;
    }
    return (uint16_t)low;
}

static bool match(void *made, struct dh_str term)
{
    const struct regex *regex = made;
    size_t state = START, size;
    for (size_t i = 0; i < term.len && state != DEAD; i += size) {
        unsigned char c = (unsigned char)term.ptr[i];
        size = 1;
        uint16_t kind =
            c < 0x80 ? regex->ascii[c] : kind_of(regex, dh_utf8_next(dh_str_from(term, i), &size));
        state = regex->moves[state * regex->width + kind];
    }
    return regex->ends[state];
}

/* An automaton in the making. */
struct builder {
    struct dh_regex_terms terms;
    struct regex *regex;
    uint32_t *term_of; /* of each state */
    uint16_t *moves;
    size_t cap; /* states that there is room for */
    struct dh_arena *arena;
    struct dh_err *err;
};

static int by_value(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Code points between the bounds of two sets next to each other are alike in all the expression. */
static enum dh_status find_kinds(struct builder *b)
{
    uint32_t *bound = dh_arena_array(b->arena, 2 * b->terms.count + 1, sizeof(*bound));
    size_t count = 1, kept = 1;
    if (!bound)
        return dh_fail(b->err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < b->terms.count; i++)
        if (b->terms.terms[i].kind == DH_REGEX_SET) {
            bound[count++] = b->terms.terms[i].a;
            bound[count++] = b->terms.terms[i].b + 1;
        }
    qsort(bound, count, sizeof(*bound), by_value);
    for (size_t i = 1; i < count; i++)
        if (bound[i] != bound[kept - 1] && bound[i] <= DH_REGEX_TOP)
            bound[kept++] = bound[i];
    b->regex->bound = bound;
    b->regex->width = kept;
    if (kept > UINT16_MAX)
        return dh_fail(b->err, DH_LIMIT, "regular expression: too many different characters");
    for (uint32_t c = 0; c < 128; c++)
        b->regex->ascii[c] = kind_of(b->regex, c);
    return DH_OK;
}

static enum dh_status grow(struct builder *b)
{
    size_t cap = b->cap ? b->cap * 2 : 16;
    uint32_t *term_of = realloc(b->term_of, cap * sizeof(*term_of));
    if (term_of)
        b->term_of = term_of;
    uint16_t *moves = realloc(b->moves, cap * b->regex->width * sizeof(*moves));
    if (moves)
        b->moves = moves;
    if (!term_of || !moves)
        return dh_fail(b->err, DH_MEMORY, "out of memory");
    b->cap = cap;
    return DH_OK;
}

/* The state of a term, a new one if it has none. */
static enum dh_status state_of(struct builder *b, uint32_t term, uint16_t *state)
{
    struct dh_regex_term *found = &b->terms.terms[term];
    if (!found->state && term != DH_REGEX_NOTHING) {
        size_t states = b->regex->states + 1;
        if (states * b->regex->width > DH_REGEX_MOVES_MAX)
            return dh_fail(b->err, DH_LIMIT, "regular expression: too many different characters");
        if (states > DH_REGEX_STATES_MAX)
            return dh_fail(b->err, DH_LIMIT, "regular expression: more than %d states",
                           DH_REGEX_STATES_MAX);
        if (states > b->cap && grow(b) != DH_OK)
            return DH_MEMORY;
        found->state = (uint32_t)b->regex->states;
        b->term_of[b->regex->states++] = term;
    }
    *state = (uint16_t)found->state;
    return DH_OK;
}

static enum dh_status find_moves(struct builder *b)
{
    size_t width = b->regex->width;
    for (size_t from = START; from < b->regex->states; from++)
        for (size_t kind = 0; kind < width; kind++) {
            uint16_t to = DEAD;
            uint32_t left = dh_regex_after(&b->terms, b->term_of[from], b->regex->bound[kind]);
            if (b->terms.status != DH_OK)
                return dh_fail(b->err, b->terms.status, "regular expression: too complex");
            enum dh_status status = state_of(b, left, &to);
            if (status != DH_OK)
                return status;
            b->moves[from * width + kind] = to;
        }
    return DH_OK;
}

/* Copies what was found into the arena. */
static enum dh_status keep(struct builder *b)
{
    struct regex *regex = b->regex;
    size_t count = regex->states * regex->width;
    uint16_t *moves = dh_arena_array(b->arena, count, sizeof(*moves));
    bool *ends = dh_arena_array(b->arena, regex->states, sizeof(*ends));
    if (!moves || !ends)
        return dh_fail(b->err, DH_MEMORY, "out of memory");
    memcpy(moves, b->moves, count * sizeof(*moves));
    for (size_t i = START; i < regex->states; i++)
        ends[i] = b->terms.terms[b->term_of[i]].empty;
    regex->moves = moves;
    regex->ends = ends;
    return DH_OK;
}

static enum dh_status build(struct builder *b, struct dh_str value)
{
    uint32_t root;
    uint16_t start;
    enum dh_status status = dh_regex_parse(&b->terms, value, &root, b->err);
    if (status == DH_OK && b->terms.status != DH_OK)
        status = dh_fail(b->err, b->terms.status, "regular expression: too complex");
    if (status == DH_OK)
        status = find_kinds(b);
    if (status == DH_OK)
        status = grow(b);
    if (status != DH_OK)
        return status;
    memset(b->moves, 0, b->regex->width * sizeof(*b->moves));
    b->term_of[DEAD] = DH_REGEX_NOTHING;
    b->regex->states = START;
    if (root == DH_REGEX_NOTHING) { /* a start of its own, with no way on */
        b->regex->states = START + 1;
        b->term_of[START] = root;
    } else if ((status = state_of(b, root, &start)) != DH_OK) {
        return status;
    }
    status = find_moves(b);
    return status == DH_OK ? keep(b) : status;
}

/* The only way on from the state; false when there are more, or more characters than one. */
static bool only_move(const struct regex *regex, size_t state, uint32_t *point, size_t *next)
{
    size_t ways = 0;
    for (size_t kind = 0; kind < regex->width; kind++) {
        size_t to = regex->moves[state * regex->width + kind];
        if (to == DEAD)
            continue;
        bool last = kind + 1 == regex->width;
        uint32_t end = last ? DH_REGEX_TOP + 1 : regex->bound[kind + 1];
        ways += end - regex->bound[kind];
        *point = regex->bound[kind];
        *next = to;
    }
    return ways == 1;
}

/* The bounds: the characters that every match begins with. */
static enum dh_status bound(const struct regex *regex, struct dh_pattern *out,
                            struct dh_arena *arena, struct dh_err *err)
{
    struct dh_buf prefix;
    size_t state = START, next = DEAD;
    uint32_t point;
    dh_buf_init(&prefix, DH_QUERY_MAX * 4);
    for (size_t i = 0; i < regex->states && !regex->ends[state]; i++) {
        if (!only_move(regex, state, &point, &next))
            break;
        char *room = dh_buf_reserve(&prefix, 4);
        int size = room ? u8_uctomb((uint8_t *)room, point, 4) : -1;
        /* No memory; half of a surrogate pair, which no term holds; what bad bytes are read as. */
        if (size <= 0 || point == UNREADABLE)
            break;
        prefix.len += (size_t)size;
        state = next;
    }
    enum dh_status status = dh_pattern_under(out, dh_buf_view(&prefix), arena, err);
    dh_buf_release(&prefix);
    return status;
}

enum dh_status dh_regex_make(struct dh_str value, struct dh_pattern *out, struct dh_arena *arena,
                             struct dh_err *err)
{
    struct regex *regex = dh_arena_alloc(arena, sizeof(*regex));
    if (!regex)
        return dh_fail(err, DH_MEMORY, "out of memory");
    struct builder builder = {.regex = regex, .arena = arena, .err = err};
    dh_regex_terms_init(&builder.terms);
    enum dh_status status = build(&builder, value);
    dh_regex_terms_release(&builder.terms);
    free(builder.term_of);
    free(builder.moves);
    out->match = match;
    out->made = regex;
    return status == DH_OK ? bound(regex, out, arena, err) : status;
}
