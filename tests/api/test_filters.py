"""Every filter of /dois, alone and together."""

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, COUNCIL, FIELDS_OF_SCIENCE, ORCID, ROR, doi, person

LANDING = {"status": 200, "hasSchemaOrg": True, "bodyHasPid": False, "redirectCount": 2,
           "schemaOrgId": "x", "dcIdentifier": "y", "citationDoi": "z",
           "url": "https://example.org", "checked": "2020-01-01T00:00:00.000Z"}
RECORDS = [
    doi("plain"),
    doi("aff", "orgb.igsn", creators=[person("A", affiliation="Forest Institute")],
        types={"resourceTypeGeneral": "PhysicalObject", "resourceType": "Core, deep"}),
    doi("affc", "dirm.jour", contributors=[
        person("B", affiliation="Forest Inst.", contributorType="Editor")]),
    doi("org", "dirm.repo", creators=[person("Org", ROR, scheme="ROR")]),
    doi("orgc", "dirm.repo",
        contributors=[person("Org", ROR, scheme="ROR", contributorType="Sponsor")]),
    doi("fund", "dirm.repo", fundingReferences=[
        {"funderName": "Council", "funderIdentifier": COUNCIL,
         "funderIdentifierType": "Crossref Funder ID"}]),
    doi("fundror", fundingReferences=[
        {"funderName": "Fund", "funderIdentifier": "https://ror.org/00k4n6c32",
         "funderIdentifierType": "ROR"}]),
    doi("person", creators=[person("Lindqvist, Maja", ORCID)], publicationYear=2018),
    doi("contrib", contributors=[person("Okafor, Ben", ORCID, contributorType="DataCurator")],
        publicationYear=2019),
    doi("article", types={"resourceTypeGeneral": "JournalArticle", "resourceType": "Research Text"},
        schemaVersion="http://datacite.org/schema/kernel-3"),
    doi("fos", subjects=[{"subject": "FOS: Computer and information sciences",
                          "subjectScheme": FIELDS_OF_SCIENCE}, {"subject": "Wood"}]),
    doi("fosless", subjects=[{"subject": "FOS: Computer and information sciences"}]),
    doi("lic", rightsList=[{"rights": "CC BY", "rightsIdentifier": "cc-by-4.0"},
                           {"rights": "MIT", "rightsIdentifier": "mit"}]),
    doi("lic0", rightsList=[{"rights": "CC0", "rightsIdentifier": "CC0-1.0"}], source="mds"),
    doi("early", created="2014-12-31T23:59:59Z", registered="2016-01-01T00:00:00Z",
        publicationYear=1999),
    doi("middle", created="2015-01-01T00:00:00Z", registered="2016-12-31T23:59:59Z",
        publicationYear=2001),
    doi("late", created="2017-12-31T23:59:59Z", registered=None, publicationYear=2003),
    doi("counts", viewCount=5, downloadCount=4, citationCount=3, referenceCount=2, partCount=1,
        partOfCount=1, versionCount=1, versionOfCount=1),
    doi("landing", landingPage=LANDING),
    doi("landing2", landingPage={**LANDING, "status": 404, "hasSchemaOrg": False,
                                 "bodyHasPid": True, "redirectCount": 0, "schemaOrgId": None,
                                 "dcIdentifier": None, "citationDoi": None}),
    doi("raid", "dirm.raid"),
    doi("foreign", "dirm.raid", agency="crossref"),
    doi("draft", state="draft"),
    doi("registered", state="registered"),
]
HIDDEN = {"foreign", "draft", "registered"}
NAMES = {item["id"].split("/")[1] for item in RECORDS}
OF_DIRM = {"affc", "org", "orgc", "fund", "raid"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("filters") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with serving(path) as running:
        yield running


def names(server, query):
    document = server.json(f"/dois?page[size]=1000&disable-facets=true&{query}")
    found = [item["id"].split("/")[1] for item in document["data"]]
    assert document["meta"]["total"] == len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("query, expected", [
    # the group of which a single one must hold
    ("provider-id=orgb", {"aff"}),
    ("provider-id=ORGB,dirm", {"aff"} | OF_DIRM),
    ("client-id=Orgb.IGSN,dirm.jour", {"aff", "affc"}),
    ("affiliation-id=04wxnsj81", {"aff", "affc"}),
    ("affiliation-id=ror.org/04wxnsj81", {"aff", "affc"}),
    ("affiliation-id=https://ror.org/04wxnsj81", {"aff", "affc"}),
    ("affiliation-id=http%3A%2F%2Fror.org%2F04wxnsj81", {"aff", "affc"}),
    ("affiliation-id=none", set()),
    ("funder-id=10.13039/501100000780", {"fund"}),
    ("funder-id=doi:10.13039/501100000780", {"fund"}),
    ("funder-id=https://doi.org/10.13039/501100000780", {"fund"}),
    ("funder-id=http://dx.doi.org/10.13039/501100000780,10.1/x", {"fund"}),
    ("has-affiliation=true", {"aff", "affc"}),
    ("has-affiliation=false", {"aff", "affc"}),
    ("has-organization=1", {"org", "orgc"}),
    ("has-funder=yes", {"fund"}),
    ("client-id=orgb.igsn&affiliation-id=04wxnsj81", {"aff", "affc"}),
    ("provider-id=orgb&client-id=dirm.jour&has-organization=1&has-funder=1",
     {"aff", "affc", "org", "orgc", "fund"}),
    ("provider-id=nobody&has-funder=1", {"fund"}),
    # those that must hold each
    ("has-person=true", {"person"}),
    ("user-id=0000-0002-1825-0097", {"person"}),
    ("user-id=orcid.org/0000-0002-1825-0097", {"person"}),
    ("user-id=https://orcid.org/0000-0002-1825-0097", {"person"}),
    ("user-id=0000-0000-0000-0000", set()),
    ("consortium-id=CONS&page[size]=1000", NAMES - HIDDEN - OF_DIRM),
    ("consortium-id=none", set()),
    ("prefix=10.82434,10.82435", {"aff", "affc"}),
    ("prefix=10.8243", set()),
    ("resource-type-id=journal-article", {"article"}),
    ("resource-type-id=JournalArticle,%20physical_object%20", {"article", "aff"}),
    ("resource-type=research%20text", {"article"}),
    ("resource-type=Core", set()),
    ("schema-version=3", {"article"}),
    ("subject=Wood", {"fos"}),
    ("subject=wood", set()),
    ("subject=x,Wood", {"fos"}),
    ("field-of-science=computer_and_information_sciences", {"fos"}),
    ("field-of-science=_computer_and_information_sciences_id,biology", {"fos"}),
    ("field-of-science=biology", set()),
    ("license=CC-BY-4.0", {"lic"}),
    ("license=mit,cc0-1.0", {"lic", "lic0"}),
    ("certificate=DIN%2031644", {"org", "orgc", "fund"}),
    ("certificate=din%2031644", set()),
    ("certificate=WDS,x", NAMES - HIDDEN - {"aff", "affc", "raid"}),
    ("client-type=periodical", {"affc"}),
    ("client-type=Periodical", set()),
    ("client-type=", set()),
    ("client-type=igsnCatalog", {"aff"}),
    ("client-type=raidRegistry", {"raid"}),
    ("re3data-id=10.17616/R3SW4D", NAMES - HIDDEN - {"aff"} - OF_DIRM),
    ("re3data-id=https://doi.org/10.17616/r3sw4d", NAMES - HIDDEN - {"aff"} - OF_DIRM),
    ("re3data-id=10.17616/R3SW4E", set()),
    ("opendoar-id=17", NAMES - HIDDEN - {"aff"} - OF_DIRM),
    ("opendoar-id=1", set()),
    ("source=mds", {"lic0"}),
    ("source=MDS", set()),
    ("created=2014", {"early"}),
    ("created=2015", {"middle"}),
    ("created=2014,2017", {"early", "middle", "late"}),
    ("created=2017,2014,2015", {"early", "middle", "late"}),
    ("registered=2016", {"early", "middle"}),
    ("published=2003,1999", {"early", "middle", "late"}),
    ("published=2001", {"middle"}),
    ("has-citations=3", {"counts"}), ("has-citations=4", set()),
    ("has-references=2", {"counts"}), ("has-references=3", set()),
    ("has-parts=1", {"counts"}), ("has-part-of=1", {"counts"}),
    ("has-versions=1", {"counts"}), ("has-version-of=1", {"counts"}),
    ("has-views=5", {"counts"}), ("has-views=6", set()),
    ("has-downloads=4x", {"counts"}), ("has-downloads=5", set()),
    ("has-downloads=true", NAMES - HIDDEN), ("has-views=0", NAMES - HIDDEN),
    ("funded-by=00k4n6c32", {"fundror"}),
    ("funded-by=https://ror.org/00k4n6c32", {"fundror"}),
    ("funded-by=ror.org/00k4n6c32&include-funder-child-organizations=true", {"fundror"}),
    ("funded-by=00k4n6c33", set()),
    ("link-check-status=200", {"landing"}), ("link-check-status=404", {"landing2"}),
    ("link-check-has-schema-org=true", {"landing"}),
    ("link-check-has-schema-org=false", {"landing2"}),
    ("link-check-body-has-pid=true", {"landing2"}),
    ("link-check-body-has-pid=false", {"landing"}),
    ("link-check-found-schema-org-id=1", {"landing"}),
    ("link-check-found-dc-identifier=false", {"landing"}),
    ("link-check-found-citation-doi=true", {"landing"}),
    ("link-check-redirect-count-gte=1", {"landing"}),
    ("link-check-redirect-count-gte=0", {"landing", "landing2"}),
    ("state=draft", NAMES - HIDDEN),
    ("include-other-registration-agencies=", NAMES - HIDDEN),
    ("include-other-registration-agencies=false", NAMES - HIDDEN | {"foreign"}),
    # several together
    ("has-person=1&client-id=orgb.igsn", set()),
    ("has-person=1&client-id=orga.data&published=2018", {"person"}),
    ("license=mit&published=2020&created=2020&prefix=10.5072", {"lic"}),
    ("license=mit&source=mds", set()),
    ("client_type=igsnCatalog&resource_type_id=dataset", set()),
    # blank or unknown: as if not given
    ("provider-id=%20", NAMES - HIDDEN), ("has-person=", NAMES - HIDDEN),
    ("user-id=&source=&license=%20%20&published=&prefix=", NAMES - HIDDEN),
    ("organization-id=x&member-id=x&has-member=1&language=xx&agency=x&uid=x&field-of-science-"
     "repository=x&field-of-science-combined=x&link-checked=1&pid-entity=x", NAMES - HIDDEN),
    ("clientId=orgb.igsn&hasPerson=true", NAMES - HIDDEN),
])
def test_filter(server, query, expected):
    assert names(server, query) == expected


def test_lists_are_not_trimmed(server):
    assert names(server, "prefix=10.82434,%2010.82435") == {"aff"}
    assert names(server, "source=mds,api") == set()
    assert names(server, "consortium-id=cons,x") == set()


@pytest.mark.parametrize("query", ["created=abc", "registered=20x6", "published=x"])
def test_years_that_are_none_are_refused(server, query):
    answer = server.get(f"/dois?{query}")
    assert answer.status == 400
    assert list(answer.json()) == ["errors"] and list(answer.json()["errors"]) == ["title"]


def test_id_and_ids(server):
    one = server.json("/dois?id=10.5072/PLAIN&client-id=nobody&prefix=x")
    assert [item["id"] for item in one["data"]] == ["10.5072/plain"]
    assert list(one["meta"]) == ["total", "totalPages", "page"]
    several = server.json("/dois?ids=10.5072/LIC,10.5072/fos,10.1/none&published=1&sort=-name")
    assert [item["id"] for item in several["data"]] == ["10.5072/lic", "10.5072/fos"]
    assert several["meta"]["total"] == 2
    assert several["meta"]["prefixes"] == [{"id": "10.5072", "title": "10.5072", "count": 2}]
    plain = server.json("/dois?ids=10.5072/lic,10.5072/fos&disable-facets=1")
    assert list(plain["meta"]) == ["total", "totalPages", "page"]
    chosen = server.json("/dois?ids=10.5072/lic,10.5072/fos&facets=states")
    assert list(chosen["meta"])[3:] == ["states"]


def test_ids_are_paged(server):
    ids = ",".join(f"10.5072/{name}" for name in ("lic", "lic0", "fos", "plain", "article"))
    found, target, pages = [], f"/dois?ids={ids}&page[size]=2&sort=name", 0
    while target:
        document = server.json(target)
        assert (document["meta"]["total"], document["meta"]["totalPages"]) == (5, 3)
        found += [item["id"].split("/")[1] for item in document["data"]]
        target = document["links"].get("next", "").replace(server.base, "")
        pages += 1
    assert found == ["article", "fos", "lic", "lic0", "plain"] and pages == 3


def test_hidden_states_stay_hidden(server):
    for name in ("draft", "registered"):
        assert server.get(f"/dois/10.5072/{name}").status == 404
        assert server.json(f"/dois?ids=10.5072/{name}&state={name}")["data"] == []
        assert server.json(f"/dois?id=10.5072/{name}")["data"] == []
    assert server.json("/dois?facets=states")["meta"]["states"] == [
        {"id": "findable", "title": "Findable", "count": len(NAMES - HIDDEN)}]


def test_other_agencies(server):
    assert server.get("/dois/10.82436/foreign").status == 404
    document = server.json("/dois?include-other-registration-agencies=1&page[size]=1000")
    agencies = {item["id"]: item["attributes"]["agency"] for item in document["data"]}
    assert agencies["10.82436/foreign"] == "crossref"
    assert all(list(item["attributes"])[-1] == "agency" for item in document["data"])
    single = server.json("/dois/10.5072/plain?include-other-registration-agencies=1")
    assert list(single["data"]["attributes"])[-1] == "agency"


def test_nested_lists(server):
    for path, count in (("/providers/orgb/dois", 1), ("/providers/CONS/dois", 0),
                        ("/clients/orgb.igsn/dois", 1), ("/repositories/dirm.jour/dois", 1),
                        ("/providers/dirm/dois?client-id=dirm.raid", len(OF_DIRM)),
                        ("/providers/dirm/dois?prefix=10.82435", 1)):
        assert server.json(path)["meta"]["total"] == count, path


@pytest.mark.parametrize("group, sample, sizes", [
    ("client", "",
     {"orga.data": 1, "orgb.igsn": 1, "dirm.jour": 1, "dirm.repo": 1, "dirm.raid": 1}),
    ("data-center", "&sample=2",
     {"orga.data": 2, "orgb.igsn": 1, "dirm.jour": 1, "dirm.repo": 2, "dirm.raid": 1}),
    ("provider", "&sample=3", {"orga": 3, "orgb": 1, "dirm": 3}),
    ("resource-type", "&sample=2", {"Dataset": 2, "PhysicalObject": 1, "JournalArticle": 1}),
])
def test_samples_of_groups(server, group, sample, sizes):
    document = server.json(f"/dois?sample-group={group}{sample}&facets=states")
    met = {}
    for item in document["data"]:
        client = item["relationships"]["client"]["data"]["id"]
        key = {"client": client, "data-center": client, "provider": client.split(".")[0],
               "resource-type": item["attributes"]["types"].get("resourceTypeGeneral")}[group]
        met[key] = met.get(key, 0) + 1
    assert met == sizes
    assert list(met)[0] in ("orga.data", "orga", "Dataset"), "the largest group comes first"
    assert document["meta"]["total"] == sum(sizes.values())
    assert document["meta"]["totalPages"] == 1
    assert "next" not in document["links"]


def test_sample_alone_has_no_effect(server):
    assert names(server, "sample=1&sample-size=2") == NAMES - HIDDEN


def test_random(server):
    for value in ("true", "TRUE"):
        assert names(server, f"random={value}&sort=name") == NAMES - HIDDEN
    document = server.json("/dois?random=1&sort=name&page[size]=2")
    assert [item["id"] for item in document["data"]] == ["10.5072/article", "10.5072/contrib"]
    for cursor in ("page[cursor]=1", "page[cursor]=", "page%5Bcursor%5D"):
        answer = server.get(f"/dois?random=true&{cursor}")
        assert answer.status == 400
        assert answer.json()["errors"][0]["title"] == (
            "Cursor-based pagination and random sampling are mutually exclusive,"
            " please choose one or the other.")
