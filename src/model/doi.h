/* DOI names (ISO 26324): recognising them in the forms people write, and taking them apart. */
#ifndef DH_MODEL_DOI_H
#define DH_MODEL_DOI_H

#include "base/arena.h"

/*
 * Lower-case DOI name from "10.x/y", "doi:10.x/y" or
 * "http(s)://(dx.|www.|handle.stage...)doi.org/10.x/y"; surrounding white space is dropped,
 * percent-escapes in the URL form are decoded. ptr is NULL when the text is no DOI. The result is
 * the arena's.
 */
struct dh_str dh_doi_parse(struct dh_arena *arena, struct dh_str text);
/* True for a bare DOI name: "10." digits and dots, "/", a non-empty suffix. */
bool dh_doi_valid(struct dh_str name);
/* The parts before and after the first slash; borrowed. */
struct dh_str dh_doi_prefix(struct dh_str name);
struct dh_str dh_doi_suffix(struct dh_str name);

#endif
