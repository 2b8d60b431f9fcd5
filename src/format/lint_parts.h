/* What the rules share. Private to format/lint*.c. */
#ifndef DH_FORMAT_LINT_PARTS_H
#define DH_FORMAT_LINT_PARTS_H

#include "format/ids.h"
#include "format/lint.h"
#include "format/parts.h"

/* One rule looking at one record. */
struct dh_lint {
    struct json_object *metadata;
    struct dh_findings *findings;
    struct dh_arena *arena; /* of the findings */
    const struct dh_lint_rule *rule;
};

/* Warns at the rule's property: printf-style message, place from dh_lint_at. */
void dh_lint_warn(struct dh_lint *lint, struct dh_str pointer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of another property. */
void dh_lint_warn_in(struct dh_lint *lint, const char *property, struct dh_str pointer,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "/creators/3" */
struct dh_str dh_lint_at(struct dh_lint *lint, const char *key, size_t i);

/* lint_people.c */
void dh_lint_names(struct dh_lint *lint), dh_lint_name_types(struct dh_lint *lint),
    dh_lint_orcid_missing(struct dh_lint *lint), dh_lint_orcid_invalid(struct dh_lint *lint),
    dh_lint_orcid_twice(struct dh_lint *lint), dh_lint_isni_invalid(struct dh_lint *lint),
    dh_lint_ror_missing(struct dh_lint *lint), dh_lint_ror_invalid(struct dh_lint *lint);
/* lint_relations.c */
void dh_lint_related_empty(struct dh_lint *lint), dh_lint_related_twice(struct dh_lint *lint),
    dh_lint_related_several(struct dh_lint *lint), dh_lint_related_self(struct dh_lint *lint),
    dh_lint_related_not_doi(struct dh_lint *lint), dh_lint_related_doi_as_url(struct dh_lint *lint);

#endif
