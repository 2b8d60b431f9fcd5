#!/usr/bin/env python3
"""Queries that cost as much as their writer can make them, one after the other, while a second
connection asks for one DOI all the time: hostile.py URL
"""

import multiprocessing
import re
import string
import sys
import time

from asking import Connection, reason, target, total

LETTERS = string.ascii_lowercase
WIDE = {"disable-facets": "true"}

QUERIES = [
    ("nothing", None),
    ("*:*", "*:*"),
    ("*", "*"),
    ("a* OR b* OR ... z*", " OR ".join(f"{letter}*" for letter in LETTERS)),
    ("a* AND b* AND ... z*", " AND ".join(f"{letter}*" for letter in LETTERS)),
    ("the same in descriptions", "descriptions.description:(" +
     " OR ".join(f"{letter}*" for letter in LETTERS) + ")"),
    ("the same in all titles.*", " OR ".join(f"titles.\\*:{letter}*" for letter in LETTERS)),
    ("*tion", "*tion"),
    ("*a*", "*a*"),
    ("26 leading wildcards", " OR ".join(f"*{letter}*" for letter in LETTERS)),
    ("676 leading wildcards", " OR ".join(f"*{a}{b}*" for a in LETTERS for b in LETTERS)),
    ("??????", "??????"),
    ("*a*b*c*d*e*f*g*", "*a*b*c*d*e*f*g*"),
    ("1,000 stars and a letter", "*" * 1000 + "q"),
    ("200 fuzzy words", " OR ".join(f"{a}{b}stment~2" for a in LETTERS for b in "aeiouyrs")),
    ("phrase of 1,000 words", '"' + "the of " * 500 + '"'),
    ("phrase of common words", '"the of and in to a for with is from"~100'),
    ("1,000 words joined by OR", " OR ".join(f"the{n}" for n in range(1000))),
    ("everything but the commonest", "NOT the AND NOT zzzz"),
    ("commonest by relevance", "the OR of OR and OR in OR to OR a"),
    ("every range", "created:[* TO *] OR updated:[* TO *] OR viewCount:[* TO *]"),
    ("keyword range", "relatedIdentifiers.relatedIdentifier:[a TO z]"),
    ("keyword wildcard", "relatedIdentifiers.relatedIdentifier:*1*2*3*"),
    ("10,000 parentheses", "(" * 10000 + "a" + ")" * 10000),
    ("10,000 unclosed", "(" * 10000),
    ("10,000 NOT", "!" * 10000 + "a"),
    ("60,000 bytes of words", ("climate " * 7500)[:60000]),
    ("1 MB", "climate " * 131072),
]


def probe(base, doi, stop, samples):
    """Asks for one DOI again and again; notes when each answer came and how long it took."""
    connection, number = Connection(base), 0
    taken = []
    while not stop.is_set():
        status, _, spent = connection.ask(f"/dois/{doi}?serial={number}")
        taken.append((time.perf_counter_ns(), spent, status))
        number += 1
        time.sleep(0.002)
    samples.put(taken)


def ask_all(base):
    connection = Connection(base)
    for number, (name, query) in enumerate(QUERIES):
        begin = time.perf_counter_ns()
        if query is None:
            time.sleep(1)
            status, body, spent = 0, b"", 0
        else:
            parameters = dict(WIDE, query=query, serial=number)
            if "relevance" in name:
                parameters["sort"] = "relevance"
            status, body, spent = connection.ask(target(parameters))
        yield name, status, body, spent, begin, time.perf_counter_ns()


def show(name, status, body, spent, worst):
    said = "" if status in (0, 200) else reason(body)[:60]
    hits = total(body) if status == 200 else None
    print(f"{name:30} {spent / 1e6:10.1f} {status or '-':>6} {'-' if hits is None else hits:>9} "
          f"{'-' if worst is None else format(worst / 1e6, '.2f'):>10}  {said}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    base = sys.argv[1]
    _, body, _ = Connection(base).ask("/dois?page[size]=1&disable-facets=true")
    doi = re.search(rb'"id":"([^"]+)"', body)[1].decode()
    stop, samples = multiprocessing.Event(), multiprocessing.Queue()
    other = multiprocessing.Process(target=probe, args=(base, doi, stop, samples))
    other.start()
    answers = list(ask_all(base))
    stop.set()
    taken = samples.get()
    other.join()
    print(f"{'query':30} {'ms':>10} {'status':>6} {'hits':>9} {'other ms':>10}")
    for name, status, body, spent, begin, end in answers:
        # An answer counts when any of its time lies within the query's.
        meanwhile = [wait for came, wait, _ in taken if came >= begin and came - wait <= end]
        show(name, status, body, spent, max(meanwhile, default=None))
    failed = sum(status != 200 for _, _, status in taken)
    print(f"second connection: {len(taken)} answers, {failed} of them not 200")


if __name__ == "__main__":
    main()
