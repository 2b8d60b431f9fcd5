"""Random records and random requests against a plain model of what the answer must be.

The model filters, sorts and counts in a few lines of Python; the store uses indexes, bitmaps and
counts kept ready. Records are changed twice, so that what is kept must be kept up to date.
"""

import collections
import datetime
import random

import pytest
from conftest import run, serving
from records import lines
from world import ACCOUNTS, FIELDS_OF_SCIENCE, ROR, doi, person

COUNT, REQUESTS, SEED = 1200, 60, 4711
YEAR = datetime.date.today().year
CLIENTS = {"orga.data": (["CoreTrustSeal", "WDS"], "repository"), "orgb.igsn": ([], "igsnCatalog"),
           "dirm.jour": ([], "periodical"), "dirm.repo": (["DIN 31644", "WDS"], "repository")}
TYPES = {"Dataset": "dataset", "JournalArticle": "journal-article", "Software": "software",
         "PhysicalObject": "physical-object"}
LICENCES = ["cc-by-4.0", "cc0-1.0", "mit", "apache-2.0"]
OPEN = {"cc-by-4.0", "cc0-1.0"}
SUBJECTS = [f"subject {i}" for i in range(14)] + ["FOS: Biological sciences"]
PEOPLE = [f"https://orcid.org/0000-0000-0000-{i:04}" for i in range(14)]
STATES = ["findable"] * 9 + ["registered", "draft"]


def some(chance, values, most=3):
    return chance.sample(values, chance.randint(0, most))


def made(chance, number):
    """A record, and what the model knows of it."""
    client = chance.choice(list(CLIENTS))
    created = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    known = {
        "client": client, "provider": client.split(".")[0], "type": chance.choice(list(TYPES)),
        "licences": some(chance, LICENCES), "subjects": some(chance, SUBJECTS, 4),
        "people": some(chance, PEOPLE, 2), "year": chance.choice([None, *range(2005, 2024)]),
        "created": f"{created}T00:00:{chance.randint(0, 59):02}Z", "state": chance.choice(STATES),
        "updated": f"2025-{chance.randint(1, 12):02}-01T00:00:{chance.randint(0, 59):02}Z",
        "registered": chance.choice([None, f"{created}T01:00:00Z"]),
        "views": chance.choice([0, 0, 1, chance.randint(0, 5000)]),
        "citations": chance.choice([0, 0, chance.randint(0, 9)]),
        "ror": chance.random() < 0.2, "language": chance.choice([None, "en", "de"]),
        "title": chance.choice(["", "Zebra", "apple", "Émile", "banana"]) + str(number % 40),
        "agency": chance.choice(["datacite"] * 12 + ["crossref"]),
        "urls": chance.choice([None, [], ["https://example.org/a"], ["a:b", "c:d"]]),
        "fos": chance.random() < 0.5,
    }
    creators = [person(f"Person {one[-4:]}", one) for one in known["people"]] \
        or [person("Nobody", affiliation="Forest Institute" if known["ror"] else None)]
    if known["ror"]:
        creators[0]["affiliation"] = person("x", affiliation="Forest Institute")["affiliation"]
    item = doi(
        f"r{number:05}", client, creators=creators, titles=[{"title": known["title"]}],
        types={"resourceTypeGeneral": known["type"]}, publicationYear=known["year"],
        rightsList=[{"rightsIdentifier": one} for one in known["licences"]],
        subjects=[{"subject": one, **({"subjectScheme": FIELDS_OF_SCIENCE} if known["fos"] else {})}
                  for one in known["subjects"]],
        created=known["created"], registered=known["registered"], updated=known["updated"],
        state=known["state"], viewCount=known["views"], citationCount=known["citations"],
        language=known["language"], agency=known["agency"], contentUrl=known["urls"])
    known["doi"] = item["id"]
    return item, known


# Filters: how a request says it, and what it means to the model. The first ones are alternatives.
EITHER = {
    "client-id": (lambda c: c.sample(list(CLIENTS), c.randint(1, 2)),
                  lambda r, v: r["client"] in v),
    "provider-id": (lambda c: c.sample(["orga", "orgb", "dirm", "none"], c.randint(1, 2)),
                    lambda r, v: r["provider"] in v),
    "affiliation-id": (lambda c: [ROR], lambda r, v: r["ror"]),
    "has-affiliation": (lambda c: ["1"], lambda r, v: r["ror"]),
}
EACH = {
    "resource-type-id": (lambda c: some(c, list(TYPES.values()), 2) or ["dataset"],
                         lambda r, v: TYPES[r["type"]] in v),
    "license": (lambda c: some(c, LICENCES, 2) or ["mit"],
                lambda r, v: set(r["licences"]) & set(v)),
    "subject": (lambda c: some(c, SUBJECTS, 3) or ["none"],
                lambda r, v: set(r["subjects"]) & set(v)),
    "has-person": (lambda c: ["true"], lambda r, v: r["people"]),
    "user-id": (lambda c: [c.choice(PEOPLE)], lambda r, v: v[0] in r["people"]),
    "published": (lambda c: [str(c.randint(2005, 2024)) for _ in range(c.randint(1, 2))],
                  lambda r, v: r["year"] and int(min(v)) <= r["year"] <= int(max(v))),
    "created": (lambda c: [str(c.randint(2010, 2025)) for _ in range(c.randint(1, 2))],
                lambda r, v: min(v) <= r["created"][:4] <= max(v)),
    "registered": (lambda c: [str(c.randint(2010, 2025))],
                   lambda r, v: r["registered"] and r["registered"][:4] == v[0]),
    "has-views": (lambda c: [str(c.randint(0, 3000))], lambda r, v: r["views"] >= int(v[0])),
    "has-citations": (lambda c: [str(c.randint(0, 10))],
                      lambda r, v: r["citations"] >= int(v[0])),
    "prefix": (lambda c: some(c, ["10.5072", "10.82434", "10.82435", "10.82436"], 3) or ["10.1"],
               lambda r, v: r["doi"].split("/")[0] in v),
    "certificate": (lambda c: [c.choice(["WDS", "CoreTrustSeal", "none"])],
                    lambda r, v: v[0] in CLIENTS[r["client"]][0]),
    "client-type": (lambda c: [c.choice(["repository", "periodical", "igsnCatalog"])],
                    lambda r, v: CLIENTS[r["client"]][1] == v[0]
                    and (v[0] != "igsnCatalog" or r["type"] == "PhysicalObject")),
    "field-of-science": (lambda c: ["biological_sciences"],
                         lambda r, v: r["fos"] and "FOS: Biological sciences" in r["subjects"]),
    "consortium-id": (lambda c: ["cons"], lambda r, v: r["provider"] != "dirm"),
}
FOLD = str.maketrans("éÉ", "ee")
SORTS = {
    "name": lambda r: r["doi"], "created": lambda r: r["created"],
    "updated": lambda r: r["updated"], "view-count": lambda r: r["views"],
    "citation-count": lambda r: r["citations"],
    "title": lambda r: r["title"].lower().translate(FOLD),
}


def counted(keys, size=10):
    count = collections.Counter(keys)
    return sorted(count.items(), key=lambda one: (-one[1], one[0]))[:size]


def years(keys, size=10):
    return sorted(collections.Counter(keys).items(), reverse=True)[:size]


def sums(hits, name):
    total = collections.defaultdict(int)
    for hit in hits:
        if hit["year"]:
            total[str(hit["year"])] += hit[name]
    return [(year, total[year]) for year in sorted(total, reverse=True)[:10] if total[year]]


def facets(hits):
    return {
        "states": counted(r["state"] for r in hits),
        "resourceTypes": counted((TYPES[r["type"]] for r in hits), 34),
        "created": years(r["created"][:4] for r in hits),
        "published": years((str(r["year"]) for r in hits if r["year"]), YEAR - 2010 + 1),
        "registered": years(r["registered"][:4] for r in hits if r["registered"]),
        "providers": counted(r["provider"] for r in hits),
        "clients": counted(r["client"] for r in hits),
        "clientTypes": counted(CLIENTS[r["client"]][1] for r in hits),
        "affiliations": counted("ror.org/04wxnsj81" for r in hits if r["ror"]),
        "prefixes": counted(r["doi"].split("/")[0] for r in hits),
        "certificates": counted(one for r in hits for one in CLIENTS[r["client"]][0]),
        "licenses": counted(one for r in hits for one in r["licences"]),
        "licensesWithMissing": counted(one for r in hits
                                       for one in r["licences"] or ["__missing__"]),
        "authors": counted(one for r in hits for one in r["people"]),
        "creatorsAndContributors": counted(one for r in hits for one in r["people"]),
        "subjects": counted(one for r in hits for one in r["subjects"]),
        "fieldsOfScience": counted("biological_sciences" for r in hits
                                   if r["fos"] and SUBJECTS[-1] in r["subjects"]),
        "languages": counted(r["language"] for r in hits if r["language"]),
        "citations": sums(hits, "citations"), "views": sums(hits, "views"),
        "citationCount": sum(r["citations"] for r in hits),
        "viewCount": sum(r["views"] for r in hits),
        "contentUrlCount": sum(len(r["urls"] or []) for r in hits),
        "openLicenses": counted((TYPES[r["type"]] for r in hits if OPEN & set(r["licences"])), 34),
        "openLicensesCount": sum(1 for r in hits if OPEN & set(r["licences"])),
    }


def shown(value):
    return [(one["id"], one["count"]) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module", params=["new", "changed", "changed while serving"])
def stage(request, tmp_path_factory):
    """A server and what the model knows of its records."""
    chance = random.Random(SEED)
    path = tmp_path_factory.mktemp("oracle") / "store.db"
    batch = [made(chance, number) for number in range(COUNT)]
    known = {fact["doi"].split("/")[1]: fact for _, fact in batch}

    def load(items):
        run("import", "--store", path, "--quiet", "-", input=lines(items).encode())

    def change(numbers):
        again = [made(chance, number) for number in numbers]
        for item, fact in again:  # a record keeps its DOI, so its client's prefix
            name = fact["doi"].split("/")[1]
            if known[name]["client"] == fact["client"]:
                fact["registered"] = fact["registered"] or known[name]["registered"]
                known[name] = fact
                load_later.append(item)

    load([*ACCOUNTS, *(item for item, _ in batch)])
    load_later = []
    if request.param != "new":
        change(range(0, COUNT, 2))
    if request.param == "changed":
        load(load_later)
    with serving(path) as server:
        if request.param == "changed while serving":
            assert server.json("/dois")["meta"]["total"] > 0
            load(load_later)
        yield server, list(known.values())


def random_request(chance):
    chosen = {}
    for table, most in ((EITHER, 2), (EACH, 3)):
        for name in chance.sample(list(table), chance.randint(0, most)):
            chosen[name] = table[name][0](chance)
    return chosen


def matches(record, chosen):
    either = [EITHER[name][1](record, values) for name, values in chosen.items() if name in EITHER]
    each = [EACH[name][1](record, values) for name, values in chosen.items() if name in EACH]
    return record["state"] == "findable" and record["agency"] == "datacite" \
        and (not either or any(either)) and all(each)


def url(chosen, more):
    values = [f"{name}={','.join(value)}".replace(" ", "%20") for name, value in chosen.items()]
    return "/dois?" + "&".join([*values, more])


def test_filters_and_facets(stage):
    server, records = stage
    chance, names = random.Random(SEED + 1), ",".join(facets([]))
    met = 0
    for _ in range(REQUESTS):
        chosen = random_request(chance)
        hits = [record for record in records if matches(record, chosen)]
        target = url(chosen, f"page[size]=1000&facets={names}")
        document = server.json(target)
        meta = document["meta"]
        assert meta["total"] == len(hits), target
        if len(hits) <= 1000:
            assert {item["id"] for item in document["data"]} == {hit["doi"] for hit in hits}
        if hits:
            expected = facets(hits)
            for name, value in expected.items():
                assert shown(meta[name]) == value, (target, name)
        met += bool(hits)
    assert met > REQUESTS / 3


def test_order(stage):
    server, records = stage
    chance = random.Random(SEED + 2)
    for sort, key in SORTS.items():
        for sign in ("", "-"):
            chosen = random_request(chance) if chance.random() < 0.7 else {}
            hits = {record["doi"]: record for record in records if matches(record, chosen)}
            found, size = [], chance.choice([41, 100, 333])
            target = url(chosen, f"disable-facets=true&sort={sign}{sort}&page[size]={size}")
            while target:
                document = server.json(target)
                found += [hits[item["id"]] for item in document["data"]]
                target = document["links"].get("next", "").replace(server.base, "")
            assert len(found) == len({record["doi"] for record in found}) == len(hits)
            keys = [key(record) for record in found]
            assert keys == sorted(keys, reverse=bool(sign)), (sign, sort, chosen)


def test_cursor(stage):
    server, records = stage
    chance = random.Random(SEED + 3)
    for _ in range(8):
        chosen = random_request(chance) if chance.random() < 0.7 else {}
        hits = [record for record in records if matches(record, chosen)]
        found, size = [], chance.choice([37, 100, 1000])
        target = url(chosen, f"disable-facets=true&page[cursor]=1&page[size]={size}")
        while target:
            document = server.json(target)
            assert document["meta"]["total"] == len(hits)
            found += [item["id"] for item in document["data"]]
            target = document["links"].get("next", "").replace(server.base, "")
        expected = sorted(hits, key=lambda record: (record["created"], record["doi"]))
        assert found == [record["doi"] for record in expected]
