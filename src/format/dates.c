/*
 * Dates that metadata may carry: the Extended Date/Time Format in the form that upstream checks,
 * with fractions of seconds and open intervals, which upstream drops.
 *
 *   date     = day-like | time | interval | set | code
 *   day-like = year ["-" (month ["-" day] | season)], each with "?", "~" behind it; y170000002
 *   interval = end "/" end, where one end may be "", "..", "unknown" or (the later one) "open"
 *   set      = "[" element *("," element) "]" or the same in braces; element = [date] ".." [date]
 */
#include "format/reading.h"

/* Days are compared as numbers that grow with them; years written out with "y" are far away. */
enum { FAR_YEAR = 1000000 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(struct dh_str *s, const char *text)
{
    struct dh_str start = dh_str(text);
    if (!dh_str_starts(*s, start))
        return false;
    *s = dh_str_from(*s, start.len);
    return true;
}

/* "?", "~" and both: uncertain, approximate. */
static void take_doubt(struct dh_str *s)
{
    if (take(s, "%"))
        return;
    take(s, "?");
    take(s, "~");
}

/* Four digits; the last ones may be u (unspecified), or up to two x (a decade, a century). */
static bool take_year(struct dh_str *s, unsigned *year, bool *masked)
{
    size_t known = 0;
    *year = 0;
    *masked = false;
    if (s->len < 4)
        return false;
    while (known < 4 && digit(s->ptr[known]))
        *year = *year * 10 + (unsigned)(s->ptr[known++] - '0');
    for (size_t i = known; i < 4; i++) {
        char c = s->ptr[i];
        if ((c != 'u' && c != 'x' && c != 'X') || c != s->ptr[known])
            return false;
        *masked = *masked || c == 'x';
        *year *= 10;
    }
    if (*masked && known < 2)
        return false;
    *s = dh_str_from(*s, 4);
    return true;
}

/* Two digits, or "uu", which is 0. */
static bool take_two(struct dh_str *s, unsigned *out)
{
    *out = 0;
    return take(s, "uu") || take(s, "XX") || (dh_str_take_digits(s, 2, out) && *out > 0);
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && !leap ? 28 : days[month];
}

/* "y" with five digits or more, or with an exponent. */
static bool take_long_year(struct dh_str *s, int64_t *first)
{
    if (!take(s, "y") && !take(s, "Y"))
        return false;
    bool before = take(s, "-");
    size_t count = 0;
    while (count < s->len && digit(s->ptr[count]))
        count++;
    *s = dh_str_from(*s, count);
    bool exponent = count && (take(s, "e") || take(s, "E"));
    if (exponent) {
        if (!s->len || !digit(s->ptr[0]))
            return false;
        while (s->len && digit(s->ptr[0]))
            *s = dh_str_from(*s, 1);
    }
    *first = before ? -(int64_t)FAR_YEAR * 500 : (int64_t)FAR_YEAR * 500;
    return exponent || count > 4;
}

/* The months in which the seasons 21 to 24 begin. */
static unsigned month_of(unsigned month)
{
    return month > 20 ? (month - 20) * 3 : month;
}

static bool take_day(struct dh_str *s, int64_t *first)
{
    unsigned year, month = 0, day = 0;
    bool masked, before = take(s, "-");
    if (!before && s->len && (s->ptr[0] == 'y' || s->ptr[0] == 'Y'))
        return take_long_year(s, first);
    if (!take_year(s, &year, &masked))
        return false;
    take_doubt(s);
    if (!masked && take(s, "-")) {
        if (!take_two(s, &month) || !(month <= 12 || (month >= 21 && month <= 24)))
            return false;
        take_doubt(s);
        if (month <= 12 && take(s, "-")) {
            if (!take_two(s, &day) || day > days_of(year, month))
                return false;
            take_doubt(s);
        }
    }
    int64_t years = before ? -(int64_t)year : (int64_t)year;
    *first = years * 500 + (month ? month_of(month) : 1) * 32 + (day ? day : 1);
    return true;
}

/* What stands behind the T: seconds are needed, a fraction and an offset are not. */
static bool time_fits(struct dh_str s)
{
    unsigned hour, minute, second;
    if (!dh_str_take_digits(&s, 2, &hour) || !take(&s, ":") ||
        !dh_str_take_digits(&s, 2, &minute) || !take(&s, ":") ||
        !dh_str_take_digits(&s, 2, &second))
        return false;
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute || second)))
        return false;
    if (take(&s, ".")) {
        if (!s.len || !digit(s.ptr[0]))
            return false;
        while (s.len && digit(s.ptr[0]))
            s = dh_str_from(s, 1);
    }
    if (!s.len || dh_str_equal(s, DH_STR("Z")))
        return true;
    return (take(&s, "+") || take(&s, "-")) && dh_str_take_digits(&s, 2, &hour) && take(&s, ":") &&
           dh_str_take_digits(&s, 2, &minute) && !s.len && hour < 24 && minute < 60;
}

/* A whole day with a time behind it. */
static bool instant_fits(struct dh_str s, size_t mark)
{
    struct dh_str date = {s.ptr, mark};
    int64_t first;
    if (date.len < 10)
        return false;
    for (size_t i = date.len - 10; i < date.len; i++)
        if (!digit(date.ptr[i]) && date.ptr[i] != '-')
            return false;
    return take_day(&date, &first) && !date.len && time_fits(dh_str_from(s, mark + 1));
}

static bool day_fits(struct dh_str s, int64_t *first)
{
    return take_day(&s, first) && !s.len;
}

static bool open_end(struct dh_str end, bool later)
{
    return !end.len || dh_str_equal(end, DH_STR("..")) || dh_str_equal(end, DH_STR("unknown")) ||
           (later && dh_str_equal(end, DH_STR("open")));
}

static bool interval_fits(struct dh_str s, size_t mark)
{
    struct dh_str from = {s.ptr, mark}, to = dh_str_from(s, mark + 1);
    int64_t begin, end;
    if (open_end(from, false))
        return day_fits(to, &end);
    if (open_end(to, true))
        return day_fits(from, &begin);
    return day_fits(from, &begin) && day_fits(to, &end) && begin <= end;
}

static bool element_fits(struct dh_str s)
{
    int64_t first;
    s = dh_str_trim(s);
    if (take(&s, ".."))
        return day_fits(s, &first);
    return take_day(&s, &first) && (!s.len || (take(&s, "..") && (!s.len || day_fits(s, &first))));
}

static bool set_fits(struct dh_str s)
{
    char close = s.ptr[0] == '[' ? ']' : '}';
    if (s.len < 3 || s.ptr[s.len - 1] != close)
        return false;
    struct dh_str rest = {s.ptr + 1, s.len - 2}, element;
    while (dh_str_split(&rest, ',', &element))
        if (!element_fits(element))
            return false;
    return true;
}

static bool code(struct dh_str s)
{
    static const char *const codes[] = {":unac", ":unal", ":unap", ":unas", ":unav",
                                        ":unkn", ":none", ":null", ":tba",  ":etal"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (dh_str_equal(s, dh_str(codes[i])))
            return true;
    return false;
}

bool dh_date_valid(struct dh_str date)
{
    int64_t first;
    if (!date.len)
        return false;
    if (date.ptr[0] == ':')
        return code(date);
    if (date.ptr[0] == '[' || date.ptr[0] == '{')
        return set_fits(date);
    size_t slash = dh_str_find(date, '/'), mark = dh_str_find(date, 'T');
    if (slash < date.len)
        return interval_fits(date, slash);
    return mark < date.len ? instant_fits(date, mark) : day_fits(date, &first);
}

void dh_add_date(struct json_object *dates, struct dh_str date, const char *type)
{
    if (!dh_date_valid(date))
        return;
    struct json_object *entry = json_object_new_object();
    if (!entry)
        return;
    dh_put_string(entry, "date", date);
    dh_put_string(entry, "dateType", dh_str(type));
    if (json_object_array_add(dates, entry))
        json_object_put(entry);
}
