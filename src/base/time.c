#include "base/time.h"

#include <time.h>

enum { MS_PER_DAY = 86400000 };

int64_t dh_time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days since 1970-01-01, after Howard Hinnant's chrono-compatible date algorithms (years from
 * March). */
int64_t dh_time_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    unsigned of_era = (unsigned)(year - era * 400);
    unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (era * 146097 + (int64_t)days - 719468) * MS_PER_DAY;
}

int64_t dh_time_year(int64_t time, unsigned *month, unsigned *day)
{
    int64_t days = time / MS_PER_DAY - (time % MS_PER_DAY < 0) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned of_era = (unsigned)(days - era * 146097);
    unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    unsigned shifted = (5 * of_year + 2) / 153;
    unsigned m = shifted < 10 ? shifted + 3 : shifted - 9;
    if (month)
        *month = m;
    if (day)
        *day = of_year - (153 * shifted + 2) / 5 + 1;
    return (int64_t)year + era * 400 + (m <= 2);
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* .123456 to milliseconds; further digits are dropped. */
static bool fraction(struct dh_str *s, int64_t *ms)
{
    int64_t unit = 100;
    if (!s->len || s->ptr[0] < '0' || s->ptr[0] > '9')
        return false;
    while (s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9') {
        *ms += (s->ptr[0] - '0') * unit;
        unit /= 10;
        *s = dh_str_from(*s, 1);
    }
    return true;
}

/* "Z", "+hh:mm", "+hhmm" or nothing (UTC). */
static bool offset(struct dh_str *s, int64_t *ms)
{
    if (s->len == 0 || dh_str_take(s, 'Z') || dh_str_take(s, 'z'))
        return s->len == 0;
    bool minus = s->ptr[0] == '-';
    unsigned hours, minutes = 0;
    if (!dh_str_take(s, '+') && !dh_str_take(s, '-'))
        return false;
    if (!dh_str_take_digits(s, 2, &hours) || hours > 23)
        return false;
    if (s->len) {
        dh_str_take(s, ':');
        if (!dh_str_take_digits(s, 2, &minutes) || minutes > 59)
            return false;
    }
    int64_t shift = ((int64_t)hours * 60 + minutes) * 60000;
    *ms -= minus ? -shift : shift;
    return s->len == 0;
}

static bool clock_part(struct dh_str *s, int64_t *ms)
{
    unsigned hour, minute, second = 0;
    if (!dh_str_take_digits(s, 2, &hour) || !dh_str_take(s, ':') ||
        !dh_str_take_digits(s, 2, &minute))
        return false;
    if (dh_str_take(s, ':') && !dh_str_take_digits(s, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *ms = (((int64_t)hour * 60 + minute) * 60 + second) * 1000;
    if ((dh_str_take(s, '.') || dh_str_take(s, ',')) && !fraction(s, ms))
        return false;
    return offset(s, ms);
}

bool dh_time_parse(struct dh_str s, int64_t *out)
{
    unsigned year, month = 1, day = 1;
    int64_t ms = 0;
    s = dh_str_trim(s);
    if (!dh_str_take_digits(&s, 4, &year))
        return false;
    if (dh_str_take(&s, '-') && !dh_str_take_digits(&s, 2, &month))
        return false;
    if (month < 1 || month > 12)
        return false;
    if (dh_str_take(&s, '-') && !dh_str_take_digits(&s, 2, &day))
        return false;
    if (day < 1 || day > days_in(year, month))
        return false;
    if (s.len) {
        if (!dh_str_take(&s, 'T') && !dh_str_take(&s, 't') && !dh_str_take(&s, ' '))
            return false;
        if (!clock_part(&s, &ms))
            return false;
    }
    *out = dh_time_civil(year, month, day) + ms;
    return true;
}

static char *put(char *at, unsigned value, unsigned width)
{
    for (unsigned i = width; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + width;
}

size_t dh_time_format(int64_t time, bool millis, char out[DH_TIME_TEXT_MAX])
{
    unsigned month, day;
    int64_t year = dh_time_year(time, &month, &day);
    unsigned ms = (unsigned)((time % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY);
    char *at = put(out, (unsigned)(year < 0 ? 0 : year > 9999 ? 9999 : year), 4);
    *at++ = '-';
    at = put(at, month, 2);
    *at++ = '-';
    at = put(at, day, 2);
    *at++ = 'T';
    at = put(at, ms / 3600000, 2);
    *at++ = ':';
    at = put(at, ms / 60000 % 60, 2);
    *at++ = ':';
    at = put(at, ms / 1000 % 60, 2);
    if (millis) {
        *at++ = '.';
        at = put(at, ms % 1000, 3);
    }
    *at++ = 'Z';
    *at = '\0';
    return (size_t)(at - out);
}
