/* The tables behind citations: languages, and styles as lists of blocks. Private to
 * format/citation*. */
#ifndef DH_FORMAT_CITATION_TABLES_H
#define DH_FORMAT_CITATION_TABLES_H

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

#endif
