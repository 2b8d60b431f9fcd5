#include <ctype.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/text.h"

static const struct dh_option options[] = {
    {"type", 0, DH_OPTION_TEXT, "TYPES",
     "only these relation types, comma-separated: IsDerivedFrom, References ..."},
    {"in", 0, DH_OPTION_FLAG, NULL, "only what other records state about the DOIs"},
    {"out", 0, DH_OPTION_FLAG, NULL, "only what the DOIs' own records state"},
    {"stdin", 0, DH_OPTION_FLAG, NULL, "take DOIs from standard input, too, one per line"},
    {"json", 0, DH_OPTION_FLAG, NULL, "a JSON object per line instead of tab-separated text"},
    {"size", 0, DH_OPTION_NUMBER, "N",
     "at most so many relations per DOI (default 25; with --stdin all)", 1, INT32_MAX},
    {"all", 0, DH_OPTION_FLAG, NULL, "all relations of each DOI"},
    {NULL},
};

/* One run of the command. */
struct run {
    struct dh_cli *cli;
    enum dh_event_field field;
    const struct dh_str *types;
    size_t type_count;
    size_t limit;
    bool json;
    struct dh_arena arena; /* of one DOI */
    uint64_t shown, total; /* relations, of all DOIs */
    uint64_t bad;          /* inputs that are no DOI */
};

/* What was given, fit to be repeated to people. */
static struct dh_str repeated(struct dh_arena *arena, struct dh_str text)
{
    enum { CELLS = 60 };
    if (text.len > 4 * CELLS)
        text.len = 4 * CELLS;
    return dh_text_cut(arena, dh_text_clean(arena, dh_utf8_clean(arena, text)), CELLS);
}

/* ---- types ---------------------------------------------------------------------------------- */

/* Letters only, lower case: is-derived-from, IsDerivedFrom and is_derived_from are the same. */
static const char *plain(struct dh_arena *arena, struct dh_str name)
{
    char *text = dh_arena_alloc(arena, name.len + 1);
    size_t len = 0;
    for (size_t i = 0; text && i < name.len; i++)
        if (isalnum((unsigned char)name.ptr[i]))
            text[len++] = (char)tolower((unsigned char)name.ptr[i]);
    return text;
}

/* The names of the vocabulary in that form, in its order; NULL when out of memory. */
static const char **plain_names(struct dh_arena *arena)
{
    size_t count = dh_vocab_count(DH_VOCAB_RELATION_TYPE);
    const char **names = dh_arena_array(arena, count, sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        if (!(names[i] = plain(arena, dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, i)))))
            return NULL;
    return names;
}

static size_t find_name(const char *const *names, const char *name)
{
    size_t count = dh_vocab_count(DH_VOCAB_RELATION_TYPE), i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static int unknown_type(struct dh_cli *cli, struct dh_str name, const char *const *names,
                        const char *text)
{
    const char *nearest = dh_nearest(text, names, dh_vocab_count(DH_VOCAB_RELATION_TYPE));
    name = repeated(&cli->arena, name);
    if (nearest)
        dh_fail(&cli->err, DH_INVALID, "there is no relation type '%.*s'; the nearest is '%s'",
                DH_STR_ARG(name),
                dh_vocab_value(DH_VOCAB_RELATION_TYPE, find_name(names, nearest)));
    else
        dh_fail(&cli->err, DH_INVALID, "there is no relation type '%.*s'", DH_STR_ARG(name));
    return dh_cli_usage(cli);
}

static int read_types(struct run *run)
{
    struct dh_cli *cli = run->cli;
    struct dh_str rest = dh_str(dh_args_text(&cli->args, "type", "")), item;
    size_t count = dh_vocab_count(DH_VOCAB_RELATION_TYPE);
    const char **names = plain_names(&cli->arena);
    bool *wanted = dh_arena_array(&cli->arena, count, sizeof(*wanted));
    struct dh_str *types = dh_arena_array(&cli->arena, count, sizeof(*types));
    if (!names || !wanted || !types)
        return dh_cli_no_memory();
    while (rest.len && dh_str_split(&rest, ',', &item)) {
        const char *text = plain(&cli->arena, item);
        size_t type = text ? find_name(names, text) : count;
        if (type == count)
            return text ? unknown_type(cli, item, names, text) : dh_cli_no_memory();
        wanted[type] = true;
    }
    /* All of them leave out what is no relation: usage. */
    for (size_t i = 0; i < count; i++)
        if (wanted[i] || !dh_args_has(&cli->args, "type"))
            types[run->type_count++] = dh_str(dh_vocab_value(DH_VOCAB_RELATION_TYPE, i));
    run->types = types;
    return DH_EXIT_OK;
}

/* ---- output --------------------------------------------------------------------------------- */

/* `doi` is clean already. */
static void print_text(struct run *run, struct dh_str doi, const struct dh_event *event,
                       struct dh_str other, const char *way, const char *type)
{
    dh_text_write(stdout, doi);
    printf("\t%s\t%s\t", way, type);
    dh_text_write(stdout, dh_text_clean(&run->arena, other));
    if (event->came) {
        putchar('\t');
        dh_text_write(stdout, dh_text_clean(&run->arena, event->source));
    }
    putchar('\n');
}

static void put_member(struct dh_buf *out, const char *name, struct dh_str value)
{
    dh_buf_text(out, name);
    dh_json_string_or_null(out, value, DH_JSON_PLAIN);
}

static int print_json(struct dh_str doi, const struct dh_event *event, struct dh_str other,
                      const char *way, const char *type)
{
    char updated[DH_TIME_TEXT_MAX];
    struct dh_str time = DH_STR_NONE;
    struct dh_buf line;
    if (event->updated != DH_TIME_NONE)
        time = (struct dh_str){updated, dh_time_format(event->updated, false, updated)};
    dh_buf_init(&line, DH_BODY_MAX);
    put_member(&line, "{\"doi\":", doi);
    put_member(&line, ",\"direction\":", dh_str(way));
    put_member(&line, ",\"relationType\":", dh_str(type));
    put_member(&line, ",\"relatedDoi\":", other);
    put_member(&line, ",\"updated\":", time);
    put_member(&line, ",\"event\":", event->uuid);
    put_member(&line, ",\"source\":", event->source);
    dh_buf_text(&line, "}\n");
    int result = line.status ? dh_cli_no_memory() : DH_EXIT_OK;
    dh_text_write(stdout, dh_buf_view(&line));
    dh_buf_release(&line);
    return result;
}

static int print_event(struct run *run, struct dh_str doi, struct dh_str clean,
                       const struct dh_event *event)
{
    const char *type = dh_vocab_value(DH_VOCAB_RELATION_TYPE, event->type);
    bool out = run->field != DH_EVENT_OBJECT && dh_str_equal(event->subject, doi);
    struct dh_str other = out ? event->object : event->subject;
    const char *way = out ? "out" : "in";
    if (run->json)
        return print_json(doi, event, other, way, type);
    print_text(run, clean, event, other, way, type);
    return DH_EXIT_OK;
}

/* ---- one DOI after the other ---------------------------------------------------------------- */

static int look_up(struct run *run, struct dh_str doi)
{
    struct dh_event_filter filters[] = {
        {.field = run->field, .values = &doi, .value_count = 1},
        {.field = DH_EVENT_TYPE, .values = run->types, .value_count = run->type_count},
    };
    struct dh_event_search search = {
        .filters = filters,
        .filter_count = 2,
        .sort = DH_EVENT_BY_UUID,
        .limit = run->limit,
        .brief = !run->json,
    };
    struct dh_event_page page;
    enum dh_status status =
        dh_store_events(run->cli->reader, &search, &page, &run->arena, &run->cli->err);
    if (status)
        return dh_cli_failed(run->cli, status);
    struct dh_str clean = dh_text_clean(&run->arena, doi);
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < page.count && !result; i++)
        result = print_event(run, doi, clean, &page.items[i]);
    run->shown += page.count;
    run->total += page.total;
    return result;
}

/* `line` is 0 for an argument. */
static int take(struct run *run, struct dh_str text, uint64_t line)
{
    dh_arena_clear(&run->arena);
    struct dh_str doi = dh_doi_parse(&run->arena, text);
    if (doi.ptr)
        return look_up(run, doi);
    if (++run->bad > DH_COMPLAINTS_MAX)
        return DH_EXIT_OK;
    text = repeated(&run->arena, text);
    if (line)
        dh_say("line %llu: '%.*s' is no DOI", (unsigned long long)line, DH_STR_ARG(text));
    else
        dh_say("'%.*s' is no DOI", DH_STR_ARG(text));
    return DH_EXIT_OK;
}

static int read_lines(struct run *run)
{
    char *line = NULL;
    size_t cap = 0;
    int result = DH_EXIT_OK;
    for (uint64_t number = 1; !result && !ferror(stdout); number++) {
        ssize_t len = getline(&line, &cap, stdin);
        if (len < 0)
            break;
        struct dh_str text = dh_str_trim((struct dh_str){line, (size_t)len});
        if (text.len)
            result = take(run, text, number);
    }
    if (!result && ferror(stdin)) {
        dh_say("standard input cannot be read");
        result = DH_EXIT_FAILED;
    }
    free(line);
    return result;
}

static int take_all(struct run *run)
{
    const struct dh_args *args = &run->cli->args;
    int result = DH_EXIT_OK;
    for (size_t i = 0; i < args->word_count && !result; i++)
        result = take(run, dh_str(args->words[i]), 0);
    if (!result && dh_args_has(args, "stdin"))
        result = read_lines(run);
    return result;
}

static void tell(struct run *run)
{
    if (run->bad > DH_COMPLAINTS_MAX)
        dh_say("%llu inputs are no DOI", (unsigned long long)run->bad);
    if (run->shown < run->total)
        dh_say("%llu of %llu relations shown; --all shows the rest", (unsigned long long)run->shown,
               (unsigned long long)run->total);
    if (run->total == 0 && !run->bad) {
        dh_say("no record states such a relation");
        dh_cli_note_empty(run->cli);
    }
}

static int run(struct dh_cli *cli)
{
    const struct dh_args *args = &cli->args;
    bool in = dh_args_has(args, "in"), out = dh_args_has(args, "out");
    bool all =
        dh_args_has(args, "all") || (dh_args_has(args, "stdin") && !dh_args_has(args, "size"));
    struct run run = {
        .cli = cli,
        .field = in == out ? DH_EVENT_DOI
                 : in      ? DH_EVENT_OBJECT
                           : DH_EVENT_SUBJECT,
        .limit = all ? SIZE_MAX : (size_t)dh_args_number(args, "size", DH_PAGE_DEFAULT),
        .json = dh_args_has(args, "json"),
    };
    if (!args->word_count && !dh_args_has(args, "stdin")) {
        dh_fail(&cli->err, DH_INVALID, "which DOI? Name one, or give --stdin");
        return dh_cli_usage(cli);
    }
    int result = read_types(&run);
    if (result)
        return result;
    if (cli->out.terminal && !run.json)
        printf("%sDOI\tDIRECTION\tRELATION\tRELATED DOI\tTOLD BY%s\n", dh_screen_bold(&cli->out),
               dh_screen_plain(&cli->out));
    dh_arena_init(&run.arena, DH_ARENA_MAX);
    result = take_all(&run);
    dh_arena_release(&run.arena);
    if (!result)
        tell(&run);
    return result ? result : run.bad ? DH_EXIT_MISS : DH_EXIT_OK;
}

const struct dh_command dh_command_related = {
    .name = "related",
    .arguments = "[DOI...]",
    .summary = "show which records state a relation to DOIs, and what theirs state",
    .details =
        "Looks related identifiers up from both sides: for each DOI, in the order given, what its "
        "own record states about other DOIs (out) and what other findable records state about it "
        "(in), whether it has a record here or not. Lines hold the DOI, the direction, the "
        "relation "
        "as the stating record words it, and the other DOI, with tabs between. What only an event "
        "knows that came from another server (doihound pull --events) is shown likewise, with its "
        "source behind: crossref. So --in --type IsDerivedFrom shows what was derived from a DOI. "
        "Exits with 1 when an input is no DOI.",
    .options = options,
    .most = SIZE_MAX,
    .need = DH_NEED_READER,
    .run = run,
};
