/* The layout of wire bytes, shared by wire.c and wire_write.c; see the head of wire.c. */
#ifndef DH_MODEL_WIRE_PARTS_H
#define DH_MODEL_WIRE_PARTS_H

#include "model/wire.h"

#define DH_WIRE_MAGIC "dhW1"

enum {
    DH_WIRE_PLAIN_N = 3, /* attributes that may have a plain fragment of their own */
    DH_WIRE_MAGIC_LEN = 4,
    DH_WIRE_LENGTHS = DH_ATTR__N + DH_WIRE_PLAIN_N,
    DH_WIRE_HEAD = DH_WIRE_MAGIC_LEN + 4 + 4 * DH_WIRE_LENGTHS
};

extern const enum dh_attribute dh_wire_plain[DH_WIRE_PLAIN_N];

#endif
