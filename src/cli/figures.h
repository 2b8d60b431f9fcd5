/*
 * Figures: views, downloads, citations and other counts of records, and their sums over many. What
 * a record does not tell is unknown and stays out of the sums; it is never taken for 0.
 */
#ifndef DH_CLI_FIGURES_H
#define DH_CLI_FIGURES_H

#include "store/store.h"

enum {
    DH_FIGURES = 8,
    DH_FIGURES_OVER_TIME = 3, /* the first of them come as series, too */
    DH_UNKNOWN = -1
};

struct dh_figure {
    enum dh_count count;
    const char *name;         /* in CSV and JSON: "views" */
    const char *local;        /* of what the store counts itself: "localCitations"; NULL: nothing */
    const char *unknown;      /* of how many records do not tell: "unknownViews" */
    const char *heading;      /* in tables of records; NULL: left out there */
    enum dh_attribute series; /* of those over time */
    enum dh_series_unit unit; /* in which it comes */
};
extern const struct dh_figure dh_figures[DH_FIGURES];

/* How many of the figures there are by year or by month. */
size_t dh_figures_by(enum dh_series_unit unit);

enum dh_told { DH_TOLD, DH_NOT_TOLD, DH_TOLD_BADLY };

/* Of one record. Some 90 KB: made once, in zeroed memory, and read into again and again. */
struct dh_figures {
    int64_t counts[DH_FIGURES]; /* or DH_UNKNOWN */
    int64_t local[DH_FIGURES];  /* or DH_UNKNOWN */
    size_t over_time;           /* of how many of the figures the series were read */
    enum dh_told told[DH_FIGURES_OVER_TIME];
    struct dh_series series[DH_FIGURES_OVER_TIME];
};

/*
 * The counts of a hit. Views and downloads that did not come are those of their series, when the
 * hit has its body.
 */
void dh_figures_read(const struct dh_hit *hit, struct dh_figures *out);
/* Whether the years of a hit's citations are those of the relations, which it should have then. */
bool dh_figures_want_relations(const struct dh_hit *hit);
/* Also the series, by month or year, of a hit with body and, when they are wanted, relations. */
void dh_figures_read_over_time(const struct dh_hit *hit, enum dh_series_unit unit,
                               struct dh_figures *out);

struct dh_figure_sums {
    uint64_t records;
    struct {
        uint64_t unknown; /* records that do not tell */
        int64_t sum, local;
    } counts[DH_FIGURES];
    struct {
        uint64_t missing, unreadable; /* records without a series, and with a broken one */
        uint64_t uneven;              /* records whose series is not what their count says */
        struct dh_series sum;
    } over_time[DH_FIGURES_OVER_TIME];
};

/* Adds the figures of a record; those over time, too, when they were read. */
void dh_figure_sums_add(struct dh_figure_sums *sums, const struct dh_figures *figures);
/* The sum of a figure, DH_UNKNOWN when no record tells it. */
int64_t dh_figure_sums_total(const struct dh_figure_sums *sums, size_t figure);
/* Records whose series is in the sums. */
uint64_t dh_figure_sums_series(const struct dh_figure_sums *sums, size_t figure);
/*
 * The total of a period: 0 between the first and the last period that has any, because a period
 * without a count is left out of series; DH_UNKNOWN before and behind.
 */
int64_t dh_series_total(const struct dh_series *series, uint32_t period);

#endif
