#!/usr/bin/env python3
"""Records with everything that words and values can trip over: `odd_records.py [--records N] [--seed S]`, JSON Lines."""

import argparse
import json
import random

WORDS = """lung Lung LUNG cancer's don’t e-mail a.b.c U.S.A. 3.14 1,000 1;2 foo_bar _x_ __ a:b 10.5072/abc x@y.org C++ C#
straße STRASSE Éte\u0301 été naïve Ångström İstanbul ısı Ωmega ΩΜΈΓΑ σίγμας Привет МИР ёж мир北京 北京大学 データ カタカナ
ひらがな 한국어 데이터 ﬁne ２０２０ Ⅷ ²x µm K&R AT&T <b>bold</b> &amp; \u00adsoft zero\u200bwidth no\u00a0break a\u3000b "quoted"
'single' (paren) [x] {y} back\\slash tilde~ caret^ star* quest? plus+ -minus !bang a||b a&&b AND OR NOT TO and or not
x1.y2 v2.0 2.0v 1a 1.a a.1 a'1 1'a 𝒳 𐐀 ab abc abcd abcde abcdef""".split(" ")
WORDS = [word for line in WORDS for word in line.split("\n")]
FORMS = ["{}", "{}", "https://doi.org/{}", "http://dx.doi.org/{}", "doi:{}", "DOI:{}", "http://doi.org/{}", "{}/x"]
DATES = ["2015", "2015-02", "2015-02-29", "2016-02-29", "2015-01-01/2016-01-01", "c. 1900", "", "0000", "99999"]
FOS = "Fields of Science and Technology (FOS)"


def words(rng, most):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))


def value(rng):
    turn = rng.randrange(40)
    if turn == 0:
        return ""
    if turn == 1:
        return "a" * rng.choice([254, 255, 256, 511, 600])
    if turn == 2:
        return words(rng, 3) + " " + "long value " * rng.choice([10, 900])
    if turn == 3:
        return " ".join([rng.choice(WORDS)] * rng.randint(2, 6))
    return words(rng, rng.choice([1, 2, 4, 8]))


def doi(number):
    return f"10.5072/odd-{number:04}" if number % 3 else f"10.5072/ODD_{number:04}"


def person(rng):
    name = rng.choice(["Doe, Jane", "CERN", "a, b, c", "Müller, Ö.", "王, 伟", "O'Neil, Pat", words(rng, 2)])
    made = {"name": name}
    if rng.random() < 0.5:
        made["familyName"], made["givenName"] = (name.split(", ") + [""])[:2]
    if rng.random() < 0.3:
        made["nameIdentifiers"] = [{"nameIdentifier": "https://orcid.org/0000-0002-1825-0097",
                                    "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}]
    if rng.random() < 0.4:
        made["affiliation"] = [{"name": words(rng, 3), "affiliationIdentifier": "https://ror.org/04wxnsj81",
                                "affiliationIdentifierScheme": "ROR"}]
    return made


def record(rng, number, count):
    def some(most, make):
        return [make() for _ in range(rng.randint(0, most))]

    attributes = {
        "doi": doi(number),
        "titles": [{"title": value(rng), "lang": rng.choice(["en", "EN", "de", None])}
                   for _ in range(rng.choice([1, 1, 1, 2, 3]))],
        "creators": some(3, lambda: person(rng)), "contributors": some(2, lambda: person(rng)),
        "publisher": {"name": words(rng, 3)}, "publicationYear": rng.choice([1899, 1970, 2015, 2016, 2024, 2026]),
        "descriptions": some(2, lambda: {"description": value(rng), "descriptionType": "Abstract"}),
        "subjects": some(4, lambda: {"subject": rng.choice([value(rng), "FOS: Physics", "Lung", "lung"]),
                                     "subjectScheme": rng.choice([None, FOS, "MeSH"])}),
        "dates": some(3, lambda: {"date": rng.choice(DATES), "dateType": rng.choice(["Issued", "Created"])}),
        "language": rng.choice(["en", "EN", "de-DE", None]), "version": rng.choice(["1", "1.0", "v1 beta", None]),
        "sizes": some(2, lambda: rng.choice(["10 MB", "1 file", "10 mb"])),
        "formats": some(2, lambda: rng.choice(["text/csv", "CSV"])),
        "types": rng.choice([{"resourceTypeGeneral": "Dataset", "resourceType": words(rng, 2)},
                             {"resourceTypeGeneral": "JournalArticle"}, {"resourceTypeGeneral": "Other"},
                             {"resourceTypeGeneral": "Text", "resourceType": "Project"}]),
        "identifiers": some(2, lambda: {"identifier": rng.choice(["ABC-1", "abc-1", "x y"]), "identifierType": "Local"}),
        "relatedIdentifiers": some(3, lambda: {
            "relatedIdentifier": rng.choice(FORMS).format(rng.choice([str.upper, str.lower, str])(
                doi(rng.randrange(count)))), "relatedIdentifierType": "DOI",
            "relationType": rng.choice(["Cites", "IsCitedBy", "HasPart", "IsPartOf", "References", "IsVersionOf"])}),
        "relatedItems": some(1, lambda: {"titles": [{"title": value(rng)}], "relationType": "Cites",
                                         "relatedItemType": "Book", "publicationYear": rng.choice([2001, "2001"])}),
        "rightsList": some(2, lambda: {"rights": words(rng, 2), "rightsIdentifier": rng.choice(["CC-BY-4.0", "cc0-1.0"])}),
        "geoLocations": some(2, lambda: {"geoLocationPlace": words(rng, 2), "geoLocationPoint": {
            "pointLatitude": rng.choice([-90, 0, 10.5, "45.25", -0.0]), "pointLongitude": rng.randint(-180, 180)}}),
        "fundingReferences": some(1, lambda: {"funderName": words(rng, 3),
                                              "funderIdentifier": "https://doi.org/10.13039/501100000780",
                                              "funderIdentifierType": "Crossref Funder ID", "awardNumber": "A-1"}),
        "container": rng.choice([{}, {"type": "Journal", "title": words(rng, 2), "firstPage": "1"}]),
        "url": rng.choice(["https://example.org/a_b?c=d&e=F", "http://x.org/", None]),
        "contentUrl": some(2, lambda: "https://example.org/" + str(rng.randint(1, 9))),
        "state": rng.choice(["findable"] * 8 + ["registered", "draft"]),
        "agency": rng.choice(["datacite"] * 9 + ["crossref"]), "source": rng.choice(["api", "mds", None]),
        "schemaVersion": "http://datacite.org/schema/kernel-4", "viewCount": rng.randint(0, 9),
        "downloadCount": rng.choice([0, 2147483647]), "citationCount": rng.randint(0, 3),
        "created": f"20{rng.randint(10, 24)}-0{rng.randint(1, 9)}-{rng.randint(10, 28)}T{rng.randint(10, 23)}:59:59Z",
        "registered": rng.choice(["2016-02-29T23:59:59Z", "2017-01-01T00:00:00Z"]), "updated": "2024-12-31T23:59:59Z",
    }
    return {"id": doi(number), "type": "dois", "attributes": attributes,
            "relationships": {"client": {"data": {"id": "odd.archive", "type": "clients"}},
                              "provider": {"data": {"id": "odd", "type": "providers"}}}}


def lines(count, seed):
    return "".join(json.dumps(record(random.Random(f"{seed}-{i}"), i, count), ensure_ascii=i % 2 == 0) + "\n"
                   for i in range(count))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(lines(options.records, options.seed), end="")


if __name__ == "__main__":
    main()
