"""Providers, clients, repositories, prefixes, activities, resource types, totals and stats."""

import re

TYPES = 34


def test_providers(server):
    document = server.json("/providers")
    assert document["meta"]["total"] == 1
    assert list(document["meta"])[:3] == ["total", "totalPages", "page"]
    assert list(document["meta"])[3:] == [
        "years", "regions", "memberTypes", "organizationTypes", "focusAreas", "nonProfitStatuses",
        "hasRequiredContacts",
    ]
    provider = document["data"][0]
    assert (provider["id"], provider["type"]) == ("tciar", "providers")
    assert provider["attributes"]["displayName"] == "The Cancer Imaging Archive"
    assert provider["attributes"]["symbol"] == "TCIAR"
    for locked in ("systemEmail", "billingInformation", "salesforceId", "technicalContact"):
        assert locked not in provider["attributes"]
    assert provider["relationships"]["clients"]["data"] == [
        {"id": "nihnci.tcia", "type": "clients"}
    ]
    assert [link["id"] for link in provider["relationships"]["prefixes"]["data"]] == [
        "10.25737", "10.7937"
    ]
    single = server.json("/providers/TCIAR")
    assert single["data"]["id"] == "tciar"
    assert server.json("/members")["meta"]["total"] == 1


def test_clients_and_repositories(server):
    for path, kind in (("/clients", "clients"), ("/repositories", "repositories")):
        document = server.json(path)
        assert document["meta"]["total"] == 1
        client = document["data"][0]
        assert (client["id"], client["type"]) == ("nihnci.tcia", kind)
        assert client["attributes"]["name"] == "The Cancer Imaging Archive"
        assert client["relationships"]["provider"]["data"] == {"id": "tciar", "type": "providers"}
        assert "contactEmail" not in client["attributes"]
        assert "systemEmail" not in client["attributes"]
        assert server.json(f"{path}/NIHNCI.TCIA")["data"]["id"] == "nihnci.tcia"
    assert list(server.json("/clients/nihnci.tcia")) == ["data"]
    single = server.json("/repositories/nihnci.tcia")
    assert single["meta"] == {"doiCount": 298, "prefixCount": 2}
    included = server.json("/clients?include=provider")["included"]
    assert [(item["id"], item["type"]) for item in included] == [("tciar", "providers")]
    assert server.json("/clients?provider-id=nobody")["data"] == []
    assert server.json("/providers/tciar/clients")["meta"]["total"] == 1
    assert server.json("/data-centers")["meta"]["total"] == 1


def test_prefixes(server):
    document = server.json("/prefixes")
    assert [item["id"] for item in document["data"]] == ["10.25737", "10.7937"]
    assert list(document["meta"])[3:] == ["years", "states", "providers", "clients"]
    assert server.json("/prefixes?query=10.7")["meta"]["total"] == 1
    single = server.json("/prefixes/10.7937")["data"]
    assert single["type"] == "prefixes"
    assert list(single["attributes"]) == ["prefix", "createdAt"]
    assert list(single["relationships"]) == [
        "clients", "providers", "clientPrefixes", "providerPrefixes"
    ]
    for path, kind in (("/client-prefixes", "client-prefixes"),
                       ("/provider-prefixes", "provider-prefixes"),
                       ("/repository-prefixes", "repository-prefixes")):
        items = server.json(path)["data"]
        assert len(items) == 2 and {item["type"] for item in items} == {kind}
        assert list(items[0]["attributes"]) == ["createdAt", "updatedAt"]
    assert server.get("/prefixes/totals").status == 204


def test_activities(server):
    document = server.json("/activities?page[size]=10")
    assert document["meta"]["total"] >= 298
    times = [item["attributes"]["prov:generatedAtTime"] for item in document["data"]]
    assert times == sorted(times, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times)
    seen, target = set(), "/activities?page[cursor]=1&page[size]=50"
    while target:
        page = server.json(target)
        seen |= {item["id"] for item in page["data"]}
        target = page["links"].get("next", "").replace(server.base, "")
    assert len(seen) == document["meta"]["total"]
    assert server.json("/dois/10.9999/none/activities")["data"] == []
    upper = server.json("/dois/10.7937/S17Z-R072/activities")
    assert upper["meta"]["total"] == 1
    rich = server.json("/dois/10.7937%2Fs17z-r072/activities?publisher=true")
    changes = rich["data"][0]["attributes"]["changes"]
    assert changes["publisher"] == {"name": "The Cancer Imaging Archive"}


def test_resource_types(server):
    document = server.json("/resource-types")
    assert document["meta"] == {"total": TYPES, "total-pages": 1, "page": 1}
    assert len(document["data"]) == 25 and "links" not in document
    assert document["data"][2]["id"] == "book"
    every = server.json("/resource-types?page[size]=100")["data"]
    assert len(every) == TYPES and every[-1]["id"] == "other"
    assert every[3] == {"id": "book-chapter", "type": "resource-types",
                        "attributes": {"title": "BookChapter", "updated": "2016-09-21T00:00:00Z"}}
    assert [item["id"] for item in server.json("/resource-types?query=paper")["data"]] == [
        "conference-paper", "data-paper"
    ]
    assert server.json("/resource-types/dataset")["data"]["attributes"]["title"] == "Dataset"


def test_totals_and_stats(server):
    for path in ("/providers/totals", "/clients/totals", "/repositories/totals"):
        totals = server.json(path)
        assert len(totals) == 1
        assert list(totals[0]) == ["id", "title", "count", "temporal", "states"]
        assert totals[0]["count"] == 298
        assert list(totals[0]["temporal"]) == [
            "this_month", "this_year", "last_year", "two_years_ago"
        ]
        assert totals[0]["states"] == [{"id": "findable", "title": "Findable", "count": 298}]
    stats = server.json("/clients/nihnci.tcia/stats")
    assert list(stats) == ["dois", "resourceTypes"]
    assert stats["resourceTypes"] == [{"id": "dataset", "title": "Dataset", "count": 298}]
    years = [bucket["id"] for bucket in stats["dois"]]
    assert years == sorted(years, reverse=True) and len(years) <= 12
    assert list(server.json("/providers/tciar/stats")) == ["providers", "clients", "dois"]
    prefixes = server.json("/prefixes/totals?client-id=nihnci.tcia")
    assert {item["id"]: item["count"] for item in prefixes} == {"10.7937": 296, "10.25737": 2}


def test_media_and_url(server):
    doi = "10.7937/s17z-r072"
    media = server.json(f"/dois/{doi}/media")
    assert media["data"] == [] and media["meta"]["total"] == 0
    url = server.json(f"/dois/{doi}/get-url")
    assert url == {"url": "https://www.cancerimagingarchive.net/collection/pseudo-phi-dicom-data/"}
    assert re.fullmatch(r"[A-Z]{4}", server.json("/providers/random")["symbol"])
    assert re.fullmatch(r"[A-Z]{6}", server.json("/repositories/random")["symbol"])
