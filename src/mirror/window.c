#include "mirror/window.h"

#include <stdlib.h>

enum { CHUNK = 128 * 1024 };

void dh_window_init(struct dh_window *window, dh_cutter_source *source, void *context, size_t max)
{
    *window = (struct dh_window){.source = source, .context = context, .max = max};
}

void dh_window_release(struct dh_window *window)
{
    free(window->bytes);
    *window = (struct dh_window){.ended = true};
}

uint64_t dh_window_line(struct dh_window *window)
{
    const char *at = window->bytes + window->counted;
    const char *end = window->bytes + window->keep;
    for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        window->newlines++;
    window->counted = window->keep;
    return window->newlines + 1;
}

static void drop(struct dh_window *window)
{
    size_t keep = window->keep;
    if (!keep)
        return;
    dh_window_line(window);
    memmove(window->bytes, window->bytes + keep, window->len - keep);
    window->len -= keep;
    window->pos -= keep;
    window->base += keep;
    window->keep = window->counted = 0;
}

static bool grow(struct dh_window *window)
{
    if (window->cap - window->len >= CHUNK)
        return true;
    size_t cap = window->cap ? window->cap * 2 : 2 * CHUNK;
    char *bytes = realloc(window->bytes, cap);
    if (!bytes) {
        window->ended = true;
        window->status = dh_fail(&window->err, DH_MEMORY, "out of memory");
        return false;
    }
    window->bytes = bytes;
    window->cap = cap;
    return true;
}

bool dh_window_fill(struct dh_window *window)
{
    if (window->ended)
        return false;
    drop(window);
    window->full = window->len > window->max;
    if (window->full || !grow(window))
        return false;
    size_t got = 0;
    window->status =
        window->source(window->context, window->bytes + window->len, CHUNK, &got, &window->err);
    window->len += got;
    window->ended = window->status != DH_OK || got == 0;
    return got > 0;
}

void dh_window_skip_line(struct dh_window *window)
{
    while (dh_window_peek(window)) {
        const char *from = window->bytes + window->pos;
        const char *newline = memchr(from, '\n', window->len - window->pos);
        window->pos = newline ? (size_t)(newline - window->bytes) : window->len;
        window->keep = window->pos;
        if (newline)
            return;
    }
}
