"""Exports as tables: columns, presets, CSV and TSV, compression, order, failures."""

import csv
import gzip
import io
import json
import resource as limits
import signal
import subprocess

import pytest

from conftest import BINARY, run, serving
from records import lines, resource

USAGE, FAILED = 2, 3
OTHER = {"client": {"data": {"id": "other.repo", "type": "clients"}},
         "provider": {"data": {"id": "other", "type": "providers"}}}
PLAIN = [
    resource(1, created="2020-01-01T00:00:00Z",
             titles=[{"title": "First"}, {"title": "Second", "titleType": "Subtitle"}, {"title": ""}],
             creators=[{"name": "Doe, Jo", "givenName": "Jo", "familyName": "Doe",
                        "nameIdentifiers": [{"nameIdentifier": "https://orcid.org/0000-0001-2345-6789",
                                             "nameIdentifierScheme": "ORCID"},
                                            {"nameIdentifier": "id/2", "nameIdentifierScheme": "X"}],
                        "affiliation": [{"name": "One Institute", "affiliationIdentifier": "https://ror.org/1"},
                                        {"name": "Two Institute"}]},
                       {"name": "A Network", "nameType": "Organizational"}],
             sizes=["1 GB", "2 files"], formats=[], version="1.0", language="en",
             rightsList=[{"rights": "CC BY", "rightsUri": "https://example.org/by"}, {"rights": "Own"}],
             relatedIdentifiers=[{"relatedIdentifier": "10.5072/rec-00002", "relatedIdentifierType": "DOI",
                                  "relationType": "Cites"},
                                 {"relatedIdentifier": "https://example.org/?a=<b>&c", "relationType": "IsPartOf",
                                  "relatedIdentifierType": "URL"}],
             geoLocations=[{"geoLocationPlace": "Berlin", "geoLocationPoint":
                            {"pointLatitude": 52.5, "pointLongitude": 13.4}}],
             fundingReferences=[{"funderName": "It's \"The\" Fund", "awardTitle": "a\\b\u00a0\u200b\U0001f600\n"}],
             container={"title": "Series", "type": "Series"}, viewCount=12, downloadCount=3,
             viewsOverTime=[{"yearMonth": "2020-01", "total": 5}, {"yearMonth": "2020-02", "total": 7}],
             contentUrl=["https://example.org/file"]),
    resource(2, created="2020-01-02T00:00:00Z", descriptions=[], subjects=[], url=None, version=None,
             types={"resourceTypeGeneral": "Dataset", "resourceType": "Scan"}, viewCount=0,
             identifiers=[{"identifier": "SHORT", "identifierType": "TCIA Short Name"},
                          {"identifier": "second", "identifierType": "Other"}]),
    {**resource(3, created="2020-01-03T00:00:00Z", rightsList=[
        {"rights": "A", "rightsUri": "u1"}, {"rights": "B", "rightsUri": "u2"}],
        creators=[{"name": "Solo"}], contributors=[{"name": "Helper", "contributorType": "Editor",
                                                    "affiliation": ["Some Place"]}],
        titles=[], fundingReferences=[{"funderName": "it's", "awardNumber": "7"}, {"funderName": 'a "b"'}]),
     "relationships": OTHER},
]
# Every character that a table could stumble over.
ODD = [
    'quote " comma , end', "line\nfeed", "carriage\rreturn", "tab\there", "back\\slash \\n", "nul\0byte",
    "bell\x07 escape\x1b[31m del\x7f", " spaces kept ", "gr\u00fc\u00df \u65e5\u672c \U0001f9ec", "\u202eright",
    "<b>&amp; &</b>", '"', ",", "\\", "\ufeffmark", "\u2028line", "=1+1", "#x", "a; b", "'",
]


def load(path, resources):
    run("import", "--store", path, "--quiet", "-", input=lines(resources).encode())
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return load(tmp_path_factory.mktemp("columns") / "a.db", PLAIN)


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    return load(tmp_path_factory.mktemp("odd") / "odd.db",
                [resource(n, titles=[{"title": text}], subjects=[{"subject": text}, {"subject": text}],
                          created=f"2020-01-01T00:00:{n:02}Z") for n, text in enumerate(ODD)])


@pytest.fixture(scope="module")
def shown(store):
    """The records as the API's single answers have them in full, by DOI."""
    with serving(store) as server:
        return {item["id"]: server.json(f"/dois/{item['id']}?affiliation=true&publisher=true"
                                    "&include-other-registration-agencies=true")["data"]
                for item in PLAIN}


def export(store, *args):
    return run("export", "--store", store, "--quiet", *args).stdout


def table(store, *args):
    return list(csv.reader(io.StringIO(export(store, *args).decode(), newline="")))


def column(store, name, *args):
    header, *cells = table(store, "--columns", name, *args)
    assert header == [name]
    return [cell[0] for cell in cells]


# ---- what stands in a cell ----------------------------------------------------------------------


@pytest.mark.parametrize("name, cells", [
    ("doi", ["10.5072/rec-00001", "10.5072/rec-00002", "10.5072/rec-00003"]),
    ("id", ["10.5072/rec-00001", "10.5072/rec-00002", "10.5072/rec-00003"]),
    ("prefix", ["10.5072"] * 3),
    ("titles.title", ["First; Second", "Record 2 of the test", ""]),
    ("titles[0].title", ["First", "Record 2 of the test", ""]),
    ("titles[1].title", ["Second", "", ""]),
    ("titles[7].title", [""] * 3),
    ("titles.titleType", ["Subtitle", "", ""]),
    ("creators.name", ["Doe, Jo; A Network", "Author, 2", "Solo"]),
    ("creators.givenName", ["Jo", "2", ""]),
    ("creators[1].name", ["A Network", "", ""]),
    ("creators.nameIdentifiers.nameIdentifier", ["https://orcid.org/0000-0001-2345-6789; id/2", "", ""]),
    ("creators[0].nameIdentifiers[1].nameIdentifier", ["id/2", "", ""]),
    ("creators.affiliation", ["One Institute; Two Institute", "", ""]),
    ("creators.affiliation[1]", ["Two Institute", "", ""]),
    ("creators.affiliation.name", ["One Institute; Two Institute", "", ""]),
    ("creators.affiliation.affiliationIdentifier", ["https://ror.org/1", "", ""]),
    ("contributors.affiliation", ["", "", "Some Place"]),
    ("publisher", ["Example Archive"] * 3),
    ("publisher.name", ["Example Archive"] * 3),
    ("publicationYear", ["1991", "1992", "1993"]),
    ("published", ["1991", "1992", "1993"]),
    ("sizes", ["1 GB; 2 files", "", ""]),
    ("sizes[1]", ["2 files", "", ""]),
    ("formats", ["", "", ""]),
    ("version", ["1.0", "", ""]),
    ("language", ["en", "", ""]),
    ("rightsList.rights", ["CC BY; Own", "", "A; B"]),
    ("rightsList.rightsUri", ["https://example.org/by", "", "u1; u2"]),
    ("relatedIdentifiers.relatedIdentifier", ["10.5072/rec-00002; https://example.org/?a=<b>&c", "", ""]),
    ("geoLocations.geoLocationPoint.pointLatitude", ["52.5", "", ""]),
    ("types.resourceTypeGeneral", ["Dataset"] * 3),
    ("container.title", ["Series", "", ""]),
    ("url", ["https://example.org/1", "", "https://example.org/3"]),
    ("contentUrl", ["https://example.org/file", "", ""]),
    ("client", ["exmpl.archive", "exmpl.archive", "other.repo"]),
    ("provider", ["exmpl", "exmpl", "other"]),
    ("state", ["findable"] * 3),
    ("isActive", ["true"] * 3),
    ("agency", ["datacite"] * 3),
    ("viewCount", ["12", "0", "0"]),
    ("downloadCount", ["3", "0", "0"]),
    ("referenceCount", ["1", "0", "0"]),
    ("citationCount", ["0", "1", "0"]),
    ("viewsOverTime.total", ["5; 7", "", ""]),
    ("citationsOverTime.total", ["", "1", ""]),
    ("alternateIdentifiers[0].alternateIdentifier", ["", "SHORT", ""]),
    ("created", [f"2020-01-0{n}T00:00:00Z" for n in (1, 2, 3)]),
    ("descriptions", [None, "", None]),
])
def test_cells(store, name, cells):
    found = column(store, name)
    assert len(found) == 3
    for cell, expected in zip(found, cells):
        assert expected is None and cell or cell == expected


def test_every_column_is_as_the_api_shows_it(store, shown):
    """Each name that --columns help lists, against the values found by walking the API's answer."""

    def walk(value, keys):
        if isinstance(value, list):
            return [found for item in value for found in walk(item, keys)]
        if not keys:
            return [value]
        return walk(value.get(keys[0]), keys[1:]) if isinstance(value, dict) else []

    def text(value):
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return str(value).lower() if isinstance(value, bool) else str(value)

    names = run("export", "--columns", "help").stdout.decode().split()
    assert len(names) == len(set(names)) > 150
    header, *rows = table(store, "--columns", ",".join(names))
    assert header == names
    for row in rows:
        attributes = shown[row[0]]["attributes"]
        assert set(attributes) <= {name.split(".")[0] for name in names}
        for name, cell in zip(names, row):
            value = attributes.get(name)
            if name in ("id", "client", "provider"):
                related = shown[row[0]]["relationships"].get(name, {})
                expected = row[0] if name == "id" else related["data"]["id"]
            elif name == "publisher":
                expected = value["name"]
            elif name in ("created", "registered", "updated"):
                expected = value.replace(".000Z", "Z")
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                expected = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            else:
                found = walk(attributes, name.split("."))
                expected = "; ".join(text(one) for one in found if one not in (None, "", {}))
            assert cell == expected, (row[0], name)


def test_objects_are_json(store, shown):
    for name in ("titles", "creators", "relatedIdentifiers", "types", "titles[0]", "creators.nameIdentifiers"):
        for row in table(store, "--columns", f"doi,{name}")[1:]:
            attributes = shown[row[0]]["attributes"]
            value = attributes.get(name)
            if name == "titles[0]":
                value = (attributes["titles"] or [None])[0]
            if name == "creators.nameIdentifiers":
                value = attributes["creators"][0]["nameIdentifiers"]
            assert (json.loads(row[1]) if row[1] else None) == (value or None)


def test_header_is_as_asked_for(store):
    asked = " doi , titles[0].title,doi,creators[0].name"
    header, *rows = table(store, "--columns", asked)
    assert header == ["doi", "titles[0].title", "doi", "creators[0].name"]
    assert rows[0] == ["10.5072/rec-00001", "First", "10.5072/rec-00001", "Doe, Jo"]


def test_default_columns_are_the_same_in_both(store):
    assert export(store, "--format", "csv").startswith(b"doi,url,registered,state,resourceTypeGeneral,")
    header, *rows = table(store, "--format", "csv")
    tsv = export(store, "--format", "tsv").decode().split("\n")
    assert tsv[0].split("\t") == header
    assert [line.split("\t") for line in tsv[1:-1]] == rows


# ---- quoting ----------------------------------------------------------------------------------------


def test_csv_quotes(odd):
    expected = b"titles.title\n"
    for text in ODD:
        quoted = any(mark in text for mark in '",\r\n')
        cell = '"' + text.replace('"', '""') + '"' if quoted else text
        expected += cell.encode() + b"\n"
    assert export(odd, "--columns", "titles.title") == expected


def test_csv_comes_back(odd):
    # Python's reader took no NUL before 3.11
    rows = table(odd, "--columns", "doi,titles[0].title,subjects.subject", "--format", "csv")
    assert [row[1:] for row in rows[1:]] == [[text, f"{text}; {text}"] for text in ODD]


def test_tsv_escapes(odd):
    lines_of = export(odd, "--columns", "doi,titles.title,state", "--format", "tsv").split(b"\n")
    assert lines_of[0] == b"doi\ttitles.title\tstate" and lines_of[-1] == b""
    letters = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"}
    assert len(lines_of) == len(ODD) + 2
    for line, text in zip(lines_of[1:], ODD):
        escaped = "".join(letters.get(c, c) for c in text).encode()
        assert line.split(b"\t")[1:] == [escaped, b"findable"]


def test_one_empty_cell_is_no_empty_line(store):
    assert export(store, "--columns", "version") == b'version\n1.0\n""\n""\n'
    assert export(store, "--columns", "version", "--format", "tsv") == b"version\n1.0\n\n\n"


# ---- the command line ---------------------------------------------------------------------------------


@pytest.mark.parametrize("args, sentence", [
    (["--columns", "titel"], "there is no column 'titel'; the nearest is 'titles'"),
    (["--columns", "doi,titles.titel"], "the nearest is 'titles.title'"),
    (["--columns", "DOI"], "the nearest is 'doi'"),
    (["--columns", "publication_year"], "the nearest is 'publicationYear'"),
    (["--columns", "viewcount"], "the nearest is 'viewCount'"),
    (["--columns", "zzzzzzzzzzzzzzzzz.y"], "'--columns help' lists the columns"),
    (["--columns", "doi.x"], "there is no column 'doi.x'"),
    (["--columns", "doi[0]"], "'doi' is no list"),
    (["--columns", ""], "'' is no column"),
    (["--columns", "doi,"], "'' is no column"),
    (["--columns", "titles[]"], "'titles[]' is no column"),
    (["--columns", "titles[x].title"], "is no column"),
    (["--columns", "titles[0"], "is no column"),
    (["--columns", "titles[99999999999999999999]"], "is no column"),
    (["--columns", "titles..title"], "is no column"),
    (["--columns", ".title"], "is no column"),
    (["--columns", "titles[0]x"], "is no column"),
    (["--columns", "titles.title" + ".x" * 5000], "there is no column"),
    (["--columns", "d\xfc\x01oi"], "there is no column"),
    (["--preset", "tcai"], "there is no preset 'tcai'; there is 'tcia'"),
    (["--preset", "tcia", "--columns", "doi"], "--preset or --columns"),
    (["--columns", "doi", "--format", "jsonl"], "are for csv and tsv"),
    (["--preset", "tcia", "--format", "bibtex"], "are for csv and tsv"),
    (["--columns", "doi", "--data-file", "x"], "--data-file does not go with --columns"),
    (["--format", "tvs"], "jsonl, csv, tsv, doi"),
])
def test_usage(store, args, sentence):
    done = run("export", "--store", store, *args, check=False)
    assert (done.returncode, done.stdout) == (USAGE, b"")
    assert sentence in done.stderr.decode()


def test_columns_help_needs_no_store(tmp_path):
    done = run("export", "--store", tmp_path / "none.db", "--columns", "help")
    names = done.stdout.decode().split("\n")[:-1]
    assert {"doi", "titles.title", "rightsList.rights", "client", "provider", "state", "viewCount"} <= set(names)
    assert not any("[" in name or "@" in name for name in names)


def test_the_name_tells_which_table(store, tmp_path):
    for name, gap in (("a.tsv", "\t"), ("a.tsv.gz", "\t"), ("a.csv", ","), ("a", ",")):
        export(store, "--columns", "doi,state", "--output", tmp_path / name)
        text = (tmp_path / name).read_bytes()
        if name.endswith("gz"):
            text = gzip.decompress(text)
        assert text.decode().splitlines()[0] == f"doi{gap}state"
    export(store, "--columns", "doi,state", "--format", "csv", "--output", tmp_path / "b.tsv")
    assert (tmp_path / "b.tsv").read_text().startswith("doi,state\n")


@pytest.mark.parametrize("name, begin", [
    ("a.csv", b"doi,url,"), ("a.csv.gz", b"doi,url,"), ("a.tsv.zst", b"doi\turl\t"), ("a.bib", b"@misc{"),
    ("a.RIS", b"TY  - "), ("a.xml", b"<?xml "), ("a.jsonl", b'{"id":'), ("a.json.gz", b'{"id":'), ("a", b'{"id":')])
def test_the_name_tells_which_format(store, tmp_path, name, begin):
    path = tmp_path / name
    run("export", "--store", store, "--output", path, "--ids", "10.5072/rec-00001")
    assert unpacked(path).startswith(begin)
    run("export", "--store", store, "--output", path, "--format", "doi")
    assert b"10.5072/rec-00001" in unpacked(path).splitlines()


def test_a_dash_is_standard_output(store, tmp_path):
    for command in (["export", "--store", store, "--format", "bibtex", "--ids", "10.5072/rec-00001"],
                    ["convert", "--to", "bibtex", "-"]):
        text = lines(PLAIN[:1]).encode()
        done = run(*command, "--output", "-", input=text, cwd=tmp_path)
        assert done.stdout.startswith(b"@misc{")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["export", "stats", "validate", "lint"])
def test_all_of_them_come_in_no_random_order(store, command):
    done = run(command, "--store", store, "--random", "true", check=False)
    assert done.returncode == USAGE and b"'--random'" in done.stderr
    assert b"--random" not in run("help", command).stdout


def test_filters(store):
    assert column(store, "doi", "--client-id", "other.repo") == ["10.5072/rec-00003"]
    assert column(store, "doi", "--ids", "10.5072/rec-00002,10.5072/rec-00001") \
        == ["10.5072/rec-00001", "10.5072/rec-00002"]
    assert column(store, "doi", "--published", "1991") == ["10.5072/rec-00001"]


def test_nothing_is_a_header(store, tmp_path):
    done = run("export", "--store", store, "--columns", "doi,url", "--client-id", "no.body")
    assert done.stdout == b"doi,url\n" and b"no.body" in done.stderr
    empty = load(tmp_path / "empty.db", PLAIN[:1])
    done = run("export", "--store", empty, "--preset", "tcia", "--state", "draft")
    assert done.stdout.decode().count("\n") == 1
    done = run("export", "--store", tmp_path / "none.db", "--columns", "doi", check=False)
    assert done.returncode == FAILED and not done.stdout


# ---- the preset ---------------------------------------------------------------------------------------

TCIA = ["", "DOI", "Identifier", "CreatorNames", "Title", "Created", "Updated", "Related", "Version", "Rights",
        "RightsURI", "Description", "FundingReferences", "URL", "ViewCount", "CitationCount", "ReferenceCount"]


def tcia_row(number, item):
    """The row of one resource of the API's list by the rules of tcia_utils.getDoi and pandas."""
    attributes = item["attributes"]

    def first(name, member):
        values = attributes[name]
        return values[0].get(member) if values else None

    def person(creator):
        both = creator.get("givenName") and creator.get("familyName")
        name = f"{creator['givenName']} {creator['familyName']}" if both else creator.get("name") or ""
        ids = [one["nameIdentifier"] for one in creator.get("nameIdentifiers") or []]
        return name + (" (" + ", ".join(ids) + ")" if ids else "")

    rights = attributes["rightsList"]
    if any("rights" not in right or "rightsUri" not in right for right in rights):
        rights = []
    cells = [
        number, item["id"], first("identifiers", "identifier"), "; ".join(map(person, attributes["creators"])),
        first("titles", "title"), attributes["created"], attributes["updated"],
        "; ".join(f"{one['relationType']}: {one['relatedIdentifier']}" for one in attributes["relatedIdentifiers"]
                  if one.get("relationType") and one.get("relatedIdentifier")),
        attributes["version"], "; ".join(right["rights"] for right in rights),
        "; ".join(right["rightsUri"] for right in rights), first("descriptions", "description"),
        attributes["fundingReferences"], attributes["url"], attributes["viewCount"], attributes["citationCount"],
        attributes["referenceCount"],
    ]
    return ["" if cell is None else str(cell) for cell in cells]


@pytest.mark.parametrize("which", ["store", "odd", "sample_store"])
def test_preset_is_what_getdoi_makes(request, which):
    path = request.getfixturevalue(which)
    with serving(path) as server:
        document = server.json("/dois/?page[size]=1000&sort=created")
    header, *rows = table(path, "--preset", "tcia")
    order = sorted(document["data"], key=lambda item: (item["attributes"]["created"], item["id"]))
    assert header == TCIA
    assert len(rows) == len(order) == document["meta"]["total"]
    assert rows == [tcia_row(number, item) for number, item in enumerate(order)]


def test_preset_prints_lists_as_python(tmp_path):
    values = [*ODD, "it's", "it's \"both\"", '"only double"', "\u00ad\u00a0\u3000\u200b\ue000\U000e0001\u0378",
              "\x7f\x85\x9f\u00e9\u0301", "\\'"]
    records = [resource(n, created=f"2020-01-01T00:00:{n:02}Z",
                        fundingReferences=[{"funderName": "F", "awardTitle": text}, {"funderName": text}])
               for n, text in enumerate(values)]
    path = load(tmp_path / "a.db", records)
    with serving(path) as server:
        shown = {item["id"]: item["attributes"]["fundingReferences"]
                 for item in server.json("/dois?page[size]=1000")["data"]}
    at = TCIA.index("FundingReferences")
    for row in table(path, "--preset", "tcia")[1:]:
        assert row[at] == str(shown[row[1]])


def test_preset_as_tsv(store):
    first = export(store, "--preset", "tcia", "--format", "tsv").decode().split("\n")[0]
    assert first.split("\t") == TCIA


# ---- compression --------------------------------------------------------------------------------------


def unpacked(path):
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        return subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
    return path.read_bytes()


@pytest.mark.parametrize("args", [["--format", "jsonl"], ["--format", "csv"], ["--format", "doi"],
                                  ["--preset", "tcia"], ["--format", "bibtex"], ["--format", "datacite"]])
@pytest.mark.parametrize("ending", ["gz", "zst", "other"])
def test_compressed_by_the_name(sample_store, tmp_path, args, ending):
    path = tmp_path / f"a.{ending}"
    done = run("export", "--store", sample_store, *args, "--output", path, check=False)
    plain = run("export", "--store", sample_store, *args, check=False)
    assert done.returncode == plain.returncode and unpacked(path) == plain.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    first = path.read_bytes()
    run("export", "--store", sample_store, *args, "--output", path, check=False)
    assert path.read_bytes() == first
    assert ending == "other" or len(first) < len(plain.stdout) / 2 or args[1] == "doi"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_import_reads_what_export_wrote(sample_store, tmp_path, name):
    run("export", "--store", sample_store, "--quiet", "--output", tmp_path / name)
    run("import", "--store", tmp_path / "b.db", "--quiet", tmp_path / name)
    assert export(tmp_path / "b.db") == export(sample_store) == unpacked(tmp_path / name)


def test_empty_and_compressed(store, tmp_path):
    for name in ("a.jsonl.gz", "a.jsonl.zst"):
        export(store, "--client-id", "no.body", "--output", tmp_path / name)
        assert unpacked(tmp_path / name) == b""
        assert (tmp_path / name).stat().st_size > 0


def test_convert_compresses_too(store, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(export(store))
    run("convert", "--to", "datacite_json", "--output", tmp_path / "a.json.gz", tmp_path / "a.jsonl")
    assert len(json.loads(unpacked(tmp_path / "a.json.gz"))) == 3
    run("import", "--store", tmp_path / "b.db", "--quiet", tmp_path / "a.json.gz")


# ---- order and failures -------------------------------------------------------------------------------


def test_order_and_reruns(tmp_path):
    """Oldest first, then by DOI, over pages, whatever the order of arrival; the same each time."""
    many = [resource(n, created="2020-01-01T00:00:00Z" if n % 2 else "2019-01-01T00:00:00Z")
            for n in range(1500)]
    one = load(tmp_path / "one.db", many)
    two = load(tmp_path / "two.db", many[::-1])
    args = ["--columns", "created,doi,titles.title,creators.name,client"]
    rows = table(one, *args)[1:]
    assert len(rows) == 1500 and [row[:2] for row in rows] == sorted(row[:2] for row in rows)
    assert export(one, *args) == export(one, *args) == export(two, *args)
    numbers = [row[0] for row in table(one, "--preset", "tcia")[1:]]
    assert numbers == [str(n) for n in range(1500)]
    assert column(one, "doi") == export(one, "--format", "doi").decode().split()


@pytest.mark.parametrize("name", ["full", "full.gz", "full.zst"])
@pytest.mark.parametrize("args", [["--preset", "tcia"], ["--format", "jsonl"], ["--format", "bibtex"]])
def test_full_disk(sample_store, tmp_path, name, args):
    (tmp_path / name).symlink_to("/dev/full")
    done = run("export", "--store", sample_store, *args, "--output", tmp_path / name, check=False)
    assert done.returncode == FAILED and b"No space left" in done.stderr
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BINARY, "export", "--store", sample_store, *args], stdout=full,
                              stderr=subprocess.PIPE)
    assert done.returncode == FAILED and b"cannot write the output" in done.stderr


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst"])
def test_an_incomplete_file_does_not_appear(sample_store, tmp_path, name):
    """A limit on the size of files stands for a disk that fills up; the file of before stays."""
    before = tmp_path / name
    before.write_bytes(b"before")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits.setrlimit(limits.RLIMIT_FSIZE, (40960, 40960))  # the store's own files need 32 KB

    done = subprocess.run([BINARY, "export", "--store", sample_store, "--preset", "tcia", "--output", before],
                          capture_output=True, preexec_fn=limit)
    assert done.returncode == FAILED and b"cannot write" in done.stderr, done.stderr
    assert before.read_bytes() == b"before" and len(list(tmp_path.iterdir())) == 1
    missing = run("export", "--store", sample_store, "--output", tmp_path / "no" / name, check=False)
    assert missing.returncode == FAILED and b"No such file" in missing.stderr
