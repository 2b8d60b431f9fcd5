"""Records that come, change and go while a server runs: what is found is what a fresh store would find."""

import random
import subprocess
from urllib.parse import quote

import pytest
from conftest import BINARY, run, serving
from records import lines, resource

WORDS = "lung brain heart liver scan image atlas cohort oak birch alder forest river stone cloud lamp".split()
STATES = ["findable", "findable", "findable", "registered", "draft"]


def made(rng, number):
    """A record of a few words, all drawn anew."""
    some = [rng.choice(WORDS) for _ in range(12)]
    return resource(
        number, state=rng.choice(STATES), titles=[{"title": " ".join(some[:3])}, {"title": some[3]}],
        descriptions=[{"description": " ".join(some[4:9])}] if rng.random() < 0.7 else [],
        subjects=[{"subject": some[9]}, {"subject": f"{some[10]} {some[11]}"}], publicationYear=rng.randint(1990, 2024),
        creators=[{"name": f"{some[0].title()}, {some[1].title()}"}], viewCount=rng.randint(0, 5),
        relatedIdentifiers=[{"relatedIdentifier": f"10.5072/rec-{rng.randint(1, 40):05}", "relationType": "Cites",
                             "relatedIdentifierType": "DOI"}] if rng.random() < 0.5 else [])


def queries(rng):
    one, two, three = rng.sample(WORDS, 3)
    number = rng.randint(1, 40)
    return [
        "", one, f"{one} {two}", f"{one} OR {two}", f"{one} AND NOT {two}", f"-{one} -{two}", f'"{one} {two}"',
        f"titles.title:{one}", f"primary_title.title:({one} OR {two})", f"subjects.subject.keyword:{one}",
        f'subjects.subject.keyword:"{one} {two}"', f"{one[:2]}*", f"*{one[2:]}", f"{one[:-1]}~", "_exists_:descriptions",
        f"creators.name:{one} {two}", f'creator_names:"{one} {two}"~0', f"publicationYear:[2000 TO {2000 + number % 20}]",
        f"viewCount:>{number % 5}", f"10.5072/rec-{number:05}", f"doi:10.5072/rec-{number:05}",
        f"relatedIdentifiers.relatedIdentifier:10.5072/rec-{number:05}", f"reference_ids:10.5072/rec-{number:05}",
        f"citation_ids:10.5072/rec-{number:05}", f"titles.title:[{min(one, two)} TO {max(one, two)}]",
        f"{one} OR ({two} AND -{three})", "aasm_state:draft", "aasm_state:findable",
    ]


def answer(server, query, order=""):
    found = server.json(f"/dois?query={quote(query)}&page[size]=1000&fields[dois]=doi&disable-facets=true{order}")
    return [one["id"] for one in found["data"]]


def take(store, resources, *options):
    run("import", "--store", store, "--quiet", *options, "-", input=lines(resources).encode())


def step(rng, known):
    """A batch: some records are new, some another, some only touched, some of another state."""
    batch = []
    for number in rng.sample(range(1, 41), rng.randint(1, 15)):
        old = known.get(number)
        turn = rng.randrange(4)
        if old is None or turn == 0:
            new = made(rng, number)
        else:
            changed = {1: {}, 2: {"updated": f"2022-01-{rng.randint(10, 28)}T00:00:00Z"},
                       3: {"state": rng.choice(STATES)}}[turn]
            new = {**old, "attributes": {**old["attributes"], **changed}}
        known[number] = new
        batch.append(new)
    return batch


def test_edits_leave_no_ghosts(tmp_path):
    rng, known, store = random.Random(11), {}, tmp_path / "edited.db"
    take(store, step(rng, known))
    with serving(store) as edited:
        for turn in range(8):
            take(store, step(rng, known))
            fresh = tmp_path / f"fresh-{turn}.db"
            take(fresh, [known[number] for number in sorted(known)])
            with serving(fresh) as rebuilt:
                for query in queries(rng) + queries(rng):
                    assert sorted(answer(edited, query)) == sorted(answer(rebuilt, query)), (turn, query)
                    ranked = "&sort=relevance"
                    assert answer(edited, query, ranked) == answer(rebuilt, query, ranked), (turn, query)


def test_accounts_that_change(tmp_path):
    """Records are found by what their repository is called now."""
    store, rng = tmp_path / "store.db", random.Random(7)
    take(store, [resource(number) for number in range(1, 21)])

    def named(name, **attributes):
        return {"id": "exmpl.archive", "type": "clients", "attributes": {"name": name, "isActive": True, **attributes},
                "relationships": {"provider": {"data": {"id": "exmpl", "type": "providers"}}}}

    with serving(store) as server:
        before = "nothing"
        for turn in range(5):
            word = f"{rng.choice(WORDS)}{turn}"
            take(store, [named(f"The {word} archive", clientType=rng.choice(["repository", "periodical"]))])
            assert len(answer(server, f"client.name:{word}")) == 20
            assert len(answer(server, f"client_id_and_name:*{word}*")) == 20
            assert answer(server, f"client.name:{before}") == answer(server, f"client.name:{before[:-1]}*") == []
            take(store, [resource(21 + turn, titles=[{"title": word}])])
            assert len(answer(server, f"titles.title:{word} AND client.name:{word}")) == 1
            take(store, [resource(21 + turn, titles=[{"title": word}], state="draft")])
            before = word


def test_answers_follow_the_records(tmp_path):
    """What must be found and what not, decided from the records themselves."""
    rng, known, store = random.Random(5), {}, tmp_path / "store.db"
    take(store, step(rng, known))
    with serving(store) as server:
        for _ in range(12):
            take(store, step(rng, known))
            shown = {one["id"]: one["attributes"] for one in known.values() if one["attributes"]["state"] == "findable"}
            for word in WORDS:
                titled = {doi for doi, one in shown.items()
                          if any(word in title["title"].split() for title in one["titles"])}
                assert set(answer(server, f"titles.title:{word}")) == titled, word
                bare = {doi for doi, one in shown.items() if word in str(one["subjects"]).replace("'", " ").split()}
                assert set(answer(server, f"subjects.subject:{word}")) == bare, word
            assert set(answer(server, "")) == set(answer(server, "*")) == set(shown)


@pytest.mark.parametrize("word", ["unheard", "Überraschung", "北京"])
def test_a_record_written_is_found_by_the_next_request(tmp_path, word):
    store = tmp_path / "store.db"
    take(store, [resource(1)])
    with serving(store) as server:
        assert answer(server, f"titles.title:{word}") == []
        for title, expected in ((f"An {word} thing", ["10.5072/rec-00002"]), ("A known thing", []), (word, ["10.5072/rec-00002"])):
            take(store, [resource(2, titles=[{"title": title}])])
            assert answer(server, f"titles.title:{word}") == expected
        take(store, [resource(2, titles=[{"title": word}], state="registered")])
        assert answer(server, f"titles.title:{word}") == []
        take(store, [resource(2, titles=[{"title": word}])])
        assert answer(server, f"titles.title:{word}") == ["10.5072/rec-00002"]


def test_many_batches_at_once(tmp_path):
    """Imports one right after the other, asked while they run: a word is never found in part of its records."""
    store, rng = tmp_path / "store.db", random.Random(2)
    take(store, [resource(number, titles=[{"title": "zero"}]) for number in range(1, 31)])
    with serving(store) as server:
        for turn in range(6):
            word = f"turn{turn}"
            batch = [resource(number, titles=[{"title": word}]) for number in range(1, 31)]
            rng.shuffle(batch)
            with subprocess.Popen([BINARY, "import", "--store", store, "--quiet", "-"], stdin=subprocess.PIPE) as writing:
                writing.stdin.write(lines(batch).encode())
                writing.stdin.close()
                while writing.poll() is None:
                    assert len(answer(server, f"titles.title:{word}")) in (0, 30)
            assert len(answer(server, f"titles.title:{word}")) == 30
            before = "zero" if turn == 0 else f"turn{turn - 1}"
            assert answer(server, f"titles.title:{before}") == []
