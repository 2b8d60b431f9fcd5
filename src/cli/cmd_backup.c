#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/text.h"

static int run(struct dh_cli *cli)
{
    const char *path = cli->args.words[0];
    struct dh_store_stats stats;
    struct stat file;
    enum dh_status status = dh_store_stats(cli->reader, &stats, &cli->err);
    if (!status)
        status = dh_store_backup(cli->reader, path, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    uint64_t bytes = stat(path, &file) == 0 ? (uint64_t)file.st_size : stats.file_bytes;
    dh_say("copied %.*s records to %s (%.*s)",
           DH_STR_ARG(dh_text_number(&cli->arena, stats.records)), path,
           DH_STR_ARG(dh_text_bytes(&cli->arena, bytes)));
    return DH_EXIT_OK;
}

const struct dh_command dh_command_backup = {
    .name = "backup",
    .arguments = "FILE",
    .summary = "copy the store to a new file",
    .details = "Copies the store, as it is at one moment, to a new file that is a store itself. "
               "Works while a server runs and while records are imported. An existing file is "
               "never overwritten.",
    .least = 1,
    .most = 1,
    .need = DH_NEED_READER,
    .run = run,
};
