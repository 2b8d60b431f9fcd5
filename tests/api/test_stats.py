"""doihound stats: sums that are those of the API, and nothing unknown that passes for 0."""

import csv
import io
import json

import pytest
from conftest import run, serving
from records import lines, resource
from world import related

OK, MISS, USAGE = 0, 1, 2
LARGEST = 2147483647


def load(path, *resources):
    run("import", "--store", path, "--quiet", "-", input=lines(resources).encode())
    return path


def months(**totals):
    """`m2020_03=6` as one entry of a series of months."""
    return [{"yearMonth": name[1:].replace("_", "-"), "total": total}
            for name, total in totals.items()]


def years(**totals):
    return [{"year": name[1:], "total": total} for name, total in totals.items()]


class Stats:
    def __init__(self, store, *options, status=OK):
        done = run("stats", "--store", store, *options, check=False)
        assert done.returncode == status, (options, done.returncode, done.stderr)
        self.out, self.said = done.stdout.decode(), done.stderr.decode()

    def csv(self):
        return list(csv.DictReader(io.StringIO(self.out)))

    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]


def by_csv(store, *options, status=OK):
    return Stats(store, "--csv", *options, status=status).csv()


NUMBERS = ["viewCount", "downloadCount", "citationCount"]

FULL = [
    resource(1, viewCount=10, viewsOverTime=months(m2020_01=4, m2020_03=6),
             downloadCount=2, downloadsOverTime=months(m2019_12=2),
             citationCount=3, citationsOverTime=years(y2019=1, y2021=2)),
    resource(2, viewCount=5, viewsOverTime=months(m2021_03=5), downloadCount=0,
             downloadsOverTime=[], citationCount=0, citationsOverTime=[]),
]
# A list without detail, nothing at all, and series that make no sense.
POOR = resource(3, viewCount=7, downloadCount=3, citationCount=2)
BARE = resource(4)
BROKEN = resource(5, viewCount=3, downloadCount=1, citationCount=1,
                  viewsOverTime=[{"yearMonth": "2020-02", "total": 4},
                                 {"yearMonth": "2020-04", "total": -1}],
                  downloadsOverTime=[{"total": 1}],
                  citationsOverTime=[{"year": "2020", "total": "one"}])


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return load(tmp_path_factory.mktemp("stats") / "full.db", *FULL)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return load(tmp_path_factory.mktemp("stats") / "mixed.db", *FULL, POOR, BARE, BROKEN)


# ---- sums ----------------------------------------------------------------------------------------

def test_totals(full):
    row, = by_csv(full)
    assert (row["records"], row["views"], row["downloads"], row["citations"]) == \
        ("2", "15", "2", "3")
    assert row["unknownViews"] == row["unknownDownloads"] == row["unknownCitations"] == "0"
    one, = Stats(full, "--json").json()
    assert {name: "" if value is None else str(value) for name, value in one.items()} == row


def test_totals_for_people(full):
    said = Stats(full)
    table, top = said.out.split("\n\n")
    assert table.splitlines()[0].split() == ["COUNT", "TOTAL", "FOUND", "HERE", "RECORDS",
                                             "UNKNOWN"]
    assert table.splitlines()[1].split() == ["views", "15", "-", "2", "0"]
    assert [line.split()[:4] for line in top.splitlines()[1:]] == \
        [["10", "2", "3", "10.5072/rec-00001"], ["5", "0", "0", "10.5072/rec-00002"]]
    assert said.said == ""
    assert len(Stats(full, "--top", "1").out.split("\n\n")[1].splitlines()) == 2
    assert "\n\n" not in Stats(full, "--top", "0").out


def test_by_year(full):
    """0 stands within what a column covers, nothing outside of it."""
    assert by_csv(full, "--by", "year") == [
        {"year": "2019", "views": "", "downloads": "2", "citations": "1"},
        {"year": "2020", "views": "10", "downloads": "", "citations": "0"},
        {"year": "2021", "views": "5", "downloads": "", "citations": "2"},
    ]


def test_by_month(full):
    said = Stats(full, "--csv", "--by", "month")
    rows = said.csv()
    assert [row["month"] for row in rows] == \
        ["2019-12"] + [f"2020-{month:02}" for month in range(1, 13)] + \
        ["2021-01", "2021-02", "2021-03"]
    assert rows[0] == {"month": "2019-12", "views": "", "downloads": "2"}
    assert [row["views"] for row in rows[1:]] == ["4", "0", "6"] + ["0"] * 11 + ["5"]
    assert "citations are known by year" in said.said


def test_periods_as_json(full):
    one, = Stats(full, "--json", "--by", "year").json()
    assert one["records"] == 2 and one["unknownViews"] == one["unknownCitations"] == 0
    assert one["periods"][0] == {"year": "2019", "views": None, "downloads": 2, "citations": 1}
    assert [period["year"] for period in one["periods"]] == ["2019", "2020", "2021"]


def test_periods_for_people(full):
    assert [line.split() for line in Stats(full, "--by", "year").out.splitlines()] == [
        ["YEAR", "VIEWS", "DOWNLOADS", "CITATIONS"], ["2019", "-", "2", "1"],
        ["2020", "10", "-", "0"], ["2021", "5", "-", "2"]]


def test_per_record(full):
    rows = by_csv(full, "--per-record")
    assert [(row["doi"], row["views"], row["downloads"], row["citations"]) for row in rows] == \
        [("10.5072/rec-00001", "10", "2", "3"), ("10.5072/rec-00002", "5", "0", "0")]
    first, second = Stats(full, "--per-record", "--json").json()
    assert first["views"] == 10 and second["downloads"] == 0 and second["localCitations"] == 0


def test_per_record_over_time(full):
    rows = by_csv(full, "--per-record", "--by", "year")
    assert rows == [
        {"doi": "10.5072/rec-00001", "year": "2019", "views": "", "downloads": "2",
         "citations": "1"},
        {"doi": "10.5072/rec-00001", "year": "2020", "views": "10", "downloads": "",
         "citations": "0"},
        {"doi": "10.5072/rec-00001", "year": "2021", "views": "", "downloads": "",
         "citations": "2"},
        {"doi": "10.5072/rec-00002", "year": "2021", "views": "5", "downloads": "",
         "citations": ""},
    ]
    assert len(Stats(full, "--per-record", "--by", "month", "--json").json()) == 4 + 1


# ---- unknown is not 0 ----------------------------------------------------------------------------

def test_counts_that_did_not_come(mixed):
    said = Stats(mixed, "--csv")
    row, = said.csv()
    assert (row["records"], row["views"], row["downloads"]) == ("5", "25", "6")
    assert (row["unknownViews"], row["unknownDownloads"]) == ("1", "1")
    assert "views: unknown of 1 of 5 records" in said.said
    assert [row["views"] for row in by_csv(mixed, "--per-record")] == ["10", "5", "7", "", "3"]
    assert [one["views"] for one in Stats(mixed, "--per-record", "--json").json()] == \
        [10, 5, 7, None, 3]


def test_series_that_did_not_come(mixed, full):
    """Neither what came without a series nor what makes no sense changes a sum."""
    said = Stats(mixed, "--csv", "--by", "year")
    assert said.csv() == by_csv(full, "--by", "year")
    for name in ("views", "downloads"):
        assert f"{name} over time: 2 of 5 records have no series" in said.said
    # What cites the bare record is counted here: nothing does.
    assert "citations over time: 1 of 5 records have no series" in said.said
    for name in ("views", "downloads", "citations"):
        assert f"{name} over time: the series of 1 records makes no sense" in said.said
    one, = Stats(mixed, "--json", "--by", "year").json()
    assert (one["records"], one["unknownViews"], one["unknownCitations"]) == (5, 3, 2)


def test_unknown_of_all(tmp_path):
    store = load(tmp_path / "bare.db", BARE)
    said = Stats(store, "--csv", status=MISS)
    assert (said.csv()[0]["views"], said.csv()[0]["citations"]) == ("", "0")
    assert "views: unknown, not 0" in said.said and "citations" not in said.said
    assert Stats(store, "--json", status=MISS).json()[0]["views"] is None
    assert "\nviews           -" in Stats(store, status=MISS).out
    said = Stats(store, "--csv", "--by", "month", status=MISS)
    assert said.out == "month,views,downloads\n"
    assert "views over time: unknown, not 0" in said.said
    assert Stats(store, "--json", "--by", "month", status=MISS).json() == \
        [{"records": 1, "unknownViews": 1, "unknownDownloads": 1, "periods": []}]


def test_a_count_without_a_series_is_not_known_over_time(tmp_path):
    """A count of 0 says that the series is empty; another count that it did not come."""
    store = load(tmp_path / "counts.db",
                 resource(1, viewCount=4, viewsOverTime=[], downloadCount=0, citationCount=0))
    said = Stats(store, "--csv", "--by", "year", status=MISS)
    assert "views over time: unknown, not 0" in said.said
    assert "downloads over time" not in said.said and "citations over time" not in said.said


def test_a_series_without_a_count(tmp_path):
    store = load(tmp_path / "series.db",
                 resource(1, viewsOverTime=months(m2020_01=4, m2020_02=5), downloadCount=0))
    assert by_csv(store)[0]["views"] == "9"
    assert by_csv(store, "--per-record")[0]["views"] == "9"
    assert by_csv(store, "--by", "year")[0]["views"] == "9"


def test_a_series_that_is_not_what_the_count_says(tmp_path):
    store = load(tmp_path / "uneven.db", resource(1, viewCount=9, downloadCount=0, citationCount=0,
                                                  viewsOverTime=months(m2020_01=4)))
    said = Stats(store, "--csv", "--by", "year")
    assert said.csv()[0]["views"] == "4"
    assert "views over time: in 1 records the series adds up to another number" in said.said


# ---- odd series ----------------------------------------------------------------------------------

@pytest.mark.parametrize("entry, total", [
    ({"yearMonth": "2020-05", "total": 3}, 3),
    ({"total": 3, "yearMonth": "2020-05"}, 3),
    ({"yearMonth": "2020-05", "total": "3"}, 3),
    ({"yearMonth": "2020-05", "total": 3, "note": "a \"quoted\" one", "more": [1, {"x": None}]}, 3),
    ({"yearMonth": "2020\u002d05", "total": LARGEST}, LARGEST),
    ({"yearMonth": "2020-05", "total": LARGEST + 1}, None),
    ({"yearMonth": "2020-05", "total": 10 ** 30}, None),
    ({"yearMonth": "2020-05", "total": -3}, None),
    ({"yearMonth": "2020-05", "total": 3.5}, None),
    ({"yearMonth": "2020-05", "total": "3 views"}, None),
    ({"yearMonth": "2020-05", "total": ""}, None),
    ({"yearMonth": "2020-05", "total": None}, None),
    ({"yearMonth": "2020-05", "total": [3]}, None),
    ({"yearMonth": "2020-05"}, None),
    ({"yearMonth": "2020-13", "total": 3}, None),
    ({"yearMonth": "2020-00", "total": 3}, None),
    ({"yearMonth": "2020/05", "total": 3}, None),
    ({"yearMonth": "2020", "total": 3}, None),
    ({"yearMonth": "0000-05", "total": 3}, None),
    ({"yearMonth": "9999-05", "total": 3}, None),
    ({"yearMonth": "", "total": 3}, None),
    ({"yearMonth": 202005, "total": 3}, None),
    ({"yearMonth": None, "total": 3}, None),
    ({"year": "2020", "total": 3}, None),
    ({"total": 3}, None),
    ({}, None),
])
def test_entries(tmp_path, entry, total):
    """One entry that makes no sense spoils the series, beside a good one, too."""
    store = load(tmp_path / "odd.db", resource(1, viewCount=1, viewsOverTime=[entry]),
                 resource(2, viewCount=1, viewsOverTime=months(m2020_04=1) + [entry]))
    rows = by_csv(store, "--per-record", "--by", "year", status=MISS)
    assert [row["views"] for row in rows] == \
        ([] if total is None else [str(total), str(total + 1)])


@pytest.mark.parametrize("year, total", [("2021", "2"), (2021, "2"), ("21", None), ("", None),
                                         (None, None), ("2021-01", None), (10 ** 20, None)])
def test_years(tmp_path, year, total):
    store = load(tmp_path / "years.db", resource(1, viewCount=0, downloadCount=0, citationCount=2,
                                                 citationsOverTime=[{"year": year, "total": 2}]))
    rows = by_csv(store, "--by", "year", status=MISS if total is None else OK)
    assert [row["citations"] for row in rows] == ([] if total is None else [total])


@pytest.mark.parametrize("series, views", [
    ({"yearMonth": "2020-05", "total": 3}, "3"), (None, ""), ([None], ""), ([[]], ""),
    (["2020-05"], ""), ([], "")])
def test_no_list_of_objects(tmp_path, series, views):
    """What an import mends into an empty list did not come."""
    store = load(tmp_path / "odd.db", resource(1, viewCount=3, viewsOverTime=series,
                                               downloadCount=1, citationCount=1,
                                               downloadsOverTime=months(m2020_01=1),
                                               citationsOverTime=years(y2020=1)))
    row, = by_csv(store, "--by", "year", status=OK if views else MISS)
    assert row["views"] == views


def test_the_same_month_twice(tmp_path):
    store = load(tmp_path / "twice.db", resource(1, viewCount=5, downloadCount=0,
                                                 viewsOverTime=months(m2020_01=2) * 2 +
                                                 months(m2019_01=1)))
    assert [row["views"] for row in by_csv(store, "--by", "year")] == ["1", "4"]


def test_sums_beyond_32_bits(tmp_path):
    some = months(m2020_01=LARGEST, m2020_02=LARGEST)
    store = load(tmp_path / "huge.db", *[
        resource(i, viewCount=LARGEST, viewsOverTime=some, downloadCount=0) for i in range(20)])
    assert by_csv(store)[0]["views"] == str(20 * LARGEST)
    assert by_csv(store, "--by", "year")[0]["views"] == str(40 * LARGEST)
    assert Stats(store, "--json", "--by", "month").json()[0]["periods"][1]["views"] == 20 * LARGEST


# ---- what the store counts itself ----------------------------------------------------------------

@pytest.fixture(scope="module")
def cited(tmp_path_factory):
    """Three records cite the first, one of them a draft, one undated; the second's count came."""
    cites = [related("Cites", "10.5072/rec-00001"), related("Cites", "10.5072/rec-00002")]
    return load(tmp_path_factory.mktemp("stats") / "cited.db",
                resource(1), resource(2, citationCount=9),
                resource(3, relatedIdentifiers=cites, updated="2019-05-01T00:00:00Z"),
                resource(4, relatedIdentifiers=cites, updated="2021-05-01T00:00:00Z"),
                resource(5, relatedIdentifiers=cites, state="draft"),
                resource(6, relatedIdentifiers=[related("HasPart", "10.5072/rec-00001")],
                         citationCount=0))


def test_counts_of_the_store(cited):
    row = by_csv(cited, status=MISS)[0]
    assert (row["citations"], row["localCitations"]) == ("11", "4")
    assert (row["references"], row["parts"], row["partOf"]) == ("4", "1", "1")
    assert row["localReferences"] == "4" and row["unknownCitations"] == "0"
    one, two, *_ = by_csv(cited, "--per-record", status=MISS)
    assert (one["citations"], one["localCitations"]) == ("2", "2")
    assert (two["citations"], two["localCitations"]) == ("9", "2")
    assert one["views"] == ""


def test_citations_over_time_of_the_store(cited):
    said = Stats(cited, "--csv", "--by", "year", status=MISS)
    assert [(row["year"], row["citations"]) for row in said.csv()] == \
        [("2019", "1"), ("2020", "0"), ("2021", "1")]
    # The count that came is another than the store's own: its years are not known.
    assert "citations over time: 1 of 6 records have no series" in said.said


def test_the_sums_are_those_of_the_api(mixed, cited, full):
    """Every count and series that a list with detail shows, added up here."""
    for store in (mixed, cited, full):
        with serving(store) as server:
            shown = server.json("/dois?detail=true&page[size]=100&disable-facets=true")["data"]
        known = {one["doi"]: one for one in
                 Stats(store, "--json", "--per-record", status=MISS if store == cited else OK).json()}
        for item in shown:
            row = known.pop(item["id"])
            for name, attribute in (("views", "viewCount"), ("downloads", "downloadCount"),
                                    ("citations", "citationCount"), ("parts", "partCount"),
                                    ("references", "referenceCount"), ("partOf", "partOfCount"),
                                    ("versions", "versionCount")):
                assert (row[name] or 0) == item["attributes"][attribute]
        assert len(known) == (1 if store == cited else 0)  # the draft
        totals = {}
        for item in shown:
            series = item["attributes"]["citationsOverTime"]
            if all(isinstance(entry["total"], int) for entry in series):
                for entry in series:
                    totals[entry["year"]] = totals.get(entry["year"], 0) + entry["total"]
        rows = by_csv(store, "--by", "year", status=MISS if store == cited else OK)
        assert {row["year"]: int(row["citations"]) for row in rows if int(row["citations"])} == \
            totals


# ---- which records -------------------------------------------------------------------------------

def other(number, **changes):
    item = resource(number, **changes)
    item["relationships"]["client"]["data"]["id"] = "exmpl.other"
    return item


def test_filters_and_queries(tmp_path):
    store = load(tmp_path / "two.db", *FULL,
                 other(7, viewCount=100, viewsOverTime=months(m2022_01=100), downloadCount=0,
                       citationCount=0, titles=[{"title": "Heron"}]))
    assert by_csv(store)[0]["views"] == "115"
    assert by_csv(store, "--client-id", "exmpl.other")[0]["views"] == "100"
    assert by_csv(store, "--query", "titles.title:heron")[0]["views"] == "100"
    assert by_csv(store, "--query", "NOT titles.title:heron", "--by", "year")[-1]["year"] == "2021"
    assert [row["doi"] for row in by_csv(store, "--client-id", "exmpl.other", "--per-record")] == \
        ["10.5072/rec-00007"]
    assert "100" in Stats(store, "--client-id", "exmpl.other").out.split("\n\n")[1]
    assert "warning" in Stats(store, "--query", "no.such.field:1 OR heron").said


def test_an_empty_store_and_nothing_found(tmp_path, full):
    empty = tmp_path / "empty.db"
    run("import", "--store", empty, "--quiet", "-", input=b"")
    said = Stats(empty, "--csv", status=MISS)
    row, = said.csv()
    assert (row["records"], row["views"], row["citations"]) == ("0", "", "")
    assert "is empty" in said.said
    assert Stats(empty, "--csv", "--by", "month", status=MISS).out == "month,views,downloads\n"
    assert Stats(empty, "--json", "--by", "year", status=MISS).json()[0]["periods"] == []
    assert Stats(empty, "--json", "--per-record", status=MISS).out == ""
    header = Stats(full, "--csv", "--per-record").out.splitlines()[0]
    assert Stats(empty, "--csv", "--per-record", status=MISS).out == header + "\n"
    assert Stats(empty, "--by", "year", status=MISS).out == ""
    nobody = Stats(full, "--client-id", "nobody.here", status=MISS)
    assert "there is no client 'nobody.here'" in nobody.said and "unknown" in nobody.said


def test_a_query_that_cannot_be_read(full):
    said = Stats(full, "--query", "titles.title:(", status=USAGE)
    assert said.out == "" and "the query cannot be understood" in said.said and "^" in said.said
    told = Stats(full, "--query", "nofield:x", status=MISS).said
    assert told.count('no field is called "nofield"') == 1


def test_more_than_a_page_of_records(tmp_path):
    store = load(tmp_path / "many.db", *[
        resource(i, viewCount=i % 7, downloadCount=0, citationCount=0,
                 viewsOverTime=months(m2020_01=i % 7) if i % 7 else []) for i in range(2100)])
    assert by_csv(store)[0]["views"] == str(sum(i % 7 for i in range(2100)))
    assert by_csv(store, "--by", "month")[0]["views"] == str(sum(i % 7 for i in range(2100)))
    assert len({row["doi"] for row in by_csv(store, "--per-record")}) == 2100


@pytest.mark.parametrize("options", [["--csv", "--json"], ["--by", "week"], ["--top", "-1"],
                                     ["--top", "many"], ["--csv=yes"], ["word"]])
def test_what_makes_no_sense(full, options):
    Stats(full, *options, status=USAGE)
