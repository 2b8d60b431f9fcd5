"""The sample catalogue: every record against the facts it was made from. Needs no server."""

import json
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "tcia"
SPDX = {
    "CC BY 3.0": "cc-by-3.0",
    "CC BY 4.0": "cc-by-4.0",
    "CC BY-NC 3.0": "cc-by-nc-3.0",
    "CC BY-NC 4.0": "cc-by-nc-4.0",
}


def lines(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


FACTS = {fact["doi"]: fact for fact in lines("facts.jsonl")}
RESOURCES = lines("tcia.jsonl")
RECORDS = {item["id"]: item for item in RESOURCES if item["type"] == "dois"}


def test_accounts_come_first():
    assert [(item["type"], item["id"]) for item in RESOURCES[:2]] == [
        ("providers", "tciar"),
        ("clients", "nihnci.tcia"),
    ]
    prefixes = RESOURCES[1]["relationships"]["prefixes"]["data"]
    assert {item["id"] for item in prefixes} == {"10.7937", "10.25737"}


def test_every_fact_has_its_record():
    assert len(FACTS) == 298
    assert len(RESOURCES) == 2 + 298
    assert list(RECORDS) == sorted(FACTS)


@pytest.mark.parametrize("doi", sorted(FACTS))
def test_record(doi):
    fact, item = FACTS[doi], RECORDS[doi]
    attributes = item["attributes"]
    assert attributes["doi"] == item["id"] == doi == doi.lower()
    assert doi.split("/")[0] in ("10.7937", "10.25737")
    expected = [
        f"{author['family']}, {author['given']}" if "family" in author else author["name"]
        for author in fact["authors"]
    ]
    assert [creator["name"] for creator in attributes["creators"]] == expected
    assert attributes["titles"] == [{"title": fact["title"]}]
    assert attributes["publisher"]["name"] == "The Cancer Imaging Archive"
    assert attributes["publicationYear"] == fact["year"]
    assert attributes["types"]["resourceTypeGeneral"] == "Dataset"
    assert attributes["types"]["resourceType"] == fact["kind"]
    assert attributes["identifiers"] == [
        {"identifier": fact["name"], "identifierType": "TCIA Short Name"}
    ]
    assert attributes["version"] == fact["version"]
    assert [
        right.get("rightsIdentifier") or right["rights"] for right in attributes["rightsList"]
    ] == [SPDX.get(licence, licence) for licence in fact["licences"]]
    description = attributes["descriptions"][0]["description"]
    assert description.startswith(fact["name"]) and str(fact["subjects"]) in description
    assert ("shortened" in description) == fact["authorsShortened"]
    assert attributes["url"] == fact["page"]
    assert attributes["updated"][:10] == fact["updated"]
    assert attributes["created"][:4] == str(fact["year"])


@pytest.mark.parametrize("doi", sorted(FACTS))
def test_creators_have_their_shape(doi):
    for creator in RECORDS[doi]["attributes"]["creators"]:
        assert creator["affiliation"] == [] and creator["nameIdentifiers"] == []
        assert ("familyName" in creator) == ("givenName" in creator)
        assert creator["nameType"] == "Personal" or "familyName" not in creator


def test_two_versions_are_unknown():
    unknown = [doi for doi, item in RECORDS.items() if item["attributes"]["version"] is None]
    assert len(unknown) == 2


def test_licences_with_an_spdx_identifier_are_complete():
    keys = {"rights", "rightsUri", "schemeUri", "rightsIdentifier", "rightsIdentifierScheme"}
    for item in RECORDS.values():
        for right in item["attributes"]["rightsList"]:
            assert set(right) in (keys, {"rights"})


def test_derivation_stays_in_the_catalogue():
    relations = 0
    for doi, item in RECORDS.items():
        for related in item["attributes"]["relatedIdentifiers"]:
            relations += 1
            assert FACTS[doi]["kind"] == "Analysis Result"
            assert FACTS[related["relatedIdentifier"]]["kind"] == "Collection"
            assert related["relatedIdentifier"] in FACTS[doi]["related"]
            assert related["relationType"] == "IsDerivedFrom"
    assert relations > 2000


def test_made_again_it_is_the_same(tmp_path):
    target = tmp_path / "tcia.jsonl"
    script = str(ROOT / "tools" / "make-catalogue")
    subprocess.run([sys.executable, script, str(target)], check=True)
    assert target.read_bytes() == (FOLDER / "tcia.jsonl").read_bytes()
