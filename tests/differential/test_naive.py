"""The naive evaluator against answers decided by hand."""

import json
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from naive import facets, fields  # noqa: E402
from naive.language import BadQuery, parse, rewrite, tokens  # noqa: E402
from naive.search import Maker, Searcher, Undecided  # noqa: E402
from naive.text_terms import edits  # noqa: E402
from naive.words import fold, words  # noqa: E402
from queries import Group, Leaf, shrink  # noqa: E402
from queries import Maker as QueryMaker  # noqa: E402


def record(doi, client="nihnci.tcia", **attributes):
    whole = {"doi": doi, "prefix": doi.split("/")[0], "suffix": doi.split("/", 1)[1], "state": "findable",
             "isActive": True, "agency": "datacite", "publicationYear": 2015, "created": "2016-02-29T23:59:59Z",
             "types": {"resourceTypeGeneral": "Dataset"}, "viewCount": 0, **attributes}
    return {"id": doi, "type": "dois", "attributes": whole,
            "relationships": {"client": {"data": {"id": client, "type": "clients"}}}}


RECORDS = [
    record("10.5072/one", titles=[{"title": "Lung Cancer Images"}, {"title": "Chest scans, v2.0", "lang": "en"}],
           creators=[{"name": "Garza, Kristian J.", "givenName": "Kristian J.", "familyName": "Garza"}],
           publisher={"name": "The Archive"}, viewCount=12,
           descriptions=[{"description": "Images of the lung. Not of the brain."}]),
    record("10.5072/two", titles=[{"title": "Brain MRI"}, {"title": "lung"}],
           creators=[{"name": "Doe, Jane"}, {"name": "CERN"}], publicationYear=2018, viewCount=3,
           relatedIdentifiers=[{"relatedIdentifier": "https://doi.org/10.5072/ONE", "relationType": "Cites"}],
           subjects=[{"subject": "Climate change"}, {"subject": "FOS: Physics", "subjectScheme": fields.FOS}],
           publisher={"name": "Cancer Institute"}, rightsList=[{"rightsIdentifier": "CC-BY-4.0"}]),
    record("10.5072/three", titles=[{"title": "Société d'Études: 北京 data_set e-mail x.y 3,5"}],
           publicationYear=2020, created="2020-06-15T12:30:00Z", types={"resourceTypeGeneral": "JournalArticle"},
           geoLocations=[{"geoLocationPoint": {"pointLatitude": 10.5, "pointLongitude": -3}}]),
    record("10.5072/four", state="draft", titles=[{"title": "lung"}]),
    record("10.5072/five", agency="crossref", titles=[{"title": "lung"}]),
]
NAMES = {one["attributes"]["doi"].split("/")[1]: i for i, one in enumerate(RECORDS)}
SEARCHER = Searcher(RECORDS)


@pytest.mark.parametrize("text, expected", [
    ("Hello, World's best-of", "hello world's best of"),
    ("3.14 1,000 a.b 10.7937/k9", "3.14 1,000 a.b 10.7937 k9"),
    ("tcia.2015 x1.y 5.a can't 'tis", "tcia 2015 x1 y 5 a can't tis"),
    ("foo_bar _x_ __ a:b 1:2", "foo_bar _x_ a:b 1 2"),
    ("x@y.com U.S.A.", "x y.com u.s.a"),
    ("北京 カタカナ ひら", "北 京 カタカナ ひ ら"),
    ("Γειά Привет ÉTÉ e\u0301te", "γειά привет été e\u0301te"),
    ("... -- \U0001d54f", "\U0001d54f"),
])
def test_words(text, expected):
    assert words(text) == expected.split()


def test_long_words_are_cut():
    assert [len(word) for word in words("a" * 600)] == [255, 255, 90]


def test_fold():
    assert fold("Société É") == "societe e"


@pytest.mark.parametrize("query, expected", [
    ("publicationYear:2015", "publication_year:2015"),
    ("relatedIdentifiers.relatedIdentifier:a/b", "related_identifiers.relatedIdentifier:a\\/b"),
    ("schema_version:a version:1", "schema_version_info:a version_info:1"),
    ("schemaVersion:a publisher.name:x publisher:y", "schema_version:a publisher_obj.name:x publisher:y"),
    ("a\\/b", "a\\\\/b"),
])
def test_rewrite(query, expected):
    assert rewrite(query) == expected


@pytest.mark.parametrize("query, expected", [
    ("a AND b", "TERM AND TERM"),
    ("ANDy && &&c", "TERM AND TERM"),
    ("a* *a a?b *", "PREFIXTERM WILDTERM WILDTERM STAR"),
    ("a^2~1", "TERM CARAT NUMBER FUZZY_SLOP"),
    ("- a -b !c", "BAREOPER TERM MINUS TERM NOT TERM"),
    ("[a TO b}", "RANGEIN_START RANGE_GOOP RANGE_TO RANGE_GOOP RANGEEX_END"),
    ('"a \\" b" a-b a\\ b', "QUOTED TERM TERM"),
])
def test_tokens(query, expected):
    assert [kind for kind, _ in tokens(query)] == [*expected.split(), "EOF"]


class Shapes:
    """Leaves as text, to see the shape of a query alone."""

    def words(self, field, text):
        return None if text == "nothing" else f"{field + ':' if field else ''}{text}"

    def phrase(self, field, text, slop):
        return f'{field + ":" if field else ""}"{text}"~{slop}'

    def glob(self, field, image):
        return image

    def prefix(self, field, text):
        return text + "*"

    def fuzzy(self, field, text, given):
        return f"{text}~{given}"


def shape(node):
    if isinstance(node, tuple) and node[0] == "bool":
        return "(" + " ".join(occur + shape(one) for occur, one in node[1]) + ")"
    if isinstance(node, tuple) and node[0] == "boost":
        return f"{shape(node[2])}^{node[1]:g}"
    return str(node)


@pytest.mark.parametrize("query, expected", [
    ("a", "a"),
    ("a b c", "a b c"),
    ("a b AND c", "(+a +b +c)"),
    ("a b c AND d", "(+a b +c +d)"),
    ("a OR b AND c", "(a +b +c)"),
    ("a AND b OR c", "(+a b c)"),
    ("a OR b", "(a b)"),
    ("a OR b c", "(a b +c)"),
    ("a b OR c", "(+a b c)"),
    ("a OR b c d", "(a b +c d)"),
    ("a NOT b", "(+a -b)"),
    ("a b NOT c", "(+a b -c)"),
    ("-a OR b", "(-a b)"),
    ("a OR +b", "(a b)"),
    ("-a", "(-a)"),
    ("+a", "(+a)"),
    ("nothing a", "nothing a"),
    ("nothing OR a", "(a)"),
    ("nothing AND a", "(+a)"),
    ("f:a b c", "(+f:a +b c)"),
    ("f:(a b)^2 c", "(+f:a b^2 +c)"),
    ("f:(a g:b c)", "(+f:a +g:b +f:c)"),
    ("a b*", "(+a +b*)"),
    ("a b~ c", "(+a +b~ +c)"),
    ('a b "c d"~3', '(+a b +"c d"~3)'),
    ('"c d"', '"c d"~1'),
    ("a\\ b", "a b"),
    ("\\u0041b", "Ab"),
    ("(a)", "a"),
    ("((a OR b) c)", "(+(a b) +c)"),
    ("a - b", "(+a +- +b)"),
])
def test_shapes(query, expected):
    assert shape(parse(query, Shapes())) == expected


@pytest.mark.parametrize("query", [
    "(", ")", "a)", "(a", "()", '"a', "a AND", "AND a", "OR", "a OR OR b", "a:", ":a", "a^", "a^b", "[a TO b", "[a b c]",
    "a:b:c", "\\", "created:x", "view_count:abc", "publication_year:20", "created:20*", "view_count:1~",
    "xml:a", "landing_page.hasSchemaOrg:perhaps", "a\\/b", "!", "foo:*:b", "\\u00zz",
])
def test_refused(query):
    with pytest.raises(BadQuery):
        SEARCHER.tree(query)


def found(query):
    return {name for name, i in NAMES.items() if i in SEARCHER.search(query)}


@pytest.mark.parametrize("query, expected", [
    ("", "one two three"),
    ("  ", "one two three"),
    ("*", "one two three"),
    ("*:*", "one two three"),
    ("lung", "one two"),
    ("LUNG", "one two"),
    ("lung cancer", "one"),
    ("lung AND cancer", "one two"),
    ("lung brain", "one two"),
    ("Kristian Garza", "one"),
    ("kristian scans", ""),
    ("Jane Doe", "two"),
    ('creator_names:"Jane Doe"~0', "two"),
    ('creators.name:"Jane Doe"~0', ""),
    ('creators.name:"Jane Doe"~2', "two"),
    ('"Kristian Garza"', "one"),
    ('"Kristian Garza"~0', ""),
    ('"Garza Kristian"', ""),
    ('titles.title:"images chest"', ""),
    ('titles.title:"images chest"~100', "one"),
    ("titles.title:(chest cancer)", "one"),
    ("primary_title.title:chest", ""),
    ("-lung", "three"),
    ("NOT lung AND NOT brain", "three"),
    ("brain -lung", ""),
    ("lung OR société", "one two three"),
    ("(-lung)", "three"),
    ("lung (-brain)", ""),
    ("10.5072/one", "one two"),
    ("doi:10.5072/ONE", "one"),
    ("uid:10.5072/one", "one"),
    ("identifier:https\\://doi.org/10.5072/one", "one"),
    ("relatedIdentifiers.relatedIdentifier:10.5072/one", "two"),
    ('relatedIdentifiers.relatedIdentifier:"doi:10.5072/one"', "two"),
    ('related_identifiers.relatedIdentifier:"http://dx.doi.org/10.5072/One"', "two"),
    ("rightsList.rightsIdentifier:cc-by-4.0", "two"),
    ("rightsList.rightsIdentifier:CC*", "two"),
    ("subjects.subject:climate", "two"),
    ("subjects.subject.keyword:climate", ""),
    ('subjects.subject.keyword:"Climate change"', "two"),
    ("subjects.subject.keyword:Climate\\ change", "two"),
    ("subjects.subject.keyword:Clim*", "two"),
    ("subjects.subject.keyword:clim*", ""),
    ("fields_of_science:Physics", "two"),
    ("primary_title.title.raw:\"brain mri\"", "two"),
    ("titles.title:soci?t*", "three"),
    ("titles.title:SOCI*", "three"),
    ("titles.title:societe", ""),
    ("titles.title:北京", "three"),
    ('titles.title:"北京"', "three"),
    ("titles.title:京北", "three"),
    ("titles.title:data", ""),
    ("titles.title:data_set", "three"),
    ("titles.title:mail", "three"),
    ("titles.title:3,5", "three"),
    ("imagse~", "one"),
    ("lugn~", "one two"),
    ("lugn~0", ""),
    ("imgse~1", ""),
    ("imgse~7", "one"),
    ("publicationYear:2015", "one"),
    ("publicationYear:[2015 TO 2018]", "one two"),
    ("publicationYear:{2015 TO 2018]", "two"),
    ("publicationYear:>2015", "two three"),
    ("publicationYear:>=2015", "one two three"),
    ("publicationYear:<2018", "one"),
    ("created:2016", "one two"),
    ("created:2016-02", "one two"),
    ("created:2016-02-29", "one two"),
    ("created:{2016 TO *]", "three"),
    ("created:[2016-02-29T23:59:59Z TO 2016-02-29T23:59:59Z]", "one two"),
    ('created:"2020-06-15T14:30:00+02:00"', "three"),
    ("created:{* TO 2016-03-01}", "one two"),
    ("viewCount:3", "two"),
    ("viewCount:>=3 AND viewCount:<12", "two"),
    ("view_count:[1 TO 12}", "two"),
    ("view_count:3.5", ""),
    ("geoLocations.geoLocationPoint.pointLatitude:[10 TO 11]", "three"),
    ("geoLocations.geoLocationPoint.pointLongitude:\\-3", "three"),
    ("titles.title:[brain TO chest]", "one two"),
    ("titles.title:{mri TO société]", "one three"),
    ("is_active:true", "one two three"),
    ("isActive:true", ""),
    ("aasm_state:findable", "one two three"),
    ("state:findable", ""),
    ("_exists_:relatedIdentifiers", "two"),
    ("_exists_:subjects.subject", "two"),
    ("subjects.subject:*", "two"),
    ("-_exists_:subjects", "one three"),
    ("titles.lang:en", "one"),
    ("titles.\\*:en", "one"),
    ("titles.\\*:(lung cancer)", "one"),
    ("resource_type_id:journal-article", "three"),
    ('resource_type_id_and_name:"journal-article:Journal Article"', "three"),
    ("client_id:nihnci.tcia", "one two three"),
    ("nofield:lung", ""),
    ("-nofield:lung", "one two three"),
    ("cancer^5 OR nofield:lung", "one two"),
    ("titles.title:\"...\"", ""),
    ("titles.title:\"...\" lung", "one two"),
    ("lung - cancer", ""),
    ("lung*", "one two"),
    ("*ung", "one two"),
    ("l?ng", "one two"),
    ("titles.title:v2.0", "one"),
    ("titles.title:v2", ""),
])
def test_search(query, expected):
    assert found(query) == set(expected.split())


@pytest.mark.parametrize("a, b, expected", [
    ("lung", "lung", 0), ("lung", "lugn", 1), ("lung", "ung", 1), ("lung", "lang", 1), ("ca", "abc", 3),
    ("kitten", "sitting", 3), ("", "ab", 2),
])
def test_edits(a, b, expected):
    assert min(edits(a, b, 3), 3) == expected
    assert (edits(a, b, 1) <= 1) == (expected <= 1)


def test_repeated_words_need_places_of_their_own():
    searcher = Searcher([record("10.5072/a", titles=[{"title": "to be or not"}]),
                         record("10.5072/b", titles=[{"title": "to be to be"}])])
    assert searcher.search('titles.title:"to to"~3') == {1}
    assert searcher.search('titles.title:"be to be"~0') == {1}


@pytest.mark.parametrize("query", ["a~0.5", "titles.title:**", "_exists_:*", "titles.*:a", "created:now", "*:a", "organization_id:a"])
def test_undecided(query):
    with pytest.raises(Undecided):
        SEARCHER.tree(query)


def test_facets():
    hits = RECORDS[:3]
    assert facets.count(hits, "published", 2026) == [("2020", 1), ("2018", 1), ("2015", 1)]
    assert facets.count(hits, "created", 2026) == [("2020", 1), ("2016", 2)]
    assert facets.count(hits, "resourceTypes", 2026) == [("dataset", 2), ("journal-article", 1)]
    assert facets.count(hits, "licenses", 2026) == [("cc-by-4.0", 1)]
    assert facets.count(hits, "viewCount", 2026) == 15
    assert facets.count(hits, "views", 2026) == [("2018", 3), ("2015", 12)]


def test_random_queries_are_repeatable_and_can_be_tried():
    first, second = (QueryMaker(RECORDS, random.Random(3)) for _ in range(2))
    for _ in range(300):
        query = first.query().text()
        assert query == second.query().text()
        try:
            SEARCHER.search(query)
        except (BadQuery, Undecided):
            pass


def test_shrink():
    query = Group((("", "", Leaf(("lung", "cancer"))), ("OR", "-", Leaf(("images",), "titles.title", "", "^2"))))
    assert shrink(query, lambda q: "im" in q.text()).text() == "im"


def test_tables_are_read():
    assert fields.FIELDS["titles.title"].paths == ["titles[0].title", "titles[1..].title"]
    assert json.dumps(sorted(field.type for field in fields.named("primary_title.title*"))) == \
        '["FOLDED", "KEYWORD", "KEYWORD", "TEXT"]'
