#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/changes.h"
#include "cli/cli.h"
#include "cli/text.h"

enum { LOOK_MILLISECONDS = 200 };

static const struct dh_option options[] = {
    {"since", 0, DH_OPTION_TEXT, "N|now",
     "only what came after this sequence; now: only what is yet to come (default: all)"},
    {"limit", 0, DH_OPTION_NUMBER, "N", "at most so many changes", 1, INT64_MAX},
    {"follow", 0, DH_OPTION_FLAG, NULL, "go on with what is committed, by any process"},
    {"json", 0, DH_OPTION_FLAG, NULL, "one JSON object a line, as the server's feed"},
    {NULL},
};

struct feed {
    struct dh_cli *cli;
    struct dh_arena arena; /* of one batch */
    uint64_t since, left;
    bool json;
};

/* Set by a signal. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* ---- one change ----------------------------------------------------------------------------- */

static void print_text(struct feed *feed, const struct dh_change_item *item)
{
    struct dh_str time = dh_text_time(&feed->arena, item->time);
    struct dh_str doi = dh_text_clean(&feed->arena, item->doi);
    printf("%llu\t%.*s\t%s\t", (unsigned long long)item->sequence, DH_STR_ARG(time),
           dh_change_word(item->what));
    dh_text_write(stdout, doi);
    putchar('\t');
    for (size_t i = 0; i < item->key_count; i++) {
        struct dh_str name = dh_text_clean(&feed->arena, dh_change_attribute(item->keys[i]));
        printf("%s", i ? ", " : "");
        dh_text_write(stdout, name);
    }
    printf("%s\n", item->key_count ? "" : "-");
}

static bool print(struct feed *feed, const struct dh_change_item *item)
{
    struct dh_buf line;
    if (!feed->json) {
        print_text(feed, item);
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
        for (size_t i = 0; i < count && !result && !stop; i++)
            if (!print(feed, &items[i]))
                result = dh_cli_no_memory();
        feed->left -= count;
    } while (!result && !stop && count == limit && !ferror(stdout));
    return result;
}

/* A while, cut short by a signal or when nobody reads the output any more. */
static void pause_a_while(bool *unread)
{
    struct pollfd out = {.fd = STDOUT_FILENO};
    *unread = poll(&out, 1, LOOK_MILLISECONDS) > 0 && (out.revents & (POLLERR | POLLNVAL));
}

static int follow(struct feed *feed)
{
    struct dh_cli *cli = feed->cli;
    uint64_t seen = 0;
    bool unread = false;
    int result = DH_EXIT_OK;
    while (!result && !stop && !unread) {
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
        if (!result && !stop)
            pause_a_while(&unread);
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
    if (strcmp(since, "now") == 0 || read_since(since, &ignored))
        return DH_EXIT_OK;
    dh_fail(&cli->err, DH_INVALID, "--since takes a number or now, not '%.100s'", since);
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

static int run(struct dh_cli *cli)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct feed feed = {.cli = cli,
                        .left = (uint64_t)dh_args_number(&cli->args, "limit", INT64_MAX),
                        .json = dh_args_has(&cli->args, "json")};
    bool follows = dh_args_has(&cli->args, "follow");
    dh_arena_init(&feed.arena, DH_ARENA_MAX);
    if (follows) {
        signal(SIGPIPE, SIG_IGN);
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
    }
    int result = begin(&feed);
    if (!result)
        result = follows ? follow(&feed) : show(&feed);
    dh_arena_release(&feed.arena);
    return result;
}

const struct dh_command dh_command_changes = {
    .name = "changes",
    .arguments = "",
    .summary = "show what happened to the records, oldest first",
    .details =
        "Shows every change since the store was made, or since a sequence: its sequence, its "
        "time, whether the record was created, updated, hidden (no longer findable) or "
        "shown (findable again), the DOI and the attributes that changed, with tabs "
        "between. With --follow it waits for more until it is interrupted.",
    .options = options,
    .need = DH_NEED_READER,
    .check = check,
    .run = run,
};
