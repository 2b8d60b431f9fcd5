"""Lists with detail: the relationships of many records at once are those of each by itself."""

import json

import pytest
from conftest import run, serving
from records import lines, resource
from world import related

COUNT = 1400
KINDS = ["Cites", "IsCitedBy", "References", "HasPart", "IsPartOf", "HasVersion", "IsNewVersionOf",
         "IsDerivedFrom"]


def name(number):
    return f"10.5072/rec-{number:05}"


def relations(i):
    """To records near and far, to each other, to drafts, to DOIs that nobody has; some none."""
    if i % 3 == 0:
        return []
    others = [(i + 1) % COUNT, (i + 1024) % COUNT, (i * 7) % COUNT, 0, COUNT + i]
    return [related(KINDS[(i + k) % len(KINDS)], name(other)) for k, other in enumerate(others)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    store = tmp_path_factory.mktemp("detail") / "related.db"
    run("import", "--store", store, "--quiet", "-", input=lines(
        resource(i, relatedIdentifiers=relations(i), state="draft" if i % 50 == 7 else "findable",
                 updated=f"{2000 + i % 24}-05-01T00:00:00Z")
        for i in range(COUNT)).encode())
    with serving(store) as running:
        yield running


def test_relationships(server):
    seen = listed = 0
    target = "/dois?page[size]=1000&detail=true&disable-facets=true&page[cursor]=1"
    while target:
        page = server.json(target)
        for item in page["data"]:
            listed += 1
            if listed % 17 and item["id"] != name(0):
                continue
            one = server.json(f"/dois/{item['id']}")["data"]
            media = one["relationships"].pop("media")
            assert media["data"]["id"] == item["id"]
            assert item["relationships"] == one["relationships"]
            for attribute in ("citationsOverTime", "citationCount", "partCount", "versionCount"):
                assert item["attributes"][attribute] == one["attributes"][attribute]
            seen += any(value["data"] for key, value in item["relationships"].items()
                        if key not in ("client", "provider"))
        target = page["links"].get("next")
        target = target and target.split(server.base)[1]
    drafts = sum(i % 50 == 7 for i in range(COUNT))
    assert listed == COUNT - drafts and seen > 40


def test_what_a_page_shows_does_not_depend_on_the_page(server):
    def items(query):
        page = server.json(f"/dois?detail=true&disable-facets=true&sort=name&{query}")["data"]
        return {item["id"]: json.dumps(item) for item in page}
    large = items("page[size]=1000")
    for number in (1, 7, 40):
        small = items(f"page[size]=25&page[number]={number}")
        assert len(small) == 25 and all(large[doi] == item for doi, item in small.items())
