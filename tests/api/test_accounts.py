"""Providers, clients, repositories and prefixes: attributes, filters, sorts, facets, pages."""

import datetime

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, ROR, doi

NOW = datetime.date.today().year
RECORDS = [
    *(doi(f"a{n}", created=f"{2018 + n}-01-01T00:00:00Z") for n in range(3)),
    doi("reg", state="registered"), doi("draft", state="draft"),
    doi("s1", "orgb.igsn", types={"resourceTypeGeneral": "PhysicalObject"},
        created=f"{NOW - 1}-01-01T00:00:00Z"),
    doi("j1", "dirm.jour", types={"resourceTypeGeneral": "JournalArticle"},
        created=f"{NOW - 2}-06-01T00:00:00Z"),
]
PROVIDER = ("name displayName symbol website description region country logoUrl memberType"
            " organizationType focusArea nonProfitStatus isActive joined rorId created updated"
            " doiEstimate").split()
CLIENT = ("name symbol year alternateName description language clientType domains re3data opendoar"
          " issn url created updated isActive").split()
REPOSITORY = ("name symbol re3data opendoar year alternateName description clientType"
              " repositoryType language certificate domains issn url software created updated"
              " subjects isActive").split()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("accounts") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with serving(path) as running:
        yield running


def ids(server, target):
    document = server.json(target)
    found = [item["id"] for item in document["data"]]
    assert document["meta"]["total"] >= len(found)
    return found


def buckets(*rows):
    return [dict(zip(("id", "title", "count"), row)) for row in rows]


# ---- providers


@pytest.mark.parametrize("query, expected", [
    ("", "dirm orgb cons orga"), ("sort=name", "dirm orgb cons orga"),
    ("sort=-name", "orga cons orgb dirm"), ("sort=created", "cons orga orgb dirm"),
    ("sort=-created", "dirm orgb orga cons"), ("sort=nonsense", "dirm orgb cons orga"),
    ("region=EMEA", "orgb cons orga"), ("region=emea", "orgb cons orga"), ("region=apac", ""),
    ("consortium-id=CONS", "orgb orga"), ("consortium-id=none", ""),
    ("member-type=direct_member,consortium", "dirm cons"), ("member-type=Consortium", ""),
    ("organization-type=publisher", "dirm"),
    ("organization-type=academicInstitution,x", "orgb cons"),
    ("focus-area=general", "orgb orga"), ("focus-area=humanities,naturalSciences", "dirm cons"),
    ("has-required-contacts=true", "orga"), ("has-required-contacts=false", "dirm"),
    ("year=2019", "orgb orga"), ("year=2018,2020", "dirm orgb cons orga"), ("year=2001", ""),
    ("from-date=2021-01-01", "orga"), ("until-date=2020-12-31", "dirm orgb cons"),
    ("from-date=2020-02-01&until-date=2020-02-01", "dirm orgb cons"),
    ("from-date=2020-02-02&until-date=2021-03-03", ""),
    ("from-date=2021-03-04", "orga"), ("until-date=2020-01-31", ""),
    ("id=ORGA", "orga"), ("id=orga,DIRM", "dirm orga"), ("ids=DIRM,orga,none", "dirm orga"),
    ("ids=dirm,orga,orgb&page[size]=1&page[number]=2", "orgb"),
    ("include-deleted=true", "dirm orgb cons orga"),
    ("region=EMEA&member-type=consortium", "cons"), ("region=&year=&member-type=%20",
                                                     "dirm orgb cons orga"),
    ("unknown=1", "dirm orgb cons orga"),
])
def test_providers_list(server, query, expected):
    assert ids(server, f"/providers?{query}") == expected.split()
    assert ids(server, f"/members?{query}") == expected.split()


def test_providers_facets(server):
    meta = server.json("/providers?page[size]=1")["meta"]
    assert list(meta.items()) == [
        ("total", 4), ("totalPages", 4), ("page", 1),
        ("years", buckets(("2020", "2020", 1), ("2019", "2019", 2), ("2018", "2018", 1))),
        ("regions", buckets(("emea", "Europe, Middle East and Africa", 3),
                            ("amer", "Americas", 1))),
        ("memberTypes", buckets(("consortium_organization", "Consortium Organization", 2),
                                ("consortium", "Consortium", 1),
                                ("direct_member", "Direct Member", 1))),
        ("organizationTypes", buckets(("academicInstitution", "Academic Institution", 2),
                                      ("publisher", "Publisher", 1),
                                      ("researchInstitution", "Research Institution", 1))),
        ("focusAreas", buckets(("general", "General", 2), ("humanities", "Humanities", 1),
                               ("naturalSciences", "Natural Sciences", 1))),
        ("nonProfitStatuses", buckets(("non-profit", "Non Profit", 3),
                                      ("for-profit", "For Profit", 1))),
        ("hasRequiredContacts", meta["hasRequiredContacts"]),
    ]
    assert meta["hasRequiredContacts"] == buckets(("false", "False", 1), ("true", "True", 1))
    assert list(server.json("/providers?region=APAC")["meta"]) == ["total", "totalPages", "page"]


def test_providers_pages(server):
    document = server.json("/providers?page[size]=3&region=&member-type=consortium,direct_member,"
                           "consortium_organization")
    assert len(document["data"]) == 3 and document["meta"]["totalPages"] == 2
    following = document["links"]["next"]
    assert following.startswith(f"{server.base}/providers?")
    assert "page%5Bnumber%5D=2&page%5Bsize%5D=3" in following
    last = server.json(following.replace(server.base, ""))
    assert [item["id"] for item in last["data"]] == ["orga"] and "next" not in last["links"]
    assert "next" not in server.json("/providers?page[size]=4")["links"]
    assert "next" not in server.json("/providers?page[size]=0")["links"]
    assert server.json("/providers?page[size]=2&page[number]=9")["data"] == []
    assert server.get("/providers?page[size]=-1").status == 400


def test_provider(server):
    document = server.json("/providers/ORGA")
    assert list(document) == ["data", "meta"]
    assert document["meta"] == {"repositoryCount": 1}
    data = document["data"]
    assert (data["id"], data["type"]) == ("orga", "providers")
    assert list(data["attributes"]) == PROVIDER
    shown = data["attributes"]
    assert (shown["symbol"], shown["created"]) == ("ORGA", "2019-01-01T10:00:00.000Z")
    assert (shown["joined"], shown["rorId"], shown["isActive"]) == (None, None, True)
    links = data["relationships"]
    assert list(links) == ["clients", "prefixes", "consortium"]
    assert links["clients"]["data"] == [{"id": "orga.data", "type": "clients"}]
    assert [link["id"] for link in links["prefixes"]["data"]] == ["10.5072", "10.82433"]
    assert links["consortium"]["data"] == {"id": "cons", "type": "providers"}
    assert server.json("/providers")["data"][3] == data


def test_consortium_and_admin(server):
    document = server.json("/providers/cons")
    assert document["meta"] == {"consortiumOrganizationCount": 2}
    shown = document["data"]["attributes"]
    assert (shown["joined"], shown["rorId"], shown["doiEstimate"]) == ("2018-03-01", ROR, 5)
    links = document["data"]["relationships"]
    assert list(links) == ["clients", "prefixes", "consortiumOrganizations"]
    assert sorted(link["id"] for link in links["consortiumOrganizations"]["data"]) \
        == ["orga", "orgb"]
    assert server.json("/providers/dirm")["meta"] == {"repositoryCount": 3}
    admin = server.json("/providers/admin")
    assert "meta" not in admin and admin["data"]["attributes"]["memberType"] is None


def test_provider_fields_and_include(server):
    item = server.json("/providers?fields[providers]=region,name,clients&id=orga")["data"][0]
    assert list(item["attributes"]) == ["region", "name"]
    assert list(item["relationships"]) == ["clients"]
    item = server.json("/providers?fields[providers]=&id=orga")["data"][0]
    assert item["attributes"] == item["relationships"] == {}
    item = server.json("/providers?fields[clients]=name&id=orga")["data"][0]
    assert list(item["attributes"]) == PROVIDER
    assert "included" not in server.json("/providers?include=clients,nonsense")
    assert server.json("/providers?include=contacts")["included"] == []


def test_lists_of_a_provider(server):
    for path in ("/providers/dirm/clients", "/providers/DIRM/repositories"):
        assert ids(server, path) == ["dirm.jour", "dirm.raid", "dirm.repo"], path
    assert ids(server, "/providers/orga/clients") == ["orga.data"]
    assert ids(server, "/providers/cons/organizations") == ["orgb", "orga"]
    assert sorted(ids(server, "/providers/orga/prefixes")) == ["10.5072", "10.82433"]
    following = server.json("/providers/dirm/clients?page[size]=1")["links"]["next"]
    assert following.startswith(f"{server.base}/clients?") and "provider-id=dirm" in following


# ---- clients and repositories


ALL = "dirm.jour dirm.raid dirm.repo orgb.igsn orga.data"


@pytest.mark.parametrize("path", ["/clients", "/repositories"])
@pytest.mark.parametrize("query, expected", [
    ("", ALL), ("sort=name", ALL),
    ("sort=-name", "orga.data orgb.igsn dirm.repo dirm.raid dirm.jour"),
    ("sort=created", "dirm.raid orga.data orgb.igsn dirm.jour dirm.repo"),
    ("sort=-created", "dirm.repo dirm.jour orgb.igsn orga.data dirm.raid"),
    ("provider-id=ORGA,orgb", "orgb.igsn orga.data"), ("provider-id=none", ""),
    ("software=dataverse", "dirm.repo orga.data"), ("software=ojs,x", "dirm.jour"),
    ("certificate=WDS", "dirm.repo orga.data"), ("certificate=DIN%2031644,x", "dirm.repo"),
    ("certificate=wds", ""), ("repository-type=disciplinary", "dirm.repo orga.data"),
    ("repository-type=institutional,other", "orgb.igsn orga.data"),
    ("client-type=periodical", "dirm.jour"), ("client-type=Periodical", ""),
    ("client-type=repository", "dirm.repo orga.data"),
    ("re3data-id=10.17616/R3SW4D", "orga.data"), ("re3data-id=10.17616/r3sw4d", "orga.data"),
    ("re3data-id=10.17616/R3", ""), ("opendoar-id=17", "orga.data"), ("opendoar-id=1", ""),
    ("year=2020", "dirm.jour orgb.igsn"), ("year=2018,2019", "dirm.raid orga.data"),
    ("from-date=2021-01-01", "dirm.jour"),
    ("until-date=2020-06-01", "dirm.raid dirm.repo orgb.igsn orga.data"),
    ("id=ORGA.DATA", "orga.data"), ("ids=dirm.raid,ORGA.data,none", "dirm.raid orga.data"),
    ("certificate=WDS&provider-id=dirm", "dirm.repo"),
])
def test_clients_list(server, path, query, expected):
    assert ids(server, f"{path}?{query}") == expected.split()


def test_consortium_of_repositories(server):
    assert ids(server, "/repositories?consortium-id=CONS") == ["orgb.igsn", "orga.data"]
    assert ids(server, "/repositories?consortium-id=none") == []
    assert ids(server, "/clients?consortium-id=cons") == ALL.split()


FACETS = {
    "years": buckets(("2021", "2021", 1), ("2020", "2020", 2), ("2019", "2019", 1),
                     ("2018", "2018", 1)),
    "providers": buckets(("dirm", "alder Press", 3), ("orga", "Oak Institute", 1),
                         ("orgb", "Birch University", 1)),
    "software": buckets(("dataverse", "Dataverse", 2), ("ojs", "OJS", 1)),
    "certificates": buckets(("WDS", "Wds", 2), ("CoreTrustSeal", "Core Trust Seal", 1),
                            ("DIN 31644", "Din 31644", 1)),
    "repositoryTypes": buckets(("disciplinary", "Disciplinary", 2),
                               ("institutional", "Institutional", 1), ("other", "Other", 1)),
    "clientTypes": buckets(("repository", "Repository", 2), ("igsnCatalog", "IGSN ID Catalog", 1),
                           ("periodical", "Periodical", 1), ("raidRegistry", "RAiD Registry", 1)),
}


@pytest.mark.parametrize("path, order", [
    ("/clients", "years providers software certificates repository_types clientTypes"),
    ("/repositories", "years providers clientTypes repositoryTypes certificates software"),
])
def test_clients_facets(server, path, order):
    meta = server.json(f"{path}?page[size]=0")["meta"]
    assert list(meta) == ["total", "totalPages", "page", *order.split()]
    assert (meta["total"], meta["totalPages"]) == (5, 0)
    for name in order.split():
        assert meta[name] == FACETS[name.replace("y_t", "yT")], name
    assert list(server.json(f"{path}?provider-id=x")["meta"]) == ["total", "totalPages", "page"]


def test_client(server):
    document = server.json("/clients/Orga.Data")
    assert list(document) == ["data"]
    data = document["data"]
    assert (data["id"], data["type"]) == ("orga.data", "clients")
    assert list(data["attributes"]) == CLIENT
    assert data["attributes"] == {
        "name": "Zeta Oak Data", "symbol": "ORGA.DATA", "year": 2019, "alternateName": "ZOD",
        "description": "Oaks", "language": ["en"], "clientType": "repository", "domains": "*",
        "re3data": "https://doi.org/10.17616/R3SW4D",
        "opendoar": "https://v2.sherpa.ac.uk/id/repository/17", "issn": {},
        "url": "https://oak.example.org", "created": "2019-05-01T08:00:00.000Z",
        "updated": "2020-06-01T08:00:00.000Z", "isActive": True}
    links = data["relationships"]
    assert list(links) == ["provider", "consortium", "prefixes"]
    assert links["provider"]["data"] == {"id": "orga", "type": "providers"}
    assert links["consortium"]["data"]["id"].lower() == "cons"
    assert links["prefixes"]["data"] == [{"id": "10.5072", "type": "prefixes"}]
    assert "consortium" not in server.json("/clients/dirm.jour")["data"]["relationships"]
    issn = server.json("/clients/dirm.jour")["data"]["attributes"]["issn"]
    assert issn == {"issnl": "2366-5017", "print": None, "electronic": "2366-5017"}


def test_repository(server):
    document = server.json("/repositories/ORGA.DATA")
    assert list(document) == ["data", "meta"]
    assert document["meta"]["prefixCount"] == 1 and list(document["meta"]) == ["doiCount",
                                                                              "prefixCount"]
    data = document["data"]
    assert data["type"] == "repositories" and list(data["attributes"]) == REPOSITORY
    shown = data["attributes"]
    assert shown["certificate"] == ["CoreTrustSeal", "WDS"]
    assert shown["repositoryType"] == ["disciplinary", "institutional"]
    assert shown["software"] == "Dataverse"
    assert shown["subjects"] == [{"subject": "FOS: Biology"}]
    assert list(data["relationships"]) == ["provider", "prefixes"]


def test_times_in_lists(server):
    for path in ("/clients", "/repositories"):
        shown = server.json(f"{path}?id=orga.data")["data"][0]["attributes"]
        assert (shown["created"], shown["updated"]) == ("2019-05-01T08:00:00Z",
                                                        "2020-06-01T08:00:00Z")


@pytest.mark.parametrize("path, kind", [("/clients", "clients"), ("/repositories", "repositories")])
def test_clients_fields_and_include(server, path, kind):
    document = server.json(f"{path}?fields[{kind}]=symbol,name,provider&include=provider,nonsense")
    for item in document["data"]:
        assert list(item["attributes"]) == ["symbol", "name"]
        assert list(item["relationships"]) == ["provider"]
    assert [(item["type"], item["id"]) for item in document["included"]] == [
        ("providers", "dirm"), ("providers", "orgb"), ("providers", "orga")]
    assert list(document) == ["data", "included", "meta", "links"]
    single = server.json(f"{path}/orga.data?include=provider")
    assert [item["id"] for item in single["included"]] == ["orga"]
    assert "included" not in server.json(f"{path}?include=")
    other = {"clients": "repositories", "repositories": "clients"}[kind]
    item = server.json(f"{path}?fields[{other}]=name")["data"][0]
    assert len(item["attributes"]) > 10


def test_clients_next(server):
    document = server.json("/repositories?page[size]=2&sort=-name&provider_id=dirm")
    assert document["links"]["next"] == (
        f"{server.base}/repositories?page%5Bnumber%5D=2&page%5Bsize%5D=2"
        "&provider-id=dirm&sort=-name")
    assert "next" not in server.json("/clients?page[size]=5")["links"]
    assert "next" in server.json("/clients?page[size]=4")["links"]


def test_lists_of_a_client(server):
    assert ids(server, "/clients/ORGA.DATA/prefixes") == ["10.5072"]
    for path, item in (("/clients/orgb.igsn/dois", "10.82434/s1"),
                       ("/repositories/orgb.igsn/dois", "10.82434/s1")):
        assert ids(server, path) == [item]


def test_missing(server):
    for path in ("/providers/none", "/clients/none", "/clients/orga", "/repositories/a.b",
                 "/prefixes/10.1", "/client-prefixes/x", "/provider-prefixes/x",
                 "/resource-types/x", "/providers/orga.data"):
        assert server.get(path).status == 404, path


# ---- totals and stats


def test_totals(server):
    totals = {item["id"]: item for item in server.json("/providers/totals")}
    assert set(totals) == {"orga", "orgb", "dirm"}
    assert totals["orga"]["title"] == "Oak Institute" and totals["orga"]["count"] == 4
    assert totals["orga"]["states"] == buckets(("findable", "Findable", 3),
                                               ("registered", "Registered", 1))
    assert totals["orgb"]["temporal"] == {
        name: buckets((str(year), str(year), count)) for name, year, count in (
            ("this_month", NOW, 0), ("this_year", NOW, 0), ("last_year", NOW - 1, 1),
            ("two_years_ago", NOW - 2, 0))}
    assert totals["dirm"]["temporal"]["two_years_ago"] == buckets((str(NOW - 2), str(NOW - 2), 1))
    for path in ("/clients/totals", "/repositories/totals"):
        totals = {item["id"]: item["count"] for item in server.json(path)}
        assert totals == {"orga.data": 4, "orgb.igsn": 1, "dirm.jour": 1}, path
        assert [item["id"] for item in server.json(f"{path}?provider-id=ORGB")] == ["orgb.igsn"]
    prefixes = server.json("/prefixes/totals?client-id=orga.data")
    assert [(item["id"], item["title"], item["count"]) for item in prefixes] == [
        ("10.5072", "10.5072", 4)]
    assert list(prefixes[0]["temporal"]) == ["this_month", "this_year", "last_year"]
    assert server.get("/prefixes/totals").status == 204


def test_stats(server):
    for path in ("/clients/orgb.igsn/stats", "/repositories/orgb.igsn/stats"):
        stats = server.json(path)
        assert stats["resourceTypes"] == buckets(("physical-object", "Physical Object", 1))
        assert stats["dois"] == buckets((str(NOW - 1), str(NOW - 1), 1))
    stats = server.json("/providers/orga/stats")
    assert [(item["id"], item["count"]) for item in stats["dois"]] \
        == [("2020", 3), ("2019", 1), ("2018", 1)]
    assert stats["providers"] == []
    assert stats["clients"] == buckets(*((str(year), str(year), 1)
                                         for year in range(2019, NOW + 1)))
    consortium = server.json("/providers/cons/stats")
    counts = [item["count"] for item in consortium["providers"]]
    assert counts and counts == sorted(counts) and counts[-1] == 2


# ---- prefixes


@pytest.mark.parametrize("query, expected", [
    ("", "10.5072 10.82433 10.82434 10.82435 10.82436 10.82437"),
    ("sort=-name", "10.82437 10.82436 10.82435 10.82434 10.82433 10.5072"),
    ("sort=created", "10.5072 10.82433 10.82434 10.82435 10.82436 10.82437"),
    ("sort=-created", "10.82437 10.82436 10.82435 10.82434 10.82433 10.5072"),
    ("query=10.8243", "10.82433 10.82434 10.82435 10.82436 10.82437"), ("query=8243", ""),
    ("query=10.5072", "10.5072"),
    ("year=2019", "10.82433 10.82434"), ("year=2020,2021", "10.82435 10.82436 10.82437"),
    ("state=unassigned", "10.82437"), ("state=without-repository", "10.82433"),
    ("state=with-repository", "10.5072 10.82434 10.82435 10.82436"),
    ("state=unassigned,without-repository", "10.82433 10.82437"),
    ("provider-id=ORGA", "10.5072 10.82433"), ("client-id=orga.data,ORGB.igsn", "10.5072 10.82434"),
    ("client-id=dirm.jour&provider-id=orga", "10.5072 10.82433 10.82435"),
    ("id=10.5072", "10.5072"), ("provider-id=none", ""),
])
def test_prefixes(server, query, expected):
    assert ids(server, f"/prefixes?{query}") == expected.split()


def test_prefixes_facets(server):
    meta = server.json("/prefixes?page[size]=4")["meta"]
    assert list(meta) == ["total", "totalPages", "page", "years", "states", "providers", "clients"]
    assert (meta["total"], meta["totalPages"]) == (6, 2)
    assert meta["years"] == buckets(("2021", "2021", 1), ("2020", "2020", 2), ("2019", "2019", 2),
                                    ("2018", "2018", 1))
    assert meta["states"] == buckets(("with-repository", "With Repository", 4),
                                     ("unassigned", "Unassigned", 1),
                                     ("without-repository", "Without Repository", 1))
    assert meta["providers"] == meta["clients"] == []


def test_prefix(server):
    document = server.json("/prefixes/10.5072?include=clients,providers,client-prefixes,nonsense")
    assert list(document) == ["data", "included"]
    data = document["data"]
    assert (data["id"], data["type"]) == ("10.5072", "prefixes")
    assert data["attributes"] == {"prefix": "10.5072", "createdAt": data["attributes"]["createdAt"]}
    assert data["attributes"]["createdAt"].startswith("2018-04-01T00:00:00")
    links = data["relationships"]
    assert list(links) == ["clients", "providers", "clientPrefixes", "providerPrefixes"]
    assert links["clients"]["data"] == [{"id": "orga.data", "type": "clients"}]
    assert links["providers"]["data"] == [{"id": "orga", "type": "providers"}]
    assert [link["type"] for link in links["clientPrefixes"]["data"]] == ["client-prefixes"]
    assert [link["type"] for link in links["providerPrefixes"]["data"]] == ["provider-prefixes"]
    assert sorted(item["type"] for item in document["included"]) == [
        "client-prefixes", "clients", "providers"]
    empty = server.json("/prefixes/10.82437")["data"]["relationships"]
    assert all(links["data"] == [] for links in empty.values())


def test_prefixes_include_in_lists(server):
    document = server.json("/prefixes?include=provider_prefixes,providers&page[size]=2")
    met = [(item["type"], item["id"]) for item in document["included"]]
    assert len(met) == len(set(met)) == 3
    assert [item for item in met if item[0] == "providers"] == [("providers", "orga")]


RELATED = {
    "client-prefixes": ["client", "provider", "providerPrefix", "prefix"],
    "provider-prefixes": ["provider", "prefix", "clients", "clientPrefixes"],
    "repository-prefixes": ["repository", "provider", "providerPrefix", "prefix"],
}
FACETS_OF = {
    "client-prefixes": ["years", "providers", "clients"],
    "provider-prefixes": ["years", "states", "providers"],
    "repository-prefixes": ["years", "providers", "repositories"],
}


def prefixes_of(server, target):
    return [item["relationships"]["prefix"]["data"]["id"] for item in server.json(target)["data"]]


@pytest.mark.parametrize("kind", RELATED)
def test_assignments(server, kind):
    document = server.json(f"/{kind}?page[size]=3")
    assert list(document["meta"]) == ["total", "totalPages", "page", *FACETS_OF[kind]]
    assert document["meta"]["total"] == (5 if kind == "provider-prefixes" else 4)
    assert len(document["data"]) == 3 and "next" in document["links"]
    assert document["links"]["next"].startswith(f"{server.base}/{kind}?")
    for item in document["data"]:
        assert item["type"] == kind and len(item["id"]) == 36
        assert list(item["attributes"]) == ["createdAt", "updatedAt"]
        assert list(item["relationships"]) == RELATED[kind]
        single = server.json(f"/{kind}/{item['id']}")["data"]
        assert single["id"] == item["id"] and single["relationships"] == item["relationships"]
    assert prefixes_of(server, f"/{kind}?query=10.5") == ["10.5072"]
    assert prefixes_of(server, f"/{kind}?prefix-id=10.82434") == ["10.82434"]
    assert prefixes_of(server, f"/{kind}?sort=name") == sorted(prefixes_of(server, f"/{kind}"))
    assert prefixes_of(server, f"/{kind}?sort=-name") \
        == sorted(prefixes_of(server, f"/{kind}"), reverse=True)


def test_client_prefixes(server):
    assert prefixes_of(server, "/client-prefixes?client-id=ORGA.DATA,dirm.jour&sort=name") == [
        "10.5072", "10.82435"]
    assert prefixes_of(server, "/repository-prefixes?repository-id=ORGA.DATA") == ["10.5072"]
    item = server.json("/client-prefixes?client-id=orga.data")["data"][0]["relationships"]
    assert item["client"]["data"] == {"id": "orga.data", "type": "clients"}
    assert item["provider"]["data"] == {"id": "orga", "type": "providers"}
    assert item["providerPrefix"]["data"]["type"] == "provider-prefixes"
    item = server.json("/repository-prefixes?repository-id=orga.data")["data"][0]["relationships"]
    assert item["repository"]["data"] == {"id": "orga.data", "type": "repositories"}
    meta = server.json("/client-prefixes")["meta"]
    assert meta["providers"] == meta["clients"] == []
    included = server.json("/client-prefixes?client-id=orga.data&include=client,prefix,"
                           "provider_prefix,provider")["included"]
    assert [item["type"] for item in included] == ["clients", "prefixes", "provider-prefixes",
                                                   "providers"]
    included = server.json("/repository-prefixes?repository-id=orga.data&include=repository,"
                           "prefix")["included"]
    assert [item["type"] for item in included] == ["repositories", "prefixes"]


def test_provider_prefixes(server):
    def of(query):
        return prefixes_of(server, f"/provider-prefixes?sort=name&{query}")

    assert of("provider-id=ORGA,dirm") == ["10.5072", "10.82433", "10.82435", "10.82436"]
    assert of("consortium-organization-id=orgb") == ["10.82434"]
    assert of("provider-id=dirm&consortium-organization-id=orgb") == [
        "10.82434", "10.82435", "10.82436"]
    assert of("consortium-id=CONS") == ["10.5072", "10.82433", "10.82434"]
    assert of("state=without-repository") == ["10.82433"]
    assert of("state=with-repository&provider-id=orga") == ["10.5072"]
    meta = server.json("/provider-prefixes")["meta"]
    assert meta["providers"] == buckets(("dirm", "alder Press", 2), ("orga", "Oak Institute", 2),
                                        ("orgb", "Birch University", 1))
    assert {bucket["id"]: bucket["count"] for bucket in meta["states"]} == {
        "with-repository": 4, "without-repository": 1}
    included = server.json("/provider-prefixes?prefix-id=10.5072&include=provider,prefix,clients,"
                           "client_prefixes")["included"]
    assert [item["type"] for item in included] == ["providers", "prefixes", "clients",
                                                   "client-prefixes"]
    links = server.json("/provider-prefixes?prefix-id=10.82433")["data"][0]["relationships"]
    assert links["clients"]["data"] == links["clientPrefixes"]["data"] == []


# ---- the rest


def test_resource_types(server):
    meta = {"total": 34, "total-pages": 1, "page": 1}
    document = server.json("/resource-types?page[size]=10&page[number]=2")
    assert document["meta"] == meta and len(document["data"]) == 10
    assert document["data"][0]["id"] == "dissertation"
    found = server.json("/resource-types?query=book")["data"]
    assert [item["id"] for item in found] == ["book", "book-chapter", "computational-notebook"]
    assert server.json("/resource-types?query=none")["data"] == []
    assert server.json("/resource-types/output-management-plan")["data"]["attributes"]["title"] \
        == "OutputManagementPlan"
