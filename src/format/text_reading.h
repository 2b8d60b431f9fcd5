/* What the readers of BibTeX, RIS and Crossref XML share: values that are several things in one
 * text. Private to format/. */
#ifndef DH_FORMAT_TEXT_READING_H
#define DH_FORMAT_TEXT_READING_H

#include "format/reading.h"

/* What a text has given so far: a small text must not become trees without end. */
struct dh_counts {
    size_t records, items;
};
/* Counts one element of a list; false when there are too many, and it must not be made. */
bool dh_counts_item(struct dh_counts *counts);
/* Counts a record that was read; DH_LIMIT when it or its items are too many. */
enum dh_status dh_counts_record(struct dh_counts *counts, struct dh_err *err);

/* A copy with one space for each run of ASCII white space, trimmed; DH_STR_NONE of a blank text. */
struct dh_str dh_text_squish(struct dh_arena *arena, struct dh_str text);
/* Of "10-20", "10--20" or with an en dash; last is DH_STR_NONE when there is only one. */
void dh_pages_split(struct dh_str pages, struct dh_str *first, struct dh_str *last);
/* The year that a date or year begins with; DH_STR_NONE when there is none. Borrowed. */
struct dh_str dh_year_of(struct dh_str text);
/* The first ISSN in a list of some; ptr NULL when there is none. The arena's. */
struct dh_str dh_issn_of(struct dh_arena *arena, struct dh_str text);
/* The first ISBN: 10 or 13 digits, without its dashes; likewise. */
struct dh_str dh_isbn_of(struct dh_arena *arena, struct dh_str text);

/* Appends an object with one or two texts (a NULL key: only one) to object[list], which is made
 * when it is not there. */
void dh_append(struct json_object *object, const char *list, const char *key, struct dh_str text,
               const char *other_key, const char *other);
/* Appends a relatedIdentifier; nothing when its ptr is NULL. `general` is what it is, or NULL. */
void dh_append_related(struct json_object *metadata, struct dh_str identifier, const char *type,
                       struct dh_str relation, const char *general);
/* The same of what the work is part of. */
void dh_append_part_of(struct json_object *metadata, struct dh_str identifier, const char *type,
                       const char *general);

/* The part of a text that is a DOI in any form: "doi: 10.x/y", a DOI URL; ptr NULL when there is
 * none. Borrowed. */
struct dh_str dh_doi_in(struct dh_arena *arena, struct dh_str text);

#endif
