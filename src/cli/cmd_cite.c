#include "api/metadata.h"
#include "cli/cli.h"
#include "cli/records.h"
#include "cli/text.h"
#include "cli/writing.h"

static const struct dh_option options[] = {
    {"style", 0, DH_OPTION_TEXT, "STYLE", "one of --list-styles (default apa)"},
    {"locale", 0, DH_OPTION_TEXT, "LOCALE", "language of dates and terms, \"de\" (default en-US)"},
    {"html", 0, DH_OPTION_FLAG, NULL, "with the markup of the API instead of plain text"},
    {"file", 0, DH_OPTION_TEXT, "FILE",
     "cite the records of a file of any format ('-' is standard input), not those of the store"},
    {"list-styles", 0, DH_OPTION_FLAG, NULL, "show the styles"},
    {NULL},
};

struct citer {
    struct dh_cli *cli;
    const struct dh_format *format;
    struct dh_format_options options;
    struct dh_arena arena;
    struct dh_buf text;
    uint64_t cited, bad;
};

/* One citation on a line of its own. */
static enum dh_status cite(struct citer *citer, struct json_object *metadata, struct dh_str name,
                           struct dh_err *err)
{
    struct dh_err reason = {0};
    dh_arena_clear(&citer->arena);
    dh_buf_clear(&citer->text);
    enum dh_status status = dh_format_write(citer->format, metadata, &citer->options, &citer->text,
                                            &citer->arena, &reason);
    if (status == DH_UNSUPPORTED) {
        citer->bad++;
        fprintf(stderr, "%.*s: cannot be cited: %s\n", DH_STR_ARG(name), reason.text);
        return DH_OK;
    }
    if (status) {
        if (err)
            *err = reason;
        return status;
    }
    dh_text_write(stdout, dh_buf_view(&citer->text));
    fputc('\n', stdout);
    citer->cited++;
    return ferror(stdout) ? dh_fail(err, DH_IO, "cannot write the output") : DH_OK;
}

/* ---- records of files ----------------------------------------------------------------------- */

static enum dh_status take(void *context, struct json_object *metadata,
                           const struct dh_place *place, struct dh_err *err)
{
    char name[512];
    return cite(context, metadata, dh_place_name(place, name, sizeof(name)), err);
}

static void complain(void *context, const struct dh_place *place, const struct dh_err *err)
{
    struct citer *citer = context;
    citer->bad++;
    dh_place_complain(place, err);
}

static int cite_file(struct citer *citer, const char *path)
{
    const struct dh_records records = {.context = citer, .each = take, .bad = complain};
    if (!dh_files_readable(&path, 1))
        return DH_EXIT_MISS;
    enum dh_status status = dh_records_read(&records, path, &citer->cli->err);
    if (ferror(stdout))
        return DH_EXIT_FAILED;
    if (status)
        return dh_cli_failed(citer->cli, status);
    return citer->bad ? DH_EXIT_MISS : DH_EXIT_OK;
}

/* ---- records of the store ------------------------------------------------------------------- */

static int cite_hit(struct citer *citer, const char *word, const struct dh_hit *hit)
{
    struct dh_err *err = &citer->cli->err;
    struct json_object *metadata = dh_hit_metadata(hit, false, err);
    enum dh_status status = metadata ? cite(citer, metadata, dh_str(word), err) : err->code;
    json_object_put(metadata);
    if (ferror(stdout))
        return DH_EXIT_FAILED;
    return status ? dh_cli_failed(citer->cli, status) : DH_EXIT_OK;
}

static int cite_doi(struct citer *citer, const char *word, struct dh_arena *arena)
{
    struct dh_cli *cli = citer->cli;
    struct dh_hit hit;
    int result = dh_cli_find(cli, word, &hit, arena);
    return result ? result : cite_hit(citer, word, &hit);
}

static int cite_dois(struct citer *citer)
{
    struct dh_cli *cli = citer->cli;
    struct dh_arena arena;
    int result = dh_cli_open(cli, DH_STORE_READ, true);
    if (result)
        return result;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < cli->args.word_count && result < DH_EXIT_USAGE; i++) {
        int one = cite_doi(citer, cli->args.words[i], &arena);
        result = one > result ? one : result;
        dh_arena_clear(&arena);
    }
    dh_arena_release(&arena);
    if (result == DH_EXIT_MISS && !citer->cited)
        dh_cli_note_empty(cli);
    return result == DH_EXIT_OK && citer->bad ? DH_EXIT_MISS : result;
}

static int run(struct dh_cli *cli)
{
    const char *file = dh_args_text(&cli->args, "file", NULL);
    struct citer citer = {.cli = cli, .format = dh_format_find(DH_STR("citation"))};
    if (dh_args_has(&cli->args, "list-styles")) {
        for (size_t i = 0; dh_citation_styles[i]; i++)
            puts(dh_citation_styles[i]);
        return DH_EXIT_OK;
    }
    if (!file == !cli->args.word_count) {
        dh_fail(&cli->err, DH_INVALID, "'cite' needs %s",
                file ? "DOIs or --file, not both" : "DOIs, or --file FILE");
        return dh_cli_usage(cli);
    }
    if (!dh_citation_asked(cli))
        return DH_EXIT_USAGE;
    citer.options = (struct dh_format_options){
        .style = dh_args_text(&cli->args, "style", NULL),
        .locale = dh_args_text(&cli->args, "locale", NULL),
        .plain = !dh_args_has(&cli->args, "html"),
    };
    dh_arena_init(&citer.arena, DH_ARENA_MAX);
    dh_buf_init(&citer.text, DH_RESPONSE_MAX);
    int result = file ? cite_file(&citer, file) : cite_dois(&citer);
    dh_buf_release(&citer.text);
    dh_arena_release(&citer.arena);
    return result;
}

const struct dh_command dh_command_cite = {
    .name = "cite",
    .arguments = "[DOI...]",
    .summary = "show records as formatted citations",
    .details =
        "Writes a citation of each record on a line of its own, as plain text. DOIs are written "
        "as for 'get' and looked up in the store; with --file no store is needed. Exits with 1 "
        "when a record is missing or cannot be read.",
    .options = options,
    .most = SIZE_MAX,
    .run = run,
};
