#include "cli/writing.h"

#include <errno.h>

#include "api/metadata.h"
#include "cli/text.h"
#include "model/findings.h"

/* ---- which format --------------------------------------------------------------------------- */

static size_t names_of(const char **names, size_t cap, bool write)
{
    size_t count = 0;
    for (size_t i = 0; dh_formats[i] && count < cap; i++)
        if (write ? dh_formats[i]->write != NULL : dh_formats[i]->read != NULL)
            names[count++] = dh_formats[i]->name;
    return count;
}

/* Says that an option's value is none of those there are, and which these are. */
static void refuse(struct dh_cli *cli, const char *what, const char *option, const char *value,
                   const char *const *names, size_t count)
{
    const char *nearest = dh_nearest(value, names, count);
    struct dh_buf list;
    dh_fail(&cli->err, DH_INVALID, "there is no %s '%.60s'%s%s%s", what, value,
            nearest ? "; the nearest is '" : "", nearest ? nearest : "", nearest ? "'" : "");
    dh_buf_init(&list, DH_URL_MAX);
    for (size_t i = 0; i < count; i++) {
        dh_buf_text(&list, i ? ", " : "");
        dh_buf_text(&list, names[i]);
    }
    dh_cli_usage(cli);
    dh_say("'--%s' is one of %.*s", option, DH_STR_ARG(dh_buf_view(&list)));
    dh_buf_release(&list);
}

const struct dh_format *dh_format_asked(struct dh_cli *cli, const char *option, const char *name,
                                        bool write)
{
    enum { CAP = 64 };
    const char *names[CAP];
    const struct dh_format *format = dh_format_find(dh_str(name));
    if (format && (write ? format->write != NULL : format->read != NULL))
        return format;
    if (format) {
        dh_fail(&cli->err, DH_INVALID, "%s can only be %s", format->title,
                write ? "read" : "written");
        dh_cli_usage(cli);
    } else {
        refuse(cli, "format", option, name, names, names_of(names, CAP, write));
    }
    return NULL;
}

static size_t length_of(const char *const *names)
{
    size_t count = 0;
    while (names[count])
        count++;
    return count;
}

bool dh_citation_asked(struct dh_cli *cli)
{
    const char *style = dh_args_text(&cli->args, "style", NULL);
    const char *locale = dh_args_text(&cli->args, "locale", NULL);
    bool good_style = !style || dh_citation_style_known(dh_str(style));
    if (!good_style)
        refuse(cli, "style", "style", style, dh_citation_styles, length_of(dh_citation_styles));
    else if (locale && !dh_citation_locale_known(dh_str(locale)))
        refuse(cli, "locale", "locale", locale, dh_citation_locales,
               length_of(dh_citation_locales));
    else
        return true;
    return false;
}

/* ---- writing -------------------------------------------------------------------------------- */

int dh_writing_begin(struct dh_writing *writing, struct dh_cli *cli, const char *path)
{
    writing->cli = cli;
    writing->path = path;
    writing->options.style = dh_args_text(&cli->args, "style", NULL);
    writing->options.locale = dh_args_text(&cli->args, "locale", NULL);
    if (!dh_export_file_open(&writing->file, path, &cli->arena)) {
        dh_say("cannot write %s: %s", path, strerror(errno));
        return DH_EXIT_FAILED;
    }
    dh_buf_init(&writing->text, DH_RESPONSE_MAX);
    dh_arena_init(&writing->arena, DH_ARENA_MAX);
    return DH_EXIT_OK;
}

static enum dh_status flush(struct dh_writing *writing, struct dh_err *err)
{
    struct dh_str text = dh_buf_view(&writing->text);
    if (writing->text.status)
        return dh_fail(err, writing->text.status, "out of memory");
    if (!text.len)
        return DH_OK;
    dh_text_write(writing->file.out, text);
    writing->last = text.ptr[text.len - 1];
    dh_buf_clear(&writing->text);
    writing->broken = ferror(writing->file.out) != 0;
    return writing->broken ? dh_fail(err, DH_IO, "cannot write the output") : DH_OK;
}

static void tell_left_out(struct dh_writing *writing, struct dh_str name, const struct dh_err *err)
{
    if (writing->left_out++ < DH_COMPLAINTS_MAX)
        fprintf(stderr, "%.*s: cannot be given as %s: %s\n", DH_STR_ARG(name),
                writing->format->title, err->text);
}

static enum dh_status add_to_list(struct dh_writing *writing, struct json_object *metadata,
                                  struct dh_str name, struct dh_err *err)
{
    struct dh_err reason = {0};
    size_t left_out = writing->list.left_out;
    if (!writing->listing)
        dh_format_list_open(&writing->list, writing->format, &writing->options, &writing->text);
    writing->listing = true;
    dh_arena_clear(&writing->arena);
    enum dh_status status =
        dh_format_list_add(&writing->list, metadata, &writing->text, &writing->arena, &reason);
    if (status && err)
        *err = reason;
    else if (writing->list.left_out > left_out)
        tell_left_out(writing, name, &reason);
    else if (!status)
        writing->written++;
    return status ? status : flush(writing, err);
}

static enum dh_status add_single(struct dh_writing *writing, struct dh_err *err)
{
    struct dh_err reason = {0};
    dh_arena_clear(&writing->arena);
    enum dh_status status = dh_format_write(writing->format, writing->first, &writing->options,
                                            &writing->text, &writing->arena, &reason);
    if (status == DH_UNSUPPORTED)
        tell_left_out(writing, dh_str(writing->first_name), &reason);
    else if (status && err)
        *err = reason;
    else if (!status)
        writing->written++;
    return status && status != DH_UNSUPPORTED ? status : flush(writing, err);
}

static void drop_first(struct dh_writing *writing)
{
    json_object_put(writing->first);
    writing->first = NULL;
}

enum dh_status dh_writing_add(struct dh_writing *writing, struct json_object *metadata,
                              struct dh_str name, struct dh_err *err)
{
    if (!writing->listing && !writing->first && !writing->as_list) {
        writing->first = json_object_get(metadata);
        snprintf(writing->first_name, sizeof(writing->first_name), "%.*s", DH_STR_ARG(name));
        return DH_OK;
    }
    enum dh_status status = DH_OK;
    if (writing->first)
        status = add_to_list(writing, writing->first, dh_str(writing->first_name), err);
    drop_first(writing);
    return status ? status : add_to_list(writing, metadata, name, err);
}

int dh_writing_add_hit(struct dh_writing *writing, const struct dh_hit *hit)
{
    bool xml = writing->format->flags & DH_FORMAT_XML;
    struct dh_err *err = &writing->cli->err;
    struct json_object *metadata = dh_hit_metadata(hit, xml, err);
    enum dh_status status = metadata ? dh_writing_add(writing, metadata, hit->doi, err) : err->code;
    json_object_put(metadata);
    return status ? dh_writing_failed(writing, status) : DH_EXIT_OK;
}

/* What stands behind the last record. An empty list is a list, too. */
static enum dh_status finish(struct dh_writing *writing, struct dh_err *err)
{
    enum dh_status status = writing->first ? add_single(writing, err) : DH_OK;
    if (writing->as_list && !writing->listing)
        dh_format_list_open(&writing->list, writing->format, &writing->options, &writing->text);
    if (writing->as_list || writing->listing)
        dh_format_list_close(&writing->list, &writing->text);
    if (!status)
        status = flush(writing, err);
    if (writing->last && writing->last != '\n')
        dh_buf_char(&writing->text, '\n');
    return status ? status : flush(writing, err);
}

int dh_writing_failed(struct dh_writing *writing, enum dh_status status)
{
    return writing->broken ? DH_EXIT_FAILED : dh_cli_failed(writing->cli, status);
}

/* Puts the file in its place when there is something in it. */
static int close_file(struct dh_writing *writing, int result)
{
    struct dh_cli *cli = writing->cli;
    bool complete = result < DH_EXIT_USAGE && (writing->written || writing->as_list);
    if (!dh_export_file_close(&writing->file, complete)) {
        dh_say("cannot write %s: %s", writing->path, strerror(errno));
        return DH_EXIT_FAILED;
    }
    if (complete && writing->path)
        dh_say("wrote %.*s records to %s",
               DH_STR_ARG(dh_text_number(&cli->arena, writing->written)), writing->path);
    return result;
}

int dh_writing_end(struct dh_writing *writing, int result)
{
    enum dh_status status = DH_OK;
    if (result < DH_EXIT_USAGE)
        status = finish(writing, &writing->cli->err);
    if (status)
        result = dh_writing_failed(writing, status);
    if (writing->left_out > DH_COMPLAINTS_MAX)
        fprintf(stderr, "and %llu more that cannot be given as %s\n",
                (unsigned long long)(writing->left_out - DH_COMPLAINTS_MAX),
                writing->format->title);
    result = close_file(writing, result);
    drop_first(writing);
    dh_buf_release(&writing->text);
    dh_arena_release(&writing->arena);
    return result == DH_EXIT_OK && writing->left_out ? DH_EXIT_MISS : result;
}
