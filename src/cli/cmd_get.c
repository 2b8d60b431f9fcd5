#include "cli/cli.h"
#include "cli/facts.h"
#include "cli/pages.h"
#include "cli/text.h"
#include "cli/writing.h"

static const struct dh_option options[] = {
    {"json", 0, DH_OPTION_FLAG, NULL, "the API's document, one per line, instead of text"},
    {"api-form", 0, DH_OPTION_CHOICE, NULL,
     "with --json: as GET /dois/{doi} gives it, or as a list does (default single)",
     .words = "single|list"},
    {"rich", 0, DH_OPTION_FLAG, NULL,
     "with --json: affiliations and publishers as objects, not as names"},
    {"format", 0, DH_OPTION_TEXT, "FORMAT",
     "in a metadata format that 'convert --list' shows as written; several records as a list"},
    DH_WRITING_OPTIONS,
    {"local", 0, DH_OPTION_FLAG, NULL,
     "beside the counts that came with the record show those found in this store"},
    {NULL},
};

enum { LABEL_WIDTH = 13 };

static const struct {
    const char *label;
    dh_fact *fact;
} lines[] = {
    {"DOI", dh_fact_doi},
    {"Title", dh_fact_title},
    {"Short name", dh_fact_short_name},
    {"Creators", dh_fact_creators},
    {"Publisher", dh_fact_publisher},
    {"Year", dh_fact_year},
    {"Type", dh_fact_kind},
    {"Version", dh_fact_version},
    {"Rights", dh_fact_rights},
    {"Subjects", dh_fact_subjects},
    {"URL", dh_fact_url},
    {"State", dh_fact_state},
    {"Client", dh_fact_client},
    {"Provider", dh_fact_provider},
    {"Created", dh_fact_created},
    {"Registered", dh_fact_registered},
    {"Updated", dh_fact_updated},
};

/* The counts in words, and which of them the store can find itself. */
static const struct {
    enum dh_count count;
    const char *label, *name; /* name: NULL for what only usage reports tell */
} counts[] = {
    {DH_COUNT_CITATION, "citations", "citationCount"},
    {DH_COUNT_REFERENCE, "references", "referenceCount"},
    {DH_COUNT_PART, "parts", "partCount"},
    {DH_COUNT_PART_OF, "part of", "partOfCount"},
    {DH_COUNT_VERSION, "versions", "versionCount"},
    {DH_COUNT_VERSION_OF, "version of", "versionOfCount"},
    {DH_COUNT_VIEW, "views", NULL},
    {DH_COUNT_DOWNLOAD, "downloads", NULL},
};
enum { COUNTS = sizeof(counts) / sizeof(counts[0]) };

static void print_line(struct dh_cli *cli, const char *label, struct dh_str text,
                       struct dh_arena *arena)
{
    text = dh_text_clean(arena, text);
    if (!text.len)
        return;
    printf("%s%-*s%s", dh_screen_bold(&cli->out), LABEL_WIDTH, label, dh_screen_plain(&cli->out));
    dh_text_wrap(stdout, text, LABEL_WIDTH, cli->out.width);
}

static struct dh_str count_text(const struct dh_hit *hit, bool local, struct dh_arena *arena)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_BODY_MAX);
    for (size_t i = 0; i < COUNTS; i++) {
        int64_t shown = hit->counts[counts[i].count], here = hit->local[counts[i].count];
        bool tell = local && counts[i].name;
        if (shown <= 0 && !(tell && here > 0))
            continue;
        dh_buf_printf(&text, "%s%s %lld", text.len ? ", " : "", counts[i].label,
                      (long long)(shown > 0 ? shown : 0));
        if (tell)
            dh_buf_printf(&text, " (%lld here)", (long long)here);
    }
    struct dh_str copy = text.len ? dh_arena_copy(arena, dh_buf_view(&text)) : DH_STR("none");
    dh_buf_release(&text);
    return copy;
}

static void print_record(struct dh_cli *cli, const struct dh_hit *hit, struct dh_arena *arena)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        print_line(cli, lines[i].label, lines[i].fact(hit, arena), arena);
    print_line(cli, "Counts", count_text(hit, dh_args_has(&cli->args, "local"), arena), arena);
    print_line(cli, "Description", dh_fact_description(hit, arena), arena);
}

/* The document without its last brace, and the local counts as its meta. */
static void print_local(struct dh_str document, const struct dh_hit *hit)
{
    dh_text_write(stdout, (struct dh_str){document.ptr, document.len - 1});
    fputs(",\"meta\":{\"localCounts\":{", stdout);
    const char *comma = "";
    for (size_t i = 0; i < COUNTS; i++) {
        if (!counts[i].name)
            continue;
        printf("%s\"%s\":%lld", comma, counts[i].name, (long long)hit->local[counts[i].count]);
        comma = ",";
    }
    fputs("}}}\n", stdout);
}

static void make_target(struct dh_cli *cli, struct dh_str doi, struct dh_buf *target)
{
    bool list = dh_args_chosen(&cli->args, "api-form", "list", "single");
    dh_buf_text(target, list ? "/dois?id=" : "/dois/");
    if (list)
        dh_url_encode_form(target, doi);
    else
        dh_url_encode_path(target, doi, true);
    if (dh_args_has(&cli->args, "rich"))
        dh_buf_text(target,
                    list ? "&affiliation=true&publisher=true" : "?affiliation=true&publisher=true");
}

static int get_json(struct dh_cli *cli, const struct dh_hit *hit)
{
    struct dh_buf target, body = {0};
    dh_buf_init(&target, DH_URL_MAX);
    make_target(cli, hit->doi, &target);
    int result = target.status ? dh_cli_no_memory() : dh_cli_ask(cli, dh_buf_view(&target), &body);
    dh_buf_release(&target);
    if (result)
        return result;
    if (dh_args_has(&cli->args, "local") &&
        dh_args_chosen(&cli->args, "api-form", "single", "single")) {
        print_local(dh_buf_view(&body), hit);
    } else {
        dh_text_write(stdout, dh_buf_view(&body));
        fputc('\n', stdout);
    }
    dh_buf_release(&body);
    return DH_EXIT_OK;
}

/* What to do with each record that is there; an exit status. */
typedef int show_hit(void *context, const struct dh_hit *hit, struct dh_arena *arena);

static int each_record(struct dh_cli *cli, show_hit *show, void *context)
{
    struct dh_arena arena;
    int result = DH_EXIT_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < cli->args.word_count; i++) {
        struct dh_hit hit;
        int one = dh_cli_find(cli, cli->args.words[i], &hit, &arena);
        if (!one)
            one = show(context, &hit, &arena);
        if (one > result)
            result = one;
        dh_arena_clear(&arena);
    }
    dh_arena_release(&arena);
    return result;
}

struct shown {
    struct dh_cli *cli;
    size_t count;
};

static int show_text(void *context, const struct dh_hit *hit, struct dh_arena *arena)
{
    struct shown *shown = context;
    if (dh_args_has(&shown->cli->args, "json"))
        return get_json(shown->cli, hit);
    if (shown->count++)
        putchar('\n');
    print_record(shown->cli, hit, arena);
    return DH_EXIT_OK;
}

static int show_metadata(void *context, const struct dh_hit *hit, struct dh_arena *arena)
{
    (void)arena;
    return dh_writing_add_hit(context, hit);
}

/* Several DOIs are a list, even when only one of them is there. */
static int get_metadata(struct dh_cli *cli, const char *name)
{
    struct dh_writing writing = {.format = dh_format_find(dh_str(name)),
                                 .as_list = cli->args.word_count > 1};
    int result = dh_writing_begin(&writing, cli, NULL);
    return result ? result : dh_writing_end(&writing, each_record(cli, show_metadata, &writing));
}

static int check(struct dh_cli *cli)
{
    const char *format = dh_args_text(&cli->args, "format", NULL);
    bool good = !format || dh_format_asked(cli, "format", format, true);
    return good && dh_citation_asked(cli) ? DH_EXIT_OK : DH_EXIT_USAGE;
}

static int run(struct dh_cli *cli)
{
    const char *format = dh_args_text(&cli->args, "format", NULL);
    struct shown shown = {.cli = cli};
    int result = format ? get_metadata(cli, format) : each_record(cli, show_text, &shown);
    if (result == DH_EXIT_MISS)
        dh_cli_note_empty(cli);
    return result;
}

const struct dh_command dh_command_get = {
    .name = "get",
    .arguments = "DOI...",
    .summary = "show records",
    .details = "Shows the records of DOIs, each written as 10.x/y, doi:10.x/y or "
               "https://doi.org/10.x/y, in any case. With --format they are written in a "
               "metadata format, as the API does. Exits with 1 when one of them is missing or "
               "cannot be given in the format.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .need = DH_NEED_READER,
    .check = check,
    .run = run,
};
