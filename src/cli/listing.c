#include "cli/listing.h"

#include "cli/facts.h"
#include "cli/filters.h"
#include "cli/pages.h"
#include "cli/table.h"

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

/* What is copied of an explanation lives in the arena of the command. */
static bool keep_explain(struct dh_cli *cli, const struct dh_explain *from, struct dh_explain *to)
{
    *to = *from;
    to->steps = dh_arena_array(&cli->arena, from->step_count + 1, sizeof(*to->steps));
    if (to->steps && from->step_count)
        memcpy(to->steps, from->steps, from->step_count * sizeof(*to->steps));
    return to->steps != NULL;
}

/* Searches page by page and adds the rows. *shown counts them. */
static int fill(struct dh_cli *cli, struct dh_search *search, struct dh_table *table,
                uint64_t *shown, uint64_t *total, struct dh_explain *explain)
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
        if (explain && search->explain && !keep_explain(cli, &page.explain, explain))
            result = dh_cli_no_memory();
        search->explain = false;
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

int dh_listing_table(struct dh_cli *cli, struct dh_search *search, uint64_t *total,
                     struct dh_explain *explain)
{
    struct dh_heading headings[COLUMNS];
    struct dh_table table;
    uint64_t shown = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        headings[i] = columns[i].heading;
    dh_table_init(&table, headings, COLUMNS, &cli->out, stdout);
    int result = fill(cli, search, &table, &shown, total, explain);
    dh_table_flush(&table);
    dh_table_release(&table);
    if (!result)
        dh_list_note_cut(cli, shown, *total);
    return result;
}

void dh_listing_target(const struct dh_cli *cli, const char *sort, struct dh_buf *target)
{
    bool all = dh_args_has(&cli->args, "all");
    sort = dh_args_text(&cli->args, "sort", sort);
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
