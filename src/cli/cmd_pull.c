#include "cli/cli.h"
#include "cli/copying.h"
#include "cli/import_talk.h"
#include "cli/picking.h"
#include "cli/stopping.h"
#include "cli/text.h"
#include "mirror/pull.h"

static const struct dh_option options[] = {
#include "cli/copying.def"
    {"doi", 0, DH_OPTION_TEXT, "DOI", "this record alone; may be given many times"},
    {"dois", 0, DH_OPTION_TEXT, "FILE", "these records, a DOI per line; - is standard input"},
    {"activities", 0, DH_OPTION_FLAG, NULL, "also the server's history of each record"},
    {"events", 0, DH_OPTION_FLAG, NULL,
     "also the server's events of the records: who cites them, usage"},
    {"restart", 0, DH_OPTION_FLAG, NULL, "begin anew where an earlier pull was broken off"},
    {"no-accounts", 0, DH_OPTION_FLAG, NULL,
     "do not ask for the clients, providers and prefixes of the records"},
    {"repairs", 0, DH_OPTION_FLAG, NULL, "tell what was odd in records and has been mended"},
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress and no summary"},
    {NULL},
};

static void show_progress(void *context, const struct dh_pull_progress *progress)
{
    struct dh_import_talk *talk = context;
    char note[128] = "";
    dh_copy_note(progress->closed, progress->trouble, progress->left, note, sizeof(note));
    dh_progress_tick(&talk->progress, (struct dh_work){.done = progress->records,
                                                       .total = progress->total,
                                                       .records = progress->records,
                                                       .what = progress->activities ? "histories"
                                                               : progress->events   ? "events"
                                                                                    : NULL,
                                                       .note = note});
}

static void tell_missed(void *context, struct dh_str doi)
{
    const struct dh_import_talk *talk = context;
    dh_progress_wipe(&talk->progress);
    dh_say("the server does not have %.*s", DH_STR_ARG(doi));
}

/* ---- one scope ------------------------------------------------------------------------------ */

static struct dh_str count_text(struct dh_cli *cli, uint64_t count)
{
    return dh_text_number(&cli->arena, count);
}

/* " referring to 10.7937", of what --citing brought; else "". */
static struct dh_str about(struct dh_cli *cli, const char *filter)
{
    static const char sign[] = " --citing ";
    struct dh_str name = dh_copy_name(&cli->arena, DH_STR(""), dh_str(filter ? filter : ""));
    if (!dh_str_starts(name, dh_str(sign)))
        return DH_STR("");
    return dh_arena_format(&cli->arena, " referring to %.*s",
                           DH_STR_ARG(dh_str_from(name, strlen(sign))));
}

/* The filter is NULL for a list. */
static void summarise(struct dh_cli *cli, const struct dh_pull_result *result, const char *filter)
{
    const struct dh_import_result *import = &result->import;
    fprintf(
        stderr,
        "%s %.*s of %.*s records%.*s: %.*s new, %.*s changed, %.*s touched, %.*s unchanged, %.*s "
        "bad; %.*s accounts; %.*s requests%s\n",
        result->resumed ? "went on to" : "pulled", DH_STR_ARG(count_text(cli, result->given)),
        DH_STR_ARG(count_text(cli, result->total)), DH_STR_ARG(about(cli, filter)),
        DH_STR_ARG(count_text(cli, import->created)), DH_STR_ARG(count_text(cli, import->updated)),
        DH_STR_ARG(count_text(cli, import->touched)),
        DH_STR_ARG(count_text(cli, import->unchanged)), DH_STR_ARG(count_text(cli, import->bad)),
        DH_STR_ARG(count_text(cli, import->accounts)),
        DH_STR_ARG(count_text(cli, result->counts.requests)),
        result->counts.again ? ", some again" : "");
    if (result->events)
        fprintf(stderr, "and %.*s events, %.*s of them new\n",
                DH_STR_ARG(count_text(cli, import->events)),
                DH_STR_ARG(count_text(cli, import->new_events)));
    if (dh_args_has(&cli->args, "activities"))
        fprintf(stderr, "%.*s new activities of the server\n",
                DH_STR_ARG(count_text(cli, result->activities)));
}

static int conclude(struct dh_cli *cli, enum dh_status status, const struct dh_pull_result *result,
                    bool quiet, const char *filter)
{
    if (status) {
        int failed = dh_cli_failed(cli, status);
        if (status == DH_IO)
            dh_say("what came so far is kept; the same command goes on from there");
        else if (result->given) /* maybe for ever: where it was is gone */
            dh_say("what came so far is kept; the same command goes on from there, with --restart "
                   "it begins anew");
        return failed;
    }
    if (result->stopped) {
        dh_say("stopped; the same command goes on from there");
        return DH_EXIT_FAILED;
    }
    if (!quiet)
        summarise(cli, result, filter);
    /* Of a list each was named. */
    dh_copy_tell_missing(&cli->arena, filter ? result->missing : 0, result->activities_missing,
                         result->events_missing);
    bool whole = !result->missing && !result->activities_missing && !result->events_missing &&
                 !result->import.bad;
    return whole ? DH_EXIT_OK : DH_EXIT_MISS;
}

/* One copy: of what passes a filter, or of a list. */
static int pull(struct dh_cli *cli, const char *url, const char *filter,
                const struct dh_picked *picked, bool events)
{
    bool quiet = dh_args_has(&cli->args, "quiet");
    const char *user = dh_copy_user(cli);
    const char *mailto = dh_args_text(&cli->args, "mailto", NULL);
    struct dh_import_talk talk;
    struct dh_pull_result result;
    dh_import_talk_init(&talk, quiet, dh_args_has(&cli->args, "repairs"));
    const struct dh_pull_options pull_options = {
        .url = url,
        .filter = filter,
        .dois = picked ? picked->dois : NULL,
        .doi_count = picked ? picked->count : 0,
        .client = {.user_agent = dh_copy_agent(&cli->arena, mailto),
                   .user = user,
                   .authorities = dh_copy_authorities(cli),
                   .parallel = (unsigned)dh_args_number(&cli->args, "parallel", 0),
                   .attempts = (unsigned)dh_args_number(&cli->args, "attempts", 0),
                   .budget =
                       dh_copy_budget(url, user, mailto, dh_args_number(&cli->args, "budget", -1))},
        .restart = dh_args_has(&cli->args, "restart"),
        .activities = dh_args_has(&cli->args, "activities"),
        .events = events,
        .no_accounts = dh_args_has(&cli->args, "no-accounts"),
        .stop = dh_stopping_flag(),
        .context = &talk,
        .progress = show_progress,
        .report = dh_import_talk_report,
        .missed = tell_missed,
    };
    enum dh_status status = dh_pull(cli->store, &pull_options, &result, &cli->err);
    dh_import_talk_end(&talk);
    return conclude(cli, status, &result, quiet, picked ? NULL : filter);
}

/* Reads what to copy. A list is instead of filters; what cites something can come with both. */
static int read_copies(struct dh_cli *cli, struct dh_copies *copies, struct dh_picked *picked)
{
    int result = dh_copy_check(cli);
    if (!result)
        result = dh_copies_read(cli, copies);
    if (!result)
        result = dh_picked_read(cli, picked);
    if (result || !picked->given)
        return result;
    bool citing = dh_args_has(&cli->args, "citing");
    if (citing ? copies->count > 1 : *copies->filters[0] != '\0') {
        dh_fail(&cli->err, DH_INVALID,
                "--doi and --dois name records, so no filter goes with them");
        return dh_cli_usage(cli);
    }
    if (!picked->count) {
        dh_fail(&cli->err, DH_INVALID, "the list has no DOI");
        return dh_cli_usage(cli);
    }
    copies->count = citing;
    return DH_EXIT_OK;
}

static int run(struct dh_cli *cli)
{
    const char *url;
    struct dh_copies copies;
    struct dh_picked picked;
    /* Of what was named, not also of what cites it. */
    bool events = dh_args_has(&cli->args, "events");
    int result = dh_copy_server(cli, &url);
    if (!result)
        result = read_copies(cli, &copies, &picked);
    if (!result)
        result = dh_cli_open(cli, DH_STORE_CREATE, false);
    if (result)
        return result;
    dh_stopping_begin();
    if (picked.given)
        result = pull(cli, url, "", &picked, events);
    for (size_t i = 0; i < copies.count && result <= DH_EXIT_MISS && !dh_stopping(); i++) {
        int more = pull(cli, url, copies.filters[i], NULL, events && !i && !picked.given);
        result = more > result ? more : result;
    }
    return result;
}

const struct dh_command dh_command_pull = {
    .name = "pull",
    .arguments = "[URL]",
    .summary = "copy records from a server that speaks the API",
    .details =
        "Copies all records that pass the filters, with their clients, providers and prefixes, "
        "from "
        "a server (default " DH_DATACITE
        ") into the store, which is made when it is missing. Broken "
        "off at any point, even by kill -9, the same command goes on where it was; done again it "
        "changes nothing. Requests keep within the budget, failures are tried again, pages are "
        "checked for repeats, and records that the server counts but never gives are told: the "
        "exit status is 1 then.\n"
        "--events brings what the server tells of the records named by filters or lists and no "
        "record states: articles of other agencies that cite them, usage. See doihound related and "
        "/events.\n"
        "What TCIA publishes, and what refers to it: doihound pull --client-id nihnci.tcia "
        "--citing 10.7937",
    .options = options,
    .filters = true,
    .walks = true,
    .most = 1,
    .run = run,
};
