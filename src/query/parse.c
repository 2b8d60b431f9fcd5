/*
 * The grammar, Lucene's classic one:
 *
 *   query   = ( chunk | [ sign ] clause ) { chunk | [ AND | OR ] [ sign ] clause }
 *   sign    = "+" | "-" | NOT
 *   chunk   = TERM TERM { TERM }
 *   clause  = [ name ":" ] ( leaf | "(" query ")" [ "^" NUMBER ] )
 *   name    = TERM | "*" | PREFIX | WILD
 *   leaf    = word [ "~"... ] [ "^" NUMBER ] | range [ "^" NUMBER ]
 *   word    = TERM | "*" | PREFIX | WILD | REGEX | BARE | QUOTED
 *   range   = ( "[" | "{" ) bound TO bound ( "]" | "}" )
 *   bound   = BOUND | BOUND_QUOTED | TO
 *
 * A chunk takes a further TERM only when no ":", "*", "~", "^", AND or OR stands behind that. A
 * PREFIX or WILD as a name is ours: Lucene wants the * of a name protected by a backslash.
 */
#include "query/parse.h"

#include <stdlib.h>

#include "query/lower.h"

enum { PHRASE_SLOP = 1, EDITS_MAX = 2 };

struct parser {
    const struct dh_token *token; /* the next one; END stands behind the last */
    const char *trouble;          /* of a BAD one */
    struct dh_str text;           /* rewritten */
    size_t depth;
    struct dh_lowering *l;
};

/* ---- tokens --------------------------------------------------------------------------------- */

static struct dh_str image(const struct parser *p, const struct dh_token *token)
{
    return (struct dh_str){p->text.ptr + token->at, token->len};
}

static size_t end_of(const struct dh_token *token)
{
    return (size_t)token->at + token->len;
}

static bool accept(struct parser *p, enum dh_token_kind kind)
{
    if (p->token->kind != kind)
        return false;
    p->token++;
    return true;
}

static enum dh_status unexpected(struct parser *p, const char *wanted)
{
    enum { SHOWN_MAX = 32 };
    const struct dh_token *token = p->token;
    struct dh_str shown = image(p, token);
    if (token->kind == DH_TOKEN_BAD)
        return dh_lower_refuse(p->l, DH_INVALID, token->at, "%s", p->trouble);
    if (token->kind == DH_TOKEN_END)
        return dh_lower_refuse(p->l, DH_INVALID, token->at, "the query ends where %s must stand",
                               wanted);
    if (shown.len > SHOWN_MAX)
        shown.len = SHOWN_MAX;
    return dh_lower_refuse(p->l, DH_INVALID, token->at, "%s must stand where %.*s stands", wanted,
                           DH_STR_ARG(shown));
}

static enum dh_status unescape(struct parser *p, struct dh_str text, size_t at, struct dh_str *out)
{
    const char *trouble;
    *out = dh_query_unescape(p->l->arena, text, &trouble);
    if (trouble)
        return dh_lower_refuse(p->l, DH_INVALID, at, "%s", trouble);
    return out->ptr ? DH_OK : dh_lower_memory(p->l);
}

/* ---- what may stand behind a leaf ----------------------------------------------------------- */

struct suffix {
    const struct dh_token *fuzzy; /* NULL when there is none */
    double boost;
};

/* "^" and a number: one that is too long to be read leaves the boost as it is. */
static enum dh_status boost(struct parser *p, double *out)
{
    *out = 1;
    if (!accept(p, DH_TOKEN_CARET))
        return DH_OK;
    if (p->token->kind != DH_TOKEN_NUMBER)
        return unexpected(p, "a number");
    if (!dh_str_decimal(image(p, p->token++), out))
        *out = 1;
    return DH_OK;
}

/* "~" and "^" in either order. */
static enum dh_status suffixes(struct parser *p, struct suffix *out)
{
    *out = (struct suffix){.fuzzy = p->token};
    if (!accept(p, DH_TOKEN_FUZZY))
        out->fuzzy = NULL;
    enum dh_status status = boost(p, &out->boost);
    if (status == DH_OK && !out->fuzzy && p->token[-1].kind == DH_TOKEN_NUMBER) {
        out->fuzzy = p->token;
        if (!accept(p, DH_TOKEN_FUZZY))
            out->fuzzy = NULL;
    }
    return status;
}

/* Characters, as Java counts them for this: code points. */
static size_t characters(struct dh_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* By itself "~" grows with the length; a fraction is how much must stay the same. */
static enum dh_status edits(struct parser *p, const struct dh_token *token, struct dh_str text,
                            unsigned *out)
{
    struct dh_str given = dh_str_from(image(p, token), 1);
    size_t len = characters(text);
    double wanted;
    if (!given.len || dh_str_equal_nocase(given, DH_STR("auto"))) {
        *out = len < 3 ? 0 : len < 6 ? 1 : EDITS_MAX;
        return DH_OK;
    }
    if (!dh_str_decimal(given, &wanted) || wanted < 0)
        return dh_lower_refuse(p->l, DH_INVALID, token->at,
                               "behind ~ stands a number of edits, 0 to 2");
    if (wanted > 0 && wanted < 1)
        wanted = (1 - wanted) * (double)len;
    *out = wanted < EDITS_MAX ? (unsigned)wanted : EDITS_MAX;
    return DH_OK;
}

/* What is no number leaves the slop as it is. */
static enum dh_status slop(struct parser *p, const struct dh_token *token, unsigned *out)
{
    double wanted;
    *out = PHRASE_SLOP;
    if (!token || !dh_str_decimal(dh_str_from(image(p, token), 1), &wanted))
        return DH_OK;
    if (wanted <= -1)
        return dh_lower_refuse(p->l, DH_INVALID, token->at, "words cannot stand nearer than 0");
    *out = wanted <= 0 ? 0 : wanted < INT32_MAX ? (unsigned)wanted : INT32_MAX;
    return DH_OK;
}

/* ---- leaves --------------------------------------------------------------------------------- */

static enum dh_status lower(struct parser *p, const struct dh_target *target, struct dh_ask *ask,
                            double factor, struct dh_node **out)
{
    enum dh_status status = dh_lower(p->l, target, ask, out);
    if (status == DH_OK)
        dh_node_boost(*out, factor);
    return status;
}

static const struct {
    enum dh_ask_kind kind;
    unsigned char before, behind; /* bytes of the token around the text */
    bool raw;                     /* keeps its backslashes */
} words[] = {
    [DH_TOKEN_TERM] = {DH_ASK_TEXT, 0, 0, false},
    [DH_TOKEN_STAR] = {DH_ASK_EXISTS, 0, 0, false},
    [DH_TOKEN_PREFIX] = {DH_ASK_PREFIX, 0, 1, false},
    [DH_TOKEN_WILD] = {DH_ASK_GLOB, 0, 0, true},
    [DH_TOKEN_REGEX] = {DH_ASK_REGEX, 1, 1, true},
    [DH_TOKEN_QUOTED] = {DH_ASK_QUOTED, 1, 1, false},
};

static enum dh_status word(struct parser *p, const struct dh_target *target, struct dh_node **out)
{
    const struct dh_token *token = p->token++;
    bool bare = token->kind == DH_TOKEN_BARE;
    enum dh_token_kind kind = bare ? DH_TOKEN_TERM : token->kind;
    struct dh_str whole = {p->text.ptr + token->at, bare ? 1 : token->len}, plain;
    struct dh_str inner = {whole.ptr + words[kind].before,
                           whole.len - words[kind].before - words[kind].behind};
    struct dh_ask ask = {.kind = words[kind].kind, .at = token->at, .end = token->at + whole.len};
    struct suffix suffix;
    enum dh_status status = suffixes(p, &suffix);
    if (status == DH_OK)
        /* the faults of escapes are errors in patterns too */
        status = unescape(p, words[kind].raw ? whole : inner, token->at, &plain);
    if (status != DH_OK)
        return status;
    ask.text = words[kind].raw ? inner : plain;
    if (kind == DH_TOKEN_TERM && suffix.fuzzy) {
        ask.kind = DH_ASK_FUZZY;
        status = edits(p, suffix.fuzzy, plain, &ask.slop);
    } else if (kind == DH_TOKEN_QUOTED) {
        status = slop(p, suffix.fuzzy, &ask.slop);
    }
    return status == DH_OK ? lower(p, target, &ask, suffix.boost, out) : status;
}

static bool takes_bound(struct parser *p)
{
    return accept(p, DH_TOKEN_BOUND) || accept(p, DH_TOKEN_BOUND_QUOTED) || accept(p, DH_TOKEN_TO);
}

/* One side of a range; ptr NULL is open. */
static enum dh_status bound(struct parser *p, const struct dh_token *token, struct dh_str *out)
{
    struct dh_str text = image(p, token);
    *out = DH_STR_NONE;
    if (token->kind == DH_TOKEN_BOUND_QUOTED)
        text = (struct dh_str){text.ptr + 1, text.len - 2};
    else if (dh_str_equal(text, DH_STR("*")))
        return DH_OK;
    return unescape(p, text, token->at, out);
}

static enum dh_status range(struct parser *p, const struct dh_target *target, struct dh_node **out)
{
    const struct dh_token *first = p->token++;
    struct dh_ask ask = {
        .kind = DH_ASK_RANGE, .at = first->at, .low_in = first->kind == DH_TOKEN_RANGE_IN};
    double factor;
    if (!takes_bound(p))
        return unexpected(p, "a bound");
    if (!accept(p, DH_TOKEN_TO))
        return unexpected(p, "TO");
    if (!takes_bound(p))
        return unexpected(p, "a bound");
    ask.high_in = accept(p, DH_TOKEN_END_IN);
    if (!ask.high_in && !accept(p, DH_TOKEN_END_EX))
        return unexpected(p, "] or }");
    ask.end = end_of(p->token - 1);
    ask.low_at = first[1].at;
    ask.high_at = first[3].at;
    enum dh_status status = boost(p, &factor);
    if (status == DH_OK)
        status = bound(p, first + 1, &ask.low);
    if (status == DH_OK)
        status = bound(p, first + 3, &ask.high);
    return status == DH_OK ? lower(p, target, &ask, factor, out) : status;
}

/* ---- clauses -------------------------------------------------------------------------------- */

static enum dh_status query(struct parser *p, const struct dh_target *target, struct dh_node **out);

static enum dh_status group(struct parser *p, const struct dh_target *target, struct dh_node **out)
{
    const struct dh_token *opened = p->token++;
    double factor;
    if (++p->depth > DH_QUERY_DEPTH_MAX)
        return dh_lower_refuse(p->l, DH_LIMIT, opened->at, "parentheses are nested deeper than %d",
                               DH_QUERY_DEPTH_MAX);
    enum dh_status status = query(p, target, out);
    p->depth--;
    if (status != DH_OK)
        return status;
    if (p->token->kind == DH_TOKEN_END)
        return dh_lower_refuse(p->l, DH_INVALID, opened->at, "this parenthesis is not closed");
    if (!accept(p, DH_TOKEN_CLOSE))
        return unexpected(p, ")");
    status = boost(p, &factor);
    if (status == DH_OK)
        dh_node_boost(*out, factor);
    return status;
}

/* A name and ":", if they come next. `?` stands for nothing in names. */
static enum dh_status name(struct parser *p, struct dh_target *target)
{
    const struct dh_token *token = p->token;
    struct dh_str text = image(p, token);
    bool pattern = token->kind == DH_TOKEN_PREFIX ||
                   (token->kind == DH_TOKEN_WILD && dh_str_find(text, '?') == text.len);
    if (token[1].kind != DH_TOKEN_COLON ||
        (token->kind != DH_TOKEN_TERM && token->kind != DH_TOKEN_STAR && !pattern))
        return DH_OK;
    p->token += 2;
    target->named = true;
    target->at = token->at;
    return unescape(p, text, token->at, &target->name);
}

static enum dh_status clause(struct parser *p, const struct dh_target *around, struct dh_node **out)
{
    struct dh_target target = *around;
    enum dh_status status = name(p, &target);
    if (status != DH_OK)
        return status;
    switch (p->token->kind) {
    case DH_TOKEN_OPEN:
        return group(p, &target, out);
    case DH_TOKEN_RANGE_IN:
    case DH_TOKEN_RANGE_EX:
        return range(p, &target, out);
    case DH_TOKEN_TERM:
    case DH_TOKEN_STAR:
    case DH_TOKEN_PREFIX:
    case DH_TOKEN_WILD:
    case DH_TOKEN_REGEX:
    case DH_TOKEN_BARE:
    case DH_TOKEN_QUOTED:
        return word(p, &target, out);
    default:
        return unexpected(p, "something to search for");
    }
}

/* Whether a clause, or what joins it to the one before, comes next. */
static bool continues(enum dh_token_kind kind)
{
    switch (kind) {
    case DH_TOKEN_END:
    case DH_TOKEN_BAD:
    case DH_TOKEN_CLOSE:
    case DH_TOKEN_COLON:
    case DH_TOKEN_CARET:
    case DH_TOKEN_FUZZY:
        return false;
    default:
        return true;
    }
}

/* ---- chunks --------------------------------------------------------------------------------- */

/* Whether the chunk goes on with this token. */
static bool joins(const struct dh_token *token)
{
    if (token->kind != DH_TOKEN_TERM)
        return false;
    switch (token[1].kind) {
    case DH_TOKEN_COLON:
    case DH_TOKEN_STAR:
    case DH_TOKEN_FUZZY:
    case DH_TOKEN_CARET:
    case DH_TOKEN_AND:
    case DH_TOKEN_OR:
        return false;
    default:
        return true;
    }
}

static bool begins_chunk(const struct dh_token *token)
{
    return token->kind == DH_TOKEN_TERM && joins(token + 1);
}

/* The terms with one space between them. */
static enum dh_status chunk_text(struct parser *p, const struct dh_token *first, struct dh_str *out)
{
    size_t len = 0;
    for (const struct dh_token *t = first; t < p->token; t++)
        len += t->len + (t > first);
    char *text = dh_arena_alloc(p->l->arena, len);
    if (!text)
        return dh_lower_memory(p->l);
    len = 0;
    for (const struct dh_token *t = first; t < p->token; t++) {
        if (t > first)
            text[len++] = ' ';
        memcpy(text + len, p->text.ptr + t->at, t->len);
        len += t->len;
    }
    return unescape(p, (struct dh_str){text, len}, first->at, out);
}

static enum dh_status chunk(struct parser *p, const struct dh_target *target, struct dh_node **out)
{
    const struct dh_token *first = p->token++;
    struct dh_ask ask = {.kind = DH_ASK_TEXT, .at = first->at};
    while (joins(p->token))
        p->token++;
    ask.end = end_of(p->token - 1);
    enum dh_status status = chunk_text(p, first, &ask.text);
    return status == DH_OK ? lower(p, target, &ask, 1, out) : status;
}

/* ---- queries -------------------------------------------------------------------------------- */

/* Takes a sign, if there is one; true when it prohibits. */
static bool prohibits(struct parser *p)
{
    return !accept(p, DH_TOKEN_PLUS) && (accept(p, DH_TOKEN_MINUS) || accept(p, DH_TOKEN_NOT));
}

static enum dh_conjunction conjunction(struct parser *p)
{
    if (accept(p, DH_TOKEN_AND))
        return DH_CONJUNCTION_AND;
    return accept(p, DH_TOKEN_OR) ? DH_CONJUNCTION_OR : DH_CONJUNCTION_NONE;
}

static enum dh_status query(struct parser *p, const struct dh_target *target, struct dh_node **out)
{
    struct dh_clauses clauses = {0};
    size_t at = p->token->at;
    bool first = true;
    do {
        enum dh_conjunction joined = DH_CONJUNCTION_NONE;
        bool prohibited = false;
        struct dh_node *node = NULL;
        enum dh_status status;
        if (begins_chunk(p->token)) {
            status = chunk(p, target, &node);
        } else {
            joined = first ? DH_CONJUNCTION_NONE : conjunction(p);
            prohibited = prohibits(p);
            status = clause(p, target, &node);
        }
        if (status == DH_OK)
            status = dh_clauses_add(p->l, &clauses, joined, prohibited, node);
        if (status != DH_OK)
            return status;
        first = false;
    } while (continues(p->token->kind));
    return dh_clauses_end(p->l, &clauses, at, end_of(p->token - 1), out);
}

/* ---- the whole ------------------------------------------------------------------------------ */

enum dh_status dh_parse_tokens(struct dh_lowering *l, const struct dh_tokens *tokens)
{
    struct parser p = {tokens->items, tokens->trouble, l->rewriting->text, 0, l};
    struct dh_target target = {0};
    struct dh_node *root = NULL;
    enum dh_status status = query(&p, &target, &root);
    if (status != DH_OK)
        return status;
    if (p.token->kind == DH_TOKEN_CLOSE)
        return dh_lower_refuse(l, DH_INVALID, p.token->at, "no parenthesis is open here");
    if (p.token->kind != DH_TOKEN_END)
        return unexpected(&p, "a further clause");
    if (!root && !(root = dh_node_make(l, DH_NODE_NONE, 0, p.text.len)))
        return dh_lower_memory(l);
    root->occur = DH_OCCUR_MUST;
    l->query->root = root;
    return DH_OK;
}
