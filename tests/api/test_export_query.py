"""Exports of what a query selects: the same records as lists and searches, in every format, whatever their number."""

import csv
import gzip
import io
import json
from urllib.parse import quote

import pytest

from conftest import ROOT, run
from records import lines, resource

USAGE = 2
MANY = 10_500  # more than an answer in pages may show
CATALOGUE = [item for item in map(json.loads, (ROOT / "data/tcia/tcia.jsonl").read_text(encoding="utf-8").splitlines())
             if item["type"] == "dois"]
QUERIES = [
    ([], "lung"),
    ([], "NOT titles.title:lung"),
    ([], "titles.title:(lung OR brain) -subjects.subject:ct"),
    ([], "lung^2 OR lun~"),
    ([], '"lung cancer"~2'),
    ([], r"a\ "),
    ([], "titles.title:lu?g* OR heart"),
    ([], "updated:[* TO 2022]"),
    ([], "*"),
    ([], " "),
    ([], "nothingatall"),
    (["--subject", "Lung", "--registered", "2019,2021"], "rightsList.rightsIdentifier:cc-by*"),
    (["--client-id", "nihnci.tcia", "--prefix", "10.7937", "--resource-type-id", "dataset"], "publicationYear:>2020"),
    (["--state", "findable", "--license", "cc-by-4.0"], "mri OR ct"),
]


def export(store, *args):
    return run("export", "--store", store, "--quiet", *args).stdout


def said(store, *args):
    done = run("export", "--store", store, "--quiet", *args, check=False)
    assert (done.returncode, done.stdout) == (USAGE, b"")
    return done.stderr.decode()


def oldest_first(items):
    return [item["id"] for item in sorted(items, key=lambda item: (item["attributes"]["created"], item["id"]))]


def listed(server, filters, query):
    """What the server lists, page by page."""
    pairs = "".join(f"&{name[2:]}={quote(value)}" for name, value in zip(filters[::2], filters[1::2]))
    found = []
    for page in range(1, 20):
        answer = server.json(f"/dois?query={quote(query)}{pairs}&page[size]=100&page[number]={page}"
                             "&include-other-registration-agencies=true&disable-facets=true")
        found += answer["data"]
        if len(found) >= answer["meta"]["total"]:
            break
    return found


@pytest.mark.parametrize("filters, query", QUERIES, ids=range(len(QUERIES)))
def test_export_gives_what_lists_give(sample_store, server, tmp_path, filters, query):
    found = listed(server, filters, query)
    expected = oldest_first(found)
    chosen = [*filters, "--query", query]
    assert export(sample_store, "--format", "doi", *chosen).decode().split() == expected
    records = [json.loads(line) for line in export(sample_store, *chosen).splitlines()]
    assert [item["id"] for item in records] == expected
    assert [row["doi"] for row in csv.DictReader(io.StringIO(
        export(sample_store, "--columns", "doi,titles.title", *chosen).decode()))] == expected
    run("export", "--store", sample_store, "--quiet", *chosen, "--data-file", tmp_path / "file")
    parts = [json.loads(line)["id"] for part in (tmp_path / "file").rglob("part_*.jsonl.gz")
             for line in gzip.decompress(part.read_bytes()).splitlines()]
    table = [row["doi"] for name in (tmp_path / "file").rglob("*.csv.gz")
             for row in csv.DictReader(io.StringIO(gzip.decompress(name.read_bytes()).decode()))]
    assert sorted(parts) == sorted(table) == sorted(expected)


def test_counts_of_the_catalogue(sample_store):
    """Counted without any of our code but the reader of JSON."""
    recent = [item for item in CATALOGUE if int(item["attributes"]["publicationYear"]) >= 2022]
    assert 10 < len(recent) < 290
    assert export(sample_store, "--query", "publicationYear:[2022 TO *]", "--format", "doi").decode().split() \
        == oldest_first(recent)
    open_ones = [item for item in CATALOGUE
                 if any(one.get("rightsIdentifier") == "cc-by-4.0" for one in item["attributes"]["rightsList"])]
    assert 10 < len(open_ones) < 290
    text = export(sample_store, "--query", "rightsList.rightsIdentifier:cc\\-by\\-4.0", "--format", "tsv").decode()
    assert len(text.splitlines()) == 1 + len(open_ones)


@pytest.mark.parametrize("name", ["bibtex", "citation", "schema_org", "tsv", "ris"])
def test_metadata_formats(sample_store, name):
    """The same as the DOIs asked for by name."""
    query = "titles.title:lung AND publicationYear:[2016 TO *]"
    dois = export(sample_store, "--query", query, "--format", "doi").decode().split()
    assert 1 < len(dois) < 30
    assert export(sample_store, "--query", query, "--format", name) \
        == export(sample_store, "--ids", ",".join(dois), "--format", name)


def test_preset(sample_store):
    rows = csv.DictReader(io.StringIO(export(sample_store, "--query", "lung", "--preset", "tcia").decode()))
    dois = export(sample_store, "--query", "lung", "--format", "doi").decode().split()
    assert len(list(rows)) == len(dois) > 10


def test_what_search_finds(sample_store):
    text = run("search", "--store", sample_store, "--all", "--subject", "Lung", "cancer -brain").stdout.decode()
    found = [line.split()[0] for line in text.splitlines()[1:]]
    exported = export(sample_store, "--subject", "Lung", "--query", "cancer -brain", "--format", "doi").decode().split()
    assert sorted(found) == sorted(exported) and len(found) > 1


def test_more_than_pages_can_show(tmp_path):
    """And more than a page of a cursor, with a query that fills most of a URL."""
    store = tmp_path / "many.db"
    many = [resource(n, descriptions=[], subjects=[]) for n in range(MANY)]
    run("import", "--store", store, "--quiet", "-", input=lines(many).encode())
    query = "titles.title:record NOT titles.title:7 NOT titles.title:\"" + "\u00f1 " * 5000 + '"'
    expected = oldest_first(item for n, item in enumerate(many) if n != 7)
    assert len(expected) > 10_000
    assert export(store, "--query", query, "--format", "doi").decode().split() == expected
    assert [json.loads(line)["id"] for line in export(store, "--query", query).splitlines()] == expected


@pytest.mark.parametrize("more", [[], ["--format", "csv"], ["--format", "bibtex"], ["--data-file", "file"]])
def test_a_query_that_makes_no_sense(sample_store, tmp_path, more):
    more = [str(tmp_path / word) if word == "file" else word for word in more]
    text = said(sample_store, "--query", "lung AND (", *more)
    assert "the query cannot be understood" in text and text.endswith("^\n")
    assert not list(tmp_path.iterdir())


def test_the_format_is_checked_first(sample_store):
    assert "jsonl, csv, tsv, doi" in said(sample_store, "--query", "(", "--format", "nonsense")


def test_an_unknown_field_is_told(sample_store):
    done = run("export", "--store", sample_store, "--query", "titel:lung OR nothingatall", "--format", "doi")
    assert done.stdout == b"" and "warning" in done.stderr.decode()
