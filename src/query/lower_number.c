/* Values and bounds of fields that hold dates, numbers and booleans. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "query/lower.h"

/* Open sides leave out DH_TIME_NONE, which is no value. */
static const int64_t least_value = INT64_MIN + 1, most_value = INT64_MAX;

/* One bound read: the numbers that it stands for, from the first to the last. */
struct bound {
    int64_t first, last;
    double number;
};

typedef bool read_fn(struct dh_str text, struct bound *out);

static bool decimal(struct dh_str text, double *out)
{
    return dh_str_decimal(text, out) && isfinite(*out);
}

static bool read_float(struct dh_str text, struct bound *out)
{
    return decimal(dh_str_trim(text), &out->number);
}

static int64_t clamp(double number)
{
    if (number >= 9.2e18)
        return most_value;
    return number <= -9.2e18 ? least_value : (int64_t)number;
}

/* A number between two integers has its last one below and its first one above it. */
static bool read_integer(struct dh_str text, struct bound *out)
{
    char copy[DH_DECIMAL_MAX + 1], *end;
    double number;
    text = dh_str_trim(text);
    if (!decimal(text, &number))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    errno = 0;
    out->first = out->last = strtoll(copy, &end, 10);
    if (*end != '\0' || errno) {
        out->first = clamp(ceil(number));
        out->last = clamp(floor(number));
    }
    return true;
}

/* Also as the byte that the search engine's own index holds. */
static bool read_boolean(struct dh_str text, struct bound *out)
{
    bool yes = dh_str_equal(text, DH_STR("true")) || dh_str_equal(text, DH_STR("\x01"));
    out->first = out->last = yes;
    return yes || dh_str_equal(text, DH_STR("false")) || dh_str_equal(text, DH_STR("\0"));
}

static bool read_date(struct dh_str text, struct bound *out)
{
    return dh_date_period(text, false, &out->first, &out->last);
}

static bool read_year(struct dh_str text, struct bound *out)
{
    return dh_date_period(text, true, &out->first, &out->last);
}

static bool of_years(const struct dh_field *field)
{
    return field->sources[0] == DH_SOURCE_PUBLICATION_YEAR;
}

static read_fn *reader(const struct dh_field *field)
{
    static read_fn *const readers[] = {
        [DH_INDEX_DATE] = read_date,
        [DH_INDEX_INTEGER] = read_integer,
        [DH_INDEX_FLOAT] = read_float,
        [DH_INDEX_BOOLEAN] = read_boolean,
    };
    return of_years(field) ? read_year : readers[field->type];
}

/* ---- what upstream says of values that are none --------------------------------------------- */

/* As much of a value as an error has room for. */
static struct dh_str shown(struct dh_str text)
{
    enum { SHOWN_MAX = 32 };
    while (text.len > SHOWN_MAX || (text.len && dh_utf8_check(text) < text.len))
        text.len--;
    return text;
}

static enum dh_status no_date(struct dh_lowering *l, const struct dh_field *field, size_t at,
                              struct dh_str text)
{
    bool year = of_years(field);
    const char *format = year ? "yyyy" : "strict_date_optional_time||epoch_millis";
    dh_lower_tell(l, "\"%.*s\" is no %s", DH_STR_ARG(text),
                  year ? "year; 2021 is" : "date; 2021, 2021-05 and 2021-05-17 are");
    return dh_lower_fail(l, at,
                         "failed to parse date field [%.*s] with format [%s]: [failed to parse "
                         "date field [%.*s] with format [%s]]",
                         DH_STR_ARG(text), format, DH_STR_ARG(text), format);
}

static enum dh_status no_boolean(struct dh_lowering *l, size_t at, struct dh_str text)
{
    dh_lower_tell(l, "\"%.*s\" is neither true nor false", DH_STR_ARG(text));
    return dh_lower_fail(l, at,
                         "failed to create query: Can't parse boolean value [%.*s], expected "
                         "[true] or [false]",
                         DH_STR_ARG(text));
}

static enum dh_status no_number(struct dh_lowering *l, size_t at, struct dh_str text)
{
    dh_lower_tell(l, "\"%.*s\" is no number", DH_STR_ARG(text));
    return dh_lower_fail(l, at, "failed to create query: For input string: \"%.*s\"",
                         DH_STR_ARG(text));
}

static enum dh_status read_bound(struct dh_lowering *l, const struct dh_field *field,
                                 const struct dh_ask *ask, size_t at, struct dh_str text,
                                 struct bound *out, bool *fits)
{
    *fits = reader(field)(text, out);
    if (*fits || ask->lenient)
        return DH_OK;
    text = shown(text);
    if (field->type == DH_INDEX_DATE)
        return no_date(l, field, at, text);
    return field->type == DH_INDEX_BOOLEAN ? no_boolean(l, at, text) : no_number(l, at, text);
}

/* ---- ranges --------------------------------------------------------------------------------- */

static void nothing(struct dh_range *range)
{
    range->least = 1;
    range->most = 0;
}

/* An exclusive bound leaves out all that it stands for. */
static void set_low(struct dh_range *range, const struct bound *bound, bool inclusive)
{
    range->low_inclusive = inclusive;
    range->from = bound->number;
    range->least = inclusive ? bound->first : bound->last;
    if (!inclusive && range->least == most_value)
        nothing(range);
    else if (!inclusive)
        range->least++;
}

static void set_high(struct dh_range *range, const struct bound *bound, bool inclusive)
{
    bool nothing_yet = range->least > range->most;
    range->high_inclusive = inclusive;
    range->to = bound->number;
    range->most = inclusive ? bound->last : bound->first;
    if (nothing_yet || (!inclusive && range->most <= least_value))
        nothing(range);
    else if (!inclusive)
        range->most--;
}

enum dh_status dh_lower_number(struct dh_lowering *l, const struct dh_field *field,
                               const struct dh_ask *ask, struct dh_node *node, bool *fits)
{
    bool range = ask->kind == DH_ASK_RANGE;
    struct dh_str low = range ? ask->low : ask->text, high = range ? ask->high : ask->text;
    struct bound bound = {0};
    node->range = (struct dh_range){.least = least_value,
                                    .most = most_value,
                                    .from = -INFINITY,
                                    .to = INFINITY,
                                    .low_inclusive = true,
                                    .high_inclusive = true};
    *fits = true;
    if (low.ptr) {
        enum dh_status status =
            read_bound(l, field, ask, range ? ask->low_at : ask->at, low, &bound, fits);
        if (status != DH_OK || !*fits)
            return status;
        set_low(&node->range, &bound, !range || ask->low_in);
    }
    if (high.ptr) {
        enum dh_status status =
            read_bound(l, field, ask, range ? ask->high_at : ask->at, high, &bound, fits);
        if (status != DH_OK || !*fits)
            return status;
        set_high(&node->range, &bound, !range || ask->high_in);
    }
    return DH_OK;
}
