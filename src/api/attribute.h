/* One attribute of a record as JSON:API shows it, for those who do not want the whole resource. */
#ifndef DH_API_ATTRIBUTE_H
#define DH_API_ATTRIBUTE_H

#include "store/store.h"

/*
 * The JSON text of an attribute as a list shows it, but `published` as a single record does, where
 * it is not always null. `form` matters for people and publishers. `related` may be NULL, but then
 * citationsOverTime is what came with the record. Empty when the record does not have it. Borrowed
 * from the hit or from `scratch`, until that changes; memory that ran out is a failure of it.
 */
struct dh_str dh_hit_attribute(const struct dh_hit *hit, enum dh_attribute attribute,
                               enum dh_form form, const struct dh_relations *related,
                               struct dh_buf *scratch);
/* Whether it is told without the record's body (dh_search.bodies). */
bool dh_attribute_without_body(enum dh_attribute attribute);

#endif
