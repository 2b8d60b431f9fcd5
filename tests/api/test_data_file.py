"""Data files: both layouts straight from the tar, damage, filters, counts, going on, and back."""

import contextlib
import csv
import gzip
import hashlib
import base64
import io
import json
import random
import signal
import sqlite3
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from conftest import BINARY, ROOT, run, serving
from records import lines, resource

CATALOGUE = [json.loads(line) for line in
             (ROOT / "data" / "tcia" / "tcia.jsonl").read_text(encoding="utf-8").splitlines()]
RECORDS = [item for item in CATALOGUE if item["type"] == "dois"]


def add(tar, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def collapse(attributes):
    """As the file of 2023 has it: a list of one may stand as that one."""
    odd = dict(attributes)
    for name in ("creators", "titles", "subjects"):
        if len(odd.get(name) or []) == 1:
            odd[name] = odd[name][0]
    return odd


def layout_2023(path, records=RECORDS, mode="w:gz"):
    folders = {}
    for record in records:
        folders.setdefault(record["id"].split("/")[0], []).append(record)
    with tarfile.open(path, mode) as tar:
        for prefix, members in folders.items():
            folder = tarfile.TarInfo(f"./{prefix}")
            folder.type = tarfile.DIRTYPE
            tar.addfile(folder)
            for part in range(0, len(members), 100):
                text = lines(collapse(item["attributes"]) for item in members[part:part + 100])
                add(tar, f"./{prefix}/part_{part // 100:05}.jsonl", text.encode())


def month_of(record):
    return record["attributes"]["updated"][:7]


def rows_of(records):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["doi", "state", "client_id", "updated"])
    for item in records:
        client = item["relationships"]["client"]["data"]["id"]
        writer.writerow([item["id"], item["attributes"].get("state", "findable"), client,
                         item["attributes"]["updated"]])
    return gzip.compress(text.getvalue().encode())


def layout_2024(path, records=RECORDS, rows=None, size=10000):
    months = {}
    for record in records:
        months.setdefault(month_of(record), []).append(record)
    with tarfile.open(path, "w") as tar:
        add(tar, "README.md", b"# not a part\n")
        for month, members in sorted(months.items()):
            for part in range(0, len(members), size):
                add(tar, f"dois/updated_{month}/part_{part // size:04}.jsonl.gz",
                    gzip.compress(lines(members[part:part + size]).encode()))
            add(tar, f"dois/updated_{month}/{month}.csv.gz",
                rows_of(members + (rows or {}).get(month, [])))
        add(tar, "MANIFEST", b"dois/x 1 y\n")


def exported(store, *filters):
    return run("export", "--store", store, "--quiet", *filters).stdout


def counts(*args, code=0):
    done = run("import", *args, "--json", check=False)
    assert done.returncode == code, done.stderr.decode()
    return json.loads(done.stdout), done.stderr.decode()


def status(store):
    return json.loads(run("status", "--json", "--store", store).stdout)


# ---- layouts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, mode", [("a.tar.gz", "w:gz"), ("a.tar", "w")])
def test_layout_2023(tmp_path, name, mode):
    layout_2023(tmp_path / name, mode=mode)
    found, _ = counts("--store", tmp_path / "a.db", tmp_path / name)
    assert (found["records"], found["created"], found["bad"]) == (298, 298, 0)
    assert found["months"] == []
    plain = tmp_path / "plain.db"
    run("import", "--store", plain, "--quiet", "-",
        input=lines(item["attributes"] for item in RECORDS).encode())
    assert exported(tmp_path / "a.db") == exported(plain)


def test_layout_2024(tmp_path, sample_store):
    layout_2024(tmp_path / "a.tar", size=5)
    store = tmp_path / "a.db"
    found, said = counts("--store", store, tmp_path / "a.tar")
    assert (found["records"], found["created"], found["bad"]) == (298, 298, 0)
    assert {month["month"] for month in found["months"]} == {month_of(item) for item in RECORDS}
    for month in found["months"]:
        expected = sum(month_of(item) == month["month"] for item in RECORDS)
        assert month["rows"] == month["records"] == {"findable": expected}
    assert "CSV" not in said
    assert exported(store) == exported(sample_store)
    again, _ = counts("--store", store, tmp_path / "a.tar")
    assert (again["unchanged"], again["resumed"]) == (298, 0)
    assert exported(store) == exported(sample_store)


def test_a_file_is_no_copy_of_a_server(tmp_path):
    layout_2024(tmp_path / "a.tar")
    store = tmp_path / "a.db"
    counts("--store", store, tmp_path / "a.tar")
    told = status(store)
    assert (told["copies"], told["imports"]) == ([], [])
    assert b"a.tar" not in run("status", "--store", store).stdout
    with serving(store) as server:
        assert server.json("/_doihound/status")["scopes"] == []


def test_zstd_around_the_tar(tmp_path):
    layout_2024(tmp_path / "a.tar")
    subprocess.run(["zstd", "-q", tmp_path / "a.tar"], check=True)
    found, _ = counts("--store", tmp_path / "a.db", tmp_path / "a.tar.zst")
    assert found["records"] == 298


def test_standard_input(tmp_path):
    layout_2024(tmp_path / "a.tar")
    done = run("import", "--store", tmp_path / "a.db", "--json", "-",
               input=(tmp_path / "a.tar").read_bytes())
    assert json.loads(done.stdout)["records"] == 298


# ---- damage ----------------------------------------------------------------------------------------


def test_damage_is_told_and_the_next_member_goes_on(tmp_path):
    good = lines(resource(i) for i in range(10)).encode()
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "10.5072/part_00000.jsonl", good)
        add(tar, "10.5072/part_00001.jsonl.gz", gzip.compress(good)[:-20])
        add(tar, "10.5072/part_00002.jsonl", b"{\n" + lines([resource(100)]).encode() + b"nothing\n")
        add(tar, "10.5072/part_00003.jsonl.gz", gzip.compress(lines([resource(200)]).encode()))
    done = run("import", "--store", tmp_path / "a.db", tmp_path / "a.tar", check=False)
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "part_00001.jsonl.gz:" in said and "ends too early" in said
    assert f"{tmp_path}/a.tar:10.5072/part_00002.jsonl:1: byte " in said
    assert f"{tmp_path}/a.tar:10.5072/part_00002.jsonl:3: byte " in said
    dois = run("export", "--store", tmp_path / "a.db", "--format", "doi").stdout.split()
    assert {b"10.5072/rec-00100", b"10.5072/rec-00200", b"10.5072/rec-00009"} <= set(dois)


def test_truncated_anywhere(tmp_path):
    layout_2024(tmp_path / "a.tar")
    whole = (tmp_path / "a.tar").read_bytes()
    dice = random.Random(7)
    for _ in range(8):
        (tmp_path / "cut.tar").write_bytes(whole[:dice.randrange(1000, len(whole))])
        done = run("import", "--store", tmp_path / "cut.db", "--quiet", tmp_path / "cut.tar",
                   check=False)
        assert done.returncode in (0, 1), done.stderr
    run("status", "--store", tmp_path / "cut.db", "--check")


def test_nothing_is_stored_when_strict(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "a.jsonl", lines([resource(1)]).encode())
        add(tar, "b.jsonl", b"nothing\n")
    done = run("import", "--store", tmp_path / "a.db", "--strict", tmp_path / "a.tar", check=False)
    assert done.returncode == 1 and b"nothing was stored" in done.stderr
    assert exported(tmp_path / "a.db") == b""
    found, _ = counts("--store", tmp_path / "a.db", tmp_path / "a.tar", code=1)
    assert (found["created"], found["resumed"]) == (1, 0)


def test_an_archive_of_other_things(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "answer.json", lines([resource(1)]).encode())
    done = run("import", "--store", tmp_path / "a.db", tmp_path / "a.tar", check=False)
    assert done.returncode == 1
    assert b"a.tar:1: byte 0: no member of this archive is named like a part" in done.stderr


def test_a_csv_alone(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(rows_of(RECORDS))
    done = run("import", "--store", tmp_path / "a.db", tmp_path / "a.csv.gz", check=False)
    assert done.returncode == 1 and done.stderr.count(b": byte ") == 1
    assert b"this is CSV" in done.stderr


@pytest.mark.parametrize("tool", [["gzip", "-c"], ["zstd", "-qc"]])
def test_compressed_twice(tmp_path, tool):
    layout_2023(tmp_path / "a.tar.gz")
    twice = subprocess.run([*tool, tmp_path / "a.tar.gz"], check=True, stdout=subprocess.PIPE)
    done = run("import", "--store", tmp_path / "a.db", "-", input=twice.stdout, check=False)
    assert done.returncode == 1 and done.stderr.count(b": byte ") == 1
    again = subprocess.run(["zstd", "-qc"], input=lines(RECORDS).encode(), check=True, stdout=subprocess.PIPE)
    twice = subprocess.run(tool, input=again.stdout, check=True, stdout=subprocess.PIPE)
    done = run("import", "--store", tmp_path / "a.db", "-", input=twice.stdout, check=False)
    assert b"-:1: byte 0: this is compressed twice" in done.stderr


# ---- filters ---------------------------------------------------------------------------------------

FILTERS = [
    (["--prefix", "10.25737"], ["--prefix", "10.25737"]),
    (["--client-id", "NIHNCI.TCIA"], ["--client-id", "nihnci.tcia"]),
    (["--provider-id", "tciar,other"], ["--provider-id", "tciar"]),
    (["--type", "Dataset"], ["--resource-type-id", "dataset"]),
    (["--match", "breast"], ["breast"]),
    (["--match", "titles.title:(lung OR brain*) AND NOT ct"],
     ["titles.title:(lung OR brain*) AND NOT ct"]),
    (["--match", "publicationYear:[2020 TO 2022]", "--prefix", "10.7937"],
     ["publicationYear:[2020 TO 2022]", "--prefix", "10.7937"]),
    (["--match", "updated:[2023 TO 2023-06]"], ["updated:[2023 TO 2023-06]"]),
    (["--match", "rightsList.rightsIdentifier:cc-by-4.0"],
     ["rightsList.rightsIdentifier:cc-by-4.0"]),
    (["--match", '_exists_:relatedIdentifiers AND subjects.subject:"ct"'],
     ['_exists_:relatedIdentifiers AND subjects.subject:"ct"']),
    (["--citing", "10.7937"], ["relatedIdentifiers.relatedIdentifier:10.7937*"]),
    (["--match", "nothing_of_the_kind"], ["nothing_of_the_kind"]),
]


@pytest.mark.parametrize("taken, found", FILTERS)
def test_filters_take_what_list_finds(tmp_path, sample_store, taken, found):
    layout_2024(tmp_path / "a.tar")
    result, said = counts("--store", tmp_path / "a.db", tmp_path / "a.tar", *taken)
    query = found[0] if not found[0].startswith("--") else None
    filters = found[1:] if query else found
    done = run(*(["search", query] if query else ["list"]), "--store", sample_store, "--json",
               "--all", *filters, check=False)
    expected = {item["id"] for item in json.loads(done.stdout)["data"]}
    taken_dois = run("export", "--store", tmp_path / "a.db", "--format", "doi", "--quiet").stdout
    assert set(taken_dois.decode().split()) == expected
    assert result["records"] == len(expected)
    assert result["records"] + result["leftOut"] == 298
    assert ("passed over" in said) == (len(expected) < 298)


def test_two_imports_make_one_store(tmp_path):
    """An archive, and what points at it: records and left-out ones of one file, in two goes."""
    layout_2024(tmp_path / "a.tar")
    store = tmp_path / "a.db"
    first, _ = counts("--store", store, tmp_path / "a.tar", "--prefix", "10.25737")
    second, _ = counts("--store", store, tmp_path / "a.tar", "--citing", "10.25737,10.7937")
    assert first["created"] + second["created"] == len(exported(store).splitlines())


@pytest.mark.parametrize("option, value", [
    ("--type", "thing"), ("--prefix", "abc"), ("--citing", "someone"), ("--match", "a AND ("),
    ("--match", "client.name:x"), ("--client-id", ",")])
def test_filters_that_make_no_sense(tmp_path, option, value):
    done = run("import", "--store", tmp_path / "a.db", "--sample", option, value, check=False)
    assert done.returncode == 2
    assert option.encode() in done.stderr
    assert not (tmp_path / "a.db").exists()


# ---- counts ----------------------------------------------------------------------------------------


def test_rows_that_differ_are_told(tmp_path):
    month = month_of(RECORDS[0])
    extra = [resource(1, updated=month + "-03T00:00:00Z"),
             resource(2, updated=month + "-03T00:00:00Z", state="registered")]
    layout_2024(tmp_path / "a.tar", rows={month: extra})
    found, said = counts("--store", tmp_path / "a.db", tmp_path / "a.tar")
    expected = sum(month_of(item) == month for item in RECORDS)
    (told,) = [item for item in found["months"] if item["month"] == month]
    assert told["rows"] == {"registered": 1, "findable": expected + 1}
    assert told["records"] == {"findable": expected}
    assert f"{month}: findable: {expected + 1} in the CSV, {expected} records came" in said
    assert said.count("in the CSV,") == 1
    assert "1 DOIs that are not findable" in said


# ---- going on --------------------------------------------------------------------------------------

SANITIZED = b"__asan_init" in BINARY.read_bytes() if BINARY.exists() else False
# Enough to be killed in the midst of.
MEMBERS, PER_MEMBER = 60, 120 if SANITIZED else 700


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "large.tar"
    with tarfile.open(path, "w") as tar:
        for number in range(MEMBERS):
            records = [resource(i, updated=f"2021-{number % 12 + 1:02}-03T00:00:00Z")
                       for i in range(number * PER_MEMBER, (number + 1) * PER_MEMBER)]
            add(tar, f"dois/updated_2021-{number % 12 + 1:02}/part_{number:04}.jsonl",
                lines(records).encode())
    store = path.with_suffix(".db")
    result, _ = counts("--store", store, path)
    return path, exported(store), result


def test_killed_and_taken_up_again(tmp_path, large):
    path, whole, wanted = large
    dice = random.Random(20261122)
    for number in range(3):
        store = tmp_path / f"{number}.db"
        for most in (0.8 * wanted["seconds"], 1.0):
            process = subprocess.Popen([BINARY, "import", "--store", store, "--quiet", path])
            time.sleep(dice.uniform(0.5 * most, most))
            process.send_signal(signal.SIGKILL)
            process.wait()
        result, said = counts("--store", store, path)
        assert ("imported before" in said) == (result["resumed"] > 0)
        assert result["members"] == MEMBERS
        assert result["months"] == wanted["months"]  # those of the earlier imports included
        assert exported(store) == whole
        again, _ = counts("--store", store, path)
        assert (again["unchanged"], again["resumed"]) == (MEMBERS * PER_MEMBER, 0)
        assert exported(store) == whole


COMMIT_SECONDS = 10  # from one commit of an import to the next, unless there is much to commit


def test_what_was_committed_is_not_read_again(tmp_path, large):
    path, whole, wanted = large
    store = tmp_path / "stopped.db"
    process = subprocess.Popen([BINARY, "import", "--store", store, "--quiet", path])
    time.sleep(0.3 * wanted["seconds"])
    process.send_signal(signal.SIGSTOP)
    time.sleep(COMMIT_SECONDS + 0.5)
    while status(store)["records"] == 0:  # the next record brings a commit
        process.send_signal(signal.SIGCONT)
        time.sleep(0.02)
        process.send_signal(signal.SIGSTOP)  # it does not go on while this looks
        assert process.poll() is None
    process.kill()
    process.wait()
    (left,) = status(store)["imports"]
    assert (left["file"], left["filter"]) == ("large.tar", "")
    assert b"Import       large.tar: not finished" in run("status", "--store", store).stdout
    result, said = counts("--store", store, path)
    assert 0 < result["resumed"] < MEMBERS and "imported before" in said
    assert exported(store) == whole
    assert status(store)["imports"] == []


def test_what_was_begun_with_another_file_of_the_name_is_forgotten(tmp_path):
    layout_2024(tmp_path / "a.tar")
    store = tmp_path / "a.db"
    counts("--store", store, tmp_path / "a.tar")
    with contextlib.closing(sqlite3.connect(store)) as database:
        database.executemany(
            "INSERT INTO scope (url, filter, progress, started, total, missing) VALUES (?, '', ?, 1, 0, 0)",
            [(f"file:{name}:17:1795421311", '{"members":1,"name":"x","months":[]}')
             for name in ("a.tar", "b.tar")])
        database.commit()
    assert [one["file"] for one in status(store)["imports"]] == ["a.tar", "b.tar"]
    found, _ = counts("--store", store, tmp_path / "a.tar", "--prefix", "10.7937")
    assert found["resumed"] == 0
    assert [one["file"] for one in status(store)["imports"]] == ["b.tar"]


# ---- and back --------------------------------------------------------------------------------------


def test_round_trip(tmp_path, sample_store):
    run("export", "--store", sample_store, "--data-file", tmp_path / "a.tar")
    run("export", "--store", sample_store, "--data-file", tmp_path / "b.tar")
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    found, said = counts("--store", tmp_path / "a.db", tmp_path / "a.tar")
    assert found["created"] == 298 and "CSV" not in said
    assert exported(tmp_path / "a.db") == exported(sample_store)


def test_folder_and_manifest(tmp_path, sample_store):
    folder = tmp_path / "file"
    run("export", "--store", sample_store, "--data-file", folder)
    run("export", "--store", sample_store, "--data-file", tmp_path / "a.tar")
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert all((folder / item.name).read_bytes() == tar.extractfile(item).read() for item in tar)
        assert len(tar.getmembers()) == sum(path.is_file() for path in folder.rglob("*"))
    for line in (folder / "MANIFEST").read_text().splitlines():
        name, size, digest = line.split()
        content = (folder / name).read_bytes()
        assert len(content) == int(size)
        assert base64.b64encode(hashlib.sha256(content).digest()).decode() == digest
    assert not list(folder.rglob("*.part"))
    parts = sorted(folder.rglob("part_*.jsonl.gz"))
    run("import", "--store", tmp_path / "a.db", "--quiet", *parts)
    assert exported(tmp_path / "a.db") == exported(sample_store)
    done = run("export", "--store", sample_store, "--data-file", folder, check=False)
    assert done.returncode != 0 and b"there already" in done.stderr


def test_parts_and_states(tmp_path):
    """At most 10,000 in a part; registered DOIs only as rows, drafts not at all; odd DOIs quoted."""
    odd = resource(20001, updated="2021-05-31T23:59:59.999Z", doi='10.5072/a,"b')
    records = [resource(i, updated="2021-05-01T00:00:00Z") for i in range(10001)]
    records += [odd, resource(30000, state="registered", updated="2021-05-02T00:00:00Z"),
                resource(30001, state="draft", updated="2021-05-02T00:00:00Z"),
                resource(30002, updated="2021-06-01T00:00:00Z")]
    odd["id"] = '10.5072/a,"b'
    store, folder = tmp_path / "a.db", tmp_path / "file"
    run("import", "--store", store, "--quiet", "-", input=lines(records).encode())
    done = run("export", "--store", store, "--data-file", folder)
    assert b"1 registered DOIs" in done.stderr and b"1 DOIs in other states" in done.stderr
    may = folder / "dois" / "updated_2021-05"
    sizes = [len(gzip.decompress((may / f"part_{i:04}.jsonl.gz").read_bytes()).splitlines())
             for i in range(2)]
    assert sizes == [10000, 2]
    with gzip.open(may / "2021-05.csv.gz", "rt", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["doi", "state", "client_id", "updated"]
    assert len(rows) == 1 + 10003
    assert ['10.5072/a,"b', "findable", "exmpl.archive", "2021-05-31T23:59:59Z"] in rows
    assert ["10.5072/rec-30000", "registered", "exmpl.archive", "2021-05-02T00:00:00Z"] in rows
    assert (folder / "dois" / "updated_2021-06" / "part_0000.jsonl.gz").exists()


def test_filtered_data_file(tmp_path, sample_store):
    run("export", "--store", sample_store, "--prefix", "10.25737", "--data-file", tmp_path / "a.tar")
    found, _ = counts("--store", tmp_path / "a.db", tmp_path / "a.tar")
    assert found["created"] > 0
    assert exported(tmp_path / "a.db") == exported(sample_store, "--prefix", "10.25737")


@pytest.mark.parametrize("args", [["--format", "csv"], ["--output", "x"], ["--ids", "10.1/a"]])
def test_what_does_not_go_with_a_data_file(tmp_path, sample_store, args):
    done = run("export", "--store", sample_store, "--data-file", tmp_path / "f", *args, check=False)
    assert done.returncode == 2 and args[0].encode() in done.stderr
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("name", ["-", ""])
def test_a_data_file_has_a_name(tmp_path, sample_store, name):
    done = run("export", "--store", sample_store, "--data-file", name, check=False, cwd=tmp_path)
    assert done.returncode == 2 and b"FILE.tar" in done.stderr
    assert not list(tmp_path.iterdir())


def test_why_a_tar_cannot_be_written_is_told(tmp_path, sample_store):
    (tmp_path / "a.tar.part").symlink_to("/dev/full")
    done = run("export", "--store", sample_store, "--data-file", tmp_path / "a.tar", check=False)
    assert done.returncode == 3
    assert f"cannot write {tmp_path}/a.tar: No space left on device" in done.stderr.decode()


def test_no_tar_is_left_when_it_cannot_be_written(tmp_path, sample_store):
    done = run("export", "--store", sample_store, "--data-file", tmp_path / "no" / "a.tar",
               check=False)
    assert done.returncode == 3 and b"cannot write" in done.stderr
    for name in ("a.tar.gz", "a.tgz"):
        done = run("export", "--store", sample_store, "--data-file", tmp_path / name, check=False)
        assert done.returncode == 2
    assert not list(Path(tmp_path).iterdir())
