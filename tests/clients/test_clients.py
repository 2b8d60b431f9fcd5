"""Other people's clients against doihound with the sample catalogue.

With DOIHOUND_CLIENTS=1 only: makes a virtual environment under build/ and installs them from PyPI.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from conftest import run, sample_store, server  # the API tests' fixtures  # noqa: E402, F401

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VENV = ROOT / "build" / "clients"
LIDC = "10.7937/k9/tcia.2015.lo9ql9sx"

network = pytest.mark.skipif(
    os.environ.get("DOIHOUND_CLIENTS") != "1", reason="needs the network: set DOIHOUND_CLIENTS=1"
)


def pip(*packages):
    return subprocess.run(
        [VENV / "bin" / "pip", "install", "-q", *packages], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def clients():
    """The environment's Python. datacitekit is not on PyPI; it is used when its repository answers."""
    if not (VENV / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    done = pip("-r", str(HERE / "requirements.txt"))
    assert done.returncode == 0, done.stderr
    return VENV / "bin" / "python"


def ask(python, server, client):
    done = subprocess.run(
        [python, HERE / "ask.py", server.base, client], capture_output=True, text=True, timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def facts():
    text = (ROOT / "data" / "tcia" / "facts.jsonl").read_text(encoding="utf-8")
    return {fact["doi"]: fact for fact in map(json.loads, text.splitlines())}


@network
def test_tcia_utils(clients, server, sample_store):
    answer, known = ask(clients, server, "tcia_utils"), facts()
    assert answer["rows"] == answer["total"] == answer["data"] == len(known) == 298
    assert answer["columns"][:4] == ["DOI", "Identifier", "CreatorNames", "Title"]
    header, *lines = answer["csv"].splitlines()
    assert header == "," + ",".join(answer["columns"])
    exported = run("export", "--store", sample_store, "--client-id", "nihnci.tcia", "--preset", "tcia").stdout
    assert exported.decode().splitlines()[0] == header
    # the same rows in another order, and so with other numbers
    assert sorted(line.split(",", 1)[-1] for line in exported.decode().splitlines()[1:]) \
        == sorted(line.split(",", 1)[-1] for line in lines)
    row, fact = answer["lidc"], known[LIDC]
    assert row["Identifier"] == fact["name"] == "LIDC-IDRI"
    assert row["Title"] == fact["title"]
    assert row["Version"] == fact["version"]
    assert row["CreatorNames"].startswith(
        f"{fact['authors'][0]['given']} {fact['authors'][0]['family']}; "
    )
    assert row["Rights"] == "Creative Commons Attribution 3.0 Unported"
    assert row["RightsURI"] == "https://creativecommons.org/licenses/by/3.0/legalcode"
    assert row["Description"].startswith("LIDC-IDRI is a collection")
    assert row["URL"] == fact["page"]
    assert row["Updated"][:10] == fact["updated"]
    assert answer["types"] == ["IsDerivedFrom"]
    assert answer["relations"] > 2000


@network
def test_derived_of_tcia_utils(clients, server):
    """It still asks /works, which DataCite took away in 2026."""
    answer = ask(clients, server, "derived")
    for doi, found in answer["found"].items():
        expected = sorted(
            fact["doi"] for fact in facts().values()
            if fact["kind"] == "Analysis Result" and doi.lower() in fact["related"]
        )
        assert found == expected
    counts = [len(found) for found in answer["found"].values()]
    assert min(counts) > 30 and len(set(counts)) == 3
    assert len(answer["titles"]) == sum(counts)
    assert answer["lines"] > counts[0]


@network
def test_datacite(clients, server):
    answer, fact = ask(clients, server, "datacite"), facts()[LIDC]
    assert answer["url"] == fact["page"]
    assert answer["metadata"]["doi"] == LIDC
    assert answer["metadata"]["titles"] == [{"title": fact["title"]}]
    assert answer["missing"] == "DataCiteNotFoundError"


@network
def test_datacitekit(clients, server):
    if pip("git+https://github.com/datacite/datacitekit").returncode != 0:
        pytest.skip("the repository of datacitekit does not answer")
    answer = ask(clients, server, "datacitekit")
    assert len(answer) == len(set(answer)) == 298


def test_requests_of_datacitekit(server):
    """The pages that it asks for, as it asks for them, whether or not it can be installed."""
    seen, page, pages = [], 1, 1
    while page <= pages:
        document = server.json(
            "/dois/?query=&disable_facets=true&include-other-registration-agencies=true"
            f"&page%5Bsize%5D=100&page%5Bnumber%5D={page}"
            "&fields%5Bdois%5D=doi%2Ctypes%2CrelatedIdentifiers"
        )
        pages = document["meta"]["totalPages"]
        seen += [item["id"] for item in document["data"]]
        assert set(document["data"][0]["attributes"]) == {"doi", "types", "relatedIdentifiers"}
        page += 1
    assert sorted(seen) == sorted(facts())
