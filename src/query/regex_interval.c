/* Decimal numbers from one to another as a regular expression. */
#include "query/regex_parts.h"

enum { DIGITS_MAX = 10 };

static uint32_t digit(struct dh_regex_terms *terms, char first, char last)
{
    if (first > last)
        return DH_REGEX_NOTHING;
    return dh_regex_set(terms, (unsigned char)first, (unsigned char)last);
}

/* `rest` digits of any kind behind one of `first` to `last`. */
static uint32_t then_any(struct dh_regex_terms *terms, char first, char last, size_t rest)
{
    uint32_t any = dh_regex_repeat(terms, digit(terms, '0', '9'), (uint32_t)rest, (uint32_t)rest);
    return dh_regex_chain(terms, digit(terms, first, last), any);
}

/* Numbers of `count` digits, not below `low` (or, with `up`, not above it). */
static uint32_t beyond(struct dh_regex_terms *terms, const char *low, size_t count, bool up)
{
    if (!count)
        return DH_REGEX_EMPTY;
    uint32_t same =
        dh_regex_chain(terms, digit(terms, *low, *low), beyond(terms, low + 1, count - 1, up));
    uint32_t past = up ? then_any(terms, '0', (char)(*low - 1), count - 1)
                       : then_any(terms, (char)(*low + 1), '9', count - 1);
    return dh_regex_either(terms, same, past);
}

static uint32_t between(struct dh_regex_terms *terms, const char *low, const char *high,
                        size_t count)
{
    size_t base = terms->depth;
    for (; count && *low == *high; count--, low++, high++)
        dh_regex_push(terms, digit(terms, *low, *low));
    if (count) {
        uint32_t ends = dh_regex_either(terms,
                                        dh_regex_chain(terms, digit(terms, *low, *low),
                                                       beyond(terms, low + 1, count - 1, false)),
                                        dh_regex_chain(terms, digit(terms, *high, *high),
                                                       beyond(terms, high + 1, count - 1, true)));
        uint32_t middle = then_any(terms, (char)(*low + 1), (char)(*high - 1), count - 1);
        dh_regex_push(terms, dh_regex_either(terms, ends, middle));
    }
    return dh_regex_chain_of(terms, base);
}

/* The last `count` digits of the value. */
static void write_digits(char out[DIGITS_MAX], uint32_t value, size_t count)
{
    for (; count; value /= 10)
        out[--count] = (char)('0' + value % 10);
}

static size_t digits_of(uint32_t value)
{
    size_t count = 1;
    for (; value >= 10; value /= 10)
        count++;
    return count;
}

/* Written with `count` digits, leading zeros in front. */
static uint32_t padded(struct dh_regex_terms *terms, uint32_t least, uint32_t most, size_t count)
{
    char low[DIGITS_MAX], high[DIGITS_MAX];
    size_t zeros = count > DIGITS_MAX ? count - DIGITS_MAX : 0;
    write_digits(low, least, count - zeros);
    write_digits(high, most, count - zeros);
    uint32_t lead =
        dh_regex_repeat(terms, digit(terms, '0', '0'), (uint32_t)zeros, (uint32_t)zeros);
    return dh_regex_chain(terms, lead, between(terms, low, high, count - zeros));
}

uint32_t dh_regex_interval(struct dh_regex_terms *terms, uint32_t least, uint32_t most,
                           size_t digits)
{
    if (digits)
        return padded(terms, least, most, digits);
    size_t base = terms->depth;
    uint64_t power = 1; /* the least number of that many digits */
    for (size_t count = 1; count <= digits_of(most); count++, power *= 10) {
        uint64_t first = count == 1 ? 0 : power, last = power * 10 - 1;
        if (count < digits_of(least))
            continue;
        dh_regex_push(terms, padded(terms, first > least ? (uint32_t)first : least,
                                    last < most ? (uint32_t)last : most, count));
    }
    uint32_t zeros = dh_regex_repeat(terms, digit(terms, '0', '0'), 0, DH_REGEX_ENDLESS);
    return dh_regex_chain(terms, zeros, dh_regex_any_of(terms, base));
}
