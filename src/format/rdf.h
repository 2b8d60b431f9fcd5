/*
 * rdf: the schema.org form of a record as triples, for Turtle and RDF/XML. A graph is a sorted set:
 * a statement made twice is there once, and what is said of one IRI in several places stands
 * together. Private to format/.
 */
#ifndef DH_FORMAT_RDF_H
#define DH_FORMAT_RDF_H

#include "format/format.h"

#define DH_RDF_SCHEMA "http://schema.org/"
#define DH_RDF_XSD    "http://www.w3.org/2001/XMLSchema#"

enum dh_rdf_kind {
    DH_RDF_IRI,
    DH_RDF_BLANK,
    DH_RDF_TEXT,
    DH_RDF_DATE, /* schema:Date */
    DH_RDF_INTEGER,
    DH_RDF_DOUBLE,
    DH_RDF_BOOLEAN
};

/* An IRI is one that can be written as it is; a literal has no character that XML cannot hold. */
struct dh_rdf_term {
    enum dh_rdf_kind kind;
    struct dh_str text; /* of a blank node: its label, the same wherever it is used */
    size_t node;        /* of a blank node: its number, from 0 */
};

struct dh_rdf_triple {
    struct dh_rdf_term subject; /* IRI or blank */
    struct dh_str predicate;    /* name in schema.org's vocabulary; empty: rdf:type */
    struct dh_rdf_term object;  /* of rdf:type: text is the class's name in that vocabulary */
    size_t place;               /* order of appearance */
};

/* All that is said of one subject: IRIs in their order, then blank nodes. */
struct dh_rdf_subject {
    struct dh_rdf_term term;
    const struct dh_rdf_triple *triples; /* types, then predicates in their order */
    size_t count;
    size_t uses; /* triples that have it as object */
};

struct dh_rdf {
    struct dh_rdf_subject *subjects;
    size_t count;
    struct json_object *tree; /* texts are borrowed from it */
};

/* Other memory than the tree is the arena's. DH_MEMORY. Release it in any case. */
enum dh_status dh_rdf_of(struct json_object *metadata, struct dh_rdf *graph, struct dh_arena *arena,
                         struct dh_err *err);
/* What is said of a term; NULL when it is a literal or nothing is. */
struct dh_rdf_subject *dh_rdf_find(const struct dh_rdf *graph, const struct dh_rdf_term *term);
void dh_rdf_release(struct dh_rdf *graph);

/* ---- terms (rdf_terms.c) --------------------------------------------------------------------- */

/* Results are the argument or the arena's; ptr NULL when the text is none. */

/* An absolute IRI that can be written: in http, https and ftp URLs what does not belong there is
 * percent-encoded, others must be right. */
struct dh_str dh_rdf_iri(struct dh_arena *arena, struct dh_str text);
/* A literal without characters that XML cannot hold: both forms shall say the same. */
struct dh_str dh_rdf_text(struct dh_arena *arena, struct dh_str text);
/* A JSON number as JSON-LD makes a literal of it. */
struct dh_rdf_term dh_rdf_number(struct dh_arena *arena, struct dh_str text);
/* True for what can be a name in the vocabulary: letters, digits and "_". */
bool dh_rdf_name(const char *key);

#endif
