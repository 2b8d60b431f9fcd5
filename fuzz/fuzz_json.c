/* JSON text: parse, write in every way, parse again: the second reading equals the first. */
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(struct json_object *value, unsigned flags)
{
    struct dh_buf text;
    struct json_object *again = NULL;
    struct dh_err err = {0};
    dh_buf_init(&text, DH_RECORD_MAX);
    dh_json_write(&text, value, flags);
    if (text.status == DH_OK) {
        if (dh_json_parse(dh_buf_view(&text), &again, &err) != DH_OK)
            abort();
        if (!dh_json_equal(value, again))
            abort();
        json_object_put(again);
    }
    dh_buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object *value = NULL;
    struct dh_err err = {0};
    struct dh_str text = {(const char *)data, size};
    if (dh_json_parse(text, &value, &err) != DH_OK) {
        if (err.pos > size || err.text[0] == '\0')
            abort();
        return 0;
    }
    check_round_trip(value, DH_JSON_PLAIN);
    check_round_trip(value, DH_JSON_HTML | DH_JSON_SORT);
    json_object_put(value);
    return 0;
}
