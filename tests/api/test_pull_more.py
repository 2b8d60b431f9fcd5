"""`pull` of hand-picked records, and of the activities that the server has."""

import json
import re
import signal
import subprocess
import threading
import time
import urllib.parse
import zlib

import pytest
from conftest import BINARY, run, serving
from proxy import Upstream, small_pages

DOI = "10.7937/s17z-r072"


@pytest.fixture()
def upstream(server):
    proxy = Upstream(server)
    proxy.faults.append(lambda answer: answer.__setitem__("upstream", proxy))
    yield proxy
    proxy.close()


def exported(store):
    return run("export", "--store", store).stdout


def ids(store):
    return {json.loads(line)["id"] for line in exported(store).splitlines()}


def asked(upstream, start):
    return [path for path in upstream.paths if path.startswith(start)]


def parameter(path, name):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(path).query).get(name, [""])[0]


# ---- picked ----------------------------------------------------------------------------------


def test_dois_as_people_write_them(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    done = run("pull", upstream.url, "--store", copy, "--doi", f"https://doi.org/{DOI.upper()}",
               "--doi", f"doi:{DOI}", "--doi", "10.7937/k9/tcia.2014..ua0jgpdg")
    assert "pulled 2 of 2 records: 2 new" in done.stderr.decode()
    assert ids(copy) == {DOI, "10.7937/k9/tcia.2014..ua0jgpdg"}
    told = json.loads(run("status", "--store", copy, "--json").stdout)["copies"]
    assert [(one["filter"], one["total"], one["missing"]) for one in told] == [
        ("ids=10.7937%2Fk9%2Ftcia.2014..ua0jgpdg,10.7937%2Fs17z-r072", 2, 0)]
    with serving(copy) as mine:
        assert mine.json("/clients/nihnci.tcia")["data"]["attributes"]["name"]


def test_what_the_server_does_not_have_is_named(upstream, tmp_path):
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI,
               "--doi", "10.7937/no,such", "--doi", "10.7937/nor-this", check=False)
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "does not have 10.7937/no,such\n" in said and "does not have 10.7937/nor-this\n" in said
    assert asked(upstream, "/dois/10.7937/no%2Csuch?")
    assert ids(tmp_path / "copy.db") == {DOI}


def test_a_long_list_from_a_file(upstream, sample_store, tmp_path):
    names = sorted(ids(sample_store))
    text = "# all of it\n\n" + "\n".join(f" https://doi.org/{name.upper()} " for name in names)
    (tmp_path / "list").write_text(text)
    copy = tmp_path / "copy.db"
    said = run("pull", upstream.url, "--store", copy, "--dois", tmp_path / "list").stderr.decode()
    assert f"pulled {len(names)} of {len(names)} records" in said
    assert exported(copy) == exported(sample_store)
    lists = asked(upstream, "/dois?")
    assert 3 <= len(lists) <= 8
    assert all(len(path) < 8000 and parameter(path, "ids").count(",") < 100 for path in lists)
    again = run("pull", upstream.url, "--store", tmp_path / "other.db", "--dois", "-",
                input="\n".join(names[:3]).encode())
    assert "3 of 3" in again.stderr.decode()


def long_list(sample_store, path, absent=2500):
    """What there is, mixed with what there is not."""
    names = sorted(ids(sample_store))
    missing = [f"10.7937/k{n % 10}/none-{n:05}" for n in range(absent)]
    path.write_text("\n".join(sorted(names + missing, key=lambda name: zlib.crc32(name.encode()))))
    return names, missing


class Gate:
    """Lets so many lists of records through; those who come later wait."""

    def __init__(self, upstream):
        self.lock, self.open = threading.Condition(), 0
        self.waiting = 0
        upstream.faults.append(self.pass_through)

    def pass_through(self, answer):
        if "ids=" not in answer["path"]:
            return
        with self.lock:
            if not self.open:
                self.waiting += 1
                self.lock.wait_for(lambda: self.open, 60)
                self.waiting -= 1
            self.open -= 1

    def let(self, count):
        with self.lock:
            self.open = count
            self.lock.notify_all()


def broken_off(command, gate, store, how):
    """Runs it through eight requests, and until it has noted something."""
    gate.let(8)
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 60
        noted = False
        while not (noted and gate.waiting) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
            noted = noted or b"under way" in run("status", "--store", store, check=False).stdout
        assert noted
        process.send_signal(how)
        process.wait()
    gate.let(100)  # whom nobody waits for
    while gate.waiting:
        time.sleep(0.01)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_long_list_goes_on_where_it_was(upstream, sample_store, tmp_path, how):
    names, missing = long_list(sample_store, tmp_path / "list")
    copy, gate = tmp_path / "copy.db", Gate(upstream)
    command = [BINARY, "pull", upstream.url, "--store", copy, "--dois", tmp_path / "list", "--no-accounts"]
    for _ in range(3):
        broken_off([*command, "--quiet"], gate, copy, how)
    gate.let(1000)
    before = len(asked(upstream, "/dois?"))
    done = run(*command[1:], check=False)
    rest = len(asked(upstream, "/dois?")) - before
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "went on to 298 of 2,798 records" in said
    assert sorted(line.split()[-1] for line in said.splitlines() if "does not have" in line) == sorted(missing)
    assert ids(copy) == set(names) and exported(copy) == exported(sample_store)
    told = json.loads(run("status", "--store", copy, "--json").stdout)["copies"]
    assert [(one["filter"].rpartition(":")[0], one["total"], one["underWay"]) for one in told] == [
        ("list:2798", 298, False)]
    before = len(asked(upstream, "/dois?"))
    said = run(*command[1:], check=False).stderr.decode()
    assert "pulled 298 of 2,798 records: 0 new" in said
    whole = len(asked(upstream, "/dois?")) - before
    assert 28 <= whole < 60 and rest < whole, "what was done was asked for again"


def test_other_lists_and_restarts_begin_anew(upstream, sample_store, tmp_path):
    names, _ = long_list(sample_store, tmp_path / "list", 1500)
    copy, gate = tmp_path / "copy.db", Gate(upstream)
    command = [BINARY, "pull", upstream.url, "--store", copy, "--dois", tmp_path / "list", "--no-accounts"]
    broken_off([*command, "--quiet"], gate, copy, signal.SIGKILL)
    gate.let(1000)
    other = "\n".join(names[:150])
    said = run("pull", upstream.url, "--store", copy, "--dois", "-", input=other.encode()).stderr.decode()
    assert "pulled 150 of 150" in said
    said = run(*command[1:], "--restart", check=False).stderr.decode()
    assert "pulled 298 of 1,798" in said
    assert "under way" not in run("status", "--store", copy).stdout.decode()


def test_lists_that_make_no_sense(upstream, tmp_path):
    copy = tmp_path / "copy.db"

    def refused(*options, **more):
        done = run("pull", upstream.url, "--store", copy, *options, check=False, **more)
        assert done.returncode in (2, 3) and not copy.exists()
        return done.stderr.decode()

    assert "'x/y' is no DOI" in refused("--doi", DOI, "--doi", "x/y")
    assert "standard input:2: 'what' is no DOI" in refused("--dois", "-", input=b"10.1/a\nwhat\n")
    assert "no filter goes with them" in refused("--doi", DOI, "--client-id", "nihnci.tcia")
    assert "no filter goes with them" in refused("--doi", DOI, "--query", "a", "--citing", "10.7937")
    assert "the list has no DOI" in refused("--dois", "-", input=b"\n")
    assert "No such file" in refused("--dois", tmp_path / "nothing")
    assert upstream.paths == []


def test_picked_and_citing(upstream, tmp_path):
    run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI, "--citing", DOI)
    assert DOI in ids(tmp_path / "copy.db")
    assert any("relatedIdentifier" in path for path in upstream.paths)


def test_a_server_that_gives_other_records(upstream, tmp_path):
    def other(answer):
        if "ids=" in answer["path"]:
            answer["body"] = answer["body"].replace(DOI.encode(), b"10.7937/another")

    upstream.faults.append(other)
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI, "--attempts", "1",
               check=False)
    assert done.returncode == 3 and "not asked for" in done.stderr.decode()


def test_what_only_a_wrong_answer_had_is_named(upstream, sample_store, tmp_path):
    other = next(doi for doi in sorted(ids(sample_store)) if doi != DOI)
    wrong = [True]

    def half(answer):
        """First one record of two, then the other as all there is."""
        if "ids=" not in answer["path"]:
            return
        page = json.loads(answer["body"])
        first = wrong.pop() if wrong else False
        page["data"] = [one for one in page["data"] if (one["id"] == DOI) == first]
        page["meta"]["total"] = 2 if first else 1
        answer["body"] = json.dumps(page).encode()

    upstream.faults.append(half)
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI, "--doi", other, check=False)
    assert done.returncode == 1 and f"does not have {DOI}\n" in done.stderr.decode()
    assert ids(tmp_path / "copy.db") == {other}


# ---- activities ------------------------------------------------------------------------------


def activity(doi, version, **more):
    attributes = {
        "prov:wasGeneratedBy": f"https://api.example.org/activities/{uuid_of(doi, version)}",
        "prov:generatedAtTime": f"2021-03-{version % 28 + 1:02}T09:10:11Z",
        "prov:wasDerivedFrom": f"https://doi.org/{doi}",
        "prov:wasAttributedTo": "https://api.example.org/repositories/exmpl.archive",
        "action": "create" if version == 1 else "update", "version": version,
        "changes": {"url": None} if version == 1 else {"url": [None, f"https://x.org/{version}"]},
        **more}
    return {"id": uuid_of(doi, version), "type": "activities", "attributes": attributes}


def uuid_of(doi, version):
    """Changes of a record by one request share its id."""
    return f"4f4d2244-ed34-4039-{version // 10:04}-{zlib.crc32(doi.encode()):012}"


def with_history(versions, takes_lists=True):
    """The server tells so many activities of each record, in pages as asked for."""
    def fault(answer):
        path = urllib.parse.urlsplit(answer["path"])
        single = re.match(r"/dois/(.+)/activities$", path.path)
        if not single and path.path != "/activities":
            return
        dois = [urllib.parse.unquote(single[1])] if single else \
            parameter(answer["path"], "datacite-doi-id").split(",")
        if not single:
            dois = {True: dois, "first": dois[:1], "none": [],
                    "all": ["10.5072/somebody", "10.5072/elses"]}[takes_lists]
        items = [(doi, version) for doi in dois for version in range(1, versions + 1)]
        size = int(parameter(answer["path"], "page[size]"))
        begin = size * (int(parameter(answer["path"], "page[number]")) - 1)
        answer["status"] = 200
        answer["body"] = json.dumps({"data": [activity(*item) for item in items[begin:begin + size]],
                                     "meta": {"total": len(items)}}).encode()
    return fault


def pull(upstream, copy, *options, check=True):
    return run("pull", upstream.url, "--store", copy, "--client-id", "nihnci.tcia", "--activities",
               *options, check=check).stderr.decode()


def history(copy, doi):
    with serving(copy) as mine:
        return mine.json(f"/dois/{doi}/activities?page[size]=100")["data"]


def test_activities_are_kept_as_they_are(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    upstream.faults.append(with_history(3))
    assert "894 new activities of the server" in pull(upstream, copy)
    items = history(copy, DOI)
    ours = [item for item in items
            if not item["attributes"]["prov:wasGeneratedBy"].startswith("https://api.example.org/")]
    assert [item["attributes"]["action"] for item in ours] == ["create"]
    theirs = sorted((item for item in items if item not in ours),
                    key=lambda item: item["attributes"]["version"])
    for version, item in enumerate(theirs, 1):
        wanted = activity(DOI, version)["attributes"]
        got = item["attributes"]
        assert item["id"] == uuid_of(DOI, version)
        assert got["prov:wasAttributedTo"].endswith("/repositories/exmpl.archive")
        for name in ("prov:wasGeneratedBy", "prov:generatedAtTime", "prov:wasDerivedFrom", "action",
                     "version", "changes"):
            assert got[name] == wanted[name], name
    assert len(theirs) == 3
    lists = asked(upstream, "/activities?")
    assert len(lists) < 20 and not asked(upstream, "/dois/10.7937/")
    # nothing was updated since: nothing is asked for again
    assert "0 new activities" in pull(upstream, copy)
    assert len(asked(upstream, "/activities?")) == len(lists)
    assert len(history(copy, DOI)) == 4


def test_only_what_was_updated_is_asked_for_again(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    upstream.faults.append(with_history(1))
    pull(upstream, copy)
    before = len(upstream.paths)

    def moved(answer):
        if "fields%5Bdois%5D" in answer["path"]:
            body = json.loads(answer["body"])
            for record in body["data"]:
                if record["id"] == DOI:
                    record["attributes"]["updated"] = "2999-01-01T00:00:00Z"
            answer["body"] = json.dumps(body).encode()

    upstream.faults[-1] = with_history(2)
    upstream.faults.append(moved)
    assert "1 new activities" in pull(upstream, copy)
    paths = [path for path in upstream.paths[before:] if "activities" in path]
    assert [path.split("?")[0] for path in paths] == [f"/dois/{DOI}/activities"]


@pytest.mark.parametrize("instead", ["first", "none", "all"])
def test_a_server_that_takes_no_lists(upstream, tmp_path, instead):
    """It gives what it has of the first of them, nothing, or everything that it has."""
    upstream.faults.append(with_history(2, takes_lists=instead))
    assert "596 new activities" in pull(upstream, tmp_path / "copy.db")


def test_a_server_that_has_no_activities(upstream, tmp_path):
    """That lists are empty is believed once single records have none either."""
    upstream.faults += [small_pages(120), with_history(0)]
    assert "0 new activities" in pull(upstream, tmp_path / "copy.db")
    assert len(asked(upstream, "/dois/10.")) == 120


def test_more_activities_than_pages_reach(upstream, tmp_path):
    """Lists that are too long are cut; of one record that has too many the rest is told."""
    upstream.faults.append(with_history(10_100))
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI,
               "--doi", "10.7937/k9/tcia.2014..ua0jgpdg", "--activities", check=False)
    assert done.returncode == 1
    assert "20,000 new activities" in done.stderr.decode()
    assert "200 activities that the server counts were never given" in done.stderr.decode()


def test_activities_that_are_none(upstream, tmp_path):
    def spoil(answer):
        if "/activities" in answer["path"]:
            body = json.loads(answer["body"])
            body["data"][0]["id"] = "42"
            answer["body"] = json.dumps(body).encode()

    upstream.faults += [with_history(2), spoil]
    done = run("pull", upstream.url, "--store", tmp_path / "copy.db", "--doi", DOI, "--activities",
               check=False)
    assert done.returncode == 1
    assert "without a uuid" in done.stderr.decode() and "1 new activities" in done.stderr.decode()


def test_killed_among_the_activities_it_goes_on(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    upstream.faults += [small_pages(20), with_history(2, takes_lists="all"),
                        lambda answer: time.sleep(0.01 if "/activities" in answer["path"] else 0)]
    command = [BINARY, "pull", upstream.url, "--store", copy, "--client-id", "nihnci.tcia",
               "--activities", "--quiet"]
    for wanted in (60, 120, 180):
        with subprocess.Popen(command) as process:
            deadline = time.monotonic() + 60
            while len(asked(upstream, "/dois/")) < wanted and time.monotonic() < deadline:
                time.sleep(0.005)
            process.kill()
            assert process.wait() == -signal.SIGKILL
    said = pull(upstream, copy)
    assert "went on to 298 of 298 records: 0 new" in said
    assert len(asked(upstream, "/dois/")) < 298 + 3 * 20
    assert run("activities", "--store", copy, "--json", DOI).stdout.count(b'"prov:wasGeneratedBy"') == 3
    told = run("status", "--store", copy, "--json").stdout
    assert json.loads(told)["activities"] == 298 * 3 + 2  # and two accounts


def test_activities_of_a_pull_that_was_broken_off_at_its_events(upstream, tmp_path):
    """Asked for when they were not yet, and not again when they were."""
    def no_events(answer):
        if answer["path"].startswith("/events?"):
            answer.update(status=400, body=b"{}")

    first, second = tmp_path / "first.db", tmp_path / "second.db"
    upstream.faults += [with_history(2), no_events]
    for copy, options in ((first, []), (second, ["--activities"])):
        done = run("pull", upstream.url, "--store", copy, "--client-id", "nihnci.tcia", "--events",
                   *options, check=False)
        assert done.returncode != 0
    upstream.faults.remove(no_events)
    assert "596 new activities" in pull(upstream, first, "--events")
    before = len(upstream.paths)
    assert "0 new activities" in pull(upstream, second, "--events")
    assert not [path for path in upstream.paths[before:] if "/activities" in path]


# ---- prefixes --------------------------------------------------------------------------------


@pytest.mark.parametrize("lists", [True, False])
def test_prefixes_are_asked_for_together(upstream, tmp_path, lists):
    def none(answer):
        if answer["path"].startswith("/prefixes?"):
            answer["body"] = b'{"data":[],"meta":{"total":0}}'

    upstream.faults += [] if lists else [none]
    run("pull", upstream.url, "--store", tmp_path / "copy.db", "--client-id", "nihnci.tcia")
    assert len(asked(upstream, "/prefixes?")) == 1
    assert len(asked(upstream, "/prefixes/")) == (0 if lists else 2)
