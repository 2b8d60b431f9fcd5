/* BibTeX texts: whatever is read can be written, and what was written is one entry again. */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Values of BibTeX have their braces in pairs, so those written do, too. */
static void check_written(const struct dh_format *format, struct json_object *record,
                          struct dh_arena *arena)
{
    struct dh_buf out;
    struct dh_err err = {0};
    struct json_object *again = NULL;
    dh_buf_init(&out, DH_RECORD_MAX);
    enum dh_status status = dh_format_write(format, record, NULL, &out, arena, &err);
    if (status == DH_OK &&
        (dh_format_read(format, dh_buf_view(&out), NULL, &again, arena, &err) != DH_OK ||
         json_object_array_length(again) != 1))
        abort();
    if (status != DH_OK && (status != DH_UNSUPPORTED || out.len))
        abort();
    json_object_put(again);
    dh_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dh_format *format = dh_format_find(DH_STR("bibtex"));
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
