/*
 * Formatted citations: a style is a set of tables. Rows of types choose a list of blocks; the
 * blocks are walked from left to right and put what the record has into the text. Nothing here
 * knows a style or a language by name: those stand in citation_*.def. Private to format/citation*.
 */
#ifndef DH_FORMAT_CITATION_H
#define DH_FORMAT_CITATION_H

#include "format/format.h"

/* ---- what a citation is made of --------------------------------------------------------------- */

enum dh_cite_element {
    DH_CITE_NONE,
    /* names */
    DH_CITE_AUTHORS,
    DH_CITE_EDITORS,
    DH_CITE_TRANSLATORS,
    DH_CITE_EDITORS_FIRST, /* editors in the authors' place and form */
    DH_CITE_LAST_NAMES = DH_CITE_EDITORS_FIRST,
    /* texts */
    DH_CITE_TITLE,
    DH_CITE_CONTAINER,
    DH_CITE_PUBLISHER,
    DH_CITE_VOLUME,
    DH_CITE_ISSUE,
    DH_CITE_NUMBER,
    DH_CITE_CHAPTER,
    DH_CITE_EDITION,
    DH_CITE_VERSION,
    DH_CITE_PAGE,
    DH_CITE_DESCRIPTION, /* what kind of thing it is, in the language of the citation */
    DH_CITE_LAST_TEXT = DH_CITE_DESCRIPTION,
    /* addresses, never escaped */
    DH_CITE_DOI,
    DH_CITE_URL,
    DH_CITE_LINK,    /* the DOI as URL, else the URL */
    DH_CITE_LANDING, /* the URL, else the DOI as URL */
    DH_CITE_LAST_ADDRESS = DH_CITE_LANDING,
    /* dates; citation_terms.c has the forms */
    DH_CITE_YEAR,
    DH_CITE_MONTH_DAY,
    DH_CITE_DATE,             /* as the locale writes it */
    DH_CITE_DATE_SHORT,       /* the same with short months */
    DH_CITE_DATE_AMERICAN,    /* month day, year */
    DH_CITE_DATE_MLA,         /* day month year, months as MLA shortens them */
    DH_CITE_DATE_YEAR_FIRST,  /* year month day, months without points */
    DH_CITE_MONTH_YEAR_SHORT, /* month year */
    DH_CITE_MONTH_YEAR_MLA,
    DH_CITE_ELEMENTS
};

enum dh_cite_word {
    DH_WORD_AND,
    DH_WORD_ET_AL,
    DH_WORD_IN,
    DH_WORD_ON,
    DH_WORD_EDITOR,  /* short: "ed." */
    DH_WORD_EDITORS, /* plurals follow their singular */
    DH_WORD_EDITOR_LONG,
    DH_WORD_EDITORS_LONG,
    DH_WORD_EDITED_BY,
    DH_WORD_TRANSLATOR,
    DH_WORD_TRANSLATORS,
    DH_WORD_TRANSLATED_BY,
    DH_WORD_VERSION,
    DH_WORD_VERSIONS,
    DH_WORD_EDITION,         /* short: "ed." */
    DH_WORD_EDITION_HARVARD, /* as Harvard has it: "edn" */
    DH_WORD_VOL,
    DH_WORD_VOLS,
    DH_WORD_ISSUE, /* long */
    DH_WORD_ISSUES,
    DH_WORD_NO, /* short, of issues and numbers */
    DH_WORD_NOS,
    DH_WORD_PAGE, /* short: "p." */
    DH_WORD_PAGES,
    DH_WORD_CHAPTER, /* short */
    DH_WORD_ARTICLE, /* before an article's number */
    DH_WORD_AVAILABLE_AT,
    DH_WORD_INTERNET,
    DH_WORD_DATASET,
    DH_WORD_GRAPHIC,
    DH_WORD_SOFTWARE,
    DH_WORD_SONG,
    DH_WORD_MOTION_PICTURE,
    DH_WORD_BROADCAST,
    DH_WORD_MAP,
    DH_WORD_AD, /* behind a year, with the space before */
    DH_WORD_BC,
    DH_WORDS
};

struct dh_cite_locale {
    const char *name;                     /* "de-DE" */
    bool main;                            /* what a bare language means */
    bool points_inside;                   /* . and , go into quotation marks */
    const char *open, *close;             /* quotation marks */
    const char *inner_open, *inner_close; /* within others */
    const char *date;                     /* %D %M %Y: day, month, year */
    const char *first_day;                /* for "1", or NULL */
    const char *ordinal;                  /* behind a number; NULL: as in English */
    const char *words[DH_WORDS];          /* NULL: the English one */
    const char *months[12];
    const char *short_months[12]; /* [0] NULL: the long ones */
};

/* ---- tables of a style ------------------------------------------------------------------------ */

enum {
    DH_LOOK_ITALIC = 1,
    DH_LOOK_BOLD = 2,
    DH_LOOK_QUOTES = 4,
    DH_LOOK_TITLE = 8,       /* English title case */
    DH_LOOK_HEADLINE = 16,   /* the same, unless the record is in another language */
    DH_LOOK_CAPITAL = 32,    /* first letter */
    DH_LOOK_ORDINAL = 64,    /* "2" as "2nd" */
    DH_LOOK_NO_POINTS = 128, /* "Vol." as "Vol" */
    DH_LOOK_SENTENCE = 256   /* of a word: with a capital unless a comma stands before it */
};

enum dh_cite_kind {
    DH_BLOCK_END,
    DH_BLOCK_ITEM,  /* an element, when the record has it */
    DH_BLOCK_TERM,  /* a word of the locale, with a neighbour that has text only */
    DH_BLOCK_TEXT,  /* a text of the style, likewise */
    DH_BLOCK_OPEN,  /* a group, its parts joined by `text`; nothing when none of them has text */
    DH_BLOCK_CLOSE, /* its end */
    DH_BLOCK_IF,    /* the element is there */
    DH_BLOCK_IF_NUMBER, /* the element is a number in CSL's sense */
    DH_BLOCK_IF_TYPE,   /* the record's type is one of `text` */
    DH_BLOCK_ELSE,
    DH_BLOCK_FI,
    DH_BLOCK_PART /* blocks that stand elsewhere */
};

struct dh_cite_block {
    enum dh_cite_kind kind;
    unsigned what;  /* element or word */
    unsigned about; /* TERM: element whose count makes it plural, or none */
    unsigned look;
    const char *text;
    const char *before, *after; /* around what is printed */
    const struct dh_cite_block *part;
};

enum dh_cite_order { DH_ORDER_GIVEN_FIRST, DH_ORDER_FIRST_INVERTED, DH_ORDER_INVERTED };
enum dh_cite_and { DH_AND_NONE, DH_AND_WORD, DH_AND_SYMBOL };
enum dh_cite_last { DH_LAST_CONTEXTUAL, DH_LAST_ALWAYS, DH_LAST_NEVER };

struct dh_cite_names {
    enum dh_cite_order order;
    const char *initials;  /* what follows an initial; NULL: given names in full */
    bool no_hyphens;       /* J.-L. as JL */
    const char *separator; /* of family and given name when inverted; NULL: ", " */
    const char *delimiter; /* of names; NULL: ", " */
    enum dh_cite_and joint;
    enum dh_cite_last last; /* whether the delimiter stands before the joint, too */
    unsigned et_al_min;     /* from so many names on; 0: never */
    unsigned et_al_first;   /* so many are given */
    bool et_al_last;        /* then ... and the last */
    bool et_al_italic;
    bool et_al_delimited; /* the delimiter before et al. even behind one name */
};

enum dh_cite_pages {
    DH_PAGES_AS_GIVEN,
    DH_PAGES_EXPANDED,
    DH_PAGES_MINIMAL,
    DH_PAGES_MINIMAL_TWO,
    DH_PAGES_CHICAGO
};

struct dh_cite_row {
    const char *types; /* CSL types, separated by spaces; NULL: all others */
    const struct dh_cite_block *blocks;
};

struct dh_cite_style {
    const char *name;
    const struct dh_cite_row *rows;
    struct dh_cite_names authors, editors;
    enum dh_cite_pages pages;
    const char *dash; /* between pages; NULL: an en dash */
};

extern const struct dh_cite_style dh_cite_style_table[];
extern const struct dh_cite_locale dh_cite_locale_table[];

/* The locale of a name or bare language; NULL when there is none. */
const struct dh_cite_locale *dh_cite_locale_find(struct dh_str name);
/* A word; the plural stands behind its singular in the enum. */
const char *dh_cite_word(const struct dh_cite_locale *locale, enum dh_cite_word word);

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
/* citation_names.c */
void dh_cite_names(struct dh_cite *cite, const struct dh_cite_names *form,
                   const struct dh_cite_people *people);
/* citation_terms.c: the date in the form of an element; ptr NULL without a date. */
struct dh_str dh_cite_date(const struct dh_cite *cite, unsigned element);

#endif
