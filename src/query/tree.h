/*
 * The tree of a query: what is to be found, with names resolved and values brought into the form
 * that is indexed. Leaves name one field each; BOOL and BEST join nodes. All of it lies in the
 * arena that dh_query_parse was given and is never changed afterwards: any number of threads may
 * read it.
 */
#ifndef DH_QUERY_TREE_H
#define DH_QUERY_TREE_H

#include "base/base.h"
#include "model/fields.h"

/* A name of the language with all the sources that feed it. */
struct dh_field {
    struct dh_str name; /* as in fields.def, or as given when unknown */
    enum dh_index type; /* of all its sources */
    enum dh_home home;  /* of all its sources */
    enum dh_source sources[4];
    size_t source_count;
};

enum dh_node_kind {
    DH_NODE_ALL,    /* every document */
    DH_NODE_NONE,   /* no document: an unknown field */
    DH_NODE_BOOL,   /* `nodes` by their `occur` */
    DH_NODE_BEST,   /* any of `nodes`; scores as the best of them: one text in several fields */
    DH_NODE_TERM,   /* `value` is one of the field's indexed terms (a word, or a whole value) */
    DH_NODE_PHRASE, /* `words` at `places` relative to each other, within `slop`; TEXT only */
    DH_NODE_PREFIX, /* terms that begin with `value` */
    DH_NODE_GLOB,   /* terms that match `value`: * and ? and \ before a literal character */
    DH_NODE_FUZZY,  /* terms within `slop` edits of `value` */
    DH_NODE_REGEX,  /* terms that match the expression `value` as a whole */
    DH_NODE_RANGE,  /* values in `range` */
    DH_NODE_EXISTS  /* documents with any value in the field */
};

/*
 * How a node counts in its BOOL. As Lucene has it: all MUST; none of MUST_NOT; of SHOULD at least
 * one when there is no MUST. A BOOL of MUST_NOT alone is everything else.
 */
enum dh_occur { DH_OCCUR_MUST, DH_OCCUR_SHOULD, DH_OCCUR_MUST_NOT };

/*
 * Bounds of a RANGE by the field's type. DATE: milliseconds, both inclusive, already rounded and
 * moved in by one where the bound was exclusive (a publication year is a DATE too). INTEGER,
 * BOOLEAN (0, 1): likewise. FLOAT: `from` and `to` with the two flags. All others: `low` and `high`
 * as terms with the two flags; ptr NULL is open. Open sides of numbers are INT64_MIN + 1 (so that
 * DH_TIME_NONE is never in), INT64_MAX and the infinities; least > most is an empty range.
 */
struct dh_range {
    int64_t least, most;
    double from, to;
    struct dh_str low, high;
    bool low_inclusive, high_inclusive;
};

struct dh_node {
    enum dh_node_kind kind;
    enum dh_occur occur;
    double boost;
    struct dh_str text;     /* the part of the query that it came from, for people */
    struct dh_node **nodes; /* BOOL, BEST */
    size_t node_count;
    const struct dh_field *field; /* leaves; also NONE when it is an unknown field */
    struct dh_str value;          /* in indexed form: lower case where the field's type says so */
    struct dh_str *words;         /* PHRASE */
    uint32_t *places;             /* ascending from 0, as the words stood in the phrase */
    size_t word_count;
    unsigned slop; /* PHRASE: see dh_node_kind; FUZZY: edits, 0 to 2 */
    struct dh_range range;
};

/*
 * Writes a tree in one line, canonically: +must -not should, (...) groups, best(...), field:value,
 * field:"a b"~1, field:[a TO b], ^boost when not 1. Two queries of one meaning print alike.
 */
void dh_node_print(const struct dh_node *node, struct dh_buf *out);

#endif
