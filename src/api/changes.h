/* The change feed as text: one change, one line of JSON. */
#ifndef DH_API_CHANGES_H
#define DH_API_CHANGES_H

#include "store/store.h"

/* "created", "updated", "hidden", "shown". */
const char *dh_change_word(enum dh_change_what what);
/* The attribute that an activity calls `key`, as records name it: "titles", "relatedIdentifiers".
 */
struct dh_str dh_change_attribute(struct dh_str key);
/* Writes the object of a change and a newline. */
void dh_change_line(struct dh_buf *out, const struct dh_change_item *item);

#endif
