"""`sync` brings copies up to date: it finds what changed, came and vanished, and nothing else."""

import contextlib
import json
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.parse

import pytest
from conftest import BINARY, run, serving
from proxy import Upstream, is_page, small_pages, spoiling
from records import lines, resource

CLIENT = "exmpl.archive"
LONG_AGO = "2021-05-05T00:00:00Z"  # no news
NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def doi(number):
    return f"10.5072/rec-{number:05}"


def put(store, resources):
    run("import", "--store", store, "--quiet", "-", input=lines(resources).encode())


def state(name, word):
    return {"type": "dois", "id": name, "attributes": {"doi": name, "state": word}}


def renamed(number, title="Another title", **changes):
    return resource(number, titles=[{"title": title}], updated=NOW, **changes)


class World:
    """A server with records of our own, a proxy before it, and a copy."""

    def __init__(self, folder, server, proxy):
        self.server_store, self.copy = folder / "server.db", folder / "copy.db"
        self.server, self.proxy = server, proxy

    def put(self, *resources):
        put(self.server_store, resources)

    def hide(self, *numbers):
        self.put(*(state(doi(number), "registered") for number in numbers))

    def pull(self, *options):
        run("pull", self.proxy.url, "--store", self.copy, "--quiet", *options)

    def sync(self, *options, code=0):
        """The counts of the one copy that was synced."""
        done = run("sync", "--store", self.copy, "--json", "--attempts", "1", *options, check=False)
        self.said = done.stderr.decode()
        assert done.returncode == code, (done.returncode, self.said)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(told) == 1, told
        self.told = told[0]
        return tuple(told[0][key] for key in ("new", "changed", "hidden", "shown", "touched"))

    def scope(self):
        return json.loads(run("status", "--store", self.copy, "--json").stdout)["copies"][0]

    def same_as_fresh(self, folder, *options):
        """What is findable in the copy is what a fresh pull brings."""
        fresh = folder / f"fresh{random.random()}.db"
        run("pull", self.proxy.url, "--store", fresh, "--quiet", *options)
        return exported(self.copy) == exported(fresh)


def exported(store, *options):
    return run("export", "--store", store, "--state", "findable", *options).stdout


@pytest.fixture()
def world(tmp_path):
    store = tmp_path / "server.db"
    put(store, [resource(number) for number in range(60)])
    with serving(store) as server:
        proxy = Upstream(server)
        proxy.faults.append(small_pages(20))
        yield World(tmp_path, server, proxy)
        proxy.close()


@pytest.fixture()
def copied(world):
    world.pull("--client-id", CLIENT)
    return world


# ---- what it finds ------------------------------------------------------------------------------


def test_it_finds_what_changed_came_and_vanished(tmp_path):
    """100 changed, 10 hidden, 10 new, 50 only touched, of 500."""
    store, copy = tmp_path / "server.db", tmp_path / "copy.db"
    put(store, [resource(number) for number in range(500)])
    with serving(store) as server:
        run("pull", server.base, "--store", copy, "--client-id", CLIENT, "--quiet")
        put(store, [renamed(number) for number in range(100)])
        put(store, [state(doi(number), "registered") for number in range(100, 110)])
        put(store, [resource(number, updated=NOW) for number in range(500, 510)])
        put(store, [resource(number, updated=NOW) for number in range(200, 250)])
        said = run("sync", "--store", copy).stderr.decode()
        assert "10 new, 100 changed, 10 hidden, 0 shown again, 50 touched; " in said
        again = run("sync", "--store", copy).stderr.decode()
        assert "0 new, 0 changed, 0 hidden, 0 shown again, 0 touched; " in again
        upstream = {one["id"] for one in server.json("/dois?page[size]=1000")["data"]}
    assert {json.loads(line)["id"] for line in exported(copy).splitlines()} == upstream

    def history(number):
        told = run("activities", "--store", copy, doi(number), "--json").stdout.splitlines()
        return [one["attributes"] for one in json.loads(told[0])["data"]]
    changed, hidden, new, touched = (history(number) for number in (50, 105, 505, 225))
    assert [one["action"] for one in changed] == ["update", "create"]
    assert list(changed[0]["changes"]) == ["titles"]
    assert hidden[0]["changes"] == {"aasm_state": ["findable", "registered"]}
    assert [one["action"] for one in new] == [one["action"] for one in touched] == ["create"]
    with serving(copy) as server:
        assert server.get(f"/dois/{doi(105)}").status == 404
        assert server.get(f"/dois/{doi(205)}").status == 200
    assert run("get", "--store", copy, doi(105)).stdout


def test_hidden_and_back(copied):
    copied.hide(7)
    assert copied.sync() == (0, 0, 1, 0, 0)
    assert copied.sync() == (0, 0, 0, 0, 0)
    copied.put(state(doi(7), "findable"))
    assert copied.sync() == (0, 0, 0, 1, 0)
    assert copied.sync() == (0, 0, 0, 0, 0)
    assert copied.scope()["total"] == 60


def test_a_change_that_the_news_do_not_show_is_found(copied):
    """The time of the change lies long before the last sync."""
    copied.put(resource(3, titles=[{"title": "Odd"}], updated=LONG_AGO))
    assert copied.sync() == (0, 1, 0, 0, 0)
    assert copied.told["compared"]


def test_moved_to_another_client(copied, tmp_path):
    moved = resource(5, updated=NOW)
    moved["relationships"]["client"]["data"]["id"] = "exmpl.other"
    copied.put(moved)
    counts = copied.sync()
    assert counts[:4] == (0, 0, 0, 0)
    with serving(copied.copy) as server:
        record = server.json(f"/dois/{doi(5)}")["data"]
        assert record["relationships"]["client"]["data"]["id"] == "exmpl.other"
    assert copied.sync() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("options", [
    ("--query", "titles.title:record AND subjects.subject:(\"subject 1\" OR \"subject 2\")"),
    ("--prefix", "10.5072"),
    ("--resource-type-id", "dataset", "--query", "publicationYear:[1990 TO 2000]"),
    (),
])
def test_scopes_of_all_kinds(world, tmp_path, options):
    world.pull(*options)
    world.put(*(resource(number, url="https://example.org/new", updated=NOW)
                for number in range(10, 20)))
    world.put(*(resource(number, updated=NOW) for number in range(60, 80)))
    world.hide(*range(20, 40))
    world.sync()
    assert world.told["outcome"] == "current"
    assert world.same_as_fresh(tmp_path, *options)
    assert world.sync() == (0, 0, 0, 0, 0)


def test_what_refers_to_a_prefix(world, tmp_path):
    def citing(number, **changes):
        return resource(number, relatedIdentifiers=[
            {"relatedIdentifier": "10.7937/abc", "relatedIdentifierType": "DOI",
             "relationType": "Cites"}], **changes)
    world.put(citing(100), citing(101))
    world.pull("--citing", "10.7937")
    world.put(citing(102, updated=NOW), resource(100, relatedIdentifiers=[], updated=NOW))
    world.hide(101)
    assert world.sync("--citing", "10.7937") == (1, 1, 1, 0, 0)
    assert world.sync() == (0, 0, 0, 0, 0)


def test_copies_that_share_records(world):
    world.pull("--client-id", CLIENT)
    world.pull("--prefix", "10.5072")
    world.put(renamed(1), resource(60, updated=NOW))
    world.hide(2)
    done = run("sync", "--store", world.copy, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sum(one[key] for one in told) for key in ("new", "changed", "hidden")] == [1, 1, 1]
    assert {one["outcome"] for one in told} == {"current"}
    assert "synced" in done.stderr.decode()
    world.put(renamed(1, "Third"))
    assert world.sync(world.proxy.url, "--prefix", "10.5072") == (0, 1, 0, 0, 0)


def test_odd_dois(copied, tmp_path):
    names = ["10.5072/a,b", "10.5072/c'd\"e", "10.5072/100%25&x=1", "10.5072/(2)[3]{4}",
             "10.5072/f/../g", "10.5072/h?i#j", "10.5072/ärger", "10.5072/k+l m", "10.5072/n;o|p"]
    def odd(name, **changes):
        record = resource(900, **{"doi": name, **changes})
        record["id"] = name
        return record
    # updated before the news begin: only their names tell of them
    copied.put(*(odd(name) for name in names))
    stored = len(copied.server.json("/dois?page[size]=1000")["data"]) - 60
    assert stored >= 8
    assert copied.sync() == (stored, 0, 0, 0, 0)
    assert copied.same_as_fresh(tmp_path)
    kept = [one["id"] for one in copied.server.json("/dois?page[size]=1000")["data"]
            if one["id"] in names]
    copied.put(*(state(name, "registered") for name in kept))
    assert copied.sync()[2] == len(kept)
    assert copied.sync() == (0, 0, 0, 0, 0)


def test_accounts_of_what_came(copied):
    new = resource(60, updated=NOW)
    new["relationships"]["client"]["data"]["id"] = "exmpl.second"
    copied.put({"type": "clients", "id": "exmpl.second",
                "attributes": {"symbol": "EXMPL.SECOND", "name": "Second"},
                "relationships": {"provider": {"data": {"id": "exmpl", "type": "providers"}}}}, new)
    run("pull", copied.proxy.url, "--store", copied.copy, "--prefix", "10.5072", "--quiet")
    with serving(copied.copy) as server:
        assert server.json("/clients/exmpl.second")["data"]["attributes"]["name"] == "Second"


# ---- how it is asked ----------------------------------------------------------------------------


def test_quick_leaves_out_the_comparison(copied):
    copied.put(renamed(1))
    assert copied.sync("--quick") == (0, 1, 0, 0, 0)
    assert not copied.told["compared"]
    copied.hide(2)
    assert copied.sync("--quick") == (0, 0, 1, 0, 0)
    assert copied.told["compared"]


def test_a_data_file_is_taken_up(world, tmp_path):
    run("import", "--store", world.copy, "--quiet", "-",
        input=exported(world.server_store))
    world.put(renamed(1), resource(60, updated=NOW))
    world.hide(2)
    assert world.sync(world.proxy.url, "--client-id", CLIENT, "--since", "2025-12-31") == \
        (1, 1, 1, 0, 0)
    assert world.scope()["filter"] == f"client-id={CLIENT}"
    assert any("TO+%2A%5D" in path and "2025-12-30T18" in path for path in world.proxy.paths)
    assert world.same_as_fresh(tmp_path)
    assert world.sync() == (0, 0, 0, 0, 0)


def test_an_incomplete_pull_is_completed_first(world, tmp_path):
    def dead(answer):
        if is_page(answer) and len(world.proxy.paths) > 2:
            answer.update(status=400, body=b"{}")
    world.proxy.faults.append(dead)
    assert run("pull", world.proxy.url, "--store", world.copy, "--quiet", check=False).returncode
    world.proxy.faults.remove(dead)
    world.put(renamed(1))
    assert world.sync()[0] > 0
    assert world.same_as_fresh(tmp_path)


def test_what_makes_no_sense_is_refused(copied, tmp_path):
    for options, sentence in [(["--since", "yesterday"], "--since wants a date"),
                              (["--max-hidden", "some"], "--max-hidden wants a number"),
                              (["gopher://example.org"], "no http or https URL"),
                              (["--citing", "nonsense"], "neither a prefix nor a DOI")]:
        done = run("sync", "--store", copied.copy, *options, check=False)
        assert done.returncode == 2 and sentence in done.stderr.decode()
    done = run("sync", "--store", copied.copy, "--client-id", "nobody", check=False)
    assert done.returncode == 1 and "no such copy" in done.stderr.decode()
    done = run("sync", "--store", tmp_path / "none.db", check=False)
    assert done.returncode == 3 and not (tmp_path / "none.db").exists()


# ---- what goes wrong ----------------------------------------------------------------------------


def is_list_of_ids(answer):
    return is_page(answer) and "fields%5Bdois%5D" in answer["path"]


def without(answer, keep):
    body = json.loads(answer["body"])
    body["data"] = [one for one in body.get("data", []) if keep(one)]
    answer["body"] = json.dumps(body).encode()
    return body


def test_a_server_that_lost_its_index_empties_nothing(copied):
    def lost(answer):
        if answer["path"].startswith("/dois?"):
            answer["body"] = b'{"data":[],"meta":{"total":0,"totalPages":0},"links":{}}'
    before = exported(copied.copy)
    copied.proxy.faults.append(lost)
    assert copied.sync(code=1) == (0, 0, 0, 0, 0)
    assert copied.told["notHidden"] == 60 and "its list is empty" in copied.said
    assert exported(copied.copy) == before
    assert copied.sync("--max-hidden", "all") == (0, 0, 60, 0, 0)
    copied.proxy.faults.remove(lost)
    assert copied.sync() == (0, 0, 0, 60, 0)
    assert exported(copied.copy) == before


def test_too_many_are_not_hidden(copied):
    copied.hide(*range(10, 30))
    assert copied.sync("--max-hidden", "19", code=1) == (0, 0, 0, 0, 0)
    assert "20 of 60 records" in copied.said and "no more than 19" in copied.said
    assert copied.told["notHidden"] == 20 and copied.told["outcome"] == "incomplete"
    assert copied.sync("--max-hidden", "20") == (0, 0, 20, 0, 0)


def test_a_list_with_gaps_hides_nothing(copied):
    """Records that the list loses, but which come when they are asked for, are not gone."""
    lost = {doi(number) for number in range(5)}

    def gaps(answer):
        if is_list_of_ids(answer):
            without(answer, lambda one: one["id"] not in lost)
    copied.proxy.faults.append(gaps)
    copied.hide(8)
    copied.put(resource(2, titles=[{"title": "Odd"}], updated=LONG_AGO))
    assert copied.sync(code=1) == (0, 1, 0, 0, 0)
    assert (copied.told["missing"], copied.told["notHidden"]) == (5, 1)
    assert "never given" in copied.said and "has gaps" in copied.said
    copied.proxy.faults.remove(gaps)
    assert copied.sync() == (0, 0, 1, 0, 0)


STEPS = {
    "news": lambda answer: "updated" in answer["path"] and "fields" not in answer["path"],
    "ids": is_list_of_ids,
    "names": lambda answer: "ids=" in answer["path"],
    "counts": lambda answer: "page%5Bsize%5D=0" in answer["path"],
}


@pytest.mark.parametrize("step, how", [("news", "down"), ("ids", "cut"), ("names", "html"),
                                       ("names", "down"), ("counts", "cut"), ("ids", "html")])
def test_a_server_that_fails_at_a_step(copied, tmp_path, step, how):
    copied.put(renamed(1), resource(60, updated=NOW),
               resource(2, titles=[{"title": "Odd"}], updated=LONG_AGO))
    copied.hide(3)
    scope = copied.scope()
    copied.proxy.faults.append(fail := spoiling(STEPS[step], how, 404))
    copied.sync(code=3)
    assert copied.told["outcome"] == "failed" and copied.told["trouble"] and copied.told["hidden"] == 0
    after = copied.scope()
    assert (after["finished"], after["total"]) == (scope["finished"], scope["total"])
    copied.proxy.faults.remove(fail)
    copied.sync()
    assert copied.same_as_fresh(tmp_path) and copied.scope()["finished"] > scope["finished"]


def test_one_that_fails_does_not_stop_the_others(copied, tmp_path):
    other = tmp_path / "other.db"
    put(other, [resource(number) for number in range(200, 210)])
    with serving(other) as server:
        run("pull", server.base, "--store", copied.copy, "--prefix", "10.5072", "--quiet")
    copied.put(renamed(1))
    done = run("sync", "--store", copied.copy, "--json", "--attempts", "1", check=False)
    told = {one["url"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 3
    assert told[server.base]["outcome"] == "failed" and told[server.base]["trouble"]
    assert told[copied.proxy.url]["changed"] == 1


def test_a_list_that_changes_meanwhile(copied, tmp_path):
    """Between two pages of ids records are changed, hidden and made."""
    seen = []

    def change(answer):
        if is_list_of_ids(answer):
            seen.append(answer["path"])
            if len(seen) == 2:
                copied.put(renamed(1), renamed(59), resource(60, created=NOW, updated=NOW))
                copied.hide(2, 58)
    copied.proxy.faults.append(change)
    copied.sync()
    copied.proxy.faults.remove(change)
    copied.sync()
    assert len(seen) >= 2 and copied.same_as_fresh(tmp_path)


def test_killed_at_any_point_it_is_done_again(copied, tmp_path):
    dice = random.Random(11)
    copied.put(*(renamed(number) for number in range(20)))
    copied.put(*(resource(number, updated=NOW) for number in range(60, 90)))
    copied.put(*(resource(number, titles=[{"title": "Odd"}], updated=LONG_AGO)
                 for number in range(20, 40)))
    copied.hide(*range(40, 50))
    scope = copied.scope()
    slow = lambda answer: time.sleep(0.05)
    copied.proxy.faults.append(slow)
    killed = 0
    for _ in range(8):
        with subprocess.Popen([BINARY, "sync", "--store", copied.copy, "--quiet"]) as process:
            try:
                process.wait(dice.uniform(0.05, 0.4))
            except subprocess.TimeoutExpired:
                process.kill()
            killed += process.wait() == -signal.SIGKILL
    copied.proxy.faults.remove(slow)
    assert killed >= 3
    copied.sync()
    assert copied.same_as_fresh(tmp_path)
    assert json.loads(run("status", "--store", copied.copy, "--json").stdout)["states"] == \
        json.loads(run("status", "--store", copied.server_store, "--json").stdout)["states"]
    assert copied.scope()["finished"] > scope["finished"]
    run("status", "--store", copied.copy, "--check")


def landed_news(store):
    """How many records of the news under way the store has noted as being here."""
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT progress FROM scope WHERE progress LIKE '{\"news\"%'")
        return sum(part["got"] for (text,) in rows for part in json.loads(text)["news"]["slices"])


def killed_among_the_news(world, pages, *options):
    """A sync that is killed when the page behind so many of the news is asked for."""
    def hold(answer):
        if is_news(answer["path"]) and sum(map(is_news, world.proxy.paths)) > pages:
            reached.set()
            killed.wait(60)
    reached, killed = threading.Event(), threading.Event()
    world.proxy.paths.clear()
    world.proxy.faults.append(hold)
    with subprocess.Popen([BINARY, "sync", "--store", world.copy, *options]) as process:
        assert reached.wait(60)
        while landed_news(world.copy) < 10 * pages:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    killed.set()
    world.proxy.faults.remove(hold)
    world.proxy.paths.clear()


def is_news(path):
    return path.startswith("/dois?detail") and "updated" in path and "cursor" in path


def test_news_that_were_broken_off_are_gone_on_with(copied, tmp_path):
    copied.put(*(renamed(number) for number in range(60)))
    copied.proxy.faults.append(small_pages(10))
    killed_among_the_news(copied, 4)
    assert copied.scope()["underWay"]
    copied.sync()
    news = [path for path in copied.proxy.paths if is_news(path)]
    assert 2 <= len(news) <= 5 and not [path for path in news if path.endswith("cursor%5D=1")]
    assert copied.same_as_fresh(tmp_path) and not copied.scope()["underWay"]
    copied.put(renamed(7, "Third"))
    assert copied.sync() == (0, 1, 0, 0, 0)


def test_news_that_cannot_be_gone_on_with_begin_anew(copied, tmp_path):
    copied.put(*(renamed(number) for number in range(60)))
    copied.proxy.faults.append(small_pages(10))
    killed_among_the_news(copied, 3)

    def refuse(answer):
        if is_news(answer["path"]):
            answer["status"], answer["body"] = 400, b"{}"
    copied.proxy.faults.append(refuse)
    copied.sync(code=3)
    copied.proxy.faults.remove(refuse)
    copied.sync()
    assert copied.told["outcome"] == "current" and copied.same_as_fresh(tmp_path)
    run("pull", copied.proxy.url, "--store", copied.copy, "--client-id", CLIENT, "--quiet")


def test_a_pull_takes_up_nothing_of_a_sync(copied, tmp_path):
    copied.put(*(renamed(number) for number in range(60)))
    copied.proxy.faults.append(small_pages(10))
    killed_among_the_news(copied, 3)
    copied.pull("--client-id", CLIENT)
    assert copied.same_as_fresh(tmp_path) and not copied.scope()["underWay"]


def test_a_data_file_whose_news_were_broken_off(world, tmp_path):
    """It does not become a copy that is pulled as a whole."""
    run("import", "--store", world.copy, "--quiet", "-", input=exported(world.server_store))
    world.put(*(renamed(number) for number in range(60)))
    world.proxy.faults.append(small_pages(10))
    killed_among_the_news(world, 3, world.proxy.url, "--client-id", CLIENT, "--since", "2025-12-31")
    world.sync()
    assert not [path for path in world.proxy.paths
                if path.startswith("/dois?detail") and "updated" not in path]
    assert not [path for path in world.proxy.paths
                if is_news(path) and path.endswith("cursor%5D=1")]
    assert world.same_as_fresh(tmp_path, "--client-id", CLIENT)
    assert world.sync() == (0, 0, 0, 0, 0)


def test_stopped_by_hand(copied, tmp_path):
    copied.put(renamed(1))
    copied.proxy.faults.append(slow := lambda answer: time.sleep(0.5))
    command = [BINARY, "sync", "--store", copied.copy]
    before = len(copied.proxy.paths)
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while len(copied.proxy.paths) == before:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
        assert (process.returncode, "stopped" in said) == (3, True), said
    copied.proxy.faults.remove(slow)
    copied.sync()
    assert copied.same_as_fresh(tmp_path)


def test_two_at_once(copied, tmp_path):
    copied.put(*(renamed(number) for number in range(30)))
    copied.put(*(resource(number, updated=NOW) for number in range(60, 90)))
    command = [BINARY, "sync", "--store", copied.copy, "--quiet"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        said = process.communicate(timeout=120)[1].decode()
        assert process.returncode == 0 or "written" in said, said
    copied.sync()
    assert copied.same_as_fresh(tmp_path)


def test_the_query_asked_for_is_that_of_the_copy(world):
    world.pull("--query", "titles.title:record OR titles.title:other", "--prefix", "10.5072")
    world.sync()
    news = [urllib.parse.parse_qs(urllib.parse.urlsplit(path).query) for path in world.proxy.paths
            if "updated" in path and "fields" not in path]
    assert news and all(one["prefix"] == ["10.5072"] and re.fullmatch(
        r"\(titles\.title:record OR titles\.title:other\) AND updated:"
        r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ TO \*\]", one["query"][0]) for one in news), news
