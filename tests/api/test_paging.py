"""Order and pages of /dois: sort, page numbers, cursors, links."""

import base64

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, doi

LAST = 9223372036854775807


def without(item, *names):
    for name in names:
        del item["attributes"][name]
    return item


RECORDS = [
    doi("d", titles=[{"title": "Émile"}, {"title": "a"}], created="2020-01-02T00:00:00Z",
        updated="2021-01-03T00:00:00Z", viewCount=3, publicationYear=2005),
    doi("b", titles=[{"title": "zebra"}], created="2020-01-02T00:00:00Z",
        updated="2021-01-01T00:00:00Z", downloadCount=7, publicationYear=2001),
    doi("c", titles=[{"title": "APPLE"}], created="2020-01-02T00:00:00Z",
        updated="2021-01-02T00:00:00Z", citationCount=2, publicationYear=2003),
    doi("a", titles=[{"title": ""}], created="2020-01-01T00:00:00Z",
        updated="2021-01-05T00:00:00Z", viewCount=1, publicationYear=None),
    doi("e", titles=[], created="2020-01-03T00:00:00.250Z", updated="2021-01-04T00:00:00Z"),
    without(doi("g", titles=[{"title": "fig"}], registered="2020-01-05T00:00:00Z",
                updated="2021-01-06T00:00:00Z"), "created"),
    without(doi("f", titles=[{"title": "Banana"}], created="2020-01-04T00:00:00Z"), "updated"),
]
NAMES = sorted(item["id"].split("/")[1] for item in RECORDS)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("paging") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with serving(path) as running:
        yield running


@pytest.fixture(scope="module")
def hundred(tmp_path_factory):
    """100 records whose creation, and nothing else, says their order; pairs share a time."""
    path = tmp_path_factory.mktemp("hundred") / "store.db"
    made = [doi(f"n{n:03}", created=f"2020-03-01T00:{n // 2:02}:00Z") for n in range(100)]
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + made[::-1]).encode())
    with serving(path) as running:
        yield running


def page(server, query):
    document = server.json(f"/dois?disable-facets=true&{query}")
    return [item["id"].split("/")[1] for item in document["data"]], document


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("sort, expected", [
    ("name", "abcdefg"), ("-name", "gfedcba"),
    ("title", ["a", "c", "f", "d", "g", "b", "e"]),
    ("-title", ["b", "g", "d", "f", "c", "a", "e"]),
    ("updated", "fbcdeag"), ("-updated", "gaedcbf"), ("", "gaedcbf"), ("nonsense", "gaedcbf"),
    ("-relevance", "gaedcbf"), ("Updated", "gaedcbf"),
])
def test_sort(server, sort, expected):
    assert page(server, f"sort={sort}")[0] == list(expected)


@pytest.mark.parametrize("sort, first, last", [
    ("created", "a", "g"), ("-created", "g", "a"), ("-view-count", "d", None),
    ("-download-count", "b", None), ("-citation-count", "c", None), ("view-count", None, "d"),
    ("download-count", None, "b"), ("citation-count", None, "c"), ("relevance", None, None),
    ("published", None, None), ("-published", None, None),
])
def test_ends_of_orders(server, sort, first, last):
    names, _ = page(server, f"sort={sort}")
    assert sorted(names) == NAMES
    assert names[0] == (first or names[0]) and names[-1] == (last or names[-1])


def test_times_that_did_not_come_follow_from_the_others(server):
    shown = {item["id"].split("/")[1]: item["attributes"] for item in page(server, "")[1]["data"]}
    assert shown["g"]["created"] == "2020-01-05T00:00:00Z"
    assert shown["f"]["updated"] == "2020-01-04T00:00:00Z"
    assert shown["e"]["created"] == "2020-01-03T00:00:00Z"
    single = server.json("/dois/10.5072/e")["data"]["attributes"]
    assert single["created"] == "2020-01-03T00:00:00.250Z"
    assert server.json("/dois/10.5072/a")["data"]["attributes"]["published"] is None


def test_cursor_order(server):
    names, document = page(server, "page[cursor]=1&sort=-name&page[number]=3")
    assert names == ["a", "b", "c", "d", "e", "f", "g"]
    assert document["meta"] == {"total": 7, "totalPages": 1}
    found, target = [], "/dois?page[cursor]=1&page[size]=1&disable-facets=true"
    while target:
        document = server.json(target)
        found += [item["id"].split("/")[1] for item in document["data"]]
        target = document["links"].get("next", "").replace(server.base, "")
        assert len(found) <= 7
    assert found == NAMES


@pytest.mark.parametrize("after, expected", [
    ("1577836800000,10.5072/a", "bcdefg"), ("1577923200000,10.5072/b", "cdefg"),
    ("1577923200000,10.5072/c", "defg"), ("1577923200000,10.5072/bb", "cdefg"),
    ("1577923200000,", "bcdefg"), ("1577923200001,10.5072/a", "efg"),
    ("1578009600250,10.5072/e", "fg"), ("1578009600249,10.5072/e", "efg"),
    (f"{LAST},10.5072/a", ""), ("0,", "abcdefg"), ("-1,z", "abcdefg"),
])
def test_results_are_strictly_after_the_cursor(server, after, expected):
    assert page(server, f"page[cursor]={cursor(after)}")[0] == list(expected)


def test_cursor_may_be_padded(server):
    token = base64.urlsafe_b64encode(b"1577923200000,10.5072/c").decode()
    assert page(server, f"page[cursor]={token}")[0] == list("defg")
    assert page(server, f"page[cursor]={token.replace('=', '%3D')}")[0] == list("defg")


@pytest.mark.parametrize("start", ["page[cursor]=1", "page[cursor]=", "page[cursor]",
                                   "page%5Bcursor%5D=garbage", "page[cursor]=%ff",
                                   "page[cursor]=" + cursor("x,y")])
def test_ways_to_start(server, start):
    names, document = page(server, start)
    assert names == NAMES and "page" not in document["meta"]


def test_emitted_cursor(server):
    _, document = page(server, "page[cursor]=1&page[size]=3")
    assert document["links"]["next"] == (
        f"{server.base}/dois?disable-facets=true"
        f"&page%5Bcursor%5D={cursor('1577923200000,10.5072/c')}&page%5Bsize%5D=3")
    assert cursor("1535620933000,10.5438/0012") == "MTUzNTYyMDkzMzAwMCwxMC41NDM4LzAwMTI"


@pytest.mark.parametrize("query, count, following", [
    ("page[size]=100", 100, False), ("page[size]=50", 50, True),
    ("page[size]=50&page[number]=2", 50, False), ("page[size]=60&page[number]=2", 40, False),
    ("page[size]=0", 0, False), ("page[size]=99", 99, True), ("page[size]=1000", 100, False),
    ("page[number]=4", 25, False), ("page[number]=3", 25, True), ("page[number]=5", 0, False),
    ("page[cursor]=1&page[size]=100", 100, False), ("page[cursor]=1&page[size]=99", 99, True),
    ("page[cursor]=1&page[size]=0", 0, False), ("page[cursor]=1&page[size]=101", 100, False),
])
def test_when_there_is_a_next(hundred, query, count, following):
    names, document = page(hundred, query)
    assert len(names) == count
    assert ("next" in document["links"]) == following
    assert document["links"]["self"] == f"{hundred.base}/dois?disable-facets=true&{query}"
    assert document["meta"]["total"] == 100


def test_full_last_page_of_a_cursor_leads_to_an_empty_one(hundred):
    first = page(hundred, "page[cursor]=1&page[size]=50")[1]
    second = hundred.json(first["links"]["next"].replace(hundred.base, ""))
    assert len(second["data"]) == 50 and second["meta"]["totalPages"] == 2
    third = hundred.json(second["links"]["next"].replace(hundred.base, ""))
    assert third["data"] == [] and "next" not in third["links"]


@pytest.mark.parametrize("query, size, number", [
    ("", 25, 1), ("page[size]=", 25, 1), ("page[size]=%20", 25, 1), ("page[size]=abc", 0, 1),
    ("page[size]=7.9", 7, 1), ("page[size]=12abc", 12, 1), ("page[size]=+3", 3, 1),
    ("page[number]=0", 25, 1), ("page[number]=-2", 25, 1), ("page[number]=two", 25, 1),
    ("page[number]=2x", 25, 2), ("page=4", 25, 1), ("page[foo]=1", 25, 1), ("page[]=1", 25, 1),
    ("page[size]=99999999999999999999", 100, 1), ("page[SIZE]=3", 25, 1),
    ("page[size]=0x10", 0, 1), ("page[number]=", 25, 1),
])
def test_odd_pages(hundred, query, size, number):
    names, document = page(hundred, query)
    assert (len(names), document["meta"]["page"]) == (size, number)


@pytest.mark.parametrize("query, pages", [
    ("page[size]=0", 0), ("page[size]=1", 100), ("page[size]=33", 4), ("page[size]=100", 1),
    ("page[size]=33&page[cursor]=1", 4), ("page[size]=0&page[cursor]=1", 0),
])
def test_total_pages(hundred, query, pages):
    assert page(hundred, query)[1]["meta"]["totalPages"] == pages


def test_far_page_numbers_do_no_harm(hundred):
    for number in ("100000", "99999999999999999999", "4611686018427387904"):
        document = hundred.get(f"/dois?page[number]={number}").json()
        assert "next" not in document["links"]


def test_construction_of_next(server):
    query = ("page[size]=2&client-id=orga.data,orgb.igsn&include-other-registration-agencies="
             "&has-views=0&fields[dois]=doi,titles&detail=true&facets=states&composite=%20*"
             "&created=2019,2022&published=&publisher=true&affiliation=~a/b c")
    document = server.json("/dois?" + query.replace(" ", "%20"))
    assert document["links"]["next"] == (
        f"{server.base}/dois?affiliation=~a%2Fb+c&client-id=orga.data%2Corgb.igsn"
        "&composite=+%2A&created=2019%2C2022&detail=true&facets=states"
        "&fields%5Bdois%5D=doi%2Ctitles"
        "&has-views=0&include-other-registration-agencies=&page%5Bnumber%5D=2&page%5Bsize%5D=2"
        "&published=&publisher=true")


def test_next_of_other_spellings(server):
    document = server.json("/dois?client_id=orga.data&disable_facets=1&page%5bsize%5d=2")
    assert document["links"]["next"] == (
        f"{server.base}/dois?client-id=orga.data&disable-facets=true"
        "&page%5Bnumber%5D=2&page%5Bsize%5D=2")
    document = server.json("/dois?disable-facets=no&has-views=0&page[size]=2")
    assert "disable-facets=false" in document["links"]["next"]


def test_next_spells_two_names_with_underscores(server):
    query = "affiliation-id=a&funded-by=%20&include-funder-child-organizations=x&page[size]=2"
    document = server.json(f"/dois?client_id=orga.data&{query}")
    assert "&funded_by=+&include_funder_child_organizations=x&" in document["links"]["next"]


def test_next_of_nested_routes(server):
    for path, name in (("/providers/orga/dois", "provider-id=orga"),
                       ("/clients/orga.data/dois", "client-id=orga.data")):
        links = server.json(f"{path}?page[size]=2&disable-facets=true")["links"]
        assert links["self"] == f"{server.base}{path}?page[size]=2&disable-facets=true"
        expected = sorted(["disable-facets=true", name, "page%5Bnumber%5D=2", "page%5Bsize%5D=2"])
        assert links["next"] == f"{server.base}/dois?" + "&".join(expected)


def test_following_next_keeps_the_order_and_the_filters(hundred):
    found, target = [], "/dois?sort=-name&page[size]=30&created=2020&include=client"
    while target:
        document = hundred.json(target)
        found += [item["id"] for item in document["data"]]
        assert [item["id"] for item in document["included"]] == ["orga.data"]
        target = document["links"].get("next", "").replace(hundred.base, "")
    assert found == [f"10.5072/n{n:03}" for n in reversed(range(100))]
