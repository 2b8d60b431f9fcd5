#include "cli/hits.h"

#include "cli/filters.h"

int dh_hits_pages(struct dh_cli *cli, struct dh_search *search, dh_each_page *each, void *context)
{
    struct dh_arena arenas[2]; /* the place to go on from lies in the arena of the page before */
    struct dh_page page = {.count = search->limit};
    int result = DH_EXIT_OK;
    dh_arena_init(&arenas[0], DH_ARENA_MAX);
    dh_arena_init(&arenas[1], DH_ARENA_MAX);
    for (size_t i = 0; !result && page.count == search->limit; i++) {
        struct dh_arena *arena = &arenas[i % 2];
        dh_arena_clear(arena);
        enum dh_status status = dh_store_search(cli->reader, search, &page, arena, &cli->err);
        result = status ? dh_cli_failed(cli, status) : each(context, &page, arena);
        if (result || page.count == 0 || search->sample_by != DH_COLUMN__N)
            break; /* samples come whole at once */
        const struct dh_hit *last = &page.hits[page.count - 1];
        search->after_created = last->created == DH_TIME_NONE ? INT64_MAX : last->created;
        search->after_doi = last->doi;
    }
    dh_arena_release(&arenas[0]);
    dh_arena_release(&arenas[1]);
    return result;
}

struct walk {
    dh_each_hit *each;
    void *context;
};

static int each_of(void *context, const struct dh_page *page, struct dh_arena *arena)
{
    const struct walk *walk = context;
    int result = DH_EXIT_OK;
    (void)arena;
    for (size_t i = 0; i < page->count && !result; i++)
        result = walk->each(walk->context, &page->hits[i]);
    return result;
}

int dh_hits_walk(struct dh_cli *cli, dh_each_hit *each, void *context)
{
    struct dh_buf target;
    struct dh_search search;
    dh_buf_init(&target, DH_URL_MAX);
    dh_buf_text(&target, "/dois?disable-facets=true&page[cursor]="
                         "&include-other-registration-agencies=true");
    dh_query_add_number(&target, "page[size]", DH_PAGE_MAX);
    dh_filter_query(cli, &target);
    int result =
        target.status ? dh_cli_no_memory() : dh_filter_search(cli, dh_buf_view(&target), &search);
    if (!result) {
        search.bodies = true;
        result = dh_hits_pages(cli, &search, each_of, &(struct walk){each, context});
    }
    dh_buf_release(&target);
    return result;
}
