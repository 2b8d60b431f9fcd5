/* Folding: what Latin letters and some signs are in plain ASCII. */
#ifndef DH_QUERY_FOLD_H
#define DH_QUERY_FOLD_H

#include "base/base.h"

enum { DH_FOLD_MAX = 16 };

/* Writes what the code point becomes and returns the bytes; 0 when it stays as it is. */
size_t dh_fold_of(uint32_t c, char out[DH_FOLD_MAX]);

#endif
