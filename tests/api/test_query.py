"""query= on /dois and `doihound search`, on the sample catalogue: what users ask, checked against an
export of the same records; the manual's examples; errors, warnings and explanations."""

import json
import re
import subprocess
import time
from urllib.parse import quote

import pytest

from conftest import BINARY, ROOT, run, serving

MANUAL = ROOT / "docs" / "man" / "doihound-query.7"


def ask(server, query, **more):
    rest = "".join(f"&{name.replace('_', '-')}={value}" for name, value in more.items())
    return server.json(f"/dois?query={quote(query)}{rest}")


def total(server, query):
    return ask(server, query, disable_facets="true")["meta"]["total"]


@pytest.fixture(scope="module")
def records(sample_store):
    lines = run("export", "--store", sample_store).stdout.splitlines()
    return [json.loads(line)["attributes"] for line in lines]


def words(text):
    return re.findall(r"\w+", (text or "").lower())


# What TCIA's users ask, and the same asked of the export in plain Python.
WIKI = [
    (
        'publisher:"The Cancer Imaging Archive" publicationYear:2016',
        lambda r: r["publisher"] in ("The Cancer Imaging Archive", {"name": "The Cancer Imaging Archive"})
        and r["publicationYear"] == 2016,
    ),
    (
        "identifiers.identifier:NSCLC*",
        lambda r: any(i["identifier"].lower().startswith("nsclc") for i in r["identifiers"]),
    ),
    (
        "rightsList.rightsIdentifier:cc-by-4.0",
        lambda r: any(i.get("rightsIdentifier") == "cc-by-4.0" for i in r["rightsList"]),
    ),
    (
        "creators.familyName:clark",
        lambda r: any("clark" in words(c.get("familyName")) for c in r["creators"]),
    ),
    (
        "titles.title:(breast cancer)",
        lambda r: {"breast", "cancer"} <= {w for t in r["titles"] for w in words(t["title"])},
    ),
    (
        "subjects.subject:lung",
        lambda r: any("lung" in words(s["subject"]) for s in r["subjects"]),
    ),
    (
        "creators.nameIdentifiers.nameIdentifier:*",
        lambda r: any(c.get("nameIdentifiers") for c in r["creators"]),
    ),
    ("publicationYear:[2018 TO 2020]", lambda r: 2018 <= (r["publicationYear"] or 0) <= 2020),
    ("version:1", lambda r: r["version"] == "1"),
]


@pytest.mark.parametrize("query, holds", WIKI, ids=[w[0] for w in WIKI])
def test_wiki_queries(server, records, query, holds):
    expected = {r["doi"] for r in records if holds(r)}
    found = ask(server, query, disable_facets="true", **{"page[size]": 1000})
    assert {hit["id"] for hit in found["data"]} == expected
    assert found["meta"]["total"] == len(expected)


def test_plus_is_a_space(server):
    raw = server.json('/dois?query=publisher:%22The%20Cancer%20Imaging%20Archive%22+publicationYear:2016')
    assert raw["meta"]["total"] == total(
        server, 'publisher:"The Cancer Imaging Archive" AND publicationYear:2016'
    )
    assert raw["meta"]["total"] > 0


def test_nested_route_and_filters_narrow(server):
    every = total(server, "lung")
    narrowed = ask(server, "lung", client_id="nihnci.tcia", published="2023", disable_facets="true")
    nested = server.json("/clients/nihnci.tcia/dois?query=lung&published=2023&disable-facets=true")
    assert 0 < narrowed["meta"]["total"] < every
    assert nested["meta"]["total"] == narrowed["meta"]["total"]
    assert ask(server, "lung", client_id="no.such")["meta"]["total"] == 0


def test_facets_count_the_hits(server, records):
    answer = ask(server, "subjects.subject:lung", facets="published,licenses")
    hits = [r for r in records if any("lung" in words(s["subject"]) for s in r["subjects"])]
    for bucket in answer["meta"]["published"]:
        assert bucket["count"] == sum(str(r["publicationYear"]) == bucket["id"] for r in hits)
    assert sum(b["count"] for b in answer["meta"]["published"]) == len(hits)


def test_every_page_once(server):
    whole = [h["id"] for h in ask(server, "cancer", **{"page[size]": 1000})["data"]]
    for mode in ("page%5Bnumber%5D=1", "page%5Bcursor%5D=1"):
        target, seen = f"/dois?query=cancer&page%5Bsize%5D=7&{mode}", []
        while target:
            page = server.json(target)
            seen += [h["id"] for h in page["data"]]
            following = page["links"].get("next")
            target = following and following[len(server.base) :]
            assert not target or "query=cancer" in target
        assert sorted(seen) == sorted(whole)
        assert len(set(seen)) == len(seen)


def test_a_bare_doi_finds_itself_first(server):
    found = ask(server, "10.7937/K9/TCIA.2016.JQEJZZNG", sort="relevance")
    assert found["data"][0]["id"] == "10.7937/k9/tcia.2016.jqejzzng"


def test_related_doi_in_any_form(server):
    forms = [
        "10.7937/tcia.582b-xz89",
        "10.7937/TCIA.582B-XZ89",
        '"https://doi.org/10.7937/tcia.582b-xz89"',
    ]
    counts = {total(server, "relatedIdentifiers.relatedIdentifier:" + form) for form in forms}
    assert len(counts) == 1 and counts != {0}


@pytest.mark.parametrize(
    "query, reason",
    [
        ("title:(foo", "Failed to parse query [title:(foo]"),
        ('"open', 'Failed to parse query ["open]'),
        ("a AND", "Failed to parse query [a AND]"),
        ("publicationYear:[2016 TO", "Failed to parse query [publication_year:[2016 TO]"),
    ],
)
def test_bad_syntax_has_upstreams_shape(server, query, reason):
    answer = server.get(f"/dois?query={quote(query)}")
    assert answer.status == 400
    assert answer.json() == {"errors": {"title": reason}}


@pytest.mark.parametrize("query", ["created:notadate", "viewCount:many", "xml:x"])
def test_values_that_cannot_be(server, query):
    answer = server.get(f"/dois?query={quote(query)}")
    assert answer.status == 400
    assert isinstance(answer.json()["errors"], dict)


def test_unknown_field_finds_nothing(server):
    assert total(server, "title:lung") == 0
    assert "warnings" not in ask(server, "title:lung")["meta"]
    warnings = ask(server, "title:lung", warnings="true")["meta"]["warnings"]
    assert warnings[0]["at"] == 0 and "titles.title" in warnings[0]["text"]


def test_explain_behind_a_flag(server, sample_store):
    target = "/dois?query=titles.title:lung%20AND%20publicationYear:2023&explain=true"
    assert "explain" not in server.json(target)["meta"]
    with serving(sample_store, "--explain") as telling:
        explain = telling.json(target)["meta"]["explain"]
    parts = {step["part"]: step.get("hits") for step in explain["steps"]}
    assert len(explain["steps"]) == 3
    assert parts[next(p for p in parts if p.startswith("+titles.title:lung") or p == "titles.title:lung")] > 0


def test_blank_is_everything(server):
    everything = server.json("/dois")["meta"]["total"]
    assert ask(server, "%20")["meta"]["total"] >= 0
    assert server.json("/dois?query=")["meta"]["total"] == everything
    assert server.json("/dois?query=+")["meta"]["total"] == everything
    assert total(server, "*") == total(server, "*:*") == everything


HOSTILE = [
    "(" * 10000 + "a" + ")" * 10000,
    "(" * 150 + "a" + ")" * 150,
    " OR ".join(f"{c}*" for c in "abcdefghijklmnopqrstuvwxyz"),
    " ".join("*a*b*c*d*" for _ in range(50)),
    "a~2 " * 200,
    "NOT " * 5000 + "a",
    '"' + "a " * 3000 + '"~100000',
    "\\",
    "\x00\x01\ufffe",
    "a:" * 2000,
    "[" * 3000,
    "^" * 500,
    "*" * 5000,
    "?" * 300,
    "a^99999999999999999999",
    'creators.name:"' + "x" * 20000 + '"',
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_end(server, query):
    started = time.monotonic()
    answer = server.get(f"/dois?query={quote(query)}&disable-facets=true")
    assert answer.status in (200, 400, 414)
    assert time.monotonic() - started < 30  # its deadline is 5 s; a loaded machine adds to it
    assert server.get("/heartbeat").status == 200


# ---- the manual --------------------------------------------------------------------------------


def manual_examples():
    for line in MANUAL.read_text().splitlines():
        found = re.fullmatch(r"\.It Ql (.+) Pq (\d+)", line)
        if found:
            query = found[1].replace(r"\(dq", '"').replace(r"\&", "").replace(r"\e", "\\")
            yield query, int(found[2])


def test_manual_has_examples():
    assert len(list(manual_examples())) > 30


@pytest.mark.parametrize("query, count", list(manual_examples()))
def test_manual_example(server, query, count):
    assert count > 0
    assert total(server, query) == count


# ---- the command -------------------------------------------------------------------------------


def search(store, *args, check=True):
    return run("search", "--store", store, *args, check=check)


def test_search_lists_the_best_first(server, sample_store):
    rows = search(sample_store, "lung screening").stdout.decode().splitlines()[1:]
    best = ask(server, "lung screening", sort="relevance")["data"]
    assert [row.split()[0] for row in rows] == [hit["id"] for hit in best]


def test_search_json_is_the_api(sample_store):
    answer = json.loads(search(sample_store, "lung", "--json", "--size", "3").stdout)
    assert len(answer["data"]) == 3 and answer["meta"]["total"] > 3


def test_search_facets(sample_store):
    text = search(sample_store, "lung", "--size", "1", "--facets", "published").stdout.decode()
    assert re.search(r"^COUNT +published +ID$", text, re.M)
    assert re.search(r"^ *\d+ +2023 +2023$", text, re.M)


def test_search_points_at_the_error(sample_store):
    done = search(sample_store, "lung AND (breast", check=False)
    assert done.returncode == 2 and done.stdout == b""
    lines = done.stderr.decode().splitlines()
    caret = next(line for line in lines if line.strip() == "^")
    assert caret.index("^") == 2 + len("lung AND ")


def test_search_warns_of_unknown_fields(sample_store):
    done = search(sample_store, "lung title:x", check=False)
    assert done.returncode == 0
    lines = done.stderr.decode().splitlines()
    assert "titles.title" in lines[0]
    assert lines[2].index("^") == 2 + len("lung ")


def test_search_explains(sample_store):
    done = search(sample_store, "titles.title:lung OR titles.title:breast", "--explain")
    said = done.stderr.decode()
    assert "HITS" in said and "titles.title:breast" in said and "query" in said
    assert b"HITS" not in done.stdout


def test_search_all_and_filters(sample_store, server):
    rows = search(sample_store, "cancer", "--all", "--published", "2023").stdout.splitlines()
    assert len(rows) - 1 == ask(server, "cancer", published="2023")["meta"]["total"]


def test_long_query_on_the_command_line(sample_store):
    done = subprocess.run(
        [BINARY, "search", "--store", sample_store, "x " * 50000], capture_output=True, timeout=60
    )
    assert done.returncode == 2 and b"32768 bytes" in done.stderr
