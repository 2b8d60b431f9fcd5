/* URLs (RFC 3986), form encoding and query strings. Bad input is never an error: it is kept or
 * ignored. */
#ifndef DH_HTTP_URL_H
#define DH_HTTP_URL_H

#include "base/base.h"

/* Percent-decodes; '+' becomes a space when `form`. A malformed escape stays as it is. May give NUL
 * bytes. */
struct dh_str dh_url_decode(struct dh_arena *arena, struct dh_str text, bool form);
/* Form-encodes: everything outside A-Za-z0-9_.-~ as %XX, space as '+'. */
void dh_url_encode_form(struct dh_buf *out, struct dh_str text);
/* Percent-encodes a path segment or a DOI: as above, but space as %20 and '/' kept when
 * `keep_slash`. */
void dh_url_encode_path(struct dh_buf *out, struct dh_str text, bool keep_slash);

/*
 * One parameter of a query string, decoded, UTF-8 cleaned. `page[size]=5` has name "page" and key
 * "size"; a name without a well-formed bracket has key.ptr NULL. In `name` (not in `key`) every '-'
 * is written '_'. `raw` is the decoded name as it came.
 */
struct dh_param {
    struct dh_str name, key, value, raw;
};
struct dh_params {
    struct dh_param *items;
    size_t count;
};
/* Parses "a=b&c[d]=e" (raw or encoded brackets; at most DH_PARAMS_MAX, the rest ignored). */
enum dh_status dh_params_parse(struct dh_arena *arena, struct dh_str query, struct dh_params *out);
/* The last parameter of that name (and key; NULL for none): its value, or ptr NULL when not given.
 */
struct dh_str dh_params_get(const struct dh_params *params, const char *name, const char *key);
/* True when given, with any value. */
bool dh_params_has(const struct dh_params *params, const char *name, const char *key);
/* True when given and not blank. */
bool dh_params_present(const struct dh_params *params, const char *name);

#endif
