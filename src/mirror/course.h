/*
 * Course: how far the import of an archive has come, kept in the store with the records, so that an
 * import that was cut off goes on behind the last member that is wholly there. And what came, month
 * by month.
 */
#ifndef DH_MIRROR_COURSE_H
#define DH_MIRROR_COURSE_H

#include "mirror/feed.h"
#include "store/store.h"

struct dh_course {
    const char *path; /* borrowed */
    struct dh_arena arena;
    struct dh_scope scope;   /* url ptr NULL: nothing is kept, as for standard input */
    struct dh_resume resume; /* what an earlier import left */
    struct dh_scope *past;   /* of a file of this name that was another then, to be forgotten */
    size_t past_count;
    struct dh_months months; /* of all members that are over */
    struct dh_month open;    /* records of the member at hand */
    uint64_t members;        /* that are over */
    struct dh_buf name;      /* of the last of them, terminated */
    bool changed;            /* since it was last put */
};

/* Those of all sources of an import. */
struct dh_courses {
    struct dh_course *items;
    struct dh_resume *resume; /* where each is taken up */
    size_t count;
};

/*
 * Takes up, unless `restart`, what the store has of the files with a filter (its text). The sources
 * are borrowed. To be released even after a failure. DH_MEMORY, DH_IO, DH_CORRUPT.
 */
enum dh_status dh_courses_open(struct dh_courses *courses, struct dh_store *store,
                               const struct dh_sources *sources, const char *filter, bool restart,
                               struct dh_err *err);
void dh_courses_release(struct dh_courses *courses);
/* Writes those that changed. Within a write transaction. */
enum dh_status dh_courses_put(struct dh_courses *courses, struct dh_store *store,
                              struct dh_err *err);

/* A record of a member came, be it taken or left out. */
void dh_course_count(struct dh_course *course, const struct dh_origin *origin,
                     enum dh_doi_state state);
/* A member is over, or the archive. DH_MEMORY. */
enum dh_status dh_course_end(struct dh_course *course, const struct dh_value *value,
                             struct dh_err *err);

#endif
