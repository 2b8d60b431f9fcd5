#include <errno.h>

#include "api/metadata.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/data_file.h"
#include "cli/export_file.h"
#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/hits.h"
#include "cli/pages.h"
#include "cli/progress.h"
#include "cli/querying.h"
#include "cli/text.h"
#include "cli/writing.h"

static const struct dh_option options[] = {
    {"format", 0, DH_OPTION_TEXT, "FORMAT",
     "jsonl: JSON Lines that import reads again; csv; tsv; doi: bare DOIs; or any that "
     "'convert --list' shows as written (default: what the name of the output file says, else "
     "jsonl)"},
    {"columns", 0, DH_OPTION_TEXT, "LIST",
     "of csv and tsv: doi,titles.title,rightsList[0].rights,...; 'help' lists them"},
    {"preset", 0, DH_OPTION_TEXT, "tcia",
     "columns of csv and tsv as tcia_utils.getDoi writes them"},
    {"output", 0, DH_OPTION_TEXT, "FILE",
     "write there, compressed when it ends in .gz or .zst; it appears when it is complete"},
    {"data-file", 0, DH_OPTION_TEXT, "DIR|FILE.tar",
     "write there as DataCite's public data files are laid out: by month of update"},
    DH_QUERY_OPTION,
    DH_WRITING_OPTIONS,
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress"},
    {NULL},
};

struct exporter {
    struct dh_cli *cli;
    const struct format *format;
    FILE *out;
    struct dh_writing writing; /* of a metadata format */
    struct dh_columns columns; /* of csv and tsv */
    uint64_t count, total;
    struct dh_buf line;
    struct dh_progress progress;
};

/* Writes one record; an exit status. */
typedef int put_hit(struct exporter *exporter, const struct dh_hit *hit, struct dh_arena *arena);

/* A row per format of this command's own; without `put` the records come from the API as JSON. */
struct format {
    const char *name;
    put_hit *put;
    bool bodies; /* whether it needs more than the store's columns; tables know it themselves */
    bool table;
    bool tabs; /* between the cells of a table */
};

static int written(struct exporter *exporter)
{
    exporter->count++;
    dh_progress_tick(&exporter->progress, (struct dh_work){.done = exporter->count,
                                                           .total = exporter->total,
                                                           .records = exporter->count});
    return exporter->out && ferror(exporter->out) ? DH_EXIT_FAILED : DH_EXIT_OK;
}

/* ---- JSON Lines ----------------------------------------------------------------------------- */

static int write_resource(void *context, struct dh_str resource)
{
    struct exporter *exporter = context;
    dh_text_write(exporter->out, resource);
    fputc('\n', exporter->out);
    return written(exporter);
}

/* ---- one record after another --------------------------------------------------------------- */

static int write_line(struct exporter *exporter)
{
    if (exporter->line.status)
        return dh_cli_no_memory();
    dh_text_write(exporter->out, dh_buf_view(&exporter->line));
    dh_buf_clear(&exporter->line);
    return DH_EXIT_OK;
}

static int put_row(struct exporter *exporter, const struct dh_hit *hit, struct dh_arena *arena)
{
    struct dh_cli *cli = exporter->cli;
    enum dh_status status =
        dh_columns_row(&exporter->columns, cli->reader, hit, &exporter->line, arena, &cli->err);
    return status ? dh_cli_failed(cli, status) : write_line(exporter);
}

static int put_doi(struct exporter *exporter, const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    dh_buf_str(&exporter->line, hit->doi);
    dh_buf_char(&exporter->line, '\n');
    return write_line(exporter);
}

static int put_metadata(struct exporter *exporter, const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return dh_writing_add_hit(&exporter->writing, hit);
}

static int write_hits(void *context, const struct dh_page *page, struct dh_arena *arena)
{
    struct exporter *exporter = context;
    int result = DH_EXIT_OK;
    if (!exporter->total)
        exporter->total = page->total;
    for (size_t i = 0; i < page->count && !result; i++) {
        result = exporter->format->put(exporter, &page->hits[i], arena);
        if (!result)
            result = written(exporter);
    }
    return result;
}

static const struct format formats[] = {
    {.name = "jsonl", .bodies = true},
    {.name = "csv", .put = put_row, .table = true},
    {.name = "tsv", .put = put_row, .table = true, .tabs = true},
    {.name = "doi", .put = put_doi},
};
static const struct format metadata_format = {.put = put_metadata, .bodies = true};

/* The row of a format of this command's own; NULL for those of the table of formats. */
static const struct format *own_format(const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static int export_hits(struct exporter *exporter, const struct format *format, struct dh_str target)
{
    struct dh_search search;
    int result = dh_filter_search(exporter->cli, target, &search);
    if (result)
        return result;
    search.bodies = format->table ? exporter->columns.bodies : format->bodies;
    if (format->table)
        dh_columns_header(&exporter->columns, &exporter->line);
    if (exporter->out)
        result = write_line(exporter);
    exporter->format = format;
    return result ? result : dh_hits_pages(exporter->cli, &search, write_hits, exporter);
}

static void make_target(struct dh_cli *cli, struct dh_buf *target)
{
    dh_buf_text(target, "/dois?detail=true&affiliation=true&publisher=true&disable-facets=true"
                        "&page[cursor]=&include-other-registration-agencies=true");
    dh_query_add_number(target, "page[size]", DH_PAGE_MAX);
    dh_filter_query(cli, target);
}

static int export_all(struct exporter *exporter, const struct format *format)
{
    struct dh_buf target;
    int result;
    dh_buf_init(&target, DH_TARGET_MAX);
    make_target(exporter->cli, &target);
    if (target.status)
        result = dh_cli_no_memory();
    else if (format->put)
        result = export_hits(exporter, format, dh_buf_view(&target));
    else
        result = dh_list_walk(exporter->cli, dh_buf_view(&target), write_resource, exporter,
                              &exporter->total);
    dh_progress_wipe(&exporter->progress);
    dh_buf_release(&target);
    return result;
}

/* To standard output or a file, with what the format needs at hand. */
static int export_to(struct exporter *exporter, const struct format *format, const char *path)
{
    struct dh_cli *cli = exporter->cli;
    struct dh_export_file file;
    if (!dh_export_file_open(&file, path, &cli->arena)) {
        dh_say("cannot write %s: %s", path, strerror(errno));
        return DH_EXIT_FAILED;
    }
    exporter->out = file.out;
    dh_buf_init(&exporter->line, DH_RECORD_MAX);
    int result = export_all(exporter, format);
    dh_buf_release(&exporter->line);
    if (!dh_export_file_close(&file, result == DH_EXIT_OK)) {
        dh_say("cannot write %s: %s", path, strerror(errno));
        return DH_EXIT_FAILED;
    }
    if (!result && path)
        dh_say("wrote %.*s records to %s", DH_STR_ARG(dh_text_number(&cli->arena, exporter->count)),
               path);
    return result;
}

static int export_own(struct exporter *exporter, const struct format *format, const char *path)
{
    int result = DH_EXIT_OK;
    if (format->table)
        result = dh_columns_init(&exporter->columns, exporter->cli, format->tabs);
    if (!result)
        result = export_to(exporter, format, path);
    dh_columns_release(&exporter->columns);
    return result;
}

static int export_metadata(struct exporter *exporter, const char *name, const char *path)
{
    struct dh_cli *cli = exporter->cli;
    struct dh_writing *writing = &exporter->writing;
    *writing = (struct dh_writing){.format = dh_format_find(dh_str(name)), .as_list = true};
    int result = dh_writing_begin(writing, cli, path);
    if (result)
        return result;
    result = export_all(exporter, &metadata_format);
    return dh_writing_end(writing, result);
}

static int export_data_file(struct dh_cli *cli, const char *path)
{
    struct dh_buf target;
    dh_buf_init(&target, DH_TARGET_MAX);
    make_target(cli, &target);
    int result =
        target.status ? dh_cli_no_memory() : dh_data_file_write(cli, path, dh_buf_view(&target));
    dh_buf_release(&target);
    return result;
}

/* ---- the command line ----------------------------------------------------------------------- */

static bool asks_for_columns(const struct dh_cli *cli)
{
    return dh_args_has(&cli->args, "columns") || dh_args_has(&cli->args, "preset");
}

static bool asks_for_list(const struct dh_cli *cli)
{
    return dh_args_chosen(&cli->args, "columns", "help", "");
}

/* The format asked for, else that of the file's name; who asks for columns wants a table. */
static const char *format_name(const struct dh_cli *cli)
{
    struct dh_str path = dh_str(dh_args_text(&cli->args, "output", ""));
    const struct dh_format *named = dh_format_of_file(path, true);
    bool tabs = dh_str_ends(path, DH_STR(".tsv")) || dh_str_ends(path, DH_STR(".tsv.gz")) ||
                dh_str_ends(path, DH_STR(".tsv.zst"));
    const char *table = tabs ? "tsv" : "csv";
    const char *other = tabs ? "tsv" : named ? named->name : "jsonl";
    return dh_args_text(&cli->args, "format", asks_for_columns(cli) ? table : other);
}

static int check_columns(struct dh_cli *cli, const struct format *format)
{
    struct dh_columns columns;
    if (!asks_for_columns(cli) || asks_for_list(cli))
        return DH_EXIT_OK;
    if (!format || !format->table) {
        dh_fail(&cli->err, DH_INVALID, "--columns and --preset are for csv and tsv");
        return dh_cli_usage(cli);
    }
    int result = dh_columns_init(&columns, cli, format->tabs);
    dh_columns_release(&columns);
    return result;
}

static int check_format(struct dh_cli *cli)
{
    const char *name = format_name(cli);
    const struct format *own = own_format(name);
    bool good = own || dh_format_asked(cli, "format", name, true);
    if (!good)
        dh_say("or one of jsonl, csv, tsv, doi");
    if (!good || !dh_citation_asked(cli))
        return DH_EXIT_USAGE;
    return check_columns(cli, own);
}

static int check(struct dh_cli *cli)
{
    const char *data_file = dh_args_text(&cli->args, "data-file", NULL);
    const char *text = dh_args_text(&cli->args, "query", NULL);
    struct dh_query query;
    int result = DH_EXIT_OK;
    if (!data_file)
        result = check_format(cli);
    else if (!dh_data_file_asked(cli, data_file))
        result = DH_EXIT_USAGE;
    return result || !text ? result : dh_querying_read(cli, dh_str(text), &query);
}

static int list_columns(struct dh_cli *cli)
{
    size_t count;
    const char **names = dh_column_names(&count, &cli->arena);
    if (!names)
        return dh_cli_no_memory();
    for (size_t i = 0; i < count; i++)
        puts(names[i]);
    return DH_EXIT_OK;
}

static int run(struct dh_cli *cli)
{
    const char *path = dh_export_path(cli);
    const char *name = format_name(cli);
    const char *data_file = dh_args_text(&cli->args, "data-file", NULL);
    const struct format *own = own_format(name);
    struct exporter exporter = {.cli = cli};
    if (asks_for_list(cli))
        return list_columns(cli);
    int result = dh_cli_open(cli, DH_STORE_READ, true);
    if (result)
        return result;
    if (data_file)
        return export_data_file(cli, data_file);
    dh_progress_init(&exporter.progress,
                     dh_args_has(&cli->args, "quiet") || (cli->out.terminal && !path));
    result = own ? export_own(&exporter, own, path) : export_metadata(&exporter, name, path);
    if (!result && exporter.count == 0)
        dh_hint_nothing(cli);
    return result;
}

const struct dh_command dh_command_export = {
    .name = "export",
    .arguments = "",
    .summary = "write records to a file in any format",
    .details =
        "Writes every record that passes the filters and matches the query, of any state and "
        "agency, oldest first, as many as there are. JSON Lines hold one resource of the API per "
        "line, in "
        "its richest form; import reads them without a change. Metadata formats are "
        "written as lists, as the API gives them; a record that the format cannot give is "
        "reported and left out, and the exit status is 1 then.\n"
        "Columns are named as the API names fields, dots between them; several values stand "
        "in one cell with \"; \" between, titles[0].title is the first alone, what is absent "
        "is an empty cell. In TSV, tab, newline, carriage return and backslash are written "
        "\\t, \\n, \\r and \\\\.\n"
        "A data file has a folder per month of update with the findable records in "
        "compressed parts and the findable and registered DOIs in a CSV; import reads it.",
    .options = options,
    .filters = true,
    .walks = true,
    .check = check,
    .run = run,
};
