/*
 * mirror: a data file or a remote API flows into a store. Reading, decompressing, cutting into JSON
 * values, normalising on worker threads, one writer in large transactions. No printing: progress
 * and complaints go to callbacks.
 */
#ifndef DH_MIRROR_H
#define DH_MIRROR_H

#include "store/store.h"

struct dh_import_progress {
    uint64_t bytes, total_bytes; /* of the (compressed) inputs; total 0 when unknown (a pipe) */
    uint64_t records;            /* written or found unchanged so far */
    double seconds;
};

/* One thing to tell the user. Either bad input (`err` is set) or a repair (`err` NULL, `text` set).
 */
struct dh_import_report {
    const char *file; /* as given; "-" for standard input */
    uint64_t line;    /* 1-based line of the value's first byte, in the decompressed text */
    uint64_t byte;    /* 0-based offset of the fault in the decompressed text */
    const struct dh_err *err;
    const char *text;
};

struct dh_import_options {
    bool strict;      /* stop at the first bad value and roll everything back */
    unsigned threads; /* parsing workers; 0: one per core */
    void *context;
    void (*progress)(void *context, const struct dh_import_progress *progress); /* ~5/s; or NULL */
    void (*report)(void *context, const struct dh_import_report *report);       /* or NULL */
};

struct dh_import_result {
    uint64_t records; /* read well */
    uint64_t created, updated, touched, unchanged;
    uint64_t accounts; /* providers, clients, prefixes written */
    uint64_t bad;      /* values reported and skipped */
    uint64_t repaired; /* records in which something odd was mended */
};

/*
 * Imports files; "-" is standard input. Each may be plain, gzip or zstd (told by content), and hold
 * JSON:API documents (single or list, `included` too), JSON Lines of resources or bare attributes,
 * or DataCite JSON (objects or arrays), pretty-printed or not, any size. Streams. Bad values are
 * reported and skipped. Returns DH_INVALID under `strict` (nothing stored), DH_IO, DH_NOT_FOUND for
 * a file that cannot be read, else DH_OK even when result->bad > 0. Any thread; takes the store's
 * write lock.
 */
enum dh_status dh_import_files(struct dh_store *store, const char *const *paths, size_t path_count,
                               const struct dh_import_options *options,
                               struct dh_import_result *result, struct dh_err *err);
/* The same from memory, `name` for reports. */
enum dh_status dh_import_buffer(struct dh_store *store, struct dh_str text, const char *name,
                                const struct dh_import_options *options,
                                struct dh_import_result *result, struct dh_err *err);

#endif
