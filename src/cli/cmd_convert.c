#include "cli/cli.h"
#include "cli/export_file.h"
#include "cli/progress.h"
#include "cli/records.h"
#include "cli/table.h"
#include "cli/writing.h"

static const struct dh_option options[] = {
    {"to", 0, DH_OPTION_TEXT, "FORMAT", "the format to write; --list shows those that there are"},
    {"from", 0, DH_OPTION_TEXT, "FORMAT",
     "the format to read (default: as the content tells, else the name of the file)"},
    {"output", 0, DH_OPTION_TEXT, "FILE",
     "write there instead of to standard output; it appears when it is complete"},
    DH_WRITING_OPTIONS,
    {"list", 0, DH_OPTION_FLAG, NULL, "show the formats, and what is read and written"},
    {"json", 0, DH_OPTION_FLAG, NULL, "with --list: as JSON"},
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress"},
    {NULL},
};

/* ---- the table of formats ------------------------------------------------------------------- */

static void put_text(struct json_object *object, const char *key, const char *text)
{
    json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

static struct json_object *format_json(const struct dh_format *format)
{
    struct json_object *object = json_object_new_object();
    put_text(object, "name", format->name);
    put_text(object, "title", format->title);
    put_text(object, "mediaType", format->type);
    json_object_object_add(object, "read", json_object_new_boolean(format->read != NULL));
    json_object_object_add(object, "write", json_object_new_boolean(format->write != NULL));
    return object;
}

static int list_json(void)
{
    struct dh_buf text;
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; dh_formats[i]; i++)
        json_object_array_add(list, format_json(dh_formats[i]));
    dh_buf_init(&text, DH_BODY_MAX);
    dh_json_write(&text, list, DH_JSON_PLAIN);
    dh_buf_char(&text, '\n');
    json_object_put(list);
    int result = text.status ? dh_cli_no_memory() : DH_EXIT_OK;
    if (!result)
        dh_text_write(stdout, dh_buf_view(&text));
    dh_buf_release(&text);
    return result;
}

static int list_formats(struct dh_cli *cli)
{
    static const struct dh_heading headings[] = {
        {"FORMAT"}, {"READ"}, {"WRITE"}, {"MEDIA TYPE", .least = 20}, {"TITLE", .least = 8}};
    enum { COLUMNS = sizeof(headings) / sizeof(headings[0]) };
    struct dh_table table;
    bool room = true;
    if (dh_args_has(&cli->args, "json"))
        return list_json();
    dh_table_init(&table, headings, COLUMNS, &cli->out, stdout);
    for (size_t i = 0; dh_formats[i] && room; i++) {
        const struct dh_format *format = dh_formats[i];
        const struct dh_str cells[COLUMNS] = {
            dh_str(format->name), dh_str(format->read ? "yes" : "-"),
            dh_str(format->write ? "yes" : "-"), dh_str(format->type ? format->type : "-"),
            dh_str(format->title)};
        room = dh_table_row(&table, cells);
    }
    dh_table_flush(&table);
    dh_table_release(&table);
    return room ? DH_EXIT_OK : dh_cli_no_memory();
}

/* ---- converting ----------------------------------------------------------------------------- */

struct converter {
    struct dh_cli *cli;
    struct dh_writing writing;
    struct dh_progress progress;
    uint64_t bytes, total_bytes; /* of the files before this one; of all */
    uint64_t records, bad;
};

static enum dh_status take(void *context, struct json_object *metadata,
                           const struct dh_place *place, struct dh_err *err)
{
    struct converter *converter = context;
    char name[512];
    converter->records++;
    return dh_writing_add(&converter->writing, metadata, dh_place_name(place, name, sizeof(name)),
                          err);
}

static void complain(void *context, const struct dh_place *place, const struct dh_err *err)
{
    struct converter *converter = context;
    if (converter->bad++ >= DH_COMPLAINTS_MAX)
        return;
    dh_progress_wipe(&converter->progress);
    dh_place_complain(place, err);
}

static void tell(void *context, uint64_t bytes)
{
    struct converter *converter = context;
    dh_progress_tick(&converter->progress, (struct dh_work){.done = converter->bytes + bytes,
                                                            .total = converter->total_bytes,
                                                            .bytes = converter->bytes + bytes,
                                                            .records = converter->records});
}

static int convert_files(struct converter *converter, const struct dh_format *from,
                         const char *const *paths, size_t count)
{
    struct dh_cli *cli = converter->cli;
    const struct dh_records records = {from, converter, take, complain, tell};
    enum dh_status status = DH_OK;
    converter->total_bytes = dh_files_size(paths, count);
    for (size_t i = 0; i < count && !status; i++) {
        status = dh_records_read(&records, paths[i], &cli->err);
        converter->bytes += dh_files_size(&paths[i], 1);
    }
    dh_progress_wipe(&converter->progress);
    if (converter->bad > DH_COMPLAINTS_MAX)
        fprintf(stderr, "and %llu more that cannot be read\n",
                (unsigned long long)(converter->bad - DH_COMPLAINTS_MAX));
    if (status)
        return dh_writing_failed(&converter->writing, status);
    return converter->bad ? DH_EXIT_MISS : DH_EXIT_OK;
}

static int convert(struct dh_cli *cli, const struct dh_format *from, const struct dh_format *to)
{
    static const char *const standard_input[] = {"-"};
    size_t count = cli->args.word_count;
    const char *const *paths = count ? cli->args.words : standard_input;
    const char *path = dh_export_path(cli);
    struct converter converter = {.cli = cli, .writing = {.format = to}};
    count = count ? count : 1;
    if (!dh_files_readable(paths, count))
        return DH_EXIT_MISS;
    int result = dh_writing_begin(&converter.writing, cli, path);
    if (result)
        return result;
    dh_progress_init(&converter.progress,
                     dh_args_has(&cli->args, "quiet") || (cli->out.terminal && !path));
    result = convert_files(&converter, from, paths, count);
    return dh_writing_end(&converter.writing, result);
}

static int run(struct dh_cli *cli)
{
    const char *from = dh_args_text(&cli->args, "from", NULL);
    const char *to = dh_args_text(&cli->args, "to", NULL);
    const struct dh_format *reader = NULL, *writer;
    if (dh_args_has(&cli->args, "list") || (from && strcmp(from, "list") == 0))
        return list_formats(cli);
    if (!to) {
        dh_fail(&cli->err, DH_INVALID, "'convert' needs --to FORMAT; --list shows the formats");
        return dh_cli_usage(cli);
    }
    if (!(writer = dh_format_asked(cli, "to", to, true)))
        return DH_EXIT_USAGE;
    if (!dh_citation_asked(cli))
        return DH_EXIT_USAGE;
    if (from && !(reader = dh_format_asked(cli, "from", from, false)))
        return DH_EXIT_USAGE;
    return convert(cli, reader, writer);
}

const struct dh_command dh_command_convert = {
    .name = "convert",
    .arguments = "[FILE...]",
    .summary = "turn metadata of one format into another",
    .details =
        "Reads metadata from files ('-', or none, is standard input), plain, gzip or zstd, in any "
        "format that --list shows as read, and writes it in another. No store is needed. One "
        "record alone becomes a document of its own, several become a list as the format has "
        "it: JSON Lines, JSON arrays, lists of the API, and files with several entries are "
        "read record by record.\n"
        "What cannot be read is reported as FILE:LINE: byte N: reason and skipped, and so is a "
        "record that the format cannot give; the exit status is 1 then.",
    .options = options,
    .most = SIZE_MAX,
    .run = run,
};
