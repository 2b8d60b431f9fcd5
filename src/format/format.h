/*
 * format: bytes <-> record. One file (or a few of one name) per metadata format, and one table of
 * them; nothing about a format stands anywhere else. What does not belong here: HTTP, stores,
 * files.
 *
 * Between two formats a record is a *metadata tree*: a JSON object with the keys of the attributes
 * of a DOI resource (fields.def: "creators", "rightsList", "relatedItems" ...) in DataCite's
 * shape, `publisher` and affiliations as objects, and besides "id" (DOI URL), "doi", "state",
 * "agency", "registered" (ISO 8601), "clientId", "providerId", "xml" (base64) as far as they are
 * known. Absent is not null; values are as they came: texts may stand where numbers would, as
 * readers do not improve them. dh_record_read makes a record for the store of it.
 */
#ifndef DH_FORMAT_H
#define DH_FORMAT_H

#include "base/base.h"
#include "model/model.h"

struct dh_format_options {
    const char *style;  /* of a citation, file name of a CSL style; NULL: "apa" */
    const char *locale; /* of a citation, "de" or "de-DE"; NULL: "en-US" */
    bool plain;         /* citation as plain text instead of HTML */
};

/*
 * Appends one record. Values of `metadata` are borrowed and never changed. What the record lacks is
 * left out; a format that a record cannot be given in (DH_FORMAT_VALID) appends nothing and
 * returns DH_UNSUPPORTED with the reason. DH_MEMORY, DH_LIMIT. Temporary memory is the arena's.
 */
typedef enum dh_status dh_format_writer(struct json_object *metadata,
                                        const struct dh_format_options *options, struct dh_buf *out,
                                        struct dh_arena *arena, struct dh_err *err);
/* A text to be read, parsed once: what a format's flags ask for is there. */
struct dh_format_input {
    struct dh_str text;       /* a byte order mark is gone, white space in front is not */
    struct json_object *json; /* DH_FORMAT_JSON: one record, or an envelope around some */
    const struct dh_xml *xml; /* DH_FORMAT_XML: the root */
};
/* Whether an input is in this format; asked before it is read. */
typedef bool dh_format_fits(const struct dh_format_input *input);
/*
 * Appends the metadata trees of all records in the input to `records`, a JSON array. DH_INVALID
 * with place and reason; DH_LIMIT, DH_MEMORY. Trees may share values with input->json.
 */
typedef enum dh_status dh_format_reader(const struct dh_format_input *input,
                                        struct json_object *records, struct dh_arena *arena,
                                        struct dh_err *err);

enum {
    DH_FORMAT_UPSTREAM = 1, /* the DataCite REST API offers it, too */
    DH_FORMAT_VALID = 2,    /* written for valid records only */
    DH_FORMAT_JSON = 4,
    DH_FORMAT_XML = 8
};

/* Defined in the format's own file. */
struct dh_format {
    const char *name;       /* "bibtex": the name in `format=`, `--to`, `--from` */
    const char *title;      /* "BibTeX", for people */
    const char *type;       /* media type, "application/x-bibtex"; NULL: has none */
    const char *aliases;    /* further media types in Accept, comma list; or NULL */
    const char *extensions; /* of file names, comma list without dots; or NULL */
    unsigned flags;
    const char *open, *join, *close; /* around and between the records of a list; NULL: nothing */
    const char *header;              /* a first line, of lists and single records (csv); or NULL */
    dh_format_writer *write;         /* NULL: only read */
    dh_format_reader *read;          /* NULL: only written */
    dh_format_fits *fits;            /* NULL: never detected */
};

/* The table; NULL ends it. Detection asks in this order. */
extern const struct dh_format *const dh_formats[];

/* By name; NULL when there is none. Dashes count as underscores. */
const struct dh_format *dh_format_find(struct dh_str name);
/* By media type, aliases included, any case; parameters must be gone. */
const struct dh_format *dh_format_of_type(struct dh_str type);
/*
 * By the extension of a file's name, behind which .gz or .zst may stand: the first format that has
 * it and can be written, or read. NULL when there is none.
 */
const struct dh_format *dh_format_of_file(struct dh_str name, bool write);

/*
 * Reads all records of a text with `format`, NULL: as detected (JSON first, then XML, RIS, BibTeX;
 * a JSON array is read element by element). *records is a new JSON array of metadata trees, the
 * caller's (json_object_put), NULL on failure. Puts the format used into *used (may be NULL).
 * DH_INVALID with place and reason, also when nothing is recognised or there is no record;
 * DH_UNSUPPORTED when the format is only written; DH_LIMIT, DH_MEMORY.
 */
enum dh_status dh_format_read(const struct dh_format *format, struct dh_str text,
                              const struct dh_format **used, struct json_object **records,
                              struct dh_arena *arena, struct dh_err *err);
/* Writes one record as a document of its own, header included. As dh_format_writer. */
enum dh_status dh_format_write(const struct dh_format *format, struct json_object *metadata,
                               const struct dh_format_options *options, struct dh_buf *out,
                               struct dh_arena *arena, struct dh_err *err);

/* A list being written record by record: opening, joints and end of dh_format.open/join/close. */
struct dh_format_list {
    const struct dh_format *format;
    const struct dh_format_options *options;
    size_t count;    /* records written */
    size_t left_out; /* records that the format cannot give */
};
void dh_format_list_open(struct dh_format_list *list, const struct dh_format *format,
                         const struct dh_format_options *options, struct dh_buf *out);
/* A record that cannot be given in the format is left out and counted; DH_OK. */
enum dh_status dh_format_list_add(struct dh_format_list *list, struct json_object *metadata,
                                  struct dh_buf *out, struct dh_arena *arena, struct dh_err *err);
void dh_format_list_close(struct dh_format_list *list, struct dh_buf *out);

/* ---- citations (citation.c) ------------------------------------------------------------------ */

/* The styles that are known, in the order of their names; NULL ends them. Constants. */
extern const char *const dh_citation_styles[];
bool dh_citation_style_known(struct dh_str style);
/* Locales, likewise: "de-DE"; a bare language counts as its main region. */
extern const char *const dh_citation_locales[];
bool dh_citation_locale_known(struct dh_str locale);

/* ---- checking (check.c) ----------------------------------------------------------------------- */

enum { DH_CHECK_LINT = 1 /* also what good metadata wants */ };
/*
 * Checks a text in `format` (NULL: as detected) against DataCite Metadata Schema 4.7. Findings have
 * line and column for XML, JSON Pointers else. *used as in dh_format_read. DH_OK also with
 * findings; DH_INVALID when the text cannot be read at all.
 */
enum dh_status dh_format_check(const struct dh_format *format, struct dh_str text, unsigned flags,
                               const struct dh_format **used, struct dh_findings *findings,
                               struct dh_arena *arena, struct dh_err *err);
/* The same of one metadata tree. */
void dh_metadata_check(struct json_object *metadata, unsigned flags, struct dh_findings *findings,
                       struct dh_arena *arena);
/* True when no finding of a tree is an error: what DH_FORMAT_VALID asks. Stops at the first.
 * Records of kernels 2 and 3 count by what they hold: the reference writes them, too. */
bool dh_metadata_valid(struct json_object *metadata, struct dh_arena *arena);

#endif
