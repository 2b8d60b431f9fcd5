/*
 * Decoder: compressed bytes become text. Plain, gzip (any number of members) and zstd (any number
 * of frames) are told apart by their first bytes.
 */
#ifndef DH_MIRROR_DECODER_H
#define DH_MIRROR_DECODER_H

#include <zlib.h>
#include <zstd.h>

#include "base/base.h"

struct dh_coding;

struct dh_decoder {
    const struct dh_coding *coding; /* NULL: not yet begun */
    z_stream gzip;
    bool gzip_open;
    ZSTD_DStream *zstd;
    bool within; /* a gzip member or a zstd frame: the end would be premature */
};

/* `head` is the beginning of the content, at least 4 bytes unless it is shorter. DH_MEMORY. */
enum dh_status dh_decoder_begin(struct dh_decoder *decoder, struct dh_str head, struct dh_err *err);
/* True when bytes are given as they are. */
bool dh_decoder_plain(const struct dh_decoder *decoder);
/* Takes from *in what it needs and puts up to `cap` bytes at `to`. DH_CORRUPT, DH_MEMORY. */
enum dh_status dh_decoder_run(struct dh_decoder *decoder, struct dh_str *in, char *to, size_t cap,
                              size_t *len, struct dh_err *err);
void dh_decoder_release(struct dh_decoder *decoder);

#endif
