/*
 * derive: what follows from other parts of a record: which identifiers are those of people,
 * organisations and sciences, the work that a record is part of. Index, columns and formats follow
 * the same rules.
 */
#ifndef DH_MODEL_DERIVE_H
#define DH_MODEL_DERIVE_H

#include "base/json.h"

/* "ror.org/x" of "https://ror.org/x", "http://ror.org/x" or "ror.org/x"; ptr NULL of anything else.
 * Borrowed. */
struct dh_str dh_ror_name(struct dh_str id);
/* The part behind http(s)://orcid.org/; ptr NULL of anything else. Borrowed. */
struct dh_str dh_orcid_number(struct dh_str id);
/* True for a subject of the scheme "Fields of Science and Technology (FOS)". */
bool dh_subject_is_science(struct json_object *subject);
/* The container that follows from relatedItems or descriptions, new; NULL when none does. */
struct json_object *dh_container_derive(struct json_object *attributes);

#endif
