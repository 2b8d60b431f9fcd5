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
    struct dh_str type; /* in lower case; ptr NULL: no entry */
    struct dh_str key;
    struct dh_bibtex_field *fields;
};

/* A text being read, entry by entry. */
struct dh_bibtex {
    struct dh_str text;
    size_t pos;
    size_t expanded;            /* bytes that macros have given so far */
    struct json_object *macros; /* text by name in lower case */
    struct dh_arena *arena;
    struct dh_err *err;
};

/* DH_MEMORY. To be released also then. */
enum dh_status dh_bibtex_init(struct dh_bibtex *in, struct dh_str text, struct dh_arena *arena,
                              struct dh_err *err);
void dh_bibtex_release(struct dh_bibtex *in);
/* The next entry; its type.ptr is NULL at the end of the text. DH_INVALID with line and reason,
 * DH_LIMIT, DH_MEMORY. */
enum dh_status dh_bibtex_next(struct dh_bibtex *in, struct dh_bibtex_entry *entry);
/* The value of a field, the first of its name; DH_STR_NONE when there is none. */
struct dh_str dh_bibtex_get(const struct dh_bibtex_entry *entry, struct dh_str name);

/* A name of an author list as BibTeX takes it apart. */
struct dh_bibtex_name {
    struct dh_str family, given; /* with the particles, and with Jr behind the family */
    struct dh_str literal;       /* of one in braces, an organisation; then the others are NONE */
};
/* Takes the next name off *list; false at its end. "others" is left out. Out of memory a part of
 * the name has ptr NULL. */
bool dh_bibtex_name_next(struct dh_str *list, struct dh_bibtex_name *name, struct dh_arena *arena);

/* A value's text: one space for each run of them and of "~", and no braces around all of it. The
 * arena's; ptr NULL only out of memory. */
struct dh_str dh_bibtex_plain(struct dh_arena *arena, struct dh_str value);
/* As dh_str_split, but for separators within braces. */
bool dh_bibtex_split(struct dh_str *rest, char separator, struct dh_str *part);

dh_format_reader dh_bibtex_read;
dh_format_fits dh_bibtex_fits;

#endif
