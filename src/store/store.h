/*
 * store: where records live. This header is the interface; a backend is one struct of functions
 * (struct dh_store_ops below) under its own folder, chosen in dh_store_open alone. What belongs
 * here: records, their columns, relations, activities, accounts, and the questions asked of them.
 * What does not: JSON:API documents, HTTP, parameter names, titles of facets.
 *
 * Threads: a dh_store may be shared by all threads; a dh_reader belongs to one thread at a time;
 * there is one write transaction at a time per store, used by one thread. Every result of a read
 * lies in the arena passed in, or is said to be borrowed.
 */
#ifndef DH_STORE_H
#define DH_STORE_H

#include "base/base.h"
#include "model/model.h"
#include "query/query.h"
#include "store/changes.h"
#include "store/events.h"
#include "store/scopes.h"

struct dh_store;  /* the handle; a backend's own struct begins with it */
struct dh_reader; /* one thread's view; likewise */

/* ---- columns -------------------------------------------------------------------------------- */

enum dh_column_kind { DH_KIND_TERM, DH_KIND_TERMS, DH_KIND_INTEGER, DH_KIND_TIME };

enum dh_column {
#define DH_COLUMN(id, kind) DH_COLUMN_##id,
#include "store/columns.def"
#undef DH_COLUMN
    DH_COLUMN__N
};

enum dh_flag {
    DH_FLAG_PERSON = 1,         /* a creator with an ORCID */
    DH_FLAG_AFFILIATION = 2,    /* a creator's or contributor's affiliation with scheme ROR */
    DH_FLAG_ORGANIZATION = 4,   /* a nameIdentifier with scheme ROR */
    DH_FLAG_FUNDER = 8,         /* a funderIdentifierType "Crossref Funder ID" */
    DH_FLAG_SCHEMA_ORG = 16,    /* landingPage.hasSchemaOrg is true */
    DH_FLAG_NO_SCHEMA_ORG = 32, /* ... is false */
    DH_FLAG_BODY_PID = 64,      /* landingPage.bodyHasPid is true */
    DH_FLAG_NO_BODY_PID = 128,
    DH_FLAG_SCHEMA_ORG_ID = 256, /* landingPage.schemaOrgId exists */
    DH_FLAG_DC_IDENTIFIER = 512,
    DH_FLAG_CITATION_DOI = 1024
};

/* ---- search --------------------------------------------------------------------------------- */

enum dh_filter_op {
    DH_FILTER_IN, /* TERM(S): one of `values`, compared bytewise (fold the values first) */
    DH_FILTER_NOT_IN,
    DH_FILTER_RANGE,  /* INTEGER, TIME: low <= value <= high; records without a value never match */
    DH_FILTER_BITS,   /* INTEGER: all bits of `low` set */
    DH_FILTER_NOTHING /* matches no record: a filter whose data the store does not have */
};

struct dh_filter {
    enum dh_column column;
    enum dh_filter_op op;
    bool any; /* member of the one OR group; else a clause of its own (AND) */
    const struct dh_str *values;
    size_t value_count;
    int64_t low, high;
};

enum dh_sort {
    DH_SORT_UPDATED,
    DH_SORT_CREATED,
    DH_SORT_NAME,  /* DOI */
    DH_SORT_TITLE, /* first title, lower-cased and ASCII-folded; empty first */
    DH_SORT_VIEWS,
    DH_SORT_DOWNLOADS,
    DH_SORT_CITATIONS,
    DH_SORT_RELEVANCE, /* by score (store/sqlite/rank.h); as UPDATED descending without a query */
    DH_SORT_NONE,      /* by DOI, whatever the direction */
    DH_SORT_RANDOM
};

enum dh_facet_kind {
    DH_FACET_TERMS,       /* count per term: count descending, then key ascending */
    DH_FACET_YEARS,       /* count per year of a TIME or of YEAR: newest first; keys "2021" */
    DH_FACET_MONTHS,      /* count per month of a TIME: newest first; keys "2021-05" */
    DH_FACET_SUM_BY_YEAR, /* sum of `column` per publication year, within the `size` newest years;
                             newest first, zero sums dropped */
    DH_FACET_SUM          /* sum of `column` over all hits, in dh_facet_result.sum */
};

struct dh_facet_request {
    enum dh_facet_kind kind;
    enum dh_column column;
    size_t size;
    const struct dh_filter *within; /* counts only hits that also pass this one; or NULL */
    enum dh_column inner;           /* a TERM column counted per bucket (10); or DH_COLUMN__N */
    bool missing; /* also count hits without a value, in dh_facet_result.missing */
};

struct dh_bucket {
    struct dh_str key;
    int64_t count;
    uint32_t sample;         /* number of one hit of this bucket, the lowest; for dh_store_read */
    struct dh_bucket *inner; /* or NULL */
    size_t inner_count;
};

struct dh_facet_result {
    struct dh_bucket *buckets;
    size_t count;
    int64_t sum;     /* SUM; or the number of hits counted (after `within`) */
    int64_t missing; /* hits without a value */
    int64_t other;   /* occurrences of terms beyond `size` */
};

struct dh_search {
    const struct dh_filter *filters;
    size_t filter_count;
    const struct dh_str *dois; /* with doi_count > 0 only these DOIs (lower case) */
    size_t doi_count;
    enum dh_sort sort;
    bool descending;
    uint64_t seed;        /* DH_SORT_RANDOM */
    size_t offset, limit; /* limit 0: count and facets only */
    bool cursor;          /* created, then DOI ascending, strictly after the two below; no offset */
    int64_t
        after_created; /* ms; DH_TIME_NONE: from the start. No `created` sorts last (INT64_MAX) */
    struct dh_str after_doi;
    enum dh_column sample_by; /* DH_COLUMN__N: none. Else the `sample` first hits per term, largest
                                 group first, concatenated; no offset, `limit` only
                                 says 0 or not; DH_SAMPLE_GROUPS_MAX hits in all */
    size_t sample;
    const struct dh_facet_request *facets;
    size_t facet_count;
    bool bodies;                  /* fill dh_hit.wire */
    bool relations;               /* fill dh_hit.relations */
    const struct dh_query *query; /* only records that match its tree as well; NULL: no such */
    bool explain;                 /* fill dh_page.explain */
};

struct dh_relations;

struct dh_hit {
    uint32_t number; /* the record's number; a changed record gets a new one */
    struct dh_str doi, client, provider, agency; /* ptr NULL when none */
    enum dh_doi_state state;
    int64_t created, registered, updated; /* ms; DH_TIME_NONE */
    int64_t year;                         /* DH_TIME_NONE when null */
    int64_t counts[DH_COUNT__N];          /* as shown: as they came, else computed from relations */
    int64_t local[DH_COUNT__N];           /* computed from the store's relations alone */
    unsigned came;                        /* bit 1 << enum dh_count: it came with the record */
    struct dh_wire wire;                  /* when bodies were asked for */
    const struct dh_relations *relations; /* when they were asked for; else NULL */
};

/* How a search went: the nodes of the query's tree in the order of the tree, and what took how
 * long. */
struct dh_explain_step {
    unsigned depth;
    const struct dh_node *node;
    bool skipped; /* the answer was known without it */
    uint64_t hits;
    int64_t nanoseconds; /* its parts included */
};
struct dh_explain {
    struct dh_explain_step *steps;
    size_t step_count;
    int64_t query_ns, filters_ns, facets_ns, order_ns, read_ns;
};

struct dh_page {
    uint64_t total;
    struct dh_hit *hits;
    size_t count;
    struct dh_facet_result *facets; /* one per request */
    struct dh_explain explain;      /* when asked for */
};

/* DOIs related to a record: only those that are findable here, at most DH_RELATED_MAX, in DOI
 * order. */
struct dh_relations {
    struct dh_str *references, *citations, *parts, *part_of, *versions, *version_of;
    size_t reference_count, citation_count, part_count, part_of_count, version_count,
        version_of_count;
    struct dh_year_total {
        int32_t year;
        int64_t total;
    } * citations_by_year; /* ascending; each citing record of the store once, at its `updated` */
    size_t citation_year_count;
};

/* ---- activities ----------------------------------------------------------------------------- */

enum dh_activity_kind { DH_OF_DOI, DH_OF_PROVIDER, DH_OF_CLIENT, DH_OF__ANY };
enum dh_action { DH_ACTION_CREATE, DH_ACTION_UPDATE, DH_ACTION_DESTROY };

struct dh_activity {
    struct dh_str uuid; /* text, lower case */
    enum dh_activity_kind kind;
    struct dh_str subject; /* DOI or symbol, lower case */
    struct dh_str user;    /* symbol of who did it; ptr NULL when unknown */
    enum dh_action action;
    int version;
    int64_t time;          /* ms */
    struct dh_str changes; /* JSON object text in wire form; see dh_record_changes */
    struct dh_str origin;  /* URL of the server's activity that this one is; ptr NULL: our own */
};

struct dh_activity_search {
    enum dh_activity_kind kind;    /* or DH_OF__ANY */
    const struct dh_str *subjects; /* with subject_count > 0 only these, compared bytewise */
    size_t subject_count;
    struct dh_str uuid; /* not empty: only those of this request */
    bool ascending;     /* by time (then uuid); default newest first */
    size_t offset, limit;
    bool cursor; /* time, then uuid ascending, strictly after */
    int64_t after_time;
    struct dh_str after_uuid;
    /* Only those that this says yes to; NULL: all. It is given everything but `changes`, in memory
     * that lasts for the call, and must not ask the reader anything. */
    enum dh_status (*match)(void *context, const struct dh_activity *activity, bool *matches,
                            struct dh_err *err);
    void *context;
    bool findable; /* with `match`: none of a DOI whose record is not findable */
};

struct dh_activity_page {
    uint64_t total;
    struct dh_activity *items;
    size_t count;
};

/* ---- accounts and prefixes ------------------------------------------------------------------ */

/*
 * All accounts, prefixes and assignments: a few thousand, held in memory as one immutable object.
 * Arrays are sorted by symbol or prefix. Take with dh_store_directory, give back with _release.
 */
struct dh_directory {
    const struct dh_account *providers, *clients;
    size_t provider_count, client_count;
    const struct dh_prefix {
        struct dh_str prefix;
        int64_t created;
    } * prefixes;
    size_t prefix_count;
    const struct dh_assignment *client_prefixes, *provider_prefixes;
    size_t client_prefix_count, provider_prefix_count;
};

/* ---- status --------------------------------------------------------------------------------- */

struct dh_store_stats {
    uint64_t records, activities, relations, events, providers, clients, prefixes;
    uint64_t by_state[DH_STATE__N];
    uint64_t file_bytes; /* store file and its WAL */
    uint64_t body_bytes; /* compressed record texts */
    int64_t last_write;  /* ms; DH_TIME_NONE */
    int schema;
    uint64_t sequence; /* grows with each committed change: equal means nothing changed */
};

/* ---- writing -------------------------------------------------------------------------------- */

/* A record made ready to be put: normalised, hashed, compressed, columns extracted. */
struct dh_prepared;

enum dh_change {
    DH_CHANGE_NONE,    /* the store had this already */
    DH_CHANGE_CREATED, /* a `create` activity was written */
    DH_CHANGE_UPDATED, /* an `update` activity was written */
    DH_CHANGE_TOUCHED  /* only times, counts, xml or series changed: no activity */
};

enum dh_store_mode {
    DH_STORE_READ,  /* must exist */
    DH_STORE_WRITE, /* must exist; migrates an older schema */
    DH_STORE_CREATE /* made when missing, with its folder */
};

/* ---- functions: each calls the backend's operation of the same name ------------------------- */

/*
 * Opens the store at `path`. DH_NOT_FOUND (no such file, or an empty one when not creating),
 * DH_NEWER, DH_CORRUPT (not a store), DH_IO. The error's text says what to do.
 */
enum dh_status dh_store_open(const char *path, enum dh_store_mode mode, struct dh_store **out,
                             struct dh_err *err);
void dh_store_close(struct dh_store *store);

enum dh_status dh_reader_open(struct dh_store *store, struct dh_reader **out, struct dh_err *err);
void dh_reader_close(struct dh_reader *reader);

/* The record of a lower-case DOI, any state, with its body. DH_NOT_FOUND. */
enum dh_status dh_store_get(struct dh_reader *reader, struct dh_str doi, struct dh_hit *out,
                            struct dh_arena *arena, struct dh_err *err);
/* The same by number (dh_bucket.sample). */
enum dh_status dh_store_read(struct dh_reader *reader, uint32_t number, struct dh_hit *out,
                             struct dh_arena *arena, struct dh_err *err);
/* Hits, total and facets, all from one moment of the store. */
enum dh_status dh_store_search(struct dh_reader *reader, const struct dh_search *search,
                               struct dh_page *out, struct dh_arena *arena, struct dh_err *err);
enum dh_status dh_store_relations(struct dh_reader *reader, struct dh_str doi,
                                  struct dh_relations *out, struct dh_arena *arena,
                                  struct dh_err *err);
enum dh_status dh_store_activities(struct dh_reader *reader,
                                   const struct dh_activity_search *search,
                                   struct dh_activity_page *out, struct dh_arena *arena,
                                   struct dh_err *err);
/* One page of events (events.h) with total and counts, all from one moment of the store. */
enum dh_status dh_store_events(struct dh_reader *reader, const struct dh_event_search *search,
                               struct dh_event_page *out, struct dh_arena *arena,
                               struct dh_err *err);
/* Borrowed until dh_directory_release; cheap when nothing changed. */
enum dh_status dh_store_directory(struct dh_reader *reader, const struct dh_directory **out,
                                  struct dh_err *err);
void dh_directory_release(const struct dh_directory *directory);
enum dh_status dh_store_stats(struct dh_reader *reader, struct dh_store_stats *out,
                              struct dh_err *err);
/* Of dh_store_stats only what is there without counting: last_write, schema, sequence. */
enum dh_status dh_store_brief(struct dh_reader *reader, struct dh_store_stats *out,
                              struct dh_err *err);
/* The sequence of dh_store_stats alone: a test of staleness for a few microseconds. */
enum dh_status dh_store_sequence(struct dh_reader *reader, uint64_t *out, struct dh_err *err);
/* Runs the backend's integrity checks; DH_CORRUPT with the first finding. Minutes on a large store.
 */
enum dh_status dh_store_check(struct dh_reader *reader, struct dh_err *err);
/* Copies the store to a new file while others read and write. DH_IO; DH_INVALID when it exists. */
enum dh_status dh_store_backup(struct dh_reader *reader, const char *path, struct dh_err *err);

/*
 * Makes a record ready, on any thread: the expensive part of writing. Takes over the content of
 * *record (release it all the same). Free with dh_prepared_free unless put.
 */
enum dh_status dh_prepare(struct dh_store *store, struct dh_record *record,
                          struct dh_prepared **out, struct dh_err *err);
/*
 * Compresses the text of a prepared record, on any thread. dh_store_put does so when nobody has; to
 * do it for many records in a row takes half the time of doing it for each amid other work.
 */
enum dh_status dh_prepared_press(struct dh_prepared *prepared, struct dh_err *err);
void dh_prepared_free(struct dh_prepared *prepared);

/*
 * Takes the write lock. DH_BUSY when another process keeps it for more than 15 s, DH_UNSUPPORTED
 * when the store was opened with DH_STORE_READ. No second begin on the same thread before commit or
 * rollback.
 */
enum dh_status dh_store_begin(struct dh_store *store, struct dh_err *err);
/* Merges (design rules) and writes one record; `prepared` is taken over, on failure too. */
enum dh_status dh_store_put(struct dh_store *store, struct dh_prepared *prepared,
                            enum dh_change *change, struct dh_err *err);
/* Writes an account over its stub or its earlier form, with its prefixes. */
enum dh_status dh_store_put_account(struct dh_store *store, const struct dh_account *account,
                                    const struct dh_str *prefixes, size_t prefix_count,
                                    enum dh_change *change, struct dh_err *err);
/* A prefix with its creation time, as /prefixes gives it. */
enum dh_status dh_store_put_prefix(struct dh_store *store, struct dh_str prefix, int64_t created,
                                   struct dh_err *err);
/*
 * Keeps an activity (of a DOI, with `origin`) of the server that the record came from, as it was
 * there; *added is false when the store has it. DH_INVALID for a uuid that is none.
 */
enum dh_status dh_store_put_activity(struct dh_store *store, const struct dh_activity *activity,
                                     bool *added, struct dh_err *err);
/*
 * Keeps an event, over what it was before when the store has its uuid (*change: CREATED, UPDATED,
 * NONE). Within a write transaction. A uuid that a doihound computed for a store of its own is
 * replaced by one made of the event. DH_INVALID for an event without uuid, relation or source, or
 * with a subject or object of another sort; DH_LIMIT when there are more than DH_EVENT_KINDS_MAX
 * combinations of relation, source, license, action and token.
 */
enum dh_status dh_store_put_event(struct dh_store *store, const struct dh_event_in *event,
                                  enum dh_change *change, struct dh_err *err);
/* On failure everything since dh_store_begin is undone, and the lock is given back all the same. */
enum dh_status dh_store_commit(struct dh_store *store, struct dh_err *err);
/* Undoes everything since dh_store_begin. */
void dh_store_rollback(struct dh_store *store);

/* ---- the backend's side --------------------------------------------------------------------- */

/* All required unless said. Contracts are those of the functions above. */
struct dh_store_ops {
    const char *name;
    void (*close)(struct dh_store *);
    enum dh_status (*reader_open)(struct dh_store *, struct dh_reader **, struct dh_err *);
    void (*reader_close)(struct dh_reader *);
    enum dh_status (*get)(struct dh_reader *, struct dh_str doi, uint32_t number, struct dh_hit *,
                          struct dh_arena *, struct dh_err *); /* by number when doi.ptr is NULL */
    enum dh_status (*search)(struct dh_reader *, const struct dh_search *, struct dh_page *,
                             struct dh_arena *, struct dh_err *);
    enum dh_status (*relations)(struct dh_reader *, struct dh_str, struct dh_relations *,
                                struct dh_arena *, struct dh_err *);
    enum dh_status (*activities)(struct dh_reader *, const struct dh_activity_search *,
                                 struct dh_activity_page *, struct dh_arena *, struct dh_err *);
    enum dh_status (*events)(struct dh_reader *, const struct dh_event_search *,
                             struct dh_event_page *, struct dh_arena *, struct dh_err *);
    enum dh_status (*directory)(struct dh_reader *, const struct dh_directory **, struct dh_err *);
    enum dh_status (*sequence)(struct dh_reader *, uint64_t *, struct dh_err *);
    enum dh_status (*stats)(struct dh_reader *, struct dh_store_stats *, struct dh_err *);
    enum dh_status (*brief)(struct dh_reader *, struct dh_store_stats *, struct dh_err *);
    enum dh_status (*check)(struct dh_reader *, struct dh_err *);
    enum dh_status (*backup)(struct dh_reader *, const char *, struct dh_err *);
    enum dh_status (*prepare)(struct dh_store *, struct dh_record *, struct dh_prepared **,
                              struct dh_err *);
    enum dh_status (*prepared_press)(struct dh_prepared *, struct dh_err *);
    void (*prepared_free)(struct dh_prepared *);
    enum dh_status (*begin)(struct dh_store *, struct dh_err *);
    enum dh_status (*put)(struct dh_store *, struct dh_prepared *, enum dh_change *,
                          struct dh_err *);
    enum dh_status (*put_account)(struct dh_store *, const struct dh_account *,
                                  const struct dh_str *, size_t, enum dh_change *, struct dh_err *);
    enum dh_status (*put_prefix)(struct dh_store *, struct dh_str, int64_t, struct dh_err *);
    enum dh_status (*put_activity)(struct dh_store *, const struct dh_activity *, bool *,
                                   struct dh_err *);
    enum dh_status (*put_event)(struct dh_store *, const struct dh_event_in *, enum dh_change *,
                                struct dh_err *);
    enum dh_status (*changes)(struct dh_reader *, uint64_t, size_t, struct dh_change_item **,
                              size_t *, uint64_t *, struct dh_arena *, struct dh_err *);
    enum dh_status (*scopes)(struct dh_reader *, struct dh_scope **, size_t *, struct dh_arena *,
                             struct dh_err *);
    enum dh_status (*put_scope)(struct dh_store *, const struct dh_scope *, struct dh_err *);
    enum dh_status (*remove_scope)(struct dh_store *, struct dh_str, struct dh_str,
                                   struct dh_err *);
    enum dh_status (*list)(struct dh_reader *, struct dh_str, struct dh_str **, size_t *,
                           struct dh_arena *, struct dh_err *);
    enum dh_status (*put_list)(struct dh_store *, struct dh_str, const struct dh_str *, size_t,
                               struct dh_err *);
    enum dh_status (*commit)(struct dh_store *, struct dh_err *);
    void (*rollback)(struct dh_store *);
};

struct dh_store {
    const struct dh_store_ops *ops;
};
struct dh_reader {
    struct dh_store *store;
};
struct dh_prepared {
    struct dh_store *store;
};

#endif
