#include "mirror/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

enum { PIECE = 64 * 1024 };

struct dh_archive {
    struct dh_input *input;
    struct archive *tar;
    char *piece;
    enum dh_status broken; /* what reading the input failed with */
    struct dh_err fault;
    bool damaged; /* a damaged header was told of, and no good one came since */
    bool ended;
    char name[DH_MEMBER_NAME_MAX + 1];
    /* of the member at hand */
    const char *block; /* bytes not yet given */
    size_t block_len;
    int64_t at; /* where they stand in the member */
};

/* ---- names ---------------------------------------------------------------------------------- */

/* "2024-03" as 12 * year + month - 1. */
static bool take_month(struct dh_str *text, int *out)
{
    struct dh_str rest = *text;
    unsigned year, month;
    if (!dh_str_take_digits(&rest, 4, &year) || !dh_str_take(&rest, '-') ||
        !dh_str_take_digits(&rest, 2, &month) || month < 1 || month > 12)
        return false;
    *out = (int)(12 * year + month - 1);
    *text = rest;
    return true;
}

static struct dh_str without_end(struct dh_str text, struct dh_str end)
{
    if (dh_str_ends(text, end))
        text.len -= end.len;
    return text;
}

bool dh_member_tell(struct dh_str name, struct dh_member *out)
{
    struct dh_str rest = name, part = DH_STR_NONE, file = DH_STR_NONE;
    int month = -1, folder;
    while (dh_str_split(&rest, '/', &part)) {
        if (dh_str_starts(part, DH_STR("updated_"))) {
            struct dh_str tail = dh_str_from(part, 8);
            if (take_month(&tail, &folder) && !tail.len)
                month = folder;
        }
        file = part;
    }
    file = without_end(without_end(file, DH_STR(".gz")), DH_STR(".zst"));
    out->month = month;
    out->kind = DH_MEMBER_RECORDS;
    if (!file.len || file.ptr[0] == '.') /* what other systems hide beside a file */
        return false;
    if (dh_str_ends(file, DH_STR(".jsonl")) || dh_str_ends(file, DH_STR(".ndjson")))
        return true;
    out->kind = DH_MEMBER_ROWS;
    return take_month(&file, &out->month) && dh_str_equal(file, DH_STR(".csv"));
}

/* The name is shown on terminals: what could steer one is not. */
static bool keep_name(struct dh_archive *archive, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (!name)
        name = archive_entry_pathname_utf8(entry);
    size_t len = name ? strlen(name) : 0;
    if (!len || len > DH_MEMBER_NAME_MAX)
        return false;
    for (size_t i = 0; i <= len; i++) {
        unsigned char c = (unsigned char)name[i];
        archive->name[i] = (char)(c && (c < 0x20 || c == 0x7f) ? '?' : c);
    }
    return true;
}

/* ---- reading -------------------------------------------------------------------------------- */

static la_ssize_t give(struct archive *tar, void *context, const void **out)
{
    struct dh_archive *archive = context;
    size_t len = 0;
    *out = archive->piece;
    if (!archive->broken)
        archive->broken =
            dh_input_read(archive->input, archive->piece, PIECE, &len, &archive->fault);
    if (!archive->broken || len)
        return (la_ssize_t)len;
    archive_set_error(tar, EIO, "%s", archive->fault.text);
    return -1;
}

static la_int64_t pass(struct archive *tar, void *context, la_int64_t count)
{
    struct dh_archive *archive = context;
    (void)tar;
    return count > 0 ? (la_int64_t)dh_input_skip(archive->input, (uint64_t)count) : 0;
}

enum dh_status dh_archive_open(struct dh_input *input, struct dh_archive **out, struct dh_err *err)
{
    struct dh_archive *archive = *out = calloc(1, sizeof(*archive));
    if (archive) {
        archive->input = input;
        archive->piece = malloc(PIECE);
        archive->tar = archive_read_new();
    }
    if (archive && archive->piece && archive->tar &&
        archive_read_support_format_tar(archive->tar) == ARCHIVE_OK &&
        archive_read_set_skip_callback(archive->tar, pass) == ARCHIVE_OK &&
        archive_read_open(archive->tar, archive, NULL, give, NULL) == ARCHIVE_OK)
        return DH_OK;
    enum dh_status status = DH_MEMORY;
    if (archive && archive->tar && archive_errno(archive->tar) != ENOMEM)
        status = archive->broken ? archive->broken : DH_CORRUPT;
    dh_fail(err, status, "%s",
            status == DH_MEMORY ? "out of memory" : archive_error_string(archive->tar));
    dh_archive_close(archive);
    *out = NULL;
    return status;
}

void dh_archive_close(struct dh_archive *archive)
{
    if (!archive)
        return;
    archive_read_free(archive->tar);
    free(archive->piece);
    free(archive);
}

/* Nothing can be read behind this. */
static enum dh_status end(struct dh_archive *archive, struct dh_err *err)
{
    const char *text = archive_error_string(archive->tar);
    archive->ended = true;
    if (archive->broken) {
        if (err)
            *err = archive->fault;
        return archive->broken;
    }
    if (archive_errno(archive->tar) == ENOMEM)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return dh_fail(err, DH_CORRUPT, "the archive is damaged: %s", text ? text : "unknown");
}

static bool wanted(struct dh_archive *archive, struct archive_entry *entry, struct dh_member *out)
{
    out->name = archive->name;
    return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
           keep_name(archive, entry) && dh_member_tell(dh_str(archive->name), out);
}

enum dh_status dh_archive_next(struct dh_archive *archive, struct dh_member *out,
                               struct dh_err *err)
{
    struct archive_entry *entry;
    archive->block_len = 0;
    archive->at = 0;
    while (!archive->ended) {
        int code = archive_read_next_header(archive->tar, &entry);
        if (code == ARCHIVE_EOF)
            break;
        if (code == ARCHIVE_RETRY) { /* looks for the next header, block by block */
            bool told = archive->damaged;
            archive->damaged = true;
            if (!told)
                return dh_fail(err, DH_CORRUPT, "the archive is damaged here: %s",
                               archive_error_string(archive->tar));
            continue;
        }
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return end(archive, err);
        archive->damaged = false;
        if (wanted(archive, entry, out))
            return DH_OK;
    }
    archive->ended = true;
    return DH_DONE;
}

/* The next block of the member; none when it is over. */
static enum dh_status next_block(struct dh_archive *archive, struct dh_err *err)
{
    const void *bytes = NULL;
    la_int64_t at = 0;
    size_t len = 0;
    int code = ARCHIVE_OK;
    while (!len && (code == ARCHIVE_OK || code == ARCHIVE_WARN))
        code = archive_read_data_block(archive->tar, &bytes, &len, &at);
    if (code == ARCHIVE_EOF)
        return DH_OK;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
        return end(archive, err);
    if (at != archive->at) /* a hole is all zeros, and can be as long as it likes */
        return dh_fail(err, DH_CORRUPT, "this member has holes, which no data file has");
    archive->block = bytes;
    archive->block_len = len;
    archive->at += (int64_t)len;
    return DH_OK;
}

enum dh_status dh_archive_read(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct dh_archive *archive = context;
    *len = 0;
    if (!archive->block_len) {
        enum dh_status status = archive->ended ? DH_OK : next_block(archive, err);
        if (status)
            return status;
    }
    *len = archive->block_len < cap ? archive->block_len : cap;
    if (!*len)
        return DH_OK;
    memcpy(to, archive->block, *len);
    archive->block += *len;
    archive->block_len -= *len;
    return DH_OK;
}
