#include "cli/columns.h"

#include "api/attribute.h"
#include "format/csv.h"

static const struct dh_column_row defaults[] = {
    {"doi", NULL, dh_fact_doi},
    {"url", NULL, dh_fact_url},
    {"registered", NULL, dh_fact_registered_day},
    {"state", NULL, dh_fact_state},
    {"resourceTypeGeneral", NULL, dh_fact_type},
    {"resourceType", NULL, dh_fact_resource_type},
    {"title", NULL, dh_fact_title},
    {"author", NULL, dh_fact_authors},
    {"publisher", NULL, dh_fact_publisher},
    {"publicationYear", NULL, dh_fact_year},
    {"version", NULL, dh_fact_version},
    {"rights", NULL, dh_fact_rights},
    {"shortName", NULL, dh_fact_short_name},
};

static const struct preset {
    const char *name;
    const struct dh_column_row *rows;
    const size_t *count;
} presets[] = {
    {"tcia", dh_tcia_columns, &dh_tcia_column_count},
};
enum { PRESETS = sizeof(presets) / sizeof(presets[0]) };

/* ---- which ---------------------------------------------------------------------------------- */

/* People without the members of their affiliations, and a publisher without its own, are shown by
 * names, as the API does by default. */
static enum dh_form form_of(const struct dh_table_column *column)
{
    const struct dh_json_path *path = &column->path;
    struct dh_str last = DH_STR_NONE;
    for (size_t i = 0; i < path->count; i++)
        if (path->steps[i].key.ptr)
            last = path->steps[i].key;
    bool person =
        column->attribute == DH_ATTR_CREATORS || column->attribute == DH_ATTR_CONTRIBUTORS;
    if ((column->attribute == DH_ATTR_PUBLISHER && !last.ptr) ||
        (person && dh_str_equal(last, DH_STR("affiliation"))))
        return DH_FORM_PLAIN;
    return DH_FORM_RICH;
}

static bool without_body(const struct dh_table_column *column)
{
    dh_fact *fact = column->fact;
    if (fact)
        return fact == dh_fact_doi || fact == dh_fact_client || fact == dh_fact_provider;
    return column->numbered || dh_attribute_without_body(column->attribute);
}

static void add(struct dh_columns *columns, const struct dh_table_column *column)
{
    columns->columns[columns->count++] = *column;
    columns->bodies |= !without_body(column);
    columns->related |=
        !column->fact && !column->numbered && column->attribute == DH_ATTR_CITATIONS_OVER_TIME;
}

/* A path that is known to be one. */
static enum dh_status add_path(struct dh_columns *columns, struct dh_str name, struct dh_str path,
                               struct dh_arena *arena, struct dh_err *err)
{
    struct dh_table_column column = {.name = name};
    enum dh_status status = dh_json_path_read(path, &column.path, arena, err);
    if (status)
        return status;
    column.attribute = dh_attribute_find(column.path.first);
    column.form = form_of(&column);
    add(columns, &column);
    return DH_OK;
}

static int take_rows(struct dh_columns *columns, struct dh_cli *cli,
                     const struct dh_column_row *rows, size_t count)
{
    enum dh_status status = DH_OK;
    columns->columns = dh_arena_array(&cli->arena, count, sizeof(*columns->columns));
    if (!columns->columns)
        return dh_cli_no_memory();
    for (size_t i = 0; i < count && !status; i++) {
        const struct dh_table_column column = {
            .name = dh_str(rows[i].name), .fact = rows[i].fact, .numbered = !rows[i].path};
        if (rows[i].path)
            status = add_path(columns, column.name, dh_str(rows[i].path), &cli->arena, &cli->err);
        else
            add(columns, &column);
    }
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}

static int take_preset(struct dh_columns *columns, struct dh_cli *cli, const char *name)
{
    for (size_t i = 0; i < PRESETS; i++)
        if (strcmp(presets[i].name, name) == 0)
            return take_rows(columns, cli, presets[i].rows, *presets[i].count);
    dh_fail(&cli->err, DH_INVALID, "there is no preset '%.60s'; there is '%s'", name,
            presets[0].name);
    return dh_cli_usage(cli);
}

static int take_named(struct dh_columns *columns, struct dh_cli *cli, struct dh_str name)
{
    struct dh_json_path path;
    const struct dh_table_column fact = {.name = name, .fact = dh_column_fact(name)};
    if (fact.fact) {
        add(columns, &fact);
        return DH_EXIT_OK;
    }
    enum dh_status status = dh_json_path_read(name, &path, &cli->arena, &cli->err);
    if (status == DH_INVALID)
        return dh_cli_usage(cli);
    if (!status && !dh_column_known(cli, name, &path))
        return DH_EXIT_USAGE;
    if (!status)
        status = add_path(columns, name, name, &cli->arena, &cli->err);
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}

static int take_list(struct dh_columns *columns, struct dh_cli *cli, struct dh_str list)
{
    int result = DH_EXIT_OK;
    struct dh_str name;
    columns->columns = dh_arena_array(&cli->arena, list.len + 1, sizeof(*columns->columns));
    if (!columns->columns)
        return dh_cli_no_memory();
    while (!result && dh_str_split(&list, ',', &name))
        result = take_named(columns, cli, dh_str_trim(name));
    return result;
}

int dh_columns_init(struct dh_columns *columns, struct dh_cli *cli, bool tabs)
{
    const char *list = dh_args_text(&cli->args, "columns", NULL);
    const char *preset = dh_args_text(&cli->args, "preset", NULL);
    *columns = (struct dh_columns){.tabs = tabs};
    dh_buf_init(&columns->cell, DH_RECORD_MAX);
    dh_buf_init(&columns->scratch, DH_RECORD_MAX);
    if (list && preset) {
        dh_fail(&cli->err, DH_INVALID, "a preset has its own columns: --preset or --columns");
        return dh_cli_usage(cli);
    }
    if (list)
        return take_list(columns, cli, dh_str(list));
    if (preset)
        return take_preset(columns, cli, preset);
    return take_rows(columns, cli, defaults, sizeof(defaults) / sizeof(defaults[0]));
}

void dh_columns_release(struct dh_columns *columns)
{
    dh_buf_release(&columns->cell);
    dh_buf_release(&columns->scratch);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void put(const struct dh_columns *columns, size_t i, struct dh_str text, struct dh_buf *out)
{
    if (i)
        dh_buf_char(out, columns->tabs ? '\t' : ',');
    if (columns->tabs)
        dh_tsv_value(out, text);
    else if (columns->count == 1 && !text.ptr) /* readers pass over an empty line */
        dh_csv_value(out, DH_STR(""));
    else
        dh_csv_value(out, text);
}

void dh_columns_header(const struct dh_columns *columns, struct dh_buf *out)
{
    for (size_t i = 0; i < columns->count; i++)
        put(columns, i, columns->columns[i].name, out);
    dh_buf_char(out, '\n');
}

/* What a path finds; ptr NULL when that is nothing. */
static struct dh_str found(struct dh_columns *columns, const struct dh_table_column *column,
                           const struct dh_hit *hit, const struct dh_relations *related)
{
    struct dh_str text =
        dh_hit_attribute(hit, column->attribute, column->form, related, &columns->scratch);
    dh_buf_clear(&columns->cell);
    dh_json_path_put(&column->path, text, &columns->cell);
    return columns->cell.len ? dh_buf_view(&columns->cell) : DH_STR_NONE;
}

static struct dh_str cell_of(struct dh_columns *columns, const struct dh_table_column *column,
                             const struct dh_hit *hit, const struct dh_relations *related,
                             struct dh_arena *arena)
{
    if (column->fact)
        return column->fact(hit, arena);
    if (!column->numbered)
        return found(columns, column, hit, related);
    dh_buf_clear(&columns->cell);
    dh_buf_int(&columns->cell, (int64_t)columns->rows);
    return dh_buf_view(&columns->cell);
}

enum dh_status dh_columns_row(struct dh_columns *columns, struct dh_reader *reader,
                              const struct dh_hit *hit, struct dh_buf *out, struct dh_arena *arena,
                              struct dh_err *err)
{
    struct dh_relations related;
    enum dh_status status = DH_OK;
    if (columns->related)
        status = dh_store_relations(reader, hit->doi, &related, arena, err);
    for (size_t i = 0; i < columns->count && !status; i++) {
        put(columns, i,
            cell_of(columns, &columns->columns[i], hit, columns->related ? &related : NULL, arena),
            out);
        if (columns->cell.status || columns->scratch.status)
            status = dh_fail(err, DH_MEMORY, "out of memory");
    }
    dh_buf_char(out, '\n');
    columns->rows++;
    return status;
}
