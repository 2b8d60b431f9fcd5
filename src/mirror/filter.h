/*
 * Filter: which records of an import are taken, told by each record alone before it is made ready
 * for the store. All that is asked must hold; of a list one value.
 */
#ifndef DH_MIRROR_FILTER_H
#define DH_MIRROR_FILTER_H

#include "query/query.h"

/* Lists are separated by commas. NULL: anything goes. */
struct dh_wanted {
    const char *client_id, *provider_id;
    const char *prefix;
    const char *type;   /* "dataset", "JournalArticle" */
    const char *match;  /* a query of the API's language */
    const char *citing; /* DOIs and prefixes: a relation to one of them is stated, of any type */
};

/* Never changed once it is made: any number of threads may try records by it. */
struct dh_record_filter;

/*
 * DH_INVALID with the option's name in err->field: no such type, what is no DOI and no prefix, a
 * query that cannot be parsed or that asks what no record tells by itself (accounts, relations of
 * others); err->pos is the byte of the query. *out is NULL when nothing is asked.
 */
enum dh_status dh_record_filter_make(const struct dh_wanted *wanted, struct dh_record_filter **out,
                                     struct dh_err *err);
/* NULL is allowed. */
void dh_record_filter_free(struct dh_record_filter *filter);
/* What is asked, as parameters of a query string: the same for the same filter; "" for NULL. */
const char *dh_record_filter_text(const struct dh_record_filter *filter);
/* What in the query was surely not meant: unknown fields. */
const struct dh_query_warning *dh_record_filter_warnings(const struct dh_record_filter *filter,
                                                         size_t *count);

/* One thread's means of trying. NULL out of memory. */
struct dh_trial;
struct dh_trial *dh_trial_new(const struct dh_record_filter *filter);
/* NULL is allowed. */
void dh_trial_free(struct dh_trial *trial);
/*
 * A query sees the record as it will be stored, so the record may be completed for a while; what
 * came is what is left of it. DH_MEMORY.
 */
enum dh_status dh_trial_try(struct dh_trial *trial, struct dh_record *record, bool *passes,
                            struct dh_err *err);

#endif
