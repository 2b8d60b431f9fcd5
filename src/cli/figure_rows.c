#include "cli/figure_rows.h"

#include "base/json.h"
#include "format/csv.h"

void dh_rows_init(struct dh_rows *rows, enum dh_rows_form form, const struct dh_screen *screen)
{
    *rows = (struct dh_rows){.form = form, .screen = screen, .separator = "\n"};
    dh_buf_init(&rows->line, DH_RECORD_MAX);
    dh_arena_init(&rows->arena, DH_ARENA_MAX);
}

void dh_rows_release(struct dh_rows *rows)
{
    dh_buf_release(&rows->line);
    dh_arena_release(&rows->arena);
    if (rows->table.columns)
        dh_table_release(&rows->table);
}

static bool write_line(struct dh_rows *rows)
{
    bool whole = rows->line.status == DH_OK;
    if (whole)
        dh_text_write(stdout, dh_buf_view(&rows->line));
    dh_buf_clear(&rows->line);
    return whole;
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static void put_header(struct dh_buf *line, const struct dh_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            dh_buf_char(line, ',');
        dh_buf_text(line, cells[i].name);
    }
    dh_buf_char(line, '\n');
}

static bool put_csv(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    struct dh_buf *line = &rows->line;
    if (rows->count == 0)
        put_header(line, cells, count);
    for (size_t i = 0; i < count; i++) {
        if (i)
            dh_buf_char(line, ',');
        if (cells[i].text.ptr)
            dh_csv_value(line, cells[i].text);
        else if (cells[i].number != DH_UNKNOWN)
            dh_buf_int(line, cells[i].number);
    }
    dh_buf_char(line, '\n');
    return write_line(rows);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static bool put_json(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    struct dh_buf *line = &rows->line;
    if (rows->count)
        dh_buf_text(line, rows->separator);
    for (size_t i = 0; i < count; i++) {
        dh_buf_printf(line, "%c\"%s\":", i ? ',' : '{', cells[i].name);
        if (cells[i].text.ptr)
            dh_json_string(line, cells[i].text, DH_JSON_PLAIN);
        else if (cells[i].number != DH_UNKNOWN)
            dh_buf_int(line, cells[i].number);
        else
            dh_buf_text(line, "null");
    }
    dh_buf_char(line, '}');
    return write_line(rows);
}

/* ---- a table -------------------------------------------------------------------------------- */

static void begin_table(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    size_t columns = 0;
    for (size_t i = 0; i < count && columns < DH_TABLE_COLUMNS_MAX; i++)
        if (cells[i].heading)
            rows->headings[columns++] =
                (struct dh_heading){cells[i].heading, cells[i].text.ptr == NULL, cells[i].least};
    dh_table_init(&rows->table, rows->headings, columns, rows->screen, stdout);
}

static bool put_table(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    struct dh_str texts[DH_TABLE_COLUMNS_MAX];
    size_t columns = 0;
    if (rows->count == 0)
        begin_table(rows, cells, count);
    dh_arena_clear(&rows->arena);
    for (size_t i = 0; i < count && columns < DH_TABLE_COLUMNS_MAX; i++) {
        if (!cells[i].heading)
            continue;
        texts[columns] = cells[i].text;
        if (!cells[i].text.ptr)
            texts[columns] = cells[i].number == DH_UNKNOWN
                                 ? DH_STR("-")
                                 : dh_text_number(&rows->arena, (uint64_t)cells[i].number);
        columns++;
    }
    return dh_table_row(&rows->table, texts);
}

bool dh_rows_put(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    static bool (*const puts[])(struct dh_rows *, const struct dh_cell *, size_t) = {
        [DH_ROWS_TABLE] = put_table,
        [DH_ROWS_CSV] = put_csv,
        [DH_ROWS_JSON] = put_json,
    };
    bool done = puts[rows->form](rows, cells, count);
    rows->count++;
    return done;
}

bool dh_rows_end(struct dh_rows *rows, const struct dh_cell *cells, size_t count)
{
    if (rows->form == DH_ROWS_TABLE && rows->count)
        dh_table_flush(&rows->table);
    if (rows->form == DH_ROWS_CSV && rows->count == 0)
        put_header(&rows->line, cells, count);
    if (rows->form == DH_ROWS_JSON && rows->count && rows->separator[0] == '\n')
        dh_buf_char(&rows->line, '\n');
    return write_line(rows);
}
