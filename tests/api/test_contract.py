"""How /dois shows a record: attributes, forms, relations, types, container, fields, include."""

import base64
import json

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, ORCID, ROR, doi, person, related

XML = base64.b64encode(b'<?xml version="1.0"?><resource>&amp;</resource>').decode()
RICH = doi(
    "Spruce-2021", updated="2022-01-05T06:07:08Z", created="2021-03-04T09:10:11Z",
    registered="2021-03-04T09:10:12Z", publicationYear=2021, version="1.1", language="en",
    identifiers=[{"identifier": "FOR-4711", "identifierType": "Local accession number"},
                 {"identifier": "10.5072/SPRUCE-2021", "identifierType": "DOI"},
                 {"identifier": "https://example.org/0", "identifierType": "URL"}],
    creators=[person("Lindqvist, Maja", ORCID, "Example Forest Institute"),
              {"name": "Solo", "nameIdentifiers": {"nameIdentifier": "x"},
               "affiliation": [{"affiliationIdentifier": ROR}, {"name": "Named"}]}],
    contributors=[{"name": "Okafor, Ben", "contributorType": "DataCurator"}],
    titles=[{"title": "Spruce growth <1990-2020> & climate", "lang": "en"}],
    publisher={"name": "Example Archive", "lang": "en"},
    subjects=[{"subject": "dendrology"}],
    relatedIdentifiers=[related("IsCitedBy", "10.5072/citing"), related("References", "10.5072/b"),
                        related("HasPart", "10.5072/part-2"), related("HasPart", "10.5072/part-1"),
                        related("HasPart", "10.5072/part-1"), related("IsPartOf", "10.5072/whole"),
                        related("HasVersion", "10.5072/v2"), related("IsVersionOf", "10.5072/v0")],
    rightsList=[{"rights": "CC", "rightsIdentifier": "cc-by-4.0"}],
    geoLocations=[{"geoLocationPoint": {"pointLongitude": 14.5, "pointLatitude": 60.6},
                   "geoLocationPlace": "Dalarna"}],
    fundingReferences=[{"funderName": "Council"}], sizes=["12 MB"], formats=["text/csv"],
    xml=XML, metadataVersion=1, isActive=True, contentUrl=["https://example.org/c"],
    landingPage={"status": 200}, viewCount=3, downloadCount=1,
    viewsOverTime=[{"yearMonth": "2021-04", "total": 1}, {"yearMonth": "2021-05", "total": 2}],
    downloadsOverTime=[{"yearMonth": "2021-05", "total": 1}],
    citationsOverTime=[{"year": "2022", "total": 1}], citationCount=1)
OTHERS = [doi(name) for name in ("citing", "b", "part-1", "part-2", "whole", "v2", "v0")]
BARE = {"id": "10.5072/bare", "type": "dois", "attributes": {
    "doi": "10.5072/bare", "titles": [{"title": "Bare"}], "state": "findable",
    "created": "2020-01-01T00:00:00Z", "updated": "2020-01-01T00:00:00Z"}}
AGENCY = doi("crossref", "dirm.raid", agency="crossref")
DETAIL = "prefix suffix alternateIdentifiers xml viewsOverTime downloadsOverTime citationsOverTime"
RELATIONS = "references citations parts partOf versions versionOf".split()
COMPOSITE = "subjects contributors relatedIdentifiers geoLocations fundingReferences".split()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("contract") / "store.db"
    run("import", "--store", path, "--quiet", "-",
        input=lines([*ACCOUNTS, RICH, *OTHERS, BARE, AGENCY]).encode())
    with serving(path) as running:
        yield running


def single(server, name="spruce-2021", query=""):
    return server.json(f"/dois/10.5072/{name}{query}")["data"]


def listed(server, name="spruce-2021", query=""):
    document = server.json(f"/dois?ids=10.5072/{name}&disable-facets=true{query}")
    assert len(document["data"]) == 1
    return document["data"][0]


def test_single(server):
    data = single(server)
    assert data["id"] == "10.5072/spruce-2021" and data["attributes"]["doi"] == data["id"]
    shown = data["attributes"]
    assert (shown["prefix"], shown["suffix"]) == ("10.5072", "spruce-2021")
    assert shown["identifiers"] == [
        {"identifier": "FOR-4711", "identifierType": "Local accession number"}]
    assert json.dumps(shown["alternateIdentifiers"]) == json.dumps(
        [{"alternateIdentifierType": "Local accession number",
          "alternateIdentifier": "FOR-4711"}])
    assert shown["creators"][0]["affiliation"] == ["Example Forest Institute"]
    assert shown["creators"][1] == {"name": "Solo", "affiliation": ["Named"],
                                    "nameIdentifiers": [{"nameIdentifier": "x"}]}
    assert shown["contributors"] == [{"name": "Okafor, Ben", "affiliation": [],
                                      "contributorType": "DataCurator", "nameIdentifiers": []}]
    assert shown["publisher"] == "Example Archive"
    assert shown["xml"] == XML and shown["contentUrl"] == ["https://example.org/c"]
    assert shown["viewsOverTime"] == [{"yearMonth": "2021-04", "total": 1},
                                      {"yearMonth": "2021-05", "total": 2}]
    assert shown["downloadsOverTime"] == [{"yearMonth": "2021-05", "total": 1}]
    assert shown["citationsOverTime"] == [{"year": "2022", "total": 1}]
    assert (shown["viewCount"], shown["downloadCount"]) == (3, 1)
    assert "landingPage" not in shown and "agency" not in shown
    assert (shown["created"], shown["registered"], shown["published"], shown["updated"]) == (
        "2021-03-04T09:10:11.000Z", "2021-03-04T09:10:12.000Z", "2021", "2022-01-05T06:07:08.000Z")


def test_list_item(server):
    shown = listed(server)["attributes"]
    assert not set(shown) & set(DETAIL.split())
    assert (shown["created"], shown["published"]) == ("2021-03-04T09:10:11Z", None)
    assert list(listed(server)["relationships"]) == ["client"]


def test_detail(server):
    whole, item = single(server), listed(server, query="&detail=false")
    assert list(item["attributes"]) == list(whole["attributes"])
    for name in DETAIL.split():
        assert item["attributes"][name] == whole["attributes"][name]
    assert list(item["relationships"]) == ["client", "provider", *RELATIONS]
    assert item["attributes"]["published"] is None


@pytest.mark.parametrize("of", [single, lambda server: listed(server, query="&detail=1")])
def test_relations(server, of):
    relations = of(server)["relationships"]
    ids = {name: [link["id"] for link in relations[name]["data"]] for name in RELATIONS}
    assert {link["type"] for name in RELATIONS for link in relations[name]["data"]} == {"dois"}
    assert sorted(ids["parts"]) == ["10.5072/part-1", "10.5072/part-2"]
    assert ids["references"] == ["10.5072/b"] and ids["citations"] == ["10.5072/citing"]
    assert ids["partOf"] == ["10.5072/whole"]
    assert ids["versions"] == ["10.5072/v2"] and ids["versionOf"] == ["10.5072/v0"]


def test_relations_are_seen_from_the_other_side(server):
    for name, relation in (("citing", "references"), ("b", "citations"), ("part-1", "partOf"),
                           ("whole", "parts"), ("v2", "versionOf"), ("v0", "versions")):
        links = single(server, name)["relationships"]
        assert links[relation]["data"] == [{"id": "10.5072/spruce-2021", "type": "dois"}], name
        assert sum(len(links[other]["data"]) for other in RELATIONS) == 1, name
    counts = single(server)["attributes"]
    assert [counts[f"{name}Count"] for name in
            "reference citation part partOf version versionOf".split()] == [1, 1, 2, 1, 1, 1]


def test_relationships_of_a_single(server):
    links = single(server)["relationships"]
    assert list(links) == ["client", "provider", "media", *RELATIONS]
    assert links["client"]["data"] == {"id": "orga.data", "type": "clients"}
    assert links["provider"]["data"] == {"id": "orga", "type": "providers"}
    assert links["media"]["data"] == {"id": "10.5072/spruce-2021", "type": "media"}


def test_a_record_with_nearly_nothing(server):
    data = single(server, "bare")
    shown = data["attributes"]
    for name in ("identifiers", "alternateIdentifiers", "creators", "subjects", "contributors",
                 "dates", "relatedIdentifiers", "relatedItems", "sizes", "formats", "rightsList",
                 "descriptions", "geoLocations", "fundingReferences", "viewsOverTime",
                 "downloadsOverTime", "citationsOverTime"):
        assert shown[name] == [], name
    for name in ("publisher", "publicationYear", "language", "version", "xml", "url",
                 "contentUrl", "source", "reason", "registered", "published"):
        assert shown[name] is None, name
    assert shown["schemaVersion"] == "http://datacite.org/schema/kernel-4"
    assert shown["container"] == shown["types"] == {}
    assert shown["metadataVersion"] == shown["viewCount"] == shown["versionOfCount"] == 0
    assert data["relationships"]["client"] == {"data": None}
    assert single(server, "bare", "?publisher=true")["attributes"]["publisher"] is None
    document = server.json("/dois/10.5072/bare?include=client,media")
    assert document["included"] == []


@pytest.mark.parametrize("of", [single, listed])
def test_forms(server, of):
    name = "spruce-2021"
    mark = "?" if of is single else "&"
    rich = of(server, name, f"{mark}affiliation=true&publisher=true")["attributes"]
    assert rich["publisher"] == {"lang": "en", "name": "Example Archive"}
    assert rich["creators"][0]["affiliation"] == [
        {"name": "Example Forest Institute", "schemeUri": "https://ror.org",
         "affiliationIdentifier": ROR, "affiliationIdentifierScheme": "ROR"}]
    assert rich["contributors"][0]["affiliation"] == []
    for value in ("TRUE", "1", "yes", "false", ""):
        plain = of(server, name, f"{mark}affiliation={value}&publisher={value}")["attributes"]
        assert plain["publisher"] == "Example Archive"
        assert plain["creators"][0]["affiliation"] == ["Example Forest Institute"]


def test_composite(server):
    for value in ("true", "false", "0"):
        shown = listed(server, query=f"&composite={value}")["attributes"]
        assert not set(COMPOSITE) & set(shown) and "relatedItems" in shown
    assert set(COMPOSITE) <= set(listed(server, query="&composite=%20")["attributes"])
    assert set(COMPOSITE) <= set(single(server, query="?composite=true")["attributes"])
    both = listed(server, query="&composite=1&detail=1")["attributes"]
    assert not set(COMPOSITE) & set(both) and "xml" in both


def test_agency(server):
    for query in ("include-other-registration-agencies=", "include_other_registration_agencies=1"):
        shown = single(server, query=f"?{query}")["attributes"]
        assert list(shown)[-1] == "agency" and shown["agency"] == "datacite"
        shown = listed(server, query=f"&{query}")["attributes"]
        assert list(shown)[-1] == "agency" and shown["agency"] == "datacite"


def test_escapes(server):
    for target in ("/dois/10.5072/spruce-2021", "/dois?ids=10.5072/spruce-2021"):
        body = server.get(target).body
        assert b"Spruce growth \\u003c1990-2020\\u003e \\u0026 climate" in body
        assert not set(b"<>&\n") & set(body)
        assert b"https://example.org/" in body


@pytest.mark.parametrize("fields, attributes, relationships", [
    ("titles,doi", ["titles", "doi"], []),
    ("doi,client,titles", ["doi", "titles"], ["client"]),
    ("publicationYear,rightsList", ["publicationYear", "rightsList"], []),
    ("publication_year,publication-year,nonsense", [], []),
    ("xml,doi", ["doi"], []),
    ("id", [], []), ("", [], []),
    ("client", [], ["client"]),
])
def test_sparse_fields_of_a_list(server, fields, attributes, relationships):
    item = listed(server, query=f"&fields[dois]={fields}")
    assert list(item["attributes"]) == attributes
    assert list(item["relationships"]) == relationships
    assert list(item) == ["id", "type", "attributes", "relationships"]


def test_sparse_fields_with_detail(server):
    item = listed(server, query="&detail=1&fields[dois]="
                                "part_of,xml,parts,version_of,suffix,provider")
    assert list(item["attributes"]) == ["xml", "suffix"]
    assert list(item["relationships"]) == ["partOf", "parts", "versionOf", "provider"]


def test_odd_fields(server):
    whole = listed(server)
    for query in ("&fields=doi", "&fields[clients]=name", "&fields[]=doi", "&fields[DOIS]=doi"):
        assert listed(server, query=query) == whole, query


def test_sparse_fields_of_included(server):
    document = server.json("/dois?ids=10.5072/b&include=client"
                           "&fields[clients]=symbol,name,provider")
    client = document["included"][0]
    assert client["attributes"] == {"symbol": "ORGA.DATA", "name": "Zeta Oak Data"}
    assert list(client["relationships"]) == ["provider"]
    assert len(document["data"][0]["attributes"]) > 40


def test_include_in_lists(server):
    document = server.json("/dois?include=client&page[size]=1000&sort=name")
    assert [(item["type"], item["id"]) for item in document["included"]] == [
        ("clients", "orga.data")]
    client = document["included"][0]
    assert client["attributes"]["created"] == "2019-05-01T08:00:00Z"
    assert client["attributes"]["re3data"] == "https://doi.org/10.17616/R3SW4D"
    assert client["relationships"]["prefixes"]["data"] == []
    assert list(document) == ["data", "included", "meta", "links"]
    for names in ("media", "Media,nothing", "MEDIA"):
        assert server.json(f"/dois?include={names}")["included"] == []
    for names in ("", "nothing", "provider", "clients"):
        assert "included" not in server.json(f"/dois?include={names}"), names
    assert server.json("/dois?include=CLIENT&client-id=none")["included"] == []


def test_include_in_singles(server):
    document = server.json("/dois/10.5072/b?include=media,client")
    assert list(document) == ["data", "included"]
    client = next(item for item in document["included"] if item["type"] == "clients")
    assert client["attributes"]["created"] == "2019-05-01T08:00:00.000Z"
    assert [link["id"] for link in client["relationships"]["prefixes"]["data"]] == ["10.5072"]
    assert list(client["relationships"]) == ["provider", "consortium", "prefixes"]
    assert list(client["attributes"]) == (
        "name symbol year alternateName description language clientType domains re3data opendoar"
        " issn url created updated isActive").split()
    assert list(server.json("/dois/10.5072/b?include=nothing")) == ["data"]


def test_jsonp(server):
    for target in ("/dois/10.5072/b", "/dois?page[size]=1", "/providers", "/clients/orga.data",
                   "/activities", "/resource-types", "/prefixes/10.5072"):
        plain = server.get(target)
        mark = "&" if "?" in target else "?"
        wrapped = server.get(f"{target}{mark}callback=my.fun_1")
        assert wrapped.headers["Content-Type"] == "application/javascript", target
        assert wrapped.body.startswith(b"my.fun_1({") and wrapped.body.endswith(b"})")
        assert json.loads(wrapped.body[9:-1]).keys() == plain.json().keys()
    for target in ("/dois/10.5072/none?callback=f", "/nowhere?callback=f",
                   "/dois?random=true&page[cursor]=1&callback=f"):
        answer = server.get(target)
        assert answer.json()["errors"][0]["status"] in ("404", "400")
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    odd = server.get("/dois?page[size]=-1&callback=f")
    assert odd.status == 400 and odd.body.startswith(b'f({"errors":{"title":')
    assert server.get("/dois/random?callback=f").body.startswith(b'f({"errors":[')


def test_identity_headers_of_errors(server):
    assert server.get("/dois?page[size]=-1").headers["X-Anonymous-Consumer"] == "true"
    assert server.get("/dois/random").status == 422
    assert server.get("/dois/random").headers["X-Anonymous-Consumer"] == "true"
    for target in ("/dois/none", "/dois?random=true&page[cursor]=1"):
        assert "X-Anonymous-Consumer" not in server.get(target).headers


def test_security_headers(server):
    headers = server.get("/dois").headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN" and headers["X-XSS-Protection"] == "0"
    assert headers["X-Permitted-Cross-Domain-Policies"] == "none"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accept, vary", [
    (None, "Accept-Encoding"), ("*/*", "Accept,Accept-Encoding"),
    ("application/json", "Accept,Accept-Encoding"),
    ("application/vnd.api+json; version=2", "Accept,Accept-Encoding"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding"),
    ("text/html", "Accept-Encoding"), ("application/xhtml+xml", "Accept-Encoding"),
    ("text/x-json", "Accept,Accept-Encoding"),
    ("application/jsonrequest", "Accept,Accept-Encoding"),
])
def test_accept(server, accept, vary):
    for target in ("/dois?page[size]=1", "/dois/10.5072/b"):
        answer = server.get(target, **({"Accept": accept} if accept else {}))
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.headers["Vary"].replace(" ", "") == vary


def test_nothing_acceptable(server):
    for target in ("/dois", "/dois/10.5072/b", "/providers", "/repositories"):
        answer = server.get(target, Accept="application/pdf")
        assert (answer.status, answer.json()) == (406, {"errors": [
            {"status": "406", "title": "The content type is not recognized."}]}), target


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_wrong_verbs(server, method):
    answer = server.request(method, "/dois/10.5072/b", {}, b"")
    assert answer.status in (401, 404, 405, 501)
    assert answer.json()["errors"]


def test_random_dois(server):
    document = server.json("/dois/random?prefix=10.14454/abc&number=x122149076y")
    assert document == {"dois": ["10.14454/abc-3mfp-6m52"]}
    same = server.json("/dois/random?prefix=10.5072&number=1&size=4")
    assert same == {"dois": ["10.5072/0000-0195"]}
    assert server.get("/dois/random?prefix=nonsense").status == 500
    assert server.get("/dois/random?prefix=").status == 422
    for code in server.json("/dois/random?prefix=10.5072&number=0&size=20")["dois"]:
        assert len(code) == len("10.5072/xxxx-xxxx")


def test_get_url_and_media(server):
    assert server.json("/dois/10.5072/B/get-url") == {"url": "https://example.org/0"}
    document = server.json("/dois/10.5072/b/media")
    assert document["data"] == [] and list(document["meta"]) == ["total", "totalPages", "page"]
    assert server.get("/dois/10.5072/b/media/0000-0000-0000-0001").status == 404
    assert server.get("/dois/10.5072/none/media").status == 404
    assert server.get("/dois/get-dois").status in (401, 403)


TYPES = [  # G, R, schemaOrg, citeproc, bibtex, ris
    ("Audiovisual", "", "MediaObject", "article", "misc", "MPCT"),
    ("Award", "", "Grant", "article", "misc", "GEN"),
    ("Book", "", "Book", "article", "misc", "BOOK"),
    ("BookChapter", "", "Chapter", "article", "misc", "CHAP"),
    ("Collection", "", "Collection", "article", "misc", "GEN"),
    ("ComputationalNotebook", "", "SoftwareSourceCode", "article", "misc", "COMP"),
    ("ConferencePaper", "", "Article", "", "article", "CPAPER"),
    ("ConferenceProceeding", "", "Periodical", "article", "misc", "CONF"),
    ("DataPaper", "", "Article", "", "article", "GEN"),
    ("Dataset", "", "Dataset", "dataset", "misc", "DATA"),
    ("Dissertation", "", "Thesis", "thesis", "phdthesis", "THES"),
    ("Event", "", "Event", "article", "misc", "GEN"),
    ("Image", "", "ImageObject", "graphic", "misc", "FIGURE"),
    ("Journal", "", "Periodical", "article", "misc", "GEN"),
    ("JournalArticle", "", "ScholarlyArticle", "article-journal", "article", "JOUR"),
    ("PeerReview", "", "Review", "article", "misc", "GEN"),
    ("Poster", "", "Poster", "document", "misc", "GEN"),
    ("Presentation", "", "PresentationDigitalDocument", "presentation", "misc", "SLIDE"),
    ("Project", "", "Project", "article", "misc", "GEN"),
    ("Report", "", "Report", "report", "misc", "RRPT"),
    ("Service", "", "Service", "article", "misc", "GEN"),
    ("Software", "", "SoftwareSourceCode", "article", "misc", "COMP"),
    ("Sound", "", "AudioObject", "song", "misc", "SOUND"),
    ("Text", "", "ScholarlyArticle", "article-journal", "article", "RPRT"),
    *((kind, "", "CreativeWork", "article", "misc", "GEN") for kind in (
        "Instrument", "InteractiveResource", "Model", "OutputManagementPlan", "PhysicalObject",
        "Preprint", "Standard", "StudyRegistration", "Workflow", "Other",
        "Unheard")),
    ("Text", "Proceedings", "ScholarlyArticle", "article-journal", "proceedings", "CONF"),
    ("Text", "ReferenceBook", "Book", "article", "book", "BOOK"),
    ("Text", "JournalIssue", "PublicationIssue", "article", "misc", "RPRT"),
    ("Text", "ProceedingsArticle", "ScholarlyArticle", "paper-conference", "article", "CPAPER"),
    ("Dataset", "Other", "CreativeWork", "article", "misc", "GEN"),
    ("Text", "Dissertation", "Thesis", "thesis", "phdthesis", "THES"),
    ("Text", "dataset", "Dataset", "dataset", "misc", "DATA"),
    ("Text", "EditedBook", "Book", "book", "book", "BOOK"),
    ("Text", "Monograph", "Book", "book", "book", "BOOK"),
    ("Text", "journal_article", "ScholarlyArticle", "article-journal", "article", "JOUR"),
    ("Text", "Journal Article", "ScholarlyArticle", "article-journal", "article", "RPRT"),
    ("Text", "Report", "Report", "report", "techreport", "RPRT"),
    ("Text", "Standard", "ScholarlyArticle", "article-journal", "article", "STAND"),
    ("Text", "BookSection", "ScholarlyArticle", "chapter", "inbook", "CHAP"),
    ("Text", "BookPart", "ScholarlyArticle", "article-journal", "article", "CHAP"),
    ("Text", "BookChapter", "Chapter", "chapter", "inbook", "CHAP"),
    ("Dataset", "Component", "CreativeWork", "article", "misc", "DATA"),
    ("Text", "ReferenceEntry", "ScholarlyArticle", "entry-dictionary", "article", "DICT"),
    ("Text", "JournalVolume", "PublicationVolume", "article", "misc", "RPRT"),
    ("Preprint", "PostedContent", "ScholarlyArticle", "article-journal", "article", "GEN"),
    ("Text", "PeerReview", "Review", "article", "misc", "RPRT"),
]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    path = tmp_path_factory.mktemp("kinds") / "store.db"
    made = [doi(f"t{i}", types={"resourceTypeGeneral": row[0], "resourceType": row[1]})
            for i, row in enumerate(TYPES)]
    made.append(doi("own", types={"resourceTypeGeneral": "Dataset", "bibtex": "mine", "ris": None}))
    made += [doi(f"c{i}", **row[0]) for i, row in enumerate(CONTAINERS)]
    run("import", "--store", path, "--quiet", "-", input=lines(made).encode())
    with serving(path) as running:
        yield running


@pytest.mark.parametrize("i", range(len(TYPES)), ids=lambda i: "-".join(TYPES[i][:2]))
def test_types(kinds, i):
    general, own, schema, citeproc, bibtex, ris = TYPES[i]
    shown = single(kinds, f"t{i}")["attributes"]["types"]
    assert shown == {"ris": ris, "bibtex": bibtex, "citeproc": citeproc, "schemaOrg": schema,
                     "resourceType": own, "resourceTypeGeneral": general}
    assert list(shown) == ["ris", "bibtex", "citeproc", "schemaOrg", "resourceType",
                           "resourceTypeGeneral"]


def test_types_that_came_win(kinds):
    shown = single(kinds, "own")["attributes"]["types"]
    assert shown["bibtex"] == "mine" and shown["schemaOrg"] == "Dataset"
    assert None not in shown.values()


def item(**changes):
    made = {"relationType": "IsPublishedIn", "relatedItemType": "Journal",
            "titles": [{"title": "Journal of Trees"}, {"title": "second"}],
            "relatedItemIdentifier": {"relatedItemIdentifier": "1234-5678",
                                      "relatedItemIdentifierType": "ISSN"}}
    made.update(changes)
    return made


def series(text):
    return [{"description": "first", "descriptionType": "Abstract"},
            {"description": text, "descriptionType": "SeriesInformation"}]


PART_OF = [{"relationType": "IsPartOf", "relatedIdentifier": "2049-3630",
            "relatedIdentifierType": "ISSN"}]
TEXT = {"resourceTypeGeneral": "Text"}
CONTAINERS = [
    ({"types": TEXT, "relatedItems": [item(relationType="Cites"), item(
        volume="3", issue="4", edition="1st", number="7", firstPage="1", lastPage="9")]},
     {"type": "Series", "identifier": "1234-5678", "identifierType": "ISSN",
      "title": "Journal of Trees", "volume": "3", "issue": "4", "edition": "1st", "number": "7",
      "firstPage": "1", "lastPage": "9"}),
    ({"relatedItems": [item(number="7", numberType="Chapter", relatedItemIdentifier=None)],
      "descriptions": series("Other, 1(2), 3-4")},
     {"type": "DataRepository", "title": "Journal of Trees", "number": "7", "chapterNumber": "7"}),
    ({"types": TEXT, "descriptions": series("Series of Woods, 12(3), 45-67"),
      "relatedIdentifiers": PART_OF},
     {"type": "Series", "identifier": "2049-3630", "identifierType": "ISSN",
      "title": "Series of Woods", "volume": "12", "issue": "3", "firstPage": "45",
      "lastPage": "67"}),
    ({"descriptions": series("Woods, 5-9"), "container": {"title": "stored"}},
     {"type": "DataRepository", "title": "Woods", "firstPage": "5", "lastPage": "9"}),
    ({"types": TEXT, "descriptions": series("Only a title")},
     {"type": "Series", "title": "Only a title"}),
    ({"types": TEXT, "relatedIdentifiers": PART_OF,
      "container": {"title": "Stored", "type": "Journal", "firstPage": "1", "volume": "2"}},
     {"type": "Journal", "title": "Stored", "volume": "2", "firstPage": "1"}),
    ({"relatedIdentifiers": PART_OF}, {}),
]


@pytest.mark.parametrize("i", range(len(CONTAINERS)))
def test_container(kinds, i):
    expected = CONTAINERS[i][1]
    shown = single(kinds, f"c{i}")["attributes"]["container"]
    assert (shown, list(shown)) == (expected, list(expected))


def test_coordinates_that_came_as_text(tmp_path):
    texts = {"12": 12, "-12.50": -12.5, "+180.0": 180.0, "1e2": 100, "-1.5E1": -15, " 7 ": 7,
             "007": 7, "-0": 0, "1,5": "1,5", "": "", "12 N": "12 N", "0x10": "0x10", "e5": "e5"}
    places = [{"geoLocationPoint": {"pointLatitude": text, "pointLongitude": 1}} for text in texts]
    store = tmp_path / "store.db"
    run("import", "--store", store, "--quiet", "-",
        input=lines([doi("p", geoLocations=places)]).encode())
    with serving(store) as server:
        shown = single(server, "p")["attributes"]["geoLocations"]
    got = [place["geoLocationPoint"]["pointLatitude"] for place in shown]
    assert dict(zip(texts, got)) == texts
