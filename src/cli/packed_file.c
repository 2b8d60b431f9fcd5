#include "cli/packed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "mirror/encoder.h"

enum { PIECE = 64 * 1024 };

struct packed {
    int fd;
    int error; /* errno of the first failure; then nothing more is written */
    struct dh_encoder encoder;
    char piece[PIECE];
};

static void put(struct packed *packed, size_t len)
{
    for (size_t at = 0; at < len && !packed->error;) {
        ssize_t done = write(packed->fd, packed->piece + at, len - at);
        if (done < 0 && errno != EINTR)
            packed->error = errno;
        at += done > 0 ? (size_t)done : 0;
    }
}

static void encode(struct packed *packed, struct dh_str text, bool last)
{
    bool more = true;
    while ((text.len || more) && !packed->error) {
        size_t len;
        if (dh_encoder_run(&packed->encoder, &text, last, packed->piece, PIECE, &len, &more, NULL))
            packed->error = ENOMEM;
        put(packed, len);
    }
}

/* As fopencookie wants it: 0 is a failure. */
static ssize_t write_text(void *cookie, const char *text, size_t len)
{
    struct packed *packed = cookie;
    encode(packed, (struct dh_str){text, len}, false);
    errno = packed->error;
    return packed->error ? 0 : (ssize_t)len;
}

static int finish(void *cookie)
{
    struct packed *packed = cookie;
    encode(packed, DH_STR(""), true);
    if (close(packed->fd) != 0 && !packed->error)
        packed->error = errno;
    int error = packed->error;
    dh_encoder_release(&packed->encoder);
    free(packed);
    errno = error;
    return error ? -1 : 0;
}

FILE *dh_packed_file_open(const char *path, const char *name)
{
    const cookie_io_functions_t functions = {.write = write_text, .close = finish};
    struct packed *packed = calloc(1, sizeof(*packed));
    if (!packed)
        return NULL;
    FILE *file = NULL;
    packed->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int error = packed->fd < 0 ? errno : ENOMEM;
    if (packed->fd >= 0 && dh_encoder_begin(&packed->encoder, dh_str(name), NULL) == DH_OK)
        file = fopencookie(packed, "w", functions);
    if (file) {
        setvbuf(file, NULL, _IOFBF, PIECE);
        return file;
    }
    if (packed->fd >= 0)
        close(packed->fd);
    dh_encoder_release(&packed->encoder);
    free(packed);
    errno = error;
    return NULL;
}
