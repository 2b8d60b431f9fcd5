"""`sync` of what belongs to a copy besides its records: the server's activities and events."""

import json
import re
import signal
import subprocess
import time

import pytest
from conftest import BINARY, run, serving
from proxy import Upstream, small_pages
from records import resource
from test_events_pull import event, stored, uuid
from test_sync import CLIENT, LONG_AGO, NOW, World, doi, put, renamed

RECENT = NOW.replace("Z", ".000Z")
OTHER = "exmpl.other"


def elsewhere(number):
    """A record of another client, thus not of the copy."""
    record = resource(number)
    record["relationships"]["client"]["data"]["id"] = OTHER
    return record


@pytest.fixture()
def world(tmp_path):
    store = tmp_path / "server.db"
    put(store, [*(resource(number) for number in range(30)), elsewhere(40),
                event(1, "10.1016/a", "cites", doi(1)), event(2, "10.1016/a", "cites", doi(40))])
    with serving(store) as server:
        proxy = Upstream(server)
        proxy.faults.append(small_pages(20))
        yield World(tmp_path, server, proxy)
        proxy.close()


def activities(server, name):
    """The uuids that a server tells."""
    return {item["id"]
            for item in server.json(f"/dois/{name}/activities?page[size]=100")["data"]}


def asked(world, before, what):
    return [path for path in world.proxy.paths[before:] if path.startswith(what)]


def asked_activities(world, before):
    return [path for path in world.proxy.paths[before:] if "/activities" in path]


def failing(what, status=500):
    def fault(answer):
        if what in answer["path"]:
            answer["status"], answer["body"] = status, b"{}"
    return fault


def has_all(world, *numbers):
    """The copy has all activities that the server has of these records."""
    with serving(world.copy) as copy:
        for number in numbers:
            theirs = activities(world.server, doi(number))
            assert theirs and theirs <= activities(copy, doi(number)), number


# ---- activities ---------------------------------------------------------------------------------


@pytest.fixture()
def told(world):
    world.pull("--client-id", CLIENT, "--activities")
    return world


def test_activities_of_what_changed_and_came(told):
    told.put(renamed(1), resource(50, updated=NOW))
    before = len(told.proxy.paths)
    assert told.sync()[:2] == (1, 1)
    assert told.told["newActivities"] == 2 and told.told["outcome"] == "current"
    assert ", 2 new activities of the server; " in told.said
    assert told.told["requests"] == len(told.proxy.paths) - before
    has_all(told, 0, 1, 50)
    paths = asked_activities(told, before)
    assert paths and not [path for path in paths if doi(2)[-5:] in path]
    assert told.sync()[:5] == (0, 0, 0, 0, 0) and told.told["newActivities"] == 0


def test_activities_that_fail_come_with_the_next_sync(told):
    """Also those of a change that is older than the news."""
    told.put(resource(3, titles=[{"title": "Odd"}], updated=LONG_AGO), renamed(4))
    fault = failing("/activities")
    told.proxy.faults.append(fault)
    told.sync(code=3)
    assert told.told["outcome"] == "failed" and "/activities" in told.told["trouble"]
    assert told.told["changed"] == 2 and "/activities" in told.scope()["trouble"]
    assert b"Odd" in run("get", "--store", told.copy, doi(3)).stdout
    told.proxy.faults.remove(fault)
    assert told.sync()[:5] == (0, 0, 0, 0, 0)
    assert told.told["newActivities"] == 2 and not told.scope()["trouble"]
    has_all(told, 3, 4)


def test_killed_at_any_point_no_activity_is_lost(told):
    told.put(*(renamed(number) for number in range(5)),
             *(resource(number, titles=[{"title": "Odd"}], updated=LONG_AGO)
               for number in range(5, 10)))
    told.proxy.faults.append(lambda answer: time.sleep(0.02))
    whole = len(told.proxy.paths)
    for enough in (3, 5, 7):
        begun = len(told.proxy.paths)
        sync = subprocess.Popen([BINARY, "sync", "--store", told.copy, "--quiet"])
        while sync.poll() is None and len(told.proxy.paths) < begun + enough:
            time.sleep(0.001)
        sync.send_signal(signal.SIGKILL)
        sync.wait()
    assert len(told.proxy.paths) > whole
    told.sync()
    has_all(told, *range(10))


def test_a_copy_without_activities_stays_so(world):
    world.pull("--client-id", CLIENT)
    world.put(renamed(1))
    world.sync()
    assert world.told["newActivities"] == 0 and "activities" not in world.said
    assert not asked_activities(world, 0) and not asked(world, 0, "/events")


def test_what_a_broken_pull_was_to_bring_comes_with_a_sync(world):
    fault = failing("cursor%5D=", 400)
    world.proxy.faults.append(lambda answer: fault(answer)
                              if not answer["path"].endswith("cursor%5D=1") else None)
    done = run("pull", world.proxy.url, "--store", world.copy, "--client-id", CLIENT, "--events",
               "--activities", "--quiet", check=False)
    assert done.returncode != 0
    world.proxy.faults.pop()
    world.sync()
    has_all(world, 0, 29)
    assert set(stored(world.copy)) == {uuid(1)}
    world.put(renamed(1), event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT))
    world.sync()
    assert (world.told["newActivities"], world.told["newEvents"]) == (1, 1)


# ---- events -------------------------------------------------------------------------------------


def test_events_of_a_prefix_are_asked_for_by_time(world):
    world.pull("--prefix", "10.5072", "--events")
    world.put(event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT),
              event(1, "10.1016/a", "cites", doi(1), total=7, timestamp=RECENT))
    before = len(world.proxy.paths)
    world.sync()
    assert world.told["newEvents"] == 1 and ", 1 new events; " in world.said
    held = stored(world.copy)
    assert set(held) == {uuid(1), uuid(2), uuid(3)} and held[uuid(1)]["total"] == 7
    paths = asked(world, before, "/events?")
    assert len(paths) <= 4 and all("updated_at" in path for path in paths)
    assert world.told["requests"] == len(world.proxy.paths) - before
    world.sync()
    assert world.told["newEvents"] == 0


def test_without_news_one_request_asks_for_events(world):
    world.pull("--prefix", "10.5072", "--events")
    before = len(world.proxy.paths)
    world.sync("--quick")
    assert len(asked(world, before, "/events?")) == 1


def test_events_of_a_client(world):
    """One about a record that did not change; old ones about a record that came."""
    world.pull("--client-id", CLIENT, "--events")
    assert set(stored(world.copy)) == {uuid(1)}
    moved = resource(40, updated=NOW)
    world.put(moved, event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT),
              event(4, "10.1016/b", "cites", "10.9999/other", timestamp=RECENT))
    world.sync()
    assert world.told["newEvents"] == 2 and world.told["outcome"] == "current"
    assert set(stored(world.copy)) == {uuid(1), uuid(2), uuid(3)}
    world.sync()
    assert world.told["newEvents"] == 0


def test_old_events_of_a_record_that_came_with_an_old_time(world):
    world.pull("--client-id", CLIENT, "--events")
    world.put(resource(50, updated=LONG_AGO), event(5, "10.1016/b", "cites", doi(50)))
    world.sync()
    assert set(stored(world.copy)) == {uuid(1), uuid(5)}


def quick_brings_events_of_what_changed(world):
    world.put(renamed(2), event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT),
              event(4, "10.1016/b", "cites", doi(3), timestamp=RECENT))
    world.sync("--quick")
    assert set(stored(world.copy)) == {uuid(1), uuid(3)}
    world.sync()
    assert set(stored(world.copy)) == {uuid(1), uuid(3), uuid(4)}


def test_quick_asks_for_events_of_what_changed(world):
    world.pull("--client-id", CLIENT, "--events")
    quick_brings_events_of_what_changed(world)


@pytest.mark.parametrize("filters", [("--prefix", "10.5072"), ("--client-id", CLIENT)])
def test_a_server_that_takes_no_range_is_walked_through(world, filters):
    world.pull(*filters, "--events")
    world.put(event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT))
    def fault(answer):
        if answer["path"].startswith("/events") and "updated_at" in answer["path"]:
            answer["status"], answer["body"] = 404, b"{}"
    world.proxy.faults.append(fault)
    world.sync()
    assert world.told["newEvents"] == 1 and uuid(3) in stored(world.copy)


def test_events_that_fail_come_with_the_next_sync(world):
    world.pull("--client-id", CLIENT, "--events")
    world.put(renamed(1), event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT))
    fault = failing("/events", 503)
    world.proxy.faults.append(fault)
    world.sync(code=3)
    assert "/events" in world.told["trouble"] and world.told["changed"] == 1
    assert uuid(1) in stored(world.copy)
    world.proxy.faults.remove(fault)
    world.sync()
    assert world.told["newEvents"] == 1 and uuid(3) in stored(world.copy)


def test_events_that_are_never_given_are_told(world):
    world.pull("--prefix", "10.5072", "--events")
    world.put(event(3, "10.1016/b", "cites", doi(2), timestamp=RECENT))

    def one_more(answer):
        if answer["path"].startswith("/events"):
            body = json.loads(answer["body"])
            body["meta"]["total"] += 1
            answer["body"] = json.dumps(body).encode()
    world.proxy.faults.append(one_more)
    world.sync(code=1)
    assert world.told["outcome"] == "incomplete" and world.told["eventsMissing"] == 1
    assert "1 events that the server counts were never given" in world.said
    world.proxy.faults.remove(one_more)
    world.sync()
    assert re.search(r"0 touched, \d+ new events; ", world.said)
