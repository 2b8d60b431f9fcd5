"""Every facet of /dois: which, in what order, under which titles."""

import datetime

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, COUNCIL, FIELDS_OF_SCIENCE, ORCID, doi, person

YEAR = datetime.date.today().year
OTHER_ORCID = "https://orcid.org/0000-0001-5109-3700"
FOS = {"subjectScheme": FIELDS_OF_SCIENCE}


def fund(name, identifier=COUNCIL):
    return {"funderName": name, "funderIdentifier": identifier,
            "funderIdentifierType": "Crossref Funder ID"}


def rights(*identifiers):
    return [{"rights": "x", "rightsIdentifier": identifier} for identifier in identifiers]


RECORDS = [
    doi("a1", creators=[person("Lindqvist, Maja", ORCID, "Forest Institute")],
        subjects=[{"subject": "project-related"}, {"subject": "COVID-19"}],
        language="en", rightsList=rights("cc-by-4.0", "mit"), citationCount=2, viewCount=7,
        contentUrl=["https://example.org/1", "https://example.org/2"], publicationYear=2020,
        fundingReferences=[fund("Example Council")], landingPage={"status": 200}),
    doi("a2", creators=[person("Lindqvist, Maja", ORCID, "Forest Institute")],
        contributors=[person("Okafor, Ben", OTHER_ORCID, contributorType="Editor")],
        subjects=[{"subject": "FOS: Computer and information sciences", **FOS},
                  {"subject": "project-related"}], language="spa",
        rightsList=rights("CC-BY-4.0", "ogl-canada-2.0"), publicationYear=2021, citationCount=3,
        downloadCount=1, contentUrl=[], fundingReferences=[fund("Example Council")],
        created="2021-05-01T00:00:00Z", registered="2021-05-01T00:00:00Z",
        landingPage={"status": 404}),
    doi("a3", subjects=[{"subject": "FOS: Computer and information sciences"},
                        {"subject": "Ökologie der Öffentlichkeit"}], language="xx",
        rightsList=rights("gpl-2.0+", "unheard-of"), publicationYear=YEAR + 2,
        types={"resourceTypeGeneral": "JournalArticle"}, landingPage={"status": 200}),
    doi("a4", language="vol", types={"resourceTypeGeneral": "OutputManagementPlan"},
        publicationYear=1950, viewCount=1, schemaVersion="http://datacite.org/schema/kernel-2.2",
        rightsList=rights("cc0-1.0")),
    doi("s1", "orgb.igsn", types={"resourceTypeGeneral": "PhysicalObject"}, language="EN",
        creators=[person("Other, Name", "https://orcid.org/0000-0002-1825-0097",
                         "Forest Inst.")], created="2021-03-01T00:00:00Z"),
    doi("s2", "orgb.igsn", types={"resourceTypeGeneral": "PhysicalObject"},
        created="2021-05-02T00:00:00Z", language="ang"),
    doi("j1", "dirm.jour", types={"resourceTypeGeneral": "JournalArticle"},
        rightsList=rights("cc-pdm-1.0"), publicationYear=None,
        subjects=[{"subject": "GBIF"}, {"subject": "RatSWD"},
                  {"subject": "Experimental 3D Coordinates"}]),
    doi("p1", "dirm.raid", types={"resourceTypeGeneral": "Project"}, registered=None),
    doi("r1", "dirm.repo", agency="datacite"),
    doi("x1", "dirm.repo", agency="crossref"),
    doi("x2", "dirm.repo", agency="medra"),
    doi("x3", "dirm.repo", agency="jalc"),
]
TOTAL = 9
DEFAULT = ("states resourceTypes created published registered providers clients affiliations"
           " prefixes certificates licenses schemaVersions linkChecksStatus subjects"
           " fieldsOfScience citations views downloads").split()
ORDER = ("states resourceTypes created published registered providers clients clientTypes"
         " affiliations prefixes certificates licenses licensesWithMissing schemaVersions"
         " linkChecksStatus authors creatorsAndContributors subjects fieldsOfScience languages"
         " registrationAgencies citations views downloads citationCount viewCount downloadCount"
         " contentUrlCount openLicenses openLicensesCount funders"
         " personToWorkTypesMultilevel").split()


def facet(text):
    """Buckets from lines "count id | title"; without a title it is the id."""
    made = []
    for line in filter(str.strip, text.splitlines()):
        count, rest = line.strip().split(" ", 1)
        name, _, title = rest.partition(" | ")
        made.append({"id": name, "title": title or name, "count": int(count)})
    return made


EXPECTED = {
    "states": facet("9 findable | Findable"),
    "resourceTypes": facet("""
        3 dataset | Dataset
        2 journal-article | Journal Article
        2 physical-object | Physical Object
        1 output-management-plan | Output Management Plan
        1 project | Project"""),
    "created": facet("3 2021\n6 2020"),
    "published": facet("1 2021\n5 2020\n1 1950"),
    "registered": facet("1 2021\n7 2020"),
    "providers": facet("4 orga | Oak Institute\n3 dirm | alder Press\n2 orgb | Birch University"),
    "clients": facet("""
        4 orga.data | Zeta Oak Data
        2 orgb.igsn | Birch Samples
        1 dirm.jour | Alder Journals
        1 dirm.raid | Alder Projects
        1 dirm.repo | alder repository"""),
    "clientTypes": facet("""
        5 repository | Repository
        2 igsnCatalog | IGSN ID Catalog
        1 periodical | Periodical
        1 raidRegistry | RAiD Registry"""),
    "affiliations": facet("""
        2 ror.org/04wxnsj81 | Forest Institute
        1 ror.org/04wxnsj81 | Forest Inst."""),
    "prefixes": facet("4 10.5072\n2 10.82434\n2 10.82436\n1 10.82435"),
    "certificates": facet("""
        5 WDS | Wds
        4 CoreTrustSeal | Core Trust Seal
        1 DIN 31644 | Din 31644"""),
    "licenses": facet("""
        2 cc-by-4.0 | CC-BY-4.0
        1 cc-pdm-1.0 | cc-pdm-1.0
        1 cc0-1.0 | CC0-1.0
        1 gpl-2.0+ | GPL-2.0+
        1 mit | MIT
        1 ogl-canada-2.0 | OGL-Canada-2.0
        1 unheard-of | unheard-of"""),
    "licensesWithMissing": facet("""
        4 __missing__ | Unknown
        2 cc-by-4.0 | CC-BY-4.0
        1 cc-pdm-1.0 | cc-pdm-1.0
        1 cc0-1.0 | CC0-1.0
        1 gpl-2.0+ | GPL-2.0+
        1 mit | MIT
        1 ogl-canada-2.0 | OGL-Canada-2.0
        1 unheard-of | unheard-of"""),
    "schemaVersions": facet("8 4 | Schema 4\n1 2.2 | Schema 2.2"),
    "linkChecksStatus": facet("2 200\n1 404"),
    "authors": [{"id": ORCID, "count": 3}],
    "creatorsAndContributors": [{"id": ORCID, "count": 3}, {"id": OTHER_ORCID, "count": 1}],
    "subjects": facet("""
        2 FOS: Computer and information sciences | Fos: Computer And Information Sciences
        2 project-related | Project Related
        1 COVID-19 | Covid 19
        1 Experimental 3D Coordinates | Experimental 3 D Coordinates
        1 GBIF | Gbif
        1 RatSWD | Rat Swd
        1 Ökologie der Öffentlichkeit | Ökologie Der öffentlichkeit"""),
    "fieldsOfScience": facet(
        "1 computer_and_information_sciences | Computer and information sciences"),
    "languages": facet("""
        1 EN
        1 ang | English
        1 en | English
        1 spa | Spanish
        1 vol | Volap
        1 xx"""),
    "registrationAgencies": facet("9 datacite | DataCite"),
    "citations": facet("3 2021\n2 2020"),
    "views": facet("7 2020\n1 1950"),
    "downloads": facet("1 2021"),
    "citationCount": 5, "viewCount": 8, "downloadCount": 1, "contentUrlCount": 2,
    "openLicenses": facet("""
        2 dataset | Dataset
        1 journal-article | Journal Article
        1 output-management-plan | Output Management Plan"""),
    "openLicensesCount": 4,
    "funders": facet("2 https://doi.org/10.13039/501100000780 | Example Council"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("facets") / "store.db"
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + RECORDS).encode())
    with serving(path) as running:
        yield running


@pytest.fixture(scope="module")
def every(server):
    names = ",".join(name for name in ORDER if name != "openLicensesCount")
    return server.json(f"/dois?page[size]=0&facets={names}")["meta"]


def test_default_facets(server, every):
    meta = server.json("/dois?page[size]=0")["meta"]
    assert list(meta) == ["total", "totalPages", "page", *DEFAULT]
    assert meta["total"] == TOTAL
    for name in DEFAULT:
        assert meta[name] == every[name], name


def test_order_is_fixed(server, every):
    assert list(every)[3:] == ORDER
    backwards = ",".join(reversed([name for name in ORDER if name != "openLicensesCount"]))
    assert server.json(f"/dois?page[size]=0&facets={backwards}")["meta"] == every


@pytest.mark.parametrize("name", EXPECTED)
def test_facet(every, name):
    if name in ("authors", "creatorsAndContributors"):
        assert [{"id": one["id"], "count": one["count"]} for one in every[name]] == EXPECTED[name]
        names = {ORCID: ("Lindqvist, Maja", "Other, Name"), OTHER_ORCID: ("Okafor, Ben",)}
        assert all(one["title"] in names[one["id"]] for one in every[name])
    else:
        assert every[name] == EXPECTED[name]
    for bucket in every[name] if isinstance(every[name], list) else []:
        assert list(bucket) == ["id", "title", "count"]


def test_people_and_their_work_types(every):
    people = every["personToWorkTypesMultilevel"]
    assert [(one["id"], one["count"]) for one in people] == [(ORCID, 3), (OTHER_ORCID, 1)]
    assert people[0]["inner"] == facet("2 dataset | Dataset\n1 physical-object | Physical Object")
    assert people[1]["inner"] == facet("1 dataset | Dataset")
    assert all(list(one) == ["id", "title", "count", "inner"] for one in people)


@pytest.mark.parametrize("asked, got", [
    ("resource_types,states", ["states", "resourceTypes"]),
    ("resourceTypes", ["resourceTypes"]),
    ("resource-types,%20states%20,nonsense", ["states", "resourceTypes"]),
    ("licenses_with_missing", ["licensesWithMissing"]),
    ("openLicensesCount", []), ("pid_entities", []), ("createdByMonth", []), ("", []),
    ("open-licenses", ["openLicenses", "openLicensesCount"]),
    ("states,states", ["states"]),
    ("person_to_work_types_multilevel", ["personToWorkTypesMultilevel"]),
])
def test_names_of_facets(server, asked, got):
    assert list(server.json(f"/dois?page[size]=0&facets={asked}")["meta"])[3:] == got


@pytest.mark.parametrize("query, there", [
    ("disable-facets=true", False), ("disable_facets=TRUE", False), ("disable-facets=1", False),
    ("disable-facets=false", True), ("disable-facets=0", True), ("disable-facets=yes", True),
    ("disable-facets=true&facets=states", False), ("disable-facets=", True),
])
def test_disabling(server, query, there):
    assert ("states" in server.json(f"/dois?{query}")["meta"]) == there


def test_no_hits_no_facets(server):
    meta = server.json("/dois?client-id=nobody&facets=states,views,viewCount")["meta"]
    assert list(meta) == ["total", "totalPages", "page"]


def test_facets_without_values_are_empty(server):
    meta = server.json("/dois?client-id=dirm.raid&page[size]=0")["meta"]
    assert meta["total"] == 1 and list(meta)[3:] == DEFAULT
    for name in ("registered", "affiliations", "certificates", "licenses", "linkChecksStatus",
                 "subjects", "fieldsOfScience", "citations", "views", "downloads"):
        assert meta[name] == [], name
    numbers = server.json("/dois?client-id=dirm.raid&facets=viewCount,contentUrlCount,openLicenses"
                          ",funders,authors,languages")["meta"]
    assert numbers["viewCount"] == numbers["contentUrlCount"] == 0
    assert numbers["openLicenses"] == [] and numbers["openLicensesCount"] == 0
    assert numbers["funders"] == numbers["authors"] == numbers["languages"] == []


def test_facets_are_of_the_hits(server):
    meta = server.json("/dois?client-id=orgb.igsn&page[size]=0")["meta"]
    assert meta["clients"] == facet("2 orgb.igsn | Birch Samples")
    assert meta["resourceTypes"] == facet("2 physical-object | Physical Object")
    assert meta["affiliations"] == facet("1 ror.org/04wxnsj81 | Forest Inst.")
    assert server.json("/dois?client-id=orgb.igsn&page[size]=1&page[number]=2")["meta"]["clients"] \
        == meta["clients"]
    cursor = server.json("/dois?client-id=orgb.igsn&page[cursor]=1")["meta"]
    assert list(cursor) == ["total", "totalPages", *DEFAULT]


@pytest.mark.parametrize("more", ["", "&disable-facets=true", "&facets=states"])
def test_months_of_samples(server, more):
    meta = server.json(f"/dois?client-type=igsnCatalog{more}")["meta"]
    assert meta["createdByMonth"] == facet("1 2021-05\n1 2021-03")
    names = list(meta)[3:]
    if not more:
        assert names == [*DEFAULT[:3], "createdByMonth", *DEFAULT[3:]]
    elif "facets=states" in more:
        assert names == ["states", "createdByMonth"]
    else:
        assert names == ["createdByMonth"]
    assert "createdByMonth" not in server.json("/dois?client-type=periodical")["meta"]


def test_other_agencies(server):
    meta = server.json("/dois?include-other-registration-agencies=1"
                       "&facets=registration_agencies")["meta"]
    assert meta["total"] == TOTAL + 3
    assert meta["registrationAgencies"] == facet(
        "9 datacite | DataCite\n1 crossref | Crossref\n1 jalc | JaLC\n1 medra | mEDRA")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Thirty of everything, the nth with n records' weight where it counts."""
    path = tmp_path_factory.mktemp("many") / "store.db"
    made = [doi(f"m{n:02}", publicationYear=YEAR - n, created=f"{YEAR - n}-03-01T00:00:00Z",
                registered=f"{YEAR - n}-03-01T00:00:00Z", viewCount=n, citationCount=n % 2,
                language="en",
                subjects=[{"subject": f"s{i:02}"} for i in range(n)],
                rightsList=rights(*(f"licence-{i:02}" for i in range(n))))
            for n in range(30)]
    run("import", "--store", path, "--quiet", "-", input=lines(ACCOUNTS + made).encode())
    with serving(path) as running:
        yield running


def test_sizes_of_facets(many):
    meta = many.json("/dois?page[size]=0")["meta"]
    newest = [str(YEAR - n) for n in range(10)]
    for name in ("created", "registered"):
        assert [bucket["id"] for bucket in meta[name]] == newest, name
    assert [bucket["id"] for bucket in meta["published"]] \
        == [str(YEAR - n) for n in range(YEAR - 2010 + 1)][:30]
    for name, start in (("subjects", "s"), ("licenses", "licence-")):
        assert [(bucket["id"], bucket["count"]) for bucket in meta[name]] \
            == [(f"{start}{i:02}", 29 - i) for i in range(10)]
    assert [(bucket["id"], bucket["count"]) for bucket in meta["views"]] \
        == [(str(YEAR - n), n) for n in range(1, 10)]
    assert [(bucket["id"], bucket["count"]) for bucket in meta["citations"]] \
        == [(str(YEAR - n), 1) for n in range(1, 10, 2)]


def test_the_rest_of_licences(many):
    buckets = many.json("/dois?page[size]=0&facets=licensesWithMissing")["meta"][
        "licensesWithMissing"]
    assert len(buckets) == 11
    assert buckets[0] == {"id": "licence-00", "title": "licence-00", "count": 29}
    assert buckets[-1] == {"id": "__other__", "title": "Other",
                           "count": sum(29 - i for i in range(10, 29)) + 1}
