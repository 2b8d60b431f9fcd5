/* Errors: what they quote may be anything, what they say is plain text. */
#include "test.h"

static void text_is_plain(void **state)
{
    (void)state;
    struct dh_err err;
    assert_int_equal(dh_fail_at(&err, DH_INVALID, 7, "a\n\033[31mb\x7f: %s", "\xff\xc3\xa4\xc3"),
                     DH_INVALID);
    assert_string_equal(err.text, "a  [31mb : ?\xc3\xa4?");
    assert_int_equal(err.pos, 7);
    dh_err_field(&err, DH_STR("x\t\xed\xa0\x80"));
    assert_string_equal(err.field, "x ???");
}

static void a_cut_text_is_whole_characters(void **state)
{
    (void)state;
    struct dh_err err;
    char name[4 * sizeof(err.text)];
    for (size_t shift = 0; shift < 2; shift++) {
        size_t len = shift;
        memset(name, 'x', len);
        for (; len + 2 < sizeof(name); len += 2)
            memcpy(name + len, "\xc3\xa4", 2);
        name[len] = '\0';
        dh_fail(&err, DH_IO, "%s", name);
        assert_int_equal(dh_utf8_check(dh_str(err.text)), strlen(err.text));
        assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    }
    assert_int_equal(dh_fail(NULL, DH_IO, "nobody listens"), DH_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_plain),
        cmocka_unit_test(a_cut_text_is_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
