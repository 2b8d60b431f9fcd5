/* Records out of files of any format, one after the other, read as texts.h says. */
#ifndef DH_CLI_RECORDS_H
#define DH_CLI_RECORDS_H

#include "format/format.h"
#include "mirror/input.h"

/* Where something stands. */
struct dh_place {
    const char *file;    /* as given; "-" is standard input */
    uint64_t line, byte; /* 1-based and 0-based, in the decompressed text */
    size_t record;       /* which one of the text that begins there, 1-based; 0: all of it */
};

struct dh_records {
    const struct dh_format *from; /* NULL: as detected */
    void *context;
    /* A metadata tree, borrowed. Anything but DH_OK ends the reading with that status. */
    enum dh_status (*each)(void *context, struct json_object *metadata,
                           const struct dh_place *place, struct dh_err *err);
    /* A part of the input that is no record; reading goes on behind it. */
    void (*bad)(void *context, const struct dh_place *place, const struct dh_err *err);
    /* Called between records with the bytes of the file read so far, compressed; or NULL. */
    void (*progress)(void *context, uint64_t bytes);
};

/*
 * Reads all records of a file; "-" is standard input. What cannot be read goes to `bad`, a damaged
 * end of the file, too. DH_NOT_FOUND and DH_IO when the file itself cannot be read, DH_MEMORY, or
 * what `each` returned.
 */
enum dh_status dh_records_read(const struct dh_records *records, const char *path,
                               struct dh_err *err);
/* The place of a byte of a text that begins at `place`. */
struct dh_place dh_place_within(const struct dh_place *place, struct dh_str text, size_t byte);
/* "FILE:LINE", or "FILE:LINE: record N"; at most `cap` bytes with the NUL. */
struct dh_str dh_place_name(const struct dh_place *place, char *to, size_t cap);
/* "FILE:LINE: byte N: reason" on standard error. */
void dh_place_complain(const struct dh_place *place, const struct dh_err *err);
/* Says why files cannot be read, for each that cannot; true when all can. */
bool dh_files_readable(const char *const *paths, size_t count);
/* Bytes of all files; 0 when one of them is a pipe, so that it cannot be told. */
uint64_t dh_files_size(const char *const *paths, size_t count);

#endif
