"""Activities: what changed of records and accounts, their order, pages and forms."""

import copy
import re

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, doi

AUDITED = ("doi url dates sizes types reason source titles formats creators language subjects"
           " container aasm_state content_url identifiers rights_list contributors descriptions"
           " landing_page version_info geo_locations related_items schema_version"
           " publication_year funding_references related_identifiers").split()


TOTAL = 20  # those of the draft are counted in the list of all, but not told


def changed(resource, **attributes):
    other = copy.deepcopy(resource)
    other["attributes"].update(attributes)
    return other


FIRST = [*(doi(f"a{n}") for n in range(4)), doi("Mixed.Case", "dirm.jour"),
         doi("hidden", state="draft"), doi("j", "dirm.jour")]
SECOND = [
    doi("a1", publisher={"name": "Other", "lang": "en"}, url="https://example.org/x", version="2"),
    doi("a2", viewCount=100), doi("a3"),
    changed(ACCOUNTS[1], region="APAC", systemEmail="new@example.org", symbol="ORGA"),
    changed(ACCOUNTS[5], description="Old oaks"),
]
THIRD = [doi("a1", publisher=None, url="https://example.org/x", version="2")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "store.db"
    for batch in (ACCOUNTS + FIRST, SECOND, THIRD):
        run("import", "--store", path, "--quiet", "-", input=lines(batch).encode())
    with serving(path) as running:
        yield running


def history(server, target):
    return [(item["attributes"]["action"], item["attributes"]["version"])
            for item in server.json(target)["data"]]


def test_activities_of_a_record(server):
    document = server.json("/dois/10.5072/a1/activities")
    assert list(document) == ["data", "meta", "links"]
    assert document["meta"] == {"total": 3, "totalPages": 1, "page": 1}
    assert [item["attributes"]["version"] for item in document["data"]] == [3, 2, 1]
    item = document["data"][1]
    assert list(item) == ["id", "type", "attributes"]
    shown = item["attributes"]
    assert list(shown) == ["prov:wasGeneratedBy", "prov:generatedAtTime", "prov:wasDerivedFrom",
                           "prov:wasAttributedTo", "action", "version", "changes"]
    assert shown["prov:wasDerivedFrom"] == "https://doi.org/10.5072/a1"
    assert shown["prov:wasAttributedTo"].endswith("/repositories/orga.data")
    assert shown["prov:wasGeneratedBy"].endswith(f"/activities/{item['id']}")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["prov:generatedAtTime"])
    assert list(shown["changes"].items()) == [
        ("url", ["https://example.org/0", "https://example.org/x"]),
        ("version_info", [None, "2"]), ("publisher", ["Example Archive", "Other"])]
    assert document["data"][0]["attributes"]["changes"] == {"publisher": ["Other", None]}


def test_what_a_creation_tells(server):
    changes = server.json("/dois/10.5072/a0/activities")["data"][0]["attributes"]["changes"]
    assert list(changes) == [*AUDITED, "publisher"]
    assert changes["doi"] == "10.5072/A0" and changes["aasm_state"] == "findable"
    assert changes["publisher"] == "Example Archive" and changes["landing_page"] is None


def test_forms_of_the_publisher(server):
    items = server.json("/dois/10.5072/a1/activities?publisher=true")["data"]
    assert [item["attributes"]["changes"]["publisher"] for item in items] == [
        [{"lang": "en", "name": "Other"}, None],
        [{"name": "Example Archive"}, {"lang": "en", "name": "Other"}],
        {"name": "Example Archive"}]
    single = server.json(f"/activities/{items[1]['id']}?publisher=true")["data"]
    assert single["attributes"]["changes"] == items[1]["attributes"]["changes"]
    plain = server.json(f"/activities/{items[1]['id']}?publisher=1")["data"]
    assert plain["attributes"]["changes"]["publisher"] == ["Example Archive", "Other"]


def test_single(server):
    item = server.json("/activities?page[size]=1")["data"][0]
    document = server.json(f"/activities/{item['id']}")
    assert list(document) == ["data"]
    time = document["data"]["attributes"].pop("prov:generatedAtTime")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert item["attributes"].pop("prov:generatedAtTime")[:19] == time[:19]
    assert document["data"] == item
    for name in ("none", "00000000-0000-4000-8000-000000000000", "%00", "10.5072/a1"):
        assert server.get(f"/activities/{name}").status == 404


def test_what_is_no_change(server):
    for name in ("a2", "a3"):
        assert history(server, f"/dois/10.5072/{name}/activities") == [("create", 1)]


@pytest.mark.parametrize("target, count", [
    ("/dois/10.5072/hidden/activities", 0), ("/dois/10.5072/none/activities", 0),
    ("/dois/10.82435/mixed.case/activities", 1), ("/dois/10.82435%2Fmixed.case/activities", 1),
    ("/activities?datacite-doi-id=10.5072/a1,10.5072/a0", 4),
    ("/activities?provider-id=orga", 2), ("/activities?client-id=orga.data,dirm.jour", 3),
    ("/activities?repository-id=orga.data", 2),
    ("/activities?datacite-doi-id=10.5072/a0&provider-id=orga", 1),
    ("/activities?provider-id=orga&client-id=dirm.jour", 2),
    ("/providers/orga/activities", 2), ("/clients/orga.data/activities", 2),
    ("/repositories/orga.data/activities", 2), ("/providers/none/activities", 0),
    ("/providers/cons/activities", 1), ("/clients/orga/activities", 0),
    ("/activities?id=x", 0), ("/activities?ids=x,y", 0),
])
def test_filters(server, target, count):
    document = server.json(target)
    assert document["meta"]["total"] == len(document["data"]) == count


def test_activities_of_accounts(server):
    update, create = server.json("/providers/orga/activities")["data"]
    assert update["attributes"]["changes"] == {"region": ["EMEA", "APAC"]}
    assert update["attributes"]["prov:wasDerivedFrom"].endswith("/providers/orga")
    changes = create["attributes"]["changes"]
    assert create["attributes"]["action"] == "create" and changes["region"] == "EMEA"
    assert list(changes) == sorted(changes, key=lambda key: (len(key), key))
    for private in ("system_email", "created", "updated", "salesforce_id", "billing_information"):
        assert private not in changes
    update = server.json("/clients/orga.data/activities")["data"][0]["attributes"]
    assert update["changes"] == {"description": ["Oaks", "Old oaks"]}
    assert update["prov:wasDerivedFrom"].endswith("/repositories/orga.data")


def test_order(server):
    def times(query):
        return [item["attributes"]["prov:generatedAtTime"]
                for item in server.json(f"/activities?page[size]=100{query}")["data"]]

    assert times("") == times("&sort=-created") == sorted(times(""), reverse=True)
    assert times("&sort=nonsense") == times("")
    assert times("&sort=created") == sorted(times(""))
    assert len(times("&sort=relevance")) == len(times("")) == TOTAL
    assert history(server, "/dois/10.5072/a1/activities?sort=created") == [
        ("create", 1), ("update", 2), ("update", 3)]


@pytest.mark.parametrize("start", ["/activities?page[size]=5",
                                   "/activities?sort=created&page[size]=4",
                                   "/activities?page[cursor]=1&page[size]=5",
                                   "/activities?page[cursor]=&page[size]=1&sort=-created"])
def test_walks(server, start):
    found, target, times = [], start, []
    while target:
        document = server.json(target)
        found += [item["id"] for item in document["data"]]
        times += [item["attributes"]["prov:generatedAtTime"] for item in document["data"]]
        assert ("page" in document["meta"]) == ("cursor" not in start)
        assert document["meta"]["total"] == TOTAL + 1
        target = document["links"].get("next", "").replace(server.base, "")
        assert len(found) < 100
    assert len(found) == len(set(found)) == TOTAL
    if "cursor" in start or "sort=created" in start:
        assert times == sorted(times)


def test_links(server):
    document = server.json("/activities?sort=created&page[size]=2")
    assert document["links"] == {
        "self": f"{server.base}/activities?sort=created&page[size]=2",
        "next": f"{server.base}/activities?page%5Bnumber%5D=2&page%5Bsize%5D=2&sort=created"}
    assert "next" not in server.json("/activities?page[size]=30")["links"]
    assert "next" not in server.json("/activities?page[size]=0")["links"]
    nested = server.json("/dois/10.5072/a1/activities?page[size]=2")["links"]
    assert nested["self"] == f"{server.base}/dois/10.5072/a1/activities?page[size]=2"
    following = server.json(nested["next"].replace(server.base, ""))
    assert [item["attributes"]["version"] for item in following["data"]] == [1]
