/* The entry: which command, with which options, on which store. */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/filters.h"
#include "cli/paths.h"

static int no_command(struct dh_cli *cli, const char *name)
{
    const char *names[32];
    size_t count = 0;
    for (; count < dh_command_count && count < sizeof(names) / sizeof(names[0]); count++)
        names[count] = dh_commands[count]->name;
    const char *nearest = dh_nearest(name, names, count);
    if (nearest)
        dh_fail(&cli->err, DH_INVALID, "there is no command '%.60s'; the nearest is '%s'", name,
                nearest);
    else
        dh_fail(&cli->err, DH_INVALID, "there is no command '%.60s'", name);
    return dh_cli_usage(cli);
}

/* How many arguments the command takes is a matter of its row. */
static bool enough(struct dh_cli *cli)
{
    const struct dh_command *command = cli->command;
    size_t count = cli->args.word_count;
    if (count < command->least)
        dh_fail(&cli->err, DH_INVALID, "'%s' needs an argument: %s", command->name,
                command->arguments);
    else if (count > command->most)
        dh_fail(&cli->err, DH_INVALID, "'%s' does not know what to do with '%.60s'", command->name,
                cli->args.words[command->most]);
    return count >= command->least && count <= command->most;
}

static int run(struct dh_cli *cli)
{
    int status = cli->command->check ? cli->command->check(cli) : DH_EXIT_OK;
    if (status)
        return status;
    cli->store_path = dh_args_text(&cli->args, "store", NULL);
    if (!cli->store_path)
        cli->store_path = dh_path_store(&cli->arena);
    if (!cli->store_path) {
        dh_say("there is no $HOME to keep the store in; name one with --store FILE");
        return DH_EXIT_FAILED;
    }
    if (cli->command->need == DH_NEED_READER)
        status = dh_cli_open(cli, DH_STORE_READ, true);
    if (!status)
        status = cli->command->run(cli);
    return dh_cli_finish_output(status);
}

/* --version and --help, which need no store. True when one of them was answered. */
static bool answered(struct dh_cli *cli)
{
    if (dh_args_has(&cli->args, "version"))
        puts("doihound " DOIHOUND_VERSION);
    else if (!dh_args_has(&cli->args, "help"))
        return false;
    else if (cli->command)
        dh_help_command(stdout, cli->command, &cli->arena);
    else
        dh_help_program(stdout);
    return true;
}

static int start(struct dh_cli *cli, int argc, char **argv)
{
    int at = 1;
    cli->args.tables[2] = dh_global_options;
    if (dh_args_init(&cli->args, argc, &cli->arena, &cli->err))
        return dh_cli_no_memory();
    if (dh_args_parse(&cli->args, argc, argv, &at, true, &cli->err))
        return dh_cli_usage(cli);
    if (at < argc && !(cli->command = dh_command_find(argv[at])))
        return no_command(cli, argv[at]);
    if (cli->command) {
        at++;
        cli->args.tables[0] = cli->command->options;
        if (cli->command->filters)
            cli->args.tables[1] = dh_filter_options(cli->command, &cli->arena);
        if (dh_args_parse(&cli->args, argc, argv, &at, false, &cli->err))
            return dh_cli_usage(cli);
    }
    if (answered(cli))
        return dh_cli_finish_output(DH_EXIT_OK);
    if (!cli->command) {
        dh_help_program(stderr);
        return DH_EXIT_USAGE;
    }
    return enough(cli) ? run(cli) : dh_cli_usage(cli);
}

int main(int argc, char **argv)
{
    struct dh_cli cli = {.out = dh_screen_of(STDOUT_FILENO)};
    dh_arena_init(&cli.arena, DH_ARENA_MAX);
    int status = start(&cli, argc, argv);
    dh_cli_close(&cli);
    return status;
}
