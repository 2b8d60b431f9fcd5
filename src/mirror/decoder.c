#include "mirror/decoder.h"

/* How bytes become text. */
struct dh_coding {
    bool (*open)(struct dh_decoder *decoder);
    enum dh_status (*decode)(struct dh_decoder *decoder, struct dh_str *in, char *to, size_t cap,
                             size_t *len, struct dh_err *err);
};

static bool open_plain(struct dh_decoder *decoder)
{
    (void)decoder;
    return true;
}

static enum dh_status decode_plain(struct dh_decoder *decoder, struct dh_str *in, char *to,
                                   size_t cap, size_t *len, struct dh_err *err)
{
    (void)decoder;
    (void)err;
    *len = in->len < cap ? in->len : cap;
    if (*len)
        memcpy(to, in->ptr, *len);
    *in = dh_str_from(*in, *len);
    return DH_OK;
}

static bool open_gzip(struct dh_decoder *decoder)
{
    enum { GZIP_ONLY = 16 + MAX_WBITS };
    decoder->gzip_open = inflateInit2(&decoder->gzip, GZIP_ONLY) == Z_OK;
    return decoder->gzip_open;
}

/* Zero bytes behind the last member are padding (tapes, block devices), as gzip sees it too. */
static void skip_padding(struct dh_str *in)
{
    while (in->len && !*in->ptr)
        *in = dh_str_from(*in, 1);
}

static enum dh_status decode_gzip(struct dh_decoder *decoder, struct dh_str *in, char *to,
                                  size_t cap, size_t *len, struct dh_err *err)
{
    z_stream *z = &decoder->gzip;
    if (!decoder->within) {
        skip_padding(in);
        if (!in->len)
            return DH_OK;
        inflateReset(z);
        decoder->within = true;
    }
    z->next_in = (Bytef *)in->ptr;
    z->avail_in = (uInt)in->len;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)cap;
    int code = inflate(z, Z_NO_FLUSH);
    *in = dh_str_from(*in, in->len - z->avail_in);
    *len = cap - z->avail_out;
    if (code == Z_STREAM_END)
        decoder->within = false;
    else if (code == Z_MEM_ERROR)
        return dh_fail(err, DH_MEMORY, "out of memory");
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return dh_fail(err, DH_CORRUPT, "gzip data is damaged: %s", z->msg ? z->msg : "unknown");
    return DH_OK;
}

static bool open_zstd(struct dh_decoder *decoder)
{
    decoder->zstd = ZSTD_createDStream();
    return decoder->zstd && !ZSTD_isError(ZSTD_initDStream(decoder->zstd));
}

static enum dh_status decode_zstd(struct dh_decoder *decoder, struct dh_str *in, char *to,
                                  size_t cap, size_t *len, struct dh_err *err)
{
    ZSTD_inBuffer from = {in->ptr, in->len, 0};
    ZSTD_outBuffer out = {to, cap, 0};
    if (!in->len && !decoder->within)
        return DH_OK;
    size_t code = ZSTD_decompressStream(decoder->zstd, &out, &from);
    *in = dh_str_from(*in, from.pos);
    *len = out.pos;
    if (ZSTD_isError(code))
        return dh_fail(err, DH_CORRUPT, "zstd data is damaged: %s", ZSTD_getErrorName(code));
    decoder->within = code != 0;
    return DH_OK;
}

static const struct dh_coding plain = {open_plain, decode_plain};
static const struct dh_coding gzip = {open_gzip, decode_gzip};
static const struct dh_coding zstd = {open_zstd, decode_zstd};

/* Codings by their first bytes. A zstd file may begin with a skippable frame, 0x184D2A50 to 5F. */
static const struct {
    unsigned char bytes[4], mask[4];
    const struct dh_coding *coding;
} signatures[] = {
    {{0x1f, 0x8b, 0x08, 0x00}, {0xff, 0xff, 0xff, 0x00}, &gzip},
    {{0x28, 0xb5, 0x2f, 0xfd}, {0xff, 0xff, 0xff, 0xff}, &zstd},
    {{0x50, 0x2a, 0x4d, 0x18}, {0xf0, 0xff, 0xff, 0xff}, &zstd},
};

static const struct dh_coding *coding_of(const unsigned char *head)
{
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        size_t same = 0;
        while (same < 4 && (head[same] & signatures[i].mask[same]) == signatures[i].bytes[same])
            same++;
        if (same == 4)
            return signatures[i].coding;
    }
    return &plain;
}

enum dh_status dh_decoder_begin(struct dh_decoder *decoder, struct dh_str head, struct dh_err *err)
{
    unsigned char bytes[4] = {0};
    if (head.len)
        memcpy(bytes, head.ptr, head.len < 4 ? head.len : 4);
    decoder->coding = coding_of(bytes);
    return decoder->coding->open(decoder) ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

bool dh_decoder_plain(const struct dh_decoder *decoder)
{
    return decoder->coding == &plain;
}

enum dh_status dh_decoder_run(struct dh_decoder *decoder, struct dh_str *in, char *to, size_t cap,
                              size_t *len, struct dh_err *err)
{
    *len = 0;
    return decoder->coding->decode(decoder, in, to, cap, len, err);
}

void dh_decoder_release(struct dh_decoder *decoder)
{
    if (decoder->gzip_open)
        inflateEnd(&decoder->gzip);
    ZSTD_freeDStream(decoder->zstd);
}
