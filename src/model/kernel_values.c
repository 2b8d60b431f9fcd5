/* The types of texts and attributes: a row of a table per type. */
#include <float.h>
#include <math.h>
#include <unictype.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/kernel_parts.h"

struct value_type {
    bool (*fits)(const struct value_type *type, struct dh_str value); /* NULL: any does */
    const char *rule;           /* broken when it does not fit */
    const char *before, *after; /* of the message, around the value; after NULL: without it */
    enum dh_vocab vocab;
    double most; /* of a coordinate, and -most the least */
};

#define NOT_A(name) "datatype", "'", "' is not a valid value of the " name "."

/* Text of a type that collapses white space; the inner runs matter to no type that is checked. */
static bool fits_year(const struct value_type *type, struct dh_str value)
{
    struct dh_str rest = dh_str_trim(value);
    size_t count = 0, size;
    (void)type;
    for (; rest.len; rest = dh_str_from(rest, size), count++)
        if (uc_decimal_value(dh_utf8_next(rest, &size)) < 0)
            return false;
    return count == 4;
}

static bool fits_language(const struct value_type *type, struct dh_str value)
{
    struct dh_str rest = dh_str_trim(value), part;
    (void)type;
    for (bool first = true; dh_str_split(&rest, '-', &part); first = false) {
        if (!part.len || part.len > 8)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i], low = (char)(c | 0x20);
            if (!(low >= 'a' && low <= 'z') && (first || c < '0' || c > '9'))
                return false;
        }
    }
    return true;
}

static bool fits_lang(const struct value_type *type, struct dh_str value)
{
    return !value.len || fits_language(type, value);
}

static bool fits_uri(const struct value_type *type, struct dh_str value)
{
    (void)type;
    return dh_kernel_uri(value);
}

static bool fits_nonempty(const struct value_type *type, struct dh_str value)
{
    (void)type;
    return value.len > 0;
}

static bool fits_vocab(const struct value_type *type, struct dh_str value)
{
    return dh_vocab_find(type->vocab, value) < dh_vocab_count(type->vocab);
}

/* The digits of a number as far as they matter, and where the point stands. */
struct decimal {
    double digits;
    int exponent;
};

/* Takes digits, before the point or behind it; returns how many there are. */
static size_t take_digits(struct dh_str *rest, struct decimal *number, bool behind)
{
    const double full = 1e15; /* what a double holds exactly; a float needs less */
    size_t count = 0;
    for (; count < rest->len && rest->ptr[count] >= '0' && rest->ptr[count] <= '9'; count++) {
        if (number->digits < full) {
            number->digits = number->digits * 10 + (rest->ptr[count] - '0');
            number->exponent -= behind;
        } else {
            number->exponent += !behind;
        }
    }
    *rest = dh_str_from(*rest, count);
    return count;
}

static double decimal_value(struct decimal number)
{
    while (number.exponent > 0 && number.digits > 0 && number.digits < 1e300) {
        number.digits *= 10;
        number.exponent--;
    }
    while (number.exponent < 0 && number.digits > 0) {
        number.digits /= 10;
        number.exponent++;
    }
    return number.digits;
}

static bool take_sign(struct dh_str *rest)
{
    bool minus = dh_str_take(rest, '-');
    if (!minus)
        dh_str_take(rest, '+');
    return minus;
}

/* 1e5; libxml2 wants no digits behind the e. */
static void take_exponent(struct dh_str *rest, struct decimal *number)
{
    const double large = 1e6;
    struct decimal value = {0, 0};
    if (!dh_str_take(rest, 'e') && !dh_str_take(rest, 'E'))
        return;
    bool minus = take_sign(rest);
    take_digits(rest, &value, false);
    int exponent = value.digits > large ? (int)large : (int)value.digits;
    number->exponent += minus ? -exponent : exponent;
}

/* Words that are floats, too; libxml2 lets no white space stand behind them. No number is above
 * all, as infinity is. */
static bool read_word(struct dh_str text, float *out)
{
    static const struct {
        struct dh_str word;
        float value;
    } words[] = {{{"NaN", 3}, INFINITY}, {{"INF", 3}, INFINITY}, {{"-INF", 4}, -INFINITY}};
    struct dh_str trimmed = dh_str_trim(text);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (dh_str_equal(trimmed, words[i].word) && dh_str_ends(text, words[i].word)) {
            *out = words[i].value;
            return true;
        }
    return false;
}

/* An xs:float, compared as one: 90.0000001 is 90. */
static bool read_float(struct dh_str text, float *out)
{
    struct dh_str rest = dh_str_trim(text);
    struct decimal number = {0, 0};
    bool minus = take_sign(&rest);
    size_t digits = take_digits(&rest, &number, false);
    if (dh_str_take(&rest, '.'))
        digits += take_digits(&rest, &number, true);
    if (!digits)
        return read_word(text, out);
    take_exponent(&rest, &number);
    double value = decimal_value(number);
    *out = (value > FLT_MAX ? INFINITY : (float)value) * (minus ? -1.0F : 1.0F);
    return rest.len == 0;
}

static const struct value_type types[] = {
    [DH_KERNEL_STRING] = {NULL},
    [DH_KERNEL_NONEMPTY] = {fits_nonempty, "min-length",
                            "[facet 'minLength'] The value has a length of '0'; this underruns "
                            "the allowed minimum length of '1'.",
                            NULL},
    [DH_KERNEL_YEAR] = {fits_year, "pattern", "[facet 'pattern'] The value '",
                        "' is not accepted by the pattern '[\\d]{4}'."},
    [DH_KERNEL_LATITUDE] = {NULL, NOT_A("atomic type '{" DH_KERNEL_NS "}latitudeType'"),
                            .most = 90},
    [DH_KERNEL_LONGITUDE] = {NULL, NOT_A("atomic type '{" DH_KERNEL_NS "}longitudeType'"),
                             .most = 180},
    [DH_KERNEL_LANGUAGE] = {fits_language, NOT_A("atomic type 'xs:language'")},
    [DH_KERNEL_LANG] = {fits_lang, NOT_A("local union type")},
    [DH_KERNEL_URI] = {fits_uri, NOT_A("atomic type 'xs:anyURI'")},
#define VOCAB(name)                                                                                \
    [DH_KERNEL_##name] = {fits_vocab,                                                              \
                          "enumeration",                                                           \
                          "[facet 'enumeration'] The value '",                                     \
                          "' is not an element of the set {",                                      \
                          DH_VOCAB_##name,                                                         \
                          0}
    VOCAB(RESOURCE_TYPE),
    VOCAB(CONTRIBUTOR_TYPE),
    VOCAB(DATE_TYPE),
    VOCAB(RELATED_IDENTIFIER_TYPE),
    VOCAB(RELATION_TYPE),
    VOCAB(DESCRIPTION_TYPE),
    VOCAB(TITLE_TYPE),
    VOCAB(NAME_TYPE),
    VOCAB(FUNDER_IDENTIFIER_TYPE),
    VOCAB(NUMBER_TYPE),
#undef VOCAB
};

/* The values of a vocabulary as "'A', 'B'}.": in the arena. */
static struct dh_str vocab_text(enum dh_vocab vocab, struct dh_arena *arena)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX);
    for (size_t i = 0; i < dh_vocab_count(vocab); i++)
        dh_buf_printf(&text, "%s'%s'", i ? ", " : "", dh_vocab_value(vocab, i));
    dh_buf_text(&text, "}.");
    struct dh_str copy = text.status ? DH_STR_NONE : dh_arena_copy(arena, dh_buf_view(&text));
    dh_buf_release(&text);
    return copy;
}

/* Each run of white space as one blank. */
static struct dh_str collapsed(struct dh_str text, struct dh_arena *arena)
{
    struct dh_str trimmed = dh_str_trim(text);
    char *out = dh_arena_alloc(arena, trimmed.len + 1);
    size_t len = 0;
    for (size_t i = 0; out && i < trimmed.len; i++) {
        bool blank = strchr(" \t\r\n", trimmed.ptr[i]) && trimmed.ptr[i];
        if (!blank || out[len - 1] != ' ')
            out[len++] = blank ? ' ' : trimmed.ptr[i];
    }
    return (struct dh_str){out, len};
}

static struct dh_kernel_fault not_accepted(enum dh_kernel_value name, struct dh_str value,
                                           struct dh_arena *arena)
{
    const struct value_type *type = &types[name];
    struct dh_str set = DH_STR("");
    struct dh_str text = name == DH_KERNEL_YEAR ? collapsed(value, arena) : value;
    if (!type->after)
        return (struct dh_kernel_fault){type->rule, dh_str(type->before)};
    if (type->fits == fits_vocab)
        set = vocab_text(type->vocab, arena);
    return (struct dh_kernel_fault){type->rule, dh_arena_format(arena, "%s%.*s%s%.*s", type->before,
                                                                DH_STR_ARG(text), type->after,
                                                                DH_STR_ARG(set))};
}

static struct dh_kernel_fault check_coordinate(enum dh_kernel_value name, struct dh_str value,
                                               struct dh_arena *arena)
{
    double most = types[name].most;
    float number;
    if (!read_float(value, &number))
        return not_accepted(name, value, arena);
    if (number >= -most && number <= most)
        return (struct dh_kernel_fault){NULL, DH_STR_NONE};
    bool above = number > 0;
    return (struct dh_kernel_fault){
        "range",
        dh_arena_format(
            arena, "[facet '%s'] The value '%.*s' is %s than the %s value allowed ('%.0f').",
            above ? "maxInclusive" : "minInclusive", DH_STR_ARG(value), above ? "greater" : "less",
            above ? "maximum" : "minimum", above ? most : -most)};
}

struct dh_kernel_fault dh_kernel_value_check(enum dh_kernel_value name, struct dh_str value,
                                             struct dh_arena *arena)
{
    const struct value_type *type = &types[name];
    if (type->most > 0)
        return check_coordinate(name, value, arena);
    if (!type->fits || type->fits(type, value))
        return (struct dh_kernel_fault){NULL, DH_STR_NONE};
    return not_accepted(name, value, arena);
}
