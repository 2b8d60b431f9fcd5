#include <inttypes.h>

#include "cli/cli.h"
#include "cli/copying.h"
#include "cli/import_talk.h"
#include "cli/stopping.h"
#include "cli/syncing.h"
#include "cli/text.h"

static const struct dh_option options[] = {
#include "cli/copying.def"
    {"copy", 0, DH_OPTION_TEXT, "NAME",
     "the copy whose filter 'doihound status --json' tells so, as list:250:1f0e..."},
    {"since", 0, DH_OPTION_TEXT, "DATE",
     "the store has this already as it was then, from a data file: ask for what came later"},
    {"overlap", 0, DH_OPTION_NUMBER, "MINUTES",
     "ask for what changed so long before the last time, too (default 360)", 0, 1000000},
    {"quick", 0, DH_OPTION_FLAG, NULL,
     "do not compare all ids when the server counts as many records as the store"},
    {"max-hidden", 0, DH_OPTION_TEXT, "N|all",
     "hide up to so many records that the server does not show any more (default 100, or a tenth "
     "of the copy)"},
    {"no-accounts", 0, DH_OPTION_FLAG, NULL,
     "do not ask for the clients, providers and prefixes of new records"},
    {"forget", 0, DH_OPTION_FLAG, NULL,
     "hold the copies that are named no more, and ask nobody; their records stay"},
    {"json", 0, DH_OPTION_FLAG, NULL, "one JSON object per copy on standard output"},
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress and no summary"},
    {NULL},
};

struct talk {
    struct dh_import_talk import; /* first: import talk takes it for its own */
    struct dh_cli *cli;
    bool quiet, json;
};

/* ---- talk ----------------------------------------------------------------------------------- */

static void show_progress(void *context, const struct dh_sync_progress *progress)
{
    struct talk *talk = context;
    const char *what = progress->step == DH_SYNC_ACTIVITIES ? "histories" : NULL;
    char note[128] = "";
    dh_copy_note(progress->closed, progress->trouble, progress->left, note, sizeof(note));
    if (progress->events)
        what = "events";
    dh_progress_tick(&talk->import.progress, (struct dh_work){.done = progress->done,
                                                              .total = progress->total,
                                                              .records = progress->done,
                                                              .what = what,
                                                              .note = note});
}

static struct dh_str number(struct dh_cli *cli, uint64_t value)
{
    return dh_text_number(&cli->arena, value);
}

static struct dh_str copy_name(struct dh_cli *cli, const struct dh_synced *synced)
{
    return dh_copy_name(&cli->arena, dh_str(synced->url), dh_str(synced->filter));
}

static void summarise(struct dh_cli *cli, const struct dh_synced *synced)
{
    const struct dh_sync_result *result = synced->result;
    struct dh_str none = DH_STR(""), activities = none, events = none;
    if (result->activities_kept)
        activities = dh_arena_format(&cli->arena, ", %.*s new activities of the server",
                                     DH_STR_ARG(number(cli, result->activities)));
    if (result->events_kept)
        events = dh_arena_format(&cli->arena, ", %.*s new events",
                                 DH_STR_ARG(number(cli, result->import.new_events)));
    fprintf(stderr,
            "synced %.*s: %.*s new, %.*s changed, %.*s hidden, %.*s shown again, %.*s touched"
            "%.*s%.*s; %.*s requests%s\n",
            DH_STR_ARG(copy_name(cli, synced)), DH_STR_ARG(number(cli, result->created)),
            DH_STR_ARG(number(cli, result->updated)), DH_STR_ARG(number(cli, result->hidden)),
            DH_STR_ARG(number(cli, result->shown)), DH_STR_ARG(number(cli, result->touched)),
            DH_STR_ARG(activities), DH_STR_ARG(events),
            DH_STR_ARG(number(cli, result->counts.requests)),
            result->counts.again ? ", some again" : "");
}

/* What a person should know although the sync came to its end. */
static void complain(struct dh_cli *cli, const struct dh_sync_result *result)
{
    dh_copy_tell_missing(&cli->arena, result->missing, result->activities_missing,
                         result->events_missing);
    if (!result->spared)
        return;
    dh_say("%.*s of %.*s records are not shown by the server any more; none was hidden, as",
           DH_STR_ARG(number(cli, result->spared)), DH_STR_ARG(number(cli, result->here)));
    if (result->missing)
        dh_say("its list has gaps");
    else if (result->spared > result->hidden_max)
        dh_say("no more than %.*s may vanish at once (--max-hidden %" PRIu64 " allows it)",
               DH_STR_ARG(number(cli, result->hidden_max)), result->spared);
    else
        dh_say("its list is empty (--max-hidden all allows it)");
}

static const char *outcome(const struct dh_synced *synced)
{
    const struct dh_sync_result *result = synced->result;
    if (synced->status)
        return "failed";
    if (result->stopped)
        return "stopped";
    return dh_sync_complete(result) ? "current" : "incomplete";
}

static void write_json(const struct dh_synced *synced)
{
    const struct dh_sync_result *result = synced->result;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {{"new", result->created},
                  {"changed", result->updated},
                  {"hidden", result->hidden},
                  {"shown", result->shown},
                  {"touched", result->touched},
                  {"bad", result->import.bad},
                  {"missing", result->missing},
                  {"notHidden", result->spared},
                  {"total", result->total},
                  {"requests", result->counts.requests},
                  {"newActivities", result->activities},
                  {"activitiesMissing", result->activities_missing},
                  {"newEvents", result->import.new_events},
                  {"eventsMissing", result->events_missing}};
    struct dh_buf out;
    dh_buf_init(&out, DH_BODY_MAX);
    dh_buf_text(&out, "{\"url\":");
    dh_json_string(&out, dh_str(synced->url), DH_JSON_PLAIN);
    dh_buf_text(&out, ",\"filter\":");
    dh_json_string(&out, dh_str(synced->filter), DH_JSON_PLAIN);
    dh_buf_printf(&out, ",\"outcome\":\"%s\"", outcome(synced));
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        dh_buf_printf(&out, ",\"%s\":%" PRIu64, counts[i].name, counts[i].value);
    dh_buf_printf(&out, ",\"compared\":%s,\"trouble\":", result->compared ? "true" : "false");
    dh_json_string_or_null(&out, synced->status ? dh_str(synced->err->text) : DH_STR_NONE,
                           DH_JSON_PLAIN);
    dh_buf_text(&out, "}\n");
    dh_text_write(stdout, dh_buf_view(&out));
    fflush(stdout);
    dh_buf_release(&out);
}

static void tell(void *context, const struct dh_synced *synced)
{
    struct talk *talk = context;
    dh_progress_wipe(&talk->import.progress);
    if (synced->status)
        dh_say("%.*s: %s", DH_STR_ARG(copy_name(talk->cli, synced)), synced->err->text);
    else if (synced->result->stopped)
        dh_say("stopped; what came so far is kept, the same command does the rest");
    else if (!talk->quiet)
        summarise(talk->cli, synced);
    if (!synced->status)
        complain(talk->cli, synced->result);
    if (talk->json)
        write_json(synced);
}

static void tell_forgotten(void *context, const char *url, const char *filter)
{
    const struct talk *talk = context;
    struct dh_arena *arena = &talk->cli->arena;
    if (!talk->quiet)
        fprintf(stderr, "forgot %.*s; its records stay\n",
                DH_STR_ARG(dh_copy_name(arena, dh_str(url), dh_str(filter))));
}

/* ---- what to do ----------------------------------------------------------------------------- */

/* --max-hidden: a number, or "all". */
static bool read_most(struct dh_cli *cli, int64_t *out)
{
    const char *text = dh_args_text(&cli->args, "max-hidden", NULL);
    struct dh_str digits = dh_str(text);
    *out = -1;
    if (text && strcmp(text, "all") == 0)
        *out = INT64_MAX;
    else if (text && digits.len && strspn(text, "0123456789") == digits.len)
        *out = dh_str_integer(digits);
    else if (text)
        dh_fail(&cli->err, DH_INVALID, "--max-hidden wants a number or 'all', not '%.40s'", text);
    return !text || *out >= 0;
}

static bool read_since(struct dh_cli *cli, int64_t *out)
{
    const char *text = dh_args_text(&cli->args, "since", NULL);
    *out = DH_TIME_NONE;
    if (!text || dh_time_parse(dh_str(text), out))
        return true;
    dh_fail(&cli->err, DH_INVALID, "--since wants a date like 2025-12-31, not '%.40s'", text);
    return false;
}

/* Which copies are meant: those that filters name, or the one that --copy does. */
static int read_copies(struct dh_cli *cli, struct dh_copies *out)
{
    const char *name = dh_args_text(&cli->args, "copy", NULL);
    int result = dh_copy_check(cli);
    if (!result)
        result = dh_copies_read(cli, out);
    bool named = !result && (cli->args.word_count || name || *out->filters[0]);
    if (!result && dh_args_has(&cli->args, "forget") &&
        (!named || dh_args_has(&cli->args, "since"))) {
        dh_fail(&cli->err, DH_INVALID, "--forget wants a URL, filters or --copy, and no --since");
        return dh_cli_usage(cli);
    }
    if (result || !name)
        return result;
    if (*out->filters[0] || dh_args_has(&cli->args, "since")) {
        dh_fail(&cli->err, DH_INVALID,
                "--copy names a copy that is there, so no filter and no --since goes with it");
        return dh_cli_usage(cli);
    }
    out->filters[0] = name;
    return DH_EXIT_OK;
}

static int sync_some(struct dh_cli *cli, struct dh_syncing *syncing, const char *filter,
                     struct dh_syncing_result *sums)
{
    struct dh_syncing_result one;
    syncing->filter = filter;
    enum dh_status status = dh_syncing_run(syncing, &one, &cli->err);
    sums->copies += one.copies;
    sums->incomplete += one.incomplete;
    sums->failed += one.failed;
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}

static int conclude(struct dh_cli *cli, const struct dh_syncing_result *sums)
{
    if (dh_stopping() || sums->failed)
        return DH_EXIT_FAILED;
    if (sums->copies)
        return sums->incomplete ? DH_EXIT_MISS : DH_EXIT_OK;
    dh_say("%s holds no such copy of a server; 'doihound pull' makes one", cli->store_path);
    return DH_EXIT_MISS;
}

static int sync_copies(struct dh_cli *cli, struct dh_syncing *syncing,
                       const struct dh_copies *copies)
{
    struct dh_syncing_result sums = {0};
    struct talk *talk = syncing->context;
    /* named: these copies; else all, or all of one server */
    bool named = syncing->since != DH_TIME_NONE || copies->count > 1 || *copies->filters[0] ||
                 dh_args_has(&cli->args, "copy");
    int result = DH_EXIT_OK;
    syncing->store = cli->store;
    dh_import_talk_init(&talk->import, talk->quiet, false);
    for (size_t i = 0; i < copies->count && !result && !dh_stopping(); i++)
        result = sync_some(cli, syncing, named ? copies->filters[i] : NULL, &sums);
    dh_import_talk_end(&talk->import);
    return result ? result : conclude(cli, &sums);
}

static int run(struct dh_cli *cli)
{
    struct talk talk = {.cli = cli,
                        .quiet = dh_args_has(&cli->args, "quiet"),
                        .json = dh_args_has(&cli->args, "json")};
    struct dh_copies copies;
    struct dh_syncing syncing = {
        .overlap = dh_args_number(&cli->args, "overlap", -1),
        .quick = dh_args_has(&cli->args, "quick"),
        .no_accounts = dh_args_has(&cli->args, "no-accounts"),
        .forget = dh_args_has(&cli->args, "forget"),
        .mailto = dh_args_text(&cli->args, "mailto", NULL),
        .user = dh_copy_user(cli),
        .authorities = dh_copy_authorities(cli),
        .budget = dh_args_number(&cli->args, "budget", -1),
        .parallel = (unsigned)dh_args_number(&cli->args, "parallel", 0),
        .attempts = (unsigned)dh_args_number(&cli->args, "attempts", 0),
        .stop = dh_stopping_flag(),
        .context = &talk,
        .begun = dh_args_has(&cli->args, "forget") ? tell_forgotten : NULL,
        .progress = show_progress,
        .report = dh_import_talk_report,
        .ended = tell,
    };
    const char *url;
    if (!read_most(cli, &syncing.hidden_max) || !read_since(cli, &syncing.since))
        return dh_cli_usage(cli);
    if (syncing.overlap >= 0)
        syncing.overlap *= 60000;
    int result = dh_copy_server(cli, &url);
    if (!result)
        result = read_copies(cli, &copies);
    if (!result)
        result = dh_cli_open(cli, DH_STORE_WRITE, false);
    if (result)
        return result;
    if (cli->args.word_count || syncing.since != DH_TIME_NONE)
        syncing.url = url;
    dh_stopping_begin();
    return sync_copies(cli, &syncing, &copies);
}

const struct dh_command dh_command_sync = {
    .name = "sync",
    .arguments = "[URL]",
    .summary = "bring copies of servers up to date",
    .details =
        "Asks the servers from which the store holds copies (pull) for what came and changed "
        "since, then compares all ids: what changed unnoticed is fetched, and what the server "
        "does not show any more stays as a tombstone, which the store's server hides. Without "
        "arguments every copy has its turn; with a URL those of that server; with filters, as "
        "they were given to pull, that one. A copy that is not complete yet is completed first. "
        "Each change is kept as an activity. A sync that was broken off is done again.\n"
        "A copy that was pulled with --activities or --events gets the server's activities of what "
        "changed, and the events that came since; with --quick, unless one request asks for the "
        "events of all, only those of records that changed.\n"
        "What a data file held is taken up with doihound sync --since 2025-12-31.\n"
        "The exit status is 1 when records are missing or were not hidden because they were too "
        "many, 3 when a server failed; its copy then stays as it was.",
    .options = options,
    .filters = true,
    .walks = true,
    .most = 1,
    .run = run,
};
