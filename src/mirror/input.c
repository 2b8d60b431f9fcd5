#include "mirror/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/decoder.h"

enum { RAW_SIZE = 128 * 1024, HEAD_SIZE = 512 };

struct dh_input {
    int fd; /* -1: `source`, or memory when that is NULL */
    bool close_fd;
    const atomic_bool *stop;
    dh_input_source *source;
    void *context;
    enum dh_status broken; /* what the source failed with, behind the bytes in raw */
    struct dh_err fault;
    struct dh_str rest; /* memory not yet taken */
    char *raw;          /* bytes as they are in the file */
    size_t raw_at, raw_len;
    bool raw_end;
    struct dh_decoder decoder; /* begun when the first bytes have been seen */
    bool any_text;             /* XML and UTF-16 are welcome, too */
    bool looked;               /* the first decompressed bytes have been seen */
    char *head;                /* those bytes, until they are given */
    size_t head_at, head_len;
    enum dh_status head_status; /* the failure behind them */
    struct dh_err head_err;
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

/* What a source gave before it failed is used first. */
static enum dh_status take_source(struct dh_input *input, size_t *got, struct dh_err *err)
{
    if (!input->broken)
        input->broken = input->source(input->context, input->raw + input->raw_len,
                                      RAW_SIZE - input->raw_len, got, &input->fault);
    if (!input->broken || *got)
        return DH_OK;
    if (err)
        *err = input->fault;
    return input->broken;
}

static void take_memory(struct dh_input *input, size_t *got)
{
    size_t room = RAW_SIZE - input->raw_len;
    *got = input->rest.len < room ? input->rest.len : room;
    if (*got)
        memcpy(input->raw + input->raw_len, input->rest.ptr, *got);
    input->rest = dh_str_from(input->rest, *got);
}

/* Adds bytes of the file to raw, behind those not yet used. */
static enum dh_status take(struct dh_input *input, struct dh_err *err)
{
    if (input->raw_at) {
        memmove(input->raw, input->raw + input->raw_at, input->raw_len - input->raw_at);
        input->raw_len -= input->raw_at;
        input->raw_at = 0;
    }
    size_t got = 0;
    enum dh_status status = DH_OK;
    if (input->fd >= 0)
        status = take_file(input, &got, err);
    else if (input->source)
        status = take_source(input, &got, err);
    else
        take_memory(input, &got);
    if (status)
        return status;
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

#define TAR_MAGIC "ustar"
enum { TAR_AT = 257 };

/* Text beginning like this would give one complaint per line: better one sentence. */
static const struct {
    size_t at;
    struct dh_str bytes;
    const char *what;
    bool text; /* of another kind than data files are */
} strangers[] = {
    {TAR_AT, {TAR_MAGIC, 5}, "a tar archive in an archive: unpack the outer one first"},
    {0, {"PK\3\4", 4}, "a zip archive: unpack it and import the files in it"},
    {0,
     {"\375"
      "7zXZ",
      5},
     "xz-compressed: decompress it first"},
    {0, {"\37\213", 2}, "compressed twice: decompress it once"},
    {0, {"\50\265\57\375", 4}, "compressed twice: decompress it once"},
    {0, {"BZh", 3}, "bzip2-compressed: decompress it first"},
    {0, {"SQLite format 3", 15}, "an SQLite file, not a data file"},
    {0, {"\377\376", 2}, "UTF-16 text: convert it to UTF-8", true},
    {0, {"\376\377", 2}, "UTF-16 text: convert it to UTF-8", true},
    {0, {"<", 1}, "XML or HTML, not JSON", true},
    {0, {"doi,", 4}, "CSV, which holds no whole records: import JSON Lines", true},
};

static enum dh_status begin(struct dh_input *input, struct dh_err *err)
{
    enum dh_status status = take_least(input, HEAD_SIZE, err);
    if (status && !(input->broken && input->raw_len)) /* what came before is used first */
        return status;
    return dh_decoder_begin(&input->decoder, (struct dh_str){input->raw, input->raw_len}, err);
}

/* Decompressed bytes as they come. */
static enum dh_status decode(struct dh_input *input, char *to, size_t cap, size_t *len,
                             struct dh_err *err)
{
    *len = 0;
    enum dh_status status = input->decoder.coding ? DH_OK : begin(input, err);
    while (!status && !*len) {
        struct dh_str in = {input->raw + input->raw_at, input->raw_len - input->raw_at};
        status = dh_decoder_run(&input->decoder, &in, to, cap, len, err);
        input->raw_at = input->raw_len - in.len;
        if (status || *len)
            break;
        if (input->raw_end && input->decoder.within)
            return dh_fail(err, DH_CORRUPT, "compressed data ends too early");
        if (input->raw_end && input->raw_at == input->raw_len)
            return DH_OK;
        if (input->raw_at == input->raw_len || input->decoder.within)
            status = take(input, err);
    }
    return status;
}

/* Decompresses the first bytes, by which content is told, and keeps them to be given. */
static enum dh_status fill_head(struct dh_input *input, struct dh_err *err)
{
    size_t len = 1;
    if (input->head)
        return DH_OK;
    input->head = malloc(HEAD_SIZE);
    if (!input->head)
        return dh_fail(err, DH_MEMORY, "out of memory");
    while (input->head_len < HEAD_SIZE && len && !input->head_status) {
        input->head_status = decode(input, input->head + input->head_len,
                                    HEAD_SIZE - input->head_len, &len, &input->head_err);
        input->head_len += len;
    }
    return DH_OK;
}

static struct dh_str head_of(const struct dh_input *input)
{
    return (struct dh_str){input->head, input->head_len};
}

static enum dh_status look(struct dh_input *input, struct dh_err *err)
{
    enum dh_status status = fill_head(input, err);
    for (size_t i = 0; !status && i < sizeof(strangers) / sizeof(strangers[0]); i++)
        if (!(strangers[i].text && input->any_text) &&
            dh_str_starts(dh_str_from(head_of(input), strangers[i].at), strangers[i].bytes))
            return dh_fail(err, DH_UNSUPPORTED, "this is %s", strangers[i].what);
    input->looked = !status;
    return status;
}

enum dh_status dh_input_is_tar(struct dh_input *input, bool *tar, struct dh_err *err)
{
    enum dh_status status = fill_head(input, err);
    *tar = !status && dh_str_starts(dh_str_from(head_of(input), TAR_AT), DH_STR(TAR_MAGIC));
    input->looked = *tar;
    return status;
}

/* Gives of the head what fits; a failure right behind it comes with its last bytes. */
static enum dh_status give_head(struct dh_input *input, char *to, size_t cap, size_t *len,
                                struct dh_err *err)
{
    *len = input->head_len - input->head_at < cap ? input->head_len - input->head_at : cap;
    memcpy(to, input->head + input->head_at, *len);
    input->head_at += *len;
    if (input->head_at < input->head_len || !input->head_status)
        return DH_OK;
    if (err)
        *err = input->head_err;
    return input->head_status;
}

enum dh_status dh_input_read(struct dh_input *input, char *to, size_t cap, size_t *len,
                             struct dh_err *err)
{
    *len = 0;
    enum dh_status status = input->looked ? DH_OK : look(input, err);
    if (status)
        return status;
    if (input->head_at < input->head_len || input->head_status)
        return give_head(input, to, cap, len, err);
    return decode(input, to, cap, len, err);
}

uint64_t dh_input_skip(struct dh_input *input, uint64_t count)
{
    uint64_t at_hand = input->raw_len - input->raw_at;
    struct stat file;
    if (!dh_decoder_plain(&input->decoder) || input->fd < 0 || input->head_at < input->head_len ||
        input->head_status || count <= at_hand || fstat(input->fd, &file) != 0 ||
        !S_ISREG(file.st_mode))
        return 0;
    off_t at = lseek(input->fd, 0, SEEK_CUR);
    if (at < 0 || at >= file.st_size || count - at_hand > (uint64_t)(file.st_size - at) ||
        lseek(input->fd, (off_t)(count - at_hand), SEEK_CUR) < 0)
        return 0;
    input->raw_at = input->raw_len = 0;
    atomic_fetch_add_explicit(&input->position, count - at_hand, memory_order_relaxed);
    return count;
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

enum dh_status dh_input_from(dh_input_source *source, void *context, struct dh_input **out,
                             struct dh_err *err)
{
    enum dh_status status = dh_input_memory(DH_STR_NONE, out, err);
    if (!status) {
        (*out)->source = source;
        (*out)->context = context;
    }
    return status;
}

void dh_input_close(struct dh_input *input)
{
    if (!input)
        return;
    dh_decoder_release(&input->decoder);
    if (input->close_fd)
        close(input->fd);
    free(input->head);
    free(input->raw);
    free(input);
}
