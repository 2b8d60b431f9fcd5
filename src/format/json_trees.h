/* JSON formats as trees, where one format is made from another (citations from CSL JSON, RDF from
 * schema.org), and what JSON formats share. Private to format/. */
#ifndef DH_FORMAT_JSON_TREES_H
#define DH_FORMAT_JSON_TREES_H

#include "format/format.h"

/* New trees, the caller's; NULL out of memory. Values may be shared with `metadata`. */
struct json_object *dh_schema_org_tree(struct json_object *metadata, struct dh_arena *arena);
struct json_object *dh_citeproc_tree(struct json_object *metadata, struct dh_arena *arena);

/* Writes a tree in the layout of the JSON formats. DH_MEMORY when tree is NULL; puts it. */
enum dh_status dh_json_tree_write(struct json_object *tree, struct dh_buf *out, struct dh_err *err);

/* Parses JSON for a reader: strict, duplicate keys refused ("The same key is defined more than
 * once: id"), BOM and white space in front skipped. */
enum dh_status dh_json_read(struct dh_str text, struct json_object **out, struct dh_err *err);
#endif
