"""Recorded answers of the DataCite REST API against ours, body by body.

Runs when DOIHOUND_REFERENCE names a folder with api-single.jsonl: bodies of
GET /dois/{doi}?include=client,media, one per line.
"""

import collections
import json
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import run, serving

FOLDER = os.environ.get("DOIHOUND_REFERENCE")
pytestmark = pytest.mark.skipif(not FOLDER, reason="DOIHOUND_REFERENCE is not set")

ABSENT = "absent"
RELATIONS = "references citations parts partOf versions versionOf".split()


def in_store(recorded, ours, dois):
    return ours == [link for link in recorded if link["id"] in dois]


def same_number(recorded, ours, _):
    return isinstance(recorded, str) and float(recorded) == ours


def reordered(recorded, ours, _):
    return recorded == ours and list(recorded) != list(ours)


def sorted_links(recorded, ours, _):
    return ours == sorted(recorded, key=lambda link: link["id"])


# Every difference that is allowed: path, what must hold of both values, reason.
ALLOWED = [
    (r"data\.attributes\.relatedItems", lambda a, b, _: a is ABSENT and b == [],
     "recorded before the API had the attribute"),
    (rf"data\.relationships\.({'|'.join(RELATIONS)})\.data", in_store,
     "relations are shown to records of the store only"),
    (r"data\.attributes\.geoLocations\[\d+\]\.geoLocation(Box|Point)\.\w+", same_number,
     "a coordinate that came as text is kept as the number it says"),
    (r"data\.attributes\.container", reordered,
     "members of a derived container come in the order of today's API, recorded by length"),
    (r"included\[\d+\]", lambda a, b, _: a["type"] == "media" and b is ABSENT,
     "media are not kept"),
    (r"included\[\d+\]\.attributes\.(issn|language)",
     lambda a, b, _: a in (None, []) and b in ([], {}),
     "no value was null, today it is the empty object or array"),
    (r"included\[\d+\]\.relationships\.prefixes\.data", sorted_links, "prefixes come by name"),
    (r"included\[\d+\]\.relationships\.consortium\.data\.id", lambda a, b, _: b == a.lower(),
     "ids of consortia are lower case"),
]


def differences(recorded, ours, path=""):
    """Yields (path, recorded, ours) where the two differ, the order of members included."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        shared = [key for key in recorded if key in ours]
        if shared != [key for key in ours if key in recorded]:
            yield path, recorded, ours
        for key in dict.fromkeys([*recorded, *ours]):
            yield from differences(recorded.get(key, ABSENT), ours.get(key, ABSENT),
                                   f"{path}.{key}".lstrip("."))
    elif path.endswith(".data") and recorded != ours:
        yield path, recorded, ours
    elif isinstance(recorded, list) and isinstance(ours, list) \
            and (len(recorded) == len(ours) or path == "included"):
        for i in range(max(len(recorded), len(ours))):
            yield from differences(recorded[i] if i < len(recorded) else ABSENT,
                                   ours[i] if i < len(ours) else ABSENT, f"{path}[{i}]")
    elif type(recorded) is not type(ours) or recorded != ours:
        yield path, recorded, ours


def reason(path, recorded, ours, dois):
    for pattern, holds, why in ALLOWED:
        if re.fullmatch(pattern, path) and holds(recorded, ours, dois):
            return why
    return None


@pytest.fixture(scope="module")
def recordings():
    text = Path(FOLDER, "api-single.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("reference") / "store.db"
    run("import", "--store", path, "--quiet", Path(FOLDER, "api-single.jsonl"))
    return path


def bodies(path, recordings):
    with serving(path) as server:
        answers = {}
        for body in recordings:
            doi = body["data"]["id"]
            answer = server.get(f"/dois/{quote(doi, safe='')}?include=client,media")
            assert answer.status == 200, doi
            answers[doi] = answer.body
        return answers


def test_bodies_are_the_recorded_ones(store, recordings, capsys):
    dois = {body["data"]["id"] for body in recordings}
    ours, met, wrong = bodies(store, recordings), collections.Counter(), []
    for body in recordings:
        doi = body["data"]["id"]
        for difference in differences(body, json.loads(ours[doi])):
            why = reason(*difference, dois)
            met[why] += 1
            if not why:
                wrong.append((doi, *difference))
    with capsys.disabled():
        print(f"\n{len(ours)} bodies compared with the recordings")
        for why, count in met.items():
            print(f"  {count:4} {why}")
    assert len(ours) == len(recordings) > 0
    assert not wrong


def test_nested_objects_are_ordered_by_length(store, recordings):
    """Byte for byte where upstream keeps objects by the length of their keys."""
    names = ("creators", "titles", "contributors", "dates", "types", "relatedIdentifiers",
             "rightsList", "descriptions", "fundingReferences", "subjects", "identifiers")
    ours = bodies(store, recordings)
    for body in recordings:
        for name in names:
            value = body["data"]["attributes"].get(name)
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            for raw, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
                text = text.replace(raw, escape)
            assert f'"{name}":{text}'.encode() in ours[body["data"]["id"]], name


def test_lists_show_the_same(store, recordings):
    """With `detail` a list shows what a single record shows, but for times and media."""
    with serving(store) as server:
        items = server.json("/dois?detail=true&page[size]=1000&disable-facets=true")["data"]
    ours = {doi: json.loads(body)["data"] for doi, body in bodies(store, recordings).items()}
    assert {item["id"] for item in items} == set(ours)
    for item in items:
        single = ours[item["id"]]
        assert item["attributes"].pop("published") is None
        assert single["attributes"].pop("published")
        for name in ("created", "registered", "updated"):
            time = single["attributes"].pop(name)
            assert item["attributes"].pop(name) == (time and time.replace(".000Z", "Z"))
        assert item["attributes"] == single["attributes"]
        del single["relationships"]["media"]
        assert item["relationships"] == single["relationships"]


def test_export_and_import_change_nothing(store, recordings, tmp_path):
    before = bodies(store, recordings)
    for name in ("jsonl", "jsonl.gz", "jsonl.zst"):
        path = tmp_path / f"export.{name}"
        run("export", "--store", store, "--output", path)
        done = run("import", "--store", store, path)
        assert f"{len(recordings)} unchanged".encode() in done.stderr
        copy = tmp_path / f"{name}.db"
        run("import", "--store", copy, "--quiet", path)
        again = tmp_path / f"again.{name}"
        run("export", "--store", copy, "--output", again)
        assert again.read_bytes() == path.read_bytes() or not name.endswith("jsonl")
        after = bodies(copy, recordings)
        for doi, body in after.items():
            old, new = json.loads(before[doi]), json.loads(body)
            assert new["data"] == old["data"], doi
    assert bodies(store, recordings) == before
