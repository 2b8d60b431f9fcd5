/*
 * Events as the API has them, in its two dialects: what records state about other DOIs. Private to
 * the files of that resource.
 */
#ifndef DH_API_EVENTS_H
#define DH_API_EVENTS_H

#include "api/call.h"

/* The legacy dialect has dashed names; `version=2` in Accept asks for camelCase. */
enum dh_dialect { DH_DIALECT_1, DH_DIALECT_2 };

/* A row of event_filters.def as people need to know it. */
struct dh_event_filter_row {
    const char *name; /* "subj-id" */
    const char *help;
};
extern const struct dh_event_filter_row dh_event_filter_rows[];
extern const size_t dh_event_filter_row_count;

/*
 * Filters, sort and query of a request. `id` or `ids` ask for events by uuid: then nothing else
 * counts. Returns false after having answered.
 */
bool dh_event_filters_read(struct dh_call *call, struct dh_event_search *out);
/*
 * Makes the search ask a query about each event; *room takes a filter when the query insists on a
 * DOI. Returns false after having answered.
 */
bool dh_event_query_read(struct dh_call *call, struct dh_str text, struct dh_event_search *search,
                         struct dh_event_filter *room);

/* "is-derived-from" of a position in the vocabulary; in the arena. */
struct dh_str dh_relation_dashed(struct dh_arena *arena, size_t type);
/* Back, from is-derived-from, IsDerivedFrom or is_derived_from: "IsDerivedFrom", or ptr NULL. */
struct dh_str dh_relation_of(struct dh_arena *arena, struct dh_str text);
/* The event's, "is-derived-from"; what is in no vocabulary stays as it came. */
struct dh_str dh_event_relation(struct dh_arena *arena, const struct dh_event *event);
/* "https://doi.org/" and the DOI; the side of an event that is a URL stays one. */
struct dh_str dh_doi_url(struct dh_arena *arena, struct dh_str doi);

/* As it came, else what DataCite's own events carry; nothing when it came without. */
struct dh_str dh_event_license(const struct dh_event *event);
struct dh_str dh_event_action(const struct dh_event *event);
/*
 * The DOI that references, has as part or as version, or with `source` false the other one, or the
 * one that was used; and what it counts as there: "references", "citations". Nothing for other
 * relations.
 */
struct dh_str dh_event_end(const struct dh_event *event, bool source);
const char *dh_event_end_type(const struct dh_event *event, bool source);

/* One resource object. */
void dh_put_event(struct dh_call *call, enum dh_dialect dialect, const struct dh_event *event);
/* The members of meta that count: sources, prefixes, relation types ... */
void dh_put_event_counts(struct dh_call *call, enum dh_dialect dialect,
                         const struct dh_event_page *page);
/* `,"included":[...]` when include names subj or obj. A failure is in call->err. */
enum dh_status dh_put_event_objects(struct dh_call *call, const struct dh_event *events,
                                    size_t count);

#endif
