/* Activities as another server lists them, read so that they can be kept. */
#ifndef DH_MIRROR_ACTIVITY_READ_H
#define DH_MIRROR_ACTIVITY_READ_H

#include "mirror/pull_parts.h"

struct dh_activities {
    struct dh_arena arena;
    struct dh_activity *items; /* of DOIs, with their origin */
    size_t count;
    size_t bad;        /* items that are no activity */
    struct dh_err why; /* ... for the last of them */
    uint64_t total;    /* as the server counts them */
};

/*
 * Reads a page of activities of some subjects, which are in no order. DH_INVALID when it is no
 * list; DH_UNSUPPORTED when an activity is of something else; DH_MEMORY. To be released in any
 * case.
 */
enum dh_status dh_activities_read(struct dh_str body, const struct dh_subject *subjects,
                                  size_t count, struct dh_activities *out, struct dh_err *err);
void dh_activities_release(struct dh_activities *activities);

#endif
