/* What the files of a sync share. Private to mirror/. */
#ifndef DH_MIRROR_SYNC_PARTS_H
#define DH_MIRROR_SYNC_PARTS_H

#include "mirror/held.h"
#include "mirror/pull_parts.h"
#include "mirror/sync.h"

/* Records asked for by name in one request. */
struct dh_naming {
    bool listed; /* the server lists them; else it does not, but the store has them */
    bool single; /* one, asked for by its own address */
    size_t count, bytes;
    struct dh_str dois[]; /* lower case; up to DH_NAMES_MAX */
};

struct dh_sync {
    struct dh_pull pull; /* what asks and walks; first, so that its hooks find the rest */
    struct dh_pull_options pulling;
    struct dh_pull_result pulled;
    const struct dh_sync_options *options;
    struct dh_sync_result *result;
    enum dh_sync_step step;
    struct dh_reader *reader;
    struct dh_arena names; /* of what is asked for */
    struct dh_held held;
    struct dh_naming *open; /* not yet asked for; or NULL */
    size_t queued;          /* requests by name under way */
    struct dh_buf gone;     /* tombstones of what the store has and the server does not give */
    uint64_t gone_count, came_back;
    struct dh_subject *named; /* that came when asked for by name; found: false. Of a list none:
                                 what was picked tells */
    size_t named_count, named_room;
    int64_t began;          /* what the server had then will be here */
    int64_t news_since;     /* of the walk through the news, or of what counts as news in a list */
    bool noted;             /* its progress is written to the scope */
    struct dh_scope before; /* as the sync found it; its times only */
};

/*
 * sync_news.c: what was updated from `since` on is landed. A walk of more than one page writes down
 * how far it came; one that was broken off is gone on with, and then sync->began is its beginning.
 */
enum dh_status dh_sync_news(struct dh_sync *sync, int64_t since, struct dh_err *err);
/* The progress of a scope of which no walk is to be gone on with. It tells one that was never
 * complete, because it was taken up from a data file, from one that a pull left. */
struct dh_str dh_sync_no_news(const struct dh_scope *scope);
/* Once all of it has landed: there is nothing to go on with. */
enum dh_status dh_sync_news_end(struct dh_sync *sync, struct dh_err *err);
/* The filter with a further condition on `updated`: "query=" takes up what the filter asked for.
 * The arena's; NULL out of memory. */
const char *dh_sync_filter_since(struct dh_arena *arena, const char *filter, int64_t since);

/* sync_whole.c: compares the ids of the scope with the store. */
enum dh_status dh_sync_whole(struct dh_sync *sync, struct dh_err *err);

/*
 * sync_more.c: activities and events of what changed, for a copy that has them. Writes to the scope
 * until when they are here.
 */
enum dh_status dh_sync_more(struct dh_sync *sync, struct dh_err *err);
/* A record is about to come that was updated at that time, maybe long ago: should the sync end
 * before its activities and events are here, the next one has to go so far back. */
enum dh_status dh_sync_reach(struct dh_sync *sync, int64_t updated, struct dh_err *err);
/* sync.c: how much is asked for again, in ms. */
int64_t dh_sync_overlap(const struct dh_sync *sync);
enum dh_status dh_sync_write_scope(struct dh_sync *sync, const struct dh_scope *scope,
                                   struct dh_err *err);

/* sync_names.c: asks for a record by name, sooner or later. */
enum dh_status dh_sync_want(struct dh_sync *sync, struct dh_str doi, bool listed,
                            struct dh_err *err);
/* The pull's hook for answers to that. */
enum dh_status dh_sync_named(struct dh_pull *pull, struct dh_fetch *fetch, struct dh_err *err);
/* Asks for what was not yet asked for, and waits until at most `left` answers are missing. */
enum dh_status dh_sync_names_end(struct dh_sync *sync, size_t left, struct dh_err *err);

#endif
