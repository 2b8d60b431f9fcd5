/* RIS texts: what was read and written is read and written the same a second time. */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_record(const struct dh_format *format, struct json_object *record,
                         struct dh_buf *out, struct dh_arena *arena)
{
    struct dh_err err = {0};
    dh_buf_init(out, DH_RECORD_MAX);
    if (dh_format_write(format, record, NULL, out, arena, &err) != DH_OK)
        abort();
}

static void check_written(const struct dh_format *format, struct json_object *record,
                          struct dh_arena *arena)
{
    struct dh_buf once, twice;
    struct dh_err err = {0};
    struct json_object *again = NULL;
    write_record(format, record, &once, arena);
    if (dh_format_read(format, dh_buf_view(&once), NULL, &again, arena, &err) != DH_OK ||
        json_object_array_length(again) != 1)
        abort();
    write_record(format, json_object_array_get_idx(again, 0), &twice, arena);
    if (!dh_str_equal(dh_buf_view(&once), dh_buf_view(&twice)))
        abort();
    json_object_put(again);
    dh_buf_release(&once);
    dh_buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dh_format *format = dh_format_find(DH_STR("ris"));
    struct json_object *records = NULL;
    struct dh_arena arena;
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_str text = {(const char *)data, size};
    if (dh_format_read(format, text, NULL, &records, &arena, &err) != DH_OK) {
        if (err.text[0] == '\0' || err.pos > size)
            abort();
    } else {
        for (size_t i = 0; i < json_object_array_length(records); i++)
            check_written(format, json_object_array_get_idx(records, i), &arena);
    }
    json_object_put(records);
    dh_arena_release(&arena);
    return 0;
}
