#include "cli/cli.h"
#include "cli/facts.h"
#include "cli/pages.h"
#include "cli/text.h"

static const struct dh_option options[] = {
    {"json", 0, DH_OPTION_FLAG, NULL, "the API's document, one per line, instead of text"},
    {"api-form", 0, DH_OPTION_CHOICE, NULL,
     "with --json: as GET /dois/{doi} gives it, or as a list does (default single)",
     .words = "single|list"},
    {"rich", 0, DH_OPTION_FLAG, NULL,
     "with --json: affiliations and publishers as objects, not as names"},
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

static int missing(const char *word)
{
    dh_say("the store has no record of %s", word);
    return DH_EXIT_MISS;
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

static int get_one(struct dh_cli *cli, const char *word, bool first, struct dh_arena *arena)
{
    struct dh_hit hit;
    struct dh_str doi = dh_doi_parse(arena, dh_str(word));
    if (!doi.ptr) {
        dh_say("'%.100s' is no DOI", word);
        return DH_EXIT_MISS;
    }
    enum dh_status status = dh_store_get(cli->reader, doi, &hit, arena, &cli->err);
    if (status == DH_NOT_FOUND)
        return missing(word);
    if (status)
        return dh_cli_failed(cli, status);
    if (dh_args_has(&cli->args, "json"))
        return get_json(cli, &hit);
    if (!first)
        putchar('\n');
    print_record(cli, &hit, arena);
    return DH_EXIT_OK;
}

static int run(struct dh_cli *cli)
{
    struct dh_arena arena;
    int result = DH_EXIT_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0, shown = 0; i < cli->args.word_count; i++) {
        int one = get_one(cli, cli->args.words[i], shown == 0, &arena);
        shown += one == DH_EXIT_OK;
        if (one > result)
            result = one;
        dh_arena_clear(&arena);
    }
    dh_arena_release(&arena);
    if (result == DH_EXIT_MISS)
        dh_cli_note_empty(cli);
    return result;
}

const struct dh_command dh_command_get = {
    .name = "get",
    .arguments = "DOI...",
    .summary = "show records",
    .details = "Shows the records of DOIs, each written as 10.x/y, doi:10.x/y or "
               "https://doi.org/10.x/y, in any case. Exits with 1 when one of them is missing.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .need = DH_NEED_READER,
    .run = run,
};
