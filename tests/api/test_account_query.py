"""`query` on the lists of providers, clients and repositories."""

from urllib.parse import quote

import pytest
from conftest import run, serving
from records import lines
from test_accounts import ids
from world import ACCOUNTS, doi, repository

MORE = [
    repository("orga.long", "Ångström Archive of the Old Oak Forest", ["10.82433"],
               description="Data about birch and alder. " * 3, systemEmail="desk@oak.example.org",
               salesforceId="0011", alternateName="Forest Oak", software="DSpace 7.x",
               created="2020-02-29T23:59:59.000Z"),
]
# only named by a record: a client without attributes
STUB = doi("stub")
STUB["relationships"]["client"]["data"]["id"] = "orga.stub"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("query") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + MORE + [STUB]).encode())
    with serving(path) as running:
        yield running


def ask(server, path, query, more=""):
    return " ".join(ids(server, f"{path}?query={quote(query)}{more}"))


@pytest.mark.parametrize("query, expected", [
    # bare words: uid, symbol, name
    ("oak", "orga"), ("OAK", "orga"), ("institute oak", "orga"), ('"oak institute"', "orga"),
    ("oak birch", ""), ("oak OR birch", "orgb orga"), ("orga", "orga"), ("ORGA", "orga"),
    ("press NOT alder", ""), ("press", "dirm"), ("oa*", "orga"), ("*ch", "orgb"), ("oek~", "orga"),
    ("*", "dirm orgb cons orga"), ("", "dirm orgb cons orga"), (" ", "dirm orgb cons orga"),
    # fields by the names of the index
    ("uid:cons", "cons"), ("uid:CONS", "cons"), ("symbol:CONS", "cons"), ("symbol:cons", ""),
    ("id:orgb", "orgb"), ("name:university", "orgb"), ("display_name:alder", "dirm"),
    ("name.keyword:alder\\ Press", "dirm"), ('name.raw:"ALDER PRESS"', "dirm"),
    ("region:EMEA", "orgb cons orga"), ("region:emea", ""), ("country_code:SE", "orga"),
    ("member_type:consortium*", "orgb cons orga"), ("organization_type:publisher", "dirm"),
    ("focus_area:general", "orgb orga"), ('ror_id:"https://ror.org/04wxnsj81"', "cons"),
    ("consortium_id:cons", "orgb orga"), ("consortium_id.raw:CONS", "orgb orga"),
    ("consortium_organization_ids:orga", "cons"), ("client_ids:dirm.jour", "dirm"),
    ("prefix_ids:10.82436", "dirm"), ("prefix_ids:10.8243?", "dirm orgb orga"),
    ("description:runs", "cons"), ("joined:2018-03", "cons"), ("joined:2019", ""),
    ("created:2019", "orgb orga"), ("created:[2019-06 TO *]", "dirm orgb"),
    ("updated:>=2021", "orga"), ("updated:>2021", ""), ("year:2018", "cons"), ("year:[2019 TO 2020]", "dirm orgb orga"),
    ("is_active:true", "dirm orgb cons orga"), ("is_active:false", ""),
    ("_exists_:description", "cons"), ("NOT _exists_:joined", "dirm orgb orga"),
    ("title:oak", ""), ("client.name:oak", ""),
    # the account of the service is no member
    ("admin", ""), ("uid:admin", ""),
    # what strangers may not see finds nothing
    ('system_email:"oak@example.org"', ""), ("_exists_:system_email", ""),
])
def test_providers(server, query, expected):
    assert ask(server, "/providers", query) == expected


@pytest.mark.parametrize("query, expected", [
    ("zeta", "orga.data"), ("oak zeta", "orga.data"), ("oak", "orga.data orga.long"),
    ('"old forest"', "orga.long"), ('"old oak forest"', "orga.long"), ('"forest old"', ""),
    ("angstrom", ""), ("ångström", "orga.long"), ("ANGSTROM*", ""),
    ("name.raw:angstrom*", "orga.long"), ("alternate_name:forest", "orga.long"),
    ("orga.data", "orga.data"), ("ORGA.DATA", "orga.data"), ("oaks", "orga.data"),
    ("provider_id:dirm", "dirm.jour dirm.raid dirm.repo"), ("provider_id:DIRM", ""),
    ("software:dataverse", "dirm.repo orga.data"), ("software.raw:dspace\\ 7.x", "orga.long"),
    ("software.keyword:OJS", "dirm.jour"), ("OJS", "dirm.jour"),
    ("client_type:periodical", "dirm.jour"), ("client_type:igsn*", "orgb.igsn"),
    # what upstream saves when nothing is given
    ("client_type:repository AND uid:orga.stub", "orga.stub"),
    ("domains:* AND uid:orga.stub", "orga.stub"),
    ("certificate:WDS", "dirm.repo orga.data"), ('certificate:"DIN 31644"', "dirm.repo"),
    ("repository_type:(institutional OR other)", "orgb.igsn orga.data"), ("language:en", "orga.data"),
    ("re3data_id:10.17616\\/R3SW4D", "orga.data"), ("opendoar_id:17", "orga.data"),
    ('subjects.subject:"FOS: Biology"', "orga.data"), ("url:oak.example.org", "orga.data"),
    ("prefix_ids:10.5072", "orga.stub orga.data"), ("year:2021", "dirm.repo"), ("year:>=2021", "dirm.repo"),
    ("year:{2018 TO 2020}", "orga.data"), ("created:2020-02-29", "orga.long"),
    ("updated:2021-07-01", "dirm.jour"), ("system_email:*", ""), ("salesforce_id:0011", ""),
    ("desk@oak.example.org", ""), ("description:birch", "orga.long"),
])
def test_clients(server, query, expected):
    for path in ("/clients", "/repositories"):
        assert ask(server, path, query) == expected, path


def test_relevance(server):
    more = "&sort=relevance"
    # the symbol counts ten, the name five, the description five
    assert ask(server, "/clients", "dirm.raid OR data", more) == "dirm.raid orga.data orga.long"
    assert ask(server, "/clients", "software:ojs OR name:zeta^3", more) == "orga.data dirm.jour"
    assert ask(server, "/clients", "dirm.*", more) == "dirm.jour dirm.raid dirm.repo"
    assert ask(server, "/clients", "dirm.raid OR data", "&sort=-name") == \
        "orga.long orga.data dirm.raid"


def test_with_filters_facets_and_pages(server):
    assert ask(server, "/clients", "oak", "&provider-id=dirm") == ""
    assert ask(server, "/clients", "provider_id:dirm", "&software=dataverse") == "dirm.repo"
    assert ask(server, "/providers/dirm/clients", "alder") == "dirm.jour dirm.raid dirm.repo"
    assert ask(server, "/providers/orga/repositories", "alder") == "orga.long"
    assert ask(server, "/providers/orga/repositories", "zeta") == "orga.data"
    document = server.json("/clients?query=alder&page[size]=2&sort=name")
    assert document["meta"]["total"] == 4 and document["meta"]["totalPages"] == 2
    assert document["meta"]["software"] == [
        {"id": "dspace_7_x", "title": "DSpace 7.x", "count": 1},
        {"id": "dataverse", "title": "Dataverse", "count": 1},
        {"id": "ojs", "title": "OJS", "count": 1}]
    rest = server.json(document["links"]["next"].replace(server.base, ""))
    assert len(document["data"]) == len(rest["data"]) == 2
    assert "query=alder" in document["links"]["next"]
    # ids leave everything else aside, as they do the filters
    assert ask(server, "/clients", "zeta", "&ids=dirm.repo") == "dirm.repo"


@pytest.mark.parametrize("path", ["/providers", "/clients", "/repositories",
                                  "/providers/dirm/clients"])
@pytest.mark.parametrize("query", ["(", "name:(a", "[a TO", '"open', "a AND", "year:abc",
                                   "created:nonsense", "created:[x TO y]", "name:/[/"])
def test_bad_queries(server, path, query):
    answer = server.get(f"{path}?query={quote(query)}")
    assert answer.status == 400
    errors = answer.json()["errors"]
    assert list(errors) == ["title"] and errors["title"]


def test_reason_names_the_query(server):
    answer = server.get("/clients?query=name:(a")
    assert answer.json() == {"errors": {"title": "Failed to parse query [name:(a]"}}


def test_hostile_queries_end(server):
    for query in ("(" * 5000, "a " * 20000, "name:" + "*?" * 3000, "name:" + "a~2 OR " * 500 + "b",
                  '"' + "the " * 3000 + '"~100000', "\0\xff\xfe", "name:\0"):
        assert server.get(f"/clients?query={quote(query)}").status in (200, 400, 414), query[:20]
    assert server.get("/clients?query=%ff%fe").status in (200, 400)
