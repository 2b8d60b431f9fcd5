"""What can be named in a query, and the values that a record has for it.

The names and paths come from the project's tables (src/model/*.def), which are its statement of the contract; how
a value is found and what the derived ones are is written here anew.
"""

import datetime
import math
import re
from pathlib import Path

from naive import words as text

TABLES = Path(__file__).resolve().parents[3] / "src" / "model"
VALUE_MAX = 8191
GAP = 100
DEFAULTS = {"uid": 50, "related_identifiers.relatedIdentifier": 3, "titles.title": 3, "creator_names": 3,
            "publisher": 3, "descriptions.description": 3, "subjects.subject": 3}
TYPES = """Audiovisual Award Book BookChapter Collection ComputationalNotebook ConferencePaper ConferenceProceeding
DataPaper Dataset Dissertation Event Image InteractiveResource Instrument Journal JournalArticle Model
OutputManagementPlan Other PeerReview PhysicalObject Poster Preprint Presentation Project Report Service Software
Sound Standard StudyRegistration Text Workflow""".split()
FOS = "Fields of Science and Technology (FOS)"


class Field:
    """A name with its type and the places that feed it."""

    def __init__(self, name, kind, home):
        self.name, self.type, self.home, self.paths = name, kind, home, []


def _rows(name, macro):
    for line in (TABLES / name).read_text().splitlines():
        found = re.match(rf"{macro}\((.*)\)$", line)
        if found:
            yield [part.strip().strip('"') for part in found[1].split(",")]


def _load():
    sources = {row[0]: row[1:] for row in _rows("sources.def", "DH_SOURCE")}
    fields = {}
    for name, source in _rows("fields.def", "DH_FIELD"):
        if name.startswith(("activity.", "event.")):
            continue
        path, kind, home = sources[source]
        if home in ("CLIENT", "PROVIDER"):
            path = f"{home.lower()}>{path}"
        fields.setdefault(name, Field(name, kind, home)).paths.append(path)
    return fields


FIELDS = _load()
OBJECTS = {name[:at] for name in FIELDS for at in [m.start() for m in re.finditer(r"\.", name)]} - set(FIELDS)


def named(name):
    """The fields that a name or a pattern of names means."""
    if "*" not in name:
        return [FIELDS[name]] if name in FIELDS else []
    pattern = re.compile(".*".join(re.escape(part) for part in name.split("*")), re.S)
    return [field for key, field in FIELDS.items() if pattern.fullmatch(key)]


def named_or_within(name):
    """The same for `_exists_`, where the name of an object means everything in it."""
    if name in OBJECTS:
        return [field for key, field in FIELDS.items() if key.startswith(name + ".")]
    return named(name)


# --- dates and numbers -------------------------------------------------------------------------

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?"
                   r"(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?")
_EPOCH = datetime.datetime(1970, 1, 1)


def interval(value, year_only=False):
    """First and last millisecond of a date or a beginning of one; None when it is none."""
    if year_only:
        if not re.fullmatch(r"\d{4}", value):
            return None
    found = _DATE.fullmatch(value)
    if not found:
        return (int(value), int(value)) if re.fullmatch(r"-?\d{1,18}", value) and not year_only else None
    parts = [int(part) if part else None for part in found.groups()[:6]]
    given = [part for part in parts if part is not None]
    try:
        first = datetime.datetime(*(given + [1] * (3 - len(given))))
    except ValueError:
        return None
    if len(given) == 1:
        last = first.replace(year=first.year + 1) if first.year < 9999 else None
    elif len(given) == 2:
        last = (first + datetime.timedelta(days=32)).replace(day=1)
    else:
        size = {3: {"days": 1}, 4: {"hours": 1}, 5: {"minutes": 1}, 6: {"seconds": 1}}[len(given)]
        last = first + datetime.timedelta(**size)
    low = (first - _EPOCH) // datetime.timedelta(milliseconds=1)
    high = ((last - _EPOCH) // datetime.timedelta(milliseconds=1)) - 1 if last else 2 ** 60
    if found[7]:
        low = high = low + int(found[7].ljust(3, "0")[:3])
    shift = _zone(found[8])
    return low - shift, high - shift


def _zone(zone):
    if not zone or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (1 if zone[0] == "+" else -1) * (int(digits[:2]) * 60 + int(digits[2:])) * 60000


def number(value):
    """A number of its text; None when it is none."""
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value):
        return None
    result = float(value) if re.search(r"[.eE]", value) else int(value)
    return result if math.isfinite(result) else None


# --- values of a record ------------------------------------------------------------------------

_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,}(?:\.\d+)*/\S.*)", re.I | re.S)


def bare_doi(value):
    """The DOI that a text is in any of its forms, else None."""
    found = _DOI.fullmatch(value)
    return text.lower(found[1]) if found else None


def _walk(value, parts):
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, parts)
    elif parts:
        if isinstance(value, dict):
            yield from _walk(value.get(parts[0]), parts[1:])
    elif value is not None and not isinstance(value, dict):
        yield value


def _people(attributes):
    return [*(attributes.get("creators") or []), *(attributes.get("contributors") or [])]


def _creator_names(record):
    for person in record["attributes"].get("creators") or []:
        given, family, name = (person.get(key) or "" for key in ("givenName", "familyName", "name"))
        if given and family:
            yield f"{given} {family}"
        elif name:
            yield " ".join(reversed(name.split(", ", 1)))


def _orcids(record):
    for person in _people(record["attributes"]):
        for known in person.get("nameIdentifiers") or []:
            found = re.fullmatch(r"(?:https?://)?(?:(?:www|sandbox)\.)?(?:orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])",
                                 known.get("nameIdentifier") or "")
            if found and known.get("nameIdentifierScheme") == "ORCID":
                yield f"https://orcid.org/{found[1]}"


def _ror(value):
    found = re.fullmatch(r"(?:https?://)?(?:ror\.org/)?(0\w{6}\d{2})", value or "")
    return f"ror.org/{found[1]}" if found else None


def _affiliations(record):
    for person in _people(record["attributes"]):
        for one in person.get("affiliation") or []:
            if one.get("affiliationIdentifierScheme") == "ROR" and _ror(one.get("affiliationIdentifier")):
                yield _ror(one["affiliationIdentifier"]), one.get("name")


def resource_type_id(record):
    """`journal-article`; None for what is not in the vocabulary."""
    types = record["attributes"].get("types") or {}
    general = types.get("resourceTypeGeneral")
    if types.get("resourceType") == "Project" and general in ("Text", "Other"):
        return "project"
    if general not in TYPES:
        return None
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", general).lower()


def _resource_type(record):
    known = resource_type_id(record)
    if known:
        yield f"{known}:{' '.join(part.capitalize() for part in known.split('-'))}"


def _fields_of_science(record):
    seen = []
    for one in record["attributes"].get("subjects") or []:
        if one.get("subjectScheme") == FOS and one.get("subject") is not None:
            seen.append(one["subject"].removeprefix("FOS: "))
    return seen


def account(record, kind):
    """The id of the record's client or provider."""
    data = ((record.get("relationships") or {}).get(kind) or {}).get("data") or {}
    return (data.get("id") or "").lower()


_DERIVED = {
    "@doi_url": lambda r: ["https://doi.org/" + r["attributes"]["doi"].lower()],
    "@creator_names": _creator_names,
    "@person_id": _orcids,
    "@affiliation_id": lambda r: [ror for ror, _ in _affiliations(r)],
    "@affiliation_id_and_name": lambda r: [f"{ror}:{name}" for ror, name in _affiliations(r) if name],
    "@fields_of_science": _fields_of_science,
    "@resource_type_id": lambda r: [known for known in [resource_type_id(r)] if known],
    "@resource_type_id_and_name": _resource_type,
    "@client_id": lambda r: [account(r, "client")] if account(r, "client") else [],
    "@provider_id": lambda r: [account(r, "provider")] if account(r, "provider") else [],
}
for _name, _member in (("reference", "references"), ("citation", "citations"), ("part", "parts"),
                       ("part_of", "partOf"), ("version", "versions"), ("version_of", "versionOf")):
    _DERIVED[f"@{_name}_ids"] = lambda r, m=_member: [
        one["id"].lower() for one in ((r.get("relationships") or {}).get(m) or {}).get("data") or []]


def _linked(name):
    def ids(one):
        data = ((one.get("relationships") or {}).get(name) or {}).get("data") or []
        return [item["id"].lower() for item in (data if isinstance(data, list) else [data])]
    return ids


_OF_ACCOUNT = {
    "@symbol": lambda a: [a["id"].lower()],
    "@id_and_name": lambda a: [f"{a['id'].lower()}:{a['attributes'].get('name')}"],
    "@created": lambda a: _walk(a["attributes"], ["created"]),
    "@updated": lambda a: _walk(a["attributes"], ["updated"]),
    "@provider": _linked("provider"),
    "@prefixes": _linked("prefixes"),
    "@clients": _linked("clients"),
    "@consortium": _linked("consortium"),
}
UNDERIVED = {"@organization_id", "@fair_organization_id", "@fair_affiliation_id", "@fair_affiliation_id_and_name",
             "@funder_rors", "client>@re3data_id", "client>@opendoar_id", "client>@is_active", "provider>@is_active",
             "provider>@year", "provider>@consortium_organizations"}


def understood(field):
    """Whether the values of a field can be found out here."""
    return field.home not in ("REFUSED", "ACTIVITY", "EVENT") and not UNDERIVED & set(field.paths)


def attach(records, accounts):
    """Gives each record its client and its provider, which are resources of the API."""
    known = {(one["type"], one["id"].lower()): one for one in accounts}
    for record in records:
        for kind in ("client", "provider"):
            record[kind] = known.get((kind + "s", account(record, kind)))


def values(record, path):
    """All values at a path, as they stand in the record; strings, numbers and booleans."""
    if path == "":
        return []
    if path in _DERIVED:
        return list(_DERIVED[path](record))
    kind, _, inner = path.partition(">")
    if inner:
        owner = record.get(kind)
        if not owner:
            return []
        return list(_OF_ACCOUNT[inner](owner) if inner in _OF_ACCOUNT else _walk(owner["attributes"], inner.split(".")))
    if path.startswith("@"):
        raise NotImplementedError(path)
    attributes = record["attributes"]
    found = re.match(r"(\w+)\[(0|1\.\.)\]\.(.*)", path)
    if found:
        items = attributes.get(found[1]) or []
        items = items[:1] if found[2] == "0" else items[1:]
        return list(_walk(items, found[3].split(".")))
    return list(_walk(attributes, path.split(".")))


def as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Words:
    """The words of a text field in one record, with their places."""

    def __init__(self, texts):
        self.places, self.length, self.values = {}, 0, len(texts)
        place = 0
        for one in texts:
            for word in text.words(one):
                self.places.setdefault(word, []).append(place)
                place += 1
                self.length += 1
            place += GAP


def indexed(record, field):
    """What a search finds of a field: Words, a set of terms, or a list of numbers."""
    found = [value for path in field.paths for value in values(record, path)]
    kind = field.type
    if kind == "TEXT":
        return Words([as_text(value) for value in found])
    if kind == "DATE":
        year = field.name == "publication_year"
        spans = [interval(as_text(value), year) for value in found]
        return [span[0] for span in spans if span]
    if kind in ("INTEGER", "FLOAT"):
        return [n for n in (number(as_text(value)) for value in found) if n is not None]
    if kind == "BOOLEAN":
        return [value in (True, "true") for value in found]
    texts = [one for one in map(as_text, found) if len(one.encode()) <= VALUE_MAX]
    if kind == "KEYWORD":
        return set(texts)
    terms = set(map(text.lower, texts))
    if kind == "FOLDED":
        terms |= set(map(text.fold, texts))
    if kind == "PID":
        terms |= {doi for doi in map(bare_doi, texts) if doi}
    return terms
