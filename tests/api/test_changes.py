"""The feed of changes: each once and in order, to a stranger only what is public, waited for without
holding anybody up; and the command that shows it."""

import concurrent.futures
import contextlib
import json
import re
import signal
import socket
import subprocess
import time

import pytest
from conftest import BINARY, Server, run, serving
from proxy import Upstream
from records import lines, resource

FEED = "/_doihound/changes"
DEADLINE = 60


def load(path, *resources):
    run("import", "--store", path, "--quiet", "-", input=lines(resources).encode())


@pytest.fixture()
def store(tmp_path):
    path = tmp_path / "store.db"
    load(path, *(resource(i) for i in range(10)))
    return path


def ask(server, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    answer = server.get(f"{FEED}?{query}")
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers and "Age" not in answer.headers
    changes = [json.loads(line) for line in answer.body.splitlines()]
    sequence = int(answer.headers["X-Doihound-Sequence"])
    assert [change["sequence"] for change in changes] \
        == sorted({change["sequence"] for change in changes})
    assert not changes or changes[-1]["sequence"] <= sequence
    return changes, sequence


def walk(server, since=0, limit=3):
    everything = []
    while True:
        changes, following = ask(server, since=since, limit=limit)
        everything += changes
        if following == since:
            return everything
        since = following


def told(changes):
    return [(change["doi"][-5:], change["change"], change["version"]) for change in changes]


def set_aside(server):
    return int(re.search(rb"^doihound_requests_set_aside (\d+)", server.get("/metrics").body,
                         re.M)[1])


def wait_for(what):
    end = time.monotonic() + DEADLINE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_each_change_once(store):
    with serving(store) as server:
        first = walk(server)
        assert told(first) == [(f"{i:05}", "created", 1) for i in range(10)]
        assert walk(server, limit=1) == walk(server, limit=10000) == first
        change = first[0]
        assert list(change) == ["sequence", "doi", "change", "version", "time", "activity", "user",
                                "attributes"]
        assert (change["doi"], change["user"], change["attributes"]) \
            == ("10.5072/rec-00000", "exmpl.archive", [])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", change["time"])
        activity = server.json(f"/activities/{change['activity']}")["data"]["attributes"]
        assert (activity["action"], activity["prov:generatedAtTime"]) == ("create", change["time"])
        newest = first[-1]["sequence"]
        load(store, resource(1, titles=[{"title": "A"}], publisher={"name": "B"}, sizes=["C"],
                             relatedIdentifiers=[{"relatedIdentifier": "10.1/x", "relationType":
                                                  "Cites", "relatedIdentifierType": "DOI"}]),
             resource(2, viewCount=5), resource(11))
        changes = walk(server, newest)
        assert told(changes) == [("00001", "updated", 2), ("00011", "created", 1)]
        assert sorted(changes[0]["attributes"]) == ["publisher", "relatedIdentifiers", "sizes",
                                                    "titles"]
        assert walk(server) == first + changes
        assert ask(server, since="now") == ([], changes[-1]["sequence"])
        assert ask(server, since=changes[-1]["sequence"]) == ([], changes[-1]["sequence"])
        assert ask(server, since="", limit="", wait="")[0] == first + changes


def test_what_is_hidden_is_not_shown(store):
    with serving(store) as server:
        newest = ask(server, since="now")[1]
        load(store, resource(3, state="registered"), resource(20, state="draft"),
             resource(21, state="draft"))
        hidden = walk(server, newest)
        assert told(hidden) == [("00003", "hidden", 2)]
        assert hidden[0]["attributes"] == ["state"]
        assert told(walk(server))[-1] == ("00003", "hidden", 2)
        assert ("00003", "created", 1) not in told(walk(server))
        # Pages of what nobody may see are empty, but lead on.
        assert ask(server, since=hidden[0]["sequence"], limit=1)[0] == []
        assert ask(server, since=hidden[0]["sequence"], limit=1)[1] > hidden[0]["sequence"]
        load(store, resource(3), resource(20))
        assert told(walk(server, newest)) == [("00003", "hidden", 2), ("00020", "created", 1),
                                              ("00003", "shown", 3), ("00020", "shown", 2)]
    owner = run("changes", "--store", store, "--json").stdout
    assert ("00021", "created", 1) in told([json.loads(line) for line in owner.splitlines()])


@pytest.mark.parametrize("query", [
    "since=x", "since=-1", "since=1.5", "since=0x1", "since=99999999999999999999", "since=%00",
    "since=12345", "limit=0", "limit=10001", "limit=-1", "wait=61", "wait=-1", "wait=1.5",
    "wait=x&since=now", "limit=1e3"])
def test_bad_values(server, query):
    answer = server.get(f"{FEED}?{query}")
    assert answer.status == 400
    (error,) = answer.json()["errors"]
    assert error["status"] == "400" and len(error["title"]) > 20


def test_waiting_ends_with_a_change(store):
    with serving(store) as server, concurrent.futures.ThreadPoolExecutor(4) as pool:
        newest = ask(server, since="now")[1]
        waiting = [pool.submit(ask, server, since=newest, wait=60),
                   pool.submit(ask, server, since="now", wait=60)]
        wait_for(lambda: set_aside(server) == 2)
        load(store, resource(1, state="findable", viewCount=9))  # a touch is no change
        load(store, resource(30, state="draft"))                 # nor is this, to strangers
        assert ask(server, since=0, wait=60)[0]                  # there is something already
        assert set_aside(server) == 2
        before = time.monotonic()
        load(store, resource(31))
        for answer in waiting:
            changes, sequence = answer.result(DEADLINE)
            assert told(changes) == [("00031", "created", 1)]
            assert sequence == changes[0]["sequence"] > newest
        assert time.monotonic() - before < 20
        assert set_aside(server) == 0


def test_waiting_ends_with_its_time(store):
    with serving(store) as server:
        newest = ask(server, since="now")[1]
        before = time.monotonic()
        assert ask(server, since=newest, wait=1) == ([], newest)
        assert ask(server, since="now", wait=1) == ([], newest)
        assert 2 <= time.monotonic() - before < 30


def connect(server, target):
    connection = socket.create_connection((server.host, server.port), DEADLINE)
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def body(connection):
    text = b""
    while b"\r\n\r\n" not in text:
        piece = connection.recv(65536)
        assert piece, text
        text += piece
    head, rest = text.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(rest) < length:
        rest += connection.recv(65536)
    assert head.startswith(b"HTTP/1.1 200 ")
    return rest


def test_many_wait_and_nobody_is_held_up(store):
    with serving(store) as server, contextlib.ExitStack() as stack:
        newest = ask(server, since="now")[1]
        target = f"{FEED}?since={newest}&wait=60"
        waiting = [stack.enter_context(connect(server, target)) for _ in range(200)]
        wait_for(lambda: set_aside(server) == 200)
        assert server.json("/dois?page[size]=1&query=record")["meta"]["total"] == 10
        load(store, resource(40))
        answers = {body(connection) for connection in waiting}
        assert len(answers) == 1
        assert told([json.loads(answers.pop())]) == [("00040", "created", 1)]
        assert set_aside(server) == 0


def test_who_goes_away_leaves_nothing(store):
    with serving(store) as server:
        waiting = [connect(server, f"{FEED}?since=now&wait=60") for _ in range(64)]
        wait_for(lambda: set_aside(server) == 64)
        for connection in waiting:
            connection.close()
        wait_for(lambda: set_aside(server) == 0)
        wait_for(lambda: b"\ndoihound_connections 1\n" in server.get("/metrics").body)


def test_a_stop_does_not_wait(store):
    with serving(store) as server, contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(connect(server, f"{FEED}?since=now&wait=60"))
                   for _ in range(20)]
        wait_for(lambda: set_aside(server) == 20)
        before = time.monotonic()
        assert server.stop() == (0, "")
        assert time.monotonic() - before < 9
        assert {body(connection) for connection in waiting} == {b""}


# ---- the command -----------------------------------------------------------------------------


def test_the_command_shows_them(store):
    load(store, resource(1, titles=[{"title": "A"}], sizes=["C"]))
    with serving(store) as server:
        feed = server.get(FEED).body
        assert run("changes", "--store", store, "--json").stdout == feed
    text = run("changes", "--store", store).stdout.decode().splitlines()
    assert len(text) == 11
    sequence, moment, word, doi, names = text[-1].split("\t")
    assert int(sequence) == json.loads(feed.splitlines()[-1])["sequence"]
    assert (word, doi, names) == ("updated", "10.5072/rec-00001", "titles, sizes") \
        or (word, doi, names) == ("updated", "10.5072/rec-00001", "sizes, titles")
    assert moment.endswith("Z")
    assert run("changes", "--store", store, "--since", sequence).stdout == b""
    assert run("changes", "--store", store, "--limit", "4").stdout.decode().splitlines() == text[:4]
    third = text[2].split("\t")[0]
    assert run("changes", "--store", store, "--since", third).stdout.decode().splitlines() \
        == text[3:]
    assert run("changes", "--store", store, "--since", "now").stdout == b""
    for bad in ["x", "-1", "99999999999999999999"]:
        assert run("changes", "--store", store, f"--since={bad}", check=False).returncode == 2
    beyond = run("changes", "--store", store, "--since", "999999", check=False)
    assert beyond.returncode == 1 and b"newest" in beyond.stderr


@contextlib.contextmanager
def following(*args):
    process = subprocess.Popen([BINARY, "changes", *args, "--follow", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_following(store, how):
    with following("--store", store, "--since", "now") as process:
        time.sleep(0.5)
        load(store, resource(50))
        assert told([json.loads(process.stdout.readline())]) == [("00050", "created", 1)]
        load(store, resource(50, sizes=["1"]), resource(51))
        assert told(json.loads(process.stdout.readline()) for _ in range(2)) \
            == [("00050", "updated", 2), ("00051", "created", 1)]
        process.send_signal(how)
        out, said = process.communicate(timeout=DEADLINE)
        assert (process.returncode, out, said) == (0, b"", b"")


def test_following_ends_with_its_reader(store):
    with following("--store", store) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(DEADLINE) != 0
        assert process.stderr.read() == b""


def test_following_a_limit(store):
    with following("--store", store, "--limit", "12") as process:
        for _ in range(10):
            assert process.stdout.readline()
        load(store, *(resource(i) for i in range(60, 65)))
        out, said = process.communicate(timeout=DEADLINE)
        assert (len(out.splitlines()), process.returncode, said) == (2, 0, b"")


# ---- the command, asking a server ---------------------------------------------------------------


def test_the_command_asks_a_server(store, tmp_path):
    load(store, resource(1, titles=[{"title": "A"}], sizes=["C"]), resource(2, state="draft"))
    nothing = tmp_path / "nothing.db"
    with serving(store) as server:
        feed = server.get(FEED).body
        url = server.base

        def changes(*options, **how):
            return run("changes", "--store", nothing, *options, **how)
        assert changes(url, "--json").stdout == changes(f"{url}//", "--json").stdout == feed
        text = changes(url).stdout
        # a stranger is not told of what became a draft, but that it is hidden
        assert text == b"".join(
            line for line in run("changes", "--store", store).stdout.splitlines(True)
            if b"rec-00002\t" not in line or b"\thidden\t" in line)
        assert changes(url, "--limit", "4").stdout == b"".join(text.splitlines(True)[:4])
        third = text.split(b"\n")[2].split(b"\t")[0].decode()
        assert changes(url, "--since", third).stdout == b"".join(text.splitlines(True)[3:])
        assert changes(url, "--since", "now").stdout == b""
        beyond = changes(url, "--since", "999999", check=False)
        assert beyond.returncode == 1 and b"newest" in beyond.stderr
    assert not nothing.exists()
    gone = changes(url, check=False)
    assert gone.returncode == 3 and b"no answer: " in gone.stderr
    for bad in [("ftp://example.org",), ("x",), (url, "--since", "x"), ("--user", "a:b")]:
        assert changes(*bad, check=False).returncode == 2


def test_following_a_server_through_a_restart(store):
    """Nothing is lost or told twice, although it is not there for a while."""
    listen = "127.0.0.1:0"
    server = Server(store, "--listen", listen)
    try:
        with following(server.base, "--since", "now") as process:
            wait_for(lambda: set_aside(server) == 1)
            load(store, resource(50))
            assert told([json.loads(process.stdout.readline())]) == [("00050", "created", 1)]
            listen = f"127.0.0.1:{server.port}"
            server.stop()  # which may still refuse the next request with a 503
            assert b"; trying again until there is one" in process.stderr.readline()
            load(store, resource(51), resource(50, sizes=["1"]))
            server = Server(store, "--listen", listen)
            assert told(json.loads(process.stdout.readline()) for _ in range(2)) \
                == [("00051", "created", 1), ("00050", "updated", 2)]
            assert b"answers again" in process.stderr.readline()
            wait_for(lambda: set_aside(server) == 1)
            process.send_signal(signal.SIGTERM)
            out, said = process.communicate(timeout=DEADLINE)
            assert (process.returncode, out, said) == (0, b"", b"")
            wait_for(lambda: set_aside(server) == 0)
    finally:
        server.stop()


def test_following_ends_when_another_store_answers(store, tmp_path):
    """Also after an outage, while which answers are not told."""
    load(tmp_path / "other.db", resource(1))
    server = Server(store, "--listen", "127.0.0.1:0")
    try:
        with following(server.base, "--since", "now") as process:
            wait_for(lambda: set_aside(server) == 1)
            listen = f"127.0.0.1:{server.port}"
            server.stop()
            assert b"; trying again until there is one" in process.stderr.readline()
            server = Server(tmp_path / "other.db", "--listen", listen)
            out, said = process.communicate(timeout=DEADLINE)
            assert (process.returncode, out) == (1, b"") and b"answered 400: " in said
    finally:
        server.stop()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_following_while_nobody_is_there(how):
    with socket.socket() as taken:  # bound, not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        with following(f"http://127.0.0.1:{taken.getsockname()[1]}") as process:
            assert b"trying again" in process.stderr.readline()
            process.send_signal(how)
            out, said = process.communicate(timeout=DEADLINE)
            assert (process.returncode, out, said) == (0, b"", b"")


def test_following_a_server_ends_with_its_reader_and_its_limit(store):
    with serving(store) as server:
        with following(server.base) as process:
            assert process.stdout.readline()
            process.stdout.close()
            assert process.wait(DEADLINE) != 0
        with following(server.base, "--limit", "12") as process:
            load(store, *(resource(i) for i in range(60, 65)))
            out, said = process.communicate(timeout=DEADLINE)
            assert (len(out.splitlines()), process.returncode, said) == (12, 0, b"")


def test_another_server_is_no_feed(store):
    """What answers with something else is told, and nothing of it is printed."""
    with serving(store) as server:
        proxy = Upstream(server)
        try:
            answers = [b"hello\n", b'{"sequence":1}\n', b"[1]\n", b'{"errors":{"title":"x"}}', b""]
            for body in answers:
                proxy.faults[:] = [lambda answer, body=body: answer.update(
                    body=body, headers={"X-Doihound-Sequence": "7"} if body else {})]
                done = run("changes", proxy.url, check=False)
                assert (done.returncode, done.stdout) == (3, b""), body
                assert b"doihound: " in done.stderr
            proxy.faults[:] = [lambda answer: answer.update(status=404, body=b'{"errors":"x"}')]
            assert run("changes", proxy.url, check=False).returncode == 3
        finally:
            proxy.close()
