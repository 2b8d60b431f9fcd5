/*
 * mirror: a data file or a remote API flows into a store. Reading, decompressing, cutting into JSON
 * values, normalising on worker threads, one writer in large transactions. No printing: progress
 * and complaints go to callbacks.
 */
#ifndef DH_MIRROR_H
#define DH_MIRROR_H

#include "mirror/filter.h"
#include "store/store.h"

struct dh_import_progress {
    uint64_t bytes, total_bytes; /* of the (compressed) inputs; total 0 when unknown (a pipe) */
    uint64_t records;            /* written or found unchanged so far */
    double seconds;
};

/* One thing to tell the user. Either bad input (`err` is set) or a repair (`err` NULL, `text` set).
 */
struct dh_import_report {
    const char *file; /* as given; "-" for standard input; of an archive "file.tar:member" */
    uint64_t line;    /* 1-based line of the value's first byte, in the decompressed text */
    uint64_t byte;    /* 0-based offset of the fault in the decompressed text */
    const struct dh_err *err;
    const char *text;
};

/* What a data file brought of the records updated in one month, and what its CSV says of them. */
struct dh_import_month {
    const char *file;
    int year;
    unsigned month;
    bool counted;                   /* a CSV came with it */
    const uint64_t *rows, *records; /* by enum dh_doi_state, last any other word */
};

struct dh_import_options {
    bool strict;      /* stop at the first bad value and roll everything back */
    bool restart;     /* begin an archive anew that was broken off */
    unsigned threads; /* parsing workers; 0: one per core */
    const struct dh_record_filter *filter; /* which records are taken; NULL: all */
    void *context;
    void (*progress)(void *context, const struct dh_import_progress *progress); /* ~5/s; or NULL */
    void (*report)(void *context, const struct dh_import_report *report);       /* or NULL */
    /* After the last member of an archive that names months, in their order; or NULL. */
    void (*month)(void *context, const struct dh_import_month *month);
};

struct dh_import_result {
    uint64_t records; /* read well */
    uint64_t created, updated, touched, unchanged;
    uint64_t accounts;   /* providers, clients, prefixes written */
    uint64_t events;     /* read well */
    uint64_t new_events; /* of these, not in the store before */
    uint64_t bad;        /* values reported and skipped */
    uint64_t repaired;   /* records in which something odd was mended */
    uint64_t left;       /* records that the filter left out */
    uint64_t members;    /* of archives, read to their end */
    uint64_t resumed;    /* of these, not read now but by an earlier import */
};

/*
 * Imports files; "-" is standard input. Each may be plain, gzip or zstd (told by content), and hold
 * JSON:API documents (single or list, `included` too), JSON Lines of resources or bare attributes,
 * or DataCite JSON (objects or arrays), pretty-printed or not, any size. Or a tar of such: members
 * of data files (archive.h) are read one after the other, compressed or not, nothing is unpacked to
 * disk; an import of it that was cut off goes on behind the last member that is wholly stored.
 * Streams. Bad values are reported and skipped. Returns DH_INVALID under `strict` (nothing stored),
 * DH_IO, DH_NOT_FOUND for a file that cannot be read, else DH_OK even when result->bad > 0. Any
 * thread; takes the store's write lock.
 */
enum dh_status dh_import_files(struct dh_store *store, const char *const *paths, size_t path_count,
                               const struct dh_import_options *options,
                               struct dh_import_result *result, struct dh_err *err);
/* The same from memory, `name` for reports. */
enum dh_status dh_import_buffer(struct dh_store *store, struct dh_str text, const char *name,
                                const struct dh_import_options *options,
                                struct dh_import_result *result, struct dh_err *err);

#endif
