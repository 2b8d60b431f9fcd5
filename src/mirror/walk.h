/*
 * Walk: how a copy of a scope goes on from page to page. A walk is one or several slices side by
 * side, each a cursor walk of its own (created ascending) through a part of the records. No page is
 * trusted: each must hold what the one before did not, later than it, and no more than the server
 * counts. What a walk has reached can be written down and taken up again.
 */
#ifndef DH_MIRROR_WALK_H
#define DH_MIRROR_WALK_H

#include "base/base.h"

/* Parameters that bring all of a record. */
#define DH_WALK_WHOLE "detail=true&affiliation=true&publisher=true"

struct dh_slice {
    char *filter;   /* added to the scope's: "created=2019", or "" */
    char *cursor;   /* of the next page; "" at the beginning */
    uint64_t got;   /* records given so far, each counted once */
    uint64_t total; /* as the last page counts them */
    uint64_t first; /* ... and the first one; 0: not yet known */
    uint64_t most;  /* ... and that which counted most */
    int64_t last;   /* `created` of the last record; DH_TIME_NONE before the first */
    uint64_t *page; /* hashes of the DOIs of the page before; not written down */
    size_t page_count;
    unsigned asked;   /* records asked for in the page under way; not written down */
    const char *type; /* of its resources, a constant; NULL: "dois". Likewise */
    bool over;
};

struct dh_walk {
    const char *url;    /* of the server, without a slash at the end; borrowed */
    const char *filter; /* of the scope; borrowed */
    const char *shape;  /* of the records: parameters, a constant; NULL: everything */
    const char *path;   /* what is listed when it is not records: "events", a constant; or NULL */
    unsigned page_size;
    struct dh_slice *slices;
    size_t count;
};

/* One slice for all, or one per part: `filters` are borrowed. DH_MEMORY. */
enum dh_status dh_walk_init(struct dh_walk *walk, const char *url, const char *filter,
                            const char *const *filters, size_t count, struct dh_err *err);
void dh_walk_release(struct dh_walk *walk);

/* The URL of the slice's next page. */
void dh_walk_url(const struct dh_walk *walk, const struct dh_slice *slice, struct dh_buf *out);
/* The URL of a count: the scope with a further filter ("" for none), no records. */
void dh_walk_count_url(const struct dh_walk *walk, const char *filter, struct dh_buf *out);
/* meta.total of an answer. DH_INVALID when it has none. */
enum dh_status dh_walk_total(struct dh_str body, uint64_t *total, struct dh_err *err);

/*
 * Looks through a page and moves the slice behind it. DH_INVALID, the slice untouched, when the
 * page cannot be right: no JSON:API list, nothing that the page before did not have, records older
 * than it, more of them than were ever counted, or a count that grows without end.
 */
enum dh_status dh_walk_take(struct dh_slice *slice, struct dh_str body, struct dh_err *err);

/* The slices as JSON, and back into a walk that has its url and filter and nothing else.
 * DH_INVALID when the text is none of these. */
void dh_walk_write(const struct dh_walk *walk, struct dh_buf *out);
enum dh_status dh_walk_read(struct dh_walk *walk, struct dh_str text, struct dh_err *err);

#endif
