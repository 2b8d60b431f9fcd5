/* Crossref's UNIXSD XML, between the files of its reader. Private to format/. */
#ifndef DH_FORMAT_CROSSREF_H
#define DH_FORMAT_CROSSREF_H

#include "format/text_reading.h"

/* One work being read. Elements are NULL when the work has none. */
struct dh_crossref {
    const struct dh_xml *query;   /* what Crossref says besides the publisher's metadata */
    const struct dh_xml *model;   /* "journal", "book" ... */
    const struct dh_xml *work;    /* the metadata of the work itself: article, chapter ... */
    const struct dh_xml *journal; /* journal_metadata */
    const struct dh_xml *issue;   /* journal_issue */
    const struct dh_xml *book;    /* book_metadata */
    const struct dh_xml *series;  /* series_metadata of a book */
    const char *type;             /* NULL: as the model is called */
    struct dh_str component;      /* "chapter" */
    struct json_object *metadata;
    struct dh_arena *arena;
    struct dh_counts *counts;
};

/* The text of an element with single spaces; DH_STR_NONE when it is NULL or blank. */
struct dh_str dh_crossref_text(const struct dh_crossref *in, const struct dh_xml *element);
/* The same of a child. */
struct dh_str dh_crossref_child(const struct dh_crossref *in, const struct dh_xml *parent,
                                const char *name);
/* Authors, editors and translators. */
void dh_crossref_people(const struct dh_crossref *in);
/* Licences, funders and relations to other works. */
void dh_crossref_programs(const struct dh_crossref *in);

#endif
