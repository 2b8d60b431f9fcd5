/*
 * Cutter: turns a stream of bytes into single JSON values without holding the whole. It knows
 * strings, brackets and commas, not words and numbers: what it gives is for dh_json_parse to judge.
 *
 * What counts as one value: an object at the top level, an element of a top-level array, and in a
 * document ({"data":...} with `included`, `meta`, `links` around it) the data object or each
 * element of `data` and `included`. White space, commas and byte order marks between top-level
 * values are ignored.
 *
 * Broken input costs as little as possible. When values stand one per line (the last good one did),
 * a broken one ends at its newline. In pretty-printed input it ends where the indentation says so.
 * What was read meanwhile is looked at again, so that no good value is lost behind a broken one.
 */
#ifndef DH_MIRROR_CUTTER_H
#define DH_MIRROR_CUTTER_H

#include "base/base.h"

/* Gives up to `cap` bytes; *len 0 at the end. An error ends the stream; *len may count with it. */
typedef enum dh_status dh_cutter_source(void *context, char *to, size_t cap, size_t *len,
                                        struct dh_err *err);

struct dh_cutter;

/* One value, or one stretch of input that is none. */
struct dh_cut {
    struct dh_str text; /* borrowed until the next call; not set with a fault */
    uint64_t line;      /* 1-based, of the first byte */
    uint64_t byte;      /* of the first byte, from the start of the stream */
    uint64_t end;       /* just past the last byte */
    const char *fault;  /* NULL; or why this is no value, a constant */
    uint64_t fault_byte;
    enum dh_status status; /* with a fault: DH_INVALID or DH_LIMIT */
    bool included;         /* an element of `included` */
};

/* `max` is the size of the longest value, DH_RECORD_MAX but for tests. DH_MEMORY. */
enum dh_status dh_cutter_new(dh_cutter_source *source, void *context, size_t max,
                             struct dh_cutter **out, struct dh_err *err);
/* NULL is allowed. */
void dh_cutter_free(struct dh_cutter *cutter);
/*
 * The next value. DH_DONE at the end. An error of the source comes after all values before it, with
 * the position in *out; the value that it cut in two is not given. DH_MEMORY.
 */
enum dh_status dh_cutter_next(struct dh_cutter *cutter, struct dh_cut *out, struct dh_err *err);

#endif
