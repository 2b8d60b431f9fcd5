/* Linked data as readers find it: values that are texts, objects or lists of either, people,
 * identifiers, types with a prefix. Shared by the readers of schema.org and CodeMeta. */
#ifndef DH_FORMAT_JSON_LD_H
#define DH_FORMAT_JSON_LD_H

#include "format/json_trees.h"
#include "format/reading.h"

/* A text or number, the "@value" of an object, or that of the first element of a list;
 * DH_STR_NONE when it is blank or none of them. Borrowed. */
struct dh_str dh_ld_text(struct json_object *value);
/* dh_ld_text of a member. */
struct dh_str dh_ld_member(struct json_object *object, const char *key);
/* The first member that is there, by names with spaces between them; NULL when none is. */
struct json_object *dh_ld_first_of(struct json_object *object, const char *keys);
/* A text itself; "@id", else "url" of an object. */
struct dh_str dh_ld_id(struct json_object *value);
/* "@type" without the prefix of schema.org; of several the first that the tables know. */
struct dh_str dh_ld_type(struct json_object *node);

enum { DH_LD_SCHEMA_ORG = 1, DH_LD_CODEMETA = 2 };
/* Which vocabularies an "@context" (text, list, or object of prefixes) names. */
unsigned dh_ld_context(struct json_object *json);

/* The id of a work: a DOI of "@id" or "identifier" before any other URL of them. */
struct dh_str dh_ld_work_id(struct json_object *json, struct dh_arena *arena);
/* A new list of the identifiers besides that id. */
struct json_object *dh_ld_identifiers(struct json_object *json, struct dh_arena *arena);
/* Appends the persons and organisations of `value`. The role may be NULL: as they say. */
void dh_ld_add_people(struct json_object *people, struct json_object *value, const char *role,
                      struct dh_arena *arena);
/* A new list of rights of URLs, names and objects. */
struct json_object *dh_ld_rights(struct json_object *value, struct dh_arena *arena);
/* A new list of subjects of a list, or of a text with commas between them. */
struct json_object *dh_ld_subjects(struct json_object *value);
/* {description, descriptionType Abstract} in a new list; empty without text. */
struct json_object *dh_ld_abstract(struct json_object *value, struct dh_arena *arena);
/* A new list of the one member {key: text}; empty without text. */
struct json_object *dh_ld_only(const char *key, struct dh_str text);

#endif
