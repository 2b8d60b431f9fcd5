"""`pull` from servers that are no good: it ends, and says what was wrong."""

import gzip
import json
import time

import pytest
from conftest import run
from proxy import Upstream, is_page, small_pages


@pytest.fixture()
def upstream(server):
    proxy = Upstream(server)
    proxy.faults.append(lambda answer: answer.__setitem__("upstream", proxy))
    yield proxy
    proxy.close()


def pull(upstream, tmp_path, *options, attempts=1):
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--client-id", "nihnci.tcia",
               "--no-accounts", "--attempts", str(attempts), *options, check=False)
    return done.returncode, done.stderr.decode()


def exported(store):
    return run("export", "--store", store).stdout


def changing(change):
    """Each page goes through `change`, as JSON."""
    def fault(answer):
        if is_page(answer) and answer["status"] == 200:
            body = json.loads(answer["body"])
            change(body)
            answer["body"] = json.dumps(body).encode()
    return fault


def invented(count, grows):
    """New records without end; the total keeps ahead of them when it grows."""
    given = [0]

    def fault(answer):
        if not is_page(answer):
            return
        first = given[0]
        given[0] += count
        made = [{"id": f"10.5072/{first + i}", "type": "dois", "attributes": {
            "doi": f"10.5072/{first + i}", "state": "findable", "created": "2020-01-01T00:00:00Z"}}
                for i in range(count)]
        total = given[0] + count * (first // count + 1) * 50 if grows else 298
        answer["status"], answer["body"] = 200, json.dumps({
            "data": made, "meta": {"total": total},
            "links": {"next": f"{answer['upstream'].url}/dois?page%5Bcursor%5D=c{given[0]}"}}).encode()
    return fault


@pytest.mark.parametrize("grows", [False, True])
def test_records_without_end(upstream, tmp_path, grows):
    upstream.faults.append(invented(1000 if grows else 500, grows))
    code, said = pull(upstream, tmp_path)
    assert code == 3
    assert ("counts ever more records" if grows else "more records than it counts") in said


def test_a_total_that_shrinks_is_no_fault(upstream, sample_store, tmp_path):
    seen = []

    def shrink(body):
        seen.append(body)
        body["meta"]["total"] = max(0, 298 - 40 * len(seen))

    upstream.faults += [small_pages(20), changing(shrink)]
    code, said = pull(upstream, tmp_path)
    assert (code, "298 of 298" in said) == (0, True), said
    assert exported(tmp_path / "copy.db") == exported(sample_store)


@pytest.mark.parametrize("change, words", [
    (lambda body: body["data"][3].update(type="clients"), "resource 4 of the page is none of dois"),
    (lambda body: body["data"][3].update(id=None), "record 4 of the page has no id"),
    (lambda body: body["meta"].update(total="298"), "no list with `data` and `meta.total`"),
    (lambda body: body["meta"].update(total=-1), "no list with `data` and `meta.total`"),
    (lambda body: body.update(data={}), "no list with `data` and `meta.total`"),
    (lambda body: body.update(links={"next": "http://x/dois?page[cursor]=" + 9000 * "x"}),
     "a cursor of 9000 bytes"),
])
def test_pages_that_make_no_sense(upstream, tmp_path, change, words):
    upstream.faults.append(changing(change))
    code, said = pull(upstream, tmp_path)
    assert code == 3 and words in said, said


def test_a_place_that_the_server_has_lost(upstream, sample_store, tmp_path):
    """Who is refused for ever must know how to begin anew."""
    upstream.faults.append(small_pages(100))
    lost = lambda answer: not answer["path"].endswith("cursor%5D=1") and is_page(answer) and answer.update(
        status=400, body=b'{"errors":[{"title":"Bad cursor."}]}')
    upstream.faults.append(lost)
    for _ in range(2):
        code, said = pull(upstream, tmp_path)
        assert code == 1 and "Bad cursor." in said and "--restart" in said
    upstream.faults.remove(lost)
    code, said = pull(upstream, tmp_path, "--restart")
    assert code == 0 and "pulled 298 of 298" in said
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def test_records_without_times_and_of_one_time(upstream, sample_store, tmp_path):
    """Sorted last, and more of them than a page holds."""
    def same(body):
        for record in body["data"]:
            record["attributes"]["created"] = "2020-01-01T00:00:00Z"

    def none(body):
        for record in body["data"]:
            record["attributes"]["created"] = None

    for change in (same, none):
        upstream.faults[1:] = [small_pages(20), changing(change)]
        code, said = pull(upstream, tmp_path)
        assert (code, "298 of 298" in said) == (0, True), said


def test_a_page_larger_than_asked_for(upstream, sample_store, tmp_path):
    upstream.faults += [small_pages(298)]
    code, said = pull(upstream, tmp_path)
    assert code == 0 and "298 of 298" in said


def test_a_page_that_is_too_much_comes_in_parts(upstream, sample_store, tmp_path):
    def burdened(answer):
        if is_page(answer) and "page%5Bsize%5D=1000&" in answer["path"]:
            answer.update(status=504, body=b"<html>time out</html>")

    upstream.faults.append(burdened)
    code, said = pull(upstream, tmp_path, attempts=2)
    assert (code, "298 of 298" in said) == (0, True), said
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def test_a_bomb_of_zeros(upstream, tmp_path):
    bomb = gzip.compress(bytes(300 * 1024 * 1024), 1)

    def explode(answer):
        if is_page(answer):
            answer.update(body=bomb, headers={"Content-Encoding": "gzip"})

    upstream.faults.append(explode)
    code, said = pull(upstream, tmp_path, attempts=8)
    assert code == 3 and "too large" in said
    assert len([path for path in upstream.paths if "cursor" in path]) == 3  # smaller pages, once each


def test_a_header_without_end(upstream, tmp_path):
    upstream.faults.append(lambda answer: answer["headers"].update({"X-Long": 1_000_000 * "x"}))
    code, said = pull(upstream, tmp_path)
    assert code == 3 and "goes on from there" in said


def test_redirects(upstream, tmp_path):
    def elsewhere(answer):
        if is_page(answer) and "again" not in answer["path"]:
            answer.update(status=308, body=b"", headers={"Location": answer["path"] + "&again=1"})

    def round_and_round(answer):
        answer.update(status=301, body=b"", headers={"Location": answer["path"]})

    upstream.faults.append(elsewhere)
    code, said = pull(upstream, tmp_path)
    assert code == 0 and "298 of 298" in said
    upstream.faults[1:] = [round_and_round]
    before = len(upstream.paths)
    code, said = pull(upstream, tmp_path, attempts=8)
    assert code == 3 and "redirects without end" in said
    assert len(upstream.paths) - before < 10


def test_come_back_in_a_year(upstream, tmp_path):
    upstream.faults.append(lambda answer: answer.update(
        status=429, body=b"", headers={"Retry-After": "31536000"}))
    begun = time.monotonic()
    code, said = pull(upstream, tmp_path, attempts=8)
    assert code == 3 and "left alone" in said and time.monotonic() - begun < 30
    assert len(upstream.paths) == 1


def test_a_proxy_of_the_environment(upstream, sample_store, tmp_path, monkeypatch):
    """The upstream stands for the proxy: it is asked for whole URLs."""
    def strip(answer):
        path = "/" + answer["path"].split("/", 3)[3]
        answer["status"], answer["body"] = answer["upstream"].fetch(path)

    upstream.faults.append(strip)
    monkeypatch.setenv("http_proxy", upstream.url)
    monkeypatch.delenv("no_proxy", raising=False)
    done = run("pull", "http://api.example.invalid", "--store", tmp_path / "copy.db", "--budget", "0",
               "--no-accounts", check=False)
    assert "298 of 298" in done.stderr.decode()
    assert all(path.startswith("http://api.example.invalid/dois") for path in upstream.paths)
    assert exported(tmp_path / "copy.db") == exported(sample_store)
