/*
 * Writing: records going out in a format, to standard output or a file that appears when it is
 * complete. One record alone is a document of its own, several are joined to a list as the format
 * wants it; the first one waits until it is known which.
 */
#ifndef DH_CLI_WRITING_H
#define DH_CLI_WRITING_H

#include "cli/cli.h"
#include "cli/export_file.h"
#include "format/format.h"

/* Options that commands which write formats have in common, rows of their tables. */
#define DH_WRITING_OPTIONS                                                                         \
    {"style", 0, DH_OPTION_TEXT, "STYLE", "of citations (default apa; 'cite --list-styles')"},     \
    {                                                                                              \
        "locale", 0, DH_OPTION_TEXT, "LOCALE", "language of citations, \"de\" (default en-US)"     \
    }

struct dh_writing {
    struct dh_cli *cli;
    const struct dh_format *format;
    struct dh_format_options options;
    bool as_list; /* one record alone is a list, too */

    struct dh_export_file file;
    const char *path; /* NULL: standard output */
    struct dh_format_list list;
    struct json_object *first; /* waits to be joined by a second one */
    char first_name[512];
    bool listing; /* the list has been begun */
    bool broken;  /* the output takes no more */
    char last;    /* byte written */
    uint64_t written, left_out;
    struct dh_buf text;
    struct dh_arena arena;
};

/* A format by its name; NULL after having said which there are. */
const struct dh_format *dh_format_asked(struct dh_cli *cli, const char *option, const char *name,
                                        bool write);
/* Whether --style and --locale, as far as given, are known; says which there are when not. */
bool dh_citation_asked(struct dh_cli *cli);
/*
 * Begins writing to `path` (NULL: standard output), with format and as_list set; takes style and
 * locale from the command line. 0, or an exit status after having said why; then there is nothing
 * to end.
 */
int dh_writing_begin(struct dh_writing *writing, struct dh_cli *cli, const char *path);
/*
 * Writes a record, borrowed. One that the format cannot give is left out, counted and told by
 * `name`. DH_IO when the output takes no more, DH_MEMORY.
 */
enum dh_status dh_writing_add(struct dh_writing *writing, struct json_object *metadata,
                              struct dh_str name, struct dh_err *err);
/* The same of a stored record with its body, named by its DOI; an exit status, after talk. */
int dh_writing_add_hit(struct dh_writing *writing, const struct dh_hit *hit);
/* The exit status of a failed dh_writing_add, after having said why; what is wrong with the output
 * is said at its end. */
int dh_writing_failed(struct dh_writing *writing, enum dh_status status);
/* Ends the output. The exit status: `result`, or worse when records were left out or lost. */
int dh_writing_end(struct dh_writing *writing, int result);

#endif
