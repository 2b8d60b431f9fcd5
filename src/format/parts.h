/* What the writers share: looking into a metadata tree, and small answers put together from it. */
#ifndef DH_FORMAT_PARTS_H
#define DH_FORMAT_PARTS_H

#include "format/format.h"

/* "Present" as the reference means it: not missing, null, white space only, [] or {}. */
bool dh_present(struct json_object *value);
/* The text of a string or number (numbers as they were written); DH_STR_NONE of anything else.
 * Borrowed from the value. */
struct dh_str dh_text_of(struct json_object *value);
/* dh_text_of a member; DH_STR_NONE when absent. */
struct dh_str dh_text(struct json_object *object, const char *key);
/* The same, DH_STR_NONE also when blank. */
struct dh_str dh_text_present(struct json_object *object, const char *key);
/* Elements of a list; one object or text in its place counts as a list of one; null as none. */
size_t dh_count_of(struct json_object *list);
struct json_object *dh_at(struct json_object *list, size_t i);

/* Of a record. Borrowed; NULL or DH_STR_NONE when there is none. */
struct dh_str dh_first_title(struct json_object *metadata);
struct dh_str dh_publisher_name(struct json_object *metadata);
struct dh_str dh_type_of(struct json_object *metadata, const char *key); /* types.<key> */
/* `date` of the first entry of that dateType, exact case. */
struct dh_str dh_date_of(struct json_object *metadata, const char *type);
/* The first description of type Abstract; of any type. */
struct dh_str dh_abstract(struct json_object *metadata);
struct dh_str dh_first_description(struct json_object *metadata);
/* The container; NULL when blank. */
struct json_object *dh_container(struct json_object *metadata);
/* "12-34", "12"; DH_STR_NONE without firstPage. The arena's. */
struct dh_str dh_pages(struct json_object *metadata, struct dh_arena *arena);
/* "Family, Given and {Organisation}" as BibTeX and CSV want it; ptr NULL without creators. */
struct dh_str dh_authors_text(struct json_object *metadata, struct dh_arena *arena);
/* All subjects' texts joined; ptr NULL without subjects. An object without text counts as "". */
struct dh_str dh_keywords(struct json_object *metadata, const char *separator,
                          struct dh_arena *arena);
/* "https://doi.org/10.x/y" normalised (ids.h) from doi, else from id; ptr NULL when it is no DOI.
 */
struct dh_str dh_doi_id(struct json_object *metadata, struct dh_arena *arena);

/* ---- building JSON --------------------------------------------------------------------------- */

/* Takes `value` over. NULL (null) is not added. */
void dh_put(struct json_object *object, const char *key, struct json_object *value);
/* A string member unless text.ptr is NULL. */
void dh_put_string(struct json_object *object, const char *key, struct dh_str text);
/* A new reference to a value of another tree under a key; not added when NULL. */
void dh_put_ref(struct json_object *object, const char *key, struct json_object *value);
/* Takes an array over: NULL of none, the element of one, else the array. */
struct json_object *dh_unwrap(struct json_object *array);

#endif
