#include "format/lint.h"
#include "format/parts.h"
#include "support.h"

static struct dh_arena arena;

/* A record that no rule has anything to say about. */
static const char good[] =
    "{'doi':'10.5072/a','url':'https://example.org/a','state':'findable',"
    "'schemaVersion':'http://datacite.org/schema/kernel-4',"
    "'types':{'resourceTypeGeneral':'Dataset'},"
    "'creators':[{'name':'Okafor, Amara','nameType':'Personal','givenName':'Amara',"
    "'familyName':'Okafor','nameIdentifiers':[{'nameIdentifier':'https://orcid.org/"
    "0000-0002-1825-0097','nameIdentifierScheme':'ORCID'}],'affiliation':[{'name':'Example "
    "University','affiliationIdentifier':'https://ror.org/05bp8ka05',"
    "'affiliationIdentifierScheme':'ROR'}]},"
    "{'name':'Demo Network','nameType':'Organizational'}],"
    "'titles':[{'title':'A title'}],'publisher':{'name':'P'},'publicationYear':2024,"
    "'subjects':[{'subject':'S'}],'dates':[{'date':'2024-05-17','dateType':'Issued'}],"
    "'language':'en','rightsList':[{'rightsIdentifier':'cc-by-4.0'}],"
    "'descriptions':[{'description':'D','descriptionType':'Abstract'}],"
    "'relatedIdentifiers':[{'relatedIdentifier':'10.5072/b','relatedIdentifierType':'DOI',"
    "'relationType':'Cites'}]}";

/* Members put in (null takes them out), the rules that then speak, the place of the first. */
static const struct row {
    const char *change, *rules, *source, *pointer;
} rows[] = {
    {"{}", "", NULL, NULL},
    {"{'url':null}", "url-missing", "url", "/url"},
    {"{'creators':[{'name':' ','nameType':'Organizational'}]}", "name-empty", "creators",
     "/creators/0"},
    {"{'contributors':[{'nameType':'Organizational'}]}", "name-empty", "contributors",
     "/contributors/0"},
    {"{'creators':[{'name':'A Network'}]}", "name-type-missing", "creators", "/creators/0"},
    {"{'creators':[{'name':'A','familyName':'A'}]}", "name-type-missing orcid-missing", "creators",
     "/creators/0"},
    {"{'creators':[{'name':'A, B','nameType':'Personal'},{'name':'C, D','nameType':'Personal'}]}",
     "orcid-missing orcid-missing", "creators", "/creators/0"},
    {"{'creators':[{'name':'A, B','nameType':'Personal','nameIdentifiers':[{'nameIdentifier':"
     "'0000 0001 2103 2684','nameIdentifierScheme':'ISNI'}]}]}",
     "orcid-missing isni-invalid", "creators", "/creators/0"},
    {"{'creators':[{'name':'A, B','nameType':'Personal','nameIdentifiers':[{'nameIdentifier':"
     "'0000-0002-1825-0096','nameIdentifierScheme':'ORCID'}]}]}",
     "orcid-invalid", "creators", "/creators/0/nameIdentifiers/0"},
    {"{'creators':[{'name':'A, B','nameType':'Personal','nameIdentifiers':[{'nameIdentifier':"
     "'me','nameIdentifierScheme':'orcid'}]}]}",
     "orcid-invalid", "creators", "/creators/0/nameIdentifiers/0"},
    {"{'contributors':[{'name':'A, B','nameType':'Personal','nameIdentifiers':[{'nameIdentifier':"
     "'https://orcid.org/0000-0002-1825-0090'}]}]}",
     "orcid-invalid", "contributors", "/contributors/0/nameIdentifiers/0"},
    {"{'creators':[{'name':'A','nameType':'Personal','nameIdentifiers':[{'nameIdentifier':"
     "'https://orcid.org/0000-0002-1825-0097'}]},{'name':'B','nameType':'Personal',"
     "'nameIdentifiers':[{'nameIdentifier':'0000-0002-1825-0097','nameIdentifierScheme':"
     "'ORCID'}]}]}",
     "orcid-twice", "creators", "/creators/1"},
    {"{'creators':[{'name':'A','nameType':'Organizational','affiliation':[{'name':'U'},'V']}]}",
     "ror-missing ror-missing", "creators", "/creators/0/affiliation/0"},
    {"{'creators':[{'name':'A','nameType':'Organizational','affiliation':[{'name':'U',"
     "'affiliationIdentifier':'https://ror.org/15bp8ka05'}]}]}",
     "ror-invalid", "creators", "/creators/0/affiliation/0"},
    {"{'titles':[{'title':'T'},{'title':' ','titleType':'Subtitle'}]}", "title-empty", "titles",
     "/titles/1"},
    {"{'titles':[{'title':'A TITLE IN CAPITALS'}]}", "title-capitals", "titles", "/titles/0"},
    {"{'titles':[{'title':'CPTAC-GBM-CT-SEGMENTATION'},{'title':'THE 42'}]}", "", NULL, NULL},
    {"{'subjects':[]}", "subjects-missing", "subjects", "/subjects"},
    {"{'dates':[{'date':'2024','dateType':'Created'}]}", "issued-missing", "dates", "/dates"},
    {"{'dates':[{'date':'2024','dateType':'Issued'},{'date':'last May','dateType':'Created'}]}",
     "date-form", "dates", "/dates/1"},
    {"{'dates':[{'date':'2024','dateType':'Issued'},{'date':'','dateType':'Created'}]}",
     "date-form", "dates", "/dates/1"},
    {"{'publicationYear':2023}", "year-differs", "publication_year", "/publicationYear"},
    {"{'publicationYear':'2024'}", "", NULL, NULL},
    {"{'language':''}", "language-missing", "language", "/language"},
    {"{'language':'Klingon'}", "language-unknown", "language", "/language"},
    {"{'language':'pt-BR'}", "", NULL, NULL},
    {"{'relatedIdentifiers':[{'relatedIdentifierType':'DOI','relationType':'Cites'}]}",
     "related-empty", "related_identifiers", "/relatedIdentifiers/0"},
    {"{'relatedIdentifiers':[{'relatedIdentifier':'10.5072/B','relatedIdentifierType':'DOI',"
     "'relationType':'Cites'},{'relatedIdentifier':'10.5072/c','relatedIdentifierType':'DOI',"
     "'relationType':'Cites'},{'relatedIdentifier':'https://doi.org/10.5072/b',"
     "'relatedIdentifierType':'DOI','relationType':'Cites'}]}",
     "related-twice", "related_identifiers", "/relatedIdentifiers/2"},
    {"{'relatedIdentifiers':[{'relatedIdentifier':'10.5072/b','relatedIdentifierType':'DOI',"
     "'relationType':'References'},{'relatedIdentifier':'10.5072/B','relatedIdentifierType':'DOI',"
     "'relationType':'Cites'},{'relatedIdentifier':'10.5072/b','relatedIdentifierType':'DOI',"
     "'relationType':'IsPartOf'}]}",
     "related-several", "related_identifiers", "/relatedIdentifiers/2"},
    {"{'relatedIdentifiers':[{'relatedIdentifier':'doi:10.5072/A','relatedIdentifierType':'DOI',"
     "'relationType':'IsIdenticalTo'}]}",
     "related-self", "related_identifiers", "/relatedIdentifiers/0"},
    {"{'relatedIdentifiers':[{'relatedIdentifier':'https://example.org/x',"
     "'relatedIdentifierType':'DOI','relationType':'Cites'}]}",
     "related-not-doi", "related_identifiers", "/relatedIdentifiers/0"},
    {"{'relatedIdentifiers':[{'relatedIdentifier':'https://doi.org/10.5072/b',"
     "'relatedIdentifierType':'URL','relationType':'Cites'}]}",
     "related-doi-as-url", "related_identifiers", "/relatedIdentifiers/0"},
    {"{'rightsList':[]}", "licence-missing", "rights_list", "/rightsList"},
    {"{'rightsList':[{'rights':'Ask me'}]}", "licence-unknown", "rights_list", "/rightsList"},
    {"{'rightsList':[{'rights':'Ask me'},{'rightsUri':'http://creativecommons.org/licenses/by/3.0/'"
     "}]}",
     "", NULL, NULL},
    {"{'rightsList':['CC-BY-4.0']}", "", NULL, NULL},
    {"{'rightsList':[{'rights':'Creative Commons Attribution 4.0 International'}]}", "", NULL,
     NULL},
    {"{'descriptions':[{'description':'D','descriptionType':'Other'}]}", "abstract-missing",
     "descriptions", "/descriptions"},
    {"{'fundingReferences':[{'funderName':'F'}]}", "funder-id-missing", "funding_references",
     "/fundingReferences/0"},
};

static struct dh_findings findings_of(const char *change_text)
{
    struct dh_findings findings = {.arena = &arena};
    struct json_object *metadata = json_of(&arena, good), *change = json_of(&arena, change_text);
    json_object_object_foreach(change, key, value)
    {
        json_object_object_del(metadata, key);
        dh_put(metadata, key, json_object_get(value));
    }
    dh_metadata_lint(metadata, &findings);
    json_object_put(metadata);
    json_object_put(change);
    return findings;
}

static struct dh_str rules_of(const struct dh_findings *findings)
{
    struct dh_str rules = DH_STR("");
    for (const struct dh_finding *finding = findings->first; finding; finding = finding->next)
        rules = dh_arena_format(&arena, "%.*s%s%.*s", DH_STR_ARG(rules), rules.len ? " " : "",
                                DH_STR_ARG(finding->rule));
    return rules;
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct dh_findings findings = findings_of(rows[i].change);
        struct dh_str rules = rules_of(&findings);
        if (!dh_str_equal(rules, dh_str(rows[i].rules)))
            fail_msg("%s: %.*s is not %s", rows[i].change, DH_STR_ARG(rules), rows[i].rules);
        assert_int_equal(findings.errors, 0);
        if (!findings.first)
            continue;
        assert_text(findings.first->source, rows[i].source);
        assert_text(findings.first->pointer, rows[i].pointer);
        assert_int_equal(findings.first->severity, DH_SEVERITY_WARNING);
    }
}

/* No rule without a row above, no two rules of one name. */
static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < dh_lint_rule_count; i++) {
        const char *name = dh_lint_rules[i].name;
        size_t tested = 0;
        for (size_t n = 0; n < COUNT(rows); n++)
            tested += strstr(rows[n].rules, name) != NULL;
        if (!tested)
            fail_msg("%s is not tested", name);
        for (size_t n = 0; n < i; n++)
            assert_string_not_equal(name, dh_lint_rules[n].name);
    }
}

static void test_sentences(void **state)
{
    (void)state;
    struct dh_findings findings = findings_of(rows[0].change);
    assert_null(findings.first);
    findings = findings_of("{'creators':[{'name':'A, B','nameType':'Personal'}]}");
    assert_text(findings.first->message, "A, B has no ORCID");
    findings = findings_of("{'relatedIdentifiers':[{'relatedIdentifier':'10.5072/b',"
                           "'relationType':'References'},{'relatedIdentifier':'10.5072/B',"
                           "'relationType':'Cites'},{'relatedIdentifier':'10.5072/b',"
                           "'relationType':'Cites'}]}");
    assert_text(rules_of(&findings), "related-twice related-several");
    assert_text(findings.first->message, "Cites 10.5072/b is given twice");
    assert_text(findings.last->message, "10.5072/b is related in several ways: Cites, References");
}

/* Shapes that no reader gives, but callers may. */
static void test_odd_shapes(void **state)
{
    static const char *const changes[] = {
        "{'creators':'A','contributors':7,'titles':'T','dates':'2024','rightsList':'CC0-1.0',"
        "'relatedIdentifiers':'10.5072/b','descriptions':'D','fundingReferences':[[]],"
        "'language':7,'subjects':true,'url':[],'doi':{}}",
        "{'creators':[null,7,[]],'contributors':{},'titles':[null],'dates':[null],"
        "'rightsList':[null],'relatedIdentifiers':[null,7],'descriptions':[null],"
        "'fundingReferences':{}}",
        ("{'creators':[{'name':{},'affiliation':'U','nameIdentifiers':'I'},{'affiliation':[null],"
         "'nameIdentifiers':[null,7]}]}"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++)
        assert_true(findings_of(changes[i]).warnings > 0);
}

static int release(void **state)
{
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_odd_shapes),
    };
    dh_arena_init(&arena, DH_ARENA_MAX);
    return cmocka_run_group_tests(tests, NULL, release);
}
