"""A store in trouble: full disk, locks, damage, foreign files. Each command ends with a sentence, and nothing is lost."""

import http.client
import json
import os
import random
import re
import resource as limits
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import BINARY, Server, run, serving
from records import lines, resource

SEED = int(os.environ.get("DOIHOUND_HOSTILE_SEED", "20261122"))
FLIPS = int(os.environ.get("DOIHOUND_FLIPS", "25"))
ROOT_USER = os.geteuid() == 0


def data(tag, count=400):
    return lines(resource(i, titles=[{"title": tag}], version=tag) for i in range(count)).encode()


def sentence(done, *words, code=3):
    """Ended by itself with this exit code and one clear message."""
    said = done.stderr.decode(errors="replace")
    assert done.returncode == code, (done.returncode, said[-3000:])
    assert "Sanitizer" not in said and "runtime error" not in said, said[-3000:]
    assert said.startswith("doihound: ") and len(said) < 600, said[:3000]
    for word in words:
        assert word in said, said
    return said


def tags(store):
    """version by DOI; each record is whole."""
    found = {}
    for line in run("export", "--store", store, "--format", "jsonl").stdout.splitlines():
        attributes = json.loads(line)["attributes"]
        assert attributes["titles"][0]["title"] == attributes["version"]
        found[attributes["doi"]] = attributes["version"]
    return found


@pytest.fixture()
def store(tmp_path):
    path = tmp_path / "s.db"
    run("import", "--store", path, "--quiet", "-", input=data("old"))
    return path


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    path = tmp_path_factory.mktemp("pristine") / "s.db"
    run("import", "--store", path, "--quiet", "-", input=data("old"))
    run("import", "--store", path, "--quiet", "-", input=data("new", 100))
    return path


# ---- no room --------------------------------------------------------------------------------------

def fresh_data(count):
    """Text that does not compress, so that the store grows by about as much."""
    dice = random.Random(SEED)
    return lines(resource(i, version="fresh", titles=[{"title": "fresh"}], subjects=[{"subject": dice.randbytes(700).hex()}])
                 for i in range(count)).encode()


def test_full_disk_loses_nothing(store):
    """A limit on file sizes stands for the disk: SQLite sees the write fail in either case."""
    before = tags(store)
    room = store.stat().st_size + 400_000

    def bounded():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits.setrlimit(limits.RLIMIT_FSIZE, (room, room))

    with serving(store) as server:
        done = run("import", "--store", store, "--quiet", "-", input=fresh_data(4000), check=False, preexec_fn=bounded)
        sentence(done, "store")
        assert server.json("/dois?page[size]=1")["meta"]["total"] >= len(before)
    run("status", "--store", store, "--check")
    after = tags(store)
    assert set(before) <= set(after)
    run("import", "--store", store, "--quiet", "-", input=fresh_data(600))
    assert len(tags(store)) == 600


def test_full_file_system(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        store = folder / "s.db"
        run("import", "--store", store, "--quiet", "-", input=data("old"))
        before = tags(store)
        sentence(run("import", "--store", store, "--quiet", "-", input=fresh_data(4000), check=False), "full")
        run("status", "--store", store, "--check")
        assert set(before) <= set(tags(store))
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        run("import", "--store", store, "--quiet", "-", input=fresh_data(600))
        run("status", "--store", store, "--check")
        assert len(tags(store)) == 600
    finally:
        subprocess.run(["umount", folder], check=True)


def test_backup_without_room_leaves_no_file(pristine, tmp_path):
    def bounded():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits.setrlimit(limits.RLIMIT_FSIZE, (100_000, 100_000))

    copy = tmp_path / "copy.db"
    sentence(run("backup", "--store", pristine, copy, check=False, preexec_fn=bounded))
    assert not copy.exists()


# ---- locks ----------------------------------------------------------------------------------------

def test_locked_by_another_process(store):
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    start = time.monotonic()
    sentence(run("import", "--store", store, "--quiet", "-", input=data("new"), check=False), "another process")
    assert 3 < time.monotonic() - start < 30
    assert set(tags(store).values()) == {"old"}
    other.execute("ROLLBACK")
    other.close()
    run("import", "--store", store, "--quiet", "-", input=data("new"))
    assert set(tags(store).values()) == {"new"}


def test_two_imports_at_once(store):
    """Both end well; each record is of one of the two."""
    started = [subprocess.Popen([BINARY, "import", "--store", store, "--quiet", "-"], stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE) for _ in range(2)]
    said = [None, None]

    def feed(number):
        said[number] = started[number].communicate(data(f"by {number}", 1500))[1]

    threads = [threading.Thread(target=feed, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.returncode for process in started] == [0, 0], said
    found = tags(store)
    assert len(found) == 1500 and set(found.values()) <= {"by 0", "by 1"}
    run("status", "--store", store, "--check")


def test_backup_while_import_and_serve_run(store, tmp_path):
    with serving(store) as server:
        process = subprocess.Popen([BINARY, "import", "--store", store, "--quiet", "-"], stdin=subprocess.PIPE)
        feeder = threading.Thread(target=process.communicate, args=(data("new", 3000),))
        feeder.start()
        for number in range(4):
            copy = tmp_path / f"copy{number}.db"
            run("backup", "--store", store, copy)
            assert server.get("/dois").status == 200
            run("status", "--store", copy, "--check")
            assert set(tags(copy).values()) <= {"old", "new"}
        feeder.join()
        assert process.returncode == 0
    sentence(run("backup", "--store", store, tmp_path / "copy0.db", check=False), "exist", code=1)


# ---- damage ---------------------------------------------------------------------------------------

COMMANDS = [["status"], ["status", "--check"], ["list", "--all"], ["get", "10.5072/rec-00007"],
            ["activities", "10.5072/rec-00007"], ["export", "--format", "jsonl"], ["export", "--format", "csv"],
            ["list", "--client-id", "exmpl.archive", "--sort", "title"]]
PATHS = ["/dois?page[size]=100", "/dois?sort=title&detail=true", "/dois/10.5072/rec-00007", "/activities", "/clients",
         "/dois?client-id=exmpl.archive", "/dois/10.5072/rec-00001/activities", "/prefixes", "/clients/totals"]


def survives(store, dice):
    """Each command ends by itself with an exit code of ours; the server answers all, at worst by a 5xx."""
    for command in [dice.choice(COMMANDS), dice.choice(COMMANDS), ["status", "--check"]]:
        done = run(*command, "--store", store, check=False)
        said = done.stderr.decode(errors="replace")
        assert done.returncode in (0, 1, 3), (command, done.returncode, said[-3000:])
        assert done.returncode == 0 or said, command
    done = run("import", "--store", store, "--quiet", "-", input=data("new", 50), check=False)
    assert done.returncode in (0, 3), (done.returncode, done.stderr[-3000:])
    try:
        server = Server(store)
    except AssertionError as refused:
        assert "anitizer" not in str(refused) and "runtime error" not in str(refused), refused
        return
    said = ""
    try:
        for path in dice.sample(PATHS, 4):
            assert server.get(path).status in (200, 404, 500, 503), path
    except http.client.HTTPException:
        said = "runtime error: the connection was cut\n"
    code, rest = server.stop()
    said += rest
    assert code == 0 and "anitizer" not in said and "runtime error" not in said, said[-3000:]


def damaged_copies(pristine, tmp_path, count):
    bytes_before = pristine.read_bytes()
    for number in range(count):
        dice = random.Random(SEED * 1000 + number)
        damaged = bytearray(bytes_before)
        kind = dice.random()
        if kind < 0.2:
            del damaged[dice.randrange(100, len(damaged)):]
        elif kind < 0.4:
            page = dice.randrange(1, len(damaged) // 4096) * 4096
            damaged[page:page + 4096] = dice.choice([bytes(4096), dice.randbytes(4096), damaged[-4096:]])
        else:
            for _ in range(dice.choice([1, 5, 50, 1000])):
                damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        path = tmp_path / f"{number}.db"
        path.write_bytes(damaged)
        yield path, dice
        path.unlink()


def test_damaged_stores_never_crash(pristine, tmp_path):
    for path, dice in damaged_copies(pristine, tmp_path, FLIPS):
        survives(path, dice)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def test_damaged_rows_never_crash(pristine, tmp_path):
    """Damage that SQLite cannot see: the values of a table's rows."""
    tables = [(name, column) for name, in sqlite3.connect(pristine).execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for _, column, *_ in sqlite3.connect(pristine).execute(f'PRAGMA table_info("{name}")')]
    assert len(tables) > 10
    for number, (table, column) in enumerate(tables):
        dice = random.Random(SEED + number)
        path = tmp_path / f"{number}.db"
        shutil.copy(pristine, path)
        other = sqlite3.connect(path)
        for value in (dice.randbytes(20), None, -1, 2**62, "", "text", b"", b"\xff" * 50):
            try:
                with other:
                    other.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE rowid IN '
                                  f'(SELECT rowid FROM "{table}" ORDER BY rowid * ? % 1009 LIMIT 3)',
                                  (value, dice.randrange(1, 1009)))
            except sqlite3.Error:
                pass
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        survives(path, dice)
        path.unlink()


def test_without_the_log(store, tmp_path):
    """The WAL of a killed server gone: an older state, but whole."""
    server = Server(store)
    run("import", "--store", store, "--quiet", "-", input=data("new"))
    server.stop(signal.SIGKILL)
    copy = tmp_path / "copy.db"
    shutil.copy(store, copy)
    run("status", "--store", copy, "--check")
    assert len(tags(copy)) == 400


# ---- other files ----------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["text", "foreign", "newer", "folder", "head"])
def test_what_is_no_store_of_ours(tmp_path, pristine, kind):
    path = tmp_path / "s.db"
    if kind == "text":
        path.write_text("This is a text file that somebody wants to keep.\n" * 100)
    elif kind == "foreign":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE mine (x)")
            other.execute("INSERT INTO mine VALUES ('keep me')")
        other.close()
    elif kind == "newer":
        shutil.copy(pristine, path)
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 9999")
        other.close()
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(pristine.read_bytes()[:50])
    before = path.read_bytes() if path.is_file() else None
    for command in (["status"], ["list"], ["import", "-"], ["serve", "--listen", "127.0.0.1:0"], ["export"]):
        sentence(run(*command, "--store", path, input=data("new", 3), check=False), str(path))
    assert before is None or path.read_bytes() == before


@pytest.mark.skipif(ROOT_USER and not shutil.which("setpriv"), reason="root may write everywhere")
def test_read_only_file_and_folder(pristine, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    path = folder / "s.db"
    shutil.copy(pristine, path)
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if ROOT_USER else []
    for parent in [folder, *folder.parents][:4]:
        if ROOT_USER and parent.is_relative_to(Path("/tmp")):
            parent.chmod(0o755)
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        def as_other(*command, **more):
            return subprocess.run([*other, BINARY, *command, "--store", path], capture_output=True, timeout=60, **more)
        assert as_other("list").returncode == 0
        assert as_other("status", "--check").returncode == 0
        sentence(as_other("import", "-", input=data("new", 3)))
    finally:
        folder.chmod(0o755)


def test_store_replaced_under_a_server(store, tmp_path):
    """The server goes on with what it had opened or shows the new file whole; it never mixes or dies."""
    other = tmp_path / "other.db"
    run("import", "--store", other, "--quiet", "-", input=data("other", 50))
    with serving(store) as server:
        assert server.json("/dois")["meta"]["total"] == 400
        os.replace(other, store)
        for _ in range(3):
            for path in PATHS:
                assert server.get(path).status in (200, 404, 500, 503), path
        store.unlink()
        assert server.get("/dois").status in (200, 500, 503)
        assert server.process.poll() is None
