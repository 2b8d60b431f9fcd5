"""Requests that nobody in their right mind sends: each gets a whole answer, and the server stays as it was.

DOIHOUND_HOSTILE_SECONDS bounds each of the two random tests (default 5); DOIHOUND_HOSTILE_SEED
repeats a run.
"""

import contextlib
import gzip
import http.client
import json
import os
import random
import re
import socket
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path

import pytest

from conftest import BINARY, ROOT, Server, run
from records import lines, resource

SECONDS = float(os.environ.get("DOIHOUND_HOSTILE_SECONDS", "5"))
SEED = int(os.environ.get("DOIHOUND_HOSTILE_SEED", "20261122"))
DOI = "10.7937/s17z-r072"
STATUSES = {200, 204, 303, 304, 400, 401, 404, 406, 422, 501}
SANITIZED = b"__asan_init" in BINARY.read_bytes() if BINARY.exists() else False


@contextlib.contextmanager
def clean(store, *options):
    """A server that must end well: exit 0 and not a word on stderr (a sanitizer's report is one)."""
    server = Server(store, *options)
    said = []
    reader = threading.Thread(target=lambda: said.append(server.process.stderr.read()))
    reader.start()
    try:
        yield server
    finally:
        alive = server.process.poll() is None
        server.process.terminate()
        code = server.process.wait(timeout=60)
        reader.join()
        server.process.stderr.close()
        assert alive and code == 0 and said == [b""], (code, said[0][-6000:].decode(errors="replace"))


@pytest.fixture(scope="module")
def hostile(sample_store):
    with clean(sample_store) as server:
        yield server


def raw(server, data, seconds=20, half_close=False):
    """Sends bytes, reads until the server closes."""
    with socket.create_connection((server.host, server.port), timeout=seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
        return answer


def routes():
    """Every row of the route table, with captures filled."""
    source = (ROOT / "src" / "api" / "routes.c").read_text()
    return re.findall(r'^    \{"([^"]*)", dh_', source, re.M)


# ---- odd parameters -------------------------------------------------------------------------------

def parameters():
    source = (ROOT / "src" / "api" / "filters.def").read_text()
    names = re.findall(r'^DH_FILTER\(\s*"([^"]+)"', source, re.M)
    source = (ROOT / "src" / "api" / "event_filters.def").read_text()
    names += re.findall(r'^DH_EVENT_FILTER\(\s*"([^"]+)"', source, re.M)
    return names + [
        "page[size]", "page[number]", "page[cursor]", "page", "page[]", "page[size][x]", "rows", "sort",
        "random", "sample", "sample-group", "include", "fields[dois]", "fields[clients]", "fields[providers]",
        "fields[activities]", "fields", "disable-facets", "facets", "detail", "composite", "affiliation",
        "publisher", "callback", "format", "id", "ids", "size", "number", "prefix", "year", "state",
        "include-other-registration-agencies", "software", "region", "symbol", "[", "]", "", "a[b[c]]", "%00",
        "style", "locale", "lang", "doi",
    ]


def cursors():
    import base64
    for text in ("0,a", "-1,", "9223372036854775807,x", "99999999999999999999,10.1/x", "-,x", "1", ",",
                 "1577836800000,10.7937/s17z-r072", "1577836800000,\0", "1," + "x" * 5000):
        yield base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    yield base64.b64encode(b"1,\xff\xfe").decode()
    yield from ("", "1", "=", "====", "%", "A" * 30000, "\0", "..", "-_-_", "+/+/")


def values(dice):
    fixed = [
        "", " ", "\0", "a\0b", "%00", "true", "false", "TRUE", "0", "1", "-1", "-0", "+1", "1e9", "0x10", "1.5",
        "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "9" * 400, "1,2", ",", ",,,,", ",a,", "*", "?", "[", "]",
        "(", ")", "\"", "'", "\\", "<script>", "&amp;", "ü", "\u202e", "\U0001f436", "\ufeff", "%ff", "%f", "%",
        "%zz", "2020", "2020-13-45", "[2018 TO 2020]", "[* TO *]", "..", "../../etc/passwd", "10.7937/s17z-r072",
        "10.7937", "https://doi.org/10.7937/S17Z-R072", "nihnci.tcia", "tciar", "dataset", "Dataset", "relevance",
        "-created", "created", "name", "title", "client", "provider", "https://orcid.org/0000-0001", "ror.org/",
        "a" * 30000, "ü" * 10000, "," * 2000, ",".join(str(i) for i in range(999)),
        ",".join(f"10.7937/{i}" for i in range(1500)), ",".join(["10.7937/s17z-r072"] * 999),
        "bibtex", "csv", "citation", "datacite", "schema_org", "turtle", "apa", "ieee", "de", "de-DE",
        " OR 1=1 --", "'; DROP TABLE records; --", "%n%s%d", "{}", "null", "NaN", "_", "__", "_id",
    ]
    while True:
        if dice.random() < 0.85:
            yield dice.choice(fixed)
        else:
            yield "".join(chr(dice.choice((dice.randrange(128), dice.randrange(0x800), dice.randrange(0xe000, 0x11000))))
                          for _ in range(dice.randrange(1, 60)))


def quote(dice, text):
    """Percent-encoded, or as raw as a request line allows, or with broken bytes in it."""
    kind = dice.random()
    if kind < 0.6:
        return urllib.parse.quote(text, safe="").encode()
    data = re.sub(rb"[\x00-\x20#&\x7f]", lambda m: b"%%%02X" % m[0][0], text.encode())
    if kind > 0.9 and len(data) < 1000:
        at = dice.randrange(len(data) + 1)
        data = data[:at] + dice.choice([b"%80", b"%C3", b"%ED%A0%80", b"\xff", b"%F4%90%80%80", b"\xc0\xaf", b"%"]) + data[at:]
    return data


def odd_path(dice, pattern, pool):
    parts = []
    for part in pattern.split("/"):
        if part == "*":
            part = dice.choice([DOI, DOI.upper(), "10.25737/H65S-8F58", "10.1/x", "x", "10.7937%2Fs17z-r072",
                                "10.7937/" + "a" * 3000, "10.7937/%00", "a//b", "..", "%2e%2e", "10.7937/%ff"])
        elif part == ":":
            part = dice.choice(["nihnci.tcia", "tciar", "10.7937", "x", "%00", "%ff", "NIHNCI.TCIA", "dataset",
                                "x-bibtex", "csv", "x-bibliography", "vnd.datacite.datacite%2Bxml",
                                "0", "-1", "99999999999999999999", "%2F", "a" * 3000, "<b>",
                                quote(dice, next(pool)).decode("latin-1").replace("?", "%3F") or "x"])
        parts.append(part)
    return "/" * dice.choice([1, 1, 1, 1, 2, 3]) + "/".join(parts) + dice.choice(["", "", "", "/", "//"])


def odd_target(dice, patterns, names, pool, cursor_list):
    target = odd_path(dice, dice.choice(patterns), pool).encode("latin-1")
    count = dice.choice([0, 1, 1, 2, 2, 3, 4, 8])
    pairs = []
    for _ in range(count):
        name = dice.choice(names)
        value = dice.choice(cursor_list) if "cursor" in name and dice.random() < 0.8 else next(pool)
        pairs.append(quote(dice, name) + dice.choice([b"=", b"=", b"=", b"=", b"", b"=="]) + quote(dice, value))
    if pairs:
        target += b"?" + b"&".join(pairs)
    return target[:39_000]


class Wire:
    """A kept connection; targets go out byte for byte."""

    def __init__(self, server):
        self.server, self.socket, self.file = server, None, None

    def ask(self, method, target, headers=b""):
        for again in (True, False):
            try:
                if not self.socket:
                    self.socket = socket.create_connection((self.server.host, self.server.port), timeout=60)
                    self.file = self.socket.makefile("rb")
                self.socket.sendall(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
                response = http.client.HTTPResponse(self.socket, method=method.decode())
                response.fp.close()
                response.fp = self.file
                response.begin()
                body = response.read()
                response.fp = None
                if response.will_close:
                    self.close()
                else:
                    self.file = self.file if not self.file.closed else self.socket.makefile("rb")
                return response, body
            except (ConnectionError, http.client.BadStatusLine):
                self.close()
                if not again:
                    raise

    def close(self):
        if self.socket:
            self.file.close()
            self.socket.close()
        self.socket = None


def check(response, body, target, allowed=STATUSES):
    assert response.status in allowed or (response.status == 500 and b"random" in target), \
        (response.status, target[:2000], body[:500])
    assert response.headers["X-Request-Id"] and response.headers["X-Runtime"], target[:2000]
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    kind = response.headers["Content-Type"] or ""
    if "ndjson" in kind:
        return [json.loads(line) for line in body.decode("utf-8").splitlines()]
    if "json" in kind and body:
        return json.loads(body.decode("utf-8"))
    return None


def test_odd_parameters_on_every_route(hostile):
    dice = random.Random(SEED)
    patterns, names, pool = routes(), parameters(), values(dice)
    cursor_list, wire = list(cursors()), Wire(hostile)
    assert len(patterns) > 50 and len(names) > 60
    end, asked = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        target = odd_target(dice, patterns, names, pool, cursor_list)
        method = dice.choice([b"GET", b"GET", b"GET", b"HEAD"])
        headers = dice.choice([b"", b"", b"Accept-Encoding: gzip\r\n", b"Accept: text/html\r\n",
                               b"Accept: text/x-bibliography; style=\xff; locale=\"\r\n",
                               b"Accept: application/x-bibtex;q=0.5, text/csv;q=x\r\n",
                               b"Accept: */*;q=0\r\n", b"If-None-Match: *\r\n"])
        response, body = wire.ask(method, target, headers)
        document = check(response, body, target)
        asked += 1
        if method == b"HEAD":
            assert body == b"", target
        elif document and isinstance(document, dict) and document.get("links", {}).get("next") and asked % 7 == 0:
            following = document["links"]["next"].removeprefix("http://x").encode()
            if len(following) < 39_000:
                response, body = wire.ask(b"GET", following)
                check(response, body, following, {200})
    wire.close()
    print(f"{asked} requests")
    assert asked > 100


def test_nested_brackets_and_many_parameters(hostile):
    wire = Wire(hostile)
    for target in (
        b"/dois?" + b"&".join(b"page[size]=%d" % i for i in range(1000)),
        b"/dois?" + b"&".join(b"p%d=%d" % (i, i) for i in range(1500)),
        b"/dois?" + b"&" * 20_000,
        b"/dois?" + b"=" * 20_000,
        b"/dois?" + b"[" * 20_000 + b"=1",
        b"/dois?" + b"page" + b"[x]" * 5_000 + b"=1",
        b"/dois?page[size]=3&" + b"a=" + b"\xff" * 30_000,
        b"/dois?" + b"?" * 20_000,
        b"/dois?page%5Bsize%5D=2&page%5bnumber%5d=3",
        b"/" + b"a/" * 15_000,
        b"/dois/" + b"10.1/" * 6_000,
        b"/dois/" + b"%00" * 10_000,
        b"//////////",
    ):
        response, body = wire.ask(b"GET", target)
        check(response, body, target)
    wire.close()


def test_next_keeps_a_value_of_any_size(hostile):
    """A value that grows threefold in the link must not get lost, or page 2 is of another list."""
    wire, value = Wire(hostile), "ü".encode() * 15_000
    response, body = wire.ask(b"GET", b"/dois?page[size]=3&unknown=" + value)
    following = check(response, body, b"", {200})["links"]["next"]
    assert following.endswith("unknown=" + urllib.parse.quote(value))
    wire.close()


def test_every_route_by_every_method(hostile):
    wire = Wire(hostile)
    for pattern in routes():
        target = "/" + pattern.replace("*", DOI).replace("providers/:", "providers/tciar").replace(":", "nihnci.tcia")
        got, body = wire.ask(b"GET", target.encode())
        check(got, body, target.encode())
        head, nothing = wire.ask(b"HEAD", target.encode())
        assert (head.status, nothing) == (got.status, b""), target
        for method in (b"OPTIONS", b"POST", b"PUT", b"PATCH", b"DELETE", b"TRACE", b"BREW", b"x" * 300):
            response, body = wire.ask(method, target.encode(), b"Content-Length: 0\r\n")
            assert response.status < 500 or response.status == 501, (method, target)
    response, body = wire.ask(b"OPTIONS", b"*")
    assert response.status == 204
    wire.close()


# ---- raw bytes ------------------------------------------------------------------------------------

HOST = b"Host: x\r\n"
LAST = HOST + b"Connection: close\r\n"


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def test_pipelined_requests_are_answered_in_order(hostile):
    count = 200
    data = b"".join(b"GET /dois?page[size]=%d&disable-facets=true HTTP/1.1\r\nX-Request-Id: n%d\r\n%s\r\n"
                    % (i % 3, i, HOST if i < count - 1 else LAST) for i in range(count))
    answer = raw(hostile, data, 60)
    assert statuses(answer) == [200] * count
    assert [int(n) for n in re.findall(rb"X-Request-Id: n(\d+)\r\n", answer, re.I)] == list(range(count))


def test_half_closed_connection_gets_its_answer(hostile):
    for target in (b"/heartbeat", b"/dois?page[size]=200"):
        answer = raw(hostile, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n", half_close=True)
        assert statuses(answer) == [200], target


def test_old_and_odd_request_lines(hostile):
    assert statuses(raw(hostile, b"GET /heartbeat HTTP/1.0\r\n\r\n")) == [200]
    assert statuses(raw(hostile, b"GET http://other/dois?page[size]=1 HTTP/1.1\r\n" + LAST + b"\r\n")) == [200]
    assert statuses(raw(hostile, b"OPTIONS * HTTP/1.1\r\n" + LAST + b"\r\n")) == [204]
    assert statuses(raw(hostile, b"GET /heartbeat HTTP/1.1\r\nConnection: close\r\n\r\n")) == [400]
    for line in (b"", b"\r\n" * 100, b"\0\0\0", b"GET", b"GET /", b"GET / HTTP/9.9", b"GET / HTTP/1.", b"G\0T / HTTP/1.1",
                 b"GET /dois/\0x HTTP/1.1", b"GET  /  HTTP/1.1", b"GET /a b HTTP/1.1", b"GET dois HTTP/1.1",
                 b"CONNECT x:443 HTTP/1.1", b"PRI * HTTP/2.0", b"\x80" * 1000, b"GET http:// HTTP/1.1",
                 b"GET https://?x HTTP/1.1", b"GET ?page HTTP/1.1"):
        answer = raw(hostile, line + b"\r\n" + LAST + b"\r\n", half_close=True)
        assert all(status < 500 or status in (501, 505) for status in statuses(answer)), (line, answer[:200])
    assert hostile.get("/heartbeat").status == 200


def test_bodies_that_are_not_what_they_say(hostile):
    chunked = b"POST /dois HTTP/1.1\r\n" + LAST + b"Transfer-Encoding: chunked\r\n\r\n"
    good = raw(hostile, chunked + b"5\r\nhello\r\n0\r\n\r\n")
    assert len(statuses(good)) == 1 and statuses(good)[0] < 502
    for body in (b"zz\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n", b"ffffffffffffffffff\r\nhello", b"5;x=\"\r\nhello\r\n0\r\n\r\n",
                 b"5\r\nhello", b"5\r\nhelloworld\r\n0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"\r\n\r\n", b"0" * 10_000 + b"\r\n\r\n",
                 b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"):
        answer = raw(hostile, chunked + body, half_close=True)
        assert all(status < 502 for status in statuses(answer)), (body[:40], answer[:200])
    for headers in (b"Content-Length: -1\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Content-Length: 99999999999999999999\r\n",
                    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n",
                    b"Transfer-Encoding: chunked, chunked\r\n", b"Content-Length: 0x5\r\n", b"Content-Length: +5\r\n"):
        answer = raw(hostile, b"POST /dois HTTP/1.1\r\n" + LAST + headers + b"\r\nhello", half_close=True)
        assert set(statuses(answer)) <= {400, 413}, (headers, answer[:200])
    answer = raw(hostile, b"POST /dois HTTP/1.1\r\n" + LAST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}")
    assert statuses(answer)[-1] < 502 and len(statuses(answer)) <= 2
    answer = raw(hostile, b"POST /dois HTTP/1.1\r\n" + LAST + b"Expect: 100-continue\r\nContent-Length: 99000000\r\n\r\n")
    assert statuses(answer) == [413]


def test_headers_are_not_injected(hostile):
    """Nothing a client sends becomes a header line or a link of its own."""
    for name in (b"X-Request-Id", b"Origin", b"X-Forwarded-Host", b"X-Forwarded-Proto", b"Host", b"Accept", b"If-None-Match"):
        for value in (b"a\rEvil: 1", b"a\nEvil: 1", b"a\r\n Evil: 1", b"a\0Evil", b"\xff\xfe", b"x" * 9_000, b"", b" ",
                      b"evil.example/<script>", b"a,b,,", b"\"", b"a\tb"):
            host = b"" if name == b"Host" else HOST
            data = b"GET /dois?page[size]=1 HTTP/1.1\r\n" + host + b"Connection: close\r\n" + name + b": " + value + b"\r\n\r\n"
            answer = raw(hostile, data)
            head, _, body = answer.partition(b"\r\n\r\n")
            assert len(statuses(answer)) == 1, (name, value, answer[:300])
            assert not re.search(rb"^Evil", head, re.M | re.I), (name, value)
            if statuses(answer) == [200]:
                assert b"<script>" not in body and "self" in json.loads(body)["links"]
    twice = b"GET /dois?page[size]=1 HTTP/1.1\r\n" + LAST
    assert statuses(raw(hostile, twice + HOST + b"\r\n")) == [400]
    many = b"".join(b"X-%d: y\r\n" % i for i in range(500)) + b"Accept: */*\r\n" * 100
    assert statuses(raw(hostile, twice + many + b"\r\n"))[0] in (200, 431)


def test_conditional_answers_have_no_body(hostile):
    etag = hostile.get(f"/dois/{DOI}").headers["ETag"].encode()
    for headers in (b"", b"Accept-Encoding: gzip\r\n"):
        data = b"GET /dois/%s HTTP/1.1\r\n%sIf-None-Match: %s\r\n%s\r\n" % (DOI.encode(), HOST, etag, headers)
        answer = raw(hostile, data + b"GET /heartbeat HTTP/1.1\r\n" + LAST + b"\r\n")
        assert len(statuses(answer)) == 2 and answer.endswith(b"OK"), answer[-300:]


# ---- many at once ---------------------------------------------------------------------------------

def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def settled(read, wanted, seconds=25):
    """The last value read; waits for it to come down to what is wanted."""
    end = time.monotonic() + seconds
    while (value := read()) > wanted and time.monotonic() < end:
        time.sleep(0.05)
    return value


ABANDONED = [b"", b"GET /do", b"GET /heartbeat HTTP/1.1\r\n" + HOST + b"\r\n",
             b"GET /dois?page[size]=300 HTTP/1.1\r\n" + HOST + b"\r\n",
             b"POST /dois HTTP/1.1\r\nContent-Length: 9\r\n" + HOST + b"\r\nhal"]


@pytest.mark.parametrize("how", ["close", "half-close", "reset"])
def test_abandoned_connections_give_their_place_back(hostile, how):
    """Each place must be free long before the idle time: there are a thousand only."""
    before, kept = descriptors(hostile.process.pid), []
    for number in range(300):
        connection = socket.create_connection((hostile.host, hostile.port))
        connection.sendall(ABANDONED[number % len(ABANDONED)])
        if how == "half-close":
            connection.shutdown(socket.SHUT_WR)
            kept.append(connection)
            continue
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    assert settled(lambda: descriptors(hostile.process.pid), before) <= before
    for connection in kept:
        connection.close()


def test_memory_stays_bounded(sample_store):
    """HEAD does all the work of GET, but its answers are not kept for later."""
    dice, held = random.Random(SEED), []
    with clean(sample_store) as server:
        for count in (800, 1600):
            wires = [Wire(server) for _ in range(20)]
            for number in range(count):
                response, _ = wires[number % 20].ask(
                    b"HEAD", b"/dois?page[size]=%d&x=%d" % (dice.choice([0, 25, 100]), dice.randrange(10**9)))
                assert response.status == 200
            for wire in wires:
                wire.close()
            held.append(resident_kib(server.process.pid))
    print(held, "KiB")
    assert SANITIZED or held[1] < held[0] + 30_000, held


def test_slow_readers_of_large_lists(sample_store):
    with clean(sample_store) as server:
        target = b"/dois?page[size]=1000&detail=true&affiliation=true&publisher=true"
        slow = []
        for _ in range(40):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((server.host, server.port))
            connection.sendall(b"GET " + target + b" HTTP/1.1\r\n" + LAST + b"\r\n")
            slow.append(connection)
        start = time.monotonic()
        for number in range(20):
            assert server.get(f"/dois?page[size]=5&n={number}").status == 200
        assert time.monotonic() - start < 20
        for connection in slow[1:]:
            connection.close()
        whole = b""
        while piece := slow[0].recv(65536):
            whole += piece
        slow[0].close()
        assert len(json.loads(whole.partition(b"\r\n\r\n")[2])["data"]) == 298


def generation(tag, count):
    return lines(resource(i, titles=[{"title": tag}], version=tag, publicationYear=2000 + i % 20)
                 for i in range(count)).encode()


def test_clients_and_an_import_at_once(tmp_path):
    """No client sees half a record or a list whose total and rows disagree."""
    store, stop = tmp_path / "s.db", threading.Event()
    run("import", "--store", store, "--quiet", "-", input=generation("0", 300))
    problems, asked = [], [0] * 40
    targets = [b"/dois?page[size]=20", b"/dois?page[size]=0", b"/dois/10.5072/rec-00007", b"/activities",
               b"/dois/10.5072/rec-00001/activities", b"/clients", b"/providers", b"/prefixes", b"/dois?client-id=exmpl.archive",
               b"/dois?published=2005&sort=created", b"/clients/totals", b"/metrics", b"/dois?page[cursor]=1&page[size]=50",
               b"/dois?random=true&page[size]=10", b"/dois?sample-group=client&sample=5", b"/repositories/exmpl.archive/stats"]

    def client(number, server):
        dice, wire = random.Random(number), Wire(server)
        while not stop.is_set():
            target = dice.choice(targets)
            try:
                response, body = wire.ask(b"GET", target)
                document = check(response, body, target, {200, 503})
                for item in (document or {}).get("data", []) if target.startswith(b"/dois?") else []:
                    assert item["attributes"]["titles"][0]["title"] == item["attributes"]["version"]
            except Exception as failure:  # told by the main thread
                problems.append((target, repr(failure)))
                return
            asked[number] += 1
        wire.close()

    with clean(store) as server:
        threads = [threading.Thread(target=client, args=(number, server)) for number in range(40)]
        for thread in threads:
            thread.start()
        for number in range(1, 5):
            run("import", "--store", store, "--quiet", "-", input=generation(str(number), 300 + number * 100))
        stop.set()
        for thread in threads:
            thread.join()
        assert problems == []
        assert server.json("/dois?page[size]=0")["meta"]["total"] == 700
    print(sum(asked), "requests")
    run("status", "--store", store, "--check")


def test_sigterm_cuts_no_request(sample_store):
    for attempt in range(3):
        server, whole, broken, go = Server(sample_store), [], [], threading.Event()

        def client():
            wire = Wire(server)
            go.wait()
            while True:
                try:
                    wire.socket or wire.ask(b"GET", b"/heartbeat")
                    wire.socket.sendall(b"GET /dois?page[size]=50&x=%d HTTP/1.1\r\n" % time.monotonic_ns() + HOST + b"\r\n")
                    head = wire.file.readline()
                except (OSError, ConnectionError, http.client.HTTPException):
                    return
                if not head:
                    return
                length = 0
                while (line := wire.file.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = wire.file.read(length)
                (whole if line == b"\r\n" and len(body) == length else broken).append(head)

        threads = [threading.Thread(target=client) for _ in range(20)]
        for thread in threads:
            thread.start()
        go.set()
        time.sleep(0.3 + attempt * 0.2)
        assert server.stop()[0] == 0
        for thread in threads:
            thread.join()
        assert whole and not broken
