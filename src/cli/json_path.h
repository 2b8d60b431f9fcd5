/*
 * JSON paths: places in a JSON value as columns name them: "creators.name", "titles[0].title".
 * A list on the way is gone through, so that one path may find many values. Values are read from
 * compact text as the API writes it; no tree is made of what is not asked for.
 */
#ifndef DH_CLI_JSON_PATH_H
#define DH_CLI_JSON_PATH_H

#include "base/base.h"

struct dh_step {
    struct dh_str key; /* a member of an object; ptr NULL: an element of a list */
    size_t index;      /* which element */
};

struct dh_json_path {
    struct dh_str first; /* the name that it begins with */
    struct dh_step *steps;
    size_t count; /* of the steps behind the first name */
    bool indexed; /* an element of a list is among them */
};

/*
 * Reads "a.b[0].c"; text and steps are borrowed from `text` and the arena. DH_INVALID when it is no
 * path, DH_MEMORY.
 */
enum dh_status dh_json_path_read(struct dh_str text, struct dh_json_path *path,
                                 struct dh_arena *arena, struct dh_err *err);
/*
 * Appends what the steps find in a JSON text, "; " between several values: texts and numbers as
 * they are, an object, or a list that holds objects, as JSON. Nulls and what is empty are left out.
 * Damaged text gives less, never an error.
 */
void dh_json_path_put(const struct dh_json_path *path, struct dh_str text, struct dh_buf *out);

/* Offset behind the JSON value that begins at `at`; text.len when it does not end. */
size_t dh_json_text_end(struct dh_str text, size_t at);

#endif
