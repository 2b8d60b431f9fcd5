#include "format/bibtex.h"
#include "records.h"

static struct dh_arena arena;

/* ---- writing -------------------------------------------------------------------------------- */

#define HEAD   "@misc{https://doi.org/10.5072/abc,\n  doi = {10.5072/ABC},\n"
#define URL    "  url = {https://example.org/},\n"
#define AUTHOR "  author = {Okafor, Amara},\n"
#define END    "  title = {T},\n  publisher = {P},\n  year = {2024}\n}\n"

static void test_write(void **state)
{
    (void)state;
    static const struct {
        const char *changes, *expected;
    } rows[] = {
        {"{}", HEAD URL AUTHOR END},
        {"{'url':null}", HEAD AUTHOR END},
        {"{'types':{'resourceTypeGeneral':'Dataset','bibtex':'article'}}",
         "@article{https://doi.org/10.5072/abc,\n  doi = {10.5072/ABC},\n" URL AUTHOR END},
        {"{'types':{'resourceTypeGeneral':'Dataset','bibtex':' '}}", HEAD URL AUTHOR END},
        {"{'types':{'resourceTypeGeneral':'Dataset'}}", HEAD URL AUTHOR END},
        {"{'creators':[{'familyName':'F','name':'F'},{'name':'A & B {x}'}]}",
         HEAD URL "  author = {F,  and {A & B {x}}},\n" END},
        {"{'creators':[{'name':':(unav)'}]}", HEAD URL "  author = {{:(unav)}},\n" END},
        {"{'subjects':[{'subject':'a'},{'lang':'en'},{'subject':'b_1'}],'language':'de'}",
         HEAD URL AUTHOR "  keywords = {a, , b_1},\n  language = {de},\n" END},
        {"{'subjects':[]}", HEAD URL AUTHOR END},
        {"{'titles':[{'title':'50% $x$ #1 ~\\\\ {\\u00e9}'},{'title':'other'}]}", HEAD URL AUTHOR
         "  title = {50% $x$ #1 ~\\ {\u00e9}},\n  publisher = {P},\n  year = {2024}\n}\n"},
        {"{'titles':[{'title':'a\\nb\\n\\nc'}]}",
         HEAD URL AUTHOR "  title = {a\n  b\n  \n  c},\n  publisher = {P},\n  year = {2024}\n}\n"},
        {"{'container':{'title':'J','volume':'1','issue':'2','number':'9','firstPage':'10',"
         "'lastPage':'20'},'rightsList':[{'rights':'CC0'},{'rights':'other'}]}",
         HEAD URL AUTHOR "  title = {T},\n  journal = {J},\n  volume = {1},\n  issue = {2},\n"
                         "  pages = {10-20},\n  publisher = {P},\n  year = {2024},\n"
                         "  copyright = {CC0}\n}\n"},
        {"{'container':{'title':'','firstPage':'e1','lastPage':' '},'rightsList':[{'lang':'en'}]}",
         HEAD URL AUTHOR "  title = {T},\n  journal = {},\n  pages = {e1},\n  publisher = {P},\n"
                         "  year = {2024}\n}\n"},
        {"{'container':{'lastPage':'20'}}", HEAD URL AUTHOR END},
        {"{'descriptions':[{'description':'d','descriptionType':'Abstract'}]}",
         HEAD URL AUTHOR END},
        {"{'doi':'10.5072/A,B(1)<>+\\u00e9','id':null}",
         "@misc{https://doi.org/10.5072/a%2Cb(1)%3C%3E+%C3%A9,\n"
         "  doi = {10.5072/A,B(1)<>+\u00e9},\n" URL AUTHOR END},
        {"{'creators':[]}", NULL},
        {"{'publisher':null}", NULL},
        {"{'types':{'bibtex':'misc'}}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_format(&arena, "bibtex", rows[i].changes, rows[i].expected);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void test_types(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@Article{k}", "types",
         "{'resourceTypeGeneral':'JournalArticle','resourceType':'JournalArticle','schemaOrg':"
         "'ScholarlyArticle','citeproc':'article-journal','ris':'JOUR','bibtex':'article'}"},
        {"@phdthesis{k}", "types",
         "{'resourceTypeGeneral':'Dissertation','resourceType':'Dissertation','schemaOrg':'Thesis',"
         "'citeproc':'thesis','ris':'THES','bibtex':'phdthesis'}"},
        {"@inproceedings{k}", "types",
         "{'resourceType':'inproceedings','schemaOrg':'ScholarlyArticle','citeproc':'misc',"
         "'ris':'CPAPER','bibtex':'inproceedings'}"},
        {"@misc{k}", "types",
         "{'resourceTypeGeneral':'Other','resourceType':'misc','schemaOrg':'ScholarlyArticle',"
         "'citeproc':'misc','ris':'GEN','bibtex':'misc'}"},
        {"@dataset{k}", "types",
         "{'resourceTypeGeneral':'Dataset','resourceType':'dataset','schemaOrg':'Dataset',"
         "'citeproc':'dataset','ris':'DATA','bibtex':'dataset'}"},
        {"@whatever{k}", "types",
         "{'resourceType':'whatever','schemaOrg':'ScholarlyArticle','citeproc':'misc','ris':'GEN',"
         "'bibtex':'whatever'}"},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

static void test_values(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@a{k, title = {A {B} C}}", "titles", "[{'title':'A {B} C'}]"},
        {"@a{k, title = \"A \\'{e} {\"}B{\"}\" }", "titles",
         "[{'title':'A \\\\\\u0027{e} {\\u0022}B{\\u0022}'}]"},
        {"@a{k, title = {{A}}}", "titles", "[{'title':'{A}'}]"},
        {"@a{k, title = {a\r\n\t  b}}", "titles", "[{'title':'a b'}]"},
        {"@a{k, title = {R \\& D, 5\\% \\textbf{x} \\\\& \\alpha}}", "titles",
         "[{'title':'R & D, 5% \\\\textbf{x} \\\\\\\\& \\\\alpha'}]"},
        {"@a{k, title = 12}", "titles", "[{'title':'12'}]"},
        {"@a{k, title = {a} # \" b\" # 3}", "titles", "[{'title':'a b3'}]"},
        {"@string{m = \"M\"} @string(n = m # {N}) @a{k, title = N # { } # unknown}", "titles",
         "[{'title':'MN unknown'}]"},
        {"@string{a = 1, b = {2}} @a{k, title = a # b}", "titles", "[{'title':'12'}]"},
        {"@a{k, title = {first}, title = {second}}", "titles", "[{'title':'first'}]"},
        {"@a{k, title = {}, TITLE = {x}}", "titles", "[]"},
        {"@a(k, title = {a) b}, year = 1999)", "titles", "[{'title':'a) b'}]"},
        {"@a{k, , title = {x} , , }", "titles", "[{'title':'x'}]"},
        {"@a { k , Title={x}}", "titles", "[{'title':'x'}]"},
        {"@a{title = {no key}}", "titles", "[{'title':'no key'}]"},
        {"@a{title={no key}}", "titles", "[{'title':'no key'}]"},
        {"@a{two words, title={x}}", "titles", "[{'title':'x'}]"},
        {"@a{k, title={x}, subtitle={y}}", "titles",
         "[{'title':'x'},{'title':'y','titleType':'Subtitle'}]"},
        {"@a{k, abstract={An  abstract}}", "descriptions",
         "[{'description':'An abstract','descriptionType':'Abstract'}]"},
        {"@a{k, language={en}, langid={de}}", "language", "'en'"},
        {"@a{k, langid={ngerman}}", "language", "'ngerman'"},
        {"@a{k, version={1.2}}", "version", "'1.2'"},
        {"@a{k, url={http://x.org/a\\_b}}", "url", "'http://x.org/a_b'"},
        {"@a{k, howpublished={\\url{http://x.org/a~b} (web)}}", "url", "'http://x.org/a~b'"},
        {"@a{k, publisher={{P {Q}}}}", "publisher", "{'name':'P {Q}'}"},
        {"@a{k, school={S}, institution={I}}", "publisher", "{'name':'S'}"},
        {"@a{k}", "publisher", NULL},
        {"@a{k, copyright={https://creativecommons.org/licenses/by/4.0/}}", "rightsList",
         "[{'rights':'Creative Commons Attribution 4.0 International','rightsUri':"
         "'https://creativecommons.org/licenses/by/4.0/legalcode','rightsIdentifier':'cc-by-4.0',"
         "'rightsIdentifierScheme':'SPDX','schemeUri':'https://spdx.org/licenses/'}]"},
        {"@a{k, copyright={All mine}}", "rightsList", "[{'rights':'All mine'}]"},
        {"@a{k, keywords={a, {b, c} ,,d}}", "subjects",
         "[{'subject':'a'},{'subject':'b, c'},{'subject':'d'}]"},
        {"@a{k, keywords={a, b; c}}", "subjects", "[{'subject':'a, b'},{'subject':'c'}]"},
        {"@a{k, isbn={ISBN 978-3-16-148410-0 (print)}}", "identifiers",
         "[{'identifier':'9783161484100','identifierType':'ISBN'}]"},
        {"@a{k, isbn={123}}", "identifiers", "[]"},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

static void test_containers(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@article{k, journal={J}, issn={20452322}, volume=4, number=5, pages={10--20}}",
         "container",
         "{'type':'Journal','title':'J','identifier':'2045-2322','identifierType':'ISSN',"
         "'volume':'4','issue':'5','firstPage':'10','lastPage':'20'}"},
        {"@article{k, journal={J}, issn={2045-2322, 1111-111X}}", "relatedIdentifiers",
         "[{'relatedIdentifier':'2045-2322','relatedIdentifierType':'ISSN',"
         "'relationType':'IsPartOf'}]"},
        {"@article{k, issn={2045-2322}}", "relatedIdentifiers", "[]"},
        {"@article{k, journal={J}, issn={none}}", "container", "{'type':'Journal','title':'J'}"},
        {"@article{k, journaltitle={J}, number=5, issue=6}", "container",
         "{'type':'Journal','title':'J','issue':'6'}"},
        {"@article{k, journal={J}, pages={5\u20139}}", "container",
         "{'type':'Journal','title':'J','firstPage':'5','lastPage':'9'}"},
        {"@article{k, journal={J}, pages={S1-A--S1-B}}", "container",
         "{'type':'Journal','title':'J','firstPage':'S1-A','lastPage':'S1-B'}"},
        {"@article{k, journal={J}, pages={ 10 - 20 }}", "container",
         "{'type':'Journal','title':'J','firstPage':'10','lastPage':'20'}"},
        {"@article{k, journal={J}, pages={e17}}", "container",
         "{'type':'Journal','title':'J','firstPage':'e17'}"},
        {"@article{k, journal={J}, pages={-}}", "container", "{'type':'Journal','title':'J'}"},
        {"@article{k, volume=4, pages={1-2}}", "container", NULL},
        {"@inbook{k, booktitle={B}, isbn={3-16-148410-X}, pages={1-2}}", "container",
         "{'type':'Book','title':'B','identifier':'316148410X','identifierType':'ISBN',"
         "'firstPage':'1','lastPage':'2'}"},
        {"@inbook{k, booktitle={B}, isbn={3-16-148410-X}}", "identifiers", "[]"},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@a{k, year=2014, month=may}", "dates", "[{'date':'2014','dateType':'Issued'}]"},
        {"@a{k, year={2014}, date={2013-05-17}}", "dates",
         "[{'date':'2013-05-17','dateType':'Issued'}]"},
        {"@a{k, year={2014}, date={2013-05-17}}", "publicationYear", "'2013'"},
        {"@a{k, year={2014}, date={May 2013}}", "dates", "[{'date':'2014','dateType':'Issued'}]"},
        {"@a{k, year={in press}}", "dates", "[]"},
        {"@a{k, year={in press}}", "publicationYear", NULL},
        {"@a{k, year={20145}}", "publicationYear", NULL},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

static void test_identity(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@a{k, doi={10.5072/ABC}}", "doi", "'10.5072/ABC'"},
        {"@a{k, doi={10.5072/ABC}}", "id", "'https://doi.org/10.5072/abc'"},
        {"@a{k, doi={10.5072/a\\_b\\%3C}}", "doi", "'10.5072/a_b%3C'"},
        {"@a{k, doi={https://doi.org/10.5072/ABC}}", "doi", "'10.5072/abc'"},
        {"@a{k, doi={DOI: 10.5072/ABC}}", "id", "'https://doi.org/10.5072/abc'"},
        {"@a{k, doi={\\url{http://dx.doi.org/10.5072/abc}}}", "id",
         "'https://doi.org/10.5072/abc'"},
        {"@a{k, url={https://doi.org/10.5072/abc}}", "doi", "'10.5072/abc'"},
        {"@a{https://doi.org/10.5072/a=b, title=x}", "id", "'https://doi.org/10.5072/a=b'"},
        {"@a{k, doi={none}, url={https://example.org/}}", "id", NULL},
        {"@a{k, doi={none}}", "state", "'not_found'"},
        {"@a{k, doi={10.5072/abc}}", "state", "'findable'"},
        {"@a{k}", "schemaVersion", "'http://datacite.org/schema/kernel-4'"},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

/* Names of a list: family, given, or what stands in braces; "|" ends each. */
static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *list, *expected;
    } rows[] = {
        {"Okafor, Amara", "Okafor,Amara|"},
        {"Amara Q. Okafor", "Okafor,Amara Q.|"},
        {"Plato", "Plato,|"},
        {"A B and C, D  AND\n E", "B,A|C,D|E,|"},
        {"Ludwig van Beethoven", "van Beethoven,Ludwig|"},
        {"Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
         "de la Vall{\\'e}e Poussin,Charles Louis Xavier Joseph|"},
        {"van der Berg, Jan and jean de la fontaine", "van der Berg,Jan|jean de la fontaine,|"},
        {"King, Jr., Martin Luther", "King Jr.,Martin Luther|"},
        {"Sammy Davis Jr.", "Davis Jr.,Sammy|"},
        {"Jr.", "Jr.,|"},
        {"{Barnes and Noble, Inc.} and {{NASA}}", "{Barnes and Noble, Inc.}|{NASA}|"},
        {"{Barnes} {and Noble}", "and Noble,Barnes|"},
        {"{van der Berg}, {Jan}", "van der Berg,Jan|"},
        {"{\\\"U}nal, Mehmet and {\\'E}lodie", "{\\\"U}nal,Mehmet|{\\'E}lodie,|"},
        {"Donald~E. Knuth", "Knuth,Donald E.|"},
        {"\u00c9mile \u00e9tienne Zola", "\u00e9tienne Zola,\u00c9mile|"},
        {"A, B and others", "A,B|"},
        {" and A and  and ", "A,|"},
        {", Amara", ",Amara|"},
        {"A,,B", "A ,B|"},
        {"Anderson and Brand, and", "Anderson,|Brand,|"},
        {"", ""},
        {"{unclosed and A", "{unclosed and A,|"},
        {"a} and b", "a},|b,|"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_str list = dh_str(rows[i].list);
        struct dh_bibtex_name name;
        struct dh_buf out;
        dh_buf_init(&out, DH_DOCUMENT_MAX);
        dh_buf_text(&out, "");
        while (dh_bibtex_name_next(&list, &name, &arena))
            if (name.literal.ptr)
                dh_buf_printf(&out, "{%.*s}|", DH_STR_ARG(name.literal));
            else
                dh_buf_printf(&out, "%.*s,%.*s|", DH_STR_ARG(name.family), DH_STR_ARG(name.given));
        assert_text(out.len ? dh_buf_view(&out) : DH_STR(""), rows[i].expected);
        dh_buf_release(&out);
    }
}

static void test_people(void **state)
{
    (void)state;
    static const struct member rows[] = {
        {"@a{k, author={Okafor, Amara and {Demo Imaging Network} and Plato}}", "creators",
         "[{'nameType':'Personal','name':'Okafor, Amara','givenName':'Amara','familyName':"
         "'Okafor'},{'nameType':'Organizational','name':'Demo Imaging Network'},"
         "{'nameType':'Personal','name':'Plato','familyName':'Plato'}]"},
        {"@a{k, editor={Ludwig van Beethoven}}", "contributors",
         "[{'nameType':'Personal','name':'van Beethoven, Ludwig','givenName':'Ludwig',"
         "'familyName':'van Beethoven','contributorType':'Editor'}]"},
        {"@a{k}", "creators", "[]"},
    };
    assert_members(&arena, "bibtex", rows, COUNT(rows));
}

/* What stands between entries is no part of them. */
static void test_texts(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF% Encoding: UTF-8\n"
                               "words, a@example.org {x} and @ alone, @word\n"
                               "% @misc{not, this}\n"
                               "@comment{@misc{nor, this}} @Comment no braces\n"
                               "@preamble{\"\\newcommand{\\x}\" # {y}}\n"
                               "@misc{one, title={1}} junk } @misc{two, title={2}}\n"
                               "@ misc {three, title={3}}@misc(four)";
    struct json_object *records = records_of(&arena, "bibtex", DH_STR(text), 4);
    assert_member(json_object_array_get_idx(records, 1), "titles", "[{'title':'2'}]");
    assert_member(json_object_array_get_idx(records, 2), "titles", "[{'title':'3'}]");
    json_object_put(records);
}

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"no entry", "there is no record in this BibTeX text"},
        {"@string{a = 1}", "there is no record in this BibTeX text"},
        {"@a{k,\n title = {x", "line 2: a \"{\" is not closed"},
        {"@a{k,\n title = \"x}", "line 2: a quotation mark is not closed"},
        {"@a{k,\n title = \"a } b\"}", "line 2: a quotation mark is not closed"},
        {"@b{k}\n@a{k, title = {x}", "line 2: the entry is not closed"},
        {"@a{k", "line 1: the entry is not closed"},
        {"@a{k,\n\n title {x}}", "line 3: \"=\" is missing behind \"title\""},
        {"@a{k, title = {x} year = 1}", "line 1: a comma is missing between two fields"},
        {"@a{k, = {x}}", "line 1: the name of a field is missing"},
        {"@a{k, title = , year = 1}", "line 1: a value is missing"},
        {"@a{k, title = {x} # }", "line 1: a value is missing"},
        {"@a{@a{@a{", "line 1: a comma is missing behind the key of the entry"},
        {"@comment{x", "line 1: @comment is not closed"},
        {"@preamble{{x}", "line 1: @preamble is not closed"},
        {"@string{a = {x}", "line 1: the entry is not closed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_unread(&arena, "bibtex", dh_str(rows[i].text), DH_INVALID, rows[i].message);
    assert_unread(&arena, "bibtex", DH_STR("@a{k, title={\xff}}"), DH_INVALID,
                  "the text is not valid UTF-8");
}

static void test_nul(void **state)
{
    (void)state;
    struct json_object *records =
        records_of(&arena, "bibtex", DH_STR("@a{k\0, title={a\0b}, author={A\0, B}}"), 1);
    assert_member(json_object_array_get_idx(records, 0), "titles", "[{'title':'a\\u0000b'}]");
    json_object_put(records);
    struct dh_str list = DH_STR("A\0B, Jr, C");
    struct dh_bibtex_name name;
    assert_true(dh_bibtex_name_next(&list, &name, &arena));
    assert_true(dh_str_equal(name.family, DH_STR("A\0B Jr")));
}

/* `count` times `part` after `head` and before `tail`, in the arena. */
static struct dh_str repeated(const char *head, const char *part, size_t count, const char *tail)
{
    struct dh_buf buf;
    dh_buf_init(&buf, DH_DOCUMENT_MAX);
    dh_buf_text(&buf, head);
    for (size_t i = 0; i < count; i++)
        dh_buf_text(&buf, part);
    dh_buf_text(&buf, tail);
    struct dh_str text = dh_arena_copy(&arena, dh_buf_view(&buf));
    dh_buf_release(&buf);
    return text;
}

static void test_ceilings(void **state)
{
    (void)state;
    assert_unread(&arena, "bibtex", repeated("@a{k,", "a=1,", DH_BIBTEX_FIELDS_MAX + 1, "}"),
                  DH_LIMIT, "line 1: the entry has too many fields");
}

static void test_expansion(void **state)
{
    (void)state;
    struct dh_buf text;
    dh_buf_init(&text, DH_DOCUMENT_MAX);
    dh_buf_text(&text, "@string{a = {0123456789}}");
    for (char name = 'b'; name <= 'z'; name++)
        dh_buf_printf(&text, "\n@string{%c = %c # %c}", name, name - 1, name - 1);
    dh_buf_text(&text, "@a{k, title = z}");
    assert_unread(&arena, "bibtex", dh_buf_view(&text), DH_LIMIT,
                  "line 23: @string makes the text too large");
    dh_buf_release(&text);
}

static void test_nesting(void **state)
{
    (void)state;
    enum { DEPTH = 10000 };
    struct dh_str open = repeated("@a{k, title={", "{", DEPTH, "x");
    struct dh_str close = repeated("", "}", DEPTH, "}}");
    struct dh_str text = dh_arena_format(&arena, "%.*s%.*s", DH_STR_ARG(open), DH_STR_ARG(close));
    json_object_put(records_of(&arena, "bibtex", text, 1));
}

static void test_detection(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fits;
    } rows[] = {
        {"@misc{k}", true},        {"% x\n  @ misc (k)", true},
        {"@comment{x}", true},     {"mail a@misc{k}", false},
        {"@misc", false},          {"@{k}", false},
        {"plain\n@misc k", false}, {"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_format_input input = {.text = dh_str(rows[i].text)};
        assert_int_equal(dh_bibtex_fits(&input), rows[i].fits);
    }
}

/* What BibTeX can hold comes back as it went. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char text[] =
        "@article{https://doi.org/10.5072/abc,\n"
        "  doi = {10.5072/ABC},\n"
        "  url = {https://example.org/},\n"
        "  author = {van der Berg, Martin and King Jr., Martin Luther and {Demo {X} Network}},\n"
        "  keywords = {a, b},\n"
        "  language = {en},\n"
        "  title = {T & U {V}},\n"
        "  journal = {J},\n"
        "  volume = {1},\n"
        "  issue = {2},\n"
        "  pages = {3-4},\n"
        "  publisher = {P},\n"
        "  year = {2024},\n"
        "  copyright = {Creative Commons Attribution 4.0 International}\n"
        "}\n";
    struct json_object *records = records_of(&arena, "bibtex", DH_STR(text), 1);
    struct dh_buf out;
    struct dh_err err = {0};
    dh_buf_init(&out, DH_DOCUMENT_MAX);
    if (dh_format_write(dh_format_find(DH_STR("bibtex")), json_object_array_get_idx(records, 0),
                        NULL, &out, &arena, &err))
        fail_msg("%s", err.text);
    assert_text(dh_buf_view(&out), text);
    dh_buf_release(&out);
    json_object_put(records);
}

int main(void)
{
    dh_arena_init(&arena, DH_ARENA_MAX);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),     cmocka_unit_test(test_types),
        cmocka_unit_test(test_values),    cmocka_unit_test(test_containers),
        cmocka_unit_test(test_dates),     cmocka_unit_test(test_identity),
        cmocka_unit_test(test_names),     cmocka_unit_test(test_people),
        cmocka_unit_test(test_texts),     cmocka_unit_test(test_errors),
        cmocka_unit_test(test_nul),       cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_expansion), cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_detection), cmocka_unit_test(test_round_trip),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dh_arena_release(&arena);
    return failed;
}
