"""validate and lint: places of findings, exit statuses, JSON Lines, files and stores."""

import gzip
import json

import pytest
from conftest import ROOT, run
from records import lines, resource

OK, FOUND, USAGE, FAILED = 0, 1, 2, 3
KERNEL = "http://datacite.org/schema/kernel-4"
CATALOGUE = ROOT / "data/tcia/tcia.jsonl"

VALID = f"""<?xml version="1.0" encoding="UTF-8"?>
<resource xmlns="{KERNEL}">
  <identifier identifierType="DOI">10.5072/a</identifier>
  <creators><creator><creatorName>A</creatorName></creator></creators>
  <titles><title>T</title></titles>
  <publisher>P</publisher>
  <publicationYear>2024</publicationYear>
  <resourceType resourceTypeGeneral="Dataset"/>
</resource>
"""
BROKEN = VALID.replace("2024", "24").replace("<title>", '<title titleType="Main">')
METADATA = {
    "doi": "10.5072/a", "url": "https://example.org/", "creators": [{"name": "A"}],
    "titles": [{"title": "T"}], "publisher": {"name": "P"}, "publicationYear": 2024,
    "types": {"resourceTypeGeneral": "Dataset"}, "schemaVersion": KERNEL,
}


def ask(command, *args, status, **kwargs):
    """Standard output and error of a run that ends with this status."""
    done = run(command, *args, check=False, **kwargs)
    assert done.returncode == status, (args, done.returncode, done.stdout, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def findings(*args, command="validate", status=FOUND, **kwargs):
    """The JSON Lines of a run."""
    out, _ = ask(command, "--json", *args, status=status, **kwargs)
    return [json.loads(line) for line in out.splitlines()]


def written(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def changed(**members):
    return {**METADATA, **members}


# ---- XML -----------------------------------------------------------------------------------------


def test_valid_xml(tmp_path):
    path = written(tmp_path / "a.xml", VALID)
    out, err = ask("validate", path, status=OK)
    assert out == ""
    assert err == "1 record checked: 0 errors\n"


def test_places_in_xml(tmp_path):
    path = written(tmp_path / "a.xml", BROKEN)
    out, err = ask("validate", path, status=FOUND)
    assert out.splitlines() == [
        f"{path}:5:11: error: title@titleType: [facet 'enumeration'] The value 'Main' is not an "
        "element of the set {'AlternativeTitle', 'Subtitle', 'TranslatedTitle', 'Other'}. "
        "[enumeration]",
        f"{path}:7:3: error: publication_year: [facet 'pattern'] The value '24' is not accepted by "
        "the pattern '[\\d]{4}'. [pattern]",
    ]
    assert err == "1 record checked: 2 errors\n"


def test_xml_as_json_lines(tmp_path):
    path = written(tmp_path / "a.xml", BROKEN)
    first, second = findings(path)
    assert first == {
        "file": str(path), "record": 1, "line": 5, "column": 11, "severity": "error",
        "property": "title', attribute 'titleType", "rule": "enumeration",
        "message": "[facet 'enumeration'] The value 'Main' is not an element of the set "
                   "{'AlternativeTitle', 'Subtitle', 'TranslatedTitle', 'Other'}.",
    }
    assert (second["property"], second["line"]) == ("publication_year", 7)


def test_standard_input_and_gzip(tmp_path):
    path = written(tmp_path / "a.xml.gz", gzip.compress(BROKEN.encode()))
    assert findings(path)[1]["line"] == 7
    out, _ = ask("validate", "-", status=FOUND, input=BROKEN.encode())
    assert out.startswith("-:5:11: error: ")


def test_old_kernel():
    old = VALID.replace("kernel-4", "kernel-3")
    (only,) = findings("-", input=old.encode())
    assert only["property"] == "xml"
    assert only["rule"] == "schema-version"
    assert only["message"] == "Schema http://datacite.org/schema/kernel-3 is no longer supported"


# ---- JSON ----------------------------------------------------------------------------------------


def test_one_record():
    text = json.dumps(changed(publicationYear="x", titles=["T"]))
    out, _ = ask("validate", "-", status=FOUND, input=text.encode())
    assert out.splitlines() == [
        "-: /titles/0: error: titles: Title 'T' should be an object instead of a string. [shape]",
        "-: /publicationYear: error: publication_year: [facet 'pattern'] The value 'x' is not "
        "accepted by the pattern '[\\d]{4}'. [pattern]",
    ]


@pytest.mark.parametrize("form", ["lines", "list", "document"])
def test_several_records(form):
    records = [METADATA, changed(publisher={"name": ""}), METADATA, changed(creators=[])]
    text = {
        "lines": "\n".join(json.dumps(record) for record in records),
        "list": json.dumps(records, indent=2),
        "document": json.dumps({"data": [{"id": "x", "type": "dois", "attributes": record}
                                         for record in records], "meta": {}}),
    }[form]
    out, err = ask("validate", "-", status=FOUND, input=text.encode())
    assert [line.split(" error: ")[0] for line in out.splitlines()] == [
        "-: record 2: /publisher:", "-: record 4: /creators:"]
    assert err == "4 records checked: 2 errors\n"


def test_the_first_of_several_has_a_number():
    text = json.dumps(changed(creators=[])) + "\n" + json.dumps(METADATA)
    out, _ = ask("validate", "-", status=FOUND, input=text.encode())
    assert out.startswith("-: record 1: /creators: error: ")


def test_accounts_are_passed_over():
    out, err = ask("validate", CATALOGUE, status=OK)
    assert out == ""
    assert err == "298 records checked: 0 errors\n"


def test_other_formats():
    text = b"@misc{a, title={T}, doi={10.5072/a}}\n@misc{b, title={U}, doi={10.5072/b}}\n"
    out, _ = ask("validate", "--format", "bibtex", "-", status=FOUND, input=text)
    assert "-: record 1: /creators: error: creators: Missing child element(s)." in out
    assert "-: record 2: /publisher: error: publisher: " in out


def test_hostile_values_stay_on_their_line():
    text = json.dumps(changed(language="d\n\x1b[31m\u202ee"))
    out, _ = ask("validate", "-", status=FOUND, input=text.encode())
    assert len(out.splitlines()) == 1
    assert "\x1b" not in out and "\u202e" not in out


def test_many_records_need_little_memory(tmp_path):
    record = json.dumps(changed(publicationYear="x"))
    path = written(tmp_path / "many.jsonl", (record + "\n") * 20000)
    out, err = ask("validate", path, status=FOUND)
    assert len(out.splitlines()) == 20000
    assert err == "20,000 records checked: 20,000 errors\n"


# ---- exit statuses -------------------------------------------------------------------------------


def test_quiet(tmp_path):
    assert ask("validate", "--quiet", "-", status=OK, input=VALID.encode()) == ("", "")
    assert ask("validate", "--quiet", "-", status=FOUND, input=BROKEN.encode()) == ("", "")
    assert ask("validate", "--quiet", "-", status=FAILED, input=b"<a") == ("", "")


@pytest.mark.parametrize("text", [b"", b"<resource>", b'{"titles":', b"\xff\xfe\x00", b"no format"])
def test_unreadable(text):
    out, err = ask("validate", "-", status=FAILED, input=text)
    assert out == ""
    assert err.startswith("-:")
    assert "1 could not be read" in err
    (only,) = findings("-", status=FAILED, input=text)
    assert (only["file"], only["rule"], only["severity"]) == ("-", "unreadable", "error")


def test_the_rest_is_checked(tmp_path):
    missing = tmp_path / "missing.xml"
    path = written(tmp_path / "a.xml", BROKEN)
    out, err = ask("validate", missing, path, status=FAILED)
    assert len(out.splitlines()) == 2
    assert "No such file" in err
    text = json.dumps(METADATA) + "\n{broken}\n" + json.dumps(changed(creators=[]))
    out, err = ask("validate", "-", status=FAILED, input=text.encode())
    assert "/creators: error: " in out
    assert "-:2: byte " in err


@pytest.mark.parametrize("args", [
    ["--format", "nothing", "-"], ["--format", "ris2", "-"], ["--client-id", "x", "-"],
    ["--doi", "10.5072/a", "-"], ["--doi", "10.5072/a", "--client-id", "x"], ["--nothing"],
])
@pytest.mark.parametrize("command", ["validate", "lint"])
def test_usage(command, args):
    out, err = ask(command, *args, status=USAGE, input=b"")
    assert out == ""
    assert err


# ---- lint ----------------------------------------------------------------------------------------


def test_rules():
    out, _ = ask("lint", "--rules", status=OK)
    names = [line.split()[0] for line in out.splitlines()[1:]]
    rules = [json.loads(line) for line in ask("lint", "--rules", "--json", status=OK)[0].splitlines()]
    assert names == [rule["rule"] for rule in rules]
    assert "orcid-missing" in names
    assert all(rule["property"] and rule["wants"].endswith(".") for rule in rules)


def test_warnings():
    record = changed(creators=[{"name": "B, A", "nameType": "Personal"}])
    out, err = ask("lint", "-", status=FOUND, input=json.dumps(record).encode())
    assert "-: /creators/0: warning: creators: B, A has no ORCID [orcid-missing]" in out.splitlines()
    assert "0 errors, " in err
    ask("validate", "-", status=OK, input=json.dumps(record).encode())


def test_lint_tells_errors_too():
    rules = {finding["rule"] for finding in
             findings("-", command="lint", input=BROKEN.encode())}
    assert {"enumeration", "pattern", "abstract-missing"} <= rules


# ---- stores --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Three records: one breaks the schema, one is related to itself."""
    path = tmp_path_factory.mktemp("validate") / "store.db"
    records = [
        resource(1), resource(2, creators=[]),
        resource(3, relatedIdentifiers=[{"relatedIdentifier": resource(3)["id"],
                                         "relatedIdentifierType": "DOI",
                                         "relationType": "Cites"}]),
    ]
    run("import", "--store", path, "--quiet", "-", input=lines(records).encode())
    return path


def test_store(store):
    out, err = ask("validate", "--store", store, status=FOUND)
    assert out.startswith("10.5072/rec-00002: /creators: error: creators: Missing child")
    assert len(out.splitlines()) == 1
    assert err == "3 records checked: 1 error\n"


def test_records_of_the_store_by_doi(store):
    ask("validate", "--store", store, "--doi", "10.5072/rec-00001", status=OK)
    (only,) = findings("--store", store, "--doi", "10.5072/rec-00001", "--doi",
                       "https://doi.org/10.5072/REC-00002")
    assert (only["doi"], only["pointer"]) == ("10.5072/rec-00002", "/creators")
    assert "file" not in only and "record" not in only
    _, err = ask("validate", "--store", store, "--doi", "10.5072/none", "--doi",
                 "10.5072/rec-00001", status=FAILED)
    assert "no record of 10.5072/none" in err
    assert "1 record checked" in err


def test_records_of_the_store_by_filter(store):
    ask("validate", "--store", store, "--published", "1991", status=OK)
    found = findings("--store", store, "--published", "1993", command="lint")
    assert {finding["doi"] for finding in found} == {"10.5072/rec-00003"}
    assert "related-self" in {finding["rule"] for finding in found}


def test_empty_selection(store):
    out, err = ask("validate", "--store", store, "--client-id", "no.body", status=OK)
    assert out == ""
    assert "no.body" in err
    assert "0 records checked" in err


def test_no_store(tmp_path):
    _, err = ask("lint", "--store", tmp_path / "none.db", status=FAILED)
    assert "no store" in err
