/* Times: milliseconds since 1970-01-01T00:00:00Z, as int64_t. All UTC, no time zones, no locale. */
#ifndef DH_BASE_TIME_H
#define DH_BASE_TIME_H

#include <stdint.h>

#include "base/str.h"

#define DH_TIME_NONE     INT64_MIN /* "no time", sorts first; shown as null */
#define DH_TIME_TEXT_MAX 32        /* bytes that dh_time_format may write, the NUL included */

int64_t dh_time_now(void);
/*
 * Reads ISO 8601 (RFC 3339 profile): date and time with fraction and offset or Z, a bare
 * date, a month or a year (their first instant). Returns false and leaves *out on other text.
 */
bool dh_time_parse(struct dh_str text, int64_t *out);
/* Writes 2016-01-24T15:05:35Z, or ...35.000Z when `millis`; returns the length. */
size_t dh_time_format(int64_t time, bool millis, char out[DH_TIME_TEXT_MAX]);
/* First instant of a civil date; month 1-12, day 1-31. Proleptic Gregorian. */
int64_t dh_time_civil(int64_t year, unsigned month, unsigned day);
/* The civil date of an instant. month and day may be NULL. */
int64_t dh_time_year(int64_t time, unsigned *month, unsigned *day);

#endif
