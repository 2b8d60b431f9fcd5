"""Citations: style and locale, what happens with unknown ones, and the citation formatter's paths."""

import json

import pytest

import records
from conftest import run, serving

DOI = "10.5072/cited"
CITATION = "text/x-bibliography"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
APA = ("Okafor, A., &amp; Demo Network. (2024). <i>Trees &amp; leaves</i> (Version 2) [Dataset]. "
       "Example Archive. https://doi.org/10.5072/CITED")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("citations") / "store.db"
    creators = [{"name": "Okafor, Amara", "nameType": "Personal", "givenName": "Amara",
                 "familyName": "Okafor"}, {"name": "Demo Network", "nameType": "Organizational"}]
    things = [
        records.resource(1, doi=DOI, creators=creators, titles=[{"title": "Trees & leaves"}],
                         publicationYear=2024, version="2",
                         dates=[{"date": "2024-05-17", "dateType": "Issued"}]),
        records.resource(2, doi="10.5072/draft", state="draft"),
    ]
    for thing in things:
        thing["id"] = thing["attributes"]["doi"]
    run("import", "--store", path, "-", "--quiet", input=records.lines(things).encode())
    return path


@pytest.fixture(scope="module")
def api(store):
    with serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def strict(store):
    with serving(store, "--strict") as running:
        yield running


def cite(server, query="", accept=CITATION, target=f"/dois/{DOI}"):
    answer = server.get(target + query, Accept=accept)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == CITATION + "; charset=utf-8"
    return answer


# ---- styles and locales -------------------------------------------------------------------------

def test_default_is_apa(api):
    assert cite(api).body.decode() == APA
    for query in ("?style=apa", "?locale=en-US", "?style=apa&locale=en", "?style=&locale="):
        answer = cite(api, query)
        assert answer.body.decode() == APA, query
        assert "Warning" not in answer.headers


def test_style_and_locale(api):
    ieee = cite(api, "?style=ieee").body.decode()
    assert ieee.startswith("A. Okafor and Demo Network, ") and ieee != APA
    german = cite(api, "?style=ieee&locale=de").body.decode()
    assert german.startswith("A. Okafor und Demo Network, ")
    assert cite(api, "?style=ieee&locale=de-DE").body.decode() == german
    both = cite(api, f"?ids={DOI}&style=ieee&locale=de", target="/dois")
    assert both.body.decode() == german
    for path in (f"/dois/{CITATION}/{DOI}", f"/{CITATION}/{DOI}"):
        assert api.get(f"{path}?style=ieee&locale=de").body.decode() == german
    assert api.get(f"/dois/{DOI}?format=citation&style=ieee").body.decode() == ieee


def test_parameters_of_accept(api):
    """They count for /{doi} alone, where the query still wins."""
    accept = f"{CITATION}; style=ieee; locale=de"
    german = cite(api, "?style=ieee&locale=de").body
    assert cite(api, accept=accept, target=f"/{DOI}").body == german
    assert cite(api, accept=f"{CITATION};style=\"ieee\";LOCALE=\"de\"", target=f"/{DOI}").body == \
        german
    assert cite(api, accept=f"application/pdf, {accept};q=0.3", target=f"/{DOI}").body == german
    assert cite(api, "?style=apa&locale=en", accept=accept,
                target=f"/{DOI}").body.decode() == APA
    assert cite(api, accept=accept).body.decode() == APA
    assert cite(api, f"?ids={DOI}", accept=accept, target="/dois").body.decode() == APA


UNKNOWN = ["?style=no-such-style", "?style=apa.csl", "?style=../apa", "?style=APA%00",
           "?locale=xx", "?locale=de-XX", "?style=ieee&locale=xx", "?style=nope&locale=de",
           "?style=%22%0d%0aX-Evil:%20y", "?style=" + "a" * 5000]


@pytest.mark.parametrize("query", UNKNOWN)
def test_unknown_is_apa_with_a_warning(api, query):
    answer = cite(api, query)
    assert answer.body.decode() == APA
    assert answer.headers["Warning"].startswith('299 - "')
    assert "X-Evil" not in answer.headers
    assert cite(api, query).headers["Warning"] == answer.headers["Warning"]  # kept answers too


def test_unknown_of_accept(api):
    answer = cite(api, accept=f"{CITATION};style=nope", target=f"/{DOI}")
    assert answer.body.decode() == APA and answer.headers["Warning"].startswith("299 ")


@pytest.mark.parametrize("query", UNKNOWN)
def test_strict_names_the_choices(strict, query):
    for target in (f"/dois/{DOI}{query}", f"/{DOI}{query}", f"/dois{query}"):
        answer = strict.get(target, Accept=CITATION)
        assert (answer.status, answer.headers["Content-Type"]) == (406, JSON)
        title = answer.json()["errors"][0]["title"]
        if "style=" in query and "style=ieee" not in query:
            assert " apa," in title and " ieee," in title
        if "locale=" in query and "locale=de" not in query or "de-XX" in query:
            assert " de-DE," in title and " en-US" in title


def test_strict_is_lenient_otherwise(strict):
    assert cite(strict).body.decode() == APA
    assert "Warning" not in cite(strict, "?style=ieee&locale=de").headers
    assert strict.get(f"/dois/{DOI}?style=nope", Accept="application/x-bibtex").status == 200
    assert strict.get(f"/dois/{DOI}?style=nope").status == 200


def test_style_of_other_formats_is_ignored(api):
    answer = api.get(f"/dois/{DOI}?style=nope", Accept="application/x-bibtex")
    assert answer.status == 200 and "Warning" not in answer.headers


# ---- the citation formatter ---------------------------------------------------------------------

def test_format(api):
    answer = api.get(f"/format?doi={DOI}&style=apa&lang=en-US", Accept="text/plain")
    assert (answer.status, answer.headers["Content-Type"]) == (200, TEXT)
    assert answer.body.decode() == (
        "Okafor, A., & Demo Network. (2024). Trees & leaves (Version 2) [Dataset]. "
        "Example Archive. https://doi.org/10.5072/CITED\n")
    for form in (DOI.upper(), f"https://doi.org/{DOI}", f"doi:{DOI}", DOI.replace("/", "%2F")):
        same = api.get(f"/format?doi={form}&style=apa&lang=en-US")
        assert same.body == answer.body, form
    german = api.get(f"/format?doi={DOI}&style=ieee&lang=de-DE").body.decode()
    assert german.startswith("A. Okafor und Demo Network, ") and "<" not in german
    assert api.get(f"/format?doi={DOI}").body == \
        api.get(f"/format?doi={DOI}&style=nature&lang=en-GB").body


@pytest.mark.parametrize("query, status", [
    ("", 400), ("?doi=", 400), ("?doi=%20", 400), ("?doi=10.5072/none", 404),
    ("?doi=nonsense", 404), ("?doi=10.5072/draft", 404), (f"?doi={DOI}&style=nope", 400),
    (f"?doi={DOI}&style=apa&lang=xx", 400), (f"?doi={DOI}&style=", 400),
])
def test_format_refuses(api, query, status):
    answer = api.get("/format" + query)
    assert (answer.status, answer.headers["Content-Type"]) == (status, TEXT)
    assert answer.body and b"{" not in answer.body


def test_lists_of_names(api):
    for target, members in (("/styles", {"apa", "ieee", "nature"}),
                            ("/locales", {"de-DE", "en-US", "en-GB"})):
        answer = api.get(target)
        assert (answer.status, answer.headers["Content-Type"]) == (200, JSON)
        names = json.loads(answer.body)
        assert members <= set(names) and names == sorted(names)
        assert api.get(target + "?callback=f").body.startswith(b"f([")


@pytest.mark.parametrize("style", ["apa", "ieee", "nature"])
def test_every_style_is_known_everywhere(api, style):
    assert style in api.get("/styles").json()
    assert "Warning" not in cite(api, f"?style={style}").headers
    assert api.get(f"/format?doi={DOI}&style={style}").status == 200
