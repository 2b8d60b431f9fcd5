"""The query language: rewriting, tokens, grammar.

The grammar is that of Lucene's classic query parser with AND as the default operator and no splitting at
whitespace. Leaves are made by a maker (naive.search), which answers None for text that has no words.
"""

import re

REWRITES = [
    ("publicationYear", "publication_year"), ("relatedIdentifiers", "related_identifiers"),
    ("relatedItems", "related_items"), ("rightsList", "rights_list"),
    ("fundingReferences", "funding_references"), ("geoLocations", "geo_locations"),
    ("version:", "version_info:"), ("landingPage", "landing_page"), ("contentUrl", "content_url"),
    ("citationCount", "citation_count"), ("viewCount", "view_count"), ("downloadCount", "download_count"),
    ("publisher.name", "publisher_obj.name"),
    ("publisher.publisherIdentifier", "publisher_obj.publisherIdentifier"),
    ("publisher.publisherIdentifierScheme", "publisher_obj.publisherIdentifierScheme"),
    ("publisher.schemeUri", "publisher_obj.schemeUri"), ("publisher.lang", "publisher_obj.lang"),
    ("schemaVersion", "schema_version"), ("/", "\\/"),
]


class BadQuery(Exception):
    """What the search engine answers with a 400."""


class Undecided(Exception):
    """What is not known here, or is known to differ."""


def rewrite(query):
    for old, new in REWRITES:
        query = query.replace(old, new)
    return query


# --- tokens ------------------------------------------------------------------------------------

_SPACE = " \t\n\r\u3000"
_ESCAPED = r"\\[\s\S]"
_START = rf"(?:[^ \t\n\r\u3000+\-!():^\[\]\"{{}}~*?\\/]|{_ESCAPED})"
_CHAR = rf"(?:{_START}|[+\-])"

# In the order that decides between matches of one length.
_DEFAULT = [(name, re.compile(pattern)) for name, pattern in [
    ("SKIP", rf"[{_SPACE}]"),
    ("AND", r"AND|&&"), ("OR", r"OR|\|\|"), ("NOT", r"NOT|!"), ("PLUS", r"\+"), ("MINUS", r"-"),
    ("BAREOPER", rf"[+\-!][{_SPACE}]"), ("LPAREN", r"\("), ("RPAREN", r"\)"), ("COLON", ":"),
    ("STAR", r"\*"), ("CARAT", r"\^"), ("QUOTED", rf'"(?:[^"\\]|{_ESCAPED})*"'),
    ("TERM", rf"{_START}{_CHAR}*"),
    ("FUZZY_SLOP", rf"~{_CHAR}*"),
    ("PREFIXTERM", rf"\*|{_START}{_CHAR}*\*"),
    ("WILDTERM", rf"(?:{_START}|[*?])(?:{_CHAR}|[*?])*"),
    ("REGEXPTERM", r"/(?:[^/]|\\/)*/"),
    ("RANGEIN_START", r"\["), ("RANGEEX_START", r"\{"),
]]
_BOOST = [("NUMBER", re.compile(r"[0-9]+(?:\.[0-9]+)?"))]
_RANGE = [(name, re.compile(pattern)) for name, pattern in [
    ("SKIP", rf"[{_SPACE}]"), ("RANGE_TO", "TO"), ("RANGEIN_END", r"\]"), ("RANGEEX_END", r"\}"),
    ("RANGE_QUOTED", r'"(?:[^"]|\\")+"'), ("RANGE_GOOP", r"[^ \]}]+"),
]]
_AFTER = {"CARAT": _BOOST, "NUMBER": _DEFAULT, "RANGEIN_START": _RANGE, "RANGEEX_START": _RANGE,
          "RANGEIN_END": _DEFAULT, "RANGEEX_END": _DEFAULT}


def tokens(query):
    """The tokens as (kind, image), ended by EOF."""
    found, at, state = [], 0, _DEFAULT
    while at < len(query):
        best = None
        for kind, pattern in state:
            match = _longest(kind, pattern, query, at)
            if match and (best is None or len(match) > len(best[1])):
                best = (kind, match)
        if best is None:
            raise BadQuery(f"no token at {at}")
        at += len(best[1])
        state = _AFTER.get(best[0], state)
        if best[0] != "SKIP":
            found.append(best)
    return [*found, ("EOF", "")]


def _longest(kind, pattern, query, at):
    """The longest match; where alternatives overlap, regular expressions must be asked from the end."""
    if kind == "RANGE_QUOTED":
        # `\"` may be a quoted mark or a backslash and the end: the longest reading wins
        ends = [i + 1 for i in range(at + 2, len(query)) if query[i] == '"'] if query[at] == '"' else []
        return next((query[at:end] for end in reversed(ends) if pattern.fullmatch(query, at, end)), None)
    if kind == "REGEXPTERM":
        ends = [i + 1 for i in range(at + 1, len(query)) if query[i] == "/"] if query[at] == "/" else []
        return next((query[at:end] for end in reversed(ends) if pattern.fullmatch(query, at, end)), None)
    if kind == "PREFIXTERM" and query[at] == "*":
        return "*"
    match = pattern.match(query, at)
    return match[0] if match else None


def unescape(image):
    """Backslashes taken away; `\\u` with four digits is a character."""
    result, at = [], 0
    while at < len(image):
        if image[at] != "\\":
            result.append(image[at])
        elif at + 1 == len(image):
            raise BadQuery("a backslash at the end")
        elif image[at + 1] == "u":
            digits = image[at + 2:at + 6]
            if not re.fullmatch("[0-9a-fA-F]{4}", digits):
                raise BadQuery("a bad \\u")
            result.append(chr(int(digits, 16)))
            at += 5
        else:
            result.append(image[at + 1])
            at += 1
        at += 1
    return "".join(result)


# --- grammar -----------------------------------------------------------------------------------

_ENDS_CHUNK = {"COLON", "STAR", "FUZZY_SLOP", "CARAT", "AND", "OR"}
_BARE = {"TERM", "STAR", "PREFIXTERM", "WILDTERM", "REGEXPTERM", "NUMBER", "BAREOPER"}
MUST, SHOULD, MUST_NOT = "+", "", "-"


class Parser:
    """One query; `maker` makes the leaves."""

    def __init__(self, query, maker):
        self.tokens, self.at, self.maker = tokens(query), 0, maker

    def peek(self, ahead=0):
        at = min(self.at + ahead, len(self.tokens) - 1)
        return self.tokens[at][0]

    def take(self, *kinds):
        kind, image = self.tokens[self.at]
        if kind not in kinds:
            raise BadQuery(f"{kind} where {kinds} was expected")
        self.at += 1
        return image

    def accept(self, *kinds):
        return self.take(*kinds) if self.peek() in kinds else None

    def top(self):
        result = self.query(None)
        self.take("EOF")
        return result if result is not None else ("none",)

    def query(self, field):
        clauses, first, begun = [], None, False
        while not begun or self.peek() not in ("EOF", "RPAREN"):
            if self.peek() == "TERM" and self.chunk_goes_on(1):
                node = self.chunk(field)
                if node is not None:
                    clauses.append([MUST, node])
                first = first if begun else node
            else:
                conjunction = self.accept("AND", "OR") if begun else None
                modifier = self.accept("PLUS", "MINUS", "NOT")
                node = self.clause(field)
                self.add(clauses, conjunction, modifier, node)
                if not begun and modifier is None:
                    first = node
            begun = True
        if len(clauses) == 1 and first is not None:
            return first
        return ("bool", [tuple(clause) for clause in clauses]) if clauses else None

    @staticmethod
    def add(clauses, conjunction, modifier, node):
        """AND requires what stands before it, OR makes it optional; never what is prohibited."""
        joined = {None: None, "AND": MUST, "&&": MUST, "OR": SHOULD, "||": SHOULD}[conjunction]
        if clauses and joined is not None and clauses[-1][0] != MUST_NOT:
            clauses[-1][0] = joined
        if node is None:
            return
        if modifier in ("-", "NOT", "!"):
            clauses.append([MUST_NOT, node])
        else:
            clauses.append([SHOULD if joined == SHOULD else MUST, node])

    def chunk_goes_on(self, ahead=0):
        return self.peek(ahead) == "TERM" and self.peek(ahead + 1) not in _ENDS_CHUNK

    def chunk(self, field):
        images = [self.take("TERM")]
        while self.chunk_goes_on():
            images.append(self.take("TERM"))
        return self.maker.words(field, unescape(" ".join(images)))

    def clause(self, field):
        if self.peek() in ("TERM", "STAR") and self.peek(1) == "COLON":
            image = self.take("TERM", "STAR")
            field = "*" if image == "*" else unescape(image)
            self.take("COLON")
        if self.peek() in ("PREFIXTERM", "WILDTERM") and self.peek(1) == "COLON":
            raise Undecided("a pattern of names without backslashes")
        if self.accept("LPAREN") is None:
            return self.term(field)
        node = self.query(field)
        self.take("RPAREN")
        boost = self.take("NUMBER") if self.accept("CARAT") else None
        return self.boosted(node, boost)

    @staticmethod
    def boosted(node, boost):
        return node if node is None or boost is None else ("boost", float(boost), node)

    def suffixes(self):
        """`^2`, `~1`, either or both in any order."""
        boost, slop = None, None
        if self.accept("CARAT"):
            boost = self.take("NUMBER")
            slop = self.accept("FUZZY_SLOP")
        elif self.peek() == "FUZZY_SLOP":
            slop = self.take("FUZZY_SLOP")
            boost = self.take("NUMBER") if self.accept("CARAT") else None
        return boost, slop

    def term(self, field):
        kind = self.peek()
        if kind in ("RANGEIN_START", "RANGEEX_START"):
            return self.range(field)
        if kind == "QUOTED":
            image = self.take("QUOTED")
            boost, slop = self.suffixes()
            return self.boosted(self.maker.phrase(field, unescape(image[1:-1]), self.slop(slop)), boost)
        if kind not in _BARE:
            raise BadQuery(f"{kind} is no term")
        image = self.take(*_BARE)
        if kind == "BAREOPER":
            image = image[0]
        boost, slop = self.suffixes()
        return self.boosted(self.bare(field, kind, image, slop), boost)

    def bare(self, field, kind, image, slop):
        if kind in ("STAR", "WILDTERM"):
            return self.maker.glob(field, image)
        if kind == "PREFIXTERM":
            return self.maker.prefix(field, unescape(image[:-1]))
        if kind == "REGEXPTERM":
            return self.maker.regex(field, image[1:-1])
        if slop is not None:
            return self.maker.fuzzy(field, unescape(image), slop[1:])
        return self.maker.words(field, unescape(image))

    @staticmethod
    def slop(image):
        """Of a phrase: 1 unless a number says otherwise."""
        try:
            return int(float(image[1:])) if image else 1
        except ValueError:
            return 1

    def range(self, field):
        opening = self.take("RANGEIN_START", "RANGEEX_START")
        low = self.bound()
        self.take("RANGE_TO")
        high = self.bound()
        closing = self.take("RANGEIN_END", "RANGEEX_END")
        boost = self.take("NUMBER") if self.accept("CARAT") else None
        return self.boosted(self.maker.range(field, low, high, opening == "[", closing == "]"), boost)

    def bound(self):
        kind = self.peek()
        image = self.take("RANGE_GOOP", "RANGE_QUOTED", "RANGE_TO")
        if kind == "RANGE_QUOTED":
            image = image[1:-1]
        elif image == "*":
            return None
        image = unescape(image)
        return None if image == "*" else image


def parse(query, maker):
    """The tree of a query; blank text is everything."""
    if not query.strip():
        return ("all",)
    return Parser(rewrite(query), maker).top()
