#include "cli/checking.h"

#include "api/metadata.h"
#include "cli/checking_print.h"
#include "cli/hints.h"
#include "cli/hits.h"
#include "cli/text.h"
#include "cli/texts.h"
#include "cli/writing.h"

struct checking {
    struct dh_cli *cli;
    const struct dh_format *format;
    unsigned flags;
    bool quiet;
    struct dh_finding_printer printer;
    struct dh_arena arena; /* of one text and its findings */
    struct dh_findings
        findings; /* of the last text: printed when it is known whether others come */
    uint64_t records, errors, warnings, unreadable;
    size_t in_file, accounts; /* of this file so far */
};

/* ---- findings ----------------------------------------------------------------------------------- */

static void print_waiting(struct checking *checking, bool several)
{
    const struct dh_findings *findings = &checking->findings;
    checking->printer.several = several;
    for (const struct dh_finding *finding = findings->first; finding && !checking->quiet;
         finding = finding->next)
        dh_finding_print(&checking->printer, finding, &checking->arena);
    checking->errors += findings->errors;
    checking->warnings += findings->warnings;
    checking->findings = (struct dh_findings){.arena = &checking->arena};
}

static void unreadable(struct checking *checking, const struct dh_place *place,
                       const struct dh_err *err)
{
    print_waiting(checking, checking->in_file > 1);
    checking->unreadable++;
    if (!checking->quiet)
        dh_fault_print(&checking->printer, place, err, &checking->arena);
}

/* Checks the records of one text. What cannot be read is told and passed over. */
static enum dh_status check_text(struct checking *checking, const struct dh_format *format,
                                 struct dh_str text, const struct dh_place *place,
                                 struct dh_err *err)
{
    struct dh_err reason = {0};
    print_waiting(checking, true);
    dh_arena_clear(&checking->arena);
    checking->findings.record = checking->in_file;
    enum dh_status status = dh_format_check(format, text, checking->flags, NULL,
                                            &checking->findings, &checking->arena, &reason);
    checking->records += checking->findings.record - checking->in_file;
    checking->in_file = checking->findings.record;
    if (status == DH_MEMORY) {
        if (err)
            *err = reason;
        return status;
    }
    if (status) {
        struct dh_place fault = dh_place_within(place, text, reason.pos);
        unreadable(checking, &fault, &reason);
    }
    return DH_OK;
}

/* ---- files ---------------------------------------------------------------------------------------- */

/* Data files hold the accounts of their records, too; there is nothing to check about those. */
static bool is_account(struct dh_str text)
{
    struct json_object *value = NULL;
    if (!dh_str_starts(dh_str_trim(text), DH_STR("{")) || dh_json_parse(text, &value, NULL))
        return false;
    struct dh_str type = dh_json_member(value, "type");
    bool account =
        dh_json_get(value, "attributes") && type.ptr && !dh_str_equal(type, DH_STR("dois"));
    json_object_put(value);
    return account;
}

static enum dh_status take_text(void *context, struct dh_str text, const struct dh_place *place,
                                struct dh_err *err)
{
    struct checking *checking = context;
    if (is_account(text)) {
        checking->accounts++;
        return DH_OK;
    }
    return check_text(checking, checking->format, text, place, err);
}

static void take_fault(void *context, const struct dh_place *place, const struct dh_err *err)
{
    unreadable(context, place, err);
}

static int check_file(struct checking *checking, const char *path)
{
    const struct dh_texts texts = {checking->format, checking, take_text, take_fault};
    uint64_t unread = checking->unreadable;
    checking->printer.name = dh_str(path);
    checking->in_file = checking->accounts = 0;
    enum dh_status status = dh_texts_read(&texts, path, &checking->cli->err);
    if (!status && !checking->in_file && !checking->accounts && unread == checking->unreadable) {
        const struct dh_place place = {.file = path};
        struct dh_err nothing = {0};
        dh_fail(&nothing, DH_INVALID, "there is no record in it");
        unreadable(checking, &place, &nothing);
    }
    print_waiting(checking, checking->in_file > 1);
    return status ? dh_cli_failed(checking->cli, status) : DH_EXIT_OK;
}

static int check_files(struct checking *checking)
{
    const struct dh_args *args = &checking->cli->args;
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < args->word_count && !ferror(stdout); i++)
        if (check_file(checking, args->words[i]))
            result = DH_EXIT_FAILED;
    return result;
}

/* ---- records of the store ---------------------------------------------------------------------------- */

static int check_hit(void *context, const struct dh_hit *hit)
{
    struct checking *checking = context;
    struct json_object *metadata = dh_hit_metadata(hit, false, &checking->cli->err);
    if (!metadata)
        return dh_cli_failed(checking->cli, checking->cli->err.code);
    dh_arena_clear(&checking->arena);
    dh_metadata_check(metadata, checking->flags, &checking->findings, &checking->arena);
    json_object_put(metadata);
    checking->records++;
    checking->printer.stored = true;
    checking->printer.name = hit->doi;
    print_waiting(checking, false);
    return ferror(stdout) ? DH_EXIT_FAILED : DH_EXIT_OK;
}

static int check_doi(struct checking *checking, const char *word)
{
    struct dh_arena arena;
    struct dh_hit hit;
    dh_arena_init(&arena, DH_ARENA_MAX);
    int result = dh_cli_find(checking->cli, word, &hit, &arena);
    if (!result)
        result = check_hit(checking, &hit);
    dh_arena_release(&arena);
    return result;
}

static int check_dois(struct checking *checking)
{
    const struct dh_args *args = &checking->cli->args;
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < args->given_count; i++)
        if (strcmp(args->given[i].option->name, "doi") == 0 &&
            check_doi(checking, args->given[i].value))
            result = DH_EXIT_FAILED;
    return result;
}

static int check_selected(struct checking *checking)
{
    int result = dh_hits_walk(checking->cli, check_hit, checking);
    if (!result && !checking->records)
        dh_hint_nothing(checking->cli);
    return result;
}

static int check_store(struct checking *checking)
{
    int result = dh_cli_open(checking->cli, DH_STORE_READ, true);
    if (result)
        return result;
    return dh_args_has(&checking->cli->args, "doi") ? check_dois(checking)
                                                    : check_selected(checking);
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static void summarize(const struct checking *checking)
{
    struct dh_arena *arena = &checking->cli->arena;
    if (checking->quiet)
        return;
    fprintf(stderr, "%.*s %s checked: %.*s %s",
            DH_STR_ARG(dh_text_number(arena, checking->records)),
            checking->records == 1 ? "record" : "records",
            DH_STR_ARG(dh_text_number(arena, checking->errors)),
            checking->errors == 1 ? "error" : "errors");
    if (checking->flags & DH_CHECK_LINT)
        fprintf(stderr, ", %.*s %s", DH_STR_ARG(dh_text_number(arena, checking->warnings)),
                checking->warnings == 1 ? "warning" : "warnings");
    if (checking->unreadable)
        fprintf(stderr, "; %.*s could not be read",
                DH_STR_ARG(dh_text_number(arena, checking->unreadable)));
    fputc('\n', stderr);
}

/* The first filter given, or NULL. */
static const struct dh_option *filter_given(const struct dh_args *args)
{
    for (size_t i = 0; i < args->given_count; i++)
        for (const struct dh_option *row = args->tables[1]; row && row->name; row++)
            if (args->given[i].option == row)
                return row;
    return NULL;
}

int dh_checking_check(struct dh_cli *cli)
{
    const char *format = dh_args_text(&cli->args, "format", NULL);
    const struct dh_option *filter = filter_given(&cli->args);
    const char *selects = dh_args_has(&cli->args, "doi") ? "doi" : filter ? filter->name : NULL;
    if (selects && cli->args.word_count) {
        dh_fail(&cli->err, DH_INVALID, "--%s selects records of the store, not of files", selects);
        return dh_cli_usage(cli);
    }
    if (filter && dh_args_has(&cli->args, "doi")) {
        dh_fail(&cli->err, DH_INVALID, "--doi and --%s do not go together", filter->name);
        return dh_cli_usage(cli);
    }
    return !format || dh_format_asked(cli, "format", format, false) ? DH_EXIT_OK : DH_EXIT_USAGE;
}

int dh_checking_run(struct dh_cli *cli, unsigned flags)
{
    const char *format = dh_args_text(&cli->args, "format", NULL);
    struct checking checking = {.cli = cli,
                                .format = format ? dh_format_find(dh_str(format)) : NULL,
                                .flags = flags,
                                .quiet = dh_args_has(&cli->args, "quiet"),
                                .printer = {.json = dh_args_has(&cli->args, "json")}};
    dh_arena_init(&checking.arena, DH_ARENA_MAX);
    checking.findings.arena = &checking.arena;
    int result = cli->args.word_count ? check_files(&checking) : check_store(&checking);
    dh_arena_release(&checking.arena);
    summarize(&checking);
    if (result || checking.unreadable)
        return DH_EXIT_FAILED;
    return checking.errors || checking.warnings ? DH_EXIT_MISS : DH_EXIT_OK;
}
