/* What the tests of model share: records and JSON from text, comparisons that print both sides. */
#ifndef TESTS_MODEL_SUPPORT_H
#define TESTS_MODEL_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/limits.h"
#include "model/model.h"

/* A value of JSON text in which ' stands for ". */
static inline struct json_object *json_of(const char *text)
{
    struct dh_buf buf;
    dh_buf_init(&buf, 1 << 20);
    for (; *text; text++)
        dh_buf_char(&buf, *text == '\'' ? '"' : *text);
    struct json_object *value = NULL;
    struct dh_err err;
    if (dh_json_parse(dh_buf_view(&buf), &value, &err) != DH_OK)
        fail_msg("%s", err.text);
    dh_buf_release(&buf);
    return value;
}

/* Fails unless `value` equals the JSON of `expected` (' for "). */
static inline void assert_json(struct json_object *value, const char *expected)
{
    struct json_object *wanted = json_of(expected);
    if (!dh_json_equal(value, wanted)) {
        struct dh_buf buf;
        dh_buf_init(&buf, 1 << 20);
        dh_json_write(&buf, value, DH_JSON_PLAIN);
        fail_msg("%.*s is not %s", (int)buf.len, buf.ptr, expected);
    }
    json_object_put(wanted);
}

static inline void assert_text(struct dh_str s, const char *expected)
{
    if (!dh_str_equal(s, dh_str(expected)))
        fail_msg("%.*s is not %s", DH_STR_ARG(s), expected);
}

/* A partial record from JSON text (' for "), to be released. */
static inline struct dh_record record_of(const char *text)
{
    struct json_object *resource = json_of(text);
    struct dh_record record;
    struct dh_err err;
    if (dh_record_read(resource, &record, NULL, &err) != DH_OK)
        fail_msg("%s", err.text);
    json_object_put(resource);
    return record;
}

/* The same made whole. */
static inline struct dh_record whole_of(const char *text)
{
    struct dh_record record = record_of(text);
    assert_int_equal(dh_record_complete(&record, NULL), DH_OK);
    return record;
}

static inline struct json_object *attribute(const struct dh_record *record, const char *name)
{
    return dh_json_get(record->attributes, name);
}

#endif
