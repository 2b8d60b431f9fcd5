#include "cli/filters.h"

/* Whether the command has the option itself, or can do nothing with it. */
static bool has_own(const struct dh_command *command, const char *name)
{
    if (command->walks && strcmp(name, "random") == 0)
        return true;
    for (const struct dh_option *row = command->options; row && row->name; row++)
        if (strcmp(row->name, name) == 0)
            return true;
    return false;
}

const struct dh_option *dh_filter_options(const struct dh_command *command, struct dh_arena *arena)
{
    struct dh_option *options = dh_arena_array(arena, dh_filter_row_count + 1, sizeof(*options));
    size_t count = 0;
    for (size_t i = 0; options && i < dh_filter_row_count; i++) {
        const struct dh_filter_row *row = &dh_filter_rows[i];
        if (has_own(command, row->name))
            continue;
        options[count++] = (struct dh_option){
            .name = row->name,
            .kind = row->flag ? DH_OPTION_FLAG : DH_OPTION_TEXT,
            .value = "VALUE",
            .help = row->help,
        };
    }
    return options;
}

void dh_query_add(struct dh_buf *target, const char *name, struct dh_str value)
{
    struct dh_str so_far = dh_buf_view(target);
    dh_buf_char(target, dh_str_find(so_far, '?') == so_far.len ? '?' : '&');
    dh_buf_text(target, name);
    dh_buf_char(target, '=');
    dh_url_encode_form(target, value);
}

void dh_query_add_number(struct dh_buf *target, const char *name, int64_t value)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%lld", (long long)value);
    dh_query_add(target, name, (struct dh_str){text, (size_t)len});
}

/* Whether the option is a row of the filter table that the command does not have itself. */
static bool is_filter(const struct dh_cli *cli, const struct dh_option *option)
{
    for (const struct dh_option *row = cli->args.tables[1]; row && row->name; row++)
        if (row == option)
            return true;
    return false;
}

void dh_filter_query(const struct dh_cli *cli, struct dh_buf *target)
{
    for (size_t i = 0; i < cli->args.given_count; i++) {
        const struct dh_given *given = &cli->args.given[i];
        if (is_filter(cli, given->option))
            dh_query_add(target, given->option->name,
                         given->option->kind == DH_OPTION_FLAG ? DH_STR("true")
                                                               : dh_str(given->value));
    }
    if (dh_args_has(&cli->args, "query"))
        dh_query_add(target, "query", dh_str(dh_args_text(&cli->args, "query", "")));
}

int dh_filter_search(struct dh_cli *cli, struct dh_str target, struct dh_search *search)
{
    struct dh_params params;
    const struct dh_directory *directory = NULL;
    struct dh_str query = dh_str_from(target, dh_str_find(target, '?') + 1);
    enum dh_status status = dh_params_parse(&cli->arena, query, &params);
    if (!status)
        status = dh_store_directory(cli->reader, &directory, &cli->err);
    if (!status)
        status = dh_filters_read(&params, true, directory, search, &cli->arena, &cli->err);
    if (directory)
        dh_directory_release(directory);
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}
