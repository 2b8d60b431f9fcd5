"""A small world of our own for the tests: members, repositories, prefixes and records."""

from records import resource

FIELDS_OF_SCIENCE = "Fields of Science and Technology (FOS)"
ORCID = "https://orcid.org/0000-0002-1825-0097"
ROR = "https://ror.org/04wxnsj81"
COUNCIL = "https://doi.org/10.13039/501100000780"


def account(kind, symbol, parent=None, prefixes=(), **attributes):
    """An account as the API gives it; `parent` is its consortium or its provider."""
    relationships = {"prefixes": {"data": [{"id": name, "type": "prefixes"} for name in prefixes]}}
    if parent:
        name = "consortium" if kind == "providers" else "provider"
        relationships[name] = {"data": {"id": parent, "type": "providers"}}
    return {"id": symbol, "type": kind, "attributes": {"symbol": symbol.upper(), **attributes},
            "relationships": relationships}


def provider(symbol, name, consortium=None, prefixes=(), **attributes):
    common = {"name": name, "displayName": name, "isActive": True,
              "created": "2018-03-01T10:00:00.000Z", "updated": "2020-02-01T10:00:00.000Z"}
    return account("providers", symbol, consortium, prefixes, **{**common, **attributes})


def repository(symbol, name, prefixes=(), **attributes):
    common = {"name": name, "year": 2019, "isActive": True, "clientType": "repository",
              "repositoryType": [], "certificate": [], "language": [], "subjects": [],
              "domains": "*", "issn": {}, "software": None, "url": None,
              "created": "2019-05-01T08:00:00.000Z", "updated": "2020-06-01T08:00:00.000Z"}
    return account("repositories", symbol, symbol.split(".")[0], prefixes,
                   **{**common, **attributes})


def prefix(name, created):
    return {"id": name, "type": "prefixes", "attributes": {"prefix": name, "createdAt": created}}


ACCOUNTS = [
    provider("cons", "Forest Consortium", region="EMEA", country="DE", memberType="consortium",
             organizationType="academicInstitution", focusArea="naturalSciences",
             nonProfitStatus="non-profit", rorId=ROR, joined="2018-03-01", website=None,
             description="Runs it", logoUrl=None, doiEstimate=5),
    provider("orga", "Oak Institute", "cons", ["10.5072", "10.82433"], region="EMEA", country="SE",
             memberType="consortium_organization", organizationType="researchInstitution",
             focusArea="general", nonProfitStatus="non-profit", hasRequiredContacts=True,
             systemEmail="oak@example.org",
             created="2019-01-01T10:00:00.000Z", updated="2021-03-04T10:00:00.000Z"),
    provider("orgb", "Birch University", "cons", ["10.82434"], region="EMEA", country="FI",
             memberType="consortium_organization", organizationType="academicInstitution",
             focusArea="general", nonProfitStatus="non-profit",
             created="2019-06-01T10:00:00.000Z"),
    provider("dirm", "alder Press", None, ["10.82435", "10.82436"], region="AMER", country="US",
             memberType="direct_member", organizationType="publisher", focusArea="humanities",
             nonProfitStatus="for-profit", hasRequiredContacts=False,
             created="2020-01-01T10:00:00.000Z"),
    provider("admin", "Admin", memberType=None),
    repository("orga.data", "Zeta Oak Data", ["10.5072"], certificate=["CoreTrustSeal", "WDS"],
               re3data="https://doi.org/10.17616/R3SW4D", software="Dataverse",
               opendoar="https://v2.sherpa.ac.uk/id/repository/17",
               repositoryType=["disciplinary", "institutional"], language=["en"],
               subjects=[{"subject": "FOS: Biology"}], url="https://oak.example.org",
               alternateName="ZOD", description="Oaks"),
    repository("orgb.igsn", "Birch Samples", ["10.82434"], clientType="igsnCatalog",
               created="2020-05-01T08:00:00.000Z", year=2020, repositoryType=["other"]),
    repository("dirm.jour", "Alder Journals", ["10.82435"], clientType="periodical",
               issn={"issnl": "2366-5017", "print": None, "electronic": "2366-5017"},
               created="2020-07-01T08:00:00.000Z", year=2020,
               updated="2021-07-01T08:00:00.000Z", software="OJS"),
    repository("dirm.repo", "alder repository", ["10.82436"], certificate=["DIN 31644", "WDS"],
               software="Dataverse", created="2021-07-01T08:00:00.000Z", year=2021,
               repositoryType=["disciplinary"]),
    repository("dirm.raid", "Alder Projects", clientType="raidRegistry",
               created="2018-07-01T08:00:00.000Z", year=2018),
    prefix("10.5072", "2018-04-01T00:00:00.000Z"),
    prefix("10.82433", "2019-02-01T00:00:00.000Z"),
    prefix("10.82434", "2019-06-02T00:00:00.000Z"),
    prefix("10.82435", "2020-01-02T00:00:00.000Z"),
    prefix("10.82436", "2020-01-03T00:00:00.000Z"),
    prefix("10.82437", "2021-01-03T00:00:00.000Z"),
]


PREFIX_OF = {"orga.data": "10.5072", "orgb.igsn": "10.82434", "dirm.jour": "10.82435",
             "dirm.repo": "10.82436", "dirm.raid": "10.82436"}


def doi(name, client="orga.data", **attributes):
    """A record of a client, in the client's prefix; `attributes` as in `resource`."""
    common = {"doi": f"{PREFIX_OF[client]}/{name}", "titles": [{"title": f"About {name}"}],
              "creators": [{"name": "Nobody"}], "subjects": [], "publicationYear": 2020,
              "created": "2020-01-01T00:00:00Z", "registered": "2020-01-01T00:00:01Z",
              "updated": "2021-01-01T00:00:00Z", "source": "api"}
    item = resource(0, **{**common, **attributes})
    item["id"] = item["attributes"]["doi"]
    item["relationships"] = {
        "client": {"data": {"id": client, "type": "clients"}},
        "provider": {"data": {"id": client.split(".")[0], "type": "providers"}},
    }
    return item


def person(name, orcid=None, affiliation=None, scheme="ORCID", **more):
    """A creator or contributor."""
    made = {"name": name, "nameType": "Personal", **more}
    if orcid:
        made["nameIdentifiers"] = [{"nameIdentifier": orcid, "nameIdentifierScheme": scheme,
                                    "schemeUri": "https://orcid.org"}]
    if affiliation:
        made["affiliation"] = [{"name": affiliation, "affiliationIdentifier": ROR,
                                "affiliationIdentifierScheme": "ROR",
                                "schemeUri": "https://ror.org"}]
    return made


def related(kind, other):
    return {"relationType": kind, "relatedIdentifier": other, "relatedIdentifierType": "DOI"}
