#include "mirror/packing.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 64 * 1024, PATH_TEXT_MAX = 4096, SHA256 = 32, LEVEL = 6 };

struct dh_packing {
    char path[PATH_TEXT_MAX]; /* of the folder or the tar */
    struct archive *tar;      /* NULL: a folder */
    int tar_fd;
    struct dh_buf manifest;
    /* of the member under way */
    int fd; /* -1: none */
    char name[256];
    char part[PATH_TEXT_MAX + 280]; /* where it is until it is complete; "" in a tar */
    int64_t time;
    uint64_t size;
    bool plain; /* not compressed */
    z_stream gzip;
    bool gzip_open;
    gnutls_hash_hd_t hash;
    char *piece;
};

static enum dh_status no_memory(struct dh_err *err)
{
    return dh_fail(err, DH_MEMORY, "out of memory");
}

static enum dh_status failed(struct dh_err *err, const char *path)
{
    return dh_fail(err, DH_IO, "cannot write %s: %s", path, strerror(errno));
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum dh_status open_tar(struct dh_packing *packing, struct dh_err *err)
{
    snprintf(packing->part, sizeof(packing->part), "%s.part", packing->path);
    packing->tar_fd = open(packing->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (packing->tar_fd < 0)
        return failed(err, packing->part);
    packing->tar = archive_write_new();
    if (packing->tar && archive_write_set_format_ustar(packing->tar) == ARCHIVE_OK &&
        archive_write_open_fd(packing->tar, packing->tar_fd) == ARCHIVE_OK)
        return DH_OK;
    return no_memory(err);
}

static enum dh_status open_folder(struct dh_packing *packing, struct dh_err *err)
{
    char inner[PATH_TEXT_MAX + 16];
    snprintf(inner, sizeof(inner), "%s/dois", packing->path);
    if (mkdir(packing->path, 0777) != 0 && errno != EEXIST)
        return failed(err, packing->path);
    if (mkdir(inner, 0777) == 0)
        return DH_OK;
    if (errno != EEXIST)
        return failed(err, inner);
    return dh_fail(err, DH_INVALID, "%s is there already: name a new folder", inner);
}

enum dh_status dh_packing_open(const char *path, bool tar, struct dh_packing **out,
                               struct dh_err *err)
{
    struct dh_packing *packing = *out = calloc(1, sizeof(*packing));
    if (!packing)
        return no_memory(err);
    packing->fd = packing->tar_fd = -1;
    dh_buf_init(&packing->manifest, SIZE_MAX);
    packing->piece = malloc(PIECE);
    enum dh_status status = packing->piece ? DH_OK : no_memory(err);
    int len = snprintf(packing->path, sizeof(packing->path), "%s", path);
    if (!status && len >= PATH_TEXT_MAX)
        status = dh_fail(err, DH_IO, "the path is too long");
    if (!status)
        status = tar ? open_tar(packing, err) : open_folder(packing, err);
    if (status)
        dh_packing_close(packing, false, NULL);
    if (status)
        *out = NULL;
    return status;
}

/* ---- members -------------------------------------------------------------------------------- */

/* Makes the folders of a path; one that is there already is fine. */
static void make_folders(char *path, size_t from)
{
    for (size_t i = from; path[i]; i++)
        if (path[i] == '/') {
            path[i] = '\0';
            mkdir(path, 0777);
            path[i] = '/';
        }
}

/* A member of a tar waits in a file without a name, as its size comes before its content. */
static enum dh_status open_member(struct dh_packing *packing, struct dh_err *err)
{
    char path[sizeof(packing->part)];
    if (packing->tar)
        snprintf(path, sizeof(path), "%s.member", packing->path);
    else
        snprintf(path, sizeof(path), "%s/%s.part", packing->path, packing->name);
    if (!packing->tar)
        make_folders(path, strlen(packing->path) + 1);
    packing->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (packing->fd < 0)
        return failed(err, path);
    if (packing->tar)
        unlink(path);
    else
        memcpy(packing->part, path, sizeof(path));
    return DH_OK;
}

static enum dh_status begin(struct dh_packing *packing, const char *name, int64_t time, bool plain,
                            struct dh_err *err)
{
    enum { GZIP = 16 + MAX_WBITS, MEMORY = 8 };
    snprintf(packing->name, sizeof(packing->name), "%s", name);
    packing->time = time;
    packing->size = 0;
    packing->plain = plain;
    packing->gzip = (z_stream){0};
    packing->gzip_open = !plain && deflateInit2(&packing->gzip, LEVEL, Z_DEFLATED, GZIP, MEMORY,
                                                Z_DEFAULT_STRATEGY) == Z_OK;
    if (!plain && !packing->gzip_open)
        return no_memory(err);
    if (gnutls_hash_init(&packing->hash, GNUTLS_DIG_SHA256) != 0) {
        packing->hash = NULL;
        return no_memory(err);
    }
    return open_member(packing, err);
}

enum dh_status dh_packing_begin(struct dh_packing *packing, const char *name, int64_t time,
                                struct dh_err *err)
{
    return begin(packing, name, time, false, err);
}

/* Bytes as they stand in the member. */
static enum dh_status put(struct dh_packing *packing, const char *bytes, size_t len,
                          struct dh_err *err)
{
    if (len && gnutls_hash(packing->hash, bytes, len) != 0)
        return no_memory(err);
    packing->size += len;
    while (len) {
        ssize_t done = write(packing->fd, bytes, len);
        if (done < 0 && errno != EINTR)
            return failed(err, packing->tar ? packing->path : packing->part);
        bytes += done > 0 ? done : 0;
        len -= done > 0 ? (size_t)done : 0;
    }
    return DH_OK;
}

static enum dh_status deflate_all(struct dh_packing *packing, struct dh_str text, int flush,
                                  struct dh_err *err)
{
    z_stream *gzip = &packing->gzip;
    enum dh_status status = DH_OK;
    gzip->next_in = (Bytef *)text.ptr;
    gzip->avail_in = (uInt)text.len;
    do {
        gzip->next_out = (Bytef *)packing->piece;
        gzip->avail_out = PIECE;
        deflate(gzip, flush);
        status = put(packing, packing->piece, PIECE - gzip->avail_out, err);
    } while (!status && !gzip->avail_out);
    return status;
}

enum dh_status dh_packing_add(struct dh_packing *packing, struct dh_str text, struct dh_err *err)
{
    enum { STEP = 1 << 30 };
    enum dh_status status = DH_OK;
    while (text.len && !status) {
        struct dh_str step = {text.ptr, text.len < STEP ? text.len : STEP};
        status = packing->plain ? put(packing, step.ptr, step.len, err)
                                : deflate_all(packing, step, Z_NO_FLUSH, err);
        text = dh_str_from(text, step.len);
    }
    return status;
}

/* ---- ends ----------------------------------------------------------------------------------- */

static enum dh_status tar_failed(struct dh_packing *packing, struct dh_err *err)
{
    const char *text = archive_error_string(packing->tar);
    int code = archive_errno(packing->tar);
    if (code > 0)
        text = strerror(code);
    return dh_fail(err, DH_IO, "cannot write %s: %s", packing->path, text ? text : "unknown");
}

static enum dh_status copy_to_tar(struct dh_packing *packing, struct dh_err *err)
{
    if (lseek(packing->fd, 0, SEEK_SET) < 0)
        return failed(err, packing->path);
    for (;;) {
        ssize_t len = read(packing->fd, packing->piece, PIECE);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return failed(err, packing->path);
        if (len == 0)
            return DH_OK;
        if (archive_write_data(packing->tar, packing->piece, (size_t)len) != len)
            return tar_failed(packing, err);
    }
}

static enum dh_status put_in_tar(struct dh_packing *packing, struct dh_err *err)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        return no_memory(err);
    archive_entry_set_pathname(entry, packing->name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, packing->time / 1000, 0);
    archive_entry_set_size(entry, (la_int64_t)packing->size);
    bool written = archive_write_header(packing->tar, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return written ? copy_to_tar(packing, err) : tar_failed(packing, err);
}

static enum dh_status put_in_folder(struct dh_packing *packing, struct dh_err *err)
{
    char path[sizeof(packing->part)];
    snprintf(path, sizeof(path), "%s/%s", packing->path, packing->name);
    int closed = close(packing->fd);
    packing->fd = -1;
    if (closed != 0 || rename(packing->part, path) != 0)
        return failed(err, path);
    packing->part[0] = '\0';
    return DH_OK;
}

static enum dh_status note(struct dh_packing *packing, struct dh_err *err)
{
    unsigned char digest[SHA256];
    gnutls_datum_t text = {digest, sizeof(digest)}, base64;
    gnutls_hash_deinit(packing->hash, digest);
    packing->hash = NULL;
    if (gnutls_base64_encode2(&text, &base64) != 0)
        return no_memory(err);
    dh_buf_printf(&packing->manifest, "%s %llu %.*s\n", packing->name,
                  (unsigned long long)packing->size, (int)base64.size, (char *)base64.data);
    gnutls_free(base64.data);
    return packing->manifest.status ? no_memory(err) : DH_OK;
}

/* Lets go of the member, complete or not. */
static void drop(struct dh_packing *packing)
{
    if (packing->gzip_open)
        deflateEnd(&packing->gzip);
    if (packing->hash)
        gnutls_hash_deinit(packing->hash, NULL);
    if (packing->fd >= 0)
        close(packing->fd);
    if (!packing->tar && packing->part[0])
        unlink(packing->part);
    packing->gzip_open = false;
    packing->hash = NULL;
    packing->fd = -1;
    if (!packing->tar)
        packing->part[0] = '\0';
}

enum dh_status dh_packing_end(struct dh_packing *packing, struct dh_err *err)
{
    enum dh_status status =
        packing->plain ? DH_OK : deflate_all(packing, DH_STR(""), Z_FINISH, err);
    if (!status)
        status = packing->tar ? put_in_tar(packing, err) : put_in_folder(packing, err);
    if (!status)
        status = note(packing, err);
    drop(packing);
    return status;
}

static enum dh_status write_manifest(struct dh_packing *packing, struct dh_err *err)
{
    struct dh_buf text = packing->manifest; /* it does not list itself */
    int64_t time = packing->time;
    dh_buf_init(&packing->manifest, SIZE_MAX);
    enum dh_status status = begin(packing, "MANIFEST", time, true, err);
    if (!status)
        status = dh_packing_add(packing, dh_buf_view(&text), err);
    if (!status)
        status = dh_packing_end(packing, err);
    dh_buf_release(&text);
    return status;
}

static enum dh_status end_tar(struct dh_packing *packing, bool complete, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (packing->tar && archive_write_close(packing->tar) != ARCHIVE_OK && complete)
        status = tar_failed(packing, err);
    archive_write_free(packing->tar);
    if (close(packing->tar_fd) != 0 && !status)
        status = failed(err, packing->path);
    if (complete && !status && rename(packing->part, packing->path) != 0)
        status = failed(err, packing->path);
    if (!complete || status)
        unlink(packing->part);
    return status;
}

enum dh_status dh_packing_close(struct dh_packing *packing, bool complete, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    if (!packing)
        return DH_OK;
    if (packing->piece)
        drop(packing);
    if (complete)
        status = write_manifest(packing, err);
    if (status)
        drop(packing);
    if (packing->tar_fd >= 0) {
        enum dh_status ended = end_tar(packing, complete && !status, err);
        status = status ? status : ended;
    }
    dh_buf_release(&packing->manifest);
    free(packing->piece);
    free(packing);
    return status;
}
