"""Every record in every format, every text in every format that is read: golden files.

tools/golden writes them anew; a changed one is read before it is kept.
"""

import difflib
import json
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest
from conftest import BINARY, ROOT

sys.path.insert(0, str(ROOT / "tests"))

from golden import golden  # noqa: E402

FORMATS = {row["name"]: row for row in golden.formats(BINARY)}
WRITTEN = [(name, path) for name, row in FORMATS.items() if row["write"] for path in golden.records()]
READ = [(name, path) for name, row in FORMATS.items() if row["read"] for path in golden.inputs(name)]


def label(value):
    return value.stem if isinstance(value, Path) else value


def compare(path, content):
    wanted = path.read_bytes() if path.exists() else b""
    if content == wanted:
        return
    lines = difflib.unified_diff(
        wanted.decode(errors="replace").splitlines(keepends=True),
        content.decode(errors="replace").splitlines(keepends=True),
        str(path.relative_to(ROOT)), "now")
    pytest.fail("".join(lines) or "they differ in bytes that are no text", pytrace=False)


@pytest.mark.parametrize("name, path", WRITTEN, ids=label)
def test_written(name, path):
    compare(*golden.written(BINARY, name, path))


@pytest.mark.parametrize("name, path", READ, ids=label)
def test_read(name, path):
    compare(*golden.read(BINARY, name, path))


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_left_over(name):
    files = golden.expected(BINARY, FORMATS[name])
    assert golden.stored(name) == set(files)


def test_all_formats_have_golden_files():
    assert {name for name, row in FORMATS.items() if row["write"]} == set(golden.EXTENSIONS)
    for name, row in FORMATS.items():
        assert not row["read"] or golden.inputs(name), f"nothing is read as {name}"


def convert(text, source, target):
    done = subprocess.run([BINARY, "convert", "--from", source, "--to", target, "-"], input=text,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("path", golden.records(), ids=label)
@pytest.mark.parametrize("name", ["datacite_json", "crosscite"])
def test_json_round_trip(name, path):
    """What a JSON format gives is read as the same record."""
    first = golden.written(BINARY, name, path)[1]
    assert convert(first, name, name) == first


XML_RECORDS = [path for path in golden.records() if path.suffix == ".json"]


@pytest.mark.parametrize("path", XML_RECORDS, ids=label)
def test_xml_round_trip(path):
    """XML, read and written again, stays what it was: nothing is lost on the second way."""
    first = golden.written(BINARY, "datacite", path)[1]
    record = json.loads(convert(first, "datacite", "datacite_json"))
    record.pop("xml", None)
    second = convert(json.dumps(record).encode(), "datacite_json", "datacite")
    record = json.loads(convert(second, "datacite", "datacite_json"))
    third = convert(json.dumps(record).encode(), "datacite_json", "datacite")
    assert xml.canonicalize(third) == xml.canonicalize(second)
