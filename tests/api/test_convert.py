"""`doihound convert`, and metadata formats of `get` and `export`: streams, statuses, bad input."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import BINARY, ROOT, run

OK, MISS, USAGE, FAILED = range(4)
RECORDS = ROOT / "tests" / "golden" / "records"
FULL, MINIMAL, DRAFT = (RECORDS / f"{name}.json" for name in ("full", "minimal", "draft"))


def convert(*args, status=OK, text=None, **kwargs):
    """Output and standard error, as text."""
    done = run("convert", *args, check=False, input=text, **kwargs)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def one_line(path):
    return json.dumps(json.loads(path.read_bytes())) + "\n"


def dois(text):
    return [record["doi"].lower() for record in json.loads(text)]


# ---- the table of formats ------------------------------------------------------------------------


def test_list():
    text, said = convert("--list")
    assert said == ""
    assert convert("--from", "list")[0] == text
    lines = text.splitlines()
    assert lines[0].split() == ["FORMAT", "READ", "WRITE", "MEDIA", "TYPE", "TITLE"]
    rows = json.loads(convert("--list", "--json")[0])
    assert [line.split()[0] for line in lines[1:]] == [row["name"] for row in rows]
    bibtex = next(row for row in rows if row["name"] == "bibtex")
    assert bibtex == {"name": "bibtex", "title": "BibTeX", "mediaType": "application/x-bibtex",
                      "read": True, "write": True}


@pytest.mark.parametrize("args, sentence", [
    ([], "needs --to"),
    (["--to", "bibtexx"], "the nearest is 'bibtex'"),
    (["--to", "xyzzyxyzzyxyzzy"], "'--to' is one of "),
    (["--from", "mp3mp3mp3", "--to", "ris"], "'--from' is one of "),
    (["--from", "jats", "--to", "ris"], "can only be written"),
    (["--to", "npm"], "can only be read"),
    (["--to", "citation", "--style", "apaa"], "the nearest is 'apa'"),
    (["--to", "citation", "--locale", "xx-YY"], "'--locale' is one of "),
])
def test_usage(args, sentence):
    out, said = convert(*args, str(MINIMAL), status=USAGE)
    assert out == ""
    assert sentence in said


def test_no_store_is_looked_at(tmp_path):
    env = {"DOIHOUND_STORE": str(tmp_path / "none" / "store.db"), "PATH": os.environ["PATH"]}
    convert("--to", "ris", str(MINIMAL), env=env)
    assert list(tmp_path.iterdir()) == []


# ---- one and many --------------------------------------------------------------------------------


def test_one_is_a_document_many_are_a_list(tmp_path):
    assert isinstance(json.loads(convert("--to", "crosscite", str(FULL))[0]), dict)
    assert isinstance(json.loads(convert("--to", "crosscite", text=one_line(FULL).encode())[0]), dict)
    both = convert("--to", "crosscite", str(FULL), str(MINIMAL))[0]
    assert dois(both) == ["10.5072/golden-full", "10.5072/golden-minimal"]
    lines = (one_line(FULL) + one_line(MINIMAL)).encode()
    assert convert("--to", "crosscite", "-", text=lines)[0] == both
    array = f"[{one_line(FULL)},{one_line(MINIMAL)}]".encode()
    assert convert("--to", "crosscite", text=array)[0] == both
    api = json.dumps({"data": [{"id": record["doi"], "type": "dois", "attributes": record}
                               for record in json.loads(array)],
                      "included": [{"id": "a.b", "type": "clients", "attributes": {}}],
                      "meta": {"total": 2}}).encode()
    assert dois(convert("--to", "crosscite", text=api)[0]) == dois(both)


@pytest.mark.parametrize("name", ["bibtex", "ris", "datacite"])
def test_texts_of_several_records(name, tmp_path):
    text = convert("--to", name, str(FULL), str(MINIMAL))[0]
    if name == "datacite":
        assert text.count("<?xml") == 2
        return
    assert dois(convert("--to", "crosscite", text=text.encode())[0]) \
        == ["10.5072/golden-full", "10.5072/golden-minimal"]


def test_csv_has_one_header():
    text = convert("--to", "csv", str(FULL), str(MINIMAL))[0]
    assert text.startswith("doi,url,") and text.count("doi,url,") == 1
    assert len(text.splitlines()) == 3
    assert convert("--to", "csv", str(MINIMAL))[0].startswith("doi,url,")


# ---- what is read --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [
    "datacite", "datacite_json", "crosscite", "schema_org", "codemeta", "citeproc", "bibtex", "ris"])
def test_formats_are_told_by_their_content(name, tmp_path):
    text = convert("--to", name, str(FULL))[0]
    path = tmp_path / "no-extension"
    path.write_text(text, encoding="utf-8")
    told = convert("--to", "crosscite", str(path))[0]
    assert told == convert("--from", name, "--to", "crosscite", str(path))[0]
    assert json.loads(told)["doi"].lower() == "10.5072/golden-full"
    with_front = b"\xef\xbb\xbf \r\n\t" + text.encode()
    assert convert("--to", "crosscite", text=with_front)[0] == told


def test_format_is_told_by_the_name(tmp_path):
    """Content that no format claims is read as the extension says."""
    path = tmp_path / "odd.ris"
    path.write_bytes(b"% a note in front\r\nTY  - DATA\r\nT1  - Odd\r\nER  - \r\n")
    text, said = convert("--to", "crosscite", str(path))
    assert json.loads(text)["titles"] == [{"title": "Odd"}]
    assert said == ""


def test_dashes_are_underscores():
    assert convert("--to", "datacite-json", str(FULL)) == convert("--to", "datacite_json", str(FULL))


def test_compressed(tmp_path):
    plain = convert("--to", "bibtex", str(FULL))[0]
    packed = tmp_path / "full.json.gz"
    packed.write_bytes(gzip.compress(FULL.read_bytes()))
    assert convert("--to", "bibtex", str(packed))[0] == plain
    assert convert("--to", "bibtex", "-", text=packed.read_bytes())[0] == plain
    zstd = subprocess.run(["zstd", "-qc", FULL], capture_output=True, check=True).stdout
    assert convert("--to", "bibtex", text=zstd)[0] == plain


def test_compressed_lines_cut_short(tmp_path):
    """What came before the damage is written; the damage is told."""
    path = tmp_path / "cut.jsonl.gz"
    lines = (one_line(FULL) + one_line(MINIMAL)) * 500
    path.write_bytes(gzip.compress(lines.encode())[:-100])
    text, said = convert("--to", "crosscite", str(path), status=MISS)
    assert len(json.loads(text)) > 100
    assert said.startswith(f"{path}:")


@pytest.mark.parametrize("text", [
    b"", b" \n", b"\xef\xbb\xbf", b"hello", b"{}", b"[]", b"[[[[", b'"text"', b"null", b"<", b"<a/>",
    b"<?xml version='1.0'?>", b"@", b"@article{", b"\x00\x00", b"\xff\xfe<\x00a\x00", b"\xc3(",
    b'{"schemaVersion":7}',
    b"[" * 100000, b'{"a":' * 1000, b"<a>" * 1000, b"{" * 70000, b"\x1f\x8b", b"\x28\xb5\x2f\xfd",
])
def test_bad_input_is_told(text):
    out, said = convert("--to", "crosscite", text=text, status=MISS)
    assert out == ""
    assert said.startswith("-:")
    assert len(said.splitlines()) <= 101


def test_bad_lines_are_passed_over():
    lines = one_line(FULL) + '{"doi": \n' + one_line(MINIMAL) + '{"id":1,"id":2}\n' + '{"what":1}\n'
    text, said = convert("--to", "crosscite", text=lines.encode(), status=MISS)
    assert dois(text) == ["10.5072/golden-full", "10.5072/golden-minimal"]
    told = said.splitlines()
    assert [line.split(":")[:2] for line in told] == [["-", "2"], ["-", "4"], ["-", "5"]]
    assert "more than once" in told[1]


def test_accounts_are_passed_over():
    """What a data file holds beside records."""
    account = {"id": "a.b", "type": "clients", "attributes": {"symbol": "A.B"}}
    lines = json.dumps(account) + "\n" + one_line(MINIMAL)
    assert convert("--to", "ris", text=lines.encode()) == convert("--to", "ris", str(MINIMAL))


def test_many_bad_lines_are_counted():
    said = convert("--to", "ris", text=b'{"what":1}\n' * 150, status=MISS)[1]
    assert len(said.splitlines()) == 101
    assert said.splitlines()[-1] == "and 50 more that cannot be read"


def test_missing_files_are_told_before_anything_is_written(tmp_path):
    out, said = convert("--to", "ris", str(FULL), str(tmp_path / "none"), str(tmp_path), status=MISS)
    assert out == ""
    assert "No such file" in said and "directory" in said


# ---- what cannot be written ----------------------------------------------------------------------


def test_record_that_the_format_cannot_give():
    out, said = convert("--to", "bibtex", str(DRAFT), status=MISS)
    assert out == ""
    assert said.startswith(f"{DRAFT}:1: cannot be given as BibTeX: ")


def test_records_that_the_format_cannot_give_are_left_out():
    good = convert("--to", "bibtex", str(FULL), str(MINIMAL))[0]
    for order in ([DRAFT, FULL, MINIMAL], [FULL, DRAFT, MINIMAL], [FULL, MINIMAL, DRAFT]):
        out, said = convert("--to", "bibtex", *map(str, order), status=MISS)
        assert out == good
        assert said.startswith(f"{DRAFT}:1: cannot be given")
    out, said = convert("--to", "codemeta", str(DRAFT), str(DRAFT), status=MISS)
    assert out.split() == ["[", "]"]
    assert len(said.splitlines()) == 2


# ---- where it is written -------------------------------------------------------------------------


def test_output(tmp_path):
    path = tmp_path / "out.bib"
    out, said = convert("--to", "bibtex", "--output", str(path), str(FULL))
    assert out == ""
    assert said == f"doihound: wrote 1 records to {path}\n"
    assert path.read_text(encoding="utf-8") == convert("--to", "bibtex", str(FULL))[0]
    assert list(tmp_path.iterdir()) == [path]


def test_output_stays_when_nothing_is_written(tmp_path):
    path = tmp_path / "out.bib"
    path.write_text("what was there")
    convert("--to", "bibtex", "--output", str(path), str(DRAFT), status=MISS)
    convert("--to", "bibtex", "--output", str(path), text=b"nothing", status=MISS)
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_output_that_cannot_be_made(tmp_path):
    said = convert("--to", "ris", "--output", str(tmp_path / "no" / "x"), str(FULL), status=FAILED)[1]
    assert "cannot write" in said


def test_full_disk():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BINARY, "convert", "--to", "ris", FULL], stdout=full,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == FAILED
    assert b"cannot write" in done.stderr
    assert "cannot write" in convert("--to", "ris", "--output", "/dev/full", str(FULL), status=FAILED)[1]


def test_reader_that_goes_away():
    """A closed pipe ends the work without a word."""
    lines = one_line(FULL).encode() * 5000
    with subprocess.Popen([BINARY, "convert", "--to", "ris"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        try:
            process.stdin.write(lines)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) != 0


def test_no_colour_and_no_progress_without_a_terminal():
    out, said = convert("--to", "ris", text=one_line(FULL).encode() * 2000)
    assert "\x1b" not in out and said == ""


def test_stream_in_bounded_memory(tmp_path):
    """A file many times larger than the memory allowed."""
    path = tmp_path / "many.jsonl"
    line = one_line(FULL)
    with path.open("w") as file:
        for _ in range(8000):
            file.write(line)
    assert path.stat().st_size > 50_000_000
    # The sanitizer keeps 256 MB of what was freed; a file read at once would need over 1 GB there.
    limit = (45 if b"__asan_init" not in BINARY.read_bytes() else 500) * 1024
    with subprocess.Popen([BINARY, "convert", "--to", "csv", path], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        for _ in range(7000):
            process.stdout.readline()
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert sum(1 for _ in process.stdout) == 8001 - 7000
        assert process.stderr.read() == b""
    assert process.returncode == OK
    peak = int(re.search(r"VmHWM:\s*(\d+) kB", status)[1])
    assert peak < limit, f"{peak} kB"


# ---- stored records ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("formats") / "store.db"
    text = "".join(one_line(path) for path in (FULL, MINIMAL, DRAFT))
    run("import", "--store", path, "--quiet", "-", input=text.encode())
    return path


def get(store, *args, status=OK):
    done = run("get", "--store", store, *args, check=False)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def export(store, *args, status=OK):
    done = run("export", "--store", store, *args, check=False)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def test_get_in_a_format(store):
    text, said = get(store, "--format", "ris", "doi:10.5072/GOLDEN-full")
    assert said == ""
    assert "DO  - 10.5072/GOLDEN-FULL\r\n" in text and text.endswith("ER  - \n")
    record = json.loads(get(store, "--format", "citeproc", "10.5072/golden-full")[0])
    assert record["title"] == "Low-dose chest CT of 42 subjects"


def test_get_several_in_a_format(store):
    records = json.loads(get(store, "--format", "citeproc", "10.5072/golden-full", "10.5072/golden-minimal")[0])
    assert [record["DOI"] for record in records] == ["10.5072/GOLDEN-FULL", "10.5072/GOLDEN-MINIMAL"]
    text, said = get(store, "--format", "citeproc", "10.5072/golden-full", "10.5072/none", status=MISS)
    assert len(json.loads(text)) == 1
    assert "no record of 10.5072/none" in said


def test_get_what_the_format_cannot_give(store):
    text, said = get(store, "--format", "bibtex", "10.5072/golden-draft", status=MISS)
    assert text == ""
    assert said.startswith("10.5072/golden-draft: cannot be given as BibTeX: ")


def test_export_in_a_format(store):
    text, said = export(store, "--format", "crosscite")
    assert (len(json.loads(text)), said) == (3, "")
    text = export(store, "--format", "crosscite", "--ids", "10.5072/golden-full")[0]
    assert dois(text) == ["10.5072/golden-full"]
    text, said = export(store, "--format", "crosscite", "--ids", "10.5072/none")
    assert json.loads(text) == []
    assert export(store, "--format", "bibtex", "--ids", "10.5072/none")[0] == ""


def test_export_what_the_format_cannot_give(store, tmp_path):
    text, said = export(store, "--format", "bibtex", status=MISS)
    assert text.count("@misc{") == 2
    assert said.startswith("10.5072/golden-draft: cannot be given as BibTeX: ")
    path = tmp_path / "all.bib"
    export(store, "--format", "bibtex", "--output", path, status=MISS)
    assert path.read_text(encoding="utf-8") == text


def test_export_is_what_get_gives(store):
    for name in ("datacite", "schema_org", "turtle"):
        one = get(store, "--format", name, "10.5072/golden-full")[0].strip()
        assert one in export(store, "--format", name)[0]


@pytest.mark.parametrize("command", ["get", "export"])
def test_format_names_are_checked_first(command, tmp_path):
    word = ["10.5072/x"] if command == "get" else []
    done = run(command, "--store", tmp_path / "none", "--format", "npm", *word, check=False)
    assert done.returncode == USAGE and b"can only be read" in done.stderr
    done = run(command, "--store", tmp_path / "none", "--format", "ris", "--style", "none", *word, check=False)
    assert done.returncode == USAGE and b"'--style' is one of " in done.stderr


# ---- places, and bytes that are easily lost ------------------------------------------------------


def test_lines_count_from_the_beginning():
    said = convert("--to", "ris", "-", text=b'\n\n@book{a, title="x', status=MISS)[1]
    assert "line 3" in said
    said = convert("--to", "ris", "-", text=b'\n\n<resource>\n<a b="&no;"/></resource>', status=MISS)[1]
    assert "line 4" in said


def test_what_looks_like_xml_is_still_utf8():
    said = convert("--from", "ris", "--to", "bibtex", "-", text=b"<TY\xff", status=MISS)[1]
    assert "byte 3: the text is not valid UTF-8" in said


def test_a_nul_ends_nothing():
    record = {"doi": "10.5072/a", "titles": [{"title": "T"}], "publicationYear": 2020,
              "publisher": {"name": "P"}, "creators": [{"name": "N"}],
              "types": {"resourceTypeGeneral": "Text", "citeproc": "article-journal"},
              "container": {"title": "J", "firstPage": "1\0x", "lastPage": "9"}}
    text = convert("--from", "datacite_json", "--to", "citeproc", "-",
                   text=json.dumps(record).encode())[0]
    assert json.loads(text)["page"] == "1\0x-9"



def test_names_read_from_xml_are_trimmed():
    text = (b'<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5072/a'
            b"</identifier><creators><creator><creatorName>\n  Berg, Jan\n </creatorName></creator></creators>"
            b"<titles><title>T</title></titles></resource>")
    record = json.loads(convert("--to", "datacite_json", "-", text=text)[0])
    assert record["creators"] == [{"name": "Berg, Jan"}]


def test_jats_takes_the_year_when_the_date_is_a_code():
    record = {"doi": "10.5072/a", "titles": [{"title": "T"}], "publicationYear": 2020,
              "dates": [{"date": ":unav", "dateType": "Issued"}]}
    text = convert("--from", "datacite_json", "--to", "jats", "-", text=json.dumps(record).encode())[0]
    assert '<year iso-8601-date="2020">2020</year>' in text


def test_codemeta_names_licences_of_spdx():
    record = {"@context": "https://doi.org/10.5063/schema/codemeta-2.0", "@type": "SoftwareSourceCode",
              "identifier": "10.5072/a", "name": "N", "license": "https://spdx.org/licenses/MIT"}
    text = convert("--to", "datacite_json", "-", text=json.dumps(record).encode())[0]
    assert json.loads(text)["rightsList"][0]["rightsIdentifier"] == "mit"
