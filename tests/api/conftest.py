"""Fixtures of the API tests: the real binary, real stores, real sockets.

DOIHOUND_BIN names the binary under test (default: build/doihound).
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("DOIHOUND_BIN", ROOT / "build" / "doihound")).resolve()


def run(*args, check=True, **kwargs):
    """Runs the binary to its end; output is bytes."""
    done = subprocess.run([BINARY, *args], capture_output=True, timeout=120, **kwargs)
    if check and done.returncode != 0:
        raise AssertionError(f"{args}: exit {done.returncode}\n{done.stderr.decode()}")
    return done


class Answer:
    """A response with its body read."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """A running `doihound serve` on a free port."""

    def __init__(self, store, *options):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--store", store, "--listen", "127.0.0.1:0", "--log", "off", *options],
            stderr=subprocess.PIPE,
        )
        line = self.process.stderr.readline().decode()
        found = re.search(r"(https?)://([\d.]+):(\d+)", line)
        if not found:
            rest = self.process.communicate(timeout=10)[1].decode()
            raise AssertionError(f"the server did not start: {line}{rest}")
        self.host, self.port = found[2], int(found[3])
        self.base = f"{found[1]}://{self.host}:{self.port}"

    def request(self, method, target, headers=None, body=None):
        """One request on a connection of its own; the target goes out as it is."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        with contextlib.closing(connection):
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return Answer(connection.getresponse())

    def get(self, target, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", target, names)

    def json(self, target, **headers):
        answer = self.get(target, **headers)
        assert answer.status == 200, (target, answer.status, answer.body[:500])
        return answer.json()

    def stop(self, how=signal.SIGTERM):
        """Ends the server; returns its exit status and what else it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        said = self.process.communicate(timeout=60)[1]
        return self.process.returncode, said.decode(errors="replace")


@contextlib.contextmanager
def serving(store, *options):
    """A server that must end well; a sanitizer's report shows in both."""
    server = Server(store, *options)
    try:
        yield server
    finally:
        code, said = server.stop()
        assert (code, said) == (0, ""), said[-6000:]


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory):
    """A store that holds the TCIA catalogue; nobody writes to it."""
    path = tmp_path_factory.mktemp("sample") / "tcia.db"
    run("import", "--store", path, "--sample", "--quiet")
    return path


@pytest.fixture(scope="session")
def server(sample_store):
    with serving(sample_store) as running:
        yield running


@pytest.fixture()
def cli():
    return run
