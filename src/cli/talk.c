/* Sentences on standard error, and the exit statuses that go with them. */
#include <errno.h>
#include <stdarg.h>

#include "cli/cli.h"

/* What a failure of a kind means for the exit status, and what a person can do about it. */
static const struct {
    enum dh_exit exit;
    const char *advice;
} outcomes[] = {
    [DH_OK] = {DH_EXIT_OK, NULL},
    [DH_DONE] = {DH_EXIT_OK, NULL},
    [DH_NOT_FOUND] = {DH_EXIT_MISS, NULL},
    [DH_INVALID] = {DH_EXIT_MISS, NULL},
    [DH_LIMIT] = {DH_EXIT_MISS, NULL},
    [DH_UNSUPPORTED] = {DH_EXIT_MISS, NULL},
    [DH_BUSY] = {DH_EXIT_FAILED, "try again when the other process has finished writing"},
    [DH_NEWER] = {DH_EXIT_FAILED, "upgrade doihound, or name another store with --store"},
    [DH_CORRUPT] = {DH_EXIT_FAILED, "restore a backup, or import again into another store "
                                    "(--store FILE)"},
    [DH_IO] = {DH_EXIT_FAILED, NULL},
    [DH_MEMORY] = {DH_EXIT_FAILED, NULL},
};

void dh_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    flockfile(stderr);
    fputs("doihound: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    funlockfile(stderr);
    va_end(args);
}

static const char *reason(const struct dh_cli *cli, enum dh_status status)
{
    return cli->err.text[0] ? cli->err.text : dh_status_text(status);
}

int dh_cli_failed(struct dh_cli *cli, enum dh_status status)
{
    const char *advice = outcomes[status].advice;
    dh_say("%s", reason(cli, status));
    if (advice)
        dh_say("%s", advice);
    return outcomes[status].exit;
}

int dh_cli_no_store(struct dh_cli *cli, enum dh_status status)
{
    const char *text = reason(cli, status), *advice = outcomes[status].advice;
    bool named = strstr(text, cli->store_path) != NULL;
    dh_say("%s%s%s", named ? "" : cli->store_path, named ? "" : ": ", text);
    if (status == DH_NOT_FOUND)
        advice = "fill one with 'doihound import --sample' or 'doihound import FILE', or name "
                 "another with --store";
    if (advice)
        dh_say("%s", advice);
    return DH_EXIT_FAILED;
}

int dh_cli_usage(struct dh_cli *cli)
{
    dh_say("%s", cli->err.text);
    if (cli->command)
        dh_say("see 'doihound help %s'", cli->command->name);
    else
        dh_say("see 'doihound help'");
    return DH_EXIT_USAGE;
}

int dh_cli_no_memory(void)
{
    dh_say("out of memory");
    return DH_EXIT_FAILED;
}

int dh_cli_finish_output(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE)
        dh_say("cannot write the output: %s", errno ? strerror(errno) : "an earlier write failed");
    return DH_EXIT_FAILED;
}
