/* Answers that hold: what finds them again, what ends them, what they may weigh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/kept.h"

static struct dh_arena arena;

static struct dh_request asking(const char *target, const char *accept)
{
    return (struct dh_request){.method = DH_GET,
                               .target = dh_str(target),
                               .base = DH_STR("http://x"),
                               .accept = dh_str(accept),
                               .arena = &arena};
}

static struct dh_response saying(struct dh_str body)
{
    struct dh_response response = {.status = 200, .type = "text/plain", .keep = true};
    dh_buf_init(&response.body, DH_RESPONSE_MAX);
    dh_buf_str(&response.body, body);
    dh_response_header(&response, "X-Own", DH_STR("value"));
    return response;
}

static void put(struct dh_shelf *shelf, uint64_t version, const char *target, struct dh_str body)
{
    struct dh_request request = asking(target, NULL);
    struct dh_response response = saying(body);
    dh_shelf_put(shelf, version, &request, &response);
    dh_buf_release(&response.body);
}

/* The body found, or an empty string. */
static struct dh_str found(struct dh_shelf *shelf, uint64_t version, const char *target)
{
    struct dh_request request = asking(target, NULL);
    struct dh_kept *kept = dh_shelf_take(shelf, version, &request);
    struct dh_str body = kept ? dh_arena_copy(&arena, dh_kept_body(kept)) : DH_STR_NONE;
    dh_kept_give(kept);
    return body;
}

static int setup(void **state)
{
    dh_arena_init(&arena, SIZE_MAX);
    *state = calloc(1, sizeof(struct dh_shelf));
    return *state == NULL;
}

static int teardown(void **state)
{
    dh_shelf_release(*state);
    free(*state);
    dh_arena_release(&arena);
    return 0;
}

static void the_same_request_finds_it(void **state)
{
    struct dh_shelf *shelf = *state;
    assert_null(found(shelf, 7, "/a").ptr);
    put(shelf, 7, "/a", DH_STR("one"));
    put(shelf, 7, "/b", DH_STR("two"));
    put(shelf, 7, "/b", DH_STR("three"));
    assert_true(dh_str_equal(found(shelf, 7, "/a"), DH_STR("one")));
    assert_true(dh_str_equal(found(shelf, 7, "/b"), DH_STR("three")));
    assert_null(found(shelf, 7, "/c").ptr);
    struct dh_request other = asking("/a", "text/html");
    assert_null(dh_shelf_take(shelf, 7, &other));
    other = asking("/a", NULL);
    other.base = DH_STR("https://x");
    assert_null(dh_shelf_take(shelf, 7, &other));
}

static void another_version_ends_it(void **state)
{
    struct dh_shelf *shelf = *state;
    found(shelf, 7, "/a");
    put(shelf, 6, "/a", DH_STR("made before the change"));
    assert_null(found(shelf, 7, "/a").ptr);
    put(shelf, 7, "/a", DH_STR("one"));
    assert_null(found(shelf, 8, "/a").ptr);
    assert_null(found(shelf, 7, "/a").ptr);
    assert_int_equal(shelf->bytes, 0);
    assert_null(found(shelf, 0, "/a").ptr);
    put(shelf, 0, "/a", DH_STR("no version"));
    assert_null(found(shelf, 0, "/a").ptr);
}

static void an_answer_on_its_way_outlives_the_shelf(void **state)
{
    struct dh_shelf *shelf = *state;
    struct dh_request request = asking("/a", NULL);
    struct dh_response out = {.status = 500};
    found(shelf, 7, "/a");
    put(shelf, 7, "/a", DH_STR("one"));
    struct dh_kept *kept = dh_shelf_take(shelf, 7, &request);
    dh_kept_describe(kept, &out);
    found(shelf, 8, "/a");
    assert_true(dh_str_equal(dh_kept_body(kept), DH_STR("one")));
    assert_int_equal(out.status, 200);
    assert_string_equal(out.type, "text/plain");
    assert_true(dh_str_equal(out.headers[0].value, DH_STR("value")));
    dh_kept_give(kept);
}

static void the_gzip_form_is_kept_too(void **state)
{
    struct dh_shelf *shelf = *state;
    struct dh_request request = asking("/a", NULL);
    found(shelf, 7, "/a");
    put(shelf, 7, "/a", DH_STR("one"));
    size_t before = shelf->bytes;
    struct dh_kept *kept = dh_shelf_take(shelf, 7, &request);
    assert_null(dh_kept_packed(kept).ptr);
    assert_true(dh_str_equal(dh_shelf_pack(shelf, kept, DH_STR("packed")), DH_STR("packed")));
    dh_kept_give(kept);
    assert_int_equal(shelf->bytes, before + 6);
    kept = dh_shelf_take(shelf, 7, &request);
    assert_true(dh_str_equal(dh_kept_packed(kept), DH_STR("packed")));
    dh_kept_give(kept);
}

static void the_least_recently_used_make_room(void **state)
{
    struct dh_shelf *shelf = *state;
    enum { SIZE = 400 * 1024, COUNT = 100 };
    char target[16];
    char *text = malloc(DH_KEPT_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', DH_KEPT_MAX + 1);
    found(shelf, 7, "/a");
    put(shelf, 7, "/large", (struct dh_str){text, DH_KEPT_MAX + 1});
    assert_null(found(shelf, 7, "/large").ptr);
    for (int i = 0; i < COUNT; i++) {
        snprintf(target, sizeof(target), "/%d", i);
        put(shelf, 7, target, (struct dh_str){text, SIZE});
        assert_true(shelf->bytes <= DH_SHELF_MAX);
        assert_int_equal(found(shelf, 7, "/0").len, SIZE);
        dh_arena_clear(&arena);
    }
    assert_null(found(shelf, 7, "/1").ptr);
    assert_int_equal(found(shelf, 7, "/99").len, SIZE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_request_finds_it, setup, teardown),
        cmocka_unit_test_setup_teardown(another_version_ends_it, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_on_its_way_outlives_the_shelf, setup, teardown),
        cmocka_unit_test_setup_teardown(the_gzip_form_is_kept_too, setup, teardown),
        cmocka_unit_test_setup_teardown(the_least_recently_used_make_room, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
