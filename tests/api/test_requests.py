"""The requests that TCIA's wiki teaches, and walking the whole catalogue."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

DOI = "10.7937/s17z-r072"
TOTAL = 298

ATTRIBUTES = (
    "doi identifiers creators titles publisher container publicationYear subjects contributors dates"
    " language types relatedIdentifiers relatedItems sizes formats version rightsList descriptions"
    " geoLocations fundingReferences url contentUrl metadataVersion schemaVersion source isActive"
    " state reason viewCount downloadCount referenceCount citationCount partCount partOfCount"
    " versionCount versionOfCount created registered published updated"
).split()
SINGLE = (
    "doi prefix suffix identifiers alternateIdentifiers creators titles publisher container"
    " publicationYear subjects contributors dates language types relatedIdentifiers relatedItems"
    " sizes formats version rightsList descriptions geoLocations fundingReferences xml url"
    " contentUrl metadataVersion schemaVersion source isActive state reason viewCount"
    " viewsOverTime downloadCount downloadsOverTime referenceCount citationCount"
    " citationsOverTime partCount partOfCount versionCount versionOfCount created registered"
    " published updated"
).split()


@pytest.fixture(scope="module")
def facts():
    lines = Path(ROOT / "data/tcia/facts.jsonl").read_text(encoding="utf-8").splitlines()
    return {fact["doi"]: fact for fact in map(json.loads, lines)}


def test_one_doi(server):
    document = server.json(f"/dois/{DOI}")
    assert list(document) == ["data"]
    data = document["data"]
    assert list(data) == ["id", "type", "attributes", "relationships"]
    assert (data["id"], data["type"]) == (DOI, "dois")
    attributes = data["attributes"]
    assert list(attributes) == SINGLE
    assert attributes["doi"] == DOI
    assert (attributes["prefix"], attributes["suffix"]) == ("10.7937", "s17z-r072")
    assert attributes["titles"] == [
        {"title": "A DICOM dataset for evaluation of medical image de-identification"}
    ]
    assert attributes["creators"][0]["name"] == "Rutherford, M."
    assert attributes["creators"][0]["affiliation"] == []
    assert len(attributes["creators"]) == 10
    assert attributes["publisher"] == "The Cancer Imaging Archive"
    assert attributes["publicationYear"] == 2020
    assert attributes["types"]["resourceTypeGeneral"] == "Dataset"
    short_name = {"identifier": "Pseudo-PHI-DICOM-Data", "identifierType": "TCIA Short Name"}
    assert attributes["identifiers"] == [short_name]
    assert attributes["alternateIdentifiers"] == [
        {"alternateIdentifierType": "TCIA Short Name",
         "alternateIdentifier": "Pseudo-PHI-DICOM-Data"}
    ]
    assert attributes["version"] == "2"
    assert attributes["rightsList"][0]["rightsIdentifier"] == "cc-by-4.0"
    assert attributes["descriptions"][0]["descriptionType"] == "Abstract"
    assert attributes["published"] == "2020"
    assert attributes["updated"] == "2021-04-07T00:00:00.000Z"
    assert attributes["state"] == "findable"
    assert list(data["relationships"]) == [
        "client", "provider", "media", "references", "citations", "parts", "partOf", "versions",
        "versionOf",
    ]
    assert data["relationships"]["client"] == {"data": {"id": "nihnci.tcia", "type": "clients"}}
    assert data["relationships"]["provider"] == {"data": {"id": "tciar", "type": "providers"}}
    assert data["relationships"]["media"] == {"data": {"id": DOI, "type": "media"}}


def test_list_of_a_provider(server):
    document = server.json("/dois?provider-id=tciar")
    assert list(document) == ["data", "meta", "links"]
    assert len(document["data"]) == 25
    assert (document["meta"]["total"], document["meta"]["totalPages"], document["meta"]["page"]) \
        == (TOTAL, 12, 1)
    for item in document["data"]:
        assert list(item["attributes"]) == ATTRIBUTES
        assert list(item["relationships"]) == ["client"]
        assert item["attributes"]["published"] is None
        assert item["attributes"]["updated"].endswith(":00Z")
    times = [item["attributes"]["updated"] for item in document["data"]]
    assert times == sorted(times, reverse=True)


def test_page_of_five(server):
    document = server.json("/dois?provider-id=tciar&page[size]=5")
    assert len(document["data"]) == 5
    assert document["meta"]["totalPages"] == 60
    assert document["links"] == {
        "self": f"{server.base}/dois?provider-id=tciar&page[size]=5",
        "next": f"{server.base}/dois?page%5Bnumber%5D=2&page%5Bsize%5D=5&provider-id=tciar",
    }


def test_nested_route(server):
    document = server.json("/providers/tciar/dois?page[size]=5")
    assert len(document["data"]) == 5
    assert document["meta"]["total"] == TOTAL
    assert document["links"] == {
        "self": f"{server.base}/providers/tciar/dois?page[size]=5",
        "next": f"{server.base}/dois?page%5Bnumber%5D=2&page%5Bsize%5D=5&provider-id=tciar",
    }


def test_activities_of_a_doi(server):
    document = server.json(f"/dois/{DOI}/activities")
    assert document["meta"] == {"total": 1, "totalPages": 1, "page": 1}
    activity = document["data"][0]
    assert activity["type"] == "activities"
    attributes = activity["attributes"]
    assert list(attributes) == [
        "prov:wasGeneratedBy", "prov:generatedAtTime", "prov:wasDerivedFrom",
        "prov:wasAttributedTo", "action", "version", "changes",
    ]
    assert attributes["prov:wasGeneratedBy"] == f"{server.base}/activities/{activity['id']}"
    assert attributes["prov:wasDerivedFrom"] == f"https://doi.org/{DOI}"
    assert attributes["prov:wasAttributedTo"] == f"{server.base}/repositories/nihnci.tcia"
    assert (attributes["action"], attributes["version"]) == ("create", 1)
    changes = attributes["changes"]
    assert changes["doi"] == DOI.upper()
    assert changes["aasm_state"] == "findable"
    assert list(changes)[-1] == "publisher"
    assert changes["publisher"] == "The Cancer Imaging Archive"
    keys = list(changes)[:-1]
    assert keys == sorted(keys, key=lambda key: (len(key), key))
    assert len(changes) == 28
    single = server.json(f"/activities/{activity['id']}")["data"]
    assert single["id"] == activity["id"]
    assert single["attributes"]["prov:generatedAtTime"].endswith("Z")
    assert "." in single["attributes"]["prov:generatedAtTime"]


def walk(server, target):
    dois, pages = [], 0
    while target:
        document = server.json(target)
        dois += [item["id"] for item in document["data"]]
        target = document["links"].get("next", "").replace(server.base, "")
        pages += 1
        assert pages < 1000, "paging does not end"
    return dois


@pytest.mark.parametrize("size", [1000, 298, 100, 7])
def test_walk_by_number(server, size):
    dois = walk(server, f"/dois?provider-id=tciar&disable-facets=true&page[size]={size}")
    assert len(dois) == len(set(dois)) == TOTAL


@pytest.mark.parametrize("size", [1000, 149, 100, 7])
def test_walk_by_cursor(server, size):
    dois = walk(server, f"/dois?client-id=nihnci.tcia&page[cursor]=1&page[size]={size}")
    assert len(dois) == len(set(dois)) == TOTAL


def test_ten_properties_of_every_record(server, facts):
    document = server.json("/dois?client-id=nihnci.tcia&page[size]=1000&disable-facets=true")
    assert len(document["data"]) == len(facts) == TOTAL
    for item in document["data"]:
        fact, attributes = facts[item["id"]], item["attributes"]
        assert attributes["doi"] == fact["doi"]
        assert [title["title"] for title in attributes["titles"]] == [fact["title"]]
        assert [creator.get("familyName", creator["name"]) for creator in attributes["creators"]] \
            == [author.get("family") or author["name"] for author in fact["authors"]]
        assert attributes["publisher"] == "The Cancer Imaging Archive"
        assert attributes["publicationYear"] == fact["year"]
        assert attributes["types"]["resourceTypeGeneral"] == "Dataset"
        assert attributes["identifiers"][0]["identifier"] == fact["name"]
        assert attributes["version"] == fact["version"]
        assert len(attributes["rightsList"]) == len(fact["licences"]) > 0
        assert attributes["descriptions"][0]["description"]


def test_default_facets(server):
    meta = server.json("/dois?client-id=nihnci.tcia&page[size]=0")["meta"]
    assert list(meta)[:4] == ["total", "totalPages", "page", "states"]
    assert list(meta)[3:] == [
        "states", "resourceTypes", "created", "published", "registered", "providers", "clients",
        "affiliations", "prefixes", "certificates", "licenses", "schemaVersions",
        "linkChecksStatus", "subjects", "fieldsOfScience", "citations", "views", "downloads",
    ]
    assert meta["totalPages"] == 0
    assert meta["states"] == [{"id": "findable", "title": "Findable", "count": TOTAL}]
    assert meta["resourceTypes"] == [{"id": "dataset", "title": "Dataset", "count": TOTAL}]
    assert meta["clients"] == [
        {"id": "nihnci.tcia", "title": "The Cancer Imaging Archive", "count": TOTAL}
    ]
    assert meta["providers"][0]["id"] == "tciar"
    assert meta["prefixes"] == [
        {"id": "10.7937", "title": "10.7937", "count": 296},
        {"id": "10.25737", "title": "10.25737", "count": 2},
    ]
    assert sum(bucket["count"] for bucket in meta["published"]) == TOTAL
    assert [bucket["id"] for bucket in meta["published"]] \
        == sorted((bucket["id"] for bucket in meta["published"]), reverse=True)
    counts = [bucket["count"] for bucket in meta["subjects"]]
    assert len(counts) == 10 and counts == sorted(counts, reverse=True)
    assert meta["schemaVersions"] == [{"id": "4", "title": "Schema 4", "count": TOTAL}]
    assert meta["certificates"] == [] and meta["linkChecksStatus"] == []


def test_disabled_and_chosen_facets(server):
    assert list(server.json("/dois?disable-facets=true")["meta"]) == ["total", "totalPages", "page"]
    chosen = server.json("/dois?facets=prefixes,%20resource_types,createdByMonth,nonsense")["meta"]
    assert list(chosen)[3:] == ["resourceTypes", "prefixes"]
    none = server.json("/dois?facets=")["meta"]
    assert list(none)[3:] == []
    empty = server.json("/dois?client-id=nobody.here")
    assert empty["data"] == [] and empty["meta"]["total"] == 0
    assert list(empty["meta"]) == ["total", "totalPages", "page"]
    assert "next" not in empty["links"]
