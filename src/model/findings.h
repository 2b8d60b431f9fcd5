/* Findings: what a check of metadata has to say, each with property, rule and place. */
#ifndef DH_MODEL_FINDINGS_H
#define DH_MODEL_FINDINGS_H

#include "base/arena.h"
#include "base/xml.h"

enum dh_severity {
    DH_SEVERITY_ERROR,  /* breaks the schema or a rule of the API */
    DH_SEVERITY_WARNING /* allowed, but good metadata does otherwise */
};

struct dh_finding {
    enum dh_severity severity;
    struct dh_str source;  /* as the API's errors name it: "publication_year" */
    struct dh_str rule;    /* "enumeration", "required", "orcid-missing": stable, for machines */
    struct dh_str message; /* one line, for people */
    struct dh_str pointer; /* JSON Pointer; ptr NULL for XML input */
    unsigned line, column; /* of XML input, else 0 */
    size_t record;         /* which one of the input, from 0 */
    struct dh_finding *next;
};

/* In the order found. All memory is the arena's; what does not fit any more is counted only. */
struct dh_findings {
    struct dh_arena *arena;
    struct dh_finding *first, *last;
    size_t errors, warnings;
    size_t record; /* given to those that are added now */
    bool stop;     /* the caller wants no more after the first error */
};

/* Adds a finding at an element (NULL: nowhere). Strings are borrowed or of the arena. */
void dh_findings_add(struct dh_findings *findings, enum dh_severity severity, struct dh_str source,
                     const char *rule, const struct dh_xml *place, struct dh_str message);
/* The same at a JSON Pointer. */
void dh_findings_add_at(struct dh_findings *findings, enum dh_severity severity,
                        struct dh_str source, const char *rule, struct dh_str pointer,
                        struct dh_str message);

#endif
