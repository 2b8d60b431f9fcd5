"""The command line: what it prints where, its exit statuses, its sentences."""

import csv
import fcntl
import gzip
import io
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import termios
import threading
import time

import pytest
from conftest import BINARY, ROOT, Server, run, serving
from records import lines, resource

LIDC = "10.7937/k9/tcia.2015.lo9ql9sx"
OK, MISS, USAGE, FAILED = 0, 1, 2, 3


def out(*args, **kwargs):
    return run(*args, **kwargs).stdout.decode()


def err(*args, status, **kwargs):
    """Standard error of a run that ends with this status."""
    done = run(*args, check=False, **kwargs)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stderr.decode()


def load(path, *resources):
    run("import", "--store", path, "--quiet", "-", input=lines(resources).encode())
    return path


@pytest.fixture()
def small(tmp_path):
    """Five records, one of them a draft, one of another agency, one with odd text."""
    odd = 'A "quoted", comma\nand \x1b[31mred < & \u202e title'
    return load(
        tmp_path / "small.db",
        resource(1), resource(2, state="draft", registered=None),
        resource(3, agency="crossref"),
        resource(4, titles=[{"title": odd}], version="2",
                 identifiers=[{"identifier": "ODD", "identifierType": "tcia short name"}],
                 rightsList=[{"rights": "One"}, {"rightsIdentifier": "two"}],
                 creators=[{"name": "Doe, Jo", "familyName": "Doe", "givenName": "Jo"},
                           {"name": "A Network", "nameType": "Organizational"}]),
        resource(5, titles=[{"title": "Ünïcødé 中文标题 " * 12}]))


def on_terminal(*args, width=100, env=None, stream="stdout"):
    """Runs with one of its streams on a pseudo-terminal; returns what that shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    settings = {**os.environ, "TERM": "xterm", **(env or {})}
    settings.pop("COLUMNS", None)
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: slave}
    process = subprocess.Popen([BINARY, *args], stdin=subprocess.DEVNULL, env=settings, **streams)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait(timeout=30) == 0
    return shown.decode().replace("\r\n", "\n")


# ---- the table of commands and options ---------------------------------------------------------


def commands():
    text = out("help")
    found = re.findall(r"^  ([a-z]+) +\S", text.split("Commands:")[1].split("Options")[0], re.M)
    assert len(found) >= 9
    return found


def test_help_is_data_and_usage_is_talk():
    assert out("help") == out("--help") == out("-h")
    done = run(check=False)
    assert (done.returncode, done.stdout) == (USAGE, b"")
    assert b"usage: doihound" in done.stderr


@pytest.mark.parametrize("command", ["serve", "import", "get", "list", "related", "activities",
                                     "export", "status", "backup", "help"])
def test_each_command_has_help(command):
    text = out("help", command)
    assert text == out(command, "--help") == out("--help", command)
    assert text.startswith(f"usage: doihound {command}")
    assert max(map(len, text.splitlines())) <= 160
    assert "--store FILE" in text


def test_version():
    text = out("--version")
    assert re.fullmatch(r"doihound \d+\.\d+\.\d+\n", text)
    assert out("list", "--version") == text


def test_manual_names_every_command_and_option():
    manual = (ROOT / "docs/man/doihound.1").read_text().replace("\\-", "-")
    for command in commands():
        assert f".It Cm {command}" in manual
        for option in re.findall(r"^  (?:-h, )?--([a-z0-9-]+)", out("help", command), re.M):
            assert re.search(rf"Fl Fl {option}(?![a-z-])", manual), (command, option)


@pytest.mark.parametrize("args, sentence", [
    (["lst"], "'list'"),
    (["frobnicate-everything"], "no command"),
    (["list", "--clientid", "x"], "the nearest is '--client-id'"),
    (["list", "--jsno"], "the nearest is '--json'"),
    (["list", "--frobnicate-everything"], "no option '--frobnicate-everything'"),
    (["list", "-x"], "no option '-x'"),
    (["--stroe", "x", "list"], "the nearest is '--store'"),
    (["list", "--size"], "'--size' needs a value"),
    (["list", "--size", "many"], "'many'"),
    (["list", "--size", "-1"], "'-1'"),
    (["list", "--size", "1001"], "1000"),
    (["list", "--size=5x"], "'5x'"),
    (["list", "--sort", "loudness"], "'loudness'"),
    (["list", "--json=yes"], "takes no value"),
    (["list", "stray"], "'stray'"),
    (["get"], "needs an argument"),
    (["backup"], "needs an argument"),
    (["backup", "a", "b"], "'b'"),
    (["import"], "--sample"),
    (["export", "--format", "xml"], "jsonl, csv, tsv, doi"),
    (["serve", "--listen", "localhost:http"], "HOST:PORT"),
    (["serve", "--listen", "127.0.0.1:70000"], "HOST:PORT"),
    (["serve", "--listen", "[::1"], "HOST:PORT"),
    (["serve", "--tls-cert", "x.pem"], "--tls-key"),
    (["serve", "--facets", "maybe"], "on|off"),
    (["help", "nothing"], "no command"),
])
def test_usage_errors(args, sentence, tmp_path):
    """Found before any store is looked at."""
    text = err(*args, status=USAGE, env={**os.environ, "DOIHOUND_STORE": str(tmp_path / "none")})
    assert sentence in text
    assert text.startswith("doihound: ")


def test_options_stand_anywhere(sample_store):
    expected = out("list", "--store", sample_store, "--size", "2", "--json")
    assert out("--store", sample_store, "list", "--json", "--size=2") == expected
    assert out("list", "--json", "--size", "9", "--size", "2", f"--store={sample_store}") == expected
    assert out("get", "--store", sample_store, "--json", "--", LIDC) \
        == out("get", LIDC, "--json", "--store", sample_store)


# ---- which store ---------------------------------------------------------------------------------


def test_default_store(tmp_path):
    env = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    run("import", "--sample", "--quiet", env=env, cwd=tmp_path)
    assert (tmp_path / "home/.local/share/doihound/store.db").exists()
    env["XDG_DATA_HOME"] = str(tmp_path / "xdg")
    assert str(tmp_path / "xdg") in err("list", status=FAILED, env=env)
    run("import", "--sample", "--quiet", env=env, cwd=tmp_path)
    assert (tmp_path / "xdg/doihound/store.db").exists()
    env["DOIHOUND_STORE"] = str(tmp_path / "named.db")
    run("import", "--sample", "--quiet", env=env, cwd="/")
    assert "298" in out("status", env=env)
    assert "--store" in err("list", status=FAILED, env={"PATH": os.environ["PATH"]})


@pytest.mark.parametrize("command", [["list"], ["get", LIDC], ["activities"], ["export"], ["status"],
                                     ["backup", "copy.db"], ["serve", "--listen", "127.0.0.1:0"]])
def test_missing_store_says_what_to_do(command, tmp_path):
    path = tmp_path / "none.db"
    text = err(*command, "--store", path, status=FAILED, cwd=tmp_path)
    assert str(path) in text and "doihound import" in text
    assert list(tmp_path.iterdir()) == []


def test_empty_file_is_no_store(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    assert "doihound import" in err("list", "--store", path, status=FAILED)


def test_foreign_file_is_no_store(tmp_path):
    path = tmp_path / "text.db"
    path.write_text("not a database, " * 1000)
    text = err("list", "--store", path, status=FAILED)
    assert str(path) in text and "--store" in text
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE t (a)")
    database.close()
    before = other.read_bytes()
    err("list", "--store", other, status=FAILED)
    err("import", "--store", other, "--sample", status=FAILED)
    assert other.read_bytes() == before


def test_newer_store(tmp_path, sample_store):
    path = tmp_path / "newer.db"
    run("backup", "--store", sample_store, path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99999")
    database.close()
    assert "upgrade" in err("list", "--store", path, status=FAILED)


@pytest.mark.parametrize("first", [0, 8192])
def test_damaged_store(first, tmp_path, sample_store):
    path = tmp_path / "damaged.db"
    run("backup", "--store", sample_store, path)
    content = bytearray(path.read_bytes())
    for at in range(first, len(content), 4096):
        content[at + 100:at + 2100] = bytes(range(250)) * 8
    path.write_bytes(content)
    for command in (["status", "--check"], ["list", "--all"], ["get", LIDC], ["export"],
                    ["activities", "--all"]):
        text = err(*command, "--store", path, status=FAILED)
        assert text.startswith("doihound: ")
    assert "restore a backup" in err("status", "--store", path, "--check", status=FAILED)


def test_cut_store(tmp_path, sample_store):
    whole = tmp_path / "whole.db"
    run("backup", "--store", sample_store, whole)
    path = tmp_path / "cut.db"
    path.write_bytes(whole.read_bytes()[:100_000])
    assert "restore a backup" in err("list", "--store", path, status=FAILED)


def test_locked_store(tmp_path, small):
    database = sqlite3.connect(small, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        assert "10.5072/rec-00001" in out("list", "--store", small)
        text = err("import", "--store", small, "--sample", status=FAILED)
        assert "try again" in text
    finally:
        database.execute("ROLLBACK")
        database.close()


def test_empty_store_is_told(tmp_path):
    path = tmp_path / "empty.db"
    run("import", "--store", path, "--quiet", "-", input=b"")
    done = run("list", "--store", path)
    assert done.stdout == b"" and b"is empty" in done.stderr
    assert out("export", "--store", path) == ""
    assert "is empty" in err("get", "--store", path, LIDC, status=MISS)


# ---- import ----------------------------------------------------------------------------------------


def test_import_sample_from_anywhere(tmp_path):
    for directory in ("/", tmp_path):
        done = run("import", "--store", tmp_path / "a.db", "--sample", cwd=directory)
        assert done.stdout == b""
    first = run("import", "--store", tmp_path / "b.db", "--sample").stderr.decode()
    again = run("import", "--store", tmp_path / "b.db", "--sample").stderr.decode()
    assert re.search(r"^imported 298 records: 298 new, 0 changed, 0 touched, 0 unchanged, 0 bad "
                     r"\(\d+\.\d s, [\d,]+/s\)$", first, re.M)
    assert "298 records: 0 new, 0 changed, 0 touched, 298 unchanged, 0 bad" in again


def test_import_installed_sample(tmp_path):
    """As installed: bin/doihound beside share/doihound."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "share/doihound").mkdir(parents=True)
    shutil.copy2(BINARY, tmp_path / "bin/doihound")
    with gzip.open(tmp_path / "share/doihound/tcia.jsonl.gz", "wb") as packed:
        packed.write((ROOT / "data/tcia/tcia.jsonl").read_bytes())
    done = subprocess.run([tmp_path / "bin/doihound", "import", "--sample", "--store",
                           tmp_path / "s.db"], capture_output=True, cwd="/")
    assert done.returncode == 0 and b"imported 298 records" in done.stderr


def test_import_reports_bad_values(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(lines([resource(1)]) + '{"id": broken}\n' + lines([resource(2)]))
    done = run("import", "--store", tmp_path / "s.db", path, check=False)
    assert done.returncode == MISS
    assert re.search(rf"^{re.escape(str(path))}:2: byte \d+: \S", done.stderr.decode(), re.M)
    assert b"imported 2 records: 2 new, 0 changed, 0 touched, 0 unchanged, 1 bad" in done.stderr
    assert out("list", "--store", tmp_path / "s.db").count("10.5072/rec-") == 2


def test_import_counts_complaints_beyond_a_hundred(tmp_path):
    text = "".join('{"id": broken%d}\n' % n for n in range(250))
    done = run("import", "--store", tmp_path / "s.db", "-", input=text.encode(), check=False)
    told = done.stderr.decode()
    assert done.returncode == MISS
    assert len(re.findall(r"^-:\d+: byte", told, re.M)) == 100
    assert "and 150 more bad values" in told and " 250 bad" in told


def test_import_strict_stores_nothing(tmp_path):
    text = lines([resource(n) for n in range(50)]) + "{nonsense\n"
    store = tmp_path / "s.db"
    told = err("import", "--store", store, "--strict", "-", status=MISS, input=text.encode())
    assert "nothing was stored" in told
    assert out("export", "--store", store, "--format", "doi") == ""


def test_import_missing_input_makes_no_store(tmp_path):
    text = err("import", "--store", tmp_path / "s.db", tmp_path / "none.jsonl", tmp_path,
               status=MISS)
    assert "none.jsonl: No such file" in text and "Is a directory" in text
    assert not (tmp_path / "s.db").exists()


def test_import_quiet(tmp_path):
    done = run("import", "--store", tmp_path / "s.db", "--sample", "--quiet")
    assert (done.stdout, done.stderr) == (b"", b"")


def test_import_tells_repairs(tmp_path):
    odd = resource(1, publicationYear="2019", subjects=None)
    odd["attributes"]["titles"] = {"title": "No list"}
    done = run("import", "--store", tmp_path / "s.db", "--repairs", "-", input=lines([odd]).encode())
    assert b"-:1: mended: " in done.stderr
    done = run("import", "--store", tmp_path / "t.db", "-", input=lines([odd]).encode())
    assert b"--repairs tells how" in done.stderr and b"mended: " not in done.stderr


def test_import_tells_of_other_types(tmp_path):
    other = {"id": "x", "type": "media", "attributes": {"mediaType": "text/plain"}}
    text = lines([other, resource(1)]).encode()
    done = run("import", "--store", tmp_path / "s.db", "-", input=text)
    assert b"imported 1 records" in done.stderr and b"other types were passed over" in done.stderr
    done = run("import", "--store", tmp_path / "s.db", "--repairs", "-", input=text)
    assert b"resources of type media are not kept" in done.stderr


def test_import_draws_a_bar_on_a_terminal(tmp_path):
    args = ("import", "--store", tmp_path / "s.db", ROOT / "data/tcia/tcia.jsonl")
    shown = on_terminal(*args, stream="stderr", width=80).split("\r\x1b[K")
    assert shown[-1].startswith("imported 298 records: 298 new")
    assert re.match(r"\[=+>? *\] *\d+%  \d+ records, [\d,]+/s", shown[-2])
    assert max(map(len, shown[:-1])) < 80
    assert on_terminal(*args, "--quiet", stream="stderr") == ""


# ---- get ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [LIDC, LIDC.upper(), "doi:" + LIDC, "https://doi.org/" + LIDC,
                                  "http://dx.doi.org/" + LIDC.upper()])
def test_get_takes_dois_as_people_write_them(form, sample_store):
    text = out("get", "--store", sample_store, form)
    assert re.search(rf"^DOI +{re.escape(LIDC)}$", text, re.M)
    for label in ("Title", "Short name", "Creators", "Publisher", "Year", "Type", "Version",
                  "Rights", "URL", "State", "Client", "Counts", "Description"):
        assert re.search(rf"^{label} +\S", text, re.M), label
    assert "\x1b" not in text


def test_get_missing(sample_store):
    text = err("get", "--store", sample_store, "10.5072/none", status=MISS)
    assert "10.5072/none" in text
    assert "is no DOI" in err("get", "--store", sample_store, "nonsense", status=MISS)
    done = run("get", "--store", sample_store, "--json", "10.5072/none", LIDC, "x", check=False)
    assert done.returncode == MISS
    assert json.loads(done.stdout)["data"]["id"] == LIDC


def stranger(text):
    """What a document would be to somebody who does not own the store."""
    assert '"landingPage":null,' in text
    return text.replace('"landingPage":null,', "")


def test_get_json_is_the_answer_of_the_server(sample_store, server):
    text = out("get", "--store", sample_store, LIDC, "10.7937/tcia.2020.6c7y-gq39", "--json")
    documents = text.splitlines()
    assert len(documents) == 2
    assert stranger(documents[0]).encode() == server.get(f"/dois/{LIDC}").body
    rich = out("get", "--store", sample_store, LIDC, "--json", "--rich").rstrip("\n")
    assert stranger(rich).encode() \
        == server.get(f"/dois/{LIDC}?affiliation=true&publisher=true").body
    listed = json.loads(out("get", "--store", sample_store, LIDC, "--json", "--api-form", "list"))
    assert [item["id"] for item in listed["data"]] == [LIDC]


def test_get_shows_drafts_to_the_owner(small):
    assert "draft" in out("get", "--store", small, "10.5072/rec-00002")
    document = json.loads(out("get", "--store", small, "--json", "10.5072/rec-00002"))
    assert document["data"]["attributes"]["state"] == "draft"
    assert "10.5072/rec-00003" in out("get", "--store", small, "10.5072/rec-00003")
    document = json.loads(out("get", "--store", small, "--json", "10.5072/rec-00003"))
    assert document["data"]["id"] == "10.5072/rec-00003"


def test_get_text_cannot_command_the_terminal(small):
    text = out("get", "--store", small, "10.5072/rec-00004")
    assert "\x1b" not in text and "\u202e" not in text
    assert 'A "quoted", comma and [31mred < & title' in text
    assert re.search(r"^Rights +One; two$", text, re.M)
    assert re.search(r"^Short name +ODD$", text, re.M)
    assert re.search(r"^Creators +Doe, Jo; A Network$", text, re.M)


def test_get_local_counts(tmp_path):
    related = [{"relatedIdentifier": "10.5072/rec-00001", "relatedIdentifierType": "DOI",
                "relationType": "Cites"}]
    store = load(tmp_path / "s.db", resource(1, citationCount=7),
                 resource(2, relatedIdentifiers=related))
    doi = "10.5072/rec-00001"
    assert re.search(r"^Counts +citations 7$", out("get", "--store", store, doi), re.M)
    assert re.search(r"^Counts +citations 7 \(1 here\)$",
                     out("get", "--store", store, doi, "--local"), re.M)
    document = json.loads(out("get", "--store", store, doi, "--local", "--json"))
    assert document["data"]["attributes"]["citationCount"] == 7
    assert document["meta"]["localCounts"]["citationCount"] == 1


def test_get_wraps_on_a_terminal(sample_store):
    text = on_terminal("get", "--store", sample_store, LIDC, width=70)
    assert "\x1b[1mDOI" in text
    plain = re.sub(r"\x1b\[\d*m", "", text)
    assert max(map(len, plain.splitlines())) <= 70
    assert "\x1b" not in on_terminal("get", "--store", sample_store, LIDC, env={"NO_COLOR": "1"})


# ---- list ---------------------------------------------------------------------------------------------


def rows(text):
    return [line.split()[0] for line in text.splitlines()[1:]]


def test_list_tells_that_it_was_cut(sample_store):
    done = run("list", "--store", sample_store)
    assert done.stdout.decode().splitlines()[0].split() == ["DOI", "STATE", "YEAR", "TITLE", "CLIENT"]
    assert len(rows(done.stdout.decode())) == 25
    assert "25 of 298; --all for all" in done.stderr.decode()
    done = run("list", "--store", sample_store, "--all")
    assert len(set(rows(done.stdout.decode()))) == 298 and done.stderr == b""


def test_list_pages_and_sorts(sample_store):
    whole = rows(out("list", "--store", sample_store, "--all", "--sort", "name"))
    assert whole == sorted(whole)
    paged = []
    for page in range(1, 5):
        paged += rows(out("list", "--store", sample_store, "--sort", "name", "--size", "100",
                          "--page", str(page)))
    assert paged == whole
    done = run("list", "--store", sample_store, "--size", "0")
    assert done.stdout == b"" and b"0 of 298" in done.stderr


def test_list_json_is_the_answer_of_the_server(sample_store, server):
    target = "/dois?client-id=nihnci.tcia&published=2020&page%5Bsize%5D=5&disable-facets=true"
    expected = json.loads(server.get(target).body)
    done = run("list", "--store", sample_store, "--client-id", "NIHNCI.TCIA", "--published", "2020",
               "--size", "5", "--json")
    document = json.loads(stranger(done.stdout.decode()))
    assert document["data"] == expected["data"]
    assert document["meta"]["total"] == expected["meta"]["total"]
    assert done.stdout.count(b"\n") == 1
    assert b"5 of " in done.stderr


def test_list_all_json_is_one_document(sample_store):
    document = json.loads(out("list", "--store", sample_store, "--all", "--json"))
    assert document["meta"]["total"] == len({item["id"] for item in document["data"]}) == 298


@pytest.mark.parametrize("filters, target", [
    (["--prefix", "10.25737"], "prefix=10.25737"),
    (["--has-person"], "has-person=true"),
    (["--has-funder", "--client-id", "nihnci.tcia"], "has-funder=1&client-id=nihnci.tcia"),
    (["--subject", "Lung", "--license", "cc-by-4.0"], "subject=Lung&license=cc-by-4.0"),
    (["--registered", "2019,2021"], "registered=2019,2021"),
    (["--client-id", "nobody"], "client-id=nobody"),
])
def test_list_filters_mean_what_they_mean_to_the_server(filters, target, sample_store, server):
    expected = server.json(f"/dois?{target}&page[size]=1000&sort=name&disable-facets=true")
    table = out("list", "--store", sample_store, "--all", "--sort", "name", *filters)
    assert rows(table) == [item["id"] for item in expected["data"]]
    exported = out("export", "--store", sample_store, "--format", "doi", *filters)
    assert sorted(exported.split()) == rows(table)


def test_list_rejects_what_the_api_rejects(sample_store):
    for extra in ([], ["--json"]):
        text = err("list", "--store", sample_store, "--created", "soon", *extra, status=MISS)
        assert text.startswith("doihound: ") and "\n" == text[-1]


def test_list_shows_every_state(small):
    text = out("list", "--store", small)
    assert re.search(r"10\.5072/rec-00002 +draft", text)
    assert rows(out("list", "--store", small, "--state", "draft")) == ["10.5072/rec-00002"]


@pytest.mark.parametrize("filters, sentence", [
    (["--client-id", "nihnci.tica"], "no client 'nihnci.tica'; the nearest is 'nihnci.tcia'"),
    (["--provider-id", "tcira"], "no provider 'tcira'; the nearest is 'tciar'"),
    (["--prefix", "10.7973"], "no prefix '10.7973'; the nearest is '10.7937'"),
    (["--state", "drafts"], "no state 'drafts'; the nearest is 'draft'"),
    (["--resource-type-id", "JournalArticel"], "the nearest is 'journal-article'"),
])
def test_empty_results_name_the_slip(filters, sentence, sample_store):
    for command in ("list", "export"):
        done = run(command, "--store", sample_store, *filters)
        assert done.stdout == b"" and sentence in done.stderr.decode()
    done = run("list", "--store", sample_store, "--resource-type-id", "JournalArticle")
    assert (done.stdout, done.stderr) == (b"", b"")


def cells(text):
    """Terminal cells of a line of our test data: Chinese characters take two."""
    return sum(2 if "\u4e00" <= char <= "\u9fff" else 1 for char in text)


@pytest.mark.parametrize("width", [70, 80, 133])
def test_list_fits_the_terminal(small, sample_store, width):
    for store in (small, sample_store):
        plain = re.sub(r"\x1b\[\d*m", "", on_terminal("list", "--store", store, width=width))
        for line in plain.splitlines():
            assert cells(line) <= width, line
    assert "…" in plain
    piped = out("list", "--store", small)
    assert "…" not in piped and "Ünïcødé 中文标题 " * 11 in piped


# ---- activities --------------------------------------------------------------------------------------


def test_activities(tmp_path):
    store = load(tmp_path / "s.db", resource(1), resource(2))
    load(store, resource(1, version="2", titles=[{"title": "New"}]))
    text = out("activities", "--store", store, "doi:10.5072/REC-00001")
    first, second = text.splitlines()[1:]
    assert re.fullmatch(r"\S+Z +10\.5072/rec-00001 +update +2 +exmpl\.archive +"
                        r"(titles, version_info|version_info, titles)", first)
    assert re.fullmatch(r"\S+Z +10\.5072/rec-00001 +create +1 +exmpl\.archive +-", second)
    assert len(out("activities", "--store", store).splitlines()) == 4
    document = json.loads(out("activities", "--store", store, "10.5072/rec-00001", "--json"))
    assert [item["attributes"]["action"] for item in document["data"]] == ["update", "create"]


def test_activities_are_cut_and_whole(sample_store):
    done = run("activities", "--store", sample_store, "--size", "10")
    assert len(done.stdout.splitlines()) == 11
    assert re.search(rb"10 of [\d,]+; --all for all", done.stderr)
    whole = out("activities", "--store", sample_store, "--all").splitlines()[1:]
    document = json.loads(out("activities", "--store", sample_store, "--all", "--json"))
    assert len(whole) == len(document["data"]) == document["meta"]["total"] >= 298


def test_activities_of_nothing(sample_store):
    assert "no record" in err("activities", "--store", sample_store, "10.5072/none", status=MISS)
    assert "is no DOI" in err("activities", "--store", sample_store, "nihnci", status=MISS)


# ---- export ------------------------------------------------------------------------------------------


def test_export_is_complete_and_ordered(sample_store):
    items = [json.loads(line) for line in out("export", "--store", sample_store).splitlines()]
    order = [(item["attributes"]["created"], item["id"]) for item in items]
    assert len(items) == 298 and order == sorted(order)
    assert all(item["type"] == "dois" for item in items)
    attributes = items[0]["attributes"]
    assert isinstance(attributes["publisher"], dict) and "xml" in attributes
    dois = out("export", "--store", sample_store, "--format", "doi").split()
    assert dois == [item["id"] for item in items]


def test_export_comes_back_unchanged(sample_store, small, tmp_path):
    for number, store in enumerate((sample_store, small)):
        exported = run("export", "--store", store).stdout
        copy = tmp_path / f"same{number}.db"
        run("backup", "--store", store, copy)
        done = run("import", "--store", copy, "-", input=exported)
        assert b" 0 new, 0 changed, " in done.stderr
        assert run("export", "--store", copy).stdout == exported
        other = tmp_path / f"other{number}.db"
        run("import", "--store", other, "--quiet", "-", input=exported)
        assert run("export", "--store", other).stdout == exported


def test_export_has_every_state_and_agency(small):
    dois = out("export", "--store", small, "--format", "doi").split()
    assert dois == [f"10.5072/rec-0000{n}" for n in range(1, 6)]


def test_export_csv(small):
    text = run("export", "--store", small, "--format", "csv").stdout.decode()
    assert "\r" not in text
    header, *table = csv.reader(io.StringIO(text))
    assert header == ["doi", "url", "registered", "state", "resourceTypeGeneral", "resourceType",
                      "title", "author", "publisher", "publicationYear", "version", "rights",
                      "shortName"]
    by_doi = {row[0]: dict(zip(header, row)) for row in table}
    assert len(by_doi) == 5
    odd = by_doi["10.5072/rec-00004"]
    assert odd["title"] == 'A "quoted", comma\nand \x1b[31mred < & \u202e title'
    assert odd["author"] == "Doe, Jo and {A Network}"
    assert (odd["registered"], odd["rights"], odd["shortName"], odd["version"]) \
        == ("2020-01-05", "One; two", "ODD", "2")
    assert by_doi["10.5072/rec-00002"]["state"] == "draft"


def test_export_to_a_file(sample_store, tmp_path):
    path = tmp_path / "out.jsonl"
    done = run("export", "--store", sample_store, "--output", path)
    assert done.stdout == b"" and b"298 records" in done.stderr
    assert path.read_bytes() == run("export", "--store", sample_store).stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]
    text = err("export", "--store", sample_store, "--output", tmp_path / "no/where", status=FAILED)
    assert "No such file" in text
    run("export", "--store", sample_store, "--output", "/dev/null")


def test_full_disk_is_told(sample_store):
    for command in (["export"], ["list", "--all"], ["status"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BINARY, *command, "--store", sample_store], stdout=full,
                                  stderr=subprocess.PIPE)
        assert done.returncode == FAILED and b"No space left" in done.stderr
    assert "No space" in err("export", "--store", sample_store, "--output", "/dev/full",
                             status=FAILED)


def test_export_many(tmp_path):
    """More than a page, with equal times."""
    many = [resource(n, created="2020-01-01T00:00:00Z") for n in range(2500)]
    store = load(tmp_path / "many.db", *many)
    expected = [item["id"] for item in many]
    assert out("export", "--store", store, "--format", "doi").split() == expected
    ids = [json.loads(line)["id"] for line in out("export", "--store", store).splitlines()]
    assert ids == expected
    assert len(out("export", "--store", store, "--format", "csv").splitlines()) == 2501
    assert len(set(rows(out("list", "--store", store, "--all")))) == 2500
    document = json.loads(out("list", "--store", store, "--all", "--json", "--sort", "name"))
    assert [item["id"] for item in document["data"]] == expected


# ---- status, backup ------------------------------------------------------------------------------------


def test_status(small):
    text = out("status", "--store", small)
    assert re.search(r"^Records +5$", text, re.M)
    assert re.search(r"^  draft +1$", text, re.M)
    assert re.search(r"^  findable +4$", text, re.M)
    assert re.search(r"^Last write +\S+Z \(.*(ago|now)\)$", text, re.M)
    assert re.search(r"^Check +sound$", out("status", "--store", small, "--check"), re.M)
    document = json.loads(out("status", "--store", small, "--json", "--check"))
    assert document["records"] == 5 and document["states"]["draft"] == 1
    assert document["store"] == str(small) and document["sound"] is True
    assert document["fileBytes"] > document["recordBytes"] > 0


def test_backup(sample_store, tmp_path):
    copy = tmp_path / "copy.db"
    done = run("backup", "--store", sample_store, copy)
    assert b"298 records" in done.stderr
    assert run("export", "--store", copy).stdout == run("export", "--store", sample_store).stdout
    text = err("backup", "--store", sample_store, copy, status=MISS)
    assert str(copy) in text


def test_backup_while_serving(sample_store, tmp_path):
    with serving(sample_store):
        run("backup", "--store", sample_store, tmp_path / "copy.db")
    assert "298" in out("status", "--store", tmp_path / "copy.db", "--check")


# ---- serve -----------------------------------------------------------------------------------------------


def test_serve_says_when_it_is_ready(sample_store):
    process = subprocess.Popen([BINARY, "serve", "--store", sample_store, "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    line = process.stderr.readline().decode()
    assert re.fullmatch(rf"doihound \d+\.\d+\.\d+ serves {re.escape(str(sample_store))} "
                        r"\(298 records\) at http://127\.0\.0\.1:\d+\n", line)
    process.send_signal(signal.SIGINT)
    data, _ = process.communicate(timeout=20)
    assert (process.returncode, data) == (0, b"")


@pytest.mark.parametrize("kind", ["text", "json"])
def test_serve_logs_on_standard_error(kind, sample_store):
    server = Server(sample_store, "--log", kind)
    server.get("/heartbeat")
    server.process.send_signal(signal.SIGTERM)
    log = server.process.communicate(timeout=20)[1].decode()
    assert "/heartbeat" in log
    if kind == "json":
        assert json.loads(log.splitlines()[0])


def test_serve_address_in_use(sample_store):
    with serving(sample_store) as server:
        text = err("serve", "--store", sample_store, "--listen", f"{server.host}:{server.port}",
                   status=FAILED)
        assert str(server.port) in text


def test_serve_ipv6(sample_store):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    process = subprocess.Popen([BINARY, "serve", "--store", sample_store, "--listen", "[::1]:0",
                                "--log", "off"], stderr=subprocess.PIPE)
    line = process.stderr.readline().decode()
    found = re.search(r"at http://\[::1\]:(\d+)$", line)
    assert found, line
    with socket.create_connection(("::1", int(found[1]))) as connection:
        connection.sendall(b"GET /heartbeat HTTP/1.0\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(1000)
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_serve_facets_and_base_url(sample_store):
    with serving(sample_store, "--facets", "off", "--base-url", "https://api.example.org") as server:
        document = server.json("/dois?page[size]=1")
        assert "states" not in document["meta"]
        assert document["links"]["self"].startswith("https://api.example.org/dois?")
    with serving(sample_store) as server:
        assert server.json("/dois?page[size]=1")["meta"]["states"]


def test_serve_finishes_requests_under_way(sample_store):
    """Requests that arrived before the signal are answered, and the program ends well."""
    server = Server(sample_store)
    answers, go = [], threading.Event()

    def ask():
        go.wait()
        try:
            answers.append(server.get("/dois?page[size]=1000&detail=true").status)
        except OSError:
            answers.append(None)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    time.sleep(0.05)
    assert server.stop()[0] == 0
    for thread in threads:
        thread.join()
    assert 200 in answers


def test_serve_sees_what_is_imported_meanwhile(tmp_path):
    store = load(tmp_path / "s.db", resource(1))
    with serving(store) as server:
        assert server.json("/dois")["meta"]["total"] == 1
        load(store, resource(2))
        assert server.json("/dois")["meta"]["total"] == 2
        assert server.get("/dois/10.5072/rec-00002").status == 200
