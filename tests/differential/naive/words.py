"""Text to words: Unicode's default word boundaries (UAX #29) and what the standard analyser keeps.

Written from the rules, character by character. Scripts of South-East Asia and emoji are left out.
"""

import unicodedata
from functools import lru_cache

WORD_MAX = 255

_MID_LETTER = set(":··՟״‧︓﹕：")
_MID_NUMBER = set(",;;։،؍٬߸⁄︐︔﹐﹔，；")
_MID_BOTH = set(".‘’․﹒＇．")
_KATAKANA_TOO = set("〱〲〳〴〵゛゜゠ーｰ")
_LETTER_TOO = set("˂˃˄˅˒˓˔˕˖˗˞˟˥˦˧˭˯˰˱˲˳˴˵˶˷˸˹˺˻˼˽˾˿՛՜՞֊׳")


@lru_cache(maxsize=None)
def _kind(char):
    """One letter per class of the rules; O is everything else."""
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "O"
    if char == "'":
        return "q"
    if char == '"':
        return "Q"
    if char in _MID_BOTH:
        return "b"
    if char in _MID_LETTER:
        return "l"
    if char in _MID_NUMBER:
        return "n"
    category = unicodedata.category(char)
    if category in ("Mn", "Mc", "Me") or char in "\u200d\u200c" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return "X"
    if category == "Cf" and char != "\u200b":
        return "X"
    if category == "Nd":
        return "9"
    if category == "Pc" or char == "\u202f":
        return "_"
    if category[0] == "L" or category == "Nl" or char in _LETTER_TOO or char in _KATAKANA_TOO:
        return _letter(char)
    if "Ⓐ" <= char <= "ⓩ":
        return "A"
    return "O"


def _letter(char):
    name = unicodedata.name(char, "")
    if char in _KATAKANA_TOO or name.startswith(("KATAKANA", "HALFWIDTH KATAKANA")):
        return "K"
    if name.startswith("HIRAGANA"):
        return "H"
    if name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC")) or char == "〇":
        return "I"
    if name.startswith("HEBREW LETTER"):
        return "W"
    return "A"


_LETTERS = ("A", "W")


def _joins(kinds, at, before, after):
    """Whether the character after `before` belongs to the same word (WB5 to WB13b)."""
    a, b = kinds[before], kinds[at]
    a2 = _previous(kinds, before)
    b2 = after
    if a in _LETTERS and b in _LETTERS:
        return True
    if a in _LETTERS and b in ("l", "b", "q") and b2 in _LETTERS:
        return True
    if a in ("l", "b", "q") and b in _LETTERS and a2 in _LETTERS:
        return True
    if a == "W" and b == "q":
        return True
    if (a == "W" and b == "Q" and b2 == "W") or (a == "Q" and b == "W" and a2 == "W"):
        return True
    if a in ("9", *_LETTERS) and b in ("9", *_LETTERS):
        return True
    if a in ("n", "b", "q") and b == "9" and a2 == "9":
        return True
    if a == "9" and b in ("n", "b", "q") and b2 == "9":
        return True
    if a == "K" and b == "K":
        return True
    if a in ("A", "W", "9", "K", "_") and b == "_":
        return True
    return a == "_" and b in ("A", "W", "9", "K")


def _previous(kinds, at):
    """The class before a place, marks passed over."""
    at -= 1
    while at >= 0 and kinds[at] == "X":
        at -= 1
    return kinds[at] if at >= 0 else None


def _next(kinds, at):
    at += 1
    while at < len(kinds) and kinds[at] == "X":
        at += 1
    return kinds[at] if at < len(kinds) else None


def segments(text):
    """The pieces between word boundaries, in order."""
    kinds = [_kind(char) for char in text]
    pieces, start, base = [], 0, 0
    for at in range(1, len(text)):
        breaks = "\n\r\v\f\x85\u2028\u2029"
        if kinds[at] == "X" and text[at - 1] not in breaks:
            continue
        if kinds[base] == "O" or not _joins(kinds, at, base, _next(kinds, at)):
            pieces.append((start, at))
            start = at
        base = at
    if text:
        pieces.append((start, len(text)))
    return [(text[a:b], kinds[a:b]) for a, b in pieces]


def lower(text):
    """Lower case one character for one, as Java's Character.toLowerCase."""
    return "".join("i" if c == "İ" else c.lower() for c in text)


_PLAIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}


def fold(text):
    """Lower case, and plain letters for Latin ones with marks."""
    folded = []
    for char in lower(text):
        bare = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn")
        plain = _PLAIN.get(char, bare)
        folded.append(plain if plain.isascii() and char < "\U00010000" else char)
    return "".join(folded)


def words(text):
    """The words of a text, lower case, in order; the place of each is its number."""
    found = []
    for piece, kinds in segments(text):
        if any(kind in ("A", "W", "9", "K", "H", "I") for kind in kinds):
            found += [lower(piece[i:i + WORD_MAX]) for i in range(0, len(piece), WORD_MAX)]
    return found
