/*
 * The `dois` resource as JSON:API shows it, spliced from stored wire text: which attributes and
 * relationships a request wants, and writing one record. Private to the files of that resource.
 */
#ifndef DH_API_DOIS_H
#define DH_API_DOIS_H

#include "api/accounts.h"

enum { DH_DOI_RELATIONS_MAX = 9 };

struct dh_doi_relation;

/* What a request wants of each record. Made once, then the same for all records of an answer. */
struct dh_doi_view {
    enum dh_attribute attributes[DH_ATTR__N];
    size_t attribute_count;
    const struct dh_doi_relation *relations[DH_DOI_RELATIONS_MAX];
    size_t relation_count;
    enum dh_form affiliation, publisher;
    bool single;       /* times in milliseconds, `published` */
    bool need_related; /* dh_doi_write wants the record's relations */
};

/*
 * Reads detail, composite, affiliation, publisher, fields[dois] and
 * include-other-registration-agencies. In single records detail is always on, composite never.
 */
void dh_doi_view_read(const struct dh_call *call, bool single, struct dh_doi_view *out);
/* Appends one resource object. `related` may be NULL unless view->need_related. */
void dh_doi_write(struct dh_buf *out, const struct dh_doi_view *view, const struct dh_hit *hit,
                  const struct dh_relations *related);
/* Makes room for what the hits will take, so that a long answer is not moved while it grows. */
void dh_dois_reserve(struct dh_buf *out, const struct dh_doi_view *view, const struct dh_hit *hits,
                     size_t count);
/* dh_doi_write with relations from the hit, or read from the store. A failure is in call->err. */
enum dh_status dh_doi_put(struct dh_call *call, const struct dh_doi_view *view,
                          const struct dh_hit *hit);

/* `,"included":[...]`: the clients of the hits, each once; nothing when include names none of them.
 */
void dh_dois_put_included(struct dh_accounts *accounts, const struct dh_hit *hits, size_t count);

/*
 * The record of call->arg[0], when the caller may see it: findable, or any state for the owner.
 * Returns false after having answered (404).
 */
bool dh_doi_find(struct dh_call *call, struct dh_hit *out);

#endif
