/*
 * Series: counts over time as records bring them, views and downloads by month ("2021-05"),
 * citations by year, read from the stored text and added up.
 */
#ifndef DH_MODEL_SERIES_H
#define DH_MODEL_SERIES_H

#include "base/limits.h"
#include "base/str.h"

enum dh_series_unit { DH_BY_YEAR, DH_BY_MONTH };

enum {
    DH_SERIES_PERIODS = (DH_SERIES_YEAR_MAX - DH_SERIES_YEAR_MIN + 1) * 12,
    DH_SERIES_LABEL_MAX = 16
};

/* Some 29 KB; zero it to begin. */
struct dh_series {
    int64_t totals[DH_SERIES_PERIODS]; /* by period, 0 outside of first to end */
    uint32_t first, end;               /* the periods that were named: first to end - 1 */
    int64_t sum;                       /* of all of them */
};

/* Empties it, in a time that grows with the periods it has. */
void dh_series_clear(struct dh_series *series);
/*
 * Reads the JSON of an attribute, `[{"yearMonth":"2021-05","total":3}...]` or with "year", into an
 * empty series. `given` is the unit of the JSON, `wanted` that of the series: months may become
 * years. A period that stands there twice is added up. False, and empty, when any entry has no such
 * period or no count that can be: what is left would be a wrong sum.
 */
bool dh_series_read(struct dh_str json, enum dh_series_unit given, enum dh_series_unit wanted,
                    struct dh_series *series);
/* Adds to one year's total, in a series by year; years beyond the limits are left out. */
void dh_series_add_year(struct dh_series *series, int64_t year, int64_t total);
/* Adds all of `from`, which is in the same unit. */
void dh_series_add(struct dh_series *series, const struct dh_series *from);
/* "2021" or "2021-05". */
struct dh_str dh_series_label(uint32_t period, enum dh_series_unit unit,
                              char text[DH_SERIES_LABEL_MAX]);

#endif
