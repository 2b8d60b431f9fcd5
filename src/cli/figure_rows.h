/* Rows of figures in the three forms of output: a table for people, CSV, and JSON objects. */
#ifndef DH_CLI_FIGURE_ROWS_H
#define DH_CLI_FIGURE_ROWS_H

#include "cli/figures.h"
#include "cli/table.h"

enum dh_rows_form { DH_ROWS_TABLE, DH_ROWS_CSV, DH_ROWS_JSON };

/* A value of a row: a text, or a number with text.ptr NULL. */
struct dh_cell {
    const char *name;    /* in CSV and JSON */
    const char *heading; /* in a table; NULL: not there */
    size_t least;        /* of its column there, as in dh_heading */
    struct dh_str text;
    int64_t number; /* DH_UNKNOWN: "-", nothing, null */
};

enum { DH_CELLS_MAX = 32 };

struct dh_rows {
    enum dh_rows_form form;
    const char *separator; /* between JSON objects: a newline, or a comma in a list */
    const struct dh_screen *screen;
    uint64_t count;
    struct dh_buf line;
    struct dh_table table;
    struct dh_heading headings[DH_TABLE_COLUMNS_MAX];
    struct dh_arena arena; /* of one row's texts */
};

void dh_rows_init(struct dh_rows *rows, enum dh_rows_form form, const struct dh_screen *screen);
/* Writes a row to standard output; every row has the cells of the first. False out of memory. */
bool dh_rows_put(struct dh_rows *rows, const struct dh_cell *cells, size_t count);
/* Writes what waits, and for CSV at least the header of these cells. */
bool dh_rows_end(struct dh_rows *rows, const struct dh_cell *cells, size_t count);
void dh_rows_release(struct dh_rows *rows);

#endif
