/*
 * Sync: brings one scope, a copy made by a pull or taken from a data file, up to date. First the
 * news: what the server updated since, with some overlap. Then the whole: its ids and times are
 * walked through and compared with the store, so that nothing that changed, came or vanished is
 * overlooked. What the server no longer shows is kept as a tombstone. A copy that was pulled with
 * activities or events gets those that came since, too. Of a list of DOIs, which takes many
 * requests either way, there is the second step only.
 */
#ifndef DH_MIRROR_SYNC_H
#define DH_MIRROR_SYNC_H

#include "mirror/pull.h"

enum dh_sync_step {
    DH_SYNC_PULL,
    DH_SYNC_NEWS,
    DH_SYNC_WHOLE,
    DH_SYNC_ACCOUNTS,
    DH_SYNC_ACTIVITIES,
    DH_SYNC_EVENTS
};

struct dh_sync_progress {
    enum dh_sync_step step;
    uint64_t done, total; /* records of this step; total 0: unknown */
    bool events;          /* they are events */
    uint64_t requests;
    unsigned left; /* requests of the budget, now; UINT_MAX: no limit */
    double closed; /* as in a pull, and so is the next */
    const char *trouble;
    double seconds;
};

/* Is given a record of the store that belongs to the scope, without its body. Anything but DH_OK
 * ends the search, which then returns that. */
typedef enum dh_status dh_sync_each(void *context, const struct dh_hit *hit, struct dh_err *err);

struct dh_sync_options {
    const char *url;    /* of the server, without a slash at the end */
    const char *filter; /* of the scope, as struct dh_scope has it; the name of a list, too */
    struct dh_client_options client;
    struct dh_http_client
        *http;          /* as in a pull; after a failure or a stop it is good for nothing */
    int64_t since;      /* ms: the store holds what the server had then; DH_TIME_NONE: as the scope
                           says */
    int64_t overlap;    /* ms asked for again before that; negative: DH_SYNC_OVERLAP_MINUTES */
    int64_t hidden_max; /* records that may be hidden; INT64_MAX: any number; negative: the larger
                           of DH_SYNC_HIDDEN_MIN and DH_SYNC_HIDDEN_PERCENT of the scope */
    bool quick;         /* leave out the second step when the server counts what the store does, and
                           events of records that did not change when each must be asked for */
    bool no_accounts;   /* as in a pull */
    atomic_bool *stop;  /* end soon, or NULL */
    /*
     * Gives every record of the store, of any state, that passes the parameters `filter` of /dois,
     * in any order. Required, though not asked about a list. Its context is its own.
     */
    enum dh_status (*search)(void *context, const char *filter, dh_sync_each *each,
                             void *each_context, struct dh_err *err);
    void *search_context;
    void *context;
    void (*progress)(void *context, const struct dh_sync_progress *progress); /* or NULL */
    void (*report)(void *context,
                   const struct dh_import_report *report); /* other thread; or NULL */
};

struct dh_sync_result {
    struct dh_import_result import; /* all that was asked for, overlap and repeats included */
    uint64_t created, updated;      /* records new here; changed in what they say */
    uint64_t hidden, shown;         /* tombstones made; findable again. Not among `updated` */
    uint64_t touched;               /* records of which only times and counts moved */
    uint64_t total;                 /* records that the server counts */
    uint64_t here;                  /* records of the scope that were findable in the store before
                                       they were compared */
    uint64_t missing;               /* counted by the server and never given */
    uint64_t spared;                /* not shown any more, but not hidden: too many, or the walk had
                                       gaps */
    uint64_t hidden_max;            /* of which so many were too many */
    bool activities_kept, events_kept;       /* belong to the copy */
    uint64_t activities, activities_missing; /* of the server: new here; counted, never given */
    uint64_t events_missing;                 /* likewise; import.new_events are new here */
    bool pulled;                             /* the first walk was still to be ended */
    bool compared;                           /* the second step was done */
    bool stopped;
    struct dh_client_counts counts;
};

/* True when nothing is missing, bad or waits to be hidden. */
static inline bool dh_sync_complete(const struct dh_sync_result *result)
{
    return !result->missing && !result->spared && !result->import.bad &&
           !result->activities_missing && !result->events_missing;
}

/*
 * DH_IO when the server fails for good or cannot be right, DH_INVALID when it refuses,
 * DH_NOT_FOUND when the store has no such scope and `since` is not given. The scope then keeps its
 * age, and gets the reason as its `trouble`. DH_OK also with missing, spared, bad records or
 * result->stopped. Any thread; takes the store's write lock page by page. Killed at any point it
 * can be done again.
 */
enum dh_status dh_sync(struct dh_store *store, const struct dh_sync_options *options,
                       struct dh_sync_result *result, struct dh_err *err);

#endif
