"""doihound related: which records state a relation to DOIs, and what theirs state."""

import json
import re

import pytest
from conftest import run
from records import lines, resource


def related(*pairs):
    return [{"relationType": kind, "relatedIdentifier": other, "relatedIdentifierType": "DOI"}
            for kind, other in pairs]


def record(name, *pairs, **attributes):
    doi = f"10.5072/{name}"
    item = resource(1, doi=doi, relatedIdentifiers=related(*pairs), **attributes)
    item["id"] = doi
    return item


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("related") / "store.db"
    items = [
        record("a", ("IsDerivedFrom", "https://doi.org/10.5072/B"), ("Cites", "10.1234/x")),
        record("b", ("IsSourceOf", "10.5072/a"), updated="2022-03-04T05:06:07.890Z"),
        record("c", ("IsDerivedFrom", "10.5072/b"), ("References", "10.1234/x")),
        record("draft", ("IsDerivedFrom", "10.5072/b"), state="draft"),
        record("self", ("IsIdenticalTo", "10.5072/self")),
        record("odd\u202ename", ("Documents", "10.5072/\u2066red")),
    ]
    run("import", "--store", path, "--quiet", "-", input=lines(items).encode())
    return path


@pytest.fixture(scope="module")
def ask(store):
    def ask(*args, code=0, **kwargs):
        done = run("related", "--store", store, *args, check=False, **kwargs)
        assert done.returncode == code, done.stderr
        return [tuple(line.split("\t")) for line in done.stdout.decode().splitlines()], \
            done.stderr.decode()

    return ask


def test_both_directions(ask):
    rows, said = ask("10.5072/b")
    assert set(rows) == {
        ("10.5072/b", "out", "IsSourceOf", "10.5072/a"),
        ("10.5072/b", "in", "IsDerivedFrom", "10.5072/a"),
        ("10.5072/b", "in", "IsDerivedFrom", "10.5072/c")}
    assert len(rows) == 3 and said == ""
    assert ask("--in", "--out", "10.5072/b")[0] == rows
    assert {row[1] for row in ask("10.5072/b", "--in")[0]} == {"in"}
    assert ask("--out", "10.5072/b")[0] == [("10.5072/b", "out", "IsSourceOf", "10.5072/a")]


def test_a_doi_without_a_record_is_found(ask):
    assert set(ask("https://doi.org/10.1234/X")[0]) == {
        ("10.1234/x", "in", "Cites", "10.5072/a"), ("10.1234/x", "in", "References", "10.5072/c")}


@pytest.mark.parametrize("types", ["IsDerivedFrom", "is-derived-from", "Cites,is_derived_from"])
def test_types(ask, types):
    assert {row[3] for row in ask("10.5072/b", "--type", types)[0]} == {"10.5072/a", "10.5072/c"}


def test_a_relation_to_itself_is_told_once(ask):
    assert ask("10.5072/self")[0] == [("10.5072/self", "out", "IsIdenticalTo", "10.5072/self")]
    assert ask("10.5072/self", "--in")[0] == [
        ("10.5072/self", "in", "IsIdenticalTo", "10.5072/self")]


def test_unknown_types_name_the_nearest(ask):
    rows, said = ask("10.5072/b", "--type", "IsDerivdFrom", code=2)
    assert not rows
    assert "no relation type 'IsDerivdFrom'; the nearest is 'IsDerivedFrom'" in said
    assert "the nearest is 'IsPartOf'" in ask("10.5072/b", "--type", "Cites,is-part-off", code=2)[1]
    assert "no relation type 'xyzzyxyzzy'\n" in ask("x", "--type", "xyzzyxyzzy", code=2)[1]
    assert "no relation type ''" in ask("10.5072/b", "--type", "Cites,,References", code=2)[1]


def test_input_keeps_its_order(ask):
    text = "doi:10.5072/C\n\n  https://doi.org/10.1234/x \nnot a doi\r\n10.5072/none\n10.5072/c"
    rows, said = ask("10.5072/a", "--stdin", "--out", "--type", "IsDerivedFrom,References",
                     input=text.encode(), code=1)
    assert [row[0] for row in rows] == ["10.5072/a"] + 4 * ["10.5072/c"]
    assert said == "doihound: line 4: 'not a doi' is no DOI\n"


def test_json(ask, store):
    done = run("related", "--store", store, "--json", "10.5072/b", "--in", "--type", "isderivedfrom")
    items = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(item) for item in items] == 2 * [
        ["doi", "direction", "relationType", "relatedDoi", "updated", "event", "source"]]
    assert items[0]["doi"] == "10.5072/b" and items[0]["direction"] == "in"
    assert {item["relatedDoi"] for item in items} == {"10.5072/a", "10.5072/c"}
    assert items[0]["updated"] == "2021-02-02T00:00:00Z"
    assert re.fullmatch(r"[0-9a-f-]{36}", items[0]["event"])


def test_sizes(ask, sample_store):
    def count(*args, **kwargs):
        done = run("related", "--store", sample_store, *args, **kwargs)
        return len(done.stdout.splitlines()), done.stderr.decode()

    hub = "10.7937/k9/tcia.2015.lo9ql9sx"
    everything, said = count(hub, "--all")
    assert everything > 25 and said == ""
    shown, said = count(hub)
    assert shown == 25 and f"25 of {everything} relations shown" in said
    assert count(hub, "--size", "3")[0] == 3
    assert count("--stdin", input=f"{hub}\n{hub}\n".encode()) == (2 * everything, "")
    assert count("--stdin", "--size", "2", input=f"{hub}\n{hub}\n".encode())[0] == 4


def test_nothing_found(ask):
    rows, said = ask("10.9999/none")
    assert not rows and "no record states such a relation" in said
    assert ask("nonsense", code=1)[1] == "doihound: 'nonsense' is no DOI\n"
    assert "which DOI?" in ask(code=2)[1]
    assert ask("--stdin", input=b"")[0] == []


def test_an_empty_store_says_so(tmp_path):
    path = tmp_path / "empty.db"
    run("import", "--store", path, "--quiet", "-", input=b"")
    assert b"is empty" in run("related", "--store", path, "10.5072/a").stderr


def test_names_cannot_command_a_terminal(ask):
    assert ask("10.5072/odd\u202ename")[0] == [
        ("10.5072/oddname", "out", "Documents", "10.5072/red")]


def test_hostile_input(ask):
    data = b"\xff\xfe\n\x00\n10.5072/\xff\n" + b"10.5072/" + b"x" * 100000 + b"\n10.5072/c\n"
    rows, said = ask("--stdin", "--out", input=data, code=1)
    assert {row[0] for row in rows} == {"10.5072/c"}
    many = ask("--stdin", input=b"x\n" * 500, code=1)[1]
    assert len(many.splitlines()) == 101 and "500 inputs are no DOI" in many


def test_a_batch_agrees_with_the_records(sample_store):
    """Every pair of the catalogue, found from its object."""
    exported = run("export", "--store", sample_store).stdout.decode().splitlines()
    stated = set()
    for line in exported:
        item = json.loads(line)
        for entry in item["attributes"]["relatedIdentifiers"]:
            if entry["relatedIdentifierType"] == "DOI":
                other = re.sub(r"^https?://(dx\.)?doi\.org/", "", entry["relatedIdentifier"])
                stated.add((other.lower(), "in", entry["relationType"], item["id"]))
    objects = sorted({row[0] for row in stated})
    done = run("related", "--store", sample_store, "--stdin", "--in",
               input="\n".join(objects).encode())
    rows = [tuple(line.split("\t")) for line in done.stdout.decode().splitlines()]
    assert len(rows) == len(stated) and set(rows) == stated
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
