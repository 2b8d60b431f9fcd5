/* BibTeX, between its files: what stands in a text, and what the row of the format needs. Private
 * to format/. */
#ifndef DH_FORMAT_BIBTEX_H
#define DH_FORMAT_BIBTEX_H

#include "format/format.h"

struct dh_bibtex_field {
    struct dh_str name;  /* in lower case */
    struct dh_str value; /* without its delimiters, macros put in; as it was written else */
    struct dh_bibtex_field *next;
};

struct dh_bibtex_entry {
    struct dh_str type; /* in lower case */
    struct dh_str key;
    struct dh_bibtex_field *fields;
    size_t line;
};

struct dh_bibtex_macro {
    struct dh_str name, value;
    struct dh_bibtex_macro *next;
};

enum { DH_BIBTEX_MACRO_SLOTS = 256 };

/* A text being read, entry by entry. */
struct dh_bibtex {
    struct dh_str text;
    size_t pos;
    size_t line, line_pos; /* the line that begins at or before line_pos */
    size_t expanded;       /* bytes that macros have given so far */
    struct dh_bibtex_macro *macros[DH_BIBTEX_MACRO_SLOTS];
    struct dh_arena *arena;
    struct dh_err *err;
};

void dh_bibtex_init(struct dh_bibtex *in, struct dh_str text, struct dh_arena *arena,
                    struct dh_err *err);
/* The next entry; entry->type.ptr is NULL at the end. DH_INVALID with line and reason. */
enum dh_status dh_bibtex_next(struct dh_bibtex *in, struct dh_bibtex_entry *entry);

/* A name of an author list as BibTeX takes it apart. */
struct dh_bibtex_name {
    struct dh_str family, given; /* with the particles, and with Jr behind the family */
    struct dh_str literal;       /* of one in braces, an organisation; then the others are NONE */
};
/* Takes the next name off *list; false at its end. "others" is left out. */
bool dh_bibtex_name_next(struct dh_str *list, struct dh_bibtex_name *name, struct dh_arena *arena);

dh_format_reader dh_bibtex_read;
dh_format_fits dh_bibtex_fits;

#endif
