/* JSON formats as trees, where one format is made from another (citations from CSL JSON, RDF from
 * schema.org), and what JSON formats share. Private to format/. */
#ifndef DH_FORMAT_JSON_TREES_H
#define DH_FORMAT_JSON_TREES_H

#include "format/format.h"

/* New trees, the caller's; NULL out of memory. Values may be shared with `metadata`. */
struct json_object *dh_schema_org_tree(struct json_object *metadata, struct dh_arena *arena);
struct json_object *dh_citeproc_tree(struct json_object *metadata, struct dh_arena *arena);
struct json_object *dh_datacite_json_tree(struct json_object *metadata, struct dh_arena *arena);

/* Writes a tree in the layout of the JSON formats. DH_MEMORY when tree is NULL; puts it. */
enum dh_status dh_json_tree_write(struct json_object *tree, struct dh_buf *out, struct dh_err *err);

/* Parses JSON for a reader: strict, duplicate keys refused ("The same key is defined more than
 * once: id"), BOM and white space in front skipped. */
enum dh_status dh_json_read(struct dh_str text, struct json_object **out, struct dh_err *err);

/* ---- formats as tables ----------------------------------------------------------------------- */

/* What a member is made of. */
struct dh_tree_source {
    struct json_object *metadata;
    struct dh_arena *arena;
};
/* A new value, the caller's; NULL leaves the member out. `from` is the row's. */
typedef struct json_object *dh_tree_maker(const struct dh_tree_source *source, const char *from);
struct dh_tree_row {
    const char *key;
    dh_tree_maker *make;
    const char *from;
};
/* An object with the members of the rows; key NULL ends them. NULL out of memory. */
struct json_object *dh_tree_of(const struct dh_tree_row *rows, struct json_object *metadata,
                               struct dh_arena *arena);

/* Makers. `from` is the name of ... */
dh_tree_maker dh_tree_constant;    /* nothing: the text itself */
dh_tree_maker dh_tree_member;      /* a member of the record, as it is */
dh_tree_maker dh_tree_unwrapped;   /* a list: nothing, its only element or the list */
dh_tree_maker dh_tree_type;        /* a member of types */
dh_tree_maker dh_tree_container;   /* a member of the container */
dh_tree_maker dh_tree_date;        /* a dateType */
dh_tree_maker dh_tree_issued;      /* -: the date of type Issued, else the year */
dh_tree_maker dh_tree_doi;         /* -: the DOI as URL */
dh_tree_maker dh_tree_title;       /* -: the first title */
dh_tree_maker dh_tree_description; /* -: the first description of any type */
dh_tree_maker dh_tree_publisher;   /* -: the publisher's name */
dh_tree_maker dh_tree_subjects;    /* -: an array of the subjects' texts */
dh_tree_maker dh_tree_licences;    /* -: all rightsUri, unwrapped */
dh_tree_maker dh_tree_identifiers; /* -: identifiers as PropertyValue, unwrapped */
dh_tree_maker dh_tree_places;      /* geoLocations: as schema.org Place, unwrapped */

/* Appends a value, taken over, to an array; NULL is not added. */
void dh_array_put(struct json_object *array, struct json_object *value);

#endif
