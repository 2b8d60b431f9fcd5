/* Window: the part of a stream that the cutter looks at. It slides; what is still needed is kept.
 */
#ifndef DH_MIRROR_WINDOW_H
#define DH_MIRROR_WINDOW_H

#include "mirror/cutter.h"

struct dh_window {
    dh_cutter_source *source;
    void *context;
    char *bytes;
    size_t len, cap, max; /* max: bytes kept at most, beside a chunk to read into */
    size_t pos;           /* the next byte to look at */
    size_t keep;          /* the first byte still needed; <= pos */
    uint64_t base;        /* place of bytes[0] in the stream */
    uint64_t newlines;    /* before bytes[counted] */
    size_t counted;       /* <= keep */
    bool full;            /* more than max bytes would have to be kept */
    bool ended;
    enum dh_status status; /* why it ended, DH_OK for the plain end */
    struct dh_err err;
};

void dh_window_init(struct dh_window *window, dh_cutter_source *source, void *context, size_t max);
void dh_window_release(struct dh_window *window);
/* Reads on, dropping what lies before `keep`. False when nothing came: the end, or full. */
bool dh_window_fill(struct dh_window *window);
/* True when bytes[pos] is there. */
static inline bool dh_window_peek(struct dh_window *window)
{
    return window->pos < window->len || dh_window_fill(window);
}
/* Line of bytes[keep], 1-based. */
uint64_t dh_window_line(struct dh_window *window);
/* Place of bytes[at] in the stream. */
static inline uint64_t dh_window_place(const struct dh_window *window, size_t at)
{
    return window->base + at;
}
/* Moves to the next newline, or to the end, keeping nothing of what is passed. */
void dh_window_skip_line(struct dh_window *window);

#endif
