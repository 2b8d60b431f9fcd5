#include "mirror/course.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"

/* The file by name, size and time: another folder is the same, another content is not. */
static bool name_file(struct dh_course *course, const char *path)
{
    struct stat file;
    const char *slash = strrchr(path, '/');
    if (strcmp(path, "-") == 0 || stat(path, &file) != 0 || !S_ISREG(file.st_mode))
        return true;
    course->scope.url =
        dh_arena_format(&course->arena, "file:%s:%" PRIu64 ":%" PRId64, slash ? slash + 1 : path,
                        (uint64_t)file.st_size, (int64_t)file.st_mtim.tv_sec);
    return course->scope.url.ptr != NULL;
}

/* "file:a.tar" of "file:a.tar:3072:1795421311". */
static struct dh_str without_stamp(struct dh_str url)
{
    enum { SIZE_AND_TIME = 2 };
    for (size_t colons = 0; url.len && colons < SIZE_AND_TIME; url.len--)
        colons += url.ptr[url.len - 1] == ':';
    return url;
}

/* Nobody can go on with what was begun with other content: it is gone. */
static bool find_past(struct dh_course *course, const struct dh_scope *known, size_t known_count)
{
    struct dh_str url = course->scope.url;
    if (!url.ptr || !known_count)
        return true;
    course->past = dh_arena_array(&course->arena, known_count, sizeof(*course->past));
    for (size_t i = 0; course->past && i < known_count; i++) {
        struct dh_scope *past = &course->past[course->past_count];
        if (dh_str_equal(known[i].url, url) ||
            !dh_str_equal(without_stamp(known[i].url), without_stamp(url)))
            continue;
        past->url = dh_arena_copy(&course->arena, known[i].url);
        past->filter = dh_arena_copy(&course->arena, known[i].filter);
        if (!past->url.ptr || !past->filter.ptr)
            return false;
        course->past_count++;
    }
    return course->past != NULL;
}

/* ---- progress as JSON ----------------------------------------------------------------------- */

static enum dh_status take_up(struct dh_course *course, struct dh_str progress, struct dh_err *err)
{
    struct json_object *json = NULL;
    enum dh_status status = dh_json_parse(progress, &json, err);
    if (!status)
        status = dh_months_read(&course->months, dh_json_get(json, "months"), err);
    int64_t members = json_object_get_int64(dh_json_get(json, "members"));
    struct dh_str name = dh_json_member(json, "name");
    if (!status && (members < 1 || !name.ptr))
        status = dh_fail(err, DH_CORRUPT, "the progress of an import cannot be read");
    if (!status) {
        course->members = (uint64_t)members;
        course->resume.members = course->members;
        course->resume.name = dh_arena_copy(&course->arena, name).ptr;
        dh_buf_str(&course->name, name);
        dh_buf_char(&course->name, '\0');
        if (!course->resume.name || course->name.status)
            status = dh_fail(err, DH_MEMORY, "out of memory");
    }
    json_object_put(json);
    return status;
}

static bool write_progress(const struct dh_course *course, struct dh_buf *out)
{
    struct json_object *months = dh_months_write(&course->months);
    dh_buf_printf(out, "{\"members\":%" PRIu64 ",\"name\":", course->members);
    dh_json_string(out, dh_str(course->name.ptr), DH_JSON_PLAIN);
    dh_buf_text(out, ",\"months\":");
    dh_json_write(out, months, DH_JSON_PLAIN);
    dh_buf_char(out, '}');
    json_object_put(months);
    return months && !out->status;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* The course of a file, "-" for what nothing is kept of. */
static enum dh_status open_course(struct dh_course *course, const char *path, const char *filter,
                                  const struct dh_scope *known, size_t known_count, bool restart,
                                  struct dh_err *err)
{
    *course = (struct dh_course){
        .path = path,
        .scope = {.filter = dh_str(filter), .started = dh_time_now(), .finished = DH_TIME_NONE},
        .open = {.month = -1}};
    dh_arena_init(&course->arena, DH_ARENA_MAX);
    dh_buf_init(&course->name, SIZE_MAX);
    if (!name_file(course, path) || !find_past(course, known, known_count))
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < known_count && !restart; i++)
        if (known[i].progress.len && dh_str_equal(known[i].url, course->scope.url) &&
            dh_str_equal(known[i].filter, course->scope.filter)) {
            course->scope.started = known[i].started;
            return take_up(course, known[i].progress, err);
        }
    return DH_OK;
}

/* What earlier imports noted of archives that they did not finish. */
static enum dh_status find_scopes(struct dh_store *store, struct dh_scope **out, size_t *count,
                                  struct dh_arena *arena, struct dh_err *err)
{
    struct dh_reader *reader;
    enum dh_status status = dh_reader_open(store, &reader, err);
    if (status)
        return status;
    status = dh_store_scopes(reader, out, count, arena, err);
    dh_reader_close(reader);
    return status;
}

static enum dh_status open_all(struct dh_courses *courses, const struct dh_sources *sources,
                               const char *filter, const struct dh_scope *known, size_t known_count,
                               bool restart, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    courses->items = calloc(sources->count + 1, sizeof(*courses->items));
    courses->resume = calloc(sources->count + 1, sizeof(*courses->resume));
    if (!courses->items || !courses->resume)
        return dh_fail(err, DH_MEMORY, "out of memory");
    for (size_t i = 0; i < sources->count && !status; i++) {
        const char *path = sources->text.ptr ? "-" : sources->names[i];
        status = open_course(&courses->items[i], path, filter, known, known_count, restart, err);
        courses->items[i].path = sources->names[i];
        courses->resume[i] = courses->items[i].resume;
        courses->count++;
    }
    return status;
}

enum dh_status dh_courses_open(struct dh_courses *courses, struct dh_store *store,
                               const struct dh_sources *sources, const char *filter, bool restart,
                               struct dh_err *err)
{
    struct dh_scope *known = NULL;
    size_t count = 0;
    struct dh_arena arena;
    enum dh_status status = DH_OK;
    *courses = (struct dh_courses){0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    if (!sources->text.ptr)
        status = find_scopes(store, &known, &count, &arena, err);
    if (!status)
        status = open_all(courses, sources, filter, known, count, restart, err);
    dh_arena_release(&arena);
    return status;
}

void dh_courses_release(struct dh_courses *courses)
{
    for (size_t i = 0; i < courses->count; i++) {
        dh_months_release(&courses->items[i].months);
        dh_buf_release(&courses->items[i].name);
        dh_arena_release(&courses->items[i].arena);
    }
    free(courses->items);
    free(courses->resume);
}

/* ---- going on ------------------------------------------------------------------------------- */

void dh_course_count(struct dh_course *course, const struct dh_origin *origin,
                     enum dh_doi_state state)
{
    course->open.month = origin->month;
    course->open.records[state]++;
}

enum dh_status dh_course_end(struct dh_course *course, const struct dh_value *value,
                             struct dh_err *err)
{
    const struct dh_member_end *end = value->end;
    course->changed = true;
    course->members = end->number;
    if (!end->number)
        return DH_OK;
    enum dh_status status = dh_months_add(&course->months, &course->open, err);
    if (!status)
        status = dh_months_add(&course->months, &end->rows, err);
    course->open = (struct dh_month){.month = -1};
    dh_buf_clear(&course->name);
    dh_buf_str(&course->name, dh_str_from(dh_str(value->origin.file), strlen(course->path) + 1));
    dh_buf_char(&course->name, '\0');
    if (!status && course->name.status)
        status = dh_fail(err, DH_MEMORY, "out of memory");
    return status;
}

static enum dh_status put_progress(const struct dh_course *course, struct dh_store *store,
                                   struct dh_err *err)
{
    struct dh_buf progress;
    struct dh_scope scope = course->scope;
    dh_buf_init(&progress, SIZE_MAX);
    bool whole = write_progress(course, &progress);
    scope.progress = dh_buf_view(&progress);
    enum dh_status status =
        whole ? dh_store_put_scope(store, &scope, err) : dh_fail(err, DH_MEMORY, "out of memory");
    dh_buf_release(&progress);
    return status;
}

static enum dh_status forget_past(struct dh_course *course, struct dh_store *store,
                                  struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < course->past_count && !status; i++)
        status = dh_store_remove_scope(store, course->past[i].url, course->past[i].filter, err);
    return status;
}

/* Of an archive that is over nothing is kept: a file is no copy of a server. */
static enum dh_status put_course(struct dh_course *course, struct dh_store *store,
                                 struct dh_err *err)
{
    if (!course->changed || !course->scope.url.ptr)
        return DH_OK;
    enum dh_status status = forget_past(course, store, err);
    if (!status && course->members)
        status = put_progress(course, store, err);
    else if (!status)
        status = dh_store_remove_scope(store, course->scope.url, course->scope.filter, err);
    course->changed = status != DH_OK;
    return status;
}

enum dh_status dh_courses_put(struct dh_courses *courses, struct dh_store *store,
                              struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < courses->count && !status; i++)
        status = put_course(&courses->items[i], store, err);
    return status;
}
