/*
 * Scopes: which records of which other server a store keeps a copy of, and how far the copy is. The
 * store keeps what it is told; walking is the mirror's work. A scope of hand-picked records that no
 * parameters can name has the name of a list of DOIs in their place.
 */
#ifndef DH_STORE_SCOPES_H
#define DH_STORE_SCOPES_H

#include "base/base.h"

/* What names of lists begin with: "list:10000:6c1f0d2ab3344e55", their length and a hash. */
#define DH_LIST_NAME "list:"

struct dh_store;
struct dh_reader;

/* Times are ms, DH_TIME_NONE when there is none. */
struct dh_scope {
    struct dh_str url;      /* of the server, without a slash at the end */
    struct dh_str filter;   /* parameters of its /dois, "client-id=nihnci.tcia"; "" for all; or
                               the name of a list */
    struct dh_str progress; /* JSON of the mirror's own; "" when no walk is under way */
    int64_t started;        /* of the walk under way, else of the last one */
    int64_t finished;       /* of the last complete walk */
    int64_t since;          /* what the server had at this moment is here */
    int64_t checked;        /* when the server was last asked for news, in vain or not */
    int64_t activities;     /* its activities of before this moment are here; 1: none yet, but they
                               belong to the copy; negative: they do not */
    int64_t events;         /* likewise its events */
    struct dh_str trouble;  /* what hindered that; "" when nothing did */
    uint64_t total;         /* records that the server counted then */
    uint64_t missing;       /* of these, not given by it */
};

/* All scopes, by URL and filter; *out and all texts are the arena's. */
enum dh_status dh_store_scopes(struct dh_reader *reader, struct dh_scope **out, size_t *count,
                               struct dh_arena *arena, struct dh_err *err);
/*
 * Writes a scope over that of the same URL and filter; of the times `finished`, `since`,
 * `checked`, `activities` and `events` the one there stays when none is given (DH_TIME_NONE or 0).
 * A scope named after a list is written only while the store has that list: whoever takes the list
 * away ends the scope, also for those who still work on it. Within a write transaction.
 */
enum dh_status dh_store_put_scope(struct dh_store *store, const struct dh_scope *scope,
                                  struct dh_err *err);
/* Forgets a scope, and its list when no other scope has the same, but not its records. Within a
 * write transaction. Nothing when there is none. */
enum dh_status dh_store_remove_scope(struct dh_store *store, struct dh_str url,
                                     struct dh_str filter, struct dh_err *err);

/*
 * The DOIs of a list, in their order; *out and all texts are the arena's. DH_NOT_FOUND when there
 * is no such list.
 */
enum dh_status dh_store_list(struct dh_reader *reader, struct dh_str name, struct dh_str **out,
                             size_t *count, struct dh_arena *arena, struct dh_err *err);
/* Keeps a list, the DOIs in lower case, each once. A name stands for what is in the list: one that
 * is there already stays. Within a write transaction. */
enum dh_status dh_store_put_list(struct dh_store *store, struct dh_str name,
                                 const struct dh_str *dois, size_t count, struct dh_err *err);

/* True when a scope's filter is the name of a list. */
static inline bool dh_scope_is_list(struct dh_str filter)
{
    return dh_str_starts(filter, DH_STR(DH_LIST_NAME));
}

#endif
