#include <signal.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/copying.h"
#include "cli/import_talk.h"
#include "cli/text.h"
#include "mirror/pull.h"

static const struct dh_option options[] = {
#include "cli/copying.def"
    {"restart", 0, DH_OPTION_FLAG, NULL, "begin anew where an earlier pull was broken off"},
    {"no-accounts", 0, DH_OPTION_FLAG, NULL,
     "do not ask for the clients, providers and prefixes of the records"},
    {"repairs", 0, DH_OPTION_FLAG, NULL, "tell what was odd in records and has been mended"},
    {"quiet", 0, DH_OPTION_FLAG, NULL, "no progress and no summary"},
    {NULL},
};

/* Set by a signal; the walk ends behind the page under way. */
static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

static void show_progress(void *context, const struct dh_pull_progress *progress)
{
    struct dh_import_talk *talk = context;
    dh_progress_tick(&talk->progress, (struct dh_work){.done = progress->records,
                                                       .total = progress->total,
                                                       .records = progress->records});
}

/* ---- one scope ------------------------------------------------------------------------------ */

static struct dh_str count_text(struct dh_cli *cli, uint64_t count)
{
    return dh_text_number(&cli->arena, count);
}

static void summarise(struct dh_cli *cli, const struct dh_pull_result *result)
{
    const struct dh_import_result *import = &result->import;
    fprintf(
        stderr,
        "%s %.*s of %.*s records: %.*s new, %.*s changed, %.*s touched, %.*s unchanged, %.*s "
        "bad; %.*s accounts; %.*s requests%s\n",
        result->resumed ? "went on to" : "pulled", DH_STR_ARG(count_text(cli, result->given)),
        DH_STR_ARG(count_text(cli, result->total)), DH_STR_ARG(count_text(cli, import->created)),
        DH_STR_ARG(count_text(cli, import->updated)), DH_STR_ARG(count_text(cli, import->touched)),
        DH_STR_ARG(count_text(cli, import->unchanged)), DH_STR_ARG(count_text(cli, import->bad)),
        DH_STR_ARG(count_text(cli, import->accounts)),
        DH_STR_ARG(count_text(cli, result->counts.requests)),
        result->counts.again ? ", some again" : "");
}

static int conclude(struct dh_cli *cli, enum dh_status status, const struct dh_pull_result *result,
                    bool quiet)
{
    if (status) {
        int failed = dh_cli_failed(cli, status);
        if (status == DH_IO)
            dh_say("what came so far is kept; the same command goes on from there");
        return failed;
    }
    if (result->stopped) {
        dh_say("stopped; the same command goes on from there");
        return DH_EXIT_FAILED;
    }
    if (!quiet)
        summarise(cli, result);
    if (result->missing)
        dh_say("%.*s records that the server counts were never given by it",
               DH_STR_ARG(count_text(cli, result->missing)));
    return result->missing || result->import.bad ? DH_EXIT_MISS : DH_EXIT_OK;
}

static int pull(struct dh_cli *cli, const char *url, const char *filter)
{
    bool quiet = dh_args_has(&cli->args, "quiet");
    const char *user = dh_args_text(&cli->args, "user", getenv("DOIHOUND_USER"));
    const char *mailto = dh_args_text(&cli->args, "mailto", NULL);
    struct dh_import_talk talk;
    struct dh_pull_result result;
    dh_import_talk_init(&talk, quiet, dh_args_has(&cli->args, "repairs"));
    const struct dh_pull_options pull_options = {
        .url = url,
        .filter = filter,
        .client = {.user_agent = dh_copy_agent(&cli->arena, mailto),
                   .user = user,
                   .parallel = (unsigned)dh_args_number(&cli->args, "parallel", 0),
                   .attempts = (unsigned)dh_args_number(&cli->args, "attempts", 0),
                   .budget =
                       dh_copy_budget(url, user, mailto, dh_args_number(&cli->args, "budget", -1))},
        .restart = dh_args_has(&cli->args, "restart"),
        .no_accounts = dh_args_has(&cli->args, "no-accounts"),
        .stop = &stop,
        .context = &talk,
        .progress = show_progress,
        .report = dh_import_talk_report,
    };
    enum dh_status status = dh_pull(cli->store, &pull_options, &result, &cli->err);
    dh_import_talk_end(&talk);
    return conclude(cli, status, &result, quiet);
}

static int run(struct dh_cli *cli)
{
    const char *url = cli->args.word_count ? cli->args.words[0] : DH_DATACITE;
    struct dh_copies copies;
    struct sigaction action = {.sa_handler = on_signal};
    int result = dh_copies_read(cli, url, &copies);
    if (!result)
        result = dh_cli_open(cli, DH_STORE_CREATE, false);
    if (result)
        return result;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    for (size_t i = 0; i < copies.count && result <= DH_EXIT_MISS && !atomic_load(&stop); i++) {
        int more = pull(cli, url, copies.filters[i]);
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
        "What TCIA publishes, and what refers to it: doihound pull --client-id nihnci.tcia "
        "--citing 10.7937",
    .options = options,
    .filters = true,
    .most = 1,
    .run = run,
};
