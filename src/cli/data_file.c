#include "cli/data_file.h"

#include "cli/filters.h"
#include "cli/hints.h"
#include "cli/hits.h"
#include "cli/pages.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "mirror/packing.h"

enum { PART_RECORDS = 10000 };

struct writing {
    struct dh_cli *cli;
    struct dh_packing *packing;
    struct dh_str target;
    struct dh_search search; /* of all that passes the filters */
    struct dh_progress progress;
    struct dh_buf text;
    /* of the month under way */
    char month[8]; /* "2024-03" */
    int64_t first, last;
    bool open; /* a part is */
    unsigned part;
    uint64_t in_part;
    /* of all */
    uint64_t months, records, rows, others;
};

bool dh_data_file_asked(struct dh_cli *cli, const char *path)
{
    static const char *const strangers[] = {"format",       "output", "ids",     "sample", "style",
                                            "sample-group", "locale", "columns", "preset"};
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
        if (dh_args_has(&cli->args, strangers[i])) {
            dh_say("--data-file does not go with --%s", strangers[i]);
            return false;
        }
    if (!*path || strcmp(path, "-") == 0) {
        dh_say("--data-file wants a new folder or FILE.tar: it cannot be written to a pipe");
        return false;
    }
    if (dh_str_ends(dh_str(path), DH_STR(".tar.gz")) ||
        dh_str_ends(dh_str(path), DH_STR(".tar.zst")) ||
        dh_str_ends(dh_str(path), DH_STR(".tgz"))) {
        dh_say("a data file is a plain tar of compressed parts: name it FILE.tar");
        return false;
    }
    return true;
}

static int pack(struct writing *writing, enum dh_status status)
{
    return status ? dh_cli_failed(writing->cli, status) : DH_EXIT_OK;
}

static int begin_member(struct writing *writing, const char *name)
{
    char path[64];
    snprintf(path, sizeof(path), "dois/updated_%s/%s", writing->month, name);
    return pack(writing,
                dh_packing_begin(writing->packing, path, writing->last + 1, &writing->cli->err));
}

static int end_member(struct writing *writing)
{
    return pack(writing, dh_packing_end(writing->packing, &writing->cli->err));
}

/* ---- parts ---------------------------------------------------------------------------------- */

static int end_part(struct writing *writing)
{
    bool open = writing->open;
    writing->open = false;
    return open ? end_member(writing) : DH_EXIT_OK;
}

static int write_resource(void *context, struct dh_str resource)
{
    struct writing *writing = context;
    int result = DH_EXIT_OK;
    if (writing->open && writing->in_part == PART_RECORDS)
        result = end_part(writing);
    if (!result && !writing->open) {
        char name[40];
        snprintf(name, sizeof(name), "part_%04u.jsonl.gz", writing->part++);
        result = begin_member(writing, name);
        writing->open = !result;
        writing->in_part = 0;
    }
    dh_buf_clear(&writing->text);
    dh_buf_str(&writing->text, resource);
    dh_buf_char(&writing->text, '\n');
    if (!result && writing->text.status)
        result = dh_cli_no_memory();
    if (!result)
        result = pack(writing, dh_packing_add(writing->packing, dh_buf_view(&writing->text),
                                              &writing->cli->err));
    writing->in_part++;
    writing->records++;
    dh_progress_tick(&writing->progress,
                     (struct dh_work){.done = writing->records, .records = writing->records});
    return result;
}

/* The query for the findable records of the month; of two in a target the last one counts. */
static void put_query(const struct writing *writing, struct dh_buf *out)
{
    const struct dh_query *query = writing->search.query;
    char first[DH_TIME_TEXT_MAX], last[DH_TIME_TEXT_MAX];
    dh_time_format(writing->first, true, first);
    dh_time_format(writing->last, true, last);
    dh_buf_printf(out, "updated:[%s TO %s] AND aasm_state:findable", first, last);
    if (query && query->root->kind != DH_NODE_ALL) {
        dh_buf_text(out, " AND (");
        dh_buf_str(out, query->given);
        dh_buf_char(out, ')');
    }
}

/* As upstream's parts hold them. */
static int write_parts(struct writing *writing)
{
    struct dh_buf target, query;
    dh_buf_init(&target, DH_TARGET_MAX);
    dh_buf_init(&query, DH_TARGET_MAX);
    put_query(writing, &query);
    dh_buf_str(&target, writing->target);
    dh_query_add(&target, "query", dh_buf_view(&query));
    writing->part = 0;
    int result = target.status || query.status ? dh_cli_no_memory()
                                               : dh_list_walk(writing->cli, dh_buf_view(&target),
                                                              write_resource, writing, NULL);
    dh_buf_release(&query);
    dh_buf_release(&target);
    return result ? result : end_part(writing);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void add_cell(struct dh_buf *out, struct dh_str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = strchr(",\"\r\n", text.ptr[i]) != NULL;
    if (!quoted) {
        dh_buf_str(out, text);
        return;
    }
    dh_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            dh_buf_char(out, '"');
        dh_buf_char(out, text.ptr[i]);
    }
    dh_buf_char(out, '"');
}

/* Upstream lists findable and registered DOIs; others are nobody's but their owner's. */
static int write_rows(void *context, const struct dh_page *page, struct dh_arena *arena)
{
    struct writing *writing = context;
    struct dh_buf *text = &writing->text;
    (void)arena;
    dh_buf_clear(text);
    for (size_t i = 0; i < page->count; i++) {
        const struct dh_hit *hit = &page->hits[i];
        char updated[DH_TIME_TEXT_MAX];
        if (hit->state != DH_STATE_FINDABLE && hit->state != DH_STATE_REGISTERED) {
            writing->others++;
            continue;
        }
        add_cell(text, hit->doi);
        dh_buf_printf(text, ",%s,", dh_state_name(hit->state));
        add_cell(text, hit->client);
        dh_time_format(hit->updated, false, updated);
        dh_buf_printf(text, ",%s\r\n", updated);
        writing->rows++;
    }
    if (text->status)
        return dh_cli_no_memory();
    return pack(writing, dh_packing_add(writing->packing, dh_buf_view(text), &writing->cli->err));
}

/* The search of one month: a range more. */
static bool month_search(const struct writing *writing, struct dh_search *out,
                         struct dh_arena *arena)
{
    *out = writing->search;
    struct dh_filter *filters = dh_arena_array(arena, out->filter_count + 1, sizeof(*filters));
    if (!filters)
        return false;
    if (out->filter_count)
        memcpy(filters, out->filters, out->filter_count * sizeof(*filters));
    filters[out->filter_count++] = (struct dh_filter){.column = DH_COLUMN_UPDATED,
                                                      .op = DH_FILTER_RANGE,
                                                      .low = writing->first,
                                                      .high = writing->last};
    out->filters = filters;
    return true;
}

static int write_csv(struct writing *writing)
{
    struct dh_search search;
    struct dh_arena arena;
    char name[24];
    snprintf(name, sizeof(name), "%s.csv.gz", writing->month);
    dh_arena_init(&arena, DH_ARENA_MAX);
    int result = month_search(writing, &search, &arena) ? DH_EXIT_OK : dh_cli_no_memory();
    if (!result)
        result = begin_member(writing, name);
    if (!result)
        result = pack(writing,
                      dh_packing_add(writing->packing, DH_STR("doi,state,client_id,updated\r\n"),
                                     &writing->cli->err));
    if (!result)
        result = dh_hits_pages(writing->cli, &search, write_rows, writing);
    if (!result)
        result = end_member(writing);
    dh_arena_release(&arena);
    return result;
}

/* ---- months --------------------------------------------------------------------------------- */

static int write_month(struct writing *writing, struct dh_str key)
{
    unsigned year, month;
    struct dh_str rest = key;
    if (!dh_str_take_digits(&rest, 4, &year) || !dh_str_take(&rest, '-') ||
        !dh_str_take_digits(&rest, 2, &month))
        return DH_EXIT_OK;
    snprintf(writing->month, sizeof(writing->month), "%04u-%02u", year % 10000, month % 100);
    writing->first = dh_time_civil(year, month, 1);
    writing->last = dh_time_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1) - 1;
    writing->months++;
    int result = write_parts(writing);
    return result ? result : write_csv(writing);
}

/* The months in which records were updated, newest first. */
static int find_months(struct writing *writing, struct dh_facet_result *out)
{
    struct dh_cli *cli = writing->cli;
    const struct dh_facet_request request = {.kind = DH_FACET_MONTHS,
                                             .column = DH_COLUMN_UPDATED,
                                             .size = DH_FACET_BUCKETS_MAX,
                                             .inner = DH_COLUMN__N};
    struct dh_search search = writing->search;
    struct dh_page page;
    search.limit = 0;
    search.cursor = false;
    search.facets = &request;
    search.facet_count = 1;
    enum dh_status status = dh_store_search(cli->reader, &search, &page, &cli->arena, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    *out = page.facets[0];
    return DH_EXIT_OK;
}

static int write_months(struct writing *writing)
{
    struct dh_facet_result months = {0};
    int result = find_months(writing, &months);
    for (size_t i = result ? 0 : months.count; i > 0 && !result; i--)
        result = write_month(writing, months.buckets[i - 1].key);
    return result;
}

static void summarise(const struct writing *writing, const char *path)
{
    struct dh_arena *arena = &writing->cli->arena;
    dh_say("wrote %.*s records and %.*s rows of %.*s months to %s",
           DH_STR_ARG(dh_text_number(arena, writing->records)),
           DH_STR_ARG(dh_text_number(arena, writing->rows)),
           DH_STR_ARG(dh_text_number(arena, writing->months)), path);
    if (writing->rows > writing->records)
        dh_say("%.*s registered DOIs stand in the CSV alone, as in DataCite's own files",
               DH_STR_ARG(dh_text_number(arena, writing->rows - writing->records)));
    if (writing->others)
        dh_say("%.*s DOIs in other states, such as drafts, are left out",
               DH_STR_ARG(dh_text_number(arena, writing->others)));
}

int dh_data_file_write(struct dh_cli *cli, const char *path, struct dh_str target)
{
    struct writing writing = {.cli = cli, .target = target};
    int result = dh_filter_search(cli, target, &writing.search);
    if (result)
        return result;
    writing.search.bodies = false;
    bool tar = dh_str_ends(dh_str(path), DH_STR(".tar"));
    enum dh_status status = dh_packing_open(path, tar, &writing.packing, &cli->err);
    if (status)
        return dh_cli_failed(cli, status);
    dh_buf_init(&writing.text, DH_RESPONSE_MAX);
    dh_progress_init(&writing.progress, dh_args_has(&cli->args, "quiet"));
    result = write_months(&writing);
    dh_progress_wipe(&writing.progress);
    dh_buf_release(&writing.text);
    status = dh_packing_close(writing.packing, !result, &cli->err);
    if (!result && status)
        result = dh_cli_failed(cli, status);
    if (!result)
        summarise(&writing, path);
    if (!result && !writing.rows)
        dh_hint_nothing(cli);
    if (result && !tar)
        dh_say("%s is not complete: it has no MANIFEST", path);
    return result;
}
