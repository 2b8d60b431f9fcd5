/*
 * JSON over json-c: one way to parse (strict, UTF-8 checked, bounded), one way to write
 * (compact, in the order or escaping the wire wants) and a few getters. json-c's own
 * printer is never used: it mutates the tree and escapes other characters.
 */
#ifndef DH_BASE_JSON_H
#define DH_BASE_JSON_H

#include <json-c/json.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    DH_JSON_PLAIN = 0,
    DH_JSON_HTML = 1, /* write < > & as \u003c \u003e \u0026 */
    DH_JSON_SORT = 2  /* object keys by length, then bytewise, at every depth */
};

/*
 * Parses one whole JSON value (RFC 8259); white space around it is allowed. On DH_OK *out is the
 * caller's (json_object_put), NULL meaning the JSON null. Numbers keep their text, integers beyond
 * 64 bits too. DH_INVALID carries the byte offset; DH_LIMIT at DH_JSON_DEPTH_MAX.
 */
enum dh_status dh_json_parse(struct dh_str text, struct json_object **out, struct dh_err *err);

void dh_json_write(struct dh_buf *buf, struct json_object *value, unsigned flags);
/* The same for people: each member and element on a line of its own, indented by two spaces, `": "`
 * after keys, [] and {} when empty, keys in their own order. No newline at the end. */
void dh_json_pretty(struct dh_buf *buf, struct json_object *value, unsigned flags);
/* Writes the value of a member in a form of its own; false leaves it to dh_json_write. */
typedef bool dh_json_writer(struct dh_buf *buf, struct dh_str key, struct json_object *value,
                            unsigned flags);
/* As dh_json_write of an object; `special` (may be NULL) sees each member first. */
void dh_json_write_object(struct dh_buf *buf, struct json_object *object, unsigned flags,
                          dh_json_writer *special);
/* A JSON string with quotes. Invalid UTF-8 is the caller's business. */
void dh_json_string(struct dh_buf *buf, struct dh_str s, unsigned flags);
/* As dh_json_string, but an empty dh_str with ptr NULL writes null. */
void dh_json_string_or_null(struct dh_buf *buf, struct dh_str s, unsigned flags);

/* Member of an object; NULL when absent, null, or `object` is no object. Borrowed. */
struct json_object *dh_json_get(struct json_object *object, const char *key);
/* True when the member is there, be it null. */
bool dh_json_has(struct json_object *object, const char *key);
/* The bytes of a string value, DH_STR_NONE for any other type. Borrowed. */
struct dh_str dh_json_str(struct json_object *value);
/* dh_json_str of a member. */
struct dh_str dh_json_member(struct json_object *object, const char *key);
/* A new string value (may hold NUL bytes). */
struct json_object *dh_json_new_str(struct dh_str s);
/* Equal as JSON values, whatever the order of members; numbers by their text, else value. */
bool dh_json_equal(struct json_object *a, struct json_object *b);

#endif
