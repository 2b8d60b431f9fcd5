"""A server that keeps its copies up to date (`serve --sync`), and tells how old they are (Age,
/_doihound/status, status): another doihound is the upstream, which changes, ends and comes back."""

import json
import re
import signal
import socket
import subprocess
import time

import pytest
from conftest import BINARY, Server, run, serving
from records import lines, resource

DEADLINE = 90


def load(path, *resources):
    run("import", "--store", path, "--quiet", "-", input=lines(resources).encode())


def wait_for(what):
    end = time.monotonic() + DEADLINE
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


@pytest.fixture()
def upstream(tmp_path):
    """A server whose port stays the same when it is started again."""
    path = tmp_path / "upstream.db"
    load(path, *(resource(i) for i in range(5)))

    class Upstream:
        def __init__(self):
            self.store, self.server, self.port = path, None, 0
            self.start()

        def start(self):
            listen = f"127.0.0.1:{self.port}"
            self.server = Server(path, "--listen", listen)
            self.port = self.server.port
            self.url = self.server.base

        def stop(self):
            self.server.stop()

    running = Upstream()
    yield running
    running.stop()


@pytest.fixture()
def copy(upstream, tmp_path):
    path = tmp_path / "copy.db"
    run("pull", upstream.url, "--store", path, "--quiet")
    return path


def status(server):
    answer = server.get("/_doihound/status")
    assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "Age" not in answer.headers and "ETag" not in answer.headers
    return answer.json()


def age(server, target="/dois/10.5072/rec-00001", **headers):
    answer = server.get(target, **headers)
    text = answer.headers["Age"]
    assert text is None or re.fullmatch(r"\d+", text)
    return answer.status, None if text is None else int(text)


# ---- age -------------------------------------------------------------------------------------


def test_no_copy_has_no_age(server):
    assert server.get("/dois/10.7937/s17z-r072").headers["Age"] is None
    told = status(server)
    assert (told["state"], told["age"], told["scopes"], told["sync"]) == ("current", None, [], None)
    assert told["records"] == 298 == told["states"]["findable"]
    assert told["feedSequence"] == int(
        server.get("/_doihound/changes?since=now").headers["X-Doihound-Sequence"])
    assert told["version"] and told["schema"] and told["lastWrite"].endswith("Z")


def test_answers_grow_older_until_a_sync(upstream, copy):
    target = "/dois/10.5072/rec-00001"
    with serving(copy) as server:
        code, first = age(server)
        assert code == 200 and first is not None
        etag = server.get(target).headers["ETag"]
        # The same answer is given again from memory, and as a 304, and is older each time.
        wait_for(lambda: age(server)[1] >= first + 2)
        assert age(server, If_None_Match=etag)[0] == 304
        assert age(server, If_None_Match=etag)[1] >= first + 2
        assert age(server, Accept_Encoding="gzip")[1] >= first + 2
        assert age(server, "/dois?page[size]=1")[1] >= first + 2
        assert age(server, "/dois/10.5072/none")[0] == 404
        for own in ("/heartbeat", "/metrics", "/_doihound/changes", "/_doihound/status"):
            assert age(server, own)[1] is None
        before = age(server)[1]
        assert abs(status(server)["age"] - before) <= 2
        started = time.monotonic()
        run("sync", "--store", copy, "--quiet")
        # Nothing changed upstream: the sequence stays and so do kept answers, but not their age.
        wait_for(lambda: age(server)[1] <= time.monotonic() - started + 1.5)
        assert status(server)["state"] == "current"
        (scope,) = status(server)["scopes"]
        assert (scope["url"], scope["filter"], scope["trouble"], scope["total"]) \
            == (upstream.url, "", None, 5)
        assert scope["since"] and scope["checked"] and scope["finished"] and not scope["underWay"]


def test_status_tells_it_too(upstream, copy):
    (scope,) = json.loads(run("status", "--store", copy, "--json").stdout)["copies"]
    assert scope["age"] >= 0 and scope["since"] and scope["trouble"] is None
    upstream.stop()
    run("sync", "--store", copy, "--quiet", "--attempts", "1", check=False)
    told = json.loads(run("status", "--store", copy, "--json").stdout)
    assert told["state"] == "failing" and told["age"] >= 0
    assert told["copies"][0]["trouble"] and told["copies"][0]["checked"]
    text = run("status", "--store", copy).stdout.decode()
    assert re.search(rf"Copy +{upstream.url}: 5 records, as of .* ago; last asked ", text) \
        or "as of just now" in text
    assert re.search(r"^  trouble +\S", text, re.M)
    upstream.start()


def test_a_login_in_a_url_is_not_told(tmp_path, upstream):
    path = tmp_path / "login.db"
    run("pull", upstream.url.replace("://", "://me:secret@"), "--store", path, "--quiet")
    with serving(path) as server:
        answer = server.get("/_doihound/status")
        assert b"secret" not in answer.body and b"me:" not in answer.body
        assert answer.json()["scopes"][0]["url"] == upstream.url


# ---- serve --sync ----------------------------------------------------------------------------


def titles(server):
    return {item["id"]: item["attributes"]["titles"][0]["title"]
            for item in server.json("/dois")["data"]}


def test_a_server_keeps_its_copy_fresh(upstream, copy):
    load(upstream.store, resource(1, titles=[{"title": "New"}], updated="2026-01-01T00:00:00Z"),
         resource(9))
    upstream.stop()
    run("sync", "--store", copy, "--quiet", "--attempts", "1", check=False)  # due: it had trouble
    asked = json.loads(run("status", "--store", copy, "--json").stdout)["copies"][0]["checked"]
    server = Server(copy, "--sync", "60s", "--mailto", "me@example.org")
    try:
        # Nobody there: answers go on and grow older, and the trouble is told.
        wait_for(lambda: status(server)["scopes"][0]["checked"] > asked
                 and not status(server)["sync"]["running"] and status(server)["sync"]["next"])
        assert status(server)["state"] == "failing"
        told = status(server)
        assert told["sync"]["interval"] == 60
        assert told["scopes"][0]["trouble"]
        assert len(titles(server)) == 5
        old = age(server)[1]
        wait_for(lambda: age(server)[1] > old)
        # It comes back: the next try brings what is new, and those who wait for it hear of it.
        since = server.get("/_doihound/changes?since=now").headers["X-Doihound-Sequence"]
        upstream.start()
        changes, end = [], time.monotonic() + DEADLINE
        while len(changes) < 2 and time.monotonic() < end:
            answer = server.get(f"/_doihound/changes?since={since}&wait=20")
            since = answer.headers["X-Doihound-Sequence"]
            changes += [json.loads(line) for line in answer.body.splitlines()]
        assert sorted((change["doi"], change["change"]) for change in changes) \
            == [("10.5072/rec-00001", "updated"), ("10.5072/rec-00009", "created")]
        assert titles(server)["10.5072/rec-00001"] == "New"
        wait_for(lambda: status(server)["state"] == "current"
                 and not status(server)["sync"]["running"])
        assert age(server)[1] < DEADLINE
        told = status(server)
        assert told["scopes"][0]["trouble"] is None
        assert told["sync"]["next"] > told["scopes"][0]["checked"]
    finally:
        code, said = server.stop()
    assert code == 0
    heard = said.splitlines()
    assert heard and all(line.startswith("doihound: ") for line in heard)
    assert all("trying again in" in line for line in heard[:-1]), said
    assert heard[-1] == "doihound: the copies are up to date again"


def test_a_stop_does_not_wait_for_a_sync(copy, upstream):
    """The upstream takes the connection and says nothing."""
    upstream.stop()
    run("sync", "--store", copy, "--quiet", "--attempts", "1", check=False)
    with socket.create_server(("127.0.0.1", upstream.port)) as mute:
        server = Server(copy, "--sync", "1h")
        mute.settimeout(DEADLINE)
        connection, _ = mute.accept()
        assert status(server)["sync"]["running"]
        assert len(titles(server)) == 5
        before = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        assert time.monotonic() - before < 20
        connection.close()
        server.stop()
    upstream.start()


def test_a_fresh_copy_is_not_due(copy):
    server = Server(copy, "--sync", "1d")
    following = wait_for(lambda: status(server)["sync"]["next"])
    assert following > time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    assert not status(server)["sync"]["running"]
    assert server.stop() == (0, "")


def test_nothing_to_keep_fresh_is_told(tmp_path):
    path = tmp_path / "own.db"
    load(path, resource(1))
    server = Server(path, "--sync", "15m")
    wait_for(lambda: status(server)["sync"]["next"])
    code, said = server.stop()
    assert code == 0 and "no copy of a server" in said and said.count("\n") == 1


@pytest.mark.parametrize("interval", ["6", "59s", "0m", "", "h", "-1h", "1.5h", "6 h", "6hh", "1w",
                                      "999999999d", "99999999999d"])
def test_bad_intervals(copy, interval):
    done = subprocess.run([BINARY, "serve", "--store", copy, "--listen", "127.0.0.1:0",
                           f"--sync={interval}"], capture_output=True, timeout=DEADLINE)
    assert done.returncode == 2 and b"--sync wants an interval" in done.stderr
