"""Records that nobody should write: each is kept whole or refused with its line, and what is kept can be read again."""

import gzip
import json
import os
import resource as limits
import subprocess
import threading
from urllib.parse import quote

import pytest

from conftest import BINARY, run, serving
from records import lines, resource

ODD = ["\0", "a\0b", "\ud800", "\udfff\ud800", "", None, [], {}, [None], [[]], [{}], {"": None}, -1, 10**400, 1e308, -0.0, True,
       "x" * 70_000, "\uffff", "\u202e", "9" * 500, [[[[]]]], {"a": {"b": {"c": []}}}, "2020-99-99T99:99:99Z", "-99999-01-01",
       "9999999999-01-01T00:00:00Z"]

MORE = {
    "contributors": [{"name": "x", "contributorType": "Other"}], "dates": [{"date": "2020", "dateType": "Issued"}],
    "language": "en", "sizes": ["1"], "formats": ["a"],
    "rightsList": [{"rights": "r", "rightsUri": "u", "rightsIdentifier": "cc-by-4.0"}],
    "geoLocations": [{"geoLocationPlace": "p", "geoLocationPoint": {"pointLatitude": 1, "pointLongitude": 2}}],
    "fundingReferences": [{"funderName": "f", "awardTitle": "t"}],
    "identifiers": [{"identifier": "i", "identifierType": "t"}],
    "relatedIdentifiers": [{"relatedIdentifier": "10.5072/x", "relatedIdentifierType": "DOI", "relationType": "Cites"}],
    "relatedItems": [{"titles": [{"title": "t"}], "relationType": "Cites", "relatedItemType": "Book"}],
    "container": {"title": "t"}, "contentUrl": "u", "version": "1", "reason": "r", "source": "s", "xml": "PD94", "isActive": True,
    "viewCount": 1, "citationCount": 1, "downloadCount": 1, "landingPage": {}, "metadataVersion": 1,
    "viewsOverTime": [{"yearMonth": "2020-01", "total": 1}], "published": "2020",
}


def filled(shape, value):
    """The same shape with every leaf replaced."""
    if isinstance(shape, dict):
        return {key: filled(item, value) for key, item in shape.items()}
    if isinstance(shape, list):
        return [filled(item, value) for item in shape]
    return value


def odd_records():
    number = 0
    full = {**resource(0)["attributes"], **MORE}
    for name, usual in full.items():
        for value in ODD:
            for changed in [value] + ([filled(usual, value)] if isinstance(usual, (dict, list)) else []):
                item = resource(number)
                item["attributes"] = {**full, "doi": item["id"], name: changed}
                yield item
                number += 1
    for value in ODD:
        for name in ("id", "type", "attributes", "relationships"):
            yield {**resource(number), name: value}
            number += 1
        for name in ("client", "provider"):
            for changed in (value, {"data": value}, {"data": {"id": value, "type": "clients"}}):
                item = resource(number)
                item["relationships"][name] = changed
                yield item
                number += 1


def test_odd_values_in_every_attribute(tmp_path):
    store, given = tmp_path / "s.db", "".join(json.dumps(item) + "\n" for item in odd_records())
    done = run("import", "--store", store, "--quiet", "-", input=given.encode(), check=False)
    assert done.returncode == 1, done.stderr[-2000:]
    run("status", "--store", store, "--check")
    kept = [json.loads(line) for line in run("export", "--store", store, "--format", "jsonl").stdout.splitlines()]
    assert len(kept) > 1000
    again = tmp_path / "again.db"
    run("import", "--store", again, "--quiet", "-", input=run("export", "--store", store).stdout)
    assert len(run("export", "--store", again).stdout.splitlines()) == len(kept)
    with serving(store) as server:
        for shape in ("", "&detail=true&affiliation=true&publisher=true", "&sort=title", "&sort=-view-count", "&sort=published"):
            seen, target = [], f"/dois?page[size]=500{shape}"
            while target:
                page = server.json(target)
                seen += [item["id"] for item in page["data"]]
                target = page["links"].get("next", "").removeprefix(server.base)
            assert len(seen) == len(set(seen)) == page["meta"]["total"], shape


@pytest.mark.parametrize("number, written", [("1.", 1), ("1.e2", 100), ("-.5", -0.5), ("-01.5", -1.5), ("1e400", float("inf"))])
def test_numbers_stay_json(tmp_path, number, written):
    store, place = tmp_path / "s.db", json.dumps(resource(1, geoLocations=[{"geoLocationPoint": {"pointLatitude": "HERE"}}]))
    run("import", "--store", store, "--quiet", "-", input=place.replace('"HERE"', number).encode())
    text = run("export", "--store", store, "--format", "jsonl").stdout
    subprocess.run(["jq", "."], input=text, check=True, capture_output=True) if os.path.exists("/usr/bin/jq") else None
    assert json.loads(text)["attributes"]["geoLocations"][0]["geoLocationPoint"]["pointLatitude"] == written


def test_one_record_in_a_thousand_forms(tmp_path):
    """Versions are 1 to n without a gap, whatever worker prepared them."""
    store = tmp_path / "s.db"
    forms = [resource(number % 3, titles=[{"title": f"t{number}"}], version=str(number),
                      subjects=[{"subject": str(number % 7)}] * (number % 5)) for number in range(3000)]
    run("import", "--store", store, "--quiet", "-", input=lines(forms).encode())
    run("status", "--store", store, "--check")
    for number in range(3):
        text = run("activities", "--store", store, "--all", "--json", f"10.5072/rec-{number:05}").stdout
        versions = [item["attributes"]["version"] for item in json.loads(text)["data"]]
        assert sorted(versions) == list(range(1, 1001))
        last = json.loads(run("get", "--store", store, "--json", f"10.5072/rec-{number:05}").stdout)
        assert last["data"]["attributes"]["version"] == str(2997 + number)


def test_odd_dois(tmp_path):
    store = tmp_path / "s.db"
    dois = ["10.5072/%", "10.5072/%41", "10.5072/\"q\"", "10.5072/<b>&amp;", "10.5072/ü", "10.5072/\u0130", "10.5072/e\u0301",
            "10.5072/" + "a" * 2000, "10.5072/?q=1", "10.5072/#f", "10.5072//", "10.5072/..", "10.5072/a/b/c", "10.5072/a,b",
            "10.5072/a+b", "10.5072/x/activities", "10.5072/'--", "10.5072/\\"]
    items = []
    for doi in dois:
        item = resource(1)
        item["id"] = item["attributes"]["doi"] = doi
        items.append(item)
    run("import", "--store", store, "--quiet", "-", input=lines(items).encode())
    run("status", "--store", store, "--check")
    with serving(store) as server:
        listed = {item["id"] for item in server.json("/dois?page[size]=100")["data"]}
        assert len(listed) == len(dois)
        for doi in listed - {"10.5072/x/activities", "10.5072//", "10.5072/.."}:
            assert server.json("/dois/" + quote(doi, safe=""))["data"]["id"] == doi
        assert len(server.json("/activities?page[size]=100")["data"]) == len(dois)


def test_large_records(tmp_path):
    store = tmp_path / "s.db"
    large = [resource(1, titles=[{"title": "x" * 10_000_000}]),
             resource(2, subjects=[{"subject": f"s{number}"} for number in range(30_000)]),
             resource(3, relatedIdentifiers=[{"relatedIdentifier": f"10.5072/r{number}", "relatedIdentifierType": "DOI",
                                              "relationType": "Cites"} for number in range(30_000)])]
    deep = json.dumps(resource(4)).replace('"Dataset"', "[" * 100_000 + "]" * 100_000)
    done = run("import", "--store", store, "--quiet", "-", input=(deep + "\n" + lines(large)).encode(), check=False)
    assert done.returncode == 1 and b"too deep" in done.stderr
    run("status", "--store", store, "--check")
    assert len(run("export", "--store", store, "--format", "jsonl").stdout.splitlines()) == 3


@pytest.mark.parametrize("percent", [0, 1, 10, 50, 90, 99])
def test_truncated_gzip(tmp_path, percent):
    store, path = tmp_path / "s.db", tmp_path / "t.gz"
    packed = gzip.compress(lines(resource(number) for number in range(300)).encode())
    path.write_bytes(packed[:len(packed) * percent // 100])
    done = run("import", "--store", store, path, check=False)
    assert done.returncode == (1 if percent else 0)
    assert percent == 0 or b"ends too early" in done.stderr
    run("status", "--store", store, "--check")


def test_bombs_and_pipes(tmp_path):
    """300 MB of brackets in 300 KB: refused in bounded memory. And a FIFO is a file like any other."""
    store, path, fifo = tmp_path / "s.db", tmp_path / "b.gz", tmp_path / "fifo"
    path.write_bytes(gzip.compress(b"\0" * 300_000_000, 1))

    def bounded():
        if b"__asan_init" not in BINARY.read_bytes():
            limits.setrlimit(limits.RLIMIT_DATA, (600_000_000, 600_000_000))

    done = run("import", "--store", store, path, check=False, preexec_fn=bounded)
    assert done.returncode == 1 and b"must be a JSON object" in done.stderr, done.stderr
    os.mkfifo(fifo)
    feeder = threading.Thread(target=lambda: fifo.write_text(lines(resource(number) for number in range(50))))
    feeder.start()
    run("import", "--store", store, "--quiet", fifo)
    feeder.join()
    assert len(run("export", "--store", store).stdout.splitlines()) >= 50
