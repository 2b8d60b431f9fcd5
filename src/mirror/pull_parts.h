/* What the files of a pull share. Private to mirror/. */
#ifndef DH_MIRROR_PULL_PARTS_H
#define DH_MIRROR_PULL_PARTS_H

#include "mirror/landing.h"
#include "mirror/pull.h"
#include "mirror/walk.h"

/* A record asked for by its name. */
struct dh_subject {
    struct dh_str doi; /* lower case */
    int64_t updated;   /* at the server; DH_TIME_NONE: not told */
    bool found;
};

struct dh_history;

struct dh_pull {
    struct dh_store *store;
    const struct dh_pull_options *options;
    struct dh_pull_result *result;
    struct dh_http_client *client;
    struct dh_landing *landing;
    struct dh_import_options importing;
    struct dh_arena arena;
    struct dh_scope scope;
    char *url;
    const char *filter; /* of what is walked through */
    struct dh_walk walk;
    double begun;
    struct dh_subject *picked; /* of a hand-picked list: by DOI, each once */
    size_t picked_count;
    size_t picked_done;           /* of these, done with by an earlier pull, from the first on */
    bool list, list_kept;         /* the filter is the name of a list; the store has that list */
    uint64_t gaps;                /* records that answers to it counted and did not give */
    struct dh_pull_progress step; /* with a total: told instead of what the walk has reached */
    struct dh_history *history;
    struct dh_pull_event_work *events; /* of pull_events.c */
    const char *accept;                /* of requests, a constant; NULL: the usual one */
    /* What is done with a good page, instead of importing it, and with an answer to what is none of
     * the walk's pages. Both are given the fetch. */
    enum dh_status (*page)(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err);
    enum dh_status (*other)(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err);
};

/* True once the caller wants no more. */
bool dh_pull_stopped(const struct dh_pull *pull);
/* Queues a request; `context` comes back with its answer. */
enum dh_status dh_pull_ask(struct dh_pull *pull, const struct dh_buf *url, void *context,
                           struct dh_err *err);
/* Waits for the next answer; NULL in *out when there is none, or it is time to stop. */
enum dh_status dh_pull_next(struct dh_pull *pull, struct dh_fetch **out, struct dh_err *err);
/* What an answer other than 200 means for the whole. */
enum dh_status dh_pull_refused(const struct dh_fetch *fetch, struct dh_err *err);

/* Counts all that is walked through, as a list does; stays 0 when it is time to stop. */
enum dh_status dh_pull_count(struct dh_pull *pull, uint64_t *total, struct dh_err *err);
/* Makes a new walk, in slices when there is much. The old one must have been released. */
enum dh_status dh_pull_plan(struct dh_pull *pull, struct dh_err *err);
/* Walks to the end, or until it is time to stop; other requests that are queued are done, too. */
enum dh_status dh_pull_walk(struct dh_pull *pull, struct dh_err *err);

/* sync_news.c: true when what is written of a scope's progress is that of a sync, of which a pull
 * takes nothing up. */
bool dh_sync_is_news(struct dh_str progress);

/* pull_names.c: true for a DOI that cannot stand in a list of them: it holds a comma. */
bool dh_subject_alone(const struct dh_subject *subject);
/*
 * Appends as many of the first subjects, form-encoded, as one URL can ask for, at most `most`, and
 * returns how many; at least one. One that must stand alone is not mixed with others. It is as many
 * whatever `out` holds already, so that what was counted is what is asked for.
 */
size_t dh_subjects_list(const struct dh_subject *subjects, size_t count, size_t most,
                        struct dh_buf *out);

/* pull_dois.c: makes pull->picked of the options, and pull->filter: parameters when one URL can ask
 * for all, else the name of the list. */
enum dh_status dh_pull_pick(struct dh_pull *pull, struct dh_err *err);
/* One of them, or NULL. */
struct dh_subject *dh_pull_picked(struct dh_pull *pull, struct dh_str doi);
/* Goes on where the progress of the scope says that an earlier pull of the same list was. */
void dh_pull_pick_up(struct dh_pull *pull);
/* Asks for what was picked and hands it to pull->page, or to the landing. Marks in pull->picked
 * what is there, and when it was updated. */
enum dh_status dh_pull_dois(struct dh_pull *pull, struct dh_err *err);

/* pull_lists.c: forgets the copies of lists that what was picked holds wholly. Within a write
 * transaction. */
enum dh_status dh_pull_supersede(struct dh_pull *pull, struct dh_err *err);

/* pull_history.c: asks for the activities of all records of the scope. */
enum dh_status dh_pull_history(struct dh_pull *pull, struct dh_err *err);
/* The same of those of a filter, whenever they were updated, and of those named (found: false).
 * How far it came is not written down. */
enum dh_status dh_pull_history_of(struct dh_pull *pull, const char *filter,
                                  const struct dh_subject *named, size_t count, struct dh_err *err);
/* The same of those picked that are there and were updated since, all with DH_TIME_NONE. */
enum dh_status dh_pull_history_picked(struct dh_pull *pull, int64_t since, struct dh_err *err);
/* pull_events.c: true when an earlier pull, which this one goes on with, had come to the events. */
bool dh_pull_events_begun(const struct dh_pull *pull);
/* Asks for the events of the records of the scope. */
enum dh_status dh_pull_events(struct dh_pull *pull, struct dh_err *err);

/* What is asked for when the scope has its events of some earlier moment. */
struct dh_event_news {
    int64_t since;       /* events updated from then on; DH_TIME_NONE: all */
    int64_t fresh_since; /* records that came or changed since: all of their events; likewise */
    const char *fresh;   /* the filter of these; of a list, what was picked tells instead */
    bool fresh_only;     /* of the others none, unless one walk brings the events of all */
    const struct dh_subject *named; /* further records, all of whose events are asked for */
    size_t named_count;
    bool whole; /* set: nothing was left out because of fresh_only */
};
/* Asks for what a copy may lack; how far it came is not written down. */
enum dh_status dh_pull_events_news(struct dh_pull *pull, struct dh_event_news *news,
                                   struct dh_err *err);

/* pull_accounts.c: asks for clients, providers and prefixes that the store only knows by name. */
enum dh_status dh_pull_accounts(struct dh_pull *pull, struct dh_err *err);

#endif
