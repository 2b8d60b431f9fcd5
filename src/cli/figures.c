#include "cli/figures.h"

const struct dh_figure dh_figures[DH_FIGURES] = {
    {DH_COUNT_VIEW, "views", NULL, "unknownViews", "VIEWS", DH_ATTR_VIEWS_OVER_TIME, DH_BY_MONTH},
    {DH_COUNT_DOWNLOAD, "downloads", NULL, "unknownDownloads", "DOWNLOADS",
     DH_ATTR_DOWNLOADS_OVER_TIME, DH_BY_MONTH},
    {DH_COUNT_CITATION, "citations", "localCitations", "unknownCitations", "CITATIONS",
     DH_ATTR_CITATIONS_OVER_TIME, DH_BY_YEAR},
    {DH_COUNT_REFERENCE, "references", "localReferences", "unknownReferences", "REFERENCES",
     DH_ATTR__N, DH_BY_YEAR},
    {DH_COUNT_PART, "parts", "localParts", "unknownParts", "PARTS", DH_ATTR__N, DH_BY_YEAR},
    {DH_COUNT_PART_OF, "partOf", "localPartOf", "unknownPartOf", NULL, DH_ATTR__N, DH_BY_YEAR},
    {DH_COUNT_VERSION, "versions", "localVersions", "unknownVersions", "VERSIONS", DH_ATTR__N,
     DH_BY_YEAR},
    {DH_COUNT_VERSION_OF, "versionOf", "localVersionOf", "unknownVersionOf", NULL, DH_ATTR__N,
     DH_BY_YEAR},
};

size_t dh_figures_by(enum dh_series_unit unit)
{
    size_t count = 0;
    while (count < DH_FIGURES_OVER_TIME && dh_figures[count].unit >= unit)
        count++;
    return count;
}

/* ---- one record ----------------------------------------------------------------------------- */

static bool came(const struct dh_hit *hit, enum dh_count count)
{
    return hit->came >> count & 1;
}

static struct dh_str stored(const struct dh_hit *hit, size_t figure)
{
    return dh_wire_value(&hit->wire, dh_figures[figure].series, DH_FORM_PLAIN);
}

bool dh_figures_want_relations(const struct dh_hit *hit)
{
    static const size_t empty = sizeof("[]") - 1;
    int64_t here = hit->local[DH_COUNT_CITATION];
    return here > 0 && hit->counts[DH_COUNT_CITATION] == here &&
           dh_wire_value(&hit->wire, DH_ATTR_CITATIONS_OVER_TIME, DH_FORM_PLAIN).len <= empty;
}

/* A count of use that did not come, as its series has it. */
static int64_t sum_of_series(const struct dh_hit *hit, size_t figure, struct dh_series *room)
{
    enum dh_series_unit unit = dh_figures[figure].unit;
    dh_series_clear(room);
    struct dh_str json = stored(hit, figure);
    dh_series_clear(room);
    bool read = json.len && dh_series_read(json, unit, unit, room);
    int64_t sum = read && room->first < room->end ? room->sum : DH_UNKNOWN;
    dh_series_clear(room);
    return sum;
}

void dh_figures_read(const struct dh_hit *hit, struct dh_figures *out)
{
    out->over_time = 0;
    for (size_t i = 0; i < DH_FIGURES; i++) {
        const struct dh_figure *figure = &dh_figures[i];
        bool use = figure->local == NULL;
        out->local[i] = use ? DH_UNKNOWN : hit->local[figure->count];
        out->counts[i] = hit->counts[figure->count];
        if (use && !came(hit, figure->count))
            out->counts[i] = sum_of_series(hit, i, &out->series[i]);
    }
}

/*
 * An empty series says something beside a count of 0 alone: else it did not come. Citations that
 * the store counts itself have the years of the records that cite, as in the API's answers.
 */
static enum dh_told read_series(const struct dh_hit *hit, size_t figure, enum dh_series_unit unit,
                                int64_t count, struct dh_series *out)
{
    const struct dh_relations *related = hit->relations;
    enum dh_count own = dh_figures[figure].count;
    struct dh_str json = stored(hit, figure);
    dh_series_clear(out);
    if (json.len && !dh_series_read(json, dh_figures[figure].unit, unit, out))
        return DH_TOLD_BADLY;
    bool empty = out->first == out->end;
    if (empty && dh_figures[figure].local && related && hit->counts[own] == hit->local[own])
        for (size_t i = 0; i < related->citation_year_count; i++)
            dh_series_add_year(out, related->citations_by_year[i].year,
                               related->citations_by_year[i].total);
    return out->first < out->end || count == 0 ? DH_TOLD : DH_NOT_TOLD;
}

void dh_figures_read_over_time(const struct dh_hit *hit, enum dh_series_unit unit,
                               struct dh_figures *out)
{
    dh_figures_read(hit, out);
    out->over_time = dh_figures_by(unit);
    for (size_t i = 0; i < out->over_time; i++)
        out->told[i] = read_series(hit, i, unit, out->counts[i], &out->series[i]);
}

/* ---- sums ----------------------------------------------------------------------------------- */

static void add_over_time(struct dh_figure_sums *sums, const struct dh_figures *figures, size_t i)
{
    const struct dh_series *series = &figures->series[i];
    if (figures->told[i] != DH_TOLD) {
        sums->over_time[i].missing += figures->told[i] == DH_NOT_TOLD;
        sums->over_time[i].unreadable += figures->told[i] == DH_TOLD_BADLY;
        return;
    }
    dh_series_add(&sums->over_time[i].sum, series);
    sums->over_time[i].uneven += series->sum != figures->counts[i];
}

void dh_figure_sums_add(struct dh_figure_sums *sums, const struct dh_figures *figures)
{
    sums->records++;
    for (size_t i = 0; i < DH_FIGURES; i++) {
        if (figures->counts[i] == DH_UNKNOWN)
            sums->counts[i].unknown++;
        else
            sums->counts[i].sum += figures->counts[i];
        if (figures->local[i] != DH_UNKNOWN)
            sums->counts[i].local += figures->local[i];
    }
    for (size_t i = 0; i < figures->over_time; i++)
        add_over_time(sums, figures, i);
}

int64_t dh_figure_sums_total(const struct dh_figure_sums *sums, size_t figure)
{
    return sums->counts[figure].unknown == sums->records ? DH_UNKNOWN : sums->counts[figure].sum;
}

uint64_t dh_figure_sums_series(const struct dh_figure_sums *sums, size_t figure)
{
    return sums->records - sums->over_time[figure].missing - sums->over_time[figure].unreadable;
}

int64_t dh_series_total(const struct dh_series *series, uint32_t period)
{
    return period >= series->first && period < series->end ? series->totals[period] : DH_UNKNOWN;
}
