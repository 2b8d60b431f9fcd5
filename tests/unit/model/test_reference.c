/*
 * Bodies of the real API, when a folder of them is at hand: DOIHOUND_REFERENCE names it. Each body
 * is read, completed and written; every attribute must come out as it went in.
 */
#include <stdio.h>

#include "support.h"

/* Coordinates that came as texts leave as numbers; both sides are made numbers to compare. */
static struct json_object *as_numbers(struct json_object *value)
{
    struct dh_str text = dh_json_str(value);
    char copy[64], *end;
    if (text.len && text.len < sizeof(copy)) {
        memcpy(copy, text.ptr, text.len);
        copy[text.len] = '\0';
        double number = strtod(copy, &end);
        if (!*end)
            return json_object_new_double(number);
    }
    if (json_object_is_type(value, json_type_object)) {
        struct json_object *out = json_object_new_object();
        json_object_object_foreach(value, key, member)
        {
            json_object_object_add(out, key, as_numbers(member));
        }
        return out;
    }
    if (json_object_is_type(value, json_type_array)) {
        struct json_object *out = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++)
            json_object_array_add(out, as_numbers(json_object_array_get_idx(value, i)));
        return out;
    }
    return json_object_get(value);
}

static bool equal(enum dh_attribute a, struct json_object *x, struct json_object *y)
{
    if (a != DH_ATTR_GEO_LOCATIONS)
        return dh_json_equal(x, y);
    struct json_object *x_numbers = as_numbers(x), *y_numbers = as_numbers(y);
    bool same = dh_json_equal(x_numbers, y_numbers);
    json_object_put(x_numbers);
    json_object_put(y_numbers);
    return same;
}

static void compare(const struct dh_wire *wire, struct json_object *attributes)
{
    json_object_object_foreach(attributes, name, value)
    {
        enum dh_attribute a = dh_attribute_find(dh_str(name));
        assert_true(a < DH_ATTR__N);
        enum dh_shape shape = dh_attributes[a].shape;
        if (shape == DH_SHAPE_COUNT || shape == DH_SHAPE_TIME)
            continue;
        bool rich = json_object_is_type(dh_json_get(attributes, "publisher"), json_type_object);
        struct dh_str text = dh_wire_value(wire, a, rich ? DH_FORM_RICH : DH_FORM_PLAIN);
        struct json_object *written;
        assert_int_equal(dh_json_parse(text, &written, NULL), DH_OK);
        if (!equal(a, written, value))
            fail_msg("%s: %.*s", name, DH_STR_ARG(text));
        json_object_put(written);
    }
}

static void compare_body(struct dh_str line)
{
    struct json_object *body;
    struct dh_record record, again;
    struct dh_buf bytes;
    struct dh_wire wire;
    assert_int_equal(dh_json_parse(line, &body, NULL), DH_OK);
    assert_int_equal(dh_record_read(dh_json_get(body, "data"), &record, NULL, NULL), DH_OK);
    assert_int_equal(dh_record_complete(&record, NULL), DH_OK);
    dh_buf_init(&bytes, DH_RECORD_MAX);
    dh_wire_write(&record, &bytes);
    assert_int_equal(dh_wire_open(dh_buf_view(&bytes), &wire, NULL), DH_OK);
    compare(&wire, dh_json_get(dh_json_get(body, "data"), "attributes"));
    assert_int_equal(dh_wire_read(&wire, &again, NULL), DH_OK);
    struct dh_hash before = dh_record_hash(&record), after = dh_record_hash(&again);
    assert_true(before.low == after.low && before.high == after.high);
    struct dh_hash wired = dh_wire_hash(&wire, &record);
    assert_true(before.low == wired.low && before.high == wired.high);
    dh_record_release(&again);
    dh_record_release(&record);
    dh_buf_release(&bytes);
    json_object_put(body);
}

static void test_real_bodies(void **state)
{
    (void)state;
    const char *folder = getenv("DOIHOUND_REFERENCE");
    if (!folder) {
        print_message("DOIHOUND_REFERENCE is not set: nothing compared\n");
        skip();
    }
    char path[4096];
    snprintf(path, sizeof(path), "%s/api-single.jsonl", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *line = NULL;
    size_t size = 0, count = 0;
    for (ssize_t len; (len = getline(&line, &size, file)) > 0; count++)
        compare_body((struct dh_str){line, (size_t)len});
    free(line);
    fclose(file);
    print_message("%zu bodies compared\n", count);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
