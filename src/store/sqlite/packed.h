/*
 * packed: the numbers of a packed card as they are read back: seven bits a byte, low end first. A
 * signed number is folded (0, -1, 1, -2 ... become 1, 2, 3, 4 ...), so that 0 can stand for none.
 */
#ifndef DH_SQ_PACKED_H
#define DH_SQ_PACKED_H

#include "base/base.h"

struct dh_sq_packed {
    const unsigned char *at, *end;
    bool bad; /* a number was cut short; sticks */
};

static inline struct dh_sq_packed dh_sq_packed(struct dh_str bytes)
{
    const unsigned char *start = (const unsigned char *)(bytes.len ? bytes.ptr : "");
    return (struct dh_sq_packed){start, start + bytes.len, false};
}

uint64_t dh_sq_packed_long(struct dh_sq_packed *in);

/* The next number; 0 with `bad` set when there is none. */
static inline uint64_t dh_sq_packed_next(struct dh_sq_packed *in)
{
    if (in->at < in->end && *in->at < 0x80)
        return *in->at++;
    return dh_sq_packed_long(in);
}

/* The next bytes behind their length; ptr NULL with `bad` set when they are cut short. */
static inline struct dh_str dh_sq_packed_bytes(struct dh_sq_packed *in)
{
    uint64_t len = dh_sq_packed_next(in);
    in->bad = in->bad || len > (size_t)(in->end - in->at);
    if (in->bad)
        return DH_STR_NONE;
    in->at += len;
    return (struct dh_str){(const char *)in->at - len, len};
}

static inline uint64_t dh_sq_fold(int64_t value)
{
    if (value == DH_TIME_NONE)
        return 0;
    return (((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0)) + 1;
}

static inline int64_t dh_sq_unfold(uint64_t folded)
{
    if (folded-- == 0)
        return DH_TIME_NONE;
    return (int64_t)((folded >> 1) ^ (0 - (folded & 1)));
}

#endif
