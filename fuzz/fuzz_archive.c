/*
 * Archives: any bytes as a tar, its members read to their end. Every member comes to one, what is
 * given stays within what is there, damage is told in words.
 */
#include <stdlib.h>

#include "mirror/archive.h"
#include "mirror/months.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* As much as a member may unpack to here; a bomb is read in pieces like anything else. */
enum { PIECES = 2000, PIECE = 4096 };

static void read_member(struct dh_archive *archive, const struct dh_member *member)
{
    static char piece[PIECE];
    struct dh_input *input;
    struct dh_err err = {0};
    size_t len = 1;
    enum dh_status status = dh_input_from(dh_archive_read, archive, &input, &err);
    require(!status);
    if (member->kind == DH_MEMBER_ROWS) {
        struct dh_month rows = {.month = member->month};
        uint64_t line, byte;
        status = dh_rows_count(input, &rows, &line, &byte, &err);
        require(line >= 1 && line <= byte + 1);
    }
    for (int i = 0; member->kind == DH_MEMBER_RECORDS && !status && len && i < PIECES; i++) {
        status = dh_input_read(input, piece, sizeof(piece), &len, &err);
        require(len <= sizeof(piece));
    }
    require(!status || err.text[0]);
    dh_input_close(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_input *input;
    struct dh_archive *archive = NULL;
    struct dh_member member;
    struct dh_err err = {0};
    bool tar = false;
    if (dh_input_memory((struct dh_str){(const char *)data, size}, &input, &err))
        return 0;
    enum dh_status status = dh_input_is_tar(input, &tar, &err);
    if (!status && tar)
        status = dh_archive_open(input, &archive, &err);
    for (size_t i = 0; archive && status != DH_DONE; i++) {
        require(i <= size); /* a member takes a header */
        status = dh_archive_next(archive, &member, &err);
        require(status == DH_OK || status == DH_DONE || err.text[0]);
        if (status == DH_OK)
            read_member(archive, &member);
    }
    dh_archive_close(archive);
    dh_input_close(input);
    return 0;
}
