#include <time.h>

#include "cli/cli.h"
#include "cli/import_talk.h"
#include "cli/paths.h"
#include "cli/records.h"
#include "cli/text.h"

static const struct dh_option options[] = {
    {"sample", 0, DH_OPTION_FLAG, NULL, "import the catalogue of TCIA that comes with doihound"},
    {"strict", 0, DH_OPTION_FLAG, NULL, "store nothing at all when one value is bad"},
    {"threads", 0, DH_OPTION_NUMBER, "N", "parsing threads (default: one per core)", 1,
     DH_THREADS_MAX},
    {"client-id", 0, DH_OPTION_TEXT, "IDS", "take only the records of these clients"},
    {"provider-id", 0, DH_OPTION_TEXT, "IDS", "take only the records of these providers"},
    {"prefix", 0, DH_OPTION_TEXT, "PREFIXES", "take only records with these prefixes"},
    {"type", 0, DH_OPTION_TEXT, "TYPES", "take only these general resource types: dataset, ..."},
    {"match", 0, DH_OPTION_TEXT, "QUERY",
     "take only records that match, in the API's query language"},
    {"citing", 0, DH_OPTION_TEXT, "DOIS",
     "take only records that state a relation to one of these DOIs or prefixes"},
    {"restart", 0, DH_OPTION_FLAG, NULL,
     "begin a tar anew where an earlier import of it was broken off"},
    {"json", 0, DH_OPTION_FLAG, NULL, "print the summary as JSON, with all counts"},
    {"repairs", 0, DH_OPTION_FLAG, NULL, "tell what was odd in records and has been mended"},
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress and no summary"},
    {NULL},
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The files to import, the sample first; NULL after having said what is wrong. */
static const char **inputs(struct dh_cli *cli, size_t *count, int *result)
{
    const struct dh_args *args = &cli->args;
    const char **paths = dh_arena_array(&cli->arena, args->word_count + 1, sizeof(*paths));
    bool sample = dh_args_has(args, "sample");
    *count = 0;
    *result = DH_EXIT_USAGE;
    if (!sample && args->word_count == 0) {
        dh_fail(&cli->err, DH_INVALID,
                "'import' needs a file, '-' for standard input, or --sample");
        dh_cli_usage(cli);
        return NULL;
    }
    *result = DH_EXIT_FAILED;
    if (sample && paths && !(paths[(*count)++] = dh_path_sample(&cli->arena))) {
        dh_say("the sample catalogue is not where it was installed (%s)", DOIHOUND_DATA);
        return NULL;
    }
    *result = dh_files_readable(args->words, args->word_count) ? DH_EXIT_OK : DH_EXIT_MISS;
    for (size_t i = 0; paths && i < args->word_count; i++)
        paths[(*count)++] = args->words[i];
    return *result ? NULL : paths;
}

static void summarise(struct dh_cli *cli, const struct dh_import_result *result, double seconds)
{
    struct dh_arena *arena = &cli->arena;
    double rate = (double)result->records / (seconds > 0.001 ? seconds : 0.001);
    fprintf(stderr,
            "imported %.*s records: %.*s new, %.*s changed, %.*s touched, %.*s unchanged, %.*s bad "
            "(%.*s, %.*s/s)\n",
            DH_STR_ARG(dh_text_number(arena, result->records)),
            DH_STR_ARG(dh_text_number(arena, result->created)),
            DH_STR_ARG(dh_text_number(arena, result->updated)),
            DH_STR_ARG(dh_text_number(arena, result->touched)),
            DH_STR_ARG(dh_text_number(arena, result->unchanged)),
            DH_STR_ARG(dh_text_number(arena, result->bad)),
            DH_STR_ARG(dh_text_seconds(arena, seconds)),
            DH_STR_ARG(dh_text_number(arena, (uint64_t)(rate + 0.5))));
    if (result->left)
        fprintf(stderr, "%.*s more records were passed over, as they do not pass the filter\n",
                DH_STR_ARG(dh_text_number(arena, result->left)));
    if (result->resumed)
        fprintf(stderr, "%.*s of %.*s members were imported before; --restart begins anew\n",
                DH_STR_ARG(dh_text_number(arena, result->resumed)),
                DH_STR_ARG(dh_text_number(arena, result->members)));
    if (result->events)
        fprintf(stderr, "and %.*s events, %.*s of them new\n",
                DH_STR_ARG(dh_text_number(arena, result->events)),
                DH_STR_ARG(dh_text_number(arena, result->new_events)));
    if (result->accounts)
        fprintf(stderr, "and %.*s providers, clients and prefixes\n",
                DH_STR_ARG(dh_text_number(arena, result->accounts)));
}

/* What is told one by one only on demand. A report without a repair is of a type passed over. */
static void hint(struct dh_cli *cli, const struct dh_import_result *result, uint64_t told)
{
    if (result->repaired)
        fprintf(stderr, "%.*s records were odd and have been mended; --repairs tells how\n",
                DH_STR_ARG(dh_text_number(&cli->arena, result->repaired)));
    if (told > result->repaired)
        fputs("resources of other types were passed over; --repairs tells which\n", stderr);
}

/* Prints the summary for programs. */
static int print_json(const struct dh_import_counts *counts, const struct dh_import_result *result,
                      double seconds)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_RESPONSE_MAX);
    dh_import_counts_write(counts, result, seconds, &text);
    bool whole = !text.status;
    if (whole)
        dh_text_write(stdout, dh_buf_view(&text));
    dh_buf_release(&text);
    return whole ? DH_EXIT_OK : dh_cli_no_memory();
}

static int import(struct dh_cli *cli, const char **paths, size_t count,
                  const struct dh_record_filter *filter, struct dh_import_counts *counts)
{
    bool quiet = dh_args_has(&cli->args, "quiet"), repairs = dh_args_has(&cli->args, "repairs");
    struct dh_import_talk talk;
    struct dh_import_result result = {0};
    double start = now();
    dh_import_talk_init(&talk, quiet, repairs);
    talk.counts = counts;
    const struct dh_import_options import_options = {
        .strict = dh_args_has(&cli->args, "strict"),
        .restart = dh_args_has(&cli->args, "restart"),
        .threads = (unsigned)dh_args_number(&cli->args, "threads", 0),
        .filter = filter,
        .context = &talk,
        .progress = dh_import_talk_progress,
        .report = dh_import_talk_report,
        .month = dh_import_talk_month,
    };
    enum dh_status status =
        dh_import_files(cli->store, paths, count, &import_options, &result, &cli->err);
    double seconds = now() - start;
    dh_import_talk_end(&talk);
    int failed = status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
    if (import_options.strict && status)
        dh_say("nothing was stored (--strict)");
    else if (!quiet) /* after a failure: what was stored before it */
        summarise(cli, &result, seconds);
    if (!status && !quiet)
        dh_import_counts_tell(counts);
    if (!status && !quiet && !repairs)
        hint(cli, &result, talk.mended);
    if (!failed && dh_args_has(&cli->args, "json"))
        failed = print_json(counts, &result, seconds);
    return failed ? failed : result.bad ? DH_EXIT_MISS : DH_EXIT_OK;
}

/* What the options ask of records; 0, or an exit status after talk. */
static int make_filter(struct dh_cli *cli, struct dh_record_filter **filter)
{
    const struct dh_args *args = &cli->args;
    const struct dh_wanted wanted = {
        .client_id = dh_args_text(args, "client-id", NULL),
        .provider_id = dh_args_text(args, "provider-id", NULL),
        .prefix = dh_args_text(args, "prefix", NULL),
        .type = dh_args_text(args, "type", NULL),
        .match = dh_args_text(args, "match", NULL),
        .citing = dh_args_text(args, "citing", NULL),
    };
    size_t count;
    enum dh_status status = dh_record_filter_make(&wanted, filter, &cli->err);
    if (status == DH_MEMORY)
        return dh_cli_no_memory();
    if (status) {
        dh_say("--%s: %s", cli->err.field, cli->err.text);
        return DH_EXIT_USAGE;
    }
    const struct dh_query_warning *warnings = dh_record_filter_warnings(*filter, &count);
    for (size_t i = 0; i < count; i++)
        dh_say("warning: %.*s", DH_STR_ARG(warnings[i].text));
    return DH_EXIT_OK;
}

static int run(struct dh_cli *cli)
{
    size_t count;
    int result;
    const char **paths = inputs(cli, &count, &result);
    if (!paths)
        return result ? result : dh_cli_no_memory();
    struct dh_record_filter *filter;
    struct dh_import_counts counts;
    result = make_filter(cli, &filter);
    if (result)
        return result;
    dh_import_counts_init(&counts);
    result = dh_cli_open(cli, DH_STORE_CREATE, false);
    if (!result)
        result = import(cli, paths, count, filter, &counts);
    dh_import_counts_release(&counts);
    dh_record_filter_free(filter);
    return result;
}

const struct dh_command dh_command_import = {
    .name = "import",
    .arguments = "FILE...",
    .summary = "take records from files into the store",
    .details =
        "Reads files ('-' is standard input) into the store, which is made when it is missing. A "
        "file may be plain, gzip or zstd, and hold JSON:API documents as the API gives them, JSON "
        "Lines as the public data file and 'export' have them, or DataCite JSON. A data file is "
        "read straight from its tar, compressed or not; when that is broken off, the same command "
        "goes on where it was. Importing the same again changes nothing.\n"
        "With --client-id and the like only records that pass all of them are taken; lists are "
        "separated by commas.\n"
        "A bad value is reported as FILE:LINE: byte N: reason and skipped; the exit status is 1 "
        "then.",
    .options = options,
    .most = SIZE_MAX,
    .run = run,
};
