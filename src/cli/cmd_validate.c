#include "cli/checking.h"

static const struct dh_option options[] = {
    DH_CHECKING_OPTIONS,
    {NULL},
};

static int run(struct dh_cli *cli)
{
    return dh_checking_run(cli, 0);
}

const struct dh_command dh_command_validate = {
    .name = "validate",
    .arguments = "[FILE...]",
    .summary = "check metadata against the DataCite schema",
    .details =
        "Checks records against DataCite Metadata Schema 4.7, with the sentences that the DataCite "
        "REST API answers with. Files hold one record or many, in any format that is read ('-' is "
        "standard input); JSON Lines and lists are checked record by record. Without files the "
        "records of the store are checked, all of them or those that --doi or the filters select.\n"
        "\n"
        "Each error is a line on standard output: FILE:LINE:COLUMN for DataCite XML, else FILE and "
        "the JSON Pointer of the attribute, with the number of the record when there are several. "
        "Kernels 2 and 3 are no longer supported, as in the API. Exits with 0 when nothing is "
        "wrong, 1 when something is, 2 when the command line makes no sense, 3 when something "
        "cannot be read.",
    .options = options,
    .filters = true,
    .walks = true,
    .most = SIZE_MAX,
    .check = dh_checking_check,
    .run = run,
};
