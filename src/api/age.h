/*
 * Age: how old what a store copies from servers is, and how that is called. A copy is as old as the
 * moment at which its server is known to have held just that (dh_scope.since), a store as its
 * oldest copy.
 */
#ifndef DH_API_AGE_H
#define DH_API_AGE_H

#include <stdatomic.h>

#include "store/store.h"

/* True of a copy of a server, not of what came from a file. */
bool dh_scope_is_remote(const struct dh_scope *scope);
/* The oldest `since` of the copies of servers; DH_TIME_NONE when none has one. */
int64_t dh_scopes_since(const struct dh_scope *scopes, size_t count);
/*
 * One word for the copies of servers. "failing": a server could not be asked when that was last
 * tried. Else "stale": a copy was never complete, or is older than twice `interval` seconds (0:
 * nothing keeps it fresh; then a day). Else "current".
 */
const char *dh_scopes_word(const struct dh_scope *scopes, size_t count, int64_t now,
                           int64_t interval);
/* Seconds from `since` to `now`, not below 0; -1 when `since` is none. */
int64_t dh_age_seconds(int64_t since, int64_t now);

/* The age of an open store, for every answer: read without a query, shared by all threads. */
struct dh_age {
    atomic_int_fast64_t since;
    atomic_int_fast64_t again; /* ms, when the scopes are to be read once more */
    atomic_uint_fast64_t sequence;
};

void dh_age_init(struct dh_age *age);
/* Reads the scopes when the sequence has moved or a second has passed; else costs nothing. */
void dh_age_refresh(struct dh_age *age, struct dh_reader *reader, uint64_t sequence, int64_t now);
/* dh_scopes_since as of the last refresh. */
int64_t dh_age_since(const struct dh_age *age);

#endif
