"""Which form an answer comes in: Accept, `format`, media types in the path, the end of a DOI."""

import base64
import csv
import json
import urllib.parse

import pytest

import records
from conftest import run, serving

DOI = "10.5072/rec-00001"
ODD = ["10.5072/(sici)1096<1::aid-x;2>3.0+co", "10.5072/a&b'c!d*e~f=g,h@i$j", "10.5072/100%25/?#[x]",
       "10.5072/table.csv", "10.5072/notes.txt", "10.5072/readme.text", "10.5072/page.html",
       "10.5072/file.xml", "10.5072/file.json", "10.5072/application/x-bibtex",
       "10.5072/text/csv", "10.5072/dois/10.5072/inner", "10.5072/übung"]
BARE = "10.5072/bare"  # no creators, no publisher, no title: never valid
XML = '<?xml version="1.0"?>\n<resource xmlns="http://datacite.org/schema/kernel-4"/>\n'
HEADER = ("doi,url,registered,state,resourceTypeGeneral,resourceType,title,author,publisher,"
          "publicationYear\n")

JSON = "application/json; charset=utf-8"
BIBTEX, RIS, CSV = "application/x-bibtex", "application/x-research-info-systems", "text/csv"
CITATION = "text/x-bibliography"
DATACITE = "application/vnd.datacite.datacite+xml"
SCHEMA_ORG = "application/vnd.schemaorg.ld+json"
CSL = "application/vnd.citationstyles.csl+json"

# primary type: name, further types in Accept, what the answer begins with
FORMATS = {
    DATACITE: ("datacite", ["application/x-datacite+xml"], "<?xml"),
    "application/vnd.datacite.datacite+json": ("datacite_json", [], '{\n  "id": "https://doi.org/'),
    "application/vnd.crosscite.crosscite+json": ("crosscite", [], '{\n  "id": "https://doi.org/'),
    SCHEMA_ORG: ("schema_org", ["application/ld+json"], '{\n  "@context": "http'),
    CSL: ("citeproc", ["application/citeproc+json"], '{\n  "type"'),
    "application/vnd.codemeta.ld+json": ("codemeta", [], '{\n  "@context": "http'),
    "application/vnd.jats+xml": ("jats", [], "<?xml"),
    BIBTEX: ("bibtex", [], "@"),
    RIS: ("ris", [], "TY  - "),
    CSV: ("csv", [], HEADER),
    CITATION: ("citation", [], "Author"),
}
BEYOND = {  # offered here, not upstream
    "application/rdf+xml": "rdf_xml",
    "text/turtle": "turtle",
}


def quoted(doi):
    return urllib.parse.quote(doi, safe="/")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("negotiation") / "store.db"
    things = [records.resource(number) for number in range(30)]
    things.append(records.resource(10, doi="10.5072/draft", state="draft"))
    things.append(records.resource(11, doi="10.5072/registered", state="registered"))
    things.append(records.resource(12, doi="10.5072/other", agency="crossref"))
    things.append(records.resource(13, doi="10.5072/homeless", url=None))
    things.append(records.resource(14, doi="10.5072/far", url="https://example.org/ä b\r\nX: y"))
    things.append(records.resource(15, doi="10.5072/stored", xml=base64.b64encode(XML.encode()).decode()))
    things.append(records.resource(16, doi=BARE, creators=[], titles=[], publisher=None, types={},
                                   publicationYear=None))
    things += [records.resource(20 + number, doi=doi) for number, doi in enumerate(ODD)]
    for thing in things:
        thing["id"] = thing["attributes"]["doi"]
    run("import", "--store", path, "-", "--quiet", input=records.lines(things).encode())
    return path


@pytest.fixture(scope="module")
def api(store):
    with serving(store) as running:
        yield running


def kind(answer):
    """The media type of an answer."""
    return answer.headers["Content-Type"].removesuffix("; charset=utf-8")


def is_json(answer):
    return answer.status == 200 and answer.headers["Content-Type"] == JSON and \
        "data" in answer.json()


def refused(answer):
    return answer.status == 406 and answer.headers["Content-Type"] == JSON and answer.json() == {
        "errors": [{"status": "406", "title": "The content type is not recognized."}]}


# ---- every type ---------------------------------------------------------------------------------

@pytest.mark.parametrize("primary", FORMATS)
def test_types(api, primary):
    name, aliases, start = FORMATS[primary]
    wanted = api.get(f"/dois/{DOI}", Accept=primary)
    assert wanted.status == 200
    assert wanted.headers["Content-Type"] == primary + "; charset=utf-8"
    assert wanted.headers["Vary"] == "Accept,Accept-Encoding"
    assert wanted.body.decode().startswith(start)
    for accept in aliases + [primary.upper(), primary + "; charset=utf-8", f"{primary}, text/html",
                             f"application/pdf, {primary}", f"{primary};q=0.1"]:
        answer = api.get(f"/dois/{DOI}", Accept=accept)
        assert (kind(answer), answer.body) == (primary, wanted.body), accept
        assert answer.headers["Vary"] == "Accept,Accept-Encoding"
    for target in (f"/dois/{primary}/{DOI}", f"/dois/{DOI}?format={name}", f"/{primary}/{DOI}",
                   f"/{DOI}?format={name}", f"/dois/{primary}/{DOI.upper()}",
                   f"/dois/{primary.replace('+', '%2B')}/{DOI.replace('/', '%2F')}",
                   f"/providers/exmpl/dois/{DOI}?format={name}"):
        answer = api.get(target)
        assert (kind(answer), answer.body) == (primary, wanted.body), target
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert api.get(f"/{DOI}", Accept=primary).body == wanted.body


@pytest.mark.parametrize("primary", BEYOND)
def test_types_beyond_upstream(api, primary):
    wanted = api.get(f"/dois/{DOI}", Accept=primary)
    assert (wanted.status, kind(wanted)) == (200, primary)
    for target in (f"/dois/{primary}/{DOI}", f"/dois/{DOI}?format={BEYOND[primary]}",
                   f"/{primary}/{DOI}"):
        assert api.get(target).body == wanted.body, target


def test_croissant(api):
    answer = api.get(f"/dois/{DOI}?format=croissant")
    assert answer.status == 200 and answer.json()["@type"]
    assert api.get(f"/dois/{DOI}", Accept=kind(answer)).status == 200


def test_answers_are_as_others(api):
    for primary in FORMATS:
        plain = api.get(f"/dois/{DOI}", Accept=primary)
        tag = plain.headers["ETag"]
        again = api.get(f"/dois/{DOI}", Accept=primary, If_None_Match=tag)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        head = api.request("HEAD", f"/dois/{DOI}", {"Accept": primary})
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Type"] == plain.headers["Content-Type"]
        assert head.headers["Content-Length"] == str(len(plain.body))
        packed = api.get(f"/dois/{DOI}", Accept=primary, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip" and "ETag" not in packed.headers
        assert plain.headers["X-Anonymous-Consumer"] == "true"


def test_kept_answers_know_accept(api):
    """The same target asked again and again in different forms."""
    for _ in range(3):
        for accept in (BIBTEX, "application/json", CSV, "text/html", CITATION + ";style=apa"):
            answer = api.get(f"/dois/{DOI}", Accept=accept)
            assert kind(answer) in (accept.split(";")[0], "application/json")
            assert (kind(answer) == "application/json") == (accept[-4:] in ("json", "html"))


def test_capitals(api):
    assert "doi = {10.5072/REC-00001}" in api.get(f"/dois/{DOI}", Accept=BIBTEX).body.decode()
    assert "@misc{https://doi.org/10.5072/rec-00001," in \
        api.get(f"/dois/{DOI}", Accept=BIBTEX).body.decode()
    assert api.json(f"/dois/{DOI}")["data"]["attributes"]["doi"] == DOI


def test_stored_xml_passes(api):
    assert api.get("/dois/10.5072/stored", Accept=DATACITE).body.decode() == XML
    made = api.get(f"/dois/{DOI}", Accept=DATACITE).body.decode()
    assert ">10.5072/REC-00001</identifier>" in made


# ---- what wins ----------------------------------------------------------------------------------

@pytest.mark.parametrize("accept, expected", [
    (f"{BIBTEX};q=0.5, {RIS}", RIS),
    (f"{BIBTEX}, {RIS}", BIBTEX),
    (f"{BIBTEX};q=0.5, {RIS};q=0.9, {CSV};q=0.7", RIS),
    (f"{CSV};q=0.2,{BIBTEX};q=0.2", CSV),
    (f"application/pdf, {CSV};q=0.1", CSV),
    (f"application/json, {BIBTEX}", None),
    (f"application/json;q=0.8, {BIBTEX}", BIBTEX),
    (f"text/html, {BIBTEX}", None),
    (f"text/html;q=0.9, {BIBTEX};q=0.8", None),
    (f"application/pdf, text/html, {BIBTEX}", None),
    (f"text/*, {BIBTEX}", None),
    (f"application/*, {BIBTEX}", None),
    (f"{BIBTEX}, */*", None),
    (f"{BIBTEX},*/*;q=0.1", None),
    (f"*/*, {BIBTEX}", None),
    (f"*/*;q=0.1, {BIBTEX}", BIBTEX),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", None),
    ("*/*", None), ("", None), (" ", None), (",", "none"), (";q=1", "none"),
    ("application/vnd.api+json; version=2", None), ("text/x-json", None),
    ("text/plain", "none"), (f"text/plain, {CSV};q=0.1", CSV), ("text/plain, text/html", "none"),
    ("application/pdf", "none"), ("application/xml", "none"), ("image/*", "none"),
    ("application/vnd.crossref.unixref+xml", "none"),
    (f"application/vnd.crossref.unixref+xml, {RIS}", RIS),
    (f"{BIBTEX};q=0", "none"), (f"{BIBTEX};q=0, {CSV}", CSV), (f"{BIBTEX};q=x, {CSV};q=0.1", CSV),
])
def test_accept(api, accept, expected):
    for target in (f"/dois/{DOI}", "/dois?page[size]=1"):
        answer = api.get(target, Accept=accept)
        if expected == "none":
            assert refused(answer), target
        elif expected is None:
            assert is_json(answer), target
        else:
            assert (answer.status, kind(answer)) == (200, expected), target


@pytest.mark.parametrize("value, expected", [
    ("bibtex", BIBTEX), ("schema-org", SCHEMA_ORG), ("json", "json"), ("html", "json"),
    ("", "json"), ("%20", "json"), ("txt", None), ("text", None), ("pdf", None), ("xml", None),
    ("crossref", None), ("npm", None), ("BIBTEX", None), ("bibtex%00", None), ("%FF", "json"),
])
def test_format_parameter(api, value, expected):
    for target in (f"/dois/{DOI}?format={value}", f"/dois?page[size]=1&format={value}"):
        answer = api.get(target, Accept="text/html")
        if expected is None:
            assert refused(answer)
        elif expected == "json":
            assert is_json(answer)
        else:
            assert kind(answer) == expected
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_is_stronger(api):
    assert kind(api.get(f"/dois/{DOI}?format=ris", Accept=BIBTEX)) == RIS
    assert kind(api.get(f"/dois/{BIBTEX}/{DOI}?format=ris", Accept=CSV)) == BIBTEX
    assert is_json(api.get(f"/dois/{DOI}?format=json", Accept=BIBTEX))
    assert kind(api.get("/dois/10.5072/table.csv", Accept=BIBTEX)) == BIBTEX
    assert kind(api.get("/dois/10.5072/table.csv?format=ris")) == RIS


# ---- odd DOIs -----------------------------------------------------------------------------------

@pytest.mark.parametrize("doi", ODD)
def test_odd_dois(api, doi):
    for target in (f"/dois/{BIBTEX}/{quoted(doi)}", f"/{BIBTEX}/{quoted(doi)}",
                   f"/dois/{BIBTEX}/{urllib.parse.quote(doi, safe='')}"):
        answer = api.get(target)
        assert answer.status == 200, target
        assert f"\n  doi = {{{doi.upper()}}},\n" in answer.body.decode() or "ü" in doi
    assert kind(api.get(f"/dois/{quoted(doi)}", Accept=BIBTEX)) == BIBTEX
    assert is_json(api.get(f"/dois/{quoted(doi)}", Accept="*/*"))
    place = api.get(f"/{quoted(doi)}")
    assert place.status == 303 and place.headers["Location"].startswith("https://example.org/")


@pytest.mark.parametrize("doi, expected", [
    ("10.5072/table.csv", CSV), ("10.5072/notes.txt", None), ("10.5072/readme.text", None),
    ("10.5072/page.html", "json"), ("10.5072/file.xml", "json"), ("10.5072/file.json", "json"),
    ("10.5072/application/x-bibtex", "json"), ("10.5072/text/csv", "json"),
])
def test_endings(api, doi, expected):
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    for answer in (api.get(f"/dois/{doi}"), api.get(f"/dois/{doi}", Accept=browser)):
        if expected == "json":
            assert is_json(answer)
        elif expected:
            assert kind(answer) == expected
        else:
            assert refused(answer)


def test_endings_are_part_of_the_doi(api):
    assert api.get(f"/dois/{DOI}.csv").status == 404
    assert is_json(api.get("/dois/10.5072/table.csv", Accept="application/json"))


# ---- lists --------------------------------------------------------------------------------------

LIST = "/dois?ids=10.5072/rec-00000,10.5072/rec-00001,10.5072/rec-00002&sort=name"


def single(api, primary, number):
    return api.get(f"/dois/10.5072/rec-0000{number}", Accept=primary).body.decode()


@pytest.mark.parametrize("primary", FORMATS)
def test_lists(api, primary):
    name, _, _ = FORMATS[primary]
    answer = api.get(LIST, Accept=primary)
    assert answer.status == 200 and answer.headers["Content-Type"] == primary + "; charset=utf-8"
    items = [single(api, primary, number) for number in range(3)]
    joins = {RIS: "\n\n", CITATION: "\n\n", CSV: None}
    text = answer.body.decode()
    if primary == CSV:
        assert text == HEADER + "".join(item.removeprefix(HEADER) for item in items)
    elif "json" in primary:
        assert text == "[\n" + ",\n".join(items) + "\n]"
        assert [item.get("@id", item.get("id")) for item in json.loads(text)] == \
            [f"https://doi.org/10.5072/rec-0000{number}" for number in range(3)]
    else:
        assert text == joins.get(primary, "\n").join(items)
    query = LIST.partition("?")[2]
    for target in (f"/dois/{primary}?{query}", f"{LIST}&format={name}",
                   f"/providers/exmpl/dois?{query}&format={name}",
                   f"/clients/exmpl.archive/dois?{query}&format={name}"):
        same = api.get(target)
        assert (same.status, same.body) == (200, answer.body), target
    assert api.get(f"/repositories/exmpl.archive/dois?{query}",
                   Accept=primary).body == answer.body


def test_lists_are_filtered_and_paged(api):
    rows = api.get("/dois?sort=name&prefix=10.5072&page[size]=2&page[number]=2", Accept=CSV)
    assert rows.body.decode().count("\n") == 3
    everything = api.json("/dois?sort=name&page[size]=1000")["data"]
    wanted = [item["id"].upper() for item in everything][2:4]
    assert [row[0] for row in csv.reader(rows.body.decode().splitlines()[1:])] == wanted
    assert api.get("/dois?query=nothing-of-the-kind", Accept=CSV).body.decode() == HEADER
    assert api.get("/dois?query=nothing-of-the-kind", Accept=BIBTEX).body == b""
    assert json.loads(api.get("/dois?query=nothing-of-the-kind", Accept=CSL).body) == []
    assert api.get("/dois?query=titles.title:record", Accept=RIS).body.count(b"TY  - ") == 25
    assert api.get("/dois?page[size]=0", Accept=CSV).body.decode() == HEADER
    assert api.get("/dois?page[size]=-1", Accept=CSV).status == 400
    assert api.get("/dois?query=(x", Accept=CSV).json() == {
        "errors": {"title": "Failed to parse query [(x]"}}
    one = api.get(f"/dois?id={DOI}", Accept=BIBTEX)
    assert one.body.decode() == single(api, BIBTEX, 1)


def test_lists_hide_what_is_hidden(api):
    text = api.get("/dois?page[size]=1000", Accept=CSV).body.decode()
    assert "10.5072/REC-00001" in text
    assert "DRAFT" not in text and "REGISTERED" not in text and "OTHER" not in text
    text = api.get("/dois?state=draft&ids=10.5072/draft,10.5072/registered", Accept=CSV)
    assert text.body.decode() == HEADER


# ---- records that are not valid -----------------------------------------------------------------

def test_invalid_records(api):
    for primary, body in ((BIBTEX, ""), (CSV, HEADER)):
        answer = api.get(f"/dois/{BARE}", Accept=primary)
        assert (answer.status, kind(answer), answer.body.decode()) == (200, primary, body)
    answer = api.get(f"/dois/{BARE}", Accept="application/vnd.codemeta.ld+json")
    assert answer.status == 406 and answer.headers["Content-Type"] == JSON
    assert answer.json()["errors"][0]["title"] != "The content type is not recognized."
    for primary in (DATACITE, SCHEMA_ORG, CSL, RIS, CITATION, "application/vnd.jats+xml"):
        assert api.get(f"/dois/{BARE}", Accept=primary).status == 200, primary
    both = f"/dois?ids={BARE},{DOI}&sort=name"
    for primary in (BIBTEX, CSV):
        assert api.get(both, Accept=primary).body.decode() == single(api, primary, 1)
    assert len(json.loads(api.get(both, Accept="application/vnd.codemeta.ld+json").body)) == 1


# ---- who may see what ---------------------------------------------------------------------------

MISSING = {"errors": [{"status": "404",
                       "title": "The resource you are looking for doesn't exist."}]}


@pytest.mark.parametrize("doi", ["10.5072/draft", "10.5072/registered", "10.5072/none"])
def test_hidden(api, doi):
    for target in (f"/dois/{doi}", f"/{doi}", f"/dois/{BIBTEX}/{doi}", f"/{BIBTEX}/{doi}",
                   f"/dois/{doi}?format=bibtex", f"/{doi}?format=bibtex"):
        for accept in (BIBTEX, "*/*", "application/pdf"):
            answer = api.get(target, Accept=accept)
            assert (answer.status, answer.headers["Content-Type"]) == (404, JSON), target
            assert answer.json() == MISSING


def test_other_agencies(api):
    assert api.get("/dois/10.5072/other", Accept=BIBTEX).status == 404
    shown = api.get("/dois/10.5072/other?include-other-registration-agencies=true", Accept=BIBTEX)
    assert shown.status == 200
    assert api.get("/10.5072/other", Accept=BIBTEX).body == shown.body
    assert api.get("/10.5072/other").status == 303


# ---- /{doi} -------------------------------------------------------------------------------------

@pytest.mark.parametrize("accept", [
    None, "*/*", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json",
    "application/pdf", "text/plain", f"{BIBTEX}, */*", "application/vnd.crossref.unixref+xml"])
def test_redirect(api, accept):
    answer = api.get(f"/{DOI}", **({"Accept": accept} if accept else {}))
    assert (answer.status, answer.body) == (303, b"")
    assert answer.headers["Location"] == "https://example.org/1"
    assert "Content-Type" not in answer.headers and "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Anonymous-Consumer"] == "true"
    head = api.request("HEAD", f"/{DOI}", {"Accept": accept} if accept else {})
    assert (head.status, head.headers["Location"]) == (303, "https://example.org/1")


def test_redirect_by_parameter(api):
    for value in ("json", "html", "pdf"):
        assert api.get(f"/{DOI}?format={value}", Accept=BIBTEX).status == 303
    assert api.get(f"/{DOI.upper()}").status == 303
    assert api.get("/10.5072%2Frec-00001").status == 303


def test_locations_are_clean(api):
    answer = api.get("/10.5072/far")
    assert answer.headers["Location"] == "https://example.org/%C3%A4%20b%0D%0AX:%20y"
    assert "X" not in answer.headers
    assert api.get("/10.5072/homeless").status == 404
    assert kind(api.get("/10.5072/homeless", Accept=RIS)) == RIS


@pytest.mark.parametrize("target", [
    "/foo", "/foo/bar", "/10.5072", "/10.5072/", "/doi:10.5072/rec-00001", "/dois/" + DOI + "/foo",
    "/https://doi.org/" + DOI, "/application/pdf/" + DOI, "/dois/application/pdf/" + DOI,
    "/dois/application/pdf", "/dois/text/plain", "/text/plain/" + DOI, "/application/x-bibtex",
    "/application/json/" + DOI, "/dois/application/vnd.crossref.unixref+xml/" + DOI,
    "/dois/image/png/" + DOI, "/application", "/text", "/x/" + BIBTEX + "/" + DOI])
def test_no_such_path(api, target):
    answer = api.get(target)
    assert (answer.status, answer.headers["Content-Type"]) == (404, JSON)
    assert answer.json() == MISSING


# ---- those that are always JSON -----------------------------------------------------------------

def test_other_resources(api):
    for target in ("/activities", "/clients", "/prefixes", "/resource-types"):
        assert is_json(api.get(target, Accept=BIBTEX)), target
    for target in ("/providers", "/repositories", "/events"):
        assert refused(api.get(target, Accept=BIBTEX)), target
        assert refused(api.get(target + "?format=bibtex")), target
        assert is_json(api.get(target, Accept=f"{BIBTEX}, application/json")), target
        assert is_json(api.get(target, Accept="text/html")), target


def test_jsonp_wraps_json_only(api):
    assert api.get(f"/dois/{DOI}?callback=f", Accept=BIBTEX).body.startswith(b"@")
