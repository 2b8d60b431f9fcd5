"""The naive relevance against scores reckoned by hand."""

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from naive.fields import Words  # noqa: E402
from naive.score import Scorer, phrase_lengths  # noqa: E402
from naive.search import Searcher  # noqa: E402
from test_naive import record  # noqa: E402

RECORDS = [
    record("10.5072/a", titles=[{"title": "lung lung image"}], viewCount=5),
    record("10.5072/b", titles=[{"title": "lung"}]),
    record("10.5072/c", titles=[{"title": "heart image of the year and more"}], subjects=[{"subject": "lung"}]),
]
SEARCHER = Searcher(RECORDS)
SCORER = Scorer(SEARCHER)


def scores(query):
    node = SEARCHER.tree(query)
    found = SCORER.scores(node, SEARCHER.match(node))
    return {SEARCHER.dois[i][-1]: score for i, score in found.items()}


def idf(records, having):
    return math.log(1 + (records - having + 0.5) / (having + 0.5))


def part(frequency, length, middle):
    return frequency / (frequency + 1.2 * (0.25 + 0.75 * length / middle))


MIDDLE = (3 + 1 + 7) / 3


def test_words():
    assert scores("titles.title:lung") == pytest.approx(
        {"a": idf(3, 2) * part(2, 3, MIDDLE), "b": idf(3, 2) * part(1, 1, MIDDLE)})


def test_only_records_with_the_field_count():
    assert scores("subjects.subject:lung") == pytest.approx({"c": idf(1, 1) * part(1, 1, 1)})


def test_best_field_with_its_boost():
    title = 3 * idf(3, 2)
    assert scores("lung") == pytest.approx({"a": title * part(2, 3, MIDDLE), "b": title * part(1, 1, MIDDLE),
                                            "c": 3 * idf(1, 1) * part(1, 1, 1)})


def test_clauses_add_up_and_boosts_multiply():
    one, other = scores("titles.title:lung"), scores("titles.title:image")
    assert scores("titles.title:(lung image)^2") == pytest.approx({"a": 2 * (one["a"] + other["a"])})
    assert scores("titles.title:(lung OR image)") == pytest.approx(
        {"a": one["a"] + other["a"], "b": one["b"], "c": other["c"]})
    assert scores("titles.title:(lung -image)") == pytest.approx({"b": one["b"]})


def test_patterns_are_constant():
    assert scores("titles.title:lun*^3") == {"a": 3.0, "b": 3.0}
    assert scores("viewCount:>1 AND _exists_:titles.title") == {"a": 2.0}
    assert scores("*") == {"a": 50.0, "b": 50.0, "c": 50.0}


def test_whole_values():
    assert scores("uid:10.5072/a") == pytest.approx({"a": idf(3, 1) / 2.2})


def test_phrases():
    assert scores('titles.title:"lung image"~0') == pytest.approx(
        {"a": (idf(3, 2) + idf(3, 2)) * part(1, 3, MIDDLE)})
    assert scores('titles.title:"heart of"') == pytest.approx(
        {"c": (idf(3, 1) + idf(3, 1)) * part(0.5, 7, MIDDLE)})


@pytest.mark.parametrize("text, row, slop, expected", [
    ("a b", "a b", 0, [0]),
    ("a b a b", "a b", 0, [0, 0]),
    ("a x b", "a b", 1, [1]),
    ("b a", "a b", 2, [2]),
    ("a a b", "a b", 1, [0]),
    ("a b c x a b y c", "a b c", 1, [0, 1]),
])
def test_phrase_lengths(text, row, slop, expected):
    assert list(phrase_lengths(Words([text]), row.split(), slop)) == expected
