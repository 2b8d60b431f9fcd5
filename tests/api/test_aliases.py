"""The older names of resources: today's clients still call them."""

import pytest


@pytest.mark.parametrize("old, new", [
    ("/works", "/dois"), ("/works/10.7937/s17z-r072", "/dois/10.7937/s17z-r072"),
    ("/works?prefix=10.25737&sort=name", "/dois?prefix=10.25737&sort=name"),
    ("/members", "/providers"), ("/members/tciar", "/providers/tciar"),
    ("/data-centers", "/clients"), ("/data-centers/nihnci.tcia", "/clients/nihnci.tcia"),
])
def test_older_names_answer_alike(server, old, new):
    before, after = server.json(old), server.json(new)
    if "links" in before:
        assert before["links"].pop("self") == f"{server.base}{old}"
        assert after["links"].pop("self") == f"{server.base}{new}"
    assert before == after


def test_what_is_not_there(server):
    for path in ("/works/10.9999/none", "/members/none", "/data-centers/none.none"):
        assert server.get(path).status == 404


def test_rows_is_the_page_size(server):
    assert len(server.json("/works?rows=7")["data"]) == 7
    assert len(server.json("/works?rows=1000")["data"]) == 298
    assert len(server.json("/works?rows=9999")["data"]) == 298
    assert len(server.json("/works?rows=7&page[size]=3")["data"]) == 3
    assert len(server.json("/works?rows=")["data"]) == 25
    assert server.json("/works?rows=0")["data"] == []
    for query in ("rows=7", "page[size]=7"):
        document = server.json(f"/works?{query}")
        assert document["links"]["next"] == \
            f"{server.base}/dois?page%5Bnumber%5D=2&page%5Bsize%5D=7"
        assert document["meta"]["totalPages"] == 43


def test_pages_of_an_older_name_go_on(server):
    seen, target = [], "/works?rows=100&sort=name"
    while target:
        document = server.json(target)
        seen += [item["id"] for item in document["data"]]
        target = document["links"].get("next", "").removeprefix(server.base)
    assert len(set(seen)) == len(seen) == 298


@pytest.mark.parametrize("size", ["rows=1000", "page[size]=1000"])
def test_what_is_derived_from_a_collection(server, size):
    """The question that TCIA's tools ask, as they ask it: an unquoted DOI in mixed case."""
    collection = "10.7937/K9/TCIA.2015.LO9QL9SX"
    derived = server.json("/works?query=relatedIdentifiers.relatedIdentifierType:DOI%20AND%20"
                          f"relatedIdentifiers.relatedIdentifier:{collection}%20AND%20"
                          f"relatedIdentifiers.relationType:IsDerivedFrom&{size}")
    exact = server.json(f"/events?obj-id={collection}&relation-type-id=is-derived-from"
                        "&page[size]=1000")
    stated = {event["attributes"]["subj-id"].removeprefix("https://doi.org/")
              for event in exact["data"]}
    assert stated and stated <= {item["id"] for item in derived["data"]}
    first = derived["data"][0]["attributes"]
    assert first["doi"] and first["titles"][0]["title"] and first["publisher"]
