/*
 * The change feed: what happened to the records of a store, in the order in which it was committed.
 * It is read from the activities of the store's own, which are never dropped, so a reader that was
 * away for long misses nothing. Part of store.h.
 */
#ifndef DH_STORE_CHANGES_H
#define DH_STORE_CHANGES_H

#include "base/base.h"

struct dh_reader;

enum dh_change_what {
    DH_WAS_CREATED,
    DH_WAS_UPDATED,
    DH_WAS_HIDDEN, /* findable until then, and no longer: what a copy keeps as a tombstone */
    DH_WAS_SHOWN,  /* findable again, or at last */
    DH_WAS__N
};

struct dh_change_item {
    uint64_t sequence; /* grows with each change; has gaps */
    struct dh_str doi; /* lower case */
    enum dh_change_what what;
    int version;         /* of the record: 1 for its creation */
    int64_t time;        /* ms */
    struct dh_str uuid;  /* of the activity, text */
    struct dh_str user;  /* symbol of who did it; ptr NULL when unknown */
    struct dh_str *keys; /* changed attributes as activities name them; none of a creation */
    size_t key_count;
};

/*
 * At most `limit` changes behind the sequence `since` (0: from the first), oldest first. *next is
 * where to go on: the sequence of the last one given, `since` when there is none; with limit 0 it
 * is that of the newest change. Items and their texts are the arena's.
 */
enum dh_status dh_store_changes(struct dh_reader *reader, uint64_t since, size_t limit,
                                struct dh_change_item **out, size_t *count, uint64_t *next,
                                struct dh_arena *arena, struct dh_err *err);

#endif
