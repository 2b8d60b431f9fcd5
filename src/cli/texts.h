/*
 * Texts out of files, for commands that look at them as they stand: JSON is cut value by value, so
 * that a file of any size needs no more memory than its longest value; everything else is one text,
 * up to DH_DOCUMENT_MAX. Plain, gzip or zstd.
 */
#ifndef DH_CLI_TEXTS_H
#define DH_CLI_TEXTS_H

#include "cli/records.h"

struct dh_texts {
    const struct dh_format *from; /* NULL: JSON is told by its first byte */
    void *context;
    /* One text, borrowed. DH_OK or what ends the reading. */
    enum dh_status (*each)(void *context, struct dh_str text, const struct dh_place *place,
                           struct dh_err *err);
    /* What is no value, or a damaged end of the file; reading goes on. */
    void (*bad)(void *context, const struct dh_place *place, const struct dh_err *err);
    /* Called between texts with the bytes of the file read so far, compressed; or NULL. */
    void (*progress)(void *context, uint64_t bytes);
};

/* Reads a file; "-" is standard input. DH_NOT_FOUND and DH_IO when it cannot be read, DH_MEMORY, or
 * what `each` returned. */
enum dh_status dh_texts_read(const struct dh_texts *texts, const char *path, struct dh_err *err);

#endif
