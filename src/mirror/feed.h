/*
 * Feed: what the reading thread of an import does. It opens one source after the other, goes
 * through the members of archives, and cuts everything into batches of values.
 */
#ifndef DH_MIRROR_FEED_H
#define DH_MIRROR_FEED_H

#include <stdatomic.h>

#include "mirror/batch.h"

/* Where an archive is taken up again: behind its first so many members, the last of that name. */
struct dh_resume {
    uint64_t members; /* 0: from its beginning */
    const char *name;
};

/* Files, or one text in memory. Borrowed until the feed is over. */
struct dh_sources {
    const char *const *names;
    size_t count;
    struct dh_str text;             /* ptr set: the only source, called names[0] */
    const struct dh_resume *resume; /* one per source; or NULL */
};

struct dh_feed {
    const struct dh_sources *sources;
    const atomic_bool *stop;
    _Atomic uint64_t *position; /* bytes read from the sources so far */
    void *context;
    bool (*put)(void *context, struct dh_batch *batch); /* takes it over; false: no more wanted */
};

/*
 * DH_OK at the end, DH_DONE when no more is wanted. Damage of a source or of a member is told in
 * the batches like a bad value. DH_IO, DH_NOT_FOUND, DH_MEMORY; DH_INVALID when an archive is not
 * the one that is to be taken up.
 */
enum dh_status dh_feed_run(const struct dh_feed *feed, struct dh_err *err);

#endif
