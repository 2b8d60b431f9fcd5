/*
 * Facets of the DOI list: which ones a request wants (facets.def), and their buckets as members of
 * `meta`, with ids and titles as upstream words them. Private to api/.
 */
#ifndef DH_API_FACETS_H
#define DH_API_FACETS_H

#include "api/call.h"

/* The facets of one request: what to ask of the store, and the rows of the table behind it. */
struct dh_facets {
    struct dh_facet_request *requests;
    const struct dh_facet_row **rows;
    size_t count;
};

/* What a disable-facets that is not blank means. */
bool dh_facets_disabled(struct dh_str value);
/* Reads disable-facets, facets and client-type; the deployment's default is in the API's options.
 */
enum dh_status dh_facets_choose(struct dh_call *call, struct dh_facets *out);
/* Members of an open meta object, one per facet; none when there are no hits. */
void dh_facets_write(struct dh_call *call, const struct dh_facets *facets,
                     const struct dh_page *page, const struct dh_directory *directory);

/* ---- between facets.c and facet_labels.c ---------------------------------------------------- */

struct dh_facet_view {
    struct dh_call *call;
    const struct dh_directory *directory;
};
/* Fills id, title and count of a bucket; false drops it. */
typedef bool dh_facet_label(const struct dh_facet_view *view, const struct dh_bucket *bucket,
                            struct dh_shown_bucket *out);
dh_facet_label dh_label_same, dh_label_words, dh_label_resource_type, dh_label_provider,
    dh_label_client, dh_label_client_type, dh_label_split, dh_label_licence, dh_label_schema,
    dh_label_science, dh_label_language, dh_label_agency;
/* From a sample hit: names of people and funders (facet_names.c). */
dh_facet_label dh_label_creator, dh_label_person, dh_label_funder;
/* The account of a symbol, or NULL. */
const struct dh_account *dh_directory_client(const struct dh_directory *directory,
                                             struct dh_str symbol);
const struct dh_account *dh_directory_provider(const struct dh_directory *directory,
                                               struct dh_str symbol);

#endif
