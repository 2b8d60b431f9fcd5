"""HTTP as clients speak it: headers, conditional requests, odd URLs, errors, limits."""

import gzip
import json
import socket
import time

import pytest

DOI = "10.7937/s17z-r072"


def test_json_is_compact_and_typed(server):
    answer = server.get(f"/dois/{DOI}", Accept="application/vnd.api+json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert b'{"data":{"id":"10.7937/s17z-r072","type":"dois","attributes":{"doi":' in answer.body
    assert b"\n" not in answer.body
    empty = server.get("/dois?client-id=none&disable-facets=true")
    assert b'"total":0' in empty.body


def test_gzip(server):
    plain = server.get(f"/dois/{DOI}")
    packed = server.get(f"/dois/{DOI}", Accept_Encoding="gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "ETag" not in packed.headers
    assert packed.headers["Cache-Control"] == "no-cache"
    for coding in ("identity", "UTF-8", "deflate", "gzip;q=0"):
        answer = server.get(f"/dois/{DOI}", Accept_Encoding=coding)
        assert answer.status == 200 and "Content-Encoding" not in answer.headers
        assert answer.body == plain.body


def test_conditional_request(server):
    answer = server.get(f"/dois/{DOI}")
    etag = answer.headers["ETag"]
    assert etag.startswith('W/"') and len(etag) == 36
    assert answer.headers["Cache-Control"] == "max-age=0, private, must-revalidate"
    again = server.get(f"/dois/{DOI}", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    other = server.get(f"/dois/{DOI}", If_None_Match='W/"0"')
    assert other.status == 200


def test_head(server):
    answer = server.request("HEAD", f"/dois/{DOI}")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(server.get(f"/dois/{DOI}").body)
    assert server.request("HEAD", "/dois/10.9999/none").status == 404


def test_options_and_cors(server):
    answer = server.request("OPTIONS", "/dois", {"Origin": "https://example.org"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Max-Age"] == "1728000"
    for got in (answer, server.get("/dois/10.9999/none", Origin="https://example.org")):
        assert got.headers["Access-Control-Allow-Origin"] == "https://example.org"
        assert got.headers["Access-Control-Allow-Credentials"] == "true"
        assert got.headers["Access-Control-Allow-Methods"] \
            == "GET, POST, PUT, PATCH, DELETE, OPTIONS"
        assert got.headers["Access-Control-Expose-Headers"] == "Authorization"
    assert "Access-Control-Allow-Origin" not in server.get("/dois").headers


def test_identity_headers(server):
    good = server.get("/dois", X_Request_Id="abc-123")
    assert good.headers["X-Anonymous-Consumer"] == "true"
    assert good.headers["X-Request-Id"] == "abc-123"
    assert float(good.headers["X-Runtime"]) >= 0
    assert good.headers["X-Content-Type-Options"] == "nosniff"
    bad = server.get("/dois/10.9999/none")
    assert "X-Anonymous-Consumer" not in bad.headers
    assert len(bad.headers["X-Request-Id"]) == 36


@pytest.mark.parametrize("path", [
    f"/dois/{DOI}/", f"/dois/{DOI.upper()}", "/dois/10.7937%2Fs17z-r072",
    "/dois/10.7937%2fS17Z-R072/", f"/works/{DOI}", f"/providers/tciar/dois/{DOI}",
    f"/clients/nihnci.tcia/dois/{DOI}?detail=true", f"/dois/{DOI}?no-such-parameter=1",
])
def test_ways_to_one_doi(server, path):
    assert server.json(path)["data"]["id"] == DOI


@pytest.mark.parametrize("path", [
    "/dois/", "/dois?page%5Bsize%5D=25", "/dois?page[size=3", "/dois?nonsense=1&&=&x", "/works",
    "/dois?page=3", "/dois?page[size]=", "/dois?page[number]=abc", "/dois?sort=nonsense",
    "/dois?fields=x", "/dois?%ff=%fe&%zz=1", "/dois?client_id=nihnci.tcia",
    "/dois?client-id=NIHNCI.TCIA", "/dois?client-id=a.b,nihnci.tcia",
    "/dois?page[size]=3&page[size]=25", "/dois?publisher=true&affiliation=true",
    "/clients/nihnci.tcia/dois", "/repositories/nihnci.tcia/dois", "/dois?created=2000,2030",
    "/dois?resource-type-id=Dataset", "/dois?prefix=10.7937,10.25737", "/dois?state=draft",
    "/dois?has-views=true", "/dois?page[cursor]=garbage",
])
def test_requests_that_mean_the_whole_list(server, path):
    document = server.json(path)
    assert len(document["data"]) == 25
    assert document["meta"]["total"] == 298


def test_filters_narrow(server):
    def total(query):
        return server.json(f"/dois?disable-facets=1&page[size]=0&{query}")["meta"]["total"]

    assert total("license=cc-by-nc-4.0,CC-BY-NC-3.0") == 10
    assert total("published=2016") == 37
    assert total("published=2014,2013") == 12
    assert total("resource-type=analysis%20result") == 60
    assert total("subject=Breast%20Cancer") == 40
    assert total("prefix=10.25737") == 2
    assert total("provider-id=nobody&client-id=nihnci.tcia") == 298
    assert total("prefix=10.25737&published=2016") == 0
    assert total("has-person=false") == 0
    assert total("client-type=") == 0
    assert total("client-type=repository") == 298
    assert total("registered=1999") == 0
    assert total("query=") == 298
    assert server.get("/dois?created=abc").status == 400
    assert list(server.get("/dois?created=abc").json()["errors"]) == ["title"]


def test_sizes(server):
    assert server.json("/dois?page[size]=0")["data"] == []
    assert len(server.json("/dois?page[size]=5000")["data"]) == 298
    assert len(server.json("/works?rows=7")["data"]) == 7
    refused = server.get("/dois?page[size]=-1")
    assert refused.status == 400
    assert isinstance(refused.json()["errors"], dict)


def test_errors(server):
    missing = {"errors": [{"status": "404",
                           "title": "The resource you are looking for doesn't exist."}]}
    for path in ("/dois/10.9999/none", "/dois/doi:10.7937/s17z-r072", "/nowhere", "/dois/x%00b",
                 "/clients/none", "/providers/none", "/activities/none", "/prefixes/10.1",
                 "/resource-types/none", f"/dois/{DOI}/metadata"):
        answer = server.get(path)
        assert (answer.status, answer.json()) == (404, missing), path
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    exclusive = server.get("/dois?random=true&page[cursor]=1")
    assert exclusive.status == 400
    assert exclusive.json()["errors"][0]["title"].startswith("Cursor-based pagination and random")
    assert server.get("/dois/random").json() == {
        "errors": [{"status": "422", "title": "Parameter prefix is required"}]
    }
    assert server.get("/dois?query=(cancer").json() == {
        "errors": {"title": "Failed to parse query [(cancer]"}
    }
    assert server.get("/dois", Accept="application/pdf").status == 406
    assert server.get("/dois", Accept="application/x-bibtex, */*").status == 200


def test_random_doi(server):
    document = server.json("/dois/random?prefix=10.14454&number=122149076")
    assert document == {"dois": ["10.14454/3mfp-6m52"]}
    several = server.json("/dois/random?prefix=10.5072/abc&size=3")["dois"]
    assert len(several) == 3 and all(doi.startswith("10.5072/abc-") for doi in several)


def test_service_routes(server):
    beat = server.get("/heartbeat")
    assert (beat.status, beat.body) == (200, b"OK")
    assert beat.headers["Content-Type"].startswith("text/plain")
    assert server.get("/").body == b"DataCite REST API"
    metrics = server.get("/metrics").body.decode()
    assert "doihound_records 298\n" in metrics
    wrapped = server.get(f"/dois/{DOI}?callback=show")
    assert wrapped.body.startswith(b'show({"data":') and wrapped.body.endswith(b")")
    assert server.get(f"/dois/{DOI}?callback=<b>").body.startswith(b"{")
    assert server.get("/dois/10.9999/none?callback=show").body.startswith(b'{"errors"')


def test_sparse_fields(server):
    item = server.json("/dois?fields[dois]=titles,doi,client&page[size]=1")["data"][0]
    assert list(item["attributes"]) == ["titles", "doi"]
    assert list(item["relationships"]) == ["client"]
    for fields in ("id", ""):
        item = server.json(f"/dois?fields[dois]={fields}&page[size]=1")["data"][0]
        assert (item["attributes"], item["relationships"]) == ({}, {})


def test_forms(server):
    item = server.json("/dois?publisher=true&detail=1&page[size]=1")["data"][0]
    assert item["attributes"]["publisher"]["name"] == "The Cancer Imaging Archive"
    assert "xml" in item["attributes"] and "viewsOverTime" in item["attributes"]
    assert "versionOf" in item["relationships"] and "media" not in item["relationships"]
    single = server.json(f"/dois/{DOI}?publisher=true")["data"]["attributes"]
    assert single["publisher"] == {"name": "The Cancer Imaging Archive"}
    composite = server.json("/dois?composite=1&page[size]=1")["data"][0]["attributes"]
    assert "subjects" not in composite and "geoLocations" not in composite
    agency = server.json("/dois?include-other-registration-agencies=&page[size]=1")
    assert list(agency["data"][0]["attributes"])[-1] == "agency"


def test_included_client(server):
    document = server.json("/dois?include=client,nothing&page[size]=3")
    assert list(document) == ["data", "included", "meta", "links"]
    assert [item["id"] for item in document["included"]] == ["nihnci.tcia"]
    assert document["included"][0]["type"] == "clients"
    assert "included" not in server.json("/dois?include=nothing")
    single = server.json(f"/dois/{DOI}?include=client")
    assert list(single) == ["data", "included"]


def test_ids_random_sample(server):
    ids = server.json(f"/dois?ids={DOI.upper()},10.25737/H65S-8F58,10.1/none&client-id=x")
    assert {item["id"] for item in ids["data"]} == {DOI, "10.25737/h65s-8f58"}
    one = server.json(f"/dois?id={DOI}")
    assert one["meta"]["total"] == 1
    first = [item["id"] for item in server.json("/dois?random=true&page[size]=20")["data"]]
    other = [item["id"] for item in server.json("/dois?random=true&page[size]=20")["data"]]
    assert len(set(first)) == 20 and first != other
    sample = server.json("/dois?sample-group=client&sample=3")
    assert len(sample["data"]) == 3 and sample["meta"]["total"] == 3
    assert sample["meta"]["totalPages"] == 1


@pytest.mark.parametrize("sort, key", [
    ("name", lambda a: a["doi"]), ("created", lambda a: a["created"]),
    ("updated", lambda a: a["updated"]),
    ("title", lambda a: a["titles"][0]["title"].lower()),
])
def test_sorts(server, sort, key):
    up = server.json(f"/dois?sort={sort}&page[size]=1000&disable-facets=true")["data"]
    keys = [key(item["attributes"]) for item in up]
    assert keys == sorted(keys)
    down = server.json(f"/dois?sort=-{sort}&page[size]=1000&disable-facets=true")["data"]
    keys = [key(item["attributes"]) for item in down]
    assert keys == sorted(keys, reverse=True)


def test_pages_past_the_end_and_next_keeps_parameters(server):
    past = server.json("/dois?page[number]=99")
    assert past["data"] == [] and "next" not in past["links"]
    url = server.json("/dois?sort=name&unknown=a+b&include=client&page[size]=9&license=cc-by-4.0")
    assert url["links"]["next"] == (
        f"{server.base}/dois?include=client&license=cc-by-4.0&page%5Bnumber%5D=2"
        "&page%5Bsize%5D=9&sort=name&unknown=a+b"
    )


def test_escapes_in_links(server):
    body = server.get("/dois?page[size]=5&x=<b>").body
    assert b"\\u0026x=\\u003cb\\u003e" in body


def test_forwarded_base(server):
    links = server.get("/dois?page[size]=5", X_Forwarded_Proto="https",
                       X_Forwarded_Host="api.example.org").json()["links"]
    assert links["self"].startswith("https://api.example.org/dois?")


def exchange(server, data, seconds=20):
    with socket.create_connection((server.host, server.port), timeout=seconds) as connection:
        connection.sendall(data)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_limits_answer_and_do_not_harm(server):
    close = b"Host: x\r\nConnection: close\r\n"
    long_url = exchange(server, b"GET /dois?x=" + b"a" * 100_000 + b" HTTP/1.1\r\n" + close + b"\r\n")
    assert long_url.split()[1] in (b"414", b"431")
    headers = exchange(server, b"GET / HTTP/1.1\r\n" + close + b"X: " + b"a" * 200_000 + b"\r\n\r\n")
    assert headers.split()[1] in (b"431", b"413", b"400")
    many = "&".join(f"p{i}={i}" for i in range(900))
    assert server.get(f"/dois?{many}").status == 200
    garbage = exchange(server, b"\x16\x03\x01 nonsense\r\n\r\n")
    assert b"200 OK" not in garbage
    assert server.get("/heartbeat").status == 200


def test_writing_is_refused(server):
    body = json.dumps({"data": {"type": "dois"}}).encode()
    answer = server.request("POST", "/dois", {"Content-Type": "application/json"}, body)
    assert answer.status == 501
    big = server.request("POST", "/dois", {"Content-Type": "application/json"}, b"x" * 11_000_000)
    assert big.status == 413


def test_slow_clients_hold_nobody_up(server):
    slow = []
    for _ in range(50):
        connection = socket.create_connection((server.host, server.port))
        connection.sendall(b"GET /dois HTTP/1.1\r\nHost: x\r\n")
        slow.append(connection)
    start = time.monotonic()
    for _ in range(20):
        assert server.get("/dois?page[size]=5").status == 200
    assert time.monotonic() - start < 20
    for connection in slow:
        connection.close()
