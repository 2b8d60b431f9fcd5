/* Lucene's syntax of regular expressions, with all its optional operators. */
#include "query/regex_parts.h"

struct reader {
    struct dh_regex_terms *terms;
    struct dh_str text;
    size_t at;
    unsigned depth; /* of groups and complements */
    enum dh_status status;
    struct dh_err *err;
};

static void complain(struct reader *reader, const char *what)
{
    if (reader->status == DH_OK)
        reader->status = dh_fail(reader->err, DH_INVALID, "regular expression: %s at byte %zu",
                                 what, reader->at);
}

static bool more(const struct reader *reader)
{
    return reader->status == DH_OK && reader->terms->status == DH_OK &&
           reader->at < reader->text.len;
}

static bool peek(const struct reader *reader, const char *any)
{
    char c = more(reader) ? reader->text.ptr[reader->at] : '\0';
    return c && strchr(any, c);
}

static bool take(struct reader *reader, char c)
{
    if (!more(reader) || reader->text.ptr[reader->at] != c)
        return false;
    reader->at++;
    return true;
}

static void expect(struct reader *reader, char c)
{
    char what[] = "expected '?'";
    what[sizeof(what) - 3] = c;
    if (!take(reader, c))
        complain(reader, what);
}

static uint32_t point(struct reader *reader)
{
    size_t size = 0;
    uint32_t c = 0;
    if (more(reader))
        c = dh_utf8_next(dh_str_from(reader->text, reader->at), &size);
    else
        complain(reader, "unexpected end");
    reader->at += size;
    return c;
}

/* Classes that stand for sets: the ranges, and of the capital letter all others. */
static const struct {
    char name;
    unsigned char count;
    unsigned char ranges[4][2];
} classes[] = {
    {'d', 1, {{'0', '9'}}},
    {'s', 3, {{'\t', '\n'}, {'\r', '\r'}, {' ', ' '}}},
    {'w', 4, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
};

/* One code point that is none of `a`. */
static uint32_t other_than(struct dh_regex_terms *terms, uint32_t a)
{
    size_t base = terms->depth;
    dh_regex_push(terms, dh_regex_set(terms, 0, DH_REGEX_TOP));
    dh_regex_push(terms, dh_regex_not(terms, a));
    return dh_regex_all_of(terms, base);
}

static uint32_t class_of(struct dh_regex_terms *terms, char name)
{
    size_t i = 0, base = terms->depth;
    while (classes[i].name != (name | 32))
        i++;
    for (size_t k = 0; k < classes[i].count; k++)
        dh_regex_push(terms, dh_regex_set(terms, classes[i].ranges[k][0], classes[i].ranges[k][1]));
    uint32_t set = dh_regex_any_of(terms, base);
    return name & 32 ? set : other_than(terms, set);
}

/*
 * A code point, a backslash taken off it. A backslash before a letter is a class (true, in *class)
 * or else wrong.
 */
static bool class_or_point(struct reader *reader, uint32_t *class, uint32_t *c)
{
    if (take(reader, '\\') && more(reader)) {
        char next = reader->text.ptr[reader->at];
        if (strchr("dDsSwW", next) && next) {
            reader->at++;
            *class = class_of(reader->terms, next);
            return true;
        }
        if ((next | 32) >= 'a' && (next | 32) <= 'z')
            complain(reader, "a backslash before a letter without such a meaning");
    }
    *c = point(reader);
    return false;
}

/* One or more of: a class, a code point, a range of code points. */
static uint32_t in_brackets(struct reader *reader)
{
    size_t base = reader->terms->depth;
    do {
        uint32_t set, first, last;
        if (!class_or_point(reader, &set, &first)) {
            last = first;
            if (take(reader, '-')) {
                take(reader, '\\');
                last = point(reader);
            }
            if (last < first)
                complain(reader, "a range that goes backwards");
            set = dh_regex_set(reader->terms, first, last);
        }
        dh_regex_push(reader->terms, set);
    } while (more(reader) && !peek(reader, "]"));
    return dh_regex_any_of(reader->terms, base);
}

static uint32_t quoted(struct reader *reader)
{
    size_t base = reader->terms->depth;
    while (more(reader) && !peek(reader, "\"")) {
        uint32_t c = point(reader);
        dh_regex_push(reader->terms, dh_regex_set(reader->terms, c, c));
    }
    expect(reader, '"');
    return dh_regex_chain_of(reader->terms, base);
}

/* A number that begins where the reader stands and is at most 2^31 - 1. */
static bool number(struct reader *reader, uint32_t *value)
{
    size_t start = reader->at;
    uint64_t n = 0;
    for (; peek(reader, "0123456789"); reader->at++) {
        n = n * 10 + (uint64_t)(reader->text.ptr[reader->at] - '0');
        if (n > INT32_MAX)
            complain(reader, "a number that is too large");
    }
    *value = (uint32_t)n;
    return reader->at > start;
}

static uint32_t interval(struct reader *reader)
{
    uint32_t least = 0, most = 0;
    size_t start = reader->at, first, second;
    bool good = number(reader, &least);
    first = reader->at - start;
    good = good && take(reader, '-');
    start = reader->at;
    good = good && number(reader, &most);
    second = reader->at - start;
    if (!good)
        complain(reader, "expected <number-number>");
    expect(reader, '>');
    if (reader->status != DH_OK)
        return DH_REGEX_NOTHING;
    return dh_regex_interval(reader->terms, least < most ? least : most,
                             least < most ? most : least, first == second ? first : 0);
}

static uint32_t read_union(struct reader *reader);

/* True when one group more within groups is allowed. */
static bool enter(struct reader *reader)
{
    if (++reader->depth <= DH_QUERY_DEPTH_MAX)
        return true;
    if (reader->status == DH_OK)
        reader->status = dh_fail(reader->err, DH_LIMIT, "regular expression: nested too deeply");
    return false;
}

static uint32_t group(struct reader *reader)
{
    uint32_t inner = DH_REGEX_EMPTY;
    if (take(reader, ')'))
        return inner;
    if (enter(reader))
        inner = read_union(reader);
    reader->depth--;
    expect(reader, ')');
    return inner;
}

static uint32_t simple(struct reader *reader)
{
    uint32_t set, c;
    if (take(reader, '.'))
        return dh_regex_set(reader->terms, 0, DH_REGEX_TOP);
    if (take(reader, '#'))
        return DH_REGEX_NOTHING;
    if (take(reader, '@'))
        return DH_REGEX_ANYTHING;
    if (take(reader, '"'))
        return quoted(reader);
    if (take(reader, '('))
        return group(reader);
    if (take(reader, '<'))
        return interval(reader);
    if (take(reader, '[')) {
        bool negated = take(reader, '^');
        set = in_brackets(reader);
        expect(reader, ']');
        return negated ? other_than(reader->terms, set) : set;
    }
    return class_or_point(reader, &set, &c) ? set : dh_regex_set(reader->terms, c, c);
}

static uint32_t complement(struct reader *reader)
{
    bool not = false;
    while (take(reader, '~'))
        not = !not ;
    uint32_t a = simple(reader);
    return not ? dh_regex_not(reader->terms, a) : a;
}

/* What stands behind an opening brace: n} or n,} or n,m} */
static uint32_t counted(struct reader *reader, uint32_t a)
{
    uint32_t least = 0, most = 0;
    if (!number(reader, &least))
        complain(reader, "expected a number");
    if (!take(reader, ','))
        most = least;
    else if (!number(reader, &most))
        most = DH_REGEX_ENDLESS;
    expect(reader, '}');
    return dh_regex_repeat(reader->terms, a, least, most);
}

static uint32_t repeated(struct reader *reader)
{
    uint32_t a = complement(reader);
    for (;;) {
        if (take(reader, '?'))
            a = dh_regex_repeat(reader->terms, a, 0, 1);
        else if (take(reader, '*'))
            a = dh_regex_repeat(reader->terms, a, 0, DH_REGEX_ENDLESS);
        else if (take(reader, '+'))
            a = dh_regex_repeat(reader->terms, a, 1, DH_REGEX_ENDLESS);
        else if (take(reader, '{'))
            a = counted(reader, a);
        else
            return a;
    }
}

static uint32_t chain(struct reader *reader)
{
    size_t base = reader->terms->depth;
    do
        dh_regex_push(reader->terms, repeated(reader));
    while (more(reader) && !peek(reader, ")|&"));
    return dh_regex_chain_of(reader->terms, base);
}

static uint32_t intersection(struct reader *reader)
{
    size_t base = reader->terms->depth;
    do
        dh_regex_push(reader->terms, chain(reader));
    while (take(reader, '&'));
    return dh_regex_all_of(reader->terms, base);
}

static uint32_t read_union(struct reader *reader)
{
    size_t base = reader->terms->depth;
    do
        dh_regex_push(reader->terms, intersection(reader));
    while (take(reader, '|'));
    return dh_regex_any_of(reader->terms, base);
}

enum dh_status dh_regex_parse(struct dh_regex_terms *terms, struct dh_str text, uint32_t *out,
                              struct dh_err *err)
{
    struct reader reader = {.terms = terms, .text = text, .err = err, .status = DH_OK};
    *out = text.len ? read_union(&reader) : DH_REGEX_EMPTY;
    if (more(&reader))
        complain(&reader, "expected the end");
    return reader.status;
}
