/* What the json*.c files share. Nothing outside src/base includes it. */
#ifndef DH_BASE_JSON_PARTS_H
#define DH_BASE_JSON_PARTS_H

#include "base/json.h"

/*
 * Reads an object or array of valid UTF-8 when it is plain JSON; false, and nothing in *out, when
 * json-c has to look at it.
 */
bool dh_json_read_plain(struct dh_str text, struct json_object **out);

#endif
