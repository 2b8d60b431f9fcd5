/*
 * doihound.h - the public C API of doihound, a local DataCite metadata service.
 *
 * A store is one SQLite file that holds DOI records, accounts, relations and
 * activities. This header is everything a program needs to read it and to
 * import into it; the server and the command line are built from the same
 * parts. Every function says what it borrows, what it gives, which codes it
 * returns and which threads may call it.
 *
 * Records come and go as JSON text in the forms of the DataCite REST API. Text
 * is UTF-8. Whoever opens the file owns it: records of every state are given.
 *
 *     struct dh *dh;
 *     struct dh_err err;
 *     char *json;
 *     if (dh_open("doihound.db", DH_OPEN_READ, &dh, &err) == DH_OK) {
 *         if (dh_get(dh, "https://doi.org/10.5072/x", NULL, &json, NULL, &err) == DH_OK)
 *             puts(json);
 *         ...
 *
 * Link with -ldoihound (pkg-config doihound).
 */
#ifndef DOIHOUND_H
#define DOIHOUND_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DH_API __attribute__((visibility("default")))

/* What a call came to. Zero is success; a code travels up unchanged. */
enum dh_status {
    DH_OK = 0,
    DH_DONE,        /* an iteration has no further element */
    DH_NOT_FOUND,   /* no such record, account, file */
    DH_INVALID,     /* the input breaks a rule; dh_err says where */
    DH_LIMIT,       /* a named ceiling of base/limits.h was reached */
    DH_UNSUPPORTED, /* a known request that this build or backend cannot serve */
    DH_BUSY,        /* another process holds the store's write lock */
    DH_NEWER,       /* the store was written by a newer doihound */
    DH_CORRUPT,     /* the store's content contradicts itself */
    DH_IO,          /* the operating system refused: disk, network, permission */
    DH_MEMORY       /* out of memory */
};

/*
 * Why a call failed. The caller owns it and passes it down; it may be NULL.
 * Nothing in doihound keeps an error in a global or thread-local place.
 */
struct dh_err {
    enum dh_status code;
    size_t pos;     /* byte offset in the input, where the input has one */
    char field[64]; /* JSON pointer or name of the property at fault, or "" */
    char text[256]; /* one line for a person, without a newline */
};

/* Returns a constant short name of a status ("not found"). Any thread. */
DH_API const char *dh_status_text(enum dh_status status);

/* Returns the version of the library, "0.1.0". A constant. Any thread. */
DH_API const char *dh_version(void);

/* ---- the store ------------------------------------------------------------------------------ */

/* An open store. All threads may use one handle at the same time. */
struct dh;

/* How a store is opened. */
enum dh_open_mode {
    DH_OPEN_READ,  /* must exist; nothing in it is changed */
    DH_OPEN_WRITE, /* must exist; an older schema is brought up to date */
    DH_OPEN_CREATE /* as WRITE, and made when it is missing */
};

/*
 * Opens the store at `path` (borrowed for the call) and gives a handle in *out,
 * to be closed with dh_close; NULL there on failure.
 * DH_NOT_FOUND, DH_NEWER, DH_CORRUPT, DH_INVALID, DH_IO, DH_BUSY, DH_MEMORY.
 * Any thread.
 */
DH_API enum dh_status dh_open(const char *path, enum dh_open_mode mode, struct dh **out,
                              struct dh_err *err);

/*
 * Closes the handle, which no other thread may be using; lists made from it
 * must have been freed. NULL is allowed.
 */
DH_API void dh_close(struct dh *dh);

/* Frees a text that a function of this header gave. NULL is allowed. Any thread. */
DH_API void dh_free(char *text);

/* What a store holds. */
struct dh_summary {
    uint64_t records, findable, registered, draft;
    uint64_t activities, relations;
    uint64_t providers, clients, prefixes;
    uint64_t file_bytes; /* of the store on disk */
    int64_t last_write;  /* milliseconds since 1970, UTC; INT64_MIN when never */
    int schema;          /* version of the file's layout */
};

/*
 * Counts what is in the store, into *out.
 * DH_IO, DH_CORRUPT, DH_BUSY, DH_MEMORY. Any thread.
 */
DH_API enum dh_status dh_summarize(struct dh *dh, struct dh_summary *out, struct dh_err *err);

/* ---- reading -------------------------------------------------------------------------------- */

/*
 * Gives the record of a DOI as a JSON:API resource, {"id","type","attributes",
 * "relationships"}, as GET /dois/{id} of the DataCite REST API has it under `data`.
 * `doi` may be written 10.x/y, doi:10.x/y or https://doi.org/10.x/y, in any
 * case. `params` are parameters of that request, "affiliation=true&publisher=true",
 * or NULL. Both are borrowed for the call.
 * *json is terminated and the caller's, to be freed with dh_free; *len (may be
 * NULL) is its length. *json is NULL on failure.
 * DH_NOT_FOUND; DH_INVALID when `doi` is no DOI; DH_IO, DH_CORRUPT, DH_BUSY,
 * DH_MEMORY. Any thread.
 */
DH_API enum dh_status dh_get(struct dh *dh, const char *doi, const char *params, char **json,
                             size_t *len, struct dh_err *err);

/*
 * Gives the history of a DOI: a JSON array of its activities, newest first, each
 * a resource as GET /dois/{id}/activities has it; "[]" for an unknown DOI.
 * `doi`, *json, *len, codes and threads are those of dh_get.
 */
DH_API enum dh_status dh_history(struct dh *dh, const char *doi, char **json, size_t *len,
                                 struct dh_err *err);

/*
 * Gives what the record of a DOI states about other DOIs and what other findable
 * records state about it: a JSON array of events, each a resource as
 * GET /dois/{id}/events has it; "[]" when there is none. `params` (borrowed for
 * the call) are parameters of that request, "relation-type-id=is-derived-from",
 * or NULL. `doi`, *json, *len, codes and threads are those of dh_get.
 */
DH_API enum dh_status dh_related(struct dh *dh, const char *doi, const char *params, char **json,
                                 size_t *len, struct dh_err *err);

/* A walk through the records that a filter selects. One thread at a time. */
struct dh_list;

/*
 * Begins a walk. `filter` (borrowed for the call) is a query string as GET /dois
 * takes it, "client-id=exmpl.archive&sort=-created", or NULL for all records.
 * Unknown parameters are ignored. Without `sort`, `random`, `ids`, `sample-group`
 * or `page[number]` the records come in the order of their creation, and a
 * record that stays is given exactly once even while others write. With one of
 * them the walk goes page by page, which writing may shift. page[size] is how
 * many are fetched at a time (100).
 * *out is to be freed with dh_list_free; NULL on failure.
 * DH_INVALID when a parameter is refused; DH_IO, DH_CORRUPT, DH_BUSY, DH_MEMORY.
 * Any thread.
 */
DH_API enum dh_status dh_list_new(struct dh *dh, const char *filter, struct dh_list **out,
                                  struct dh_err *err);

/*
 * Gives the next record as the list of the API has it. *json is terminated and
 * borrowed until the next call with this list; *len (may be NULL) is its length.
 * DH_DONE at the end, with *json NULL; else the codes of dh_list_new.
 */
DH_API enum dh_status dh_list_next(struct dh_list *list, const char **json, size_t *len,
                                   struct dh_err *err);

/* Returns how many records the filter selects, as counted at the last fetch. */
DH_API uint64_t dh_list_total(const struct dh_list *list);

/* Ends a walk at any point. NULL is allowed. */
DH_API void dh_list_free(struct dh_list *list);

/* ---- importing ------------------------------------------------------------------------------ */

/* One thing that an import has to say. Strings are borrowed for the call. */
struct dh_load_report {
    const char *file;      /* as given */
    uint64_t line;         /* of the value, 1-based, in the decompressed text */
    uint64_t byte;         /* of the fault, 0-based, in the decompressed text */
    enum dh_status status; /* DH_OK: something odd was mended and the record kept */
    const char *field;     /* JSON pointer or name of the property at fault, or "" */
    const char *text;      /* one line for a person */
};

/* How to import. All zero is the default. */
struct dh_load_options {
    int strict;       /* not 0: stop at the first bad value and store nothing */
    unsigned threads; /* for parsing; 0: one per core */
    void *context;    /* handed to `report` */
    void (*report)(void *context, const struct dh_load_report *report); /* or NULL */
};

/* What an import did. */
struct dh_load_counts {
    uint64_t created, updated, unchanged;
    uint64_t touched;  /* only counts or times changed: no activity was written */
    uint64_t accounts; /* providers, clients and prefixes written */
    uint64_t bad;      /* values reported and skipped */
    uint64_t repaired; /* records kept after something odd was mended */
};

/*
 * Imports data files, `count` of them; "-" is standard input. Plain, gzip or zstd; JSON:API
 * documents, JSON Lines, DataCite JSON, in any mixture, of any size. A bad value
 * is reported and skipped. `paths` and `options` (NULL: default) are borrowed;
 * `report` is called on the calling thread.
 * *counts (may be NULL) is filled in always. DH_OK also when counts->bad > 0.
 * DH_INVALID under `strict`, with nothing stored; DH_UNSUPPORTED when the store
 * was opened for reading; DH_NOT_FOUND, DH_IO for a file that cannot be read (what
 * came before it is kept); DH_BUSY when another process writes; DH_CORRUPT,
 * DH_MEMORY. Any thread; imports with one handle wait for each other.
 */
DH_API enum dh_status dh_load_files(struct dh *dh, const char *const *paths, size_t count,
                                    const struct dh_load_options *options,
                                    struct dh_load_counts *counts, struct dh_err *err);

/* The same from `len` bytes of memory, borrowed. `file` in reports is "-". */
DH_API enum dh_status dh_load_text(struct dh *dh, const char *text, size_t len,
                                   const struct dh_load_options *options,
                                   struct dh_load_counts *counts, struct dh_err *err);

#ifdef __cplusplus
}
#endif
#endif
