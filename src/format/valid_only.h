/* Formats that are written for valid records only (DH_FORMAT_VALID). Private to format/. */
#ifndef DH_FORMAT_VALID_ONLY_H
#define DH_FORMAT_VALID_ONLY_H

#include "format/format.h"

/* DH_OK for valid metadata, else DH_UNSUPPORTED with the first thing that is wrong. */
enum dh_status dh_valid_only(struct json_object *metadata, struct dh_arena *arena,
                             struct dh_err *err);

#endif
