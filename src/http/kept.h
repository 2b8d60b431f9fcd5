/*
 * Answers that hold: a shelf of bodies that an event loop gives out again as long as the app's
 * version stays the same, the least recently used ones making room. One shelf per loop and used by
 * its thread alone, so there is no lock on the way of a request. Private to http/.
 */
#ifndef DH_HTTP_KEPT_H
#define DH_HTTP_KEPT_H

#include "http/server.h"

enum { DH_TAG_LEN = 36 /* W/"<32 digits>" */ };

struct dh_kept;

struct dh_shelf {
    struct dh_kept *table; /* a uthash, oldest use first */
    uint64_t version;      /* what the answers hold for */
    size_t bytes;
};

void dh_shelf_release(struct dh_shelf *shelf);
/*
 * The kept answer to the same request, or NULL; hold it no longer than until dh_kept_give. Empties
 * the shelf when `version` is another one (0 is no version).
 */
struct dh_kept *dh_shelf_take(struct dh_shelf *shelf, uint64_t version,
                              const struct dh_request *request);
/* NULL is nothing. */
void dh_kept_give(struct dh_kept *kept);
/*
 * Keeps a copy of an answer of status 200, made for a request that came at `version`; does nothing
 * when that is over, the answer is too large, or memory is short.
 */
void dh_shelf_put(struct dh_shelf *shelf, uint64_t version, const struct dh_request *request,
                  const struct dh_response *response);

struct dh_str dh_kept_body(const struct dh_kept *kept);
/* The body as gzip; ptr NULL when nobody has asked for it yet. */
struct dh_str dh_kept_packed(const struct dh_kept *kept);
/* Keeps the gzip form too, for an answer just taken; gives it back, or ptr NULL out of memory. */
struct dh_str dh_shelf_pack(struct dh_shelf *shelf, struct dh_kept *kept, struct dh_str packed);
/* The entity tag, made by `make` at the first call. */
const char *dh_kept_tag(struct dh_kept *kept,
                        void (*make)(struct dh_str body, char tag[DH_TAG_LEN + 1]));
/* Everything of the response but its body; strings are borrowed from the kept answer. */
void dh_kept_describe(const struct dh_kept *kept, struct dh_response *out);

#endif
