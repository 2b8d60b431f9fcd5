/*
 * Archive: the members of a tar that belong to a data file, one after the other, never unpacked to
 * disk. Both layouts of DataCite's public data files: <prefix>/part_NNNNN.jsonl, and
 * dois/updated_YYYY-MM/part_NNNN.jsonl.gz with YYYY-MM.csv.gz beside the parts. Folders, links and
 * files of other names are passed over.
 */
#ifndef DH_MIRROR_ARCHIVE_H
#define DH_MIRROR_ARCHIVE_H

#include "mirror/input.h"

struct dh_archive;

enum dh_member_kind {
    DH_MEMBER_RECORDS, /* JSON Lines */
    DH_MEMBER_ROWS     /* CSV of all DOIs of a month */
};

struct dh_member {
    const char *name; /* without control characters; borrowed until the next call */
    enum dh_member_kind kind;
    int month; /* 12 * year + month - 1; -1 when the name tells none */
};

/* `input` is borrowed and holds a tar. DH_MEMORY. */
enum dh_status dh_archive_open(struct dh_input *input, struct dh_archive **out, struct dh_err *err);
/* NULL is allowed. */
void dh_archive_close(struct dh_archive *archive);
/*
 * The next member; what is left of the one before is passed over. DH_DONE at the end. DH_CORRUPT
 * when the archive is damaged, once per place: ask again for what comes behind it. DH_IO,
 * DH_MEMORY.
 */
enum dh_status dh_archive_next(struct dh_archive *archive, struct dh_member *out,
                               struct dh_err *err);
/* A dh_input_source: the bytes of the member as they are in the archive; `context` is the archive.
 */
enum dh_status dh_archive_read(void *context, char *to, size_t cap, size_t *len,
                               struct dh_err *err);

/* What a member is by its name; false when it belongs to no data file. */
bool dh_member_tell(struct dh_str name, struct dh_member *out);

#endif
