#include <inttypes.h>

#include "cli/cli.h"
#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/listing.h"
#include "cli/pages.h"
#include "cli/querying.h"
#include "cli/table.h"

static const struct dh_option options[] = {
    {"sort", 0, DH_OPTION_CHOICE, "ORDER",
     "as for list, but relevance (how well a record matches) is the default",
     .words = DH_LISTING_SORTS},
    {"facets", 0, DH_OPTION_TEXT, "NAMES",
     "also count these facets over all hits: states, resourceTypes, published, subjects ..."},
    {"explain", 0, DH_OPTION_FLAG, NULL,
     "tell on standard error how the query was understood, what each part of it finds, and how "
     "long each step took"},
    DH_LISTING_OPTIONS,
    {NULL},
};

/* ---- explaining ------------------------------------------------------------------------------- */

static void put_milliseconds(struct dh_buf *out, int64_t nanoseconds)
{
    dh_buf_printf(out, "%.3f", (double)nanoseconds / 1e6);
}

static void name_node(const struct dh_node *node, struct dh_buf *out)
{
    static const char *const signs[] = {"+", "", "-"};
    dh_buf_text(out, signs[node->occur]);
    if (node->kind == DH_NODE_BOOL)
        dh_buf_text(out, "all of + and none of -, or else any");
    else if (node->kind == DH_NODE_BEST)
        dh_buf_text(out, "the best of");
    else
        dh_node_print(node, out);
}

static struct dh_str cell(struct dh_cli *cli, const struct dh_buf *text)
{
    return dh_text_clean(&cli->arena, dh_buf_view(text));
}

/* A bar for each level: tables leave spaces at the edge of a cell out. */
static const char *indent(struct dh_cli *cli, unsigned depth)
{
    struct dh_buf text;
    dh_buf_init(&text, DH_QUERY_MAX);
    for (unsigned i = 0; i < depth; i++)
        dh_buf_text(&text, "| ");
    struct dh_str copy = dh_arena_copy(&cli->arena, text.len ? dh_buf_view(&text) : DH_STR(""));
    dh_buf_release(&text);
    return copy.ptr ? copy.ptr : "";
}

static bool add_step(struct dh_cli *cli, struct dh_table *table, const struct dh_explain_step *step)
{
    struct dh_buf time, name;
    dh_buf_init(&time, DH_QUERY_MAX);
    dh_buf_init(&name, (size_t)DH_QUERY_MAX * 2);
    put_milliseconds(&time, step->nanoseconds);
    name_node(step->node, &name);
    struct dh_str text = cell(cli, &name);
    struct dh_str indented =
        dh_arena_format(&cli->arena, "%s%.*s", indent(cli, step->depth), DH_STR_ARG(text));
    struct dh_str cells[] = {
        step->skipped ? DH_STR("-") : dh_text_number(&cli->arena, step->hits),
        step->skipped ? DH_STR("-") : cell(cli, &time),
        indented,
    };
    dh_buf_release(&time);
    dh_buf_release(&name);
    return dh_table_row(table, cells);
}

static int say_explain(struct dh_cli *cli, const struct dh_query *query,
                       const struct dh_explain *explain)
{
    static const struct dh_heading headings[] = {
        {"HITS", true, 0}, {"MS", true, 0}, {"PART", false, 0}};
    struct dh_screen screen = dh_screen_of(2);
    struct dh_table table;
    struct dh_buf text;
    bool done = true;
    dh_buf_init(&text, (size_t)DH_QUERY_MAX * 8);
    dh_node_print(query->root, &text);
    fprintf(stderr, "understood as %.*s\n", DH_STR_ARG(cell(cli, &text)));
    dh_buf_release(&text);
    dh_table_init(&table, headings, sizeof(headings) / sizeof(headings[0]), &screen, stderr);
    for (size_t i = 0; i < explain->step_count && done; i++)
        done = add_step(cli, &table, &explain->steps[i]);
    dh_table_flush(&table);
    dh_table_release(&table);
    fprintf(stderr, "query %.3f ms, filters %.3f ms, order %.3f ms, reading %.3f ms\n",
            (double)explain->query_ns / 1e6, (double)explain->filters_ns / 1e6,
            (double)explain->order_ns / 1e6, (double)explain->read_ns / 1e6);
    return done ? DH_EXIT_OK : dh_cli_no_memory();
}

/* ---- facets ----------------------------------------------------------------------------------- */

static bool put_buckets(struct dh_cli *cli, const char *name, struct json_object *buckets)
{
    static const struct dh_heading plain[] = {{"", true, 0}, {"", false, 12}, {"", false, 12}};
    struct dh_heading headings[3];
    struct dh_table table;
    bool done = true;
    memcpy(headings, plain, sizeof(headings));
    headings[0].title = "COUNT";
    headings[1].title = name;
    headings[2].title = "ID";
    putchar('\n');
    dh_table_init(&table, headings, 3, &cli->out, stdout);
    for (size_t i = 0; i < json_object_array_length(buckets) && done; i++) {
        struct json_object *bucket = json_object_array_get_idx(buckets, i);
        int64_t count = json_object_get_int64(dh_json_get(bucket, "count"));
        struct dh_str cells[] = {
            dh_text_number(&cli->arena, (uint64_t)count),
            dh_text_clean(&cli->arena, dh_json_member(bucket, "title")),
            dh_text_clean(&cli->arena, dh_json_member(bucket, "id")),
        };
        done = dh_table_row(&table, cells);
    }
    dh_table_flush(&table);
    dh_table_release(&table);
    return done;
}

static int put_facets(struct dh_cli *cli, struct json_object *document)
{
    bool done = true;
    struct json_object *meta = dh_json_get(document, "meta");
    if (!meta)
        return DH_EXIT_OK;
    json_object_object_foreach(meta, key, value)
    {
        if (done && json_object_is_type(value, json_type_array))
            done = put_buckets(cli, key, value);
        else if (strcmp(key, "total") != 0 && strcmp(key, "totalPages") != 0 &&
                 strcmp(key, "page") != 0)
            printf("\n%s %" PRId64 "\n", key, json_object_get_int64(value));
    }
    return done ? DH_EXIT_OK : dh_cli_no_memory();
}

/* Facets are the API's: it is asked for a page without records. */
static int print_facets(struct dh_cli *cli, struct dh_str query)
{
    struct dh_buf target, body;
    struct json_object *document = NULL;
    dh_buf_init(&target, DH_TARGET_MAX);
    dh_buf_text(&target, "/dois");
    dh_filter_query(cli, &target);
    dh_query_add(&target, "query", query);
    dh_query_add(&target, "facets", dh_str(dh_args_text(&cli->args, "facets", "")));
    dh_query_add_number(&target, "page[size]", 0);
    int result = target.status ? dh_cli_no_memory() : dh_cli_ask(cli, dh_buf_view(&target), &body);
    dh_buf_release(&target);
    if (result)
        return result;
    enum dh_status status = dh_json_parse(dh_buf_view(&body), &document, &cli->err);
    dh_buf_release(&body);
    result = status ? dh_cli_failed(cli, status) : put_facets(cli, document);
    json_object_put(document);
    return result;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int print_json(struct dh_cli *cli, const struct dh_query *query, struct dh_buf *target,
                      uint64_t *total)
{
    const char *facets = dh_args_text(&cli->args, "facets", NULL);
    dh_query_add(target, "query", query->given);
    dh_query_add(target, facets ? "facets" : "disable-facets",
                 facets ? dh_str(facets) : DH_STR("true"));
    if (dh_args_has(&cli->args, "explain"))
        dh_query_add(target, "explain", DH_STR("true"));
    if (target->status)
        return dh_cli_no_memory();
    return dh_list_print(cli, dh_buf_view(target), dh_args_has(&cli->args, "all"), total);
}

static int print_table(struct dh_cli *cli, const struct dh_query *query, struct dh_str target,
                       uint64_t *total)
{
    struct dh_search search;
    struct dh_explain explain = {0};
    bool facets = dh_args_has(&cli->args, "facets");
    int result = dh_filter_search(cli, target, &search);
    if (result)
        return result;
    search.query = query;
    search.explain = dh_args_has(&cli->args, "explain");
    bool explained = search.explain;
    result = dh_listing_table(cli, &search, total, &explain);
    if (!result && facets && *total)
        result = print_facets(cli, query->given);
    if (!result && explained)
        result = say_explain(cli, query, &explain);
    return result;
}

static int run(struct dh_cli *cli)
{
    struct dh_query query;
    struct dh_buf target;
    uint64_t total = 0;
    int result = dh_querying_read(cli, dh_str(cli->args.words[0]), &query);
    if (result)
        return result;
    dh_buf_init(&target, DH_TARGET_MAX);
    dh_listing_target(cli, "relevance", &target);
    if (target.status)
        result = dh_cli_no_memory();
    else if (dh_args_has(&cli->args, "json"))
        result = print_json(cli, &query, &target, &total);
    else
        result = print_table(cli, &query, dh_buf_view(&target), &total);
    dh_buf_release(&target);
    if (!result && total == 0 && !query.warning_count)
        dh_hint_nothing(cli);
    return result;
}

const struct dh_command dh_command_search = {
    .name = "search",
    .arguments = "QUERY",
    .summary = "find records by a query in the API's language",
    .details =
        "Finds records as query= of GET /dois does, the best matches first: words and \"phrases\" "
        "in titles, abstracts, names, subjects and publishers; field:value for one property; AND, "
        "OR, NOT, parentheses; * and ? in words; word~ for similar spellings; [a TO b] for ranges; "
        "_exists_:field. The manual page has examples. Filters narrow the result as they do for "
        "list. A field that no record can have is told on standard error.",
    .options = options,
    .filters = true,
    .least = 1,
    .most = 1,
    .need = DH_NEED_READER,
    .run = run,
};
