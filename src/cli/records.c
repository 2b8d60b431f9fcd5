#include "cli/records.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/texts.h"

struct reading {
    const struct dh_records *records;
    const char *path;
    struct dh_arena arena; /* of one text */
    uint64_t told;         /* records and what is none */
};

/* The format is the one asked for, else as detected, else as the file's name has it. */
static enum dh_status parse(struct reading *reading, struct dh_str text, struct json_object **list,
                            struct dh_err *err)
{
    const struct dh_format *from = reading->records->from, *used = NULL, *named;
    enum dh_status status = dh_format_read(from, text, &used, list, &reading->arena, err);
    if (status != DH_INVALID || from || used ||
        !(named = dh_format_of_file(dh_str(reading->path), false)))
        return status;
    return dh_format_read(named, text, &used, list, &reading->arena, err);
}

static enum dh_status give_all(struct reading *reading, struct json_object *list,
                               struct dh_place place, struct dh_err *err)
{
    const struct dh_records *records = reading->records;
    size_t count = json_object_array_length(list);
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        place.record = count > 1 ? i + 1 : 0;
        status = records->each(records->context, json_object_array_get_idx(list, i), &place, err);
    }
    return status;
}

static void tell_bad(void *context, const struct dh_place *place, const struct dh_err *err)
{
    struct reading *reading = context;
    reading->told++;
    reading->records->bad(reading->records->context, place, err);
}

/* Data files hold accounts, too, which no metadata format is for. */
static bool is_account(struct dh_str text)
{
    struct json_object *value = NULL;
    if (!dh_str_starts(text, DH_STR("{")) || dh_json_parse(text, &value, NULL))
        return false;
    struct dh_str type = dh_json_member(value, "type");
    bool account =
        dh_json_has(value, "attributes") && type.ptr && !dh_str_equal(type, DH_STR("dois"));
    json_object_put(value);
    return account;
}

/* Reads the records of one text. What is wrong with the text is told and passed over. */
static enum dh_status read_text(void *context, struct dh_str text, const struct dh_place *place,
                                struct dh_err *err)
{
    struct reading *reading = context;
    struct json_object *list = NULL;
    struct dh_err reason = {0};
    dh_arena_clear(&reading->arena);
    enum dh_status status = parse(reading, text, &list, &reason);
    if (!status) {
        reading->told++;
        status = give_all(reading, list, *place, err);
    } else if (status == DH_MEMORY) {
        if (err)
            *err = reason;
    } else if (is_account(text)) {
        reading->told++;
        status = DH_OK;
    } else {
        struct dh_place fault = dh_place_within(place, text, reason.pos);
        tell_bad(reading, &fault, &reason);
        status = DH_OK;
    }
    json_object_put(list);
    return status;
}

static void tell_progress(void *context, uint64_t bytes)
{
    const struct reading *reading = context;
    if (reading->records->progress)
        reading->records->progress(reading->records->context, bytes);
}

enum dh_status dh_records_read(const struct dh_records *records, const char *path,
                               struct dh_err *err)
{
    struct reading reading = {.records = records, .path = path};
    const struct dh_texts texts = {.from = records->from,
                                   .context = &reading,
                                   .each = read_text,
                                   .bad = tell_bad,
                                   .progress = tell_progress};
    const struct dh_place nowhere = {.file = path};
    struct dh_err reason = {0};
    dh_arena_init(&reading.arena, DH_ARENA_MAX);
    enum dh_status status = dh_texts_read(&texts, path, err);
    dh_arena_release(&reading.arena);
    if (!status && !reading.told) {
        dh_fail(&reason, DH_INVALID, "there is no record in it");
        tell_bad(&reading, &nowhere, &reason);
    }
    return status;
}

/* ---- places --------------------------------------------------------------------------------- */

struct dh_str dh_place_name(const struct dh_place *place, char *to, size_t cap)
{
    unsigned long long line = place->line;
    if (place->record)
        snprintf(to, cap, "%s:%llu: record %zu", place->file, line, place->record);
    else
        snprintf(to, cap, "%s:%llu", place->file, line);
    return dh_str(to);
}

void dh_place_complain(const struct dh_place *place, const struct dh_err *err)
{
    fprintf(stderr, "%s:", place->file);
    if (place->line)
        fprintf(stderr, "%llu: byte %llu:", (unsigned long long)place->line,
                (unsigned long long)place->byte);
    fprintf(stderr, " %s%s%s\n", err->field, err->field[0] ? ": " : "", err->text);
}

struct dh_place dh_place_within(const struct dh_place *place, struct dh_str text, size_t byte)
{
    struct dh_place within = *place;
    for (size_t i = 0; i < byte && i < text.len; i++)
        within.line += text.ptr[i] == '\n';
    within.byte += byte;
    return within;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool readable(const char *path)
{
    struct stat file;
    if (strcmp(path, "-") == 0)
        return true;
    if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
        errno = EISDIR;
    else if (access(path, R_OK) == 0)
        return true;
    dh_say("cannot read %s: %s%s", path, strerror(errno),
           errno == EISDIR ? "; name the files in it" : "");
    return false;
}

bool dh_files_readable(const char *const *paths, size_t count)
{
    bool all = true;
    for (size_t i = 0; i < count; i++)
        all = readable(paths[i]) && all;
    return all;
}

uint64_t dh_files_size(const char *const *paths, size_t count)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat file;
        bool standard = strcmp(paths[i], "-") == 0;
        if ((standard ? fstat(STDIN_FILENO, &file) : stat(paths[i], &file)) ||
            !S_ISREG(file.st_mode))
            return 0;
        bytes += (uint64_t)file.st_size;
    }
    return bytes;
}
