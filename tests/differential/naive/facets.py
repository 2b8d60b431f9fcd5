"""Facets and filters over hits, counted one record after the other."""

from collections import Counter

from naive import fields as table


def _year_of(name):
    def years(record):
        value = record["attributes"].get(name)
        return [] if value is None else [str(value)[:4]]
    return years


def _values(path):
    return lambda record: list(map(table.as_text, table.values(record, path)))


def _first_part(path):
    return lambda record: [value.split(":")[0] for value in table.values(record, path)]


def _whole(path):
    return lambda record: table.values(record, path)


# name: (keys of a record, how many buckets, newest first, id of a key)
TERMS = {
    "states": (_values("state"), 3, False, None),
    "resourceTypes": (_whole("@resource_type_id_and_name"), 34, False, "head"),
    "created": (_year_of("created"), 10, True, None),
    "registered": (_year_of("registered"), 10, True, None),
    "prefixes": (_values("prefix"), 10, False, None),
    "licenses": (lambda r: [v.lower() for v in _values("rightsList.rightsIdentifier")(r)], 10, False, None),
    "schemaVersions": (_values("schemaVersion"), 10, False, "tail"),
    "languages": (_values("language"), 10, False, None),
    "subjects": (_values("subjects.subject"), 10, False, None),
    "affiliations": (_whole("@affiliation_id_and_name"), 10, False, "head"),
    "registrationAgencies": (_values("agency"), 10, False, None),
}
SUMS = {"citations": "citationCount", "views": "viewCount", "downloads": "downloadCount"}
TOTALS = ("citationCount", "viewCount", "downloadCount")
NAMES = [*TERMS, "published", *SUMS, *TOTALS]


def count(records, name, this_year):
    """[(id, count)] as the API gives them, or a number for a total."""
    if name in TOTALS:
        return sum(record["attributes"].get(name) or 0 for record in records)
    if name in SUMS:
        return _sums(records, SUMS[name])
    if name == "published":
        tally = Counter(year for record in records for year in _year_of("publicationYear")(record)
                        if int(year) <= this_year)
        return sorted(tally.items(), reverse=True)[:this_year - 2010 + 1]
    keys, size, newest, part = TERMS[name]
    tally = Counter(key for record in records for key in set(keys(record)))
    if newest:
        found = sorted(tally.items(), reverse=True)
    else:
        found = sorted(tally.items(), key=lambda item: (-item[1], item[0].encode()))
    shown = {None: lambda key: key, "head": lambda key: key.split(":")[0], "tail": lambda key: key.split("-")[-1]}
    return [(shown[part](key), n) for key, n in found[:size]]


def _sums(records, member):
    tally = Counter()
    for record in records:
        year = record["attributes"].get("publicationYear")
        if year is not None:
            tally[str(year)] += record["attributes"].get(member) or 0
    newest = sorted(tally.items(), reverse=True)[:10]
    return [(year, n) for year, n in newest if n]


def shown(meta, name):
    """The same out of an answer's meta."""
    found = meta.get(name)
    return found if isinstance(found, int) else [(bucket["id"], bucket["count"]) for bucket in found or []]


# --- filters -----------------------------------------------------------------------------------

def _years(name):
    def passes(record, value):
        years = sorted(value.split(","))
        own = record["attributes"].get(name)
        return own is not None and years[0] <= str(own)[:4] <= years[-1]
    return passes


def _at_least(name):
    return lambda record, value: (record["attributes"].get(name) or 0) >= int(value)


def _one_of(keys):
    return lambda record, value: bool(set(keys(record)) & set(value.split(",")))


FILTERS = {
    "prefix": _one_of(_values("prefix")),
    "resource-type-id": _one_of(_whole("@resource_type_id")),
    "license": _one_of(TERMS["licenses"][0]),
    "subject": _one_of(_values("subjects.subject")),
    "published": _years("publicationYear"),
    "created": _years("created"),
    "registered": _years("registered"),
    "has-citations": _at_least("citationCount"),
    "has-views": _at_least("viewCount"),
    "has-downloads": _at_least("downloadCount"),
    "client-id": lambda record, value: table.account(record, "client") in value.split(","),
}
