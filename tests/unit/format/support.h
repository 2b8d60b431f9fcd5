/* What the tests of format share: JSON from text, comparisons that print both sides. */
#ifndef TESTS_FORMAT_SUPPORT_H
#define TESTS_FORMAT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Text in which ' stands for ". The arena's. */
static inline struct dh_str quoted(struct dh_arena *arena, const char *text)
{
    struct dh_str copy = dh_arena_copy(arena, dh_str(text));
    for (size_t i = 0; i < copy.len; i++)
        if (copy.ptr[i] == '\'')
            ((char *)copy.ptr)[i] = '"';
    return copy;
}

static inline struct json_object *json_of(struct dh_arena *arena, const char *text)
{
    struct json_object *value = NULL;
    struct dh_err err = {0};
    if (dh_json_parse(quoted(arena, text), &value, &err) != DH_OK)
        fail_msg("%s in %s", err.text, text);
    return value;
}

/* Fails unless `value` is written as the JSON `expected` (' for "), order of members included. */
static inline void assert_written(struct json_object *value, const char *expected)
{
    struct dh_arena arena;
    struct dh_buf buf, wanted;
    dh_arena_init(&arena, DH_ARENA_MAX);
    struct json_object *other = json_of(&arena, expected);
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_buf_init(&wanted, DH_DOCUMENT_MAX);
    dh_json_write(&buf, value, DH_JSON_PLAIN);
    dh_json_write(&wanted, other, DH_JSON_PLAIN);
    if (!dh_str_equal(dh_buf_view(&buf), dh_buf_view(&wanted)))
        fail_msg("%.*s\nis not\n%.*s", (int)buf.len, buf.ptr, (int)wanted.len, wanted.ptr);
    json_object_put(other);
    dh_buf_release(&buf);
    dh_buf_release(&wanted);
    dh_arena_release(&arena);
}

/* The same of a member; `expected` NULL: it is not there. */
static inline void assert_member(struct json_object *object, const char *key, const char *expected)
{
    if (expected)
        assert_written(dh_json_get(object, key), expected);
    else if (dh_json_has(object, key))
        fail_msg("there is a member %s", key);
}

/* `expected` NULL: there must be no text. */
static inline void assert_text(struct dh_str actual, const char *expected)
{
    bool same = expected ? actual.ptr && dh_str_equal(actual, dh_str(expected)) : !actual.ptr;
    if (!same)
        fail_msg("`%.*s` is not `%s`", DH_STR_ARG(actual), expected ? expected : "(nothing)");
}

#endif
