#include "cli/checking.h"
#include "cli/table.h"
#include "format/lint.h"

static const struct dh_option options[] = {
    DH_CHECKING_OPTIONS,
    {"rules", 0, DH_OPTION_FLAG, NULL, "show the rules instead of checking anything"},
    {NULL},
};

static int rules_json(void)
{
    struct dh_buf line;
    dh_buf_init(&line, DH_BODY_MAX);
    for (size_t i = 0; i < dh_lint_rule_count; i++) {
        dh_buf_text(&line, "{\"rule\":");
        dh_json_string(&line, dh_str(dh_lint_rules[i].name), DH_JSON_PLAIN);
        dh_buf_text(&line, ",\"property\":");
        dh_json_string(&line, dh_str(dh_lint_rules[i].property), DH_JSON_PLAIN);
        dh_buf_text(&line, ",\"wants\":");
        dh_json_string(&line, dh_str(dh_lint_rules[i].wants), DH_JSON_PLAIN);
        dh_buf_text(&line, "}\n");
    }
    int result = line.status ? dh_cli_no_memory() : DH_EXIT_OK;
    if (!result)
        dh_text_write(stdout, dh_buf_view(&line));
    dh_buf_release(&line);
    return result;
}

static int show_rules(struct dh_cli *cli)
{
    static const struct dh_heading headings[] = {{"RULE"}, {"PROPERTY"}, {"WANTS", .least = 20}};
    enum { COLUMNS = sizeof(headings) / sizeof(headings[0]) };
    struct dh_table table;
    bool room = true;
    if (dh_args_has(&cli->args, "json"))
        return rules_json();
    dh_table_init(&table, headings, COLUMNS, &cli->out, stdout);
    for (size_t i = 0; i < dh_lint_rule_count && room; i++) {
        const struct dh_str cells[COLUMNS] = {dh_str(dh_lint_rules[i].name),
                                              dh_str(dh_lint_rules[i].property),
                                              dh_str(dh_lint_rules[i].wants)};
        room = dh_table_row(&table, cells);
    }
    dh_table_flush(&table);
    dh_table_release(&table);
    return room ? DH_EXIT_OK : dh_cli_no_memory();
}

static int run(struct dh_cli *cli)
{
    return dh_args_has(&cli->args, "rules") ? show_rules(cli) : dh_checking_run(cli, DH_CHECK_LINT);
}

const struct dh_command dh_command_lint = {
    .name = "lint",
    .arguments = "[FILE...]",
    .summary = "find what good metadata would do otherwise",
    .details =
        "Checks as validate does, and warns besides of what the schema allows but good metadata "
        "does otherwise: people without ORCID, wrong check digits, organisations without ROR, a "
        "licence that machines do not know, related identifiers given twice or in several ways, a "
        "missing abstract, date or language. --rules shows all of it. Files, records of the store, "
        "output and exit status are those of validate; a warning counts like an error.",
    .options = options,
    .filters = true,
    .walks = true,
    .most = SIZE_MAX,
    .check = dh_checking_check,
    .run = run,
};
