#include "mirror/encoder.h"

enum { GZIP_LEVEL = 6, ZSTD_LEVEL = 3 };

/* One coding: by which ending it is asked for, and how it is made. */
struct dh_packing_method {
    struct dh_str ending;
    bool (*open)(struct dh_encoder *encoder);
    bool (*encode)(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to, size_t cap,
                   size_t *len, bool *more);
};

static bool open_plain(struct dh_encoder *encoder)
{
    (void)encoder;
    return true;
}

static bool encode_plain(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to,
                         size_t cap, size_t *len, bool *more)
{
    (void)encoder;
    (void)last;
    *len = in->len < cap ? in->len : cap;
    if (*len)
        memcpy(to, in->ptr, *len);
    *in = dh_str_from(*in, *len);
    *more = in->len > 0;
    return true;
}

static bool open_gzip(struct dh_encoder *encoder)
{
    enum { GZIP = 16 + MAX_WBITS, MEMORY = 8 };
    encoder->gzip_open = deflateInit2(&encoder->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP, MEMORY,
                                      Z_DEFAULT_STRATEGY) == Z_OK;
    return encoder->gzip_open;
}

static bool encode_gzip(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to,
                        size_t cap, size_t *len, bool *more)
{
    enum { STEP = 1 << 30 }; /* zlib counts in 32 bits */
    z_stream *z = &encoder->gzip;
    struct dh_str step = {in->ptr, in->len < STEP ? in->len : STEP};
    z->next_in = (Bytef *)step.ptr;
    z->avail_in = (uInt)step.len;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)cap;
    int code = deflate(z, last && step.len == in->len ? Z_FINISH : Z_NO_FLUSH);
    *in = dh_str_from(*in, step.len - z->avail_in);
    *len = cap - z->avail_out;
    *more = last ? code != Z_STREAM_END : z->avail_out == 0;
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
}

static bool open_zstd(struct dh_encoder *encoder)
{
    encoder->zstd = ZSTD_createCStream();
    return encoder->zstd &&
           !ZSTD_isError(
               ZSTD_CCtx_setParameter(encoder->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(encoder->zstd, ZSTD_c_checksumFlag, 1));
}

static bool encode_zstd(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to,
                        size_t cap, size_t *len, bool *more)
{
    ZSTD_inBuffer from = {in->ptr, in->len, 0};
    ZSTD_outBuffer out = {to, cap, 0};
    size_t left =
        ZSTD_compressStream2(encoder->zstd, &out, &from, last ? ZSTD_e_end : ZSTD_e_continue);
    *in = dh_str_from(*in, from.pos);
    *len = out.pos;
    *more = last ? left != 0 : out.pos == cap;
    return !ZSTD_isError(left);
}

/* The last one fits any name. */
static const struct dh_packing_method methods[] = {
    {{".gz", 3}, open_gzip, encode_gzip},
    {{".zst", 4}, open_zstd, encode_zstd},
    {{"", 0}, open_plain, encode_plain},
};

static const struct dh_packing_method *method_for(struct dh_str name)
{
    size_t i = 0;
    while (!dh_str_ends(name, methods[i].ending))
        i++;
    return &methods[i];
}

enum dh_status dh_encoder_begin(struct dh_encoder *encoder, struct dh_str name, struct dh_err *err)
{
    *encoder = (struct dh_encoder){.method = method_for(name)};
    return encoder->method->open(encoder) ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

enum dh_status dh_encoder_run(struct dh_encoder *encoder, struct dh_str *in, bool last, char *to,
                              size_t cap, size_t *len, bool *more, struct dh_err *err)
{
    *len = 0;
    if (!encoder->method->encode(encoder, in, last, to, cap, len, more))
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

void dh_encoder_release(struct dh_encoder *encoder)
{
    if (encoder->gzip_open)
        deflateEnd(&encoder->gzip);
    ZSTD_freeCStream(encoder->zstd);
}
