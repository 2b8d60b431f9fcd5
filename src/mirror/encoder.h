/*
 * Encoder: text becomes compressed bytes, the decoder's way back. The ending of a file's name tells
 * which coding: ".gz" is gzip, ".zst" is zstd, anything else plain. The same text gives the same
 * bytes.
 */
#ifndef DH_MIRROR_ENCODER_H
#define DH_MIRROR_ENCODER_H

#include <zlib.h>
#include <zstd.h>

#include "base/base.h"

struct dh_packing_method;

struct dh_encoder {
    const struct dh_packing_method *method;
    z_stream gzip;
    bool gzip_open;
    ZSTD_CStream *zstd;
};

/* Begins with the coding for that name. DH_MEMORY; to be released in any case. */
enum dh_status dh_encoder_begin(struct dh_encoder *encoder, struct dh_str name, struct dh_err *err);
/*
 * Takes from *in and puts up to `cap` bytes at `to`. With `last` nothing follows *in, and *more
 * says whether bytes are still to come out; without, nothing is left when *in is empty. DH_MEMORY.
 */
enum dh_status dh_encoder_run(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to,
                              size_t cap, size_t *len, bool *more, struct dh_err *err);
void dh_encoder_release(struct dh_encoder *encoder);

#endif
