/* What an activity shows: provenance in PROV terms, and what was changed. */
#ifndef DH_API_ACTIVITY_SHOW_H
#define DH_API_ACTIVITY_SHOW_H

#include "api/call.h"

/*
 * The resource of an activity; times with milliseconds when `millis`. DH_CORRUPT when its stored
 * changes are no JSON: then the text written so far is unfinished.
 */
enum dh_status dh_put_activity(struct dh_call *call, const struct dh_activity *activity,
                               bool millis);

#endif
