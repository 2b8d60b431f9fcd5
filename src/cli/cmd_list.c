#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/listing.h"
#include "cli/pages.h"

static const struct dh_option options[] = {
    {"sort", 0, DH_OPTION_CHOICE, "ORDER",
     "relevance, name, title, created, updated, view-count, download-count or citation-count; a "
     "'-' before any but the first reverses it (default -updated)",
     .words = DH_LISTING_SORTS},
    DH_LISTING_OPTIONS,
    {NULL},
};

static int run(struct dh_cli *cli)
{
    struct dh_buf target;
    struct dh_search search;
    uint64_t total = 0;
    dh_buf_init(&target, DH_URL_MAX);
    dh_listing_target(cli, NULL, &target);
    int result = DH_EXIT_OK;
    if (target.status)
        result = dh_cli_no_memory();
    else if (dh_args_has(&cli->args, "json"))
        result = dh_list_print(cli, dh_buf_view(&target), dh_args_has(&cli->args, "all"), &total);
    else if (!(result = dh_filter_search(cli, dh_buf_view(&target), &search)))
        result = dh_listing_table(cli, &search, &total, NULL);
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
