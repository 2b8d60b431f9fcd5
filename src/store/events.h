/*
 * Events: what findable records state about other DOIs, one event per statement ("10.1/a
 * IsDerivedFrom 10.1/b"): the reverse look-up of related identifiers. To these come events that
 * another server told, of which no record here needs to know: citations by articles, usage. Where
 * both say the same (subject, object, relation), the one that came is the event. Part of store.h.
 */
#ifndef DH_STORE_EVENTS_H
#define DH_STORE_EVENTS_H

#include "base/base.h"

/* An event as a server told it, for dh_store_put_event. */
struct dh_event_in {
    struct dh_str uuid;            /* text; what identifies it */
    struct dh_str subject, object; /* each a lower-case DOI or an http(s) URL */
    struct dh_str relation;        /* "IsDerivedFrom" when in the vocabulary, else as it came */
    struct dh_str source;          /* "crossref" */
    struct dh_str license, action, token; /* each may be empty */
    int64_t total;                        /* 1 but for usage */
    int64_t occurred, updated;            /* ms; DH_TIME_NONE */
};

struct dh_event {
    struct dh_str uuid; /* text; made of subject, object and type, the same as long as the store */
    struct dh_str subject, object;      /* DOIs, lower case; or URLs, of events that came */
    size_t type;                        /* position in DH_VOCAB_RELATION_TYPE, or its count */
    struct dh_str relation;             /* "IsDerivedFrom"; of no vocabulary: as it came */
    struct dh_str source;               /* by the agencies of both: "datacite-related" */
    int64_t occurred, created, updated; /* of the subject's record: registered (else created),
                                           created, updated; ms; DH_TIME_NONE */
    bool came;                          /* from a server, with its source and times; `created` is
                                           then the first `updated`. Only with it: */
    struct dh_str license, action, token;
    int64_t total; /* 1 without `came` */
    double score;  /* for dh_event_search.keep to set */
};

/* What an event about usage counts as at its object: "views", "downloads"; NULL for others. */
const char *dh_event_usage(struct dh_str relation);

enum dh_event_field {
    /* terms: the event has one of `values` */
    DH_EVENT_UUID,
    DH_EVENT_SUBJECT, /* DOIs, lower case (or URLs), like the next four */
    DH_EVENT_OBJECT,
    DH_EVENT_DOI,        /* of either */
    DH_EVENT_SOURCE_DOI, /* of the one that references, has as part or as version */
    DH_EVENT_TARGET_DOI, /* of the other one */
    DH_EVENT_PREFIX,     /* of either */
    DH_EVENT_TYPE,       /* as dh_event.relation has it */
    DH_EVENT_SOURCE,
    DH_EVENT_KIND,       /* schema.org type of either record: "Dataset" */
    DH_EVENT_KINDS,      /* of both, in alphabetical order: "Dataset-ScholarlyArticle" */
    DH_EVENT_REGISTRANT, /* of either record: "datacite." and its client */
    DH_EVENT_PERSON,     /* a creator's ORCID URL, of either record */
    /* ranges: low <= value <= high; an event without the value never matches */
    DH_EVENT_YEAR, /* publication year of the subject's record */
    DH_EVENT_OCCURRED,
    DH_EVENT_CREATED,
    DH_EVENT_UPDATED,
    DH_EVENT_NOTHING /* matches no event: a filter whose data the store does not have */
};

struct dh_event_filter {
    enum dh_event_field field;
    const struct dh_str *values; /* compared bytewise; none matches nothing */
    size_t value_count;
    int64_t low, high;
};

enum dh_event_sort {
    DH_EVENT_BY_UUID,
    DH_EVENT_BY_CREATED,
    DH_EVENT_BY_UPDATED,
    DH_EVENT_BY_OBJECT,
    DH_EVENT_BY_TYPE, /* alphabetically */
    DH_EVENT_BY_TOTAL,
    DH_EVENT_BY_SCORE, /* best first, whatever the direction; by uuid without `keep` */
    DH_EVENT_SORT__N
};

/* The lists of counts, ten buckets each: the largest, or the newest of years and months. */
enum dh_event_count {
    DH_EVENT_SOURCES,
    DH_EVENT_OCCURRED_YEARS,
    DH_EVENT_CREATED_YEARS,
    DH_EVENT_PREFIXES,
    DH_EVENT_KIND_PAIRS,  /* inner: months of occurrence */
    DH_EVENT_TYPES,       /* likewise */
    DH_EVENT_REGISTRANTS, /* inner: years of occurrence */
    DH_EVENT_COUNT__N
};

struct dh_event_search {
    const struct dh_event_filter *filters; /* all must hold */
    size_t filter_count;
    enum dh_event_sort sort; /* ties by uuid; what has no value comes last, descending first */
    bool descending;
    size_t offset, limit; /* limit 0: total and counts only */
    bool cursor; /* created, then uuid ascending, strictly after the two below; no offset */
    int64_t after_created; /* ms; DH_TIME_NONE: from the start. No `created` is INT64_MAX */
    struct dh_str after_uuid;
    bool counts; /* fill dh_event_page.counts */
    bool brief;  /* leave out the source and the times of the items */
    /* NULL, or asked about each event that passes the filters: false drops it. All of this may take
     * DH_QUERY_SECONDS, else DH_LIMIT. */
    enum dh_status (*keep)(void *context, struct dh_event *event, bool *kept, struct dh_err *err);
    void *context;
};

struct dh_event_page {
    uint64_t total;
    struct dh_event *items;
    size_t count;
    struct {
        struct dh_bucket *buckets; /* `sample` is not filled */
        size_t count;
    } counts[DH_EVENT_COUNT__N];
};

#endif
