#include "cli/args.h"

#include <stdlib.h>

enum dh_status dh_args_init(struct dh_args *args, int argc, struct dh_arena *arena,
                            struct dh_err *err)
{
    size_t count = (size_t)argc + 1;
    args->given = dh_arena_array(arena, count, sizeof(*args->given));
    args->words = dh_arena_array(arena, count, sizeof(*args->words));
    if (!args->given || !args->words)
        return dh_fail(err, DH_MEMORY, "out of memory");
    return DH_OK;
}

/* The option called `name`, or by a letter when `name` is one character long. */
static const struct dh_option *find(const struct dh_args *args, struct dh_str name, bool letter)
{
    for (size_t i = 0; i < DH_OPTION_TABLES; i++)
        for (const struct dh_option *row = args->tables[i]; row && row->name; row++) {
            if (letter && name.len == 1 && row->letter == name.ptr[0])
                return row;
            if (!letter && dh_str_equal(dh_str(row->name), name))
                return row;
        }
    return NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits that make one word of the other: insert, delete, replace. Long words count as far apart. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t row[LONGEST + 1], m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j];
            row[j] = least(least(above, row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n];
}

const char *dh_nearest(const char *word, const char *const *names, size_t count)
{
    size_t best = strlen(word) / 3 + 2;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t edits = distance(word, names[i]);
        if (edits < best) {
            best = edits;
            nearest = names[i];
        }
    }
    return nearest;
}

static const char *nearest_option(const struct dh_args *args, const char *word)
{
    const char *nearest = NULL, *pair[2];
    for (size_t i = 0; i < DH_OPTION_TABLES; i++)
        for (const struct dh_option *row = args->tables[i]; row && row->name; row++) {
            pair[0] = nearest;
            pair[1] = row->name;
            const char *nearer = dh_nearest(word, nearest ? pair : pair + 1, nearest ? 2 : 1);
            if (nearer)
                nearest = nearer;
        }
    return nearest;
}

static enum dh_status unknown(const struct dh_args *args, struct dh_str name, struct dh_err *err)
{
    char word[64];
    size_t len = least(name.len, sizeof(word) - 1);
    memcpy(word, name.ptr, len);
    word[len] = '\0';
    const char *nearest = nearest_option(args, word);
    if (nearest)
        return dh_fail(err, DH_INVALID, "there is no option '--%s'; the nearest is '--%s'", word,
                       nearest);
    return dh_fail(err, DH_INVALID, "there is no option '--%s'", word);
}

static bool is_word_of(struct dh_str words, struct dh_str word)
{
    struct dh_str part;
    while (dh_str_split(&words, '|', &part))
        if (dh_str_equal(part, word))
            return true;
    return false;
}

static bool is_number(const struct dh_option *option, const char *text)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    return *text && *end == '\0' && *text != ' ' && number >= option->low && number <= option->high;
}

static enum dh_status take(struct dh_args *args, const struct dh_option *option, const char *value,
                           struct dh_err *err)
{
    if (option->kind == DH_OPTION_CHOICE && !is_word_of(dh_str(option->words), dh_str(value)))
        return dh_fail(err, DH_INVALID, "option '--%s' is one of %s, not '%.60s'", option->name,
                       option->words, value);
    if (option->kind == DH_OPTION_NUMBER && !is_number(option, value))
        return dh_fail(err, DH_INVALID,
                       "option '--%s' wants a number from %lld to %lld, not '%.60s'", option->name,
                       (long long)option->low, (long long)option->high, value);
    args->given[args->given_count++] = (struct dh_given){option, value};
    return DH_OK;
}

/* One option at argv[*at]; its value may be the next argument. */
static enum dh_status read_option(struct dh_args *args, int argc, char **argv, int *at,
                                  struct dh_err *err)
{
    const char *text = argv[*at];
    bool letter = text[1] != '-';
    struct dh_str name = dh_str(text + (letter ? 1 : 2));
    size_t equals = letter ? name.len : dh_str_find(name, '=');
    const char *value = equals < name.len ? name.ptr + equals + 1 : NULL;
    name.len = equals;
    const struct dh_option *option = find(args, name, letter);
    ++*at;
    if (!option && letter)
        return dh_fail(err, DH_INVALID, "there is no option '%.60s'", text);
    if (!option)
        return unknown(args, name, err);
    if (option->kind == DH_OPTION_FLAG && value)
        return dh_fail(err, DH_INVALID, "option '--%s' takes no value", option->name);
    if (option->kind == DH_OPTION_FLAG)
        return take(args, option, "", err);
    if (!value && *at >= argc)
        return dh_fail(err, DH_INVALID, "option '--%s' needs a value: %s", option->name,
                       option->value ? option->value : option->words);
    return take(args, option, value ? value : argv[(*at)++], err);
}

enum dh_status dh_args_parse(struct dh_args *args, int argc, char **argv, int *at, bool first_word,
                             struct dh_err *err)
{
    while (*at < argc) {
        const char *text = argv[*at];
        bool option = text[0] == '-' && text[1] != '\0';
        if (!option && first_word)
            return DH_OK;
        if (!option) {
            args->words[args->word_count++] = text;
            ++*at;
            continue;
        }
        if (strcmp(text, "--") == 0 && !first_word) {
            for (++*at; *at < argc; ++*at)
                args->words[args->word_count++] = argv[*at];
            return DH_OK;
        }
        enum dh_status status = read_option(args, argc, argv, at, err);
        if (status)
            return status;
    }
    return DH_OK;
}

static const struct dh_given *last(const struct dh_args *args, const char *name)
{
    for (size_t i = args->given_count; i-- > 0;)
        if (strcmp(args->given[i].option->name, name) == 0)
            return &args->given[i];
    return NULL;
}

bool dh_args_has(const struct dh_args *args, const char *name)
{
    return last(args, name) != NULL;
}

const char *dh_args_text(const struct dh_args *args, const char *name, const char *fallback)
{
    const struct dh_given *given = last(args, name);
    return given ? given->value : fallback;
}

int64_t dh_args_number(const struct dh_args *args, const char *name, int64_t fallback)
{
    const struct dh_given *given = last(args, name);
    return given ? strtoll(given->value, NULL, 10) : fallback;
}

bool dh_args_chosen(const struct dh_args *args, const char *name, const char *word,
                    const char *fallback)
{
    return strcmp(dh_args_text(args, name, fallback), word) == 0;
}
