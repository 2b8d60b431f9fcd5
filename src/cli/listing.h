/*
 * Listing: records that a search finds, as a table or as the API's list document; what the commands
 * list and search share.
 */
#ifndef DH_CLI_LISTING_H
#define DH_CLI_LISTING_H

#include "cli/cli.h"

/* The values of --sort, and rows of the options that both commands take. */
#define DH_LISTING_SORTS                                                                           \
    "relevance|name|-name|title|-title|created|-created|updated|-updated|"                         \
    "view-count|-view-count|download-count|-download-count|"                                       \
    "citation-count|-citation-count"
#define DH_LISTING_OPTIONS                                                                         \
    {"size", 0, DH_OPTION_NUMBER, "N", "records per page (default 25)", 0, DH_PAGE_MAX},           \
        {"page", 0, DH_OPTION_NUMBER, "N", "which page (default 1)", 1, INT32_MAX},                \
        {"all", 0, DH_OPTION_FLAG, NULL, "all records, not one page"},                             \
        {"json", 0, DH_OPTION_FLAG, NULL, "the API's list document instead of a table"},           \
    {                                                                                              \
        "rich", 0, DH_OPTION_FLAG, NULL,                                                           \
            "with --json: affiliations and publishers as objects, not as names"                    \
    }

/* "/dois?" with the filters, the options above and a sort: `sort` when none is given, or NULL. */
void dh_listing_target(const struct dh_cli *cli, const char *sort, struct dh_buf *target);
/*
 * Prints what a search finds: one page, or all of them with --all. *total is how many there are.
 * Exit status. With `explain` the first page's explanation is copied there.
 */
int dh_listing_table(struct dh_cli *cli, struct dh_search *search, uint64_t *total,
                     struct dh_explain *explain);

#endif
