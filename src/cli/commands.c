/* The table of commands, in the order of help, and the options that all of them take. */
#include "cli/cli.h"

const struct dh_command *const dh_commands[] = {
    &dh_command_serve,      &dh_command_import,   &dh_command_pull,   &dh_command_sync,
    &dh_command_get,        &dh_command_list,     &dh_command_search, &dh_command_related,
    &dh_command_activities, &dh_command_changes,  &dh_command_export, &dh_command_convert,
    &dh_command_cite,       &dh_command_validate, &dh_command_lint,   &dh_command_stats,
    &dh_command_status,     &dh_command_backup,   &dh_command_help,
};
const size_t dh_command_count = sizeof(dh_commands) / sizeof(dh_commands[0]);

const struct dh_option dh_global_options[] = {
    {"store", 0, DH_OPTION_TEXT, "FILE",
     "the store to use (default $DOIHOUND_STORE, else doihound/store.db in $XDG_DATA_HOME or "
     "~/.local/share)"},
    {"help", 'h', DH_OPTION_FLAG, NULL, "show help and exit"},
    {"version", 0, DH_OPTION_FLAG, NULL, "show the version and exit"},
    {NULL},
};

const struct dh_command *dh_command_find(const char *name)
{
    for (size_t i = 0; i < dh_command_count; i++)
        if (strcmp(dh_commands[i]->name, name) == 0)
            return dh_commands[i];
    return NULL;
}
