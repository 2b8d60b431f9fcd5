/*
 * What the record_*.c files share: giving values their shape, the derived container, the walk over
 * audited attributes. Nothing outside src/model includes it.
 */
#ifndef DH_MODEL_RECORD_PARTS_H
#define DH_MODEL_RECORD_PARTS_H

#include "model/derive.h"
#include "model/record.h"

/* What a reading keeps: where repairs are noted, and which forms of names were met. */
struct dh_mend {
    struct dh_repairs *repairs; /* or NULL */
    struct dh_err *err;
    const char *attribute; /* the one at work, for messages */
    unsigned affiliation_texts, affiliation_objects;
    bool publisher_text;
};

/* False for what stands in the envelope or follows from other attributes. */
bool dh_attribute_in_tree(enum dh_attribute a);
/* Sets an attribute in a tree, which takes over `value` and borrows the name from the table; false,
 * and `value` still the caller's, when out of memory. `fresh` tells that it is not there yet. */
bool dh_attribute_set(struct json_object *attributes, enum dh_attribute a,
                      struct json_object *value, bool fresh);

void dh_mend_note(struct dh_mend *mend, const char *what);
/*
 * Gives a value of an attribute its shape. *value is owned and may be replaced; NULL is the JSON
 * null. DH_INVALID when there is no way to do so.
 */
enum dh_status dh_mend_value(struct dh_mend *mend, enum dh_attribute a, struct json_object **value);
/* The text of a string, number or boolean; *value is replaced by a string. False for others. */
bool dh_mend_text(struct json_object **value);
/* Wraps, converts and drops until *value is an array of objects; texts become {key: text}. */
enum dh_status dh_mend_list(struct dh_mend *mend, const char *key, struct json_object **value);
/* {key: text} of a text or number, new; NULL for anything else or without a key. */
struct json_object *dh_mend_object_of(const char *key, struct json_object *text);
/* The lists inside a creator or contributor; counts in which form affiliations came. */
enum dh_status dh_mend_person(struct dh_mend *mend, struct json_object *person);
/* Texts of points and boxes to numbers, in an array of geoLocations. */
void dh_mend_places(struct dh_mend *mend, struct json_object *places);

/* A new reference to an equal tree of its own; NULL for NULL, and out of memory when value is not.
 */
struct json_object *dh_tree_copy(struct json_object *value);

/* "published": the first date of type `issued`, else the publication year; new, NULL when none. */
struct json_object *dh_published_derive(struct json_object *attributes);

/* Replaces an owned string of a record. */
bool dh_record_set(struct dh_str *field, struct dh_str value, bool lower);
/* The state of the envelope, else that of the tree, else DH_STATE__N. */
enum dh_doi_state dh_record_state(const struct dh_record *record);
/* Appends the audited value of an attribute as JSON text. */
void dh_record_audited(const struct dh_record *record, enum dh_attribute a, unsigned flags,
                       struct dh_buf *out);

#endif
