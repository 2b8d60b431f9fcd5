#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/copying.h"
#include "cli/keeping.h"
#include "cli/listen.h"
#include "cli/text.h"

enum { STOP_SECONDS = 10 };

static const struct dh_option options[] = {
    {"listen", 0, DH_OPTION_TEXT, "HOST:PORT",
     "where to listen; port 0 is any free one (default 127.0.0.1:8065)"},
    {"base-url", 0, DH_OPTION_TEXT, "URL",
     "what links in answers begin with (default: what the request names)"},
    {"threads", 0, DH_OPTION_NUMBER, "N",
     "event loops, each with two workers (default: one per core)", 1, DH_THREADS_MAX / 2},
    {"facets", 0, DH_OPTION_CHOICE, NULL,
     "count facets in lists that do not say whether they want them (default on)",
     .words = "on|off"},
    {"explain", 0, DH_OPTION_FLAG, NULL,
     "let explain=true in a request show how its query went (off: it is ignored)"},
    {"strict", 0, DH_OPTION_FLAG, NULL,
     "refuse citations in a style or locale that is not known (off: APA, with a warning)"},
    {"sync", 0, DH_OPTION_TEXT, "INTERVAL",
     "bring the copies of servers up to date every so often: 90s, 15m, 6h, 1d"},
    {"mailto", 0, DH_OPTION_TEXT, "ADDRESS",
     "with --sync: tell those servers whom to write to when they suffer"},
    {"tls-cert", 0, DH_OPTION_TEXT, "FILE", "serve HTTPS with this certificate chain (PEM)"},
    {"tls-key", 0, DH_OPTION_TEXT, "FILE", "and this private key (PEM)"},
    {"log", 0, DH_OPTION_CHOICE, NULL, "the access log on standard error (default text)",
     .words = "text|json|off"},
    {NULL},
};

/* Each connection is a file: as many as the system allows. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Threads inherit the mask, so the signals that end the server wait for wait_for_end. */
static void hold_signals(sigset_t *ends)
{
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
}

/* After the first signal a second one ends the program at once. */
static void wait_for_end(const sigset_t *ends)
{
    int number;
    while (sigwait(ends, &number) != 0)
        ;
    pthread_sigmask(SIG_UNBLOCK, ends, NULL);
}

static int read_options(struct dh_cli *cli, struct dh_listen *listen, struct dh_http_options *out)
{
    const struct dh_args *args = &cli->args;
    unsigned threads = (unsigned)dh_args_number(args, "threads", 0);
    if (dh_listen_parse(dh_args_text(args, "listen", "127.0.0.1:8065"), listen, &cli->arena,
                        &cli->err))
        return dh_cli_usage(cli);
    *out = (struct dh_http_options){
        .host = listen->host,
        .port = listen->port,
        .base_url = dh_args_text(args, "base-url", NULL),
        .loops = threads,
        .workers = threads * 2,
        .tls_cert = dh_args_text(args, "tls-cert", NULL),
        .tls_key = dh_args_text(args, "tls-key", NULL),
        .log_json = dh_args_chosen(args, "log", "json", "text"),
        .log_fd = dh_args_chosen(args, "log", "off", "text") ? -1 : STDERR_FILENO,
    };
    if (!out->tls_cert == !out->tls_key)
        return DH_EXIT_OK;
    dh_fail(&cli->err, DH_INVALID, "--tls-cert and --tls-key go together");
    return dh_cli_usage(cli);
}

/* Counting by a search also loads what the first list would wait for. */
static void announce(struct dh_cli *cli, const struct dh_listen *listen, bool tls)
{
    const struct dh_search all = {.sort = DH_SORT_NONE, .sample_by = DH_COLUMN__N};
    struct dh_page page = {0};
    dh_store_search(cli->reader, &all, &page, &cli->arena, NULL);
    fprintf(stderr, "doihound %s serves %s (%.*s records) at %.*s\n", DOIHOUND_VERSION,
            cli->store_path, DH_STR_ARG(dh_text_number(&cli->arena, page.total)),
            DH_STR_ARG(dh_listen_url(listen, tls, &cli->arena)));
    if (page.total == 0)
        dh_cli_note_empty(cli);
    fflush(stderr);
}

/* --sync and what goes with it; *out is NULL without. */
static int read_sync(struct dh_cli *cli, struct dh_keeping **out)
{
    const char *interval = dh_args_text(&cli->args, "sync", NULL);
    *out = NULL;
    if (!interval)
        return DH_EXIT_OK;
    *out = dh_arena_alloc(&cli->arena, sizeof(**out)); /* outlives the API, which reads its state */
    if (!*out)
        return dh_cli_no_memory();
    atomic_init(&(*out)->state.next, DH_TIME_NONE);
    (*out)->mailto = dh_args_text(&cli->args, "mailto", NULL);
    (*out)->user = dh_copy_user(cli);
    (*out)->authorities = dh_copy_authorities(cli);
    if (dh_keeping_read(interval, &(*out)->state.interval))
        return dh_copy_check(cli);
    dh_fail(&cli->err, DH_INVALID,
            "--sync wants an interval like 90s, 15m, 6h or 1d, at least one minute, not '%.40s'",
            interval);
    return dh_cli_usage(cli);
}

/* Until the end; what keeps the store fresh has its own thread. */
static int stay(struct dh_cli *cli, struct dh_keeping *keeping, const sigset_t *ends)
{
    int result = keeping ? dh_keeping_start(keeping, cli) : DH_EXIT_OK;
    if (!result)
        wait_for_end(ends);
    if (keeping)
        dh_keeping_stop(keeping);
    return result;
}

static int serve(struct dh_cli *cli, struct dh_listen *listen, struct dh_keeping *keeping,
                 const struct dh_http_options *http_options)
{
    const struct dh_http_app app = dh_api_app(cli->api);
    struct dh_http_server *server;
    sigset_t ends;
    hold_signals(&ends);
    raise_file_limit();
    enum dh_status status = dh_http_start(http_options, &app, &server, &cli->err);
    if (status) {
        dh_cli_failed(cli, status);
        return DH_EXIT_FAILED;
    }
    dh_api_watch(cli->api, server);
    listen->port = dh_http_port(server);
    announce(cli, listen, http_options->tls_cert != NULL);
    int result = stay(cli, keeping, &ends);
    dh_api_watch(cli->api, NULL);
    dh_http_stop(server, STOP_SECONDS);
    if (keeping)
        dh_keeping_end(keeping);
    return result;
}

static int run(struct dh_cli *cli)
{
    struct dh_listen listen;
    struct dh_http_options http_options;
    struct dh_keeping *keeping;
    struct dh_api_options api_options = {
        .facets = dh_args_chosen(&cli->args, "facets", "on", "on"),
        .explain = dh_args_has(&cli->args, "explain"),
        .strict = dh_args_has(&cli->args, "strict"),
        .version = DOIHOUND_VERSION,
    };
    int result = read_options(cli, &listen, &http_options);
    if (!result)
        result = read_sync(cli, &keeping);
    if (!result)
        result = dh_cli_open(cli, DH_STORE_READ, true);
    if (result)
        return result;
    api_options.sync = keeping ? &keeping->state : NULL;
    enum dh_status status = dh_api_open(cli->store, &api_options, &cli->api, &cli->err);
    return status ? dh_cli_failed(cli, status) : serve(cli, &listen, keeping, &http_options);
}

const struct dh_command dh_command_serve = {
    .name = "serve",
    .arguments = "",
    .summary = "answer as the DataCite REST API does",
    .details =
        "Serves the store over HTTP until it is told to stop (SIGTERM or Ctrl-C); requests "
        "under way may then take ten more seconds. Other processes may import into the "
        "store meanwhile. One line on standard error says when and where the server is "
        "ready.\n"
        "With --sync the copies of servers in the store (pull) are brought up to date at the "
        "start, when they are due, and then at that interval, as 'doihound sync' does it; "
        "all ids are compared once a day. Answers go on meanwhile, and when a server cannot "
        "be asked: then a line on standard error says so, answers grow older (Age), and it "
        "is tried again. DOIHOUND_USER of the environment logs in.",
    .options = options,
    .run = run,
};
