#include "support.h"

static struct dh_series series, other; /* zeroed; each test leaves them empty */

/* JSON in which ' stands for ". */
static bool read_into(struct dh_series *to, const char *text, enum dh_series_unit given,
                      enum dh_series_unit wanted)
{
    struct dh_buf json;
    dh_buf_init(&json, 1 << 20);
    for (; *text; text++)
        dh_buf_char(&json, *text == '\'' ? '"' : *text);
    bool done = dh_series_read(dh_buf_view(&json), given, wanted, to);
    dh_buf_release(&json);
    return done;
}

static void assert_empty(const struct dh_series *which)
{
    assert_int_equal(which->first, which->end);
    assert_int_equal(which->sum, 0);
    for (uint32_t i = 0; i < DH_SERIES_PERIODS; i++)
        assert_int_equal(which->totals[i], 0);
}

static void test_months_and_years(void **state)
{
    (void)state;
    static const char text[] = "[{'yearMonth':'2020-12','total':3},{'total':4,'yearMonth':'2019-"
                               "01'},{'yearMonth':'2020-12','total':1}]";
    assert_true(read_into(&series, text, DH_BY_MONTH, DH_BY_MONTH));
    assert_int_equal(series.sum, 8);
    assert_int_equal(series.end - series.first, 24);
    assert_int_equal(series.totals[series.first], 4);
    assert_int_equal(series.totals[series.end - 1], 4);
    dh_series_clear(&series);
    assert_empty(&series);
    assert_true(read_into(&series, text, DH_BY_MONTH, DH_BY_YEAR));
    assert_int_equal(series.first, 2019 - DH_SERIES_YEAR_MIN);
    assert_int_equal(series.end, 2021 - DH_SERIES_YEAR_MIN);
    assert_int_equal(series.totals[series.first], 4);
    dh_series_clear(&series);
}

static void test_first_and_last(void **state)
{
    (void)state;
    assert_true(read_into(&series,
                          "[{'yearMonth':'1900-01','total':1},{'yearMonth':'2199-12',"
                          "'total':2147483647}]",
                          DH_BY_MONTH, DH_BY_MONTH));
    assert_int_equal(series.first, 0);
    assert_int_equal(series.end, DH_SERIES_PERIODS);
    assert_int_equal(series.totals[DH_SERIES_PERIODS - 1], 2147483647);
    dh_series_clear(&series);
    assert_empty(&series);
}

/* What the short way cannot read goes the long way, with the same result. */
static void test_both_ways(void **state)
{
    (void)state;
    static const char *const same[] = {
        "[{'year':'2021','total':7}]",
        "[{'year':2021,'total':7}]",
        "[{'year':'2021','total':'7'}]",
        " [ { 'year' : '2021' , 'total' : 7 } ] ",
        "[{'year':'20\\u00321','total':7}]",
        "[{'x':{'y':[1]},'year':'2021','total':7}]",
        "[{'year':'2021','total':7,'z':-1}]",
        "[{'total':0007,'year':'2021'}]",
        "[{'year':'1','year':'2021','total':7}]",
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        assert_true(read_into(&series, same[i], DH_BY_YEAR, DH_BY_YEAR));
        assert_int_equal(series.sum, 7);
        assert_int_equal(series.totals[2021 - DH_SERIES_YEAR_MIN], 7);
        dh_series_clear(&series);
    }
    assert_true(read_into(&series, "[]", DH_BY_YEAR, DH_BY_YEAR));
    assert_true(read_into(&series, " [ ] ", DH_BY_YEAR, DH_BY_YEAR));
    assert_empty(&series);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "null",
        "7",
        "{}",
        "'2021'",
        "[",
        "[{'year':'2021','total':7}",
        "[7]",
        "[[]]",
        "[{}]",
        "[{'year':'2021','total':7}]]",
        "[{'year':'2021'}]",
        "[{'total':7}]",
        "[{'year':'2021','total':-7}]",
        "[{'year':'2021','total':7.5}]",
        "[{'year':'2021','total':7e1}]",
        "[{'year':'2021','total':2147483648}]",
        "[{'year':'2021','total':99999999999999999999999999}]",
        "[{'year':'2021','total':''}]",
        "[{'year':'2021','total':null}]",
        "[{'year':'2021','total':true}]",
        "[{'year':'1899','total':7}]",
        "[{'year':'2200','total':7}]",
        "[{'year':'02021','total':7}]",
        "[{'year':' 2021','total':7}]",
        "[{'year':'2021','total':7},{'year':'2021','total':'x'}]",
        "[{'yearMonth':'2021-01','total':7}]",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (read_into(&series, bad[i], DH_BY_YEAR, DH_BY_YEAR))
            fail_msg("%s was read", bad[i]);
        assert_empty(&series);
    }
}

static void test_adding(void **state)
{
    (void)state;
    char text[DH_SERIES_LABEL_MAX];
    dh_series_add(&series, &other);
    assert_empty(&series);
    dh_series_add_year(&other, 2020, 2);
    dh_series_add_year(&other, 2023, 0);
    dh_series_add_year(&other, 1899, 5);
    dh_series_add_year(&other, INT64_MAX, 5);
    dh_series_add(&series, &other);
    dh_series_add(&series, &other);
    assert_int_equal(series.sum, 4);
    assert_int_equal(series.end - series.first, 4);
    assert_int_equal(series.totals[series.first], 4);
    struct dh_str label = dh_series_label(series.first, DH_BY_YEAR, text);
    assert_true(dh_str_equal(label, DH_STR("2020")));
    label = dh_series_label(12 * 121 + 8, DH_BY_MONTH, text);
    assert_true(dh_str_equal(label, DH_STR("2021-09")));
    dh_series_clear(&series);
    dh_series_clear(&other);
    assert_empty(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_months_and_years), cmocka_unit_test(test_first_and_last),
        cmocka_unit_test(test_both_ways),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_adding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
