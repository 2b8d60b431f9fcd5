/*
 * derive: rules by which identifiers of people, organisations and sciences are told in a record.
 * The index and the columns follow the same ones.
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

#endif
