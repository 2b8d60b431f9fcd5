/* The writing end of an import: batches in, transactions, counts, reports and progress out. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "mirror/course.h"
#include "mirror/mirror.h"
#include "mirror/pipe.h"

enum {
    COMMIT_RECORDS = 50000,
    COMMIT_MILLISECONDS = 10000,
    IDLE_MILLISECONDS = 2000, /* the same while nothing comes: the lock is free soon */
    PROGRESS_MILLISECONDS = 200,
    PASSED_MAX = 16 /* types that were passed over, each told of once */
};

struct writer {
    struct dh_store *store;
    const struct dh_import_options *options;
    struct dh_sources sources;
    struct dh_courses courses;
    struct dh_pipe *pipe;
    struct dh_import_result *result;
    struct dh_import_result committed; /* what the result was at the last commit */
    uint64_t total_bytes;
    bool open;                    /* a transaction is */
    bool unreadable;              /* the pipe failed, not the store */
    uint64_t uncommitted;         /* values written in it */
    int64_t started, begun, told; /* monotonic, ms */
    const char *passed[PASSED_MAX];
};

static int64_t milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- what the caller hears ------------------------------------------------------------------ */

static void report(const struct writer *writer, const struct dh_value *value, uint64_t byte,
                   const struct dh_err *err, const char *text)
{
    if (!writer->options->report)
        return;
    struct dh_import_report told = {
        .file = value->origin.file, .line = value->line, .byte = byte, .err = err, .text = text};
    writer->options->report(writer->options->context, &told);
}

static void tell_progress(struct writer *writer, bool always)
{
    int64_t now = milliseconds();
    if (!writer->options->progress || (!always && now - writer->told < PROGRESS_MILLISECONDS))
        return;
    const struct dh_import_result *result = writer->result;
    struct dh_import_progress progress = {
        .bytes = dh_pipe_position(writer->pipe),
        .total_bytes = writer->total_bytes,
        .records = result->records,
        .seconds = (double)(now - writer->started) / 1000,
    };
    writer->told = now;
    writer->options->progress(writer->options->context, &progress);
}

/* ---- transactions --------------------------------------------------------------------------- */

static enum dh_status begin(struct writer *writer, struct dh_err *err)
{
    if (writer->open)
        return DH_OK;
    enum dh_status status = dh_store_begin(writer->store, err);
    writer->open = !status;
    writer->begun = milliseconds();
    writer->uncommitted = 0;
    return status;
}

/* What was counted since the last commit is not in the store; bad values stay told. */
static void uncount(struct writer *writer)
{
    uint64_t bad = writer->result->bad;
    *writer->result = writer->committed;
    writer->result->bad = bad;
}

/* The store ends the transaction in either case: there is nothing to roll back after a failure. */
static enum dh_status commit(struct writer *writer, struct dh_err *err)
{
    if (!writer->open)
        return DH_OK;
    enum dh_status status = dh_courses_put(&writer->courses, writer->store, err);
    if (status)
        dh_store_rollback(writer->store);
    else
        status = dh_store_commit(writer->store, err);
    writer->open = false;
    if (status)
        uncount(writer);
    else
        writer->committed = *writer->result;
    return status;
}

static bool commit_due(const struct writer *writer, int64_t most)
{
    return writer->open && !writer->options->strict &&
           (writer->uncommitted >= COMMIT_RECORDS || milliseconds() - writer->begun >= most);
}

/* ---- values --------------------------------------------------------------------------------- */

/* Faults of one value, or of the rest of its file; any other code ends the import. */
static bool is_bad_value(const struct dh_value *value, enum dh_status status)
{
    bool damage = status == DH_CORRUPT || status == DH_UNSUPPORTED;
    return status == DH_INVALID || status == DH_LIMIT || (damage && value->fault);
}

static enum dh_status refuse(struct writer *writer, const struct dh_value *value,
                             const struct dh_err *fault, struct dh_err *err)
{
    if (!is_bad_value(value, fault->code)) {
        if (err)
            *err = *fault;
        return fault->code;
    }
    writer->result->bad++;
    report(writer, value, value->fault_byte, fault, NULL);
    if (!writer->options->strict)
        return DH_OK;
    dh_fail_at(err, DH_INVALID, (size_t)value->fault_byte, "%s: line %llu: %s", value->origin.file,
               (unsigned long long)value->line, fault->text);
    dh_err_field(err, dh_str(fault->field));
    return DH_INVALID;
}

static void count(struct writer *writer, const struct dh_value *value)
{
    dh_course_count(&writer->courses.items[value->origin.source], &value->origin, value->state);
}

static enum dh_status put_record(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    struct dh_import_result *result = writer->result;
    uint64_t *counters[] = {[DH_CHANGE_NONE] = &result->unchanged,
                            [DH_CHANGE_CREATED] = &result->created,
                            [DH_CHANGE_UPDATED] = &result->updated,
                            [DH_CHANGE_TOUCHED] = &result->touched};
    enum dh_change change = DH_CHANGE_NONE;
    struct dh_prepared *prepared = value->prepared;
    value->prepared = NULL; /* taken over, whatever happens */
    enum dh_status status = dh_store_put(writer->store, prepared, &change, err);
    if (status)
        return status;
    result->records++;
    (*counters[change])++;
    count(writer, value);
    if (value->repairs) {
        result->repaired++;
        report(writer, value, value->byte, NULL, value->repairs);
    }
    return DH_OK;
}

static enum dh_status put_account(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    enum dh_change change = DH_CHANGE_NONE;
    enum dh_status status = dh_store_put_account(writer->store, &value->account, value->prefixes,
                                                 value->prefix_count, &change, err);
    writer->result->accounts += !status && change != DH_CHANGE_NONE;
    return status;
}

static enum dh_status put_prefix(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    enum dh_status status = dh_store_put_prefix(writer->store, value->prefix, value->created, err);
    writer->result->accounts += !status;
    return status;
}

static enum dh_status put_event(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    enum dh_change change = DH_CHANGE_NONE;
    enum dh_status status = dh_store_put_event(writer->store, &value->event, &change, err);
    writer->result->events += !status;
    writer->result->new_events += !status && change == DH_CHANGE_CREATED;
    return status;
}

static enum dh_status pass_over(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    (void)err;
    size_t i = 0;
    while (i < PASSED_MAX && writer->passed[i] && writer->passed[i] != value->type)
        i++;
    if (i == PASSED_MAX || writer->passed[i])
        return DH_OK;
    writer->passed[i] = value->type;
    char text[80];
    snprintf(text, sizeof(text), "resources of type %s are not kept", value->type);
    report(writer, value, value->byte, NULL, text);
    return DH_OK;
}

static enum dh_status leave_out(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    (void)err;
    writer->result->left++;
    count(writer, value);
    return DH_OK;
}

static void tell_months(struct writer *writer, const struct dh_course *course)
{
    for (size_t i = 0; writer->options->month && i < course->months.count; i++) {
        const struct dh_month *month = &course->months.items[i];
        const struct dh_import_month told = {.file = course->path,
                                             .year = month->month / 12,
                                             .month = (unsigned)month->month % 12 + 1,
                                             .counted = month->counted,
                                             .rows = month->rows,
                                             .records = month->records};
        writer->options->month(writer->options->context, &told);
    }
}

static enum dh_status end_member(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    struct dh_course *course = &writer->courses.items[value->origin.source];
    enum dh_status status = dh_course_end(course, value, err);
    writer->result->members += value->end->number != 0;
    if (!status && !value->end->number)
        tell_months(writer, course);
    return status;
}

static enum dh_status write_value(struct writer *writer, struct dh_value *value, struct dh_err *err)
{
    static enum dh_status (*const writers[])(struct writer *, struct dh_value *,
                                             struct dh_err *) = {
        [DH_VALUE_RECORD] = put_record, [DH_VALUE_ACCOUNT] = put_account,
        [DH_VALUE_PREFIX] = put_prefix, [DH_VALUE_EVENT] = put_event,
        [DH_VALUE_PASSED] = pass_over,  [DH_VALUE_LEFT] = leave_out,
        [DH_VALUE_MEMBER] = end_member,
    };
    if (value->kind == DH_VALUE_BAD)
        return value->err ? refuse(writer, value, value->err, err)
                          : dh_fail(err, DH_MEMORY, "out of memory");
    enum dh_status status = begin(writer, err);
    if (status)
        return status;
    struct dh_err fault = {0};
    status = writers[value->kind](writer, value, &fault);
    writer->uncommitted++;
    if (!status)
        return DH_OK;
    fault.code = status;
    value->fault_byte = value->byte;
    return refuse(writer, value, &fault, err);
}

static enum dh_status write_batch(struct writer *writer, struct dh_batch *batch, struct dh_err *err)
{
    enum dh_status status = DH_OK;
    for (size_t i = 0; i < batch->count && !status; i++) {
        status = write_value(writer, &batch->values[i], err);
        if (!status && commit_due(writer, COMMIT_MILLISECONDS))
            status = commit(writer, err);
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum dh_status drain(struct writer *writer, struct dh_err *err)
{
    for (;;) {
        struct dh_batch *batch;
        enum dh_status status = dh_pipe_next(writer->pipe, PROGRESS_MILLISECONDS, &batch, err);
        if (status == DH_DONE)
            return DH_OK;
        writer->unreadable = status != DH_OK;
        if (!status && batch)
            status = write_batch(writer, batch, err);
        else if (!status && commit_due(writer, IDLE_MILLISECONDS))
            status = commit(writer, err);
        dh_batch_free(batch);
        if (status)
            return status;
        tell_progress(writer, false);
    }
}

/*
 * Ends the last transaction. After a failure of reading, what was read well is kept unless strict;
 * after one of writing, or under strict, all that was not committed goes.
 */
static enum dh_status finish(struct writer *writer, enum dh_status status, struct dh_err *err)
{
    bool keep = !status || (writer->unreadable && !writer->options->strict);
    enum dh_status committed = keep ? commit(writer, status ? NULL : err) : DH_OK;
    if (!status)
        status = committed;
    if (writer->open) {
        dh_store_rollback(writer->store);
        uncount(writer);
    }
    return status;
}

static enum dh_status run(struct writer *writer, struct dh_err *err)
{
    writer->started = writer->told = milliseconds();
    enum dh_status status = begin(writer, err);
    if (status)
        return status;
    status = dh_pipe_open(writer->store, &writer->sources, writer->options->filter,
                          writer->options->threads, &writer->pipe, err);
    if (!status)
        status = drain(writer, err);
    status = finish(writer, status, err);
    if (!status)
        tell_progress(writer, true);
    dh_pipe_close(writer->pipe);
    return status;
}

/* The sum of the files' sizes, 0 when one is a pipe. Fails early when one cannot be read. */
static enum dh_status measure(const char *const *paths, size_t path_count, uint64_t *total,
                              struct dh_err *err)
{
    bool known = true;
    *total = 0;
    for (size_t i = 0; i < path_count; i++) {
        struct stat info;
        if (strcmp(paths[i], "-") == 0) {
            known = false;
            continue;
        }
        if (stat(paths[i], &info) != 0)
            return dh_fail(err, errno == ENOENT || errno == ENOTDIR ? DH_NOT_FOUND : DH_IO,
                           "%s: %s", paths[i], strerror(errno));
        if (S_ISDIR(info.st_mode))
            return dh_fail(err, DH_IO, "%s: is a directory", paths[i]);
        known = known && S_ISREG(info.st_mode);
        *total += (uint64_t)info.st_size;
    }
    if (!known)
        *total = 0;
    return DH_OK;
}

static enum dh_status import(struct writer *writer, struct dh_err *err)
{
    struct dh_import_result *result = writer->result;
    enum dh_status status = dh_courses_open(&writer->courses, writer->store, &writer->sources,
                                            dh_record_filter_text(writer->options->filter),
                                            writer->options->restart, err);
    writer->sources.resume = writer->courses.resume;
    for (size_t i = 0; i < writer->courses.count; i++)
        result->resumed += writer->courses.resume[i].members;
    result->members = result->resumed;
    writer->committed = *result;
    if (!status)
        status = run(writer, err);
    dh_courses_release(&writer->courses);
    return status;
}

static const struct dh_import_options no_options;

enum dh_status dh_import_files(struct dh_store *store, const char *const *paths, size_t path_count,
                               const struct dh_import_options *options,
                               struct dh_import_result *result, struct dh_err *err)
{
    struct writer writer = {.store = store,
                            .options = options ? options : &no_options,
                            .sources = {.names = paths, .count = path_count},
                            .result = result};
    *result = (struct dh_import_result){0};
    enum dh_status status = measure(paths, path_count, &writer.total_bytes, err);
    return status ? status : import(&writer, err);
}

enum dh_status dh_import_buffer(struct dh_store *store, struct dh_str text, const char *name,
                                const struct dh_import_options *options,
                                struct dh_import_result *result, struct dh_err *err)
{
    struct writer writer = {
        .store = store,
        .options = options ? options : &no_options,
        .sources = {.names = &name, .count = 1, .text = text.ptr ? text : DH_STR("")},
        .total_bytes = text.len,
        .result = result};
    *result = (struct dh_import_result){0};
    return import(&writer, err);
}
