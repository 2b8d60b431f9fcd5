#include "cli/cli.h"
#include "cli/filters.h"
#include "cli/pages.h"
#include "cli/table.h"

static const struct dh_option options[] = {
    {"size", 0, DH_OPTION_NUMBER, "N", "activities per page (default 25)", 0, DH_PAGE_MAX},
    {"page", 0, DH_OPTION_NUMBER, "N", "which page (default 1)", 1, INT32_MAX},
    {"all", 0, DH_OPTION_FLAG, NULL, "all activities, not one page"},
    {"json", 0, DH_OPTION_FLAG, NULL, "the API's list document instead of a table"},
    {NULL},
};

static const struct dh_heading headings[] = {
    {"TIME", false, 0},   {"DOI", false, 0}, {"ACTION", false, 0},
    {"VERSION", true, 0}, {"BY", false, 0},  {"CHANGED", false, 12},
};
enum { COLUMNS = sizeof(headings) / sizeof(headings[0]) };

static const char *const actions[] = {
    [DH_ACTION_CREATE] = "create",
    [DH_ACTION_UPDATE] = "update",
    [DH_ACTION_DESTROY] = "destroy",
};

/* The names of the changed fields; an activity of creation has them all, so it lists none. */
static struct dh_str changed(const struct dh_activity *activity, struct dh_arena *arena)
{
    struct json_object *changes = NULL;
    struct dh_buf text;
    if (activity->action != DH_ACTION_UPDATE || dh_json_parse(activity->changes, &changes, NULL) ||
        !json_object_is_type(changes, json_type_object)) {
        json_object_put(changes);
        return DH_STR("-");
    }
    dh_buf_init(&text, DH_BODY_MAX);
    json_object_object_foreach(changes, key, value)
    {
        (void)value;
        struct dh_str name = dh_str(key), stored = DH_STR("publisher_obj");
        if (text.len)
            dh_buf_text(&text, ", ");
        dh_buf_str(&text, dh_str_equal(name, stored) ? DH_STR("publisher") : name);
    }
    struct dh_str copy = dh_arena_copy(arena, dh_buf_view(&text));
    dh_buf_release(&text);
    json_object_put(changes);
    return copy;
}

static bool add_row(struct dh_table *table, const struct dh_activity *activity,
                    struct dh_arena *arena)
{
    const struct dh_str cells[COLUMNS] = {
        dh_text_time(arena, activity->time),
        activity->subject,
        dh_str(actions[activity->action]),
        dh_arena_format(arena, "%d", activity->version),
        activity->user.ptr ? activity->user : DH_STR("-"),
        changed(activity, arena),
    };
    return dh_table_row(table, cells);
}

static int fill(struct dh_cli *cli, struct dh_activity_search *search, struct dh_table *table,
                uint64_t *shown, uint64_t *total)
{
    bool all = dh_args_has(&cli->args, "all");
    struct dh_activity_page page;
    struct dh_arena arena;
    int result = DH_EXIT_OK;
    dh_arena_init(&arena, DH_ARENA_MAX);
    do {
        dh_arena_clear(&arena);
        enum dh_status status = dh_store_activities(cli->reader, search, &page, &arena, &cli->err);
        if (status) {
            result = dh_cli_failed(cli, status);
            break;
        }
        *total = page.total;
        *shown += page.count;
        search->offset += page.count;
        for (size_t i = 0; i < page.count && !result; i++)
            if (!add_row(table, &page.items[i], &arena))
                result = dh_cli_no_memory();
    } while (all && !result && page.count == search->limit);
    dh_arena_release(&arena);
    return result;
}

static int show_table(struct dh_cli *cli, const struct dh_str *doi)
{
    bool all = dh_args_has(&cli->args, "all");
    int64_t size = all ? DH_PAGE_MAX : dh_args_number(&cli->args, "size", DH_PAGE_DEFAULT);
    int64_t number = all ? 1 : dh_args_number(&cli->args, "page", 1);
    struct dh_activity_search search = {
        .kind = doi ? DH_OF_DOI : DH_OF__ANY,
        .subjects = doi,
        .subject_count = doi != NULL,
        .offset = (size_t)((number - 1) * size),
        .limit = (size_t)size,
    };
    struct dh_table table;
    uint64_t shown = 0, total = 0;
    dh_table_init(&table, headings, COLUMNS, &cli->out, stdout);
    int result = fill(cli, &search, &table, &shown, &total);
    dh_table_flush(&table);
    dh_table_release(&table);
    if (!result && total == 0 && !doi)
        dh_cli_note_empty(cli);
    if (!result)
        dh_list_note_cut(cli, shown, total);
    return result;
}

static int show_json(struct dh_cli *cli, const struct dh_str *doi)
{
    bool all = dh_args_has(&cli->args, "all");
    struct dh_buf target;
    uint64_t total;
    dh_buf_init(&target, DH_URL_MAX);
    dh_buf_text(&target, "/activities");
    if (doi)
        dh_query_add(&target, "datacite-doi-id", *doi);
    dh_query_add_number(&target, "page[size]",
                        all ? DH_PAGE_MAX : dh_args_number(&cli->args, "size", DH_PAGE_DEFAULT));
    if (!all && dh_args_has(&cli->args, "page"))
        dh_query_add_number(&target, "page[number]", dh_args_number(&cli->args, "page", 1));
    int result =
        target.status ? dh_cli_no_memory() : dh_list_print(cli, dh_buf_view(&target), all, &total);
    dh_buf_release(&target);
    return result;
}

/* Sets *doi to that of the command line, when there is one and the store has its record. */
static int find_doi(struct dh_cli *cli, struct dh_str *doi)
{
    struct dh_hit hit;
    const char *word = cli->args.words[0];
    *doi = dh_doi_parse(&cli->arena, dh_str(word));
    if (!doi->ptr) {
        dh_say("'%.100s' is no DOI", word);
        return DH_EXIT_MISS;
    }
    enum dh_status status = dh_store_get(cli->reader, *doi, &hit, &cli->arena, &cli->err);
    if (status == DH_NOT_FOUND) {
        dh_say("the store has no record of %s", word);
        dh_cli_note_empty(cli);
        return DH_EXIT_MISS;
    }
    return status ? dh_cli_failed(cli, status) : DH_EXIT_OK;
}

static int run(struct dh_cli *cli)
{
    struct dh_str doi = DH_STR_NONE, *given = cli->args.word_count ? &doi : NULL;
    int result = given ? find_doi(cli, given) : DH_EXIT_OK;
    if (result)
        return result;
    return dh_args_has(&cli->args, "json") ? show_json(cli, given) : show_table(cli, given);
}

const struct dh_command dh_command_activities = {
    .name = "activities",
    .arguments = "[DOI]",
    .summary = "show what was changed, when and by whom",
    .details = "Shows the history of one record, or of the whole store, newest first, 25 "
               "activities unless told otherwise.",
    .options = options,
    .most = 1,
    .need = DH_NEED_READER,
    .run = run,
};
