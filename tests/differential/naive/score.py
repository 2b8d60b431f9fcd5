"""Relevance, reckoned from its formula: BM25 over all records of the store.

Words by their frequency and the field's length, whole values and patterns without length; the best field of a chunk
counts, clauses add up, boosts multiply.
"""

import heapq
import math

from naive.fields import FIELDS, Words
from naive.language import MUST_NOT
from naive.text_terms import all_of, is_there

K1, B = 1.2, 0.75


def summands(node):
    """How many scores are added up at most; from three on the order in which that is done shows in the last digit."""
    if node[0] == "bool":
        return sum(summands(one) for occur, one in node[1] if occur != MUST_NOT)
    if node[0] == "best":
        return max(map(summands, node[1]))
    return summands(node[2]) if node[0] == "boost" else 1


class Scorer:
    """Scores of the records of a Searcher."""

    def __init__(self, searcher):
        self.searcher, self.sizes, self.weights = searcher, {}, {}
        # set when a loose phrase was met more than once in a text, so that it is open what counts as a match of its
        # own; when several fields may exist, which may count once or each; by a DOI in another form, which is a term
        # more; and by words of accounts, which have no statistics
        self.unsure = False

    def field(self, name):
        """How many records have the field, and how long it is in the middle."""
        if name not in self.sizes:
            held = [one for one in self.searcher.field(name) if is_there(one)]
            total = sum(one.length for one in held if isinstance(one, Words))
            self.sizes[name] = (len(held), total / len(held) if held and total else 1)
        return self.sizes[name]

    def idf(self, name, term):
        """How much a term says: the rarer the more."""
        if (name, term) not in self.weights:
            having = sum(1 for held in self.searcher.field(name) if term in all_of(held))
            self.weights[name, term] = math.log(1 + (self.field(name)[0] - having + 0.5) / (having + 0.5))
        return self.weights[name, term]

    def scores(self, node, hits):
        """{record: score} of the hits; a record that does not match the node is not in it."""
        matching = self.searcher.match(node) & hits
        if node[0] == "boost":
            return {i: node[1] * score for i, score in self.scores(node[2], matching).items()}
        if node[0] == "best":
            return self.join([self.scores(one, matching) for one in node[1]], matching, max)
        if node[0] == "bool":
            parts = [self.scores(one, matching) for occur, one in node[1] if occur != MUST_NOT]
            if not parts:
                return dict.fromkeys(matching, 0.0)
            return self.join(parts, matching, math.fsum)
        self.unsure |= node[0] == "any" and len(node[2]) > 1
        self.unsure |= node[0] in ("term", "phrase", "any") and FIELDS[node[1]].home != "INDEX"
        if node[0] in ("term", "phrase"):
            return {i: self.of_words(node, i) for i in matching}
        if node[0] == "any":
            return {i: self.of_value(node, i) for i in matching}
        self.unsure |= node[0] == "exists" and len(node[1]) > 1
        return dict.fromkeys(matching, 1.0)

    @staticmethod
    def join(parts, matching, how):
        return {i: how([part[i] for part in parts if i in part] or [0.0]) for i in matching}

    def of_value(self, node, i):
        held = self.searcher.field(node[1])[i]
        return max(self.idf(node[1], value) for value in node[2] if value in held) / (1 + K1)

    def of_words(self, node, i):
        held = self.searcher.field(node[1])[i]
        if node[0] == "term":
            idf, frequency = self.idf(node[1], node[2]), len(held.places[node[2]])
        else:
            idf = math.fsum(self.idf(node[1], word) for word in node[2])
            lengths = list(phrase_lengths(held, node[2], node[3]))
            self.unsure |= len(lengths) > 1 and any(lengths) or len(set(node[2])) < len(node[2])
            frequency = math.fsum(1 / (1 + length) for length in lengths)
        return idf * frequency / (frequency + K1 * (1 - B + B * held.length / self.field(node[1])[1]))


def phrase_lengths(held, row, slop):
    """The displacement of each match, found by moving the earliest word on again and again."""
    queue = []
    for i, word in enumerate(row):
        heapq.heappush(queue, (held.places[word][0] - i, i, 0))
    end = max(place for place, _, _ in queue)
    place, i, at = heapq.heappop(queue)
    length, following = end - place, queue[0][0]
    while at + 1 < len(held.places[row[i]]):
        at += 1
        place = held.places[row[i]][at] - i
        end = max(end, place)
        if place > following:
            heapq.heappush(queue, (place, i, at))
            if length <= slop:
                yield length
            place, i, at = heapq.heappop(queue)
            length, following = end - place, queue[0][0]
        else:
            length = min(length, end - place)
    if length <= slop:
        yield length
