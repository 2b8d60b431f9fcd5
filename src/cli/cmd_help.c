#include "cli/cli.h"

static int run(struct dh_cli *cli)
{
    if (cli->args.word_count == 0) {
        dh_help_program(stdout);
        return DH_EXIT_OK;
    }
    const struct dh_command *command = dh_command_find(cli->args.words[0]);
    if (!command) {
        dh_say("there is no command '%.60s'; 'doihound help' lists them", cli->args.words[0]);
        return DH_EXIT_USAGE;
    }
    dh_help_command(stdout, command, &cli->arena);
    return DH_EXIT_OK;
}

const struct dh_command dh_command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "show what a command does and takes",
    .details = "Shows the commands, or what one of them does and which options it takes.",
    .most = 1,
    .run = run,
};
