/* Help: printed from the tables of commands and options. */
#include "cli/cli.h"
#include "cli/filters.h"
#include "cli/text.h"

enum { LINE = 79, WORD_COLUMN = 14, OPTION_COLUMN = 28 };

static void print_options(FILE *out, const char *title, const struct dh_option *options)
{
    if (!options || !options->name)
        return;
    fprintf(out, "\n%s:\n", title);
    for (const struct dh_option *row = options; row->name; row++) {
        int len = row->letter ? fprintf(out, "  -%c, --%s", row->letter, row->name)
                              : fprintf(out, "  --%s", row->name);
        if (row->kind != DH_OPTION_FLAG)
            len += fprintf(out, " %s", row->value ? row->value : row->words);
        if (len >= OPTION_COLUMN - 1)
            len = fprintf(out, "\n") - 1;
        fprintf(out, "%*s", OPTION_COLUMN - len, "");
        dh_text_wrap(out, dh_str(row->help), OPTION_COLUMN, LINE);
    }
}

void dh_help_program(FILE *out)
{
    fputs("usage: doihound COMMAND [OPTION...] [ARGUMENT...]\n"
          "\n"
          "A local DataCite metadata service: a store of DOI records that answers like the\n"
          "DataCite REST API, and the commands to fill and read it.\n"
          "\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < dh_command_count; i++)
        fprintf(out, "  %-*s%s\n", WORD_COLUMN - 2, dh_commands[i]->name, dh_commands[i]->summary);
    print_options(out, "Options of all commands", dh_global_options);
    fputs("\n"
          "To begin: 'doihound import --sample', then 'doihound list' or 'doihound serve'.\n"
          "'doihound help COMMAND' tells more.\n"
          "\n"
          "Exit status: 0 all went well, 1 something asked for is not there or some input was\n"
          "bad, 2 the command line makes no sense, 3 the store or the system failed.\n",
          out);
}

void dh_help_command(FILE *out, const struct dh_command *command, struct dh_arena *arena)
{
    fprintf(out, "usage: doihound %s [OPTION...]%s%s\n\n", command->name,
            *command->arguments ? " " : "", command->arguments);
    struct dh_str details = dh_str(command->details), line;
    while (dh_str_split(&details, '\n', &line))
        dh_text_wrap(out, line, 0, LINE);
    print_options(out, "Options", command->options);
    if (command->filters)
        print_options(out, "Filters", dh_filter_options(command, arena));
    print_options(out, "Options of all commands", dh_global_options);
}
