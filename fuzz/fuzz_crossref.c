/* Crossref XML: whatever is read can be written in the formats that need little. */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(const char *name, struct json_object *record, struct dh_arena *arena)
{
    struct dh_buf out;
    struct dh_err err = {0};
    dh_buf_init(&out, DH_RECORD_MAX);
    enum dh_status status =
        dh_format_write(dh_format_find(dh_str(name)), record, NULL, &out, arena, &err);
    if (status != DH_OK && status != DH_UNSUPPORTED)
        abort();
    dh_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object *records = NULL;
    struct dh_arena arena;
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct dh_str text = {(const char *)data, size};
    if (dh_format_read(dh_format_find(DH_STR("crossref")), text, NULL, &records, &arena, &err) !=
        DH_OK) {
        if (err.text[0] == '\0')
            abort();
    } else {
        for (size_t i = 0; i < json_object_array_length(records); i++) {
            struct json_object *record = json_object_array_get_idx(records, i);
            check_written("ris", record, &arena);
            check_written("bibtex", record, &arena);
        }
    }
    json_object_put(records);
    dh_arena_release(&arena);
    return 0;
}
