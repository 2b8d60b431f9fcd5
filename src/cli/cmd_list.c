#include "cli/cli.h"
#include "cli/facts.h"
#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/pages.h"
#include "cli/table.h"

static const struct dh_option options[] = {
    {"sort", 0, DH_OPTION_CHOICE, "ORDER",
     "relevance, name, title, created, updated, view-count, download-count or citation-count; a "
     "'-' before any but the first reverses it (default -updated)",
     .words = "relevance|name|-name|title|-title|created|-created|updated|-updated|"
              "view-count|-view-count|download-count|-download-count|"
              "citation-count|-citation-count"},
    {"size", 0, DH_OPTION_NUMBER, "N", "records per page (default 25)", 0, DH_PAGE_MAX},
    {"page", 0, DH_OPTION_NUMBER, "N", "which page (default 1)", 1, INT32_MAX},
    {"all", 0, DH_OPTION_FLAG, NULL, "all records, not one page"},
    {"json", 0, DH_OPTION_FLAG, NULL, "the API's list document instead of a table"},
    {"rich", 0, DH_OPTION_FLAG, NULL,
     "with --json: affiliations and publishers as objects, not as names"},
    {NULL},
};

static const struct {
    struct dh_heading heading;
    dh_fact *fact;
} columns[] = {
    {{"DOI", false, 0}, dh_fact_doi},       {{"STATE", false, 0}, dh_fact_state},
    {{"YEAR", true, 0}, dh_fact_year},      {{"TITLE", false, 12}, dh_fact_title},
    {{"CLIENT", false, 8}, dh_fact_client},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool add_row(struct dh_table *table, const struct dh_hit *hit, struct dh_arena *arena)
{
    struct dh_str cells[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = columns[i].fact(hit, arena);
    return dh_table_row(table, cells);
}

/* Searches page by page and adds the rows. *shown counts them. */
static int fill(struct dh_cli *cli, struct dh_search *search, struct dh_table *table,
                uint64_t *shown, uint64_t *total)
{
    bool all = dh_args_has(&cli->args, "all");
    struct dh_arena arena;
    struct dh_page page;
    int result = DH_EXIT_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    do {
        dh_arena_clear(&arena);
        enum dh_status status = dh_store_search(cli->reader, search, &page, &arena, &cli->err);
        if (status) {
            result = dh_cli_failed(cli, status);
            break;
        }
        *total = page.total;
        *shown += page.count;
        search->offset += page.count;
        for (size_t i = 0; i < page.count && !result; i++)
            if (!add_row(table, &page.hits[i], &arena))
                result = dh_cli_no_memory();
        /* Samples come whole at once; a random order has no second page. */
    } while (all && !result && page.count == search->limit && search->sample_by == DH_COLUMN__N &&
             search->sort != DH_SORT_RANDOM);
    dh_arena_release(&arena);
    return result;
}

static int list_table(struct dh_cli *cli, struct dh_str target, uint64_t *total)
{
    struct dh_heading headings[COLUMNS];
    struct dh_search search;
    struct dh_table table;
    uint64_t shown = 0;
    int result = dh_filter_search(cli, target, &search);
    if (result)
        return result;
    for (size_t i = 0; i < COLUMNS; i++)
        headings[i] = columns[i].heading;
    dh_table_init(&table, headings, COLUMNS, &cli->out, stdout);
    result = fill(cli, &search, &table, &shown, total);
    dh_table_flush(&table);
    dh_table_release(&table);
    if (!result)
        dh_list_note_cut(cli, shown, *total);
    return result;
}

static void make_target(struct dh_cli *cli, struct dh_buf *target)
{
    bool all = dh_args_has(&cli->args, "all");
    const char *sort = dh_args_text(&cli->args, "sort", NULL);
    dh_buf_text(target, "/dois");
    dh_filter_query(cli, target);
    if (sort)
        dh_query_add(target, "sort", dh_str(sort));
    if (dh_args_has(&cli->args, "rich")) {
        dh_query_add(target, "affiliation", DH_STR("true"));
        dh_query_add(target, "publisher", DH_STR("true"));
    }
    dh_query_add_number(target, "page[size]",
                        all ? DH_PAGE_MAX : dh_args_number(&cli->args, "size", DH_PAGE_DEFAULT));
    if (!all && dh_args_has(&cli->args, "page"))
        dh_query_add_number(target, "page[number]", dh_args_number(&cli->args, "page", 1));
}

static int run(struct dh_cli *cli)
{
    struct dh_buf target;
    uint64_t total = 0;
    dh_buf_init(&target, DH_URL_MAX);
    make_target(cli, &target);
    int result;
    if (target.status)
        result = dh_cli_no_memory();
    else if (dh_args_has(&cli->args, "json"))
        result = dh_list_print(cli, dh_buf_view(&target), dh_args_has(&cli->args, "all"), &total);
    else
        result = list_table(cli, dh_buf_view(&target), &total);
    dh_buf_release(&target);
    if (!result && total == 0)
        dh_hint_nothing(cli);
    return result;
}

const struct dh_command dh_command_list = {
    .name = "list",
    .arguments = "",
    .summary = "list records, with the API's filters",
    .details = "Lists records of any state, newest change first, 25 unless told otherwise. The "
               "filters are those of GET /dois and mean the same: commas separate alternatives, "
               "and --client-id, --provider-id, --affiliation-id, --funder-id, --has-affiliation, "
               "--has-organization and --has-funder widen the result together. DOIs that "
               "other registration agencies gave out are left out unless asked for. A note on "
               "standard error tells when there is more.",
    .options = options,
    .filters = true,
    .need = DH_NEED_READER,
    .run = run,
};
