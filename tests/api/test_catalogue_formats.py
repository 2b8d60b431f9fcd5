"""The whole sample catalogue in every format, each read by a tool that was made for it."""

import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree as xml

import bibtexparser
import pyld.jsonld
import pytest
from conftest import run

DATASETS = 298


def export(store, name):
    return run("export", "--store", store, "--format", name).stdout


@pytest.fixture(scope="module")
def some(sample_store):
    """Every tenth DOI: where one process per record is the price of a look."""
    dois = run("export", "--store", sample_store, "--format", "doi").stdout.decode().split()
    return dois[::10]


def split_xml(text):
    return [b"<?xml" + part for part in text.split(b"<?xml")[1:]]


@pytest.mark.parametrize("name", ["datacite", "jats"])
def test_xml_is_well_formed(sample_store, tmp_path, name):
    parts = split_xml(export(sample_store, name))
    assert len(parts) == DATASETS
    files = []
    for i, part in enumerate(parts):
        files.append(tmp_path / f"{i}.xml")
        files[-1].write_bytes(part)
    done = subprocess.run(["xmllint", "--noout", "--nonet", *files], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_datacite_xml_is_valid(sample_store, tmp_path):
    path = tmp_path / "one.xml"
    for part in split_xml(export(sample_store, "datacite"))[::10]:
        path.write_bytes(part)
        done = run("validate", path, check=False)
        assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize(
    "name", ["datacite_json", "crosscite", "schema_org", "codemeta", "citeproc", "croissant"])
def test_json_is_one_list(sample_store, name):
    records = json.loads(export(sample_store, name))
    assert len(records) == DATASETS
    assert all(isinstance(record, dict) and record for record in records)


@pytest.mark.parametrize("name", ["schema_org", "croissant", "codemeta"])
def test_json_ld_expands(sample_store, name):
    def load(url, _options):
        return {"contextUrl": None, "documentUrl": url,
                "document": {"@context": {"@vocab": "http://schema.org/"}}}

    for record in json.loads(export(sample_store, name)):
        expanded = pyld.jsonld.expand(record, {"documentLoader": load})
        assert len(expanded) == 1
        assert any(key.startswith("http") and key.endswith("/name") for key in expanded[0])


def test_bibtex_is_read(sample_store):
    text = export(sample_store, "bibtex").decode()
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    entries = bibtexparser.loads(text, parser).entries
    assert len(entries) == DATASETS
    for entry in entries:
        assert entry["doi"].lower() in entry["ID"].lower()
        assert {"title", "author", "publisher", "year", "url"} <= entry.keys()


def test_ris_has_its_line_ends(sample_store):
    text = export(sample_store, "ris")
    records = text.split(b"\n\nTY  - ")
    assert len(records) == DATASETS
    for record in text.decode().split("\n\n"):
        lines = record.rstrip("\n").split("\r\n")
        assert lines[0].startswith("TY  - ")
        assert lines[-1] == "ER  - "
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines)


def test_csv_is_read(sample_store):
    rows = list(csv.DictReader(io.StringIO(export(sample_store, "csv").decode(), newline="")))
    assert len(rows) == DATASETS
    assert all(row["doi"] and row["title"] and row["publicationYear"].isdigit() for row in rows)


def count_triples(text, syntax):
    done = subprocess.run(["rapper", "-q", "-i", syntax, "-o", "ntriples", "-", "http://local/"],
                          input=text, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()[:2000]
    return len(done.stdout.splitlines())


def test_rdf_is_parsed_and_the_same(sample_store, some):
    for doi in some:
        turtle, rdf_xml = (run("get", "--store", sample_store, "--format", name, doi).stdout
                           for name in ("turtle", "rdf_xml"))
        assert xml.fromstring(rdf_xml).tag.endswith("}RDF")
        assert count_triples(turtle, "turtle") == count_triples(rdf_xml, "rdfxml") > 10


def test_all_of_turtle_at_once(sample_store):
    assert count_triples(export(sample_store, "turtle"), "turtle") > 10 * DATASETS


def test_citations_end_with_the_doi(sample_store):
    citations = export(sample_store, "citation").decode().split("\n\n")
    assert len(citations) == DATASETS
    assert all(re.search(r"https://doi\.org/10\.\S+$", citation.strip()) for citation in citations)
