/*
 * Lint: what good metadata wants beyond the schema, as rows of one table. A new rule is a row and a
 * function.
 */
#ifndef DH_FORMAT_LINT_H
#define DH_FORMAT_LINT_H

#include "format/format.h"

struct dh_lint;

struct dh_lint_rule {
    const char *name;     /* stable, for machines: "orcid-missing" */
    const char *property; /* as the API names it: "creators" */
    const char *wants;    /* one sentence */
    void (*check)(struct dh_lint *lint);
};

/* In the order in which they are asked. */
extern const struct dh_lint_rule dh_lint_rules[];
extern const size_t dh_lint_rule_count;

/* Adds warnings only. */
void dh_metadata_lint(struct json_object *metadata, struct dh_findings *findings);

#endif
