/* From a stored record to the metadata tree that the formats write (format/format.h). */
#ifndef DH_API_METADATA_H
#define DH_API_METADATA_H

#include "base/base.h"
#include "store/store.h"

/*
 * The metadata tree of a hit that has its body: keys in the order in which the formats give them,
 * nulls left out, "doi" in capitals as the DataCite REST API keeps it, "id" the DOI URL. With `xml`
 * also the stored XML (base64), when there is one. A new tree, the caller's (json_object_put);
 * NULL on failure: DH_MEMORY, DH_LIMIT, DH_CORRUPT.
 */
struct json_object *dh_hit_metadata(const struct dh_hit *hit, bool xml, struct dh_err *err);

#endif
