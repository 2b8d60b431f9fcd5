/*
 * Formatted citations: a style is a set of tables. Rows of types choose a list of blocks; the
 * blocks are walked from left to right and put what the record has into the text. No code
 * knows a style by name: they stand in citation_*.def, as languages do. Private to
 * format/citation*.
 */
#ifndef DH_FORMAT_CITATION_H
#define DH_FORMAT_CITATION_H

#include "format/citation_out.h"

/* ---- one citation ------------------------------------------------------------------------------ */

struct dh_cite_name {
    struct dh_str family, given, literal;
};
struct dh_cite_people {
    struct dh_cite_name *list;
    size_t count;
};

struct dh_cite {
    const struct dh_cite_style *style;
    const struct dh_cite_locale *locale;
    struct dh_arena *arena;
    struct dh_cite_out out;
    struct dh_cite_people people[DH_CITE_LAST_NAMES + 1];
    struct dh_str texts[DH_CITE_LAST_ADDRESS + 1];
    struct dh_str type;
    int64_t year, month, day; /* 0: unknown */
    bool english;             /* as far as the record says */
};

/* Appends the citation of a CSL JSON object. DH_MEMORY. */
enum dh_status dh_cite_write(struct json_object *csl, const struct dh_format_options *options,
                             struct dh_buf *out, struct dh_arena *arena, struct dh_err *err);
bool dh_cite_has(const struct dh_cite *cite, unsigned element);
/* True when the record's type is in a list separated by spaces. */
bool dh_cite_is_type(const struct dh_cite *cite, const char *types);
void dh_cite_blocks(struct dh_cite *cite, const struct dh_cite_block *blocks);
/* The locale of a name or bare language; NULL when there is none. */
const struct dh_cite_locale *dh_cite_locale_find(struct dh_str name);
/* A word; the plural stands behind its singular in the enum. */
const char *dh_cite_word(const struct dh_cite_locale *locale, enum dh_cite_word word);

/* citation_names.c */
void dh_cite_names(struct dh_cite *cite, const struct dh_cite_names *form,
                   const struct dh_cite_people *people);
/* citation_terms.c: the date in the form of an element; ptr NULL without a date. */
struct dh_str dh_cite_date(const struct dh_cite *cite, unsigned element);

#endif
