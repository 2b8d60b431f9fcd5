/* Identifiers as metadata writes them, brought to one form (the reference's patterns). */
#ifndef DH_FORMAT_IDS_H
#define DH_FORMAT_IDS_H

#include "base/base.h"

/* All results are the arena's; ptr NULL when the text is no such identifier. */

/* "https://doi.org/10.x/y" in lower case, percent-encoded; from a bare DOI, doi:..., or a DOI URL.
 */
struct dh_str dh_id_doi_url(struct dh_arena *arena, struct dh_str text);
/* The bare DOI in lower case, percent-escapes kept. */
struct dh_str dh_id_doi(struct dh_arena *arena, struct dh_str text);
/* "https://orcid.org/0000-..." */
struct dh_str dh_id_orcid(struct dh_arena *arena, struct dh_str text);
/* True when the check digit (ISO 7064 MOD 11-2) of an ORCID or ISNI, in any form, is right. */
bool dh_id_orcid_checked(struct dh_str text);
/* "https://ror.org/..." */
struct dh_str dh_id_ror(struct dh_arena *arena, struct dh_str text);
/* "https://doi.org/10.13039/..." */
struct dh_str dh_id_funder(struct dh_arena *arena, struct dh_str text);
/* A DOI as URL, else a cleaned http(s) URL. */
struct dh_str dh_id_any(struct dh_arena *arena, struct dh_str text);
/* A URL of a licence: https, Creative Commons deeds as legalcode. */
struct dh_str dh_id_licence_url(struct dh_arena *arena, struct dh_str text);
/* "1234-5678" of 8 or 9 characters. */
struct dh_str dh_id_issn(struct dh_arena *arena, struct dh_str text);
/* "DOI", "URL", "ISSN" of a relation's target; NULL when it is none of them. A constant. */
const char *dh_id_type(struct dh_str text);
/* The usual spelling of an identifier type ("issn" -> "ISSN"); unknown ones as they are. */
struct dh_str dh_id_type_spelling(struct dh_str type);
/* Well-formed URI reference as XSD's anyURI and libxml2 have it. */
bool dh_id_any_uri(struct dh_str text);

#endif
