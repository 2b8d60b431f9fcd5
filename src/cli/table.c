#include "cli/table.h"

enum { BATCH = 1000, GAP = 2 };

void dh_table_init(struct dh_table *table, const struct dh_heading *headings, size_t columns,
                   const struct dh_screen *screen, FILE *out)
{
    *table =
        (struct dh_table){.headings = headings, .columns = columns, .screen = screen, .out = out};
    dh_arena_init(&table->arena, DH_ARENA_MAX);
    for (size_t i = 0; i < columns; i++)
        table->widths[i] = strlen(headings[i].title);
}

void dh_table_release(struct dh_table *table)
{
    dh_arena_release(&table->arena);
}

bool dh_table_row(struct dh_table *table, const struct dh_str *cells)
{
    if (table->rows == BATCH)
        dh_table_flush(table);
    if (!table->cells)
        table->cells = dh_arena_array(&table->arena, BATCH * table->columns, sizeof(*table->cells));
    if (!table->cells)
        return false;
    struct dh_str *row = table->cells + table->rows++ * table->columns;
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = dh_text_clean(&table->arena, cells[i]);
        size_t width = dh_text_width(row[i]);
        if (width > table->widths[i])
            table->widths[i] = width;
    }
    return true;
}

/* Takes cells from the widest column that may be cut, until the table fits. */
static void fit(struct dh_table *table, size_t *widths)
{
    size_t total = GAP * (table->columns - 1);
    for (size_t i = 0; i < table->columns; i++)
        total += widths[i] = table->widths[i];
    while (table->screen->width && total > table->screen->width) {
        size_t widest = table->columns;
        for (size_t i = 0; i < table->columns; i++) {
            size_t least = table->headings[i].least;
            if (least && widths[i] > least &&
                (widest == table->columns || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == table->columns)
            return;
        widths[widest]--;
        total--;
    }
}

static void write_row(struct dh_table *table, const struct dh_str *row, const size_t *widths)
{
    FILE *out = table->out;
    for (size_t i = 0; i < table->columns; i++) {
        struct dh_str cell = row[i];
        if (widths[i] < table->widths[i])
            cell = dh_text_cut(&table->arena, cell, widths[i]);
        size_t pad = widths[i] - dh_text_width(cell);
        bool last = i + 1 == table->columns;
        if (table->headings[i].right)
            fprintf(out, "%*s", (int)pad, "");
        dh_text_write(out, cell);
        if (!last)
            fprintf(out, "%*s", (int)(GAP + (table->headings[i].right ? 0 : pad)), "");
    }
}

void dh_table_flush(struct dh_table *table)
{
    FILE *out = table->out;
    size_t widths[DH_TABLE_COLUMNS_MAX];
    struct dh_str titles[DH_TABLE_COLUMNS_MAX];
    if (table->rows == 0)
        return;
    fit(table, widths);
    for (size_t i = 0; i < table->columns; i++)
        titles[i] = dh_str(table->headings[i].title);
    if (!table->headed) {
        fputs(dh_screen_bold(table->screen), out);
        write_row(table, titles, widths);
        fprintf(out, "%s\n", dh_screen_plain(table->screen));
        table->headed = true;
    }
    for (size_t row = 0; row < table->rows; row++) {
        write_row(table, table->cells + row * table->columns, widths);
        fputc('\n', out);
    }
    table->rows = 0;
    table->cells = NULL;
    dh_arena_clear(&table->arena);
}
