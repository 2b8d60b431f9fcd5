/*
 * Real records with what the reference library makes of them, when a folder of them is at hand:
 * DOIHOUND_REFERENCE names it. What JSON formats can hold must come back from them.
 */
#include <stdio.h>

#include "format/parts.h"
#include "support.h"

static struct json_object *read_one(const char *format, struct dh_str text, struct dh_arena *arena)
{
    struct json_object *records = NULL;
    struct dh_err err = {0};
    const struct dh_format *used = NULL;
    if (dh_format_read(NULL, text, &used, &records, arena, &err))
        fail_msg("%s: %s in %.*s", format, err.text, DH_STR_ARG(text));
    assert_string_equal(used->name, format);
    assert_int_equal(json_object_array_length(records), 1);
    struct json_object *record = json_object_get(json_object_array_get_idx(records, 0));
    json_object_put(records);
    return record;
}

static struct dh_str written(const char *format, struct json_object *record, struct dh_arena *arena)
{
    struct dh_buf buf;
    struct dh_err err = {0};
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    if (dh_format_write(dh_format_find(dh_str(format)), record, NULL, &buf, arena, &err))
        fail_msg("%s: %s", format, err.text);
    struct dh_str text = dh_arena_copy(arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return text;
}

static void assert_same(struct json_object *actual, struct json_object *expected)
{
    json_object_object_foreach(expected, key, value)
    {
        if (!dh_json_equal(dh_json_get(actual, key), value))
            fail_msg("%s of %s", key, json_object_to_json_string(actual));
    }
}

/* From the tree of the reference through both formats that hold all of it. */
static void check_whole(struct json_object *reference, struct dh_arena *arena)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_json_write(&buf, reference, DH_JSON_PLAIN);
    struct json_object *first = read_one("crosscite", dh_buf_view(&buf), arena);
    struct json_object *second =
        read_one("datacite_json", written("datacite_json", first, arena), arena);
    struct json_object *last = NULL;
    assert_int_equal(dh_json_parse(written("crosscite", second, arena), &last, NULL), DH_OK);
    assert_same(last, reference);
    json_object_put(last);
    json_object_put(second);
    json_object_put(first);
    dh_buf_release(&buf);
}

/* What the reference wrote is told and read: the same work, under the same title. */
static void check_written(const char *format, struct json_object *reference,
                          struct json_object *writers, struct dh_arena *arena)
{
    struct dh_str text = dh_json_member(writers, format);
    if (!dh_text(reference, "id").ptr || !text.len)
        return;
    struct json_object *record = read_one(format, text, arena);
    struct dh_str title = dh_first_title(reference), id = dh_text(reference, "id");
    if (!dh_str_equal(dh_text(record, "id"), id) || !dh_str_equal(dh_first_title(record), title))
        fail_msg("%s: %s", format, json_object_to_json_string(record));
    json_object_put(record);
}

static void check_line(struct dh_str line)
{
    struct dh_arena arena;
    struct json_object *body = NULL;
    dh_arena_init(&arena, DH_ARENA_MAX);
    assert_int_equal(dh_json_parse(line, &body, NULL), DH_OK);
    struct json_object *reference = dh_json_get(body, "record");
    struct json_object *writers = dh_json_get(body, "writers");
    check_whole(reference, &arena);
    check_written("schema_org", reference, writers, &arena);
    check_written("citeproc", reference, writers, &arena);
    check_written("codemeta", reference, writers, &arena);
    json_object_put(body);
    dh_arena_release(&arena);
}

static void test_records(void **state)
{
    (void)state;
    const char *folder = getenv("DOIHOUND_REFERENCE");
    char path[1024], *line = NULL;
    size_t size = 0, count = 0;
    ssize_t len;
    if (!folder) {
        print_message("DOIHOUND_REFERENCE is not set: nothing compared\n");
        skip();
    }
    snprintf(path, sizeof(path), "%s/formats.jsonl", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (; (len = getline(&line, &size, file)) > 0; count++)
        check_line((struct dh_str){line, (size_t)len});
    free(line);
    fclose(file);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
