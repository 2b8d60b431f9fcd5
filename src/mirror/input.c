#include "mirror/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { RAW_SIZE = 128 * 1024, HEAD_SIZE = 512 };

struct dh_input;

/* How bytes become text. `decode` takes from input->raw what it needs and sets *len. */
struct coding {
    bool (*open)(struct dh_input *input);
    enum dh_status (*decode)(struct dh_input *input, char *to, size_t cap, size_t *len,
                             struct dh_err *err);
};

struct dh_input {
    int fd; /* -1: memory */
    bool close_fd;
    const atomic_bool *stop;
    struct dh_str rest; /* memory not yet taken */
    char *raw;          /* bytes as they are in the file */
    size_t raw_at, raw_len;
    bool raw_end;
    const struct coding *coding; /* NULL until the first bytes have been seen */
    z_stream gzip;
    bool gzip_open;
    bool member_open; /* inside a gzip member or a zstd frame: the end would be premature */
    ZSTD_DStream *zstd;
    bool any_text; /* XML and UTF-16 are welcome, too */
    bool looked;   /* the first decompressed bytes have been seen */
    _Atomic uint64_t position;
};

/* Waits until there is something to read. False when told to stop. */
static bool await(const struct dh_input *input)
{
    enum { PATIENCE = 200 }; /* milliseconds */
    struct pollfd fd = {.fd = input->fd, .events = POLLIN};
    int ready = 0;
    while (ready <= 0 && !(input->stop && atomic_load(input->stop)))
        ready = poll(&fd, 1, PATIENCE);
    return ready > 0;
}

static enum dh_status take_file(struct dh_input *input, size_t *got, struct dh_err *err)
{
    if (!await(input))
        return dh_fail(err, DH_IO, "stopped");
    ssize_t len;
    do
        len = read(input->fd, input->raw + input->raw_len, RAW_SIZE - input->raw_len);
    while (len < 0 && errno == EINTR);
    if (len < 0)
        return dh_fail(err, DH_IO, "cannot read: %s", strerror(errno));
    *got = (size_t)len;
    return DH_OK;
}

/* Adds bytes of the file to raw, behind those not yet used. */
static enum dh_status take(struct dh_input *input, struct dh_err *err)
{
    if (input->raw_at) {
        memmove(input->raw, input->raw + input->raw_at, input->raw_len - input->raw_at);
        input->raw_len -= input->raw_at;
        input->raw_at = 0;
    }
    size_t got = 0, room = RAW_SIZE - input->raw_len;
    if (input->fd >= 0) {
        enum dh_status status = take_file(input, &got, err);
        if (status)
            return status;
    } else {
        got = input->rest.len < room ? input->rest.len : room;
        if (got)
            memcpy(input->raw + input->raw_len, input->rest.ptr, got);
        input->rest = dh_str_from(input->rest, got);
    }
    input->raw_len += got;
    input->raw_end = got == 0;
    atomic_fetch_add_explicit(&input->position, got, memory_order_relaxed);
    return DH_OK;
}

/* Fills raw until it holds `want` bytes or the file ends. */
static enum dh_status take_least(struct dh_input *input, size_t want, struct dh_err *err)
{
    while (input->raw_len - input->raw_at < want && !input->raw_end) {
        enum dh_status status = take(input, err);
        if (status)
            return status;
    }
    return DH_OK;
}

static bool open_plain(struct dh_input *input)
{
    (void)input;
    return true;
}

static enum dh_status decode_plain(struct dh_input *input, char *to, size_t cap, size_t *len,
                                   struct dh_err *err)
{
    (void)err;
    *len = input->raw_len - input->raw_at;
    if (*len > cap)
        *len = cap;
    memcpy(to, input->raw + input->raw_at, *len);
    input->raw_at += *len;
    return DH_OK;
}

static bool open_gzip(struct dh_input *input)
{
    enum { GZIP_ONLY = 16 + MAX_WBITS };
    input->gzip_open = inflateInit2(&input->gzip, GZIP_ONLY) == Z_OK;
    return input->gzip_open;
}

/* Zero bytes behind the last member are padding (tapes, block devices), as gzip sees it too. */
static void skip_padding(struct dh_input *input)
{
    while (input->raw_at < input->raw_len && !input->raw[input->raw_at])
        input->raw_at++;
}

static enum dh_status decode_gzip(struct dh_input *input, char *to, size_t cap, size_t *len,
                                  struct dh_err *err)
{
    z_stream *z = &input->gzip;
    if (!input->member_open) {
        skip_padding(input);
        if (input->raw_at == input->raw_len)
            return DH_OK;
        inflateReset(z);
        input->member_open = true;
    }
    z->next_in = (Bytef *)input->raw + input->raw_at;
    z->avail_in = (uInt)(input->raw_len - input->raw_at);
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)cap;
    int code = inflate(z, Z_NO_FLUSH);
    input->raw_at = input->raw_len - z->avail_in;
    *len = cap - z->avail_out;
    if (code == Z_STREAM_END)
        input->member_open = false;
    else if (code == Z_MEM_ERROR)
        return dh_fail(err, DH_MEMORY, "out of memory");
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return dh_fail(err, DH_CORRUPT, "gzip data is damaged: %s", z->msg ? z->msg : "unknown");
    return DH_OK;
}

static bool open_zstd(struct dh_input *input)
{
    input->zstd = ZSTD_createDStream();
    return input->zstd && !ZSTD_isError(ZSTD_initDStream(input->zstd));
}

static enum dh_status decode_zstd(struct dh_input *input, char *to, size_t cap, size_t *len,
                                  struct dh_err *err)
{
    ZSTD_inBuffer in = {input->raw + input->raw_at, input->raw_len - input->raw_at, 0};
    ZSTD_outBuffer out = {to, cap, 0};
    if (!in.size && !input->member_open)
        return DH_OK;
    size_t code = ZSTD_decompressStream(input->zstd, &out, &in);
    input->raw_at += in.pos;
    *len = out.pos;
    if (ZSTD_isError(code))
        return dh_fail(err, DH_CORRUPT, "zstd data is damaged: %s", ZSTD_getErrorName(code));
    input->member_open = code != 0;
    return DH_OK;
}

static const struct coding plain = {open_plain, decode_plain};
static const struct coding gzip = {open_gzip, decode_gzip};
static const struct coding zstd = {open_zstd, decode_zstd};

/* Codings by their first bytes. A zstd file may begin with a skippable frame, 0x184D2A50 to 5F. */
static const struct {
    unsigned char bytes[4], mask[4];
    const struct coding *coding;
} signatures[] = {
    {{0x1f, 0x8b, 0x08, 0x00}, {0xff, 0xff, 0xff, 0x00}, &gzip},
    {{0x28, 0xb5, 0x2f, 0xfd}, {0xff, 0xff, 0xff, 0xff}, &zstd},
    {{0x50, 0x2a, 0x4d, 0x18}, {0xf0, 0xff, 0xff, 0xff}, &zstd},
};

static const struct coding *coding_of(const unsigned char *head)
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

/* Text beginning like this would give one complaint per line: better one sentence. */
static const struct {
    size_t at;
    struct dh_str bytes;
    const char *what;
    bool text; /* of another kind than data files are */
} strangers[] = {
    {257, {"ustar", 5}, "a tar archive: unpack it and import the files in it"},
    {0, {"PK\3\4", 4}, "a zip archive: unpack it and import the files in it"},
    {0,
     {"\375"
      "7zXZ",
      5},
     "xz-compressed: decompress it first"},
    {0, {"BZh", 3}, "bzip2-compressed: decompress it first"},
    {0, {"SQLite format 3", 15}, "an SQLite file, not a data file"},
    {0, {"\377\376", 2}, "UTF-16 text: convert it to UTF-8", true},
    {0, {"\376\377", 2}, "UTF-16 text: convert it to UTF-8", true},
    {0, {"<", 1}, "XML or HTML, not JSON", true},
};

static enum dh_status look(struct dh_input *input, struct dh_str head, size_t *len,
                           struct dh_err *err)
{
    input->looked = true;
    *len = 0;
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
        if (!(strangers[i].text && input->any_text) &&
            dh_str_starts(dh_str_from(head, strangers[i].at), strangers[i].bytes))
            return dh_fail(err, DH_UNSUPPORTED, "this is %s", strangers[i].what);
    *len = head.len;
    return DH_OK;
}

static enum dh_status begin(struct dh_input *input, struct dh_err *err)
{
    enum dh_status status = take_least(input, HEAD_SIZE, err);
    if (status)
        return status;
    unsigned char head[4] = {0};
    memcpy(head, input->raw, input->raw_len < 4 ? input->raw_len : 4);
    input->coding = coding_of(head);
    if (!input->coding->open(input))
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

enum dh_status dh_input_read(struct dh_input *input, char *to, size_t cap, size_t *len,
                             struct dh_err *err)
{
    *len = 0;
    enum dh_status status = input->coding ? DH_OK : begin(input, err);
    while (!status && !*len) {
        status = input->coding->decode(input, to, cap, len, err);
        if (status || *len)
            break;
        if (input->raw_end && input->member_open)
            return dh_fail(err, DH_CORRUPT, "compressed data ends too early");
        if (input->raw_end && input->raw_at == input->raw_len)
            return DH_OK;
        if (input->raw_at == input->raw_len || input->member_open)
            status = take(input, err);
    }
    if (!status && !input->looked)
        status = look(input, (struct dh_str){to, *len}, len, err);
    return status;
}

void dh_input_allow_any_text(struct dh_input *input)
{
    input->any_text = true;
}

uint64_t dh_input_position(const struct dh_input *input)
{
    return atomic_load_explicit(&input->position, memory_order_relaxed);
}

static enum dh_status make(int fd, bool close_fd, struct dh_str text, const atomic_bool *stop,
                           struct dh_input **out, struct dh_err *err)
{
    struct dh_input *input = calloc(1, sizeof(*input));
    if (input)
        input->raw = malloc(RAW_SIZE);
    if (!input || !input->raw) {
        free(input);
        if (close_fd)
            close(fd);
        return dh_fail(err, DH_MEMORY, "out of memory");
    }
    input->fd = fd;
    input->close_fd = close_fd;
    input->rest = text;
    input->stop = stop;
    *out = input;
    return DH_OK;
}

enum dh_status dh_input_open(const char *path, const atomic_bool *stop, struct dh_input **out,
                             struct dh_err *err)
{
    *out = NULL;
    if (strcmp(path, "-") == 0)
        return make(STDIN_FILENO, false, DH_STR_NONE, stop, out, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return dh_fail(err, errno == ENOENT || errno == ENOTDIR ? DH_NOT_FOUND : DH_IO, "%s: %s",
                       path, strerror(errno));
    return make(fd, true, DH_STR_NONE, stop, out, err);
}

enum dh_status dh_input_memory(struct dh_str text, struct dh_input **out, struct dh_err *err)
{
    *out = NULL;
    return make(-1, false, text, NULL, out, err);
}

void dh_input_close(struct dh_input *input)
{
    if (!input)
        return;
    if (input->gzip_open)
        inflateEnd(&input->gzip);
    ZSTD_freeDStream(input->zstd);
    if (input->close_fd)
        close(input->fd);
    free(input->raw);
    free(input);
}
