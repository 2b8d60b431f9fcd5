/*
 * cli: the program `doihound`. What belongs here: one file per command (cmd_*.c), the table of
 * commands, options, and the talk with people: tables, progress, sentences, exit statuses. What
 * does not: anything a server or a library would need too.
 *
 * Data goes to standard output, talk to standard error.
 */
#ifndef DH_CLI_H
#define DH_CLI_H

#include <stdio.h>

#include "api/api.h"
#include "cli/args.h"
#include "cli/screen.h"
#include "store/store.h"

enum dh_exit {
    DH_EXIT_OK = 0,
    DH_EXIT_MISS = 1,  /* something asked for is not there, or some input was bad */
    DH_EXIT_USAGE = 2, /* the command line makes no sense */
    DH_EXIT_FAILED = 3 /* the store or the system failed */
};

enum dh_need {
    DH_NEED_NOTHING,
    DH_NEED_READER, /* main opens the store for reading, and a reader */
};

struct dh_cli;

/* A row of the table of commands: all that help and the parser know about it. */
struct dh_command {
    const char *name;
    const char *arguments;           /* as in the usage line: "FILE..." or "" */
    const char *summary;             /* one line */
    const char *details;             /* a paragraph or two of help */
    const struct dh_option *options; /* ends with a row without a name; or NULL */
    bool filters;                    /* takes the filters of the API's /dois as options, too */
    bool walks;                      /* through all records in one order: none at random */
    size_t least, most;              /* how many arguments */
    enum dh_need need;
    int (*check)(struct dh_cli *cli); /* what can be refused without the store; or NULL */
    int (*run)(struct dh_cli *cli);   /* returns the exit status */
};

/* One run of the program. */
struct dh_cli {
    const struct dh_command *command;
    struct dh_args args;
    const char *store_path;
    struct dh_screen out; /* what standard output is */
    struct dh_arena arena;
    struct dh_store *store;
    struct dh_reader *reader;
    struct dh_api *api; /* opened by the first dh_cli_ask */
    struct dh_err err;
};

extern const struct dh_command *const dh_commands[];
extern const size_t dh_command_count;
extern const struct dh_option dh_global_options[];
/* The command of that name, or NULL. */
const struct dh_command *dh_command_find(const char *name);

/* ---- talk (talk.c) -------------------------------------------------------------------------- */

/* "doihound: sentence" and a newline on standard error. */
void dh_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says why a call failed (cli->err) and what to do about it; returns the exit status. */
int dh_cli_failed(struct dh_cli *cli, enum dh_status status);
/* The same for a store that does not open: always DH_EXIT_FAILED. */
int dh_cli_no_store(struct dh_cli *cli, enum dh_status status);
/* Says what is wrong with the command line (cli->err) and where help is; DH_EXIT_USAGE. */
int dh_cli_usage(struct dh_cli *cli);
/* What cannot be done for lack of memory. */
int dh_cli_no_memory(void);
/* Flushes standard output; turns `status` into DH_EXIT_FAILED, with a sentence, when that fails. */
int dh_cli_finish_output(int status);

/* ---- store and API (session.c) -------------------------------------------------------------- */

/* Opens cli->store, and for reading cli->reader; 0, or an exit status after having said why. */
int dh_cli_open(struct dh_cli *cli, enum dh_store_mode mode, bool reader);
void dh_cli_close(struct dh_cli *cli);
/*
 * Asks the API in process. 0 with the body in *body (dh_buf_release), else an exit status after
 * having said the API's reason.
 */
int dh_cli_ask(struct dh_cli *cli, struct dh_str target, struct dh_buf *body);
/* The record of a DOI as a person wrote it, with its body; 0, or an exit status after talk. */
int dh_cli_find(struct dh_cli *cli, const char *word, struct dh_hit *hit, struct dh_arena *arena);
/* Writes "the store is empty" and what to do, when it is. */
void dh_cli_note_empty(struct dh_cli *cli);

/* ---- help (help.c) -------------------------------------------------------------------------- */

void dh_help_program(FILE *out);
void dh_help_command(FILE *out, const struct dh_command *command, struct dh_arena *arena);

/* ---- the commands --------------------------------------------------------------------------- */

extern const struct dh_command dh_command_serve, dh_command_import, dh_command_pull,
    dh_command_sync, dh_command_get, dh_command_list, dh_command_search, dh_command_activities,
    dh_command_related, dh_command_export, dh_command_convert, dh_command_cite, dh_command_validate,
    dh_command_lint, dh_command_stats, dh_command_status, dh_command_backup, dh_command_changes,
    dh_command_help;

#endif
