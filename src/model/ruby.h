/* Values as Ruby prints them, which is how the API quotes what is wrong. Private to model/. */
#ifndef DH_MODEL_RUBY_H
#define DH_MODEL_RUBY_H

#include <json-c/json.h>

#include "base/buf.h"

/* As in "#{value}": strings bare, null nothing, objects {"key" => "value"}, lists ["a", nil]. */
void dh_ruby_print(struct dh_buf *buf, struct json_object *value);

#endif
