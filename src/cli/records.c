#include "cli/records.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "mirror/cutter.h"

enum { CHUNK = 64 * 1024 };

/* A file being read, and what was looked at of it to tell what it is. */
struct feed {
    const struct dh_records *records;
    const char *path;
    struct dh_input *input;
    struct dh_buf head;
    size_t taken;  /* of head */
    uint64_t told; /* records and what is none */
    bool ended;
    bool damaged; /* the reason is in `damage` */
    struct dh_err damage;
};

static void report(struct feed *feed, struct dh_place place, const struct dh_err *err)
{
    feed->told++;
    place.file = feed->path;
    feed->records->bad(feed->records->context, &place, err);
}

/* Damaged compressed data ends the text, and is told when all before it was read. */
static enum dh_status read_more(struct feed *feed, char *to, size_t cap, size_t *len,
                                struct dh_err *err)
{
    *len = 0;
    if (feed->ended)
        return DH_OK;
    struct dh_err reason = {0};
    enum dh_status status = dh_input_read(feed->input, to, cap, len, &reason);
    feed->ended = status || *len == 0;
    feed->damaged = status == DH_CORRUPT || status == DH_UNSUPPORTED;
    if (feed->damaged)
        feed->damage = reason;
    else if (status && err)
        *err = reason;
    return feed->damaged ? DH_OK : status;
}

/* The cutter's source: first what was looked at, then the rest. */
static enum dh_status give(void *context, char *to, size_t cap, size_t *len, struct dh_err *err)
{
    struct feed *feed = context;
    struct dh_str left = dh_str_from(dh_buf_view(&feed->head), feed->taken);
    if (!left.len)
        return read_more(feed, to, cap, len, err);
    *len = left.len < cap ? left.len : cap;
    memcpy(to, left.ptr, *len);
    feed->taken += *len;
    return DH_OK;
}

static enum dh_status fill_head(struct feed *feed, size_t *len, struct dh_err *err)
{
    char *to = dh_buf_reserve(&feed->head, CHUNK);
    if (!to)
        return dh_fail(err, feed->head.status, "out of memory");
    enum dh_status status = read_more(feed, to, CHUNK, len, err);
    feed->head.len += *len;
    return status;
}

/* The first byte that says something; 0 in a text of nothing but white space. */
static char first_byte(struct dh_str text)
{
    if (dh_str_starts(text, DH_STR("\xEF\xBB\xBF")))
        text = dh_str_from(text, 3);
    for (size_t i = 0; i < text.len; i++)
        if (!memchr(" \t\r\n", text.ptr[i], 4))
            return text.ptr[i];
    return '\0';
}

static enum dh_status look(struct feed *feed, bool *json, struct dh_err *err)
{
    const struct dh_format *from = feed->records->from;
    enum dh_status status;
    size_t len;
    do
        status = fill_head(feed, &len, err);
    while (!status && len && (feed->head.len < 4 || !first_byte(dh_buf_view(&feed->head))) &&
           feed->head.len < DH_DOCUMENT_MAX);
    char first = first_byte(dh_buf_view(&feed->head));
    *json = from ? from->flags & DH_FORMAT_JSON : first == '{' || first == '[';
    return status;
}

/* The format that the name of a file tells; NULL when it tells none. ".gz" and ".zst" are passed.
 */
static const struct dh_format *format_of_name(const char *path)
{
    struct dh_str name = dh_str(path);
    if (dh_str_ends(name, DH_STR(".gz")))
        name.len -= 3;
    else if (dh_str_ends(name, DH_STR(".zst")))
        name.len -= 4;
    for (size_t at = name.len; at-- > 0 && name.ptr[at] != '/';)
        if (name.ptr[at] == '.')
            return dh_format_of_extension(dh_str_from(name, at + 1));
    return NULL;
}

/* The format is the one asked for, else as detected, else as the file's name has it. */
static enum dh_status parse(const struct feed *feed, struct dh_str text, struct json_object **list,
                            struct dh_arena *arena, struct dh_err *err)
{
    const struct dh_format *from = feed->records->from, *used = NULL, *named;
    enum dh_status status = dh_format_read(from, text, &used, list, arena, err);
    if (status != DH_INVALID || from || used || !(named = format_of_name(feed->path)))
        return status;
    return dh_format_read(named, text, &used, list, arena, err);
}

static enum dh_status give_all(struct feed *feed, struct json_object *list, struct dh_place place,
                               struct dh_err *err)
{
    size_t count = json_object_array_length(list);
    enum dh_status status = DH_OK;
    place.file = feed->path;
    feed->told += count;
    for (size_t i = 0; i < count && !status; i++) {
        place.record = count > 1 ? i + 1 : 0;
        status = feed->records->each(feed->records->context, json_object_array_get_idx(list, i),
                                     &place, err);
    }
    return status;
}

/* Where in the file the fault of a text is that begins at `place`. */
static struct dh_place place_of(struct dh_place place, struct dh_str text, size_t at)
{
    for (size_t i = 0; i < at && i < text.len; i++)
        place.line += text.ptr[i] == '\n';
    place.byte += at;
    return place;
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
static enum dh_status read_text(struct feed *feed, struct dh_str text, struct dh_place place,
                                struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *list = NULL;
    struct dh_err reason = {0};
    dh_arena_clear(arena);
    enum dh_status status = parse(feed, text, &list, arena, &reason);
    if (!status) {
        status = give_all(feed, list, place, err);
    } else if (status == DH_MEMORY) {
        if (err)
            *err = reason;
    } else if (is_account(text)) {
        feed->told++;
        status = DH_OK;
    } else {
        report(feed, place_of(place, text, reason.pos), &reason);
        status = DH_OK;
    }
    json_object_put(list);
    return status;
}

static void tell_progress(const struct feed *feed)
{
    if (feed->records->progress)
        feed->records->progress(feed->records->context, dh_input_position(feed->input));
}

static enum dh_status read_values(struct feed *feed, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_cutter *cutter;
    struct dh_cut cut;
    enum dh_status status = dh_cutter_new(give, feed, DH_RECORD_MAX, &cutter, err);
    while (!status && !(status = dh_cutter_next(cutter, &cut, err))) {
        struct dh_place place = {.line = cut.line, .byte = cut.byte};
        struct dh_err reason = {0};
        if (cut.fault) {
            dh_fail(&reason, cut.status, "%s", cut.fault);
            place.byte = cut.fault_byte;
            report(feed, place, &reason);
        } else if (!cut.included) {
            status = read_text(feed, cut.text, place, arena, err);
        }
        tell_progress(feed);
    }
    dh_cutter_free(cutter);
    return status == DH_DONE ? DH_OK : status;
}

static enum dh_status read_whole(struct feed *feed, struct dh_arena *arena, struct dh_err *err)
{
    struct dh_place place = {.line = 1};
    enum dh_status status = DH_OK;
    size_t len = 1;
    while (!status && len && feed->head.len <= DH_DOCUMENT_MAX) {
        status = fill_head(feed, &len, err);
        tell_progress(feed);
    }
    if (status)
        return status;
    if (feed->head.len == 0 && feed->damaged)
        return DH_OK;
    return read_text(feed, dh_buf_view(&feed->head), place, arena, err);
}

static enum dh_status read_feed(struct feed *feed, struct dh_err *err)
{
    struct dh_arena arena;
    bool json = false;
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = look(feed, &json, err);
    if (!status)
        status = json ? read_values(feed, &arena, err) : read_whole(feed, &arena, err);
    dh_arena_release(&arena);
    if (!status && feed->damaged)
        report(feed, (struct dh_place){0}, &feed->damage);
    if (!status && !feed->told) {
        dh_fail(&feed->damage, DH_INVALID, "there is no record in it");
        report(feed, (struct dh_place){0}, &feed->damage);
    }
    return status;
}

enum dh_status dh_records_read(const struct dh_records *records, const char *path,
                               struct dh_err *err)
{
    struct feed feed = {.records = records, .path = path};
    enum dh_status status = dh_input_open(path, NULL, &feed.input, err);
    if (status)
        return status;
    dh_input_allow_any_text(feed.input);
    dh_buf_init(&feed.head, (size_t)DH_DOCUMENT_MAX + 2 * CHUNK);
    status = read_feed(&feed, err);
    dh_buf_release(&feed.head);
    dh_input_close(feed.input);
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
    dh_say("cannot read %s: %s", path, strerror(errno));
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
