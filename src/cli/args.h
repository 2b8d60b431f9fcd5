/*
 * Arguments of the command line: options are rows of const tables, one parser reads them all, help
 * prints them. "--name value", "--name=value", a letter for the few that have one, "--" ends them.
 */
#ifndef DH_CLI_ARGS_H
#define DH_CLI_ARGS_H

#include "base/base.h"

enum dh_option_kind {
    DH_OPTION_FLAG, /* takes no value */
    DH_OPTION_TEXT,
    DH_OPTION_NUMBER, /* an integer from `low` to `high` */
    DH_OPTION_CHOICE  /* one of `words` */
};

struct dh_option {
    const char *name; /* without dashes; NULL ends a table */
    char letter;      /* '\0': none */
    enum dh_option_kind kind;
    const char *value; /* how help calls the value: "FILE"; NULL for a choice: its words */
    const char *help;  /* one line */
    int64_t low, high;
    const char *words; /* of a choice: "on|off" */
};

enum { DH_OPTION_TABLES = 3 };

struct dh_given {
    const struct dh_option *option;
    const char *value; /* "" for a flag */
};

struct dh_args {
    const struct dh_option *tables[DH_OPTION_TABLES]; /* each may be NULL; looked up in order */
    struct dh_given *given;                           /* in the order given */
    size_t given_count;
    const char **words; /* what is no option */
    size_t word_count;
};

/* Makes room for `argc` arguments. DH_MEMORY. */
enum dh_status dh_args_init(struct dh_args *args, int argc, struct dh_arena *arena,
                            struct dh_err *err);
/*
 * Reads argv from *at on, and moves *at behind what was read. With `first_word` it stops before the
 * first argument that is no option, and takes no words. DH_INVALID with a sentence that names the
 * argument at fault and, for an unknown option, the nearest known one.
 */
enum dh_status dh_args_parse(struct dh_args *args, int argc, char **argv, int *at, bool first_word,
                             struct dh_err *err);

/* True when the option was given. */
bool dh_args_has(const struct dh_args *args, const char *name);
/* The last value given, or `fallback`. */
const char *dh_args_text(const struct dh_args *args, const char *name, const char *fallback);
int64_t dh_args_number(const struct dh_args *args, const char *name, int64_t fallback);
/* True when the choice was made (or, not given, is the fallback). */
bool dh_args_chosen(const struct dh_args *args, const char *name, const char *word,
                    const char *fallback);

/* The one of `names` nearest to a misspelt word, or NULL when none is near. */
const char *dh_nearest(const char *word, const char *const *names, size_t count);

#endif
