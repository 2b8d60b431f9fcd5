/*
 * base: what C lacks. Strings with a length, growing buffers with a ceiling,
 * growing arrays, arenas, errors, UTF-8, time, and helpers over json-c. No domain words, no
 * state, no I/O: whatever knows about DOIs, HTTP or SQLite does not belong
 * here.
 */
#ifndef DH_BASE_H
#define DH_BASE_H

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"

#endif
