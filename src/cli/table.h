/*
 * Table: rows of text under headings. Columns are as wide as their widest cell; on a terminal that
 * is too narrow, the columns that may be cut are. Long results come out in batches, not all at the
 * end.
 */
#ifndef DH_CLI_TABLE_H
#define DH_CLI_TABLE_H

#include "cli/screen.h"
#include "cli/text.h"

enum { DH_TABLE_COLUMNS_MAX = 8 };

struct dh_heading {
    const char *title;
    bool right;   /* flush right: numbers */
    size_t least; /* may be cut down to this many cells; 0: is never cut */
};

struct dh_table {
    const struct dh_heading *headings;
    size_t columns;
    const struct dh_screen *screen;
    FILE *out;
    struct dh_arena arena; /* the rows that wait */
    struct dh_str *cells;
    size_t rows;
    size_t widths[DH_TABLE_COLUMNS_MAX];
    bool headed; /* the headings are written */
};

void dh_table_init(struct dh_table *table, const struct dh_heading *headings, size_t columns,
                   const struct dh_screen *screen, FILE *out);
/* Adds a row of `columns` cells, which are copied. False when memory ran out. */
bool dh_table_row(struct dh_table *table, const struct dh_str *cells);
/* Writes the rows that wait, headings first. Nothing at all for a table without rows. */
void dh_table_flush(struct dh_table *table);
void dh_table_release(struct dh_table *table);

#endif
