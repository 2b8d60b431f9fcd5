/*
 * Parsing: Lucene's query_string as DataCite uses it (default operator AND, phrase slop 1, best
 * field wins, leading wildcards allowed, upper-case operators, `&&` `||` `!`, groups, ranges,
 * `_exists_:`, `field:*`, `field.\*:`), after DataCite's rewriting of names and slashes. The
 * boolean quirks are Lucene's: `a OR b AND c` makes b and c required and a optional.
 */
#ifndef DH_QUERY_PARSE_H
#define DH_QUERY_PARSE_H

#include "query/tree.h"

/* Whose fields a query can name, which of them a bare term searches, and what is rewritten. */
enum dh_query_domain {
    DH_QUERY_DOIS,
    DH_QUERY_PROVIDERS,
    DH_QUERY_CLIENTS,
    DH_QUERY_ACTIVITIES,
    DH_QUERY_EVENTS
};

/* Something that is no error but surely not meant: an unknown field. */
struct dh_query_warning {
    size_t at;          /* byte of the query as given */
    struct dh_str text; /* one sentence: `no field is called "title"; titles.title is` */
};

struct dh_query {
    struct dh_str given;     /* as given */
    struct dh_str rewritten; /* as parsed, which upstream's error names */
    struct dh_node *root;
    struct dh_query_warning *warnings;
    size_t warning_count;
    bool scored; /* false when every score would be equal: no TERM or PHRASE in it */
};

/*
 * Parses `text` into *out, everything in `arena`; blank text is ALL. DH_INVALID: a syntax error, a
 * bad number or date, a field whose use is refused; err->text is upstream's reason ("Failed to
 * parse query [...]", cut to fit), err->field empty, err->pos the byte of `text` where it went
 * wrong. `why` (may be NULL) gets a sentence for people. DH_LIMIT as DH_INVALID: longer than
 * DH_QUERY_MAX, nested deeper than DH_QUERY_DEPTH_MAX, more than DH_QUERY_CLAUSES_MAX clauses.
 */
enum dh_status dh_query_parse(enum dh_query_domain domain, struct dh_str text, struct dh_query *out,
                              struct dh_str *why, struct dh_arena *arena, struct dh_err *err);

/* The field of a name in a domain (index names; no rewriting), in the arena; NULL when unknown. */
const struct dh_field *dh_field_find(enum dh_query_domain domain, struct dh_str name,
                                     struct dh_arena *arena);

#endif
