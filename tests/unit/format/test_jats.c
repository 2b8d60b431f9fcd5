/* JATS: one element-citation of a record. */
#include "format/rows.h"
#include "support.h"

static void assert_jats(const char *json, const char *expected)
{
    struct dh_arena arena;
    struct dh_buf out;
    struct dh_err err = {0};
    dh_arena_init(&arena, DH_ARENA_MAX);
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    struct json_object *metadata = json_of(&arena, json);
    assert_int_equal(dh_format_write(&dh_format_jats, metadata, NULL, &out, &arena, &err), DH_OK);
    dh_buf_char(&out, '\0');
    struct dh_str wanted = quoted(&arena, expected);
    const char *prolog = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    assert_memory_equal(out.ptr, prolog, strlen(prolog));
    if (strcmp(out.ptr + strlen(prolog), wanted.ptr) != 0)
        fail_msg("%s\nis not\n%s", out.ptr, wanted.ptr);
    json_object_put(metadata);
    dh_buf_release(&out);
    dh_arena_release(&arena);
}

static void data_are_cited_with_their_repository(void **state)
{
    (void)state;
    assert_jats("{'doi':'10.5072/moths','types':{'schemaOrg':'Dataset'},'creators':[{'familyName':"
                "'Nilsen','givenName':'Tuva'},{'name':'Night Watch'},{'familyName':'Ek'}],"
                "'contributors':[{'name':'Berg, Ola','contributorType':'DataCurator'}],"
                "'titles':[{'title':'Moths & lights'}],'publisher':{'name':'Archive','lang':'en'},"
                "'dates':[{'date':'2022-05-07','dateType':'Issued'}],'version':'2'}",
                "<element-citation publication-type='data'>\n"
                "  <person-group person-group-type='author'>\n"
                "    <name>\n"
                "      <surname>Nilsen</surname>\n"
                "      <given-names>Tuva</given-names>\n"
                "    </name>\n"
                "    <collab>Night Watch</collab>\n"
                "    <name>\n"
                "      <surname>Ek</surname>\n"
                "    </name>\n"
                "  </person-group>\n"
                "  <person-group person-group-type='editor'>\n"
                "    <collab>Berg, Ola</collab>\n"
                "  </person-group>\n"
                "  <data-title>Moths &amp; lights</data-title>\n"
                "  <source>Archive</source>\n"
                "  <year iso-8601-date='2022-05-07'>2022</year>\n"
                "  <month>05</month>\n"
                "  <day>07</day>\n"
                "  <version>2</version>\n"
                "  <pub-id pub-id-type='doi'>10.5072/moths</pub-id>\n"
                "</element-citation>\n");
}

static void articles_are_cited_with_their_journal(void **state)
{
    (void)state;
    assert_jats("{'types':{'resourceType':'JournalArticle','schemaOrg':'Dataset'},"
                "'titles':[{'title':'T'}],'publisher':{'name':'Dusk','lang':'en'},"
                "'container':{'title':'Night','volume':'7','issue':'2','firstPage':'3',"
                "'lastPage':'9'},'dates':[{'date':'2022-05','dateType':'Issued'}]}",
                "<element-citation publication-type='journal'>\n"
                "  <article-title>T</article-title>\n"
                "  <source>Night</source>\n"
                "  <publisher-name xml:lang='en'>Dusk</publisher-name>\n"
                "  <year iso-8601-date='2022-05'>2022</year>\n"
                "  <month>05</month>\n"
                "  <volume>7</volume>\n"
                "  <issue>2</issue>\n"
                "  <fpage>3</fpage>\n"
                "  <lpage>9</lpage>\n"
                "</element-citation>\n");
}

static void chapters_have_their_publisher_as_source(void **state)
{
    (void)state;
    assert_jats("{'types':{'schemaOrg':'Unheard','resourceType':'BookChapter'},'titles':['T'],"
                "'publisher':'Dusk','dates':[{'date':'2022','dateType':'Issued'}]}",
                "<element-citation publication-type='chapter'>\n"
                "  <chapter-title>T</chapter-title>\n"
                "  <source>Dusk</source>\n"
                "  <publisher-name>Dusk</publisher-name>\n"
                "  <year iso-8601-date='2022'>2022</year>\n"
                "</element-citation>\n");
}

static void without_a_date_the_year_of_publication_counts(void **state)
{
    (void)state;
    assert_jats("{'titles':['T'],'publicationYear':2020}",
                "<element-citation>\n"
                "  <source>T</source>\n"
                "  <year iso-8601-date='2020'>2020</year>\n"
                "</element-citation>\n");
    assert_jats("{}", "<element-citation>\n"
                      "  <year iso-8601-date=''/>\n"
                      "</element-citation>\n");
}

static void odd_dates_give_what_they_have(void **state)
{
    static const struct {
        const char *date, *year, *rest;
    } rows[] = {
        {"-0044-03", "-0044", "  <month>03</month>\n"},
        {"2020/2021", "2020", ""},
        {"2020-05/2021", "2020", "  <month>05</month>\n"},
        {"2020-5", "2020", ""},
        {"20", "20", ""},
        {" 2020 ", "2020", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_arena arena;
        dh_arena_init(&arena, DH_ARENA_MAX);
        const char *date = rows[i].date;
        struct dh_str trimmed = dh_str_trim(dh_str(date));
        struct dh_str json =
            dh_arena_format(&arena, "{'dates':[{'dateType':'Issued','date':'%s'}]}", date);
        struct dh_str xml = dh_arena_format(
            &arena,
            "<element-citation>\n  <year iso-8601-date='%.*s'>%s</year>\n%s</element-citation>\n",
            DH_STR_ARG(trimmed), rows[i].year, rows[i].rest);
        assert_jats(json.ptr, xml.ptr);
        dh_arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_are_cited_with_their_repository),
        cmocka_unit_test(articles_are_cited_with_their_journal),
        cmocka_unit_test(chapters_have_their_publisher_as_source),
        cmocka_unit_test(without_a_date_the_year_of_publication_counts),
        cmocka_unit_test(odd_dates_give_what_they_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
