#include "cli/picking.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/text.h"

struct list {
    struct dh_cli *cli;
    struct dh_picked *out;
    size_t room;
    uint64_t bad;
};

static bool add(struct list *list, struct dh_str text, const char *where, uint64_t line)
{
    struct dh_arena *arena = &list->cli->arena;
    struct dh_str doi = dh_doi_parse(arena, text);
    if (doi.ptr) {
        struct dh_str *dois = dh_arena_reserve(arena, list->out->dois, &list->room,
                                               list->out->count + 1, sizeof(*dois));
        if (!dois)
            return false;
        list->out->dois = dois;
        list->out->dois[list->out->count++] = doi;
        return true;
    }
    struct dh_str shown = dh_text_cut(arena, dh_text_clean(arena, text), 100);
    if (list->bad++ >= DH_COMPLAINTS_MAX)
        return true;
    if (line)
        dh_say("%s:%llu: '%.*s' is no DOI", where, (unsigned long long)line, DH_STR_ARG(shown));
    else
        dh_say("'%.*s' is no DOI", DH_STR_ARG(shown));
    return true;
}

static int read_lines(struct list *list, FILE *file, const char *name)
{
    char *line = NULL;
    size_t cap = 0;
    bool room = true;
    for (uint64_t number = 1; room; number++) {
        ssize_t length = getline(&line, &cap, file);
        if (length < 0)
            break;
        struct dh_str text = dh_str_trim((struct dh_str){line, (size_t)length});
        if (text.len && text.ptr[0] != '#')
            room = add(list, text, name, number);
    }
    free(line);
    if (!room)
        return dh_cli_no_memory();
    if (!ferror(file))
        return DH_EXIT_OK;
    dh_say("%s: cannot be read", name);
    return DH_EXIT_FAILED;
}

static int read_file(struct list *list, const char *path)
{
    if (strcmp(path, "-") == 0)
        return read_lines(list, stdin, "standard input");
    FILE *file = fopen(path, "re");
    if (!file) {
        dh_say("%s: %s", path, strerror(errno));
        return DH_EXIT_FAILED;
    }
    int result = read_lines(list, file, path);
    fclose(file);
    return result;
}

int dh_picked_read(struct dh_cli *cli, struct dh_picked *out)
{
    struct list list = {.cli = cli, .out = out};
    int result = DH_EXIT_OK;
    *out = (struct dh_picked){.count = 0};
    for (size_t i = 0; i < cli->args.given_count && !result; i++) {
        const struct dh_given *given = &cli->args.given[i];
        bool one = strcmp(given->option->name, "doi") == 0;
        bool file = strcmp(given->option->name, "dois") == 0;
        out->given = out->given || one || file;
        if (one && !add(&list, dh_str(given->value), NULL, 0))
            result = dh_cli_no_memory();
        if (file)
            result = read_file(&list, given->value);
    }
    if (!result && list.bad > DH_COMPLAINTS_MAX)
        dh_say("%llu inputs are no DOI", (unsigned long long)list.bad);
    return !result && list.bad ? DH_EXIT_USAGE : result;
}
