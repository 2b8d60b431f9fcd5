"""Leaves tried on what one record holds in one field."""

from naive.fields import Words


def is_there(held):
    return held.values > 0 if isinstance(held, Words) else len(held) > 0


def all_of(held):
    return held.places if isinstance(held, Words) else held


def has_phrase(held, row, slop):
    """Whether places can be chosen, no place twice, that are in order but for `slop`."""
    if any(word not in held.places for word in row):
        return False
    shifts = [[place - i for place in held.places[word]] for i, word in enumerate(row)]
    for least in sorted({shift for one in shifts for shift in one}):
        near = [[shift + i for shift in one if least <= shift <= least + slop] for i, one in enumerate(shifts)]
        if all(near) and _distinct(near, 0, set()):
            return True
    return False


def _distinct(choices, at, taken):
    if at == len(choices):
        return True
    return any(_distinct(choices, at + 1, taken | {place}) for place in choices[at] if place not in taken)


def _glob(term, parts):
    """Places of the term that can be reached after each part, all at once."""
    reached = {0}
    for part in parts:
        if part == "*":
            reached = set(range(min(reached), len(term) + 1))
        elif part == "?":
            reached = {at + 1 for at in reached if at < len(term)}
        else:
            reached = {at + len(part) - 1 for at in reached if term.startswith(part[1:], at)}
        if not reached:
            return False
    return len(term) in reached


def edits(a, b, most):
    """Edits between two words (a swap of neighbours is one), or more than `most`."""
    if abs(len(a) - len(b)) > most or len(set(a) - set(b)) > most or len(set(b) - set(a)) > most:
        return most + 1
    before, last = None, list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def _alike(term, wanted, most):
    """Fewer edits than the shorter of the two has letters, or nothing of it would be left."""
    found = edits(wanted, term, most)
    return found <= most and (found == 0 or found < min(len(term), len(wanted)))


def _between(term, low, high, low_in, high_in):
    """Order is that of the bytes of UTF-8."""
    term = _bytes(term)
    if low is not None and (term < _bytes(low) or (term == _bytes(low) and not low_in)):
        return False
    return high is None or term < _bytes(high) or (term == _bytes(high) and high_in)


def _bytes(term):
    return term.encode("utf-8", "surrogatepass")


# by the kind of leaf: tried on all that a record holds, and on one term
TESTS = {
    "term": lambda held, word: word in held.places,
    "any": lambda held, wanted: any(value in held for value in wanted),
    "phrase": has_phrase,
    "span": lambda held, least, most: any(least <= value <= most for value in held),
}
PATTERNS = {
    "prefix": str.startswith,
    "glob": _glob,
    "fuzzy": _alike,
    "between": _between,
}
