"""Events: what records state about other DOIs, in both dialects."""

import collections
import contextlib
import re
import sqlite3
import urllib.parse

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, ORCID, doi

V2 = "application/vnd.api+json; version=2"
V1_ATTRIBUTES = ["subj-id", "obj-id", "source-id", "relation-type-id", "total", "message-action",
                 "source-token", "license", "occurred-at", "timestamp"]
V2_ATTRIBUTES = ["subjId", "objId", "sourceId", "targetDoi", "relationTypeId",
                 "sourceRelationTypeId", "targetRelationTypeId", "total", "messageAction",
                 "sourceToken", "license", "occurredAt", "timestamp", "sourceDoi"]
OBJECT_ATTRIBUTES = ["subtype", "name", "author", "publisher", "periodical",
                     "includedInDataCatalog", "version", "datePublished", "dateModified",
                     "funder", "proxyIdentifiers", "registrantId"]


def related(*pairs):
    """relatedIdentifiers of (relation type, identifier) pairs, all of them DOIs."""
    return [{"relationType": kind, "relatedIdentifier": other, "relatedIdentifierType": "DOI"}
            for kind, other in pairs]


FOREST = "10.5072/forest"
PAPER = "10.82435/paper"
RECORDS = [
    doi("forest", relatedIdentifiers=related(("IsSourceOf", "10.5072/trees"))),
    doi("trees", publicationYear=2019, created="2019-03-01T00:00:00Z",
        registered="2019-03-02T00:00:00Z", updated="2022-01-01T00:00:00.500Z",
        creators=[{"name": "Carberry, Josiah", "nameType": "Personal", "givenName": "Josiah",
                   "familyName": "Carberry", "nameIdentifiers": [
                       {"nameIdentifier": ORCID, "nameIdentifierScheme": "ORCID"}]}],
        relatedIdentifiers=related(
            ("IsDerivedFrom", "https://doi.org/10.5072/FOREST"), ("Cites", FOREST),
            ("Cites", "10.1234/elsewhere")) + [
            {"relationType": "IsDerivedFrom", "relatedIdentifier": "https://example.org/x",
             "relatedIdentifierType": "URL"}]),
    doi("paper", "dirm.jour", types={"resourceTypeGeneral": "JournalArticle"},
        container={"title": "Journal of Trees"}, version="2",
        dates=[{"date": "2020-05-06", "dateType": "Issued"}],
        fundingReferences=[{"funderName": "Council"}],
        relatedIdentifiers=related(("References", FOREST), ("IsPartOf", "10.5072/whole"))),
    doi("whole", relatedIdentifiers=related(("HasPart", PAPER))),
    doi("hidden", state="draft", relatedIdentifiers=related(("Cites", FOREST))),
    doi("gone", state="registered", relatedIdentifiers=related(("IsDerivedFrom", FOREST))),
    doi("article", agency="crossref", relatedIdentifiers=related(("References", FOREST))),
    doi("note", relatedIdentifiers=related(("Documents", "10.5072/article"))),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    path = tmp_path_factory.mktemp("events") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with serving(path) as running:
        yield running


def triples(document):
    """(subject, relation, object) of a list in the legacy dialect."""
    shown = [item["attributes"] for item in document["data"]]
    return [(a["subj-id"].removeprefix("https://doi.org/"), a["relation-type-id"],
             a["obj-id"].removeprefix("https://doi.org/")) for a in shown]


def find(server, query):
    return set(triples(server.json(f"/events?page[size]=1000&{query}")))


def total(server, query):
    return server.json(f"/events?page[size]=0&{query}")["meta"]["total"]


def walk(server, target):
    """All events of a list, following links.next."""
    found = []
    while target:
        document = server.json(target)
        found += document["data"]
        target = document["links"].get("next", "").removeprefix(server.base)
    return found


# ---- shapes ---------------------------------------------------------------------------------

def test_the_legacy_dialect(world):
    document = world.json("/events?doi=10.5072/trees&relation-type-id=is-derived-from")
    assert list(document) == ["data", "meta", "links"]
    [event] = document["data"]
    assert list(event) == ["id", "type", "attributes", "relationships"]
    assert event["type"] == "events"
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                        event["id"])
    assert list(event["attributes"]) == V1_ATTRIBUTES
    assert event["attributes"] == {
        "subj-id": "https://doi.org/10.5072/trees", "obj-id": "https://doi.org/10.5072/forest",
        "source-id": "datacite-related", "relation-type-id": "is-derived-from", "total": 1,
        "message-action": "create", "source-token": "28276d12-b320-41ba-9272-bb0adc3466ff",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "occurred-at": "2019-03-02T00:00:00.000Z", "timestamp": "2022-01-01T00:00:00.500Z"}
    assert event["relationships"] == {
        "subj": {"data": {"id": "https://doi.org/10.5072/trees", "type": "objects"}},
        "obj": {"data": {"id": "https://doi.org/10.5072/forest", "type": "objects"}}}
    assert list(document["meta"]) == ["total", "total-pages", "page", "sources", "occurred",
                                      "prefixes", "citation-types", "relation-types",
                                      "registrants"]
    assert list(document["meta"]["relation-types"][0]) == ["id", "title", "count", "year-months"]
    assert list(document["links"]) == ["self"]


def test_the_newer_dialect(world):
    target = f"/events?doi={PAPER}&include=subj,obj&relation-type-id=references,is-part-of"
    document = world.json(target, Accept=V2)
    assert list(document) == ["data", "included", "meta", "links"]
    assert list(document["meta"]) == ["total", "totalPages", "page", "sources", "occurred",
                                      "created", "prefixes", "citationTypes", "relationTypes",
                                      "registrants"]
    events = {event["attributes"]["relationTypeId"]: event["attributes"]
              for event in document["data"]}
    assert all(list(shown) == V2_ATTRIBUTES for shown in events.values())
    assert events["references"]["sourceDoi"] == PAPER
    assert events["references"]["targetDoi"] == FOREST
    assert events["references"]["sourceRelationTypeId"] == "references"
    assert events["references"]["targetRelationTypeId"] == "citations"
    part = events["is-part-of"]
    assert (part["sourceDoi"], part["targetDoi"]) == ("10.5072/whole", PAPER)
    assert (part["sourceRelationTypeId"], part["targetRelationTypeId"]) == ("parts", "part_of")
    derived = world.json("/events?doi=10.5072/trees&relation-type-id=is-derived-from",
                         Accept=V2)["data"][0]["attributes"]
    for name in ("targetDoi", "sourceRelationTypeId", "targetRelationTypeId", "sourceDoi"):
        assert derived[name] is None


def test_the_records_on_both_sides(world):
    document = world.json(f"/events?doi={PAPER}&include=subj,obj&sort=total", Accept=V2)
    shown = {item["id"]: item for item in document["included"]}
    assert list(shown) == list(dict.fromkeys(
        side["data"]["id"] for event in document["data"]
        for side in event["relationships"].values()))
    paper = shown[f"https://doi.org/{PAPER}"]
    assert list(paper) == ["id", "type", "attributes"] and paper["type"] == "objects"
    assert list(paper["attributes"]) == OBJECT_ATTRIBUTES
    assert paper["attributes"] == {
        "subtype": "ScholarlyArticle", "name": "About paper",
        "author": [{"@type": "Person", "name": "Nobody"}],
        "publisher": {"@type": "Organization", "name": "Example Archive"},
        "periodical": {"@type": "Periodical", "name": "Journal of Trees"},
        "includedInDataCatalog": None, "version": "2", "datePublished": "2020-05-06",
        "dateModified": "2021-01-01T00:00:00.000Z",
        "funder": [{"@type": "Organization", "name": "Council"}],
        "proxyIdentifiers": ["10.5072/whole"], "registrantId": "datacite.dirm.jour"}
    only = world.json(f"/events?doi={PAPER}&include=subj", Accept=V2)["included"]
    assert {item["id"] for item in only} == {event["attributes"]["subjId"]
                                             for event in document["data"]}
    unknown = world.json("/events?obj-id=10.1234/elsewhere&include=obj", Accept=V2)["included"]
    assert set(unknown[0]["attributes"].values()) == {None}
    assert "included" not in world.json(f"/events?doi={PAPER}&include=client", Accept=V2)
    assert "included" not in world.json(f"/events?doi={PAPER}&include=subj,obj")
    assert world.json("/events?doi=10.9/none&include=obj", Accept=V2)["included"] == []


def test_what_accept_decides(world):
    newer = world.get(f"/events?doi={FOREST}", Accept=V2)
    assert newer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Accept" in newer.headers["Vary"].split(",")
    assert "subjId" in newer.json()["data"][0]["attributes"]
    for accept in ("application/vnd.api+json", "*/*", "application/json"):
        assert "subj-id" in world.json(f"/events?doi={FOREST}",
                                       Accept=accept)["data"][0]["attributes"]
    assert world.get("/events", Accept="application/x-bibtex").status == 406
    assert world.get("/events", Accept="application/x-bibtex; version=2").status == 200


# ---- what is found --------------------------------------------------------------------------

BY_FOREST = ("10.5072/forest", "is-source-of", "10.5072/trees")
DERIVED = ("10.5072/trees", "is-derived-from", "10.5072/forest")
CITES = ("10.5072/trees", "cites", "10.5072/forest")
ELSEWHERE = ("10.5072/trees", "cites", "10.1234/elsewhere")
REFERENCES = (PAPER, "references", "10.5072/forest")
PART = (PAPER, "is-part-of", "10.5072/whole")
WHOLE = ("10.5072/whole", "has-part", PAPER)
ARTICLE = ("10.5072/article", "references", "10.5072/forest")
NOTE = ("10.5072/note", "documents", "10.5072/article")
ALL = {BY_FOREST, DERIVED, CITES, ELSEWHERE, REFERENCES, PART, WHOLE, ARTICLE, NOTE}


@pytest.mark.parametrize("query, expected", [
    ("", ALL),
    ("subj-id=https://doi.org/10.5072/trees", {DERIVED, CITES, ELSEWHERE}),
    ("subj-id=https%3A%2F%2Fdoi.org%2F10.5072%2FTREES", {DERIVED, CITES, ELSEWHERE}),
    ("obj_id=doi:10.5072/Forest", {DERIVED, CITES, REFERENCES, ARTICLE}),
    ("obj-id=10.1234/elsewhere", {ELSEWHERE}),
    ("doi=10.5072/FOREST", {BY_FOREST, DERIVED, CITES, REFERENCES, ARTICLE}),
    ("doi=http://dx.doi.org/10.5072/note,10.1234/elsewhere", {NOTE, ELSEWHERE}),
    ("doi=nonsense", set()),
    ("doi=10.5072/hidden", set()),
    ("doi=10.5072/forest&relation-type-id=is-derived-from,IsSourceOf", {DERIVED, BY_FOREST}),
    ("relation-type-id=Is_Derived_From", {DERIVED}),
    ("relation-type-id=no-such", set()),
    ("source-doi=10.5072/forest", set()),
    ("target-doi=10.5072/forest", {CITES, REFERENCES, ARTICLE}),
    (f"target-doi={PAPER}", {PART, WHOLE}),
    ("source-doi=10.5072/whole,10.5072/trees", {PART, WHOLE, CITES, ELSEWHERE}),
    ("source-relation-type-id=parts", {PART, WHOLE}),
    ("target-relation-type-id=citations,part_of",
     {CITES, ELSEWHERE, REFERENCES, ARTICLE, PART, WHOLE}),
    ("target-relation-type-id=version-of", set()),
    ("prefix=10.82435", {REFERENCES, PART, WHOLE}),
    ("prefix=10.1234,10.9999", {ELSEWHERE}),
    ("source-id=datacite-related", ALL - {ARTICLE, NOTE}),
    ("source-id=crossref,datacite-crossref", {ARTICLE, NOTE}),
    ("source-id=datacite-usage", set()),
    (f"orcid={ORCID}", {BY_FOREST, DERIVED, CITES, ELSEWHERE}),
    ("orcid=0000-0002-1825-0097,0000-0001-0000-0000", {BY_FOREST, DERIVED, CITES, ELSEWHERE}),
    ("subtype=ScholarlyArticle", {REFERENCES, PART, WHOLE}),
    ("citation-type=Dataset-ScholarlyArticle", {REFERENCES, PART, WHOLE}),
    ("citation-type=ScholarlyArticle-Dataset", set()),
    ("registrant-id=datacite.dirm.jour", {REFERENCES, PART, WHOLE}),
    ("registrant-id=dirm.jour", set()),
    ("issn=1234-5678", set()),
    ("publication-year=2019", {DERIVED, CITES, ELSEWHERE}),
    ("publication-year=2018-2019", {DERIVED, CITES, ELSEWHERE}),
    ("publication-year=2021-2019", ALL),
    ("occurred-at=2020", ALL - {DERIVED, CITES, ELSEWHERE}),
    ("year-month=2019-03", {DERIVED, CITES, ELSEWHERE}),
    ("year-month=2019-04", set()),
    ("year-month=2019-3", set()),
    ("subj-id=10.5072/trees&obj-id=10.5072/forest&relation-type-id=cites", {CITES}),
    ("source=crossref", ALL),
    ("doi=", ALL),
])
def test_filters(world, query, expected):
    assert find(world, query) == expected
    assert total(world, query) == len(expected)


def test_nobody_sees_what_is_hidden(world):
    shown = world.get("/events?page[size]=1000").body
    assert b"10.5072/hidden" not in shown and b"10.5072/gone" not in shown
    for name in ("hidden", "gone"):
        assert world.json(f"/dois/10.5072/{name}/events")["data"] == []


def test_one_event(world):
    for event in world.json("/events")["data"]:
        assert world.json(f"/events/{event['id']}") == {"data": event}
        assert world.json(f"/events/{event['id'].upper()}")["data"]["id"] == event["id"]
    newer = world.json(f"/events/{event['id']}?include=obj", Accept=V2)
    assert list(newer) == ["data", "included"]
    assert newer["included"][0]["id"] == newer["data"]["attributes"]["objId"]


@pytest.mark.parametrize("uuid", [
    "none", "00000000-0000-0000-0000-000000000000", "00000000-0000-8000-8000-000000000000",
    "ffffffff-ffff-8fff-bfff-ffffffffffff", "297c9886-5f6b-4638-82bd-b67973677117", "%00", "1-2"])
def test_no_event(world, uuid):
    answer = world.get(f"/events/{uuid}")
    assert answer.status == 404
    assert answer.json()["errors"][0]["status"] == "404"


def test_events_by_id(world):
    events = world.json("/events?sort=total")["data"]
    ids = [event["id"] for event in events]
    shown = world.json(f"/events?ids={ids[2]},{ids[0].upper()},none&doi=10.9/x&sort=total")
    assert [event["id"] for event in shown["data"]] == [ids[0], ids[2]]
    assert shown["meta"]["total"] == 2
    assert world.json(f"/events?id={ids[1]}")["data"] == [events[1]]
    assert world.json("/events?ids=none")["data"] == []


def test_events_of_a_doi(world):
    document = world.json("/dois/10.5072%2FFOREST/events?page[size]=2")
    assert "subjId" in document["data"][0]["attributes"] and document["meta"]["total"] == 5
    assert document["links"]["next"].startswith(f"{world.base}/dois/10.5072%2FFOREST/events?")
    ids = [event["id"] for event in walk(world, "/dois/10.5072/forest/events?page[size]=2")]
    assert len(set(ids)) == len(ids) == 5
    only = world.json("/dois/10.5072/forest/events?relation-type-id=cites")["data"]
    assert [event["attributes"]["subjId"] for event in only] == ["https://doi.org/10.5072/trees"]
    assert world.json("/dois/10.9999/nobody/events")["data"] == []
    assert world.get("/dois/nonsense/events").status == 404


def test_years_that_are_none(world):
    for query in ("occurred-at=abc", "publication-year=20-30", "occurred-at=2020-xx"):
        answer = world.get(f"/events?{query}")
        assert answer.status == 400
        assert isinstance(answer.json()["errors"], dict)
    assert world.get("/events?page[size]=-1").status == 400


def test_orders(world):
    def shown(sort):
        return [event["attributes"] for event in world.json(f"/events?sort={sort}")["data"]]

    times = [a["timestamp"] for a in shown("updated")]
    assert times == sorted(times) == [a["timestamp"] for a in shown("nonsense")]
    assert [a["timestamp"] for a in shown("-updated")] == times[::-1]
    objects = [a["obj-id"] for a in shown("obj_id")]
    assert objects == sorted(objects)
    assert [a["obj-id"] for a in shown("-obj_id")] == objects[::-1]
    types = [a["relation-type-id"] for a in shown("relation_type_id")]
    assert types == sorted(types)
    assert len(shown("relevance")) == len(ALL)


# ---- counts ---------------------------------------------------------------------------------

def test_counts(world):
    meta = world.json("/events", Accept=V2)["meta"]
    assert meta["total"] == 9
    assert meta["sources"] == [
        {"id": "datacite-related", "title": "DataCite Related Identifiers", "count": 7},
        {"id": "crossref", "title": "Crossref to DataCite", "count": 1},
        {"id": "datacite-crossref", "title": "DataCite to Crossref", "count": 1}]
    assert [(b["id"], b["count"]) for b in meta["occurred"]] == [("2020", 6), ("2019", 3)]
    assert [(b["id"], b["count"]) for b in meta["created"]] == [("2020", 6), ("2019", 3)]
    assert [(b["id"], b["count"]) for b in meta["prefixes"]] == [
        ("10.5072", 9), ("10.82435", 3), ("10.1234", 1)]
    assert meta["citationTypes"] == [
        {"id": "Dataset-Dataset", "title": "Dataset-Dataset", "count": 5, "yearMonths": [
            {"id": "2020-01", "title": "2020-01", "sum": 3},
            {"id": "2019-03", "title": "2019-03", "sum": 2}]},
        {"id": "Dataset-ScholarlyArticle", "title": "Dataset-ScholarlyArticle", "count": 3,
         "yearMonths": [{"id": "2020-01", "title": "2020-01", "sum": 3}]}]
    assert [(b["id"], b["count"]) for b in meta["relationTypes"]] == [
        ("cites", 2), ("references", 2), ("documents", 1), ("has-part", 1),
        ("is-derived-from", 1), ("is-part-of", 1), ("is-source-of", 1)]
    assert meta["registrants"] == [
        {"id": "datacite.orga.data", "title": "datacite.orga.data", "count": 9, "years": [
            {"id": "2020", "title": "2020", "sum": 6}, {"id": "2019", "title": "2019", "sum": 3}]},
        {"id": "datacite.dirm.jour", "title": "datacite.dirm.jour", "count": 3,
         "years": [{"id": "2020", "title": "2020", "sum": 3}]}]
    none = world.json("/events?doi=10.9/none", Accept=V2)["meta"]
    assert none == {"total": 0, "totalPages": 0, "page": 1}
    part = world.json("/events?relation-type-id=has-part", Accept=V2)["meta"]
    assert [b["id"] for b in part["prefixes"]] == ["10.5072", "10.82435"]


# ---- the catalogue, checked against its records ----------------------------------------------

@pytest.fixture(scope="module")
def stated(server):
    """What the records of the catalogue state about DOIs, each once."""
    pairs = set()
    for item in server.json("/dois?page[size]=1000&disable-facets=true")["data"]:
        for entry in item["attributes"]["relatedIdentifiers"]:
            if entry["relatedIdentifierType"] == "DOI":
                other = re.sub(r"^https?://(dx\.)?doi\.org/", "", entry["relatedIdentifier"])
                pairs.add((item["id"], entry["relationType"], other.lower()))
    return pairs


def dashed(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def test_totals_are_those_of_the_records(server, stated):
    assert total(server, "") == len(stated) > 1000
    by_type = collections.Counter(dashed(kind) for _, kind, _ in stated)
    shown = server.json("/events?page[size]=0")["meta"]["relation-types"]
    assert {bucket["id"]: bucket["count"] for bucket in shown} == dict(by_type)
    objects = collections.Counter(other for _, _, other in stated)
    for other, count in objects.most_common(20) + objects.most_common()[-20:]:
        assert total(server, f"obj-id={other}") == count
        assert find(server, f"obj-id=https://doi.org/{other.upper()}") == {
            (a, dashed(kind), b) for a, kind, b in stated if b == other}


@pytest.mark.parametrize("size", [7, 500, 1000])
@pytest.mark.parametrize("query", ["", "&relation-type-id=is-derived-from", "&prefix=10.25737"])
def test_a_cursor_passes_every_event_once(server, stated, size, query):
    found = walk(server, f"/events?page[cursor]=1&page[size]={size}{query}")
    wanted = {"": stated, "&relation-type-id=is-derived-from": {
        entry for entry in stated if entry[1] == "IsDerivedFrom"}, "&prefix=10.25737": {
        entry for entry in stated
        if entry[0].startswith("10.25737/") or entry[2].startswith("10.25737/")}}[query]
    assert len(found) == len(wanted)
    assert set(triples({"data": found})) == {(a, dashed(kind), b) for a, kind, b in wanted}
    assert len({event["id"] for event in found}) == len(found)


def test_numbered_pages_are_the_same_list(server, stated):
    paged = walk(server, "/events?page[size]=900&sort=-obj_id")
    assert len({event["id"] for event in paged}) == len(paged) == len(stated)
    last = server.json("/events?page[size]=900&page[number]=99")
    assert last["data"] == [] and "next" not in last["links"]


def test_links_keep_what_was_asked(server):
    document = server.json("/events?page[size]=3&relation_type_id=is-derived-from&sort=created"
                           "&page[cursor]")
    assert document["links"]["self"].endswith("page[cursor]")
    assert "page" not in document["meta"]
    following = document["links"]["next"]
    assert following.startswith(f"{server.base}/events?page%5Bcursor%5D=")
    assert "relation-type-id=is-derived-from" in following and "sort=created" in following


def test_what_dataverse_asks(server, stated):
    other = collections.Counter(b for _, _, b in stated).most_common(1)[0][0]
    target = f"/events?doi=doi:{other}&source=crossref&page[size]=1000&page[cursor]=1"
    found = walk(server, target)
    assert set(triples({"data": found})) == {
        (a, dashed(kind), b) for a, kind, b in stated if other in (a, b)}


# ---- query ----------------------------------------------------------------------------------

URL = "https://doi.org/"


@pytest.mark.parametrize("query, expected", [
    ("is-derived-from", {DERIVED}),
    ("relation_type_id:is-derived-from", {DERIVED}),
    ("relation_type_id:IsDerivedFrom", set()),
    ("relation_type_id:nonsense", set()),
    ("cites AND references", set()),
    ("+cites -doi:10.1234\\/elsewhere", {CITES}),
    ("source_id:datacite-crossref", {NOTE}),
    ("source_id:datacite", set()),
    ("prefix:10.12", set()),
    (f'subj_id:"{URL}10.5072/trees"', {DERIVED, CITES, ELSEWHERE}),
    (f'"{URL}10.5072/note"', {NOTE}),
    (f'"{URL}10.5072/forest"', {BY_FOREST, DERIVED, CITES, REFERENCES, ARTICLE}),
    (f'"{URL}10.5072/forest" AND NOT relation_type_id:references', {BY_FOREST, DERIVED, CITES}),
    (f'"{URL}10.5072/note" OR "{URL}10.1234/elsewhere"', {NOTE, ELSEWHERE}),
    ('doi:"10.5072/whole"', {PART, WHOLE}),
    ('doi:"10.5072/hidden"', set()),
    ('prefix:10.1234', {ELSEWHERE}),
    ("source_id:(crossref OR datacite-crossref)", {ARTICLE, NOTE}),
    ("source_id:datacite*", ALL - {ARTICLE}),
    ('source_doi:"10.5072/whole"', {PART, WHOLE}),
    ("target_relation_type_id:citations", {CITES, ELSEWHERE, REFERENCES, ARTICLE}),
    ("_exists_:source_doi", {CITES, ELSEWHERE, REFERENCES, ARTICLE, PART, WHOLE}),
    ("occurred_at:2019", {DERIVED, CITES, ELSEWHERE}),
    ("occurred_at:[2019-03-02 TO 2019-03-02]", {DERIVED, CITES, ELSEWHERE}),
    ("updated_at:>=2022", {DERIVED, CITES, ELSEWHERE}),
    ("year_month:2020-01", ALL - {DERIVED, CITES, ELSEWHERE}),
    ("message_action:create AND total:1", ALL),
    ("nothing", set()),
    ("no_such_field:x", set()),
    (" ", ALL),
])
def test_queries(world, query, expected):
    target = f"query={urllib.parse.quote(query)}"
    assert find(world, target) == expected
    assert total(world, target) == len(expected)


def test_a_query_beside_filters(world):
    assert find(world, "query=cites&obj-id=10.5072/forest") == {CITES}
    document = world.json("/events?query=cites+OR+references&page[size]=1&sort=relevance")
    assert document["meta"]["total"] == 4
    assert [b["id"] for b in document["meta"]["relation-types"]] == ["cites", "references"]
    assert "query=cites+OR+references" in document["links"]["next"]
    ids = [event["id"] for event in walk(
        world, "/events?query=cites+OR+references&page[size]=1&page[cursor]=1")]
    assert len(set(ids)) == len(ids) == 4
    best = triples(world.json('/events?sort=relevance&query=cites+OR+subj_id:"'
                              f'{URL}10.5072/trees"^9'))
    assert set(best[:2]) == {CITES, ELSEWHERE} and best[2] == DERIVED


def test_a_query_that_makes_no_sense(world):
    for query in ("(", "occurred_at:abc", "subj_id:[a TO"):
        answer = world.get(f"/events?query={urllib.parse.quote(query)}")
        assert answer.status == 400
        assert list(answer.json()["errors"]) == ["title"]


def test_relevance_without_a_query_pages(server, stated):
    ids = [event["id"] for event in walk(server, "/events?sort=relevance&page[size]=1000")]
    assert len(set(ids)) == len(ids) == len(stated)


# ---- damage ---------------------------------------------------------------------------------

DAMAGES = [
    "UPDATE OR IGNORE relation SET type = 200 WHERE subject % 2",
    "UPDATE OR IGNORE relation SET type = -1", "UPDATE OR IGNORE relation SET type = 'text'",
    "UPDATE OR IGNORE relation SET subject = 9999", "UPDATE OR IGNORE relation SET object = 9999",
    "UPDATE OR IGNORE relation SET object = 1 << 40", "UPDATE OR IGNORE relation SET object = -5",
    "UPDATE OR IGNORE relation SET subject = x'00ff'", "DELETE FROM doi", "DELETE FROM card WHERE n > 1",
    "DELETE FROM term", "UPDATE card SET row = x'0102'", "UPDATE OR IGNORE doi SET name = x'ff' || id",
    "INSERT INTO doi VALUES(5000000000, '10.5/far')", "INSERT INTO doi VALUES(4000000000, '10.5/far')", "UPDATE OR IGNORE doi SET name = id",
    "UPDATE card SET name = name + 1000",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_never_crashes(world, tmp_path, damage):
    path = tmp_path / "damaged.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with contextlib.closing(sqlite3.connect(path)) as store, store:
        store.execute(damage)
    ids = [event["id"] for event in world.json("/events")["data"]]
    with serving(path) as server:
        for target in ("/events", f"/events?doi={FOREST}", "/events?prefix=10.5072&sort=obj_id",
                       "/events?query=cites", f"/events/{ids[0]}", f"/events?ids={','.join(ids)}",
                       f"/dois/{FOREST}/events?include=subj,obj", "/events?page[cursor]=1"):
            assert server.get(target).status in (200, 404, 500, 503), target
    done = run("related", "--store", path, "--stdin", "--json", check=False,
               input=f"{FOREST}\n{PAPER}\n".encode())
    assert done.returncode in (0, 3)
