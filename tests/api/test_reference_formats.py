"""Real records in every format against what the reference made of them, property by property.

Runs when DOIHOUND_REFERENCE names a folder with formats.jsonl: per line the XML that was
deposited, the record as the reference reads it, and what its writers make of that.
"""

import csv
import io
import json
import os
import re
import subprocess
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

import pytest
from conftest import BINARY

FOLDER = os.environ.get("DOIHOUND_REFERENCE")
pytestmark = pytest.mark.skipif(not FOLDER, reason="DOIHOUND_REFERENCE is not set")

ABSENT = "absent"
HEADER = "doi,url,registered,state,resourceTypeGeneral,resourceType,title,author,publisher,publicationYear\n"


def records():
    if not FOLDER:
        return []
    path = Path(FOLDER) / "formats.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def convert(text, source, target):
    """What is written; None when the format cannot give it."""
    done = subprocess.run([BINARY, "convert", "--from", source, "--to", target, "-"],
                          input=text.encode(), capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout.decode() if done.stdout else None


# ---- texts taken apart ---------------------------------------------------------------------------


def json_parts(text):
    return json.loads(text)


def bibtex_parts(text):
    first, rest = text.split("\n", 1)
    parts = {"entry": first}
    for name, value in re.findall(r"^  (\w+) = \{(.*?)\}(?:,\n(?=  \w+ = \{)|\n\}\n?\Z)", rest, re.S | re.M):
        parts[name] = value
    return parts


def ris_parts(text):
    parts, last = {}, []
    for line in text.rstrip("\r\n").replace("\r\n", "\n").split("\n"):
        found = re.match(r"([A-Z][A-Z0-9])  - ?(.*)", line)
        if found:
            last = parts.setdefault(found[1], [])
            last.append(found[2].rstrip())
        else:
            last[-1] += "\n" + line
    return parts


def csv_parts(text):
    row = list(csv.reader(io.StringIO(text)))[-1]
    return dict(zip(HEADER.strip().split(","), row, strict=True))


def tree(element):
    """An element as what counts in it."""
    return [element.tag.rpartition("}")[2], dict(sorted(element.attrib.items())),
            (element.text or "").strip() if len(element) == 0 else "", [tree(child) for child in element]]


def xml_parts(text):
    root = xml.fromstring(text.encode())
    parts = {"attributes": dict(root.attrib)}
    for child in root:
        name, *rest = tree(child)
        if name == "person-group":
            name = rest[0]["person-group-type"]
        parts[name] = rest
    return parts


def citation_parts(text):
    return {"text": text.rstrip("\n")}


PARTS = {"datacite": xml_parts, "jats": xml_parts, "bibtex": bibtex_parts, "ris": ris_parts,
         "csv": csv_parts, "citation": citation_parts, "schema_org": json_parts,
         "codemeta": json_parts, "citeproc": json_parts}


def plain(text):
    """Without what never counts: a header of its own, how empty containers are laid out, the end."""
    return re.sub(r"\[\s*\]", "[]", text.removeprefix(HEADER)).rstrip()


# ---- what may differ -----------------------------------------------------------------------------

# Format, property (a pattern), what must hold of both values (and of the record), reason.


def squeezed(value):
    """Runs of white space as one space, at any depth."""
    if isinstance(value, str):
        return " ".join(value.split())
    return [squeezed(item) for item in value] if isinstance(value, list) else value


def pruned(node, drop):
    """An XML tree without the attributes that `drop` names in (element, attribute, value)."""
    *head, attributes, text, children = node
    kept = {key: value for key, value in attributes.items() if not drop(head, key, value)}
    return [*head, kept, text, [pruned(child, drop) for child in children]]


def no_empty_attributes(theirs, ours, _):
    return pruned(theirs, lambda head, key, value: value == "") == ours


def more_scheme(theirs, ours, _):
    names = ("schemeURI", "schemeType", "relatedMetadataScheme")
    return theirs == pruned(ours, lambda head, key, value: key in names)


def without_content(node):
    *head, attributes, text, children = node
    return [*head, attributes, text, [without_content(child) for child in children
                                      if "__content__" not in child[1]]]


def people(node):
    return node[-1] if node != ABSENT else []


def organisations_named(theirs, ours, _):
    """Each name without parts is the name of an organisation."""
    return len(people(theirs)) == len(people(ours)) and all(
        a == b or (a == ["name", {}, "", []] and b[0] == "collab" and b[2])
        for a, b in zip(people(theirs), people(ours), strict=True))


def issued(record):
    return next((date["date"] for date in record.get("dates", []) if date.get("dateType") == "Issued"), "")


def no_plain_date(theirs, ours, record):
    return not re.fullmatch(r"\d{4}(-\d\d){0,2}(T.*)?", issued(record))


WRITER_DIFFERENCES = [
    ("datacite", "creators|contributors", no_empty_attributes, "[X] attributes without a value"),
    ("datacite", "fundingReferences", more_scheme, "[X] schemeURI of a funder is not written"),
    ("datacite", "relatedIdentifiers", more_scheme, "[X] schemes of metadata are not written"),
    ("datacite", "fundingReferences", lambda a, b, _: without_content(a) == b,
     "[X] white space between elements read as content"),
    ("jats", "author|editor", organisations_named, "[X] organisations without their name"),
    ("jats", "year|month|day", no_plain_date, "[X] a date cut by position, a year left empty"),
    ("citeproc", "issued", no_plain_date, "[X] a date cut by position"),
    ("citation", "given", lambda a, b, record: b and record.get("contributors"),
     "[X] the reference fails at styles that print contributors"),
    ("citation", "text", no_plain_date, "[X] a date cut by position"),
    ("csv", "state", lambda a, b, record: "state" not in record, "a record read without state gets one"),
    ("ris", "AB", lambda a, b, _: squeezed(a) == squeezed(b), "[X] line breaks in a value"),
]


def letters(text):
    return sorted(re.sub(r"[\W_]+", "", text or ""))


def filled(value):
    """Without empty texts, lists and objects, at any depth."""
    if isinstance(value, dict):
        return {key: filled(item) for key, item in value.items() if filled(item) not in ("", [], {})}
    return [filled(item) for item in value] if isinstance(value, list) else value


def same_person(theirs, ours):
    """The reference guesses what a name is made of, and makes it anew from its parts."""
    theirs, ours = filled(theirs), filled(ours)
    guessed = ("nameType", "givenName", "familyName", "name")
    given, parts = letters(ours.get("name")), letters(theirs.get("name"))
    return (all(key not in ours or squeezed(ours[key]) == squeezed(theirs.get(key)) for key in guessed[:3])
            and (given == parts or ("familyName" in ours and set(parts) <= set(given)))
            and {key: value for key, value in theirs.items() if key not in guessed}
            == {key: value for key, value in ours.items() if key not in guessed})


def same_people(theirs, ours, _):
    return len(theirs) == len(ours) and all(map(same_person, theirs, ours))


def same_people_of_items(theirs, ours, record):
    people_of = ("creators", "contributors")
    return len(theirs) == len(ours) and all(
        all(same_people(a[key], b[key], record) for key in people_of)
        and {**a, **dict.fromkeys(people_of)} == {**b, **dict.fromkeys(people_of)}
        for a, b in zip(theirs, ours, strict=True))


def licences_found(theirs, ours, _):
    """Those of kernel 2, which the reference does not see; by a newer list, and by more spellings."""
    return not theirs or (len(theirs) == len(ours) and all(
        a == b or b.get("rightsIdentifierScheme") == "SPDX" for a, b in zip(theirs, ours, strict=True)))


def identifiers_found(theirs, ours, _):
    """A DOI with white space around it is none for the reference."""
    return len(theirs) == len(ours) and all(
        a == b or a == {key: value for key, value in b.items() if key != "relatedIdentifier"}
        for a, b in zip(theirs, ours, strict=True))


def places_found(theirs, ours, _):
    """Points that are written as text, as in kernel 3; and no empty places."""
    return [place for place in theirs if place] == [place for place in ours if place in theirs] \
        and all(ours)


def no_fields_of_science(theirs, ours, _):
    scheme = "Fields of Science and Technology (FOS)"
    return [subject for subject in theirs if subject.get("subjectScheme") != scheme] \
        == [subject for subject in ours if subject.get("subjectScheme") != scheme]


def trimmed(theirs, ours, _):
    return squeezed(json.dumps(theirs, ensure_ascii=False).replace("\\n", " ")).replace('" ', '"') \
        .replace(' "', '"') == squeezed(json.dumps(ours, ensure_ascii=False)).replace('" ', '"').replace(' "', '"')


def title_of_award(theirs, ours, _):
    """The reference stores an object where the title has attributes or is blank."""
    return [dict(funder, awardTitle=None) for funder in theirs] \
        == [dict(funder, awardTitle=None) for funder in ours] \
        and all(isinstance(funder.get("awardTitle", ""), str) for funder in ours)


READER_DIFFERENCES = [
    ("reader", "url", lambda a, b, _: b == ABSENT, "the URL came with the DOI, not with the XML"),
    ("reader", "creators|contributors", same_people, "[2.7] names stay as they were given"),
    ("reader", "subjects", no_fields_of_science, "[2.7] no fields of science are added"),
    ("reader", "related_items", same_people_of_items, "[2.7] names stay as they were given"),
    ("reader", "rights_list", licences_found, "[X] rights of kernel 2, spellings of licences"),
    ("reader", "id|doi|state", lambda a, b, _: a in (ABSENT, "not_found"), "[X] white space around a DOI"),
    ("reader", "related_identifiers", identifiers_found, "[X] white space around a DOI"),
    ("reader", "geo_locations", places_found, "[X] points as text, several polygons"),
    ("reader", "dates", trimmed, "[X] white space around a value"),
    ("reader", "funding_references", title_of_award, "[X] an object in place of a title"),
]


def allowed(table, name, key, theirs, ours, record):
    return any(re.fullmatch(format_, name) and re.fullmatch(key_, key) and holds(theirs, ours, record)
               for format_, key_, holds, _ in table)


class Score:
    def __init__(self, name, table):
        self.name, self.table = name, table
        self.same, self.known, self.wrong, self.texts = Counter(), Counter(), [], Counter()

    def compare(self, key, theirs, ours, record):
        for part in sorted({*theirs, *ours}):
            a, b = theirs.get(part, ABSENT), ours.get(part, ABSENT)
            if a == b:
                self.same[part] += 1
            elif allowed(self.table, self.name, part, a, b, record):
                self.known[part] += 1
            else:
                self.wrong.append((key, part, a, b))

    def report(self):
        wrong = Counter(part for _, part, _, _ in self.wrong)
        print(f"{self.name}: whole texts equal {self.texts['equal']}, not equal {self.texts['other']}; "
              f"properties equal {self.same.total()}, known to differ {self.known.total()}, "
              f"wrong {wrong.total()}")
        for part in sorted({*self.same, *self.known, *wrong}):
            if self.known[part] or wrong[part]:
                print(f"  {part}: equal {self.same[part]}, known {self.known[part]}, wrong {wrong[part]}")
        for key, part, a, b in self.wrong[:100]:
            print(f"  {key} {part}\n    theirs {json.dumps(a, ensure_ascii=False)[:1200]}\n"
                  f"    ours   {json.dumps(b, ensure_ascii=False)[:1200]}")
        assert not self.wrong


@pytest.mark.parametrize("name", PARTS)
def test_writer(name):
    score = Score(name, WRITER_DIFFERENCES)
    for line in records():
        theirs = line["writers"].get(name)
        ours = convert(json.dumps(line["record"]), "crosscite", name)
        if theirs is None or ours is None:
            score.compare(line["key"], {"given": theirs is not None}, {"given": ours is not None},
                          line["record"])
            continue
        score.texts["equal" if plain(theirs) == plain(ours) else "other"] += 1
        score.compare(line["key"], PARTS[name](theirs), PARTS[name](ours), line["record"])
    score.report()


def test_xml_reader():
    score = Score("reader", READER_DIFFERENCES)
    for line in records():
        if not line["xml"]:
            continue
        text = convert(line["xml"], "datacite", "crosscite")
        ours, theirs = json.loads(text), line["record"]
        score.texts["equal" if ours == theirs else "other"] += 1
        score.compare(line["key"], theirs, ours, theirs)
    score.report()
