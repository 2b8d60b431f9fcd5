/* What the readers share: people, dates, licences, types, and finishing a tree. */
#ifndef DH_FORMAT_READING_H
#define DH_FORMAT_READING_H

#include "format/ids.h"
#include "format/parts.h"

/* A new person {nameType, name, givenName, familyName, nameIdentifiers, affiliation}: nothing
 * guessed, nothing recomposed; absent what was not given (ptr NULL). The lists are taken over;
 * empty ones are left out. */
struct dh_person {
    struct dh_str name, name_type, given, family, lang;
    struct json_object *identifiers, *affiliation;
    const char *contributor_type; /* or NULL */
};
struct json_object *dh_person_new(const struct dh_person *person);
/* A person whose name must be composed: "Family, Given" with both, else the one there is. */
struct dh_str dh_person_name(struct dh_arena *arena, struct dh_str family, struct dh_str given);
/* {nameIdentifier, schemeUri, nameIdentifierScheme}; ORCID and ROR are normalised. */
struct json_object *dh_name_identifier(struct dh_arena *arena, struct dh_str id,
                                       struct dh_str scheme, struct dh_str scheme_uri);
/* {name, affiliationIdentifier, affiliationIdentifierScheme, schemeUri}; NULL when all is blank. */
struct json_object *dh_affiliation(struct dh_arena *arena, struct dh_str name, struct dh_str id,
                                   struct dh_str scheme, struct dh_str scheme_uri);

/* True for a date that metadata may carry: EDTF with fractions of seconds and open intervals, or
 * one of the standard codes (":unav"). */
bool dh_date_valid(struct dh_str date);
/* {date, dateType} appended to `dates` when the date is valid. */
void dh_add_date(struct json_object *dates, struct dh_str date, const char *type);

/* A rights object. Matched with SPDX by identifier, URL or name; else as given. Parts may be NONE.
 */
struct dh_rights {
    struct dh_str rights, uri, identifier, scheme, scheme_uri, lang;
};
struct json_object *dh_rights_new(struct dh_arena *arena, const struct dh_rights *given);
/* The same of one text that may be a name, an SPDX id or a URL. */
struct json_object *dh_rights_of_text(struct dh_arena *arena, struct dh_str text);

/* ---- types (types.def) ------------------------------------------------------------------------ */

enum dh_type_scheme {
    DH_TYPE_DATACITE, /* resourceTypeGeneral */
    DH_TYPE_CROSSREF, /* CamelCase resourceType or Crossref type */
    DH_TYPE_SCHEMA_ORG,
    DH_TYPE_CITEPROC,
    DH_TYPE_BIBTEX,
    DH_TYPE_RIS,
    DH_TYPE_JATS
};
/* The table from one scheme to another; NULL when it has no entry. A constant, may be "". */
const char *dh_type_map(enum dh_type_scheme from, enum dh_type_scheme to, struct dh_str value);
/* A new `types` object; NULL parts are left out. */
struct json_object *dh_types_new(const char *general, struct dh_str resource_type,
                                 const char *schema_org, const char *citeproc, const char *bibtex,
                                 const char *ris);

/* ---- a tree at its end ------------------------------------------------------------------------ */

/*
 * Puts what says which work it is: id and doi of any DOI form (an id that is another URL is kept,
 * too), agency ("datacite" unless there), schemaVersion (kernel-4 unless there), the state
 * (findable with an id, else not_found, unless there), the derived container.
 */
enum dh_status dh_metadata_identify(struct json_object *metadata, struct dh_str id,
                                    struct dh_arena *arena, struct dh_err *err);
/* The same, and empty lists for creators, titles, subjects ... as the reference's readers leave
 * them. */
enum dh_status dh_metadata_finish(struct json_object *metadata, struct dh_str id,
                                  struct dh_arena *arena, struct dh_err *err);
/* Appends a tree, taken over, to the records read. DH_MEMORY frees the tree. */
enum dh_status dh_records_add(struct json_object *records, struct json_object *metadata,
                              struct dh_err *err);

#endif
