/* Times: the forms that come in, the two that go out, the calendar. */
#include "test.h"

static void assert_time(const char *text, const char *expected)
{
    char out[DH_TIME_TEXT_MAX];
    int64_t time;
    if (!dh_time_parse(dh_str(text), &time))
        fail_msg("%s was not read", text);
    dh_time_format(time, true, out);
    assert_string_equal(out, expected);
}

static void forms_that_are_read(void **state)
{
    (void)state;
    assert_time("2016-01-24T15:05:35Z", "2016-01-24T15:05:35.000Z");
    assert_time("2016-01-24T15:05:35.1239Z", "2016-01-24T15:05:35.123Z");
    assert_time("2016-01-24T15:05:35+02:30", "2016-01-24T12:35:35.000Z");
    assert_time("2016-01-24 15:05", "2016-01-24T15:05:00.000Z");
    assert_time("2016-02-29", "2016-02-29T00:00:00.000Z");
    assert_time("2016-12", "2016-12-01T00:00:00.000Z");
    assert_time("1734", "1734-01-01T00:00:00.000Z");
    assert_time("0001-01-01", "0001-01-01T00:00:00.000Z");
    assert_time("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z");
}

static void text_that_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "abc",
                                        "20161",
                                        "2016-13",
                                        "2015-02-29",
                                        "2016-01-32",
                                        "2016-00-01",
                                        "2016-01-01T25:00",
                                        "2016-01-01T10:00:00+99",
                                        "2016-01-01Tx",
                                        "2016-1-1"};
    int64_t time;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (dh_time_parse(dh_str(texts[i]), &time))
            fail_msg("%s was read", texts[i]);
}

static void calendar_round_trip(void **state)
{
    (void)state;
    for (int64_t day = -800000; day < 800000; day += 37) {
        unsigned month, dom;
        int64_t time = day * 86400000;
        int64_t year = dh_time_year(time + 12345, &month, &dom);
        assert_int_equal(dh_time_civil(year, month, dom), time);
    }
}

static void format_in_seconds(void **state)
{
    char out[DH_TIME_TEXT_MAX];
    (void)state;
    assert_int_equal(dh_time_format(1453647935999, false, out), 20);
    assert_string_equal(out, "2016-01-24T15:05:35Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_that_are_read),
        cmocka_unit_test(text_that_is_refused),
        cmocka_unit_test(calendar_round_trip),
        cmocka_unit_test(format_in_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
