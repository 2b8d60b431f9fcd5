"""`sync` of hand-picked lists that no single request can name."""

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
from proxy import Upstream, spoiling
from records import resource
from test_events_pull import event, stored, uuid
from test_sync import CLIENT, LONG_AGO, NOW, World, doi, exported, put, renamed, state
from test_sync_more import RECENT, activities, failing, has_all, quick_brings_events_of_what_changed

COMMA, ABSENT = "10.5072/rec,comma", "10.5072/rec-none"
LISTED = [doi(number) for number in range(250)] + [COMMA, ABSENT, doi(300)]


def with_comma(**changes):
    record = resource(900, doi=COMMA, **changes)
    record["id"] = COMMA
    return record


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """All of the list but two, and records beside it."""
    store = tmp_path_factory.mktemp("served") / "server.db"
    put(store, [*(resource(number) for number in range(270)), with_comma(),
                event(1, "10.1016/a", "cites", doi(120)), event(2, "10.1016/a", "cites", doi(260))])
    return store


@pytest.fixture()
def world(served, tmp_path):
    store = tmp_path / "server.db"
    run("backup", "--store", served, store)
    (tmp_path / "list").write_text("\n".join(LISTED))
    with serving(store) as server:
        proxy = Upstream(server)
        yield World(tmp_path, server, proxy)
        proxy.close()


def pulled(world, *options, store=None):
    done = run("pull", world.proxy.url, "--store", store or world.copy, "--quiet", "--dois",
               world.copy.parent / "list", *options, check=False)
    assert done.returncode == 1 and f"does not have {ABSENT}\n" in done.stderr.decode()


@pytest.fixture()
def copied(world):
    pulled(world)
    world.proxy.paths.clear()
    return world


def same_as_fresh(world, folder):
    fresh = folder / f"fresh{random.random()}.db"
    pulled(world, store=fresh)
    return exported(world.copy) == exported(fresh)


def is_ids(path):
    return "fields%5Bdois%5D" in path


def named(path):
    """The DOIs that a request names."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
    return [one for name in ("ids", "doi", "datacite-doi-id") for one in query.get(name, [""])[0].split(",") if one]


def all_bounded(world):
    return all(len(path) < 8000 and len(named(path)) <= 100 for path in world.proxy.paths)


# ---- what it finds ------------------------------------------------------------------------------


def test_a_long_list_is_kept_current(copied, tmp_path):
    copied.put(renamed(3), renamed(120), resource(249, titles=[{"title": "Odd"}], updated=LONG_AGO),
               resource(200, updated=NOW),  # only touched
               resource(300, updated=LONG_AGO), renamed(265), resource(310, updated=NOW))
    copied.hide(125, 7, 266)
    assert copied.sync() == (1, 3, 2, 0, 1)
    assert copied.told["outcome"] == "current" and copied.told["compared"]
    assert same_as_fresh(copied, tmp_path)
    assert all_bounded(copied)
    assert copied.sync() == (0, 0, 0, 0, 0)
    copied.put(state(doi(125), "findable"), with_comma(titles=[{"title": "Comma"}], updated=NOW))
    assert copied.sync() == (0, 1, 0, 1, 0)
    copied.put(state(COMMA, "registered"))
    assert copied.sync() == (0, 0, 1, 0, 0)
    assert copied.scope()["total"] == 250 and same_as_fresh(copied, tmp_path)
    assert {doi(265), doi(266), doi(310)}.isdisjoint(
        json.loads(line)["id"] for line in run("export", "--store", copied.copy).stdout.splitlines())


def test_what_did_not_change_is_asked_for_once_and_briefly(copied):
    assert copied.sync() == (0, 0, 0, 0, 0)
    asked = [path for path in copied.proxy.paths if path.startswith("/dois")]
    assert len(asked) <= 5 and all(map(is_ids, asked))
    assert sorted(one for path in asked for one in named(path)) == sorted(set(LISTED) - {COMMA})


def test_status_tells_it_shortly(copied):
    pulled(copied)
    copied.sync()
    scope = copied.scope()
    assert re.fullmatch(r"list:253:[0-9a-f]{16}", scope["filter"]) and not scope["underWay"]
    assert (scope["total"], scope["missing"], scope["trouble"]) == (251, 0, None)
    text = run("status", "--store", copied.copy).stdout.decode()
    assert f"{scope['filter']}: 251 records" in text and "rec-00001" not in text
    with serving(copied.copy) as server:
        told = server.json("/_doihound/status")
        assert [one["filter"] for one in told["scopes"]] == [scope["filter"]]
        assert "rec-00001" not in json.dumps(told)


def test_lists_beside_other_copies(copied, tmp_path):
    """Each has its turn; one list is given in any order, any case."""
    (tmp_path / "list").write_text("\n".join(one.upper() for one in reversed(LISTED)))
    pulled(copied)
    copied.pull("--client-id", CLIENT)
    copied.put(renamed(120), resource(301, updated=NOW))
    told = [json.loads(line) for line in
            run("sync", "--store", copied.copy, "--json").stdout.splitlines()]
    assert sorted(one["filter"].partition(":")[0] for one in told) == [f"client-id={CLIENT}", "list"]
    assert {one["outcome"] for one in told} == {"current"}
    assert sum(one["changed"] for one in told) == sum(one["new"] for one in told) == 1


def test_a_pull_that_was_broken_off_is_completed_by_a_sync(world, tmp_path):
    def dead(answer):
        if doi(150) in urllib.parse.unquote(answer["path"]):
            answer.update(status=400, body=b"{}")
    world.proxy.faults.append(dead)
    done = run("pull", world.proxy.url, "--store", world.copy, "--quiet", "--activities", "--parallel", "1",
               "--dois", tmp_path / "list", check=False)
    assert done.returncode == 1 and world.scope()["underWay"]
    world.sync(code=3)
    world.proxy.faults.remove(dead)
    world.put(renamed(1))
    world.proxy.paths.clear()
    world.sync()
    assert world.told["outcome"] == "current" and world.scope()["finished"]
    assert same_as_fresh(world, tmp_path)
    has_all(world, 1, 150, 249)
    world.put(renamed(2))
    world.sync()
    assert (world.told["changed"], world.told["newActivities"]) == (1, 1)


def filters(store):
    return [one["filter"].rpartition(":")[0] or one["filter"]
            for one in json.loads(run("status", "--store", store, "--json").stdout)["copies"]]


def test_a_list_that_grew_takes_the_place_of_the_shorter_one(world, tmp_path):
    def pull(*names, options=()):
        (tmp_path / "list").write_text("\n".join(names))
        run("pull", world.proxy.url, "--store", world.copy, "--quiet", "--dois", tmp_path / "list", *options)
    names = [doi(number) for number in range(240)]
    pull(*names[:80])
    assert len(filters(world.copy)) == 1 and filters(world.copy)[0].startswith("ids=")
    pull(*names[:130])
    assert filters(world.copy) == ["list:130"]
    pull(*names[:140], options=["--activities"])
    assert filters(world.copy) == ["list:140"]
    pull(*names[:150])  # has less: both stay
    assert sorted(filters(world.copy)) == ["list:140", "list:150"]
    pull(*names[20:200])  # lacks some
    assert sorted(filters(world.copy)) == ["list:140", "list:150", "list:180"]
    world.pull("--client-id", CLIENT)
    pull(*names, options=["--activities"])
    assert filters(world.copy) == [f"client-id={CLIENT}", "list:240"]
    world.put(renamed(3), renamed(230))
    world.proxy.paths.clear()
    told = [json.loads(line) for line in
            run("sync", "--store", world.copy, "--json").stdout.splitlines()]
    assert sum(one["changed"] for one in told) == 2
    assert {one["outcome"] for one in told} == {"current"}
    has_all(world, 3, 230)


def records(store):
    told = run("status", "--store", store, "--json", check=False).stdout
    return json.loads(told)["records"] if told else 0


def test_a_pull_that_was_killed_before_it_noted_anything(world, tmp_path):
    """The first answer is none at first and then does not come, so that none can be noted as the last that came."""
    killed, asked = threading.Event(), []

    def hold(answer):
        if COMMA in urllib.parse.unquote(answer["path"]):
            asked.append(answer)
            answer.update(status=500, body=b"{}")
            if len(asked) > 1:
                killed.wait(60)
    world.proxy.faults.append(hold)
    with subprocess.Popen([BINARY, "pull", world.proxy.url, "--store", world.copy, "--quiet", "--dois",
                           tmp_path / "list"]) as pull:
        while records(world.copy) < 100:
            assert pull.poll() is None
            time.sleep(0.02)
        pull.kill()
    killed.set()
    world.proxy.faults.clear()
    assert filters(world.copy) == ["list:253"] and not world.scope()["finished"]
    world.sync()
    assert world.scope()["finished"] and same_as_fresh(world, tmp_path)


def test_one_list_by_its_name(world, tmp_path):
    for count in (150, 120):
        run("pull", world.proxy.url, "--store", world.copy, *longer(tmp_path, count))
    world.put(renamed(3))
    names = [one["filter"] for one in json.loads(run("status", "--store", world.copy, "--json").stdout)["copies"]]
    for count, name in enumerate(reversed(names)):
        assert world.sync("--copy", name)[1] == (not count)
        assert world.told["filter"] == name


def longer(tmp_path, count):
    """A file with the first so many of the list, and how it is pulled."""
    path = tmp_path / f"first{count}"
    path.write_text("\n".join(doi(number) for number in range(count)))
    return ["--quiet", "--dois", path]


def test_a_list_whose_place_is_taken_amid_its_sync_stays_away(world, tmp_path):
    run("pull", world.proxy.url, "--store", world.copy, *longer(tmp_path, 150))
    world.put(renamed(3), renamed(120), renamed(180))

    def pull_more(answer):
        if world.proxy.faults and is_ids(answer["path"]):
            world.proxy.faults.clear()
            run("pull", world.proxy.url, "--store", world.copy, *longer(tmp_path, 200))
    world.proxy.faults.append(pull_more)
    world.sync()
    assert not world.proxy.faults and filters(world.copy) == ["list:200"]
    world.put(renamed(4))
    world.sync()
    assert world.told["outcome"] == "current" and world.told["changed"] == 1
    fresh = tmp_path / "fresh.db"
    run("pull", world.proxy.url, "--store", fresh, *longer(tmp_path, 200))
    assert exported(world.copy) == exported(fresh)


def test_a_list_that_a_sync_completed_takes_the_place_of_the_next(world, tmp_path):
    run("pull", world.proxy.url, "--store", world.copy, *longer(tmp_path, 150))

    def dead(answer):
        if doi(160) in urllib.parse.unquote(answer["path"]):
            answer.update(status=400, body=b"{}")
    world.proxy.faults.append(dead)
    name = longer(tmp_path, 1000)  # sorts before the other: "list:1000", "list:150"
    run("pull", world.proxy.url, "--store", world.copy, "--parallel", "1", *name, check=False)
    assert sorted(filters(world.copy)) == ["list:1000", "list:150"]
    world.proxy.faults.remove(dead)
    world.sync()
    assert filters(world.copy) == ["list:1000"]


def test_long_names_are_all_asked_for(tmp_path):
    long = [f"10.5072/a-name-that-is-long-enough-to-fill-a-url-{number:05}-{'x' * 30}" for number in range(150)]
    store = tmp_path / "server.db"
    put(store, [dict(resource(number, doi=name), id=name) for number, name in enumerate(long)])
    (tmp_path / "list").write_text("\n".join(long))
    with serving(store) as server:
        world = World(tmp_path, server, Upstream(server))
        world.pull("--activities", "--dois", tmp_path / "list")
        assert world.scope()["total"] == 150
        assert {name for path in world.proxy.paths for name in named(path)} == set(long)
        assert world.sync() == (0, 0, 0, 0, 0) and world.told["total"] == 150
        assert all_bounded(world)
        world.proxy.close()


# ---- what goes wrong ----------------------------------------------------------------------------


STEPS = {"middle": lambda path: is_ids(path) and "rec-00150" in path,
         "records": lambda path: not is_ids(path) and "ids=" in path,
         "single": lambda path: "comma?" in path}


@pytest.mark.parametrize("step, how", [("middle", "down"), ("middle", "cut"), ("records", "down"),
                                       ("records", "html"), ("single", "cut")])
def test_a_request_of_several_that_fails(copied, tmp_path, step, how):
    copied.put(renamed(3), renamed(120), with_comma(titles=[{"title": "Comma"}], updated=NOW))
    copied.hide(5, 125, 220)
    scope = copied.scope()
    copied.proxy.faults.append(fail := spoiling(lambda answer: STEPS[step](answer["path"]), how))
    copied.sync(code=3)
    assert copied.told["outcome"] == "failed" and copied.told["trouble"]
    assert copied.told["hidden"] == 0
    after = copied.scope()
    assert (after["finished"], after["since"]) == (scope["finished"], scope["since"])
    assert after["trouble"]
    copied.proxy.faults.remove(fail)
    copied.sync()
    assert copied.told["outcome"] == "current" and copied.told["hidden"] == 3
    assert copied.scope()["finished"] > scope["finished"] and not copied.scope()["trouble"]
    assert same_as_fresh(copied, tmp_path)


def test_a_server_that_lost_its_index_empties_nothing(copied):
    before = exported(copied.copy)

    def lost(answer):
        if answer["path"].startswith("/dois?"):
            answer["body"] = b'{"data":[],"meta":{"total":0,"totalPages":0},"links":{}}'
        elif answer["path"].startswith("/dois/"):
            answer.update(status=404, body=b"{}")
    copied.proxy.faults.append(lost)
    assert copied.sync(code=1) == (0, 0, 0, 0, 0)
    assert copied.told["notHidden"] == 251 and exported(copied.copy) == before
    assert copied.sync("--max-hidden", "all") == (0, 0, 251, 0, 0)
    copied.proxy.faults.remove(lost)
    assert copied.sync() == (0, 0, 0, 251, 0)
    assert exported(copied.copy) == before


def test_too_many_are_not_hidden(copied):
    copied.hide(*range(100, 130))
    assert copied.sync("--max-hidden", "29", code=1) == (0, 0, 0, 0, 0)
    assert copied.told["notHidden"] == 30
    assert copied.sync("--max-hidden", "30") == (0, 0, 30, 0, 0)


def test_an_answer_with_gaps_hides_nothing(copied):
    """One record is lost on the way, another one is gone."""
    def gaps(answer):
        if is_ids(answer["path"]) and answer["path"].startswith("/dois?"):
            body = json.loads(answer["body"])
            body["data"] = [one for one in body["data"] if one["id"] != doi(120)]
            answer["body"] = json.dumps(body).encode()
    copied.proxy.faults.append(gaps)
    copied.put(renamed(3), renamed(120))
    copied.hide(8)
    assert copied.sync(code=1) == (0, 2, 0, 0, 0)
    assert (copied.told["missing"], copied.told["notHidden"]) == (1, 1)
    assert "1 records that the server counts were never given by it" in copied.said
    copied.proxy.faults.remove(gaps)
    assert copied.sync() == (0, 0, 1, 0, 0)


def test_a_server_that_gives_other_records(copied):
    def other(answer):
        if is_ids(answer["path"]):
            answer["body"] = answer["body"].replace(doi(150).encode(), b"10.5072/another")
    copied.proxy.faults.append(other)
    before = exported(copied.copy)
    copied.sync(code=3)
    assert "not asked for" in copied.told["trouble"] and exported(copied.copy) == before


def test_killed_at_any_point_it_is_done_again(copied, tmp_path):
    copied.put(*(renamed(number) for number in range(40)), resource(300, updated=NOW),
               *(resource(number, titles=[{"title": "Odd"}], updated=LONG_AGO)
                 for number in range(200, 240)))
    copied.hide(*range(100, 120))
    slow = lambda answer: time.sleep(0.05)
    copied.proxy.faults.append(slow)
    for enough in range(1, 9):
        begun = len(copied.proxy.paths)
        with subprocess.Popen([BINARY, "sync", "--store", copied.copy, "--quiet"]) as sync:
            while sync.poll() is None and len(copied.proxy.paths) < begun + enough:
                time.sleep(0.001)
            sync.send_signal(signal.SIGKILL)
    copied.proxy.faults.remove(slow)
    copied.sync()
    assert copied.told["outcome"] == "current" and same_as_fresh(copied, tmp_path)
    assert copied.sync() == (0, 0, 0, 0, 0)
    run("status", "--store", copied.copy, "--check")


# ---- activities and events ----------------------------------------------------------------------


def test_activities_of_a_list(world):
    pulled(world, "--activities")
    world.proxy.paths.clear()
    world.put(renamed(1), resource(300, updated=LONG_AGO), renamed(265),
              with_comma(titles=[{"title": "Comma"}], updated=NOW))
    assert world.sync()[:2] == (1, 2)
    assert world.told["newActivities"] == 3
    has_all(world, 1, 300)
    asked = [path for path in world.proxy.paths if "/activities" in path]
    assert asked and sum(len(named(path)) for path in asked) < 10 and all_bounded(world)
    world.sync()
    assert world.told["newActivities"] == 0


def test_activities_that_fail_come_with_the_next_sync(world):
    pulled(world, "--activities")
    world.put(resource(3, titles=[{"title": "Odd"}], updated=LONG_AGO), renamed(4))
    world.proxy.faults.append(fault := failing("/activities"))
    world.sync(code=3)
    assert world.told["changed"] == 2 and "/activities" in world.scope()["trouble"]
    world.proxy.faults.remove(fault)
    assert world.sync() == (0, 0, 0, 0, 0)
    assert world.told["newActivities"] == 2 and not world.scope()["trouble"]
    has_all(world, 3, 4)


def test_events_of_a_list(world):
    """Of records that did not change, of one that came, and of a record beside the list."""
    pulled(world, "--events")
    assert set(stored(world.copy)) == {uuid(1)}
    world.proxy.paths.clear()
    world.put(resource(300, updated=LONG_AGO), event(3, "10.1016/b", "cites", doi(200), timestamp=RECENT),
              event(4, "10.1016/b", "cites", doi(300)),
              event(5, "10.1016/b", "cites", COMMA, timestamp=RECENT),
              event(6, "10.1016/b", "cites", doi(265), timestamp=RECENT))
    world.sync()
    assert world.told["newEvents"] == 3 and set(stored(world.copy)) == {uuid(n) for n in (1, 3, 4, 5)}
    assert all_bounded(world)
    world.proxy.paths.clear()
    world.sync()
    assert world.told["newEvents"] == 0 and world.told["outcome"] == "current"


def test_quick_asks_for_events_of_what_changed(world):
    pulled(world, "--events")
    quick_brings_events_of_what_changed(world)


def test_events_of_a_server_that_takes_no_range(world):
    pulled(world, "--events")
    world.put(event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT))
    world.proxy.faults.append(failing("updated_at", 404))
    world.sync()
    assert set(stored(world.copy)) == {uuid(1), uuid(3)}


def test_without_them_neither_is_asked_for(copied):
    copied.put(renamed(1))
    copied.sync()
    assert not [path for path in copied.proxy.paths if "/activities" in path or "/events" in path]
    with serving(copied.copy) as server:
        assert len(activities(server, doi(1))) == 2
