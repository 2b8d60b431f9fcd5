/* Events as a server writes them, in either dialect of the API: subjId, subj-id, or subj_id. */
#ifndef DH_MIRROR_EVENT_READ_H
#define DH_MIRROR_EVENT_READ_H

#include "store/store.h"

struct json_object;

/* Reads a resource of type `events`; what *out points to is the arena's. DH_INVALID for a resource
 * without an id, a subject, an object, a relation type or a source. */
enum dh_status dh_event_read(struct json_object *resource, struct dh_event_in *out,
                             struct dh_arena *arena, struct dh_err *err);

#endif
