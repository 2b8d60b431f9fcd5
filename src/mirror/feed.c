#include "mirror/feed.h"

#include "base/limits.h"
#include "mirror/archive.h"
#include "mirror/input.h"

/* A run of the feed. */
struct run {
    const struct dh_feed *feed;
    struct dh_batch *batch; /* being filled; it goes from source to source */
    struct dh_input *file;
    uint64_t position; /* of the file when it was last told */
    struct dh_origin origin;
    struct dh_buf name; /* of the member at hand */
};

/* ---- batches -------------------------------------------------------------------------------- */

/* Makes sure that a value fits. DH_DONE when no more is wanted. */
static enum dh_status make_room(struct run *run, struct dh_err *err)
{
    if (run->batch && dh_batch_full(run->batch)) {
        struct dh_batch *full = run->batch;
        run->batch = NULL;
        if (!run->feed->put(run->feed->context, full))
            return DH_DONE;
    }
    if (!run->batch)
        run->batch = dh_batch_new();
    return run->batch ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

static void tell_position(struct run *run)
{
    uint64_t position = dh_input_position(run->file);
    atomic_fetch_add_explicit(run->feed->position, position - run->position, memory_order_relaxed);
    run->position = position;
}

/* A source that ends in damage is told of like a bad value: what came before it counts. */
static bool is_damage(enum dh_status status)
{
    return status == DH_CORRUPT || status == DH_UNSUPPORTED;
}

static enum dh_status add_fault(struct run *run, uint64_t line, uint64_t byte,
                                const struct dh_err *fault, struct dh_err *err)
{
    const struct dh_cut cut = {.line = line, .byte = byte, .end = byte, .fault_byte = byte};
    enum dh_status status = make_room(run, err);
    return status ? status : dh_batch_add_fault(run->batch, &cut, &run->origin, fault, err);
}

/* ---- text ----------------------------------------------------------------------------------- */

struct text {
    struct run *run;
    struct dh_input *input;
};

static enum dh_status read_text(void *context, char *to, size_t cap, size_t *len,
                                struct dh_err *err)
{
    struct text *text = context;
    enum dh_status status = dh_input_read(text->input, to, cap, len, err);
    tell_position(text->run);
    return status;
}

/* Cuts one text into batches. */
static enum dh_status cut_text(struct run *run, struct dh_cutter *cutter, struct dh_err *err)
{
    for (;;) {
        struct dh_cut cut;
        struct dh_err fault;
        enum dh_status status = make_room(run, err);
        if (status)
            return status;
        enum dh_status found = dh_cutter_next(cutter, &cut, &fault);
        if (found == DH_OK)
            status = dh_batch_add(run->batch, &cut, &run->origin, err);
        else if (is_damage(found))
            status = dh_batch_add_fault(run->batch, &cut, &run->origin, &fault, err);
        else if (found != DH_DONE)
            status = dh_fail(err, found, "%s: %s", run->origin.file, fault.text);
        if (status || found)
            return status;
    }
}

static enum dh_status read_records(struct run *run, struct dh_input *input, struct dh_err *err)
{
    struct dh_cutter *cutter;
    struct text text = {run, input};
    enum dh_status status = dh_cutter_new(read_text, &text, DH_RECORD_MAX, &cutter, err);
    if (!status)
        status = cut_text(run, cutter, err);
    dh_cutter_free(cutter);
    return status;
}

static enum dh_status read_rows(struct run *run, struct dh_input *input, struct dh_month *rows,
                                struct dh_err *err)
{
    struct dh_err fault;
    uint64_t line, byte;
    dh_input_allow_any_text(input);
    enum dh_status status = dh_rows_count(input, rows, &line, &byte, &fault);
    tell_position(run);
    if (is_damage(status) || status == DH_INVALID)
        return add_fault(run, line, byte, &fault, err);
    return status ? dh_fail(err, status, "%s: %s", run->origin.file, fault.text) : DH_OK;
}

/* ---- archives ------------------------------------------------------------------------------- */

static enum dh_status add_end(struct run *run, const struct dh_member_end *end, struct dh_err *err)
{
    enum dh_status status = make_room(run, err);
    return status ? status : dh_batch_add_end(run->batch, &run->origin, end, err);
}

/* "file.tar:member" is the origin from now on. */
static enum dh_status enter(struct run *run, const char *archive, const struct dh_member *member,
                            struct dh_err *err)
{
    dh_buf_clear(&run->name);
    dh_buf_text(&run->name, archive);
    if (member) {
        dh_buf_char(&run->name, ':');
        dh_buf_text(&run->name, member->name);
    }
    dh_buf_char(&run->name, '\0');
    run->origin.file = run->name.ptr;
    run->origin.month = member ? member->month : -1;
    return run->name.status ? dh_fail(err, DH_MEMORY, "out of memory") : DH_OK;
}

static enum dh_status read_member(struct run *run, struct dh_archive *archive,
                                  const struct dh_member *member, uint64_t number,
                                  struct dh_err *err)
{
    struct dh_member_end end = {.number = number, .rows = {.month = -1}};
    struct dh_input *input;
    enum dh_status status = dh_input_from(dh_archive_read, archive, &input, err);
    if (status)
        return status;
    if (member->kind == DH_MEMBER_RECORDS) {
        status = read_records(run, input, err);
    } else {
        end.rows.month = member->month;
        status = read_rows(run, input, &end.rows, err);
    }
    dh_input_close(input);
    return status ? status : add_end(run, &end, err);
}

/* Whether this member was imported before. DH_INVALID when it is another one than then. */
static enum dh_status passed(const struct dh_resume *resume, uint64_t number, const char *name,
                             bool *out, struct dh_err *err)
{
    *out = resume && number <= resume->members;
    if (*out && number == resume->members && strcmp(name, resume->name) != 0)
        return dh_fail(err, DH_INVALID,
                       "member %llu is no longer %s, behind which to go on; begin anew",
                       (unsigned long long)number, resume->name);
    return DH_OK;
}

/* An archive of other things is not a data file without records. */
static enum dh_status tell_strange(struct run *run, struct dh_err *err)
{
    struct dh_err fault;
    dh_fail(&fault, DH_UNSUPPORTED,
            "no member of this archive is named like a part of a data file, *.jsonl or *.jsonl.gz");
    return add_fault(run, 1, 0, &fault, err);
}

static enum dh_status read_members(struct run *run, struct dh_archive *archive, const char *name,
                                   const struct dh_resume *resume, struct dh_err *err)
{
    struct dh_member member;
    struct dh_err fault;
    bool damaged = false;
    for (uint64_t number = 0;;) {
        bool pass = false;
        enum dh_status found = dh_archive_next(archive, &member, &fault);
        tell_position(run);
        enum dh_status status = enter(run, name, found ? NULL : &member, err);
        if (found == DH_DONE && !status && !number && !damaged)
            return tell_strange(run, err);
        if (found == DH_DONE || status)
            return status;
        if (!found && (status = passed(resume, ++number, member.name, &pass, err)))
            return status;
        if (!found && !pass)
            status = read_member(run, archive, &member, number, err);
        else if ((damaged = is_damage(found)))
            status = add_fault(run, 1, dh_input_position(run->file), &fault, err);
        else if (found)
            status = dh_fail(err, found, "%s: %s", name, fault.text);
        if (status)
            return status;
    }
}

static enum dh_status read_archive(struct run *run, const char *name,
                                   const struct dh_resume *resume, struct dh_err *err)
{
    const struct dh_member_end end = {.rows = {.month = -1}};
    struct dh_archive *archive;
    struct dh_err fault;
    enum dh_status found = dh_archive_open(run->file, &archive, &fault);
    if (is_damage(found))
        return add_fault(run, 1, 0, &fault, err);
    if (found)
        return dh_fail(err, found, "%s: %s", name, fault.text);
    enum dh_status status = read_members(run, archive, name, resume, err);
    dh_archive_close(archive);
    return status ? status : add_end(run, &end, err);
}

/* ---- sources -------------------------------------------------------------------------------- */

static enum dh_status read_source(struct run *run, size_t source, struct dh_err *err)
{
    const struct dh_sources *sources = run->feed->sources;
    const char *name = sources->names[source];
    bool tar = false;
    struct dh_err fault;
    enum dh_status status = sources->text.ptr
                                ? dh_input_memory(sources->text, &run->file, err)
                                : dh_input_open(name, run->feed->stop, &run->file, err);
    if (status)
        return status;
    run->origin = (struct dh_origin){.source = source, .file = name, .month = -1};
    run->position = 0;
    status = dh_input_is_tar(run->file, &tar, &fault);
    if (status)
        status = dh_fail(err, status, "%s: %s", name, fault.text);
    else if (tar)
        status = read_archive(run, name, sources->resume ? &sources->resume[source] : NULL, err);
    else
        status = read_records(run, run->file, err);
    dh_input_close(run->file);
    return status;
}

enum dh_status dh_feed_run(const struct dh_feed *feed, struct dh_err *err)
{
    struct run run = {.feed = feed};
    enum dh_status status = DH_OK;
    dh_buf_init(&run.name, SIZE_MAX);
    for (size_t i = 0; i < feed->sources->count && !status; i++)
        status = read_source(&run, i, err);
    if (run.batch && run.batch->count)
        feed->put(feed->context, run.batch);
    else
        dh_batch_free(run.batch);
    dh_buf_release(&run.name);
    return status;
}
