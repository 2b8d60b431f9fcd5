"""`doihound cite`: citations of stored records and of files."""

import json
import os

import pytest
from conftest import ROOT, run

OK, MISS, USAGE, FAILED = range(4)
RECORDS = ROOT / "tests" / "golden" / "records"
ARTICLE = RECORDS / "article.json"
LIDC = "10.7937/k9/tcia.2015.lo9ql9sx"

APA = ("Müller-Lüdenscheidt, K.-H. J., & van der Berg, A. M. (2021). On the reading of scans. "
       "Journal of Examples, 7(2), 10–20. https://doi.org/10.5072/golden-article\n")
HTML = ("Müller-Lüdenscheidt, K.-H. J., &amp; van der Berg, A. M. (2021). On the reading of scans. "
        "<i>Journal of Examples</i>, <i>7</i>(2), 10–20. https://doi.org/10.5072/golden-article\n")


def cite(*args, status=OK, text=None, **kwargs):
    done = run("cite", *args, check=False, input=text, **kwargs)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def test_file():
    assert cite("--file", str(ARTICLE)) == (APA, "")
    assert cite("--file", "-", text=ARTICLE.read_bytes()) == (APA, "")
    assert cite("--file", str(ARTICLE), "--html") == (HTML, "")


def test_plain_text_is_plain():
    """Whatever a record holds, no markup and no entities are made of it."""
    text = cite("--file", str(RECORDS / "hostile.json"))[0]
    assert "&amp;" not in text and "<i>\"" not in text
    assert 'A & B < C > D' in text
    assert len(text.splitlines()) == 1


def test_file_of_another_format():
    bibtex = run("convert", "--to", "bibtex", ARTICLE).stdout
    assert cite("--file", "-", text=bibtex)[0] == APA


def test_one_line_per_record():
    lines = "".join(json.dumps(json.loads(path.read_bytes())) + "\n" for path in sorted(RECORDS.glob("*.json")))
    text, said = cite("--file", "-", text=lines.encode())
    assert len(text.splitlines()) == len(list(RECORDS.glob("*.json")))
    assert said == ""


def test_bad_records_are_told():
    text, said = cite("--file", "-", text=b'{"what": 1}\n' + json.dumps(json.loads(ARTICLE.read_bytes())).encode(),
                      status=MISS)
    assert text == APA
    assert said.startswith("-:1: byte 0: ")
    assert "No such file" in cite("--file", "/nowhere/at/all", status=MISS)[1]


def test_stored(sample_store):
    text, said = cite("--store", str(sample_store), LIDC)
    assert said == ""
    assert text.endswith(f"https://doi.org/{LIDC.upper()}\n") and "<" not in text
    html = run("get", "--store", sample_store, "--format", "citation", LIDC).stdout.decode()
    assert cite("--store", str(sample_store), LIDC, "--html")[0] == html
    ieee = cite("--store", str(sample_store), "--style", "ieee", "doi:" + LIDC.upper())[0]
    assert ieee != text and LIDC.upper() in ieee
    german = cite("--store", str(sample_store), "--locale", "de", LIDC)[0]
    assert "[Datensatz]" in german
    assert german == cite("--store", str(sample_store), "--locale", "de-DE", LIDC)[0]


def test_several(sample_store):
    store = str(sample_store)
    text, said = cite("--store", store, LIDC, "10.5072/none", LIDC, "what", status=MISS)
    assert text == 2 * cite("--store", store, LIDC)[0]
    assert "no record of 10.5072/none" in said and "'what' is no DOI" in said


def test_styles():
    styles = cite("--list-styles")[0].split()
    assert styles == sorted(styles) and {"apa", "ieee"} <= set(styles)
    for style in styles:
        text, said = cite("--file", str(ARTICLE), "--style", style)
        assert "reading" in text.lower() and said == "", style


@pytest.mark.parametrize("args, sentence", [
    ([], "'cite' needs DOIs, or --file FILE"),
    (["--file", "x", "10.5072/x"], "not both"),
    (["--style", "ape", "10.5072/x"], "the nearest is 'apa'"),
    (["--style", "ape", "10.5072/x"], "'--style' is one of "),
    (["--locale", "tlh", "10.5072/x"], "'--locale' is one of "),
])
def test_usage(args, sentence, tmp_path):
    """Found before any store is looked at."""
    text, said = cite(*args, status=USAGE, env={**os.environ, "DOIHOUND_STORE": str(tmp_path / "none")})
    assert text == ""
    assert sentence in said


def test_no_store(tmp_path):
    env = {**os.environ, "DOIHOUND_STORE": str(tmp_path / "none")}
    assert "no store" in cite(LIDC, status=FAILED, env=env)[1]
    assert cite("--file", str(ARTICLE), env=env)[0] == APA
