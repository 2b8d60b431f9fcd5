#include "query/lexer.h"

enum mode { PLAIN, RANGE, BOOST };

/* What is looked at: the text and a place in it. */
struct scan {
    struct dh_str text;
    size_t at;
    enum mode mode;
    const char *trouble;
};

struct found {
    enum dh_token_kind kind;
    size_t end; /* the place behind it */
};

static const struct dh_str wide_space = {"\xe3\x80\x80", 3}; /* U+3000 */

/* The byte at a place, NUL at the end (a NUL of the text is a letter like others). */
static char byte(const struct scan *s, size_t at)
{
    return at < s->text.len ? s->text.ptr[at] : '\0';
}

/* The bytes of the white space at a place; 0 when there is none. */
static size_t space(const struct scan *s, size_t at)
{
    char c = byte(s, at);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return 1;
    return dh_str_starts(dh_str_from(s->text, at), wide_space) ? wide_space.len : 0;
}

static bool special(char c)
{
    return c && strchr("+-!():^[]\"{}~*?\\/", c);
}

/* The bytes of the character with which a term can begin; 0 when there is none. */
static size_t term_start(const struct scan *s, size_t at)
{
    size_t size;
    if (at >= s->text.len)
        return 0;
    if (byte(s, at) == '\\') {
        if (at + 1 >= s->text.len)
            return 0;
        dh_utf8_next(dh_str_from(s->text, at + 1), &size);
        return 1 + size;
    }
    return special(byte(s, at)) || space(s, at) ? 0 : 1;
}

/* Where the run of characters that a term is made of ends. */
static size_t term_end(const struct scan *s, size_t at)
{
    for (size_t size;;) {
        char c = byte(s, at);
        if ((size = term_start(s, at)))
            at += size;
        else if (c == '-' || c == '+')
            at++;
        else
            return at;
    }
}

static size_t wild_end(const struct scan *s, size_t at)
{
    for (;;) {
        at = term_end(s, at);
        if (byte(s, at) != '*' && byte(s, at) != '?')
            return at;
        at++;
    }
}

/* ---- outside of ranges ---------------------------------------------------------------------- */

static const struct {
    struct dh_str text;
    enum dh_token_kind kind;
} operators[] = {
    {{"AND", 3}, DH_TOKEN_AND}, {{"&&", 2}, DH_TOKEN_AND},  {{"OR", 2}, DH_TOKEN_OR},
    {{"||", 2}, DH_TOKEN_OR},   {{"NOT", 3}, DH_TOKEN_NOT},
};

/* A term, with wildcards or without, or one of the operators that look like terms. */
static struct found word(const struct scan *s)
{
    size_t start = term_start(s, s->at);
    size_t plain = start ? term_end(s, s->at + start) : s->at;
    size_t end = wild_end(s, start ? plain : s->at + 1);
    struct dh_str image = {s->text.ptr + s->at, end - s->at};
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (dh_str_equal(image, operators[i].text))
            return (struct found){operators[i].kind, end};
    if (end == plain)
        return (struct found){DH_TOKEN_TERM, end};
    if (byte(s, end - 1) == '*' && end - 1 == plain)
        return (struct found){start ? DH_TOKEN_PREFIX : DH_TOKEN_STAR, end};
    return (struct found){DH_TOKEN_WILD, end};
}

static struct found quoted(struct scan *s)
{
    size_t at = s->at + 1;
    while (at < s->text.len && s->text.ptr[at] != '"')
        at += s->text.ptr[at] == '\\' ? 2 : 1;
    if (at < s->text.len)
        return (struct found){DH_TOKEN_QUOTED, at + 1};
    s->trouble = "this quotation mark has no partner";
    return (struct found){DH_TOKEN_BAD, s->text.len};
}

/*
 * Where text between two `mark`s ends; 0 when it does not. A mark behind a backslash closes it only
 * if no other one does.
 */
static size_t between(const struct scan *s, char mark)
{
    size_t end = 0;
    for (size_t at = s->at + 1; at < s->text.len; at++) {
        if (s->text.ptr[at] != mark)
            continue;
        end = at + 1;
        if (at == s->at + 1 || s->text.ptr[at - 1] != '\\')
            break;
    }
    return end;
}

static struct found regex(struct scan *s)
{
    size_t end = between(s, '/');
    if (end)
        return (struct found){DH_TOKEN_REGEX, end};
    s->trouble = "this slash begins a regular expression that does not end";
    return (struct found){DH_TOKEN_BAD, s->text.len};
}

static struct found sign(const struct scan *s, enum dh_token_kind kind)
{
    size_t behind = space(s, s->at + 1);
    if (behind)
        return (struct found){DH_TOKEN_BARE, s->at + 1 + behind};
    return (struct found){kind, s->at + 1};
}

static struct found bad(struct scan *s, const char *trouble)
{
    s->trouble = trouble;
    return (struct found){DH_TOKEN_BAD, s->text.len};
}

static struct found plain_token(struct scan *s)
{
    switch (byte(s, s->at)) {
    case '+':
        return sign(s, DH_TOKEN_PLUS);
    case '-':
        return sign(s, DH_TOKEN_MINUS);
    case '!':
        return sign(s, DH_TOKEN_NOT);
    case '(':
        return (struct found){DH_TOKEN_OPEN, s->at + 1};
    case ')':
        return (struct found){DH_TOKEN_CLOSE, s->at + 1};
    case ':':
        return (struct found){DH_TOKEN_COLON, s->at + 1};
    case '^':
        return (struct found){DH_TOKEN_CARET, s->at + 1};
    case '[':
        return (struct found){DH_TOKEN_RANGE_IN, s->at + 1};
    case '{':
        return (struct found){DH_TOKEN_RANGE_EX, s->at + 1};
    case '"':
        return quoted(s);
    case '~':
        return (struct found){DH_TOKEN_FUZZY, term_end(s, s->at + 1)};
    case '/':
        return regex(s);
    case ']':
    case '}':
        return bad(s, "this bracket ends no range");
    case '\\':
        if (s->at + 1 >= s->text.len)
            return bad(s, "a backslash needs a character behind it");
        return word(s);
    default:
        return word(s);
    }
}

/* ---- in ranges and behind ^ ----------------------------------------------------------------- */

/* Any bytes but a space and the closing brackets. */
static size_t bound_end(const struct scan *s)
{
    size_t at = s->at;
    for (; at < s->text.len; at++) {
        char c = s->text.ptr[at];
        if (c == ' ' || c == ']' || c == '}')
            break;
    }
    return at;
}

static struct found range_token(struct scan *s)
{
    char c = byte(s, s->at);
    if (c == ']' || c == '}')
        return (struct found){c == ']' ? DH_TOKEN_END_IN : DH_TOKEN_END_EX, s->at + 1};
    size_t end = bound_end(s);
    size_t closed = c == '"' ? between(s, '"') : 0;
    if (closed > s->at + 2 && closed >= end)
        return (struct found){DH_TOKEN_BOUND_QUOTED, closed};
    if (dh_str_equal((struct dh_str){s->text.ptr + s->at, end - s->at}, DH_STR("TO")))
        return (struct found){DH_TOKEN_TO, end};
    return (struct found){DH_TOKEN_BOUND, end};
}

static size_t digits_end(const struct scan *s, size_t at)
{
    while (byte(s, at) >= '0' && byte(s, at) <= '9')
        at++;
    return at;
}

static struct found boost_token(struct scan *s)
{
    size_t end = digits_end(s, s->at);
    if (end == s->at)
        return bad(s, "behind ^ stands a number");
    if (byte(s, end) == '.' && digits_end(s, end + 1) > end + 1)
        end = digits_end(s, end + 1);
    return (struct found){DH_TOKEN_NUMBER, end};
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* In ranges a longer bound wins over white space: "\tx" is one. */
static void skip_space(struct scan *s)
{
    for (size_t size; s->mode != BOOST && (size = space(s, s->at)); s->at += size)
        if (s->mode == RANGE && bound_end(s) > s->at + size)
            return;
}

static struct found next(struct scan *s)
{
    static struct found (*const readers[])(struct scan *) = {
        [PLAIN] = plain_token, [RANGE] = range_token, [BOOST] = boost_token};
    skip_space(s);
    if (s->at >= s->text.len)
        return (struct found){DH_TOKEN_END, s->text.len};
    return readers[s->mode](s);
}

static enum mode mode_after(enum dh_token_kind kind, enum mode mode)
{
    switch (kind) {
    case DH_TOKEN_CARET:
        return BOOST;
    case DH_TOKEN_RANGE_IN:
    case DH_TOKEN_RANGE_EX:
        return RANGE;
    case DH_TOKEN_NUMBER:
    case DH_TOKEN_END_IN:
    case DH_TOKEN_END_EX:
        return PLAIN;
    default:
        return mode;
    }
}

enum dh_status dh_query_lex(struct dh_str text, struct dh_tokens *out, struct dh_arena *arena,
                            struct dh_err *err)
{
    struct scan s = {.text = text};
    struct dh_token *items = dh_arena_array(arena, text.len + 3, sizeof(*items));
    if (!items)
        return dh_fail(err, DH_MEMORY, "out of memory while a query was read");
    *out = (struct dh_tokens){.items = items};
    for (;; items++) {
        struct found found = next(&s);
        *items = (struct dh_token){found.kind, (uint32_t)s.at, (uint32_t)(found.end - s.at)};
        if (found.kind == DH_TOKEN_END || found.kind == DH_TOKEN_BAD)
            break;
        s.at = found.end;
        s.mode = mode_after(found.kind, s.mode);
    }
    for (int i = 1; i < 3; i++) /* kind END is 0 */
        items[i].at = (uint32_t)text.len;
    out->trouble = s.trouble;
    return DH_OK;
}
