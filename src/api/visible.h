/* Visible: which of some DOIs the caller may see. Private to api/. */
#ifndef DH_API_VISIBLE_H
#define DH_API_VISIBLE_H

#include "api/call.h"

/* Those that everybody may see, sorted. The owner sees all: then `all` is set. */
struct dh_visible {
    bool all;
    struct dh_str *dois;
    size_t count;
};

/* Looks `count` DOIs (lower case) up; the result is the call's arena's. */
enum dh_status dh_visible_find(struct dh_call *call, const struct dh_str *dois, size_t count,
                               struct dh_visible *out);
bool dh_visible_has(const struct dh_visible *visible, struct dh_str doi);

#endif
