/* Stored records in metadata formats: one, one after the other, all in one list. */
#include "api/metadata.h"
#include "base/limits.h"
#include "lib/lib.h"

enum dh_status dh_lib_metadata(struct dh_reader *reader, struct dh_str doi,
                               const struct dh_format *format, struct json_object **metadata,
                               struct dh_arena *arena, struct dh_err *err)
{
    struct dh_hit hit;
    struct dh_err reason = {0};
    *metadata = NULL;
    enum dh_status status = dh_store_get(reader, doi, &hit, arena, err);
    if (status == DH_NOT_FOUND)
        return dh_fail(err, status, "no such record: %.*s", DH_STR_ARG(doi));
    if (status)
        return status;
    *metadata = dh_hit_metadata(&hit, format->flags & DH_FORMAT_XML, &reason);
    if (!*metadata && err)
        *err = reason;
    return *metadata ? DH_OK : reason.code;
}

static enum dh_status write_stored(struct dh_reader *reader, struct dh_str doi,
                                   const struct dh_format *format,
                                   const struct dh_format_options *options, struct dh_buf *out,
                                   struct dh_arena *arena, struct dh_err *err)
{
    struct json_object *metadata;
    enum dh_status status = dh_lib_metadata(reader, doi, format, &metadata, arena, err);
    if (!status)
        status = dh_format_write(format, metadata, options, out, arena, err);
    json_object_put(metadata);
    return status;
}

/* ---- one ------------------------------------------------------------------------------------ */

static enum dh_status get(struct dh *dh, const char *doi, const struct dh_format *format,
                          const struct dh_format_options *options, struct dh_buf *out,
                          struct dh_arena *arena, struct dh_err *err)
{
    struct dh_reader *reader;
    struct dh_str name = dh_doi_parse(arena, dh_str(doi));
    if (!name.ptr)
        return dh_fail(err, DH_INVALID, "not a DOI: %s", doi ? doi : "");
    enum dh_status status = dh_lib_borrow(dh, &reader, err);
    if (status)
        return status;
    status = write_stored(reader, name, format, options, out, arena, err);
    dh_lib_return(dh, reader);
    return status;
}

enum dh_status dh_get_as(struct dh *dh, const char *doi, const char *format,
                         const struct dh_write_options *options, char **out, size_t *len,
                         struct dh_err *err)
{
    const struct dh_format *writer;
    struct dh_format_options writing;
    struct dh_arena arena;
    struct dh_buf text;
    *out = NULL;
    enum dh_status status = dh_lib_writer(format, options, &writer, &writing, err);
    if (status)
        return status;
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&text, DH_RESPONSE_MAX);
    status = get(dh, doi, writer, &writing, &text, &arena, err);
    if (!status)
        status = dh_lib_hand_over(&text, out, len, err);
    dh_buf_release(&text);
    dh_arena_release(&arena);
    return status;
}

enum dh_status dh_cite(struct dh *dh, const char *doi, const char *style, const char *locale,
                       char **out, size_t *len, struct dh_err *err)
{
    const struct dh_write_options options = {.style = style, .locale = locale, .plain = 1};
    return dh_get_as(dh, doi, "citation", &options, out, len, err);
}

/* ---- one after the other -------------------------------------------------------------------- */

/* The DOI of the next resource of a walk, of the list's arena. */
static enum dh_status next_doi(struct dh_list *list, struct dh_str *doi, struct dh_err *err)
{
    struct dh_str resource;
    struct json_object *json;
    dh_arena_clear(&list->arena);
    enum dh_status status = dh_pages_next(&list->pages, &resource, err);
    if (!status)
        status = dh_json_parse(resource, &json, err);
    if (status)
        return status;
    *doi = dh_arena_copy(&list->arena, dh_json_member(json, "id"));
    json_object_put(json);
    return doi->ptr ? DH_OK : dh_fail(err, DH_MEMORY, "out of memory");
}

/* The metadata of the next record that is still there. */
static enum dh_status next_metadata(struct dh_list *list, const struct dh_format *format,
                                    struct json_object **metadata, struct dh_err *err)
{
    enum dh_status status;
    struct dh_str doi;
    do {
        *metadata = NULL;
        status = next_doi(list, &doi, err);
        if (status)
            return status;
        status = dh_lib_metadata(list->pages.reader, doi, format, metadata, &list->arena, err);
    } while (status == DH_NOT_FOUND);
    return status;
}

enum dh_status dh_list_next_as(struct dh_list *list, const char *format,
                               const struct dh_write_options *options, const char **text,
                               size_t *len, struct dh_err *err)
{
    const struct dh_format *writer;
    struct dh_format_options writing;
    struct json_object *metadata = NULL;
    *text = NULL;
    enum dh_status status = dh_lib_writer(format, options, &writer, &writing, err);
    if (!status)
        status = next_metadata(list, writer, &metadata, err);
    if (status)
        return status;
    dh_buf_clear(&list->item);
    status = dh_format_write(writer, metadata, &writing, &list->item, &list->arena, err);
    json_object_put(metadata);
    if (status)
        return status;
    dh_buf_char(&list->item, '\0');
    if (list->item.status)
        return dh_fail(err, list->item.status, "out of memory");
    *text = list->item.ptr;
    if (len)
        *len = list->item.len - 1;
    return DH_OK;
}

/* ---- all in one list ------------------------------------------------------------------------ */

struct export
{
    struct dh_list *list;
    struct dh_format_list written;
    int (*write)(void *context, const char *text, size_t len);
    void *context;
};

static enum dh_status flush(struct export *export, struct dh_err *err)
{
    struct dh_buf *text = &export->list->item;
    if (text->status)
        return dh_fail(err, text->status, "out of memory");
    if (text->len && export->write(export->context, text->ptr, text->len))
        return dh_fail(err, DH_IO, "the text was not taken");
    dh_buf_clear(text);
    return DH_OK;
}

static enum dh_status export_next(struct export *export, struct dh_err *err)
{
    struct dh_list *list = export->list;
    struct json_object *metadata;
    enum dh_status status = next_metadata(list, export->written.format, &metadata, err);
    if (!status)
        status = dh_format_list_add(&export->written, metadata, &list->item, &list->arena, err);
    json_object_put(metadata);
    return status ? status : flush(export, err);
}

enum dh_status dh_export(struct dh *dh, const char *filter, const char *format,
                         const struct dh_write_options *options,
                         int (*write)(void *context, const char *text, size_t len), void *context,
                         struct dh_export_counts *counts, struct dh_err *err)
{
    struct export export = {.write = write, .context = context};
    const struct dh_format *writer;
    struct dh_format_options writing;
    enum dh_status status = dh_lib_writer(format, options, &writer, &writing, err);
    if (!status)
        status = dh_list_new(dh, filter, &export.list, err);
    if (!status) {
        dh_format_list_open(&export.written, writer, &writing, &export.list->item);
        while (!status)
            status = export_next(&export, err);
        if (status == DH_DONE) {
            dh_format_list_close(&export.written, &export.list->item);
            status = flush(&export, err);
        }
        dh_list_free(export.list);
    }
    if (counts)
        *counts = (struct dh_export_counts){export.written.count, export.written.left_out};
    return status;
}
