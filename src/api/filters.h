/*
 * The table of filter parameters of /dois (filters.def): name on the wire, what it matches, a line
 * of help. The server reads queries by it, the command line makes its options from it.
 */
#ifndef DH_API_FILTERS_H
#define DH_API_FILTERS_H

#include "http/url.h"
#include "store/store.h"

struct dh_filter_row {
    const char *name; /* as documented: "client-id"; looked up with '-' as '_' */
    bool flag;        /* takes no value: presence is enough (has-person) */
    const char *help; /* one line */
};
extern const struct dh_filter_row dh_filter_rows[];
extern const size_t dh_filter_row_count;

/*
 * Turns parameters (spec rest-api-read 2.1 to 2.5, 1.6) into a search: ids, filters, sort, page,
 * cursor, random, sample; no facets, bodies on. `owner` lifts the findable-only rule. DH_INVALID
 * with upstream's sentence (a year that is none, cursor with random, negative size). The result
 * points into the arena and the parameters. The directory serves the filters on accounts
 * (client-type ...).
 */
enum dh_status dh_filters_read(const struct dh_params *params, bool owner,
                               const struct dh_directory *directory, struct dh_search *out,
                               struct dh_arena *arena, struct dh_err *err);

#endif
