/* DataCite XML: what was read can be written, and read again; JATS is made of it, too. */
#include <stdlib.h>

#include "base/xml.h"
#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct dh_format *datacite, const struct dh_format *jats,
                         struct json_object *record, struct dh_arena *arena)
{
    struct dh_buf out;
    struct dh_err err = {0};
    struct json_object *again = NULL;
    struct dh_xml *root;
    dh_buf_init(&out, (size_t)DH_DOCUMENT_MAX * 8);
    if (dh_format_write(datacite, record, NULL, &out, arena, &err) ||
        dh_format_read(datacite, dh_buf_view(&out), NULL, &again, arena, &err) ||
        json_object_array_length(again) != 1)
        abort();
    json_object_put(again);
    dh_buf_clear(&out);
    if (dh_format_write(jats, record, NULL, &out, arena, &err) ||
        dh_xml_read(dh_buf_view(&out), DH_XML_STRICT, &root, arena, &err))
        abort();
    dh_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dh_format *datacite = dh_format_find(DH_STR("datacite"));
    const struct dh_format *jats = dh_format_find(DH_STR("jats"));
    struct dh_str text = {(const char *)data, size};
    struct dh_arena arena;
    struct dh_err err = {0};
    struct json_object *records = NULL;
    dh_arena_init(&arena, DH_ARENA_MAX);
    enum dh_status status = dh_format_read(datacite, text, NULL, &records, &arena, &err);
    if (status ? records || !err.text[0] : !records)
        abort();
    for (size_t i = 0; !status && i < json_object_array_length(records); i++)
        check_record(datacite, jats, json_object_array_get_idx(records, i), &arena);
    json_object_put(records);
    dh_arena_release(&arena);
    return 0;
}
