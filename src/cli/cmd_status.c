#include "api/age.h"
#include "cli/cli.h"
#include "cli/copying.h"
#include "cli/paths.h"
#include "cli/text.h"

static const struct dh_option options[] = {
    {"json", 0, DH_OPTION_FLAG, NULL, "one JSON object instead of text"},
    {"check", 0, DH_OPTION_FLAG, NULL, "check the whole store for damage (slow on a large one)"},
    {NULL},
};

/* The plain counts of dh_store_stats, for both forms. */
static const struct {
    const char *label, *name;
    size_t offset;
} counts[] = {
    {"Activities", "activities", offsetof(struct dh_store_stats, activities)},
    {"Relations", "relations", offsetof(struct dh_store_stats, relations)},
    {"Events", "events", offsetof(struct dh_store_stats, events)},
    {"Providers", "providers", offsetof(struct dh_store_stats, providers)},
    {"Clients", "clients", offsetof(struct dh_store_stats, clients)},
    {"Prefixes", "prefixes", offsetof(struct dh_store_stats, prefixes)},
};
enum { COUNTS = sizeof(counts) / sizeof(counts[0]) };

static uint64_t count_at(const struct dh_store_stats *stats, size_t i)
{
    return *(const uint64_t *)(const void *)((const char *)stats + counts[i].offset);
}

struct copies {
    struct dh_scope *scopes;
    size_t count;
    uint64_t newest_change;
};

static void print_line(struct dh_cli *cli, const char *label, struct dh_str value)
{
    printf("%s%-13s%s%.*s\n", dh_screen_bold(&cli->out), label, dh_screen_plain(&cli->out),
           DH_STR_ARG(value));
}

static void print_sizes(struct dh_cli *cli, const struct dh_store_stats *stats)
{
    struct dh_arena *arena = &cli->arena;
    print_line(cli, "Size",
               dh_arena_format(arena, "%.*s, of which %.*s are records",
                               DH_STR_ARG(dh_text_bytes(arena, stats->file_bytes)),
                               DH_STR_ARG(dh_text_bytes(arena, stats->body_bytes))));
    struct dh_str written = DH_STR("never");
    if (stats->last_write != DH_TIME_NONE)
        written = dh_arena_format(arena, "%.*s (%.*s)",
                                  DH_STR_ARG(dh_text_time(arena, stats->last_write)),
                                  DH_STR_ARG(dh_text_age(arena, stats->last_write)));
    print_line(cli, "Last write", written);
}

static void print_text(struct dh_cli *cli, const struct dh_store_stats *stats)
{
    struct dh_arena *arena = &cli->arena;
    print_line(cli, "Store", dh_str(dh_path_absolute(arena, cli->store_path)));
    print_line(cli, "Schema", dh_arena_format(arena, "%d", stats->schema));
    print_line(cli, "Records", dh_text_number(arena, stats->records));
    for (size_t i = 0; i < DH_STATE__N; i++) {
        char label[32];
        snprintf(label, sizeof(label), "  %s", dh_state_name(i));
        if (stats->by_state[i])
            print_line(cli, label, dh_text_number(arena, stats->by_state[i]));
    }
    for (size_t i = 0; i < COUNTS; i++)
        print_line(cli, counts[i].label, dh_text_number(arena, count_at(stats, i)));
    print_sizes(cli, stats);
}

static bool is_import(const struct dh_scope *scope)
{
    return !dh_scope_is_remote(scope) && scope->progress.len;
}

/* An archive of which an import is under way, or was broken off: "file:a.tar:3072:1795421311". */
static struct dh_str archive_name(const struct dh_scope *scope)
{
    enum { SIZE_AND_TIME = 2 };
    struct dh_str name = scope->url, head = DH_STR("file:");
    for (size_t i = 0; i < SIZE_AND_TIME && name.len; i++) {
        while (name.len && name.ptr[name.len - 1] != ':')
            name.len--;
        name.len -= name.len > 0;
    }
    return dh_str_starts(name, head) ? dh_str_from(name, head.len) : name;
}

static void print_import(struct dh_cli *cli, const struct dh_scope *scope)
{
    print_line(cli, "Import",
               dh_arena_format(&cli->arena,
                               "%.*s%s%.*s: not finished; the same command goes on with it",
                               DH_STR_ARG(dh_text_clean(&cli->arena, archive_name(scope))),
                               scope->filter.len ? " " : "",
                               DH_STR_ARG(dh_text_clean(&cli->arena, scope->filter))));
}

/* What is a copy of what, and how old or how far it is. */
static void print_copy(struct dh_cli *cli, const struct dh_scope *scope)
{
    struct dh_arena *arena = &cli->arena;
    struct dh_str state = DH_STR("never finished");
    int64_t as_of = scope->since == DH_TIME_NONE ? scope->finished : scope->since;
    if (as_of != DH_TIME_NONE)
        state = dh_arena_format(arena, "%.*s records, as of %.*s",
                                DH_STR_ARG(dh_text_number(arena, scope->total)),
                                DH_STR_ARG(dh_text_age(arena, as_of)));
    if (scope->checked != DH_TIME_NONE)
        state = dh_arena_format(arena, "%.*s; last asked %.*s", DH_STR_ARG(state),
                                DH_STR_ARG(dh_text_age(arena, scope->checked)));
    if (scope->missing)
        state = dh_arena_format(arena, "%.*s; %.*s never given", DH_STR_ARG(state),
                                DH_STR_ARG(dh_text_number(arena, scope->missing)));
    print_line(cli, "Copy",
               dh_arena_format(arena, "%.*s: %.*s%s",
                               DH_STR_ARG(dh_copy_name(arena, scope->url, scope->filter)),
                               DH_STR_ARG(state), scope->progress.len ? "; under way" : ""));
    if (scope->trouble.len)
        print_line(cli, "  trouble", dh_text_clean(arena, scope->trouble));
}

static void put_time(struct dh_buf *out, const char *name, int64_t time)
{
    char text[DH_TIME_TEXT_MAX];
    dh_buf_printf(out, ",\"%s\":", name);
    if (time == DH_TIME_NONE)
        dh_buf_text(out, "null");
    else
        dh_json_string(out, (struct dh_str){text, dh_time_format(time, true, text)}, DH_JSON_PLAIN);
}

static void put_age(struct dh_buf *out, int64_t since)
{
    if (since == DH_TIME_NONE)
        dh_buf_text(out, ",\"age\":null");
    else
        dh_buf_printf(out, ",\"age\":%lld", (long long)dh_age_seconds(since, dh_time_now()));
}

static void put_import(struct dh_buf *out, const struct dh_scope *scope, struct dh_arena *arena)
{
    dh_buf_text(out, "{\"file\":");
    dh_json_string(out, dh_utf8_clean(arena, archive_name(scope)), DH_JSON_PLAIN);
    dh_buf_text(out, ",\"filter\":");
    dh_json_string(out, scope->filter, DH_JSON_PLAIN);
    put_time(out, "started", scope->started);
    dh_buf_char(out, '}');
}

static void put_copy(struct dh_buf *out, const struct dh_scope *scope)
{
    dh_buf_text(out, "{\"url\":");
    dh_json_string(out, scope->url, DH_JSON_PLAIN);
    dh_buf_text(out, ",\"filter\":");
    dh_json_string(out, scope->filter, DH_JSON_PLAIN);
    dh_buf_text(out, ",\"trouble\":");
    dh_json_string_or_null(out, scope->trouble.len ? scope->trouble : DH_STR_NONE, DH_JSON_PLAIN);
    put_time(out, "started", scope->started);
    put_time(out, "finished", scope->finished);
    put_time(out, "since", scope->since);
    put_age(out, scope->since);
    put_time(out, "checked", scope->checked);
    dh_buf_printf(out, ",\"total\":%llu,\"missing\":%llu,\"underWay\":%s}",
                  (unsigned long long)scope->total, (unsigned long long)scope->missing,
                  scope->progress.len ? "true" : "false");
}

/* The copies, then the imports that are not finished, each as an array. */
static void put_scopes(struct dh_buf *out, const struct copies *copies, struct dh_arena *arena)
{
    const char *comma = "";
    dh_buf_text(out, ",\"copies\":[");
    for (size_t i = 0; i < copies->count; i++) {
        if (!dh_scope_is_remote(&copies->scopes[i]))
            continue;
        dh_buf_text(out, comma);
        put_copy(out, &copies->scopes[i]);
        comma = ",";
    }
    dh_buf_text(out, "],\"imports\":[");
    comma = "";
    for (size_t i = 0; i < copies->count; i++) {
        const struct dh_scope *scope = &copies->scopes[i];
        if (!is_import(scope))
            continue;
        dh_buf_text(out, comma);
        put_import(out, scope, arena);
        comma = ",";
    }
    dh_buf_char(out, ']');
}

static void put_count(struct dh_buf *out, const char *name, uint64_t value)
{
    dh_buf_printf(out, ",\"%s\":%llu", name, (unsigned long long)value);
}

static void write_json(struct dh_cli *cli, const struct dh_store_stats *stats,
                       const struct copies *copies, struct dh_buf *out)
{
    struct dh_str path = dh_str(dh_path_absolute(&cli->arena, cli->store_path));
    dh_buf_text(out, "{\"store\":");
    dh_json_string(out, dh_utf8_clean(&cli->arena, path), DH_JSON_PLAIN);
    dh_buf_printf(out, ",\"schema\":%d", stats->schema);
    put_count(out, "records", stats->records);
    dh_buf_text(out, ",\"states\":{");
    for (size_t i = 0; i < DH_STATE__N; i++)
        dh_buf_printf(out, "%s\"%s\":%llu", i ? "," : "", dh_state_name(i),
                      (unsigned long long)stats->by_state[i]);
    dh_buf_char(out, '}');
    for (size_t i = 0; i < COUNTS; i++)
        put_count(out, counts[i].name, count_at(stats, i));
    put_count(out, "fileBytes", stats->file_bytes);
    put_count(out, "recordBytes", stats->body_bytes);
    put_count(out, "sequence", stats->sequence);
    put_time(out, "lastWrite", stats->last_write);
    put_count(out, "feedSequence", copies->newest_change);
    dh_buf_text(out, ",\"state\":");
    dh_json_string(out, dh_str(dh_scopes_word(copies->scopes, copies->count, dh_time_now(), 0)),
                   DH_JSON_PLAIN);
    put_age(out, dh_scopes_since(copies->scopes, copies->count));
    put_scopes(out, copies, &cli->arena);
}

static int print_json(struct dh_cli *cli, const struct dh_store_stats *stats,
                      const struct copies *copies, bool checked, bool sound)
{
    struct dh_buf out;
    dh_buf_init(&out, DH_RESPONSE_MAX);
    write_json(cli, stats, copies, &out);
    if (checked)
        dh_buf_printf(&out, ",\"sound\":%s", sound ? "true" : "false");
    dh_buf_text(&out, "}\n");
    bool complete = !out.status;
    if (complete)
        dh_text_write(stdout, dh_buf_view(&out));
    dh_buf_release(&out);
    return complete ? DH_EXIT_OK : dh_cli_no_memory();
}

static enum dh_status read_newest(struct dh_cli *cli, uint64_t *out)
{
    struct dh_change_item *none;
    size_t count;
    return dh_store_changes(cli->reader, 0, 0, &none, &count, out, &cli->arena, &cli->err);
}

static int run(struct dh_cli *cli)
{
    struct dh_store_stats stats;
    bool check = dh_args_has(&cli->args, "check"), json = dh_args_has(&cli->args, "json");
    struct copies copies;
    enum dh_status status = dh_store_stats(cli->reader, &stats, &cli->err);
    if (!status)
        status =
            dh_store_scopes(cli->reader, &copies.scopes, &copies.count, &cli->arena, &cli->err);
    if (!status)
        status = read_newest(cli, &copies.newest_change);
    if (status)
        return dh_cli_failed(cli, status);
    if (!json)
        print_text(cli, &stats);
    for (size_t i = 0; i < copies.count && !json; i++) {
        if (dh_scope_is_remote(&copies.scopes[i]))
            print_copy(cli, &copies.scopes[i]);
        else if (is_import(&copies.scopes[i]))
            print_import(cli, &copies.scopes[i]);
    }
    if (check)
        fflush(stdout); /* the check may take minutes */
    enum dh_status found = check ? dh_store_check(cli->reader, &cli->err) : DH_OK;
    int result = found ? dh_cli_failed(cli, found) : DH_EXIT_OK;
    if (json && print_json(cli, &stats, &copies, check, !found))
        return DH_EXIT_FAILED;
    if (!json && check && !found)
        print_line(cli, "Check", DH_STR("sound"));
    return result;
}

const struct dh_command dh_command_status = {
    .name = "status",
    .arguments = "",
    .summary = "show what the store holds, and check it",
    .details = "Shows how many records of which state the store holds, its size, its schema and "
               "when it was last written, and which servers it is a copy of: as of when, when they "
               "were last asked for news, and what hindered that. With --check it also "
               "reads all of it, looking for "
               "damage.",
    .options = options,
    .need = DH_NEED_READER,
    .run = run,
};
