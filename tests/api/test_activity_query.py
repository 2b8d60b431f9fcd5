"""`query` on lists of activities."""

import copy
from urllib.parse import quote

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, doi

FIRST = [doi("a0"), doi("a1"), doi("Mixed.Case", "dirm.jour"), doi("hidden", state="draft"),
         doi("reg", state="registered")]
CHANGED = copy.deepcopy(ACCOUNTS[1])
CHANGED["attributes"]["region"] = "APAC"
SECOND = [doi("a1", version="2"), doi("hidden", state="draft", version="2"), CHANGED]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("activities") / "store.db"
    for batch in (ACCOUNTS + FIRST, SECOND):
        run("import", "--store", path, "--quiet", "-", input=lines(batch).encode())
    with serving(path) as running:
        yield running


def told(item):
    shown = item["attributes"]
    subject = shown["prov:wasDerivedFrom"].split("://", 1)[1].split("/", 1)[1]
    return f"{subject.split('/')[-1]}:{shown['version']}"


def ask(server, query, more="", path="/activities"):
    document = server.json(f"{path}?query={quote(query, safe='')}{more}")
    found = [told(item) for item in document["data"]]
    return " ".join(sorted(found)), document["meta"]["total"]


PUBLIC = "a0:1 a1:1 a1:2 mixed.case:1"


@pytest.mark.parametrize("query, expected", [
    # bare words: uid, username, action
    ("update", "a1:2 orga:2"), ("UPDATE", ""), ("10.5072\\/a1", "a1:1 a1:2"),
    ("orga", "orga:1 orga:2"),
    ('"10.5072/a1"', "a1:1 a1:2"), ("orga.data AND update", "a1:2"),
    ("orga.data update", ""), ("nothing", ""),  # whole values: the words together are none
    ("destroy", ""), ("10.5072\\/A1", ""),
    ("uid:10.5072\\/a1", "a1:1 a1:2"), ("uid:10.5072\\/A1", ""),
    ("uid:10.5072*", "a0:1 a1:1 a1:2"),
    ("uid:*mixed.case", "mixed.case:1"),
    ("uid:(10.5072\\/a0 OR orga)", "a0:1 orga:1 orga:2"),
    ("uid:10.5072\\/a1 AND version:2", "a1:2"), ("uid:10.5072\\/a1 -version:2", "a1:1"),
    ("uid:10.5072\\/a1 OR action:update", "a1:1 a1:2 orga:2"),
    ("version:2", "a1:2 orga:2"), ("version:3", ""),
    ("username:dirm.jour AND uid:10.*", "mixed.case:1"),
    ("auditable_type:DataciteDoi", PUBLIC), ("auditable_type:Provider AND update", "orga:2"),
    ("auditable_type:Client AND uid:dirm.raid", "dirm.raid:1"),
    ("auditable_id:1", ""), ("_exists_:auditable_id", ""), ("changes.url:x", ""),
    ("created:[2020 TO *] AND update", "a1:2 orga:2"), ("created:2020", ""),
    ("created:[* TO 2020]", ""),
    # drafts and registered ones are nobody's business, whatever asks for them
    ("uid:10.5072\\/hidden", ""), ("uid:*hidden", ""), ("uid:*reg", ""),
    ("uid:/10.5072\\/(hidden|reg)/", ""),
])
def test_queries(server, query, expected):
    assert ask(server, query, "&page[size]=100") == (expected, len(expected.split()))


def test_blank_is_all(server):
    everything = server.json("/activities")["meta"]["total"]
    assert server.json("/activities?query=")["meta"]["total"] == everything
    assert server.json("/activities?query=%20")["meta"]["total"] == everything
    # those of the draft and of the registered record are counted, but not told
    assert ask(server, "*", "&page[size]=100")[1] == everything - 3


def test_of_one_record(server):
    path = "/dois/10.5072/a1/activities"
    assert ask(server, "update", path=path) == ("a1:2", 1)
    assert ask(server, "uid:10.5072\\/a0", path=path) == ("", 0)
    assert ask(server, "update", path="/providers/orga/activities") == ("orga:2", 1)
    assert ask(server, "create", path="/repositories/dirm.raid/activities") == ("dirm.raid:1", 1)
    assert ask(server, "create", path="/dois/10.5072/hidden/activities") == ("", 0)
    assert ask(server, "update", "&provider-id=orga") == ("orga:2", 1)
    assert ask(server, "update", "&datacite-doi-id=10.5072/a0,10.5072/a1") == ("a1:2", 1)
    assert ask(server, "uid:orga", "&client-id=orga.data") == ("", 0)


def test_order_and_pages(server):
    newest = [told(item) for item in server.json("/activities?query=create&page[size]=50")["data"]]
    oldest = [told(item) for item in
              server.json("/activities?query=create&sort=created&page[size]=50")["data"]]
    relevant = server.json("/activities?query=create&sort=relevance&page[size]=50")["data"]
    assert newest == oldest[::-1] == [told(item) for item in relevant]
    assert len(newest) > 6
    document = server.json("/activities?query=create&page[size]=4&page[number]=2")
    assert [told(item) for item in document["data"]] == newest[4:8]
    assert document["meta"]["total"] == len(newest)
    assert document["meta"]["totalPages"] == -(-len(newest) // 4)
    empty = server.json("/activities?query=create&page[size]=0")
    assert (empty["data"], empty["meta"]["total"]) == ([], len(newest))
    beyond = server.json("/activities?query=create&page[number]=99")
    assert (beyond["data"], beyond["meta"]["total"]) == ([], len(newest))


def test_cursor(server):
    oldest = [told(item) for item in
              server.json("/activities?query=create&sort=created&page[size]=50")["data"]]
    target, seen = "/activities?query=create&page[cursor]=1&page[size]=3", []
    while target:
        document = server.json(target)
        assert document["meta"]["total"] == len(oldest)
        seen += [told(item) for item in document["data"]]
        target = document["links"].get("next", "").replace(server.base, "")
    assert seen == oldest


def test_changes_are_shown(server):
    item = server.json("/activities?query=uid:%2210.5072/a1%22+AND+update")["data"][0]
    assert item["attributes"]["changes"] == {"version_info": [None, "2"]}
    item = server.json("/activities?query=uid:%2210.5072/a0%22")["data"][0]
    assert item["attributes"]["changes"]["doi"] == "10.5072/A0"


def test_by_id_and_query(server):
    one = server.json("/activities?query=update&page[size]=1")["data"][0]
    assert ask(server, "update", f"&ids={one['id']}")[1] == 1
    assert ask(server, "create", f"&ids={one['id']}")[1] == 0
    assert ask(server, f"id:{one['id']}") == (told(one), 1)
    assert ask(server, f"request_uuid:{one['id']}") == (told(one), 1)


@pytest.mark.parametrize("query", ["(", "uid:10.5072/a0", '"open', "created:x", "a OR"])
def test_bad_queries(server, query):
    answer = server.get(f"/activities?query={quote(query, safe='')}")
    assert answer.status == 400
    assert list(answer.json()["errors"]) == ["title"]
    assert server.get(f"/dois/10.5072/a1/activities?query={quote(query, safe='')}").status == 400
