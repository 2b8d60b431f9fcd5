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

/* ---- metadata formats ------------------------------------------------------------------------ */

/* A metadata format. The strings are constants. */
struct dh_format_facts {
    const char *name;  /* as the functions below take it: "bibtex" */
    const char *title; /* for people: "BibTeX" */
    const char *type;  /* media type, "application/x-bibtex"; NULL when there is none */
    int reads, writes; /* not 0: it can be read, written */
};

/*
 * Gives the format at `index`, counted from 0, in *out. DH_DONE behind the last one. Any thread.
 */
DH_API enum dh_status dh_format_at(size_t index, struct dh_format_facts *out);

/* How records are written. All zero is the default. */
struct dh_write_options {
    const char *style;  /* of citations: a name of a CSL style; NULL: "apa" */
    const char *locale; /* of citations, "de" or "de-DE"; NULL: "en-US" */
    int plain;          /* not 0: citations are plain text, else HTML as the API has it */
};

/*
 * Converts metadata from one format to another; no store is needed. `text` is `len` bytes,
 * borrowed for the call; `from` and `to` are names of formats, `from` NULL: as detected.
 * `options` (borrowed) may be NULL. One record becomes a document of its own, several (a JSON
 * array, JSON Lines, a list of the API, entries of BibTeX or RIS) a list as the format has it.
 * *out is terminated and the caller's, to be freed with dh_free; *out_len (may be NULL) is its
 * length. *out is NULL on failure. *left_out (may be NULL) is how many records of a list the
 * format cannot give.
 * DH_INVALID with the place in `text` when it cannot be read, holds no record, or when a name of a
 * format, style or locale is unknown; DH_UNSUPPORTED when the format is not read or not written,
 * or cannot give any of the records; DH_LIMIT, DH_MEMORY. Any thread.
 */
DH_API enum dh_status dh_convert(const char *text, size_t len, const char *from, const char *to,
                                 const struct dh_write_options *options, char **out,
                                 size_t *out_len, size_t *left_out, struct dh_err *err);

/*
 * Checks metadata against DataCite Metadata Schema 4.7. `text` and `format` are those of
 * dh_convert. With `lint` not 0 also against what good metadata wants.
 * *json is a JSON array of findings, "[]" when there is nothing to say, each an object
 * of "severity" ("error", "warning"), "property", "rule", "message", "record" (from 1)
 * and, as far as known, "line" and "column" (of XML) or "pointer" (JSON Pointer). It is
 * terminated and the caller's, to be freed with dh_free; *json_len (may be NULL) is its
 * length. *json is NULL on failure.
 * DH_OK also with findings; DH_INVALID with the place when the text cannot be read at all;
 * DH_UNSUPPORTED, DH_LIMIT, DH_MEMORY. Any thread.
 */
DH_API enum dh_status dh_validate(const char *text, size_t len, const char *format, int lint,
                                  char **json, size_t *json_len, struct dh_err *err);

/*
 * Gives the record of a DOI in a metadata format, a document of its own. `doi` as in dh_get;
 * `format`, `options`, *out and *len as in dh_convert.
 * DH_NOT_FOUND; DH_INVALID when `doi` is no DOI or a name is unknown; DH_UNSUPPORTED when the
 * format is not written or cannot give the record; DH_IO, DH_CORRUPT, DH_BUSY, DH_LIMIT,
 * DH_MEMORY. Any thread.
 */
DH_API enum dh_status dh_get_as(struct dh *dh, const char *doi, const char *format,
                                const struct dh_write_options *options, char **out, size_t *len,
                                struct dh_err *err);

/*
 * Gives a citation of the record of a DOI as one line of plain text, without a newline. `style`
 * and `locale` are those of struct dh_write_options; the rest is that of dh_get_as.
 */
DH_API enum dh_status dh_cite(struct dh *dh, const char *doi, const char *style, const char *locale,
                              char **out, size_t *len, struct dh_err *err);

/*
 * Gives the next record of a walk in a metadata format, a document of its own. *text is terminated
 * and borrowed until the next call with this list; *len (may be NULL) is its length; `format` and
 * `options` are those of dh_convert.
 * DH_DONE at the end, with *text NULL; DH_UNSUPPORTED when the format cannot give this record: the
 * next call goes on behind it. Else the codes of dh_get_as.
 */
DH_API enum dh_status dh_list_next_as(struct dh_list *list, const char *format,
                                      const struct dh_write_options *options, const char **text,
                                      size_t *len, struct dh_err *err);

/* What an export did. */
struct dh_export_counts {
    uint64_t written;
    uint64_t left_out; /* records that the format cannot give */
};

/*
 * Writes all records that a filter selects as one list in a metadata format. `filter` is that of
 * dh_list_new, `format` and `options` those of dh_convert. The text comes in parts, each given to
 * `write` with `context` on the calling thread, borrowed for that call; together they are what
 * GET /dois of the DataCite REST API answers in that format. Anything but 0 from `write` ends the
 * export with DH_IO. *counts (may be NULL) is filled in always.
 * The codes of dh_list_new and DH_UNSUPPORTED, DH_LIMIT. Any thread.
 */
DH_API enum dh_status dh_export(struct dh *dh, const char *filter, const char *format,
                                const struct dh_write_options *options,
                                int (*write)(void *context, const char *text, size_t len),
                                void *context, struct dh_export_counts *counts, struct dh_err *err);

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
