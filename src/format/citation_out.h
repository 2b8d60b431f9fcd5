/* The text of a citation while it is made, and what is done to the texts that go into it. Private
 * to format/citation*. */
#ifndef DH_FORMAT_CITATION_OUT_H
#define DH_FORMAT_CITATION_OUT_H

#include "format/citation_tables.h"

/* ---- the text being made (citation_out.c) ------------------------------------------------------ */

enum { DH_CITE_PENDING_MAX = 32 };

struct dh_cite_out {
    struct dh_buf *buf;
    const struct dh_cite_locale *locale;
    bool plain;
    size_t start;       /* where the citation begins */
    size_t visible;     /* behind the last character that is not a closing tag */
    size_t quote;       /* where a closing quotation mark begins that ends the visible text; or 0 */
    size_t inner_quote; /* likewise of an inner mark that stands before it; or 0 */
    size_t quoted;      /* what `visible` was before the closing mark */
    size_t entity;      /* behind the last entity: its semicolon is no punctuation */
    size_t contents;    /* elements printed so far */
    /* Waits until an element is printed: delimiters, words, opening tags. */
    struct dh_cite_pending {
        struct dh_str text;
        bool tag;
    } pending[DH_CITE_PENDING_MAX];
    size_t pending_count;
};

void dh_out_wait(struct dh_cite_out *out, struct dh_str text, bool tag);
/* Prints what waits. */
void dh_out_flush(struct dh_cite_out *out);
/* A text of style or locale: its punctuation is not repeated, and goes into quotation marks where
 * the locale has it so. */
void dh_out_text(struct dh_cite_out *out, struct dh_str text);
/* A text of the record: escaped, with its inline tags in HTML and without them in plain text. */
void dh_out_value(struct dh_cite_out *out, struct dh_str value);
/* The same between quotation marks; marks within become inner ones. */
void dh_out_quoted(struct dh_cite_out *out, struct dh_str value);
/* An address, as it is. */
void dh_out_address(struct dh_cite_out *out, struct dh_str address);
/* Opens the fonts of `look` when an element comes; closes them, in reverse order. */
void dh_out_open_fonts(struct dh_cite_out *out, unsigned look);
void dh_out_close_fonts(struct dh_cite_out *out, unsigned look);

/* ---- texts (citation_text.c) ------------------------------------------------------------------- */

/* What a buffer holds, in the arena, and frees it; `otherwise` when there is no memory. */
struct dh_str dh_cite_keep(struct dh_arena *arena, struct dh_buf *buf, struct dh_str otherwise);
/* White space with line breaks in it is one space; trimmed. */
struct dh_str dh_cite_clean(struct dh_arena *arena, struct dh_str text);
/* Case, ordinals and points as `look` wants. */
struct dh_str dh_cite_dress(struct dh_arena *arena, struct dh_str text, unsigned look,
                            const struct dh_cite_locale *locale);
struct dh_str dh_cite_pages(struct dh_arena *arena, struct dh_str pages, enum dh_cite_pages form,
                            const char *dash);
/* Numbers in CSL's sense: "12", "v2.1", "7-8"; "Final" is none. */
bool dh_cite_is_number(struct dh_str text);
/* More than one of them. */
bool dh_cite_is_plural_number(struct dh_str text);
bool dh_cite_is_plural_page(struct dh_str pages);

#endif
