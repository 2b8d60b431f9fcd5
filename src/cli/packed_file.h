/* A FILE to write to whose text goes to the disk compressed, or as it is. */
#ifndef DH_CLI_PACKED_FILE_H
#define DH_CLI_PACKED_FILE_H

#include <stdio.h>

/*
 * Makes the file at `path`, compressed as the ending of `name` asks for (mirror/encoder.h).
 * NULL, with errno. fclose writes what is left, and fails when anything could not be written, with
 * the errno of that write, however long ago it was.
 */
FILE *dh_packed_file_open(const char *path, const char *name);

#endif
