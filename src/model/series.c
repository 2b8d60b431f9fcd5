#include "model/series.h"

#include <stdio.h>

#include "base/json.h"

/* The key of an entry's period, by unit. */
static const struct dh_str keys[] = {
    [DH_BY_YEAR] = {"year", 4},
    [DH_BY_MONTH] = {"yearMonth", 9},
};

void dh_series_clear(struct dh_series *series)
{
    memset(series->totals + series->first, 0,
           (series->end - series->first) * sizeof(*series->totals));
    series->first = series->end = 0;
    series->sum = 0;
}

static void add(struct dh_series *series, uint32_t period, int64_t total)
{
    if (series->first == series->end) {
        series->first = period;
        series->end = period + 1;
    }
    if (period < series->first)
        series->first = period;
    if (period >= series->end)
        series->end = period + 1;
    series->totals[period] += total;
    series->sum += total;
}

void dh_series_add_year(struct dh_series *series, int64_t year, int64_t total)
{
    if (year >= DH_SERIES_YEAR_MIN && year <= DH_SERIES_YEAR_MAX)
        add(series, (uint32_t)(year - DH_SERIES_YEAR_MIN), total);
}

void dh_series_add(struct dh_series *series, const struct dh_series *from)
{
    if (from->first == from->end)
        return;
    add(series, from->first, 0);
    add(series, from->end - 1, 0);
    for (uint32_t i = from->first; i < from->end; i++)
        series->totals[i] += from->totals[i];
    series->sum += from->sum;
}

struct dh_str dh_series_label(uint32_t period, enum dh_series_unit unit,
                              char text[DH_SERIES_LABEL_MAX])
{
    unsigned year = DH_SERIES_YEAR_MIN + (unit == DH_BY_MONTH ? period / 12 : period);
    int len = unit == DH_BY_MONTH
                  ? snprintf(text, DH_SERIES_LABEL_MAX, "%04u-%02u", year, period % 12 + 1)
                  : snprintf(text, DH_SERIES_LABEL_MAX, "%04u", year);
    return (struct dh_str){text, (size_t)len};
}

/* ---- one entry ------------------------------------------------------------------------------ */

/* What an entry says, as text; ptr NULL when it does not. */
struct entry {
    struct dh_str period, total;
};

/* A number of digits alone, at most `max`; -1 for anything else. */
static int64_t number(struct dh_str digits, int64_t max)
{
    int64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return -1;
        value = value * 10 + (digits.ptr[i] - '0');
        if (value > max)
            return -1;
    }
    return digits.len ? value : -1;
}

/* The period that a text names, or DH_SERIES_PERIODS. */
static uint32_t period_of(struct dh_str text, enum dh_series_unit given, enum dh_series_unit wanted)
{
    enum { YEAR = 4, MONTH = 7 };
    if (text.len != (given == DH_BY_MONTH ? MONTH : YEAR))
        return DH_SERIES_PERIODS;
    int64_t year = number((struct dh_str){text.ptr, YEAR}, DH_SERIES_YEAR_MAX), month = 1;
    if (given == DH_BY_MONTH)
        month = text.ptr[YEAR] == '-' ? number(dh_str_from(text, YEAR + 1), 12) : 0;
    if (year < DH_SERIES_YEAR_MIN || month < 1)
        return DH_SERIES_PERIODS;
    year -= DH_SERIES_YEAR_MIN;
    return (uint32_t)(wanted == DH_BY_MONTH ? year * 12 + month - 1 : year);
}

static bool take_entry(const struct entry *entry, enum dh_series_unit given,
                       enum dh_series_unit wanted, struct dh_series *series)
{
    uint32_t period = period_of(entry->period, given, wanted);
    int64_t total = number(entry->total, DH_COUNTED_MAX);
    if (period == DH_SERIES_PERIODS || total < 0)
        return false;
    add(series, period, total);
    return true;
}

/* ---- the usual form, without a tree --------------------------------------------------------- */

/* A string without escapes, or digits. */
static bool plain_value(struct dh_str *rest, struct dh_str *out)
{
    size_t len = 0;
    bool quoted = dh_str_take(rest, '"');
    while (len < rest->len && (quoted ? rest->ptr[len] != '"' && rest->ptr[len] != '\\'
                                      : rest->ptr[len] >= '0' && rest->ptr[len] <= '9'))
        len++;
    *out = (struct dh_str){rest->ptr, len};
    *rest = dh_str_from(*rest, len);
    return quoted ? dh_str_take(rest, '"') : len > 0;
}

static bool plain_entry(struct dh_str *rest, struct dh_str key, struct entry *out)
{
    struct dh_str name, value;
    *out = (struct entry){0};
    if (!dh_str_take(rest, '{'))
        return false;
    do {
        if (!plain_value(rest, &name) || !dh_str_take(rest, ':') || !plain_value(rest, &value))
            return false;
        if (dh_str_equal(name, key))
            out->period = value;
        else if (dh_str_equal(name, DH_STR("total")))
            out->total = value;
        else
            return false;
    } while (dh_str_take(rest, ','));
    return dh_str_take(rest, '}');
}

static bool read_plain(struct dh_str rest, enum dh_series_unit given, enum dh_series_unit wanted,
                       struct dh_series *series)
{
    struct entry entry;
    if (!dh_str_take(&rest, '['))
        return false;
    if (dh_str_take(&rest, ']'))
        return rest.len == 0;
    do
        if (!plain_entry(&rest, keys[given], &entry) || !take_entry(&entry, given, wanted, series))
            return false;
    while (dh_str_take(&rest, ','));
    return dh_str_take(&rest, ']') && rest.len == 0;
}

/* ---- any form ------------------------------------------------------------------------------- */

/* A text, or the digits of an integer. */
static struct dh_str text_of(struct json_object *value, char digits[24])
{
    if (!json_object_is_type(value, json_type_int))
        return dh_json_str(value);
    int len = snprintf(digits, 24, "%lld", (long long)json_object_get_int64(value));
    return (struct dh_str){digits, (size_t)len};
}

static bool read_tree(struct json_object *list, enum dh_series_unit given,
                      enum dh_series_unit wanted, struct dh_series *series)
{
    char period[24], total[24];
    if (!json_object_is_type(list, json_type_array))
        return false;
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        struct entry entry = {text_of(dh_json_get(item, keys[given].ptr), period),
                              text_of(dh_json_get(item, "total"), total)};
        if (!take_entry(&entry, given, wanted, series))
            return false;
    }
    return true;
}

bool dh_series_read(struct dh_str json, enum dh_series_unit given, enum dh_series_unit wanted,
                    struct dh_series *series)
{
    struct json_object *list = NULL;
    if (read_plain(json, given, wanted, series))
        return true;
    dh_series_clear(series);
    bool done = dh_json_parse(json, &list, NULL) == DH_OK && read_tree(list, given, wanted, series);
    json_object_put(list);
    if (!done)
        dh_series_clear(series);
    return done;
}
