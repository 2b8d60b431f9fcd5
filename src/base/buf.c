#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void dh_buf_init(struct dh_buf *buf, size_t max)
{
    *buf = (struct dh_buf){.max = max};
}

void dh_buf_release(struct dh_buf *buf)
{
    free(buf->ptr);
    dh_buf_init(buf, buf->max);
}

void dh_buf_clear(struct dh_buf *buf)
{
    buf->len = 0;
    buf->status = DH_OK;
}

static bool grow(struct dh_buf *buf, size_t need)
{
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap > buf->max) /* so that there is never more room than may be used */
        cap = buf->max;
    char *ptr = realloc(buf->ptr, cap);
    if (!ptr) {
        buf->status = DH_MEMORY;
        return false;
    }
    buf->ptr = ptr;
    buf->cap = cap;
    return true;
}

char *dh_buf_grow(struct dh_buf *buf, size_t more)
{
    if (buf->status)
        return NULL;
    if (more > buf->max - buf->len) {
        buf->status = DH_LIMIT;
        return NULL;
    }
    if (buf->len + more > buf->cap && !grow(buf, buf->len + more))
        return NULL;
    return buf->ptr + buf->len;
}

void dh_buf_int(struct dh_buf *buf, int64_t value)
{
    char digits[24];
    char *p = digits + sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    dh_buf_add(buf, p, (size_t)(digits + sizeof(digits) - p));
}

void dh_buf_printf(struct dh_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *place = len < 0 ? NULL : dh_buf_reserve(buf, (size_t)len + 1);
    if (!place)
        return;
    va_start(args, format);
    vsnprintf(place, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}
