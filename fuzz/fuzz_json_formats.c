/*
 * Metadata as JSON: read in each JSON format and as detected, then written in those that are made
 * of trees alone. What is read is a list of objects; what DataCite JSON writes can be read again.
 */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dh_buf written(const char *format, struct json_object *metadata,
                             struct dh_arena *arena)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_format_write(dh_format_find(dh_str(format)), metadata, NULL, &buf, arena, NULL);
    return buf;
}

static void write_record(struct json_object *metadata, struct dh_arena *arena)
{
    static const char *const formats[] = {"schema_org", "crosscite", "citeproc"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct dh_buf buf = written(formats[i], metadata, arena);
        dh_buf_release(&buf);
    }
    struct dh_buf buf = written("datacite_json", metadata, arena);
    struct json_object *again = NULL;
    enum dh_status status = dh_format_read(dh_format_find(DH_STR("datacite_json")),
                                           dh_buf_view(&buf), NULL, &again, arena, NULL);
    if (status == DH_INVALID || (status == DH_OK && json_object_array_length(again) != 1))
        abort();
    json_object_put(again);
    dh_buf_release(&buf);
}

static void read_text(const struct dh_format *format, struct dh_str text)
{
    struct dh_arena arena;
    struct json_object *records = NULL;
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_format_read(format, text, NULL, &records, &arena, &err);
    if ((status == DH_OK) != (records != NULL))
        abort();
    for (size_t i = 0; status == DH_OK && i < json_object_array_length(records); i++) {
        struct json_object *record = json_object_array_get_idx(records, i);
        if (!json_object_is_type(record, json_type_object))
            abort();
        write_record(record, &arena);
    }
    json_object_put(records);
    dh_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_str text = {(const char *)data, size};
    if (!size)
        return 0;
    if (data[0] == '{' || data[0] == '[')
        read_text(NULL, text);
    for (size_t i = 0; dh_formats[i]; i++)
        if ((dh_formats[i]->flags & DH_FORMAT_JSON) && dh_formats[i]->read)
            read_text(dh_formats[i], text);
    return 0;
}
