/*
 * A file that appears under its name only when it is complete: until then it is FILE.part. A name
 * that ends in .gz or .zst is compressed so.
 */
#ifndef DH_CLI_EXPORT_FILE_H
#define DH_CLI_EXPORT_FILE_H

#include <stdio.h>

#include "cli/cli.h"

struct dh_export_file {
    FILE *out;
    const char *path; /* NULL: standard output, or a device, which is written to directly */
    const char *part;
};

/* What --output names; NULL: standard output, which "-" is, too. */
const char *dh_export_path(const struct dh_cli *cli);
/* `path` NULL is standard output. False, with errno, when the file cannot be made. */
bool dh_export_file_open(struct dh_export_file *file, const char *path, struct dh_arena *arena);
/* Puts a complete file in its place, removes an incomplete one. False, with errno, on failure. */
bool dh_export_file_close(struct dh_export_file *file, bool complete);

#endif
