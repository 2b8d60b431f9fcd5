#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "api/changes.h"
#include "cli/changes.h"
#include "cli/copying.h"
#include "cli/stopping.h"
#include "cli/text.h"

enum { LOOK_MILLISECONDS = 200 };

static const struct dh_option options[] = {
    {"since", 0, DH_OPTION_TEXT, "N|now",
     "only what came after this sequence; now: only what is yet to come (default: all)"},
    {"limit", 0, DH_OPTION_NUMBER, "N", "at most so many changes", 1, INT64_MAX},
    {"follow", 0, DH_OPTION_FLAG, NULL, "go on with what is committed, by any process"},
    {"json", 0, DH_OPTION_FLAG, NULL, "one JSON object a line, as the server's feed"},
    {"user", 0, DH_OPTION_TEXT, "NAME:PASSWORD",
     "log in to the server (default: the environment's DOIHOUND_USER)"},
    {"cacert", 0, DH_OPTION_TEXT, "FILE",
     "certificates to trust, PEM (default: the environment's CURL_CA_BUNDLE or SSL_CERT_FILE, else "
     "the system's)"},
    {NULL},
};

struct feed {
    struct dh_cli *cli;
    struct dh_arena arena; /* of one batch */
    uint64_t since, left;
    bool json;
};

/* ---- one change ----------------------------------------------------------------------------- */

static bool print(struct feed *feed, const struct dh_change_item *item)
{
    struct dh_buf line;
    if (!feed->json) {
        dh_change_print(item, &feed->arena);
        return true;
    }
    dh_buf_init(&line, DH_BODY_MAX);
    dh_change_line(&line, item);
    bool complete = !line.status;
    dh_text_write(stdout, dh_buf_view(&line));
    dh_buf_release(&line);
    return complete;
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* Shows what there is beyond feed->since. */
static int show(struct feed *feed)
{
    struct dh_cli *cli = feed->cli;
    struct dh_change_item *items;
    size_t count, limit;
    int result = DH_EXIT_OK;
    do {
        dh_arena_clear(&feed->arena);
        limit = feed->left < DH_CHANGES_DEFAULT ? (size_t)feed->left : DH_CHANGES_DEFAULT;
        if (!limit)
            break;
        enum dh_status status = dh_store_changes(cli->reader, feed->since, limit, &items, &count,
                                                 &feed->since, &feed->arena, &cli->err);
        if (status)
            return dh_cli_failed(cli, status);
        for (size_t i = 0; i < count && !result && !dh_stopping(); i++)
            if (!print(feed, &items[i]))
                result = dh_cli_no_memory();
        feed->left -= count;
    } while (!result && !dh_stopping() && count == limit && !ferror(stdout));
    return result;
}

static int follow(struct feed *feed)
{
    struct dh_cli *cli = feed->cli;
    uint64_t seen = 0;
    bool unread = false;
    int result = DH_EXIT_OK;
    while (!result && !dh_stopping() && !unread) {
        uint64_t now;
        enum dh_status status = dh_store_sequence(cli->reader, &now, &cli->err);
        if (status)
            return dh_cli_failed(cli, status);
        if (now != seen)
            result = show(feed);
        seen = now;
        if (fflush(stdout) || ferror(stdout))
            return result ? result : DH_EXIT_FAILED;
        if (!feed->left)
            break;
        if (!result && !dh_stopping())
            unread = dh_changes_pause(LOOK_MILLISECONDS);
    }
    return unread ? DH_EXIT_FAILED : result;
}

/* ---- the command ---------------------------------------------------------------------------- */

static bool read_since(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return text[0] >= '0' && text[0] <= '9' && !*end && !errno && value <= INT64_MAX;
}

static int check(struct dh_cli *cli)
{
    const char *since = dh_args_text(&cli->args, "since", "0");
    uint64_t ignored;
    if (!cli->args.word_count &&
        (dh_args_has(&cli->args, "user") || dh_args_has(&cli->args, "cacert")))
        dh_fail(&cli->err, DH_INVALID, "--user and --cacert are for the URL of a server");
    else if (strcmp(since, "now") != 0 && !read_since(since, &ignored))
        dh_fail(&cli->err, DH_INVALID, "--since takes a number or now, not '%.100s'", since);
    else
        return DH_EXIT_OK;
    return dh_cli_usage(cli);
}

/* Where to begin; a number that this store has not reached is another store's. */
static int begin(struct feed *feed)
{
    struct dh_cli *cli = feed->cli;
    const char *since = dh_args_text(&cli->args, "since", "0");
    struct dh_change_item *none;
    size_t count;
    uint64_t newest;
    enum dh_status status =
        dh_store_changes(cli->reader, 0, 0, &none, &count, &newest, &feed->arena, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    if (!read_since(since, &feed->since))
        feed->since = newest;
    if (feed->since <= newest)
        return DH_EXIT_OK;
    dh_say("the newest change is %llu: another store must have counted to %s",
           (unsigned long long)newest, since);
    return DH_EXIT_MISS;
}

static int of_store(struct dh_cli *cli, uint64_t left, bool follows)
{
    struct feed feed = {.cli = cli, .left = left, .json = dh_args_has(&cli->args, "json")};
    int result = dh_cli_open(cli, DH_STORE_READ, true);
    if (result)
        return result;
    dh_arena_init(&feed.arena, DH_ARENA_MAX);
    result = begin(&feed);
    if (!result)
        result = follows ? follow(&feed) : show(&feed);
    dh_arena_release(&feed.arena);
    return result;
}

static int of_server(struct dh_cli *cli, uint64_t left, bool follows)
{
    const char *url;
    int result = dh_copy_server(cli, &url);
    if (!result)
        result = dh_copy_check(cli);
    if (result)
        return result;
    const struct dh_changes_asking asking = {.url = url,
                                             .user = dh_copy_user(cli),
                                             .authorities = dh_copy_authorities(cli),
                                             .since = dh_args_text(&cli->args, "since", "0"),
                                             .left = left,
                                             .follow = follows,
                                             .json = dh_args_has(&cli->args, "json")};
    return dh_changes_of_server(cli, &asking);
}

static int run(struct dh_cli *cli)
{
    uint64_t left = (uint64_t)dh_args_number(&cli->args, "limit", INT64_MAX);
    bool follows = dh_args_has(&cli->args, "follow");
    if (follows) {
        signal(SIGPIPE, SIG_IGN);
        dh_stopping_begin();
    }
    return cli->args.word_count ? of_server(cli, left, follows) : of_store(cli, left, follows);
}

const struct dh_command dh_command_changes = {
    .name = "changes",
    .arguments = "[URL]",
    .summary = "show what happened to the records, oldest first",
    .details =
        "Shows every change since the store was made, or since a sequence: its sequence, its "
        "time, whether the record was created, updated, hidden (no longer findable) or "
        "shown (findable again), the DOI and the attributes that changed, with tabs "
        "between. With --follow it waits for more until it is interrupted.\n"
        "With the URL of a running doihound they are those of its store, asked of the server. "
        "--follow then goes on when the server comes back.",
    .options = options,
    .most = 1,
    .check = check,
    .run = run,
};
