/* Dates as they stand in queries: whole ones and beginnings of them, each a period. */
#include "query/lower.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* The first instant of the month behind this one. */
static int64_t next_month(unsigned year, unsigned month)
{
    return month == 12 ? dh_time_civil((int64_t)year + 1, 1, 1) : dh_time_civil(year, month + 1, 1);
}

/* A year, a month or a day; *whole: a day. */
static bool calendar(struct dh_str *s, int64_t *first, int64_t *end, bool *whole)
{
    unsigned year, month, day;
    *whole = false;
    if (!dh_str_take_digits(s, 4, &year))
        return false;
    *first = dh_time_civil(year, 1, 1);
    *end = dh_time_civil((int64_t)year + 1, 1, 1);
    if (!dh_str_take(s, '-'))
        return true;
    if (!dh_str_take_digits(s, 2, &month) || month < 1 || month > 12)
        return false;
    *first = dh_time_civil(year, month, 1);
    *end = next_month(year, month);
    if (!dh_str_take(s, '-'))
        return true;
    if (!dh_str_take_digits(s, 2, &day) || day < 1 || *first + (int64_t)(day - 1) * DAY >= *end)
        return false;
    *first += (int64_t)(day - 1) * DAY;
    *end = *first + DAY;
    return *whole = true;
}

/* .123456: further digits than three are dropped. */
static bool fraction(struct dh_str *s, int64_t *first, int64_t *end)
{
    int64_t unit = SECOND / 10, ms = 0;
    size_t count = 0;
    for (; s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9'; count++) {
        ms += (s->ptr[0] - '0') * unit;
        unit /= 10;
        *s = dh_str_from(*s, 1);
    }
    *first += ms;
    *end = *first + 1;
    return count >= 1 && count <= 9;
}

/* Hours, and what follows them. */
static bool of_day(struct dh_str *s, int64_t *first, int64_t *end)
{
    static const struct {
        unsigned most;
        int64_t unit;
    } parts[] = {{23, HOUR}, {59, MINUTE}, {59, SECOND}};
    unsigned value;
    for (size_t i = 0; i < 3; i++) {
        if (i && !dh_str_take(s, ':'))
            return true;
        if (!dh_str_take_digits(s, 2, &value) || value > parts[i].most)
            return false;
        *first += value * parts[i].unit;
        *end = *first + parts[i].unit;
    }
    return dh_str_take(s, '.') || dh_str_take(s, ',') ? fraction(s, first, end) : true;
}

/* "Z", "+hh", "+hh:mm", "+hhmm" or nothing (UTC). */
static bool offset(struct dh_str *s, int64_t *shift)
{
    bool west;
    unsigned hours, minutes = 0;
    *shift = 0;
    if (!s->len || dh_str_take(s, 'Z'))
        return s->len == 0;
    west = dh_str_take(s, '-');
    if (!west && !dh_str_take(s, '+'))
        return false;
    if (!dh_str_take_digits(s, 2, &hours) || hours > 18)
        return false;
    if (s->len) {
        dh_str_take(s, ':');
        if (!dh_str_take_digits(s, 2, &minutes) || minutes > 59)
            return false;
    }
    *shift = (int64_t)hours * HOUR + (int64_t)minutes * MINUTE;
    *shift = west ? -*shift : *shift;
    return s->len == 0;
}

/* Milliseconds since 1970: a number that is no year. */
static bool milliseconds(struct dh_str text, int64_t *first, int64_t *last)
{
    bool minus = dh_str_take(&text, '-');
    int64_t value = 0;
    if (!text.len || text.len > 18)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    *first = *last = minus ? -value : value;
    return true;
}

bool dh_date_period(struct dh_str text, bool year, int64_t *first, int64_t *last)
{
    struct dh_str rest = text;
    int64_t end = 0, shift = 0;
    bool whole;
    if (!year && milliseconds(text, first, last) && text.len != 4)
        return true;
    if (!calendar(&rest, first, &end, &whole) || (year && text.len != 4))
        return false;
    if (rest.len && (!whole || !dh_str_take(&rest, 'T')))
        return false;
    if (rest.len && (!of_day(&rest, first, &end) || !offset(&rest, &shift)))
        return false;
    *first -= shift;
    *last = end - 1 - shift;
    return true;
}
