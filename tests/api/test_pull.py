"""`pull` copies a server, also one that misbehaves: the copy is right, or what is missing is told."""

import json
import random
import re
import signal
import subprocess
import threading
import time
import urllib.parse

import pytest
from conftest import BINARY, run, serving
from proxy import Upstream, is_page, small_pages


@pytest.fixture()
def upstream(server):
    proxy = Upstream(server)
    proxy.faults.append(small_pages(20))
    yield proxy
    proxy.close()


def pull(upstream, store, *options, check=True):
    return run("pull", upstream.url, "--store", store, "--client-id", "nihnci.tcia", *options,
               check=check)


def exported(store):
    return run("export", "--store", store).stdout


def test_a_copy_is_the_same(upstream, sample_store, tmp_path):
    said = pull(upstream, tmp_path / "copy.db").stderr.decode()
    assert "pulled 298 of 298 records: 298 new" in said
    assert exported(tmp_path / "copy.db") == exported(sample_store)
    again = pull(upstream, tmp_path / "copy.db").stderr.decode()
    assert "298 unchanged" in again and " 0 new, 0 changed, 0 touched" in again
    history = run("activities", "--store", tmp_path / "copy.db", "10.7937/s17z-r072", "--json").stdout
    assert len(history.splitlines()) == 1


def test_accounts_come_with_the_records(upstream, tmp_path):
    pull(upstream, tmp_path / "copy.db")
    with serving(tmp_path / "copy.db") as copy:
        client = copy.json("/clients/nihnci.tcia")["data"]
        assert client == upstream.server.json("/clients/nihnci.tcia")["data"]
        assert copy.json("/providers/tciar")["data"]["attributes"]["name"] == \
            upstream.server.json("/providers/tciar")["data"]["attributes"]["name"]


def test_what_refers_to_a_prefix_comes_along(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    run("pull", upstream.url, "--store", copy, "--citing", "10.7937", "--no-accounts")
    got = {json.loads(line)["id"] for line in exported(copy).splitlines()}
    everything = upstream.server.json(
        "/dois?page[size]=1000&query=relatedIdentifiers.relatedIdentifier:10.7937/*")
    assert got == {record["id"] for record in everything["data"]} and len(got) > 10


def once(change, every=3):
    """The change meets each page's first request only, and of those every third."""
    seen = {}

    def fault(answer):
        seen[answer["path"]] = seen.get(answer["path"], 0) + 1
        if is_page(answer) and seen[answer["path"]] == 1 and len(seen) % every == 0:
            change(answer)
    return fault


def too_many_requests(answer):
    answer.update(status=429, body=b"", headers={"Retry-After": "1"})


def server_error(answer):
    answer.update(status=random.choice([500, 502, 503, 504]), body=b"<html>sorry</html>")


def cut(answer):
    answer["cut"] = len(answer["body"]) // 2


def shortened(answer):
    answer["body"] = answer["body"][: len(answer["body"]) // 2]


def page_of_html(answer):
    answer["body"] = b"<html>maintenance</html>"


def no_total(answer):
    body = json.loads(answer["body"])
    body["meta"] = {}
    answer["body"] = json.dumps(body).encode()


@pytest.mark.parametrize(
    "change", [too_many_requests, server_error, cut, shortened, page_of_html, no_total])
def test_faults_that_pass(upstream, sample_store, tmp_path, change):
    upstream.faults.append(once(change, every=6 if change is too_many_requests else 3))
    assert "298 of 298" in pull(upstream, tmp_path / "copy.db").stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def test_a_repeated_page_is_asked_for_again(upstream, sample_store, tmp_path):
    pages = []

    def repeat(answer):
        if is_page(answer):
            pages.append(answer["body"])
            if len(pages) == 4:
                answer["body"] = pages[2]

    upstream.faults.append(repeat)
    assert "298 of 298" in pull(upstream, tmp_path / "copy.db").stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def going_on_for_ever(upstream, change, tmp_path):
    upstream.faults.append(change)
    begun = time.monotonic()
    done = pull(upstream, tmp_path / "copy.db", "--attempts", "2", check=False)
    assert time.monotonic() - begun < 60
    return done.returncode, done.stderr.decode()


def test_the_same_page_for_ever_is_no_loop(upstream, tmp_path):
    first = []

    def stuck(answer):
        if is_page(answer):
            first.append(answer["body"])
            answer["body"] = first[0]

    code, said = going_on_for_ever(upstream, stuck, tmp_path)
    assert code == 3 and "the same page again" in said and "goes on from there" in said


def test_a_walk_that_starts_over_is_no_loop(upstream, tmp_path):
    pages = []

    def round_and_round(answer):
        if is_page(answer):
            pages.append(answer["body"])
            answer["body"] = pages[(len(pages) - 1) % 3]

    code, said = going_on_for_ever(upstream, round_and_round, tmp_path)
    assert code == 3 and "went back" in said


def test_an_endless_next_ends(upstream, sample_store, tmp_path):
    def endless(answer):
        body = json.loads(answer["body"])
        if is_page(answer):
            body["links"]["next"] = f"{upstream.url}/dois?page%5Bcursor%5D=" + (
                urllib.parse.parse_qs(urllib.parse.urlsplit(body["links"]["next"]).query)
                ["page[cursor]"][0] if "next" in body["links"] else "OTk5OTk5OTk5OTk5OTk5LHg")
            answer["body"] = json.dumps(body).encode()

    upstream.faults.append(endless)
    assert "298 of 298" in pull(upstream, tmp_path / "copy.db").stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def test_what_never_comes_is_told(upstream, sample_store, tmp_path):
    def swallow(answer):
        if is_page(answer):
            body = json.loads(answer["body"])
            body["data"] = [record for record in body["data"] if record["id"] != "10.7937/s17z-r072"]
            answer["body"] = json.dumps(body).encode()

    upstream.faults.append(swallow)
    done = pull(upstream, tmp_path / "copy.db", check=False)
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "pulled 297 of 298 records" in said
    assert "1 records that the server counts were never given" in said


def test_a_record_that_vanishes_meanwhile_is_no_gap(upstream, tmp_path):
    """The first pages count one more than there is in the end."""
    def vanish(answer):
        if is_page(answer):
            body = json.loads(answer["body"])
            body["meta"]["total"] += 1
            answer["body"] = json.dumps(body).encode()

    upstream.faults.append(vanish)
    assert "pulled 298 of 298 records" in pull(upstream, tmp_path / "copy.db").stderr.decode()


def test_a_refusal_is_told_with_its_reason(upstream, tmp_path):
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--query", "titles.title:[",
               check=False)
    assert done.returncode == 1
    assert "answered 400" in done.stderr.decode()


def test_nobody_there(tmp_path):
    done = run("pull", "http://127.0.0.1:9", "--store", tmp_path / "copy.db", "--attempts", "1",
               check=False)
    assert done.returncode == 3 and "127.0.0.1" in done.stderr.decode()
    done = run("pull", "gopher://127.0.0.1", "--store", tmp_path / "copy.db", check=False)
    assert done.returncode == 2 and "no http or https URL" in done.stderr.decode()


def test_killed_ten_times_it_goes_on(upstream, sample_store, tmp_path):
    copy = tmp_path / "copy.db"
    dice = random.Random(7)
    killed = 0
    upstream.faults.append(lambda answer: time.sleep(0.03))
    command = [BINARY, "pull", upstream.url, "--store", copy, "--client-id", "nihnci.tcia", "--quiet"]
    for _ in range(10):
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            try:
                process.wait(dice.uniform(0.05, 0.6))
            except subprocess.TimeoutExpired:
                process.kill()
            killed += process.wait() == -signal.SIGKILL
    assert killed >= 5
    before = len(upstream.paths)
    said = pull(upstream, copy).stderr.decode()
    assert "298 of 298" in said
    assert exported(copy) == exported(sample_store)
    assert len(upstream.paths) - before <= 25
    run("status", "--store", copy, "--check")


def test_stopped_by_hand_it_says_so_and_goes_on(upstream, sample_store, tmp_path):
    copy = tmp_path / "copy.db"
    slow = threading.Event()
    upstream.faults.append(lambda answer: slow.is_set() or time.sleep(0.1))
    command = [BINARY, "pull", upstream.url, "--store", copy, "--client-id", "nihnci.tcia"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        time.sleep(0.8)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
        assert (process.returncode, "stopped; the same command goes on" in said) == (3, True), said
    slow.set()
    assert "went on to 298 of 298" in pull(upstream, copy).stderr.decode()
    assert exported(copy) == exported(sample_store)


def test_the_budget_holds(upstream, tmp_path):
    begun = time.monotonic()
    pull(upstream, tmp_path / "copy.db", "--budget", "600", "--no-accounts")
    taken, requests = time.monotonic() - begun, len(upstream.paths)
    assert requests == 17 and taken < 30
    begun = time.monotonic()
    done = subprocess.Popen([BINARY, "pull", upstream.url, "--store", tmp_path / "other.db",
                             "--budget", "5", "--quiet"], stderr=subprocess.PIPE)
    time.sleep(2)
    done.kill()
    done.communicate()
    assert len(upstream.paths) - requests <= 2


def test_status_tells_of_copies(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    pull(upstream, copy)
    said = run("status", "--store", copy).stdout.decode()
    assert re.search(rf"Copy +{upstream.url} client-id=nihnci.tcia: 298 records, .*\n", said)
    told = json.loads(run("status", "--store", copy, "--json").stdout)["copies"]
    assert [(one["url"], one["filter"], one["total"], one["missing"], one["underWay"])
            for one in told] == [(upstream.url, "client-id=nihnci.tcia", 298, 0, False)]
    assert told[0]["started"] <= told[0]["finished"]
