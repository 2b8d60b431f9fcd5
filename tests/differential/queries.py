"""Random queries over given records: a small tree, so that a failing one can be cut down.

A query is a group: a list of (conjunction, modifier, item); an item is a group or a Leaf.
"""

import random
from dataclasses import dataclass, field, replace

from naive import fields as table
from naive.words import words

SPECIAL = set('+-!():^[]"{}~*?\\&| \t\n\r\u3000')
HOSTILE = ["(", ")", "\"", "[", "]", "{", "}", "*", "?", "~", "^", "\\", ":", "+", "-", "!", "&&", "||", "AND", "OR",
           "NOT", "TO", "/", "a", "lung", "titles.title:", "^2", "~1", " ", " ", " ", "\\\"", "\\(", "é", "北京", "\u3000",
           "'", ",", "10.5072/x", "_exists_:", "*:*", "[* TO *]", "<", ">=", "\\u0041", "\t"]


def escaped(text):
    return "".join("\\" + char if char in SPECIAL else char for char in text)


@dataclass(frozen=True)
class Leaf:
    """`field:` `open` parts `close`; parts stand apart by blanks."""

    parts: tuple
    field: str = ""
    open: str = ""
    close: str = ""

    def text(self):
        name = f"{self.field}:" if self.field else ""
        return name + self.open + " ".join(self.parts) + self.close

    def smaller(self):
        for i in range(len(self.parts)):
            if len(self.parts) > 1 and "TO" not in self.parts:
                yield replace(self, parts=self.parts[:i] + self.parts[i + 1:])
        for i, part in enumerate(self.parts):
            for cut in {part[:len(part) // 2], part[len(part) // 2:], part[1:], part[:-1]}:
                if cut and cut != part:
                    yield replace(self, parts=self.parts[:i] + (cut,) + self.parts[i + 1:])
        if self.field:
            yield replace(self, field="")
        if self.close.lstrip('")'):
            yield replace(self, close=self.close.rstrip("^~.0123456789"))


@dataclass(frozen=True)
class Group:
    """Items in brackets when within another group; `field` and `close` as with leaves."""

    items: tuple
    field: str = ""
    close: str = ""

    def text(self, outer=True):
        written = []
        for i, (conjunction, modifier, item) in enumerate(self.items):
            inner = item.text(False) if isinstance(item, Group) else item.text()
            written.append((conjunction + " " if i and conjunction else "") + modifier + inner)
        whole = " ".join(written)
        if outer and not self.field:
            return whole
        return (f"{self.field}:" if self.field else "") + "(" + whole + ")" + self.close

    def smaller(self):
        for i, (conjunction, modifier, item) in enumerate(self.items):
            rest = self.items[:i] + self.items[i + 1:]
            if rest:
                yield replace(self, items=rest)
            if isinstance(item, Group):
                yield replace(self, items=self.items[:i] + item.items + self.items[i + 1:])
            if modifier or conjunction:
                yield replace(self, items=self.items[:i] + (("", "", item),) + self.items[i + 1:])
            for less in item.smaller():
                yield replace(self, items=self.items[:i] + ((conjunction, modifier, less),) + self.items[i + 1:])
        if self.close or self.field:
            yield replace(self, close="", field="")


def shrink(query, fails, tries=400):
    """The smallest query found that still fails."""
    progress = True
    while progress and tries > 0:
        progress = False
        for less in query.smaller():
            tries -= 1
            if len(less.text()) < len(query.text()) and fails(less):
                query, progress = less, True
                break
            if tries <= 0:
                break
    return query


@dataclass
class Maker:
    """Makes queries out of what records hold."""

    records: list
    rng: random.Random
    held: dict = field(default_factory=dict)
    focus: dict = None

    def __post_init__(self):
        # relations to hidden records are not shown with a record, but can be searched
        shown = all(record["attributes"].get("state") == "findable" for record in self.records)
        self.names = [name for name, known in table.FIELDS.items()
                      if table.understood(known) and (shown or known.home != "RELATION")]
        self.full = [name for name in self.names if self.values(name)]
        self.texts = [name for name in self.full if table.FIELDS[name].type == "TEXT"]
        self.strings = [name for name in self.full if table.FIELDS[name].type in ("KEYWORD", "LOWER", "FOLDED", "PID")]
        self.numeric = [name for name in self.full if table.FIELDS[name].type in ("INTEGER", "FLOAT")]
        self.dates = [name for name in self.full if table.FIELDS[name].type == "DATE"]

    def values(self, name):
        if name not in self.held:
            paths = table.FIELDS[name].paths
            found = [table.as_text(value) for path in paths for record in self.records
                     for value in table.values(record, path)]
            self.held[name] = [value for value in found if value and len(value) < 4000]
        return self.held[name]

    def value(self, name):
        """Any value of a field, mostly one of the record that the query is about."""
        if self.focus and self.chance(70):
            own = [table.as_text(value) for path in table.FIELDS[name].paths for value in table.values(self.focus, path)]
            own = [value for value in own if value and len(value) < 4000]
            if own:
                return self.rng.choice(own)
        return self.rng.choice(self.values(name))

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    # --- texts ---------------------------------------------------------------------------------

    def defaults(self):
        names = [name for name in table.DEFAULTS if self.values(name)]
        return self.rng.choice(names + ["titles.title", "descriptions.description"])

    def run_of_words(self, name, most):
        """Neighbouring words out of a value."""
        for _ in range(5):
            found = words(self.value(name)) if self.values(name) else []
            if found:
                size = min(len(found), self.rng.randint(1, most))
                start = self.rng.randrange(len(found) - size + 1)
                return found[start:start + size]
        return ["data"]

    def cased(self, word):
        turn = self.rng.randrange(6)
        changed = word.upper() if turn == 0 else word.capitalize() if turn == 1 else word
        return word if changed in ("AND", "OR", "NOT", "TO") else changed

    def word(self, name):
        found = self.run_of_words(name, 1)[0]
        if self.chance(8):
            found = self.misspelt(found)
        if self.chance(2):
            found = self.rng.choice(["zzzyx", "qwertz", "the", "a", "of", "2015", "10.7937", "σοφία", "北京", "ほん", "été"])
        return escaped(self.cased(found))

    def misspelt(self, word, times=1):
        for _ in range(times):
            at, turn = self.rng.randrange(len(word) + 1), self.rng.randrange(4)
            if turn == 0:
                word = word[:at] + word[at + 1:]
            elif turn == 1:
                word = word[:at] + self.rng.choice("aeinrst") + word[at:]
            elif turn == 2:
                word = word[:at] + self.rng.choice("aeinrst") + word[at + 1:]
            elif at + 1 < len(word):
                word = word[:at] + word[at + 1] + word[at] + word[at + 2:]
        return word or "a"

    def boost(self):
        return self.rng.choice(["^2", "^0.5", "^10"]) if self.chance(8) else ""

    # --- leaves --------------------------------------------------------------------------------

    def chunk(self, name=""):
        source = name or self.defaults()
        found = [escaped(self.cased(word)) for word in self.run_of_words(source, 3)]
        if self.chance(30):
            self.rng.shuffle(found)
        if self.chance(20):
            found.append(self.word(self.defaults()))
        if name:
            return Leaf(tuple(found), name, "(", ")" + self.boost())
        return Leaf(tuple(found))

    def single(self, name=""):
        return Leaf((self.word(name or self.defaults()),), name, "", self.boost())

    def phrase(self, name=""):
        found = self.run_of_words(name or self.defaults(), 5)
        if self.chance(25) and len(found) > 2:
            del found[self.rng.randrange(1, len(found) - 1)]
        if self.chance(15):
            at = self.rng.randrange(len(found))
            found[at:at + 2] = found[at:at + 2][::-1]
        if self.chance(5):
            found.append(found[0])
        slop = self.rng.choice(["", "", "", "", "~0", "~1", "~2", "~3", "~5", "~10"])
        return Leaf(tuple(word.replace("\\", "").replace('"', "") for word in found), name, '"',
                    '"' + slop + self.boost())

    def prefix(self, name=""):
        word = self.run_of_words(name or self.defaults(), 1)[0]
        return Leaf((escaped(self.cased(word[:self.rng.randint(1, len(word))])) + "*",), name, "", self.boost())

    def glob(self, name="", word=None):
        word = list(word or self.run_of_words(name or self.defaults(), 1)[0])
        parts = [escaped(char) for char in word]
        for _ in range(self.rng.randint(1, 3)):
            at, turn = self.rng.randrange(len(parts)), self.rng.randrange(4)
            if turn == 0:
                parts[at] = "?"
            elif turn == 1:
                parts.insert(at, "*")
            else:
                parts[at:at + self.rng.randint(1, 6)] = ["*"]
        return Leaf(("".join(parts),), name, "", self.boost())

    def fuzzy(self, name=""):
        word = self.misspelt(self.run_of_words(name or self.defaults(), 1)[0], self.rng.randint(0, 3))
        suffix = self.rng.choice(["~", "~", "~1", "~2", "~0"])
        return Leaf((escaped(word),), name, "", suffix + self.boost())

    def whole(self):
        """A whole value of a field of strings, quoted or escaped, sometimes spoilt."""
        name = self.rng.choice(self.strings)
        value = self.value(name)[:self.rng.choice([4000, 4000, 4000, 20])]
        if self.chance(15):
            value = value.swapcase()
        if self.chance(20) and name.endswith("Identifier"):
            value = self.rng.choice(["doi:", "https://doi.org/", "http://dx.doi.org/", "DOI:", ""]) + value
        if len(value) > 1000:
            value = value[:1000]
        turn = self.rng.randrange(10)
        if turn < 5:
            return Leaf((value.replace("\\", "\\\\").replace('"', '\\"'),), self.name(name), '"', '"')
        if turn < 7:
            return Leaf((escaped(value),), self.name(name))
        if turn == 7:
            return Leaf((escaped(value[:self.rng.randint(1, len(value))]) + "*",), self.name(name))
        if turn == 8:
            return self.glob(self.name(name), value[:60])
        return Leaf((escaped(self.misspelt(value[:40])),), self.name(name), "", self.rng.choice(["~", "~1", "~2"]))

    def name(self, name):
        """A name as the index or as the API writes it."""
        from naive.language import REWRITES
        if self.chance(40):
            for old, new in REWRITES[:-1]:
                if name.startswith(new.rstrip(":")) and (len(name) == len(new.rstrip(":"))
                                                         or name[len(new.rstrip(":"))] == "."):
                    return old.rstrip(":") + name[len(new.rstrip(":")):]
        return name

    def bound(self, name):
        if self.chance(10) or not self.values(name):
            return "*"
        value = self.value(name)
        kind = table.FIELDS[name].type
        if kind == "DATE":
            sizes = [4] if name == "publication_year" else [4, 7, 10, 13, 16, 19, 20]
            return value[:self.rng.choice(sizes)].rstrip("T:-")
        if kind == "TEXT":
            return (words(value) or ["a"])[0]
        if kind == "INTEGER" and self.chance(30):
            return str(max(0, int(value) + self.rng.randint(-2, 2)))
        return value[:60]

    def range(self, name=None):
        name = name or self.rng.choice(self.dates * 4 + self.numeric * 2 + self.strings[:6] + self.texts[:3])
        if self.chance(25):
            bound = self.bound(name)
            if bound != "*" and table.FIELDS[name].type != "TEXT":
                return Leaf((self.rng.choice([">", ">=", "<", "<="]) + escaped(bound),), self.name(name))
        low, high = self.bound(name), self.bound(name)
        if low > high and self.chance(85):
            low, high = high, low
        low, high = (self.range_end(bound) for bound in (low, high))
        opening, closing = self.rng.choice(["[]", "[]", "[]", "{}", "[}", "{]"])
        return Leaf((low, "TO", high), self.name(name), opening, closing + self.boost())

    @staticmethod
    def range_end(bound):
        if any(char in bound for char in ' ]}"\t\n\r\u3000\\/') or bound in ("TO", ""):
            return '"' + (bound.replace("\\", "").replace('"', "").replace("/", "") or "a") + '"'
        return bound

    def date(self):
        name = self.rng.choice(self.dates)
        bound = self.bound(name)
        return Leaf((escaped(bound),), self.name(name)) if bound != "*" else Leaf(("*",), name)

    def number(self):
        name = self.rng.choice(self.numeric or ["view_count"])
        return Leaf((escaped(self.value(name)) if self.values(name) else "0",), self.name(name))

    def exists(self):
        name = self.rng.choice(self.names)
        if self.chance(20):
            name = self.rng.choice(sorted(table.OBJECTS))
        if self.chance(10):
            return Leaf((escaped(name.rsplit(".", 1)[0]) + ".\\*",), "_exists_") if "." in name else Leaf(("url",), "_exists_")
        return Leaf((name,), "_exists_") if self.chance(60) else Leaf(("*",), name)

    def pattern(self):
        stem = self.rng.choice(["titles", "creators", "publisher_obj", "subjects", "types", "descriptions",
                                "rights_list", "container", "related_identifiers", "funding_references", "identifiers"])
        item = self.rng.choice([self.single, self.chunk, self.phrase, self.prefix, self.fuzzy])()
        if item.parts and len(item.parts) > 1 and not item.open:
            item = replace(item, open="(", close=")")
        return replace(item, field=stem + self.rng.choice([".\\*", ".\\*", "\\*"]))

    def odd(self):
        turn = self.rng.randrange(7)
        if turn == 0:
            return Leaf((self.word("titles.title"),), self.rng.choice(["title", "foo", "creators", "state", "titles"]))
        if turn == 1:
            return Leaf((self.rng.choice(["!", "...", "--", "\\!", "\\-\\-", "%", "&", "|"]),), self.rng.choice(["", "titles.title"]), '"', '"')
        if turn == 2:
            return Leaf((self.rng.choice(["*", "?", "**", "*?", "??????", "*:*"]),))
        if turn == 3:
            return Leaf((self.rng.choice(["true", "false"]),), self.rng.choice(["is_active", "isActive"]))
        if turn == 4:
            return Leaf((self.rng.choice(["abc", "2021-13", "2021-02-30", "12.5", "1e3", "-1"]),),
                        self.rng.choice(["created", "view_count", "publication_year", "published"]))
        if turn == 5:
            return Leaf((self.rng.choice(["\\!", "\\.", "\\-", "\\&"]),), self.rng.choice(["", "titles.title", "uid"]))
        return Leaf((self.rng.choice(["lung~3", "a~9", "xml:a", "foo^2^3", "a^b", "cancer~2^3", "cancer^3~1"]),))

    def leaf(self, named=True):
        """Any leaf; without a name of its own inside `field:( )`."""
        texts = ["", "", self.rng.choice(self.texts)] if named else [""]
        name = self.name(self.rng.choice(texts)) if texts else ""
        source = name if name in table.FIELDS else ""
        plain = [(self.single, 20), (self.chunk, 14), (self.phrase, 14), (self.prefix, 7), (self.glob, 6), (self.fuzzy, 7)]
        own = [(self.whole, 14), (self.range, 9), (self.date, 3), (self.number, 3), (self.exists, 4), (self.pattern, 3),
               (self.odd, 3)]
        choice = self.rng.choices(plain + (own if named else []), [w for _, w in plain + (own if named else [])])[0][0]
        return choice(source) if choice in [made for made, _ in plain] else choice()

    # --- groups --------------------------------------------------------------------------------

    def group(self, depth=0, named=True):
        items = []
        for i in range(self.rng.choices([1, 2, 3, 4, 5], [35, 30, 18, 10, 7])[0]):
            conjunction = self.rng.choices(["", "AND", "OR", "&&", "||"], [45, 22, 25, 4, 4])[0] if i else ""
            modifier = self.rng.choices(["", "+", "-", "NOT ", "!"], [76, 6, 9, 7, 2])[0]
            if depth < 3 and self.chance(18):
                item = self.group(depth + 1, named)
                if named and self.chance(30):
                    inner = self.group(depth + 2, False)
                    item = replace(inner, field=self.rng.choice(self.texts))
            else:
                item = self.leaf(named)
            items.append((conjunction, modifier, item))
        return Group(tuple(items), "", self.boost() if depth else "")

    def hostile(self):
        return Group((("", "", Leaf(("".join(self.rng.choice(HOSTILE) for _ in range(self.rng.randint(1, 12))),))),))

    def query(self):
        self.focus = self.rng.choice(self.records) if self.chance(75) else None
        return self.hostile() if self.chance(6) else self.group()
