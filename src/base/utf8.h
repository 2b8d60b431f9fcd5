/* UTF-8 (RFC 3629): checking and repairing text that came from outside. */
#ifndef DH_BASE_UTF8_H
#define DH_BASE_UTF8_H

#include "base/arena.h"

/* Offset of the first byte that is not valid UTF-8, or s.len when all is. */
size_t dh_utf8_check(struct dh_str s);
/* s itself when valid, else a copy without the invalid bytes. */
struct dh_str dh_utf8_clean(struct dh_arena *arena, struct dh_str s);
/*
 * Decodes one code point at s.ptr (s.len > 0) and sets *size to its bytes.
 * Invalid input gives U+FFFD and size 1.
 */
uint32_t dh_utf8_next(struct dh_str s, size_t *size);

#endif
