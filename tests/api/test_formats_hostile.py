"""Metadata made to hurt: what costs far more than its size, and what would become something else in
another format or in a header."""

import html
import json
import resource
import subprocess

import pytest

import records
from conftest import BINARY, run, serving

KERNEL = "http://datacite.org/schema/kernel-4"
SECONDS = 20  # of processor time; what these texts cost is far below, what they did cost was minutes


def record(**more):
    return {"schemaVersion": KERNEL, "id": "https://doi.org/10.5072/a", "doi": "10.5072/a",
            "url": "https://example.org/", "types": {"resourceTypeGeneral": "Dataset",
                                                     "schemaOrg": "Dataset", "ris": "DATA"},
            "creators": [{"name": "Author"}], "titles": [{"title": "Title"}],
            "publisher": {"name": "Archive"}, "publicationYear": 2020, **more}


def document(inside):
    return (f'<?xml version="1.0"?><resource xmlns="{KERNEL}">'
            f'<identifier identifierType="DOI">10.5072/a</identifier>{inside}</resource>')


def limited(*args, text):
    """The answer of the command, which is killed when it takes too long."""
    if not isinstance(text, (str, bytes)):
        text = json.dumps(text)
    return subprocess.run(
        [BINARY, *args], input=text.encode() if isinstance(text, str) else text, capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))


def converted(text, to="datacite_json", *options):
    done = limited("convert", "--quiet", "--to", to, *options, text=text)
    assert done.returncode == 0, (done.returncode, done.stderr[:300])
    return done.stdout.decode()


# ---- time ---------------------------------------------------------------------------------------

def test_quotation_marks_that_cross():
    """Each of these "<" begins a tag whose values end where those of others begin, to the end."""
    title = "<b" + """ x='<b y="' z='"'""" * 150_000 + "<>"
    text = document(f"<titles><title>{html.escape(title, False)}</title></titles>")
    assert "&lt;b" in json.loads(converted(text))["titles"][0]["title"]


def test_image_within_a_text():
    """A long tag that ends is no text."""
    title = 'a <img alt="' + "x" * 100_000 + '"/> b' + " <b x='" * 5
    text = document(f"<titles><title>{html.escape(title, False)}</title></titles>")
    assert json.loads(converted(text))["titles"][0]["title"].startswith("a b &lt;b")


@pytest.mark.parametrize("field", ["author", "publisher", "keywords", "title"])
def test_braces_within_braces(field):
    deep = "{" * 200_000 + "X" + "}" * 200_000
    assert "X" in converted("@misc{a, %s={%s}}" % (field, deep))


def test_braces_around_names():
    read = json.loads(converted("@misc{a, author={{{{{The Group}}}}}, publisher={{{ {P} }}}}"))
    assert read["creators"][0]["name"] == "The Group"
    assert read["publisher"]["name"] == "P"


def test_blanks_within_pages():
    pages = "1" + " " * 400_000 + "x"
    text = record(container={"title": "J", "firstPage": pages, "lastPage": "9"})
    assert "Title" in converted(text, "citation", "--style", "vancouver")


@pytest.mark.parametrize("command", [("convert", "--quiet", "--to", "ris"), ("validate", "-")])
def test_nothing_but_lines(command):
    done = limited(*command, text=b"\n" * 60_000_000)
    assert done.returncode in (1, 3), done.stderr[:300]
    assert b"no format" in done.stderr + done.stdout or b"no record" in done.stderr + done.stdout


def test_one_work_related_in_many_ways():
    """All are wrong, each is told with the list of the right ones, and what is too much counted."""
    related = [{"relatedIdentifier": "10.5072/b", "relatedIdentifierType": "DOI",
                "relationType": f"Relation{number}"} for number in range(30_000)]
    done = limited("validate", "--json", "-", text=record(relatedIdentifiers=related))
    assert done.returncode == 1, done.stderr[:300]
    assert done.stdout.count(b"\n") == 10_000
    assert b"30,000 errors" in done.stderr


def test_warnings_name_a_few():
    related = [{"relatedIdentifier": "10.5072/b", "relatedIdentifierType": "DOI",
                "relationType": f"Relation{number}"} for number in range(1000)]
    done = limited("lint", "-", text=record(relatedIdentifiers=related))
    several = [line for line in done.stdout.decode().splitlines() if "several ways" in line]
    assert len(several) == 1 and several[0].count(",") == 10 and "…" in several[0]


# ---- numbers ------------------------------------------------------------------------------------

def test_more_than_65535_of_one():
    text = record(creators=[{"name": f"Author {number}"} for number in range(65_600)])
    done = limited("validate", "-", text=text)
    assert done.returncode == 0, done.stdout[:300]


# ---- what would become something else -----------------------------------------------------------

@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"])
def test_line_breaks_forge_no_tags(mark):
    forged = f"T{mark}ER  - {mark}TY  - BOOK"
    text = converted(record(titles=[{"title": forged}], creators=[{"name": forged}],
                            subjects=[{"subject": forged}]), "ris")
    assert [line[:6] for line in text.splitlines()] == [
        "TY  - ", "T1  - ", "AU  - ", "DO  - ", "UR  - ", "KW  - ", "PY  - ", "PB  - ", "ER  - "]


@pytest.mark.parametrize("kind", ["misc{x,}\n@book", "a b", "{", "@", "", "  ", "a,b", 'a"'])
def test_types_forge_no_entries(kind):
    text = converted(record(types={"resourceTypeGeneral": "Dataset", "bibtex": kind}), "bibtex")
    assert text.startswith("@misc{https://doi.org/10.5072/a,\n")


LANDING = {  # landing page: where people are sent
    "https://example.org/a": "https://example.org/a",
    "HTTP://example.org/": "HTTP://example.org/",
    "ftp://example.org/a": "ftp://example.org/a",
    " https://example.org/ ": "https://example.org/",
    "https://example.org/\r\nSet-Cookie: a=b": "https://example.org/%0D%0ASet-Cookie:%20a=b",
    "javascript:alert(1)": None, "JavaScript:alert(1)": None, "java\tscript:alert(1)": None,
    "data:text/html,<script>alert(1)</script>": None, "file:///etc/passwd": None,
    "vbscript:x": None, "//example.org/": None, "/dois": None, "https:\\\\example.org": None,
    "https:": None, "": None,
}


def test_landing_pages_are_of_the_web(tmp_path):
    things = [records.resource(number, doi=f"10.5072/to-{number}", url=url)
              for number, url in enumerate(LANDING)]
    for thing in things:
        thing["id"] = thing["attributes"]["doi"]
    store = tmp_path / "store.db"
    run("import", "--store", store, "-", "--quiet", input=records.lines(things).encode())
    with serving(store) as api:
        for number, (url, location) in enumerate(LANDING.items()):
            answer = api.get(f"/10.5072/to-{number}")
            assert answer.status == (303 if location else 404), url
            assert answer.headers.get("Location") == location
            assert answer.headers.get("Set-Cookie") is None


# ---- encodings ----------------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding):
    text = document("<titles><title>ü</title></titles>").replace("?>", ' encoding="UTF-16"?>')
    assert json.loads(converted(text.encode(encoding)))["titles"] == [{"title": "ü"}]
