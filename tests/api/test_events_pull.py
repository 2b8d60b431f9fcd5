"""Events of another server: imported, copied with `pull --events`, shown beside the computed ones."""

import json
import random
import re
import signal
import subprocess
import time

import pytest
from conftest import BINARY, run, serving
from proxy import Upstream
from records import lines
from world import doi

V2 = "application/vnd.api+json; version=2"
PREFIX = "10.5072"


def uuid(number):
    return f"{number:08x}-1111-4111-8111-{number:012x}"


def event(number, subject, relation, target, source="crossref", total=1, occurred="2021-05-06",
          timestamp="2022-05-06T07:08:09.000Z", **more):
    """In the newer dialect."""
    def url(side):
        return side if side.startswith("http") else f"https://doi.org/{side}"

    return {"id": uuid(number), "type": "events", "attributes": {
        "subjId": url(subject), "objId": url(target), "sourceId": source,
        "relationTypeId": relation, "total": total, "messageAction": "create",
        "sourceToken": "a-token", "license": "https://example.org/licence",
        "occurredAt": f"{occurred}T00:00:00.000Z", "timestamp": timestamp, **more}}


def legacy(item):
    def dashed(name):
        return re.sub("[A-Z]", lambda found: "-" + found[0].lower(), name)

    return {**item, "attributes": {dashed(name): value
                                   for name, value in item["attributes"].items()}}


def usage(number, target, kind="investigations", total=25, **more):
    return event(number, f"https://api.example.org/reports/{number}",
                 f"unique-dataset-{kind}-regular", target, "datacite-usage", total, **more)


RECORDS = [
    doi("a", relatedIdentifiers=[{"relationType": "References", "relatedIdentifierType": "DOI",
                                  "relatedIdentifier": "10.5072/b"}]),
    doi("b"),
    doi("c,d"),
    doi("hidden", state="registered", titles=[{"title": "Nobody's business"}]),
    doi("other", "dirm.jour"),
]
A, B, COMMA, HIDDEN, OTHER = (record["attributes"]["doi"] for record in RECORDS)
EVENTS = [
    event(1, "10.1016/J.Article", "references", A),
    event(2, A, "references", B, "datacite-related", timestamp="2020-01-01T00:00:00.000Z"),
    usage(3, A, occurred="2021-06-01"),
    usage(4, A, "requests", 7, occurred="2021-07-01"),
    event(5, "10.1038/nature", "cites", COMMA, occurred="2019-02-03"),
    event(6, "10.1038/nature", "cites", HIDDEN),
    event(7, "10.1038/nature", "is-supplemented-by", OTHER),
    event(8, A, "is-authored-by", "https://orcid.org/0000-0002-1825-0097", "datacite-orcid"),
    event(9, "10.9999/x", "cites", "10.9999/y"),
]


def imported(path, values):
    return run("import", "--store", path, "--quiet", "-", input=lines(values).encode())


@pytest.fixture(scope="module", params=["newer", "legacy"])
def world(request, tmp_path_factory):
    """A server of a store that took the events of a file, in either dialect."""
    path = tmp_path_factory.mktemp("came") / "store.db"
    events = EVENTS if request.param == "newer" else [legacy(item) for item in EVENTS]
    imported(path, RECORDS + events)
    with serving(path) as running:
        running.path = path
        yield running


def ids(document):
    return [item["id"] for item in document["data"]]


def find(server, query):
    return set(ids(server.json(f"/events?page[size]=100&{query}")))


def came(*numbers):
    return {uuid(number) for number in numbers}


# ---- showing ------------------------------------------------------------------------------------


def test_an_event_is_shown_as_it_came(world):
    for item in (EVENTS[0], EVENTS[2]):
        wanted = item["attributes"]
        got = world.json(f"/events/{item['id']}", Accept=V2)["data"]
        assert got["attributes"].items() >= {
            **wanted, "subjId": wanted["subjId"].lower()}.items()
        assert got["relationships"]["subj"]["data"]["id"] == wanted["subjId"].lower()
        old = world.json(f"/events/{item['id']}")["data"]["attributes"]
        assert old.items() >= legacy({"attributes": {
            **wanted, "subjId": wanted["subjId"].lower()}})["attributes"].items()


def test_source_and_target(world):
    first = world.json(f"/events/{uuid(1)}", Accept=V2)["data"]["attributes"]
    assert (first["sourceDoi"], first["targetDoi"]) == ("10.1016/j.article", A)
    assert (first["sourceRelationTypeId"], first["targetRelationTypeId"]) == \
        ("references", "citations")
    for number, name in ((3, "views"), (4, "downloads")):
        used = world.json(f"/events/{uuid(number)}", Accept=V2)["data"]["attributes"]
        assert (used["sourceDoi"], used["targetDoi"]) == (None, A)
        assert (used["sourceRelationTypeId"], used["targetRelationTypeId"]) == (None, name)


def test_what_came_is_not_computed_again(world):
    found = world.json(f"/events?subj-id={A}&obj-id={B}")
    assert ids(found) == [uuid(2)]
    assert found["data"][0]["attributes"]["timestamp"] == "2020-01-01T00:00:00.000Z"
    assert world.json("/events")["meta"]["total"] == len(EVENTS)


@pytest.mark.parametrize("query, numbers", [
    (f"doi={A}", [1, 2, 3, 4, 8]),
    (f"obj-id={A}", [1, 3, 4]),
    (f"obj-id=https://doi.org/{A}", [1, 3, 4]),
    ("subj-id=https://api.example.org/reports/3", [3]),
    ("obj-id=https://orcid.org/0000-0002-1825-0097", [8]),
    ("source-id=crossref", [1, 5, 6, 7, 9]),
    (f"source-id=crossref&doi={A}", [1]),
    ("source-id=datacite-usage,datacite-related", [2, 3, 4]),
    (f"relation-type-id=references&doi={A}", [1, 2]),
    ("relation-type-id=unique-dataset-requests-regular", [4]),
    ("relation-type-id=is-authored-by", [8]),
    ("relation-type-id=no-such-type", []),
    ("year-month=2021-06", [3]),
    (f"year-month=2021-06&doi={A}", [3]),
    ("occurred-at=2019", [5]),
    ("prefix=10.1038", [5, 6, 7]),
    ("prefix=https:", []),
    ("source-doi=10.1038/nature", [5, 6, 7]),
    (f"target-doi={A}", [1, 3, 4]),
    ("source-relation-type-id=references", [1, 2, 5, 6, 7, 9]),
    ("query=crossref", [1, 5, 6, 7, 9]),
    ("query=obj_id:%22https://doi.org/10.5072/a%22", [1, 3, 4]),
    ("query=relation_type_id:unique-dataset-requests-regular", [4]),
    ("query=total:25", [3]),
    (f"ids={uuid(1)},{uuid(3)},{uuid(77)}", [1, 3]),
])
def test_filters(world, query, numbers):
    assert find(world, query) == came(*numbers)


def test_counts(world):
    for path in ("/events", "/events?prefix=10.5072,10.1038,10.9999,10.82435"):
        meta = world.json(path, Accept=V2)["meta"]
        sources = {row["id"]: (row["title"], row["count"]) for row in meta["sources"]}
        assert sources["datacite-usage"] == ("DataCite Usage Stats", 2)
        assert sources["crossref"][1] == 5
        kinds = {row["id"]: row for row in meta["relationTypes"]}
        assert kinds["references"]["count"] == 2
        assert kinds["unique-dataset-requests-regular"]["yearMonths"] == \
            [{"id": "2021-07", "title": "2021-07", "sum": 1}]
        assert all(row["id"].startswith("10.") for row in meta["prefixes"])


@pytest.mark.parametrize("sort", ["total", "-total"])
def test_sort_by_total(world, sort):
    totals = [item["attributes"]["total"]
              for item in world.json(f"/events?sort={sort}")["data"]]
    assert totals == sorted(totals, reverse=sort == "-total") and max(totals) == 25


def test_a_hidden_record_tells_nothing(world):
    found = world.json(f"/events?doi={HIDDEN}&include=obj", Accept=V2)
    assert ids(found) == [uuid(6)]
    assert found["included"][0]["id"] == f"https://doi.org/{HIDDEN}"
    assert set(found["included"][0]["attributes"].values()) == {None}


def test_urls_are_objects_too(world):
    found = world.json(f"/events?doi={A}&source-id=datacite-usage&include=subj,obj", Accept=V2)
    assert {item["id"] for item in found["included"]} == {
        "https://api.example.org/reports/3", "https://api.example.org/reports/4",
        f"https://doi.org/{A}"}


def test_records_count_only_what_is_here(world):
    record = world.json(f"/dois/{A}")["data"]
    assert record["attributes"]["citationCount"] == 0
    assert record["relationships"]["citations"]["data"] == []


def test_related_tells_who_says_so(world):
    said = run("related", "--store", world.path, A).stdout.decode().splitlines()
    assert sorted(said) == [f"{A}\tin\tReferences\t10.1016/j.article\tcrossref",
                            f"{A}\tout\tReferences\t{B}\tdatacite-related"]


def test_bad_events_are_told(tmp_path):
    bad = [event(1, "http://a name/", "cites", A), event(2, A, "", B), {"id": uuid(3), "type": "events"},
           {**event(4, A, "cites", B), "id": "4"}, event(5, A, "cites", B)]
    done = run("import", "--store", tmp_path / "s.db", "-", input=lines(bad).encode(), check=False)
    assert b"4 bad" in done.stderr and b"1 events, 1 of them new" in done.stderr


def test_a_page_of_the_server_can_be_imported(world, tmp_path):
    page = world.get("/events?page[size]=100&include=subj,obj", Accept=V2).body
    done = run("import", "--store", tmp_path / "s.db", "-", input=page + lines(RECORDS[1:2]).encode())
    assert f"{len(EVENTS)} events, {len(EVENTS)} of them new".encode() in done.stderr
    with serving(tmp_path / "s.db") as copy:
        assert find(copy, "") == find(world, "")


# ---- pulling ------------------------------------------------------------------------------------


def small_pages(size, what="/events?"):
    def fault(answer):
        if answer["path"].startswith(what):
            path = re.sub(r"page%5Bsize%5D=\d+", f"page%5Bsize%5D={size}", answer["path"])
            answer["status"], answer["body"] = answer["upstream"].fetch(path)
    return fault


@pytest.fixture()
def upstream(world):
    proxy = Upstream(world)
    proxy.faults.append(small_pages(2))
    yield proxy
    proxy.close()


def pull(upstream, store, *options, check=True):
    return run("pull", upstream.url, "--store", store, "--events", "--no-accounts", *options,
               check=check)


def stored(path):
    """All events of a store but those that it computed itself."""
    with serving(path) as server:
        shown = server.json("/events?page[size]=1000&sort=created", Accept=V2)["data"]
    return {item["id"]: item["attributes"] for item in shown if item["id"][14] != "8"}


def asked(upstream, what="/events?"):
    return [path for path in upstream.paths if path.startswith(what)]


def test_events_of_a_prefix_are_one_walk(upstream, tmp_path):
    said = pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX).stderr.decode()
    assert "and 7 events, 7 of them new" in said
    assert set(stored(tmp_path / "copy.db")) == came(1, 2, 3, 4, 5, 6, 8)
    assert all("&prefix=10.5072&" in path for path in asked(upstream))
    again = pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX).stderr.decode()
    assert "and 7 events, 0 of them new" in again


def test_events_of_a_client_are_asked_for_by_doi(upstream, tmp_path):
    client = RECORDS[0]["relationships"]["client"]["data"]["id"]
    pull(upstream, tmp_path / "copy.db", "--client-id", client)
    assert set(stored(tmp_path / "copy.db")) == came(1, 2, 3, 4, 5, 8)
    paths = asked(upstream)
    assert any("&doi=10.5072%2Fa,10.5072%2Fb&" in path for path in paths)
    assert {re.search("(subj|obj)-id=", path)[1] for path in paths if "c%2Cd" in path} == \
        {"subj", "obj"}


def test_events_of_a_list(upstream, tmp_path):
    pull(upstream, tmp_path / "copy.db", "--doi", A, "--doi", OTHER, "--doi", "10.5072/none",
         check=False)
    assert set(stored(tmp_path / "copy.db")) == came(1, 2, 3, 4, 7, 8)
    assert not [path for path in asked(upstream) if "10.5072%2Fnone" in path]


def test_events_are_of_what_is_named_not_of_what_cites_it(upstream, tmp_path):
    pull(upstream, tmp_path / "copy.db", "--prefix", "10.82435", "--citing", B)
    assert set(stored(tmp_path / "copy.db")) == came(7)
    said = run("list", "--store", tmp_path / "copy.db", "--json").stdout
    assert A.encode() in said


def test_events_and_activities_in_one_run(upstream, tmp_path):
    said = pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX, "--activities").stderr
    assert b"and 7 events, 7 of them new" in said and b"activities of the server" in said


def test_all_events(upstream, tmp_path):
    pull(upstream, tmp_path / "copy.db")
    assert set(stored(tmp_path / "copy.db")) == came(*range(1, 10))
    assert stored(tmp_path / "copy.db") == stored(upstream.server.path)


def test_without_the_option_none_are_asked_for(upstream, tmp_path):
    run("pull", upstream.url, "--store", tmp_path / "copy.db", "--no-accounts")
    assert not asked(upstream) and not stored(tmp_path / "copy.db")


def once(change):
    seen = set()

    def fault(answer):
        if answer["path"].startswith("/events?") and answer["path"] not in seen:
            seen.add(answer["path"])
            if len(seen) % 2:
                change(answer)
    return fault


def server_error(answer):
    answer.update(status=503, body=b"<html>sorry</html>")


def cut(answer):
    answer["cut"] = len(answer["body"]) // 2


def no_total(answer):
    answer["body"] = b'{"data":[]}'


@pytest.mark.parametrize("change", [server_error, cut, no_total])
def test_faults_that_pass(upstream, tmp_path, change):
    upstream.faults.append(once(change))
    pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX)
    assert set(stored(tmp_path / "copy.db")) == came(1, 2, 3, 4, 5, 6, 8)


def test_an_endless_next_ends(upstream, tmp_path):
    def same(answer):
        if answer["path"].startswith("/events?"):
            answer["body"] = same.body = getattr(same, "body", answer["body"])
    upstream.faults.append(same)
    done = pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX, "--attempts", "2", check=False)
    assert done.returncode == 3 and b"the same page again" in done.stderr


def test_what_is_never_given_is_told(upstream, tmp_path):
    def gap(answer):
        if answer["path"].startswith("/events?"):
            page = json.loads(answer["body"])
            page["data"] = [item for item in page["data"] if item["id"] != uuid(4)]
            answer["body"] = json.dumps(page).encode()
    upstream.faults.append(gap)
    done = pull(upstream, tmp_path / "copy.db", "--prefix", PREFIX, check=False)
    assert done.returncode == 1
    assert b"1 events that the server counts were never given by it" in done.stderr


def test_a_server_without_events_is_told(upstream, tmp_path):
    def none(answer):
        if answer["path"].startswith("/events?"):
            answer.update(status=404, body=b'{"errors":[{"title":"Not here."}]}')
    upstream.faults.append(none)
    done = pull(upstream, tmp_path / "copy.db", check=False)
    assert done.returncode == 1 and b"answered 404 (Not here.)" in done.stderr
    assert b"10.5072/b" in run("export", "--store", tmp_path / "copy.db").stdout


# ---- going on -----------------------------------------------------------------------------------

MANY = 300


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Many records and events, of which each is about two of them."""
    path = tmp_path_factory.mktemp("crowd") / "store.db"
    dice = random.Random(7)
    names = [doi(f"n{i}") for i in range(MANY)]
    events = [event(i, f"10.1016/j.{i % 97}", "cites",
                    names[dice.randrange(MANY)]["attributes"]["doi"]) for i in range(500)]
    imported(path, names + events)
    with serving(path) as running:
        running.path = path
        yield running


@pytest.mark.parametrize("options", [["--prefix", PREFIX], ["--query", "doi:10.5072/*"]])
def test_killed_at_any_moment_it_goes_on(crowd, tmp_path, options):
    proxy = Upstream(crowd)
    proxy.faults.append(small_pages(10))
    proxy.faults.append(small_pages(25, "/dois?"))
    command = [BINARY, "pull", proxy.url, "--store", str(tmp_path / "copy.db"), "--events",
               "--no-accounts", "--quiet", *options]
    kills = 0
    while kills < 4:
        begun, process = len(asked(proxy)), subprocess.Popen(command)
        deadline = time.monotonic() + 60
        while len(asked(proxy)) < begun + 6 and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        if process.poll() is None:
            kills += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        if not len(asked(proxy)) > begun:
            break
    run(*command[1:])
    assert kills >= 2
    assert stored(tmp_path / "copy.db") == stored(crowd.path)
    run("status", "--store", tmp_path / "copy.db", "--check")
    proxy.close()


def test_it_goes_on_where_it_was(crowd, tmp_path):
    """What was done before a failure is not asked for again."""
    proxy = Upstream(crowd)
    proxy.faults.append(small_pages(10))

    def fails(answer):
        if answer["path"].startswith("/events?") and len(asked(proxy)) > 20:
            answer.update(status=404, body=b"{}")
    proxy.faults.append(fails)
    assert pull(proxy, tmp_path / "copy.db", "--prefix", PREFIX, check=False).returncode == 1
    first = asked(proxy)[:20]
    proxy.faults.remove(fails)
    del proxy.paths[:]
    said = pull(proxy, tmp_path / "copy.db", "--prefix", PREFIX).stderr.decode()
    assert "went on" in said
    assert len(set(asked(proxy)) & set(first)) <= 5 and len(asked(proxy)) <= 35
    assert stored(tmp_path / "copy.db") == stored(crowd.path)
    proxy.close()


def test_a_sync_completes_the_events(crowd, tmp_path):
    proxy = Upstream(crowd)
    proxy.faults.append(small_pages(50))

    def fails(answer):
        if answer["path"].startswith("/events?") and len(asked(proxy)) > 3:
            answer.update(status=404, body=b"{}")
    proxy.faults.append(fails)
    assert pull(proxy, tmp_path / "copy.db", "--prefix", PREFIX, check=False).returncode == 1
    proxy.faults.remove(fails)
    run("sync", proxy.url, "--store", tmp_path / "copy.db", "--prefix", PREFIX)
    assert stored(tmp_path / "copy.db") == stored(crowd.path)
    proxy.close()


# ---- paging over both ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "&doi=10.5072/b"])
def test_a_cursor_goes_through_both_sorts(tmp_path, query):
    citing = [doi(f"r{i}", created=f"2021-01-{i % 9 + 1:02}T00:00:00Z",
                  relatedIdentifiers=[{"relationType": "Cites", "relatedIdentifierType": "DOI",
                                       "relatedIdentifier": B}]) for i in range(30)]
    told = [event(i, f"10.1016/{i}", "cites", B, timestamp=f"2021-01-{i % 9 + 1:02}T00:00:00Z")
            for i in range(30)]
    imported(tmp_path / "s.db", citing + told)
    with serving(tmp_path / "s.db") as server:
        path, seen, counted = f"/events?page[size]=7&page[cursor]=1{query}", [], set()
        while path:
            page = server.json(path)
            seen += ids(page)
            counted.add(page["meta"]["total"])
            following = page["links"].get("next")
            path = following and re.sub("^https?://[^/]*", "", following)
            assert len(seen) <= 60
        assert len(seen) == len(set(seen)) == 60 and counted == {60}
        for number in (1, 2, 9):
            part = server.json(f"/events?page[size]=7&page[number]={number}&sort=created{query}")
            assert ids(part) == seen[7 * number - 7:7 * number]
