"""Requests as known clients write them, byte for byte, and what they read of the answer."""

import base64

import pytest

DOI = "10.7937/s17z-r072"
TOTAL = 298
UNGUARDED = ("creators titles created updated version url viewCount citationCount referenceCount"
             " identifiers rightsList descriptions relatedIdentifiers").split()


def test_tcia_utils(server):
    document = server.json("/dois/?client-id=nihnci.tcia&page[size]=1000",
                           accept="application/vnd.api+json")
    assert len(document["data"]) == document["meta"]["total"] == TOTAL
    for item in document["data"]:
        shown = item["attributes"]
        assert set(UNGUARDED) <= set(shown)
        assert shown["titles"][0]["title"] and shown["identifiers"][0]["identifier"]
        assert shown["descriptions"][0]["description"] and shown["url"]
    assert server.json("/dois/?provider-id=tciar")["meta"]["total"] == TOTAL


def test_dashboards(server):
    shown = server.json(f"/dois/{DOI.upper()}")["data"]["attributes"]
    assert isinstance(shown["viewsOverTime"], list)


def test_snapshot(server):
    found, number = [], 1
    while number == 1 or len(found) < total:
        document = server.json(f"/dois?prefix=10.7937&page[number]={number}&page[size]=100",
                               User_Agent="tcia-query-skill/1.0")
        total, number = document["meta"]["total"], number + 1
        assert isinstance(total, int) and document["data"]
        found += [item["attributes"]["doi"] for item in document["data"]]
    assert len(found) == len(set(found)) == total == 296


@pytest.mark.parametrize("path", ["dois", "clients", "client-prefixes", "prefixes", "providers",
                                  "provider-prefixes", "activities"])
def test_rdatacite(server, path):
    document = server.json(f"/{path}?page%5Bsize%5D=25&page%5Bnumber%5D=1",
                           Accept="application/vnd.api+json; version=2", X_USER_AGENT="r-curl")
    assert list(document) == ["data", "meta", "links"]
    assert isinstance(document["meta"]["total"], int)
    assert isinstance(document["meta"]["totalPages"], int)
    both = server.get(f"/{path}?page%5Bsize%5D=25&page%5Bnumber%5D=1&page%5Bcursor%5D=1")
    assert both.status == 200 and both.headers["Content-Type"].startswith("application/json")


def test_heartbeat(server):
    answer = server.get("/heartbeat")
    assert (answer.status, answer.body) == (200, b"OK")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_invenio(server):
    answer = server.get(f"/dois/{DOI}", Content_Type="application/vnd.api+json",
                        Authorization="Basic eDp5", Accept_Encoding="UTF-8")
    assert answer.status == 200 and answer.json()["data"]["attributes"]["doi"] == DOI
    assert server.get("/dois/10.7937/none", Authorization="Basic eDp5").status == 404


def test_commonmeta(server):
    document = server.json(f"/dois/{DOI}?include=media,client")
    assert document["data"]["relationships"]["client"]["data"]["id"] == "nihnci.tcia"
    listed = server.json("/dois?page[size]=10&page[number]=2&sort=-published&random=true"
                         "&client-id=&resource-type-id=&affiliation-id=")
    assert len(listed["data"]) == 10 and listed["meta"]["total"] == TOTAL
    walk = server.json("/dois?page[size]=1000&page[cursor]=1&affiliation=true"
                       "&client-id=nihnci.tcia")
    assert len(walk["data"]) == TOTAL and "next" not in walk["meta"]
    for creator in walk["data"][0]["attributes"]["creators"]:
        assert all(isinstance(one, dict) for one in creator["affiliation"])


def test_dcdump(server):
    target = "/dois?affiliation=true&page[cursor]=1&page[size]=100&state=findable"
    found = []
    while target:
        answer = server.get(target, User_Agent="dcdump", Accept_Encoding="identity")
        assert "Content-Encoding" not in answer.headers
        document = answer.json()
        found += [item["id"] for item in document["data"]]
        target = document["links"].get("next", "").replace(server.base, "")
    assert len(found) == len(set(found)) == TOTAL


def test_websnap(server):
    """The bracket that is missing must do no harm, and detail given twice neither."""
    target = "/dois?prefix=10.7937,10.25737&client-id=&detail=true&page[cursor]=1&page[size=250"
    found = []
    while target:
        document = server.json(target)
        found += document["data"]
        target = document["links"].get("next", "").replace(server.base, "")
        target = target and target + "&detail=true"
    assert len(found) == document["meta"]["total"] == TOTAL
    for item in found:
        xml = item["attributes"]["xml"]
        assert xml is None or base64.b64decode(xml, validate=True)
    assert server.json("/clients/nihnci.tcia")["data"]["id"] == "nihnci.tcia"


def test_datacitekit(server):
    document = server.json("/dois/?query=&disable_facets=true"
                           "&include-other-registration-agencies=true&page[size]=100"
                           f"&page[number]=1&fields[dois]=doi,types,relatedIdentifiers&ids={DOI}")
    assert document["meta"] == {"total": 1, "totalPages": 1, "page": 1}
    assert list(document["data"][0]["attributes"]) == ["doi", "types", "relatedIdentifiers"]


def test_encoded_dois(server):
    assert server.json("/dois/10.7937%2Fs17z-r072/activities")["meta"]["total"] == 1
    assert server.json("/dois/10.7937%2fs17z-r072?detail=true")["data"]["id"] == DOI
    for path in ("citations", "references"):
        assert server.get(f"/dois/10.7937%2Fs17z-r072/{path}").status == 404


def test_samples(server):
    document = server.json("/dois?sample=5&sample-group=client&page[size]=10")
    assert len(document["data"]) == document["meta"]["total"] == 5
    assert len(server.json("/dois?random=true&page[size]=3")["data"]) == 3


def test_mcp(server):
    document = server.json("/dois?client-id=nihnci.tcia&page[size]=0")
    assert document["data"] == [] and document["meta"]["total"] == TOTAL
    following = server.json("/dois?page[size]=2&detail=true")["links"]["next"]
    assert following.startswith("http://")
    document = server.json("/clients?include=prefixes&client-type=repository&provider-id=tciar")
    assert document["meta"]["total"] == 1
    document = server.json("/dois?fields[dois]=doi,titles&include=client&disable-facets=false"
                           "&sort=-created&affiliation=true&publisher=true&page[size]=1")
    assert document["included"][0]["id"] == "nihnci.tcia" and "states" in document["meta"]


def test_dagstuhl_rspace_and_ruby(server):
    for path in (f"/dois/{DOI}/?affiliation=true", f"/dois/{DOI}", f"/dois/{DOI}/"):
        assert server.json(path, Accept="application/json")["data"]["id"] == DOI
    assert server.json("/client-prefixes?client-id=nihnci.tcia&prefix-id=10.7937")["meta"] == {
        **server.json("/client-prefixes?client-id=nihnci.tcia&prefix-id=10.7937")["meta"],
        "total": 1}
    assert b'"total":0' in server.get("/client-prefixes?client-id=none&prefix-id=10.1").body
    assert server.request("HEAD", f"/dois/{DOI}").status == 200
    assert server.request("HEAD", "/dois/10.7937/none").status == 404


def test_akita(server):
    meta = server.json("/dois?page[size]=0&facets=authors,licenses,registration-agencies,"
                       "creators_and_contributors,person_to_work_types_multilevel,open_licenses,"
                       "fields-of-science,languages&disable-facets=false")["meta"]
    assert list(meta) == ["total", "totalPages", "page", "licenses", "authors",
                          "creatorsAndContributors", "fieldsOfScience", "languages",
                          "registrationAgencies", "openLicenses", "openLicensesCount",
                          "personToWorkTypesMultilevel"]
    assert meta["registrationAgencies"] == [
        {"id": "datacite", "title": "DataCite", "count": TOTAL}]


def test_dryad(server):
    document = server.json("/dois?client-id=nihnci.tcia&resource-type=DataFile&page[size]=500"
                           "&page[cursor]=1")
    assert document["data"] == [] and "next" not in document["links"]


@pytest.mark.parametrize("path", ["/dois", "/dois/", "/works", "/works/", "/clients",
                                  "/clients/", "/data-centers", "/members", "/repositories/"])
def test_methods_of_every_route(server, path):
    assert server.json(path)["meta"]["total"] > 0
    head = server.request("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    options = server.request("OPTIONS", path, {"Origin": "https://commons.example.org"})
    assert options.status == 204
    assert options.headers["Access-Control-Allow-Origin"] == "https://commons.example.org"


@pytest.mark.parametrize("query, count", [
    ("page[size]=3&page[size]=7", 7), ("page[size]=7&page%5Bsize%5D=3", 3),
    ("client-id=none&client_id=nihnci.tcia&page[size]=4", 4),
    ("provider-id=x&provider-id=TCIAR&page[size]=2", 2),
    ("subject=Breast+Cancer&page[size]=1", 1), ("subject=Breast%20Cancer&page[size]=1", 1),
])
def test_duplicates_and_spaces(server, query, count):
    assert len(server.json(f"/dois?{query}")["data"]) == count


def test_unwelcome_codings(server):
    assert server.get("/dois", Accept_Encoding="identity;q=0").status == 406
    answer = server.get("/dois?page[size]=1", Accept_Encoding="identity;q=0")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.body.startswith(b"An acceptable encoding for the requested resource /dois?page")
    packed = server.get("/dois", Accept_Encoding="gzip, identity;q=0")
    assert packed.headers["Content-Encoding"] == "gzip"
    for path in ("/heartbeat", "/activities", "/resource-types", "/dois/10.1/none"):
        packed = server.get(path, Accept_Encoding="gzip")
        assert packed.headers.get("Content-Encoding") == "gzip", path
