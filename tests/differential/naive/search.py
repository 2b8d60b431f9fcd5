"""Leaves of a query made for the fields' types, and a tree tried on every record."""

import math
import re

from naive import fields as table
from naive import text_terms as terms
from naive.language import MUST, MUST_NOT, SHOULD, BadQuery, Undecided, parse
from naive.words import fold, lower, words

OTHER_AGENCIES = {"crossref", "kisti", "medra", "jalc", "istic", "airiti", "cnki", "op"}
STRINGS = ("KEYWORD", "LOWER", "FOLDED", "PID")


def as_indexed(field, text):
    """A text in the form in which a field of text or strings has it."""
    if field.type == "KEYWORD":
        return text
    return fold(text) if field.type == "FOLDED" else lower(text)


class Maker:
    """Makes leaves: tuples of a kind, a field's name, and what is looked for."""

    def fields(self, name):
        if name is None:
            return [(table.FIELDS[key], boost) for key, boost in table.DEFAULTS.items()]
        if name == "*":
            raise Undecided("all fields")
        found = table.named(name)
        for field in found:
            if field.home == "REFUSED":
                raise BadQuery(f"{name} cannot be searched")
            if not table.understood(field):
                raise Undecided(field.name)
        return [(field, 1) for field in found]

    def best(self, name, leaf):
        """`leaf` of each field; ("none",) for an unknown one, None when nothing is left to look for."""
        fields = self.fields(name)
        if not fields:
            return ("none",)
        found = [(leaf(field), boost) for field, boost in fields]
        found = [node if boost == 1 else ("boost", float(boost), node) for node, boost in found if node is not None]
        if len(found) < 2:
            return found[0] if found else None
        return ("best", found)

    def words(self, name, text):
        if name == "_exists_":
            return self.exists(text)
        if name is not None and len(text) > 1:
            for operator, sides in ((">=", (True, True)), ("<=", (True, True)), (">", (False, True)),
                                    ("<", (True, False))):
                if text.startswith(operator) and len(text) > len(operator):
                    bound = text[len(operator):]
                    low, high = (bound, None) if operator[0] == ">" else (None, bound)
                    return self.range(name, low, high, *sides)
        return self.best(name, lambda field: self.chunk(field, text))

    def chunk(self, field, text):
        if field.type != "TEXT":
            return self.whole(field, text)
        found = [("term", field.name, word) for word in words(text)]
        if len(found) < 2:
            return found[0] if found else None
        return ("bool", [(MUST, leaf) for leaf in found])

    def phrase(self, name, text, slop):
        if name == "_exists_":
            return self.exists(text)
        return self.best(name, lambda field: self.row(field, text, slop))

    def row(self, field, text, slop):
        if field.type != "TEXT":
            return self.whole(field, text)
        found = words(text)
        if len(found) < 2:
            return ("term", field.name, found[0]) if found else None
        return ("phrase", field.name, tuple(found), slop)

    def whole(self, field, text):
        """The text as one value."""
        if field.type in ("DATE", "INTEGER", "FLOAT", "BOOLEAN"):
            return self.span(field, text, text, True, True)
        wanted = {as_indexed(field, text)}
        if field.type == "FOLDED":
            wanted.add(lower(text))
        if field.type == "PID" and table.bare_doi(text):
            wanted.add(table.bare_doi(text))
        return ("any", field.name, tuple(sorted(wanted)))

    def pattern(self, name, leaf):
        def checked(field):
            if field.type != "TEXT" and field.type not in STRINGS:
                raise BadQuery(f"{field.name} holds no text")
            return leaf(field)
        return self.best(name, checked)

    def prefix(self, name, text):
        return self.pattern(name, lambda field: ("prefix", field.name, as_indexed(field, text)))

    def glob(self, name, image):
        if image == "*":
            if name == "_exists_":
                raise Undecided("whether anything exists")
            if name == "*":
                return ("all",)
            if name is None:
                return self.best(None, lambda field: ("exists", (field.name,)))
            return self.exists(name)
        if not image.strip("*"):
            raise Undecided("whether text without words has any")
        return self.pattern(name, lambda field: ("glob", field.name, self.glob_parts(field, image)))

    @staticmethod
    def glob_parts(field, image):
        parts = []
        for part in re.findall(r"\\[\s\S]|[*?]|[^*?\\]+|\\$", image):
            if part in ("*", "?"):
                parts.append(part)
            else:
                parts.append("=" + (part[1:] or "\\" if part[0] == "\\" else as_indexed(field, part)))
        return tuple(parts)

    def fuzzy(self, name, text, given):
        if given == "":
            edits = 0 if len(text) < 3 else 1 if len(text) < 6 else 2
        elif re.fullmatch(r"\d{1,9}", given):
            edits = min(int(given), 2)
        else:
            raise Undecided("a fraction of edits")
        if edits == 0:
            return self.pattern(name, lambda field: self.same(field, as_indexed(field, text)))
        return self.pattern(name, lambda field: ("fuzzy", field.name, as_indexed(field, text), edits))

    @staticmethod
    def same(field, term):
        return ("term", field.name, term) if field.type == "TEXT" else ("any", field.name, (term,))

    def regex(self, name, image):
        raise Undecided("regular expressions")

    def exists(self, name):
        found = [field for field in table.named_or_within(name) if field.home != "REFUSED"]
        for field in found:
            if not table.understood(field):
                raise Undecided(field.name)
        return ("exists", tuple(field.name for field in found)) if found else ("none",)

    def range(self, name, low, high, low_in, high_in):
        low, high = (None if bound == "*" else bound for bound in (low, high))
        return self.best(name, lambda field: self.span(field, low, high, low_in, high_in))

    def span(self, field, low, high, low_in, high_in):
        if field.type == "TEXT" or field.type in STRINGS:
            low, high = (None if bound is None else as_indexed(field, bound) for bound in (low, high))
            return ("between", field.name, low, high, low_in, high_in)
        if field.home == "NOWHERE":
            return ("none",)
        if field.type == "BOOLEAN":
            return self.truth(field, low, high)
        if field.type == "DATE":
            least, most = self.times(field, low, high, low_in, high_in)
        else:
            least, most = self.numbers(field, low, high, low_in, high_in)
        return ("span", field.name, least, most)

    @staticmethod
    def truth(field, low, high):
        if low != high:
            raise Undecided("a range of booleans")
        if low not in ("true", "false"):
            raise BadQuery("neither true nor false")
        return ("span", field.name, low == "true", low == "true")

    @staticmethod
    def times(field, low, high, low_in, high_in):
        year = field.name == "publication_year"
        least, most = -math.inf, math.inf
        for bound in (low, high):
            if bound is not None and ("||" in bound or bound.startswith("now")):
                raise Undecided("reckoning with dates")
            if bound is not None and table.interval(bound, year) is None:
                raise BadQuery(f"{bound} is no date")
        if low is not None:
            first, last = table.interval(low, year)
            least = first if low_in else last + 1
        if high is not None:
            first, last = table.interval(high, year)
            most = last if high_in else first - 1
        return least, most

    @staticmethod
    def numbers(field, low, high, low_in, high_in):
        least, most = -math.inf, math.inf
        for bound in (low, high):
            if bound is not None and table.number(bound) is None:
                raise BadQuery(f"{bound} is no number")
            if bound is not None and field.type == "INTEGER" and not -2 ** 31 <= table.number(bound) < 2 ** 31:
                raise Undecided("beyond the integers")
        if low is not None:
            least = table.number(low)
            least = least if low_in else math.nextafter(least, math.inf)
        if high is not None:
            most = table.number(high)
            most = most if high_in else math.nextafter(most, -math.inf)
        return least, most


class Searcher:
    """Records and what their fields hold."""

    def __init__(self, records):
        self.records = records
        self.dois = [record["attributes"]["doi"].lower() for record in records]
        self.everything = frozenset(range(len(records)))
        self.held, self.known, self.terms = {}, {}, {}
        self.visible = frozenset(
            i for i, record in enumerate(records) if record["attributes"].get("state") == "findable"
            and record["attributes"].get("agency") not in OTHER_AGENCIES)

    def field(self, name):
        """What every record has in a field."""
        if name not in self.held:
            self.held[name] = [table.indexed(record, table.FIELDS[name]) for record in self.records]
        return self.held[name]

    def tree(self, query):
        return parse(query, Maker())

    def search(self, query):
        """The numbers of the visible records that match."""
        return self.match(self.tree(query)) & self.visible

    def match(self, node):
        if node[0] == "bool":
            return self.match_bool(node[1])
        if node[0] == "best":
            return frozenset().union(*(self.match(one) for one in node[1]))
        if node[0] == "boost":
            return self.match(node[2])
        if node[0] in ("all", "none"):
            return self.everything if node[0] == "all" else frozenset()
        if node not in self.known:
            if len(self.known) > 20000:
                self.known.clear()
            self.known[node] = frozenset(self.match_leaf(node))
        return self.known[node]

    def match_bool(self, clauses):
        must, should, never = ([self.match(node) for occur, node in clauses if occur == kind]
                               for kind in (MUST, SHOULD, MUST_NOT))
        if must:
            found = frozenset.intersection(*must)
        else:
            found = frozenset().union(*should) if should else self.everything
        return found.difference(*never)

    def match_leaf(self, node):
        if node[0] == "exists":
            return (i for name in node[1] for i, held in enumerate(self.field(name)) if terms.is_there(held))
        if node[0] in terms.PATTERNS:
            # one answer per different term: the records hold most of them many times
            test = terms.PATTERNS[node[0]]
            good = {term for term in self.vocabulary(node[1]) if test(term, *node[2:])}
            return (i for i, held in enumerate(self.field(node[1])) if not good.isdisjoint(terms.all_of(held)))
        test = terms.TESTS[node[0]]
        return (i for i, held in enumerate(self.field(node[1])) if test(held, *node[2:]))

    def vocabulary(self, name):
        if name not in self.terms:
            self.terms[name] = set().union(*(terms.all_of(held) for held in self.field(name)))
        return self.terms[name]
