#include "format/ids.h"
#include "support.h"

struct row {
    const char *text, *expected;
};

typedef struct dh_str maker(struct dh_arena *, struct dh_str);

static void check(maker *make, const struct row *rows, size_t count)
{
    struct dh_arena arena;
    dh_arena_init(&arena, DH_ARENA_MAX);
    for (size_t i = 0; i < count; i++) {
        struct dh_str out = make(&arena, dh_str(rows[i].text));
        if (out.ptr ? !rows[i].expected || !dh_str_equal(out, dh_str(rows[i].expected))
                    : rows[i].expected != NULL)
            fail_msg("%s gives %.*s, not %s", rows[i].text, DH_STR_ARG(out),
                     rows[i].expected ? rows[i].expected : "nothing");
    }
    dh_arena_release(&arena);
}

static void test_doi_urls(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"10.5072/ABC", "https://doi.org/10.5072/abc"},
        {"doi:10.5072/abc", "https://doi.org/10.5072/abc"},
        {"http://doi.org/10.5072/abc", "https://doi.org/10.5072/abc"},
        {"https://dx.doi.org/10.5072/abc", "https://doi.org/10.5072/abc"},
        {"http:/doi.org/10.5072/abc", "https://doi.org/10.5072/abc"},
        {"https:/dx.doi.org/10.5072/abc", "https://doi.org/10.5072/abc"},
        {"https://doi.org/doi:10.5072/abc", "https://doi.org/10.5072/abc"},
        {"https://handle.stage.datacite.org/10.5072/ABC",
         "https://handle.stage.datacite.org/10.5072/abc"},
        {"https://handle.test.datacite.org/10.5072/abc",
         "https://handle.stage.datacite.org/10.5072/abc"},
        {"10.12345/a", "https://doi.org/10.12345/a"},
        {"10.5072/a-._~:/?#@!$&'()*+,;=", "https://doi.org/10.5072/a-._~:/?#@!$&'()*+,;="},
        {"10.5072/a[b]", "https://doi.org/10.5072/a%5Bb%5D"},
        {"10.5072/a<b>", "https://doi.org/10.5072/a%3Cb%3E"},
        {"10.5072/a%3Cb", "https://doi.org/10.5072/a%253cb"},
        {"10.5072/\xC3\xA9", "https://doi.org/10.5072/%C3%A9"},
        {"10.5072/a\xE2\x80\x8B"
         "b",
         "https://doi.org/10.5072/ab"},
        {"10.5072/a b", "https://doi.org/10.5072/a%20b"},
        {"DOI:10.5072/abc", NULL},
        {"https://www.doi.org/10.5072/abc", NULL},
        {" 10.5072/abc", NULL},
        {"10.123456/a", NULL},
        {"10.123/a", NULL},
        {"10.5072/", NULL},
        {"10.5072", NULL},
        {"10.5072/a\nb", NULL},
        {"doi.org/10.5072/a", NULL},
        {"https://example.org/10.5072/a", NULL},
        {"10.", NULL},
        {"", NULL},
    };
    check(dh_id_doi_url, rows, COUNT(rows));
}

static void test_bare_dois(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"https://doi.org/10.5072/ABC", "10.5072/abc"},
        {"10.5072/ABC", "10.5072/abc"},
        {"https://doi.org/10.5072/a?b=c", "10.5072/a"},
        {"https://doi.org/10.5072/a#b", "10.5072/a"},
        {"https://doi.org/10.5072/?b", NULL},
        {"10.1002/(SICI)1096(1996)99:1<1::AID-A1>3.0.CO;2-1",
         "10.1002/(sici)1096(1996)99:1<1::aid-a1>3.0.co;2-1"},
        {"https://doi.org/10.5072/A%3Cb", "10.5072/a%3cb"},
        {"https://example.org/", NULL},
    };
    check(dh_id_doi, rows, COUNT(rows));
}

static void test_people_and_organisations(void **state)
{
    (void)state;
    static const struct row orcids[] = {
        {"0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"},
        {"0000 0002 1825 0097", "https://orcid.org/0000-0002-1825-0097"},
        {"https://orcid.org/0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233X"},
        {"http://www.orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"},
        {"https://sandbox.orcid.org/0000-0002-1825-0097/", "https://orcid.org/0000-0002-1825-0097"},
        {"0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-0098"},
        {"0000-0002-1825-009", NULL},
        {"0000-0002-1825-00x7", NULL},
        {"https://example.org/0000-0002-1825-0097", NULL},
        {"0000000218250097", NULL},
        {"", NULL},
    };
    static const struct row rors[] = {
        {"https://ror.org/05bp8ka05", "https://ror.org/05bp8ka05"},
        {"http://ror.org/05bp8ka05/", "https://ror.org/05bp8ka05"},
        {"ror.org/05bp8ka05", "https://ror.org/05bp8ka05"},
        {"05bp8ka05", "https://ror.org/05bp8ka05"},
        {"05BP8KA05", "https://ror.org/05BP8KA05"},
        {"15bp8ka05", NULL},
        {"05bp8ka0x", NULL},
        {"https://example.org/05bp8ka05", NULL},
        {"", NULL},
    };
    static const struct row funders[] = {
        {"10.13039/501100000923", "https://doi.org/10.13039/501100000923"},
        {"https://doi.org/10.13039/100000054", "https://doi.org/10.13039/100000054"},
        {"http://dx.doi.org/10.13039/100000054", "https://doi.org/10.13039/100000054"},
        {"100000054", "https://doi.org/10.13039/100000054"},
        {"12", "https://doi.org/10.13039/12"},
        {"1", NULL},
        {"012", NULL},
        {"10.5072/100000054", NULL},
        {"https://example.org/100000054", NULL},
        {"", NULL},
    };
    check(dh_id_orcid, orcids, COUNT(orcids));
    check(dh_id_ror, rors, COUNT(rors));
    check(dh_id_funder, funders, COUNT(funders));
}

static void test_check_digits(void **state)
{
    (void)state;
    static const char *const good[] = {"0000-0002-1825-0097",
                                       "https://orcid.org/0000-0002-1694-233X",
                                       "https://orcid.org/0000-0002-1825-0097/",
                                       "0000000121032683",
                                       "0000 0001 2103 2683",
                                       "https://isni.org/isni/0000000121032683",
                                       "0000-0002-1694-233x"};
    static const char *const bad[] = {"0000-0002-1825-0098",  "0000-0002-1825-009",
                                      "0000-0002-1825-00977", "",
                                      "X000-0002-1825-0097",  "https://orcid.org/"};
    for (size_t i = 0; i < COUNT(good); i++)
        if (!dh_id_orcid_checked(dh_str(good[i])))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (dh_id_orcid_checked(dh_str(bad[i])))
            fail_msg("%s is taken", bad[i]);
}

static void test_any(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"10.5072/ABC", "https://doi.org/10.5072/abc"},
        {"https://example.org", "https://example.org/"},
        {"http://Example.ORG/A", "http://example.org/A"},
        {"https://example.org/a/", "https://example.org/a"},
        {"https://example.org/a//b", "https://example.org/a/b"},
        {"https://example.org///", "https://example.org/"},
        {"https://example.org/a#b", "https://example.org/a"},
        {"https://example.org/a?", "https://example.org/a"},
        {"https://example.org/?a=1&utm_source=x&b=2", "https://example.org/?a=1&b=2"},
        {"https://example.org/?utm_source=1&utm_medium=2&utm_term=3&utm_content=4&utm_campaign=5"
         "&sms_ss=6&awesm=7&xtor=8&PHPSESSID=9",
         "https://example.org/"},
        {"https://example.org/?utm_sources=1", "https://example.org/?utm_sources=1"},
        {"https://example.org/%7euser/%c3%a9", "https://example.org/~user/%C3%A9"},
        {"https://example.org/\xC3\xA9", "https://example.org/%C3%A9"},
        {"https://example.org/a%2Fb", "https://example.org/a%2Fb"},
        {"https://example.org/100%", "https://example.org/100%25"},
        {"https://example.org:8080/a b", "https://example.org:8080/a%20b"},
        {"HTTPS://example.org/", NULL},
        {"ftp://example.org/", NULL},
        {"https://", NULL},
        {"https:///a", NULL},
        {"https://a b/", NULL},
        {"example.org", NULL},
        {"urn:isbn:1", NULL},
        {"", NULL},
    };
    check(dh_id_any, rows, COUNT(rows));
}

static void test_licence_urls(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"http://creativecommons.org/licenses/by/4.0/",
         "https://creativecommons.org/licenses/by/4.0/legalcode"},
        {"https://creativecommons.org/licenses/by-nc-nd/2.5",
         "https://creativecommons.org/licenses/by-nc-nd/2.5/legalcode"},
        {"https://creativecommons.org/licenses/by/4.0/legalcode",
         "https://creativecommons.org/licenses/by/4.0/legalcode"},
        {"https://creativecommons.org/licenses/by/4.0/deed.en",
         "https://creativecommons.org/licenses/by/4.0/legalcode"},
        {"http://www.creativecommons.org/licenses/by/3.0/deed",
         "https://creativecommons.org/licenses/by/3.0/legalcode"},
        {"https://creativecommons.org/licenses/by/3.0/us/",
         "https://creativecommons.org/licenses/by/3.0/legalcode"},
        {"https://creativecommons.org/licenses/by-nc/3.0/us/",
         "https://creativecommons.org/licenses/by-nc/3.0/us"},
        {"https://creativecommons.org/licenses/by/5.0/",
         "https://creativecommons.org/licenses/by/5.0"},
        {"https://creativecommons.org/publicdomain/zero/1.0/",
         "https://creativecommons.org/publicdomain/zero/1.0/legalcode"},
        {"https://creativecommons.org/publicdomain/zero/1.0/deed.de",
         "https://creativecommons.org/publicdomain/zero/1.0/legalcode"},
        {"http://creativecommons.org/licenses/publicdomain",
         "https://creativecommons.org/licenses/publicdomain/"},
        {"http://www.apache.org/licenses/LICENSE-2.0",
         "https://www.apache.org/licenses/LICENSE-2.0"},
        {"ftp://Example.org/a//b/?c#d", "https://Example.org/a/b?c#d"},
        {"info:eu-repo/semantics/openAccess", "info:eu-repo/semantics/openAccess"},
        {"CC BY 4.0", NULL},
        {"", NULL},
    };
    check(dh_id_licence_url, rows, COUNT(rows));
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct row types[] = {
        {"10.5072/a", "DOI"},
        {"https://doi.org/10.5072/a", "DOI"},
        {"https://example.org/", "URL"},
        {"http://example.org/", "URL"},
        {"ISSN 1234-5678", "ISSN"},
        {"eISSN 1234-567X", "ISSN"},
        {"1234-5678", NULL},
        {"ISSN 1234-567", NULL},
        {"ftp://example.org/", NULL},
        {"", NULL},
    };
    static const struct row spellings[] = {
        {"doi", "DOI"},       {"ARXIV", "arXiv"}, {"issn", "ISSN"},   {"lissn", "LISSN"},
        {"HANDLE", "Handle"}, {"MD5", "md5"},     {"Minid", "minid"}, {"DataGUID", "dataguid"},
        {"cstr", "CSTR"},     {"rrid", "RRID"},   {"igsn", "IGSN"},   {"bibCode", "bibcode"},
        {"my own", "my own"}, {"", ""},
    };
    static const struct row issns[] = {
        {"12345678", "1234-5678"},
        {"1234-5678", "1234-5678"},
        {"1234-567", "1234--567"},
        {"1234567", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(types); i++)
        assert_text(dh_str(dh_id_type(dh_str(types[i].text))), types[i].expected);
    for (size_t i = 0; i < COUNT(spellings); i++)
        assert_text(dh_id_type_spelling(dh_str(spellings[i].text)), spellings[i].expected);
    check(dh_id_issn, issns, COUNT(issns));
}

static void test_uris(void **state)
{
    (void)state;
    static const char *const good[] = {"https://example.org/a?b#c",
                                       "urn:isbn:1",
                                       "a/b",
                                       "",
                                       "  http://example.org/ ",
                                       "http://example.org/\xC3\xA9",
                                       "http://example.org/{a}|<b>",
                                       "http://[::1]:80/",
                                       "info:eu-repo/semantics/openAccess",
                                       "10.5072/a",
                                       "//host/path",
                                       "http://example.org/a b",
                                       "#[a]",
                                       "#part"};
    static const char *const bad[] = {"http://example.org/?[a]",
                                      "http://example.org/%zz",
                                      "http://example.org:port/",
                                      "1a:b",
                                      ":a",
                                      "http://[::1",
                                      "http://a#b#c"};
    for (size_t i = 0; i < COUNT(good); i++)
        if (!dh_id_any_uri(dh_str(good[i])))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (dh_id_any_uri(dh_str(bad[i])))
            fail_msg("%s is taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_doi_urls),
        cmocka_unit_test(test_bare_dois),
        cmocka_unit_test(test_people_and_organisations),
        cmocka_unit_test(test_check_digits),
        cmocka_unit_test(test_any),
        cmocka_unit_test(test_licence_urls),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_uris),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
