/*
 * Landing: one thread that imports what was fetched, in order, while the next is under way. After
 * each page the progress that was given with it is written to the scope: what was imported but not
 * noted is fetched again, which changes nothing.
 */
#ifndef DH_MIRROR_LANDING_H
#define DH_MIRROR_LANDING_H

#include "http/client.h"
#include "mirror/mirror.h"

struct dh_landing;

/* `scope` and `options` are borrowed until the landing is closed. */
enum dh_status dh_landing_open(struct dh_store *store, const struct dh_scope *scope,
                               const struct dh_import_options *options, struct dh_landing **out,
                               struct dh_err *err);
/*
 * Hands over an answer and the progress behind it (both taken over, on failure too; `progress` NULL
 * for none). Waits while DH_LANDING_MAX others are queued. The failure of an earlier one ends all.
 */
enum dh_status dh_landing_put(struct dh_landing *landing, struct dh_fetch *fetch, char *progress,
                              struct dh_err *err);
/* Waits until everything is imported; *result has the sums. */
enum dh_status dh_landing_close(struct dh_landing *landing, struct dh_import_result *result,
                                struct dh_err *err);

/* Adds the counts of one import to those of others. */
void dh_landing_add(struct dh_import_result *sums, const struct dh_import_result *one);

#endif
