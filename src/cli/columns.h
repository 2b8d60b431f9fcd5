/*
 * Columns: records as rows of a table, CSV or TSV. Which columns there are is told by --columns, a
 * preset, or the default, which begins with those of the DataCite REST API's CSV. A cell holds what
 * a path finds in the record as the API shows it (cli/json_path.h), or a fact.
 */
#ifndef DH_CLI_COLUMNS_H
#define DH_CLI_COLUMNS_H

#include "cli/cli.h"
#include "cli/facts.h"
#include "cli/json_path.h"

/* A column of a preset: told by `fact`, else by `path`, else the number of the row, from 0. */
struct dh_column_row {
    const char *name; /* in the header; NULL: nothing stands there */
    const char *path;
    dh_fact *fact;
};
extern const struct dh_column_row dh_tcia_columns[]; /* cli/tcia.c */
extern const size_t dh_tcia_column_count;

struct dh_table_column {
    struct dh_str name;
    dh_fact *fact;
    struct dh_json_path path; /* behind the attribute */
    enum dh_attribute attribute;
    enum dh_form form;
    bool numbered;
};

struct dh_columns {
    struct dh_table_column *columns;
    size_t count;
    bool bodies;  /* some cell needs dh_hit.wire */
    bool related; /* some cell needs the record's relations */
    bool tabs;    /* TSV */
    uint64_t rows;
    struct dh_buf cell, scratch;
};

/*
 * Reads --columns and --preset; the default when neither is given. 0, or an exit status after
 * having said what is wrong. To be released in any case.
 */
int dh_columns_init(struct dh_columns *columns, struct dh_cli *cli, bool tabs);
void dh_columns_release(struct dh_columns *columns);
/* Appends the line of names. */
void dh_columns_header(const struct dh_columns *columns, struct dh_buf *out);
/* Appends the row of a record. DH_MEMORY, and what reading its relations may fail with. */
enum dh_status dh_columns_row(struct dh_columns *columns, struct dh_reader *reader,
                              const struct dh_hit *hit, struct dh_buf *out, struct dh_arena *arena,
                              struct dh_err *err);

/* ---- names (column_names.c) ----------------------------------------------------------------- */

/* The fact of a column that is no attribute: id, client, provider; or NULL. */
dh_fact *dh_column_fact(struct dh_str name);
/* What a path can name, attribute by attribute, in the arena; NULL out of memory. */
const char **dh_column_names(size_t *count, struct dh_arena *arena);
/* Whether there is such a place; says which is near, when not. */
bool dh_column_known(struct dh_cli *cli, struct dh_str name, const struct dh_json_path *path);

#endif
