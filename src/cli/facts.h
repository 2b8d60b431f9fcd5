/*
 * Facts: what tables, CSV and the text of a record show of it, each as one piece of text. Read from
 * the stored wire form, only as much as is asked for.
 */
#ifndef DH_CLI_FACTS_H
#define DH_CLI_FACTS_H

#include "store/store.h"

/* The text in the arena or borrowed from the hit; ptr NULL when the record does not say. */
typedef struct dh_str dh_fact(const struct dh_hit *hit, struct dh_arena *arena);

/* The tree of a stored attribute in its rich form, the caller's; NULL when null or absent. */
struct json_object *dh_fact_value(const struct dh_hit *hit, enum dh_attribute attribute);

dh_fact dh_fact_doi, dh_fact_state, dh_fact_client, dh_fact_provider, dh_fact_year;
dh_fact dh_fact_created, dh_fact_registered, dh_fact_updated; /* 2021-03-04T09:10:11Z */
dh_fact dh_fact_registered_day;                               /* 2021-03-04 */
dh_fact dh_fact_url, dh_fact_version;
dh_fact dh_fact_title;         /* of the first title */
dh_fact dh_fact_publisher;     /* its name */
dh_fact dh_fact_type;          /* types.resourceTypeGeneral */
dh_fact dh_fact_resource_type; /* types.resourceType */
dh_fact dh_fact_kind;          /* both: "Dataset (DICOM collection)" */
dh_fact dh_fact_creators;      /* for people: "Okafor, Amara; Demo Network" */
dh_fact dh_fact_authors;       /* as upstream's CSV: "Okafor, Amara and {Demo Network}" */
dh_fact dh_fact_rights;        /* "; " between several */
dh_fact dh_fact_short_name;    /* identifier whose type ends in "short name" */
dh_fact dh_fact_description;   /* the abstract, else the first */
dh_fact dh_fact_subjects;      /* "; " between */

#endif
