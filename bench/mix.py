"""The mix: twenty questions with values drawn from the records, each as parameters of the API and
as the SQL of a peer (peer.py), so that both are asked the same.

A question is given `pick`, which chooses the value of this round from a kind of values
(bench/generate/values.h), from the frequent to the rare as the rounds go on.
"""

DEFAULT = "{title description creator subject publisher} : "


class Picker:
    """The values of one round of several; the warming-up takes others than the rounds."""

    def __init__(self, values, round_number, rounds, warming=False):
        self.values, self.at, self.warming = values, round_number / rounds, warming

    def __call__(self, kind, ahead=0):
        choices = self.values[kind]
        place = int(self.at * len(choices)) + ahead + (1 if self.warming else 0)
        return choices[place % len(choices)]["value"]


def quoted(text):
    return '"' + text.replace('"', "") + '"'


def same_column(*words):
    """FTS5: all words in one and the same column, as one text of the API asks for."""
    every = " AND ".join(quoted(word) for word in words)
    return " OR ".join(f"{column} : ({every})"
                       for column in ("title", "description", "creator", "subject", "publisher"))


def kept(field, value):
    """A value of a field that can have many."""
    return ("id IN (SELECT doc FROM value WHERE field = ? AND value = ?)", [field, value])


def following(month):
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


# Each gives (parameters of the API, condition on doc, its values, expression for FTS5, order).

def everything(_):
    return {}, "1", [], None, "updated DESC"


def client(pick):
    value = pick("client")
    return {"client-id": value}, "client = ?", [value], None, "updated DESC"


def provider_and_type(pick):
    value = pick("provider")
    return ({"provider-id": value, "resource-type-id": "dataset"},
            "provider = ? AND type = 'Dataset'", [value], None, "updated DESC")


def prefix(pick):
    value = pick("prefix")
    return {"prefix": value, "sort": "-created"}, "prefix = ?", [value], None, "created DESC"


def two_words(pick):
    value = pick("pair")
    return {"query": value}, "1", [], same_column(*value.split()), "updated DESC"


def phrase(pick):
    value = pick("pair")
    return {"query": quoted(value)}, "1", [], DEFAULT + quoted(value), "updated DESC"


def title_word(pick):
    value = pick("titleWord")
    return {"query": f"titles.title:{value}"}, "1", [], f"title : {value}", "updated DESC"


def family_name(pick):
    value = quoted(pick("familyName"))
    return ({"query": f"creators.familyName:{value}"}, "1", [], f"family : {value}",
            "updated DESC")


def orcid(pick):
    value = pick("orcid")
    return ({"query": f"creators.nameIdentifiers.nameIdentifier:{quoted(value)}"},
            *kept("orcid", value), None, "updated DESC")


def years_and_type(_):
    return ({"query": "publicationYear:[2018 TO 2020] AND types.resourceTypeGeneral:Dataset"},
            "year BETWEEN 2018 AND 2020 AND type = 'Dataset'", [], None, "updated DESC")


def subject_word(pick):
    value = pick("subjectWord")
    return ({"query": f"subjects.subject:{value}"}, "1", [], f"subject : {quoted(value)}",
            "updated DESC")


def licence(_):
    return ({"query": "rightsList.rightsIdentifier:cc-by-4.0"}, *kept("licence", "cc-by-4.0"),
            None, "updated DESC")


def derived(pick):
    value = pick("origin")
    return ({"query": f'relatedIdentifiers.relatedIdentifier:"{value}" AND '
                      "relatedIdentifiers.relationType:IsDerivedFrom"},
            "id IN (SELECT doc FROM relation WHERE identifier = ? AND type = 'IsDerivedFrom')",
            [value], None, "updated DESC")


def funder(pick):
    value = quoted(pick("funder"))
    return ({"query": f"fundingReferences.funderName:{value}"}, "1", [], f"funder : {value}",
            "updated DESC")


def beginning(pick):
    start, other = pick("word", 3)[:4], pick("word", 1)
    return ({"query": f"descriptions.description:({start}* AND NOT {other})"}, "1", [],
            f"description : ({start}* NOT {quoted(other)})", "updated DESC")


def ror(pick):
    value = pick("ror")
    return ({"query": f"creators.affiliation.affiliationIdentifier:{quoted(value)}"},
            *kept("ror", value), None, "updated DESC")


def month(pick):
    value = pick("month")
    return ({"query": f"updated:[{value} TO {value}]"}, "updated >= ? AND updated < ?",
            [value, following(value)], None, "updated DESC")


def places(_):
    return ({"query": "_exists_:geoLocations.geoLocationPoint.pointLatitude",
             "has-citations": "1"}, "latitude IS NOT NULL AND citations >= 1", [], None,
            "updated DESC")


def commonest(pick):
    value = pick.values["word"][0]["value"]
    return ({"query": value, "sort": "relevance"}, "1", [], DEFAULT + quoted(value), "rank")


def boolean(pick):
    a, b, c, f = pick("word", 2), pick("word", 5), pick("word"), pick("word", 4)
    pair = quoted(pick("pair", 3))
    return ({"query": f"({a} OR {b}) AND ({c} OR {pair}) AND -{f}", "sort": "relevance"}, "1", [],
            DEFAULT + f'(("{a}" OR "{b}") AND ("{c}" OR {pair}) NOT "{f}")', "rank")


MIX = [("all", everything), ("client-id", client), ("provider-id, datasets", provider_and_type),
       ("prefix by created", prefix), ("two words", two_words), ("as a phrase", phrase),
       ("word in titles", title_word), ("family name", family_name), ("ORCID", orcid),
       ("years and type", years_and_type), ("word in subjects", subject_word),
       ("cc-by-4.0", licence), ("derived from a DOI", derived), ("funder, phrase", funder),
       ("beginning, not word", beginning), ("affiliation by ROR", ror), ("updated in month", month),
       ("has point, cited", places), ("commonest, relevance", commonest),
       ("boolean, relevance", boolean)]
