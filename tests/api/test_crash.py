"""kill -9 at random moments of import and serve: nothing committed is lost, nothing is torn.

DOIHOUND_CRASH_ROUNDS sets the number of rounds (default 50).
"""

import json
import os
import random
import signal
import subprocess
import time

from conftest import BINARY, Server, run
from records import lines, resource

ROUNDS = int(os.environ.get("DOIHOUND_CRASH_ROUNDS", "50"))
RECORDS = 3000
FRESH_EVERY = 10


def generation(number):
    """Every record in the same generation's form: the tag stands in three places."""
    tag = f"generation {number}"
    return lines(
        resource(i, titles=[{"title": tag}], version=tag, url=f"https://example.org/{i}?{number}")
        for i in range(RECORDS)
    ).encode()


def start_import(store, data):
    process = subprocess.Popen([BINARY, "import", "--store", store, "--quiet", "-"],
                               stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return process, data


def feed(process, data, until):
    """Writes in pieces until the moment of the kill; True when all went in."""
    pieces = 60
    size = len(data) // pieces + 1
    for at in range(0, len(data), size):
        if time.monotonic() > until:
            return False
        try:
            process.stdin.write(data[at:at + size])
            process.stdin.flush()
        except BrokenPipeError:
            return False
    process.stdin.close()
    return True


def check_store(store):
    """Integrity, and every record whole: its three tags agree. Returns generation by DOI."""
    run("status", "--store", store, "--check")
    tags = {}
    for line in run("export", "--store", store, "--format", "jsonl").stdout.splitlines():
        attributes = json.loads(line)["attributes"]
        tag = attributes["titles"][0]["title"]
        assert attributes["version"] == tag
        assert attributes["url"].endswith("?" + tag.split()[1])
        assert attributes["doi"] not in tags
        tags[attributes["doi"]] = int(tag.split()[1])
    return tags


def test_killed_at_random_moments(tmp_path):
    dice = random.Random(20261122)
    store, before = None, {}
    span = 1.0
    for number in range(ROUNDS):
        if number % FRESH_EVERY == 0:
            store, before = tmp_path / f"{number}.db", {}
            run("import", "--store", store, "--quiet", "-", input=lines([resource(0, titles=[
                {"title": "generation 0"}], version="generation 0",
                url="https://example.org/0?0")]).encode())
            before = check_store(store)
        server = Server(store)
        process, data = start_import(store, generation(number + 1))
        start = time.monotonic()
        until = start + dice.random() * span
        whole = feed(process, data, until)
        if whole:
            try:
                process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
        seen = server.json("/dois?page[size]=0&disable-facets=true")["meta"]["total"]
        process.send_signal(signal.SIGKILL)
        server.stop(signal.SIGKILL if dice.random() < 0.5 else signal.SIGTERM)
        process.wait()
        after = check_store(store)
        assert len(after) >= max(seen, len(before))
        for doi, tag in before.items():
            assert after[doi] in (tag, number + 1), doi
        before = after
    assert run("import", "--store", store, "--quiet", "-", input=generation(ROUNDS + 1))
    assert set(check_store(store).values()) == {ROUNDS + 1}
