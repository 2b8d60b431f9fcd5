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
    struct dh_months months; /* of all members that are over */
    struct dh_month open;    /* records of the member at hand */
    uint64_t members;        /* that are over */
    struct dh_buf name;      /* of the last of them, terminated */
    bool archive;            /* a member was seen, or the end of the archive */
    bool changed;            /* since it was last put */
};

/*
 * The course of a file, "-" for what nothing is kept of, with a filter (its text). `known` is what
 * the store has: what an earlier import left of this file is taken up. DH_MEMORY, DH_CORRUPT.
 */
enum dh_status dh_course_open(struct dh_course *course, const char *path, const char *filter,
                              const struct dh_scope *known, size_t known_count, struct dh_err *err);
void dh_course_release(struct dh_course *course);
/* A record of a member came, be it taken or left out. */
void dh_course_count(struct dh_course *course, const struct dh_origin *origin,
                     enum dh_doi_state state);
/* A member is over, or the archive. DH_MEMORY. */
enum dh_status dh_course_end(struct dh_course *course, const struct dh_value *value,
                             struct dh_err *err);
/* Writes it where it changed. Within a write transaction. */
enum dh_status dh_course_put(struct dh_course *course, struct dh_store *store, struct dh_err *err);

#endif
