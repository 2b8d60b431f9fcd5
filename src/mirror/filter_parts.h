/* The inside of a filter, shared by filter.c, which makes it, and trial.c, which tries records. */
#ifndef DH_MIRROR_FILTER_PARTS_H
#define DH_MIRROR_FILTER_PARTS_H

#include "mirror/filter.h"

struct dh_filter_list {
    struct dh_str *items;
    size_t count;
};

enum dh_asked {
    DH_ASKED_CLIENT,
    DH_ASKED_PROVIDER,
    DH_ASKED_PREFIX,
    DH_ASKED_TYPE,
    DH_ASKED_CITING,
    DH_ASKED__N
};

struct dh_record_filter {
    struct dh_arena arena;
    struct dh_filter_list lists[DH_ASKED__N];
    struct dh_query query;
    bool matches;               /* a query is given */
    bool sources[DH_SOURCE__N]; /* those that it looks at */
    struct dh_str text;
};

#endif
