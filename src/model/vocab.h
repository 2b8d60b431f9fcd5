/*
 * Controlled vocabularies (vocab.def): the lists of DataCite Metadata Schema 4.7, the mappings of
 * resource types to other schemas, SPDX licences, languages, registration agencies.
 */
#ifndef DH_MODEL_VOCAB_H
#define DH_MODEL_VOCAB_H

#include <json-c/json.h>

#include "base/arena.h"

enum dh_doi_state {
    DH_STATE_DRAFT,
    DH_STATE_REGISTERED,
    DH_STATE_FINDABLE,
    DH_STATE_FLAGGED,
    DH_STATE_BROKEN,
    DH_STATE_TOMBSTONED,
    DH_STATE__N
};
/* "findable"; and back (DH_STATE__N when unknown). */
const char *dh_state_name(enum dh_doi_state state);
enum dh_doi_state dh_state_find(struct dh_str name);

enum dh_vocab {
    DH_VOCAB_RESOURCE_TYPE, /* resourceTypeGeneral, the 34 in XSD order */
    DH_VOCAB_CONTRIBUTOR_TYPE,
    DH_VOCAB_DATE_TYPE,
    DH_VOCAB_RELATED_IDENTIFIER_TYPE,
    DH_VOCAB_RELATION_TYPE,
    DH_VOCAB_DESCRIPTION_TYPE,
    DH_VOCAB_TITLE_TYPE,
    DH_VOCAB_NAME_TYPE,
    DH_VOCAB_FUNDER_IDENTIFIER_TYPE,
    DH_VOCAB_NUMBER_TYPE,
    DH_VOCAB__N
};
size_t dh_vocab_count(enum dh_vocab vocab);
/* The i-th value; a constant. */
const char *dh_vocab_value(enum dh_vocab vocab, size_t i);
/* Position of a value (exact), or dh_vocab_count(). */
size_t dh_vocab_find(enum dh_vocab vocab, struct dh_str value);

/* What a relation counts as, of subject and object: spec rest-api-write 13. */
enum dh_edge {
    DH_EDGE_NONE,      /* no count */
    DH_EDGE_REFERENCE, /* subject references, object is cited */
    DH_EDGE_PART,      /* subject has part object */
    DH_EDGE_VERSION,   /* subject has version object */
    DH_EDGE__N
};
/* The position of a relationType in any usual form: IsCitedBy, is-cited-by, is_cited_by; or
 * dh_vocab_count(). */
size_t dh_relation_find(struct dh_str text);
/* For a relationType ("IsCitedBy", a vocabulary position): the edge, and whether object and subject
 * swap. */
enum dh_edge dh_relation_edge(size_t relation_type, bool *inverse);

/* Adds the missing ones of schemaOrg, citeproc, bibtex, ris to a `types` object and drops nulls. */
void dh_types_complete(struct json_object *types);
/* "dataset", "book-chapter": id of the type; empty outside the vocabulary. spec: resource_type_id.
 */
struct dh_str dh_resource_type_id(struct json_object *types);
/* Position in DH_VOCAB_RESOURCE_TYPE of an id as in the URL, or dh_vocab_count(). */
size_t dh_resource_type_find(struct dh_str id);
/* "book-chapter" and "Book Chapter" (words) of the i-th type; constants. */
const char *dh_resource_type_dashed(size_t i);
const char *dh_resource_type_words(size_t i);
/* Its schema.org type, "ScholarlyArticle"; "" beyond the vocabulary. */
const char *dh_resource_type_schema_org(size_t i);

struct dh_licence {
    const char *id;   /* "CC-BY-4.0" */
    const char *name; /* "Creative Commons Attribution 4.0 International" */
    const char *url;  /* first seeAlso */
};
/* By id, any case; NULL when SPDX has none. */
const struct dh_licence *dh_licence_find(struct dh_str id);
/* What a licence is told by; parts that are not known are empty. */
struct dh_licence_signs {
    struct dh_str id; /* exact with `exact`, else any case */
    struct dh_str name;
    struct dh_str url, other_url;
    bool exact;
};
/* The first in the order of the list that shows one of the signs; NULL when none does. */
const struct dh_licence *dh_licence_match(const struct dh_licence_signs *signs);

/* English name of an ISO 639-1 or 639-2 code in lower case, or NULL. A constant. */
const char *dh_language_name(struct dh_str code);
/* The registration agencies other than DataCite, lower case. */
bool dh_agency_other(struct dh_str agency);

#endif
