/*
 * A record of any shape: read, complete, write as wire form, open that, read it back. What comes
 * back has the same content hash, and merging a record with itself changes nothing.
 */
#include <stdlib.h>

#include "base/base.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_hash(const struct dh_record *a, const struct dh_record *b)
{
    struct dh_hash first = dh_record_hash(a), second = dh_record_hash(b);
    return first.low == second.low && first.high == second.high;
}

static void check_wire(const struct dh_record *record)
{
    struct dh_buf bytes;
    struct dh_wire wire;
    struct dh_record again;
    dh_buf_init(&bytes, DH_RECORD_MAX);
    dh_wire_write(record, &bytes);
    if (bytes.status == DH_OK) {
        if (dh_wire_open(dh_buf_view(&bytes), &wire, NULL) != DH_OK)
            abort();
        dh_record_init(&again);
        if (dh_wire_read(&wire, &again, NULL) != DH_OK || !same_hash(record, &again))
            abort();
        dh_record_release(&again);
    }
    dh_buf_release(&bytes);
}

static void check_merge(const struct dh_record *record)
{
    struct dh_record merged;
    struct dh_buf changes;
    dh_record_init(&merged);
    dh_buf_init(&changes, DH_RECORD_MAX);
    if (dh_record_merge(record, record, &merged, NULL) == DH_OK) {
        dh_record_changes(record, &merged, &changes);
        if (!same_hash(record, &merged) || !dh_str_equal(dh_buf_view(&changes), DH_STR("{}")))
            abort();
    }
    dh_buf_release(&changes);
    dh_record_release(&merged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object *value = NULL;
    struct dh_str text = {(const char *)data, size};
    if (dh_json_parse(text, &value, NULL) != DH_OK)
        return 0;
    struct dh_record record;
    struct dh_repairs repairs = {0};
    struct dh_err err = {0};
    dh_record_init(&record);
    if (dh_record_read(value, &record, &repairs, &err) == DH_OK &&
        dh_record_complete(&record, &err) == DH_OK) {
        if (!dh_doi_valid(record.doi))
            abort();
        check_wire(&record);
        check_merge(&record);
    }
    dh_record_release(&record);
    json_object_put(value);
    return 0;
}
