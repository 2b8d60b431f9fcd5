/* Which versions of the schema the API refuses. Private to format/check*.c. */
#ifndef DH_FORMAT_CHECK_H
#define DH_FORMAT_CHECK_H

#include "format/format.h"

/* True for the namespaces of kernels 2 and 3. */
bool dh_schema_outdated(struct dh_str schema);
/* What the API says of one. */
struct dh_str dh_schema_outdated_text(struct dh_str schema, struct dh_findings *findings);

#endif
