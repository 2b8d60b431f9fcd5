#include <signal.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/filters.h"
#include "cli/import_talk.h"
#include "cli/text.h"
#include "mirror/pull.h"

#define DATACITE "https://api.datacite.org"

static const struct dh_option options[] = {
    {"query", 0, DH_OPTION_TEXT, "QUERY", "records that match, in the API's query language"},
    {"citing", 0, DH_OPTION_TEXT, "PREFIX|DOI",
     "also the records that state a relation to DOIs of this prefix, or to this DOI"},
    {"mailto", 0, DH_OPTION_TEXT, "ADDRESS", "tell the server whom to write to when it suffers"},
    {"user", 0, DH_OPTION_TEXT, "NAME:PASSWORD",
     "log in (default: the environment's DOIHOUND_USER)"},
    {"budget", 0, DH_OPTION_NUMBER, "N",
     "requests in any 5 minutes, 0 for no limit (default 500, 1000 with --mailto, 3000 with "
     "--user, as DataCite grants; none on this machine)",
     0, 1000000},
    {"attempts", 0, DH_OPTION_NUMBER, "N", "how often a request is tried (default 8)", 1, 100},
    {"parallel", 0, DH_OPTION_NUMBER, "N", "requests at once (default 4)", 1, 64},
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

/* ---- what to ask, and how ------------------------------------------------------------------- */

static bool local(struct dh_str url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (dh_str_starts_nocase(url, dh_str(hosts[i])))
            return true;
    return false;
}

static unsigned budget(const struct dh_cli *cli, const char *url, const char *user)
{
    int64_t tier = user ? 3000 : dh_args_has(&cli->args, "mailto") ? 1000 : 500;
    return (unsigned)dh_args_number(&cli->args, "budget", local(dh_str(url)) ? 0 : tier);
}

static const char *user_agent(struct dh_cli *cli)
{
    const char *mail = dh_args_text(&cli->args, "mailto", NULL);
    return mail
               ? dh_arena_format(&cli->arena, "doihound/" DOIHOUND_VERSION " (mailto:%s)", mail).ptr
               : "doihound/" DOIHOUND_VERSION;
}

/* The filters given, as the query string that names the scope. NULL out of memory. */
static const char *own_filter(struct dh_cli *cli)
{
    struct dh_buf query;
    dh_buf_init(&query, DH_URL_MAX);
    dh_filter_query(cli, &query);
    if (dh_args_has(&cli->args, "query"))
        dh_query_add(&query, "query", dh_str(dh_args_text(&cli->args, "query", "")));
    struct dh_str text = dh_arena_copy(&cli->arena, dh_str_from(dh_buf_view(&query), 1));
    bool failed = query.status != DH_OK;
    dh_buf_release(&query);
    return failed ? NULL : text.ptr ? text.ptr : "";
}

/* A DOI for a query: colons and brackets are signs of the language. A slash is not: the API escapes
 * every one of them itself. */
static void add_escaped(struct dh_buf *query, struct dh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("+-!(){}[]^\"~*?:\\&|<>=", text.ptr[i]))
            dh_buf_char(query, '\\');
        dh_buf_char(query, text.ptr[i]);
    }
}

/* Related identifiers stand as bare DOIs and as URLs. */
static const char *citing_filter(struct dh_cli *cli, const char *target)
{
    static const char *const forms[] = {"", "https://doi.org/", "http://doi.org/",
                                        "http://dx.doi.org/", "doi:"};
    struct dh_str doi = dh_doi_parse(&cli->arena, dh_str(target));
    struct dh_str lower = dh_arena_lower(&cli->arena, doi.ptr ? doi : dh_str(target));
    struct dh_buf query, filter;
    dh_buf_init(&query, DH_QUERY_MAX);
    dh_buf_init(&filter, DH_URL_MAX);
    dh_buf_text(&query, "relatedIdentifiers.relatedIdentifier:(");
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        dh_buf_text(&query, i ? " OR " : "");
        add_escaped(&query, dh_str(forms[i]));
        add_escaped(&query, lower);
        dh_buf_text(&query, doi.ptr ? "" : "/*");
    }
    dh_buf_char(&query, ')');
    dh_buf_text(&filter, "query=");
    dh_url_encode_form(&filter, dh_buf_view(&query));
    bool failed = query.status || filter.status;
    const char *text = failed ? NULL : dh_arena_copy(&cli->arena, dh_buf_view(&filter)).ptr;
    dh_buf_release(&query);
    dh_buf_release(&filter);
    return text;
}

static bool is_prefix(struct dh_str text)
{
    if (!dh_str_starts(text, DH_STR("10.")) || text.len == 3)
        return false;
    for (size_t i = 3; i < text.len; i++)
        if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.')
            return false;
    return true;
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
    struct dh_import_talk talk;
    struct dh_pull_result result;
    if (!filter)
        return dh_cli_no_memory();
    dh_import_talk_init(&talk, quiet, dh_args_has(&cli->args, "repairs"));
    const struct dh_pull_options pull_options = {
        .url = url,
        .filter = filter,
        .client = {.user_agent = user_agent(cli),
                   .user = user,
                   .parallel = (unsigned)dh_args_number(&cli->args, "parallel", 0),
                   .attempts = (unsigned)dh_args_number(&cli->args, "attempts", 0),
                   .budget = budget(cli, url, user)},
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
    const char *url = cli->args.word_count ? cli->args.words[0] : DATACITE;
    const char *target = dh_args_text(&cli->args, "citing", NULL);
    const char *filter = own_filter(cli);
    struct sigaction action = {.sa_handler = on_signal};
    if (target && !is_prefix(dh_str(target)) && !dh_doi_parse(&cli->arena, dh_str(target)).ptr) {
        dh_fail(&cli->err, DH_INVALID, "'%.100s' is neither a prefix nor a DOI", target);
        return dh_cli_usage(cli);
    }
    if (!dh_str_starts_nocase(dh_str(url), DH_STR("http://")) &&
        !dh_str_starts_nocase(dh_str(url), DH_STR("https://"))) {
        dh_fail(&cli->err, DH_INVALID, "'%.200s' is no http or https URL", url);
        return dh_cli_usage(cli);
    }
    int result = dh_cli_open(cli, DH_STORE_CREATE, false);
    if (result)
        return result;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!target || (filter && *filter))
        result = pull(cli, url, filter);
    if (target && result <= DH_EXIT_MISS && !atomic_load(&stop)) {
        int more = pull(cli, url, citing_filter(cli, target));
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
        "a server (default " DATACITE ") into the store, which is made when it is missing. Broken "
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
