/*
 * Months: how many records of each state a data file brought per month, and how many rows its CSV
 * counts. Small: one entry per month.
 */
#ifndef DH_MIRROR_MONTHS_H
#define DH_MIRROR_MONTHS_H

#include "mirror/input.h"
#include "model/vocab.h"

enum { DH_MONTH_STATES = DH_STATE__N + 1 /* the last: any other word */ };

struct dh_month {
    int month;    /* 12 * year + month - 1 */
    bool counted; /* a CSV of it was read */
    uint64_t rows[DH_MONTH_STATES], records[DH_MONTH_STATES];
};

struct dh_months {
    struct dh_month *items; /* ascending */
    size_t count, room;
};

void dh_months_release(struct dh_months *months);
/* Adds the counts of `more` to those of its month; one of -1 is nothing. DH_MEMORY. */
enum dh_status dh_months_add(struct dh_months *months, const struct dh_month *more,
                             struct dh_err *err);
/* Written as JSON, and read again; text that is no such JSON gives DH_CORRUPT. */
struct json_object *dh_months_write(const struct dh_months *months);
enum dh_status dh_months_read(struct dh_months *months, struct json_object *json,
                              struct dh_err *err);

/*
 * Counts the rows of a CSV by the column `state`; out->rows grows. DH_INVALID without such a
 * column, and what reading fails with, *line (1-based) and *byte telling where.
 */
enum dh_status dh_rows_count(struct dh_input *input, struct dh_month *out, uint64_t *line,
                             uint64_t *byte, struct dh_err *err);

#endif
