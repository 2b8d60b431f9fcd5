/*
 * Packing: a data file in the making, as DataCite lays them out since 2024: compressed members, in
 * a folder or a tar, and a MANIFEST of them (name, size, SHA-256 in base64). The same content gives
 * the same bytes.
 */
#ifndef DH_MIRROR_PACKING_H
#define DH_MIRROR_PACKING_H

#include "base/base.h"

struct dh_packing;

/*
 * Begins a folder, which must not hold a data file yet, or a tar, which appears under its name when
 * it is complete. DH_INVALID when the folder does, DH_IO, DH_MEMORY.
 */
enum dh_status dh_packing_open(const char *path, bool tar, struct dh_packing **out,
                               struct dh_err *err);
/* Begins a member of this name, folders with slashes; one at a time. `time` is its modification
 * time, ms. DH_IO, DH_MEMORY. */
enum dh_status dh_packing_begin(struct dh_packing *packing, const char *name, int64_t time,
                                struct dh_err *err);
/* Adds text to the member, which is compressed with gzip. DH_IO. */
enum dh_status dh_packing_add(struct dh_packing *packing, struct dh_str text, struct dh_err *err);
/* The member is complete, and in its place. DH_IO, DH_MEMORY. */
enum dh_status dh_packing_end(struct dh_packing *packing, struct dh_err *err);
/*
 * With `complete` writes the MANIFEST and puts a tar in its place; else leaves no tar, and of a
 * folder the members that are complete. DH_IO, DH_MEMORY.
 */
enum dh_status dh_packing_close(struct dh_packing *packing, bool complete, struct dh_err *err);

#endif
