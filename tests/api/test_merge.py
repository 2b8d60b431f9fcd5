"""What an import may change and what it leaves: the merge rules, seen through the server."""

import pytest
from conftest import run, serving
from records import lines, resource

DOI = "10.5072/rec-00001"


@pytest.fixture()
def store(tmp_path):
    path = tmp_path / "store.db"

    def load(*resources):
        done = run("import", "--store", path, "--quiet", "-",
                   input=lines(resources).encode(), check=True)
        return done.stderr.decode()

    load.path = path
    return load


def versions(server, doi=DOI):
    items = server.json(f"/dois/{doi}/activities?sort=created")["data"]
    return [(item["attributes"]["action"], item["attributes"]["version"],
             item["attributes"]["changes"]) for item in items]


def test_same_content_is_no_change(store):
    store(resource(1))
    store(resource(1))
    with serving(store.path) as server:
        assert [(action, version) for action, version, _ in versions(server)] == [("create", 1)]


def test_changed_content_is_an_update(store):
    store(resource(1))
    store(resource(1, titles=[{"title": "Another"}], version="2"))
    with serving(store.path) as server:
        history = versions(server)
        assert [(action, version) for action, version, _ in history] \
            == [("create", 1), ("update", 2)]
        assert history[0][2]["titles"] == [{"title": "Record 1 of the test"}]
        assert history[1][2] == {
            "titles": [[{"title": "Record 1 of the test"}], [{"title": "Another"}]],
            "version_info": [None, "2"],
        }
        assert server.json(f"/dois/{DOI}")["data"]["attributes"]["version"] == "2"


def test_absent_is_not_null(store):
    store(resource(1, version="7", language="en"))
    partial = {"doi": DOI, "titles": [{"title": "Only the title"}]}
    store(partial)
    with serving(store.path) as server:
        attributes = server.json(f"/dois/{DOI}")["data"]["attributes"]
        assert attributes["titles"] == [{"title": "Only the title"}]
        assert (attributes["version"], attributes["language"]) == ("7", "en")
        assert attributes["creators"][0]["name"] == "Author, 1"
        assert list(versions(server)[-1][2]) == ["titles"]


def test_poorer_form_is_no_change(store):
    affiliation = {"name": "Example University", "affiliationIdentifier": "https://ror.org/05bp8ka05",
                   "affiliationIdentifierScheme": "ROR"}
    creator = {"name": "A, B", "affiliation": [affiliation]}
    publisher = {"name": "Example Archive", "publisherIdentifier": "https://ror.org/04wxnsj81"}
    store(resource(1, creators=[creator], publisher=publisher, xml="PGE+PC9hPg=="))
    poor = resource(1, creators=[{"name": "A, B", "affiliation": ["Example University"]}],
                    publisher="Example Archive")
    store(poor)
    with serving(store.path) as server:
        assert len(versions(server)) == 1
        rich = server.json(f"/dois/{DOI}?affiliation=true&publisher=true")["data"]["attributes"]
        assert rich["publisher"] == publisher
        assert rich["creators"][0]["affiliation"] == [affiliation]
        assert rich["xml"] == "PGE+PC9hPg=="
        plain = server.json(f"/dois/{DOI}")["data"]["attributes"]
        assert plain["publisher"] == "Example Archive"
        assert plain["creators"][0]["affiliation"] == ["Example University"]


def test_counts_and_times_are_taken_without_an_activity(store):
    store(resource(1))
    store(resource(1, viewCount=12, citationCount=3, updated="2022-02-02T00:00:00Z"))
    with serving(store.path) as server:
        assert len(versions(server)) == 1
        attributes = server.json(f"/dois/{DOI}")["data"]["attributes"]
        assert (attributes["viewCount"], attributes["citationCount"]) == (12, 3)
        assert attributes["updated"] == "2022-02-02T00:00:00.000Z"


def test_relations_count_on_both_sides(store):
    cites = {"relatedIdentifier": "10.5072/REC-00002", "relatedIdentifierType": "DOI",
             "relationType": "Cites"}
    cited = {"relatedIdentifier": "https://doi.org/" + DOI, "relatedIdentifierType": "DOI",
             "relationType": "IsCitedBy"}
    part = {"relatedIdentifier": "10.5072/rec-00003", "relatedIdentifierType": "DOI",
            "relationType": "HasPart"}
    outside = {"relatedIdentifier": "10.1000/elsewhere", "relatedIdentifierType": "DOI",
               "relationType": "References"}
    store(resource(1, relatedIdentifiers=[cites, part, outside]),
          resource(2, relatedIdentifiers=[cited]), resource(3))
    def counts(doi):
        attributes = server.json(f"/dois/{doi}")["data"]["attributes"]
        return {name: value for name, value in attributes.items()
                if name.endswith("Count") and value}

    with serving(store.path) as server:
        assert counts(DOI) == {"referenceCount": 2, "partCount": 1}
        assert counts("10.5072/rec-00002") == {"citationCount": 1}
        assert counts("10.5072/rec-00003") == {"partOfCount": 1}
        links = server.json(f"/dois/{DOI}")["data"]["relationships"]
        assert links["references"]["data"] == [{"id": "10.5072/rec-00002", "type": "dois"}]
        assert links["parts"]["data"] == [{"id": "10.5072/rec-00003", "type": "dois"}]
        back = server.json("/dois/10.5072/rec-00002")["data"]["relationships"]
        assert back["citations"]["data"] == [{"id": DOI, "type": "dois"}]
        assert server.json("/dois?has-citations=1")["meta"]["total"] == 1
    store(resource(1, relatedIdentifiers=[]))
    with serving(store.path) as server:
        assert counts(DOI) == {"referenceCount": 1}  # the other side still says so
        assert counts("10.5072/rec-00003") == {}


def test_hidden_records_are_the_owners_alone(store):
    store(resource(1, state="registered"), resource(2, state="draft"), resource(3))
    with serving(store.path) as server:
        assert server.get(f"/dois/{DOI}").status == 404
        assert server.json("/dois")["meta"]["total"] == 1
        assert server.json(f"/dois?ids={DOI}")["data"] == []
        assert server.json(f"/dois?id={DOI}")["data"] == []
        assert server.json("/dois?state=draft,registered")["meta"]["total"] == 1
    assert DOI in run("get", "--store", store.path, DOI).stdout.decode()


def test_a_running_server_sees_what_is_imported(store):
    store(resource(1))
    with serving(store.path) as server:
        assert server.json("/dois?facets=states,registered")["meta"]["total"] == 1
        store(*[resource(number) for number in range(2, 60)])
        meta = server.json("/dois?facets=states,registered")["meta"]
        assert meta["total"] == 59
        assert meta["states"] == [{"id": "findable", "title": "Findable", "count": 59}]
        assert meta["registered"] == [{"id": "2020", "title": "2020", "count": 59}]
        store(resource(1, publicationYear=1950, registered="2019-05-05T00:00:00Z"))
        meta = server.json("/dois?facets=registered")["meta"]
        assert [(bucket["id"], bucket["count"]) for bucket in meta["registered"]] \
            == [("2020", 58), ("2019", 1)]
        assert server.json("/dois?published=1950")["meta"]["total"] == 1
        assert server.json("/dois")["meta"]["total"] == 59


def test_an_export_comes_back_without_a_change(store, tmp_path):
    cites = {"relatedIdentifier": "10.5072/rec-00002", "relatedIdentifierType": "DOI",
             "relationType": "Cites"}
    store(resource(1, relatedIdentifiers=[cites]), resource(2), resource(3, viewCount=4))
    exported = run("export", "--store", store.path, "--format", "jsonl").stdout
    done = run("import", "--store", store.path, "-", input=exported)
    assert b"0 new, 0 changed, 0 touched, 3 unchanged, 0 bad" in done.stderr
    assert run("export", "--store", store.path, "--format", "jsonl").stdout == exported
    cites["relatedIdentifier"] = "10.5072/rec-00003"
    store(resource(4, relatedIdentifiers=[cites]), resource(5, relatedIdentifiers=[
        {**cites, "relatedIdentifier": "10.5072/rec-00002"}]))
    with serving(store.path) as server:
        counted = server.json("/dois/10.5072/rec-00002")["data"]["attributes"]
        assert counted["citationCount"] == 2


def test_a_thin_account_keeps_what_a_full_one_told(store):
    full = {"id": "exmpl.archive", "type": "repositories",
            "attributes": {"name": "Archive", "symbol": "EXMPL.ARCHIVE", "certificate": ["WDS"],
                           "software": "CKAN", "created": "2011-01-01T00:00:00Z",
                           "updated": "2012-01-01T00:00:00Z", "isActive": True},
            "relationships": {"provider": {"data": {"id": "exmpl", "type": "providers"}},
                              "prefixes": {"data": [{"id": "10.5071", "type": "prefixes"}]}}}
    thin = {"id": "exmpl.archive", "type": "clients", "attributes": {"name": "The archive"},
            "relationships": {"consortium": {"data": {"id": "BIGCO", "type": "providers"}},
                              "provider": {"data": {"id": "exmpl", "type": "providers"}}}}
    store(resource(1), full, thin)
    with serving(store.path) as server:
        assert server.json("/dois?certificate=WDS")["meta"]["total"] == 1
        shown = server.json("/repositories/exmpl.archive")["data"]
        assert shown["attributes"]["name"] == "The archive"
        assert shown["attributes"]["software"] == "CKAN"
        assert shown["attributes"]["created"] == "2011-01-01T00:00:00.000Z"
        assert shown["relationships"]["prefixes"]["data"] == [{"id": "10.5071", "type": "prefixes"}]
        client = server.json("/clients/exmpl.archive")["data"]["relationships"]
        assert client["consortium"]["data"] == {"id": "bigco", "type": "providers"}
        assert server.json("/dois?consortium-id=bigco")["meta"]["total"] == 1
