#include "cli/cli.h"
#include "cli/facts.h"
#include "cli/figure_rows.h"
#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/hits.h"
#include "cli/querying.h"

static const struct dh_option options[] = {
    {"by", 0, DH_OPTION_CHOICE, NULL,
     "the series added up by year (views, downloads, citations) or by month (views, downloads)",
     .words = "year|month"},
    {"per-record", 0, DH_OPTION_FLAG, NULL,
     "one row per DOI, with --by per DOI and period, not the sums"},
    {"csv", 0, DH_OPTION_FLAG, NULL, "CSV instead of a table; unknown is empty"},
    {"json", 0, DH_OPTION_FLAG, NULL,
     "one JSON object, with --per-record one per line; unknown is null"},
    DH_QUERY_OPTION,
    {"top", 0, DH_OPTION_NUMBER, "N",
     "below the sums the N records with the most views, or citations (default 10)", 0, DH_PAGE_MAX},
    {NULL},
};

enum { TOP = 10, TITLE_LEAST = 12 };

struct stats {
    struct dh_cli *cli;
    bool over_time, per_record;
    enum dh_series_unit unit;
    enum dh_rows_form form;
    struct dh_rows rows;
    struct dh_figures *figures; /* of the record at hand */
    struct dh_figure_sums *sums;
};

/* ---- cells ---------------------------------------------------------------------------------- */

struct cells {
    struct dh_cell items[DH_CELLS_MAX];
    size_t count;
};

static void add_number(struct cells *cells, const char *name, const char *heading, int64_t number)
{
    cells->items[cells->count++] =
        (struct dh_cell){.name = name, .heading = heading, .number = number};
}

static void add_text(struct cells *cells, const char *name, const char *heading, struct dh_str text)
{
    cells->items[cells->count++] = (struct dh_cell){.name = name, .heading = heading, .text = text};
}

static void add_period(const struct stats *stats, struct cells *cells, struct dh_str label)
{
    bool month = stats->unit == DH_BY_MONTH;
    add_text(cells, month ? "month" : "year", month ? "MONTH" : "YEAR", label);
}

static int put(struct stats *stats, const struct cells *cells)
{
    return dh_rows_put(&stats->rows, cells->items, cells->count) ? DH_EXIT_OK : dh_cli_no_memory();
}

/*
 * A row per period from the first to the last that any of the figures has, behind the cell `doi`
 * when there is one. `series` has NULL for what is unknown.
 */
static int put_periods(struct stats *stats, struct dh_str doi,
                       const struct dh_series *const *series)
{
    size_t count = dh_figures_by(stats->unit);
    uint32_t first = DH_SERIES_PERIODS, end = 0;
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < count; i++) {
        if (!series[i] || series[i]->first == series[i]->end)
            continue;
        first = series[i]->first < first ? series[i]->first : first;
        end = series[i]->end > end ? series[i]->end : end;
    }
    for (uint32_t period = first; period < end && !result; period++) {
        char label[DH_SERIES_LABEL_MAX];
        struct cells cells = {.count = 0};
        if (doi.ptr)
            add_text(&cells, "doi", "DOI", doi);
        add_period(stats, &cells, dh_series_label(period, stats->unit, label));
        for (size_t i = 0; i < count; i++)
            add_number(&cells, dh_figures[i].name, dh_figures[i].heading,
                       series[i] ? dh_series_total(series[i], period) : DH_UNKNOWN);
        result = put(stats, &cells);
    }
    return result;
}

/* ---- one record ----------------------------------------------------------------------------- */

static int put_counts(struct stats *stats, const struct dh_hit *hit)
{
    const struct dh_figures *figures = stats->figures;
    struct cells cells = {.count = 0};
    add_text(&cells, "doi", "DOI", hit->doi);
    for (size_t i = 0; i < DH_FIGURES; i++)
        add_number(&cells, dh_figures[i].name, dh_figures[i].heading, figures->counts[i]);
    for (size_t i = 0; i < DH_FIGURES; i++)
        if (dh_figures[i].local)
            add_number(&cells, dh_figures[i].local, NULL, figures->local[i]);
    return put(stats, &cells);
}

static int put_record(struct stats *stats, const struct dh_hit *hit)
{
    const struct dh_series *series[DH_FIGURES_OVER_TIME] = {NULL};
    if (!stats->over_time)
        return put_counts(stats, hit);
    for (size_t i = 0; i < DH_FIGURES_OVER_TIME; i++)
        series[i] = stats->figures->told[i] == DH_TOLD ? &stats->figures->series[i] : NULL;
    return put_periods(stats, hit->doi, series);
}

/* The counts alone need no body, unless views or downloads are to be had from their series. */
static int read_counts(struct stats *stats, const struct dh_hit *hit, struct dh_arena *arena)
{
    enum { USE = 1 << DH_COUNT_VIEW | 1 << DH_COUNT_DOWNLOAD };
    struct dh_cli *cli = stats->cli;
    struct dh_hit whole = *hit;
    enum dh_status status = DH_OK;
    if ((hit->came & USE) != USE)
        status = dh_store_get(cli->reader, hit->doi, &whole, arena, &cli->err);
    if (status && status != DH_NOT_FOUND) /* not found: it has just gone */
        return dh_cli_failed(cli, status);
    dh_figures_read(status ? hit : &whole, stats->figures);
    return DH_EXIT_OK;
}

static int read_over_time(struct stats *stats, const struct dh_hit *hit, struct dh_arena *arena)
{
    struct dh_cli *cli = stats->cli;
    struct dh_relations relations;
    struct dh_hit whole = *hit;
    enum dh_status status = DH_OK;
    if (stats->unit == DH_BY_YEAR && dh_figures_want_relations(hit)) {
        status = dh_store_relations(cli->reader, hit->doi, &relations, arena, &cli->err);
        whole.relations = &relations;
    }
    if (status)
        return dh_cli_failed(cli, status);
    dh_figures_read_over_time(&whole, stats->unit, stats->figures);
    return DH_EXIT_OK;
}

static int each_page(void *context, const struct dh_page *page, struct dh_arena *arena)
{
    struct stats *stats = context;
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < page->count && !result; i++) {
        const struct dh_hit *hit = &page->hits[i];
        result =
            stats->over_time ? read_over_time(stats, hit, arena) : read_counts(stats, hit, arena);
        if (result)
            break;
        dh_figure_sums_add(stats->sums, stats->figures);
        if (stats->per_record)
            result = put_record(stats, hit);
    }
    return result;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void add_sums(const struct dh_figure_sums *sums, struct cells *cells)
{
    add_number(cells, "records", NULL, (int64_t)sums->records);
    for (size_t i = 0; i < DH_FIGURES; i++)
        add_number(cells, dh_figures[i].name, NULL, dh_figure_sums_total(sums, i));
    for (size_t i = 0; i < DH_FIGURES; i++)
        if (dh_figures[i].local)
            add_number(cells, dh_figures[i].local, NULL, sums->counts[i].local);
    for (size_t i = 0; i < DH_FIGURES; i++)
        add_number(cells, dh_figures[i].unknown, NULL, (int64_t)sums->counts[i].unknown);
}

static int put_sums(struct stats *stats)
{
    const struct dh_figure_sums *sums = stats->sums;
    struct cells cells = {.count = 0};
    if (stats->form != DH_ROWS_TABLE) {
        add_sums(sums, &cells);
        return put(stats, &cells);
    }
    for (size_t i = 0; i < DH_FIGURES; i++) {
        cells.count = 0;
        add_text(&cells, "count", "COUNT", dh_str(dh_figures[i].name));
        add_number(&cells, "total", "TOTAL", dh_figure_sums_total(sums, i));
        add_number(&cells, "here", "FOUND HERE",
                   dh_figures[i].local ? sums->counts[i].local : DH_UNKNOWN);
        add_number(&cells, "told", "RECORDS", (int64_t)(sums->records - sums->counts[i].unknown));
        add_number(&cells, "unknown", "UNKNOWN", (int64_t)sums->counts[i].unknown);
        if (put(stats, &cells))
            return DH_EXIT_FAILED;
    }
    return DH_EXIT_OK;
}

/* A JSON object around the periods tells how many records are in the sums. */
static int put_sums_over_time(struct stats *stats)
{
    const struct dh_series *series[DH_FIGURES_OVER_TIME] = {NULL};
    const struct dh_figure_sums *sums = stats->sums;
    bool json = stats->form == DH_ROWS_JSON;
    for (size_t i = 0; i < DH_FIGURES_OVER_TIME; i++)
        series[i] = dh_figure_sums_series(sums, i) ? &sums->over_time[i].sum : NULL;
    if (json) {
        printf("{\"records\":%llu", (unsigned long long)sums->records);
        for (size_t i = 0; i < dh_figures_by(stats->unit); i++)
            printf(",\"%s\":%llu", dh_figures[i].unknown,
                   (unsigned long long)(sums->records - dh_figure_sums_series(sums, i)));
        fputs(",\"periods\":[", stdout);
        stats->rows.separator = ",";
    }
    int result = put_periods(stats, DH_STR_NONE, series);
    if (json)
        fputs("]}\n", stdout);
    return result;
}

/* Records that lead, when there is anything to lead by. */
static int put_top(struct stats *stats, struct dh_search *search, size_t by)
{
    struct dh_cli *cli = stats->cli;
    struct dh_page page;
    struct dh_rows rows;
    bool done = true;
    enum dh_status status = dh_store_search(cli->reader, search, &page, &cli->arena, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    putchar('\n');
    dh_rows_init(&rows, DH_ROWS_TABLE, &cli->out);
    for (size_t i = 0; i < page.count && done; i++) {
        const struct dh_hit *hit = &page.hits[i];
        struct cells cells = {.count = 0};
        dh_figures_read(hit, stats->figures);
        if (stats->figures->counts[by] <= 0)
            break;
        for (size_t k = 0; k < DH_FIGURES_OVER_TIME; k++)
            add_number(&cells, dh_figures[k].name, dh_figures[k].heading,
                       stats->figures->counts[k]);
        struct dh_str title = dh_fact_title(hit, &cli->arena);
        add_text(&cells, "doi", "DOI", hit->doi);
        add_text(&cells, "title", "TITLE", title.ptr ? title : DH_STR(""));
        cells.items[cells.count - 1].least = TITLE_LEAST;
        done = dh_rows_put(&rows, cells.items, cells.count);
    }
    done = done && dh_rows_end(&rows, NULL, 0);
    dh_rows_release(&rows);
    return done ? DH_EXIT_OK : dh_cli_no_memory();
}

/* ---- what to say ---------------------------------------------------------------------------- */

static struct dh_str number(struct stats *stats, uint64_t number)
{
    return dh_text_number(&stats->cli->arena, number);
}

/* True when no record at all tells the figure. */
static bool say_counts(struct stats *stats, size_t i)
{
    uint64_t unknown = stats->sums->counts[i].unknown, records = stats->sums->records;
    if (unknown == records)
        dh_say("%s: unknown, not 0: no record came with them", dh_figures[i].name);
    else if (unknown)
        dh_say("%s: unknown of %.*s of %.*s records; the sum is that of the others",
               dh_figures[i].name, DH_STR_ARG(number(stats, unknown)),
               DH_STR_ARG(number(stats, records)));
    return unknown == records;
}

static bool say_series(struct stats *stats, size_t i)
{
    const struct dh_figure_sums *sums = stats->sums;
    const char *name = dh_figures[i].name;
    bool none = dh_figure_sums_series(sums, i) == 0;
    if (none)
        dh_say("%s over time: unknown, not 0: no record came with a series", name);
    else if (sums->over_time[i].missing)
        dh_say("%s over time: %.*s of %.*s records have no series; the sums are those of the "
               "others",
               name, DH_STR_ARG(number(stats, sums->over_time[i].missing)),
               DH_STR_ARG(number(stats, sums->records)));
    if (sums->over_time[i].unreadable)
        dh_say("%s over time: the series of %.*s records makes no sense and is left out", name,
               DH_STR_ARG(number(stats, sums->over_time[i].unreadable)));
    if (sums->over_time[i].uneven)
        dh_say("%s over time: in %.*s records the series adds up to another number than the count",
               name, DH_STR_ARG(number(stats, sums->over_time[i].uneven)));
    return none;
}

/* What is unknown; DH_EXIT_MISS when something is unknown of all records. */
static int say_unknown(struct stats *stats)
{
    size_t count = stats->over_time ? dh_figures_by(stats->unit) : DH_FIGURES;
    bool miss = false;
    for (size_t i = 0; i < count; i++)
        miss = (stats->over_time ? say_series(stats, i) : say_counts(stats, i)) || miss;
    if (stats->over_time && stats->unit == DH_BY_MONTH)
        dh_say("citations are known by year, not by month: --by year shows them");
    return miss ? DH_EXIT_MISS : DH_EXIT_OK;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int make_search(struct dh_cli *cli, const char *order, int64_t size,
                       struct dh_search *search)
{
    struct dh_buf target;
    dh_buf_init(&target, DH_TARGET_MAX);
    dh_buf_text(&target, "/dois?include-other-registration-agencies=true");
    dh_query_add(&target, order ? "sort" : "page[cursor]", dh_str(order ? order : ""));
    dh_query_add_number(&target, "page[size]", size);
    dh_filter_query(cli, &target);
    struct dh_str text = dh_arena_copy(&cli->arena, dh_buf_view(&target));
    bool failed = target.status || !text.ptr;
    dh_buf_release(&target);
    return failed ? dh_cli_no_memory() : dh_filter_search(cli, text, search);
}

/* The records that lead by views, or where those are unknown or none by citations. */
static int find_top(struct stats *stats)
{
    enum { VIEWS, DOWNLOADS, CITATIONS };
    int64_t size = dh_args_number(&stats->cli->args, "top", TOP);
    size_t by = dh_figure_sums_total(stats->sums, VIEWS) > 0 ? VIEWS : CITATIONS;
    struct dh_search search;
    if (size == 0 || dh_figure_sums_total(stats->sums, by) <= 0)
        return DH_EXIT_OK;
    int result =
        make_search(stats->cli, by == VIEWS ? "-view-count" : "-citation-count", size, &search);
    search.bodies = true;
    return result ? result : put_top(stats, &search, by);
}

static int put_all(struct stats *stats)
{
    int result = DH_EXIT_OK;
    struct cells cells = {.count = 0};
    if (!stats->per_record)
        result = stats->over_time ? put_sums_over_time(stats) : put_sums(stats);
    /* The header of a CSV without a row. */
    if (stats->per_record)
        add_text(&cells, "doi", "DOI", DH_STR(""));
    if (stats->over_time)
        add_period(stats, &cells, DH_STR(""));
    size_t figures = stats->over_time ? dh_figures_by(stats->unit) : DH_FIGURES;
    for (size_t i = 0; i < figures; i++)
        add_number(&cells, dh_figures[i].name, NULL, DH_UNKNOWN);
    for (size_t i = 0; i < DH_FIGURES && !stats->over_time; i++)
        if (dh_figures[i].local)
            add_number(&cells, dh_figures[i].local, NULL, DH_UNKNOWN);
    if (!result && !dh_rows_end(&stats->rows, cells.items, cells.count))
        result = dh_cli_no_memory();
    bool table = stats->form == DH_ROWS_TABLE && !stats->per_record && !stats->over_time;
    return result || !table ? result : find_top(stats);
}

static int run(struct dh_cli *cli)
{
    bool csv = dh_args_has(&cli->args, "csv"), json = dh_args_has(&cli->args, "json");
    struct stats stats = {
        .cli = cli,
        .over_time = dh_args_has(&cli->args, "by"),
        .per_record = dh_args_has(&cli->args, "per-record"),
        .unit = dh_args_chosen(&cli->args, "by", "month", "year") ? DH_BY_MONTH : DH_BY_YEAR,
        .form = csv    ? DH_ROWS_CSV
                : json ? DH_ROWS_JSON
                       : DH_ROWS_TABLE,
        .figures = dh_arena_alloc(&cli->arena, sizeof(*stats.figures)),
        .sums = dh_arena_alloc(&cli->arena, sizeof(*stats.sums)),
    };
    struct dh_search search;
    if (!stats.figures || !stats.sums)
        return dh_cli_no_memory();
    int result = make_search(cli, NULL, DH_PAGE_MAX, &search);
    if (result)
        return result;
    search.bodies = stats.over_time;
    dh_rows_init(&stats.rows, stats.form, &cli->out);
    result = dh_hits_pages(cli, &search, each_page, &stats);
    if (!result)
        result = put_all(&stats);
    dh_rows_release(&stats.rows);
    if (result)
        return result;
    if (stats.sums->records)
        return say_unknown(&stats);
    dh_hint_nothing(cli);
    dh_say("no record passes the filters: all figures are unknown");
    return DH_EXIT_MISS;
}

static int check(struct dh_cli *cli)
{
    const char *text = dh_args_text(&cli->args, "query", NULL);
    struct dh_query query;
    if (!dh_args_has(&cli->args, "csv") || !dh_args_has(&cli->args, "json"))
        return text ? dh_querying_read(cli, dh_str(text), &query) : DH_EXIT_OK;
    dh_fail(&cli->err, DH_INVALID, "--csv and --json exclude each other");
    return dh_cli_usage(cli);
}

const struct dh_command dh_command_stats = {
    .name = "stats",
    .arguments = "",
    .summary = "views, downloads, citations and more, summed or per record",
    .details =
        "Adds up the counts of all records that pass the filters, of any state and agency: views, "
        "downloads, citations, references, parts and versions, as they came with the records and, "
        "where the store can count itself, as found here. With --by they are added up from the "
        "series that came with the records.\n"
        "What a record does not tell is unknown, never 0: it is left out of the sums and told on "
        "standard error. Exits with 1 when something is unknown of all records, or no record "
        "passes. Between the first and the last period of a series 0 stands where nothing was "
        "counted.",
    .options = options,
    .filters = true,
    .walks = true,
    .need = DH_NEED_READER,
    .check = check,
    .run = run,
};
