#include "format/reading.h"
#include "support.h"

static void test_accepted(void **state)
{
    (void)state;
    static const char *const dates[] = {
        "2016", "2016-12", "2016-12-20", "0199", "0000", "-0100", "2016-12-20T10:00:00",
        "2016-12-20T10:00:00Z", "2016-12-20T10:00:00+02:00", "2016-12-20T24:00:00Z", "2016/2018",
        "2016-01/2017-02", "2016/2016", "2016-12-20/2017-01-01", "1984?/2004~", "2016-21",
        "2016-22", "2016-23", "2016-24", "1984?", "1984~", "1984?~", "1984-06~", "19uu", "199u",
        "2004-06-uu", "2004-uu", "uuuu", "19xx", "199x", "y-17e7", "y170000002", "[1667,1668]",
        "{1667,1668, 1670..1672}", "[..1984]", "[1984..]", "2016-02-29", "2000-02-29",
        /* kept, other than upstream */
        "2016-12-20T00:13:00.000Z", "2016-12-20T00:13:00.1", "2016/..", "../2018", "2016/", "/2016",
        "unknown/2018", "2016/unknown", "2016/open", "199X", ":unac", ":unal", ":unap", ":unas",
        ":unav", ":unkn", ":none", ":null", ":tba", ":etal"};
    for (size_t i = 0; i < COUNT(dates); i++)
        if (!dh_date_valid(dh_str(dates[i])))
            fail_msg("%s is dropped", dates[i]);
}

static void test_dropped(void **state)
{
    (void)state;
    static const char *const dates[] = {"199",
                                        "-100",
                                        "12345",
                                        "20161220",
                                        "2016-6",
                                        "2016-00",
                                        "2016-13",
                                        "2016-02-30",
                                        "2016-12-20 ",
                                        " 2016",
                                        "c. 2016",
                                        "March 2016",
                                        "2016-2017",
                                        "2016-12-20T10:00",
                                        "2016-12-20T10:00:00+0200",
                                        "2016-12-20 10:00:00",
                                        "2016-12-20Z",
                                        "2018/2016",
                                        "2016-12/2016",
                                        "2016-12-20T10:00:00Z/2017",
                                        "2016/2017-01-01T00:00:00Z",
                                        "2016-25",
                                        "y2016",
                                        "1990s",
                                        "2016-W05",
                                        "2016-123",
                                        "",
                                        "/",
                                        "..",
                                        "../..",
                                        "open/2016",
                                        "(:tba)",
                                        ":tb",
                                        ":(unav)",
                                        "2015-02-29",
                                        "1900-02-29",
                                        "2016-04-31",
                                        "2016-12-20T25:00:00Z",
                                        "2016-12-20T24:00:01Z",
                                        "2016-12-20T10:60:00Z",
                                        "2016-12-20T10:00:00.Z",
                                        "2016-12T10:00:00Z",
                                        "[]",
                                        "[1667",
                                        "[1667,]",
                                        "1667]",
                                        "{1667]",
                                        "2016/2017/2018",
                                        "2016-12-20T",
                                        "x",
                                        "y",
                                        "y1e",
                                        "ye5",
                                        "1xxx",
                                        "u199",
                                        "2016-12-20-01",
                                        "2016?~?"};
    for (size_t i = 0; i < COUNT(dates); i++)
        if (dh_date_valid(dh_str(dates[i])))
            fail_msg("%s is kept", dates[i]);
    assert_false(dh_date_valid(DH_STR_NONE));
    assert_false(dh_date_valid((struct dh_str){"2016\0", 5}));
}

static void test_added(void **state)
{
    (void)state;
    struct json_object *dates = json_object_new_array();
    dh_add_date(dates, DH_STR("2016-12"), "Issued");
    dh_add_date(dates, DH_STR("December"), "Issued");
    dh_add_date(dates, DH_STR_NONE, "Created");
    dh_add_date(dates, DH_STR(":tba"), "Valid");
    assert_written(dates, "[{'date':'2016-12','dateType':'Issued'},"
                          "{'date':':tba','dateType':'Valid'}]");
    json_object_put(dates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
