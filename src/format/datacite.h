/* DataCite XML as trees, for writer, reader and checks. Private to format/. */
#ifndef DH_FORMAT_DATACITE_H
#define DH_FORMAT_DATACITE_H

#include "base/xml.h"
#include "format/format.h"

/* The `resource` element of kernel 4 for a metadata tree; each element has the pointer of what it
 * was made from ("/creators/0/name"). NULL out of memory. */
struct dh_xml *dh_datacite_tree(struct json_object *metadata, struct dh_arena *arena);
/* A metadata tree of a `resource` element of any kernel. */
enum dh_status dh_datacite_metadata(const struct dh_xml *resource, struct json_object **metadata,
                                    struct dh_arena *arena, struct dh_err *err);
/* The reader and its test (format.h). An envelope, as of OAI-PMH, may hold several resources. */
dh_format_reader dh_datacite_read;
dh_format_fits dh_datacite_fits;

#endif
