"""Records for the tests, of our own making."""

import json


def resource(number, **changes):
    """A JSON:API resource of type dois; `changes` replace attributes."""
    doi = f"10.5072/rec-{number:05}"
    attributes = {
        "doi": doi,
        "creators": [{"name": f"Author, {number % 97}", "nameType": "Personal",
                      "familyName": "Author", "givenName": str(number % 97)}],
        "titles": [{"title": f"Record {number} of the test"}],
        "publisher": {"name": "Example Archive"},
        "publicationYear": 1990 + number % 35,
        "types": {"resourceTypeGeneral": "Dataset"},
        "subjects": [{"subject": f"subject {number % 13}"}],
        "descriptions": [{"description": "word " * 40, "descriptionType": "Abstract"}],
        "url": f"https://example.org/{number}",
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "state": "findable",
        "created": f"2020-01-{1 + number % 28:02}T00:00:00Z",
        "registered": f"2020-01-{1 + number % 28:02}T00:00:01Z",
        "updated": f"2021-02-{1 + number % 28:02}T00:00:00Z",
    }
    attributes.update(changes)
    return {
        "id": doi, "type": "dois", "attributes": attributes,
        "relationships": {"client": {"data": {"id": "exmpl.archive", "type": "clients"}},
                          "provider": {"data": {"id": "exmpl", "type": "providers"}}},
    }


def lines(resources):
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in resources)
