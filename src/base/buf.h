/*
 * Buf: text under construction, with a ceiling given at birth. The first failure
 * sticks: later calls do nothing, so a run of them is checked once at the end.
 */
#ifndef DH_BASE_BUF_H
#define DH_BASE_BUF_H

#include "base/str.h"
#include "doihound.h"

struct dh_buf {
    char *ptr; /* NULL until the first byte; not terminated */
    size_t len;
    size_t cap;
    size_t max;
    enum dh_status status; /* DH_OK, DH_LIMIT or DH_MEMORY */
};

void dh_buf_init(struct dh_buf *buf, size_t max);
void dh_buf_release(struct dh_buf *buf);
/* Empties for reuse, keeps the memory, forgets a failure. */
void dh_buf_clear(struct dh_buf *buf);
/* dh_buf_reserve where there is no room yet. */
char *dh_buf_grow(struct dh_buf *buf, size_t more);
/* Makes room for `more` bytes and returns the place of the first, or NULL. Does not change len. */
static inline char *dh_buf_reserve(struct dh_buf *buf, size_t more)
{
    if (buf->status || more > buf->cap - buf->len || !buf->ptr)
        return dh_buf_grow(buf, more);
    return buf->ptr + buf->len;
}
static inline void dh_buf_add(struct dh_buf *buf, const void *bytes, size_t len)
{
    char *place = len ? dh_buf_reserve(buf, len) : NULL;
    if (!place)
        return;
    memcpy(place, bytes, len);
    buf->len += len;
}
static inline void dh_buf_str(struct dh_buf *buf, struct dh_str s)
{
    dh_buf_add(buf, s.ptr, s.len);
}
static inline void dh_buf_text(struct dh_buf *buf, const char *text)
{
    dh_buf_add(buf, text, strlen(text));
}
static inline void dh_buf_char(struct dh_buf *buf, char c)
{
    char *place = dh_buf_reserve(buf, 1);
    if (!place)
        return;
    *place = c;
    buf->len++;
}
void dh_buf_int(struct dh_buf *buf, int64_t value);
void dh_buf_printf(struct dh_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The bytes so far; borrowed until the next change. */
static inline struct dh_str dh_buf_view(const struct dh_buf *buf)
{
    return (struct dh_str){buf->ptr, buf->len};
}

#endif
